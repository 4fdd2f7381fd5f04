"""What several formats share: faults with their line, exact numbers, and checks of names."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

from ualign.errors import InputError, option
from ualign.formats.reading import Columns, Reading
from ualign.model.given import rational
from ualign.model.partial_orders import population_from_indexed
from ualign.model.population import Missing
from ualign.text import show

MAX_DIGITS = 1000
"""Longest number, and largest power of ten, read or written; Python itself stops at 4,300."""

UserRow = tuple[int, Fraction, list[list[int]]]  # line, weight, classes of responses, best first


class LineError(InputError):
    """What is wrong and in which line, before the file is named."""

    def __init__(self, what: str, line: int | None = None) -> None:
        super().__init__(what)
        self.line = line


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key occurs twice")
    return found


TEXT_DECODER = json.JSONDecoder(
    object_pairs_hook=_once, parse_float=str, parse_int=str, parse_constant=str
)
"""For JSON whose numbers are the texts that they are written as, and whose keys do not repeat."""


def checked_text(data: bytes) -> str:
    """A file's contents as text, without a byte order mark; LineError for what is no text."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    if not data.strip(b"\r\n"):
        raise LineError("is empty; a population was expected")
    if b"\0" in data:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        raise LineError("a NUL byte: binary, or UTF-16; save the file as UTF-8 text", line)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise LineError("not UTF-8; save the file as UTF-8 text", line) from None


def build_reading(
    names: Sequence[str], rows: list[UserRow], missing: Missing, columns: Columns | None = None
) -> Reading:
    """The population of rows that were read, with how it was understood."""
    incomplete = 0
    for line, weight, classes in rows:
        unranked = len(names) - sum(map(len, classes))
        if missing == "error" and unranked:
            what = f"{unranked} of {len(names)} responses unranked"
            ways = f"{option('missing', 'tied-last')} or {option('missing', 'drop-user')}"
            raise LineError(f"{what}; choose {ways} to allow that", line)
        incomplete += int(weight) if unranked else 0
    users = ((weight, classes) for _, weight, classes in rows)
    population = population_from_indexed(names, users, missing)
    everybody = sum(int(weight) for _, weight, _ in rows)
    return Reading(population, missing, everybody, incomplete, columns=columns)


def check_distinct(
    names: Sequence[str], line: int | None = None, what: str = "response name"
) -> None:
    for name, times in Counter(names).items():
        if times > 1:
            raise LineError(f"the {what} {show(name)} occurs twice; rename one", line)


def check_unicode(names: Sequence[str]) -> None:
    for name in names:
        if re.search("[\ud800-\udfff]", name):
            raise LineError(f"the response name {show(name)} is not Unicode text; rename it")


def check_digits(numbers: Iterable[int]) -> None:
    if max(numbers) >= 10**MAX_DIGITS:
        raise LineError(f"a weight of more than {MAX_DIGITS} digits; use simpler weights")


@lru_cache(maxsize=4096)
def exact(text: str) -> Fraction | None:
    """An ASCII decimal, integer or a/b, exactly; None if it is anything else or out of bounds."""
    text = text.strip(" \t")
    exponent = re.search("[eE][+-]?([0-9]+)$", text[-MAX_DIGITS:])
    if len(text) > MAX_DIGITS or (exponent and int(exponent[1]) > MAX_DIGITS):
        return None
    return rational(text)
