"""Populations that are equal up to the names of responses have the same digest, and no others."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from ualign.model.partial_orders import PartialPopulation, UserPopulation, order_of
from ualign.model.population import Population
from ualign.model.renaming import likeness, renamed


@st.composite
def populations(draw: st.DrawFn) -> UserPopulation:
    n = draw(st.integers(1, 4))
    names = [f"r{y}" for y in range(n)]
    weights = st.fractions(Fraction(1, 3), 3, max_denominator=3)
    if draw(st.booleans()):
        ranks = st.lists(st.integers(1, 3), min_size=n, max_size=n)
        users = draw(st.lists(st.tuples(ranks, weights), min_size=1, max_size=3))
        return Population.from_ranks([r for r, _ in users], [w for _, w in users], responses=names)
    orders = []
    for _ in range(draw(st.integers(1, 3))):
        order = draw(st.permutations(range(n)))
        above = [(y, z) for i, y in enumerate(order) for z in order[i + 1 :] if draw(st.booleans())]
        orders.append((draw(weights), order_of(n, above)))
    return PartialPopulation.from_orders(names, orders)


def relabelled(population: UserPopulation, places: list[int], scale: Fraction) -> UserPopulation:
    """The population with response y in the place places[y], and another name."""
    names = [""] * population.n
    for y, place in enumerate(places):
        names[place] = f"new {population.responses[y]}"
    if isinstance(population, Population):
        users = [
            (u.weight * scale, [[places[y] for y in tied] for tied in u.ranking])
            for u in reversed(population.users)
        ]
        return Population.from_indexed(names, users)
    n = population.n
    orders = []
    for user in population.users:
        above = [
            (places[z], places[y])
            for tied, up in zip(user.order.classes, user.order.above, strict=True)
            for y in tied
            for z in range(n)
            if up >> z & 1
        ]
        tied_places = [[places[y] for y in tied] for tied in user.order.classes]
        orders.append((user.weight * scale, order_of(n, above, tied_places)))
    return PartialPopulation.from_orders(names, orders)


@given(populations(), st.data())
def test_the_same_digest_means_equal_up_to_names(population: UserPopulation, data: Any) -> None:
    """Two populations of one digest are equal once the names are exchanged as `renamed` says; and a
    renamed one has the same digest, where users see all of its responses differently."""
    places = data.draw(st.permutations(range(population.n)))
    other = relabelled(population, list(places), Fraction(5, 2))
    own, theirs = likeness(population), likeness(other)
    if own.digest == theirs.digest:
        names = renamed(other.responses, own, theirs)
        index = {name: y for y, name in enumerate(other.responses)}
        there = [index[name] for name in names]
        again = relabelled(population, there, Fraction(1))
        assert _contents(again) == _contents(other)
    views = list(zip(*_levels(population), strict=True))
    if len(set(views)) == len(views) and isinstance(population, Population):
        columns = {tuple(sorted(zip(population.integer_weights, v, strict=True))) for v in views}
        assert len(columns) < len(views) or own.digest == theirs.digest


def _levels(population: UserPopulation) -> list[tuple[int, ...]]:
    return list(population.ranks) if isinstance(population, Population) else [(0,) * population.n]


def _contents(population: UserPopulation) -> set[object]:
    whole = sum(user.weight for user in population.users)
    if isinstance(population, Population):
        return {(u.weight / whole, u.ranking) for u in population.users}
    return {(u.weight / whole, u.order) for u in population.users}


def test_unlike_populations_have_other_digests() -> None:
    users = [[["a"], ["b"]], [["a", "b"]], [["b"], ["a"]]]
    found = {
        likeness(
            Population.from_rankings([users[i], users[j]], [1, w], responses=["a", "b"])
        ).digest
        for i in range(3)
        for j in range(3)
        for w in (1, 2)
    }
    # one of two decided; with a tie, in three proportions; one against the other, in two; both tied
    assert len(found) == 7
