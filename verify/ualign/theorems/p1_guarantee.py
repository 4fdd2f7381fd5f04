"""P1: a symmetric equilibrium of the (k+1)-player game, sampled k times, wins at least k/(k+1)."""

from __future__ import annotations

from fractions import Fraction

from ualign.certificates.claims import claim_win_rate
from ualign.certificates.findings import EXACT, NOT_CERTIFIED, Finding, Question, within
from ualign.exact.instance import Instance

STATEMENT = "a rational policy sampled k times wins at least k/(k+1) - eps against every response"


def certify(instance: Instance, k: int) -> list[Finding]:
    """The product policy next to the equilibrium and its worst case.

    Exactly k/(k+1) where the policy is an equilibrium, k/(k+1) - 2^-bits where it is within that,
    and otherwise, graded "not certified", the bound that was reached."""
    population, found = instance.population, instance.equilibrium(k)
    rate = Fraction(k, k + 1)
    if found.gap == 0:
        attained = (found.policy.support[0],)  # U = 1 throughout the support
        certificate = claim_win_rate(population, found.policy, k, "=", rate, attained)
        return [Finding(Question("P1", "guarantee"), k, "=", rate, EXACT, (certificate,))]
    wanted = Fraction(1, 2**instance.bits)
    reached = found.gap <= wanted
    bound = rate - (wanted if reached else found.gap)
    exponent = instance.bits if reached else found.gap.denominator.bit_length() - 1
    certificate = claim_win_rate(population, found.policy, k, ">=", bound)
    grade = within(exponent) if reached else NOT_CERTIFIED
    note = "" if reached else f"{found.reason or 'precision'}: reached k/(k+1) - 2^-{exponent}"
    return [Finding(Question("P1", "guarantee"), k, ">=", bound, grade, (certificate,), note)]
