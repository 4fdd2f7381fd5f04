"""P2: for every k and every population there is a symmetric equilibrium; here it is located."""

from __future__ import annotations

from ualign.certificates.claims import claim_equilibrium
from ualign.certificates.findings import (
    EXACT,
    NOT_CERTIFIED,
    Finding,
    Question,
    enclosed_to,
    without_claim,
)
from ualign.exact.instance import Instance

STATEMENT = "a symmetric equilibrium lies in a box of relative radius delta around a rational point"


def certify(instance: Instance, k: int) -> list[Finding]:
    """The enclosure of an exact equilibrium; `value` is its relative radius, 0 where the
    equilibrium is rational and given exactly."""
    found = instance.equilibrium(k)
    if found.enclosure is None:
        return [without_claim(Question("P2", "equilibrium"), k, NOT_CERTIFIED, found.reason)]
    certificate = claim_equilibrium(instance.population, k, found.policy, found.enclosure)
    delta = found.enclosure.delta
    size = len(found.policy.support)
    grade = EXACT if not delta else enclosed_to(delta.denominator.bit_length() - 1)
    note = f"support {size}"
    return [Finding(Question("P2", "equilibrium"), k, "<=", delta, grade, (certificate,), note)]
