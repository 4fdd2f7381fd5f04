"""Claims about sums, integrals and limits; `claims` says what holding and failing mean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import sympy
from sympy import Add, Dummy, Expr, Poly, Symbol

from proofs_checks.claims import Symbolic
from proofs_checks.expressions import (
    Instance,
    exact,
    exact_expression,
    instances,
    is_defined,
    is_undefined,
    is_zero,
)


@dataclass(frozen=True)
class Sums(Symbolic):
    """The sum of term(index) over start <= index < stop is value; index is a whole number >= 0.

    `wrong` is another value."""

    claimed: ClassVar[str] = "value"
    term: Expr
    antidifference: Expr
    index: Symbol
    start: Expr
    stop: Expr
    value: Expr

    def _is_established(self) -> bool:
        """Whether start <= stop, the antidifference has no poles from start on, its step there is
        the term, and its ends differ by the value."""
        start, stop = exact_expression(self.start), exact_expression(self.stop)
        place = start + Dummy("d", integer=True, nonnegative=True)
        here, next_one, first, last = (
            exact_expression(self.antidifference).subs(self.index, where)
            for where in (place, place + 1, start, stop)
        )
        term = exact_expression(self.term).subs(self.index, place)
        value = exact_expression(self.value)
        return (
            self.index.assumptions0 == Symbol("i", integer=True, nonnegative=True).assumptions0
            and bool(start.is_integer and start.is_nonnegative)
            and bool((stop - start).is_integer and (stop - start).is_nonnegative)
            and not value.has(self.index)
            and all(map(is_defined, (here, term, last, value)))
            and is_zero(next_one - here - term)
            and is_zero(last - first - value)
        )

    def _tried(self) -> Iterator[Instance]:
        return _instances(self.index, self.term, self.start, self.stop, self.value)

    def _fails_at(self, instance: Instance) -> bool:
        start, stop, value, term = (
            exact_expression(part).xreplace(instance)
            for part in (self.start, self.stop, self.value, self.term)
        )
        terms = (term.xreplace({self.index: i}) for i in map(exact, range(int(start), int(stop))))
        difference = Add(*terms) - value
        return stop < start or is_undefined(difference) or difference.is_zero is False


@dataclass(frozen=True)
class Integrates(Symbolic):
    """The integral of integrand over low <= variable <= high is value; `wrong` is another one."""

    claimed: ClassVar[str] = "value"
    integrand: Expr
    antiderivative: Expr
    variable: Symbol
    low: Expr
    high: Expr
    value: Expr

    def _is_established(self) -> bool:
        """Whether the antiderivative is smooth everywhere, with the integrand as its derivative
        and the value as its ends' difference."""
        whole = exact_expression(self.antiderivative)
        ends = exact_expression(self.low), exact_expression(self.high)
        low, high = (whole.subs(self.variable, end) for end in ends)
        value, slope = exact_expression(self.value), sympy.diff(whole, self.variable)
        return (
            self._may_run(*ends)
            and _is_smooth(whole, self.variable)
            and not any(part.has(self.variable) for part in (*ends, value))
            and all(map(is_defined, (low, high, value, whole)))
            and is_zero(slope - exact_expression(self.integrand))
            and is_zero(high - low - value)
        )

    def _may_run(self, *ends: Expr) -> bool:
        """Whether the variable, as declared, may be anything between the ends."""
        declared = self.variable.assumptions0
        if declared == Symbol("x", real=True).assumptions0:
            return True
        positive = Symbol("x", positive=True).assumptions0
        return declared == positive and all(end.is_nonnegative for end in ends)

    def _tried(self) -> Iterator[Instance]:
        return _instances(self.variable, self.integrand, self.low, self.high, self.value)

    def _fails_at(self, instance: Instance) -> bool:
        integrand, low, high, value = (
            exact_expression(part).xreplace(instance)
            for part in (self.integrand, self.low, self.high, self.value)
        )
        if is_undefined(value):
            return True
        whole = Poly(integrand, self.variable, domain="QQ").integrate(self.variable)
        return bool(whole.eval(high) - whole.eval(low) != value)


def _instances(bound: Symbol, *parts: Expr) -> Iterator[Instance]:
    """Exact values of the parts' symbols, apart from the bound one."""
    used = set().union(*(exact_expression(part).free_symbols for part in parts))
    return instances(Add(*(used - {bound})))


def _is_smooth(expr: Expr, variable: Symbol) -> bool:
    """Whether the variable enters by sums, products and whole powers >= 0 alone."""
    if not expr.has(variable) or expr == variable:
        return True
    if expr.is_Pow:
        whole = expr.exp.is_integer and expr.exp.is_nonnegative and not expr.exp.has(variable)
        return bool(whole) and _is_smooth(expr.base, variable)
    return (expr.is_Add or expr.is_Mul) and all(_is_smooth(part, variable) for part in expr.args)


@dataclass(frozen=True)
class Limit(Symbolic):
    """expr tends to the number `value` as its only symbol grows; `wrong` is another number."""

    claimed: ClassVar[str] = "value"
    expr: Expr
    variable: Symbol
    value: Expr

    def _found(self) -> Expr:
        expr = exact_expression(self.expr)
        if expr.free_symbols - {self.variable} or not self.variable.is_positive:
            raise ValueError("a limit is taken in one positive variable")
        if not is_defined(expr) or expr.has(sympy.floor, sympy.ceiling, sympy.binomial):
            raise ValueError("a limit of powers, exponentials and logarithms only")
        return exact_expression(sympy.limit(expr, self.variable, sympy.oo))

    def _is_established(self) -> bool:
        """Whether Gruntz's algorithm, which is exact, finds that limit."""
        return is_zero(self._found() - exact_expression(self.value))

    def _tried(self) -> Iterator[Instance]:
        yield {}

    def _fails_at(self, instance: Instance) -> bool:
        return (self._found() - exact_expression(self.value)).is_zero is False
