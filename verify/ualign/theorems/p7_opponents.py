"""P7: a symmetric equilibrium sampled k times wins at least 1 - l/(k+1) against l outputs."""

from __future__ import annotations

from math import lcm

from ualign.certificates.claims import claim_worst_case
from ualign.certificates.findings import NOT_COMPUTED, Finding, Question, without_claim
from ualign.errors import FaultError
from ualign.exact.instance import EQUILIBRIUM_BITS, Instance
from ualign.model.rates import union_rate
from ualign.model.solutions import BeyondLimitError
from ualign.model.win_rates import worst_case

STATEMENT = "an equilibrium sampled k times wins at least 1 - l/(k+1) against every l outputs"


def certify(instance: Instance, k: int) -> list[Finding]:
    """For the instance's sizes of opponents up to k + 1; beyond, the bound is negative."""
    return [_against(instance, k, l) for l in instance.opponents if l <= k + 1]


def _against(instance: Instance, k: int, l: int) -> Finding:
    """The exact worst case over l-tuples of the rational policy at or next to the equilibrium.

    Where that policy misses the equilibrium by `gap`, the union bound is l * gap smaller."""
    population, found = instance.population, instance.equilibrium(k)
    question = Question("P7", "guarantee", l)
    try:
        instance.check_multisets(l)
    except BeyondLimitError as reason:
        return without_claim(question, k, NOT_COMPUTED, str(reason))
    size = k * lcm(*(mass.denominator for mass in found.policy.masses)).bit_length()
    if size > EQUILIBRIUM_BITS:
        return without_claim(question, k, NOT_COMPUTED, f"numbers of {size} bits")
    worst, least = worst_case(population, found.policy, k=k, l=l), union_rate(l, k)
    if worst.value < least - l * found.gap:
        raise FaultError(f"P7 fails: the equilibrium wins {worst.value} < {least} - {l} * gap")
    claims = claim_worst_case(population, found.policy, k, worst, instance.bits)
    tight = "exactly" if worst.value == least else "at least"
    note = f"{tight} 1 - l/(k+1) = {least}"
    if worst.value < least:
        note = f"1 - l/(k+1) = {least} up to the policy's distance from an equilibrium"
    return Finding(question, k, *claims, note)
