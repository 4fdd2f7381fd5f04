"""Certifying populations into a directory of certificate files: written, resumed, checked.

One file a prompt and k, each with what the theorems say there. A file of an earlier, interrupted
run with the same population and options is used again, unless everything is to be made anew; the
checker goes over it all the same. What fails for one theorem, k or file is reported as a fault of
that one, and the others go on. What methods of the user's own guarantee is in files beside them,
which are always made anew: nobody knows whether a rule is still what it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from ualign.certificates.checking import Verdict, check_files
from ualign.certificates.document import (
    DIGITS,
    certificate_bytes,
    distinct,
    findings_json,
    findings_of,
    provenance_by,
    provenance_of,
    read_document,
    write_certificates,
)
from ualign.certificates.findings import (
    NOT_CERTIFIED,
    Certificate,
    Finding,
    Json,
    Judged,
    failed,
    without_claim,
)
from ualign.errors import FaultError, InputError, option
from ualign.exact.algebraic import DEGREE_LIMIT
from ualign.exact.instance import BITS, JOINT_LIMIT, OPPONENTS, Instance, PartialInstance
from ualign.exact.method import Method
from ualign.exact.self_play import DYNAMICS
from ualign.files import file_name
from ualign.formats.reading import Reading
from ualign.model.any_population import AnyPopulation
from ualign.model.luce import LucePopulation
from ualign.model.partial_orders import PartialPopulation, UserPopulation
from ualign.model.uniform_rankings import UniformRankings
from ualign.runs.folder import source_in
from ualign.theorems import (
    THEOREMS,
    Task,
    tasks,
    tasks_by_orbits,
    tasks_of_luce,
    tasks_of_methods,
    tasks_of_methods_on_partial,
    tasks_of_partial,
)

OnStep = Callable[[str, int], None]
"""Called with what happens next and the number of steps just done."""

MOST_BITS = 10_000
BULK_DEGREE = 0
"""On data sets no equilibria are looked for in algebraic numbers (see `Options.degree`): with them
the work is nearly half as much again, for numbers that no summary shows."""
METHODS_ASKED = "methods"
"""Where the provenance names methods of the user's own, which only she can run again."""


@dataclass(frozen=True)
class Options:
    """What a certification was asked for."""

    bits: int = BITS
    joint_limit: int = JOINT_LIMIT
    opponents: tuple[int, ...] = OPPONENTS
    iterates: bool = False
    theorems: tuple[str, ...] = tuple(THEOREMS)
    rules: tuple[str, ...] = ()
    degree: int = DEGREE_LIMIT

    def __post_init__(self) -> None:
        if not 1 <= self.bits <= MOST_BITS:
            raise InputError(f"{option('bits', self.bits)}: expected 1 to {MOST_BITS}")
        if self.joint_limit < 0:
            given = option("joint_limit", self.joint_limit)
            raise InputError(f"{given}: expected 0 or more multisets")
        if min(self.opponents, default=2) < 2:
            given = option("opponents")
            raise InputError(
                f"{given}: expected sizes of 2 and more; single responses are always met"
            )
        if unknown := {*self.rules} - {*DYNAMICS}:
            raise InputError(f"no rule {min(unknown, key=str)!r}; there are {', '.join(DYNAMICS)}")

    def partial_instance(self, population: PartialPopulation) -> PartialInstance:
        """The population with those of these options that are about partial orders."""
        return PartialInstance(
            population, bits=self.bits, joint_limit=self.joint_limit, opponents=self.opponents
        )

    def instance(self, population: UserPopulation) -> Instance:
        """The population with these options; its users have to have said everything."""
        if isinstance(population, PartialPopulation):
            ways = f"{option('missing', 'tied-last')} or {option('missing', 'drop-user')}"
            raise InputError(f"some users left responses out, and what they meant is open; {ways}")
        return Instance(
            population,
            bits=self.bits,
            joint_limit=self.joint_limit,
            opponents=self.opponents,
            iterates=self.iterates,
            rules=self.rules,
            degree=self.degree,
        )


