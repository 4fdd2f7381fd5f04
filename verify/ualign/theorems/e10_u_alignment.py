"""E10: which fixed policies are U-aligned: the limit of their worst case as k grows.

It is 1 less the largest weight of users who put some response strictly above the whole support; so
it is 1 if and only if the support meets every user's best class."""

from __future__ import annotations

from ualign.certificates.claims import claim_limit
from ualign.certificates.findings import ALIGNED, NOT_ALIGNED, Finding, Question
from ualign.errors import FaultError
from ualign.exact.instance import Instance
from ualign.exact.methods import METHODS, limit
from ualign.model.policies import ProductPolicy

STATEMENT = "the limit of a fixed policy's worst case as k grows; U-aligned if and only if it is 1"


def certify_all_k(instance: Instance) -> list[Finding]:
    """The limit of each method whose policy does not depend on k (the worst over tied winners)."""
    findings = []
    for method in METHODS.values():
        if not method.fixed:
            continue
        found = limit(method, instance)
        if found.worst is None or not isinstance(found.policy, ProductPolicy):
            raise FaultError(f"{method.name} has no limit: {found.note}")
        value = found.worst.value
        grade = ALIGNED if value == 1 else NOT_ALIGNED
        claim = claim_limit(instance.population, found.policy, value)
        question = Question("E10", f"limit-{method.name}")
        findings.append(Finding(question, None, "=", value, grade, (claim,), found.note))
    return findings
