"""Which columns of a table of scores hold what: told by their names, or by the caller.

A column is not guessed at. What is called like ids, weights, counts or row numbers is no response
unless the caller says so, and a table whose ids are not to be found is refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ualign.errors import option
from ualign.formats.common import LineError, check_distinct
from ualign.formats.reading import Choices, Columns
from ualign.text import listed, show

_PERSON = (
    "annotator|assessor|ballot|customer|elector|evaluator|expert|individual|judge|juror|labell?er|"
    "member|panell?ist|participant|person|player|rater|respondent|reviewer|session|student|subject|"
    "tester|user|voter|worker"
)
_IDS = re.compile(rf"({_PERSON})s?(code|ids?|key|name|no|nr|number|#)?|email|ids?|name|uid|uuid")
_ROW_NUMBERS = re.compile(r"#|index|row|rownumber|unnamed:?[0-9]+")
_NO_SCORES = re.compile(
    "age|average|batch|block|counts?|date|day|duration|freq|frequency|group|item|mean|month|"
    "multiplicity|n|num|number|prompt|question|round|sum|task|time|timestamp|total|trial|weights?|year"
)
_SOME_ID = re.compile(r".*[ _.-]id", re.IGNORECASE)
_SOME_RANK = re.compile(r"(rank|place)(ing)?[ _.-].*|.*[ _.-]rank(ing)?", re.IGNORECASE)
_THING = re.compile(
    r"(alternative|answer|candidate|completion|item|model|movie|object|option|output|product|prompt|"
    r"question|response|task)s?(id|name)?"
)
_JUDGEMENT = re.compile(r"grade|label|mark|points|preference|rank|rating|reward|score|stars|value")
_COMPARISON = re.compile(r"chosen|loser|preferred|rejected|winner")
_SUMMARY = re.compile("averages?|count|mean|median|std|sum|totals?")


def _key(name: str) -> str:
    """A name for comparison, without case, spaces and marks."""
    return re.sub("[ _.-]+", "", name.casefold())


def _numbers_rows(name: str) -> bool:
    """Whether a first column of this name may number the rows, as one without a name does."""
    return not name or _ROW_NUMBERS.fullmatch(_key(name)) is not None


def is_summary(user: str) -> bool:
    """Whether a row with this id may sum up the others."""
    return _SUMMARY.fullmatch(_key(user)) is not None


def _no_response(name: str) -> str:
    """What a column may be instead of a response, by its name; empty if it may be one."""
    key = _key(name)
    if _IDS.fullmatch(key) or _SOME_ID.fullmatch(name):
        return "ids"
    if _ROW_NUMBERS.fullmatch(key):
        return "row numbers"
    return "weights, counts or notes" if _NO_SCORES.fullmatch(key) else ""


def understand_columns(header: Sequence[str], choices: Choices, line: int) -> Columns:
    """What the columns of this header are. Raises LineError where that is in doubt."""
    if len(header) < 2:
        raise LineError("no responses; divide the cells by commas, semicolons or tabs", line)
    check_distinct([name for name in header if name], line, "column")
    chosen = choices.scores
    if chosen is None:
        _refuse_other_tables(header, line)
    else:
        _check_chosen(header, choices, chosen, line)
    ids = _find_ids(header, choices, line)
    others = [number for number in range(len(header)) if number != ids]
    if chosen is None:
        if ids > 0 and _numbers_rows(header[0]):
            others.remove(0)
        for number in others:
            _check_response(header[number], number + 1, choices, line)
        responses = [header[number] for number in others]
    else:
        responses = [header[number] for number in others if header[number] in chosen]
    if not responses:
        raise LineError("no responses; give a column each", line)
    left_out = [
        name
        for number, name in enumerate(header)
        if number != ids and (number not in others or name not in responses)
    ]
    name = None if ids < 0 else header[ids]
    return Columns(name, tuple(responses), tuple(left_out), choices.ranks)


def _refuse_other_tables(header: Sequence[str], line: int) -> None:
    keys = [_key(name) for name in header]
    things = [name for name, key in zip(header, keys, strict=True) if _THING.fullmatch(key)]
    judgements = [n for n, key in zip(header, keys, strict=True) if _JUDGEMENT.fullmatch(key)]
    roles = option("columns", "prompt=...,user=...")
    if things and judgements:
        raise LineError(
            f"a long table, with {show(things[0])} and {show(judgements[0])} in a row for each;"
            f" say which column is what ({roles}), or name the responses by {option('scores')}",
            line,
        )
    for name, key in zip(header, keys, strict=True):
        if _COMPARISON.fullmatch(key):
            what = f"a table of comparisons, by its column {show(name)}; say which column is what"
            ways = f"{roles}, or name the responses by {option('scores')}"
            raise LineError(f"{what}: {ways}", line)


def _check_chosen(
    header: Sequence[str], choices: Choices, chosen: tuple[str, ...], line: int
) -> None:
    for name in chosen:
        if chosen.count(name) > 1:
            raise LineError(f"{option('scores')} names {show(name)} twice; name it once")
        if not name or name not in header:
            what = (
                f"{option('scores')}: there is no column {show(name)}; there are {listed(header)}"
            )
            raise LineError(what, line)
        if name == choices.id_column:
            both = f"{option('id_column')} and in {option('scores')}"
            raise LineError(f"the column {show(name)} cannot be both {both}", line)


def _find_ids(header: Sequence[str], choices: Choices, line: int) -> int:
    """The place of the users' ids; -1 where the caller took the first column for a response."""
    if choices.id_column is not None:
        if header.count(choices.id_column) != 1:
            what = f"{option('id_column')}: there is no column {show(choices.id_column)}"
            raise LineError(f"{what}; there are {listed(header)}", line)
        return header.index(choices.id_column)
    found = ids_by_name(header)
    if header[found or 0] in (choices.scores or ()):
        return -1
    if found is not None:
        return found
    what = f"column 1, {show(header[0])}," if header[0] else "column 1, which has no name,"
    like = next((name for name in header if _IDS.fullmatch(_key(name))), header[0])
    raise LineError(
        f"{what} is not known to hold the users' ids; if it does, call it user; else name the"
        f" column that does ({option('id_column', like)}), or add one",
        line,
    )


def ids_by_name(header: Sequence[str]) -> int | None:
    """The place of the ids: the first column that does not number rows, if it is called so."""
    place = 1 if len(header) > 1 and _numbers_rows(header[0]) else 0
    return place if header and _IDS.fullmatch(_key(header[place])) else None


def _check_response(name: str, number: int, choices: Choices, line: int) -> None:
    if not name:
        raise LineError(f"column {number} has no name; name the response or drop the column", line)
    if what := _no_response(name):
        raise LineError(
            f"column {number}, {show(name)}, may be {what}; name the responses by"
            f" {option('scores')} (a row is one user; weights need .json)",
            line,
        )
    if _SOME_RANK.fullmatch(name) and not choices.ranks:
        ranks = f"give {option('ranks', True)} if smaller is better"
        what = f"{ranks}, or else name the responses by {option('scores')}"
        raise LineError(f"column {number}, {show(name)}, may hold ranks; {what}", line)
