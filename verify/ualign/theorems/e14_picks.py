"""E14: learning from picks, which converges for k >= 2 and runs away for k = 1.

Show k+1 draws and move towards what was picked. For k >= 2 and a rate of at most 3/(2(k+3)) every
step comes nearer, by KL divergence, to the equilibrium, and the policies themselves converge. For
k = 1 every step leads farther away from a maximal lottery of full support. Steps are exact, and
rounded to short masses before the next one; so what is claimed of a step is claimed from where it
really started."""

from __future__ import annotations

from fractions import Fraction

from ualign.certificates.claims import claim_picks
from ualign.certificates.findings import (
    DOES_NOT_APPLY,
    FARTHER,
    NEARER,
    NOT_CERTIFIED,
    NOT_COMPUTED,
    Finding,
    Question,
    without_claim,
)
from ualign.errors import FaultError
from ualign.exact.instance import Instance
from ualign.exact.picks import SURE, divergence, gain, learn, skewed, usual_rate
from ualign.model.policies import ProductPolicy
from ualign.model.win_rates import worst_case
from ualign.text import counted
from ualign.theorems.p6_self_play import beyond_limits, exact_worst_case

STATEMENT = (
    "steps of learning from picks come nearer to the equilibrium for k >= 2 and lead away for k = 1"
)

STEPS, BITS, RULE = 64, 16, "picks"
SHOWN, FEW = (0, 2, 8, 32), 3
"""After so many steps the policies are looked at; with few responses, every step is."""

STEP = Question("E14", "step")


def certify(instance: Instance, k: int) -> list[Finding]:
    """What the policies win in the run from a skewed start, and whether steps come nearer.

    Raises FaultError where they do not go as they should."""
    if why := beyond_limits(instance, k):
        return [without_claim(STEP, k, NOT_COMPUTED, why)]
    population, eta = instance.population, usual_rate(k)
    run = learn(population, k, eta, skewed(population.n), steps=STEPS, bits=BITS)
    findings = []
    for t in (*SHOWN, STEPS):
        question = Question("E14", "last", rule=RULE, rounds=t + 1)
        worst = worst_case(population, run[t], k=k)
        findings.append(exact_worst_case(question, instance, run[t], k, worst))
    return [*findings, _steps(instance, k, eta, run)]


def _steps(instance: Instance, k: int, eta: Fraction, run: list[ProductPolicy]) -> Finding:
    population, equilibrium = instance.population, instance.equilibrium(k)
    if equilibrium.enclosure is None:
        return without_claim(STEP, k, NOT_CERTIFIED, equilibrium.reason)
    if k == 1 and len(equilibrium.policy.support) < population.n:
        why = "for k = 1 the theorem is about lotteries of full support, and there is none"
        return without_claim(STEP, k, DOES_NOT_APPLY, why)
    sign = -1 if k == 1 else 1
    told: list[ProductPolicy] = []
    looked_at = range(STEPS) if population.n <= FEW else SHOWN
    for policy in dict.fromkeys(run[t] for t in looked_at):
        low, high = sorted(sign * end for end in gain(population, equilibrium, policy, eta))
        if high < 0:
            raise FaultError(f"E14 fails at k = {k}: a step gains {float(sign * high):.3e}")
        if low > SURE:
            told.append(policy)
    distances = [divergence(equilibrium, run[t]) for t in (0, STEPS)]
    first, last = (float(high) for _, high in distances)
    note = f"KL {first:.6f} at first, {last:.3g} after {STEPS} steps at the rate {eta}"
    if not told:
        return without_claim(STEP, k, DOES_NOT_APPLY, "the run starts and stays at an equilibrium")
    parts = equilibrium.policy, equilibrium.enclosure
    claim = claim_picks(population, k, eta, told, parts, nearer=k > 1)
    note = f"{counted(len(told), 'step')}; {note}"
    return Finding(STEP, k, "", None, NEARER if k > 1 else FARTHER, (claim,), note)
