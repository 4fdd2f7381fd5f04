"""E12, E16, E18 and E19 on hundreds of small random cases each, from the definition alone.

The proofs' own cases are some dozens and tied to one step each; here whole statements are tried,
their equivalences in both directions. Everything is exact, and the seeds are fixed.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations_with_replacement, product
from math import lcm
from random import Random

import pytest
from sympy import Rational
from ualign.exact.matrix_game import solve_matrix_game

from proofs_checks.cases import random_instances, random_policy, random_users
from proofs_checks.choice_laws import (
    law_utility,
    law_win_rate,
    luce_instances,
    luce_integral,
    luce_laws,
)
from proofs_checks.definition import Users, draws, sure, total, utility, win_rate, worst_case
from proofs_checks.e12_splits import excess, split_rate
from proofs_checks.e16_partial_orders import (
    closure,
    completions,
    most_of_tuple,
    parts,
    said,
)
from proofs_checks.p1_guarantee import phi
from proofs_checks.p2_existence import mixed
from proofs_checks.pick_games import games

SPLITS = [(1, 1), (1, 2), (2, 1), (2, 2), (1, 3), (3, 1)]


# --- E12 ----------------------------------------------------------------------------------------


def test_bounds_of_every_split() -> None:
    """Both bounds, the value at rho = pi, and the binomial form, on 240 cases."""
    for number, (rng, users, n) in enumerate(random_instances(seed=1201, count=240)):
        k, l = SPLITS[number % len(SPLITS)]
        pi, rho = random_policy(rng, n), random_policy(rng, n)
        even, slope = Fraction(k, k + l), Fraction(k * l, k + l - 1)
        e = excess(users, pi, rho, k + l)
        ours, theirs = (
            win_rate(users, draws(one, k), draws(other, l)) for one, other in ((pi, rho), (rho, pi))
        )
        assert ours >= even - slope * e
        assert theirs <= even + slope * e
        assert ours == split_rate(users, pi, k, rho, l)
        assert split_rate(users, pi, k, pi, l) == even


def _loses_to(users: Users, pi: Sequence[Fraction], y: int, k: int, l: int) -> bool:
    """Whether moving towards y a little, less and less, beats pi in both places."""
    even, to_y = Fraction(k, k + l), [Fraction(z == y) for z in range(len(pi))]
    for halvings in range(12):
        rho = mixed(Fraction(1, 2**halvings), to_y, pi)
        if split_rate(users, pi, k, rho, l) < even < split_rate(users, rho, k, pi, l):
            return True
    return False


@pytest.mark.parametrize(("k", "l"), SPLITS)
def test_one_equilibrium_serves_every_split(k: int, l: int) -> None:
    """What earns more than 1/N against pi refutes both guarantees, for every split; equilibria
    have both against random policies."""
    rng, refuted, kept = Random(1202), 0, 0
    for users, pi, _ in games((k + l - 1,)):
        for _ in range(4):
            rho = random_policy(rng, len(pi))
            assert split_rate(users, pi, k, rho, l) >= Fraction(k, k + l)
            assert split_rate(users, rho, k, pi, l) <= Fraction(k, k + l)
            kept += 1
    for rng, users, n in random_instances(seed=1203, count=60, most_responses=3):
        pi = random_policy(rng, n)
        best = max(range(n), key=lambda y: utility(users, pi, y, k + l - 1))
        if utility(users, pi, best, k + l - 1) > Fraction(1, k + l):
            assert _loses_to(users, pi, best, k, l)
            refuted += 1
    assert kept >= 60
    assert refuted >= 30


# --- E16 ----------------------------------------------------------------------------------------


def test_all_completions_of_one_user() -> None:
    """The largest chance of every response and of a tuple, over all completions, 250 users."""
    rng, seen = Random(1601), 0
    for number in range(250):
        n, k = rng.randint(1, 4), rng.randint(1, 2 + number % 2)
        statements, pi = said(rng, n), random_policy(rng, n)
        known, users = closure(statements, n), completions(statements, n)
        for y in range(n):
            most = max(utility([(Fraction(1), ranking)], pi, y, k) for ranking in users)
            assert most == phi(k, *parts(known, pi, y))
            seen += 1
        T = [rng.randrange(n) for _ in range(rng.randint(1, 3))]
        lost = (1 - win_rate([(Fraction(1), r)], draws(pi, k), sure(T)) for r in users)
        assert max(lost) == most_of_tuple(known, pi, k, T)
    assert seen >= 500


def test_all_completions_of_two_users_together() -> None:
    """Users complete their orders independently: the least win rate over all pairs."""
    rng = Random(1602)
    for _ in range(200):
        n, k, share = rng.randint(2, 3), rng.randint(1, 2), Fraction(rng.randint(1, 4), 5)
        pi, T = random_policy(rng, n), [rng.randrange(n) for _ in range(rng.randint(1, 2))]
        orders = [said(rng, n) for _ in range(2)]
        least = min(
            win_rate([(share, one), (1 - share, two)], draws(pi, k), sure(T))
            for one, two in product(*(completions(statements, n) for statements in orders))
        )
        most = (most_of_tuple(closure(statements, n), pi, k, T) for statements in orders)
        first, second = most
        assert least == 1 - share * first - (1 - share) * second


def test_a_contradiction_has_no_completion() -> None:
    """Statements out of two rankings may contradict each other: exactly if the closure says so."""
    rng, contradictions = Random(1603), 0
    for _ in range(200):
        n = rng.randint(2, 4)
        statements = [*said(rng, n), *said(rng, n)]
        known = closure(statements, n)
        sound = all(known[y][y] == 1 for y in range(n))
        assert sound == bool(completions(statements, n))
        contradictions += not sound
    assert 50 <= contradictions <= 150


# --- E18 ----------------------------------------------------------------------------------------


def test_luce_users() -> None:
    """Integrals against enumeration, P1, and E12's bounds, on 210 populations of Luce users."""
    for rng, users, n in luce_instances(seed=1801, count=210):
        k, l = rng.choice(SPLITS[:4])
        pi, rho, laws = random_policy(rng, n), random_policy(rng, n), luce_laws(users)
        N = k + l
        us = [law_utility(laws, pi, y, N - 1) for y in range(n)]
        for y, u in enumerate(us):
            parts = (Rational(w) * luce_integral(s, pi, y, N - 1) for w, s in users)
            assert sum(parts, Rational(0)) == Rational(u.numerator, u.denominator)
        assert total(mass * u for mass, u in zip(pi, us, strict=True)) == Fraction(1, N)
        e = total(mass * u for mass, u in zip(rho, us, strict=True)) - Fraction(1, N)
        slope = Fraction(k * l, N - 1) * e
        assert law_win_rate(laws, draws(pi, k), draws(rho, l)) >= Fraction(k, N) - slope
        assert law_win_rate(laws, draws(rho, k), draws(pi, l)) <= Fraction(k, N) + slope


