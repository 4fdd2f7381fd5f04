"""Comparing methods on a population, with a certificate for every value that is shown.

A value is claimed exactly, or, where the exact fraction would run to thousands of digits, between
two bounds (or, for the equilibrium at a large k, from below: P1 says that it cannot exceed
k/(k+1)). What fails for one method and k is a fault of that one, and the others go on.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from ualign.certificates.checking import check_files
from ualign.certificates.claims import claim_limit, claim_win_rate, claim_worst_case
from ualign.certificates.document import distinct, provenance_by, write_certificates
from ualign.certificates.findings import (
    EXACT,
    FAILED,
    NOT_COMPUTED,
    Certificate,
    Finding,
    Judged,
    fault_note,
    relation_of,
    within,
    without_claim,
)
from ualign.errors import InputError
from ualign.exact.instance import Instance
from ualign.exact.method import Method
from ualign.exact.methods import METHODS, Guarantee, guarantee, limit
from ualign.files import file_name
from ualign.formats.reading import Reading
from ualign.model.partial_orders import UserPopulation
from ualign.model.policies import ProductPolicy
from ualign.model.population import Population
from ualign.runs.certify import OnStep, Options
from ualign.runs.folder import source_in


def compare_prompt(
    prompt: str,
    population: UserPopulation,
    ks: Sequence[int],
    directory: Path,
    options: Options,
    progress: OnStep = lambda text, done: None,
    *,
    reading: Reading | None = None,
    methods: Sequence[Method] = tuple(METHODS.values()),
) -> list[tuple[Guarantee, Judged]]:
    """Each method's worst case for every k, and its limit: what was found, and that as a finding
    whose claims are in one file, and checked. The provenance keeps of `reading` which file the
    population is from and how that was understood.

    The finding's `value` is the worst case (relation "="), or at least that (">="; the grade says
    how close); without a value nothing was claimed, and the note says why."""
    instance, found = options.instance(population), []
    for k in (*ks, None):
        step = f"{prompt}: {f'k = {k}' if k else 'limits'}"
        progress(step, 0)
        found += [_found(method, instance, k, options.bits) for method in methods]
        progress(step, int(k is not None))
    progress(f"{prompt}: checking", 0)
    path = directory / file_name(prompt, "compare")
    certificates, placed = distinct([finding for _, finding in found])
    if certificates:
        understood = reading.as_json() if reading else None
        provenance = provenance_by(
            prompt=prompt,
            **source_in(directory, reading),
            **({"reading": understood} if understood else {}),
        )
        write_certificates(path, population, certificates, provenance)
    verdicts = check_files({path: len(certificates)})[path]
    progress(f"{prompt}: checked", 1)
    return [
        (
            result,
            Judged(prompt, finding, path if places else None, tuple(verdicts[p] for p in places)),
        )
        for (result, finding), places in zip(found, placed, strict=True)
    ]


def _found(
    method: Method, instance: Instance, k: int | None, bits: int
) -> tuple[Guarantee, Finding]:
    try:
        result = limit(method, instance) if k is None else guarantee(method, instance, k)
    except InputError:
        raise
    except Exception as error:  # whatever it is, the other methods, ks and prompts go on
        result = Guarantee(method.name, k, None, None, fault_note(error))
        return result, without_claim(method.question, k, FAILED, result.note)
    claims = _claims(instance.population, result, bits)
    if not claims:
        return result, without_claim(method.question, k, NOT_COMPUTED, result.note)
    first, grade = claims[0].claim, within(bits) if len(claims) == 2 else EXACT
    relation, value = relation_of(first), Fraction(first["bound"])
    return result, Finding(method.question, k, relation, value, grade, tuple(claims), result.note)


def _claims(population: Population, result: Guarantee, bits: int) -> list[Certificate]:
    """The value exactly; or two bounds, 2^-bits apart; or the lower one alone."""
    k, policy, worst = result.k, result.policy, result.worst
    if policy is None:
        return []
    if k is None:
        if worst is None or not isinstance(policy, ProductPolicy):
            return []
        return [claim_limit(population, policy, worst.value)]
    if worst is None:
        floor = result.at_least
        return [] if floor is None else [claim_win_rate(population, policy, k, ">=", floor)]
    return list(claim_worst_case(population, policy, k, worst, bits)[-1])
