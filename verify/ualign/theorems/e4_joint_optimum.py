"""E4: the best k-output policy of any kind against l outputs, by an exact linear program.

It guarantees at least f_l(k), the linear interpolation of x/(x+1) at x = k/l, for every population,
and usually more."""

from __future__ import annotations

from ualign.certificates.claims import claim_joint_optimum
from ualign.certificates.findings import EXACT, NOT_COMPUTED, Finding, Question, without_claim
from ualign.errors import FaultError
from ualign.exact.instance import Instance
from ualign.model.rates import joint_rate
from ualign.model.solutions import BeyondLimitError

STATEMENT = "the exact optimum over all k-output policies against l outputs, at least f_l(k)"


def certify(instance: Instance, k: int) -> list[Finding]:
    """For l = 1 and the instance's further sizes of opponents."""
    return [_against(instance, k, l) for l in (1, *instance.opponents)]


def _against(instance: Instance, k: int, l: int) -> Finding:
    """The optimum with the policy that attains it and the opponents that cap it; beyond the joint
    limit no certificate, and the note says so."""
    question = Question("E4", "joint-optimum", l)
    try:
        best = instance.joint_optimum(k, l)
    except BeyondLimitError as reason:
        return without_claim(question, k, NOT_COMPUTED, str(reason))
    least = joint_rate(l, k)
    if best.value < least:
        raise FaultError(f"E4 fails: the joint optimum {best.value} is below f_{l}({k}) = {least}")
    note = "" if l == 1 else f"f_{l}({k}) = {least}"
    certificates = claim_joint_optimum(instance.population, best, l=l)
    return Finding(question, k, "=", best.value, EXACT, certificates, note)
