"""The kinds of claims that an obligation can make, and how each is decided.

`holds` is True only for what is established; whatever cannot be decided is refused. `fails` is True
only where an exact instance contradicts the claim: no claim that fails holds, and a false variant
has to fail, not merely to be out of reach.

`wrong` says what differs in the claim's false variant: it stands in the place of what is claimed
(an identity's right side, a sum's value), or of the arguments that its cases are made with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import ClassVar, Protocol, Self

import sympy
from sympy import Expr, Symbol

from proofs_checks.boxes import closed, declared_range, is_signed
from proofs_checks.expressions import (
    Instance,
    Range,
    at,
    exact,
    exact_expression,
    instances,
    is_defined,
    is_undefined,
    is_zero,
)

Pairs = Iterator[tuple[object, object]]
Cases = Callable[..., Iterable[tuple[object, object]]]


class Claim(Protocol):
    """Something that can be decided; `grade` says what it is worth where it holds."""

    grade: ClassVar[str]

    def is_established(self) -> bool:
        """True only if the machinery, asked without a look at instances, accepts it."""
        ...

    def holds(self) -> bool:
        """True only if it is established, and no instance contradicts that."""
        ...

    def fails(self) -> bool:
        """True only if an exact instance contradicts it."""
        ...

    def false_variant(self) -> Claim | None:
        """The claim with `wrong` in its place, if it names something wrong."""
        ...


def surely(question: Callable[[], bool]) -> bool:
    """The answer, where there is one: a question that breaks down on odd input is not a yes."""
    try:
        return question() is True
    except Exception:  # whatever SymPy raises, nothing has been established
        return False


@dataclass(frozen=True)
class Symbolic:
    """A claim about symbols, proved for all of their values; exact instances may contradict it."""

    grade: ClassVar[str] = "proved"
    claimed: ClassVar[str]
    """The field whose place `wrong` takes."""

    wrong: object = field(default=None, kw_only=True)

    def false_variant(self) -> Claim | None:
        """The claim with `wrong` in the place of what is claimed."""
        return None if self.wrong is None else self.but(**{self.claimed: self.wrong})

    def but(self, **changes: object) -> Self:
        """The same claim, apart from these fields: for false variants that `wrong` cannot name."""
        return replace(self, **{"wrong": None, **changes})

    def is_established(self) -> bool:
        """Whether normal forms, signs or the like decide it."""
        return surely(self._is_established)

    def holds(self) -> bool:
        """Whether it is established, and no instance contradicts that."""
        return self.is_established() and not self.fails()

    def fails(self) -> bool:
        """Whether an exact instance contradicts the claim or leaves it undefined."""
        return surely(lambda: any(surely(partial(self._fails_at, one)) for one in self._tried()))

    def _is_established(self) -> bool:
        raise NotImplementedError

    def _tried(self) -> Iterable[Instance]:
        raise NotImplementedError

    def _fails_at(self, instance: Instance) -> bool:
        raise NotImplementedError


@dataclass(frozen=True)
class Identity(Symbolic):
    """left = right, both defined, for all values that the symbols' assumptions admit.

    `wrong` is another right side."""

    claimed: ClassVar[str] = "right"
    left: Expr
    right: Expr

    def _difference(self) -> Expr:
        return exact_expression(self.left) - exact_expression(self.right)

    def _is_established(self) -> bool:
        """Whether there are no poles, and a normal form of the difference is literally zero."""
        difference = self._difference()
        sides = map(exact_expression, (self.left, self.right))
        return all(map(is_defined, sides)) and is_zero(difference)

    def _tried(self) -> Iterator[Instance]:
        return instances(self._difference())

    def _fails_at(self, instance: Instance) -> bool:
        value = at(self._difference(), instance)
        return is_undefined(value) or value.is_zero is False


@dataclass(frozen=True)
class Inequality(Symbolic):
    """expr >= at_least (or >, if strict) where every symbol of `ranges` runs over its closed
    interval, as far as its assumptions admit.

    An interval is (a, b), or (a, None) for all numbers from a on. Writing x = a + t, or
    x = (a + b t)/(1 + t), with t >= 0 must turn the difference's numerator and denominator, cleared
    of powers of 1 + t, into polynomials whose coefficients are all nonnegative. What has to be
    positive, always the denominator, needs positive coefficients at the box's corners too: then
    some term is positive wherever in the box one stands. A symbol that is not listed runs as far as
    its declared sign goes, from 0 or, if it is a positive integer, from 1 on; without such a sign
    it has to be listed. What this cannot show it refuses, even if it is true.

    `wrong` is another expression, or other ranges of some symbols."""

    claimed: ClassVar[str] = "expr"
    expr: Expr
    ranges: Mapping[Symbol, Range] = field(default_factory=dict)
    strict: bool = False
    at_least: Expr = field(default=0, kw_only=True)

    def false_variant(self) -> Claim | None:
        """The claim about another expression, or with other ranges."""
        if isinstance(self.wrong, Mapping):
            return self.but(ranges={**self.ranges, **self.wrong})
        return super().false_variant()

    def _sides(self) -> tuple[Expr, Expr]:
        return exact_expression(self.expr), exact_expression(self.at_least)

    def _box(self) -> dict[Symbol, Range]:
        """The range of every symbol."""
        found = set().union(*(side.free_symbols for side in self._sides()))
        return {**self.ranges, **{s: declared_range(s) for s in found - set(self.ranges)}}

    def _is_established(self) -> bool:
        """Whether neither side has a pole, and the difference's coefficients have the right signs.

        (Poles of the two sides might cancel in the difference.)"""
        box = {symbol: closed(symbol, ends) for symbol, ends in self._box().items()}
        left, right = self._sides()
        numerator, denominator = sympy.fraction(sympy.together(left - right))
        return all(_has_no_pole(side, box) for side in (left, right)) and any(
            is_signed(sign * denominator, box, strict=True)
            and is_signed(sign * numerator, box, self.strict)
            for sign in (1, -1)
        )

    def _tried(self) -> Iterator[Instance]:
        return instances(sympy.Tuple(*self._sides()), self._box())

    def _fails_at(self, instance: Instance) -> bool:
        left, right = (at(side, instance) for side in self._sides())
        return _has_wrong_sign(left - right, self.strict)


def _has_no_pole(expr: Expr, box: Mapping[Symbol, Range]) -> bool:
    _, denominator = sympy.fraction(sympy.together(expr))
    return any(is_signed(sign * denominator, box, strict=True) for sign in (1, -1))


def _has_wrong_sign(value: Expr, strict: bool) -> bool:
    fits = value.is_positive if strict else value.is_nonnegative
    return is_undefined(value) or fits is False


@dataclass(frozen=True)
class Sign(Symbolic):
    """expr >= 0 (or > 0, if strict) by the signs of its factors and terms, as declared.

    `wrong` is another expression."""

    claimed: ClassVar[str] = "expr"
    expr: Expr
    strict: bool = False

    def _is_established(self) -> bool:
        """Whether the declared assumptions exclude poles and force the sign."""
        expr = exact_expression(self.expr)
        sign = expr.is_positive if self.strict else expr.is_nonnegative
        return is_defined(expr) and sign is True

    def _tried(self) -> Iterator[Instance]:
        return instances(exact_expression(self.expr))

    def _fails_at(self, instance: Instance) -> bool:
        return _has_wrong_sign(at(exact_expression(self.expr), instance), self.strict)


@dataclass(frozen=True)
class ByCases:
    """A claim that is only looked at on exact cases: pairs of numbers that should be equal.

    `wrong` names arguments with which `cases` makes cases that are not."""

    cases: Cases
    least: int = field(default=20, kw_only=True)
    wrong: Mapping[str, object] | None = field(default=None, kw_only=True)

    def false_variant(self) -> Self | None:
        """The claim about the cases made with the wrong arguments."""
        if self.wrong is None:
            return None
        return replace(self, cases=partial(self.cases, **self.wrong), wrong=None)

    def is_established(self) -> bool:
        """Whether all of at least `least` >= 1 cases agree exactly."""
        return surely(lambda: _agree(self.cases()) >= self.least >= 1)

    def holds(self) -> bool:
        """Whether they do."""
        return self.is_established()

    def fails(self) -> bool:
        """Whether a case disagrees."""
        return surely(lambda: _agree(self.cases()) < 0)


@dataclass(frozen=True)
class Agreement(ByCases):
    """Expressions equal what the definition gives, on exact instances: (evaluated, defined)."""

    grade: ClassVar[str] = "agrees with the definition"


@dataclass(frozen=True)
class Cited(ByCases):
    """A classical fact, taken from `source` and not proved here; checked on exact cases."""

    grade: ClassVar[str] = "cited"
    source: str


def _agree(cases: Iterable[tuple[object, object]]) -> int:
    """The number of cases if all agree exactly, else -1."""
    seen = 0
    for left, right in cases:
        if exact(left) != exact(right):
            return -1
        seen += 1
    return seen
