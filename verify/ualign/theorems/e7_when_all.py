"""E7: k/(k+1) is all there is, for k >= 2, only if some point mass is an equilibrium; for strict
rankings if and only if. For weak orders the converse fails."""

from __future__ import annotations

from fractions import Fraction

from ualign.certificates.claims import (
    claim_equilibrium,
    claim_joint_optimum,
    claim_joint_upper_bound,
    claim_win_rate,
)
from ualign.certificates.findings import (
    ALL_THERE_IS,
    MORE,
    NOT_COMPUTED,
    Certificate,
    Finding,
    Question,
    without_claim,
)
from ualign.errors import FaultError
from ualign.exact.instance import Instance
from ualign.model.policies import ProductPolicy
from ualign.model.solutions import BeyondLimitError, Enclosure, JointOptimum
from ualign.model.win_rates import WorstCase, worst_case

STATEMENT = "the joint optimum is k/(k+1) only if a point mass is an equilibrium (strict: iff)"

QUESTION = Question("E7", "all-there-is")


def certify(instance: Instance, k: int) -> list[Finding]:
    """Whether the joint optimum is k/(k+1), with the point mass that is an equilibrium, or (strict
    rankings) a proof for each that it is none. Of k = 1 the theorem does not speak."""
    if k == 1:
        return []
    try:
        best = instance.joint_optimum(k)
    except BeyondLimitError as reason:
        return [without_claim(QUESTION, k, NOT_COMPUTED, str(reason))]
    n, rate = instance.population.n, Fraction(k, k + 1)
    points = [ProductPolicy.point_mass(n, y) for y in range(n)]
    worst = [worst_case(instance.population, point, k=k) for point in points]
    fixed = [point for point, case in zip(points, worst, strict=True) if case.value >= rate]
    if best.value == rate:
        return [_all(instance, k, best, fixed)]
    return [_more(instance, k, best, points, worst)]


def _all(instance: Instance, k: int, best: JointOptimum, fixed: list[ProductPolicy]) -> Finding:
    population = instance.population
    if not fixed:
        raise FaultError(f"E7 fails: the joint optimum is {best.value}, but no point mass has it")
    certificates = (
        claim_joint_upper_bound(population, k, best.value, best.opponents),
        claim_equilibrium(population, k, fixed[0], Enclosure(Fraction(0))),
    )
    note = f"the point mass on {population.responses[fixed[0].support[0]]!r} is an equilibrium"
    return Finding(QUESTION, k, "<=", best.value, ALL_THERE_IS, certificates, note)


def _more(
    instance: Instance,
    k: int,
    best: JointOptimum,
    points: list[ProductPolicy],
    worst: list[WorstCase],
) -> Finding:
    population, rate = instance.population, Fraction(k, k + 1)
    attained = claim_joint_optimum(population, best)[0]
    better = [y for y, case in enumerate(worst) if case.value >= rate]
    if better and is_strict(instance):
        raise FaultError(
            "E7 fails: a point mass is an equilibrium, but the optimum exceeds k/(k+1)"
        )
    if better:
        exact = claim_equilibrium(population, k, points[better[0]], Enclosure(Fraction(0)))
        name = population.responses[better[0]]
        note = f"though the point mass on {name!r} is an equilibrium: weak orders, no converse"
        return Finding(QUESTION, k, "=", best.value, MORE, (attained, exact), note)
    refuted: list[Certificate] = [
        claim_win_rate(population, point, k, "<=", case.value, case.opponent)
        for point, case in zip(points, worst, strict=True)
    ]
    note = "no point mass is an equilibrium"
    return Finding(QUESTION, k, "=", best.value, MORE, (attained, *refuted), note)


def is_strict(instance: Instance) -> bool:
    """Whether no user ties any responses."""
    population = instance.population
    return all(len(user.ranking) == population.n for user in population.users)
