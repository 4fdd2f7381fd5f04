"""The examples of a page for readers, run in order, in one folder, as a reader would run them.

A listing with a title is a file to be saved; in ```console each line after `$ ` is a command, with
what it prints below it (a here-document belongs to its command); ```pycon is a session of Python's,
for doctest. ```sh without a title is for the reader's own machine and not run.
"""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from command import without_life_signs

BLOCK = re.compile(r'^```(\w+)(?: title="([^"]+)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ (.*?)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
HERE = re.compile(r"(.*?\nEND\n)(.*)", re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A listing of a page: its language, its title if any, its text."""

    language: str
    title: str
    body: str

    @property
    def sessions(self) -> list[tuple[str, str]]:
        """(command, shown output) of each of its commands."""
        found = []
        for command, output in COMMAND.findall(self.body):
            if "<<'END'" in command:
                document, output = HERE.fullmatch(output).groups()  # type: ignore[union-attr]
                command = f"{command}\n{document}"
            found.append((command, output))
        return found


def blocks(text: str) -> list[Block]:
    """The listings of a page, in order."""
    return [Block(*found) for found in BLOCK.findall(text)]


def run(command: str, directory: Path) -> str:
    """What the command prints, both streams, with this Python's scripts first on the path."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    # pytest and Rich write for a log, not for a reader, where these say that they run in CI.
    of_ci = {"CI", "BUILD_NUMBER", "GITHUB_ACTIONS"}
    here = {name: value for name, value in os.environ.items() if name not in of_ci}
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=directory,
        env={**here, "PATH": path, "COLUMNS": "100", "PYTEST_ADDOPTS": "-p no:cacheprovider"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    printed = without_life_signs(done.stdout)
    return "".join(line.rstrip() + "\n" for line in printed.splitlines())


def same(printed: str, shown: str) -> bool:
    """Whether they agree but for what depends on the machine: how long it took, and how many random
    populations were tried in that time."""
    chance = re.compile(r"(?<=\bin )[0-9.]+(?=s\b)|[0-9]+(?= random ones)")
    return chance.sub("N", printed) == chance.sub("N", shown)


def played(text: str, directory: Path) -> Iterator[tuple[Block, list[tuple[str, str, str]]]]:
    """Each listing of the page, with (command, shown, printed) of its commands; its files are
    written, and its sessions of Python's agree with what they show."""
    names: dict[str, object] = {}
    for block in blocks(text):
        if block.title:
            place = directory / block.title
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(block.body)
        if block.language == "pycon":
            _try(block, names, directory)
        sessions = block.sessions if block.language == "console" else []
        yield block, [(command, shown, run(command, directory)) for command, shown in sessions]


def _try(block: Block, names: dict[str, object], directory: Path) -> None:
    """Compare a session of Python's with what it shows, in the names of those before it."""
    parser, before = doctest.DocTestParser(), Path.cwd()
    test = parser.get_doctest(block.body, names, "listing", None, 0)
    told: list[str] = []
    os.chdir(directory)
    try:
        doctest.DocTestRunner(verbose=False).run(test, out=told.append, clear_globs=False)
    finally:
        os.chdir(before)
    assert not told, "".join(told)
    names.update(test.globs)


def as_shown(sessions: list[tuple[str, str]]) -> str:
    """Commands with their outputs, as a page shows them."""
    return "".join(f"$ {command.removesuffix(chr(10))}\n{output}" for command, output in sessions)


def rewritten(text: str, directory: Path) -> str:
    """The page with what its commands print at present."""
    for block, outcomes in played(text, directory):
        if outcomes:
            body = as_shown([(c, shown if same(new, shown) else new) for c, shown, new in outcomes])
            text = text.replace(f"```console\n{block.body}", f"```console\n{body}", 1)
    return text
