"""Long tables of many prompts: CSV, TSV, JSON lines (or one list) and Parquet, also gzipped.

A float of a Parquet file stands for the shortest decimal that it is.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from ualign.errors import InputError
from ualign.files import reason
from ualign.formats.common import LineError, checked_text
from ualign.formats.csv_scores import records
from ualign.formats.presets import Preset
from ualign.formats.table_columns import is_long, understand_long
from ualign.formats.table_objects import from_objects, read_objects, shown_path
from ualign.formats.table_rows import (
    Asked,
    Rows,
    by_role,
    flat_roles,
    gathered,
    needed_columns,
    picking_from,
    polars,
    titled,
)
from ualign.text import show

CSV, JSONL, JSON, PARQUET = "csv", "jsonl", "json", "parquet"
KINDS = {
    ".csv": CSV,
    ".tsv": CSV,
    ".jsonl": JSONL,
    ".ndjson": JSONL,
    ".json": JSON,
    ".parquet": PARQUET,
    ".pq": PARQUET,
}
ALWAYS = (".tsv", ".jsonl", ".ndjson", ".parquet", ".pq")
"""Suffixes that only tables have; a .csv or .json may be something else."""
GZIP = ".gz"
STANDARD_INPUT = "-"


def kind_of(path: Path) -> str | None:
    """The kind of table that a file may be by its suffix."""
    name = path.name.lower().removesuffix(GZIP)
    return KINDS.get(Path(name).suffix)


def is_only_a_table(path: Path) -> bool:
    """Whether no other format has this suffix."""
    name = path.name.lower()
    return name.removesuffix(GZIP).endswith(ALWAYS) or (
        name.endswith(GZIP) and kind_of(path) is not None
    )


def sniffed(data: bytes) -> str:
    """The kind of table that these contents are."""
    if data.startswith(b"PAR1"):
        return PARQUET
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return JSON if start == b"[" else JSONL if start == b"{" else CSV


def contents(path: Path, data: bytes | None = None) -> bytes:
    """What is in a file, unpacked. Raises LineError where it cannot be read."""
    try:
        data = path.read_bytes() if data is None else data
        if data.startswith(b"\x1f\x8b"):
            with gzip.GzipFile(fileobj=BytesIO(data)) as packed:
                data = packed.read()
    except (OSError, ValueError, EOFError, zlib.error) as error:
        raise LineError(f"cannot be read: {reason(error)}") from None
    return data


def header_of(data: bytes, kind: str) -> list[str]:
    """The columns of a table in .csv, where that is one; empty where it cannot be told."""
    if kind != CSV:
        return []
    try:
        return [name.strip(" \t") for name in next(records(checked_text(data)))[1]]
    except (InputError, StopIteration):
        return []


def looks_long(data: bytes, kind: str) -> bool:
    """Whether the contents of a .csv or .json are a long table, by its columns' names, or a list of
    rows."""
    if kind == CSV:
        return is_long(header_of(data, kind))
    return sniffed(data) == JSON


def read_rows(path: Path, data: bytes, kind: str, asked: Asked) -> Rows:
    """The rows of a table. Raises LineError with what is wrong."""
    if kind == PARQUET:
        return _parquet(path, data, asked)
    if kind == CSV:
        rows = records(checked_text(data))
        line, header = next(rows)
        names = [name.strip(" \t") for name in header]
        return gathered(path, names, line, rows, asked, picking_from(names))
    return read_objects(path, data, kind == JSON, asked)


def _parquet(path: Path, data: bytes, asked: Asked) -> Rows:
    pl = polars()
    try:
        header = list(pl.read_parquet_schema(BytesIO(data)))
        if asked.preset is not None and (asked.preset.items or asked.preset.only):
            frame = pl.read_parquet(
                BytesIO(data), columns=_roots(asked.preset, asked.roles, header)
            )
            return from_objects(
                path, frame.columns, enumerate(frame.iter_rows(named=True), 1), asked, ": row "
            )
        columns = understand_long(header, flat_roles(asked), asked.pooled)
        needed = needed_columns(columns)
        lazy = pl.scan_parquet(BytesIO(data)).select(needed)
        schema = lazy.collect_schema()
        for name, kind in schema.items():
            if kind.is_nested() or kind == pl.Binary:
                raise LineError(f"column {show(name)}: holds {kind}, neither texts nor numbers")
        floats = [name for name, kind in schema.items() if kind.is_float()]
        texts = lazy.with_columns(pl.col(name).fill_nan(None) for name in floats).cast(pl.String)
        raw = texts.with_row_index("", offset=1)
        return Rows(path, titled(columns, asked), by_role(raw, columns).collect(), ": row ")
    except InputError:
        raise
    except Exception as error:  # of Polars' own kinds
        raise LineError(f"not Parquet: {_first_line(error)}") from None


def _roots(preset: Preset, roles: dict[str, str], header: Sequence[str]) -> list[str]:
    """The columns that a preset's paths start from."""
    paths = [p for path in {**preset.roles, **roles}.values() for p in shown_path(path)]
    roots = [path.split(".")[0] for path in paths if not path.startswith(".")]
    wanted = dict.fromkeys([*roots, *preset.items, *preset.only])
    return [name for name in wanted if name in header]


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0][:200] or type(error).__name__
