"""Populations of users who did not say everything: partial orders over responses (E16).

A user's order is what is known of her: some responses are known to be above others, some to be
tied, and the rest is open. She may be any user whose weak order agrees with that, so a win rate
here is the least over all such *completions*. What a response y loses to is then known: put
everything that is not known to be above y below it. So a user counts, for y, as one whose mass
below y is that of all responses not known to be above y, without y's declared class.

Pairwise comparisons are such orders, through their transitive closure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from math import lcm
from typing import Any

from ualign.errors import InputError
from ualign.model.given import exact_number
from ualign.model.population import OPEN, Group, Missing, Population, User
from ualign.text import listed, show


@dataclass(frozen=True)
class PartialOrder:
    """What is known of a user: `classes` of responses that she declared to be tied (sorted, by
    their first members, of all responses), and for each class the bit set `above` of the responses
    known to be strictly better, closed under transitivity."""

    classes: tuple[tuple[int, ...], ...]
    above: tuple[int, ...]

    @cached_property
    def own(self) -> tuple[int, ...]:
        """For each class its own bit set."""
        return tuple(map(bits, self.classes))

    @cached_property
    def below(self) -> tuple[int, ...]:
        """For each class the bit set of what may be below it: neither known above, nor in it."""
        everything = (1 << sum(map(len, self.classes))) - 1
        return tuple(everything & ~(up | own) for own, up in zip(self.own, self.above, strict=True))

    def covers(self) -> Iterator[tuple[int, int]]:
        """The pairs (better, worse) of classes' first members from which the order follows, and
        none of which follows from the others."""
        firsts = [tied[0] for tied in self.classes]
        for tied, up in zip(self.classes, self.above, strict=True):
            beyond = 0
            for first, further in zip(firsts, self.above, strict=True):
                beyond |= further if up >> first & 1 else 0
            yield from ((y, tied[0]) for y in firsts if up & ~beyond & 1 << y)

    def ranking(self) -> tuple[tuple[int, ...], ...] | None:
        """The weak order, best class first, where nothing is open; else None."""
        ordered = sorted(zip(self.above, self.classes, strict=True), key=lambda p: p[0].bit_count())
        better = 0
        for up, tied in ordered:
            if up != better:
                return None
            better |= bits(tied)
        return tuple(tied for _, tied in ordered)


def bits(responses: Iterable[int]) -> int:
    """A set of responses as bits."""
    return sum(1 << y for y in responses)


class CyclicError(InputError):
    """A user prefers, through others, a response to itself."""

    def __init__(self, responses: Sequence[int]) -> None:
        super().__init__("the preferences run in a circle")
        self.responses = tuple(responses)


def order_of(
    n: int, above: Iterable[tuple[int, int]], tied: Iterable[Sequence[int]] = ()
) -> PartialOrder:
    """The order of n responses that pairs (better, worse) and ties generate: ties are merged, then
    the pairs closed under transitivity. Raises CyclicError, with responses of a circle, if no weak
    order agrees with it; a circle through ties with one strict pair is one."""
    root = list(range(n))

    def find(y: int) -> int:
        while root[y] != y:
            root[y] = y = root[root[y]]
        return y

    for group in tied:
        for z in group[1:]:
            first, second = sorted((find(group[0]), find(z)))
            root[second] = first
    members: dict[int, list[int]] = {}
    for y in range(n):
        members.setdefault(find(y), []).append(y)
    better: dict[int, int] = dict.fromkeys(members, 0)
    for y, z in above:
        better[find(z)] |= 1 << find(y)
    for middle in members:  # Warshall, a row at a time
        for first in members:
            if better[first] >> middle & 1:
                better[first] |= better[middle]
    for first in members:
        if better[first] >> first & 1:
            circle = [z for z in members if better[first] >> z & 1 and better[z] >> first & 1]
            raise CyclicError([y for z in circle for y in members[z]])
    above_of = {
        first: bits(y for z in members if better[first] >> z & 1 for y in members[z])
        for first in members
    }
    return PartialOrder(tuple(map(tuple, members.values())), tuple(above_of.values()))


def order_of_ranking(ranking: Sequence[Sequence[int]], n: int, *, silence: bool) -> PartialOrder:
    """The order of a ranking that may leave responses out: the ranked ones are as they are ranked.
    With `silence` nothing is known of the others (worst-case); else they are below the ranked ones,
    in unknown order (worst-below)."""
    ranked = {y for tied in ranking for y in tied}
    unranked = [y for y in range(n) if y not in ranked]
    pairs = [(a[0], b[0]) for a, b in pairwise(ranking)]
    if ranking and not silence:
        pairs += [(ranking[-1][0], y) for y in unranked]
    return order_of(n, pairs, ranking)


@dataclass(frozen=True)
class PartialUser:
    """All users of whom the same is known, with their total weight (any positive scale)."""

    weight: Fraction
    order: PartialOrder


@dataclass(frozen=True)
class PartialPopulation:
    """Named responses and what is known of the users' orders; weights are normalised by their sum.

    Build one with `from_orders`; the constructor expects merged users and checks sizes only."""

    responses: tuple[str, ...]
    users: tuple[PartialUser, ...]

    def __post_init__(self) -> None:
        if not self.responses or not self.users:
            raise InputError("a population needs at least one response and one user")
        if len({user.order for user in self.users}) != len(self.users):
            raise InputError("users with the same order must be merged (use from_orders)")

    @classmethod
    def from_orders(
        cls, responses: Sequence[str], users: Iterable[tuple[Fraction, PartialOrder]]
    ) -> PartialPopulation:
        """Merge users of whom the same is known, in the order of first appearance. Raises
        InputError for a weight that is not positive, or names that are not distinct."""
        if len(set(responses)) != len(responses):
            twice = next(name for name in responses if list(responses).count(name) > 1)
            raise InputError(f"the response name {show(twice)} occurs twice; rename one")
        merged: dict[PartialOrder, Fraction] = {}
        for number, (weight, order) in enumerate(users, 1):
            if weight <= 0:
                raise InputError(f"user {number}: weight {weight} is not positive")
            merged[order] = merged.get(order, Fraction(0)) + weight
        return cls(tuple(responses), tuple(PartialUser(w, order) for order, w in merged.items()))

    @classmethod
    def from_names(
        cls, responses: Sequence[str], users: Iterable[Mapping[str, Any]]
    ) -> PartialPopulation:
        """Users as files have them: `weight`, and either `ranking` (classes of names, best first)
        or `above` (pairs of names, the better first) and `tied` (classes of names). A ranking that
        leaves responses out says nothing of them. Raises InputError, naming the user (from 1)."""
        index = {name: y for y, name in enumerate(responses)}
        found = []
        for number, user in enumerate(users, 1):
            try:
                if "ranking" in user:
                    ranking = [[index[name] for name in tied] for tied in user["ranking"]]
                    order = order_of_ranking(ranking, len(index), silence=True)
                else:
                    pairs = [(index[y], index[z]) for y, z in user["above"]]
                    tied = [[index[name] for name in names] for names in user["tied"]]
                    order = order_of(len(index), pairs, tied)
            except KeyError as error:
                name = show(error.args[0])
                raise InputError(f"user {number}: {name} is no response") from None
            except CyclicError as error:
                circle = listed([responses[y] for y in error.responses])
                what = f"the preferences among {circle} run in a circle"
                raise InputError(f"user {number}: {what}") from None
            found.append((exact_number(user["weight"], f"user {number}: weight"), order))
        return cls.from_orders(responses, found)

    @classmethod
    def of_population(cls, population: Population) -> PartialPopulation:
        """The population, as one of whose users everything is known."""
        n = population.n
        return cls.from_orders(
            population.responses,
            (
                (user.weight, order_of_ranking(user.ranking, n, silence=True))
                for user in population.users
            ),
        )

    @property
    def n(self) -> int:
        """Number of responses."""
        return len(self.responses)

    @cached_property
    def integer_weights(self) -> tuple[int, ...]:
        """The users' weights on a common integer scale, in the order of `users`."""
        common = lcm(*(user.weight.denominator for user in self.users))
        return tuple(int(user.weight * common) for user in self.users)

    @cached_property
    def scale(self) -> int:
        """Sum of `integer_weights`: a weight w there is the share w / scale."""
        return sum(self.integer_weights)

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """Every (may be below, declared class) pair that occurs, with the weight of its users."""
        found: dict[tuple[int, int], int] = {}
        for weight, user in zip(self.integer_weights, self.users, strict=True):
            for key in zip(user.order.below, user.order.own, strict=True):
                found[key] = found.get(key, 0) + weight
        return tuple(Group(weight, below, own) for (below, own), weight in found.items())

    def completed(self) -> Population | None:
        """The population of weak orders, where nothing is open; else None."""
        users = []
        for user in self.users:
            ranking = user.order.ranking()
            if ranking is None:
                return None
            users.append(User(user.weight, ranking))
        return Population(self.responses, tuple(users))


UserPopulation = Population | PartialPopulation
"""Users who are listed, with all that they prefer or what is known of it; then a win rate is the
least over all completions (E16)."""


def population_from_indexed(
    responses: Sequence[str],
    users: Iterable[tuple[Fraction, Iterable[Iterable[int]]]],
    missing: Missing,
) -> UserPopulation:
    """The population of (weight, classes of response indices, best first) pairs, as `missing` says:
    whole rankings as by `Population.from_indexed`, or, with "worst-case" and "worst-below", what is
    known of the users where any of them left a response out."""
    listed_users = [(weight, [[*tied] for tied in classes if tied]) for weight, classes in users]
    n = len(responses)
    whole = all(sum(map(len, classes)) == n for _, classes in listed_users)
    if missing not in OPEN or whole:
        how: Missing = "error" if missing in OPEN else missing
        return Population.from_indexed(responses, listed_users, missing=how)
    silence = missing == "worst-case"
    orders = (
        (weight, order_of_ranking(classes, n, silence=silence)) for weight, classes in listed_users
    )
    partial = PartialPopulation.from_orders(responses, orders)
    return partial.completed() or partial
