"""The manifest of a folder of certificates: which claims must be there, and what they are for.

`manifest.json` lies in the folder, with paths relative to it. A claim is known by the SHA-256 that
the checker gives it, which binds it to its population's contents. Findings and theorems are what
the files' provenance says: labels, under which `ualign regress` compares what it finds again.
Reading a manifest needs the standard library alone, so that the pytest plugin can afford it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ualign.certificates.checking import Verdict, stream_verdicts
from ualign.certificates.document import (
    asked_k,
    findings_json,
    findings_of,
    package_version,
    read_document,
)
from ualign.certificates.findings import FAILED
from ualign.errors import FaultError, InputError
from ualign.files import reason, write_atomically

Json = dict[str, Any]

FORMAT = "ualign-manifest/1"
NAME = "manifest.json"


@dataclass(frozen=True)
class LockedClaim:
    """A claim: its place, kind and theorem, the checker's SHA-256 of it, and what it states in
    numbers and words (k, relation, bound, ...), exactly."""

    file: str
    index: int
    kind: str
    theorem: str | None
    sha256: str
    states: Json

    @property
    def place(self) -> str:
        """Where the claim stands, as the checker's verdicts are printed."""
        return f"{self.file}#{self.index}"

    @property
    def label(self) -> str:
        """Theorem and kind."""
        return f"{self.theorem or 'no theorem'}, {self.kind}"


@dataclass(frozen=True)
class LockedFinding:
    """What a theorem said of a population at k, and on how many of the file's claims it rests."""

    file: str
    theorem: str
    what: str
    k: int | None
    relation: str
    value: str | None
    evidence: str
    claims: int


@dataclass(frozen=True)
class Manifest:
    """The claims and findings of a folder, in the order of files and claims."""

    version: str
    claims: tuple[LockedClaim, ...]
    findings: tuple[LockedFinding, ...]

    @cached_property
    def by_place(self) -> dict[str, LockedClaim]:
        """The claims by their places."""
        return {claim.place: claim for claim in self.claims}

    def difference(self, place: str, sha256: str | None) -> str | None:
        """Why the claim found at a place is not the one that is locked there; None if it is."""
        locked = self.by_place.get(place)
        if locked is None:
            return f"{place} is not in the manifest"
        if locked.sha256 == sha256:
            return None
        said = f"{place} is not the claim that was locked there ({locked.label})"
        moved = [c.place for c in self.claims if c.sha256 == sha256]
        return f"{said}, but the one that was locked as {moved[0]}" if moved else said

    def as_bytes(self) -> bytes:
        """Canonical JSON: sorted keys, no blanks, ASCII; an entry a line, so that version control
        shows which claim has changed."""
        about = [f'"format":"{FORMAT}"', f'"version":{json.dumps(self.version)}']
        lists = [
            f'"{name}":[\n' + ",\n".join(map(_canonical, entries)) + "\n]"
            for name, entries in (("claims", self.claims), ("findings", self.findings))
        ]
        return ("{" + ",\n".join([*lists, *about]) + "}\n").encode("ascii")


def _canonical(entry: LockedClaim | LockedFinding) -> str:
    return json.dumps(vars(entry), sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True)
class Survey:
    """What the certificate files below a folder hold: their claims as far as they are well formed,
    findings, populations and provenance by file, and the verdicts other than ACCEPTED."""

    files: tuple[str, ...]
    claims: tuple[LockedClaim, ...]
    findings: tuple[LockedFinding, ...]
    documents: Mapping[str, Json]
    refused: tuple[Verdict, ...]


def survey(directory: Path) -> Survey:
    """Run the checker over everything below the directory, and read what is there.

    Raises InputError if there is nothing, CheckerFaultError if the checker breaks down, FaultError
    if a file changes under our hands."""
    paths = {p.relative_to(directory).as_posix(): p for p in directory.rglob("*.cert.json")}
    if not paths:
        raise InputError(f"{directory}: there is no *.cert.json in this directory")
    verdicts: dict[str, list[Verdict]] = {}
    for verdict in stream_verdicts([paths[name] for name in sorted(paths)]):
        verdicts.setdefault(verdict.file, []).append(verdict)
    claims: list[LockedClaim] = []
    findings: list[LockedFinding] = []
    documents: dict[str, Json] = {}
    for name, path in sorted(paths.items()):
        said = verdicts[str(path)]
        if said[-1].index is None:  # the file as a whole is malformed
            continue
        document = read_document(path)
        if document is None or len(document["certificates"]) != len(said):
            raise FaultError(f"{path}: changed while it was read")
        claims += _claims(name, document, said)
        findings += _findings(name, document)
        documents[name] = {key: document.get(key) for key in ("populations", "provenance")}
    refused = [v for said in verdicts.values() for v in said if not v.accepted]
    return Survey(tuple(sorted(paths)), tuple(claims), tuple(findings), documents, tuple(refused))


