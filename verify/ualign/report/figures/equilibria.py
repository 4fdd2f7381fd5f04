"""The figure of the equilibrium's way from maximal lottery to random dictatorship (E8)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from ualign.certificates.archive import Archive
from ualign.certificates.document import population_of
from ualign.certificates.findings import Bound, Judged
from ualign.exact.methods import random_dictatorship
from ualign.model.any_population import AnyPopulation
from ualign.model.population import Population
from ualign.report.charts import PALETTE, Curve, Panel, nested
from ualign.report.figures.figure import Figure, OutputsAxis
from ualign.report.numbers import Grid, in_cell
from ualign.text import fraction

MOST_CURVES_OF_A_PATH, MOST_PATHS = 7, 2


def equilibrium_path(archive: Archive) -> Figure | None:
    """The equilibrium's masses against k, up to first places' shares; for strict rankings (E8)."""
    paths = {name: _centres(instance) for name, instance in archive.instances.items()}
    populations = {
        name: population_of(archive.populations[name])
        for name, found in paths.items()
        if len(found) > 2 and name in archive.populations
    }
    moved = {
        name: sum(map(abs, _differences(paths[name])), Fraction(0))
        for name, population in populations.items()
        if isinstance(population, Population)
        and population.is_strict
        and population.n <= MOST_CURVES_OF_A_PATH
    }
    chosen = sorted(
        (name for name in moved if moved[name]),
        key=lambda name: (-max(paths[name]), -moved[name]),
    )[:MOST_PATHS]
    if not chosen:
        return None
    shown = {name: (paths[name], _shares(populations[name])) for name in chosen}
    return Figure(
        "path",
        "From maximal lottery to random dictatorship",
        "The masses of a symmetric equilibrium against k, drawn at the centres of boxes in which"
        " the checker accepted that an exact equilibrium lies; the boxes are far smaller than a"
        " line's width, and their radii stand in the instance's table. At k = 1 the policy is a"
        " maximal lottery. Marked ∞: the exact shares of first places, to which the masses tend.",
        tuple(_path_panel(name, *shown[name]) for name in chosen),
        tuple((name, _path_grid(*shown[name])) for name in chosen),
    )


Masses = Mapping[str, Fraction]


def _centres(judged: Iterable[Judged]) -> dict[int, Masses]:
    found = {}
    for j in judged:
        claim = j.accepted_claim("equilibrium")
        if claim is not None and j.finding.k:
            found[j.finding.k] = {name: Fraction(mass) for name, mass in claim["centre"].items()}
    return dict(sorted(found.items()))


def _differences(found: Mapping[int, Masses]) -> Iterator[Fraction]:
    """From the first to the last k; of responses with the same masses throughout only one."""
    names = dict.fromkeys(name for centre in found.values() for name in centre)
    for masses in {tuple(c.get(name, Fraction(0)) for c in found.values()) for name in names}:
        yield masses[-1] - masses[0]


def _shares(population: AnyPopulation) -> Masses:
    if not isinstance(population, Population):
        return {}
    masses = random_dictatorship(population).masses
    return dict(zip(population.responses, masses, strict=True))


def _path_panel(name: str, found: Mapping[int, Masses], shares: Masses) -> Panel:
    axis = OutputsAxis([*found])
    curves = []
    for place, (response, share) in enumerate(shares.items()):
        color, line, marker = PALETTE[place % len(PALETTE)]
        points = [(float(k), float(centre.get(response, 0))) for k, centre in found.items()]
        points.append((axis.infinity, float(share)))
        curves.append(Curve(response, tuple(points), color, line, marker, size=nested(place)))
    return Panel(
        name, "number of outputs k", "mass", tuple(curves), axis.ticks(limit=True), (-0.03, 1.03),
        logx=axis.is_logarithmic,
    )  # fmt: skip


def _path_grid(found: Mapping[int, Masses], shares: Masses) -> Grid:
    rows = [
        [f"k = {k}", *(in_cell(Bound("=", centre.get(r, Fraction(0)))) for r in shares)]
        for k, centre in found.items()
    ]
    return Grid(["centre at", *shares], [*rows, ["first places", *map(fraction, shares.values())]])
