"""Certifying many prompts in shards: certificate files of some hundred populations each.

A shard is made and checked as a whole, by a function that needs nothing but its arguments, so that
it may run in another process or on another machine. It is resumed where it is whole and was made
for the same question; the checker goes over it all the same.
"""

from __future__ import annotations

import gc
import hashlib
import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from ualign.certificates.checking import Verdict, check_files, stream_verdicts
from ualign.certificates.document import (
    DIGITS,
    PROMPTS,
    SECTIONS,
    distinct,
    document_bytes,
    findings_json,
    is_shard,
    placed_by_population,
    population_json,
    provenance_by,
    provenance_of,
    read_document,
)
from ualign.certificates.findings import Certificate, Finding, Json, Judged
from ualign.errors import FaultError
from ualign.exact.method import load_method
from ualign.files import SUFFIX
from ualign.model.partial_orders import UserPopulation
from ualign.runs.certify import (
    METHODS_ASKED,
    Options,
    affordable,
    asking,
    findings_at,
    is_over_budget,
    options_json,
    parts_of,
)
from ualign.runs.policies import OwnPolicies

SHARD = "shard-"


@dataclass(frozen=True)
class Sharing:
    """A prompt whose population is, up to the names of responses, that of another: `names` are its
    own responses in the places of their likes; none where they are called the same."""

    prompt: str
    population: str
    names: tuple[str, ...] = ()

    def as_json(self) -> list[object]:
        """As a provenance lists it."""
        return [self.prompt, self.population, *([[*self.names]] if self.names else [])]


@dataclass(frozen=True)
class ShardTask:
    """What a shard is to hold: populations by the names of their first prompts, and all prompts
    that have them. `recorded` is kept in the provenance; `source` as well, but it may change;
    `methods` and `policies` are the user's own, the former as FILE.py:NAME; `earlier` is the file
    of an earlier run."""

    name: str
    populations: tuple[tuple[str, UserPopulation], ...]
    prompts: tuple[Sharing, ...]
    ks: tuple[int, ...]
    options: Options
    recorded: Json
    source: Json
    methods: tuple[str, ...] = ()
    policies: OwnPolicies | None = None
    earlier: bytes | None = None


@dataclass(frozen=True)
class Shard:
    """A shard that was checked: its file's contents, which has the claims, and, without them, the
    evidence by population."""

    task: ShardTask
    contents: bytes
    judged: tuple[Judged, ...]
    resumed: bool


def shard_name(number: int) -> str:
    """The file of a shard, numbered from 1."""
    return f"{SHARD}{number:05}{SUFFIX}"


_Placed = list[tuple[str, Finding]]


def certify_shard(task: ShardTask) -> Shard:
    """Certify all populations of a shard, and check what is claimed. Numbers may be of any length,
    as in the command, whatever the process is in which this runs; and nobody looks for circles
    among the million objects of a shard, which have none."""
    digits, collects = sys.get_int_max_str_digits(), gc.isenabled()
    sys.set_int_max_str_digits(0)
    gc.disable()
    try:
        return _certified(task)
    finally:
        sys.set_int_max_str_digits(digits)
        if collects:
            gc.enable()


def _certified(task: ShardTask) -> Shard:
    found = None if task.methods or task.policies else _resumed(task)
    resumed = found is not None
    found = found or list(_found(task))
    contents = (task.earlier or b"") if resumed else _contents(task, found)
    verdicts = _checked(task, contents, found)
    if any(map(is_over_budget, chain(*verdicts))):
        found = [
            (name, affordable(finding, seen))
            for (name, finding), seen in zip(found, verdicts, strict=True)
        ]
        contents, resumed = _contents(task, found), False
        verdicts = _checked(task, contents, found)
    file = Path(task.name)
    judged = tuple(
        Judged(name, finding.without_claims(), file if seen else None, seen, resumed)
        for (name, finding), seen in zip(found, verdicts, strict=True)
    )
    done = replace(task, populations=(), policies=None, earlier=None)
    return Shard(done, contents, judged, resumed)


def _found(task: ShardTask) -> Iterator[tuple[str, Finding]]:
    loaded = [load_method(spec) for spec in task.methods]
    for name, population in task.populations:
        methods = [*loaded, *([task.policies.method(name)] if task.policies else [])]
        ask = asking(population, task.options, methods)
        for part in parts_of(task.ks, methods):
            for finding in findings_at(ask(part), part.k):
                yield name, _about(name, finding)


def _about(name: str, finding: Finding) -> Finding:
    """The finding, with claims about the population of this name."""
    claims = tuple(
        Certificate({**c.claim, "population": name}, c.witness) for c in finding.certificates
    )
    f = finding  # `replace` would take five times as long
    return Finding(f.question, f.k, f.relation, f.value, f.grade, claims, f.note)


