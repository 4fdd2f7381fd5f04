"""Real numbers enclosed by flint's balls, and back to rationals."""

from __future__ import annotations

from fractions import Fraction

from flint import arb, fmpq

Interval = tuple[Fraction, Fraction]
"""Rational numbers around a real one."""


def ball(number: Fraction, relative: Fraction = Fraction(0)) -> arb:
    """The number at the precision that is set, times all of 1 +- the relative radius."""
    exact = arb(fmpq(number.numerator, number.denominator))
    if not relative:
        return exact
    return exact * arb(1, arb(fmpq(relative.numerator, relative.denominator)).upper())


def ends(enclosed: arb) -> Interval:
    """The rational ends of a ball."""
    return _rational(enclosed.lower()), _rational(enclosed.upper())


def _rational(exact: arb) -> Fraction:
    mantissa, exponent = exact.man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
