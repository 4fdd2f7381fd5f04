"""The best single policy for several numbers of outputs at once (E15), certified from both sides.

The price of a policy pi is the largest (k+1)(1 - W(pi^k, y)) over the given k and all responses y.
With a policy for each k it would be 1. Every (k+1) u_y^(k) is convex in pi, so that, as in E1, a
policy bounds the least price from above, and a mixture D over pairs (k, y) with a point x bounds it
from below: with P_z the chance that y is picked against z and k - 1 draws of x, and P that against
k draws,

    price of pi >= min_z sum_(k,y) D_(k,y) (k+1) [k P_z - (k - 1) P]    for every pi.

An interior-point method in floats proposes policy and mixture. Simple rationals near its solution
are tried first: one is optimal exactly if the matrix game between the pairs that attain its price
and the responses z, with these terms as payoffs, has the price as its value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from ualign.exact.matrix_game import solve_matrix_game
from ualign.exact.product_bound import Mixture, features, tangent
from ualign.exact.rounding import FLOAT_BITS, distribution, fractions, simple_policies
from ualign.model.policies import ProductPolicy
from ualign.model.population import Population
from ualign.model.win_rates import win_rates

PRICE_GAP = 1e-11
PRECISE_PLACES = 48
"""Numbers that are not exact are rounded outward to so many binary places."""

Pair = tuple[int, int]
"""A number of outputs and a response."""


@dataclass(frozen=True)
class Cap:
    """Why no policy has a price below `price`: for some k a share and a mixture of responses, and
    the point that all is made linear at."""

    price: Fraction
    opponents: Mapping[int, tuple[Fraction, Mixture]]
    point: ProductPolicy

    @property
    def rates(self) -> dict[int, Fraction]:
        """Win rates of which no policy exceeds all."""
        return {k: 1 - self.price / (k + 1) for k in self.opponents}


@dataclass(frozen=True)
class OnePolicy:
    """A policy whose worst win rate at each k is at least `rates[k]`, and a cap on all policies;
    `is_exact`: its price is the least there is."""

    policy: ProductPolicy
    rates: Mapping[int, Fraction]
    cap: Cap

    @property
    def price(self) -> Fraction:
        """What it pays at most, by its rates."""
        return price(self.rates)

    @property
    def is_exact(self) -> bool:
        """Whether no policy has a smaller price."""
        return self.price == self.cap.price


def price(rates: Mapping[int, Fraction]) -> Fraction:
    """The largest (k+1)(1 - rate): how many times as often as 1/(k+1) a policy may lose."""
    return max((k + 1) * (1 - rate) for k, rate in rates.items())


def price_of_any_population(ks: Sequence[int]) -> Fraction:
    """E15: on every population some policy has at most this price, which is the largest
    (1 - (1-a)^(k+1))/a with a = 1/|ks|."""
    a = Fraction(1, len(ks))
    return max((1 - (1 - a) ** (k + 1)) / a for k in ks)


def rates_of(
    population: Population, policy: ProductPolicy, ks: Sequence[int], *, exact: bool = False
) -> dict[int, Fraction]:
    """The worst win rates of the policy at each k; rounded down unless they are to be exact."""
    rates = {k: min(_rates(population, policy, k)) for k in ks}
    return rates if exact else {k: _down(rate) for k, rate in rates.items()}


def find_one_policy(population: Population, ks: Sequence[int]) -> OnePolicy:
    """The policy of the least price over these different k, or one near it, with a cap."""
    from ualign.solvers import concave

    responses = range(population.n)
    rows = [features(population, (y,)) for y in responses]
    scale = population.scale
    programs = [concave.build(rows, responses, scale, k, 1, precise=False) for k in ks]
    stack = concave.Stack(programs, [k + 1 for k in ks])
    found = concave.solve_concave(stack, concave.start(stack), PRICE_GAP)
    x, D = fractions(found.x), fractions(found.D)
    for policy in simple_policies(x):
        if optimum := _optimum_at(population, policy, ks):
            return optimum
    point = ProductPolicy(distribution(x, FLOAT_BITS))
    pairs = [(k, y) for k in ks for y in responses]
    weights = dict(zip(pairs, distribution(D, FLOAT_BITS), strict=True))
    return OnePolicy(point, rates_of(population, point, ks), _cap(population, weights, point))


def _optimum_at(
    population: Population, policy: ProductPolicy, ks: Sequence[int]
) -> OnePolicy | None:
    """The exact optimum if the policy attains it, with the mixture that proves it."""
    scaled = {
        (k, y): (k + 1) * (1 - rate)
        for k in ks
        for y, rate in enumerate(_rates(population, policy, k))
    }
    most = max(scaled.values())
    rates = rates_of(population, policy, ks, exact=True)
    if most == 1:  # it is an equilibrium for each k, and its own best opponent
        weights = {(ks[0], y): mass for y, mass in enumerate(policy.masses)}
    else:
        active = [pair for pair, value in scaled.items() if value == most]
        alone = {y: (((y,), Fraction(1)),) for _, y in active}
        rows = [
            [(k + 1) * value for value in tangent(population, k, alone[y], policy)]
            for k, y in active
        ]
        whole = lcm(*(value.denominator for row in rows for value in row))
        game = solve_matrix_game([[int(value * whole) for value in row] for row in rows], whole)
        if game.value != most:
            return None
        weights = dict(zip(active, game.row_strategy, strict=True))
    return OnePolicy(policy, rates, _cap(population, weights, policy, exact=True))


def _cap(
    population: Population,
    weights: Mapping[Pair, Fraction],
    point: ProductPolicy,
    *,
    exact: bool = False,
) -> Cap:
    """The cap by a mixture over pairs, whose terms are weighted by k + 1; a share of k includes
    this weight."""
    found = [Fraction(0)] * population.n
    parts: dict[int, tuple[Fraction, Mixture]] = {}
    for k in dict.fromkeys(k for (k, _), mass in weights.items() if mass):
        here = {y: mass for (at, y), mass in weights.items() if at == k and mass}
        share = sum(here.values(), Fraction(0)) * (k + 1)
        mixture = tuple(((y,), mass * (k + 1) / share) for y, mass in here.items())
        parts[k] = share, mixture
        values = tangent(population, k, mixture, point)
        found = [total + share * value for total, value in zip(found, values, strict=True)]
    whole = sum((share for share, _ in parts.values()), Fraction(0))
    opponents = {k: (share / whole, mixture) for k, (share, mixture) in parts.items()}
    least = min(found)
    return Cap(least if exact else _down(least), opponents, point)


def _rates(population: Population, policy: ProductPolicy, k: int) -> list[Fraction]:
    return win_rates(population, policy, [(y,) for y in range(population.n)], k=k)


def _down(number: Fraction) -> Fraction:
    return Fraction(number * (1 << PRECISE_PLACES) // 1, 1 << PRECISE_PLACES)
