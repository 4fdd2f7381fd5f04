"""Conjectures on what one output more is worth: returns diminish, or do not."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ualign.certificates.claims import (
    claim_joint_optimum,
    claim_joint_upper_bound,
    claim_product_upper_bound,
    claim_win_rate,
)
from ualign.constructions import plurality_versus_condorcet
from ualign.counterexamples.conjecture import Conjecture, Refutation, Space
from ualign.exact.instance import Instance
from ualign.exact.product_optimum import find_product_optimum
from ualign.model.population import Population
from ualign.model.solutions import ProductOptimum
from ualign.text import fraction

PRODUCT_BITS = 30
"""Optima over product policies are wanted within 2^-PRODUCT_BITS."""


def _one_favourite_each() -> Iterator[Population]:
    return (plurality_versus_condorcet(n) for n in (3, 4))


def _nine_users() -> Iterator[Population]:
    rankings = [[*"dcba"], [*"cadb"], [*"bacd"], [*"abcd"]]
    yield Population.from_rankings(rankings, [3, 3, 2, 1], responses=[*"abcd"])


def _growing_returns(instance: Instance, k: int, l: int) -> Refutation | None:
    population = instance.population
    fewer, same, more = (instance.joint_optimum(outputs, l) for outputs in (k - 1, k, k + 1))
    if fewer.value + more.value <= 2 * same.value:
        return None
    claims = (
        claim_joint_optimum(population, fewer, l=l)[0],
        claim_joint_upper_bound(population, k, same.value, same.opponents, l=l),
        claim_joint_optimum(population, more, l=l)[0],
    )
    win = ", ".join(fraction(best.value) for best in (fewer, same, more))
    last, before = more.value - same.value, same.value - fewer.value
    story = (
        f"the best {k - 1}, {k}, {k + 1} outputs win {win}: the last one adds {fraction(last)},"
        f" the one before {fraction(before)}"
    )
    values = {"fewer": fewer.value, "value": same.value, "more": more.value}
    return Refutation.of(population, claims, story, **values)


def _returns_margin(instance: Instance, k: int, l: int) -> Fraction:
    fewer, same, more = (instance.joint_optimum(outputs, l).value for outputs in (k - 1, k, k + 1))
    return 2 * same - fewer - more


def _growing_product_returns(instance: Instance, k: int, l: int) -> Refutation | None:
    """The optima are known within 2^-bits only, and the bounds have to tell."""
    population = instance.population
    fewer, same, more = _product_optima(instance, k, l)
    if fewer.value_low + more.value_low <= 2 * same.value_high:
        return None
    floors = [
        claim_win_rate(population, best.policy, best.k, ">=", best.value_low, l=l)
        for best in (fewer, more)
    ]
    cap = claim_product_upper_bound(population, k, same.value_high, same.opponents, same.point, l=l)
    story = (
        f"against {l} outputs the best product policies with {k - 1}, {k} and {k + 1} outputs win"
        f" {fraction(fewer.value_low)}, {fraction(same.value_high)} and {fraction(more.value_low)}"
    )
    values = {"fewer": fewer.value_low, "value": same.value_high, "more": more.value_low}
    return Refutation.of(population, [*floors, cap], story, **values)


def _product_optima(instance: Instance, k: int, l: int) -> list[ProductOptimum]:
    return [
        find_product_optimum(instance.population, outputs, l, bits=PRODUCT_BITS)
        for outputs in (k - 1, k, k + 1)
    ]


CONJECTURES = (
    Conjecture(
        "diminishing-returns",
        "every further output adds no more to the joint optimum than the one before",
        "false",
        _growing_returns,
        "with k+1 favourites and one common second choice, k+1 outputs are the first to hold all of"
        " the favourites",
        ks=(2, 3),
        least_k=2,
        where=Space(responses=3, users=3),
        margin=_returns_margin,
        suspects=_one_favourite_each,
    ),
    Conjecture(
        "diminishing-product-returns",
        "every further draw adds no more to the best product policy's win rate against l outputs"
        " than the one before",
        "false",
        _growing_product_returns,
        "against three outputs and with a favourite for each of four users and one common second"
        " choice the third draw adds more; true for l = 1, where the rates are k/(k+1) (P1)",
        least_k=2,
        ls=(3,),
        where=Space(responses=3, users=3),
        suspects=_one_favourite_each,
    ),
    Conjecture(
        "diminishing-product-returns-for-two",
        "every further draw adds no more to the best product policy's win rate against 2 outputs"
        " than the one before",
        "false",
        _growing_product_returns,
        "with nine users and four responses the third draw adds more than the second",
        least_k=2,
        ls=(2,),
        suspects=_nine_users,
    ),
)
