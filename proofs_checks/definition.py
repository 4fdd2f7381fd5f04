"""The definition of W, by brute force: what every proof's expressions are held against.

Users are rankings (lists of indifference classes, best first, of responses 0..n-1) with weights;
policies are lists of tuples of responses with their chances. Every tuple is enumerated and every
position looked at; no closed form is used. Weights and chances are ints or Fractions, and plain
data is all that is needed: this file uses the standard library alone and nothing of the project.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import combinations_with_replacement, product

Ranking = Sequence[Sequence[int]]
Users = Sequence[tuple[Fraction, Ranking]]
"""Weights, which need not sum to 1, with rankings."""

Policy = Sequence[tuple[Fraction, Sequence[int]]]
"""A distribution over tuples: (chance, outputs)."""

TIES = "uniform", "win", "half", "lose"


def total(numbers: Iterable[Fraction]) -> Fraction:
    """Their sum, a Fraction also where there are none."""
    return sum(numbers, Fraction(0))


def rank(ranking: Ranking, y: int) -> int:
    """The place of y's class, 0 the best."""
    return next(place for place, tied in enumerate(ranking) if y in tied)


def best_positions(ranking: Ranking, shown: Sequence[int]) -> list[int]:
    """The positions of `shown` that hold the user's most preferred responses."""
    for tied in ranking:
        positions = [position for position, y in enumerate(shown) if y in tied]
        if positions:
            return positions
    raise ValueError("the ranking holds none of the responses shown")


def picked_from(
    ranking: Ranking, S: Sequence[int], T: Sequence[int], ties: str = "uniform"
) -> Fraction:
    """How much of a user counts for S when she is shown (S, T).

    Under `uniform` she picks one of the best positions at random; where both S and T hold some,
    the other conventions count her wholly, half or not at all for S."""
    best = best_positions(ranking, (*S, *T))
    ours = sum(position < len(S) for position in best)
    if ours in (0, len(best)):
        return Fraction(bool(ours))
    return {
        "uniform": Fraction(ours, len(best)),
        "win": Fraction(1),
        "half": Fraction(1, 2),
        "lose": Fraction(0),
    }[ties]


def win_rate(users: Users, P: Policy, Q: Policy, ties: str = "uniform") -> Fraction:
    """W(P, Q): how much of the users, by weight, counts for P, on average over both's draws."""
    won = total(
        weight * p * q * picked_from(ranking, S, T, ties)
        for weight, ranking in users
        for p, S in P
        for q, T in Q
    )
    return won / total(weight for weight, _ in users)


def worst_case(
    users: Users, P: Policy, l: int = 1, ties: str = "uniform"
) -> tuple[Fraction, tuple[int, ...]]:
    """The least win rate of P against l outputs, and the first tuple, in order, that has it."""
    everything = sorted(y for tied in users[0][1] for y in tied)
    opponents = combinations_with_replacement(everything, l)
    return min((win_rate(users, P, sure(T), ties), T) for T in opponents)


def utility(users: Users, pi: Sequence[Fraction], y: int, k: int) -> Fraction:
    """u_y(pi): the chance that y is picked when it is shown with k independent draws from pi."""
    return win_rate(users, sure([y]), draws(pi, k))


def sure(S: Sequence[int]) -> Policy:
    """The deterministic policy that shows S."""
    return [(Fraction(1), S)]


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


def mixture(parts: Iterable[tuple[Fraction, Policy]]) -> Policy:
    """Draw one of the policies by its share, then its outputs."""
    return [(share * chance, S) for share, policy in parts for chance, S in policy]
