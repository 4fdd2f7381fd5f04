"""Zero-sum matrix games: known values, random and adversarial ones, bad input."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from optimality import (
    KNOWN_GAMES,
    ROCK_PAPER_SCISSORS,
    adversarial_games,
    assert_every_way_agrees,
    assert_solves_game,
    games,
    ordinary,
    ordinary_games,
    program_of,
    wild,
)
from ualign.exact.linear_program import LinearProgramError
from ualign.exact.matrix_game import program_of_game, solve_matrix_game


@pytest.mark.parametrize("name", KNOWN_GAMES)
def test_known_games(name: str) -> None:
    payoffs, value = KNOWN_GAMES[name]
    solution = solve_matrix_game(payoffs)
    assert solution.value == value
    assert_solves_game(payoffs, 1, solution)
    if len(payoffs) >= len(payoffs[0]):
        program, top = program_of_game(payoffs)
        assert top - 1 / assert_every_way_agrees(program) == value


def test_unique_strategies_and_scale() -> None:
    solution = solve_matrix_game([[2, -3], [-3, 4]], scale=6)
    assert solution.value == Fraction(-1, 72)
    assert solution.row_strategy == solution.column_strategy == (Fraction(7, 12), Fraction(5, 12))


@pytest.mark.parametrize("turned", [False, True])
def test_the_program_of_a_game_is_well_scaled(turned: bool) -> None:
    table = [[10**6 + (5 * i + 3 * j) % 17 for j in range(4)] for i in range(20)]
    program, top = program_of_game([[-v if turned else v for v in row] for row in table])
    assert (len(program.objective), len(program.matrix)) == (20, 4)
    assert max(map(max, program.matrix)) == 2 * min(map(min, program.matrix)) == 32
    assert top == (-(10**6) + 16 if turned else 10**6 + 32)


@settings(max_examples=100, deadline=None)
@given(st.one_of(games(ordinary), games(wild)), st.integers(1, 10**13))
def test_random_games(payoffs: list[list[int]], scale: int) -> None:
    assert_solves_game(payoffs, scale, solve_matrix_game(payoffs, scale))


@settings(max_examples=50, deadline=None)
@given(st.one_of(games(ordinary), games(wild)))
def test_every_way_solves_random_games(payoffs: list[list[int]]) -> None:
    assert_every_way_agrees(program_of(payoffs))


@pytest.mark.parametrize("kind", [ordinary_games, adversarial_games])
def test_a_large_set_of_games(kind: Callable[[], Iterator[list[list[int]]]]) -> None:
    """358 games, each value proved from the definition."""
    games = list(kind())
    assert len(games) == (198 if kind is ordinary_games else 160)
    for game in games:
        assert_solves_game(game, 1, solve_matrix_game(game))


@pytest.mark.parametrize("seed", range(0, 160, 8))
def test_every_way_agrees_on_adversarial_games(seed: int) -> None:
    game = next(islice(adversarial_games(), seed, None))
    if len(game) >= len(game[0]):
        assert_every_way_agrees(program_of(game))


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
    assert solve_matrix_game(ROCK_PAPER_SCISSORS).value == 0
