"""The figures of a report on methods and on equilibria: which accepted numbers each shows, in exact
tables and as drawings.

What is drawn is a float next to an exact number; the number itself stands in the exhibit's table.
Telling instances are chosen by what was certified on them, so that any archive has its exhibits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ualign.certificates.archive import JOINT, Archive, Bound, Statement
from ualign.certificates.document import population_of
from ualign.certificates.findings import Question
from ualign.exact.methods import random_dictatorship
from ualign.model.population import Population
from ualign.model.uniform_rankings import UniformRankings
from ualign.report.charts import GREY, PALETTE, Curve, Panel, nested
from ualign.report.comparison_figure import STYLES
from ualign.report.numbers import Grid
from ualign.text import LONGEST, below_rate, bounded, decimal, fraction

Exact = Mapping[int, Bound]
"""Accepted numbers by k."""

QUESTIONS = {
    "equilibrium": Question("P1", "guarantee"),
    "joint-optimum": Question("E4", "joint-optimum"),
    "nlhf": Question("P4", "nlhf"),
    "rlhf-borda": Question("E9", "rlhf-borda"),
    "plurality": Question("E9", "plurality"),
    "random-dictatorship": Question("E9", "random-dictatorship"),
    "uniform": Question("E9", "uniform"),
}
"""The label under which each method's worst case is stated."""

TELLING = "slim-majority", "borda-trap", "random-dictatorship-trap", "plurality-versus-condorcet"
"""Instances made for what goes wrong with other methods, to be shown before others."""

MOST_PANELS, MOST_RESPONSES, MOST_TICKS = 4, 7, 12
BETWEEN = "k/(k+1)"


@dataclass(frozen=True)
class Exhibit:
    """A figure with what is exact about it: `grids` are tables of the numbers shown."""

    name: str
    title: str
    caption: str
    panels: tuple[Panel, ...]
    grids: tuple[tuple[str, Grid], ...]
    one_legend: bool = True


def guarantees(archive: Archive) -> Exhibit | None:
    """The methods' worst cases against k, on instances where some method falls short."""
    curves = {name: _methods(own) for name, own in archive.instances.items()}
    shown = {name: found for name, found in curves.items() if len(ks_of(found.values())) > 1}
    chosen = telling(shown, lambda name: max(map(shortfall, shown[name].values())))
    if not chosen:
        return None
    return Exhibit(
        "guarantees",
        "What the methods guarantee",
        "Worst-case win rate of k outputs against a single response. Every marker is a number that"
        " the checker accepted; it is drawn from the float next to it, and the lines between the"
        " markers only guide the eye. Where curves coincide, the smaller markers lie on top; a"
        " curve that ends early was certified no further. The broad grey line is k/(k+1).",
        tuple(_methods_panel(name, shown[name]) for name in chosen),
        tuple((name, by_k("method", shown[name])) for name in chosen),
    )


def _methods(statements: Iterable[Statement]) -> dict[str, dict[int, Bound]]:
    found: dict[str, dict[int, Bound]] = {}
    asked = {label: method for method, label in QUESTIONS.items()}
    for s in statements:
        method = asked.get(s.question) if s.question else None
        value = s.optimum(JOINT) if method == "joint-optimum" else s.worst_case()
        if method and s.k and value is not None:
            found.setdefault(method, {})[s.k] = value
    return {method: found[method] for method in QUESTIONS if method in found}


def shortfall(exact: Exact) -> Fraction:
    return max(Fraction(k, k + 1) - bound.value for k, bound in exact.items())


def telling(found: Mapping[str, object], score: Callable[[str], Fraction]) -> list[str]:
    """The instances to show: those made for it, one a family, then those that score most."""
    first = [next((name for name in found if name.startswith(t)), "") for t in TELLING]
    best = sorted((name for name in found if score(name) > 0), key=score, reverse=True)
    return [*dict.fromkeys(name for name in (*first, *best) if name)][:MOST_PANELS]


def _methods_panel(name: str, found: Mapping[str, Exact]) -> Panel:
    ks = ks_of(found.values())
    place = {k: float(i) for i, k in enumerate(ks)}
    curves = [Curve(BETWEEN, tuple((place[k], k / (k + 1)) for k in ks), GREY, broad=True)]
    for depth, (method, exact) in enumerate(found.items()):
        color, line, marker = STYLES[method]
        curves.append(Curve(method, _points(exact, place), color, line, marker, size=nested(depth)))
    title, ylabel = name, "worst-case win rate"
    return Panel(title, "number of outputs k", ylabel, tuple(curves), ticks_of(ks), (-0.02, 1.02))


