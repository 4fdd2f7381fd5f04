"""All n! strict rankings of n responses, equally likely, by orbits, so that n may be in the
thousands.

Renaming the responses changes nothing here, so only the multiplicities of a tuple count: the
average of W(S, y) over all y is what a random assignment of S's multiplicities to responses wins
against every y, and the best k-output policy is the best partition of k (P3).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import factorial
from typing import get_args

from ualign.errors import InputError
from ualign.model.given import whole_number
from ualign.model.population import Population
from ualign.model.win_rates import Ties


@dataclass(frozen=True)
class UniformRankings:
    """The population of all strict rankings of `n` responses, equally likely. Raises InputError
    for n < 1."""

    n: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "n", whole_number(self.n, "uniform rankings: n =", 1))


def random_subset_rate(n: int, multiplicities: Sequence[int], ties: Ties = "uniform") -> Fraction:
    """W(S, y) for a tuple S that holds m responses with these multiplicities, y being a uniformly
    random one of the n responses (P3).

    A y outside of S loses to S in m of m + 1 orders. One inside is the best of S in one order of
    m, and then S, holding c copies of it, keeps c/(c+1), 1, 1/2 or 0 as `ties` says.
    Raises InputError unless there are 1 to n multiplicities, all at least 1."""
    m = len(multiplicities)
    if not 1 <= m <= n or min(multiplicities) < 1:
        raise InputError(f"multiplicities {tuple(multiplicities)}: expected 1 to {n} positive ones")
    kept = sum((_kept(copies, ties) for copies in multiplicities), Fraction(0)) / m
    return (Fraction((n - m) * m, m + 1) + m - 1 + kept) / n


def best(n: int, k: int, ties: Ties = "uniform") -> tuple[Fraction, tuple[int, ...]]:
    """The value of the best k-output policy of any kind on uniform rankings, and multiplicities
    whose random assignment to responses attains it (P3).

    No closed form: every partition of k into at most n parts is tried. Raises InputError for
    n < 1, k < 1."""
    if n < 1 or k < 1:
        raise InputError(f"n={n}, k={k}: expected at least one response and one output")
    return max((random_subset_rate(n, parts, ties), parts) for parts in partitions(k, n))


def partitions(k: int, parts: int) -> Iterator[tuple[int, ...]]:
    """The ways to write k >= 1 as a sum of at most `parts` positive integers, largest first."""
    return _partitions(k, parts, k)


def _partitions(k: int, parts: int, largest: int) -> Iterator[tuple[int, ...]]:
    if k == 0:
        yield ()
    elif parts > 0:
        for first in range(min(k, largest), 0, -1):
            for rest in _partitions(k - first, parts - 1, first):
                yield first, *rest


def _kept(copies: int, ties: Ties) -> Fraction:
    if ties not in get_args(Ties):
        raise InputError(f"ties={ties!r}: expected one of {', '.join(get_args(Ties))}")
    shared = Fraction(copies, copies + 1)
    return {"uniform": shared, "win": Fraction(1), "half": Fraction(1, 2), "lose": Fraction(0)}[
        ties
    ]


def is_uniform(population: Population) -> bool:
    """Whether every strict ranking of the responses has the same weight, and no other has any."""
    weights: dict[tuple[int, ...], int] = {}
    for weight, ranks in zip(population.integer_weights, population.ranks, strict=True):
        key = tuple(ranks)
        weights[key] = weights.get(key, 0) + weight
    strict = all(len(set(key)) == population.n for key in weights)
    return strict and len(weights) == factorial(population.n) and len(set(weights.values())) == 1
