"""The first-order upper bound on what product policies win against l outputs (E1, E5), exactly.

Users who hold an opponent's best position in the same class, above the same responses, count
together, and everything is in integers over one denominator."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import comb, lcm

from ualign.model.partial_orders import PartialPopulation, UserPopulation
from ualign.model.policies import ProductPolicy, Tuple

Mixture = tuple[tuple[Tuple, Fraction], ...]
"""Distinct l-tuples with their positive masses."""

Features = dict[tuple[int, int, int], int]
"""(strictly below, own class, j) -> integer weight of the users who hold an opponent's best
position in that class, with j positions of it; the first two are bit sets."""


CHECKABLE_WORK = 400_000_000
"""Most steps that checking an upper bound may take by our estimate, well within the budget."""


def upper_bound(
    population: UserPopulation, k: int, opponents: Mixture, point: ProductPolicy
) -> Fraction:
    """The first-order bound 1 + (k - 1) P - k min_y P_y on W(pi^k, opponents) for every pi (E5).

    All tuples of the mixture have the same length. At k = 1 the point does not matter."""
    return 1 - min(tangent(population, k, opponents, point))


def tangent(
    population: UserPopulation, k: int, opponents: Mixture, point: ProductPolicy
) -> list[Fraction]:
    """k P_y - (k - 1) P for every y: the chance that the mixture's tuple is picked against k draws,
    made linear at the point, as it is at y. It is convex, so its average over pi is a lower bound
    of the chance against draws from pi (E1)."""
    unit = lcm(*(mass.denominator for _, mass in opponents))
    merged: Features = {}
    for opponent, mass in opponents:
        for feature, weight in features(population, opponent).items():
            merged[feature] = merged.get(feature, 0) + int(mass * unit) * weight
    rows, scale = chances(population, [merged], k, len(opponents[0][0]), point)
    scale *= unit
    masses, whole = _integers(point)
    P = sum(mass * chance for mass, chance in zip(masses, rows[0], strict=True))
    return [Fraction(k * whole * chance - (k - 1) * P, scale * whole) for chance in rows[0]]


def checking_work(population: UserPopulation, k: int, l: int, bits: int) -> int:
    """About how many steps the checker needs for an upper bound with masses of `bits` bits: powers
    of (k + l) * bits bits for each class, number of best positions in it and one position more, and
    a term for each of these, user and response (SPEC.md: what a step is)."""
    longest, n = 1 + (k + l) * bits // 512, population.n
    powers = 2 * l * len(population.groups) * longest * (256 + (l + 2) * longest)
    return powers + len(population.users) * n * l * (n + 16) * longest


def features(population: UserPopulation, opponent: Sequence[int]) -> Features:
    """All that matters of a tuple: its best class for every user, and how often it is there."""
    found: Features = {}
    if isinstance(population, PartialPopulation):
        (y,) = opponent
        for group in population.groups:
            if group.own >> y & 1:
                found[group.below, group.own, 1] = group.weight
        return found
    for weight, user, ranks in zip(
        population.integer_weights, population.users, population.ranks, strict=True
    ):
        best = min(held := [ranks[y] for y in opponent])
        below = sum(1 << y for tied in user.ranking[best + 1 :] for y in tied)
        own = sum(1 << y for y in user.ranking[best])
        feature = below, own, held.count(best)
        found[feature] = found.get(feature, 0) + weight
    return found


def chances(
    population: UserPopulation, rows: Sequence[Features], k: int, l: int, point: ProductPolicy
) -> tuple[list[list[int]], int]:
    """Row by row: the chance, over the returned scale, that T is picked against y and k - 1 draws
    of the point, for every y.

    With L, p of T's best class, i of the draws in it and none above, T's share is j/(i+j) against
    a y below and j/(i+1+j) against a y within. (Sums of powers, so that p = 0 is allowed.)"""
    masses, unit = _integers(point)
    common = lcm(*range(1, k + l + 1))
    found: dict[tuple[int, int, int], list[int]] = {}
    result = []
    for row in rows:
        chance = [0] * population.n
        for (below, own, j), weight in row.items():
            if (below, own, j) not in found:
                parts = (sum(m for y, m in enumerate(masses) if s >> y & 1) for s in (below, own))
                L, p = parts
                found[below, own, j] = [
                    _form(L, p, [comb(k - 1, i) * (j * common // (i + j + s)) for i in range(k)])
                    for s in (0, 1)
                ]
            low, tied = found[below, own, j]
            for y in range(population.n):
                if below >> y & 1:
                    chance[y] += weight * low
                elif own >> y & 1:
                    chance[y] += weight * tied
        result.append(chance)
    return result, population.scale * common * unit ** (k - 1)


def _form(L: int, p: int, coefficients: Sequence[int]) -> int:
    """sum_i coefficients[i] L^(d-i) p^i, d being the last i; by Horner, as long numbers times short
    ones are cheap."""
    total, power = 0, 1
    for coefficient in coefficients:
        total = total * L + coefficient * power
        power *= p
    return total


def _integers(policy: ProductPolicy) -> tuple[list[int], int]:
    unit = lcm(*(mass.denominator for mass in policy.masses))
    return [int(mass * unit) for mass in policy.masses], unit
