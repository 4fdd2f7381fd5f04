"""JSON: every population, with nothing lost.

{"responses": [name, ...], "users": [{"weight": "1/3", "ranking": [name or [name, ...], ...]}, ...]}

where a user of whom only some is known may have {"above": [[better, worse], ...], "tied": [[name,
...], ...]} in place of a ranking, and all users may have {"luce": {name: strength, ...}}: they pick
by chance, in proportion to the strengths, which are whole numbers such as "3";

or several prompts by name, {"prompts": {name: {"responses": ..., "users": ...}, ...}}.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Set
from fractions import Fraction
from typing import Any

from ualign.certificates.document import population_json
from ualign.errors import InputError
from ualign.formats.common import MAX_DIGITS, LineError, check_digits, check_distinct, check_unicode
from ualign.formats.reading import Choices, Reading
from ualign.model.any_population import ListedPopulation
from ualign.model.luce import LucePopulation
from ualign.model.partial_orders import PartialPopulation, population_from_indexed
from ualign.text import listed, show

_RATIONAL = re.compile(r"-?(0|[1-9][0-9]*)(/[1-9][0-9]*)?")
_WHOLE = re.compile(r"-?(0|[1-9][0-9]*)")


class _Inexact(str):
    """The text of a JSON number that is refused: a float, NaN, or an endless integer."""

    __repr__ = str.__str__


def read(text: str, suffix: str, choices: Choices) -> Reading:
    data = _parsed(text)
    if _holds_prompts(data):
        raise LineError("holds several prompts; give it where several are read (read_prompts)")
    return _population("the file", data, choices)


def read_several(text: str, choices: Choices) -> dict[str, Reading]:
    """The prompts of a file with several, by name; none where it is a single population."""
    data = _parsed(text)
    if not _holds_prompts(data):
        return {}
    prompts = _fields("the file", data, {"prompts"})["prompts"]
    if not isinstance(prompts, tuple) or not prompts:
        raise LineError("prompts: expected an object, of names and populations")
    names = [name for name, _ in prompts]
    check_distinct(names, None, "prompt")
    check_unicode(names)
    found = {}
    for name, value in prompts:
        try:
            found[name] = _population(f"prompt {show(name)}", value, choices)
        except InputError as error:
            where = "" if str(error).startswith("prompt ") else f"prompt {show(name)}: "
            raise LineError(f"{where}{error}") from None
    return found


def _holds_prompts(data: object) -> bool:
    return isinstance(data, tuple) and "prompts" in dict(data)


def _parsed(text: str) -> object:
    try:  # objects become tuples of pairs, so that a repeated key is still seen; lists stay lists
        return json.loads(
            text,
            object_pairs_hook=tuple,
            parse_float=_Inexact,
            parse_constant=_Inexact,
            parse_int=lambda digits: int(digits) if len(digits) <= MAX_DIGITS else _Inexact(digits),
        )
    except json.JSONDecodeError as error:
        raise LineError(f"not JSON: {error.msg} (column {error.colno})", error.lineno) from None
    except RecursionError:
        raise LineError("is nested too deeply to be a population") from None


def _population(where: str, data: object, choices: Choices) -> Reading:
    file = _fields(where, data, {"responses", "users"})
    responses = _names("responses", file["responses"])
    check_distinct(responses)
    if not isinstance(file["users"], list):
        raise LineError("users: expected a list")
    if any(_has(item, "luce") for item in file["users"]):
        return _luce(responses, file["users"])
    if any(_is_partial(item) for item in file["users"]):
        return _partial(responses, file["users"])
    weights, rankings = [], []
    for number, item in enumerate(file["users"], 1):
        user = f"user {number}"
        fields = _fields(user, item, {"ranking"}, {"weight"})
        weights.append(_weight(user, fields.get("weight", 1)))
        if not isinstance(fields["ranking"], list):
            raise LineError(f"{user}: the ranking is not a list; list names, best first")
        ranking = [tied if isinstance(tied, list) else [tied] for tied in fields["ranking"]]
        rankings.append([_names(user, tied) for tied in ranking])
    missing = choices.of_rankings
    index = {name: y for y, name in enumerate(responses)}
    indexed = [
        (weight, [[_place(name, index, number) for name in tied] for tied in ranking])
        for number, (weight, ranking) in enumerate(zip(weights, rankings, strict=True), 1)
    ]
    population = population_from_indexed(responses, indexed, missing)
    whole = all(weight.denominator == 1 for weight in weights)
    counts = [int(weight) if whole else 1 for weight in weights]
    short = [sum(map(len, ranking)) < len(responses) for ranking in rankings]
    incomplete = sum(count for count, left_out in zip(counts, short, strict=True) if left_out)
    unit = "users" if whole else "entries"
    return Reading(population, missing, sum(counts), incomplete, unit)


def _has(user: object, key: str) -> bool:
    return isinstance(user, tuple) and any(given == key for given, _ in user)


def _luce(responses: list[str], users: list[object]) -> Reading:
    """Users who all have strengths in the place of rankings."""
    weights, given = [], []
    for number, item in enumerate(users, 1):
        user = f"user {number}"
        if not _has(item, "luce"):
            raise LineError(f"{user}: has no luce; either all users have strengths, or none has")
        fields = _fields(user, item, {"luce"}, {"weight"})
        strengths = _fields(f"{user}: luce", fields["luce"], set(responses))
        weights.append(_weight(user, fields.get("weight", 1)))
        given.append({name: _strength(user, name, value) for name, value in strengths.items()})
    population = LucePopulation.from_strengths(responses, zip(weights, given, strict=True))
    whole = all(weight.denominator == 1 for weight in weights)
    count = int(sum(weights)) if whole else len(weights)
    return Reading(population, "error", count, 0, "users" if whole else "entries")


def _strength(user: str, name: str, value: object) -> int:
    if type(value) is str and len(value) <= MAX_DIGITS and _WHOLE.fullmatch(value):
        return int(value)
    if type(value) is int:
        return value
    wanted = 'a whole number or a string such as "3"'
    raise LineError(f"{user}: the strength of {show(name)} is {show(value)}; write {wanted}")


def _is_partial(user: object) -> bool:
    return _has(user, "above") or _has(user, "tied")


def _partial(responses: list[str], users: list[object]) -> Reading:
    """Users some of whom have pairs and ties; the rankings of the others say nothing of what they
    leave out."""
    known: list[dict[str, Any]] = []
    for number, item in enumerate(users, 1):
        user = f"user {number}"
        if _is_partial(item):
            fields = _fields(user, item, set(), {"above", "tied", "weight"})
            pairs = _lists(user, "above", fields.get("above", []))
            if any(len(pair) != 2 for pair in pairs):
                raise LineError(f"{user}: above: expected pairs of names, the better first")
            order = {"above": pairs, "tied": _lists(user, "tied", fields.get("tied", []))}
        else:
            fields = _fields(user, item, {"ranking"}, {"weight"})
            if not isinstance(fields["ranking"], list):
                raise LineError(f"{user}: the ranking is not a list; list names, best first")
            ranking = [tied if isinstance(tied, list) else [tied] for tied in fields["ranking"]]
            order = {"ranking": [_names(user, tied) for tied in ranking]}
        known.append({"weight": _weight(user, fields.get("weight", 1)), **order})
    partial = PartialPopulation.from_names(responses, known)
    population, weights = partial.completed() or partial, [user["weight"] for user in known]
    whole = all(weight.denominator == 1 for weight in weights)
    counts = [int(weight) if whole else 1 for weight in weights]
    unit = "users" if whole else "entries"
    alone = (PartialPopulation.from_names(responses, [user]).completed() for user in known)
    some = sum(count for count, one in zip(counts, alone, strict=True) if one is None)
    return Reading(population, "worst-case", sum(counts), some, unit)


def _lists(user: str, key: str, data: object) -> list[list[str]]:
    if not isinstance(data, list):
        raise LineError(f"{user}: {key}: expected a list of lists of names, not {show(data)}")
    return [_names(f"{user}: {key}", names) for names in data]


def _place(name: str, index: Mapping[str, int], user: int) -> int:
    if name not in index:
        raise LineError(f"user {user} ranks {name!r}, which is not a response")
    return index[name]


def _fields(
    where: str, data: object, required: set[str], optional: Set[str] = frozenset()
) -> dict[str, Any]:
    if not isinstance(data, tuple):
        raise LineError(f"{where}: expected an object, not {show(data)}")
    keys = [key for key, _ in data]
    if len(set(keys)) < len(keys) or not required <= set(keys) <= required | optional:
        wanted = f"the keys {listed(sorted(required | optional))}, each once"
        raise LineError(f"{where}: expected {wanted}, not {listed(keys)}")
    return dict(data)


def _names(where: str, data: object) -> list[str]:
    if not isinstance(data, list) or not data:
        raise LineError(f"{where}: expected a list of one name or more, not {show(data)}")
    for name in data:
        if type(name) is not str:
            raise LineError(f"{where}: the name {show(name)} is not a string; put it in quotes")
    check_unicode(data)
    return data


def _weight(user: str, value: object) -> Fraction:
    if type(value) is int or (
        type(value) is str and len(value) <= 2 * MAX_DIGITS + 1 and _RATIONAL.fullmatch(value)
    ):
        return Fraction(value)
    wanted = 'an integer or a string such as "1/3"'
    raise LineError(f"{user}: the weight {show(value)} is not exact; write {wanted}")


def write(population: ListedPopulation, suffix: str) -> str:
    check_digits(n for user in population.users for n in user.weight.as_integer_ratio())
    users = population_json(population)["users"]
    lines = ",\n  ".join(json.dumps(user, ensure_ascii=False) for user in users)
    head = json.dumps(population.responses, ensure_ascii=False)
    return f'{{"responses": {head},\n "users": [\n  {lines}]}}\n'
