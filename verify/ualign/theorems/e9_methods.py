"""E9: what other methods guarantee: RLHF's Borda winner, random dictatorship and the like, and the
user's own."""

from __future__ import annotations

from fractions import Fraction

from ualign.certificates.claims import claim_worst_case
from ualign.certificates.findings import NOT_COMPUTED, Finding, without_claim
from ualign.errors import FaultError
from ualign.exact.instance import Instance
from ualign.exact.method import Method
from ualign.exact.methods import METHODS, guarantee

STATEMENT = "the exact worst case of other methods; a Borda winner's is at least 1/n for n > 1"

NAMES = "rlhf-borda", "plurality", "random-dictatorship", "uniform"


def certify(instance: Instance, k: int) -> list[Finding]:
    """The worst case over single responses of each method at k (the worst over tied winners)."""
    population = instance.population
    least = Fraction(1, population.n) if population.n > 1 else Fraction(k, k + 1)
    known = {"rlhf-borda": least}
    findings = [
        certify_method(METHODS[name], instance, k, known.get(name, Fraction(0))) for name in NAMES
    ]
    for finding in findings:
        if finding.value is None:
            raise FaultError(f"{finding.what} has no policy at k = {k}: {finding.note}")
    return findings


def certify_method(
    method: Method, instance: Instance, k: int, least: Fraction = Fraction(0)
) -> Finding:
    """The worst case of one method, perhaps of the user's own, which by the theory is at least
    `least`; or why there is none."""
    found = guarantee(method, instance, k)
    if found.worst is not None and found.worst.value < least:
        raise FaultError(f"E9 fails: the worst case of {method.name} is {found.worst.value}")
    if found.worst is None or found.policy is None:
        return without_claim(method.question, k, NOT_COMPUTED, found.note)
    population = instance.population
    claims = claim_worst_case(population, found.policy, k, found.worst, instance.bits)
    note = f"{found.note}; " * bool(found.note)
    note += f"capped by {population.responses[found.worst.opponent[0]]!r}"
    return Finding(method.question, k, *claims, note)
