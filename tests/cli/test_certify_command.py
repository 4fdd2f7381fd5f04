"""`ualign certify` on one population: tables, JSON, options."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from command import KEYS, tree, ualign
from ualign.theorems import MAIN, THEOREMS


def test_certify_prints_a_table_and_notes(styles: Path) -> None:
    done = ualign("certify", styles, "-k", "1..3")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0] == "styles.json: 3 responses, 3 distinct rankings"
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in lines if "│" in line]
    assert rows[:3] == [
        [
            "1",
            "1/2 (0.500000)",
            "exact",
            "unique",
            "1/2 (0.500000)",
            "1/2 (0.500000)",
            "11/11 accepted",
        ],
        [
            "2",
            "2/3 (0.666667)",
            "exact",
            "unique",
            "117/160 (0.731250)",
            "3/5 (0.600000)",
            "12/12 accepted",
        ],
        [
            *["3", "3/4 - 2^-100 (0.750000)", "enclosed to 2^-100", "unique"],
            *["93/115 (0.808696)", "3/5 (0.600000)", "12/12 accepted"],
        ],
    ]
    assert "the further theorems (- where one says nothing)" in lines
    further = {row[0]: row[1:] for row in rows[3:]}
    assert further["P1 algebraic"] == ["degree 1", "degree 1", "degree 4", ""]
    assert further["P4 nlhf-ceiling"] == ["", "", "", "≤ 3/5 (0.600000)"]
    assert further["P5 nlhf-at-one"] == ["1/2 (0.500000)", "", "", ""]
    assert further["E4 joint-optimum-l2"][1:3] == ["1/2 (0.500000)", "5/8 (0.625000)"]
    assert further["E9 plurality"] == [*["2/5 (0.400000)"] * 3, ""]
    assert further["E10 limit-uniform"] == ["", "", "", "1"]
    assert {name.split()[0] for name in further} == {"P1", "P4", "P5", "E4", "E9", "E10"}
    assert lines[-2:] == ["  k = 1: P4: capped by 'playful'", "  k = 2..3: P4: capped by 'brief'"]


def test_certify_json_is_one_object_a_line(styles: Path, tmp_path: Path) -> None:
    done = ualign("certify", styles, "-k", "1,2", "--json", "--out", tmp_path / "out")
    assert (done.code, done.err) == (0, "")
    assert all(set(line) == {*KEYS, "verdict"} for line in done.objects)
    assert {line["verdict"] for line in done.objects} == {"ACCEPTED"}
    main = ("guarantee", "equilibrium", "nlhf", "nlhf-at-one", "uniqueness", "joint-optimum")
    values = {
        (line["theorem"], line["k"]): line["value"] for line in done.objects if line["what"] in main
    }
    assert values == {
        ("P1", 1): "1/2",
        ("P2", 1): "0",
        ("P4", 1): "1/2",
        ("P5", 1): "1/2",
        ("E2", 1): None,
        ("E4", 1): "1/2",
        ("P1", 2): "2/3",
        ("P2", 2): "0",
        ("P4", 2): "3/5",
        ("E2", 2): None,
        ("E4", 2): "117/160",
    }
    further = {(line["what"], line["k"]): line["value"] for line in done.objects}
    assert further["joint-optimum-l2", 2] == "1/2"
    assert further["rlhf-borda", 2] == further["nlhf-ceiling", None] == "3/5"
    assert further["limit-random-dictatorship", None] == "1"
    names = {1: "k1", 2: "k2", None: "all-k"}
    assert all(
        line["certificate"] == str(tmp_path / "out" / f"styles.json.{names[line['k']]}.cert.json")
        for line in done.objects
    )


ELSEWHERE = {"E16", "E18"}
"""Theorems about users who did not say everything, or pick by chance."""


@pytest.mark.parametrize(
    ("which", "expected"),
    [
        ("main", {*MAIN} - ELSEWHERE),
        ("all", set(THEOREMS) - {"P5", "P3"} - ELSEWHERE),  # k = 2, and not uniform rankings
        ("P2", {"P2"}),
        ("e5, P1", {"P1", "E5"}),
        ("E10", {"E10"}),
        ("main,E7", {*MAIN, "E7"} - ELSEWHERE),
    ],
)
def test_theorems_that_are_asked_for(styles: Path, which: str, expected: set[str]) -> None:
    done = ualign("certify", styles, "-k", "2", "--theorems", which, "--json")
    assert (done.code, done.err) == (0, "")
    accepted = {line["theorem"] for line in done.objects if line["verdict"] == "ACCEPTED"}
    assert accepted == set(expected) - {"P5"}
    silent = {line["theorem"] for line in done.objects if line["verdict"] == "none"}
    assert silent == ({"P3"} if which == "all" else set())


def test_opponents_with_several_outputs(styles: Path) -> None:
    def sizes(l: str) -> set[str]:
        done = ualign("certify", styles, "-k", "2", "-l", l, "--theorems", "P7,E4", "--json")
        assert done.code == 0
        return {line["what"] for line in done.objects}

    assert sizes("1") == {"joint-optimum"}
    assert sizes("2") == {"joint-optimum", "joint-optimum-l2", "guarantee-l2"}
    assert sizes("1..3") == sizes("2,3") == {*sizes("2"), "joint-optimum-l3", "guarantee-l3"}


def test_iterates_of_self_play_are_kept_on_demand(cycle: Path) -> None:
    asked = ["certify", cycle, "-k", "1", "--theorems", "P6", "--json"]
    whats = {line["what"] for line in ualign(*asked).objects}
    kept = ualign(*asked, "--iterates")
    assert {line["what"] for line in kept.objects} - whats == {
        what.replace("average-t64", "mixture") for what in whats if what.endswith("average-t64")
    }
    assert {line["verdict"] for line in kept.objects} == {"ACCEPTED"}


def test_without_out_no_file_is_promised_or_left(
    styles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(styles.parent))
    done = ualign("certify", styles, "-k", "1", "--json")
    assert {line["certificate"] for line in done.objects} == {None}
    assert list(tree(styles.parent)) == ["styles.json"]


@pytest.mark.parametrize(
    ("ks", "expected"),
    [
        ("2", [2]),
        ("1..3", [1, 2, 3]),
        ("1,3,5..7", [1, 3, 5, 6, 7]),
        ("3,1..3, 2", [3, 1, 2]),
        (" 4 .. 5 ", [4, 5]),
        ("007", [7]),
    ],
)
def test_ks(cycle: Path, ks: str, expected: list[int]) -> None:
    done = ualign("certify", cycle, "-k", ks, "--json")
    assert list(dict.fromkeys(line["k"] for line in done.objects)) == [*expected, None]


@pytest.mark.parametrize("bits", [1, 20, 500])
def test_bits(tmp_path: Path, bits: int) -> None:
    path = tmp_path / "p.csv"
    path.write_text("user,a,b,c\nu,3,2,1\nv,1,3,2\nw,2,1,3\nx,3,2,1\n")
    done = ualign("certify", path, "-k", "3", "--bits", str(bits), "--json")
    assert done.code == 0
    (guarantee,) = [line for line in done.objects if line["what"] == "guarantee"]
    assert guarantee["evidence"] == f"within 2^-{bits}"
    assert Fraction(3, 4) - Fraction(guarantee["value"]) == Fraction(1, 2**bits)


def test_joint_limit_zero_skips_the_joint_optimum_and_says_so(styles: Path) -> None:
    done = ualign("certify", styles, "-k", "1..2", "--joint-limit", "0")
    assert done.code == 0
    said = "k = 1..2: E4: 3 multisets of 1 responses exceed the joint limit of 0 (at k = 1)"
    assert said in done.out
    done = ualign("certify", styles, "-k", "2", "--joint-limit", "0", "--json")
    skipped = [line for line in done.objects if line["theorem"] == "E4"]
    assert [line["what"] for line in skipped] == ["joint-optimum", "joint-optimum-l2"]
    for line in skipped:
        assert (line["value"], line["verdict"], line["certificate"]) == (None, "none", None)


def test_a_false_stronger_grade_is_no_error(tmp_path: Path) -> None:
    path = tmp_path / "split.csv"
    path.write_text("user,a,b\nu,1,2\nv,2,1\n")
    done = ualign("certify", path, "-k", "1", "--json")
    assert done.code == 0
    (uniqueness,) = [line for line in done.objects if line["theorem"] == "E2"]
    assert (uniqueness["evidence"], uniqueness["verdict"]) == ("not unique", "ACCEPTED")


def test_missing_responses(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("user,a,b\nu,1,\nv,1,2\n")

    def nlhf(missing: str) -> str:
        done = ualign("certify", path, "-k", "1", "--json", "--missing", missing, "--out", tmp_path)
        (line,) = [line for line in done.objects if line["what"] == "nlhf"]
        return str(line["note"])

    assert "dimensional" in nlhf("tied-last")  # one each
    assert nlhf("drop-user") == "capped by 'b'"  # b alone
