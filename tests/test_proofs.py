"""The general proofs: every obligation holds, and the machinery that says so resists attacks."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product
from math import prod
from pathlib import Path

import pytest
import sympy
from command import ualign
from sympy import Abs, Expr, Function, I, Integer, Integral, Max, Rational, Sum, Symbol

import proofs_checks
from proofs_checks import __main__, document, symbols
from proofs_checks.calculus import Integrates, Limit, Sums
from proofs_checks.cases import random_instances, random_policy
from proofs_checks.claims import Agreement, Cited, Claim, Identity, Inequality, Sign
from proofs_checks.definition import (
    TIES,
    Ranking,
    Users,
    best_positions,
    draws,
    mixture,
    picked_from,
    sure,
    utility,
    win_rate,
    worst_case,
)
from proofs_checks.obligations import Obligation, Theorem

THEOREMS = {theorem.source: theorem for theorem in proofs_checks.theorems()}
OBLIGATIONS = {
    f"{source}-{number:02}": obligation
    for source, theorem in THEOREMS.items()
    for number, obligation in enumerate(theorem.obligations, 1)
}

# --- the theorems -----------------------------------------------------------------------------


@pytest.mark.parametrize("label", OBLIGATIONS)
def test_obligation_holds(label: str) -> None:
    """The claim is decided true; its false variant is refused, and seen to be false."""
    obligation = OBLIGATIONS[label]
    assert obligation.state() == obligation.claim.grade
    assert obligation.state() in proofs_checks.GOOD
    assert obligation.holds()


def test_every_theorem_has_a_proof() -> None:
    """P1 to P7 and E1 to E11, in order, and each file says which one it proves."""
    expected = [*(f"P{i}" for i in range(1, 8)), *(f"E{i}" for i in range(1, 12))]
    assert proofs_checks.names() == expected == list(THEOREMS)
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


# --- the document -----------------------------------------------------------------------------


def test_the_committed_document_is_the_generated_one() -> None:
    """PROOFS.md is what `python -m proofs_checks` prints, every obligation being in the state that
    the tests above have seen it in."""
    text = document.render(list(THEOREMS.values()), lambda obligation: obligation.claim.grade)
    assert text == document.PATH.read_text(encoding="utf-8")


@pytest.mark.parametrize("source", THEOREMS)
def test_document_section(source: str) -> None:
    """A theorem's section holds all that a referee needs; its links lead somewhere; its formulas
    hold nothing that GitHub's Markdown changes (escaped punctuation, tags) or does not allow."""
    theorem = THEOREMS[source]
    lines = document.PATH.read_text(encoding="utf-8").split(f"\n## {source}. ")[1].split("\n## ")[0]
    assert lines.startswith(f"{theorem.title}\n")
    plain = lines.replace("\\<", "<")
    assert f"$$\n{theorem.latex}\n$$" in lines
    for text in (theorem.words, *theorem.hypotheses, *theorem.not_proved):
        assert text in plain
    for number, obligation in enumerate(theorem.obligations, 1):
        assert f"\n{number}. **{obligation.claim.grade}**: {obligation.says}." in plain
    assert all(f"[{label}](#{label.lower()}-" in lines for label in theorem.theorems_used)
    assert all(f"* {fact} (cited)" in lines for fact in theorem.facts_used)
    anchors = re.findall(r"\]\(#([^)]*)\)", lines)
    headings = re.findall(r"^## (.*)$", document.PATH.read_text(), re.MULTILINE)
    known = {re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    assert set(anchors) <= known
    assert not re.search(r"\\[^A-Za-z ]|<|operatorname", theorem.latex)


def test_the_document_shows_what_does_not_hold() -> None:
    """A failing obligation stands there in capitals."""
    false = Obligation("x is x + 1", Identity(x, x + 1, wrong=x + 2))
    text = document.render([replace(THEOREMS["P1"], obligations=[false])])
    assert "1. **NOT PROVED**: x is x + 1." in text
    assert "| The guarantee | 0 | 0 | 0 | yes |" in text


def test_writing_the_document(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without --write it is printed, with it written as a whole; if an obligation fails, nothing is
    written and the exit code is 3."""
    theorems = [replace(THEOREMS["P1"], obligations=[Obligation("all is well", TRUE, FALSE)])]
    monkeypatch.setattr(document, "PATH", tmp_path / "PROOFS.md")
    monkeypatch.setattr(__main__, "theorems", lambda: iter(theorems))
    assert __main__.main([]) == 0
    printed = capsys.readouterr().out
    assert "all is well" in printed
    assert list(tmp_path.iterdir()) == []
    assert __main__.main(["--write"]) == 0
    assert [file.name for file in tmp_path.iterdir()] == ["PROOFS.md"]
    assert document.PATH.read_text() == printed
    theorems = [replace(THEOREMS["P1"], obligations=[Obligation("a slip", FALSE, FALSE)])]
    assert __main__.main(["--write"]) == 3
    assert document.PATH.read_text() == printed
    assert "P1: a slip (NOT PROVED)" in capsys.readouterr().err


def test_no_symbol_is_declared_outside() -> None:
    """Every theorem's symbols come from symbols.py, where no two are the same."""
    declared = [value for value in vars(symbols).values() if isinstance(value, Symbol)]
    assert len(set(declared)) == len(declared)
    for file in Path(document.__file__).parent.glob("[pe][0-9]*.py"):
        assert not re.search(r"\b(Symbol|symbols)\(", file.read_text())


# --- the definition ---------------------------------------------------------------------------

ONE, HALF = Fraction(1), Fraction(1, 2)
SPLIT: Users = [(ONE, [[0], [1]]), (ONE, [[1], [0]])]  # weights that sum to 2
TIED: Users = [(ONE, [[0, 1], [2]])]


@pytest.mark.parametrize(
    ("users", "S", "T", "expected"),
    [
        (SPLIT, [0], [1], ["1/2"] * 4),  # one of the users, whatever ties are worth
        (SPLIT, [0, 0], [0], ["2/3", "1", "1/2", "0"]),
        (SPLIT, [0, 0], [0, 1], ["1/3", "1/2", "1/4", "0"]),
        (TIED, [0], [1], ["1/2", "1", "1/2", "0"]),
        (TIED, [0, 2], [1, 0], ["1/3", "1", "1/2", "0"]),
        (TIED, [0, 1, 1], [2], ["1"] * 4),
        (TIED, [2, 2], [1], ["0"] * 4),
    ],
)
def test_definition_by_hand(users: Users, S: list[int], T: list[int], expected: list[str]) -> None:
    """Win rates of one tuple against another, worked out by hand, under all conventions."""
    rates = [win_rate(users, sure(S), sure(T), ties) for ties in TIES]
    assert rates == [Fraction(rate) for rate in expected]


def test_definition_of_policies_by_hand() -> None:
    """Draws, mixtures, utilities and worst cases of two responses, users split evenly."""
    even = [HALF, HALF]
    assert draws(even, 2) == [(Fraction(1, 4), S) for S in ((0, 0), (0, 1), (1, 0), (1, 1))]
    assert draws([ONE, Fraction(0)], 3) == [(ONE, (0, 0, 0))]
    assert mixture([(HALF, sure([0])), (HALF, draws(even, 1))]) == [
        (HALF, [0]),
        (Fraction(1, 4), (0,)),
        (Fraction(1, 4), (1,)),
    ]
    assert win_rate(SPLIT, draws(even, 2), sure([0])) == Fraction(2, 3)
    assert utility(SPLIT, even, 0, 2) == Fraction(1, 3)
    assert utility(SPLIT, [ONE, Fraction(0)], 1, 2) == HALF
    assert worst_case(SPLIT, draws(even, 2)) == (Fraction(2, 3), (0,))
    assert worst_case(SPLIT, sure([1, 1])) == (HALF, (0,))
    assert worst_case(SPLIT, sure([0]), l=2) == (Fraction(1, 4), (0, 1))
    assert worst_case(TIED, sure([0]), ties="lose") == (Fraction(0), (0,))
    assert worst_case(TIED, sure([2]), ties="win") == (Fraction(0), (0,))


def test_definition_refuses_what_it_cannot_read() -> None:
    """A response that is not ranked, a convention that is none."""
    with pytest.raises(ValueError, match="none of the responses"):
        best_positions([[0], [1]], [2])
    with pytest.raises(KeyError):
        picked_from([[0]], [0], [0], "draw")


def _directly(users: Users, pi: list[Fraction], k: int, T: list[int], ties: str) -> Fraction:
    """W(pi^k, T), response by response: only the best response that somebody names matters."""

    def place(ranking: Ranking, y: int) -> int:
        return [y in tied for tied in ranking].index(True)

    won = Fraction(0)
    for S in product(range(len(pi)), repeat=k):
        chance = prod((pi[y] for y in S), start=ONE)
        for weight, ranking in users:
            ours, theirs = ([place(ranking, y) for y in named] for named in (S, T))
            a, b = ours.count(min(ours)), theirs.count(min(theirs))
            tied = {"uniform": Fraction(a, a + b), "win": ONE, "half": HALF, "lose": 0 * ONE}[ties]
            won += weight * chance * (tied if min(ours) == min(theirs) else min(ours) < min(theirs))
    return won / sum(weight for weight, _ in users)


@pytest.mark.parametrize("ties", TIES)
def test_definition_agrees_with_another_enumeration(ties: str) -> None:
    """Two brute forces that share no code count the same win rates, utilities and worst cases."""
    for rng, users, n in random_instances(seed=2026, count=40):
        pi, k, l = random_policy(rng, n), rng.randint(1, 3), rng.randint(1, 2)
        T = [rng.randrange(n) for _ in range(rng.randint(1, 3))]
        assert win_rate(users, draws(pi, k), sure(T), ties) == _directly(users, pi, k, T, ties)
        rates = {
            opponent: _directly(users, pi, k, list(opponent), ties)
            for opponent in product(range(n), repeat=l)
        }
        least, first = worst_case(users, draws(pi, k), l, ties)
        assert least == rates[first] == min(rates.values())
        assert first == min(opponent for opponent, rate in rates.items() if rate == least)
        y = rng.randrange(n)
        assert utility(users, pi, y, k) == 1 - _directly(users, pi, k, [y], "uniform")


def test_definition_stands_alone() -> None:
    """It loads without SymPy and without the rest of the project."""
    code = (
        "import runpy, sys; sys.modules.update(sympy=None, verify=None, proofs_checks=None);"
        f"runpy.run_path({str(Path(document.__file__).with_name('definition.py'))!r})"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# --- the machinery ----------------------------------------------------------------------------

x, y = (Symbol(name, real=True) for name in "xy")
z = Symbol("z")
p, q = (Symbol(name, positive=True) for name in "pq")
n, m = (Symbol(name, integer=True, positive=True) for name in "nm")
a, i = (Symbol(name, integer=True, nonnegative=True) for name in "ai")
whole = Symbol("j", integer=True)
zero, one = Integer(0), Integer(1)
ALL = (0, None)
third = Fraction(1, 3)


def _identities() -> dict[str, tuple[object, object]]:
    roots = x * (x - 1) * (x - 2) * (x - 3) * (x - 4) * (x + 1) * (2 * x - 1) * (3 * x - 1)
    return {
        "a root's branch": (sympy.sqrt(x**2), x),
        "a root of z^2": (sympy.sqrt(z**2), z),
        "a product under the root": (sympy.sqrt(x) * sympy.sqrt(y), sympy.sqrt(x * y)),
        "a logarithm's branch": (sympy.log(sympy.exp(z)), z),
        "the logarithm of a product": (sympy.log(x * y), sympy.log(x) + sympy.log(y)),
        "an inverse cosine": (sympy.acos(sympy.cos(x)), x),
        "a power of a power": ((x**y) ** 2, x ** (2 * y)),
        "a pole": ((x**2 - 1) / (x - 1), x + 1),
        "a pole on both sides": (1 / (p - q), 1 / (p - q)),
        "0^n where n may be 0": (zero**a, zero),
        "0^n where n may be more": (zero**a, one),
        "x^0 and 0^n": (x**0, 1 + zero**a),
        "symmetry of binomials below zero": (
            sympy.binomial(a - 1, i),
            sympy.binomial(a - 1, a - 1 - i),
        ),
        "the factorial of -1": (a * sympy.factorial(a - 1), sympy.factorial(a)),
        "the gamma function's poles": (z * sympy.gamma(z), sympy.gamma(z + 1)),
        "zero on every number that one would try": (roots, zero),
        "signs": (Abs(x), x),
        "the larger one": (Max(x, y), x),
        "whole parts": (sympy.floor(x), x),
        "whole numbers only": (sympy.sin(sympy.pi * x), zero),
        "(-1)^2x": ((-1) ** (2 * x), one),
        "an integral across a pole": (Integral(1 / x**2, (x, -1, 1)), Integer(-2)),
        "an unevaluated sum": (Sum(1, (i, 1, n)), n),
        "floats": (0.1 + 0.2 * x, 0.1 + 0.2 * x),
        "a float and a half": (0.5, Rational(1, 2)),
        "infinity": (sympy.oo, sympy.oo),
        "no number": (sympy.nan, sympy.nan),
        "a complex pole": (1 / (x**2 + I * x), 1 / (x**2 + I * x)),
        "strings": ("x", "x"),
        "nothing": (None, None),
        "a function of something else": (Function("f")(x), Function("f")(y)),
    }


def _inequalities() -> dict[str, Inequality]:
    return {
        "negative at the start": Inequality(x, {x: (-5, None)}),
        "a declared sign and another range": Inequality(Abs(p) - p, {p: (-5, None)}),
        "a simplified root": Inequality(sympy.sqrt(p**2), {p: (-3, 2)}),
        "a pole at the far end": Inequality(1 / (1 - x), {x: (0, 1)}),
        "a pole at the near end": Inequality(1 / x, {x: ALL}),
        "a pole inside": Inequality(1 / (x - 1) ** 2, {x: (0, 2)}),
        "a pole on the diagonal": Inequality(1 / (x - y) ** 2, {x: (0, 1), y: (0, 1)}),
        "a change of sign": Inequality(1 / (1 - x), {x: ALL}),
        "an unlisted symbol": Inequality(x, {}),
        "another unlisted symbol": Inequality(p + x**2, {}),
        "a declared sign below zero": Inequality(-Symbol("w", negative=True)),
        "more than is there": Inequality(x, {x: ALL}, at_least=x + y),
        "as much, strictly": Inequality(p, strict=True, at_least=p),
        "a pole below": Inequality(one, {x: (0, 2)}, at_least=-1 / (x - 1) ** 2),
        "a pole on both sides": Inequality(1 / x**2, {x: ALL}, at_least=1 / x**2 - 1),
        "a float below": Inequality(p, at_least=-0.5),
        "nonnegative from 1 on": Inequality(a - 1),
        "positive from 1 on": Inequality(p - 1),
        "zero at the declared end": Inequality(a, strict=True),
        "a negative constant": Inequality(Integer(-1), {}),
        "zero, strictly": Inequality(zero, {}, strict=True),
        "zero at the near end": Inequality(x, {x: ALL}, strict=True),
        "zero at the far end": Inequality(1 - x, {x: (0, 1)}, strict=True),
        "zero on the diagonal": Inequality((x - y) ** 2, {x: (0, 1), y: (0, 1)}, strict=True),
        "zero at a corner": Inequality(x + y, {x: (0, 1), y: (0, 1)}, strict=True),
        "a float in the range": Inequality(x, {x: (0.0, None)}),
        "a float in the expression": Inequality(0.5 * x, {x: ALL}),
        "an empty range": Inequality(x, {x: (2, 1)}),
        "an infinite end": Inequality(x, {x: (0, sympy.oo)}),
        "an end with a symbol": Inequality(x, {x: (y, None)}),
        "no near end": Inequality(x, {x: (None, None)}),
        "a dip of a millionth": Inequality((x - 1) ** 2 - Rational(1, 10**6), {x: ALL}),
        "a dip between whole numbers": Inequality(x * (x - 1), {x: ALL}),
        "no real number": Inequality(I * x, {x: ALL}),
        "no polynomial": Inequality(sympy.exp(x) - 3, {x: ALL}),
        "a root": Inequality(sympy.sqrt(x) - 2, {x: ALL}),
        "a value of whole numbers": Inequality(Abs(n - 3) - 1, {n: (1, None)}),
        "a range that is none": Inequality(x, {x: 5}),
        "a string": Inequality("x", {x: (0, 1)}),
    }


def _signs() -> dict[str, Sign]:
    return {
        "any number": Sign(x),
        "a pole": Sign(1 / x**2),
        "a pole at zero": Sign(1 / a),
        "a difference": Sign(p - q),
        "a float": Sign(0.5 * p),
        "zero, strictly": Sign(a, strict=True),
        "a square, strictly": Sign(x**2, strict=True),
        "a complex square": Sign(z**2),
        "a root of any number": Sign(sympy.sqrt(x)),
        "a logarithm": Sign(sympy.log(p)),
        "a power": Sign(x**a),
        "an alternating sign": Sign((-1) ** a),
        "nonnegative on whole numbers": Sign(a * (a - 1) * (a - 2)),
        "the factorial of -1": Sign(sympy.factorial(a - 1)),
        "a binomial below zero": Sign(sympy.binomial(whole, a)),
        "infinity": Sign(sympy.oo),
        "no number": Sign(sympy.nan),
        "a string": Sign("p"),
    }


def _sums() -> dict[str, Sums]:
    triangle = i * (i - 1) / 2
    poles = 1 / (i - 2) - 1 / (i - 1)
    return {
        "a wrong end": Sums(i, triangle, i, zero, n, n * (n + 1) / 2),
        "a wrong start": Sums(one, i, i, one, n, n),
        "backwards": Sums(i, triangle, i, one, zero, zero),
        "perhaps backwards": Sums(i, triangle, i, zero, n - 3, (n - 3) * (n - 4) / 2),
        "either way round": Sums(i, triangle, i, n, m, (m * (m - 1) - n * (n - 1)) / 2),
        "across a pole": Sums(poles, -1 / (i - 2), i, zero, n, -1 / (n - 2) - Rational(1, 2)),
        "below zero": Sums(i, triangle, i, Integer(-3), n, n * (n - 1) / 2 - 6),
        "a signed index": Sums(Abs(whole), -triangle, whole, Integer(-2), zero, Integer(3)),
        "to a fraction": Sums(one, i, i, zero, Rational(1, 2), Rational(1, 2)),
        "to a real number": Sums(x, i * x, i, zero, x, x**2),
        "to infinity": Sums(zero, one, i, zero, sympy.oo, zero),
        "floats": Sums(1.0 * i, 0.5 * i * (i - 1), i, zero, n, 0.5 * n * (n - 1)),
        "the index outside": Sums(n, n * i, i, zero, n, n * i),
        "another row of Pascal's triangle": Sums(
            sympy.binomial(i, a),
            sympy.binomial(i, a + 1),
            i,
            zero,
            n,
            sympy.binomial(n + 1, a + 1),
        ),
    }


def _integrals() -> dict[str, Integrates]:
    return {
        "across a pole": Integrates(1 / x**2, -1 / x, x, -one, one, Integer(-2)),
        "across a logarithm's": Integrates(1 / x, sympy.log(x), x, -one, one, zero),
        "a wrong value": Integrates(x, x**2 / 2, x, zero, one, one),
        "a wrong antiderivative": Integrates(x**n, x ** (n + 1) / n, x, zero, one, 1 / n),
        "a jump": Integrates(zero, sympy.sign(x), x, -one, one, Integer(2)),
        "steps": Integrates(zero, sympy.floor(x), x, zero, one, one),
        "a declared sign and another range": Integrates(Abs(p), p**2 / 2, p, -one, one, zero),
        "a power that may be -1": Integrates(
            x ** (n - 2), x ** (n - 1) / (n - 1), x, zero, one, 1 / (n - 1)
        ),
        "over whole numbers": Integrates(one, n, n, one, Integer(3), Integer(2)),
        "the variable as an end": Integrates(x, x**2 / 2, x, zero, x, x**2 / 2),
        "to infinity": Integrates(2 / (1 + x**2), 2 * sympy.atan(x), x, zero, sympy.oo, sympy.pi),
        "floats": Integrates(0.5 * x, 0.25 * x**2, x, zero, one, 0.25),
    }


def _limits() -> dict[str, Limit]:
    return {
        "a wrong value": Limit(1 / n, n, one),
        "alternating": Limit((-1) ** n, n, one),
        "unbounded": Limit(n, n, sympy.oo),
        "another symbol": Limit(p / n, n, zero),
        "the variable's sign unknown": Limit(1 / x, x, zero),
        "oscillating": Limit(sympy.cos(p), p, zero),
        "steps": Limit(sympy.floor(p) - p, p, zero),
        "Euler's number, rounded": Limit((1 + 1 / n) ** n, n, 2.718281828459045),
        "one to the infinite": Limit((1 + 1 / n) ** n, n, one),
    }


def _cases() -> dict[str, Claim]:
    def crashing() -> Iterator[tuple[object, object]]:
        yield 1, 1
        yield 1 // 0, 1

    rounded = Fraction(333333333333333333, 10**18)
    return {
        "no cases": Agreement(list),
        "no cases wanted": Agreement(list, least=0),
        "fewer than none": Cited(list, "nobody", least=-1),
        "too few": Agreement(lambda: [(1, 1)] * 19),
        "the last one differs": Agreement(lambda: [*[(1, 1)] * 30, (1, 2)]),
        "nearly equal": Agreement(lambda: [(third, rounded)] * 20),
        "floats": Agreement(lambda: [(0.1, 0.1)] * 20),
        "a float and a fraction": Agreement(lambda: [(Fraction(1, 2), 0.5)] * 20),
        "symbols": Agreement(lambda: [(x, x)] * 20),
        "infinities": Agreement(lambda: [(sympy.oo, sympy.oo)] * 20),
        "no numbers": Agreement(lambda: [(sympy.nan, sympy.nan)] * 20),
        "strings": Agreement(lambda: [("1", "1")] * 20),
        "a crash": Agreement(crashing, least=1),
        "not even a list": Agreement(lambda: None),
        "a wrong fact": Cited(lambda: [(1, 2)] * 20, "nobody"),
    }


REFUSED: dict[str, Claim] = {
    **{f"identity: {name}": Identity(*sides) for name, sides in _identities().items()},
    **{f"inequality: {name}": claim for name, claim in _inequalities().items()},
    **{f"sign: {name}": claim for name, claim in _signs().items()},
    **{f"sum: {name}": claim for name, claim in _sums().items()},
    **{f"integral: {name}": claim for name, claim in _integrals().items()},
    **{f"limit: {name}": claim for name, claim in _limits().items()},
    **{f"cases: {name}": claim for name, claim in _cases().items()},
}

ACCEPTED: dict[str, Claim] = {
    "a square": Identity((x + y) ** 2, x**2 + 2 * x * y + y**2),
    "a positive root": Identity(sympy.sqrt(p**2), p),
    "symbolic powers": Identity(p ** (n + 1) - p**n, p**n * (p - 1)),
    "a real number to a whole power": Identity((x**n) ** 2, x ** (2 * n)),
    "Pascal's rule": Identity(
        sympy.binomial(n, i) + sympy.binomial(n, i + 1), sympy.binomial(n + 1, i + 1)
    ),
    "a product rule": Identity(
        sympy.diff(Function("f")(x) * x, x), x * sympy.diff(Function("f")(x), x) + Function("f")(x)
    ),
    "a constant": Inequality(one, {}, strict=True),
    "zero": Inequality(zero, {x: ALL}),
    "a product of slacks": Inequality(x * (1 - x), {x: (0, 1)}),
    "positive up to both ends": Inequality((1 + x) / (3 - x - y), {x: (0, 1), y: (0, 1)}, True),
    "a single number": Inequality(x - 2, {x: (2, 2)}),
    "an unbounded quotient": Inequality(n / (n + 1) - Rational(1, 2), {n: (1, None)}),
    "two sides": Inequality(x + 1, {x: ALL, y: (0, 1)}, at_least=x + y),
    "two sides, strictly": Inequality(1, strict=True, at_least=a / (a + n)),
    "declared ranges": Inequality(n - 1 + a + p),
    "declared ranges, strictly": Inequality(n * (1 + a) / (1 + p), strict=True),
    "a declared sign": Sign(p * (x - y) ** 2 / (q + a)),
    "a declared sign, strictly": Sign(p ** (-n), strict=True),
    "an empty sum": Sums(i, i * (i - 1) / 2, i, n, n, zero),
    "a triangle": Sums(i, i * (i - 1) / 2, i, zero, n, n * (n - 1) / 2),
    "a geometric sum": Sums(p**i * (p - 1), p**i, i, zero, n, p**n - 1),
    "a power's integral": Integrates(x**n, x ** (n + 1) / (n + 1), x, zero, one, 1 / (n + 1)),
    "an integral below zero": Integrates(x, x**2 / 2, x, -one, one, zero),
    "Euler's number": Limit((1 + 1 / n) ** n, n, sympy.E),
    "agreement": Agreement(lambda: [(third, Rational(1, 3))] * 20),
    "a classical fact": Cited(lambda: [(1, Integer(1))], "somebody", least=1),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    """What is false, undefined, inexact or not understood does not hold; nothing is raised."""
    claim = REFUSED[name]
    assert claim.holds() is False
    assert claim.fails() in (True, False)


@pytest.mark.parametrize("name", ACCEPTED)
def test_accepted(name: str) -> None:
    """What is true and within reach holds, and no instance contradicts it."""
    claim = ACCEPTED[name]
    assert claim.holds() is True
    assert claim.fails() is False


@pytest.mark.parametrize(
    "claim",
    [
        Identity(x**2, x),
        Identity((x**2 - 1) / (x - 1), x + 1),
        Inequality(x - x**2, {x: (0, 2)}),
        Inequality(x, {x: ALL}, strict=True),
        Sign(p - q),
        Sums(i, i * (i - 1) / 2, i, zero, n, n * (n + 1) / 2),
        Integrates(x, x**2 / 2, x, zero, one, one),
        Limit(1 / n, n, one),
        Agreement(lambda: [(1, 2)]),
        Cited(lambda: [(1, 2)], "nobody"),
    ],
    ids=lambda claim: type(claim).__name__,
)
def test_instances_contradict(claim: Claim) -> None:
    """A false claim is seen to be false on an exact instance."""
    assert claim.fails() is True
    assert claim.holds() is False


def test_instances_overrule_a_faulty_normal_form(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even if a normal form lost a case, an instance would speak up."""
    false = Identity(x**2, x)
    monkeypatch.setattr("proofs_checks.claims.is_zero", lambda expr: True)
    assert false.is_established()
    assert false.holds() is False


def test_a_variant_that_only_an_instance_refutes_is_unsound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The machinery itself has to refuse a false variant; an instance is asked in addition."""
    obligation = Obligation("x is x", Identity(x, x, wrong=x**2))
    assert obligation.state() == "proved"
    monkeypatch.setattr("proofs_checks.claims.is_zero", lambda expr: True)
    again = replace(obligation)
    assert again.false_variant.fails()
    assert again.state() == "UNSOUND: the false variant passes"


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


TRUE, FALSE = Identity(x - x, zero), Identity(x, x + 1)


@pytest.mark.parametrize(
    ("claim", "variant", "state"),
    [
        (TRUE, FALSE, "proved"),
        (FALSE, FALSE, "NOT PROVED"),
        (TRUE, TRUE, "UNSOUND: the false variant passes"),
        (
            TRUE,
            Identity(None, None),
            "UNTESTED: no instance shows that the false variant is false",
        ),
        (
            Agreement(lambda: [(1, 1)] * 20),
            Agreement(lambda: [(1, 2)]),
            "agrees with the definition",
        ),
        (Cited(lambda: [(1, 1)] * 20, "X"), Cited(lambda: [(1, 2)], "X"), "cited"),
    ],
)
def test_states(claim: Claim, variant: Claim, state: str) -> None:
    """An obligation says what it is worth, or what is wrong with it."""
    obligation = Obligation("it says so", claim, variant)
    assert obligation.state() == state
    assert obligation.holds() is (state in proofs_checks.GOOD)


def _pairs(right: int = 1, times: int = 20) -> list[tuple[int, int]]:
    return [(1, right)] * times


WRONG: list[tuple[Claim, Claim]] = [
    (Identity(x, x, wrong=y), Identity(x, y)),
    (Identity(x, x, wrong=0), Identity(x, 0)),
    (Inequality(p, wrong=-p), Inequality(-p)),
    (Inequality(x, {x: (0, 1)}, True, wrong=y), Inequality(y, {x: (0, 1)}, True)),
    (
        Inequality(x + y, {x: ALL, y: ALL}, wrong={y: (-1, 0)}),
        Inequality(x + y, {x: ALL, y: (-1, 0)}),
    ),
    (Inequality(p, at_least=0, wrong=-p), Inequality(-p, at_least=0)),
    (Sign(p, strict=True, wrong=-p), Sign(-p, strict=True)),
    (Sums(one, i, i, zero, n, n, wrong=m), Sums(one, i, i, zero, n, m)),
    (Integrates(one, x, x, zero, one, one, wrong=zero), Integrates(one, x, x, zero, one, zero)),
    (Limit(1 / n, n, zero, wrong=one), Limit(1 / n, n, one)),
]


@pytest.mark.parametrize(("claim", "variant"), WRONG, ids=lambda claim: type(claim).__name__)
def test_wrong_stands_in_the_place_of_what_is_claimed(claim: Claim, variant: Claim) -> None:
    """The false variant differs from the claim in that place alone, and has none itself."""
    assert claim.false_variant() == variant == Obligation("so", claim).false_variant
    assert variant.false_variant() is None


def test_wrong_arguments_make_wrong_cases() -> None:
    """What `wrong` names goes to the cases' maker, beside what it is given already."""
    for claim in (Agreement(_pairs, wrong={"right": 2}), Cited(_pairs, "X", wrong={"right": 2})):
        variant = Obligation("so", claim).false_variant
        assert type(variant) is type(claim)
        assert list(variant.cases()) == [(1, 2)] * 20
        assert list(claim.cases()) == [(1, 1)] * 20


def test_but_changes_what_it_names() -> None:
    """For variants that `wrong` cannot name: another end of a sum, say."""
    claim = Sums(one, i, i, zero, n, n, wrong=m)
    assert claim.but(stop=m) == Sums(one, i, i, zero, m, n)
    with pytest.raises(TypeError):
        claim.but(end=m)


@pytest.mark.parametrize(
    "claim",
    [
        Identity((x + y) ** 2, x**2 + 2 * x * y + y**2, wrong=x**2 + 2 * x * y + y**2),
        Identity((x + y) ** 2, x**2 + 2 * x * y + y**2, wrong=(x + y) * (x + y)),
        Inequality(p, wrong=p + 1),
        Inequality(x, {x: ALL}, wrong={}),
        Inequality(x, {x: ALL}, wrong={x: (0, 1)}),
        Sign(p, wrong=2 * p),
        Sums(one, i, i, zero, n, n, wrong=2 * n - n),
        Integrates(one, x, x, zero, one, one, wrong=Rational(2, 2)),
        Limit(1 / n, n, zero, wrong=one - one),
        Agreement(_pairs, wrong={}),
        Agreement(_pairs, wrong={"times": 21}),
        Cited(_pairs, "somebody", wrong={"right": Fraction(1)}),
    ],
    ids=lambda claim: type(claim).__name__,
)
def test_a_true_variant_is_unsound(claim: Claim) -> None:
    """What is wrong has to be false: the claim itself, or another true one, is not."""
    assert claim.holds()
    obligation = Obligation("it says so", claim)
    assert obligation.state() == "UNSOUND: the false variant passes"
    assert not obligation.holds()


@pytest.mark.parametrize(
    "claim",
    [
        Identity(x, x, wrong="y"),
        Identity(x, x, wrong=0.5),
        Inequality(x, {x: ALL}, wrong={x: (0.5, None)}),
        Agreement(_pairs, wrong={"left": 2}),
        Agreement(_pairs, wrong={"times": 19}),
    ],
)
def test_a_variant_that_nothing_refutes_is_untested(claim: Claim) -> None:
    """Nonsense is refused, but it is no test; nor is a lack of cases."""
    assert Obligation("so", claim).state().startswith("UNTESTED")


@pytest.mark.parametrize("given", [None, FALSE])
def test_an_obligation_has_one_false_variant(given: Claim | None) -> None:
    """None at all is an error at once, and so are two."""
    claim = TRUE if given is None else Identity(x - x, zero, wrong=one)
    with pytest.raises(ValueError, match="one false variant: it says so"):
        Obligation("it says so", claim, given)


def test_an_obligation_is_decided_once() -> None:
    """Asking again does not decide again."""
    asked: list[str] = []

    def cases() -> Iterator[tuple[object, object]]:
        asked.append("again")
        yield from [(1, 1)] * 20

    obligation = Obligation("it says so", Agreement(cases), Agreement(lambda: [(1, 2)]))
    assert [obligation.state(), obligation.state()] == ["agrees with the definition"] * 2
    assert obligation.holds()
    assert len(asked) == 1


def test_exact_means_exact() -> None:
    """An expression with a float anywhere is refused, wherever a claim holds it."""
    inexact: Expr = x + sympy.Float("0.5")
    for claim in (
        Identity(inexact, inexact),
        Inequality(inexact, {x: ALL}),
        Sign(inexact**2),
        Sums(zero * i, inexact, i, zero, n, zero),
        Integrates(one, inexact, x, zero, one, one),
        Limit(sympy.Float("0.5") / n, n, zero),
    ):
        assert claim.holds() is False


# --- the command ------------------------------------------------------------------------------


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
    false = Obligation("x is x + 1", FALSE, FALSE)

    def load(name: str) -> Theorem:
        return replace(THEOREMS[name], obligations=[*THEOREMS[name].obligations, false])

    monkeypatch.setattr(proofs_checks, "load", load)
    done = ualign("prove", "P1", "--json")
    assert done.code == 3
    assert done.objects[-1]["state"] == "NOT PROVED"
    assert "x is x + 1" in done.err
