"""Small changes to populations: what shrinking and climbing are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from math import gcd
from string import ascii_lowercase

from ualign.errors import InputError
from ualign.model.changes import without_response
from ualign.model.population import Population, Ranking, User

Weighted = tuple[Fraction | int, Ranking]
"""A user: her weight and her ranking."""


def rebuilt(users: Iterable[Weighted]) -> Population:
    """The population of these users, named by letters, with weights in lowest whole terms; users
    without weight are left out."""
    kept = [(Fraction(weight), ranking) for weight, ranking in users if weight]
    n = sum(map(len, kept[0][1])) if kept else 0
    if not 1 <= n <= len(ascii_lowercase):
        raise InputError(f"{n} responses: expected 1 to {len(ascii_lowercase)}, and some user")
    merged = Population.from_indexed(ascii_lowercase[:n], kept)
    unit = gcd(*merged.integer_weights)
    whole = [Fraction(weight // unit) for weight in merged.integer_weights]
    rankings = (user.ranking for user in merged.users)
    return Population(merged.responses, tuple(map(User, whole, rankings)))


def weighted(population: Population) -> list[Weighted]:
    """The users with whole weights."""
    weights = population.integer_weights
    return [(w, user.ranking) for w, user in zip(weights, population.users, strict=True)]


def size(population: Population) -> tuple[int, int]:
    """What is made small: the number of responses, then of users (each counted by its weight)."""
    return population.n, population.scale // gcd(*population.integer_weights)


def smaller(population: Population) -> Iterator[Population]:
    """Populations of less size, the largest steps first: without a response, without a ranking,
    with half of a ranking's weight, with one user less."""
    if population.n > 1:
        for y in range(population.n):
            yield rebuilt(weighted(without_response(population, y)))
    users = weighted(population)
    steps: list[Callable[[int], int]] = [lambda w: 0, lambda w: w // 2, lambda w: w - 1]
    for step in steps:
        for i, (weight, ranking) in enumerate(users):
            changed: list[Weighted] = [*users[:i], (step(int(weight)), ranking), *users[i + 1 :]]
            if any(w for w, _ in changed):
                yield rebuilt(changed)
