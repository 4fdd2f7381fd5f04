"""Words for people: names, lists and numbers of things on one line."""

from __future__ import annotations

import reprlib
from collections.abc import Iterable


def printable(text: str) -> str:
    """The text on one line, with whatever could not be printed escaped."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def counted(number: int, what: str) -> str:
    """The number with its noun, which takes an s for the plural."""
    return f"{number} {what}{'' if number == 1 else 's'}"


_short = reprlib.Repr()  # bounded in length and depth, whatever it is given
_short.maxstring = _short.maxother = 60
show = _short.repr
"""A short repr, for messages."""


def listed(names: Iterable[str]) -> str:
    """Up to nine names, shown in a row."""
    shown = [show(name) for name in names]
    return ", ".join(shown if len(shown) <= 9 else [*shown[:9], f"... ({len(shown)} in all)"])
