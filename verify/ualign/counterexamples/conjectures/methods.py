"""Conjectures on what methods of alignment guarantee."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from ualign.certificates.claims import claim_win_rate
from ualign.counterexamples.conjecture import Conjecture, Margin, Refutation, Refute, Space
from ualign.counterexamples.facts import (
    exactly,
    find_condorcet_winner,
    located,
    majorities,
    named,
    shortest_between,
    uniqueness,
)
from ualign.counterexamples.scoring import borda_points, worst_for_rule
from ualign.exact.instance import Instance
from ualign.exact.methods import borda_winners, random_dictatorship
from ualign.model.policies import ProductPolicy
from ualign.model.population import Population
from ualign.model.rates import best_rate
from ualign.model.win_rates import WorstCase, worst_case
from ualign.text import counted, fraction


def _nlhf(instance: Instance, k: int, l: int) -> Refutation | None:
    """Only where NLHF has a single answer, so that nothing depends on which lottery it finds."""
    population, lottery = instance.population, instance.lottery
    worst = worst_case(population, lottery.policy, k=k, l=l)
    if not lottery.is_unique or worst.value >= best_rate(k):
        return None
    claims = (
        located(instance, 1).claim,
        uniqueness(instance, 1)[1],
        exactly(population, lottery.policy, k, worst),
    )
    answer, rival = named(population, lottery.policy.support), named(population, worst.opponent)
    how = "always answers" if len(lottery.policy.support) == 1 else "can only mix"
    story = (
        f"NLHF {how} {answer}, and wins {fraction(worst.value)} against {rival} when it is"
        f" sampled {counted(k, 'time')}, less than {fraction(best_rate(k))}"
    )
    return Refutation.of(population, claims, story, wins=worst.value, wanted=best_rate(k))


def _nlhf_margin(instance: Instance, k: int, l: int) -> Fraction:
    return worst_case(instance.population, instance.lottery.policy, k=k, l=l).value - best_rate(k)


def _worst_borda(population: Population) -> tuple[int, WorstCase]:
    """The Borda winner that wins least, and that."""
    found = [
        (y, worst_case(population, ProductPolicy.point_mass(population.n, y), k=1))
        for y in borda_winners(population)
    ]
    return min(found, key=lambda pair: pair[1].value)


def _borda_below(instance: Instance, wanted: Fraction) -> Refutation | None:
    population = instance.population
    y, worst = _worst_borda(population)
    if worst.value >= wanted:
        return None
    point = ProductPolicy.point_mass(population.n, y)
    uniform = ProductPolicy((Fraction(1, population.n),) * population.n)
    least = worst_case(population, uniform, k=1).value
    # A response's average win rate against all is its Borda score over n (and 1/2n for itself), so
    # Borda winners are those that the uniform policy loses to most; the witness has to be one.
    claims = (
        claim_win_rate(population, uniform, 1, "=", least, (y,)),
        exactly(population, point, 1, worst),
    )
    tied = len(borda_winners(population))
    most = "as high a Borda score as any" if tied > 1 else "the highest Borda score"
    name, rival = population.responses[y], population.responses[worst.opponent[0]]
    story = (
        f"{name} has {most} (nothing wins more than {fraction(1 - least)} against a response at"
        f" random, and {name} does), but wins only {fraction(worst.value)} against {rival}, less"
        f" than {fraction(wanted)}"
    )
    return Refutation.of(population, claims, story, wins=worst.value, wanted=wanted)


def _half(population: Population) -> Fraction:
    return Fraction(1, 2)


def _one_in_n(population: Population) -> Fraction:
    return Fraction(1, population.n)


def _borda_refuted(wanted: Callable[[Population], Fraction]) -> Refute:
    return lambda instance, k, l: _borda_below(instance, wanted(instance.population))


def _borda_margin(wanted: Callable[[Population], Fraction]) -> Margin:
    return lambda instance, k, l: (
        _worst_borda(instance.population)[1].value - wanted(instance.population)
    )


def _worst_for_borda(n: int) -> Population:
    return worst_for_rule(borda_points(n))


def _dictatorship(instance: Instance, k: int, l: int) -> Refutation | None:
    population = instance.population
    policy = random_dictatorship(population)
    worst = worst_case(population, policy, k=k, l=l)
    if worst.value >= best_rate(k):
        return None
    story = (
        f"a random user's favourite, sampled {counted(k, 'time')}, wins {fraction(worst.value)}"
        f" against {named(population, worst.opponent)}, less than {fraction(best_rate(k))}"
    )
    claims = (exactly(population, policy, k, worst),)
    return Refutation.of(population, claims, story, wins=worst.value, wanted=best_rate(k))


def _dictatorship_margin(instance: Instance, k: int, l: int) -> Fraction:
    population = instance.population
    return worst_case(population, random_dictatorship(population), k=k, l=l).value - best_rate(k)


def _next_k(instance: Instance, k: int, l: int) -> Refutation | None:
    """The win rate is worked out at the centre of the equilibrium's box, and what the box leaves
    open is added to it."""
    population, outputs = instance.population, k + 1
    exact, wanted = located(instance, k), best_rate(outputs)
    worst = worst_case(population, exact.policy, k=outputs)
    loose = exact.strayed(outputs)
    if worst.value + loose >= wanted:
        return None
    unique, only = uniqueness(instance, k)
    if not unique:
        return None
    wins = shortest_between(worst.value + loose, wanted)
    relation = "=" if wins == worst.value else "<="
    rival = worst.opponent
    claims = (
        exact.claim,
        only,
        claim_win_rate(population, exact.policy, outputs, relation, wins - loose, rival),
    )
    most = "" if relation == "=" else "at most "
    story = (
        f"the only equilibrium for k = {k}, on {named(population, exact.policy.support)}, sampled"
        f" {outputs} times, wins {most}{fraction(wins)} against {named(population, rival)}, less"
        f" than {fraction(wanted)}"
    )
    return Refutation.of(population, claims, story, wins=wins, wanted=wanted)


def _winner_left_out(instance: Instance, k: int, l: int) -> Refutation | None:
    population = instance.population
    if (c := find_condorcet_winner(population)) is None:
        return None
    exact = located(instance, k)
    if c in exact.policy.support:
        return None
    unique, claim = uniqueness(instance, k)
    if not unique:
        return None
    story = (
        f"{population.responses[c]} beats every other response by majority, but the only"
        f" equilibrium for k = {k} mixes {named(population, exact.policy.support)} without it"
    )
    return Refutation.of(population, (*majorities(instance, c), exact.claim, claim), story)


CONJECTURES = (
    Conjecture(
        "nlhf-guarantees-rate",
        "NLHF's lottery, sampled k times, wins k/(k+1) against every response",
        "false",
        _nlhf,
        "P4: it never wins more than a majority does, however often it is sampled",
        where=Space(responses=3, users=6),
        margin=_nlhf_margin,
    ),
    Conjecture(
        "borda-wins-half",
        "a Borda winner, which RLHF with a Bradley-Terry reward ends at, wins 1/2 against every"
        " response",
        "false",
        _borda_refuted(_half),
        "E9: with n responses it may win as little as 1/n",
        ks=(1,),
        most_k=1,
        margin=_borda_margin(_half),
        extremal=_worst_for_borda,
    ),
    Conjecture(
        "borda-wins-one-in-n",
        "a Borda winner among n responses wins 1/n against every response",
        "true",
        _borda_refuted(_one_in_n),
        "E9; a linear program proves it for each n",
        ks=(1,),
        most_k=1,
        where=Space(responses=4, users=5),
        margin=_borda_margin(_one_in_n),
        extremal=_worst_for_borda,
    ),
    Conjecture(
        "dictatorship-guarantees-rate",
        "a random user's favourite, sampled k times, wins k/(k+1) against every response",
        "false",
        _dictatorship,
        "E9: with n users its win rate can be as low as 1 - (1 - 1/n)^k",
        where=Space(responses=3, users=6),
        margin=_dictatorship_margin,
    ),
    Conjecture(
        "equilibrium-robust-for-next-k",
        "the equilibrium for k, sampled k+1 times, wins (k+1)/(k+2) against every response",
        "false",
        _next_k,
        "the equilibrium depends on k: it has to be found anew for every number of outputs",
        where=Space(responses=3, users=6),
    ),
    Conjecture(
        "condorcet-winner-in-support",
        "a response that beats all others by majority has positive mass in the equilibrium",
        "false",
        _winner_left_out,
        "E8: for large k the equilibrium tends to the users' favourites, and a Condorcet winner"
        " need not be anybody's favourite",
        ks=(3,),
        where=Space(responses=3, users=9),
    ),
)
