"""What Python callers give: taken exactly, or refused with advice; never something else instead."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from ualign.errors import InputError
from ualign.model.policies import ProductPolicy
from ualign.model.population import Population

AB = Population.from_rankings([["a", "b"], ["b", "a"]], [3, "1/2"])
NAN = float("nan")


def orders(population: Population) -> list[tuple[tuple[int, ...], ...]]:
    return [user.ranking for user in population.users]


@pytest.mark.parametrize(
    ("rankings", "words"),
    [
        (["abc"], "user 1: 'abc' is a string; give each user's ranking as a list of names"),
        ([["a", "b"], "ba"], "user 2: 'ba' is a string"),
        (["brief", "formal"], "user 1: 'brief' is a string"),
        ("ab", "expected a list of rankings"),
        ({"a": 1}, "expected a list of rankings"),
        ([{"a": 2, "b": 1}], "user 1: a dict is no ranking; from_ranks takes ranks by name"),
        ([{"a", "b"}], "is no list of names, best first"),
        ([frozenset({"a"})], "is no list of names, best first"),
        ([3], "user 1: 3 is no list of names, best first"),
        ([[0, 1]], "user 1: 0 is no name of a response; names are strings, such as '0'"),
        ([["a", [1]]], "user 1: 1 is no name of a response"),
        ([["a", None]], "user 1: None is no name of a response"),
        ([[["a", ["b"]]]], "user 1: ['b'] is no name of a response; names are strings"),
        ([["a", {"b": 1}]], "user 1: {'b': 1} is neither a name nor a list of tied names"),
        (np.array([[0, 1], [1, 0]]), "user 1: 0 is no name of a response"),
    ],
)  # fmt: skip
def test_what_is_no_ranking(rankings: Any, words: str) -> None:
    with pytest.raises(InputError, match=re.escape(words)):
        Population.from_rankings(rankings)


def test_rankings_from_arrays_and_iterables() -> None:
    expected = [((0,), (1,)), ((1,), (0,))]
    assert orders(Population.from_rankings(np.array([["a", "b"], ["b", "a"]]))) == expected
    assert orders(Population.from_rankings(map(list, ["ab", "ba"]))) == expected
    assert orders(Population.from_rankings(iter(row) for row in ("ab", "ba"))) == expected
    assert orders(Population.from_rankings([[{"b", "a"}]], responses=["a", "b"])) == [((0, 1),)]
    names = Population.from_rankings(np.array([["a", "b"]])).responses
    assert [type(name) for name in names] == [str, str]


@pytest.mark.parametrize(
    ("responses", "words"),
    [("ab", "responses 'ab': expected a list of names"), ([0, 1], "responses: 0 is no name")],
)
def test_what_names_no_responses(responses: Any, words: str) -> None:
    for build in (Population.from_rankings, Population.from_ranks):
        with pytest.raises(InputError, match=re.escape(words)):
            build([], responses=responses)


@pytest.mark.parametrize(
    "weight",
    [3, "3", "+3", Fraction(3), "6/2", "3.0", "30e-1", Decimal("3.0"), np.int64(3), np.uint8(3)],
)
def test_weights_that_are_exact(weight: Any) -> None:
    (user,) = Population.from_rankings([["a"]], [weight]).users
    assert user.weight == 3
    assert type(user.weight.numerator) is int


@pytest.mark.parametrize(
    "weight",
    [
        *("1_0", "\u0663", " 3", "", "3/", "1/0", "1/00", "nan", "inf", "0x1"),
        *(0.5, 3.0, NAN, np.float64(3), np.float32(3), True, np.bool_(True), None, 1j, [1]),
        *(Decimal("NaN"), Decimal("Infinity")),
    ],
)  # fmt: skip
def test_weights_that_are_not(weight: Any) -> None:
    with pytest.raises(InputError, match=r"^weight .* is (a float, which is )?not exact; give an"):
        Population.from_rankings([["a"]], [weight])


def test_lists_of_weights() -> None:
    for weights in ("12", {"a": 1, "b": 2}):
        with pytest.raises(InputError, match="expected a list of them, one a user"):
            Population.from_rankings([["a"], ["a"]], weights)
    with pytest.raises(InputError, match="2 rankings but 1 weights"):
        Population.from_rankings([["a"], ["a"]], [1])
    assert Population.from_rankings([["a"]], np.array([2])).users[0].weight == 2


def test_masses_by_name() -> None:
    policy = ProductPolicy.from_names(AB, {"a": "3/5", "b": Fraction(2, 5)})
    assert policy == ProductPolicy.from_names(AB, {"a": "0.6", "b": Decimal("0.4")})
    assert policy.masses == (Fraction(3, 5), Fraction(2, 5))
    with pytest.raises(InputError, match=r"'a': mass 0\.6 is a float, which is not exact; give an"):
        ProductPolicy.from_names(AB, {"a": 0.6, "b": 0.4})  # type: ignore[dict-item]
    with pytest.raises(InputError, match="'a': mass 'x' is not exact"):
        ProductPolicy.from_names(AB, {"a": "x"})
    with pytest.raises(InputError, match="0 is not a response of the population"):
        ProductPolicy.from_names(AB, {0: 1, "z": 0})  # type: ignore[dict-item]


def test_ranks_and_scores() -> None:
    ranks = [{"a": 2, "b": 1, "c": 1}, {"c": 1, "a": 2.5}, {"a": None, "b": NAN, "c": "3"}]
    population = Population.from_ranks(ranks, [1, 2, "1/2"])
    assert population.responses == ("a", "b", "c")
    assert orders(population) == [((1, 2), (0,)), ((2,), (0,), (1,)), ((2,), (0, 1))]
    assert [user.weight for user in population.users] == [1, 2, Fraction(1, 2)]
    population = Population.from_scores(ranks)
    assert orders(population) == [((0,), (1, 2)), ((0,), (2,), (1,)), ((2,), (0, 1))]
    assert len(Population.from_scores(ranks, missing="drop-user").users) == 1
    with pytest.raises(InputError, match="user 2 does not rank 'b'"):
        Population.from_scores(ranks, missing="error")
    given = Population.from_ranks([{"a": 1}], responses=["b", "a"])
    assert (given.responses, orders(given)) == (("b", "a"), [((1,), (0,))])


def test_arrays_of_ranks_and_scores() -> None:
    table = np.array([[3, 1, 1], [1, 2, 3]])
    names = np.array(["a", "b", "c"])
    assert orders(Population.from_ranks(table, responses=names)) == [
        *(((1, 2), (0,)), ((0,), (1,), (2,)))
    ]
    gaps = np.array([[0.5, NAN, 1.0]], dtype=np.float32)
    assert orders(Population.from_scores(gaps, responses=names)) == [((2,), (0,), (1,))]
    masked = np.ma.masked_equal([[3, 9, 1]], 9)
    assert orders(Population.from_scores(masked, responses=names)) == [((0,), (2,), (1,))]


def test_scores_are_compared_as_the_decimals_that_they_are_written_as() -> None:
    scores = {"a": 3.5, "b": "3.5", "c": Decimal("3.50"), "d": np.float32(3.5), "e": "7/2"}
    assert orders(Population.from_scores([scores])) == [((0, 1, 2, 3, 4),)]
    scores = {"a": 0.1, "b": "0.1", "c": Fraction(1, 10), "d": np.float32(0.1), "e": 0.1 + 0.2}
    assert orders(Population.from_scores([scores | {"f": 0.3}])) == [((4,), (5,), (0, 1, 2, 3))]
    scores = {"a": 10**20, "b": 10**20 + 1, "c": np.int64(2**62), "d": 1e-300}
    assert orders(Population.from_scores([scores])) == [((1,), (0,), (2,), (3,))]


@pytest.mark.parametrize(
    ("rows", "responses", "words"),
    [
        ([{"a": float("inf")}], None, "user 1, 'a': the score 'inf' is not exact"),
        ([{"a": True}], None, "user 1, 'a': the score True is not exact"),
        ([{"a": 1}, {"a": "good"}], None, "user 2, 'a': the score 'good' is not exact"),
        ([{"a": "\u0663"}], None, "is not exact"),
        ([{"a": [1]}], None, "is not exact"),
        ([{0: 1}], None, "user 1: 0 is no name of a response; names are strings, such as '0'"),
        ([{"a": 1, "c": 2}], ["a", "b"], "user 1 ranks 'c', which is not a response"),
        ([[1, 2]], None, "user 1: a row without names; give responses=[...]"),
        ([[1, 2], [1]], ["a", "b"], "user 2: 1 numbers for 2 responses"),
        ([[[1], 2]], ["a", "b"], "is not exact"),
        (["12"], ["a", "b"], "user 1: '12' is neither a dict by name nor a row of numbers"),
        ([{1, 2}], ["a", "b"], "is neither a dict by name nor a row of numbers"),
        ([1, 2], ["a", "b"], "user 1: 1 is neither a dict by name nor a row of numbers"),
        ({"a": 1}, None, "expected a row a user, not 'dict'; give a list of them"),
        ("ab", None, "expected a row a user, not 'str'"),
        ([], None, "at least one response"),
        ([[1, 2]], "ab", "responses 'ab': expected a list of names"),
    ],
)
def test_scores_that_are_refused(rows: Any, responses: Any, words: str) -> None:
    with pytest.raises(InputError, match=re.escape(words)):
        Population.from_scores(rows, responses=responses)


@pytest.mark.parametrize("rank", [0, -1, 0.5, "1/2"])
def test_ranks_below_the_best(rank: Any) -> None:
    with pytest.raises(InputError, match=r"user 1, 'a': the rank .* is below 1, which is the best"):
        Population.from_ranks([{"a": rank}])
