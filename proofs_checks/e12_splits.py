"""E12: k draws against l draws: one equilibrium serves every split of its players."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations_with_replacement, permutations, product
from math import comb

from sympy import diff

from proofs_checks.cases import masses, random_instances, random_policy
from proofs_checks.claims import Agreement, Identity, Inequality, Pairs
from proofs_checks.definition import Users, draws, sure, total, utility, win_rate, worst_case
from proofs_checks.e4_joint_rate import independent
from proofs_checks.obligations import Obligation, Theorem
from proofs_checks.symbols import shared

k, l, m, n, u, s, a, d = shared("k l m n u s_real a_from_0 d_from_0")
before, after, later = shared("v_real w_real y_real")  # W, and what the expansion in s adds


def _even(more: int = 0) -> Pairs:
    for rng, users, n in random_instances(seed=121, count=25, most_responses=3):
        pi, k, l = random_policy(rng, n), rng.randint(1, 3), rng.randint(1, 2)
        yield win_rate(users, draws(pi, k), draws(pi, l)), Fraction(k, k + l + more)


def _one_position(more: int = 0) -> Pairs:
    """One of the l positions is y, all others are draws from pi."""
    for rng, users, n in random_instances(seed=122, count=25, most_responses=3):
        pi, y, k, l = random_policy(rng, n), rng.randrange(n), rng.randint(1, 3), rng.randint(1, 2)
        missed = 1 - utility(users, pi, y, k + l - 1)
        T = independent(draws(pi, l - 1), sure([y]))
        yield win_rate(users, draws(pi, k), T), missed * Fraction(k, k + l - 1 + more)


def excess(users: Users, pi: Sequence[Fraction], rho: Sequence[Fraction], N: int) -> Fraction:
    """e(rho): what rho earns more than 1/N against N - 1 draws from pi."""
    earned = total(mass * utility(users, pi, y, N - 1) for y, mass in enumerate(rho))
    return earned - Fraction(1, N)


def _bounds(kept: int = 1) -> Pairs:
    for rng, users, n in random_instances(seed=123, count=25, most_responses=3):
        pi, rho = random_policy(rng, n), random_policy(rng, n)
        k, l = rng.randint(1, 2), rng.randint(1, 2)
        slope = kept * Fraction(k * l, k + l - 1) * excess(users, pi, rho, k + l)
        even = Fraction(k, k + l)
        yield int(win_rate(users, draws(pi, k), draws(rho, l)) >= even - slope), 1
        yield int(win_rate(users, draws(rho, k), draws(pi, l)) <= even + slope), 1


def split_rate(
    users: Users, pi: Sequence[Fraction], k: int, rho: Sequence[Fraction], l: int
) -> Fraction:
    """W(pi^k, rho^l) by the class of the best positions: i of pi's draws and j of rho's lie there,
    the others below."""
    won = Fraction(0)
    for weight, ranking in users:
        for tied in ranking:
            L, p = masses(ranking, pi, tied[0])
            R, r = masses(ranking, rho, tied[0])
            for i, j in product(range(1, k + 1), range(l + 1)):
                ours = comb(k, i) * L ** (k - i) * p**i
                theirs = comb(l, j) * R ** (l - j) * r**j
                won += weight * ours * theirs * Fraction(i, i + j)
    return won


def _by_classes(more: int = 0) -> Pairs:
    for rng, users, n in random_instances(seed=124, count=25, most_responses=3):
        pi, rho = random_policy(rng, n), random_policy(rng, n)
        k, l = rng.randint(1, 3), rng.randint(1, 2)
        yield win_rate(users, draws(pi, k), draws(rho, l)), split_rate(users, pi, k + more, rho, l)


def _uniform(n: int) -> Users:
    return [(Fraction(1), [[y] for y in order]) for order in permutations(range(n))]


def _disjoint(more: int = 0) -> Pairs:
    for n, k, l in product((2, 3, 4), (1, 2, 3), (1, 2)):
        for S in combinations_with_replacement(range(n), k):
            others = [y for y in range(n) if y not in S][:l]
            if len(others) == l:
                distinct = len(set(S))
                won = Fraction(distinct, distinct + l + more)
                yield win_rate(_uniform(n), sure(S), sure(others)), won


def _crowded(collisions: int = 1) -> Pairs:
    for n, k, l in product((2, 3, 4), (1, 2), (1, 2)):
        most = Fraction(k, k + l) + collisions * (Fraction(l * l, 2) + k * l) / n
        opponent = draws([Fraction(1, n)] * n, l)
        for S in combinations_with_replacement(range(n), k):
            yield int(win_rate(_uniform(n), sure(S), opponent) <= most), 1


NINE: Users = [
    (Fraction(3), [[3], [2], [1], [0]]),
    (Fraction(3), [[2], [0], [3], [1]]),
    (Fraction(2), [[1], [0], [2], [3]]),
    (Fraction(1), [[0], [1], [2], [3]]),
]
"""Nine users: 3: d>c>b>a, 3: c>a>d>b, 2: b>a>c>d, 1: a>b>c>d."""


def _nine(opponent_share: Fraction = Fraction(13, 20)) -> Pairs:
    """Bounds of the best product policies' worst cases V_k against two outputs: V_1 >= 1/3 by the
    point mass on c, V_1 <= 1/3 against (c, c), V_2 by a tangent at pi, V_3 by a policy."""
    one = worst_case(NINE, sure([2]), l=2)[0]
    capped = max(win_rate(NINE, sure([y]), sure([2, 2])) for y in range(4))
    yield one, capped
    mixture = [(opponent_share, (0, 3)), (1 - opponent_share, (1, 2))]
    pi = [Fraction(mass, 200) for mass in (30, 32, 99, 39)]
    at_pi = win_rate(NINE, draws(pi, 2), mixture)
    towards = (win_rate(NINE, independent(draws(pi, 1), sure([y])), mixture) for y in range(4))
    two = max(at_pi + 2 * (rate - at_pi) for rate in towards)
    three = worst_case(NINE, draws([Fraction(mass, 40) for mass in (5, 9, 16, 10)], 3), l=2)[0]
    yield int(two - one < three - two), 1


b = a + 1  # l, seen to be at least 1
N = k + b
missed = (1 - u) * k / (k + a)  # W with one of the opponent's l positions y
found = u + (1 - u) * (k - 1) / (k + a)  # W with one of the policy's k positions y
moved = (1 - s) ** l * before + l * s * (1 - s) ** (l - 1) * after + s**2 * later
slope = k * b / (k + a) * (u - 1 / N)

THEOREM = Theorem(
    source="E12",
    title="k draws against l draws",
    words=(
        "Let N = k + l and e(rho) = sum_y rho_y u_y(pi) - 1/N in the N-player game. For all pi and"
        " rho W(pi^k, rho^l) >= k/N - (kl/(N-1)) e(rho) and"
        " W(rho^k, pi^l) <= k/N + (kl/(N-1)) e(rho). Hence pi is a symmetric equilibrium of the"
        " N-player game iff W(pi^k, rho^l) >= k/N for every rho iff W(rho^k, pi^l) <= k/N for every"
        " rho: one equilibrium serves every split. No product policy guarantees more than k/(k+l)"
        " against every rho^l; on uniform rankings of n responses no k-output policy at all wins"
        " more than k/(k+l) + (l^2/2 + kl)/n against the uniform rho. Against two outputs the"
        " second draw of the best product policy may add less than the third."
    ),
    latex=(
        r"W(\pi^k,\rho^l)\ge\tfrac k{k+l}-\tfrac{kl}{k+l-1}e(\rho),\quad"
        r" W(\rho^k,\pi^l)\le\tfrac k{k+l}+\tfrac{kl}{k+l-1}e(\rho),\quad"
        r" e(\rho)=\sum_y\rho_yu^{(k+l-1)}_y(\pi)-\tfrac1{k+l}"
    ),
    hypotheses=["k, l >= 1", "finitely many responses and users, weak orders; `uniform` ties"],
    obligations=[
        Obligation(
            "at rho = pi all N positions are exchangeable: W(pi^k, pi^l) = k/(k+l), so no product"
            " policy guarantees more",
            Agreement(_even, wrong={"more": 1}),
        ),
        Obligation(
            "one of the l positions being y, it is picked with chance u = u_y(pi) of the N-player"
            " game, and if it is not, the other N-1 are exchangeable: W is (1-u) k/(N-1)",
            Agreement(_one_position, wrong={"more": 1}),
        ),
        Obligation(
            "along (1-s) pi + s y the opponent's l draws hold y once with chance l s (1-s)^(l-1),"
            " more often with a multiple of s^2: at s = 0 W changes by l times the difference",
            Identity(
                l * (after - before),
                diff(moved, s).subs(s, 0),
                wrong=diff(moved + s * later, s).subs(s, 0),
            ),
        ),
        Obligation(
            "that is -(kl/(N-1)) (u - 1/N)",
            Identity(-slope, b * (missed - k / N), wrong=b * (missed - (k - 1) / N)),
        ),
        Obligation(
            "in the policy's place it is k (u + (1-u)(k-1)/(N-1) - k/N) = (kl/(N-1)) (u - 1/N)",
            Identity(slope, k * (found - k / N), wrong=k * (found - b / N)),
        ),
        Obligation(
            "W(., T) is concave in the policy (E1), so W(pi^k, rho^l) = 1 - W(rho^l, pi^k) is"
            " convex in rho and W(rho^k, pi^l) concave: tangents at rho = pi give both bounds,"
            " here counted position by position",
            Agreement(_bounds, wrong={"kept": 0}),
        ),
        Obligation(
            "an equilibrium has e <= 0, so both W are on the right side of k/N; conversely neither"
            " derivative towards y has that sign if u = 1/N + d with d > 0",
            Identity(
                slope.subs(u, 1 / N + d), k * b * d / (k + a), wrong=k * b * (d + 1) / (k + a)
            ),
        ),
        Obligation(
            "for l = 1 this is P1: kl/(k+l-1) = 1",
            Identity(1, (k * b / (k + a)).subs(a, 0), wrong=(k * b / (k + a)).subs(a, 1)),
        ),
        Obligation(
            "uniform rankings: l distinct responses outside S, which holds m distinct ones: the"
            " best of all m + l lies in S with chance m/(m+l)",
            Agreement(_disjoint, wrong={"more": 1}),
        ),
        Obligation(
            "which is at most k/(k+l), k = m + d",
            Inequality((m + d) / (m + d + l), at_least=m / (m + l), wrong=m / (m + d + l)),
        ),
        Obligation(
            "two of l uniform draws agree with chance at most C(l,2)/n, one is in S with chance at"
            " most lk/n: together at most (l^2/2 + kl)/n",
            Inequality(
                (l**2 / 2 + k * l) / n,
                at_least=(l * (l - 1) / 2 + k * l) / n,
                wrong=(l**2 / 2 + (k - 1) * l) / n,
            ),
        ),
        Obligation(
            "the whole bound, counted position by position for every S",
            Agreement(_crowded, wrong={"collisions": 0}),
        ),
        Obligation(
            "W(pi^k, rho^l) is a sum over classes of binomial chances: i of pi's draws and j of"
            " rho's in it, none above, share i/(i+j)",
            Agreement(_by_classes, wrong={"more": 1}),
        ),
        Obligation(
            "nine users (3: d>c>b>a, 3: c>a>d>b, 2: b>a>c>d, 1: a>b>c>d) against two outputs:"
            " V_1 = 1/3 exactly, V_2 is at most a tangent's largest value, V_3 at least what one"
            " policy wins, and V_2 - V_1 < V_3 - V_2",
            Agreement(_nine, least=2, wrong={"opponent_share": Fraction(1)}),
        ),
    ],
    rests_on=["P1", "E1 (W(pi^k, T) is concave in pi)"],
    not_proved=[
        "What the steps leave to the reader Coq's kernel has checked (E12, E12_upper,"
        " E12_equilibrium, E12_tuples, and E12_uniform for every n).",
    ],
)
