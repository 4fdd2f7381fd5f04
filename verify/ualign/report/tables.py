"""What the tables hold: findings, comparisons and averages as grids of cells, and their notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path

from ualign.certificates.findings import EXACT, FAILED, NOT_UNIQUE, SILENT, UNIQUE, Judged, Question
from ualign.constructions import construction_of
from ualign.model.rates import rates_table
from ualign.report.numbers import (
    BRIEF,
    DECIMALS,
    FULL,
    Grid,
    broken,
    number_cell,
    ranges,
    shortened,
)
from ualign.runs.compare import Compared
from ualign.text import below_rate, decimal, fraction
from ualign.theorems import THEOREMS

COLUMNS = {
    Question("P1", "guarantee"): "guarantee (P1)",
    Question("P2", "equilibrium"): "equilibrium (P2)",
    Question("E2", "uniqueness"): "unique? (E2)",
    Question("E4", "joint-optimum"): "joint optimum (E4)",
    Question("P4", "nlhf"): "NLHF (P4)",
}
"""What the main table shows; all else stands in the second one."""

Averages = dict[int, dict[Question, tuple[str, Fraction] | None]]
"""By k and question the relation and the average; None where a prompt lacks a certified value."""

_BRIEFLY = {UNIQUE: "yes", NOT_UNIQUE: "no"}

AVERAGED = Question("P1", "guarantee"), Question("E4", "joint-optimum"), Question("P4", "nlhf")


def value(evidence: Judged, level: int = FULL) -> str:
    """What a finding says, in a table's cell; nothing that the checker refused."""
    finding = evidence.finding
    if finding.grade == FAILED:
        return str(FAILED)
    if evidence.verdict not in ("ACCEPTED", "none"):
        return f"not certified ({evidence.verdict})"
    if (
        finding.question.name == "guarantee"
        and finding.question.l == 1
        and finding.value is not None
        and finding.k
    ):
        exact = finding.value == Fraction(finding.k, finding.k + 1)
        shown = str(finding.value) if exact else below_rate(finding.value, finding.k)
        shown += f" ({decimal(finding.value)})" if level == FULL else ""
        return shown if evidence.certified else f"{shown} (not certified)"
    if finding.what == "equilibrium" or finding.value is None:
        if finding.grade in SILENT:
            return "-"
        grade = str(finding.grade)
        if level == FULL:
            return grade
        if finding.grade.word == "enclosed":
            return f"to 2^-{finding.grade.number}"
        return _BRIEFLY.get(finding.grade, grade)
    return number_cell(finding.relation, finding.value, finding.k, finding.grade, level)


def certified_grids(evidence: Sequence[Judged]) -> list[Grid]:
    """One row a k, one column a main question, and the checker's verdict over all claims."""
    grids = []
    headings = ["k", *COLUMNS.values(), "checker"]
    for level in (FULL, BRIEF, DECIMALS):
        rows = []
        for k in dict.fromkeys(e.finding.k for e in evidence if e.finding.k is not None):
            own = [e for e in evidence if e.finding.k == k]
            row = {e.finding.question: value(e, level) for e in own}
            faults = {e.finding.theorem: value(e) for e in own if e.finding.grade == FAILED}
            verdicts = [verdict for e in own for verdict in e.verdicts]
            accepted = f"{sum(v.accepted for v in verdicts)}/{len(verdicts)}"
            checker = f"{accepted} accepted" if level == FULL else accepted
            cells = [row.get(question, faults.get(question.theorem, "")) for question in COLUMNS]
            rows.append([str(k), *cells, checker])
        grids.append(Grid(headings if level == FULL else broken(headings), rows))
    return grids


def further_grids(evidence: Sequence[Judged]) -> list[Grid]:
    """One row a further question, by theorem, and one column a k (and one for all k at once)."""
    further = [e for e in evidence if e.finding.question not in COLUMNS]
    ks = list(dict.fromkeys(e.finding.k for e in further))
    asked = sorted({(order(e.finding.theorem), e.finding.theorem, e.finding.what) for e in further})
    grids = []
    for level in (FULL, DECIMALS):
        rows = []
        for _, theorem, what in asked:
            own = {
                e.finding.k: value(e, level)
                for e in further
                if (e.finding.theorem, e.finding.what) == (theorem, what)
            }
            if any(cell != "-" for cell in own.values()):
                rows.append([f"{theorem} {what}", *(own.get(k, "") for k in ks)])
        headings = ["further", *("all k" if k is None else f"k = {k}" for k in ks)]
        grids.append(Grid(headings, rows))
    return grids


def order(theorem: str) -> tuple[bool, int]:
    """The theorems' order: P1, P2, ..., E1, E2, ..."""
    return theorem[0] == "E", int(theorem[1:])


