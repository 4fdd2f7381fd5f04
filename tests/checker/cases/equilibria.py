"""Equilibria, exact and enclosed."""

from __future__ import annotations

from fractions import Fraction

from cases.arithmetic import derivatives, enclosure, inverse
from cases.building import (
    CLAIM,
    POP,
    WITNESS,
    Cases,
    Good,
    document,
    drop,
    equilibrium,
    exact,
    named,
    population,
    put,
)
from cases.populations import CAPPED, CLONE, CYCLE, HALFWAY, MIRROR, SHADOW, TRIO


def accepted_equilibria() -> Cases:
    """Exact ones and enclosures, with strict responses and identities off the support."""
    third = {"a": "1/3", "b": "1/3", "c": "1/3"}
    yield "equilibrium--exact", document(CYCLE, equilibrium(2, exact(**third)))
    yield "equilibrium--exact-lottery", document(CYCLE, equilibrium(1, exact(**third)))
    tight = population("a b", "2 a>b, 1 b>a")
    point = equilibrium(2, exact(a="1"))
    yield "equilibrium--exact-with-a-tight-response", document(tight, point)
    box = {"centre": third, "delta": "1/4"}
    witness = {"inverse": [["1", "0", "0"], ["0", "1", "0"], ["0", "0", "1"]], "boundary": {}}
    _, D = derivatives(CYCLE, 1, {y: Fraction(1, 3) for y in "abc"})
    A = [[D[i][j] / 3 for j in "abc"] for i in "abc"]
    witness["inverse"] = [[str(value) for value in row] for row in inverse(A)]
    wide = equilibrium(1, box, witness)
    yield "equilibrium--enclosed-lottery-in-a-wide-box", document(CYCLE, wide)
    broad = {"centre": {"a": "1"}, "delta": "1/2"}
    single = equilibrium(2, broad, {"inverse": [["1/2"]], "boundary": {}})
    yield "equilibrium--enclosed-as-widely-as-may-be", document(population("a b", "1 a>b"), single)
    for what, about, k, T, boundary in (
        ("enclosed", TRIO, 2, "abc", {}),
        ("enclosed-of-six-players", TRIO, 5, "abc", {}),
        ("enclosed-with-a-strict-response", SHADOW, 2, "abc", {}),
        ("identity-of-a-clone", CLONE, 2, "abc", {"d": {"c": "1"}}),
        ("identity-of-several-terms", MIRROR, 2, "ab", {"y": {"a": "1/2", "b": "1/2"}}),
        ("identity-that-is-a-constant", CAPPED, 2, "ab", {"y": {}}),
        ("identity-with-a-constant", HALFWAY, 2, "ab", {"y": {"a": "1/2"}}),
    ):
        claim, witness = enclosure(about, k, T, boundary)
        yield named("equilibrium", what), document(about, equilibrium(k, claim, witness))


