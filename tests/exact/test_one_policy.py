"""One policy for several k: what it wins, and what no policy does (E15)."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

import pytest
from naive_oracle import worst_case as naive_worst_case
from ualign.constructions import binary_tree, borda_trap, cyclic_rankings
from ualign.exact.instance import Instance
from ualign.exact.one_policy import find_one_policy, price, price_of_any_population, rates_of
from ualign.model.policies import ProductPolicy
from ualign.model.population import Population
from ualign.solvers import concave
from ualign.theorems.e15_one_policy import certify_all_k, outputs

E = Fraction(2718281829, 10**9)
"""A little more than e."""


def some_population(draw: random.Random) -> Population:
    """Two to four responses, one to four users, with ties."""
    n = draw.randint(2, 4)
    users = []
    for _ in range(draw.randint(1, 4)):
        classes: list[list[str]] = [[]]
        for y in draw.sample("abcd"[:n], n):
            if classes[-1] and draw.random() < 0.7:
                classes.append([])
            classes[-1].append(y)
        users.append(classes)
    weights = [draw.randint(1, 5) for _ in users]
    return Population.from_rankings(users, weights, responses=list("abcd"[:n]))


def some_policy(draw: random.Random, n: int) -> ProductPolicy:
    shares = [draw.randint(0, 5) for _ in range(n)]
    shares[draw.randrange(n)] += 1
    return ProductPolicy(tuple(Fraction(s, sum(shares)) for s in shares))


@pytest.mark.parametrize("seed", range(6))
def test_both_sides_hold_by_the_definition(seed):
    """The policy wins its rates, and no random policy, nor the best for any one k, goes below the
    cap; and the two sides meet."""
    draw = random.Random(seed)
    population, ks = some_population(draw), draw.sample(range(1, 6), 3)
    found = find_one_policy(population, ks)
    for k, rate in found.rates.items():
        exact, _ = naive_worst_case(population, found.policy, k=k)
        assert rate <= exact < rate + Fraction(1, 2**40)
    assert 0 <= found.price - found.cap.price < Fraction(1, 10**8)
    for _ in range(20):
        other = some_policy(draw, population.n)
        assert price(rates_of(population, other, ks, exact=True)) >= found.cap.price
    for k in ks:
        alone = find_one_policy(population, [k])
        assert abs(alone.price - 1) < Fraction(1, 10**8)
        assert price(rates_of(population, alone.policy, ks)) >= found.cap.price


@pytest.mark.parametrize(("J", "rounded"), [(2, "1.29"), (3, "1.42"), (4, "1.60")])
def test_trees_have_their_prices(J, rounded):
    """The deeper the tree, the dearer: for powers of two up to 2^(J+1), to two digits; and more
    than J/(2e)."""
    found = find_one_policy(binary_tree(J), [2**j for j in range(J + 2)])
    assert f"{float(found.price):.2f}" == f"{float(found.cap.price):.2f}" == rounded
    assert found.cap.price > J / (2 * E)


@pytest.mark.slow
def test_a_deep_tree_has_its_price():
    """J = 5, with all the k that the theorem asks for."""
    found = find_one_policy(binary_tree(5), outputs(63))
    assert f"{float(found.price):.2f}" == f"{float(found.cap.price):.2f}" == "1.79"


@pytest.mark.parametrize("population", [cyclic_rankings(4), binary_tree(1)])
def test_where_one_policy_serves_all_that_is_seen_exactly(population):
    found = find_one_policy(population, range(1, 6))
    assert found.is_exact
    assert found.price == 1


def test_a_poor_proposal_costs_precision_only(monkeypatch):
    """With a useless policy and mixture both sides still hold, far apart."""
    population, ks = borda_trap(3), [1, 2, 8]
    good, solve = find_one_policy(population, ks), concave.solve_concave

    def poor(program, iterate, gap):
        found = solve(program, iterate, 1e-1)
        return replace(found, x=found.x[::-1] + 0.01, D=found.D[::-1] + 0.01)

    monkeypatch.setattr(concave, "solve_concave", poor)
    bad = find_one_policy(population, ks)
    assert bad.cap.price < good.cap.price <= good.price < bad.price


def test_what_any_population_allows():
    """E15 for equal a_k: at k = 1 alone 1 + (1-a) with a = 1 is 1; for k = 1..8 (1 - (7/8)^9) 8."""
    assert price_of_any_population([1]) == 1
    assert price_of_any_population(range(1, 9)) == 8 * (1 - Fraction(7, 8) ** 9)


def test_outputs_reach_as_far_as_the_responses():
    assert outputs(3) == [*range(1, 9)]
    assert outputs(15) == [*range(1, 9), 16]
    assert outputs(31) == [*range(1, 9), 16, 32]


def test_findings_state_the_price_from_both_sides():
    """A tree's price is a bound with its precision; where one policy serves all it is exact."""
    tree, averaged = certify_all_k(Instance(binary_tree(2)))
    assert (tree.relation, tree.grade.word) == ("<=", "within")
    assert tree.grade.number >= 30
    assert averaged.value > tree.value
    assert all(finding.is_claimed for finding in (tree, averaged))
    cycle, averaged = certify_all_k(Instance(cyclic_rankings(3)))
    assert (cycle.relation, cycle.value, str(cycle.grade)) == ("=", 1, "exact")
    assert averaged.value < 1 + Fraction(1, 2**40)
