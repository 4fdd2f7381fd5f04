"""Files damaged at random: a verdict for each, and no crash."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from cases.building import encoded
from running import CASES, EXIT_CODES, ONE_OF_EACH, resolve, run

Json = Any


JUNK: list[Json] = [
    *(None, True, False, 0, -1, 1, 3, 65, 10**17, "", "a", "b", "p", "0", "1", "-1", "1/2", "2/4"),
    *("uniform", "<=", ">=", "=", "\ud800", [], {}, [[]], [["a"]], [["a"], ["b"]], {"a": "1"}),
    *({"b": "1"}, [[0, 0]], [0, 0], [["a", "b"], "1"], {"product": {"a": "1"}}, 12345678901234567),
]


def places(value: Json, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of all parts of a JSON value but itself."""
    inner = value.items() if isinstance(value, dict) else ()
    inner = enumerate(value) if isinstance(value, list) else inner
    found = []
    for key, part in inner:
        found += [(*path, key), *places(part, (*path, key))]
    return found


def at(value: Json, path: Sequence[Any]) -> Json:
    """The part of a JSON value at a path."""
    for step in path:
        value = value[step]
    return value


def mutated(content: bytes, draw: random.Random) -> bytes:
    """The file with one or two parts replaced, dropped, doubled or exchanged."""
    value = json.loads(content)
    for _ in range(draw.choice([1, 1, 2])):
        path = draw.choice(places(value))
        parent, last = at(value, path[:-1]), path[-1]
        change = draw.randrange(5)
        if change == 0:
            del parent[last]
        elif change == 1 and isinstance(parent, list):
            parent.insert(last, parent[last])
        elif change == 2:
            other = draw.choice(places(value))
            parent[last] = json.loads(json.dumps(at(value, other)))
        elif change == 3 and isinstance(parent, dict):
            parent[draw.choice(["k", "a", "b", "delta", "witness", "x"])] = parent[last]
        else:
            parent[last] = json.loads(json.dumps(draw.choice(JUNK)))
        if not isinstance(value, dict) or not places(value):
            break
    return encoded(value)


def scrambled(content: bytes, draw: random.Random) -> bytes:
    """The file with a few bytes changed, inserted, dropped or cut off."""
    data = bytearray(content)
    for _ in range(draw.randint(1, 3)):
        i = draw.randrange(len(data))
        change = draw.randrange(4)
        if change == 0:
            data[i] = draw.choice(b'"[]{},:0123456789-+/eE.\\ \n\x00\x80\xff')
        elif change == 1:
            data.insert(i, draw.choice(b'"[]{},:0123456789-/.\\'))
        elif change == 2:
            del data[i]
        elif draw.randrange(4) == 0:
            del data[max(1, i) :]
    return bytes(data)


@pytest.mark.slow
@pytest.mark.parametrize("change", [mutated, scrambled])
def test_no_file_makes_it_crash(change, tmp_path, elsewhere):
    """Damaged files get one of the four verdicts, an exit code that fits, and no traceback; and
    whatever is refused is pointed at."""
    draw = random.Random(f"{change.__name__} 1")
    good = [content for case, content in CASES.items() if case.startswith("accepted/")]
    files = []
    for number in range(1500):
        files.append(tmp_path / f"{number}.cert.json")
        files[-1].write_bytes(change(draw.choice(good), draw))
    seen: Counter[str] = Counter()
    for start in range(0, len(files), 500):
        found = run("--max-work=1000000", *files[start : start + 500], cwd=elsewhere)
        assert found.complaint == ""
        verdicts = [line["verdict"] for line in found.lines]
        assert found.code == next(EXIT_CODES[v] for v in ONE_OF_EACH if v in verdicts)
        assert {line["file"] for line in found.lines} == set(map(str, files[start : start + 500]))
        seen.update(verdicts)
        for line in found.lines:
            if line.get("pointer"):
                value = json.loads(Path(line["file"]).read_bytes(), parse_int=str)
                resolve(value, line["pointer"])
    assert set(seen) <= set(EXIT_CODES)
    assert seen["MALFORMED"] > 500
    assert seen["ACCEPTED"] < 750
