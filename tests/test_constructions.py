"""The named populations hold what their sources say, and attain the closed forms they are for."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, pairwise
from typing import get_args

import naive_oracle
import pytest

from verify.constructions import (
    CONSTRUCTIONS,
    borda_trap,
    built_in_suite,
    cyclic_rankings,
    distinct_favourites,
    indifferent,
    random_dictatorship_trap,
    single_peaked,
    slim_majority,
    tight_opponents,
    unanimous,
    uniform_rankings,
    weak_order_converse,
)
from verify.policies import JointPolicy, ProductPolicy
from verify.population import InputError, Population
from verify.winrate import Ties, payoffs, win_rate, win_rates, worst_case

SUITE = dict(built_in_suite())


def prefer(population: Population, x: str, y: str) -> Fraction:
    """The share of users who rank x strictly above y."""
    first, second = (population.responses.index(name) for name in (x, y))
    return Fraction(
        sum(
            weight
            for weight, ranks in zip(population.integer_weights, population.ranks, strict=True)
            if ranks[first] < ranks[second]
        ),
        population.scale,
    )


def condorcet_winners(population: Population) -> list[str]:
    return [
        x
        for x in population.responses
        if all(prefer(population, x, y) > Fraction(1, 2) for y in population.responses if y != x)
    ]


def borda_scores(population: Population) -> dict[str, int]:
    """Scores of strict rankings on the scale of the integer weights: points for those below."""
    scores = dict.fromkeys(population.responses, 0)
    for weight, ranks in zip(population.integer_weights, population.ranks, strict=True):
        for name, rank in zip(population.responses, ranks, strict=True):
            scores[name] += weight * (population.n - 1 - rank)
    return scores


def first_places(population: Population, among: str | None = None) -> dict[str, int]:
    """First places, when only the responses `among` stand."""
    standing = [y for y, name in enumerate(population.responses) if among is None or name in among]
    places = {population.responses[y]: 0 for y in standing}
    for weight, ranks in zip(population.integer_weights, population.ranks, strict=True):
        places[population.responses[min(standing, key=lambda y: ranks[y])]] += weight
    return places


def uniform(n: int, support: int | None = None) -> ProductPolicy:
    support = n if support is None else support
    return ProductPolicy(tuple(Fraction(int(y < support), support) for y in range(n)))


# --- the table --------------------------------------------------------------------------------


def test_suite_names_are_distinct_and_tell_the_parameters():
    names = [name for name, _ in built_in_suite()]
    assert len(set(names)) == len(names)
    assert len(names) > len(CONSTRUCTIONS)
    assert "tight-opponents-k3-l2" in names
    assert "slim-majority-eps1-10" in names


@pytest.mark.parametrize("name", sorted(CONSTRUCTIONS))
def test_every_construction_builds_and_says_what_it_is(name):
    construction = CONSTRUCTIONS[name]
    assert construction.name == name
    assert construction.source
    assert construction.about
    population = construction.build(**construction.defaults)
    assert population == construction.build(**construction.defaults)
    assert any(population == built for built in SUITE.values())


def test_the_suite_is_small():
    assert max(population.n for population in SUITE.values()) <= 5
    assert max(len(population.users) for population in SUITE.values()) <= 24


@pytest.mark.parametrize(
    "call",
    [
        lambda: slim_majority(Fraction(1, 2)),
        lambda: slim_majority(Fraction(0)),
        lambda: tight_opponents(2, 4),
        lambda: tight_opponents(0, 1),
        lambda: distinct_favourites(0),
        lambda: borda_trap(1),
        lambda: uniform_rankings(7),
        lambda: unanimous(27),
    ],
)
def test_parameters_out_of_range_are_refused(call):
    with pytest.raises(InputError, match="expected"):
        call()


# --- elections from the literature ------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "voters", "condorcet", "borda", "plurality"),
    [
        ("condorcet-1785-81-voters", 81, "a", {"a": 101, "b": 109, "c": 33}, "b"),
        ("borda-1781", 21, "c", {"a": 16, "b": 21, "c": 26}, "a"),
        ("fishburn-1974-reversal", 7, "", {"a": 13, "b": 12, "c": 11, "x": 6}, "c"),
        (
            "malkevitch-55-voters",
            55,
            "e",
            {"a": 72, "b": 101, "c": 107, "d": 136, "e": 134},
            "a",
        ),
        (
            "tennessee-capital",
            100,
            "Nashville",
            {"Memphis": 126, "Nashville": 194, "Chattanooga": 173, "Knoxville": 107},
            "Memphis",
        ),
    ],
)
def test_elections_have_their_known_scores(name, voters, condorcet, borda, plurality):
    population = SUITE[name]
    assert population.scale == voters
    assert condorcet_winners(population) == [condorcet] * bool(condorcet)
    assert borda_scores(population) == borda
    places = first_places(population)
    assert max(places, key=places.__getitem__) == plurality


def test_condorcet_pairwise_counts():
    population = SUITE["condorcet-1785-81-voters"]
    assert prefer(population, "a", "b") == Fraction(41, 81)
    assert prefer(population, "a", "c") == Fraction(60, 81)
    cycle = SUITE["condorcet-1785-cycle"]
    assert {prefer(cycle, x, y) for x, y in ("ab", "bc", "ca")} == {Fraction(2, 3)}


def test_borda_example_plurality_winner_loses_to_both():
    population = SUITE["borda-1781"]
    assert {prefer(population, "a", y) for y in "bc"} == {Fraction(8, 21)}
    assert first_places(population) == {"a": 8, "b": 7, "c": 6}


def test_fishburn_order_is_reversed_without_x():
    population = SUITE["fishburn-1974-reversal"]
    without = Population.from_indexed(
        "abc",
        [(u.weight, [[y] for (y,) in u.ranking if y != 3]) for u in population.users],
    )
    assert borda_scores(without) == {"a": 6, "b": 7, "c": 8}


def test_malkevitch_run_off_and_elimination():
    population = SUITE["malkevitch-55-voters"]
    first, second = sorted(places := first_places(population), key=places.__getitem__)[:-3:-1]
    assert (first, second) == ("a", "b")
    assert prefer(population, "b", "a") > Fraction(1, 2)
    standing = "abcde"
    while len(standing) > 1:
        places = first_places(population, standing)
        standing = standing.replace(min(places, key=places.__getitem__), "")
    assert standing == "c"


def test_schulze_pairwise_counts():
    population = SUITE["schulze-45-voters"]
    counts = {"ad": 30, "dc": 28, "ce": 24, "eb": 27, "ba": 25, "ac": 26, "bd": 33}
    assert {p: prefer(population, *p) * population.scale for p in counts} == counts
    assert condorcet_winners(population) == []


def test_single_peaked_median():
    population = single_peaked(5)
    assert condorcet_winners(population) == ["c"]
    assert min(prefer(population, "c", y) for y in "abde") == Fraction(3, 5)


# --- constructions of the theory --------------------------------------------------------------


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


def f(l: int, k: int) -> Fraction:
    q, rho = k // l, Fraction(k % l, l)
    return (1 - rho) * Fraction(q, q + 1) + rho * Fraction(q + 1, q + 2)


@pytest.mark.parametrize(("l", "k"), [(1, 3), (2, 1), (2, 3), (3, 2), (3, 4), (3, 6), (4, 3)])
def test_e4_distinct_favourites_joint_rate(l, k):
    population = distinct_favourites(l)
    assert {user.ranking[0] for user in population.users} == {(y,) for y in range(l)}
    assert all(len(user.ranking) <= 2 for user in population.users)
    game = payoffs(population, k, l)
    column = game.columns.index(tuple(range(l)))
    best = max(Fraction(row[column], game.scale) for row in game.matrix)
    assert best == f(l, k)


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
