"""What an obligation says of itself, and its false variant."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pytest
import sympy
from sympy import Expr, Integer, Rational, Symbol

import proofs_checks
from proofs_checks.calculus import Integrates, Limit, Sums
from proofs_checks.claims import Agreement, Cited, Claim, Identity, Inequality, Sign
from proofs_checks.obligations import Obligation

x, y = (Symbol(name, real=True) for name in "xy")
p = Symbol("p", positive=True)
n, m = (Symbol(name, integer=True, positive=True) for name in "nm")
i = Symbol("i", integer=True, nonnegative=True)
zero, one = Integer(0), Integer(1)
ALL = (0, None)
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
