"""E18: users with random scores, Luce's among them: what carries over, and what does not."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from sympy import Function, Integer, Rational, diff

from proofs_checks.calculus import Integrates
from proofs_checks.cases import average, point, random_policy
from proofs_checks.choice_laws import (
    law_utility,
    law_win_rate,
    luce_instances,
    luce_integral,
    luce_laws,
    score,
)
from proofs_checks.claims import Agreement, Identity, Pairs, Sign
from proofs_checks.definition import Policy, draws, sure, total, utility
from proofs_checks.e4_joint_rate import independent, subset
from proofs_checks.e4_joint_rate import rate as joint_rate
from proofs_checks.e5_product_rate import rate as product_rate
from proofs_checks.obligations import Obligation, Theorem
from proofs_checks.symbols import shared

k, m, x, t, s, a, c, d = shared("k m x t s_real a_from_0 c_from_0 d_real")
F, v = shared("F b_or_0")
Ft, Gt, Ht = (Function(name, positive=True)(t) for name in "FGH")

One, half = Fraction(1), Fraction(1, 2)


def _integrals(more: int = 0) -> Pairs:
    for rng, users, n in luce_instances(seed=181, count=30):
        pi, y, k = random_policy(rng, n), rng.randrange(n), rng.randint(1, 3)
        whole = (Rational(w) * luce_integral(strengths, pi, y, k + more) for w, strengths in users)
        yield sum(whole, Rational(0)), law_utility(luce_laws(users), pi, y, k)


def _averages(more: int = 0) -> Pairs:
    for rng, users, n in luce_instances(seed=182, count=25):
        pi, k, laws = random_policy(rng, n), rng.randint(1, 3), luce_laws(users)
        earned = total(mass * law_utility(laws, pi, y, k) for y, mass in enumerate(pi))
        yield earned, Fraction(1, k + 1 + more)


def _monotone(factor: Fraction = -half) -> Pairs:
    """E2's identity, with integrals over the score."""
    for rng, users, n in luce_instances(seed=183, count=25):
        pi, qi, k = random_policy(rng, n), random_policy(rng, n), rng.randint(1, 3)
        laws = luce_laws(users)
        inner = total(
            (pi[y] - qi[y]) * (law_utility(laws, pi, y, k) - law_utility(laws, qi, y, k))
            for y in range(n)
        )
        bent = Rational(0)
        for weight, strengths in users:
            F, G = score(strengths, pi), score(strengths, qi)
            h = sum((F**i * G ** (k - 1 - i) for i in range(k)), 0 * F)
            bent += Rational(weight) * ((F - G) ** 2 * h.diff()).integrate().eval(1)
        yield inner, Rational(factor) * bent


def _convex(more: int = 0) -> Pairs:
    """u at the average of two policies, and the average of u; equal for two equal policies."""
    for rng, users, n in luce_instances(seed=184, count=25):
        pi, k, laws = random_policy(rng, n), rng.randint(1, 3), luce_laws(users)
        y, others = rng.randrange(n), (random_policy(rng, n), pi)
        for other in others:
            ends = (law_utility(laws, one, y, k) for one in (pi, other))
            yield int(law_utility(laws, average([pi, other]), y, k) <= total(ends) / (2 + more)), 1


def _splits(kept: int = 1) -> Pairs:
    """E12's bounds."""
    for rng, users, n in luce_instances(seed=185, count=25):
        pi, rho, laws = random_policy(rng, n), random_policy(rng, n), luce_laws(users)
        k, l = rng.randint(1, 2), rng.randint(1, 2)
        N = k + l
        earned = total(mass * law_utility(laws, pi, y, N - 1) for y, mass in enumerate(rho))
        slope = kept * Fraction(k * l, N - 1) * (earned - Fraction(1, N))
        won = law_win_rate(laws, draws(pi, k), draws(rho, l))
        yield int(won >= Fraction(k, N) - slope), 1
        won = law_win_rate(laws, draws(rho, k), draws(pi, l))
        yield int(won <= Fraction(k, N) + slope), 1


def _answers(more: int = 0) -> Pairs:
    """E4's and E5's answers to a mixture D over l-tuples; at a point mass without waste, equal."""
    for rng, users, n in luce_instances(seed=186, count=20):
        k, l, laws = rng.randint(1, 3), rng.randint(1, 2), luce_laws(users)
        for D in (
            [(half, [rng.randrange(n) for _ in range(l)]) for _ in range(2)],
            [(One, [rng.randrange(n)] * l)],
        ):
            q, r = divmod(k, l)
            answer: Policy = independent(*[D] * q, subset(D, r))
            least = Fraction(joint_rate(Integer(q), Rational(r, l)))
            yield int(law_win_rate(laws, answer, D) >= least + Fraction(more, 10)), 1
            pi = [total(w * Fraction(T.count(y), l) for w, T in D) for y in range(n)]
            least = Fraction(product_rate(k, Integer(l)))
            yield int(law_win_rate(laws, draws(pi, k), D) >= least), 1


