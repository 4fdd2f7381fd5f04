"""What happens as k grows: a policy's limit, NLHF's ceiling, the way to random dictatorship."""

from __future__ import annotations

from fractions import Fraction

from cases.arithmetic import distances, enclosure
from cases.building import (
    CLAIM,
    POP,
    WITNESS,
    Cases,
    Good,
    about_limits,
    claim_of,
    document,
    drop,
    inside,
    named,
    population,
    put,
    vs,
)
from cases.populations import CYCLE, EVEN, HIDDEN, JOINT, PAIR, SHADOW, TRIO, WEAK


def accepted_limits() -> Cases:
    """What happens as k grows: a policy's limit, NLHF's ceiling, the way to random dictatorship."""
    for what, about, policy, bound in (
        ("of-a-point-mass", PAIR, {"a": "1"}, "3/5"),
        ("aligned", PAIR, {"a": "1/1000", "b": "999/1000"}, "1"),
        ("worst-of-three", TRIO, {"c": "1"}, "2/7"),
        ("in-spite-of-ties", WEAK, {"a": "1"}, "2/3"),
        ("nobody-pleased", population("a b", "1 b>a"), {"a": "1"}, "0"),
    ):
        claim = about_limits("limit", policy={"product": policy}, bound=bound)
        yield f"limit--{what}", document(about, (claim, {}))
    claim = about_limits("nlhf-ceiling", bound="3/5")
    first = {**inside({"a": "1"}), "opponent": "b"}
    yield "nlhf-ceiling--two-responses", document(PAIR, (claim, first))
    claim = about_limits("nlhf-ceiling", bound="1")
    cycle = {**inside({"a": "1/3", "b": "1/3", "c": "1/3"}), "opponent": "b"}
    yield "nlhf-ceiling--margins-the-prime", document(HIDDEN, (claim, cycle))
    ties = population("a b", "3 a>b, 2 b>a, 1 a=b")
    claim = about_limits("nlhf-ceiling", bound="2/3")
    yield "nlhf-ceiling--with-ties", document(ties, (claim, first))
    third = {"a": "1/3", "b": "1/3", "c": "1/3"}
    # one of four users puts d above the whole cycle
    over = population("a b c d", "1 a>b>c>d, 1 b>c>a>d, 1 c>a>b>d, 1 d>a=b=c")
    claim = about_limits("nlhf-ceiling", bound="3/4")
    lottery = {**inside(third), "opponent": "d"}
    yield "nlhf-ceiling--of-a-cycle", document(over, (claim, lottery))
    claim = put(claim, "/bound", "4/5")
    yield "nlhf-ceiling--with-room", document(over, (claim, lottery))

    # PAIR, k = 2: pi = (4/5, 1/5), s = (3/5, 2/5), and 6/5 (1/5)^3 + 4/5 (4/5)^3 = 262/625
    centre = {"a": "4/5", "b": "1/5"}
    for name, bound in (("exact", "41/100"), ("exact-at-its-least", "2/5")):
        claim = claim_of("dictatorship-distance", 2, bound=bound)
        yield named("dictatorship-distance", name), document(PAIR, (claim, inside(centre)))
    claim = claim_of("dictatorship-distance", 2, bound="262/625")
    yield "dictatorship-distance--exact-at-its-most", document(PAIR, (claim, inside(centre)))
    for what, about, k, T in (("enclosed", TRIO, 2, "abc"), ("off-the-support", SHADOW, 3, "abc")):
        box, witness = enclosure(about, k, T, {})
        bound = str(Fraction(round(1000 * sum(distances(about, k, box["centre"]))), 2000))
        claim = claim_of("dictatorship-distance", k, bound=bound)
        proof = inside(box["centre"], box["delta"], witness)
        yield f"dictatorship-distance--{what}", document(about, (claim, proof))


