"""P4: NLHF stays below its winner's weakest pairwise majority, however many outputs it may give.

NLHF is a symmetric equilibrium of the 2-player game. If one response c beats every other in pairs
that is the point mass on c alone, and k samples of it are k copies of c.
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial

from sympy import Integer, Rational

from proofs_checks.cases import compared, point, random_instances, random_policy
from proofs_checks.claims import Agreement, Identity, Inequality, Pairs
from proofs_checks.definition import Users, draws, sure, total, utility, win_rate, worst_case
from proofs_checks.obligations import Obligation, Theorem
from proofs_checks.symbols import shared

k, A, B, T, H, x, pi_y, part, power = shared("k A B T H x pi_y part power")
p, t, eps = shared("p_or_0 t_or_0 epsilon_or_0")

One, Half = Fraction(1), Fraction(1, 2)


def beats_all(users: Users, c: int, n: int) -> bool:
    """Whether c is the strict Condorcet winner: P(c above y) > P(y above c) for all y != c."""
    weights = (compared(users, c, y) for y in range(n) if y != c)
    return all(above > below for above, _, below in weights)


def _utilities(share: Fraction = Half) -> Pairs:
    for rng, users, n in random_instances(seed=4, count=25):
        pi, c = random_policy(rng, n), rng.randrange(n)
        weights = [compared(users, c, y) for y in range(n)]
        value = total(m * (a + share * b) for m, (a, b, _) in zip(pi, weights, strict=True))
        yield utility(users, pi, c, 1), value


def copies(extra: int = 0) -> Pairs:
    """W of k copies of c against y, and A + T k/(k+1)."""
    for rng, users, n in random_instances(seed=5, count=25):
        k, c, y = rng.randint(1, 4), rng.randrange(n), rng.randrange(n)
        above, tied, _ = compared(users, c, y)
        value = win_rate(users, sure([c] * k), sure([y]))
        yield value, above + Fraction(k, k + 1 + extra) * tied


def _worst_cases(strict: bool, copies_too: bool = True) -> Pairs:
    """Populations with a strict Condorcet winner c: the k-sample worst case of its point mass."""
    for rng, users, n in random_instances(6, 80, most_responses=3, most_users=6, strict=strict):
        for c in (c for c in range(n) if beats_all(users, c, n)):
            k = rng.randint(1, 4)
            worst, _ = worst_case(users, draws(point(n, c), k))
            others = (compared(users, c, y) for y in range(n) if y != c)
            least = [above + Fraction(k, k + 1) * tied for above, tied, _ in others]
            yield worst, min([Fraction(k, k + 1 if copies_too else k), *least])


def _slim_majorities(sign: int = 1) -> Pairs:
    for eps in (Fraction(1, 7), Fraction(1, 12), Fraction(1, 100), Fraction(2, 5)):
        users = [(Half + eps, [[0], [1]]), (Half - eps, [[1], [0]])]
        for k in range(1, 7):
            yield worst_case(users, sure([0] * k))[0], min(Fraction(k, k + 1), Half + sign * eps)


half = Rational(1, 2)
phi_alone = Integer(1) ** k  # y above c: L = 1, p = 0
phi_tied = ((Integer(0) + 1) ** (k + 1) - Integer(0) ** (k + 1)) / (k + 1)  # L = 0, p = 1
phi_below = Integer(0) ** k  # c above y: L = p = 0
copies_win = A + T * k / (k + 1)

THEOREM = Theorem(
    source="P4",
    title="NLHF's ceiling",
    words=(
        "With a strict Condorcet winner c, NLHF is the point mass on c and nothing else, and its"
        " k-sample worst case is min(k/(k+1), min over y != c of P(c above y) + k/(k+1) P(c ties"
        " y)); for strict rankings min(k/(k+1), m), m the least P(c above y): at most m for every"
        " k. Two responses with majority 1/2+eps give min(k/(k+1), 1/2+eps). For every population"
        " and k NLHF's worst case is at least 1/2, so its infimum over populations is 1/2."
    ),
    latex=(
        r"\min_y W(\delta_c^k,y)=\min\Bigl(\tfrac{k}{k+1},\ \min_{y\ne c}\bigl[P(c\succ y)"
        r"+\tfrac{k}{k+1}P(c\sim y)\bigr]\Bigr),\qquad"
        r" \inf\min_y W(\pi_{\mathrm{NLHF}}^k,y)=\tfrac12"
    ),
    hypotheses=[
        "k >= 1",
        "NLHF: any pi with u_y(pi) <= 1/2 for all y, where k = 1",
        "the formulas: a response c with P(c above y) > P(y above c) for all y != c",
        "the bound 1/2: none",
    ],
    obligations=[
        Obligation(
            "k = 1: u_c(pi) = sum_y pi_y (P(c above y) + P(c ties y)/2)",
            Agreement(_utilities, wrong={"share": One}),
        ),
        Obligation(
            "each term is pi_y/2 + pi_y (A - B)/2, A = P(c above y), B = P(y above c): for y = c"
            " A = B = 0. So u_c(pi) = 1/2 + sum over y != c of pi_y (A - B)/2, which exceeds 1/2"
            " unless pi is the point mass on c: nothing else can be NLHF",
            Identity(
                pi_y / 2 + pi_y * (A - B) / 2,
                pi_y * (A + (1 - A - B) / 2),
                wrong=pi_y * (A + (1 - A - B)),
            ),
        ),
        Obligation(
            "and the point mass on c is: u_y = B + T/2 = 1/2 - (A - B)/2 < 1/2 for y != c",
            Identity(half - (A - B) / 2, B + (1 - A - B) / 2, wrong=B + (1 - A - B)),
        ),
        Obligation(
            "k copies of c against y: a user with y above c picks y, with a tie 1/(k+1) of the"
            " time, else never; so W(c^k, y) = A + T k/(k+1), which is k/(k+1) at y = c",
            Identity(
                copies_win,
                1 - (1 - A - T) * phi_alone - T * phi_tied - A * phi_below,
                wrong=1 - (1 - A) * phi_alone - T * phi_tied - A * phi_below,
            ),
        ),
        Obligation(
            "that is the definition's W, counted position by position",
            Agreement(copies, wrong={"extra": 1}),
        ),
        Obligation(
            "strict rankings with a Condorcet winner: the least over y is min(k/(k+1), m)",
            Agreement(partial(_worst_cases, strict=True), wrong={"copies_too": False}),
        ),
        Obligation(
            "and weak orders: min(k/(k+1), min over y != c of A + T k/(k+1))",
            Agreement(partial(_worst_cases, strict=False), wrong={"copies_too": False}),
        ),
        Obligation(
            "with ties too no k helps beyond a ceiling: A + T k/(k+1) <= A + T for every k and y",
            Inequality(A + T, at_least=copies_win, wrong=A + T * half),
        ),
        Obligation(
            "two responses, 1/2+eps for a, pi = (x, 1-x): u_a(pi) = 1/2 + eps (1-x) <= 1/2 only at"
            " x = 1 if eps > 0 (phi_1 = L + p/2; a's users have L = 1-x, b's L = 0, both p = x)",
            Identity(
                half + eps * (1 - x),
                (half + eps) * (1 - x + x / 2) + (half - eps) * x / 2,
                wrong=(half + eps) * (1 - x + x / 2) + (half - eps) * x,
            ),
        ),
        Obligation(
            "and its k-sample worst case is min(k/(k+1), 1/2+eps)",
            Agreement(_slim_majorities, wrong={"sign": -1}),
        ),
        Obligation(
            "which is 1/2+eps whenever eps <= (k-1)/(2(k+1)), so that k >= 2 samples are worth no"
            " more than a bare majority; with eps -> 0 the infimum is at most 1/2 (k = 1: P5)",
            Inequality(
                k / (k + 1) - half - part * (k - 1) / (2 * (k + 1)),
                {part: (0, 1)},
                wrong=k / (k + 1) - half - part * k / (2 * (k + 1)),
            ),
        ),
        Obligation(
            "conversely, for any pi: L + tp = 1 - H - (1-t)p <= 1, H the mass above, 0 <= t <= 1",
            Inequality(1 - (1 - H - p + t * p), {t: (0, 1)}, wrong=1 - (1 - H - p + 2 * t * p)),
        ),
        Obligation(
            "(L+tp)^k - (L+tp)^(k+1) = (L+tp)^k (1 - (L+tp))",
            Identity(x**k - x ** (k + 1), x**k * (1 - x), wrong=x ** (k - 1) * (1 - x)),
        ),
        Obligation(
            "is nonnegative, and so is its integral over t: phi_k decreases in k, so u_y(pi) <= 1/2"
            " at k = 1 stays so for every k",
            Inequality(power * (1 - x), {x: (0, 1)}, wrong={x: (0, 2)}),
        ),
    ],
    rests_on=["P1 (phi_k is the integral of (L+tp)^k over 0 <= t <= 1)", "P5 (the case k = 1)"],
    not_proved=[
        "That a sum of products of positive numbers is positive, so that u_c(pi) > 1/2 for every pi"
        " but the point mass.",
        "That the k-sample worst case, a minimum over y, is at most each W(c^k, y), and that bounds"
        " which hold for all t and all users survive the integral over t and the average.",
        "That an infimum of at most 1/2 + eps for every eps > 0 is at most 1/2.",
    ],
)
