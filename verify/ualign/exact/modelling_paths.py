"""Two independent modelling paths that must lead to the simplex method's value.

PuLP models a program row by row and hands back HiGHS's basis; CVXPY models it as a matrix and hands
back a solution, from which complementary slackness names a basis. A basis that is proved optimal
has the exact value. Bulk work does not pay for this; `cross_checking` asks for it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ualign.exact.linear_program import (
    LinearProgram,
    LinearProgramError,
    Optimum,
    certify_basis,
)
from ualign.solvers import Proposal, cvxpy_lp, pulp_lp
from ualign.text import counted

if TYPE_CHECKING:
    from ualign.solvers import Propose

logger = logging.getLogger(__name__)

BACKENDS: dict[str, Propose] = {"PuLP": pulp_lp.propose, "CVXPY": cvxpy_lp.propose}
"""The modelling paths; the arguments are objective, matrix and bounds, scaled into [-1, 1]."""

_PRIME = 2**61 - 1


@dataclass
class Agreement:
    """How many programs were solved, and how many of these each modelling path has confirmed; on
    the others its floats led to no basis that is proved optimal."""

    programs: int = 0
    confirmed: dict[str, int] = field(default_factory=lambda: dict.fromkeys(BACKENDS, 0))

    def __str__(self) -> str:
        solved = f"{counted(self.programs, 'linear program')} solved"
        proved = ", ".join(f"{name} for {count}" for name, count in self.confirmed.items())
        return solved + f"; same value proved by {proved}" * bool(self.programs)

    def __add__(self, other: Agreement) -> Agreement:
        confirmed = {name: self.confirmed[name] + other.confirmed[name] for name in BACKENDS}
        return Agreement(self.programs + other.programs, confirmed)


_current: ContextVar[Agreement | None] = ContextVar("agreement", default=None)


@contextmanager
def cross_checking() -> Iterator[Agreement]:
    """Within it, every program is solved along every path, and values that differ are a fault."""
    agreement = Agreement()
    token = _current.set(agreement)
    try:
        yield agreement
    finally:
        _current.reset(token)


def compare_where_wanted(lp: LinearProgram, optimum: Optimum) -> None:
    """Within `cross_checking`, raise LinearProgramError where a path proves another value."""
    agreement = _current.get()
    if agreement is None:
        return
    agreement.programs += 1
    for backend in BACKENDS:
        confirmed = certify_proposal(lp, backend)
        if confirmed is None:
            continue
        if confirmed.value != optimum.value:
            values = f"simplex: {optimum.value}, {backend}: {confirmed.value}"
            raise LinearProgramError(f"internal fault: the exact values differ: {values}")
        agreement.confirmed[backend] += 1


def certify_proposal(lp: LinearProgram, backend: str) -> Optimum | None:
    """The optimum that a backend's basis, or else its float solution, leads to, if any."""
    if backend not in BACKENDS:
        raise LinearProgramError(f"unknown backend {backend!r}; there are {', '.join(BACKENDS)}")
    proposal = BACKENDS[backend](*lp.floats)
    if proposal is None:
        logger.info("%s: no proposal", backend)
        return None
    if proposal.basis is not None and (optimum := certify_basis(lp, proposal.basis)):
        return optimum
    basis = _basis_of_solution(lp, proposal)
    if basis is not None and (optimum := certify_basis(lp, basis)):
        return optimum
    logger.info("%s: the proposal is not an exact optimum", backend)
    return None


def _basis_of_solution(lp: LinearProgram, proposal: Proposal) -> tuple[int, ...] | None:
    """A nonsingular basis by complementary slackness; a guess that `certify_basis` must judge.

    Variables and slacks are ranked by value less reduced cost: clearly basic ones first, clearly
    nonbasic ones last, degenerate ones between. The first m independent ones (over a prime field)
    are the basis.
    """
    import numpy as np
    from flint import nmod_mat

    objective, matrix, bounds = lp.floats
    m, n = matrix.shape
    x, y = proposal.primal, proposal.dual
    if np.shape(x) != (n,) or np.shape(y) != (m,):
        return None
    with np.errstate(all="ignore"):
        merit = np.concatenate([x - (y @ matrix - objective), bounds - matrix @ x - y])
    if not np.all(np.isfinite(merit)):
        return None
    order = np.argsort(-merit, kind="stable").tolist()
    order = order[: 4 * m] + [j for j in order[4 * m :] if j >= n]  # the slacks have rank m
    entries = [
        row[j] if j < n else int(j - n == i) for i, row in enumerate(lp.matrix) for j in order
    ]
    echelon, _ = nmod_mat(m, len(order), entries, _PRIME).rref()
    leading = (next(k for k, entry in enumerate(row) if entry) for row in echelon.tolist())
    return tuple(order[k] for k in leading)
