"""P2: every population has a symmetric equilibrium for every k: a convex program reaches 1/(k+1).

The largest utility is convex in pi, so the minimax theorem bounds its minimum by P1's average.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from random import Random

from sympy import diff

from proofs_checks.calculus import Sums
from proofs_checks.cases import masses, random_instances, random_policy
from proofs_checks.claims import Agreement, Cited, Identity, Inequality, Pairs
from proofs_checks.definition import Users, total, utility
from proofs_checks.obligations import Obligation, Theorem
from proofs_checks.symbols import shared

k, i, L, p, t, lam, d, gap, rise, power = shared("k i L p t lam d gap rise power")
x, z = shared("x_or_0 z_or_0")  # L + tp at two policies

Zero, One, Half = Fraction(0), Fraction(1), Fraction(1, 2)


def mixed(share: Fraction, pi: Sequence[Fraction], other: Sequence[Fraction]) -> list[Fraction]:
    """share pi + (1 - share) other."""
    return [share * a + (1 - share) * b for a, b in zip(pi, other, strict=True)]


def _quotients(shift: int = 0) -> Pairs:
    """u_y as the polynomial sum_i (L+p)^i L^(k-i) / (k+1), p = 0 allowed."""
    for rng, users, n in random_instances(seed=2, count=25):
        pi, k, y = random_policy(rng, n), rng.randint(1, 3), rng.randrange(n)
        value = Zero
        for weight, ranking in users:
            L, p = masses(ranking, pi, y)
            terms = ((L + p) ** i * L ** (k - i) for i in range(k + 1 - shift))
            value += weight * total(terms) / (k + 1)
        yield utility(users, pi, y, k), value


def _masses_mix(square: bool = False) -> Pairs:
    for rng, users, n in random_instances(seed=3, count=25):
        pi, other = random_policy(rng, n), random_policy(rng, n)
        share = Fraction(rng.randint(1, 3), 4)
        weight = share**2 if square else share
        y, (_, ranking) = rng.randrange(n), users[0]
        both = zip(masses(ranking, pi, y), masses(ranking, other, y), strict=True)
        found = masses(ranking, mixed(share, pi, other), y)
        yield from zip(found, (weight * a + (1 - weight) * b for a, b in both), strict=True)


def averages(power: int = 1) -> Pairs:
    """(sum_y pi_y u_y(pi), 1/(k+1))."""
    for rng, users, n in random_instances(seed=4, count=25):
        pi, k = random_policy(rng, n), rng.randint(1, 3)
        average = total(mass * utility(users, pi, y, k) for y, mass in enumerate(pi))
        yield average, Fraction(1, (k + 1) ** power)


def least_on_segment(users: Users, D: Sequence[Fraction], k: int) -> Fraction:
    """min over pi of sum_y D_y u_y(pi), two responses and k <= 2: a convex quadratic in pi_0."""

    def value(x: Fraction) -> Fraction:
        return total(D[y] * utility(users, [x, 1 - x], y, k) for y in (0, 1))

    left, middle, right = value(Zero), value(Half), value(One)
    curvature = 2 * (left - 2 * middle + right)
    slope = right - left - curvature
    vertex = -slope / (2 * curvature) if curvature else Zero
    return min(left, right, value(min(max(vertex, Zero), One)))


def two_response_games() -> Iterator[tuple[Users, list[Fraction], int]]:
    """(users, an equilibrium in closed form, k): 0 above 1, 1 above 0, or tied; k = 1, 2."""
    rng = Random(5)
    for _ in range(15):
        weights = [Fraction(rng.randint(1, 9)) for _ in range(3)]
        above, below, tied = (weight / sum(weights) for weight in weights)
        users = [(above, [[0], [1]]), (below, [[1], [0]]), (tied, [[0, 1]])]
        two = min(max((2 * above - below) / (above + below), Zero), One)
        for k, x in ((1, Fraction(above >= below)), (2, two)):
            yield users, [x, 1 - x], k


def minimax(pure: bool = False) -> Pairs:
    """(an upper bound of min max, a lower bound of max min), which the theorem squeezes together;
    `pure` keeps the maximiser to single responses, where there is no such theorem."""
    for users, pi, k in two_response_games():
        upper = max(utility(users, pi, y, k) for y in (0, 1))
        answers = [[One, Zero], [Zero, One]] if pure else [pi]
        yield upper, max(least_on_segment(users, D, k) for D in answers)


stepped = (L + p) ** i * L ** (k - i) * p
stairs = (L + p) ** i * L ** (k + 1 - i)
stairs_end = (L + p) ** (k + 1) - L ** (k + 1)
middle = lam * x + (1 - lam) * z
convex_gap = lam * x**k + (1 - lam) * z**k - middle**k
next_gap = lam * x ** (k + 1) + (1 - lam) * z ** (k + 1) - middle ** (k + 1)

THEOREM = Theorem(
    source="P2",
    title="The family exists",
    words=(
        "For every k and every population the convex program min over pi of max_y u_y(pi) has the"
        " value 1/(k+1), and its minimisers are the symmetric equilibria of the (k+1)-player"
        " alignment game; so one exists."
    ),
    latex=r"\min_\pi\max_y u_y(\pi)=\tfrac1{k+1}\quad\text{for every population and } k\ge1",
    hypotheses=["k >= 1", "finitely many responses and users, weak orders, rational weights"],
    obligations=[
        Obligation(
            "(L+p)^i L^(k-i) p is a step, so sum_{i <= k} (L+p)^i L^(k-i) = [(L+p)^(k+1) -"
            " L^(k+1)]/p = (k+1) phi_k: a polynomial in pi, p = 0 included, hence continuous",
            Sums(stepped, stairs, i, 0, k + 1, stairs_end, wrong=(L + p) ** k - L**k),
        ),
        Obligation(
            "that polynomial, averaged over users, is u_y, counted position by position",
            Agreement(_quotients, wrong={"shift": 1}),
        ),
        Obligation(
            "phi_k is also the integral of (L+tp)^k over 0 <= t <= 1",
            Identity(
                diff((L + t * p) ** (k + 1) / ((k + 1) * p), t),
                (L + t * p) ** k,
                wrong=(L + t * p) ** (k + 1),
            ),
        ),
        Obligation(
            "L and p are linear in pi, hence L + tp is",
            Agreement(_masses_mix, wrong={"square": True}),
        ),
        Obligation(
            "x^k is convex on x >= 0, by induction. Base: x itself, gap_1 = 0",
            Identity(0, convex_gap.subs(k, 1), wrong=convex_gap.subs(k, 2)),
        ),
        Obligation(
            "step: with a = lambda, gap_{k+1} = (a x + (1-a) z) gap_k + a (1-a) (x-z)(x^k - z^k)",
            Identity(
                next_gap,
                middle * convex_gap + lam * (1 - lam) * (x - z) * (x**k - z**k),
                wrong=middle * convex_gap + lam * (x - z) * (x**k - z**k),
            ),
        ),
        Obligation(
            "x = z + d with d >= 0, as x and z may change places: rise_{k+1} = x rise_k + d z^k,"
            " where rise_k = x^k - z^k, rise_1 = d",
            Identity(
                (z + d) ** (k + 1) - z ** (k + 1),
                (z + d) * ((z + d) ** k - z**k) + d * z**k,
                wrong=(z + d) * ((z + d) ** k - z**k) + z**k,
            ),
        ),
        Obligation(
            "so that rise_{k+1} >= 0 if rise_k >= 0",
            Inequality((z + d) * rise + d * power, wrong=(z - d) * rise + d * power),
        ),
        Obligation(
            "and gap_{k+1} >= 0 if gap_k >= 0 and rise_k >= 0: x^k is convex for every k, so"
            " u_y, an integral and average of such powers, is convex in pi",
            Inequality(
                (lam * (z + d) + (1 - lam) * z) * gap + lam * (1 - lam) * d * rise,
                {lam: (0, 1)},
                wrong=(lam * (z + d) + (1 - lam) * z) * gap + lam * (1 - 2 * lam) * d * rise,
            ),
        ),
        Obligation(
            "sum_y D_y u_y(pi) is linear in D and convex in pi on compact convex sets: its min max"
            " is its max min",
            Cited(minimax, "Kneser and Fan's minimax theorem", wrong={"pure": True}),
        ),
        Obligation(
            "which is at most max over D of the value at pi = D, and that is 1/(k+1) by P1",
            Agreement(averages, wrong={"power": 2}),
        ),
    ],
    rests_on=["P1", "Kneser and Fan's minimax theorem"],
    not_proved=[
        "That max_y u_y is convex and nowhere below 1/(k+1); that a continuous function has a least"
        " value on the simplex, so that the minimum is attained; and that minimisers and equilibria"
        " are the same. Coq's proof needs no minimax theorem either.",
    ],
)
