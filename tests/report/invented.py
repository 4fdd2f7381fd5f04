"""Findings with verdicts, invented."""

from __future__ import annotations

import itertools
from fractions import Fraction
from pathlib import Path

from ualign.certificates.checking import Verdict
from ualign.certificates.findings import (
    EXACT,
    FAILED,
    Certificate,
    Finding,
    Grade,
    Judged,
    Question,
    without_claim,
)
from ualign.exact.methods import METHODS

WHATS = {
    "P1": "guarantee",
    "P2": "equilibrium",
    "E2": "uniqueness",
    "E4": "joint-optimum",
    "P4": "nlhf",
}


indices = itertools.count()


def verdict(word: str = "ACCEPTED") -> Verdict:
    """A verdict on a claim of its own."""
    refusal = {} if word == "ACCEPTED" else {"code": "win-rate", "detail": "some T does better"}
    return Verdict(word, "f.cert.json", next(indices), "win-rate", "0" * 64, "a claim", **refusal)


def evidence(
    theorem: str = "P1",
    number: Fraction | None = Fraction(2, 3),
    *,
    k: int | None = 2,
    relation: str = "=",
    what: str | None = None,
    grade: str = "exact",
    note: str = "",
    said: str = "ACCEPTED",
    prompt: str = "p",
) -> Judged:
    bound = {} if number is None else {"bound": str(number)}
    claims = (Certificate({"kind": "win-rate", "relation": relation, "k": k, **bound}, {}),)
    question = Question.parse(f"{theorem} {what or WHATS[theorem]}")
    finding = Finding(question, k, relation, number, Grade.parse(grade), claims, note)
    return Judged(prompt, finding, Path("out/f.cert.json"), (verdict(said),))


def compared(
    method: str,
    number: Fraction | None,
    k: int | None = 2,
    relation: str = "=",
    note: str = "",
    said: str = "ACCEPTED",
) -> Judged:
    grade = Grade.parse(note) if note.startswith("within") else EXACT
    grade = FAILED if note.startswith("fault") else grade
    note, question = "" if grade.bits else note, METHODS[method].question
    if number is None:
        return Judged("p", without_claim(question, k, grade, note), None, ())
    claim = {"kind": "win-rate", "l": 1, "ties": "uniform", "k": k, "relation": relation}
    certificate = Certificate({**claim, "bound": str(number)}, {})
    finding = Finding(question, k, relation, number, grade, (certificate,), note)
    return Judged("p", finding, Path("f.cert.json"), (verdict(said),))
