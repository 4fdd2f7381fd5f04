"""Words for people: names, lists and numbers of things on one line."""

from __future__ import annotations

import reprlib
from collections.abc import Iterable
from fractions import Fraction


def printable(text: str) -> str:
    """The text on one line, with whatever could not be printed escaped."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def counted(number: int, what: str) -> str:
    """The number with its noun, which takes an s for the plural."""
    return f"{number} {what}{'' if number == 1 else 's'}"


_short = reprlib.Repr()  # bounded in length and depth, whatever it is given
_short.maxstring = _short.maxother = 60


def show(value: object) -> str:
    """A short repr, for messages; the type alone where there is none, as of an endless integer."""
    try:
        return _short.repr(value)
    except ValueError:
        return f"<{type(value).__name__}>"


def listed(names: Iterable[str]) -> str:
    """Up to nine names, shown in a row."""
    shown = [show(name) for name in names]
    return ", ".join(shown if len(shown) <= 9 else [*shown[:9], f"... ({len(shown)} in all)"])


def cut(text: str, length: int) -> str:
    """The text, or as much of its beginning as there is room for."""
    return text if len(text) <= length else f"{text[: length - 3]}..."


LONGEST = 24
"""Fractions with more characters than this are shown by their decimal alone."""


def decimal(number: Fraction, places: int = 6, *, down: bool = False) -> str:
    """The number to `places` decimals, rounded half up in magnitude (or towards zero), without
    passing through a float."""
    scaled = (abs(number) * 10**places + (0 if down else Fraction(1, 2))).__floor__()
    whole, part = divmod(scaled, 10**places)
    return f"{'-' if number < 0 and scaled else ''}{whole}.{part:0{places}d}"


def fraction(number: Fraction) -> str:
    """A fraction with its decimal; beyond a line's worth of digits the decimal and the size."""
    if number.denominator == 1:
        return str(number)
    digits = len(str(number.denominator))
    if digits > LONGEST or len(str(number)) > LONGEST:
        return f"{decimal(number)} ({digits}-digit fraction)"
    return f"{number} ({decimal(number)})"
