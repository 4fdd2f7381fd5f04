"""The figures of methods' worst cases against k: those of a report, and that of a comparison."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import cycle
from typing import Any

from ualign.certificates.archive import Archive
from ualign.certificates.findings import JOINT, Bound, Judged
from ualign.exact.methods import METHODS
from ualign.report.charts import GREY, Bars, Curve, Panel, nested
from ualign.report.figures.figure import (
    BETWEEN,
    MOST_TICKS,
    Exact,
    Figure,
    by_k,
    ks_of,
    shortfall,
    telling,
    thinned,
    ticks_of,
)

Style = tuple[str, Any, str]

STYLES: dict[
    str, Style
] = {  # colours that the colour-blind can tell apart (Okabe and Ito); lines and markers differ
    "equilibrium": ("#0072B2", "-", "o"),
    "joint-optimum": ("#009E73", "-", "^"),
    "nlhf": ("#D55E00", "-", "s"),
    "rlhf-borda": ("#CC79A7", "--", "D"),
    "plurality": ("#56B4E9", (0, (1, 1)), "v"),
    "random-dictatorship": ("#E69F00", "-.", "P"),
    "uniform": ("#000000", ":", "X"),
}
OTHERS = ("#666666", "-", "."), ("#882255", "--", "x"), ("#117733", ":", "*")
"""Methods of somebody's own, in turn."""

LOGARITHMIC = 12
"""From so many times the least k on, the axis of a comparison is logarithmic."""


def guarantees(archive: Archive) -> Figure | None:
    """The methods' worst cases against k, on instances where some method falls short."""
    curves = {name: _methods(instance, capped=True) for name, instance in archive.instances.items()}
    shown = {name: found for name, found in curves.items() if len(ks_of(found.values())) > 1}
    chosen = telling(shown, lambda name: max(map(shortfall, shown[name].values())))
    if not chosen:
        return None
    return Figure(
        "guarantees",
        "What the methods guarantee",
        "Worst-case win rate of k outputs against a single response. Every marker is a number that"
        " the checker accepted; it is drawn from the float next to it, and the lines between the"
        " markers only guide the eye. Where curves coincide, the smaller markers lie on top; a"
        " curve that ends early was certified no further. The broad grey line is k/(k+1).",
        tuple(_panel(name, shown[name]) for name in chosen),
        tuple((name, by_k("method", shown[name])) for name in chosen),
    )


def comparison(title: str, compared: Sequence[Judged]) -> tuple[Panel | Bars, ...]:
    """What the checker has accepted of a comparison of methods, with k/(k+1): curves against k, or
    bars where there is but one k."""
    ks = sorted({j.finding.k for j in compared if j.finding.k is not None})
    found = _methods(compared, capped=False)
    if len(ks) == 1:
        (k,) = ks
        values = {method: float(exact[k].value) for method, exact in found.items()}
        colors = tuple(style[0] for style in _styles(values))
        label = f"worst-case win rate against one response, k = {k}"
        mark = f"k/(k+1) = {k}/{k + 1}", k / (k + 1)
        return (Bars(title, label, tuple(values.items()), colors, mark),)
    curves = [Curve(BETWEEN, tuple((float(k), k / (k + 1)) for k in ks), GREY, broad=True)]
    for place, (method, exact) in enumerate(found.items()):
        color, line, marker = _styles(found)[place]
        points = tuple((float(k), float(bound.value)) for k, bound in sorted(exact.items()))
        label = method if len(exact) == len(ks) else f"{method} (k <= {max(exact)})"
        curves.append(Curve(label, points, color, line, marker, size=nested(place)))
    wide = bool(ks) and ks[-1] > LOGARITHMIC * ks[0]
    chosen = [k for k in ks if k in (ks[0], ks[-1]) or k & (k - 1) == 0] if wide else ks
    ticks = tuple((float(k), str(k)) for k in thinned(chosen, MOST_TICKS))
    label = "worst-case win rate against one response"
    return (
        Panel(title, "number of outputs k", label, tuple(curves), ticks, (-0.02, 1.02), logx=wide),
    )


def _methods(judged: Iterable[Judged], *, capped: bool) -> dict[str, dict[int, Bound]]:
    """The accepted worst cases by method and k; of the joint optimum, if it is to be `capped`, only
    what no policy exceeds by another claim."""
    found: dict[str, dict[int, Bound]] = {}
    methods = {method.question: method.name for method in METHODS.values()}
    for j in judged:
        question, k = j.finding.question, j.finding.k
        own = question.name if question.theorem == "E9" else None
        method = methods.get(question, own)
        joint = capped and method == "joint-optimum"
        value = j.optimum(JOINT) if joint else j.worst_case()
        if method and k and value is not None:
            found.setdefault(method, {})[k] = value
    others = [method for method in found if method not in METHODS]
    return {method: found[method] for method in (*METHODS, *others) if method in found}


def _styles(methods: Iterable[str]) -> list[Style]:
    """Colour, line and marker of each."""
    others = cycle(OTHERS)
    return [STYLES.get(method) or next(others) for method in methods]


def _panel(name: str, found: Mapping[str, Exact]) -> Panel:
    ks = ks_of(found.values())
    place = {k: float(i) for i, k in enumerate(ks)}
    curves = [Curve(BETWEEN, tuple((place[k], k / (k + 1)) for k in ks), GREY, broad=True)]
    for depth, (method, exact) in enumerate(found.items()):
        color, line, marker = _styles(found)[depth]
        curves.append(Curve(method, _points(exact, place), color, line, marker, size=nested(depth)))
    title, ylabel = name, "worst-case win rate"
    return Panel(title, "number of outputs k", ylabel, tuple(curves), ticks_of(ks), (-0.02, 1.02))


def _points(exact: Exact, place: Mapping[int, float]) -> tuple[tuple[float, float], ...]:
    return tuple((place[k], float(bound.value)) for k, bound in sorted(exact.items()))
