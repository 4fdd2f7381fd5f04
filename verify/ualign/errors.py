"""What can go wrong: the caller's input, or something that never should."""

from __future__ import annotations


class InputError(ValueError):
    """The caller's data or arguments are wrong; the message says what, where and what to do."""


class FaultError(RuntimeError):
    """What must not happen did (a solver lied twice, the checker crashed): nothing is certified."""
