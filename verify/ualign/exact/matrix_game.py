"""Zero-sum matrix games, exactly: the value, and optimal mixed strategies that prove it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain
from operator import index

from ualign.exact.linear_program import LinearProgram, LinearProgramError
from ualign.exact.simplex import solve_program


@dataclass(frozen=True)
class GameSolution:
    """The exact value of a zero-sum matrix game and optimal mixed strategies that prove it."""

    value: Fraction
    row_strategy: tuple[Fraction, ...]
    column_strategy: tuple[Fraction, ...]


def solve_matrix_game(payoffs: Sequence[Sequence[int]], scale: int = 1) -> GameSolution:
    """Solve the game in which row i against column j pays the row player payoffs[i][j] / scale.

    The row player maximises. Either side may have thousands of choices if the other has few.
    """
    kinds = set(map(type, chain.from_iterable(payoffs)))
    table = payoffs if kinds <= {int} else [tuple(map(index, row)) for row in payoffs]
    if not table or not table[0] or any(len(row) != len(table[0]) for row in table) or scale < 1:
        raise LinearProgramError("a matrix game needs equally long, nonempty rows and scale > 0")
    if len(table) >= len(table[0]):
        game = _solve_tall(table)
    else:  # the column player of the game is the row player of minus its transpose
        turned = _solve_tall([tuple(-v for v in c) for c in zip(*table, strict=True)])
        game = GameSolution(-turned.value, turned.column_strategy, turned.row_strategy)
    return replace(game, value=game.value / scale)


def program_of_game(table: Sequence[Sequence[int]]) -> tuple[LinearProgram, int]:
    """The game as a linear program with a variable a row and a constraint a column, and `top`.

    The row player minimises the loss  top - payoff,  which lies between the payoffs' range and
    twice that: max sum x, every column losing at most 1, has the optimum 1 / (least loss). So a
    proof of the optimum is one of the value: x shows what the row player secures, and the prices
    show what the column player concedes (von Neumann 1928, Dantzig 1951).
    """
    high = max(map(max, table))
    top = high + max(1, high - min(map(min, table)))
    losses = tuple(tuple(map(top.__sub__, column)) for column in zip(*table, strict=True))
    return LinearProgram((1,) * len(table), losses, (1,) * len(losses)), top


def _solve_tall(table: Sequence[Sequence[int]]) -> GameSolution:
    program, top = program_of_game(table)
    optimum = solve_program(program)
    loss = 1 / optimum.value
    rows = tuple(loss * x if x else x for x in optimum.primal)
    columns = tuple(loss * y if y else y for y in optimum.dual)
    return GameSolution(top - loss, rows, columns)
