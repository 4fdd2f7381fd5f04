"""Certificate files: canonical JSON, written atomically, and checked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from ualign.certificates.claims import POPULATION
from ualign.certificates.findings import (
    EXACT,
    NUMBERS,
    Bound,
    Certificate,
    Finding,
    Grade,
    Json,
    Question,
    number_of,
)
from ualign.errors import FaultError, InputError
from ualign.files import SUFFIX, write_atomically
from ualign.model.any_population import AnyPopulation
from ualign.model.luce import LucePopulation, LuceUser
from ualign.model.partial_orders import PartialOrder, PartialPopulation, PartialUser
from ualign.model.population import Population, Ranking
from ualign.model.uniform_rankings import UniformRankings
from ualign.text import show

OURS = "ualign/"
FORMAT = f"{OURS}1"
DIGITS = 32
"""So many hexadecimal digits of a SHA-256 stand for it: to given contents, nobody finds others with
the same 128 bits."""

MOST_CHARACTERS = 200_000
"""Longest number of a claim that is read."""

_RATIONAL = re.compile(r"-?[0-9]+(/[1-9][0-9]*)?", re.ASCII)


def population_json(population: AnyPopulation) -> dict[str, Any]:
    """A population as certificate files hold it (one user a distinct ranking or order)."""
    if isinstance(population, UniformRankings):
        return {"uniform_rankings": population.n}
    names, users = population.responses, list[dict[str, Any]]()
    for user in population.users:
        if isinstance(user, PartialUser):
            order = order_json(user.order, names)
        elif isinstance(user, LuceUser):
            strengths = zip(names, user.strengths, strict=True)
            order = {"luce": {name: str(strength) for name, strength in strengths}}
        else:
            order = ranking_json(user.ranking, names)
        users.append({"weight": str(user.weight), **order})
    return {"responses": list(names), "users": users}


def ranking_json(ranking: Ranking, names: Sequence[str]) -> dict[str, Any]:
    """A weak order as files hold it: classes, best first."""
    return {"ranking": [[names[y] for y in tied] for tied in ranking]}


def order_json(order: PartialOrder, names: Sequence[str]) -> dict[str, Any]:
    """A partial order as files hold it: pairs (better, worse) that imply all others, and ties; or a
    ranking, where nothing is open."""
    if ranking := order.ranking():
        return ranking_json(ranking, names)
    return {
        "above": [[names[y], names[z]] for y, z in order.covers()],
        "tied": [[names[y] for y in tied] for tied in order.classes if len(tied) > 1],
    }


def distinct(findings: Sequence[Finding]) -> tuple[list[Certificate], list[list[int]]]:
    """The certificates of a file with these findings, and for each finding the places of its own.

    Findings that claim the same thing share one certificate, the first."""
    places: dict[str, int] = {}
    certificates: list[Certificate] = []
    by_finding: list[list[int]] = []
    for finding in findings:
        by_finding.append([])
        for certificate in finding.certificates:
            if certificate.statement not in places:
                places[certificate.statement] = len(certificates)
                certificates.append(certificate)
            by_finding[-1].append(places[certificate.statement])
    return certificates, by_finding


def certificate_bytes(
    population: AnyPopulation,
    certificates: Sequence[Certificate],
    provenance: dict[str, Any],
) -> bytes:
    """A population with its claims, and the other populations that some of them are about, as
    canonical JSON: sorted keys, ASCII, a trailing newline."""
    return document_bytes({POPULATION: population}, certificates, provenance)


def document_bytes(
    populations: Mapping[str, AnyPopulation],
    certificates: Iterable[Certificate],
    provenance: dict[str, Any],
) -> bytes:
    """Populations by the names that the claims give them, with their claims, and the other
    populations that some of these are about, as canonical JSON."""
    certificates, written = (
        list(certificates),
        {n: population_json(p) for n, p in populations.items()},
    )
    for certificate in certificates:
        name, other = certificate.claim["population"], certificate.population
        if other is not None and written.setdefault(name, other) != other:
            raise FaultError(f"two populations of one file are called {name!r}")
    document = {
        "format": FORMAT,
        "populations": written,
        "certificates": [{"claim": c.claim, "witness": c.witness} for c in certificates],
        "provenance": provenance,
    }
    return (json.dumps(document, sort_keys=True, separators=(",", ":")) + "\n").encode("ascii")


def write_certificates(
    path: str | Path,
    population: AnyPopulation,
    certificates: Sequence[Certificate],
    provenance: dict[str, Any] | None = None,
) -> Path:
    """Write a certificate file atomically; the directory must exist. Raises InputError if the file
    cannot be written or there is nothing to write."""
    if not isinstance(population, AnyPopulation):
        raise InputError(f"{path}: {show(type(population).__name__)} is no Population")
    if not certificates:
        raise InputError(f"{path}: there are no certificates to write")
    if odd := [c for c in certificates if not isinstance(c, Certificate)]:
        advice = "the claim_... functions make them, and findings hold them"
        raise InputError(f"{path}: {show(odd[0])} is no Certificate; {advice}")
    path = Path(path)
    write_atomically(path, certificate_bytes(population, certificates, provenance or {}))
    return path


def population_of(population: Mapping[str, Any]) -> AnyPopulation:
    """The population that a certificate file lists."""
    if "uniform_rankings" in population:
        return UniformRankings(population["uniform_rankings"])
    users = population["users"]
    if any("above" in user for user in users):
        return PartialPopulation.from_names(population["responses"], users)
    if any("luce" in user for user in users):
        strengths = ({name: int(s) for name, s in user["luce"].items()} for user in users)
        weights = (user["weight"] for user in users)
        return LucePopulation.from_strengths(
            population["responses"], zip(weights, strengths, strict=True)
        )
    return Population.from_rankings(
        [user["ranking"] for user in users],
        [user["weight"] for user in users],
        responses=population["responses"],
    )


@cache
def package_version() -> str:
    """The version of this package, as installed."""
    try:
        return version("ualign")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "unknown"


def provenance_by(**rest: Any) -> Json:
    """A provenance: this package and its version, and what else is to be kept."""
    return {"by": "ualign", "version": package_version(), **rest}


def findings_json(
    findings: Sequence[Finding], placed: Sequence[list[int]] | None = None
) -> list[list[object]]:
    """Findings as a provenance lists them, in order: rows of the question, the places of its claims
    in the file (`distinct` finds them), the grade unless it is exact, and a note if there is one
    (behind the grade, then). Numbers are not among it: the claims state them."""
    placed = distinct(findings)[1] if placed is None else placed
    return [
        [str(finding.question), places, *_grade_and_note(finding)]
        for finding, places in zip(findings, placed, strict=True)
    ]


def _grade_and_note(finding: Finding) -> list[str]:
    if finding.note:
        return [str(finding.grade), finding.note]
    return [] if finding.grade == EXACT else [str(finding.grade)]


def read_document(path: Path) -> Json | None:
    """A certificate file, if it is an object with a list of certificates; else None. No verdict:
    what is in it is for the checker to judge."""
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    listed = isinstance(document, dict) and isinstance(document.get("certificates"), list)
    return document if listed else None


def is_foreign(path: Path) -> bool:
    """Whether a file of our suffix is somebody else's: its `format` is not one of ours, or it is no
    JSON and does not even hold that word. An empty file may well have been one of ours."""
    try:
        contents = path.read_bytes()
        document = json.loads(contents)
    except OSError:
        return False
    except (ValueError, RecursionError):
        return bool(contents) and OURS.encode() not in contents
    form = document.get("format") if isinstance(document, dict) else None
    return not (isinstance(form, str) and form.startswith(OURS))


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
    options = provenance_of(document).get("asked")
    k = options.get("k") if isinstance(options, dict) else None
    return k if isinstance(k, int) else None


def findings_of(document: Json) -> tuple[Finding, ...]:
    """The findings that the provenance lists, with their certificates."""
    return tuple(finding for finding, _ in placed_findings(document))


def placed_findings(document: Json) -> list[tuple[Finding, list[int]]]:
    """The findings that the provenance lists, each with the places of its certificates; none unless
    all of them are well formed and together they account for every certificate of the file."""
    return [(finding, places) for _, finding, places in placed_by_population(document)]


def placed_by_population(document: Json) -> list[tuple[str, Finding, list[int]]]:
    """The same, each with the name that the file gives its population."""
    entries, alone = document["certificates"], not is_shard(document)
    certificates = [
        _certificate(document, entry)
        if alone
        else Certificate(_child(entry, "claim"), _child(entry, "witness"))
        for entry in entries
    ]
    try:
        placed = [
            (_text(name), *_finding(row, k, certificates))
            for name, k, rows in _sections(document)
            for row in rows
        ]
    except (ValueError, TypeError, LookupError):
        return []
    used = {place for _, _, places in placed for place in places}
    return placed if len(used) == len(entries) else []


def _certificate(document: Json, entry: Any) -> Certificate:
    """A certificate, with the population that its claim names unless that is the file's own."""
    claim, witness = _child(entry, "claim"), _child(entry, "witness")
    name = _child(claim, "population")
    others = document.get("populations") if isinstance(name, str) and name != POPULATION else None
    return Certificate(claim, witness, _child(others, name))


