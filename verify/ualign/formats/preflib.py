"""PrefLib's ordinal formats: strict or weak orders, complete or not, each with a whole count;
as PrefLib writes them since 2022 and before, and as other programs do."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from ualign.formats.common import MAX_DIGITS, LineError, build_reading, check_digits
from ualign.formats.reading import Choices, Reading
from ualign.model.population import Population
from ualign.text import show

NOT_RANKINGS = {
    ".cat": "categories",
    ".dat": "additional data",
    ".mjg": "majority graphs",
    ".pwg": "pairwise graphs",
    ".tog": "tournament graphs",
    ".wmd": "weighted matchings",
    ".wmg": "weighted majority graphs",
}
"""PrefLib's formats for other things."""

_KNOWN_HEADER = re.compile(r"NUMBER (ALTERNATIVES|VOTERS|UNIQUE ORDERS)|DATA TYPE|ALTERNATIVE .*")
_WHOLE = rf"[1-9][0-9]{{0,{MAX_DIGITS - 1}}}"
_ID = r"[ \t]*[0-9]+[ \t]*"
_TIED = rf"({_ID}|[ \t]*\{{{_ID}(,{_ID})*\}}[ \t]*)"
_ORDER = re.compile(rf"[ \t]*(0|{_WHOLE})[ \t]*:({_TIED}(,{_TIED})*)")
_OLD_COUNTS = re.compile(rf"[ \t]*({_WHOLE})[ \t]*,[ \t]*\1[ \t]*,[ \t]*({_WHOLE})[ \t]*")
_Header = dict[str, tuple[str, int]]  # key: value, line


def read(text: str, suffix: str, choices: Choices) -> Reading:
    lines = [
        (line, number)
        for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1)
        if line.strip(" \t\r")
    ]
    is_old = bool(lines) and re.fullmatch(rf"[ \t]*{_WHOLE}[ \t]*", lines[0][0]) is not None
    header, body = _parts_of_old(lines) if is_old else _parts(lines)
    declared, number = header.get("DATA TYPE", (suffix[1:], 0))
    if declared.rstrip(" \t") != suffix[1:]:
        raise LineError(f"DATA TYPE is {show(declared)} in a {suffix} file; correct one", number)
    index = _alternatives(header)
    rows = [(number, *_order(line, number, suffix, index)) for line, number in body]
    if not rows:
        raise LineError("holds no orders; give at least one line `count: order`")
    counts = {"UNIQUE ORDERS": len(rows), "VOTERS": sum(int(weight) for _, weight, _ in rows)}
    for what, found in counts.items():
        stated, number = _value(header, f"NUMBER {what}", _WHOLE)
        if int(stated) != found:
            raise LineError(
                f"NUMBER {what} is {show(int(stated))}, but the body has {show(found)}", number
            )
    names = [header[f"ALTERNATIVE NAME {number}"][0] for number in index]
    return build_reading(names, [row for row in rows if row[1]], choices.of_rankings)


def _parts(lines: Sequence[tuple[str, int]]) -> tuple[_Header, list[tuple[str, int]]]:
    """The header by its keys, and the lines of the body."""
    header: _Header = {}
    body: list[tuple[str, int]] = []
    for line, number in lines:
        if not line.startswith("#"):
            body.append((line, number))
            continue
        key, _, value = line.removeprefix("#").removeprefix(" ").partition(":")
        if body:
            raise LineError("a header line below an order; move it up", number)
        if key in header and _KNOWN_HEADER.fullmatch(key):
            raise LineError(f"{show(key)} is given a second time; remove one", number)
        header[key] = (value.removeprefix(" "), number)
    return header, body


def _parts_of_old(lines: Sequence[tuple[str, int]]) -> tuple[_Header, list[tuple[str, int]]]:
    """The same of PrefLib's format before 2022, which is without `#`: the number of alternatives;
    for each `number,name`; `voters,sum of counts,unique orders`; then lines `count,order`."""
    number_of, *rest = lines
    header: _Header = {"NUMBER ALTERNATIVES": (number_of[0].strip(" \t"), number_of[1])}
    n = int(number_of[0])
    if len(rest) <= n:
        raise LineError(f"the old PrefLib format, but ends before its {show(n)} names and counts")
    for i, (line, number) in enumerate(rest[:n], 1):
        key, comma, name = line.partition(",")
        if not comma or key.strip(" \t") != str(i):
            raise LineError(f"{show(line)} is not `{i},name`, as in the old PrefLib format", number)
        header[f"ALTERNATIVE NAME {i}"] = (name.strip(" \t"), number)
    line, number = rest[n]
    match = _OLD_COUNTS.fullmatch(line)
    if match is None:
        what = "`voters,sum of counts,unique orders` with voters and sum alike"
        raise LineError(f"{show(line)} is not {what}, as in the old PrefLib format", number)
    header |= {"NUMBER VOTERS": (match[1], number), "NUMBER UNIQUE ORDERS": (match[2], number)}
    return header, [(line.replace(",", ":", 1), number) for line, number in rest[n + 1 :]]


