"""Rows of long tables that are objects: JSON lines, one list of them, and rows of a Parquet file
with lists in its columns, which a preset takes apart."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import Any

from ualign.formats.common import TEXT_DECODER, LineError, checked_text, exact
from ualign.formats.presets import Preset
from ualign.formats.table_rows import Asked, Rows, Text, gathered, picking_from, titled
from ualign.text import show


def read_objects(path: Path, data: bytes, is_list: bool, asked: Asked) -> Rows:
    """The rows of JSON lines, or of one list."""
    found = _list(checked_text(data)) if is_list else _lines(data)
    first = next(found, None)
    if first is None:
        raise LineError("no rows; a table of users' preferences was expected")
    return from_objects(path, list(first[1]), chain([first], found), asked)


def _lines(data: bytes) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(BytesIO(data), 1):
        if text := line.strip(b" \t\r\n\xef\xbb\xbf" if number == 1 else b" \t\r\n"):
            yield number, _object(text, number)


def _list(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    items = _parsed(text, None)
    if not isinstance(items, list):
        raise LineError("expected a list of rows")
    for number, item in enumerate(items, 1):
        if not isinstance(item, dict):
            raise LineError(f"row {number} is no object, but {show(item)}")
        yield number, item


def _object(line: bytes, number: int) -> dict[str, Any]:
    try:
        found = _parsed(line.decode(), number)
    except UnicodeDecodeError:
        raise LineError("not UTF-8; save the file as UTF-8 text", number) from None
    if not isinstance(found, dict):
        raise LineError(f"a row has to be an object, not {show(found)}", number)
    return found


def _parsed(text: str, line: int | None) -> Any:
    try:
        return TEXT_DECODER.decode(text)
    except json.JSONDecodeError as error:
        at = error.lineno if line is None else line
        raise LineError(f"not JSON: {error.msg} (column {error.colno})", at) from None
    except ValueError as error:
        raise LineError(f"not JSON: {error}", line) from None
    except RecursionError:
        raise LineError("is nested too deeply to be a row", line) from None


def from_objects(
    path: Path,
    header: Sequence[str],
    rows: Iterator[tuple[int, dict[str, Any]]],
    asked: Asked,
    unit: str = ":",
) -> Rows:
    """Rows of objects, which a preset may take apart."""
    preset = asked.preset
    if preset is None or not preset.items:
        return gathered(path, header, None, rows, asked, _picking, unit)
    roles = {**preset.roles, **asked.roles}
    columns = list(dict.fromkeys(roles))
    extra = [] if "user" in columns or not preset.one_user else ["user"]
    named = Asked({role: role for role in (*columns, *extra)}, asked.as_users or preset.as_users)
    names = [*columns, *extra]

    def taken_apart() -> Iterator[tuple[int, list[Text]]]:
        for at, row in rows:
            for item in _items(row, preset, at):
                cells = [_at(path_of, row, item, at, preset) for path_of in roles.values()]
                yield at, [*cells, *[preset.one_user] * len(extra)]

    rows_found = gathered(path, names, None, taken_apart(), named, picking_from(names), unit)
    shown = {role: shown_path(path_of) for role, path_of in roles.items()}
    kept = {r: shown.get(r, names) for r, names in rows_found.columns.roles.items()}
    taken = replace(titled(rows_found.columns, asked), roles=kept)
    return Rows(path, taken, rows_found.frame, unit)


def _picking(names: list[str]) -> Callable[[dict[str, Any], int], list[Text]]:
    """The cells of these columns in an object."""
    return lambda row, line: [_cell(row.get(name), name, line) for name in names]


def shown_path(path: str | tuple[str, ...]) -> tuple[str, ...]:
    return (path,) if isinstance(path, str) else path


def _items(row: dict[str, Any], preset: Preset, line: int) -> Iterator[Any]:
    for name in preset.items:
        items = row.get(name)
        if not isinstance(items, list):
            raise LineError(f"column {show(name)}: expected a list, not {show(items)}", line)
        yield from items


def _at(
    path: str | tuple[str, ...], row: dict[str, Any], item: Any, line: int, preset: Preset
) -> Text:
    """The text at a path; numbers at several are added up, to nothing if one is absent."""
    if isinstance(path, str):
        found = item if path.startswith(".") else row
        for key in path.removeprefix(".").split("."):
            if not isinstance(found, dict):
                raise LineError(f"column {show(path)}: {show(found)} is no object", line)
            found = found.get(key)
        text = _cell(found, path, line)
        return None if text in preset.absent else text
    cells = [_at(part, row, item, line, preset) for part in path]
    if any(cell is None for cell in cells):
        return None
    numbers = [exact(cell or "") for cell in cells]
    if any(number is None for number in numbers):
        return next(c for c, n in zip(cells, numbers, strict=True) if n is None)
    return str(sum(number for number in numbers if number is not None))


def _cell(value: Any, name: str, line: int) -> Text:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return None if value != value else repr(value)
    raise LineError(f"column {show(name)}: {show(value)} is neither a text nor a number", line)
