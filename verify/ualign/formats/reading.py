"""How a file is to be read, and how it was understood: what a reader takes and gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from ualign.errors import InputError
from ualign.model.any_population import ListedPopulation
from ualign.model.luce import LucePopulation
from ualign.model.partial_orders import UserPopulation
from ualign.model.population import OPEN, Missing
from ualign.text import listed, show


@dataclass(frozen=True)
class Choices:
    """What the caller says of files: what unranked responses mean (None: what is usual), and of
    tables of scores which column holds the users' ids (None: one that is called so), which columns
    are responses (None: all the others), and whether they are ranks, so that smaller is better.

    Of long tables: the columns of each role (`columns`), what makes a user where prompts are pooled
    (`as_users`), a `preset` for both, and whether bad rows and users are passed over (`skip_bad`).
    """

    missing: Missing | None = None
    id_column: str | None = None
    scores: tuple[str, ...] | None = None
    ranks: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)
    as_users: tuple[str, ...] = ()
    preset: str = ""
    skip_bad: bool = False

    @property
    def of_rankings(self) -> Missing:
        """What responses mean that a ranking, or scores, leave out."""
        return self.missing or "tied-last"

    @property
    def of_pairs(self) -> Missing:
        """What it means that a user has not compared two responses."""
        return self.missing or "worst-case"

    @property
    def about_tables(self) -> bool:
        """Whether anything is said that only a long table can follow."""
        return bool(self.columns or self.as_users or self.preset)

    @property
    def about_columns(self) -> bool:
        """Whether anything is said that only a table can follow."""
        return self.id_column is not None or self.scores is not None or self.ranks


class Understood(Protocol):
    """What the columns of a table were taken for, in words and for scripts."""

    def as_json(self) -> dict[str, Any]:
        """The same for scripts."""


@dataclass(frozen=True)
class Columns:
    """What the columns of a table were taken for: the users' ids (None: there are none), the
    responses, and nothing."""

    ids: str | None
    responses: tuple[str, ...]
    left_out: tuple[str, ...]
    smaller_is_better: bool

    def __str__(self) -> str:
        ids = "none" if self.ids is None else f"column {show(self.ids)}"
        left_out = f"; not read: {listed(self.left_out)}" if self.left_out else ""
        better = "smaller" if self.smaller_is_better else "larger"
        return f"ids: {ids}; responses: {listed(self.responses)}{left_out}; {better} is better"

    def as_json(self) -> dict[str, Any]:
        """The same for scripts."""
        return {
            "ids": self.ids,
            "responses": [*self.responses],
            "not_read": [*self.left_out],
            "better": "smaller" if self.smaller_is_better else "larger",
        }


@dataclass(frozen=True)
class Reading:
    """A population with its file, and how that was understood: of how many users (or, where weights
    are not whole, entries) so many are `incomplete`, and what became of them; a table's columns."""

    population: ListedPopulation
    missing: Missing
    users: int
    incomplete: int
    unit: str = "users"
    columns: Understood | None = None
    source: Path | None = None

    def ranked(self, prompt: str) -> UserPopulation:
        """The population where users have rankings, or parts of one. Raises InputError, naming the
        prompt, where they have strengths."""
        if isinstance(self.population, LucePopulation):
            what = "users with strengths (luce) are certified, in files with one population each"
            raise InputError(f"{prompt}: {what}; here users need rankings")
        return self.population

    def as_json(self) -> dict[str, Any] | None:
        """The understanding for scripts, with counts as strings; None if there was nothing to
        understand: no table, and no ranking that leaves anything out."""
        if self.columns is None and not self.incomplete:
            return None
        fields: dict[str, Any] = {
            self.unit: str(self.users),
            "incomplete": str(self.incomplete),
            "missing": self.missing,
        }
        if self.columns is not None:
            fields |= self.columns.as_json()
        return fields

    def __str__(self) -> str:
        """The same in words, empty if there was nothing to understand."""
        if self.columns is None and not self.incomplete:
            return ""
        became = "dropped" if self.missing == "drop-user" else "completed"
        became = "left open" if self.missing in OPEN else became
        count = f"{self.unit}: {self.users}, "
        if self.incomplete:
            count += f"of whom {self.incomplete} incomplete and {became} ({self.missing})"
        else:
            count += "all complete"
        return count if self.columns is None else f"{self.columns}; {count}"
