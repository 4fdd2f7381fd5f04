"""E9: what Borda (RLHF), random dictatorship, the uniform and the point-mass policies guarantee."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, permutations, product

from sympy import Expr, Integer, diff, exp, log

from proofs_checks.cases import random_instances
from proofs_checks.claims import Agreement, Identity, Inequality, Pairs
from proofs_checks.definition import Ranking, Users, draws, rank, sure, total, win_rate
from proofs_checks.e8_limits import POWER_BOUND
from proofs_checks.obligations import Obligation, Theorem
from proofs_checks.p4_nlhf_ceiling import copies
from proofs_checks.symbols import shared

k, n, N, j, A, T, q, slack = shared("k n N j A T q_or_0 slack")
low, low_y, high, between, c_b, c_y = shared("v_b v_y h g_from_0 c_b c_y")
x, eps, r, win = shared("x_or_0 epsilon_or_0 r_real w_positive")
e, f, c = shared("e f_positive c_positive")  # exponentials of rewards


def borda(users: Users, n: int, y: int) -> Fraction:
    """y's expected wins over all n responses, itself (1/2) included."""
    return total(win_rate(users, sure([y]), sure([z])) for z in range(n))


def _place_scores(half: Fraction = Fraction(1, 2)) -> Pairs:
    for rng, users, count in random_instances(seed=90, count=25):
        chosen, score = rng.randrange(count), Fraction(0)
        for weight, ranking in users:
            place = rank(ranking, chosen)
            below = sum(len(tied) for tied in ranking[place + 1 :])
            score += weight * (below + half * len(ranking[place]))
        yield score, borda(users, count, chosen)


def borda_trap(n: int, extra: Fraction = Fraction(0)) -> Users:
    """b = 0, y = 1, rest = 2..n-1; 1/n + extra of all: b > rest > y, the others: y > b > rest."""
    rest: Ranking = [[z] for z in range(2, n)]
    share = Fraction(1, n) + extra
    return [(1 - share, [[1], [0], *rest]), (share, [[0], *rest, [1]])]


def _trap(lead: int = 1) -> Pairs:
    for count, extra in product(range(2, 6), (Fraction(0), Fraction(1, 30))):
        users = borda_trap(count, extra)
        best = borda(users, count, 0)
        yield count * extra, best - borda(users, count, 1)
        for place in range(1, count - 1):
            yield lead * place, best - borda(users, count, place + 1)
        for size in (1, 2, 3):
            rates = [win_rate(users, sure([0] * size), sure([z])) for z in range(1, count)]
            yield Fraction(1, count) + extra, min(rates)


def _plackett_luce(swapped: bool = False) -> Pairs:
    """Each next response is drawn by strength: then y is above z with chance v_y/(v_y + v_z)."""
    for strengths in combinations(range(1, 7), 3):
        users: list[tuple[Fraction, Ranking]] = []
        for order in permutations(range(3)):
            left, chance = sum(strengths), Fraction(1)
            for z in order:
                chance *= Fraction(strengths[z], left)
                left -= strengths[z]
            users.append((chance, [[z] for z in order]))
        for chosen, own in enumerate(strengths):
            terms = (Fraction(other if swapped else own, own + other) for other in strengths)
            yield total(terms), borda(users, 3, chosen)


def _dictatorship(miss: int = 0) -> Pairs:
    for count, size in product(range(1, 6), range(1, 5)):
        rankings: list[Ranking] = []
        for a in range(count):  # the common second choice is the response `count`
            rest = [z for z in range(count) if z != a]
            rankings.append([[a], [count], rest] if rest else [[a], [count]])
        users = [(Fraction(1, count), ranking) for ranking in rankings]
        favourites = [*[Fraction(1, count)] * count, Fraction(0)]
        formula = 1 - (1 - Fraction(1, count + miss)) ** size
        yield formula, win_rate(users, draws(favourites, size), sure([count]))


def _uniform(shift: int = 0) -> Pairs:
    for count, size in product(range(1, 6), range(1, 5)):
        users: Users = [(Fraction(1), [[z] for z in range(count)])]
        missed = (1 - Fraction(1, count)) ** (size + 1 + shift)
        everyone = draws([Fraction(1, count)] * count, size)
        worst = min(win_rate(users, everyone, sure([z])) for z in range(min(count, 2)))
        yield 1 - count * (1 - missed) / (size + 1 + shift), worst


def _cycles(step: int = 0) -> Pairs:
    for count, size in product(range(2, 6), range(1, 4)):
        circle = range(count)
        users: Users = [(Fraction(1, count), [[(a + z) % count] for z in circle]) for a in circle]
        for ours, back in product(circle, range(1, count)):
            rate = win_rate(users, sure([ours] * size), sure([(ours - back) % count]))
            yield Fraction(back + step, count), rate


