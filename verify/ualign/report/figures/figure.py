"""A figure of a report, and what figures share: numbers by k, axes over k, telling instances.

What is drawn is a float next to an exact number; the number itself stands in the figure's tables.
Telling instances are chosen by what was certified on them, so that any archive has its figures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ualign.certificates.findings import Bound
from ualign.report.charts import Panel
from ualign.report.numbers import Grid, stated
from ualign.text import fraction

Exact = Mapping[int, Bound]
"""Accepted numbers by k."""

TELLING = "slim-majority", "borda-trap", "random-dictatorship-trap", "plurality-versus-condorcet"
"""Instances made for what goes wrong with other methods, to be shown before others."""

MOST_PANELS, MOST_TICKS = 4, 12
BETWEEN = "k/(k+1)"


@dataclass(frozen=True)
class Figure:
    """Panels to be drawn, with what is exact about them: `grids` are tables of the numbers."""

    name: str
    title: str
    caption: str
    panels: tuple[Panel, ...]
    grids: tuple[tuple[str, Grid], ...]
    one_legend: bool = True


def shortfall(exact: Exact) -> Fraction:
    """By how much the numbers fall short of k/(k+1) at most."""
    return max(Fraction(k, k + 1) - bound.value for k, bound in exact.items())


def telling(found: Mapping[str, object], score: Callable[[str], Fraction]) -> list[str]:
    """The instances to show: those made for it, one a family, then those that score most."""
    first = [next((name for name in found if name.startswith(t)), "") for t in TELLING]
    best = sorted((name for name in found if score(name) > 0), key=score, reverse=True)
    return [*dict.fromkeys(name for name in (*first, *best) if name)][:MOST_PANELS]


def by_k(heading: str, found: Mapping[str, Exact]) -> Grid:
    """The numbers, a column a k, below k/(k+1)."""
    ks = ks_of(found.values())
    rows = [
        [name, *(stated(exact[k], k) if k in exact else "" for k in ks)]
        for name, exact in found.items()
    ]
    best = [BETWEEN, *(fraction(Fraction(k, k + 1)) for k in ks)]
    return Grid([heading, *(f"k = {k}" for k in ks)], [best, *rows])


def ks_of(found: Iterable[Exact]) -> list[int]:
    """All numbers of outputs that occur, in order."""
    return sorted({k for exact in found for k in exact})


def ticks_of(ks: Sequence[int]) -> tuple[tuple[float, str], ...]:
    """Every k has the same room, and the axis says which k it is."""
    return tuple((float(ks.index(k)), str(k)) for k in thinned(ks, MOST_TICKS))


def thinned(values: Sequence[int], most: int) -> list[int]:
    """At most so many of the values, evenly, with the first and the last."""
    if len(values) <= most:
        return [*values]
    return [values[round(i * (len(values) - 1) / (most - 1))] for i in range(most)]
