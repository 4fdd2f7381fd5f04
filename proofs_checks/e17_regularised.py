"""E17: regularised training: one policy for every temperature, and exactly what it guarantees."""

from __future__ import annotations

from fractions import Fraction
from math import lcm, prod
from random import Random

from sympy import log

from proofs_checks.cases import random_instances, random_policy
from proofs_checks.claims import Agreement, Cited, Identity, Pairs, Sign
from proofs_checks.definition import draws, utility, win_rate
from proofs_checks.e13_users_needed import GIBBS
from proofs_checks.obligations import Obligation, Theorem
from proofs_checks.pick_games import full_support
from proofs_checks.symbols import shared

k, tau, slack = shared("k tau slack")
p, z, q, rho = shared("p z S rho_positive")  # one response's masses: pi, pi', pi_0, rho
a, b, K = shared("a_or_0 b_or_0 B")  # KL of rho from pi_0, of rho from pi, of pi from pi_0
c, d = shared("c_real d_real")  # two constants

One = Fraction(1)


def _regularised(doubled: int = 1) -> Pairs:
    """Policies pi that are regularised exactly: e^(1/tau) = 2^D and pi_0 ~ pi 2^(-D u), D the
    utilities' common denominator. Compared are exponentials: two to the D E (k/(k+1) - W), and the
    product of powers that is e to the E times the divergences, E rho's and pi's denominator."""
    for rng, users, n in random_instances(seed=171, count=25, most_responses=3):
        k, pi, rho = rng.randint(1, 2), full_support(rng, n), random_policy(rng, n)
        us = [utility(users, pi, y, k) for y in range(n)]
        D = lcm(*(u.denominator for u in us))
        weights = [mass / 2 ** int(D * u) for mass, u in zip(pi, us, strict=True)]
        start = [weight / sum(weights) for weight in weights]
        E = lcm(*(mass.denominator for mass in (*pi, *rho)))

        def divergence(one: list[Fraction], other: list[Fraction], E: int = E) -> Fraction:
            """e to the power of E KL(one||other)."""
            pairs = [(int(E * m), m / o) for m, o in zip(one, other, strict=True) if m]
            return prod((ratio**power for power, ratio in pairs), start=One)

        W = win_rate(users, draws(pi, k), draws(rho, 1))
        lost = divergence(rho, start) / divergence(pi, start) / divergence(rho, pi)
        exponent = D * E * (Fraction(k, k + 1) - W)
        yield lost**doubled, Fraction(2) ** int(exponent)


def _fixed_points(jump: int = 0) -> Pairs:
    """The map x -> a - (a-b) x of [0, 1] into itself, b <= a, at x = a/(1+a-b); with a jump there
    it has no fixed point."""
    rng = Random(172)
    for _ in range(20):
        b, a = sorted(Fraction(rng.randint(0, 9), 9) for _ in range(2))
        fixed = a / (1 + a - b)
        yield a - (a - b) * fixed + Fraction(jump, 10), fixed


at_pi, at_other = tau * (log(p) - log(q)) + c, tau * (log(z) - log(q)) + d  # u_y(pi), u_y(pi')
constant = 1 / (k + 1) - tau * K
win = k / (k + 1) - tau * (a - K - b)

