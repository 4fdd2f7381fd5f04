"""Long tables of many prompts: forms, file types, presets, and every refusal with its place."""

from __future__ import annotations

import gzip
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from places import DATA, NO_DATA, NO_FAULT, ROOT
from ualign.errors import InputError
from ualign.formats import open_data, read_file, read_files
from ualign.formats.data_set import DataSet
from ualign.formats.presets import PRESETS
from ualign.formats.reading import Choices
from ualign.model.partial_orders import CyclicError, PartialPopulation, order_of
from ualign.model.population import Population, Ranking

pl = pytest.importorskip("polars", reason=f"{NO_FAULT} polars not installed")

Table = list[dict[str, Any]]

SCORES: Table = [
    {"prompt": p, "user": u, "response": r, "score": s}
    for p, u, r, s in [
        ("p1", "u", "x", 3),
        ("p1", "u", "y", 1),
        ("p2", "u", "y", 2),
        ("p1", "v", "y", 2),
        ("p1", "v", "x", 2),
        ("p2", "u", "z", 5),
    ]
]
POPULATIONS = {
    "p1": Population.from_rankings([["x", "y"], [["x", "y"]]]),
    "p2": Population.from_rankings([["z", "y"]], responses=["y", "z"]),
}


def put(folder: Path, name: str, table: Table) -> Path:
    """The table as a file of the kind that its suffix says."""
    path, plain = folder / name, name.removesuffix(".gz")
    frame = pl.DataFrame(table)
    file = io.BytesIO()
    if plain.endswith((".csv", ".tsv")):
        frame.write_csv(file, separator="\t" if plain.endswith(".tsv") else ",")
    elif plain.endswith((".parquet", ".pq")):
        frame.write_parquet(file)
    elif plain.endswith(".json"):
        file.write(json.dumps(table).encode())
    else:
        file.write("".join(json.dumps(row) + "\n" for row in table).encode())
    data = file.getvalue()
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def text(folder: Path, contents: str, name: str = "t.csv") -> Path:
    path = folder / name
    path.write_text(contents)
    return path


def populations(*paths: Path, **choices: Any) -> dict[str, object]:
    return {name: r.population for name, r in read_files(paths, Choices(**choices))}


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


# Pairs


def pairs(*rows: str) -> str:
    return "prompt,user,response_a,response_b,preference\n" + "".join(f"{row}\n" for row in rows)


def partial(responses: str, *users: tuple[int, list[tuple[int, int]], list[list[int]]]) -> object:
    n = len(responses)
    orders = [(Fraction(w), order_of(n, above, tied)) for w, above, tied in users]
    made = PartialPopulation.from_orders([*responses], orders)
    return made.completed() or made


def test_pairs_become_partial_orders(tmp_path: Path) -> None:
    path = text(
        tmp_path,
        pairs("p,u,x,y,a", "p,u,z,y,b", "p,v,x,z,tie", "p,w,y,x,A", "q,u,x,y,-2", "q,v,x,y,0.5"),
    )
    assert populations(path) == {
        "p": partial("xyz", (1, [(0, 1), (1, 2)], []), (1, [], [[0, 2]]), (1, [(1, 0)], [])),
        "q": Population.from_rankings([["x", "y"], ["y", "x"]]),
    }
    readings = dict(read_files([path], Choices()))
    assert str(readings["p"]).endswith("users: 3, of whom 2 incomplete and left open (worst-case)")


def test_what_was_not_compared(tmp_path: Path) -> None:
    path = text(tmp_path, pairs("p,u,x,y,a", "p,v,y,z,tie", "p,w,x,y,b", "p,w,y,z,b"))
    w = (1, [(2, 1), (1, 0)], [])
    assert populations(path, missing="worst-below") == {
        "p": partial("xyz", (1, [(0, 1), (1, 2)], []), (1, [(1, 0)], [[1, 2]]), w)
    }
    assert populations(path, missing="tied-last") == populations(path, missing="worst-below")
    assert populations(path, missing="drop-user") == {"p": partial("xyz", w)}
    with pytest.raises(InputError, match=r"prompt 'p', user 'u': what was compared leaves .* open"):
        populations(path, missing="error")
    open_twice = text(tmp_path, pairs("p,u,x,y,a", "p,u,z,w,a"))
    with pytest.raises(InputError, match="user 'u': what was compared leaves"):
        populations(open_twice, missing="tied-last")
    assert populations(open_twice, missing="tied-last", skip_bad=True) == {}
    with pytest.raises(InputError, match="prompt 'p': no user is left"):
        populations(open_twice, missing="drop-user")


