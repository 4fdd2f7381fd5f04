"""Changes to certificate files: what a checker must not fall for."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

Json = Any
NUMBER = re.compile(r'"-?[0-9]+(?:/[0-9]+)?"|(?<=[\[,: ])[0-9]+(?=[\],}])')
DISTRIBUTIONS = ("product", "centre", "joint", "mixture", "point", "equilibria", "policies")
DISTRIBUTIONS += ("reference",)
SHORT = 9
"""Numbers of up to this many digits get five alternatives for each digit, others one."""


def changed_digits(number: str, draw: random.Random) -> Iterator[str]:
    """The number with one digit changed: in five ways if it is short, else in one."""
    places = [i for i, character in enumerate(number) if character.isdigit()]
    for i in places:
        others = [digit for digit in "0123456789" if digit != number[i]]
        for digit in draw.sample(others, 5 if len(places) <= SHORT else 1):
            yield number[:i] + digit + number[i + 1 :]


def mutations(content: bytes) -> Iterator[bytes]:
    """The file with one digit changed, for each digit of each number in it."""
    text = content.decode("ascii")
    draw = random.Random(text)
    for found in NUMBER.finditer(text):
        for number in changed_digits(found[0], draw):
            yield (text[: found.start()] + number + text[found.end() :]).encode("ascii")


def rationals(value: Json, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of all strings in a JSON value that are rationals."""
    inner = value.items() if isinstance(value, dict) else ()
    for key, part in enumerate(value) if isinstance(value, list) else inner:
        if isinstance(part, str) and NUMBER.fullmatch(f'"{part}"'):
            yield (*path, key)
        else:
            yield from rationals(part, (*path, key))


def other_mass(document: Json, path: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """The path of another mass of the distribution that the mass at `path` belongs to, if any."""
    for length, step in enumerate(path):
        plain = step == "policy" and path[length + 1] not in DISTRIBUTIONS
        if step in DISTRIBUTIONS or plain:
            deep = step == "mixture" and len(path) > length + 3
            inner = 2 * deep + (step in ("equilibria", "policies"))
            where = path[: length + 1 + inner]
            masses = [(*where, *rest) for rest in rationals(at(document, where))]
            masses = [mass for mass in masses if len(mass) == len(path)]
            return masses[masses.index(path) - 1] if len(masses) > 1 else None
    return None


def at(value: Json, path: tuple[Any, ...]) -> Json:
    """The part of a JSON value at a path."""
    for step in path:
        value = value[step]
    return value


def repaired_mutations(content: bytes) -> Iterator[bytes]:
    """The same for rationals, but then put in lowest terms and, in a distribution, with the
    difference taken from another mass: files that are not malformed for trivial reasons."""
    document = json.loads(content)
    draw = random.Random(content)
    for path in list(rationals(document)):
        old, other = at(document, path), other_mass(document, path)
        for text in changed_digits(old, draw):
            if re.search(r"/0+$", text):
                continue
            places = {path: Fraction(text)}
            if other is not None:
                places[other] = Fraction(at(document, other)) - Fraction(text) + Fraction(old)
            copy = json.loads(content)
            for place, number in places.items():
                at(copy, place[:-1])[place[-1]] = str(number)
            yield json.dumps(copy).encode("ascii")
