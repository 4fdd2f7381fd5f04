"""What has drifted since a folder of certificates was locked.

Every locked finding is worked out again, from the populations in the certificate files and the
options in their provenance, into certificates of its own, which are checked; and compared with the
manifest. Where a construction's population is certified, its closed forms are consulted as well.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from ualign.certificates.claims import POPULATION
from ualign.certificates.document import (
    is_shard,
    placed_by_population,
    population_json,
    population_of,
    prompt_of,
    provenance_of,
)
from ualign.certificates.findings import EXACT, FAILED, GUARANTEE, Finding, Json, Judged, Question
from ualign.certificates.manifest import (
    NAME,
    Survey,
    differences,
    read_manifest,
    refusal,
    survey,
)
from ualign.constructions import construction_of, disagreements
from ualign.errors import InputError
from ualign.model.any_population import AnyPopulation
from ualign.runs.certify import METHODS_ASKED, OnStep, Options, certify_prompt
from ualign.theorems import THEOREMS
from ualign.theorems.tolerance import Setting

MOST_DIFFERENCES = 20
"""Beyond so many a message counts the others."""


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
class Recomputation:
    """One population to be certified again with one set of options; `files` holds the locked files
    with their numbers of outputs (None: for all of them at once)."""

    instance: str
    population: AnyPopulation
    options: Options
    files: list[tuple[int | None, str]] = field(default_factory=list)
    name: str = POPULATION
    """What the files call the population."""

    @property
    def ks(self) -> list[int]:
        """The numbers of outputs."""
        return sorted({k for k, _ in self.files if k is not None})


@dataclass(frozen=True)
class Locked:
    """A folder that is as it was locked: its findings by file and population, and what can be asked
    again. `refused` are claims that the checker does not accept now, `unasked` files that say of no
    recomputation; a conjecture's `counterexamples` are their claims, and want none."""

    findings: Mapping[tuple[str, str], tuple[Finding, ...]]
    recomputations: tuple[Recomputation, ...]
    refused: tuple[str, ...]
    unasked: tuple[str, ...]
    counterexamples: int

    @property
    def steps(self) -> int:
        """The steps of progress that asking again takes."""
        return sum(len(recomputation.ks) + 2 for recomputation in self.recomputations)


@dataclass(frozen=True)
class Regression:
    """What drifted, and what is not certified: refused claims and theorems that failed."""

    drifts: tuple[Drift, ...]
    not_certified: tuple[str, ...]
    findings: int
    """How many locked findings were compared."""


def read_locked(directory: Path) -> Locked:
    """Read the manifest and make sure that the files below the directory are those it names.

    Raises InputError if there is no manifest, a file or claim is missing, changed or new, or a
    file asks what cannot be asked."""
    manifest = read_manifest(directory / NAME)
    found = survey(directory)
    if wrong := differences(manifest, found):
        rest = len(wrong) - MOST_DIFFERENCES
        shown = "; ".join(wrong[:MOST_DIFFERENCES]) + (f"; and {rest} more" if rest > 0 else "")
        raise InputError(f"{directory} is not as it was locked: {shown}")
    refused = tuple(map(refusal, found.refused))
    recomputations, unasked, counterexamples = _recomputations(found)
    findings: dict[tuple[str, str], tuple[Finding, ...]] = {}
    for file, document in found.documents.items():
        for name, finding, _ in placed_by_population(document):
            findings[file, name] = (*findings.get((file, name), ()), finding)
    return Locked(findings, recomputations, refused, unasked, counterexamples)


