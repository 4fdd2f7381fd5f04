"""The alignment game of Luce users (E18): a policy near a symmetric equilibrium with its exact gap,
the exact maximal lottery, and the exact joint optimum.

Floats move the policy towards what users pick, as in E14, whose steps are safe here too, and are
rounded; what counts is the exact worst case of the rounded policy."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ualign.exact.matrix_game import solve_matrix_game
from ualign.model.luce import LucePopulation, luce_payoffs, luce_worst_case
from ualign.model.policies import JointPolicy, ProductPolicy
from ualign.model.rates import best_rate
from ualign.model.solutions import JointOptimum

ROUNDS, PLACES = 4000, 40
"""Steps of learning; masses are rounded to 2^-PLACES, and none when below 2^-12."""


@dataclass(frozen=True)
class LuceEquilibrium:
    """A rational policy near a symmetric equilibrium: `gap` is max_y u_y - 1/(k+1), exactly."""

    k: int
    policy: ProductPolicy
    gap: Fraction


def find_luce_equilibrium(population: LucePopulation, k: int) -> LuceEquilibrium:
    """For k = 1 an exact maximal lottery; else a proposal of floats, or the uniform policy or a
    point mass where one of these is an exact equilibrium."""
    if k == 1:
        optimum = find_luce_optimum(population, 1)
        masses = [Fraction(0)] * population.n
        for (y,), mass in optimum.policy.tuples:
            masses[y] = mass
        return _with_gap(population, 1, ProductPolicy(tuple(masses)))
    n = population.n
    simple = [ProductPolicy.uniform(n)]
    simple += [ProductPolicy.point_mass(n, y) for y in range(n)]
    for policy in simple:
        if (found := _with_gap(population, k, policy)).gap == 0:
            return found
    return _with_gap(population, k, _proposed(population, k))


def _with_gap(population: LucePopulation, k: int, policy: ProductPolicy) -> LuceEquilibrium:
    worst = luce_worst_case(population, policy, k=k)
    return LuceEquilibrium(k, policy, best_rate(k) - worst.value)


def _proposed(population: LucePopulation, k: int) -> ProductPolicy:
    """Learning from picks, with Gauss-Legendre nodes, which are exact but for rounding."""
    import numpy as np

    weights = np.array([float(user.weight / population.total) for user in population.users])
    strengths = np.array([user.strengths for user in population.users], dtype=float)
    nodes, steps = np.polynomial.legendre.leggauss(
        min(400, (k + 1) * int(strengths.max()) // 2 + 1)
    )
    x, steps = (nodes + 1) / 2, steps / 2
    powers = x[None, None, :] ** strengths[:, :, None]
    slopes = strengths[:, :, None] * x[None, None, :] ** (strengths[:, :, None] - 1)
    pi, eta = np.full(population.n, 1 / population.n), 3 / (2 * (k + 3))
    for _ in range(ROUNDS):
        F = np.einsum("z,uzx->ux", pi, powers) ** k
        U = (k + 1) * np.einsum("u,uyx,ux,x->y", weights, slopes, F, steps)
        pi = pi * (1 + eta * (U - 1))
        pi /= pi.sum()
    whole = [round(float(mass) * 2**PLACES) if mass > 2**-12 else 0 for mass in pi]
    total = sum(whole)
    return ProductPolicy(tuple(Fraction(part, total) for part in whole))


def find_luce_optimum(population: LucePopulation, k: int, l: int = 1) -> JointOptimum:
    """The exact optimum over all k-output policies against l outputs."""
    table = luce_payoffs(population, k, l)
    game = solve_matrix_game(table.matrix, table.scale)
    rows, columns = (
        tuple((t, mass) for t, mass in zip(tuples, masses, strict=True) if mass)
        for tuples, masses in (
            (table.rows, game.row_strategy),
            (table.columns, game.column_strategy),
        )
    )
    return JointOptimum(game.value, JointPolicy(k, rows), columns)
