"""What fails for one theorem, k or file, or costs too much to check; the others go on."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from certifying import CYCLE, STYLES, certified_by, certify, said
from ualign.certificates import checking as checking
from ualign.certificates.checking import CheckerFaultError, Verdict, check, check_files
from ualign.certificates.findings import Finding
from ualign.exact.instance import Instance
from ualign.exact.linear_program import LinearProgramError
from ualign.files import prepare_directory
from ualign.model.population import Population
from ualign.runs.certify import Options, certify_prompt
from ualign.theorems import MAIN, THEOREMS, Theorem


@pytest.mark.parametrize(
    ("error", "note"),
    [
        (LinearProgramError("the results disagree"), "fault: the results disagree"),
        (ZeroDivisionError("1/0"), "fault: ZeroDivisionError: 1/0"),
        (MemoryError(), "fault: MemoryError: no message"),
    ],
)
def test_a_failing_theorem_is_a_fault_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, note: str
) -> None:
    theorem = THEOREMS["P2"]
    (prove,) = theorem.certify

    def failing(instance: Instance, k: int) -> list[Finding]:
        if k == 2:
            raise error
        return prove(instance, k)

    certified_by(monkeypatch, "P2", failing)
    evidence = certify(STYLES, [1, 2, 3], tmp_path)
    (fault,) = [e for e in evidence if e.broken]
    assert (fault.finding.theorem, fault.finding.k, fault.finding.note) == ("P2", 2, note)
    assert (fault.verdict, fault.file, fault.certified) == ("none", None, False)
    assert all(e.certified for e in evidence if e is not fault)
    monkeypatch.setitem(THEOREMS, "P2", theorem)
    again = certify(STYLES, [1, 2, 3], tmp_path)
    assert all(e.certified for e in again)
    assert {e.finding.k for e in again if e.resumed} == {1, 3, None}


def test_a_theorem_that_fails_for_all_k_is_a_fault_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(instance: Instance) -> list[Finding]:
        raise LinearProgramError("no")

    monkeypatch.setitem(THEOREMS, "P4", replace(THEOREMS["P4"], certify_all_k=failing))
    evidence = certify(STYLES, [2], tmp_path)
    (fault,) = [e for e in evidence if e.broken]
    assert (fault.finding.theorem, fault.finding.k) == ("P4", None)
    assert {e.finding.theorem for e in evidence if e.finding.k is None and e.certified} == {"E10"}


def test_one_way_to_certify_a_theorem_may_fail_without_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(instance: Instance, k: int) -> list[Finding]:
        raise LinearProgramError("no")

    _, algebraic = THEOREMS["P1"].certify
    certified_by(monkeypatch, "P1", failing, algebraic)
    evidence = [e for e in certify(STYLES, [2], tmp_path) if e.finding.theorem == "P1"]
    assert [(e.finding.what, e.certified) for e in evidence] == [
        ("fault", False),
        ("algebraic", True),
    ]


def test_where_everything_fails_there_is_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(instance: Instance, k: int | None = None) -> list[Finding]:
        raise LinearProgramError("no")

    for name in THEOREMS:
        monkeypatch.setitem(THEOREMS, name, Theorem("", (failing,), failing))
    evidence = certify(STYLES, [2], tmp_path)
    assert [(e.finding.theorem, e.finding.k) for e in evidence] == [
        (name, k) for k in (2, None) for name in MAIN
    ]
    assert all(e.broken and not e.verdicts for e in evidence)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "lie",
    [
        {"value": Fraction(9, 10)},
        {"value": None, "evidence": "unique"},
        {"relation": "="},
        {"k": 3},
        {"k": None},
        {"theorem": "P2"},
        {"certificates": ()},
        {"value": None, "evidence": "not computed"},
    ],
)
def test_a_finding_that_its_claims_do_not_state_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lie: dict[str, Any]
) -> None:
    guarantee, _ = THEOREMS["P1"].certify

    def lying(instance: Instance, k: int) -> list[Finding]:
        return [replace(finding, **lie) for finding in guarantee(instance, k)]

    population = Population.from_rankings([[*"abc"], [*"bca"], [*"cab"], [*"abc"]])
    certified_by(monkeypatch, "P1", lying)
    evidence = certify(population, [2], tmp_path)
    assert [e.finding.theorem for e in evidence if e.broken] == ["P1"]
    assert evidence[0].finding.value is None


def test_uniqueness_must_be_claimed_as_it_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (prove,) = THEOREMS["E2"].certify

    def lying(instance: Instance, k: int) -> list[Finding]:
        return [replace(finding, evidence="not unique") for finding in prove(instance, k)]

    certified_by(monkeypatch, "E2", lying)
    assert [e.finding.theorem for e in certify(CYCLE, [2], tmp_path) if e.broken] == ["E2"]


@pytest.mark.parametrize("grade", ["degree 2", "exact", "not computed", ""])
def test_the_degree_must_be_claimed_as_it_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, grade: str
) -> None:
    _, algebraic = THEOREMS["P1"].certify

    def lying(instance: Instance, k: int) -> list[Finding]:
        return [replace(finding, evidence=grade) for finding in algebraic(instance, k)]

    certified_by(monkeypatch, "P1", algebraic, lying)
    evidence = [e for e in certify(STYLES, [3], tmp_path) if e.finding.theorem == "P1"]
    assert [(str(e.finding.grade), e.broken) for e in evidence] == [
        ("degree 4", False),
        ("fault", True),
    ]


def test_a_checker_that_breaks_down_on_a_file_spares_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checker = tmp_path / "checker.py"
    checker.write_text(
        "import subprocess, sys\n"
        "if any('.k2.' in name for name in sys.argv): sys.exit('it hurts')\n"
        f"command = [sys.executable, '-I', '-S', '-B', {str(checking.CHECKER)!r}]\n"
        "sys.exit(subprocess.call([*command, *sys.argv[1:]]))\n"
    )
    monkeypatch.setattr(checking, "CHECKER", checker)
    evidence = certify(STYLES, [1, 2, 3], tmp_path)
    assert {(e.finding.k, e.verdict, e.certified) for e in evidence} == {
        (1, "ACCEPTED", True),
        (2, "fault", False),
        (3, "ACCEPTED", True),
        (None, "ACCEPTED", True),
    }
    details = {v.detail for e in evidence for v in e.verdicts if not v.accepted}
    assert details == {"the checker stopped with exit code 1: it hurts"}
    assert all(e.broken == (e.finding.k == 2) for e in evidence)


@pytest.mark.parametrize(
    ("program", "message"),
    [
        ("", "exit code 0"),
        ("print('ACCEPTED {}')", "not a verdict line"),
        ("print('FINE {}')", "not a verdict line"),
        ("print('ACCEPTED', open(sys.argv[1]))", "not a verdict line"),
        ("import os; os.kill(os.getpid(), 9)", "exit code -9"),
        ("say('ACCEPTED'); sys.exit(10)", "exit code 10"),
        ("say('REJECTED')", "exit code 0"),
        ("say('ACCEPTED'); raise ValueError('x' * 99999)", "exit code 1: ValueError"),
    ],
)
def test_a_checker_that_does_not_answer_properly_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, message: str
) -> None:
    path, checker = tmp_path / "p.cert.json", tmp_path / "checker.py"
    path.write_text("{}")
    checker.write_text(
        "import json, sys\n"
        "def say(verdict):\n"
        "    line = dict.fromkeys(('index', 'kind', 'sha256', 'claim'), None)\n"
        "    print(verdict, json.dumps({'file': sys.argv[1], **line}), flush=True)\n" + program
    )
    monkeypatch.setattr(checking, "CHECKER", checker)
    with pytest.raises(CheckerFaultError, match=message):
        check([path])
    verdicts = check_files({path: 2, tmp_path / "empty": 0})
    assert [v.verdict for v in verdicts[path]] == ["fault", "fault"]
    assert verdicts[tmp_path / "empty"] == []


def test_a_claim_that_the_checker_passes_over_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certify(STYLES, [2], tmp_path)
    original = checking.stream_verdicts

    def forgetful(paths: list[Path]) -> list[Verdict]:
        return [verdict for verdict in original(paths) if verdict.index != 1]

    monkeypatch.setattr(checking, "stream_verdicts", forgetful)
    evidence = certify(STYLES, [2], tmp_path)
    missed = {(e.finding.what, e.finding.k): e.verdict for e in evidence if not e.certified}
    limits = {(f"limit-{method}", None): "fault" for method in ("nlhf", "rlhf-borda")}  # one claim
    assert missed == {("algebraic", 2): "fault", **limits}


def test_a_verdict_on_the_whole_file_holds_for_every_claim(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "p.cert.json"
    path.write_text("{}")
    verdicts = check_files({path: 3})[path]
    assert [(v.verdict, v.index) for v in verdicts] == [("MALFORMED", None)] * 3


def test_more_files_than_a_command_line_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certify(STYLES, [1, 2, 3, 4], tmp_path)
    paths = sorted(tmp_path.iterdir())
    whole = check(paths)
    monkeypatch.setattr(checking, "_COMMAND_LINE", len(str(paths[0])) + 1)
    assert check(paths) == whole
    assert len(list(checking._batches([str(path) for path in paths]))) == len(paths) == 5
    paths[1].write_text("{}")
    assert check(paths).code == 11


def test_progress_counts_every_k_and_the_check(tmp_path: Path) -> None:
    certify_prompt("p", CYCLE, [1], tmp_path, Options())
    steps: list[int] = []
    certify_prompt(
        "p", CYCLE, [1, 2, 3], tmp_path, Options(), lambda text, done: steps.append(done)
    )
    assert sum(steps) == 5


def limited_checker(directory: Path, work: int) -> Path:
    """The checker with that budget, whatever it is asked."""
    script = directory / "checker.py"
    script.write_text(
        "import subprocess, sys\nsys.exit(subprocess.call([sys.executable, '-I', '-S', '-B',"
        f" {str(checking.CHECKER)!r}, '--max-work={work}', *sys.argv[1:]]))"
    )
    return script


@pytest.mark.parametrize(("work", "some"), [(8_000, True), (1, False)])
def test_a_claim_that_is_too_costly_to_check_is_not_written(
    work: int, some: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So whatever is written is accepted by everybody later; the others say why they are not."""
    monkeypatch.setattr(checking, "CHECKER", limited_checker(tmp_path, work))
    directory = prepare_directory(tmp_path / "out")
    everything = certify(CYCLE, [3], directory)
    claimed = [judged for judged in everything if judged.file]
    assert bool(claimed) == some
    assert all(judged.verdict == "ACCEPTED" for judged in claimed)
    costly = [judged for judged in everything if "too costly to check" in judged.finding.note]
    assert costly
    assert all(not judged.finding.certificates for judged in costly)
    files = sorted(directory.glob("*.cert.json"))
    assert files == sorted({judged.file for judged in claimed if judged.file})
    assert all(v.accepted for v in check(files).verdicts) if files else not some
    again = certify(CYCLE, [3], directory)
    assert said(again) == said(everything)
