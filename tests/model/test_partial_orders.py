"""Partial orders: the closure, and win rates at the worst completion against all completions."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from itertools import combinations_with_replacement, product

import naive_oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ualign.errors import InputError
from ualign.exact.product_optimum import find_product_optimum
from ualign.model.partial_orders import (
    CyclicError,
    PartialOrder,
    PartialPopulation,
    order_of,
    order_of_ranking,
)
from ualign.model.policies import JointPolicy, MixturePolicy, Policy, ProductPolicy
from ualign.model.population import Population
from ualign.model.rates import product_rate
from ualign.model.worst_completion import worst_completion_case, worst_completion_rates

NAMES = ("a", "b", "c")


@cache
def weak_orders(n: int) -> list[tuple[tuple[int, ...], ...]]:
    """All of them, by definition: the distinct ways to give every response a level."""
    found = {
        tuple(tuple(y for y in range(n) if levels[y] == level) for level in sorted(set(levels)))
        for levels in product(range(n), repeat=n)
    }
    return sorted(found)


def completions(order: PartialOrder, n: int) -> list[tuple[tuple[int, ...], ...]]:
    """The weak orders in which everything that is known holds."""

    def agrees(ranking: tuple[tuple[int, ...], ...]) -> bool:
        level = {y: i for i, tied in enumerate(ranking) for y in tied}
        return all(
            len({level[y] for y in tied}) == 1
            and all(level[x] < level[tied[0]] for x in range(n) if up >> x & 1)
            for tied, up in zip(order.classes, order.above, strict=True)
        )

    return [ranking for ranking in weak_orders(n) if agrees(ranking)]


@st.composite
def orders(draw: st.DrawFn, n: int) -> PartialOrder:
    """One that some weak order agrees with: a part of what that weak order says."""
    ranking = draw(st.sampled_from(weak_orders(n)))
    level = {y: i for i, tied in enumerate(ranking) for y in tied}
    pairs = [(y, z) for y in range(n) for z in range(n) if level[y] < level[z]]
    tied = [(y, z) for y in range(n) for z in range(y) if level[y] == level[z]]
    some = [draw(st.lists(st.sampled_from(x), unique=True)) if x else [] for x in (pairs, tied)]
    return order_of(n, *some)


@st.composite
def partial_populations(draw: st.DrawFn) -> PartialPopulation:
    n = draw(st.integers(1, 3))
    users = draw(
        st.lists(st.tuples(st.integers(1, 3).map(Fraction), orders(n)), min_size=1, max_size=2)
    )
    return PartialPopulation.from_orders(NAMES[:n], users)


@st.composite
def policies(draw: st.DrawFn, n: int, k: int) -> Policy:
    counts = st.lists(st.integers(0, 3), min_size=n, max_size=n).filter(any)
    products = counts.map(lambda c: ProductPolicy(tuple(Fraction(x, sum(c)) for x in c)))
    tuples = list(combinations_with_replacement(range(n), k))
    chosen = st.lists(st.sampled_from(tuples), min_size=1, max_size=3, unique=True)
    joint = chosen.map(
        lambda ts: JointPolicy(k, tuple((t, Fraction(1, len(ts))) for t in sorted(ts)))
    )
    mixture = st.tuples(products, products).map(
        lambda pair: MixturePolicy(((Fraction(1, 3), pair[0]), (Fraction(2, 3), pair[1])))
    )
    return draw(st.one_of(products, joint, mixture))


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_the_worst_completion_is_the_worst_of_all_completions(data: st.DataObject) -> None:
    population = data.draw(partial_populations())
    k, l = data.draw(st.integers(1, 2)), data.draw(st.integers(1, 2))
    policy = data.draw(policies(population.n, k))
    ties = data.draw(st.sampled_from(["uniform", "win", "half", "lose"]))
    opponents = list(combinations_with_replacement(range(population.n), l))
    parts = policy.parts if isinstance(policy, MixturePolicy) else ((Fraction(1), policy),)
    worst = [Fraction(1)] * len(opponents)
    every = (completions(user.order, population.n) for user in population.users)
    for rankings in product(*every):
        users = [
            (user.weight, ranking) for user, ranking in zip(population.users, rankings, strict=True)
        ]
        complete = Population.from_indexed(population.responses, users)
        for number, opponent in enumerate(opponents):
            rate = sum(
                chance * naive_oracle.win_rate(complete, part, opponent, k=k, ties=ties)
                for chance, part in parts
            )
            worst[number] = min(worst[number], rate)
    assert worst_completion_rates(population, policy, opponents, k=k, ties=ties) == worst
    case = worst_completion_case(population, policy, k=k, l=l, ties=ties)
    assert case.value == min(worst)
    assert case.opponent == opponents[worst.index(case.value)]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_best_guarantee_lies_between_the_ends(data: st.DataObject) -> None:
    """E16 (iii): g_n(k) where nothing is known, k/(k+1) where everything is; else between."""
    population, k = data.draw(partial_populations()), data.draw(st.integers(1, 3))
    best = find_product_optimum(population, k, 1, bits=40)
    assert best.value_low <= best.value_high < best.value_low + Fraction(1, 1 << 30)
    assert product_rate(population.n, k) <= best.value_high
    assert best.value_low <= Fraction(k, k + 1)
    assert worst_completion_case(population, best.policy, k=k).value >= best.value_low
    if population.completed() is not None:
        assert best.value_high >= Fraction(k, k + 1)


def test_silence_leaves_only_the_uniform_policy() -> None:
    nobody = PartialPopulation.from_orders("abcd", [(Fraction(1), order_of(4, []))])
    for k in (1, 2, 3):
        best = find_product_optimum(nobody, k, 1, bits=60)
        assert best.value_low <= product_rate(4, k) <= best.value_high


def test_learning_more_never_lowers_the_guarantee() -> None:
    steps = [order_of(3, pairs) for pairs in ([], [(0, 1)], [(0, 1), (1, 2)])]
    values = [
        find_product_optimum(PartialPopulation.from_orders("abc", [(Fraction(1), order)]), 2, 1)
        for order in steps
    ]
    assert values[0].value_high < values[1].value_low
    assert values[1].value_high < values[2].value_low


def test_the_closure_and_the_ties() -> None:
    order = order_of(5, [(0, 1), (2, 3)], [(1, 2)])
    assert order.classes == ((0,), (1, 2), (3,), (4,))
    assert order.above == (0b00000, 0b00001, 0b00111, 0b00000)
    assert order.below == (0b11110, 0b11000, 0b10000, 0b01111)
    assert list(order.covers()) == [(0, 1), (1, 3)]
    assert order.ranking() is None
    assert order_of(5, order.covers(), order.classes) == order


@pytest.mark.parametrize(
    ("pairs", "tied"),
    [
        ([(0, 0)], []),
        ([(0, 1), (1, 2), (2, 0)], []),
        ([(0, 1)], [(0, 1)]),
        ([(0, 1), (2, 3)], [(1, 2), (3, 0)]),
    ],
)
def test_a_circle_is_refused(pairs: list[tuple[int, int]], tied: list[tuple[int, ...]]) -> None:
    with pytest.raises(CyclicError) as caught:
        order_of(4, pairs, tied)
    assert {*caught.value.responses} == {y for pair in pairs for y in pair}


@given(st.data())
def test_a_weak_order_is_found_again(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 3))
    ranking = data.draw(st.sampled_from(weak_orders(n)))
    assert order_of_ranking(ranking, n, silence=True).ranking() == ranking
    assert completions(order_of_ranking(ranking, n, silence=False), n) == [ranking]


def test_what_is_unranked() -> None:
    silence = order_of_ranking([(2,), (0,)], 4, silence=True)
    assert silence.above == (0b0100, 0, 0, 0)
    below = order_of_ranking([(2,), (0,)], 4, silence=False)
    assert below.above == (0b0100, 0b0101, 0, 0b0101)


def test_users_of_whom_the_same_is_known_are_merged() -> None:
    order = order_of(2, [(0, 1)])
    population = PartialPopulation.from_orders(
        "ab", [(Fraction(1, 2), order), (Fraction(1, 3), order)]
    )
    assert [user.weight for user in population.users] == [Fraction(5, 6)]
    with pytest.raises(InputError, match="twice"):
        PartialPopulation.from_orders("aa", [(Fraction(1), order)])
    with pytest.raises(InputError, match="not positive"):
        PartialPopulation.from_orders("ab", [(Fraction(0), order)])
