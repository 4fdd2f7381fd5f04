"""Tables of many prompts: every file type, standard input, ranks, exact numbers, JSON."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from tables import POPULATIONS, SCORES, populations, put, text
from ualign.errors import InputError
from ualign.formats import read_file, read_files
from ualign.formats.reading import Choices
from ualign.model.population import Population

NAMES = [
    *("t.csv", "t.tsv", "t.jsonl", "t.ndjson", "t.json", "t.parquet", "t.pq"),
    *("t.csv.gz", "t.tsv.gz", "t.jsonl.gz", "t.json.gz"),
]


@pytest.mark.parametrize("name", NAMES)
def test_every_file_type_gives_the_same(tmp_path: Path, name: str) -> None:
    found = populations(put(tmp_path, name, SCORES))
    assert found == POPULATIONS
    assert list(found) == ["p1", "p2"]
    (reading,) = [r for n, r in read_files([tmp_path / name], Choices()) if n == "p1"]
    assert reading.as_json() == {
        "users": "2",
        "incomplete": "0",
        "missing": "tied-last",
        "form": "scores",
        "columns": {c: c for c in ("prompt", "user", "response", "score")},
    }


@pytest.mark.parametrize("name", ["t.csv", "t.jsonl", "t.json", "t.parquet", "t.csv.gz"])
def test_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    data = put(tmp_path, name, SCORES).read_bytes()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert populations(Path("-")) == POPULATIONS


def test_ranks_and_renamed_columns(tmp_path: Path) -> None:
    table = [
        {"q": p["prompt"], "who": p["user"], "answer": p["response"], "rank": 9 - p["score"]}
        for p in SCORES
    ]
    columns = {"prompt": "q", "user": "who", "response": "answer"}
    assert populations(put(tmp_path, "t.parquet", table), columns=columns) == POPULATIONS
    turned = populations(put(tmp_path, "s.csv", SCORES), columns={"rank": "score"})
    assert turned["p1"] == Population.from_rankings(
        [["y", "x"], [["y", "x"]]], responses=["x", "y"]
    )


def test_exact_numbers(tmp_path: Path) -> None:
    rows = ["x,0.1", "y,1/10", "z,0.10000000000000001", "w,1e-1", "v,-5", "t,"]
    path = text(tmp_path, "prompt,user,response,score\n" + "".join(f"p,u,{r}\n" for r in rows))
    expected = Population.from_rankings(
        [["z", ["x", "y", "w"], "v", "t"]], responses=["x", "y", "z", "w", "v", "t"]
    )
    assert populations(path) == {"p": expected}
    floats = [{"prompt": "p", "user": "u", "response": r, "score": s} for r, s in
              [("x", 0.1 + 0.2), ("y", 0.3), ("z", float("nan")), ("w", 1e300)]]  # fmt: skip
    expected = Population.from_rankings([["w", "x", "y", "z"]], responses=["x", "y", "z", "w"])
    assert populations(put(tmp_path, "t.parquet", floats)) == {"p": expected}


def test_several_tables_are_one_and_mix_with_populations(tmp_path: Path) -> None:
    one, two = put(tmp_path, "a.csv", SCORES[:3]), put(tmp_path, "b.jsonl", SCORES[3:])
    single = text(tmp_path, '{"responses": ["a"], "users": [{"ranking": ["a"]}]}', "c.json")
    assert populations(one, two) == POPULATIONS
    assert list(populations(one, two, single)) == ["c.json", "p1", "p2"]
    other = put(tmp_path, "d.jsonl", [{"prompt": "p", "chosen": "a", "rejected": "b"}])
    with pytest.raises(InputError, match=f"{other}: is a table of choices, and {one} of scores"):
        populations(one, other)
    with pytest.raises(InputError, match=r"d\.jsonl:1: column 'response': .*already in .*a\.csv:2"):
        populations(one, put(tmp_path, "d.jsonl", SCORES[:1]))


def test_prompts_in_one_json_file(tmp_path: Path) -> None:
    single = '{"responses": ["a", "b"], "users": [{"ranking": ["%s"]}]}'
    path = text(
        tmp_path, '{{"prompts": {{"p": {}, "q": {}}}}}'.format(single % "a", single % "b"), "p.json"
    )
    found = populations(path)
    assert list(found) == ["p", "q"]
    assert found["q"] == Population.from_rankings([["b", "a"]], responses=["a", "b"])
    with pytest.raises(InputError, match="holds several prompts"):
        read_file(path, Choices())
    for contents, words in (
        ('{"prompts": {}}', "prompts: expected an object"),
        ('{"prompts": {"p": 1}}', "prompt 'p': expected an object"),
        ('{{"prompts": {{"p": {}, "p": {}}}}}'.format(single % "a", single % "a"), "occurs twice"),
        ('{"prompts": {"p": %s}}' % (single % "c"), "prompt 'p': user 1 ranks 'c'"),
        ('{"prompts": {"p": %s}, "x": 1}' % (single % "a"), "expected the keys 'prompts'"),
    ):
        with pytest.raises(InputError, match=re.escape(words)) as caught:
            populations(text(tmp_path, contents, "p.json"))
        assert str(caught.value).startswith(f"{path}: ")
