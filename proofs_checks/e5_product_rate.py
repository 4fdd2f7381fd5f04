"""E5: the exact rate of k-sample product policies against opponents with l outputs."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from itertools import product

import sympy
from sympy import Expr, Integer, Rational, diff

from proofs_checks.calculus import Integrates, Limit
from proofs_checks.cases import masses, random_instances, random_policy
from proofs_checks.claims import Agreement, Identity, Pairs, Sign
from proofs_checks.definition import Policy, Ranking, draws, sure, total, win_rate
from proofs_checks.e1_convex_program import MINIMAX
from proofs_checks.e3_average import TANGENT, TERMS
from proofs_checks.e4_joint_rate import distinct_favourites
from proofs_checks.e8_limits import favoured
from proofs_checks.obligations import Obligation, Theorem
from proofs_checks.p7_opponents import chance_of
from proofs_checks.symbols import shared

k, l, j, v, s, t, z, L, p, o, P, c = shared("k l j v s t z L p o P c_real")


def rate(k: Expr, l: Expr) -> Expr:
    """g_l(k)."""
    return 1 - l / (k + 1) * (1 - (1 - 1 / l) ** (k + 1))


def _opponent(rng: random.Random, n: int, l: int) -> Policy:
    parts = [rng.randint(1, 4) for _ in range(3)]
    return [(Fraction(w, sum(parts)), [rng.randrange(n) for _ in range(l)]) for w in parts]


def _marginal(D: Policy, n: int) -> list[Fraction]:
    """The law of a uniformly random position of D's tuple."""
    return [total(w * Fraction(T.count(y), len(T)) for w, T in D) for y in range(n)]


def _answered(copies: bool = True) -> Pairs:
    for rng, users, n in random_instances(seed=51, count=25, most_responses=3):
        k, D = rng.randint(1, 3), _opponent(rng, n, rng.randint(1, 3))
        pi = _marginal(D, n)
        lost = (w * chance_of(users, pi, k, T if copies else sorted(set(T))) for w, T in D)
        yield total(lost), 1 - win_rate(users, draws(pi, k), D)


def _below(ranking: Ranking, pi: Sequence[Fraction], y: int, x: Fraction) -> Fraction:
    """The chance that the quantile of y, uniform on [L, L+p], is at most x."""
    low, mass = masses(ranking, pi, y)
    return min(max((x - low) / mass, Fraction(0)), Fraction(1))


def _quantiles(answer: bool = True) -> Pairs:
    for rng, users, n in random_instances(seed=52, count=25):
        D, x = _opponent(rng, n, rng.randint(1, 3)), Fraction(rng.randint(0, 7), 7)
        pi = _marginal(D, n) if answer else [Fraction(1, n)] * n
        ranking = users[0][1]
        chances = (w * _below(ranking, pi, y, x) / len(T) for w, T in D for y in T)
        yield total(chances), x


def _held(answer: bool = True) -> Pairs:
    for rng, users, n in random_instances(seed=54, count=40, most_responses=3):
        k, l = rng.randint(1, 3), rng.randint(1, 3)
        D = _opponent(rng, n, l)
        pi = _marginal(D, n) if answer else [Fraction(1, n)] * n
        yield int(win_rate(users, draws(pi, k), D) >= Fraction(rate(k, Integer(l)))), 1


def _favourites(extra: int = 0) -> Pairs:
    rng = random.Random(53)
    for l, k in product((1, 2, 3), (1, 2, 3)):
        for n in (l, l + 1, l + 1):
            pi, T = random_policy(rng, n), sure(range(l))
            lost = (favoured(k + extra, pi[y]) for y in range(l))
            won = win_rate(distinct_favourites(l, n), draws(pi, k), T)
            yield 1 - total(lost) / l, won


def _evenly(more: int = 0) -> Pairs:
    for l, k in product((1, 2, 3), (1, 2, 3, 4)):
        pi, T = [Fraction(1, l)] * l, sure(range(l))
        won = win_rate(distinct_favourites(l, l), draws(pi, k), T)
        yield rate(Integer(k + more), Integer(l)), won


a = 1 - 1 / l
gained = l * (1 - a ** (k + 1)) / (k + 1) - a**k
even = (1 - s / l) ** k
slack = rate(k, l) - (1 - l / (k + 1))