def certified_notes(evidence: Iterable[Judged], names: Iterable[str]) -> list[str]:
    """What the main table's cells leave out, and why something has no value at all; `names`: of the
    responses, which are cut where long."""
    said = []
    for e in evidence:
        text, merge = e.finding.note, e.finding.grade in SILENT
        refused = [verdict for verdict in e.verdicts if not verdict.accepted]
        if refused:
            text = f"{refused[0].verdict}, {refused[0].code}: {refused[0].detail}"
        main = e.finding.question in COLUMNS and e.finding.theorem != "P2"
        if text and (main or refused or e.file is None):
            said.append((e.finding.k, f"{e.finding.theorem}: {text}", merge))
    return _merged(said, names)


def compared_notes(compared: Iterable[Compared], names: Iterable[str]) -> list[str]:
    """The same of a comparison."""
    said = []
    for c in compared:
        text = c.shown_note
        refused = [verdict for verdict in c.verdicts if not verdict.accepted]
        if refused:
            text = f"{refused[0].verdict}, {refused[0].code}: {refused[0].detail}"
        if text:
            merge = c.value is None and not c.broken
            said.append((c.guarantee.k, f"{c.guarantee.method}: {text}", merge))
    return _merged(said, names)


def _merged(said: Iterable[tuple[int | None, str, bool]], names: Iterable[str]) -> list[str]:
    """Each note once, with the ks it holds for; those to merge differ only in their numbers."""
    ks: dict[str, list[int | None]] = {}
    first: dict[str, str] = {}
    for k, text, merge in said:
        key = text.partition(":")[0] if merge else text
        first.setdefault(key, text)
        ks.setdefault(key, []).append(k)
    lines = []
    for key, text in first.items():
        numbers = [k for k in ks[key] if k is not None]
        some = f" (at k = {numbers[0]})" if key != text and len(numbers) > 1 else ""
        where = f"k = {ranges(numbers)}" if numbers else "all k"
        lines.append(shortened(f"{where}: {text}{some}", names))
    return lines


def compared_grids(compared: Sequence[Compared]) -> list[Grid]:
    """One row a k and one for the limit, one column a method: worst-case win rates."""
    methods = list(dict.fromkeys(c.guarantee.method for c in compared))
    grids = []
    for level in (FULL, DECIMALS):
        rows = []
        for k in dict.fromkeys(c.guarantee.k for c in compared):
            own = [c for c in compared if c.guarantee.k == k]
            row = {c.guarantee.method: _compared_cell(c, level) for c in own}
            best = Fraction(k, k + 1) if k else Fraction(1)
            limit = fraction(best) if level == FULL else decimal(best, 5)
            rows.append([str(k or "limit"), limit, *(row.get(method, "") for method in methods)])
        headings = ["k", "k/(k+1)", *methods]
        grids.append(Grid(headings if level == FULL else broken(headings), rows))
    return grids


def _compared_cell(compared: Compared, level: int) -> str:
    if compared.verdict not in ("ACCEPTED", "none"):
        return f"not certified ({compared.verdict})"
    if compared.value is None:
        tends = compared.guarantee.k is None and not compared.broken
        return str(FAILED) if compared.broken else "1" if tends else "-"
    k = compared.guarantee.k
    return number_cell(compared.relation, compared.value, k, compared.grade, level)


def averages(evidence: Sequence[Judged], weights: Mapping[str, Fraction]) -> Averages:
    """Per k the prompts' weighted averages of the guarantee, the joint optimum and NLHF, with the
    relation: an average of lower bounds is one. None where a prompt has no certified value."""
    total = sum(weights.values())
    result: Averages = {}
    for k in dict.fromkeys(e.finding.k for e in evidence if e.finding.k is not None):
        row = result[k] = {}
        for what in AVERAGED:
            found = {
                e.prompt: e.finding
                for e in evidence
                if e.finding.k == k and e.finding.question == what and e.verdict == "ACCEPTED"
            }
            row[what] = None
            if found.keys() >= weights.keys():
                exact = all(finding.relation == "=" for finding in found.values())
                parts = [(weights[p], found[p].value or Fraction(0)) for p in weights]
                mean = sum((w * v for w, v in parts), Fraction(0)) / total
                row[what] = ("=" if exact else ">=", mean)
    return result


def average_grids(
    rows: Averages,
) -> list[Grid]:
    """The weighted averages over the prompts, one row a k."""
    grids = []
    for level in (FULL, DECIMALS):
        headings = ["k", *(COLUMNS[what] for what in AVERAGED)]
        cells = [
            [
                str(k),
                *("-" if v is None else number_cell(*v, k, EXACT, level) for v in row.values()),
            ]
            for k, row in rows.items()
        ]
        grids.append(Grid(headings if level == FULL else broken(headings), cells))
    return grids


