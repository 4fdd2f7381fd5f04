"""The alignment game in high precision: U in integers with a proven error, its Jacobian in balls.

The notation is that of `alignment_game`. Masses are integers over 2^bits, and so are numbers over
2^fine with fine >= bits; a `unit` is 2^-fine.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from flint import arb, ctx

from ualign.model.population import Group, Population

FEW_RESPONSES = 8
"""Up to so many, users who agree on what of the support is below and in a class share a term."""

SHORT_POWER = 1200
"""Powers of up to so many bits are worked out in full."""


class PreciseGame:
    """U_y = (k+1) u_y at any precision, for all responses y, with a bound for its error."""

    def __init__(self, population: Population, k: int) -> None:
        self.population, self.k = population, k
        self._steps = bin(k)[3:]
        self._terms: tuple[int, _Terms] | None = None

    def utilities(self, masses: Sequence[int], bits: int, fine: int) -> tuple[list[int], int]:
        """V and an error e such that |V_y - 2^fine U_y| <= e for all y; masses sum to at most 1.

        Rounding a product of x', y' <= 1 down loses at most what x' and y' lost, and one unit; so
        S^k and S^N, N = k + 1, are less than k + 1 units short, (S^N - L^N)/p is off by less than
        N/p and one for the division, and N S^k, where p = 0, by less than N k. A class with
        N S^k < 1/2 unit counts as 0."""
        shift = fine - bits
        x = [mass << shift for mass in masses]
        least = min((mass for mass in x if mass), default=1 << fine)
        N = self.k + 1
        # the root's float is off by much less than the factor that is taken off it
        root = 2.0 ** (-(fine + N.bit_length() + 1) / self.k) * (1 - 1e-9)
        cut = (int(root * 2.0**53) << fine) >> 53
        small = self.population.n <= FEW_RESPONSES
        add = self._by_terms if small else self._by_users
        total = self.population.scale
        V = [value // total for value in add(x, fine, cut)]
        return V, N * ((1 << fine) // least + 1) + N * self.k + 3

    def _powers(self, s: int, fine: int) -> tuple[int, int]:
        """S^k and S^(k+1) in units, rounded down."""
        k = self.k
        if k * fine <= SHORT_POWER:
            power = s**k >> (k - 1) * fine
        else:
            power = s
            for bit in self._steps:
                power = power * power >> fine
                if bit == "1":
                    power = power * s >> fine
        return power, power * s >> fine

    def _by_users(self, x: Sequence[int], fine: int, cut: int) -> list[int]:
        """The users' classes, best first, as far as they matter."""
        N, whole = self.k + 1, sum(x)
        U = [0] * len(x)
        at_whole = self._powers(whole, fine)
        population = self.population
        for weight, user in zip(population.integer_weights, population.users, strict=True):
            s, (power, next_power) = whole, at_whole
            for tied in user.ranking:
                p = 0
                for y in tied:
                    p += x[y]
                if p:
                    s -= p
                    before = next_power
                    power, next_power = self._powers(s, fine) if s > cut else (0, 0)
                    value = ((before - next_power << fine) // p) * weight
                else:
                    value = power * (N * weight)
                for y in tied:
                    U[y] += value
                if not power and s <= cut:
                    break
        return U

    def _by_terms(self, x: Sequence[int], fine: int, cut: int) -> list[int]:
        """Terms that users share."""
        N = self.k + 1
        support = sum(1 << y for y, mass in enumerate(x) if mass)
        if self._terms is None or self._terms[0] != support:
            self._terms = support, _Terms.of(self.population.groups, support)
        terms = self._terms[1]
        sums, powers = [0], [(0, 0)]
        for below, added in terms.subsets:
            s = sums[below]
            for y in added:
                s += x[y]
            sums.append(s)
            powers.append(self._powers(s, fine) if s > cut else (0, 0))
        U = [0] * len(x)
        for low, top, receivers in terms.classes:
            if low == top:
                value = N * powers[low][0]
            else:
                value = (powers[top][1] - powers[low][1] << fine) // (sums[top] - sums[low])
            for y, weight in receivers:
                U[y] += value * weight
        return U


class _Terms:
    """Subsets of the support that are below or up to a class, each as an earlier one and what it
    has besides (the first, which is not listed, is empty); and the classes, as two such subsets and
    the weights of the users by the responses in it."""

    def __init__(self) -> None:
        self.subsets: list[tuple[int, tuple[int, ...]]] = []
        self.classes: list[tuple[int, int, list[tuple[int, int]]]] = []

    @classmethod
    def of(cls, groups: Sequence[Group], support: int) -> _Terms:
        """The terms of the groups on a support."""
        weights: dict[tuple[int, int], dict[int, int]] = {}
        for group in groups:
            key = group.below & support, group.own & support
            receivers = weights.setdefault(key, {})
            for y in _members(group.own):
                receivers[y] = receivers.get(y, 0) + group.weight
        terms, place = cls(), {0: 0}
        for low, own in sorted(weights):  # an earlier subset is a smaller number
            if low | own not in place:
                place[low | own] = len(place)
                terms.subsets.append((place[low], _members(own)))
            receivers = weights[low, own]
            terms.classes.append((place[low], place[low | own], list(receivers.items())))
        return terms


@cache
def _members(subset: int) -> tuple[int, ...]:
    return tuple(y for y in range(subset.bit_length()) if subset >> y & 1)


def precise_jacobian(
    population: Population, masses: Sequence[int], bits: int, k: int, columns: Sequence[int]
) -> list[list[Any]]:
    """dU_i/dpi_j for i and j in `columns`, which hold all the mass; to about flint's precision.

    Class masses that are smaller than that precision can divide by count as zero."""
    N, unit, zero = k + 1, arb(2) ** -bits, arb(0)
    place = {y: i for i, y in enumerate(columns)}
    weights: dict[tuple[int, int], int] = {}
    for weight, user in zip(population.integer_weights, population.users, strict=True):
        low = 0
        for tied in reversed(user.ranking):
            own = sum(1 << place[y] for y in tied if y in place)
            if own:
                weights[low, own] = weights.get((low, own), 0) + weight
                low |= own
    J = [[zero] * len(columns) for _ in columns]
    for (low, own), weight in weights.items():
        below = [j for j in range(len(columns)) if low >> j & 1]
        here = [j for j in range(len(columns)) if own >> j & 1]
        L, p = (sum(masses[columns[j]] for j in part) * unit for part in (below, here))
        S, share = L + p, arb(weight) / population.scale
        if p > S * arb(2) ** (-ctx.prec // 4):
            below_k, top_k = L**k, S**k
            Q = (top_k * S - below_k * L) / p
            by_low = N * (top_k - below_k) / p * share
            by_own = (N * top_k - Q) / p * share
        else:
            by_low = N * k * S ** (k - 1) * share
            by_own = by_low / 2
        for i in here:
            row = J[i]
            for j in below:
                row[j] = row[j] + by_low
            for j in here:
                row[j] = row[j] + by_own
    return J
