"""E13: how many users have to be asked, to learn a policy and to certify one.

Exponential supermartingales: one for the learner's bound, one that is rational for the holdout.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import product
from math import lcm, prod
from random import Random

from sympy import Expr, diff, exp, expand_log, log, sqrt

from proofs_checks.cases import (
    average,
    masses,
    point,
    random_history,
    random_instances,
    random_policy,
)
from proofs_checks.claims import Agreement, Identity, Inequality, Pairs, Sign
from proofs_checks.definition import Ranking, Users, draws, total, utility, win_rate
from proofs_checks.obligations import Obligation, Theorem
from proofs_checks.p1_guarantee import phi
from proofs_checks.symbols import shared

k, m, x, lam, z, A, C = shared("k m x lam_positive z root C")
p, g, r, rho, Z, c, d, part = shared("p g_positive f_positive rho_positive S c_positive d part")

One = Fraction(1)


def earns(ranking: Ranking, pi: Sequence[Fraction], y: int, k: int) -> Fraction:
    """g(y): the chance that one user picks y against k draws from pi."""
    return phi(k, *masses(ranking, pi, y))


def _own_average(more: int = 0) -> Pairs:
    for rng, users, n in random_instances(seed=131, count=25, most_responses=3, most_users=1):
        pi, k = random_policy(rng, n), rng.randint(1, 3)
        earned = (mass * utility(users, pi, y, k) for y, mass in enumerate(pi))
        yield total(earned), Fraction(1, k + 1 + more)


def _bases(chances: Iterable[Fraction]) -> tuple[int, Fraction]:
    """(D, b) for which b^(D g) is rational for all the chances g; e^lambda = b^D is about e."""
    D = lcm(*(g.denominator for g in chances))
    return D, 1 + Fraction(1, D)


def _halves(rng: Random, n: int) -> list[Fraction]:
    """The average of two responses, which keeps D small."""
    return average([point(n, rng.randrange(n)) for _ in range(2)])


def _supermartingale(power: int = 1) -> Pairs:
    """The mean over all samples of two users, and over y ~ pi_0, of the product of
    e^(-lambda g_t(y)) / (1 - (1 - e^-lambda) u_y(pi_t)), pi_2 depending on user 1."""
    for rng, users, n in random_instances(seed=132, count=25, most_responses=3, most_users=2):
        k, start = rng.randint(1, 2), _halves(rng, n)
        later = [_halves(rng, n) for _ in users]
        chances = [earns(r, pi, y, k) for _, r in users for pi in (start, *later) for y in range(n)]
        D, b = _bases(chances)
        mean = Fraction(0)
        for (first, (v, one)), (w, two) in product(enumerate(users), users):
            for y, mass in enumerate(start):
                for pi, ranking in ((start, one), (later[first], two)):
                    expected = 1 - (1 - b**-D) * utility(users, pi, y, k) ** power
                    mass /= b ** int(D * earns(ranking, pi, y, k)) * expected
                mean += v * w * mass
        yield int(mean <= 1), 1


def _normalisers(more: int = 0) -> Pairs:
    """The mean of e^(lambda g) over y ~ pi, for one user."""
    for rng, users, n in random_instances(seed=135, count=25, most_responses=3):
        k, pi, ranking = rng.randint(1, 3), _halves(rng, n), users[0][1]
        chances = [earns(ranking, pi, y, k) for y in range(n)]
        D, b = _bases(chances)
        mean = total(mass * b ** int(D * g) for mass, g in zip(pi, chances, strict=True))
        yield int(mean <= 1 + (b**D - 1) / (k + 1 + more)), 1


def _averaged(shift: int = 0) -> Pairs:
    """1 - W(a^k, rho) is at most the rounds' average of <rho, u(pi_t)>; at one round equal."""
    for rng, users, n in random_instances(seed=133, count=25, most_responses=3):
        k, rho = rng.randint(1, 3), random_policy(rng, n)
        history = random_history(rng, n)
        for played in (history, history[:1]):
            earned = total(
                mass * utility(users, pi, y, k) for pi in played for y, mass in enumerate(rho)
            )
            lost = 1 - win_rate(users, draws(average(played), k), draws(rho, 1))
            yield int(lost <= earned / (len(played) + shift)), 1


