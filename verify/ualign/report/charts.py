"""Figures from plain points: curves in panels, the same bytes every time.

Colours are Okabe and Ito's, and every curve has a marker and a line style of its own, so that the
figures can be read in grey and by the colour-blind.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ualign.text import printable

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Point = tuple[float, float]

PALETTE = (
    ("#0072B2", "-", "o"),
    ("#D55E00", "--", "s"),
    ("#009E73", "-.", "^"),
    ("#CC79A7", (0, (1, 1)), "D"),
    ("#E69F00", (0, (5, 1)), "P"),
    ("#56B4E9", (0, (3, 1, 1, 1)), "v"),
    ("#000000", ":", "X"),
)
"""Colour, line style and marker of the first, second, ... curve where names do not fix them."""

GREY = "0.6"
LONGEST_LABEL = 26


@dataclass(frozen=True)
class Curve:
    """Points under a label. `line` "none" draws hollow markers alone, `marker` "" a line alone;
    `broad` curves lie behind the others."""

    label: str
    points: tuple[Point, ...]
    color: str
    line: Any = "-"
    marker: str = ""
    size: float = 6.0
    broad: bool = False


@dataclass(frozen=True)
class Panel:
    """One system of axes. `ticks`: positions on the x axis with their labels."""

    title: str
    xlabel: str
    ylabel: str
    curves: tuple[Curve, ...]
    ticks: tuple[tuple[float, str], ...] = ()
    ylimits: tuple[float, float] | None = None
    logx: bool = False
    logy: bool = False


@dataclass(frozen=True)
class Bars:
    """Horizontal bars by name, for rates between 0 and 1, with a line at a marked rate."""

    title: str
    xlabel: str
    rates: tuple[tuple[str, float], ...]
    colors: tuple[str, ...]
    mark: tuple[str, float]


def nested(place: int) -> float:
    """The marker's size of the curve at this place: where curves coincide, smaller markers on top
    leave all of them in sight."""
    return max(10.0 - 0.9 * place, 4.5)


def draw(panels: Sequence[Panel | Bars], kind: str = "svg", *, one_legend: bool = True) -> bytes:
    """Draw the panels, two a row, with one legend for all of them or one for each, as a file of
    this kind: svg, png or pdf."""
    import matplotlib
    from matplotlib.figure import Figure

    columns = min(len(panels), 2)
    rows = -(-len(panels) // columns)
    with matplotlib.rc_context(SETTINGS), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a glyph that the font lacks
        width, height = (8.4, 3.6 * rows) if columns == 2 else (6.8, 4.2)
        figure = Figure(figsize=(width, height + 0.5), layout="constrained")
        drawn: dict[str, Any] = {}
        for place, panel in enumerate(panels, 1):
            axes = figure.add_subplot(rows, columns, place)
            axes.set_title(short(panel.title, 48), fontsize=10, parse_math=False)
            axes.set_axisbelow(True)
            curves = _bars(axes, panel) if isinstance(panel, Bars) else _curves(axes, panel)
            drawn |= curves
            if curves and not one_legend:
                _legend(axes, curves, loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=4)
        if drawn and one_legend:
            _legend(figure, drawn, loc="outside lower center", ncols=4)
        return _saved(figure, kind)


SETTINGS: Any = {
    "svg.hashsalt": "ualign",
    "svg.fonttype": "none",
    "font.sans-serif": ["DejaVu Sans"],
}
"""Text stays text, in a font that comes with Matplotlib or else the reader's; and the same drawing
has the same bytes."""


def _bars(axes: Axes, panel: Bars) -> dict[str, Any]:
    """Draw the bars; nothing for a legend."""
    names, rates = [name for name, _ in panel.rates], [rate for _, rate in panel.rates]
    axes.barh(names, rates, color=panel.colors, height=0.6)
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
    return {}


def _curves(axes: Axes, panel: Panel) -> dict[str, Any]:
    """Draw the panel; its curves by label."""
    drawn = {}
    for curve in panel.curves:
        xs, ys = [x for x, _ in curve.points], [y for _, y in curve.points]
        thick: dict[str, Any] = {"linewidth": 6, "alpha": 0.45, "zorder": 1} if curve.broad else {}
        lines = axes.plot(
            xs,
            ys,
            color=curve.color,
            linestyle=curve.line,
            marker=curve.marker,
            markersize=curve.size,
            markeredgecolor=curve.color if curve.line == "none" else "white",
            markerfacecolor="none" if curve.line == "none" else curve.color,
            markeredgewidth=1.4 if curve.line == "none" else 0.4,
            **thick,
        )
        if curve.label:
            drawn[curve.label] = lines[0]
    axes.set_xlabel(panel.xlabel, fontsize=9)
    axes.set_ylabel(panel.ylabel, fontsize=9)
    axes.tick_params(labelsize=8)
    axes.grid(alpha=0.3)
    anything = any(curve.points for curve in panel.curves)  # else no logarithmic axis is possible
    if panel.logx and anything:
        axes.set_xscale("log")
    if panel.logy and anything:
        axes.set_yscale("log")
    if panel.ticks:
        axes.set_xticks([x for x, _ in panel.ticks], [label for _, label in panel.ticks])
        axes.minorticks_off()
    if panel.ylimits:
        axes.set_ylim(*panel.ylimits)
    return drawn


def _legend(owner: Any, drawn: Mapping[str, Any], **place: Any) -> None:
    """A legend of the curves; a label that starts with "_" would be left out, hence the space."""
    labels = [" " * label.startswith("_") + short(label, LONGEST_LABEL) for label in drawn]
    legend = owner.legend([*drawn.values()], labels, frameon=False, fontsize=8, **place)
    for text in legend.get_texts():
        text.set_parse_math(False)  # names may hold dollar signs


def short(text: str, length: int) -> str:
    """The text on one line, cut in the middle where it is longer."""
    text = printable(text)
    if len(text) <= length:
        return text
    return f"{text[: length - length // 2 - 1]}…{text[-(length // 2) :]}"


UNSAID = {
    "svg": ("Date", "Creator", "Format", "Type"),
    "png": ("Software",),
    "pdf": ("CreationDate", "Creator", "Producer"),
}


def _saved(figure: Figure, kind: str) -> bytes:
    """The file's bytes, without dates or names of programs."""
    data = io.BytesIO()
    figure.savefig(data, format=kind, dpi=160, metadata=dict.fromkeys(UNSAID[kind]))
    return _brief(data.getvalue()) if kind == "svg" else data.getvalue()


