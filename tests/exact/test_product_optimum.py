"""The best product policy against its definition, and in golden numbers."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from math import comb

import naive_oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_games import CLONES, CYCLE, WEIGHTED, F, g
from strategies import distributions, multisets, populations, product_policies
from ualign import constructions
from ualign.errors import InputError
from ualign.exact import product_optimum
from ualign.exact.instance import Instance
from ualign.exact.product_bound import Mixture, upper_bound
from ualign.exact.product_optimum import find_product_optimum
from ualign.model.policies import ProductPolicy
from ualign.model.population import Population
from ualign.model.win_rates import worst_case


def naive_bound(
    population: Population, k: int, opponents: Mixture, point: ProductPolicy
) -> Fraction:
    """1 + (k-1) P - k min_y P_y by enumerating every draw."""

    def picked(outputs: Sequence[int]) -> Fraction:
        total = sum(user.weight for user in population.users)
        return sum(
            (
                mass
                * user.weight
                / total
                * (1 - naive_oracle.counts_for(user.ranking, outputs, opponent, "uniform"))
                for opponent, mass in opponents
                for user in population.users
            ),
            F(0),
        )

    def against(y: int) -> Fraction:
        total = F(0)
        for draws in product(range(population.n), repeat=k - 1):
            chance = F(1)
            for z in draws:
                chance *= point.masses[z]
            total += chance * picked((y, *draws)) if chance else 0
        return total

    chances = [against(y) for y in range(population.n)]
    P = sum((m * c for m, c in zip(point.masses, chances, strict=True)), F(0))
    return 1 + (k - 1) * P - k * min(chances)


@st.composite
def mixtures(draw: st.DrawFn, population: Population, l: int) -> Mixture:
    tuples = draw(st.lists(multisets(population, l), min_size=1, max_size=3, unique=True))
    masses = draw(distributions(len(tuples)))
    return tuple((t, m) for t, m in zip(tuples, masses, strict=True) if m)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_upper_bound_is_the_definition(data: st.DataObject) -> None:
    population = data.draw(populations(max_responses=3, max_users=3))
    k, l = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 3))
    opponents = data.draw(mixtures(population, l))
    point = data.draw(product_policies(population))
    bound = upper_bound(population, k, opponents, point)
    assert bound == naive_bound(population, k, opponents, point)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_upper_bound_holds_for_every_policy(data: st.DataObject) -> None:
    population = data.draw(populations())
    k, l = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 3))
    opponents = data.draw(mixtures(population, l))
    point, policy = (data.draw(product_policies(population)) for _ in range(2))
    won = sum((m * naive_oracle.win_rate(population, policy, t, k=k) for t, m in opponents), F(0))
    assert won <= upper_bound(population, k, opponents, point)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_the_optimum_is_enclosed(data: st.DataObject) -> None:
    """The policy wins value_low by definition; the mixture keeps it and others to value_high."""
    population = data.draw(populations(max_responses=3, max_users=4))
    k, l = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 3))
    best = find_product_optimum(population, k, l, bits=60)
    worst, _ = naive_oracle.worst_case(population, best.policy, k=k, l=l)
    assert best.value_low <= worst <= best.value_high
    assert worst == best.value_low or not best.is_exact
    assert naive_bound(population, k, best.opponents, best.point) <= best.value_high
    assert best.value_high - best.value_low <= F(1, 2**60)
    other = data.draw(product_policies(population))
    assert naive_oracle.worst_case(population, other, k=k, l=l)[0] <= best.value_high


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(populations(max_responses=5, max_users=6, max_weight=10**9), st.integers(1, 6))
def test_rates(population: Population, k: int) -> None:
    """At least g_l(k), at most the joint optimum; exactly k/(k+1) for l = 1; less for larger l."""
    instance = Instance(population)
    last = F(1)
    for l in (1, 2, 3):
        best = find_product_optimum(population, k, l)
        assert best.value_low <= best.value_high <= best.value_low + F(1, 2**100)
        assert best.value_high >= g(l, k)
        assert best.value_low <= last
        last = best.value_high
        if k <= 3:
            assert best.value_low <= instance.joint_optimum(k, l).value
        if l == 1:
            assert best.value_low <= F(k, k + 1) <= best.value_high


def test_an_optimum_that_is_a_whole_face() -> None:
    """Between a and b the optimum leaves a choice, and Newton's systems are nearly singular."""
    population = Population.from_rankings(
        [[["a", "b"], ["c"]], [["c"], ["b"], ["a"]]], [1826, F(42195, 4)], responses=["a", "b", "c"]
    )
    best = find_product_optimum(population, 4, 3)
    assert best.value_low <= best.value_high <= best.value_low + F(1, 2**100)


@pytest.mark.parametrize(
    ("l", "k", "value"),
    [(2, 3, F(17, 32)), (2, 2, F(5, 12)), (3, 3, F(43, 108)), (1, 7, F(7, 8)), (2, 1, F(1, 4))],
)
def test_golden_numbers(l: int, k: int, value: Fraction) -> None:
    best = find_product_optimum(constructions.distinct_favourites(l), k, l)
    assert best.value_low == best.value_high == value == g(l, k)


