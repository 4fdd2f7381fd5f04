"""What methods guarantee side by side, as grids of cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from ualign.certificates.findings import (
    EXACT,
    FAILED,
    GUARANTEES,
    JOINT_OPTIMUM,
    NLHF,
    Bound,
    Finding,
    Judged,
    Question,
)
from ualign.exact.methods import METHODS, ROBUST
from ualign.report.numbers import DECIMALS, FULL, Grid, broken, stated
from ualign.text import decimal, fraction

if TYPE_CHECKING:
    from ualign.runs.head_to_head import Meeting


def compared_grids(compared: Sequence[Judged]) -> list[Grid]:
    """One row a k and one for the limit, one column a method: worst-case win rates."""
    methods = list(dict.fromkeys(method_name(j.finding) for j in compared))
    grids = []
    for level in (FULL, DECIMALS):
        rows = []
        for k in dict.fromkeys(j.finding.k for j in compared):
            row = {
                method_name(j.finding): _compared(j, level) for j in compared if j.finding.k == k
            }
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
        tends = finding.k is None and not judged.missed and method_name(finding) in ROBUST
        return str(FAILED) if judged.missed else "1" if tends else "-"
    return stated(Bound(finding.relation, finding.value), finding.k, finding.grade, level)


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
                cells.append("-" if short is None else _number(short, level))
            rows.append([str(k), *cells])
        grids.append(Grid(["k", f"{name} wins", *(f"short of {other}" for other in others)], rows))
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
    return "not certified" if rate is None else _number(rate, level)


def _number(value: Fraction, level: int) -> str:
    return fraction(value) if level == FULL else decimal(value)


def method_name(finding: Finding) -> str:
    """The name of the method; one of the user's own is what its question is called after."""
    built_in = (m.name for m in METHODS.values() if m.question == finding.question)
    return next(built_in, finding.question.name)
