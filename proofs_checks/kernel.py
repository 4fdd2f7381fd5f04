"""What Coq's kernel has checked, as the folder coq says: theorems by label, with their docstrings,
and what of each statement is not among them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).with_name("coq")
CERTIFICATES = "Check"
"""The label of what is about certificates' claims, and not about a theorem of the theory."""
NOTHING = "nothing"
"""What is not reached of a statement that is proved as a whole."""


@dataclass(frozen=True)
class KernelTheorem:
    """A theorem of Coq: `label` is the one it belongs to (P3), `name` its own (P3_optimal), in the
    file `module`.v, and `says` its docstring."""

    label: str
    module: str
    name: str
    says: str


@dataclass(frozen=True)
class Checked:
    """What the kernel has checked of a theorem, and what of its statement it has not."""

    theorems: tuple[KernelTheorem, ...] = ()
    remains: str = ""

    @property
    def whole(self) -> bool:
        """Whether all of the statement is checked."""
        return bool(self.theorems) and self.remains == NOTHING

    @property
    def reach(self) -> str:
        """How far it reaches, in a word."""
        return "all" if self.whole else "in part" if self.theorems else "no"


def checked_by_kernel() -> dict[str, Checked]:
    """The theorems that theorems.txt lists, by label, in its order, with what not_reached.txt says
    of them. ValueError if one has no docstring."""
    theorems: dict[str, list[KernelTheorem]] = {}
    for label, name in _rows("theorems.txt"):
        module, _, own = name.partition(".")
        says = _docstring(module, own).removeprefix(f"{label}. ")
        theorems.setdefault(label, []).append(KernelTheorem(label, module, own, says))
    remains = dict(_rows("not_reached.txt"))
    return {label: Checked(tuple(t), remains.get(label, "")) for label, t in theorems.items()}


def _rows(file: str) -> Iterator[tuple[str, str]]:
    for line in (FOLDER / file).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            label, _, rest = line.partition(" ")
            yield label, rest


def _docstring(module: str, name: str) -> str:
    source = (FOLDER / f"{module}.v").read_text("utf-8")
    match = re.search(rf"\(\*\*((?:(?!\*\)).)*)\*\)\nTheorem {name}\b", source, re.DOTALL)
    if not match:
        raise ValueError(f"{module}.v: Theorem {name} has no docstring")
    return " ".join(match[1].split())
