"""Findings as they were locked against findings as they are now: what may differ, and what drifted.

A number that follows from the population alone has to come out again, to the last digit. Some
numbers depend on what floating point proposed, and so on the machine; PROPOSED lists them, and how
far apart two of them can be.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ualign.certificates.findings import EXACT, Grade, Judged, Question
from ualign.certificates.manifest import LockedFinding
from ualign.errors import InputError


@dataclass(frozen=True)
class Drift:
    """A finding that is not what it was: which parts of it differ, how it was and how it is."""

    theorem: str
    instance: str
    k: int | None
    what: str
    parts: str
    was: str
    now: str

    def as_json(self) -> str:
        """One JSON object; its keys are the fields' names, and `is` for `now`."""
        return json.dumps({("is" if key == "now" else key): v for key, v in vars(self).items()})

    def lines(self) -> list[str]:
        """For people."""
        place = "for all k" if self.k is None else f"k = {self.k}"
        head = f"{self.theorem} {self.what}, {self.instance}, {place}: {self.parts}"
        return [head, f"    was {self.was}", f"    is  {self.now}"]


@dataclass(frozen=True)
class Side:
    """A finding as it was locked or as it is now, with the kinds of its claims."""

    question: Question
    relation: str
    value: Fraction | None
    grade: Grade
    kinds: tuple[str, ...]
    refusal: str = ""

    @classmethod
    def locked(cls, finding: LockedFinding, kinds: Sequence[str]) -> Side:
        """From a manifest. Raises InputError if the value is not a rational number."""
        try:
            value = None if finding.value is None else Fraction(finding.value)
        except (ValueError, ZeroDivisionError):
            raise InputError(f"{finding.file}: {finding.value!r} is not a rational") from None
        question = Question.parse(f"{finding.theorem} {finding.what}")
        grade = Grade.parse(finding.evidence)
        return cls(question, finding.relation, value, grade, tuple(sorted({*kinds})))

    @classmethod
    def found(cls, evidence: Judged) -> Side:
        """From what was certified just now."""
        f = evidence.finding
        kinds = {certificate.claim["kind"] for certificate in f.certificates}
        refusal = "" if evidence.verdict in ("ACCEPTED", "none") else evidence.verdict
        return cls(f.question, f.relation, f.value, f.grade, tuple(sorted(kinds)), refusal)

    def __str__(self) -> str:
        number = "" if self.value is None else f"{self.relation} {self.value}, "
        refusal = f", but {self.refusal} by the checker" if self.refusal else ""
        return f"{number}{self.grade} ({', '.join(self.kinds) or 'no claims'}){refusal}"


@dataclass(frozen=True)
class Setting:
    """Where findings are compared: the instance, the number of outputs (None: for all at once) and
    the precision that was asked for."""

    instance: str
    k: int | None
    bits: int


Allowed = Callable[[Side, Side, Setting, Fraction | None], Fraction | None]
"""How far apart two numbers can be, the locked and the new equilibrium being in boxes whose radii
sum to the last argument (None if that is not known); None if anything goes."""


def _anything(old: Side, new: Side, setting: Setting, radius: Fraction | None) -> None:
    return None


def _win_rates(old: Side, new: Side, setting: Setting, radius: Fraction | None) -> Fraction | None:
    """A policy is within delta of the equilibrium in the sum of absolute differences, so its chance
    of anything in k draws is within k delta/2 of the equilibrium's; and all equilibria win the
    same (E2)."""
    return None if radius is None else radius * (setting.k or 1) / 2


def _distances(old: Side, new: Side, setting: Setting, radius: Fraction | None) -> Fraction | None:
    """The box adds at most 2 delta to the distance, and it is rounded up to 2^-bits."""
    return 2 * radius + Fraction(1, 2**setting.bits) if radius else radius


def _bounds(old: Side, new: Side, setting: Setting, radius: Fraction | None) -> Fraction:
    """Both are within 2^-b of the optimum, or equal to it."""
    if old.grade.bits is None or new.grade.bits is None:
        return Fraction(0)
    return Fraction(1, 2 ** min(old.grade.bits, new.grade.bits))


PROPOSED: dict[str, tuple[Allowed, str]] = {
    "P2": (_anything, "a box's radius depends on where Newton's method started"),
    "P6": (_anything, "self-play rounds floating-point steps, whose last digits differ"),
    "P7": (_win_rates, "the policy is any of the rational ones next to the equilibrium"),
    "E3": (_anything, "as in P6"),
    "E5": (_bounds, "any policy near the optimum will do where that is not rational"),
    "E8": (_distances, "the distance is rounded up from a box around a proposed centre"),
}
"""Theorems whose numbers may differ between machines: how far, and why. Relation, claims and kind
of evidence have to stay, and the precision must not fall below what it was and what was asked for.
Every other theorem has to find the very same number."""


def drifts(
    setting: Setting, was: Sequence[Side], now: Sequence[Side], failed: Mapping[str, str]
) -> Iterator[Drift]:
    """What drifted, finding by finding; `failed` says of theorems that failed what went wrong."""
    before, after = ({s.question: s for s in sides} for sides in (was, now))
    radii = _radius(was), _radius(now)
    radius = None if radii[0] is None or radii[1] is None else radii[0] + radii[1]
    for question in before | after:
        old, new = before.get(question), after.get(question)
        if old and new:
            parts = ", ".join(_changed(old, new, setting, radius))
        else:
            parts = "missing" if old else "new"
        if parts:
            gone = failed.get(question.theorem, "not found")
            told = str(old or "not found"), str(new or gone)
            yield Drift(question.theorem, setting.instance, setting.k, question.what, parts, *told)


def _radius(sides: Sequence[Side]) -> Fraction | None:
    """Of the box around the equilibrium, 0 where that is exact; None where nothing says it."""
    for side in sides:
        if side.question == Question("P2", "equilibrium") and side.value is not None:
            return side.value
        if (side.question, side.grade) == (Question("P1", "guarantee"), EXACT):
            return Fraction(0)
    return None


def _changed(old: Side, new: Side, setting: Setting, radius: Fraction | None) -> Iterator[str]:
    """The parts of a finding that are not what they have to be."""
    proposed = PROPOSED.get(old.question.theorem)
    allowed = proposed[0](old, new, setting, radius) if proposed else Fraction(0)
    if old.relation != new.relation:
        yield "relation"
    if not _is_near(old.value, new.value, allowed):
        yield "value"
    if not (_is_no_worse(old, new, setting) if proposed else old.grade == new.grade):
        yield "evidence"
    if old.kinds != new.kinds:
        yield "claims"


def _is_near(old: Fraction | None, new: Fraction | None, allowed: Fraction | None) -> bool:
    if old is None or new is None:
        return old is new
    return allowed is None or abs(old - new) <= allowed


def _is_no_worse(old: Side, new: Side, setting: Setting) -> bool:
    """Whether the kind of evidence is the same, and as precise as it was or as was asked for."""
    if old.grade.kind != new.grade.kind:
        return False
    if old.grade.bits is None or new.grade.bits is None:
        return True
    return new.grade.bits >= min(old.grade.bits, setting.bits)
