"""JSON populations of users of whom only some pairs and ties are known."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from ualign.errors import InputError
from ualign.formats import Choices, read_file
from ualign.model.partial_orders import PartialPopulation
from ualign.model.population import Population


def read(tmp_path: Path, *users: object) -> object:
    path = tmp_path / "p.json"
    path.write_text(json.dumps({"responses": ["a", "b", "c"], "users": users}))
    return read_file(path, Choices())


def test_pairs_ties_and_rankings_side_by_side(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        {"weight": "3", "above": [["a", "b"]]},
        {"above": [["b", "c"]], "tied": [["a", "b"]]},
        {"ranking": ["c"]},
    )
    population = found.population  # type: ignore[attr-defined]
    assert isinstance(population, PartialPopulation)
    assert [user.weight for user in population.users] == [Fraction(3), 1, 1]
    assert population.users[1].order.ranking() == ((0, 1), (2,))
    assert "users: 5, of whom 4 incomplete" in str(found)


def test_what_is_complete_is_a_population(tmp_path: Path) -> None:
    found = read(tmp_path, {"above": [["a", "b"], ["b", "c"]]}, {"ranking": ["b", "a", "c"]})
    assert isinstance(found.population, Population)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("user", "words"),
    [
        (
            {"above": [["a", "b"], ["b", "a"]]},
            "user 1: the preferences among 'a', 'b' run in a circle",
        ),
        ({"above": [["a"]]}, "user 1: above: expected pairs"),
        ({"above": [["a", "x"]]}, "user 1: 'x' is no response"),
        ({"above": "ab"}, "user 1: above: expected a list of lists"),
        ({"above": [], "ranking": ["a"]}, "user 1: expected the keys"),
        ({"tied": [[3]]}, "user 1: tied: the name 3 is not a string"),
        ({"above": [["a", "b"]], "weight": 0}, "user 1: "),
    ],
)
def test_what_is_refused(tmp_path: Path, user: object, words: str) -> None:
    with pytest.raises(InputError) as error:
        read(tmp_path, user)
    assert words in str(error.value)