def _united(fewer: int = 0) -> Pairs:
    """P7: a tuple is picked no more often than its positions alone, one by one, are."""
    for rng, users, n in luce_instances(seed=187, count=30):
        pi, k, laws = random_policy(rng, n), rng.randint(1, 2), luce_laws(users)
        T = [rng.randrange(n) for _ in range(rng.randint(1, 3))]
        alone = total(law_utility(laws, pi, y, k) for y in T[fewer:])
        yield int(law_win_rate(laws, sure(T), draws(pi, k)) <= alone), 1


def _capped(factor: int = 2) -> Pairs:
    """E19: a random position of a copy of the policy's tuple wins at least 1/(2k)."""
    for rng, users, n in luce_instances(seed=188, count=30):
        k, laws = rng.randint(1, 3), luce_laws(users)
        p = Fraction(rng.randint(1, 3), 3)
        P = [(w, [rng.randrange(n) for _ in range(k)]) for w in (p, 1 - p)]
        position: Policy = [(w / k, [y]) for w, S in P for y in S]
        yield int(law_win_rate(laws, position, P) >= Fraction(1, factor * k)), 1


def _dominated(turned: bool = False) -> Pairs:
    """E20's Pareto: the last response is at least as strong as the one before for everybody and
    stronger for the first user; if that one has mass, it earns strictly less."""
    for rng, users, n in luce_instances(seed=189, count=30):
        users = [
            (w, [*strengths, strengths[-1] + (1 if place == 0 else rng.randint(0, 1))])
            for place, (w, strengths) in enumerate(users)
        ]
        pi = average([random_policy(rng, n + 1), point(n + 1, n - 1)])
        low, high = (law_utility(luce_laws(users), pi, y, 2) for y in (n - 1, n))
        yield int(low < high if not turned else high < low), 1


def _copies(alone: int = 2) -> Pairs:
    """b against (a, a), equal strengths: by Luce, and by a ranking that is drawn once."""
    laws = luce_laws([(One, [1, 1])])
    yield law_utility(laws, point(2, 0), 1, 2), Fraction(1, 3)
    ranked = [(half, [[0], [1]]), (half, [[1], [0]])]
    yield utility(ranked, point(2, 0), 1, 2), Fraction(1, alone)


def crowd(shown: Sequence[int]) -> list[Fraction]:
    """A symmetric law on three positions: one that differs from both others has a sixth."""
    counts = [shown.count(y) for y in shown]
    even = {3: Fraction(1, 3), 2: Fraction(5, 12), 1: Fraction(1, 6)}
    return [even[count] for count in counts]


def _two_equilibria(own: Fraction = Fraction(1, 3)) -> Pairs:
    """Two responses, k = 2: P1 holds, both point masses are equilibria, and between them the
    largest utility exceeds 1/3 at (1/4, 3/4)."""
    laws = [(One, crowd)]
    for quarters in range(5):
        pi = [Fraction(quarters, 4), 1 - Fraction(quarters, 4)]
        us = [law_utility(laws, pi, y, 2) for y in (0, 1)]
        yield total(mass * u for mass, u in zip(pi, us, strict=True)), own
        yield int(max(us) == Fraction(1, 3)), int(quarters in (0, 2, 4))


