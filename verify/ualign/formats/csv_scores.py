"""CSV tables of scores: a row for each user, a column for each response; higher is better."""

from __future__ import annotations

import csv
import io
from fractions import Fraction

from ualign.formats.common import LineError, UserRow, build_population, check_distinct, exact
from ualign.model.population import Missing, Population
from ualign.text import show

MAX_CSV_ROWS = 1_000_000
"""Most rows written to a CSV file, where a user of weight w takes w rows."""


def read(text: str, suffix: str, missing: Missing) -> Population:
    (top, (_, *names)), *users = table(text)
    if not names:
        raise LineError("no responses; give a column each, with commas between", top)
    if "" in names:
        raise LineError(f"column {names.index('') + 2} has no name; name the response", top)
    check_distinct(names, top)
    if not users:
        raise LineError("no users; give a row each below the header")
    lines: dict[str, int] = {}
    rows: list[UserRow] = []
    for line, (user, *cells) in users:
        if user in lines:
            raise LineError(f"the user {show(user)} is already in line {lines[user]}", line)
        lines[user] = line
        tied: dict[Fraction, list[int]] = {}
        for y, cell in enumerate(cells):
            score = exact(cell)
            if score is not None:
                tied.setdefault(score, []).append(y)
            elif cell.strip(" \t"):
                what = "not an exact number; write 3, -0.25, 1e-3 or 1/3, or nothing if missing"
                raise LineError(f"column {show(names[y])}: {show(cell)} is {what}", line)
        rows.append((line, Fraction(1), [tied[score] for score in sorted(tied, reverse=True)]))
    return build_population(names, rows, missing)


def table(text: str) -> list[tuple[int, list[str]]]:
    """The rows of a CSV file with their (first) lines; empty lines are passed over."""
    reader = csv.reader(io.StringIO(text, newline="\n"), strict=True)
    rows: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for row in reader:
            if row:
                rows.append((line, row))
            if row and len(row) != len(rows[0][1]):
                raise LineError(f"{len(row)} cells, but the header has {len(rows[0][1])}", line)
            line = reader.line_num + 1
    except csv.Error as error:  # a field over the module's limit of 131,072 characters, too
        raise LineError(f"not CSV: {error}; check quotes and line ends", line) from None
    return rows


def write(population: Population, suffix: str) -> str:
    for name in population.responses:
        if not name or "\0" in name or len(name) > csv.field_size_limit():
            what = f"an empty or endless name or NUL: {show(name)}"
            raise LineError(f"CSV cannot hold {what}; write .json")
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
