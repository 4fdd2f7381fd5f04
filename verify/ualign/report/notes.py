"""What the cells of the tables leave out, in a line each."""

from __future__ import annotations

from collections.abc import Iterable

from ualign.certificates.findings import SILENT, Judged, bound_note
from ualign.report.comparison_tables import method_name
from ualign.report.numbers import ranges, shortened
from ualign.report.tables import COLUMNS


def certified_notes(evidence: Iterable[Judged], names: Iterable[str]) -> list[str]:
    """What the main table's cells leave out, and why something has no value at all; `names`: of the
    responses, which are cut where long."""
    notes = []
    for e in evidence:
        refused, merge = _refusal(e), e.finding.grade in SILENT
        text = refused or e.finding.note
        main = e.finding.question in COLUMNS and e.finding.theorem != "P2"
        if text and (main or refused or e.file is None):
            notes.append((e.finding.k, f"{e.finding.theorem}: {text}", merge))
    return _merged(notes, names)


def compared_notes(compared: Iterable[Judged], names: Iterable[str]) -> list[str]:
    """The same of a comparison."""
    notes = []
    for j in compared:
        finding = j.finding
        if text := _refusal(j) or bound_note(finding):
            merge = finding.value is None and not j.missed
            notes.append((finding.k, f"{method_name(finding)}: {text}", merge))
    return _merged(notes, names)


def _refusal(judged: Judged) -> str:
    """Why the checker did not accept the first claim that it did not; "" where it accepted all."""
    refused = (verdict for verdict in judged.verdicts if not verdict.accepted)
    return next((f"{v.verdict}, {v.code}: {v.detail}" for v in refused), "")


def _merged(notes: Iterable[tuple[int | None, str, bool]], names: Iterable[str]) -> list[str]:
    """Each note once, with the ks it holds for; those to merge differ only in their numbers."""
    ks: dict[str, list[int | None]] = {}
    first: dict[str, str] = {}
    for k, text, merge in notes:
        key = text.partition(":")[0] if merge else text
        first.setdefault(key, text)
        ks.setdefault(key, []).append(k)
    lines = []
    for key, text in first.items():
        numbers = [k for k in ks[key] if k is not None]
        some = f" (at k = {numbers[0]})" if key != text and len(numbers) > 1 else ""
        where = f"k = {ranges(numbers)}" if numbers else "all k"
        lines.append(shortened(f"{where}: {text}{some}", names))
    return lines
