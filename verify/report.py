"""Tables of what was certified, for people: fractions with a decimal beside them.

A table is first a grid of cells, at several levels of detail; `fitted` takes the most detailed one
that a terminal has room for, and below that cuts the columns into blocks. Nothing is truncated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from verify.comparison import Compared
from verify.dossier import FAULT, Evidence
from verify.formats.common import show
from verify.theorems import THEOREMS

if TYPE_CHECKING:
    from rich.table import Table

LONGEST = 24
"""Fractions with more characters than this are shown by their decimal alone."""

FULL, BRIEF, DECIMALS = range(3)
"""How detailed a table is: everything; with brief headings and words; and without fractions."""

COLUMNS = {
    "P1": "guarantee",
    "P2": "equilibrium",
    "E2": "unique?",
    "E4": "joint optimum",
    "P4": "NLHF",
}
AVERAGED = {"guarantee": "P1", "joint-optimum": "E4", "nlhf": "P4"}


@dataclass(frozen=True)
class Grid:
    """A table's cells; the first column says what a row is about."""

    headings: list[str]
    rows: list[list[str]]


def decimal(number: Fraction, places: int = 6, *, down: bool = False) -> str:
    """The number to `places` decimals, rounded half up in magnitude (or towards zero), without
    passing through a float."""
    scaled = (abs(number) * 10**places + (0 if down else Fraction(1, 2))).__floor__()
    whole, part = divmod(scaled, 10**places)
    return f"{'-' if number < 0 and scaled else ''}{whole}.{part:0{places}d}"


def fraction(number: Fraction) -> str:
    """A fraction with its decimal; beyond a line's worth of digits the decimal and the size."""
    if number.denominator == 1:
        return str(number)
    digits = len(str(number.denominator))
    if digits > LONGEST or len(str(number)) > LONGEST:
        return f"{decimal(number)} ({digits}-digit fraction)"
    return f"{number} ({decimal(number)})"


def below_rate(number: Fraction, k: int) -> str:
    """A lower bound below k/(k+1) as a difference, rounded to the safe side."""
    loss = Fraction(k, k + 1) - number
    exponent = loss.denominator.bit_length() - loss.numerator.bit_length()
    exponent -= loss > Fraction(1, 2**exponent)
    return f"{k}/{k + 1} - 2^-{exponent}"


def number_cell(relation: str, value: Fraction, k: int, note: str, level: int = FULL) -> str:
    """A certified worst case in a cell; `note` says how close a lower bound is."""
    if level == DECIMALS:
        return decimal(value, 5) if relation == "=" else f">= {decimal(value, 5, down=True)}"
    if 0 < Fraction(k, k + 1) - value < Fraction(1, 2**32) and len(str(value)) > LONGEST:
        return f">= {below_rate(value, k)}"
    if relation == "=":
        return fraction(value)
    close = f" ({note})" if note.startswith("within") else ""
    return f">= {decimal(value, down=True)}{close}"


def value(evidence: Evidence, level: int = FULL) -> str:
    """What a finding says, in a table's cell; nothing that the checker refused."""
    finding = evidence.finding
    if finding.evidence == FAULT:
        return FAULT
    if evidence.verdict not in ("ACCEPTED", "none"):
        return f"not certified ({evidence.verdict})"
    if finding.what == "guarantee" and finding.value is not None:
        exact = finding.value == Fraction(finding.k, finding.k + 1)
        shown = str(finding.value) if exact else below_rate(finding.value, finding.k)
        shown += f" ({decimal(finding.value)})" if level == FULL else ""
        return shown if evidence.certified else f"{shown} (not certified)"
    if finding.what == "equilibrium" or finding.value is None:
        short = {"unique": "yes", "not unique": "no", "not computed": "-"}
        shown = short.get(finding.evidence, finding.evidence.removeprefix("enclosed "))
        return finding.evidence if level == FULL else shown
    return number_cell(finding.relation, finding.value, finding.k, finding.evidence, level)


def certified_grids(evidence: Sequence[Evidence]) -> list[Grid]:
    """One row a k, one column a statement, and the checker's verdict over all of them."""
    grids = []
    headings = ["k", *(f"{what} ({name})" for name, what in COLUMNS.items()), "checker"]
    for level in (FULL, BRIEF, DECIMALS):
        rows = []
        for k in dict.fromkeys(e.finding.k for e in evidence):
            own = [e for e in evidence if e.finding.k == k]
            row = {e.finding.theorem: value(e, level) for e in own}
            verdicts = [verdict for e in own for verdict in e.verdicts]
            accepted = f"{sum(v.accepted for v in verdicts)}/{len(verdicts)}"
            checker = f"{accepted} accepted" if level == FULL else accepted
            rows.append([str(k), *(row.get(name, "") for name in COLUMNS), checker])
        grids.append(Grid(headings if level == FULL else _broken(headings), rows))
    return grids


