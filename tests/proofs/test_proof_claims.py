"""The kinds of claims that proofs are made of resist attacks: what is false, undefined, inexact or
not understood is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import pytest
import sympy
from sympy import Abs, Function, I, Integer, Integral, Max, Rational, Sum, Symbol

from proofs_checks.calculus import Integrates, Limit, Sums
from proofs_checks.claims import Agreement, Cited, Claim, Identity, Inequality, Sign
from proofs_checks.obligations import Obligation

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
