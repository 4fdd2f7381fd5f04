"""What the claims are decided with: exact expressions, normal forms, where terms are defined.

SymPy's own functions are trusted to keep an expression's value, and not to lose a case when they
simplify under declared assumptions. As a net below them, every claim also meets exact instances,
which can only ever speak against it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

import sympy
from sympy import Expr, Integer, Rational, S, Symbol
from sympy.core.function import AppliedUndef

Range = tuple[object, object]
Instance = dict[Symbol, Rational]

CANDIDATES = *map(Integer, range(5)), *(Rational(n, 12) for n in (1, 2, 4, 6, 9, 30, -6, -12))
TRIES = 24
"""Instances are drawn from such numbers, at most so many of them."""


def exact(number: object) -> Rational:
    """An int, Fraction or rational SymPy number as a SymPy Rational; TypeError for all else."""
    if isinstance(number, Fraction):
        return Rational(number.numerator, number.denominator)
    if isinstance(number, int):
        return Integer(number)
    if isinstance(number, Expr) and number.is_Rational:
        return number
    raise TypeError(f"{number!r} is not an exact rational number")


def exact_expression(value: object) -> Expr:
    """An expression without floats, infinities and undefined parts; TypeError for all else."""
    expr = value if isinstance(value, Expr) else exact(value)
    if expr.has(sympy.Float, S.NaN, S.Infinity, S.NegativeInfinity, S.ComplexInfinity):
        raise TypeError(f"{value!r} is not exact and finite")
    return expr


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


def is_defined(expr: Expr) -> bool:
    """Whether the declared assumptions exclude poles: no 1/0, log 0 or (-1)! anywhere.

    Functions that are not known here count as undefined; so does what cannot be decided."""
    return all(map(_is_finite_part, sympy.preorder_traversal(expr)))


def _is_finite_part(part: Expr) -> bool:
    if part.is_Pow or isinstance(part, sympy.exp):
        base, exponent = part.as_base_exp()
        return bool(_is_nonzero(base) or (exponent.is_nonnegative and base.is_finite is not False))
    if isinstance(part, sympy.log):
        return _is_nonzero(part.args[0])
    if isinstance(part, sympy.factorial):
        return part.args[0].is_nonnegative is True
    if isinstance(part, sympy.binomial):
        return all(argument.is_integer for argument in part.args)
    return isinstance(part, _TAME)


_TAME = (
    sympy.Abs,
    sympy.Add,
    sympy.Derivative,
    sympy.Max,
    sympy.Min,
    sympy.Mul,
    sympy.Number,
    sympy.NumberSymbol,
    sympy.Symbol,
    sympy.Tuple,
    sympy.ceiling,
    sympy.floor,
    AppliedUndef,
)


def _is_nonzero(expr: Expr) -> bool:
    return any(form.is_zero is False for form in (expr, sympy.factor(expr), sympy.expand(expr)))


def instances(expr: Expr, ranges: Mapping[Symbol, Range] | None = None) -> Iterator[Instance]:
    """Exact values of the symbols, as declared and in range: the near ends first, then random."""
    rng = random.Random(0)
    symbols = sorted(expr.free_symbols, key=str)
    offered = [_values(symbol, (ranges or {}).get(symbol)) for symbol in symbols]
    if all(offered):
        yield {symbol: at[0] for symbol, at in zip(symbols, offered, strict=True)}
        for _ in range(TRIES):
            yield {symbol: rng.choice(at) for symbol, at in zip(symbols, offered, strict=True)}


def _values(symbol: Symbol, ends: Range | None) -> list[Rational]:
    if ends is None:
        return [number for number in CANDIDATES if _may_be(symbol, number)]
    low = exact(ends[0])
    high = low + 5 if ends[1] is None else exact(ends[1])
    inside = [low + step for step in CANDIDATES if 0 <= step <= high - low]
    return [number for number in (*inside, high) if _may_be(symbol, number)]


def _may_be(symbol: Symbol, number: Rational) -> bool:
    """Whether the number has every property that the symbol is declared to have."""
    facts = symbol.assumptions0.items()
    return all(getattr(number, f"is_{fact}") == truth for fact, truth in facts)


def at(expr: Expr, instance: Instance) -> Expr:
    """The expression's value at an instance; undefined functions stand for some polynomials."""
    for number, unknown in enumerate(sorted(expr.atoms(AppliedUndef), key=str)):
        expr = expr.subs(unknown, (unknown.args[0] + number) ** (number + 2) + 1)
    return expr.doit().xreplace(instance)


def is_undefined(value: Expr) -> bool:
    """Whether a value is no finite number."""
    return bool(value.has(S.NaN, S.Infinity, S.NegativeInfinity, S.ComplexInfinity))
