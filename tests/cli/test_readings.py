"""How a file was understood is said: on the title line, in --json, and in the certificates."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command import STYLES, ualign

TABLE = "user,count,a,b\nu,3,1,2\nv,4,2,\nw,5,,3\n"
ASKED = ["--scores", "a,b", "--missing", "drop-user"]
WORDS = (
    "ids: column 'user'; responses: 'a', 'b'; not read: 'count'; larger is better;"
    " users: 3, of whom 2 incomplete and dropped (drop-user)"
)
READING = {
    "users": "3",
    "incomplete": "2",
    "missing": "drop-user",
    "ids": "user",
    "responses": ["a", "b"],
    "not_read": ["count"],
    "better": "larger",
}


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "p.csv"
    path.write_text(TABLE)
    return path


def test_titles(table: Path) -> None:
    done = ualign("certify", table, "-k", "1", *ASKED)
    assert done.code == 0
    assert done.out.splitlines()[0] == f"p.csv: 2 responses, 1 distinct ranking; {WORDS}"
    done = ualign("compare", table, "-k", "1", *ASKED)
    assert done.code == 0
    assert done.out.splitlines()[0] == f"p.csv: worst-case win rates; {WORDS}"


def test_a_line_a_prompt_says_it_too(tmp_path: Path) -> None:
    for number in range(13):
        (tmp_path / f"p{number:02}.csv").write_text(TABLE)
    done = ualign("certify", tmp_path, "-k", "1", "--theorems", "P1", *ASKED)
    assert done.code == 0
    assert all(line.endswith(f"; {WORDS}") for line in done.out.splitlines()[:13])


@pytest.mark.parametrize("command", ["certify", "compare"])
def test_json(table: Path, command: str) -> None:
    done = ualign(command, table, "-k", "1", "--json", *ASKED)
    assert done.code == 0
    assert all(line["reading"] == READING for line in done.objects)
    styles = table.with_name("styles.json")
    styles.write_text(STYLES)
    done = ualign(command, styles, "-k", "1", "--json")
    assert all("reading" not in line for line in done.objects)


@pytest.mark.parametrize("command", ["certify", "compare"])
def test_certificates(table: Path, tmp_path: Path, command: str) -> None:
    out = tmp_path / "out"
    done = ualign(command, table, "-k", "1", "--out", out, *ASKED)
    assert done.code == 0
    files = sorted(out.glob("*.cert.json"))
    assert files
    for file in files:
        assert json.loads(file.read_text())["provenance"]["reading"] == READING
    assert ualign("check", out).code == 0


def test_another_reading_is_not_resumed(table: Path, tmp_path: Path) -> None:
    """The population may be the same, but what is said of the file is not."""
    out = tmp_path / "out"
    once = ["certify", table, "-k", "1", "--theorems", "P1", "--out", out]
    table.write_text("user,a,b\nu,1,2\nv,2,\n")
    assert "1 of them from" not in ualign(*once, "--missing", "drop-user").out
    assert "1 of them from" in ualign(*once, "--missing", "drop-user").out
    table.write_text("user,a,b\nu,1,2\n")
    assert "1 of them from" not in ualign(*once).out
    (file,) = out.glob("*.k1.cert.json")
    assert json.loads(file.read_text())["provenance"]["reading"]["users"] == "1"
