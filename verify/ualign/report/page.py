"""A report for people on certificate files: the page `report.html` with its figures, and the short
`report.md`, which leaves out what the page folds away.

Everything is from the files and the checker's verdicts: a number is shown where every claim behind
it was accepted, and nowhere else. Labels such as P4 or nlhf are the files' own.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

from ualign.certificates.archive import Archive
from ualign.certificates.checking import CHECKER
from ualign.certificates.findings import GUARANTEE, JOINT, Judged
from ualign.exact.methods import METHODS
from ualign.files import prepare_directory, write_atomically
from ualign.model.rates import rates_table
from ualign.report.figures import FIGURES
from ualign.report.figures.figure import Figure
from ualign.report.figures.rates import uniform_size
from ualign.report.markup import (
    Block,
    Cell,
    Contents,
    Fold,
    Heading,
    Link,
    Mark,
    Paragraph,
    Picture,
    Table,
    html_page,
    markdown_page,
)
from ualign.report.numbers import ranges, stated
from ualign.report.page_tables import (
    Context,
    Drawn,
    counterexamples,
    instances,
    matrix,
    missing,
    refused,
    theorems,
)
from ualign.report.png import png_file
from ualign.report.recheck import recheck
from ualign.report.sections import SECTIONS
from ualign.report.summary import summary
from ualign.report.svg import inline_charts, svg_file
from ualign.text import fraction

TITLE = "What k outputs guarantee"
PAGE, SHORT_PAGE = "report.html", "report.md"


def write_report(archive: Archive, out: Path, *, png: bool = False, remark: str = "") -> list[Path]:
    """Write the page, its short Markdown form and the figures into `out`; the same bytes for the
    same files and place. `png`: each figure as PNG too; `remark`: what the run that made the files
    says of how it found the numbers.

    Returns the paths of both pages. Raises InputError if something cannot be written."""
    folder = prepare_directory(prepare_directory(out) / "figures")
    figures = {}
    for figure in filter(None, (make(archive) for make in FIGURES)):
        figures[figure.name] = _figure(figure, folder)
        if png:
            write_atomically(folder / f"{figure.name}.png", png_file(figure.panels))
    blocks = _with_contents([*_page(Context(archive, out, figures, remark))])
    return write_pages(TITLE, blocks, out)


def write_pages(title: str, blocks: Sequence[Block], out: Path) -> list[Path]:
    """Write the page and its short Markdown form into `out`; their paths."""
    pages = {out / PAGE: html_page(title, blocks), out / SHORT_PAGE: markdown_page(blocks, PAGE)}
    for place, text in pages.items():
        write_atomically(place, text.encode())
    return [*pages]


def _figure(figure: Figure, folder: Path) -> Drawn:
    """Draw the figure into the folder."""
    write_atomically(folder / f"{figure.name}.svg", svg_file(figure.panels))
    file = f"{folder.name}/{figure.name}.svg"
    tables: list[Block] = []
    for title, grid in figure.grids:
        tables += [Paragraph(title), Table(grid.headings, grid.rows)]
    caption = f"{figure.title}. {figure.caption}"
    picture = Picture(inline_charts(figure.panels, figure.title), file, figure.title, caption)
    return Drawn(figure.title, [picture, Fold(f"The numbers: {figure.title}", tables)])


def _with_contents(blocks: Sequence[Block]) -> list[Block]:
    """The page with anchors at its sections, and links to them before the first."""
    anchored = [
        Heading(2, block.text, slug(block.text))
        if isinstance(block, Heading) and block.level == 2
        else block
        for block in blocks
    ]
    sections = [block for block in anchored if isinstance(block, Heading) and block.level == 2]
    first = anchored.index(sections[0])
    links = [Link(section.text, f"#{section.anchor}") for section in sections]
    return [*anchored[:first], Contents(links), *anchored[first:]]


def slug(text: str) -> str:
    """An anchor from a heading's words."""
    return "-".join(re.findall(r"[a-z0-9]+", text.lower()))


