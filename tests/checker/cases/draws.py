"""Draws against draws (product-opponents, head-to-head), and users as a sample (holdout)."""

from __future__ import annotations

from fractions import Fraction
from math import comb

from cases.building import (
    CLAIM,
    POP,
    WITNESS,
    Cases,
    Good,
    Json,
    claim_of,
    document,
    drop,
    population,
    put,
    vs,
)
from cases.populations import CYCLE, JOINT, PAIR, WEAK

F = Fraction
THIRDS = {"a": "1/3", "b": "1/3", "c": "1/3"}
SURE = population("a b", "60 a>b, 1 b>a")


def opponents(k: int, l: int, policy: Json, bound: str) -> Json:
    return claim_of("product-opponents", k, l=l, policy={"product": policy}, bound=bound)


def meeting(k: int, l: int, policy: Json, opponent: Json, relation: str, bound: str) -> Json:
    sides = {"policy": {"product": policy}, "opponent": {"product": opponent}}
    return claim_of("head-to-head", k, l=l, **sides, relation=relation, bound=bound)


def holdout(k: int, policy: Json, bound: str, stake: str, confidence: str) -> Json:
    rest = {"bound": bound, "stake": stake, "confidence": confidence}
    return claim_of("holdout", k, policy={"product": policy}, **rest)


def pair_rate(share: Fraction, k: int, l: int, first: Fraction, second: Fraction) -> Fraction:
    """Two responses, the first preferred by a share of the users: k draws with the chance `first`
    of it win this against l with the chance `second`, by how many draws hold it."""
    total = F(0)
    for i in range(k + 1):
        for j in range(l + 1):
            chance = comb(k, i) * first**i * (1 - first) ** (k - i)
            chance *= comb(l, j) * second**j * (1 - second) ** (l - j)
            here = F(i, i + j) if i + j else F(k, k + l)
            there = F(k - i, k - i + l - j) if k - i + l - j else F(k, k + l)
            total += chance * (share * here + (1 - share) * there)
    return total


def accepted_draws() -> Cases:
    """At an equilibrium, next to one, and far from one; against itself; users that are counted."""
    for k, l in ((1, 1), (2, 1), (1, 2), (2, 2), (3, 5)):
        claim = opponents(k, l, THIRDS, str(F(k, k + l)))
        yield f"product-opponents--a-cycle-{k}-{l}", document(CYCLE, (claim, {}))
    # at k + l = 3 a is picked by 3/5 of the users against (b, b)
    loss = F(3, 5) - F(1, 3)
    claim = opponents(2, 1, {"b": "1"}, str(F(2, 3) - loss))
    yield "product-opponents--a-point-mass", document(PAIR, (claim, {}))
    claim = opponents(2, 1, {"b": "1"}, "-1/10")
    yield "product-opponents--less-than-nothing", document(PAIR, (claim, {}))
    half = {"a": "1/2", "b": "1/2"}
    for k, l, mine, yours in ((1, 1, "1/2", "1/3"), (2, 3, "4/5", "1/5"), (3, 1, "1/2", "1")):
        rate = pair_rate(F(3, 5), k, l, F(mine), F(yours))
        first, second = ({"a": x, "b": str(1 - F(x))} for x in (mine, yours))
        second = {name: mass for name, mass in second.items() if mass != "0"}
        claim = meeting(k, l, first, second, "=", str(rate))
        yield f"head-to-head--{k}-against-{l}", document(PAIR, (claim, {}))
    claim = meeting(2, 2, half, half, "=", "1/2")
    yield "head-to-head--against-itself", document(PAIR, (claim, {}))
    claim = meeting(2, 2, {"a": "1"}, {"b": "1"}, ">=", "3/5")
    yield "head-to-head--at-least", document(PAIR, (claim, {}))
    yield "head-to-head--at-most", document(PAIR, (put(claim, "/relation", "<="), {}))
    claim = meeting(1, 1, {"a": "1"}, {"c": "1"}, "=", "7/12")
    yield "head-to-head--ties-are-shared", document(WEAK, (claim, {}))
    # against a all factors are 5/4, (5/4)^61 > 2 * 400000; or 3/2, (3/2)^7 > 2 * 25/3
    claim = holdout(1, {"a": "1"}, "1/3", "3/2", "399999/400000")
    yield "holdout--two-responses", document(SURE, (claim, {}))
    claim = holdout(1, {"a": "1"}, "1/3", "3", "22/25")
    lone = population("a b", "7 a>b")
    yield "holdout--all-the-stake-there-is", document(lone, (claim, {}))


