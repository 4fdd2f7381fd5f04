"""P6: self-play with regret R_T ends up with a policy that guarantees k/(k+1) - R_T/T.

"Draw t uniformly, then k samples from pi_t" wins exactly that in its worst case; the average of the
pi_t wins at least as much (E3), and being a single policy makes a small certificate. The last
policy played has no such guarantee, and its worst case is stated for comparison."""

from __future__ import annotations

from fractions import Fraction

from ualign.certificates.claims import EXACT_BITS, claim_win_rate, claim_worst_case
from ualign.certificates.findings import (
    EXACT,
    NOT_COMPUTED,
    Finding,
    Question,
    within,
    without_claim,
)
from ualign.errors import FaultError
from ualign.exact.instance import Instance
from ualign.exact.self_play import REGRET_RULE, ROUNDS, Run, against_hedge_bound, play
from ualign.model.policies import Policy
from ualign.model.win_rates import WorstCase, worst_case

STATEMENT = "self-play with regret R_T gives a policy that wins at least k/(k+1) - R_T/T"

FEW_ROUNDS, SHORTER = 16, (4, 16)
EASY_WORK, MOST_PLAY_WORK, LARGEST_K_PLAYED = 1 << 17, 1 << 20, 256
"""Rounds are ROUNDS up to EASY_WORK, FEW_ROUNDS up to MOST_PLAY_WORK: terms of the utilities
(groups of users), times k + 8 for the lengths of their powers."""


def certify(instance: Instance, k: int) -> list[Finding]:
    """For each of the instance's rules what the average and the last policy guarantee, and the
    averages of shorter runs; with `instance.iterates` also the exact worst case of the mixture.

    Raises FaultError where two ways to the same number disagree, or E3 is contradicted."""
    if why := beyond_limits(instance, k):
        return [without_claim(Question("P6", "self-play"), k, NOT_COMPUTED, why)]
    rounds = ROUNDS if _work(instance, k) <= EASY_WORK else FEW_ROUNDS
    findings = []
    for dynamics in instance.rules or (REGRET_RULE,):
        for fewer in SHORTER:
            if fewer < rounds:
                short = play(instance.population, k, dynamics, rounds=fewer)
                findings.append(_average(instance, short))
        run = play(instance.population, k, dynamics, rounds=rounds)
        findings += [_average(instance, run), _last(instance, run)]
        if instance.iterates:
            findings.append(_mixture(instance, run))
    return findings


def beyond_limits(instance: Instance, k: int) -> str:
    """Why self-play is not run at k, or nothing where it is."""
    if k > LARGEST_K_PLAYED:
        return f"self-play is run for k up to {LARGEST_K_PLAYED}"
    if (work := _work(instance, k)) > MOST_PLAY_WORK:
        return f"exact utilities take {work} steps a round, over the limit of {MOST_PLAY_WORK}"
    return ""


def _work(instance: Instance, k: int) -> int:
    return len(instance.population.groups) * (k + 8)


def _average(instance: Instance, run: Run) -> Finding:
    population = instance.population
    reached = worst_case(population, run.average, k=run.k).value
    if reached < run.value:
        raise FaultError(f"{run.dynamics}: the average wins {reached}, the mixture {run.value}")
    note = _regret(run)
    bound, grade = run.value, EXACT
    if bound.denominator.bit_length() > EXACT_BITS:
        step = Fraction(1, 2**instance.bits)
        bound, grade = bound // step * step, within(instance.bits)
    certificate = claim_win_rate(population, run.average, run.k, ">=", bound)
    question = Question("P6", "average", rule=run.dynamics, rounds=run.rounds)
    return Finding(question, run.k, ">=", bound, grade, (certificate,), note)


def _last(instance: Instance, run: Run) -> Finding:
    worst = worst_case(instance.population, run.last, k=run.k)
    note = f"the last of {run.rounds} policies"
    return exact_worst_case(
        Question("P6", "last", rule=run.dynamics), instance, run.last, run.k, worst, note
    )


def _mixture(instance: Instance, run: Run) -> Finding:
    worst = exact_mixture(instance, run)
    note = f"{_regret(run)}; {len(run.mixture.parts)} different policies"
    question = Question("P6", "mixture", rule=run.dynamics)
    return exact_worst_case(question, instance, run.mixture, run.k, worst, note)


def exact_mixture(instance: Instance, run: Run) -> WorstCase:
    """The mixture's worst case from its win rates, which has to be what the regret says."""
    worst = worst_case(instance.population, run.mixture, k=run.k)
    if worst.value != run.value:
        raise FaultError(f"{run.dynamics}: the mixture wins {worst.value}, by regret {run.value}")
    return worst


def exact_worst_case(
    question: Question,
    instance: Instance,
    policy: Policy,
    k: int,
    worst: WorstCase,
    note: str = "",
) -> Finding:
    """The policy's worst case against as many outputs as its opponent has."""
    claims = claim_worst_case(instance.population, policy, k, worst, instance.bits)
    return Finding(question, k, *claims, note)


def _regret(run: Run) -> str:
    """The regret in words; Hedge's bound is checked for what was played, rounded as it was."""
    regret = f"R_T/T = {float(run.regret / run.rounds):.6f}"
    if run.dynamics == "hedge":
        regret += f", R_T {against_hedge_bound(run)} sqrt(T ln n / 2)"
    return regret
