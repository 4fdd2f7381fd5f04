"""E16: what the users did not say: guarantees over all completions of partial orders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from random import Random

from sympy import Rational

from proofs_checks import e10_u_alignment as e10
from proofs_checks.cases import random_policy, random_ranking
from proofs_checks.claims import Agreement, Identity, Pairs
from proofs_checks.definition import Ranking, draws, rank, sure, total, utility, win_rate
from proofs_checks.e5_product_rate import rate
from proofs_checks.e14_picks import CAUCHY
from proofs_checks.obligations import Obligation, Theorem
from proofs_checks.p1_guarantee import phi
from proofs_checks.p7_opponents import chance
from proofs_checks.symbols import shared

k, n, t, L, p, A = shared("k n t L p A")
a, c, d, s, F, G = shared("f_positive c_positive d slack F G")

One = Fraction(1)

Statement = tuple[int, int, bool]
"""(y, z, strictly): a user says that y is above z, or tied with it."""

Closure = list[list[int]]
"""What follows for y, z: 2 strictly above, 1 at least as high, 0 nothing."""


def closure(statements: Sequence[Statement], n: int) -> Closure:
    """What follows from the statements: along chains, ties both ways."""
    known = [[int(y == z) for z in range(n)] for y in range(n)]
    for y, z, strictly in statements:
        known[y][z] = max(known[y][z], 1 + strictly)
        if not strictly:
            known[z][y] = max(known[z][y], 1)
    for middle, y, z in product(range(n), repeat=3):
        if known[y][middle] and known[middle][z]:
            known[y][z] = max(known[y][z], known[y][middle], known[middle][z])
    return known


def above(known: Closure, y: int) -> list[int]:
    """What is known to be above y."""
    return [z for z in range(len(known)) if known[z][y] == 2]


def declared(known: Closure, y: int) -> list[int]:
    """y's declared class."""
    return [z for z in range(len(known)) if known[z][y] == known[y][z] == 1]


def parts(known: Closure, pi: Sequence[Fraction], y: int) -> tuple[Fraction, Fraction]:
    """(L, p): the mass not known to be above or tied with y, and that of y's declared class."""
    p = total(pi[z] for z in declared(known, y))
    return 1 - total(pi[z] for z in above(known, y)) - p, p


def weak_orders(responses: Sequence[int]) -> Iterator[Ranking]:
    """Every weak order of the responses."""
    if not responses:
        yield []
        return
    for chosen in range(1, 2 ** len(responses)):
        top = [y for place, y in enumerate(responses) if chosen >> place & 1]
        for rest in weak_orders([y for y in responses if y not in top]):
            yield [top, *rest]


def holds(ranking: Ranking, statement: Statement) -> bool:
    """Whether the ranking agrees with the statement."""
    y, z, strictly = statement
    lower = rank(ranking, z) - rank(ranking, y)
    return lower > 0 if strictly else lower == 0


def completions(statements: Sequence[Statement], n: int) -> list[Ranking]:
    """Every weak order in which all the statements hold."""
    return [r for r in weak_orders(range(n)) if all(holds(r, one) for one in statements)]


def said(rng: Random, n: int) -> list[Statement]:
    """Some of what holds in a random weak order."""
    ranking = random_ranking(rng, n)
    pairs = [(y, z, rank(ranking, y) - rank(ranking, z)) for y in range(n) for z in range(y)]
    kept = [pair for pair in pairs if rng.random() < Fraction(1, 2)]
    return [(z, y, True) if by > 0 else (y, z, by < 0) for y, z, by in kept]


def _single_responses(tied: bool = True) -> Pairs:
    """The largest chance of y over all completions of one user."""
    rng = Random(161)
    for _ in range(30):
        n, k = rng.randint(1, 3), rng.randint(1, 3)
        statements, pi, y = said(rng, n), random_policy(rng, n), rng.randrange(n)
        L, p = parts(closure(statements, n), pi, y)
        users = completions(statements, n)
        most = max(utility([(One, ranking)], pi, y, k) for ranking in users)
        yield most, phi(k, L, p) if tied else (L + p) ** k


def most_of_tuple(known: Closure, pi: Sequence[Fraction], k: int, T: Sequence[int]) -> Fraction:
    """The largest chance of T over the completions: that of its best declared class on top."""
    return max(chance(k, sum(z in declared(known, y) for z in T), *parts(known, pi, y)) for y in T)


