"""Running the command inside the test process, and small inputs for it."""

from __future__ import annotations

import io
import json
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from ualign.cli.main import main

STYLES = """{"responses": ["brief", "formal", "playful"],
 "users": [{"weight": "40", "ranking": ["brief", "playful", "formal"]},
           {"weight": "35", "ranking": ["formal", "playful", "brief"]},
           {"weight": "25", "ranking": ["playful", "formal", "brief"]}]}
"""
CYCLE = "# NUMBER ALTERNATIVES: 3\n# NUMBER VOTERS: 3\n# NUMBER UNIQUE ORDERS: 3\n" + "".join(
    [f"# ALTERNATIVE NAME {i}: {name}\n" for i, name in enumerate("abc", 1)]
    + ["1: 1,2,3\n", "1: 2,3,1\n", "1: 3,1,2\n"]
)
KEYS = {"theorem", "instance", "k", "what", "relation", "value", "evidence", "note", "certificate"}
"""What every line of `--json` says of a finding; some say more."""


@dataclass(frozen=True)
class Done:
    """What a run of the command left behind."""

    code: int
    out: str
    err: str

    @property
    def objects(self) -> list[dict[str, Any]]:
        """The JSON objects on stdout, one a line."""
        return [json.loads(line) for line in self.out.splitlines()]


def ualign(*arguments: str | Path, columns: int | None = None) -> Done:
    """Run `ualign` with these arguments, in as many columns (else without limit)."""
    out, err = io.StringIO(), io.StringIO()
    digits = sys.get_int_max_str_digits()
    with patch.dict(os.environ), redirect_stdout(out), redirect_stderr(err):
        os.environ.pop("COLUMNS", None)
        if columns is not None:
            os.environ["COLUMNS"] = str(columns)
        try:
            main([str(argument) for argument in arguments])
        except SystemExit as leave:
            code = leave.code
        finally:
            sys.set_int_max_str_digits(digits)
    assert isinstance(code, int)
    return Done(code, out.getvalue(), err.getvalue())


LIFE_SIGN = "ualign: still at work after "


def without_life_signs(text: str) -> str:
    """What else a process says where, on a busy machine, it takes long."""
    return "".join(line for line in text.splitlines(True) if not line.startswith(LIFE_SIGN))


def tree(directory: Path) -> dict[str, bytes | None]:
    """Everything below a directory: the contents of files, None for directories."""
    return {
        str(path.relative_to(directory)): None if path.is_dir() else path.read_bytes()
        for path in directory.rglob("*")
    }
