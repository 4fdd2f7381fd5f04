"""Long work says that it lives: on stderr, where no bar does, and not before its time."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from command import LIFE_SIGN, without_life_signs
from ualign.cli.console import LIFE_SIGN_SECONDS, Progress, life_signs

SOON = 0.02
PROGRAM = f"""
import sys
import ualign.cli.main as command
from ualign.cli.console import life_signs

command.life_signs = lambda: life_signs({SOON})
command.main()
"""


def waits_for(happens: Callable[[], bool]) -> bool:
    end = time.monotonic() + 60
    while not (there := happens()) and time.monotonic() < end:
        time.sleep(SOON)
    return there


def test_they_say_how_far_the_work_is(capsys: pytest.CaptureFixture[str]) -> None:
    heard = []

    def says(what: str) -> Callable[[], bool]:
        def happens() -> bool:
            read = capsys.readouterr()
            heard.append(read.out)
            return what in read.err

        return happens

    with life_signs(SOON):
        assert waits_for(says(" s\n"))
        with Progress(3) as progress:
            progress.step("p\n: k = 2", 0)
            assert waits_for(says(" s: 0/3 p\\n: k = 2\n"))
            progress.step("p: k = 3", 1)
            assert waits_for(says(" s: 1/3 p: k = 3, about "))
        assert waits_for(says(" s\n"))
    capsys.readouterr()
    time.sleep(5 * SOON)
    assert capsys.readouterr().err == ""
    assert "".join(heard) == ""


def test_a_bar_is_enough(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with Progress(1), life_signs(SOON):
        time.sleep(10 * SOON)
    assert LIFE_SIGN not in capsys.readouterr().err


def test_short_work_is_quiet_and_results_are_what_they_were(styles: Path) -> None:
    arguments = ["certify", str(styles), "-k", "1..3", "--json"]
    assert LIFE_SIGN_SECONDS >= 10
    quiet, loud = (
        subprocess.run(
            [sys.executable, *program, *arguments], capture_output=True, text=True, check=True
        )
        for program in (["-m", "ualign"], ["-c", PROGRAM])
    )
    assert without_life_signs(quiet.stderr) == without_life_signs(loud.stderr) == ""
    assert loud.stderr.count("\n") > 3
    assert "/5 styles.json: " in loud.stderr
    assert loud.stdout == quiet.stdout


def test_nobody_hears_them(styles: Path) -> None:
    """A closed stderr is no fault."""
    command = f"'{sys.executable}' -c '{PROGRAM}' certify '{styles}' -k 1 2>&- >/dev/null"
    assert subprocess.run(["sh", "-c", command], check=False).returncode == 0
