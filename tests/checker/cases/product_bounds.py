"""Upper bounds for product policies, from a mixture of opponents and a point."""

from __future__ import annotations

from fractions import Fraction

from cases.arithmetic import product_bound
from cases.building import (
    CLAIM,
    WITNESS,
    Cases,
    Good,
    document,
    drop,
    population,
    product_upper_bound,
    put,
)
from cases.populations import EVEN, FAVOURITES, PAIRS, SINGLES, TRIO, WEAK


def accepted_product_bounds() -> Cases:
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


def rejected_product_bounds(good: Good) -> Cases:
    """Bounds too low, and witnesses that do not prove them."""
    bound = CLAIM + "/bound"
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


def malformed_product_bounds(good: Good) -> Cases:
    """Points and mixtures."""
    upper = good["product-upper-bound--two-favourites-3"]
    yield "unknown-value--ties-of-a-product-bound", put(upper, CLAIM + "/ties", "win")
    yield "missing-key--point", drop(upper, WITNESS + "/point")
    yield "sum--point", put(upper, WITNESS + "/point/a", "1/3")
    yield "sum--rivals-of-a-product", put(upper, WITNESS + "/mixture/0/1", "1/3")
    yield "wrong-size--rivals-of-a-product", put(upper, CLAIM + "/l", 1)
    yield "unknown-response--point", put(upper, WITNESS + "/point", {"c": "1"})
    yield "not-rational--bound-of-a-product", put(upper, CLAIM + "/bound", "1.")
