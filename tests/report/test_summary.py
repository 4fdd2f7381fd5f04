"""Questions in words, and what was certified in a few sentences."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from invented import WHATS, evidence
from ualign.certificates.findings import Question
from ualign.exact.methods import METHODS
from ualign.report.summary import _row, summary
from ualign.report.words import in_words, question_words, with_ell
from ualign.theorems import THEOREMS


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("P1 guarantee", "what the equilibrium wins (P1)"),
        ("P7 guarantee-l2", "what the equilibrium wins, against 2 (P7)"),
        ("P6 hedge-average-t16", "hedge: average policy of 16 rounds (P6)"),
        ("E10 limit-nlhf", "limit of NLHF (E10)"),
        ("E99 some-new-thing", "some new thing (E99)"),
    ],
)
def test_questions_in_words(text: str, words: str) -> None:
    assert question_words(Question.parse(text)) == words


def test_every_question_has_words_of_its_own() -> None:
    texts = [*WHATS.items(), ("E4", "joint-optimum-l2"), ("E4", "joint-optimum-l3")]
    texts += [(method.question.theorem, method.question.what) for method in METHODS.values()]
    questions = {Question.parse(f"{theorem} {what}") for theorem, what in texts}
    assert len({question_words(question) for question in questions}) == len(questions)


def test_claims_in_words() -> None:
    claim = "within 1/1267650600228229401496703205376 of it; sampled 2 times against 11 outputs"
    assert in_words(claim) == "within 2^-100 of it; sampled twice against 11 outputs"
    assert (
        in_words("is >= 1/12345678901 for 11 outputs") == "is at least 1/12345678901 for 11 outputs"
    )
    assert with_ell("at least 1 - l/(k+1), f_l(k) against l outputs, well") == (
        "at least 1 - ℓ/(k+1), f_ℓ(k) against ℓ outputs, well"
    )


def test_the_summary_says_what_was_certified_and_what_was_not() -> None:
    lost = replace(
        evidence("E4", None, grade="not computed", note="too many", k=9), file=None, verdicts=()
    )
    silent = replace(evidence("P3", None, what="rate-uniform", grade="does not apply"), verdicts=())
    found = [
        *(evidence(k=k, prompt=prompt) for k in (1, 2) for prompt in "pq"),
        evidence("P4", Fraction(97, 101), said="REJECTED"),
        lost,
        silent,
    ]
    short = summary(found)
    assert (short.populations, short.ks, short.claims) == (2, (1, 2, 9), (4, 5))
    (robust, stuck) = short.certified
    assert robust.sentence == "k outputs win k/(k+1) against every response"
    assert (robust.theorems, robust.populations, robust.ks, robust.claims) == (
        *(("P1",), 2, (1, 2), (4, 4)),
    )
    assert (stuck.theorems, stuck.populations, stuck.claims) == (("P4",), 0, (0, 1))
    missing = {row.question: (row.grade, row.reason) for row in short.missing}
    assert missing == {
        "NLHF (P4)": ("REJECTED", "REJECTED, win-rate"),
        "best k outputs of any kind (E4)": ("not computed", "too many"),
    }
    assert short.as_json()["not_certified"][0]["populations"] == 1
    text = "\n".join(short.lines())
    assert "4 of 5 claims accepted" in text
    assert "97" not in text
    assert "not certified, and why:" in text


def test_the_summary_fits_a_screen_whatever_was_found() -> None:
    """With the lines that follow it at most 24 of 80 columns."""
    lost = [
        evidence(
            theorem, None, what=f"{name}-of-some-length", grade="not computed", note="x y " * 50
        )
        for theorem in THEOREMS
        for name in ("first", "second")
    ]
    certified = [evidence(theorem, what="guarantee") for theorem in THEOREMS]
    lines = summary([*(replace(e, verdicts=()) for e in lost), *certified]).lines()
    assert max(map(len, lines)) <= 80
    assert len(lines) <= 21
    assert any("further question" in line for line in lines)
    assert "nothing was left uncertified" in summary([evidence()]).lines()
    long = summary([evidence()] * 2).certified[0]
    row = _row(long.sentence, "P6, E3, E11", "123456", "12345/12345")
    assert len(row) == 80 - 1
