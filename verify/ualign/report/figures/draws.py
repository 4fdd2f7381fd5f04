"""The figure of draws against draws: what is certified however the outputs are divided (E12)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from ualign.certificates.archive import Archive
from ualign.certificates.findings import GUARANTEE, Bound, Json, Judged
from ualign.report.charts import GREY, NO_LINE, PALETTE, Curve, Panel, Point
from ualign.report.figures.figure import Figure, OutputsAxis, telling
from ualign.report.numbers import Grid, below_rate, in_cell
from ualign.text import fraction

MOST_MEETINGS = 2
HAIR = Fraction(1, 1 << 32)
"""A bound that is no further below k/(k+l) is written as a difference from it."""


class Split(NamedTuple):
    """k outputs against l."""

    k: int
    l: int

    @property
    def share(self) -> Fraction:
        """k/(k+l)."""
        return Fraction(self.k, self.k + self.l)


class Meetings(NamedTuple):
    """What was accepted on a population: what k draws from equilibria win against l draws from any
    policy, and from which policy; and how another policy fares against some rival."""

    held: dict[Split, Bound]
    policies: dict[Split, Json]
    beaten: dict[Split, Bound]

    @property
    def most_lost(self) -> Fraction:
        """By how much a policy that is no equilibrium is held below its share at most."""
        return max((s.share - b.value for s, b in self.beaten.items()), default=Fraction(0))


def draws(archive: Archive) -> Figure | None:
    """What draws from an equilibrium win against draws from any policy, beside a policy that is
    none against a rival."""
    found: dict[str, Meetings] = {}
    for j in archive.about("E12", "split"):
        _keep(found, j, j.number, "product-opponents")
    for j in archive.about(GUARANTEE.theorem, GUARANTEE.name):
        if j.prompt in found:
            _keep(found, j, j.worst_case(), "win-rate")
    for j in archive.about("E12", "converse"):
        if j.prompt in found and j.finding.k and j.number is not None:
            found[j.prompt].beaten[Split(j.finding.k, j.finding.question.l)] = j.number
    chosen = telling(found, lambda name: found[name].most_lost)[:MOST_MEETINGS]
    if not chosen:
        return None
    return Figure(
        "draws",
        "Model against model",
        "The win rate of k draws from one policy against ℓ draws from another, by k. Markers on"
        " lines: the least that draws from an equilibrium of the game of k+ℓ players win, whatever"
        " the other policy is. Hollow markers: the exact win rate of a policy that is no such"
        " equilibrium, NLHF's or the uniform one, against a rival that holds it below its share."
        " The checker accepted them all. The broad grey lines are the share of what is shown,"
        " k/(k+ℓ).",
        tuple(_panel(name, found[name]) for name in chosen),
        tuple(
            part
            for name in chosen
            for part in ((name, _by_outputs(found[name])), (SPLITS, _by_total(found[name])))
        ),
    )


SPLITS = "The same policy, however its draws are divided: N outputs in all, k of them its own"


def _keep(found: dict[str, Meetings], j: Judged, bound: Bound | None, kind: str) -> None:
    claim = j.accepted_claim(kind)
    if j.finding.k and bound is not None and claim is not None:
        split, here = (
            Split(j.finding.k, claim["l"]),
            found.setdefault(j.prompt, Meetings({}, {}, {})),
        )
        here.held[split], here.policies[split] = bound, claim["policy"]


def _panel(name: str, found: Meetings) -> Panel:
    ks = sorted({split.k for split in found.held if split.l > 1})
    ls = sorted({split.l for split in found.held})
    styles = {l: PALETTE[place % len(PALETTE)] for place, l in enumerate(ls)}
    axis, shares, curves = OutputsAxis(ks), [], []
    for place, (l, (color, line, marker)) in enumerate(styles.items()):
        share = _points({Split(k, l): Split(k, l).share for k in ks}, l)
        shares.append(Curve("" if place else "k/(k+ℓ)", share, GREY, broad=True))
        held = _points({s: bound.value for s, bound in found.held.items() if s.k in ks}, l)
        curves.append(Curve(f"equilibrium, ℓ = {l}", held, color, line, marker))
    for l in sorted({split.l for split in found.beaten} & {*ls}):
        color, _, marker = styles[l]
        beaten = _points({s: bound.value for s, bound in found.beaten.items()}, l)
        curves.append(Curve(f"another policy, ℓ = {l}", beaten, color, NO_LINE, marker, 9))
    return Panel(
        name, "number of draws k", "win rate against ℓ draws", (*shares, *curves),
        axis.ticks(limit=False), (-0.02, 1.02), logx=axis.is_logarithmic,
    )  # fmt: skip


def _points(values: Mapping[Split, Fraction], l: int) -> tuple[Point, ...]:
    """Those against l draws, by k."""
    return tuple((float(s.k), float(value)) for s, value in sorted(values.items()) if s.l == l)


def _by_outputs(found: Meetings) -> Grid:
    """A row a policy and l, a column a k."""
    ks = sorted({split.k for split in found.held if split.l > 1})
    rows = []
    for l in sorted({split.l for split in found.held}):
        rows.append([f"k/(k+ℓ), ℓ = {l}", *(fraction(Split(k, l).share) for k in ks)])
        for label, bounds in (("equilibrium", found.held), ("another policy", found.beaten)):
            cells = [_cell(Split(k, l), bounds) for k in ks]
            if any(cells):
                rows.append([f"{label}, ℓ = {l}", *cells])
    return Grid(["win rate", *(f"k = {k}" for k in ks)], rows)


def _cell(split: Split, bounds: Mapping[Split, Bound]) -> str:
    if split not in bounds:
        return ""
    bound = bounds[split]
    if bound.relation == ">=" and 0 < split.share - bound.value < HAIR:
        return f"≥ {below_rate(bound.value, *split)}"
    return in_cell(bound)


def _by_total(found: Meetings) -> Grid:
    """A row an N whose splits were certified of one and the same policy, a column an l."""
    ls = sorted({split.l for split in found.held})
    rows = []
    for total in sorted({sum(split) for split in found.held}):
        splits = [Split(total - l, l) for l in ls if (total - l, l) in found.held]
        if len(splits) > 1 and all(found.policies[s] == found.policies[splits[0]] for s in splits):
            cells = {s.l: f"{_cell(s, found.held)}; {s.k} of {total}" for s in splits}
            rows.append([f"N = {total}", *(cells.get(l, "") for l in ls)])
    return Grid(["outputs in all", *(f"against {l}" for l in ls)], rows)
