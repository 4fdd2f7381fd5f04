"""What goes wrong around the commands: files, pipes, signals, streams, locales."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from command import tree, ualign, without_life_signs
from places import NO_FAULT
from ualign import constructions
from ualign.certificates import checking as checker_process
from ualign.certificates.claims import claim_win_rate
from ualign.certificates.findings import EXACT, GUARANTEE, Finding
from ualign.constructions import built_in_suite
from ualign.exact.instance import Instance
from ualign.exact.linear_program import LinearProgramError
from ualign.exact.methods import METHODS
from ualign.theorems import THEOREMS

UALIGN = Path(sys.executable).with_name("ualign")


# --- what goes wrong --------------------------------------------------------------------------


def test_a_failing_theorem_spares_the_others(
    styles: Path, cycle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One solver's failure on one prompt at one k is reported there, and nowhere else."""
    theorem = THEOREMS["E4"]
    (prove,) = theorem.certify

    def failing(instance: Instance, k: int) -> list[Finding]:
        if k == 2 and instance.population.responses[0] == "a":
            raise LinearProgramError("the results disagree")
        return prove(instance, k)

    monkeypatch.setitem(THEOREMS, "E4", replace(theorem, certify=(failing,)))
    arguments = ["certify", styles, cycle, "-k", "1..3", "--out", tmp_path / "out"]
    done = ualign(*arguments, "--json")
    assert done.code == 3
    assert done.err == (
        "ualign: 1 finding not certified, first E4 at cycle.soc, k = 2"
        " (fault: the results disagree)\n"
    )
    lines = [line for line in done.objects if "theorem" in line]
    broken = [line for line in lines if line["evidence"] == "fault"]
    assert [(line["instance"], line["k"], line["verdict"]) for line in broken] == [
        ("cycle.soc", 2, "none")
    ]
    assert {line["verdict"] for line in lines if line not in broken} == {"ACCEPTED"}
    assert "fault" in ualign(*arguments).out
    monkeypatch.setitem(THEOREMS, "E4", theorem)
    again = ualign(*arguments, "--json")
    assert again.code == 0  # a fault is tried again
    whole = [line for line in again.objects if "theorem" in line]
    assert [line for line in whole if line in lines] == [x for x in lines if x not in broken]
    assert len(whole) - len(lines) == 1  # E4 against one and against two outputs, for one fault


