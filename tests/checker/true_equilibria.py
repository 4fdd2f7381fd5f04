"""Equilibria as they truly are: from Newton's method in Fractions to 400 bits, algebraic ones from
a root to 200 bits, uniqueness from linear programs over the set of equilibria, limits from
counting."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from math import floor

import sympy
from cases import arithmetic
from flint import arb, ctx, fmpq
from true_win_rates import Json, read_population, worst_case
from ualign.exact.equilibrium import find_equilibrium
from ualign.exact.linear_program import LinearProgram
from ualign.exact.maximal_lottery import find_maximal_lottery, margins
from ualign.exact.regularised import find_regularised
from ualign.exact.simplex import solve_program
from ualign.model.policies import ProductPolicy

BITS = 400


class UndecidedError(Exception):
    """Exact arithmetic from the definition would take too long."""


@cache
def solution_near(about: str, k: int, centre: str) -> dict[str, Fraction] | None:
    """The equilibrium on the centre's support, to about 400 bits; None if there seems to be none:
    Newton's method leads nowhere, or some response off the support earns more than 1/(k+1)."""
    population, error = json.loads(about), Fraction(1, 1 << BITS - 10)
    start = {name: Fraction(mass) for name, mass in json.loads(centre).items()}
    try:
        x, _ = arithmetic.solve_on(population, k, start, BITS)
    except (ValueError, StopIteration):
        return None
    U, _ = arithmetic.derivatives(population, k, x)
    assert all(abs(U[y] - 1) < error for y in x)
    assert abs(sum(x.values()) - 1) < error
    return x if all(U[y] < 1 + error for y in U) else None


def equilibrium_holds(about: str, claim: Json) -> bool:
    """An exact equilibrium satisfies the definition; else one lies in the box, to 400 bits."""
    k, delta = claim["k"], Fraction(claim["delta"])
    if not delta:
        worst = worst_case(about, json.dumps({"product": claim["centre"]}), k, 1, "uniform")
        return worst >= Fraction(k, k + 1)
    x = solution_near(about, k, json.dumps(claim["centre"]))
    slack = delta + Fraction(1, 1 << BITS - 10)
    return x is not None and all(
        abs(x[y] / Fraction(mass) - 1) <= slack for y, mass in claim["centre"].items()
    )


def maximum(objective: list[int], rows: list[list[int]], bounds: list[int]) -> Fraction:
    """The exact optimum of a linear program whose variables are not negative."""
    matrix = tuple(map(tuple, rows))
    return solve_program(LinearProgram(tuple(objective), matrix, tuple(bounds))).value


@cache
def lottery_is_unique(about: str) -> bool:
    """k = 1: the largest masses that single responses have in maximal lotteries sum to 1."""
    M = margins(read_population(about))
    size = range(len(M))
    rows, bounds = [*M, [1] * len(M)], [0] * len(M) + [1]
    return sum(maximum([int(i == y) for i in size], rows, bounds) for y in size) == 1


@cache
def equilibrium_is_unique(about: str, k: int) -> bool:
    """k >= 2: from one equilibrium no direction with zero class sums leads to another (E2)."""
    population = read_population(about)
    found = find_equilibrium(population, k)
    assert found.enclosure is not None
    T = found.policy.support
    classes = {frozenset(tied) for user in population.users for tied in user.ranking}
    off = [y for y in range(population.n) if y not in T]
    # d = p - q on T, and p alone off it: p, q >= 0
    columns = [*((y, 1) for y in range(population.n)), *((y, -1) for y in T)]
    sums = [[sign * (y in tied) for y, sign in columns] for tied in classes]
    rows = [*sums, *([-value for value in row] for row in sums)]
    bounds = [0] * len(rows)
    for measured in (*([(y, 1)] for y in T), *([(y, -1)] for y in T), [(y, 1) for y in off]):
        objective = [0] * len(columns)
        for y, sign in measured:
            objective[columns.index((y, 1))] = sign
            if y in T:
                objective[columns.index((y, -1))] = -sign
        if measured and maximum(objective, [*rows, objective], [*bounds, 1]) > 0:
            return False
    return True


def uniqueness_holds(about: str, claim: Json) -> bool:
    """The claimed truth value is the one found by linear programs."""
    k = claim["k"]
    unique = lottery_is_unique(about) if k == 1 else equilibrium_is_unique(about, k)
    return unique is claim["unique"]


def at_root(coefficients: Sequence[Fraction], alpha: Fraction) -> Fraction:
    """A polynomial, constant term first, at a point."""
    value = Fraction(0)
    for coefficient in reversed(coefficients):
        value = value * alpha + coefficient
    return value


