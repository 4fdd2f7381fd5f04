"""E12: draws against draws agree with the definition, and with what the theorem says of them."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import naive_oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import distributions, populations
from ualign.certificates.findings import Question
from ualign.constructions import cyclic_rankings, indifferent, slim_majority
from ualign.errors import InputError
from ualign.exact.instance import Instance
from ualign.model.draws import draws_against_draws
from ualign.model.policies import JointPolicy, ProductPolicy
from ualign.model.population import Population
from ualign.theorems.e12_splits import certify

F = Fraction


def by_definition(
    population: Population, pi: ProductPolicy, k: int, rho: ProductPolicy, l: int
) -> Fraction:
    """Every sequence of k draws against every sequence of l draws."""
    total = F(0)
    for S in product(pi.support, repeat=k):
        for T in product(rho.support, repeat=l):
            chance = F(1)
            for y in S:
                chance *= pi.masses[y]
            for y in T:
                chance *= rho.masses[y]
            outputs = JointPolicy.deterministic(tuple(sorted(S)))
            total += chance * naive_oracle.win_rate(population, outputs, T)
    return total


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_draws_against_draws_is_the_definition(data: st.DataObject) -> None:
    population = data.draw(populations(max_responses=3, max_users=3))
    pi, rho = (ProductPolicy(data.draw(distributions(population.n))) for _ in range(2))
    k, l = data.draw(st.sampled_from([(1, 1), (1, 2), (2, 1), (2, 2), (3, 1), (1, 3), (3, 2)]))
    found = draws_against_draws(population, pi, k, rho, l)
    assert found == by_definition(population, pi, k, rho, l)
    assert found + draws_against_draws(population, rho, l, pi, k) == 1
    assert draws_against_draws(population, pi, k, pi, l) == F(k, k + l)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_the_bounds_hold_by_the_definition(data: st.DataObject) -> None:
    """W(pi^k, rho^l) >= k/N - (k l/(N - 1)) e, and the other way round from above, e being what rho
    is picked more than 1/N against N - 1 draws from pi; every sequence of draws is enumerated."""
    population = data.draw(populations(max_responses=3, max_users=3))
    n = population.n
    pi, rho = (ProductPolicy(data.draw(distributions(n))) for _ in range(2))
    k, l = data.draw(st.sampled_from([(1, 1), (1, 2), (2, 1), (2, 2), (3, 1), (1, 3)]))
    N = k + l
    points = (ProductPolicy.point_mass(n, y) for y in range(n))
    picked = [1 - by_definition(population, pi, N - 1, point, 1) for point in points]
    e = sum((m * u for m, u in zip(rho.masses, picked, strict=True)), F(0)) - F(1, N)
    slack = F(k * l, N - 1) * e
    assert by_definition(population, pi, k, rho, l) >= F(k, N) - slack
    assert by_definition(population, rho, k, pi, l) <= F(k, N) + slack


def test_what_is_said_of_a_cycle() -> None:
    found = {f.question: f for f in certify(Instance(cyclic_rankings(3), opponents=(2, 3)), 2)}
    for l in (2, 3):
        split = found[Question("E12", "split", l)]
        assert (split.relation, split.value) == (">=", F(2, 2 + l))
    pair = {f.question: f for f in certify(Instance(slim_majority(F(1, 10))), 2)}
    converse = pair[Question("E12", "converse", 2)]
    assert converse.value is not None
    assert converse.value < F(1, 2)
    assert converse.note.startswith("NLHF, against ")


def test_where_everything_is_an_equilibrium() -> None:
    found = {f.question: f for f in certify(Instance(indifferent(3)), 2)}
    assert found[Question("E12", "converse", 2)].value is None
    assert "each single response" in found[Question("E12", "converse", 2)].note


def test_sizes_are_looked_at() -> None:
    population, one = cyclic_rankings(3), ProductPolicy.point_mass(3, 0)
    with pytest.raises(InputError, match="l = 0"):
        draws_against_draws(population, one, 1, one, 0)
    with pytest.raises(InputError, match="a policy on 2 responses"):
        draws_against_draws(population, ProductPolicy.point_mass(2, 0), 1, one, 1)
