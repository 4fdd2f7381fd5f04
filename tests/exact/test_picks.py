"""Learning from picks in exact steps (E14)."""

from __future__ import annotations

import random
from fractions import Fraction
from math import cos, log, pi, prod

import naive_oracle
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import populations
from ualign.certificates.findings import FARTHER, NEARER
from ualign.constructions import cyclic_rankings, eleven_users, slim_majority, unanimous
from ualign.errors import FaultError, InputError
from ualign.exact.instance import Instance
from ualign.exact.picks import (
    divergence,
    gain,
    learn,
    rounded_policy,
    safe_rate,
    skewed,
    step,
    usual_rate,
)
from ualign.exact.self_play import DYNAMICS, ExactGame, play
from ualign.model.policies import ProductPolicy
from ualign.model.population import Population
from ualign.model.win_rates import worst_case
from ualign.theorems import e14_picks

F = Fraction
CYCLE = cyclic_rankings(3)


def uniform(n: int) -> ProductPolicy:
    return ProductPolicy((F(1, n),) * n)


def wave() -> ProductPolicy:
    """1/11 + 0.03 cos(2 pi j/11), in parts of 9999."""
    parts = [round((F(1, 11) + F(3, 100) * F(cos(2 * pi * j / 11))) * 9999) for j in range(11)]
    return ProductPolicy(tuple(F(part, sum(parts)) for part in parts))


def utilities(population: Population, policy: ProductPolicy, k: int) -> list[Fraction]:
    """U by the definition."""
    n = population.n
    return [(k + 1) * naive_oracle.u(population, policy.masses, k, y) for y in range(n)]


@given(populations(max_responses=3, max_users=3), st.integers(1, 3), st.fractions(0, 1))
def test_a_step_moves_towards_what_is_picked(population, k, eta):
    """(1-eta) pi + eta pi U(pi), U from the definition; the masses sum to 1 by P1."""
    policy = skewed(population.n)
    moved = step(ExactGame(population), policy, k, eta)
    assert moved.masses == tuple(
        mass * (1 + eta * (U - 1))
        for mass, U in zip(policy.masses, utilities(population, policy, k), strict=True)
    )


def test_a_rate_outside_of_the_unit_interval_is_refused():
    for eta in (F(-1, 10), F(11, 10)):
        with pytest.raises(InputError, match="eta = "):
            step(ExactGame(CYCLE), uniform(3), 2, eta)


@pytest.mark.parametrize("bits", [2, 5, 16])
def test_rounded_policies_keep_their_support(bits):
    draw = random.Random(bits)
    for _ in range(50):
        parts = [draw.choice([1, 1, 10**6, 10**9]) for _ in range(4)]
        policy = ProductPolicy(tuple(F(part, sum(parts)) for part in parts))
        near = rounded_policy(policy, bits)
        assert min(near.masses) >= F(1, 1 << bits)
        assert all((mass * (1 << bits)).denominator == 1 for mass in near.masses)
        assert all(
            abs(a - b) <= F(4, 1 << bits) for a, b in zip(near.masses, policy.masses, strict=True)
        )


def test_divergence_and_gain_are_enclosed():
    """Against floats, for the cycle's equilibrium, which is uniform and exact."""
    equilibrium, policy, eta = Instance(CYCLE).equilibrium(2), skewed(3), F(3, 10)
    low, high = divergence(equilibrium, policy)
    assert 0 <= high - low < F(1, 1 << 200)
    assert abs(float(low) - sum(log(1 / 3 / float(m)) / 3 for m in policy.masses)) < 1e-12
    moved = step(ExactGame(CYCLE), policy, 2, eta)
    _, after = divergence(equilibrium, moved)
    least, most = gain(CYCLE, equilibrium, policy, eta)
    assert 0 <= most - least < F(1, 1 << 200)
    assert abs(low - after - least) < F(1, 1 << 200)


