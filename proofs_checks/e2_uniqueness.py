"""E2: the utilities are monotone in pi, and what that says about how many equilibria there are."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, product

from sympy import Function, Matrix, Poly, Rational, diff

from proofs_checks.calculus import Sums
from proofs_checks.cases import compared, masses, random_instances, random_policy, random_users
from proofs_checks.claims import Agreement, Cited, Identity, Inequality, Pairs, Sign
from proofs_checks.definition import Ranking, total, utility
from proofs_checks.obligations import Obligation, Theorem
from proofs_checks.symbols import shared

k, i, j, t, M = shared("k i j_from_0 t_real M")
x, y, v, w = shared("x_real y_real v_real w_real")  # entries of two vectors, at two responses
F, G, f, g, B, c, d, s, z = shared("F G f g B c_or_0 d s_or_0 z")

Ft, Gt, ht = (Function(name, positive=True)(t) for name in "FGh")


def curve(ranking: Ranking, pi: Sequence[Fraction], y: int) -> Poly:
    """The mass on the way up through y's class, z of the way."""
    below, mass = masses(ranking, pi, y)
    return Poly(Rational(below) + z * Rational(mass), z)


def _bent(ranking: Ranking, pi: Sequence[Fraction], qi: Sequence[Fraction], k: int) -> Rational:
    """The integral of (F-G)^2 dh, class by class."""
    bent = Rational(0)
    for tied in ranking:
        F, G = (curve(ranking, policy, tied[0]) for policy in (pi, qi))
        h = sum((F**i * G ** (k - 1 - i) for i in range(k)), Poly(0, z))
        bent += ((F - G) ** 2 * h.diff()).integrate().eval(1)
    return bent


def _monotone(factor: Fraction = Fraction(-1, 2)) -> Pairs:
    for rng, users, n in random_instances(seed=21, count=25, most_responses=3):
        pi, qi, k = random_policy(rng, n), random_policy(rng, n), rng.randint(1, 3)
        steps = (utility(users, pi, y, k) - utility(users, qi, y, k) for y in range(n))
        inner = total(u * (pi[y] - qi[y]) for y, u in enumerate(steps))
        parts = (Rational(weight) * _bent(ranking, pi, qi, k) for weight, ranking in users)
        yield inner, Rational(factor) * sum(parts, Rational(0))


def _same_masses(clones: bool = True) -> Pairs:
    """The last two responses are clones; mass moves between them (or to one of the others)."""
    rng = random.Random(22)
    for _ in range(25):
        n, k = rng.randint(2, 3), rng.randint(1, 3)
        copies = [
            (w, [[*c, n] if n - 1 in c else c for c in r]) for w, r in random_users(rng, n, 2)
        ]
        pi = [*random_policy(rng, n), Fraction(0)]
        moved = list(pi)
        moved[n] = pi[n - 1 if clones else 0] / 2
        moved[n - 1 if clones else 0] -= moved[n]
        y = rng.randrange(n + 1)
        yield utility(copies, pi, y, k), utility(copies, moved, y, k)


def _half_plus(factor: Fraction = Fraction(1, 2)) -> Pairs:
    for rng, users, n in random_instances(seed=23, count=25):
        pi, y = random_policy(rng, n), rng.randrange(n)
        weights = ((mass, *compared(users, y, z)) for z, mass in enumerate(pi))
        lead = total(mass * (above - below) for mass, above, _, below in weights)
        yield Fraction(1, 2) + factor * lead, utility(users, pi, y, 1)


def _split(lean: Fraction = Fraction(0)) -> Pairs:
    half = Fraction(1, 2)
    users = [(half + lean, [[0], [1]]), (half - lean, [[1], [0]])]
    for tenth in range(11):
        pi = [Fraction(tenth, 10), 1 - Fraction(tenth, 10)]
        yield from ((utility(users, pi, y, 1), half) for y in (0, 1))


