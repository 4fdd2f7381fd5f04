"""What the columns of a long table are: a row is a user's score of a response, or her preference
between two, to one of many prompts.

A column has a *role*, by its own name or by the caller's (`--columns user=annotator`). Several
columns that identify something together are joined by `+`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ualign.errors import InputError, option
from ualign.formats.common import LineError
from ualign.formats.presets import PRESETS, Preset
from ualign.text import listed, show

SCORES, RANKS, PAIRS, CHOSEN = "scores", "ranks", "pairs", "choices"
FORMS: dict[str, tuple[str, ...]] = {
    SCORES: ("response", "score"),
    RANKS: ("response", "rank"),
    PAIRS: ("response_a", "response_b", "preference"),
    CHOSEN: ("chosen", "rejected"),
}
"""Form -> the roles it needs; all have a prompt, and a user."""
ROLES = ("prompt", "user", *dict.fromkeys(role for roles in FORMS.values() for role in roles))
NAMED = ("prompt", "user", "response", "response_a", "response_b", "chosen", "rejected")
"""Roles whose cells are names, which must be there."""

_JOIN = "+"


@dataclass(frozen=True)
class TableColumns:
    """What a long table's columns were taken for: its form, and the columns of each role. Without
    a user every row is another one; `pooled`: which roles or columns make a user of the one
    population, where prompts are pooled; `words`: what a preset's values are called here."""

    form: str
    roles: Mapping[str, tuple[str, ...]]
    preset: str = ""
    pooled: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_pairs(self) -> bool:
        """Whether a row compares two responses."""
        return self.form in (PAIRS, CHOSEN)

    def __str__(self) -> str:
        roles = ", ".join(
            f"{role}: {show(_JOIN.join(names))}" for role, names in self.roles.items()
        )
        users = "" if "user" in self.roles else ", user: every row"
        source = f" ({self.preset})" if self.preset else ""
        pool = f"; a user is a {' + '.join(self.pooled)}" if self.pooled else ""
        return f"{self.form}{source}: {roles}{users}{pool}"

    def as_json(self) -> dict[str, Any]:
        """The same for scripts."""
        roles = {role: _JOIN.join(names) for role, names in self.roles.items()}
        given = {"preset": self.preset} if self.preset else {}
        pool = {"as_users": [*self.pooled]} if self.pooled else {}
        return {"form": self.form, "columns": roles, **given, **pool}


def parse_roles(given: str | Mapping[str, str] | Iterable[str] | None) -> dict[str, str]:
    """Roles with columns, of "prompt=question_id,user=annotator"."""
    if given is None:
        return {}
    if isinstance(given, Mapping):
        pairs = [(str(role), str(column)) for role, column in given.items()]
    else:
        parts = given.split(",") if isinstance(given, str) else list(given)
        pairs = [(role, column) for role, _, column in (str(p).partition("=") for p in parts)]
    roles: dict[str, str] = {}
    for role, column in ((role.strip(), column.strip()) for role, column in pairs):
        if role not in ROLES or not column:
            wrong = show(f"{role}={column}")
            raise InputError(
                f"{option('columns')} {wrong}: expected ROLE=COLUMN, of the roles {listed(ROLES)}"
            )
        if role in roles:
            raise InputError(f"{option('columns')}: {role} is given twice; name one column")
        roles[role] = column
    return roles


def preset_named(name: str) -> Preset:
    """The preset. Raises InputError if there is none of that name."""
    if name not in PRESETS:
        raise InputError(f"{option('preset', name)}: expected one of {', '.join(PRESETS)}")
    return PRESETS[name]


def is_long(header: Iterable[str]) -> bool:
    """Whether a table's columns are called as those of a long one."""
    names = set(header)
    return any(names.issuperset(roles) for roles in FORMS.values())


def understand_long(
    header: Sequence[str],
    given: Mapping[str, str],
    as_users: Sequence[str] = (),
    line: int | None = None,
) -> TableColumns:
    """The columns of each role, of a table with this header. Raises LineError where a column is
    not there, or it is not clear what the table is."""
    roles: dict[str, tuple[str, ...]] = {}
    for role in ROLES:
        column = given.get(role, role)
        names = (column,) if column in header else tuple(column.split(_JOIN))
        if all(name in header for name in names):
            roles[role] = names
        elif role in given:
            lacking = next(name for name in names if name not in header)
            what = f"{option('columns')}: there is no column {show(lacking)}"
            raise LineError(f"{what}; there are {listed(header)}", line)
    forms = [form for form, needed in FORMS.items() if all(role in roles for role in needed)]
    meant = [form for form in forms if any(role in given for role in FORMS[form])] or forms
    if len(meant) != 1:
        tables = "; ".join(f"{form} need {', '.join(FORMS[form])}" for form in FORMS)
        what = "the columns fit several forms" if meant else "the columns are not known"
        ways = f"name them by {option('columns', 'prompt=...,user=...')} or {option('preset')}"
        raise LineError(f"{what}: {listed(header)}; {tables}; {ways}", line)
    (form,) = meant
    pooled = tuple(as_users)
    for name in pooled:
        if name not in roles and name not in header:
            what = f"{option('as_users')}: there is no column {show(name)}"
            raise LineError(f"{what}; there are {listed(header)}", line)
    if "prompt" not in roles and not pooled:
        what = "no column for the prompt; name one by " + option("columns", "prompt=...")
        pool = f"or pool all rows in one population by {option('as_users', 'user')}"
        raise LineError(f"{what}, {pool}; there are {listed(header)}", line)
    if "user" not in roles and form in (SCORES, RANKS) and not pooled:
        what = "no column for the user; name one by " + option("columns", "user=...")
        raise LineError(f"{what}; there are {listed(header)}", line)
    kept = {r: roles[r] for r in ("prompt", "user", *FORMS[form]) if r in roles}
    return TableColumns(form, kept, pooled=pooled)
