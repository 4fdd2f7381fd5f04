"""P7: against opponents with l outputs an equilibrium still wins 1 - l/(k+1), and not always more.

The bound counts the opponent's positions one by one: company never helps a position to be picked.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import comb
from random import Random

from sympy import Integer

from proofs_checks.cases import masses, point, random_instances, random_policy
from proofs_checks.claims import Agreement, Identity, Inequality, Pairs
from proofs_checks.definition import Users, best_positions, draws, sure, total, utility, win_rate
from proofs_checks.obligations import Obligation, Theorem
from proofs_checks.symbols import shared

k, j, l, i, spare, rise, power = shared("k j l i spare rise power")
a, b = shared("a_or_0 b_or_0")

One = Fraction(1)


def chance(k: int, j: int, L: Fraction, p: Fraction) -> Fraction:
    """The chance that j equal positions win against k draws: i of them tie, the rest lie below."""
    return total(comb(k, i) * L ** (k - i) * p**i * Fraction(j, i + j) for i in range(k + 1))


def chance_of(users: Users, pi: Sequence[Fraction], k: int, T: Sequence[int]) -> Fraction:
    """The chance that a position of T is picked against k draws from pi, by `chance`."""
    picked = Fraction(0)
    for weight, ranking in users:
        best = best_positions(ranking, T)
        picked += weight * chance(k, len(best), *masses(ranking, pi, T[best[0]]))
    return picked


def tuples(distinct: bool = False) -> Pairs:
    """(the chance that T is picked, by the definition, and by `chance_of`)."""
    for rng, users, n in random_instances(seed=7, count=25, most_responses=3):
        pi, k, l = random_policy(rng, n), rng.randint(1, 3), rng.randint(1, 3)
        T = [rng.randrange(n) for _ in range(l)]
        seen = sorted(set(T)) if distinct else T
        yield 1 - win_rate(users, draws(pi, k), sure(T)), chance_of(users, pi, k, seen)


def tight(k: int, l: int, rng: Random) -> Users:
    """Responses z = 0 and 1..l: for each of the latter a 1/(k+1) share of users has it first and z
    second, everybody else has z first; the rest of every ranking is arbitrary."""
    groups = [(Fraction(1, k + 1), [y, 0]) for y in range(1, l + 1)]
    if l <= k:
        groups.append((1 - Fraction(l, k + 1), [0]))
    users = []
    for weight, top in groups:
        rest = [y for y in range(l + 1) if y not in top]
        users.append((weight, [[y] for y in (*top, *rng.sample(rest, len(rest)))]))
    return users


def _tight_cases(extra: int = 0) -> Pairs:
    """The largest utility at the point mass on z, and what it wins against 1..l."""
    rng = Random(7)
    for k in range(1, 5):
        for l in range(1, k + 2):
            users, pi = tight(k, l, rng), point(l + 1, 0)
            yield max(utility(users, pi, y, k) for y in range(l + 1)), Fraction(1, k + 1)
            won = win_rate(users, sure([0] * k), sure(range(1, l + 1)))
            yield won, 1 - Fraction(l + extra, k + 1)


share = 1 / (k + 1)  # the weight of each group that prefers a y_j to z
alone = Integer(1) ** k  # a y above z: L = 1, p = 0
tied = ((Integer(0) + 1) ** (k + 1) - Integer(0) ** (k + 1)) / (k + 1)  # z itself: L = 0, p = 1
beaten = Integer(0) ** k  # z above y: L = p = 0

THEOREM = Theorem(
    source="P7",
    title="Opponents with l outputs",
    words=(
        "If pi is a symmetric equilibrium of the (k+1)-player game, pi^k wins at least 1 - l/(k+1)"
        " against every l-tuple. For every k and every l <= k+1 some population has an equilibrium"
        " that wins exactly 1 - l/(k+1) against some l-tuple, and for l > k+1 one that wins 0."
    ),
    latex=(
        r"\max_y u_y(\pi)\le\tfrac1{k+1}\ \Rightarrow\ \min_{|T|=l} W(\pi^k,T)\ge 1-\tfrac{l}{k+1},"
        r"\quad\text{tight for every } k\ge1,\ l\le k+1"
    ),
    hypotheses=["k >= 1, l >= 1", "pi a symmetric equilibrium of the (k+1)-player game"],
    obligations=[
        Obligation(
            "T is picked with chance sum_i C(k,i) L^(k-i) p^i j/(i+j), averaged over users, with"
            " L, p of T's best class and j of T's positions in it: counted position by position",
            Agreement(tuples, wrong={"distinct": True}),
        ),
        Obligation(
            "union bound, term by term: j/(i+j) <= j/(i+1), and with 1/(i+1) the sum is one"
            " position's own utility; so T's best positions, hence all its positions, have"
            " utilities that sum to at least T's chance",
            Inequality(j / (i + 1), at_least=j / (i + j), wrong=1 / (i + 1)),
        ),
        Obligation(
            "at an equilibrium l utilities of at most 1/(k+1) each leave W >= 1 - l/(k+1): with"
            " u_y = 1/(k+1) - a for the position after l others the bound moves on from l to l+1"
            " (for l = 1 it is the definition of an equilibrium)",
            Inequality(
                (1 - l / (k + 1) + b) - (share - a),
                at_least=1 - (l + 1) / (k + 1),
                wrong=(1 - l / (k + 1) + b) - (share + a),
            ),
        ),
        Obligation(
            "the tight population exists for every l <= k+1 (k+1 = l + spare): l groups of weight"
            " 1/(k+1) leave a weight of (k+1-l)/(k+1) >= 0",
            Inequality(
                1 - l * share.subs(k, l + spare - 1),
                wrong=1 - (l + 1) * share.subs(k, l + spare - 1),
            ),
        ),
        Obligation(
            "at the point mass on z: u_z = phi_k(0, 1) = 1/(k+1)",
            Identity(tied, share, wrong=1 / k),
        ),
        Obligation(
            "and u of y_j is 1/(k+1) too, since only its group prefers it to z: an equilibrium",
            Identity(
                share,
                share * alone + (1 - share) * beaten,
                wrong=share * alone + (1 - share) * tied,
            ),
        ),
        Obligation(
            "against (y_1, ..., y_l) the l groups pick their y_j for sure, the others z: W is"
            " exactly 1 - l/(k+1)",
            Identity(
                1 - l / (k + 1),
                1 - l * share * alone - (1 - l * share) * beaten,
                wrong=1 - l * share * tied - (1 - l * share) * beaten,
            ),
        ),
        Obligation(
            "equilibrium and win rate of the tight population, counted position by position",
            Agreement(_tight_cases, wrong={"extra": 1}),
        ),
        Obligation(
            "more positions never hurt T. One more in its best class: j/(i+j) increases with j",
            Inequality((j + 1) / (i + j + 1), at_least=j / (i + j), wrong=(j + 1) / (i + j + 2)),
        ),
        Obligation(
            "one in a worse class changes nothing; one in a better class: T's chance was at most"
            " (L+p)^k, as j/(i+j) <= 1",
            Inequality(1 - j / (i + j), wrong=1 - (j + 1) / (i + j)),
        ),
        Obligation(
            "and is now at least (mass below the better class)^k, a k-th power of a + b with"
            " a = L+p, b >= 0. Base: k = 1",
            Inequality((a + b) - a, wrong=(a + b) - 2 * a),
        ),
        Obligation(
            "step: (a+b)^(k+1) - a^(k+1) = (a+b) [(a+b)^k - a^k] + b a^k",
            Identity(
                (a + b) ** (k + 1) - a ** (k + 1),
                (a + b) * ((a + b) ** k - a**k) + b * a**k,
                wrong=(a + b) * ((a + b) ** k - a**k),
            ),
        ),
        Obligation(
            "where both terms are nonnegative. So a tuple that wins all (l = k+1 above) still wins"
            " all when it grows, and nothing is guaranteed for l >= k+1",
            Inequality((a + b) * rise + b * power, wrong=(a + b) * rise - b * power),
        ),
    ],
    rests_on=["P1 (a symmetric equilibrium is a pi with u_y(pi) <= 1/(k+1) for all y)"],
    not_proved=[
        "That i of k independent draws tie with T's best class and none lies above it with chance"
        " C(k,i) L^(k-i) p^i, and that these chances and the other positions' utilities are"
        " nonnegative, so that term by term inequalities add up."
    ],
)
