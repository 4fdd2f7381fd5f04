"""Proof obligations: small claims that computer algebra decides, each beside a false variant.

A theorem is cut into obligations. An obligation holds when its claim is decided true *and* the same
machinery refuses its false variant, so that no obligation can hold for want of looking. Claims are
decided by normal forms and signs of coefficients, never by sampling; only `Agreement` (that an
expression is the one the definition means) and `Cited` (a classical fact) look at cases, and they
are reported as what they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar, Protocol

import sympy
from sympy import Expr, Integer, Poly, Rational, Symbol


class Claim(Protocol):
    """Something that is decided; `kind` says by what means."""

    kind: ClassVar[str]

    def holds(self) -> bool:
        """True only if it is established."""
        ...


@dataclass(frozen=True)
class Identity:
    """left = right for all values of the symbols that their declared assumptions admit."""

    left: Expr
    right: Expr
    kind: ClassVar[str] = "identity"

    def holds(self) -> bool:
        """Whether a normal form of the difference is literally zero."""
        difference = sympy.sympify(self.left) - sympy.sympify(self.right)
        return not difference.has(sympy.Float) and is_zero(difference)


@dataclass(frozen=True)
class Inequality:
    """expr >= 0 (or > 0, if strict) where every symbol of `ranges` runs over its closed interval.

    An interval is (a, b), or (a, None) for all numbers from a on. Substituting x = a + t, or
    x = (a + b t)/(1 + t), with t >= 0 (the missing end point t = oo follows by continuity, so a
    strict claim over a bounded interval leaves it out), must leave a quotient of polynomials whose
    coefficients are all nonnegative; a strict claim needs a positive constant term too. All
    symbols must be listed. What this cannot show it refuses, even if it is true."""

    expr: Expr
    ranges: Mapping[Symbol, tuple[object, object]]
    strict: bool = False
    kind: ClassVar[str] = "inequality"

    def holds(self) -> bool:
        """Whether the coefficients have the right signs."""
        expr = sympy.sympify(self.expr)
        if expr.has(sympy.Float) or expr.free_symbols - set(self.ranges):
            return False
        moved, fresh = {}, []
        for symbol, ends in self.ranges.items():
            low, high = (None if end is None else exact(end) for end in ends)
            if low is None or (high is not None and not low < high):
                return False
            t = sympy.Dummy(f"t_{symbol}", nonnegative=True)
            fresh.append(t)
            moved[symbol] = low + t if high is None else (low + high * t) / (1 + t)
        quotient = sympy.together(expr.subs(moved, simultaneous=True))
        parts = [sympy.expand(part) for part in sympy.fraction(sympy.cancel(quotient))]
        if not all(part.is_polynomial(*fresh) for part in parts):
            return False
        numerator, denominator = (Poly(part, *fresh) for part in parts)
        if denominator.LC() < 0:
            numerator, denominator = -numerator, -denominator
        signs = all(c >= 0 for c in (*numerator.coeffs(), *denominator.coeffs()))
        constants = [part.eval(dict.fromkeys(fresh, 0)) for part in (numerator, denominator)]
        return bool(signs and constants[1] > 0 and (constants[0] > 0 or not self.strict))


@dataclass(frozen=True)
class Telescopes:
    """sum of term(i) over start <= i < stop is antidifference(stop) - antidifference(start)."""

    term: Expr
    antidifference: Expr
    index: Symbol
    kind: ClassVar[str] = "telescoping"

    def holds(self) -> bool:
        """Whether the antidifference's step is the term."""
        stepped = self.antidifference.subs(self.index, self.index + 1)
        return is_zero(stepped - self.antidifference - self.term)


@dataclass(frozen=True)
class Agreement:
    """Expressions equal what the definition gives, on exact instances: (evaluated, defined)."""

    cases: Callable[[], Iterable[tuple[object, object]]]
    least: int = 20
    kind: ClassVar[str] = "agrees with the definition"

    def holds(self) -> bool:
        """Whether all of at least `least` instances agree exactly."""
        return _every(self.cases(), self.least)


@dataclass(frozen=True)
class Cited:
    """A classical fact, taken from `source` and not proved here; checked on exact cases."""

    source: str
    cases: Callable[[], Iterable[tuple[object, object]]]
    least: int = 20
    kind: ClassVar[str] = "cited"

    def holds(self) -> bool:
        """Whether all of at least `least` cases agree exactly."""
        return _every(self.cases(), self.least)


@dataclass(frozen=True)
class Obligation:
    """One step of a proof: what it says, the claim, and a false variant of the claim."""

    says: str
    claim: Claim
    false_variant: Claim

    def state(self) -> str:
        """ "proved" (or, for what looks at cases, the claim's kind) where the claim holds and the
        variant is refused; else what went wrong."""
        if not self.claim.holds():
            return "NOT PROVED"
        if self.false_variant.holds():
            return "UNSOUND: the false variant passes"
        return self.claim.kind if isinstance(self.claim, Agreement | Cited) else "proved"

    def holds(self) -> bool:
        """Whether the claim holds and its false variant does not."""
        return self.claim.holds() and not self.false_variant.holds()


@dataclass(frozen=True)
class Theorem:
    """A statement for all parameters, cut into obligations.

    `source` is its label (P3, E5); `latex` the statement; `assumes` what the obligations rest on
    besides the definition; `not_proved` the steps that no machine has checked, in words."""

    source: str
    title: str
    words: str
    latex: str
    hypotheses: Sequence[str]
    obligations: Sequence[Obligation]
    assumes: Sequence[str] = ()
    not_proved: Sequence[str] = ()


def is_zero(expr: Expr) -> bool:
    """Whether one of several normal forms of the expression is literally zero."""
    return any(form(expr) == 0 for form in _FORMS)


def _powers_gathered(expr: Expr) -> Expr:
    return sympy.expand(sympy.powsimp(sympy.expand(sympy.expand(expr, power_exp=True))))


_FORMS: tuple[Callable[[Expr], Expr], ...] = (
    lambda expr: expr,
    sympy.expand,
    lambda expr: sympy.cancel(sympy.together(expr)),
    _powers_gathered,
    lambda expr: sympy.expand(sympy.powsimp(sympy.numer(sympy.together(expr)), force=False)),
    lambda expr: sympy.expand(sympy.gammasimp(sympy.expand_func(expr))),
    sympy.simplify,
)
"""Cheap ones first. Each keeps the value, so any of them that ends at zero is a proof."""


def exact(number: object) -> Rational:
    """An int, Fraction or SymPy number as an exact SymPy number; TypeError for anything else."""
    if isinstance(number, Fraction):
        return Rational(number.numerator, number.denominator)
    if isinstance(number, int):
        return Integer(number)
    value = sympy.sympify(number)
    if not (isinstance(value, Expr) and value.is_number and not value.has(sympy.Float)):
        raise TypeError(f"{number!r} is not an exact number")
    return value


def _every(cases: Iterable[tuple[object, object]], least: int) -> bool:
    seen = 0
    for left, right in cases:
        seen += 1
        if not is_zero(exact(left) - exact(right)):
            return False
    return seen >= least
