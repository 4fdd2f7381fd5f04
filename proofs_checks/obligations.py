"""Proof obligations: small claims, each beside a false variant, that make up a theorem's proof."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from proofs_checks.claims import Claim


@dataclass(frozen=True)
class Obligation:
    """One step of a proof: what it says, the claim, and a false variant of the claim.

    It holds when the claim is decided true *and* the same machinery, looking at a near miss, both
    refuses it and finds an instance against it; so no obligation can hold for want of looking."""

    says: str
    claim: Claim
    false_variant: Claim

    def state(self) -> str:
        """The claim's grade ("proved", "agrees with the definition" or "cited") where all is well,
        else, in capitals, what is not. Decided once."""
        return self._state

    @cached_property
    def _state(self) -> str:
        if not self.claim.holds():
            return "NOT PROVED"
        if self.false_variant.holds():
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

    `source` is its label (P3, E5); `latex` the statement; `assumes` what the obligations rest on
    besides the definition; `not_proved` the steps that no machine has checked, in words."""

    source: str
    title: str
    words: str
    latex: str
    hypotheses: Sequence[str]
    obligations: Sequence[Obligation]
    assumes: Sequence[str] = ()
    not_proved: Sequence[str] = ()
