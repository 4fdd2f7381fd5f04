"""The signs of polynomials on boxes, by the signs of their coefficients in suitable variables."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from math import prod

import sympy
from sympy import Add, Dummy, Expr, Poly, Symbol

from proofs_checks.expressions import Range, exact


def declared_range(symbol: Symbol) -> Range:
    """The least closed interval that holds every value which the symbol's assumptions admit."""
    if not symbol.is_nonnegative:
        raise ValueError(f"{symbol} needs a range, having no declared sign")
    return int(bool(symbol.is_integer and symbol.is_positive)), None


def closed(symbol: Symbol, ends: Range) -> Range:
    """The interval's exact ends; ValueError if it is empty or contradicts the declared sign."""
    low, high = exact(ends[0]), None if ends[1] is None else exact(ends[1])
    below, above = low < 0, high is None or high > 0
    if (symbol.is_nonnegative and below) or (symbol.is_nonpositive and above):
        raise ValueError(f"{symbol} is declared with another sign")
    if symbol.is_extended_real is False or (high is not None and high < low):
        raise ValueError(f"{symbol} has no values there")
    return low, high


def is_signed(expr: Expr, box: Mapping[Symbol, Range], strict: bool) -> bool:
    """Whether a polynomial is >= 0 (or > 0) on a box, by the signs of its coefficients there."""
    if not box:
        return bool(exact(expr) > 0 if strict else exact(expr) >= 0)
    poly = Poly(expr, *box, domain="QQ")
    degrees = [max(0, poly.degree(symbol)) for symbol in box]  # zero has none
    fresh = [Dummy() for _ in box]
    moved = Add(*(c * _moved(powers, degrees, fresh, box) for powers, c in poly.terms()))
    coefficients = Poly(moved, *fresh, domain="QQ").as_dict()
    far = [
        (0,) if ends[1] is None else (0, d) for ends, d in zip(box.values(), degrees, strict=True)
    ]
    corners = (coefficients.get(corner, 0) > 0 for corner in product(*far))
    return all(c >= 0 for c in coefficients.values()) and (not strict or all(corners))


def _moved(
    powers: tuple[int, ...], degrees: list[int], fresh: list[Symbol], box: Mapping[Symbol, Range]
) -> Expr:
    """A monomial in the new variables t, times (1+t)^degree where the interval is bounded."""
    factors = (
        (low + t) ** e if high is None else (low + high * t) ** e * (1 + t) ** (d - e)
        for e, d, t, (low, high) in zip(powers, degrees, fresh, box.values(), strict=True)
    )
    return prod(factors, start=sympy.Integer(1))
