"""E4 against single responses: the best k-output policy of any kind, by an exact linear program.

It guarantees at least f_1(k) = k/(k+1) for every population, and usually more."""

from __future__ import annotations

from verify.methods import BeyondLimitError, Instance
from verify.theorems.claims import Finding, joint_upper_bound, win_rate
from verify.winrate import worst_case

STATEMENT = "the exact optimum over all k-output policies, which is at least k/(k+1)"


def certify(instance: Instance, k: int) -> Finding:
    """The optimum with the policy that attains it and the opponents that cap it; beyond the joint
    limit no certificate, and the note says so."""
    population = instance.population
    try:
        best = instance.joint_optimum(k)
    except BeyondLimitError as reason:
        return Finding("E4", "joint-optimum", k, "", None, "not computed", (), str(reason))
    attained = worst_case(population, best.policy, k=k).opponent
    certificates = (
        win_rate(population, best.policy, k, "=", best.value, attained),
        joint_upper_bound(population, k, best.value, best.opponents),
    )
    return Finding("E4", "joint-optimum", k, "=", best.value, "exact", certificates)
