"""Linear programs through CVXPY: its own modelling, and a solution without a basis."""

from __future__ import annotations

import logging
import warnings
from typing import TYPE_CHECKING

from ualign.solvers import Proposal, proposing, silence_highs

if TYPE_CHECKING:
    from ualign.solvers import Floats

logger = logging.getLogger(__name__)


@proposing("CVXPY")
def propose(objective: Floats, matrix: Floats, bounds: Floats) -> Proposal | None:
    """Solve  max objective . x  subject to  matrix x <= bounds, x >= 0  in floats.

    None when the solver fails in any way; the reason is logged.
    """
    import cvxpy as cp
    import numpy as np

    silence_highs()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        x = cp.Variable(len(objective), nonneg=True)
        rows = matrix @ x <= bounds
        problem = cp.Problem(cp.Maximize(objective @ x), [rows])
        # The simplex method: an interior point would be no vertex and would determine no basis.
        problem.solve(solver=cp.HIGHS, highs_options={"solver": "simplex"})
    if problem.status != cp.OPTIMAL or x.value is None or rows.dual_value is None:
        logger.info("CVXPY: no optimum, status %s", problem.status)
        return None
    return Proposal(np.asarray(x.value, dtype=float), np.asarray(rows.dual_value, dtype=float))
