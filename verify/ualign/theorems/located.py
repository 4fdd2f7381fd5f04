"""Exact equilibria as theorems and conjectures compare them: somewhere in a box, with the claim
that says so."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ualign.certificates.claims import claim_equilibrium
from ualign.certificates.findings import Certificate
from ualign.exact.instance import Instance
from ualign.model.policies import ProductPolicy
from ualign.model.population import Population
from ualign.model.solutions import Enclosure
from ualign.model.win_rates import win_rates

Bounds = tuple[Fraction, Fraction]
"""A lower and an upper bound on one exact number."""


def apart(first: Bounds, second: Bounds) -> bool:
    """Whether two numbers differ for certain."""
    return first[1] < second[0] or second[1] < first[0]


@dataclass(frozen=True)
class Located:
    """An exact symmetric equilibrium, known to lie in a box around a rational policy.

    Its support is exactly the policy's. `claim` says so to the checker."""

    k: int
    policy: ProductPolicy
    enclosure: Enclosure
    claim: Certificate

    @property
    def delta(self) -> Fraction:
        """The relative radius of the box."""
        return self.enclosure.delta

    def mass(self, *responses: int) -> Bounds:
        """Bounds on the exact equilibrium's mass of these responses together."""
        x = sum((self.policy.masses[y] for y in responses), Fraction(0))
        return x * (1 - self.delta), x * (1 + self.delta)

    def strayed(self, outputs: int) -> Fraction:
        """A bound on how far any win rate of so many samples is from the exact equilibrium's: the
        two policies are within delta/2 of each other in total variation, sample by sample."""
        return outputs * self.delta / 2


def locate(instance: Instance, k: int) -> Located | None:
    """The equilibrium of the (k+1)-player game (for k = 1 the maximal lottery of largest support);
    None where none could be enclosed."""
    found = instance.equilibrium(k)
    if found.enclosure is None:
        return None
    claim = claim_equilibrium(instance.population, k, found.policy, found.enclosure)
    return Located(k, found.policy, found.enclosure, claim)


def against_draw(
    population: Population, policy: ProductPolicy, rival: ProductPolicy, k: int
) -> Fraction:
    """The win rate of k draws of the policy against one of the rival."""
    rates = win_rates(population, policy, [(y,) for y in rival.support], k=k)
    shares = (rival.masses[y] for y in rival.support)
    return sum((mass * won for mass, won in zip(shares, rates, strict=True)), Fraction(0))
