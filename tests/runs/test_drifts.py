"""How far apart numbers can be that are worked out again."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from ualign.certificates.checking import Verdict
from ualign.certificates.findings import Certificate, Finding, Grade, Judged, Question, within
from ualign.runs.regress import Drift, drifts
from ualign.theorems import THEOREMS


def found(theorem: str, value: Fraction, evidence: str = "exact", relation: str = "=") -> Finding:
    what = {"P2": "equilibrium", "P7": "guarantee-l2", "E8": "distance"}.get(theorem, "x")
    question = Question.parse(f"{theorem} {what}")
    claim = Certificate({"kind": "win-rate"}, {})
    return Finding(question, 4, relation, value, Grade.parse(evidence), (claim,))


def compared(was: list[Finding], now: list[Finding]) -> list[Drift]:
    accepted = Verdict("ACCEPTED", "f", 0, "win-rate", "", "")
    judged = [Judged("i", finding, Path("f"), (accepted,)) for finding in now]
    return [*drifts("i", 4, 100, was, judged)]


@pytest.mark.parametrize("theorem", [t for t in THEOREMS if THEOREMS[t].tolerance is None])
def test_most_numbers_have_to_be_the_same(theorem: str) -> None:
    one = found(theorem, Fraction(1, 2))
    other = found(theorem, Fraction(1, 2) + Fraction(1, 10**99))
    assert compared([one], [one]) == []
    assert [drift.parts for drift in compared([one], [other])] == ["value"]


def test_the_table_says_why_numbers_may_differ() -> None:
    tolerances = [theorem.tolerance for theorem in THEOREMS.values() if theorem.tolerance]
    assert len(tolerances) == 13
    assert all(tolerance.why for tolerance in tolerances)


@pytest.mark.parametrize(
    ("theorem", "allowed"),
    [("P7", Fraction(4, 2**100)), ("E8", Fraction(5, 2**100))],  # delta = 2^-100 on both sides
)
def test_win_rates_and_distances_stay_near(theorem: str, allowed: Fraction) -> None:
    box = found("P2", Fraction(1, 2**100), "enclosed to 2^-100", "<=")
    one = found(theorem, Fraction(1, 2))
    near, far = (found(theorem, Fraction(1, 2) + part * allowed) for part in (1, Fraction(9, 8)))
    assert compared([box, one], [box, near]) == []
    assert [d.parts for d in compared([box, one], [box, far])] == ["value"]
    exact = found("P2", Fraction(0), "exact", "<=")
    assert [d.parts for d in compared([exact, one], [exact, near])] == ["value"]


def test_bounds_have_to_be_compatible() -> None:
    one = found("E5", Fraction(1, 2), "within 2^-100", ">=")
    near = found("E5", Fraction(1, 2) + Fraction(1, 2**100), "within 2^-100", ">=")
    far = found("E5", Fraction(1, 2) + Fraction(3, 2**101), "within 2^-100", ">=")
    coarse = found("E5", Fraction(1, 2), "within 2^-90", ">=")
    assert compared([one], [near]) == []
    assert [d.parts for d in compared([one], [far])] == ["value"]
    assert [d.parts for d in compared([one], [coarse])] == ["evidence"]
    assert compared([coarse], [one]) == []
    finer = replace(one, grade=within(120))
    assert compared([finer], [one]) == []  # 2^-100 was asked for
    exact, other = found("E5", Fraction(1, 2)), found("E5", Fraction(2, 3))
    assert [d.parts for d in compared([exact], [other])] == ["value"]


def test_runs_may_differ_but_not_their_evidence() -> None:
    one, other = found("P6", Fraction(1, 2)), found("P6", Fraction(1, 3))
    assert compared([one], [other]) == []
    assert [d.parts for d in compared([one], [replace(other, relation=">=")])] == ["relation"]
    assert [d.parts for d in compared([one], [replace(other, value=None)])] == ["value"]
    limit = Certificate({"kind": "limit"}, {})
    assert [d.parts for d in compared([one], [replace(other, certificates=(limit,))])] == ["claims"]
    assert [d.parts for d in compared([one], [])] == ["missing"]
