"""Finding a conjecture: a built-in one by its name, or the user's own in a Python file."""

from __future__ import annotations

from ualign.counterexamples import CONJECTURES
from ualign.counterexamples.conjecture import Conjecture
from ualign.errors import InputError
from ualign.text import show
from ualign.user_code import is_in_a_file, load


def find_conjecture(name: str) -> Conjecture:
    """The conjecture of the table, or FILE.py:NAME's.

    Raises InputError where there is none of that name, or the file cannot be run."""
    if name in CONJECTURES:
        return CONJECTURES[name]
    if not is_in_a_file(name):
        known = ", ".join(CONJECTURES)
        raise InputError(f"there is no conjecture {name!r}; give FILE.py:NAME or one of {known}")
    found = load(name, "Conjecture(...)")
    if not isinstance(found, Conjecture):
        kind = show(type(found).__name__)
        raise InputError(f"{name} is of type {kind}, and no Conjecture; write Conjecture(...)")
    return found
