"""P5: NLHF is optimal for k = 1: its worst case is exactly 1/2, and no policy does better."""

from __future__ import annotations

from fractions import Fraction

from ualign.certificates.claims import claim_joint_upper_bound, claim_win_rate
from ualign.certificates.findings import EXACT, Finding, Question
from ualign.exact.instance import Instance

STATEMENT = "for k = 1 a maximal lottery wins exactly 1/2, the most that any policy guarantees"


def certify(instance: Instance, k: int) -> list[Finding]:
    """The lottery's worst case, and the lottery itself as the opponent that nobody beats; nothing
    for k > 1, of which the theorem does not speak."""
    if k != 1:
        return []
    population, policy, half = instance.population, instance.lottery.policy, Fraction(1, 2)
    opponents = [((y,), policy.masses[y]) for y in policy.support]
    certificates = (
        claim_win_rate(population, policy, 1, "=", half, (policy.support[0],)),
        claim_joint_upper_bound(population, 1, half, opponents),
    )
    return [Finding(Question("P5", "nlhf-at-one"), 1, "=", half, EXACT, certificates)]
