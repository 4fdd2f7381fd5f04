"""E11: the regret of self-play is never negative; it is at least an explicit sum of squares."""

from __future__ import annotations

from fractions import Fraction
from functools import partial

from sympy import Rational, diff

from proofs_checks.cases import History, average, random_history, random_instances, regret
from proofs_checks.claims import Agreement, Identity, Pairs
from proofs_checks.definition import Ranking, total, utility
from proofs_checks.e2_uniqueness import curve
from proofs_checks.e3_average import ALTERNATING, CANCEL, EVEN, TANGENT, TERMS
from proofs_checks.obligations import Obligation, Theorem
from proofs_checks.symbols import shared

k, L, p, t = shared("k L p t")


def _squares(ranking: Ranking, history: History, k: int, rise: int = 1) -> Rational:
    """Over all classes, the integral of a' sum_t sum_i (i+1) a^i x_t^(k-2-i) (x_t - a)^2."""
    squares = Rational(0)
    for tied in ranking:
        middle = curve(ranking, average(history), tied[0])
        for x in (curve(ranking, pi, tied[0]) for pi in history):
            for i in range(k - 1):
                term = (i + rise) * middle**i * x ** (k - 2 - i) * (x - middle) ** 2
                squares += (term * middle.diff()).integrate().eval(1)
    return squares


def _at_the_average(rise: int = 1) -> Pairs:
    for rng, users, n in random_instances(seed=111, count=25, most_responses=3):
        history, k = random_history(rng, n), rng.randint(1, 4)
        a = average(history)
        met = (a[y] * utility(users, pi, y, k) for pi in history for y in range(n))
        excess = total(met) - Fraction(len(history), k + 1)
        parts = (Rational(w) * _squares(ranking, history, k, rise) for w, ranking in users)
        yield excess, sum(parts, Rational(0))


def _attained(history: History) -> Pairs:
    for k in range(1, 5):
        for length in (1, 2, 3):
            yield regret(EVEN, list(history) * length, k), Fraction(0)


THEOREM = Theorem(
    source="E11",
    title="Regret is never negative",
    words=(
        "R_T = max_y sum_t u_y(pi_t) - T/(k+1) >= 0 for every sequence of policies. Against their"
        " average a the sequence's total, a lower bound of R_T, is a sum of integrals of squares"
        " (x_t - a)^2 with nonnegative weights."
    ),
    latex=(
        r"R_T\ge\sum_y\bar\pi_y\sum_tu_y(\pi_t)-\tfrac T{k+1}=\mathbf E_u\int_0^1"
        r"\sum_t\sum_{i=0}^{k-2}(i+1)a^ix_t^{k-2-i}(x_t-a)^2\ da\ge0"
    ),
    hypotheses=["k, T >= 1", "any policies on finitely many responses, weak orders"],
    obligations=[
        Obligation(
            "the identity: its left side counted position by position, its right side integrated"
            " class by class; a, x_t the cumulative masses of the average and of pi_t",
            Agreement(_at_the_average, wrong={"rise": 2}),
        ),
        TANGENT,
        CANCEL,
        TERMS,
        Obligation(
            "what is left, T times the integral of a^k over all classes, telescopes as in P1: a"
            " class of mass p adds a step of a^(k+1)/(k+1), in all 1/(k+1), and the squares remain",
            Identity(
                p * (L + t * p) ** k,
                diff((L + t * p) ** (k + 1) / (k + 1), t),
                wrong=diff((L + t * p) ** (k + 1) / k, t),
            ),
        ),
        Obligation(
            "zero is attained, by an equilibrium played throughout; alternating point masses have"
            " regret",
            Agreement(
                partial(_attained, history=[average(ALTERNATING)]),
                least=12,
                wrong={"history": ALTERNATING},
            ),
        ),
    ],
    rests_on=["P1", "E1"],
    not_proved=[
        "That a maximum over y is at least the average weighted by the average policy; that"
        " integrals of nonnegative functions are nonnegative; the case x_t = 0 or a = 0 of the"
        " tangent, by continuity: by hand."
    ],
)
