"""P1: a symmetric equilibrium of the (k+1)-player game, sampled k times, guarantees k/(k+1)."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial

from sympy import Integer, binomial, diff

from proofs_checks.cases import by_masses, random_instances, random_policy
from proofs_checks.claims import Agreement, Identity, Pairs
from proofs_checks.definition import utility
from proofs_checks.obligations import Obligation, Theorem
from proofs_checks.symbols import shared

k, i, L, p, t, S = shared("k i L p t S")

Form = Callable[[int, Fraction, Fraction], Fraction]


def phi(k: int, L: Fraction, p: Fraction) -> Fraction:
    """The closed form of a user's chance to pick y against k draws."""
    return ((L + p) ** (k + 1) - L ** (k + 1)) / ((k + 1) * p) if p else L**k


def _utilities(form: Form = phi) -> Pairs:
    for rng, users, n in random_instances(seed=1, count=25):
        pi, draws, y = random_policy(rng, n), rng.randint(1, 3), rng.randrange(n)
        yield by_masses(users, pi, y, partial(form, draws)), utility(users, pi, y, draws)


class_term = p * ((S + p) ** (k + 1) - S ** (k + 1)) / ((k + 1) * p)

BINOMIAL = Obligation(
    "the binomial theorem, by induction over k: the base k = 1 is L+p itself, and the coefficients"
    " of (L+p)^k (L+p) are those of (L+p)^(k+1)",
    Identity(
        binomial(k + 1, i),
        binomial(k, i) + binomial(k, i - 1),
        wrong=binomial(k, i) + binomial(k, i + 1),
    ),
)

THEOREM = Theorem(
    source="P1",
    title="The guarantee",
    words=(
        "For every policy pi the utilities average to 1/(k+1) under pi itself. Hence pi is a"
        " symmetric equilibrium of the (k+1)-player alignment game iff u_y(pi) <= 1/(k+1) for all"
        " y iff pi sampled k times wins at least k/(k+1) against every response, and no product"
        " policy has a larger worst case."
    ),
    latex=(
        r"\sum_y \pi_y u_y(\pi) = \tfrac1{k+1},\qquad"
        r" \max_y u_y(\pi)\le\tfrac1{k+1}\iff \min_y W(\pi^k,y)\ge\tfrac{k}{k+1}"
    ),
    hypotheses=["k >= 1", "finitely many responses and users, weak orders, rational weights"],
    obligations=[
        Obligation(
            "the closed form phi_k(L, p), averaged over users, is the chance that y is picked"
            " against k draws, counted position by position",
            Agreement(_utilities, wrong={"form": lambda k, L, p: (L + p / 2) ** k}),
        ),
        Obligation(
            "sharing with i copies: C(k,i)/(i+1) = C(k+1,i+1)/(k+1), so the shares sum to the"
            " binomial expansion of [(L+p)^(k+1) - L^(k+1)]/((k+1)p)",
            Identity(
                binomial(k, i) / (i + 1),
                binomial(k + 1, i + 1) / (k + 1),
                wrong=binomial(k + 1, i) / (k + 1),
            ),
        ),
        BINOMIAL,
        Obligation(
            "the integral form: d/dt (L+tp)^(k+1)/((k+1)p) = (L+tp)^k",
            Identity(
                (L + t * p) ** k,
                diff((L + t * p) ** (k + 1) / ((k + 1) * p), t),
                wrong=diff((L + t * p) ** (k + 1) / (k * p), t),
            ),
        ),
        Obligation(
            "for one user a class of mass p above mass S adds [(S+p)^(k+1) - S^(k+1)]/(k+1), a step"
            " of S^(k+1)/(k+1), so that the classes telescope",
            Identity(
                class_term,
                ((S + p) ** (k + 1) - S ** (k + 1)) / (k + 1),
                wrong=((S + p) ** k - S**k) / (k + 1),
            ),
        ),
        Obligation(
            "from S = 0 to S = 1 that is 1/(k+1)",
            Identity(
                (Integer(1) ** (k + 1) - Integer(0) ** (k + 1)) / (k + 1), 1 / (k + 1), wrong=1 / k
            ),
        ),
        Obligation(
            "W(pi^k, y) = 1 - u_y(pi), so a utility of 1/(k+1) leaves k/(k+1)",
            Identity(1 - 1 / (k + 1), k / (k + 1), wrong=(k - 1) / (k + 1)),
        ),
    ],
    not_proved=[
        "That i of k independent draws fall into y's class and the others below it with chance"
        " C(k,i) L^(k-i) p^i: the binomial distribution; brute force agrees for k <= 3, n <= 4.",
        "That a maximum is at least a weighted average, so that max_y u_y >= 1/(k+1) with equality"
        " only if u_y = 1/(k+1) wherever pi_y > 0: one line, by hand.",
    ],
)
