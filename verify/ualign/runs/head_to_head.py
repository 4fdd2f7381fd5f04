"""Draws against draws: what k draws of each method win against l draws of each other (E12)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from ualign.certificates.checking import check_files
from ualign.certificates.claims import claim_head_to_head
from ualign.certificates.document import distinct, provenance_by, write_certificates
from ualign.certificates.findings import EXACT, Finding, Judged, Question
from ualign.exact.instance import Instance
from ualign.exact.method import Method
from ualign.files import file_name
from ualign.formats.reading import Reading
from ualign.model.draws import draws_against_draws
from ualign.model.policies import ProductPolicy
from ualign.model.solutions import BeyondLimitError
from ualign.runs.certify import OnStep
from ualign.runs.folder import source_in
from ualign.runs.policies import EQUILIBRIUM


@dataclass(frozen=True)
class Meeting:
    """What k draws of a method win against l draws of another (or of itself: k/(k+l))."""

    k: int
    l: int
    method: str
    opponent: str
    judged: Judged

    @property
    def value(self) -> Fraction | None:
        """The win rate, if the checker accepted it."""
        return self.judged.finding.value if self.judged.accepted else None


def meet_prompt(
    prompt: str,
    instance: Instance,
    ks: Sequence[int],
    ls: Sequence[int],
    directory: Path,
    methods: Sequence[Method],
    progress: OnStep = lambda text, done: None,
    *,
    reading: Reading | None = None,
) -> list[Meeting]:
    """Every method that gives one product policy against every other, for each k and l, exactly;
    the claims are in one file, and checked. The equilibrium is that of the (k+l)-player game, which
    serves all its splits."""
    asked: list[tuple[int, int, str, str, Finding]] = []
    for k in ks:
        for l in ls:
            progress(f"{prompt}: {k} draws against {l}", 0)
            asked += _met(instance, k, l, methods)
            progress(f"{prompt}: {k} draws against {l}", 1)
    findings = [finding for *_, finding in asked]
    certificates, placed = distinct(findings)
    path = directory / file_name(prompt, "head-to-head")
    if certificates:
        provenance = provenance_by(prompt=prompt, **source_in(directory, reading))
        write_certificates(path, instance.population, certificates, provenance)
    verdicts = check_files({path: len(certificates)})[path]
    return [
        Meeting(
            k, l, name, other, Judged(prompt, finding, path, tuple(verdicts[p] for p in places))
        )
        for (k, l, name, other, finding), places in zip(asked, placed, strict=True)
    ]


def _met(
    instance: Instance, k: int, l: int, methods: Sequence[Method]
) -> Iterator[tuple[int, int, str, str, Finding]]:
    population = instance.population
    mine, yours = _policies(instance, k, k + l, methods), _policies(instance, l, k + l, methods)
    for name, policy in mine.items():
        for other, rival in yours.items():
            rate = draws_against_draws(population, policy, k, rival, l)
            claim = claim_head_to_head(population, policy, k, rival, l, "=", rate)
            question = Question("E12", f"{name}.against.{other}", l)
            yield k, l, name, other, Finding(question, k, "=", rate, EXACT, (claim,))


def _policies(
    instance: Instance, k: int, players: int, methods: Sequence[Method]
) -> dict[str, ProductPolicy]:
    """The methods' product policies for k draws, the first where a rule leaves several."""
    found = {}
    for method in methods:
        try:
            given = method.policies(instance, players - 1 if method.name == EQUILIBRIUM else k)
        except BeyondLimitError:
            continue
        if given and isinstance(given[0], ProductPolicy):
            found[method.name] = given[0]
    return found
