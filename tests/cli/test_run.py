"""`ualign run`: the built-in suite and its report."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from command import KEYS, ualign
from ualign import constructions
from ualign.certificates.findings import NO_CLAIM
from ualign.constructions import CONSTRUCTIONS, FOR_ONE_THEOREM, built_in_suite, catalogue
from ualign.model.population import Population
from ualign.theorems import THEOREMS


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