def _page(context: Context) -> Iterator[Block]:
    sections = (
        _lead, refused, _short, _guaranteed, _impossible, _lost, _others, counterexamples, theorems,
        missing, matrix, instances, _how,
    )  # fmt: skip
    for section in sections:
        yield from section(context)


def _lead(context: Context) -> Iterator[Block]:
    archive = context.archive
    wrong = len(archive.refused)
    yield Heading(1, TITLE)
    yield Paragraph(
        "A model shows a person k outputs; a competitor shows one; she picks what she likes best."
        " How often can the k outputs be sure to win, when people disagree and nothing is known of"
        " the competitor? This page reports exact answers on given populations, in the setting of"
        " Cai and Zheng, Asymptotic Universal Alignment (arXiv 2601.08777)."
    )
    accepted = f"{len(archive.verdicts) - wrong} of {len(archive.verdicts)} claims accepted"
    yield Paragraph(
        [
            "Every number stands, as an exact fraction, in a certificate file that a small"
            " independent program, the checker, has accepted; here a decimal stands for long"
            " fractions, and bounds are rounded to the safe side. ",
            Mark(accepted, not wrong),
            f", in {len(archive.files)} files on {len(archive.instances)} populations. The general"
            " statements in words are theorems; the numbers are what they come to on instances.",
        ]
    )


def _short(context: Context) -> Iterator[Block]:
    """The sentences of the summary, with what stands behind each."""
    found = [j for j in context.archive.judged if j.finding.theorem]
    rows: list[list[Cell]] = [
        [
            row.sentence,
            ", ".join(row.theorems),
            str(row.populations),
            ranges(row.ks),
            str(row.claims),
        ]
        for row in summary(found).certified
    ]
    if rows:
        yield Heading(2, "In short: what was certified")
        yield Table(["certified", "theorems", "populations", "k", "claims accepted"], rows)


def _guaranteed(context: Context) -> Iterator[Block]:
    yield Heading(2, "What is guaranteed: k/(k+1), for everyone")
    yield Paragraph(
        "Let k+1 players each name a response, and let every person pick one of them. Draw k"
        " outputs independently from a symmetric equilibrium of this game: whatever the population,"
        " they win against any single response with probability at least k/(k+1) (P1), and there"
        " is such an equilibrium for every population and k (P2). Certified here:"
    )
    found = context.archive.judged
    rows: list[list[Cell]] = []
    for k in sorted({j.finding.k for j in found if j.finding.k}):
        at_k = [j for j in found if j.finding.k == k]
        enclosed = {j.prompt for j in at_k if j.accepted_claim("equilibrium")}
        wins = [j.worst_case() for j in at_k if j.finding.question == GUARANTEE]
        least = min((b for b in wins if b is not None), key=lambda b: b.value, default=None)
        rate, shown = Fraction(k, k + 1), "" if least is None else stated(least, k)
        rows.append([str(k), fraction(rate), str(len(enclosed)), shown])
    headings = ["k", "k/(k+1)", "populations with an equilibrium located"]
    yield Table([*headings, "least guarantee of a rational policy"], rows)
    yield Paragraph(
        "Where an equilibrium is irrational, the rational policy next to it falls short of k/(k+1)"
        " by as little as the last column says; an exact equilibrium lies in the certified box."
    )
    yield from context.figure("guarantees")


def _impossible(context: Context) -> Iterator[Block]:
    found = []
    for j in context.archive.about("P3", "rate-uniform"):
        n, k, best = (
            uniform_size(context.archive.populations[j.prompt]),
            j.finding.k,
            j.optimum(JOINT),
        )
        if n and k and k > 1 and best is not None:
            found.append((n, -k, best.value))
    if not found:
        return
    n, minus_k, value = max(found)  # the largest n, and there the least k
    k, rate = -minus_k, Fraction(-minus_k, 1 - minus_k)
    yield Heading(2, "What is impossible: more than that, in general")
    yield Paragraph(
        "When all rankings of n responses are equally likely, the best k outputs of any kind, not"
        " only independent ones, tend to k/(k+1) as n grows (P3). So no method has a larger"
        f" guarantee. Certified with n = {n} and k = {k}: the optimum is exactly {fraction(value)},"
        f" which is {fraction(value - rate)} above k/(k+1) = {fraction(rate)}."
    )
    yield from context.figure("optimum")


