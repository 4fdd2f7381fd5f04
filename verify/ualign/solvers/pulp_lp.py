"""Linear programs through PuLP and the simplex method of HiGHS, whose basis is the proposal."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from ualign.solvers import Proposal, proposing, silence_highs

if TYPE_CHECKING:
    from ualign.solvers import Floats

logger = logging.getLogger(__name__)


@proposing("PuLP")
def propose(objective: Floats, matrix: Floats, bounds: Floats) -> Proposal | None:
    """Solve  max objective . x  subject to  matrix x <= bounds, x >= 0  in floats.

    None when the solver fails in any way; the reason is logged.
    """
    import numpy as np
    import pulp

    silence_highs()
    problem = pulp.LpProblem("proposal", pulp.LpMaximize)
    variables = [problem.add_variable(f"x{j}", lowBound=0) for j in range(len(objective))]
    problem.setObjective(pulp.LpAffineExpression(zip(variables, objective.tolist(), strict=True)))
    constraints = []
    for row, bound in zip(matrix.tolist(), bounds.tolist(), strict=True):
        constraint = pulp.LpAffineExpression(zip(variables, row, strict=True)) <= bound
        problem.addConstraint(constraint)
        constraints.append(constraint)
    problem.solve(pulp.HiGHS(msg=False, solver="simplex"))

    # PuLP's status hides what HiGHS said, and PuLP ignores the calls that build the model: a row
    # that HiGHS refused raises IndexError when PuLP looks for its dual.
    model = problem.solverModel
    status = model.getModelStatus().name
    if problem.sol_status != pulp.LpSolutionOptimal or status != "kOptimal":
        logger.info("PuLP: no optimum, HiGHS says %s", status)
        return None
    primal = np.array([variable.varValue for variable in variables], dtype=float)
    # The sign of `pi` is the solver's choice; every dual of this form is nonnegative.
    dual = np.abs(np.array([constraint.pi for constraint in constraints], dtype=float))
    basis = model.getBasis()
    if not basis.valid:
        return Proposal(primal, dual)
    # PuLP sorts the variables by name: the solver's column of a variable is its `index`.
    column_status, row_status = basis.col_status, basis.row_status  # each access is a copy
    statuses = [column_status[variable.index].name for variable in variables]
    statuses += [row_status[constraint.index].name for constraint in constraints]
    return Proposal(primal, dual, tuple(j for j, s in enumerate(statuses) if s == "kBasic"))