def test_choices_without_users(tmp_path: Path) -> None:
    rows = [{"prompt": "p", "chosen": c, "rejected": r} for c, r in ("xy", "xy", "yx", "xz")]
    data = open_data([put(tmp_path, "t.jsonl", rows)], Choices())
    ((name, reading),) = data
    assert (name, reading.users, reading.incomplete) == ("p", 4, 4)
    assert reading.population == partial(
        "xyz", (2, [(0, 1)], []), (1, [(1, 0)], []), (1, [(0, 2)], [])
    )
    assert "user: every row" in str(reading)


def test_circles_are_named_and_refused_or_dropped(tmp_path: Path) -> None:
    path = text(
        tmp_path,
        pairs("p,u,x,y,a", "p,u,y,z,a", "p,u,z,x,a", "p,v,x,y,a", "q,u,x,y,a", "q,u,y,x,tie"),
    )
    words = "prompt 'p', user 'u': the preferences among 'x', 'y', 'z' run in a circle"
    with pytest.raises(InputError, match=f"^{path}: {words}$"):
        populations(path)
    data = open_data([path], Choices(skip_bad=True))
    assert {name: len(r.population.users) for name, r in data} == {"p": 1}
    assert data.skipped.number == 3  # two users, and a prompt without any
    assert data.skipped.told[0] == f"{path}: {words}"


def test_pooled_prompts(tmp_path: Path) -> None:
    path = text(tmp_path, pairs("p,u,x,y,a", "q,u,x,y,b", "q,v,y,z,a", "p,v,y,z,a"))
    assert populations(path, as_users=("prompt", "user")) == {
        "t.csv": partial("xyz", (1, [(0, 1)], []), (1, [(1, 0)], []), (2, [(1, 2)], []))
    }
    with pytest.raises(InputError, match="user 'u': the preferences"):
        populations(path, as_users=("user",))
    joined = text(tmp_path, pairs("a/,u,x,y,a", "a,/u,x,y,b"), "j.csv")
    ((_, population),) = populations(joined, as_users=("prompt", "user")).items()
    assert len(population.users) == 2  # type: ignore[attr-defined]


@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.permutations(range(4)), st.sampled_from(["a", "b", "tie"])),
        min_size=1,
        max_size=12,
    )
)
def test_pairs_agree_with_all_weak_orders(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[int, list[int], str]]
) -> None:
    """A user is refused just if no weak order agrees with what she said; and what is known of her
    is what all of those say that do."""
    path = tmp_path_factory.getbasetemp() / "pairs.csv"
    path.write_text(pairs(*(f"p,u{u},r{y[0]},r{y[1]},{said}" for u, y, said in rows)))
    data = open_data([path], Choices(skip_bad=True))
    names = list(dict.fromkeys(f"r{y}" for _, pair, _ in rows for y in pair[:2]))
    fitting: list[list[tuple[int, ...]]] = []
    for user in dict.fromkeys(u for u, _, _ in rows):
        told = [
            (names.index(f"r{y[0]}"), names.index(f"r{y[1]}"), said)
            for u, y, said in rows
            if u == user
        ]
        some = [ranks for ranks in _weak_orders(len(names)) if all(_fits(ranks, t) for t in told)]
        if some:
            fitting.append(some)
    found = [reading.population for _, reading in data]
    assert bool(found) == bool(fitting)
    for population in found:
        orders = [
            PartialPopulation.of_population(population).users
            if isinstance(population, Population)
            else population.users
        ][0]
        known = {order: weight for weight, order in ((u.weight, u.order) for u in orders)}
        expected: dict[object, int] = {}
        for some in fitting:
            n = range(len(names))
            above = [(y, z) for y in n for z in n if all(r[y] < r[z] for r in some)]
            tied = [[y, z] for y in n for z in n if all(r[y] == r[z] for r in some)]
            order = order_of(len(names), above, tied)
            expected[order] = expected.get(order, 0) + 1
        assert known == expected


