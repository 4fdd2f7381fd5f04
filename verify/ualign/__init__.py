"""Exact, independently checked certificates for asymptotic universal alignment.

    >>> from ualign import Population, certify
    >>> population = Population.from_rankings([["a", "b", "c"], ["b", "c", "a"], ["c", "a", "b"]])
    >>> result = certify(population, range(1, 4))
    >>> result.certified
    True
    >>> for k, findings in result:
    ...     for finding in findings:
    ...         if finding.what == "joint-optimum":
    ...             print(k, finding.theorem, finding.relation, finding.value, finding.grade)
    1 E4 = 1/2 exact
    2 E4 = 13/18 exact
    3 E4 = 5/6 exact

The checker has gone over every claim of a result; `write(directory)` keeps the certificates, and
`check` goes over files. In a notebook results are tables, and `to_frame()` makes data frames.
Names are imported when first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ualign.api.certify import Certification as Certification
    from ualign.api.certify import certify as certify
    from ualign.api.check import CheckResult as CheckResult
    from ualign.api.check import check as check
    from ualign.api.compare import Comparison as Comparison
    from ualign.api.compare import compare as compare
    from ualign.certificates.claims import (
        claim_algebraic_equilibrium as claim_algebraic_equilibrium,
    )
    from ualign.certificates.claims import (
        claim_dictatorship_distance as claim_dictatorship_distance,
    )
    from ualign.certificates.claims import claim_equilibrium as claim_equilibrium
    from ualign.certificates.claims import claim_head_to_head as claim_head_to_head
    from ualign.certificates.claims import claim_holdout as claim_holdout
    from ualign.certificates.claims import claim_joint_optimum as claim_joint_optimum
    from ualign.certificates.claims import claim_joint_upper_bound as claim_joint_upper_bound
    from ualign.certificates.claims import claim_limit as claim_limit
    from ualign.certificates.claims import claim_nlhf_ceiling as claim_nlhf_ceiling
    from ualign.certificates.claims import claim_one_policy as claim_one_policy
    from ualign.certificates.claims import (
        claim_one_policy_upper_bound as claim_one_policy_upper_bound,
    )
    from ualign.certificates.claims import claim_picks as claim_picks
    from ualign.certificates.claims import claim_product_opponents as claim_product_opponents
    from ualign.certificates.claims import claim_product_optimum as claim_product_optimum
    from ualign.certificates.claims import claim_product_upper_bound as claim_product_upper_bound
    from ualign.certificates.claims import claim_random_subset_rate as claim_random_subset_rate
    from ualign.certificates.claims import (
        claim_random_subset_upper_bound as claim_random_subset_upper_bound,
    )
    from ualign.certificates.claims import claim_regularised as claim_regularised
    from ualign.certificates.claims import claim_slate_optimum as claim_slate_optimum
    from ualign.certificates.claims import claim_unique_equilibrium as claim_unique_equilibrium
    from ualign.certificates.claims import claim_win_rate as claim_win_rate
    from ualign.certificates.claims import claim_worst_case as claim_worst_case
    from ualign.certificates.document import write_certificates as write_certificates
    from ualign.counterexamples.certifying import certify_refutation as certify_refutation
    from ualign.counterexamples.conjecture import Conjecture as Conjecture
    from ualign.counterexamples.conjecture import Refutation as Refutation
    from ualign.counterexamples.conjecture import Space as Space
    from ualign.counterexamples.conjecture import UndecidedError as UndecidedError
    from ualign.counterexamples.search import search as search
    from ualign.errors import FaultError as FaultError
    from ualign.errors import InputError as InputError
    from ualign.exact.holdout import users_needed as users_needed
    from ualign.exact.instance import Instance as Instance
    from ualign.exact.maximal_lottery import MaximalLottery as MaximalLottery
    from ualign.exact.method import Method as Method
    from ualign.exact.methods import METHODS as METHODS
    from ualign.formats import read_population as read_population
    from ualign.formats import read_prompts as read_prompts
    from ualign.formats import write_population as write_population
    from ualign.formats.neighbours import from_dataframe as from_dataframe
    from ualign.formats.neighbours import from_pref_voting as from_pref_voting
    from ualign.formats.neighbours import from_preflibtools as from_preflibtools
    from ualign.formats.neighbours import from_votekit as from_votekit
    from ualign.formats.neighbours import to_pref_voting as to_pref_voting
    from ualign.formats.neighbours import to_preflibtools as to_preflibtools
    from ualign.formats.neighbours import to_votekit as to_votekit
    from ualign.model.draws import draws_against_draws as draws_against_draws
    from ualign.model.luce import LucePopulation as LucePopulation
    from ualign.model.partial_orders import PartialPopulation as PartialPopulation
    from ualign.model.policies import JointPolicy as JointPolicy
    from ualign.model.policies import MixturePolicy as MixturePolicy
    from ualign.model.policies import ProductPolicy as ProductPolicy
    from ualign.model.population import Population as Population
    from ualign.model.solutions import BeyondLimitError as BeyondLimitError
    from ualign.model.solutions import Enclosure as Enclosure
    from ualign.model.solutions import Equilibrium as Equilibrium
    from ualign.model.solutions import JointOptimum as JointOptimum
    from ualign.model.uniform_rankings import UniformRankings as UniformRankings
    from ualign.model.win_rates import WorstCase as WorstCase
    from ualign.model.win_rates import win_rate as win_rate
    from ualign.model.win_rates import worst_case as worst_case

    __version__: str

_HOME = {
    "BeyondLimitError": "ualign.model.solutions",
    "Certification": "ualign.api.certify",
    "CheckResult": "ualign.api.check",
    "Comparison": "ualign.api.compare",
    "Conjecture": "ualign.counterexamples.conjecture",
    "Enclosure": "ualign.model.solutions",
    "Equilibrium": "ualign.model.solutions",
    "FaultError": "ualign.errors",
    "InputError": "ualign.errors",
    "Instance": "ualign.exact.instance",
    "JointOptimum": "ualign.model.solutions",
    "JointPolicy": "ualign.model.policies",
    "LucePopulation": "ualign.model.luce",
    "METHODS": "ualign.exact.methods",
    "MaximalLottery": "ualign.exact.maximal_lottery",
    "Method": "ualign.exact.method",
    "MixturePolicy": "ualign.model.policies",
    "PartialPopulation": "ualign.model.partial_orders",
    "Population": "ualign.model.population",
    "ProductPolicy": "ualign.model.policies",
    "Refutation": "ualign.counterexamples.conjecture",
    "Space": "ualign.counterexamples.conjecture",
    "UndecidedError": "ualign.counterexamples.conjecture",
    "UniformRankings": "ualign.model.uniform_rankings",
    "WorstCase": "ualign.model.win_rates",
    "certify": "ualign.api.certify",
    "certify_refutation": "ualign.counterexamples.certifying",
    "check": "ualign.api.check",
    "claim_algebraic_equilibrium": "ualign.certificates.claims",
    "claim_dictatorship_distance": "ualign.certificates.claims",
    "claim_equilibrium": "ualign.certificates.claims",
    "claim_head_to_head": "ualign.certificates.claims",
    "claim_holdout": "ualign.certificates.claims",
    "claim_joint_optimum": "ualign.certificates.claims",
    "claim_joint_upper_bound": "ualign.certificates.claims",
    "claim_limit": "ualign.certificates.claims",
    "claim_nlhf_ceiling": "ualign.certificates.claims",
    "claim_one_policy": "ualign.certificates.claims",
    "claim_one_policy_upper_bound": "ualign.certificates.claims",
    "claim_picks": "ualign.certificates.claims",
    "claim_product_opponents": "ualign.certificates.claims",
    "claim_product_optimum": "ualign.certificates.claims",
    "claim_product_upper_bound": "ualign.certificates.claims",
    "claim_random_subset_rate": "ualign.certificates.claims",
    "claim_random_subset_upper_bound": "ualign.certificates.claims",
    "claim_regularised": "ualign.certificates.claims",
    "claim_slate_optimum": "ualign.certificates.claims",
    "claim_unique_equilibrium": "ualign.certificates.claims",
    "claim_win_rate": "ualign.certificates.claims",
    "claim_worst_case": "ualign.certificates.claims",
    "compare": "ualign.api.compare",
    "draws_against_draws": "ualign.model.draws",
    "from_dataframe": "ualign.formats.neighbours",
    "from_pref_voting": "ualign.formats.neighbours",
    "from_preflibtools": "ualign.formats.neighbours",
    "from_votekit": "ualign.formats.neighbours",
    "read_population": "ualign.formats",
    "read_prompts": "ualign.formats",
    "search": "ualign.counterexamples.search",
    "to_pref_voting": "ualign.formats.neighbours",
    "to_preflibtools": "ualign.formats.neighbours",
    "to_votekit": "ualign.formats.neighbours",
    "users_needed": "ualign.exact.holdout",
    "win_rate": "ualign.model.win_rates",
    "worst_case": "ualign.model.win_rates",
    "write_certificates": "ualign.certificates.document",
    "write_population": "ualign.formats",
}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return import_module("ualign.certificates.document").package_version()
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return list(__all__)
