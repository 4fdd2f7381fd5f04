"""The best product policy against opponents with l outputs (E1, E5): certified from both sides.

W(pi^k, T) is concave in pi for every l-tuple T. Hence a policy and its exact worst case bound the
optimum from below, and a mixture D over l-tuples with a point bounds it from above: with P_y the
chance that T ~ D is picked against y and k - 1 draws of the point, and P = sum_y point_y P_y,

    W(pi^k, D) <= 1 + (k - 1) P - k min_y P_y    for every pi.

An interior-point method proposes, in floats and then to any precision, policy and mixture at once.
Simple rationals near its solution are tried first: a rational pi whose worst rate v is attained by
the tuples T_1, ..., T_m is optimal exactly if the matrix game that pays P_y against T_i has the
value 1 - v, and then the game's solution is the mixture that proves it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations_with_replacement
from math import comb, lcm
from typing import Any

from verify.linear_program import solve_matrix_game
from verify.policies import ProductPolicy, Tuple
from verify.population import InputError, Population
from verify.winrate import payoffs, win_rates

Mixture = tuple[tuple[Tuple, Fraction], ...]
"""Distinct l-tuples with their positive masses."""

SIMPLE = ((1 << 6, 1 << 14), (1 << 12, 1 << 30))
"""Simple rationals: denominators up to the first, tried where they are 1/second close."""

FLOAT_GAP = 1e-11
NEARLY = 0.999
"""Tuples that win less than this part of the most that one wins are no longer looked at."""
PRECISE_WORK = 3_000_000
"""Most products that a step may cost in high precision; beyond it the floats' gap has to do."""


@dataclass(frozen=True)
class ProductOptimum:
    """value_low <= max over pi of min over l-tuples T of W(pi^k, T) <= value_high.

    `policy` attains value_low against every l-tuple; against the mixture `opponents` the
    first-order bound at `point` keeps every product policy to value_high. The two are equal where
    a rational optimum was recognised, and otherwise multiples of a power of two."""

    k: int
    l: int
    value_low: Fraction
    value_high: Fraction
    policy: ProductPolicy
    opponents: Mixture
    point: ProductPolicy

    @property
    def is_exact(self) -> bool:
        """True where the value is known exactly."""
        return self.value_low == self.value_high


def find_product_optimum(
    population: Population, k: int, l: int, *, bits: int = 100
) -> ProductOptimum:
    """The optimum over product policies against all C(n+l-1, l) multisets of l responses (E5).

    `bits`: the wanted gap between the two sides is 2^-bits; what was reached is in the result.
    Raises InputError for k, l or bits below 1."""
    for name, value in (("k", k), ("l", l), ("bits", bits)):
        if value < 1:
            raise InputError(f"{name} = {value}: expected at least 1")
    if k == 1:
        return _matrix_game(population, l)
    contest = Contest(population, k, l)
    return _search(contest, bits)


def upper_bound(
    population: Population, k: int, opponents: Mixture, point: ProductPolicy
) -> Fraction:
    """The first-order bound 1 + (k - 1) P - k min_y P_y on W(pi^k, opponents) for every pi (E5).

    All tuples of the mixture have the same length. At k = 1 the point does not matter."""
    unit = lcm(*(mass.denominator for _, mass in opponents))
    merged: Features = {}
    for opponent, mass in opponents:
        for feature, weight in features(population, opponent).items():
            merged[feature] = merged.get(feature, 0) + int(mass * unit) * weight
    chances, scale = _chances(population, [merged], k, len(opponents[0][0]), point)
    scale *= unit
    masses, whole = _integers(point)
    P = sum(mass * chance for mass, chance in zip(masses, chances[0], strict=True))
    return 1 + Fraction((k - 1) * P - k * whole * min(chances[0]), scale * whole)


Features = dict[tuple[int, int, int], int]
"""(strictly below, own class, j) -> integer weight of the users who hold an opponent's best
position in that class, with j positions of it; the first two are bit sets."""


def features(population: Population, opponent: Sequence[int]) -> Features:
    """All that matters of a tuple: its best class for every user, and how often it is there."""
    found: Features = {}
    for weight, user, ranks in zip(
        population.integer_weights, population.users, population.ranks, strict=True
    ):
        best = min(held := [ranks[y] for y in opponent])
        below = sum(1 << y for tied in user.ranking[best + 1 :] for y in tied)
        own = sum(1 << y for y in user.ranking[best])
        feature = below, own, held.count(best)
        found[feature] = found.get(feature, 0) + weight
    return found


