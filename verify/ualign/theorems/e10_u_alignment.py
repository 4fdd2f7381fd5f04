"""E10: which fixed policies are U-aligned: the limit of their worst case as k grows.

It is 1 less the largest weight of users who put some response strictly above the whole support; so
it is 1 if and only if the support meets every user's best class."""

from __future__ import annotations

from ualign.certificates.claims import claim_limit
from ualign.certificates.findings import (
    ALIGNED,
    NOT_ALIGNED,
    NOT_COMPUTED,
    Finding,
    Question,
    without_claim,
)
from ualign.errors import FaultError
from ualign.exact.instance import Instance
from ualign.exact.method import Method
from ualign.exact.methods import METHODS, limit
from ualign.model.policies import ProductPolicy

STATEMENT = "the limit of a fixed policy's worst case as k grows; U-aligned if and only if it is 1"


def certify_all_k(instance: Instance) -> list[Finding]:
    """The limit of each method whose policy does not depend on k (the worst over tied winners)."""
    findings = [certify_limit(m, instance) for m in METHODS.values() if m.fixed]
    for finding in findings:
        if finding.value is None:
            raise FaultError(f"{finding.what}: there is none: {finding.note}")
    return findings


def certify_limit(method: Method, instance: Instance) -> Finding:
    """The limit of one method, perhaps of the user's own; or why none is known."""
    question, found = Question("E10", f"limit-{method.name}"), limit(method, instance)
    if found.worst is None or not isinstance(found.policy, ProductPolicy):
        return without_claim(question, None, NOT_COMPUTED, found.note)
    value = found.worst.value
    grade = ALIGNED if value == 1 else NOT_ALIGNED
    claim = claim_limit(instance.population, found.policy, value)
    return Finding(question, None, "=", value, grade, (claim,), found.note)
