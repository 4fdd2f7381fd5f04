"""The general proofs: every obligation holds, and the command that says so."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sympy
from command import ualign
from sympy import Expr, Symbol
from ualign.theorems import THEOREMS as CERTIFIED

import proofs_checks
from proofs_checks import document, symbols
from proofs_checks.claims import Agreement, Cited, Identity
from proofs_checks.obligations import Obligation, Theorem

THEOREMS = {theorem.source: theorem for theorem in proofs_checks.theorems()}
OBLIGATIONS = {
    f"{source}-{number:02}": obligation
    for source, theorem in THEOREMS.items()
    for number, obligation in enumerate(theorem.obligations, 1)
}


@pytest.mark.parametrize("label", OBLIGATIONS)
def test_obligation_holds(label: str) -> None:
    """The claim is decided true; its false variant is refused, and seen to be false."""
    obligation = OBLIGATIONS[label]
    assert obligation.state() == obligation.claim.grade
    assert obligation.state() in proofs_checks.GOOD
    assert obligation.holds()


def test_every_theorem_has_a_proof() -> None:
    """P1 to P7 and E1, E2, ... without a gap, all that are certified on instances among them, and
    each file says which one it proves."""
    further = len(THEOREMS) - 7
    expected = [*(f"P{i}" for i in range(1, 8)), *(f"E{i}" for i in range(1, further + 1))]
    assert proofs_checks.names() == expected == list(THEOREMS)
    assert set(CERTIFIED) <= set(expected)
    assert [proofs_checks.load(name).source for name in expected] == expected


@pytest.mark.parametrize("source", THEOREMS)
def test_theorem_is_complete(source: str) -> None:
    """A statement, hypotheses, the steps left to hand, different obligations, at least one of them
    tied to the definition; claim and false variant are of one kind; cited facts are declared, and
    the proofs that it rests on are here and do not rest on it."""
    theorem = THEOREMS[source]
    assert theorem.title
    assert theorem.words
    assert theorem.latex
    assert theorem.hypotheses
    assert theorem.not_proved
    assert len({o.says for o in theorem.obligations}) == len(theorem.obligations)
    assert any(isinstance(o.claim, Agreement) for o in theorem.obligations)
    for obligation in theorem.obligations:
        assert type(obligation.claim) is type(obligation.false_variant)
        if isinstance(obligation.claim, Cited):
            assert obligation.claim.source in theorem.facts_used
    needed = set(theorem.theorems_used)
    for _ in THEOREMS:
        needed.update(*(THEOREMS[label].theorems_used for label in needed))
    assert source not in needed


def test_a_theorem_tells_theorems_from_facts() -> None:
    """`rests_on` names theorems by their labels; what has none comes from the literature."""
    theorem = replace(
        THEOREMS["P1"], rests_on=["P1 and E10 under `uniform`", "the P-adic lemma", "E2 (a case)"]
    )
    assert theorem.theorems_used == ["P1", "E10", "E2"]
    assert theorem.facts_used == ["the P-adic lemma"]


def test_no_symbol_is_declared_outside() -> None:
    """Every theorem's symbols come from symbols.py, where no two are the same."""
    declared = [value for value in vars(symbols).values() if isinstance(value, Symbol)]
    assert len(set(declared)) == len(declared)
    for file in Path(document.__file__).parent.glob("[pe][0-9]*.py"):
        assert not re.search(r"\b(Symbol|symbols)\(", file.read_text())


def _changed(expr: Expr) -> Iterator[Expr]:
    """The expression with one of its numbers or symbols increased by one."""
    if expr.is_Rational or expr.is_Symbol:
        yield expr + 1
    for place, part in enumerate(() if expr.is_Derivative else expr.args):
        for other in _changed(part):
            yield expr.func(*expr.args[:place], other, *expr.args[place + 1 :])


def test_no_identity_survives_a_change() -> None:
    """Every identity of every proof is wrong as soon as one of its numbers or symbols changes."""
    rng, seen = random.Random(0), 0
    for label, obligation in OBLIGATIONS.items():
        if isinstance(obligation.claim, Identity):
            sides = [
                sympy.sympify(side) for side in (obligation.claim.left, obligation.claim.right)
            ]
            for side, kept in (sides, sides[::-1]):
                changed = [other for other in _changed(side) if other != side]
                for other in rng.sample(changed, min(12, len(changed))):
                    # An instance is quick to find; normal forms are asked where there is none.
                    claim = Identity(other, kept)
                    assert claim.fails() or not claim.holds(), f"{label}: {other} = {kept}"
                    seen += 1
    assert seen > 1200


def test_prove_one() -> None:
    """`ualign prove P1 --json`: an object for every obligation, with its state."""
    done = ualign("prove", "P1", "--json")
    assert done.code == 0
    assert [line["obligation"] for line in done.objects] == [
        obligation.says for obligation in THEOREMS["P1"].obligations
    ]
    assert {line["state"] for line in done.objects} <= set(proofs_checks.GOOD)


def test_prove_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """`ualign prove`: every theorem, every obligation, and what is left to hand. (That each is in
    the state that it claims is decided above.)"""
    monkeypatch.setattr(Obligation, "state", lambda obligation: obligation.claim.grade)
    done = ualign("prove")
    assert done.code == 0
    for theorem in THEOREMS.values():
        assert f"{theorem.source} {theorem.title}" in done.out
        assert all(obligation.says in done.out for obligation in theorem.obligations)
        assert all(step in done.out for step in theorem.not_proved)


def test_prove_nothing_that_is_unknown() -> None:
    """A label without a proof is bad input."""
    done = ualign("prove", "P8")
    assert (done.code, done.out) == (2, "")
    assert "P8" in done.err


def test_a_failing_obligation_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """One obligation that does not hold makes the exit code 3."""
    x = Symbol("x", real=True)
    false = Obligation("x is x + 1", Identity(x, x + 1), Identity(x, x + 1))

    def load(name: str) -> Theorem:
        return replace(THEOREMS[name], obligations=[*THEOREMS[name].obligations, false])

    monkeypatch.setattr(proofs_checks, "load", load)
    done = ualign("prove", "P1", "--json")
    assert done.code == 3
    assert done.objects[-1]["state"] == "NOT PROVED"
    assert "x is x + 1" in done.err