def algebraic_equilibrium_holds(about: str, claim: Json) -> bool:
    """Just one root in the interval (Sturm), and at this root, to 200 bits, masses that sum to 1,
    with U = 1 on the support and U <= 1 off it."""
    bits = BITS >> 1
    field = [Fraction(c) for c in claim["polynomial"]]
    low, high = (Fraction(end) for end in claim["interval"])
    terms = [sympy.Rational(c.numerator, c.denominator) for c in reversed(field)]
    polynomial = sympy.Poly(terms, sympy.Symbol("x"))
    if polynomial.count_roots(str(low), str(high)) != 1 or at_root(field, low) == 0:
        return False
    rising, error = at_root(field, low) < 0, Fraction(1, 1 << bits - 50)
    while high - low > Fraction(1, 1 << bits):
        middle = Fraction(floor((low + high) * (1 << bits + 8)), 1 << bits + 9)
        if (at_root(field, middle) < 0) == rising:
            low = middle
        else:
            high = middle
    masses = {
        name: at_root(list(map(Fraction, element)), low)
        for name, element in claim["masses"].items()
    }
    U, _ = arithmetic.derivatives(json.loads(about), claim["k"], masses)
    return (
        min(masses.values()) > 0
        and abs(sum(masses.values()) - 1) < error
        and all(abs(U[y] - 1) < error for y in masses)
        and max(U.values()) < 1 + error
    )


def limit_of(about: str, support: Sequence[str]) -> Fraction:
    """1 less the largest share of users who rank some response above the whole support."""
    value = json.loads(about)
    above: Counter[str] = Counter()
    for user in value["users"]:
        best = next(r for r, tied in enumerate(user["ranking"]) if {*tied} & {*support})
        for tied in user["ranking"][:best]:
            for y in tied:
                above[y] += Fraction(user["weight"])
    total = sum(Fraction(user["weight"]) for user in value["users"])
    return 1 - max(above.values(), default=Fraction(0)) / total


def limit_holds(about: str, claim: Json) -> bool:
    """The limit is the bound."""
    return limit_of(about, list(claim["policy"]["product"])) == Fraction(claim["bound"])


def ceiling_holds(about: str, claim: Json) -> bool:
    """The lottery is unique, and its worst win rate, which rises with k, has such a limit."""
    population = read_population(about)
    lottery = find_maximal_lottery(population).policy
    support = [population.responses[y] for y in lottery.support]
    return lottery_is_unique(about) and limit_of(about, support) <= Fraction(claim["bound"])


@cache
def sides(about: str, k: int) -> tuple[Fraction, Fraction]:
    """|pi - s|_1 and what bounds it, at the equilibrium, which is unique for strict rankings."""
    population = read_population(about)
    if k == 1:
        assert lottery_is_unique(about)
        policy = find_maximal_lottery(population).policy
    else:
        policy = find_equilibrium(population, k).policy
    masses = {population.responses[y]: policy.masses[y] for y in policy.support}
    if k > 1:
        masses, _ = arithmetic.solve_on(json.loads(about), k, masses, BITS)
    return arithmetic.distances(json.loads(about), k, masses)


def distance_holds(about: str, claim: Json) -> bool:
    """All rankings are strict, and the bound lies between the two sides, to 400 bits."""
    left, right = sides(about, claim["k"])
    bound, error = Fraction(claim["bound"]), Fraction(1, 1 << BITS - 50)
    users = read_population(about).users
    strict = all(len(tied) == 1 for user in users for tied in user.ranking)
    return strict and left - error <= bound <= right + error


def balls(x: Sequence[Fraction]) -> list[arb]:
    """Rationals as balls at the precision that is set."""
    return [arb(fmpq(v.numerator, v.denominator)) for v in x]


def picks_hold(about: str, claim: Json) -> bool:
    """An equilibrium lies in the box, and with it the sums have the right sign, to 400 bits."""
    k, eta, exact = claim["k"], Fraction(claim["eta"]), claim["delta"] == "0"
    if not equilibrium_holds(about, claim):
        return False
    star = {y: Fraction(mass) for y, mass in claim["centre"].items()}
    x = star if exact else solution_near(about, k, json.dumps(claim["centre"]))
    assert x is not None
    for masses in claim["policies"]:
        policy = {y: Fraction(mass) for y, mass in masses.items()}
        U, _ = arithmetic.derivatives(json.loads(about), k, policy)
        with ctx.workprec(BITS):
            steps = balls([1 + eta * (U[y] - 1) for y in x])
            weights = balls([x[y] for y in x])
            gain = sum((w * s.log() for w, s in zip(weights, steps, strict=True)), arb(0))
            if not (gain > 0 if claim["nearer"] else gain < 0):
                return False
    return True


def regularised_holds(about: str, claim: Json) -> bool:
    """The distance to the regularised policy, which is known up to a much smaller radius."""
    population = read_population(about)
    reference, policy = (
        tuple(Fraction(claim[key].get(y, "0")) for y in population.responses)
        for key in ("reference", "policy")
    )
    tau, base = Fraction(claim["tau"]), ProductPolicy(reference)
    found = find_regularised(population, claim["k"], tau, base)
    pairs = zip(found.policy.masses, policy, strict=True)
    beyond = sum(abs(x - y) for x, y in pairs) - Fraction(claim["radius"])
    if abs(beyond) <= found.radius:
        raise UndecidedError
    return beyond < 0
