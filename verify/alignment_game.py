"""The (k+1)-player alignment game: what a response earns against k independent draws.

`U = (k+1) u` throughout, so that equilibrium means U <= 1 and, by P1, sum_y pi_y U_y = 1. For a
user and a response y let L be the mass strictly below y, p the mass of y's class, S = L + p,
N = k + 1. Then U_y is the users' average of Q = (S^N - L^N)/p (N S^k where p = 0), a polynomial in
the masses with nonnegative coefficients, homogeneous of degree k. This "mass below" form, which
does not use sum pi = 1, is the one that is differentiated here.

`FloatGame` is for proposals; `utilities_in_balls` encloses U rigorously at any precision.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from flint import arb

from verify.population import Population

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


class FloatGame:
    """U and its Jacobian in floating point: O(users * n) and O(users * n^2)."""

    def __init__(self, population: Population, k: int) -> None:
        self.k = k
        self.n = population.n
        self.ranks = np.array(population.ranks, dtype=np.int64)
        total = population.scale
        self.weights = np.array([w / total for w in population.integer_weights])
        self.order = np.argsort(self.ranks, axis=1, kind="stable")
        sorted_ranks = np.take_along_axis(self.ranks, self.order, axis=1)
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

    def _masses(self, pi: Floats) -> tuple[Floats, Floats]:
        """S (own class and below) and x = p/S, per user and response."""
        above = np.zeros((len(self.ranks), self.n + 1))
        np.cumsum(pi[self.order], axis=1, out=above[:, 1:])
        H = np.take_along_axis(above, self.first, axis=1)
        p = np.take_along_axis(above, self.end, axis=1) - H
        S = np.clip(1.0 - H, 0.0, 1.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            x = np.where(S > 0, np.clip(p / S, 0.0, 1.0), 0.0)
        return S, x

    def utilities(self, pi: Floats) -> Floats:
        """U at pi (sum 1), shape (n,)."""
        S, x = self._masses(pi)
        Q = self._power(S, self.k) * self._geometric(x, self.k + 1)
        result: Floats = self.weights @ Q
        return result

    def jacobian(self, pi: Floats) -> Floats:
        """dU_i/dpi_j at pi, shape (n, n).

        dQ/dL = N (S^k - L^k)/p and dQ/dp = (N S^k - Q)/p."""
        k, N = self.k, self.k + 1
        S, x = self._masses(pi)
        lower = self._power(S, k - 1)
        by_low = lower * N * self._geometric(x, k)
        small = x * N < 1e-4
        with np.errstate(divide="ignore", invalid="ignore"):
            direct = (N - self._geometric(x, N)) / x
        own = np.where(small, N * k / 2 * (1 - (k - 1) * x / 3), direct)
        by_own = lower * own
        J = np.empty((self.n, self.n))
        for y in range(self.n):
            column = self.ranks[:, y : y + 1]
            J[y] = (self.weights * by_low[:, y]) @ (self.ranks > column)
            J[y] += (self.weights * by_own[:, y]) @ (self.ranks == column)
        return J

    @staticmethod
    def _power(S: Floats, exponent: int) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):
            value = np.exp(exponent * np.log(S))
        return np.where(S > 0, value, float(exponent == 0))

    @staticmethod
    def _geometric(x: Floats, exponent: int) -> Floats:
        """(1 - (1-x)^e)/x, which is e at x = 0."""
        with np.errstate(divide="ignore", invalid="ignore"):
            value = -np.expm1(exponent * np.log1p(-x)) / x
        return np.where(x > 0, value, float(exponent))


def utilities_in_balls(population: Population, masses: Sequence[int], bits: int, k: int) -> Any:
    """Balls around U_y for all y, at the masses `masses[y] / 2^bits`; a list of arb.

    The masses need not sum to 1. The precision is flint's current one; the caller sets it high
    enough, since dividing by a small class mass loses about -log2 of it."""
    support = sum(1 << y for y, mass in enumerate(masses) if mass)
    powers: dict[int, tuple[Any, Any]] = {0: (arb(0), arb(0))}
    values: dict[tuple[int, int], Any] = {}
    unit = arb(2) ** -bits
    U = [arb(0)] * population.n
    for weight, user in zip(population.integer_weights, population.users, strict=True):
        low, low_mass = 0, 0
        for tied in reversed(user.ranking):
            own, own_mass = 0, 0
            for y in tied:
                own |= (1 << y) & support
                own_mass += masses[y]
            top = low | own
            if (low, own) not in values:
                if top not in powers:
                    S = (low_mass + own_mass) * unit
                    power = S**k
                    powers[top] = power, power * S
                if own:
                    gap = powers[top][1] - powers[low][1]
                    values[low, own] = gap / (own_mass * unit)
                else:
                    values[low, own] = (k + 1) * powers[low][0]
            value = values[low, own] * weight
            for y in tied:
                U[y] = U[y] + value
            low, low_mass = top, low_mass + own_mass
    return [value / population.scale for value in U]
