"""Claims about users who pick by chance, in proportion to strengths."""

from __future__ import annotations

from cases.building import (
    CLAIM,
    POP,
    WITNESS,
    Cases,
    Good,
    claim_of,
    document,
    drop,
    equilibrium,
    exact,
    product_upper_bound,
    put,
    unique,
    vs,
    win_rate,
)
from cases.populations import HALVES

BOTH = {
    "responses": ["a", "b", "c"],
    "users": [
        {"weight": "2", "luce": {"a": "3", "b": "1", "c": "2"}},
        {"weight": "1", "luce": {"a": "1", "b": "4", "c": "1"}},
    ],
}
ONE = {"responses": ["a", "b"], "users": [{"weight": "1", "luce": {"a": "2", "b": "1"}}]}
ALWAYS_A, A_AND_B = {"product": {"a": "1"}}, {"joint": [[["a", "b"], "1"]]}
STRENGTHS = POP + "/users/0/luce"


def accepted_luce() -> Cases:
    """Two a against b: 6/7 of the first users, 1/3 of the others; against c 3/4 and 2/3; against a
    2/3, which is least. Half a, half b, drawn once, against a: 3/8 and 13/20, so (3/4 + 13/20)/3 =
    7/15; against b 5/8 and 7/20, so 8/15; against c 7/15 and 13/20, so 19/36.

    (a, b) against (a, a): 4/10 and 5/7, together (4/5 + 5/7)/3 = 53/105.

    One user: against a two outputs win at most 2/3, both a; b earns 1/5 against two a. With the
    tuple a: P = 1/3, P_a = 1/3, P_b = 2/5, and 1 + 1/3 - 2/3 = 2/3."""
    always = win_rate(2, 1, "uniform", ALWAYS_A, "=", "2/3")
    yield "win-rate--luce", document(BOTH, (always, vs("a")))
    parts = win_rate(1, 1, "uniform", HALVES, ">=", "7/15")
    yield "win-rate--luce-mixture", document(BOTH, (parts, {}))
    pair = win_rate(2, 2, "uniform", A_AND_B, "<=", "53/105")
    yield "win-rate--luce-tuples", document(BOTH, (pair, vs("a", "a")))
    joint = claim_of("joint-upper-bound", 2, l=1, ties="uniform", bound="2/3")
    yield "joint-upper-bound--luce", document(ONE, (joint, {"mixture": [[["a"], "1"]]}))
    proof = {"mixture": [[["a"], "1"]], "point": {"a": "1"}}
    yield "product-upper-bound--luce", document(ONE, (product_upper_bound(2, 1, "2/3"), proof))
    yield "equilibrium--luce", document(ONE, equilibrium(2, exact(a="1")))


def rejected_luce(good: Good) -> Cases:
    """Numbers and policies a little off, and strengths that are others'."""
    bound = CLAIM + "/bound"
    always, pair = good["win-rate--luce"], good["win-rate--luce-tuples"]
    yield "win-rate--luce-a-little-more", put(good["win-rate--luce-mixture"], bound, "8/15")
    yield "not-attained--luce", put(always, WITNESS, vs("b"))
    yield "not-attained--luce-tuples", put(pair, bound, "52/105")
    yield "not-attained--luce-more-outputs", put(always, CLAIM + "/k", 3)
    # then two a win only 2/6 and 2/6 against b
    weaker = put(put(always, CLAIM + "/relation", ">="), WITNESS, {})
    yield "win-rate--luce-other-strength", put(weaker, STRENGTHS + "/b", "12")
    yield "joint-upper-bound--luce-too-low", put(good["joint-upper-bound--luce"], bound, "3/5")
    cap = good["product-upper-bound--luce"]
    yield "product-upper-bound--luce-too-low", put(cap, bound, "3/5")
    yield "product-upper-bound--luce-point-elsewhere", put(cap, WITNESS + "/point", {"b": "1"})
    centre = CLAIM + "/centre"
    yield "not-equilibrium--luce", put(good["equilibrium--luce"], centre, {"b": "1"})


def malformed_luce(good: Good) -> Cases:
    """Strengths that are none, and what is not claimed of such users."""
    file, one = good["win-rate--luce"], good["equilibrium--luce"]
    yield "not-positive--strength", put(file, STRENGTHS + "/a", "0")
    yield "out-of-range--strength-not-whole", put(file, STRENGTHS + "/a", "3/2")
    yield "wrong-type--strength-without-quotes", put(file, STRENGTHS + "/a", 3)
    yield "not-rational--strength", put(file, STRENGTHS + "/a", "1e2")
    yield "incomplete--strength", drop(file, STRENGTHS + "/c")
    yield "unknown-response--strength", put(file, STRENGTHS + "/d", "1")
    ranked = {"weight": "1", "ranking": [["a"], ["b"], ["c"]]}
    yield "missing-key--luce-and-ranking", put(file, POP + "/users/1", ranked)
    yield "unknown-key--ranking-with-strengths", put(file, POP + "/users/0/ranking", [["a"]])
    yield "unknown-value--luce-ties", put(file, CLAIM + "/ties", "win")
    delta = put(one, CLAIM + "/delta", "1/8")
    yield "out-of-range--luce-delta", put(delta, WITNESS, {"inverse": [["1"]], "boundary": {}})
    yield "population--luce-uniqueness", document(ONE, unique(2, True, {"classes": []}))


def over_budget_luce(good: Good) -> Cases:
    """Strengths are degrees of polynomials, and many draws multiply them."""
    file = good["win-rate--luce"]
    yield "work--luce-strength-of-10-to-the-17", put(file, STRENGTHS + "/a", str(10**17))
    yield "work--luce-of-10-to-the-17-outputs", put(file, CLAIM + "/k", 10**17)
    cap = good["product-upper-bound--luce"]
    yield "work--luce-product-bound-of-10-to-the-17-outputs", put(cap, CLAIM + "/k", 10**17)
