"""Win rates of product policies, joint policies and mixtures of product policies."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import prod

from cases.arithmetic import picked
from cases.building import (
    CLAIM,
    POP,
    WITNESS,
    Cases,
    Good,
    document,
    drop,
    population,
    put,
    vs,
    win_rate,
)
from cases.populations import EVEN, HALVES, JOINT, MIXED, PAIR, THIRDS, TRIO, WEAK


def accepted_win_rates() -> Cases:
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
    both = {"joint": [[["a", "b"], "1"]]}
    claim = win_rate(2, 1, "uniform", both, "=", "2/3")
    alike = population("a b c", "2 a=b>c, 1 c>a=b")
    yield "win-rate--joint-of-tied-responses", document(alike, (claim, vs("a")))
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


def accepted_mixtures() -> Cases:
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


def rejected_win_rates(good: Good) -> Cases:
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


def rejected_mixtures(good: Good) -> Cases:
    """Shares and averages mixed up."""
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


def malformed_win_rates(good: Good) -> Cases:
    """Claims, policies and witnesses."""
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


def malformed_mixtures(good: Good) -> Cases:
    """Shares and parts of mixtures."""
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
