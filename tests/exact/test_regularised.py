"""Where regularised training ends (E17)."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from math import exp, log

import naive_oracle
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import populations
from ualign.constructions import borda_trap, built_in_suite, cyclic_rankings, slim_majority
from ualign.errors import FaultError
from ualign.exact import regularised
from ualign.exact.instance import Instance
from ualign.exact.regularised import find_regularised
from ualign.model.policies import ProductPolicy
from ualign.model.win_rates import win_rates
from ualign.theorems import e17_regularised

F = Fraction
SCHULZE = dict(built_in_suite())["schulze-45-voters"]


def uniform(n: int) -> ProductPolicy:
    return ProductPolicy((F(1, n),) * n)


@settings(max_examples=40)
@given(
    populations(max_responses=4, max_users=4),
    st.integers(1, 3),
    st.sampled_from([F(2), F(1, 3), F(1, 20)]),
    st.lists(st.integers(1, 9), min_size=4, max_size=4),
)
def test_it_is_a_fixed_point(population, k, tau, shares):
    """Masses proportional to reference exp(u/tau), u by the definition, for any reference."""
    n = population.n
    reference = ProductPolicy(tuple(F(s, sum(shares[:n])) for s in shares[:n]))
    found = find_regularised(population, k, tau, reference)
    assert found.radius < F(1, 10**9)
    u = [naive_oracle.u(population, found.policy.masses, k, y) for y in range(n)]
    weights = [
        float(base) * exp(float(value / tau))
        for base, value in zip(reference.masses, u, strict=True)
    ]
    for mass, weight in zip(found.policy.masses, weights, strict=True):
        assert abs(float(mass) - weight / sum(weights)) < 1e-9


@pytest.mark.parametrize("k", [1, 2, 5])
@pytest.mark.parametrize("tau", [F(1), F(1, 7)])
def test_the_identity_holds(k, tau):
    """W(pi^k, y) = k/(k+1) - tau [ln(1/reference_y) - KL - ln(1/pi_y)], in floats."""
    reference = uniform(SCHULZE.n)
    found = find_regularised(SCHULZE, k, tau, reference)
    rates = win_rates(SCHULZE, found.policy, [(y,) for y in range(SCHULZE.n)], k=k)
    KL = sum(float(m) * log(float(m) * SCHULZE.n) for m in found.policy.masses)
    assert abs(float(found.divergence[0]) - KL) < 1e-12
    for mass, rate in zip(found.policy.masses, rates, strict=True):
        said = k / (k + 1) - float(tau) * (log(SCHULZE.n) - KL + log(float(mass)))
        assert abs(float(rate) - said) < 1e-9


def test_a_radius_tells_temperatures_apart():
    """Other temperatures end outside of it, as they should."""
    near = find_regularised(SCHULZE, 2, F(1, 10), uniform(5))
    other = find_regularised(SCHULZE, 2, F(11, 100), uniform(5))
    apart = sum(abs(x - y) for x, y in zip(near.policy.masses, other.policy.masses, strict=True))
    assert near.radius + other.radius < apart


def test_the_path_leads_to_the_equilibrium():
    """As tau falls, KL from the reference grows up to the equilibrium's, and the distance to the
    equilibrium shrinks."""
    equilibrium = Instance(SCHULZE).equilibrium(2).policy
    path = [find_regularised(SCHULZE, 2, F(1, 4**i), uniform(5)) for i in range(5)]
    divergences = [found.divergence for found in path]
    limit = sum(float(m) * log(5 * float(m)) for m in equilibrium.masses if m)
    assert all(a[1] < b[0] for a, b in pairwise(divergences))
    assert float(divergences[-1][1]) < limit
    distances = [
        sum(abs(x - y) for x, y in zip(found.policy.masses, equilibrium.masses, strict=True))
        for found in path
    ]
    assert distances == sorted(distances, reverse=True)
    assert distances[-1] < F(1, 20)


def test_an_equilibrium_as_reference_stays():
    found = find_regularised(cyclic_rankings(3), 2, F(1, 100), uniform(3))
    assert all(abs(mass - F(1, 3)) < F(1, 10**12) for mass in found.policy.masses)


def test_a_poor_proposal_has_a_wide_radius(monkeypatch):
    """Wherever the floats end, the radius says how far that is."""
    good, third = find_regularised(borda_trap(3), 2, F(1, 10), uniform(3)), np.eye(3)[1] / 10
    monkeypatch.setattr(regularised, "_newton", lambda game, base, tau, logs: base + third)
    monkeypatch.setattr(regularised, "distribution", lambda x, bits: norm(x))
    poor = find_regularised(borda_trap(3), 2, F(1, 10), uniform(3))
    apart = sum(abs(x - y) for x, y in zip(good.policy.masses, poor.policy.masses, strict=True))
    assert apart <= poor.radius + good.radius
    assert poor.radius > F(1, 100)


def norm(x: list[Fraction]) -> tuple[Fraction, ...]:
    """Masses that sum to 1."""
    return tuple(mass / sum(x) for mass in x)


def test_findings_bound_what_is_lost():
    """Exact worst cases, each above the theorem's bound and rising as tau falls."""
    *findings, leaning = e17_regularised.certify(Instance(slim_majority(F(1, 10))), 3)
    values = [finding.value for finding in findings]
    assert values == sorted(values)
    assert all(finding.is_claimed and finding.relation == "=" for finding in findings)
    assert all("theorem's bound" in finding.note for finding in findings)
    for tau, value in zip(e17_regularised.TEMPERATURES.values(), values, strict=True):
        assert value > F(3, 4) - tau * F(np.log(2))

    assert str(leaning.question) == "E17 regularised-from-favourites-0.1"
    assert leaning.is_claimed
    # 11/20 and 9/20, nearer to the equilibrium's masses than the uniform policy is
    assert leaning.certificates[-1].claim["reference"] == {"a": "11/20", "b": "9/20"}
    assert leaning.value > F(3, 4) - F(1, 10) * F(np.log(20 / 9))
    assert leaning.value > values[1]


def test_even_favourites_are_no_other_reference():
    *_, leaning = e17_regularised.certify(Instance(cyclic_rankings(3)), 2)
    assert (str(leaning.grade), leaning.certificates) == ("does not apply", ())
    assert e17_regularised.favourites(cyclic_rankings(3)) == uniform(3)
    assert min(e17_regularised.favourites(borda_trap(3)).masses) == F(1, 6)


def test_a_policy_that_wins_too_little_is_a_fault(monkeypatch):
    def wrong(population, k, tau, reference):
        return replace(find_regularised(population, k, tau, reference), least=(F(1), F(1)))

    monkeypatch.setattr(e17_regularised, "find_regularised", wrong)
    with pytest.raises(FaultError, match="E17 fails"):
        e17_regularised.certify(Instance(slim_majority(F(1, 10))), 3)
