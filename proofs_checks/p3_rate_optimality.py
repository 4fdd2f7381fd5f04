"""P3: no k-output policy of any kind beats the rate k/(k+1): uniform rankings solved exactly.

The upper bound lets the opponent draw y uniformly. Against one k-tuple S that gives an average
over y; splitting a repeated response always raises it, balancing what repetition is left does too,
and a uniformly random choice of the best S attains it against every y.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from itertools import combinations_with_replacement, permutations, product
from random import Random

from sympy import Expr, Rational, binomial, factorial

from proofs_checks.calculus import Sums
from proofs_checks.claims import Agreement, Identity, Inequality, Pairs
from proofs_checks.definition import Policy, Users, draws, sure, total, win_rate
from proofs_checks.obligations import Obligation, Theorem
from proofs_checks.symbols import shared

k, m, n, c, q, i, spare, sigma = shared("k m n c q i spare sigma")
j, r, t = shared("j_from_0 r_from_0 t_from_0")

One = Fraction(1)
SMALL = list(product(("uniform", "win"), range(1, 5), range(1, 5)))  # conventions, n and k


def rankings(n: int) -> Users:
    """All n! strict rankings, equally likely."""
    weight = Fraction(1, math.factorial(n))
    return [(weight, [[y] for y in order]) for order in permutations(range(n))]


def mean_rate(n: int, S: Sequence[int], ties: str) -> Fraction:
    """The average of W(S, y) over all y, by the definition."""
    return win_rate(rankings(n), sure(S), draws([Fraction(1, n)] * n, 1), ties)


def from_counts(n: int, counts: Sequence[int], chance: Fraction) -> Fraction:
    """n times the average from the multiplicities, each response losing its share by `chance`."""
    m, sigma = len(counts), total(Fraction(1, c + 1) for c in counts)
    return Fraction((n + 1) * m, m + 1) - chance * sigma


def optimum(n: int, k: int, ties: str = "uniform", off: int = 0) -> Fraction:
    """The theorem's closed form (`off` makes a near miss of it)."""
    if ties == "win":
        return Fraction(k * (n + 1 + off), n * (k + 1)) if n >= k else One - off
    if n >= k:
        return Fraction(k, k + 1) + Fraction(k - 1 + off, 2 * n * (k + 1))
    q, r = divmod(k, n)
    return 1 - (Fraction(n - r, q + 1 + off) + Fraction(r, q + 2)) / n**2


def best_policy(n: int, k: int) -> Policy:
    """Multiplicities as equal as k allows, dealt to the responses uniformly at random."""
    q, r = divmod(k, n)
    deals = sorted(set(permutations([q + 1] * r + [q] * (n - r))))
    return [
        (Fraction(1, len(deals)), [y for y, count in enumerate(deal) for _ in range(count)])
        for deal in deals
    ]


def _led(off: int = 0) -> Pairs:
    """(rankings with response 0 above 1, ..., j and above i responses in all, their number)."""
    for n in range(1, 6):
        orders = list(permutations(range(n)))
        for j in range(n):
            for i in range(n):
                found = sum(
                    n - 1 - order.index(0) == i
                    and all(order.index(0) < order.index(y) for y in range(1, j + 1))
                    for order in orders
                )
                orders_of_rest = math.factorial(j) * math.factorial(n - j - 1)
                yield Fraction(found), Fraction(math.comb(i + off, j) * orders_of_rest)


def _averages(ties: str, chance: Callable[[int], Fraction]) -> Pairs:
    """`chance` of m: that a given one of S's m responses is its best and y shares with it."""
    rng = Random(3)
    for _ in range(25):
        n, k = rng.randint(1, 4), rng.randint(1, 4)
        S = [rng.randrange(n) for _ in range(k)]
        counts = [S.count(y) for y in sorted(set(S))]
        yield n * mean_rate(n, S, ties), from_counts(n, counts, chance(len(counts)))


def _optima(off: int = 0) -> Pairs:
    for ties, n, k in SMALL:
        tuples = combinations_with_replacement(range(n), k)
        yield max(mean_rate(n, S, ties) for S in tuples), optimum(n, k, ties, off)


def _attained(off: int = 0) -> Pairs:
    for ties, n, k in SMALL:
        policy = best_policy(n, k)
        rates = (win_rate(rankings(n), policy, sure([y]), ties) for y in range(n))
        yield from ((rate, optimum(n, k, ties, off)) for rate in rates)


