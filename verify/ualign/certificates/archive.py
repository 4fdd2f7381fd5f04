"""What certificate files state and the checker accepts, with the labels that their writer gave.

A number comes from a claim, never from a label: the claim is read here once more, and it has to be,
by its SHA-256, the one that the checker judged. Labels (theorem, question, the file's name) only
say where a number is shown.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, NamedTuple

from ualign.certificates.checking import Verdict, stream_verdicts
from ualign.certificates.document import (
    asked_k,
    findings_of,
    prompt_of,
    provenance_of,
    read_document,
)
from ualign.certificates.findings import Question, relation_of
from ualign.errors import FaultError

Json = Mapping[str, Any]

COUNTEREXAMPLES = "counterexamples"
"""Files in a folder of this name are about populations that refute something."""

JOINT, PRODUCT = "joint-upper-bound", "product-upper-bound"


class Bound(NamedTuple):
    """A number of an accepted claim: what is stated is "=", ">=" or "<=" it."""

    relation: str
    value: Fraction


@dataclass(frozen=True)
class Statement:
    """An answer to one question on one population at k (None: for all k), and what the checker
    said of each of its claims. `question` is None where the file's writer names none. `conjecture`:
    what the file is said to refute."""

    instance: str
    population: Json
    question: Question | None
    k: int | None
    claims: tuple[Json, ...]
    verdicts: tuple[Verdict, ...]
    path: Path
    conjecture: str = ""

    @property
    def theorem(self) -> str:
        """The label of the theorem that answers; "" where the file's writer names none."""
        return "" if self.question is None else self.question.theorem

    @property
    def what(self) -> str:
        """The question, or the kind of claim where none is named."""
        return str(self.claims[0]["kind"]) if self.question is None else self.question.what

    @property
    def accepted(self) -> bool:
        """Whether the checker accepted every claim."""
        return all(verdict.accepted for verdict in self.verdicts)

    @cached_property
    def number(self) -> Bound | None:
        """The relation and the number of the claim that says most: an equality if there is one,
        else the first bound. None where a claim is not accepted, or none has a number."""
        if not self.accepted:
            return None
        stated = [Bound(relation_of(c), Fraction(c["bound"])) for c in self.claims if "bound" in c]
        return next((s for s in stated if s.relation == "="), stated[0] if stated else None)

    def accepted_claim(self, kind: str, **about: object) -> Json | None:
        """The first claim of this kind with these entries, if all claims are accepted."""
        wanted = {"kind": kind, **about}
        found = (c for c in self.claims if all(c.get(key) == wanted[key] for key in wanted))
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


@dataclass(frozen=True)
class Archive:
    """All statements of the files below a directory, in the files' order, and all verdicts."""

    root: Path
    files: tuple[Path, ...]
    statements: tuple[Statement, ...]
    verdicts: tuple[Verdict, ...]

    @property
    def refused(self) -> list[Verdict]:
        """The verdicts other than ACCEPTED."""
        return [verdict for verdict in self.verdicts if not verdict.accepted]

    @cached_property
    def instances(self) -> dict[str, list[Statement]]:
        """The statements by instance."""
        found: dict[str, list[Statement]] = {}
        for statement in self.statements:
            found.setdefault(statement.instance, []).append(statement)
        return found

    def is_counterexample(self, instance: str) -> bool:
        """Whether its files name a conjecture, or lie in a folder for counterexamples."""
        base, own = self.root.resolve().parent, self.instances[instance]
        folders = (s.path.resolve().relative_to(base).parent.parts for s in own)
        return any(s.conjecture for s in own) or any(COUNTEREXAMPLES in f for f in folders)

    def about(self, theorem: str, name: str = "") -> list[Statement]:
        """The accepted answers of this theorem (to questions of this name), on any instance."""
        return [
            s
            for s in self.statements
            if s.accepted and s.theorem == theorem and s.question and name in ("", s.question.name)
        ]


