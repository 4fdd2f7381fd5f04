"""From what floats or balls propose to rational policies: simple ones nearby, or rounded ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from ualign.model.policies import ProductPolicy

SIMPLE = ((1 << 6, 1 << 14), (1 << 12, 1 << 30), (1 << 24, 1 << 64))
"""Simple rationals: denominators up to the first, tried where they are 1/second close."""

FLOAT_BITS = 44
"""Float masses are rounded to so many bits, which also clears those that only approach zero."""


def fractions(numbers: Any) -> list[Fraction]:
    """Floats or balls without radius as the rationals they are."""
    if numbers.dtype == float:
        return [Fraction(v) for v in numbers.tolist()]
    pairs = (ball.man_exp() for ball in numbers)
    return [int(mantissa) * Fraction(2) ** int(exponent) for mantissa, exponent in pairs]


def simple_policies(x: Sequence[Fraction]) -> Iterator[ProductPolicy]:
    """The different policies of simple masses next to x, the simplest first."""
    tried = []
    for most, closeness in SIMPLE:
        masses = tuple(mass.limit_denominator(most) for mass in x)
        near = all(abs(a - b) * closeness < 1 for a, b in zip(masses, x, strict=True))
        if near and sum(masses) == 1 and masses not in tried:
            tried.append(masses)
            yield ProductPolicy(masses)


def distribution(masses: Sequence[Fraction], bits: int) -> tuple[Fraction, ...]:
    """Multiples of 2^-bits near the masses that sum to one; the largest takes the difference."""
    total = sum(masses)
    rounded = [int(mass / total * (1 << bits)) for mass in masses]
    rounded[max(range(len(rounded)), key=rounded.__getitem__)] += (1 << bits) - sum(rounded)
    return tuple(Fraction(mass, 1 << bits) for mass in rounded)
