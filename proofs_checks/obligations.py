"""Proof obligations: small claims, each beside a false variant, that make up a theorem's proof."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from proofs_checks.claims import Claim

LABEL = re.compile(r"\b[PE]\d+\b")
"""A theorem's label."""


@dataclass(frozen=True)
class Obligation:
    """One step of a proof: what it says, the claim, and a false variant of the claim.

    The variant is the claim's own, made with what its `wrong` names, or else `instead`; exactly one
    of them has to be there. The obligation holds when the claim is decided true *and* the same
    machinery, looking at a near miss, both refuses it and finds an instance against it; so no
    obligation can hold for want of looking."""

    says: str
    claim: Claim
    instead: Claim | None = None

    def __post_init__(self) -> None:
        """ValueError unless there is one false variant."""
        if len(self._variants()) != 1:
            raise ValueError(f"there has to be one false variant: {self.says}")

    def _variants(self) -> list[Claim]:
        offered = self.instead, self.claim.false_variant()
        return [variant for variant in offered if variant is not None]

    @property
    def false_variant(self) -> Claim:
        """The near miss that has to be refused."""
        return self._variants()[0]

    def state(self) -> str:
        """The claim's grade ("proved", "agrees with the definition" or "cited") where all is well,
        else, in capitals, what is not. Decided once."""
        return self._state

    @cached_property
    def _state(self) -> str:
        if not self.claim.holds():
            return "NOT PROVED"
        if self.false_variant.is_established():
            return "UNSOUND: the false variant passes"
        if not self.false_variant.fails():
            return "UNTESTED: no instance shows that the false variant is false"
        return self.claim.grade

    def holds(self) -> bool:
        """Whether the claim holds and its false variant is false and refused."""
        return self.state() == self.claim.grade


@dataclass(frozen=True)
class Theorem:
    """A statement for all parameters, cut into obligations.

    `source` is its label (P3, E5); `latex` the statement; `rests_on` what the obligations rest on
    besides the definition: other theorems, named by label first, and cited facts; `not_proved` the
    steps that no machine has checked, in words."""

    source: str
    title: str
    words: str
    latex: str
    hypotheses: Sequence[str]
    obligations: Sequence[Obligation]
    rests_on: Sequence[str] = ()
    not_proved: Sequence[str] = ()

    @property
    def theorems_used(self) -> list[str]:
        """The labels of the theorems that the proof rests on."""
        return [label for fact in self.rests_on for label in LABEL.findall(fact)]

    @property
    def facts_used(self) -> list[str]:
        """The facts from the literature that it rests on."""
        return [fact for fact in self.rests_on if not LABEL.search(fact)]
