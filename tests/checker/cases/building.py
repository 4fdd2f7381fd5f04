"""Certificate files and parts of them, written and edited."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from fractions import Fraction
from typing import Any

Json = Any


Masses = dict[str, Fraction]


POP, CLAIM, WITNESS = "/populations/p", "/certificates/0/claim", "/certificates/0/witness"


def population(names: str, profile: str) -> Json:
    """A population from text such as "2 a>b=c, 1/2 c>a>b": weights and rankings."""
    users = []
    for entry in profile.split(","):
        weight, ranking = entry.split()
        users.append({"weight": weight, "ranking": [c.split("=") for c in ranking.split(">")]})
    return {"responses": names.split(), "users": users}


def document(about: Json, *certificates: tuple[Json, Json]) -> Json:
    """A file on one population, `p`, with (claim, witness) pairs."""
    return {
        "format": "ualign/1",
        "populations": {"p": about},
        "certificates": [{"claim": claim, "witness": witness} for claim, witness in certificates],
    }


def claim_of(kind: str, k: int, **rest: Json) -> Json:
    """A claim about the population `p`."""
    return {"kind": kind, "population": "p", "k": k, **rest}


def win_rate(k: int, l: int, ties: str, policy: Json, relation: str, bound: str) -> Json:
    """A claim of kind win-rate."""
    rest = {"policy": policy, "relation": relation, "bound": bound}
    return claim_of("win-rate", k, l=l, ties=ties, **rest)


def encoded(value: Json) -> bytes:
    """JSON with a line for every certificate, so that differences are easy to see."""
    text = json.dumps(value)
    for key in ("populations", "certificates", "provenance"):
        text = text.replace(f' "{key}": ', f'\n "{key}": ', 1)
    return text.replace(' {"claim": ', '\n  {"claim": ').encode("ascii") + b"\n"


def put(value: Json, pointer: str, new: Json) -> Json:
    """A copy in which the place has a new value; the last step may be a new key."""
    copy = deepcopy(value)
    *steps, last = pointer.split("/")[1:]
    place = copy
    for step in steps:
        place = place[int(step) if isinstance(place, list) else step]
    place[int(last) if isinstance(place, list) else last] = new
    return copy


def drop(value: Json, pointer: str) -> Json:
    """A copy without the key or the element."""
    copy = deepcopy(value)
    *steps, last = pointer.split("/")[1:]
    place = copy
    for step in steps:
        place = place[int(step) if isinstance(place, list) else step]
    del place[int(last) if isinstance(place, list) else last]
    return copy


def swap(value: Json, old: str, new: str) -> bytes:
    """The file's text with one occurrence of `old`, the only one, replaced."""
    text = encoded(value).decode("ascii")
    if text.count(old) != 1:
        raise ValueError(f"{old!r} occurs {text.count(old)} times in {text}")
    return text.replace(old, new).encode("utf-8", "surrogatepass")


def vs(*names: str) -> Json:
    """The witness of a win rate that is attained."""
    return {"opponent": list(names)}


def equilibrium(k: int, place: Json, witness: Json | None = None) -> tuple[Json, Json]:
    """A claim and a witness of kind equilibrium; `place` holds the centre and delta."""
    return claim_of("equilibrium", k, **place), witness or {}


def named(kind: str, what: str) -> str:
    """The name of a case; the plus of a variant goes to the front."""
    return f"{'+' * what.startswith('+')}{kind}--{what.removeprefix('+')}"


def exact(**centre: str) -> Json:
    """The place of an equilibrium that is given exactly."""
    return {"centre": centre, "delta": "0"}


def unique(k: int, truth: bool, witness: Json) -> tuple[Json, Json]:
    """A claim and a witness of kind unique-equilibrium."""
    return claim_of("unique-equilibrium", k, unique=truth), witness


def product_upper_bound(k: int, l: int, bound: object) -> Json:
    """A claim of kind product-upper-bound."""
    return claim_of("product-upper-bound", k, l=l, ties="uniform", bound=str(bound))


def random_subset(*counts: int) -> Json:
    """The policy of uniform rankings."""
    return {"random_subset": list(counts)}


def algebraic(k: int, about: Json) -> tuple[Json, Json]:
    """A claim and a witness of kind algebraic-equilibrium."""
    return claim_of("algebraic-equilibrium", k, **about), {}


def inside(centre: Json, delta: str = "0", witness: Json | None = None) -> Json:
    """An equilibrium in a witness."""
    return {"equilibrium": {"centre": centre, "delta": delta, "witness": witness or {}}}


def about_limits(kind: str, **rest: Json) -> Json:
    """A claim of a kind that has no k."""
    return {"kind": kind, "population": "p", **rest}


Good = dict[str, Json]


Cases = Iterator[tuple[str, "Json | bytes"]]
