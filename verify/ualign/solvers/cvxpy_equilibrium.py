"""The convex program E1 through CVXPY: a second road to a symmetric equilibrium, in floats.

A policy that minimises max_y u_y(pi) is a symmetric equilibrium of the (k+1)-player game, and the
minimum is 1/(k+1). Every u_y is a sum of k-th powers of what is linear in pi, by Gauss-Legendre
quadrature, which is exact here: the integrand has degree k.
"""

from __future__ import annotations

import logging
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ualign.solvers import Floats

    Indicators = NDArray[np.bool_]

logger = logging.getLogger(__name__)


def propose(
    below: Indicators, own: Indicators, weights: Floats, k: int
) -> tuple[Floats, float] | None:
    """Minimise t subject to t >= u_y(pi) for all responses y, pi in the simplex.

    A group of users, of share `weights[g]`, ranks the responses of row `below[g]` strictly below
    those of row `own[g]`, which it holds for tied. Returns pi and t; None when the solver fails in
    any way, and the reason is logged.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _propose(below, own, weights, k)
    except Exception as error:  # a proposal is optional: whatever a backend raises means "none"
        logger.warning("CVXPY failed: %s: %s", type(error).__name__, error)
        return None


def _propose(
    below: Indicators, own: Indicators, weights: Floats, k: int
) -> tuple[Floats, float] | None:
    import cvxpy as cp
    import numpy as np

    nodes, shares = np.polynomial.legendre.leggauss((k + 2) // 2)  # on [-1, 1], shares sum to 2
    # One row of `linear` for each group and node t: the mass below plus t times the own class.
    linear = np.concatenate([below + (1 + node) / 2 * own for node in nodes])
    pick = np.concatenate([share / 2 * (own * weights[:, None]) for share in shares])
    pi = cp.Variable(below.shape[1], nonneg=True)
    top = cp.Variable()
    constraints = [pick.T @ cp.power(linear @ pi, k) <= top, cp.sum(pi) == 1]
    problem = cp.Problem(cp.Minimize(top), constraints)
    problem.solve(solver=cp.CLARABEL)
    if problem.status != cp.OPTIMAL or pi.value is None:
        logger.info("CVXPY: no optimum, status %s", problem.status)
        return None
    return np.asarray(pi.value, dtype=float), float(problem.value)
