"""The checker's test corpus: small certificate files with known verdicts.

    python tests/make_corpus.py        # writes tests/corpus afresh, always the same bytes

`accepted` holds true claims with good witnesses. Every other file is one of those with a single
defect, or a file that differs from one in a single way, and its name says what must come of it:
`rejected/off-support--support-too-small.cert.json` is REJECTED with the code `off-support`. Files
of `over_budget` need the lowered limits of BUDGETS. A name that starts with a plus is that of a
variant: the tests write and check it, but it is not committed as a file.

Everything is written by hand or worked out here in Fractions, straight from the definitions; the
package is not used, so that the corpus is evidence about it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from fractions import Fraction
from pathlib import Path
from typing import Any

Json = Any
Masses = dict[str, Fraction]

CORPUS = Path(__file__).with_name("corpus")
POP, CLAIM, WITNESS = "/populations/p", "/certificates/0/claim", "/certificates/0/witness"

BUDGETS = {
    "bytes--one-too-many": ["--max-bytes=299"],
    "depth--population-at-the-limit-of-six": ["--max-depth=6"],
    "digits--weight": ["--max-digits=20"],
    "digits--delta": ["--max-digits=20"],
    "digits--denominator": ["--max-digits=20"],
    "digits--common-denominator-of-weights": ["--max-digits=20"],
    "digits--common-denominator-of-masses": ["--max-digits=20"],
    "work--product": ["--max-work=20"],
    "work--mixture": ["--max-work=20"],
    "work--enclosure": ["--max-work=100"],
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

MIXED = {"product": {"a": "1/2", "b": "1/3", "c": "1/6"}}
JOINT = {"joint": [[["a", "b"], "1/2"], [["b", "c"], "1/3"], [["c", "c"], "1/6"]]}
PAIRS = {"mixture": [[["a", "b"], "1/2"], [["b", "c"], "1/2"]]}
SINGLES = {"mixture": [[["a"], "1/2"], [["b"], "1/4"], [["c"], "1/4"]]}


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


def accepted_win_rates() -> Iterator[tuple[str, Json]]:
    """Every relation, tie convention and kind of policy; corners of the format."""
    one = win_rate(2, 1, "uniform", MIXED, "=", "157/252")
    yield "win-rate--product-equal", document(TRIO, (one, vs("a")))
    yield "win-rate--product-at-least", document(TRIO, (put(one, "/relation", ">="), {}))
    yield "win-rate--product-at-most", document(TRIO, (put(one, "/relation", "<="), vs("a")))
    slack = put(put(one, "/relation", "<="), "/bound", "5/8")
    yield "+win-rate--product-at-most-with-room", document(TRIO, (slack, vs("a")))
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
    yield "+win-rate--joint-two-opponents-at-most", document(WEAK, (claim, vs("b", "c")))
    point = {"product": {"a": "1"}}
    claim = win_rate(10**17, 1, "uniform", point, ">=", "599/1000")
    yield "win-rate--of-10-to-the-17-outputs", document(PAIR, (claim, {}))
    trivial = win_rate(1, 1, "uniform", point, ">=", "-1/2")
    yield "+win-rate--at-least-a-negative-number", document(PAIR, (trivial, {}))
    only = population("a", "1 a")
    claim = win_rate(2, 3, "uniform", point, "=", "2/5")
    yield "+win-rate--one-response-one-user", document(only, (claim, vs("a", "a", "a")))
    odd = {
        "responses": ["", "a/b~c", "\u00fc", "\ud800"],
        "users": [{"weight": "1", "ranking": [["\ud800", "a/b~c"], ["", "\u00fc"]]}],
    }
    claim = win_rate(1, 1, "uniform", {"product": {"\ud800": "1"}}, "=", "1/2")
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
    yield "+equilibrium--enclosed-as-widely-as-may-be", document(population("a b", "1 a>b"), single)
    for what, about, k, T, boundary in (
        ("enclosed", TRIO, 2, "abc", {}),
        ("+enclosed-of-six-players", TRIO, 5, "abc", {}),
        ("enclosed-with-a-strict-response", SHADOW, 2, "abc", {}),
        ("identity-of-a-clone", CLONE, 2, "abc", {"d": {"c": "1"}}),
        ("identity-of-several-terms", MIRROR, 2, "ab", {"y": {"a": "1/2", "b": "1/2"}}),
        ("identity-that-is-a-constant", CAPPED, 2, "ab", {"y": {}}),
        ("identity-with-a-constant", HALFWAY, 2, "ab", {"y": {"a": "1/2"}}),
    ):
        claim, witness = enclosure(about, k, T, boundary)
        name = f"equilibrium--{what}" if what[0] != "+" else f"+equilibrium--{what[1:]}"
        yield name, document(about, equilibrium(k, claim, witness))


def unique(k: int, truth: bool, witness: Json) -> tuple[Json, Json]:
    """A claim and a witness of kind unique-equilibrium."""
    return claim_of("unique-equilibrium", k, unique=truth), witness


def accepted_uniqueness() -> Iterator[tuple[str, Json]]:
    """All five witnesses, with exact and enclosed equilibria."""
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
    yield "+unique-equilibrium--two-of-three-players", document(tie, unique(2, False, pair))
    along = {"equilibrium": first, "direction": {"a": "-1/2", "b": "1/2", "c": "0"}}
    yield "unique-equilibrium--direction", document(tie, unique(2, False, along))
    yield "+unique-equilibrium--direction-of-lotteries", document(tie, unique(1, False, along))
    place, inner = enclosure(CLONE, 2, "abc", {"d": {"c": "1"}})
    along = {"equilibrium": {**place, "witness": inner}, "direction": {"c": "-1", "d": "1"}}
    yield "unique-equilibrium--direction-enclosed", document(CLONE, unique(2, False, along))


# ---- Rejected ------------------------------------------------------------------------------------


def rejected(good: dict[str, Json]) -> Iterator[tuple[str, Json | bytes]]:
    """Well-formed files whose claim is false or whose witness does not establish it."""
    yield from rejected_win_rates(good)
    yield from rejected_equilibria(good)
    yield from rejected_uniqueness(good)


def rejected_win_rates(good: dict[str, Json]) -> Iterator[tuple[str, Json | bytes]]:
    """Bounds off in the false direction, opponents that are not worst, conventions mixed up."""
    equal, least = good["win-rate--product-equal"], good["win-rate--product-at-least"]
    yield "win-rate--at-least-a-little-more", put(least, CLAIM + "/bound", "1571/2520")
    yield "+win-rate--heavier-user", put(least, POP + "/users/2/weight", "3")
    yield "+win-rate--other-policy", put(least, CLAIM + "/policy/product", {"a": "1"})
    yield "+win-rate--fewer-outputs", put(least, CLAIM + "/k", 1)
    yield "+win-rate--more-opponents", put(least, CLAIM + "/l", 2)
    higher = put(put(equal, CLAIM + "/bound", "557/756"), WITNESS, vs("b"))
    yield "win-rate--attained-but-not-the-worst", higher
    joint = good["win-rate--joint-two-opponents-at-least"]
    yield "win-rate--joint-at-least-a-little-more", put(joint, CLAIM + "/bound", "33/80")
    three = good["win-rate--three-opponents-with-a-copy"]
    three = put(put(three, WITNESS, {}), CLAIM + "/relation", ">=")
    yield "+win-rate--three-opponents", put(three, CLAIM + "/bound", "3971/12960")
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
    yield "+not-attained--equal-to-a-little-less", put(equal, CLAIM + "/bound", "523/840")
    yield "not-attained--equal-to-a-little-more", put(equal, CLAIM + "/bound", "1571/2520")
    most = good["win-rate--product-at-most"]
    yield "not-attained--at-most-a-little-less", put(most, CLAIM + "/bound", "523/840")
    yield "+not-attained--by-a-weak-opponent", put(most, WITNESS, vs("b"))
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
    yield "+joint-upper-bound--more-outputs", put(one, CLAIM + "/k", 3)


def rejected_equilibria(good: dict[str, Json]) -> Iterator[tuple[str, Json | bytes]]:
    """Points that are none, boxes that prove nothing, identities that are none."""
    whole = good["equilibrium--exact"]
    off = {"a": "333/1000", "b": "333/1000", "c": "167/500"}
    yield "not-equilibrium--centre-moved", put(whole, CLAIM + "/centre", off)
    yield "+not-equilibrium--vertex-of-a-cycle", put(whole, CLAIM + "/centre", {"a": "1"})
    tight = good["equilibrium--exact-with-a-tight-response"]
    yield "+not-equilibrium--one-output-more", put(tight, CLAIM + "/k", 3)
    yield "not-equilibrium--deviation-barely-pays", put(tight, POP + "/users/0/weight", "199/100")
    lottery = good["equilibrium--exact-lottery"]
    yield (
        "+not-equilibrium--lottery-of-an-uneven-cycle",
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
    yield "+contraction--inverse-of-zeros", put(box, WITNESS + "/inverse", zeros)
    swapped = [witness["inverse"][i] for i in (1, 0, 2)]
    yield "+contraction--rows-of-the-inverse-swapped", put(box, WITNESS + "/inverse", swapped)
    turned = [list(column) for column in zip(*witness["inverse"], strict=True)]
    yield "+contraction--inverse-transposed", put(box, WITNESS + "/inverse", turned)
    yield "+contraction--one-output-more", put(box, CLAIM + "/k", claim["k"] + 1)
    yield "+contraction--other-weight", put(box, POP + "/users/0/weight", "301/100")
    place, inner = enclosure(TRIO, 2, "ac", {})
    fewer = document(TRIO, equilibrium(2, place, inner))
    yield "off-support--support-too-small", fewer
    clone = good["equilibrium--identity-of-a-clone"]
    yield "off-support--clone-without-its-identity", put(clone, WITNESS + "/boundary", {})
    capped = good["equilibrium--identity-that-is-a-constant"]
    yield "+off-support--constant-without-its-identity", put(capped, WITNESS + "/boundary", {})
    multiple = WITNESS + "/boundary/d/c"
    yield "+boundary--multiple-too-large", put(clone, multiple, "2")
    yield "boundary--multiple-too-small", put(clone, multiple, "999/1000")
    yield "+boundary--multiple-of-another-response", put(clone, WITNESS + "/boundary/d", {"a": "1"})
    mirror = good["equilibrium--identity-of-several-terms"]
    yield "boundary--term-forgotten", drop(mirror, WITNESS + "/boundary/y/b")
    strict = good["equilibrium--enclosed-with-a-strict-response"]
    yield "+boundary--strict-response-has-no-identity", put(strict, WITNESS + "/boundary/d", {})
    # the users who put y first are now more than 1/(k+1), and a against b is as before
    above = put(put(capped, POP + "/users/0/weight", "7/2"), POP + "/users/1/weight", "3/2")
    yield "boundary--constant-above-one", above
    between = population("a b y", "3 y>a>b, 2 a>y>b, 4 b>a>y")
    yield "+boundary--constant-and-more", put(capped, POP, between)
    tied = population("a b y", "3 y>a>b, 1 a=b=y, 2 a>b>y, 3 b>a>y")
    place, inner = enclosure(tied, 2, "ab", {"y": {}})
    constants = document(tied, equilibrium(2, place, inner))
    yield "+boundary--constants-of-two-kinds-above-one", constants
    half = good["equilibrium--identity-with-a-constant"]
    heavier = population("a b y", "5 a=y>b, 4 y>a>b, 1 a>b>y, 4 b>a=y, 4 b>a>y")
    yield "+boundary--constant-and-multiple-above-one", put(half, POP, heavier)


def rejected_uniqueness(good: dict[str, Json]) -> Iterator[tuple[str, Json | bytes]]:
    """Each witness, and each way in which it can fail to prove what it should."""
    classes = good["unique-equilibrium--classes"]
    yield "+rank--a-class-twice", put(classes, WITNESS + "/classes/2", [0, 1])
    # {a}, {a, b} and {b}: the third is the difference of the other two
    chain = put(classes, POP + "/users/1/ranking", [["a", "b"], ["c"]])
    yield "rank--classes-of-different-users-dependent", put(chain, WITNESS + "/classes/2", [1, 0])
    inside = good["unique-equilibrium--combination-enclosed"]
    yield "rank--classes-dependent-on-the-support", put(inside, WITNESS + "/classes/1", [0, 2])
    combined = good["unique-equilibrium--combination"]
    place = WITNESS + "/combination"
    yield "+combination--zero-off-the-support", put(combined, place, [])
    yield "combination--zero-at-one-response", put(combined, place, [[[1, 1], "1"]])
    yield "combination--negative-off-the-support", put(combined, place + "/0/1", "-1")
    touching = [[[0, 1], "1"], [[1, 0], "1"]]
    yield "combination--positive-on-the-support", put(combined, place, touching)
    signed = good["unique-equilibrium--combination-with-signs"]
    yield "+combination--does-not-cancel", put(signed, place + "/1/1", "-1")
    cycle = good["unique-equilibrium--lottery"]
    centre = WITNESS + "/equilibrium/centre"
    yield "not-equilibrium--inside-a-proof", put(cycle, centre, {"a": "1"})
    enclosed = put(inside, WITNESS + "/equilibrium/delta", f"1/{1 << 90}")
    yield "+contraction--inside-a-proof", enclosed
    strict = put(good["unique-equilibrium--lottery-with-a-strict-response"], POP, EVEN)
    yield "not-strict--lottery-with-a-tight-response", strict
    even = {"a": "1/2", "b": "1/2"}
    yield "rank--kernel-of-the-margins-too-large", put(strict, centre, even)
    two = good["unique-equilibrium--two-lotteries"]
    yield "same--equilibrium-twice", put(two, WITNESS + "/equilibria/1", {"a": "1"})
    yield "not-equilibrium--second-of-two", put(two, POP + "/users/0/weight", "2")
    along = good["unique-equilibrium--direction"]
    step = WITNESS + "/direction"
    yield "+direction--empty", put(along, step, {})
    yield "direction--zero", put(along, step, {"a": "0", "b": "0"})
    yield "direction--leaves-the-simplex", put(along, step, {"a": "1/2", "b": "-1/2"})
    yield "direction--changes-a-class", put(along, step, {"a": "-1/2", "c": "1/2"})
    yield "+direction--sum-not-zero", put(along, step, {"a": "-1/2", "b": "1/3"})


# ---- Malformed -----------------------------------------------------------------------------------


def malformed(good: dict[str, Json]) -> Iterator[tuple[str, Json | bytes]]:
    """Files that are not of the format."""
    yield from malformed_files(good)
    yield from malformed_populations(good)
    yield from malformed_win_rates(good)
    yield from malformed_equilibria(good)
    yield from malformed_uniqueness(good)


def malformed_files(good: dict[str, Json]) -> Iterator[tuple[str, Json | bytes]]:
    """Not text, not JSON, JSON that is read in more than one way, wrong keys at the top."""
    plain, kept = good["win-rate--product-equal"], good["win-rate--two-populations-and-provenance"]
    text = encoded(plain).decode("ascii")
    yield "not-utf8--utf-16", text.encode("utf-16")
    yield "+not-utf8--latin-1", swap(plain, '"a"]}', '"\u00fc"]}').decode("utf-8").encode("latin-1")
    yield "not-json--byte-order-mark", text.encode("utf-8-sig")
    yield "+not-json--utf-16-without-mark", text.encode("utf-16-le")
    yield "+not-json--empty", b""
    yield "not-json--truncated", text[: len(text) // 2].encode("ascii")
    yield "+not-json--two-documents", (text + text).encode("ascii")
    yield "+not-json--trailing-comma", swap(plain, '"k": 2,', '"k": 2,,')
    yield "+not-json--single-quotes", text.replace('"', "'").encode("ascii")
    yield "+not-json--leading-zero", swap(plain, '"k": 2', '"k": 02')
    yield "+not-json--line-break-in-a-string", swap(plain, '"157/252"', '"157/252\n"')
    yield "float--weight", swap(plain, '"3"', "3.0")
    yield "+float--exponent", swap(plain, '"k": 2', '"k": 2e0')
    yield "float--nan", swap(plain, '"157/252"', "NaN")
    yield "+float--infinity", swap(plain, '"157/252"', "-Infinity")
    yield "float--1e400", swap(plain, '"157/252"', "1e400")
    yield "float--in-the-provenance", swap(kept, '"k": 12', '"k": 12.5')
    yield "too-long--k-of-19-digits", swap(plain, '"k": 2', '"k": 1000000000000000000')
    yield "+too-long--in-the-provenance", swap(kept, '"k": 12', '"k": ' + "9" * 5000)
    yield "duplicate-key--bound", swap(plain, '"k": 2', '"k": 2, "k": 3')
    yield "+duplicate-key--written-differently", swap(plain, '"k": 2', '"k": 2, "\\u006b": 2')
    yield "+duplicate-key--mass", swap(plain, '"a": "1/2"', '"a": "1/2", "a": "1/2"')
    yield "+duplicate-key--population", swap(kept, '"q": {', '"p": {')
    yield "duplicate-key--in-the-provenance", swap(kept, '"k": 12', '"k": 12, "k": 12')
    yield "wrong-type--list-at-the-top", [plain]
    yield "+wrong-type--null-at-the-top", None
    yield "+wrong-type--populations", put(plain, "/populations", [PAIR])
    yield "+wrong-type--certificates", put(plain, "/certificates", {})
    yield "+wrong-type--certificate", put(plain, "/certificates/0", "claim")
    yield "empty--no-certificates", put(plain, "/certificates", [])
    yield "unknown-value--format", put(plain, "/format", "ualign/2")
    yield "+missing-key--format", drop(plain, "/format")
    yield "missing-key--populations", drop(plain, "/populations")
    yield "missing-key--witness", drop(plain, WITNESS)
    yield "unknown-key--at-the-top", put(plain, "/comment", "")
    yield "unknown-key--in-a-certificate", put(plain, "/certificates/0/note", "")


def malformed_populations(good: dict[str, Json]) -> Iterator[tuple[str, Json | bytes]]:
    """Responses, users, weights and rankings."""
    plain = good["win-rate--product-equal"]
    user, ranking = POP + "/users/0", POP + "/users/0/ranking"
    yield "+missing-key--responses", drop(plain, POP + "/responses")
    yield "missing-key--weight", drop(plain, user + "/weight")
    yield "unknown-key--in-a-population", put(plain, POP + "/prompt", "?")
    yield "unknown-key--of-a-user", put(plain, user + "/id", 1)
    yield "empty--no-responses", put(plain, POP, {"responses": [], "users": []})
    yield "empty--no-users", put(plain, POP + "/users", [])
    yield "empty--indifference-class", put(plain, ranking, [["a"], [], ["b"], ["c"]])
    yield "repeated--response", put(plain, POP + "/responses/2", "a")
    yield "+repeated--in-a-class", put(plain, ranking, [["a"], ["b", "b"], ["c"]])
    yield "+repeated--in-a-ranking", put(plain, ranking, [["a"], ["b"], ["a"], ["c"]])
    yield "incomplete--ranking", put(plain, ranking, [["a"], ["b"]])
    yield "+incomplete--empty-ranking", put(plain, ranking, [])
    yield "unknown-response--in-a-ranking", put(plain, ranking + "/2/0", "d")
    yield "+wrong-type--response-without-quotes", put(plain, POP + "/responses/2", 3)
    yield "+wrong-type--class-without-brackets", put(plain, ranking + "/0", "a")
    yield "+wrong-type--weight-without-quotes", put(plain, user + "/weight", 3)
    yield "not-positive--weight-zero", put(plain, user + "/weight", "0")
    yield "not-positive--weight-negative", put(plain, user + "/weight", "-3")
    for what, weight in {
        "not-rational--underscore": "1_0",
        "not-rational--spaces": " 1/3 ",
        "+not-rational--line-break": "3\n",
        "not-rational--arabic-digits": "\u0663",
        "+not-rational--arabic-digit-after-a-one": "1\u0663",
        "+not-rational--superscript": "\u00b3",
        "+not-rational--plus": "+3",
        "+not-rational--decimal-point": "3.0",
        "+not-rational--exponent": "3e0",
        "not-rational--leading-zero": "03",
        "+not-rational--zero-denominator": "3/0",
        "+not-rational--negative-denominator": "3/-1",
        "+not-rational--two-slashes": "3/2/1",
        "not-rational--empty-string": "",
        "+not-rational--lone-surrogate": "\ud800",
        "+not-rational--of-2000-letters": "x" * 2000,
        "not-reduced--weight-2-over-4": "2/4",
        "not-reduced--weight-3-over-1": "3/1",
    }.items():
        yield what, put(plain, user + "/weight", weight)


def malformed_win_rates(good: dict[str, Json]) -> Iterator[tuple[str, Json | bytes]]:
    """Claims and witnesses of the first two kinds."""
    plain, least = good["win-rate--product-equal"], good["win-rate--product-at-least"]
    joint = good["win-rate--joint-uniform"]
    masses, tuples = CLAIM + "/policy/product", CLAIM + "/policy/joint"
    yield "+missing-key--kind", drop(plain, CLAIM + "/kind")
    yield "missing-key--bound", drop(plain, CLAIM + "/bound")
    yield "+missing-key--opponent", put(plain, WITNESS, {})
    yield "unknown-key--in-a-claim", put(plain, CLAIM + "/note", "")
    yield "unknown-key--opponent-of-a-bound-from-below", put(least, WITNESS, vs("a"))
    yield "+unknown-key--two-policies", put(plain, CLAIM + "/policy/joint", [[["a", "b"], "1"]])
    yield "unknown-value--kind", put(plain, CLAIM + "/kind", "win-rates")
    yield "+unknown-value--population", put(plain, CLAIM + "/population", "q")
    yield "+unknown-value--ties", put(plain, CLAIM + "/ties", "Uniform")
    yield "+unknown-value--relation", put(plain, CLAIM + "/relation", ">")
    yield "+unknown-value--kind-in-a-list", put(plain, CLAIM + "/kind", ["win-rate"])
    yield "wrong-type--k-true", put(plain, CLAIM + "/k", True)
    yield "+wrong-type--k-in-quotes", put(plain, CLAIM + "/k", "2")
    yield "+wrong-type--bound-without-quotes", put(plain, CLAIM + "/bound", 1)
    yield "+wrong-type--policy", put(plain, CLAIM + "/policy", "a")
    yield "+wrong-type--opponent-without-brackets", put(plain, WITNESS + "/opponent", "a")
    yield "out-of-range--k-0", put(plain, CLAIM + "/k", 0)
    yield "+out-of-range--k-negative", put(plain, CLAIM + "/k", -1)
    yield "out-of-range--l-0", put(plain, CLAIM + "/l", 0)
    yield "wrong-size--opponent", put(plain, WITNESS + "/opponent", ["a", "b"])
    yield "+wrong-size--tuple", put(joint, tuples + "/0/0", ["a", "b", "c"])
    yield "+wrong-size--probability-missing", put(joint, tuples + "/0", [["a", "b"]])
    yield "+unknown-response--opponent", put(plain, WITNESS + "/opponent", ["A"])
    yield "unknown-response--policy", put(plain, masses, {"a": "1/2", "d": "1/2"})
    yield "+unknown-response--tuple", put(joint, tuples + "/0/0/1", "d")
    yield "not-reduced--bound-minus-zero", put(least, CLAIM + "/bound", "-0")
    yield "+not-reduced--zero-over-two", put(least, CLAIM + "/bound", "0/2")
    yield "not-positive--mass-zero", put(plain, masses, {"a": "1", "b": "0"})
    yield "+not-positive--mass-negative", put(plain, masses, {"a": "3/2", "b": "-1/2"})
    yield (
        "+not-positive--probability-zero",
        put(joint, tuples, [*JOINT["joint"], [["a", "a"], "0"]]),
    )
    yield "sum--masses", put(plain, masses + "/c", "1/7")
    yield "+sum--no-masses", put(plain, masses, {})
    yield "+sum--probabilities", put(joint, tuples + "/0/1", "1/3")
    yield "policy--empty", put(plain, CLAIM + "/policy", {})
    yield "+policy--unknown", put(plain, CLAIM + "/policy", {"mixture": []})
    bound = good["joint-upper-bound--1-uniform"]
    yield "+sum--rivals", put(bound, WITNESS + "/mixture", [])
    yield "+wrong-size--rivals", put(bound, CLAIM + "/l", 2)
    yield "+missing-key--mixture", put(bound, WITNESS, {})


def malformed_equilibria(good: dict[str, Json]) -> Iterator[tuple[str, Json | bytes]]:
    """Boxes, inverses and hints."""
    whole, box = good["equilibrium--exact"], good["equilibrium--enclosed"]
    clone = good["equilibrium--identity-of-a-clone"]
    hints = WITNESS + "/boundary"
    yield "+sum--centre", put(whole, CLAIM + "/centre/a", "1/4")
    yield "+out-of-range--delta-negative", put(box, CLAIM + "/delta", "-1/1000")
    yield "out-of-range--delta-1", put(box, CLAIM + "/delta", "1")
    yield "+wrong-type--delta-without-quotes", put(whole, CLAIM + "/delta", 0)
    yield "unknown-key--inverse-without-delta", put(whole, WITNESS, {"inverse": [], "boundary": {}})
    yield "+missing-key--boundary", drop(box, WITNESS + "/boundary")
    yield "wrong-size--inverse-without-a-row", drop(box, WITNESS + "/inverse/2")
    yield "+wrong-size--inverse-without-an-entry", drop(box, WITNESS + "/inverse/2/2")
    yield "+wrong-type--hint", put(clone, hints + "/d", "c")
    yield "boundary--hint-about-the-support", put(clone, hints, {"d": {"c": "1"}, "c": {"c": "1"}})
    yield "boundary--hint-off-the-support", put(clone, hints, {"d": {"d": "1"}})
    yield "+unknown-response--hint", put(clone, hints + "/e", {})


def malformed_uniqueness(good: dict[str, Json]) -> Iterator[tuple[str, Json | bytes]]:
    """Proofs for another k or another truth value, classes that there are not."""
    classes = good["unique-equilibrium--classes"]
    lottery = good["unique-equilibrium--lottery"]
    yield "witness--classes-for-two-players", put(classes, CLAIM + "/k", 1)
    yield "witness--kernel-for-three-players", put(lottery, CLAIM + "/k", 2)
    yield "witness--uniqueness-turned-around", put(classes, CLAIM + "/unique", False)
    two = good["unique-equilibrium--two-lotteries"]
    yield "+witness--two-turned-around", put(two, CLAIM + "/unique", True)
    yield "+witness--empty", put(classes, WITNESS, {})
    yield "+witness--two-proofs", put(two, WITNESS + "/direction", {"a": "1", "b": "-1"})
    inside = good["unique-equilibrium--combination"]
    yield "+witness--combination-missing", drop(inside, WITNESS + "/combination")
    wide = good["equilibrium--enclosed-lottery-in-a-wide-box"]["certificates"][0]
    enclosed = {"centre": wide["claim"]["centre"], "delta": "1/4", "witness": wide["witness"]}
    yield "witness--enclosure-for-two-players", put(lottery, WITNESS + "/equilibrium", enclosed)
    yield "wrong-type--unique", put(classes, CLAIM + "/unique", 1)
    yield "+wrong-size--a-class-too-few", drop(classes, WITNESS + "/classes/2")
    yield "+wrong-size--three-equilibria", put(two, WITNESS + "/equilibria", [{"a": "1"}] * 3)
    yield "out-of-range--user", put(classes, WITNESS + "/classes/2", [3, 0])
    yield "out-of-range--class", put(classes, WITNESS + "/classes/2", [0, 3])
    yield "+out-of-range--class-from-the-end", put(classes, WITNESS + "/classes/2", [2, -3])
    yield "+out-of-range--user-from-the-end", put(classes, WITNESS + "/classes/2", [-1, 0])
    yield "+unknown-key--in-an-equilibrium", put(lottery, WITNESS + "/equilibrium/k", 1)
    yield (
        "+unknown-response--direction",
        put(good["unique-equilibrium--direction"], WITNESS + "/direction/d", "0"),
    )


# ---- Over budget ---------------------------------------------------------------------------------


def over_budget(good: dict[str, Json]) -> Iterator[tuple[str, Json | bytes]]:
    """What would cost too much; most of it true, and all of it fine with larger budgets."""
    pair = document(PAIR, (win_rate(2, 1, "uniform", {"product": {"a": "1"}}, ">=", "3/5"), {}))
    yield "bytes--one-too-many", encoded(pair)[:-1].ljust(299) + b"\n"
    deep: Json = []
    for _ in range(15):
        deep = [deep]
    yield "depth--provenance", {**pair, "provenance": deep}
    yield "+depth--brackets-alone", b"[" * 17
    yield "+depth--population-at-the-limit-of-six", {**pair, "provenance": [[[[[["]"]]]]]]}
    twenty = "1" * 21
    yield "digits--weight", put(pair, POP + "/users/0/weight", twenty)
    yield "+digits--denominator", put(pair, CLAIM + "/bound", f"1/{twenty}")
    point = document(PAIR, (claim_of("equilibrium", 2, **exact(a="1")), {}))
    yield "+digits--delta", put(point, CLAIM + "/delta", f"1/{twenty}")
    primes = ["1/10000000019", "1/10000000033", "1/10000000061"]
    trio = good["win-rate--product-at-least"]
    for i, weight in enumerate(primes):
        trio = put(trio, f"{POP}/users/{i}/weight", weight)
    yield "+digits--common-denominator-of-weights", trio
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
        "+work--10-to-the-17-outputs",
        put(good["joint-upper-bound--1-uniform"], CLAIM + "/k", 10**17),
    )
    many = population(" ".join(f"r{i}" for i in range(66)), "1 r0")
    many["users"][0]["ranking"] = [many["responses"]]
    crowd = {"mixture": [[["r0"], "1"]]}
    claim = claim_of("joint-upper-bound", 65, l=1, ties="uniform", bound="1")
    yield "work--65-outputs-of-66-responses", document(many, (claim, crowd))
    yield "work--product", pair
    yield "work--mixture", good["joint-upper-bound--2-uniform"]
    yield "work--enclosure", good["equilibrium--enclosed"]


# ---- The corpus ----------------------------------------------------------------------------------

Cases = Iterator[tuple[str, "Json | bytes"]]
FOLDERS: dict[str, Callable[[dict[str, Json]], Cases]] = {
    "accepted": lambda good: iter(good.items()),
    "rejected": rejected,
    "malformed": malformed,
    "over_budget": over_budget,
}


def every_case() -> Iterator[tuple[str, bytes]]:
    """The path below `tests/corpus` and the contents of every case, committed or not."""
    good = {name.removeprefix("+"): value for name, value in accepted()}
    marks = {name.removeprefix("+"): name for name, _ in accepted()}
    for folder, cases in FOLDERS.items():
        for name, value in cases(good):
            content = value if isinstance(value, bytes) else encoded(value)
            yield f"{folder}/{marks.get(name, name)}.cert.json", content


def corpus() -> dict[str, bytes]:
    """The files of the corpus."""
    return {path: content for path, content in every_case() if "/+" not in path}


def variants() -> dict[str, bytes]:
    """The cases that are not worth a file."""
    return {path.replace("/+", "/"): content for path, content in every_case() if "/+" in path}


def main() -> None:
    """Write the corpus afresh."""
    shutil.rmtree(CORPUS, ignore_errors=True)
    for path, content in corpus().items():
        (CORPUS / path).parent.mkdir(parents=True, exist_ok=True)
        (CORPUS / path).write_bytes(content)


if __name__ == "__main__":
    main()
