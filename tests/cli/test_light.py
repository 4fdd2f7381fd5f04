"""Checking needs neither the prover nor its libraries: nothing of them is loaded, nor missed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from places import ROOT
from ualign.certificates.manifest import NAME

ABSENT = ("numpy", "flint", "sympy", "scipy", "cvxpy", "pulp", "highspy", "matplotlib")

PROGRAM = f"""
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {ABSENT!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Absent())
if sys.argv[1] == "pytest":
    import pytest
    sys.exit(pytest.main(["-p", "ualign.pytest_plugin", "-p", "no:cacheprovider", *sys.argv[2:]]))
from ualign.cli.main import main
main(sys.argv[1:])
"""


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The command where the libraries are not installed."""
    program = [sys.executable, "-c", PROGRAM, *map(str, arguments)]
    environment = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": ":".join(sys.path)}
    return subprocess.run(
        program, capture_output=True, text=True, check=False, env=environment, cwd=arguments[-1]
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A certificate file alone in a folder."""
    source = min(ROOT.glob("tests/checker/corpus/accepted/*.cert.json"))
    (tmp_path / source.name).write_bytes(source.read_bytes())
    return tmp_path


@pytest.mark.parametrize("command", ["check", "lock", "pytest"])
def test_checking_works_without_the_prover(folder: Path, command: str) -> None:
    done = run(command, folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert {
        "check": " ACCEPTED\n",
        "lock": f"{NAME}: ",
        "pytest": " passed in ",
    }[command] in done.stdout


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_what_the_command_says_of_itself_needs_no_prover(tmp_path: Path, option: str) -> None:
    program = [sys.executable, "-c", PROGRAM, option]
    done = subprocess.run(program, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "ualign" in done.stdout


def test_the_libraries_are_missed_by_what_needs_them(tmp_path: Path) -> None:
    """Else the tests above would show nothing."""
    program = [sys.executable, "-c", PROGRAM, "run", "--out", str(tmp_path)]
    done = subprocess.run(program, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "No module named" in done.stderr
