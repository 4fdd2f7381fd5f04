"""What conjectures are refuted with: exact equilibria, enclosed, and the claims about them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ualign.certificates.claims import claim_equilibrium, claim_win_rate
from ualign.certificates.findings import UNIQUE, Certificate
from ualign.counterexamples.conjecture import UndecidedError
from ualign.exact.instance import Instance
from ualign.exact.maximal_lottery import margins
from ualign.model.policies import ProductPolicy
from ualign.model.population import Population
from ualign.model.solutions import Enclosure
from ualign.model.win_rates import WorstCase
from ualign.text import decimal
from ualign.theorems import e2_uniqueness
from ualign.theorems.located import Located, locate

COARSE = 10**6
"""Largest denominator of a short fraction."""


def located(instance: Instance, k: int) -> Located:
    """The equilibrium of the (k+1)-player game (for k = 1 the maximal lottery of largest support).

    Raises UndecidedError where none could be enclosed."""
    if (found := locate(instance, k)) is None:
        why = instance.equilibrium(k).reason
        raise UndecidedError(f"no equilibrium could be enclosed at k = {k}: {why}")
    return found


def pure(population: Population, k: int, y: int) -> Certificate:
    """The claim that the point mass on y is an equilibrium."""
    point = ProductPolicy.point_mass(population.n, y)
    return claim_equilibrium(population, k, point, Enclosure(Fraction(0)))


def uniqueness(instance: Instance, k: int) -> tuple[bool, Certificate]:
    """Whether the equilibrium is the only one, with the claim that says so (E2).

    Raises UndecidedError where neither could be shown."""
    (finding,) = e2_uniqueness.certify(instance, k)
    if not finding.certificates:
        raise UndecidedError(f"uniqueness at k = {k}: {finding.note}")
    return finding.grade == UNIQUE, finding.certificates[0]


def only(instance: Instance, k: int) -> tuple[Located, tuple[Certificate, ...]] | None:
    """The equilibrium at k with the claims that it is one and the only one; None if it is not.

    Raises UndecidedError where that could not be shown."""
    exact = located(instance, k)
    unique, claim = uniqueness(instance, k)
    return (exact, (exact.claim, claim)) if unique else None


def find_condorcet_winner(population: Population) -> int | None:
    """The response that beats every other one by majority, if there is one."""
    for c, row in enumerate(margins(population)):
        if all(margin > 0 for y, margin in enumerate(row) if y != c):
            return c
    return None


def majorities(instance: Instance, c: int) -> tuple[Certificate, ...]:
    """The claims that c is the Condorcet winner: its point mass is a maximal lottery, and the only
    one, which is so just where it beats the others strictly."""
    return pure(instance.population, 1, c), uniqueness(instance, 1)[1]


def exactly(population: Population, policy: ProductPolicy, k: int, worst: WorstCase) -> Certificate:
    """The claim that a policy's worst case is what it is."""
    return claim_win_rate(
        population, policy, k, "=", worst.value, worst.opponent, l=len(worst.opponent)
    )


def shortest_between(value: Fraction, limit: Fraction) -> Fraction:
    """The number with the fewest decimals that is no less than the value and below the limit; the
    value itself where that is a short fraction. The value has to be below the limit."""
    places = 1
    if value.denominator <= COARSE:
        return value
    while (rounded := Fraction(-(-value * 10**places // 1), 10**places)) >= limit:
        places += 1
    return rounded


def named(population: Population, responses: Sequence[int]) -> str:
    """Responses by name, as people list them."""
    names = [population.responses[y] for y in responses]
    return ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else "".join(names)


def told_apart(first: Fraction, second: Fraction) -> tuple[str, str]:
    """Two numbers with as many decimals, six at least, as it takes to tell them apart."""
    places = 6
    while first != second and decimal(first, places) == decimal(second, places):
        places += 3
    return decimal(first, places), decimal(second, places)
