"""E3: the average of a sequence of policies is at least as good as drawing one of them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from fractions import Fraction

from sympy import Integer, Symbol

from proofs_checks.calculus import Sums
from proofs_checks.claims import Agreement, Identity, Inequality, Sign
from proofs_checks.definition import (
    Policy,
    Users,
    draws,
    random_instances,
    random_policy,
    utility,
    win_rate,
)
from proofs_checks.e1_convex_program import share_of
from proofs_checks.obligations import Obligation, Theorem

k, T, j = (Symbol(name, integer=True, positive=True) for name in "kTj")
i, r = (Symbol(name, integer=True, nonnegative=True) for name in "ir")
x, a, t, X = (Symbol(name, positive=True) for name in "xatX")
R = Symbol("R", real=True)

half = Fraction(1, 2)
EVEN: Users = [(half, [[0], [1]]), (half, [[1], [0]])]
ALTERNATING = [[Fraction(1), Fraction(0)], [Fraction(0), Fraction(1)]]


def average(policies: Sequence[Sequence[Fraction]]) -> list[Fraction]:
    """The policies' average."""
    columns = zip(*policies, strict=True)
    return [sum(column, Fraction(0)) / len(policies) for column in columns]


def policies_for(rng: random.Random, n: int) -> list[list[Fraction]]:
    """One to three random policies on n responses."""
    return [random_policy(rng, n) for _ in range(rng.randint(1, 3))]


def regret(users: Users, policies: Sequence[Sequence[Fraction]], k: int) -> Fraction:
    """R_T = max_y sum_t u_y(pi_t) - T/(k+1), utilities counted position by position."""
    totals = (
        sum((utility(users, pi, y, k) for pi in policies), Fraction(0))
        for y in range(len(policies[0]))
    )
    return max(totals) - Fraction(len(policies), k + 1)


def mixture(policies: Sequence[Sequence[Fraction]], k: int) -> Policy:
    """Draw a policy uniformly, then k samples from it."""
    return [(chance / len(policies), S) for pi in policies for chance, S in draws(pi, k)]


def worst_case(users: Users, P: Policy, n: int) -> Fraction:
    """The least win rate of P against one response."""
    return min(win_rate(users, P, [(Fraction(1), (y,))]) for y in range(n))


def _mixtures(averaged: bool = False) -> Iterator[tuple[Fraction, Fraction]]:
    for rng, users, n in random_instances(seed=31, count=25, most_responses=3):
        policies, k = policies_for(rng, n), rng.randint(1, 3)
        T = [rng.randrange(n) for _ in range(rng.randint(1, 2))]
        played = [average(policies)] if averaged else policies
        lost = sum((share_of(users, pi, k, T) for pi in played), Fraction(0)) / len(played)
        yield 1 - win_rate(users, mixture(policies, k), [(Fraction(1), T)]), lost


def _worst_cases(share: int = 1) -> Iterator[tuple[Fraction, Fraction]]:
    for rng, users, n in random_instances(seed=32, count=25, most_responses=3):
        policies, k = policies_for(rng, n), rng.randint(1, 3)
        lost = share * regret(users, policies, k) / len(policies)
        yield worst_case(users, mixture(policies, k), n), Fraction(k, k + 1) - lost


def _at_one(k: int = 1) -> Iterator[tuple[Fraction, Fraction]]:
    for rng, users, n in random_instances(seed=33, count=25, most_responses=3):
        policies = policies_for(rng, n)
        yield (
            regret(users, [average(policies)], k),
            regret(users, policies, k) / len(policies),
        )


def _alternating(constant: int = 1) -> Iterator[tuple[Fraction, Fraction]]:
    for k in range(1, 7):
        middle = average(ALTERNATING)
        yield worst_case(EVEN, draws(middle, k), 2), Fraction(k, k + 1)
        yield (
            worst_case(EVEN, mixture(ALTERNATING, k), 2),
            Fraction(3 * k + constant, 4 * (k + 1)),
        )


tangent = (x - a) ** 2 * (i + 1) * a**i * x ** (k - 2 - i)

TANGENT = Obligation(
    "x^k lies above its tangent at a: x^k - a^k - k a^(k-1) (x-a) is"
    " sum_i (x-a)^2 (i+1) a^i x^(k-2-i) over 0 <= i < k-1 (for k = 1 nothing)",
    Sums(
        tangent,
        i * a ** (i + 1) * x ** (k - 1 - i) - (i + 1) * a**i * x ** (k - i),
        i,
        Integer(0),
        k - 1,
        x**k - a**k - k * a ** (k - 1) * (x - a),
    ),
    Sums(
        tangent,
        i * a ** (i + 1) * x ** (k - 1 - i) - (i + 1) * a**i * x ** (k - i),
        i,
        Integer(0),
        k,
        x**k - a**k - k * a ** (k - 1) * (x - a),
    ),
)

