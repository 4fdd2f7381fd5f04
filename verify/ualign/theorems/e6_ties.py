"""E6: what the convention for ties between the two sides does to the guarantee.

It holds when ties are shared by positions (`uniform`) or count for the policy (`win`); when they
count half or for the opponent, one user with a unique best response refutes it."""

from __future__ import annotations

from fractions import Fraction
from math import lcm

from ualign.certificates.claims import claim_joint_optimum, claim_win_rate
from ualign.certificates.findings import (
    EXACT,
    LOWER_BOUND,
    NOT_COMPUTED,
    Finding,
    Question,
    without_claim,
)
from ualign.errors import FaultError
from ualign.exact.instance import EQUILIBRIUM_BITS, Instance
from ualign.model.solutions import BeyondLimitError
from ualign.model.win_rates import Ties

STATEMENT = "the guarantee holds when ties count for the policy; where they count less it may fail"

FURTHER_TIES: tuple[Ties, ...] = ("win", "half", "lose")


def certify(instance: Instance, k: int) -> list[Finding]:
    """The equilibrium's guarantee under `win`, and the joint optimum under each convention."""
    return [_equilibrium(instance, k), *(_joint(instance, k, ties) for ties in FURTHER_TIES)]


def _equilibrium(instance: Instance, k: int) -> Finding:
    """What holds when ties are shared holds all the more when they count for the policy."""
    found = instance.equilibrium(k)
    size = k * lcm(*(mass.denominator for mass in found.policy.masses)).bit_length()
    if size > EQUILIBRIUM_BITS:
        return without_claim(
            Question("E6", "equilibrium-win"), k, NOT_COMPUTED, f"numbers of {size} bits"
        )
    wanted = Fraction(1, 2**instance.bits) if found.gap else Fraction(0)
    bound = Fraction(k, k + 1) - max(found.gap, wanted)
    claim = claim_win_rate(instance.population, found.policy, k, ">=", bound, ties="win")
    return Finding(Question("E6", "equilibrium-win"), k, ">=", bound, LOWER_BOUND, (claim,))


def _joint(instance: Instance, k: int, ties: Ties) -> Finding:
    what, n, rate = f"joint-{ties}", instance.population.n, Fraction(k, k + 1)
    try:
        best = instance.joint_optimum(k, ties=ties)
    except BeyondLimitError as reason:
        return without_claim(Question("E6", what), k, NOT_COMPUTED, str(reason))
    note = ""
    if ties == "win":
        least = Fraction(k * (n + 1), n * (k + 1)) if n >= k else rate
        if best.value < least:
            raise FaultError(f"E6 fails: the joint optimum {best.value} under win is below {least}")
        note = f"at least {least}"
    elif best.value < rate:
        note = f"below k/(k+1) = {rate}"
    certificates = claim_joint_optimum(instance.population, best, ties=ties)
    return Finding(Question("E6", what), k, "=", best.value, EXACT, certificates, note)
