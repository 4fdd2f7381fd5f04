"""Elections from the literature have the scores that their sources state."""

from __future__ import annotations

from fractions import Fraction

import pytest
from elections import SUITE, borda_scores, condorcet_winners, first_places, prefer
from ualign.constructions import single_peaked
from ualign.model.population import Population


@pytest.mark.parametrize(
    ("name", "voters", "condorcet", "borda", "plurality"),
    [
        ("condorcet-1785-81-voters", 81, "a", {"a": 101, "b": 109, "c": 33}, "b"),
        ("borda-1781", 21, "c", {"a": 16, "b": 21, "c": 26}, "a"),
        ("fishburn-1974-reversal", 7, "", {"a": 13, "b": 12, "c": 11, "x": 6}, "c"),
        (
            "malkevitch-55-voters",
            55,
            "e",
            {"a": 72, "b": 101, "c": 107, "d": 136, "e": 134},
            "a",
        ),
        (
            "tennessee-capital",
            100,
            "Nashville",
            {"Memphis": 126, "Nashville": 194, "Chattanooga": 173, "Knoxville": 107},
            "Memphis",
        ),
    ],
)
def test_elections_have_their_known_scores(name, voters, condorcet, borda, plurality):
    population = SUITE[name]
    assert population.scale == voters
    assert condorcet_winners(population) == [condorcet] * bool(condorcet)
    assert borda_scores(population) == borda
    places = first_places(population)
    assert max(places, key=places.__getitem__) == plurality


def test_condorcet_pairwise_counts():
    population = SUITE["condorcet-1785-81-voters"]
    assert prefer(population, "a", "b") == Fraction(41, 81)
    assert prefer(population, "a", "c") == Fraction(60, 81)
    cycle = SUITE["condorcet-1785-cycle"]
    assert {prefer(cycle, x, y) for x, y in ("ab", "bc", "ca")} == {Fraction(2, 3)}


def test_borda_example_plurality_winner_loses_to_both():
    population = SUITE["borda-1781"]
    assert {prefer(population, "a", y) for y in "bc"} == {Fraction(8, 21)}
    assert first_places(population) == {"a": 8, "b": 7, "c": 6}


def test_fishburn_order_is_reversed_without_x():
    population = SUITE["fishburn-1974-reversal"]
    without = Population.from_indexed(
        "abc",
        [(u.weight, [[y] for (y,) in u.ranking if y != 3]) for u in population.users],
    )
    assert borda_scores(without) == {"a": 6, "b": 7, "c": 8}


def test_malkevitch_run_off_and_elimination():
    population = SUITE["malkevitch-55-voters"]
    first, second = sorted(places := first_places(population), key=places.__getitem__)[:-3:-1]
    assert (first, second) == ("a", "b")
    assert prefer(population, "b", "a") > Fraction(1, 2)
    standing = "abcde"
    while len(standing) > 1:
        places = first_places(population, standing)
        standing = standing.replace(min(places, key=places.__getitem__), "")
    assert standing == "c"


def test_schulze_pairwise_counts():
    population = SUITE["schulze-45-voters"]
    counts = {"ad": 30, "dc": 28, "ce": 24, "eb": 27, "ba": 25, "ac": 26, "bd": 33}
    assert {p: prefer(population, *p) * population.scale for p in counts} == counts
    assert condorcet_winners(population) == []


def test_single_peaked_median():
    population = single_peaked(5)
    assert condorcet_winners(population) == ["c"]
    assert min(prefer(population, "c", y) for y in "abde") == Fraction(3, 5)