def theorem_grids(evidence: Sequence[Judged]) -> list[Grid]:
    """One row a theorem: on how many instances, how many claims the checker accepted, what kinds of
    evidence there are, and one exact number."""
    rows = []
    for name, theorem in THEOREMS.items():
        own = [e for e in evidence if e.finding.theorem == name]
        claimed = [e for e in own if e.file is not None]
        verdicts = [verdict for e in claimed for verdict in e.verdicts]
        accepted = f"{sum(verdict.accepted for verdict in verdicts)}/{len(verdicts)}"
        kinds = ", ".join(sorted({_kind(e) for e in own}))
        prompts = str(len({e.prompt for e in claimed}))
        rows.append([name, prompts, accepted, kinds, _example(name, claimed), theorem.statement])
    headings = ["theorem", "instances", "claims accepted", "evidence", "for example", "statement"]
    return [
        Grid(headings[:last], [row[:last] for row in rows]) for last in (len(headings), -1, -2, -3)
    ]


def _kind(e: Judged) -> str:
    """The kind of evidence, whatever the precision or the degree; none for what was refused."""
    if e.verdict not in ("ACCEPTED", "none"):
        return "not certified"
    return e.finding.grade.kind


def _example(theorem: str, claimed: Sequence[Judged]) -> str:
    """One exact number, if possible on a population that was made for the theorem."""
    exact = [e for e in claimed if e.certified and e.finding.value is not None]

    def dullness(e: Judged) -> tuple[bool, bool, bool]:
        f = e.finding
        known = f.k is not None and f.value in (Fraction(f.k, f.k + 1), 0)
        return f.relation != "=", not _serves(e.prompt, theorem), known or f.k == 1

    best = min(exact, key=dullness, default=None)
    if best is None:
        return ""
    f = best.finding
    place = "all k" if f.k is None else f"k = {f.k}"
    return f"{best.prompt}, {place}: {f.what} {f.relation} {value(best).removeprefix('<= ')}"


def _serves(prompt: str, theorem: str) -> bool:
    found = construction_of(prompt)
    return found is not None and theorem in found[0].source.split(", ")


def summary(evidence: Sequence[Judged], directory: Path) -> str:
    """A Markdown page of what was certified, theorem by theorem: instances, exact values, kinds of
    evidence, the checker's verdict, the files; and the exact rates against l outputs."""
    lines = [
        "# Certified on the built-in suite",
        "",
        "Every value below stands in a certificate file that the checker has accepted; where it",
        "has not, there is no value, and the verdict says so.",
    ]
    ks = list(dict.fromkeys(e.finding.k for e in evidence))
    headings = ["instance", "question", *("all k" if k is None else f"k = {k}" for k in ks)]
    headings += ["evidence", "checker"]
    for name, theorem in THEOREMS.items():
        lines += ["", f"## {name}: {theorem.statement}", "", _markdown(headings)]
        lines.append(_markdown(["---"] * len(headings)))
        asked: dict[tuple[str, str], list[Judged]] = {}
        for e in evidence:
            if e.finding.theorem == name:
                asked.setdefault((e.prompt, e.finding.what), []).append(e)
        for (prompt, what), own in asked.items():
            lines.append(_markdown([prompt, what, *_summary_cells(own, ks)]))
    lines += ["", "## The exact rates against l outputs", ""]
    lines += [
        "For every population the best k-output policy of any kind wins at least f_l(k) (E4), the"
    ]
    lines += ["best product policy at least g_l(k) (E5), and an equilibrium 1 - l/(k+1) (P7).", ""]
    lines += [_markdown(["l", "k", "f_l(k)", "g_l(k)", "1 - l/(k+1)"]), _markdown(["---"] * 5)]
    for l, k, *rates in rates_table(range(1, 4), range(1, 9)):
        lines.append(_markdown([str(l), str(k), *map(fraction, rates)]))
    lines += ["", "## The certificate files", "", "| instance | files |", "| --- | --- |"]
    for prompt in dict.fromkeys(e.prompt for e in evidence):
        paths = dict.fromkeys(e.file for e in evidence if e.prompt == prompt and e.file)
        links = (f"[{p.name.split('.')[-3]}]({p.relative_to(directory).as_posix()})" for p in paths)
        lines.append(_markdown([prompt, " ".join(links)]))
    return "\n".join(lines) + "\n"


def _summary_cells(own: Sequence[Judged], ks: Sequence[int | None]) -> Iterator[str]:
    """The values by k, then the kinds of evidence, and the verdicts."""
    by_k = {e.finding.k: e for e in own}
    for k in ks:
        yield value(by_k[k]) if k in by_k else ""
    kinds = {_kind(e): e.finding.note if e.file is None else "" for e in own}
    yield "; ".join(f"{kind}: {why}" if why else kind for kind, why in kinds.items())
    yield ", ".join(dict.fromkeys(e.verdict for e in own if e.file))


def _markdown(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
