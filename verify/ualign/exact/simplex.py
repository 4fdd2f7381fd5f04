"""The exact optimum of a linear program, by the lexicographic simplex method in integers.

Floats choose which variable enters, and an exact sign admits it; the lexicographic rule chooses
the one to leave, so that no basis comes back and every bounded program is solved, whatever the
floats do. Where that takes long, HiGHS names a basis: either it is proved optimal as it stands, or
its variables are tried first. (Dantzig, Orden and Wolfe 1955; fraction-free after Edmonds 1967.)
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import numpy as np
from flint import fmpz, fmpz_mat

from ualign.exact.linear_program import (
    LinearProgram,
    LinearProgramError,
    Optimum,
    certify_basis,
    column,
    proved,
)
from ualign.exact.modelling_paths import compare_where_wanted
from ualign.solvers import highs_lp

if TYPE_CHECKING:
    from ualign.solvers import Floats

MOST_PIVOTS = 50
"""Pivots after which HiGHS is asked for a basis. On payoff tables, whatever their size, some 5 to
60 pivots lead to the optimum; where there are hundreds, as in large tournaments, the numbers grow
long, and proving a float basis is up to a thousand times faster."""


def solve_program(lp: LinearProgram) -> Optimum:
    """The exact optimum. Raises LinearProgramError where the program is unbounded.

    Within `cross_checking`, two independent modelling paths must lead to the same value."""
    search = Simplex(lp)
    optimum = search.optimum() if search.run(most=MOST_PIVOTS) else None
    if optimum is None:
        proposal = highs_lp.propose(*lp.floats)
        basis = proposal.basis if proposal and proposal.basis else ()
        optimum = certify_basis(lp, basis) or solve_by_simplex(lp, basis, search)
    compare_where_wanted(lp, optimum)
    return optimum


def solve_by_simplex(
    lp: LinearProgram, first: Collection[int] = (), search: Simplex | None = None
) -> Optimum:
    """The exact optimum by pivots alone: as long as they can, the variables of `first` enter (a
    warm start from a proposed basis), then all. Raises LinearProgramError if unbounded."""
    search = search or Simplex(lp)
    search.run(among=first)
    search.run()
    return search.optimum()


class Simplex:
    """A basis that is feasible, and the pivots that improve it.

    `inverse` is `scale` times the inverse of the basis matrix bordered by the objective, hence
    integral (Cramer); its row 0 holds the prices, its other rows belong to the basic variables."""

    def __init__(self, lp: LinearProgram) -> None:
        self.lp, self.n, self.m = lp, len(lp.objective), len(lp.matrix)
        size = self.m + 1
        self.bounds = column((0, *lp.bounds))
        self.inverse = fmpz_mat(size, size)
        for i in range(size):
            self.inverse[i, i] = 1
        self.scale = fmpz(1)
        self.basis = [self.n + i for i in range(self.m)]
        self.pivots = 0
        gains, matrix, _ = lp.floats
        self.gains, self.matrix = gains, matrix
        self.lengths = np.full(self.n + self.m, np.sqrt(2.0))
        self.lengths[: self.n] = np.sqrt(1 + np.square(matrix).sum(axis=0))

    def run(self, *, most: int | None = None, among: Collection[int] | None = None) -> bool:
        """Pivot until the basis is optimal, or no variable `among` those given can improve it; at
        most so many times. Returns whether it got there."""
        end = None if most is None else self.pivots + most
        while (entering := self._entering(among)) is not None:
            if self.pivots == end:
                return False
            self._pivot(entering)
        return True

    def optimum(self) -> Optimum:
        """The optimum that the basis proves."""
        level = (self.inverse * self.bounds).entries()
        x = {j: int(level[i]) for i, j in enumerate(self.basis, 1) if j < self.n and level[i]}
        y = {i: price for i, price in enumerate(self._prices()) if price}
        optimum = proved(self.lp, x, int(self.scale), y, int(self.scale))
        if optimum is None:
            raise LinearProgramError("internal fault: the exact simplex ended off an optimum")
        return optimum

    def _prices(self) -> list[int]:
        """Of the rows, over the scale."""
        return [int(self.inverse[0, i]) for i in range(1, self.m + 1)]

    def _entering(self, among: Collection[int] | None) -> int | None:
        """A variable with a negative reduced cost: by the floats the steepest, each cost being
        divided by the length of its column; if theirs is none, by an exact look at all."""
        prices = self._prices()
        if among is not None:
            return next((j for j in among if self._cost(prices, j) < 0), None)
        j = int(np.argmin(self._float_costs(prices) / self.lengths))
        if self._cost(prices, j) < 0:
            return j
        exact = self.lp.reduced_costs(dict(enumerate(prices)), int(self.scale)) + prices
        j = min(range(self.n + self.m), key=exact.__getitem__)
        return j if exact[j] < 0 else None

    def _float_costs(self, prices: list[int]) -> Floats:
        """The reduced costs, about; on the scale on which the largest gain is 1."""
        (gain, entry, _), scale = self.lp.largest, int(self.scale)
        try:
            y = np.array([price * entry / (scale * gain) for price in prices])
        except OverflowError:
            return np.zeros(self.n + self.m)
        with np.errstate(all="ignore"):
            return np.concatenate((y @ self.matrix - self.gains, y))

    def _cost(self, prices: list[int], j: int) -> int:
        if j >= self.n:
            return prices[j - self.n]
        paid = sum([price * row[j] for price, row in zip(prices, self.lp.matrix, strict=True)])
        return paid - int(self.scale) * self.lp.objective[j]

    def _column(self, j: int) -> list[int]:
        """What the basis matrix would hold for the variable, below its negative gain."""
        if j < self.n:
            return [-self.lp.objective[j], *[row[j] for row in self.lp.matrix]]
        return [int(i == j - self.n) for i in range(-1, self.m)]

    def _pivot(self, entering: int) -> None:
        step = (self.inverse * column(self._column(entering))).entries()
        rising = [i for i in range(1, self.m + 1) if step[i] > 0]
        if not rising:
            raise LinearProgramError("the linear program is unbounded")
        leaving = self._lexicographic_minimum(rising, step)
        # inverse' = (pivot * inverse - step x (row leaving)) / scale, but the row itself stays.
        pivot = step[leaving]
        step[leaving] = pivot - self.scale
        row = fmpz_mat([[self.inverse[leaving, i] for i in range(self.m + 1)]])
        self.inverse = (self.inverse * pivot - column(step) * row) / self.scale  # else it raises
        self.scale = pivot
        self.basis[leaving - 1] = entering
        self.pivots += 1

    def _lexicographic_minimum(self, rows: list[int], step: list[Any]) -> int:
        """The row that minimises (level, inverse[row, 1], inverse[row, 2], ...) / step[row]."""
        level = (self.inverse * self.bounds).entries()
        for place in range(self.m + 1):
            key = level if place == 0 else {i: self.inverse[i, place] for i in rows}
            best = rows[:1]
            for i in rows[1:]:
                here, least = key[i] * step[best[0]], key[best[0]] * step[i]
                if here < least:
                    best = [i]
                elif here == least:
                    best.append(i)
            if len(best) == 1:
                return best[0]
            rows = best
        raise LinearProgramError("internal fault: two rows of an inverse are proportional")
