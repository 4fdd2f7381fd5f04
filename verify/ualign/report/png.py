"""Figures as PNG, by Matplotlib: for where SVG cannot be used."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ualign.report.charts import (
    COLOURS,
    DASHED,
    DOTTED,
    LONG,
    MIXED,
    NO_LINE,
    SOLID,
    SQUARES,
    Bars,
    Panel,
    short,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LINES: dict[str, Any] = {
    SOLID: "-", DASHED: "--", MIXED: "-.", DOTTED: ":", SQUARES: (0, (1, 1)), LONG: (0, (5, 1)),
    NO_LINE: "none",
}  # fmt: skip

LONGEST_LABEL = 26


def png_file(panels: Sequence[Panel | Bars]) -> bytes:
    """All panels, two a row, each with a legend of its own; the same bytes every time."""
    import matplotlib
    from matplotlib.figure import Figure

    columns = min(len(panels), 2)
    rows = -(-len(panels) // columns)
    with matplotlib.rc_context({"font.sans-serif": ["DejaVu Sans"]}), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a glyph that the font lacks
        figure = Figure(figsize=(6.2 * columns, 4.6 * rows), layout="constrained")
        for place, panel in enumerate(panels, 1):
            axes = figure.add_subplot(rows, columns, place)
            axes.set_title(short(panel.title, 48), fontsize=10, parse_math=False)
            axes.set_axisbelow(True)
            if isinstance(panel, Bars):
                _bars(axes, panel)
            else:
                _curves(axes, panel)
        data = io.BytesIO()
        figure.savefig(data, format="png", dpi=160, metadata={"Software": None})
        return data.getvalue()


def _bars(axes: Axes, panel: Bars) -> None:
    names, rates = [name for name, _ in panel.rates], [rate for _, rate in panel.rates]
    axes.barh(names, rates, color=[COLOURS[color][0] for color in panel.colors], height=0.6)
    for place, rate in enumerate(rates):  # in a column of their own, clear of the line
        axes.text(1.13, place, f"{rate:.4f}", ha="right", va="center", fontsize=9)
    label, mark = panel.mark
    axes.axvline(mark, color="0.4", linewidth=2, linestyle="--")
    axes.annotate(
        label, (mark, 1), xycoords=("data", "axes fraction"),
        xytext=(-4, -3), textcoords="offset points", ha="right", va="top", fontsize=9,
    )  # fmt: skip
    axes.margins(y=0.12)
    axes.grid(alpha=0.3, axis="x")
    axes.invert_yaxis()
    axes.set_xlim(0, 1.15)
    axes.set_xticks([0, 0.2, 0.4, 0.6, 0.8, 1])
    axes.set_xlabel(panel.xlabel, fontsize=9)


def _curves(axes: Axes, panel: Panel) -> None:
    drawn: dict[str, Any] = {}
    for curve in panel.curves:
        xs, ys = [x for x, _ in curve.points], [y for _, y in curve.points]
        color, hollow = COLOURS[curve.color][0], curve.line == NO_LINE
        thick: dict[str, Any] = {"linewidth": 6, "alpha": 0.45, "zorder": 1} if curve.broad else {}
        lines = axes.plot(
            xs,
            ys,
            color=color,
            linestyle=LINES[curve.line],
            marker=curve.marker,
            markersize=curve.size,
            markeredgecolor=color if hollow else "white",
            markerfacecolor="none" if hollow else color,
            markeredgewidth=1.4 if hollow else 0.4,
            **thick,
        )
        if curve.label:
            drawn[curve.label] = lines[0]
    axes.set_xlabel(panel.xlabel, fontsize=9)
    axes.set_ylabel(panel.ylabel, fontsize=9)
    axes.tick_params(labelsize=8)
    axes.grid(alpha=0.3)
    if panel.logx:
        axes.set_xscale("log")
    if panel.logy:
        axes.set_yscale("log")
    if panel.ticks:
        axes.set_xticks([x for x, _ in panel.ticks], [label for _, label in panel.ticks])
        axes.minorticks_off()
    if panel.ylimits:
        axes.set_ylim(*panel.ylimits)
    if drawn:
        # A label that starts with "_" would be left out, hence the space.
        labels = [" " * label.startswith("_") + short(label, LONGEST_LABEL) for label in drawn]
        legend = axes.legend(
            [*drawn.values()], labels, frameon=False, fontsize=8, ncols=3,
            loc="upper center", bbox_to_anchor=(0.5, -0.13),
        )  # fmt: skip
        for text in legend.get_texts():
            text.set_parse_math(False)  # names may hold dollar signs
