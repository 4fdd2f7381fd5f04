"""The figures of methods' worst cases against k: those of a report, and that of a comparison."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import cycle

from ualign.certificates.archive import Archive
from ualign.certificates.findings import JOINT, Bound, Judged
from ualign.exact.methods import METHODS, ROBUST
from ualign.report.charts import (
    DASHED,
    DOTTED,
    GREY,
    MIXED,
    SOLID,
    SQUARES,
    Bars,
    Curve,
    Panel,
    nested,
)
from ualign.report.figures.figure import (
    BETWEEN,
    Exact,
    Figure,
    OutputsAxis,
    by_k,
    ks_of,
    shortfall,
    telling,
)
from ualign.report.numbers import Grid
from ualign.text import fraction

STYLES = {  # colours that the colour-blind can tell apart (Okabe and Ito); lines and markers differ
    "equilibrium": ("blue", SOLID, "o"),
    "joint-optimum": ("green", SOLID, "^"),
    "nlhf": ("vermillion", SOLID, "s"),
    "rlhf-borda": ("purple", DASHED, "D"),
    "plurality": ("sky", SQUARES, "v"),
    "random-dictatorship": ("orange", MIXED, "P"),
    "uniform": ("ink", DOTTED, "X"),
}
OTHERS = ("wine", SOLID, "o"), ("forest", DASHED, "s")
"""Methods of somebody's own, in turn."""

METHOD_NAMES = {"nlhf": "NLHF", "rlhf-borda": "RLHF (Borda)"}
"""How methods are called in figures, where not by the words of their names."""

LABEL = "worst-case win rate"


def guarantees(archive: Archive) -> Figure | None:
    """The methods' worst cases against k, on instances where some method falls short."""
    curves = {name: _methods(instance, capped=True) for name, instance in archive.instances.items()}
    shown = {name: found for name, found in curves.items() if len(ks_of(found.values())) > 1}
    chosen = telling(shown, lambda name: max(map(shortfall, shown[name].values())))
    if not chosen:
        return None
    limits = {name: _limits(archive.instances[name]) for name in chosen}
    return Figure(
        "guarantees",
        "What the methods guarantee",
        "Worst-case win rate of k outputs against a single response. Every marker at a k is a"
        " number that the checker accepted, drawn from the float next to it; the lines between them"
        " only guide the eye. At the right edge, under ∞, stands what a method tends to as k grows:"
        " a certified limit where its policy does not depend on k (E10), and 1 for the equilibrium"
        " and the best k outputs of any kind, which win k/(k+1) and more (P1, E4). Where curves"
        " coincide, the smaller markers lie on top; a curve that lacks markers was certified no"
        " further. The broad grey line is k/(k+1).",
        tuple(_panel(name, shown[name], limits[name]) for name in chosen),
        tuple((name, _grid(shown[name], limits[name])) for name in chosen),
    )


def comparison(title: str, compared: Sequence[Judged]) -> tuple[Panel | Bars, ...]:
    """What the checker has accepted of a comparison of methods, with k/(k+1): curves against k, or
    bars where there is but one k."""
    ks = sorted({j.finding.k for j in compared if j.finding.k is not None})
    found = _methods(compared, capped=False)
    if len(ks) == 1:
        (k,) = ks
        values = {_named(method): float(exact[k].value) for method, exact in found.items()}
        colors = tuple(style[0] for style in _styles(found))
        label = f"worst-case win rate against one response, k = {k}"
        mark = f"k/(k+1) = {k}/{k + 1}", k / (k + 1)
        return (Bars(title, label, tuple(values.items()), colors, mark),)
    limits = {method: limit for method, limit in _limits(compared).items() if method in found}
    return (_panel(title, found, limits, ks),)


def _named(method: str) -> str:
    """A method of somebody's own is called as she calls it."""
    return METHOD_NAMES.get(method, method.replace("-", " ") if method in METHODS else method)


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


def _styles(methods: Iterable[str]) -> list[tuple[str, str, str]]:
    """Colour, line and marker of each."""
    others = cycle(OTHERS)
    return [STYLES.get(method) or next(others) for method in methods]


def _limits(judged: Iterable[Judged]) -> dict[str, Fraction]:
    """What the methods tend to as k grows: the accepted limits of fixed policies; and 1 for those
    that win k/(k+1) at least."""
    limits = {method: Fraction(1) for method in ROBUST}
    names = {f"limit-{method.name}": method.name for method in METHODS.values()}
    names |= {method.question.name: method.name for method in METHODS.values() if method.fixed}
    for j in judged:
        claim = None if j.finding.k else j.accepted_claim("limit")
        if claim is not None and j.finding.question.name in names:
            limits[names[j.finding.question.name]] = Fraction(claim["bound"])
    return limits


def _panel(
    title: str,
    found: Mapping[str, Exact],
    limits: Mapping[str, Fraction],
    asked: Sequence[int] = (),
) -> Panel:
    """The methods' curves over all ks that were asked for or found."""
    ks = sorted({*asked, *ks_of(found.values())})
    axis, edge = OutputsAxis(ks), bool(limits) and bool(found)
    between = [(float(k), k / (k + 1)) for k in ks] + [(axis.infinity, 1.0)] * (edge and bool(ks))
    curves = [Curve(BETWEEN, tuple(between), GREY, broad=True)]
    for depth, (method, exact) in enumerate(found.items()):
        color, line, marker = _styles(found)[depth]
        points = [(float(k), float(bound.value)) for k, bound in sorted(exact.items())]
        if method in limits and points[-1][0] == ks[-1]:  # else a line would lead over a gap
            points.append((axis.infinity, float(limits[method])))
        size = nested(depth)
        curves.append(Curve(_named(method), tuple(points), color, line, marker, size))
    ticks = axis.ticks(limit=edge) if ks else ()
    return Panel(
        title, "number of outputs k", LABEL, tuple(curves), ticks, (-0.02, 1.02),
        logx=axis.is_logarithmic,
    )  # fmt: skip


def _grid(found: Mapping[str, Exact], limits: Mapping[str, Fraction]) -> Grid:
    named = {_named(method): exact for method, exact in found.items()}
    written = {_named(method): fraction(limit) for method, limit in limits.items()}
    return by_k("method", named, written)
