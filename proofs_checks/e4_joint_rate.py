"""E4: the exact rate of joint k-output policies against opponents with l outputs."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations, combinations_with_replacement, permutations, product
from math import comb

from sympy import Expr, Integer, Rational, binomial, diff

from proofs_checks.cases import random_instances
from proofs_checks.claims import Agreement, Identity, Inequality, Pairs
from proofs_checks.definition import Policy, Users, sure, total, win_rate
from proofs_checks.e1_convex_program import MINIMAX
from proofs_checks.obligations import Obligation, Theorem
from proofs_checks.symbols import shared

k, l, N, r, rho = shared("k l N r rho")
q, a, c, d, m, s = shared("q_from_0 a_from_0 c_from_0 d_from_0 m_from_0 s_from_1")

half = Rational(1, 2)


def rate(q: Expr, rho: Expr) -> Expr:
    """f_l(k), where q = k div l and rho = (k mod l)/l."""
    return (1 - rho) * q / (q + 1) + rho * (q + 1) / (q + 2)


def independent(*policies: Policy) -> Policy:
    """One tuple from each, put side by side."""
    found = sure([])
    for policy in policies:
        found = [(p * chance, (*S, *part)) for p, S in found for chance, part in policy]
    return found


def subset(D: Policy, r: int) -> Policy:
    """A uniformly random r-subset of a tuple drawn from D."""
    return [(p / comb(len(T), r), part) for p, T in D for part in combinations(T, r)]


def _random_opponent(rng: random.Random, n: int, l: int) -> Policy:
    p = Fraction(rng.randint(1, 4), 5)
    return [(chance, [rng.randrange(n) for _ in range(l)]) for chance in (p, 1 - p)]


def _exchanged(fewer: int = 0) -> Pairs:
    for rng, users, n in random_instances(seed=41, count=25):
        l, q = rng.randint(1, 3), rng.randint(0, 2)
        r, D = rng.randrange(l), _random_opponent(rng, n, l)
        S, part = independent(*[D] * q, subset(D, r)), subset(D, r)
        alone = win_rate(users, part, independent(*[D] * (q + 1))) if r else Fraction(0)
        yield 1 - win_rate(users, S, D), (1 - alone) / (q + 1 - fewer * (q > 0))


def _fair(fewer: int = 0) -> Pairs:
    for rng, users, n in random_instances(seed=42, count=25):
        l, q = rng.randint(1, 3), rng.randint(0, 1)
        D = _random_opponent(rng, n, l)
        yield win_rate(users, D, independent(*[D] * (q + 1))), Fraction(1, q + 2 - fewer)


def _kept(fewer: int = 0) -> Pairs:
    for rng, users, n in random_instances(seed=43, count=40):
        l, q = rng.randint(2, 3), rng.randint(0, 1)
        r, D = rng.randrange(1, l), _random_opponent(rng, n, l)
        alone = win_rate(users, subset(D, r), independent(*[D] * (q + 1)))
        yield int(alone >= Fraction(r, l * (q + 2 - fewer))), 1


def distinct_favourites(l: int, n: int) -> Users:
    """l equal users; user j puts response j first, then the others in order."""
    orders = ([[j], *([y] for y in range(n) if y != j)] for j in range(l))
    return [(Fraction(1, l), order) for order in orders]


def _favourites(others: int = 0) -> Pairs:
    for l, k in product((1, 2, 3), (1, 2, 3)):
        users = distinct_favourites(l, l + 1)
        for S in combinations_with_replacement(range(l + 1), k):
            copies = [S.count(j) for j in range(l)]
            won = total(Fraction(c, c + 1 + others) for c in copies) / l
            yield win_rate(users, sure(S), sure(range(l))), won


def _own_classes(l: int, N: int) -> Users:
    """Type j ranks her N responses in every order, above the rest: one user for each order."""
    found = []
    for j in range(l):
        own = range(j * N, (j + 1) * N)
        rest = [[y] for y in range(l * N) if y not in own]
        orders = list(permutations(own))
        found += [(Fraction(1, l * len(orders)), [*([y] for y in p), *rest]) for p in orders]
    return found


def _without_copying(late: int = 0) -> Pairs:
    for l, N, k in ((1, 3, 2), (1, 3, 3), (2, 2, 2), (2, 2, 3)):
        users = _own_classes(l, N)
        classes = [range(j * N, (j + 1) * N) for j in range(l)]
        D = [(Fraction(1, N**l), T) for T in product(*classes)]
        for S in combinations_with_replacement(range(l * N), k):
            kinds: Sequence[int] = [len(set(S) & set(own)) for own in classes]
            won = (((N - m) * Fraction(m, m + 1) + m + late) / N for m in kinds)
            yield win_rate(users, sure(S), D, "win"), total(won) / l


bound = 1 - (1 - rho / (q + 2)) / (q + 1)
chord = q / (q + 1) + (c - q) / ((q + 1) * (q + 2))
above = chord - c / (c + 1)
gap = (q + rho) / (q + rho + 1) - rate(q, rho)
unlike = m / (m + 1) + m / (N * (m + 1))

THEOREM = Theorem(
    source="E4",
    title="Joint policies against l outputs",
    words=(
        "With q = k div l and rho = (k mod l)/l let f_l(k) = (1-rho) q/(q+1) + rho (q+1)/(q+2). In"
        " every population some k-output policy wins at least f_l(k) against every l-tuple. With l"
        " users with distinct favourites none wins more; nor, where copying does not matter, more"
        " than f_l(k) + 1/N: l types with N responses each, ranked at random above the rest."
        " f_l(k) <= k/(k+l), with equality iff l divides k, and f_l(k) -> 1."
    ),
    latex=(
        r"\min_{\text{populations}}\max_P\min_T W(P,T)=f_l(k)"
        r"=(1-\rho)\tfrac q{q+1}+\rho\ \tfrac{q+1}{q+2}\le\tfrac k{k+l},\quad k=(q+\rho)l"
    ),
    hypotheses=["k, l >= 1", "weak orders; `uniform` ties (the second family: `win` as well)"],
    obligations=[
        MINIMAX,
        Obligation(
            "so answer a mixture D over l-tuples: q tuples from D and a random r-subset of one"
            " more. D's tuple and those q are exchangeable: it is picked with chance"
            " (1 - z)/(q+1), z the chance that the subset is",
            Agreement(_exchanged, wrong={"fewer": 1}),
        ),
        Obligation(
            "of q + 2 tuples from D, shown in full, each is picked with chance 1/(q+2)",
            Agreement(_fair, wrong={"fewer": 1}),
        ),
        Obligation(
            "a position lies in C(l-1,r-1) of the C(l,r) subsets, that is, with chance r/l",
            Identity(r * binomial(l, r), l * binomial(l - 1, r - 1), wrong=l * binomial(l - 1, r)),
        ),
        Obligation(
            "of s + d best positions of the last tuple and a >= 0 others let s >= 1 be kept:"
            " leaving out the other d does not lower their share",
            Inequality(s / (a + s) - s / (a + s + d), wrong=s / (a + s + d) - s / (a + s)),
        ),
        Obligation(
            "so z >= rho/(q+2), as counted position by position",
            Agreement(_kept, wrong={"fewer": 1}),
        ),
        Obligation(
            "and the answer wins at least 1 - (1 - rho/(q+2))/(q+1) = f_l(k)",
            Identity(rate(q, rho), bound, wrong=1 - (1 - rho / (q + 1)) / (q + 1)),
        ),
        Obligation(
            "f_l(k) interpolates x/(x+1) linearly between q and q+1, at x = k/l = q + rho",
            Identity(rate(q, rho), chord.subs(c, q + rho), wrong=chord.subs(c, q + rho + 1)),
        ),
        Obligation(
            "attained: l users with distinct favourites, opponent (a_1..a_l). S with c_j copies of"
            " a_j wins c_j/(c_j+1) of user j",
            Agreement(_favourites, wrong={"others": 1}),
        ),
        Obligation(
            "which is at most the chord from q to q+1 for the integers c >= q + 1",
            Inequality(above.subs(c, q + 1 + d), wrong=above.subs(c, q + half + d)),
        ),
        Obligation(
            "and for the integers c <= q",
            Inequality(above.subs(q, c + d), wrong=above.subs(q, c - half + d)),
        ),
        Obligation(
            "summed over users the chord at mean c <= k/l remains, and it rises with c: at most its"
            " value at k/l, f_l(k)",
            Identity(diff(chord, c), 1 / ((q + 1) * (q + 2)), wrong=1 / (q + 1) ** 2),
        ),
        Obligation(
            "which r multiplicities q + 1 and l - r multiplicities q do win",
            Identity(
                rate(q, r / l),
                ((l - r) * q / (q + 1) + r * (q + 1) / (q + 2)) / l,
                wrong=(r * q / (q + 1) + (l - r) * (q + 1) / (q + 2)) / l,
            ),
        ),
        Obligation(
            "k/(k+l) is x/(x+1) at x = q + rho, above its chord by"
            " rho (1-rho)/((q+1)(q+2)(q+rho+1)), which is zero for rho = 0",
            Identity(
                gap,
                rho * (1 - rho) / ((q + 1) * (q + 2) * (q + rho + 1)),
                wrong=rho * (1 - rho) / ((q + 1) * (q + 2) * (q + 1)),
            ),
        ),
        Obligation(
            "and positive where rho = r/(r+1+d), a fraction strictly between 0 and 1",
            Inequality(
                gap.subs(rho, r / (r + 1 + d)), strict=True, wrong=gap.subs(rho, r / (r + d))
            ),
        ),
        Obligation(
            "f_1(k) = k/(k+1)",
            Identity(k / (k + 1), rate(k, Integer(0)), wrong=rate(k, Integer(1))),
        ),
        Obligation(
            "f_l(k) -> 1 as k grows: it is at least q/(q+1)",
            Inequality(
                rate(q, rho) - q / (q + 1), {rho: (0, 1)}, wrong=rate(q, rho) - (q + 1) / (q + 2)
            ),
        ),
        Obligation(
            "l types with N responses each: against one uniform draw from every class, S with m_j"
            " distinct responses in class j wins m/(m+1) of type j if the draw is none of them, and"
            " all, under `win`, if it is: on average [(N-m) m/(m+1) + m]/N",
            Agreement(_without_copying, wrong={"late": 1}),
        ),
        Obligation(
            "which is at most c/(c+1) + 1/N, c = m + d the number of positions there; so S wins at"
            " most f_l(k) + 1/N under `win`, and no more under `uniform`",
            Inequality((m + d) / (m + d + 1) + 1 / N, at_least=unlike, wrong=(m + d) / (m + d + 1)),
        ),
    ],
    rests_on=["Kneser and Fan's minimax theorem"],
    not_proved=[
        "For the second family, f_l(k) <= value <= f_l(k) + 1/N for every N gives the limit. All"
        " else that the steps leave to the reader Coq's kernel has checked (E4, E4_no_more).",
    ],
)
