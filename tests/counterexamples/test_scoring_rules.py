"""Linear programs over the users' weights: the worst populations for scoring rules."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from ualign.counterexamples import CONJECTURES, search
from ualign.counterexamples.editing import size
from ualign.counterexamples.enumeration import orbits
from ualign.counterexamples.scoring import borda_points, worst_for_rule
from ualign.errors import InputError
from ualign.exact.methods import borda_winners
from ualign.model.policies import ProductPolicy
from ualign.model.population import Population
from ualign.model.win_rates import worst_case


@pytest.mark.parametrize("n", [2, 3, 4])
def test_the_worst_population_for_borda_has_one_in_n(n: int) -> None:
    """E9's infimum, attained where ties for the winner are allowed."""
    population = worst_for_rule(borda_points(n))
    points = [ProductPolicy.point_mass(n, y) for y in borda_winners(population)]
    least = min(worst_case(population, point, k=1).value for point in points)
    assert least == min(Fraction(1, n), Fraction(1, 2))


@pytest.mark.parametrize(("points", "value"), [((1, 0, 0), "1/3"), ((1, 1, 0), "0")])
def test_the_worst_population_for_other_rules(points: tuple[int, ...], value: str) -> None:
    """Plurality's winner can lose to all but a third, and a rule that tells only the last place
    from others can choose what everybody ranks below something else; no enumerated population is
    worse."""

    def least(population: Population) -> Fraction:
        scores = [
            sum(
                w * points[ranks[y]]
                for w, ranks in zip(population.integer_weights, population.ranks, strict=True)
            )
            for y in range(3)
        ]
        winners = [y for y in range(3) if scores[y] == max(scores)]
        return min(
            worst_case(population, ProductPolicy.point_mass(3, y), k=1).value for y in winners
        )

    assert least(worst_for_rule(points)) == Fraction(value)
    for users in (1, 2, 3, 4):
        for orbit in orbits(3, users, strict=True):
            assert least(orbit.population) >= Fraction(value)


def test_linear_programs_find_what_enumeration_is_too_small_for() -> None:
    """One user is too few, so that the program's population is the first that refutes."""
    conjecture = CONJECTURES["borda-wins-half"]
    conjecture = replace(conjecture, where=replace(conjecture.where, users=1))
    found, covered = search(conjecture, budget=600, samples=0)
    assert found is not None
    assert (found.how, size(found.population), covered.worst) == ("linear program", (3, 3), [2])
    assert found.refutation.values["wins"] == Fraction(1, 3)


@pytest.mark.parametrize("n", [1, 5])
def test_linear_programs_are_for_few_responses(n: int) -> None:
    with pytest.raises(InputError, match="2 to 4"):
        worst_for_rule(borda_points(n))
