"""Mutants of true certificates: what the checker accepts of them has to be true.

    python tests/checker/fuzz.py [COUNT] [SEED]     # 2000 mutants unless COUNT says otherwise

The certificates are those of the corpus and of reports/, and fresh ones with k up to 300 whose
bounds are exact, so that the smallest change makes them false. An accepted mutant that claims
something else than its original is confirmed or refuted by exact arithmetic from the definitions
(truth.py, and for near ties what is below). Prints counts for each kind; exits with 1 if anything
accepted is refuted, and shows it.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from itertools import combinations_with_replacement
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "checker")]

import make_corpus  # noqa: E402
import naive_oracle  # noqa: E402
import true_win_rates  # noqa: E402
import truth  # noqa: E402
from cases import arithmetic, building  # noqa: E402
from cases.building import document, win_rate  # noqa: E402
from cases.populations import CYCLE, TRIO  # noqa: E402
from inprocess import lines_on  # noqa: E402
from mutants import at, changed_digits, other_mass, rationals  # noqa: E402
from true_equilibria import UndecidedError  # noqa: E402

Json = Any
REPORTS = sorted((ROOT / "reports" / "certificates").glob("*.cert.json"))
MANY = (1, 2, 3, 7, 30, 100, 300)
"""Numbers of draws of the fresh certificates."""

SIZE = 6_000
"""Longest certificates of the reports that are changed, in characters."""

PATIENCE = 300
"""Most draws, and tuples on either side, that a judge looks at."""


DIGITS = 8_000
"""Most digits of the power of a mass that a judge takes."""


# ---- True certificates ---------------------------------------------------------------------------


def originals(draw: random.Random) -> list[Json]:
    """Files with one true claim each."""
    found = [value for _, value in make_corpus.accepted() if len(value["certificates"]) == 1]
    for path in draw.sample(REPORTS, min(40, len(REPORTS))):
        value = json.loads(path.read_bytes())
        for part in draw.sample(value["certificates"], min(6, len(value["certificates"]))):
            name = part["claim"]["population"]
            claim = {**part["claim"], "population": "p"}
            one = document(value["populations"][name], (claim, part["witness"]))
            if len(json.dumps(one)) <= SIZE:
                found.append(one)
    for k in MANY:
        found += [*fresh_win_rates(k, draw), *fresh_others(k)]
    return found


def fresh_win_rates(k: int, draw: random.Random) -> Iterator[Json]:
    """Exact worst cases of random policies for random populations."""
    for l in (1, 1, 2):
        names = "abcd"[: draw.randint(2, 4)]
        users = []
        for _ in range(draw.randint(1, 4)):
            order = "".join(f"{y}{draw.choice('>>=')}" for y in draw.sample(names, len(names)))
            users.append(f"{draw.randint(1, 9)} {order[:-1]}")
        about = building.population(" ".join(names), ", ".join(users))
        shares = [draw.randint(0, 4) for _ in names]
        total = sum(shares) or 1
        masses = {y: str(Fraction(s, total)) for y, s in zip(names, shares, strict=True) if s}
        policy, ties = {"product": masses or {names[0]: "1"}}, draw.choice(["uniform", "half"])
        tuples = combinations_with_replacement(names, l)
        rates = {T: true_win_rates.chance(about, policy["product"], k, T, ties) for T in tuples}
        worst = min(rates, key=lambda T: rates[T])
        for relation in (">=", "=", "<="):
            witness = {} if relation == ">=" else {"opponent": list(worst)}
            claim = win_rate(k, l, ties, policy, relation, str(rates[worst]))
            yield document(about, (claim, witness))


def fresh_others(k: int) -> Iterator[Json]:
    """Where everything is known for all k: a Condorcet cycle, and users who agree."""
    third = dict.fromkeys("abc", "1/3")
    cycle, limit = CYCLE, str(Fraction(k, k + 1))
    yield document(cycle, building.equilibrium(k, building.exact(**third)))
    mixture = [[[y], mass] for y, mass in third.items()]
    bound = building.product_upper_bound(k, 1, limit)
    yield document(cycle, (bound, {"mixture": mixture, "point": third}))
    for distance in (Fraction(0), 2 * Fraction(2, 3) ** (k + 1)):
        claim = building.claim_of("dictatorship-distance", k, bound=str(distance))
        yield document(cycle, (claim, building.inside(third)))
    agreed = building.population("a b c", "2 a>b>c, 1 a>c=b")
    yield document(agreed, building.equilibrium(k, building.exact(a="1")))
    claim = win_rate(k, 1, "uniform", {"product": {"a": "1"}}, "=", limit)
    yield document(agreed, (claim, building.vs("a")))
    if k in (2, 7):
        box, witness = arithmetic.enclosure(TRIO, k, "abc", {})
        yield document(TRIO, building.equilibrium(k, box, witness))


# ---- Mutations -----------------------------------------------------------------------------------


def little(draw: random.Random) -> Fraction:
    """A small number, mostly one that nothing but exact arithmetic can see."""
    return Fraction(draw.choice([-1, 1]), 10 ** draw.choice([400, 400, 60, 6, 1]))


def shift(value: Json, draw: random.Random) -> bool:
    """A bound, a radius or an end of an interval, a little elsewhere."""
    places = [path for path in rationals(value) if {"bound", "delta", "interval"} & {*path}]
    return bool(places) and add(value, draw.choice(places), little(draw))


def move(value: Json, draw: random.Random) -> bool:
    """A little mass from one place of a distribution to another."""
    path = draw.choice([*rationals(value)])
    other, amount = other_mass(value, path), little(draw)
    return other is not None and add(value, path, amount) and add(value, other, -amount)


def swap(value: Json, draw: random.Random) -> bool:
    """Two masses, or two numbers of the same list, exchanged."""
    path = draw.choice([*rationals(value)])
    others = [p for p in rationals(value) if p[:-1] == path[:-1]]
    other = other_mass(value, path) or draw.choice(others)
    parent, second = at(value, path[:-1]), at(value, other[:-1])
    parent[path[-1]], second[other[-1]] = second[other[-1]], parent[path[-1]]
    return other != path


def weigh(value: Json, draw: random.Random) -> bool:
    """Another weight of a user, far away or near."""
    users = value["populations"]["p"].get("users", [])
    factor = draw.choice([Fraction(2), Fraction(9, 10), 1 + little(draw)])
    for user in users and [draw.choice(users)]:
        user["weight"] = str(Fraction(user["weight"]) * factor)
    return bool(users) and factor > 0


def rank(value: Json, draw: random.Random) -> bool:
    """Two classes of a user exchanged or merged, or one divided."""
    users = value["populations"]["p"].get("users", [])
    ranking = draw.choice(users).get("ranking", []) if users else []
    if not ranking:
        return False
    i = draw.randrange(len(ranking))
    if draw.random() < 0.3:
        tied = ranking[i]
        ranking[i : i + 1] = [tied[:1], tied[1:]] if len(tied) > 1 else [tied]
        return len(tied) > 1
    if len(ranking) < 2:
        return False
    j = draw.randrange(len(ranking) - 1)
    first, second = ranking[j : j + 2]
    ranking[j : j + 2] = draw.choice([[second, first], [first + second]])
    return True


def word(value: Json, draw: random.Random) -> bool:
    """Another relation, tie convention or truth value."""
    claim = at(value, ("certificates", 0, "claim"))
    choices = {"relation": ["<=", "=", ">="], "ties": [*naive_oracle.definition.TIES]}
    choices["unique"] = [True, False]
    keys = [key for key in choices if key in claim]
    for key in keys and [draw.choice(keys)]:
        claim[key] = draw.choice([new for new in choices[key] if new != claim[key]])
        if key == "relation" and claim[key] == ">=":
            at(value, ("certificates", 0))["witness"] = {}
    return bool(keys)


def count(value: Json, draw: random.Random) -> bool:
    """One output more or less, on either side."""
    claim = at(value, ("certificates", 0, "claim"))
    keys = [key for key in ("k", "k", "l") if key in claim]
    for key in keys and [draw.choice(keys)]:
        claim[key] += draw.choice([-1, 1])
        if key == "l" and "opponent" in at(value, ("certificates", 0, "witness")):
            opponent = at(value, ("certificates", 0, "witness"))["opponent"]
            opponent[:] = (opponent * 2)[: claim[key]]
    return bool(keys)


def digit(value: Json, draw: random.Random) -> bool:
    """One digit changed; a distribution's sum is kept."""
    path = draw.choice([*rationals(value)])
    old, other = at(value, path), other_mass(value, path)
    new = draw.choice([*changed_digits(old, draw)])
    if new.partition("/")[2].strip("0") == "" and "/" in new:
        return False
    amount = Fraction(new) - Fraction(old)
    return add(value, path, amount) and (other is None or add(value, other, -amount))