# --- E19 ----------------------------------------------------------------------------------------


def test_joint_optima_lie_between_both_ends() -> None:
    """The optimum of the linear program, its two strategies judged by the definition, for 200
    populations."""
    rng, at_the_top, at_the_bottom = Random(1901), 0, 0
    for _ in range(200):
        n, k = rng.randint(1, 4), rng.randint(1, 3)
        users = random_users(rng, n, rng.randint(1, 4))
        tuples = list(combinations_with_replacement(range(n), k))
        rates = [[win_rate(users, sure(S), sure([y])) for y in range(n)] for S in tuples]
        scale = lcm(*(rate.denominator for row in rates for rate in row))
        game = solve_matrix_game([[int(rate * scale) for rate in row] for row in rates], scale)
        P = list(zip(game.row_strategy, tuples, strict=True))
        D = [(chance, [y]) for y, chance in enumerate(game.column_strategy)]
        assert worst_case(users, P)[0] == game.value
        assert max(win_rate(users, sure(S), D) for S in tuples) == game.value
        assert Fraction(k, k + 1) <= game.value <= 1 - Fraction(1, 2 * k)
        at_the_top += k > 1 and game.value == 1 - Fraction(1, 2 * k)
        at_the_bottom += k > 1 and game.value == Fraction(k, k + 1)
    assert at_the_top
    assert at_the_bottom
