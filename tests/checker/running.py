"""Running the checker as users do: as a file, in an isolated process with an empty environment."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import make_corpus
from ualign.certificates.checking import CHECKER

Json = Any


VERDICTS = {"accepted": "ACCEPTED", "rejected": "REJECTED", "malformed": "MALFORMED"}
VERDICTS["over_budget"] = "OVER_BUDGET"
EXIT_CODES = {"ACCEPTED": 0, "REJECTED": 10, "MALFORMED": 11, "OVER_BUDGET": 12}
CASES = make_corpus.corpus()
NODE = shutil.which("node")
POINT = {"product": {"a": "1"}}


@dataclass(frozen=True)
class Run:
    """What the checker said: its exit code and its lines, `verdict` being one of their keys."""

    code: int
    lines: list[dict[str, Any]]
    complaint: str

    def of(self, file: Path) -> list[dict[str, Any]]:
        """The lines about one file."""
        return [line for line in self.lines if line["file"] == str(file)]


def run(*arguments: object, cwd: Path, checker: Path = CHECKER) -> Run:
    """Run a checker in an isolated process with an empty environment."""
    interpreter = [sys.executable, "-I", "-S", "-B"] if checker.suffix == ".py" else [str(NODE)]
    command = [*interpreter, str(checker), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, cwd=cwd, env={}, timeout=300)
    lines = []
    for text in done.stdout.decode("ascii").splitlines():
        verdict, _, rest = ("", "", text) if text.startswith("{") else text.partition(" ")
        lines.append({"verdict": verdict, **json.loads(rest)})
    return Run(done.returncode, lines, done.stderr.decode())


def short(case: str) -> str:
    """A case without its folder and ending."""
    return case.partition("/")[2].removesuffix(".cert.json")


def resolve(value: Json, pointer: str) -> Json:
    """The place in a JSON value that an RFC 6901 pointer names; KeyError or IndexError if none."""
    if pointer == "":
        return value
    assert pointer.startswith("/")
    for token in pointer[1:].split("/"):
        assert not re.search(r"~(?![01])", token)
        step = token.replace("~1", "/").replace("~0", "~")
        if isinstance(value, list):
            assert re.fullmatch(r"0|[1-9][0-9]*", step)
            value = value[int(step)]
        else:
            value = value[step]
    return value


ONE_OF_EACH = {
    "REJECTED": "rejected/win-rate--at-least-a-little-more",
    "MALFORMED": "malformed/unknown-key--at-the-top",
    "OVER_BUDGET": "over_budget/work--exact-power-of-10-to-the-17",
    "ACCEPTED": "accepted/win-rate--product-equal",
}
