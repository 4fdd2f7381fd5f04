"""`compare --draws`: draws of each method against draws of each other, and one's own policy."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from command import STYLES, ualign


@pytest.fixture
def styles(tmp_path: Path) -> Path:
    path = tmp_path / "styles.json"
    path.write_text(STYLES)
    return path


def test_every_method_meets_every_other(styles: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.csv"
    mine.write_text("response,weight\nbrief,1\nformal,1\n")
    done = ualign(
        *("compare", styles, "-k", "2", "--draws", "1,2", "--policy", mine, "--json"),
        *("--out", tmp_path / "out"),
    )
    assert (done.code, done.err) == (0, "")
    rows = [json.loads(line) for line in done.out.splitlines()]
    met = {row["what"]: row for row in rows if ".against." in row.get("what", "")}
    assert all((row["verdict"], row["relation"]) == ("ACCEPTED", "=") for row in met.values())
    for l in (1, 2):
        end = "" if l == 1 else "-l2"
        for name in ("equilibrium", "nlhf", "mine"):
            assert Fraction(met[f"{name}.against.{name}{end}"]["value"]) == Fraction(2, 2 + l)
            assert Fraction(met[f"equilibrium.against.{name}{end}"]["value"]) >= (
                Fraction(2, 2 + l) - Fraction(1, 2**90)
            )
    one, other = (
        Fraction(met[f"{a}.against.{b}-l2"]["value"])
        for a, b in (("mine", "nlhf"), ("nlhf", "mine"))
    )
    assert one + other == 1
    assert ualign("check", "-q", tmp_path / "out").code == 0
    assert {row["method"] for row in rows if "method" in row} >= {"mine", "nlhf"}


def test_a_matrix_is_shown(styles: Path) -> None:
    done = ualign("compare", styles, "-k", "1..2", "--draws", "2")
    assert (done.code, done.err) == (0, "")
    for k in ("1 draw", "2 draws"):
        assert f"{k} of the row's policy against 2 of the column's" in done.out


@pytest.mark.parametrize("draws", ["0", "x", "1.."])
def test_draws_that_are_none(styles: Path, draws: str) -> None:
    done = ualign("compare", styles, "--draws", draws)
    assert (done.code, done.out) == (2, "")
    assert "--draws" in done.err
