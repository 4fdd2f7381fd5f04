"""The command as its user meets it: tables, JSON, exit codes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import pytest
from command import CYCLE, STYLES, tree, ualign
from places import NO_FAULT
from ualign import constructions
from ualign.certificates import checking as checker_process
from ualign.certificates.findings import NO_CLAIM
from ualign.constructions import (
    CONSTRUCTIONS,
    FOR_ONE_THEOREM,
    built_in_suite,
    catalogue,
)
from ualign.model.population import Population
from ualign.theorems import MAIN, THEOREMS

UALIGN = Path(sys.executable).with_name("ualign")
HEAVY = ("numpy", "flint", "cvxpy", "pulp", "highspy", "matplotlib", "rich")
KEYS = {"theorem", "instance", "k", "what", "relation", "value", "evidence", "note", "certificate"}


# --- certify ----------------------------------------------------------------------------------


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


# --- several prompts --------------------------------------------------------------------------


def test_averages_with_and_without_weights(styles: Path, cycle: Path, tmp_path: Path) -> None:
    def averages(*options: str | Path) -> dict[str, tuple[str, str]]:
        done = ualign("certify", styles, cycle, "-k", "2", "--json", *options)
        assert done.code == 0
        lines = [line for line in done.objects if line.get("average")]
        assert {(line["prompts"], line["k"]) for line in lines} == {(2, 2)}
        return {line["what"]: (line["relation"], line["value"]) for line in lines}

    # styles: 2/3, 117/160, 3/5; the cycle: 2/3, 13/18, 2/3
    assert averages() == {
        "guarantee": ("=", "2/3"),
        "joint-optimum": ("=", str((Fraction(117, 160) + Fraction(13, 18)) / 2)),
        "nlhf": ("=", str((Fraction(3, 5) + Fraction(2, 3)) / 2)),
    }
    weights = tmp_path / "weights.csv"
    weights.write_text("prompt,weight\nstyles.json,3\ncycle.soc,0.5\n")
    assert averages("--weights", weights)["nlhf"] == (
        "=",
        str((3 * Fraction(3, 5) + Fraction(2, 3) / 2) / Fraction(7, 2)),
    )
    table = ualign("certify", styles, cycle, "-k", "2", "--weights", weights).out
    assert "weighted average over 2 prompts" in table


def test_an_average_with_a_missing_value_is_not_given(styles: Path, cycle: Path) -> None:
    done = ualign("certify", styles, cycle, "-k", "3", "--joint-limit", "0", "--json")
    assert [line["value"] for line in done.objects if line.get("average")][1] is None


def test_many_prompts_take_a_line_each(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for number in range(13):
        (tmp_path / "in" / f"{number:02}.soc").write_text(CYCLE)
    done = ualign("certify", tmp_path / "in", "-k", "1..2", "--out", tmp_path / "out")
    assert done.code == 0
    lines = done.out.splitlines()
    assert lines[0] == "00.soc: guarantee certified for k = 1..2; 21/21 claims accepted"
    assert lines[13] == "weighted average over 13 prompts"
    assert lines[-1] == f"certificates: {tmp_path / 'out'} (39 files)"


def test_prompts_whose_files_might_clash_have_files_of_their_own(tmp_path: Path) -> None:
    names = [
        "a b.soc",
        "a_b.soc",
        "a:b.soc",
        "日本.soc",
        "中国.soc",
        "-k.soc",
        ".soc.soc",
        "x\ny.soc",
    ]
    names.append("n" * 240 + ".soc")
    for name in names:
        (tmp_path / name).write_text(CYCLE)
    done = ualign("certify", *(f"./{tmp_path / name}"[2:] for name in names), "-k", "1", "--json",
                  "--out", tmp_path / "out")  # fmt: skip
    assert done.code == 0
    pairs = {(line["instance"], line["certificate"]) for line in done.objects if "theorem" in line}
    assert [*dict.fromkeys(line["instance"] for line in done.objects if "theorem" in line)] == names
    assert len(pairs) == len({file for _, file in pairs}) == 2 * len(names)
    assert all(Path(file).is_file() for _, file in pairs)
    checked = ualign("check", tmp_path / "out", "--json")
    assert {line["verdict"] for line in checked.objects} == {"ACCEPTED"}
    assert checked.code == 0
    assert {line["file"] for line in checked.objects} == {file for _, file in pairs}


def test_prompts_of_the_same_name_in_several_directories(tmp_path: Path) -> None:
    for directory in "xy":
        (tmp_path / directory).mkdir()
        (tmp_path / directory / "p.soc").write_text(CYCLE)
    done = ualign("certify", tmp_path / "x", tmp_path / "y", "-k", "1", "--out", tmp_path / "out")
    assert done.code == 0
    assert len(list((tmp_path / "out").iterdir())) == 4  # k = 1 and all k, of each


# --- how it looks -----------------------------------------------------------------------------


@pytest.mark.parametrize("columns", [40, 80, 100, 200])
@pytest.mark.parametrize("command", ["certify", "compare"])
def test_tables_fit_and_nothing_is_truncated(styles: Path, command: str, columns: int) -> None:
    done = ualign(command, styles, "-k", "1..3,10", columns=columns)
    assert done.code == 0
    drawn = [line for line in done.out.splitlines() if line[:1] in "┏┡└┃│"]
    assert drawn
    assert max(map(len, drawn)) <= columns
    assert "…" not in done.out
    joint, nlhf = (
        ("93/115 (0.808696)", "3/5 (0.600000)") if columns == 200 else ("0.80870", "0.60000")
    )
    if (command, columns) == ("certify", 100):
        joint, nlhf = "93/115 (0.808696)", "3/5 (0.600000)"
    assert joint in done.out
    assert nlhf in done.out
    if command == "certify":
        assert "10/11 - 2^-100" in done.out


def test_a_table_too_wide_is_cut_into_blocks_that_repeat_k(cycle: Path) -> None:
    done = ualign("compare", cycle, "-k", "1..2", columns=60)
    headings = [line for line in done.out.splitlines() if line.startswith("┃     k ┃")]
    assert len(headings) > 1
    assert "uniform" in headings[-1]


def test_long_names_are_shortened_in_notes_but_not_in_json(tmp_path: Path) -> None:
    path, name = tmp_path / "long.json", "x" * 500
    path.write_text(STYLES.replace("playful", name))
    assert max(map(len, ualign("certify", path, "-k", "1").out.splitlines())) < 200
    (line,) = [
        o for o in ualign("certify", path, "-k", "1", "--json").objects if o["what"] == "nlhf"
    ]
    assert name in line["note"]


def test_names_are_printed_as_they_are(tmp_path: Path) -> None:
    """No markup, no emoji codes, no control characters."""
    path = tmp_path / "[red]:smile:[red].json"
    path.write_text(STYLES.replace("brief", "[bold]:warning:\\u0007\\n"))
    out = ualign("certify", path, "-k", "2").out
    assert out.startswith("[red]:smile:[red].json: ")
    assert "capped by '[bold]:warning:\\x07\\n'" in out
    assert "\x07" not in out


def test_a_terminal_without_unicode(cycle: Path) -> None:
    path = cycle.with_name("ö.soc")
    cycle.rename(path)
    done = subprocess.run(
        [UALIGN, "certify", path, "-k", "1"],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"\\xf6.soc: 3 responses")
    assert b"| 1 | 1/2 " in done.stdout


def test_version_and_help() -> None:
    version = ualign("--version")
    assert (version.code, version.err) == (0, "")
    assert re.fullmatch(r"ualign \d+\.\d+\.\d+\n", version.out)
    assert ualign("--help").code == 0
    for command in ("run", "certify", "compare", "check", "export", "prove"):
        assert f"  {command} " in ualign("--help").out
        assert ualign(command, "--help").out.startswith(f"Usage: ualign {command}")
    bare = ualign()
    assert (bare.code, bare.out) == (2, "")
    assert bare.err.startswith("Usage: ualign")


@pytest.mark.parametrize(
    "code", ["import ualign", "from ualign.cli.main import main; main(['--help'])"]
)
def test_nothing_heavy_is_imported_before_it_is_needed(code: str) -> None:
    report = f"import sys; print([m for m in {HEAVY} if m in sys.modules])"
    program = f"try:\n    {code}\nexcept SystemExit:\n    pass\n{report}"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.skipif(sys.platform == "win32", reason=f"{NO_FAULT} no pseudo-terminals on Windows")
def test_on_a_terminal_the_bar_makes_room_for_the_tables(styles: Path, cycle: Path) -> None:
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    environment = {key: value for key, value in os.environ.items() if key != "COLUMNS"}
    command = [UALIGN, "certify", styles, cycle, "-k", "1..2"]
    with subprocess.Popen(command, stdout=theirs, stderr=theirs, env=environment) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                part = os.read(ours, 1 << 16)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            shown += part
        os.close(ours)
    assert process.returncode == 0
    text = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown.decode())
    assert re.search(r"\b[0-8]/8 .*styles.json: ", text)
    lines = [line.rpartition("\r")[2] for line in text.replace("\r\n", "\n").split("\n")]
    assert "styles.json: 3 responses, 3 distinct rankings" in lines
    assert "cycle.soc: 3 responses, 3 distinct rankings" in lines
    tables = [line for line in lines if line[:1] in {"┃", "│"}]
    assert lines.count("the further theorems (- where one says nothing)") == 2
    assert sum("joint" in line for line in tables if line[0] == "┃") == 3
    assert [line.split()[1] for line in tables if line.split()[1] in "12"] == ["1", "2"] * 3
    assert all(line[-1] in "┃│" and len(line) <= 80 for line in tables)


# --- compare ----------------------------------------------------------------------------------


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


# --- check ------------------------------------------------------------------------------------


def test_check_accepts(certified: Path) -> None:
    done = ualign("check", certified)
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[-1] == "28 ACCEPTED"
    assert ualign("check", certified.parent).out == done.out  # files below a directory count
    one = ualign("check", certified / "styles.json.k1.cert.json", "--json")
    assert [line["verdict"] for line in one.objects] == ["ACCEPTED"] * 11


def test_check_says_why_it_rejects(certified: Path) -> None:
    path = certified / "styles.json.k2.cert.json"
    document = json.loads(path.read_text())
    document["certificates"][0]["claim"]["bound"] = "3/4"
    path.write_text(json.dumps(document))
    done = ualign("check", certified)
    assert (done.code, done.err) == (1, "")
    assert done.out.splitlines()[-1] == "27 ACCEPTED, 1 REJECTED"
    brief = ualign("check", certified, "-q")
    assert brief.code == 1
    assert brief.out.startswith("REJECTED ")
    assert "ACCEPTED" not in brief.out.rpartition("\n27 ")[0]
    assert re.search(r"REJECTED [0-9a-f]{16} .*#0: .*= 3/4\n    \S+ at /certificates/0", done.out)
    path.write_text("{}")
    assert ualign("check", path).code == 1
    assert ualign("check", path).out.endswith("\n1 MALFORMED\n")


def test_check_over_budget(certified: Path) -> None:
    for option in ("--max-work", "--max-bytes"):
        done = ualign("check", certified, option, "1")
        assert (done.code, done.err) == (3, "")
        assert re.fullmatch(r"\d+ OVER_BUDGET", done.out.splitlines()[-1])


def test_a_fault_of_the_checker_is_no_verdict(
    certified: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = certified / "checker.py"
    broken.write_text("raise SystemExit('out of order')")
    monkeypatch.setattr(checker_process, "CHECKER", broken)
    done = ualign("check", certified)
    assert (done.code, done.out) == (3, "")
    assert done.err == "ualign: not certified: the checker stopped with exit code 1: out of order\n"


# --- run --------------------------------------------------------------------------------------


@pytest.mark.slow
def test_run_certifies_the_built_in_suite(tmp_path: Path) -> None:
    """Every theorem on the whole suite, for the first k at which all of them have something to
    say; a second run resumes the files of the first."""
    out = tmp_path / "report"
    done = ualign("run", "-k", "1..2", "-l", "2", "--out", out)
    assert (done.code, done.err) == (0, "")
    assert done.out.endswith(f"report: {out / 'report.html'}\n")
    lines = done.out.splitlines()
    assert (len(lines) <= 24, max(map(len, lines[:-1])) <= 80) == (True, True)
    listed = [
        name
        for name, each in built_in_suite()
        if isinstance(each, Population) and name not in FOR_ONE_THEOREM
    ]
    row = rf"k outputs win k/\(k\+1\) against every response +P1, P2 +{len(listed)} +(\d+)/\1\n"
    assert re.search(row, done.out)
    times = {path: path.stat().st_mtime_ns for path in out.glob("certificates/*")}
    again = ualign("run", "-k", "1..2", "-l", "2", "--out", out, "--resume", "--json")
    assert again.code == 0
    assert times == {path: path.stat().st_mtime_ns for path in out.glob("certificates/*")}
    *found, last = again.objects
    assert last["report"] == str(out / "report.html")
    assert {label for row in last["summary"]["certified"] for label in row["theorems"]} == {
        *THEOREMS
    }
    assert lines[0].startswith(f"{last['summary']['populations']} populations, k = 1..2: ")
    assert all(set(line) == {*KEYS, "verdict"} for line in found)
    assert {line["instance"] for line in found} == {name for name, _ in built_in_suite()}
    assert {line["verdict"] for line in found} == {"ACCEPTED", "none"}
    accepted = [line for line in found if line["verdict"] == "ACCEPTED"]
    assert {line["theorem"] for line in accepted} == set(THEOREMS)
    silent = {str(grade) for grade in NO_CLAIM}
    for line in found:
        assert (line["certificate"] is None) == (line["verdict"] == "none")
        assert line["verdict"] == "ACCEPTED" or (line["evidence"] in silent and line["note"])
    text = (out / "report.md").read_text()
    for name in THEOREMS:
        assert f" | {name} | " in text
    links = re.findall(r'href="\./(certificates/.*?)"', (out / "report.html").read_text())
    assert {out / link for link in links} == {Path(line["certificate"]) for line in accepted}


def test_a_run_in_which_nothing_is_claimed_has_a_report_all_the_same(tmp_path: Path) -> None:
    """P5 is about k = 1."""
    done = ualign("run", "-k", "2", "--theorems", "P5", "--out", tmp_path)
    assert (done.code, done.err) == (0, "")
    assert "0 of 0 claims accepted" in (tmp_path / "report.md").read_text()


def test_a_run_by_default_goes_on_to_larger_k(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On some instances, for the numbers of outputs that are listed for each."""
    short, long, silent = "even-split", "slim-majority-eps1-10", "schulze-top-two-worst-case"
    members = [entry for entry in built_in_suite() if entry[0] in (short, long, silent)]
    monkeypatch.setattr(constructions, "built_in_suite", lambda: members)
    done = ualign("run", "--theorems", "P4,E16", "--out", tmp_path, "--json")
    assert (done.code, done.err) == (0, "")
    *found, _ = done.objects
    ks = {label: [] for label in (short, long, silent)}
    for line in found:
        ks[line["instance"]] += [k for k in [line["k"]] if k and k not in ks[line["instance"]]]
    first, powers = [1, 2, 3, 4], [8, 16, 32, 64]
    assert ks == {short: first, long: [*first, *powers], silent: [*first, 7, *powers]}


