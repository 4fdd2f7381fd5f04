"""Claims about all strict rankings, equally likely."""

from __future__ import annotations

from fractions import Fraction

from cases.building import (
    CLAIM,
    POP,
    WITNESS,
    Cases,
    Good,
    claim_of,
    document,
    put,
    random_subset,
    vs,
    win_rate,
)
from cases.populations import MIXED, ONE_RIVAL, THREE


def accepted_uniform_rankings() -> Cases:
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


def rejected_uniform_rankings(good: Good) -> Cases:
    """Rates of other multiplicities and other conventions."""
    bound = CLAIM + "/bound"
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


def malformed_uniform_rankings(good: Good) -> Cases:
    """Multiplicities, and kinds that are not about them."""
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
