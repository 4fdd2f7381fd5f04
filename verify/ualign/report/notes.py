"""What the cells of the tables leave out, in a line each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ualign.certificates.findings import SILENT, Judged, bound_note
from ualign.report.comparison_tables import method_name
from ualign.report.numbers import ranges, shortened
from ualign.report.tables import COLUMNS


class Note(NamedTuple):
    """What is noted at k (None: at all k at once) about a theorem or a method; `merge`: notes about
    it at other ks differ only in their numbers, and one of them stands for all."""

    k: int | None
    about: str
    text: str
    merge: bool


def certified_notes(evidence: Iterable[Judged], names: Iterable[str]) -> list[str]:
    """What the main table's cells leave out, and why something has no value at all; `names`: of the
    responses, which are cut where long."""
    notes = []
    for e in evidence:
        refused, merge = _refusal(e), e.finding.grade in SILENT
        text = refused or e.finding.note
        main = e.finding.question in COLUMNS and e.finding.theorem != "P2"
        if text and (main or refused or e.file is None):
            notes.append(Note(e.finding.k, e.finding.theorem, text, merge))
    return _merged(notes, names)


def compared_notes(compared: Iterable[Judged], names: Iterable[str]) -> list[str]:
    """What a comparison's cells leave out, by the methods."""
    notes = []
    for j in compared:
        finding = j.finding
        if text := _refusal(j) or bound_note(finding):
            merge = finding.value is None and not j.missed
            notes.append(Note(finding.k, method_name(finding), text, merge))
    return _merged(notes, names)


def _refusal(judged: Judged) -> str:
    """Why the checker did not accept the first claim that it did not; "" where it accepted all."""
    refused = (verdict for verdict in judged.verdicts if not verdict.accepted)
    return next((f"{v.verdict}, {v.code}: {v.detail}" for v in refused), "")


def _merged(notes: Iterable[Note], names: Iterable[str]) -> list[str]:
    """Each note once, with the ks it holds for; those to merge differ only in their numbers."""
    alike: dict[tuple[str, str | None], list[Note]] = {}
    for note in notes:
        alike.setdefault((note.about, None if note.merge else note.text), []).append(note)
    lines = []
    for first, *others in alike.values():
        ks = [note.k for note in (first, *others) if note.k is not None]
        some = f" (at k = {ks[0]})" if first.merge and len(ks) > 1 else ""
        where = f"k = {ranges(ks)}" if ks else "all k"
        lines.append(shortened(f"{where}: {first.about}: {first.text}{some}", names))
    return lines
