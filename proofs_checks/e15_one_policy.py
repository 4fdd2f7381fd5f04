"""E15: one policy for every k, at a price of order log K, and why it cannot be had for less."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from random import Random

from sympy import Integer, diff, log

from proofs_checks import e10_u_alignment as e10
from proofs_checks.calculus import Integrates, Sums
from proofs_checks.cases import random_instances, random_policy
from proofs_checks.claims import Agreement, Identity, Inequality, Pairs
from proofs_checks.definition import Ranking, Users, total, utility
from proofs_checks.e1_convex_program import MINIMAX
from proofs_checks.e3_average import CANCEL, TANGENT, TERMS
from proofs_checks.obligations import Obligation, Theorem
from proofs_checks.p2_existence import mixed
from proofs_checks.symbols import shared

k, m, i, j, x, t, z, p = shared("k m i j_from_0 x t z p")
d, s, J, slack = shared("d_from_0 spare r slack")

One = Fraction(1)


def _answered(more: int = 0) -> Pairs:
    """sum_y D_y u_y(pi) for pi that is D with chance a, anything else with chance 1 - a."""
    for rng, users, n in random_instances(seed=151, count=30, most_responses=3):
        D, rest, k = random_policy(rng, n), random_policy(rng, n), rng.randint(1, 3)
        a = Fraction(rng.randint(1, 3), 3)
        pi = mixed(a, D, rest)
        earned = total(mass * utility(users, pi, y, k) for y, mass in enumerate(D))
        yield int(earned <= (1 - (1 - a) ** (k + 1)) / ((k + 1 + more) * a)), 1


def tree(J: int) -> Users:
    """The 2^J leaves of a binary tree with nodes 1, 2, .., 2^(J+1) - 1, node v below v // 2 (their
    responses are one less): each ranks her path, leaf first, above all others, which are tied."""
    users: list[tuple[Fraction, Ranking]] = []
    for leaf in range(2**J, 2 ** (J + 1)):
        path = [(leaf >> up) - 1 for up in range(J + 1)]
        others = [y for y in range(2 ** (J + 1) - 1) if y not in path]
        users.append((Fraction(1, 2**J), [*([y] for y in path), *([others] if others else [])]))
    return users


def level(y: int) -> int:
    """The level of a node's response: 0 the root."""
    return (y + 1).bit_length() - 1


def _levels(late: int = 0) -> Pairs:
    """Users' mean mass of the nodes on their paths at level j or below is M_j."""
    rng = Random(152)
    for J, _ in product((1, 2, 3), range(5)):
        users, pi = tree(J), random_policy(rng, 2 ** (J + 1) - 1)
        for j in range(J + 1):
            paths = (tied[0] for _, ranking in users for tied in ranking[: J + 1])
            mean = total(pi[y] for y in paths if level(y) >= j) / len(users)
            M = total(mass / 2 ** level(y) for y, mass in enumerate(pi) if level(y) >= j + late)
            yield mean, M


def _best_of_level(power: int = 1) -> Pairs:
    """Some node of level j has u >= 2^-j (1 - M_j)^k."""
    rng = Random(153)
    for (J, k), _ in product(((1, 1), (1, 2), (1, 3), (2, 1), (2, 2)), range(4)):
        users, pi = tree(J), random_policy(rng, 2 ** (J + 1) - 1)
        for j in range(J + 1):
            M = total(mass / 2 ** level(y) for y, mass in enumerate(pi) if level(y) >= j)
            nodes = range(2**j - 1, 2 ** (j + 1) - 1)
            best = max(utility(users, pi, y, k) for y in nodes)
            yield int(best >= (1 - M) ** k / 2 ** (j * power)), 1


bound = (k + 1) * e10.bound  # (1 - (1-x)^(k+1))/x
M = p / (p + z)  # a number strictly between 0 and 1
least = 1 + d + s  # a power of two above d