def _recomputations(found: Survey) -> tuple[tuple[Recomputation, ...], tuple[str, ...], int]:
    """What can be asked again, the files of which nothing can, and the number of counterexamples
    besides."""
    recomputations: dict[str, Recomputation] = {}
    unasked, counterexamples = [], 0
    for file, document in found.documents.items():
        asked, populations = provenance_of(document).get("asked"), document["populations"]
        shard = is_shard(document)
        own = POPULATION in populations or shard
        if "conjecture" in provenance_of(document):
            counterexamples += 1
            continue
        if asked is None or METHODS_ASKED in asked or not own:
            unasked.append(file)
            continue
        if shard:
            for again in _of_shard(file, asked, populations):
                recomputations[f"{file} {again.name}"] = again
            continue
        k, options = _options(file, asked)
        instance = (Path(file).parent / prompt_of(document, Path(file))).as_posix()
        own = populations[POPULATION]
        key = json.dumps([instance, own, {**asked, "k": None}], sort_keys=True)
        population = population_of(own)
        if key not in recomputations:
            recomputations[key] = Recomputation(instance, population, options)
        recomputations[key].files.append((k, file))
    return tuple(recomputations.values()), tuple(unasked), counterexamples


def _of_shard(file: str, asked: Json, populations: Json) -> Iterator[Recomputation]:
    """The recomputations of all prompts in a shard."""
    try:
        wanted = {key: value for key, value in asked.items() if key != "ks"}
        ks = [_options(file, {**wanted, "k": k})[0] for k in (*asked["ks"], None)]
    except (TypeError, LookupError):
        raise InputError(f"{file}: its provenance asks nothing that is known") from None
    _, options = _options(file, {**wanted, "k": None})
    for name, contents in populations.items():
        instance = (Path(file).parent / name).as_posix()
        files = [(k, file) for k in ks]
        yield Recomputation(instance, population_of(contents), options, files, name)


def _options(file: str, asked: Any) -> tuple[int | None, Options]:
    try:
        lists = {key: (*asked[key],) for key in ("opponents", "theorems", "rules") if key in asked}
        wanted = {**asked, **lists}
        k, options = wanted.pop("k"), Options(**wanted)
        if unknown := set(options.theorems) - set(THEOREMS):
            raise InputError(f"there is no theorem {min(unknown)}")
        if k is not None and not (isinstance(k, int) and k >= 1):
            raise InputError(f"k = {k!r}")
    except InputError as error:
        raise InputError(f"{file}: asks what cannot be asked: {error}") from None
    except (TypeError, LookupError):
        raise InputError(f"{file}: its provenance asks nothing that is known") from None
    return k, options


def regress(locked: Locked, progress: OnStep = lambda text, done: None) -> Regression:
    """Work out every locked finding again and compare.

    There are `locked.steps` steps of progress. A theorem that fails, and a claim that the checker
    refuses, is reported, and the comparison goes on."""
    drifted: list[Drift] = []
    not_certified = [*locked.refused]
    compared = 0
    for recomputation in locked.recomputations:
        evidence = _certified_again(recomputation, progress)
        for k, file in recomputation.files:
            locked_here = locked.findings.get((file, recomputation.name), ())
            was = [finding for finding in locked_here if finding.k == k]
            here = [judged for judged in evidence if judged.finding.k == k]
            bits = recomputation.options.bits
            drifted += drifts(recomputation.instance, k, bits, was, here)
            drifted += _at_odds(recomputation, here)
            not_certified += [_failure(recomputation, e) for e in here if e.broken]
            compared += len(was)
    return Regression(tuple(drifted), tuple(not_certified), compared)


def _certified_again(recomputation: Recomputation, progress: OnStep) -> list[Judged]:
    """The evidence from a directory of its own, where there is nothing to be resumed."""
    with tempfile.TemporaryDirectory(prefix="ualign-") as directory:
        return certify_prompt(
            recomputation.instance,
            recomputation.population,
            recomputation.ks,
            Path(directory),
            recomputation.options,
            progress,
        )


