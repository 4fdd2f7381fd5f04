"""The README's own commands, run as a reader would, with the output that it shows; and what the
pages for readers promise: links that lead somewhere, a map and a table with nothing left out.

`python tests/test_readme.py` rewrites the shown output after a deliberate change; read the diff.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from command import without_life_signs
from ualign.theorems import THEOREMS

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
PACKAGE = ROOT / "verify" / "ualign"
MAP = ROOT / "verify" / "README.md"
TABLE = PACKAGE / "theorems" / "README.md"
PAGES = [README, ROOT / "CONTRIBUTING.md", MAP, TABLE]
MOST_BYTES = 10_240
LINK = re.compile(r"\]\(([^)\s]+)\)")
CONSOLE = re.compile(r"```console\n(.*?)```\n", re.DOTALL)
PYTHON = re.compile(r"```python\n(.*?)```\n", re.DOTALL)


def shown_sessions(text: str) -> list[tuple[str, str]]:
    """(command, shown output) of every console block; a here-document belongs to its command."""
    sessions = []
    for block in CONSOLE.findall(text):
        command, _, output = block.removeprefix("$ ").partition("\n")
        if "<<'END'" in command:
            body, _, output = output.partition("\nEND\n")
            command = f"{command}\n{body}\nEND\n"
        sessions.append((command, output))
    return sessions


def run(command: str, directory: str) -> str:
    """What the command prints, both streams, with this Python's scripts first on the path."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=directory,
        env={**os.environ, "PATH": path, "COLUMNS": "100"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    printed = without_life_signs(done.stdout)
    return "".join(line.rstrip() + "\n" for line in printed.splitlines())


def test_console_sessions(tmp_path: Path) -> None:
    """Every command of the README prints what the README shows."""
    sessions = shown_sessions(README.read_text())
    assert len(sessions) >= 5
    for command, output in sessions:
        assert run(command, str(tmp_path)) == output, command


def test_python_example(tmp_path: Path) -> None:
    """The Python example runs on the README's own population and checks its certificates."""
    text = README.read_text()
    run(shown_sessions(text)[0][0], str(tmp_path))
    (program,) = PYTHON.findall(text)
    (tmp_path / "example.py").write_text(program)
    printed = run("python example.py", str(tmp_path))
    assert "3 P4 = 3/5 exact" in printed
    assert "{'brief': Fraction(" in printed
    assert len(list(tmp_path.glob("certificates/*.cert.json"))) == 5


def test_the_readme_is_short() -> None:
    """What does not fit has a page of its own."""
    assert len(README.read_bytes()) <= MOST_BYTES


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_relative_links_lead_somewhere(page: Path) -> None:
    """To a file or folder of the project and, where they name one, to a heading there."""
    links = [link for link in LINK.findall(page.read_text()) if "://" not in link]
    assert links
    for link in links:
        path, _, heading = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.is_relative_to(ROOT), link
        assert target.exists(), link
        assert not heading or heading in anchors(target.read_text()), link


def anchors(text: str) -> set[str]:
    """The names under which the page's headings can be linked to."""
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


def test_the_map_is_complete() -> None:
    """Every package of ualign has a heading on the map, and every file a place."""
    text = MAP.read_text()
    for package in (path.parent for path in PACKAGE.glob("*/__init__.py")):
        assert re.search(rf"^### `{package.name}`: ", text, re.MULTILINE), package.name
    for module in PACKAGE.rglob("*.py"):
        if module.parent != TABLE.parent:
            assert f"`{module.name}`" in text, module


def test_every_theorem_has_its_row() -> None:
    """With links to files that certify and prove it; and no other row is there."""
    text = TABLE.read_text()
    rows = dict(re.findall(r"^\| ([A-Z]\d+) \| (.*) \|$", text, re.MULTILINE))
    assert list(rows) == list(THEOREMS)
    linked = set(LINK.findall(text))
    for label, row in rows.items():
        assert f"({label.lower()}_" in row, label
        assert f"/proofs_checks/{label.lower()}_" in row, label
    assert {path.name for path in TABLE.parent.glob("[a-z][0-9]*.py")} <= linked


def rewrite() -> None:
    """Put the commands' present output into the README."""
    text = README.read_text()
    with tempfile.TemporaryDirectory() as directory:
        for block in CONSOLE.findall(text):
            ((command, _),) = shown_sessions(f"```console\n{block}```\n")
            shown = command if command.endswith("\n") else command + "\n"
            text = text.replace(block, f"$ {shown}{run(command, directory)}")
    README.write_text(text)


if __name__ == "__main__":
    rewrite()
