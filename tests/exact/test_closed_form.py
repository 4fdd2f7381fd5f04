"""exact.closed_form: right where it answers, and silent only where the search is needed."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import populations
from ualign.exact import equilibrium
from ualign.exact.closed_form import MOST_RESPONSES, closed_form
from ualign.exact.equilibrium import find_equilibrium
from ualign.model.policies import ProductPolicy
from ualign.model.population import Population
from ualign.model.win_rates import worst_case

F = Fraction


@given(populations(max_responses=5, max_users=6), st.sampled_from([2, 2, 2, 3, 4, 30]))
@settings(deadline=None, max_examples=300)
def test_it_agrees_with_the_search(population, k):
    found = closed_form(population, k)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(equilibrium, "closed_form", lambda population, k: None)
        searched = find_equilibrium(population, k)
    unique = any(len(user.ranking) == population.n for user in population.users)
    if found is not None:
        assert unique
        assert worst_case(population, found, k=k).value == F(k, k + 1)
        assert (searched.policy, searched.gap) == (found, 0)
    elif unique and searched.gap == 0:
        size = len(searched.policy.support)
        assert size > 2 or (size == 2 and k > 2 and F(1, 2) not in searched.policy.masses)


@pytest.mark.parametrize("k", [2, 3, 10, 5000])
def test_two_evenly_liked_responses(k):
    population = Population.from_rankings([[*"abc"], [*"bac"]])
    assert closed_form(population, k) == ProductPolicy((F(1, 2), F(1, 2), F(0)))


def test_two_responses_at_k_2():
    found = closed_form(Population.from_rankings([[*"ab"], [*"ba"]], [3, 2]), 2)
    assert found == ProductPolicy((F(4, 5), F(1, 5)))
    population = Population.from_rankings([[*"abc"], [*"bca"], [*"bac"]], [3, 2, 1])
    assert closed_form(population, 2) == ProductPolicy((F(1, 2), F(1, 2), F(0)))


def test_it_leaves_to_the_search_what_is_large_or_may_have_several_equilibria():
    names = [*"abcdef"][: MOST_RESPONSES + 1]
    assert closed_form(Population.from_rankings([names]), 2) is None
    assert closed_form(Population.from_rankings([[["a", "b"]]]), 2) is None
    assert closed_form(Population.from_rankings([["a", "b"]]), 2) is not None
