"""Models of random populations."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from ualign.counterexamples import Space
from ualign.counterexamples.sampling import MODELS, neighbour, random_population
from ualign.model.population import Population

WEAK = Space(responses=4, users=5, strict=False)


def test_seeds_repeat() -> None:
    """The same seed draws the same populations, another one others."""

    def drawn(seed: int) -> list[Population]:
        rng = random.Random(seed)
        return [random_population(rng, WEAK) for _ in range(20)]

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)


@pytest.mark.parametrize("model", MODELS)
def test_models_draw_rankings(model: Any) -> None:
    """Every draw is a permutation, and not always the same one."""
    rng = random.Random(0)
    orders = [draw() for draw in (model(rng, 4) for _ in range(20)) for _ in range(3)]
    assert all(sorted(order) == [0, 1, 2, 3] for order in orders)
    assert len({tuple(order) for order in orders}) > 3


@pytest.mark.parametrize("strict", [True, False])
def test_random_populations_stay_in_their_space(strict: bool) -> None:
    """Sizes, weights and ties are within bounds, also after steps to neighbours."""
    space = replace(WEAK, strict=strict)
    rng = random.Random(5)
    ties = 0
    for _ in range(100):
        population = random_population(rng, space)
        assert 2 <= population.n <= 4
        assert len(population.users) <= 5
        assert neighbour(rng, population, space).n == population.n
        ties += not population.is_strict
    assert bool(ties) != strict