def certified_notes(evidence: Iterable[Evidence], names: Iterable[str]) -> list[str]:
    """What the table's cells leave out; `names`: of the responses, which are cut where long."""
    said = []
    for e in evidence:
        text, merge = e.finding.note, e.finding.evidence == "not computed"
        refused = [verdict for verdict in e.verdicts if not verdict.accepted]
        if refused:
            text = f"{refused[0].verdict}, {refused[0].code}: {refused[0].detail}"
        if text and (e.finding.what != "equilibrium" or refused):
            said.append((e.finding.k, f"{e.finding.theorem}: {text}", merge))
    return _merged(said, names)


def compared_notes(compared: Iterable[Compared], names: Iterable[str]) -> list[str]:
    """The same of a comparison."""
    said = []
    for c in compared:
        text = c.note
        refused = [verdict for verdict in c.verdicts if not verdict.accepted]
        if refused:
            text = f"{refused[0].verdict}, {refused[0].code}: {refused[0].detail}"
        if text:
            merge = c.value is None and not c.broken
            said.append((c.guarantee.k, f"{c.guarantee.method}: {text}", merge))
    return _merged(said, names)


def _merged(said: Iterable[tuple[int, str, bool]], names: Iterable[str]) -> list[str]:
    """Each note once, with the ks it holds for; those to merge differ only in their numbers."""
    ks: dict[str, list[int]] = {}
    first: dict[str, str] = {}
    for k, text, merge in said:
        key = text.partition(":")[0] if merge else text
        first.setdefault(key, text)
        ks.setdefault(key, []).append(k)
    lines = []
    for key, text in first.items():
        some = f" (at k = {ks[key][0]})" if key != text and len(ks[key]) > 1 else ""
        lines.append(shortened(f"k = {ranges(ks[key])}: {text}{some}", names))
    return lines


def shortened(text: str, names: Iterable[str]) -> str:
    """The text with long names of responses, which stand in quotes in it, cut in the middle."""
    for name in names:
        if len(name) > 60:
            text = text.replace(repr(name), show(name))
    return text


def ranges(ks: Iterable[int]) -> str:
    """Numbers as "1..3, 5"."""
    parts = []
    for _, run in groupby(enumerate(sorted(set(ks))), lambda pair: pair[1] - pair[0]):
        numbers = [k for _, k in run]
        parts.append(str(numbers[0]) + (f"..{numbers[-1]}" if len(numbers) > 1 else ""))
    return ", ".join(parts)


def compared_grids(compared: Sequence[Compared]) -> list[Grid]:
    """One row a k, one column a method: worst-case win rates."""
    methods = list(dict.fromkeys(c.guarantee.method for c in compared))
    grids = []
    for level in (FULL, DECIMALS):
        rows = []
        for k in dict.fromkeys(c.guarantee.k for c in compared):
            own = [c for c in compared if c.guarantee.k == k]
            row = {c.guarantee.method: _compared_cell(c, level) for c in own}
            best = Fraction(k, k + 1)
            limit = fraction(best) if level == FULL else decimal(best, 5)
            rows.append([str(k), limit, *(row.get(method, "") for method in methods)])
        headings = ["k", "k/(k+1)", *methods]
        grids.append(Grid(headings if level == FULL else _broken(headings), rows))
    return grids


def _compared_cell(compared: Compared, level: int) -> str:
    if compared.verdict not in ("ACCEPTED", "none"):
        return f"not certified ({compared.verdict})"
    if compared.value is None:
        return FAULT if compared.broken else "-"
    k = compared.guarantee.k
    close = compared.note.rpartition("; ")[2]
    return number_cell(compared.relation, compared.value, k, close, level)


