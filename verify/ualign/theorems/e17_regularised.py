"""E17: regularised training, for which one policy exists at every temperature, exactly.

With a price of tau for KL divergence from a reference policy, training ends at the only policy
pi_tau with masses proportional to reference exp(u(pi_tau)/tau). It wins at least
k/(k+1) - tau ln(1/reference_y) against y, and as tau -> 0 it tends to the equilibrium that is
nearest to the reference. Here the reference is uniform, or leans to users' favourites, as a model
does that imitates them; a rational policy is certified to be within a radius of pi_tau, and its
worst case is exact. pi_tau itself wins the same up to k/2 times the radius."""

from __future__ import annotations

from fractions import Fraction

from ualign.certificates.claims import claim_regularised
from ualign.certificates.findings import (
    DOES_NOT_APPLY,
    NOT_COMPUTED,
    Finding,
    Question,
    without_claim,
)
from ualign.errors import FaultError
from ualign.exact.instance import Instance
from ualign.exact.methods import random_dictatorship
from ualign.exact.regularised import Regularised, find_regularised
from ualign.model.policies import ProductPolicy
from ualign.model.population import Population
from ualign.model.win_rates import worst_case
from ualign.theorems.p6_self_play import beyond_limits, exact_worst_case

STATEMENT = "regularised training ends at one policy, which wins at least k/(k+1) - tau ln n"

TEMPERATURES = {"1": Fraction(1), "0.1": Fraction(1, 10), "0.01": Fraction(1, 100)}
"""By the last part of a question's name."""
FROM_FAVOURITES = "0.1"
"""The temperature at which the reference is the other one, too."""


def favourites(population: Population) -> ProductPolicy:
    """Half of it a random user's best response, half of it uniform, so that the support is full."""
    best, even = random_dictatorship(population).masses, Fraction(1, population.n)
    return ProductPolicy(tuple((mass + even) / 2 for mass in best))


def certify(instance: Instance, k: int) -> list[Finding]:
    """Down the temperatures: where training ends, and what that wins in the worst case; and the
    same from users' favourites.

    Raises FaultError where the theorem fails."""
    if why := beyond_limits(instance, k):
        return [without_claim(Question("E17", "regularised"), k, NOT_COMPUTED, why)]
    uniform, leaning = ProductPolicy.uniform(instance.population.n), favourites(instance.population)
    found = [
        _at(instance, k, Question("E17", f"regularised-{name}"), tau, uniform)
        for name, tau in TEMPERATURES.items()
    ]
    question = Question("E17", f"regularised-from-favourites-{FROM_FAVOURITES}")
    if leaning == uniform:
        why = "users' favourites are spread evenly, so that the reference is uniform"
        return [*found, without_claim(question, k, DOES_NOT_APPLY, why)]
    return [*found, _at(instance, k, question, TEMPERATURES[FROM_FAVOURITES], leaning)]


def _at(
    instance: Instance, k: int, question: Question, tau: Fraction, reference: ProductPolicy
) -> Finding:
    population = instance.population
    found = find_regularised(population, k, tau, reference)
    worst = worst_case(population, found.policy, k=k)
    if worst.value + found.radius * k / 2 < found.least[0]:
        raise FaultError(f"E17 fails: {worst.value} is less than {float(found.least[0])}")
    claim = claim_regularised(population, k, tau, reference, found.policy, found.radius)
    exact = exact_worst_case(question, instance, found.policy, k, worst, _note(instance, found))
    return Finding(
        question, k, exact.relation, exact.value, exact.grade, (*exact.certificates, claim),
        exact.note,
    )  # fmt: skip


def _note(instance: Instance, found: Regularised) -> str:
    """How near the policy is to pi_tau, the bound in decimals, and how far both are from the
    reference and from the equilibrium."""
    equilibrium = instance.equilibrium(found.k).policy.masses
    apart = sum(abs(x - y) for x, y in zip(found.policy.masses, equilibrium, strict=True))
    return (
        f"within {float(found.radius):.1e} of the regularised policy; the theorem's bound is"
        f" {float(found.least[0]):.6f}; KL from the reference {float(found.divergence[1]):.6f};"
        f" {float(apart):.6f} from the equilibrium"
    )