def _holdouts(share_of_u: Fraction = One) -> Pairs:
    """The mean of prod (1 + c (q - g_i(y))) over all samples of two users, u_y >= q."""
    for rng, users, n in random_instances(seed=134, count=40, most_responses=3):
        pi, y, k = random_policy(rng, n), rng.randrange(n), rng.randint(1, 2)
        u = utility(users, pi, y, k)
        q = min(u * share_of_u, Fraction(9, 10))
        c = Fraction(rng.randint(1, 4), 4) / (1 - q)
        mean = Fraction(0)
        for sample in product(users, repeat=2):
            factors = (1 + c * (q - earns(ranking, pi, y, k)) for _, ranking in sample)
            mean += prod((w for w, _ in sample), start=One) * prod(factors, start=One)
        yield int(mean <= 1), 1


def _confidence(share: Fraction = One) -> Pairs:
    """How often three users' products reach n/delta for all y though some u_y >= q: at most
    delta. Two responses, users split, the point mass on the first."""
    for parts, delta in product(range(1, 10), (Fraction(1, 2), Fraction(1, 4), Fraction(1, 8))):
        users: Users = [(Fraction(parts, 10), [[1], [0]]), (1 - Fraction(parts, 10), [[0], [1]])]
        pi, k = [One, Fraction(0)], 1
        q = utility(users, pi, 1, k)
        c, wrongly = 1 / (1 - q), Fraction(0)
        for sample in product(users, repeat=3):
            factors = (1 + c * (q - earns(ranking, pi, 1, k)) for _, ranking in sample)
            reached = prod(factors, start=One) >= share * 2 / delta
            wrongly += reached * prod((w for w, _ in sample), start=One)
        yield int(wrongly <= delta / 2), 1


above_chord = 1 - (1 - exp(-lam)) * x - exp(-lam * x)
below_chord = 1 + (exp(lam) - 1) * x - exp(lam * x)
loss, gain = z / (1 + z), z  # 1 - e^-lambda and e^lambda - 1 where e^lambda = 1 + z
added = (C + m * gain / (k + 1)) / (m * loss)
value = (1 + z) + A**2 * (1 + z) / z
q = p / (p + z)  # a number between 0 and 1
sharp = (q - g) / (q * (1 - q))


def _chord(gap: Expr, what: str, slope: Expr) -> list[Obligation]:
    """The gap between chord and function vanishes at x = 0 and x = 1, and is concave."""
    return [
        Obligation(
            f"{what} on [0, 1]: the gap vanishes at x = 0",
            Identity(0, gap.subs(x, 0), wrong=(gap + 1 - x).subs(x, 0)),
        ),
        Obligation(
            f"{what}: it vanishes at x = 1",
            Identity(0, gap.subs(x, 1), wrong=(gap + x).subs(x, 1)),
        ),
        Obligation(
            f"{what}: and it is concave",
            Identity(diff(gap, x, 2), slope, wrong=slope / lam),
        ),
    ]


GIBBS = Obligation(
    "x - 1 >= ln x, with equality at x = 1 alone: the slope of the difference is (x-1)/x. So"
    " KL >= 0, and 0 only for equal policies",
    Identity(diff(x - 1 - log(x), x), (x - 1) / x, wrong=x - 1),
)