def path(archive: Archive) -> Exhibit | None:
    """The equilibrium's masses against k, up to first places' shares; for strict rankings (E8)."""
    paths = {name: _centres(own) for name, own in archive.instances.items()}
    populations = {
        name: population_of(archive.instances[name][0].population)
        for name, found in paths.items()
        if len(found) > 2
    }
    moved = {
        name: sum(map(abs, _differences(paths[name])), Fraction(0))
        for name, population in populations.items()
        if isinstance(population, Population)
        and population.is_strict
        and population.n <= MOST_RESPONSES
    }
    chosen = sorted((name for name in moved if moved[name]), key=lambda name: -moved[name])[:2]
    if not chosen:
        return None
    shown = {name: (paths[name], _shares(populations[name])) for name in chosen}
    return Exhibit(
        "path",
        "From maximal lottery to random dictatorship",
        "The masses of a symmetric equilibrium against k, drawn at the centres of boxes in which"
        " the checker accepted that an exact equilibrium lies; the boxes are far smaller than a"
        " line's width, and their radii stand in the instance's table. At k = 1 the policy is a"
        " maximal lottery. Marked ∞: the exact shares of first places, to which the masses tend.",
        tuple(_path_panel(name, *shown[name]) for name in chosen),
        tuple((name, _path_grid(*shown[name])) for name in chosen),
        one_legend=False,
    )


Centre = Mapping[str, Fraction]


def _centres(statements: Iterable[Statement]) -> dict[int, Centre]:
    found = {}
    for s in statements:
        claim = s.accepted_claim("equilibrium")
        if claim is not None and s.k:
            found[s.k] = {name: Fraction(mass) for name, mass in claim["centre"].items()}
    return dict(sorted(found.items()))


def _differences(found: Mapping[int, Centre]) -> Iterator[Fraction]:
    """From the first to the last k; of responses with the same masses throughout only one."""
    names = dict.fromkeys(name for centre in found.values() for name in centre)
    for masses in {tuple(c.get(name, Fraction(0)) for c in found.values()) for name in names}:
        yield masses[-1] - masses[0]


def _shares(population: Population | UniformRankings) -> Centre:
    if isinstance(population, UniformRankings):
        return {}
    masses = random_dictatorship(population).masses
    return dict(zip(population.responses, masses, strict=True))


def _path_panel(name: str, found: Mapping[int, Centre], shares: Centre) -> Panel:
    ks = [*found]
    curves = []
    for place, (response, share) in enumerate(shares.items()):
        masses = [float(centre.get(response, 0)) for centre in found.values()]
        color, line, marker = PALETTE[place % len(PALETTE)]
        points = (*((float(i), mass) for i, mass in enumerate(masses)), (len(ks), float(share)))
        curves.append(Curve(response, points, color, line, marker, size=nested(place)))
    ticks = (*ticks_of(ks), (float(len(ks)), "∞"))
    return Panel(name, "number of outputs k", "mass", tuple(curves), ticks, (-0.03, 1.03))


def _path_grid(found: Mapping[int, Centre], shares: Centre) -> Grid:
    rows = [
        [f"k = {k}", *(fraction(centre.get(r, Fraction(0))) for r in shares)]
        for k, centre in found.items()
    ]
    return Grid(["centre at", *shares], [*rows, ["first places", *map(fraction, shares.values())]])


def by_k(heading: str, found: Mapping[str, Exact]) -> Grid:
    ks = ks_of(found.values())
    rows = [
        [name, *(in_cell(exact[k], k) if k in exact else "" for k in ks)]
        for name, exact in found.items()
    ]
    best = [BETWEEN, *(fraction(Fraction(k, k + 1)) for k in ks)]
    return Grid([heading, *(f"k = {k}" for k in ks)], [best, *rows])


def ks_of(found: Iterable[Exact]) -> list[int]:
    return sorted({k for exact in found for k in exact})


def _points(exact: Exact, place: Mapping[int, float]) -> tuple[tuple[float, float], ...]:
    return tuple((place[k], float(bound.value)) for k, bound in sorted(exact.items()))


def ticks_of(ks: Sequence[int]) -> tuple[tuple[float, str], ...]:
    """Every k has the same room, and the axis says which k it is."""
    return tuple((float(ks.index(k)), str(k)) for k in thinned(ks, MOST_TICKS))


def thinned(values: Sequence[int], most: int) -> list[int]:
    """At most so many of the values, evenly, with the first and the last."""
    if len(values) <= most:
        return [*values]
    return [values[round(i * (len(values) - 1) / (most - 1))] for i in range(most)]


def in_cell(bound: Bound, k: int | None) -> str:
    """A number in a table's cell, rounded to the safe side where it is too long."""
    relation, value = bound
    if relation == "=":
        return fraction(value)
    if relation == "<=":
        return f"≤ {bounded(value)}"
    if len(str(value)) <= LONGEST:
        return f"≥ {fraction(value)}"
    if k and 0 < Fraction(k, k + 1) - value < Fraction(1, 2**32):
        return f"≥ {below_rate(value, k)}"
    return f"≥ {decimal(value, down=True)}"
