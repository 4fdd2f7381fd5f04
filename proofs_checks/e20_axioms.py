"""E20: the axioms that the equilibria satisfy for every k, and one that they do not."""

from __future__ import annotations

from fractions import Fraction

from sympy import Expr, Integer, Rational

from proofs_checks import axiom_cases
from proofs_checks.calculus import Sums
from proofs_checks.claims import Agreement, Identity
from proofs_checks.e1_convex_program import MINIMAX
from proofs_checks.obligations import Obligation, Theorem
from proofs_checks.symbols import shared

k, N, L, p, t, i, lam, c, d, slack = shared("k N L p t i lam c_or_0 d slack")
U, V, e = shared("a_or_0 b_or_0 s_or_0")

half = Rational(1, 2)


def step(place: int) -> Expr:
    """4^N times what phi_k(place/4, 1/4) is a multiple of: N = k + 1."""
    return Integer(place + 1) ** N - Integer(place) ** N


def lead(N: Expr) -> Expr:
    """What has the sign of u_a - u_b: 4^N - 2 3^N + 2."""
    return Integer(4) ** N - 2 * Integer(3) ** N + 2


u = 1 / (k + 1)
one_block = ((L + p + t) ** (k + 1) - L ** (k + 1)) / (k + 1)
parts = (
    ((L + p) ** (k + 1) - L ** (k + 1)) / ((k + 1) * p),
    ((L + p + t) ** (k + 1) - (L + p) ** (k + 1)) / ((k + 1) * t),
)
o = 1 - p  # the mass of all other responses
grown = o ** (k + 1) + p ** (k + 1) - p**k

