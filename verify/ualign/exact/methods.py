"""Alignment methods behind one interface: a method maps a population and k to a policy.

`Instance` holds a population together with what has been solved of it so far, so that the
theorems and the comparison of methods share the expensive parts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from ualign.certificates.findings import GUARANTEE, Question
from ualign.errors import InputError
from ualign.exact.instance import BITS, EQUILIBRIUM_BITS, JOINT_LIMIT, Instance, check_k
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
class Method:
    """A named rule; where it leaves a choice (tied winners) `policies` gives every choice, and the
    method's guarantee is the worst over them. `question`: the one that its guarantee answers.
    `fixed`: its policy does not depend on k."""

    name: str
    question: Question
    about: str
    policies: Callable[[Instance, int], Sequence[Policy]]
    fixed: bool = True


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
        Method(
            "equilibrium",
            GUARANTEE,
            "symmetric equilibrium of the (k+1)-player game, sampled k times (P1)",
            lambda instance, k: [instance.equilibrium(k).policy],
            fixed=False,
        ),
        Method(
            "joint-optimum",
            Question("E4", "joint-optimum"),
            "the best k-output policy of any kind (E4)",
            lambda instance, k: [instance.joint_optimum(k).policy],
            fixed=False,
        ),
        Method(
            "nlhf",
            Question("P4", "nlhf"),
            "maximal lottery, sampled k times (P4, P5)",
            lambda instance, k: [instance.lottery.policy],
        ),
        Method(
            "rlhf-borda",
            Question("E9", "rlhf-borda"),
            "point mass on a Borda winner: unregularised RLHF under Bradley-Terry (E9)",
            _point_masses(borda_winners),
        ),
        Method(
            "plurality",
            Question("E9", "plurality"),
            "point mass on a response that is most often a user's best",
            _point_masses(plurality_winners),
        ),
        Method(
            "random-dictatorship",
            Question("E9", "random-dictatorship"),
            "a random user's best response, sampled k times (E9)",
            lambda instance, k: [random_dictatorship(instance.population)],
        ),
        Method(
            "uniform",
            Question("E9", "uniform"),
            "every response equally likely, sampled k times (E9)",
            lambda instance, k: [_uniform(instance.population)],
        ),
    )
}


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
    if method.name == "equilibrium" and (floor := _floor(instance, k)) is not None:
        return Guarantee(method.name, k, None, policies[0], "", floor)
    found = [(worst_case(instance.population, policy, k=k), policy) for policy in policies]
    return _worst(method, instance, k, found)


def _policies(method: Method, instance: Instance, k: int) -> Sequence[Policy]:
    return instance.once(
        ("policies", method.name, None if method.fixed else k),
        lambda: method.policies(instance, k),
    )


def limit(method: Method, instance: Instance) -> Guarantee:
    """What the method's worst case tends to as k grows (E10). The policy of one that is not fixed
    guarantees k/(k+1) and more, so that its limit is 1 (P1, E4)."""
    population = instance.population
    if not method.fixed:
        return Guarantee(method.name, None, None, None, "tends to 1, since k/(k+1) does")
    found = []
    for policy in _policies(method, instance, 1):
        if isinstance(policy, ProductPolicy):
            weights = overruled(population, policy)
            capped_by = weights.index(max(weights))
            found.append((WorstCase(1 - weights[capped_by], (capped_by,)), policy))
    return _worst(method, instance, None, found)


def _worst(
    method: Method, instance: Instance, k: int | None, found: Sequence[tuple[WorstCase, Policy]]
) -> Guarantee:
    """The worst over the policies that the method leaves open."""
    worst, policy = min(found, key=lambda pair: pair[0].value)
    note = ""
    if len(found) > 1 and isinstance(policy, ProductPolicy):
        name = instance.population.responses[policy.support[0]]
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


def compare(
    population: Population,
    ks: Sequence[int],
    *,
    methods: Sequence[str] = tuple(METHODS),
    bits: int = BITS,
    joint_limit: int = JOINT_LIMIT,
) -> list[Guarantee]:
    """The methods' exact worst-case win rates, for every k (P1, P4, E4, E9).

    The equilibrium's is that of a rational policy within 2^-bits of k/(k+1), or k/(k+1) exactly;
    for a large k only the lower bound is given.
    Raises InputError for an unknown method, k < 1, bits < 1."""
    for name in methods:
        if name not in METHODS:
            raise InputError(f"no method {name!r}; there are {', '.join(METHODS)}")
    for k in ks:
        check_k(k)
    instance = Instance(population, bits=bits, joint_limit=joint_limit)
    return [guarantee(METHODS[name], instance, k) for k in ks for name in methods]
