"""E1: against single responses W(pi^k, y) is concave in pi, and the best worst case is k/(k+1).

The equilibrium is its own optimal opponent: answered by a draw T from the policy x itself, k draws
of pi win at most 1 + (k - 1) P - k min_y P_y, where the exchange of positions gives P = 1/(k+1) and
P_y = (1 - u_y(x))/k, hence k/(k+1) + max_y u_y(x) - 1/(k+1)."""

from __future__ import annotations

from fractions import Fraction
from math import lcm

from ualign.certificates.claims import claim_product_upper_bound
from ualign.certificates.findings import (
    EXACT,
    NOT_COMPUTED,
    Finding,
    Question,
    within,
    without_claim,
)
from ualign.errors import FaultError
from ualign.exact.instance import Instance
from ualign.exact.product_bound import CHECKABLE_WORK, checking_work, upper_bound

STATEMENT = "no k-sample product policy guarantees more than k/(k+1) against single responses"

QUESTION = Question("E1", "product-ceiling")


def certify(instance: Instance, k: int) -> list[Finding]:
    """The ceiling: k/(k+1) where the policy is an exact equilibrium, else above it by what the
    policy misses, rounded up to a multiple of 2^-bits."""
    population, found, rate = instance.population, instance.equilibrium(k), Fraction(k, k + 1)
    policy = found.policy
    bits = lcm(*(mass.denominator for mass in policy.masses)).bit_length()
    if (work := checking_work(population, k, 1, bits)) > CHECKABLE_WORK:
        why = f"the bound would take {work:.0e} steps to check"
        return [without_claim(QUESTION, k, NOT_COMPUTED, why)]
    opponents = tuple(((y,), policy.masses[y]) for y in policy.support)
    bound = upper_bound(population, k, opponents, policy)
    if bound < rate:
        raise FaultError(f"E1 fails: no product policy wins more than {bound} < {rate}")
    unit = 2**instance.bits
    value = rate + Fraction(-((rate - bound) * unit // 1), unit)
    places = instance.bits - (int((value - rate) * unit) - 1).bit_length()
    grade = EXACT if value == rate else within(places)
    claim = claim_product_upper_bound(population, k, value, opponents, policy, l=1)
    return [Finding(QUESTION, k, "<=", value, grade, (claim,))]
