"""The figure of what silence costs: the best guarantee by what users left open (E16)."""

from __future__ import annotations

from collections.abc import Mapping

from ualign.certificates.archive import Archive
from ualign.certificates.findings import KNOWN_OPTIMUM, Bound
from ualign.model.rates import best_rate, product_rate
from ualign.report.charts import DOTTED, GREY, PALETTE, Curve, Panel, nested
from ualign.report.figures.figure import Exact, Figure, OutputsAxis, by_k, ks_of
from ualign.report.numbers import Grid
from ualign.text import fraction

MOST_GROUPS, MOST_SILENCES = 2, 5
NOTHING_SAID = "nothing said, g_n(k)"


def silence(archive: Archive) -> Figure | None:
    """The best guarantees for what users said, between those for nothing and for everything; a
    panel for populations with the same responses."""
    found: dict[tuple[str, ...], dict[str, dict[int, Bound]]] = {}
    for j in archive.about(KNOWN_OPTIMUM.theorem, KNOWN_OPTIMUM.name):
        bound, k = j.worst_case(), j.finding.k
        if j.finding.question == KNOWN_OPTIMUM and bound is not None and k:
            group = tuple(archive.populations[j.prompt]["responses"])
            found.setdefault(group, {}).setdefault(j.prompt, {})[k] = bound
    shown = [group for group, silences in found.items() if len(ks_of(silences.values())) > 1]
    chosen = sorted(shown, key=lambda group: (-_reach(found[group]), -len(found[group]), group))
    chosen = chosen[:MOST_GROUPS]
    if not chosen:
        return None
    groups = {group: dict([*found[group].items()][:MOST_SILENCES]) for group in chosen}
    return Figure(
        "silence",
        "What users did not say",
        "The best guarantee of k outputs for what users said, whatever they meant besides, against"
        " k. Markers: what a policy reaches, accepted by the checker, with the other claim that no"
        " policy reaches more than a hair above it. The broad grey line is k/(k+1), for users who"
        " say everything, and under the assumption tied-last; the dotted line is g_n(k), for users"
        " who say nothing.",
        tuple(_panel(len(group), silences) for group, silences in groups.items()),
        tuple(
            (f"{len(group)} responses", _grid(len(group), silences))
            for group, silences in groups.items()
        ),
    )


def _reach(silences: Mapping[str, Exact]) -> int:
    return ks_of(silences.values())[-1]


def _panel(n: int, silences: Mapping[str, Exact]) -> Panel:
    axis = OutputsAxis(ks_of(silences.values()))
    ks = range(axis.ks[0], axis.ks[-1] + 1)
    everything = tuple((float(k), float(best_rate(k))) for k in ks)
    curves = [Curve("k/(k+1), tied-last", everything, GREY, broad=True)]
    for place, (name, exact) in enumerate(silences.items()):
        color, line, marker = PALETTE[place]
        points = tuple((float(k), float(bound.value)) for k, bound in sorted(exact.items()))
        curves.append(Curve(name, points, color, line, marker, nested(place)))
    nothing = tuple((float(k), float(product_rate(n, k))) for k in ks)
    curves.append(Curve(NOTHING_SAID, nothing, "ink", DOTTED))
    return Panel(
        f"{n} responses", "number of outputs k", "best guarantee", tuple(curves),
        axis.ticks(limit=False), (-0.02, 1.02), logx=axis.is_logarithmic,
    )  # fmt: skip


def _grid(n: int, silences: Mapping[str, Exact]) -> Grid:
    grid = by_k("population", silences)
    least = [NOTHING_SAID, *(fraction(product_rate(n, k)) for k in ks_of(silences.values()))]
    return Grid(grid.headings, [*grid.rows, least])
