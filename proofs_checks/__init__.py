"""The general theorems, proved for all parameters as far as symbolic computation reaches.

One theorem a file; `theorems()` loads them in order. README.md says what each proof rests on and
what it leaves unproved.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from proofs_checks.obligations import Theorem


def theorems() -> Iterator[Theorem]:
    """Every proof of this folder: P1, P2, ..., E1, E2, ...; a new one is a new file."""
    names = [m.name for m in iter_modules(__path__) if m.name[0] in "pe" and m.name[1].isdigit()]
    for name in sorted(names, key=lambda n: (n[0] != "p", int(n.split("_")[0][1:]))):
        theorem: Theorem = import_module(f"proofs_checks.{name}").THEOREM
        yield theorem