THEOREM = Theorem(
    source="E20",
    title="Axioms",
    words=(
        "For all k >= 1 the equilibria satisfy: Pareto (a response that is nowhere better than"
        " another and somewhere worse has no mass); population-consistency (an equilibrium of A and"
        " of B is one of every mixture); agenda-consistency (with support in both agendas, pi is an"
        " equilibrium of their union iff of both); the only best response of more than half the"
        " users has more than half the mass (a shared one need not); group participation: if B"
        " joins A, pi an equilibrium of A and pi' of the union, W_B(pi'^k, pi) >= k/(k+1) and"
        " <u_A(pi'), pi> >= 1/(k+1); and clones (in the same relation to all outsiders for every"
        " user): merging them maps equilibria to equilibria, onto all of those of the merged"
        " population, so they never change what the others' masses can be. Composition-consistency"
        " fails for every k >= 2: 3: a>b>c, 1: b>a>c, 1: c>a>b, 3: c>b>a."
    ),
    latex=(
        r"W_B(\pi'^k,\pi)\ge\tfrac k{k+1};\qquad"
        r" w\lbrace u:y\text{ alone on top}\rbrace\gt\tfrac12\Rightarrow\pi_y\gt\tfrac12;\qquad"
        r" \pi_yu_y+\pi_zu_z=(\pi_y+\pi_z)\ u_{yz}\ \text{ (clones)}"
    ),
    hypotheses=["k >= 1", "finitely many responses and users, weak orders; `uniform` ties"],
    obligations=[
        Obligation(
            "Pareto: for a user with z above y, L + p <= L', z reaches at least L + p everywhere,"
            " y only L + tp: less by (1-t) p, so for p >= pi_y > 0 she has u_z > u_y",
            Identity((L + p) - (L + t * p), (1 - t) * p, wrong=t * p),
        ),
        Obligation(
            "as counted: z above y earns strictly more where y has mass, tied just as much; so"
            " pi_y > 0 would mean u_z > 1/(k+1)",
            Agreement(axiom_cases.steps, wrong={"strict": False}),
        ),
        Obligation(
            "population-consistency: utilities are linear in the population",
            Agreement(axiom_cases.mixtures, wrong={"share": Fraction(1, 2)}),
        ),
        Obligation(
            "and so is the bound 1/(k+1)",
            Identity(u, lam * u + (1 - lam) * u, wrong=lam * u + (2 - lam) * u),
        ),
        Obligation(
            "agenda-consistency: a response without mass changes no other utility",
            Agreement(axiom_cases.agendas, wrong={"unplayed": False}),
        ),
        Obligation(
            "majority: s the weight of those whose only best is y, p its mass: (k+1) u_y is at"
            " least s (1 - (1-p)^(k+1))/p + (1-s) p^k, as y's class has at least the mass p",
            Agreement(axiom_cases.majority, wrong={"fans": 2}),
        ),
        Obligation(
            "let p <= 1/2 and q = 1 - p. (1 - q^(k+1))/p is 1 + q + ... + q^k, for p = 0 too",
            Sums(o**i, -(o**i) / p, i, 0, k + 1, (1 - o ** (k + 1)) / p, wrong=(1 - o**k) / p),
        ),
        Obligation(
            "q + ... + q^k + p^k >= 1: at k = 1 it is q + p",
            Identity(1, o + p, wrong=o + p**2),
        ),
        Obligation(
            "and from k to k+1 it grows by q^(k+1) + p^(k+1) - p^k = q (q^k - p^k) >= 0",
            Identity(grown, o * (o**k - p**k), wrong=o * (o**k + p**k)),
        ),
        Obligation(
            "so U = 1 + q + ... + q^k and V = p^k have U + V >= 2, and at s = 1/2 + e the bound is"
            " (U+V)/2 + e (U-V), U - V >= 1 - p^k > 0: for e > 0 more than 1, no equilibrium",
            Identity((half + e) * U + (half - e) * V, (U + V) / 2 + e * (U - V), wrong=(U + V) / 2),
        ),
        Obligation(
            "3: {a, b}, 1: b>a: a is a best response of three in four, and has no mass by Pareto",
            Agreement(axiom_cases.shared_best, wrong={"tied": False}),
        ),
        Obligation(
            "participation: E2 on A says 2/(k+1) - <u_A(pi), pi'> - <u_A(pi'), pi> = -d <= 0; with"
            " <u_A(pi), pi'> = 1/(k+1) - c, c >= 0, <u_A(pi'), pi> is 1/(k+1) + c + d",
            Identity(-d, 2 * u - (u - c) - (u + c + d), wrong=2 * u - (u - c) - (u - c + d)),
        ),
        Obligation(
            "in the union, A's share being lam, pi earns 1/(k+1) - slack against pi': so B's part"
            " is (1-lam)/(k+1) less slack + lam (c + d)",
            Identity(
                (u - slack) - lam * (u + c + d),
                (1 - lam) * u - (slack + lam * (c + d)),
                wrong=(1 - lam) * u - lam * (c + d),
            ),
        ),
        Obligation(
            "as counted, on two responses and on circles of users",
            Agreement(axiom_cases.participation, wrong={"joined_only": False}),
        ),
        Obligation(
            "clones: in two classes on top of each other, of masses p and t, they earn p phi_k(L,"
            " p) + t phi_k(L+p, t), which is what one class of mass p + t earns",
            Identity(one_block, p * parts[0] + t * parts[1], wrong=p * parts[0] + p * parts[1]),
        ),
        Obligation(
            "so outsiders earn the same after the merger, and the merged response the clones'"
            " average: at most 1/(k+1)",
            Agreement(axiom_cases.mergers, wrong={"clones": False}),
        ),
        MINIMAX,
        Obligation(
            "composition: inside {a, b}, and between the block and c, even is an equilibrium (the"
            " only one, E2), but not (1/4, 1/4, 1/2): 8 (u_a - u_b) there is"
            " 2 [f(3/4) - f(1/2) - f(1/4) + f(0)], f(L) = phi_k(L, 1/4)",
            Agreement(axiom_cases.composition, wrong={"least": 1}),
        ),
        Obligation(
            "f(i/4) is a multiple of (i+1)^N - i^N, N = k+1: the bracket is one of 4^N - 2 3^N + 2",
            Identity(
                step(3) - step(2) - step(1) + step(0), lead(N), wrong=lead(N) - Integer(2) ** N
            ),
        ),
        Obligation(
            "which is 12 at N = 3 (and 0 at N = 2: k = 1 is no counterexample)",
            Identity(lead(Integer(3)), 12 + lead(Integer(2)), wrong=lead(Integer(4))),
        ),
        Obligation(
            "and grows: four times itself plus 2 (3^N - 3)",
            Identity(lead(N + 1), 4 * lead(N) + 2 * (Integer(3) ** N - 3), wrong=4 * lead(N)),
        ),
    ],
    rests_on=[
        "P1",
        "E1",
        "E2",
        "E8's share of a single favourite",
        "Kneser and Fan's minimax theorem",
    ],
    not_proved=[
        "That powers grow with their base, so that q >= p gives q^k >= p^k (P7's induction), and"
        " integrals with their integrand: by hand.",
        "Agenda-consistency is then the definition of an equilibrium, y by y; two agendas' users"
        " are the union's, restricted.",
        "An outsider that some user ties with a clone is tied with all of them, which are then one"
        " class; clones without mass have the merged response's L and p for every user: by hand.",
        "Onto: split the merged response's mass m. u is convex in the split (E1), and against a"
        " mixture D of the clones the split m D leaves their average, u of the merged response, at"
        " most 1/(k+1); by minimax some split leaves all clones at most that.",
    ],
)
