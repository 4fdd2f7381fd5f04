"""E6: which tie conventions keep the guarantee, and the exact rate where ties count as wins."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations, permutations, product
from math import prod

from sympy import Rational, binomial

from proofs_checks.cases import random_instances, random_policy
from proofs_checks.claims import Agreement, Cited, Identity, Inequality, Pairs
from proofs_checks.definition import (
    TIES,
    Policy,
    Ranking,
    Users,
    draws,
    rank,
    sure,
    total,
    win_rate,
    worst_case,
)
from proofs_checks.obligations import Obligation, Theorem
from proofs_checks.symbols import shared

k, m, n, i, j, spare = shared("k m n i_from_1 j spare")


def share(i: int, j: int, ties: str) -> Fraction:
    """S's share of a user whose best positions are i of S's and j of T's."""
    if not i or not j:
        return Fraction(i > 0)
    shares = {"uniform": Fraction(i, i + j), "win": Fraction(1), "half": Fraction(1, 2)}
    return shares.get(ties, Fraction(0))


def _shares(swapped: bool = False) -> Pairs:
    for rng, users, count in random_instances(seed=60, count=15):
        S, T = ([rng.randrange(count) for _ in range(rng.randint(1, 3))] for _ in range(2))
        for ties in TIES:
            won = Fraction(0)
            for weight, ranking in users:
                best = min(rank(ranking, y) for y in (*S, *T))
                ours, theirs = (sum(rank(ranking, y) == best for y in part) for part in (S, T))
                won += weight * share(*((theirs, ours) if swapped else (ours, theirs)), ties)
            yield won, win_rate(users, sure(S), sure(T), ties)


def _one_user(half: str = "half") -> Pairs:
    for count, size in product(range(1, 4), range(1, 4)):
        users: Users = [(Fraction(1), [[y] for y in range(count)])]
        tuples = list(product(range(count), repeat=size))
        yield max(win_rate(users, sure(S), sure([0]), half) for S in tuples), Fraction(1, 2)
        yield worst_case(users, sure([0] * size), ties=half)[0], Fraction(1, 2)
        yield max(win_rate(users, sure(S), sure([0]), "lose") for S in tuples), 0


def minimax_cases(mixed: bool = True) -> Pairs:
    """max-min and min-max of two-by-two games: at an end of [0, 1] or where two lines cross."""
    rng = random.Random(61)
    for _ in range(25):
        (a, b), (c, d) = ([rng.randint(0, 4) for _ in range(2)] for _ in range(2))
        yield _max_min((a, c), (b, d), mixed), -_max_min((-a, -b), (-c, -d), mixed)


def _max_min(left: tuple[int, int], right: tuple[int, int], mixed: bool) -> Fraction:
    """max over q in [0, 1] of the smaller of q x + (1-q) y for (x, y) = left, right."""
    slope = left[0] - left[1] - right[0] + right[1]
    ends = [Fraction(0), Fraction(1)]
    if mixed and slope and 0 <= Fraction(right[1] - left[1], slope) <= 1:
        ends.append(Fraction(right[1] - left[1], slope))
    return max(min(q * x + (1 - q) * y for x, y in (left, right)) for q in ends)


def symmetric(D: Sequence[Fraction], size: int) -> Fraction:
    """The elementary symmetric polynomial e_size(D)."""
    return total(prod(subset, start=Fraction(1)) for subset in combinations(D, size))


def random_subset(D: Sequence[Fraction], size: int) -> Policy:
    """A random subset of that size, with chances proportional to the products of its masses."""
    sum_of_all = symmetric(D, size)
    subsets = combinations(range(len(D)), size)
    return [(prod((D[y] for y in S), start=1 / sum_of_all), S) for S in subsets]


def _has_unique_best(ranking: Ranking, subset: Sequence[int]) -> bool:
    places = [rank(ranking, y) for y in subset]
    return places.count(min(places)) == 1


def _losses(ties_ignored: bool = False) -> Pairs:
    for rng, users, count in random_instances(seed=62, count=60):
        D, size = random_policy(rng, count), rng.randint(1, 3)
        if size > count or not symmetric(D, size):
            continue
        beaten = Fraction(0)
        for weight, ranking in users:
            for A in combinations(range(count), size + 1):
                if ties_ignored or _has_unique_best(ranking, A):
                    beaten += weight * prod((D[y] for y in A), start=Fraction(1))
        loss = 1 - win_rate(users, random_subset(D, size), draws(D, 1), "win")
        yield loss, beaten / symmetric(D, size)


def _squares(shift: int = 0) -> Pairs:
    rng = random.Random(63)
    for count in range(2, 6):
        for size in range(1, count + 1):
            for _ in range(3):
                D = [Fraction(rng.randint(0, 5), rng.randint(1, 4)) for _ in range(count)]
                squares = Fraction(0)
                for y, z in combinations(range(count), 2):
                    others = [D[x] for x in range(count) if x not in (y, z)]
                    squares += (D[y] - D[z]) ** 2 * symmetric(others, size - 1)
                left = (count - size) * sum(D) * symmetric(D, size)
                yield left - (count + shift) * (size + 1) * symmetric(D, size + 1), squares


def _uniform_rankings(shift: int = 0) -> Pairs:
    for count in range(1, 5):
        rankings = [[[y] for y in order] for order in permutations(range(count))]
        users = [(Fraction(1, len(rankings)), ranking) for ranking in rankings]
        everyone = draws([Fraction(1, count)] * count, 1)
        for distinct in range(1, count + 1):
            for copies in range(2):
                S = [*range(distinct), *[0] * copies]
                formula = 1 - (1 - Fraction(distinct, count)) / (distinct + 1 + shift)
                yield formula, win_rate(users, sure(S), everyone, "win")


