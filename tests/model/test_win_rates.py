"""model.win_rates against the definition (naive_oracle), closed forms, and its own other routes."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import comb
from typing import get_args

import naive_oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import joint_policies, multisets, populations, product_policies
from ualign.errors import InputError
from ualign.model import win_rates as winrate
from ualign.model.policies import JointPolicy, Policy, ProductPolicy
from ualign.model.population import Population
from ualign.model.win_rates import payoffs, win_rate, win_rates, worst_case

TIES = get_args(winrate.Ties)
ABC = Population.from_rankings([["a", "b", "c"], ["c", ["a", "b"]]], [2, 1])
UNIFORM = ProductPolicy((Fraction(1, 3),) * 3)


@st.composite
def games(
    draw: st.DrawFn, max_k: int = 4, max_l: int = 3
) -> tuple[Population, Policy, int, tuple[int, ...]]:
    """A population, a k-output policy of any kind, k, and an l-tuple."""
    population = draw(populations(max_responses=4, max_users=4))
    k = draw(st.integers(1, max_k))
    policy = draw(st.one_of(product_policies(population), joint_policies(population, k)))
    opponent = draw(multisets(population, draw(st.integers(1, max_l))))
    return population, policy, k, opponent


# --- against the definition -------------------------------------------------------------------


@given(games(), st.sampled_from(TIES))
@settings(deadline=None, max_examples=300)
def test_agrees_with_the_definition(game, ties):
    population, policy, k, opponent = game
    expected = naive_oracle.win_rate(population, policy, opponent, k=k, ties=ties)
    assert win_rate(population, policy, opponent, k=k, ties=ties) == expected


@given(games(max_k=3), st.integers(1, 3), st.sampled_from(TIES))
@settings(deadline=None, max_examples=100)
def test_worst_case_is_the_first_minimum_of_the_definition(game, l, ties):
    population, policy, k, _ = game
    worst = worst_case(population, policy, k=k, l=l, ties=ties)
    expected = naive_oracle.worst_case(population, policy, k=k, l=l, ties=ties)
    assert (worst.value, worst.opponent) == expected


@given(st.data())
@settings(deadline=None, max_examples=60)
def test_u_is_what_the_policy_loses_to_one_response(data):
    population = data.draw(populations(max_responses=4, max_users=4))
    policy = data.draw(product_policies(population))
    k = data.draw(st.integers(1, 3))
    for y in range(population.n):
        u = naive_oracle.u(population, policy.masses, k, y)
        assert win_rate(population, policy, (y,), k=k) == 1 - u


@given(st.data())
@settings(deadline=None, max_examples=60)
def test_payoffs_agree_with_the_definition(data):
    # Weights of up to 200 bits take several limbs, mixed with weights that take one.
    population = data.draw(populations(max_responses=3, max_users=4, max_weight=2**200))
    k, l = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 3))
    ties = data.draw(st.sampled_from(TIES))
    game = payoffs(population, k, l, ties)
    assert len(game.rows) == comb(population.n + k - 1, k) == len(game.matrix)
    assert len(game.columns) == comb(population.n + l - 1, l)
    assert game.rows == sorted(game.rows)
    assert game.columns == sorted(game.columns)
    for outputs, row in zip(game.rows, game.matrix, strict=True):
        policy = JointPolicy.deterministic(outputs)
        assert [Fraction(entry, game.scale) for entry in row] == [
            naive_oracle.win_rate(population, policy, opponent, ties=ties)
            for opponent in game.columns
        ]


def test_payoffs_without_room_for_machine_integers():
    # lcm(2, ..., 46) > 2^62, so that even weights of one bit take Python integers.
    population = Population.from_rankings([["a", "b"], [["a", "b"]], ["b", "a"]], [2**70, 1, 1])
    game = payoffs(population, 45)
    assert game.scale > 2**128
    for outputs, row in zip(game.rows, game.matrix, strict=True):
        policy = JointPolicy.deterministic(outputs)
        assert [Fraction(entry, game.scale) for entry in row] == [
            naive_oracle.win_rate(population, policy, opponent) for opponent in game.columns
        ]


# --- against other routes through the package -------------------------------------------------


@given(games(), st.sampled_from(TIES))
@settings(deadline=None)
def test_payoffs_hold_the_win_rates_of_deterministic_tuples(game, ties):
    population, _, k, opponent = game
    table = payoffs(population, k, len(opponent), ties)
    column = table.columns.index(opponent)
    for outputs, row in zip(table.rows, table.matrix, strict=True):
        rate = win_rate(population, JointPolicy.deterministic(outputs), opponent, ties=ties)
        assert Fraction(row[column], table.scale) == rate


def test_the_uniform_policy() -> None:
    assert ProductPolicy.uniform(3) == ProductPolicy((Fraction(1, 3),) * 3)
    with pytest.raises(InputError, match="must be nonnegative and sum to 1"):
        ProductPolicy.uniform(0)


@given(st.data())
@settings(deadline=None)
def test_a_point_mass_is_the_tuple_of_its_copies(data):
    population = data.draw(populations())
    y, k = data.draw(st.integers(0, population.n - 1)), data.draw(st.integers(1, 30))
    opponent = data.draw(multisets(population, data.draw(st.integers(1, 4))))
    ties = data.draw(st.sampled_from(TIES))
    product = ProductPolicy.point_mass(population.n, y)
    copies = JointPolicy.deterministic([y] * k)
    assert win_rate(population, product, opponent, k=k, ties=ties) == win_rate(
        population, copies, opponent, k=k, ties=ties
    )


@given(games(max_l=2), st.sampled_from(TIES))
@settings(deadline=None)
def test_many_opponents_at_once_are_the_opponents_one_by_one(game, ties):
    # Tuples of different lengths share one scale.
    population, policy, k, opponent = game
    opponents = [opponent, (0,), (0, 0, population.n - 1), opponent[::-1]]
    assert win_rates(population, policy, opponents, k=k, ties=ties) == [
        win_rate(population, policy, each, k=k, ties=ties) for each in opponents
    ]
    assert win_rates(population, policy, [], k=k) == []


@pytest.mark.parametrize("ties", TIES)
def test_results_do_not_depend_on_block_and_cache_sizes(monkeypatch, ties):
    policy = ProductPolicy((Fraction(1, 2), Fraction(1, 3), Fraction(1, 6)))
    before = payoffs(ABC, 4, 2, ties), worst_case(ABC, policy, k=4, l=2, ties=ties)
    monkeypatch.setattr(winrate, "_BLOCK", 1)
    monkeypatch.setattr(winrate, "_CACHED_BITS", 1)
    assert (payoffs(ABC, 4, 2, ties), worst_case(ABC, policy, k=4, l=2, ties=ties)) == before


# --- identities -------------------------------------------------------------------------------


@given(st.data())
@settings(deadline=None)
def test_p1_the_average_payoff_is_one_in_k_plus_one(data):
    population = data.draw(populations(max_responses=6, max_users=6))
    policy = data.draw(product_policies(population))
    k = data.draw(st.integers(1, 40))
    rates = win_rates(population, policy, [(y,) for y in range(population.n)], k=k)
    average = sum(mass * (1 - rate) for mass, rate in zip(policy.masses, rates, strict=True))
    assert average == Fraction(1, k + 1)
    assert worst_case(population, policy, k=k).value <= Fraction(k, k + 1)


@given(games())
@settings(deadline=None)
def test_conventions_are_ordered(game):
    population, policy, k, opponent = game
    rate = {t: win_rate(population, policy, opponent, k=k, ties=t) for t in TIES}
    assert 0 <= rate["lose"] <= rate["uniform"] <= rate["win"] <= 1
    assert rate["half"] == (rate["lose"] + rate["win"]) / 2


@given(games(), st.sampled_from(TIES))
@settings(deadline=None)
def test_a_longer_opponent_wins_more(game, ties):
    population, policy, k, opponent = game
    rate = win_rate(population, policy, opponent, k=k, ties=ties)
    for y in range(population.n):
        assert win_rate(population, policy, (*opponent, y), k=k, ties=ties) <= rate


def integral(k: int, lower: Fraction, mass: Fraction, held: int) -> Fraction:
    return sum(
        comb(k, i) * lower ** (k - i) * mass**i * Fraction(held, i + held) for i in range(k + 1)
    )


@pytest.mark.parametrize("k", [1, 7, 60])
@pytest.mark.parametrize("denominator", [12, 2**200 * 3])
def test_large_k_and_large_denominators_agree_with_the_binomial_sum(k, denominator):
    a, b = Fraction(1, denominator), Fraction(5, 12)
    policy = ProductPolicy((a, b, 1 - a - b))
    # Two thirds of the users: a over b over c; one third: c over {a, b}.
    rates = win_rates(ABC, policy, [(0,), (1,), (2,), (1, 1, 0), (0, 1, 2)], k=k)
    c = 1 - a - b
    lost = [
        (integral(k, b + c, a, 1), integral(k, Fraction(0), a + b, 1)),
        (integral(k, c, b, 1), integral(k, Fraction(0), a + b, 1)),
        (integral(k, Fraction(0), c, 1), integral(k, a + b, c, 1)),
        (integral(k, b + c, a, 1), integral(k, Fraction(0), a + b, 3)),
        (integral(k, b + c, a, 1), integral(k, a + b, c, 1)),
    ]
    assert rates == [1 - Fraction(2, 3) * x - Fraction(1, 3) * y for x, y in lost]


# --- values by hand ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ties", "expected"),
    [
        # (a, c) against (a, b, b). a > b > c: a ties one to one. c > {a, b}: c wins.
        ("uniform", Fraction(2, 3) * Fraction(1, 2) + Fraction(1, 3)),
        ("win", Fraction(1)),
        ("half", Fraction(2, 3) * Fraction(1, 2) + Fraction(1, 3)),
        ("lose", Fraction(1, 3)),
    ],
)
def test_a_tuple_by_hand(ties, expected):
    assert win_rate(ABC, JointPolicy.deterministic((0, 2)), (0, 1, 1), ties=ties) == expected


def test_ties_within_a_class_share_by_positions():
    # (a, a) against (b, b, b): a beats b for two thirds; the third user ties, two of five.
    expected = Fraction(2, 3) + Fraction(1, 3) * Fraction(2, 5)
    assert win_rate(ABC, JointPolicy.deterministic((0, 0)), (1, 1, 1)) == expected
    assert win_rate(ABC, ProductPolicy.point_mass(3, 0), (1, 1, 1), k=2) == expected


def test_worst_case_reports_the_first_of_several_minima():
    everyone_indifferent = Population.from_rankings([[["a", "b", "c"]]])
    worst = worst_case(everyone_indifferent, UNIFORM, k=3, l=2)
    assert (worst.value, worst.opponent) == (Fraction(3, 5), (0, 0))


# --- arguments --------------------------------------------------------------------------------

DETERMINISTIC = JointPolicy.deterministic((0, 1))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: win_rate(ABC, UNIFORM, (0,)), "needs k"),
        (lambda: win_rate(ABC, UNIFORM, (0,), k=0), "k = 0"),
        (lambda: win_rate(ABC, DETERMINISTIC, (0,), k=3), "gives 2 outputs"),
        (lambda: win_rate(ABC, UNIFORM, (), k=2), "at least one response"),
        (lambda: win_rate(ABC, UNIFORM, (3,), k=2), "opponent names response 3"),
        (lambda: win_rate(ABC, UNIFORM, (-1,), k=2), "opponent names response -1"),
        (lambda: win_rate(ABC, JointPolicy.deterministic((3,)), (0,)), "policy names response 3"),
        (lambda: win_rate(ABC, ProductPolicy((Fraction(1),)), (0,), k=2), "1 masses"),
        (lambda: win_rate(ABC, UNIFORM, (0,), k=2, ties="draw"), "ties='draw'"),
        (lambda: worst_case(ABC, UNIFORM, k=2, l=0), "l = 0"),
        (lambda: worst_case(ABC, UNIFORM), "needs k"),
        (lambda: payoffs(ABC, 0), "k = 0"),
        (lambda: payoffs(ABC, 2, 0), "l = 0"),
        (lambda: payoffs(ABC, 2, ties="draw"), "ties='draw'"),
        (lambda: win_rate(ABC, JointPolicy.deterministic(()), (0,)), "k = 0"),
    ],
)
def test_wrong_arguments_are_named(call: Callable[[], object], message: str):
    with pytest.raises(InputError, match=message):
        call()
