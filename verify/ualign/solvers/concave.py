"""A primal-dual interior-point method for  min over x of max over T of F_T(x)  on the simplex.

F_T is a nonnegative combination of integrals of k-th powers of nonnegative linear forms, hence
convex. The method ends near the analytic centre of the optimal faces, so that symmetric programs
have symmetric (and often simple) solutions, and it needs no guess of what is active. Nothing here
is rigorous.

The same lines run on float64 arrays and on object arrays of flint's balls, of which only the
midpoints are kept, at the precision that the caller sets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import arb, arb_mat

MOST_STEPS_TAKEN = 120
"""Newton steps at most; a few dozen are usual."""
SHORTEST_STEP = 1e-7
GREEDIEST = 1e-8
"""The least factor by which a step tries to shrink the gap."""


@dataclass(frozen=True)
class Program:
    """F_T(x) = sum over g, j of weights[T, g, j-1] * integral_0^1 j t^(j-1) (L + t p)^k dt, where
    L = below[g] . x and p = own[g] . x, for j = 1, ..., l.

    `nodes` and `shares` are a quadrature on [0, 1] that is exact for degrees below k + l."""

    below: Any
    own: Any
    weights: Any
    nodes: Any
    shares: Any
    k: int

    @property
    def n(self) -> int:
        """The number of variables."""
        return int(self.below.shape[1])

    @property
    def size(self) -> int:
        """The number of functions."""
        return len(self.weights)

    def values(self, x: Any) -> Any:
        """F_T(x) for all T."""
        return self.weights.reshape(len(self.weights), -1) @ self._moments(x, 0)[0].reshape(-1)

    def gradients(self, x: Any) -> Any:
        """Row T: the gradient of F_T at x."""
        low, own = ((self.weights * part).sum(axis=2) for part in self._moments(x, 1))
        return self.k * (_product(low, self.below) + _product(own, self.own))

    def hessian(self, x: Any, D: Any) -> Any:
        """The Hessian of sum_T D_T F_T at x."""
        if self.k == 1:  # all is linear, and there are no powers left
            return np.zeros((self.n, self.n), dtype=self.below.dtype)
        mixed = (D @ self.weights.reshape(len(D), -1)).reshape(self.weights.shape[1:])
        low, both, own = ((mixed * part).sum(axis=1)[:, None] for part in self._moments(x, 2))
        total = _product(self.below.T, low * self.below + both * self.own)
        total = total + _product(self.own.T, both * self.below + own * self.own)
        return self.k * (self.k - 1) * total

    def _moments(self, x: Any, derivatives: int) -> list[Any]:
        """integral j t^(j-1+s) (L + t p)^(k - derivatives) dt for s = 0, ..., derivatives, each
        with a row a g, a column a j."""
        S = (self.below @ x)[:, None] + (self.own @ x)[:, None] * self.nodes
        powers, size = S ** (self.k - derivatives), self.weights.shape[2]
        j = np.arange(1, size + 1)[:, None].astype(self.nodes.dtype)
        kernels = (
            self.shares * j * np.array([self.nodes ** (i + s) for i in range(size)])
            for s in range(derivatives + 1)
        )
        return [_product(powers, kernel.T) for kernel in kernels]


@dataclass(frozen=True)
class Stack:
    """The functions of several programs in the same variables, one program after the other, each
    times its factor."""

    programs: Sequence[Program]
    factors: Sequence[float]

    @property
    def n(self) -> int:
        """The number of variables."""
        return self.programs[0].n

    @property
    def size(self) -> int:
        """The number of functions."""
        return sum(program.size for program in self.programs)

    def values(self, x: Any) -> Any:
        """The functions at x."""
        return np.concatenate([factor * p.values(x) for p, factor in self._parts()])

    def gradients(self, x: Any) -> Any:
        """A row a function: its gradient at x."""
        return np.concatenate([factor * p.gradients(x) for p, factor in self._parts()])

    def hessian(self, x: Any, D: Any) -> Any:
        """The Hessian of the functions' sum, with these weights, at x."""
        ends = np.cumsum([program.size for program in self.programs])
        shares = np.split(D, ends[:-1])
        return sum(f * p.hessian(x, d) for (p, f), d in zip(self._parts(), shares, strict=True))

    def _parts(self) -> Iterator[tuple[Program, float]]:
        return zip(self.programs, self.factors, strict=True)


