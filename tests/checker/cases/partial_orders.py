"""Claims about users of whom only some pairs and ties are known: the worst completion is meant."""

from __future__ import annotations

from cases.building import CLAIM, POP, WITNESS, Cases, Good, claim_of, document, put, win_rate
from cases.populations import HALVES

OPEN = {
    "responses": ["a", "b", "c"],
    "users": [
        {"weight": "2", "above": [["a", "b"]], "tied": []},
        {"weight": "1", "above": [["c", "a"]], "tied": [["a", "b"]]},
        {"weight": "1", "ranking": [["b"], ["a", "c"]]},
    ],
}
"""Of the first users c is unknown, of the second all is known, and the third rank everything."""
SILENT = {"responses": ["a", "b"], "users": [{"weight": "1", "above": [], "tied": []}]}
ALWAYS_A = {"product": {"a": "1"}}
A_OR_B = {"joint": [[["a", "b"], "1"]]}
USER = POP + "/users/0"


def accepted_partial_orders() -> Cases:
    """Always a: the first users may have c above it, the second do, the third tie it with c. So
    against c it keeps 1/2 of the third for k = 1; against b the first, 1/2 of the second, and
    nothing of the third: c is the worst, with (1/2)/4.

    (a, b) against (a, c): the first users may pick c, the second do, the third pick b: 1/4.

    If all is open, a or b, which are drawn first, win just where they meet themselves, and then
    1/2 for k = 1; the uniform policy wins g_2(2) = 1 - 2/3 (1 - 1/8) = 5/12, and none wins more."""
    always = win_rate(1, 1, "uniform", ALWAYS_A, "=", "1/8")
    yield "win-rate--partial-orders", document(OPEN, (always, {"opponent": ["c"]}))
    pair = win_rate(2, 2, "lose", A_OR_B, "<=", "1/4")
    yield "win-rate--partial-orders-tuples", document(OPEN, (pair, {"opponent": ["a", "c"]}))
    parts = win_rate(1, 1, "uniform", HALVES, ">=", "1/4")
    yield "win-rate--partial-orders-mixture", document(SILENT, (parts, {}))
    cap = claim_of("product-upper-bound", 2, l=1, ties="uniform", bound="5/12")
    rivals = [[["a"], "1/2"], [["b"], "1/2"]]
    proof = {"mixture": rivals, "point": {"a": "1/2", "b": "1/2"}}
    yield "product-upper-bound--partial-orders", document(SILENT, (cap, proof))


def rejected_partial_orders(good: Good) -> Cases:
    """Numbers that hold for some completions only."""
    bound = CLAIM + "/bound"
    always, pair = good["win-rate--partial-orders"], good["win-rate--partial-orders-tuples"]
    least = put(put(always, CLAIM + "/relation", ">="), WITNESS, {})
    # if the first users had c below a, it would be 1/2, against a itself
    yield "win-rate--partial-orders-best-completion", put(least, bound, "1/2")
    yield "win-rate--partial-orders-a-little-more", put(least, bound, "1/7")
    yield "not-attained--partial-orders", put(always, WITNESS, {"opponent": ["b"]})
    yield "not-attained--partial-orders-tuples", put(pair, WITNESS, {"opponent": ["b", "b"]})
    parts = good["win-rate--partial-orders-mixture"]
    yield "win-rate--partial-orders-mixture-too-much", put(parts, bound, "3/10")
    cap = good["product-upper-bound--partial-orders"]
    yield "product-upper-bound--partial-orders-too-low", put(cap, bound, "2/5")


def malformed_partial_orders(good: Good) -> Cases:
    """Orders that are none, and kinds that are about rankings only."""
    file = good["win-rate--partial-orders"]
    yield "cycle--three", put(file, USER + "/above", [["a", "b"], ["b", "c"], ["c", "a"]])
    yield "cycle--one", put(file, USER + "/above", [["a", "a"]])
    yield "cycle--through-a-tie", put(file, USER + "/tied", [["a", "b"]])
    yield "empty--declared-tie", put(file, USER + "/tied", [[]])
    yield "repeated--declared-tie", put(file, USER + "/tied", [["a", "c"], ["c", "b"]])
    yield "wrong-size--pair-of-three", put(file, USER + "/above", [["a", "b", "c"]])
    yield "unknown-response--above", put(file, USER + "/above", [["a", "d"]])
    yield "missing-key--tied", put(file, USER, {"weight": "1", "above": []})
    yield "unknown-key--ranking-and-above", put(file, USER + "/ranking", [["a"], ["b"], ["c"]])
    joint = claim_of("joint-upper-bound", 1, l=1, ties="uniform", bound="1")
    mixture = {"mixture": [[["a"], "1"]]}
    yield "population--partial-orders-joint-bound", document(OPEN, (joint, mixture))
    cap = good["product-upper-bound--partial-orders"]
    tuples = put(put(cap, CLAIM + "/l", 2), WITNESS + "/mixture", [[["a", "b"], "1"]])
    yield "out-of-range--partial-orders-bound-on-tuples", tuples
