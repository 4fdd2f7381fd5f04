"""Equilibria in algebraic numbers."""

from __future__ import annotations

from cases.building import CLAIM, POP, WITNESS, Cases, Good, algebraic, document, population, put
from cases.populations import LATE, PAIR, QUADRATIC


def accepted_algebraic_equilibria() -> Cases:
    """Rational and quadratic masses; polynomials that are not monic or not irreducible."""
    square = document(PAIR, algebraic(3, QUADRATIC))
    yield "algebraic-equilibrium--quadratic", square
    # k = 2: 3/5 (1 + x + x^2) + 2/5 (1-x)^2 = 1 just where x (x - 1/5) = 0
    linear = {"polynomial": ["-1", "5"], "interval": ["0", "1"]}
    linear["masses"] = {"a": ["4/5"], "b": ["1/5"]}
    yield "algebraic-equilibrium--rational", document(PAIR, algebraic(2, linear))
    doubled = {**QUADRATIC, "polynomial": ["-3", "9/2", "1/4"], "interval": ["1/2", "1"]}
    doubled["masses"] = {"a": ["1", "-1/2"], "b": ["0", "1/2"]}
    yield "algebraic-equilibrium--of-twice-the-mass", document(PAIR, algebraic(3, doubled))
    negative = {**QUADRATIC, "polynomial": ["3", "9", "-1"], "interval": ["-1/2", "-1/4"]}
    negative["masses"] = {"a": ["1", "1"], "b": ["0", "-1"]}
    yield "algebraic-equilibrium--negative-root", document(PAIR, algebraic(3, negative))
    # c earns 12/5 x^3 < 1, since the users who rank it above b do so with L = x; that it is less
    # than 1 shows in a narrow interval only, since x^3 = 84x - 27
    narrow = {**QUADRATIC, "interval": ["321/1000", "161/500"]}
    yield "algebraic-equilibrium--strict-off-the-support", document(LATE, algebraic(3, narrow))
    turned = {**narrow, "polynomial": ["3", "-9", "-1"]}
    yield "algebraic-equilibrium--negative-modulus", document(LATE, algebraic(3, turned))
    clone = population("a b c", "3 a>b=c, 2 b=c>a")
    yield "algebraic-equilibrium--tight-off-the-support", document(clone, algebraic(3, QUADRATIC))
    both = {**QUADRATIC, "masses": {"a": ["1", "-1"], "b": ["0", "1/3"], "c": ["0", "2/3"]}}
    yield "algebraic-equilibrium--class-shared-by-clones", document(clone, algebraic(3, both))
    point = {"polynomial": ["-1", "0", "1"], "interval": ["1/2", "2"], "masses": {"a": ["1", "0"]}}
    tight = population("a b", "2 a>b, 1 b>a")
    yield "algebraic-equilibrium--reducible-modulus", document(tight, algebraic(2, point))


def rejected_algebraic_equilibria(good: Good) -> Cases:
    """No root, or perhaps several; masses that are none; games with another equilibrium."""
    square, interval = good["algebraic-equilibrium--quadratic"], CLAIM + "/interval"
    yield "isolating--no-root", put(square, interval, ["2/5", "1/2"])
    yield (
        "isolating--root-at-the-end",
        put(good["algebraic-equilibrium--rational"], interval, ["1/5", "1"]),
    )
    yield "isolating--two-roots", put(square, interval, ["-10", "1"])
    # x (x^2 + 9x - 3) has three roots between -10 and 1, and different signs there
    masses = {"a": ["1", "-1", "0"], "b": ["0", "1", "0"]}
    cubic = {**QUADRATIC, "polynomial": ["0", "-3", "9", "1"], "masses": masses}
    three = document(PAIR, algebraic(3, {**cubic, "interval": ["-10", "1"]}))
    yield "isolating--three-roots", three
    # the claim is true, but 1 - U = 0 does not follow from x (x^2 + 9x - 3) = 0 for b
    yield "not-equilibrium--reducible-modulus", put(three, interval, ["1/4", "1/2"])
    masses = CLAIM + "/masses"
    # b's mass is the other root, -9.32...
    yield "positive--the-other-root", put(square, interval, ["-19/2", "-9"])
    zero = put(put(square, POP, LATE), masses + "/d", ["0", "0"])
    yield "positive--a-mass-of-zero", zero
    yield "sum--algebraic-masses", put(square, masses + "/a", ["1", "-11/10"])
    yield "sum--algebraic-constant", put(square, masses + "/a", ["11/10", "-1"])
    yield "not-equilibrium--another-k", put(square, CLAIM + "/k", 2)
    yield "not-equilibrium--another-weight", put(square, POP + "/users/0/weight", "301/100")
    swapped = {"a": ["0", "1"], "b": ["1", "-1"]}
    yield "not-equilibrium--masses-exchanged", put(square, masses, swapped)
    yield "not-equilibrium--another-modulus", put(square, CLAIM + "/polynomial/1", "91/10")
    late = good["algebraic-equilibrium--strict-off-the-support"]
    ahead = population("a b c d", "3 c>a>b>d, 2 b>a>c>d")
    yield "not-equilibrium--off-an-algebraic-support", put(late, POP, ahead)
    turned = put(good["algebraic-equilibrium--negative-modulus"], POP, ahead)
    yield "not-equilibrium--off-the-support-of-a-negative-modulus", turned
    wide = put(late, interval, ["1/4", "1/2"])
    yield "not-equilibrium--interval-too-wide", wide
    clone = good["algebraic-equilibrium--tight-off-the-support"]
    split = population("a b c", "3 a>b=c, 1 b=c>a, 1 c>b>a")
    yield "not-equilibrium--no-longer-tight", put(clone, POP, split)


def malformed_algebraic_equilibria(good: Good) -> Cases:
    """Polynomials, intervals and masses that are none."""
    square = good["algebraic-equilibrium--quadratic"]
    coefficients, masses = CLAIM + "/polynomial", CLAIM + "/masses"
    yield "polynomial--constant", put(square, coefficients, ["1"])
    yield "polynomial--empty", put(square, coefficients, [])
    yield "polynomial--leading-coefficient-zero", put(square, coefficients + "/2", "0")
    yield "wrong-type--coefficient", put(square, coefficients + "/2", 1)
    yield "out-of-range--interval-turned-around", put(square, CLAIM + "/interval", ["1/2", "1/4"])
    yield "out-of-range--interval-of-one-point", put(square, CLAIM + "/interval", ["1/4", "1/4"])
    yield "wrong-size--interval", put(square, CLAIM + "/interval", ["1/4"])
    yield "wrong-size--mass-of-another-degree", put(square, masses + "/a", ["1", "-1", "0"])
    yield "empty--no-algebraic-masses", put(square, masses, {})
    yield "unknown-response--algebraic-mass", put(square, masses + "/c", ["0", "0"])
    yield "unknown-key--witness-of-an-algebraic-equilibrium", put(square, WITNESS, {"inverse": []})
