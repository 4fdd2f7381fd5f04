"""What certificate files state and the checker accepts, with the labels that their writer gave.

A number comes from a claim, never from a label: the claim is read here once more, and it has to be,
by its SHA-256, the one that the checker judged. Labels (theorem, question, the file's name) only
say where a number is shown.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from ualign.certificates.checking import Verdict, stream_verdicts
from ualign.certificates.claims import POPULATION
from ualign.certificates.document import (
    asked_k,
    is_shard,
    placed_by_population,
    prompt_of,
    provenance_of,
    read_document,
)
from ualign.certificates.findings import EXACT, Certificate, Finding, Json, Judged, Question
from ualign.errors import FaultError

COUNTEREXAMPLES = "counterexamples"
"""Files in a folder of this name are about populations that refute something."""


@dataclass(frozen=True)
class Story:
    """What the files of an instance say of it, in their own words, each once: the conjectures that
    it refutes, how (only where the checker accepts every claim of the file), and how the file that
    the population is from was read."""

    conjectures: tuple[str, ...] = ()
    refutations: tuple[str, ...] = ()
    readings: tuple[Json, ...] = ()


@dataclass(frozen=True)
class Archive:
    """All findings of the files below a directory, judged, in the files' order, and all verdicts.

    A finding's `prompt` is the instance, by a name that tells it from all others; `populations`
    holds those with an accepted claim, `stories` what the files of an instance say of it, and
    `silent` the findings that claim nothing, with their reasons, as the files say of which every
    claim is accepted.
    A claim for which its file names no question is a finding of its own, without a theorem, and the
    question's name is the kind of the claim."""

    root: Path
    files: tuple[Path, ...]
    judged: tuple[Judged, ...]
    populations: Mapping[str, Json]
    stories: Mapping[str, Story]
    verdicts: tuple[Verdict, ...]
    silent: tuple[Judged, ...] = ()

    @property
    def refused(self) -> list[Verdict]:
        """The verdicts other than ACCEPTED."""
        return [verdict for verdict in self.verdicts if not verdict.accepted]

    @cached_property
    def instances(self) -> dict[str, list[Judged]]:
        """The findings by instance."""
        found: dict[str, list[Judged]] = {}
        for judged in self.judged:
            found.setdefault(judged.prompt, []).append(judged)
        return found

    def is_counterexample(self, instance: str) -> bool:
        """Whether its files name a conjecture, or lie in a folder for counterexamples."""
        base = self.root.resolve().parent
        files = (judged.file for judged in self.instances[instance])
        folders = (f.resolve().relative_to(base).parent.parts for f in files if f)
        return bool(self.stories[instance].conjectures) or any(
            COUNTEREXAMPLES in f for f in folders
        )

    def about(self, theorem: str, name: str = "") -> list[Judged]:
        """The accepted answers of this theorem (to questions of this name), on any instance."""
        return [
            judged
            for judged in self.judged
            if judged.accepted
            and judged.finding.theorem == theorem
            and name in ("", judged.finding.question.name)
        ]


class _Entry(NamedTuple):
    """A finding with its population, if it is accepted, and the provenance of its file: without
    the story of a refutation where a claim of the file is not accepted."""

    judged: Judged
    population: Json
    provenance: Json


def read_archive(root: Path, files: Sequence[Path], known: Iterable[Verdict] = ()) -> Archive:
    """Run the checker over the files, except those whose verdicts are known, and read what they
    state.

    Raises CheckerFaultError if the checker gives no verdict, FaultError if a file is not what was
    checked."""
    earlier: dict[str, dict[int | None, Verdict]] = {}
    for verdict in known:
        earlier.setdefault(verdict.file, {})[verdict.index] = verdict
    others = [file for file in files if str(file) not in earlier]
    verdicts = (
        *(verdict for file in files for verdict in earlier.get(str(file), {}).values()),
        *(stream_verdicts(others) if others else ()),
    )
    judged: dict[str, dict[int, Verdict]] = {}
    for verdict in verdicts:
        if verdict.index is not None:
            judged.setdefault(verdict.file, {})[verdict.index] = verdict
    entries = [*_told_apart([e for f in files for e in _read(root, f, judged.get(str(f), {}))])]
    populations = {e.judged.prompt: e.population for e in entries if e.judged.accepted}
    provenances: dict[str, list[Json]] = {}
    for entry in entries:
        provenances.setdefault(entry.judged.prompt, []).append(entry.provenance)
    return Archive(
        root,
        tuple(files),
        tuple(entry.judged for entry in entries if entry.judged.claims),
        populations,
        {instance: _story(some) for instance, some in provenances.items()},
        verdicts,
        tuple(entry.judged for entry in entries if not entry.judged.claims),
    )


