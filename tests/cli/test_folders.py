"""Two populations of one name, and one folder for their certificates."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command import STYLES, Done, tree, ualign
from places import ROOT

OTHER = STYLES.replace('"40"', '"41"')
COMMANDS = {
    "certify": ("certify", "-k", "1", "--theorems", "P1"),
    "compare": ("compare", "-k", "1"),
}


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    """Two files of one name, about different populations."""
    files = tmp_path / "a" / "x.json", tmp_path / "b" / "x.json"
    for file, contents in zip(files, (STYLES, OTHER), strict=True):
        file.parent.mkdir()
        file.write_text(contents)
    return files


def into(out: Path, command: str, *arguments: str | Path) -> Done:
    return ualign(*COMMANDS[command], *arguments, "--out", out)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("earlier", COMMANDS)
def test_another_file_of_the_name_is_refused(
    two: tuple[Path, Path], tmp_path: Path, earlier: str, command: str
) -> None:
    """Whichever command wrote there before, and before anything is written."""
    out = tmp_path / "out"
    assert into(out, earlier, two[0]).code == 0
    before = tree(out)
    done = into(out, command, two[1])
    assert (done.code, done.out) == (2, "")
    assert "is about another population called 'x.json' (it is from '../a/x.json')" in done.err
    assert "give another --out, or another name to the file" in done.err
    assert tree(out) == before
    two[1].write_text(STYLES)  # the same population again, wherever the file lies
    assert into(out, command, two[1]).code == 0


@pytest.mark.parametrize("command", COMMANDS)
def test_in_one_command_they_are_kept_apart(
    two: tuple[Path, Path], tmp_path: Path, command: str
) -> None:
    out = tmp_path / "out"
    for _ in range(2):
        done = into(out, command, *two, "--json")
        assert {o["instance"] for o in done.objects if "instance" in o} == {*map(str, two)}
    files = [*out.glob("*.cert.json")]
    populations = [json.dumps(json.loads(f.read_text())["populations"]) for f in files]
    assert [populations.count(p) for p in {*populations}] == [len(files) // 2] * 2
    assert ualign("check", "-q", out).code == 0


def test_names_that_differ_in_capitals_are_kept_apart(
    two: tuple[Path, Path], tmp_path: Path
) -> None:
    """For some file systems they are one name."""
    capital = two[1].rename(two[1].with_name("X.json"))
    assert into(tmp_path / "out", "certify", two[0], capital).code == 0
    names = [path.name.casefold() for path in (tmp_path / "out").iterdir()]
    assert len(names) == len({*names}) >= 2


@pytest.mark.parametrize("command", COMMANDS)
def test_the_same_file_changed_or_read_otherwise(tmp_path: Path, command: str) -> None:
    """Another population, but no other file: its certificates are made again."""
    table, out = tmp_path / "t.csv", tmp_path / "out"
    table.write_text("user,a,b\nu,1,2\nv,2,\n")
    for options in ([], ["--missing", "drop-user"], ["--ranks"]):
        assert into(out, command, table, *options).code == 0
    table.write_text("user,a,b\nu,2,1\n")
    assert into(out, command, table).code == 0
    for file in out.glob("*.cert.json"):
        document = json.loads(file.read_text())
        (population,) = document["populations"].values()
        assert document["provenance"]["source"] == "../t.csv"
        assert [user["ranking"] for user in population["users"]] == [[["a"], ["b"]]]


def test_what_lies_there_is_read_with_care(styles: Path, tmp_path: Path) -> None:
    """Broken files and those of other prompts do not matter; a population that nobody says the
    source of might be anybody's."""
    out = tmp_path / "out"
    assert into(out, "certify", styles).code == 0
    mine = out / "styles.json.k1.cert.json"
    document = json.loads(mine.read_text())
    mine.write_text("{")
    for stranger in ([], {"certificates": []}, {**document, "provenance": 3, "populations": 4}):
        (out / "styles.json.strange.cert.json").write_text(json.dumps(stranger))
        assert into(out, "certify", styles).code == 0
    document["provenance"] = {"prompt": "styles.json"}
    mine.write_text(json.dumps(document))
    assert into(out, "certify", styles).code == 0
    document["populations"] = {}
    mine.write_text(json.dumps(document))
    done = into(out, "certify", styles)
    assert done.code == 2
    assert "another population called 'styles.json';" in done.err


def test_another_conjecture_of_the_name_is_refused(tmp_path: Path) -> None:
    example = (ROOT / "tests" / "examples" / "refute_a_conjecture.py").read_text()
    out = tmp_path / "out"
    for name, contents in {"a.py": example, "b.py": example.replace("one half", "1/2")}.items():
        (tmp_path / name).write_text(contents)
    asked = ["counterexample", "--out", out, "--budget", "5"]
    for _ in range(2):
        assert ualign(*asked, f"{tmp_path / 'a.py'}:PLURALITY").code == 0
    before = tree(out)
    done = ualign(*asked, f"{tmp_path / 'b.py'}:PLURALITY")
    assert (done.code, done.out) == (2, "")
    assert "plurality-wins-half.cert.json: refutes another conjecture of this name" in done.err
    assert tree(out) == before
