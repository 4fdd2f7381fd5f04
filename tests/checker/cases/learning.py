"""Learning from picks, and regularised training."""

from __future__ import annotations

from fractions import Fraction

from cases.arithmetic import enclosure
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
from cases.populations import CYCLE, EVEN, PAIR, TRIO, WEAK

THIRD = {"a": "1/3", "b": "1/3", "c": "1/3"}
NEAR = {"a": "1/2", "b": "1/3", "c": "1/6"}
SHARES = "1209 1161 1034 866 713 621 621 713 866 1034 1161"
"""Near uniform: 1/11 and a wave once around, in parts of 9999."""
ROUND = "3>6>8>9>10>1>2>4>5>7>0"


def eleven() -> Json:
    """The cyclic shifts of a ranking of eleven responses."""
    order = [int(y) for y in ROUND.split(">")]
    shifts = (">".join(str((y + s) % 11) for y in order) for s in range(11))
    return population(" ".join(map(str, range(11))), ", ".join(f"1 {shift}" for shift in shifts))


def picks(k: int, eta: str, policies: Json, nearer: bool, box: Json) -> Json:
    """A claim of kind picks."""
    return claim_of("picks", k, eta=eta, policies=policies, nearer=nearer, **box)


def regularised(k: int, tau: str, reference: Json, policy: Json, radius: str) -> Json:
    """A claim of kind regularised."""
    rest = {"reference": reference, "policy": policy, "radius": radius}
    return claim_of("regularised", k, tau=tau, **rest)


def accepted_learning() -> Cases:
    """The cycle draws near for k = 2 and runs away for k = 1; eleven users run away at eta = 1.

    Where the reference is an equilibrium, it is the regularised policy, at any temperature."""
    exact = {"centre": THIRD, "delta": "0"}
    other = {"a": "1/5", "b": "1/5", "c": "3/5"}
    for k, eta, nearer in ((1, "3/8", False), (1, "1", False), (2, "3/10", True), (3, "1", True)):
        claim = picks(k, eta, [NEAR, other], nearer, exact)
        yield f"picks--cycle-{k}-at-{eta.replace('/', '-')}", document(CYCLE, (claim, {}))
    names = [str(y) for y in range(11)]
    even = {"centre": dict.fromkeys(names, "1/11"), "delta": "0"}
    parts = [int(share) for share in SHARES.split()]
    wave = {y: f"{part}/{sum(parts)}" for y, part in zip(names, parts, strict=True)}
    reduced = document(eleven(), (picks(2, "1", [fractions(wave)], False, even), {}))
    yield "picks--eleven-users-at-1", reduced
    slow = picks(2, "3/10", [fractions(wave)], True, even)
    yield "picks--eleven-users-at-3-10", document(eleven(), (slow, {}))
    box, witness = enclosure(TRIO, 2, "abc", {})
    claim = picks(2, "3/10", [NEAR, THIRD, {"a": "1/9", "b": "1/9", "c": "7/9"}], True, box)
    yield "picks--enclosed", document(TRIO, (claim, witness))
    claim = picks(2, "1/2", [NEAR], True, {"centre": {"a": "1"}, "delta": "0"})
    agreed = population("a b c", "2 a>b>c, 1 a>c=b")
    yield "picks--point", document(agreed, (claim, {}))

    halves = {"a": "1/2", "b": "1/2"}
    for k, tau in ((1, "1"), (2, "1/10"), (7, "1/1000")):
        claim = regularised(k, tau, THIRD, THIRD, "1/1000000")
        yield f"regularised--cycle-{k}", document(CYCLE, (claim, {}))
    claim = regularised(2, "1/3", halves, halves, "1/1000000000")
    yield "regularised--no-opinions", document(population("a b", "1 a=b"), (claim, {}))
    # PAIR, k = 1: u_a - u_b = 1/10 whatever is played, so that ln(pi_a/pi_b) = 1/10
    near = {"a": "21/40", "b": "19/40"}
    yield "regularised--pair", document(PAIR, (regularised(1, "1", halves, near, "1/5000"), {}))
    far = regularised(1, "1", {"a": "1/4", "b": "3/4"}, halves, "1/2")
    yield "regularised--far-away", document(PAIR, (far, {}))
    weak = regularised(3, "1", THIRD, {"a": "2/5", "b": "1/4", "c": "7/20"}, "1/2")
    yield "regularised--weak", document(WEAK, (weak, {}))


