"""Files built to exhaust the checker: each ends in half a minute and a gigabyte, with a verdict."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from itertools import islice, permutations
from pathlib import Path
from typing import Any

import pytest
from cases import building
from cases.building import document
from cases.learning import picks
from cases.populations import PAIR
from inprocess import lines_on
from ualign.certificates.checking import CHECKER

Json = Any
LONG = "1" + "0" * 48_000  # of 160,000 bits; NINES is one less, so they have no common factor
NINES, THREES = "9" * 48_000, "3" * 48_000
MEGABYTES_63 = 63 << 20
FIRST = {"centre": {"a": "1"}, "delta": "0", "witness": {}}


def text(value: Json) -> bytes:
    """JSON in one line."""
    return json.dumps(value).encode("ascii")


def one_then(count: int, *weights: str) -> Json:
    """The response a above all others, which are tied; the second user has it the other way."""
    rest = [f"r{i}" for i in range(count)]
    orders = [[["a"], rest], [rest, ["a"]]]
    users = [{"weight": w, "ranking": r} for w, r in zip(weights, orders, strict=False)]
    return {"responses": ["a", *rest], "users": users}


def utilities_of_many_responses() -> bytes:
    """As many responses as the degree: their utilities would want 29 gigabytes."""
    size = 60_000
    claim = building.claim_of("algebraic-equilibrium", 1)
    claim["polynomial"] = ["-1", "1", *["0"] * (size - 2), "1"]
    claim |= {"interval": ["0", "1"], "masses": {"a": ["1", *["0"] * (size - 1)]}}
    return text(document(one_then(size - 1, "1"), (claim, {})))


def combination_of_long_numbers() -> bytes:
    """The same long fraction for each of 3,500 responses, reduced for none."""
    number = f"{NINES}/{LONG}"
    proof = {"equilibrium": FIRST, "classes": [[0, 0]], "combination": [[[0, 1], number]]}
    return text(document(one_then(3_500, "1"), building.unique(2, True, proof)))


def lottery_of_long_weights() -> bytes:
    """A strictness test for each of 3,500 responses, with weights of 160,000 bits."""
    about = one_then(3_500, LONG, THREES)
    return text(document(about, building.unique(1, True, {"equilibrium": FIRST})))


def training_at_a_long_temperature() -> bytes:
    """The same long fraction is added for each of 1,000 responses."""
    names = [f"r{i}" for i in range(1_000)]
    about = {"responses": names, "users": [{"weight": "1", "ranking": [names]}]}
    even = dict.fromkeys(names, f"1/{len(names)}")
    claim = building.claim_of(
        "regularised", 2, tau=f"{NINES}/{LONG}", reference=even, policy=even, radius="1/2"
    )
    return text(document(about, (claim, {})))


def bounds_over_many_denominators() -> bytes:
    """Sixty mixtures whose masses, of 8,000 digits, have nothing in common."""
    names, rounds = [f"r{i}" for i in range(300)], 60
    about = {"responses": names, "users": [{"weight": "1", "ranking": [[y] for y in names]}]}
    mixtures = []
    for i in range(rounds):
        whole, rest = (f"1{'0' * 7_995}{2 * i + one:05}" for one in (1, 0))
        masses = f"{rest}/{whole}", f"1/{whole}"
        mixture = [[[names[y]], mass] for y, mass in zip((5, 150), masses, strict=True)]
        mixtures.append([f"1/{rounds}", mixture])
    claim = {"kind": "one-policy-upper-bound", "population": "p"}
    claim["rates"] = [[1, "1/2"]] * rounds
    return text(document(about, (claim, {"mixture": mixtures, "point": {names[0]: "1"}})))


def apart(count: int, digits: int) -> dict[str, str]:
    """Masses of an even number of responses, equal but for the last of so many digits; the
    denominators of every two that sum up to 2/count have next to nothing in common with others."""
    masses = []
    for i in range(count // 2):
        whole = 10**digits + 2 * i + 1
        masses += [Fraction(whole + by, whole * count) for by in (-1, 1)]
    return {f"r{i}": str(mass) for i, mass in enumerate(masses)}


def all_tied(count: int) -> Json:
    """One user, who does not care."""
    names = [f"r{i}" for i in range(count)]
    return {"responses": names, "users": [{"weight": "1", "ranking": [names]}]}


def step_from(policies: Json, eta: str, delta: str, **centre: str) -> tuple[Json, Json]:
    """A claim of the kind picks for k = 2; at a centre of one response the matrix is 1/k."""
    witness = {} if delta == "0" else {"inverse": [["1/2"]], "boundary": {}}
    return picks(2, eta, policies, True, {"centre": centre, "delta": delta}), witness


AGREED = building.population("a b", "1 a>b")
HALVES = {"a": "1/2", "b": "1/2"}


def steps_at_a_long_rate() -> bytes:
    """Logarithms of numbers of 160,000 bits, for each of 5,000 policies."""
    return text(document(AGREED, step_from([HALVES] * 5_000, f"{NINES}/{LONG}", "0", a="1")))


def steps_from_small_masses(count: int, digits: int) -> bytes:
    """Logarithms of seven bits for each digit of a mass, for each policy."""
    policy = {"a": f"1/1{'0' * digits}", "b": f"{'9' * digits}/1{'0' * digits}"}
    return text(document(AGREED, step_from([policy] * count, "1/2", "0", a="1")))


def steps_towards_a_narrow_box() -> bytes:
    """An equilibrium within 160,000 bits, and a gain of that length for each of 2,000 policies."""
    return text(document(AGREED, step_from([HALVES] * 2_000, "1/2", f"1/{THREES}", a="1")))


def steps_of_many_denominators() -> bytes:
    """A centre over 160,000 bits is multiplied by each of 300 policies' gains."""
    centre, even = apart(600, 160), dict.fromkeys(apart(600, 1), "1/600")
    return text(document(all_tied(600), step_from([even] * 300, "1/2", "0", **centre)))