bound = k * (n + 1) / (n * (k + 1))
loss = (n - k) / (n * (k + 1))
distinct_rate = 1 - (1 - m / n) / (m + 1)
one_more = distinct_rate.subs(m, m + 1)

THEOREM = Theorem(
    source="E6",
    title="Tie conventions",
    words=(
        "The guarantee k/(k+1) holds under `uniform` and under `win`; one user with a unique best"
        " response refutes it under `half` (k >= 2: the value is 1/2) and under `lose` (value 0)."
        " Under `win`, for n >= k, every population has joint value at least k(n+1)/(n(k+1)), with"
        " equality for uniform rankings."
    ),
    latex=(
        r"W_{\mathrm{win}}\ge W_{\mathrm{uniform}},\qquad"
        r" \max_P\min_y W_{\mathrm{win}}(P,y)\ge\frac{k(n+1)}{n(k+1)}\quad(n\ge k)"
    ),
    hypotheses=["k >= 1 (k >= 2 for `half`)", "n >= k for the rate under `win`", "weak orders"],
    obligations=[
        Obligation(
            "with i >= 1 of S's and j >= 1 of T's positions best, S's share is i/(i+j), 1, 1/2, 0"
            " by convention; without a tie all agree",
            Agreement(_shares, wrong={"swapped": True}),
        ),
        Obligation(
            "user by user `win` gives at least `uniform`'s share, so P1's guarantee carries over",
            Inequality(1, at_least=i / (i + j), wrong=Rational(1, 2)),
        ),
        Obligation(
            "one user with a unique best response b: no S wins more than 1/2 against b under"
            " `half`, k copies of b win at least that from everything, and under `lose` S wins"
            " nothing from b",
            Agreement(_one_user, wrong={"half": "uniform"}),
        ),
        Obligation(
            "1/2 < k/(k+1) for k >= 2, so `half` fails (for k = 1 they are equal)",
            Inequality(
                k / (k + 1) - Rational(1, 2), {k: (2, None)}, strict=True, wrong={k: (1, None)}
            ),
        ),
        Obligation(
            "the joint value is the least, over mixtures D of opponents, of the best answer to D",
            Cited(minimax_cases, "von Neumann's minimax theorem", wrong={"mixed": False}),
        ),
        Obligation(
            "answer D by a k-subset S drawn with chance prod(S)/e_k(D): S and y ~ D lose where y is"
            " strictly above S, so each (k+1)-subset with a unique best member adds prod/e_k(D),"
            " and any other nothing; hence the loss is at most e_(k+1)(D)/e_k(D)",
            Agreement(_losses, wrong={"ties_ignored": True}),
        ),
        Obligation(
            "(n-k) e_1 e_k - n(k+1) e_(k+1) = sum over pairs of (D_y - D_z)^2 e_(k-1)(the others):"
            " the polynomials are the ones meant",
            Agreement(_squares, wrong={"shift": 1}),
        ),
        Obligation(
            "coefficient of a square times k-1 others: n-k on the left; on the right one for each"
            " response z apart from these k",
            Identity(n - k, n - 1 - (k - 1), wrong=n - 1 - k),
        ),
        Obligation(
            "coefficient of k+1 different responses: one of them comes from e_1, the others from"
            " e_k; on the right -2 for each pair",
            Identity(
                (n - k) * (k + 1) - n * (k + 1), -2 * binomial(k + 1, 2), wrong=-2 * binomial(k, 2)
            ),
        ),
        Obligation(
            "so e_(k+1)/e_k <= (n-k)/(n(k+1)), as e_1 = 1, and the win rate is at least the bound",
            Identity(1 - loss, bound, wrong=k * n / (n * (k + 1))),
        ),
        Obligation(
            "if fewer than k responses have mass in D (e_k = 0), S holds them all and loses"
            " nothing, which is no more either, as n >= k",
            Inequality(loss.subs(n, k + spare), wrong=loss.subs(n, k - 1 + spare)),
        ),
        Obligation(
            "uniform rankings, uniform opponent: S with m distinct responses loses where y is none"
            " of them, 1 - m/n, and above all of them, 1/(m+1)",
            Agreement(_uniform_rankings, wrong={"shift": 1}),
        ),
        Obligation(
            "that grows with m, so m = k <= n is best",
            Inequality(one_more - distinct_rate, strict=True, wrong=distinct_rate - one_more),
        ),
        Obligation(
            "and there it is the bound: equality for uniform rankings",
            Identity(bound, distinct_rate.subs(m, k), wrong=distinct_rate.subs(m, k - 1)),
        ),
        Obligation(
            "the bound exceeds k/(k+1) by k/(n(k+1)), which vanishes as n grows",
            Identity(bound - k / (k + 1), k / (n * (k + 1)), wrong=(k - 1) / (n * (k + 1))),
        ),
    ],
    rests_on=["P1 and P2 under `uniform`", "von Neumann's minimax theorem"],
    not_proved=[
        "That one user's only favourite b ties with S where S holds b and beats it elsewhere,"
        " whatever k is, so that `half` gives 1/2 and `lose` 0: read off the definition; brute"
        " force agrees for n, k <= 3.",
        "That both sides of the identity of e_k hold no monomials but the two kinds compared: each"
        " is a product of at most one square and different variables, of degree k+1.",
        "That leaving out the subsets without a unique best member cannot enlarge a sum of"
        " nonnegative terms, nor can dropping a sum of squares.",
        "That the uniform opponent caps every randomised S too: an average is at most a maximum.",
    ],
)
