"""Linear programs in integers, and the proof of an optimum.

Whoever finds a basis, its primal and dual solutions are computed in integers, and they count only
if both are feasible with equal objectives, which proves both optimal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any

from ualign.errors import FaultError

if TYPE_CHECKING:
    from ualign.solvers import Floats


_FITS_FLOATS = 1 << 1000


class LinearProgramError(FaultError):
    """The program is malformed or unbounded, or (a fault of this package) results disagree."""


@dataclass(frozen=True)
class LinearProgram:
    """Maximise  objective . x  subject to  matrix x <= bounds  and  x >= 0, all in integers.

    `bounds` must not be negative, so that x = 0 is feasible. In a basis, an index j below the
    number n of variables stands for variable j and n + i for the slack of row i.
    """

    objective: tuple[int, ...]
    matrix: tuple[tuple[int, ...], ...]
    bounds: tuple[int, ...]

    def __post_init__(self) -> None:
        if not self.objective or not self.matrix or len(self.matrix) != len(self.bounds):
            raise LinearProgramError("a linear program needs variables, rows and a bound a row")
        if any(len(row) != len(self.objective) for row in self.matrix):
            raise LinearProgramError("every row needs one coefficient a variable")
        types = set(map(type, chain(self.objective, self.bounds, *self.matrix)))
        if not all(issubclass(kind, int) for kind in types):
            raise LinearProgramError("the coefficients must be integers")
        if min(self.bounds) < 0:
            raise LinearProgramError("the bounds must not be negative")

    @cached_property
    def largest(self) -> tuple[int, int, int]:
        """The largest absolute value in objective, matrix and bounds; or 1, where all are zero."""

        def largest_of(numbers: Iterable[int]) -> int:
            return max(map(abs, numbers)) or 1

        entries = chain.from_iterable(self.matrix)
        return largest_of(self.objective), largest_of(entries), largest_of(self.bounds)

    @cached_property
    def floats(self) -> tuple[Floats, Floats, Floats]:
        """Objective, matrix and bounds as floats, each divided by its largest entry."""
        import numpy as np

        def scaled(numbers: Iterable[int], largest: int) -> Floats:
            if largest < _FITS_FLOATS:
                return np.fromiter(numbers, float) / largest
            return np.array([number / largest for number in numbers])

        gain, entry, bound = self.largest
        flat = scaled(chain.from_iterable(self.matrix), entry)
        matrix = flat.reshape(len(self.matrix), -1)
        return scaled(self.objective, gain), matrix, scaled(self.bounds, bound)

    def reduced_costs(self, prices: Mapping[int, int], scale: int) -> list[int]:
        """What each variable pays at these prices of rows (over the scale) beyond its gain."""
        costs = [-scale * gain for gain in self.objective]
        for i, price in prices.items():
            if price:
                costs = [c + price * entry for c, entry in zip(costs, self.matrix[i], strict=True)]
        return costs


@dataclass(frozen=True)
class Optimum:
    """An exact optimum: `primal` and `dual` are feasible and both have the objective `value`.

    Optima need not be unique: compare values."""

    value: Fraction
    primal: tuple[Fraction, ...]
    dual: tuple[Fraction, ...]


def certify_basis(lp: LinearProgram, basis: Sequence[int]) -> Optimum | None:
    """The exact solutions of a basis, or None unless primal and dual are both feasible.

    A basis of the wrong size, with repetitions or singular is None too.
    """
    from flint import fmpz_mat

    n, m = len(lp.objective), len(lp.matrix)
    if len(basis) != m or len(set(basis)) != m:
        return None
    if not all(isinstance(j, int) and 0 <= j < n + m for j in basis):
        return None
    # Rows whose slack is not basic hold with equality; as many variables are basic.
    basic = sorted(j for j in basis if j < n)
    tight = sorted(set(range(m)) - {j - n for j in basis})
    square = fmpz_mat(len(tight), len(basic), [lp.matrix[i][j] for i in tight for j in basic])
    try:
        x, x_scale = square.solve(column(lp.bounds[i] for i in tight)).numer_denom()
        y, y_scale = square.transpose().solve(column(lp.objective[j] for j in basic)).numer_denom()
    except ZeroDivisionError:  # singular
        return None
    primal = dict(zip(basic, map(int, x.entries()), strict=True))
    dual = dict(zip(tight, map(int, y.entries()), strict=True))
    return proved(lp, primal, int(x_scale), dual, int(y_scale))


def proved(
    lp: LinearProgram, x: Mapping[int, int], x_scale: int, y: Mapping[int, int], y_scale: int
) -> Optimum | None:
    """The optimum that x and y prove: x over x_scale is feasible, y over y_scale prices every
    variable at least at its gain, and both have one objective. None where any of this fails.

    Both are given by their entries that may differ from 0; nothing relies on how they were found.
    """
    if x_scale <= 0 or y_scale <= 0 or any(number < 0 for number in (*x.values(), *y.values())):
        return None
    used = [sum([row[j] * number for j, number in x.items()]) for row in lp.matrix]
    if any(left > x_scale * bound for left, bound in zip(used, lp.bounds, strict=True)):
        return None
    if min(lp.reduced_costs(y, y_scale)) < 0:
        return None
    gained = sum(lp.objective[j] * number for j, number in x.items())
    paid = sum(lp.bounds[i] * number for i, number in y.items())
    if gained * y_scale != paid * x_scale:
        return None
    primal = _spread(x, x_scale, len(lp.objective))
    return Optimum(Fraction(gained, x_scale), primal, _spread(y, y_scale, len(lp.matrix)))


def column(numbers: Iterable[Any]) -> Any:
    """A matrix of one column."""
    from flint import fmpz_mat

    entries = list(numbers)
    return fmpz_mat(len(entries), 1, entries)


def _spread(numbers: Mapping[int, int], scale: int, size: int) -> tuple[Fraction, ...]:
    """The vector of numbers / scale, with zero where there is none."""
    vector = [Fraction(0)] * size
    for place, number in numbers.items():
        if number:
            vector[place] = Fraction(number, scale)
    return tuple(vector)
