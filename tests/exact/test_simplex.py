"""The exact simplex method: known answers, whatever the floats say, and when it asks HiGHS."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from fractions import Fraction
from types import FrameType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from optimality import (
    CERTAIN,
    KNOWN_PROGRAMS,
    UNBOUNDED,
    WYNDOR,
    assert_every_way_agrees,
    assert_optimal,
    far_apart,
    near_ties,
    program_of,
    programs,
    tournament,
)
from ualign.exact import simplex
from ualign.exact.linear_program import LinearProgram, LinearProgramError, Optimum
from ualign.exact.simplex import Simplex, solve_by_simplex, solve_program
from ualign.solvers import Proposal, highs_lp


@pytest.fixture(autouse=True)
def time_limit() -> Iterator[None]:
    """Turn an endless loop into a failure."""

    def expire(signum: int, frame: FrameType | None) -> None:
        raise TimeoutError("still running after 60 s")

    previous = signal.signal(signal.SIGALRM, expire)
    signal.setitimer(signal.ITIMER_REAL, 60)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, previous)


@pytest.mark.parametrize("name", KNOWN_PROGRAMS)
def test_known_programs(name: str) -> None:
    lp, value = KNOWN_PROGRAMS[name]
    assert assert_every_way_agrees(lp) == value


def test_a_unique_solution() -> None:
    optimum = solve_program(WYNDOR)
    assert (optimum.primal, optimum.dual) == ((2, 6), (0, Fraction(3, 2), 1))


@settings(max_examples=150, deadline=None)
@given(programs())
def test_random_programs(lp: LinearProgram) -> None:
    assert_every_way_agrees(lp)


@pytest.mark.parametrize("lp", UNBOUNDED.values(), ids=UNBOUNDED)
@pytest.mark.parametrize("solve", CERTAIN.values(), ids=CERTAIN)
def test_unbounded_programs_raise(
    lp: LinearProgram, solve: Callable[[LinearProgram], Optimum]
) -> None:
    with pytest.raises(LinearProgramError, match="unbounded"):
        solve(lp)


# --- floats only choose ----------------------------------------------------------------------


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("lie", [0.0, -1.0, float("nan"), float("-inf"), 1e308])
@pytest.mark.parametrize("name", KNOWN_PROGRAMS)
def test_float_costs_never_change_the_value(
    name: str, lie: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lied(search: Simplex, prices: list[object]) -> object:
        return np.full(search.n + search.m, lie)

    monkeypatch.setattr(Simplex, "_float_costs", lied)
    lp, value = KNOWN_PROGRAMS[name]
    for solve in CERTAIN.values():
        assert solve(lp).value == value


@settings(max_examples=100, deadline=None)
@given(programs(), st.integers(0, 2**32))
def test_random_float_costs_never_change_the_value(lp: LinearProgram, seed: int) -> None:
    dice = np.random.default_rng(seed)
    value = solve_by_simplex(lp).value
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            Simplex, "_float_costs", lambda search, p: dice.normal(size=search.n + search.m)
        )
        optimum = solve_by_simplex(lp)
    assert_optimal(lp, optimum)
    assert optimum.value == value


def test_numbers_beyond_the_floats_are_priced_exactly() -> None:
    lp = LinearProgram((10**400, 1), ((1, 0), (10**400, 1)), (10**400, 10**800))
    assert solve_program(lp).value == 10**800


# --- when HiGHS is asked ---------------------------------------------------------------------


def asked(monkeypatch: pytest.MonkeyPatch, proposal: object = None) -> list[object]:
    """Notes each call of HiGHS; which then proposes what is given, if anything."""
    calls, propose = [], highs_lp.propose

    def noted(*program: object) -> object:
        calls.append(program)
        return propose(*program) if proposal is None else proposal  # type: ignore[arg-type]

    monkeypatch.setattr(highs_lp, "propose", noted)
    return calls


def test_small_programs_need_no_floats_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = asked(monkeypatch)
    for seed in range(10):
        for game in (far_apart(seed), near_ties(seed), tournament(12, seed, 10**6)):
            assert_optimal(program_of(game), solve_program(program_of(game)))
    assert not calls


def test_after_so_many_pivots_the_basis_of_highs_is_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = asked(monkeypatch)
    lp = program_of(tournament(50, 1, 10**9))
    assert_optimal(lp, solve_program(lp))
    assert len(calls) == 1
    monkeypatch.setattr(simplex, "solve_by_simplex", None)  # the basis was optimal as it stands
    solve_program(lp)


@pytest.mark.parametrize(
    "lie",
    [
        Proposal(np.zeros(1), np.zeros(1)),
        Proposal(np.zeros(1), np.zeros(1), (0, 0)),
        Proposal(np.zeros(1), np.zeros(1), tuple(range(25, 50))),
        Proposal(np.zeros(1), np.zeros(1), tuple(range(0, 50, 2))),
    ],
    ids=["no basis", "repetitions", "slacks", "every other variable"],
)
def test_a_wrong_basis_costs_time_and_nothing_else(
    lie: Proposal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simplex, "MOST_PIVOTS", 3)
    game = tournament(25, 2, 10**6)
    expected = solve_by_simplex(program_of(game)).value
    calls = asked(monkeypatch, lie)
    optimum = solve_program(program_of(game))
    assert_optimal(program_of(game), optimum)
    assert (optimum.value, len(calls)) == (expected, 1)


def test_a_basis_that_is_nearly_optimal_is_repaired_from_there() -> None:
    """The warm start: with the optimal basis's variables tried first, no others ever enter."""
    lp = program_of(tournament(30, 3, 10**6))
    cold = Simplex(lp)
    cold.run()
    warm = Simplex(lp)
    warm.run(among=cold.basis)
    assert {j for j in warm.basis if j < warm.n} <= set(cold.basis)
    before = warm.pivots
    warm.run()
    assert warm.pivots == before < cold.pivots
    assert warm.optimum().value == cold.optimum().value
