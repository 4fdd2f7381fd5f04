"""E14: learning from picks converges in its last iterate, for k >= 2 and not too large a step.

KL to an equilibrium falls in every round: a lower bound of the logarithm, whose error is paid for
by what the equilibrium earns, user by user.
"""

from __future__ import annotations

from fractions import Fraction

from sympy import Expr, Function, Integer, diff, expand, log

from proofs_checks import pick_games
from proofs_checks.claims import Agreement, Cited, Identity, Inequality
from proofs_checks.e3_average import TANGENT
from proofs_checks.obligations import Obligation, Theorem
from proofs_checks.symbols import shared

k, m, t, r, s, p, z, eta = shared("k m t r_positive s_real p z eta")
U, D, I, slack, part = shared("U_or_0 D_real I_real slack part")
a, c, F, G = shared("f_real g_real F G")  # numerators and denominators
y, v, w = shared("y_real v_real w_real")


def theta(k: Expr) -> Expr:
    """The weight of G^k in the denominators."""
    return (2 * k - 1) / (3 * k)


def kappa(k: Expr) -> Expr:
    """The share of D that pays for the squares."""
    return (k - 1) / (2 * k)


def quadratic(x: Expr, eta: Expr, k: Expr) -> Expr:
    """What has the sign of the derivative of (iv), divided by x."""
    return kappa(k) * (2 + theta(k) * x) * (1 + eta * x) - eta * (1 + theta(k) * x) ** 2


Gt = Function("G", positive=True)(t)
charge = r**k - 1 - k * (r - 1)  # what a place earns, divided by t^k
weight = 1 - theta(k) + theta(k) * r**k
cleared = 3 * (k - 1) * (2 * k / (k - 1) * charge * weight - (r**k - 1) ** 2)
terms = (
    (2 * k, k + 1),
    (k + 1, 2 * k * (2 * k - 1)),
    (k, 2 * (k + 1) * (2 * k - 1)),
    (1, 2 * k * (k + 1)),
    (0, (k - 1) * (2 * k - 1)),
)
"""The exponents, falling, and the coefficients, whose signs alternate."""

plus = sum(size * r**power for power, size in terms[::2])
minus = sum(size * r**power for power, size in terms[1::2])


def _at_1(expr: Expr, order: int) -> Expr:
    """The derivative of this order at r = 1."""
    return expand(diff(expr, r, order).subs(r, 1))


largest = 3 / (2 * (k + 3))
threshold = 3 * (k - 1) * (2 * k + 5) / (k * (2 * k**2 + 7 * k + 23))
at_k, at_minus_1 = (
    (k - 2) * (2 * k**2 + 15 * k + 15) / (12 * k * (k + 3)),
    (8 * k**3 + 4 * k**2 - 15 * k - 5) / (12 * k**2 * (k + 3)),
)
between = s * (k + 1) - 1  # from -1 to k
bend = eta * theta(k) * (k + 1) / (6 * k)

step, share = p / (p + z), F / (F + G)  # eta and theta, two numbers between 0 and 1
x, n = U - 1, m + 1  # x >= -1 and k >= 2, seen to be so
A, B = 1 + eta * y, 1 + v * y  # with y for x, v for theta and w for kappa
slope = eta * B**2 - eta * A * B**2 + eta * w * y * (2 + v * y) * A

CAUCHY = Obligation(
    "a^2/b is jointly convex: a^2/F + c^2/G - (a+c)^2/(F+G) is a square over FG(F+G)",
    Identity(
        a**2 / F + c**2 / G - (a + c) ** 2 / (F + G),
        (a * G - c * F) ** 2 / (F * G * (F + G)),
        wrong=(a * F - c * G) ** 2 / (F * G * (F + G)),
    ),
)

