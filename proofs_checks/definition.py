"""The definition of W, by brute force: what every proof's expressions are held against.

Users are rankings (lists of indifference classes, best first, of responses 0..n-1) with rational
weights; tuples of positions are enumerated, positions counted one by one. No closed form is used.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import product

Ranking = Sequence[Sequence[int]]
Users = Sequence[tuple[Fraction, Ranking]]
Policy = Sequence[tuple[Fraction, Sequence[int]]]
"""A distribution over tuples of positions."""


def rank(ranking: Ranking, y: int) -> int:
    """The place of y's class, 0 the best."""
    return next(place for place, tied in enumerate(ranking) if y in tied)


def picked_from(ranking: Ranking, S: Sequence[int], T: Sequence[int], ties: str) -> Fraction:
    """The chance that the user's position lies in S when she is shown (S, T)."""
    places = [rank(ranking, y) for y in (*S, *T)]
    best = [position for position, place in enumerate(places) if place == min(places)]
    ours = sum(position < len(S) for position in best)
    if ours in (0, len(best)):
        return Fraction(bool(ours))
    if ties == "uniform":
        return Fraction(ours, len(best))
    return {"win": Fraction(1), "half": Fraction(1, 2), "lose": Fraction(0)}[ties]


def win_rate(users: Users, P: Policy, Q: Policy, ties: str = "uniform") -> Fraction:
    """W(P, Q): the weighted chance that the picked position is one of P's."""
    total = sum((weight for weight, _ in users), Fraction(0))
    return sum(
        (
            weight / total * p * q * picked_from(ranking, S, T, ties)
            for weight, ranking in users
            for p, S in P
            for q, T in Q
        ),
        Fraction(0),
    )


def draws(pi: Sequence[Fraction], k: int) -> Policy:
    """The k-sample product policy of pi, every k-tuple with its chance."""
    found = []
    for S in product(range(len(pi)), repeat=k):
        chance = Fraction(1)
        for y in S:
            chance *= pi[y]
        if chance:
            found.append((chance, S))
    return found


def utility(users: Users, pi: Sequence[Fraction], y: int, k: int) -> Fraction:
    """u_y(pi): the chance that y is picked against k independent draws from pi."""
    return 1 - win_rate(users, draws(pi, k), [(Fraction(1), (y,))])


def masses(ranking: Ranking, pi: Sequence[Fraction], y: int) -> tuple[Fraction, Fraction]:
    """(L, p): the pi-mass strictly below y, and of y's class."""
    place = rank(ranking, y)
    below = sum((pi[z] for tied in ranking[place + 1 :] for z in tied), Fraction(0))
    return below, sum((pi[z] for z in ranking[place]), Fraction(0))


def random_ranking(rng: random.Random, n: int, strict: bool = False) -> Ranking:
    """A ranking of 0..n-1, with random ties unless strict."""
    order = rng.sample(range(n), n)
    classes: list[list[int]] = []
    for y in order:
        if classes and not strict and rng.random() < 0.4:
            classes[-1].append(y)
        else:
            classes.append([y])
    return classes


def random_users(rng: random.Random, n: int, m: int, strict: bool = False) -> Users:
    """m users with weights that sum to 1."""
    weights = [rng.randint(1, 5) for _ in range(m)]
    return [(Fraction(w, sum(weights)), random_ranking(rng, n, strict)) for w in weights]


def random_policy(rng: random.Random, n: int) -> list[Fraction]:
    """A point of the simplex on n responses, sometimes on its boundary."""
    parts = [rng.choice((0, 1, 1, 2, 3)) for _ in range(n)]
    parts[rng.randrange(n)] += 1
    return [Fraction(part, sum(parts)) for part in parts]


def random_instances(
    seed: int, count: int, most_responses: int = 4, most_users: int = 3, strict: bool = False
) -> Iterator[tuple[random.Random, Users, int]]:
    """(a source of randomness, users, n), always the same ones for a seed."""
    rng = random.Random(seed)
    for _ in range(count):
        n = rng.randint(1, most_responses)
        yield rng, random_users(rng, n, rng.randint(1, most_users), strict), n


def by_masses(
    users: Users, pi: Sequence[Fraction], y: int, form: Callable[[Fraction, Fraction], Fraction]
) -> Fraction:
    """The users' weighted average of form(L, p)."""
    total = sum((weight for weight, _ in users), Fraction(0))
    values = (weight / total * form(*masses(ranking, pi, y)) for weight, ranking in users)
    return sum(values, Fraction(0))
