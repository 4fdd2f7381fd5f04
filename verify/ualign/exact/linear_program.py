"""Exact linear programs and matrix games: floats propose a basis, exact arithmetic proves it.

A float solver's only use here is to name a basis. Its primal and dual solutions are computed
anew in integers, and they count only if both are exactly feasible with equal objectives, which
proves both optimal. When no proposal survives that, an exact lexicographic simplex method starts
from the slack basis; it cannot cycle, so every bounded program is solved, whatever the floats do.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain
from math import lcm
from operator import index
from typing import TYPE_CHECKING, Any

from ualign.errors import FaultError
from ualign.solvers import Proposal, cvxpy_lp, pulp_lp

if TYPE_CHECKING:
    from ualign.solvers import Floats

    Propose = Callable[[Floats, Floats, Floats], Proposal | None]

logger = logging.getLogger(__name__)

BACKENDS: dict[str, Propose] = {"pulp": pulp_lp.propose, "cvxpy": cvxpy_lp.propose}
"""Every float backend; the arguments are objective, matrix and bounds, scaled into [-1, 1]."""

_PRIME = 2**61 - 1


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
        numbers = chain(self.objective, self.bounds, *self.matrix)
        if not all(isinstance(number, int) for number in numbers):
            raise LinearProgramError("the coefficients must be integers")
        if min(self.bounds) < 0:
            raise LinearProgramError("the bounds must not be negative")


@dataclass(frozen=True)
class Optimum:
    """An exact optimum: `primal` and `dual` are feasible and both have the objective `value`.

    `paths` says, per backend asked, what led there. Optima need not be unique: compare values.
    """

    value: Fraction
    primal: tuple[Fraction, ...]
    dual: tuple[Fraction, ...]
    paths: tuple[str, ...]


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
    rows = fmpz_mat(len(tight), n, list(chain.from_iterable(lp.matrix[i] for i in tight)))
    columns = fmpz_mat(m, len(basic), [row[j] for row in lp.matrix for j in basic])
    square = fmpz_mat(len(tight), len(basic), [lp.matrix[i][j] for i in tight for j in basic])
    try:
        x, x_scale = square.solve(_column(lp.bounds[i] for i in tight)).numer_denom()
        y, y_scale = square.transpose().solve(_column(lp.objective[j] for j in basic)).numer_denom()
    except ZeroDivisionError:  # singular
        return None
    # Nothing below relies on how x and y were found: feasible, with equal objectives.
    if any(number < 0 for number in (*x.entries(), *y.entries())):
        return None
    used = (columns * x).entries()
    if any(left > x_scale * bound for left, bound in zip(used, lp.bounds, strict=True)):
        return None
    priced = (y.transpose() * rows).entries()
    if any(left < y_scale * gain for left, gain in zip(priced, lp.objective, strict=True)):
        return None
    primal = _spread(x.entries(), x_scale, basic, n)
    dual = _spread(y.entries(), y_scale, tight, m)
    value = sum((lp.objective[j] * primal[j] for j in basic), Fraction(0))
    priced_bounds = sum((lp.bounds[i] * dual[i] for i in tight), Fraction(0))
    return Optimum(value, primal, dual, ("given basis",)) if value == priced_bounds else None


def solve_lexicographic(lp: LinearProgram) -> Optimum:
    """The optimum by an exact simplex method from the slack basis; it always terminates.

    Revised and fraction-free: `inverse` is `scale` times the inverse of the basis matrix bordered
    by the objective, hence integral (Cramer). The largest reduced cost enters; the row to leave
    is the lexicographic minimum, which rules out cycling. LinearProgramError if unbounded.
    """
    from flint import fmpz, fmpz_mat

    n, m = len(lp.objective), len(lp.matrix)
    bordered = fmpz_mat([[-gain for gain in lp.objective], *map(list, lp.matrix)])
    bounds = _column((0, *lp.bounds))
    inverse = fmpz_mat([[int(i == j) for j in range(m + 1)] for i in range(m + 1)])
    scale = fmpz(1)
    basis = [n + i for i in range(m)]
    pivots = 0
    while True:
        prices = fmpz_mat([[inverse[0, i] for i in range(m + 1)]])
        costs = (prices * bordered).entries() + prices.entries()[1:]
        entering = min(range(n + m), key=costs.__getitem__)
        if costs[entering] >= 0:
            break
        if entering < n:
            column = _column(bordered[i, entering] for i in range(m + 1))
        else:
            column = _column(int(i == entering - n + 1) for i in range(m + 1))
        step = (inverse * column).entries()
        rising = [i for i in range(1, m + 1) if step[i] > 0]
        if not rising:
            raise LinearProgramError("the linear program is unbounded")
        level = (inverse * bounds).entries()
        leaving = _lexicographic_minimum(rising, step, level, inverse)
        # inverse' = (pivot * inverse - step x (row leaving)) / scale, but the row itself stays.
        pivot = step[leaving]
        step[leaving] = pivot - scale
        row = fmpz_mat([[inverse[leaving, i] for i in range(m + 1)]])
        inverse = (inverse * pivot - _column(step) * row) / scale  # raises if inexact
        scale = pivot
        basis[leaving - 1] = entering
        pivots += 1
    optimum = certify_basis(lp, basis)
    if optimum is None:
        raise LinearProgramError("internal fault: the exact simplex method ended off an optimum")
    return replace(optimum, paths=(f"exact simplex, {pivots} pivots",))


def solve_program(lp: LinearProgram, backend: str) -> Optimum:
    """The exact optimum: the backend's proposal if it is certified, else the exact simplex."""
    return solve_agreeing(lp, (backend,))


