"""Populations: users with weak orders over responses, and rational weights, all exact.

A population is the only input of the theory. Users with the same ranking are merged at once, and
users for whom a response has the same (set strictly below, own indifference class) share one term
of every win rate, so that cost follows the groups and not the users.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Literal, get_args

from ualign.errors import InputError, option
from ualign.model.given import exact_weights, named_ranking, rankings_by, response_names
from ualign.text import show

Missing = Literal["tied-last", "drop-user", "error", "worst-case", "worst-below"]
"""What responses mean that a user left out: tied below the others; not a user to count; not
allowed; anything (her worst completion counts); or anything below the others."""
MISSING: tuple[Missing, ...] = get_args(Missing)
OPEN: frozenset[Missing] = frozenset({"worst-case", "worst-below"})
"""Where what was not said stays open, so that a user has a partial order."""
Number = Fraction | int | str
Score = Number | float | None
Ranking = tuple[tuple[int, ...], ...]
"""Indifference classes of response indices, best first; each class sorted, none empty."""


@dataclass(frozen=True)
class User:
    """All users who share one ranking, with their total weight (any positive scale)."""

    weight: Fraction
    ranking: Ranking


@dataclass(frozen=True)
class Group:
    """The users for whom the responses of `own` are tied and those of `below` are strictly worse.

    `below` and `own` are bit sets (bit y stands for response y); `weight` is on the integer scale
    of `Population.scale`, so a group's share of the population is `weight / scale`.
    """

    weight: int
    below: int
    own: int


@dataclass(frozen=True)
class Population:
    """Named responses and the users who rank them; weights are normalised by their sum.

    Build one with `Population.from_rankings`, or read one with `ualign.read_population`; the
    constructor itself expects merged users with complete, canonical rankings and checks that.
    """

    responses: tuple[str, ...]
    users: tuple[User, ...]

    def __post_init__(self) -> None:
        if not self.responses:
            raise InputError("a population needs at least one response")
        if len(set(self.responses)) != len(self.responses):
            twice = next(r for r in self.responses if self.responses.count(r) > 1)
            raise InputError(f"the response name {twice!r} occurs twice; names must be distinct")
        if not self.users:
            raise InputError("a population needs at least one user")
        everything = list(range(len(self.responses)))
        for number, user in enumerate(self.users, 1):
            if not isinstance(user.weight, Fraction) or user.weight <= 0:
                raise InputError(f"user {number}: weight {user.weight} is not a positive rational")
            if sorted(y for tied in user.ranking for y in tied) != everything:
                raise InputError(f"user {number}: the ranking does not hold every response once")
            if any(not tied or list(tied) != sorted(tied) for tied in user.ranking):
                raise InputError(f"user {number}: a class of the ranking is empty or unsorted")
        if len({user.ranking for user in self.users}) != len(self.users):
            raise InputError("users with the same ranking must be merged (use from_rankings)")

    @classmethod
    def from_rankings(
        cls,
        rankings: Iterable[Sequence[str | Iterable[str]]],
        weights: Iterable[Number] | None = None,
        *,
        responses: Sequence[str] | None = None,
        missing: Missing = "tied-last",
    ) -> Population:
        """Build a population from rankings of response names, best first.

        A ranking is a list whose items are names, or lists of names that are tied. `weights`
        (default: one each) are positive: ints, Fractions or strings such as "3/4"; no floats.
        `responses` fixes the names and their order (default: order of first appearance).
        Responses that a ranking leaves out are treated as `missing` says: tied below the ranked
        ones, the user dropped, or an error. Raises InputError, naming the user (from 1).
        """
        table = "; from_dataframe reads a data frame" * hasattr(rankings, "columns")
        if table or isinstance(rankings, str | Mapping) or not isinstance(rankings, Iterable):
            wanted = "expected a list of rankings, a list of names for each user"
            raise InputError(f"{wanted}, not {show(type(rankings).__name__)}{table}")
        named = [named_ranking(ranking, number) for number, ranking in enumerate(rankings, 1)]
        shares = exact_weights(weights, len(named))
        names = (
            tuple(dict.fromkeys(name for ranking in named for tied in ranking for name in tied))
            if responses is None
            else response_names(responses)
        )
        index = {name: y for y, name in enumerate(names)}
        indexed: list[tuple[Fraction, list[list[int]]]] = []
        for number, (share, ranking) in enumerate(zip(shares, named, strict=True), 1):
            for name in (name for tied in ranking for name in tied):
                if name not in index:
                    raise InputError(f"user {number} ranks {name!r}, which is not a response")
            indexed.append((share, [[index[name] for name in tied] for tied in ranking]))
        return cls.from_indexed(names, indexed, missing=missing)

    @classmethod
    def from_ranks(
        cls,
        ranks: Iterable[Mapping[str, Score] | Iterable[Score]],
        weights: Iterable[Number] | None = None,
        *,
        responses: Sequence[str] | None = None,
        missing: Missing = "tied-last",
    ) -> Population:
        """Build a population from users' ranks of the responses: smaller is better, 1 is best,
        equal is tied; None, NaN or nothing is missing.

        Each user's are a dict by name, or a row of an array in the order of `responses`. The other
        arguments are those of `from_rankings`.
        """
        names, rankings = rankings_by(ranks, responses, ranks=True)
        return cls.from_rankings(rankings, weights, responses=names, missing=missing)

    @classmethod
    def from_scores(
        cls,
        scores: Iterable[Mapping[str, Score] | Iterable[Score]],
        weights: Iterable[Number] | None = None,
        *,
        responses: Sequence[str] | None = None,
        missing: Missing = "tied-last",
    ) -> Population:
        """Build a population from users' scores of the responses: larger is better, equal is tied;
        None, NaN or nothing is missing. A float stands for the decimal that it is written as.

        Each user's are a dict by name, or a row of an array in the order of `responses`. The other
        arguments are those of `from_rankings`.
        """
        names, rankings = rankings_by(scores, responses, ranks=False)
        return cls.from_rankings(rankings, weights, responses=names, missing=missing)

    @classmethod
    def from_indexed(
        cls,
        responses: Sequence[str],
        users: Iterable[tuple[Fraction, Iterable[Iterable[int]]]],
        *,
        missing: Missing = "tied-last",
    ) -> Population:
        """Build a population from (weight, classes of response indices, best first) pairs.

        Completes or drops incomplete rankings as `missing` says and merges users with equal
        rankings, in the order of first appearance. Raises InputError, naming the user (from 1).
        """
        if missing not in set(MISSING) - OPEN:
            advice = "; read_population leaves open what was not said" * (missing in OPEN)
            raise InputError(f"missing={missing!r}: expected tied-last, drop-user or error{advice}")
        n = len(responses)
        merged: dict[Ranking, Fraction] = {}
        any_user = False
        for number, (weight, classes) in enumerate(users, 1):
            any_user = True
            if weight <= 0:
                raise InputError(f"user {number}: weight {weight} is not positive")
            ranking = [tuple(sorted(tied)) for tied in classes if tied]
            ranked = [y for tied in ranking for y in tied]
            if len(set(ranked)) != len(ranked):
                twice = next(y for y in ranked if ranked.count(y) > 1)
                raise InputError(f"user {number} ranks {responses[twice]!r} twice")
            if len(ranked) < n:
                left_out = tuple(sorted(set(range(n)) - set(ranked)))
                if missing == "error":
                    raise InputError(
                        f"user {number} does not rank {responses[left_out[0]]!r}"
                        f" ({n - len(ranked)} of {n} responses unranked);"
                        f" choose {option('missing', 'tied-last')} or"
                        f" {option('missing', 'drop-user')} to allow that"
                    )
                if missing == "drop-user":
                    continue
                ranking.append(left_out)
            key = tuple(ranking)
            merged[key] = merged.get(key, Fraction(0)) + weight
        if any_user and not merged:
            raise InputError(
                f"every user was dropped: none ranks all responses ({option('missing')})"
            )
        return cls(tuple(responses), tuple(User(w, ranking) for ranking, w in merged.items()))

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
        """Every (strictly below, own class) pair that occurs, with the weight of its users."""
        found: dict[tuple[int, int], int] = {}
        for weight, user in zip(self.integer_weights, self.users, strict=True):
            below = 0
            for tied in reversed(user.ranking):
                own = sum(1 << y for y in tied)
                found[below, own] = found.get((below, own), 0) + weight
                below |= own
        return tuple(Group(weight, below, own) for (below, own), weight in found.items())

    @cached_property
    def ranks(self) -> tuple[tuple[int, ...], ...]:
        """For each user the class index of every response (0 = best), in the order of `users`."""
        table = []
        for user in self.users:
            row = [0] * self.n
            for rank, tied in enumerate(user.ranking):
                for y in tied:
                    row[y] = rank
            table.append(tuple(row))
        return tuple(table)

    @property
    def classes(self) -> int:
        """Number of indifference classes of all users together."""
        return sum(len(user.ranking) for user in self.users)

    @property
    def is_strict(self) -> bool:
        """True when no user is indifferent between two responses."""
        return all(len(user.ranking) == self.n for user in self.users)
