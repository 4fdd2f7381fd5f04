"""E19: the joint optimum lies between k/(k+1) and 1 - 1/(2k), on every population."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations_with_replacement
from random import Random

from sympy import Rational

from proofs_checks.cases import random_instances, random_users
from proofs_checks.claims import Agreement, Identity, Pairs, Sign
from proofs_checks.definition import Policy, Users, best_positions, rank, sure, win_rate
from proofs_checks.e4_joint_rate import distinct_favourites
from proofs_checks.obligations import Obligation, Theorem
from proofs_checks.symbols import shared

k, x, y, a, b, v = shared("k x z a_from_0 d_from_0 b_or_0")

half = Rational(1, 2)


def random_joint_policy(rng: Random, n: int, k: int) -> Policy:
    """One to three k-tuples with their chances."""
    weights = [rng.randint(1, 4) for _ in range(rng.randint(1, 3))]
    return [(Fraction(w, sum(weights)), [rng.randrange(n) for _ in range(k)]) for w in weights]


def a_position(P: Policy, k: int) -> Policy:
    """A random position of the policy's tuple."""
    return [(chance / k, [y]) for chance, S in P for y in S]


def _best_position(users: Users, P: Policy, k: int) -> Fraction:
    """What the opponent wins with a random position of a copy S' if it is a best one of S': the
    mean of (j'/k) (1[S' above] + 1[tie]/(1+j))."""
    won = Fraction(0)
    for weight, ranking in users:
        for p, S in P:
            for q, other in P:
                ours, theirs = best_positions(ranking, S), best_positions(ranking, other)
                lower = rank(ranking, S[ours[0]]) - rank(ranking, other[theirs[0]])
                share = Fraction(1) if lower > 0 else Fraction(lower == 0, 1 + len(ours))
                won += weight * p * q * Fraction(len(theirs), k) * share
    return won


def _bounded(exactly: bool = False) -> Pairs:
    for rng, users, n in random_instances(seed=191, count=40):
        k = rng.randint(1, 3)
        P = random_joint_policy(rng, n, k)
        lost, best = 1 - win_rate(users, P, a_position(P, k)), _best_position(users, P, k)
        yield int(1 - lost >= best if not exactly else 1 - lost == best), 1


def _symmetric(factor: int = 2) -> Pairs:
    for rng, users, n in random_instances(seed=192, count=40):
        k = rng.randint(1, 3)
        P = random_joint_policy(rng, n, k)
        yield int(_best_position(users, P, k) >= Fraction(1, factor * k)), 1


def _upper_end(extra: int = 0) -> Pairs:
    """k users with k favourites: the least win rate of the favourites, shown once each."""
    for k in range(1, 5):
        for n in range(k, k + 3):
            users, S = distinct_favourites(k, n), sure(range(k))
            worst = min(win_rate(users, S, sure([y])) for y in range(n))
            yield worst, 1 - Fraction(1, 2 * k + extra)


def _lower_end(extra: int = 0) -> Pairs:
    """One user with a single best response: no tuple wins more against it than k/(k+1)."""
    rng = Random(193)
    for k in range(1, 4):
        for n in range(1, 4):
            _, ranking = random_users(rng, n, 1, strict=True)[0]
            best = ranking[0]
            rates = [
                win_rate([(Fraction(1), ranking)], sure(S), sure(best))
                for S in combinations_with_replacement(range(n), k)
            ]
            yield max(rates), Fraction(k, k + 1 + extra)
            copies = sure(list(best) * k)
            worst = min(win_rate([(Fraction(1), ranking)], copies, sure([y])) for y in range(n))
            yield worst, Fraction(k, k + 1)


shares = x / (1 + y) + y / (1 + x)
m, j = a + 1, b + 1  # two numbers of positions, seen to be at least 1

THEOREM = Theorem(
    source="E19",
    title="The joint optimum is capped",
    words=(
        "On every population the best k-output policy of any kind has a worst case between k/(k+1)"
        " and 1 - 1/(2k). Both are attained: by one user with a single best response, and by k"
        " users with k distinct favourites."
    ),
    latex=r"\tfrac k{k+1}\le\max_P\min_y W(P,y)\le1-\tfrac1{2k}",
    hypotheses=["k >= 1", "finitely many responses and users, weak orders; `uniform` ties"],
    obligations=[
        Obligation(
            "the opponent plays a random position of an independent copy S' of the policy's tuple."
            " It is a best one of S' with chance j'/k, and then wins 1 if S' is above S, 1/(1+j)"
            " if they tie, j and j' the positions in their best classes: on average at least that",
            Agreement(_bounded, wrong={"exactly": True}),
        ),
        Obligation(
            "S and S' may change places: the two orders together win j' or j where one is above"
            " the other, and j'/(1+j) + j/(1+j') where they tie. That exceeds 1 by a fraction",
            Identity(
                shares - 1,
                (x**2 + y**2 - x * y - 1) / ((1 + x) * (1 + y)),
                wrong=(x**2 + y**2 - x * y) / ((1 + x) * (1 + y)),
            ),
        ),
        Obligation(
            "whose numerator at j = a + 1, j' = b + 1 is (a-b)^2 + ab + a + b",
            Identity(
                m**2 + j**2 - m * j - 1,
                (a - b) ** 2 + a * b + a + b,
                wrong=(a - b) ** 2 + a * b + a - b,
            ),
        ),
        Obligation(
            "not negative: together at least 1, and each on average at least half of it",
            Sign((a - b) ** 2 + a * b + a + b, wrong=(a - b) ** 2 - a * b - 1),
        ),
        Obligation(
            "so the position wins at least (1/2)/k, and the policy at most 1 - 1/(2k)",
            Identity(1 - (half + v) / k, 1 - 1 / (2 * k) - v / k, wrong=1 - 1 / k - v / k),
        ),
        Obligation(
            "as counted for random policies: the mean of (j'/k)(..) is at least 1/(2k)",
            Agreement(_symmetric, wrong={"factor": 1}),
        ),
        Obligation(
            "attained: k users with k favourites. Each favourite once loses only half of one user,"
            " weight 1/k, against her favourite, and nothing against the others",
            Agreement(_upper_end, least=12, wrong={"extra": 1}),
        ),
        Obligation(
            "the lower end is E4's, attained by one user: against her single best response k copies"
            " of it win k/(k+1), all other tuples less",
            Agreement(_lower_end, least=18, wrong={"extra": 1}),
        ),
    ],
    rests_on=["E4 (k/(k+1) for every population)"],
    not_proved=[
        "That the opponent's random position is a mixture of single responses, so that some single"
        " response wins as much; that S, S' are exchangeable: by hand.",
    ],
)
