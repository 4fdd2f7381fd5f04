"""A primal-dual interior-point method for  min over x of max over T of F_T(x)  on the simplex.

Each F_T(x) = sum_r shares[T, r] (forms[r] . x)^k is a nonnegative combination of k-th powers of
nonnegative linear forms, hence convex. The method ends near the analytic centre of the optimal
faces, so that symmetric programs have symmetric (and often simple) solutions, and it needs no
guess of what is active. Nothing here is rigorous.

The same lines run on float64 arrays and on object arrays of flint's balls, of which only the
midpoints are kept, at the precision that the caller sets.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import arb, arb_mat

STEPS = 120
"""Newton steps at most; a few dozen are usual."""
SHORTEST_STEP = 1e-7
GREEDIEST = 1e-8
"""The least factor by which a step tries to shrink the gap."""


@dataclass(frozen=True)
class Program:
    """The functions F_T: `forms` has a row a linear form, `shares` a row a T."""

    forms: Any
    shares: Any
    k: int

    def values(self, x: Any) -> Any:
        """F_T(x) for all T."""
        return self.shares @ (self.forms @ x) ** self.k

    def gradients(self, x: Any) -> Any:
        """Row T: the gradient of F_T at x."""
        return self.k * ((self.shares * (self.forms @ x) ** (self.k - 1)) @ self.forms)

    def hessian(self, x: Any, D: Any) -> Any:
        """The Hessian of sum_T D_T F_T at x, for k >= 2."""
        curved = (D @ self.shares) * (self.forms @ x) ** (self.k - 2)
        return self.k * (self.k - 1) * ((self.forms.T * curved) @ self.forms)


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

    def in_balls(self, kept: Any) -> Iterate:
        """The same numbers in flint's type, without the functions that are not kept."""
        x, D, z = (
            np.array([arb(v) for v in part.tolist()], dtype=object)
            for part in (self.x, self.D[kept], self.z)
        )
        return Iterate(x, arb(float(self.t)), D, z, arb(float(self.total)))


def power_of_two(exponent: int) -> Any:
    """2^exponent in flint's type: a float would underflow."""
    return arb(2) ** exponent


def start(program: Program) -> Iterate:
    """The uniform point, in floats, with prices near the central path."""
    m, n = len(program.shares), program.forms.shape[1]
    x = np.full(n, 1.0 / n)
    F = program.values(x)
    t = float(F.max() + 0.1 * F.max())
    D = 1 / (t - F)
    D /= D.sum()
    mu = float((D * (t - F)).sum() / m)
    return Iterate(x, t, D, mu / x, -float(F @ D))


def solve(program: Program, iterate: Iterate, gap: Any) -> Iterate:
    """Newton steps along the central path until the sum of all complementary products is at most
    `gap`, or until no step makes progress; the last iterate, for the caller to judge."""
    shrink = 0.1
    for _ in range(STEPS):
        slack = iterate.t - program.values(iterate.x)
        total = (iterate.D * slack).sum() + (iterate.x * iterate.z).sum()
        if total <= gap:
            break
        pairs = len(slack) + len(iterate.x)
        length, after = _step(program, iterate, slack, _exact(total * shrink / pairs))
        if after is None:
            if shrink >= 0.5:
                break
            shrink = 0.5
            continue
        iterate = after
        # Near the end Newton's steps are long, and the gap can shrink like a power of itself.
        shrink = max(GREEDIEST, shrink / 10) if length > 0.9 else min(0.5, 4 * shrink)
    return iterate


def _step(program: Program, at: Iterate, s: Any, mu: Any) -> tuple[float, Iterate | None]:
    """One Newton step towards the point mu of the central path, shortened until it stays inside
    and the residual shrinks; None where none does."""
    G, ratio = program.gradients(at.x), at.D / s
    r = _residuals(at, s, G, mu)
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
    length = min(1.0, *(0.999 * _room(v, d) for v, d in ((at.x, dx), (at.D, dD), (at.z, step.z))))
    size = _size(r)
    while length > SHORTEST_STEP:
        after = at.moved(step, length)
        slack = after.t - program.values(after.x)
        if min(slack) > 0:
            moved = _residuals(after, slack, program.gradients(after.x), mu)
            if _size(moved) <= (1 - 0.01 * length) ** 2 * size:
                return length, after
        length *= 0.7
    return 0.0, None


def _residuals(at: Iterate, s: Any, G: Any, mu: Any) -> Iterate:
    """What Newton's method drives to zero, under the name of the unknown it belongs to."""
    return Iterate(
        G.T @ at.D - at.z + at.total,
        at.D.sum() - 1,
        at.D * s - mu,
        at.x * at.z - mu,
        at.x.sum() - 1,
    )


def _size(r: Iterate) -> Any:
    return (r.x**2).sum() + r.t**2 + (r.D**2).sum() + (r.z**2).sum() + r.total**2


def _room(values: Any, direction: Any) -> float:
    """How far one can go in that direction until a value reaches zero."""
    return min((float(v / -d) for v, d in zip(values, direction, strict=True) if d < 0), default=2)


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
        return np.array([v.mid() for v in value], dtype=object)
    return value
