"""What would cost too much."""

from __future__ import annotations

from fractions import Fraction

from cases.building import (
    CLAIM,
    POP,
    WITNESS,
    Cases,
    Good,
    Json,
    claim_of,
    document,
    encoded,
    exact,
    population,
    put,
    win_rate,
)
from cases.populations import PAIR

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


def over_budget(good: Good) -> Cases:
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


def over_budget_by_far(good: Good) -> Cases:
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
