"""Certificate files: canonical JSON, written atomically, and checked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from ualign.certificates.archive import Json
from ualign.certificates.checking import CHECKER as CHECKER
from ualign.certificates.checking import CheckerFaultError as CheckerFaultError
from ualign.certificates.checking import Verdict as Verdict
from ualign.certificates.checking import stream_verdicts as stream_verdicts
from ualign.certificates.claims import POPULATION
from ualign.certificates.findings import Certificate
from ualign.errors import InputError
from ualign.files import write_atomically
from ualign.model.population import Population
from ualign.model.uniform_rankings import UniformRankings

FORMAT = "ualign/1"


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


def population_of(population: Json) -> Population | UniformRankings:
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
