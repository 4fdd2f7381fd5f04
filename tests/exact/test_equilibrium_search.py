"""How equilibria are found, and what is certified where solvers lie or fail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from acceptance import assert_accepted, verdicts
from equilibria import (
    ROCK_PAPER_SCISSORS,
    F,
    class_masses,
    evidence,
    from_classes,
    random_population,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import populations
from ualign.exact import equilibrium
from ualign.exact.alignment_game import FloatGame
from ualign.exact.centre import simplest
from ualign.exact.class_space import null_directions
from ualign.exact.equilibrium import find_equilibrium
from ualign.exact.instance import Instance
from ualign.model.population import Population
from ualign.solvers import newton
from ualign.theorems import p2_existence

Pi = Any
LIES: dict[str, Callable[[int], Pi]] = {
    "uniform": lambda n: np.full(n, 1 / n),
    "the first vertex": lambda n: np.eye(n)[0],
    "the last vertex": lambda n: np.eye(n)[-1],
    "the wrong half": lambda n: np.where(np.arange(n) < (n + 1) // 2, 2 / (n + 1), 0.0),
    "nan": lambda n: np.full(n, np.nan),
    "one nan": lambda n: np.where(np.arange(n) == 0, np.nan, 1 / n),
    "infinite": lambda n: np.full(n, np.inf),
    "negative": lambda n: np.linspace(-1, 1, n),
    "zero": np.zeros,
    "not normalised": lambda n: np.arange(n) + 3.0,
    "leftovers": lambda n: np.where(np.arange(n) == 0, 1.0, 1e-300),
    "dust": lambda n: np.where(np.arange(n) == n - 1, 1 - 1e-9, 1e-9 / max(1, n - 1)),
}
LIED_TO = [
    (ROCK_PAPER_SCISSORS, 2),
    (Population.from_rankings([[*"abc"], [*"bca"], [*"cab"]], [3, 2, 2]), 5),
    (Population.from_rankings([[*"abcd"], [*"bcad"], [*"dbca"]], [5, 2, 2]), 30),
    (Population.from_rankings([["b", "a"]]), 3),
    (Population.from_rankings([[["a", "b"], "c"], ["c", "b", "a"], [["b", "c"], "a"]]), 4),
    (from_classes(4, [(1, [[0, 1], [2, 3]]), (1, [[0, 2], [1, 3]]), (2, [[3], [0, 1, 2]])]), 2),
    (Population.from_rankings([["a"]]), 2),
]


@pytest.mark.parametrize("lie", LIES)
def test_wrong_proposals_give_the_truth_or_nothing(monkeypatch, lie):
    truth = [find_equilibrium(population, k) for population, k in LIED_TO]
    monkeypatch.setattr(newton, "propose", lambda game: (LIES[lie](game.n), 0.0))
    found, cases = zip(*(evidence(population, k) for population, k in LIED_TO), strict=True)
    assert_accepted(cases)
    for (population, _), told, right in zip(LIED_TO, found, truth, strict=True):
        if told.enclosure is not None:
            np.testing.assert_allclose(
                class_masses(population, [float(m) for m in told.policy.masses]),
                class_masses(population, [float(m) for m in right.policy.masses]),
                atol=1e-25,
            )


def test_a_near_miss_is_refined_to_the_truth(monkeypatch):
    population = Population.from_rankings([[*"abc"], [*"bca"], [*"cab"]], [3, 2, 2])
    right = find_equilibrium(population, 5)
    exact = np.array([float(mass) for mass in right.policy.masses])
    for error in (1e-13, 1e-6, 1e-3):
        wrong = exact + error * np.array([1, -2, 1])
        monkeypatch.setattr(newton, "propose", lambda game, pi=wrong: (pi, 0.0))
        found = find_equilibrium(population, 5)
        assert found.enclosure is not None
        for ours, theirs in zip(found.policy.masses, right.policy.masses, strict=True):
            assert abs(ours - theirs) < F(1, 2**95)


@pytest.mark.parametrize("part", ["inverse", "centre", "support", "boundary", "delta"])
def test_the_checker_refuses_what_was_tampered_with(part):
    users = [(9, "abcy"), (3, "yabc"), (6, "bcay"), (2, "ybca"), (6, "caby"), (2, "ycab")]
    weights, orders = zip(*users, strict=True)
    population = Population.from_rankings(map(list, orders), weights, responses=[*"abcy"])
    (finding,) = p2_existence.certify(Instance(population), 3)
    (certificate,) = finding.certificates
    claim, witness = dict(certificate.claim), dict(certificate.witness)
    if part == "inverse":
        witness["inverse"] = [["0" for _ in row] for row in witness["inverse"]]
    elif part == "centre":
        claim["centre"] = {"a": "1/2", "b": "1/4", "c": "1/4"}
    elif part == "support":
        claim["centre"] = {"a": "1/2", "b": "1/2"}
        witness["inverse"] = [row[:2] for row in witness["inverse"][:2]]
    elif part == "boundary":
        witness["boundary"] = {}
    else:
        claim["delta"] = str(F(1, 2**400))
    tampered = type(certificate)(claim, witness)
    ((kept, said),) = verdicts([(population, [certificate, tampered])])
    assert kept.accepted
    assert said.verdict == "REJECTED"


@given(st.integers(1, 10**9), st.integers(1, 10**9), st.integers(-3, 3), st.booleans())
@settings(deadline=None, max_examples=200)
def test_simple_numbers_are_recognised(numerator, denominator, off, near):
    one, most = 1 << 100, 1 << 32
    number = F(numerator, max(numerator, denominator))
    mass = round(number * one) + off * (1 if near else 1 << 60)
    slack = 1 << 4
    expected = F(mass, one).limit_denominator(most)
    found = simplest(mass, one, slack, most)
    assert found == (expected if abs(expected - F(mass, one)) <= F(slack, one) else None)


def test_tiny_masses_on_bad_responses_are_dropped_at_once(monkeypatch):
    population = Population.from_rankings([[*"abcd"], [*"bcad"], [*"cabd"]], [3, 2, 2])
    right = find_equilibrium(population, 5)
    wrong = np.array([*map(float, right.policy.masses[:3]), 1e-12])
    monkeypatch.setattr(newton, "propose", lambda game: (wrong, 0.0))
    monkeypatch.setattr(equilibrium._Refinement, "precisely", None)  # would raise if called
    found = find_equilibrium(population, 5)
    assert found.enclosure is not None
    assert found.policy.support == (0, 1, 2)


def test_floats_suffice_for_ordinary_populations(monkeypatch):
    monkeypatch.setattr(equilibrium._Refinement, "precisely", None)  # would raise if called
    for seed in range(5):
        assert find_equilibrium(random_population(seed, 6, 12), 4).enclosure is not None


def test_high_precision_alone_finds_the_same(monkeypatch):
    populations = [random_population(seed, 5, 9, 0.2) for seed in range(5)]
    usual = [find_equilibrium(population, 6) for population in populations]
    monkeypatch.setattr(equilibrium._Refinement, "by_floats", lambda self, start: None)
    for population, expected in zip(populations, usual, strict=True):
        found = find_equilibrium(population, 6)
        assert found.enclosure is not None
        for ours, theirs in zip(found.policy.masses, expected.policy.masses, strict=True):
            assert abs(ours - theirs) < F(1, 2**90)


@given(populations(max_responses=6, max_users=4), st.integers(2, 6))
@settings(deadline=None, max_examples=40)
def test_the_classes_tell_the_support_apart(population, k):
    found = find_equilibrium(population, k)
    if found.enclosure is not None:
        assert null_directions(population, found.policy.support) == []


@given(populations(max_responses=6, max_users=6), st.sampled_from([2, 3, 10, 500]))
@settings(deadline=None, max_examples=100)
def test_float_proposals_are_nearly_equilibria(population, k):

    game = FloatGame.of(population, k)
    pi, residual = newton.propose(game)
    assert pi.min() >= 0
    assert pi.sum() == pytest.approx(1)
    assert residual <= 1e-9
    assert game.utilities(pi).max() - 1 == pytest.approx(residual, abs=1e-12)
