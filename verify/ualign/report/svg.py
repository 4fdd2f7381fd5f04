"""Panels as SVG, written directly: small, the same bytes everywhere, and in the reader's own font.

Colours are classes, with a light and a dark palette, so that a drawing follows the page or the
viewer that it is shown in. All text is escaped here.
"""

from __future__ import annotations

import html
import math
import re
from collections.abc import Iterable, Iterator, Sequence

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
    Curve,
    Panel,
    short,
)
from ualign.text import printable

WIDTH, PLOT_HEIGHT = 440, 230
"""Units of a panel; on a phone's width the text is still about 11 pixels high."""

LEFT, RIGHT, TOP, LINE = 58, 14, 30, 20
LONGEST_TITLE, LONGEST_LABEL = 44, 34

DASHES = {SOLID: "", DASHED: "7 4", MIXED: "9 4 2 4", DOTTED: "2 4", SQUARES: "3 3", LONG: "12 3"}

CHART_STYLE = (
    ".chart text{font:13px system-ui,sans-serif;fill:currentColor}.chart .title{font-weight:600}"
    ".chart path{fill:none;stroke:currentColor;stroke-width:2}"
    ".chart .grid{stroke-width:1;stroke-opacity:.18}.chart .axis{stroke-width:1}"
    ".chart .dot{fill:currentColor;stroke:var(--paper);stroke-width:.7}"
    ".chart .hollow{fill:none;stroke:currentColor;stroke-width:2}"
    ".chart .cross{stroke-width:2.6}.chart .bar{stroke-width:14}"
    ".chart .broad{stroke-width:7;stroke-opacity:.45}"
    + "".join(f".chart .{name}{{color:var(--{name})}}" for name in COLOURS)
)
"""Of a chart, wherever it stands; the colours are variables."""

_LIGHT = "".join(f"--{name}:{light};" for name, (light, _) in COLOURS.items()) + "--paper:#fff;"
_DARK = "".join(f"--{name}:{dark};" for name, (_, dark) in COLOURS.items()) + "--paper:#16181b;"
VARIABLES = f":root{{{_LIGHT}}}@media (prefers-color-scheme:dark){{:root{{{_DARK}}}}}"


def inline_charts(panels: Sequence[Panel | Bars], title: str) -> list[str]:
    """Each panel as an element of an HTML page that has CHART_STYLE and VARIABLES."""
    charts = []
    for panel in panels:
        parts, height = _chart(panel)
        label = _text(f"{title}: {panel.title}")
        charts.append(
            f'<svg class="chart" role="img" aria-label="{label}"'
            f' viewBox="0 0 {WIDTH} {height}">{"".join(parts)}</svg>'
        )
    return charts


def svg_file(panels: Sequence[Panel | Bars]) -> bytes:
    """All panels as a file of their own, two a row, on a ground of their own."""
    columns = min(len(panels), 2)
    drawn, top, widest = [], 0, 0
    for start in range(0, len(panels), columns):
        row = [_chart(panel) for panel in panels[start : start + columns]]
        for column, (parts, _) in enumerate(row):
            place = f'transform="translate({column * WIDTH} {top})"'
            drawn.append(f"<g {place}>{''.join(parts)}</g>")
        top += max(height for _, height in row)
        widest = max(widest, WIDTH * len(row))
    style = f"{VARIABLES}svg{{color:var(--ink)}}{CHART_STYLE}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" width="{widest}" height="{top}"'
        f' viewBox="0 0 {widest} {top}"><style>{style}</style>'
        f'<rect width="100%" height="100%" style="fill:var(--paper)"/>{"".join(drawn)}</svg>\n'
    ).encode()


def _chart(panel: Panel | Bars) -> tuple[list[str], int]:
    """The elements of a panel, and its height."""
    drawn = [_label(LEFT, 18, short(panel.title, LONGEST_TITLE), "start", "title")]
    if isinstance(panel, Bars):
        return [*drawn, *_bars(panel)], TOP + 26 * len(panel.rates) + 62
    bottom = TOP + PLOT_HEIGHT
    across, up = _axes(panel)
    drawn += _scales(panel, across, up)
    for curve in panel.curves:
        drawn += _curve(curve, across, up)
    drawn += [
        _label((LEFT + WIDTH - RIGHT) / 2, bottom + 38, panel.xlabel),
        f'<text transform="translate(14 {TOP + PLOT_HEIGHT // 2})rotate(-90)"'
        f' text-anchor="middle">{_set(_text(panel.ylabel))}</text>',
    ]
    top = bottom + 62
    for entry in _legend([curve for curve in panel.curves if curve.label]):
        if entry is None:
            top += LINE
        else:
            x, curve = entry
            drawn += _key(curve, x, top)
    return drawn, top + 8