def _weak_orders(n: int) -> Iterator[tuple[int, ...]]:
    """Ranks, with gaps, of every weak order."""
    seen = set()
    for order in permutations(range(n)):
        for cuts in range(1 << max(0, n - 1)):
            ranks = [0] * n
            for place, y in enumerate(order):
                ranks[y] = sum(cuts >> bit & 1 for bit in range(place))
            if tuple(ranks) not in seen:
                seen.add(tuple(ranks))
                yield tuple(ranks)


def _fits(ranks: Sequence[int], told: tuple[int, int, str]) -> bool:
    a, b, said = told
    return {"a": ranks[a] < ranks[b], "b": ranks[a] > ranks[b], "tie": ranks[a] == ranks[b]}[said]


# What is refused

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


# Presets, on rows of their publishers' shapes


def vote(question: int, judge: str, a: str, b: str, winner: str, **rest: object) -> dict[str, Any]:
    return {
        "question_id": question,
        "model_a": a,
        "model_b": b,
        "winner": winner,
        "judge": judge,
        **rest,
    }


def annotation(rating: str) -> dict[str, Any]:
    aspects = ("helpfulness", "honesty", "instruction_following", "truthfulness")
    return {aspect: {"Rating": rating, "Rationale": "so"} for aspect in aspects}


SHAPES: dict[str, tuple[Table, object]] = {
    "arena": (
        [
            vote(1, "j", "m", "n", "model_a", language="English"),
            vote(2, "j", "m", "o", "tie (bothbad)"),
            vote(2, "k", "n", "o", "model_b"),
        ],
        partial("mno", (1, [(0, 1)], []), (1, [], [[0, 2]]), (1, [(2, 1)], [])),
    ),
    "arena-140k": (
        [
            {"id": i, "model_a": "m", "model_b": "n", "winner": w, "evaluation_order": e}
            for i, w, e in [(1, "model_b", 1), (2, "both_bad", 1), (3, "model_a", 2)]
        ],
        Population.from_rankings([["n", "m"], [["n", "m"]]], responses=["m", "n"]),
    ),
    "mt-bench": (
        [vote(81, "j", "m", "n", "model_a", turn=1), vote(81, "j", "m", "n", "model_b", turn=2)],
        Population.from_rankings([["m", "n"], ["n", "m"]]),
    ),
    "multipref": (
        [
            {
                "comparison_id": "c",
                "prompt_id": "p",
                "model_a": "m",
                "model_b": "n",
                "normal_worker_annotations": [
                    {"evaluator": "e1", "overall_pref": "A-is-clearly-better"},
                    {"evaluator": "e2", "overall_pref": "Tie"},
                ],
                "expert_worker_annotations": [
                    {"evaluator": "e3", "overall_pref": "B-is-slightly-better"}
                ],
            }
        ],
        Population.from_rankings([["m", "n"], [["m", "n"]], ["n", "m"]]),
    ),
    "alpaca-eval": (
        [
            {"instruction": i, "generator_1": "base", "generator_2": g, "annotator": "j",
             "preference": p}
            for i, g, p in [
                ("q", "m", 1.0000048889), ("q", "n", 1.0000048888), ("q", "o", None),
                ("r", "m", 0), ("r", "n", 1.5), ("r", "o", 2),
            ]
        ],
        Population.from_rankings([["m", "n", "o"], ["o", ["m", "n"]]], responses=["m", "n", "o"]),
    ),
    "ultrafeedback": (
        [
            {
                "source": "s",
                "instruction": "q",
                "models": ["m", "n", "o"],
                "completions": [
                    {"model": "m", "response": "..", "annotations": annotation("4")},
                    {"model": "n", "response": "..", "annotations": annotation("5")},
                    {"model": "o", "response": "..", "annotations": annotation("N/A")},
                ],
            }
        ],
        Population.from_rankings([["n", "m", "o"]], responses=["m", "n", "o"]),
    ),
    "prism": (
        [
            {"interaction_id": f"i{i}", "user_id": "u", "model_name": m, "score": s, "turn": t}
            for i, m, s, t in [(0, "m", 99, 0), (0, "n", 7, 0), (0, "m", 1, 1), (1, "n", 8, 0)]
        ],
        Population.from_rankings([["m", "n"], ["n", "m"]]),
    ),
}  # fmt: skip


