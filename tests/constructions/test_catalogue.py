"""The table of constructions, and the suite that is made of it."""

from __future__ import annotations

from fractions import Fraction

import pytest
from elections import EVERYTHING, SUITE
from ualign.constructions import (
    CONSTRUCTIONS,
    FOR_ONE_THEOREM,
    binary_tree,
    borda_trap,
    built_in_suite,
    clones,
    common_favourite,
    construction_of,
    distinct_favourites,
    dominant,
    favourite_classes,
    plurality_versus_condorcet,
    slim_majority,
    tight_opponents,
    unanimous,
    uniform_rankings,
)
from ualign.errors import InputError
from ualign.model.uniform_rankings import UniformRankings


def test_suite_names_are_distinct_and_tell_the_parameters():
    names = [name for name, _ in built_in_suite()]
    assert len(set(names)) == len(names)
    assert len(names) > len(CONSTRUCTIONS)
    assert "tight-opponents-k3-l3" in names
    assert "slim-majority-eps1-10" in names
    assert EVERYTHING["uniform-rankings-by-orbits-n1000"] == UniformRankings(1000)


@pytest.mark.parametrize("name", sorted(CONSTRUCTIONS))
def test_every_construction_builds_and_says_what_it_is(name):
    construction = CONSTRUCTIONS[name]
    assert construction.name == name
    assert construction.source
    assert construction.about
    population = construction.build(**construction.defaults)
    assert population == construction.build(**construction.defaults)
    assert any(population == built for built in EVERYTHING.values())


def test_the_suite_knows_its_constructions():
    for label, built in EVERYTHING.items():
        construction, parameters = construction_of(label)
        assert construction.build(**parameters) == built
    assert construction_of("a file of yours") is None


def test_the_suite_is_small():
    asked = [population for label, population in SUITE.items() if label not in FOR_ONE_THEOREM]
    assert max(population.n for population in asked) <= 8
    assert max(len(population.users) for population in asked) <= 24
    assert set(FOR_ONE_THEOREM) < set(SUITE)


def test_a_binary_tree_has_its_users():
    """Depth 2: four leaves, each user's own first, then her way up to the root, then the rest."""
    tree = binary_tree(2)
    assert tree.responses == ("root", "root0", "root1", "root00", "root01", "root10", "root11")
    ranked = [[{tree.responses[y] for y in tied} for tied in u.ranking] for u in tree.users]
    assert [way[:3] for way in ranked] == [
        [{f"root{i}{j}"}, {f"root{i}"}, {"root"}] for i in "01" for j in "01"
    ]
    assert [len(way) for way in ranked] == [4] * 4


@pytest.mark.parametrize(
    "call",
    [
        lambda: slim_majority(Fraction(1, 2)),
        lambda: slim_majority(Fraction(0)),
        lambda: tight_opponents(2, 4),
        lambda: tight_opponents(0, 1),
        lambda: distinct_favourites(0),
        lambda: borda_trap(1),
        lambda: uniform_rankings(7),
        lambda: favourite_classes(0, 2),
        lambda: favourite_classes(2, 6),
        lambda: dominant(0, 1),
        lambda: dominant(2, 0),
        lambda: plurality_versus_condorcet(0),
        lambda: clones(3, 0),
        lambda: common_favourite(0),
        lambda: unanimous(27),
        lambda: binary_tree(0),
    ],
)
def test_parameters_out_of_range_are_refused(call):
    with pytest.raises(InputError, match="expected"):
        call()
