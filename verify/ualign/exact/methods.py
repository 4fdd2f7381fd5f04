"""The built-in alignment methods, and what a method guarantees.

`Instance` holds a population together with what has been solved of it so far, so that the
theorems and the comparison of methods share the expensive parts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import cast

from ualign.certificates.findings import GUARANTEE, JOINT_OPTIMUM, NLHF, Question
from ualign.errors import InputError
from ualign.exact.instance import EQUILIBRIUM_BITS, Instance, PartialInstance
from ualign.exact.method import Method
from ualign.model.policies import Policy, ProductPolicy
from ualign.model.population import Population
from ualign.model.solutions import BeyondLimitError
from ualign.model.win_rates import WorstCase, worst_case


def borda_winners(population: Population) -> list[int]:
    """The responses of highest Borda score (a tie counts half)."""
    scores = [0] * population.n
    for weight, user in zip(population.integer_weights, population.users, strict=True):
        above, below = 0, population.n
        for tied in user.ranking:
            below -= len(tied)
            for y in tied:
                scores[y] += weight * (below - above)
            above += len(tied)
    return _best(scores)


def plurality_winners(population: Population) -> list[int]:
    """The responses that are most often among a user's best (ties share)."""
    return _best(random_dictatorship(population).masses)


def _best(scores: Sequence[Fraction | int]) -> list[int]:
    best = max(scores)
    return [y for y, score in enumerate(scores) if score == best]


def overruled(population: Population, policy: ProductPolicy) -> list[Fraction]:
    """For every response the weight of the users who put it strictly above the whole support: what
    it wins against the policy however often that is sampled (E10)."""
    support = set(policy.support)
    weights = [0] * population.n
    for weight, user in zip(population.integer_weights, population.users, strict=True):
        for tied in user.ranking:
            if not support.isdisjoint(tied):
                break
            for y in tied:
                weights[y] += weight
    return [Fraction(weight, population.scale) for weight in weights]


def random_dictatorship(population: Population) -> ProductPolicy:
    """A random user's best response (uniformly among her best)."""
    shares: dict[tuple[int, ...], int] = {}
    for weight, user in zip(population.integer_weights, population.users, strict=True):
        shares[user.ranking[0]] = shares.get(user.ranking[0], 0) + weight
    masses = [Fraction(0)] * population.n
    for tied, weight in shares.items():
        for y in tied:
            masses[y] += Fraction(weight, population.scale * len(tied))
    return ProductPolicy(tuple(masses))


def _uniform(population: Population) -> ProductPolicy:
    return ProductPolicy((Fraction(1, population.n),) * population.n)


@dataclass(frozen=True)
class _Solved(Method):
    """A built-in method: what its rule returns is worked out of an instance, whose solutions it
    shares with the theorems, and answers a question of its own."""

    solve: Callable[[Instance, int], Sequence[Policy]] = lambda instance, k: ()
    asked: Question = GUARANTEE

    @property
    def question(self) -> Question:
        return self.asked

    def _policies(self, instance: Instance | PartialInstance, k: int) -> tuple[Policy, ...]:
        if isinstance(instance, PartialInstance):
            raise InputError(f"{self.name} is worked out of what all users prefer; not all said it")
        return tuple(self.solve(instance, k))


def _solved(
    name: str,
    question: Question,
    about: str,
    solve: Callable[[Instance, int], Sequence[Policy]],
    fixed: bool = True,
) -> Method:
    def rule(population: Population, k: int) -> Sequence[Policy]:
        return solve(Instance(population), k)

    return _Solved(name, rule, about, fixed, solve, question)


def _point_masses(
    winners: Callable[[Population], list[int]],
) -> Callable[[Instance, int], list[Policy]]:
    def policies(instance: Instance, k: int) -> list[Policy]:
        n = instance.population.n
        return [ProductPolicy.point_mass(n, y) for y in winners(instance.population)]

    return policies


