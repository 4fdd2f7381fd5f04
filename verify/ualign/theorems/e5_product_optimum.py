"""E5: the best k-sample product policy against l outputs, a concave program.

It guarantees at least g_l(k) = 1 - (l/(k+1)) (1 - (1 - 1/l)^(k+1)) for every population, and
usually more; for l >= 2 that is more than P7's 1 - l/(k+1)."""

from __future__ import annotations

from fractions import Fraction
from math import comb

from ualign.certificates.claims import claim_product_optimum
from ualign.certificates.findings import NOT_COMPUTED, Finding, Question, without_claim
from ualign.errors import FaultError
from ualign.exact.instance import Instance
from ualign.exact.product_bound import CHECKABLE_WORK, checking_work
from ualign.exact.product_optimum import find_product_optimum
from ualign.model.rates import product_rate
from ualign.model.solutions import BeyondLimitError
from ualign.model.win_rates import worst_case

STATEMENT = "the optimum over all k-sample product policies against l outputs, at least g_l(k)"

MOST_SEEN = 2_000_000
"""Most pairs of a tuple and a user: half a minute to the optimum."""


def certify(instance: Instance, k: int) -> list[Finding]:
    """For the instance's sizes of opponents; l = 1 is P1's and E1's."""
    return [_against(instance, k, l) for l in instance.opponents]


def _against(instance: Instance, k: int, l: int) -> Finding:
    """The optimum with a policy that attains it, and opponents and a point that cap it: exactly
    where a rational optimum was recognised, else from below, within what the grade says."""
    population, question = instance.population, Question("E5", "product-optimum", l)
    try:
        instance.check_multisets(l)
    except BeyondLimitError as reason:
        return without_claim(question, k, NOT_COMPUTED, str(reason))
    if (seen := comb(population.n + l - 1, l) * len(population.users)) > MOST_SEEN:
        why = f"{seen} pairs of a tuple and a user exceed the limit of {MOST_SEEN}"
        return without_claim(question, k, NOT_COMPUTED, why)
    if (work := checking_work(population, k, l, instance.bits + 32)) > CHECKABLE_WORK:
        why = f"the upper bound would take {work:.0e} steps to check"
        return without_claim(question, k, NOT_COMPUTED, why)
    best = find_product_optimum(population, k, l, bits=instance.bits)
    least = product_rate(l, k)
    if best.value_high < least:
        raise FaultError(f"E5 fails: no product policy wins over {best.value_high} < g_{l}({k})")
    attained = worst_case(population, best.policy, k=k, l=l).opponent if best.is_exact else None
    claims = claim_product_optimum(population, best, attained, instance.bits)
    return Finding(question, k, *claims, f"g_{l}({k}) = {_short(least)}")


def _short(value: Fraction) -> str:
    return str(value) if value.denominator < 10**12 else f"about {float(value):.9f}"