def solve_agreeing(lp: LinearProgram, backends: Sequence[str] = ("pulp", "cvxpy")) -> Optimum:
    """The exact optimum with the path of every backend; their exact values must agree.

    With no backends at all, the exact simplex method alone.
    """
    found = {backend: _certify_proposal(lp, backend) for backend in backends}
    optima = {backend: optimum for backend, optimum in found.items() if optimum is not None}
    if len(optima) < len(found) or not found:
        exact = solve_lexicographic(lp)
        optima = {backend: found.get(backend) or exact for backend in found or ("no backend",)}
    first = next(iter(optima.values()))
    if any(optimum.value != first.value for optimum in optima.values()):
        values = ", ".join(f"{backend}: {optimum.value}" for backend, optimum in optima.items())
        raise LinearProgramError(f"internal fault: the exact values differ: {values}")
    return replace(first, paths=tuple(f"{name}: {o.paths[0]}" for name, o in optima.items()))


@dataclass(frozen=True)
class GameSolution:
    """The exact value of a zero-sum matrix game and optimal mixed strategies that prove it."""

    value: Fraction
    row_strategy: tuple[Fraction, ...]
    column_strategy: tuple[Fraction, ...]
    paths: tuple[str, ...]


def solve_matrix_game(
    payoffs: Sequence[Sequence[int]],
    scale: int = 1,
    backends: Sequence[str] = ("pulp", "cvxpy"),
) -> GameSolution:
    """Solve the game in which row i against column j pays the row player payoffs[i][j] / scale.

    The row player maximises. Either side may have thousands of choices if the other has few.
    """
    table = [tuple(map(index, row)) for row in payoffs]
    if not table or not table[0] or any(len(row) != len(table[0]) for row in table) or scale < 1:
        raise LinearProgramError("a matrix game needs equally long, nonempty rows and scale > 0")
    if len(table) >= len(table[0]):
        game = _solve_tall(table, backends)
    else:  # the column player of the game is the row player of minus its transpose
        turned = _solve_tall([tuple(-v for v in c) for c in zip(*table, strict=True)], backends)
        game = GameSolution(
            -turned.value, turned.column_strategy, turned.row_strategy, turned.paths
        )
    _check_minimax(table, game)
    return replace(game, value=game.value / scale)


def _solve_tall(table: Sequence[tuple[int, ...]], backends: Sequence[str]) -> GameSolution:
    """The game as a linear program with a variable a row and a constraint a column.

    The row player minimises the loss  top - payoff,  which lies between the payoffs' range and
    twice that: max sum x, every column losing at most 1, has the optimum 1 / (least loss).
    """
    high = max(map(max, table))
    top = high + max(1, high - min(map(min, table)))
    losses = tuple(tuple(top - row[j] for row in table) for j in range(len(table[0])))
    optimum = solve_agreeing(LinearProgram((1,) * len(table), losses, (1,) * len(losses)), backends)
    loss = 1 / optimum.value
    rows = tuple(loss * x if x else x for x in optimum.primal)
    columns = tuple(loss * y if y else y for y in optimum.dual)
    return GameSolution(top - loss, rows, columns, optimum.paths)


