"""E18: users who pick by chance, as Luce has it: the guarantee, the equilibrium where it is
rational, the ceiling of product policies, the joint optimum with its cap, and NLHF."""

from __future__ import annotations

from fractions import Fraction

from ualign.certificates.claims import (
    claim_equilibrium,
    claim_joint_optimum,
    claim_product_upper_bound,
    claim_win_rate,
)
from ualign.certificates.findings import (
    EXACT,
    LUCE_GUARANTEE,
    NOT_CERTIFIED,
    NOT_COMPUTED,
    UPPER_BOUND,
    Finding,
    Question,
    within,
    without_claim,
)
from ualign.errors import FaultError
from ualign.exact.luce_game import LuceEquilibrium, find_luce_equilibrium, find_luce_optimum
from ualign.model.luce import LucePopulation, luce_worst_case
from ualign.model.rates import best_rate, joint_cap
from ualign.model.solutions import BeyondLimitError, Enclosure

STATEMENT = "Luce users: k/(k+1) is guaranteed, no product policy wins more, 1 - 1/(2k) caps all"

WANTED_BITS = 20
"""Where the equilibrium is not found exactly, the guarantee is wanted within 2^-WANTED_BITS."""


def certify_luce(population: LucePopulation, k: int) -> list[Finding]:
    """What carries over, at k."""
    found = find_luce_equilibrium(population, k)
    findings = [_guarantee(population, found), _optimum(population, k), _nlhf(population, k)]
    return findings + (_exact(population, found) if found.gap == 0 else [])


def _guarantee(population: LucePopulation, found: LuceEquilibrium) -> Finding:
    """P1: the policy wins k/(k+1), or that less 2^-20, against every response."""
    question, rate = LUCE_GUARANTEE, best_rate(found.k)
    if found.gap < 0:
        raise FaultError(f"E18 fails: a product policy wins {rate - found.gap} > {rate}")
    if found.gap == 0:
        attained = (found.policy.support[0],)
        claim = claim_win_rate(population, found.policy, found.k, "=", rate, attained)
        return Finding(question, found.k, "=", rate, EXACT, (claim,))
    wanted = Fraction(1, 2**WANTED_BITS)
    reached = found.gap <= wanted
    bound = rate - (wanted if reached else found.gap)
    grade = within(WANTED_BITS) if reached else NOT_CERTIFIED
    claim = claim_win_rate(population, found.policy, found.k, ">=", bound)
    return Finding(question, found.k, ">=", bound, grade, (claim,))


def _exact(population: LucePopulation, found: LuceEquilibrium) -> list[Finding]:
    """P2, and E1 with the equilibrium as its own opponent: with u_y <= 1/(k+1), y and k - 1 draws
    leave one draw the chance (1 - u_y)/k >= 1/(k+1), so that the bound is k/(k+1) exactly."""
    k, rate = found.k, best_rate(found.k)
    located = claim_equilibrium(population, k, found.policy, Enclosure(Fraction(0)))
    rivals = tuple(((y,), found.policy.masses[y]) for y in found.policy.support)
    capped = claim_product_upper_bound(population, k, rate, rivals, found.policy, l=1)
    size = f"support {len(found.policy.support)}"
    return [
        Finding(Question("E18", "equilibrium"), k, "<=", Fraction(0), EXACT, (located,), size),
        Finding(Question("E18", "product-ceiling"), k, "<=", rate, UPPER_BOUND, (capped,)),
    ]


def _optimum(population: LucePopulation, k: int) -> Finding:
    """E4 and E19: the exact optimum over all k-output policies, between the two ends."""
    question = Question("E18", "joint-optimum")
    try:
        best = find_luce_optimum(population, k)
    except BeyondLimitError as reason:
        return without_claim(question, k, NOT_COMPUTED, str(reason))
    if not best_rate(k) <= best.value <= joint_cap(k):
        ends = f"[{best_rate(k)}, {joint_cap(k)}]"
        raise FaultError(f"E18 fails: the joint optimum {best.value} is not in {ends}")
    claims = claim_joint_optimum(population, best)
    note = f"at most 1 - 1/(2k) = {joint_cap(k)}"
    return Finding(question, k, "=", best.value, EXACT, claims, note)


def _nlhf(population: LucePopulation, k: int) -> Finding:
    """A maximal lottery, sampled k times."""
    policy = find_luce_equilibrium(population, 1).policy
    worst = luce_worst_case(population, policy, k=k)
    claim = claim_win_rate(population, policy, k, "=", worst.value, worst.opponent)
    name = population.responses[worst.opponent[0]]
    note = f"capped by {name!r}"
    return Finding(Question("E18", "nlhf"), k, "=", worst.value, EXACT, (claim,), note)