def fractions(masses: Json) -> Json:
    """The same in lowest terms."""
    return {y: str(Fraction(mass)) for y, mass in masses.items()}


def rejected_learning(good: Good) -> Cases:
    """Steps the other way, from elsewhere, at another rate; radii too small."""
    nearer = CLAIM + "/nearer"
    for name, truth in (("cycle-1-at-3-8", False), ("cycle-2-at-3-10", True), ("enclosed", True)):
        yield f"nearer--{name}", put(good[f"picks--{name}"], nearer, not truth)
    fast, slow = good["picks--eleven-users-at-1"], good["picks--eleven-users-at-3-10"]
    yield "nearer--eleven-users-at-1", put(fast, nearer, True)
    yield "nearer--eleven-users-at-3-10", put(slow, nearer, False)
    yield "nearer--eleven-users-at-another-rate", put(fast, CLAIM + "/eta", "3/10")
    cycle = good["picks--cycle-2-at-3-10"]
    yield "nearer--from-the-equilibrium", put(cycle, CLAIM + "/policies/1", THIRD)
    yield "nearer--one-output", put(cycle, CLAIM + "/k", 1)
    yield "not-equilibrium--of-learning", put(cycle, CLAIM + "/centre", NEAR)
    box = good["picks--enclosed"]
    yield "contraction--of-learning", put(box, CLAIM + "/delta", f"1/{1 << 90}")
    # all that may be nearer may also be farther if hardly anything is known of where it lies
    lottery = good["equilibrium--enclosed-lottery-in-a-wide-box"]["certificates"][0]
    wide = {"centre": lottery["claim"]["centre"], "delta": "1/4"}
    close = {"a": "11/32", "b": "21/64", "c": "21/64"}
    vague = picks(1, "1/100", [close], False, wide)
    yield "nearer--somewhere-in-the-box", document(CYCLE, (vague, lottery["witness"]))
    for name, radius in (("pair", "1/50000"), ("far-away", "49/100"), ("weak", "1/50")):
        small = put(good[f"regularised--{name}"], CLAIM + "/radius", radius)
        yield f"regularised--{name}-too-near", small
    pair = good["regularised--pair"]
    yield "regularised--another-temperature", put(pair, CLAIM + "/tau", "1/2")
    reference = {"a": "1/3", "b": "2/3"}
    yield "regularised--another-reference", put(pair, CLAIM + "/reference", reference)
    yield "regularised--more-outputs", put(pair, CLAIM + "/k", 3)
    agreed = good["regularised--no-opinions"]
    yield "regularised--negative-radius", put(agreed, CLAIM + "/radius", "-1")
    yield "regularised--other-users", put(pair, POP, EVEN)


def malformed_learning(good: Good) -> Cases:
    """Rates, policies, boxes, temperatures."""
    cycle, box = good["picks--cycle-2-at-3-10"], good["picks--enclosed"]
    yield "out-of-range--rate-above-one", put(cycle, CLAIM + "/eta", "11/10")
    yield "not-positive--rate", put(cycle, CLAIM + "/eta", "0")
    yield "wrong-type--nearer", put(cycle, CLAIM + "/nearer", "true")
    yield "empty--policies-of-learning", put(cycle, CLAIM + "/policies", [])
    yield "sum--policy-of-learning", put(cycle, CLAIM + "/policies/0/a", "1/3")
    yield "support--policy-of-learning", put(cycle, CLAIM + "/policies/0", {"a": "1/2", "b": "1/2"})
    yield "missing-key--centre-of-learning", drop(cycle, CLAIM + "/centre")
    yield "out-of-range--delta-of-learning", put(box, CLAIM + "/delta", "1")
    yield "missing-key--matrix-of-learning", drop(box, WITNESS + "/inverse")
    pair = good["regularised--pair"]
    yield "not-positive--temperature", put(pair, CLAIM + "/tau", "-1")
    yield "support--regularised-policy", put(pair, CLAIM + "/policy", {"a": "1"})
    yield "support--reference", put(pair, CLAIM + "/reference", {"b": "1"})
    yield "not-rational--radius", put(pair, CLAIM + "/radius", "1e-3")
    yield "sum--reference", put(pair, CLAIM + "/reference/a", "1/3")
    yield "unknown-key--witness-of-regularisation", put(pair, WITNESS, vs("a"))
