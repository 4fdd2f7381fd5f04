"""The (k+1)-player alignment game: what a response earns against k independent draws.

`U = (k+1) u` throughout, so that equilibrium means U <= 1 and, by P1, sum_y pi_y U_y = 1. For a
user and a response y let L be the mass strictly below y, p the mass of y's class, S = L + p,
N = k + 1. Then U_y is the users' average of Q = (S^N - L^N)/p (N S^k where p = 0), a polynomial in
the masses with nonnegative coefficients, homogeneous of degree k. This "mass below" form, which
does not use sum pi = 1, is the one that is differentiated here.

`FloatGame` is for proposals; `utilities_in_balls` encloses U rigorously at any precision, and
`jacobian_in_balls` gives its derivatives there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from flint import arb, ctx

from ualign.model.population import Population

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]


class FloatGame:
    """U and its Jacobian in floating point: O(users * n) and O(users * n^2).

    `ranks` holds a row a user (0 = best), and `weights` their shares."""

    def __init__(self, ranks: Integers, weights: Floats, k: int) -> None:
        self.ranks, self.weights, self.k = ranks, weights, k
        self.users, self.n = ranks.shape
        self.order = np.argsort(ranks, axis=1, kind="stable")
        sorted_ranks = np.take_along_axis(ranks, self.order, axis=1)
        # where each response's class starts and ends in its user's order, best first
        columns = np.arange(self.n)
        new = np.ones_like(sorted_ranks, dtype=bool)
        new[:, 1:] = sorted_ranks[:, 1:] != sorted_ranks[:, :-1]
        first = np.maximum.accumulate(np.where(new, columns, 0), axis=1)
        last_of = np.ones_like(new)
        last_of[:, :-1] = new[:, 1:]
        flipped = np.where(last_of, columns, self.n)[:, ::-1]
        last = np.minimum.accumulate(flipped, axis=1)[:, ::-1]
        self.first = np.empty_like(first)
        self.end = np.empty_like(first)
        np.put_along_axis(self.first, self.order, first, axis=1)
        np.put_along_axis(self.end, self.order, last + 1, axis=1)

    @classmethod
    def of(cls, population: Population, k: int) -> FloatGame:
        """The population's game."""
        total = population.scale
        weights = np.array([w / total for w in population.integer_weights])
        return cls(np.array(population.ranks, dtype=np.int64), weights, k)

    def of_opinions(self) -> FloatGame:
        """Without the users who are indifferent among everything. They add the same to every
        response, so that the equilibria stay, but they may drown the others in rounding."""
        told = self.ranks.max(axis=1) > 0
        if not self.weights[told].sum() > 0:
            return self
        return FloatGame(self.ranks[told], self.weights[told] / self.weights[told].sum(), self.k)

    def restricted(self, responses: Integers) -> FloatGame:
        """The game on these responses alone: the others do not matter while nobody plays them."""
        return FloatGame(self.ranks[:, responses], self.weights, self.k)

    def _masses(self, pi: Floats) -> tuple[Floats, Floats]:
        """H (strictly above) and x = p/(1 - H), per user and response."""
        above = np.zeros((self.users, self.n + 1))
        np.cumsum(pi[self.order], axis=1, out=above[:, 1:])
        H = np.clip(np.take_along_axis(above, self.first, axis=1), 0.0, 1.0)
        p = np.take_along_axis(above, self.end, axis=1) - H
        with np.errstate(divide="ignore", invalid="ignore"):
            x = np.where(H < 1, np.clip(p / (1 - H), 0.0, 1.0), 0.0)
        return H, x

    def utilities(self, pi: Floats) -> Floats:
        """U at pi (sum 1), shape (n,)."""
        H, x = self._masses(pi)
        Q = _power(H, self.k) * _geometric(x, self.k + 1)
        result: Floats = self.weights @ Q
        return result

    def jacobian(self, pi: Floats) -> Floats:
        """dU_i/dpi_j at pi, shape (n, n).

        dQ/dL = N (S^k - L^k)/p and dQ/dp = (N S^k - Q)/p."""
        k, N = self.k, self.k + 1
        H, x = self._masses(pi)
        lower = _power(H, k - 1)
        by_low = lower * N * _geometric(x, k)
        small = x * N < 1e-3
        with np.errstate(divide="ignore", invalid="ignore"):
            direct = (N - _geometric(x, N)) / x
        series = 1 - (k - 1) * x / 3 * (1 - (k - 2) * x / 4 * (1 - (k - 3) * x / 5))
        by_own = lower * np.where(small, N * k / 2 * series, direct)
        J = np.empty((self.n, self.n))
        for y in range(self.n):
            column = self.ranks[:, y : y + 1]
            J[y] = (self.weights * by_low[:, y]) @ (self.ranks > column)
            J[y] += (self.weights * by_own[:, y]) @ (self.ranks == column)
        return J


def _power(H: Floats, exponent: int) -> Floats:
    """(1 - H)^exponent."""
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.exp(exponent * np.log1p(-H))
    return np.where(H < 1, value, float(exponent == 0))


def _geometric(x: Floats, exponent: int) -> Floats:
    """(1 - (1-x)^e)/x, which is e at x = 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        value = -np.expm1(exponent * np.log1p(-x)) / x
    return np.where(x > 0, value, float(exponent))


def utilities_in_balls(
    population: Population, masses: Sequence[int], bits: int, k: int
) -> list[Any]:
    """Balls (arb) around U_y for all y, at the masses `masses[y] / 2^bits >= 0`.

    The masses need not sum to 1. The precision is flint's current one; the caller sets it high
    enough, since dividing by a small class mass loses about -log2 of it."""
    N, unit, zero = k + 1, arb(2) ** -bits, arb(0)
    held = [(1 << y, arb(mass) * unit) if mass else None for y, mass in enumerate(masses)]
    powers: dict[int, tuple[Any, Any]] = {}
    U = [zero] * population.n
    for weight, user in zip(population.integer_weights, population.users, strict=True):
        low, S, power, next_power = 0, zero, zero, zero  # S^k and S^N
        for tied in reversed(user.ranking):
            p = None
            for y in tied:
                if term := held[y]:
                    low |= term[0]
                    p = term[1] if p is None else p + term[1]
            if p is None:
                value = power * (N * weight)
            else:
                before, S = next_power, S + p
                if low not in powers:
                    power = S**k
                    powers[low] = power, power * S
                power, next_power = powers[low]
                value = (next_power - before) / p * weight
            for y in tied:
                U[y] = U[y] + value
    return [value / population.scale for value in U]


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
