"""The definition of the win rate, against hand calculation and another enumeration."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from itertools import product
from math import prod
from pathlib import Path

import pytest

from proofs_checks import document
from proofs_checks.cases import random_instances, random_policy
from proofs_checks.definition import (
    TIES,
    Ranking,
    Users,
    best_positions,
    draws,
    mixture,
    picked_from,
    sure,
    utility,
    win_rate,
    worst_case,
)

ONE, HALF = Fraction(1), Fraction(1, 2)
SPLIT: Users = [(ONE, [[0], [1]]), (ONE, [[1], [0]])]  # weights that sum to 2
TIED: Users = [(ONE, [[0, 1], [2]])]


@pytest.mark.parametrize(
    ("users", "S", "T", "expected"),
    [
        (SPLIT, [0], [1], ["1/2"] * 4),  # one of the users, whatever ties are worth
        (SPLIT, [0, 0], [0], ["2/3", "1", "1/2", "0"]),
        (SPLIT, [0, 0], [0, 1], ["1/3", "1/2", "1/4", "0"]),
        (TIED, [0], [1], ["1/2", "1", "1/2", "0"]),
        (TIED, [0, 2], [1, 0], ["1/3", "1", "1/2", "0"]),
        (TIED, [0, 1, 1], [2], ["1"] * 4),
        (TIED, [2, 2], [1], ["0"] * 4),
    ],
)
def test_definition_by_hand(users: Users, S: list[int], T: list[int], expected: list[str]) -> None:
    """Win rates of one tuple against another, worked out by hand, under all conventions."""
    rates = [win_rate(users, sure(S), sure(T), ties) for ties in TIES]
    assert rates == [Fraction(rate) for rate in expected]


def test_definition_of_policies_by_hand() -> None:
    """Draws, mixtures, utilities and worst cases of two responses, users split evenly."""
    even = [HALF, HALF]
    assert draws(even, 2) == [(Fraction(1, 4), S) for S in ((0, 0), (0, 1), (1, 0), (1, 1))]
    assert draws([ONE, Fraction(0)], 3) == [(ONE, (0, 0, 0))]
    assert mixture([(HALF, sure([0])), (HALF, draws(even, 1))]) == [
        (HALF, [0]),
        (Fraction(1, 4), (0,)),
        (Fraction(1, 4), (1,)),
    ]
    assert win_rate(SPLIT, draws(even, 2), sure([0])) == Fraction(2, 3)
    assert utility(SPLIT, even, 0, 2) == Fraction(1, 3)
    assert utility(SPLIT, [ONE, Fraction(0)], 1, 2) == HALF
    assert worst_case(SPLIT, draws(even, 2)) == (Fraction(2, 3), (0,))
    assert worst_case(SPLIT, sure([1, 1])) == (HALF, (0,))
    assert worst_case(SPLIT, sure([0]), l=2) == (Fraction(1, 4), (0, 1))
    assert worst_case(TIED, sure([0]), ties="lose") == (Fraction(0), (0,))
    assert worst_case(TIED, sure([2]), ties="win") == (Fraction(0), (0,))


def test_definition_refuses_what_it_cannot_read() -> None:
    """A response that is not ranked, a convention that is none."""
    with pytest.raises(ValueError, match="none of the responses"):
        best_positions([[0], [1]], [2])
    with pytest.raises(KeyError):
        picked_from([[0]], [0], [0], "draw")


def _directly(users: Users, pi: list[Fraction], k: int, T: list[int], ties: str) -> Fraction:
    """W(pi^k, T), response by response: only the best response that somebody names matters."""

    def place(ranking: Ranking, y: int) -> int:
        return [y in tied for tied in ranking].index(True)

    won = Fraction(0)
    for S in product(range(len(pi)), repeat=k):
        chance = prod((pi[y] for y in S), start=ONE)
        for weight, ranking in users:
            ours, theirs = ([place(ranking, y) for y in named] for named in (S, T))
            a, b = ours.count(min(ours)), theirs.count(min(theirs))
            tied = {"uniform": Fraction(a, a + b), "win": ONE, "half": HALF, "lose": 0 * ONE}[ties]
            won += weight * chance * (tied if min(ours) == min(theirs) else min(ours) < min(theirs))
    return won / sum(weight for weight, _ in users)


@pytest.mark.parametrize("ties", TIES)
def test_definition_agrees_with_another_enumeration(ties: str) -> None:
    """Two brute forces that share no code count the same win rates, utilities and worst cases."""
    for rng, users, n in random_instances(seed=2026, count=40):
        pi, k, l = random_policy(rng, n), rng.randint(1, 3), rng.randint(1, 2)
        T = [rng.randrange(n) for _ in range(rng.randint(1, 3))]
        assert win_rate(users, draws(pi, k), sure(T), ties) == _directly(users, pi, k, T, ties)
        rates = {
            opponent: _directly(users, pi, k, list(opponent), ties)
            for opponent in product(range(n), repeat=l)
        }
        least, first = worst_case(users, draws(pi, k), l, ties)
        assert least == rates[first] == min(rates.values())
        assert first == min(opponent for opponent, rate in rates.items() if rate == least)
        y = rng.randrange(n)
        assert utility(users, pi, y, k) == 1 - _directly(users, pi, k, [y], "uniform")


def test_definition_stands_alone() -> None:
    """It loads without SymPy and without the rest of the project."""
    code = (
        "import runpy, sys; sys.modules.update(sympy=None, verify=None, proofs_checks=None);"
        f"runpy.run_path({str(Path(document.__file__).with_name('definition.py'))!r})"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
