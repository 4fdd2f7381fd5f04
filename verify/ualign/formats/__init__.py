"""Files to populations and back: PrefLib's ordinal formats, JSON, and CSV tables of scores.

Readers are strict: whatever could be understood in two ways is refused, with an InputError that
begins with the file and, where there is one, the line. Every number is read exactly or refused.
Files are UTF-8 (a byte order mark at the start is skipped) and lines end in LF or CRLF; no other
character ends a line, because names in real data hold U+0085. Names are kept verbatim,
except that in CSV the spaces around them go.

A format is a module with `read`, from (text, suffix, choices) to a reading, and `write`, from
(population, suffix) to the text of the file; and an entry in _FORMATS.
"""

from __future__ import annotations

import logging
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from ualign.errors import InputError, option
from ualign.files import SUFFIX, reason, write_atomically
from ualign.formats import csv_scores, json_format, preflib, tables
from ualign.formats.common import LineError, check_unicode, checked_text, exact
from ualign.formats.csv_scores import table
from ualign.formats.data_set import DataSet
from ualign.formats.preflib import NOT_RANKINGS
from ualign.formats.reading import Choices, Reading
from ualign.formats.table_cells import Skipped, read_cells
from ualign.formats.table_columns import parse_roles, preset_named
from ualign.formats.table_prompts import TablePrompts
from ualign.formats.table_rows import Asked
from ualign.model.any_population import ListedPopulation
from ualign.model.population import Missing, Population
from ualign.text import listed, printable, show

logger = logging.getLogger(__name__)

_Read = Callable[[str, str, Choices], Reading]
_Write = Callable[[Population, str], str]
_FORMATS: tuple[tuple[tuple[str, ...], _Read, _Write], ...] = (
    ((".soc", ".soi", ".toc", ".toi"), preflib.read, preflib.write),
    ((".json",), json_format.read, json_format.write),
    ((".csv",), csv_scores.read, csv_scores.write),
)

READERS: dict[str, _Read] = {suffix: read for suffixes, read, _ in _FORMATS for suffix in suffixes}
"""Suffix -> reader, from (text, suffix, choices)."""

WRITERS: dict[str, _Write] = {s: write for suffixes, _, write in _FORMATS for s in suffixes}
"""Suffix -> writer, to the text of the file."""


def read_population(
    path: str | Path,
    *,
    missing: Missing | None = None,
    id_column: str | None = None,
    scores: Sequence[str] | None = None,
    ranks: bool = False,
) -> ListedPopulation:
    """Read one population; the suffix of the file decides the format (see READERS).

    `missing` says what responses that a user leaves unranked or unscored mean: tied below the
    ranked ones, the user dropped, an error, or nothing ("worst-case", and "worst-below" the ranked
    ones): then users have partial orders, and their worst completions count. Of a table of scores,
    `id_column` names the column with the users' ids, `scores` those that are responses, and with
    `ranks` smaller is better.
    Raises InputError for whatever is wrong. `read_file` also says how the file was understood.
    """
    return read_file(path, _choices(missing, id_column, scores, ranks)).population


def read_prompts(
    paths: Sequence[str | Path],
    *,
    missing: Missing | None = None,
    id_column: str | None = None,
    scores: Sequence[str] | None = None,
    ranks: bool = False,
) -> list[tuple[str, ListedPopulation]]:
    """Read one population a prompt, as (prompt name, population) pairs in the order given; the
    other arguments are those of `read_population`.

    A file is one prompt. A directory stands for the files in it, sorted by name, that have a
    readable suffix; certificates (*.cert.json) and manifest.json are passed over. A prompt is
    named by its file without directories, or by the path as given where two names would clash.
    """
    readings = read_files(paths, _choices(missing, id_column, scores, ranks))
    return [(name, reading.population) for name, reading in readings]


def read_file(path: str | Path, choices: Choices) -> Reading:
    """Read one population, and say how it was understood."""
    path = path_given(path)
    suffix = path.suffix.lower()
    with _naming(path):
        if os.path.isdir(path):
            raise LineError("is a directory; give one of its files")
        if suffix not in READERS:
            raise LineError(f"the format {suffix!r} is {_no_format(suffix)}")
        if choices.about_columns and suffix != ".csv":
            names = f"{option('id_column')}, {option('scores')} and {option('ranks', True)}"
            raise LineError(f"{names} are about a .csv, which this is not")
        return replace(READERS[suffix](_text(path), suffix, choices), source=path)


