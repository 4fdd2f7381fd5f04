"""Learning from picks (E14): show k+1 draws, move towards what was picked.

In expectation a step takes pi to (1-eta) pi + eta pi U(pi), U = (k+1) u, which is a policy by P1.
Steps are taken in rationals, and rounded so that the masses stay short; how near an equilibrium is
by KL divergence, and whether a step comes nearer, is enclosed by ball arithmetic over the box that
the equilibrium is known to lie in.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import reduce
from math import lcm

from flint import arb, ctx

from ualign.errors import InputError
from ualign.exact.balls import Interval, ball, ends
from ualign.exact.self_play import ExactGame
from ualign.model.policies import ProductPolicy
from ualign.model.population import Population
from ualign.model.solutions import Equilibrium

BALL_BITS = 256
SURE = Fraction(1, 1 << 40)
"""Gains that are nearer to 0 are not claimed: the checker rounds."""


def usual_rate(k: int) -> Fraction:
    """The safe rate for k >= 2; full speed for k = 1, where no rate is safe."""
    return safe_rate(k) if k > 1 else Fraction(1)


def safe_rate(k: int) -> Fraction:
    """3/(2(k+3)): for k >= 2 no larger rate is known to come nearer in every step (E14)."""
    return Fraction(3, 2 * (k + 3))


def skewed(n: int) -> ProductPolicy:
    """Masses proportional to 1, 2, ..., n: a start that is no equilibrium by symmetry."""
    return ProductPolicy(tuple(Fraction(2 * (y + 1), n * (n + 1)) for y in range(n)))


def step(game: ExactGame, policy: ProductPolicy, k: int, eta: Fraction) -> ProductPolicy:
    """One step of learning from picks, exactly. Raises InputError for eta outside of [0, 1]."""
    if not 0 <= eta <= 1:
        raise InputError(f"eta = {eta}: expected a rate from 0 to 1")
    unit = lcm(*(mass.denominator for mass in policy.masses))
    row = [int(mass * unit) for mass in policy.masses]
    picked = [mass * U for mass, U in zip(row, game.utilities(row, k), strict=True)]
    whole = sum(picked)  # P1
    moved = (
        (1 - eta) * mass + eta * Fraction(share, whole)
        for mass, share in zip(policy.masses, picked, strict=True)
    )
    return ProductPolicy(tuple(moved))


def rounded_policy(policy: ProductPolicy, bits: int) -> ProductPolicy:
    """Masses in multiples of 2^-bits by largest remainders, none below one of them."""
    whole = 1 << bits
    floors = [max(1, int(mass * whole)) for mass in policy.masses]
    missing = whole - sum(floors)
    owed = [mass * whole - floor for mass, floor in zip(policy.masses, floors, strict=True)]
    order = sorted(range(len(owed)), key=lambda y: -owed[y])
    if missing >= 0:
        for y in order[:missing]:
            floors[y] += 1
    else:
        floors[floors.index(max(floors))] += missing
    return ProductPolicy(tuple(Fraction(floor, whole) for floor in floors))


def learn(
    population: Population,
    k: int,
    eta: Fraction,
    start: ProductPolicy,
    *,
    steps: int,
    bits: int,
) -> list[ProductPolicy]:
    """The start and the policies after each step, each rounded to so many bits."""
    game, policies = ExactGame(population), [rounded_policy(start, bits)]
    for _ in range(steps):
        policies.append(rounded_policy(step(game, policies[-1], k, eta), bits))
    return policies


def divergence(equilibrium: Equilibrium, policy: ProductPolicy) -> Interval:
    """KL(pi*|policy) of the enclosed equilibrium, in nats; its support has mass in the policy."""
    with ctx.workprec(BALL_BITS):
        masses = _box(equilibrium)
        terms = (x * (x / ball(policy.masses[y])).log() for y, x in masses.items())
        return ends(_sum(terms))


def gain(
    population: Population, equilibrium: Equilibrium, policy: ProductPolicy, eta: Fraction
) -> Interval:
    """By how much a step from the policy comes nearer to the enclosed equilibrium: KL before less
    KL after, the sum of pi*_y ln(1 + eta (U_y - 1))."""
    k, game = equilibrium.k, ExactGame(population)
    unit = lcm(*(mass.denominator for mass in policy.masses))
    U = game.utilities([int(mass * unit) for mass in policy.masses], k)
    whole = population.scale * unit**k
    with ctx.workprec(BALL_BITS):
        terms = (
            x * ball(1 + eta * (Fraction(U[y], whole) - 1)).log()
            for y, x in _box(equilibrium).items()
        )
        return ends(_sum(terms))


def _box(equilibrium: Equilibrium) -> dict[int, arb]:
    """The masses of an equilibrium that has been enclosed, as balls."""
    if equilibrium.enclosure is None:
        raise InputError("the equilibrium is not enclosed")
    masses, delta = equilibrium.policy.masses, equilibrium.enclosure.delta
    return {y: ball(masses[y], delta) for y in equilibrium.policy.support}


def _sum(terms: Iterable[arb]) -> arb:
    return reduce(arb.__add__, terms, arb(0))
