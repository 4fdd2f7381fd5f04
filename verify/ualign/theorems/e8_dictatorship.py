"""E8: the equilibrium pi of the (k+1)-player game runs from a maximal lottery (k = 1) to random
dictatorship: |pi - s|_1 <= 2 sum_y s_y (1 - pi_y)^(k+1), s the shares of first places."""

from __future__ import annotations

from fractions import Fraction
from math import lcm

from ualign.certificates.claims import claim_dictatorship_distance
from ualign.certificates.findings import (
    DOES_NOT_APPLY,
    NOT_CERTIFIED,
    NOT_COMPUTED,
    UPPER_BOUND,
    Finding,
    Question,
    without_claim,
)
from ualign.errors import FaultError
from ualign.exact.instance import EQUILIBRIUM_BITS, Instance
from ualign.exact.methods import random_dictatorship
from ualign.theorems.e7_when_all import is_strict

STATEMENT = "the equilibrium's distance from random dictatorship is bounded, and tends to 0"

QUESTION = Question("E8", "distance")


def certify(instance: Instance, k: int) -> list[Finding]:
    """The distance of the enclosed equilibrium from random dictatorship, rounded up, and that it is
    at most the theorem's bound."""
    if not is_strict(instance):
        return [without_claim(QUESTION, k, DOES_NOT_APPLY, "some user ties responses")]
    found = instance.equilibrium(k)
    if found.enclosure is None:
        return [without_claim(QUESTION, k, NOT_CERTIFIED, found.reason)]
    delta, masses = found.enclosure.delta, found.policy.masses
    size = (k + 1) * lcm(*(mass.denominator for mass in (*masses, delta))).bit_length()
    if size > EQUILIBRIUM_BITS:
        return [without_claim(QUESTION, k, NOT_COMPUTED, f"numbers of {size} bits")]
    shares = random_dictatorship(instance.population).masses
    distance = allowed = Fraction(0)
    for s, x in zip(shares, masses, strict=True):
        distance += max(abs(x * (1 + delta) - s), abs(x * (1 - delta) - s))
        allowed += 2 * s * max(Fraction(0), 1 - x * (1 + delta)) ** (k + 1)
    rounded = Fraction(-(-distance * 2**instance.bits // 1), 2**instance.bits)
    bound = rounded if rounded <= allowed else distance
    if bound > allowed:
        if delta == 0:
            raise FaultError(f"E8 fails: the distance {distance} exceeds {allowed}")
        why = f"the enclosure is too wide to tell at 2^-{instance.bits}: ask for more bits"
        return [without_claim(QUESTION, k, NOT_COMPUTED, why)]
    certificate = claim_dictatorship_distance(
        instance.population, k, bound, found.policy, found.enclosure
    )
    return [Finding(QUESTION, k, "<=", bound, UPPER_BOUND, (certificate,))]