@pytest.mark.parametrize("suffix", ["jsonl", "parquet", "json"])
@pytest.mark.parametrize("preset", PRESETS)
def test_presets(tmp_path: Path, preset: str, suffix: str) -> None:
    table, population = SHAPES[preset]
    path = put(tmp_path, f"t.{suffix}", table)
    if preset == "multipref":
        assert populations(path, preset=preset) == {"p": population}
    else:
        assert populations(path, preset=preset) == {path.name: population}
    ((_, reading), *_) = open_data([path], Choices(preset=preset))
    assert f"({preset})" in str(reading)
    assert (reading.as_json() or {})["preset"] == preset


def test_presets_say_what_is_wrong(tmp_path: Path) -> None:
    table, _ = SHAPES["multipref"]
    wrong = [{**table[0], "normal_worker_annotations": 1}]
    with pytest.raises(InputError, match=":1: column 'normal_worker_annotations': expected a list"):
        populations(put(tmp_path, "t.jsonl", wrong), preset="multipref")
    wrong = [{**table[0], "normal_worker_annotations": [1]}]
    with pytest.raises(InputError, match=r":1: column '\.evaluator': '1' is no object"):
        populations(put(tmp_path, "t.jsonl", wrong), preset="multipref")
    votes = [vote(1, "j", "m", "n", "neither")]
    with pytest.raises(InputError, match=":1: column 'winner': 'neither' is no preference"):
        populations(put(tmp_path, "t.jsonl", votes), preset="arena")


# Real tables


@pytest.mark.skipif(not DATA.is_dir(), reason=NO_DATA)
def test_crowd_comparisons_as_prompts_and_pooled() -> None:
    path = DATA / "pairs" / "llmfao.csv"
    columns = {
        "user": "worker",
        "response_a": "left",
        "response_b": "right",
        "preference": "winner",
    }
    data = open_data([path], Choices(columns=columns, skip_bad=True))
    readings = dict(data)
    assert len(readings) == 13
    assert sum(r.users for r in readings.values()) + data.skipped.number == 1232
    pooled = open_data([path], Choices(columns=columns, as_users=("prompt", "user"), skip_bad=True))
    ((_, reading),) = pooled
    assert (reading.population.n, reading.users) == (59, 1209)
    assert pooled.skipped.number == data.skipped.number == 23
    with pytest.raises(InputError, match=r"prompt '8', user '116': .* run in a circle"):
        read_files([path], Choices(columns=columns))


@pytest.mark.skipif(not DATA.is_dir(), reason=NO_DATA)
def test_a_wide_table_says_the_same_when_it_is_long(tmp_path: Path) -> None:
    (path,) = (DATA / "wildbench").glob("*.csv")
    wide = pl.read_csv(path, infer_schema=False)
    ids, *models = wide.columns
    long = wide.unpivot(models, index=ids, variable_name="response", value_name="score")
    long = long.rename({ids: "user"}).with_columns(prompt=pl.lit("p"))
    long.write_parquet(tmp_path / "long.parquet")
    ((_, scored),) = read_files([tmp_path / "long.parquet"], Choices())
    expected = read_file(path, Choices())
    assert _shares(scored.population) == _shares(expected.population)
    assert (scored.users, scored.incomplete) == (expected.users, expected.incomplete)
    some = [row for row in long.sort("user").iter_rows(named=True) if row["score"]][:2000]
    by_user: dict[str, list[dict[str, Any]]] = {}
    for row in some:
        by_user.setdefault(row["user"], []).append(row)
    compared = [
        {"prompt": "p", "user": user, "response_a": x["response"], "response_b": y["response"],
         "preference": float(y["score"]) - float(x["score"])}
        for user, rows in by_user.items() for x in rows for y in rows if x is not y
    ]  # fmt: skip
    ((_, reading),) = read_files([put(tmp_path, "pairs.parquet", compared)], Choices())
    rows = [dict(prompt="p", **{c: r[c] for c in ("user", "response", "score")}) for r in some]
    ((_, direct),) = read_files([put(tmp_path, "s.parquet", rows)], Choices("worst-case"))
    assert reading.population == direct.population


def _shares(population: object) -> dict[Ranking, Fraction]:
    assert isinstance(population, Population)
    return {user.ranking: user.weight for user in population.users}


def test_circles_need_a_strict_pair() -> None:
    with pytest.raises(CyclicError):
        order_of(2, [(0, 1)], [[0, 1]])
