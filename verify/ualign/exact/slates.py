"""Deterministic slates: the best k outputs if they are the same every time, exactly.

A slate is a k-multiset S, and it wins min_y W(S, y). That none does better than the best is shown
slate by slate, each with a response that holds it down."""

from __future__ import annotations

from fractions import Fraction
from math import comb

from ualign.model.population import Population
from ualign.model.solutions import BeyondLimitError, SlateOptimum
from ualign.model.win_rates import payoffs

MOST_COMPARED = 1000


def count_slates(population: Population, k: int) -> int:
    """How many k-multisets of responses there are."""
    return comb(population.n + k - 1, k)


def best_slate(population: Population, k: int) -> SlateOptimum:
    """The best deterministic slate. Raises BeyondLimitError for more than MOST_COMPARED slates."""
    count = count_slates(population, k)
    if count > MOST_COMPARED:
        raise BeyondLimitError(f"{count} slates exceed the limit of {MOST_COMPARED}")
    table = payoffs(population, k)
    held = []
    for slate, row in zip(table.rows, table.matrix, strict=True):
        least = min(row)
        held.append((slate, row.index(least), Fraction(least, table.scale)))
    slate, opponent, value = max(held, key=lambda entry: entry[2])
    return SlateOptimum(k, value, slate, opponent, tuple(held))
