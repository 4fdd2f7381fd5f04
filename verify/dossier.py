"""Certifying populations into a directory of certificate files: written, resumed, checked.

One file a prompt and k, each with what the theorems say there. A file of an earlier, interrupted
run with the same population and options is used again; the checker goes over it all the same. What
fails for one theorem, k or file is reported as a fault of that one, and the others go on.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from verify.atomic import reason
from verify.certificate import (
    CheckerFaultError,
    Verdict,
    certificate_bytes,
    stream_verdicts,
    write_certificates,
)
from verify.methods import BITS, JOINT_LIMIT, OPPONENTS, Instance
from verify.population import FaultError, InputError, Population
from verify.theorems import THEOREMS, Question, questions, questions_by_orbits
from verify.theorems.claims import NO_CLAIM, Certificate, Finding, Json
from verify.uniform_rankings import UniformRankings

Progress = Callable[[str, int], None]
"""Called with what happens next and the number of steps just done."""

FAULT = "fault"
"""The evidence of a finding that was not reached, and the verdict where the checker gave none."""

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


@dataclass(frozen=True)
class Evidence:
    """A finding on one prompt, its certificate file, and the checker's verdicts on its claims.

    `path` is None where nothing was claimed; `resumed`: the file is of an earlier run."""

    prompt: str
    finding: Finding
    path: Path | None
    verdicts: tuple[Verdict, ...]
    resumed: bool = False

    @property
    def verdict(self) -> str:
        """ACCEPTED if the checker accepted every claim and there is one; the first refusal; or
        "none" where nothing was claimed."""
        return overall(self.verdicts)

    @property
    def certified(self) -> bool:
        """Whether the finding holds for certain, at the grade that was asked for."""
        return self.verdict == "ACCEPTED" and self.finding.evidence != "not certified"

    @property
    def broken(self) -> bool:
        """Whether something went wrong that never should: a fault, or a claim that is refused."""
        faults = (FAULT, "REJECTED", "MALFORMED")
        return self.finding.evidence == FAULT or self.verdict in faults


def overall(verdicts: Sequence[Verdict]) -> str:
    """The first refusal among the verdicts; else ACCEPTED, or "none" if there are none."""
    refused = (verdict.verdict for verdict in verdicts if not verdict.accepted)
    return next(refused, "ACCEPTED" if verdicts else "none")


def prepare_directory(directory: str | Path) -> Path:
    """Create the directory if need be and make sure that files can be written there."""
    directory = Path(directory)
    probe = directory / f".{secrets.token_hex(8)}.tmp"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except (OSError, ValueError) as error:
        raise InputError(f"{directory}: cannot write there: {reason(error)}") from None
    return directory


def file_name(prompt: str, part: int | str) -> str:
    """The certificate file of a prompt at k (or another part), safe as a file name; prompts whose
    names had to be changed are told apart by a hash."""
    safe = re.sub(r"[^A-Za-z0-9._-]+", "_", prompt)[:100].lstrip(".-") or "_"
    if safe != prompt:
        digest = hashlib.sha256(prompt.encode("utf-8", "surrogatepass")).hexdigest()
        safe = f"{safe}-{digest[:16]}"
    return f"{safe}.{f'k{part}' if isinstance(part, int) else part}.cert.json"


def certify_prompt(
    prompt: str,
    population: Population | UniformRankings,
    ks: Sequence[int],
    directory: Path,
    options: Options,
    progress: Progress = lambda text, done: None,
) -> list[Evidence]:
    """Certify one prompt for every k, and for all k at once, into `directory`, check the files, and
    return the evidence. There are len(ks) + 2 steps of progress."""
    paths = {k: directory / file_name(prompt, k or "all-k") for k in (*ks, None)}
    kept = {k: _resumed(path, population, k, options) for k, path in paths.items()}
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


def check_files(sizes: Mapping[Path, int]) -> dict[Path, list[Verdict]]:
    """The checker's verdict on each claim of each file, given the numbers of claims.

    A file on which the checker breaks down has the verdict FAULT on all of its claims."""
    paths = [path for path, size in sizes.items() if size]
    said: dict[tuple[str, int | None], Verdict] = {}
    faults: dict[Path, str] = {}
    try:
        said = {(v.file, v.index): v for v in (stream_verdicts(paths) if paths else ())}
    except CheckerFaultError:  # find out on which files
        for path in paths:
            try:
                said |= {(v.file, v.index): v for v in stream_verdicts([path])}
            except CheckerFaultError as fault:
                faults[path] = str(fault)

    def verdict(path: Path, index: int) -> Verdict:
        file = str(path)
        problem = faults.get(path, "the checker said nothing of this claim")
        fault = Verdict(FAULT, file, index, None, None, None, FAULT, detail=problem)
        return said.get((file, index), said.get((file, None), fault))

    return {path: [verdict(path, index) for index in range(size)] for path, size in sizes.items()}


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


def fault_note(error: Exception) -> str:
    """What went wrong, in a line."""
    kind = "" if isinstance(error, FaultError) else f"{type(error).__name__}: "
    return f"fault: {kind}{str(error) or 'no message'}"


def _is_claimed(finding: Finding) -> bool:
    """Whether a claim of the finding states the number, or the answer, that it reports; without
    claims, whether it reports neither."""
    claims = [certificate.claim for certificate in finding.certificates]
    if not claims:
        return finding.value is None and finding.evidence in NO_CLAIM
    if any(claim.get("k") != finding.k for claim in claims):
        return False
    if finding.value is not None:
        relations = {"=", finding.relation}
        return any(
            str(finding.value) == claim.get("bound", claim.get("delta"))
            and claim.get("relation", _IMPLIED.get(claim["kind"], "<=")) in relations
            for claim in claims
        )
    answers = {_answer(claim) for claim in claims}
    return answers == {finding.evidence}


def _answer(claim: Json) -> str:
    """What a claim without a number says, in the words of a finding's evidence."""
    if "polynomial" in claim:
        return f"degree {len(claim['polynomial']) - 1}"
    if "unique" in claim:
        return "unique" if claim["unique"] else "not unique"
    return ""


_IMPLIED = {"limit": "="}
"""The relation of a claim that names none, where it is no upper bound."""


def package_version() -> str:
    """The version of this package, as installed."""
    try:
        return version("ualign-verify")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "unknown"


def _asked(k: int | None, options: Options) -> dict[str, Any]:
    wanted = {"k": k, **vars(options)}
    wanted |= {key: list(wanted[key]) for key in ("opponents", "theorems")}
    return {"by": "ualign-verify", "version": package_version(), "asked": wanted}


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
