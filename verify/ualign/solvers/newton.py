"""Josephy-Newton for the variational inequality of a symmetric equilibrium, in floats.

Find pi in the simplex with U(pi) <= 1 (so U = 1 wherever pi > 0). Each step solves the affine
inequality at pi by block principal pivoting; a proximal term helps where the Jacobian is singular.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

CLOSE_ENOUGH = 1e-14
GOOD = 1e-12
RESTARTS = 2
RESAMPLINGS = 3
"""Best-of-(k+1) resamplings before the first step: a good start, excellent for large k."""
SMALL = 1e-6
"""Masses below this may be leftovers of responses that an equilibrium does not play."""


class Game(Protocol):
    """What the solver needs of a game: U and its Jacobian, whole or on some responses alone."""

    n: int
    users: int

    def utilities(self, pi: Floats) -> Floats: ...
    def jacobian(self, pi: Floats) -> Floats: ...
    def restricted(self, responses: Any) -> Game: ...


def propose(game: Game) -> tuple[Floats, float]:
    """A near-equilibrium and its residual max U - 1. Never fails: the residual tells."""
    ways = (_solve, _by_generating_responses)
    best, least = np.full(game.n, 1.0 / game.n), np.inf
    for way in ways if game.users >= game.n else ways[::-1]:
        pi, g = way(game)
        if g < least:
            best, least = pi, g
        if least <= GOOD:
            break
    return best, least


def _by_generating_responses(game: Game) -> tuple[Floats, float]:
    """Solve the game on few responses and let the best outside one in, until none does better.

    With more responses than kinds of users the Jacobian is singular on the whole simplex, but not
    on the supports that this meets."""
    pi = np.full(game.n, 1.0 / game.n)
    chosen = np.array([int(np.argmax(game.utilities(pi)))])
    best, least = pi, _residual(game, pi)
    for _ in range(10 * game.n):
        part, _ = _solve(game.restricted(chosen))
        pi = np.zeros(game.n)
        pi[chosen] = part
        U = game.utilities(pi)
        g = float(np.max(U) - 1.0)
        entering = int(np.argmax(U))
        if g < least:  # otherwise nobody leaves, lest it go round in circles
            best, least = pi, g
            chosen = np.flatnonzero(pi > 0)
        if g <= GOOD or entering in chosen:
            break
        chosen = np.append(chosen, entering)
    return best, least


def _solve(game: Game) -> tuple[Floats, float]:
    pi = np.full(game.n, 1.0 / game.n)
    U = game.utilities(pi)
    for _ in range(RESAMPLINGS):
        pi = pi * U
        pi /= pi.sum()
        U = game.utilities(pi)
    best, restarts, settled = pi, 0, False
    g = least = float(U.max()) - 1.0
    for _ in range(60):
        if g <= CLOSE_ENOUGH:
            break
        accepted = _step(game, pi, U, g)
        if accepted is None:
            if g < GOOD or restarts == RESTARTS:
                break
            restarts += 1
            pi = np.where(best < 1e-7, 0.0, best) + 1e-3 / game.n
            pi /= pi.sum()
            U = game.utilities(pi)
            g = float(U.max()) - 1.0
            continue
        pi, U, whole = accepted
        g = float(U.max()) - 1.0
        if g < least:
            best, least = pi, g
            settled = whole and pi[pi > 0].min() > SMALL
    return (best, least) if settled else _purified(game, best, least)


def _residual(game: Game, pi: Floats) -> float:
    return float(game.utilities(pi).max()) - 1.0


def _step(game: Game, pi: Floats, U: Floats, g: float) -> tuple[Floats, Floats, bool] | None:
    """The next policy, its U, and whether it solves the affine inequality, undamped."""
    J = game.jacobian(pi)
    for damping in (0.0, 1e-9, 1e-6, 1e-3):
        damped = J - damping * np.abs(J).max() * np.eye(len(pi)) if damping else J
        target = _affine_solution(U, damped, pi)
        t = 1.0
        while target is not None and t > 1e-4:
            trial = target if t == 1.0 else pi + t * (target - pi)
            after = game.utilities(trial)
            if after.max() - 1.0 < g * (1 - 0.1 * t):
                return trial, after, t == 1.0 and not damping
            t /= 2
            if g < GOOD:  # where only rounding is left to gain
                return None
    return None


def _purified(game: Game, pi: Floats, g: float) -> tuple[Floats, float]:
    """Further pivoting steps, so that zeros are exact zeros and not leftovers of 1e-17."""
    for _ in range(3):
        target = _affine_solution(game.utilities(pi), game.jacobian(pi), pi)
        if target is None:
            break
        value = _residual(game, target)
        if value > max(2 * g, 1e-12):
            break
        same = bool(((pi > 0) == (target > 0)).all())
        pi, g = target, value
        if same:
            break
    return pi, g


def _affine_solution(U: Floats, J: Floats, pi: Floats) -> Floats | None:
    """x >= 0, sum x = 1, s = lam - U - J (x - pi) >= 0, x.s = 0, by principal pivoting.

    With z = (x, lam) the matrix below times z is J x - lam and sum x, and s is what is missing to
    J pi - U; on the active places and in the last row nothing may be missing."""
    n = len(pi)
    matrix = np.ones((n + 1, n + 1))
    matrix[:n, :n] = J
    matrix[:n, n] = -1.0
    matrix[n, n] = 0.0
    wanted, active = np.ones(n + 1), np.ones(n + 1, dtype=bool)
    wanted[:n] = J @ pi - U
    active[:n] = pi > 0
    fewest, patience = n + 1, 10
    for _ in range(100):
        T = active.nonzero()[0]
        if len(T) == 1:
            return None
        try:
            if len(T) > n:
                z = np.linalg.solve(matrix, wanted)
            else:
                z = np.zeros(n + 1)
                z[T] = np.linalg.solve(matrix[T[:, None], T], wanted[T])
        except np.linalg.LinAlgError:
            return None
        s = wanted - matrix @ z
        wrong = np.where(active, z < 0, s < -1e-15)[:n].nonzero()[0]
        if not len(wrong):
            solved: Floats = z[:n] / z[:n].sum()
            return solved if np.isfinite(solved).all() else None
        if len(wrong) < fewest:
            fewest, patience = len(wrong), 10
        else:
            patience -= 1
        active[wrong if patience > 0 else wrong[-1:]] ^= True
    return None
