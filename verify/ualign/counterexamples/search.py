"""The search for a counterexample: everything small, then known constructions, then the worst by
linear programs, then random populations with climbing, until one refutes or the time is up.

"None found" says how much was covered: `Covered` counts populations up to renaming the responses,
and all those that they stand for.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import islice

from ualign.counterexamples import scoring
from ualign.counterexamples.conjecture import Conjecture, Refutation, UndecidedError
from ualign.counterexamples.enumeration import MOST_ENUMERATED, orbits
from ualign.counterexamples.sampling import neighbour, random_population
from ualign.counterexamples.shrinking import refutation, shrink, tidied
from ualign.errors import InputError
from ualign.exact.instance import Instance
from ualign.model.population import Population
from ualign.model.solutions import BeyondLimitError
from ualign.text import show

FRUITLESS_STEPS = 40
"""Climbing starts afresh after so many changes in a row that lead no closer."""

EXHAUSTIVE_SHARE = 0.6
"""Part of the time after which the enumeration makes room for the other two."""

Report = Callable[[str, int], None]
"""Called with what happens now and the number of populations just done."""


@dataclass(frozen=True)
class Covering:
    """Populations of n responses and so many equal users: `populations` up to renaming were tried,
    which stand for `total`; `undecided` of them could not be told, and not all were reached unless
    `complete`."""

    responses: int
    users: int
    populations: int = 0
    total: int = 0
    undecided: int = 0
    complete: bool = False


@dataclass
class Covered:
    """How much was searched: the rows of the enumeration; `worst`: the numbers of responses for
    which a linear program gave the worst strict population of any weights, which does not refute;
    how many known constructions and how many random populations were tried, changed ones among
    them; and how many of all these could not be decided."""

    rows: list[Covering] = field(default_factory=list)
    worst: list[int] = field(default_factory=list)
    suspects: int = 0
    sampled: int = 0
    undecided: int = 0

    @property
    def populations(self) -> int:
        """Enumerated populations up to renaming the responses."""
        return sum(row.populations for row in self.rows)

    @property
    def total(self) -> int:
        """What these stand for."""
        return sum(row.total for row in self.rows)

    @property
    def gaps(self) -> int:
        """Populations that could not be decided."""
        return self.undecided + sum(row.undecided for row in self.rows)

    def complete_to(self) -> dict[int, int]:
        """For each number of responses the largest m such that all populations of up to m equal
        users were tried and decided."""
        reached: dict[int, int] = {}
        for row in self.rows:
            next_up = row.users == reached.get(row.responses, 0) + 1
            if row.complete and not row.undecided and next_up:
                reached[row.responses] = row.users
        return reached


@dataclass(frozen=True)
class Found:
    """A counterexample after shrinking; k and l are the numbers of outputs where it refutes.

    `how` it was found: by "enumeration", "construction", "linear program" or "sampling".
    `minimal`: no single step to a smaller population refutes; `smallest`: nothing does that has
    fewer responses (and no more users than were enumerated) or as many responses and fewer users.
    """

    population: Population
    refutation: Refutation
    k: int
    l: int
    how: str
    minimal: bool
    smallest: bool


def search(
    conjecture: Conjecture,
    *,
    seed: int = 0,
    budget: float = 60,
    samples: int | None = None,
    report: Report = lambda text, done: None,
) -> tuple[Found | None, Covered]:
    """The first counterexample that is found and shrunk, or None, within `budget` seconds, and what
    was covered. The same seed tries the same populations in the same order; `samples` limits the
    random ones (0: none), so that the outcome depends on nothing else.

    Raises InputError for a budget that is not positive, and where a function of the conjecture
    fails, with the line; a UndecidedError of a predicate's only counts what it cannot tell."""
    if not isinstance(conjecture, Conjecture):
        kind = show(type(conjecture).__name__)
        raise InputError(f"expected a Conjecture, not {kind}; write Conjecture(...)")
    if not budget > 0:
        raise InputError(f"a budget of {budget} seconds: expected more than 0")
    conjecture = conjecture.guarded()
    start = time.monotonic()
    covered = Covered()

    def late(share: float = 1) -> bool:
        return time.monotonic() > start + share * budget

    hunt = Hunt(conjecture, covered, report)
    stages: dict[str, Iterator[Hit | None]] = {
        "enumeration": hunt.everything(),
        "construction": hunt.suspects(),
        "linear program": hunt.worst(),
        "sampling": islice(hunt.sampled(random.Random(seed)), samples),
    }
    for how, stage in stages.items():
        share = EXHAUSTIVE_SHARE if how == "enumeration" else 1
        for hit in stage:
            if hit is not None:
                return _shrunk(conjecture, hit, how, covered, late), covered
            if late(share):
                break
    return None, covered


