"""E13: how many users have to be asked.

A learner that sees each of m users once comes, with a confidence, within a slack of k/(k+1) that
falls with m and with k; and what any policy wins can be certified from users that were not used to
find it."""

from __future__ import annotations

import math
from fractions import Fraction
from random import Random

from ualign.certificates.claims import claim_holdout, claim_worst_case
from ualign.certificates.findings import (
    DOES_NOT_APPLY,
    LOWER_BOUND,
    Finding,
    Question,
    without_claim,
)
from ualign.exact.holdout import Wager, learner_slack, passes
from ualign.exact.instance import Instance
from ualign.model.policies import ProductPolicy
from ualign.model.population import Population
from ualign.model.win_rates import worst_case
from ualign.text import decimal

STATEMENT = "a policy learnt from m users, each seen once, and what users held out certify"

USERS, SEED = 400, 13
"""The learner sees so many users, drawn from the population by this seed."""
CONFIDENCE = Fraction(19, 20)
GRAIN = 1 << 20
"""The learner's policy is rounded to multiples of 1/GRAIN."""
LARGEST = 64
"""The learner is run on up to so many responses."""


def certify(instance: Instance, k: int) -> list[Finding]:
    """One run of the learner with its exact worst case; and the product test for the uniform
    policy, where the population's weights are numbers of users, and enough."""
    return [_learner(instance, k), _holdout(instance, k)]


def _learner(instance: Instance, k: int) -> Finding:
    population, question = instance.population, Question("E13", "learner")
    if population.n > LARGEST:
        why = f"{population.n} responses exceed the limit of {LARGEST}"
        return without_claim(question, k, DOES_NOT_APPLY, why)
    slack = learner_slack(population.n, k, USERS, CONFIDENCE)
    policy = learnt(population, k, USERS, SEED)
    worst = worst_case(population, policy, k=k)
    claims = claim_worst_case(population, policy, k, worst, instance.bits)
    least = Fraction(k, k + 1) - slack
    likely = f"at least {decimal(least)} with confidence {CONFIDENCE}"
    note = f"one run with {USERS} users; before it, {likely}" if least > 0 else f"{USERS} users"
    return Finding(question, k, *claims, note)


def learnt(population: Population, k: int, users: int, seed: int) -> ProductPolicy:
    """The average of exponential weights' policies, with the step that E13 takes, over users drawn
    at random; in floats, then rounded."""
    n, rounds = population.n, Random(seed)
    needed = 2 * math.log(n) - math.log(float(1 - CONFIDENCE))
    step = math.log(1 + math.sqrt((k + 1) * needed / users))
    shares = [weight / population.scale for weight in population.integer_weights]
    drawn = rounds.choices(population.users, shares, k=users)
    weights, total = [1 / n] * n, [0.0] * n
    for user in drawn:
        below = 0.0
        for y, weight in enumerate(weights):
            total[y] += weight
        earned = [0.0] * n
        for tied in reversed(user.ranking):
            own = math.fsum(weights[y] for y in tied)
            upto = min(1.0, below + own)
            chance = (upto ** (k + 1) - below ** (k + 1)) / ((k + 1) * own) if own else below**k
            for y in tied:
                earned[y] = chance
            below = upto
        weights = [w * math.exp(step * e) for w, e in zip(weights, earned, strict=True)]
        whole = math.fsum(weights)
        weights = [w / whole for w in weights]
    counts = [round(mass / users * GRAIN) for mass in total]
    return ProductPolicy(tuple(Fraction(count, sum(counts)) for count in counts))


def _holdout(instance: Instance, k: int) -> Finding:
    """The uniform policy's test that it wins half of k/(k+1), by bets of 1: fixed, whoever the
    users are."""
    population, question = instance.population, Question("E13", "holdout")
    if any(user.weight.denominator > 1 for user in population.users):
        why = "the weights are no numbers of users"
        return without_claim(question, k, DOES_NOT_APPLY, why)
    wager = Wager(Fraction(k, 2 * (k + 1)), Fraction(1))
    uniform = ProductPolicy.uniform(population.n)
    if not passes(population, uniform, k, wager, CONFIDENCE):
        count = sum(int(user.weight) for user in population.users)
        return without_claim(question, k, DOES_NOT_APPLY, f"{count} users are too few")
    claim = claim_holdout(population, uniform, k, wager.bound, wager.stake, CONFIDENCE)
    note = f"the uniform policy, if these users are a sample; confidence {CONFIDENCE}"
    return Finding(question, k, ">=", wager.bound, LOWER_BOUND, (claim,), note)
