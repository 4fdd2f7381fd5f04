"""Exact linear programs and matrix games: known answers, random ones, and lying solvers."""

from __future__ import annotations

import logging
import random
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from types import FrameType, ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ualign.exact import linear_program
from ualign.exact.linear_program import (
    BACKENDS,
    GameSolution,
    LinearProgram,
    LinearProgramError,
    Optimum,
    certify_basis,
    solve_agreeing,
    solve_lexicographic,
    solve_matrix_game,
    solve_program,
)
from ualign.solvers import Proposal, cvxpy_lp, pulp_lp

F = Fraction
EVERY_WAY: list[tuple[str, ...]] = [("pulp",), ("cvxpy",), ("pulp", "cvxpy"), ()]

# max 3x + 5y  subject to  x <= 4, 2y <= 12, 3x + 2y <= 18  (Hillier and Lieberman's first example)
WYNDOR = LinearProgram((3, 5), ((1, 0), (0, 2), (3, 2)), (4, 12, 18))
ROCK_PAPER_SCISSORS = [[0, -1, 1], [1, 0, -1], [-1, 1, 0]]


@pytest.fixture
def time_limit() -> Iterator[None]:
    """Turn an endless loop into a failure."""

    def expire(signum: int, frame: FrameType | None) -> None:
        raise TimeoutError("still running after 10 s")

    previous = signal.signal(signal.SIGALRM, expire)
    signal.setitimer(signal.ITIMER_REAL, 10)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, previous)


def assert_solves_game(
    payoffs: Sequence[Sequence[int]], scale: int, solution: GameSolution
) -> None:
    """The minimax theorem's two halves, in fractions, straight from the definition."""
    p, q = solution.row_strategy, solution.column_strategy
    assert len(p) == len(payoffs)
    assert len(q) == len(payoffs[0])
    assert min(p) >= 0
    assert min(q) >= 0
    assert sum(p) == 1
    assert sum(q) == 1
    table = [[F(v, scale) for v in row] for row in payoffs]
    secured = [sum(p[i] * table[i][j] for i in range(len(p))) for j in range(len(q))]
    conceded = [sum(q[j] * table[i][j] for j in range(len(q))) for i in range(len(p))]
    assert min(secured) == solution.value == max(conceded)


def assert_optimal(lp: LinearProgram, optimum: Optimum) -> None:
    """Strong duality in fractions, straight from the definition."""
    n, m = len(lp.objective), len(lp.matrix)
    x, y = optimum.primal, optimum.dual
    assert len(x) == n
    assert len(y) == m
    assert all(v >= 0 for v in (*x, *y))
    assert all(sum(lp.matrix[i][j] * x[j] for j in range(n)) <= lp.bounds[i] for i in range(m))
    assert all(sum(lp.matrix[i][j] * y[i] for i in range(m)) >= lp.objective[j] for j in range(n))
    assert sum(lp.objective[j] * x[j] for j in range(n)) == optimum.value
    assert sum(lp.bounds[i] * y[i] for i in range(m)) == optimum.value


# --- known answers ---------------------------------------------------------------------------


@pytest.mark.parametrize("backends", EVERY_WAY, ids="+".join)
@pytest.mark.parametrize(
    ("payoffs", "value"),
    [
        pytest.param([[1, -1], [-1, 1]], F(0), id="matching pennies"),
        pytest.param(ROCK_PAPER_SCISSORS, F(0), id="rock, paper, scissors"),
        pytest.param([[2, -3], [-3, 4]], F(-1, 12), id="two-finger morra"),
        pytest.param([[3, -1], [-2, 1]], F(1, 7), id="2x2 without a saddle"),
        pytest.param([[1, 0, 0], [0, 2, 0], [0, 0, 3]], F(6, 11), id="diagonal"),
        pytest.param([[4, 1, 3], [2, 0, -1], [5, 1, 2]], F(1), id="saddle point"),
        pytest.param([[-7]], F(-7), id="1x1"),
        pytest.param([[0]], F(0), id="1x1 zero"),
        pytest.param([[5, 5, 5], [5, 5, 5]], F(5), id="constant"),
        pytest.param([[0, 0], [0, 0], [0, 0]], F(0), id="zero"),
        pytest.param([[3, 1, 2]], F(1), id="one row"),
        pytest.param([[3], [1], [2]], F(3), id="one column"),
        pytest.param([[2, 7, 11, 3], [9, 5, 1, 4]], F(41, 11), id="2x4"),
        pytest.param([[-2, -9], [-7, -5], [-11, -1], [-3, -4]], F(-41, 11), id="4x2"),
        pytest.param([[10**18, 0], [0, 1]], F(10**18, 10**18 + 1), id="huge beside 1"),
    ],
)
def test_known_games(payoffs: list[list[int]], value: Fraction, backends: tuple[str, ...]) -> None:
    solution = solve_matrix_game(payoffs, backends=backends)
    assert solution.value == value
    assert_solves_game(payoffs, 1, solution)


