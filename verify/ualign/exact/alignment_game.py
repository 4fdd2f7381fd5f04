"""The (k+1)-player alignment game in floats: what a response earns against k independent draws.

`U = (k+1) u` throughout, so that equilibrium means U <= 1 and, by P1, sum_y pi_y U_y = 1. For a
user and a response y let L be the mass strictly below y, p the mass of y's class, S = L + p,
N = k + 1. Then U_y is the users' average of Q = (S^N - L^N)/p (N S^k where p = 0), a polynomial in
the masses with nonnegative coefficients, homogeneous of degree k. This "mass below" form, which
does not use sum pi = 1, is the one that is differentiated here.

`FloatGame` is for proposals; `precise_game` has the same in rigorous integers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ualign.model.population import Population

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.integer]

LARGEST_TABLE = 100_000
"""Up to so many entries (users times responses squared) a 0/1 matrix tells what is above a class.
In larger games cumulative sums along the users' orders do."""

FEW_DRAWS = 8
"""For k up to this, Q is worked out term by term: sum_i S^i L^(k-i)."""

NEGLIGIBLE = 50.0
"""Places with S^(k-1) < exp(-NEGLIGIBLE), below 2e-22, are left out in large games: all of them
together cannot be seen in U, of which the largest is 1 or more."""


class FloatGame:
    """U and its Jacobian in floating point, to an absolute accuracy near that of doubles.

    `ranks` holds a row a user (less is better), and `weights` their shares."""

    def __init__(self, ranks: Integers, weights: Floats, k: int) -> None:
        self.ranks, self.weights, self.k = ranks, weights, k
        self.users, self.n = ranks.shape
        small = self.users * self.n**2 <= LARGEST_TABLE
        self._layout = _Table(ranks, weights) if small else _Places(ranks, weights, k)

    @classmethod
    def of(cls, population: Population, k: int) -> FloatGame:
        """The population's game."""
        total = population.scale
        weights = np.array([w / total for w in population.integer_weights])
        return cls(np.array(population.ranks, dtype=_index_type(population.n)), weights, k)

    def of_opinions(self) -> FloatGame:
        """Without the users who are indifferent among everything. They add the same to every
        response, so that the equilibria stay, but they may drown the others in rounding."""
        kept = (self.ranks != self.ranks[:, :1]).any(axis=1)
        if kept.all() or not self.weights[kept].sum() > 0:
            return self
        return FloatGame(
            self.ranks[kept],
            self.weights[kept] / self.weights[kept].sum(),
            self.k,
        )

    def restricted(self, responses: Integers) -> FloatGame:
        """The game on these responses alone: the others do not matter while nobody plays them."""
        return FloatGame(self.ranks[:, responses], self.weights, self.k)

    def utilities(self, pi: Floats) -> Floats:
        """U at pi (sum 1), shape (n,)."""
        H, p, places = self._layout.masses(pi)
        result: Floats = self._layout.total(_quotient(H, p, self.k), places)
        return result

    def jacobian(self, pi: Floats) -> Floats:
        """dU_i/dpi_j at pi, shape (n, n)."""
        H, p, places = self._layout.masses(pi)
        return self._layout.square(*_slopes(H, p, self.k), places)


class _Table:
    """Small games: a row a class of a user, a column a response."""

    def __init__(self, ranks: Integers, weights: Floats) -> None:
        n = ranks.shape[1]
        own = ranks[:, None, :] == ranks[:, :, None]  # a class for each response in it
        first = (own.argmax(axis=2) == np.arange(n)).ravel()
        self.own = own.reshape(-1, n)[first].astype(np.float64)
        above = ranks[:, None, :] < ranks[:, :, None]
        self.above = above.reshape(-1, n)[first].astype(np.float64)
        self.below = 1.0 - self.above - self.own
        self.weighted = self.own.T * np.repeat(weights, n)[first]

    def masses(self, pi: Floats) -> tuple[Floats, Floats, Any]:
        """H, the mass strictly above a class, and the mass p of the class."""
        return self.above @ pi, self.own @ pi, None

    def total(self, values: Floats, _: Any) -> Any:
        """For every response the users' average of its classes' values."""
        return self.weighted @ values

    def square(self, by_low: Floats, by_own: Floats, _: Any) -> Floats:
        """The same of each value, in the columns of the responses below or in the class."""
        low, own = self.weighted * by_low, self.weighted * by_own
        result: Floats = low @ self.below + own @ self.own
        return result


