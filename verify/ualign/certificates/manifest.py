"""The manifest of a folder of certificates: which claims must be there.

`manifest.json` lies in the folder, with paths relative to it, and repeats nothing that the files
hold: a claim is known by the digest that the checker gives it, which binds it to its population's
contents, and a file's findings, which `ualign regress` compares with what it finds again, by
theirs. Reading a manifest needs the standard library alone, so that the pytest plugin can afford
it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ualign.certificates.checking import Verdict, stream_verdicts
from ualign.certificates.document import (
    DIGITS,
    asked_k,
    findings_of,
    is_shard,
    package_version,
    placed_by_population,
    placed_findings,
    read_document,
)
from ualign.certificates.findings import FAILED, Finding, Json, Question
from ualign.errors import FaultError, InputError
from ualign.files import SUFFIX, reason, write_atomically

MANIFEST_FORMAT = "ualign-manifest/2"
NAME = "manifest.json"


@dataclass(frozen=True)
class LockedFile:
    """A certificate file: the digests of its claims, in order, and of the findings that its
    provenance lists."""

    claims: tuple[str, ...]
    findings: str


@dataclass(frozen=True)
class Manifest:
    """The certificate files of a folder, by their paths in it."""

    version: str
    files: Mapping[str, LockedFile]

    @cached_property
    def claims(self) -> dict[str, str]:
        """The claims' digests by their places, written as in the checker's verdicts."""
        return {
            f"{name}#{index}": digest
            for name, file in self.files.items()
            for index, digest in enumerate(file.claims)
        }

    def difference(self, place: str, sha256: str | None) -> str | None:
        """Why the claim found at a place is not the one that is locked there; None if it is."""
        locked = self.claims.get(place)
        if locked is None:
            return f"{place} is not in the manifest"
        digest = (sha256 or "")[:DIGITS]
        if locked == digest:
            return None
        moved = next((p for p, known in self.claims.items() if known == digest), None)
        known = f", but the one that was locked as {moved}" if moved else ""
        return f"{place} is not the claim that was locked there{known}"

    def as_bytes(self) -> bytes:
        """JSON with a claim a line, so that version control shows which claim has changed."""
        data = {
            "format": MANIFEST_FORMAT,
            "version": self.version,
            "files": {name: vars(file) for name, file in self.files.items()},
        }
        return (json.dumps(data, sort_keys=True, indent=0) + "\n").encode("ascii")


@dataclass(frozen=True)
class Survey:
    """What the certificate files below a folder hold: their documents as far as they are well
    formed, the verdicts on their claims, and the verdicts other than ACCEPTED."""

    files: tuple[str, ...]
    documents: Mapping[str, Json]
    verdicts: Mapping[str, Sequence[Verdict]]
    refused: tuple[Verdict, ...]

    def findings(self, name: str) -> tuple[Finding, ...]:
        """What the provenance of a file says was found."""
        return findings_of(self.documents[name])


def survey(directory: Path) -> Survey:
    """Run the checker over everything below the directory, and read what is there.

    Raises InputError if there is nothing, CheckerFaultError if the checker breaks down, FaultError
    if a file changes under our hands."""
    paths = {p.relative_to(directory).as_posix(): p for p in directory.rglob(f"*{SUFFIX}")}
    if not paths:
        raise InputError(f"{directory}: there is no *{SUFFIX} in this directory")
    verdicts: dict[str, list[Verdict]] = {name: [] for name in sorted(paths)}
    names = {str(path): name for name, path in paths.items()}
    for verdict in stream_verdicts([paths[name] for name in verdicts]):
        verdicts[names[verdict.file]].append(verdict)
    documents: dict[str, Json] = {}
    for name, judged in verdicts.items():
        if judged[-1].index is None:  # the file as a whole is malformed
            continue
        document = read_document(paths[name])
        if document is None or len(document["certificates"]) != len(judged):
            raise FaultError(f"{paths[name]}: changed while it was read")
        documents[name] = document
    refused = [v for judged in verdicts.values() for v in judged if not v.accepted]
    return Survey(tuple(verdicts), documents, verdicts, tuple(refused))


def lock(directory: Path) -> tuple[Manifest | None, list[str]]:
    """Write the manifest of the folder, if the checker accepts every claim below it and no finding
    failed; else write nothing and say what stands in the way. Raises what `survey` does."""
    if not directory.is_dir():
        raise InputError(f"{directory}: there is no such directory")
    found = survey(directory)
    obstacles = [refusal(verdict) for verdict in found.refused]
    obstacles += [
        f"{name}: {finding.theorem} failed"
        for name in found.documents
        for finding in found.findings(name)
        if finding.grade == FAILED
    ]
    if obstacles:
        return None, obstacles
    files = {
        name: LockedFile(
            tuple((v.sha256 or "")[:DIGITS] for v in verdicts), _digest(found.documents[name])
        )
        for name, verdicts in found.verdicts.items()
    }
    manifest = Manifest(package_version(), files)
    write_atomically(directory / NAME, manifest.as_bytes())
    return manifest, []


def _digest(document: Json) -> str:
    """The SHA-256 of the findings that a file's provenance lists, apart from their notes."""
    placed = placed_by_population(document)
    rows: list[list[Any]] = [[str(f.question), places, str(f.grade)] for _, f, places in placed]
    if is_shard(document):
        rows = [[name, f.k, *row] for (name, f, _), row in zip(placed, rows, strict=True)]
    text = json.dumps([asked_k(document), rows])
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:DIGITS]


