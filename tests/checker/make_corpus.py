"""The checker's test corpus: small certificate files with known verdicts.

    python tests/checker/make_corpus.py   # writes corpus/ afresh, always the same bytes

`accepted` holds true claims with good witnesses. Every other file is one of those with a single
defect, or a file that differs from one in a single way, and its name says what must come of it:
`rejected/off-support--support-too-small.cert.json` is REJECTED with the code `off-support`. Files
of `over_budget` need the lowered limits of BUDGETS. EXPECTED.json lists for every file the options,
the verdict (the first refusal, if any) and its code, so that a checker in any language can be run.

Everything is written by hand or worked out here in Fractions, straight from the definitions; the
package is not used, so that the corpus is evidence about it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from fractions import Fraction
from itertools import product
from math import prod
from pathlib import Path
from typing import Any

Json = Any
Masses = dict[str, Fraction]

CORPUS = Path(__file__).with_name("corpus")
EXPECTED = "EXPECTED.json"
POP, CLAIM, WITNESS = "/populations/p", "/certificates/0/claim", "/certificates/0/witness"

BUDGETS = {
    "bytes--one-too-many": ["--max-bytes=299"],
    "depth--population-at-the-limit-of-six": ["--max-depth=6"],
    "digits--weight": ["--max-digits=20"],
    "digits--delta": ["--max-digits=20"],
    "digits--denominator": ["--max-digits=20"],
    "digits--common-denominator-of-weights": ["--max-digits=20"],
    "digits--common-denominator-of-masses": ["--max-digits=20"],
    "work--product": ["--max-work=1000"],
    "work--mixture": ["--max-work=1000"],
    "work--enclosure": ["--max-work=3000"],
    "work--algebraic": ["--max-work=1000"],
    "work--limit": ["--max-work=400"],
    "work--many-shares": ["--max-work=50000"],
    "work--partitions": ["--max-work=1000000"],
    "work--partitions-of-10-to-the-17": ["--max-work=1000000"],
}
"""Options for the files of `over_budget` that a small file cannot push over the defaults."""


# ---- Writing and editing -------------------------------------------------------------------------


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


# ---- Equilibria in Fractions ---------------------------------------------------------------------


def derivatives(about: Json, k: int, x: Masses) -> tuple[Masses, dict[str, Masses]]:
    """U_y at the masses x, and dU_y/dx_z, from U = sum of S^i L^(k-i) term by term."""
    U = dict.fromkeys(about["responses"], Fraction(0))
    D = {y: dict.fromkeys(about["responses"], Fraction(0)) for y in about["responses"]}
    total = sum(Fraction(user["weight"]) for user in about["users"])
    for user in about["users"]:
        share, below = Fraction(user["weight"]) / total, []
        for tied in reversed(user["ranking"]):
            L = sum((x.get(z, Fraction(0)) for z in below), Fraction(0))
            S = L + sum((x.get(z, Fraction(0)) for z in tied), Fraction(0))
            by_own = sum((i * S ** (i - 1) * L ** (k - i) for i in range(1, k + 1)), Fraction(0))
            by_low = by_own + sum((k - i) * S**i * L ** (k - i - 1) for i in range(k))
            for y in tied:
                U[y] += share * sum(S**i * L ** (k - i) for i in range(k + 1))
                for z in tied:
                    D[y][z] += share * by_own
                for z in below:
                    D[y][z] += share * by_low
            below += tied
    return U, D


def inverse(matrix: Sequence[Sequence[Fraction]]) -> list[list[Fraction]]:
    """The inverse of a regular matrix, by Gauss and Jordan."""
    size = len(matrix)
    rows = [[*row, *(Fraction(int(i == j)) for j in range(size))] for i, row in enumerate(matrix)]
    for i in range(size):
        pivot = next(r for r in range(i, size) if rows[r][i])
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [value / rows[i][i] for value in rows[i]]
        for r in range(size):
            if r != i:
                rows[r] = [a - rows[r][i] * b for a, b in zip(rows[r], rows[i], strict=True)]
    return [row[size:] for row in rows]


def solve_on(about: Json, k: int, x: Masses, bits: int) -> tuple[Masses, list[list[Fraction]]]:
    """Newton's method for U = 1 on the support of x, each mass to about `bits` bits, and the
    inverse of (x_j dU_i/dx_j) there. Raises ValueError if it does not settle on the support."""
    T = list(x)
    for _ in range(60):
        U, D = derivatives(about, k, x)
        Y = inverse([[x[j] * D[i][j] for j in T] for i in T])
        steps = [sum(a * (U[i] - 1) for a, i in zip(row, T, strict=True)) for row in Y]
        if max(map(abs, steps)) < Fraction(1, 1 << bits):
            return x, Y
        for j, step in zip(T, steps, strict=True):
            x = {**x, j: Fraction(round(x[j] * (1 - step) * (1 << bits + 8)), 1 << bits + 8)}
        if min(x.values()) <= 0:
            break
    raise ValueError("Newton's method does not settle on this support")


def enclosure(about: Json, k: int, T: str, boundary: Json) -> tuple[Json, Json]:
    """An irrational equilibrium with support T: its centre and delta, and the witness."""
    start = {y: Fraction(1, len(T)) for y in T}
    x, Y = solve_on(about, k, start, 64)
    x = {y: Fraction(round(mass * (1 << 64)), 1 << 64) for y, mass in x.items()}
    x[T[0]] += 1 - sum(x.values())
    rows = [[str(Fraction(round(value * (1 << 24)), 1 << 24)) for value in row] for row in Y]
    place = {"centre": {y: str(mass) for y, mass in x.items()}, "delta": f"1/{1 << 48}"}
    return place, {"inverse": rows, "boundary": boundary}


# ---- Bounds and distances in Fractions -----------------------------------------------------------


def picked(about: Json, rivals: Sequence[str], outputs: Sequence[str]) -> Fraction:
    """The share of the users' picks that fall on the rivals' positions among all positions."""
    total, share = Fraction(0), Fraction(0)
    for user in about["users"]:
        best = next(tied for tied in user["ranking"] if {*tied} & {*rivals, *outputs})
        theirs, ours = (sum(z in best for z in side) for side in (rivals, outputs))
        total += Fraction(user["weight"])
        share += Fraction(user["weight"]) * Fraction(theirs, theirs + ours)
    return share / total


def product_bound(about: Json, k: int, mixture: Json, point: Json) -> Fraction:
    """1 + (k-1) P - k min_y P_y, by going through all draws of k - 1 outputs from the point."""
    P = dict.fromkeys(about["responses"], Fraction(0))
    for y in P:
        for drawn in product(point, repeat=k - 1):
            chance = prod((Fraction(point[z]) for z in drawn), start=Fraction(1))
            for rivals, mass in mixture:
                P[y] += chance * Fraction(mass) * picked(about, rivals, [y, *drawn])
    average = sum(Fraction(mass) * P[y] for y, mass in point.items())
    return 1 + (k - 1) * average - k * min(P.values())


def distances(about: Json, k: int, centre: Json) -> tuple[Fraction, Fraction]:
    """|pi - s|_1 and 2 sum_y s_y (1 - pi_y)^(k+1) at the centre, s being the first places."""
    total, left, right = sum(Fraction(user["weight"]) for user in about["users"]), 0, 0
    for y in about["responses"]:
        firsts = [user["weight"] for user in about["users"] if user["ranking"][0] == [y]]
        s, pi = sum(map(Fraction, firsts), Fraction(0)) / total, Fraction(centre.get(y, "0"))
        left, right = left + abs(pi - s), right + 2 * s * (1 - pi) ** (k + 1)
    return Fraction(left), Fraction(right)


# ---- Populations ---------------------------------------------------------------------------------

PAIR = population("a b", "3 a>b, 2 b>a")
EVEN = population("a b", "1 a>b, 1 b>a")
CYCLE = population("a b c", "1 a>b>c, 1 b>c>a, 1 c>a>b")
TRIO = population("a b c", "3 a>b>c, 2 b>c>a, 2 c>a>b")
WEAK = population("a b c", "3/2 a=b>c, 1 c>a=b, 1/2 b>a=c")
CLONE = population("a b c d", "3 a>b>c=d, 2 b>c=d>a, 2 c=d>a>b")
SHADOW = population("a b c d", "3 a>d>b>c, 2 b>d>c>a, 2 c>a>b>d")
CAPPED = population("a b y", "3 y>a>b, 2 a>b>y, 4 b>a>y")
MIRROR = population("a b y", "3 a=y>b, 2 b=y>a, 3 a>b=y, 2 b>a=y")
HALFWAY = population("a b y", "5 a=y>b, 3 y>a>b, 2 a>b>y, 4 b>a=y, 4 b>a>y")
TAIL = population("a b y z", "3 a>b>y=z, 2 b>a>y=z")
LATE = population("a b c d", "3 a>c>b>d, 2 b>a>c=d")
PRIME = 2**61 - 1  # the checker's ranks are modulo this one, at first
HEAVY = population("a b c", f"{PRIME} a>b>c, {PRIME} b>c>a, {PRIME} c>a>b")
HIDDEN = population("a b c", f"{PRIME} a>b>c, {PRIME} b>c>a, {PRIME} c>a>b, 1 a>b>c, 1 c>b>a")
"""The weights have no common factor, but all margins are multiples of the prime."""
THREE = {"uniform_rankings": 3}

MIXED = {"product": {"a": "1/2", "b": "1/3", "c": "1/6"}}
JOINT = {"joint": [[["a", "b"], "1/2"], [["b", "c"], "1/3"], [["c", "c"], "1/6"]]}
PAIRS = {"mixture": [[["a", "b"], "1/2"], [["b", "c"], "1/2"]]}
SINGLES = {"mixture": [[["a"], "1/2"], [["b"], "1/4"], [["c"], "1/4"]]}
HALVES = {"mixture": [["1/2", {"a": "1"}], ["1/2", {"b": "1"}]]}
THIRDS = {"mixture": [["1/3", {"a": "1/2", "c": "1/2"}], ["2/3", {"b": "3/4", "c": "1/4"}]]}
FAVOURITES = {"mixture": [[["a", "b"], "1"]], "point": {"a": "1/2", "b": "1/2"}}
ONE_RIVAL = {"mixture": {"random_subset": [1]}}
QUADRATIC = {
    "polynomial": ["-3", "9", "1"],
    "interval": ["1/4", "1/2"],
    "masses": {"a": ["1", "-1"], "b": ["0", "1"]},
}
"""PAIR for k = 3: with b's mass x, 3/5 (1 + x + x^2 + x^3) + 2/5 (1-x)^3 = 1 just where
x (x^2 + 9x - 3) = 0."""


def vs(*names: str) -> Json:
    """The witness of a win rate that is attained."""
    return {"opponent": list(names)}


# ---- Accepted ------------------------------------------------------------------------------------


def accepted() -> Iterator[tuple[str, Json]]:
    """True claims with good witnesses, by name."""
    yield from accepted_win_rates()
    yield from accepted_upper_bounds()
    yield from accepted_equilibria()
    yield from accepted_uniqueness()
    yield from accepted_mixtures()
    yield from accepted_product_bounds()
    yield from accepted_uniform_rankings()
    yield from accepted_algebraic_equilibria()
    yield from accepted_limits()


def accepted_win_rates() -> Iterator[tuple[str, Json]]:
    """Every relation, tie convention and kind of policy; corners of the format."""
    one = win_rate(2, 1, "uniform", MIXED, "=", "157/252")
    yield "win-rate--product-equal", document(TRIO, (one, vs("a")))
    yield "win-rate--product-at-least", document(TRIO, (put(one, "/relation", ">="), {}))
    yield "win-rate--product-at-most", document(TRIO, (put(one, "/relation", "<="), vs("a")))
    slack = put(put(one, "/relation", "<="), "/bound", "5/8")
    yield "win-rate--product-at-most-with-room", document(TRIO, (slack, vs("a")))
    values = {"uniform": "311/756", "win": "157/252", "half": "197/504", "lose": "11/126"}
    for ties, bound in values.items():
        worst = vs("b", "a") if ties == "lose" else vs("a", "c")
        claim = win_rate(2, 2, ties, MIXED, "=", bound)
        yield f"win-rate--product-two-opponents-{ties}", document(TRIO, (claim, worst))
    values = {"uniform": "43/72", "win": "5/6", "half": "19/36", "lose": "1/6"}
    for ties, bound in values.items():
        claim = win_rate(2, 1, ties, JOINT, "=", bound)
        yield f"win-rate--joint-{ties}", document(WEAK, (claim, vs("c" if ties == "win" else "b")))
    claim = win_rate(2, 3, "uniform", MIXED, "=", "397/1296")
    yield "win-rate--three-opponents-with-a-copy", document(WEAK, (claim, vs("b", "c", "b")))
    claim = win_rate(2, 2, "uniform", JOINT, ">=", "89/216")
    yield "win-rate--joint-two-opponents-at-least", document(WEAK, (claim, {}))
    claim = win_rate(2, 2, "uniform", JOINT, "<=", "89/216")
    yield "win-rate--joint-two-opponents-at-most", document(WEAK, (claim, vs("b", "c")))
    point = {"product": {"a": "1"}}
    claim = win_rate(10**17, 1, "uniform", point, ">=", "599/1000")
    yield "win-rate--of-10-to-the-17-outputs", document(PAIR, (claim, {}))
    trivial = win_rate(1, 1, "uniform", point, ">=", "-1/2")
    yield "win-rate--at-least-a-negative-number", document(PAIR, (trivial, {}))
    only = population("a", "1 a")
    claim = win_rate(2, 3, "uniform", point, "=", "2/5")
    yield "win-rate--one-response-one-user", document(only, (claim, vs("a", "a", "a")))
    odd = {
        "responses": ["", "a/b~c", "\u00fc", "\U0001f600"],
        "users": [{"weight": "1", "ranking": [["\U0001f600", "a/b~c"], ["", "\u00fc"]]}],
    }
    claim = win_rate(1, 1, "uniform", {"product": {"\U0001f600": "1"}}, "=", "1/2")
    yield "win-rate--names-of-all-sorts", document(odd, (claim, vs("a/b~c")))
    repeated = population("a b", "1 a>b, 1 a>b, 2 b>a, 1 a>b")
    yield (
        "win-rate--users-repeat-a-ranking",
        document(repeated, (win_rate(2, 1, "uniform", point, "=", "3/5"), vs("b"))),
    )
    several = document(PAIR, (win_rate(1, 1, "uniform", point, "=", "1/2"), vs("a")))
    several["populations"]["q"] = EVEN
    second = put(win_rate(1, 1, "uniform", point, "<=", "1/2"), "/population", "q")
    several["certificates"].append({"claim": second, "witness": vs("b")})
    several["provenance"] = {"by": ["hand", {"k": 12, "ok": None}], "note": '\\"[{'}
    yield "win-rate--two-populations-and-provenance", several


def accepted_upper_bounds() -> Iterator[tuple[str, Json]]:
    """Joint upper bounds for one and two rivals and each tie convention."""
    for l, ties, about, mixture, bound in (
        (1, "uniform", TRIO, SINGLES, "3/4"),
        (2, "uniform", WEAK, PAIRS, "13/24"),
        (2, "half", WEAK, PAIRS, "7/12"),
        (2, "win", TRIO, PAIRS, "6/7"),
        (2, "lose", TRIO, PAIRS, "5/14"),
    ):
        claim = claim_of("joint-upper-bound", 2, l=l, ties=ties, bound=bound)
        yield f"joint-upper-bound--{l}-{ties}", document(about, (claim, mixture))


def equilibrium(k: int, place: Json, witness: Json | None = None) -> tuple[Json, Json]:
    """A claim and a witness of kind equilibrium; `place` holds the centre and delta."""
    return claim_of("equilibrium", k, **place), witness or {}


def named(kind: str, what: str) -> str:
    """The name of a case; the plus of a variant goes to the front."""
    return f"{'+' * what.startswith('+')}{kind}--{what.removeprefix('+')}"


def exact(**centre: str) -> Json:
    """The place of an equilibrium that is given exactly."""
    return {"centre": centre, "delta": "0"}


def accepted_equilibria() -> Iterator[tuple[str, Json]]:
    """Exact ones and enclosures, with strict responses and identities off the support."""
    third = {"a": "1/3", "b": "1/3", "c": "1/3"}
    yield "equilibrium--exact", document(CYCLE, equilibrium(2, exact(**third)))
    yield "equilibrium--exact-lottery", document(CYCLE, equilibrium(1, exact(**third)))
    tight = population("a b", "2 a>b, 1 b>a")
    point = equilibrium(2, exact(a="1"))
    yield "equilibrium--exact-with-a-tight-response", document(tight, point)
    box = {"centre": third, "delta": "1/4"}
    witness = {"inverse": [["1", "0", "0"], ["0", "1", "0"], ["0", "0", "1"]], "boundary": {}}
    _, D = derivatives(CYCLE, 1, {y: Fraction(1, 3) for y in "abc"})
    A = [[D[i][j] / 3 for j in "abc"] for i in "abc"]
    witness["inverse"] = [[str(value) for value in row] for row in inverse(A)]
    wide = equilibrium(1, box, witness)
    yield "equilibrium--enclosed-lottery-in-a-wide-box", document(CYCLE, wide)
    broad = {"centre": {"a": "1"}, "delta": "1/2"}
    single = equilibrium(2, broad, {"inverse": [["1/2"]], "boundary": {}})
    yield "equilibrium--enclosed-as-widely-as-may-be", document(population("a b", "1 a>b"), single)
    for what, about, k, T, boundary in (
        ("enclosed", TRIO, 2, "abc", {}),
        ("enclosed-of-six-players", TRIO, 5, "abc", {}),
        ("enclosed-with-a-strict-response", SHADOW, 2, "abc", {}),
        ("identity-of-a-clone", CLONE, 2, "abc", {"d": {"c": "1"}}),
        ("identity-of-several-terms", MIRROR, 2, "ab", {"y": {"a": "1/2", "b": "1/2"}}),
        ("identity-that-is-a-constant", CAPPED, 2, "ab", {"y": {}}),
        ("identity-with-a-constant", HALFWAY, 2, "ab", {"y": {"a": "1/2"}}),
    ):
        claim, witness = enclosure(about, k, T, boundary)
        yield named("equilibrium", what), document(about, equilibrium(k, claim, witness))


def unique(k: int, truth: bool, witness: Json) -> tuple[Json, Json]:
    """A claim and a witness of kind unique-equilibrium."""
    return claim_of("unique-equilibrium", k, unique=truth), witness


def accepted_uniqueness() -> Iterator[tuple[str, Json]]:
    """All five witnesses, with exact and enclosed equilibria."""
    lottery = {"equilibrium": {**exact(a="1/3", b="1/3", c="1/3"), "witness": {}}}
    yield "unique-equilibrium--weights-the-prime", document(HEAVY, unique(1, True, lottery))
    yield "unique-equilibrium--margins-the-prime", document(HIDDEN, unique(1, True, lottery))
    classes = {"classes": [[0, 0], [1, 0], [2, 0]]}
    yield "unique-equilibrium--classes", document(TRIO, unique(2, True, classes))
    first = {**exact(a="1"), "witness": {}}
    split = population("a b c", "2 a>b=c, 1 a=b>c")
    proof = {"equilibrium": first, "classes": [[0, 0]], "combination": [[[0, 1], "1"]]}
    yield "unique-equilibrium--combination", document(split, unique(2, True, proof))
    tied = population("a b c", "1 a=b>c, 1 a>b=c, 2 a>b=c")
    signed = [[[0, 0], "2"], [[1, 0], "-2"], [[2, 1], "1/3"]]
    proof = {"equilibrium": first, "classes": [[1, 0]], "combination": signed}
    yield "unique-equilibrium--combination-with-signs", document(tied, unique(3, True, proof))
    place, inner = enclosure(TAIL, 2, "ab", {})
    proof = {
        "equilibrium": {**place, "witness": inner},
        "classes": [[0, 0], [0, 1]],
        "combination": [[[1, 2], "1"]],
    }
    yield "unique-equilibrium--combination-enclosed", document(TAIL, unique(2, True, proof))
    third = {"a": "1/3", "b": "1/3", "c": "1/3"}
    lottery = {"equilibrium": {**exact(**third), "witness": {}}}
    yield "unique-equilibrium--lottery", document(CYCLE, unique(1, True, lottery))
    yield (
        "unique-equilibrium--lottery-with-a-strict-response",
        document(PAIR, unique(1, True, {"equilibrium": first})),
    )
    pair = {"equilibria": [{"a": "1"}, {"a": "1/3", "b": "2/3"}]}
    yield "unique-equilibrium--two-lotteries", document(EVEN, unique(1, False, pair))
    tie = population("a b c", "2 a=b>c, 1 c>a=b")
    pair = {"equilibria": [{"a": "1"}, {"b": "1"}]}
    yield "unique-equilibrium--two-of-three-players", document(tie, unique(2, False, pair))
    along = {"equilibrium": first, "direction": {"a": "-1/2", "b": "1/2", "c": "0"}}
    yield "unique-equilibrium--direction", document(tie, unique(2, False, along))
    yield "unique-equilibrium--direction-of-lotteries", document(tie, unique(1, False, along))
    place, inner = enclosure(CLONE, 2, "abc", {"d": {"c": "1"}})
    along = {"equilibrium": {**place, "witness": inner}, "direction": {"c": "-1", "d": "1"}}
    yield "unique-equilibrium--direction-enclosed", document(CLONE, unique(2, False, along))


def accepted_mixtures() -> Iterator[tuple[str, Json]]:
    """Mixtures of product policies: the outputs are drawn from one of them, so they hang together.

    With HALVES both outputs are a, or both are b: against a it is 1/2 (1/2 2/3 + 1/2) + 1/2 1/2."""
    half = win_rate(2, 1, "uniform", HALVES, "=", "7/12")
    yield "win-rate--mixture-equal", document(EVEN, (half, vs("a")))
    yield "win-rate--mixture-at-least", document(EVEN, (put(half, "/relation", ">="), {}))
    yield "win-rate--mixture-at-most", document(EVEN, (put(half, "/relation", "<="), vs("b")))
    for ties, bound in {"win": "3/4", "half": "1/2", "lose": "1/4"}.items():
        claim = win_rate(2, 1, ties, HALVES, "=", bound)
        yield f"win-rate--mixture-{ties}", document(EVEN, (claim, vs("b")))
    # a drawn twice: 1/2 2/4 + 1/2 2/3 against (a, b)
    claim = win_rate(2, 2, "uniform", HALVES, "=", "1/3")
    yield "win-rate--mixture-two-opponents", document(EVEN, (claim, vs("a", "b")))
    one = {"mixture": [["1", MIXED["product"]]]}
    claim = win_rate(2, 1, "uniform", one, "=", "157/252")
    yield "win-rate--mixture-of-one", document(TRIO, (claim, vs("a")))
    for l, opponents in ((1, ["abc", ["a", "b", "c"]]), (2, ["", ["aa", "ab", "ac", "bc", "cc"]])):
        rates = {}
        for rivals in opponents[1]:
            rates[rivals] = sum(
                Fraction(share)
                * prod(Fraction(mass[z]) for z in drawn)
                * (1 - picked(TRIO, rivals, drawn))
                for share, mass in THIRDS["mixture"]
                for drawn in product(mass, repeat=2)
            )
        worst = min(rates, key=lambda rivals: rates[rivals])
        claim = win_rate(2, l, "uniform", THIRDS, "=", str(rates[worst]))
        yield f"win-rate--mixture-of-uneven-parts-{l}", document(TRIO, (claim, vs(*worst)))


def product_upper_bound(k: int, l: int, bound: object) -> Json:
    """A claim of kind product-upper-bound."""
    return claim_of("product-upper-bound", k, l=l, ties="uniform", bound=str(bound))


def accepted_product_bounds() -> Iterator[tuple[str, Json]]:
    """The exact rates of E5 for two favourites, and bounds worked out draw by draw."""
    for k, bound in {1: "1/4", 2: "5/12", 3: "17/32"}.items():
        claim = product_upper_bound(k, 2, bound)
        yield f"product-upper-bound--two-favourites-{k}", document(EVEN, (claim, FAVOURITES))
    above = product_upper_bound(3, 2, "27/50")
    yield "product-upper-bound--with-room", document(EVEN, (above, FAVOURITES))
    only = {"mixture": [[["a", "a"], "1"]], "point": {"a": "1"}}
    claim = product_upper_bound(3, 2, "3/5")
    yield "product-upper-bound--one-response", document(population("a", "1 a"), (claim, only))
    for about, k, l, mixture, point in (
        (TRIO, 2, 1, SINGLES, {"a": "1/2", "b": "1/4", "c": "1/4"}),
        (TRIO, 3, 2, PAIRS, {"a": "3/5", "b": "2/5"}),
        (WEAK, 3, 1, SINGLES, {"a": "1/7", "b": "6/7"}),
        (WEAK, 2, 2, PAIRS, {"c": "1"}),
    ):
        bound = product_bound(about, k, mixture["mixture"], point)
        name = "strict" if about is TRIO else "weak"
        claim = product_upper_bound(k, l, bound)
        yield (
            f"product-upper-bound--{name}-{k}-against-{l}",
            document(about, (claim, {**mixture, "point": point})),
        )


def random_subset(*counts: int) -> Json:
    """The policy of uniform rankings."""
    return {"random_subset": list(counts)}


def accepted_uniform_rankings() -> Iterator[tuple[str, Json]]:
    """Two outputs of three responses: y is one of them in 2 cases of 3, and then the best of the
    two in half of the cases; outside, it is the best of three in a third.

    So W = 1/3 2/3 + 2/3 (1/2 + 1/2 t), where a tie counts t; the same output twice has
    W = 2/3 1/2 + 1/3 t', where t' = 2/3 for uniform ties."""
    for ties, bound in {"uniform": "13/18", "win": "8/9", "half": "13/18", "lose": "5/9"}.items():
        claim = claim_of("joint-upper-bound", 2, l=1, ties=ties, bound=bound)
        yield f"joint-upper-bound--uniform-rankings-{ties}", document(THREE, (claim, ONE_RIVAL))
        claim = win_rate(2, 1, ties, random_subset(1, 1), "=", bound)
        yield f"win-rate--uniform-rankings-{ties}", document(THREE, (claim, {}))
    twice = win_rate(2, 1, "uniform", random_subset(2), "=", "5/9")
    yield "win-rate--uniform-rankings-one-twice", document(THREE, (twice, {}))
    least = put(put(twice, "/relation", ">="), "/bound", "1/2")
    yield "win-rate--uniform-rankings-at-least", document(THREE, (least, {}))
    most = put(put(twice, "/relation", "<="), "/bound", "3/5")
    yield "win-rate--uniform-rankings-at-most", document(THREE, (most, {}))
    # n < k, so q = 2, r = 1: 1 - (1/3 + 1/4) / 4
    claim = claim_of("joint-upper-bound", 5, l=1, ties="uniform", bound="41/48")
    few = document({"uniform_rankings": 2}, (claim, ONE_RIVAL))
    yield "joint-upper-bound--uniform-rankings-fewer-than-outputs", few
    # k/(k+1) + (k-1)/(2n(k+1)) with n = 10^17 and k = 3
    bound = str(Fraction(3, 4) + Fraction(2, 8 * 10**17))
    claim = claim_of("joint-upper-bound", 3, l=1, ties="uniform", bound=bound)
    many = document({"uniform_rankings": 10**17}, (claim, ONE_RIVAL))
    yield "joint-upper-bound--uniform-rankings-of-10-to-the-17", many


def algebraic(k: int, about: Json) -> tuple[Json, Json]:
    """A claim and a witness of kind algebraic-equilibrium."""
    return claim_of("algebraic-equilibrium", k, **about), {}


def accepted_algebraic_equilibria() -> Iterator[tuple[str, Json]]:
    """Rational and quadratic masses; polynomials that are not monic or not irreducible."""
    square = document(PAIR, algebraic(3, QUADRATIC))
    yield "algebraic-equilibrium--quadratic", square
    # k = 2: 3/5 (1 + x + x^2) + 2/5 (1-x)^2 = 1 just where x (x - 1/5) = 0
    linear = {"polynomial": ["-1", "5"], "interval": ["0", "1"]}
    linear["masses"] = {"a": ["4/5"], "b": ["1/5"]}
    yield "algebraic-equilibrium--rational", document(PAIR, algebraic(2, linear))
    doubled = {**QUADRATIC, "polynomial": ["-3", "9/2", "1/4"], "interval": ["1/2", "1"]}
    doubled["masses"] = {"a": ["1", "-1/2"], "b": ["0", "1/2"]}
    yield "algebraic-equilibrium--of-twice-the-mass", document(PAIR, algebraic(3, doubled))
    negative = {**QUADRATIC, "polynomial": ["3", "9", "-1"], "interval": ["-1/2", "-1/4"]}
    negative["masses"] = {"a": ["1", "1"], "b": ["0", "-1"]}
    yield "algebraic-equilibrium--negative-root", document(PAIR, algebraic(3, negative))
    # c earns 12/5 x^3 < 1, since the users who rank it above b do so with L = x; that it is less
    # than 1 shows in a narrow interval only, since x^3 = 84x - 27
    narrow = {**QUADRATIC, "interval": ["321/1000", "161/500"]}
    yield "algebraic-equilibrium--strict-off-the-support", document(LATE, algebraic(3, narrow))
    turned = {**narrow, "polynomial": ["3", "-9", "-1"]}
    yield "algebraic-equilibrium--negative-modulus", document(LATE, algebraic(3, turned))
    clone = population("a b c", "3 a>b=c, 2 b=c>a")
    yield "algebraic-equilibrium--tight-off-the-support", document(clone, algebraic(3, QUADRATIC))
    both = {**QUADRATIC, "masses": {"a": ["1", "-1"], "b": ["0", "1/3"], "c": ["0", "2/3"]}}
    yield "algebraic-equilibrium--class-shared-by-clones", document(clone, algebraic(3, both))
    point = {"polynomial": ["-1", "0", "1"], "interval": ["1/2", "2"], "masses": {"a": ["1", "0"]}}
    tight = population("a b", "2 a>b, 1 b>a")
    yield "algebraic-equilibrium--reducible-modulus", document(tight, algebraic(2, point))


def inside(centre: Json, delta: str = "0", witness: Json | None = None) -> Json:
    """An equilibrium in a witness."""
    return {"equilibrium": {"centre": centre, "delta": delta, "witness": witness or {}}}


def about_limits(kind: str, **rest: Json) -> Json:
    """A claim of a kind that has no k."""
    return {"kind": kind, "population": "p", **rest}


def accepted_limits() -> Iterator[tuple[str, Json]]:
    """What happens as k grows: a policy's limit, NLHF's ceiling, the way to random dictatorship."""
    for what, about, policy, bound in (
        ("of-a-point-mass", PAIR, {"a": "1"}, "3/5"),
        ("aligned", PAIR, {"a": "1/1000", "b": "999/1000"}, "1"),
        ("worst-of-three", TRIO, {"c": "1"}, "2/7"),
        ("in-spite-of-ties", WEAK, {"a": "1"}, "2/3"),
        ("nobody-pleased", population("a b", "1 b>a"), {"a": "1"}, "0"),
    ):
        claim = about_limits("limit", policy={"product": policy}, bound=bound)
        yield f"limit--{what}", document(about, (claim, {}))
    claim = about_limits("nlhf-ceiling", bound="3/5")
    first = {**inside({"a": "1"}), "opponent": "b"}
    yield "nlhf-ceiling--two-responses", document(PAIR, (claim, first))
    claim = about_limits("nlhf-ceiling", bound="1")
    cycle = {**inside({"a": "1/3", "b": "1/3", "c": "1/3"}), "opponent": "b"}
    yield "nlhf-ceiling--margins-the-prime", document(HIDDEN, (claim, cycle))
    ties = population("a b", "3 a>b, 2 b>a, 1 a=b")
    claim = about_limits("nlhf-ceiling", bound="2/3")
    yield "nlhf-ceiling--with-ties", document(ties, (claim, first))
    third = {"a": "1/3", "b": "1/3", "c": "1/3"}
    # one of four users puts d above the whole cycle
    over = population("a b c d", "1 a>b>c>d, 1 b>c>a>d, 1 c>a>b>d, 1 d>a=b=c")
    claim = about_limits("nlhf-ceiling", bound="3/4")
    lottery = {**inside(third), "opponent": "d"}
    yield "nlhf-ceiling--of-a-cycle", document(over, (claim, lottery))
    claim = put(claim, "/bound", "4/5")
    yield "nlhf-ceiling--with-room", document(over, (claim, lottery))

    # PAIR, k = 2: pi = (4/5, 1/5), s = (3/5, 2/5), and 6/5 (1/5)^3 + 4/5 (4/5)^3 = 262/625
    centre = {"a": "4/5", "b": "1/5"}
    for name, bound in (("exact", "41/100"), ("exact-at-its-least", "2/5")):
        claim = claim_of("dictatorship-distance", 2, bound=bound)
        yield named("dictatorship-distance", name), document(PAIR, (claim, inside(centre)))
    claim = claim_of("dictatorship-distance", 2, bound="262/625")
    yield "dictatorship-distance--exact-at-its-most", document(PAIR, (claim, inside(centre)))
    for what, about, k, T in (("enclosed", TRIO, 2, "abc"), ("off-the-support", SHADOW, 3, "abc")):
        box, witness = enclosure(about, k, T, {})
        bound = str(Fraction(round(1000 * sum(distances(about, k, box["centre"]))), 2000))
        claim = claim_of("dictatorship-distance", k, bound=bound)
        proof = inside(box["centre"], box["delta"], witness)
        yield f"dictatorship-distance--{what}", document(about, (claim, proof))


# ---- Rejected ------------------------------------------------------------------------------------


def rejected(good: dict[str, Json]) -> Iterator[tuple[str, Json | bytes]]:
    """Well-formed files whose claim is false or whose witness does not establish it."""
    yield from rejected_win_rates(good)
    yield from rejected_equilibria(good)
    yield from rejected_uniqueness(good)
    yield from rejected_bounds(good)
    yield from rejected_algebraic_equilibria(good)
    yield from rejected_limits(good)


def rejected_win_rates(good: dict[str, Json]) -> Iterator[tuple[str, Json | bytes]]:
    """Bounds off in the false direction, opponents that are not worst, conventions mixed up."""
    equal, least = good["win-rate--product-equal"], good["win-rate--product-at-least"]
    yield "win-rate--at-least-a-little-more", put(least, CLAIM + "/bound", "1571/2520")
    yield "win-rate--heavier-user", put(least, POP + "/users/2/weight", "3")
    yield "win-rate--other-policy", put(least, CLAIM + "/policy/product", {"a": "1"})
    yield "win-rate--fewer-outputs", put(least, CLAIM + "/k", 1)
    yield "win-rate--more-opponents", put(least, CLAIM + "/l", 2)
    higher = put(put(equal, CLAIM + "/bound", "557/756"), WITNESS, vs("b"))
    yield "win-rate--attained-but-not-the-worst", higher
    joint = good["win-rate--joint-two-opponents-at-least"]
    yield "win-rate--joint-at-least-a-little-more", put(joint, CLAIM + "/bound", "33/80")
    three = good["win-rate--three-opponents-with-a-copy"]
    three = put(put(three, WITNESS, {}), CLAIM + "/relation", ">=")
    yield "win-rate--three-opponents", put(three, CLAIM + "/bound", "3971/12960")
    for ties, other in (("win", "uniform"), ("uniform", "half"), ("half", "lose")):
        bound = good[f"win-rate--product-two-opponents-{ties}"]["certificates"][0]["claim"]["bound"]
        weaker = put(good[f"win-rate--product-two-opponents-{other}"], CLAIM + "/relation", ">=")
        yield (
            f"win-rate--{other}-ties-bound-of-{ties}",
            put(put(weaker, WITNESS, {}), CLAIM + "/bound", bound),
        )
        bound = good[f"win-rate--joint-{other}"]["certificates"][0]["claim"]["bound"]
        stronger = put(good[f"win-rate--joint-{ties}"], CLAIM + "/bound", bound)
        yield f"not-attained--joint-{ties}-ties-bound-of-{other}", stronger
    yield "not-attained--equal-to-a-little-less", put(equal, CLAIM + "/bound", "523/840")
    yield "not-attained--equal-to-a-little-more", put(equal, CLAIM + "/bound", "1571/2520")
    most = good["win-rate--product-at-most"]
    yield "not-attained--at-most-a-little-less", put(most, CLAIM + "/bound", "523/840")
    yield "not-attained--by-a-weak-opponent", put(most, WITNESS, vs("b"))
    mixed = {"product": {"a": "1/3", "b": "2/3"}}
    long = win_rate(800, 1, "uniform", mixed, "=", "1")
    yield "not-attained--left-side-of-hundreds-of-digits", document(EVEN, (long, vs("b")))
    second = good["win-rate--two-populations-and-provenance"]
    yield "not-attained--in-the-second-claim", put(second, "/certificates/1/claim/bound", "1/3")
    for name, bound in (
        ("1-uniform", "3/5"),
        ("2-uniform", "1/2"),
        ("2-half", "13/24"),
        ("2-win", "5/7"),
        ("2-lose", "1/3"),
    ):
        lower = put(good[f"joint-upper-bound--{name}"], CLAIM + "/bound", bound)
        yield f"joint-upper-bound--{name}-too-low", lower
    one = good["joint-upper-bound--1-uniform"]
    point = put(one, WITNESS, {"mixture": [[["a"], "1"]]})
    yield "joint-upper-bound--one-rival-alone", point
    yield "joint-upper-bound--more-outputs", put(one, CLAIM + "/k", 3)


def rejected_equilibria(good: dict[str, Json]) -> Iterator[tuple[str, Json | bytes]]:
    """Points that are none, boxes that prove nothing, identities that are none."""
    whole = good["equilibrium--exact"]
    off = {"a": "333/1000", "b": "333/1000", "c": "167/500"}
    yield "not-equilibrium--centre-moved", put(whole, CLAIM + "/centre", off)
    yield "not-equilibrium--vertex-of-a-cycle", put(whole, CLAIM + "/centre", {"a": "1"})
    tight = good["equilibrium--exact-with-a-tight-response"]
    yield "not-equilibrium--one-output-more", put(tight, CLAIM + "/k", 3)
    yield "not-equilibrium--deviation-barely-pays", put(tight, POP + "/users/0/weight", "199/100")
    lottery = good["equilibrium--exact-lottery"]
    yield (
        "not-equilibrium--lottery-of-an-uneven-cycle",
        put(lottery, POP + "/users/1/weight", "1001/1000"),
    )
    box = good["equilibrium--enclosed"]
    claim, witness = (box["certificates"][0][part] for part in ("claim", "witness"))
    wide = {"centre": {"a": "1"}, "delta": "3/5"}
    single = equilibrium(2, wide, {"inverse": [["1/2"]], "boundary": {}})
    # the other inequality holds: 0 + (0 + 1 * 3/5) * 3/5 < 3/5
    yield "contraction--k-delta-above-one", document(population("a b", "1 a>b"), single)
    yield "contraction--delta-too-narrow", put(box, CLAIM + "/delta", f"1/{1 << 90}")
    yield "contraction--derivative-grows-too-much", put(box, CLAIM + "/delta", "1/2")
    third = {"a": "1/3", "b": "1/3", "c": "1/3"}
    yield "contraction--centre-elsewhere", put(box, CLAIM + "/centre", third)
    zeros = [["0"] * 3] * 3
    yield "contraction--inverse-of-zeros", put(box, WITNESS + "/inverse", zeros)
    swapped = [witness["inverse"][i] for i in (1, 0, 2)]
    yield "contraction--rows-of-the-inverse-swapped", put(box, WITNESS + "/inverse", swapped)
    turned = [list(column) for column in zip(*witness["inverse"], strict=True)]
    yield "contraction--inverse-transposed", put(box, WITNESS + "/inverse", turned)
    yield "contraction--one-output-more", put(box, CLAIM + "/k", claim["k"] + 1)
    yield "contraction--other-weight", put(box, POP + "/users/0/weight", "301/100")
    place, inner = enclosure(TRIO, 2, "ac", {})
    fewer = document(TRIO, equilibrium(2, place, inner))
    yield "off-support--support-too-small", fewer
    clone = good["equilibrium--identity-of-a-clone"]
    yield "off-support--clone-without-its-identity", put(clone, WITNESS + "/boundary", {})
    capped = good["equilibrium--identity-that-is-a-constant"]
    yield "off-support--constant-without-its-identity", put(capped, WITNESS + "/boundary", {})
    multiple = WITNESS + "/boundary/d/c"
    yield "boundary--multiple-too-large", put(clone, multiple, "2")
    yield "boundary--multiple-too-small", put(clone, multiple, "999/1000")
    yield "boundary--multiple-of-another-response", put(clone, WITNESS + "/boundary/d", {"a": "1"})
    mirror = good["equilibrium--identity-of-several-terms"]
    yield "boundary--term-forgotten", drop(mirror, WITNESS + "/boundary/y/b")
    strict = good["equilibrium--enclosed-with-a-strict-response"]
    yield "boundary--strict-response-has-no-identity", put(strict, WITNESS + "/boundary/d", {})
    # the users who put y first are now more than 1/(k+1), and a against b is as before
    above = put(put(capped, POP + "/users/0/weight", "7/2"), POP + "/users/1/weight", "3/2")
    yield "boundary--constant-above-one", above
    between = population("a b y", "3 y>a>b, 2 a>y>b, 4 b>a>y")
    yield "boundary--constant-and-more", put(capped, POP, between)
    tied = population("a b y", "3 y>a>b, 1 a=b=y, 2 a>b>y, 3 b>a>y")
    place, inner = enclosure(tied, 2, "ab", {"y": {}})
    constants = document(tied, equilibrium(2, place, inner))
    yield "boundary--constants-of-two-kinds-above-one", constants
    half = good["equilibrium--identity-with-a-constant"]
    heavier = population("a b y", "5 a=y>b, 4 y>a>b, 1 a>b>y, 4 b>a=y, 4 b>a>y")
    yield "boundary--constant-and-multiple-above-one", put(half, POP, heavier)


def rejected_uniqueness(good: dict[str, Json]) -> Iterator[tuple[str, Json | bytes]]:
    """Each witness, and each way in which it can fail to prove what it should."""
    classes = good["unique-equilibrium--classes"]
    yield "rank--a-class-twice", put(classes, WITNESS + "/classes/2", [0, 1])
    # {a}, {a, b} and {b}: the third is the difference of the other two
    chain = put(classes, POP + "/users/1/ranking", [["a", "b"], ["c"]])
    yield "rank--classes-of-different-users-dependent", put(chain, WITNESS + "/classes/2", [1, 0])
    inside = good["unique-equilibrium--combination-enclosed"]
    yield "rank--classes-dependent-on-the-support", put(inside, WITNESS + "/classes/1", [0, 2])
    combined = good["unique-equilibrium--combination"]
    place = WITNESS + "/combination"
    yield "combination--zero-off-the-support", put(combined, place, [])
    yield "combination--zero-at-one-response", put(combined, place, [[[1, 1], "1"]])
    yield "combination--negative-off-the-support", put(combined, place + "/0/1", "-1")
    touching = [[[0, 1], "1"], [[1, 0], "1"]]
    yield "combination--positive-on-the-support", put(combined, place, touching)
    signed = good["unique-equilibrium--combination-with-signs"]
    yield "combination--does-not-cancel", put(signed, place + "/1/1", "-1")
    cycle = good["unique-equilibrium--lottery"]
    centre = WITNESS + "/equilibrium/centre"
    yield "not-equilibrium--inside-a-proof", put(cycle, centre, {"a": "1"})
    enclosed = put(inside, WITNESS + "/equilibrium/delta", f"1/{1 << 90}")
    yield "contraction--inside-a-proof", enclosed
    strict = put(good["unique-equilibrium--lottery-with-a-strict-response"], POP, EVEN)
    yield "not-strict--lottery-with-a-tight-response", strict
    even = {"a": "1/2", "b": "1/2"}
    yield "rank--kernel-of-the-margins-too-large", put(strict, centre, even)
    two = good["unique-equilibrium--two-lotteries"]
    yield "same--equilibrium-twice", put(two, WITNESS + "/equilibria/1", {"a": "1"})
    yield "not-equilibrium--second-of-two", put(two, POP + "/users/0/weight", "2")
    along = good["unique-equilibrium--direction"]
    step = WITNESS + "/direction"
    yield "direction--empty", put(along, step, {})
    yield "direction--zero", put(along, step, {"a": "0", "b": "0"})
    yield "direction--leaves-the-simplex", put(along, step, {"a": "1/2", "b": "-1/2"})
    yield "direction--changes-a-class", put(along, step, {"a": "-1/2", "c": "1/2"})
    yield "direction--sum-not-zero", put(along, step, {"a": "-1/2", "b": "1/3"})


def rejected_bounds(good: dict[str, Json]) -> Iterator[tuple[str, Json | bytes]]:
    """Mixtures of policies, product policies, and uniform rankings."""
    bound = CLAIM + "/bound"
    least, equal = good["win-rate--mixture-at-least"], good["win-rate--mixture-equal"]
    yield "win-rate--mixture-taken-for-its-average", put(least, bound, "2/3")
    yield (
        "win-rate--mixture-other-shares",
        put(put(least, CLAIM + "/policy/mixture/0/0", "1/3"), CLAIM + "/policy/mixture/1/0", "2/3"),
    )
    yield "not-attained--mixture-a-little-less", put(equal, bound, "6/11")
    uneven = good["win-rate--mixture-of-uneven-parts-2"]
    yield "not-attained--mixture-of-uneven-parts", put(uneven, WITNESS, vs("b", "b"))
    for name in ("two-favourites-3", "strict-3-against-2", "weak-3-against-1"):
        tight = good[f"product-upper-bound--{name}"]
        lower = Fraction(tight["certificates"][0]["claim"]["bound"]) - Fraction(1, 10**6)
        yield f"product-upper-bound--{name}-too-low", put(tight, bound, str(lower))
    favourites = good["product-upper-bound--two-favourites-3"]
    corner = put(favourites, WITNESS + "/point", {"a": "1"})
    yield "product-upper-bound--point-elsewhere", corner
    alone = put(favourites, WITNESS + "/mixture", [[["a", "a"], "1"]])
    yield "product-upper-bound--rivals-in-one-place", alone
    yield "product-upper-bound--one-output-more", put(favourites, CLAIM + "/k", 4)
    for ties, lower in {"uniform": "18/25", "win": "22/25", "half": "18/25", "lose": "1/2"}.items():
        tight = good[f"joint-upper-bound--uniform-rankings-{ties}"]
        yield f"joint-upper-bound--uniform-rankings-{ties}-too-low", put(tight, bound, lower)
    few = good["joint-upper-bound--uniform-rankings-fewer-than-outputs"]
    # 5/6 is right for all multiplicities but the balanced ones: (4, 1) has 1 - (1/5 + 1/2)/4
    yield "joint-upper-bound--balanced-multiplicities", put(few, bound, "5/6")
    vast = good["joint-upper-bound--uniform-rankings-of-10-to-the-17"]
    yield "joint-upper-bound--rate-without-its-excess", put(vast, bound, "3/4")
    twice = good["win-rate--uniform-rankings-one-twice"]
    yield "win-rate--uniform-rankings-not-equal", put(twice, bound, "13/18")
    more = put(put(twice, CLAIM + "/relation", ">="), bound, "14/25")
    yield "win-rate--uniform-rankings-at-least-a-little-more", more
    less = put(put(twice, CLAIM + "/relation", "<="), bound, "11/20")
    yield "win-rate--uniform-rankings-at-most-a-little-less", less
    other = put(good["win-rate--uniform-rankings-win"], CLAIM + "/ties", "lose")
    yield "win-rate--uniform-rankings-other-ties", other


def rejected_algebraic_equilibria(good: dict[str, Json]) -> Iterator[tuple[str, Json | bytes]]:
    """No root, or perhaps several; masses that are none; games with another equilibrium."""
    square, interval = good["algebraic-equilibrium--quadratic"], CLAIM + "/interval"
    yield "isolating--no-root", put(square, interval, ["2/5", "1/2"])
    yield (
        "isolating--root-at-the-end",
        put(good["algebraic-equilibrium--rational"], interval, ["1/5", "1"]),
    )
    yield "isolating--two-roots", put(square, interval, ["-10", "1"])
    # x (x^2 + 9x - 3) has three roots between -10 and 1, and different signs there
    masses = {"a": ["1", "-1", "0"], "b": ["0", "1", "0"]}
    cubic = {**QUADRATIC, "polynomial": ["0", "-3", "9", "1"], "masses": masses}
    three = document(PAIR, algebraic(3, {**cubic, "interval": ["-10", "1"]}))
    yield "isolating--three-roots", three
    # the claim is true, but 1 - U = 0 does not follow from x (x^2 + 9x - 3) = 0 for b
    yield "not-equilibrium--reducible-modulus", put(three, interval, ["1/4", "1/2"])
    masses = CLAIM + "/masses"
    # b's mass is the other root, -9.32...
    yield "positive--the-other-root", put(square, interval, ["-19/2", "-9"])
    zero = put(put(square, POP, LATE), masses + "/d", ["0", "0"])
    yield "positive--a-mass-of-zero", zero
    yield "sum--algebraic-masses", put(square, masses + "/a", ["1", "-11/10"])
    yield "sum--algebraic-constant", put(square, masses + "/a", ["11/10", "-1"])
    yield "not-equilibrium--another-k", put(square, CLAIM + "/k", 2)
    yield "not-equilibrium--another-weight", put(square, POP + "/users/0/weight", "301/100")
    swapped = {"a": ["0", "1"], "b": ["1", "-1"]}
    yield "not-equilibrium--masses-exchanged", put(square, masses, swapped)
    yield "not-equilibrium--another-modulus", put(square, CLAIM + "/polynomial/1", "91/10")
    late = good["algebraic-equilibrium--strict-off-the-support"]
    ahead = population("a b c d", "3 c>a>b>d, 2 b>a>c>d")
    yield "not-equilibrium--off-an-algebraic-support", put(late, POP, ahead)
    turned = put(good["algebraic-equilibrium--negative-modulus"], POP, ahead)
    yield "not-equilibrium--off-the-support-of-a-negative-modulus", turned
    wide = put(late, interval, ["1/4", "1/2"])
    yield "not-equilibrium--interval-too-wide", wide
    clone = good["algebraic-equilibrium--tight-off-the-support"]
    split = population("a b c", "3 a>b=c, 1 b=c>a, 1 c>b>a")
    yield "not-equilibrium--no-longer-tight", put(clone, POP, split)


def rejected_limits(good: dict[str, Json]) -> Iterator[tuple[str, Json | bytes]]:
    """Other limits, ceilings that are higher, distances out of order."""
    bound = CLAIM + "/bound"
    point, aligned = good["limit--of-a-point-mass"], good["limit--aligned"]
    yield "limit--too-high", put(point, bound, "1")
    yield "limit--too-low", put(point, bound, "1/2")
    yield "limit--aligned-after-all", put(aligned, bound, "999/1000")
    yield "limit--ties-counted-as-losses", put(good["limit--in-spite-of-ties"], bound, "0")
    two = good["nlhf-ceiling--two-responses"]
    yield "nlhf-ceiling--too-low", put(two, bound, "1/2")
    yield "nlhf-ceiling--an-opponent-that-caps-nothing", put(two, WITNESS + "/opponent", "a")
    tie = put(good["nlhf-ceiling--with-ties"], bound, "3/5")
    yield "nlhf-ceiling--ties-counted-as-losses", tie
    centre = WITNESS + "/equilibrium/centre"
    yield "not-equilibrium--no-lottery", put(two, centre, {"b": "1"})
    # the bound may hold, but with as many users on either side NLHF has more than one policy
    even = put(two, POP, EVEN)
    yield "not-strict--one-of-many-lotteries", even
    yield "rank--one-of-many-lotteries", put(even, centre, {"a": "1/2", "b": "1/2"})
    near = good["dictatorship-distance--exact"]
    yield "distance--below-the-left-side", put(near, bound, "39/100")
    yield "distance--above-the-right-side", put(near, bound, "21/50")
    box = good["dictatorship-distance--enclosed"]
    left, right = distances(TRIO, 2, box["certificates"][0]["witness"]["equilibrium"]["centre"])
    little = Fraction(1, 10**9)
    yield "distance--enclosed-below-the-left-side", put(box, bound, str(left - little))
    yield "distance--enclosed-above-the-right-side", put(box, bound, str(right + little))
    # b has less than its share, so its distance is largest at the lower end of the box
    place, inner = enclosure(PAIR, 3, "ab", {})
    left, right = distances(PAIR, 3, place["centre"])
    pair = inside(place["centre"], place["delta"], inner)
    for name, value in (("lower-end", left + Fraction(3, 5 << 48)), ("upper-end", right)):
        claim = claim_of("dictatorship-distance", 3, bound=str(value))
        yield f"distance--missed-at-the-{name}", document(PAIR, (claim, pair))
    # as wide as it may be, the box no longer shows what its centre shows
    cycle = good["equilibrium--enclosed-lottery-in-a-wide-box"]["certificates"][0]
    proof = inside(cycle["claim"]["centre"], "1/4", cycle["witness"])
    claim = claim_of("dictatorship-distance", 1, bound="1/10")
    yield "distance--somewhere-in-the-box", document(CYCLE, (claim, proof))
    yield "strict--a-tie-in-last-place", put(near, POP, population("a b c", "3 a>b=c, 2 b>a>c"))
    yield "not-equilibrium--of-another-k", put(near, CLAIM + "/k", 3)
    narrow = put(box, WITNESS + "/equilibrium/delta", f"1/{1 << 90}")
    yield "contraction--inside-a-distance", narrow


# ---- Malformed -----------------------------------------------------------------------------------


def malformed(good: dict[str, Json]) -> Iterator[tuple[str, Json | bytes]]:
    """Files that are not of the format."""
    yield from malformed_files(good)
    yield from malformed_populations(good)
    yield from malformed_win_rates(good)
    yield from malformed_equilibria(good)
    yield from malformed_uniqueness(good)
    yield from malformed_bounds(good)
    yield from malformed_algebraic_equilibria(good)
    yield from malformed_limits(good)


def malformed_files(good: dict[str, Json]) -> Iterator[tuple[str, Json | bytes]]:
    """Not text, not JSON, JSON that is read in more than one way, wrong keys at the top."""
    plain, kept = good["win-rate--product-equal"], good["win-rate--two-populations-and-provenance"]
    text = encoded(plain).decode("ascii")
    yield "not-utf8--utf-16", text.encode("utf-16")
    yield "not-utf8--latin-1", swap(plain, '"a"]}', '"\u00fc"]}').decode("utf-8").encode("latin-1")
    yield "not-json--byte-order-mark", text.encode("utf-8-sig")
    yield "not-json--utf-16-without-mark", text.encode("utf-16-le")
    yield "not-json--empty", b""
    yield "not-json--truncated", text[: len(text) // 2].encode("ascii")
    yield "not-json--two-documents", (text + text).encode("ascii")
    yield "not-json--trailing-comma", swap(plain, '"k": 2,', '"k": 2,,')
    yield "not-json--single-quotes", text.replace('"', "'").encode("ascii")
    yield "not-json--leading-zero", swap(plain, '"k": 2', '"k": 02')
    yield "not-json--line-break-in-a-string", swap(plain, '"157/252"', '"157/252\n"')
    yield "float--weight", swap(plain, '"3"', "3.0")
    yield "float--exponent", swap(plain, '"k": 2', '"k": 2e0')
    yield "float--nan", swap(plain, '"157/252"', "NaN")
    yield "float--infinity", swap(plain, '"157/252"', "-Infinity")
    yield "float--1e400", swap(plain, '"157/252"', "1e400")
    yield "float--in-the-provenance", swap(kept, '"k": 12', '"k": 12.5')
    yield "surrogate--in-a-name", swap(plain, '"responses": ["a"', '"responses": ["\\ud800"')
    yield "too-long--k-of-19-digits", swap(plain, '"k": 2', '"k": 1000000000000000000')
    yield "too-long--in-the-provenance", swap(kept, '"k": 12', '"k": ' + "9" * 5000)
    yield "duplicate-key--bound", swap(plain, '"k": 2', '"k": 2, "k": 3')
    yield "duplicate-key--written-differently", swap(plain, '"k": 2', '"k": 2, "\\u006b": 2')
    yield "duplicate-key--mass", swap(plain, '"a": "1/2"', '"a": "1/2", "a": "1/2"')
    yield "duplicate-key--population", swap(kept, '"q": {', '"p": {')
    yield "duplicate-key--in-the-provenance", swap(kept, '"k": 12', '"k": 12, "k": 12')
    yield "wrong-type--list-at-the-top", [plain]
    yield "wrong-type--null-at-the-top", None
    yield "wrong-type--populations", put(plain, "/populations", [PAIR])
    yield "wrong-type--certificates", put(plain, "/certificates", {})
    yield "wrong-type--certificate", put(plain, "/certificates/0", "claim")
    yield "empty--no-certificates", put(plain, "/certificates", [])
    yield "unknown-value--format", put(plain, "/format", "ualign/2")
    yield "missing-key--format", drop(plain, "/format")
    yield "missing-key--populations", drop(plain, "/populations")
    yield "missing-key--witness", drop(plain, WITNESS)
    yield "unknown-key--at-the-top", put(plain, "/comment", "")
    yield "unknown-key--in-a-certificate", put(plain, "/certificates/0/note", "")


def malformed_populations(good: dict[str, Json]) -> Iterator[tuple[str, Json | bytes]]:
    """Responses, users, weights and rankings."""
    plain = good["win-rate--product-equal"]
    user, ranking = POP + "/users/0", POP + "/users/0/ranking"
    yield "missing-key--responses", drop(plain, POP + "/responses")
    yield "missing-key--weight", drop(plain, user + "/weight")
    yield "unknown-key--in-a-population", put(plain, POP + "/prompt", "?")
    yield "unknown-key--of-a-user", put(plain, user + "/id", 1)
    yield "empty--no-responses", put(plain, POP, {"responses": [], "users": []})
    yield "empty--no-users", put(plain, POP + "/users", [])
    yield "empty--indifference-class", put(plain, ranking, [["a"], [], ["b"], ["c"]])
    yield "repeated--response", put(plain, POP + "/responses/2", "a")
    yield "repeated--in-a-class", put(plain, ranking, [["a"], ["b", "b"], ["c"]])
    yield "repeated--in-a-ranking", put(plain, ranking, [["a"], ["b"], ["a"], ["c"]])
    yield "incomplete--ranking", put(plain, ranking, [["a"], ["b"]])
    yield "incomplete--empty-ranking", put(plain, ranking, [])
    yield "unknown-response--in-a-ranking", put(plain, ranking + "/2/0", "d")
    yield "wrong-type--response-without-quotes", put(plain, POP + "/responses/2", 3)
    yield "wrong-type--class-without-brackets", put(plain, ranking + "/0", "a")
    yield "wrong-type--weight-without-quotes", put(plain, user + "/weight", 3)
    yield "not-positive--weight-zero", put(plain, user + "/weight", "0")
    yield "not-positive--weight-negative", put(plain, user + "/weight", "-3")
    for what, weight in {
        "not-rational--underscore": "1_0",
        "not-rational--spaces": " 1/3 ",
        "not-rational--line-break": "3\n",
        "not-rational--arabic-digits": "\u0663",
        "not-rational--arabic-digit-after-a-one": "1\u0663",
        "not-rational--superscript": "\u00b3",
        "not-rational--plus": "+3",
        "not-rational--decimal-point": "3.0",
        "not-rational--exponent": "3e0",
        "not-rational--leading-zero": "03",
        "not-rational--zero-denominator": "3/0",
        "not-rational--negative-denominator": "3/-1",
        "not-rational--two-slashes": "3/2/1",
        "not-rational--empty-string": "",
        "not-rational--lone-surrogate": "\ud800",
        "not-rational--of-2000-letters": "x" * 2000,
        "not-reduced--weight-2-over-4": "2/4",
        "not-reduced--weight-3-over-1": "3/1",
    }.items():
        yield what, put(plain, user + "/weight", weight)


def malformed_win_rates(good: dict[str, Json]) -> Iterator[tuple[str, Json | bytes]]:
    """Claims and witnesses of the first two kinds."""
    plain, least = good["win-rate--product-equal"], good["win-rate--product-at-least"]
    joint = good["win-rate--joint-uniform"]
    masses, tuples = CLAIM + "/policy/product", CLAIM + "/policy/joint"
    yield "missing-key--kind", drop(plain, CLAIM + "/kind")
    yield "missing-key--bound", drop(plain, CLAIM + "/bound")
    yield "missing-key--opponent", put(plain, WITNESS, {})
    yield "unknown-key--in-a-claim", put(plain, CLAIM + "/note", "")
    yield "unknown-key--opponent-of-a-bound-from-below", put(least, WITNESS, vs("a"))
    yield "unknown-key--two-policies", put(plain, CLAIM + "/policy/joint", [[["a", "b"], "1"]])
    yield "unknown-value--kind", put(plain, CLAIM + "/kind", "win-rates")
    yield "unknown-value--population", put(plain, CLAIM + "/population", "q")
    yield "unknown-value--ties", put(plain, CLAIM + "/ties", "Uniform")
    yield "unknown-value--relation", put(plain, CLAIM + "/relation", ">")
    yield "unknown-value--kind-in-a-list", put(plain, CLAIM + "/kind", ["win-rate"])
    yield "wrong-type--k-true", put(plain, CLAIM + "/k", True)
    yield "wrong-type--k-in-quotes", put(plain, CLAIM + "/k", "2")
    yield "wrong-type--bound-without-quotes", put(plain, CLAIM + "/bound", 1)
    yield "wrong-type--policy", put(plain, CLAIM + "/policy", "a")
    yield "wrong-type--opponent-without-brackets", put(plain, WITNESS + "/opponent", "a")
    yield "out-of-range--k-0", put(plain, CLAIM + "/k", 0)
    yield "out-of-range--k-negative", put(plain, CLAIM + "/k", -1)
    yield "out-of-range--l-0", put(plain, CLAIM + "/l", 0)
    yield "wrong-size--opponent", put(plain, WITNESS + "/opponent", ["a", "b"])
    yield "wrong-size--tuple", put(joint, tuples + "/0/0", ["a", "b", "c"])
    yield "wrong-size--probability-missing", put(joint, tuples + "/0", [["a", "b"]])
    yield "unknown-response--opponent", put(plain, WITNESS + "/opponent", ["A"])
    yield "unknown-response--policy", put(plain, masses, {"a": "1/2", "d": "1/2"})
    yield "unknown-response--tuple", put(joint, tuples + "/0/0/1", "d")
    yield "not-reduced--bound-minus-zero", put(least, CLAIM + "/bound", "-0")
    yield "not-reduced--zero-over-two", put(least, CLAIM + "/bound", "0/2")
    yield "not-positive--mass-zero", put(plain, masses, {"a": "1", "b": "0"})
    yield "not-positive--mass-negative", put(plain, masses, {"a": "3/2", "b": "-1/2"})
    yield (
        "not-positive--probability-zero",
        put(joint, tuples, [*JOINT["joint"], [["a", "a"], "0"]]),
    )
    yield "sum--masses", put(plain, masses + "/c", "1/7")
    yield "sum--no-masses", put(plain, masses, {})
    yield "sum--probabilities", put(joint, tuples + "/0/1", "1/3")
    yield "policy--empty", put(plain, CLAIM + "/policy", {})
    yield "policy--unknown", put(plain, CLAIM + "/policy", {"deterministic": ["a", "b"]})
    yield "policy--of-uniform-rankings", put(plain, CLAIM + "/policy", {"random_subset": [1, 1]})
    bound = good["joint-upper-bound--1-uniform"]
    yield "sum--rivals", put(bound, WITNESS + "/mixture", [])
    yield "wrong-size--rivals", put(bound, CLAIM + "/l", 2)
    yield "missing-key--mixture", put(bound, WITNESS, {})


def malformed_equilibria(good: dict[str, Json]) -> Iterator[tuple[str, Json | bytes]]:
    """Boxes, inverses and hints."""
    whole, box = good["equilibrium--exact"], good["equilibrium--enclosed"]
    clone = good["equilibrium--identity-of-a-clone"]
    hints = WITNESS + "/boundary"
    yield "sum--centre", put(whole, CLAIM + "/centre/a", "1/4")
    yield "out-of-range--delta-negative", put(box, CLAIM + "/delta", "-1/1000")
    yield "out-of-range--delta-1", put(box, CLAIM + "/delta", "1")
    yield "wrong-type--delta-without-quotes", put(whole, CLAIM + "/delta", 0)
    yield "unknown-key--inverse-without-delta", put(whole, WITNESS, {"inverse": [], "boundary": {}})
    yield "missing-key--boundary", drop(box, WITNESS + "/boundary")
    yield "wrong-size--inverse-without-a-row", drop(box, WITNESS + "/inverse/2")
    yield "wrong-size--inverse-without-an-entry", drop(box, WITNESS + "/inverse/2/2")
    yield "wrong-type--hint", put(clone, hints + "/d", "c")
    yield "boundary--hint-about-the-support", put(clone, hints, {"d": {"c": "1"}, "c": {"c": "1"}})
    yield "boundary--hint-off-the-support", put(clone, hints, {"d": {"d": "1"}})
    yield "unknown-response--hint", put(clone, hints + "/e", {})


def malformed_uniqueness(good: dict[str, Json]) -> Iterator[tuple[str, Json | bytes]]:
    """Proofs for another k or another truth value, classes that there are not."""
    classes = good["unique-equilibrium--classes"]
    lottery = good["unique-equilibrium--lottery"]
    yield "witness--classes-for-two-players", put(classes, CLAIM + "/k", 1)
    yield "witness--kernel-for-three-players", put(lottery, CLAIM + "/k", 2)
    yield "witness--uniqueness-turned-around", put(classes, CLAIM + "/unique", False)
    two = good["unique-equilibrium--two-lotteries"]
    yield "witness--two-turned-around", put(two, CLAIM + "/unique", True)
    yield "witness--empty", put(classes, WITNESS, {})
    yield "witness--two-proofs", put(two, WITNESS + "/direction", {"a": "1", "b": "-1"})
    inside = good["unique-equilibrium--combination"]
    yield "witness--combination-missing", drop(inside, WITNESS + "/combination")
    wide = good["equilibrium--enclosed-lottery-in-a-wide-box"]["certificates"][0]
    enclosed = {"centre": wide["claim"]["centre"], "delta": "1/4", "witness": wide["witness"]}
    yield "witness--enclosure-for-two-players", put(lottery, WITNESS + "/equilibrium", enclosed)
    yield "wrong-type--unique", put(classes, CLAIM + "/unique", 1)
    yield "wrong-size--a-class-too-few", drop(classes, WITNESS + "/classes/2")
    yield "wrong-size--three-equilibria", put(two, WITNESS + "/equilibria", [{"a": "1"}] * 3)
    yield "out-of-range--user", put(classes, WITNESS + "/classes/2", [3, 0])
    yield "out-of-range--class", put(classes, WITNESS + "/classes/2", [0, 3])
    yield "out-of-range--class-from-the-end", put(classes, WITNESS + "/classes/2", [2, -3])
    yield "out-of-range--user-from-the-end", put(classes, WITNESS + "/classes/2", [-1, 0])
    yield "unknown-key--in-an-equilibrium", put(lottery, WITNESS + "/equilibrium/k", 1)
    yield (
        "unknown-response--direction",
        put(good["unique-equilibrium--direction"], WITNESS + "/direction/d", "0"),
    )


def malformed_bounds(good: dict[str, Json]) -> Iterator[tuple[str, Json | bytes]]:
    """Mixtures of policies, points, and multiplicities."""
    half = good["win-rate--mixture-at-least"]
    parts = CLAIM + "/policy/mixture"
    yield "sum--shares-of-policies", put(half, parts + "/1/0", "1/3")
    yield "sum--masses-of-a-part", put(half, parts + "/1/1", {"b": "1/2"})
    yield "sum--no-policies", put(half, parts, [])
    yield "not-positive--share", put(half, parts, [["1", {"a": "1"}], ["0", {"b": "1"}]])
    yield "wrong-size--share-alone", put(half, parts + "/1", ["1/2"])
    yield "wrong-type--share-after-the-policy", put(half, parts + "/1", [{"b": "1"}, "1/2"])
    yield "unknown-response--in-a-part", put(half, parts + "/1/1", {"c": "1"})
    yield "unknown-key--mixture-and-product", put(half, CLAIM + "/policy/product", {"a": "1"})
    upper = good["product-upper-bound--two-favourites-3"]
    yield "unknown-value--ties-of-a-product-bound", put(upper, CLAIM + "/ties", "win")
    yield "missing-key--point", drop(upper, WITNESS + "/point")
    yield "sum--point", put(upper, WITNESS + "/point/a", "1/3")
    yield "sum--rivals-of-a-product", put(upper, WITNESS + "/mixture/0/1", "1/3")
    yield "wrong-size--rivals-of-a-product", put(upper, CLAIM + "/l", 1)
    yield "unknown-response--point", put(upper, WITNESS + "/point", {"c": "1"})
    yield "not-rational--bound-of-a-product", put(upper, CLAIM + "/bound", "1.")
    three, rate = (
        good[f"{kind}--uniform-rankings-win"] for kind in ("joint-upper-bound", "win-rate")
    )
    size, counts = POP + "/uniform_rankings", CLAIM + "/policy/random_subset"
    yield "out-of-range--no-rankings", put(three, size, 0)
    yield "wrong-type--number-of-rankings", put(three, size, "3")
    yield "unknown-key--beside-uniform-rankings", put(three, POP + "/responses", ["a", "b", "c"])
    yield "out-of-range--two-rivals-of-uniform-rankings", put(three, CLAIM + "/l", 2)
    yield "out-of-range--two-opponents-of-uniform-rankings", put(rate, CLAIM + "/l", 2)
    yield "out-of-range--more-multiplicities-than-responses", put(rate, size, 1)
    yield "out-of-range--multiplicity-of-zero", put(rate, counts, [2, 0])
    yield "sum--multiplicities", put(rate, counts, [1, 1, 1])
    yield "sum--no-multiplicities", put(rate, counts, [])
    yield "wrong-type--multiplicity", put(rate, counts, ["1", "1"])
    yield "sum--rivals-of-uniform-rankings", put(three, WITNESS + "/mixture/random_subset", [2])
    listed = put(three, WITNESS + "/mixture", [[["a"], "1"]])
    yield "wrong-type--named-rivals-of-uniform-rankings", listed
    yield "missing-key--product-policy-for-uniform-rankings", put(rate, CLAIM + "/policy", MIXED)
    yield "unknown-key--opponent-among-uniform-rankings", put(rate, WITNESS, vs("a"))
    yield "unknown-value--relation-among-uniform-rankings", put(rate, CLAIM + "/relation", "<")
    yield "unknown-value--ties-of-uniform-rankings", put(three, CLAIM + "/ties", "third")
    for kind in ("product-upper-bound--two-favourites-3", "equilibrium--exact", "limit--aligned"):
        yield f"population--{kind}", put(good[kind], POP, THREE)
    for kind in ("algebraic-equilibrium--quadratic", "unique-equilibrium--classes"):
        yield f"population--{kind}", put(good[kind], POP, THREE)
    for kind in ("nlhf-ceiling--two-responses", "dictatorship-distance--exact"):
        yield f"population--{kind}", put(good[kind], POP, THREE)


def malformed_algebraic_equilibria(good: dict[str, Json]) -> Iterator[tuple[str, Json | bytes]]:
    """Polynomials, intervals and masses that are none."""
    square = good["algebraic-equilibrium--quadratic"]
    coefficients, masses = CLAIM + "/polynomial", CLAIM + "/masses"
    yield "polynomial--constant", put(square, coefficients, ["1"])
    yield "polynomial--empty", put(square, coefficients, [])
    yield "polynomial--leading-coefficient-zero", put(square, coefficients + "/2", "0")
    yield "wrong-type--coefficient", put(square, coefficients + "/2", 1)
    yield "out-of-range--interval-turned-around", put(square, CLAIM + "/interval", ["1/2", "1/4"])
    yield "out-of-range--interval-of-one-point", put(square, CLAIM + "/interval", ["1/4", "1/4"])
    yield "wrong-size--interval", put(square, CLAIM + "/interval", ["1/4"])
    yield "wrong-size--mass-of-another-degree", put(square, masses + "/a", ["1", "-1", "0"])
    yield "empty--no-algebraic-masses", put(square, masses, {})
    yield "unknown-response--algebraic-mass", put(square, masses + "/c", ["0", "0"])
    yield "unknown-key--witness-of-an-algebraic-equilibrium", put(square, WITNESS, {"inverse": []})


def malformed_limits(good: dict[str, Json]) -> Iterator[tuple[str, Json | bytes]]:
    """Limits, ceilings and distances."""
    point = good["limit--of-a-point-mass"]
    yield "missing-key--limit-of-a-joint-policy", put(point, CLAIM + "/policy", JOINT)
    yield "unknown-key--k-of-a-limit", put(point, CLAIM + "/k", 2)
    yield "sum--policy-of-a-limit", put(point, CLAIM + "/policy/product/a", "1/2")
    yield "unknown-key--witness-of-a-limit", put(point, WITNESS, vs("b"))
    two = good["nlhf-ceiling--two-responses"]
    yield "missing-key--opponent-of-a-ceiling", drop(two, WITNESS + "/opponent")
    yield "unknown-response--opponent-of-a-ceiling", put(two, WITNESS + "/opponent", "c")
    yield "wrong-type--opponent-of-a-ceiling", put(two, WITNESS + "/opponent", ["b"])
    wide = good["equilibrium--enclosed-lottery-in-a-wide-box"]["certificates"][0]
    enclosed = inside(wide["claim"]["centre"], "1/4", wide["witness"])
    cycle = put(good["nlhf-ceiling--of-a-cycle"], POP, CYCLE)
    yield "witness--enclosed-lottery", put(cycle, WITNESS, {**enclosed, "opponent": "a"})
    # and the lottery is none, but a claim that is not well formed is no false one
    none = put(two, WITNESS + "/equilibrium/centre", {"b": "1"})
    yield "not-rational--bound-of-a-ceiling", put(none, CLAIM + "/bound", "3/5.")
    yield "wrong-type--bound-of-a-ceiling", put(none, CLAIM + "/bound", [])
    near = good["dictatorship-distance--exact"]
    far = put(near, WITNESS + "/equilibrium/centre", {"a": "1"})
    yield "not-rational--bound-of-a-distance", put(far, CLAIM + "/bound", "2 / 5")
    yield "missing-key--equilibrium-of-a-distance", put(near, WITNESS, {})
    yield "out-of-range--delta-of-a-distance", put(near, WITNESS + "/equilibrium/delta", "1")


# ---- Over budget ---------------------------------------------------------------------------------


def over_budget(good: dict[str, Json]) -> Iterator[tuple[str, Json | bytes]]:
    """What would cost too much; most of it true, and all of it fine with larger budgets."""
    pair = document(PAIR, (win_rate(2, 1, "uniform", {"product": {"a": "1"}}, ">=", "3/5"), {}))
    yield "bytes--one-too-many", encoded(pair)[:-1].ljust(299) + b"\n"
    deep: Json = []
    for _ in range(15):
        deep = [deep]
    yield "depth--provenance", {**pair, "provenance": deep}
    yield "depth--brackets-alone", b"[" * 17
    yield "depth--population-at-the-limit-of-six", {**pair, "provenance": [[[[[["]"]]]]]]}
    twenty = "1" * 21
    yield "digits--weight", put(pair, POP + "/users/0/weight", twenty)
    yield "digits--denominator", put(pair, CLAIM + "/bound", f"1/{twenty}")
    point = document(PAIR, (claim_of("equilibrium", 2, **exact(a="1")), {}))
    yield "digits--delta", put(point, CLAIM + "/delta", f"1/{twenty}")
    primes = ["1/10000000019", "1/10000000033", "1/10000000061"]
    trio = good["win-rate--product-at-least"]
    for i, weight in enumerate(primes):
        trio = put(trio, f"{POP}/users/{i}/weight", weight)
    yield "digits--common-denominator-of-weights", trio
    masses = {"a": primes[0], "b": primes[1], "c": primes[2]}
    trio = put(good["win-rate--product-at-least"], CLAIM + "/policy/product", masses)
    yield "digits--common-denominator-of-masses", trio
    equal = good["win-rate--product-equal"]
    yield "work--exact-power-of-10-to-the-17", put(equal, CLAIM + "/k", 10**17)
    yield (
        "work--10-to-the-17-opponents",
        put(good["win-rate--joint-two-opponents-at-least"], CLAIM + "/l", 10**17),
    )
    yield (
        "work--10-to-the-17-outputs",
        put(good["joint-upper-bound--1-uniform"], CLAIM + "/k", 10**17),
    )
    many = population(" ".join(f"r{i}" for i in range(66)), "1 r0")
    many["users"][0]["ranking"] = [many["responses"]]
    crowd = {"mixture": [[["r0"], "1"]]}
    claim = claim_of("joint-upper-bound", 65, l=1, ties="uniform", bound="1")
    yield "work--65-outputs-of-66-responses", document(many, (claim, crowd))
    yield from over_budget_by_far(good)
    yield "work--product", pair
    yield "work--mixture", good["joint-upper-bound--2-uniform"]
    yield "work--enclosure", good["equilibrium--enclosed"]


def over_budget_by_far(good: dict[str, Json]) -> Iterator[tuple[str, Json | bytes]]:
    """Exponents and degrees beyond reach, and more partitions than can be tried."""
    vast, k = 10**17, CLAIM + "/k"
    yield "work--mixture-of-10-to-the-17-outputs", put(good["win-rate--mixture-at-least"], k, vast)
    yield (
        "work--product-bound-of-10-to-the-17-outputs",
        put(good["product-upper-bound--two-favourites-3"], k, vast),
    )
    yield (
        "work--algebraic-of-10-to-the-17-outputs",
        put(good["algebraic-equilibrium--quadratic"], k, vast),
    )
    near = good["dictatorship-distance--exact"]
    point = put(put(near, WITNESS + "/equilibrium/centre", {"a": "1"}), k, vast)
    alone = put(point, POP, population("a b", "1 a>b"))
    yield "work--distance-of-10-to-the-17-outputs", put(alone, CLAIM + "/bound", "0")
    three = put(good["joint-upper-bound--uniform-rankings-uniform"], CLAIM + "/bound", "1")
    yield "work--partitions", put(put(three, k, 1000), POP + "/uniform_rankings", 1000)
    yield "work--partitions-of-10-to-the-17", put(three, k, vast)
    yield "work--algebraic", good["algebraic-equilibrium--quadratic"]
    yield "work--limit", good["limit--aligned"]
    shares = [
        [str(Fraction(1, 200)), {"a": f"{i}/401", "b": f"{401 - i}/401"}] for i in range(1, 201)
    ]
    many = put(good["win-rate--mixture-at-least"], CLAIM + "/policy/mixture", shares)
    yield "work--many-shares", many


# ---- The corpus ----------------------------------------------------------------------------------

Cases = Iterator[tuple[str, "Json | bytes"]]
FOLDERS: dict[str, Callable[[dict[str, Json]], Cases]] = {
    "accepted": lambda good: iter(good.items()),
    "rejected": rejected,
    "malformed": malformed,
    "over_budget": over_budget,
}


def corpus() -> dict[str, bytes]:
    """The files of the corpus: path and contents of every case."""
    good, files = dict(accepted()), {}
    for folder, cases in FOLDERS.items():
        for name, value in cases(good):
            content = value if isinstance(value, bytes) else encoded(value)
            files[f"{folder}/{name}.cert.json"] = content
    return files


def expected() -> bytes:
    """EXPECTED.json: what a checker run with the options has to find in each file, a line a file.

    Verdict and code are those of the only line that does not accept, if there is one."""
    lines = []
    for path in sorted(corpus()):
        folder, _, case = path.partition("/")
        name = case.removesuffix(".cert.json")
        code = None if folder == "accepted" else name.partition("--")[0]
        line = {"file": path, "options": BUDGETS.get(name, [])}
        lines.append(json.dumps({**line, "verdict": folder.upper(), "code": code}))
    return ("[\n" + ",\n".join(lines) + "\n]\n").encode("ascii")


def main() -> None:
    """Write the corpus afresh."""
    shutil.rmtree(CORPUS, ignore_errors=True)
    for path, content in corpus().items():
        (CORPUS / path).parent.mkdir(parents=True, exist_ok=True)
        (CORPUS / path).write_bytes(content)
    (CORPUS / EXPECTED).write_bytes(expected())


if __name__ == "__main__":
    main()
