"""Win rates straight from the definition: enumerate every draw, look at every position.

Slow and obvious on purpose, in Fractions only, and sharing no code with the package: users are
read as rankings, everything else is worked out here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations_with_replacement, product

from ualign.model.policies import Policy, ProductPolicy
from ualign.model.population import Population, Ranking


def win_rate(
    population: Population,
    policy: Policy,
    opponent: Sequence[int],
    *,
    k: int | None = None,
    ties: str = "uniform",
) -> Fraction:
    """The chance that a random user picks a position of the policy's outputs."""
    total = Fraction(0)
    weight_of_all = sum((user.weight for user in population.users), Fraction(0))
    for chance, outputs in draws(policy, k):
        for user in population.users:
            share = user.weight / weight_of_all
            total += chance * share * counts_for(user.ranking, outputs, opponent, ties)
    return total


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
    total = Fraction(0)
    weight_of_all = sum((user.weight for user in population.users), Fraction(0))
    for others in product(range(len(pi)), repeat=k):
        chance = Fraction(1)
        for z in others:
            chance *= pi[z]
        named = (y, *others)
        for user in population.users:
            positions = top_positions(user.ranking, named)
            if 0 in positions:
                total += chance * user.weight / weight_of_all / len(positions)
    return total


def draws(policy: Policy, k: int | None) -> Iterator[tuple[Fraction, tuple[int, ...]]]:
    """Every k-tuple the policy can give, with its chance."""
    if isinstance(policy, ProductPolicy):
        assert k is not None
        for outputs in product(range(len(policy.masses)), repeat=k):
            chance = Fraction(1)
            for z in outputs:
                chance *= policy.masses[z]
            if chance:
                yield chance, outputs
    else:
        for outputs, chance in policy.tuples:
            yield chance, outputs


def counts_for(
    ranking: Ranking, outputs: Sequence[int], opponent: Sequence[int], ties: str
) -> Fraction:
    """How much of a user with this ranking counts for the outputs, as the convention has it."""
    top = top_positions(ranking, (*outputs, *opponent))
    ours = [position for position in top if position < len(outputs)]
    if len(ours) == len(top):
        return Fraction(1)
    if not ours:
        return Fraction(0)
    if ties == "uniform":
        return Fraction(len(ours), len(top))
    return {"win": Fraction(1), "half": Fraction(1, 2), "lose": Fraction(0)}[ties]


def top_positions(ranking: Ranking, shown: Sequence[int]) -> list[int]:
    """The positions of `shown` that hold the user's most preferred response(s)."""
    for tied in ranking:
        positions = [position for position, y in enumerate(shown) if y in tied]
        if positions:
            return positions
    raise AssertionError("the ranking holds none of the responses shown")
