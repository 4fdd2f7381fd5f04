"""Populations of users who pick by chance, as Luce (Bradley and Terry) have it (E18).

A user gives each response a strength, a positive whole number, and picks a position shown to her
with a chance in proportion to its response's strength; copies count one by one. Her scores are
independent, with the law x^s on [0, 1] for strength s, and she picks the highest: so against k
draws from pi positions of total strength r are picked with the chance

    integral over [0, 1] of r x^(r-1) F(x)^k dx,   F = sum_z pi_z x^(s_z),

which is a sum of r/(r+e) over the total strengths e of the draws. There are no ties.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations_with_replacement
from math import lcm

from ualign.errors import InputError
from ualign.model.given import exact_number
from ualign.model.policies import JointPolicy, MixturePolicy, Policy, ProductPolicy, Tuple
from ualign.model.win_rates import Payoffs, WorstCase, check_fit
from ualign.text import show

LARGEST_STRENGTH = 10_000


@dataclass(frozen=True)
class LuceUser:
    """All users with the same strengths, with their total weight (any positive scale)."""

    weight: Fraction
    strengths: tuple[int, ...]


@dataclass(frozen=True)
class LucePopulation:
    """Named responses and users with strengths; weights are normalised by their sum.

    Build one with `from_strengths`; the constructor expects merged users and checks sizes only."""

    responses: tuple[str, ...]
    users: tuple[LuceUser, ...]

    def __post_init__(self) -> None:
        if not self.responses or not self.users:
            raise InputError("a population needs at least one response and one user")
        if any(len(user.strengths) != len(self.responses) for user in self.users):
            raise InputError("a user has a strength for each response")

    @classmethod
    def from_strengths(
        cls,
        responses: Sequence[str],
        users: Iterable[tuple[Fraction | int | str, Mapping[str, int]]],
    ) -> LucePopulation:
        """Users as pairs of a weight and {name: strength}; those with the same strengths are
        merged. Raises InputError, naming the user (from 1), for weights and strengths that are not
        positive, strengths that are no whole numbers or too large, and names left out or unknown.
        """
        names = tuple(responses)
        if len(set(names)) != len(names):
            raise InputError("a response name occurs twice; names must be distinct")
        merged: dict[tuple[int, ...], Fraction] = {}
        for number, (weight, given) in enumerate(users, 1):
            if set(given) != set(names):
                odd = min(set(given) ^ set(names), key=str)
                raise InputError(f"user {number}: {show(odd)} is not a response with a strength")
            strengths = tuple(given[name] for name in names)
            for name, strength in zip(names, strengths, strict=True):
                if type(strength) is not int or not 1 <= strength <= LARGEST_STRENGTH:
                    wanted = f"expected a whole number from 1 to {LARGEST_STRENGTH}"
                    raise InputError(f"user {number}: the strength of {show(name)}: {wanted}")
            exact = exact_number(weight, f"user {number}: weight")
            if exact <= 0:
                raise InputError(f"user {number}: weight {exact} is not positive")
            merged[strengths] = merged.get(strengths, Fraction(0)) + exact
        return cls(names, tuple(LuceUser(w, strengths) for strengths, w in merged.items()))

    @property
    def n(self) -> int:
        """Number of responses."""
        return len(self.responses)

    @cached_property
    def total(self) -> Fraction:
        """The sum of the weights."""
        return sum((user.weight for user in self.users), Fraction(0))


def luce_rates(
    population: LucePopulation,
    policy: Policy,
    opponents: Iterable[Sequence[int]],
    *,
    k: int | None = None,
) -> list[Fraction]:
    """W(policy, T) for each T of `opponents`. Raises InputError as `win_rates` does."""
    columns, k = check_fit(population, policy, opponents, k, "uniform")
    lost = [Fraction(0)] * len(columns)
    for user in population.users:
        law = _law(user, policy, k)
        for place, opponent in enumerate(columns):
            r = sum(user.strengths[y] for y in opponent)
            picked = sum((chance * Fraction(r, r + e) for e, chance in law.items()), Fraction(0))
            lost[place] += user.weight * picked
    return [1 - share / population.total for share in lost]


def luce_worst_case(
    population: LucePopulation, policy: Policy, *, k: int | None = None, l: int = 1
) -> WorstCase:
    """The minimum of W(policy, T) over all l-multisets T, and the first T that attains it."""
    opponents: list[Tuple] = list(combinations_with_replacement(range(population.n), l))
    rates = luce_rates(population, policy, opponents, k=k)
    value = min(rates)
    return WorstCase(value, opponents[rates.index(value)])


def luce_payoffs(population: LucePopulation, k: int, l: int = 1) -> Payoffs:
    """The integer game matrix of all k-multisets against all l-multisets."""
    rows, columns = (
        list(combinations_with_replacement(range(population.n), size)) for size in (k, l)
    )
    rates = [luce_rates(population, JointPolicy.deterministic(row), columns) for row in rows]
    scale = lcm(*(rate.denominator for row in rates for rate in row))
    return Payoffs(rows, columns, [[int(rate * scale) for rate in row] for row in rates], scale)


def _law(user: LuceUser, policy: Policy, k: int) -> dict[int, Fraction]:
    """The chances of the outputs' total strengths."""
    found: dict[int, Fraction] = {}
    if isinstance(policy, JointPolicy):
        for outputs, mass in policy.tuples:
            e = sum(user.strengths[y] for y in outputs)
            found[e] = found.get(e, Fraction(0)) + mass
        return found
    if isinstance(policy, MixturePolicy):
        for share, part in policy.parts:
            for e, chance in _law(user, part, k).items():
                found[e] = found.get(e, Fraction(0)) + share * chance
        return found
    return _power(user, policy, k)


def _power(user: LuceUser, policy: ProductPolicy, k: int) -> dict[int, Fraction]:
    unit = lcm(*(mass.denominator for mass in policy.masses))
    drawn = {0: 1}
    for _ in range(k):
        longer: dict[int, int] = {}
        for e, weight in drawn.items():
            for y in policy.support:
                place = e + user.strengths[y]
                longer[place] = longer.get(place, 0) + weight * int(policy.masses[y] * unit)
        drawn = longer
    return {e: Fraction(weight, unit**k) for e, weight in drawn.items()}
