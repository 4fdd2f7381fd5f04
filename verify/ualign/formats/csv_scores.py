"""CSV tables of scores: a row for each user, a column for each response; higher is better, or
smaller where they are ranks."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from fractions import Fraction

from ualign.formats.columns import is_summary, understand_columns
from ualign.formats.common import LineError, UserRow, build_reading, exact
from ualign.formats.reading import Choices, Columns, Reading
from ualign.model.population import Population
from ualign.text import show

MAX_CSV_ROWS = 1_000_000
"""Most rows written to a CSV file, where a user of weight w takes w rows."""


def read(text: str, suffix: str, choices: Choices) -> Reading:
    (top, header), *users = table(text)
    header = [name.strip(" \t") for name in header]
    columns = understand_columns(header, choices, top)
    if not users:
        raise LineError("no users; give a row each below the header")
    places = [header.index(name) for name in columns.responses]
    ids = None if columns.ids is None else header.index(columns.ids)
    lines: dict[str, int] = {}
    rows: list[UserRow] = []
    for line, row in users:
        if not any(cell.strip(" \t") for cell in row):
            raise LineError("an empty row; delete it", line)
        if ids is not None:
            _check_user(row[ids].strip(" \t"), columns, lines, line)
        cells = [row[place].strip(" \t") for place in places]
        rows.append((line, Fraction(1), _classes(cells, columns, line)))
    return build_reading(columns.responses, rows, choices.of_rankings, columns)


def _check_user(user: str, columns: Columns, lines: dict[str, int], line: int) -> None:
    """One row a user: her id is there, is new, and is noted."""
    if not user:
        raise LineError(f"column {show(columns.ids)}: a user without id; fill it in", line)
    if is_summary(user):
        what = f"the row {show(user)} seems to sum up others; delete it, or rename the user"
        raise LineError(what, line)
    if user in lines:
        what = f"the user {show(user)} is already in line {lines[user]}; give her one row"
        raise LineError(what, line)
    lines[user] = line


def _classes(cells: Sequence[str], columns: Columns, line: int) -> list[list[int]]:
    """The responses from the best to the worst, those with equal scores together."""
    tied: dict[Fraction, list[int]] = {}
    for y, cell in enumerate(cells):
        if cell:
            score = exact(cell)
            if score is None or (columns.smaller_is_better and score < 1):
                place = f"column {show(columns.responses[y])}: {show(cell)}"
                raise LineError(f"{place} is not {_wanted(cell, score is None)}", line)
            tied.setdefault(score, []).append(y)
    return [tied[score] for score in sorted(tied, reverse=not columns.smaller_is_better)]


def _wanted(cell: str, no_number: bool) -> str:
    """What a cell should have been."""
    if not no_number:
        return "a rank; the best is 1, and missing is nothing"
    if "," in cell:
        return "an exact number; write 0.5 for 0,5, 1000 for 1,000"
    return "an exact number; write 3, -0.25, 1e-3 or 1/3, or nothing if missing"


def table(text: str) -> list[tuple[int, list[str]]]:
    """The rows of a CSV file, as `records` gives them."""
    return list(records(text))


def records(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV file with their (first) lines; empty lines are passed over. Where there is
    no comma in the first of them, a tab or else a semicolon divides the cells."""
    top = text.lstrip("\r\n").partition("\n")[0]
    mark = next((mark for mark in ",\t;" if mark in top), ",")
    file = io.TextIOWrapper(io.BytesIO(text.encode()), "utf-8", newline="\n")
    reader = csv.reader(file, delimiter=mark, skipinitialspace=mark != "\t", strict=True)
    width: int | None = None
    line = 1
    try:
        for row in reader:
            if len(row) > 1 or "".join(row).strip(" \t"):
                width = width or len(row)
                if len(row) != width:
                    what = f"{len(row)} cells, but the header has {width}"
                    raise LineError(f"{what}; put cells with {show(mark)} in quotes", line)
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:  # a field over the module's limit of 131,072 characters, too
        raise LineError(f"not CSV: {error}; check quotes and line ends", line) from None


def write(population: Population, suffix: str) -> str:
    for name in population.responses:
        if not name or "\0" in name or len(name) > csv.field_size_limit():
            what = f"an empty or endless name or NUL: {show(name)}"
            raise LineError(f"CSV cannot hold {what}; write .json")
        if name != name.strip(" \t"):
            raise LineError(f"CSV cannot hold spaces around a name: {show(name)}; write .json")
    try:
        understand_columns(["user", *population.responses], Choices(), 1)
    except LineError as error:
        raise LineError(f"CSV cannot hold these names: {error}; or write .json") from None
    if any(user.weight.denominator != 1 for user in population.users):
        raise LineError("CSV gives a row weight one, so weights must be integers; write .json")
    if population.scale > MAX_CSV_ROWS:
        raise LineError(f"CSV would need over {MAX_CSV_ROWS:,} rows of weight one; write .json")
    text = io.StringIO(newline="\n")
    # Names are always quoted: csv's minimal quoting misses a lone carriage return.
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    writer.writerow(["user", *population.responses])
    scores = (
        [len(user.ranking) - rank for rank in ranks]
        for user, ranks in zip(population.users, population.ranks, strict=True)
        for _ in range(int(user.weight))
    )
    writer.writerows([f"u{number}", *row] for number, row in enumerate(scores, 1))
    return text.getvalue()
