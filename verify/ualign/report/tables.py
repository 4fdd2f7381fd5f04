"""What the tables hold: findings, comparisons and averages as grids of cells, and their notes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from ualign.certificates.findings import (
    EXACT,
    FAILED,
    GUARANTEE,
    GUARANTEES,
    KNOWN_OPTIMUM,
    LUCE_GUARANTEE,
    NOT_UNIQUE,
    SILENT,
    UNIQUE,
    Bound,
    Finding,
    Judged,
    Question,
    bound_note,
    of_degree,
    tally,
)
from ualign.constructions import construction_of
from ualign.exact.methods import METHODS, ROBUST
from ualign.report.numbers import (
    BRIEF,
    DECIMALS,
    FULL,
    Grid,
    below_rate,
    broken,
    enclosed_within,
    in_cell,
    ranges,
    shortened,
    stated,
)
from ualign.report.words import question_words
from ualign.text import decimal, fraction

if TYPE_CHECKING:
    from ualign.runs.head_to_head import Meeting

JOINT_OPTIMUM, NLHF = Question("E4", "joint-optimum"), Question("P4", "nlhf")
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

Averages = dict[int, dict[Question, "Average | None"]]
"""By k and question the relation and the average; None where a prompt lacks a certified value."""

_BRIEFLY = {UNIQUE: "yes", NOT_UNIQUE: "no"}

AVERAGED = GUARANTEE, JOINT_OPTIMUM, NLHF


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
            checker = f"{tally(at_k)} accepted" if level == FULL else tally(at_k)
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


def meeting_grids(meetings: Iterable[Meeting]) -> dict[tuple[int, int], list[Grid]]:
    """By k and l: what k draws of each method win against l draws of each, a row a method."""
    found: dict[tuple[int, int], dict[str, dict[str, Fraction | None]]] = {}
    for m in meetings:
        found.setdefault((m.k, m.l), {}).setdefault(m.method, {})[m.opponent] = m.value
    tables = {}
    for at, rows in found.items():
        opponents = list(next(iter(rows.values())))
        tables[at] = [
            Grid(
                ["wins", *opponents],
                [
                    [name, *(_met(row.get(other), level) for other in opponents)]
                    for name, row in rows.items()
                ],
            )
            for level in (FULL, DECIMALS)
        ]
    return tables


def _met(rate: Fraction | None, level: int) -> str:
    if rate is None:
        return "not certified"
    return fraction(rate) if level == FULL else decimal(rate)


def policy_grids(evidence: Sequence[Judged], name: str) -> list[Grid]:
    """What a policy of the user's own wins at each k, and how far it falls short of the guarantee,
    the optimum over all k-output policies, and NLHF (below 0: it is ahead)."""
    found = {(e.finding.question, e.finding.k): e.number for e in evidence}
    others = {"the guarantee": GUARANTEES, "the optimum": (JOINT_OPTIMUM,), "NLHF": (NLHF,)}
    grids = []
    for level in (FULL, DECIMALS):
        rows = []
        for k in dict.fromkeys(e.finding.k for e in evidence if e.finding.k is not None):
            own = next(
                filter(None, (found.get((Question(t, name), k)) for t in ("E9", "E16"))), None
            )
            cells = ["-" if own is None else stated(own, k, EXACT, level)]
            for questions in others.values():
                other = next(filter(None, (found.get((q, k)) for q in questions)), None)
                short = None if own is None or other is None else other.value - own.value
                cells.append("-" if short is None else _short(short, level))
            rows.append([str(k), *cells])
        grids.append(Grid(["k", f"{name} wins", *(f"short of {other}" for other in others)], rows))
    return grids


def _short(value: Fraction, level: int) -> str:
    return fraction(value) if level == FULL else decimal(value)


def order(theorem: str) -> tuple[bool, int]:
    """The theorems' order: P1, P2, ..., E1, E2, ..."""
    return theorem[0] == "E", int(theorem[1:])


def certified_notes(evidence: Iterable[Judged], names: Iterable[str]) -> list[str]:
    """What the main table's cells leave out, and why something has no value at all; `names`: of the
    responses, which are cut where long."""
    notes = []
    for e in evidence:
        refused, merge = _refusal(e), e.finding.grade in SILENT
        text = refused or e.finding.note
        main = e.finding.question in COLUMNS and e.finding.theorem != "P2"
        if text and (main or refused or e.file is None):
            notes.append((e.finding.k, f"{e.finding.theorem}: {text}", merge))
    return _merged(notes, names)


def compared_notes(compared: Iterable[Judged], names: Iterable[str]) -> list[str]:
    """The same of a comparison."""
    notes = []
    for j in compared:
        finding = j.finding
        if text := _refusal(j) or bound_note(finding):
            merge = finding.value is None and not j.missed
            notes.append((finding.k, f"{_method(finding)}: {text}", merge))
    return _merged(notes, names)


def _refusal(judged: Judged) -> str:
    """Why the checker did not accept the first claim that it did not; "" where it accepted all."""
    refused = (verdict for verdict in judged.verdicts if not verdict.accepted)
    return next((f"{v.verdict}, {v.code}: {v.detail}" for v in refused), "")


def _method(finding: Finding) -> str:
    """The name of the method; one of the user's own is what its question is called after."""
    built_in = (m.name for m in METHODS.values() if m.question == finding.question)
    return next(built_in, finding.question.name)