_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


class _Axis:
    """From numbers to units between two ends."""

    def __init__(self, ends: tuple[float, float], numbers: tuple[float, float], log: bool) -> None:
        self.start, self.end = ends
        self.log = log
        self.low, self.high = (self._scaled(number) for number in numbers)

    def _scaled(self, number: float) -> float:
        return math.log10(number) if self.log else number

    def at(self, number: float) -> float:
        share = (self._scaled(number) - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)

    def ticks(self) -> Iterator[tuple[float, str]]:
        """Round numbers between the ends, and how they are written."""
        if self.log and self.high - self.low < 1.5:
            exponents = range(math.floor(self.low), math.ceil(self.high))
            rounded = (m * 10.0**e for e in exponents for m in (1, 2, 5))
            shown = (n for n in rounded if self.low <= self._scaled(n) <= self.high)
            yield from ((number, f"{number:g}") for number in shown)
            return
        if self.log:
            step = max(1, round((self.high - self.low) / 6))
            for exponent in range(math.ceil(self.low), math.floor(self.high) + 1, step):
                yield 10.0**exponent, f"10{str(exponent).translate(_RAISED)}"
            return
        rough = (self.high - self.low) / 5
        unit = 10.0 ** math.floor(math.log10(rough))
        step_width = next(m * unit for m in (1, 2, 2.5, 5, 10) if m * unit >= rough * 0.999)
        for place in range(
            math.ceil(self.low / step_width), math.floor(self.high / step_width) + 1
        ):
            yield place * step_width, f"{round(place * step_width, 9):g}"


def _axes(panel: Panel) -> tuple[_Axis, _Axis]:
    points = [point for curve in panel.curves for point in curve.points]
    xs = [x for x, _ in points] or [1.0]
    ys = [y for _, y in points] or [1.0]
    across = (LEFT + 8.0, WIDTH - RIGHT - 8.0)
    up = (float(TOP + PLOT_HEIGHT), float(TOP))
    numbers = panel.ylimits or _with_room(min(ys), max(ys), panel.logy)
    return _Axis(across, _apart(min(xs), max(xs)), panel.logx), _Axis(up, numbers, panel.logy)


def _apart(low: float, high: float) -> tuple[float, float]:
    """Two ends that differ, around a single number; of a positive one, both are."""
    room = abs(low) / 2 or 0.5
    return (low, high) if low < high else (low - room, high + room)


def _with_room(low: float, high: float, log: bool) -> tuple[float, float]:
    low, high = _apart(low, high)
    if log:
        factor = (high / low) ** 0.05
        return low / factor, high * factor
    room = (high - low) * 0.05
    return low - room, high + room


def _scales(panel: Panel, across: _Axis, up: _Axis) -> Iterator[str]:
    """The grid as one path, and the numbers at both axes."""
    bottom = TOP + PLOT_HEIGHT
    columns = [(across.at(x), text) for x, text in panel.ticks or across.ticks()]
    rows = [(up.at(y), text) for y, text in up.ticks()]
    grid = "".join(f"M{_n(x)} {TOP}V{bottom}" for x, _ in columns)
    grid += "".join(f"M{LEFT} {_n(y)}H{WIDTH - RIGHT}" for y, _ in rows)
    yield f'<path class="grid" d="{grid}"/>'
    yield f'<path class="axis" d="M{LEFT} {TOP}V{bottom}H{WIDTH - RIGHT}"/>'
    for x, text in columns:
        yield _label(x, bottom + 17, text)
    for y, text in rows:
        yield _label(LEFT - 6, y + 4.5, text, "end")


def _curve(curve: Curve, across: _Axis, up: _Axis) -> Iterator[str]:
    places = [(across.at(x), up.at(y)) for x, y in curve.points]
    if not places:
        return
    if curve.line != NO_LINE:
        joined = "L".join(f"{_n(x)} {_n(y)}" for x, y in places)
        kind = curve.color + " broad" * curve.broad
        yield f'<path class="{kind}"{_dashes(curve)} d="M{joined}"/>'
    if curve.marker:
        yield _markers(curve, places)


def _dashes(curve: Curve) -> str:
    dashes = DASHES[curve.line]
    return f' stroke-dasharray="{dashes}"' if dashes else ""


def _markers(curve: Curve, places: Iterable[tuple[float, float]]) -> str:
    shape = _outline(curve.marker, curve.size / 2)
    shapes = "".join(f"M{_n(x)} {_n(y)}{shape}" for x, y in places)
    kind = "cross" if curve.marker in "PX" else "dot"
    hollow = " hollow" * (curve.line == NO_LINE)
    return f'<path class="{curve.color} {kind}{hollow}" d="{shapes}"/>'