def _sections(document: Json) -> list[Any]:
    """The rows of findings by population and k: of one, or, in a shard, of many."""
    provenance = provenance_of(document)
    if is_shard(document):
        return list(provenance[SECTIONS])
    return [[POPULATION, asked_k(document), provenance.get("findings") or ()]]


def is_shard(document: Json) -> bool:
    """Whether the file holds several prompts, by its provenance: `sections` has the rows of its
    findings by population and k, and `prompts` which prompts have which population."""
    return isinstance(provenance_of(document).get(SECTIONS), list)


SECTIONS, PROMPTS = "sections", "prompts"
"""Where the provenance of a shard has its findings, and its prompts."""


def _finding(
    row: Any, k: int | None, certificates: Sequence[Certificate]
) -> tuple[Finding, list[int]]:
    match row:
        case [question, places]:
            grade, note = str(EXACT), ""
        case [question, places, grade]:
            note = ""
        case [question, places, grade, note]:
            pass
        case _:
            raise ValueError("not a finding")
    claimed = tuple(certificates[place] for place in _places(places, len(certificates)))
    relation, value = _number([certificate.claim for certificate in claimed]) or ("", None)
    texts = Question.parse(_text(question)), Grade.parse(_text(grade)), _text(note)
    return Finding(texts[0], k, relation, value, texts[1], claimed, texts[2]), places


def _number(claims: Sequence[Any]) -> Bound | None:
    """What the claims state; the checker has not seen them, and they may be anything."""
    for claim in claims:
        if isinstance(claim, dict) and "kind" in claim:
            for key in NUMBERS & claim.keys():
                _rational(claim[key])
            for k, rate in claim.get("rates", ()):
                _count(k)
                _rational(rate)
        else:
            raise ValueError("not a claim")
    return number_of(claims)


def _places(places: Any, count: int) -> list[int]:
    """Where certificates stand in a file of so many."""
    if not isinstance(places, list) or any(
        type(p) is not int or p not in range(count) for p in places
    ):
        raise ValueError("certificates are missing")
    return places


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("not a text")
    return value


def _count(number: Any) -> None:
    if type(number) is not int:
        raise ValueError("not a whole number")


def _rational(text: Any) -> None:
    if len(_text(text)) > MOST_CHARACTERS or not _RATIONAL.fullmatch(text):
        raise ValueError("not a rational number")


def _child(node: Any, key: str) -> Any:
    return node.get(key) if isinstance(node, dict) else None
