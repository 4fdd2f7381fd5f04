"""Populations that are equal up to the names of their responses, so that one answer serves all."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from math import gcd

from ualign.model.partial_orders import PartialPopulation, UserPopulation

_Numbers = tuple[int, ...]


@dataclass(frozen=True)
class Likeness:
    """`digest` is the same only for populations that are equal when the responses of each are put
    in its `order`; mostly it is the same for all that are equal up to names."""

    digest: bytes
    order: _Numbers


def likeness(population: UserPopulation) -> Likeness:
    """What a population is like, whatever its responses are called.

    Responses are ordered by where users rank them, and these users by how they rank all. Where that
    does not tell two apart they stand as they are listed, which may hide that populations are
    equal, and nothing else."""
    common = gcd(*population.integer_weights)
    weights = [weight // common for weight in population.integer_weights]
    places = _places(population)
    seen = [sorted(zip(weights, view, strict=True)) for view in zip(*places, strict=True)]
    colours = _numbered(list(map(tuple, seen)))
    users = [
        (weight, *sorted(zip(own, colours, strict=True)))
        for weight, own in zip(weights, places, strict=True)
    ]
    kinds = _numbered(users)
    finer = [
        (colours[y], *sorted(zip(kinds, view, strict=True)))
        for y, view in enumerate(zip(*places, strict=True))
    ]
    order = tuple(sorted(range(population.n), key=lambda y: (finer[y], y)))
    rows = [tuple(own[y] for y in order) for own in places]
    if isinstance(population, PartialPopulation):
        rows = [(*row, *_above(population, u, order)) for u, row in enumerate(rows)]
    contents = sorted(zip(weights, rows, strict=True))
    text = f"{type(population).__name__} {population.n} {contents}"
    return Likeness(hashlib.sha256(text.encode()).digest()[:16], order)


def _places(population: UserPopulation) -> list[_Numbers]:
    """For each user the place of every response: its rank, or how many are above and below it."""
    if not isinstance(population, PartialPopulation):
        return list(population.ranks)
    rows = []
    for user in population.users:
        row = [0] * population.n
        for tied, above, below in zip(
            user.order.classes, user.order.above, user.order.below, strict=True
        ):
            for y in tied:
                row[y] = above.bit_count() * (population.n + 1) + below.bit_count()
        rows.append(tuple(row))
    return rows


def _numbered(views: Sequence[tuple[object, ...]]) -> list[int]:
    """The same number for the same view, by their order."""
    known = {view: number for number, view in enumerate(sorted(set(views)))}
    return [known[view] for view in views]


def _above(population: PartialPopulation, u: int, order: _Numbers) -> _Numbers:
    """All that is known of a user, with responses in this order: for each what is above it, and
    what is tied with it, as bits."""
    known = population.users[u].order
    above, tied = [0] * population.n, [0] * population.n
    for members, better in zip(known.classes, known.above, strict=True):
        for y in members:
            above[y], tied[y] = better, sum(1 << z for z in members)

    def reordered(bits: int) -> int:
        return sum((bits >> y & 1) << place for place, y in enumerate(order))

    return tuple(reordered(bits) for y in order for bits in (above[y], tied[y]))


def renamed(responses: Sequence[str], own: Likeness, other: Likeness) -> tuple[str, ...]:
    """The other population's `responses` in the places of their likes in the own one."""
    names = dict(zip(own.order, (responses[y] for y in other.order), strict=True))
    return tuple(names[y] for y in range(len(names)))
