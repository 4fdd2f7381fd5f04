"""Prompts with their populations: those of files that hold one each, and those of long tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ualign.formats.reading import Reading
from ualign.formats.table_cells import Skipped
from ualign.formats.table_prompts import TablePrompts


class DataSet:
    """Prompts by name. Iterating makes the populations one by one, those of a table only then."""

    def __init__(
        self, files: Sequence[tuple[str, Reading]], table: TablePrompts | None, skipped: Skipped
    ) -> None:
        self.files, self.table, self.skipped = files, table, skipped

    @property
    def is_many(self) -> bool:
        """Whether a table holds prompts, instead of one pooled population."""
        return self.table is not None and not self.table.columns.pooled

    def __iter__(self) -> Iterator[tuple[str, Reading]]:
        yield from self.files
        for number, name in enumerate(self.table.names if self.table else ()):
            reading = self.table and self.table.reading(number, self.skipped)
            if reading:
                yield name, reading
