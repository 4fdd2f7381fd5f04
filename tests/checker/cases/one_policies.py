"""One policy for several k, and what no policy wins at all of them."""

from __future__ import annotations

from fractions import Fraction

from cases.arithmetic import derivatives, tangents
from cases.building import (
    CLAIM,
    WITNESS,
    Cases,
    Good,
    Json,
    about_limits,
    document,
    drop,
    population,
    put,
    vs,
)
from cases.populations import EVEN, HALVES, JOINT, PAIR, TRIO, WEAK

RATES = CLAIM + "/rates"


def worst(about: Json, k: int, policy: Json) -> Fraction:
    """The least win rate of the product policy against single responses."""
    U, _ = derivatives(about, k, {y: Fraction(mass) for y, mass in policy.items()})
    return 1 - max(U.values()) / (k + 1)


def capped(about: Json, rates: Json, parts: Json, point: Json) -> tuple[Json, Json]:
    """A claim and a witness of kind one-policy-upper-bound."""
    claim = about_limits("one-policy-upper-bound", rates=rates)
    return claim, {"mixture": parts, "point": point}


def tight(about: Json, first: Json, k: int, parts: Json, point: Json) -> Json:
    """The least rate at k with which, after the first pair, the witness establishes the claim."""
    (j, rate), (c, d) = first, (Fraction(share) for share, _ in parts)
    pairs = zip((j, k), parts, strict=True)
    both = [tangents(about, at, mixture, point) for at, (_, mixture) in pairs]
    least = min(c * both[0][y] + d * both[1][y] for y in both[0])
    return [first, [k, str(1 - (least - c * (1 - Fraction(rate))) / d)]]


def accepted_one_policies() -> Cases:
    """Exact worst cases, and the least that the tangents show."""
    third = {"a": "1/3", "b": "1/3", "c": "1/3"}
    for name, about, policy, ks in (
        ("even", EVEN, {"a": "1/2", "b": "1/2"}, (1, 2, 5)),
        ("pair", PAIR, {"a": "3/5", "b": "2/5"}, (1, 3, 8)),
        ("strict", TRIO, third, (4, 2)),
        ("weak", WEAK, {"a": "1/7", "b": "6/7"}, (3, 3, 1)),
        ("point", PAIR, {"a": "1"}, (2,)),
    ):
        rates = [[k, str(worst(about, k, policy))] for k in ks]
        claim = about_limits("one-policy", policy={"product": policy}, rates=rates)
        yield f"one-policy--{name}", document(about, (claim, {}))
    room = about_limits("one-policy", policy={"product": third}, rates=[[2, "1/2"], [7, "-1"]])
    yield "one-policy--with-room", document(TRIO, (room, {}))

    halves = [[["a"], "1/2"], [["b"], "1/2"]]
    even = {"a": "1/2", "b": "1/2"}
    claim = capped(EVEN, [[1, "1/2"], [3, "3/4"]], [["1/2", halves], ["1/2", halves]], even)
    yield "one-policy-upper-bound--even", document(EVEN, claim)
    claim = capped(EVEN, [[2, "7/10"]], [["1", halves]], even)
    yield "one-policy-upper-bound--with-room", document(EVEN, claim)
    alone = population("a", "1 a")
    claim = capped(alone, [[4, "4/5"]], [["1", [[["a"], "1"]]]], {"a": "1"})
    yield "one-policy-upper-bound--one-response", document(alone, claim)
    for name, about, first, k, parts, point in (
        (
            "strict",
            TRIO,
            [1, "1/2"],
            3,
            [["1/3", [[["a"], "1/2"], [["b"], "1/2"]]], ["2/3", [[["c"], "1"]]]],
            {"a": "1/2", "b": "1/4", "c": "1/4"},
        ),
        (
            "weak",
            WEAK,
            [2, "2/3"],
            2,
            [["1/4", [[["a"], "1"]]], ["3/4", [[["b"], "2/3"], [["c"], "1/3"]]]],
            {"a": "3/5", "c": "2/5"},
        ),
    ):
        claim = capped(about, tight(about, first, k, parts, point), parts, point)
        yield f"one-policy-upper-bound--{name}", document(about, claim)