def rejected_equilibria(good: Good) -> Cases:
    """Points that are none, boxes that prove nothing, identities that are none."""
    whole = good["equilibrium--exact"]
    off = {"a": "333/1000", "b": "333/1000", "c": "167/500"}
    yield "not-equilibrium--centre-moved", put(whole, CLAIM + "/centre", off)
    yield "not-equilibrium--vertex-of-a-cycle", put(whole, CLAIM + "/centre", {"a": "1"})
    tight = good["equilibrium--exact-with-a-tight-response"]
    yield "not-equilibrium--one-output-more", put(tight, CLAIM + "/k", 3)
    yield "not-equilibrium--deviation-barely-pays", put(tight, POP + "/users/0/weight", "199/100")
    lottery = good["equilibrium--exact-lottery"]
    yield (
        "not-equilibrium--lottery-of-an-uneven-cycle",
        put(lottery, POP + "/users/1/weight", "1001/1000"),
    )
    box = good["equilibrium--enclosed"]
    claim, witness = (box["certificates"][0][part] for part in ("claim", "witness"))
    wide = {"centre": {"a": "1"}, "delta": "3/5"}
    single = equilibrium(2, wide, {"inverse": [["1/2"]], "boundary": {}})
    # the other inequality holds: 0 + (0 + 1 * 3/5) * 3/5 < 3/5
    yield "contraction--k-delta-above-one", document(population("a b", "1 a>b"), single)
    yield "contraction--delta-too-narrow", put(box, CLAIM + "/delta", f"1/{1 << 90}")
    yield "contraction--derivative-grows-too-much", put(box, CLAIM + "/delta", "1/2")
    third = {"a": "1/3", "b": "1/3", "c": "1/3"}
    yield "contraction--centre-elsewhere", put(box, CLAIM + "/centre", third)
    zeros = [["0"] * 3] * 3
    yield "contraction--inverse-of-zeros", put(box, WITNESS + "/inverse", zeros)
    swapped = [witness["inverse"][i] for i in (1, 0, 2)]
    yield "contraction--rows-of-the-inverse-swapped", put(box, WITNESS + "/inverse", swapped)
    turned = [list(column) for column in zip(*witness["inverse"], strict=True)]
    yield "contraction--inverse-transposed", put(box, WITNESS + "/inverse", turned)
    yield "contraction--one-output-more", put(box, CLAIM + "/k", claim["k"] + 1)
    yield "contraction--other-weight", put(box, POP + "/users/0/weight", "301/100")
    place, inner = enclosure(TRIO, 2, "ac", {})
    fewer = document(TRIO, equilibrium(2, place, inner))
    yield "off-support--support-too-small", fewer
    clone = good["equilibrium--identity-of-a-clone"]
    yield "off-support--clone-without-its-identity", put(clone, WITNESS + "/boundary", {})
    capped = good["equilibrium--identity-that-is-a-constant"]
    yield "off-support--constant-without-its-identity", put(capped, WITNESS + "/boundary", {})
    multiple = WITNESS + "/boundary/d/c"
    yield "boundary--multiple-too-large", put(clone, multiple, "2")
    yield "boundary--multiple-too-small", put(clone, multiple, "999/1000")
    yield "boundary--multiple-of-another-response", put(clone, WITNESS + "/boundary/d", {"a": "1"})
    mirror = good["equilibrium--identity-of-several-terms"]
    yield "boundary--term-forgotten", drop(mirror, WITNESS + "/boundary/y/b")
    strict = good["equilibrium--enclosed-with-a-strict-response"]
    yield "boundary--strict-response-has-no-identity", put(strict, WITNESS + "/boundary/d", {})
    # the users who put y first are now more than 1/(k+1), and a against b is as before
    above = put(put(capped, POP + "/users/0/weight", "7/2"), POP + "/users/1/weight", "3/2")
    yield "boundary--constant-above-one", above
    between = population("a b y", "3 y>a>b, 2 a>y>b, 4 b>a>y")
    yield "boundary--constant-and-more", put(capped, POP, between)
    tied = population("a b y", "3 y>a>b, 1 a=b=y, 2 a>b>y, 3 b>a>y")
    place, inner = enclosure(tied, 2, "ab", {"y": {}})
    constants = document(tied, equilibrium(2, place, inner))
    yield "boundary--constants-of-two-kinds-above-one", constants
    half = good["equilibrium--identity-with-a-constant"]
    heavier = population("a b y", "5 a=y>b, 4 y>a>b, 1 a>b>y, 4 b>a=y, 4 b>a>y")
    yield "boundary--constant-and-multiple-above-one", put(half, POP, heavier)


def malformed_equilibria(good: Good) -> Cases:
    """Boxes, inverses and hints."""
    whole, box = good["equilibrium--exact"], good["equilibrium--enclosed"]
    clone = good["equilibrium--identity-of-a-clone"]
    hints = WITNESS + "/boundary"
    yield "sum--centre", put(whole, CLAIM + "/centre/a", "1/4")
    yield "out-of-range--delta-negative", put(box, CLAIM + "/delta", "-1/1000")
    yield "out-of-range--delta-1", put(box, CLAIM + "/delta", "1")
    yield "wrong-type--delta-without-quotes", put(whole, CLAIM + "/delta", 0)
    yield "unknown-key--inverse-without-delta", put(whole, WITNESS, {"inverse": [], "boundary": {}})
    yield "missing-key--boundary", drop(box, WITNESS + "/boundary")
    yield "wrong-size--inverse-without-a-row", drop(box, WITNESS + "/inverse/2")
    yield "wrong-size--inverse-without-an-entry", drop(box, WITNESS + "/inverse/2/2")
    yield "wrong-type--hint", put(clone, hints + "/d", "c")
    yield "boundary--hint-about-the-support", put(clone, hints, {"d": {"c": "1"}, "c": {"c": "1"}})
    yield "boundary--hint-off-the-support", put(clone, hints, {"d": {"d": "1"}})
    yield "unknown-response--hint", put(clone, hints + "/e", {})
