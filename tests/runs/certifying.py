"""Certifying small populations by few theorems, or by theorems in other ways."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ualign.certificates import checking as checking
from ualign.certificates.findings import Judged
from ualign.model.population import Population
from ualign.runs.certify import Options, certify_prompt
from ualign.theorems import MAIN, THEOREMS, Certify

CYCLE = Population.from_rankings([[*"abc"], [*"bca"], [*"cab"]])
STYLES = Population.from_rankings([[*"bpf"], [*"fpb"], [*"pfb"]], [40, 35, 25])


def certify(population: Population, ks: list[int], directory: Path, **options: Any) -> list[Judged]:
    """The main theorems, unless others are asked for."""
    return certify_prompt("p", population, ks, directory, Options(**{"theorems": MAIN, **options}))


def said(evidence: list[Judged]) -> list[tuple[object, ...]]:
    """What was found, without where and how it came about."""
    return [(e.prompt, e.finding, e.verdict) for e in evidence]


def certified_by(monkeypatch: pytest.MonkeyPatch, theorem: str, *ways: Certify) -> None:
    """Let a theorem be certified in other ways."""
    monkeypatch.setitem(THEOREMS, theorem, replace(THEOREMS[theorem], certify=ways))
