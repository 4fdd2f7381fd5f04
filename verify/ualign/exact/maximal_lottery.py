"""NLHF: the symmetric equilibria of the 2-player game, that is, the maximal lotteries, exactly.

With margins M_yz = weight(y above z) - weight(z above y), skew-symmetric, a lottery x is maximal
iff M x <= 0. Since sum_y x_y (M x)_y = 0, a response with (M x)_y < 0 for one maximal x has mass
zero in all of them, and some maximal x has x_y > 0 for every other response (strict
complementarity): that is the lottery of largest support. On its support T the maximal lotteries
solve M_TT x = 0, so they form a polytope of dimension dim ker M_TT - 1, and there is just one iff
that kernel is one-dimensional.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
from flint import fmpz_mat

from ualign.exact.linear_program import LinearProgram, LinearProgramError
from ualign.exact.matrix_game import solve_matrix_game
from ualign.exact.simplex import solve_program
from ualign.model.policies import ProductPolicy
from ualign.model.population import Population


@dataclass(frozen=True)
class MaximalLottery:
    """The maximal lottery of largest support; `dimension` is that of the set of all of them.

    `another` is a second one, a vertex of the set, where there are several (dimension > 0)."""

    policy: ProductPolicy
    dimension: int
    another: ProductPolicy | None

    @property
    def is_unique(self) -> bool:
        """Whether it is the only maximal lottery."""
        return self.dimension == 0


def margins(population: Population) -> list[list[int]]:
    """M_yz on the scale `population.scale`: weight of y above z minus weight of z above y."""
    small = population.scale < 1 << 53  # floats sum without rounding
    exact: Any = np.float64 if small else object
    ranks = np.array(population.ranks, dtype=np.min_scalar_type(population.n))
    weights = np.array(population.integer_weights, dtype=exact)
    rows = [(weights @ (ranks[:, y : y + 1] < ranks)).tolist() for y in range(population.n)]
    above = np.array([[int(v) for v in row] for row in rows], dtype=np.int64 if small else object)
    matrix: list[list[int]] = (above - above.T).tolist()
    return matrix


def find_maximal_lottery(population: Population) -> MaximalLottery:
    """The maximal lottery of largest support, exactly, and how many there are (P4, P5, E2)."""
    M = margins(population)
    basic = solve_matrix_game(M, population.scale).row_strategy
    _require_maximal(M, basic)
    candidates = [y for y, loss in enumerate(_losses(M, basic)) if loss == 0]
    if all(basic[y] for y in candidates) and _nullity(M, candidates) == 1:
        return MaximalLottery(ProductPolicy(basic), 0, None)
    largest = _largest_support(M, candidates)
    if any(not largest[y] and loss == 0 for y, loss in enumerate(_losses(M, largest))):
        # what `basic` loses strictly, the middle of the two loses strictly as well
        largest = tuple((a + b) / 2 for a, b in zip(basic, largest, strict=True))
    _require_maximal(M, largest)
    losses = _losses(M, largest)
    if not all(mass > 0 or loss < 0 for mass, loss in zip(largest, losses, strict=True)):
        raise LinearProgramError("the lottery found is not strictly complementary")
    dimension = _nullity(M, [y for y, mass in enumerate(largest) if mass]) - 1
    another = ProductPolicy(basic) if dimension else None
    return MaximalLottery(ProductPolicy(largest), dimension, another)


def _losses(M: Sequence[Sequence[int]], lottery: Sequence[Fraction]) -> list[int]:
    """M x on some positive scale."""
    whole = lcm(*(mass.denominator for mass in lottery))
    masses = [(z, m.numerator * (whole // m.denominator)) for z, m in enumerate(lottery) if m]
    return [sum([row[z] * mass for z, mass in masses]) for row in M]


def _require_maximal(M: Sequence[Sequence[int]], lottery: Sequence[Fraction]) -> None:
    if max(_losses(M, lottery)) > 0:
        raise LinearProgramError("the lottery found is not maximal")


def _nullity(M: Sequence[Sequence[int]], places: Sequence[int]) -> int:
    return len(places) - int(fmpz_mat([[M[y][z] for z in places] for y in places]).rank())


def _largest_support(M: Sequence[Sequence[int]], candidates: Sequence[int]) -> tuple[Fraction, ...]:
    """maximise sum t  subject to  t <= 1, t <= x - M x, M x <= 0, t, x >= 0, then normalise x."""
    size = len(candidates)
    rows: list[tuple[int, ...]] = []
    bounds: list[int] = []
    for i, y in enumerate(candidates):
        unit = [int(i == j) for j in range(size)]
        row = [M[y][z] for z in candidates]
        rows += [
            (*[0] * size, *unit),
            (*[entry - e for entry, e in zip(row, unit, strict=True)], *unit),
            (*row, *[0] * size),
        ]
        bounds += [1, 0, 0]
    for y in sorted(set(range(len(M))) - set(candidates)):
        rows.append((*[M[y][z] for z in candidates], *[0] * size))
        bounds.append(0)
    objective = (*[0] * size, *[1] * size)
    best = solve_program(LinearProgram(objective, tuple(rows), tuple(bounds)))
    total = sum(best.primal[:size], Fraction(0))
    lottery = [Fraction(0)] * len(M)
    for y, mass in zip(candidates, best.primal[:size], strict=True):
        lottery[y] = mass / total
    return tuple(lottery)