THEOREM = Theorem(
    source="E13",
    title="How many users have to be asked",
    words=(
        "Let users 1..m be independent from any distribution, pi_1 = pi_0 fixed beforehand,"
        " pi_(t+1)(y) proportional to pi_t(y) exp(lambda g_t(y)), g_t(y) the chance that user t"
        " picks y against k draws from pi_t, and a the mean of pi_1..pi_m. With probability at"
        " least 1 - delta, for all rho at once, 1 - W(a^k, rho) <= e^lambda/(k+1) +"
        " (2 KL(rho||pi_0) + ln(1/delta))/(m (1 - e^-lambda)). With kappa fixed beforehand and"
        " e^lambda = 1 + sqrt((k+1)(2 kappa + ln(1/delta))/m), for all rho with"
        " KL(rho||pi_0) <= kappa: 1 - W(a^k, rho) <= (sqrt(1/(k+1)) +"
        " sqrt((2 kappa + ln(1/delta))/m))^2. Holdout: n responses, pi, 0 < q < 1, 0 < delta < 1"
        " and 0 < c <= 1/(1-q) fixed beforehand, fresh users with g_i(y): if the product of"
        " 1 + c (q - g_i(y)) is at least n/delta for every y, then W(pi^k, y) > 1 - q for all y,"
        " with confidence 1 - delta."
    ),
    latex=(
        r"W(a^k,\rho)\ge1-\Bigl(\sqrt{\tfrac1{k+1}}+\sqrt{\tfrac{2\kappa+\ln(1/\delta)}m}\Bigr)^2"
        r",\qquad \mathbf E\prod_i\bigl(1+c(q-g_i(y))\bigr)\le1\ \text{ if }\ u_y(\pi)\ge q"
    ),
    hypotheses=[
        "k, m >= 1, lambda > 0, 0 < delta < 1; weak orders, any distribution of users",
        "pi_0 of full support on what KL(rho||pi_0) < infinity needs; exact chances g_t, not picks",
    ],
    obligations=[
        *_chord(
            above_chord, "(1) e^(-lambda x) <= 1 - (1 - e^-lambda) x", -(lam**2) * exp(-lam * x)
        ),
        Obligation(
            "e^-x >= 1 - x: the gap and its slope vanish at 0",
            Identity(0, diff(exp(-x) - 1 + x, x).subs(x, 0), wrong=diff(exp(-x) - 1, x).subs(x, 0)),
        ),
        Obligation(
            "and it is convex; so E[exp(-lambda g_t(y)) | past] <= 1 - (1 - e^-lambda) u_y(pi_t)"
            " <= exp(-(1 - e^-lambda) u_y(pi_t))",
            Sign(diff(exp(-x) - 1 + x, x, 2), strict=True, wrong=diff(1 - x - exp(-x), x, 2)),
        ),
        Obligation(
            "hence the mean over samples, and over y ~ pi_0, of the product of exp(-lambda g_t(y))"
            " / (1 - (1 - e^-lambda) u_y(pi_t)) is at most 1: all samples of two users counted,"
            " pi_2 any policy that depends on the first",
            Agreement(_supermartingale, wrong={"power": 0}),
        ),
        GIBBS,
        Obligation(
            "Donsker and Varadhan: KL(rho||pi_0) + ln Z - <rho, f> is KL(rho||pi_0 e^f/Z), Z the"
            " mean of e^f (r = e^f; one response's terms)",
            Identity(
                (log(rho) - log(p)) + log(Z) - log(r),
                expand_log(log(rho / (p * r / Z))),
                wrong=expand_log(log(rho / (p * r * Z))),
            ),
        ),
        *_chord(below_chord, "(2) e^(lambda x) <= 1 + (e^lambda - 1) x", -(lam**2) * exp(lam * x)),
        Obligation(
            "P1 for a single user: <pi_t, g_t> = 1/(k+1), so round t's normaliser is at most"
            " 1 + (e^lambda - 1)/(k+1)",
            Agreement(_own_average, wrong={"more": 1}),
        ),
        Obligation("as counted", Agreement(_normalisers, wrong={"more": 1})),
        Obligation(
            "(3) the sum of (1) and (2), (1 - e^-lambda) sum_t <rho, u(pi_t)> <= 2 KL + ln(1/delta)"
            " + m (e^lambda - 1)/(k+1), divided by m (1 - e^-lambda); e^lambda = 1 + z, C ="
            " 2 KL + ln(1/delta)",
            Identity(
                added,
                (1 + z) / (k + 1) + C * (1 + z) / (m * z),
                wrong=1 / (k + 1) + C * (1 + z) / (m * z),
            ),
        ),
        Obligation(
            "1 - W(a^k, rho) = <rho, u(a)> is at most the average of <rho, u(pi_t)> (E3)",
            Agreement(_averaged, wrong={"shift": 1}),
        ),
        Obligation(
            "with A^2 = (k+1) C/m the bound is 1/(k+1) times e^lambda (1 + A^2/z), and that is"
            " (1 + A)^2 plus (z - A)^2/z: least at z = A",
            Identity(value, (1 + A) ** 2 + (z - A) ** 2 / z, wrong=(1 + A) ** 2 + (z - A) ** 2),
        ),
        Obligation(
            "(1 + A)^2/(k+1) is the square of sqrt(1/(k+1)) + sqrt(C/m)",
            Identity(
                (1 + sqrt((k + 1) * C / m)) ** 2 / (k + 1),
                (sqrt(1 / (k + 1)) + sqrt(C / m)) ** 2,
                wrong=(sqrt(1 / (k + 1)) + sqrt(C / (m + 1))) ** 2,
            ),
        ),
        Obligation(
            "that exceeds 1/(k+1) by 2 sqrt(C/(m(k+1))) + C/m: the less, the larger k is",
            Identity(
                (sqrt(1 / (k + 1)) + sqrt(C / m)) ** 2 - 1 / (k + 1),
                2 * sqrt(C / (m * (k + 1))) + C / m,
                wrong=2 * sqrt(C / (m * k)) + C / m,
            ),
        ),
        Obligation(
            "holdout: with c = part/(1-q), part <= 1, a factor is at least 1 + c (q-1) = 1 - part"
            " >= 0, as g <= 1",
            Identity(1 + part / (1 - q) * (q - 1), 1 - part, wrong=1 - part / 2),
        ),
        Obligation(
            "and its mean is 1 + c (q-u), at most 1 for u = q + d, d >= 0",
            Inequality(1 - (1 + c * (q - (q + d))), wrong=1 - (1 + c * (q + d - q))),
        ),
        Obligation(
            "so the product's mean is at most 1: all samples of two users counted",
            Agreement(_holdouts, wrong={"share_of_u": Fraction(2)}),
        ),
        Obligation(
            "and it reaches n/delta with chance at most delta/n (Markov), at most delta for some of"
            " n responses: all samples of three users counted, n = 2",
            Agreement(_confidence, wrong={"share": Fraction(1, 100)}),
        ),
        Obligation(
            "at c = (q-g)/(q(1-q)), which is at most 1/(1-q), a user with g_i = 1 contributes g/q",
            Identity(1 + sharp * (q - 1), g / q, wrong=g / (1 - q)),
        ),
        Obligation(
            "and one with g_i = 0 the factor (1-g)/(1-q): the likelihood ratio of two biased coins,"
            " which is Chernoff's exponent",
            Identity(1 + sharp * q, (1 - g) / (1 - q), wrong=(1 - g) / q),
        ),
    ],
    rests_on=["P1", "E3"],
    not_proved=[
        "Markov's inequality, the tower of conditional means (pi_t depends on users 1..t-1 alone),"
        " and that KL(rho||pi_(m+1)) >= 0 gives lambda sum_t <rho, g_t> <= KL(rho||pi_0) + sum_t"
        " ln(normaliser of t): by hand. counted where e^(lambda g) is rational.",
        "pi_0 uniform: KL(rho||pi_0) <= ln n; and a concave gap that vanishes at both ends is"
        " nonnegative between them: by hand.",
        "The holdout's product is a nonnegative supermartingale, so it may be watched while users"
        " come in (Ville); that the users were drawn independently of pi is the caller's word.",
        "The lower bound of order sqrt(ln n/((k+1) m)) by Fano's inequality is not part of this.",
    ],
)
