"""Small populations of which the best product policies are known."""

from __future__ import annotations

from fractions import Fraction

from ualign.model.population import Population

F = Fraction
CYCLE = Population.from_rankings([[*"abc"], [*"bca"], [*"cab"]])
CLONES = Population.from_rankings(
    [["a", "b", ["c", "d"]], ["b", ["c", "d"], "a"], [["c", "d"], "a", "b"]]
)
WEIGHTED = Population.from_rankings([[*"abc"], [*"bca"], [*"cab"]], [1, 2, 4])


def g(l: int, k: int) -> Fraction:
    """E5's rate by its integral: P(T wins) <= l * integral of c^k over [1 - 1/l, 1]."""
    return 1 - l * (F(1) ** (k + 1) - F(l - 1, l) ** (k + 1)) / (k + 1)