def _no_format(suffix: str) -> str:
    """Why files with this suffix are not read, and what to do."""
    if suffix in NOT_RANKINGS:
        what = f"PrefLib's for {NOT_RANKINGS[suffix]}, not rankings; give the data set's"
        return f"{what} .soc, .soi, .toc or .toi"
    advice = {
        ".tsv": "a table with tabs is read as .csv, or",
        ".abif": "pref_voting reads it, and from_pref_voting takes that over; or",
        ".blt": "no library that we trust reads it; write the ballots as .soi, or",
    } | dict.fromkeys((".ods", ".xls", ".xlsx"), "save the sheet as .csv, or")
    return f"not known; {advice.get(suffix, '')} give one of {listed(READERS)}".replace("  ", " ")


def read_files(
    paths: Sequence[str | Path], choices: Choices, *, apart: Path | None = None
) -> list[tuple[str, Reading]]:
    """The readings of prompts by name, those of long tables among them, all at once."""
    return list(open_data(paths, choices, apart=apart))


def open_data(
    paths: Sequence[str | Path], choices: Choices, *, apart: Path | None = None
) -> DataSet:
    """The prompts of files: a file is one, or, as a long table, holds many; the tables together are
    one. What is said of columns is for the tables among the files, of which there has to be one.
    A directory stands for the files in it, without the file `apart`; `-` is standard input."""
    files: list[Path] = []
    one = isinstance(paths, str | os.PathLike)
    if not one and not isinstance(paths, Iterable):
        raise InputError(f"paths {show(paths)}: expected a list of files and directories")
    for path in map(path_given, [paths] if one else paths):
        files += _populations_in(path, apart) if os.path.isdir(path) else [path]
    if not files:
        raise InputError("no population file was given; name at least one file or directory")
    times = Counter(map(os.path.abspath, files))
    for path in files:
        if times[os.path.abspath(path)] > 1:
            raise InputError(f"{path}: is given twice; name every prompt once")
    # where capitals tell no files apart, their certificates would have one name
    uses = Counter(path.name.casefold() for path in files)
    names = {path: path.name if uses[path.name.casefold()] == 1 else str(path) for path in files}
    skipped = Skipped(choices.skip_bad)
    tables, singles = _tables_among(files, choices)
    if choices.about_tables and not tables:
        ways = f"{option('columns')}, {option('as_users')} and {option('preset')}"
        raise InputError(f"{files[0]}: {ways} are about long tables, and this is none")
    wide = [path for path in singles if path.suffix.lower() == ".csv"]
    others = Choices(choices.missing) if wide else replace(choices, skip_bad=False)
    readings: list[tuple[str, Reading]] = []
    for path in singles:
        readings += _in_file(path, names[path], choices if path in wide else others)
    for name, number in Counter(name for name, _ in readings).items():
        if number > 1:
            raise InputError(f"the prompt {show(name)} is in two files; rename one")
    return DataSet(readings, _prompts_of(tables, choices, skipped), skipped)


def _in_file(path: Path, name: str, choices: Choices) -> list[tuple[str, Reading]]:
    """The prompts of a file that is no long table."""
    if path.suffix.lower() == ".json":
        with _naming(path):
            several = json_format.read_several(_text(path), choices)
        if several:
            found = several.items()
            return [(prompt, replace(reading, source=path)) for prompt, reading in found]
    return [(name, read_file(path, choices))]


def _tables_among(
    files: Sequence[Path], choices: Choices
) -> tuple[dict[Path, tuple[bytes, str]], list[Path]]:
    """The long tables among the files, with contents and kinds; and the other files."""
    long: dict[Path, tuple[bytes, str]] = {}
    others: list[Path] = []
    for path in files:
        kind = tables.kind_of(path)
        piped = str(path) == tables.STANDARD_INPUT
        if kind is None and not piped:
            others.append(path)
            continue
        with _naming(path):
            data = tables.contents(path, sys.stdin.buffer.read() if piped else None)
        kind = kind or tables.sniffed(data)
        if (
            piped
            or tables.is_only_a_table(path)
            or tables.looks_long(data, kind)
            or (choices.about_tables and kind == tables.CSV)
        ):
            sniffed = tables.JSON if tables.sniffed(data) == tables.JSON else kind
            long[path] = data, sniffed if kind == tables.JSONL else kind
        else:
            others.append(path)
    return long, others


