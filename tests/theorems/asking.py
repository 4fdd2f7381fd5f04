"""One theorem asked about one population, and its claims checked."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from acceptance import assert_accepted
from ualign.certificates.findings import Finding
from ualign.exact.instance import Instance
from ualign.model.population import Population
from ualign.model.uniform_rankings import UniformRankings
from ualign.theorems import tasks

F = Fraction
EVEN_SPLIT = Population.from_rankings([[*"ab"], [*"ba"]])
STYLES = Population.from_rankings([[*"bpf"], [*"fpb"], [*"pfb"]], [40, 35, 25])


def rate(k: int) -> Fraction:
    return F(k, k + 1)


def found(population: Population, k: int | None, theorem: str, **options: Any) -> list[Finding]:
    """All that one theorem says."""
    instance = Instance(population, **options)
    return [finding for _, ask in tasks(instance, k, [theorem]) for finding in ask()]


def named(findings: list[Finding], what: str) -> Finding:
    (finding,) = [finding for finding in findings if finding.what == what]
    return finding


def assert_proved(population: Population | UniformRankings, *findings: Finding) -> None:
    """Each finding has claims, and the checker accepts them."""
    assert all(finding.certificates for finding in findings), findings
    assert_accepted([(population, [c for finding in findings for c in finding.certificates])])