def _lost(context: Context) -> Iterator[Block]:
    """NLHF's ceilings, the families that are made for it in words."""
    ceilings: dict[str, tuple[Fraction, Judged]] = {}
    for j in context.archive.judged:
        claim = j.accepted_claim("nlhf-ceiling")
        if claim is not None and Fraction(claim["bound"]) < 1:
            ceilings[j.prompt] = Fraction(claim["bound"]), j
    if not ceilings:
        return
    yield Heading(2, "What NLHF loses: it is stuck below")
    yield Paragraph(
        "NLHF, Nash learning from human feedback, plays a maximal lottery, the equilibrium of the"
        " two-player game. For one output that is the best there is: it wins 1/2 (P5). Sampled k"
        " times it need not improve: where one response beats every other by a slim majority, NLHF"
        " plays nothing else, and however large k is it never wins more than that majority (P4)."
    )
    made = [name for name in ceilings if name.startswith("slim-majority")]
    for name in made or [min(ceilings, key=lambda name: ceilings[name][0])]:
        bound, _ = ceilings[name]
        overtaken = f"k/(k+1) is more from k = {_overtaken(bound)} on"
        yield Paragraph(
            f"On {name}: NLHF's worst case is at most {fraction(bound)}, however often it is"
            f" sampled, and {overtaken}{_reached(context, name)}."
        )
    rows: list[list[Cell]] = []
    for name, (bound, j) in sorted(ceilings.items(), key=lambda item: (item[1][0], item[0])):
        overtaken = f"k = {_overtaken(bound)}"
        rows.append([name, fraction(bound), overtaken, [context.file(j.file, "file")]])
    headings = ["population", "NLHF wins at most, for all k", "less than k/(k+1) from", "file"]
    yield Fold("NLHF's ceiling on every population that has one", [Table(headings, rows)])


def _overtaken(bound: Fraction) -> int:
    """The least k with k/(k+1) above the bound."""
    return int(bound / (1 - bound)) + 1


def _reached(context: Context, name: str) -> str:
    """NLHF's exact worst case on this instance at the largest k it is certified for."""
    found = {
        j.finding.k: bound
        for j in context.archive.instances[name]
        if j.finding.question == METHODS["nlhf"].question
        and j.finding.k
        and (bound := j.worst_case()) is not None
    }
    if not found:
        return ""
    k = max(found)
    rate = fraction(Fraction(k, k + 1))
    return f"; at k = {k} it is {stated(found[k], k)} against {rate}"


def _others(context: Context) -> Iterator[Block]:
    for name, words in SECTIONS.items():
        if drawn := context.figures.get(name):
            yield from (Heading(2, drawn.title), Paragraph(words), *drawn.blocks)
        if drawn and name == "rates":
            yield Fold("The exact rates against ℓ outputs", [_rates()])


def _rates() -> Table:
    """The closed forms, which hold on every population."""
    rows = [
        [str(l), str(k), *map(fraction, exact)]
        for l, k, *exact in rates_table(range(1, 4), range(1, 9))
    ]
    return Table(["ℓ", "k", "f_ℓ(k), any policy", "g_ℓ(k), product policies", "1 - ℓ/(k+1)"], rows)


def _how(context: Context) -> Iterator[Block]:
    yield Heading(2, "How to check it")
    archive = context.archive
    yield recheck(archive)
    digest = hashlib.sha256(CHECKER.read_bytes()).hexdigest()
    yield Paragraph(
        "ualign check DIR runs the checker over all certificate files of a directory; the checker"
        " is one file, ualign/checker.py, of Python's standard library alone, which also runs"
        f" by itself: python -I -S -B verify/ualign/checker.py FILE. Its SHA-256 here was {digest}."
    )
    yield Paragraph(
        "The checker settles what a file claims about the policy and the population that stand in"
        " it. That a policy is called nlhf or equilibrium here, and which theorem a claim is listed"
        " under, is what the file's writer says."
    )
    if context.remark:
        yield Paragraph(context.remark)