def _prompts_of(
    found: dict[Path, tuple[bytes, str]], choices: Choices, skipped: Skipped
) -> TablePrompts | None:
    if not found:
        return None
    preset = preset_named(choices.preset) if choices.preset else None
    asked = Asked(parse_roles(choices.columns), choices.as_users, choices.preset, preset)
    rows = []
    for path in list(found):
        with _naming(path):
            data, kind = found.pop(path)
            rows.append(tables.read_rows(path, data, kind, asked))
    first = rows[0].path
    whole = "standard input" if str(first) == tables.STANDARD_INPUT else first.name
    return TablePrompts(read_cells(rows, skipped, whole), choices, first)


def _choices(
    missing: Missing | None, id_column: str | None, scores: Sequence[str] | None, ranks: bool
) -> Choices:
    if isinstance(scores, str):
        raise InputError(f"scores={show(scores)}: expected a list of the columns' names")
    return Choices(missing, id_column, None if scores is None else tuple(scores), ranks)


def read_prompt_weights(path: str | Path, names: Sequence[str]) -> list[Fraction]:
    """Read the weights of the prompts `names`, in that order.

    The file is a CSV with the header `prompt,weight`. Weights are positive and read exactly ("3",
    "3/4", "0.25"); every prompt must occur once, and nothing else may occur.
    """
    path = Path(path)
    weights: dict[str, Fraction] = {}
    with _naming(path):
        (line, header), *rows = table(_text(path))
        if header != ["prompt", "weight"]:
            raise LineError("the header must be prompt,weight", line)
        for line, (name, text) in rows:
            if name not in names:
                raise LineError(f"{show(name)} is not a prompt; they are {listed(names)}", line)
            if name in weights:
                raise LineError(f"the prompt {show(name)} occurs twice; keep one row", line)
            weight = exact(text)
            if weight is None or weight <= 0:
                raise LineError(f"the weight {show(text)} is not a number above zero", line)
            weights[name] = weight
        for name in names:
            if name not in weights:
                raise LineError(f"no weight for the prompt {show(name)}; add a row for it")
    return [weights[name] for name in names]


def write_population(population: ListedPopulation, path: str | Path) -> None:
    """Write a population, whole or not at all; the suffix decides the format (see WRITERS).

    JSON keeps everything, and alone holds partial orders and strengths. PrefLib has whole counts
    only, so rational weights are multiplied by their common denominator: shares stay, the scale
    does not. CSV repeats the row of a user of weight w w times, so weights must be integers. What
    the format cannot hold is an InputError.
    """
    if not isinstance(population, ListedPopulation):
        raise InputError(f"{show(type(population).__name__)} is no Population")
    path = path_given(path)
    suffix = path.suffix.lower()
    with _naming(path):
        if suffix not in WRITERS:
            raise LineError(f"the format {suffix!r} is not known; write one of {listed(WRITERS)}")
        check_unicode(population.responses)
        if suffix == ".json":
            data = json_format.write(population, suffix).encode()
        elif isinstance(population, Population):
            data = WRITERS[suffix](population, suffix).encode()
        else:
            raise LineError("holds rankings only; write partial orders and strengths as .json")
    write_atomically(path, data)


def path_given(path: object) -> Path:
    """The path of a file or directory."""
    if not isinstance(path, str | os.PathLike):
        raise InputError(f"{show(path)} is no path of a file; give one")
    return Path(path)


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Put the file, and the line where it is known, before the message of every InputError."""
    try:
        yield
    except InputError as error:
        line = f":{error.line}" if isinstance(error, LineError) and error.line else ""
        raise InputError(f"{path}{line}: {error}") from None


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        raise LineError(f"cannot be read: {reason(error)}") from None
    return checked_text(data)


def _populations_in(directory: Path, apart: Path | None) -> list[Path]:
    """The files of a known suffix; what is no regular file is passed over with a warning."""
    try:
        names = sorted(os.listdir(directory))
    except OSError as error:
        raise InputError(f"{directory}: cannot be read: {reason(error)}") from None
    found = []
    for name in names:
        path = directory / name
        known = path.suffix.lower() in READERS or tables.is_only_a_table(path)
        known = known and not name.endswith(SUFFIX)
        if not known or name == "manifest.json" or path.is_dir() or path == apart:
            continue
        if path.exists() and not path.is_file():
            logger.warning("%s: passed over, as it is no regular file", printable(str(path)))
        else:  # a link that leads nowhere among them, which cannot be read
            found.append(path)
    if not found:
        raise InputError(f"{directory}: holds no population; expected {listed(READERS)} files")
    return found