def _story(provenances: Sequence[Json]) -> Story:
    def texts(key: str) -> tuple[str, ...]:
        found = (provenance.get(key) for provenance in provenances)
        return tuple(dict.fromkeys(text for text in found if isinstance(text, str) and text))

    readings = [p["reading"] for p in provenances if isinstance(p.get("reading"), dict)]
    distinct = tuple(
        {json.dumps(reading, sort_keys=True): reading for reading in readings}.values()
    )
    return Story(texts("conjecture"), texts("refuted"), distinct)


def _read(root: Path, file: Path, judged: Mapping[int, Verdict]) -> Iterator[_Entry]:
    if not judged:  # the file as a whole was refused
        return
    document = read_document(file)
    try:
        claims = [entry["claim"] for entry in (document or {})["certificates"]]
        populations = (document or {})["populations"]
    except (LookupError, TypeError):
        raise FaultError(f"{file}: changed while it was read") from None
    if document is None or sorted(judged) != list(range(len(claims))):
        raise FaultError(f"{file}: {len(claims)} claims, but verdicts on {len(judged)}")
    for index, claim in enumerate(claims):
        if judged[index].accepted and judged[index].sha256 != _sha256(claim, populations):
            raise FaultError(f"{file}: claim {index} is not the one that was checked")
    folder = file.relative_to(root).parent.as_posix() if file.is_relative_to(root) else ""
    whole_file = prompt_of(document, file)
    provenance = provenance_of(document)
    whole = all(verdict.accepted for verdict in judged.values())
    if not whole:
        provenance = {key: value for key, value in provenance.items() if key != "refuted"}
    for name, finding, places in _findings(document):
        place = f"{folder}/{name or whole_file}"
        if not places and not (whole and finding.is_claimed):
            continue
        verdicts = tuple(judged[index] for index in places)
        if verdicts and all(
            verdict.accepted for verdict in verdicts
        ):  # the claims are well formed, then
            claim = claims[places[0]]
            finding, population = (
                replace(finding, k=claim.get("k")),
                populations[claim["population"]],
            )
        else:
            population = {}
        yield _Entry(Judged(place, finding, file, verdicts), population, provenance)


def _findings(document: Json) -> list[tuple[str, Finding, list[int]]]:
    """The findings, each with the name of its population where the file has several, and the places
    of its claims, as the file's writer says; claim by claim and without a theorem where he says
    nothing that fits."""
    placed = placed_by_population(document)
    if placed and all(_is_one_question(finding) for _, finding, _ in placed):
        several = is_shard(document)
        return [(name if several else "", finding, places) for name, finding, places in placed]
    return [
        ("", _alone(entry, asked_k(document)), [place])
        for place, entry in enumerate(document["certificates"])
    ]


def _alone(entry: Any, k: int | None) -> Finding:
    """A claim that no question is named for; a refused one may be anything."""
    claim = entry["claim"]
    claim = claim if isinstance(claim, dict) and "kind" in claim else {"kind": "unknown"}
    kind = Question("", str(claim["kind"]))
    return Finding(kind, k, "", None, EXACT, (Certificate(claim, {}),))


def _is_one_question(finding: Finding) -> bool:
    """Whether the claims are about one k (a malformed claim is about any), and the first of them
    about the file's own population, if any is about another."""
    claims = [c.claim for c in finding.certificates if isinstance(c.claim, dict)]
    ks, about = ([json.dumps(c.get(key)) for c in claims] for key in ("k", "population"))
    return len({*ks}) <= 1 and (len({*about}) <= 1 or about[0] == json.dumps(POPULATION))


def _told_apart(entries: Sequence[_Entry]) -> Iterator[_Entry]:
    """With the shortest names that tell instances apart: the folder where two have the same file
    name, and a hash where a name stands for several populations."""
    hashes = [_digest(entry.population)[:8] for entry in entries]
    known = {
        (e.judged.prompt, h) for e, h in zip(entries, hashes, strict=True) if e.judged.accepted
    }
    contents = Counter(place for place, _ in known)
    short = {e.judged.prompt: e.judged.prompt.rpartition("/")[2] for e in entries}
    places = Counter(short.values())
    for entry, digest in zip(entries, hashes, strict=True):
        place = entry.judged.prompt
        shown = short[place] if places[short[place]] == 1 else place.removeprefix("./")
        ending = f" [{digest}]" if contents[place] > 1 and entry.judged.accepted else ""
        yield entry._replace(judged=replace(entry.judged, prompt=shown + ending))


def _sha256(claim: Json, populations: Json) -> str:
    """The digest with which the checker binds a claim to its population's contents (SPEC.md)."""
    return _digest({**claim, "population": _digest(populations[claim["population"]])})


def _digest(value: object) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()
