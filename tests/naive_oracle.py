"""Win rates straight from the definition, for the package's own populations and policies.

The enumeration of draws and positions is that of `proofs_checks.definition`, which shares no code
with the package; here its arguments are put in the plain form that it reads. What it says of a few
populations was worked out by hand in test_naive_oracle.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations_with_replacement

from ualign.model.policies import Policy, ProductPolicy
from ualign.model.population import Population

from proofs_checks import definition


def users_of(population: Population) -> definition.Users:
    """The users as pairs of a weight and a ranking."""
    return [(user.weight, user.ranking) for user in population.users]


def draws(policy: Policy, k: int | None) -> definition.Policy:
    """Every k-tuple the policy can give, with its chance."""
    if isinstance(policy, ProductPolicy):
        assert k is not None
        return definition.draws(policy.masses, k)
    return [(chance, outputs) for outputs, chance in policy.tuples]


def win_rate(
    population: Population,
    policy: Policy,
    opponent: Sequence[int],
    *,
    k: int | None = None,
    ties: str = "uniform",
) -> Fraction:
    """The chance that a random user picks a position of the policy's outputs."""
    shown = [(Fraction(1), opponent)]
    return definition.win_rate(users_of(population), draws(policy, k), shown, ties)


def worst_case(
    population: Population,
    policy: Policy,
    *,
    k: int | None = None,
    l: int = 1,
    ties: str = "uniform",
) -> tuple[Fraction, tuple[int, ...]]:
    """The least win rate and the lexicographically first l-multiset with it."""
    everything = range(len(population.responses))
    return min(
        (win_rate(population, policy, opponent, k=k, ties=ties), opponent)
        for opponent in combinations_with_replacement(everything, l)
    )


def u(population: Population, pi: Sequence[Fraction], k: int, y: int) -> Fraction:
    """Payoff of naming y in the (k+1)-player alignment game while the k others play pi (masses)."""
    return definition.utility(users_of(population), pi, y, k)


counts_for = definition.picked_from
"""How much of a user with this ranking counts for the outputs, as the convention has it."""
