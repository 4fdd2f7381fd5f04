"""The definition that other tests rely on, against numbers that were worked out by hand."""

from __future__ import annotations

from fractions import Fraction

import naive_oracle
import pytest
from ualign.model.policies import JointPolicy, ProductPolicy
from ualign.model.population import Population

F = Fraction
A, B, C = range(3)
HALVES = ProductPolicy((F(1, 2), F(1, 2), F(0)))
# Two thirds of the users hold a for best and b, c for tied; one third has b > c > a.
POPULATION = Population.from_indexed("abc", [(F(2), [[A], [B, C]]), (F(1), [[B], [C], [A]])])


def jointly(*outputs: int) -> JointPolicy:
    return JointPolicy(len(outputs), ((outputs, F(1)),))


@pytest.mark.parametrize(
    ("outputs", "opponent", "win", "uniform", "half", "lose"),
    [
        # The first picks a, the second c: two thirds of the users, whatever is said of ties.
        ((A,), (C,), F(2, 3), F(2, 3), F(2, 3), F(2, 3)),
        # The first is tied between b and c, the second picks b: 1/3 + 2/3 (1, 1/2, 1/2, 0).
        ((B,), (C,), F(1), F(2, 3), F(2, 3), F(1, 3)),
        # The same, but two of the first's three positions are ours: 1/3 + 2/3 (1, 2/3, 1/2, 0).
        ((B, C), (C,), F(1), F(7, 9), F(2, 3), F(1, 3)),
        # And one of three: 1/3 + 2/3 (1, 1/3, 1/2, 0).
        ((B,), (C, C), F(1), F(5, 9), F(2, 3), F(1, 3)),
        # The first has a in two positions, one of them ours; the second picks our b.
        ((A, B), (A,), F(1), F(2, 3), F(2, 3), F(1, 3)),
        # b is a copy: the first picks a, which is ours alone, the second one of two copies of b.
        ((A, B), (B,), F(1), F(5, 6), F(5, 6), F(2, 3)),
    ],
)
def test_tuples_of_outputs(outputs, opponent, win, uniform, half, lose):
    for ties, value in {"win": win, "uniform": uniform, "half": half, "lose": lose}.items():
        assert naive_oracle.win_rate(POPULATION, jointly(*outputs), opponent, ties=ties) == value


def test_draws_and_mixtures():
    # Against c with two draws: aa 2/3, ab and ba 1, bb 1/3 + 2/3 * 2/3 = 7/9; the mean is 31/36.
    assert naive_oracle.win_rate(POPULATION, HALVES, (C,), k=2) == F(31, 36)
    # Against a: aa 2/3 by symmetry, ab and ba 1/3 + 2/3 * 1/2 = 2/3, bb 1/3; the mean is 7/12.
    # Against b: aa 2/3, ab and ba 2/3 + 1/3 * 1/2 = 5/6, bb 2/3 by symmetry; the mean is 3/4.
    assert naive_oracle.worst_case(POPULATION, HALVES, k=2) == (F(7, 12), (A,))
    mixed = JointPolicy(1, (((A,), F(1, 4)), ((B,), F(3, 4))))
    assert naive_oracle.win_rate(POPULATION, mixed, (C,)) == F(2, 3)  # a and b both have 2/3


def test_payoffs_of_the_game():
    # What is left of the above: naming a, b or c against two draws of the halves.
    payoffs = [naive_oracle.u(POPULATION, HALVES.masses, 2, y) for y in (A, B, C)]
    assert payoffs == [F(5, 12), F(1, 4), F(5, 36)]


def test_the_first_of_several_worst_opponents():
    cycle = Population.from_rankings([[*"abc"], [*"bca"], [*"cab"]])
    uniform = ProductPolicy((F(1, 3), F(1, 3), F(1, 3)))
    assert naive_oracle.worst_case(cycle, uniform, k=1) == (F(1, 2), (A,))
    # Only a > b > c sees her best in ours, and then also in theirs: 1/3 * 1/2.
    assert naive_oracle.worst_case(cycle, jointly(A), l=2) == (F(1, 6), (A, C))
