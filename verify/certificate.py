"""Certificate files: canonical JSON, written atomically, and checked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from verify.atomic import write_atomically
from verify.checker_process import CHECKER as CHECKER
from verify.checker_process import CheckerFaultError as CheckerFaultError
from verify.checker_process import Verdict as Verdict
from verify.checker_process import exit_code
from verify.checker_process import stream_verdicts as stream_verdicts
from verify.population import InputError, Population
from verify.theorems.claims import POPULATION, Certificate
from verify.uniform_rankings import UniformRankings

FORMAT = "ualign/1"


@dataclass(frozen=True)
class Checked:
    """All verdicts of a run of the checker, in order, and its exit code."""

    verdicts: tuple[Verdict, ...] = field(default=())
    code: int = 0


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


def check(paths: Sequence[str | Path], *, budget: dict[str, int] | None = None) -> Checked:
    """Run the trusted checker over certificate files in a process of its own.

    `budget` overrides the checker's limits (bytes, depth, digits, work). Raises CheckerFaultError
    if it gives no verdict."""
    verdicts = tuple(stream_verdicts(paths, budget=budget))
    return Checked(verdicts, exit_code(verdict.verdict for verdict in verdicts))
