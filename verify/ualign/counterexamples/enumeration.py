"""Every small population once: multisets of rankings up to renaming the responses.

A population of m users of equal weight is a multiset of m rankings. Conjectures do not look at
names, so one population of every orbit of the symmetric group is enough: the one whose sorted
numbers of rankings are the least. Its orbit has n! / |stabiliser| populations, and the orbits'
sizes add up to the number of all multisets.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations_with_replacement, permutations, product
from math import factorial, gcd
from string import ascii_lowercase

from ualign.errors import InputError
from ualign.model.population import Population, Ranking

MOST_ENUMERATED = 5
"""The n! renamings of every ranking are tabulated."""


@dataclass(frozen=True)
class Orbit:
    """A population that stands for `size` others, all its renamings, itself included.

    `repeated`: its users come in equal groups, so that a smaller population has the same shares."""

    population: Population
    size: int
    repeated: bool


def rankings(n: int, *, strict: bool) -> list[Ranking]:
    """All strict rankings, or all weak orders, of n responses."""
    if not 1 <= n <= MOST_ENUMERATED:
        raise InputError(f"{n} responses: populations are enumerated for 1 to {MOST_ENUMERATED}")
    if strict:
        return [tuple((y,) for y in order) for order in permutations(range(n))]
    found = []
    for ranks in product(range(n), repeat=n):
        if set(ranks) == set(range(max(ranks) + 1)):
            classes = range(max(ranks) + 1)
            found.append(tuple(tuple(y for y in range(n) if ranks[y] == c) for c in classes))
    return found


def orbits(n: int, users: int, *, strict: bool) -> Iterator[Orbit]:
    """One population for every way in which so many equal users can rank n responses, up to
    renaming the responses. Raises InputError beyond MOST_ENUMERATED or for less than one user."""
    if users < 1:
        raise InputError(f"{users} users: a population needs at least one")
    every = rankings(n, strict=strict)
    renamed = _renamings(n, every)
    for chosen in _starting_least(len(every), users, renamed):
        images = [tuple(sorted(image[r] for r in chosen)) for image in renamed]
        if min(images) == chosen:
            yield Orbit(
                _population(n, every, chosen),
                factorial(n) // images.count(chosen),
                gcd(*Counter(chosen).values()) > 1,
            )


def _renamings(n: int, every: list[Ranking]) -> list[list[int]]:
    """For every permutation of the responses, the number that each ranking turns into."""
    number = {ranking: r for r, ranking in enumerate(every)}
    return [
        [number[tuple(tuple(sorted(p[y] for y in tied)) for tied in ranking)] for ranking in every]
        for p in permutations(range(n))
    ]


def _starting_least(
    rankings: int, users: int, renamed: list[list[int]]
) -> Iterator[tuple[int, ...]]:
    """Sorted multisets whose first ranking no renaming makes smaller; the least of an orbit is
    among them."""
    for first in range(rankings):
        if all(image[first] >= first for image in renamed):
            for rest in combinations_with_replacement(range(first, rankings), users - 1):
                yield (first, *rest)


def _population(n: int, every: list[Ranking], chosen: tuple[int, ...]) -> Population:
    counts = Counter(chosen)
    users = ((Fraction(count), every[r]) for r, count in counts.items())
    return Population.from_indexed(ascii_lowercase[:n], users)