def rejected_draws(good: Good) -> Cases:
    """More than what was said."""
    bound, little = CLAIM + "/bound", F(1, 10**12)
    for k, l in ((2, 2), (3, 5)):
        above = str(F(k, k + l) + little)
        name = f"product-opponents--a-cycle-{k}-{l}"
        yield f"{name}-and-more", put(good[name], bound, above)
    mass = good["product-opponents--a-point-mass"]
    yield "product-opponents--more-than-a-point-mass", put(mass, bound, str(F(2, 5) + little))
    yield (
        "product-opponents--off-the-equilibrium",
        put(good["product-opponents--a-cycle-2-2"], CLAIM + "/policy", {"product": {"a": "1"}}),
    )
    equal = good["head-to-head--2-against-3"]
    rate = F(equal["certificates"][0]["claim"]["bound"])
    yield "head-to-head--too-much", put(equal, bound, str(rate + little))
    yield "head-to-head--too-little", put(equal, bound, str(rate - little))
    yield "head-to-head--at-least-more", put(put(equal, CLAIM + "/relation", ">="), bound, "9/10")
    yield "head-to-head--at-most-less", put(put(equal, CLAIM + "/relation", "<="), bound, "1/10")
    yield "head-to-head--the-other-way-round", put(equal, CLAIM + "/k", 3)
    sample = good["holdout--two-responses"]
    yield "holdout--a-better-bound", put(put(sample, bound, "99/100"), CLAIM + "/stake", "1")
    yield "holdout--more-confidence", put(sample, CLAIM + "/confidence", str(1 - F(1, 10**9)))
    yield "holdout--hardly-any-stake", put(sample, CLAIM + "/stake", "1/1000000")
    yield "holdout--a-worse-policy", put(sample, CLAIM + "/policy", {"product": {"b": "1"}})
    fewer = population("a b", "3 a>b, 1 b>a")
    yield "holdout--fewer-users", put(sample, POP, fewer)
    yield (
        "holdout--a-loss-of-everything",
        put(good["holdout--all-the-stake-there-is"], POP, population("a b", "700 a>b, 1 b>a")),
    )


def malformed_draws(good: Good) -> Cases:
    """Forms that are other kinds', and numbers out of range."""
    split = good["product-opponents--a-cycle-2-2"]
    yield "missing-key--opponents-of-a-joint-policy", put(split, CLAIM + "/policy", JOINT)
    yield "unknown-key--ties-of-product-opponents", put(split, CLAIM + "/ties", "uniform")
    yield "out-of-range--no-opponents", put(split, CLAIM + "/l", 0)
    yield "unknown-key--witness-of-product-opponents", put(split, WITNESS, vs("b"))
    equal = good["head-to-head--2-against-3"]
    yield "missing-key--head-to-head-with-nobody", drop(equal, CLAIM + "/opponent")
    yield "sum--head-to-head-with-half", put(equal, CLAIM + "/opponent/product", {"a": "1/2"})
    yield "unknown-value--relation-of-head-to-head", put(equal, CLAIM + "/relation", "<")
    sample = good["holdout--two-responses"]
    halves = population("a b", "60/7 a>b, 1/7 b>a")
    yield "counts--shares-of-users", put(sample, POP, halves)
    for key, value in (
        ("bound", "0"),
        ("bound", "1"),
        ("confidence", "0"),
        ("confidence", "1"),
        ("stake", "0"),
        ("stake", "3001/1000"),
    ):
        name = f"out-of-range--holdout-{key}-{value.replace('/', '-')}"
        yield name, put(sample, CLAIM + "/" + key, value)
    yield "not-rational--stake-of-a-holdout", put(sample, CLAIM + "/stake", "0.5")
