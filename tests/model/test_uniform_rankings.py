"""Uniform rankings by orbits agree with the listed population, and with P3's closed forms."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import combinations_with_replacement
from typing import get_args

import naive_oracle
import pytest
from ualign.constructions import uniform_rankings
from ualign.errors import InputError
from ualign.exact.matrix_game import solve_matrix_game
from ualign.model.policies import JointPolicy
from ualign.model.rates import uniform_rankings_rate
from ualign.model.uniform_rankings import UniformRankings, best, partitions, random_subset_rate
from ualign.model.win_rates import Ties, payoffs

TIES: tuple[Ties, ...] = get_args(Ties)


@pytest.mark.parametrize("ties", TIES)
@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_rates_are_those_of_the_definition(n, ties):
    population = uniform_rankings(n)
    for k in range(1, 4):
        for outputs in combinations_with_replacement(range(n), k):
            policy = JointPolicy.deterministic(outputs)
            rates = [naive_oracle.win_rate(population, policy, [y], ties=ties) for y in range(n)]
            multiplicities = tuple(Counter(outputs).values())
            assert random_subset_rate(n, multiplicities, ties) == sum(rates) / n


@pytest.mark.parametrize("ties", TIES)
@pytest.mark.parametrize(("n", "most"), [(1, 5), (2, 7), (3, 5), (4, 4)])
def test_the_best_is_the_value_of_the_listed_game(n, most, ties):
    for k in range(1, most + 1):
        game = payoffs(uniform_rankings(n), k, ties=ties)
        value, multiplicities = best(n, k, ties)
        assert value == solve_matrix_game(game.matrix, game.scale).value
        assert value == random_subset_rate(n, multiplicities, ties)
        assert sum(multiplicities) == k


@pytest.mark.parametrize(
    ("n", "k", "ties", "value"),
    [
        (3, 2, "uniform", "13/18"),
        (4, 3, "uniform", "13/16"),
        (2, 3, "uniform", "19/24"),
        (4, 3, "win", "15/16"),
        (1000, 1, "uniform", "1/2"),
        (1000, 4, "win", "1001/1250"),
    ],
)
def test_known_values(n, k, ties, value):
    assert best(n, k, ties)[0] == Fraction(value)


@pytest.mark.parametrize("ties", TIES)
@pytest.mark.parametrize("n", [1, 2, 3, 5, 8, 9, 1000, 5000])
def test_the_best_has_the_closed_form(n, ties):
    for k in range(1, 12):
        assert best(n, k, ties)[0] == uniform_rankings_rate(n, k, ties)


def test_many_distinct_outputs_are_best_and_tend_to_the_rate():
    assert best(1000, 7)[1] == (1,) * 7
    assert best(3, 7)[1] == (3, 2, 2)
    values = [best(n, 3)[0] for n in (3, 10, 100, 1000)]
    assert values == sorted(values, reverse=True)
    assert Fraction(3, 4) < values[-1] < Fraction(3, 4) + Fraction(1, 1000)


def test_partitions():
    assert [len(list(partitions(k, k))) for k in range(1, 11)] == [
        1,
        2,
        3,
        5,
        7,
        11,
        15,
        22,
        30,
        42,
    ]
    assert list(partitions(5, 2)) == [(5,), (4, 1), (3, 2)]
    for k in range(1, 9):
        for parts in range(1, 9):
            found = list(partitions(k, parts))
            assert len(set(found)) == len(found)
            assert all(sum(p) == k and min(p) > 0 and len(p) <= parts for p in found)
            assert all(list(p) == sorted(p, reverse=True) for p in found)


@pytest.mark.parametrize(
    "call",
    [
        lambda: UniformRankings(0),
        lambda: UniformRankings(True),
        lambda: UniformRankings("3"),
        lambda: best(0, 1),
        lambda: best(3, 0),
        lambda: random_subset_rate(3, ()),
        lambda: random_subset_rate(3, (1, 0)),
        lambda: random_subset_rate(3, (1, 1, 1, 1)),
        lambda: random_subset_rate(3, (1,), "best"),
    ],
)
def test_bad_input_is_refused(call):
    with pytest.raises(InputError):
        call()
