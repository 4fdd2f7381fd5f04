"""The rows of long tables, checked and turned into numbers: which user of which prompt ranks a
response where, or prefers which of two.

Everything is checked at once, a column at a time; what is wrong is told with file, line and column.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import TYPE_CHECKING, Any

from ualign.errors import InputError
from ualign.formats.common import exact
from ualign.formats.table_columns import CHOSEN, NAMED, RANKS, TableColumns
from ualign.formats.table_rows import Rows, polars
from ualign.text import show

if TYPE_CHECKING:
    import polars as pl

MOST_TOLD = 20
"""So many bad rows are told one by one; the others are counted."""

VALUES = "score", "rank", "preference"
"""Roles whose cells are no names."""

_WORDS = {"a": 1, "b": -1, "tie": 0}
_WANTED = (
    "is no preference: write a, b or tie, or a number (below zero for a, above for b), or which of"
    " the two responses or of their columns it is"
)


@dataclass
class Skipped:
    """What was wrong and passed over: how often, and the first of it in words. Without `allowed`
    the first is an error."""

    allowed: bool = False
    number: int = 0
    told: list[str] = field(default_factory=list)

    def add(self, what: str, number: int = 1) -> None:
        """One more. Raises InputError unless that is allowed."""
        if not self.allowed:
            raise InputError(what)
        self.number += number
        if len(self.told) < MOST_TOLD:
            self.told.append(what)


@dataclass(frozen=True)
class Cells:
    """A table in numbers, sorted by prompt: of each row the `prompt`, the `user`, and either the
    `response` and its `rank` (smaller is better; null: not given), or the responses `a` and `b` and
    the `sign` of the preference for a. Names are numbered in the order in which they occur."""

    columns: TableColumns
    frame: pl.DataFrame
    prompts: Sequence[str]
    users: Sequence[str]
    responses: Sequence[str]


def read_cells(tables: Sequence[Rows], skipped: Skipped, whole: str) -> Cells:
    """The tables' rows as one table; `whole` is the prompt's name where prompts are pooled. Raises
    InputError for the first bad row, unless they may be skipped."""
    pl = polars()
    checks, columns = _Checks(tables, skipped), tables[0].columns
    for role in NAMED:
        if role in checks.frame.columns:
            checks.refuse(pl.col(role).is_null(), role, lambda row: "is empty; fill it in")
    values = _pairs(checks, columns) if columns.is_pairs else _ranks(checks, columns)
    checks.finish()
    frame, names = checks.frame, checks.names
    if not frame.height:
        raise InputError(f"{tables[0].path}: no rows are left; a table of preferences was expected")
    if "user" not in frame.columns:
        frame, names["user"] = frame.with_columns(user=pl.col("row")), _RowNames()
    if "prompt" not in frame.columns:
        frame, names["prompt"] = frame.with_columns(prompt=pl.lit(0)), [whole]
    frame = frame.select("prompt", "user", *values).sort("prompt", maintain_order=True)
    return Cells(columns, frame, names["prompt"], names["user"], names["response"])


class _RowNames(Sequence[str]):
    """Users of whom nothing is known but their row."""

    def __getitem__(self, row: Any) -> Any:
        return f"of row {row + 1}"

    def __len__(self) -> int:
        return 0


class _Checks:
    """The rows in numbers, without those that are bad; and what is wrong with these.

    `names` has what the numbers stand for: prompts, users, responses, and the texts of values."""

    def __init__(self, tables: Sequence[Rows], skipped: Skipped) -> None:
        pl = polars()
        first = tables[0]
        for other in tables[1:]:
            if other.columns.form != first.columns.form:
                what = f"a table of {other.columns.form}, and {first.path} of {first.columns.form}"
                raise InputError(f"{other.path}: is {what}; give them one by one")
        frames = [rows.frame.with_columns(file=pl.lit(n)) for n, rows in enumerate(tables)]
        self.tables, self.skipped = tables, skipped
        self.frame = pl.concat(frames, how="diagonal").with_row_index("row")
        self.bad: list[tuple[int, str]] = []
        self.number = 0
        self.names: dict[str, Any] = {}
        responses = [role for role in NAMED[2:] if role in self.frame.columns]
        for role in ("prompt", "user", *VALUES):
            if role in self.frame.columns:
                self._number(role, [role])
        self._number("response", responses)

    def _number(self, what: str, columns: Sequence[str]) -> None:
        """Put numbers for the names in columns, in the order in which they occur."""
        pl = polars()
        some = [self.frame[column].rename("name") for column in columns]
        known = pl.concat(some).drop_nulls().unique(maintain_order=True)
        table = known.to_physical().to_frame("code").with_row_index("number")
        for column in columns:
            codes = self.frame.select(pl.col(column).to_physical().alias("code"))
            found = codes.join(table, on="code", how="left", maintain_order="left")["number"]
            self.frame = self.frame.with_columns(found.alias(column))
        words = self.tables[0].columns.words
        self.names[what] = known.cast(pl.String).to_list()
        if what in VALUES:
            self.names[what] = [words.get(text, text) for text in self.names[what]]

    def refuse(self, wrong: pl.Expr, role: str, words: Callable[[Mapping[str, Any]], str]) -> None:
        """Take the rows out for which this is true; `words` say what is wrong with a cell."""
        pl = polars()
        is_wrong = wrong.fill_null(value=False)
        some = self.frame.filter(is_wrong)
        if not some.height:
            return
        self.number += some.height
        for row in some.head(MOST_TOLD).iter_rows(named=True):
            table = self.tables[row["file"]]
            named = table.columns.roles.get(role, (role,))
            place = f"{table.place(row['line'])}: column {show('+'.join(named))}"
            self.bad.append((row["row"], f"{place}: {words(row)}"))
        self.frame = self.frame.filter(pl.Expr.not_(is_wrong))

    def finish(self) -> None:
        """Raise InputError for the first bad row, or tell the first ones if they may be skipped."""
        told = sorted(self.bad)[:MOST_TOLD]
        for _, what in told:
            self.skipped.add(what)
        self.skipped.number += self.number - len(told)

    def place(self, row: Mapping[str, Any]) -> str:
        """Where a row is."""
        table: Rows = self.tables[row["file"]]
        return table.place(row["line"])

    def text(self, row: Mapping[str, Any], role: str, what: str = "") -> str:
        """What a cell says, for messages."""
        return show(self.names[what or role][row[role]])


def _ranks(checks: _Checks, columns: TableColumns) -> list[pl.Expr]:
    """The responses with their ranks."""
    pl = polars()
    role = "rank" if columns.form == RANKS else "score"
    numbers = [exact(text) for text in checks.names[role]]
    no_number = [place for place, number in enumerate(numbers) if number is None]
    low = [
        p
        for p, number in enumerate(numbers)
        if role == "rank" and number is not None and number < 1
    ]
    advice = "is not an exact number; write 3, -0.25, 1e-3 or 1/3, or nothing if missing"
    checks.refuse(
        pl.col(role).is_in(no_number), role, lambda row: f"{checks.text(row, role)} {advice}"
    )
    checks.refuse(
        pl.col(role).is_in(low), role, lambda row: f"{checks.text(row, role)}: the best rank is 1"
    )
    keys = [key for key in ("prompt", "user", "response") if key in checks.frame.columns]
    key = _key(keys, [len(checks.names[column]) for column in keys])
    if checks.frame.select(again=key.is_duplicated().any())["again"].any():
        before = checks.frame.select(*keys, "file", "line").unique(keys, maintain_order=True)

        def twice(row: Mapping[str, Any]) -> str:
            same = [pl.col(column) == row[column] for column in keys]
            where = checks.place(before.filter(*same).row(0, named=True))
            who = f"the user {checks.text(row, 'user')}"
            if "prompt" in keys:
                who += f" of the prompt {checks.text(row, 'prompt')}"
            what = f"{who} has {checks.text(row, 'response')}"
            return f"{what} already in {where}; keep one"

        checks.refuse(~key.is_first_distinct(), "response", twice)
    ordered = sorted({n for n in numbers if n is not None}, reverse=role == "score")
    order = {number: place for place, number in enumerate(ordered)}
    ranks = {place: order[n] for place, n in enumerate(numbers) if n is not None}
    rank = pl.col(role).replace_strict(ranks, return_dtype=pl.UInt32, default=None)
    return [pl.col("response"), rank.alias("rank")]


def _key(columns: Sequence[str], sizes: Sequence[int]) -> pl.Expr:
    """One number that tells the columns' numbers apart."""
    pl = polars()
    if prod(sizes) >= 1 << 63:
        return pl.struct(columns)  # type: ignore[no-any-return]
    key = pl.lit(0, dtype=pl.UInt64)
    for column, size in zip(columns, sizes, strict=True):
        key = key * size + pl.col(column)
    return key  # type: ignore[no-any-return]


