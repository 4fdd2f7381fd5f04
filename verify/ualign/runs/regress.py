"""What has drifted since a folder of certificates was locked.

Every locked finding is worked out again, from the populations in the certificate files and the
options in their provenance, into certificates of its own, which are checked; and compared with the
manifest. Where a construction's population is certified, its closed forms are consulted as well.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from ualign.certificates.claims import POPULATION
from ualign.certificates.document import population_json, population_of, prompt_of, provenance_of
from ualign.certificates.findings import FAILED, Judged
from ualign.certificates.manifest import (
    NAME,
    LockedFinding,
    Manifest,
    Survey,
    differences,
    read_manifest,
    refusal,
    survey,
)
from ualign.constructions import construction_of, disagreements
from ualign.errors import InputError
from ualign.model.population import Population
from ualign.model.uniform_rankings import UniformRankings
from ualign.runs.certify import Options, Progress, certify_prompt
from ualign.runs.drift import Drift, Setting, Side, drifts
from ualign.theorems import THEOREMS

MOST_DIFFERENCES = 20
"""Beyond so many a message counts the others."""


@dataclass(frozen=True)
class Recomputation:
    """One population to be certified again with one set of options; `files` holds the locked files
    with their numbers of outputs (None: for all of them at once)."""

    instance: str
    population: Population | UniformRankings
    options: Options
    files: list[tuple[int | None, str]] = field(default_factory=list)

    @property
    def ks(self) -> list[int]:
        """The numbers of outputs."""
        return sorted({k for k, _ in self.files if k is not None})


@dataclass(frozen=True)
class Locked:
    """A folder that is as it was locked: its manifest and what can be asked again. `refused` are
    claims that the checker does not accept now, `unasked` files that say of no recomputation."""

    manifest: Manifest
    recomputations: tuple[Recomputation, ...]
    refused: tuple[str, ...]
    unasked: tuple[str, ...]

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
    recomputations, unasked = _recomputations(found)
    return Locked(manifest, recomputations, refused, unasked)


def _recomputations(found: Survey) -> tuple[tuple[Recomputation, ...], tuple[str, ...]]:
    recomputations: dict[str, Recomputation] = {}
    unasked = []
    for file, document in found.documents.items():
        asked, populations = provenance_of(document).get("asked"), document["populations"]
        if asked is None or set(populations) != {POPULATION}:
            unasked.append(file)
            continue
        k, options = _options(file, asked)
        instance = (Path(file).parent / prompt_of(document, Path(file))).as_posix()
        key = json.dumps([instance, populations, {**asked, "k": None}], sort_keys=True)
        if key not in recomputations:
            population = population_of(populations[POPULATION])
            recomputations[key] = Recomputation(instance, population, options)
        recomputations[key].files.append((k, file))
    return tuple(recomputations.values()), tuple(unasked)


def _options(file: str, asked: Any) -> tuple[int | None, Options]:
    try:
        wanted = {**asked, "opponents": (*asked["opponents"],), "theorems": (*asked["theorems"],)}
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


def regress(locked: Locked, progress: Progress = lambda text, done: None) -> Regression:
    """Work out every locked finding again and compare.

    There are `locked.steps` steps of progress. A theorem that fails, and a claim that the checker
    refuses, is reported, and the comparison goes on."""
    drifted: list[Drift] = []
    not_certified = [*locked.refused]
    compared = 0
    for recomputation in locked.recomputations:
        evidence = _certified_again(recomputation, progress)
        for k, file in recomputation.files:
            was = [Side.locked(f, kinds) for f, kinds in _with_kinds(locked.manifest, file)]
            here = [e for e in evidence if e.finding.k == k]
            now = [Side.found(e) for e in here if e.finding.grade != FAILED]
            failed = {f.theorem: f.note for f in (e.finding for e in here) if f.grade == FAILED}
            setting = Setting(recomputation.instance, k, recomputation.options.bits)
            drifted += drifts(setting, was, now, failed)
            drifted += _at_odds(recomputation, here)
            not_certified += [_failure(recomputation, e) for e in here if e.broken]
            compared += len(was)
    return Regression(tuple(drifted), tuple(not_certified), compared)


def _certified_again(recomputation: Recomputation, progress: Progress) -> list[Judged]:
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


def _with_kinds(manifest: Manifest, file: str) -> Iterator[tuple[LockedFinding, list[str]]]:
    """The findings of a file with the kinds of their claims."""
    kinds = iter([claim.kind for claim in manifest.claims if claim.file == file])
    for finding in manifest.findings:
        if finding.file == file:
            yield finding, [*islice(kinds, finding.claims)]


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
