"""The figure of a comparison of methods: certified worst-case win rates against k."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ualign.files import write_atomically
from ualign.runs.compare import Compared

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STYLES = {  # colours that the colour-blind can tell apart (Okabe and Ito); lines and markers differ
    "equilibrium": ("#0072B2", "-", "o"),
    "joint-optimum": ("#009E73", "-", "^"),
    "nlhf": ("#D55E00", "-", "s"),
    "rlhf-borda": ("#CC79A7", "--", "D"),
    "plurality": ("#56B4E9", (0, (1, 1)), "v"),
    "random-dictatorship": ("#E69F00", "-.", "P"),
    "uniform": ("#000000", ":", "X"),
}
OTHER = ("#666666", "-", ".")


Point = tuple[str, int, float]
"""A method, k, and its worst-case win rate."""


def comparison_figure(title: str, compared: Sequence[Compared], path: Path) -> None:
    """Draw what the checker has accepted, with k/(k+1); SVG, PDF or PNG by suffix, written whole
    or not at all. For a single k the methods are bars, else curves."""
    import matplotlib
    from matplotlib.figure import Figure

    accepted = [
        (c.guarantee.method, c.guarantee.k, float(c.value))
        for c in compared
        if c.verdict == "ACCEPTED" and c.guarantee.k is not None and c.value is not None
    ]
    ks = sorted({c.guarantee.k for c in compared if c.guarantee.k is not None})
    data = io.BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": "ualign"}), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a glyph that the font lacks
        figure = Figure(figsize=(7.5, 4.5), layout="constrained")
        axes = figure.add_subplot()
        axes.set_title(
            title if len(title) < 70 else f"{title[:66]}...", fontsize=10, parse_math=False
        )
        if len(ks) == 1:
            _bars(axes, accepted, ks[0])
        else:
            _curves(axes, accepted, ks)
            figure.legend(loc="outside right upper", frameon=False, fontsize=9)
        kind = path.suffix[1:]
        metadata = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(kind)
        figure.savefig(data, format=kind, metadata=metadata)
    write_atomically(path, data.getvalue())


def _bars(axes: Axes, accepted: Sequence[Point], k: int) -> None:
    methods = [method for method, _, _ in accepted]
    rates = [rate for _, _, rate in accepted]
    colors = [STYLES.get(method, OTHER)[0] for method in methods]
    axes.barh(methods, rates, color=colors, height=0.6)
    for place, rate in enumerate(rates):  # in a column of their own, clear of the line
        axes.text(1.13, place, f"{rate:.4f}", ha="right", va="center", fontsize=9)
    axes.axvline(k / (k + 1), color="0.4", linewidth=2, linestyle="--")
    axes.annotate(
        f"k/(k+1) = {k}/{k + 1}", (k / (k + 1), 1), xycoords=("data", "axes fraction"),
        xytext=(-4, -3), textcoords="offset points", ha="right", va="top", fontsize=9,
    )  # fmt: skip
    axes.margins(y=0.12)
    axes.grid(alpha=0.3, axis="x")
    axes.set_axisbelow(True)
    axes.invert_yaxis()
    axes.set_xlim(0, 1.15)
    axes.set_xticks([0, 0.2, 0.4, 0.6, 0.8, 1])
    axes.set_xlabel(f"worst-case win rate against one response, k = {k}")


def _curves(axes: Axes, accepted: Sequence[Point], ks: Sequence[int]) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    best = [k / (k + 1) for k in ks]
    axes.plot(ks, best, color="0.6", linewidth=6, alpha=0.5, label="k/(k+1)")
    methods = list(dict.fromkeys(method for method, _, _ in accepted))
    for place, method in enumerate(methods):
        reached = [k for name, k, _ in accepted if name == method]
        color, line, marker = STYLES.get(method, OTHER)
        # Where curves coincide, smaller markers on top and shifted ones keep all of them in sight.
        axes.plot(
            reached,
            [rate for name, _, rate in accepted if name == method],
            color=color,
            linestyle=line,
            marker=marker,
            markersize=9 - place,
            markevery=1 if len(reached) <= 12 else (0.02 * place, 0.14),
            label=method if len(reached) == len(ks) else f"{method}\n(up to k = {max(reached)})",
        )
    axes.set_xlabel("number of outputs k")
    axes.set_ylabel("worst-case win rate against one response")
    axes.set_ylim(-0.02, 1.02)
    axes.grid(alpha=0.3)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    if ks[-1] > 12 * ks[0]:
        axes.set_xscale("log", base=2)
        axes.xaxis.set_major_formatter(FuncFormatter(lambda k, _: f"{k:g}"))
