"""Findings as rows for programs: what `--json` prints and data frames hold."""

from __future__ import annotations

from typing import Any

from ualign.certificates.findings import NOT_CERTIFIED, Judged, bound_note
from ualign.exact.methods import Guarantee
from ualign.model.any_population import ListedPopulation

Row = dict[str, Any]


def evidence_row(e: Judged, kept: bool = True) -> Row:
    """A finding; where the checker refused it, with its complaint instead of the value. `kept`: the
    certificate file stays."""
    finding, refused = e.finding, [v for v in e.verdicts if not v.accepted]
    return {
        "theorem": finding.theorem,
        "instance": e.prompt,
        "k": finding.k,
        "what": finding.what,
        "relation": finding.relation,
        "value": None if finding.value is None or refused else str(finding.value),
        "evidence": str(NOT_CERTIFIED if refused else finding.grade),
        "note": f"{refused[0].code}: {refused[0].detail}" if refused else finding.note,
        "certificate": str(e.file) if e.file and kept else None,
        "verdict": e.verdict,
    }


def comparison_row(
    population: ListedPopulation, result: Guarantee, judged: Judged, kept: bool = True
) -> Row:
    """A method's worst case; without value where the checker did not accept it."""
    finding = judged.finding
    return {
        "instance": judged.prompt,
        "k": finding.k,
        "method": result.method,
        "relation": finding.relation,
        "value": str(finding.value) if judged.accepted else None,
        "against": population.responses[result.worst.opponent[0]] if result.worst else None,
        "note": bound_note(finding),
        "certificate": str(judged.file) if judged.file and kept else None,
        "verdict": judged.verdict,
    }