def test_unique_strategies_and_scale() -> None:
    solution = solve_matrix_game([[2, -3], [-3, 4]], scale=6)
    assert solution.value == F(-1, 72)
    assert solution.row_strategy == solution.column_strategy == (F(7, 12), F(5, 12))


@pytest.mark.parametrize("backends", EVERY_WAY, ids="+".join)
def test_known_program(backends: tuple[str, ...]) -> None:
    optimum = solve_agreeing(WYNDOR, backends)
    assert optimum.value == 36
    assert optimum.primal == (F(2), F(6))
    assert optimum.dual == (F(0), F(3, 2), F(1))


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    "lp",
    [
        pytest.param(LinearProgram((0,), ((0,),), (0,)), id="all zero"),
        pytest.param(LinearProgram((1, 0), ((1, 0), (0, 0)), (2, 3)), id="zero row and column"),
        pytest.param(LinearProgram((-1, -2), ((1, 1),), (5,)), id="stay at zero"),
        pytest.param(LinearProgram((1, 1), ((1, 1), (1, 1)), (0, 0)), id="only zero is feasible"),
    ],
)
def test_programs_with_nothing_to_gain_or_lose(lp: LinearProgram, backend: str) -> None:
    optimum = solve_program(lp, backend)
    assert_optimal(lp, optimum)
    assert "basis" in optimum.paths[0]  # the backend copes; the fall-back was not needed
    assert solve_lexicographic(lp).value == optimum.value


def test_both_backends_do_their_part() -> None:
    """Without this a backend could fail for ever and the exact simplex method would hide it."""
    rng = random.Random(5)
    game = [[rng.randrange(1000) for _ in range(9)] for _ in range(150)]
    solution = solve_matrix_game(game)
    assert solution.paths == ("pulp: basis", "cvxpy: basis of its solution")
    assert solve_matrix_game(game, backends=()).value == solution.value


@pytest.mark.parametrize("propose", [pulp_lp.propose, cvxpy_lp.propose])
def test_proposals_are_near_the_optimum(propose: linear_program.Propose) -> None:
    proposal = propose(
        *(np.array(part, float) for part in (WYNDOR.objective, WYNDOR.matrix, WYNDOR.bounds))
    )
    assert proposal is not None
    assert proposal.primal == pytest.approx([2, 6])
    assert proposal.dual == pytest.approx([0, 1.5, 1])
    assert proposal.basis in (None, (0, 1, 2))


@pytest.mark.parametrize("propose", [pulp_lp.propose, cvxpy_lp.propose])
def test_no_optimum_no_proposal(propose: linear_program.Propose) -> None:
    assert propose(np.array([1.0]), np.array([[-1.0]]), np.array([1.0])) is None  # unbounded


def test_a_row_that_the_solver_drops_is_noticed(caplog: pytest.LogCaptureFixture) -> None:
    """HiGHS refuses a row with so large a coefficient, and PuLP does not look."""
    matrix = np.array([[1.0, 1.0], [1e16, 1.0]])
    assert pulp_lp.propose(np.array([1.0, 1.0]), matrix, np.array([1.0, 1.0])) is None
    assert "PuLP failed" in caplog.text


