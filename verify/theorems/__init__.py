"""The theorems, one file each: certify(instance, k) -> Finding, from the one table below."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from verify.methods import BITS, JOINT_LIMIT, Instance, check_k
from verify.population import Population
from verify.theorems import (
    e2_uniqueness,
    e4_joint_optimum,
    p1_guarantee,
    p2_existence,
    p4_nlhf,
    p5_nlhf_at_one,
)
from verify.theorems.claims import Finding

Certify = Callable[[Instance, int], Finding | None]

THEOREMS: dict[str, tuple[str, Certify]] = {
    "P1": (p1_guarantee.STATEMENT, p1_guarantee.certify),
    "P2": (p2_existence.STATEMENT, p2_existence.certify),
    "P4": (p4_nlhf.STATEMENT, p4_nlhf.certify),
    "P5": (p5_nlhf_at_one.STATEMENT, p5_nlhf_at_one.certify),
    "E2": (e2_uniqueness.STATEMENT, e2_uniqueness.certify),
    "E4": (e4_joint_optimum.STATEMENT, e4_joint_optimum.certify),
}


def certify(
    population: Population,
    ks: Sequence[int],
    *,
    bits: int = BITS,
    joint_limit: int = JOINT_LIMIT,
) -> Iterator[tuple[int, list[Finding]]]:
    """Yield for every k what the theorems say of the population, with certificates.

    P1's guarantee within 2^-bits, P2's enclosure of an equilibrium, E2's uniqueness, E4's joint
    optimum where C(n+k-1, k) <= joint_limit, P4's worst case of NLHF, and P5 at k = 1. Findings
    are not trusted: write them with `write_certificates` and run `check`. Raises InputError for
    k < 1, bits < 1, joint_limit < 0."""
    for k in ks:
        check_k(k)
    instance = Instance(population, bits=bits, joint_limit=joint_limit)
    for k in ks:
        found = (prove(instance, k) for _, prove in THEOREMS.values())
        yield k, [finding for finding in found if finding is not None]