class _Places:
    """Large games: the places of each user's order, best first; only those that matter at pi."""

    def __init__(self, ranks: Integers, weights: Floats, k: int) -> None:
        self.ranks, self.weights = ranks, weights
        self.users, self.n = ranks.shape
        self.least_above = -float(np.expm1(-NEGLIGIBLE / max(1, k - 1)))
        self.order = np.argsort(ranks, axis=1, kind="stable")
        in_order = np.take_along_axis(ranks, self.order, axis=1)
        new = np.ones_like(in_order, dtype=bool)
        new[:, 1:] = in_order[:, 1:] != in_order[:, :-1]
        self.strict = bool(new.all())
        if self.strict:
            return
        columns = np.arange(self.n)
        self.first = np.maximum.accumulate(np.where(new, columns, 0), axis=1)
        last = np.ones_like(new)
        last[:, :-1] = new[:, 1:]
        flipped = np.where(last, columns + 1, self.n)[:, ::-1]
        self.end = np.minimum.accumulate(flipped, axis=1)[:, ::-1]

    def masses(self, pi: Floats) -> tuple[Floats, Floats, Any]:
        """H, the mass strictly above the class of a place, the mass p of the class, and which
        places these are (user times n plus place)."""
        above = np.zeros((self.users, self.n + 1))
        np.cumsum(pi[self.order], axis=1, out=above[:, 1:])
        H = above[:, :-1] if self.strict else np.take_along_axis(above, self.first, axis=1)
        end = above[:, 1:] if self.strict else np.take_along_axis(above, self.end, axis=1)
        places = np.flatnonzero(self.least_above > H)
        H = H.ravel()[places]
        return H, end.ravel()[places] - H, places

    def total(self, values: Floats, places: Any) -> Any:
        """For every response the users' average of the values at its places."""
        weighted = self.weights[places // self.n] * values
        responses = self.order.ravel()[places]
        return np.bincount(responses, weights=weighted, minlength=self.n)

    def square(self, by_low: Floats, by_own: Floats, places: Any) -> Floats:
        """The same of each value, in the columns of the responses below or in the class."""
        users, responses = places // self.n, self.order.ravel()[places]
        by_response = np.argsort(responses.astype(_index_type(self.n)), kind="stable")
        cuts = np.searchsorted(responses[by_response], np.arange(self.n + 1))
        low, own = self.weights[users] * by_low, self.weights[users] * by_own
        J = np.empty((self.n, self.n))
        for y in range(self.n):
            chosen = by_response[cuts[y] : cuts[y + 1]]
            rows = self.ranks[users[chosen]]
            level = rows[:, y : y + 1]
            J[y] = low[chosen] @ (rows > level)
            if self.strict:
                J[y, y] += own[chosen].sum()
            else:
                J[y] += own[chosen] @ (rows == level)
        return J


def _quotient(H: Floats, p: Floats, k: int) -> Floats:
    """Q, where the rest, 1 - H - p, is below."""
    if k <= FEW_DRAWS:
        return _term_by_term(H, p, k)[0]
    return _power(H, k) * _geometric(_conditional(H, p), k + 1)


def _slopes(H: Floats, p: Floats, k: int) -> tuple[Floats, Floats]:
    """dQ/dL = N (S^k - L^k)/p, and dQ/dp = (N S^k - Q)/p."""
    N = k + 1
    if k <= FEW_DRAWS:
        _, shorter, by_own = _term_by_term(H, p, k)
        return N * shorter, by_own
    x, lower = _conditional(H, p), _power(H, k - 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        direct = (N - _geometric(x, N)) / x
    series = 1 - (k - 1) * x / 3 * (1 - (k - 2) * x / 4 * (1 - (k - 3) * x / 5))
    by_own = lower * np.where(x * N < 1e-3, N * k / 2 * series, direct)
    return lower * N * _geometric(x, k), by_own


def _term_by_term(H: Floats, p: Floats, k: int) -> tuple[Floats, Floats, Floats]:
    """Q = sum_i S^i L^(k-i), the same for k - 1, and the derivative of Q by S."""
    S = 1.0 - H
    L = np.maximum(S - p, 0.0)
    power, shorter, Q, slope = L, np.ones_like(S), S + L, np.ones_like(S)  # at k = 1
    for _ in range(k - 1):
        slope = slope * S + Q
        power = power * L
        shorter, Q = Q, Q * S + power
    return Q, shorter, slope


def _conditional(H: Floats, p: Floats) -> Floats:
    """p/(1-H), between 0 and 1, and 0 where nothing is left."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(H < 1, np.minimum(np.maximum(p / (1 - H), 0.0), 1.0), 0.0)


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


def _index_type(n: int) -> type[np.integer]:
    """The smallest type that holds 0, ..., n - 1: comparing ranks is most of the work."""
    return np.uint8 if n <= 1 << 8 else np.uint16 if n <= 1 << 16 else np.uint32
