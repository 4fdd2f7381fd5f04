"""P4: NLHF, a maximal lottery, sampled k times; its worst case is often stuck far below k/(k+1)."""

from __future__ import annotations

from fractions import Fraction
from math import floor

from ualign.certificates.claims import claim_nlhf_ceiling, claim_worst_case
from ualign.certificates.findings import DOES_NOT_APPLY, FOR_ALL_K, Finding, Question, without_claim
from ualign.exact.instance import Instance
from ualign.exact.methods import overruled
from ualign.model.win_rates import worst_case

STATEMENT = "the exact worst case of NLHF's maximal lottery sampled k times, and its ceiling"


def certify(instance: Instance, k: int) -> list[Finding]:
    """NLHF's worst case at k, exactly (as an enclosure of width 2^-bits where the exact fraction
    would run to thousands of digits)."""
    population, lottery = instance.population, instance.lottery
    worst = worst_case(population, lottery.policy, k=k)
    note = f"capped by {population.responses[worst.opponent[0]]!r}"
    if not lottery.is_unique:
        note += f"; the largest of a {lottery.dimension}-dimensional set of maximal lotteries"
    claims = claim_worst_case(population, lottery.policy, k, worst, instance.bits)
    return [Finding(Question("P4", "nlhf"), k, *claims, note)]


def certify_all_k(instance: Instance) -> list[Finding]:
    """What NLHF's worst case never exceeds, however often it is sampled: 1 less the largest weight
    of users who put some response strictly above the lottery's whole support."""
    population, lottery = instance.population, instance.lottery
    if not lottery.is_unique:
        why = "there are several maximal lotteries, and NLHF may end at any of them"
        return [without_claim(Question("P4", "nlhf-ceiling"), None, DOES_NOT_APPLY, why)]
    weights = overruled(population, lottery.policy)
    weight = max(weights)
    bound, y = 1 - weight, weights.index(weight)
    note = f"capped by {population.responses[y]!r}"
    if weight:
        note += f"; an equilibrium guarantees more from k = {floor(bound / weight) + 1} on"
    certificate = claim_nlhf_ceiling(population, lottery.policy, Fraction(bound), y)
    return [
        Finding(Question("P4", "nlhf-ceiling"), None, "<=", bound, FOR_ALL_K, (certificate,), note)
    ]
