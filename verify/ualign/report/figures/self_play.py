"""The figure of a report on self-play: how its averages approach k/(k+1), and how regret falls."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import log, sqrt

from ualign.certificates.archive import Archive
from ualign.certificates.findings import Bound
from ualign.report.charts import GREY, PALETTE, Curve, Panel
from ualign.report.figures.figure import Figure, OutputsAxis, by_k, ks_of, shortfall, telling
from ualign.report.numbers import Grid, in_cell

Guaranteed = dict[str, dict[int, dict[int, Bound]]]
"""What the averages of an instance guarantee, by rule, number of rounds, and k."""

MOST_PLAYS = 2


def self_play(archive: Archive) -> Figure | None:
    """What self-play's averages fall short of k/(k+1) by, against k and against T (P6)."""
    found: dict[str, Guaranteed] = {}
    sizes = {}
    for j in archive.about("P6", "average"):
        question, k, value = j.finding.question, j.finding.k, j.worst_case()
        if question.rounds and k and value is not None:
            rules = found.setdefault(j.prompt, {}).setdefault(question.rule, {})
            rules.setdefault(question.rounds, {})[k] = value
            sizes[j.prompt] = len(archive.populations[j.prompt]["responses"])
    shown = {
        name: {rule: runs[max(runs)] for rule, runs in rules.items()}
        for name, rules in found.items()
    }
    shown = {name: rules for name, rules in shown.items() if len(ks_of(rules.values())) > 1}
    different = telling(shown, lambda name: max(map(shortfall, shown[name].values())))
    most = max(map(len, shown.values()), default=0)
    complete = [name for name in shown if len(shown[name]) == most]
    chosen = [*dict.fromkeys([*complete[:1], *different])][:MOST_PLAYS]
    if not chosen:
        return None
    last = {name: max(ks_of(shown[name].values())) for name in chosen}
    return Figure(
        "self-play",
        "Getting there by self-play",
        "By how much the certified guarantee of self-play's average policy falls short of k/(k+1)."
        " That is the regret by round, R_T/T: on the left for the longest runs against k, on the"
        " right against the number of rounds T. Exact numbers, drawn from the floats next to them"
        " on logarithmic axes; a shortfall of exactly 0 is left out. The broad grey line is Hedge's"
        " bound, the square root of ln n / (2T), for whatever k.",
        tuple(
            panel
            for name in chosen
            for panel in (
                _against_k(name, shown[name]),
                _against_rounds(name, found[name], last[name], sizes[name]),
            )
        ),
        tuple(
            grid
            for name in chosen
            for grid in (
                (name, by_k("rule", shown[name])),
                (f"{name}, k = {last[name]}", _by_rounds(found[name], last[name])),
            )
        ),
    )


def _against_k(name: str, found: Mapping[str, Mapping[int, Bound]]) -> Panel:
    axis = OutputsAxis(ks_of(found.values()))
    curves = []
    for depth, (rule, exact) in enumerate(sorted(found.items())):
        losses = {k: _loss(bound, k) for k, bound in sorted(exact.items())}
        points = tuple((float(k), float(loss)) for k, loss in losses.items() if loss > 0)
        color, line, marker = PALETTE[depth % len(PALETTE)]
        curves.append(Curve(rule, points, color, line, marker))
    label, ticks = "shortfall from k/(k+1)", axis.ticks(limit=False)
    return Panel(
        name, "number of outputs k", label, tuple(curves), ticks,
        logx=axis.is_logarithmic, logy=True,
    )  # fmt: skip


def _against_rounds(name: str, rules: Guaranteed, k: int, n: int) -> Panel:
    rounds = _rounds(rules, k)
    bound = tuple((float(T), sqrt(log(n) / (2 * T))) for T in rounds if n > 1)
    curves = [Curve("Hedge's bound", bound, GREY, broad=True)] if bound else []
    for depth, (rule, runs) in enumerate(sorted(rules.items())):
        losses = {T: _loss(exact[k], k) for T, exact in sorted(runs.items()) if k in exact}
        points = tuple((float(T), float(loss)) for T, loss in losses.items() if loss > 0)
        color, line, marker = PALETTE[depth % len(PALETTE)]
        curves.append(Curve(rule, points, color, line, marker))
    ticks = tuple((float(T), str(T)) for T in rounds)
    title, label = f"{name}, k = {k}", "regret by round, R_T/T"
    return Panel(title, "rounds T", label, tuple(curves), ticks, logx=True, logy=True)


def _by_rounds(rules: Guaranteed, k: int) -> Grid:
    rounds = _rounds(rules, k)
    rows = [
        [rule, *(in_cell(runs[T][k], k) if k in runs.get(T, {}) else "" for T in rounds)]
        for rule, runs in rules.items()
    ]
    return Grid(["rule", *(f"T = {T}" for T in rounds)], rows)


def _rounds(rules: Guaranteed, k: int) -> list[int]:
    return sorted({T for runs in rules.values() for T, exact in runs.items() if k in exact})


def _loss(bound: Bound, k: int) -> Fraction:
    return Fraction(k, k + 1) - bound.value
