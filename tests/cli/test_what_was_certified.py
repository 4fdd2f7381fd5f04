"""`lock`, `regress` and `report` take whatever `certify` wrote with exit code 0."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command import STYLES, Done, ualign
from ualign.certificates.findings import Question

ONE = {"responses": ["only"], "users": [{"weight": "1", "ranking": ["only"]}]}
TIED = {"responses": ["a", "b"], "users": [{"weight": "1", "ranking": [["a", "b"]]}]}
CLONES = {
    "responses": ["a", "b", "c"],
    "users": [
        {"weight": "1/3", "ranking": [["a", "b"], "c"]},
        {"weight": "2/7", "ranking": ["c", ["a", "b"]]},
    ],
}
SPARSE = {
    "responses": [f"r{y}" for y in range(40)],
    "users": [{"weight": "1", "ranking": [f"r{y * u % 40}" for y in (1, 2)]} for u in (1, 3, 7)],
}
POPULATIONS = {
    "styles": json.loads(STYLES), "one": ONE, "tied": TIED, "clones": CLONES, "sparse": SPARSE,
}  # fmt: skip
CASES = {
    "300 bits": ("styles", "-k 1..3 --bits 300"),
    "one bit": ("styles", "-k 1..3 --bits 1"),
    "no joint optimum": ("styles", "-k 1..2 --joint-limit 0 --theorems all"),
    "no tuples": ("styles", "-k 2 --joint-limit 5 -l 2..3 --theorems E3,E5,E6,E7,P7"),
    "no further opponents": ("styles", "-k 3,1 -l 1 --theorems all"),
    "one theorem": ("styles", "-k 2 --theorems E10"),
    "self-play by a rule": ("styles", "-k 1..2 --theorems P6,E3,E11 --rules hedge --iterates"),
    "a large k": ("styles", "-k 5000 --theorems P1,P2"),
    "one response": ("one", "-k 1..3 --theorems all"),
    "nobody prefers anything": ("tied", "-k 1..3 --theorems all"),
    "clones": ("clones", "-k 1..2 --theorems all"),
    "few users": ("sparse", "-k 1..2 --joint-limit 100"),
    "few users, all theorems": ("sparse", "-k 2 --theorems all --joint-limit 100"),
}


def certified(tmp_path: Path, population: str, options: str) -> Done:
    path = tmp_path / "p.json"
    path.write_text(json.dumps(POPULATIONS[population]))
    return ualign("certify", path, *options.split(), "--out", tmp_path / "out")


@pytest.mark.parametrize("case", CASES)
def test_it_is_locked_found_again_and_shown(tmp_path: Path, case: str) -> None:
    assert certified(tmp_path, *CASES[case]).code == 0
    out = tmp_path / "out"
    assert ualign("lock", out).code == 0
    again = ualign("regress", out)
    assert (again.code, again.err) == (0, "")
    assert again.out.endswith(" findings compared, 0 drifted\n")
    assert ualign("report", out).code == 0
    for file in out.glob("*.cert.json"):
        rows = json.loads(file.read_text())["provenance"]["findings"]
        assert all(str(Question.parse(text)) == text for text, *_ in rows)


def test_two_readings_and_a_comparison_in_one_folder(tmp_path: Path) -> None:
    """Files of an earlier reading, at other k, stay; they are of a population of their own."""
    table, out = tmp_path / "t.csv", tmp_path / "out"
    table.write_text("user,a,b\nu,1,2\nv,2,\n")
    assert ualign("certify", table, "-k", "1..2", "--out", out).code == 0
    assert ualign("certify", table, "-k", "1", "--missing", "drop-user", "--out", out).code == 0
    assert ualign("compare", table, "-k", "1", "--out", out).code == 0
    assert ualign("lock", out).code == 0
    again = ualign("regress", out)
    assert (again.code, again.out.endswith(" 0 drifted\n")) == (0, True)
    assert "1 file only checked" in again.err
    assert ualign("report", out).code == 0


@pytest.mark.parametrize("prompts", [1, 13])
def test_theorems_that_say_nothing(tmp_path: Path, prompts: int) -> None:
    """P5 is about k = 1 alone."""
    for number in range(prompts):
        (tmp_path / f"p{number}.json").write_text(STYLES)
    done = ualign("certify", tmp_path, "-k", "2", "--theorems", "P5")
    assert (done.code, done.err) == (0, "")
    assert done.out.count("p0.json: ") == 1
    if prompts == 1:
        assert done.out.endswith("; the theorems asked for say nothing at these k\n")
