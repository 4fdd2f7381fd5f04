"""Exact win rates where users did not say everything: the least over all completions (E16).

For one opponent response y the worst completion is known, and the same for every policy: all that
is not known to be above y is below it. Against a tuple T, a user picks from T, at worst, through
one of the declared classes that T meets and above which it has nothing that is known to be better;
which class that is depends on the policy. So W(P, T) at worst is

    1 - sum over users of w max over such classes C of the chance that C's positions of T are picked

when everything not known to be above C is below it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cache
from itertools import combinations_with_replacement
from math import lcm

from ualign.errors import InputError
from ualign.model.partial_orders import PartialPopulation, bits
from ualign.model.policies import MixturePolicy, Policy, ProductPolicy, Tuple
from ualign.model.win_rates import Ties, WorstCase, check_fit, opponent_share, tied_share

Term = tuple[int, int, int]
"""(may be below, declared class, the opponent's positions in it); the first two are bit sets."""

Picks = dict[tuple[Term, ...], int]
"""The terms through which users may pick from a tuple -> the integer weight of these users."""


def worst_completion_rates(
    population: PartialPopulation,
    policy: Policy,
    opponents: Iterable[Sequence[int]],
    *,
    k: int | None = None,
    ties: Ties = "uniform",
) -> list[Fraction]:
    """For each T of `opponents`, the minimum over all completions of W(policy, T) (E16 (i), (v)).

    Raises InputError as `win_rates` does."""
    columns, k = check_fit(population, policy, opponents, k, ties)
    if not columns:
        return []
    picks = [_picks(population, opponent) for opponent in columns]
    needed = {term for found in picks for terms in found for term in terms}
    chance, unit = _chances(population, policy, needed, k, max(map(len, columns)), ties)
    rates = []
    for found in picks:
        lost = sum(weight * max(map(chance.__getitem__, t)) for t, weight in found.items())
        rates.append(1 - Fraction(lost, population.scale * unit))
    return rates


def worst_completion_case(
    population: PartialPopulation,
    policy: Policy,
    *,
    k: int | None = None,
    l: int = 1,
    ties: Ties = "uniform",
) -> WorstCase:
    """The minimum of W(policy, T) over all completions and l-multisets T, and the first such T."""
    if l < 1:
        raise InputError(f"l={l}: a tuple needs at least one position")
    opponents: list[Tuple] = list(combinations_with_replacement(range(population.n), l))
    rates = worst_completion_rates(population, policy, opponents, k=k, ties=ties)
    value = min(rates)
    return WorstCase(value, opponents[rates.index(value)])


def _picks(population: PartialPopulation, opponent: Tuple) -> Picks:
    """Through which declared classes each user may pick from T, at worst."""
    if len(opponent) == 1:
        y, found = opponent[0], Picks()
        for group in population.groups:
            if group.own >> y & 1:
                found[((group.below, group.own, 1),)] = group.weight
        return found
    members, merged = bits(set(opponent)), Picks()
    for weight, user in zip(population.integer_weights, population.users, strict=True):
        order, terms = user.order, []
        for own, up, below in zip(order.own, order.above, order.below, strict=True):
            if own & members and not up & members:
                terms.append((below, own, sum(own >> y & 1 for y in opponent)))
        key = tuple(terms)
        merged[key] = merged.get(key, 0) + weight
    return merged


def _chances(
    population: PartialPopulation,
    policy: Policy,
    terms: Iterable[Term],
    k: int,
    most: int,
    ties: Ties,
) -> tuple[dict[Term, int], int]:
    """The chance that a class's positions of T are picked, for each term, in units of 1/unit."""
    if isinstance(policy, ProductPolicy):
        return _product_chances(policy, terms, k, most, ties)
    if isinstance(policy, MixturePolicy):
        parts = [
            (share, *_chances(population, part, terms, k, most, ties))
            for share, part in policy.parts
            if share
        ]
        return _whole(
            {
                term: sum(
                    (share * Fraction(found[term], u) for share, found, u in parts), Fraction(0)
                )
                for term in terms
            }
        )
    outputs = [(tuple(S), bits(set(S)), mass) for S, mass in policy.tuples]
    return _whole(
        {
            (below, own, held): sum(
                (
                    mass * tied_share(held, sum(own >> y & 1 for y in S), ties)
                    for S, members, mass in outputs
                    if not members & ~(below | own)
                ),
                Fraction(0),
            )
            for below, own, held in terms
        }
    )


def _whole(chances: dict[Term, Fraction]) -> tuple[dict[Term, int], int]:
    unit = lcm(*(chance.denominator for chance in chances.values()))
    return {term: int(chance * unit) for term, chance in chances.items()}, unit


def _product_chances(
    policy: ProductPolicy, terms: Iterable[Term], k: int, most: int, ties: Ties
) -> tuple[dict[Term, int], int]:
    denominator = lcm(*(mass.denominator for mass in policy.masses))
    masses = [mass.numerator * (denominator // mass.denominator) for mass in policy.masses]
    share, unit = opponent_share(k, most, denominator, ties)

    @cache
    def mass_of(responses: int) -> int:
        return sum(mass for y, mass in enumerate(masses) if responses >> y & 1)

    return {
        (below, own, held): share(mass_of(below), mass_of(own), held) for below, own, held in terms
    }, unit
