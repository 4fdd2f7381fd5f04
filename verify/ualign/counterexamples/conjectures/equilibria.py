"""Conjectures on the shape of equilibria: uniqueness, supports, masses for one k and the next.

Masses are irrational in general. Two of them differ for certain where their enclosures are apart;
a support is that of the enclosure's centre, exactly.
"""

from __future__ import annotations

from fractions import Fraction

from ualign.counterexamples.conjecture import Conjecture, Part, Refutation, Space
from ualign.counterexamples.facts import (
    find_condorcet_winner,
    located,
    majorities,
    named,
    only,
    told_apart,
    uniqueness,
)
from ualign.exact.instance import Instance
from ualign.model.population import Population
from ualign.text import decimal, fraction
from ualign.theorems.located import apart

LOOK_AHEAD = 5
"""How many ks are looked at for a response to return."""


def _several(instance: Instance, k: int, l: int) -> Refutation | None:
    unique, claim = uniqueness(instance, k)
    if unique:
        return None
    story = f"the {k + 1}-player game has more than one symmetric equilibrium"
    return Refutation.of(instance.population, (claim,), story)


def _class_masses(instance: Instance, k: int, l: int) -> Refutation | None:
    """Strict rankings: there is one equilibrium. Ties: looking at the responses in the opposite
    order may lead to another one, which must not give any class another mass."""
    population = instance.population
    if population.is_strict:
        return _several(instance, k, l)
    last = population.n - 1
    turned = Population.from_indexed(
        population.responses[::-1],
        [
            (user.weight, [[last - y for y in tied] for tied in user.ranking])
            for user in population.users
        ],
    )
    first = located(instance, k)
    second = located(Instance(turned, bits=instance.bits), k)
    for user in population.users:
        for tied in user.ranking:
            if apart(first.mass(*tied), second.mass(*(last - y for y in tied))):
                story = f"two equilibria give {named(population, tied)} different masses"
                parts = Part(population, (first.claim,)), Part(turned, (second.claim,))
                return Refutation(story, parts)
    return None


def _support_shrinks(instance: Instance, k: int, l: int) -> Refutation | None:
    """From the only equilibrium for k to the only one for k+1."""
    population = instance.population
    here, there = only(instance, k), only(instance, k + 1)
    if here is None or there is None:
        return None
    before, after = here[0].policy.support, there[0].policy.support
    lost = sorted(set(before) - set(after))
    if not lost:
        return None
    masses = {population.responses[y]: here[0].policy.masses[y] for y in lost}
    had = ", ".join(f"{name} with mass {decimal(mass)}" for name, mass in masses.items())
    story = (
        f"the only equilibrium for k = {k} mixes {named(population, before)}, {had}; the only one"
        f" for k = {k + 1} mixes {named(population, after)}, without {named(population, lost)}"
    )
    return Refutation.of(population, (*here[1], *there[1]), story, **masses)


def _support_returns(instance: Instance, k: int, l: int) -> Refutation | None:
    """Mass for k, none for k+1, and mass again for some of the next ks."""
    population = instance.population
    first, second = only(instance, k), only(instance, k + 1)
    if first is None or second is None:
        return None
    for y in set(first[0].policy.support) - set(second[0].policy.support):
        for later in range(k + 2, k + LOOK_AHEAD):
            third = only(instance, later)
            if third is not None and y in third[0].policy.support:
                story = (
                    f"{population.responses[y]} has mass in the only equilibrium for k = {k}, none"
                    f" in that for k = {k + 1}, and has mass again for k = {later}"
                )
                claims = (*first[1], *second[1], *third[1])
                return Refutation.of(population, claims, story)
    return None


