"""The populations of long tables, one a prompt, made when they are asked for.

Of scores and ranks a user has a ranking of the responses that she judged. Pairwise preferences make
a partial order, by transitive closure: what she did not compare stays open, unless `missing` says
otherwise. Preferences that run in a circle fit no order, and are refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate
from pathlib import Path
from typing import Any

from ualign.errors import InputError, option
from ualign.formats.reading import Choices, Reading
from ualign.formats.table_cells import Cells, Skipped
from ualign.model.partial_orders import (
    CyclicError,
    PartialOrder,
    PartialPopulation,
    UserPopulation,
    order_of,
    population_from_indexed,
)
from ualign.text import listed, show

_Pairs = list[tuple[int, int, int]]


class TablePrompts:
    """The prompts of a table by name, in the order in which they occur; `reading(number)` is the
    population of one, with how it was understood."""

    def __init__(self, cells: Cells, choices: Choices, source: Path) -> None:
        self.cells, self.source = cells, source
        self.columns = cells.columns
        self.missing = choices.of_pairs if cells.columns.is_pairs else choices.of_rankings
        sizes = cells.frame.group_by("prompt").len().sort("prompt")
        self.names = [cells.prompts[code] for code in sizes["prompt"].to_list()]
        self._starts = [0, *accumulate(sizes["len"].to_list())]

    def __len__(self) -> int:
        return len(self.names)

    def reading(self, number: int, skipped: Skipped) -> Reading | None:
        """The prompt's population; None if nobody is left of whom something is known.

        Raises InputError, naming the prompt and the user, for preferences that run in a circle and
        for what `missing` does not allow, unless such users may be skipped."""
        start, end = self._starts[number : number + 2]
        rows = self.cells.frame[start:end]
        where = f"{self.source}: prompt {show(self.names[number])}"
        make = self._of_pairs if self.columns.is_pairs else self._of_ranks
        try:
            return make(rows, where, skipped)
        except InputError as error:
            skipped.add(str(error) if str(error).startswith(where) else f"{where}: {error}")
            return None

    def _names(self, codes: Sequence[int]) -> tuple[list[str], dict[int, int]]:
        place = {code: y for y, code in enumerate(dict.fromkeys(codes))}
        return [self.cells.responses[code] for code in place], place

    def _of_ranks(self, rows: Any, where: str, skipped: Skipped) -> Reading:
        responses = rows["response"].to_list()
        names, place = self._names(responses)
        users: dict[int, dict[int, list[int]]] = {}
        for user, response, rank in zip(
            rows["user"].to_list(), responses, rows["rank"].to_list(), strict=True
        ):
            classes = users.setdefault(user, {})
            if rank is not None:
                classes.setdefault(rank, []).append(place[response])
        found = [
            (user, [classes[rank] for rank in sorted(classes)]) for user, classes in users.items()
        ]
        n = len(names)
        incomplete = [user for user, classes in found if sum(map(len, classes)) < n]
        if incomplete and self.missing == "error":
            found = [(u, c) for u, c in found if u not in set(incomplete)]
            for user in incomplete:
                ways = f"{option('missing', 'tied-last')} or {option('missing', 'worst-case')}"
                skipped.add(f"{where}, user {self._user(user)}: left responses out; choose {ways}")
            incomplete = []
        weighted = [(Fraction(1), classes) for _, classes in found]
        if not weighted:
            raise InputError("no user is left")
        population = population_from_indexed(names, weighted, self.missing)
        return self._reading(population, len(found), len(incomplete))

    def _of_pairs(self, rows: Any, where: str, skipped: Skipped) -> Reading:
        first, second = rows["a"].to_list(), rows["b"].to_list()
        names, place = self._names([y for pair in zip(first, second, strict=True) for y in pair])
        users: dict[int, _Pairs] = {}
        signs = rows["sign"].to_list()
        for user, a, b, sign in zip(rows["user"].to_list(), first, second, signs, strict=True):
            users.setdefault(user, []).append((place[a], place[b], sign))
        orders: list[tuple[Fraction, PartialOrder]] = []
        incomplete = left_out = 0
        for user, pairs in users.items():
            try:
                order, is_open = self._order(len(names), pairs)
            except CyclicError as error:
                circle = listed(names[y] for y in error.responses)
                what = f"the preferences among {circle} run in a circle"
                skipped.add(f"{where}, user {self._user(user)}: {what}")
                left_out += 1
                continue
            except InputError as error:
                skipped.add(f"{where}, user {self._user(user)}: {error}")
                left_out += 1
                continue
            incomplete += is_open
            if order is not None:
                orders.append((Fraction(1), order))
        if not orders:
            raise InputError(f"no user is left ({option('missing', self.missing)})")
        partial = PartialPopulation.from_orders(names, orders)
        return self._reading(partial.completed() or partial, len(users) - left_out, incomplete)

    def _order(self, n: int, pairs: _Pairs) -> tuple[PartialOrder | None, bool]:
        """What is known of a user who has compared these, and whether she left anything open."""
        above = [(a, b) if sign > 0 else (b, a) for a, b, sign in pairs if sign]
        tied = [(a, b) for a, b, sign in pairs if not sign]
        order = order_of(n, above, tied)
        if order.ranking() is not None:
            return order, False
        if self.missing == "worst-case":
            return order, True
        if self.missing == "drop-user":
            return None, True
        seen = {y for a, b, _ in pairs for y in (a, b)}
        unseen = [y for y in range(n) if y not in seen]
        if self.missing != "error" and unseen:
            above += [(y, z) for y in seen for z in unseen]
            tied += [(unseen[0], z) for z in unseen if self.missing == "tied-last"]
            order = order_of(n, above, tied)
        if self.missing == "worst-below" or (self.missing == "tied-last" and order.ranking()):
            return order, True
        ways = f"{option('missing', 'worst-case')} or {option('missing', 'drop-user')}"
        raise InputError(f"what was compared leaves her ranking open; choose {ways}")

    def _reading(self, population: UserPopulation, users: int, incomplete: int) -> Reading:
        return Reading(
            population, self.missing, users, incomplete, columns=self.columns, source=self.source
        )

    def _user(self, user: int) -> str:
        return show(self.cells.users[user])