@pytest.mark.parametrize(("height", "width"), [(20, 4), (4, 20)])
def test_the_program_of_a_game_is_small_and_well_scaled(
    height: int, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = []

    def spy(lp: LinearProgram, backends: Sequence[str]) -> Optimum:
        programs.append(lp)
        return solve_lexicographic(lp)

    monkeypatch.setattr(linear_program, "solve_agreeing", spy)
    solve_matrix_game([[10**6 + (5 * i + 3 * j) % 17 for j in range(width)] for i in range(height)])
    (lp,) = programs
    assert (len(lp.objective), len(lp.matrix)) == (20, 4)
    assert max(map(max, lp.matrix)) == 2 * min(map(min, lp.matrix)) == 32


# --- random and adversarial programs ---------------------------------------------------------

ordinary = st.integers(-9, 9)
wild = st.sampled_from([0, 1, -1, 2, 10**12, 10**12 + 1, 10**12 - 1, -(10**12), 10**6])


@st.composite
def games(draw: st.DrawFn, numbers: st.SearchStrategy[int]) -> list[list[int]]:
    """Up to 6 x 8 or 8 x 6, with rows and columns repeated to make them degenerate."""
    height, width = draw(st.sampled_from([(6, 8), (8, 6)]))
    row_ids = draw(st.lists(st.integers(0, height - 1), min_size=1, max_size=height))
    column_ids = draw(st.lists(st.integers(0, width - 1), min_size=1, max_size=width))
    cells = {(i, j): draw(numbers) for i in sorted(set(row_ids)) for j in sorted(set(column_ids))}
    return [[cells[i, j] for j in column_ids] for i in row_ids]


@settings(max_examples=100, deadline=None)
@given(st.one_of(games(ordinary), games(wild)), st.integers(1, 10**13))
def test_every_way_solves_random_games(payoffs: list[list[int]], scale: int) -> None:
    values = set()
    for backends in EVERY_WAY:
        solution = solve_matrix_game(payoffs, scale, backends)
        assert_solves_game(payoffs, scale, solution)
        values.add(solution.value)
    assert len(values) == 1


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_every_way_solves_random_programs(data: st.DataObject) -> None:
    n, m = data.draw(st.integers(1, 5)), data.draw(st.integers(1, 5))
    numbers = data.draw(st.sampled_from([ordinary, wild]))

    def vector(entry: st.SearchStrategy[int], size: int) -> tuple[int, ...]:
        return tuple(data.draw(st.lists(entry, min_size=size, max_size=size)))

    lp = LinearProgram(
        vector(numbers, n),
        (*(vector(numbers, n) for _ in range(m)), (1,) * n),  # the last row bounds the program
        (*vector(st.integers(0, 3), m), 7),  # zero bounds: degenerate
    )
    optima = [solve_agreeing(lp, backends) for backends in EVERY_WAY]
    for optimum in optima:
        assert_optimal(lp, optimum)
    assert len({optimum.value for optimum in optima}) == 1


@pytest.mark.parametrize("backends", EVERY_WAY, ids="+".join)
def test_a_value_just_below_one_half(backends: tuple[str, ...]) -> None:
    e = 10**17  # the value differs from 1/2 by less than a float can show
    payoffs = [[e, -e], [-e, e], [1, 0], [0, 0]]
    solution = solve_matrix_game(payoffs, backends=backends)
    assert_solves_game(payoffs, 1, solution)
    assert solution.value == F(e, 2 * e + 1)


def test_weights_far_apart_need_the_fall_back() -> None:
    """On some of these games the floats' basis is not optimal, and only exact pivots find one."""
    rng = random.Random(3)
    fallen = 0
    for _ in range(30):
        payoffs = [
            [rng.choice([1, 10**12]) * rng.randrange(-2, 3) for _ in range(8)] for _ in range(20)
        ]
        solution = solve_matrix_game(payoffs)
        assert_solves_game(payoffs, 1, solution)
        assert solution.value == solve_matrix_game(payoffs, backends=()).value
        fallen += any("exact simplex" in path for path in solution.paths)
    assert 0 < fallen < 30


# Two programs on which the simplex method cycles for ever when ties go to the first row. Scaling
# the rows to integers would change the largest-cost rule, so the last two variables repeat the
# slacks in the old unit.
BEALE = LinearProgram(
    (75, -15000, 2, -600, 0, 0),
    ((25, -6000, -4, 900, 100, 0), (50, -9000, -2, 300, 0, 100), (0, 0, 1, 0, 0, 0)),
    (0, 0, 1),
)
CHVATAL = LinearProgram(
    (10, -57, -9, -24, 0, 0),
    ((1, -11, -5, 18, 2, 0), (1, -3, -1, 2, 0, 2), (1, 0, 0, 0, 0, 0)),
    (0, 0, 1),
)


@pytest.mark.usefixtures("time_limit")
@pytest.mark.parametrize(("lp", "value"), [(BEALE, 5), (CHVATAL, 1)], ids=["Beale", "Chvatal"])
def test_cycling_prone_programs(lp: LinearProgram, value: int) -> None:
    optimum = solve_lexicographic(lp)
    assert optimum.value == value
    assert_optimal(lp, optimum)


@pytest.mark.parametrize("backends", EVERY_WAY, ids="+".join)
@pytest.mark.parametrize(
    "lp",
    [
        pytest.param(LinearProgram((1,), ((0,),), (1,)), id="free variable"),
        pytest.param(LinearProgram((1, 1), ((1, -1), (-1, 0)), (1, 0)), id="ray"),
        pytest.param(LinearProgram((0, 1), ((1, 0), (5, -1)), (0, 0)), id="degenerate ray"),
    ],
)
def test_unbounded_programs_raise(lp: LinearProgram, backends: tuple[str, ...]) -> None:
    with pytest.raises(LinearProgramError, match="unbounded"):
        solve_agreeing(lp, backends)


# --- the proof of a basis --------------------------------------------------------------------


def test_certify_basis_accepts_the_optimal_basis_in_any_order() -> None:
    for basis in [(0, 1, 2), (2, 0, 1)]:
        optimum = certify_basis(WYNDOR, basis)
        assert optimum is not None
        assert_optimal(WYNDOR, optimum)
        assert optimum.value == 36


# Each basis below is refused for one reason alone: with that mended it is accepted.


def test_certify_basis_refuses_a_negative_slack() -> None:
    basis = (1, 2, 3)  # y = 9 breaks 2y <= 12
    assert certify_basis(WYNDOR, basis) is None
    mended = certify_basis(replace(WYNDOR, bounds=(4, 18, 18)), basis)
    assert mended is not None
    assert mended.value == 45


def test_certify_basis_refuses_a_negative_variable() -> None:
    assert certify_basis(LinearProgram((-1,), ((-1,),), (1,)), (0,)) is None  # x = -1
    mended = certify_basis(LinearProgram((-1,), ((-1,),), (0,)), (0,))
    assert mended is not None
    assert mended.value == 0


def test_certify_basis_refuses_a_negative_price() -> None:
    basis = (0, 1, 3)  # x = 4, y = 3 with prices -9/2 and 5/2
    assert certify_basis(WYNDOR, basis) is None
    mended = certify_basis(replace(WYNDOR, objective=(15, 5)), basis)
    assert mended is not None
    assert mended.value == 75


def test_certify_basis_refuses_an_improvable_objective() -> None:
    basis = (2, 3, 4)  # nothing is done, at prices zero
    assert certify_basis(WYNDOR, basis) is None
    mended = certify_basis(replace(WYNDOR, objective=(-3, 0)), basis)
    assert mended is not None
    assert mended.value == 0


def test_certify_basis_refuses_a_singular_basis() -> None:
    lp = LinearProgram((1, 1), ((1, 1), (1, 1)), (1, 1))
    assert certify_basis(lp, (0, 1)) is None
    mended = certify_basis(lp, (0, 2))
    assert mended is not None
    assert mended.value == 1


@pytest.mark.parametrize(
    "basis",
    [(), (0, 1), (0, 1, 2, 2), (0, 1, 1), (0, 2, 2), (0, 1, 5), (0, 1, -3), (0, 1, 2.0)],
    ids=["empty", "short", "long", "twice", "slack twice", "too large", "negative", "float"],
)
def test_certify_basis_refuses_what_is_no_basis(basis: tuple[int, ...]) -> None:
    assert certify_basis(WYNDOR, basis) is None


# --- lying and failing backends --------------------------------------------------------------

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
def test_lies_never_change_the_value(lie: Proposal | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(BACKENDS, "pulp", lambda objective, matrix, bounds: lie)
    optimum = solve_program(WYNDOR, "pulp")
    assert_optimal(WYNDOR, optimum)
    assert optimum.value == 36
    assert optimum.paths == ("pulp: exact simplex, 2 pivots",)  # the lie was noticed
    together = solve_agreeing(WYNDOR)
    assert together.value == 36
    assert together.paths == (*optimum.paths, "cvxpy: basis of its solution")


def test_a_wrong_basis_beside_a_right_solution(monkeypatch: pytest.MonkeyPatch) -> None:
    mixed = Proposal(np.array([1 / 3, 1.0]), np.array([0.0, 0.5, 0.5]), (2, 3, 4))
    monkeypatch.setitem(BACKENDS, "pulp", lambda objective, matrix, bounds: mixed)
    optimum = solve_program(WYNDOR, "pulp")
    assert optimum.value == 36
    assert optimum.paths == ("pulp: basis of its solution",)


@pytest.mark.parametrize(("backend", "module"), [("pulp", pulp_lp), ("cvxpy", cvxpy_lp)])
def test_a_backend_that_raises_is_logged_and_replaced(
    backend: str,
    module: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setitem(sys.modules, backend, None)  # the import fails
    with caplog.at_level(logging.WARNING):
        optimum = solve_program(WYNDOR, backend)
    assert optimum.value == 36
    assert optimum.paths == (f"{backend}: exact simplex, 2 pivots",)
    assert [record.name for record in caplog.records] == [module.__name__]


def test_disagreeing_values_are_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def certify(lp: LinearProgram, backend: str) -> Optimum:
        return replace(solve_lexicographic(lp), value=F(36 + (backend == "cvxpy")))

    monkeypatch.setattr(linear_program, "_certify_proposal", certify)
    with pytest.raises(LinearProgramError, match="36, cvxpy: 37"):
        solve_agreeing(WYNDOR)


ZERO_GAME = [[0, 0], [0, 0]]


@pytest.mark.parametrize(
    ("payoffs", "change"),
    [
        (ROCK_PAPER_SCISSORS, {"primal": (F(1, 3), F(0), F(0))}),
        (ROCK_PAPER_SCISSORS, {"dual": (F(1, 3), F(0), F(0))}),
        (ZERO_GAME, {"value": F(1, 2), "primal": (F(1, 2), F(0)), "dual": (F(1, 2), F(0))}),
        (ZERO_GAME, {"primal": (F(2), F(-1))}),
        (ZERO_GAME, {"dual": (F(2), F(-1))}),
        (ZERO_GAME, {"primal": (F(1), F(1))}),
        (ZERO_GAME, {"dual": (F(0), F(0))}),
    ],
    ids=["row", "column", "value", "negative row", "negative column", "row sum", "column sum"],
)
def test_a_wrong_optimum_cannot_become_a_game_solution(
    payoffs: list[list[int]], change: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def solved(lp: LinearProgram, backends: Sequence[str]) -> Optimum:
        return replace(solve_lexicographic(lp), **change)

    monkeypatch.setattr(linear_program, "solve_agreeing", solved)
    with pytest.raises(LinearProgramError, match="internal fault"):
        solve_matrix_game(payoffs)


# --- bad input, imports, noise ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("payoffs", "scale"), [([], 1), ([[]], 1), ([[1, 2], [3]], 1), ([[1]], 0), ([[1]], -2)]
)
def test_malformed_games_raise(payoffs: list[list[int]], scale: int) -> None:
    with pytest.raises(LinearProgramError, match="matrix game"):
        solve_matrix_game(payoffs, scale)


def test_floats_are_no_payoffs() -> None:
    with pytest.raises(TypeError):
        solve_matrix_game([[0.5]])  # type: ignore[list-item]
    assert solve_matrix_game([[np.int64(3)]]).value == 3  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("objective", "matrix", "bounds", "complaint"),
    [
        ((), ((),), (1,), "needs variables"),
        ((1,), (), (), "needs variables"),
        ((1,), ((1,),), (1, 2), "needs variables"),
        ((1, 2), ((1,),), (1,), "one coefficient"),
        ((1,), ((1,),), (-1,), "negative"),
        ((1,), ((0.5,),), (1,), "integers"),
        ((F(1, 2),), ((1,),), (1,), "integers"),
    ],
)
def test_malformed_programs_raise(
    objective: tuple[int, ...],
    matrix: tuple[tuple[int, ...], ...],
    bounds: tuple[int, ...],
    complaint: str,
) -> None:
    with pytest.raises(LinearProgramError, match=complaint):
        LinearProgram(objective, matrix, bounds)


def test_an_unknown_backend_raises() -> None:
    with pytest.raises(LinearProgramError, match="unknown backend 'abacus'"):
        solve_program(WYNDOR, "abacus")


def run_python(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.parametrize(
    ("backend", "path"), [("pulp", "basis"), ("cvxpy", "basis of its solution")]
)
def test_solvers_print_nothing(backend: str, path: str) -> None:
    done = run_python(
        "from ualign.exact.linear_program import solve_matrix_game\n"
        f"game = solve_matrix_game([[2, -3], [-3, 4]], backends=[{backend!r}])\n"
        "print(game.value, *game.paths)\n"
    )
    assert done.stdout == f"-1/12 {backend}: {path}\n"
    assert done.stderr == ""
    assert done.returncode == 0


def test_importing_the_module_imports_no_solver() -> None:
    done = run_python(
        "import sys, ualign.exact.linear_program\n"
        "heavy = {'numpy', 'pulp', 'cvxpy', 'highspy', 'flint'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    assert done.stdout == "[]\n", done.stderr
