"""Draws against draws: what k draws from one policy win against l draws from another (E12)."""

from __future__ import annotations

from fractions import Fraction
from math import comb, lcm

from ualign.errors import InputError
from ualign.model.given import whole_number
from ualign.model.policies import ProductPolicy
from ualign.model.population import Population
from ualign.model.win_rates import opponent_share


def draws_against_draws(
    population: Population, policy: ProductPolicy, k: int, opponent: ProductPolicy, l: int
) -> Fraction:
    """W(policy^k, opponent^l), ties uniform: 1 less the chance that one of the opponent's draws is
    picked. The best of these are c draws in a user's class, and the others below it, with the
    chance C(l, c) q^c M^(l-c), q being the opponent's mass of that class and M of all below it.

    Raises InputError for k or l below 1, or where a policy is on other responses."""
    k, l = whole_number(k, "k =", 1), whole_number(l, "l =", 1)
    for side in (policy, opponent):
        if len(side.masses) != population.n:
            raise InputError(f"a policy on {len(side.masses)} responses, not {population.n}")
    units = [lcm(*(mass.denominator for mass in side.masses)) for side in (policy, opponent)]
    p, q = (
        [int(mass * unit) for mass in side.masses]
        for side, unit in zip((policy, opponent), units, strict=True)
    )
    share, unit = opponent_share(k, l, units[0], "uniform")
    met: dict[tuple[int, int, int, int], int] = {}
    for weight, user in zip(population.integer_weights, population.users, strict=True):
        below = beaten = 0
        for tied in reversed(user.ranking):
            own, held = sum(p[y] for y in tied), sum(q[y] for y in tied)
            if held:
                key = below, own, beaten, held
                met[key] = met.get(key, 0) + weight
            below, beaten = below + own, beaten + held
    lost = sum(
        weight
        * sum(
            comb(l, c) * held**c * beaten ** (l - c) * share(below, own, c) for c in range(1, l + 1)
        )
        for (below, own, beaten, held), weight in met.items()
    )
    return 1 - Fraction(lost, population.scale * unit * units[1] ** l)
