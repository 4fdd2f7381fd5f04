"""The house rules that tools can tell: layers, style, types, and the two commands of the README."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections import defaultdict
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


def test_the_lowest_versions_are_those_of_every_requirement() -> None:
    """Continuous integration installs each requirement in the oldest release that is allowed."""
    program = [sys.executable, ROOT / ".ci" / "lowest.py"]
    lines = subprocess.run(program, capture_output=True, text=True, check=True).stdout.splitlines()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    assert all(re.fullmatch(r"[a-z-]+==[0-9.]+", line) for line in lines)
    lowest = [line.replace("==", ">=") for line in lines]
    assert lowest == [requirement.partition(",")[0] for requirement in wanted]


ROLES = {
    "CONJECTURES", "QUESTION", "STATEMENT", "certify", "certify_all_k", "logger", "propose", "read",
    "write",
}  # fmt: skip
"""Names that modules of one kind share, so that a table can call them alike."""


def public_names(path: Path) -> list[str]:
    """What a module defines at its top level."""
    names = []
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.append(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names += [target.id for target in targets if isinstance(target, ast.Name)]
    return [name for name in names if not name.startswith("_")]


def test_one_public_name_is_one_thing() -> None:
    """No two modules define the same public name. Exempt are the checker, which shares nothing with
    anybody, and functions that are named as a command is: its own, and Python's call of it."""
    package = ROOT / "verify" / "ualign"
    places = defaultdict(list)
    for path in sorted(package.rglob("*.py")):
        module = path.relative_to(package).with_suffix("").as_posix()
        for name in public_names(path):
            if name not in ROLES and module not in ("checker", f"cli/{name}", f"api/{name}"):
                places[name].append(module)
    assert len(places) > 500
    assert not {name: modules for name, modules in places.items() if len(modules) > 1}


def test_the_committed_reports_stay_small() -> None:
    sizes = {path: path.stat().st_size for path in (ROOT / "reports").rglob("*") if path.is_file()}
    assert 0 < sum(sizes.values()) <= 3_000_000
    assert 0 < sizes[ROOT / "reports" / "manifest.json"] <= 1_000_000


def test_readers_of_the_sources_meet_no_foreign_addresses() -> None:
    """Nothing in the project names a package registry's address."""
    sources = [*ROOT.glob("*.toml"), *ROOT.glob("*.md"), *ROOT.glob("verify/**/*.py")]
    assert sources
    assert not [p for p in sources if "pypi." in p.read_text() or "index-url" in p.read_text()]
