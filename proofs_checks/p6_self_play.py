"""P6: no-regret self-play is robust: the mixture over its history loses its average regret only.

Hedge's regret bound is proved as well, Hoeffding's lemma included, up to two facts of calculus.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from random import Random

from sympy import Rational, diff, exp, log, sqrt

from proofs_checks.cases import History, average, over, random_history, random_instances, regret
from proofs_checks.claims import Agreement, Identity, Pairs
from proofs_checks.definition import Users, draws, total, utility, worst_case
from proofs_checks.obligations import Obligation, Theorem
from proofs_checks.symbols import shared

k, u, R, eta, epsilon, T, N = shared("k u R eta epsilon T_positive N_positive")

half = Rational(1, 2)
mu = 1 / (k + 1)  # what every policy earns against itself, by P1

Zero, One = Fraction(0), Fraction(1)


def _histories() -> Iterator[tuple[Users, History, int]]:
    for rng, users, n in random_instances(seed=6, count=25, most_responses=3):
        yield users, random_history(rng, n), rng.randint(1, 3)


def worst_cases(mixture: bool = True) -> Pairs:
    """(the worst case of the mixture, or of the average; k/(k+1) - R_T/T)."""
    for users, history, k in _histories():
        policy = over(history, k) if mixture else draws(average(history), k)
        worst = Fraction(k, k + 1) - regret(users, history, k) / len(history)
        yield worst_case(users, policy)[0], worst


def _earned(off: int = 0) -> Pairs:
    """What the pi_t earn, each against copies of itself."""
    for users, history, k in _histories():
        payoffs = (m * utility(users, pi, y, k) for pi in history for y, m in enumerate(pi))
        yield total(payoffs), Fraction(len(history), k + 1 + off)


def _potentials(updated: bool = True) -> Pairs:
    """(total weight, n times the product of the policies' average factors) for multiplicative
    weights with positive factors; unless `updated`, the policy stays uniform."""
    rng = Random(6)
    for _ in range(25):
        n, product = rng.randint(2, 4), One
        weights = [One] * n
        for _ in range(rng.randint(2, 4)):
            factors = [Fraction(rng.randint(1, 9), rng.randint(1, 9)) for _ in range(n)]
            policy = [w / sum(weights) if updated else Fraction(1, n) for w in weights]
            product *= total(a * f for a, f in zip(policy, factors, strict=True))
            weights = [w * f for w, f in zip(weights, factors, strict=True)]
        yield total(weights), n * product


chord_gap = 1 - u + u * exp(eta) - exp(eta * u)
gap = eta * mu + eta**2 / 8 - log(1 - mu + mu * exp(eta))
tilted = mu * exp(eta) / (1 - mu + mu * exp(eta))
bound = N / eta + T * eta / 8
best_eta = sqrt(8 * N / T)

THEOREM = Theorem(
    source="P6",
    title="Self-play",
    words=(
        "For any policies pi_1, ..., pi_T with R_T = max_y sum_t u_y(pi_t) - T/(k+1), the policy"
        " 'draw t uniformly, then k samples from pi_t' has the worst case k/(k+1) - R_T/T exactly."
        " If pi_t is Hedge's with eta = sqrt(8 ln n / T), then R_T <= sqrt(T ln n / 2), so R_T/T"
        " is at most epsilon once T >= ln n / (2 epsilon^2)."
    ),
    latex=(
        r"\min_y \tfrac1T\sum_t W(\pi_t^k,y)=\tfrac{k}{k+1}-\tfrac{R_T}{T},\qquad"
        r" R_T\le\sqrt{\tfrac{T\ln n}{2}}\ \text{(Hedge)}"
    ),
    hypotheses=[
        "k >= 1, T >= 1, any population",
        "Hedge: n >= 2, full information, pi_{t+1} proportional to pi_t(y) exp(eta u_y(pi_t)) from"
        " the uniform pi_1",
    ],
    obligations=[
        Obligation(
            "the mixture over history has the worst case k/(k+1) - R_T/T, counted position by"
            " position",
            Agreement(worst_cases, wrong={"mixture": False}),
        ),
        Obligation(
            "for all k and T: W is linear in the policy, so the least W is 1 - max_y sum_t u_y/T"
            " with max_y sum_t u_y = R_T + T/(k+1)",
            Identity(1 - (R + T / (k + 1)) / T, k / (k + 1) - R / T, wrong=k / (k + 1) - R),
        ),
        Obligation(
            "by P1 the pi_t earn 1/(k+1) each, so R_T is the regret against the best response",
            Agreement(_earned, wrong={"off": 1}),
        ),
        Obligation(
            "Hedge's total weight after T rounds is n times the product over t of its average"
            " factor sum_y pi_t(y) exp(eta u_y(pi_t)), as for any positive factors",
            Agreement(_potentials, wrong={"updated": False}),
        ),
        Obligation(
            "exp(eta u) lies below its chord 1 - u + u exp(eta) for 0 <= u <= 1: the gap is 0 at"
            " u = 0",
            Identity(0, chord_gap.subs(u, 0), wrong=(u * exp(eta) - exp(eta * u)).subs(u, 0)),
        ),
        Obligation(
            "and at u = 1",
            Identity(0, chord_gap.subs(u, 1), wrong=(1 + u * exp(eta) - exp(eta * u)).subs(u, 1)),
        ),
        Obligation(
            "and concave: its second derivative is -eta^2 exp(eta u). So the average factor is at"
            " most 1 - mu + mu exp(eta), mu = sum_y pi_t(y) u_y(pi_t) = 1/(k+1)",
            Identity(diff(chord_gap, u, 2), -(eta**2) * exp(eta * u), wrong=-eta * exp(eta * u)),
        ),
        Obligation(
            "Hoeffding's lemma: ln(1 - mu + mu exp(eta)) <= eta mu + eta^2/8. The gap is 0 at"
            " eta = 0",
            Identity(
                0,
                gap.subs(eta, 0),
                wrong=(eta * mu + eta**2 / 8 - log(1 + mu * exp(eta))).subs(eta, 0),
            ),
        ),
        Obligation(
            "so is its first derivative",
            Identity(0, diff(gap, eta).subs(eta, 0), wrong=diff(gap - eta * mu, eta).subs(eta, 0)),
        ),
        Obligation(
            "and its second one is a square, with q = mu e^eta/(1 - mu + mu e^eta): 1/4 - q(1-q)",
            Identity(
                (half - tilted) ** 2, diff(gap, eta, 2), wrong=diff(gap - eta**2 / 16, eta, 2)
            ),
        ),
        Obligation(
            "the total weight is at least any one weight exp(eta sum_t u_y), so eta (R_T + T/(k+1))"
            " <= ln n + T (eta/(k+1) + eta^2/8), that is R_T <= ln n/eta + T eta/8 (N = ln n)",
            Identity(
                bound,
                (N + T * (eta * mu + eta**2 / 8)) / eta - T * mu,
                wrong=(N + T * (eta * mu + eta**2 / 8)) / eta - mu,
            ),
        ),
        Obligation(
            "at eta = sqrt(8 ln n / T) the bound is sqrt(T ln n / 2)",
            Identity(bound.subs(eta, best_eta), sqrt(T * N / 2), wrong=sqrt(T * N / 4)),
        ),
        Obligation(
            "which T = ln n / (2 epsilon^2) makes epsilon T, and it is T times sqrt(ln n / (2T)),"
            " where the root decreases in T: R_T/T -> 0",
            Identity(
                epsilon,
                (sqrt(T * N / 2) / T).subs(T, N / (2 * epsilon**2)),
                wrong=(sqrt(T * N / 2) / T).subs(T, N / epsilon**2),
            ),
        ),
    ],
    rests_on=["P1"],
    not_proved=[
        "That a function with nonpositive second derivative is at least the chord between two of"
        " its values, and that one with value and slope 0 at 0 and nonnegative second derivative"
        " is nonnegative from there on.",
        "That a sum of positive weights is at least each of them, and that ln is increasing.",
    ],
)
