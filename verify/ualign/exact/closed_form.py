"""Equilibria of tiny games without any search: point masses, and two responses at k = 2.

The population needs a user with a strict ranking, so that there is no other equilibrium (E2).
Everything is counted in integers.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

from ualign.model.policies import ProductPolicy
from ualign.model.population import Population

MOST_RESPONSES = 4
"""With more, trying every pair takes longer than the search."""


def closed_form(population: Population, k: int) -> ProductPolicy | None:
    """The only equilibrium of the (k+1)-player game, k >= 2, if it is a point mass, or has two
    responses and k = 2, on a population that is small enough; otherwise None.

    Let b, a be the weights of the users who put y above z, z above y. The point mass on y gives
    U_z = ((k+1) a + the weight of ties) / scale, which is at most 1 iff k a <= b. At k = 2 masses
    p, 1-p on y, z give U_y - 1 = (1-p) (b (2-p) - a (1+p)) / scale, so that p = (2b-a)/(a+b)."""
    n, users = population.n, population.users
    if n > MOST_RESPONSES or not any(len(user.ranking) == n for user in users):
        return None
    above = _weights_above(population)
    for y in range(n):
        if all(k * above[z][y] <= above[y][z] for z in range(n)):
            return ProductPolicy.point_mass(n, y)
    if k > 2:
        return None
    for y, z in combinations(range(n), 2):
        b, a = above[y][z], above[z][y]
        if 0 < a < 2 * b and b < 2 * a and _is_equilibrium(population, y, 2 * b - a, z, 2 * a - b):
            masses = [Fraction(0)] * n
            masses[y], masses[z] = Fraction(2 * b - a, a + b), Fraction(2 * a - b, a + b)
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


def _is_equilibrium(population: Population, y: int, p: int, z: int, q: int) -> bool:
    """Whether U <= 1 at k = 2 off the support y, z, on which masses p : q give U = 1.

    There S^2 + S L + L^2 = 3 L (L + own) + own^2, with own = S - L the mass of the class."""
    most = population.scale * (p + q) ** 2
    for v in range(population.n):
        earned = 0
        for weight, ranks in zip(population.integer_weights, population.ranks, strict=True):
            rank, low, own = ranks[v], 0, 0
            for other, mass in ((ranks[y], p), (ranks[z], q)):
                if rank < other:
                    low += mass
                elif rank == other:
                    own += mass
            earned += weight * (3 * low * (low + own) + own * own)
        if earned > most:
            return False
    return True