def read_archive(root: Path, files: Sequence[Path]) -> Archive:
    """Run the checker over the files and read what they state.

    Raises CheckerFaultError if the checker gives no verdict, FaultError if a file is not what was
    checked."""
    verdicts = tuple(stream_verdicts(files))
    judged: dict[str, dict[int, Verdict]] = {}
    for verdict in verdicts:
        if verdict.index is not None:
            judged.setdefault(verdict.file, {})[verdict.index] = verdict
    statements = [
        statement for file in files for statement in _read(root, file, judged.get(str(file), {}))
    ]
    return Archive(root, tuple(files), tuple(_told_apart(statements)), verdicts)


def _read(root: Path, file: Path, judged: Mapping[int, Verdict]) -> Iterator[Statement]:
    if not judged:  # the file as a whole was refused
        return
    document = read_document(file)
    try:
        claims = [entry["claim"] for entry in (document or {})["certificates"]]
        populations = (document or {})["populations"]
    except (LookupError, TypeError):
        raise FaultError(f"{file}: changed while it was read") from None
    if document is None or sorted(judged) != list(range(len(claims))):
        raise FaultError(f"{file}: {len(claims)} claims, but verdicts on {len(judged)}")
    for index, claim in enumerate(claims):
        if judged[index].accepted and judged[index].sha256 != _sha256(claim, populations):
            raise FaultError(f"{file}: claim {index} is not the one that was checked")
    folder = file.relative_to(root).parent.as_posix() if file.is_relative_to(root) else ""
    place = f"{folder}/{prompt_of(document, file)}"
    conjecture = provenance_of(document).get("conjecture")
    for question, own in _questions(document, claims):
        verdicts = tuple(judged[index] for index in own)
        stated = tuple(_known(claims[index]) for index in own)
        accepted = all(verdict.accepted for verdict in verdicts)  # the claim is well formed, then
        yield Statement(
            place,
            populations[stated[0]["population"]] if accepted else {},
            question,
            stated[0].get("k") if accepted else asked_k(document),
            stated,
            verdicts,
            file,
            conjecture if isinstance(conjecture, str) else "",
        )


def _known(claim: object) -> Json:
    """The claim; a refused one may be anything, and nothing of it is shown."""
    return claim if isinstance(claim, dict) and "kind" in claim else {"kind": "unknown"}


def _questions(document: Json, claims: Sequence[Any]) -> Iterator[tuple[Question | None, range]]:
    """The questions and their claims' numbers, as the writer says; claim by claim and without a
    question where he says nothing that fits."""
    findings = [finding for finding in findings_of(dict(document)) if finding.certificates]
    ends = [*accumulate((len(finding.certificates) for finding in findings), initial=0)]
    about = [claims[first:last] for first, last in pairwise(ends)]
    if not findings or not all(map(_is_one_question, about)):
        yield from ((None, range(index, index + 1)) for index in range(len(claims)))
    else:
        for finding, (first, last) in zip(findings, pairwise(ends), strict=True):
            yield finding.question, range(first, last)


def _is_one_question(claims: Sequence[Any]) -> bool:
    """Whether the claims are about one population and one k (a malformed claim is about any)."""
    known = [claim for claim in claims if isinstance(claim, dict)]
    return all(len({json.dumps(c.get(key)) for c in known}) <= 1 for key in ("population", "k"))


def _told_apart(statements: Sequence[Statement]) -> Iterator[Statement]:
    """With the shortest names that tell instances apart: the folder where two have the same file
    name, and a hash where a name stands for several populations."""
    hashes = [_digest(s.population)[:8] for s in statements]
    pairs = zip(statements, hashes, strict=True)
    contents = Counter(place for place, _ in {(s.instance, h) for s, h in pairs if s.accepted})
    places = Counter({s.instance: s.instance.rpartition("/")[2] for s in statements}.values())
    for statement, digest in zip(statements, hashes, strict=True):
        place, name = statement.instance, statement.instance.rpartition("/")[2]
        shown = name if places[name] == 1 else place.removeprefix("./")
        ending = f" [{digest}]" if contents[place] > 1 and statement.accepted else ""
        yield replace(statement, instance=shown + ending)


def _sha256(claim: Json, populations: Json) -> str:
    """The digest with which the checker binds a claim to its population's contents (SPEC.md)."""
    return _digest({**claim, "population": _digest(populations[claim["population"]])})


def _digest(value: object) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()
