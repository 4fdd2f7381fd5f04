"""The span of the users' class indicator vectors, on which all utilities depend.

A response's utility depends on a policy only through the masses of the users' indifference
classes. Where the classes span all of R^n (one strict ranking suffices) a policy is determined by
them; elsewhere it can be moved along the kernel without any user noticing (E2).

On a face of the simplex each utility is a formal sum over classes, so that linear algebra also
finds the responses whose utility is pinned by those of the face.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from flint import fmpz_mat

from ualign.model.population import Population

ClassPlace = tuple[int, int]
"""(user, class), both counted from 0, in the order of `population.users`, best class first."""


def spanning_classes(population: Population, columns: Sequence[int]) -> dict[int, ClassPlace]:
    """Classes, restricted to the columns (as a bit set), that span what all classes span there,
    each with one place where it occurs: those of one user if she tells all columns apart.

    Small classes come first, so that bases are built of singletons where there are any."""
    inside = sum(1 << y for y in columns)
    found: dict[int, ClassPlace] = {}
    for u, user in enumerate(population.users):
        own: dict[int, ClassPlace] = {}
        for c, tied in enumerate(user.ranking):
            mask = sum(1 << y for y in tied) & inside
            if mask:
                own[mask] = u, c
        if len(own) == len(columns):
            return own
        for mask, place in own.items():
            found.setdefault(mask, place)
    return dict(sorted(found.items(), key=lambda item: item[0].bit_count()))


def independent_classes(population: Population, columns: Sequence[int]) -> list[ClassPlace]:
    """A maximal set of classes whose indicator vectors are independent on the columns."""
    classes = spanning_classes(population, columns)
    singles = [place for mask, place in classes.items() if mask.bit_count() == 1]
    if len(singles) == len(columns):
        return singles
    matrix = [[mask >> y & 1 for mask in classes] for y in columns]
    places = list(classes.values())
    return [places[j] for j in _pivots(*fmpz_mat(matrix).rref())]


def null_directions(population: Population, columns: Sequence[int]) -> list[list[Fraction]]:
    """A basis of the vectors on the columns whose sum over every class of every user is zero."""
    classes = spanning_classes(population, columns)
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


def face_identity(
    population: Population, k: int, support: Sequence[int], y: int
) -> dict[int, Fraction] | None:
    """Multiples m_z with U_y = sum_z m_z U_z + const identically on the face of the support, such
    that sum m + const <= 1; so U_y <= 1 wherever U = 1 on the support. None if there are none.

    On the face a utility is a formal sum of terms (below, own), pairs of subsets of the support;
    the terms (all, nothing), (nothing, all), (nothing, nothing) are the constants k+1, 1, 0."""
    whole = sum(1 << z for z in support)
    constants = {(whole, 0): k + 1, (0, whole): 1, (0, 0): 0}
    columns = [*support, y]
    terms: dict[tuple[int, int], list[int]] = {}
    for group in population.groups:
        row = terms.setdefault((group.below & whole, group.own & whole), [0] * len(columns))
        for j, z in enumerate(columns):
            if group.own >> z & 1:
                row[j] += group.weight
    rows = [row for term, row in terms.items() if term not in constants and any(row)]
    candidates = kernel(rows) if rows else [[Fraction(0)] * len(support) + [Fraction(1)]]
    for vector in candidates:
        if vector[-1]:
            multiples = [-v / vector[-1] for v in vector[:-1]]
            bound = sum(multiples, Fraction(0))
            for term, value in constants.items():
                row = terms.get(term, [0] * len(columns))
                left = row[-1] - sum(m * w for m, w in zip(multiples, row, strict=False))
                bound += Fraction(value) * left / population.scale
            if bound <= 1:
                return {z: m for z, m in zip(support, multiples, strict=True) if m}
    return None


def _pivots(reduced: Any, denominator: Any, rank: int) -> list[int]:
    pivots, column = [], 0
    for i in range(rank):
        while not reduced[i, column]:
            column += 1
        pivots.append(column)
        column += 1
    return pivots
