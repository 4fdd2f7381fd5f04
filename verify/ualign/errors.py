"""What can go wrong: the caller's input, or something that never should; and what messages call the
caller's options, which have other names in Python than on the command line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from shlex import quote

from ualign.text import show


class InputError(ValueError):
    """The caller's data or arguments are wrong; the message says what, where and what to do."""


class FaultError(RuntimeError):
    """What must not happen did (a solver lied twice, the checker crashed): nothing is certified."""


_FLAGS = {
    "as_users": "--as-users",
    "id_column": "--id",
    "joint_limit": "--joint-limit",
    "opponents": "-l",
}
"""What the command calls arguments, where it is not the same with two dashes."""

_is_command: ContextVar[bool] = ContextVar("_is_command", default=False)


@contextmanager
def on_the_command_line() -> Iterator[None]:
    """Within it, messages name the options of the command `ualign`."""
    token = _is_command.set(True)
    try:
        yield
    finally:
        _is_command.reset(token)


def option(name: str, value: object = None) -> str:
    """An option of Python's `name`, with its value, as the caller has to write it.

    >>> option("missing", "tied-last"), option("ranks", True), option("scores")
    ("missing='tied-last'", 'ranks=True', 'scores=...')
    >>> with on_the_command_line():
    ...     option("missing", "tied-last"), option("ranks", True), option("scores")
    ('--missing tied-last', '--ranks', '--scores')
    """
    if _is_command.get():
        flag = _FLAGS.get(name, f"--{name}")
        return flag if value is None or value is True else f"{flag} {_argument(value)}"
    return f"{name}={'...' if value is None else show(value)}"


def _argument(value: object) -> str:
    """A value as a shell takes it, unless it is too long for a message."""
    text = str(value)
    return show(text) if len(text) > 60 else quote(text)