def _winner_gains(instance: Instance, k: int, l: int) -> Refutation | None:
    """The Condorcet winner's mass, from the only equilibrium for k to the only one for k+1."""
    population = instance.population
    if (c := find_condorcet_winner(population)) is None:
        return None
    here, there = only(instance, k), only(instance, k + 1)
    if here is None or there is None or there[0].mass(c)[0] <= here[0].mass(c)[1]:
        return None
    before, after = here[0].policy.masses[c], there[0].policy.masses[c]
    first, second = told_apart(before, after)
    story = (
        f"{population.responses[c]} beats every other response by majority, and its mass goes from"
        f" {first} in the only equilibrium for k = {k} to {second} in that for k = {k + 1}"
    )
    claims = (*majorities(instance, c), *here[1], *there[1])
    return Refutation.of(population, claims, story, before=before, after=after)


def _dominated(instance: Instance, k: int, l: int) -> Refutation | None:
    population, exact = instance.population, located(instance, k)
    for y in exact.policy.support:
        for z in range(population.n):
            if all(ranks[z] < ranks[y] for ranks in population.ranks):
                better, worse = population.responses[z], population.responses[y]
                story = f"every user ranks {better} above {worse}, which yet has positive mass"
                return Refutation.of(population, (exact.claim,), story)
    return None


def _small_favourite(instance: Instance, k: int, l: int) -> Refutation | None:
    population, exact = instance.population, located(instance, k)
    users = list(zip(population.integer_weights, population.users, strict=True))
    for y in range(population.n):
        firsts = sum(weight for weight, user in users if user.ranking[0] == (y,))
        share = Fraction(firsts, population.scale)
        if share > Fraction(1, 2) >= exact.mass(y)[1]:
            story = (
                f"{fraction(share)} of the users rank {population.responses[y]} first, but it has"
                f" only mass {decimal(exact.policy.masses[y])} for k = {k}"
            )
            return Refutation.of(population, (exact.claim,), story, share=share)
    return None


CONJECTURES = (
    Conjecture(
        "unique-at-one",
        "the 2-player game has only one symmetric equilibrium",
        "false",
        _several,
        "E2: it does for k >= 2 and strict rankings; for k = 1 users may be split evenly",
        ks=(1,),
        most_k=1,
    ),
    Conjecture(
        "uniqueness",
        "for k >= 2 all symmetric equilibria give a user's class the same mass, so that with strict"
        " rankings there is only one",
        "true",
        _class_masses,
        "E2",
        ks=(2, 3),
        least_k=2,
        where=Space(responses=3, users=3, strict=False),
    ),
    Conjecture(
        "supports-grow",
        "what has positive mass in the equilibrium for k also has in that for k+1",
        "false",
        _support_shrinks,
        "found by this search: a compromise can be in the support for a small k alone",
        where=Space(responses=3, users=7),
    ),
    Conjecture(
        "gone-for-good",
        "what has mass in the equilibrium for k and none for k+1 has none for larger k",
        "false",
        _support_returns,
        "found by this search: a compromise may lose its mass, and a favourite has some for large k"
        " (E8), even if it is the same response",
        where=Space(responses=3, users=4, largest_weight=9),
    ),
    Conjecture(
        "condorcet-mass-falls",
        "the mass of a response that beats all others by majority does not rise with k",
        "false",
        _winner_gains,
        "found by this search: it starts at 1 for k = 1 and ends at its share of first places"
        " (E8), but not every step on the way is down",
        ks=(2, 3),
        where=Space(responses=3, users=7),
    ),
    Conjecture(
        "dominated-have-no-mass",
        "a response below another one for every user has no mass in an equilibrium",
        "true",
        _dominated,
        "where y has mass and all rank z above y, u_y < E (L+p)^k <= u_z for y's L and p",
        ks=(1, 2, 3),
        where=Space(responses=4, users=3),
    ),
    Conjecture(
        "majority-favourite-has-half",
        "what more than half of the users rank first, strictly, has more than half of the mass",
        "true",
        _small_favourite,
        "with share s of first places and mass p it earns at least s (1 - (1-p)^(k+1)) / ((k+1) p)"
        " + (1-s) p^k / (k+1), which is convex in p, 1/(k+1) at p = 1, and more at p = 1/2",
        ks=(1, 2, 3),
        where=Space(responses=3, users=5),
    ),
)
