"""P1 for tiny supports: the equilibrium itself, not a neighbour, in exact algebraic coordinates."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

from ualign.certificates.claims import claim_algebraic_equilibrium
from ualign.certificates.findings import (
    NOT_CERTIFIED,
    NOT_COMPUTED,
    Finding,
    Question,
    of_degree,
    without_claim,
)
from ualign.exact.algebraic import AlgebraicEquilibrium, find_algebraic, is_within_limit
from ualign.exact.instance import Instance
from ualign.model.population import Population

STATEMENT = "these algebraic numbers are an exact symmetric equilibrium, which wins just k/(k+1)"

LONGEST_NOTE = 80
"""Polynomials with more characters than this are shown by their ends."""

SHOWN_PLACES = 10

MOST_PRODUCTS, MOST_STEPS = 20_000, 900_000_000
"""Most products in Q, and steps of the checker's budget, that checking a certificate may cost."""


def certify(instance: Instance, k: int) -> list[Finding]:
    """The degree over Q and the coordinates of the equilibrium, where its support has at most three
    responses, the degree to be expected is small, and so is the cost of checking."""
    if not instance.degree:  # it was not asked for
        return []
    population, found = instance.population, instance.equilibrium(k)
    if (
        not is_within_limit(population, found, instance.degree)
        or _products(population, k, 1) > MOST_PRODUCTS
    ):
        size = len(found.policy.support)
        why = f"beyond the limits on support, degree and size (the support has {size})"
        return [without_claim(Question("P1", "algebraic"), k, NOT_COMPUTED, why)]
    exact = find_algebraic(population, found, limit=instance.degree)
    if exact is None:
        why = found.reason or "no root of the polynomial system is an equilibrium"
        return [without_claim(Question("P1", "algebraic"), k, NOT_CERTIFIED, why)]
    if _is_too_costly(population, exact):
        why = f"degree {exact.degree}, found but too costly to check"
        return [without_claim(Question("P1", "algebraic"), k, NOT_COMPUTED, why)]
    certificate = claim_algebraic_equilibrium(
        population, k, exact.polynomial, exact.interval, exact.masses
    )
    grade, note = of_degree(exact.degree), _note(exact)
    return [Finding(Question("P1", "algebraic"), k, "", None, grade, (certificate,), note)]


def _is_too_costly(population: Population, exact: AlgebraicEquilibrium) -> bool:
    """The checker charges for a product modulo the polynomial by the lengths of its factors, which
    grow with every draw."""
    k, d = exact.k, exact.degree
    numbers = [c for element in exact.masses.values() for c in element]
    scale = lcm(*(c.denominator for c in numbers))
    longest = max(int(abs(c) * scale).bit_length() for c in numbers)
    modulus = max(abs(c).bit_length() for c in exact.polynomial)
    grown = 1 + k * (longest + (d + 2) * modulus) // 512
    products = 2 * k * population.classes
    steps = products * (64 + 16 * d * d) * grown * (1 + max(longest, modulus) // 512)
    return _products(population, k, d) > MOST_PRODUCTS or steps > MOST_STEPS


def _products(population: Population, k: int, degree: int) -> int:
    """About how many the checker takes in Q: it multiplies k times a class and user."""
    return population.classes * k * (degree + 1) ** 2


def _note(exact: AlgebraicEquilibrium) -> str:
    if exact.degree == 1:
        return "the masses are rational"
    near = sum(exact.interval, Fraction(0)) / 2 * 10**SHOWN_PLACES
    whole, part = divmod(round(near), 10**SHOWN_PLACES)
    return f"alpha near {whole}.{part:0{SHOWN_PLACES}d} with {written(exact.polynomial)} = 0"


def written(polynomial: Sequence[int]) -> str:
    """A polynomial in alpha for people, highest power first; a long one by its ends."""
    terms = [
        f"{'-' if c < 0 else '+'} {_term(abs(c), power)}" for power, c in enumerate(polynomial) if c
    ]
    text = " ".join(reversed(terms)).removeprefix("+ ")
    if len(text) <= LONGEST_NOTE:
        return text
    digits = max(len(str(abs(c))) for c in polynomial)
    first, last = terms[-1].removeprefix("+ "), terms[0]
    return f"{first} ... {last} (coefficients of up to {digits} digits)"


def _term(coefficient: int, power: int) -> str:
    if power == 0:
        return str(coefficient)
    variable = "alpha" if power == 1 else f"alpha^{power}"
    return variable if coefficient == 1 else f"{coefficient} {variable}"
