"""What `--help` shows in groups, and what a shell completes."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
from command import ualign
from places import NO_FAULT
from ualign.cli.main import COMMANDS, app

UALIGN = Path(sys.executable).with_name("ualign")
ALL: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]
NO_BASH = pytest.mark.skipif(shutil.which("bash") is None, reason=f"{NO_FAULT} no bash here")


def sections(text: str) -> dict[str, list[str]]:
    """What stands first in each line of each part of a help text, by the part's heading."""
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        if heading := re.fullmatch(r"(\S.*):", line):
            found[heading[1]] = []
        elif found and (first := re.match(r"  (\S+)", line)):
            found[list(found)[-1]].append(first[1])
    return found


def test_commands_stand_in_groups() -> None:
    shown = sections(ualign("--help").out)
    expected = {group: [c.__name__ for c in commands] for group, commands in COMMANDS.items()}
    assert {group: shown[group] for group in expected} == expected
    assert list(shown) == [*expected, "Options"]
    assert shown["Options"][0] == "--version"


@pytest.mark.parametrize("name", ALL)
def test_every_option_stands_in_one_group(name: str) -> None:
    """Nothing but --help is left over, and each parameter is shown once."""
    shown = sections(ualign(name, "--help").out)
    assert shown.pop("Options") == ["--help"]
    known = [heading for heading in shown if heading in ("Arguments", "What is read")]
    assert list(shown)[: len(known)] == known
    once = [word.rstrip(",") for words in shown.values() for word in words]
    assert len(once) == len(set(once)) == len(ALL[name].params)
    options = {o for p in ALL[name].params if p.param_type_name == "option" for o in p.opts}
    assert {word for word in once if word.startswith("-")} <= options


def complete(line: str) -> list[str]:
    """What bash is told where this line is to be completed."""
    words = line.split(" ")
    environment = os.environ | {
        "_UALIGN_COMPLETE": "complete_bash",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(words) - 1),
    }
    done = subprocess.run(
        [UALIGN], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("ualign co", ["compare", "counterexample"]),
        ("ualign certify --mis", ["--missing"]),
        ("ualign certify --missing d", ["drop-user"]),
        ("ualign certify --theorems p1,E1", ["p1,E1", "p1,E10", "p1,E11"]),
        ("ualign certify --theorems E3,E3", []),
        ("ualign run --rules hed", ["hedge"]),
        ("ualign counterexample nlhf-guarantees-r", ["nlhf-guarantees-rate"]),
        ("ualign counterexample mine.py:N", []),
    ],
)
def test_a_shell_completes(line: str, expected: list[str]) -> None:
    found = complete(line)
    assert found[: len(expected)] == expected
    assert bool(found) == bool(expected)


def test_proofs_are_completed() -> None:
    """By the labels that `ualign prove` knows."""
    import proofs_checks

    assert complete("ualign prove P") == [name for name in proofs_checks.names() if name[0] == "P"]


@NO_BASH
def test_bash_takes_the_script() -> None:
    """As it would be in a start-up file: a function that bash asks when the user presses Tab."""
    program = f"""
        PATH={UALIGN.parent}:$PATH
        eval "$(_UALIGN_COMPLETE=source_bash ualign)"
        COMP_WORDS=(ualign cert) COMP_CWORD=1
        _ualign_completion ualign
        printf '%s\\n' "${{COMPREPLY[@]}}"
        complete -p ualign
    """
    done = subprocess.run(["bash", "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[0] == "certify"
    assert "-F _ualign_completion ualign" in done.stdout


def test_what_a_shell_may_not_ask() -> None:
    environment = os.environ | {"_UALIGN_COMPLETE": "nonsense"}
    done = subprocess.run([UALIGN], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_python_m_is_the_command() -> None:
    """`python -m ualign` does what `ualign` does, and is called so in what it says."""
    module = [sys.executable, "-m", "ualign"]
    for arguments in (["--version"], ["certify", "--help"], ["certify", "no-such-file"]):
        by_name, by_module = (
            subprocess.run(
                [*start, *arguments], capture_output=True, text=True, check=False, timeout=60
            )
            for start in ([UALIGN], module)
        )
        assert by_name.returncode == by_module.returncode
        assert (by_name.stdout, by_name.stderr) == (by_module.stdout, by_module.stderr)
