"""Conjectures on what can be guaranteed at all: rates, conventions for ties, mixtures."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

from ualign.certificates.claims import claim_joint_optimum, claim_joint_upper_bound, claim_win_rate
from ualign.certificates.findings import Certificate
from ualign.counterexamples.conjecture import Conjecture, Refutation, Space
from ualign.counterexamples.facts import exactly, located, named, pure
from ualign.exact.instance import Instance
from ualign.exact.methods import METHODS, random_dictatorship
from ualign.exact.product_optimum import find_product_optimum
from ualign.model.policies import MixturePolicy, ProductPolicy
from ualign.model.rates import best_rate, joint_rate, union_rate
from ualign.model.win_rates import Ties, worst_case
from ualign.text import counted, fraction

PRODUCT_METHODS = tuple(name for name in METHODS if name != "joint-optimum")


def _capped(instance: Instance, k: int, l: int, wanted: Fraction, ties: Ties) -> Refutation | None:
    """The joint optimum is less than wanted."""
    best = instance.joint_optimum(k, l, ties)
    if best.value >= wanted:
        return None
    population = instance.population
    cap = claim_joint_upper_bound(population, k, best.value, best.opponents, l=l, ties=ties)
    story = (
        f"no {k}-output policy wins more than {fraction(best.value)} against {l} output"
        f"{'s' * (l > 1)} in its worst case (ties: {ties}), which is less than {fraction(wanted)}"
    )
    return Refutation.of(population, (cap,), story, value=best.value, wanted=wanted)


def _half_ties(instance: Instance, k: int, l: int) -> Refutation | None:
    return _capped(instance, k, l, best_rate(k), "half")


def _joint_rate(instance: Instance, k: int, l: int) -> Refutation | None:
    return _capped(instance, k, l, joint_rate(l, k), "uniform")


def _joint_margin(instance: Instance, k: int, l: int) -> Fraction:
    return instance.joint_optimum(k, l).value - joint_rate(l, k)


def _win_rate(instance: Instance, k: int) -> Fraction:
    n = instance.population.n
    return Fraction(k * (n + 1), n * (k + 1)) if n >= k else best_rate(k)


def _win_ties(instance: Instance, k: int, l: int) -> Refutation | None:
    return _capped(instance, k, l, _win_rate(instance, k), "win")


def _win_margin(instance: Instance, k: int, l: int) -> Fraction:
    return instance.joint_optimum(k, l, "win").value - _win_rate(instance, k)


def _always_above(instance: Instance, k: int, l: int) -> Refutation | None:
    best, population = instance.joint_optimum(k, l), instance.population
    if best.value > best_rate(k):
        return None
    cap = claim_joint_upper_bound(population, k, best.value, best.opponents)
    rivals = [t[0] for t, _ in best.opponents]
    mix = "a mixture of " * (len(rivals) > 1) + named(population, rivals)
    story = (
        f"whatever {k} outputs are given, {mix}"
        f" keeps them to {fraction(best.value)}, and no policy has more than"
        f" {fraction(best_rate(k))}"
    )
    return Refutation.of(population, (cap,), story, value=best.value)


def _pure_equilibria(instance: Instance, k: int) -> Iterator[int]:
    n = instance.population.n
    for y in range(n):
        point = ProductPolicy.point_mass(n, y)
        if worst_case(instance.population, point, k=k).value >= best_rate(k):
            yield y


def _converse(instance: Instance, k: int, l: int) -> Refutation | None:
    population = instance.population
    y = next(_pure_equilibria(instance, k), None)
    if y is None or (best := instance.joint_optimum(k)).value <= best_rate(k):
        return None
    claims = (pure(population, k, y), claim_joint_optimum(population, best)[0])
    story = (
        f"always answering {population.responses[y]} is an equilibrium for k = {k}, yet some"
        f" {k}-output policy wins {fraction(best.value)} against every response, more than"
        f" {fraction(best_rate(k))}"
    )
    return Refutation.of(population, claims, story, value=best.value)


def _average(instance: Instance, k: int, l: int) -> Refutation | None:
    """The shortest history there is: one response, then another."""
    population, half = instance.population, Fraction(1, 2)
    for first, second in combinations(range(population.n), 2):
        points = [ProductPolicy.point_mass(population.n, y) for y in (first, second)]
        mixture = MixturePolicy(tuple((half, point) for point in points))
        mixed = worst_case(population, mixture, k=k, l=l)
        averaged = worst_case(population, mixture.average, k=k, l=l)
        if mixed.value != averaged.value:
            claims = (
                claim_win_rate(population, mixture, k, "=", mixed.value, mixed.opponent, l=l),
                exactly(population, mixture.average, k, averaged),
            )
            story = (
                f"half the time {k} times {population.responses[first]}, else {k} times"
                f" {population.responses[second]}, wins {fraction(mixed.value)}; {k} independent"
                f" fair choices between the two win {fraction(averaged.value)}"
            )
            values = {"mixture": mixed.value, "average": averaged.value}
            return Refutation.of(population, claims, story, **values)
    return None


def _best_product(instance: Instance, k: int, l: int) -> ProductPolicy:
    return find_product_optimum(instance.population, k, l, bits=instance.bits).policy


def _union_bound_best(instance: Instance, k: int, l: int) -> Refutation | None:
    """Only populations on which the union bound is tight at an equilibrium that is a point mass."""
    population, least = instance.population, union_rate(l, k)
    for y in _pure_equilibria(instance, k):
        point = ProductPolicy.point_mass(population.n, y)
        worst = worst_case(population, point, k=k, l=l)
        if worst.value != least:
            continue
        # Random users' favourites are a simple policy; if they do no better, the best one may.
        for policy in (random_dictatorship(population), _best_product(instance, k, l)):
            better = worst_case(population, policy, k=k, l=l)
            if better.value <= least:
                continue
            claims = (
                pure(population, k, y),
                exactly(population, point, k, worst),
                exactly(population, policy, k, better),
            )
            story = (
                f"always answering {population.responses[y]} is an equilibrium for k = {k} and wins"
                f" exactly {fraction(worst.value)} against {l} outputs; a better policy, sampled as"
                f" often, wins {fraction(better.value)}"
            )
            values = {"equilibrium": worst.value, "better": better.value}
            return Refutation.of(population, claims, story, **values)
    return None


def _guarantee(instance: Instance, k: int, l: int) -> Refutation | None:
    """An equilibrium that wins less than k/(k+1), or a policy that wins more."""
    population, exact = instance.population, located(instance, k)
    worst = worst_case(population, exact.policy, k=k)
    if worst.value + exact.strayed(k) < best_rate(k):
        claims: tuple[Certificate, ...] = (exact.claim, exactly(population, exact.policy, k, worst))
        wins, rate = fraction(worst.value), fraction(best_rate(k))
        story = f"an equilibrium wins less than {rate}: about {wins}"
        return Refutation.of(population, claims, story, wins=worst.value)
    for name in PRODUCT_METHODS:
        for policy in METHODS[name].policies(instance, k):
            if not isinstance(policy, ProductPolicy):
                continue
            worst = worst_case(population, policy, k=k)
            if worst.value > best_rate(k):
                claims = (claim_win_rate(population, policy, k, "=", worst.value, worst.opponent),)
                wins, rate = fraction(worst.value), fraction(best_rate(k))
                story = f"{name}, sampled {counted(k, 'time')}, wins {wins} > {rate}"
                return Refutation.of(population, claims, story, wins=worst.value)
    return None


CONJECTURES = (
    Conjecture(
        "half-ties-keep-guarantee",
        "some k-output policy wins k/(k+1) when a tie at the top counts half for each side",
        "false",
        _half_ties,
        "E6: whoever gives the best response twice should get more than half of a tie with it",
    ),
    Conjecture(
        "joint-always-above-rate",
        "with k outputs chosen together one can win more than k/(k+1), for k >= 2",
        "false",
        _always_above,
        "E7: not where a response that nearly all prefer is asked to beat itself",
        least_k=2,
    ),
    Conjecture(
        "weak-order-converse",
        "where always giving one response is an equilibrium, no k-output policy wins more than"
        " k/(k+1), also when users tie responses",
        "false",
        _converse,
        "E7: true for strict rankings only",
        where=Space(responses=3, users=4, strict=False),
    ),
    Conjecture(
        "mixture-equals-average",
        "drawing one of two policies and sampling it k times wins as much as sampling their"
        " average k times",
        "false",
        _average,
        "E3: for k >= 2 the average wins at least as much, and often more",
    ),
    Conjecture(
        "p7-is-best",
        "where an equilibrium wins only 1 - l/(k+1) against l outputs, no product policy wins more",
        "false",
        _union_bound_best,
        "E5: some product policy wins g_l(k) > 1 - l/(k+1) on every population, for l >= 2",
        ls=(2,),
        where=Space(responses=4, users=4),
    ),
    Conjecture(
        "guarantee",
        "a symmetric equilibrium, sampled k times, wins k/(k+1) against every response, and no"
        " method's product policy wins more",
        "true",
        _guarantee,
        "P1",
        ks=(1, 2, 3),
    ),
    Conjecture(
        "joint-rate",
        "some k-output policy wins f_l(k) against every l outputs",
        "true",
        _joint_rate,
        "E4",
        ks=(2, 3),
        ls=(1, 2),
        margin=_joint_margin,
    ),
    Conjecture(
        "win-ties",
        "when ties count as wins, some k-output policy wins k(n+1)/(n(k+1)), for n >= k",
        "true",
        _win_ties,
        "E6",
        ks=(2, 3),
        margin=_win_margin,
    ),
)