def _fixed_tuples(inside: bool = False) -> Pairs:
    for size in range(1, 4):
        responses = range(size + 1)
        for S in product(responses, repeat=size):
            first = S[0] if inside else min(set(responses) - set(S))
            others = [z for z in responses if z != first]
            yield win_rate([(Fraction(1), [[first], others])], sure(S), sure([first])), 0


sigma = 1 / (1 + exp(-r))
log_likelihood = win * log(sigma) + (1 - win) * log(1 - sigma)
ours, theirs = low + c_b / 2, low_y + c_y / 2  # the scores of b and y with one user
b_scores = (1 - q) * (n - 2) + q * (n - 1)
lead = T * k / (k + 1) + (1 - T + slack) / n


def _second_order(m: Expr) -> Expr:
    return 1 - m * x + m * (m - 1) * x**2 / 2


THEOREM = Theorem(
    source="E9",
    title="What other methods guarantee",
    words=(
        "A Bradley-Terry reward fitted to complete uniform comparisons orders responses by Borda"
        " score. For n >= 2 a Borda winner, sampled k times, wins at least 1/n against everything;"
        " for every n and k a tied winner of some population wins exactly 1/n, and a unique winner"
        " comes as close as one likes. Random dictatorship wins 1 - (1-1/n)^k against the common"
        " second choice of n users, between k/(n+k) and k/n. The uniform policy on N responses wins"
        " at most k/(2N) where all users share a favourite; every point mass wins 1/n on a cycle of"
        " n rankings; a k-tuple that is fixed beforehand wins 0 for some population on k+1"
        " responses."
    ),
    latex=(
        r"\min_y W(\delta_b^k,y)\ge\tfrac1n\ (b\text{ Borda});\qquad"
        r" \tfrac{k}{n+k}\le 1-(1-\tfrac1n)^k\le\tfrac kn;\qquad"
        r" 1-\tfrac{N}{k+1}\bigl(1-(1-\tfrac1N)^{k+1}\bigr)\le\tfrac{k}{2N}"
    ),
    hypotheses=[
        "k >= 1, and n >= 2 for Borda (against itself a single response wins only k/(k+1))",
        "comparisons: every pair equally often, won as often as the users prefer (ties half)",
        "the likelihood has a maximum; with a ridge penalty it always has",
    ],
    obligations=[
        Obligation(
            "y's Borda score is, user by user, the number of responses below y plus half of y's"
            " class (y's tie with itself included)",
            Agreement(_place_scores, wrong={"half": Fraction(1)}),
        ),
        Obligation(
            "who has b above y gives b at most n-1 more, n = below b + b's class + above b",
            Inequality(low + c_b + high - 1, at_least=ours - theirs, wrong=low + c_b + high - 2),
        ),
        Obligation(
            "who has y above b gives y at least 1 more: b's class and g others lie between",
            Inequality(
                low + c_b + between + c_y / 2,
                at_least=ours + 1,
                wrong=low + c_b / 2 + between + c_y / 2,
            ),
        ),
        Obligation(
            "k copies of b win A + T k/(k+1) against y, with A, T the weights of b above, tied with"
            " y: for strict rankings k does not matter",
            Agreement(copies, wrong={"extra": 1}),
        ),
        Obligation(
            "b's score is no less, so (n-1) A - (1-A-T) = s >= 0, that is A = (1-T+s)/n",
            Identity(
                slack,
                ((n - 1) * A - (1 - A - T)).subs(A, (1 - T + slack) / n),
                wrong=((n - 1) * A - (1 - A - T)).subs(A, (T + slack) / n),
            ),
        ),
        Obligation(
            "hence b wins at least (1+s)/n for n >= 2, whatever k is; a unique winner has s > 0",
            Inequality(lead - (1 + slack) / n, {T: (0, 1), n: (2, None)}, wrong={n: (1, None)}),
        ),
        Obligation(
            "shares q = 1/n + eps of b > rest > y, 1-q of y > b > rest: b scores n eps more than y"
            " and j more than the rest's j-th, and its k copies win exactly q at worst against"
            " others",
            Agreement(_trap, wrong={"lead": 2}),
        ),
        Obligation(
            "for all n: b gains n-1 on y with weight q and loses 1 with weight 1-q, so they tie at"
            " eps = 0, and above that b is the only winner",
            Identity((n - 1) * (1 / n + eps) - (1 - 1 / n - eps), n * eps, wrong=(n - 1) * eps),
        ),
        Obligation(
            "for all n: b scores n-2 or n-1, the j-th of the rest n-2-j or n-1-j, which is j less",
            Identity(
                b_scores - j,
                (1 - q) * (n - 2 - j) + q * (n - 1 - j),
                wrong=(1 - q) * (n - 1 - j) + q * (n - 1 - j),
            ),
        ),
        Obligation(
            "Bradley-Terry: y beats z with chance sigma(r_y - r_z), and the log-likelihood of a"
            " pair won with frequency w has derivative w - sigma: at a maximum y's Borda score less"
            " 1/2 is the sum of sigma(r_y - r_z) over z other than y",
            Identity(diff(log_likelihood, r), win - sigma, wrong=win - (1 - sigma)),
        ),
        Obligation(
            "with the term 1/2 = sigma(0) of y itself all responses share one function of r_y, the"
            " sum of e/(e+c), e = exp(r_y), c = exp(r_z), over all z: strictly increasing, so the"
            " order of rewards is the order of scores (a ridge penalty adds a multiple of r_y)",
            Identity(
                e / (e + c) - f / (f + c),
                c * (e - f) / ((e + c) * (f + c)),
                wrong=c * (f - e) / ((e + c) * (f + c)),
            ),
        ),
        Obligation(
            "that equation on Plackett-Luce populations, whose win rates are Bradley-Terry's own",
            Agreement(_plackett_luce, wrong={"swapped": True}),
        ),
        Obligation(
            "n users with distinct favourites and one common second choice: random dictatorship"
            " draws k favourites uniformly, and for each user L = 1-1/n and p = 0 in P1's closed"
            " form: it wins 1 - (1-1/n)^k against that choice",
            Agreement(_dictatorship, wrong={"miss": 1}),
        ),
        *POWER_BOUND,
        Obligation(
            "at x = 1/n it is thus at least k/(n+k), which tends to 1 as k grows with n fixed",
            Identity(1 - 1 / (1 + k / n), k / (n + k), wrong=k / n),
        ),
        Obligation(
            "(1-x)^k >= 1 - kx (Bernoulli), base k = 0",
            Identity((1 - x) ** 0, 1 - 0 * x, wrong=1 - 1 * x),
        ),
        Obligation(
            "(1-x)^k >= 1 - kx, step: (1-kx)(1-x) >= 1-(k+1)x; at x = 1/n the win rate is at most"
            " k/n, which tends to 0 as n grows with k fixed",
            Inequality(
                (1 - k * x) * (1 - x) - (1 - (k + 1) * x),
                {x: (0, 1), k: (0, None)},
                wrong=(1 - k * x) * (1 - x) - (1 - k * x),
            ),
        ),
        Obligation(
            "N responses, the same favourite for all: L = 1-1/N and p = 1/N, so the uniform"
            " policy's worst case is 1 - N [1 - (1-1/N)^(k+1)]/(k+1), against that favourite",
            Agreement(_uniform, wrong={"shift": 1}),
        ),
        Obligation(
            "(1-x)^m <= 1 - mx + m(m-1)x^2/2, base m = 1",
            Identity(1 - x, _second_order(Integer(1)), wrong=_second_order(Integer(2))),
        ),
        Obligation(
            "(1-x)^m <= 1 - mx + m(m-1)x^2/2, step",
            Inequality(
                _second_order(k + 1) - (1 - x) * _second_order(k),
                {x: (0, 1)},
                wrong=_second_order(k + 1) - _second_order(k),
            ),
        ),
        Obligation(
            "at m = k+1, x = 1/N the uniform policy wins at most k/(2N), which tends to 0",
            Identity(
                1 - N * (1 - _second_order(k + 1).subs(x, 1 / N)) / (k + 1),
                k / (2 * N),
                wrong=k / (3 * N),
            ),
        ),
        Obligation(
            "a cycle of n rankings: a point mass wins d/n, whatever k is, against the response d"
            " places before it on the circle, so each one's worst case is 1/n",
            Agreement(_cycles, wrong={"step": 1}),
        ),
        Obligation(
            "a tuple of k responses misses one of k+1, and wins nothing where all prefer that one",
            Agreement(_fixed_tuples, wrong={"inside": True}),
        ),
    ],
    rests_on=["P1's closed form of u_y, by (L, p)"],
    not_proved=[
        "That the families have the L and p (or, for Borda's, the scores) stated for all n: read"
        " off the rankings; brute force agrees for n <= 5 and k <= 4.",
        "That the likelihood has a maximum where every group of responses sometimes loses to"
        " the others (Zermelo 1929, Ford 1957); the order holds at any maximum.",
        "That sums of increasing functions increase, and that inductions start and step as said.",
    ],
)
