"""A figure of a report, and what figures share: numbers by k, axes over k, telling instances.

What is drawn is a float next to an exact number; the number itself stands in the figure's tables.
Telling instances are chosen by what was certified on them, so that any archive has its figures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ualign.certificates.findings import Bound
from ualign.constructions import FEATURED
from ualign.report.charts import Panel
from ualign.report.numbers import Grid, in_cell
from ualign.text import fraction

Exact = Mapping[int, Bound]
"""Accepted numbers by k."""

MOST_PANELS, MOST_TICKS = 4, 12
BETWEEN = "k/(k+1)"

LOGARITHMIC = 12
"""From so many times the least k on, an axis over k is logarithmic."""


@dataclass(frozen=True)
class Figure:
    """Panels to be drawn, with what is exact about them: `grids` are tables of the numbers."""

    name: str
    title: str
    caption: str
    panels: tuple[Panel, ...]
    grids: tuple[tuple[str, Grid], ...]


def shortfall(exact: Exact) -> Fraction:
    """By how much the numbers fall short of k/(k+1) at most."""
    return max(Fraction(k, k + 1) - bound.value for k, bound in exact.items())


def telling(found: Mapping[str, object], score: Callable[[str], Fraction]) -> list[str]:
    """The instances to show: those made for it, then those that score most."""
    first = [name for name in FEATURED if name in found]
    best = sorted((name for name in found if score(name) > 0), key=score, reverse=True)
    return [*dict.fromkeys([*first, *best])][:MOST_PANELS]


def by_k(heading: str, found: Mapping[str, Exact], limits: Mapping[str, str] | None = None) -> Grid:
    """The numbers, a column a k, below k/(k+1); and what they tend to, as far as that is known."""
    ks = ks_of(found.values())
    rows = [
        [name, *(in_cell(exact[k], k) if k in exact else "" for k in ks)]
        for name, exact in found.items()
    ]
    best = [BETWEEN, *(fraction(Fraction(k, k + 1)) for k in ks)]
    headings = [heading, *(f"k = {k}" for k in ks)]
    if limits is not None:
        headings.append("limit")
        rows = [[*row, limits.get(row[0], "")] for row in rows]
        best.append("1")
    return Grid(headings, [best, *rows])


def ks_of(found: Iterable[Exact]) -> list[int]:
    """All numbers of outputs that occur, in order."""
    return sorted({k for exact in found for k in exact})


@dataclass(frozen=True)
class OutputsAxis:
    """An x axis over numbers of outputs, logarithmic where they span a wide range, with room for
    the limit at its right edge."""

    ks: Sequence[int]

    @property
    def is_logarithmic(self) -> bool:
        """Whether equal factors have equal room."""
        return bool(self.ks) and self.ks[-1] >= LOGARITHMIC * self.ks[0]

    @property
    def infinity(self) -> float:
        """Where the limit stands."""
        return self.ks[-1] * 2.0 if self.is_logarithmic else self.ks[-1] + 1.0

    def ticks(self, *, limit: bool) -> tuple[tuple[float, str], ...]:
        """The numbers to write, and the limit's sign."""
        first, last = self.ks[0], self.ks[-1]
        powers = [k for k in self.ks if k in (first, last) or k & (k - 1) == 0]
        marked = thinned(powers if self.is_logarithmic else self.ks, MOST_TICKS)
        return (*((float(k), str(k)) for k in marked), *[(self.infinity, "∞")] * limit)


def thinned(values: Sequence[int], most: int) -> list[int]:
    """At most so many of the values, evenly, with the first and the last."""
    if len(values) <= most:
        return [*values]
    return [values[round(i * (len(values) - 1) / (most - 1))] for i in range(most)]