def chord(c: Expr, q: Expr, step: int = 1) -> Expr:
    """1/(c+1) minus the line through its values at q and q+step."""
    return 1 / (c + 1) - (1 / (q + 1) - (c - q) / ((q + 1) * (q + 1 + step)))


placed = binomial(n, j + 1) * factorial(j) * factorial(n - j - 1)
scaled = (n + 1) * m / (m + 1) - sigma / m  # n times the average over y of W(S, y), `uniform`
split_sigma = sigma - 1 / (c + 1) + 1 / c + Rational(1, 2)
split = scaled.subs({m: m + 1, sigma: split_sigma}, simultaneous=True) - scaled
unweighted_split = (n + 1) * (m + 1) / (m + 2) - split_sigma - (n + 1) * m / (m + 1) + sigma
many = k / (k + 1) + (k - 1) / (2 * n * (k + 1))  # n >= k, `uniform`
many_win = k * (n + 1) / (n * (k + 1))
balanced = (n - r) / (q + 1) + r / (q + 2)

THEOREM = Theorem(
    source="P3",
    title="The rate k/(k+1) is optimal",
    words=(
        "Let users be uniform over all n! strict rankings. If n >= k, the best k-output policy of"
        " any kind has worst case exactly k/(k+1) + (k-1)/(2n(k+1)). If n < k, with q = k div n and"
        " r = k mod n, it is 1 - [(n-r)/(q+1) + r/(q+2)]/n^2. Under the `win` convention it is"
        " k(n+1)/(n(k+1)) if n >= k and 1 if n < k. As n grows both tend to k/(k+1), so no rate"
        " above k/(k+1) is guaranteed for all populations."
    ),
    latex=(
        r"\max_P\min_y W(P,y)=\tfrac{k}{k+1}+\tfrac{k-1}{2n(k+1)}\ (n\ge k),\qquad"
        r" 1-\tfrac1{n^2}\left[\tfrac{n-r}{q+1}+\tfrac{r}{q+2}\right]\ (n\lt k)"
    ),
    hypotheses=["k >= 1, n >= 1", "users uniform over all strict rankings of n responses"],
    obligations=[
        Obligation(
            "C(i,j) j! (n-j-1)! of the n! rankings put a given response above exactly i others,"
            " j given ones among them",
            Agreement(_led, wrong={"off": 1}),
        ),
        Obligation(
            "summing over i: C(i,j) is a step of C(i,j+1), so 0 <= i < n gives C(n,j+1)",
            Sums(
                binomial(i, j),
                binomial(i, j + 1),
                i,
                0,
                n,
                binomial(n, j + 1),
                wrong=binomial(n + 1, j + 1),
            ),
        ),
        Obligation(
            "so each of j+1 distinct responses leads the others in n!/(j+1) rankings, n = j+1+s",
            Identity(
                placed.subs(n, j + 1 + spare),
                factorial(j + 1 + spare) / (j + 1),
                wrong=factorial(j + 1 + spare) / (j + 2),
            ),
        ),
        Obligation(
            "S has m distinct responses of multiplicities c_j: the n-m others win 1/(m+1) each, and"
            " response j leads S with chance 1/m and then wins 1/(c_j+1). So n times the average of"
            " W(S, y) over y is (n-m) m/(m+1) + m - sigma/m, sigma = sum_j 1/(c_j+1)",
            Identity(
                scaled,
                (n - m) * (1 - 1 / (m + 1)) + m - sigma / m,
                wrong=(n - m) * (1 - 1 / m) + m - sigma / m,
            ),
        ),
        Obligation(
            "that expression is the average, counted position by position",
            Agreement(
                partial(_averages, ties="uniform", chance=lambda m: Fraction(1, m)),
                wrong={"chance": lambda m: One},
            ),
        ),
        Obligation(
            "split: if m < n and some c >= 2, replacing one of its copies by a response not in S"
            " raises the average strictly, so the best S has m = min(n, k) (n = m+1+s)",
            Inequality(
                split.subs(n, m + 1 + spare),
                {c: (2, None)},
                strict=True,
                wrong=unweighted_split.subs(n, m + 1 + spare),
            ),
        ),
        Obligation(
            "exchange: of two multiplicities c+2+t and c, moving one copy lowers sigma strictly, so"
            " only balanced multiplicities can be the best",
            Inequality(
                1 / (c + 3 + t) + 1 / (c + 1) - 1 / (c + 2 + t) - 1 / (c + 2),
                strict=True,
                wrong=1 / (c + 2 + t) + 1 / (c + 1) - 1 / (c + 1 + t) - 1 / (c + 2),
            ),
        ),
        Obligation(
            "and they are: 1/(c+1) lies on or above its chord from q to q+1 for the integers c > q",
            Inequality(chord(q + 1 + t, q), wrong=chord(q + 1 + t, q, 2)),
        ),
        Obligation(
            "and for the integers 1 <= c <= q (with equality at c = q)",
            Inequality(chord(c, c + t)),
            Inequality(chord(c, c + t), strict=True),
        ),
        Obligation(
            "summed over n multiplicities with sum k = qn + r the chord is (n-r)/(q+1) + r/(q+2),"
            " which n-r multiplicities q and r multiplicities q+1 attain",
            Identity(
                balanced,
                n / (q + 1) - (q * n + r - n * q) / ((q + 1) * (q + 2)),
                wrong=n / (q + 1) - (q * n + r - n * q) / (q + 1) ** 2,
            ),
        ),
        Obligation(
            "n >= k: at m = k, all c_j = 1, the average is k/(k+1) + (k-1)/(2n(k+1))",
            Identity(
                scaled.subs({m: k, sigma: k / 2}) / n, many, wrong=many + 1 / (2 * n * (k + 1))
            ),
        ),
        Obligation(
            "n < k: at m = n, balanced, it is 1 - [(n-r)/(q+1) + r/(q+2)]/n^2",
            Identity(
                scaled.subs({m: n, sigma: balanced}, simultaneous=True) / n,
                1 - balanced / n**2,
                wrong=1 - balanced / n,
            ),
        ),
        Obligation(
            "under `win` the sharing falls away: n times the average is (n+1) m/(m+1)",
            Agreement(
                partial(_averages, ties="win", chance=lambda m: Fraction(0)),
                wrong={"chance": lambda m: Fraction(1, m)},
            ),
        ),
        Obligation(
            "which increases with m, so m = min(n, k): k(n+1)/(k+1) at m = k, and n at m = n",
            Inequality(
                (n + 1) * ((m + 1) / (m + 2) - m / (m + 1)),
                strict=True,
                wrong=(n + 1) * (m / (m + 1) - (m + 1) / (m + 2)),
            ),
        ),
        Obligation(
            "attained, n >= k: k distinct responses drawn uniformly hold y with chance k/n and then"
            " lose to it with chance 1/(2k), otherwise 1/(k+1)",
            Identity(
                many,
                1 - (k / n) / (2 * k) - (1 - k / n) / (k + 1),
                wrong=1 - (k / n) / (k + 1) - (1 - k / n) / (k + 1),
            ),
        ),
        Obligation(
            "attained, n < k: y leads with chance 1/n, and has multiplicity q+1 with chance r/n,"
            " else q",
            Identity(
                1 - balanced / n**2,
                1 - (r / n / (q + 2) + (1 - r / n) / (q + 1)) / n,
                wrong=1 - (r / n / (q + 1) + (1 - r / n) / (q + 2)) / n,
            ),
        ),
        Obligation(
            "attained under `win`, n >= k",
            Identity(
                many_win, k / n + (1 - k / n) * k / (k + 1), wrong=k / n + (1 - k / n) * (k - 1) / k
            ),
        ),
        Obligation(
            "these policies do attain the closed forms against every y, under both conventions",
            Agreement(_attained, wrong={"off": 1}),
        ),
        Obligation(
            "and no k-tuple has a larger average: every one tried on small cases",
            Agreement(_optima, wrong={"off": 1}),
        ),
        Obligation(
            "limit, `uniform`: k/(k+1) + (k-1)/(2n(k+1)) is at most 1/(2n) above k/(k+1)",
            Inequality(1 / (2 * n), at_least=many - k / (k + 1), wrong=1 / (3 * n)),
        ),
        Obligation(
            "limit, `win`: k(n+1)/(n(k+1)) is at most 1/n above k/(k+1)",
            Inequality(1 / n, at_least=many_win - k / (k + 1), wrong=1 / (2 * n)),
        ),
    ],
    not_proved=[
        "That the least of W(P, y) over y is at most the average over y, and that this average,"
        " being linear in P, is at most that of the best k-tuple.",
        "That an S with m < k distinct responses repeats one, so that splitting can go on until"
        " m = min(n, k).",
        "That rankings counted by leading responses may be counted place by place, and that the"
        " chances of `attained` follow from the symmetry of the dealt policy: by hand, and by"
        " enumeration on small cases.",
        "That bounds of 1/(2n) and 1/n tend to 0 and so exclude every f(k) > k/(k+1).",
    ],
)