def _pairs(checks: _Checks, columns: TableColumns) -> list[pl.Expr]:
    """The two responses with the preference for the first."""
    pl = polars()
    a, b = ("chosen", "rejected") if columns.form == CHOSEN else ("response_a", "response_b")
    checks.refuse(
        pl.col(a) == pl.col(b),
        b,
        lambda row: f"{checks.text(row, b, 'response')} is compared with itself",
    )
    both = [pl.col(a).alias("a"), pl.col(b).alias("b")]
    if columns.form == CHOSEN:
        return [*both, pl.lit(1, dtype=pl.Int8).alias("sign")]
    sides = {"+".join(columns.roles[role]): sign for role, sign in ((a, 1), (b, -1))}
    places = {name: place for place, name in enumerate(checks.names["response"])}
    texts = list(enumerate(checks.names["preference"]))
    signs = {n: sign for n, text in texts if (sign := _sign(text, sides)) is not None}
    meant = {n: places[text] for n, text in texts if text in places}
    told = pl.col("preference")
    word = told.replace_strict(signs, return_dtype=pl.Int8, default=None)
    response = told.replace_strict(meant, return_dtype=pl.UInt32, default=None)
    shown = pl.when(response == pl.col(a)).then(1).when(response == pl.col(b)).then(-1)
    sign = pl.coalesce(word, shown).cast(pl.Int8)

    def no_preference(row: Mapping[str, Any]) -> str:
        if row["preference"] is None:
            return "is empty; write a, b or tie"
        pair = f"{checks.text(row, a, 'response')} and {checks.text(row, b, 'response')}"
        absent = f"was not shown; {pair} were" if row["preference"] in meant else _WANTED
        return f"{checks.text(row, 'preference')} {absent}"

    def in_doubt(row: Mapping[str, Any]) -> str:
        return f"{checks.text(row, 'preference')} may be a word or a response; rename the response"

    checks.refuse(sign.is_null(), "preference", no_preference)
    checks.refuse(word != shown, "preference", in_doubt)
    return [*both, sign.alias("sign")]


def _sign(text: str, sides: Mapping[str, int]) -> int | None:
    """1 for a, -1 for b, 0 for a tie; None if the text is no such word and no number. A number
    below zero is for a, as on a scale from a on the left to b on the right."""
    if text in sides:
        return sides[text]
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    number = exact(text)
    return None if number is None else (number < 0) - (number > 0)
