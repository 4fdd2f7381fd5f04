"""E1: every utility is convex, so the symmetric equilibria solve a convex program."""

from __future__ import annotations

from fractions import Fraction

import sympy
from sympy import Integer, Poly, Rational, binomial, ceiling, diff, floor, legendre, powsimp

from proofs_checks.calculus import Sums
from proofs_checks.claims import Agreement, Cited, Identity, Pairs, Sign
from proofs_checks.obligations import Obligation, Theorem
from proofs_checks.p1_guarantee import BINOMIAL
from proofs_checks.p2_existence import averages, minimax
from proofs_checks.p7_opponents import chance, tuples
from proofs_checks.symbols import shared

k, j, m, i, a, x, t = shared("k j m i a_from_0 x t")
L, p, s, b, c, z = shared("L_real p_real s_real b_real c_real z")


def _nodes(spare: int = 0) -> Pairs:
    """The rule on the zeros of P integrates a polynomial's remainder modulo P instead of it."""
    for k in range(1, 9):
        count = -(-(k + 1) // 2) - spare
        P = Poly(legendre(count, 2 * z - 1), z)
        for low, mass in (("1/3", "1/2"), ("0", "1"), ("2/7", "1/7")):
            power = Poly((z * Rational(mass) + Rational(low)) ** k, z)
            yield power.rem(P).integrate().eval(1), chance(k, 1, Fraction(low), Fraction(mass))


def _zeros(missing: int = 0) -> Pairs:
    for degree in range(1, 13):
        P = Poly(legendre(degree, 2 * z - 1), z)
        distinct = sympy.gcd(P, P.diff()).degree() == 0
        yield (P.count_roots(0, 1) if distinct else -1), degree - missing


MINIMAX = Obligation(
    "minimax: what is convex in pi and linear in D, over two simplices, has a value, so"
    " min over pi of max_y u_y is max over D of min over pi of sum_y D_y u_y(pi)",
    Cited(minimax, "Kneser and Fan's minimax theorem", wrong={"pure": True}),
)

two = Integer(2)
moment = (-1) ** i * binomial(m, i) * binomial(m + i, i)  # of t^i in Legendre's P_m(1 - 2t)
base = Sums(moment / (i + 1), -i * moment / (m * (m + 1)), i, 0, m + 1, 0)
recurrence = (a + 1 - m) * (a + m + 2) / (a + i + 2) - (a + 1) ** 2 / (a + i + 1)
step = Sums(recurrence * moment, i**2 * moment / (a + i + 1), i, 0, m + 1, 0)
segment = L + s * b + t * (p + s * c)  # the masses move along pi + s d
twice = powsimp(diff(j * t ** (j - 1) * segment ** (m + 1), s, 2))
bent = j * t ** (j - 1) * (m + 1) * m * x ** (m - 1) * (b + t * c) ** 2

THEOREM = Theorem(
    source="E1",
    title="A convex program",
    words=(
        "Every u_y is convex in pi and every W(pi^k, T) is concave. The symmetric equilibria are"
        " the minimisers of max_y u_y(pi), and the minimum is 1/(k+1); so one exists. The utilities"
        " are Gauss-Legendre sums with ceil((k+1)/2) nodes, so the program is finite and convex."
    ),
    latex=(
        r"\min_\pi\max_y u_y(\pi)=\tfrac1{k+1},\qquad"
        r" \tfrac{d^2}{ds^2}\int_0^1 jt^{j-1}(L+sb+t(p+sc))^k\ dt"
        r" =k(k-1)\int_0^1 jt^{j-1}(L+sb+t(p+sc))^{k-2}(b+tc)^2\ dt\ge0"
    ),
    hypotheses=["k >= 1", "finitely many responses and users, weak orders, rational weights"],
    obligations=[
        Obligation(
            "T is picked against k draws with chance sum_i C(k,i) L^(k-i) p^i j/(i+j), averaged"
            " over users, where j of its positions lie in its best class; u_y is the case T = (y)",
            Agreement(tuples, wrong={"distinct": True}),
        ),
        Obligation(
            "that is the integral of j t^(j-1) (L+tp)^k, expanded: t^i has the integral j/(i+j)",
            Identity(
                j * t ** (j - 1) * t**i,
                diff(j * t ** (i + j) / (i + j), t),
                wrong=diff(j * t ** (i + j) / (i + j + 1), t),
            ),
        ),
        BINOMIAL,
        Obligation(
            "L and p are linear in pi; along pi + s d the integrand's second derivative is"
            " k(k-1) j t^(j-1) (L+tp)^(k-2) times a square",
            Identity(twice, bent.subs(x, segment), wrong=(bent * (m + 1) / m).subs(x, segment)),
        ),
        Obligation(
            "which is nonnegative for every k = m + 1 >= 2, x = L+tp: the chance that T is picked"
            " is convex, W(pi^k, T) concave",
            Sign(bent, wrong=bent / (b + t * c)),
        ),
        Obligation(
            "and for k = 1 it is zero: u_y is linear",
            Identity(
                0,
                diff(j * t ** (j - 1) * segment, s, 2),
                wrong=diff(j * t ** (j - 1) * segment**2, s, 2),
            ),
        ),
        Obligation(
            "sum_y pi_y u_y(pi) = 1/(k+1) (P1), so max_y u_y >= 1/(k+1) everywhere, and"
            " min over pi of sum_y D_y u_y(pi) <= 1/(k+1), its value at pi = D",
            Agreement(averages, wrong={"power": 2}),
        ),
        MINIMAX,
        Obligation(
            "nodes: N = ceil((k+1)/2) gives 2N - 1 >= k, for odd k = 2a + 1 with equality",
            Identity(2 * ceiling((2 * a + 2) / two) - 1, 2 * a + 1, wrong=2 * a + 2),
        ),
        Obligation(
            "for even k = 2a with one degree to spare",
            Identity(
                2 * a + 1,
                2 * ceiling((2 * a + 1) / two) - 1,
                wrong=2 * floor((2 * a + 1) / two) - 1,
            ),
        ),
        Obligation(
            "base: the moments S(a) = sum_i (-1)^i C(m,i) C(m+i,i)/(a+i+1) of Legendre's P_m on"
            " [0, 1] start with S(0) = 0, m >= 1",
            base,
            base.but(stop=m),
        ),
        Obligation(
            "step: (a+1-m)(a+m+2) S(a+1) = (a+1)^2 S(a), so S(1) = ... = S(m-1) = 0: P_m is"
            " orthogonal to every polynomial of degree below m",
            step,
            step.but(stop=m),
        ),
        Obligation(
            "P_m has m distinct zeros, all in (0, 1)",
            Cited(_zeros, "simple zeros of orthogonal polynomials", least=12, wrong={"missing": 1}),
        ),
        Obligation(
            "phi_k is what the rule on those zeros gives; with one node fewer it is not",
            Agreement(_nodes, wrong={"spare": 1}),
        ),
    ],
    rests_on=["P1", "Kneser and Fan's minimax theorem", "simple zeros of orthogonal polynomials"],
    not_proved=[
        "The rule's exactness from orthogonality: f = q P_N + r with q and r of degree below N, so"
        " the integral of f is that of r, which the rule on the zeros of P_N gives; and its"
        " weights are positive, being the integrals of squares of degree 2N - 2: by hand. All else"
        " that the steps leave to the reader Coq's kernel has checked (E1_convex, E1_minimisers,"
        " E1_attained).",
    ],
)