THEOREM = Theorem(
    source="E14",
    title="Learning from picks",
    words=(
        "Show k+1 draws of pi and move towards what is picked: in expectation"
        " pi <- (1-eta) pi + eta pi U(pi), U = (k+1) u. For k >= 2, 0 < eta <= 3/(2(k+3)) and a"
        " start of full support, KL(pi'||pi_t) never rises, for any equilibrium pi', and pi_t"
        " itself converges to an equilibrium. For k = 1, if some maximal lottery has full support,"
        " KL to it rises in every round from any pi of full support that is no lottery, for every"
        " eta in (0, 1]. At eta = 1 (best of k+1, repeated) it can rise for k = 2: eleven users;"
        " and max_y u_y can rise even at eta = 3/10."
    ),
    latex=(
        r"\mathrm{KL}(\pi^{*}\Vert\pi_{t+1})\le\mathrm{KL}(\pi^{*}\Vert\pi_t),\quad"
        r" \pi_{t+1}(y)=\pi_t(y)\bigl(1+\eta((k+1)u_y(\pi_t)-1)\bigr),\quad"
        r" k\ge2,\ 0\lt\eta\le\tfrac{3}{2(k+3)}"
    ),
    hypotheses=[
        "finitely many responses and users, weak orders; `uniform` ties; exact expectations",
        "k >= 2, a start of full support; or k = 1 as stated",
        "x_y = U_y - 1, D = sum_y pi'_y x_y, theta = (2k-1)/(3k), kappa = (k-1)/(2k); t, G: the"
        " cumulative masses of pi', pi, worst to best, linear inside a user's classes",
    ],
    obligations=[
        Obligation(
            "of k+1 draws the one that is picked is y with chance pi_y U_y(pi)",
            Agreement(pick_games.picked, wrong={"more": 1}),
        ),
        Obligation(
            "(i) (k+1) times the users' average of the integral of G^k - t^k - k t^(k-1) (G-t) over"
            " t is D - (1 - <pi, U(pi')>), integrated class by class",
            Agreement(pick_games.divergence, wrong={"tangents": 0}),
        ),
        Obligation(
            "for: the integral of k t^(k-1) G dt is 1 less that of t^k dG, by parts",
            Identity(
                diff(t**k * Gt, t),
                k * t ** (k - 1) * Gt + t**k * diff(Gt, t),
                wrong=t ** (k - 1) * Gt + t**k * diff(Gt, t),
            ),
        ),
        Obligation(
            "so with I = <pi, U(pi')> the four parts are D+1, 1 (P1), k+1 - I and k",
            Identity(D - (1 - I), (D + 1) - 1 - (k + 1 - I) + k, wrong=D - (k + 1 - I) + k + 1),
        ),
        Obligation(
            "I <= 1, as pi' is an equilibrium: with I = 1 - slack it is at most D",
            Inequality(slack, wrong=-slack),
        ),
        TANGENT,
        CAUCHY,
        Obligation(
            "(ii) for y in supp(pi') x_y and 1 + theta x_y are (k+1) times the users' averages of"
            " phi - phi' and (1-theta) phi' + theta phi, phi' and phi the averages over y's class"
            " of t^k, G^k, as U_y(pi') = 1: so sum pi' x^2/(1 + theta x) is at most (k+1) times the"
            " integrals of (G^k - t^k)^2/((1-theta) t^k + theta G^k)",
            Identity(
                1 + theta(k) * (U - 1), (1 - theta(k)) * 1 + theta(k) * U, wrong=1 + theta(k) * U
            ),
        ),
        Obligation(
            "(iii) r = G/t, z = r^k: (z-1)^2/((1-theta) + theta z) <= (2k/(k-1)) (z-1-k(r-1))."
            " Cleared of denominators, times 3(k-1), the difference has five terms",
            Identity(cleared.subs(k, m + 1), (plus - minus).subs(k, m + 1), wrong=plus - minus),
        ),
        Obligation(
            "of exponents 2k > k+1 > k > 1 > 0 for k >= 2: the least gap",
            Inequality(2 * k - (k + 1), {k: (2, None)}, strict=True, wrong={k: (1, None)}),
        ),
        Obligation(
            "and coefficients of alternating signs, the last (k-1)(2k-1)",
            Inequality(terms[-1][1], {k: (2, None)}, strict=True, wrong={k: (1, None)}),
        ),
        *(
            Obligation(
                f"the size of the {place} coefficient is positive",
                Inequality(size, strict=True, wrong=size - 13),
            )
            for place, (_, size) in zip(("first", "second", "third", "fourth"), terms, strict=False)
        ),
        Obligation(
            "four changes of sign: at most four positive roots, with multiplicity",
            Cited(pick_games.positive_roots, "Descartes's rule of signs", wrong={"fewer": 1}),
        ),
        *(
            Obligation(
                f"r = 1 is one of them: the difference's {what} there, positive terms against"
                " negative ones",
                Identity(_at_1(plus, order), _at_1(minus, order), wrong=_at_1(near, order)),
            )
            for order, what, near in (
                (0, "value", minus + 1),
                (1, "slope", minus + r),
                (2, "second derivative", minus + r**2),
                (3, "third derivative", minus + r**3),
            )
        ),
        Obligation(
            "fourfold: the coefficient of (r-1)^4 in the difference is k^2 (k+1)(2k-1)/36, here"
            " times 3(k-1). So there is no other root, and it is positive elsewhere",
            Identity(
                _at_1(plus - minus, 4) / 24,
                3 * (k - 1) * k**2 * (k + 1) * (2 * k - 1) / 36,
                wrong=3 * (k - 1) * k**2 * (k + 1) * (2 * k - 1) / 24,
            ),
        ),
        Obligation(
            "(ii), (iii) and (i): kappa sum pi' x^2/(1 + theta x) <= D on games whose equilibria"
            " are known",
            Agreement(pick_games.charged, wrong={"factor": 8}),
        ),
        Obligation(
            "(iv) ln(1 + eta x) >= eta (x - kappa x^2/(1 + theta x)) for -1 <= x <= k: equal at"
            " x = 0; the left side has the slope eta/(1 + eta x)",
            Identity(diff(log(1 + step * x), U), step / (1 + step * x), wrong=1 / (1 + step * x)),
        ),
        Obligation(
            "x^2/(1 + theta x) has the slope x (2 + theta x)/(1 + theta x)^2",
            Identity(
                diff(x**2 / (1 + share * x), U),
                x * (2 + share * x) / (1 + share * x) ** 2,
                wrong=x * 2 / (1 + share * x) ** 2,
            ),
        ),
        Obligation(
            "so the difference's slope, times (1 + eta x)(1 + theta x)^2 > 0, is eta x times"
            " Q(x) = kappa (2 + theta x)(1 + eta x) - eta (1 + theta x)^2",
            Identity(
                slope,
                eta * y * (w * (2 + v * y) * A - eta * B**2),
                wrong=eta * y * (w * (2 + v * y) * A - B**2),
            ),
        ),
        Obligation(
            "Q is concave: at -1 + s(k+1) it is (1-s) Q(-1) + s Q(k) and a nonnegative multiple of"
            " s(1-s)",
            Identity(
                quadratic(between, eta, k),
                (1 - s) * quadratic(Integer(-1), eta, k)
                + s * quadratic(k, eta, k)
                + bend * s * (1 - s) * (k + 1) ** 2,
                wrong=(1 - s) * quadratic(Integer(-1), eta, k) + s * quadratic(k, eta, k),
            ),
        ),
        Obligation(
            "Q(k) >= 0 iff eta is at most 3(k-1)(2k+5)/(k(2k^2+7k+23))",
            Identity(
                quadratic(k, eta, k),
                (2 * k**2 + 7 * k + 23) * (threshold - eta) / 18,
                wrong=(2 * k**2 + 7 * k + 23) * (threshold - eta) / 9,
            ),
        ),
        Obligation(
            "which 3/(2(k+3)) does not exceed, as 2k^3 + 11k^2 - 15k - 30 >= 0 for k >= 2",
            Inequality(threshold, {k: (2, None)}, at_least=largest, wrong={k: (1, None)}),
        ),
        Obligation(
            "at eta = 3/(2(k+3)) it is (k-2)(2k^2+15k+15)/(12k(k+3)), 0 for k = 2",
            Identity(quadratic(k, largest, k), at_k, wrong=at_minus_1),
        ),
        Obligation(
            "and Q(-1) is (8k^3+4k^2-15k-5)/(12k^2(k+3))",
            Identity(quadratic(Integer(-1), largest, k), at_minus_1, wrong=at_k),
        ),
        Obligation(
            "Q(-1) >= 0 for every smaller step too, a part of the largest one",
            Inequality(
                quadratic(Integer(-1), part * largest, k),
                {k: (2, None), part: (0, 1)},
                wrong={k: (1, None)},
            ),
        ),
        Obligation(
            "so KL falls by sum pi' ln(1 + eta x) >= eta (D - kappa (D/kappa - slack)) >= 0",
            Identity(
                eta * kappa(n) * slack,
                eta * (D - kappa(n) * (D / kappa(n) - slack)),
                wrong=eta * (D - kappa(n) * (D / kappa(n) + slack)),
            ),
        ),
        Obligation(
            "as counted: sum pi' ln(1 + eta x) >= 0 at the largest step, on games whose equilibria"
            " are known (compared as products)",
            Agreement(pick_games.falls, wrong={"ks": (1,)}),
        ),
        Obligation(
            "k = 1: x = M pi with M skew, and M pi' = 0, so sum pi' x = 0; and ln(1 + eta x) lies"
            " below eta x, strictly for x != 0: the gap's slope has the sign of x",
            Identity(
                diff(step * x - log(1 + step * x), U),
                step**2 * x / (1 + step * x),
                wrong=step * x / (1 + step * x),
            ),
        ),
        Obligation(
            "as counted: KL to the uniform lottery of a circle of users rises (k = 2: falls)",
            Agreement(pick_games.rises, wrong={"k": 2}),
        ),
        Obligation(
            "eleven users, k = 2, eta = 1: uniform is an equilibrium, and KL to it rises near it"
            " (at eta = 3/10 it falls)",
            Agreement(pick_games.eleven, least=12, wrong={"eta": Fraction(3, 10)}),
        ),
        Obligation(
            "k = 2, eta = 3/10, users 3: b>a>c, 2: a>c>b, 3: c>b>a, 1: c>a>b: max_y u_y rises from"
            " pi = (1/2, 3/7, 1/14)",
            Agreement(pick_games.largest, least=1, wrong={"start": (1, 1, 1)}),
        ),
    ],
    rests_on=["P1", "E2 (u depends on class masses alone)", "Descartes's rule of signs"],
    not_proved=[
        "(ii): b > 0 in a^2/b, for phi' > 0 on supp(pi') and 0 < theta < 1; and the step from class"
        " averages to integrals is CAUCHY's again, for averages in place of sums: by hand.",
        "(iii) holds at t = 0 too, and where G = 0 (the constant coefficient is positive): by hand."
        " With z - 1 - k(r-1) multiplied by t^k it is (i)'s integrand. For all r >= 0 Coq's kernel"
        " has checked it, without Descartes's rule, by induction on k (E14_square).",
        "(v) KL falls and is bounded, so a limit point has equality throughout, hence G = t where"
        " pi' has mass: it has the class masses of pi', is an equilibrium (E2), and KL to it falls"
        " too, along a subsequence to 0. Equilibria without full support do no harm: y in supp(pi')"
        " has U_y > 0 where pi_y > 0: by hand.",
        "k = 1: U_y > 0 where pi_y > 0, so the logarithms are finite also at eta = 1; by hand.",
    ],
)