class Contest:
    """k independent draws against l-tuples: all tuples, their features, and float programs."""

    def __init__(self, population: Population, k: int, l: int) -> None:
        self.population, self.k, self.l = population, k, l
        self.opponents = list(combinations_with_replacement(range(population.n), l))

    @cached_property
    def features(self) -> list[Features]:
        """The features of every tuple, in the order of `opponents`."""
        return [features(self.population, opponent) for opponent in self.opponents]

    def losses(self, policy: ProductPolicy) -> list[Fraction]:
        """The chance that T is picked, exactly, for every tuple T."""
        return [1 - rate for rate in win_rates(self.population, policy, self.opponents, k=self.k)]

    def optimum_at(self, policy: ProductPolicy) -> ProductOptimum | None:
        """The exact optimum if the policy attains it, with the mixture that proves it."""
        losses = self.losses(policy)
        most = max(losses)
        active = [t for t, loss in enumerate(losses) if loss == most]
        chosen = [self.features[t] for t in active]
        chances, scale = _chances(self.population, chosen, self.k, self.l, policy)
        game = solve_matrix_game(chances, scale)
        if game.value != most:
            return None
        mixture = _mixture([self.opponents[t] for t in active], game.row_strategy)
        return ProductOptimum(self.k, self.l, 1 - most, 1 - most, policy, mixture, policy)

    def program(self, chosen: Sequence[int], *, precise: bool) -> Any:
        """The tuples' losses as sums of k-th powers of linear forms, by Gauss-Legendre quadrature:
        j t^(j-1) (L + t p)^k has degree below k + l, so that it is exact."""
        import numpy as np

        from verify.solvers.concave import Program

        nodes = _quadrature((self.k + self.l + 1) // 2, precise)
        places: dict[tuple[int, int], int] = {}
        for t in chosen:
            for below, own, _ in self.features[t]:
                places.setdefault((below, own), len(places))
        kind = object if precise else float
        forms = np.zeros((len(places) * len(nodes), self.population.n), dtype=kind)
        for (below, own), place in places.items():
            for q, (node, _) in enumerate(nodes):
                for y in range(self.population.n):
                    if below >> y & 1:
                        forms[place * len(nodes) + q, y] = node**0
                    elif own >> y & 1:
                        forms[place * len(nodes) + q, y] = node
        shares = np.zeros((len(chosen), len(forms)), dtype=kind)
        for row, t in zip(shares, chosen, strict=True):
            for (below, own, j), weight in self.features[t].items():
                for q, (node, part) in enumerate(nodes):
                    at = places[below, own] * len(nodes) + q
                    row[at] += part * j * node ** (j - 1) * weight / self.population.scale
        return Program(forms, shares, self.k)


def _quadrature(size: int, precise: bool) -> list[tuple[Any, Any]]:
    """Gauss-Legendre nodes and weights on [0, 1]."""
    if precise:
        from flint import arb

        pairs = (arb.legendre_p_root(size, i, weight=True) for i in range(size))
        return [(((1 + node) / 2).mid(), (weight / 2).mid()) for node, weight in pairs]
    import numpy as np

    nodes, weights = np.polynomial.legendre.leggauss(size)
    return [((1 + x) / 2, w / 2) for x, w in zip(nodes.tolist(), weights.tolist(), strict=True)]


def _matrix_game(population: Population, l: int) -> ProductOptimum:
    """At k = 1 everything is linear, and the exact value that of a matrix game."""
    table = payoffs(population, 1, l)
    game = solve_matrix_game(table.matrix, table.scale)
    policy = ProductPolicy(game.row_strategy)
    mixture = _mixture(table.columns, game.column_strategy)
    return ProductOptimum(1, l, game.value, game.value, policy, mixture, policy)


def _mixture(opponents: Sequence[Tuple], masses: Sequence[Fraction]) -> Mixture:
    return tuple((t, mass) for t, mass in zip(opponents, masses, strict=True) if mass)


def _integers(policy: ProductPolicy) -> tuple[list[int], int]:
    unit = lcm(*(mass.denominator for mass in policy.masses))
    return [int(mass * unit) for mass in policy.masses], unit


def _chances(
    population: Population, rows: Sequence[Features], k: int, l: int, point: ProductPolicy
) -> tuple[list[list[int]], int]:
    """Row by row: the chance, over the returned scale, that T is picked against y and k - 1 draws
    of the point, for every y.

    With L, p of T's best class, i of the draws in it and none above, T's share is j/(i+j) against
    a y below and j/(i+1+j) against a y within. (Sums of powers, so that p = 0 is allowed.)"""
    masses, unit = _integers(point)
    common = lcm(*range(1, k + l + 1))
    powers: dict[tuple[int, int], list[int]] = {}

    def shares(below: int, own: int, j: int) -> tuple[int, int]:
        if (below, own) not in powers:
            L, p = (
                sum(mass for y, mass in enumerate(masses) if part >> y & 1) for part in (below, own)
            )
            powers[below, own] = [comb(k - 1, i) * L ** (k - 1 - i) * p**i for i in range(k)]
        terms = powers[below, own]
        return (
            sum(term * (j * common // (i + j)) for i, term in enumerate(terms)),
            sum(term * (j * common // (i + 1 + j)) for i, term in enumerate(terms)),
        )

    found: dict[tuple[int, int, int], tuple[int, int]] = {}
    chances = []
    for row in rows:
        chance = [0] * population.n
        for feature, weight in row.items():
            if feature not in found:
                found[feature] = shares(*feature)
            below, own, _ = feature
            low, tied = found[feature]
            for y in range(population.n):
                if below >> y & 1:
                    chance[y] += weight * low
                elif own >> y & 1:
                    chance[y] += weight * tied
        chances.append(chance)
    return chances, population.scale * common * unit ** (k - 1)


def _search(contest: Contest, bits: int) -> ProductOptimum:
    """Floats first, whose solution tells which tuples matter; then, on these, high precision."""
    from flint import ctx

    from verify.solvers import concave

    chosen: Sequence[int] = range(len(contest.opponents))
    program = contest.program(chosen, precise=False)
    found = concave.solve(program, concave.start(program), FLOAT_GAP)
    x, D = ([Fraction(v) for v in part.tolist()] for part in (found.x, found.D))
    result = _simple(contest, x) or _rounded(contest, chosen, x, D, bits)
    wanted = Fraction(1, 1 << bits)
    kept = (program.values(found.x) > NEARLY * found.t) | (found.D > 1 - NEARLY)
    chosen = [t for t in chosen if kept[t]]
    work = len(program.forms) * (len(chosen) + contest.population.n) * contest.population.n
    if result.value_high - result.value_low <= wanted or work > PRECISE_WORK:
        return result
    # Masses that vanish at the optimum are about the gap: well below what they are rounded to.
    accuracy = 2 * bits + 60
    with ctx.workprec(4 * accuracy):
        program = contest.program(chosen, precise=True)
        found = concave.solve(program, found.in_balls(kept), concave.power_of_two(-accuracy))
        x, D = ([_fraction(v) for v in part] for part in (found.x, found.D))
    better = _simple(contest, x) or _rounded(contest, chosen, x, D, bits)
    return min(result, better, key=lambda one: one.value_high - one.value_low)


def _fraction(ball: Any) -> Fraction:
    mantissa, exponent = ball.man_exp()
    return int(mantissa) * Fraction(2) ** int(exponent)


def _simple(contest: Contest, x: Sequence[Fraction]) -> ProductOptimum | None:
    """The exact optimum at a simple rational policy near x, if there is one."""
    tried = []
    for most, closeness in SIMPLE:
        masses = tuple(mass.limit_denominator(most) for mass in x)
        near = all(abs(a - b) * closeness < 1 for a, b in zip(masses, x, strict=True))
        if near and sum(masses) == 1 and masses not in tried:
            tried.append(masses)
            if found := contest.optimum_at(ProductPolicy(masses)):
                return found
    return None


def _rounded(
    contest: Contest, chosen: Sequence[int], x: Sequence[Fraction], D: Sequence[Fraction], bits: int
) -> ProductOptimum:
    size = bits + 8 + (contest.k * (len(x) + len(D))).bit_length()
    policy = ProductPolicy(_distribution(x, size))
    mixture = _mixture([contest.opponents[t] for t in chosen], _distribution(D, size))
    low = 1 - max(contest.losses(policy))
    high = upper_bound(contest.population, contest.k, mixture, policy)
    unit = 1 << bits + 4
    return ProductOptimum(
        contest.k,
        contest.l,
        Fraction(low * unit // 1, unit),
        -Fraction(-high * unit // 1, unit),
        policy,
        mixture,
        policy,
    )


def _distribution(masses: Sequence[Fraction], bits: int) -> tuple[Fraction, ...]:
    """Multiples of 2^-bits near the masses that sum to one; the largest takes the difference."""
    total = sum(masses)
    rounded = [int(mass / total * (1 << bits)) for mass in masses]
    rounded[max(range(len(rounded)), key=rounded.__getitem__)] += (1 << bits) - sum(rounded)
    return tuple(Fraction(mass, 1 << bits) for mass in rounded)
