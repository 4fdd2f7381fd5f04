"""`ualign compare`."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

from command import ualign


def test_compare(styles: Path, tmp_path: Path) -> None:
    done = ualign("compare", styles, "-k", "1,2", "--json", "--out", tmp_path / "out")
    assert (done.code, done.err) == (0, "")
    values = {line["method"]: [] for line in done.objects}
    for line in done.objects:
        values[line["method"]].append(line["value"])
    assert values == {
        "equilibrium": ["1/2", "2/3", None],
        "joint-optimum": ["1/2", "117/160", None],
        "nlhf": ["1/2", "3/5", "3/5"],
        "rlhf-borda": ["1/2", "3/5", "3/5"],
        "plurality": ["2/5", "2/5", "2/5"],
        "random-dictatorship": ["163/400", "37/60", "1"],
        "uniform": ["5/12", "17/27", "1"],
    }
    assert [line["k"] for line in done.objects] == [1] * 7 + [2] * 7 + [None] * 7
    claimed = [line for line in done.objects if line["value"] is not None]
    assert {(line["relation"], line["verdict"]) for line in claimed} == {("=", "ACCEPTED")}
    unclaimed = [line for line in done.objects if line["value"] is None]
    assert {(line["note"], line["verdict"]) for line in unclaimed} == {
        ("tends to 1, since k/(k+1) does", "none")
    }
    assert [line["against"] for line in done.objects if line["method"] == "nlhf"][1] == "brief"
    files = {path.name for path in (tmp_path / "out").iterdir()}
    assert files == {"styles.json.compare.cert.json", "styles.json.compare.svg"}
    ElementTree.parse(tmp_path / "out" / "styles.json.compare.svg")
    assert ualign("check", tmp_path / "out").out.endswith("\n15 ACCEPTED\n")


def test_compare_prints_a_table(styles: Path) -> None:
    done = ualign("compare", styles, "-k", "2..4", "--joint-limit", "6")
    assert (done.code, done.err) == (0, "")
    assert "3/5 (0.600000)" in done.out
    assert "≥ 3/4 - 2^-" in done.out
    assert "k = 3..4: joint-optimum: 10 multisets of 3 responses exceed the joint limit" in done.out
    (limits,) = [line for line in done.out.splitlines() if line.startswith("│ limit │")]
    cells = [cell.strip() for cell in limits.split("│")[2:-1]]
    assert cells == ["1", "1", "1", *["3/5 (0.600000)"] * 2, "2/5 (0.400000)", "1", "1"]
    assert done.out.endswith("checker: 24/24 values accepted\n")


def test_compare_encloses_values_that_are_too_long_to_write(styles: Path) -> None:
    k = 20_000
    done = ualign("compare", styles, "-k", str(k), "--bits", "50", "--json")
    assert done.code == 0
    lines = {line["method"]: line for line in done.objects if line["k"] == k}
    assert {line["verdict"] for line in done.objects} == {"ACCEPTED", "none"}
    # brief is best for 2/5 of the users and worst for the others
    loss = 2 * (1 - Fraction(2, 3) ** (k + 1)) / 5 + 3 * Fraction(1, 3) ** (k + 1) / 5
    uniform = lines["uniform"]
    assert (uniform["relation"], uniform["against"], uniform["note"]) == (
        *(">=", "brief"),
        "within 2^-50",
    )
    assert 0 <= 1 - loss * 3 / (k + 1) - Fraction(uniform["value"]) < Fraction(1, 2**50)
    equilibrium = lines["equilibrium"]
    assert (equilibrium["relation"], equilibrium["against"]) == (">=", None)
    assert Fraction(equilibrium["value"]) == Fraction(k, k + 1) - Fraction(1, 2**50)
    assert lines["joint-optimum"]["value"] is None
    table = ualign("compare", styles, "-k", str(k), "--bits", "50").out
    assert f"≥ {k}/{k + 1} - 2^-50" in table
    assert "≥ 0.999940 (within 2^-50)" in table
    assert "uniform: within 2^-50" in table
