"""Long tables on the command line: what is wrong is one line and exit code 2."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command import ualign
from places import NO_FAULT

pytest.importorskip("polars", reason=f"{NO_FAULT} polars not installed")

LONG = "prompt,user,response,score\n"
VOTES = "q,judge,a,b,winner\n1,u,m,n,m\n1,v,n,m,b\n2,u,m,n,tie\n"
ROLES = "prompt=q,user=judge,response_a=a,response_b=b,preference=winner"

BAD: list[tuple[str, list[str], str]] = [
    (LONG + "p,u,x,bad\n", [], "t.csv:2: column 'score'"),
    (LONG + "p,u,x,1\np,u,x,2\n", [], "t.csv:3: column 'response'"),
    (LONG, [], "no rows"),
    (VOTES, [], "say which column is what: --columns"),
    (VOTES, ["--columns", "prompt"], "expected ROLE=COLUMN"),
    (VOTES, ["--columns", "winner=a"], "expected ROLE=COLUMN"),
    (VOTES, ["--columns", ROLES.replace("=q", "=r")], "t.csv:1: --columns: there is no column 'r'"),
    (VOTES, ["--columns", f"{ROLES},prompt=q"], "prompt is given twice"),
    (VOTES, ["--columns", ROLES, "--as-users", "prompt,who"], "--as-users: there is no column"),
    (VOTES + "3,u,m,n,o\n", ["--columns", ROLES], "t.csv:5: column 'winner': 'o' is no preference"),
    (VOTES + "1,u,n,o,n\n1,u,m,o,o\n", ["--columns", ROLES], "user 'u': the preferences among"),
    (VOTES, ["--columns", ROLES, "--missing", "later"], "expected one of tied-last"),
    (VOTES, ["--preset", "votes"], "--preset votes: expected one of arena"),
    (VOTES, ["--preset", "arena"], "there is no column 'question_id'"),
]


@pytest.mark.parametrize(("contents", "options", "words"), BAD)
@pytest.mark.parametrize("command", ["certify", "compare"])
def test_bad_tables(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    contents: str,
    options: list[str],
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("t.csv").write_text(contents)
    done = ualign(command, "t.csv", "-k", "1", *options)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("ualign: ")
    assert done.err.count("\n") == 1
    assert words in done.err


def test_options_for_tables_need_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("p.json").write_text('{"responses": ["a"], "users": [{"ranking": ["a"]}]}')
    done = ualign("certify", "p.json", "--as-users", "prompt")
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert "--as-users and --preset are about long tables" in done.err


def test_tables_do_without_algebraic_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A prompt of a table has what it has by itself, but for equilibria in algebraic numbers."""
    monkeypatch.chdir(tmp_path)
    Path("t.csv").write_text(LONG + "p,u,x,2\np,u,y,1\n")
    Path("p.json").write_text('{"responses": ["x", "y"], "users": [{"ranking": ["x", "y"]}]}')
    by_file = [
        {(row["theorem"], row["what"]) for row in map(json.loads, done.out.splitlines())}
        for file in ("t.csv", "p.json")
        if (done := ualign("certify", file, "-k", "1..2", "-l", "1", "--json")).code == 0
    ]
    table, alone = by_file
    assert alone - table == {("P1", "algebraic")}
    assert table < alone


def test_compare_averages_over_prompts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Means by hand: where all agree NLHF wins 2/3, and where two in five do not, 3/5."""
    monkeypatch.chdir(tmp_path)
    rows = ["p,u,x,2", "p,u,y,1"]
    rows += [f"q,u{u},{r},{s}" for u in range(5) for r, s in (("x", 3), ("y", 2 + 2 * (u > 2)))]
    Path("t.csv").write_text(LONG + "".join(f"{row}\n" for row in rows))
    Path("w.csv").write_text("prompt,weight\np,1\nq,3\n")
    asked = ["compare", "t.csv", "-k", "2", "--methods", "equilibrium,nlhf"]
    done = ualign(*asked, columns=120)
    assert done.code == 0
    assert "weighted average over 2 prompts" in done.out
    assert "plurality" not in done.out
    weighted = ualign(*asked, "--weights", "w.csv", columns=120)
    assert "│ 2 │ 2/3 (0.666667) │ 19/30 (0.633333) │" in done.out
    assert "│ 2 │ 2/3 (0.666667) │ 37/60 (0.616667) │" in weighted.out
    done = ualign("compare", "t.csv", "--methods", "best")
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert "--methods 'best': expected all or some of" in done.err
