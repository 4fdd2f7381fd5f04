"""Policies of the user's own, in, and certified ones, out."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from command import STYLES, ualign
from ualign.errors import InputError
from ualign.formats.policies import read_policies

F = Fraction
BAD = {
    "a.csv": ("prompt,answer,weight\nq,a,1\n", ":1: the header must be"),
    "b.csv": ("response,weight\na,x\n", ":2: the weight 'x' is not a number"),
    "c.csv": ("response,weight\na,-1\n", ":2: the weight '-1' is not a number"),
    "d.csv": ("response,weight\na,1\na,2\n", ":3: 'a' occurs twice"),
    "e.csv": ("response,weight\na,0\n", "all weights of it are 0"),
    "f.jsonl": ('{"response": "a", "weight": 1\n', ":1: no JSON"),
    "g.jsonl": ("[1]\n", ":1: expected an object"),
    "h.jsonl": ('{"policy": [1]}\n', ":1: 'policy' has to be an object"),
    "i.jsonl": ('{"policy": {"a": 1}, "k": 0}\n', ":1: k = '0' is no number"),
    "j.jsonl": ('{"policy": {"a": 1}, "x": 0}\n', ":1: the key 'x' is not known"),
    "k.jsonl": ('{"prompt": [3], "policy": {"a": 1}}\n', ":1: the prompt ['3'] is no text"),
    "l.jsonl": ('{"response": "a", "weight": 1, "weight": 2}\n', ":1: no JSON: a key occurs twice"),
    "m.jsonl": ('{"response": "a", "mass": 1}\n', ":1: expected the keys"),
    "n.jsonl": ("\n\n", "is empty"),
    "o.jsonl": ('{"policy": {"a": true}}\n', ":1: the weight True is not a number"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_a_line(tmp_path: Path, name: str) -> None:
    text, words = BAD[name]
    (tmp_path / name).write_text(text)
    with pytest.raises(InputError) as error:
        read_policies(tmp_path / name)
    assert words in str(error.value)
    assert str(error.value).startswith(str(tmp_path / name))


def test_weights_are_exact_and_by_prompt(tmp_path: Path) -> None:
    path = tmp_path / "My model.v2.csv"
    path.write_text("prompt,response,weight\np.json,a,3\np.json,b,0.1\nq,a,2/3\n")
    found = read_policies(path)
    assert found.name == "my-model"
    assert found.of("p.json") == {None: {"a": F(3), "b": F(1, 10)}}
    assert found.masses("q.json", ("a", "b")) == {None: {"a": F(1)}}
    assert found.of("r") == {}


def certified(tmp_path: Path, *options: object) -> list[dict[str, object]]:
    (tmp_path / "styles.json").write_text(STYLES)
    done = ualign("certify", tmp_path / "styles.json", "--json", *options)
    assert (done.code, done.err) == (0, "")
    return [json.loads(line) for line in done.out.splitlines()]


def test_a_policy_beside_the_others_and_equilibria_out_and_in(tmp_path: Path) -> None:
    policy, out = tmp_path / "mine.csv", tmp_path / "equilibria.jsonl"
    policy.write_text("response,weight\nbrief,30\nformal,10\n")
    rows = certified(tmp_path, "-k", "1,2", "--policy", policy, "--policies", out)
    own = {row["k"]: row for row in rows if row["what"] == "mine"}
    assert set(own) == {1, 2}
    assert all(row["verdict"] == "ACCEPTED" for row in own.values())
    assert [row["what"] for row in rows if row["k"] is None and "mine" in str(row["what"])] == [
        "limit-mine"
    ]
    written = [json.loads(line) for line in out.read_text().splitlines()]
    assert [(row["prompt"], row["k"], row["method"]) for row in written] == [
        ("styles.json", k, "equilibrium") for k in (1, 2)
    ]
    assert all(sum(map(F, row["policy"].values())) == 1 for row in written)
    again = certified(tmp_path, "-k", "1,2", "--policy", out)
    at_one = next(row for row in again if (row["what"], row["k"]) == ("equilibria", 1))
    guarantee = next(row for row in again if (row["what"], row["k"]) == ("guarantee", 1))
    assert at_one["value"] == guarantee["value"] == "1/2"
    shown = ualign("certify", tmp_path / "styles.json", "-k", "2", "--policy", policy)
    assert "your policy 'mine' beside the others" in shown.out


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("response,weight\nblue,1\n", "'blue' is no response; they are "),
        ("prompt,response,weight\nother,brief,1\n", "'other' is no prompt of the data"),
    ],
)
def test_policies_of_something_else(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "styles.json").write_text(STYLES)
    (tmp_path / "mine.csv").write_text(text)
    done = ualign("certify", tmp_path / "styles.json", "--policy", tmp_path / "mine.csv")
    assert (done.code, done.out) == (2, "")
    assert words in done.err


def test_a_policy_called_as_a_method_is_refused(tmp_path: Path) -> None:
    (tmp_path / "styles.json").write_text(STYLES)
    (tmp_path / "uniform.csv").write_text("response,weight\nbrief,1\n")
    done = ualign("certify", tmp_path / "styles.json", "--policy", tmp_path / "uniform.csv")
    assert done.code == 2
    assert "two methods are called 'uniform'" in done.err


TABLE = "prompt,user,response,score\n" + "".join(
    f"q{p},u{u},r{r}-{p % 2},{(p * 3 + u * 5 + r * (u + 1)) % 5}\n"
    for p in range(4)
    for u in range(3)
    for r in range(3)
)


def test_policies_of_a_table_with_and_without_sharing(tmp_path: Path) -> None:
    """Prompts whose populations are equal up to names share them, unless policies set them apart;
    the equilibria written are the same, in each prompt's own names."""
    table, mine = tmp_path / "t.csv", tmp_path / "mine.jsonl"
    table.write_text(TABLE)
    mine.write_text(
        "".join(
            json.dumps({"prompt": f"q{p}", "policy": {f"r0-{p % 2}": 3, f"r1-{p % 2}": 1}}) + "\n"
            for p in range(4)
        )
    )
    for name, options in (("shared", ()), ("apart", ("--policy", mine))):
        done = ualign(
            *("certify", table, "-k", "1..2", "--policies", tmp_path / f"{name}.jsonl"),
            *("--out", tmp_path / name, *options),
        )
        assert (done.code, done.err) == (0, "")
        assert ualign("check", "-q", tmp_path / name).code == 0
    shared, apart = (
        (tmp_path / f"{name}.jsonl").read_text().splitlines() for name in ("shared", "apart")
    )
    assert sorted(shared) == sorted(apart)
    assert len(shared) == 8
    for line in shared:
        row = json.loads(line)
        assert all(name.endswith(f"-{int(row['prompt'][1:]) % 2}") for name in row["policy"])
