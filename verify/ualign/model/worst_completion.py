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
from itertools import combinations_with_replacement
from math import lcm

from ualign.errors import InputError
from ualign.model.partial_orders import PartialPopulation, bits
from ualign.model.policies import JointPolicy, MixturePolicy, Policy, ProductPolicy, Tuple
from ualign.model.win_rates import Ties, WorstCase, check_fit, opponent_share, tied_share

Term = tuple[int, int, int]
"""(may be below, declared class, the opponent's positions in it); the first two are bit sets."""


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
    terms = [_terms(population, opponent) for opponent in columns]
    needed = {term for users in terms for user in users for term in user}
    picked = _chances(population, policy, needed, k, max(map(len, columns)), ties)
    rates = []
    for users in terms:
        lost = Fraction(0)
        for weight, user in zip(population.integer_weights, users, strict=True):
            lost += weight * max(map(picked.__getitem__, user))
        rates.append(1 - lost / population.scale)
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


def _terms(population: PartialPopulation, opponent: Tuple) -> list[list[Term]]:
    """For every user the terms of the declared classes through which T may be picked."""
    members, found = bits(set(opponent)), []
    for user in population.users:
        order, terms = user.order, []
        for tied, up, below in zip(order.classes, order.above, order.below, strict=True):
            own = bits(tied)
            if own & members and not up & members:
                held = sum(own >> y & 1 for y in opponent)
                terms.append((below, own, held))
        found.append(terms)
    return found


def _chances(
    population: PartialPopulation,
    policy: Policy,
    terms: Iterable[Term],
    k: int,
    most: int,
    ties: Ties,
) -> dict[Term, Fraction]:
    """The chance that a class's positions of T are picked, for each term."""
    if isinstance(policy, MixturePolicy):
        parts = [
            (chance, _chances(population, part, terms, k, most, ties))
            for chance, part in policy.parts
            if chance
        ]
        return {t: sum((c * found[t] for c, found in parts), Fraction(0)) for t in terms}
    if isinstance(policy, JointPolicy):
        outputs = [(tuple(S), bits(set(S)), mass) for S, mass in policy.tuples]
        return {
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
    return _product_chances(policy, terms, k, most, ties)


def _product_chances(
    policy: ProductPolicy, terms: Iterable[Term], k: int, most: int, ties: Ties
) -> dict[Term, Fraction]:
    denominator = lcm(*(mass.denominator for mass in policy.masses))
    masses = [mass.numerator * (denominator // mass.denominator) for mass in policy.masses]
    share, unit = opponent_share(k, most, denominator, ties)

    def mass_of(responses: int) -> int:
        return sum(mass for y, mass in enumerate(masses) if responses >> y & 1)

    return {
        (below, own, held): Fraction(share(mass_of(below), mass_of(own), held), unit)
        for below, own, held in terms
    }
