"""`python -m proofs_checks`: decide every obligation and print PROOFS.md, or write it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from proofs_checks import document, theorems

FAILED = 3
"""The exit code if an obligation does not hold."""


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0 if every obligation holds."""
    parser = argparse.ArgumentParser(prog="python -m proofs_checks", description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"write {document.PATH.name}")
    write = parser.parse_args(arguments).write
    found = list(theorems())
    text = document.render(found)
    bad = [
        f"{theorem.source}: {obligation.says} ({obligation.state()})"
        for theorem in found
        for obligation in theorem.obligations
        if not obligation.holds()
    ]
    print(*bad, sep="\n", end="\n" if bad else "", file=sys.stderr)
    if not write:
        sys.stdout.write(text)
    elif not bad:
        _replace(document.PATH, text)
    return FAILED if bad else 0


def _replace(path: Path, text: str) -> None:
    """Write a file as a whole, or not at all."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_text(text, encoding="utf-8", newline="\n")
    beside.replace(path)


if __name__ == "__main__":
    sys.exit(main())
