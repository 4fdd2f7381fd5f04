"""What is asked of a population, what a theorem answers, and what the checker says of that.

A `Question` at some k is answered by a `Finding`; its `Grade` says how the answer is known, and a
finding `Judged` comes with the checker's verdicts on its claims. Files and JSON hold questions and
grades as text: `str` writes it, `parse` reads it back, and nothing else takes it apart.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from ualign.certificates.checking import FAULT, Verdict, overall
from ualign.errors import FaultError

Json = dict[str, Any]

_THEOREM = re.compile(r"[A-Z][1-9][0-9]?")
_WHAT = re.compile(
    r"(?:(?P<rule>[a-z-]+)-(?=(?:average|comparison|last|mixture)(?:-[lt][0-9]+)*$))?"
    r"(?P<name>[A-Za-z][A-Za-z0-9._-]*?)(?:-l(?P<l>[1-9][0-9]*))?(?:-t(?P<rounds>[1-9][0-9]*))?",
    re.ASCII,
)


@dataclass(frozen=True)
class Question:
    """What a theorem, by its label, is asked: a quantity or property by `name`; against opponents
    with `l` outputs; of self-play by a `rule`, after so many `rounds`."""

    theorem: str
    name: str
    l: int = 1
    rule: str = ""
    rounds: int | None = None

    @property
    def what(self) -> str:
        """The question without the theorem's label, such as "hedge-average-t16"."""
        opponent = "" if self.l == 1 else f"-l{self.l}"
        rounds = "" if self.rounds is None else f"-t{self.rounds}"
        return f"{self.rule}{'-' * bool(self.rule)}{self.name}{opponent}{rounds}"

    def __str__(self) -> str:
        return f"{self.theorem} {self.what}"

    @classmethod
    def parse(cls, text: str) -> Question:
        """Read what `str` wrote; ValueError for anything else."""
        theorem, _, what = text.partition(" ")
        match = _WHAT.fullmatch(what)
        if match is None or not _THEOREM.fullmatch(theorem):
            raise ValueError(f"not a question: {text[:80]!r}")
        rounds = None if match["rounds"] is None else int(match["rounds"])
        return cls(theorem, match["name"], int(match["l"] or 1), match["rule"] or "", rounds)


_NUMBERED = {"within": "within 2^-{}", "enclosed": "enclosed to 2^-{}", "degree": "degree {}"}
_KINDS = {"within": "within 2^-b", "enclosed": "enclosed to 2^-b", "degree": "algebraic"}
_TEXTS = {
    word: re.compile(re.escape(text).replace(r"\{\}", "([0-9]+)"), re.ASCII)
    for word, text in _NUMBERED.items()
}


@dataclass(frozen=True)
class Grade:
    """How an answer is known: a word, and with some words a number: "within" and "enclosed" 2^-b,
    or algebraic of some "degree"."""

    word: str
    number: int | None = None

    def __str__(self) -> str:
        return _NUMBERED.get(self.word, self.word).format(self.number)

    @classmethod
    def parse(cls, text: str) -> Grade:
        """Read what `str` wrote."""
        for word, pattern in _TEXTS.items():
            if match := pattern.fullmatch(text):
                return cls(word, int(match[1]))
        return cls(text)

    @property
    def bits(self) -> int | None:
        """b where the answer is known to 2^-b."""
        return None if self.word == "degree" else self.number

    @property
    def kind(self) -> str:
        """The grade whatever its number, for people."""
        return _KINDS.get(self.word, self.word)


def within(bits: int) -> Grade:
    """A bound within 2^-bits of the exact number."""
    return Grade("within", bits)


def enclosed_to(bits: int) -> Grade:
    """In a box of relative radius 2^-bits."""
    return Grade("enclosed", bits)


def of_degree(degree: int) -> Grade:
    """Exact, in a number field of this degree."""
    return Grade("degree", degree)


EXACT, LOWER_BOUND, UPPER_BOUND = Grade("exact"), Grade("lower bound"), Grade("upper bound")
UNIQUE, NOT_UNIQUE = Grade("unique"), Grade("not unique")
ALIGNED, NOT_ALIGNED = Grade("U-aligned"), Grade("not U-aligned")
NEARER, FARTHER = Grade("nearer"), Grade("farther")
FOR_ALL_K, ALL_THERE_IS, MORE = Grade("for all k"), Grade("all there is"), Grade("more")

NOT_CERTIFIED, NOT_COMPUTED = Grade("not certified"), Grade("not computed")
DOES_NOT_APPLY, FAILED = Grade("does not apply"), Grade("fault")
NO_CLAIM = NOT_CERTIFIED, NOT_COMPUTED, DOES_NOT_APPLY
"""Grades of findings without claims; one of the first may also have claims of a lesser bound."""
SILENT = NOT_COMPUTED, DOES_NOT_APPLY
"""Nothing was tried, for a reason that the note gives."""


