"""Linear programs by the simplex method of HiGHS, called directly; its basis is the proposal."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from ualign.solvers import Proposal, proposing, silence_highs

if TYPE_CHECKING:
    from ualign.solvers import Floats

logger = logging.getLogger(__name__)


@proposing("HiGHS")
def propose(objective: Floats, matrix: Floats, bounds: Floats) -> Proposal | None:
    """Solve  max objective . x  subject to  matrix x <= bounds, x >= 0  in floats.

    None when the solver fails in any way; the reason is logged.
    """
    import highspy
    import numpy as np

    silence_highs()
    m, n = matrix.shape
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = n, m
    program.col_cost_ = -objective
    program.col_lower_, program.col_upper_ = np.zeros(n), np.full(n, highspy.kHighsInf)
    program.row_lower_, program.row_upper_ = np.full(m, -highspy.kHighsInf), bounds
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_ = np.arange(0, m * n + 1, n)
    program.a_matrix_.index_ = np.tile(np.arange(n), m)
    program.a_matrix_.value_ = matrix.ravel()

    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("solver", "simplex")
    if highs.passModel(program) == highspy.HighsStatus.kError:
        logger.info("HiGHS: the model is refused")
        return None
    highs.run()
    if (status := highs.getModelStatus()) != highspy.HighsModelStatus.kOptimal:
        logger.info("HiGHS: no optimum, status %s", status.name)
        return None
    solution, basis = highs.getSolution(), highs.getBasis()
    primal, dual = np.array(solution.col_value), -np.array(solution.row_dual)
    if not basis.valid:
        return Proposal(primal, dual)
    statuses = [*basis.col_status, *basis.row_status]
    basic = (j for j, s in enumerate(statuses) if s == highspy.HighsBasisStatus.kBasic)
    return Proposal(primal, dual, tuple(basic))