def _outline(marker: str, r: float) -> str:
    """What is drawn around a point, in steps from it; a cross is as large as it has to be."""
    r = max(r, 3.4) if marker in "PX" else r
    if marker == "o":
        half = f"a{_n(r)} {_n(r)} 0 1 0"
        return f"m{_n(-r)} 0{half} {_n(2 * r)} 0{half} {_n(-2 * r)} 0z"
    steps = {
        "s": ((-1, -1), (2, 0), (0, 2), (-2, 0)),
        "D": ((0, -1.2), (1.2, 1.2), (-1.2, 1.2), (-1.2, -1.2)),
        "^": ((0, -1.2), (1.2, 2.2), (-2.4, 0)),
        "v": ((0, 1.2), (1.2, -2.2), (-2.4, 0)),
        "P": ((-1.2, 0), (2.4, 0)),
        "X": ((-1, -1), (2, 2)),
    }[marker]
    start, *lines = (f"{_n(u * r)} {_n(v * r)}" for u, v in steps)
    outline = f"m{start}l{' '.join(lines)}"
    if marker == "P":
        return f"{outline}m{_n(-1.2 * r)} {_n(-1.2 * r)}v{_n(2.4 * r)}"
    if marker == "X":
        return f"{outline}m{_n(-2 * r)} 0l{_n(2 * r)} {_n(-2 * r)}"
    return f"{outline}z"


def _legend(curves: Sequence[Curve]) -> Iterator[tuple[float, Curve] | None]:
    """Where each key stands in its line; None begins a new line."""
    x = float(LEFT)
    for curve in curves:
        size = 44 + 7.2 * len(short(curve.label, LONGEST_LABEL))
        if x > LEFT and x + size > WIDTH:
            x = float(LEFT)
            yield None
        yield x, curve
        x += size


def _key(curve: Curve, x: float, y: float) -> Iterator[str]:
    if curve.line != NO_LINE:
        kind = curve.color + " broad" * curve.broad
        yield f'<path class="{kind}"{_dashes(curve)} d="M{_n(x)} {_n(y - 4)}h26"/>'
    if curve.marker:
        yield _markers(curve, [(x + 13, y - 4)])
    yield _label(x + 32, y, short(curve.label, LONGEST_LABEL), "start")


def _bars(panel: Bars) -> Iterator[str]:
    """A bar a name from 0 to 1, its rate in a column at the right, and the line at the mark."""
    left, right = 150, WIDTH - 62
    bottom = TOP + 26 * len(panel.rates) + 20
    label, mark = panel.mark
    for place, ((name, rate), color) in enumerate(zip(panel.rates, panel.colors, strict=True)):
        y = TOP + 26 * place + 28
        yield _label(left - 8, y + 4.5, short(name, 20), "end")
        yield f'<path class="{color} bar" d="M{left} {y}h{_n((right - left) * rate)}"/>'
        yield _label(WIDTH - 8, y + 4.5, f"{rate:.4f}", "end")
    x = left + (right - left) * mark
    yield f'<path class="axis" d="M{left} {TOP + 10}V{bottom}H{right}"/>'
    yield f'<path class="grey" stroke-dasharray="7 4" d="M{_n(x)} {TOP + 10}V{bottom}"/>'
    yield _label(x, TOP + 6, label, "end")
    for tick in (0, 0.2, 0.4, 0.6, 0.8, 1):
        yield _label(left + (right - left) * tick, bottom + 16, f"{tick:g}")
    yield _label(WIDTH / 2, bottom + 36, panel.xlabel)


def _label(x: float, y: float, text: str, anchor: str = "middle", kind: str = "") -> str:
    place = f'x="{_n(x)}" y="{_n(y)}"'
    side = f' text-anchor="{anchor}"' if anchor != "start" else ""
    named = f' class="{kind}"' if kind else ""
    return f"<text {place}{side}{named}>{_set(_text(text))}</text>"


def _text(text: str) -> str:
    return html.escape(printable(text))


_INDEXED = re.compile(r"\b([fgR])_([ℓTn])\b(.*)")


def _set(text: str) -> str:
    """Text that is escaped already, its index lowered; a viewer may not know any other way."""
    lowered = r'\1<tspan dy="3" font-size="10">\2</tspan><tspan dy="-3">\3</tspan>'
    return _INDEXED.sub(lowered, text)


def _n(number: float) -> str:
    """A coordinate to a tenth of a unit."""
    return f"{number:.1f}".removesuffix(".0")
