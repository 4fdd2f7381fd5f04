"""E19: the best k-output policy of any kind wins at least k/(k+1) and at most 1 - 1/(2k), ties
shared by positions, on every population; both ends are attained."""

from __future__ import annotations

from ualign.certificates.claims import claim_joint_optimum
from ualign.certificates.findings import EXACT, NOT_COMPUTED, Finding, Question, without_claim
from ualign.errors import FaultError
from ualign.exact.instance import Instance
from ualign.model.rates import best_rate, joint_cap
from ualign.model.solutions import BeyondLimitError

STATEMENT = "the optimum over all k-output policies is k/(k+1) at least, 1 - 1/(2k) at most"

QUESTION = Question("E19", "joint-cap")


def certify(instance: Instance, k: int) -> list[Finding]:
    """The exact optimum, and at which end it is, if at one; beyond the joint limit no certificate,
    and the note says so."""
    try:
        best = instance.joint_optimum(k)
    except BeyondLimitError as reason:
        return [without_claim(QUESTION, k, NOT_COMPUTED, str(reason))]
    low, high = best_rate(k), joint_cap(k)
    if not low <= best.value <= high:
        raise FaultError(f"E19 fails: the joint optimum {best.value} is not in [{low}, {high}]")
    ends = [
        f"the {end} end {text}"
        for end, text, attained in (
            ("lower", f"k/(k+1) = {low}", best.value == low),
            ("upper", f"1 - 1/(2k) = {high}", best.value == high),
        )
        if attained
    ]
    note = " and ".join(ends) or f"between {low} and {high}"
    certificates = claim_joint_optimum(instance.population, best)
    return [Finding(QUESTION, k, "=", best.value, EXACT, certificates, note)]
