"""Rows of a long table as columns of texts, one a role.

Numbers stay the texts that they are written as, so that they can be read exactly. Every row keeps
its line in the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ualign.errors import InputError
from ualign.formats.common import LineError
from ualign.formats.presets import Preset
from ualign.formats.table_columns import TableColumns, understand_long
from ualign.text import show

if TYPE_CHECKING:
    import polars as pl

_CHUNK = 20_000

Text = str | None
AnyRow = TypeVar("AnyRow")


LEAST_POLARS = 1, 32
"""In earlier versions each column numbers its texts for itself, so that numbers do not compare."""


def polars() -> Any:
    """The library of data frames. Raises InputError where it is not installed, or too old."""
    try:
        import polars
    except ImportError as error:
        raise InputError(f"tables need Polars ({error}); pip install 'ualign[data]'") from None
    if tuple(map(int, polars.__version__.split(".")[:2])) < LEAST_POLARS:
        old = f"{polars.__version__}, which reads them otherwise"
        raise InputError(f"tables need another Polars than {old}; pip install 'ualign[data]'")
    return polars


@dataclass(frozen=True)
class Rows:
    """The rows of a file: a frame of texts by role, and `line`, each row's in the file."""

    path: Path
    columns: TableColumns
    frame: pl.DataFrame
    unit: str = ":"

    def place(self, line: int) -> str:
        """Where a row is."""
        return f"{self.path}{self.unit}{line}"


@dataclass(frozen=True)
class Asked:
    """What the caller says of long tables: columns by role, what makes a user of the one population
    where prompts are pooled, and a preset, which says both unless the caller does."""

    roles: dict[str, str]
    as_users: tuple[str, ...] = ()
    preset_name: str = ""
    preset: Preset | None = None

    @property
    def pooled(self) -> tuple[str, ...]:
        """What makes a user where prompts are pooled."""
        return self.as_users or (self.preset.as_users if self.preset else ())


def gathered(
    path: Path,
    header: Sequence[str],
    line: int | None,
    rows: Iterable[tuple[int, AnyRow]],
    asked: Asked,
    picking: Callable[[list[str]], Callable[[AnyRow, int], Sequence[Text]]],
    unit: str = ":",
) -> Rows:
    """Rows of flat tables; `picking` some columns by their names takes them from a row."""
    given, only = flat_roles(asked), asked.preset.only if asked.preset else {}
    columns = understand_long(header, given, asked.pooled, line)
    for name in only:
        if name not in header:
            raise LineError(f"there is no column {show(name)}, which the preset asks for", line)
    pick, pick_wanted = picking(needed_columns(columns)), picking([*only])
    wanted = list(only.values())
    frames: list[Any] = []
    lines: list[int] = []
    cells: list[Sequence[Text]] = []
    for at, row in rows:
        if not wanted or list(pick_wanted(row, at)) == wanted:
            lines.append(at)
            cells.append(pick(row, at))
        if len(lines) == _CHUNK:
            frames.append(_frame(columns, lines, cells))
            lines, cells = [], []
    frames.append(_frame(columns, lines, cells))
    return Rows(path, titled(columns, asked), polars().concat(frames), unit)


def picking_from(header: Sequence[str]) -> Callable[[list[str]], Callable[[Any, int], list[Text]]]:
    """The cells of some columns in a row that has one for each name of the header."""

    def picking(names: list[str]) -> Callable[[Any, int], list[Text]]:
        places = [header.index(name) for name in names]
        return lambda row, line: [row[p] and row[p].strip(" \t") for p in places]

    return picking


def flat_roles(asked: Asked) -> dict[str, str]:
    """The columns by role, of a table whose cells are texts and numbers."""
    preset = asked.preset
    if preset is None:
        return asked.roles
    if preset.items:
        raise LineError(f"the preset {asked.preset_name} needs lists; give .jsonl or .parquet")
    roles = {
        role: path if isinstance(path, str) else "+".join(path)
        for role, path in preset.roles.items()
    }
    return {**roles, **asked.roles}


def titled(columns: TableColumns, asked: Asked) -> TableColumns:
    """The columns, with what a preset says of them."""
    words = asked.preset.words if asked.preset else {}
    return replace(columns, preset=asked.preset_name, words=words)


def needed_columns(columns: TableColumns) -> list[str]:
    """The columns that are read, each once."""
    extra = [name for name in columns.pooled if name not in columns.roles]
    return [*dict.fromkeys([n for names in columns.roles.values() for n in names] + extra)]


def _frame(columns: TableColumns, lines: list[int], cells: list[Sequence[Text]]) -> Any:
    pl = polars()
    names = needed_columns(columns)
    by_name = dict(zip(names, zip(*cells, strict=True), strict=True)) if cells else {}
    data = {name: pl.Series(name, by_name.get(name, ()), dtype=pl.String) for name in names}
    raw = pl.DataFrame({**data, "": pl.Series("", lines, dtype=pl.UInt32)})
    return by_role(raw, columns)


def by_role(raw: Any, columns: TableColumns) -> Any:
    """A column a role, whose texts are kept once each: empty ones are nothing, and several columns
    are joined so that different ones stay different."""
    pl = polars()

    def joined(names: Sequence[str]) -> Any:
        cells = [pl.when(pl.col(n) != "").then(pl.col(n)) for n in names]
        if len(cells) == 1:
            return cells[0]
        return pl.concat_str([cell.str.replace_all("/", "//") for cell in cells], separator=" / ")

    roles = {role: joined(names) for role, names in columns.roles.items()}
    if columns.pooled:
        parts = [n for name in columns.pooled for n in columns.roles.get(name, (name,))]
        roles = {**roles, "user": joined(parts)}
        roles.pop("prompt", None)
    texts = [cell.cast(pl.Categorical).alias(role) for role, cell in roles.items()]
    return raw.select(pl.col("").cast(pl.UInt32).alias("line"), *texts)
