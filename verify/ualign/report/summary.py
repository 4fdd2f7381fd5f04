"""What was certified, in words: a few sentences with how much stands behind each, and what was not
certified and why. The same for the page, for the end of `ualign run`, and for scripts."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ualign.certificates.findings import DOES_NOT_APPLY, Judged, Tally, tally
from ualign.report.numbers import ranges
from ualign.report.words import question_words
from ualign.text import counted, cut, printable
from ualign.theorems import THEOREMS

SUBJECTS = {
    "k outputs win k/(k+1) against every response": ("P1", "P2"),
    "no method is sure of more than k/(k+1)": ("P3", "E1", "E7"),
    "NLHF stays below, however often it is sampled": ("P4", "P5"),
    "what RLHF, plurality and others win": ("E9", "E10"),
    "the best k outputs of any kind": ("E4", "E6", "E19"),
    "k outputs against competitors with several": ("P7", "E5", "E12"),
    "learning and training get to k/(k+1)": ("P6", "E3", "E11", "E13", "E14", "E17"),
    "uniqueness and axioms of the equilibrium": ("E2", "E20"),
    "one policy for all k, and what large k lead to": ("E8", "E15"),
    "users who say little, or pick by chance": ("E16", "E18"),
}
"""Sentences, and the theorems that they are about; all others share a line."""

MOST_REASON_LINES, WIDTH, LONGEST_SENTENCE, LONGEST_LABELS = 6, 80, 46, 11


@dataclass(frozen=True)
class Sentence:
    """A sentence, the theorems behind it, on how many populations and for which k they were
    certified, and how many of their claims the checker accepted."""

    sentence: str
    theorems: tuple[str, ...]
    populations: int
    ks: tuple[int, ...]
    claims: Tally


@dataclass(frozen=True)
class Uncertified:
    """A question that has no certified answer on so many populations, how so ("not computed"), and
    why, in the words of the first finding."""

    question: str
    populations: int
    ks: tuple[int, ...]
    grade: str
    reason: str


@dataclass(frozen=True)
class Summary:
    """What was certified and what was not, on how many populations and for which k."""

    populations: int
    ks: tuple[int, ...]
    claims: Tally
    certified: tuple[Sentence, ...]
    missing: tuple[Uncertified, ...]

    def as_json(self) -> dict[str, Any]:
        """The same for scripts."""
        return {
            "populations": self.populations,
            "k": [*self.ks],
            "claims": str(self.claims),
            "certified": [
                {
                    "what": row.sentence,
                    "theorems": [*row.theorems],
                    "populations": row.populations,
                    "k": [*row.ks],
                    "claims": str(row.claims),
                }
                for row in self.certified
            ],
            "not_certified": [
                {
                    "what": row.question,
                    "populations": row.populations,
                    "k": [*row.ks],
                    "evidence": row.grade,
                    "reason": row.reason,
                }
                for row in self.missing
            ],
        }

    def lines(self) -> list[str]:
        """At most 21 lines of 80 columns for a terminal."""
        accepted, claims = self.claims
        on = f"{counted(self.populations, 'population')}, k = {ranges(self.ks) or 'none'}"
        lines = [f"{on}: {accepted} of {claims} claims accepted by the checker", ""]
        lines.append(_row("certified", "theorems", f"of {self.populations}", "claims"))
        for row in self.certified:
            labels = ", ".join(row.theorems)
            if len(labels) > LONGEST_LABELS:
                labels = f"{row.theorems[0]}, ... {row.theorems[-1]}"
            lines.append(_row(row.sentence, labels, str(row.populations), str(row.claims)))
        lines += ["", "not certified, and why:" if self.missing else "nothing was left uncertified"]
        reasons = [_reason_lines(missing) for missing in self.missing]
        room = MOST_REASON_LINES
        while reasons and len(reasons[0]) + (len(reasons) > 1) <= room:
            room -= len(reasons[0])
            lines += reasons.pop(0)
        if reasons:
            lines.append(f"  and {counted(len(reasons), 'further question')}: see the page")
        return lines


def summary(judged: Sequence[Judged]) -> Summary:
    """The findings in short."""
    grouped = {label for labels in SUBJECTS.values() for label in labels}
    subjects = {**SUBJECTS, **_others(judged, grouped)}
    return Summary(
        len({j.prompt for j in judged}),
        _ks(judged),
        tally(judged),
        tuple(filter(None, (_certified(*subject, judged) for subject in subjects.items()))),
        tuple(_missing(judged)),
    )


def _others(judged: Iterable[Judged], grouped: set[str]) -> dict[str, tuple[str, ...]]:
    """The theorems that no sentence is about share a line; a single one is named by its
    statement."""
    found = {j.finding.theorem for j in judged} - grouped
    labels = tuple(label for label in THEOREMS if label in found)
    sentence = THEOREMS[labels[0]].statement if len(labels) == 1 else "further theorems"
    return {sentence: labels} if labels else {}


def _certified(sentence: str, labels: tuple[str, ...], judged: Iterable[Judged]) -> Sentence | None:
    about = [j for j in judged if j.finding.theorem in labels and j.verdicts]
    if not about:
        return None
    accepted = [j for j in about if j.certified]
    named = tuple(label for label in labels if any(j.finding.theorem == label for j in about))
    populations = len({j.prompt for j in accepted})
    return Sentence(sentence, named, populations, _ks(accepted), tally(about))


def _missing(judged: Iterable[Judged]) -> list[Uncertified]:
    """What has no certified answer though the theorem applies, question by question."""
    found: dict[tuple[str, str], list[Judged]] = {}
    for j in judged:
        if not j.certified and j.finding.grade != DOES_NOT_APPLY:
            grade = str(j.finding.grade) if not j.verdicts or j.accepted else j.verdict
            found.setdefault((question_words(j.finding.question), grade), []).append(j)
    rows = []
    for (question, grade), some in found.items():
        populations = len({j.prompt for j in some})
        rows.append(Uncertified(question, populations, _ks(some), grade, _reason(some[0])))
    return sorted(rows, key=lambda row: -row.populations)


def _reason(judged: Judged) -> str:
    """The checker's code for what it refused, never its numbers; else what the finding notes."""
    refused = (f"{v.verdict}, {v.code}" for v in judged.verdicts if not v.accepted)
    return next(refused, judged.finding.note)


def _ks(judged: Iterable[Judged]) -> tuple[int, ...]:
    return tuple(sorted({j.finding.k for j in judged if j.finding.k is not None}))


def _row(sentence: str, labels: str, populations: str, claims: str) -> str:
    cells = f"{cut(sentence, LONGEST_SENTENCE):<{LONGEST_SENTENCE}} {labels:<{LONGEST_LABELS}}"
    return f"  {cells} {populations:>6} {claims:>11}"


def _reason_lines(missing: Uncertified) -> list[str]:
    """The question, on how many populations, and the reason, in one or two lines."""
    where = f"{missing.question}, {counted(missing.populations, 'population')}:"
    text = f"{where} {printable(missing.reason or missing.grade)}"
    return textwrap.wrap(
        text, WIDTH, initial_indent="  ", subsequent_indent="    ", max_lines=2, placeholder=" ..."
    )