def _lotteries(lead: Matrix) -> list[Matrix]:
    """The vertices of {x >= 0, sum x = 1, lead x <= 0}, all the maximal lotteries' corners."""
    n = lead.rows
    rows = [*(-Matrix.eye(n)).tolist(), *lead.tolist()]
    found: list[Matrix] = []
    for tight in combinations(rows, n - 1):
        system = Matrix([[1] * n, *tight])
        if system.det() == 0:
            continue
        corner = system.LUsolve(Matrix([1] + [0] * (n - 1)))
        if all(p >= 0 for p in corner) and all(e <= 0 for e in lead * corner):
            found.extend([corner] if corner not in found else [])
    return found


def _games() -> Iterator[Matrix]:
    """Every skew-symmetric 3 x 3 matrix with entries -1, 0, 1."""
    for a, b, c in product((-1, 0, 1), repeat=3):
        yield Matrix([[0, a, b], [-a, 0, c], [-b, -c, 0]])


def _complementary(of_all: bool = True) -> Pairs:
    """The responses for which exactly one of `some lottery has it` and `some excludes it` holds:
    all of them. The false variant looks at one lottery alone."""
    for lead in _games():
        corners = _lotteries(lead) if of_all else _lotteries(lead)[:1]
        played = [any(x[y] > 0 for x in corners) for y in range(3)]
        beaten = [any((lead * x)[y] < 0 for x in corners) for y in range(3)]
        yield sum(p != b for p, b in zip(played, beaten, strict=True)), 3


def _criterion(off_support: bool = True) -> Pairs:
    """Uniqueness, by listing the corners, against the kernel test at one of them."""
    for lead in _games():
        corners = _lotteries(lead)
        x, e = corners[0], lead * corners[0]
        T = [y for y in range(3) if x[y] > 0]
        kernel = len(lead.extract(T, T).nullspace())
        strict = all(e[y] < 0 for y in range(3) if y not in T) or not off_support
        yield int(len(corners) == 1), int(kernel == 1 and strict)


slopes = i * F ** (i - 1) * G**j * f + j * F**i * G ** (j - 1) * g

