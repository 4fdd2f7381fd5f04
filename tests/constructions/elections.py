"""The built-in suite by name, and what elections are counted by."""

from __future__ import annotations

from fractions import Fraction

from ualign.constructions import built_in_suite
from ualign.model.policies import ProductPolicy
from ualign.model.population import Population

EVERYTHING = dict(built_in_suite())
SUITE = {label: built for label, built in EVERYTHING.items() if isinstance(built, Population)}


def prefer(population: Population, x: str, y: str) -> Fraction:
    """The share of users who rank x strictly above y."""
    first, second = (population.responses.index(name) for name in (x, y))
    return Fraction(
        sum(
            weight
            for weight, ranks in zip(population.integer_weights, population.ranks, strict=True)
            if ranks[first] < ranks[second]
        ),
        population.scale,
    )


def condorcet_winners(population: Population) -> list[str]:
    return [
        x
        for x in population.responses
        if all(prefer(population, x, y) > Fraction(1, 2) for y in population.responses if y != x)
    ]


def borda_scores(population: Population) -> dict[str, int]:
    """Scores of strict rankings on the scale of the integer weights: points for those below."""
    scores = dict.fromkeys(population.responses, 0)
    for weight, ranks in zip(population.integer_weights, population.ranks, strict=True):
        for name, rank in zip(population.responses, ranks, strict=True):
            scores[name] += weight * (population.n - 1 - rank)
    return scores


def first_places(population: Population, among: str | None = None) -> dict[str, int]:
    """First places, when only the responses `among` stand."""
    standing = [y for y, name in enumerate(population.responses) if among is None or name in among]
    places = {population.responses[y]: 0 for y in standing}
    for weight, ranks in zip(population.integer_weights, population.ranks, strict=True):
        places[population.responses[min(standing, key=lambda y: ranks[y])]] += weight
    return places


def uniform(n: int, support: int | None = None) -> ProductPolicy:
    support = n if support is None else support
    return ProductPolicy(tuple(Fraction(int(y < support), support) for y in range(n)))
