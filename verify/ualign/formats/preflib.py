"""PrefLib's ordinal formats: strict or weak orders, complete or not, each with a whole count."""

from __future__ import annotations

import re
from collections import Counter
from fractions import Fraction

from ualign.formats.common import MAX_DIGITS, LineError, build_reading, check_digits
from ualign.formats.reading import Choices, Reading
from ualign.model.population import Population
from ualign.text import show

NOT_RANKINGS = (".cat", ".dat", ".mjg", ".pwg", ".tog", ".wmd", ".wmg")
"""PrefLib's formats for other things: categories, matchings, comparison graphs."""

_KNOWN_HEADER = re.compile(r"NUMBER (ALTERNATIVES|VOTERS|UNIQUE ORDERS)|DATA TYPE|ALTERNATIVE .*")
_WHOLE = rf"[1-9][0-9]{{0,{MAX_DIGITS - 1}}}"
_TIED = r"([0-9]+|\{[0-9]+(, *[0-9]+)*\})"
_ORDER = re.compile(rf"({_WHOLE}): *({_TIED}(, *{_TIED})*)")
_Header = dict[str, tuple[str, int]]  # key: value, line


def read(text: str, suffix: str, choices: Choices) -> Reading:
    header: _Header = {}
    body: list[tuple[str, int]] = []
    for number, line in enumerate(text.rstrip("\r\n").split("\n"), 1):
        line = line.removesuffix("\r")
        if not line.startswith("#"):
            body.append((line, number))
            continue
        key, _, value = line.removeprefix("#").removeprefix(" ").partition(":")
        if body:
            raise LineError("a header line below an order or an empty line; move it up", number)
        if key in header and _KNOWN_HEADER.fullmatch(key):
            raise LineError(f"{show(key)} is given a second time; remove one", number)
        header[key] = (value.removeprefix(" "), number)
    declared, number = header.get("DATA TYPE", (suffix[1:], 0))
    if declared != suffix[1:]:
        raise LineError(f"DATA TYPE is {show(declared)} in a {suffix} file; correct one", number)
    names = _alternatives(header)
    index = {str(y + 1): y for y in range(len(names))}
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
    return build_reading(names, rows, choices.missing)


def _value(header: _Header, key: str, pattern: str = ".*") -> tuple[str, int]:
    if key not in header:
        raise LineError(f"the header line `# {key}: ...` is missing; add it")
    value, line = header[key]
    if not re.fullmatch(pattern, value):
        raise LineError(f"{key} is {show(value)}, which is not a positive integer", line)
    return value, line


def _alternatives(header: _Header) -> list[str]:
    n = int(_value(header, "NUMBER ALTERNATIVES", _WHOLE)[0])
    keys: dict[str, str] = {}
    for i in range(1, n + 1):  # ends at the first missing one, however large n is
        name, line = _value(header, key := f"ALTERNATIVE NAME {i}")
        if name in keys:
            raise LineError(f"{key} is that of {keys[name]}, {show(name)}; rename one", line)
        keys[name] = key
    expected = set(keys.values())
    for key, (_, line) in header.items():
        if key.startswith("ALTERNATIVE ") and key not in expected:
            raise LineError(f"{show(key)}: alternatives are numbered 1 to {n}", line)
    return list(keys)


def _order(
    text: str, line: int, suffix: str, index: dict[str, int]
) -> tuple[Fraction, list[list[int]]]:
    match = _ORDER.fullmatch(text)
    if match is None:
        what = "a positive integer, then ids or {ids} with commas between, braces not nested"
        raise LineError(f"{show(text)} is not `count: order`: {what}", line)
    items = re.findall(r"[0-9]+|\{[^}]*\}", match[2])
    classes = [re.findall("[0-9]+", item) for item in items]
    for y, times in Counter(y for tied in classes for y in tied).items():
        if y not in index:
            raise LineError(f"the id {show(y)} is unknown; they are 1 to {len(index)}", line)
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