def _merged(notes: Iterable[tuple[int | None, str, bool]], names: Iterable[str]) -> list[str]:
    """Each note once, with the ks it holds for; those to merge differ only in their numbers."""
    ks: dict[str, list[int | None]] = {}
    first: dict[str, str] = {}
    for k, text, merge in notes:
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


def compared_grids(compared: Sequence[Judged]) -> list[Grid]:
    """One row a k and one for the limit, one column a method: worst-case win rates."""
    methods = list(dict.fromkeys(_method(j.finding) for j in compared))
    grids = []
    for level in (FULL, DECIMALS):
        rows = []
        for k in dict.fromkeys(j.finding.k for j in compared):
            row = {_method(j.finding): _compared(j, level) for j in compared if j.finding.k == k}
            best = Fraction(k, k + 1) if k else Fraction(1)
            limit = fraction(best) if level == FULL else decimal(best, 5)
            rows.append([str(k or "limit"), limit, *(row.get(method, "") for method in methods)])
        headings = ["k", "k/(k+1)", *methods]
        grids.append(Grid(headings if level == FULL else broken(headings), rows))
    return grids


def _compared(judged: Judged, level: int) -> str:
    finding = judged.finding
    if judged.verdict not in ("ACCEPTED", "none"):
        return f"not certified ({judged.verdict})"
    if finding.value is None:
        tends = finding.k is None and not judged.missed and _method(finding) in ROBUST
        return str(FAILED) if judged.missed else "1" if tends else "-"
    return stated(Bound(finding.relation, finding.value), finding.k, finding.grade, level)


class Average(NamedTuple):
    """A weighted average over those prompts that have an accepted number, and how many these are:
    "=" their mean, or at least that, where some are bounds."""

    relation: str
    value: Fraction
    prompts: int


def averages(evidence: Sequence[Judged], weights: Mapping[str, Fraction]) -> Averages:
    """Per k the averages of the guarantee, the joint optimum and NLHF; None where no prompt has an
    accepted number."""
    result: Averages = {}
    for k in dict.fromkeys(e.finding.k for e in evidence if e.finding.k is not None):
        row = result[k] = {}
        for what in AVERAGED:
            here = [e for e in evidence if e.finding.k == k and e.finding.question == what]
            row[what] = average(here, weights)
    return result


def average(evidence: Iterable[Judged], weights: Mapping[str, Fraction]) -> Average | None:
    """The average of the accepted numbers of the prompts that have a weight."""
    found = {
        e.prompt: e.finding
        for e in evidence
        if e.accepted and e.finding.value is not None and e.prompt in weights
    }
    if not found:
        return None
    exact = all(finding.relation == "=" for finding in found.values())
    parts = [(weights[p], finding.value or Fraction(0)) for p, finding in found.items()]
    total = sum((w for w, _ in parts), Fraction(0))
    mean = sum((w * v for w, v in parts), Fraction(0)) / total
    return Average("=" if exact else ">=", mean, len(found))


def average_grids(rows: Averages, prompts: int) -> list[Grid]:
    """The weighted averages over so many prompts, one row a k."""
    return _average_grids(rows, [COLUMNS[what] for what in AVERAGED], prompts)


class ComparedAverages:
    """The weighted averages of what methods guarantee, added up as prompts come by, so that no
    evidence has to be kept."""

    def __init__(self, weights: Mapping[str, Fraction]) -> None:
        self.weights, self.ks = weights, set[int]()
        self.questions: dict[Question, None] = {}
        self._sums: dict[tuple[int, Question], tuple[Average, Fraction]] = {}

    def add(self, judged: Judged) -> None:
        """Count a prompt's number, if it has a weight and the number was accepted."""
        finding, weight = judged.finding, self.weights.get(judged.prompt)
        self.questions[finding.question] = None
        if finding.k is None:
            return
        self.ks.add(finding.k)
        if weight is None or finding.value is None or not judged.accepted:
            return
        place = finding.k, finding.question
        so_far, total = self._sums.get(place, (Average("=", Fraction(0), 0), Fraction(0)))
        relation = so_far.relation if finding.relation == "=" else ">="
        value = so_far.value + weight * finding.value
        self._sums[place] = Average(relation, value, so_far.prompts + 1), total + weight

    def grids(self, prompts: int) -> list[Grid]:
        """The averages over so many prompts, one row a k."""
        rows: Averages = {
            k: {what: self._average(k, what) for what in self.questions} for k in sorted(self.ks)
        }
        return _average_grids(rows, [what.name for what in self.questions], prompts)

    def _average(self, k: int, what: Question) -> Average | None:
        if (k, what) not in self._sums:
            return None
        summed, total = self._sums[k, what]
        return summed._replace(value=summed.value / total)


def _average_grids(rows: Averages, columns: Sequence[str], prompts: int) -> list[Grid]:
    grids = []
    for level in (FULL, DECIMALS):
        cells = [
            [str(k), *(_average(mean, k, level, prompts) for mean in row.values())]
            for k, row in rows.items()
        ]
        headings = ["k", *columns]
        grids.append(Grid(headings if level == FULL else broken(headings), cells))
    return grids


def _average(mean: Average | None, k: int, level: int, prompts: int) -> str:
    if mean is None:
        return "-"
    covered = "" if mean.prompts == prompts else f" ({mean.prompts} of {prompts})"
    return stated(Bound(mean.relation, mean.value), k, EXACT, level) + covered


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
