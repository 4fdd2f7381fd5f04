"""Methods of the user's own on the command line: `--method FILE.py:NAME` in compare and certify."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from command import tree, ualign

MINE = """
from ualign import JointPolicy, Method

def top_two(population, k):
    return {name: "1/2" for name in population.responses[:2]}

HALVES = Method("halves", top_two, "half and half", fixed=True)
PAIR = Method.from_policy("pair", JointPolicy.deterministic([0, 2]))
BUILT_IN = Method("nlhf", top_two)
NUMBER = 3

def failing(population, k):
    return helper(k)

def helper(k):
    return 1 // (k - 2)
"""


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    path = tmp_path / "mine.py"
    path.write_text(MINE)
    return path


def test_compare_with_methods_of_ones_own(styles: Path, mine: Path, tmp_path: Path) -> None:
    """A rule that is a plain function is called after its name; built-in methods stay."""
    asked = ("--method", f"{mine}:HALVES", "--method", f"{mine}:top_two", "-k", "1,2")
    done = ualign("compare", styles, *asked, "--out", tmp_path / "out", "--json")
    assert (done.code, done.err) == (0, "")
    found = {(o["method"], o["k"]): (o["value"], o["verdict"]) for o in done.objects}
    assert found["halves", 2] == found["top-two", 2] == ("9/16", "ACCEPTED")
    assert found["halves", None] == ("3/4", "ACCEPTED")
    assert found["top-two", None] == (None, "none")
    assert found["nlhf", 2] == ("3/5", "ACCEPTED")
    (figure,) = (tmp_path / "out").glob("*.svg")
    assert all(name in figure.read_text() for name in ("halves", "top-two", "uniform"))
    table = ualign("compare", styles, *asked, "--method", f"{mine}:PAIR").out
    limit = next(line for line in table.splitlines() if line.startswith("│ limit"))
    cells = [cell.strip() for cell in limit.split("│")]
    assert cells[-4:-1] == ["3/4 (0.750000)", "-", "-"]
    assert re.search("top-two: no limit is known: its policy depends on k", table)


def test_certify_with_methods_of_ones_own(styles: Path, mine: Path, tmp_path: Path) -> None:
    """Their claims are in files of their own; the theorems' are what they are without them."""
    out, plain = tmp_path / "out", tmp_path / "plain"
    asked = ("certify", styles, "-k", "1,2", "--json")
    methods = ("--method", f"{mine}:HALVES", "--method", f"{mine}:PAIR")
    done = ualign(*asked, *methods, "--out", out)
    assert (done.code, done.err) == (0, "")
    found = {(o["theorem"], o["what"], o["k"]): o["value"] for o in done.objects}
    assert found["E9", "halves", 2] == "9/16"
    assert found["E10", "limit-halves", None] == "3/4"
    assert (found["E9", "pair", 1], found["E9", "pair", 2]) == (None, "13/20")
    ualign(*asked, "--out", plain)
    own = {f"styles.json.methods{part}.cert.json" for part in ("", "-k1", "-k2")}
    theorems = {name: data for name, data in tree(out).items() if Path(name).name not in own}
    assert theorems == tree(plain)
    assert len(tree(out)) == len(theorems) + len(own)


def test_methods_are_made_anew_and_the_rest_is_resumed(
    styles: Path, mine: Path, tmp_path: Path
) -> None:
    asked = ("certify", styles, "-k", "2", "--method", f"{mine}:HALVES", "--out", tmp_path / "out")
    assert ualign(*asked).code == 0
    mine.write_text(MINE.replace("[:2]", "[1:]"))
    done = ualign(*asked)
    assert "(4 files, 2 of them from an earlier run)" in done.out
    changed = {o["what"]: o["value"] for o in ualign(*asked, "--json").objects}
    assert changed["halves"] != "9/16"


def test_locked_folders_and_reports_take_methods(styles: Path, mine: Path, tmp_path: Path) -> None:
    """Regress, which does not have the rule, checks its claims and says so."""
    asked = ("-k", "1,2", "--method", f"{mine}:HALVES", "--out", tmp_path / "out")
    assert ualign("certify", styles, *asked).code == 0
    assert ualign("lock", tmp_path / "out").code == 0
    done = ualign("regress", tmp_path / "out")
    assert (done.code, "0 drifted" in done.out) == (0, True)
    assert "3 files only checked" in done.err
    assert "a method of somebody's own" in done.err
    assert ualign("report", tmp_path / "out").code == 0
    assert "halves" in (tmp_path / "out" / "report.html").read_text()
    assert ualign("check", "-q", tmp_path / "out").code == 0


@pytest.mark.parametrize("command", ["certify", "compare"])
@pytest.mark.parametrize(
    ("names", "says"),
    [
        (["{mine}:failing"], "the method 'failing' at k = 2: its rule failed at {mine}:16: Zero"),
        (["{mine}:BUILT_IN"], "two methods are called 'nlhf'; choose another name"),
        (["{mine}:HALVES", "{mine}:HALVES"], "two methods are called 'halves'"),
        (["{mine}:NUMBER"], "is of type 'int', and no Method; write Method('name', rule)"),
        (["{mine}:Method"], "is of type 'type', and no Method"),
        (["{mine}:NONE"], "{mine}: defines no 'NONE'; write NONE = Method('name', rule)"),
        (["nlhf"], "the method 'nlhf': expected FILE.py:NAME"),
        (["absent.py:NAME"], "absent.py: cannot be read"),
        ([""], "the method '': expected FILE.py:NAME"),
    ],
)
def test_bad_methods_are_one_line(
    command: str, names: list[str], says: str, styles: Path, mine: Path
) -> None:
    """Exit code 2, with the innermost line of the user's own file that called what failed."""
    methods = [part for name in names for part in ("--method", name.format(mine=mine))]
    done = ualign(command, styles, "-k", "2", *methods)
    assert (done.code, done.out) == (2, "")
    assert says.format(mine=mine) in done.err
    assert done.err.count("\n") == 1


def test_a_fault_at_one_k_stops_the_command(styles: Path, mine: Path) -> None:
    """As bad input does, and nothing is said of the ks before."""
    done = ualign("compare", styles, "-k", "1,2", "--method", f"{mine}:failing", "--json")
    assert (done.code, done.out) == (2, "")
    assert "at k = 1: returned -1, and no policy" in done.err
