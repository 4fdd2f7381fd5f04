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
    for _ in range(15):  # best-of-(k+1) resampling: a good start, excellent for large k
        pi = pi * game.utilities(pi)
        pi /= pi.sum()
    best, restarts = pi, 0
    g = least = _residual(game, pi)
    for _ in range(60):
        if g <= CLOSE_ENOUGH:
            break
        accepted = _step(game, pi, g)
        if accepted is None:
            if g < GOOD or restarts == RESTARTS:
                break
            restarts += 1
            pi = np.where(best < 1e-7, 0.0, best) + 1e-3 / game.n
            pi /= pi.sum()
            g = _residual(game, pi)
            continue
        pi, g = accepted
        if g < least:
            best, least = pi, g
    return _purified(game, best, least)


def _residual(game: Game, pi: Floats) -> float:
    return float(np.max(game.utilities(pi)) - 1.0)


def _step(game: Game, pi: Floats, g: float) -> tuple[Floats, float] | None:
    U, J = game.utilities(pi), game.jacobian(pi)
    for damping in (0.0, 1e-9, 1e-6, 1e-3):
        target = _affine_solution(U, J - damping * np.abs(J).max() * np.eye(len(pi)), pi)
        if target is None:
            continue
        t = 1.0
        while t > 1e-4:
            trial = pi + t * (target - pi)
            value = _residual(game, trial)
            if value < g * (1 - 0.1 * t):
                return trial, value
            t /= 2
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
        pi, g = target, value
    return pi, g


def _affine_solution(U: Floats, J: Floats, pi: Floats) -> Floats | None:
    """x >= 0, sum x = 1, s = lam - U - J (x - pi) >= 0, x.s = 0, by principal pivoting."""
    n = len(pi)
    active = pi > 0
    fewest, patience = n + 1, 10
    for _ in range(100):
        T = np.flatnonzero(active)
        if not len(T):
            return None
        system = np.ones((len(T) + 1, len(T) + 1))
        system[:-1, :-1] = J[np.ix_(T, T)]
        system[:-1, -1] = -1.0
        system[-1, -1] = 0.0
        right = np.append(J[T] @ pi - U[T], 1.0)
        try:
            solution = np.linalg.solve(system, right)
        except np.linalg.LinAlgError:
            return None
        if not np.isfinite(solution).all():
            return None
        x = np.zeros(n)
        x[T] = solution[:-1]
        s = solution[-1] - U - J @ (x - pi)
        wrong = np.flatnonzero(np.where(active, x < 0, s < -1e-15))
        if not len(wrong):
            solved: Floats = x / x.sum()
            return solved
        if len(wrong) < fewest:
            fewest, patience = len(wrong), 10
        else:
            patience -= 1
        active[wrong if patience > 0 else wrong[-1:]] ^= True
    return None
