"""Equilibria of tiny games without any search: point masses, and some on two responses.

The population needs a user with a strict ranking, so that there is no other equilibrium (E2).
Everything is counted in integers.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

from ualign.model.policies import ProductPolicy
from ualign.model.population import Population

MOST_RESPONSES, MOST_CLASSES = 5, 200
"""With more responses, or classes of users, trying every pair takes longer than the search."""


def closed_form(population: Population, k: int) -> ProductPolicy | None:
    """The only equilibrium of the (k+1)-player game, k >= 2, on a population that is small enough,
    if it is a point mass or has two responses, and then k = 2 or both are equally liked.

    Let b, a be the weights of the users who put y above z, z above y. The point mass on y gives
    U_z = ((k+1) a + the weight of ties) / scale, which is at most 1 iff k a <= b. On y and z the
    equilibrium is the middle if a = b, by symmetry; and masses p, 1-p give U_y - 1 =
    (1-p) (b (2-p) - a (1+p)) / scale for k = 2, so that p = (2b-a)/(a+b)."""
    n = population.n
    if n > MOST_RESPONSES or population.classes > MOST_CLASSES:
        return None
    if not any(len(user.ranking) == n for user in population.users):
        return None
    above = _weights_above(population)
    for y in range(n):
        if all(k * above[z][y] <= above[y][z] for z in range(n)):
            return ProductPolicy.point_mass(n, y)
    for y, z in combinations(range(n), 2):
        b, a = above[y][z], above[z][y]
        p, q = (2 * b - a, 2 * a - b) if k == 2 else (int(a == b > 0),) * 2
        if p > 0 and q > 0 and _is_equilibrium(population, k, {y: p, z: q}):
            masses = [Fraction(0)] * n
            masses[y], masses[z] = Fraction(p, p + q), Fraction(q, p + q)
            return ProductPolicy(tuple(masses))
    return None


def _weights_above(population: Population) -> list[list[int]]:
    """[y][z]: the weight of the users who put y above z."""
    above = [[0] * population.n for _ in population.responses]
    for weight, row in zip(population.integer_weights, population.ranks, strict=True):
        for y, rank in enumerate(row):
            beaten = above[y]
            for z, other in enumerate(row):
                if rank < other:
                    beaten[z] += weight
    return above


def _is_equilibrium(population: Population, k: int, masses: dict[int, int]) -> bool:
    """Whether U <= 1 throughout, if U = 1 on the support; masses are integers of any scale."""
    most = population.scale * sum(masses.values()) ** k
    for y in range(population.n):
        earned = 0
        for weight, ranks in zip(population.integer_weights, population.ranks, strict=True):
            rank, low, own = ranks[y], 0, 0
            for z, mass in masses.items():
                if rank < ranks[z]:
                    low += mass
                elif rank == ranks[z]:
                    own += mass
            if own:
                earned += weight * (((low + own) ** (k + 1) - low ** (k + 1)) // own)
            elif low:
                earned += weight * (k + 1) * low**k
        if earned > most:
            return False
    return True
