"""E3: the average of the policies played guarantees at least as much as the mixture over them.

Every u_y is convex in the policy, and so is the chance that any l-tuple is picked; for k = 1 they
are linear, and the two guarantees are equal."""

from __future__ import annotations

from math import comb

from ualign.certificates.findings import NOT_COMPUTED, Finding, Question, without_claim
from ualign.errors import FaultError
from ualign.exact.instance import Instance
from ualign.exact.self_play import MIXTURE_RULE, Run, play
from ualign.model.solutions import BeyondLimitError
from ualign.model.win_rates import WorstCase, worst_case
from ualign.theorems.p6_self_play import beyond_limits, exact_worst_case

STATEMENT = "the average of self-play's policies wins at least as much as their mixture"

SHORT_ROUNDS, SHORT_BITS = 8, 10
"""A certificate about a mixture lists all its policies, so the runs are short and coarse."""

MOST_MIXTURE_WORK = 1 << 17
"""Largest number of (policy, user, l-tuple) that is looked at for l >= 2."""


def certify(instance: Instance, k: int) -> list[Finding]:
    """The exact worst cases of mixture and average, rule by rule, against single responses and
    against l-tuples where those can be enumerated. Raises FaultError where E3 fails."""
    if why := beyond_limits(instance, k):
        return [without_claim(Question("E3", "comparison"), k, NOT_COMPUTED, why)]
    return [finding for run in short_runs(instance, k) for finding in compared(instance, run)]


def short_runs(instance: Instance, k: int) -> list[Run]:
    """Runs by the instance's rules that are small enough to be listed in a certificate."""
    return [
        play(instance.population, k, rule, rounds=SHORT_ROUNDS, bits=SHORT_BITS)
        for rule in instance.rules or (MIXTURE_RULE,)
    ]


def compared(instance: Instance, run: Run) -> list[Finding]:
    """Mixture and average of any run, for l = 1 and the instance's further l."""
    findings = _against(instance, run, 1)
    for l in instance.opponents:
        try:
            instance.check_multisets(l)
            findings += _against(instance, run, l)
        except BeyondLimitError as reason:
            question = Question("E3", "comparison", l, rule=run.dynamics)
            findings.append(without_claim(question, run.k, NOT_COMPUTED, str(reason)))
    return findings


def _against(instance: Instance, run: Run, l: int) -> list[Finding]:
    population, k = instance.population, run.k
    mixture = WorstCase(run.value, (run.opponent,)) if l == 1 else _enumerated(instance, run, l)
    average = worst_case(population, run.average, k=k, l=l)
    if average.value < mixture.value or (k == 1 and average.value != mixture.value):
        raise FaultError(
            f"{run.dynamics}: the average wins {average.value}, the mixture {mixture.value}"
        )
    of_mixture = Question("E3", "mixture", l, run.dynamics)
    of_average = Question("E3", "average", l, run.dynamics)
    return [
        exact_worst_case(of_mixture, instance, run.mixture, k, mixture),
        exact_worst_case(of_average, instance, run.average, k, average),
    ]


def _enumerated(instance: Instance, run: Run, l: int) -> WorstCase:
    population = instance.population
    tuples = comb(population.n + l - 1, l)
    work = len(run.mixture.parts) * len(population.users) * tuples
    if work > MOST_MIXTURE_WORK:
        raise BeyondLimitError(f"{work} (policy, user, tuple) triples exceed {MOST_MIXTURE_WORK}")
    return worst_case(population, run.mixture, k=run.k, l=l)
