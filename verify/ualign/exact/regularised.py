"""Regularised training (E17): the policy pi_tau ~ reference exp(u(pi_tau)/tau), enclosed.

Newton's method proposes it in floats, from large tau to small. How far a rational policy pi is from
pi_tau follows from r_y = ln(pi_y/reference_y) - u_y(pi)/tau, which is constant at pi_tau: utilities
are monotone (E2), so that tau times both KL divergences together is at most tau <r, pi - pi_tau>,
that is (max r - min r)/2 |pi - pi_tau|_1; and they are at least |pi - pi_tau|_1^2 (Pinsker).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import lcm

import numpy as np
from flint import arb, ctx
from numpy.typing import NDArray

from ualign.errors import FaultError
from ualign.exact.alignment_game import FloatGame
from ualign.exact.balls import Interval, ball, ends
from ualign.exact.rounding import FLOAT_BITS, distribution, fractions
from ualign.exact.self_play import ExactGame
from ualign.model.policies import ProductPolicy
from ualign.model.population import Population

BALL_BITS, PLACES = 256, 60
"""Radii are rounded up to 2^-PLACES, and a little more, since the checker rounds too."""

Floats = NDArray[np.float64]
MOST_STEPS, ENOUGH = 60, 1e-14


@dataclass(frozen=True)
class Regularised:
    """A policy within `radius` of pi_tau, in the sum of absolute differences, for this reference.

    `divergence` is an interval around KL(policy|reference), in nats, and `least` one around what
    E17 says that pi_tau wins at least against every response, k/(k+1) - tau max ln(1/reference)."""

    k: int
    tau: Fraction
    reference: ProductPolicy
    policy: ProductPolicy
    radius: Fraction
    divergence: Interval
    least: Interval


def find_regularised(
    population: Population, k: int, tau: Fraction, reference: ProductPolicy
) -> Regularised:
    """pi_tau for tau > 0 and a reference of full support, near enough to be told from others.

    Raises FaultError where the identity of E17 fails, W(pi^k, y) = k/(k+1) - tau [ln(1/reference_y)
    - KL(pi|reference) - ln(1/pi_y)] up to tau times the spread of r."""
    policy = _propose(population, k, tau, reference)
    unit = lcm(*(mass.denominator for mass in policy.masses))
    U = ExactGame(population).utilities([int(mass * unit) for mass in policy.masses], k)
    u = [Fraction(value, (k + 1) * population.scale * unit**k) for value in U]
    with ctx.workprec(BALL_BITS):
        logs = [
            ball(mass / base).log()
            for mass, base in zip(policy.masses, reference.masses, strict=True)
        ]
        r = [one - ball(earned / tau) for one, earned in zip(logs, u, strict=True)]
        spread = max(ends(one)[1] for one in r) - min(ends(one)[0] for one in r)
        divergence = _mean(policy, logs)
        for y, (one, earned) in enumerate(zip(logs, u, strict=True)):
            said = ball(Fraction(k, k + 1)) + ball(tau) * (divergence - one)
            low, high = ends(said - ball(1 - earned))
            if max(abs(low), abs(high)) > tau * spread + Fraction(1, 1 << PLACES):
                raise FaultError(f"E17 fails: against {population.responses[y]!r} by {float(low)}")
        farthest = min(reference.masses)
        least = ends(ball(Fraction(k, k + 1)) + ball(tau) * ball(farthest).log())
        known = ends(divergence)
    places = 1 << PLACES
    radius = Fraction(-(-spread * places // 2) + 1, places)
    return Regularised(k, tau, reference, policy, radius, known, least)


def _mean(policy: ProductPolicy, values: list[arb]) -> arb:
    terms = (ball(mass) * value for mass, value in zip(policy.masses, values, strict=True))
    return reduce(arb.__add__, terms, arb(0))


def _propose(
    population: Population, k: int, tau: Fraction, reference: ProductPolicy
) -> ProductPolicy:
    """Masses near pi_tau: in floats, at tau and before that at 2 tau, 4 tau, ... down from 1; and
    rounded so that the least of them keeps as many digits as the others."""
    game, base = FloatGame.of(population, k), np.log([float(m) for m in reference.masses])
    logs, path = base, [float(tau)]
    while path[-1] < 1:
        path.append(2 * path[-1])
    for at in reversed(path):
        logs = _newton(game, base, at, logs)
    tail = int(-logs.min() / np.log(2)) + 1
    return ProductPolicy(distribution(fractions(np.exp(logs)), FLOAT_BITS + tail))


def _newton(game: FloatGame, base: Floats, tau: float, logs: Floats) -> Floats:
    """ln pi with ln pi - base - u(pi)/tau constant: Newton's steps, shortened until that helps."""
    n = game.n

    def residual(logs: Floats) -> Floats:
        values: Floats = logs - base - game.utilities(np.exp(logs)) / ((game.k + 1) * tau)
        return values

    r = residual(logs)
    for _ in range(MOST_STEPS):
        if np.ptp(r) < ENOUGH:
            break
        pi = np.exp(logs)
        system = np.zeros((n + 1, n + 1))
        system[:n, :n] = np.eye(n) - game.jacobian(pi) * pi / ((game.k + 1) * tau)
        system[:n, n] = 1
        system[n, :n] = pi
        step = np.linalg.solve(system, np.append(-r, 0.0))[:n]
        length, before = 1.0, np.ptp(r)
        while length > 1e-6:
            moved = logs + length * step
            moved = moved - np.log(np.exp(moved).sum())
            r = residual(moved)
            if np.ptp(r) < before:
                break
            length /= 2
        else:
            break
        logs = moved
    return logs
