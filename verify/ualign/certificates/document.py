"""Certificate files: canonical JSON, written atomically, and checked."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from ualign.certificates.claims import POPULATION
from ualign.certificates.findings import Certificate, Finding, Grade, Json, Question
from ualign.errors import InputError
from ualign.files import write_atomically
from ualign.model.population import Population
from ualign.model.uniform_rankings import UniformRankings

FORMAT = "ualign/1"
SUFFIX = ".cert.json"

MOST_CHARACTERS = 200_000
"""Longest number that is read from a provenance."""


def population_json(population: Population | UniformRankings) -> dict[str, Any]:
    """A population as certificate files hold it (one user a distinct ranking)."""
    if isinstance(population, UniformRankings):
        return {"uniform_rankings": population.n}
    names = population.responses
    return {
        "responses": list(names),
        "users": [
            {
                "weight": str(user.weight),
                "ranking": [[names[y] for y in tied] for tied in user.ranking],
            }
            for user in population.users
        ],
    }


def certificate_bytes(
    population: Population | UniformRankings,
    certificates: Sequence[Certificate],
    provenance: dict[str, Any],
) -> bytes:
    """One population with its claims as canonical JSON: sorted keys, ASCII, a trailing newline."""
    document = {
        "format": FORMAT,
        "populations": {POPULATION: population_json(population)},
        "certificates": [{"claim": c.claim, "witness": c.witness} for c in certificates],
        "provenance": provenance,
    }
    return (json.dumps(document, sort_keys=True, separators=(",", ":")) + "\n").encode("ascii")


def write_certificates(
    path: str | Path,
    population: Population | UniformRankings,
    certificates: Sequence[Certificate],
    provenance: dict[str, Any] | None = None,
) -> Path:
    """Write a certificate file atomically; the directory must exist. Raises InputError if the file
    cannot be written or there is nothing to write."""
    if not certificates:
        raise InputError(f"{path}: there are no certificates to write")
    path = Path(path)
    write_atomically(path, certificate_bytes(population, certificates, provenance or {}))
    return path


def population_of(population: Mapping[str, Any]) -> Population | UniformRankings:
    """The population that a certificate file lists."""
    if "uniform_rankings" in population:
        return UniformRankings(population["uniform_rankings"])
    users = population["users"]
    return Population.from_rankings(
        [user["ranking"] for user in users],
        [user["weight"] for user in users],
        responses=population["responses"],
    )


def package_version() -> str:
    """The version of this package, as installed."""
    try:
        return version("ualign")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "unknown"


def provenance_by(**rest: Any) -> Json:
    """A provenance: this package and its version, and what else is to be kept."""
    return {"by": "ualign", "version": package_version(), **rest}


def findings_json(findings: Sequence[Finding]) -> list[Json]:
    """Findings as a provenance lists them, in the order of their claims in the file."""
    return [
        {
            "theorem": finding.theorem,
            "what": finding.what,
            "relation": finding.relation,
            "value": None if finding.value is None else str(finding.value),
            "evidence": str(finding.grade),
            "note": finding.note,
            "claims": len(finding.certificates),
        }
        for finding in findings
    ]


def read_document(path: Path) -> Json | None:
    """A certificate file, if it is an object with a list of certificates; else None. No verdict:
    what is in it is for the checker to judge."""
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    listed = isinstance(document, dict) and isinstance(document.get("certificates"), list)
    return document if listed else None


def provenance_of(document: Json) -> Json:
    """What the file's writer says of it, if it is an object; else nothing. Labels, no verdicts."""
    provenance = document.get("provenance")
    return provenance if isinstance(provenance, dict) else {}


def prompt_of(document: Json, path: Path) -> str:
    """The prompt that the file is about, or the file's name where its writer does not say."""
    prompt = provenance_of(document).get("prompt")
    return prompt if isinstance(prompt, str) and prompt else path.name.removesuffix(SUFFIX)


def asked_k(document: Json) -> int | None:
    """The number of outputs that the file was asked for; None for all at once, or not said."""
    asked = provenance_of(document).get("asked")
    k = asked.get("k") if isinstance(asked, dict) else None
    return k if isinstance(k, int) else None


def findings_of(document: Json) -> tuple[Finding, ...]:
    """The findings that the provenance lists, with their certificates; none unless all of them are
    well formed and together they account for every certificate of the file."""
    k, entries = asked_k(document), document["certificates"]
    rest = iter([Certificate(_child(e, "claim"), _child(e, "witness")) for e in entries])
    try:
        notes = provenance_of(document).get("findings") or ()
        findings = tuple(_finding(note, k, rest) for note in notes)
    except (ValueError, TypeError, LookupError):
        return ()
    return findings if next(rest, None) is None else ()


def _finding(note: Json, k: int | None, certificates: Iterator[Certificate]) -> Finding:
    keys = ("theorem", "what", "relation", "evidence", "note")
    theorem, what, relation, grade, words = (_text(note[key]) for key in keys)
    size = note["claims"]
    own = tuple(itertools.islice(certificates, size))
    if isinstance(size, bool) or len(own) != size:
        raise ValueError("certificates are missing")
    value = None if note["value"] is None else _rational(note["value"])
    question = Question.parse(f"{theorem} {what}")
    return Finding(question, k, relation, value, Grade.parse(grade), own, words)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("not a text")
    return value


def _rational(text: Any) -> Fraction:
    if not re.fullmatch(r"-?[0-9]+(/[1-9][0-9]*)?", _text(text)[:MOST_CHARACTERS], re.ASCII):
        raise ValueError("not a rational number")
    return Fraction(text[:MOST_CHARACTERS])


def _child(node: Any, key: str) -> Any:
    return node.get(key) if isinstance(node, dict) else None