@given(populations(max_responses=4, max_users=4), st.integers(2, 4), st.integers(1, 3))
def test_safe_steps_never_lead_away(population, k, part):
    """For k >= 2, at the largest safe rate and parts of it, from any start of full support."""
    equilibrium = Instance(population).equilibrium(k)
    if equilibrium.enclosure is None:
        return
    for policy in (skewed(population.n), rounded_policy(uniform(population.n), 6)):
        _, most = gain(population, equilibrium, policy, safe_rate(k) / part)
        assert most >= 0


def test_eleven_users_are_driven_away_at_full_speed():
    """prod U = 1 - 0.00184 near the equilibrium, exactly; + 0.00374 at the rate 3/10."""
    population, near, even = eleven_users(), wave(), Instance(eleven_users()).equilibrium(2)
    assert even.policy == uniform(11)
    assert even.gap == 0
    U = utilities(population, near, 2)
    for eta, change in ((F(1), "-0.00184"), (F(3, 10), "0.00374")):
        assert f"{float(prod(1 + eta * (u - 1) for u in U) - 1):.5f}" == change
        low, high = gain(population, even, near, eta)
        assert (high < 0) == (eta == 1)
        assert (low > 0) == (eta < 1)


def test_the_largest_utility_may_rise_at_a_safe_rate():
    """k = 2, eta = 3/10, nine users, from (1/2, 3/7, 1/14)."""
    rankings = [[*"bac"], [*"acb"], [*"cba"], [*"cab"]]
    population = Population.from_rankings(rankings, [3, 2, 3, 1], responses=[*"abc"])
    policy = ProductPolicy((F(1, 2), F(3, 7), F(1, 14)))
    moved = step(ExactGame(population), policy, 2, safe_rate(2))
    assert worst_case(population, moved, k=2).value < worst_case(population, policy, k=2).value


def test_two_draws_go_round_and_three_arrive():
    """The cycle: at k = 1 all steps lead away, at k = 2 the run ends at the equilibrium."""
    runs = {k: learn(CYCLE, k, usual_rate(k), skewed(3), steps=64, bits=16) for k in (1, 2)}
    ends = {k: divergence(Instance(CYCLE).equilibrium(k), run[-1])[1] for k, run in runs.items()}
    start = divergence(Instance(CYCLE).equilibrium(1), skewed(3))[0]
    assert ends[2] < F(1, 1000) < start < ends[1]


def test_picks_are_a_rule_of_self_play():
    """Its last policy nears the equilibrium, for k = 2."""
    run = play(slim_majority(F(1, 10)), 2, "picks", rounds=64)
    assert "picks" in DYNAMICS
    assert F(2, 3) - worst_case(slim_majority(F(1, 10)), run.last, k=2).value < F(1, 100)


@pytest.mark.parametrize(("k", "grade"), [(1, FARTHER), (2, NEARER), (4, NEARER)])
def test_findings_on_the_cycle(k, grade):
    *won, steps = e14_picks.certify(Instance(CYCLE), k)
    assert steps.grade == grade
    assert [finding.question.rounds for finding in won] == [1, 3, 9, 33, 65]
    assert all(finding.is_claimed for finding in (*won, steps))
    (claim,) = steps.certificates
    assert len(claim.claim["policies"]) > 30


def test_where_nothing_is_to_be_said():
    """No lottery of full support; or nothing moves."""
    *_, steps = e14_picks.certify(Instance(slim_majority(F(1, 10))), 1)
    assert "full support" in steps.note
    *_, steps = e14_picks.certify(Instance(unanimous(1)), 2)
    assert "stays at an equilibrium" in steps.note


def test_a_step_that_goes_wrong_is_a_fault(monkeypatch):
    monkeypatch.setattr(e14_picks, "gain", lambda *_: (F(-2), F(-1)))
    with pytest.raises(FaultError, match="E14 fails at k = 2"):
        e14_picks.certify(Instance(CYCLE), 2)