def _tuples(best: bool = True) -> Pairs:
    rng = Random(162)
    for _ in range(40):
        n, k, l = rng.randint(1, 3), rng.randint(1, 2), rng.randint(1, 3)
        statements, pi = said(rng, n), random_policy(rng, n)
        T = [rng.randrange(n) for _ in range(l)]
        users = completions(statements, n)
        most = max(1 - win_rate([(One, r)], draws(pi, k), sure(T)) for r in users)
        shown = T if best else T[:1]
        yield most, most_of_tuple(closure(statements, n), pi, k, shown)


def _consistent(chained: bool = True) -> Pairs:
    """A completion exists iff nothing is strictly above itself in the closure."""
    rng = Random(163)
    for _ in range(60):
        n = rng.randint(2, 3)
        statements: list[Statement] = [
            (y, z, rng.random() < Fraction(2, 3))
            for y, z in (rng.sample(range(n), 2) for _ in range(rng.randint(1, 4)))
        ]
        known = closure(statements, n)
        fits = all(known[y][y] == 1 for y in range(n))
        if not chained:
            fits = all((z, y, True) not in statements for y, z, strict in statements if strict)
        yield int(bool(completions(statements, n))), int(fits)


def _learnt(forward: bool = True) -> Pairs:
    """One more statement, and no chance is larger."""
    rng = Random(164)
    for _ in range(40):
        n, k = rng.randint(2, 4), rng.randint(1, 3)
        more = said(rng, n)
        fewer = more[: rng.randint(0, len(more))]
        pi, y = random_policy(rng, n), rng.randrange(n)
        less, best = (more, fewer) if forward else (fewer, more)
        value, before = (phi(k, *parts(closure(known, n), pi, y)) for known in (less, best))
        yield int(value <= before), 1


def _named(missing: int = 0) -> Pairs:
    """Every user names a best response: uniform on the f that are named loses at most
    1 - g_f(k)."""
    rng = Random(165)
    for _ in range(40):
        n, k = rng.randint(1, 4), rng.randint(1, 3)
        favourites = [rng.randrange(n) for _ in range(rng.randint(1, 3))]
        named = sorted(set(favourites))
        pi = [Fraction(y in named, len(named)) for y in range(n)]
        users = []
        for b in favourites:
            others = [y for y in range(n) if y != b]
            users.append(closure([(b, y, rng.random() < Fraction(3, 4)) for y in others], n))
        for y in range(n):
            lost = total(phi(k, *parts(known, pi, y)) for known in users) / len(users)
            least = 1 - (1 - rate(k, Rational(len(named)))) / (1 + missing)
            yield int(lost <= 1 - Fraction(int(least.p), int(least.q))), 1


def _nothing_known(more: int = 0) -> Pairs:
    """No statements: some y has at most the mass 1/n, and is lost with at least 1 - g_n(k), which
    is what the uniform policy loses."""
    rng = Random(166)
    for _ in range(30):
        n, k = rng.randint(2, 4), rng.randint(1, 3)
        best = Fraction(rate(k, Rational(n + more)))
        for pi in (random_policy(rng, n), [Fraction(1, n)] * n):
            lost = max(phi(k, *parts(closure([], n), pi, y)) for y in range(n))
            yield int(1 - lost <= best), 1


even = 1 - (1 - t) / n
limit = 1 - A - (1 - t) * p  # (1-A-p) + tp