def build(
    rows: Sequence[Mapping[tuple[int, int, int], int]],
    variables: Sequence[int],
    scale: int,
    k: int,
    l: int,
    *,
    precise: bool,
) -> Program:
    """A row a function: {(below, own, j): weight}, bit sets of variables and weight / scale; of
    the variables only the given ones are kept, and those alike on them are put together."""
    number: Any = _ball if precise else float
    kind = object if precise else float
    places: dict[tuple[int, ...], int] = {}
    table: dict[tuple[int, int, int], int] = {}
    for row, weights in enumerate(rows):
        for (below, own, j), weight in weights.items():
            bits = tuple(part >> y & 1 for part in (below, own) for y in variables)
            key = row, places.setdefault(bits, len(places)), j - 1
            table[key] = table.get(key, 0) + weight
    array = np.full((len(rows), len(places), l), number(0), dtype=kind)
    for key, weight in table.items():
        array[key] = _ball(weight) / scale if precise else weight / scale  # perhaps beyond floats
    forms = np.array([[number(bit) for bit in bits] for bits in places], dtype=kind)
    below_own = forms[:, : len(variables)], forms[:, len(variables) :]
    size = (k + l + 1) // 2  # exact for degrees below 2 * size
    if precise:
        pairs = [arb.legendre_p_root(size, i, weight=True) for i in range(size)]
        roots, shares = (np.array([v.mid() for v in part]) for part in zip(*pairs, strict=True))
    else:
        roots, shares = np.polynomial.legendre.leggauss(size)
    return Program(*below_own, array, (1 + roots) / 2, shares / 2, k)


def _ball(number: int) -> Any:
    return arb(number)


@dataclass(frozen=True)
class Iterate:
    """x and the level t > max F, with prices D of the F_T, z of x >= 0 and `total` of sum x = 1."""

    x: Any
    t: Any
    D: Any
    z: Any
    total: Any

    def moved(self, step: Iterate, length: Any) -> Iterate:
        """The iterate after a step of that length."""
        return Iterate(
            _exact(self.x + length * step.x),
            _exact(self.t + length * step.t),
            _exact(self.D + length * step.D),
            _exact(self.z + length * step.z),
            _exact(self.total + length * step.total),
        )

    def in_balls(self, tuples: Any, variables: Any) -> Iterate:
        """The same numbers in flint's type, for some of the functions and variables."""
        x, D, z = (
            np.array([arb(v) for v in part.tolist()], dtype=object)
            for part in (self.x[variables], self.D[tuples], self.z[variables])
        )
        return Iterate(x, arb(float(self.t)), D, z, arb(float(self.total)))


def power_of_two(exponent: int) -> Any:
    """2^exponent in flint's type: a float would underflow."""
    return arb(2) ** exponent


def start(program: Program | Stack) -> Iterate:
    """The uniform point, in floats, with prices near the central path."""
    m, n = program.size, program.n
    x = np.full(n, 1.0 / n)
    F = program.values(x)
    t = float(F.max() + 0.1 * F.max())
    D = 1 / (t - F)
    D /= D.sum()
    mu = float((D * (t - F)).sum() / m)
    return Iterate(x, t, D, mu / x, -float(F @ D))


def solve_concave(program: Program | Stack, iterate: Iterate, gap: Any) -> Iterate:
    """Newton steps along the central path until the sum of all complementary products is at most
    `gap`, or until no step makes progress; the last iterate, for the caller to judge."""
    here = _Place.of(program, iterate)
    shrink = 0.1
    for _ in range(MOST_STEPS_TAKEN):
        at = here.at
        total = (at.D * here.slack).sum() + (at.x * at.z).sum()
        if total <= gap:
            break
        mu = _exact(total * shrink / (len(at.D) + len(at.x)))
        length, after = _step(program, here, mu)
        if after is not None:
            here = after
            # Near the end Newton's steps are long, and the gap can shrink like a power of itself.
            shrink = max(GREEDIEST, shrink / 10) if length > 0.9 else min(0.5, 4 * shrink)
        elif shrink < 0.5:
            shrink = 0.5
        else:
            break
    return here.at


