"""The general theorems, proved for all parameters as far as symbolic computation reaches.

One theorem a file; a new one is a new file. PROOFS.md shows each proof step by step, with what it
rests on and what it leaves to hand; README.md explains the folder.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from proofs_checks.obligations import Theorem

GOOD = "proved", "agrees with the definition", "cited"
"""The states of an obligation that holds."""


def names() -> list[str]:
    """The theorems with a proof: P1, P2, ..., E1, E2, ..."""
    return list(_modules())


def load(name: str) -> Theorem:
    """The proof of a theorem, by its label."""
    theorem: Theorem = import_module(_modules()[name]).THEOREM
    return theorem


def theorems() -> Iterator[Theorem]:
    """Every proof of this folder, in order."""
    return map(load, names())


def _modules() -> dict[str, str]:
    labels = {m.name: re.match(r"([pe])(\d+)_", m.name) for m in iter_modules(__path__)}
    found = [(m[1] == "e", int(m[2]), name) for name, m in labels.items() if m]
    return {f"{'PE'[e]}{number}": f"proofs_checks.{name}" for e, number, name in sorted(found)}