@dataclass(frozen=True)
class Hit:
    """A counterexample as it was met."""

    population: Population
    refutation: Refutation
    k: int
    l: int


class Hunt:
    """The stages of a search; each yields after every population, with the hit if it is one."""

    def __init__(
        self,
        conjecture: Conjecture,
        covered: Covered,
        report: Report = lambda text, done: None,
    ) -> None:
        self.conjecture, self.covered, self.report = conjecture, covered, report
        self.where = conjecture.where

    def everything(self) -> Iterator[Hit | None]:
        """Populations of equal users, the fewest responses first, then the fewest users."""
        rows = self.covered.rows
        for n in range(self.where.least_responses, min(self.where.responses, MOST_ENUMERATED) + 1):
            for users in range(1, self.where.users + 1):
                rows.append(Covering(n, users))
                for orbit in orbits(n, users, strict=self.where.strict):
                    self.report(f"{n} responses, {users} users", 1)
                    hit, undecided = None, False
                    if not orbit.repeated:  # else its shares were met with fewer users
                        hit, undecided = self._tried(Instance(orbit.population))
                    row = rows[-1]
                    rows[-1] = replace(
                        row,
                        populations=row.populations + 1,
                        total=row.total + orbit.size,
                        undecided=row.undecided + undecided,
                    )
                    yield hit
                rows[-1] = replace(rows[-1], complete=True)

    def suspects(self) -> Iterator[Hit | None]:
        """The populations that the conjecture itself points at."""
        for population in self.conjecture.suspects() if self.conjecture.suspects else ():
            self.report("known constructions", 1)
            hit, undecided = self._tried(Instance(tidied(population)))
            self.covered.suspects += 1
            self.covered.undecided += undecided
            yield hit

    def worst(self) -> Iterator[Hit | None]:
        """The worst strict populations by linear programs, where the conjecture has one."""
        if self.conjecture.extremal is None:
            return
        for n in range(2, min(self.where.responses, scoring.MOST_SCORED) + 1):
            self.report(f"{n} responses, any weights", 1)
            hit, undecided = self._tried(Instance(self.conjecture.extremal(n)))
            self.covered.undecided += undecided
            if hit is None and not undecided:
                self.covered.worst.append(n)
            yield hit

    def sampled(self, rng: random.Random) -> Iterator[Hit | None]:
        """Random populations for ever; where there is a margin, each the start of a climb."""
        while True:
            instance = Instance(random_population(rng, self.where))
            yield self._sampled(instance)
            if self.conjecture.margin is not None:
                yield from self._climb(rng, instance)

    def _climb(self, rng: random.Random, instance: Instance) -> Iterator[Hit | None]:
        best, fruitless = self._margin(instance), 0
        while best is not None and fruitless < FRUITLESS_STEPS:
            candidate = Instance(neighbour(rng, instance.population, self.where))
            fruitless += 1
            yield self._sampled(candidate)
            margin = self._margin(candidate)
            if margin is not None and margin <= best:
                if margin < best:
                    fruitless = 0
                instance, best = candidate, margin

    def _margin(self, instance: Instance) -> Fraction | None:
        """The least margin over all k and l; None where one is not known."""
        margin, conjecture = self.conjecture.margin, self.conjecture
        try:
            return margin and min(
                margin(instance, k, l) for k in conjecture.ks for l in conjecture.ls
            )
        except (UndecidedError, BeyondLimitError):
            return None

    def _sampled(self, instance: Instance) -> Hit | None:
        self.report("random populations", 1)
        hit, undecided = self._tried(instance)
        self.covered.sampled += 1
        self.covered.undecided += undecided
        return hit

    def _tried(self, instance: Instance) -> tuple[Hit | None, bool]:
        """The first k and l at which the population refutes; and whether some were not decided."""
        undecided = False
        for k in self.conjecture.ks:
            for l in self.conjecture.ls:
                answer = refutation(self.conjecture, instance, k, l)
                if isinstance(answer, Refutation):
                    return Hit(instance.population, answer, k, l), False
                undecided |= isinstance(answer, UndecidedError)
        return None, undecided


def _shrunk(
    conjecture: Conjecture, hit: Hit, how: str, covered: Covered, late: Callable[[], bool]
) -> Found:
    population, found, minimal = shrink(
        conjecture, hit.population, hit.refutation, hit.k, hit.l, late
    )
    # Everything smaller came earlier in the enumeration, at every k and l.
    smallest = how == "enumeration" and covered.gaps == 0
    return Found(population, found, hit.k, hit.l, how, minimal or smallest, smallest)
