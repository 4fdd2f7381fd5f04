"""A page as a list of blocks, and the two ways to write it: HTML and Markdown.

Whatever a block holds is text; both writers escape it, so that names from files are never markup.
(The two exceptions are ours: charts, and what the page runs.)
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from ualign.report import svg
from ualign.text import printable


@dataclass(frozen=True)
class Link:
    """Text that leads to a file (a path relative to the page) or to `#anchor` on the page."""

    text: str
    href: str


@dataclass(frozen=True)
class Mark:
    """A verdict: `good` or not."""

    text: str
    good: bool


Inline = str | Link | Mark
Cell = str | Sequence[Inline]
"""A text, or pieces of text, links and verdicts."""


@dataclass(frozen=True)
class Heading:
    """A heading of level 1, 2, ..., to which links can lead."""

    level: int
    text: str
    anchor: str = ""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph."""

    text: Cell


@dataclass(frozen=True)
class Contents:
    """A list of links, such as a table of contents."""

    links: Sequence[Link]


@dataclass(frozen=True)
class Table:
    """A table; the first column says what a row is about."""

    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True)
class Picture:
    """A figure: SVG elements, as they are, for HTML, and a file for Markdown."""

    charts: Sequence[str]
    file: str
    alt: str
    caption: str


@dataclass(frozen=True)
class Fold:
    """Blocks that are shown when asked for, or at once if `unfolded`; Markdown has a link to the
    HTML page instead."""

    title: str
    blocks: Sequence[Block]
    anchor: str = ""
    unfolded: bool = False


@dataclass(frozen=True)
class Embedded:
    """HTML of ours, as it is; Markdown has the text instead."""

    html: str
    instead: str


Block = Heading | Paragraph | Contents | Table | Picture | Fold | Embedded

STYLE = """
:root { color-scheme: light dark; --line: #d0d0cc; --shade: #f3f3f0; --soft: #55534e;
  --link: #00528a; --good: #00573b; --bad: #a33a00; }
@media (prefers-color-scheme: dark) { :root { --line: #3c4046; --shade: #212429; --soft: #b3b0aa;
  --link: #7cc0f5; --good: #6fd3a8; --bad: #ff9a6a; } }
body { max-width: 58rem; margin: 2rem auto 4rem; padding: 0 1rem; color: var(--ink);
  background: var(--paper); font: 1rem/1.55 system-ui, sans-serif; overflow-wrap: break-word; }
h1, h2, h3 { line-height: 1.25; } h2 { margin-top: 3rem; } h3 { margin-top: 2rem; }
p, nav, figcaption { max-width: 44rem; }
.wide { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums; }
th, td { border-bottom: 1px solid var(--line); padding: .3rem .7rem .3rem 0; text-align: left;
  vertical-align: top; white-space: nowrap; font-weight: inherit; }
thead th { white-space: normal; color: var(--soft); vertical-align: bottom; }
tbody th { position: sticky; left: 0; background: var(--paper); }
.text { white-space: normal; min-width: 15rem; }
figure { margin: 1.5rem 0; break-inside: avoid; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr));
  gap: 1rem; } .chart { width: 100%; max-width: 36rem; height: auto; }
figcaption { font-size: .875rem; color: var(--soft); margin-top: .5rem; }
details { margin: .5rem 0; } summary { cursor: pointer; }
details details { margin-left: 1rem; }
progress { width: 100%; max-width: 44rem; } #recheck { overflow-wrap: anywhere; }
sup, sub { line-height: 0; font-size: .75em; }
i { color: var(--good); font-style: normal; } b { color: var(--bad); }
a { color: var(--link); }
@media (max-width: 40rem) { tbody th { white-space: normal; min-width: 7rem; max-width: 40vw; } }
@media print { .wide { overflow: visible; } tbody th { position: static; }
  th, td { white-space: normal; } }
"""

SCRIPT = """
function unfold() {
  const target = document.getElementById(location.hash.slice(1));
  if (target && target.tagName === "DETAILS") target.open = true;
}
addEventListener("hashchange", unfold);
unfold();
"""
"""A link to something folded away unfolds it; without scripts it leads there all the same."""

LONG = 60
"""A cell with more characters may be broken into lines."""


def html_page(title: str, blocks: Sequence[Block]) -> str:
    """One self-contained page."""
    style = f"{svg.VARIABLES}{STYLE}{svg.CHART_STYLE}"
    name = html.escape(printable(title))
    head = f'<meta charset="utf-8">\n<title>{name}</title>\n<style>{style}</style>'
    view = '<meta name="viewport" content="width=device-width, initial-scale=1">'
    body = "\n".join(map(_html, blocks))
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n{head}\n{view}\n</head>\n'
        f"<body>\n<main>\n{body}\n</main>\n<script>{SCRIPT}</script>\n</body>\n</html>\n"
    )


def html_fragment(blocks: Sequence[Block]) -> str:
    """The blocks as they stand on a page, to be put on another."""
    return "\n".join(map(_html, blocks))


