"""The span of the users' class indicator vectors, on which all utilities depend.

A response's utility depends on a policy only through the masses of the users' indifference
classes. Where the classes span all of R^n (one strict ranking suffices) a policy is determined by
them; elsewhere it can be moved along the kernel without any user noticing (E2).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from flint import fmpz_mat

from verify.population import Population

ClassPlace = tuple[int, int]
"""(user, class), both counted from 0, in the order of `population.users`, best class first."""


def distinct_classes(population: Population, columns: Sequence[int]) -> dict[int, ClassPlace]:
    """Every class, restricted to the columns (as a bit set), with one place where it occurs.

    Small classes come first, so that bases are built of singletons where there are any."""
    inside = sum(1 << y for y in columns)
    found: dict[int, ClassPlace] = {}
    for u, user in enumerate(population.users):
        for c, tied in enumerate(user.ranking):
            mask = sum(1 << y for y in tied) & inside
            if mask:
                found.setdefault(mask, (u, c))
    return dict(sorted(found.items(), key=lambda item: item[0].bit_count()))


def independent_classes(population: Population, columns: Sequence[int]) -> list[ClassPlace]:
    """A maximal set of classes whose indicator vectors are independent on the columns."""
    classes = distinct_classes(population, columns)
    singles = [place for mask, place in classes.items() if mask.bit_count() == 1]
    if len(singles) == len(columns):
        return singles
    matrix = [[mask >> y & 1 for mask in classes] for y in columns]
    places = list(classes.values())
    return [places[j] for j in _pivots(*fmpz_mat(matrix).rref())]


def null_directions(population: Population, columns: Sequence[int]) -> list[list[Fraction]]:
    """A basis of the vectors on the columns whose sum over every class of every user is zero."""
    classes = distinct_classes(population, columns)
    if sum(mask.bit_count() == 1 for mask in classes) == len(columns):
        return []
    return kernel([[mask >> y & 1 for y in columns] for mask in classes])


def kernel(rows: Sequence[Sequence[int]]) -> list[list[Fraction]]:
    """A basis of the kernel of an integer matrix, exactly."""
    width = len(rows[0])
    reduced, denominator, rank = fmpz_mat([list(row) for row in rows]).rref()
    pivots = _pivots(reduced, denominator, rank)
    basis = []
    for free in sorted(set(range(width)) - set(pivots)):
        vector = [Fraction(0)] * width
        vector[free] = Fraction(1)
        for i, j in enumerate(pivots):
            vector[j] = Fraction(-int(reduced[i, free]), int(denominator))
        basis.append(vector)
    return basis


def _pivots(reduced: Any, denominator: Any, rank: int) -> list[int]:
    pivots, column = [], 0
    for i in range(rank):
        while not reduced[i, column]:
            column += 1
        pivots.append(column)
        column += 1
    return pivots
