"""Exact, independently checked certificates for asymptotic universal alignment.

    from ualign import Population, certify, check, compare, read_population

    population = Population.from_rankings([["a", "b", "c"], ["b", "c", "a"], ["c", "a", "b"]])
    for k, findings in certify(population, range(1, 5)):
        for finding in findings:
            print(k, finding.theorem, finding.relation, finding.value, finding.grade)

Findings are untrusted until the checker has accepted their certificates: write them with
`write_certificates` and run `check`. Names are imported when first used, so that importing the
package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ualign.certificates.checking import check as check
    from ualign.certificates.document import write_certificates as write_certificates
    from ualign.errors import FaultError as FaultError
    from ualign.errors import InputError as InputError
    from ualign.exact.methods import compare as compare
    from ualign.formats import read_population as read_population
    from ualign.formats import read_prompts as read_prompts
    from ualign.formats import write_population as write_population
    from ualign.formats.neighbours import from_dataframe as from_dataframe
    from ualign.formats.neighbours import from_pref_voting as from_pref_voting
    from ualign.formats.neighbours import from_preflibtools as from_preflibtools
    from ualign.formats.neighbours import to_pref_voting as to_pref_voting
    from ualign.formats.neighbours import to_preflibtools as to_preflibtools
    from ualign.model.policies import JointPolicy as JointPolicy
    from ualign.model.policies import MixturePolicy as MixturePolicy
    from ualign.model.policies import ProductPolicy as ProductPolicy
    from ualign.model.population import Population as Population
    from ualign.model.uniform_rankings import UniformRankings as UniformRankings
    from ualign.model.win_rates import win_rate as win_rate
    from ualign.model.win_rates import worst_case as worst_case
    from ualign.theorems import certify as certify

_HOME = {
    "FaultError": "ualign.errors",
    "InputError": "ualign.errors",
    "JointPolicy": "ualign.model.policies",
    "MixturePolicy": "ualign.model.policies",
    "Population": "ualign.model.population",
    "ProductPolicy": "ualign.model.policies",
    "UniformRankings": "ualign.model.uniform_rankings",
    "certify": "ualign.theorems",
    "check": "ualign.certificates.checking",
    "compare": "ualign.exact.methods",
    "from_dataframe": "ualign.formats.neighbours",
    "from_pref_voting": "ualign.formats.neighbours",
    "from_preflibtools": "ualign.formats.neighbours",
    "read_population": "ualign.formats",
    "read_prompts": "ualign.formats",
    "to_pref_voting": "ualign.formats.neighbours",
    "to_preflibtools": "ualign.formats.neighbours",
    "win_rate": "ualign.model.win_rates",
    "worst_case": "ualign.model.win_rates",
    "write_certificates": "ualign.certificates.document",
    "write_population": "ualign.formats",
}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return list(__all__)
