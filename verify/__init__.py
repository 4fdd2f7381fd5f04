"""Exact, independently checked certificates for asymptotic universal alignment.

    from verify import Population, certify, check, compare, read_population

    population = Population.from_rankings([["a", "b", "c"], ["b", "c", "a"], ["c", "a", "b"]])
    for k, findings in certify(population, range(1, 5)):
        for finding in findings:
            print(k, finding.theorem, finding.relation, finding.value, finding.evidence)

Findings are untrusted until the checker has accepted their certificates: write them with
`write_certificates` and run `check`. Names are imported when first used, so that importing the
package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from verify.certificate import check as check
    from verify.certificate import write_certificates as write_certificates
    from verify.formats import read_population as read_population
    from verify.formats import read_prompts as read_prompts
    from verify.formats import write_population as write_population
    from verify.methods import compare as compare
    from verify.policies import JointPolicy as JointPolicy
    from verify.policies import MixturePolicy as MixturePolicy
    from verify.policies import ProductPolicy as ProductPolicy
    from verify.population import FaultError as FaultError
    from verify.population import InputError as InputError
    from verify.population import Population as Population
    from verify.theorems import certify as certify
    from verify.uniform_rankings import UniformRankings as UniformRankings
    from verify.winrate import win_rate as win_rate
    from verify.winrate import worst_case as worst_case

_HOME = {
    "FaultError": "verify.population",
    "InputError": "verify.population",
    "JointPolicy": "verify.policies",
    "MixturePolicy": "verify.policies",
    "Population": "verify.population",
    "ProductPolicy": "verify.policies",
    "UniformRankings": "verify.uniform_rankings",
    "certify": "verify.theorems",
    "check": "verify.certificate",
    "compare": "verify.methods",
    "read_population": "verify.formats",
    "read_prompts": "verify.formats",
    "win_rate": "verify.winrate",
    "worst_case": "verify.winrate",
    "write_certificates": "verify.certificate",
    "write_population": "verify.formats",
}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return list(__all__)