def entry(value: Json, draw: random.Random) -> bool:
    """Two entries of a list of the witness exchanged, or one for the other."""
    lists = [*lists_of(at(value, ("certificates", 0, "witness")))]
    if not lists:
        return False
    chosen = draw.choice(lists)
    i, j = draw.sample(range(len(chosen)), 2)
    chosen[i], chosen[j] = chosen[j], draw.choice([chosen[i], chosen[j]])
    return True


def lists_of(value: Json) -> Iterator[list[Json]]:
    """All lists in a JSON value that have two entries or more."""
    if isinstance(value, list) and len(value) > 1:
        yield value
    inner = value.values() if isinstance(value, dict) else value
    for part in inner if isinstance(value, dict | list) else ():
        yield from lists_of(part)


def add(value: Json, path: tuple[Any, ...], amount: Fraction) -> bool:
    """Add to the rational at a place."""
    parent = at(value, path[:-1])
    parent[path[-1]] = str(Fraction(parent[path[-1]]) + amount)
    return True


MUTATIONS: list[Callable[[Json, random.Random], bool]] = [
    *(shift, shift, move, swap, weigh, rank, word, count, digit, digit, entry)
]


def mutant(original: Json, draw: random.Random) -> Json:
    """A copy with one change, sometimes two."""
    while True:
        value = json.loads(json.dumps(original))
        if all(draw.choice(MUTATIONS)(value, draw) for _ in range(draw.choice([1, 1, 1, 2]))):
            return value