def _contents(task: ShardTask, found: _Placed) -> bytes:
    """The file: what is claimed of one population stands together, and the provenance lists the
    findings in the same order, by population and k."""
    findings = [finding for _, finding in found]
    certificates, placed = distinct(findings)
    sections: list[list[object]] = []
    rows: list[object] = []
    last: object = None
    for (name, finding), row in zip(found, findings_json(findings, placed), strict=True):
        if (name, finding.k) != last:
            rows = []
            sections.append([name, finding.k, rows])
            last = name, finding.k
        rows.append(row)
    provenance = {**_provenance(task), **task.source, SECTIONS: sections}
    body = document_bytes(dict(task.populations), certificates, {}).removesuffix(_NO_PROVENANCE)
    digest = hashlib.sha256(body + _dumped(provenance)).hexdigest()[:DIGITS]
    return body + _dumped({**provenance, "sha256": digest}) + b"}\n"


_NO_PROVENANCE = b"{}}\n"


def _dumped(provenance: Json) -> bytes:
    return json.dumps(provenance, sort_keys=True, separators=(",", ":")).encode("ascii")


def _provenance(task: ShardTask) -> Json:
    asked = {"ks": [*task.ks], **options_json(task.options)}
    names = [*task.methods, *([task.policies.name] if task.policies else [])]
    own = {METHODS_ASKED: names} if names else {}
    prompts = [sharing.as_json() for sharing in task.prompts]
    return provenance_by(**{PROMPTS: prompts}, asked={**asked, **own}, **task.recorded)


def _resumed(task: ShardTask) -> _Placed | None:
    """The findings of an earlier run, if its file is, byte for byte, what they make, for the same
    populations and question, wherever the data lay; None where one of them is a fault."""
    if task.earlier is None:
        return None
    try:
        document = json.loads(task.earlier)
        recorded = dict(provenance_of(document))
        source = {key: recorded[key] for key in ("source",) if key in recorded}
        rest = {k: v for k, v in recorded.items() if k not in ("source", "sha256", SECTIONS)}
        populations = {name: population_json(p) for name, p in task.populations}
        if rest != _provenance(task) or document["populations"] != populations:
            return None
        found = [(name, finding) for name, finding, _ in placed_by_population(document)]
        same = task.earlier == _contents(replace(task, source=source), found)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return None
    return found if same and all(finding.is_claimed for _, finding in found) else None


def _checked(task: ShardTask, contents: bytes, found: _Placed) -> list[tuple[Verdict, ...]]:
    """The checker's verdicts on each finding's claims, from a process of its own."""
    certificates, placed = distinct([finding for _, finding in found])
    if not certificates:
        return [() for _ in found]
    with tempfile.TemporaryDirectory(prefix="ualign-") as directory:
        path = Path(directory) / task.name
        path.write_bytes(contents)
        verdicts = check_files({path: len(certificates)})[path]
    return [tuple(verdicts[place] for place in places) for places in placed]


def is_shard_file(path: Path) -> bool:
    """Whether a certificate file is called as shards are."""
    return path.name.startswith(SHARD) and path.name.endswith(SUFFIX)


def read_shard(path: Path) -> Shard:
    """A shard as its file has it, which the checker goes over again: the evidence without claims.

    Raises FaultError if the file is no shard, or is not what was checked."""
    verdicts = {v.index: v for v in stream_verdicts([path])}
    document = read_document(path)
    if document is None or not is_shard(document):
        whole = verdicts.get(None)
        why = f": {whole.verdict}, {whole.detail}" if whole else ""
        raise FaultError(f"{path}: no shard of prompts{why}")
    digests = {name: _digest(p) for name, p in document["populations"].items()}
    for index, entry in enumerate(document["certificates"]):
        seen, claim = verdicts.get(index), entry["claim"]
        if seen is None or (
            seen.accepted
            and seen.sha256 != _digest({**claim, "population": digests[claim["population"]]})
        ):
            raise FaultError(f"{path}: claim {index} is not the one that was checked")
    judged = tuple(
        Judged(name, finding.without_claims(), path, tuple(verdicts[place] for place in places))
        for name, finding, places in placed_by_population(document)
    )
    prompts = tuple(
        Sharing(name, population, tuple(*names))
        for name, population, *names in provenance_of(document)[PROMPTS]
    )
    task = ShardTask(path.name, (), prompts, (), Options(), provenance_of(document), {})
    return Shard(task, b"", judged, resumed=True)


def _digest(value: object) -> str:
    """As the checker has it (SPEC.md)."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()
