"""Questions and grades as text and back; what a finding has to carry; which relation a kind has."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ualign.certificates.findings import (
    EXACT,
    NOT_CERTIFIED,
    UNIQUE,
    Certificate,
    Finding,
    Grade,
    Question,
    enclosed_to,
    of_degree,
    relation_of,
    within,
)
from ualign.exact.self_play import DYNAMICS

HALF = Fraction(1, 2)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("P1 guarantee", Question("P1", "guarantee")),
        ("E4 joint-optimum-l2", Question("E4", "joint-optimum", 2)),
        ("P6 hedge-average-t16", Question("P6", "average", rule="hedge", rounds=16)),
        ("P6 regret-matching-plus-last", Question("P6", "last", rule="regret-matching-plus")),
        ("E3 fictitious-play-mixture-l3", Question("E3", "mixture", 3, "fictitious-play")),
        ("E10 limit-rlhf-borda", Question("E10", "limit-rlhf-borda")),
        ("E7 all-there-is", Question("E7", "all-there-is")),
    ],
)
def test_questions_are_written_and_read(text: str, question: Question) -> None:
    assert str(question) == text
    assert Question.parse(text) == question


@given(
    st.sampled_from(["average", "comparison", "mixture", "last"]),
    st.sampled_from(sorted(DYNAMICS)),
    st.integers(1, 99),
    st.none() | st.integers(1, 999),
)
def test_every_question_on_self_play_comes_back(
    name: str, rule: str, l: int, rounds: int | None
) -> None:
    question = Question("P6", name, l, rule, rounds)
    assert Question.parse(str(question)) == question


@pytest.mark.parametrize("text", ["", "P1", "guarantee", "P1 ", "1P x", "P0 x", "P1 A b", "P1 x\n"])
def test_other_text_is_no_question(text: str) -> None:
    with pytest.raises(ValueError, match="not a question"):
        Question.parse(text)


@pytest.mark.parametrize(
    ("grade", "text", "bits", "kind"),
    [
        (EXACT, "exact", None, "exact"),
        (within(100), "within 2^-100", 100, "within 2^-b"),
        (enclosed_to(7), "enclosed to 2^-7", 7, "enclosed to 2^-b"),
        (of_degree(13), "degree 13", None, "algebraic"),
        (NOT_CERTIFIED, "not certified", None, "not certified"),
    ],
)
def test_grades_are_written_and_read(grade: Grade, text: str, bits: int | None, kind: str) -> None:
    assert (str(grade), grade.bits, grade.kind) == (text, bits, kind)
    assert Grade.parse(text) == grade


def test_a_finding_is_what_a_claim_says() -> None:
    """Another number, k, relation or answer than the claims state is not claimed."""
    question, rest = Question("P1", "guarantee"), {"population": "population", "k": 2}
    win = Certificate({"kind": "win-rate", **rest, "relation": ">=", "bound": "1/2"}, {})
    only = Certificate({"kind": "unique-equilibrium", **rest, "unique": True}, {})
    assert Finding(question, 2, ">=", HALF, EXACT, (win,)).is_claimed
    assert Finding(question, 2, "", None, UNIQUE, (only,)).is_claimed
    assert Finding(question, 2, "", None, NOT_CERTIFIED, ()).is_claimed
    assert not Finding(question, 3, ">=", HALF, EXACT, (win,)).is_claimed
    assert not Finding(question, 2, "=", HALF, EXACT, (win,)).is_claimed
    assert not Finding(question, 2, ">=", HALF / 2, EXACT, (win,)).is_claimed
    assert not Finding(question, 2, "", None, EXACT, (only,)).is_claimed
    assert not Finding(question, 2, ">=", HALF, EXACT, ()).is_claimed


@pytest.mark.parametrize(
    ("claim", "relation"),
    [
        ({"kind": "win-rate", "relation": ">="}, ">="),
        ({"kind": "joint-upper-bound"}, "<="),
        ({"kind": "dictatorship-distance"}, "<="),
        ({"kind": "limit"}, "="),
    ],
)
def test_the_relation_that_a_kind_implies(claim: dict[str, str], relation: str) -> None:
    assert relation_of(claim) == relation
