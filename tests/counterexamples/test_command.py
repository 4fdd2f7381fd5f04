"""The command `ualign counterexample`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command import ualign
from ualign.certificates.checking import check
from ualign.cli.counterexample import preferences
from ualign.counterexamples import CONJECTURES
from ualign.model.population import Population

MINE = """
from fractions import Fraction
from ualign.counterexamples import Conjecture, Refutation
from ualign.certificates.claims import claim_joint_upper_bound

def refute(instance, k, l):
    best = instance.joint_optimum(k, l)
    if best.value >= Fraction(3, 4):
        return None
    claim = claim_joint_upper_bound(instance.population, k, best.value - LESS, best.opponents, l=l)
    return Refutation.of(instance.population, [claim], f"no policy wins more than {best.value}")

LESS = 0
HONEST = Conjecture("honest", "two outputs win 3/4", "open", refute, "a guess")

def lie(instance, k, l):
    best = instance.joint_optimum(k, l)
    claim = claim_joint_upper_bound(instance.population, k, Fraction(1, 2), best.opponents, l=l)
    return Refutation.of(instance.population, [claim], "no policy wins more than 1/2")

LYING = Conjecture("lying", "two outputs win more than 1/2", "open", lie, "a lie")
BROKEN = Conjecture("broken", "", "open", lambda instance, k, l: 1 / 0, "")
ODD = Conjecture("odd", "", "open", lambda instance, k, l: "refuted", "")
OTHER = "not a conjecture"
"""


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    path = tmp_path / "mine.py"
    path.write_text(MINE)
    return path


def test_the_list_of_conjectures() -> None:
    """Without a name all are listed with what is known of them, in words and as JSON."""
    done = ualign("counterexample")
    assert (done.code, done.err) == (0, "")
    assert all(name in done.out for name in CONJECTURES)
    objects = ualign("counterexample", "--json").objects
    assert [line["name"] for line in objects] == list(CONJECTURES)
    assert {line["verdict"] for line in objects} <= {"false", "true", "open"}


def test_a_counterexample_is_printed_so_that_one_sees_it(tmp_path: Path) -> None:
    """The users as columns with their numbers, the rankings downward, the numbers, the files."""
    done = ualign("counterexample", "borda-wins-half", "--out", tmp_path)
    assert (done.code, done.err) == (0, "")
    rows = [[c.strip() for c in line.split("│")[1:-1]] for line in done.out.splitlines()]
    assert [row for row in rows if row] == [["1", "a", "b"], ["2", "b", "c"], ["3", "c", "a"]]
    assert "2 users" in done.out
    assert "only 1/3 (0.333333) against a" in done.out
    assert "2/2 claims accepted" in done.out
    names = {"borda-wins-half.cert.json", "borda-wins-half.soc"}
    assert {path.name for path in tmp_path.iterdir()} == names
    assert check([tmp_path / "borda-wins-half.cert.json"]).code == 0


def test_ties_share_a_line() -> None:
    population = Population.from_rankings([["a", ["b", "c"]], ["c", "b", "a"]], [2, 1])
    grid = preferences(population)
    assert grid.headings == ["place", "2 users", "1 user"]
    assert grid.rows == [["1", "a", "c"], ["2", "b = c", "b"], ["3", "", "a"]]


def test_json_says_everything(tmp_path: Path) -> None:
    """One object; the paths are there only where the files stay."""
    (line,) = ualign("counterexample", "raising-never-hurts", "--json", "--out", tmp_path).objects
    assert (line["status"], line["known"], line["k"], line["smallest"]) == (
        "refuted",
        "false",
        2,
        True,
    )
    assert line["verdicts"] == ["ACCEPTED"] * 4
    assert [Path(path).name for path in line["certificates"]] == [
        "raising-never-hurts.cert.json",
        "raising-never-hurts-2.cert.json",
    ]
    assert all(Path(path).exists() for path in line["certificates"] + line["files"])
    assert len(line["population"]["users"]) == 4
    assert len(line["further_populations"]) == 1
    assert line["covered"]["complete"] == {"2": 5, "3": 4}
    (line,) = ualign("counterexample", "unique-at-one", "--json").objects
    assert (line["certificates"], line["verdicts"]) == ([], ["ACCEPTED"])


def test_no_counterexample_is_no_failure() -> None:
    """Exit code 0, and how much was covered."""
    asked = ("nlhf-guarantees-rate", "--users", "4", "--responses", "2", "--budget", "0.3")
    done = ualign("counterexample", *asked, "--json", "-k", "1")
    (line,) = done.objects
    assert done.code == 0
    assert (line["status"], line["population"], line["certificates"]) == ("not refuted", None, [])
    assert line["covered"]["complete"] == {"2": 4}
    done = ualign("counterexample", *asked, "-k", "1")
    assert "not refuted" in done.out
    assert "all of 2 responses and up to 4 equal users" in done.out


def test_other_parameters_find_other_counterexamples() -> None:
    """A majority of two to one is too little for k = 3."""
    (line,) = ualign("counterexample", "nlhf-guarantees-rate", "-k", "3", "--json").objects
    assert (line["k"], line["values"]) == (3, {"wins": "2/3", "wanted": "3/4"})


def test_a_file_of_ones_own(mine: Path) -> None:
    """The user's predicate is only the searcher, and its claims are checked."""
    (line,) = ualign("counterexample", f"{mine}:HONEST", "--json").objects
    assert (line["status"], line["verdicts"]) == ("refuted", ["ACCEPTED"])
    assert line["story"] == "no policy wins more than 2/3"


