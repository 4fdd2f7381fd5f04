"""What callers give in Python: names, weights, rankings, ranks and scores; exactly, or refused.

A float is refused where it would be rounded; where it only says which of two scores is larger, it
stands for the decimal that it is written as.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence, Set
from decimal import Decimal
from fractions import Fraction
from itertools import islice
from numbers import Integral, Rational, Real
from operator import index
from typing import Any, SupportsIndex, cast

from ualign.errors import InputError
from ualign.text import show

_RATIONAL = re.compile(
    r"[+-]?([0-9]+/[0-9]*[1-9][0-9]*|([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,4})?)"
)
MOST_DIGITS = 4300
"""Longest number that is taken: Python reads and writes no longer ones unless it is told to."""

LARGEST_K = 1_000_000
MOST_KS = 100_000

_MOST_BITS = 14_285  # 10^4300 has as many
_MISSING_TYPES = ("NAType", "NaTType", "MaskedConstant")  # of pandas and NumPy


def rational(text: str) -> Fraction | None:
    """An ASCII integer, decimal or a/b, exactly; None if it is anything else."""
    try:
        return Fraction(text) if _RATIONAL.fullmatch(text) else None
    except ValueError:  # more digits than Python reads
        return None


def exact_number(value: object, what: str) -> Fraction:
    """The number, which must not be a float; `what` it is, for the message."""
    too_long = False
    if isinstance(value, str):
        number = None if len(value) > 2 * MOST_DIGITS else rational(value)
        too_long = number is None and _RATIONAL.fullmatch(value) is not None
    elif isinstance(value, Decimal):
        too_long = value.is_finite() and abs(value.adjusted()) > MOST_DIGITS
        number = Fraction(value) if value.is_finite() and not too_long else None
    elif isinstance(value, bool) or not isinstance(value, Rational):
        number = None
    else:
        number = Fraction(int(value.numerator), int(value.denominator))
    if too_long or (number is not None and _size(number) > _MOST_BITS):
        raise InputError(f"{what} {show(value)} has more than {MOST_DIGITS} digits; round it")
    if number is None:
        wanted = "an int, a Fraction, or a string such as '3/5' or '0.6'"
        kind = " is a float, which is not exact;" if isinstance(value, float) else " is not exact;"
        raise InputError(f"{what} {show(value)}{kind} give {wanted}")
    return number


def _size(number: Fraction) -> int:
    return max(number.numerator.bit_length(), number.denominator.bit_length())


def whole_number(value: object, what: str, least: int, most: int | None = None) -> int:
    """An int, NumPy's among them; a float, a bool and a string are none.

    >>> import numpy
    >>> whole_number(numpy.int64(3), "k", 1)
    3
    """
    try:
        number = None if isinstance(value, bool | str) else index(cast(SupportsIndex, value))
    except TypeError:
        number = None
    if number is None:
        raise InputError(f"{what} {show(value)} is no integer")
    if number < least or (most is not None and number > most):
        ends = f"at least {least}" if most is None else f"{least} to {most}"
        raise InputError(f"{what} {show(number)}: expected {ends}")
    return number


def output_counts(given: object, what: str = "ks", least: int = 1) -> tuple[int, ...]:
    """Numbers of outputs, in the order given, each once: an int, or a range, list or array.

    >>> output_counts(range(1, 4)), output_counts(2), output_counts([3, 1, 3])
    ((1, 2, 3), (2,), (3, 1))
    """
    wanted = f"give integers, such as {what}=range({least}, {least + 4}) or [{least}, {least + 1}]"
    if isinstance(given, str | bytes | Mapping):
        raise InputError(f"{what} {show(given)}: {wanted}")
    one = getattr(given, "ndim", None) == 0 or not isinstance(given, Iterable)
    items = islice([given] if one else cast("Iterable[object]", given), MOST_KS + 1)
    try:
        counts = [whole_number(item, f"{what}:", least, LARGEST_K) for item in items]
    except InputError as error:
        raise InputError(f"{error}; {wanted}") from None
    if len(counts) > MOST_KS:
        raise InputError(f"{what}: more than {MOST_KS} numbers")
    return tuple(dict.fromkeys(counts))


def response_positions(given: object, whose: str) -> tuple[int, ...]:
    """Responses by their places, counted from 0 in the population's order."""
    if isinstance(given, tuple) and all(type(y) is int for y in given):
        return given
    if isinstance(given, str | bytes | Mapping | Set) or not isinstance(given, Iterable):
        raise InputError(
            f"{whose} {show(given)}: expected a list of responses' places, such as [0]"
        )
    items = list(given)
    if names := [item for item in items if isinstance(item, str)]:
        advice = f"responses are counted from 0: population.responses.index({show(names[0])})"
        raise InputError(f"{whose}: {show(names[0])} is a name; {advice}")
    return tuple(whole_number(item, f"{whose}: the response", 0) for item in items)


