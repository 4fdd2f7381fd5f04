"""Prompts with their populations: those of files that hold one each, and those of long tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

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

    def __len__(self) -> int:
        return len(self.files) + len(self.table or ())

    def name(self, number: int) -> str:
        """The name of a prompt."""
        if number < len(self.files) or self.table is None:
            return self.files[number][0]
        name: str = self.table.names[number - len(self.files)]
        return name

    def reading(self, number: int, skipped: Skipped | None = None) -> Reading | None:
        """A prompt's population; None where bad users were skipped, and nobody is left. What is
        skipped is noted in `skipped`, if it is given."""
        if number < len(self.files) or self.table is None:
            return self.files[number][1]
        noted = skipped or Skipped(self.skipped.allowed)
        return self.table.reading(number - len(self.files), noted)

    def readings(self, numbers: Iterable[int]) -> Iterator[tuple[str, Reading]]:
        """These prompts, made one by one; what is skipped is not noted again."""
        for number in numbers:
            reading = self.reading(number)
            if reading is not None:
                yield self.name(number), reading

    def __iter__(self) -> Iterator[tuple[str, Reading]]:
        for number in range(len(self)):
            reading = self.reading(number, self.skipped)
            if reading is not None:
                yield self.name(number), reading
