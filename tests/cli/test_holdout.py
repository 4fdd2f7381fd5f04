"""`--holdout`: fitted to some users, certified on the others."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from pathlib import Path

import pytest
from command import ualign

MANY = {
    "responses": ["a", "b", "c"],
    "users": [
        {"weight": "900", "ranking": ["a", "b", "c"]},
        {"weight": "700", "ranking": ["b", "c", "a"]},
        {"weight": "400", "ranking": ["c", "a", "b"]},
    ],
}


def population(tmp_path: Path, **changes: object) -> Path:
    path = tmp_path / "many.json"
    path.write_text(json.dumps({**MANY, **changes}))
    return path


def test_the_others_certify_somewhat_less(tmp_path: Path) -> None:
    done = ualign(
        *("certify", population(tmp_path), "-k", "1,4", "--theorems", "P1", "--json"),
        *("--holdout", "1/2", "--out", tmp_path / "out"),
    )
    assert (done.code, done.err) == (0, "")
    rows = [json.loads(line) for line in done.out.splitlines()]
    held = {row["k"]: row for row in rows if row["what"] == "held-out"}
    for k in (1, 4):
        assert held[k]["verdict"] == "ACCEPTED"
        assert held[k]["note"].endswith("confidence 19/20")
        best = Fraction(k, k + 1)
        assert best - Fraction(1, 10) < Fraction(held[k]["value"]) < best
    document = json.loads((tmp_path / "out" / "many.json.held-out.cert.json").read_text())
    weights = [Fraction(u["weight"]) for u in document["populations"]["p"]["users"]]
    assert sum(weights) == 1000
    assert document["provenance"]["held_out"] == {"share": "1/2", "seed": 0}
    surer = ualign(
        *("certify", population(tmp_path), "-k", "4", "--theorems", "P1", "--json"),
        *("--holdout", "1/2", "--confidence", "0.99999"),
    )
    sure = next(r for r in map(json.loads, surer.out.splitlines()) if r["what"] == "held-out")
    assert Fraction(sure["value"]) < Fraction(held[4]["value"])


def test_too_few_say_nothing(tmp_path: Path) -> None:
    users = [{**user, "weight": "2"} for user in MANY["users"]]  # type: ignore[dict-item]
    done = ualign(
        *("certify", population(tmp_path, users=users), "-k", "2", "--theorems", "P1", "--json"),
        *("--holdout", "1/2", "--confidence", "0.999999999", "--out", tmp_path / "out"),
    )
    assert done.code == 0
    row = next(r for r in map(json.loads, done.out.splitlines()) if r["what"] == "held-out")
    assert (row["value"], row["verdict"]) == (None, "none")
    assert not (tmp_path / "out" / "many.json.held-out.cert.json").exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--holdout", "2"], "--holdout 2: expected a number between 0 and 1"),
        (["--holdout", "x"], "--holdout 'x': expected a number such as"),
        (["--holdout", "1/2", "--confidence", "1"], "--confidence 1: expected a number between"),
        (["--holdout", "1/10000"], "too few users to be split"),
    ],
)
def test_what_cannot_be_held_out(tmp_path: Path, options: list[str], words: str) -> None:
    done = ualign("certify", population(tmp_path), "-k", "1", "--theorems", "P1", *options)
    assert done.code == 2
    assert words in done.err


def test_shares_are_no_users(tmp_path: Path) -> None:
    users = [{**user, "weight": "1/3"} for user in MANY["users"]]  # type: ignore[dict-item]
    path = population(tmp_path, users=users)
    done = ualign("certify", path, "-k", "1", "--theorems", "P1", "--holdout", "1/2")
    assert done.code == 2
    assert "whole numbers of users" in done.err


def test_users_needed_by_k(tmp_path: Path) -> None:
    """With more outputs fewer users will do: A / (sqrt(1/(k+1) + slack) - sqrt(1/(k+1)))^2."""
    asked = ["certify", population(tmp_path), "-k", "1,2,16", "--theorems", "P1"]
    done = ualign(*asked, "--users-needed", "1/100", "--json")
    assert (done.code, done.err) == (0, "")
    rows = [json.loads(line) for line in done.out.splitlines()]
    found = {row["k"]: row["value"] for row in rows if row["what"] == "users-needed"}
    evidence = 2 * math.log(3) + math.log(20)
    for k in (1, 2, 16):
        least = evidence / (math.sqrt(1 / (k + 1) + 0.01) - math.sqrt(1 / (k + 1))) ** 2
        assert found[k] == pytest.approx(least, abs=2)
    table = ualign(*asked, "--users-needed", "0.01", columns=120)
    assert f"│ 16 │ {found[16]}" in table.out
    assert "within 1/100 of k/(k+1) with confidence 19/20: 3 responses (E13)" in table.out
    for bad, words in (("0", "--users-needed 0: expected a number between"), ("x", "such as 1/2")):
        done = ualign(*asked, "--users-needed", bad)
        assert (done.code, done.out) == (2, "")
        assert words in done.err
    sure = ualign(*asked, "--users-needed", "1/2", "--confidence", "1")
    assert (sure.code, sure.err.count("--confidence 1: expected")) == (2, 1)