def _brief(svg: bytes) -> bytes:
    """The drawing with coordinates to a hundredth of a point, which is more than a screen shows,
    and without what draws nothing: indentation, rotations by 0, names to which nothing refers."""

    def shorter(attribute: re.Match[bytes]) -> bytes:
        return re.sub(rb"(\.[0-9][0-9])[0-9]+", rb"\1", attribute[0])

    upright = re.sub(rb' transform="rotate\(-?0 [^"]*"|(?<=\n) +|(?<=<g) id="[^"]*"', b"", svg)
    return re.sub(rb' (?:d|x|y|transform)="[^"]*"', shorter, upright)


def inline_svg(svg: bytes, name: str, alt: str) -> str:
    """The drawing as an element of an HTML page: without prologue or foreign names, with ids that
    occur once a page, and with `alt` (text that is already escaped) for those who cannot see it."""
    text = svg.decode("utf-8")
    text = text[text.index("<svg") :].strip()
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text, flags=re.DOTALL)
    text = re.sub(r'\s(xmlns|xmlns:xlink|version)="[^"]*"', "", text)
    text = text.replace("xlink:href=", "href=")
    for start in (r'\bid="', r'\bhref="#', r"url\(#"):
        text = re.sub(start, lambda match: f"{match[0]}{name}-", text)
    return text.replace("<svg", f'<svg role="img" aria-label="{alt}"', 1)
