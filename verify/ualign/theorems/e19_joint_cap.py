"""E19: the best k-output policy of any kind wins at least k/(k+1) and at most 1 - 1/(2k), ties
shared by positions, on every population; both ends are attained. And what k outputs win that are
the same every time, which has no such lower end."""

from __future__ import annotations

from ualign.certificates.claims import claim_joint_optimum, claim_slate_optimum
from ualign.certificates.findings import EXACT, NOT_COMPUTED, Finding, Question, without_claim
from ualign.errors import FaultError
from ualign.exact.instance import Instance
from ualign.exact.slates import best_slate, count_slates
from ualign.model.rates import best_rate, joint_cap
from ualign.model.solutions import BeyondLimitError
from ualign.text import listed

STATEMENT = "the optimum over all k-output policies is k/(k+1) at least, 1 - 1/(2k) at most"

QUESTION, SLATE = Question("E19", "joint-cap"), Question("E19", "best-slate")

MOST_SLATES = 10
"""Each slate needs a claim, which is worth its space for a few."""


def certify(instance: Instance, k: int) -> list[Finding]:
    """The exact optimum, and the best deterministic slate for k = 2, where slates are few."""
    found = [_optimum(instance, k)]
    if k == 2 and count_slates(instance.population, k) <= MOST_SLATES:
        found.append(_slate(instance, k))
    return found


def _optimum(instance: Instance, k: int) -> Finding:
    """At which end it is, if at one; beyond the joint limit nothing is claimed, and it says so."""
    try:
        best = instance.joint_optimum(k)
    except BeyondLimitError as reason:
        return without_claim(QUESTION, k, NOT_COMPUTED, str(reason))
    low, high = best_rate(k), joint_cap(k)
    if not low <= best.value <= high:
        raise FaultError(f"E19 fails: the joint optimum {best.value} is not in [{low}, {high}]")
    ends = [
        f"the {end} end {text}"
        for end, text, attained in (
            ("lower", f"k/(k+1) = {low}", best.value == low),
            ("upper", f"1 - 1/(2k) = {high}", best.value == high),
        )
        if attained
    ]
    note = " and ".join(ends) or f"between {low} and {high}"
    certificates = claim_joint_optimum(instance.population, best)
    return Finding(QUESTION, k, "=", best.value, EXACT, certificates, note)


def _slate(instance: Instance, k: int) -> Finding:
    """The best k-multiset, with a response for each that holds it to no more."""
    population = instance.population
    best = best_slate(population, k)
    if best.value > joint_cap(k):
        raise FaultError(f"E19 fails: the slate {best.slate} wins {best.value} > {joint_cap(k)}")
    names = listed(population.responses[y] for y in best.slate)
    claims = claim_slate_optimum(population, best)
    return Finding(SLATE, k, "=", best.value, EXACT, claims, f"always {names}")
