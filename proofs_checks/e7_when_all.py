"""E7: when k/(k+1) is all that any k-output policy can guarantee."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from itertools import product

from proofs_checks.cases import compared, point, random_instances, random_policy, random_ranking
from proofs_checks.claims import Agreement, Cited, Identity, Inequality, Pairs
from proofs_checks.definition import (
    Policy,
    Ranking,
    Users,
    draws,
    rank,
    sure,
    total,
    utility,
    win_rate,
    worst_case,
)
from proofs_checks.e6_ties import minimax_cases
from proofs_checks.obligations import Obligation, Theorem
from proofs_checks.symbols import shared

k, j, T, A, B, mass, slack = shared("k j_from_0 T A B p_or_0 slack")


def _self_play(shift: int = 0) -> Pairs:
    for rng, users, n in random_instances(seed=70, count=20):
        D, size = random_policy(rng, n), rng.randint(1, 3)
        expected = Fraction(size + shift, size + 1 + shift)
        yield win_rate(users, draws(D, size), draws(D, 1)), expected


def _squared(ranking: Ranking, D: Sequence[Fraction]) -> Fraction:
    return total(total(D[y] for y in tied) ** 2 for tied in ranking)


def _copies(shift: int = 0) -> Pairs:
    for rng, users, n in random_instances(seed=71, count=25):
        D, size = random_policy(rng, n), rng.randint(1, 3)
        copies = [(chance, (y,) * size) for y, chance in enumerate(D)]
        squares = total(weight * _squared(ranking, D) for weight, ranking in users)
        formula = (1 - squares) / 2 + squares / (size + 1 + shift)
        yield formula, 1 - win_rate(users, copies, draws(D, 1))


def _clones(same: bool = True) -> Pairs:
    rng = random.Random(72)
    for _ in range(20):
        rankings = [random_ranking(rng, 3) for _ in range(3)]
        if same:  # response 3 is everybody's clone of response 0
            rankings = [[[*tied, 3] if 0 in tied else tied for tied in r] for r in rankings]
        else:
            rankings = [[*ranking, [3]] for ranking in rankings]
        users: Users = [(Fraction(1, 3), ranking) for ranking in rankings]
        D = [Fraction(1, 4), Fraction(0), Fraction(0), Fraction(3, 4)]
        S = [rng.randrange(4) for _ in range(rng.randint(1, 3))]
        yield win_rate(users, sure(S), draws(D, 1)), win_rate(users, sure(S), sure([0]))


def _one_deviation(shift: int = 0) -> Pairs:
    for rng, users, n in random_instances(seed=73, count=25):
        size, a, y = rng.randint(2, 4), rng.randrange(n), rng.randrange(n)
        above, tied, below = compared(users, a, y)
        formula = above + tied * Fraction(size, size + 1) + below * Fraction(size - 1, size)
        yield formula, win_rate(users, sure([*[y] * (size - 1), a]), sure([y]))
        yield above + tied / (size + 1 + shift), utility(users, point(n, y), a, size)


def _strict_tuples(shift: int = 0) -> Pairs:
    for rng, users, n in random_instances(seed=74, count=30, strict=True):
        S, y = [rng.randrange(n) for _ in range(rng.randint(1, 4))], rng.randrange(n)
        above = total(w for w, r in users if min(rank(r, a) for a in S) < rank(r, y))
        copies = S.count(y) + shift
        formula = above + (1 - above) * Fraction(copies, copies + 1)
        yield formula, win_rate(users, sure(S), sure([y]))


_QUARTER = Fraction(1, 4)
# Responses y = 0, a = 1, b = 2; users a>y>b, b>y>a, {b,y}>a, {a,y}>b.
COUNTEREXAMPLE: Users = [
    (_QUARTER, [[1], [0], [2]]),
    (_QUARTER, [[2], [0], [1]]),
    (_QUARTER, [[2, 0], [1]]),
    (_QUARTER, [[1, 0], [2]]),
]
OPPONENT = [Fraction(0), Fraction(1, 2), Fraction(1, 2)]
CYCLE: Users = [(Fraction(1, 3), [[x], [(x + 1) % 3], [(x + 2) % 3]]) for x in range(3)]


def _value(users: Users, size: int, P: Policy, D: Sequence[Fraction], value: Fraction) -> Pairs:
    """P guarantees the value, and D holds every tuple down to it: primal and dual."""
    yield worst_case(users, P)[0], value
    tuples = product(range(len(D)), repeat=size)
    yield max(win_rate(users, sure(S), draws(D, 1)) for S in tuples), value


def _counterexample(value: Fraction = Fraction(3, 4)) -> Pairs:
    for a in range(3):
        yield utility(COUNTEREXAMPLE, point(3, 0), a, 2), Fraction(1, 3)
    yield from _value(COUNTEREXAMPLE, 2, sure([1, 2]), OPPONENT, value)


def _cycle(size: int = 1) -> Pairs:
    third = [Fraction(1, 3)] * 3
    yield from _value(CYCLE, size, draws(third, size), third, Fraction(size, size + 1))
    for y in range(3):
        most = max(utility(CYCLE, point(3, y), a, size) for a in range(3))
        yield most, Fraction(2, 3)  # more than 1/(size+1): no point mass is an equilibrium


rate = k / (k + 1)
deviation = A + T * rate + (1 - A - T) * (k - 1) / k
gain = A + T / (k + 1)
P_above = (k - j) / (k + 1) - slack
against = P_above + (1 - P_above) * j / (j + 1)

THEOREM = Theorem(
    source="E7",
    title="When k/(k+1) is all there is",
    words=(
        "Let k >= 2. If no k-output policy guarantees more than k/(k+1), then some point mass is a"
        " symmetric equilibrium; more precisely, the joint value is k/(k+1) if and only if some"
        " single response holds every k-tuple to k/(k+1). For strict rankings that is so if"
        " and only if some y has P(y above a) >= k/(k+1) for all other a. For weak orders a"
        " point-mass equilibrium does not suffice: four users have one at k = 2, and joint value"
        " 3/4."
    ),
    latex=(
        r"\max_P\min_y W(P,y)=\tfrac{k}{k+1}\Rightarrow\exists y\ \forall a:\ u_a(\delta_y)\le"
        r"\tfrac1{k+1};\qquad\text{strict: }\iff\exists y\ \forall a\ne y:\ "
        r"P(y\succ a)\ge\tfrac{k}{k+1}"
    ),
    hypotheses=["k >= 2", "`uniform` ties", "strict rankings for the equivalence"],
    obligations=[
        Obligation(
            "if the value is k/(k+1), some mixture D of opponents holds every S to at most k/(k+1)",
            Cited(minimax_cases, "von Neumann's minimax theorem", wrong={"mixed": False}),
        ),
        Obligation(
            "W(D^k, D) = k/(k+1), so every S in supp(D)^k, (y, ..., y) too, attains k/(k+1)"
            " exactly: none is above the average",
            Agreement(_self_play, wrong={"shift": 1}),
        ),
        Obligation(
            "y ~ D copied k times loses (1-T)/2 + T/(k+1) against D on average, T a user's sum of"
            " squared class masses of D: the draws fall into one class, or either is the better",
            Agreement(_copies, wrong={"shift": 1}),
        ),
        Obligation(
            "which exceeds 1/(k+1) by (1-T)(k-1)/(2(k+1)), so that the users' average of 1-T is"
            " zero",
            Identity(
                (1 - T) / 2 + T / (k + 1) - 1 / (k + 1),
                (1 - T) * (k - 1) / (2 * (k + 1)),
                wrong=(1 - T) * k / (2 * (k + 1)),
            ),
        ),
        Obligation(
            "for (k-1)/(2(k+1)) is positive where k >= 2",
            Inequality((k - 1) / (2 * (k + 1)), {k: (2, None)}, strict=True, wrong={k: (1, None)}),
        ),
        Obligation(
            "1 - T is a sum of m(1-m) over class masses m, none negative: all are 0 or 1, and"
            " every user has supp(D) in a single class",
            Inequality(mass * (1 - mass), {mass: (0, 1)}, wrong={mass: (0, 2)}),
        ),
        Obligation(
            "so D acts as any y of its support: W(S, y) = W(S, D) <= k/(k+1) for every S",
            Agreement(_clones, wrong={"same": False}),
        ),
        Obligation(
            "with A, T, B the weights of a above, tied with, below y: W((y, ..., y, a), y) ="
            " A + T k/(k+1) + B (k-1)/k for k-1 copies of y, and u_a(y) = A + T/(k+1)",
            Agreement(_one_deviation, wrong={"shift": -1}),
        ),
        Obligation(
            "hence W((y, ..., y, a), y) - k/(k+1) = (u_a(y) - 1/(k+1))/k: at most 0 for every a,"
            " and the point mass on y is an equilibrium",
            Identity(deviation - rate, (gain - 1 / (k + 1)) / k, wrong=gain - 1 / (k + 1)),
        ),
        Obligation(
            "strict rankings: S with j copies of y wins P + (1-P) j/(j+1) against y, P the weight"
            " of the users with a member of S above y",
            Agreement(_strict_tuples, wrong={"shift": 1}),
        ),
        Obligation(
            "if each a is above y with weight at most 1/(k+1), then P = (k-j)/(k+1) - s with s >= 0"
            " and W(S, y) = k/(k+1) - s/(j+1): the opponent y holds every S to k/(k+1)",
            Identity(against, rate - slack / (j + 1), wrong=rate - slack / (j + 2)),
        ),
        Obligation(
            "weak orders a>y>b, b>y>a, {b,y}>a, {a,y}>b, k = 2: all utilities against the point"
            " mass on y are 1/3, (a, b) guarantees 3/4, and a or b at random allows no more",
            Agreement(_counterexample, least=5, wrong={"value": Fraction(2, 3)}),
        ),
        Obligation(
            "k = 1 is an exception: Condorcet's cycle has value 1/2, but against every point mass"
            " some response gains 2/3",
            Agreement(_cycle, least=5, wrong={"size": 2}),
        ),
    ],
    rests_on=["P1 and P2 (the joint value is at least k/(k+1))", "von Neumann's minimax theorem"],
    not_proved=[
        "The win rates of k copies of y, of (y, ..., y, a) and of S with j copies of y, for all k:"
        " read off user by user; brute force agrees for k <= 4.",
        "That numbers of average k/(k+1), none above it, all equal it, and that a weighted sum of"
        " nonnegative terms vanishes only with each of them.",
        "The union bound: at most k-j responses, each above y with weight at most 1/(k+1), have"
        " together at most (k-j)/(k+1).",
        "That for strict rankings a point-mass equilibrium means P(a above y) <= 1/(k+1): the"
        " utility formula with T = 0.",
    ],
)
