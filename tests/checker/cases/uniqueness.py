"""Uniqueness of equilibria, or not."""

from __future__ import annotations

from cases.arithmetic import enclosure
from cases.building import (
    CLAIM,
    POP,
    WITNESS,
    Cases,
    Good,
    document,
    drop,
    exact,
    population,
    put,
    unique,
)
from cases.populations import CLONE, CYCLE, EVEN, HEAVY, HIDDEN, PAIR, TAIL, TRIO


def accepted_uniqueness() -> Cases:
    """All five witnesses, with exact and enclosed equilibria."""
    lottery = {"equilibrium": {**exact(a="1/3", b="1/3", c="1/3"), "witness": {}}}
    yield "unique-equilibrium--weights-the-prime", document(HEAVY, unique(1, True, lottery))
    yield "unique-equilibrium--margins-the-prime", document(HIDDEN, unique(1, True, lottery))
    classes = {"classes": [[0, 0], [1, 0], [2, 0]]}
    yield "unique-equilibrium--classes", document(TRIO, unique(2, True, classes))
    first = {**exact(a="1"), "witness": {}}
    split = population("a b c", "2 a>b=c, 1 a=b>c")
    proof = {"equilibrium": first, "classes": [[0, 0]], "combination": [[[0, 1], "1"]]}
    yield "unique-equilibrium--combination", document(split, unique(2, True, proof))
    tied = population("a b c", "1 a=b>c, 1 a>b=c, 2 a>b=c")
    signed = [[[0, 0], "2"], [[1, 0], "-2"], [[2, 1], "1/3"]]
    proof = {"equilibrium": first, "classes": [[1, 0]], "combination": signed}
    yield "unique-equilibrium--combination-with-signs", document(tied, unique(3, True, proof))
    place, inner = enclosure(TAIL, 2, "ab", {})
    proof = {
        "equilibrium": {**place, "witness": inner},
        "classes": [[0, 0], [0, 1]],
        "combination": [[[1, 2], "1"]],
    }
    yield "unique-equilibrium--combination-enclosed", document(TAIL, unique(2, True, proof))
    third = {"a": "1/3", "b": "1/3", "c": "1/3"}
    lottery = {"equilibrium": {**exact(**third), "witness": {}}}
    yield "unique-equilibrium--lottery", document(CYCLE, unique(1, True, lottery))
    yield (
        "unique-equilibrium--lottery-with-a-strict-response",
        document(PAIR, unique(1, True, {"equilibrium": first})),
    )
    pair = {"equilibria": [{"a": "1"}, {"a": "1/3", "b": "2/3"}]}
    yield "unique-equilibrium--two-lotteries", document(EVEN, unique(1, False, pair))
    tie = population("a b c", "2 a=b>c, 1 c>a=b")
    pair = {"equilibria": [{"a": "1"}, {"b": "1"}]}
    yield "unique-equilibrium--two-of-three-players", document(tie, unique(2, False, pair))
    along = {"equilibrium": first, "direction": {"a": "-1/2", "b": "1/2", "c": "0"}}
    yield "unique-equilibrium--direction", document(tie, unique(2, False, along))
    yield "unique-equilibrium--direction-of-lotteries", document(tie, unique(1, False, along))
    place, inner = enclosure(CLONE, 2, "abc", {"d": {"c": "1"}})
    along = {"equilibrium": {**place, "witness": inner}, "direction": {"c": "-1", "d": "1"}}
    yield "unique-equilibrium--direction-enclosed", document(CLONE, unique(2, False, along))