THEOREM = Theorem(
    source="E2",
    title="Monotone utilities and uniqueness",
    words=(
        "<u(pi) - u(pi'), pi - pi'> is minus half an integral of squares. So for k >= 2 all"
        " equilibria have the same class masses for every user, and an equilibrium pi is unique iff"
        " no d != 0 with all class sums zero is nonnegative off its support; it is if the classes'"
        " indicators span R^n. For k = 1 a maximal lottery with support T is unique iff u_y < 1/2"
        " off T and the majority matrix on T has a one-dimensional kernel."
    ),
    latex=(
        r"\langle u(\pi)-u(\pi'),\pi-\pi'\rangle"
        r"=-\tfrac12\mathbf E_u\int_0^1 (F-G)^2\ dh\le0,\qquad"
        r" h=\sum_{i=0}^{k-1}F^iG^{k-1-i}"
    ),
    hypotheses=[
        "finitely many responses and users, weak orders, rational weights",
        "F, G: cumulative masses of pi, pi' from worst to best, linear inside classes",
    ],
    obligations=[
        Obligation(
            "the identity, its left side counted position by position, its right side integrated"
            " class by class",
            Agreement(_monotone, wrong={"factor": Fraction(-1)}),
        ),
        Obligation(
            "left side: phi_k is the integral of F^k over the class (P1) and its mass is the"
            " integral of F', so it is the integral of (F^k - G^k)(F - G)';"
            " and F^k - G^k = (F-G) h",
            Sums(
                (F - G) * F**i * G ** (k - 1 - i),
                F**i * G ** (k - i),
                i,
                0,
                k,
                F**k - G**k,
                wrong=F ** (k - 1) - G ** (k - 1),
            ),
        ),
        Obligation(
            "by parts: h (F-G)(F-G)' is the derivative of h (F-G)^2/2 less half of (F-G)^2 h'; F, G"
            " and h run on continuously from class to class, and at both ends F = G",
            Identity(
                ht * (Ft - Gt) * diff(Ft - Gt, t),
                diff(ht * (Ft - Gt) ** 2 / 2, t) - (Ft - Gt) ** 2 * diff(ht, t) / 2,
                wrong=diff(ht * (Ft - Gt) ** 2 / 2, t) - (Ft - Gt) ** 2 * diff(ht, t),
            ),
        ),
        Obligation(
            "a term F^i G^j of h has the derivative i F^(i-1) G^j F' + j F^i G^(j-1) G'",
            Identity(
                slopes.subs({F: Ft, G: Gt, f: diff(Ft, t), g: diff(Gt, t)}),
                diff(Ft**i * Gt**j, t),
                wrong=diff(Ft**i * Gt ** (j + 1), t),
            ),
        ),
        Obligation(
            "nonnegative, as F' and G' are masses: h is nondecreasing, the inner product <= 0",
            Sign((F - G) ** 2 * slopes, wrong=(F - G) * slopes),
        ),
        Obligation(
            "two equilibria: <u - u', pi - pi'> at a response, cross terms taken apart",
            Identity(
                (x - y) * (v - w),
                x * v + y * w - x * w - y * v,
                wrong=x * v + y * w - x * w + y * v,
            ),
        ),
        Obligation(
            "so it is 1/(k+1) + 1/(k+1) less <u, pi'> = 1/(k+1) - c and <u', pi> = 1/(k+1) - d,"
            " where c, d >= 0: nonnegative, hence zero",
            Sign(
                2 / (k + 1) - (1 / (k + 1) - c) - (1 / (k + 1) - d),
                wrong=1 / (k + 1) - (1 / (k + 1) - c) - (1 / (k + 1) + d),
            ),
        ),
        Obligation(
            "k >= 2: h holds F^(k-1) and G^(k-1) and other such terms, those with 1 <= i < k-1 (k+1"
            " for k below); so where (F-G)^2 h' = 0 and F != G both F and G stand still",
            Sums(
                (F - G) * F**i * G ** (k - i),
                F**i * G ** (k + 1 - i),
                i,
                1,
                k,
                F ** (k + 1) - G ** (k + 1) - (F - G) * (F**k + G**k),
                wrong=F ** (k + 1) - G ** (k + 1) - (F - G) * F**k,
            ),
        ),
        Obligation(
            "for k = 1 that fails, h = 1 does not bend: two responses and users split 50/50 make"
            " every pi an equilibrium",
            Agreement(_split, wrong={"lean": Fraction(1, 10)}),
        ),
        Obligation(
            "utilities depend on class masses alone, so d with all class sums zero leads from one"
            " equilibrium to another",
            Agreement(_same_masses, wrong={"clones": False}),
        ),
        Obligation(
            "as long as it leads to a policy: if pi >= s on its support and |d| <= B there, then"
            " s - B e >= 0 for the step e = s/(B+1) (and d sums to zero, being class sums)",
            Inequality(s - B * s / (B + 1), wrong=s - (B + 2) * s / (B + 1)),
        ),
        Obligation(
            "k = 1: u = 1/2 + (M pi)/2 with M = P(y above z) - P(z above y)",
            Agreement(_half_plus, wrong={"factor": Fraction(1)}),
        ),
        Obligation(
            "M is skew, so <pi', M pi> = -<pi, M pi'>: the terms of two responses",
            Identity(
                x * M * w + y * (-M) * v,
                -(v * M * y + w * (-M) * x),
                wrong=v * M * y + w * (-M) * x,
            ),
        ),
        Obligation(
            "k = 1: some two maximal lotteries are strictly complementary, so that a unique one has"
            " (M pi)_y < 0 off its support",
            Cited(
                _complementary,
                "Goldman and Tucker's strict complementarity",
                wrong={"of_all": False},
            ),
        ),
        Obligation(
            "the kernel criterion agrees with listing all maximal lotteries' corners",
            Agreement(_criterion, wrong={"off_support": False}),
        ),
    ],
    rests_on=["P1", "Goldman and Tucker's strict complementarity"],
    not_proved=[
        "What the steps leave to the reader Coq's kernel has checked (for k >= 2 E2_class_masses,"
        " E2_unique, E2_span; for k = 1 E2_maximal_lottery, strict complementarity included).",
    ],
)