GUARANTEE = Question("P1", "guarantee")
"""What is to be certified of every population at every k."""
KNOWN_OPTIMUM = Question("E16", "known-optimum")
"""The same where users did not say everything."""
LUCE_GUARANTEE = Question("E18", "guarantee")
"""The same where users pick by chance."""
GUARANTEES = GUARANTEE, KNOWN_OPTIMUM, LUCE_GUARANTEE
JOINT_OPTIMUM, NLHF = Question("E4", "joint-optimum"), Question("P4", "nlhf")
"""What the guarantee is held against first: the most that any k outputs win, and NLHF."""


class Bound(NamedTuple):
    """A number of a claim: what it is about is "=", ">=" or "<=" it."""

    relation: str
    value: Fraction


@dataclass(frozen=True)
class Certificate:
    """A claim and a witness for the checker; worth nothing until the checker accepts it.

    `population`: the one that it is about, as files hold it, unless that is the file's own."""

    claim: Json
    witness: Json
    population: Json | None = None

    def about(self, name: str, population: Json) -> Certificate:
        """The same of another population than the file's own, which the file lists by that name."""
        return replace(self, claim={**self.claim, "population": name}, population=population)

    @cached_property
    def statement(self) -> str:
        """The claim as canonical JSON; claims that say the same thing have the same."""
        return json.dumps(self.claim, sort_keys=True)


@dataclass(frozen=True)
class Finding:
    """What a theorem answers of a population at k (None: for all k at once), with the certificates
    that are its evidence.

    `value` is the exact number, or a bound, as `relation` says. No certificates: nothing was proved
    (the grade is one of NO_CLAIM, or FAILED), and `note` says why."""

    question: Question
    k: int | None
    relation: str
    value: Fraction | None
    grade: Grade
    certificates: tuple[Certificate, ...]
    note: str = ""

    @property
    def theorem(self) -> str:
        """The theorem's label."""
        return self.question.theorem

    @property
    def what(self) -> str:
        """The question without the label."""
        return self.question.what

    def without_claims(self) -> Finding:
        """The same without the claims, which take most of the memory."""
        f = self  # `replace` would take five times as long
        return Finding(f.question, f.k, f.relation, f.value, f.grade, (), f.note)

    @property
    def is_claimed(self) -> bool:
        """Whether a claim states the number, or the answer, that is reported; without claims,
        whether neither is reported."""
        claims = [certificate.claim for certificate in self.certificates]
        if not claims:
            return self.value is None and self.grade in NO_CLAIM
        if any(claim.get("k") != self.k for claim in claims):
            return False
        if self.value is None:
            return {_answer(claim) for claim in claims} == {self.grade}
        return number_of(claims) == (self.relation, self.value)

    @property
    def is_located(self) -> bool:
        """Whether all that is claimed are places of equilibria, so that the number is a radius."""
        return {certificate.claim.get("kind") for certificate in self.certificates} == {
            "equilibrium"
        }


def bound_note(finding: Finding) -> str:
    """The note, and how close a bound is."""
    close = [str(finding.grade)] if finding.grade.word == "within" else []
    return "; ".join(filter(None, [finding.note, *close]))


def without_claim(question: Question, k: int | None, grade: Grade, why: str) -> Finding:
    """The finding that nothing was claimed, and why; the grade is one of NO_CLAIM, or FAILED."""
    return Finding(question, k, "", None, grade, (), why)


def failed(theorem: str, k: int | None, error: Exception) -> Finding:
    """The finding that a theorem's certification broke down."""
    return Finding(Question(theorem, "fault"), k, "", None, FAILED, (), fault_note(error))


def fault_note(error: Exception) -> str:
    """What went wrong, in a line."""
    kind = "" if isinstance(error, FaultError) else f"{type(error).__name__}: "
    return f"fault: {kind}{str(error) or 'no message'}"


_RELATIONS = {"limit": "=", "product-opponents": ">=", "holdout": ">="}
"""By kinds of claims that name no relation, where it is not that of an upper bound."""


def relation_of(claim: Mapping[str, Any]) -> str:
    """How what a claim is about relates to its number: named in it, or implied by its kind."""
    return str(claim.get("relation", _RELATIONS.get(claim["kind"], "<=")))


_Claim = TypeVar("_Claim", bound=Mapping[str, Any])


def of_one_population(claims: Iterable[_Claim]) -> list[_Claim]:
    """The claims about the population that the first of them is about."""
    listed = list(claims)
    return [c for c in listed if c.get("population") == listed[0].get("population")]


NUMBERS = {"bound", "delta"}
"""Where claims have the number that they are about."""


def number_of(claims: Iterable[Mapping[str, Any]]) -> Bound | None:
    """The relation and the number of the claim that says most: an equality if there is one, or if
    bounds from both sides meet; else the first bound; None if none has a number. Where claims are
    about several populations, those about the first one's count."""
    stated = [bound for claim in of_one_population(claims) for bound in _bounds(claim)]
    for bound in stated if len(stated) > 1 else ():
        turned = {"<=": ">=", ">=": "<="}.get(bound.relation, "=")
        if Bound(turned, bound.value) in stated:
            return Bound("=", bound.value)
    return stated[0] if stated else None