class FilePart(NamedTuple):
    """What a certificate file of a prompt is about: k outputs (None: all k at once), by the
    theorems, or by methods of the user's `own`."""

    k: int | None
    own: bool = False

    def path(self, directory: Path, prompt: str) -> Path:
        """Where it is."""
        if self.own:
            return directory / file_name(prompt, f"methods-k{self.k}" if self.k else "methods")
        return directory / file_name(prompt, self.k or "all-k")


def parts_of(
    ks: Sequence[int], methods: Sequence[Method] = (), all_k: bool = True
) -> list[FilePart]:
    """The files of a prompt, in order."""
    every = (*ks, *[None] * all_k)
    return [FilePart(k, own) for own in (False, True)[: 1 + bool(methods)] for k in every]


def certify_prompt(
    prompt: str,
    population: AnyPopulation,
    ks: Sequence[int],
    directory: Path,
    options: Options,
    progress: OnStep = lambda text, done: None,
    *,
    reading: Reading | None = None,
    resume: bool = True,
    methods: Sequence[Method] = (),
    all_k: bool = True,
) -> list[Judged]:
    """Certify one prompt for every k, and for all k at once unless `all_k` is false, into
    `directory`, check the files, and return the evidence; without `resume` every file is made
    anew. The provenance keeps of `reading` which file the population is from and how that was
    understood. `methods` of the user's own are certified as well; they may differ from prompt to
    prompt. There is a step of progress for each of `parts_of`, and one more."""
    if isinstance(population, PartialPopulation):
        population = population.completed() or population
    parts = parts_of(ks, methods, all_k)
    paths = {part: part.path(directory, prompt) for part in parts}
    source, understood = source_in(directory, reading), reading.as_json() if reading else None
    recorded = {p: _provenance(prompt, p, options, understood, methods) for p in parts}
    kept = {
        part: _resumed(paths[part], population, recorded[part]) if resume and not part.own else None
        for part in parts
    }
    found: dict[FilePart, list[Finding]] = {}
    ask = asking(population, options, methods)
    for part, findings in kept.items():
        step = f"{prompt}: {f'k = {part.k}' if part.k else 'all k'}"
        progress(step, 0)
        found[part] = findings or [*findings_at(ask(part), part.k)]
        if not findings:
            _write(paths[part], population, found[part], source | recorded[part])
        progress(step, 1)
    progress(f"{prompt}: checking", 0)
    verdicts = _checked(paths, found)
    costly = {p for p, judged in verdicts.items() if any(map(is_over_budget, chain(*judged)))}
    for part in costly:
        found[part] = [*map(affordable, found[part], verdicts[part])]
        paths[part].unlink(missing_ok=True)
        _write(paths[part], population, found[part], source | recorded[part])
    verdicts |= _checked(paths, {part: found[part] for part in costly})
    judged = [
        Judged(prompt, finding, paths[part] if seen else None, seen, bool(kept[part]))
        for part, findings in found.items()
        for finding, seen in zip(findings, verdicts[part], strict=True)
    ]
    progress(f"{prompt}: checked", 1)
    return judged


def asking(
    population: AnyPopulation, options: Options, methods: Sequence[Method]
) -> Callable[[FilePart], Iterator[tuple[str, Task]]]:
    """The tasks of each part."""
    if isinstance(population, UniformRankings):
        if methods:
            raise InputError("methods of one's own need users that are listed one by one")
        return lambda part: tasks_by_orbits(population, part.k, options.theorems)
    if isinstance(population, PartialPopulation):
        known = options.partial_instance(population)

        def ask_known(part: FilePart) -> Iterator[tuple[str, Task]]:
            if part.own:
                return tasks_of_methods_on_partial(known, part.k, methods)
            return tasks_of_partial(known, part.k, options.theorems)

        return ask_known
    if isinstance(population, LucePopulation):
        if methods:
            raise InputError("methods of one's own need users with rankings")
        return lambda part: tasks_of_luce(population, part.k, options.theorems)
    instance = options.instance(population)

    def ask(part: FilePart) -> Iterator[tuple[str, Task]]:
        if part.own:
            return tasks_of_methods(instance, part.k, methods)
        return tasks(instance, part.k, options.theorems)

    return ask


