"""Linear programs: what is one, and what proves an optimum."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from fractions import Fraction

import pytest
from optimality import WYNDOR, assert_optimal
from ualign.exact.linear_program import LinearProgram, LinearProgramError, certify_basis, proved

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


# --- the proof of a pair of solutions --------------------------------------------------------

PROOF = {0: 4, 1: 12}, 2, {1: 3, 2: 2}, 2  # x = (2, 6), y = (0, 3/2, 1)


def test_a_pair_of_solutions_proves_the_optimum() -> None:
    optimum = proved(WYNDOR, *PROOF)
    assert optimum is not None
    assert_optimal(WYNDOR, optimum)
    assert (optimum.primal, optimum.dual) == ((2, 6), (0, Fraction(3, 2), 1))


@pytest.mark.parametrize(
    ("place", "wrong"),
    [
        (0, {0: 4, 1: 13}),  # breaks a bound
        (0, {0: 4, 1: 10}),  # gains less than is paid
        (0, {0: 9, 1: 9}),  # gains what is paid, beyond a bound
        (0, {0: -1, 1: 15}),
        (1, 0),
        (1, -2),
        (1, 1),
        (2, {1: 3, 2: 1}),  # pays too little for the first variable
        (2, {0: 1, 1: 3, 2: 2}),  # pays more than is gained
        (2, {0: 9, 1: 6, 2: 0}),  # pays what is gained, but not for each variable
        (2, {0: 9, 1: 3, 2: -1}),
        (3, 0),
        (3, -2),
        (3, 3),
    ],
)
def test_a_wrong_pair_proves_nothing(place: int, wrong: object) -> None:
    parts = [*PROOF]
    parts[place] = wrong  # type: ignore[call-overload]
    assert proved(WYNDOR, *parts) is None  # type: ignore[arg-type]


# --- bad input, imports ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("objective", "matrix", "bounds", "complaint"),
    [
        ((), ((),), (1,), "needs variables"),
        ((1,), (), (), "needs variables"),
        ((1,), ((1,),), (1, 2), "needs variables"),
        ((1, 2), ((1,),), (1,), "one coefficient"),
        ((1,), ((1,),), (-1,), "negative"),
        ((1,), ((0.5,),), (1,), "integers"),
        ((Fraction(1, 2),), ((1,),), (1,), "integers"),
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


def test_importing_the_module_imports_no_solver() -> None:
    program = (
        "import sys, ualign.exact.linear_program, ualign.exact.modelling_paths\n"
        "heavy = {'numpy', 'pulp', 'cvxpy', 'highspy', 'flint'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.stdout == "[]\n", done.stderr
