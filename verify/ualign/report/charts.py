"""Figures as plain points: curves in panels, or bars. `svg` and `png` draw them.

Colours are Okabe and Ito's, and every curve has a marker and a line style of its own, so that the
figures can be read in grey and by the colour-blind.
"""

from __future__ import annotations

from dataclasses import dataclass

from ualign.text import printable

Point = tuple[float, float]

COLOURS = {
    "blue": ("#0072b2", "#5db3f0"),
    "vermillion": ("#d55e00", "#ff8f45"),
    "green": ("#009e73", "#3ecfa3"),
    "purple": ("#cc79a7", "#e3a0c6"),
    "orange": ("#e69f00", "#f5bd3d"),
    "sky": ("#56b4e9", "#9ad6f8"),
    "wine": ("#882255", "#d886ab"),
    "forest": ("#117733", "#79c98f"),
    "ink": ("#1a1a1a", "#e8e6e3"),
    "grey": ("#999999", "#858585"),
}
"""By name, on a light and on a dark ground."""

GREY = "grey"

SOLID, DASHED, MIXED, DOTTED, SQUARES, LONG = "-", "--", "-.", ":", "squares", "long"
"""Line styles."""

NO_LINE = "none"

PALETTE = (
    ("blue", SOLID, "o"),
    ("vermillion", DASHED, "s"),
    ("green", MIXED, "^"),
    ("purple", SQUARES, "D"),
    ("orange", LONG, "P"),
    ("sky", DASHED, "v"),
    ("ink", DOTTED, "X"),
)
"""Colour, line style and marker of the first, second, ... curve where names do not fix them."""


@dataclass(frozen=True)
class Curve:
    """Points under a label, in a colour of COLOURS. `line` NO_LINE draws hollow markers alone,
    `marker` "" a line alone; `broad` curves lie behind the others."""

    label: str
    points: tuple[Point, ...]
    color: str
    line: str = SOLID
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


def short(text: str, length: int) -> str:
    """The text on one line, cut in the middle where it is longer."""
    text = printable(text)
    if len(text) <= length:
        return text
    return f"{text[: length - length // 2 - 1]}…{text[-(length // 2) :]}"
