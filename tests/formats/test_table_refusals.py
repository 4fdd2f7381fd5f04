"""What is wrong with a table is told with its place; bad rows are counted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from places import ROOT
from tables import SCORES, pairs, pl, populations, put, text
from ualign.errors import InputError
from ualign.formats import open_data, read_files
from ualign.formats.data_set import DataSet
from ualign.formats.reading import Choices
from ualign.model.population import Population

LONG = "prompt,user,response,score\n"
REFUSED: list[tuple[str, Mapping[str, Any], str, str]] = [
    # contents, choices, place, words
    (LONG + "p,u,x,1\np,u,y,two\n", {}, ":3", "column 'score': 'two' is not an exact number"),
    (LONG + "p,u,x,1\np,u,y,nan\n", {}, ":3", "'nan' is not an exact number"),
    (LONG + 'p,u,"x\ny",1\np,u,x,1_0\n', {}, ":4", "'1_0' is not an exact number"),
    (LONG + "p,u,x,1\np,u,x,1\n", {}, ":3", "of the prompt 'p' has 'x' already in"),
    (LONG + "p,u,x,1\n,u,y,1\n", {}, ":3", "column 'prompt': is empty"),
    (LONG + "p,,x,1\n", {}, ":2", "column 'user': is empty"),
    (LONG + "p,u, ,1\n", {}, ":2", "column 'response': is empty"),
    (LONG + "p,u,x\n", {}, ":2", "3 cells, but the header has 4"),
    (LONG + 'p,u,"x,1\n', {}, ":2", "not CSV"),
    (LONG, {}, "", "no rows are left"),
    ("prompt,user,response,rank\np,u,x,0\n", {}, ":2", "column 'rank': '0': the best rank is 1"),
    ("prompt,response,score\np,x,1\n", {}, ":1", "no column for the user"),
    ("user,response,score\nu,x,1\n", {}, ":1", "no column for the prompt"),
    (LONG, {"columns": {"prompt": "q"}}, ":1", "there is no column 'q'; there are 'prompt'"),
    (LONG, {"as_users": ("q",)}, ":1", "there is no column 'q'; there are 'prompt'"),
    ("a,b\n1,2\n", {"columns": {"prompt": "a"}}, ":1", "the columns are not known: 'a', 'b'"),
    ("prompt,user,response,score,rank\n", {}, ":1", "the columns fit several forms"),
    (LONG, {"preset": "arena"}, ":1", "there is no column 'question_id'"),
    (LONG, {"preset": "prism"}, ":1", "there is no column 'interaction_id'"),
    (LONG, {"preset": "multipref"}, "", "the preset multipref needs lists"),
    (pairs("p,u,x,y,c"), {}, ":2", "column 'preference': 'c' is no preference: write a, b or tie"),
    (pairs("p,u,x,y,"), {}, ":2", "column 'preference': is empty"),
    (pairs("p,u,z,w,a", "p,u,x,y,z"), {}, ":3", "'z' was not shown; 'x' and 'y' were"),
    (pairs("p,u,x,x,a"), {}, ":2", "column 'response_b': 'x' is compared with itself"),
    (pairs("p,u,b,a,a"), {}, ":2", "'a' may be a word or a response"),
    (pairs("p,u,x,y,b", "p,u,x,,b"), {}, ":3", "column 'response_b': is empty"),
]


@pytest.mark.parametrize(("contents", "choices", "place", "words"), REFUSED)
def test_what_is_wrong_is_told_with_its_place(
    tmp_path: Path, contents: str, choices: Mapping[str, Any], place: str, words: str
) -> None:
    path = text(tmp_path, contents)
    with pytest.raises(InputError, match=f"^{re.escape(f'{path}{place}: ')}.*{re.escape(words)}"):
        populations(path, **choices)


def test_an_old_polars_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before 1.32 it would compare numbers that mean different texts."""
    monkeypatch.setattr(pl, "__version__", "1.31.0")
    path = tmp_path / "t.csv"
    path.write_text("prompt,user,response,score\np,u,a,1\np,u,b,2\n")
    with pytest.raises(InputError, match=r"another Polars than 1\.31\.0, which reads them oth"):
        read_files([path], Choices())
    monkeypatch.setattr(pl, "__version__", "1.32.0b1")
    assert len(read_files([path], Choices())) == 1
    assert (ROOT / "pyproject.toml").read_text().count("polars>=1.32") == 2


