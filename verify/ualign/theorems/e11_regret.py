"""E11: nobody has negative regret in self-play, so that no mixture of policies beats k/(k+1).

By E1 the average of the utilities is at least the utility at the average, and by P1 some response
earns 1/(k+1) or more there."""

from __future__ import annotations

from fractions import Fraction

from ualign.certificates.claims import claim_win_rate
from ualign.certificates.findings import EXACT, NOT_COMPUTED, Finding, Question, without_claim
from ualign.errors import FaultError
from ualign.exact.instance import Instance
from ualign.exact.self_play import Run
from ualign.theorems.e3_average import short_runs
from ualign.theorems.p6_self_play import beyond_limits

STATEMENT = "the regret R_T of self-play is never negative: no mixture wins more than k/(k+1)"


def certify(instance: Instance, k: int) -> list[Finding]:
    """For short runs: a response against which the mixture wins at most k/(k+1).

    Raises FaultError where a regret is negative."""
    if why := beyond_limits(instance, k):
        return [without_claim(Question("E11", "regret"), k, NOT_COMPUTED, why)]
    return [_of(instance, run) for run in short_runs(instance, k)]


def _of(instance: Instance, run: Run) -> Finding:
    k, rule = run.k, run.dynamics
    rate = Fraction(k, k + 1)
    if run.regret < 0:
        raise FaultError(f"{rule}: the regret {run.regret} is negative")
    certificate = claim_win_rate(instance.population, run.mixture, k, "<=", rate, (run.opponent,))
    note = f"R_T = {float(run.regret):.6f} at T = {run.rounds}"
    return Finding(
        Question("E11", "mixture", rule=rule), k, "<=", rate, EXACT, (certificate,), note
    )