def rejected_uniqueness(good: Good) -> Cases:
    """Each witness, and each way in which it can fail to prove what it should."""
    classes = good["unique-equilibrium--classes"]
    yield "rank--a-class-twice", put(classes, WITNESS + "/classes/2", [0, 1])
    # {a}, {a, b} and {b}: the third is the difference of the other two
    chain = put(classes, POP + "/users/1/ranking", [["a", "b"], ["c"]])
    yield "rank--classes-of-different-users-dependent", put(chain, WITNESS + "/classes/2", [1, 0])
    inside = good["unique-equilibrium--combination-enclosed"]
    yield "rank--classes-dependent-on-the-support", put(inside, WITNESS + "/classes/1", [0, 2])
    combined = good["unique-equilibrium--combination"]
    place = WITNESS + "/combination"
    yield "combination--zero-off-the-support", put(combined, place, [])
    yield "combination--zero-at-one-response", put(combined, place, [[[1, 1], "1"]])
    yield "combination--negative-off-the-support", put(combined, place + "/0/1", "-1")
    touching = [[[0, 1], "1"], [[1, 0], "1"]]
    yield "combination--positive-on-the-support", put(combined, place, touching)
    signed = good["unique-equilibrium--combination-with-signs"]
    yield "combination--does-not-cancel", put(signed, place + "/1/1", "-1")
    cycle = good["unique-equilibrium--lottery"]
    centre = WITNESS + "/equilibrium/centre"
    yield "not-equilibrium--inside-a-proof", put(cycle, centre, {"a": "1"})
    enclosed = put(inside, WITNESS + "/equilibrium/delta", f"1/{1 << 90}")
    yield "contraction--inside-a-proof", enclosed
    strict = put(good["unique-equilibrium--lottery-with-a-strict-response"], POP, EVEN)
    yield "not-strict--lottery-with-a-tight-response", strict
    even = {"a": "1/2", "b": "1/2"}
    yield "rank--kernel-of-the-margins-too-large", put(strict, centre, even)
    two = good["unique-equilibrium--two-lotteries"]
    yield "same--equilibrium-twice", put(two, WITNESS + "/equilibria/1", {"a": "1"})
    yield "not-equilibrium--second-of-two", put(two, POP + "/users/0/weight", "2")
    along = good["unique-equilibrium--direction"]
    step = WITNESS + "/direction"
    yield "direction--empty", put(along, step, {})
    yield "direction--zero", put(along, step, {"a": "0", "b": "0"})
    yield "direction--leaves-the-simplex", put(along, step, {"a": "1/2", "b": "-1/2"})
    yield "direction--changes-a-class", put(along, step, {"a": "-1/2", "c": "1/2"})
    yield "direction--sum-not-zero", put(along, step, {"a": "-1/2", "b": "1/3"})


def malformed_uniqueness(good: Good) -> Cases:
    """Proofs for another k or another truth value, classes that there are not."""
    classes = good["unique-equilibrium--classes"]
    lottery = good["unique-equilibrium--lottery"]
    yield "witness--classes-for-two-players", put(classes, CLAIM + "/k", 1)
    yield "witness--kernel-for-three-players", put(lottery, CLAIM + "/k", 2)
    yield "witness--uniqueness-turned-around", put(classes, CLAIM + "/unique", False)
    two = good["unique-equilibrium--two-lotteries"]
    yield "witness--two-turned-around", put(two, CLAIM + "/unique", True)
    yield "witness--empty", put(classes, WITNESS, {})
    yield "witness--two-proofs", put(two, WITNESS + "/direction", {"a": "1", "b": "-1"})
    inside = good["unique-equilibrium--combination"]
    yield "witness--combination-missing", drop(inside, WITNESS + "/combination")
    wide = good["equilibrium--enclosed-lottery-in-a-wide-box"]["certificates"][0]
    enclosed = {"centre": wide["claim"]["centre"], "delta": "1/4", "witness": wide["witness"]}
    yield "witness--enclosure-for-two-players", put(lottery, WITNESS + "/equilibrium", enclosed)
    yield "wrong-type--unique", put(classes, CLAIM + "/unique", 1)
    yield "wrong-size--a-class-too-few", drop(classes, WITNESS + "/classes/2")
    yield "wrong-size--three-equilibria", put(two, WITNESS + "/equilibria", [{"a": "1"}] * 3)
    yield "out-of-range--user", put(classes, WITNESS + "/classes/2", [3, 0])
    yield "out-of-range--class", put(classes, WITNESS + "/classes/2", [0, 3])
    yield "out-of-range--class-from-the-end", put(classes, WITNESS + "/classes/2", [2, -3])
    yield "out-of-range--user-from-the-end", put(classes, WITNESS + "/classes/2", [-1, 0])
    yield "unknown-key--in-an-equilibrium", put(lottery, WITNESS + "/equilibrium/k", 1)
    yield (
        "unknown-response--direction",
        put(good["unique-equilibrium--direction"], WITNESS + "/direction/d", "0"),
    )
