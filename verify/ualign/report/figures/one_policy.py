"""The figure of one policy for all k beside a policy for each (E15)."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from ualign.certificates.archive import Archive
from ualign.certificates.findings import Bound, Judged, number_of
from ualign.report.charts import GREY, PALETTE, Curve, Panel
from ualign.report.figures.figure import Figure, OutputsAxis
from ualign.report.numbers import Grid, in_cell
from ualign.text import fraction

MOST_TREES = 4
FAMILY, BEST, AVERAGED = "a policy for each k", "one policy, the best", "the equilibria's average"

Losses = dict[int, Fraction]
"""By k what (k+1)(1 - W) is at most."""


class Prices(NamedTuple):
    """What was accepted on a population: what two single policies lose, what the better one pays,
    and what every policy pays at least."""

    best: Losses
    averaged: Losses
    price: Bound
    cap: Fraction


def one_policy(archive: Archive) -> Figure | None:
    """What a single policy loses at each k, in multiples of 1/(k+1), and what all have to lose."""
    found: dict[str, Prices] = {}
    averaged = {j.prompt: _losses(j) for j in archive.about("E15", "equilibria-averaged")}
    for j in archive.about("E15", "one-policy"):
        cap, losses = j.accepted_claim("one-policy-upper-bound"), _losses(j)
        least = number_of([cap]) if cap else None
        if losses and least is not None and j.number is not None:
            found[j.prompt] = Prices(losses, averaged.get(j.prompt, {}), j.number, least.value)
    dear = sorted(found, key=lambda name: (-found[name].cap, name))
    chosen = [name for name in dear if found[name].cap > 1][:MOST_TREES]
    if not chosen:
        return None
    return Figure(
        "one-policy",
        "One policy for every k",
        "How many times 1/(k+1) a single policy may lose to some response, against k, where that"
        " has to be most of all populations here. Marked: worst cases that the checker accepted;"
        " the broad grey line, 1, is what a policy for each k loses. The dotted line is accepted"
        " too: every policy, whatever it is, reaches it at some of these k.",
        tuple(_panel(name, found[name]) for name in chosen),
        (("price", _grid(dear, found)),),
    )


def _losses(j: Judged) -> Losses:
    claim = j.accepted_claim("one-policy")
    return {k: (k + 1) * (1 - Fraction(rate)) for k, rate in claim["rates"]} if claim else {}


def _panel(name: str, found: Prices) -> Panel:
    axis = OutputsAxis(sorted(found.best))
    ends = (axis.ks[0], axis.ks[-1])
    curves = [Curve(FAMILY, tuple((float(k), 1.0) for k in ends), GREY, broad=True)]
    capped = tuple((float(k), float(found.cap)) for k in ends)
    for place, (label, losses) in enumerate(((BEST, found.best), (AVERAGED, found.averaged))):
        color, line, marker = PALETTE[place]
        points = tuple((float(k), float(loss)) for k, loss in sorted(losses.items()))
        curves.append(Curve(label, points, color, line, marker))
    color, line, _ = PALETTE[-1]
    curves.append(Curve("no policy stays below", capped, color, line))
    return Panel(
        name, "number of outputs k", "(k+1)(1 - worst case)", tuple(curves),
        axis.ticks(limit=False), logx=axis.is_logarithmic,
    )  # fmt: skip


def _grid(names: list[str], found: dict[str, Prices]) -> Grid:
    rows = []
    for name in names:
        best, averaged, price, cap = found[name]
        mean = in_cell(Bound("<=", max(averaged.values()))) if averaged else ""
        least = fraction(cap) if price.relation == "=" else in_cell(Bound(">=", cap))
        worst = [k for k, loss in best.items() if loss == max(best.values())]
        rows.append([name, str(max(best)), in_cell(price), least, mean, f"k = {worst[0]}"])
    headings = ["population", "k up to", "one policy pays", "none pays less than", AVERAGED]
    return Grid([*headings, "dearest at"], rows)
