"""Claims and witnesses of the certificate format (SPEC.md), and findings that rest on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Protocol

from ualign.certificates.findings import EXACT, Certificate, Grade, Json, within
from ualign.errors import InputError
from ualign.model.policies import JointPolicy, MixturePolicy, Policy, ProductPolicy, Tuple
from ualign.model.population import Population
from ualign.model.solutions import Enclosure, JointOptimum, ProductOptimum, SlateOptimum
from ualign.model.win_rates import Ties, WorstCase


class Named(Protocol):
    """What has named responses: populations of rankings, of partial orders, where a win rate is the
    least over all completions, and of strengths."""

    @property
    def responses(self) -> tuple[str, ...]: ...


Opponents = Sequence[tuple[Tuple, Fraction]]
"""A mixture of l-tuples."""
POPULATION = "p"
"""The name under which a certificate file lists the population that its claims are about."""


EXACT_BITS = 14_000
"""Longest exact value (the denominator's bits) that is written out; beyond it, an enclosure. Python
converts integers of up to 4,300 digits to text without being asked twice."""


def names(population: Named, positions: Sequence[int]) -> list[str]:
    """The responses of a tuple, by name."""
    return [population.responses[y] for y in positions]


def masses(population: Named, policy: ProductPolicy) -> dict[str, str]:
    """A product policy as the format writes it: positive masses by name."""
    return {population.responses[y]: str(policy.masses[y]) for y in policy.support}


def mixture(population: Named, tuples: Opponents) -> list[Any]:
    """A mixture of tuples as the format writes it."""
    return [[names(population, positions), str(mass)] for positions, mass in tuples]


def policy_json(population: Named, policy: Policy) -> Json:
    """A policy as the format writes it."""
    if isinstance(policy, JointPolicy):
        return {"joint": mixture(population, policy.tuples)}
    if isinstance(policy, MixturePolicy):
        return {"mixture": [[str(c), masses(population, part)] for c, part in policy.parts if c]}
    return {"product": masses(population, policy)}


def claim_win_rate(
    population: Named,
    policy: Policy,
    k: int,
    relation: str,
    bound: Fraction,
    opponent: Tuple | None = None,
    *,
    l: int = 1,
    ties: Ties = "uniform",
) -> Certificate:
    """The policy's worst win rate against l outputs is >=, = or <= the bound; for the last two
    `opponent` has to attain it. Raises InputError if it is not given then."""
    if relation != ">=" and opponent is None:
        raise InputError(f"a worst case that is {relation} a bound needs the opponent to show it")
    written = {"policy": policy_json(population, policy)}
    claim = _claim("win-rate", k, l=l, ties=ties, relation=relation, bound=str(bound), **written)
    return Certificate(claim, {"opponent": names(population, opponent)} if opponent else {})


def claim_worst_case(
    population: Named,
    policy: Policy,
    k: int,
    worst: WorstCase,
    bits: int,
    *,
    ties: Ties = "uniform",
) -> tuple[str, Fraction, Grade, tuple[Certificate, ...]]:
    """A worst case as relation, value, grade and claims: exact, or, where the fraction
    is longer than EXACT_BITS, between two bounds 2^-bits apart."""
    rest: Json = {"l": len(worst.opponent), "ties": ties}
    if worst.value.denominator.bit_length() <= EXACT_BITS:
        claim = claim_win_rate(population, policy, k, "=", worst.value, worst.opponent, **rest)
        return "=", worst.value, EXACT, (claim,)
    step = Fraction(1, 2**bits)
    below = worst.value // step * step
    pair = (
        claim_win_rate(population, policy, k, ">=", below, **rest),
        claim_win_rate(population, policy, k, "<=", below + step, worst.opponent, **rest),
    )
    return ">=", below, within(bits), pair


def claim_joint_optimum(
    population: Named,
    best: JointOptimum,
    *,
    l: int = 1,
    ties: Ties = "uniform",
) -> tuple[Certificate, ...]:
    """The best joint policy attains the value, and the mixture of opponents caps it; against each
    opponent of the mixture the policy wins no more (complementary slackness)."""
    k, attained = best.policy.k, best.opponents[0][0]
    return (
        claim_win_rate(population, best.policy, k, "=", best.value, attained, l=l, ties=ties),
        claim_joint_upper_bound(population, k, best.value, best.opponents, l=l, ties=ties),
    )


def claim_product_optimum(
    population: Named, best: ProductOptimum, attained: Tuple | None, bits: int
) -> tuple[str, Fraction, Grade, tuple[Certificate, ...]]:
    """The best product policy, as relation, value, grade and claims: its worst case, exactly
    (`attained` there) or from below, and the opponents and the point that cap it, 2^-bits above at
    best."""
    k, l = best.k, best.l
    ceiling = claim_product_upper_bound(
        population, k, best.value_high, best.opponents, best.point, l=l
    )
    if best.is_exact:
        floor = claim_win_rate(population, best.policy, k, "=", best.value_low, attained, l=l)
        return "=", best.value_low, EXACT, (floor, ceiling)
    floor = claim_win_rate(population, best.policy, k, ">=", best.value_low, l=l)
    places = int(1 / (best.value_high - best.value_low)).bit_length() - 1
    return ">=", best.value_low, within(min(places, bits)), (floor, ceiling)


def claim_slate_optimum(population: Population, best: SlateOptimum) -> tuple[Certificate, ...]:
    """The best slate wins its value, and no other wins more."""

    def claim(slate: Tuple, opponent: int, relation: str, bound: Fraction) -> Certificate:
        policy = JointPolicy.deterministic(slate)
        return claim_win_rate(population, policy, best.k, relation, bound, (opponent,))

    attained = claim(best.slate, best.opponent, "=", best.value)
    others = (
        claim(slate, opponent, "<=", best.value)
        for slate, opponent, _ in best.held
        if slate != best.slate
    )
    return attained, *others


def claim_random_subset_rate(
    k: int, multiplicities: Sequence[int], bound: Fraction, ties: Ties
) -> Certificate:
    """On uniform rankings: k outputs, so often on random responses each, win exactly the bound."""
    policy = {"random_subset": list(multiplicities)}
    claim = _claim("win-rate", k, l=1, ties=ties, policy=policy, relation="=", bound=str(bound))
    return Certificate(claim, {})


def claim_random_subset_upper_bound(k: int, bound: Fraction, ties: Ties) -> Certificate:
    """On uniform rankings no k-output policy wins more than the bound against a random response."""
    claim = _claim("joint-upper-bound", k, l=1, ties=ties, bound=str(bound))
    return Certificate(claim, {"mixture": {"random_subset": [1]}})


def claim_joint_upper_bound(
    population: Named,
    k: int,
    bound: Fraction,
    opponents: Opponents,
    *,
    l: int = 1,
    ties: Ties = "uniform",
) -> Certificate:
    """No k-output policy has a worst win rate against l outputs above the bound, since the mixture
    of opponents holds every k-multiset to it."""
    claim = _claim("joint-upper-bound", k, l=l, ties=ties, bound=str(bound))
    return Certificate(claim, {"mixture": mixture(population, opponents)})


def claim_product_upper_bound(
    population: Named,
    k: int,
    bound: Fraction,
    opponents: Opponents,
    point: ProductPolicy,
    *,
    l: int,
) -> Certificate:
    """No k-sample product policy has a worst win rate against l outputs above the bound, by the
    Frank-Wolfe gap at the point against the mixture of opponents (E5)."""
    claim = _claim("product-upper-bound", k, l=l, ties="uniform", bound=str(bound))
    witness = {"mixture": mixture(population, opponents), "point": masses(population, point)}
    return Certificate(claim, witness)


def claim_product_opponents(
    population: Named, policy: ProductPolicy, k: int, l: int, bound: Fraction
) -> Certificate:
    """The policy, sampled k times, wins at least the bound against l draws of any policy (E12)."""
    claim = _claim(
        "product-opponents", k, l=l, policy=policy_json(population, policy), bound=str(bound)
    )
    return Certificate(claim, {})


def claim_head_to_head(
    population: Named,
    policy: ProductPolicy,
    k: int,
    opponent: ProductPolicy,
    l: int,
    relation: str,
    bound: Fraction,
) -> Certificate:
    """The policy, sampled k times, wins >=, = or <= the bound against l draws of that opponent."""
    sides = {"policy": policy_json(population, policy)}
    sides["opponent"] = policy_json(population, opponent)
    return Certificate(
        _claim("head-to-head", k, l=l, **sides, relation=relation, bound=str(bound)), {}
    )


def claim_holdout(
    population: Named,
    policy: ProductPolicy,
    k: int,
    bound: Fraction,
    stake: Fraction,
    confidence: Fraction,
) -> Certificate:
    """If the users were drawn independently of the policy, it wins more than the bound, with this
    confidence (E13)."""
    numbers = {"bound": str(bound), "stake": str(stake), "confidence": str(confidence)}
    return Certificate(_claim("holdout", k, policy=policy_json(population, policy), **numbers), {})


def claim_one_policy(
    population: Population, policy: ProductPolicy, rates: Mapping[int, Fraction]
) -> Certificate:
    """The policy, sampled k times, wins at least rates[k] in the worst case, for each of these k
    (E15)."""
    written = {"policy": policy_json(population, policy), "rates": _rates(rates)}
    return Certificate({"kind": "one-policy", "population": POPULATION, **written}, {})


def claim_one_policy_upper_bound(
    population: Population,
    rates: Mapping[int, Fraction],
    opponents: Mapping[int, tuple[Fraction, Opponents]],
    point: ProductPolicy,
) -> Certificate:
    """No policy has a worst win rate above rates[k] at each of these k, by tangents at the point
    against a mixture of single responses for each k, with the share of k (E15)."""
    claim = {"kind": "one-policy-upper-bound", "population": POPULATION, "rates": _rates(rates)}
    parts = [[str(share), mixture(population, tuples)] for share, tuples in opponents.values()]
    return Certificate(claim, {"mixture": parts, "point": masses(population, point)})


def claim_picks(
    population: Population,
    k: int,
    eta: Fraction,
    policies: Sequence[ProductPolicy],
    equilibrium: tuple[ProductPolicy, Enclosure],
    *,
    nearer: bool,
) -> Certificate:
    """From each policy a step of learning from picks comes nearer to the enclosed equilibrium by KL
    divergence, or leads farther away (E14)."""
    parts = equilibrium_parts(population, *equilibrium)
    box = {"centre": parts["centre"], "delta": parts["delta"]}
    listed = [masses(population, policy) for policy in policies]
    claim = _claim("picks", k, eta=str(eta), policies=listed, nearer=nearer, **box)
    return Certificate(claim, parts["witness"])


def claim_regularised(
    population: Population,
    k: int,
    tau: Fraction,
    reference: ProductPolicy,
    policy: ProductPolicy,
    radius: Fraction,
) -> Certificate:
    """The regularised policy at tau is within the radius of this one, in the sum of absolute
    differences (E17)."""
    both = {"reference": masses(population, reference), "policy": masses(population, policy)}
    return Certificate(_claim("regularised", k, tau=str(tau), radius=str(radius), **both), {})


def _rates(rates: Mapping[int, Fraction]) -> list[Any]:
    return [[k, str(rate)] for k, rate in rates.items()]


def claim_equilibrium(
    population: Named, k: int, policy: ProductPolicy, enclosure: Enclosure
) -> Certificate:
    """An exact symmetric equilibrium lies in the box around the policy."""
    parts = equilibrium_parts(population, policy, enclosure)
    claim = _claim("equilibrium", k, centre=parts["centre"], delta=parts["delta"])
    return Certificate(claim, parts["witness"])


def equilibrium_parts(population: Named, policy: ProductPolicy, enclosure: Enclosure) -> Json:
    """The same as a part of a witness for uniqueness."""
    inner: Json = {}
    if enclosure.delta:
        inner["inverse"] = [[str(entry) for entry in row] for row in enclosure.inverse]
        inner["boundary"] = {
            population.responses[y]: {population.responses[z]: str(m) for z, m in hints.items()}
            for y, hints in enclosure.boundary.items()
        }
    centre = masses(population, policy)
    return {"centre": centre, "delta": str(enclosure.delta), "witness": inner}


def claim_unique_equilibrium(k: int, unique: bool, witness: Json) -> Certificate:
    """The (k+1)-player game has one symmetric equilibrium, or several."""
    return Certificate(_claim("unique-equilibrium", k, unique=unique), witness)


def claim_algebraic_equilibrium(
    population: Population,
    k: int,
    polynomial: Sequence[int],
    interval: tuple[Fraction, Fraction],
    coordinates: Mapping[int, Sequence[Fraction]],
) -> Certificate:
    """These elements of Q(alpha) are an exact equilibrium, alpha being the polynomial's root in the
    interval; coefficients are listed from the constant one."""
    written = {
        population.responses[y]: [str(c) for c in element] for y, element in coordinates.items()
    }
    ends, coefficients = [str(end) for end in interval], [str(c) for c in polynomial]
    rest = {"polynomial": coefficients, "interval": ends, "masses": written}
    return Certificate(_claim("algebraic-equilibrium", k, **rest), {})


def claim_nlhf_ceiling(
    population: Population, lottery: ProductPolicy, bound: Fraction, opponent: int
) -> Certificate:
    """NLHF, whose only policy is the lottery, wins at most the bound against the opponent, however
    often it is sampled."""
    claim = {"kind": "nlhf-ceiling", "population": POPULATION, "bound": str(bound)}
    exact = equilibrium_parts(population, lottery, Enclosure(Fraction(0)))
    return Certificate(claim, {"equilibrium": exact, "opponent": population.responses[opponent]})


def claim_limit(population: Population, policy: ProductPolicy, bound: Fraction) -> Certificate:
    """The worst win rate of the policy, sampled k times, tends to the bound as k grows (E10)."""
    written = {"policy": policy_json(population, policy), "bound": str(bound)}
    return Certificate({"kind": "limit", "population": POPULATION, **written}, {})


def claim_dictatorship_distance(
    population: Population, k: int, bound: Fraction, policy: ProductPolicy, enclosure: Enclosure
) -> Certificate:
    """An equilibrium pi is within the bound, in the sum of absolute differences, of random
    dictatorship s, and the bound is at most 2 sum_y s_y (1 - pi_y)^(k+1) (E8)."""
    exact = equilibrium_parts(population, policy, enclosure)
    return Certificate(_claim("dictatorship-distance", k, bound=str(bound)), {"equilibrium": exact})


def _claim(kind: str, k: int, **rest: Any) -> Json:
    return {"kind": kind, "population": POPULATION, "k": k, **rest}
