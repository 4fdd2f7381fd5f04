"""E3: the average of a sequence of policies is at least as good as drawing one of them."""

from __future__ import annotations

from fractions import Fraction

from proofs_checks.calculus import Sums
from proofs_checks.cases import average, over, random_history, random_instances, regret
from proofs_checks.claims import Agreement, Identity, Inequality, Pairs, Sign
from proofs_checks.definition import Users, draws, sure, total, win_rate, worst_case
from proofs_checks.obligations import Obligation, Theorem
from proofs_checks.p6_self_play import worst_cases
from proofs_checks.p7_opponents import chance_of
from proofs_checks.symbols import shared

k, T, j, i, r, x, a, t, X, R = shared("k rounds j i r_from_0 x a t X R")

half = Fraction(1, 2)
EVEN: Users = [(half, [[0], [1]]), (half, [[1], [0]])]
ALTERNATING = [[Fraction(1), Fraction(0)], [Fraction(0), Fraction(1)]]


def _mixtures(averaged: bool = False) -> Pairs:
    for rng, users, n in random_instances(seed=31, count=25, most_responses=3):
        history, k = random_history(rng, n), rng.randint(1, 3)
        T = [rng.randrange(n) for _ in range(rng.randint(1, 2))]
        played = [average(history)] if averaged else history
        lost = total(chance_of(users, pi, k, T) for pi in played) / len(played)
        yield 1 - win_rate(users, over(history, k), sure(T)), lost


def _at_one(k: int = 1) -> Pairs:
    for rng, users, n in random_instances(seed=33, count=25, most_responses=3):
        history = random_history(rng, n)
        yield regret(users, [average(history)], k), regret(users, history, k) / len(history)


def _alternating(constant: int = 1) -> Pairs:
    for k in range(1, 7):
        middle = average(ALTERNATING)
        yield worst_case(EVEN, draws(middle, k))[0], Fraction(k, k + 1)
        drawn = Fraction(3 * k + constant, 4 * (k + 1))
        yield worst_case(EVEN, over(ALTERNATING, k))[0], drawn


above_tangent = x**k - a**k - k * a ** (k - 1) * (x - a)
term = (x - a) ** 2 * (i + 1) * a**i * x ** (k - 2 - i)
steps = i * a ** (i + 1) * x ** (k - 1 - i) - (i + 1) * a**i * x ** (k - i)

TANGENT = Obligation(
    "x^k lies above its tangent at a: x^k - a^k - k a^(k-1) (x-a) is"
    " sum_i (x-a)^2 (i+1) a^i x^(k-2-i) over 0 <= i < k-1 (for k = 1 nothing)",
    Sums(term, steps, i, 0, k - 1, above_tangent, wrong=x**k - a**k),
)

above = j * t ** (j - 1) * term.subs(k, i + r + 2)  # 0 <= i < k-1 is k = i + r + 2

TERMS = Obligation(
    "every term is nonnegative, also under the integral against j t^(j-1)",
    Sign(above, wrong=above / (x - a)),
)

CANCEL = Obligation(
    "summed over T numbers with sum X and average a = X/T, the tangents at a sum to T a^k",
    Identity(
        T * (X / T) ** k,
        (T * a**k + k * a ** (k - 1) * (X - T * a)).subs(a, X / T),
        wrong=(T * a**k + k * a ** (k - 1) * (X - a)).subs(a, X / T),
    ),
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
        r" W\Bigl(\bigl(\tfrac1T\sum_t\pi_t\bigr)^k,\vec y\Bigr)\ge\tfrac1T\sum_tW(\pi_t^k,\vec y)"
    ),
    hypotheses=["k, l, T >= 1", "any policies on finitely many responses, weak orders"],
    obligations=[
        Obligation(
            "the mixture loses to an l-tuple the average of what its policies lose, each the"
            " integral of j t^(j-1) x^k with x = L + tp (E1)",
            Agreement(_mixtures, wrong={"averaged": True}),
        ),
        Obligation(
            "so its worst case is 1 - (R_T + T/(k+1))/T = k/(k+1) - R_T/T",
            Identity(1 - (R + T / (k + 1)) / T, k / (k + 1) - R / T, wrong=k / (k + 1) - R),
        ),
        Obligation(
            "as counted position by position", Agreement(worst_cases, wrong={"mixture": False})
        ),
        TANGENT,
        TERMS,
        CANCEL,
        Obligation(
            "k = 1: no term is left, x is its own tangent",
            Identity(
                0,
                (x**k - a**k - k * a ** (k - 1) * (x - a)).subs(k, 1),
                wrong=(x**k - a**k - k * a ** (k - 1) * (x - a)).subs(k, 2),
            ),
        ),
        Obligation(
            "so for k = 1 average and mixture have the same worst case",
            Agreement(_at_one, wrong={"k": 2}),
        ),
        Obligation(
            "two responses, users split 50/50, alternating point masses: k/(k+1) against"
            " (3k+1)/(4(k+1)), which is 2/3 against 7/12 for k = 2",
            Agreement(_alternating, least=12, wrong={"constant": 2}),
        ),
        Obligation(
            "the second, for all k: against either response two agreeing halves win k/(k+1), of"
            " the disagreeing ones one wins nothing and one everything",
            Identity(
                (3 * k + 1) / (4 * (k + 1)),
                (k / (k + 1) + k / (k + 1) + 0 + 1) / 4,
                wrong=(k / (k + 1) + k / (k + 1) + 1 + 1) / 4,
            ),
        ),
        Obligation(
            "strictly better for every k >= 2",
            Inequality(
                k / (k + 1) - (3 * k + 1) / (4 * (k + 1)),
                {k: (2, None)},
                strict=True,
                wrong={k: (1, None)},
            ),
        ),
    ],
    rests_on=["E1"],
    not_proved=[
        "L and p at the average policy are the averages of L and p, so x at the average is the"
        " average a of the x_t for each user at each place; integrals and weighted sums"
        " keep the inequality; the maximum over y of an average is what R_T measures: by hand.",
        "Where some x_t or a is 0 the inequality follows by continuity.",
    ],
)
