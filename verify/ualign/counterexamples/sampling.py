"""Random populations in the manner of social choice: five models, seeded, for proposals only.

Floats draw rankings; the populations themselves have whole weights.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from math import exp, hypot

from ualign.counterexamples.conjecture import Space
from ualign.counterexamples.editing import Weighted, rebuilt, weighted
from ualign.model.population import Population, Ranking

Order = list[int]
Draw = Callable[[], Order]
TIED = 1 / 3
"""The chance that neighbours in a ranking are tied, where ties are allowed."""


def impartial_culture(rng: random.Random, n: int) -> Draw:
    """Every ranking is equally likely."""
    return lambda: rng.sample(range(n), n)


def mallows(rng: random.Random, n: int) -> Draw:
    """Rankings near a common one: each response is inserted i places above the end of the ranking
    so far with a chance in proportion to phi^i."""
    phi = rng.random()
    weights = [phi**i for i in range(n)]

    def draw() -> Order:
        order: Order = []
        for y in range(n):
            (up,) = rng.choices(range(y + 1), weights[: y + 1])
            order.insert(y - up, y)
        return order

    return draw


def plackett_luce(rng: random.Random, n: int) -> Draw:
    """Responses have strengths, and are drawn in proportion to them, best first."""
    strengths = [exp(rng.gauss(0, 1)) for _ in range(n)]
    return lambda: sorted(range(n), key=lambda y: rng.expovariate(1) / strengths[y])


def euclidean(rng: random.Random, n: int) -> Draw:
    """Responses and users are points of a square; nearer responses are better."""

    def point() -> tuple[float, float]:
        return rng.random(), rng.random()

    responses = [point() for _ in range(n)]

    def draw() -> Order:
        x, y = point()
        return sorted(range(n), key=lambda r: hypot(responses[r][0] - x, responses[r][1] - y))

    return draw


def urn(rng: random.Random, n: int) -> Draw:
    """Every other user or so repeats an earlier one."""
    seen: list[Order] = []

    def draw() -> Order:
        old = seen and rng.random() < 0.5
        seen.append(rng.choice(seen) if old else rng.sample(range(n), n))
        return seen[-1]

    return draw


MODELS = (impartial_culture, mallows, plackett_luce, euclidean, urn)


def random_population(rng: random.Random, space: Space) -> Population:
    """A population of the space by a model chosen at random."""
    n = rng.randint(space.least_responses, space.responses)
    draw = rng.choice(MODELS)(rng, n)
    users = rng.randint(1, space.users)
    return rebuilt(
        (rng.randint(1, space.largest_weight), _ranking(rng, draw(), space)) for _ in range(users)
    )


def neighbour(rng: random.Random, population: Population, space: Space) -> Population:
    """The population with one ranking left out, or with another weight, or with two neighbours
    changed in it, for all who have it or in addition to it."""
    users = weighted(population)
    i = rng.randrange(len(users))
    weight, ranking = users[i]
    fresh = rng.randint(1, space.largest_weight)
    order = [y for tied in ranking for y in tied]
    if population.n > 1:
        place = rng.randrange(population.n - 1)
        order[place : place + 2] = reversed(order[place : place + 2])
    swapped = _ranking(rng, order, space)
    steps: list[list[Weighted]] = [[(fresh, ranking)], [(weight, swapped)]]
    if len(users) > 1:
        steps.append([])
    if len(users) < space.users:
        steps.append([(weight, ranking), (fresh, swapped)])
    return rebuilt([*users[:i], *rng.choice(steps), *users[i + 1 :]])


def _ranking(rng: random.Random, order: Order, space: Space) -> Ranking:
    return tuple(_classes(rng, order, 0.0 if space.strict else TIED))


def _classes(rng: random.Random, order: Order, chance: float) -> Iterator[tuple[int, ...]]:
    tied: Order = []
    for y in order:
        if tied and rng.random() >= chance:
            yield tuple(sorted(tied))
            tied = []
        tied.append(y)
    yield tuple(sorted(tied))
