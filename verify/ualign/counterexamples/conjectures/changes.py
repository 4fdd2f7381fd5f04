"""Conjectures on what happens to the equilibrium when the population changes: two populations.

The masses are compared through their enclosures, as for one population.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from ualign.counterexamples.conjecture import Conjecture, Part, Refutation, Refute, Space
from ualign.counterexamples.editing import rebuilt, weighted
from ualign.counterexamples.enumeration import MOST_ENUMERATED, rankings
from ualign.counterexamples.facts import located, only, told_apart, uniqueness
from ualign.exact.instance import Instance
from ualign.model.changes import with_clone, without_response
from ualign.model.population import Population, Ranking
from ualign.model.rates import best_rate
from ualign.text import fraction
from ualign.theorems.located import Bounds, against_draw, apart

Change = tuple[Sequence[int], Population, str]
"""Responses to be looked at, a changed population, and what was changed, in words."""


def _compared(
    changes: Callable[[Population], Iterator[Change]], differ: Callable[[Bounds, Bounds], bool]
) -> Refute:
    """Refuted by a change after which a response's mass differs from before as given; before it
    the equilibrium is the only one, and after it as well for k = 1 (E2)."""

    def refute(instance: Instance, k: int, l: int) -> Refutation | None:
        if (found := only(instance, k)) is None:
            return None
        before, claims = found
        population = instance.population
        for responses, changed, what in changes(population):
            other = Instance(changed, bits=instance.bits)
            after = located(other, k)
            differing = (y for y in responses if differ(before.mass(y), after.mass(y)))
            if (y := next(differing, None)) is None:
                continue
            unique, claim = uniqueness(other, k)
            if k == 1 and not unique:
                continue
            old, new = before.policy.masses[y], after.policy.masses[y]
            here, there = told_apart(old, new)
            story = (
                f"{what}, and in the equilibrium for k = {k} the mass of {population.responses[y]}"
                f" goes from {here} to {there}"
            )
            parts = Part(population, claims), Part(changed, (after.claim, claim))
            return Refutation(story, parts, {"before": old, "after": new})
        return None

    return refute


def _falls(before: Bounds, after: Bounds) -> bool:
    return after[1] < before[0]


def _rises(before: Bounds, after: Bounds) -> bool:
    return before[1] < after[0]


def _written(population: Population, ranking: Ranking) -> str:
    return " > ".join(" = ".join(population.responses[y] for y in tied) for tied in ranking)


def _raised(population: Population) -> Iterator[Change]:
    """Every user moves every response up by a place."""
    users = weighted(population)
    for i, (weight, ranking) in enumerate(users):
        for place in range(1, len(ranking)):
            better, tied = ranking[place - 1], ranking[place]
            if len(tied) == 1:
                moved = (*ranking[: place - 1], tied, better, *ranking[place + 1 :])
                name, of = population.responses[tied[0]], _written(population, ranking)
                what = f"a user who ranks {of} moves {name} up by a place"
                changed = [*users[:i], (weight - 1, ranking), (1, moved), *users[i + 1 :]]
                yield tied, rebuilt(changed), what


def _joined(population: Population) -> Iterator[tuple[Ranking, Population, str]]:
    """A user of every strict ranking joins."""
    if population.n <= MOST_ENUMERATED:
        for ranking in rankings(population.n, strict=True):
            what = f"a user joins who ranks {_written(population, ranking)}"
            yield ranking, rebuilt([*weighted(population), (1, ranking)]), what


def _first_choices(population: Population) -> Iterator[Change]:
    return ((ranking[0], changed, what) for ranking, changed, what in _joined(population))


def _last_choices(population: Population) -> Iterator[Change]:
    return ((ranking[-1], changed, what) for ranking, changed, what in _joined(population))


WAYS_TO_CLONE: dict[str, Callable[[int], Sequence[tuple[int, ...]]]] = {
    "tied with it by all": lambda i: ((0, 1),),
    "right below it for all": lambda i: ((0,), (1,)),
    "right above or below it by turns": lambda i: ((i % 2,), (1 - i % 2,)),
}


def _cloned(population: Population) -> Iterator[Change]:
    """Every response gets a clone of every kind; all the other responses are looked at."""
    for c in range(population.n):
        others = [y for y in range(population.n) if y != c]
        for how, place in WAYS_TO_CLONE.items():
            what = f"a clone of {population.responses[c]} is added, {how}"
            yield others, rebuilt(weighted(with_clone(population, c, place))), what


def _worse_off(instance: Instance, k: int, l: int) -> Refutation | None:
    """In the eyes of the user who joins, k draws of the new equilibrium against one of the old."""
    if (found := only(instance, k)) is None:
        return None
    old, claims = found
    population, wanted = instance.population, best_rate(k)
    for ranking, changed, what in _joined(population):
        new = located(Instance(changed, bits=instance.bits), k)
        herself = Population.from_indexed(population.responses, [(Fraction(1), ranking)])
        loose = new.strayed(k) + old.strayed(1)
        wins = against_draw(herself, new.policy, old.policy, k)
        if wins + loose < wanted:
            story = (
                f"{what}, and to her the new equilibrium wins {fraction(wins)} against the old one"
            )
            parts = Part(population, claims), Part(changed, (new.claim,))
            return Refutation(story, parts, {"wins": wins, "wanted": wanted})
    return None


def _composed(instance: Instance, k: int, l: int) -> Refutation | None:
    """Two responses that all users rank next to each other are a block: the equilibrium within it,
    times that of the others with the block as one response."""
    population = instance.population
    for b in range(1, population.n):
        a = b - 1
        if any(abs(ranks[a] - ranks[b]) > 1 for ranks in population.ranks):
            continue
        outside, inside = without_response(population, b), population
        for z in reversed([z for z in range(population.n) if z not in (a, b)]):
            inside = without_response(inside, z)
        parts = [Instance(part, bits=instance.bits) for part in (population, outside, inside)]
        found = [only(part, k) for part in parts]
        if None in found:
            continue
        (whole, _), (blocks, _), (within, _) = (one for one in found if one)
        low, high = (x * y for x, y in zip(blocks.mass(a), within.mass(0), strict=True))
        if apart(whole.mass(a), (low, high)):
            first, second = told_apart(
                blocks.policy.masses[a] * within.policy.masses[0], whole.policy.masses[a]
            )
            names = (population.responses[y] for y in (a, b))
            story = (
                f"{' and '.join(names)} are neighbours for everybody; the block's mass for k = {k},"
                f" shared out as between the two alone, would give {population.responses[a]} the"
                f" mass {first}, but it has {second}"
            )
            claimed = [
                Part(part.population, one[1]) for part, one in zip(parts, found, strict=True) if one
            ]
            return Refutation(story, tuple(claimed))
    return None


CONJECTURES = (
    Conjecture(
        "raising-never-hurts",
        "a response's mass in the equilibrium does not fall when a user moves it up",
        "false",
        _compared(_raised, _falls),
        "found by this search: moving a response up can help a third one more",
        where=Space(responses=3, users=5),
    ),
    Conjecture(
        "joining-hurts-her-last",
        "a response's mass in the equilibrium does not rise when a user joins who ranks it last",
        "false",
        _compared(_last_choices, _rises),
        "found by this search: her second choice may lose more, and to her last",
    ),
    Conjecture(
        "joining-helps-her-first",
        "a response's mass in the equilibrium does not fall when a user joins who ranks it first",
        "false",
        _compared(_first_choices, _falls),
        "found by this search: her second choice may gain at the first one's expense",
        where=Space(responses=3, users=7),
    ),
    Conjecture(
        "joining-pays",
        "to a user who joins, the new equilibrium, sampled k times, wins k/(k+1) against the old",
        "true",
        _worse_off,
        "<u(new), old> >= 1/(k+1) among the others by E2's monotonicity, but <= 1/(k+1) among"
        " all, since new is an equilibrium there; so to her old beats new with chance <= 1/(k+1)",
    ),
    Conjecture(
        "clones-do-not-matter",
        "the equilibrium's masses of the other responses stay when a clone of a response is added,"
        " which every user ranks next to it or ties with it",
        "true",
        _compared(_cloned, apart),
        "neighbours in a block [L, L+P] earn ((L+P)^(k+1) - L^(k+1))/(k+1) together, as one"
        " response of mass P does, so that merging clones turns equilibria into equilibria; for"
        " k >= 2 these masses are unique (E2)",
        ks=(2, 3),
        least_k=2,
        where=Space(responses=3, users=3),
    ),
    Conjecture(
        "composition-consistency",
        "where all users rank two responses next to each other, the equilibrium shares out their"
        " mass as if there were only these two",
        "false",
        _composed,
        "E20: for k >= 2, while maximal lotteries do so (k = 1)",
        least_k=2,
        where=Space(responses=3, users=8),
    ),
)
