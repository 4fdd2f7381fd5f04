"""What readers allow: PrefLib's details, what unranked responses mean, exact numbers, quotes."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest
from texts import preflib, put, weights
from ualign.errors import InputError
from ualign.formats import READERS, read_file, read_population, write_population
from ualign.formats.reading import Choices
from ualign.model.partial_orders import PartialPopulation, order_of
from ualign.model.population import Population


def test_preflib_details_that_are_allowed(tmp_path: Path) -> None:
    text = (
        "# FILE NAME: another.toc\n"
        "# NUMBER ALTERNATIVES: 3\n"
        '# ALTERNATIVE NAME 3:c: {1,2} # "x"\n'  # no space after the colon
        "# ALTERNATIVE NAME 1:  a \n"  # one space is the separator, the others are the name's
        "# NUMBER VOTERS: 9\n"
        "# A KEY OF TOMORROW: 1\n"
        "# A KEY OF TOMORROW: 2\n"
        "# a remark\n"
        "# ALTERNATIVE NAME 2: \n"
        "# NUMBER UNIQUE ORDERS: 4\n"
        "2: {1, 2},3\n"
        "3:3,  {2,1}\n"
        "3: 3,{2,1}\n"
        "1: {1,2},{3}\n"
        "\n"
    )
    expected = Population(
        (" a ", "", 'c: {1,2} # "x"'),
        Population.from_indexed(
            "abc", [(Fraction(3), [[0, 1], [2]]), (Fraction(6), [[2], [0, 1]])]
        ).users,
    )
    assert read_population(put(tmp_path, "a.toi", text)) == expected
    crlf = text.replace("\n", "\r\n")
    assert read_population(put(tmp_path, "b.TOI", "\ufeff" + crlf)) == expected


def test_missing_modes_in_preflib(tmp_path: Path) -> None:
    path = put(tmp_path, "a.soi", preflib("2: 3,1,2", "5: 2", kind="soi"))
    last = {((2,), (0,), (1,)): 2, ((1,), (0, 2)): 5}
    assert weights(read_population(path)) == last
    assert weights(read_population(path, missing="tied-last")) == last
    assert weights(read_population(path, missing="drop-user")) == {((2,), (0,), (1,)): 2}
    with pytest.raises(InputError, match=rf"^{re.escape(str(path))}:9: 2 of 3 responses unranked"):
        read_population(path, missing="error")


def test_missing_modes_in_json(tmp_path: Path) -> None:
    text = """{"responses": ["a", "b", "c"], "users": [
        {"ranking": [["c", "b"], "a"]}, {"weight": "3/4", "ranking": []}]}"""
    path = put(tmp_path, "a.json", text)
    assert weights(read_population(path)) == {((1, 2), (0,)): 1, ((0, 1, 2),): Fraction(3, 4)}
    assert weights(read_population(path, missing="drop-user")) == {((1, 2), (0,)): 1}
    with pytest.raises(InputError, match=rf"^{re.escape(str(path))}: user 2 does not rank 'a'"):
        read_population(path, missing="error")


def test_missing_modes_in_csv(tmp_path: Path) -> None:
    path = put(tmp_path, "a.csv", "id,a,b,c\n\nu,1, ,2\nv,,,\nw,3,2,3\n")
    assert weights(read_population(path)) == {
        ((2,), (0,), (1,)): 1,
        ((0, 1, 2),): 1,
        ((0, 2), (1,)): 1,
    }
    assert weights(read_population(path, missing="drop-user")) == {((0, 2), (1,)): 1}
    with pytest.raises(InputError, match=rf"^{re.escape(str(path))}:3: 1 of 3 responses unranked"):
        read_population(path, missing="error")


@pytest.mark.parametrize("suffix", READERS)
def test_an_unknown_missing_mode_is_refused(tmp_path: Path, suffix: str) -> None:
    population = Population.from_rankings([[*"ab"]])
    write_population(population, tmp_path / f"a{suffix}")
    with pytest.raises(InputError, match="missing='last'"):
        read_population(tmp_path / f"a{suffix}", missing="last")  # type: ignore[arg-type]


def test_json_weights(tmp_path: Path) -> None:
    text = """{"users": [{"ranking": ["a", "b"], "weight": 3}, {"ranking": ["b"], "weight": "2/4"},
        {"ranking": ["b", ["a"]]}], "responses": ["b", "a"]}"""
    population = read_population(put(tmp_path, "a.json", text))
    assert population.responses == ("b", "a")
    assert weights(population) == {((1,), (0,)): 3, ((0,), (1,)): Fraction(3, 2)}


def test_scores_are_compared_exactly(tmp_path: Path) -> None:
    cells = ["0.3", "0.30000000000000001", "3/10", "30e-2", ".5", "+1/2", " -1", "2.", "1e-1000"]
    header = ",".join("abcdefghi")
    path = put(tmp_path, "a.csv", f"id,{header}\nu,{','.join(cells)}\n")
    (user,) = read_population(path).users
    assert user.ranking == ((7,), (4, 5), (1,), (0, 2, 3), (8,), (6,))


def test_csv_with_quotes_and_windows_line_ends(tmp_path: Path) -> None:
    text = '\ufeffid,"a,\r\nb","c""d", e \r\n"u,1",1,2,3\r\nu,3,2,1\r\n'
    population = read_population(put(tmp_path, "a.csv", text))
    assert population.responses == ("a,\r\nb", 'c"d', "e")
    assert weights(population) == {((2,), (1,), (0,)): 1, ((0,), (1,), (2,)): 1}


RANKED = '{"responses": ["a", "b", "c"], "users": [{"weight": "2", "ranking": ["b"]}%s]}'
IN_FULL = ', {"weight": "1", "ranking": ["a", "b", "c"]}'
WHOLE = '{"responses": ["a", "b"], "users": [{"ranking": ["b", "a"]}]}'
TOC = """# DATA TYPE: toi\n# NUMBER ALTERNATIVES: 3\n# NUMBER VOTERS: 3\n# NUMBER UNIQUE ORDERS: 2
# ALTERNATIVE NAME 1: a\n# ALTERNATIVE NAME 2: b\n# ALTERNATIVE NAME 3: c\n2: 2\n1: 1,2,3\n"""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("p.json", RANKED % IN_FULL),
        ("p.toi", TOC),
        ("p.csv", "user,a,b,c\nu,,1,\nv,,5,\nw,3,2,1\n"),
    ],
)
def test_what_was_not_said_may_stay_open(tmp_path: Path, name: str, text: str) -> None:
    path = put(tmp_path, name, text)
    for missing, pairs in (("worst-case", []), ("worst-below", [(1, 0), (1, 2)])):
        reading = read_file(path, Choices(missing))
        assert reading.population == PartialPopulation.from_orders(
            ["a", "b", "c"],
            [(Fraction(2), order_of(3, pairs)), (Fraction(1), order_of(3, [(0, 1), (1, 2)]))],
        )
        assert f"of whom 2 incomplete and left open ({missing})" in str(reading)
        assert read_population(path, missing=missing) == reading.population
    whole = put(tmp_path, "whole.json", WHOLE)
    assert isinstance(read_population(whole, missing="worst-case"), Population)


def test_a_ranking_above_all_the_rest_leaves_nothing_open_below_one(tmp_path: Path) -> None:
    text = '{"responses": ["a", "b"], "users": [{"weight": "2", "ranking": ["b"]}]}'
    population = read_population(put(tmp_path, "p.json", text), missing="worst-below")
    assert population == Population.from_rankings([["b", "a"]], [2], responses=["a", "b"])
