"""Tables and numbers for people: fractions with a decimal beside them.

A table is first a grid of cells, at several levels of detail; `fitted` takes the most detailed one
that a terminal has room for, and below that cuts the columns into blocks. Nothing is truncated.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING

from ualign.certificates.findings import EXACT, Bound, Grade
from ualign.text import LONGEST, decimal, fraction, show

if TYPE_CHECKING:
    from rich.table import Table

FULL, BRIEF, DECIMALS = range(3)
"""How detailed a table is: everything; with brief headings and words; and without fractions."""


@dataclass(frozen=True)
class Grid:
    """A table's cells; the first column says what a row is about."""

    headings: list[str]
    rows: list[list[str]]


def stated(bound: Bound, k: int | None = None, grade: Grade = EXACT, level: int = FULL) -> str:
    """A certified number with its relation: the fraction where it is short, else a decimal that is
    rounded to the safe side; a lower bound next to k/(k+1) as the difference from it. The grade
    says how close a lower bound is."""
    relation, value = bound
    short = len(str(value)) <= LONGEST
    if relation == "<=":
        rounded = _upwards(value, 6 if level == FULL else 5)
        return f"≤ {fraction(value) if short and level == FULL else rounded}"
    if level == DECIMALS:
        return decimal(value, 5) if relation == "=" else f"≥ {decimal(value, 5, down=True)}"
    if k and not short and 0 < Fraction(k, k + 1) - value < Fraction(1, 2**32):
        return f"≥ {below_rate(value, k)}"
    if relation == "=":
        return fraction(value)
    close = f" ({grade})" if grade.word == "within" else ""
    return f"≥ {fraction(value) if short else decimal(value, down=True)}{close}"


SHORT = 12
"""Fractions with more characters than this are left to the files by a page."""


def in_cell(bound: Bound, k: int | None = None) -> str:
    """A certified number in a cell of the page: a long fraction is only its decimal, marked as not
    exact, or rounded to the safe side where it is a bound."""
    relation, value = bound
    near = k and 0 < Fraction(k, k + 1) - value < Fraction(1, 2**32)
    if len(str(value)) <= SHORT or (near and relation != "<="):
        return stated(bound, k)
    if relation == "=":
        return f"≈ {decimal(value)}"
    return f"≤ {_upwards(value, 6)}" if relation == "<=" else f"≥ {decimal(value, down=True)}"


def below_rate(number: Fraction, k: int, l: int = 1) -> str:
    """A lower bound below k/(k+l) as a difference, rounded to the safe side."""
    loss = Fraction(k, k + l) - number
    exponent = loss.denominator.bit_length() - loss.numerator.bit_length()
    exponent -= loss > Fraction(1, 2**exponent)
    return f"{k}/{k + l} - 2^-{exponent}"


def _upwards(number: Fraction, places: int) -> str:
    """The number to so many decimals, rounded up."""
    return decimal(Fraction(-(-number * 10**places // 1), 10**places), places)


def enclosed_within(delta: Fraction) -> str:
    """How close an equilibrium is to the box's centre, relatively, rounded to the safe side."""
    if not delta:
        return "exact"
    exponent = (delta.denominator // delta.numerator).bit_length() - 1
    return f"within {delta if exponent < 1 else f'2^-{exponent}'}"


def shortened(text: str, names: Iterable[str]) -> str:
    """The text with long names of responses, which stand in quotes in it, cut in the middle."""
    for name in names:
        if len(name) > 60:
            text = text.replace(repr(name), show(name))
    return text


def ranges(ks: Iterable[int]) -> str:
    """Numbers as "1..3, 5"."""
    parts = []
    for _, run in groupby(enumerate(sorted(set(ks))), lambda pair: pair[1] - pair[0]):
        numbers = [k for _, k in run]
        parts.append(str(numbers[0]) + (f"..{numbers[-1]}" if len(numbers) > 1 else ""))
    return ", ".join(parts)


def broken(headings: Iterable[str]) -> list[str]:
    """Headings with their words below each other."""
    return [heading.replace(" ", "\n").replace("-", "-\n") for heading in headings]


def fitted(grids: Sequence[Grid], width: int | None) -> list[Table]:
    """The first grid that fits into `width` columns, as one table; else the last, its columns
    spread over several, and its rows' names over several lines if need be. No width: the first."""
    from rich.cells import cell_len

    def sizes(grid: Grid) -> list[int]:
        columns = zip(grid.headings, *grid.rows, strict=True)
        return [
            3 + max(cell_len(line) for c in column for line in c.split("\n")) for column in columns
        ]

    grid = next((g for g in grids if width is None or sum(sizes(g)) < width), grids[-1])
    first, *rest = sizes(grid)
    if width is not None and first + max(rest, default=0) >= width:  # else rich would truncate
        grid = Grid(grid.headings, [[row[0].replace("-", "-\n"), *row[1:]] for row in grid.rows])
    blocks: list[list[int]] = [[]]
    room = None if width is None else width - 1 - sizes(grid)[0]
    for column, size in list(enumerate(sizes(grid)))[1:]:
        used = sum(sizes(grid)[c] for c in blocks[-1])
        if blocks[-1] and room is not None and used + size > room:
            blocks.append([])
        blocks[-1].append(column)
    return [_table(grid, [0, *block]) for block in blocks]


def _table(grid: Grid, columns: Sequence[int]) -> Table:
    from rich.table import Table

    result = Table()
    for column in columns:
        justify = "right" if grid.headings[column] == "k" else "left"
        result.add_column(grid.headings[column], justify=justify, no_wrap=True)  # type: ignore[arg-type]
    for row in grid.rows:
        result.add_row(*(row[column] for column in columns))
    return result