THEOREM = Theorem(
    source="E5",
    title="Product policies against l outputs",
    words=(
        "The least value, over all populations, of the best k-sample product policy's worst case"
        " against l-tuples is g_l(k) = 1 - (l/(k+1)) (1 - (1-1/l)^(k+1)), attained by l users with"
        " distinct favourites. g_1(k) = k/(k+1), g_2(3) = 17/32, g_l(l) -> 1/e; g_l(k) exceeds P7's"
        " 1 - l/(k+1) for every l >= 2, so that is not the best product rate."
    ),
    latex=(
        r"\min_{\text{populations}}\max_\pi\min_T W(\pi^k,T)=g_l(k)"
        r"=1-\tfrac l{k+1}\Bigl(1-\bigl(1-\tfrac1l\bigr)^{k+1}\Bigr)\ge1-\tfrac l{k+1}"
    ),
    hypotheses=["k, l >= 1", "finitely many responses and users, weak orders, rational weights"],
    obligations=[
        MINIMAX,
        Obligation(
            "so answer a mixture D over l-tuples by its average marginal pi: D's T is picked with"
            " chance the mean of the integral of j t^(j-1) (L+tp)^k, j its best positions (E1)",
            Agreement(_answered, wrong={"copies": False}),
        ),
        Obligation(
            "which is the mean of M^k, M the largest of the positions' quantiles, uniform on"
            " [L, L+p]: the largest of j uniforms has the law t^j",
            Identity(j * t ** (j - 1), diff(t**j, t), wrong=diff(t ** (j + 1), t)),
        ),
        Obligation(
            "the quantile of a random position is uniform on [0, 1]: at most z in [L, L+p] with"
            " chance L (all below) plus p (z-L)/p",
            Identity(z, L + p * ((z - L) / p), wrong=L + p * (z / p)),
        ),
        Obligation("as counted from D", Agreement(_quantiles, wrong={"answer": False})),
        Obligation(
            "with a = 1 - 1/l, M^k is at most a^k plus the sum over positions of the positive parts"
            " of c^k - a^k; averaged, a^k plus l times the integral of c^k - a^k over [a, 1] is"
            " the integral of l c^k there",
            Integrates(
                l * (c**k - a**k),
                l * (c ** (k + 1) / (k + 1) - a**k * c),
                c,
                a,
                1,
                gained,
                wrong=gained + a**k,
            ),
        ),
        Obligation(
            "that leaves 1 - a^k - (l (1 - a^(k+1))/(k+1) - a^k) = g_l(k) for pi",
            Identity(rate(k, l), 1 - a**k - gained, wrong=1 - gained),
        ),
        Obligation("as counted position by position", Agreement(_held, wrong={"answer": False})),
        Obligation(
            "attained: l users with distinct favourites, opponent (a_1..a_l): user j picks the"
            " opponent's with chance [1 - (1-p_j)^(k+1)]/((k+1) p_j), p_j the mass of a_j",
            Agreement(_favourites, wrong={"extra": 1}),
        ),
        Obligation(
            "the integral of (1 - s p_j)^k",
            Integrates(
                (1 - s * p) ** k,
                -((1 - s * p) ** (k + 1)) / ((k + 1) * p),
                s,
                0,
                1,
                (1 - (1 - p) ** (k + 1)) / ((k + 1) * p),
                wrong=(1 - (1 - p) ** k) / ((k + 1) * p),
            ),
        ),
        TANGENT,
        TERMS,
        Obligation(
            "summed over users, the tangents at 1 - s/l add k (1-s/l)^(k-1) s (1 - P), P the mass"
            " of all favourites",
            Identity(
                k * (1 - s / l) ** (k - 1) * s * (1 - P),
                k * (1 - s / l) ** (k - 1) * (l - s * P - l * (1 - s / l)),
                wrong=k * (1 - s / l) ** (k - 1) * (l - s * P - (1 - s / l)),
            ),
        ),
        Obligation(
            "nonnegative, with z for 1 - s/l and o for 1 - P: so no pi loses less than"
            " the integral of (1 - s/l)^k",
            Sign(k * z ** (k - 1) * s * o, wrong=-k * z ** (k - 1) * s * o),
        ),
        Obligation(
            "that is 1 - g_l(k)",
            Integrates(
                even,
                -((1 - s / l) ** (k + 1)) * l / (k + 1),
                s,
                0,
                1,
                1 - rate(k, l),
                wrong=1 - rate(k + 1, l),
            ),
        ),
        Obligation(
            "and what the even policy on the favourites wins",
            Agreement(_evenly, least=12, wrong={"more": 1}),
        ),
        Obligation(
            "g_1(k) = k/(k+1)",
            Identity(k / (k + 1), rate(k, Integer(1)), wrong=rate(k, Integer(2))),
        ),
        Obligation(
            "g_2(3) = 17/32",
            Identity(rate(Integer(3), Integer(2)), Rational(17, 32), wrong=Rational(1, 2)),
        ),
        Obligation("g_l(l) -> 1/e", Limit(rate(l, l), l, 1 / sympy.E, wrong=1 - 1 / sympy.E)),
        Obligation(
            "g_l(k) exceeds 1 - l/(k+1) by (l/(k+1)) (1-1/l)^(k+1)",
            Identity(
                slack, l / (k + 1) * (1 - 1 / l) ** (k + 1), wrong=l / (k + 1) * (1 - 1 / l) ** k
            ),
        ),
        Obligation(
            "which is positive for every l = v + 1 >= 2",
            Sign(
                (v + 1) / (k + 1) * (v / (v + 1)) ** (k + 1),
                strict=True,
                wrong=v / (k + 1) * ((v - 1) / v) ** (k + 1),
            ),
        ),
    ],
    rests_on=["E1", "Kneser and Fan's minimax theorem"],
    not_proved=[
        "That every population has a best product policy: a continuous function on the simplex.",
    ],
)
