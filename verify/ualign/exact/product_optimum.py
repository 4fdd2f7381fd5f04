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
from fractions import Fraction
from itertools import combinations_with_replacement
from typing import Any

from ualign.errors import InputError
from ualign.exact.matrix_game import solve_matrix_game
from ualign.exact.product_bound import (
    Features,
    Mixture,
    chances,
    features,
    upper_bound,
)
from ualign.exact.rounding import FLOAT_BITS, distribution, fractions, simple_policies
from ualign.model.partial_orders import PartialPopulation, UserPopulation
from ualign.model.policies import ProductPolicy, Tuple
from ualign.model.population import Population
from ualign.model.solutions import ProductOptimum
from ualign.model.win_rates import payoffs, win_rates
from ualign.model.worst_completion import worst_completion_rates

FLOAT_GAP = 1e-11
BATCH = 100
"""So many tuples are looked at to begin with, and so many more while others win more."""
TINY = 1e-5
"""High precision leaves out tuples that fall short of the worst by this part, and responses that
are worse than the best by it."""

PRECISE_WORK = 8_000_000
"""Most products that a step may cost in high precision; beyond it the floats' gap has to do."""


def find_product_optimum(
    population: UserPopulation, k: int, l: int, *, bits: int = 100
) -> ProductOptimum:
    """The optimum over product policies against all C(n+l-1, l) multisets of l responses (E5).

    Where orders are partial, W is the least over all completions, and l = 1 (E16 (ii)).
    `bits`: the wanted gap between the two sides is 2^-bits; what was reached is in the result.
    Raises InputError for k, l or bits below 1."""
    for name, value in (("k", k), ("l", l), ("bits", bits)):
        if value < 1:
            raise InputError(f"{name} = {value}: expected at least 1")
    if isinstance(population, PartialPopulation):
        if l > 1:
            raise InputError(f"l = {l}: of partial orders only single responses are opponents")
        contest = Contest(population, k, l)
        return contest.linear_optimum() if k == 1 else _search(contest, bits)
    if k == 1:
        return _matrix_game(population, l)
    contest = Contest(population, k, l)
    return _search(contest, bits)


class Contest:
    """k independent draws against l-tuples: all tuples, their features, and float programs."""

    def __init__(self, population: UserPopulation, k: int, l: int) -> None:
        self.population, self.k, self.l = population, k, l
        self.opponents = list(combinations_with_replacement(range(population.n), l))
        self._features: dict[int, Features] = {}

    def features(self, t: int) -> Features:
        """The features of the tuple of that index."""
        if t not in self._features:
            self._features[t] = features(self.population, self.opponents[t])
        return self._features[t]

    def losses(self, policy: ProductPolicy) -> list[Fraction]:
        """The chance that T is picked, exactly, for every tuple T."""
        if isinstance(self.population, PartialPopulation):
            rates = worst_completion_rates(self.population, policy, self.opponents, k=self.k)
        else:
            rates = win_rates(self.population, policy, self.opponents, k=self.k)
        return [1 - rate for rate in rates]

    def optimum_at(self, policy: ProductPolicy) -> ProductOptimum | None:
        """The exact optimum if the policy attains it, with the mixture that proves it."""
        losses = self.losses(policy)
        most = max(losses)
        active = [t for t, loss in enumerate(losses) if loss == most]
        chosen = [self.features(t) for t in active]
        rows, scale = chances(self.population, chosen, self.k, self.l, policy)
        game = solve_matrix_game(rows, scale)
        if game.value != most:
            return None
        mixture = _mixture([self.opponents[t] for t in active], game.row_strategy)
        return ProductOptimum(self.k, self.l, 1 - most, 1 - most, policy, mixture, policy)

    def linear_optimum(self) -> ProductOptimum:
        """The exact optimum at k = 1, the value of a matrix game."""
        n = self.population.n
        rows = [self.features(t) for t in range(len(self.opponents))]
        uniform = ProductPolicy.uniform(n)  # any point: it does not matter here
        game = solve_matrix_game(*chances(self.population, rows, 1, self.l, uniform))
        value, policy = 1 - game.value, ProductPolicy(game.column_strategy)
        mixture = _mixture(self.opponents, game.row_strategy)
        return ProductOptimum(1, self.l, value, value, policy, mixture, policy)

    def program(self, tuples: Sequence[int], responses: Sequence[int], *, precise: bool) -> Any:
        """The losses to these tuples, as functions of the masses of these responses alone."""
        from ualign.solvers import concave

        rows = [self.features(t) for t in tuples]
        scale = self.population.scale
        return concave.build(rows, responses, scale, self.k, self.l, precise=precise)

    def work(self, tuples: Sequence[int], responses: Sequence[int]) -> int:
        """About how many products a step on such a program takes."""
        inside = sum(1 << y for y in responses)
        classes = {(b & inside, o & inside) for t in tuples for b, o, _ in self.features(t)}
        nodes, size = (self.k + self.l) // 2, len(responses)
        return len(classes) * (9 * nodes + 3 * self.l * len(tuples) + 4 * size**2)


