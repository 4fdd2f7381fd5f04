"""The two modelling paths: what they confirm, and backends that lie, fail or make noise."""

from __future__ import annotations

import logging
import random
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from types import ModuleType

import numpy as np
import pytest
from optimality import WYNDOR, assert_optimal, far_apart, program_of
from ualign.exact import modelling_paths
from ualign.exact.linear_program import LinearProgram, LinearProgramError, Optimum
from ualign.exact.modelling_paths import BACKENDS, Agreement, certify_proposal, cross_checking
from ualign.exact.simplex import solve_by_simplex, solve_program
from ualign.solvers import Proposal, cvxpy_lp, highs_lp, pulp_lp

PROPOSERS = {"pulp": pulp_lp.propose, "cvxpy": cvxpy_lp.propose, "highs": highs_lp.propose}

# --- agreement -------------------------------------------------------------------------------


def test_every_program_within_is_solved_along_every_path() -> None:
    rng = random.Random(5)
    games = [[[rng.randrange(1000) for _ in range(9)] for _ in range(150)] for _ in range(3)]
    with cross_checking() as agreement:
        for game in games:
            solve_program(program_of(game))
    assert agreement == Agreement(3, {"PuLP": 3, "CVXPY": 3})
    solve_program(WYNDOR)
    assert agreement.programs == 3
    assert agreement + Agreement(1, {"PuLP": 1, "CVXPY": 0}) == Agreement(
        4, {"PuLP": 4, "CVXPY": 3}
    )


def test_floats_that_lead_nowhere_confirm_nothing() -> None:
    """On some games with weights far apart no basis of the floats is optimal."""
    with cross_checking() as agreement:
        for seed in range(30):
            solve_program(program_of(far_apart(seed)))
    assert agreement.programs == 30
    assert all(0 < count < 30 for count in agreement.confirmed.values())


