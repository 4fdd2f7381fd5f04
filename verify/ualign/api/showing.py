"""How results show themselves in a notebook, and become data frames."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from importlib import import_module
from typing import Any

from ualign.errors import InputError
from ualign.report.markup import Block, Paragraph, Table, html_fragment
from ualign.report.numbers import Grid
from ualign.text import show

LIBRARIES = "pandas", "polars"
_Row = dict[str, Any]


def shown_as_html(title: str, grids: Sequence[Grid], notes: Iterable[str] = ()) -> str:
    """A title, tables and notes as HTML; what they hold is text throughout."""
    blocks: list[Block] = [Paragraph(title)]
    blocks += [Table(grid.headings, grid.rows) for grid in grids if grid.rows]
    return html_fragment([*blocks, *map(Paragraph, notes)])


def with_decimals(row: _Row) -> _Row:
    """The row with the float next to its exact `value`, in a column after it."""
    result: _Row = {}
    for name, cell in row.items():
        result[name] = cell
        if name == "value":
            result["decimal"] = None if cell is None else float(Fraction(cell))
    return result


def data_frame(rows: Sequence[_Row], library: str | None) -> Any:
    """The rows as a data frame of that library, or of the first of LIBRARIES that is installed.

    Exact numbers are text, because no data frame holds fractions; k is a whole number or missing.
    Raises InputError where the library is not known or not installed."""
    if library not in (None, *LIBRARIES):
        raise InputError(f"library={show(library)}: expected 'pandas' or 'polars'")
    for name in LIBRARIES if library is None else [library]:
        try:
            module = import_module(name)
        except ImportError:
            continue
        if name == "polars":
            return module.DataFrame(rows, infer_schema_length=None)
        frame = module.DataFrame(rows)
        numbers = {c: "Int64" for c in ("k", "index") if c in frame}
        return frame.astype(numbers | ({"decimal": "float64"} if "decimal" in frame else {}))
    wanted = library or "pandas or polars"
    raise InputError(f"a data frame needs {wanted}, not installed here; pip install {wanted[:6]}")
