"""Certifying populations into a directory of certificate files: written, resumed, checked.

One file a prompt and k, each with what the theorems say there. A file of an earlier, interrupted
run with the same population and options is used again; the checker goes over it all the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from verify.certificate import Verdict, population_json, stream_verdicts, write_certificates
from verify.methods import BITS, JOINT_LIMIT
from verify.population import InputError, Population
from verify.theorems import certify
from verify.theorems.claims import Certificate, Finding

Progress = Callable[[str], None]
"""Called with a short text whenever a step is done."""


@dataclass(frozen=True)
class Options:
    """What a certification was asked for."""

    bits: int = BITS
    joint_limit: int = JOINT_LIMIT


@dataclass(frozen=True)
class Evidence:
    """A finding on one prompt, its certificate file, and the checker's verdicts on its claims."""

    prompt: str
    finding: Finding
    path: Path
    verdicts: tuple[Verdict, ...]

    @property
    def verdict(self) -> str:
        """ACCEPTED if the checker accepted every claim and there is one; the first refusal; or
        "none" where nothing was claimed."""
        refused = [v.verdict for v in self.verdicts if not v.accepted]
        return refused[0] if refused else "ACCEPTED" if self.verdicts else "none"

    @property
    def certified(self) -> bool:
        """Whether the finding holds for certain, at the grade that was asked for."""
        return self.verdict == "ACCEPTED" and self.finding.evidence != "not certified"


def prepare_directory(directory: str | Path) -> Path:
    """Create the directory if need be and make sure that files can be written there."""
    directory = Path(directory)
    probe = directory / ".writable"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise InputError(f"{directory}: cannot write there: {error.strerror}") from None
    return directory


def certify_prompt(
    prompt: str,
    population: Population,
    ks: Sequence[int],
    directory: Path,
    options: Options,
    progress: Progress = lambda _: None,
) -> list[Evidence]:
    """Certify one prompt for every k into `directory`, check the files, and return the evidence."""
    found: dict[Path, list[Finding]] = {}
    missing: list[int] = []
    for k in ks:
        path = directory / file_name(prompt, k)
        kept = _resumed(path, population, k, options)
        if kept is None:
            missing.append(k)
        found[path] = kept or []
    if len(missing) < len(ks):
        progress(f"{prompt}: {len(ks) - len(missing)} of {len(ks)} files are there already")
    todo = certify(population, missing, bits=options.bits, joint_limit=options.joint_limit)
    for k, findings in todo:
        path = directory / file_name(prompt, k)
        _write(path, population, k, findings, options)
        found[path] = findings
        progress(f"{prompt}: k = {k}")
    verdicts: dict[tuple[str, int | None], Verdict] = {}
    for verdict in stream_verdicts(list(found)):
        verdicts[verdict.file, verdict.index] = verdict
    progress(f"{prompt}: checked")
    evidence = []
    for path, findings in found.items():
        index = 0
        for finding in findings:
            places = range(index, index := index + len(finding.certificates))
            said = (verdicts.get((str(path), i)) or verdicts[str(path), None] for i in places)
            evidence.append(Evidence(prompt, finding, path, tuple(said)))
    return evidence


def file_name(prompt: str, part: int | str) -> str:
    """The certificate file of a prompt at k (or of another part), safe as a file name."""
    part = f"k{part}" if isinstance(part, int) else part
    return f"{re.sub(r'[^A-Za-z0-9._-]+', '_', prompt)[:100]}.{part}.cert.json"


def _version() -> str:
    try:
        return version("ualign-verify")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "unknown"


def _provenance(k: int, options: Options) -> dict[str, Any]:
    wanted = {"k": k, "bits": options.bits, "joint_limit": options.joint_limit}
    return {"by": "ualign-verify", "version": _version(), "asked": wanted}


def _write(
    path: Path, population: Population, k: int, findings: Sequence[Finding], options: Options
) -> None:
    certificates = [c for finding in findings for c in finding.certificates]
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
    provenance = {**_provenance(k, options), "findings": notes}
    write_certificates(path, population, certificates, provenance)


def _resumed(path: Path, population: Population, k: int, options: Options) -> list[Finding] | None:
    """The findings of an earlier run, if the file is whole and was made for the same question."""
    try:
        document = json.loads(path.read_bytes())
        provenance = document["provenance"]
        if {key: provenance[key] for key in ("by", "version", "asked")} != _provenance(k, options):
            return None
        if list(document["populations"].values()) != [population_json(population)]:
            return None
        certificates = [Certificate(c["claim"], c["witness"]) for c in document["certificates"]]
        return [_finding(note, k, certificates) for note in provenance["findings"]]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError):
        return None


def _finding(note: dict[str, Any], k: int, certificates: list[Certificate]) -> Finding:
    own = [certificates.pop(0) for _ in range(note["claims"])]
    value = None if note["value"] is None else Fraction(note["value"])
    words = (note[key] for key in ("theorem", "what"))
    theorem, what = words
    return Finding(
        theorem, what, k, note["relation"], value, note["evidence"], tuple(own), note["note"]
    )
