"""E8: the equilibria run from a maximal lottery (k = 1) to random dictatorship (k -> infinity)."""

from __future__ import annotations

import random
from fractions import Fraction

from sympy import Abs, Max

from proofs_checks.cases import by_masses, random_instances, random_policy, random_ranking
from proofs_checks.claims import Agreement, Identity, Inequality, Pairs
from proofs_checks.definition import Users, rank, total, utility
from proofs_checks.obligations import Obligation, Theorem
from proofs_checks.p1_guarantee import phi
from proofs_checks.symbols import shared

k, N, x, L, p, mass, s, d = shared("k N x_or_0 L p pi_positive s d_real")

POWER_BOUND = (
    Obligation(
        "(1-x)^N (1+Nx) <= 1, base N = 0",
        Identity(1, (1 - x) ** 0 * (1 + 0 * x), wrong=(1 - x) ** 0 * (1 + 1 * x)),
    ),
    Obligation(
        "(1-x)^N (1+Nx) <= 1, step: from N to N+1 the left side does not grow, for"
        " (1-x)(1+(N+1)x) <= 1+Nx",
        Inequality(
            (1 + N * x) - (1 - x) * (1 + (N + 1) * x),
            {x: (0, 1), N: (0, None)},
            wrong=(1 + N * x) - (1 - x) * (1 + (N + 2) * x),
        ),
    ),
)
"""(1-x)^N <= 1/(1+Nx) for 0 <= x <= 1, by induction on N; other proofs use it too."""


def favoured(draws: int, share: Fraction) -> Fraction:
    """The chance that a user picks her only favourite, of mass `share`, against the draws."""
    return phi(draws, 1 - share, share)


def _first_choices(shift: int = 0) -> Pairs:
    rng = random.Random(80)
    for _ in range(30):
        n, draws = rng.randint(1, 4), rng.randint(1, 3)
        y = rng.randrange(n)
        rest = [[z + (z >= y) for z in tied] for tied in random_ranking(rng, n - 1)]
        pi = random_policy(rng, n)
        users: Users = [(Fraction(1), [[y], *rest])]
        yield favoured(draws + shift, pi[y]), utility(users, pi, y, draws)


def _split_users(shift: int = 0) -> Pairs:
    """u_y is the favourites' part plus the other users' part, which is a win rate of its own."""
    for rng, users, n in random_instances(seed=81, count=20, strict=True):
        pi, y, draws = random_policy(rng, n), rng.randrange(n), rng.randint(1, 3)
        fans = total(w for w, ranking in users if rank(ranking, y) == 0)
        others = [(w, ranking) for w, ranking in users if rank(ranking, y) > 0]
        rest = (1 - fans) * utility(others, pi, y, draws) if others else Fraction(0)
        yield fans * favoured(draws + shift, pi[y]) + rest, utility(users, pi, y, draws)


def _margins(factor: Fraction = Fraction(1, 2)) -> Pairs:
    for rng, users, n in random_instances(seed=82, count=25):
        pi, y = random_policy(rng, n), rng.randrange(n)
        margin = by_masses(users, pi, y, lambda L, p: L - (1 - L - p))
        yield Fraction(1, 2) + factor * margin, utility(users, pi, y, 1)


def _rational_equilibria(extra: int = 0) -> Pairs:
    """Two responses, k = 2: for 1/3 <= s <= 2/3 the point (3s-1, 2-3s) is the equilibrium."""
    for parts in range(10, 21):
        share = Fraction(parts, 30)
        users: Users = [(share, [[0], [1]]), (1 - share, [[1], [0]])]
        pi, shares = [3 * share - 1, 2 - 3 * share], [share, 1 - share]
        for y in range(2):
            yield utility(users, pi, y, 2) <= Fraction(1, 3), True
            yield pi[y] >= shares[y] - Fraction(1, 3 + extra), True
        pairs = list(zip(pi, shares, strict=True))
        distance = sum(abs(mass - share) for mass, share in pairs)
        yield distance <= 2 * sum(share * (1 - mass) ** 3 for mass, share in pairs), True


phi_k = ((L + p) ** (k + 1) - L ** (k + 1)) / ((k + 1) * p)
missed = (1 - mass) ** (k + 1)
by_fans = s * (1 - missed) / ((k + 1) * mass)