THEOREM = Theorem(
    source="E17",
    title="Regularised training",
    words=(
        "Let tau > 0 and pi_0 > 0. There is exactly one policy pi with pi_y proportional to"
        " pi_0(y) exp(u_y(pi)/tau), for every k >= 1, and for every rho W(pi^k, rho) = k/(k+1) -"
        " tau [KL(rho||pi_0) - KL(pi||pi_0) - KL(rho||pi)], which is at least k/(k+1) -"
        " tau KL(rho||pi_0). As tau -> 0 it tends to the equilibrium with the least KL from pi_0."
    ),
    latex=(
        r"W(\pi_\tau^k,\rho)=\tfrac k{k+1}-\tau\bigl[\mathrm{KL}(\rho\Vert\pi_0)"
        r"-\mathrm{KL}(\pi_\tau\Vert\pi_0)-\mathrm{KL}(\rho\Vert\pi_\tau)\bigr]"
        r"\ge\tfrac k{k+1}-\tau\ \mathrm{KL}(\rho\Vert\pi_0)"
    ),
    hypotheses=["k >= 1, tau > 0, pi_0 of full support", "finitely many responses, weak orders"],
    obligations=[
        Obligation(
            "existence: pi -> pi_0 exp(u(pi)/tau), normalised, is a continuous map of the simplex"
            " into itself",
            Cited(_fixed_points, "Brouwer's fixed point theorem", wrong={"jump": 1}),
        ),
        GIBBS,
        Obligation(
            "uniqueness: with u_y(pi) = tau ln(pi_y/pi_0(y)) + c, (u_y(pi) - u_y(pi'))(pi_y -"
            " pi'_y) is tau (pi_y - pi'_y) ln(pi_y/pi'_y) and a multiple of pi_y - pi'_y, which"
            " sums to 0",
            Identity(
                (at_pi - at_other) * (p - z),
                tau * (p - z) * (log(p) - log(z)) + (c - d) * (p - z),
                wrong=tau * (p - z) * (log(p) - log(z)),
            ),
        ),
        Obligation(
            "the former sums to tau (KL(pi||pi') + KL(pi'||pi)), while the whole is <= 0 by E2: so"
            " pi = pi'",
            Identity(
                (p - z) * (log(p) - log(z)),
                p * (log(p) - log(z)) + z * (log(z) - log(p)),
                wrong=p * (log(p) - log(z)) + z * (log(p) - log(z)),
            ),
        ),
        Obligation(
            "averaged over pi, u is 1/(k+1) (P1), so c = 1/(k+1) - tau KL(pi||pi_0)",
            Identity(1 / (k + 1), tau * K + constant, wrong=tau * K + constant - tau),
        ),
        Obligation(
            "averaged over rho, ln(pi/pi_0) is KL(rho||pi_0) - KL(rho||pi): one response's terms",
            Identity(
                rho * (log(p) - log(q)),
                rho * (log(rho) - log(q)) - rho * (log(rho) - log(p)),
                wrong=rho * (log(rho) - log(q)) + rho * (log(rho) - log(p)),
            ),
        ),
        Obligation(
            "so W(pi^k, rho) = 1 - <rho, u> is as stated, a, b, K the divergences KL(rho||pi_0),"
            " KL(rho||pi), KL(pi||pi_0)",
            Identity(win, 1 - (tau * (a - b) + constant), wrong=1 - (tau * (a + b) + constant)),
        ),
        Obligation(
            "exactly, for pi with e^(1/tau) a power of two and rational pi_0, as powers",
            Agreement(_regularised, wrong={"doubled": 2}),
        ),
        Obligation(
            "the two divergences that are added are not negative: W >= k/(k+1) - tau KL(rho||pi_0),"
            " and no response wins more than 1/(k+1) + tau ln(1/pi_0(y)), which tends to 1/(k+1)",
            Identity(tau * (K + b), win - (k / (k + 1) - tau * a), wrong=tau * (K - b)),
        ),
        Obligation(
            "for an equilibrium rho W(pi^k, rho) <= k/(k+1) (E12 with l = 1), k/(k+1) - slack: so"
            " KL(pi||pi_0) is KL(rho||pi_0) less KL(rho||pi) and slack/tau",
            Identity(
                k / (k + 1) - slack,
                win.subs(a, K + b + slack / tau),
                wrong=win.subs(a, K + b - slack / tau),
            ),
        ),
        Obligation(
            "both of which are nonnegative: limit points have no more KL from pi_0 than any"
            " equilibrium",
            Sign(b + slack / tau, wrong=b - slack / tau - 1),
        ),
    ],
    rests_on=["P1", "E1", "E2", "E12 (W(rho^k, pi) <= k/(k+1))", "Brouwer's fixed point theorem"],
    not_proved=[
        "That limit points of pi, as tau -> 0, are equilibria (u is continuous), that equilibria"
        " are a convex set (the minimisers of a convex function, E1), and that KL(.||pi_0) is"
        " strictly convex, so that only one of them has the least: by hand.",
        "Terms with rho_y = 0 vanish, and pi is positive everywhere: by hand.",
    ],
)
