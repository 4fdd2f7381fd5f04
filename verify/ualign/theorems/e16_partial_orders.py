"""E16: what the users did not say.

Of users whose preferences are known in part, a policy is only sure of its least win rate over all
completions of what is known. The best such guarantee is at least g_n(k), which is all there is
where nothing is known, and at most k/(k+1), which is reached where everything is."""

from __future__ import annotations

from fractions import Fraction
from math import comb

from ualign.certificates.claims import claim_product_optimum, claim_worst_case
from ualign.certificates.findings import (
    KNOWN_OPTIMUM,
    NOT_COMPUTED,
    Finding,
    Question,
    without_claim,
)
from ualign.errors import FaultError
from ualign.exact.instance import PartialInstance
from ualign.exact.method import Method
from ualign.model.partial_orders import PartialPopulation
from ualign.model.policies import ProductPolicy
from ualign.model.rates import best_rate, product_rate
from ualign.model.worst_completion import worst_completion_case

STATEMENT = "the best guarantee whatever users did not say, from g_n(k) to k/(k+1)"


def certify_partial(instance: PartialInstance, k: int) -> list[Finding]:
    """The best guarantee, what it leaves against tuples of l responses, and what the uniform policy
    is sure of, on all responses and on those that are somebody's known best."""
    return [
        _optimum(instance, k),
        *(_against(instance, k, l) for l in instance.opponents),
        *_uniform(instance, k),
    ]


def _optimum(instance: PartialInstance, k: int) -> Finding:
    population, best = instance.population, instance.optimum(k)
    least, most = product_rate(population.n, k), best_rate(k)
    if best.value_high < least or best.value_low > most:
        raise FaultError(f"E16 (iii) fails: {best.value_low} to {best.value_high} at k = {k}")
    attained = None
    if best.is_exact:
        attained = worst_completion_case(population, best.policy, k=k).opponent
    claims = claim_product_optimum(population, best, attained, instance.bits)
    return Finding(KNOWN_OPTIMUM, k, *claims, f"{most} if they had said everything")


def _against(instance: PartialInstance, k: int, l: int) -> Finding:
    """(v): the same policy's worst case against l outputs."""
    population, question = instance.population, Question("E16", "known-optimum", l)
    if (count := comb(population.n + l - 1, l)) > instance.joint_limit:
        why = f"{count} multisets of {l} responses exceed the joint limit"
        return without_claim(question, k, NOT_COMPUTED, f"{why} of {instance.joint_limit}")
    return _worst(instance, question, instance.optimum(k).policy, k, l)


def _uniform(instance: PartialInstance, k: int) -> list[Finding]:
    """(iii) and (iv): on n responses at least g_n(k); on the f that somebody has named her best, if
    everybody has named one, at least g_f(k)."""
    population = instance.population
    found = [_spread(instance, k, "uniform", range(population.n))]
    if named := known_best(population):
        found.append(_spread(instance, k, "uniform-on-best", named))
    return found


def _spread(instance: PartialInstance, k: int, name: str, support: range | list[int]) -> Finding:
    n, share = instance.population.n, Fraction(1, len(support))
    policy = ProductPolicy(tuple(share if y in support else Fraction(0) for y in range(n)))
    finding = _worst(instance, Question("E16", name), policy, k, 1)
    least = product_rate(len(support), k)
    if finding.value is not None and finding.relation == "=" and finding.value < least:
        raise FaultError(f"E16 fails: {name} is only sure of {finding.value} < {least} at k = {k}")
    return finding


def _worst(
    instance: PartialInstance, question: Question, policy: ProductPolicy, k: int, l: int
) -> Finding:
    population = instance.population
    worst = worst_completion_case(population, policy, k=k, l=l)
    claims = claim_worst_case(population, policy, k, worst, instance.bits)
    return Finding(question, k, *claims)


def certify_method_partial(method: Method, instance: PartialInstance, k: int) -> Finding:
    """What a method of the user's own is sure of, whatever was not said: the worst of the policies
    that it leaves open."""
    population, question = instance.population, Question("E16", method.name)
    policies = method.policies(instance, k)
    if not policies:
        why = f"it has no policy at k = {k}"
        return without_claim(question, k, NOT_COMPUTED, why)
    cases = [(worst_completion_case(population, policy, k=k), policy) for policy in policies]
    worst, policy = min(cases, key=lambda case: case[0].value)
    return Finding(question, k, *claim_worst_case(population, policy, k, worst, instance.bits))


def known_best(population: PartialPopulation) -> list[int]:
    """The responses that are known to be the best of some user's, above all others, if every user
    has such a one; else none."""
    named = set[int]()
    for user in population.users:
        order = user.order
        tops = [t for t, above in zip(order.classes, order.above, strict=True) if not above]
        if len(tops) > 1:  # the only class that nothing is above is above all others
            return []
        named.add(tops[0][0])
    return sorted(named)
