"""Searching and shrinking: samples, margins, coverage, budgets, known sizes."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from ualign.certificates.claims import claim_win_rate
from ualign.constructions import borda_trap, slim_majority
from ualign.counterexamples import (
    CONJECTURES,
    Conjecture,
    Refutation,
    Space,
    UndecidedError,
    search,
)
from ualign.counterexamples.editing import rebuilt, size, smaller, weighted
from ualign.counterexamples.enumeration import orbits
from ualign.counterexamples.search import Covered, Hunt
from ualign.counterexamples.shrinking import shrink, tidied
from ualign.errors import InputError
from ualign.exact.instance import Instance
from ualign.exact.methods import borda_winners
from ualign.model.changes import with_clone, without_response
from ualign.model.policies import ProductPolicy
from ualign.model.population import Population
from ualign.model.win_rates import worst_case

CYCLE = Population.from_rankings([[*"abc"], [*"bca"], [*"cab"]])


def anything(population: Population) -> Refutation:
    """What a claim that holds of every population refutes."""
    point = ProductPolicy.point_mass(population.n, 0)
    claim = claim_win_rate(population, point, 1, ">=", Fraction(0))
    return Refutation.of(population, [claim], "there are a dozen users")


def many_users(instance: Instance, k: int, l: int) -> Refutation | None:
    """Populations that no enumeration of few users holds."""
    return anything(instance.population) if instance.population.scale >= 12 else None


FEW = Conjecture("few-users", "there are fewer than 12 users", "open", many_users, "a test")


def test_sampling_finds_and_shrinks_what_enumeration_does_not_hold() -> None:
    """The same seed finds the same; a dozen users are what it is shrunk to."""
    first, _ = search(FEW, seed=3, samples=50, budget=600)
    second, _ = search(FEW, seed=3, samples=50, budget=600)
    assert first == second
    assert first is not None
    assert first.how == "sampling"
    assert first.population.scale == 12
    assert (first.minimal, first.smallest) == (True, False)


def test_climbing_follows_the_margin() -> None:
    """Borda winners that win little are found in fewer steps than by drawing afresh."""
    space = Space(responses=4, users=6, largest_weight=6, least_responses=4)

    def margin(instance: Instance, k: int, l: int) -> Fraction:
        population = instance.population
        points = [ProductPolicy.point_mass(4, y) for y in borda_winners(population)]
        least = min(worst_case(population, point, k=1).value for point in points)
        return least - Fraction(26, 100)

    def refute(instance: Instance, k: int, l: int) -> Refutation | None:
        return anything(instance.population) if margin(instance, k, l) < 0 else None

    blind = Conjecture("blind", "a Borda winner wins 26/100", "open", refute, "a test", where=space)
    steps = {}
    for conjecture in (blind, replace(blind, margin=margin)):
        for seed in range(12):
            stage = Hunt(conjecture, Covered()).sampled(random.Random(seed))
            number = next(i for i, hit in enumerate(stage) if hit)
            steps[conjecture.margin] = steps.get(conjecture.margin, 0) + number
    assert 0 < steps[margin] < steps[None]


def test_undecided_populations_are_no_coverage() -> None:
    """What the predicate cannot tell is counted, and nothing is said to be complete beyond it."""

    def refute(instance: Instance, k: int, l: int) -> Refutation | None:
        if instance.population.scale == 3:
            raise UndecidedError("three users")
        return None

    conjecture = Conjecture("unsure", "nothing", "open", refute, "a test")
    _, covered = search(conjecture, budget=600, samples=0)
    assert covered.complete_to() == {2: 2, 3: 2}
    # those of three users of one kind are populations of one user
    assert covered.gaps == sum(
        not orbit.repeated for n in (2, 3) for orbit in orbits(n, 3, strict=True)
    )


def test_the_budget_is_kept() -> None:
    """A search for what does not exist ends when the time is up, with what it has covered."""
    conjecture = replace(
        CONJECTURES["borda-wins-one-in-n"], where=Space(responses=5, users=9), extremal=None
    )
    start = time.monotonic()
    found, covered = search(conjecture, budget=0.5)
    assert found is None
    assert time.monotonic() - start < 10
    assert not covered.rows[-1].complete
    assert covered.sampled > 0


@pytest.mark.parametrize(
    ("name", "population", "k", "sizes"),
    [
        ("borda-wins-half", borda_trap(4), 1, (3, 3)),
        ("nlhf-guarantees-rate", slim_majority(Fraction(1, 10)), 2, (2, 5)),
        ("unique-at-one", Population.from_rankings([[*"abcd"], [*"dcba"]], [9, 9]), 1, (2, 2)),
        ("half-ties-keep-guarantee", borda_trap(4), 2, (2, 1)),
    ],
)
def test_shrinking_ends_at_known_sizes(
    name: str, population: Population, k: int, sizes: tuple[int, int]
) -> None:
    """From large populations to the least, by single steps."""
    conjecture, start = CONJECTURES[name], tidied(population)
    said = conjecture.refute(Instance(start), k, 1)
    assert said is not None
    shrunk, found, minimal = shrink(conjecture, start, said, k, 1)
    assert size(shrunk) == sizes
    assert minimal
    assert found.parts[0].population == shrunk


def test_smaller_populations_are_smaller() -> None:
    """Every step makes the size less, and the restriction keeps the others' order."""
    population = rebuilt([(4, ((0,), (1, 2))), (3, ((2,), (1,), (0,)))])
    steps = list(smaller(population))
    assert all(size(step) < size(population) for step in steps)
    assert rebuilt(weighted(without_response(population, 1))) in steps
    assert without_response(population, 1).users[0].ranking == ((0,), (1,))


def test_clones_are_neighbours() -> None:
    """A clone is tied with its original, or right above or below it, as asked."""
    below = with_clone(CYCLE, 0, lambda i: ((0,), (1,)))
    assert [user.ranking.index((3,)) - user.ranking.index((0,)) for user in below.users] == [1] * 3
    tied = with_clone(CYCLE, 0, lambda i: ((0, 1),))
    assert all((0, 3) in user.ranking for user in tied.users)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Space(responses=1),
        lambda: Space(responses=13),
        lambda: Space(users=0),
        lambda: Conjecture("a/b", "", "open", many_users, ""),
        lambda: Conjecture("a", "", "perhaps", many_users, ""),  # type: ignore[arg-type]
        lambda: Conjecture("a", "", "open", many_users, "", ks=(0,)),
        lambda: Conjecture("a", "", "open", many_users, "", ks=(2,), most_k=1),
        lambda: Refutation("", ()),
        lambda: Refutation.of(CYCLE, [], ""),
        lambda: Refutation.of(CYCLE, ["a claim"], ""),  # type: ignore[list-item]
        lambda: search(FEW, budget=0),
        lambda: list(orbits(6, 1, strict=True)),
        lambda: list(orbits(2, 0, strict=True)),
    ],
)
def test_bad_arguments_are_refused(wrong: Any) -> None:
    with pytest.raises(InputError):
        wrong()