def _check_minimax(table: Sequence[Sequence[int]], game: GameSolution) -> None:
    """Prove the value in plain integers: each strategy guarantees it whatever the other does."""
    p, p_scale = _over_common_denominator(game.row_strategy)
    q, q_scale = _over_common_denominator(game.column_strategy)
    if min(p) < 0 or min(q) < 0 or sum(p) != p_scale or sum(q) != q_scale:
        raise LinearProgramError("internal fault: a strategy is not a distribution")
    mixed = [(mass, row) for mass, row in zip(p, table, strict=True) if mass]
    answers = [(j, mass) for j, mass in enumerate(q) if mass]
    floor = min(sum(mass * row[j] for mass, row in mixed) for j in range(len(q)))
    ceiling = max(sum(mass * row[j] for j, mass in answers) for row in table)
    if not Fraction(floor, p_scale) == game.value == Fraction(ceiling, q_scale):
        raise LinearProgramError("internal fault: the strategies do not prove the game's value")


def _certify_proposal(lp: LinearProgram, backend: str) -> Optimum | None:
    """The optimum that a backend's basis, or else its float solution, leads to, if any."""
    if backend not in BACKENDS:
        raise LinearProgramError(f"unknown backend {backend!r}; there are {', '.join(BACKENDS)}")
    floats = _scaled(lp)
    proposal = BACKENDS[backend](*floats)
    if proposal is None:
        logger.info("%s: no proposal", backend)
        return None
    if proposal.basis is not None and (optimum := certify_basis(lp, proposal.basis)):
        return replace(optimum, paths=("basis",))
    basis = _basis_of_solution(lp, proposal, *floats)
    if basis is not None and (optimum := certify_basis(lp, basis)):
        return replace(optimum, paths=("basis of its solution",))
    logger.info("%s: the proposal is not an exact optimum", backend)
    return None


def _basis_of_solution(
    lp: LinearProgram, proposal: Proposal, objective: Floats, matrix: Floats, bounds: Floats
) -> tuple[int, ...] | None:
    """A nonsingular basis by complementary slackness; a guess that `certify_basis` must judge.

    Variables and slacks are ranked by value less reduced cost: clearly basic ones first, clearly
    nonbasic ones last, degenerate ones between. The first m independent ones (over a prime field)
    are the basis.
    """
    import numpy as np
    from flint import nmod_mat

    m, n = matrix.shape
    x, y = proposal.primal, proposal.dual
    if np.shape(x) != (n,) or np.shape(y) != (m,):
        return None
    with np.errstate(all="ignore"):
        merit = np.concatenate([x - (y @ matrix - objective), bounds - matrix @ x - y])
    if not np.all(np.isfinite(merit)):
        return None
    order = np.argsort(-merit, kind="stable").tolist()
    order = order[: 4 * m] + [j for j in order[4 * m :] if j >= n]  # the slacks have rank m
    entries = [
        row[j] if j < n else int(j - n == i) for i, row in enumerate(lp.matrix) for j in order
    ]
    echelon, _ = nmod_mat(m, len(order), entries, _PRIME).rref()
    leading = (next(k for k, entry in enumerate(row) if entry) for row in echelon.tolist())
    return tuple(order[k] for k in leading)


def _scaled(lp: LinearProgram) -> tuple[Floats, Floats, Floats]:
    """Objective, matrix and bounds as floats, each divided by its largest entry."""
    import numpy as np

    def floats(numbers: Sequence[int]) -> Floats:
        largest = max(map(abs, numbers)) or 1
        return np.array([number / largest for number in numbers])  # int / int rounds once

    flat = floats(list(chain.from_iterable(lp.matrix)))
    return floats(lp.objective), flat.reshape(len(lp.matrix), -1), floats(lp.bounds)


def _lexicographic_minimum(rows: list[int], step: Any, level: Any, inverse: Any) -> int:
    """The row that minimises (level, inverse[row, 1], inverse[row, 2], ...) / step[row]."""
    for place in range(inverse.ncols()):
        key = level if place == 0 else {i: inverse[i, place] for i in rows}
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


def _column(numbers: Iterable[Any]) -> Any:
    from flint import fmpz_mat

    entries = list(numbers)
    return fmpz_mat(len(entries), 1, entries)


def _spread(entries: Any, scale: Any, places: Sequence[int], size: int) -> tuple[Fraction, ...]:
    """The vector with entries / scale at the given places and zero elsewhere."""
    numbers = [Fraction(0)] * size
    for place, entry in zip(places, entries, strict=True):
        numbers[place] = Fraction(int(entry), int(scale))
    return tuple(numbers)


def _over_common_denominator(numbers: Sequence[Fraction]) -> tuple[list[int], int]:
    scale = lcm(*(number.denominator for number in numbers))
    return [number.numerator * (scale // number.denominator) for number in numbers], scale
