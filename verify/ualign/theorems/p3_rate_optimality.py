"""P3: k/(k+1) cannot be improved: on uniform rankings the best k-output policy tends to it.

The optimum is found by the generic linear program on a population that lists all n! rankings, and
by orbits (one multiset a partition of k) where n is too large for that."""

from __future__ import annotations

from fractions import Fraction

from ualign.certificates.claims import (
    claim_joint_optimum,
    claim_random_subset_rate,
    claim_random_subset_upper_bound,
)
from ualign.certificates.findings import (
    DOES_NOT_APPLY,
    EXACT,
    NOT_COMPUTED,
    Certificate,
    Finding,
    Question,
    without_claim,
)
from ualign.exact.instance import Instance
from ualign.model.solutions import BeyondLimitError
from ualign.model.uniform_rankings import UniformRankings, best, is_uniform
from ualign.model.win_rates import Ties

STATEMENT = (
    "on uniform rankings the exact optimum over all k-output policies, which tends to k/(k+1)"
)

RATED_TIES: tuple[Ties, ...] = ("uniform", "win")

MOST_OUTPUTS = 30
"""The number of partitions of k that are tried stays in the thousands."""


def certify(instance: Instance, k: int) -> list[Finding]:
    """The optimum under both tie conventions, by linear program; for other populations the theorem
    says nothing of them."""
    population = instance.population
    if not is_uniform(population):
        why = "not all rankings are equally likely"
        return [without_claim(Question("P3", "rate-uniform"), k, DOES_NOT_APPLY, why)]
    findings = []
    for ties in RATED_TIES:
        try:
            found = instance.joint_optimum(k, ties=ties)
        except BeyondLimitError as reason:
            findings.append(
                without_claim(Question("P3", f"rate-{ties}"), k, NOT_COMPUTED, str(reason))
            )
            continue
        claims = claim_joint_optimum(population, found, ties=ties)
        findings.append(_finding(k, ties, found.value, "by linear program", claims))
    return findings


def certify_orbits(population: UniformRankings, k: int) -> list[Finding]:
    """The same, by orbits: a random assignment of the best multiplicities attains what no other
    multiplicities exceed."""
    if k > MOST_OUTPUTS:
        why = f"the partitions of k are tried for k up to {MOST_OUTPUTS}"
        return [without_claim(Question("P3", "rate-uniform"), k, NOT_COMPUTED, why)]
    findings = []
    for ties in RATED_TIES:
        value, multiplicities = best(population.n, k, ties)
        claims = (
            claim_random_subset_rate(k, multiplicities, value, ties),
            claim_random_subset_upper_bound(k, value, ties),
        )
        findings.append(_finding(k, ties, value, "by orbits", claims))
    return findings


def _finding(
    k: int, ties: Ties, value: Fraction, how: str, claims: tuple[Certificate, ...]
) -> Finding:
    return Finding(Question("P3", f"rate-{ties}"), k, "=", value, EXACT, claims, how)
