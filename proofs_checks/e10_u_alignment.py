"""E10: the limit of a fixed policy's worst case as k grows, with the error at every k."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from proofs_checks.calculus import Integrates
from proofs_checks.cases import masses, random_instances, random_policy
from proofs_checks.claims import Agreement, Identity, Inequality, Pairs
from proofs_checks.definition import Ranking, Users, draws, total, utility, worst_case
from proofs_checks.obligations import Obligation, Theorem
from proofs_checks.p1_guarantee import phi
from proofs_checks.symbols import shared

k, x, t, eps, L, p = shared("k x t epsilon L_or_0 p_or_0")
a, A, B, late = shared("a_or_0 A B slack")


def weight_above(users: Users, pi: Sequence[Fraction], y: int) -> Fraction:
    """The weight of the users who rank y strictly above all of supp(pi)."""
    return total(w for w, ranking in users if masses(ranking, pi, y)[0] == 1)


def _split(shift: int = 0) -> Pairs:
    for rng, users, n in random_instances(seed=100, count=30):
        pi, y, size = random_policy(rng, n), rng.randrange(n), rng.randint(1, 3)
        picked = weight_above(users, pi, y)
        for weight, ranking in users:
            below, tied = masses(ranking, pi, y)
            if below < 1:
                picked += weight * phi(size + shift, below, tied)
        yield picked, utility(users, pi, y, size)


def _least_masses(with_class: bool = False) -> Pairs:
    for rng, users, n in random_instances(seed=101, count=40):
        pi, y = random_policy(rng, n), rng.randrange(n)
        least = min(mass for mass in pi if mass)
        for _, ranking in users:
            below, tied = masses(ranking, pi, y)
            if below < 1:
                yield int(below + (tied if with_class else 0) <= 1 - least), 1


def _sandwich(shift: int = 0) -> Pairs:
    found = [(users, random_policy(rng, n)) for rng, users, n in random_instances(102, 25)]
    found.append(([(Fraction(1), [[0], [1]])], [Fraction(1, 3), Fraction(2, 3)]))  # sharp
    for users, pi in found:
        responses, least = range(len(pi)), min(mass for mass in pi if mass)
        free = 1 - max(weight_above(users, pi, y) for y in responses)
        for size in (1, 2, 3):
            worst, _ = worst_case(users, draws(pi, size))
            low = free * (1 - phi(size + shift, 1 - least, least))
            yield int(low <= worst <= free), 1


def _meets(ranking: Ranking, pi: Sequence[Fraction], whole: bool) -> bool:
    return (all if whole else any)(pi[y] > 0 for y in ranking[0])


def _alignment(whole: bool = False) -> Pairs:
    for rng, users, n in random_instances(seed=103, count=60):
        pi = random_policy(rng, n)
        limit = 1 - max(weight_above(users, pi, y) for y in range(n))
        yield int(limit == 1), int(all(_meets(ranking, pi, whole) for _, ranking in users))


integrand = (1 - x + t * x) ** k
antiderivative = (1 - x + t * x) ** (k + 1) / ((k + 1) * x)
bound = (1 - (1 - x) ** (k + 1)) / ((k + 1) * x)

THEOREM = Theorem(
    source="E10",
    title="U-alignment of a fixed policy",
    words=(
        "Let x be the least positive mass of pi, A the largest weight, over responses y, of the"
        " users who rank y strictly above all of supp(pi), and"
        " B = [1 - (1-x)^(k+1)]/((k+1)x) <= 1/((k+1)x). Then for every k"
        " (1-A)(1-B) <= min_y W(pi^k, y) <= 1-A, so the limit is 1-A; it is 1 iff supp(pi) meets"
        " every user's best class."
    ),
    latex=(
        r"(1-A)\Bigl(1-\tfrac1{(k+1)x}\Bigr)\le\min_y W(\pi^k,y)\le 1-A,\qquad"
        r" A=\max_y w\lbrace u:y\succ_u\mathrm{supp}(\pi)\rbrace,\quad x=\min_{\pi_y>0}\pi_y"
    ),
    hypotheses=["k >= 1", "weak orders", "pi does not depend on k"],
    obligations=[
        Obligation(
            "u_y is the weight of the users who rank y strictly above all of supp(pi) (L = 1,"
            " p = 0), plus the others' phi_k(L, p)",
            Agreement(_split, wrong={"shift": 1}),
        ),
        Obligation(
            "each of the others has L <= 1-x: some response of the support is not below y",
            Agreement(_least_masses, wrong={"with_class": True}),
        ),
        Obligation(
            "and L + p <= 1: so L + tp <= (1-x) + tx for 0 <= t <= 1, by L's slack (1-t times) and"
            " L + p's (t times), and phi_k(L, p) <= phi_k(1-x, x)",
            Identity(
                (1 - x + t * x) - (L + t * p),
                (1 - t) * (1 - x - L) + t * (1 - L - p),
                wrong=t * (1 - x - L) + (1 - t) * (1 - L - p),
            ),
        ),
        Obligation(
            "phi_k(1-x, x), the integral over [0, 1] of (1-x+tx)^k, is B",
            Integrates(integrand, antiderivative, t, 0, 1, bound, wrong=bound.subs(k, k + 1)),
        ),
        Obligation(
            "B <= 1, for the integrand's base is at most 1",
            Inequality(1 - (1 - x + t * x), {t: (0, 1), x: (0, 1)}, wrong=1 - (1 + x - t * x)),
        ),
        Obligation(
            "for every y of weight a <= A: u_y <= a + (1-a)B <= A + (1-A)B",
            Identity(
                (A + (1 - A) * B) - (a + (1 - a) * B), (A - a) * (1 - B), wrong=(A - a) * (1 + B)
            ),
        ),
        Obligation(
            "so 1 - max u_y is at least (1-A)(1-B), and at most 1-A, as u_y >= a",
            Identity(1 - (A + (1 - A) * B), (1 - A) * (1 - B), wrong=(1 - A) * (1 + B)),
        ),
        Obligation(
            "the whole sandwich on instances; one user, x = 1/3 on the better of two responses"
            " attains the lower end",
            Agreement(_sandwich, wrong={"shift": 1}),
        ),
        Obligation(
            "B is 1/((k+1)x) less (1-x)^(k+1)/((k+1)x), which is not negative",
            Identity(
                1 / ((k + 1) * x) - bound,
                (1 - x) ** (k + 1) / ((k + 1) * x),
                wrong=(1 - x) ** k / ((k + 1) * x),
            ),
        ),
        Obligation(
            "1/((k+1)x) is at most epsilon > 0 for all k >= 1/(x epsilon): the limit is 1-A",
            Inequality(
                (eps - 1 / ((k + 1) * x)).subs(k, 1 / (x * eps) + late),
                {x: (0, 1)},
                wrong=(eps - 1 / ((k + 1) * x)).subs(k, 1 / (x * eps) - 2 + late),
            ),
        ),
        Obligation(
            "A = 0 iff supp(pi) meets every user's best class: if it misses one, that user ranks"
            " the class strictly above the support; if it meets it, nothing is strictly above",
            Agreement(_alignment, wrong={"whole": True}),
        ),
    ],
    rests_on=["P1's closed form phi_k and its integral"],
    not_proved=[
        "That an integral grows with its integrand, for 0 <= t <= 1.",
        "The equivalence with best classes beyond the cases: it is the two lines that it says.",
    ],
)