def drifts(
    instance: str, k: int | None, bits: int, was: Sequence[Finding], now: Sequence[Judged]
) -> Iterator[Drift]:
    """What drifted on an instance at k, finding by finding; `bits` were asked for."""
    before = {finding.question: finding for finding in was}
    after = {j.finding.question: j for j in now if j.finding.grade != FAILED}
    failures = {j.finding.theorem: j.finding.note for j in now if j.finding.grade == FAILED}
    radii = _radius(was), _radius([j.finding for j in now])
    radius = None if radii[0] is None or radii[1] is None else radii[0] + radii[1]
    setting = Setting(bits, radius)
    for question in before | after:
        old, new = before.get(question), after.get(question)
        if old and new:
            parts = ", ".join(_changed(old, new.finding, setting))
        else:
            parts = "missing" if old else "new"
        if parts:
            gone = failures.get(question.theorem, "not found")
            texts = _shown(old) if old else "not found", _shown_now(new) if new else gone
            yield Drift(question.theorem, instance, k, question.what, parts, *texts)


def _shown(finding: Finding) -> str:
    number = "" if finding.value is None else f"{finding.relation} {finding.value}, "
    return f"{number}{finding.grade} ({', '.join(_kinds(finding)) or 'no claims'})"


def _shown_now(judged: Judged) -> str:
    refused = judged.verdict not in ("ACCEPTED", "none")
    return _shown(judged.finding) + f", but {judged.verdict} by the checker" * refused


def _kinds(finding: Finding) -> list[str]:
    """The kinds of a finding's claims."""
    return sorted({certificate.claim["kind"] for certificate in finding.certificates})


def _radius(findings: Sequence[Finding]) -> Fraction | None:
    """Of the box around the equilibrium, 0 where that is exact; None where nothing says it."""
    for finding in findings:
        if finding.question == Question("P2", "equilibrium") and finding.value is not None:
            return finding.value
        if (finding.question, finding.grade) == (GUARANTEE, EXACT):
            return Fraction(0)
    return None


def _changed(old: Finding, new: Finding, setting: Setting) -> Iterator[str]:
    """The parts of a finding that are not what they have to be."""
    theorem = THEOREMS.get(old.theorem)
    tolerance = theorem.tolerance if theorem else None
    allowed = tolerance.allowed(old, new, setting) if tolerance else Fraction(0)
    if old.relation != new.relation:
        yield "relation"
    if not _is_near(old.value, new.value, allowed):
        yield "value"
    if not (_is_no_worse(old, new, setting) if tolerance else old.grade == new.grade):
        yield "evidence"
    if _kinds(old) != _kinds(new):
        yield "claims"


def _is_near(old: Fraction | None, new: Fraction | None, allowed: Fraction | None) -> bool:
    if old is None or new is None:
        return old is new
    return allowed is None or abs(old - new) <= allowed


def _is_no_worse(old: Finding, new: Finding, setting: Setting) -> bool:
    """Whether the kind of evidence is the same, and as precise as it was or as was asked for."""
    if old.grade.kind != new.grade.kind:
        return False
    if old.grade.bits is None or new.grade.bits is None:
        return True
    return new.grade.bits >= min(old.grade.bits, setting.bits)


def _at_odds(recomputation: Recomputation, evidence: Sequence[Judged]) -> Iterator[Drift]:
    """Numbers that contradict a closed form, where the population is a construction's."""
    label = recomputation.instance.rpartition("/")[2]
    known = construction_of(label)
    if known is None:
        return
    construction, parameters = known
    if population_json(construction.build(**parameters)) != population_json(
        recomputation.population
    ):
        return  # it only has the name
    for e in evidence:
        for wrong in disagreements([(label, e.finding)]) if e.certified else ():
            f = e.finding
            was, now = f"the closed form is {wrong.exact}", f"{f.relation} {f.value}, {f.grade}"
            yield Drift(f.theorem, recomputation.instance, f.k, f.what, "closed form", was, now)


def _failure(recomputation: Recomputation, evidence: Judged) -> str:
    """What went wrong with a finding, in a line."""
    f = evidence.finding
    place = "all k" if f.k is None else f"k = {f.k}"
    refused = [f"{v.verdict}: {v.code}, {v.detail}" for v in evidence.verdicts if not v.accepted]
    return f"{f.theorem} {f.what} at {recomputation.instance}, {place}: {(refused or [f.note])[0]}"
