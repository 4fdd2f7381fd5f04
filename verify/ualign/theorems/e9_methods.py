"""E9: what other methods guarantee: RLHF's Borda winner, random dictatorship and the like."""

from __future__ import annotations

from fractions import Fraction

from ualign.certificates.claims import claim_worst_case
from ualign.certificates.findings import Finding
from ualign.errors import FaultError
from ualign.exact.instance import Instance
from ualign.exact.methods import METHODS, guarantee

STATEMENT = "the exact worst case of other methods; a Borda winner's is at least 1/n for n > 1"

NAMES = "rlhf-borda", "plurality", "random-dictatorship", "uniform"


def certify(instance: Instance, k: int) -> list[Finding]:
    """The worst case over single responses of each method at k (the worst over tied winners)."""
    population, findings = instance.population, []
    for name in NAMES:
        found = guarantee(METHODS[name], instance, k)
        if found.worst is None or found.policy is None:
            raise FaultError(f"{name} has no policy at k = {k}: {found.note}")
        least = Fraction(1, population.n) if population.n > 1 else Fraction(k, k + 1)
        if name == "rlhf-borda" and found.worst.value < least:
            raise FaultError(f"E9 fails: a Borda winner's worst case is {found.worst.value}")
        claims = claim_worst_case(population, found.policy, k, found.worst, instance.bits)
        note = f"{found.note}; " * bool(found.note)
        note += f"capped by {population.responses[found.worst.opponent[0]]!r}"
        findings.append(Finding(METHODS[name].question, k, *claims, note))
    return findings