def test_a_failing_method_spares_the_others(styles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(instance: Instance, k: int) -> None:
        raise LinearProgramError("the results disagree")

    monkeypatch.setattr(Instance, "joint_optimum", failing)
    done = ualign("compare", styles, "-k", "2", "--json")
    assert done.code == 3
    assert done.err.startswith("ualign: 1 value not certified, first joint-optimum at styles.json")
    accepted = [line["method"] for line in done.objects if line["verdict"] == "ACCEPTED"]
    others = set(METHODS) - {"joint-optimum"}
    assert sorted(accepted) == sorted([*others, *(others - {"equilibrium"})])  # k = 2, the limit


def test_what_the_checker_refuses_is_never_shown(
    styles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A theorem that lies: its number appears on no stream and in no report."""
    guarantee, _ = THEOREMS["P1"].certify

    def lying(instance: Instance, k: int) -> list[Finding]:
        if k != 2:
            return guarantee(instance, k)
        rate = Fraction(997, 1000)
        claim = claim_win_rate(instance.population, instance.lottery.policy, k, ">=", rate)
        return [Finding(GUARANTEE, k, ">=", rate, EXACT, (claim,))]

    monkeypatch.setitem(THEOREMS, "P1", replace(THEOREMS["P1"], certify=(lying,)))
    arguments = ["certify", styles, "-k", "1..3", "--out", tmp_path / "out"]
    done = ualign(*arguments, "--json")
    assert done.code == 3
    assert "P1 at styles.json, k = 2 (REJECTED" in done.err
    (line,) = [line for line in done.objects if line["verdict"] != "ACCEPTED"]
    assert (line["value"], line["evidence"], line["verdict"]) == (None, "not certified", "REJECTED")
    table = ualign(*arguments)
    assert table.code == 3
    assert "not certified (REJECTED)" in table.out
    assert "997/1000" not in done.out.replace(str(line["note"]), "") + table.out.split("k = 2:")[0]
    members = [(name, each) for name, each in built_in_suite() if name.startswith("slim-majority")]
    assert members
    monkeypatch.setattr(constructions, "built_in_suite", lambda: members)
    run = ualign("run", "-k", "2", "--theorems", "P1", "--out", tmp_path / "report")
    assert run.code == 3
    assert "997" not in run.out
    for page in ("report.html", "report.md"):
        assert "997" not in (tmp_path / "report" / page).read_text()


def test_a_refused_value_of_a_comparison_is_not_shown_or_drawn(
    styles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    strict = tmp_path / "checker.py"  # whatever it reads, it has no budget for it
    checker = checker_process.CHECKER
    strict.write_text(
        f"import subprocess, sys\nsys.exit(subprocess.call([sys.executable, '-I', '-S', '-B',"
        f" {str(checker)!r}, '--max-work=1', *sys.argv[1:]]))"
    )
    monkeypatch.setattr(checker_process, "CHECKER", strict)
    done = ualign("compare", styles, "-k", "2", "--json", "--out", tmp_path / "out")
    assert done.code == 3
    assert {(line["value"], line["verdict"]) for line in done.objects} == {
        (None, "OVER_BUDGET"),
        (None, "none"),  # the limit of what tends to 1 is not claimed
    }
    assert "not certified (OVER_BUDGET)" in ualign("compare", styles, "-k", "2").out
    assert "checker: 0/12 values accepted" in ualign("compare", styles, "-k", "2").out
    guarantee = ualign("certify", styles, "-k", "2")
    assert guarantee.code == 3
    assert "P1 at styles.json, k = 2 (proved, but too costly to check: " in guarantee.err


# --- pipes and signals ------------------------------------------------------------------------


@pytest.mark.parametrize("options", [["--json"], []])
@pytest.mark.parametrize("command", ["check", "certify", "compare"])
def test_nobody_reads_the_output(certified: Path, command: str, options: list[str]) -> None:
    """As in `ualign ... | head` once head is gone."""
    files = certified if command == "check" else certified.with_name("styles.json")
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as output:
        done = subprocess.run(
            [UALIGN, command, files, *options], stdout=output, stderr=subprocess.PIPE, check=False
        )
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.skipif(
    not Path("/dev/full").exists(),
    reason=f"{NO_FAULT} no /dev/full here",
)
def test_a_full_disk_under_stdout(certified: Path) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [UALIGN, "check", certified],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stderr) == (2, "ualign: cannot write: No space left on device\n")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_run_is_resumed(styles: Path, tmp_path: Path, how: signal.Signals) -> None:
    out = tmp_path / "out"
    command = [UALIGN, "certify", styles, "-k", "1..2000", "--joint-limit", "300", "--out", out]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        deadline = time.monotonic() + 60
        while len(list(out.glob("*.cert.json"))) < 4 and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(how)
        printed, complaint = process.communicate(timeout=60)
    assert (process.returncode, printed) == (130, "")
    complaint = without_life_signs(complaint)
    assert complaint.startswith("ualign: interrupted")
    assert complaint.count("\n") == 1
    written = tree(out)
    assert 4 <= len(written) < 2000
    assert all(name.endswith(".cert.json") for name in written)
    assert ualign("check", out).code == 0  # every file is whole
    times = {path: path.stat().st_mtime_ns for path in out.iterdir()}
    resumed = ualign(
        "certify", styles, "-k", "1..4", "--joint-limit", "300", "--out", out, "--json"
    )
    assert resumed.code == 0
    assert {path: path.stat().st_mtime_ns for path in times} == times
    fresh = ualign("certify", styles, "-k", "1..4", "--joint-limit", "300", "--json")
    assert [{**line, "certificate": None} for line in resumed.objects] == fresh.objects


@pytest.mark.parametrize(
    ("command", "hint"), [("run", "--resume"), ("certify", "--out"), ("compare", "")]
)
def test_what_is_said_after_an_interruption(
    styles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, hint: str
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("ualign.runs.certify.certify_prompt", interrupted)
    monkeypatch.setattr("ualign.runs.compare.compare_prompt", interrupted)
    files = [] if command == "run" else [styles]
    done = ualign(command, *files, "--out", tmp_path / "out")
    goes_on = f"; with {hint}, the same command goes on where this one stopped"
    assert (done.code, done.err) == (130, f"ualign: interrupted{goes_on if hint else ''}\n")


def test_run_computes_anew_unless_it_is_to_resume(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without --resume every file is made again; with it, what is not whole or of another
    question."""
    few = list(built_in_suite())[:3]
    monkeypatch.setattr(constructions, "built_in_suite", lambda: few)
    out = tmp_path / "report"
    arguments = ["run", "-k", "2", "--theorems", "P4", "--out", out]

    def changed() -> int:
        paths = list(out.glob("certificates/*"))
        return sum(path.stat().st_mtime_ns != times.get(path) for path in paths)

    times: dict[Path, int] = {}
    first = ualign(*arguments)
    contents, number = tree(out), changed()
    assert (first.code, number >= 3, "earlier run" in first.out) == (0, True, False)
    times = {path: path.stat().st_mtime_ns for path in out.glob("certificates/*")}
    resumed = ualign(*arguments, "--resume")
    files = f"{number} files, {number} of them from an earlier run"
    report = f"report: {out / 'report.html'}\n"
    table, line, rest = first.out.rpartition("3 linear programs solved; same value proved by")
    assert (bool(line), rest) == (True, " PuLP for 3, CVXPY for 3\n" + report)
    kept = f"certificates: {out / 'certificates'} ({files})\n0 linear programs solved\n"
    assert (resumed.out, changed()) == (table + kept + report, 0)
    broken = min(times)
    broken.write_bytes(broken.read_bytes().replace(b"P4", b"P5"))
    some = ualign(*arguments, "--resume")
    assert f"({number} files, {number - 1} of them from an earlier run)" in some.out
    assert changed() == 1
    again = ualign(*arguments)
    assert (again.out, changed()) == (first.out, number)
    assert tree(out) == contents
    others = ualign(*arguments, "--bits", "99", "--resume")
    assert f"({number} files, 0 of them from an earlier run)" in others.out


def test_an_interrupted_check_leaves_no_checker_behind(tmp_path: Path) -> None:
    """The checker is told to stop with the command that started it."""
    slow = tmp_path / "slow.py"
    slow.write_text(
        "import os, pathlib, time\n"
        f"pathlib.Path({str(tmp_path / 'pid')!r}).write_text(str(os.getpid()))\ntime.sleep(60)\n"
    )
    (tmp_path / "p.cert.json").write_text("{}")
    program = (
        "import pathlib, sys\nfrom ualign.certificates import checking\n"
        "from ualign.cli.main import main\n"
        f"checking.CHECKER = pathlib.Path({str(slow)!r})\n"
        "sys.argv[1:] = ['check', 'p.cert.json']\nmain()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=tmp_path, stderr=subprocess.PIPE
    ) as process:
        deadline = time.monotonic() + 60
        while not (tmp_path / "pid").exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=30)[1] == b"ualign: interrupted\n"
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


# --- odd surroundings -------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason=f"{NO_FAULT} no such shell on Windows")
@pytest.mark.parametrize(
    ("closed", "file", "code"),
    [
        (">&-", "styles.json", 0),
        ("2>&-", "styles.json", 0),
        ("<&- >&- 2>&-", "styles.json", 0),
        (">&- 2>&-", "no-such-file.json", 2),
    ],
)
def test_closed_streams_do_no_harm(
    closed: str, file: str, code: int, styles: Path, tmp_path: Path
) -> None:
    """Neither a traceback, nor a stream's number for a file that is opened later."""
    command = f"'{UALIGN}' certify {file} -k 1 --theorems P4 --out out {closed}"
    done = subprocess.run(
        ["sh", "-c", command], cwd=styles.parent, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (code, "")
    written = sorted((styles.parent / "out").glob("*.cert.json"))
    assert bool(written) == (code == 0)
    assert all(path.read_text().startswith('{"certificates"') for path in written)


@pytest.mark.parametrize("settings", [{"PYTHONUTF8": "0"}, {"PYTHONUTF8": "1"}])
def test_names_beyond_ascii_in_a_plain_locale(
    settings: dict[str, str], styles: Path, tmp_path: Path
) -> None:
    environment = {**os.environ, **settings, "LC_ALL": "C"}
    for arguments in (["certify", styles, "-k", "1", "--out", "prüfung"], ["check", "prüfung"]):
        done = subprocess.run(
            [UALIGN, *arguments], cwd=tmp_path, env=environment, capture_output=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, b"")
    assert len(list((tmp_path / "prüfung").glob("*.cert.json"))) == 2


def test_a_file_of_weights_in_the_folder_is_no_prompt(styles: Path, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.json").write_bytes(styles.read_bytes())
    (folder / "weights.csv").write_text("prompt,weight\na.json,2\n")
    done = ualign("certify", folder, "-k", "1", "--weights", folder / "weights.csv")
    assert (done.code, done.err) == (0, "")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason=f"{NO_FAULT} no named pipes here")
def test_what_is_no_regular_file_is_passed_over(
    styles: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.json").write_bytes(styles.read_bytes())
    os.mkfifo(folder / "b.json")
    assert ualign("certify", folder, "-k", "1").code == 0
    assert "b.json: passed over, as it is no regular file" in caplog.text