@pytest.mark.parametrize("command", ["run", "certify"])
def test_an_unknown_rule_is_bad_usage(styles: Path, command: str) -> None:
    files = [styles] if command == "certify" else []
    done = ualign(command, *files, "--rules", "hedge,hegde")
    assert (done.code, done.out) == (2, "")
    assert "--rules 'hegde': expected default, all or some of hedge, " in done.err


def test_a_wrong_closed_form_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every claim is accepted; but a formula of the suite says something else."""
    name = "slim-majority"
    entry = CONSTRUCTIONS[name]
    wrong = {**entry.closed_forms, ("P4", "nlhf"): lambda k, **parameters: Fraction(1, 3)}
    table = {
        label: (replace(entry, closed_forms=wrong) if each.name == name else each, parameters)
        for label, (each, parameters) in catalogue._LABELLED.items()
    }
    members = [(label, each) for label, each in built_in_suite() if label.startswith(name)]
    monkeypatch.setattr(constructions, "built_in_suite", lambda: members)
    arguments = ["run", "-k", "2", "--theorems", "P4", "--out", tmp_path / "report"]
    assert ualign(*arguments).code == 0
    monkeypatch.setattr(catalogue, "_LABELLED", table)
    done = ualign(*arguments)
    assert done.code == 3
    assert done.err.startswith("ualign: 1 number at odds with a closed form, first slim-majority")
    assert "1/3" in done.err
    assert (tmp_path / "report" / "report.md").is_file()


def test_export(tmp_path: Path) -> None:
    """Theorems to stdout or a file; what is not among them is told on stderr, by reason."""
    (tmp_path / "styles.json").write_text(STYLES)
    ualign("certify", tmp_path / "styles.json", "-k", "2", "--out", tmp_path)
    (path,) = tmp_path.glob("*.k2.cert.json")
    printed = ualign("export", "--coq", path)
    assert printed.code == 0
    assert "\nTheorem claim_0 :\n  win_rate 3 users_0 2 1 uniform\n" in printed.out
    assert "ualign: left out: 1 claim of the kind unique-equilibrium\n" in printed.err
    written = ualign("export", "--coq", path, "--out", tmp_path / "styles.v")
    count = printed.out.count("\nTheorem ")
    assert written.out == f"{tmp_path / 'styles.v'}: {count} theorems\n"
    assert written.err == printed.err
    assert (tmp_path / "styles.v").read_text("ascii") == printed.out