THEOREM = Theorem(
    source="E15",
    title="One policy for every k",
    words=(
        "For a_k > 0 with sum a_k <= 1 every population has one policy pi with"
        " (k+1)(1 - W(pi^k, y)) <= (1 - (1-a_k)^(k+1))/a_k for all those k and all y. So one policy"
        " has W >= 1 - 2 (1 + log2 K)/(k+1) for all k <= K, and one has"
        " W >= 1 - 2 (j+1)(j+2)/(k+1), j = floor(log2 k), for all k: U-alignment by a single"
        " policy. Conversely, on the binary tree of depth J >= 1 every pi has some k <= J 2^J and y"
        " with (k+1)(1 - W(pi^k, y)) >= J/(2e)."
    ),
    latex=(
        r"\exists\pi\ \forall k,y:\ (k+1)\bigl(1-W(\pi^k,y)\bigr)\le\tfrac{1-(1-a_k)^{k+1}}{a_k}"
        r"\le\tfrac1{a_k};\qquad"
        r" \forall\pi\ \exists k\le J2^J,y:\ (k+1)\bigl(1-W(\pi^k,y)\bigr)\ge\tfrac J{2e}"
    ),
    hypotheses=[
        "finitely many responses and users, weak orders; `uniform` ties",
        "the tree's users are its 2^J leaves; each ranks the nodes on her path, leaf first, root"
        " last, above all others, which are tied",
    ],
    obligations=[
        MINIMAX,
        Obligation(
            "so answer a mixture D of pairs (k, y) by pi = sum_k a_k D(.|k) and anything else: of k"
            " draws N, binomial with (k, a_k), come from D(.|k). Against N of them alone y ~ D(.|k)"
            " is picked with chance 1/(N+1) (P1); the mean of t^N is (1 - x + tx)^k with x = a_k,"
            " so that of 1/(N+1) is (1 - (1-x)^(k+1))/((k+1) x)",
            Integrates(
                e10.integrand,
                e10.antiderivative,
                t,
                0,
                1,
                e10.bound,
                wrong=e10.bound.subs(k, k + 1),
            ),
        ),
        Obligation(
            "and the other draws only hurt y: they are in better classes, or share with it",
            Inequality(1 / (1 + i), at_least=1 / (1 + i + d), wrong=1 / (2 + i + d)),
        ),
        Obligation("as counted from D", Agreement(_answered, wrong={"more": 1})),
        Obligation(
            "(1 - (1-a)^(k+1))/a is 1/a less a positive number",
            Identity(1 / x - bound, (1 - x) ** (k + 1) / x, wrong=(1 - x) ** k / x),
        ),
        Obligation(
            "u^(k) falls in k: x^k - x^(k+1) = x^k (1-x), x = L + tp <= 1",
            Identity(x**k - x ** (k + 1), x**k * (1 - x), wrong=x ** (k - 1) * (1 - x)),
        ),
        Obligation(
            "so take powers of two: for 2^j = 1 + d + s and k = 2^j + d < 2^(j+1) a bound c on"
            " (2^j + 1) u serves (k+1) u with 2c; J+1 = 1 + floor(log2 K) of them have a = 1/(J+1)",
            Inequality(2 / (least + d + 1), at_least=1 / (least + 1), wrong=1 / (least + d + 1)),
        ),
        Obligation(
            "or all of them have a = 1/((j+1)(j+2)), which sum to less than 1",
            Sums(1 / ((i + 1) * (i + 2)), -1 / (i + 1), i, 0, m, 1 - 1 / (m + 1), wrong=1 - 1 / m),
        ),
        Obligation(
            "the tree: mu_i the mass of level i, M_j = sum over i >= j of 2^-i mu_i, is the users'"
            " mean mass of the nodes on their paths at level j or below",
            Agreement(_levels, wrong={"late": 1}),
        ),
        TANGENT,
        TERMS,
        CANCEL,
        Obligation(
            "a user picks the node of level j on her path if no draw is on her path from there"
            " down; by Jensen some node of level j has u^(k) >= 2^-j (1 - M_j)^k",
            Agreement(_best_of_level, wrong={"power": 0}),
        ),
        Obligation(
            "ln w + 1/w - 1 vanishes at w = 1 and falls before: its slope is -(1-w)/w^2",
            Identity(diff(log(z) + 1 / z - 1, z), -(1 - z) / z**2, wrong=-(1 - z) / z),
        ),
        Obligation(
            "with w = 1 - M that is ln(1-M) >= -M/(1-M), and (1/M - 1) times it is -1: so"
            " (1-M)^(1/M) >= (1-M)/e",
            Identity(1, (1 / M - 1) * (M / (1 - M)), wrong=1 / M * (M / (1 - M))),
        ),
        Obligation(
            "let all (k+1) u be at most C. k = ceil(1/M_j) - 1 >= 1 (for M_j < 1) has k+1 >= 1/M_j"
            " and k < 1/M_j, so C >= 2^-j (1-M_j)/(e M_j), that is 2^j M_j >= (1-M_j)/(eC). Summed"
            " over j <= i the factors 2^j of mu_i 2^-i are 2^(i+1) - 1: the left sides sum to less"
            " than 2",
            Sums(
                Integer(2) ** i,
                Integer(2) ** i,
                i,
                0,
                m + 1,
                Integer(2) ** (m + 1) - 1,
                wrong=Integer(2) ** m,
            ),
        ),
        Obligation(
            "the M_j sum to sum_i (i+1) 2^-i mu_i <= 1, as (i+1) 2^-i <= 1: it is 1 at i = 0, and"
            " doubling outruns the step",
            Inequality(2 * (i + 1), at_least=i + 2, wrong=2 * (i + 1) - 1),
        ),
        Obligation(
            "so the 1 - M_j, j <= J, sum to at least J, and 2 >= J/(eC), that is C >= J/(2e)",
            Identity(x - J / (2 * z), x / 2 * (2 - J / (z * x)), wrong=x * (2 - J / (z * x))),
        ),
        Obligation(
            "if 1/M_j > J 2^J for some j, take k = J 2^J: (1-M_j)^k >= (1-M_j)/e >= 1/(2e) as"
            " M_j < 1/2, and 2^-j (k+1) > J: with k + 1 = J 2^j + slack, z for 2^j",
            Identity((J * z + slack) / z - J, slack / z, wrong=slack),
        ),
    ],
    rests_on=["P1", "E1 (every u is convex in pi)", "Kneser and Fan's minimax theorem"],
    not_proved=[
        "That the utilities with factors a_k (k+1)/(1 - (1-a_k)^(k+1)), finitely many, are convex"
        " in pi; infinitely many k by compactness of the simplex: by hand.",
        "Jensen's step from users to nodes: the 2^j nodes of level j have, together, the users'"
        " mean of (1 - mass)^k, with a share of 2^-j for each; that (1-M)^k falls in k: by hand.",
        "The constant: e enters by (1-M)^(1/M - 1) >= 1/e alone, through ln: by hand.",
    ],
)