@dataclass(frozen=True)
class _Place:
    """An iterate with t - F and the gradients of F there."""

    at: Iterate
    slack: Any
    G: Any

    @classmethod
    def of(cls, program: Program | Stack, at: Iterate) -> _Place:
        return cls(at, _exact(at.t - program.values(at.x)), _exact(program.gradients(at.x)))

    def residuals(self, mu: Any) -> Iterate:
        """What Newton's method drives to zero, under the name of the unknown it belongs to."""
        at = self.at
        return Iterate(
            self.G.T @ at.D - at.z + at.total,
            at.D.sum() - 1,
            at.D * self.slack - mu,
            at.x * at.z - mu,
            at.x.sum() - 1,
        )


def _step(program: Program | Stack, here: _Place, mu: Any) -> tuple[float, _Place | None]:
    """One Newton step towards the point mu of the central path, shortened until it stays inside
    and the residual shrinks; None where none does."""
    at, s, G = here.at, here.slack, here.G
    ratio, r = at.D / s, here.residuals(mu)
    n = len(at.x)
    system = np.zeros((n + 2, n + 2), dtype=G.dtype)
    system[:n, :n] = program.hessian(at.x, at.D) + (G.T * ratio) @ G + np.diag(at.z / at.x)
    system[:n, n] = system[n, :n] = -(G.T @ ratio)
    system[:n, n + 1] = system[n + 1, :n] = 1
    system[n, n] = ratio.sum()
    right = np.zeros(n + 2, dtype=G.dtype)
    right[:n] = -r.x + G.T @ (r.D / s) - r.z / at.x
    right[n] = r.t - (r.D / s).sum()
    right[n + 1] = -r.total
    solution = _solution(system, right)
    if solution is None:
        return 0.0, None
    dx, dt = solution[:n], solution[n]
    dD = (-r.D - at.D * (dt - G @ dx)) / s
    step = Iterate(dx, dt, dD, (-r.z - at.z * dx) / at.x, solution[n + 1])
    rooms = [_room(v, d) for v, d in ((at.x, dx), (at.D, dD), (at.z, step.z))]
    length, size = min(1.0, 0.999 * min(rooms)), _size(r)
    while length > SHORTEST_STEP:
        after = _Place.of(program, at.moved(step, length))
        shrunk = (1 - 0.01 * length) ** 2 * size
        if min(after.slack) > 0 and _size(after.residuals(mu)) <= shrunk:
            return length, after
        length *= 0.7
    return 0.0, None


def _size(r: Iterate) -> Any:
    return (r.x**2).sum() + r.t**2 + (r.D**2).sum() + (r.z**2).sum() + r.total**2


def _room(values: Any, direction: Any) -> float:
    """How far one can go in that direction until a value reaches zero."""
    return min((float(v / -d) for v, d in zip(values, direction, strict=True) if d < 0), default=2)


def _product(A: Any, B: Any) -> Any:
    """A B; balls multiply faster in flint's own matrices."""
    if A.dtype != object:
        return A @ B
    return np.array((arb_mat(A.tolist()) * arb_mat(B.tolist())).tolist(), dtype=object)


def _solution(system: Any, right: Any) -> Any:
    """The solution of a linear system, or None."""
    try:
        if system.dtype != object:
            found = np.linalg.solve(system, right)
            return found if np.isfinite(found).all() else None
        column = arb_mat([[v] for v in right])
        return _exact(np.array(arb_mat(system.tolist()).solve(column).entries(), dtype=object))
    except (np.linalg.LinAlgError, ZeroDivisionError):
        return None


def _exact(value: Any) -> Any:
    """The midpoints of balls; floats as they are."""
    if isinstance(value, arb):
        return value.mid()
    if isinstance(value, np.ndarray) and value.dtype == object:
        return np.array([v.mid() for v in value.flat], dtype=object).reshape(value.shape)
    return value