@pytest.mark.parametrize("backend", BACKENDS)
def test_different_values_are_a_fault(backend: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def certify(lp: LinearProgram, name: str) -> Optimum:
        return replace(solve_by_simplex(lp), value=36 + (name == backend))

    monkeypatch.setattr(modelling_paths, "certify_proposal", certify)
    with cross_checking(), pytest.raises(LinearProgramError, match=f"simplex: 36, {backend}: 37"):
        solve_program(WYNDOR)


@pytest.mark.parametrize("backend", BACKENDS)
def test_programs_with_nothing_to_gain_or_lose(backend: str) -> None:
    for lp in (
        LinearProgram((0,), ((0,),), (0,)),
        LinearProgram((1, 0), ((1, 0), (0, 0)), (2, 3)),
        LinearProgram((-1, -2), ((1, 1),), (5,)),
        LinearProgram((1, 1), ((1, 1), (1, 1)), (0, 0)),
    ):
        optimum = certify_proposal(lp, backend)
        assert optimum is not None
        assert_optimal(lp, optimum)


# --- proposals -------------------------------------------------------------------------------


@pytest.mark.parametrize("propose", PROPOSERS.values(), ids=PROPOSERS)
def test_proposals_are_near_the_optimum(propose: modelling_paths.Propose) -> None:
    proposal = propose(
        *(np.array(part, float) for part in (WYNDOR.objective, WYNDOR.matrix, WYNDOR.bounds))
    )
    assert proposal is not None
    assert proposal.primal == pytest.approx([2, 6])
    assert proposal.dual == pytest.approx([0, 1.5, 1])
    assert proposal.basis in (None, (0, 1, 2))


@pytest.mark.parametrize("propose", PROPOSERS.values(), ids=PROPOSERS)
def test_no_optimum_no_proposal(propose: modelling_paths.Propose) -> None:
    assert propose(np.array([1.0]), np.array([[-1.0]]), np.array([1.0])) is None  # unbounded


@pytest.mark.parametrize("propose", [pulp_lp.propose, highs_lp.propose], ids=["pulp", "highs"])
def test_a_row_that_the_solver_drops_is_noticed(propose: modelling_paths.Propose) -> None:
    """HiGHS refuses a row with so large a coefficient, and PuLP does not look."""
    matrix = np.array([[1.0, 1.0], [1e16, 1.0]])
    assert propose(np.array([1.0, 1.0]), matrix, np.array([1.0, 1.0])) is None


NOT_A_NUMBER = float("nan")


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "lie",
    [
        pytest.param(None, id="nothing"),
        pytest.param(Proposal(np.zeros(2), np.zeros(3)), id="zeros"),
        pytest.param(Proposal(np.array([2 / 3, 1 / 2]), np.zeros(3)), id="another vertex"),
        pytest.param(Proposal(np.array([1e308, 1e308]), -np.full(3, 1e308)), id="overflow"),
        pytest.param(Proposal(np.full(2, NOT_A_NUMBER), np.full(3, NOT_A_NUMBER)), id="nan"),
        pytest.param(Proposal(np.full(2, np.inf), np.zeros(3)), id="infinite"),
        pytest.param(Proposal(np.zeros(3), np.zeros(2)), id="wrong lengths"),
        pytest.param(Proposal(np.zeros((2, 1)), np.zeros(3)), id="wrong shape"),
        pytest.param(Proposal(np.zeros(2), np.zeros(3), (2, 3, 4)), id="slack basis"),
        pytest.param(Proposal(np.zeros(2), np.zeros(3), (1, 2, 3)), id="infeasible basis"),
        pytest.param(Proposal(np.zeros(2), np.zeros(3), (0, 1, 99)), id="no basis"),
        pytest.param(Proposal(np.zeros(2), np.zeros(3), (0, 0, 0)), id="repetitions"),
    ],
)
def test_lies_confirm_nothing(lie: Proposal | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(BACKENDS, "PuLP", lambda objective, matrix, bounds: lie)
    with cross_checking() as agreement:
        optimum = solve_program(WYNDOR)
    assert_optimal(WYNDOR, optimum)
    assert optimum.value == 36
    assert agreement == Agreement(1, {"PuLP": 0, "CVXPY": 1})  # the lie was noticed


def test_a_wrong_basis_beside_a_right_solution(monkeypatch: pytest.MonkeyPatch) -> None:
    mixed = Proposal(np.array([1 / 3, 1.0]), np.array([0.0, 0.5, 0.5]), (2, 3, 4))
    monkeypatch.setitem(BACKENDS, "PuLP", lambda objective, matrix, bounds: mixed)
    optimum = certify_proposal(WYNDOR, "PuLP")
    assert optimum is not None
    assert optimum.value == 36


@pytest.mark.parametrize(
    ("name", "module", "propose"),
    [
        ("pulp", pulp_lp, pulp_lp.propose),
        ("cvxpy", cvxpy_lp, cvxpy_lp.propose),
        ("highspy", highs_lp, highs_lp.propose),
    ],
)
def test_a_backend_that_raises_is_logged(
    name: str,
    module: ModuleType,
    propose: Callable[..., Proposal | None],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setitem(sys.modules, name, None)  # the import fails
    with caplog.at_level(logging.WARNING):
        assert propose(*WYNDOR.floats) is None
    assert [record.name for record in caplog.records] == [module.__name__]


def test_an_unknown_backend_raises() -> None:
    with pytest.raises(LinearProgramError, match="unknown backend 'abacus'"):
        certify_proposal(WYNDOR, "abacus")


def test_solvers_print_nothing() -> None:
    program = (
        "from ualign.exact.modelling_paths import cross_checking\n"
        "from ualign.exact.matrix_game import solve_matrix_game\n"
        "from ualign.exact import simplex\n"
        "simplex.MOST_PIVOTS = 0\n"
        "with cross_checking() as agreement:\n"
        "    game = solve_matrix_game([[2, -3], [-3, 4]])\n"
        "print(game.value, agreement.confirmed)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.stdout == "-1/12 {'PuLP': 1, 'CVXPY': 1}\n"
    assert done.stderr == ""
    assert done.returncode == 0