THEOREM = Theorem(
    source="E16",
    title="What the users did not say",
    words=(
        "Users give partial orders, declared ties allowed. Let A(y) be the pi-mass known to be"
        " above y, p that of y's declared class, v_y(pi) the users' mean of phi_k(1 - A(y) - p, p)."
        " The least W(pi^k, y) over all completions is 1 - v_y(pi), and v_y is convex in pi. The"
        " best guarantee lies between g_n(k) and k/(k+1), both attained, never falls when something"
        " is learnt, and is at least g_f(k) >= 1 - f/(k+1) if every user names a best response, f"
        " the number of responses named. Against an l-tuple T the least W over the completions is"
        " 1 less the users' mean of the largest sum_i C(k,i) L^(k-i) p^i j/(i+j) over the y in T,"
        " L = 1 - A(y) - p, j the positions of T in y's"
        " declared class. A completion exists iff the statements' closure puts nothing strictly"
        " above itself."
    ),
    latex=(
        r"\min_{\text{completions}}W(\pi^k,y)=1-\mathbf E_u\ \varphi_k(1-A_u(y)-p_u,p_u),\quad"
        r" g_n(k)\le\max_\pi\min_y\min_{\text{completions}}W(\pi^k,y)\le\tfrac k{k+1}"
    ),
    hypotheses=[
        "k, l >= 1; completions are weak orders in which every statement holds; `uniform` ties",
        "naming a best response: all others are declared below it, or tied with it",
    ],
    obligations=[
        Obligation(
            "a completion exists iff the closure puts nothing strictly above itself (a cycle of"
            " ties with one strict edge is such a cycle)",
            Agreement(_consistent, wrong={"chained": False}),
        ),
        Obligation(
            "(i) in a completion L + p <= 1 - A and y's class has at least the declared mass, so"
            " with p = declared + d the limit (1 - A - declared) + t declared exceeds L + tp by the"
            " slack s = 1 - A - (L + p) and (1-t) d",
            Identity(
                limit.subs(A, 1 - L - p - d - s) - (L + t * (p + d)),
                s + (1 - t) * d,
                wrong=s + t * d,
            ),
        ),
        Obligation(
            "and the completion with everything not known to be above y below it attains that, for"
            " every y, as counted over all completions of one user",
            Agreement(_single_responses, wrong={"tied": False}),
        ),
        Obligation(
            "(iii) uniform pi has p >= 1/n: the limit is at most 1 - (1-t)/n, by A and (1-t) d",
            Identity(even - limit.subs(p, 1 / n + d), A + (1 - t) * d, wrong=A + t * d),
        ),
        Obligation(
            "whose k-th power integrates to 1 - g_n(k): E10's B at x = 1/n",
            Identity(e10.bound.subs(e10.x, 1 / n), 1 - rate(k, n), wrong=1 - rate(k + 1, n)),
        ),
        Obligation(
            "attained where nothing is known: the y of least mass has at most 1/n",
            Agreement(_nothing_known, wrong={"more": 1}),
        ),
        Obligation(
            "what is learnt moves mass d to above y, or s to its class: the limit falls",
            Identity(
                limit - limit.subs({A: A + d, p: p + s}, simultaneous=True),
                d + (1 - t) * s,
                wrong=d + s,
            ),
        ),
        Obligation(
            "as counted, statement by statement", Agreement(_learnt, wrong={"forward": False})
        ),
        Obligation(
            "(iv) uniform on the f named: every y has a named response above it, A = 1/f + d, or in"
            " its class (as in (iii)); in the first case too the limit is at most 1 - (1-t)/f",
            Identity(even - limit.subs(A, 1 / n + d), t / n + d + (1 - t) * p, wrong=1 / n + d),
        ),
        Obligation("as counted for what is named", Agreement(_named, wrong={"missing": 1})),
        Obligation(
            "g_f(k) exceeds 1 - f/(k+1)",
            Identity(
                rate(k, n) - (1 - n / (k + 1)),
                n / (k + 1) * (1 - 1 / n) ** (k + 1),
                wrong=n / (k + 1) * (1 - 1 / n) ** k,
            ),
        ),
        CAUCHY,
        Obligation(
            "(v) let T's best class hold a and c positions of two declared classes, with i_1, i_2"
            " draws, F = a + i_1, G = c + i_2: on top alone they get a/F or c/G, and with the"
            " weights a/(a+c), c/(a+c) that is at least (a+c)/(F+G), the share together",
            Identity(
                (a / (a + c)) * (a / F) + (c / (a + c)) * (c / G) - (a + c) / (F + G),
                (a * G - c * F) ** 2 / (F * G * (F + G) * (a + c)),
                wrong=(a * G - c * F) ** 2 / (F * G * (F + G)),
            ),
        ),
        Obligation(
            "so one declared class on top is best, all not known to be above it below, as counted"
            " over all completions of one user",
            Agreement(_tuples, wrong={"best": False}),
        ),
        Obligation(
            "a y in T below some z in T, A(y) = A(z) + p_z + s, has at most (1 - A(y))^k, and z"
            " more: 1 - A(y) is L_z less s. So the maximum may run over all of T",
            Identity(1 - (A + p + s), (1 - A - p) - s, wrong=(1 - A) - s),
        ),
        Obligation(
            "further draws in the class, d of them, lower a share",
            Identity(a / F - a / (F + d), a * d / (F * (F + d)), wrong=a * (d + 1) / (F * (F + d))),
        ),
    ],
    rests_on=["P1", "P2", "E1", "E5's rate g_l(k)", "E10's integral B"],
    not_proved=[
        "What the steps leave to the reader Coq's kernel has checked: (i) to (iv) in E16,"
        " E16_worst, E16_convex and E16_no_more, (v), for any number of classes, in E16_tuples, its"
        " convexity in E16_tuples_convex, cycles in E16_cycle.",
    ],
)