def rejected_limits(good: Good) -> Cases:
    """Other limits, ceilings that are higher, distances out of order."""
    bound = CLAIM + "/bound"
    point, aligned = good["limit--of-a-point-mass"], good["limit--aligned"]
    yield "limit--too-high", put(point, bound, "1")
    yield "limit--too-low", put(point, bound, "1/2")
    yield "limit--aligned-after-all", put(aligned, bound, "999/1000")
    yield "limit--ties-counted-as-losses", put(good["limit--in-spite-of-ties"], bound, "0")
    two = good["nlhf-ceiling--two-responses"]
    yield "nlhf-ceiling--too-low", put(two, bound, "1/2")
    yield "nlhf-ceiling--an-opponent-that-caps-nothing", put(two, WITNESS + "/opponent", "a")
    tie = put(good["nlhf-ceiling--with-ties"], bound, "3/5")
    yield "nlhf-ceiling--ties-counted-as-losses", tie
    centre = WITNESS + "/equilibrium/centre"
    yield "not-equilibrium--no-lottery", put(two, centre, {"b": "1"})
    # the bound may hold, but with as many users on either side NLHF has more than one policy
    even = put(two, POP, EVEN)
    yield "not-strict--one-of-many-lotteries", even
    yield "rank--one-of-many-lotteries", put(even, centre, {"a": "1/2", "b": "1/2"})
    near = good["dictatorship-distance--exact"]
    yield "distance--below-the-left-side", put(near, bound, "39/100")
    yield "distance--above-the-right-side", put(near, bound, "21/50")
    box = good["dictatorship-distance--enclosed"]
    left, right = distances(TRIO, 2, box["certificates"][0]["witness"]["equilibrium"]["centre"])
    little = Fraction(1, 10**9)
    yield "distance--enclosed-below-the-left-side", put(box, bound, str(left - little))
    yield "distance--enclosed-above-the-right-side", put(box, bound, str(right + little))
    # b has less than its share, so its distance is largest at the lower end of the box
    place, inner = enclosure(PAIR, 3, "ab", {})
    left, right = distances(PAIR, 3, place["centre"])
    pair = inside(place["centre"], place["delta"], inner)
    for name, value in (("lower-end", left + Fraction(3, 5 << 48)), ("upper-end", right)):
        claim = claim_of("dictatorship-distance", 3, bound=str(value))
        yield f"distance--missed-at-the-{name}", document(PAIR, (claim, pair))
    # as wide as it may be, the box no longer shows what its centre shows
    cycle = good["equilibrium--enclosed-lottery-in-a-wide-box"]["certificates"][0]
    proof = inside(cycle["claim"]["centre"], "1/4", cycle["witness"])
    claim = claim_of("dictatorship-distance", 1, bound="1/10")
    yield "distance--somewhere-in-the-box", document(CYCLE, (claim, proof))
    yield "strict--a-tie-in-last-place", put(near, POP, population("a b c", "3 a>b=c, 2 b>a>c"))
    yield "not-equilibrium--of-another-k", put(near, CLAIM + "/k", 3)
    narrow = put(box, WITNESS + "/equilibrium/delta", f"1/{1 << 90}")
    yield "contraction--inside-a-distance", narrow


def malformed_limits(good: Good) -> Cases:
    """Limits, ceilings and distances."""
    point = good["limit--of-a-point-mass"]
    yield "missing-key--limit-of-a-joint-policy", put(point, CLAIM + "/policy", JOINT)
    yield "unknown-key--k-of-a-limit", put(point, CLAIM + "/k", 2)
    yield "sum--policy-of-a-limit", put(point, CLAIM + "/policy/product/a", "1/2")
    yield "unknown-key--witness-of-a-limit", put(point, WITNESS, vs("b"))
    two = good["nlhf-ceiling--two-responses"]
    yield "missing-key--opponent-of-a-ceiling", drop(two, WITNESS + "/opponent")
    yield "unknown-response--opponent-of-a-ceiling", put(two, WITNESS + "/opponent", "c")
    yield "wrong-type--opponent-of-a-ceiling", put(two, WITNESS + "/opponent", ["b"])
    wide = good["equilibrium--enclosed-lottery-in-a-wide-box"]["certificates"][0]
    enclosed = inside(wide["claim"]["centre"], "1/4", wide["witness"])
    cycle = put(good["nlhf-ceiling--of-a-cycle"], POP, CYCLE)
    yield "witness--enclosed-lottery", put(cycle, WITNESS, {**enclosed, "opponent": "a"})
    # and the lottery is none, but a claim that is not well formed is no false one
    none = put(two, WITNESS + "/equilibrium/centre", {"b": "1"})
    yield "not-rational--bound-of-a-ceiling", put(none, CLAIM + "/bound", "3/5.")
    yield "wrong-type--bound-of-a-ceiling", put(none, CLAIM + "/bound", [])
    near = good["dictatorship-distance--exact"]
    far = put(near, WITNESS + "/equilibrium/centre", {"a": "1"})
    yield "not-rational--bound-of-a-distance", put(far, CLAIM + "/bound", "2 / 5")
    yield "missing-key--equilibrium-of-a-distance", put(near, WITNESS, {})
    yield "out-of-range--delta-of-a-distance", put(near, WITNESS + "/equilibrium/delta", "1")