def rejected_one_policies(good: Good) -> Cases:
    """A rate too high at one of the k, caps too low, and witnesses that do not prove them."""
    little = Fraction(1, 10**6)
    for name in ("even", "pair", "strict", "weak"):
        tight_one = good[f"one-policy--{name}"]
        rates = tight_one["certificates"][0]["claim"]["rates"]
        for i in range(len(rates)):
            more = str(Fraction(rates[i][1]) + little)
            yield f"one-policy--{name}-{i}-too-high", put(tight_one, f"{RATES}/{i}/1", more)
    yield "one-policy--fewer-outputs", put(good["one-policy--even"], RATES + "/2/0", 4)
    other = {"product": {"a": "1/10", "b": "9/10"}}
    yield "one-policy--another-policy", put(good["one-policy--pair"], CLAIM + "/policy", other)
    for name in ("even", "strict", "weak"):
        cap = good[f"one-policy-upper-bound--{name}"]
        for i, (_, rate) in enumerate(cap["certificates"][0]["claim"]["rates"]):
            less = str(Fraction(rate) - little)
            yield f"one-policy-upper-bound--{name}-{i}-too-low", put(cap, f"{RATES}/{i}/1", less)
    # of one pair alone the claim may still be true, and then only the witness is not enough
    both = [[1, "499/1000"], [3, "749/1000"]]
    yield (
        "one-policy-upper-bound--even-both-too-low",
        put(good["one-policy-upper-bound--even"], RATES, both),
    )
    even, strict = (good[f"one-policy-upper-bound--{name}"] for name in ("even", "strict"))
    point = put(even, WITNESS + "/point", {"a": "1"})
    yield "one-policy-upper-bound--point-elsewhere", point
    alone = put(even, WITNESS + "/mixture/1/1", [[["a"], "1"]])
    yield "one-policy-upper-bound--rivals-in-one-place", alone
    yield "one-policy-upper-bound--one-output-more", put(even, RATES + "/1/0", 4)
    parts = strict["certificates"][0]["witness"]["mixture"]
    shares = put(strict, WITNESS + "/mixture", [["99/100", parts[0][1]], ["1/100", parts[1][1]]])
    yield "one-policy-upper-bound--other-shares", shares


def malformed_one_policies(good: Good) -> Cases:
    """Lists of rates, policies and shares."""
    pair, even = good["one-policy--pair"], good["one-policy-upper-bound--even"]
    yield "empty--rates", put(pair, RATES, [])
    yield "empty--rates-of-a-bound", put(put(even, RATES, []), WITNESS + "/mixture", [])
    yield "wrong-size--rate-without-outputs", put(pair, RATES + "/0", ["1/2"])
    yield "wrong-type--outputs-of-a-rate", put(pair, RATES + "/0/0", "1")
    yield "out-of-range--no-outputs-of-a-rate", put(pair, RATES + "/0/0", 0)
    yield "not-rational--rate", put(pair, RATES + "/0/1", ".5")
    yield "wrong-type--rates-by-name", put(pair, RATES, {"1": "1/2"})
    yield "missing-key--joint-policy-for-all-k", put(pair, CLAIM + "/policy", JOINT)
    yield "missing-key--mixture-for-all-k", put(pair, CLAIM + "/policy", HALVES)
    yield "unknown-key--k-of-one-policy", put(pair, CLAIM + "/k", 2)
    yield "unknown-key--witness-of-one-policy", put(pair, WITNESS, vs("b"))
    yield "sum--shares-of-the-outputs", put(even, WITNESS + "/mixture/0/0", "1/3")
    yield "sum--rivals-at-one-of-the-outputs", put(even, WITNESS + "/mixture/0/1/0/1", "1/3")
    yield "not-positive--share-of-the-outputs", put(even, WITNESS + "/mixture/0/0", "0")
    yield "wrong-size--a-share-too-few", drop(even, WITNESS + "/mixture/1")
    yield "wrong-size--pair-of-rivals", put(even, WITNESS + "/mixture/0/1/0/0", ["a", "b"])
    yield "missing-key--point-of-one-policy", drop(even, WITNESS + "/point")
    uniform = put(pair, "/populations/p", {"uniform_rankings": 3})
    yield "population--one-policy-for-uniform-rankings", uniform
