"""Comparing methods on a population, with a certificate for every value that is shown.

A value is claimed exactly, or, where the exact fraction would run to thousands of digits, between
two bounds (or, for the equilibrium at a large k, from below: P1 says that it cannot exceed
k/(k+1)). What fails for one method and k is a fault of that one, and the others go on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from ualign.certificates.checking import Verdict, check_files, overall
from ualign.certificates.claims import limit_claim, win_rate, worst_case_claims
from ualign.certificates.document import provenance_by, write_certificates
from ualign.certificates.findings import (
    EXACT,
    FAILED,
    NOT_COMPUTED,
    Certificate,
    Grade,
    fault_note,
    relation_of,
    within,
)
from ualign.errors import InputError
from ualign.exact.instance import Instance
from ualign.exact.methods import METHODS, Guarantee, Method, guarantee, limit
from ualign.files import file_name
from ualign.model.policies import ProductPolicy
from ualign.model.population import Population
from ualign.runs.certify import Options, Progress


@dataclass(frozen=True)
class Compared:
    """A method's guarantee at k as it was claimed, and the checker's verdicts on the claims.

    The worst case is `value` (`relation` "="), or at least that (">="; the grade says how close).
    Without a value nothing was claimed, `file` is None, and `note` says why."""

    guarantee: Guarantee
    relation: str
    value: Fraction | None
    grade: Grade
    note: str
    file: Path | None
    verdicts: tuple[Verdict, ...]

    @property
    def verdict(self) -> str:
        """As for `Judged`."""
        return overall(self.verdicts)

    @property
    def shown_note(self) -> str:
        """The note, and how close a bound is."""
        close = [str(self.grade)] if self.grade.word == "within" else []
        return "; ".join(filter(None, [self.note, *close]))

    @property
    def broken(self) -> bool:
        """Whether a value that was to be had is missing: a fault, or a claim not accepted."""
        return self.verdict not in ("ACCEPTED", "none") or self.grade == FAILED


def compare_prompt(
    prompt: str,
    population: Population,
    ks: Sequence[int],
    directory: Path,
    options: Options,
    progress: Progress = lambda text, done: None,
) -> list[Compared]:
    """Each method's worst case for every k, and its limit, certified into one file, and checked."""
    instance = options.instance(population)
    found: list[tuple[Guarantee, list[Certificate]]] = []
    for k in ks:
        progress(f"{prompt}: k = {k}", 0)
        for method in METHODS.values():
            result = _guarantee(method, instance, k)
            found.append((result, _claims(population, result, options.bits)))
        progress(f"{prompt}: k = {k}", 1)
    for method in METHODS.values():
        result = limit(method, instance)
        found.append((result, _claims(population, result, options.bits)))
    progress(f"{prompt}: checking", 0)
    path = directory / file_name(prompt, "compare")
    certificates = [certificate for _, own in found for certificate in own]
    if certificates:
        write_certificates(path, population, certificates, provenance_by(prompt=prompt))
    verdicts = iter(check_files({path: len(certificates)})[path])
    compared = []
    for result, own in found:
        relation, value = "", None
        grade = FAILED if result.failed else EXACT if own else NOT_COMPUTED
        if own:
            claim = own[0].claim
            relation, value = relation_of(claim), Fraction(claim["bound"])
        if len(own) == 2:
            grade = within(options.bits)
        told = tuple(next(verdicts) for _ in own)
        file = path if own else None
        compared.append(Compared(result, relation, value, grade, result.note, file, told))
    progress(f"{prompt}: checked", 1)
    return compared


def _guarantee(method: Method, instance: Instance, k: int) -> Guarantee:
    try:
        return guarantee(method, instance, k)
    except InputError:
        raise
    except Exception as error:  # whatever it is, the other methods, ks and prompts go on
        return Guarantee(method.name, k, None, None, fault_note(error), failed=True)


def _claims(population: Population, result: Guarantee, bits: int) -> list[Certificate]:
    """The value exactly; or two bounds, 2^-bits apart; or the lower one alone."""
    k, policy, worst = result.k, result.policy, result.worst
    if policy is None:
        return []
    if k is None:
        if worst is None or not isinstance(policy, ProductPolicy):
            return []
        return [limit_claim(population, policy, worst.value)]
    if worst is None:
        floor = result.at_least
        return [] if floor is None else [win_rate(population, policy, k, ">=", floor)]
    return list(worst_case_claims(population, policy, k, worst, bits)[-1])