@pytest.mark.parametrize(
    ("name", "contents", "words"),
    [
        ("t.jsonl", b'{"prompt":"p","chosen":"a","rejected":"b"}\n{"prompt": \n', ":2: not JSON"),
        ("t.jsonl", b"{}\n[1]\n", "the columns are not known"),
        ("t.jsonl", b'{"prompt":"p","chosen":"a","rejected":"b"}\n7\n', ":2: a row has to be"),
        ("t.jsonl", b'{"prompt":"p","prompt":"q"}\n', ":1: not JSON: a key occurs twice"),
        ("t.jsonl", b'{"prompt":"p","chosen":["a"],"rejected":"b"}\n', ":1: column 'chosen'"),
        ("t.jsonl", b'{"prompt":"p","chosen":"a","rejected":"b"}\n{"x":1}\n', ":2: column"),
        ("t.jsonl", b'{"prompt":"\xff"}\n', ":1: not UTF-8"),
        ("t.jsonl", b"[" * 99_999, "is nested too deeply"),
        ("t.jsonl", b"", "no rows; a table"),
        ("t.jsonl", b'\x1f\x8bnonsense', "cannot be read"),
        ("t.json", b"[1]", "row 1 is no object"),
        ("t.json", b"[]", "no rows; a table"),
        ("t.json.gz", b"[{]", "not JSON"),
        ("t.parquet", b"PAR1nonsense", "not Parquet"),
        ("t.parquet", b"", "not Parquet"),
        ("t.tsv", b"prompt\tuser\n\0", ":2: a NUL byte"),
        ("t.tsv", b"", "is empty"),
        ("none.parquet", None, "cannot be read: No such file"),
    ],
)  # fmt: skip
def test_what_is_no_table(tmp_path: Path, name: str, contents: bytes | None, words: str) -> None:
    path = tmp_path / name
    if contents is not None:
        path.write_bytes(contents)
    with pytest.raises(InputError, match=f"^{re.escape(str(path))}.*{re.escape(words)}"):
        populations(path)


def test_a_row_of_parquet_is_named(tmp_path: Path) -> None:
    path = put(
        tmp_path, "t.parquet", [{**row, "score": "x" * (row["score"] == 5)} for row in SCORES]
    )
    with pytest.raises(InputError, match=f"^{path}: row 6: column 'score': 'x' is not an exact"):
        populations(path)
    nested = put(tmp_path, "n.parquet", [{**row, "user": ["u"]} for row in SCORES])
    with pytest.raises(InputError, match="column 'user': holds List"):
        populations(nested)


def test_options_that_fit_no_file(tmp_path: Path) -> None:
    path = text(tmp_path, '{"responses": ["a"], "users": [{"ranking": ["a"]}]}', "c.json")
    with pytest.raises(InputError, match=r"c\.json: columns=.* are about long tables"):
        populations(path, preset="arena")
    with pytest.raises(InputError, match="preset='x': expected one of arena"):
        populations(put(tmp_path, "t.csv", SCORES), preset="x")
    for wrong in ({"who": "x"}, {"user": ""}):
        with pytest.raises(InputError, match=r"expected ROLE=COLUMN, of the roles 'prompt'"):
            populations(put(tmp_path, "t.csv", SCORES), columns=wrong)


def test_bad_rows_are_counted_and_the_others_read(tmp_path: Path) -> None:
    rows = ["p,u,x,1", "p,u,x,2", "p,u,y,bad", "p,u,z,0", "q,u,x,bad", ",u,x,1"]
    path = text(tmp_path, LONG + "".join(f"{row}\n" for row in rows))
    data = open_data([path], Choices(skip_bad=True))
    assert dict(_populations(data)) == {"p": Population.from_rankings([["x", "z"]])}
    assert data.skipped.number == 4
    places = [told.removeprefix(str(path)).split(":")[1] for told in data.skipped.told]
    assert places == ["3", "4", "6", "7"]
    many = text(tmp_path, LONG + "p,u,x,1\n" + "p,u,y,bad\n" * 50)
    data = open_data([many], Choices(skip_bad=True))
    assert (data.skipped.number, len(data.skipped.told)) == (50, 20)


def _populations(data: DataSet) -> Iterator[tuple[str, object]]:
    for name, reading in data:
        yield name, reading.population