def refusal(verdict: Verdict) -> str:
    """A verdict other than ACCEPTED in a line."""
    place = verdict.file if verdict.index is None else f"{verdict.file}#{verdict.index}"
    return f"{place}: {verdict.verdict} {verdict.kind or ''}: {verdict.code}, {verdict.detail}"


def differences(manifest: Manifest, found: Survey) -> list[str]:
    """Where the files are not those that were locked: files and claims that are missing, changed
    or more than there were, and findings that their provenance no longer gives alike."""
    wrong = [f"{name} is missing" for name in manifest.files if name not in found.files]
    wrong += [
        f"{name} is not in the manifest" for name in found.files if name not in manifest.files
    ]
    wrong += [refusal(v) for v in found.refused if v.sha256 is None]
    for name in found.documents.keys() & manifest.files.keys():
        here = {f"{name}#{v.index}": v.sha256 for v in found.verdicts[name] if v.sha256}
        wrong += filter(None, (manifest.difference(*entry) for entry in here.items()))
        places = [f"{name}#{index}" for index in range(len(manifest.files[name].claims))]
        wrong += [f"{place} is missing" for place in places if place not in here]
        if manifest.files[name].findings != _digest(found.documents[name]):
            wrong.append(f"{name}: the findings that it lists are not those that were locked")
    return wrong


def read_manifest(path: Path) -> Manifest:
    """Read a manifest. Raises InputError if there is none, or it is not of the format, or names no
    claims."""
    try:
        data = json.loads(path.read_bytes())
        if _typed(data, _MANIFEST)["format"] != MANIFEST_FORMAT:
            raise ValueError("format")
        files = {name: _typed(file, _FILE) for name, file in data["files"].items()}
        if not all(isinstance(digest, str) for file in files.values() for digest in file["claims"]):
            raise ValueError("claims")
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {reason(error)}") from None
    except (ValueError, RecursionError):
        raise InputError(f"{path}: not a manifest of the format {MANIFEST_FORMAT}") from None
    locked = {name: LockedFile(tuple(f["claims"]), f["findings"]) for name, f in files.items()}
    manifest = Manifest(data["version"], locked)
    if not manifest.claims:
        raise InputError(f"{path}: names no claims")
    return manifest


_MANIFEST = {"format": str, "version": str, "files": dict}
_FILE = {"claims": list, "findings": str}


def _typed(entry: Any, types: Mapping[str, type]) -> Json:
    """The entry, if it is an object with just these keys and types; else ValueError."""
    if not isinstance(entry, dict) or entry.keys() != types.keys():
        raise ValueError("other keys")
    if not all(isinstance(entry[key], wanted) for key, wanted in types.items()):
        raise ValueError("other types")
    return entry


def questions_of(document: Json) -> list[tuple[Question, int | None] | None]:
    """For each claim the question that the provenance names for it first, with k; or None."""
    first: list[tuple[Question, int | None] | None] = [None] * len(document["certificates"])
    for finding, places in placed_findings(document):
        for place in places:
            first[place] = first[place] or (finding.question, finding.k)
    return first