# ---- Judges of near ties -------------------------------------------------------------------------


def is_true(value: Json) -> bool:
    """Whether the claim is true, as exactly as can be."""
    (part,), about = value["certificates"], value["populations"]["p"]
    claim, witness = part["claim"], part["witness"]
    if "users" not in about:
        if max(about["uniform_rankings"], claim["k"]) > PATIENCE:
            raise UndecidedError
        return truth.is_true(building.encoded(value))
    kind, text = claim["kind"], json.dumps(about)
    masses = [at(value, path) for path in rationals(value) if {"policy", "centre"} & {*path}]
    if claim.get("k", 1) * max(map(len, masses), default=0) > DIGITS:
        raise UndecidedError
    if max(claim.get("k", 1), claim.get("l", 1)) > PATIENCE + 1 or claim.get("l", 1) > 4:
        raise UndecidedError
    if truth.is_luce(text) or truth.is_partial(text):
        return truth.is_true(building.encoded(value))
    if kind == "equilibrium" and claim["delta"] == "0":
        return is_equilibrium(text, claim["k"], json.dumps(claim["centre"]))
    if kind == "product-upper-bound":
        if claim["l"] == 1:  # an equilibrium wins k/(k+1), and nobody more against copies
            return Fraction(claim["bound"]) >= Fraction(claim["k"], claim["k"] + 1)
        return product_bound(text, claim, witness) <= Fraction(claim["bound"])
    box = witness.get("equilibrium", {"delta": "1"})
    if kind == "dictatorship-distance" and box["delta"] == "0":
        left, right = arithmetic.distances(about, claim["k"], box["centre"])
        strict = all(len(tied) == 1 for user in about["users"] for tied in user["ranking"])
        good = is_equilibrium(text, claim["k"], json.dumps(box["centre"]))
        return strict and good and left <= Fraction(claim["bound"]) <= right
    if claim.get("k", 1) > 20 and kind != "win-rate":
        raise UndecidedError
    return truth.is_true(building.encoded(value))


