"""The convex program E1 through CVXPY: a second road to a symmetric equilibrium, in floats.

A policy that minimises max_y u_y(pi) is a symmetric equilibrium of the (k+1)-player game, and the
minimum is 1/(k+1). Every u_y is a sum of k-th powers of what is linear in pi, by Gauss-Legendre
quadrature, which is exact here: the integrand has degree k.
"""

from __future__ import annotations

import inspect
import warnings

import cvxpy as cp
import numpy as np
from numpy.typing import NDArray
from ualign.model.population import Population

Floats = NDArray[np.float64]

ROADS = [(True, True), (False, True), (True, False), (False, False)]
"""Scaled so that the optimum is 1, or not; powers by second-order cones, or by power cones.

CLARABEL ends about one program in 600 `optimal_inaccurate`, nearly always at k = 6 and on different
populations for different roads; no road alone is safe."""


def solve(population: Population, k: int) -> tuple[Floats, float] | None:
    """Minimise t subject to t >= u_y(pi) for all responses y, pi in the simplex.

    Returns pi and t from the first road on which the solver says `optimal`, None if there is none.
    """
    for scaled, by_squares in ROADS:
        found = solve_by(population, k, scaled, by_squares)
        if found is not None:
            return found
    return None


def solve_by(
    population: Population, k: int, scaled: bool, by_squares: bool
) -> tuple[Floats, float] | None:
    """The same by one road."""
    groups, n = population.groups, population.n
    below = np.array([[group.below >> y & 1 for y in range(n)] for group in groups], float)
    own = np.array([[group.own >> y & 1 for y in range(n)] for group in groups], float)
    weights = np.array([group.weight / population.scale for group in groups], float)
    nodes, shares = np.polynomial.legendre.leggauss((k + 2) // 2)  # on [-1, 1], shares sum to 2
    # One row of `linear` for each group and node t: the mass below plus t times the own class.
    linear = np.concatenate([below + (1 + node) / 2 * own for node in nodes])
    pick = np.concatenate([share / 2 * (own * weights[:, None]) for share in shares])
    unit = k + 1 if scaled else 1
    pi = cp.Variable(n, nonneg=True)
    top = cp.Variable()
    # Before it had a choice, CVXPY went by squares.
    way = {"approx": by_squares} if "approx" in inspect.signature(cp.power).parameters else {}
    utilities = unit * pick.T @ cp.power(linear @ pi, k, **way)
    problem = cp.Problem(cp.Minimize(top), [utilities <= top, cp.sum(pi) == 1])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of an inaccurate solution, which is not taken
        try:
            problem.solve(solver=cp.CLARABEL)
        except cp.SolverError:
            return None
    if problem.status != cp.OPTIMAL:
        return None
    return np.asarray(pi.value, dtype=float), float(problem.value) / unit
