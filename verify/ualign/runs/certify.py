"""Certifying populations into a directory of certificate files: written, resumed, checked.

One file a prompt and k, each with what the theorems say there. A file of an earlier, interrupted
run with the same population and options is used again, unless everything is to be made anew; the
checker goes over it all the same. What fails for one theorem, k or file is reported as a fault of
that one, and the others go on.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

from ualign.certificates.checking import (
    FAULT,
    check_files,
)
from ualign.certificates.document import certificate_bytes, package_version, write_certificates
from ualign.certificates.findings import (
    Certificate,
    Evidence,
    Finding,
    _is_claimed,
    fault_note,
)
from ualign.errors import FaultError, InputError
from ualign.exact.instance import BITS, JOINT_LIMIT, OPPONENTS, Instance
from ualign.files import file_name
from ualign.model.population import Population
from ualign.model.uniform_rankings import UniformRankings
from ualign.theorems import THEOREMS, Question, questions, questions_by_orbits

Progress = Callable[[str, int], None]
"""Called with what happens next and the number of steps just done."""

MOST_BITS = 10_000


@dataclass(frozen=True)
class Options:
    """What a certification was asked for."""

    bits: int = BITS
    joint_limit: int = JOINT_LIMIT
    opponents: tuple[int, ...] = OPPONENTS
    iterates: bool = False
    theorems: tuple[str, ...] = tuple(THEOREMS)

    def __post_init__(self) -> None:
        if not 1 <= self.bits <= MOST_BITS:
            raise InputError(f"--bits {self.bits}: expected 1 to {MOST_BITS}")
        if self.joint_limit < 0:
            raise InputError(f"--joint-limit {self.joint_limit}: expected 0 or more multisets")
        if min(self.opponents, default=2) < 2:
            raise InputError("-l: expected sizes of 2 and more; single responses are always met")

    def instance(self, population: Population) -> Instance:
        """The population with these options."""
        return Instance(
            population,
            bits=self.bits,
            joint_limit=self.joint_limit,
            opponents=self.opponents,
            iterates=self.iterates,
        )


def certify_prompt(
    prompt: str,
    population: Population | UniformRankings,
    ks: Sequence[int],
    directory: Path,
    options: Options,
    progress: Progress = lambda text, done: None,
    *,
    resume: bool = True,
) -> list[Evidence]:
    """Certify one prompt for every k, and for all k at once, into `directory`, check the files, and
    return the evidence; without `resume` every file is made anew. There are len(ks) + 2 steps of
    progress."""
    paths = {k: directory / file_name(prompt, k or "all-k") for k in (*ks, None)}
    kept = {k: _resumed(p, population, k, options) if resume else None for k, p in paths.items()}
    found: dict[int | None, list[Finding]] = {}
    ask = (
        partial(questions_by_orbits, population)
        if isinstance(population, UniformRankings)
        else partial(questions, options.instance(population))
    )
    for k, findings in kept.items():
        step = f"{prompt}: {f'k = {k}' if k else 'all k'}"
        progress(step, 0)
        found[k] = findings or [*_findings(ask(k, options.theorems), k)]
        if not findings:
            _write(paths[k], population, k, found[k], options)
        progress(step, 1)
    progress(f"{prompt}: checking", 0)
    sizes = {paths[k]: sum(len(f.certificates) for f in findings) for k, findings in found.items()}
    verdicts = check_files(sizes)
    evidence = []
    for k, findings in found.items():
        said = iter(verdicts[paths[k]])
        for finding in findings:
            own = tuple(next(said) for _ in finding.certificates)
            path = paths[k] if own else None
            evidence.append(Evidence(prompt, finding, path, own, bool(kept[k])))
    progress(f"{prompt}: checked", 1)
    return evidence


def _findings(asked: Iterable[tuple[str, Question]], k: int | None) -> Iterator[Finding]:
    """What each theorem says at k; where one fails or claims another number, that it does."""
    for theorem, certify in asked:
        try:
            findings = certify()
            for finding in findings:
                if finding.theorem != theorem or finding.k != k or not _is_claimed(finding):
                    what = f"{finding.theorem} {finding.what}"
                    raise FaultError(f"{what}: the certificates do not claim what it says")
            yield from findings
        except InputError:
            raise
        except Exception as error:  # whatever it is, the other theorems, ks and prompts go on
            yield Finding(theorem, FAULT, k, "", None, FAULT, (), fault_note(error))


def _asked(k: int | None, options: Options) -> dict[str, Any]:
    wanted = {"k": k, **vars(options)}
    wanted |= {key: list(wanted[key]) for key in ("opponents", "theorems")}
    return {"by": "ualign", "version": package_version(), "asked": wanted}


def _write(
    path: Path,
    population: Population | UniformRankings,
    k: int | None,
    findings: Sequence[Finding],
    options: Options,
) -> None:
    """Write the findings' certificates; the provenance holds the findings and a digest of all."""
    certificates = [c for finding in findings for c in finding.certificates]
    if not certificates:
        return
    notes = [
        {
            "theorem": finding.theorem,
            "what": finding.what,
            "relation": finding.relation,
            "value": None if finding.value is None else str(finding.value),
            "evidence": finding.evidence,
            "note": finding.note,
            "claims": len(finding.certificates),
        }
        for finding in findings
    ]
    provenance = {**_asked(k, options), "findings": notes}
    digest = _digest(population, certificates, provenance)
    write_certificates(path, population, certificates, {**provenance, "sha256": digest})


def _digest(
    population: Population | UniformRankings,
    certificates: Sequence[Certificate],
    provenance: dict[str, Any],
) -> str:
    return hashlib.sha256(certificate_bytes(population, certificates, provenance)).hexdigest()


def _resumed(
    path: Path, population: Population | UniformRankings, k: int | None, options: Options
) -> list[Finding] | None:
    """The findings of an earlier run, if the file is whole, byte for byte, and was made for the
    same question; None where one of them is a fault, so that it is tried again."""
    try:
        data = path.read_bytes()
        document = json.loads(data)
        provenance, certificates = document["provenance"], []
        for entry in document["certificates"]:
            certificates.append(Certificate(entry["claim"], entry["witness"]))
        asked = _asked(k, options)
        if {key: provenance[key] for key in asked} != asked:
            return None
        if data != certificate_bytes(population, certificates, provenance):
            return None
        if provenance.pop("sha256") != _digest(population, certificates, provenance):
            return None
        left = iter(certificates)
        findings = [_finding(note, k, left) for note in provenance["findings"]]
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None
    whole = next(left, None) is None and all(map(_is_claimed, findings))
    return findings if whole else None


def _finding(note: dict[str, Any], k: int | None, certificates: Iterator[Certificate]) -> Finding:
    own = tuple(itertools.islice(certificates, note["claims"]))
    if len(own) < note["claims"]:
        raise ValueError("certificates are missing")
    value = None if note["value"] is None else Fraction(note["value"])
    said = {key: note[key] for key in ("theorem", "what", "relation", "evidence", "note")}
    return Finding(k=k, value=value, certificates=own, **said)
