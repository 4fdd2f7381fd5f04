"""JSON populations of users who pick by chance, from the file to the certified policy."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command import ualign
from ualign import certify, read_population, write_population
from ualign.errors import InputError
from ualign.formats import read_prompts
from ualign.model.luce import LucePopulation
from ualign.model.partial_orders import PartialPopulation
from ualign.model.population import Population

A, B = {"a": "3", "b": "1"}, {"a": 1, "b": 2}


def file(tmp_path: Path, *users: object, name: str = "p.json") -> Path:
    path = tmp_path / name
    path.write_text(json.dumps({"responses": ["a", "b"], "users": users}))
    return path


def test_strengths_are_read_and_written(tmp_path: Path) -> None:
    """As numbers or strings, users with the same ones together; and back again."""
    path = file(tmp_path, {"weight": "1/2", "luce": A}, {"luce": B}, {"weight": 2, "luce": A})
    found = read_population(path)
    assert found == LucePopulation.from_strengths(
        "ab", [("5/2", {"a": 3, "b": 1}), (1, {"a": 1, "b": 2})]
    )
    again = tmp_path / "again.json"
    write_population(found, again)
    assert read_population(again) == found
    with pytest.raises(InputError, match=r"write partial orders and strengths as \.json"):
        write_population(found, tmp_path / "p.csv")


def test_partial_orders_are_written_too(tmp_path: Path) -> None:
    path = file(tmp_path, {"above": [["a", "b"]]}, {"weight": "3", "ranking": ["b"]}, {"tied": []})
    found = read_population(path)
    assert isinstance(found, PartialPopulation)
    write_population(found, path)
    assert read_population(path) == found


def test_prompts_side_by_side(tmp_path: Path) -> None:
    one, other = (
        {"responses": ["a", "b"], "users": [user]} for user in ({"luce": A}, {"ranking": ["a"]})
    )
    path = tmp_path / "two.json"
    path.write_text(json.dumps({"prompts": {"x": one, "y": other}}))
    kinds = {prompt: type(population) for prompt, population in read_prompts([path])}
    assert kinds == {"x": LucePopulation, "y": Population}


def test_from_the_file_to_the_policy(tmp_path: Path) -> None:
    """The main table shows the guarantee, and the policy is at hand, in Python and as a file."""
    path, lines = file(tmp_path, {"weight": "2", "luce": A}, {"luce": B}), tmp_path / "policies"
    done = ualign("certify", path, "-k", "2", "--policies", lines, "--out", tmp_path / "proof")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("p.json: 2 responses, 2 distinct strength profiles\n")
    assert "guarantee (E18)" in done.out
    assert json.loads(lines.read_text())["prompt"] == "p.json"
    assert ualign("lock", tmp_path / "proof").code == 0
    assert ualign("regress", tmp_path / "proof").code == 0
    result = certify(read_population(path), [2])
    assert "2 distinct strength profiles" in repr(result)
    assert result.certified
    assert result.policy(2).to_names(result.population) == {"a": 1}


@pytest.mark.parametrize(
    "command", ["compare", "certify --holdout 1/2", "certify --method nlhf.py:f"]
)
def test_what_needs_rankings_says_so(tmp_path: Path, command: str) -> None:
    (tmp_path / "nlhf.py").write_text("def f(population, k):\n    return {'a': 1}\n")
    name, *options = command.replace("nlhf.py", str(tmp_path / "nlhf.py")).split()
    done = ualign(name, file(tmp_path, {"luce": A}), *options, "-k", "1")
    assert done.code == 2
    assert "rank" in done.err
    assert "Traceback" not in done.err


def test_tables_of_prompts_need_rankings(tmp_path: Path) -> None:
    """A shard holds users with rankings, or parts of them."""
    table = tmp_path / "votes.jsonl"
    row = {"prompt": "x", "user": "1", "response_a": "a", "response_b": "b", "preference": "a"}
    table.write_text(json.dumps(row) + "\n")
    done = ualign("certify", table, file(tmp_path, {"luce": A}), "-k", "1")
    assert done.code == 2
    assert "p.json: users with strengths (luce) are certified, in files" in done.err


@pytest.mark.parametrize(
    ("users", "words"),
    [
        ([{"luce": {"a": "3"}}], "user 1: luce: expected the keys 'a', 'b', each once"),
        ([{"luce": {"a": "3", "b": "1", "c": "1"}}], "user 1: luce: expected the keys 'a', 'b'"),
        ([{"luce": {"a": "0", "b": "1"}}], "user 1: the strength of 'a': expected a whole number"),
        ([{"luce": {"a": "1/2", "b": "1"}}], "user 1: the strength of 'a' is '1/2'; write"),
        ([{"luce": {"a": 1.5, "b": "1"}}], "user 1: the strength of 'a' is 1.5; write"),
        ([{"luce": {"a": True, "b": "1"}}], "user 1: the strength of 'a' is True; write"),
        ([{"luce": ["a", "b"]}], "user 1: luce: expected an object"),
        ([{"luce": A}, {"ranking": ["a"]}], "user 2: has no luce; either all users have"),
        ([{"luce": A, "ranking": ["a"]}], "user 1: expected the keys"),
        ([{"luce": A, "weight": 0}], "user 1: weight 0 is not positive"),
        ([{"luce": A}, 3], "user 2: has no luce"),
    ],
)
def test_what_is_refused(tmp_path: Path, users: list[object], words: str) -> None:
    with pytest.raises(InputError) as error:
        read_population(file(tmp_path, *users))
    assert words in str(error.value)