METHODS = {
    method.name: method
    for method in (
        _solved(
            "equilibrium",
            GUARANTEE,
            "symmetric equilibrium of the (k+1)-player game, sampled k times (P1)",
            lambda instance, k: [instance.equilibrium(k).policy],
            fixed=False,
        ),
        _solved(
            "joint-optimum",
            JOINT_OPTIMUM,
            "the best k-output policy of any kind (E4)",
            lambda instance, k: [instance.joint_optimum(k).policy],
            fixed=False,
        ),
        _solved(
            "nlhf",
            NLHF,
            "maximal lottery, sampled k times (P4, P5)",
            lambda instance, k: [instance.lottery.policy],
        ),
        _solved(
            "rlhf-borda",
            Question("E9", "rlhf-borda"),
            "point mass on a Borda winner: unregularised RLHF under Bradley-Terry (E9)",
            _point_masses(borda_winners),
        ),
        _solved(
            "plurality",
            Question("E9", "plurality"),
            "point mass on a response that is most often a user's best",
            _point_masses(plurality_winners),
        ),
        _solved(
            "random-dictatorship",
            Question("E9", "random-dictatorship"),
            "a random user's best response, sampled k times (E9)",
            lambda instance, k: [random_dictatorship(instance.population)],
        ),
        _solved(
            "uniform",
            Question("E9", "uniform"),
            "every response equally likely, sampled k times (E9)",
            lambda instance, k: [_uniform(instance.population)],
        ),
    )
}

ROBUST = "equilibrium", "joint-optimum"
"""What guarantees k/(k+1) at every k (P1, E4), and so tends to 1."""


@dataclass(frozen=True)
class Guarantee:
    """A method's exact worst-case win rate at k against single responses, uniform ties; or, with
    None for k, its limit as k grows.

    `worst` is None where the method does not reach k, or where the exact number would be too long
    to be worked out: then the worst case is at least `at_least`. `note` says why, or what is
    special."""

    method: str
    k: int | None
    worst: WorstCase | None
    policy: Policy | None
    note: str = ""
    at_least: Fraction | None = None


def guarantee(method: Method, instance: Instance, k: int) -> Guarantee:
    """The worst case of the method at k (and over tied winners, by name)."""
    try:
        policies = _policies(method, instance, k)
    except BeyondLimitError as reason:
        return Guarantee(method.name, k, None, None, str(reason))
    if not policies:
        return Guarantee(method.name, k, None, None, f"it has no policy at k = {k}")
    if method.name == "equilibrium" and (floor := _floor(instance, k)) is not None:
        return Guarantee(method.name, k, None, policies[0], "", floor)
    found = [(worst_case(instance.population, p, k=k), p) for p in policies]
    return _worst(method, instance, k, found)


def _policies(method: Method, instance: Instance, k: int) -> Sequence[Policy]:
    return instance.once(
        ("policies", method.name, None if method.fixed else k),
        lambda: method.policies(instance, k),
    )


def limit(method: Method, instance: Instance) -> Guarantee:
    """What the method's worst case tends to as k grows (E10), if its policy does not depend on k,
    or guarantees k/(k+1) and more."""
    population, name = instance.population, method.name
    if name in ROBUST:
        return Guarantee(name, None, None, None, "tends to 1, since k/(k+1) does")
    if not method.fixed:
        return Guarantee(name, None, None, None, "no limit is known: its policy depends on k")
    found = []
    for policy in _policies(method, instance, 1):
        if isinstance(policy, ProductPolicy):
            weights = overruled(population, policy)
            capped_by = weights.index(max(weights))
            found.append((WorstCase(1 - weights[capped_by], (capped_by,)), policy))
        else:
            return Guarantee(name, None, None, None, "a limit is known of product policies alone")
    if not found:
        return Guarantee(name, None, None, None, "it has no policy")
    return _worst(method, instance, None, found)


def _worst(
    method: Method, instance: Instance, k: int | None, found: Sequence[tuple[WorstCase, Policy]]
) -> Guarantee:
    """The worst over the policies that the method leaves open."""
    worst, policy = min(found, key=lambda pair: pair[0].value)
    note = ""
    if len(found) > 1:
        note = f"the worst of {len(found)} policies that the rule leaves open"
        if all(isinstance(p, ProductPolicy) and len(p.support) == 1 for _, p in found):
            name = instance.population.responses[cast(ProductPolicy, policy).support[0]]
            note = f"{len(found)} tied winners; the worst is {name!r}"
    if method.name == "nlhf" and not instance.lottery.is_unique:
        note = "one of several maximal lotteries, of largest support"
    return Guarantee(method.name, k, worst, policy, note)


def _floor(instance: Instance, k: int) -> Fraction | None:
    """What the policy wins at least, where its exact worst case is over EQUILIBRIUM_BITS long."""
    found = instance.equilibrium(k)
    size = k * lcm(*(mass.denominator for mass in found.policy.masses)).bit_length()
    if found.gap == 0 or size <= EQUILIBRIUM_BITS:
        return None
    return Fraction(k, k + 1) - max(found.gap, Fraction(1, 2**instance.bits))
