"""Shrinking a counterexample: greedy, until no single step to a smaller one refutes as well."""

from __future__ import annotations

from collections.abc import Callable

from ualign.counterexamples.conjecture import Conjecture, Refutation, UndecidedError
from ualign.counterexamples.editing import rebuilt, size, smaller, weighted
from ualign.exact.instance import Instance
from ualign.model.population import Population
from ualign.model.solutions import BeyondLimitError


def refutation(
    conjecture: Conjecture, instance: Instance, k: int, l: int
) -> Refutation | UndecidedError | None:
    """What the predicate says of an instance; where it cannot tell, the reason."""
    try:
        return conjecture.refute(instance, k, l)
    except (UndecidedError, BeyondLimitError) as reason:
        return UndecidedError(str(reason))


def shrink(
    conjecture: Conjecture,
    population: Population,
    found: Refutation,
    k: int,
    l: int,
    late: Callable[[], bool] = lambda: False,
) -> tuple[Population, Refutation, bool]:
    """A counterexample of the least size that greedy steps lead to, its refutation, and whether
    every smaller step was tried and fails (not so where the time is up first, or where the
    predicate cannot tell).

    Sizes are compared by responses, then by users; so it ends. The conjecture's own space limits
    the responses from below."""
    least = conjecture.where.least_responses
    while True:
        undecided = False
        for candidate in smaller(population):
            if late():
                return population, found, False
            if candidate.n < least or size(candidate) >= size(population):
                continue
            answer = refutation(conjecture, Instance(candidate), k, l)
            undecided |= isinstance(answer, UndecidedError)
            if isinstance(answer, Refutation):
                population, found = candidate, answer
                break
        else:
            return population, found, not undecided


def tidied(population: Population) -> Population:
    """The same population with letters for names and whole weights in lowest terms."""
    return rebuilt(weighted(population))
