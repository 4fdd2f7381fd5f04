"""What callers give in Python: names, weights, rankings, ranks and scores; exactly, or refused.

A float is refused where it would be rounded; where it only says which of two scores is larger, it
stands for the decimal that it is written as.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence, Set
from decimal import Decimal
from fractions import Fraction
from numbers import Integral, Rational, Real
from typing import Any

from ualign.errors import InputError
from ualign.text import show

_RATIONAL = re.compile(
    r"[+-]?([0-9]+/[0-9]*[1-9][0-9]*|([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,4})?)"
)
_MISSING_TYPES = ("NAType", "NaTType", "MaskedConstant")  # of pandas and NumPy


def rational(text: str) -> Fraction | None:
    """An ASCII integer, decimal or a/b, exactly; None if it is anything else."""
    try:
        return Fraction(text) if _RATIONAL.fullmatch(text) else None
    except ValueError:  # more digits than Python reads
        return None


def exact_number(value: object, what: str) -> Fraction:
    """The number, which must not be a float; `what` it is, for the message."""
    if isinstance(value, str):
        number = rational(value)
    elif isinstance(value, Decimal):
        number = Fraction(value) if value.is_finite() else None
    elif isinstance(value, bool) or not isinstance(value, Rational):
        number = None
    else:
        number = Fraction(int(value.numerator), int(value.denominator))
    if number is None:
        wanted = "an int, a Fraction, or a string such as '3/5' or '0.6'"
        kind = " is a float, which is not exact;" if isinstance(value, float) else " is not exact;"
        raise InputError(f"{what} {show(value)}{kind} give {wanted}")
    return number


def exact_weights(weights: Iterable[object] | None, users: int) -> list[Fraction]:
    """A weight for each of so many users, by default 1."""
    if isinstance(weights, str | Mapping):
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
    if isinstance(names, str):
        raise InputError(f"responses {show(names)}: expected a list of names, not a string")
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
    if isinstance(rows, str | Mapping) or hasattr(rows, "columns"):
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