def _value(header: _Header, key: str, pattern: str = ".*") -> tuple[str, int]:
    if key not in header:
        raise LineError(f"the header line `# {key}: ...` is missing; add it")
    value, line = header[key]
    if not re.fullmatch(rf"{pattern}[ \t]*", value):
        raise LineError(f"{key} is {show(value)}, which is not a positive integer", line)
    return value, line


def _alternatives(header: _Header) -> dict[str, int]:
    """The alternatives' numbers, from 1 or, as other programs write them, from 0; with places."""
    n = int(_value(header, "NUMBER ALTERNATIVES", _WHOLE)[0])
    first = 0 if "ALTERNATIVE NAME 0" in header else 1
    keys: dict[str, str] = {}
    for i in range(first, first + n):  # ends at the first missing one, however large n is
        name, line = _value(header, key := f"ALTERNATIVE NAME {i}")
        if name in keys:
            raise LineError(f"{key} is that of {keys[name]}, {show(name)}; rename one", line)
        keys[name] = key
    expected = set(keys.values())
    for key, (_, line) in header.items():
        if key.startswith("ALTERNATIVE ") and key not in expected:
            what = f"alternatives are numbered {first} to {first + n - 1}"
            raise LineError(f"{show(key)}: {what}", line)
    return {str(first + y): y for y in range(n)}


def _order(
    text: str, line: int, suffix: str, index: dict[str, int]
) -> tuple[Fraction, list[list[int]]]:
    match = _ORDER.fullmatch(text)
    if match is None:
        what = "a whole number, then ids or {ids} with commas between, braces not nested"
        raise LineError(f"{show(text)} is not `count: order`: {what}", line)
    items = re.findall(r"[0-9]+|\{[^}]*\}", match[2])
    classes = [re.findall("[0-9]+", item) for item in items]
    for y, times in Counter(y for tied in classes for y in tied).items():
        if y not in index:
            first, last = next(iter(index)), next(reversed(index))
            raise LineError(f"the id {show(y)} is unknown; they are {first} to {last}", line)
        if times > 1:
            raise LineError(f"the id {y} occurs twice; rank it once", line)
    if suffix in (".soc", ".soi") and any(len(tied) > 1 for tied in classes):
        raise LineError(f"a tie, which {suffix} does not allow; use .toc or .toi", line)
    if suffix in (".soc", ".toc") and sum(map(len, classes)) < len(index):
        raise LineError(f"an incomplete order, which {suffix} does not allow; use .toi", line)
    return Fraction(int(match[1])), [[index[y] for y in tied] for tied in classes]


def write(population: Population, suffix: str) -> str:
    if suffix in (".soc", ".soi") and not population.is_strict:
        raise LineError(f"{suffix} does not allow ties; write .toc, .json or .csv")
    for name in population.responses:
        if "\n" in name or "\0" in name or name.endswith("\r"):
            raise LineError(f"PrefLib cannot hold a line break or NUL: {show(name)}; write .json")
    check_digits([population.scale])
    lines = [
        f"# DATA TYPE: {suffix[1:]}",
        f"# NUMBER ALTERNATIVES: {population.n}",
        f"# NUMBER VOTERS: {population.scale}",
        f"# NUMBER UNIQUE ORDERS: {len(population.users)}",
        *(f"# ALTERNATIVE NAME {i}: {name}" for i, name in enumerate(population.responses, 1)),
    ]
    for weight, user in zip(population.integer_weights, population.users, strict=True):
        classes = [",".join(str(y + 1) for y in tied) for tied in user.ranking]
        order = ",".join(f"{{{ids}}}" if "," in ids else ids for ids in classes)
        lines.append(f"{weight}: {order}")
    return "\n".join(lines) + "\n"
