"""E13: how often the test of users held out is wrong, and what a learner reaches."""

from __future__ import annotations

import math
from fractions import Fraction
from random import Random

import pytest
from acceptance import verdicts
from ualign.certificates.claims import claim_holdout
from ualign.certificates.findings import Question
from ualign.constructions import cyclic_rankings, slim_majority
from ualign.errors import InputError
from ualign.exact.holdout import (
    Wager,
    learner_slack,
    passes,
    propose_wager,
    split_users,
    users_needed,
)
from ualign.exact.instance import Instance
from ualign.model.policies import ProductPolicy
from ualign.model.population import Population, User
from ualign.model.win_rates import worst_case
from ualign.theorems.e13_users_needed import CONFIDENCE, certify, learnt

F = Fraction
TRUTH = Population.from_rankings(
    [["a", "b", "c"], ["b", "c", "a"], ["c", "a", "b"], ["b", "a", "c"]], [4, 3, 2, 1]
)


def sample(population: Population, users: int, rng: Random) -> Population:
    """So many users, drawn independently."""
    drawn = rng.choices(
        range(len(population.users)), [int(u.weight) for u in population.users], k=users
    )
    counts = [drawn.count(u) for u in range(len(population.users))]
    return Population(
        population.responses,
        tuple(
            User(F(count), user.ranking)
            for count, user in zip(counts, population.users, strict=True)
            if count
        ),
    )


@pytest.mark.parametrize("k", [1, 3])
def test_it_is_hardly_ever_wrong(k: int) -> None:
    """Of 1,000 samples not more than 1 in 20 certify a bound that is the truth, or above it; and
    most certify one that is well below it."""
    policy, rng = ProductPolicy((F(1, 2), F(1, 4), F(1, 4))), Random(100 + k)
    true = worst_case(TRUTH, policy, k=k).value
    at, below = Wager(true, F(1, 2)), Wager(true - F(1, 5), F(1, 2))
    samples = [sample(TRUTH, 120, rng) for _ in range(1000)]
    wrong = sum(passes(found, policy, k, at, CONFIDENCE) for found in samples)
    right = sum(passes(found, policy, k, below, CONFIDENCE) for found in samples)
    assert wrong <= 50
    assert right >= 900


def test_the_test_is_the_checkers() -> None:
    """On both sides of what just passes."""
    policy, rng, cases, expected = ProductPolicy((F(1, 3),) * 3), Random(5), [], []
    for _ in range(40):
        found, k = sample(TRUTH, 60, rng), rng.randint(1, 4)
        wager = Wager(
            F(rng.randint(10, 60), 100) * F(2 * k, k + 1) / 2, F(rng.randint(1, 160), 100)
        )
        for confidence in (F(1, 2), F(19, 20), F(9999, 10000)):
            claim = claim_holdout(found, policy, k, wager.bound, wager.stake, confidence)
            cases.append((found, [claim]))
            expected.append(passes(found, policy, k, wager, confidence))
    assert [said.accepted for (said,) in verdicts(cases)] == expected
    assert {*expected} == {True, False}


def test_bounds_are_chosen_from_the_fitted_users_alone() -> None:
    many = Population(TRUTH.responses, tuple(User(u.weight * 300, u.ranking) for u in TRUTH.users))
    fitted, held = split_users(many, F(1, 2), seed=1)
    assert sum(u.weight for u in fitted.users) == sum(u.weight for u in held.users) == 1500
    assert split_users(many, F(1, 2), seed=1) == (fitted, held)
    assert split_users(many, F(1, 2), seed=2) != (fitted, held)
    for k in (1, 2, 5):
        policy = Instance(fitted).equilibrium(k).policy
        wager = propose_wager(fitted, policy, k, 1500, CONFIDENCE)
        assert wager is not None
        assert F(k, k + 1) - F(1, 10) < wager.bound < F(k, k + 1)
        assert passes(held, policy, k, wager, CONFIDENCE)
        fewer = propose_wager(fitted, policy, k, 60, CONFIDENCE)
        assert fewer is not None
        assert fewer.bound < wager.bound
        assert propose_wager(fitted, policy, k, 1, 1 - F(1, 10**9)) is None


def test_more_users_than_can_be_split() -> None:
    """They are shuffled one by one, which would take forever."""
    population = Population.from_rankings([["a", "b"], ["b", "a"]], [10**400, 1])
    with pytest.raises(InputError, match="users are too many to be split one by one"):
        split_users(population, Fraction(1, 2), 0)


def test_users_that_cannot_be_split() -> None:
    with pytest.raises(InputError, match="whole numbers"):
        split_users(slim_majority(F(1, 7)), F(1, 2), 0)
    with pytest.raises(InputError, match="expected one in"):
        split_users(TRUTH, F(1), 0)
    with pytest.raises(InputError, match="0 of 3 users"):
        split_users(cyclic_rankings(3), F(1, 9), 0)


def test_how_many_users_are_needed() -> None:
    """The least m, by the formula in floats; fewer for more outputs."""
    for n, k, slack in ((6, 1, F(1, 20)), (6, 7, F(1, 20)), (3, 2, F(1, 10)), (1, 1, F(1, 2))):
        found = users_needed(n, k, slack, CONFIDENCE)
        A = 2 * math.log(n) + math.log(20)
        shorter = math.sqrt(1 / (k + 1) + float(slack)) - math.sqrt(1 / (k + 1))
        assert found == pytest.approx(A / shorter**2, abs=1.01)
        assert learner_slack(n, k, found, CONFIDENCE) <= slack + F(1, 10**9)
        assert learner_slack(n, k, found - 1, CONFIDENCE) > slack or found == 1
    assert users_needed(6, 7, F(1, 20), CONFIDENCE) < users_needed(6, 1, F(1, 20), CONFIDENCE)
    for slack, confidence in ((F(0), F(1, 2)), (F(1, 2), F(1)), (F(1, 2), F(0))):
        with pytest.raises(InputError):
            users_needed(3, 1, slack, confidence)


@pytest.mark.parametrize("k", [1, 3])
def test_the_learner_keeps_its_word(k: int) -> None:
    """In at least 19 of 20 runs; in fact in all of these."""
    least = F(k, k + 1) - learner_slack(3, k, 400, CONFIDENCE)
    for seed in range(20):
        assert worst_case(TRUTH, learnt(TRUTH, k, 400, seed), k=k).value >= least


def test_what_is_said_of_a_population() -> None:
    found = {f.question: f for f in certify(Instance(TRUTH), 2)}
    assert found[Question("E13", "learner")].certificates
    assert found[Question("E13", "holdout")].value is None
    assert found[Question("E13", "holdout")].note == "10 users are too few"
    many = Population(TRUTH.responses, tuple(User(u.weight * 10, u.ranking) for u in TRUTH.users))
    found = {f.question: f for f in certify(Instance(many), 2)}
    assert found[Question("E13", "holdout")].value == F(1, 3)
