"""P5: with one output NLHF is optimal: its worst case is exactly 1/2, and nobody's is larger."""

from __future__ import annotations

from fractions import Fraction

from sympy import Rational

from proofs_checks.cases import by_masses, point, random_instances, random_policy
from proofs_checks.claims import Agreement, Cited, Identity, Pairs
from proofs_checks.definition import Users, draws, utility, win_rate
from proofs_checks.obligations import Obligation, Theorem
from proofs_checks.symbols import shared

L, p, S, A, T, pi_y, pi_z = shared("L p S A T pi_y pi_z")

half = Rational(1, 2)

One, Half = Fraction(1), Fraction(1, 2)


def _utilities(share: Fraction = Half) -> Pairs:
    for rng, users, n in random_instances(seed=51, count=25):
        pi, y = random_policy(rng, n), rng.randrange(n)
        value = by_masses(users, pi, y, lambda L, p: L + share * p)
        yield utility(users, pi, y, 1), value


def _against_itself(ties: str = "uniform") -> Pairs:
    """W(pi, pi), which is 1/2 under `uniform` alone."""
    for rng, users, n in random_instances(seed=52, count=25):
        pi = random_policy(rng, n)
        yield win_rate(users, draws(pi, 1), draws(pi, 1), ties), Half


def lottery(users: Users, n: int) -> list[Fraction]:
    """A symmetric equilibrium in closed form for n <= 3: a response that no other beats, or, on a
    cycle 0 > 1 > 2 > 0 or its reverse, masses proportional to the opposite margins."""
    margin = [[Half - utility(users, point(n, y), z, 1) for z in range(n)] for y in range(n)]
    for y in range(n):
        if min(margin[y]) >= 0:
            return point(n, y)
    opposite = [abs(margin[1][2]), abs(margin[2][0]), abs(margin[0][1])]
    return [mass / sum(opposite) for mass in opposite]


def _values(pure: bool = False) -> Pairs:
    """(the largest utility at NLHF, 1/2); `pure` allows point masses only."""
    cycle = [[[0], [1], [2]], [[1], [2], [0]], [[2], [0], [1]]]
    populations: list[tuple[Users, int]] = [
        ([(Fraction(w, 12), order) for w, order in zip(weights, cycle, strict=True)], 3)
        for weights in ((4, 4, 4), (5, 4, 3), (5, 5, 2), (3, 4, 5))
    ]
    populations += [(u, n) for _, u, n in random_instances(seed=53, count=25, most_responses=3)]
    for users, n in populations:
        offered = [point(n, y) for y in range(n)] if pure else [lottery(users, n)]
        yield min(max(utility(users, pi, y, 1) for y in range(n)) for pi in offered), Half


won = A + T / 2  # P(y above z) + P(y ties z)/2
lost = (1 - A - T) + T / 2  # the same of z against y

THEOREM = Theorem(
    source="P5",
    title="NLHF is optimal for one output",
    words=(
        "For k = 1 NLHF, a symmetric equilibrium of the 2-player game, has the worst case exactly"
        " 1/2, and no policy, which with one output is a single-output policy, has a larger one."
    ),
    latex=r"\max_\pi\min_y W(\pi,y)=\tfrac12=\min_y W(\pi_{\mathrm{NLHF}},y)",
    hypotheses=["k = 1", "finitely many responses and users, weak orders, rational weights"],
    obligations=[
        Obligation(
            "phi_1(L, p) = [(L+p)^2 - L^2]/(2p) = L + p/2",
            Identity(((L + p) ** 2 - L**2) / (2 * p), L + p / 2, wrong=L + p),
        ),
        Obligation(
            "u_y(pi) is the users' average of L + p/2, counted position by position",
            Agreement(_utilities, wrong={"share": One}),
        ),
        Obligation(
            "no policy does better. W(y, z) + W(z, y) = 1 for responses y, z",
            Identity(1, won + lost, wrong=won + T / 2 + lost),
        ),
        Obligation(
            "so each pair adds pi_y pi_z [W(y, z) + W(z, y)] = 2 pi_y pi_z/2 to W(pi, pi), as"
            " if all W were 1/2, which W(y, y) is: W(pi, pi) = (sum pi)^2/2 = 1/2",
            Identity(
                pi_y * pi_z * (won + lost),
                half * ((pi_y + pi_z) ** 2 - pi_y**2 - pi_z**2),
                wrong=half * ((pi_y + pi_z) ** 2 - pi_y**2),
            ),
        ),
        Obligation(
            "W(pi, pi) = 1/2 by the definition; the worst response does no worse than pi itself",
            Agreement(_against_itself, wrong={"ties": "win"}),
        ),
        Obligation(
            "the game with payoff W(y, z) - 1/2 is symmetric and zero-sum: value 0, attained by"
            " a policy with u_y <= 1/2 for all y, which is NLHF",
            Cited(_values, "von Neumann's minimax theorem", wrong={"pure": True}),
        ),
        Obligation(
            "and by P1's average at k = 1, user by user: a class of mass p above mass S adds"
            " p (S + p/2), a step of S^2/2, from 0 to 1/2; so NLHF's worst case is 1/2 exactly",
            Identity((S + p) ** 2 / 2 - S**2 / 2, p * (S + p / 2), wrong=p * (S + p)),
        ),
    ],
    rests_on=["von Neumann's minimax theorem"],
    not_proved=[
        "That min_y W(pi, y) is at most the average of W(pi, y) under pi, which is W(pi, pi).",
        "The minimax theorem (P2 at k = 1 serves as well): cited, and checked on populations of at"
        " most three responses, where an equilibrium has a closed form.",
    ],
)