def lock(directory: Path) -> tuple[Manifest | None, list[str]]:
    """Write the manifest of the folder, if the checker accepts every claim below it and no finding
    failed; else write nothing and say what stands in the way. Raises what `survey` does."""
    if not directory.is_dir():
        raise InputError(f"{directory}: there is no such directory")
    found = survey(directory)
    obstacles = [refusal(verdict) for verdict in found.refused]
    obstacles += [
        f"{f.file}: {f.theorem} failed" for f in found.findings if f.evidence == str(FAILED)
    ]
    if obstacles:
        return None, obstacles
    manifest = Manifest(package_version(), found.claims, found.findings)
    write_atomically(directory / NAME, manifest.as_bytes())
    return manifest, []


def refusal(verdict: Verdict) -> str:
    """A verdict other than ACCEPTED in a line."""
    place = verdict.file if verdict.index is None else f"{verdict.file}#{verdict.index}"
    return f"{place}: {verdict.verdict} {verdict.kind or ''}: {verdict.code}, {verdict.detail}"


def differences(manifest: Manifest, found: Survey) -> list[str]:
    """Where the files are not those that were locked: files and claims that are missing, changed
    or more than there were, and findings that their provenance no longer gives alike."""
    locked = {claim.file: None for claim in manifest.claims}
    wrong = [f"{file} is missing" for file in locked if file not in found.files]
    wrong += [f"{file} is not in the manifest" for file in found.files if file not in locked]
    both = {file for file in found.files if file in locked}
    wrong += [refusal(v) for v in found.refused if v.sha256 is None]
    here = {claim.place: claim.sha256 for claim in found.claims if claim.file in both}
    wrong += filter(None, (manifest.difference(*entry) for entry in here.items()))
    unread = {file for file in both if file not in found.documents}
    wrong += [
        f"{claim.place} is missing ({claim.label})"
        for claim in manifest.claims
        if claim.file in both - unread and claim.place not in here
    ]
    for file in sorted(both - unread):
        was = [finding for finding in manifest.findings if finding.file == file]
        if was != [finding for finding in found.findings if finding.file == file]:
            wrong.append(f"{file}: its provenance does not give the findings that were locked")
    return wrong


def read_manifest(path: Path) -> Manifest:
    """Read a manifest. Raises InputError if there is none, or it is not of the format, names no
    claims, or names two for one place."""
    try:
        data = json.loads(path.read_bytes())
        if _typed(data, _MANIFEST)["format"] != FORMAT:
            raise ValueError("format")
        manifest = Manifest(
            data["version"],
            tuple(LockedClaim(**_typed(claim, _CLAIM)) for claim in data["claims"]),
            tuple(LockedFinding(**_typed(finding, _FINDING)) for finding in data["findings"]),
        )
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {reason(error)}") from None
    except (ValueError, RecursionError):
        raise InputError(f"{path}: not a manifest of the format {FORMAT}") from None
    if not manifest.claims or len(manifest.by_place) < len(manifest.claims):
        raise InputError(f"{path}: names no claims, or two for the same place")
    return manifest


_MANIFEST: dict[str, Any] = {"format": str, "version": str, "claims": list, "findings": list}
_CLAIM: dict[str, Any] = {
    "file": str,
    "index": int,
    "kind": str,
    "theorem": str | None,
    "sha256": str,
    "states": dict,
}
_NOTE: dict[str, Any] = {
    "theorem": str,
    "what": str,
    "relation": str,
    "value": str | None,
    "evidence": str,
    "claims": int,
}
_FINDING = {**_NOTE, "file": str, "k": int | None}


def _typed(entry: Any, types: Mapping[str, Any]) -> Json:
    """The entry, if it is an object with just these keys and types; else ValueError."""
    if not isinstance(entry, dict) or entry.keys() != types.keys():
        raise ValueError("other keys")
    if not all(isinstance(entry[key], wanted) for key, wanted in types.items()):
        raise ValueError("other types")
    return entry


def theorems_of(document: Json) -> list[str | None]:
    """For each claim the theorem that the provenance names for it; None where it names none."""
    named = [f.theorem for f in findings_of(document) for _ in f.certificates]
    return [*named] or [None] * len(document["certificates"])


def _findings(file: str, document: Json) -> Iterator[LockedFinding]:
    for note in findings_json(findings_of(document)):
        note.pop("note")
        yield LockedFinding(file=file, k=asked_k(document), **note)


def _claims(file: str, document: Json, verdicts: list[Verdict]) -> Iterator[LockedClaim]:
    """The claims that are well formed enough to have a hash."""
    entries = zip(document["certificates"], theorems_of(document), verdicts, strict=True)
    for index, (entry, theorem, verdict) in enumerate(entries):
        if verdict.sha256 is None or verdict.kind is None:
            continue
        plain = {k: v for k, v in entry["claim"].items() if isinstance(v, (str, int))}
        states = {k: v for k, v in plain.items() if k not in ("kind", "population")}
        yield LockedClaim(file, index, verdict.kind, theorem, verdict.sha256, states)
