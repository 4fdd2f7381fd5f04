"""Linear programs through CVXPY: its own modelling, and a solution without a basis."""

from __future__ import annotations

import logging
import warnings
from typing import TYPE_CHECKING

from ualign.solvers import Proposal, silence_highs

if TYPE_CHECKING:
    from ualign.solvers import Floats

logger = logging.getLogger(__name__)


def propose(objective: Floats, matrix: Floats, bounds: Floats) -> Proposal | None:
    """Solve  max objective . x  subject to  matrix x <= bounds, x >= 0  in floats.

    None when the solver fails in any way; the reason is logged.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _propose(objective, matrix, bounds)
    except Exception as error:  # a proposal is optional: whatever a backend raises means "none"
        logger.warning("CVXPY failed: %s: %s", type(error).__name__, error)
        return None


def _propose(objective: Floats, matrix: Floats, bounds: Floats) -> Proposal | None:
    import cvxpy as cp
    import numpy as np

    silence_highs()
    x = cp.Variable(len(objective), nonneg=True)
    rows = matrix @ x <= bounds
    problem = cp.Problem(cp.Maximize(objective @ x), [rows])
    # The simplex method: an interior point would be no vertex and would determine no basis.
    problem.solve(solver=cp.HIGHS, highs_options={"solver": "simplex"})
    if problem.status != cp.OPTIMAL or x.value is None or rows.dual_value is None:
        logger.info("CVXPY: no optimum, status %s", problem.status)
        return None
    return Proposal(np.asarray(x.value, dtype=float), np.asarray(rows.dual_value, dtype=float))