THEOREM = Theorem(
    source="E8",
    title="From maximal lottery to random dictatorship",
    words=(
        "Let every user have one favourite, y with share s_y. A symmetric equilibrium pi of the"
        " (k+1)-player game has |pi - s|_1 <= 2 sum_y s_y (1 - pi_y)^(k+1), and"
        " pi_y >= s_y - 1/(k+1) for every y; so both sides are at most 2f/(k+1), with f the number"
        " of favourites. At k = 1 it is a maximal lottery; as k grows it tends to random"
        " dictatorship s."
    ),
    latex=(
        r"|\pi-s|_1\le 2\sum_y s_y(1-\pi_y)^{k+1}\le\frac{2\ |\lbrace y:s_y>0\rbrace|}{k+1},\qquad"
        r" \pi_y\ge s_y-\tfrac1{k+1}"
    ),
    hypotheses=[
        "every user has a single best response (strict rankings do); ties below are free",
        "pi satisfies u_y(pi) <= 1/(k+1) for all y",
    ],
    obligations=[
        Obligation(
            "a user whose only favourite is y picks it with chance"
            " [1 - (1-pi_y)^(k+1)]/((k+1) pi_y), and surely if pi_y = 0",
            Agreement(_first_choices, wrong={"shift": 1}),
        ),
        Obligation(
            "u_y is s_y times that, plus the other users' share, which is not negative",
            Agreement(_split_users, wrong={"shift": 1}),
        ),
        Obligation(
            "so s_y [1 - (1-pi_y)^(k+1)]/((k+1) pi_y) = 1/(k+1) - r with r >= 0, and"
            " s_y (1-pi_y)^(k+1) - (s_y - pi_y) is (k+1) pi_y r: not negative (and 0 if pi_y = 0)",
            Identity(
                s * missed - (s - mass),
                (k + 1) * mass * (1 / (k + 1) - by_fans),
                wrong=k * mass * (1 / (k + 1) - by_fans),
            ),
        ),
        Obligation(
            "|d| = 2 max(d, 0) - d; with d = s_y - pi_y, which sums to zero, |pi - s|_1 is twice"
            " the sum of positive parts, each at most s_y (1-pi_y)^(k+1)",
            Identity(Abs(d), 2 * Max(d, 0).rewrite(Abs) - d, wrong=2 * Max(d, 0).rewrite(Abs) + d),
        ),
        *POWER_BOUND,
        Obligation(
            "at N = k+1, x = pi_y: s_y (1 - 1/(1 + N pi_y)) <= s_y (1 - (1-pi_y)^N) <= pi_y, and so"
            " pi_y >= s_y - 1/N where pi_y > 0 (where it is 0, s_y = u_y's first part <= 1/N)",
            Identity(
                (mass - s * (1 - 1 / (1 + N * mass))) * (1 + N * mass) / (N * mass),
                mass - (s - 1 / N),
                wrong=mass - (s - 1 / (N + 1)),
            ),
        ),
        Obligation(
            "so for each favourite y 1/N - s_y/(1 + N pi_y) is (pi_y - s_y + 1/N)/(1 + N pi_y), not"
            " negative, hence s_y (1-pi_y)^N <= 1/N: together at most f/N, which tends to 0",
            Identity(
                1 / N - s / (1 + N * mass),
                (mass - s + 1 / N) / (1 + N * mass),
                wrong=(mass - s) / (1 + N * mass),
            ),
        ),
        Obligation(
            "on exact equilibria of two responses and k = 2 both bounds hold, the second sharply",
            Agreement(_rational_equilibria, wrong={"extra": 1}),
        ),
        Obligation(
            "k = 1: a user's chance to pick y against one draw is L + p/2",
            Identity(L + p / 2, phi_k.subs(k, 1), wrong=phi_k.subs(k, 2)),
        ),
        Obligation(
            "which is 1/2 plus half of the mass below y less the mass above it",
            Identity(L + p / 2, (1 + L - (1 - L - p)) / 2, wrong=1 + (L - (1 - L - p)) / 2),
        ),
        Obligation(
            "so u_y - 1/2 is half of y's average margin over a draw from pi: no u_y exceeds 1/2 iff"
            " no response has a positive margin, which defines a maximal lottery",
            Agreement(_margins, wrong={"factor": Fraction(1)}),
        ),
    ],
    rests_on=["P1 (an equilibrium is a pi with u_y <= 1/(k+1) for all y)"],
    not_proved=[
        "That the other users' share is nonnegative, being a probability, and that inequalities"
        " may be summed over y and chained."
    ],
)
