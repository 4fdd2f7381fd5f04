"""Upper bounds for all policies, from a mixture of opponents."""

from __future__ import annotations

from cases.building import CLAIM, WITNESS, Cases, Good, claim_of, document, put
from cases.populations import PAIRS, SINGLES, TRIO, WEAK


def accepted_upper_bounds() -> Cases:
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


def rejected_upper_bounds(good: Good) -> Cases:
    """Bounds too low, and mixtures that do not prove them."""
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


def malformed_upper_bounds(good: Good) -> Cases:
    """Mixtures of opponents."""
    bound = good["joint-upper-bound--1-uniform"]
    yield "sum--rivals", put(bound, WITNESS + "/mixture", [])
    yield "wrong-size--rivals", put(bound, CLAIM + "/l", 2)
    yield "missing-key--mixture", put(bound, WITNESS, {})