THEOREM = Theorem(
    source="E18",
    title="Noisy users",
    words=(
        "Let every position with response y get an independent score from a law H_(u,y), without"
        " atoms or with ties split uniformly; the highest is picked. Then u_y is the users' mean"
        " of the integral of F^k dH_(u,y), F the mixture of the laws by pi, and P1, P2, P6, P7, E1"
        " to E5, E11 to E15, E17, E19's cap and E20's Pareto carry over; in E2 an equilibrium is"
        " unique for k >= 2 iff no d != 0 has sum_y d_y H_(u,y) = 0 for every u and d >= 0 off the"
        " support. Luce users with whole strengths s_y have the laws x^(s_y) on [0, 1]; copies of"
        " a response get scores of their own. For symmetric choice laws in general P1 still holds,"
        " but E1 and E2 do not: a law with three equilibria."
    ),
    latex=(
        r"u_y(\pi)=\mathbf E_u\int F_u^k\ dH_{u,y},\quad F_u=\sum_z\pi_zH_{u,z};\qquad"
        r" \text{Luce: }\ u_y=\mathbf E_u\ s_y\int_0^1x^{s_y-1}\Bigl(\sum_z\pi_zx^{s_z}\Bigr)^k\ dx"
    ),
    hypotheses=[
        "finitely many responses and users; scores independent between positions",
        "E6 to E10, E16 and the rest of E20 are not claimed",
    ],
    obligations=[
        Obligation(
            "Luce: a position of strength a + 1 against others of total strength c, whose highest"
            " score has the law x^c, is picked with chance (a+1)/(a+1+c)",
            Integrates(
                (a + 1) * x ** (a + c),
                (a + 1) * x ** (a + 1 + c) / (a + 1 + c),
                x,
                0,
                1,
                (a + 1) / (a + 1 + c),
                wrong=a / (a + 1 + c),
            ),
        ),
        Obligation(
            "so the integral of F^k dH_y is what counting every tuple gives",
            Agreement(_integrals, wrong={"more": 1}),
        ),
        Obligation(
            "a ranking is the case of disjoint intervals, one for each class: there F is L + tp,"
            " and F^k dH_y is (L+tp)^k dt. P1: sum_y pi_y dH_y = dF, and F^k F' is the slope of"
            " F^(k+1)/(k+1)",
            Identity(
                Ft**k * diff(Ft, t),
                diff(Ft ** (k + 1) / (k + 1), t),
                wrong=diff(Ft ** (k + 1) / k, t),
            ),
        ),
        Obligation("P1, as counted for Luce", Agreement(_averages, wrong={"more": 1})),
        Obligation(
            "E1: along F + s d the second derivative of F^(m+1) is m (m+1) F^(m-1) d^2",
            Identity(
                diff((F + s * d) ** (m + 1), s, 2).subs(s, 0),
                m * (m + 1) * F ** (m - 1) * d**2,
                wrong=m * (m + 1) * F**m * d**2,
            ),
        ),
        Obligation(
            "not negative: u_y is convex",
            Sign(m * (m + 1) * F ** (m - 1) * d**2, wrong=m * (m + 1) * F ** (m - 1) * d),
        ),
        Obligation("E1, as counted for Luce", Agreement(_convex, wrong={"more": 1})),
        Obligation(
            "E2: the integral of (F^k - G^k) d(F - G) is minus half that of (F - G)^2 dh, as there"
            " (by parts; the ends are 0 and 1): counted for Luce, integrated over the score",
            Agreement(_monotone, wrong={"factor": Fraction(-1)}),
        ),
        Obligation("E12: its bounds, for Luce", Agreement(_splits, wrong={"kept": 0})),
        Obligation(
            "E4 and E5: their answers to mixtures D win as much, for Luce",
            Agreement(_answers, wrong={"more": 1}),
        ),
        Obligation(
            "P7: the highest of T's scores beats k draws only if one of T's positions does: at most"
            " the sum of their chances, for Luce",
            Agreement(_united, wrong={"fewer": 1}),
        ),
        Obligation(
            "E19's cap: S' a copy of S wins 1/2 as a whole, so its positions, one by one against S,"
            " win 1/2 + v together, and one at random at least 1/(2k)",
            Identity((Rational(1, 2) + v) / k - 1 / (2 * k), v / k, wrong=v / (2 * k)),
        ),
        Obligation("E19, as counted for Luce", Agreement(_capped, wrong={"factor": 1})),
        Obligation(
            "Pareto: H <= G everywhere: the integral of F^k d(H - G) is that of (G - H) dF^k >= 0,"
            " by parts",
            Identity(
                diff(Ft**k * (Ht - Gt), t),
                Ft**k * diff(Ht - Gt, t) - (Gt - Ht) * k * Ft ** (k - 1) * diff(Ft, t),
                wrong=Ft**k * diff(Ht - Gt, t) - (Gt - Ht) * Ft ** (k - 1) * diff(Ft, t),
            ),
        ),
        Obligation(
            "strictly, where the lesser response has mass: for Luce",
            Agreement(_dominated, wrong={"turned": True}),
        ),
        Obligation(
            "copies: b against (a, a) of equal strengths is picked with chance 1/3 by Luce, but 1/2"
            " by a random ranking, where copies share one draw",
            Agreement(_copies, least=2, wrong={"alone": 3}),
        ),
        Obligation(
            "a symmetric law on three positions, a sixth for the odd one out: P1 holds, both point"
            " masses and their mean are equilibria, points between are not; so the largest utility"
            " is not convex, and E1 and E2 fail",
            Agreement(_two_equilibria, least=10, wrong={"own": Fraction(1, 4)}),
        ),
    ],
    rests_on=["P1", "P7", "E1", "E2", "E3", "E4", "E5", "E12", "E13", "E14", "E15", "E17"],
    not_proved=[
        "That the proofs of P1, P2, P6, P7, E1 to E5, E11 to E15 and E17 use no more of phi_k than"
        " this: exchangeable positions, that rivals left out do no harm, an integral of F^k with F"
        " linear in pi and running from 0 to 1: read through by hand. In E5 the quantile is"
        " F(score), uniform for a draw from pi; E13's g_t is a user's exact chance, not one pick"
        " of hers.",
        "Laws with atoms, ties split uniformly: spread every atom over an interval of its own,"
        " where equal scores are ordered at random: by hand.",
        "E2's criterion: F = G for every u says sum_y d_y H_(u,y) = 0: by hand. Pareto's strictness"
        " for laws in general: on an interval where G > H the lesser law rises: by hand.",
        "P2 for symmetric choice laws is Nash's theorem on symmetric games, P6 is linear, and P7"
        " holds where a larger rival set never helps: by hand.",
    ],
)
