"""The README's own commands: run as a reader would, with the output that it shows.

`python tests/test_readme.py` rewrites the shown output after a deliberate change; read the diff.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

README = Path(__file__).resolve().parent.parent / "README.md"
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
    return "".join(line.rstrip() + "\n" for line in done.stdout.splitlines())


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
    assert len(list(tmp_path.glob("*.cert.json"))) == 5


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
