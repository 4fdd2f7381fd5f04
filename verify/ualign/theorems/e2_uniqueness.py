"""E2: whether the symmetric equilibrium is unique.

For k >= 2 all equilibria give every class of every user the same mass. So an equilibrium pi is
unique iff no d != 0 with zero class sums has d >= 0 off supp(pi): by Stiemke's lemma, iff the
classes are independent on the support and some combination of their indicator vectors vanishes on
it and is positive off it. For k = 1 the kernel of the margins decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import gcd, lcm
from typing import Any

from flint import fmpz_mat

from ualign.certificates.claims import claim_unique_equilibrium, equilibrium_parts, masses
from ualign.certificates.findings import (
    NOT_CERTIFIED,
    NOT_UNIQUE,
    UNIQUE,
    Finding,
    Question,
    without_claim,
)
from ualign.exact.class_space import ClassPlace, independent_classes, kernel
from ualign.exact.instance import Instance
from ualign.exact.matrix_game import solve_matrix_game
from ualign.model.population import Population
from ualign.model.solutions import Enclosure

STATEMENT = "the symmetric equilibrium is unique, or there are several, and two are given"


def certify(instance: Instance, k: int) -> list[Finding]:
    """Uniqueness or its failure, with its proof; "not certified" only where the equilibrium could
    not be located and the classes alone do not decide."""
    population = instance.population
    if k == 1:
        return [_lotteries(instance)]
    everything = range(population.n)
    spanning = independent_classes(population, everything)
    if len(spanning) == population.n:
        return [_finding(k, True, {"classes": _written(spanning)})]
    found = instance.equilibrium(k)
    if found.enclosure is None:
        return [without_claim(Question("E2", "uniqueness"), k, NOT_CERTIFIED, found.reason)]
    parts = {"equilibrium": equilibrium_parts(population, found.policy, found.enclosure)}
    support = found.policy.support
    combination, direction = separate(population, spanning, support)
    if direction:
        step = {population.responses[y]: str(v) for y, v in direction.items()}
        note = "moving along " + ", ".join(f"{v} {name!r}" for name, v in sorted(step.items())[:4])
        return [_finding(k, False, {**parts, "direction": step}, note)]
    on_support = independent_classes(population, support)
    written = [[list(place), str(number)] for place, number in combination.items()]
    proof = {**parts, "classes": _written(on_support), "combination": written}
    return [_finding(k, True, proof)]


def _lotteries(instance: Instance) -> Finding:
    population, lottery = instance.population, instance.lottery
    if lottery.another is None:
        exact = equilibrium_parts(population, lottery.policy, Enclosure(Fraction(0)))
        return _finding(1, True, {"equilibrium": exact})
    pair = [masses(population, lottery.policy), masses(population, lottery.another)]
    note = f"the maximal lotteries form a polytope of dimension {lottery.dimension}"
    return _finding(1, False, {"equilibria": pair}, note)


def _finding(k: int, unique: bool, witness: dict[str, Any], note: str = "") -> Finding:
    grade = UNIQUE if unique else NOT_UNIQUE
    certificate = claim_unique_equilibrium(k, unique, witness)
    return Finding(Question("E2", "uniqueness"), k, "", None, grade, (certificate,), note)


def _written(places: Sequence[ClassPlace]) -> list[list[int]]:
    return [list(place) for place in places]


def separate(
    population: Population, classes: Sequence[ClassPlace], support: Sequence[int]
) -> tuple[dict[ClassPlace, Fraction], dict[int, Fraction]]:
    """Stiemke's alternative: a combination of classes that is 0 on the support and positive off
    it, or a direction d != 0 with zero class sums and d >= 0 off it (the other one is empty).

    `classes` must be a basis of the classes' span, and independent on the support."""
    off = [y for y in range(population.n) if y not in support]
    covering = _avoiding_classes(population, support)
    if all(y in covering for y in off):
        places = sorted(set(covering.values()))
        return dict.fromkeys(places, Fraction(1)), {}
    vectors = [set(population.users[u].ranking[c]) for u, c in classes]
    coefficients = kernel([[int(y in tied) for tied in vectors] for y in support])
    table = _combined(coefficients, [[int(y in tied) for y in off] for tied in vectors])
    game = solve_matrix_game([*table, *[[-v for v in row] for row in table], [0] * len(off)])
    if game.value > 0:
        half = len(table)
        weights = [game.row_strategy[i] - game.row_strategy[half + i] for i in range(half)]
        total = [
            sum((w * row[j] for w, row in zip(weights, coefficients, strict=True)), Fraction(0))
            for j in range(len(classes))
        ]
        return {place: v for place, v in zip(classes, total, strict=True) if v}, {}
    moved = dict(zip(off, game.column_strategy, strict=True))
    return {}, _completed(vectors, support, moved)


def _combined(
    coefficients: Sequence[Sequence[Fraction]], vectors: Sequence[Sequence[int]]
) -> list[list[int]]:
    """The combinations of the vectors, on the least scale on which they are whole numbers."""
    if not coefficients:
        return []
    scale = lcm(*(c.denominator for row in coefficients for c in row))
    whole = [[c.numerator * (scale // c.denominator) for c in row] for row in coefficients]
    table = (fmpz_mat(whole) * fmpz_mat([[*vector] for vector in vectors])).tolist()
    common = gcd(scale, *(int(v) for row in table for v in row))
    return [[int(v) // common for v in row] for row in table]


def _avoiding_classes(population: Population, support: Sequence[int]) -> dict[int, ClassPlace]:
    """For responses off the support a class that holds them and nothing of the support."""
    inside = set(support)
    found: dict[int, ClassPlace] = {}
    for u, user in enumerate(population.users):
        for c, tied in enumerate(user.ranking):
            if inside.isdisjoint(tied):
                for y in tied:
                    found.setdefault(y, (u, c))
    return found


def _completed(
    vectors: Sequence[set[int]], support: Sequence[int], moved: dict[int, Fraction]
) -> dict[int, Fraction]:
    """The direction with the given entries off the support and zero class sums."""
    scale = lcm(*(v.denominator for v in moved.values()))
    rows = [
        [
            *(int(y in tied) for y in support),
            int(sum((v for y, v in moved.items() if y in tied), Fraction(0)) * scale),
        ]
        for tied in vectors
    ]
    solution = next(vector for vector in kernel(rows) if vector[-1])
    direction = {y: v / solution[-1] / scale for y, v in zip(support, solution, strict=False)}
    return {y: v for y, v in (direction | moved).items() if v}
