"""The house rules that tools can tell: layers, style, types, and the two commands of the README."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from places import ROOT

BIN = Path(sys.executable).parent

FOLDERS = ["verify", "proofs_checks", "tests"]
TOOLS = {
    "imports run one way": ["lint-imports", "--no-cache"],
    "ruff finds nothing": ["ruff", "check", "--no-cache", *FOLDERS],
    "the code is formatted": ["ruff", "format", "--check", "--no-cache", *FOLDERS],
    "types hold": ["mypy", "--strict"],
}


@pytest.mark.slow
@pytest.mark.parametrize("rule", TOOLS)
def test_rule(rule: str) -> None:
    """Each tool ends well on the sources."""
    command, *arguments = TOOLS[rule]
    done = subprocess.run(
        [BIN / command, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_ci_runs_the_readme_commands() -> None:
    """The script for continuous integration calls exactly the commands that a new user is given."""
    readme = (ROOT / "README.md").read_text()
    script = (ROOT / ".ci" / "run").read_text()
    commands = [line for line in readme.splitlines() if line.startswith("python3 -m venv")]
    assert len(commands) == 2
    assert all(line in script.splitlines() for line in commands)


def test_readers_of_the_sources_meet_no_foreign_addresses() -> None:
    """Nothing in the project names a package registry's address."""
    sources = [*ROOT.glob("*.toml"), *ROOT.glob("*.md"), *ROOT.glob("verify/**/*.py")]
    assert sources
    assert not [p for p in sources if "pypi." in p.read_text() or "index-url" in p.read_text()]
