"""Policies fitted to some users and certified on the others (E13)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from ualign.certificates.checking import check_files
from ualign.certificates.claims import claim_holdout
from ualign.certificates.document import distinct, provenance_by, write_certificates
from ualign.certificates.findings import (
    LOWER_BOUND,
    NOT_CERTIFIED,
    Finding,
    Judged,
    Question,
    without_claim,
)
from ualign.errors import InputError
from ualign.exact.holdout import passes, propose_wager, split_users
from ualign.exact.instance import Instance
from ualign.files import file_name
from ualign.formats.reading import Reading
from ualign.model.population import Population
from ualign.runs.folder import source_in
from ualign.text import counted

FIT_BITS = 40
"""The fitted equilibrium is wanted within 2^-FIT_BITS: sampling errs by far more."""
HELD_OUT = Question("E13", "held-out")


@dataclass(frozen=True)
class Holdout:
    """What share of the users is held out, drawn by the seed, and the confidence wanted."""

    share: Fraction
    confidence: Fraction
    seed: int = 0

    def __post_init__(self) -> None:
        for name, value in (("--holdout", self.share), ("--confidence", self.confidence)):
            if not 0 < value < 1:
                raise InputError(f"{name} {value}: expected a number between 0 and 1")


def certify_held_out(
    prompt: str,
    population: Population,
    ks: Sequence[int],
    directory: Path,
    asked: Holdout,
    reading: Reading | None = None,
) -> list[Judged]:
    """For each k an equilibrium of the users who are not held out, and a bound on what it wins in
    the distribution that all were drawn from, certified by the others alone; into one file.

    With several prompts each has the confidence for itself. Raises InputError where the weights are
    no numbers of users, or one part would be empty."""
    fitted, held = split_users(population, asked.share, asked.seed)
    findings = list(_findings(fitted, held, ks, asked.confidence))
    path = directory / file_name(prompt, "held-out")
    certificates, placed = distinct(findings)
    path.unlink(missing_ok=True)
    if certificates:
        recorded = {"share": str(asked.share), "seed": asked.seed}
        provenance = provenance_by(
            prompt=prompt, held_out=recorded, **source_in(directory, reading)
        )
        write_certificates(path, held, certificates, provenance)
    verdicts = check_files({path: len(certificates)})[path]
    return [
        Judged(prompt, finding, path if places else None, tuple(verdicts[p] for p in places))
        for finding, places in zip(findings, placed, strict=True)
    ]


def _findings(
    fitted: Population, held: Population, ks: Sequence[int], confidence: Fraction
) -> Iterator[Finding]:
    instance = Instance(fitted, bits=FIT_BITS)
    users = sum(int(user.weight) for user in held.users)
    for k in ks:
        policy = instance.equilibrium(k).policy
        wager = propose_wager(fitted, policy, k, users, confidence)
        if wager is None:
            why = f"{counted(users, 'user')} held out: too few for this confidence"
            yield without_claim(HELD_OUT, k, NOT_CERTIFIED, why)
        elif not passes(held, policy, k, wager, confidence):
            why = f"the users held out do not bear out {float(wager.bound):.4f}"
            yield without_claim(HELD_OUT, k, NOT_CERTIFIED, why)
        else:
            claim = claim_holdout(held, policy, k, wager.bound, wager.stake, confidence)
            note = f"if the users were drawn independently; confidence {confidence}"
            yield Finding(HELD_OUT, k, ">=", wager.bound, LOWER_BOUND, (claim,), note)
