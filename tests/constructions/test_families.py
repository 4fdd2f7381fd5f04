"""Families of populations do what they were made for, at the rates in closed form."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, pairwise
from typing import get_args

import naive_oracle
import pytest
from elections import SUITE, borda_scores, first_places, prefer, uniform
from ualign.constructions import (
    borda_trap,
    cyclic_rankings,
    distinct_favourites,
    dominant,
    favourite_classes,
    indifferent,
    plurality_versus_condorcet,
    random_dictatorship_trap,
    slim_majority,
    tight_opponents,
    unanimous,
    uniform_rankings,
    weak_order_converse,
)
from ualign.errors import InputError
from ualign.model.policies import JointPolicy, ProductPolicy
from ualign.model.rates import joint_rate, product_rate, rates_table, union_rate
from ualign.model.win_rates import Ties, payoffs, win_rate, win_rates, worst_case


def p3_value(n: int, k: int) -> Fraction:
    if n >= k:
        return Fraction(k, k + 1) + Fraction(k - 1, 2 * n * (k + 1))
    q, r = divmod(k, n)
    return 1 - (Fraction(n - r, q + 1) + Fraction(r, q + 2)) / n**2


@pytest.mark.parametrize(
    ("n", "k"), [(1, 2), (2, 2), (2, 5), (3, 1), (3, 3), (3, 7), (4, 3), (4, 6)]
)
def test_p3_best_average_against_a_uniform_opponent(n, k):
    game = payoffs(uniform_rankings(n), k)
    best = max(Fraction(sum(row), n * game.scale) for row in game.matrix)
    assert best == p3_value(n, k)


@pytest.mark.parametrize(("n", "k"), [(2, 2), (3, 1), (3, 2), (4, 3), (4, 4)])
def test_p3_a_random_subset_attains_it(n, k):
    subsets = list(combinations(range(n), k))
    policy = JointPolicy(k, tuple((s, Fraction(1, len(subsets))) for s in subsets))
    population = uniform_rankings(n)
    assert worst_case(population, policy).value == p3_value(n, k)
    assert worst_case(population, policy, ties="win").value == Fraction(k * (n + 1), n * (k + 1))
    game = payoffs(population, k, ties="win")
    best = max(Fraction(sum(row), n * game.scale) for row in game.matrix)
    assert best == Fraction(k * (n + 1), n * (k + 1))


@pytest.mark.parametrize("eps", [Fraction(1, 100), Fraction(1, 10), Fraction(2, 5)])
@pytest.mark.parametrize("k", [1, 2, 3, 10, 500])
def test_p4_a_slim_majority_holds_nlhf_down(eps, k):
    nlhf = ProductPolicy.point_mass(2, 0)
    value = worst_case(slim_majority(eps), nlhf, k=k).value
    assert value == min(Fraction(k, k + 1), Fraction(1, 2) + eps)


@pytest.mark.parametrize(("k", "l"), [(1, 1), (1, 2), (2, 2), (2, 3), (3, 2), (5, 4)])
def test_p7_is_tight(k, l):
    population = tight_opponents(k, l)
    z = ProductPolicy.point_mass(population.n, 0)
    assert worst_case(population, z, k=k).value == Fraction(k, k + 1)
    rivals = tuple(range(1, l + 1))
    assert win_rate(population, z, rivals, k=k) == 1 - Fraction(l, k + 1)
    assert worst_case(population, z, k=k, l=l).value == 1 - Fraction(l, k + 1)


@pytest.mark.parametrize(("l", "k"), [(1, 3), (2, 1), (2, 3), (3, 2), (3, 4), (3, 6), (4, 3)])
def test_e4_distinct_favourites_joint_rate(l, k):
    population = distinct_favourites(l)
    assert {user.ranking[0] for user in population.users} == {(y,) for y in range(l)}
    assert all(len(user.ranking) <= 2 for user in population.users)
    game = payoffs(population, k, l)
    column = game.columns.index(tuple(range(l)))
    best = max(Fraction(row[column], game.scale) for row in game.matrix)
    assert best == joint_rate(l, k)


@pytest.mark.parametrize(("l", "k"), [(1, 3), (2, 3), (2, 7), (3, 4), (4, 40)])
def test_e5_distinct_favourites_product_rate(l, k):
    value = win_rate(distinct_favourites(l), uniform(l), range(l), k=k)
    assert value == 1 - Fraction(l, k + 1) * (1 - (1 - Fraction(1, l)) ** (k + 1))
    if (l, k) == (2, 3):
        assert value == Fraction(17, 32)


@pytest.mark.parametrize("k", [2, 3, 5])
def test_e6_a_unique_best_response_refutes_half_and_lose(k):
    population = unanimous(3)
    best = {}
    for ties in get_args(Ties):
        game = payoffs(population, k, ties=ties)
        best[ties] = Fraction(max(min(row) for row in game.matrix), game.scale)
    assert best == {
        "uniform": Fraction(k, k + 1),
        "win": Fraction(1),
        "half": Fraction(1, 2),
        "lose": Fraction(0),
    }


def test_e7_a_point_mass_equilibrium_below_the_joint_value():
    population = weak_order_converse()
    y = ProductPolicy.point_mass(3, 2)
    assert win_rates(population, y, [(0,), (1,), (2,)], k=2) == [Fraction(2, 3)] * 3
    assert [naive_oracle.u(population, y.masses, 2, z) for z in range(3)] == [Fraction(1, 3)] * 3
    game = payoffs(population, 2)
    assert max(min(row) for row in game.matrix) == Fraction(3, 4) * game.scale
    assert max(row[0] + row[1] for row in game.matrix) == 2 * Fraction(3, 4) * game.scale


@pytest.mark.parametrize("n", [2, 3, 4, 9])
@pytest.mark.parametrize("k", [1, 2, 30])
def test_e9_a_borda_winner_wins_one_in_n(n, k):
    population = borda_trap(n)
    scores = borda_scores(population)
    assert scores["b"] == scores["y"] == max(scores.values())
    assert all(scores[name] < scores["b"] for name in population.responses[2:])
    b = ProductPolicy.point_mass(n, 1)
    worst = worst_case(population, b, k=k)
    assert (worst.value, worst.opponent) == (Fraction(1, n), (0,))


@pytest.mark.parametrize("n", [1, 2, 4, 10])
@pytest.mark.parametrize("k", [1, 3, 50])
def test_e9_random_dictatorship_misses_the_second_choice(n, k):
    population = random_dictatorship_trap(n)
    assert population.n == n + 1
    dictatorship = uniform(n + 1, support=n)
    assert win_rate(population, dictatorship, (n,), k=k) == 1 - (1 - Fraction(1, n)) ** k
    c = ProductPolicy.point_mass(n + 1, n)
    assert {win_rate(population, c, (a,), k=k) for a in range(n)} == {Fraction(n - 1, n)}


@pytest.mark.parametrize("n", [1, 2, 5])
def test_degenerate_populations(n):
    assert len(unanimous(n).users) == 1
    top = ProductPolicy.point_mass(n, 0)
    assert worst_case(unanimous(n), top, k=4).value == Fraction(4, 5)
    assert worst_case(indifferent(n), uniform(n), k=4, l=3).value == Fraction(4, 7)
    cyclic = cyclic_rankings(n)
    assert len(cyclic.users) == n
    next_one = {prefer(cyclic, x, y) for x, y in pairwise(cyclic.responses)}
    assert next_one <= {Fraction(n - 1, n)}
    assert len(set(borda_scores(cyclic).values())) == 1


def test_joint_rate_interpolates():
    for l in range(1, 6):
        for k in range(1, 20):
            q, rho = k // l, Fraction(k % l, l)
            between = (1 - rho) * Fraction(q, q + 1) + rho * Fraction(q + 1, q + 2)
            assert joint_rate(l, k) == between
            assert (joint_rate(l, k) == Fraction(k, k + l)) == (k % l == 0)
            assert joint_rate(l, k) <= Fraction(k, k + l)
            assert union_rate(l, k) <= product_rate(l, k) <= joint_rate(l, k)
            assert (union_rate(l, k) == product_rate(l, k)) == (l == 1)


def test_known_product_rates():
    known = {(2, 2): "5/12", (2, 3): "17/32", (3, 3): "43/108"}
    assert {lk: product_rate(*lk) for lk in known} == {lk: Fraction(v) for lk, v in known.items()}
    assert all(product_rate(1, k) == joint_rate(1, k) == Fraction(k, k + 1) for k in range(1, 9))


def test_rates_table():
    table = rates_table([1, 2], [2, 3])
    assert [(row.l, row.k) for row in table] == [(1, 2), (1, 3), (2, 2), (2, 3)]
    assert table[-1] == (2, 3, Fraction(7, 12), Fraction(17, 32), Fraction(1, 2))


@pytest.mark.parametrize("rate", [joint_rate, product_rate, union_rate])
@pytest.mark.parametrize(("l", "k"), [(0, 1), (1, 0)])
def test_rates_need_outputs(rate, l, k):
    with pytest.raises(InputError):
        rate(l, k)


@pytest.mark.parametrize(("k", "rivals"), [(1, 1), (2, 2), (3, 3)])
def test_dominant_shares(k, rivals):
    population = dominant(k, rivals)
    assert population.is_strict
    shares = {prefer(population, "y", a) for a in population.responses[1:]}
    assert shares == {Fraction(k, k + 1)}


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_plurality_versus_condorcet_shares(n):
    population = plurality_versus_condorcet(n)
    assert population.is_strict
    assert {prefer(population, "c", a) for a in population.responses[:-1]} == {Fraction(n - 1, n)}
    assert first_places(population) == {a: int(a != "c") for a in population.responses}


def test_favourite_classes_are_ranked_uniformly():
    population = favourite_classes(2, 3)
    assert (population.n, len(population.users)) == (6, 12)
    assert prefer(population, "a1", "a2") == Fraction(1, 4)
    assert prefer(population, "a1", "b2") == Fraction(1, 2)
    assert favourite_classes(1, 3).is_strict


def test_clones():
    strict, tied = SUITE["cloned-cycle"], SUITE["indifferent-clones"]
    assert prefer(strict, "c", "c'") == 1
    assert prefer(tied, "c", "c'") == prefer(tied, "c'", "c") == 0
    for population in (strict, tied):
        for clone in ("c", "c'"):
            assert (
                prefer(population, "b", clone) == prefer(population, clone, "a") == Fraction(2, 3)
            )
    assert len(SUITE["one-response"].responses) == 1
    assert len(SUITE["one-user"].users) == 1