def _bounds(claim: Mapping[str, Any]) -> list[Bound]:
    """The numbers of a claim, if it is about any. Of one about win rates at several k it is the
    price, the largest (k+1)(1 - rate), of the policy; or, where all policies are meant, the least
    there is."""
    if "nearer" in claim:  # the box is where the steps lead to
        return []
    if "rates" in claim:
        prices = [(k + 1) * (1 - Fraction(rate)) for k, rate in claim["rates"]]
        return [Bound("<=", max(prices)) if "policy" in claim else Bound(">=", min(prices))]
    return [Bound(relation_of(claim), _rational(claim[key])) for key in NUMBERS & claim.keys()]


def _rational(text: str) -> Fraction:
    """A rational as claims write it; Fraction by itself reads decimals as well, and takes twice as
    long."""
    return Fraction(*map(int, text.split("/")))


def _answer(claim: Json) -> Grade | None:
    """What a claim without a number says."""
    if "polynomial" in claim:
        return of_degree(len(claim["polynomial"]) - 1)
    if "nearer" in claim:
        return NEARER if claim["nearer"] else FARTHER
    if "unique" in claim:
        return UNIQUE if claim["unique"] else NOT_UNIQUE
    return None


@dataclass(frozen=True)
class Judged:
    """A finding on one prompt, its certificate file, and the checker's verdicts on its claims.

    `file` is None where nothing was claimed; `resumed`: the file is of an earlier run."""

    prompt: str
    finding: Finding
    file: Path | None
    verdicts: tuple[Verdict, ...]
    resumed: bool = False

    @property
    def verdict(self) -> str:
        """ACCEPTED if the checker accepted every claim and there is one; the first refusal; or
        "none" where nothing was claimed."""
        return overall(self.verdicts)

    @property
    def accepted(self) -> bool:
        """Whether the checker accepted every claim, and there is one."""
        return self.verdict == "ACCEPTED"

    @property
    def certified(self) -> bool:
        """Whether the finding holds for certain, at the grade that was asked for."""
        return self.accepted and self.finding.grade != NOT_CERTIFIED

    @property
    def broken(self) -> bool:
        """Whether something went wrong that never should: a fault, or a claim that is refused."""
        return self.finding.grade == FAILED or self.verdict in (FAULT, "REJECTED", "MALFORMED")

    @property
    def missed(self) -> bool:
        """Whether an answer that was to be had is missing: a fault, or a claim not accepted."""
        return self.finding.grade == FAILED or self.verdict not in ("ACCEPTED", "none")

    @property
    def wanting(self) -> bool:
        """Whether it stands in the way of calling a population certified: it is broken, or the
        guarantee, and not certified."""
        return self.broken or (self.finding.question in GUARANTEES and not self.certified)

    @property
    def claims(self) -> tuple[Json, ...]:
        """The finding's claims."""
        return tuple(certificate.claim for certificate in self.finding.certificates)

    @cached_property
    def number(self) -> Bound | None:
        """What the claims state; None where one is not accepted, or none has a number."""
        return number_of(self.claims) if self.accepted else None

    def accepted_claim(self, kind: str, **about: object) -> Json | None:
        """The first claim of this kind with these entries, if all claims are accepted, about the
        population that the first claim is about."""
        wanted = {"kind": kind, **about}
        claims = of_one_population(self.claims)
        found = (c for c in claims if all(c.get(key) == wanted[key] for key in wanted))
        return next(found, None) if self.accepted else None

    def worst_case(self, l: int = 1) -> Bound | None:
        """What a policy that a claim names wins, in the worst case, against l outputs, uniform
        ties: exactly ("=") or at least (">=")."""
        for relation in ("=", ">="):
            claim = self.accepted_claim("win-rate", l=l, ties="uniform", relation=relation)
            if claim is not None:
                return Bound(relation, Fraction(claim["bound"]))
        return None

    def optimum(self, cap: str, l: int = 1) -> Bound | None:
        """The number that a policy attains against l outputs, uniform ties, and that by another
        claim, of the kind `cap`, no policy exceeds."""
        about = {"l": l, "ties": "uniform"}
        claim = self.accepted_claim("win-rate", relation="=", **about)
        capped = claim and self.accepted_claim(cap, bound=claim["bound"], **about)
        return Bound("=", Fraction(capped["bound"])) if capped else None


JOINT, PRODUCT = "joint-upper-bound", "product-upper-bound"
"""Kinds of claims that cap what all k-output policies, or all product policies, win."""


class Tally(NamedTuple):
    """How many claims are accepted, of how many; "3/4"."""

    accepted: int
    claims: int

    def __str__(self) -> str:
        return f"{self.accepted}/{self.claims}"


def tally(judged: Iterable[Judged]) -> Tally:
    """How many of the findings' claims are accepted; findings may share claims."""
    verdicts = {(v.file, v.index): v for j in judged for v in j.verdicts}.values()
    return Tally(sum(verdict.accepted for verdict in verdicts), len(verdicts))