@pytest.mark.parametrize("l", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("k", [1, 2, 3, 5, 8, 16])
def test_distinct_favourites_attain_the_rate(l: int, k: int) -> None:
    best = find_product_optimum(constructions.distinct_favourites(l), k, l)
    assert best.value_low == best.value_high == g(l, k)


@pytest.mark.parametrize(
    ("population", "rate"),
    [
        (Population.from_rankings([[*"a"]]), lambda k, l: F(k, k + l)),
        (constructions.unanimous(3), lambda k, l: F(k, k + l)),
        (constructions.indifferent(3), lambda k, l: F(k, k + l)),
        (Population.from_rankings([["b", ["a", "d"], "c"]]), lambda k, l: F(k, k + l)),
    ],
)
@pytest.mark.parametrize("k", [1, 2, 3, 9])
@pytest.mark.parametrize("l", [1, 2, 3])
def test_degenerate_populations(population, rate, k, l) -> None:  # type: ignore[no-untyped-def]
    best = find_product_optimum(population, k, l)
    assert best.value_low == best.value_high == rate(k, l)


@pytest.mark.parametrize("k", [1, 2, 3, 4])
@pytest.mark.parametrize("l", [1, 2, 3])
def test_clones_change_nothing(k: int, l: int) -> None:
    """Nobody tells c and d apart, so that the values are the cycle's, which are rational."""
    plain, cloned = (find_product_optimum(p, k, l) for p in (CYCLE, CLONES))
    assert plain.value_low == plain.value_high == cloned.value_low == cloned.value_high


def test_condorcet_cycle_by_hand() -> None:
    """By symmetry and concavity the uniform policy is optimal; the worst pair is any two."""
    uniform = ProductPolicy((F(1, 3),) * 3)
    for l in (2, 3):
        best = find_product_optimum(CYCLE, 2, l)
        assert best.value_low == best.value_high
        assert best.value_low == naive_oracle.worst_case(CYCLE, uniform, k=2, l=l)[0]


def test_a_rational_optimum_that_is_not_simple_to_see() -> None:
    """k = 2 with two responses: the optimum solves a quadratic, here with a square discriminant."""
    population = constructions.slim_majority(F(1, 10))
    best = find_product_optimum(population, 2, 2)
    assert best.value_low == best.value_high == F(43, 100)


def test_an_irrational_optimum_is_not_called_exact() -> None:
    best = find_product_optimum(WEIGHTED, 3, 2)
    assert not best.is_exact
    assert 0 < best.value_high - best.value_low <= F(1, 2**100)
    finer = find_product_optimum(WEIGHTED, 3, 2, bits=400)
    assert 0 < finer.value_high - finer.value_low <= F(1, 2**400)
    assert best.value_low <= finer.value_low < finer.value_high <= best.value_high


def test_the_third_draw_may_add_more_than_the_second() -> None:
    """Nine users, against two outputs: 1/3, at most 0.439412, at least 0.547126."""
    rankings = [[*"dcba"], [*"cadb"], [*"bacd"], [*"abcd"]]
    population = Population.from_rankings(rankings, [3, 3, 2, 1], responses=[*"abcd"])
    one, two, three = (find_product_optimum(population, k, 2) for k in (1, 2, 3))
    assert one.value_low == one.value_high == Fraction(1, 3)
    assert two.value_high <= Fraction(7549024463, 17179869184) < Fraction("0.439412")
    assert three.value_low >= Fraction(9399568043, 17179869184) > Fraction("0.547126")
    assert one.value_low + three.value_low > 2 * two.value_high


def test_names_do_not_matter() -> None:
    turned = Population.from_rankings([[*"bca"], [*"cab"], [*"abc"]], [1, 2, 4], responses=[*"cba"])
    one, other = (find_product_optimum(p, 3, 2) for p in (WEIGHTED, turned))
    assert one.value_low <= other.value_high
    assert other.value_low <= one.value_high


def test_more_tuples_than_a_batch() -> None:
    population = constructions.cyclic_rankings(16)
    assert comb(17, 2) > product_optimum.BATCH
    best = find_product_optimum(population, 2, 2)
    worst = worst_case(population, ProductPolicy((F(1, 16),) * 16), k=2, l=2)
    assert best.value_low == best.value_high == worst.value


def test_tuples_by_and_by(monkeypatch: pytest.MonkeyPatch) -> None:
    """Starting from one tuple, those that matter are found."""
    monkeypatch.setattr(product_optimum, "BATCH", 1)
    population = Population.from_rankings(
        [[*"abcd"], [*"bdca"], [*"cadb"], [*"dbac"]], [3, 4, 5, 7]
    )
    for k, l in ((2, 2), (4, 2), (3, 3)):
        best = find_product_optimum(population, k, l)
        assert len(best.opponents) > 1 or best.is_exact
        assert best.value_high - best.value_low <= F(1, 2**100)


def test_near_ties_and_unlike_weights() -> None:
    weights = [1, 10**12, 10**12 + 1, 10**12]
    population = Population.from_rankings([[*"abcd"], [*"bcda"], [*"cdab"], [*"dabc"]], weights)
    for k, l in ((2, 2), (5, 3), (12, 2)):
        best = find_product_optimum(population, k, l)
        assert 0 <= best.value_high - best.value_low <= F(1, 2**100)
        assert best.value_high >= g(l, k)


def test_near_ties_that_deceive_floats() -> None:
    """One user in a million moves the optimum, and what floats find dispensable is not."""
    rankings = ["cfebda", "bedcfa", "eafbcd", ["a", "bcdf", "e"], ["ac", "e", "b", "df"]]
    weights = [F(1, 683825), F(1, 194142), 9, 1, F(1, 845067)]
    population = Population.from_rankings([map(list, r) for r in rankings], weights)
    best = find_product_optimum(population, 8, 2)
    assert 0 <= best.value_high - best.value_low <= F(1, 2**100)
    masses = sorted(best.policy.masses)
    assert masses[-1] > F(99, 100)
    assert masses[-2] > 0


@pytest.mark.parametrize(("k", "l", "bits"), [(0, 1, 9), (1, 0, 9), (1, 1, 0)])
def test_bad_arguments(k: int, l: int, bits: int) -> None:
    with pytest.raises(InputError, match="at least 1"):
        find_product_optimum(CYCLE, k, l, bits=bits)