def _matrix_game(population: Population, l: int) -> ProductOptimum:
    """At k = 1 everything is linear, and the exact value that of a matrix game."""
    table = payoffs(population, 1, l)
    game = solve_matrix_game(table.matrix, table.scale)
    policy = ProductPolicy(game.row_strategy)
    mixture = _mixture(table.columns, game.column_strategy)
    return ProductOptimum(1, l, game.value, game.value, policy, mixture, policy)


def _mixture(opponents: Sequence[Tuple], masses: Sequence[Fraction]) -> Mixture:
    return tuple((t, mass) for t, mass in zip(opponents, masses, strict=True) if mass)


def _search(contest: Contest, bits: int) -> ProductOptimum:
    """Floats first, whose solution tells what matters; then, on that, high precision; and where
    near-ties deceive the floats, high precision on everything."""
    from ualign.solvers import concave

    n, wanted = contest.population.n, Fraction(1, 1 << bits)
    tuples, program, found = _float_solution(contest)
    x, D = fractions(found.x), fractions(found.D)
    result = _simple(contest, x) or _rounded(contest, tuples, D, x, FLOAT_BITS, bits)
    if _gap(result) > wanted:
        kept = (found.t - program.values(found.x) < TINY * found.t) | (found.D > TINY)
        played = (found.x > TINY) | (found.z < TINY * found.t)
        tuples, responses = [tuples[t] for t in kept.nonzero()[0]], played.nonzero()[0].tolist()
        if contest.work(tuples, responses) <= PRECISE_WORK:
            near = found.in_balls(kept, played)
            result = min(result, _precise(contest, tuples, responses, near, bits), key=_gap)
    everything = range(len(contest.opponents)), range(n)
    if _gap(result) > wanted and contest.work(*everything) <= PRECISE_WORK:
        afresh = concave.start(contest.program(*everything, precise=False)).in_balls(..., ...)
        result = min(result, _precise(contest, *everything, afresh, bits), key=_gap)
    return result


def _gap(optimum: ProductOptimum) -> Fraction:
    return optimum.value_high - optimum.value_low


def _precise(
    contest: Contest, tuples: Sequence[int], responses: Sequence[int], start: Any, bits: int
) -> ProductOptimum:
    """What high precision finds, from that iterate, on these tuples and responses alone."""
    from flint import ctx

    from ualign.solvers import concave

    # Masses that vanish at the optimum are about the gap: well below what they are rounded to.
    # Where the optimum is a whole face, only z/x, about the gap, bends the program along the face,
    # against 1/gap across it: a Newton step loses as many digits as the gap's square has, twice.
    accuracy = bits + 60
    with ctx.workprec(5 * accuracy):
        program = contest.program(tuples, responses, precise=True)
        found = concave.solve_concave(program, start, concave.power_of_two(-accuracy))
        masses = dict(zip(responses, fractions(found.x), strict=True))
        x = [masses.get(y, Fraction(0)) for y in range(contest.population.n)]
        D = fractions(found.D)
    places = bits + 8 + (contest.k * (len(x) + len(D))).bit_length()
    return _simple(contest, x) or _rounded(contest, tuples, D, x, places, bits)


def _float_solution(contest: Contest) -> tuple[list[int], Any, Any]:
    """Some tuples, their program and its solution, in which no other tuple wins more."""
    from ualign.solvers import concave

    n = contest.population.n
    losses = contest.losses(ProductPolicy.uniform(n))
    tuples = _worst(losses, range(len(losses)))
    while True:
        program = contest.program(tuples, range(n), precise=False)
        found = concave.solve_concave(program, concave.start(program), FLOAT_GAP)
        x = distribution(fractions(found.x), FLOAT_BITS)
        losses = contest.losses(ProductPolicy(x))
        most = max(losses[t] for t in tuples) + Fraction(1, 1 << FLOAT_BITS)
        violated = [t for t, loss in enumerate(losses) if loss > most]
        if not violated:
            return tuples, program, found
        tuples += _worst(losses, violated)


def _worst(losses: Sequence[Fraction], among: Sequence[int]) -> list[int]:
    return sorted(among, key=losses.__getitem__, reverse=True)[:BATCH]


def _simple(contest: Contest, x: Sequence[Fraction]) -> ProductOptimum | None:
    """The exact optimum at a simple rational policy near x, if there is one."""
    for policy in simple_policies(x):
        if found := contest.optimum_at(policy):
            return found
    return None


def _rounded(
    contest: Contest,
    tuples: Sequence[int],
    D: Sequence[Fraction],
    x: Sequence[Fraction],
    places: int,
    bits: int,
) -> ProductOptimum:
    """Both bounds, exactly, at D and x rounded to so many binary places; the bounds themselves are
    rounded outward, by at most 2^-(bits+4)."""
    policy = ProductPolicy(distribution(x, places))
    mixture = _mixture([contest.opponents[t] for t in tuples], distribution(D, places))
    low = 1 - max(contest.losses(policy))
    high = upper_bound(contest.population, contest.k, mixture, policy)
    unit = 1 << bits + 4
    low, high = Fraction(low * unit // 1, unit), -Fraction(-high * unit // 1, unit)
    return ProductOptimum(contest.k, contest.l, low, high, policy, mixture, policy)