def averages(
    evidence: Sequence[Evidence], weights: Mapping[str, Fraction]
) -> dict[int, dict[str, tuple[str, Fraction] | None]]:
    """Per k the prompts' weighted averages of the guarantee, the joint optimum and NLHF, with the
    relation: an average of lower bounds is one. None where a prompt has no certified value."""
    total = sum(weights.values())
    result: dict[int, dict[str, tuple[str, Fraction] | None]] = {}
    for k in dict.fromkeys(e.finding.k for e in evidence):
        row = result[k] = {}
        for what in AVERAGED:
            found = {
                e.prompt: e.finding
                for e in evidence
                if e.finding.k == k and e.finding.what == what and e.verdict == "ACCEPTED"
            }
            row[what] = None
            if found.keys() >= weights.keys():
                exact = all(finding.relation == "=" for finding in found.values())
                parts = [(weights[p], found[p].value or Fraction(0)) for p in weights]
                mean = sum((w * v for w, v in parts), Fraction(0)) / total
                row[what] = ("=" if exact else ">=", mean)
    return result


def average_grids(
    rows: Mapping[int, Mapping[str, tuple[str, Fraction] | None]],
) -> list[Grid]:
    """The weighted averages over the prompts, one row a k."""
    grids = []
    for level in (FULL, DECIMALS):
        headings = ["k", *(f"{COLUMNS[name]} ({name})" for name in AVERAGED.values())]
        cells = [
            [
                str(k),
                *("-" if v is None else number_cell(*v, k, "", level) for v in row.values()),
            ]
            for k, row in rows.items()
        ]
        grids.append(Grid(headings if level == FULL else _broken(headings), cells))
    return grids


def theorem_grid(evidence: Sequence[Evidence]) -> Grid:
    """One row a theorem: on how many instances, and how much of it is certified."""
    rows = []
    for name, (statement, _) in THEOREMS.items():
        own = [e for e in evidence if e.finding.theorem == name]
        good = f"{sum(e.certified for e in own)}/{len(own)}"
        grades = ", ".join(sorted({e.finding.evidence for e in own}))
        rows.append([name, statement, str(len({e.prompt for e in own})), good, grades])
    return Grid(["theorem", "statement", "instances", "certified", "evidence"], rows)


def _broken(headings: Iterable[str]) -> list[str]:
    return [heading.replace(" ", "\n").replace("-", "-\n") for heading in headings]


def fitted(grids: Sequence[Grid], width: int | None) -> list[Table]:
    """The first grid that fits into `width` columns, as one table; else the last, its columns
    spread over several. No width: the first."""
    from rich.cells import cell_len

    def sizes(grid: Grid) -> list[int]:
        columns = zip(grid.headings, *grid.rows, strict=True)
        return [
            3 + max(cell_len(line) for c in column for line in c.split("\n")) for column in columns
        ]

    grid = next((g for g in grids if width is None or sum(sizes(g)) < width), grids[-1])
    blocks: list[list[int]] = [[]]
    room = None if width is None else width - 1 - sizes(grid)[0]
    for column, size in list(enumerate(sizes(grid)))[1:]:
        used = sum(sizes(grid)[c] for c in blocks[-1])
        if blocks[-1] and room is not None and used + size > room:
            blocks.append([])
        blocks[-1].append(column)
    return [_table(grid, [0, *block]) for block in blocks]


def _table(grid: Grid, columns: Sequence[int]) -> Table:
    from rich.table import Table

    result = Table()
    for column in columns:
        justify = "right" if grid.headings[column] == "k" else "left"
        result.add_column(grid.headings[column], justify=justify, no_wrap=True)  # type: ignore[arg-type]
    for row in grid.rows:
        result.add_row(*(row[column] for column in columns))
    return result


def summary(evidence: Sequence[Evidence], directory: Path) -> str:
    """A Markdown page of what was certified: per theorem and instance, value, claims, file."""
    lines = [
        "# Certified on the built-in suite",
        "",
        "Every value below stands in a certificate file that the checker has accepted; where it",
        "has not, there is no value, and the verdict says so.",
        "",
        "| theorem | instance | k | value | evidence | verdict | certificate |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for e in sorted(evidence, key=lambda e: (e.finding.theorem, e.prompt, e.finding.k)):
        f = e.finding
        shown = grade = ""
        if e.verdict in ("ACCEPTED", "none"):
            below = f.what == "guarantee" and f.relation == ">="
            if f.value is not None:
                number = below_rate(f.value, f.k) if below else fraction(f.value)
                shown = f"{f.relation} {number}"
            grade = f.evidence
        link = f"[file]({e.path.relative_to(directory).as_posix()})" if e.path else ""
        cells = [f.theorem, e.prompt, str(f.k), shown, grade, e.verdict, link]
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"