def is_equilibrium(text: str, k: int, centre: str) -> bool:
    """No response is picked with a chance of more than 1/(k+1) against k draws."""
    policy = json.dumps({"product": json.loads(centre)})
    return true_win_rates.worst_of_many(text, policy, k, 1, "uniform") >= Fraction(k, k + 1)


def product_bound(text: str, claim: Json, witness: Json) -> Fraction:
    """What the witness proves, worked out draw by draw."""
    if len(witness["point"]) ** claim["k"] > 10 * PATIENCE:
        raise UndecidedError
    return proved(text, claim["k"], json.dumps(witness["mixture"]), json.dumps(witness["point"]))


@cache
def proved(text: str, k: int, mixture: str, point: str) -> Fraction:
    """1 + (k-1) P - k min_y P_y."""
    return arithmetic.product_bound(json.loads(text), k, json.loads(mixture), json.loads(point))


# ---- The command ---------------------------------------------------------------------------------


def statement(value: Json) -> str:
    """What a file with one claim states: the claim and its population."""
    (part,) = value["certificates"]
    return json.dumps([part["claim"], value["populations"]["p"]], sort_keys=True)


def fuzz(total: int, seed: int, scratch: Path) -> tuple[dict[str, Counter[str]], list[Json]]:
    """Counts for each kind, and the accepted mutants that are refuted."""
    draw = random.Random(seed)
    known, refuted = originals(draw), []
    counts: dict[str, Counter[str]] = {}
    true = {statement(value) for value in known}
    for value in known:
        (line,) = lines_on(building.encoded(value), scratch)
        if line["verdict"] != "ACCEPTED":
            raise SystemExit(f"an original is not accepted: {line}")
    for _ in range(total):
        original = draw.choice(known)
        value = mutant(original, draw)
        kind = at(original, ("certificates", 0, "claim", "kind"))
        seen = counts.setdefault(kind, Counter())
        verdict = lines_on(building.encoded(value), scratch, work=10**8)[0]["verdict"]
        seen[verdict] += 1
        if verdict == "ACCEPTED" and statement(value) in true:
            seen["known"] += 1
        elif verdict == "ACCEPTED":
            try:
                outcome = "confirmed" if is_true(value) else "refuted"
            except UndecidedError:
                outcome = "undecided"
            seen[outcome] += 1
            refuted += [value] * (outcome == "refuted")
    return counts, refuted


COLUMNS = ("ACCEPTED", "REJECTED", "MALFORMED", "OVER_BUDGET")
COLUMNS += ("known", "confirmed", "undecided", "refuted")


def main(arguments: list[str]) -> int:
    """Print counts, and what is refuted."""
    total, seed = (int(word) for word in (*arguments, *("2000", "1")[len(arguments) :]))
    with tempfile.TemporaryDirectory() as directory:
        counts, refuted = fuzz(total, seed, Path(directory) / "mutant.cert.json")
    print(f"{'kind':24}" + "".join(f"{column:>12}" for column in COLUMNS))
    for kind, seen in [*sorted(counts.items()), ("all", sum(counts.values(), Counter()))]:
        print(f"{kind:24}" + "".join(f"{seen[column]:12}" for column in COLUMNS))
    for value in refuted:
        print(json.dumps(value))
    return int(bool(refuted))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