def two_equilibria_of_many_denominators(count: int, digits: int, k: int) -> bytes:
    """Where nobody cares all is an equilibrium; the masses of both have nothing in common."""
    one = apart(count, digits)
    other = dict(zip(one, reversed(one.values()), strict=True))
    return text(document(all_tied(count), building.unique(k, False, {"equilibria": [one, other]})))


def repeated(value: str) -> bytes:
    """A good file with 63 megabytes of a value in its provenance."""
    good = encoded_pair()[:-1] + b', "provenance": ['
    return good + f"{value},".encode() * (MEGABYTES_63 // (len(value) + 1)) + b"0]}"


def encoded_pair() -> bytes:
    """A small file that is accepted."""
    claim = building.win_rate(1, 1, "uniform", {"product": {"a": "1"}}, ">=", "1/2")
    return text(document(PAIR, (claim, {})))


ATTACKS: dict[str, tuple[Callable[[], bytes], str]] = {
    "utilities": (utilities_of_many_responses, "OVER_BUDGET"),
    "combination": (combination_of_long_numbers, "ACCEPTED"),
    "lottery": (lottery_of_long_weights, "ACCEPTED"),
    "temperature": (training_at_a_long_temperature, "ACCEPTED"),
    "denominators": (bounds_over_many_denominators, "OVER_BUDGET"),
    "rate": (steps_at_a_long_rate, "OVER_BUDGET"),
    "logarithms": (lambda: steps_from_small_masses(100, 5_000), "OVER_BUDGET"),
    "short logarithms": (lambda: steps_from_small_masses(5_000, 54), "ACCEPTED"),
    "box": (steps_towards_a_narrow_box, "ACCEPTED"),
    "steps": (steps_of_many_denominators, "OVER_BUDGET"),
    "equilibria": (lambda: two_equilibria_of_many_denominators(200, 160, 1), "ACCEPTED"),
    "many equilibria": (lambda: two_equilibria_of_many_denominators(6_000, 16, 1), "OVER_BUDGET"),
    "draws": (lambda: two_equilibria_of_many_denominators(200, 160, 1_000), "OVER_BUDGET"),
    "inexact": (lambda: repeated("1.5"), "MALFORMED"),
    "objects": (lambda: repeated("{}"), "OVER_BUDGET"),
    "lists": (lambda: repeated("[]"), "OVER_BUDGET"),
    "members": (lambda: repeated('{"a":0}'), "OVER_BUDGET"),
    "integers": (lambda: repeated("1"), "OVER_BUDGET"),
    "strings": (lambda: repeated('"abc"'), "OVER_BUDGET"),
}


def limited(path: Path, gigabytes: float, cwd: Path) -> tuple[int, str, bytes]:
    """Exit code, verdict and complaint of the checker in so much memory and half a minute of the
    processor's time."""
    most = int(gigabytes * (1 << 30))
    code = f"import resource, runpy; resource.setrlimit(resource.RLIMIT_AS, ({most},) * 2);"
    code += "resource.setrlimit(resource.RLIMIT_CPU, (30, 30));"
    code += f"runpy.run_path({str(CHECKER)!r}, run_name='__main__')"
    command = [sys.executable, "-I", "-S", "-B", "-c", code, str(path)]
    done = subprocess.run(command, capture_output=True, cwd=cwd, env={}, timeout=300, check=False)
    return done.returncode, done.stdout.decode("ascii").partition(" ")[0], done.stderr


CODES = {"ACCEPTED": 0, "MALFORMED": 11, "OVER_BUDGET": 12}


@pytest.mark.slow
@pytest.mark.parametrize("name", ATTACKS)
def test_it_ends_soon_and_in_a_gigabyte(name, tmp_path):
    """With the default budgets."""
    build, verdict = ATTACKS[name]
    path = tmp_path / "attack.cert.json"
    path.write_bytes(build())
    assert path.stat().st_size < 1 << 26
    assert limited(path, 1, tmp_path) == (CODES[verdict], verdict, b"")


def test_running_out_of_memory_is_over_budget(tmp_path):
    """Not a traceback with the exit code 1, which would be no verdict."""
    path = tmp_path / "attack.cert.json"
    path.write_bytes(repeated("1.5"))
    assert limited(path, 0.125, tmp_path) == (12, "OVER_BUDGET", b"")


def test_long_stakes_are_paid_for(tmp_path):
    """A holdout multiplies its bound and its stake for each user: at 45,000 digits and 2,000 users
    that costs too much, and says so at once."""
    names, long = [f"r{i}" for i in range(9)], "1" + "0" * 44_999
    orders = islice(permutations(names), 2000)
    users = [{"weight": "1", "ranking": [[name] for name in order]} for order in orders]
    policy, small = {"product": {"r0": "1"}}, f"1/{long}"
    claim = building.claim_of(
        "holdout", 2, policy=policy, bound=small, stake=small, confidence="1/2"
    )
    about = {"responses": names, "users": users}
    (line,) = lines_on(building.encoded(document(about, (claim, {}))), tmp_path / "a.cert.json")
    assert (line["verdict"], line["code"]) == ("OVER_BUDGET", "work")