def exact_weights(weights: Iterable[object] | None, users: int) -> list[Fraction]:
    """A weight for each of so many users, by default 1."""
    if isinstance(weights, str | Mapping) or not isinstance(weights, Iterable | None):
        raise InputError(f"weights {show(weights)}: expected a list of them, one a user")
    given = [1] * users if weights is None else list(weights)
    if len(given) != users:
        raise InputError(f"{users} rankings but {len(given)} weights")
    return [exact_number(weight, "weight") for weight in given]


def exact_score(value: object, what: str) -> Fraction | None:
    """A rank or score; None where it is missing, as None, NaN and their like say."""
    if value is None or type(value).__name__ in _MISSING_TYPES or value == "":
        return None
    if isinstance(value, Real) and not isinstance(value, Rational):
        if value != value:
            return None
        value = str(value)
    return exact_number(value, what)


def response_names(names: Iterable[object]) -> tuple[str, ...]:
    """Names of responses: strings, one each."""
    if isinstance(names, str | Mapping) or not isinstance(names, Iterable):
        raise InputError(f"responses {show(names)}: expected a list of names, such as ['a', 'b']")
    return tuple(_name(name, "responses") for name in names)


def named_ranking(ranking: object, user: int) -> list[list[str]]:
    """A ranking as its classes of names, best first."""
    where = f"user {user}"
    if isinstance(ranking, str):
        what = "is a string; give each user's ranking as a list of names, best first"
        raise InputError(f"{where}: {show(ranking)} {what}")
    if isinstance(ranking, Mapping):
        what = "a dict is no ranking; from_ranks takes ranks by name, from_scores scores"
        raise InputError(f"{where}: {what}")
    if isinstance(ranking, Set) or not isinstance(ranking, Iterable):
        what = "is no list of names, best first"
        raise InputError(f"{where}: {show(ranking)} {what}")
    classes: list[list[str]] = []
    for item in ranking:
        if isinstance(item, Mapping):
            raise InputError(f"{where}: {show(item)} is neither a name nor a list of tied names")
        tied = [item] if isinstance(item, str) or not isinstance(item, Iterable) else item
        classes.append([_name(name, where) for name in tied])
    return classes


def rankings_by(
    rows: Iterable[object], responses: Sequence[str] | None, *, ranks: bool
) -> tuple[tuple[str, ...], list[list[list[str]]]]:
    """The responses, and the rankings by ranks (smaller is better) or else by scores, a row a user:
    dicts by name, or sequences in the order of `responses`."""
    odd = isinstance(rows, str | Mapping) or not isinstance(rows, Iterable)
    if odd or hasattr(rows, "columns"):
        what = "from_dataframe reads a table" if hasattr(rows, "columns") else "give a list of them"
        raise InputError(f"expected a row a user, not {show(type(rows).__name__)}; {what}")
    names = None if responses is None else response_names(responses)
    table = [_row(row, number, names) for number, row in enumerate(rows, 1)]
    if names is None:
        names = tuple(dict.fromkeys(name for row in table for name in row))
    what = "rank" if ranks else "score"
    found = []
    for number, row in enumerate(table, 1):
        tied: dict[Fraction, list[str]] = {}
        for name, value in row.items():
            score = exact_score(value, f"user {number}, {show(name)}: the {what}")
            if ranks and score is not None and score < 1:
                where = f"user {number}, {show(name)}"
                raise InputError(f"{where}: the rank {show(value)} is below 1, which is the best")
            if score is not None:
                tied.setdefault(score, []).append(name)
        found.append([tied[score] for score in sorted(tied, reverse=not ranks)])
    return names, found


def _row(row: object, number: int, names: Sequence[str] | None) -> dict[str, Any]:
    where = f"user {number}"
    if isinstance(row, Mapping):
        return {_name(name, where): value for name, value in row.items()}
    if isinstance(row, str | Set) or not isinstance(row, Iterable):
        raise InputError(f"{where}: {show(row)} is neither a dict by name nor a row of numbers")
    values = list(row)
    if names is None:
        raise InputError(f"{where}: a row without names; give responses=[...]")
    if len(values) != len(names):
        raise InputError(f"{where}: {len(values)} numbers for {len(names)} responses")
    return dict(zip(names, values, strict=True))


def _name(name: object, where: str) -> str:
    if not isinstance(name, str):
        what = "is no name of a response; names are strings, such as"
        example = show(str(name)) if isinstance(name, Hashable) else "'a'"
        kind = f"{where}: {show(int(name)) if isinstance(name, Integral) else show(name)}"
        raise InputError(f"{kind} {what} {example}")
    return str(name)
