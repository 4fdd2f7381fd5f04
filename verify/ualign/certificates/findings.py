"""Findings: what a theorem says of a population, with its certificates and their verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from ualign.certificates.checking import FAULT, Verdict, overall
from ualign.errors import FaultError


@dataclass(frozen=True)
class Evidence:
    """A finding on one prompt, its certificate file, and the checker's verdicts on its claims.

    `path` is None where nothing was claimed; `resumed`: the file is of an earlier run."""

    prompt: str
    finding: Finding
    path: Path | None
    verdicts: tuple[Verdict, ...]
    resumed: bool = False

    @property
    def verdict(self) -> str:
        """ACCEPTED if the checker accepted every claim and there is one; the first refusal; or
        "none" where nothing was claimed."""
        return overall(self.verdicts)

    @property
    def certified(self) -> bool:
        """Whether the finding holds for certain, at the grade that was asked for."""
        return self.verdict == "ACCEPTED" and self.finding.evidence != "not certified"

    @property
    def broken(self) -> bool:
        """Whether something went wrong that never should: a fault, or a claim that is refused."""
        faults = (FAULT, "REJECTED", "MALFORMED")
        return self.finding.evidence == FAULT or self.verdict in faults


def fault_note(error: Exception) -> str:
    """What went wrong, in a line."""
    kind = "" if isinstance(error, FaultError) else f"{type(error).__name__}: "
    return f"fault: {kind}{str(error) or 'no message'}"


def _is_claimed(finding: Finding) -> bool:
    """Whether a claim of the finding states the number, or the answer, that it reports; without
    claims, whether it reports neither."""
    claims = [certificate.claim for certificate in finding.certificates]
    if not claims:
        return finding.value is None and finding.evidence in NO_CLAIM
    if any(claim.get("k") != finding.k for claim in claims):
        return False
    if finding.value is not None:
        relations = {"=", finding.relation}
        return any(
            str(finding.value) == claim.get("bound", claim.get("delta"))
            and claim.get("relation", _IMPLIED.get(claim["kind"], "<=")) in relations
            for claim in claims
        )
    answers = {_answer(claim) for claim in claims}
    return answers == {finding.evidence}


def _answer(claim: Json) -> str:
    """What a claim without a number says, in the words of a finding's evidence."""
    if "polynomial" in claim:
        return f"degree {len(claim['polynomial']) - 1}"
    if "unique" in claim:
        return "unique" if claim["unique"] else "not unique"
    return ""


_IMPLIED = {"limit": "="}
"""The relation of a claim that names none, where it is no upper bound."""


@dataclass(frozen=True)
class Finding:
    """What a theorem says of a population at k (None: for all k at once), with the certificates
    that are its evidence.

    `what` names the question, `value` is the exact number (or bound, as `relation` tells),
    `evidence` the kind of evidence in a word or two. No certificates: nothing was proved (the
    evidence is one of NO_CLAIM), and `note` says why."""

    theorem: str
    what: str
    k: int | None
    relation: str
    value: Fraction | None
    evidence: str
    certificates: tuple[Certificate, ...]
    note: str = ""


def without_claim(theorem: str, what: str, k: int | None, evidence: str, why: str) -> Finding:
    """The finding that nothing was claimed, and why; `evidence` is one of NO_CLAIM."""
    return Finding(theorem, what, k, "", None, evidence, (), why)


NOT_CERTIFIED, NOT_COMPUTED, DOES_NOT_APPLY = "not certified", "not computed", "does not apply"


NO_CLAIM = NOT_CERTIFIED, NOT_COMPUTED, DOES_NOT_APPLY


@dataclass(frozen=True)
class Certificate:
    """A claim and a witness for the checker; worth nothing until the checker accepts it."""

    claim: Json
    witness: Json


Json = dict[str, Any]
