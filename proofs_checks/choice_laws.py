"""Users who pick by chance: laws that give every position shown its chance, and Luce's in full."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from random import Random

from sympy import Poly, Rational

from proofs_checks.definition import Policy, draws, sure, total
from proofs_checks.symbols import shared

(z,) = shared("z")

Law = Callable[[Sequence[int]], Sequence[Fraction]]
"""The chances that the positions shown, each with its response, are picked."""

Strengths = Sequence[int]


def law_win_rate(laws: Sequence[tuple[Fraction, Law]], P: Policy, Q: Policy) -> Fraction:
    """W(P, Q) for weighted users with laws, every tuple enumerated."""
    return total(
        weight * p * q * total(law((*S, *T))[: len(S)])
        for weight, law in laws
        for p, S in P
        for q, T in Q
    )


def law_utility(
    laws: Sequence[tuple[Fraction, Law]], pi: Sequence[Fraction], y: int, k: int
) -> Fraction:
    """u_y(pi) for users with laws."""
    return law_win_rate(laws, sure([y]), draws(pi, k))


def luce(strengths: Strengths) -> Law:
    """Luce's law: a position is picked in proportion to its response's strength."""

    def law(shown: Sequence[int]) -> list[Fraction]:
        """Each position's part of all strengths shown."""
        whole = sum(strengths[y] for y in shown)
        return [Fraction(strengths[y], whole) for y in shown]

    return law


def score(strengths: Strengths, pi: Sequence[Fraction]) -> Poly:
    """F: the law on [0, 1] of the score of one draw from pi, where y's score has the law z^s_y."""
    parts = (Rational(mass) * z**s for mass, s in zip(pi, strengths, strict=True))
    return Poly(sum(parts, Rational(0)), z)


def luce_integral(strengths: Strengths, pi: Sequence[Fraction], y: int, k: int) -> Rational:
    """The integral of F^k dH_y."""
    own = Poly(z ** strengths[y], z)
    return (score(strengths, pi) ** k * own.diff()).integrate().eval(1)


def luce_instances(
    seed: int, count: int, most_responses: int = 3
) -> Iterator[tuple[Random, list[tuple[Fraction, Strengths]], int]]:
    """(a source of randomness, one to three users' weights and strengths, n)."""
    rng = Random(seed)
    for _ in range(count):
        n = rng.randint(1, most_responses)
        weights = [rng.randint(1, 4) for _ in range(rng.randint(1, 3))]
        yield (
            rng,
            [(Fraction(w, sum(weights)), [rng.randint(1, 4) for _ in range(n)]) for w in weights],
            n,
        )


def luce_laws(users: Sequence[tuple[Fraction, Strengths]]) -> list[tuple[Fraction, Law]]:
    """The users' laws."""
    return [(weight, luce(strengths)) for weight, strengths in users]
