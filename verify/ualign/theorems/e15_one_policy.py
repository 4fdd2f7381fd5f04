"""E15: one policy for every k, at a price that grows like log K.

For each k some policy loses at most 1/(k+1) to every response. The price of a single policy is how
many times as often it may lose, (k+1)(1 - W(pi^k, y)) at the worst k and y. The least price of all
policies is a convex program, certified from both sides; for k up to K no population needs more than
a multiple of log K, and binary trees need that much. A mixture of the equilibria at powers of two
is a policy that can be named; what it pays is certified beside it."""

from __future__ import annotations

from fractions import Fraction
from math import lcm

from ualign.certificates.claims import claim_one_policy, claim_one_policy_upper_bound
from ualign.certificates.findings import (
    EXACT,
    NOT_COMPUTED,
    UPPER_BOUND,
    Finding,
    Question,
    within,
    without_claim,
)
from ualign.errors import FaultError
from ualign.exact.instance import Instance
from ualign.exact.one_policy import (
    find_one_policy,
    price,
    price_of_any_population,
    rates_of,
)
from ualign.exact.rounding import FLOAT_BITS, distribution
from ualign.model.policies import MixturePolicy, ProductPolicy

STATEMENT = "the least price of one policy for all k, (k+1)(1 - W) at its worst; of order log K"

FEW = range(1, 9)
"""All of these k are asked for, and powers of two beyond them as far as n + 1."""


MOST_RESPONSES = 100
"""On 84 responses it takes nine seconds."""


def certify_all_k(instance: Instance) -> list[Finding]:
    """The best single policy, and the mixture of equilibria.

    Raises FaultError where the least price is below 1 or above what E15 allows."""
    population, ks = instance.population, outputs(instance.population.n)
    question = Question("E15", "one-policy")
    if population.n > MOST_RESPONSES:
        why = f"{population.n} responses exceed the limit of {MOST_RESPONSES}: it takes minutes"
        return [without_claim(question, None, NOT_COMPUTED, why)]
    best = find_one_policy(population, ks)
    least = max(best.cap.price, Fraction(1))  # a cap may be poor
    if least > best.price or best.cap.price > price_of_any_population(ks):
        raise FaultError(f"E15 fails: the least price is {best.cap.price} to {best.price}")
    claims = (
        claim_one_policy(population, best.policy, best.rates),
        claim_one_policy_upper_bound(
            population, best.cap.rates, best.cap.opponents, best.cap.point
        ),
    )
    note = f"for k = {', '.join(map(str, ks))}"
    if best.is_exact:
        found = Finding(question, None, "=", best.price, EXACT, claims, note)
    else:
        grade = within(int(1 / (best.price - best.cap.price)).bit_length() - 1)
        found = Finding(question, None, "<=", best.price, grade, claims, note)
    return [found, _mixture(instance)]


def outputs(n: int) -> list[int]:
    """The numbers of outputs that one policy is to serve, with n responses."""
    ks = [*FEW]
    while 2 * ks[-1] <= n + 1:
        ks.append(2 * ks[-1])
    return ks


def _mixture(instance: Instance) -> Finding:
    """A quarter each of the equilibria at 1, 2, 4 and 8, or as many as there are powers of two."""
    population, ks = instance.population, outputs(instance.population.n)
    powers = [k for k in ks if k & (k - 1) == 0]
    parts = tuple((Fraction(1, len(powers)), instance.equilibrium(k).policy) for k in powers)
    policy = MixturePolicy(parts).average
    long = lcm(*(mass.denominator for mass in policy.masses)) >> FLOAT_BITS > 0
    if long:
        policy = ProductPolicy(distribution(policy.masses, FLOAT_BITS))
    rates = rates_of(population, policy, ks, exact=not long)
    claim = claim_one_policy(population, policy, rates)
    note = f"the average of the equilibria at k = {', '.join(map(str, powers))}"
    question = Question("E15", "equilibria-averaged")
    return Finding(question, None, "<=", price(rates), UPPER_BOUND, (claim,), note)
