"""Claims and witnesses of the certificate format (SPEC.md), and findings that rest on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from verify.equilibrium import Enclosure
from verify.policies import JointPolicy, Policy, ProductPolicy, Tuple
from verify.population import Population

Json = dict[str, Any]
POPULATION = "population"
"""The name under which a certificate file lists the population that its claims are about."""


@dataclass(frozen=True)
class Certificate:
    """A claim and a witness for the checker; worth nothing until the checker accepts it."""

    claim: Json
    witness: Json


@dataclass(frozen=True)
class Finding:
    """What a theorem says of a population at k, with the certificates that are its evidence.

    `value` is the exact number (or bound, as `relation` tells); `evidence` names the kind of
    evidence in a word or two. No certificates: nothing was proved, and `note` says why."""

    theorem: str
    what: str
    k: int
    relation: str
    value: Fraction | None
    evidence: str
    certificates: tuple[Certificate, ...]
    note: str = ""


def names(population: Population, positions: Sequence[int]) -> list[str]:
    """The responses of a tuple, by name."""
    return [population.responses[y] for y in positions]


def masses(population: Population, policy: ProductPolicy) -> dict[str, str]:
    """A product policy as the format writes it: positive masses by name."""
    return {population.responses[y]: str(policy.masses[y]) for y in policy.support}


def mixture(population: Population, tuples: Sequence[tuple[Tuple, Fraction]]) -> list[Any]:
    """A mixture of tuples as the format writes it."""
    return [[names(population, positions), str(mass)] for positions, mass in tuples]


def win_rate(
    population: Population,
    policy: Policy,
    k: int,
    relation: str,
    bound: Fraction,
    opponent: Tuple | None = None,
) -> Certificate:
    """The policy's worst win rate against single responses is >=, = or <= the bound."""
    written = (
        {"joint": mixture(population, policy.tuples)}
        if isinstance(policy, JointPolicy)
        else {"product": masses(population, policy)}
    )
    claim = _claim("win-rate", k, l=1, ties="uniform", policy=written)
    claim |= {"relation": relation, "bound": str(bound)}
    return Certificate(claim, {"opponent": names(population, opponent)} if opponent else {})


def joint_upper_bound(
    population: Population, k: int, bound: Fraction, opponents: Sequence[tuple[Tuple, Fraction]]
) -> Certificate:
    """No k-output policy has a worst win rate against single responses above the bound."""
    claim = _claim("joint-upper-bound", k, l=1, ties="uniform", bound=str(bound))
    return Certificate(claim, {"mixture": mixture(population, opponents)})


def equilibrium(
    population: Population, k: int, policy: ProductPolicy, enclosure: Enclosure
) -> Certificate:
    """An exact symmetric equilibrium lies in the box around the policy."""
    parts = equilibrium_parts(population, policy, enclosure)
    claim = _claim("equilibrium", k, centre=parts["centre"], delta=parts["delta"])
    return Certificate(claim, parts["witness"])


def equilibrium_parts(population: Population, policy: ProductPolicy, enclosure: Enclosure) -> Json:
    """The same as a part of a witness for uniqueness."""
    inner: Json = {}
    if enclosure.delta:
        inner["inverse"] = [[str(entry) for entry in row] for row in enclosure.inverse]
        inner["boundary"] = {
            population.responses[y]: {population.responses[z]: str(m) for z, m in hints.items()}
            for y, hints in enclosure.boundary.items()
        }
    centre = masses(population, policy)
    return {"centre": centre, "delta": str(enclosure.delta), "witness": inner}


def unique_equilibrium(k: int, unique: bool, witness: Json) -> Certificate:
    """The (k+1)-player game has one symmetric equilibrium, or several."""
    return Certificate(_claim("unique-equilibrium", k, unique=unique), witness)


def _claim(kind: str, k: int, **rest: Any) -> Json:
    return {"kind": kind, "population": POPULATION, "k": k, **rest}