def _checked(
    paths: Mapping[FilePart, Path], found: Mapping[FilePart, Sequence[Finding]]
) -> dict[FilePart, list[tuple[Verdict, ...]]]:
    """The checker's verdicts on each finding's claims."""
    filed = {part: distinct(findings) for part, findings in found.items()}
    verdicts = check_files({paths[p]: len(certificates) for p, (certificates, _) in filed.items()})
    return {
        part: [tuple(verdicts[paths[part]][place] for place in places) for places in by_finding]
        for part, (_, by_finding) in filed.items()
    }


def is_over_budget(verdict: Verdict) -> bool:
    """Whether the checker could not afford a claim at its default budgets."""
    return verdict.verdict == "OVER_BUDGET"


def affordable(finding: Finding, verdicts: Sequence[Verdict]) -> Finding:
    """The finding, unless the checker cannot afford a claim of it at its default budgets: then
    nothing is claimed, so that whatever is written is accepted by everybody later."""
    costly = next(filter(is_over_budget, verdicts), None)
    if costly is None:
        return finding
    why = f"proved, but too costly to check: {costly.detail}"
    return without_claim(finding.question, finding.k, NOT_CERTIFIED, why)


def findings_at(asked: Iterable[tuple[str, Task]], k: int | None) -> Iterator[Finding]:
    """What each theorem says at k; where one fails or claims another number, that it does."""
    for theorem, certify in asked:
        try:
            findings = certify()
            for finding in findings:
                if finding.theorem != theorem or finding.k != k or not finding.is_claimed:
                    raise FaultError(
                        f"{finding.question}: the certificates do not claim what it says"
                    )
            yield from findings
        except InputError:
            raise
        except Exception as error:  # whatever it is, the other theorems, ks and prompts go on
            yield failed(theorem, k, error)


def options_json(options: Options) -> Json:
    """The options as a provenance keeps them."""
    lists = {key: [*getattr(options, key)] for key in ("opponents", "theorems", "rules")}
    found = {**vars(options), **lists}
    if options.degree == DEGREE_LIMIT:
        del found["degree"]
    return found


def _provenance(
    prompt: str, part: FilePart, options: Options, reading: Json | None, methods: Sequence[Method]
) -> Json:
    wanted = {"k": part.k, **options_json(options)}
    if part.own:
        wanted = {"k": part.k, "bits": options.bits, METHODS_ASKED: [m.name for m in methods]}
    return provenance_by(prompt=prompt, asked=wanted, **({"reading": reading} if reading else {}))


def _write(
    path: Path, population: AnyPopulation, findings: Sequence[Finding], provenance: Json
) -> None:
    """Write the findings' certificates; the provenance holds the findings and a digest of all."""
    certificates, _ = distinct(findings)
    if not certificates:
        return
    recorded = {**provenance, "findings": findings_json(findings)}
    digest = _digest(population, certificates, recorded)
    write_certificates(path, population, certificates, {**recorded, "sha256": digest})


def _digest(
    population: AnyPopulation, certificates: Sequence[Certificate], provenance: Json
) -> str:
    contents = certificate_bytes(population, certificates, provenance)
    return hashlib.sha256(contents).hexdigest()[:DIGITS]


def _resumed(path: Path, population: AnyPopulation, provenance: Json) -> list[Finding] | None:
    """The findings of an earlier run, if the file is whole, byte for byte, and was made for the
    same question, wherever the population's file lay; None where one of them is a fault, so that it
    is tried again."""
    document = read_document(path)
    if document is None:
        return None
    recorded, findings = provenance_of(document), findings_of(document)
    certificates, _ = distinct(findings)
    digest = recorded.pop("sha256", None)
    rest = {key: value for key, value in recorded.items() if key not in ("findings", "source")}
    if not certificates or rest != provenance:
        return None
    try:
        whole = digest == _digest(population, certificates, recorded)
        same = path.read_bytes() == certificate_bytes(
            population, certificates, {**recorded, "sha256": digest}
        )
    except (OSError, ValueError):
        return None
    return [*findings] if whole and same and all(f.is_claimed for f in findings) else None