above = j * t ** (j - 1) * tangent.subs(k, i + r + 2)  # 0 <= i < k-1 is k = i + r + 2

TERMS = Obligation(
    "every term is nonnegative, also under the integral against j t^(j-1)",
    Sign(above),
    Sign(above / (x - a)),
)

CANCEL = Obligation(
    "summed over T numbers with sum X and average a = X/T, the tangents at a sum to T a^k",
    Identity((T * a**k + k * a ** (k - 1) * (X - T * a)).subs(a, X / T), T * (X / T) ** k),
    Identity((T * a**k + k * a ** (k - 1) * (X - a)).subs(a, X / T), T * (X / T) ** k),
)

THEOREM = Theorem(
    source="E3",
    title="The average is as good as the mixture",
    words=(
        "For any policies pi_1..pi_T with regret R_T their average, sampled k times, wins at least"
        " k/(k+1) - R_T/T against every response, which is what drawing one of them and sampling"
        " it wins; against every l-tuple likewise. For k = 1 they are equal; for k >= 2 the average"
        " can be strictly better."
    ),
    latex=(
        r"\max_y u_y\Bigl(\tfrac1T\sum_t\pi_t\Bigr)-\tfrac1{k+1}\le\tfrac{R_T}T,\qquad"
        r" W\Bigl(\bigl(\tfrac1T\sum_t\pi_t\bigr)^k,T\Bigr)\ge\tfrac1T\sum_tW(\pi_t^k,T)"
    ),
    hypotheses=["k, l, T >= 1", "any policies on finitely many responses, weak orders"],
    obligations=[
        Obligation(
            "the mixture loses to an l-tuple the average of what its policies lose, each the"
            " integral of j t^(j-1) x^k with x = L + tp (E1)",
            Agreement(_mixtures),
            Agreement(lambda: _mixtures(averaged=True)),
        ),
        Obligation(
            "so its worst case is 1 - (R_T + T/(k+1))/T = k/(k+1) - R_T/T",
            Identity(1 - (R + T / (k + 1)) / T, k / (k + 1) - R / T),
            Identity(1 - (R + T / (k + 1)) / T, k / (k + 1) - R),
        ),
        Obligation(
            "as counted position by position",
            Agreement(_worst_cases),
            Agreement(lambda: _worst_cases(share=2)),
        ),
        TANGENT,
        TERMS,
        CANCEL,
        Obligation(
            "k = 1: no term is left, x is its own tangent",
            Identity((x**k - a**k - k * a ** (k - 1) * (x - a)).subs(k, 1), Integer(0)),
            Identity((x**k - a**k - k * a ** (k - 1) * (x - a)).subs(k, 2), Integer(0)),
        ),
        Obligation(
            "so for k = 1 average and mixture have the same worst case",
            Agreement(_at_one),
            Agreement(lambda: _at_one(2)),
        ),
        Obligation(
            "two responses, users split 50/50, alternating point masses: k/(k+1) against"
            " (3k+1)/(4(k+1)), which is 2/3 against 7/12 for k = 2",
            Agreement(_alternating, least=12),
            Agreement(lambda: _alternating(2), least=12),
        ),
        Obligation(
            "the second, for all k: against either response two agreeing halves win k/(k+1), of"
            " the disagreeing ones one wins nothing and one everything",
            Identity((k / (k + 1) + k / (k + 1) + 0 + 1) / 4, (3 * k + 1) / (4 * (k + 1))),
            Identity((k / (k + 1) + k / (k + 1) + 1 + 1) / 4, (3 * k + 1) / (4 * (k + 1))),
        ),
        Obligation(
            "strictly better for every k >= 2",
            Inequality(k / (k + 1) - (3 * k + 1) / (4 * (k + 1)), {k: (2, None)}, strict=True),
            Inequality(k / (k + 1) - (3 * k + 1) / (4 * (k + 1)), {k: (1, None)}, strict=True),
        ),
    ],
    assumes=["E1"],
    not_proved=[
        "L and p at the average policy are the averages of L and p, so x at the average is the"
        " average a of the x_t for each user at each place; integrals and weighted sums"
        " keep the inequality; the maximum over y of an average is what R_T measures: by hand.",
        "Where some x_t or a is 0 the inequality follows by continuity.",
    ],
)
