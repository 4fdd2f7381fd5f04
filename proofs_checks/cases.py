"""What the definition is compared on: masses of classes, and random populations and policies."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from proofs_checks.definition import Policy, Ranking, Users, draws, mixture, rank, total, utility

History = Sequence[Sequence[Fraction]]
"""Policies played one after another, each by its responses' masses."""


def masses(ranking: Ranking, pi: Sequence[Fraction], y: int) -> tuple[Fraction, Fraction]:
    """(L, p): the pi-mass strictly below y, and of y's class."""
    place = rank(ranking, y)
    below = total(pi[z] for tied in ranking[place + 1 :] for z in tied)
    return below, total(pi[z] for z in ranking[place])


def by_masses(
    users: Users, pi: Sequence[Fraction], y: int, form: Callable[[Fraction, Fraction], Fraction]
) -> Fraction:
    """The users' weighted average of form(L, p)."""
    values = total(weight * form(*masses(ranking, pi, y)) for weight, ranking in users)
    return values / total(weight for weight, _ in users)


def compared(users: Users, a: int, y: int) -> tuple[Fraction, Fraction, Fraction]:
    """The weights of the users with a above y, tied with it, below it."""
    lower = [(weight, rank(ranking, a) - rank(ranking, y)) for weight, ranking in users]
    above, tied = total(w for w, by in lower if by < 0), total(w for w, by in lower if by == 0)
    return above, tied, total(w for w, by in lower if by > 0)


def point(n: int, y: int) -> list[Fraction]:
    """The point mass on y."""
    return [Fraction(z == y) for z in range(n)]


def average(policies: History) -> list[Fraction]:
    """The policies' average."""
    return [total(column) / len(policies) for column in zip(*policies, strict=True)]


def over(history: History, k: int) -> Policy:
    """Draw one of the policies uniformly, then k samples from it."""
    return mixture((Fraction(1, len(history)), draws(pi, k)) for pi in history)


def regret(users: Users, history: History, k: int) -> Fraction:
    """R_T = max_y sum_t u_y(pi_t) - T/(k+1)."""
    responses = range(len(history[0]))
    most = max(total(utility(users, pi, y, k) for pi in history) for y in responses)
    return most - Fraction(len(history), k + 1)


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


def random_history(rng: random.Random, n: int) -> list[list[Fraction]]:
    """One to three policies on n responses."""
    return [random_policy(rng, n) for _ in range(rng.randint(1, 3))]


def random_instances(
    seed: int, count: int, most_responses: int = 4, most_users: int = 3, strict: bool = False
) -> Iterator[tuple[random.Random, Users, int]]:
    """(a source of randomness, users, n), always the same ones for a seed."""
    rng = random.Random(seed)
    for _ in range(count):
        n = rng.randint(1, most_responses)
        yield rng, random_users(rng, n, rng.randint(1, most_users), strict), n