def markdown_page(blocks: Sequence[Block], page: str) -> str:
    """The same as Markdown with tables, without what is folded away: that stands on the HTML page,
    the file of that name beside it."""
    return "\n\n".join(text for block in blocks for text in _markdown(block, page)) + "\n"


def _html(block: Block) -> str:
    match block:
        case Heading():
            return f"<h{block.level}{_id(block.anchor)}>{_h(block.text)}</h{block.level}>"
        case Paragraph():
            return f"<p>{_inline(block.text)}</p>"
        case Contents():
            items = "".join(f"<li>{_inline([link])}</li>" for link in block.links)
            return f"<nav><ul>{items}</ul></nav>"
        case Table():
            return _html_table(block)
        case Picture():
            charts = f'<div class="charts">{"".join(block.charts)}</div>'
            return f"<figure>\n{charts}\n<figcaption>{_h(block.caption)}</figcaption>\n</figure>"
        case Fold():
            inner = "\n".join(map(_html, block.blocks))
            summary = f"<summary>{_h(block.title)}</summary>"
            state = " open" * block.unfolded
            return f"<details{_id(block.anchor)}{state}>\n{summary}\n{inner}\n</details>"
        case Embedded():
            return block.html


def _html_table(table: Table) -> str:
    """Without the end tags that HTML lets one leave out; they would be a fifth of the page."""
    head = "".join(f"<th>{_h(heading)}" for heading in table.headings)
    rows = []
    for first, *rest in table.rows:
        cells = "".join(f"<td{_class(cell)}>{_inline(cell)}" for cell in rest)
        rows.append(f"<tr><th{_class(first)}>{_inline(first)}{cells}")
    body = "\n".join(rows)
    return f'<div class="wide"><table>\n<thead><tr>{head}\n<tbody>\n{body}\n</table></div>'


def _class(cell: Cell) -> str:
    length = sum(len(part if isinstance(part, str) else part.text) for part in cell)
    return ' class="text"' if length > LONG else ""


def _inline(cell: Cell) -> str:
    if isinstance(cell, str):
        return _h(cell)
    parts = []
    for part in cell:
        match part:
            case Link():
                parts.append(f'<a href="{_href(part.href)}">{_h(part.text)}</a>')
            case Mark():
                tag = "i" if part.good else "b"
                parts.append(f"<{tag}>{_h(part.text)}</{tag}>")
            case str():
                parts.append(_h(part))
    return "".join(parts)


_TYPESET = (
    (re.compile(r"(?<![\w^])2\^-([0-9]+)"), r"2<sup>−\1</sup>"),
    (re.compile(r"\b([fgR])_([ℓTn])\b"), r"\1<sub>\2</sub>"),
    (re.compile(r"\^\(k\+1\)"), "<sup>k+1</sup>"),
)
"""What HTML can set as mathematics, in text that is escaped already."""


def _h(text: str) -> str:
    escaped = html.escape(printable(text), quote=False)
    for pattern, typeset in _TYPESET:
        escaped = pattern.sub(typeset, escaped)
    return escaped


def _href(href: str) -> str:
    """A relative address: quoted, and never taken for a scheme such as `javascript:`."""
    if href.startswith("#"):
        return "#" + quote(href[1:])
    quoted = quote(href, errors="surrogateescape")
    return quoted if quoted.startswith(("/", ".")) else f"./{quoted}"


def _id(anchor: str) -> str:
    return f' id="{html.escape(quote(anchor))}"' if anchor else ""


def _markdown(block: Block, page: str) -> Iterator[str]:
    match block:
        case Heading():
            anchor = f'<a id="{html.escape(quote(block.anchor))}"></a>' * bool(block.anchor)
            yield f"{'#' * block.level} {anchor}{_m(block.text)}"
        case Paragraph():
            yield _plain(block.text, page)
        case Contents():
            yield "\n".join(f"- {_plain([link], page)}" for link in block.links)
        case Table():
            rows = [[_plain(cell, page) for cell in row] for row in block.rows]
            headings = [_m(heading) for heading in block.headings]
            lines = (headings, ["---"] * len(headings), *rows)
            yield "\n".join(f"| {' | '.join(line)} |" for line in lines)
        case Picture():
            yield f"![{_m(block.alt)}]({_href(block.file)})"
            yield f"*{_m(block.caption)}*"
        case Fold():
            yield _plain([Link(block.title, f"#{block.anchor}" if block.anchor else page)], page)
        case Embedded():
            yield _m(block.instead)


def _plain(cell: Cell, page: str) -> str:
    if isinstance(cell, str):
        return _m(cell)
    parts = []
    for part in cell:
        match part:
            case Link():
                folded = _href(page) * part.href.startswith("#")
                parts.append(f"[{_m(part.text)}]({folded}{_href(part.href)})")
            case Mark():
                parts.append(_m(part.text) if part.good else f"**{_m(part.text)}**")
            case str():
                parts.append(_m(part))
    return "".join(parts)


def _m(text: str) -> str:
    """The text with what Markdown would read as markup escaped; a line stays a line."""
    escaped = re.sub(r"([\\`*\[\]|~$]|(?<!\w)_|_(?!\w))", r"\\\1", printable(text))
    return escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
