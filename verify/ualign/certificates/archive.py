"""What certificate files state and the checker accepts, with the labels that their writer gave.

A number comes from a claim, never from a label: the claim is read here once more, and it has to be,
by its SHA-256, the one that the checker judged. Labels (theorem, question, the file's name) only
say where a number is shown.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from ualign.certificates.checking import Verdict, stream_verdicts
from ualign.errors import FaultError

Json = Mapping[str, Any]

COUNTEREXAMPLES = "counterexamples"
"""Files in a folder of this name are about populations that refute something."""

JOINT, PRODUCT = "joint-upper-bound", "product-upper-bound"
_LABEL = re.compile("[PE][1-9][0-9]?")
"""A theorem's."""
_CAPS = JOINT, PRODUCT, "nlhf-ceiling", "dictatorship-distance"


class Bound(NamedTuple):
    """A number of an accepted claim: what is stated is "=", ">=" or "<=" it."""

    relation: str
    value: Fraction


@dataclass(frozen=True)
class Statement:
    """An answer to one question on one population at k (None: for all k), and what the checker
    said of each of its claims. `theorem` is empty where the file's writer names none that is
    known; `what` is then the kind of claim. `conjecture`: what the file is said to refute."""

    instance: str
    population: Json
    theorem: str
    what: str
    k: int | None
    claims: tuple[Json, ...]
    verdicts: tuple[Verdict, ...]
    path: Path
    conjecture: str = ""

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
        stated = [Bound(_relation(c), Fraction(c["bound"])) for c in self.claims if "bound" in c]
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

    def about(self, theorem: str, what: str = "") -> list[Statement]:
        """The accepted statements with this label, on any instance."""
        return [
            s
            for s in self.statements
            if s.accepted and s.theorem == theorem and s.what.startswith(what)
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
    try:
        document = json.loads(file.read_bytes())
        populations, entries = document["populations"], document["certificates"]
        claims = [entry["claim"] for entry in entries]
    except (OSError, ValueError, LookupError, TypeError):
        raise FaultError(f"{file}: changed while it was read") from None
    if sorted(judged) != list(range(len(claims))):
        raise FaultError(f"{file}: {len(claims)} claims, but verdicts on {len(judged)}")
    for index, claim in enumerate(claims):
        if judged[index].accepted and judged[index].sha256 != _sha256(claim, populations):
            raise FaultError(f"{file}: claim {index} is not the one that was checked")
    stem = re.sub(r"\.(k[0-9]+|all-k|compare)$", "", file.name.removesuffix(".cert.json"))
    folder = file.relative_to(root).parent.as_posix() if file.is_relative_to(root) else ""
    provenance = document.get("provenance")
    conjecture = provenance.get("conjecture") if isinstance(provenance, dict) else None
    conjecture = conjecture if isinstance(conjecture, str) else ""
    for theorem, what, own in _labelled(provenance, claims):
        said = tuple(judged[index] for index in own)
        stated = tuple(_known(claims[index]) for index in own)
        accepted = all(verdict.accepted for verdict in said)  # then the claim is well formed
        population = populations[stated[0]["population"]] if accepted else {}
        k = stated[0].get("k") if accepted else _k_of(file)
        place = f"{folder}/{stem}"
        yield Statement(place, population, theorem, what, k, stated, said, file, conjecture)


def _k_of(file: Path) -> int | None:
    """The k of the file's name: all that is shown of a claim that is refused."""
    found = re.search(r"\.k([0-9]{1,6})\.cert\.json$", file.name, re.ASCII)
    return int(found[1]) if found else None


def _known(claim: object) -> Json:
    """The claim; a refused one may be anything, and nothing of it is shown."""
    return claim if isinstance(claim, dict) and "kind" in claim else {"kind": "unknown"}


def _labelled(provenance: object, claims: Sequence[Any]) -> Iterator[tuple[str, str, range]]:
    """Theorem, question and the claims' numbers, as the writer says; claim by claim and without
    labels where it says nothing that fits."""
    findings = provenance.get("findings") if isinstance(provenance, dict) else None
    labels: list[tuple[str, str, int]] = []
    try:
        for note in findings or ():
            theorem, what, size = note["theorem"], note["what"], note["claims"]
            if not _LABEL.fullmatch(theorem) or not isinstance(what, str) or size < 0:
                raise ValueError(theorem)
            labels.append((theorem, what, size))
    except (TypeError, LookupError, ValueError):
        labels = []
    ends = [0]
    for _, _, size in labels:
        ends.append(ends[-1] + size)
    about = [claims[first:last] for first, last in pairwise(ends)]
    if ends[-1] != len(claims) or not all(map(_is_one_question, about)):
        for index, claim in enumerate(claims):
            yield "", str(_known(claim)["kind"]), range(index, index + 1)
        return
    for (theorem, what, size), end in zip(labels, ends[1:], strict=True):
        if size:
            yield theorem, what, range(end - size, end)


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


def _relation(claim: Json) -> str:
    """How the claim relates to its bound."""
    implied = "<=" if claim["kind"] in _CAPS else "="
    return str(claim.get("relation", implied))


def _sha256(claim: Json, populations: Json) -> str:
    """The digest with which the checker binds a claim to its population's contents (SPEC.md)."""
    return _digest({**claim, "population": _digest(populations[claim["population"]])})


def _digest(value: object) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()
