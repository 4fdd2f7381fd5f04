"""What was certified, as grids of cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

from ualign.certificates.findings import (
    FAILED,
    GUARANTEE,
    JOINT_OPTIMUM,
    KNOWN_OPTIMUM,
    LUCE_GUARANTEE,
    NLHF,
    NOT_UNIQUE,
    SILENT,
    UNIQUE,
    Bound,
    Judged,
    Question,
    of_degree,
    tally,
)
from ualign.constructions import construction_of
from ualign.report.numbers import (
    BRIEF,
    DECIMALS,
    FULL,
    Grid,
    below_rate,
    broken,
    enclosed_within,
    in_cell,
    stated,
)
from ualign.report.words import question_words
from ualign.text import decimal

COLUMNS = {
    GUARANTEE: "guarantee (P1)",
    KNOWN_OPTIMUM: "guarantee (E16)",
    LUCE_GUARANTEE: "guarantee (E18)",
    Question("P2", "equilibrium"): "equilibrium (P2)",
    Question("E2", "uniqueness"): "unique? (E2)",
    JOINT_OPTIMUM: "joint optimum (E4)",
    NLHF: "NLHF (P4)",
}
"""What the main table shows, of what was asked; all else stands in the second one."""

_BRIEFLY = {UNIQUE: "yes", NOT_UNIQUE: "no"}


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
    if finding.what == "equilibrium" or finding.is_located or finding.value is None:
        if finding.grade in SILENT:
            return "-"
        grade = str(finding.grade)
        if level == FULL:
            return grade
        if finding.grade.word == "enclosed":
            return f"to 2^-{finding.grade.number}"
        return _BRIEFLY.get(finding.grade, grade)
    return stated(Bound(finding.relation, finding.value), finding.k, finding.grade, level)


def certified_grids(evidence: Sequence[Judged]) -> list[Grid]:
    """One row a k, one column a main question, and the checker's verdict over all claims."""
    grids = []
    asked = {e.finding.theorem for e in evidence}
    columns = {question: words for question, words in COLUMNS.items() if question.theorem in asked}
    headings = ["k", *columns.values(), "checker"]
    for level in (FULL, BRIEF, DECIMALS):
        rows = []
        for k in dict.fromkeys(e.finding.k for e in evidence if e.finding.k is not None):
            at_k = [e for e in evidence if e.finding.k == k]
            row = {e.finding.question: value(e, level) for e in at_k}
            faults = {e.finding.theorem: value(e) for e in at_k if e.finding.grade == FAILED}
            checker = f"{tally(at_k)} accepted" if level == FULL else str(tally(at_k))
            cells = [row.get(question, faults.get(question.theorem, "")) for question in columns]
            rows.append([str(k), *cells, checker])
        grids.append(Grid(headings if level == FULL else broken(headings), rows))
    return grids


def further_grids(evidence: Sequence[Judged]) -> list[Grid]:
    """One row a further question, by theorem, and one column a k (and one for all k at once)."""
    further = [e for e in evidence if e.finding.question not in COLUMNS]
    ks = list(dict.fromkeys(e.finding.k for e in further))
    questions = sorted(
        {(order(e.finding.theorem), e.finding.theorem, e.finding.what) for e in further}
    )
    grids = []
    for level in (FULL, DECIMALS):
        rows = []
        for _, theorem, what in questions:
            cells = {
                e.finding.k: value(e, level)
                for e in further
                if (e.finding.theorem, e.finding.what) == (theorem, what)
            }
            if any(cell != "-" for cell in cells.values()):
                rows.append([f"{theorem} {what}", *(cells.get(k, "") for k in ks)])
        headings = ["further", *("all k" if k is None else f"k = {k}" for k in ks)]
        grids.append(Grid(headings, rows))
    return grids


def order(theorem: str) -> tuple[bool, int]:
    """The theorems' order: P1, P2, ..., E1, E2, ..."""
    return theorem[0] == "E", int(theorem[1:])


def shown(judged: Judged) -> str:
    """What was accepted, in a cell: a number with its relation, or a word; or the refusal."""
    if not judged.accepted:
        refusal = next(v for v in judged.verdicts if not v.accepted)
        return f"{refusal.verdict} ({refusal.code})"
    if judged.finding.is_located:
        return enclosed_within(Fraction(judged.claims[0]["delta"]))
    if judged.number is not None:
        return in_cell(judged.number, judged.finding.k)
    if claim := judged.accepted_claim("unique-equilibrium"):
        return str(UNIQUE if claim["unique"] else NOT_UNIQUE)
    if claim := judged.accepted_claim("algebraic-equilibrium"):
        return str(of_degree(len(claim["polynomial"]) - 1))
    return "accepted"


def example(theorem: str, judged: Iterable[Judged]) -> str:
    """One accepted number, if possible on a population that was made for the theorem."""
    exact = [j for j in judged if j.certified and j.number is not None]

    def dullness(j: Judged) -> tuple[bool, bool, bool]:
        relation, value = j.number or Bound("", Fraction(0))
        k = j.finding.k
        known = k is not None and value in (Fraction(k, k + 1), 0)
        return relation != "=", not _serves(j.prompt, theorem), known or k == 1

    best = min(exact, key=dullness, default=None)
    if best is None:
        return ""
    k, what = best.finding.k, question_words(replace(best.finding.question, theorem=""))
    place = "all k" if k is None else f"k = {k}"
    return f"{best.prompt}, {place}: {what} {shown(best)}"


def _serves(prompt: str, theorem: str) -> bool:
    found = construction_of(prompt)
    return found is not None and theorem in found[0].source.split(", ")