def test_a_lying_predicate_is_not_believed(mine: Path, tmp_path: Path) -> None:
    """Exit code 3; what it says is printed nowhere, and the checker's complaint is; no files."""
    done = ualign("counterexample", f"{mine}:LYING", "--json")
    (line,) = done.objects
    assert (done.code, line["status"], line["verdicts"]) == (3, "not certified", ["REJECTED"])
    assert (line["story"], line["values"]) == (None, {})
    assert "lying: not certified" in done.err
    done = ualign("counterexample", f"{mine}:LYING", "--out", tmp_path / "kept")
    assert done.code == 3
    assert [*(tmp_path / "kept").iterdir()] == []
    assert "no policy wins more than 1/2" not in done.out
    assert "0/1 claims accepted" in done.out


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("nothing-known", "there is no conjecture 'nothing-known'"),
        ("{mine}:NONE", "defines no 'NONE'"),
        ("{mine}:OTHER", "is of type 'str', and no Conjecture"),
        ("{mine}:BROKEN", "broken: its predicate failed at {mine}:{line}: ZeroDivisionError"),
        ("{mine}:ODD", "returned a 'str', and no Refutation"),
        ("absent.py:NAME", "cannot be read"),
        ("{mine}", "there is no conjecture"),
    ],
)
def test_bad_names_are_one_line(name: str, says: str, mine: Path) -> None:
    done = ualign("counterexample", name.format(mine=mine))
    assert (done.code, done.out) == (2, "")
    line = MINE[: MINE.index("BROKEN")].count("\n") + 1
    assert says.format(mine=mine, line=line) in done.err
    assert done.err.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("\nx = (", "{}:2: cannot be run: SyntaxError"),
        ("\nimport no_such_module", "{0} failed at {0}:2: ModuleNotFoundError"),
        ("def f(): raise ValueError('stop')\n\nf()", "{0} failed at {0}:1: ValueError: stop"),
        ("exit(0)", "{0} failed at {0}:1: SystemExit: 0"),
        ("import ualign as u\nu.Population.from_rankings([{}])", "{0} failed at {0}:2: user 1"),
    ],
)  # fmt: skip
def test_files_that_do_not_run(text: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.py"
    path.write_text(text)
    done = ualign("counterexample", f"{path}:X")
    assert (done.code, done.out) == (2, "")
    assert says.format(path) in done.err
    assert done.err.count("\n") == 1


@pytest.mark.parametrize(
    "options",
    [
        ("-k", "1"),
        ("--budget", "0"),
        ("--budget", "nan"),
        ("-k", "0"),
        ("-k", "65"),
        ("--responses", "1"),
        ("--responses", "13"),
        ("--users", "0"),
        ("--out", ""),
    ],
)
def test_bad_options_are_one_line(options: tuple[str, str]) -> None:
    done = ualign("counterexample", "uniqueness", *options)
    assert (done.code, done.out) == (2, "")
    assert done.err.count("\n") == 1


def test_the_lists_of_json_and_table_agree() -> None:
    """The words of the table are the JSON's verdicts."""
    text = ualign("counterexample").out
    for line in ualign("counterexample", "--json").out.splitlines():
        conjecture = json.loads(line)
        word = {"false": "refuted", "true": "a theorem", "open": "open"}[conjecture["verdict"]]
        assert f"{conjecture['name']} ({word})" in text
