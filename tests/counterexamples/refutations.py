"""The counterexamples to built-in conjectures, and what their claims say."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import Any

from ualign.counterexamples import CONJECTURES, Part, search
from ualign.counterexamples.search import Found


@cache
def refuted(name: str) -> Found:
    """The counterexample to a built-in conjecture."""
    found, _ = search(CONJECTURES[name], budget=600, samples=1000)
    assert found is not None
    return found


def claims(part: Part, kind: str) -> list[dict[str, Any]]:
    return [c.claim for c in part.certificates if c.claim["kind"] == kind]


def box(claim: dict[str, Any], name: str) -> tuple[Fraction, Fraction]:
    """What the claim says of the exact equilibrium's mass."""
    centre, delta = Fraction(claim["centre"].get(name, 0)), Fraction(claim["delta"])
    return centre * (1 - delta), centre * (1 + delta)
