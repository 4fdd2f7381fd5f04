"""Symmetric self-play in the (k+1)-player alignment game, and the exact regret of what it played.

All k+1 players follow one learning rule, so that in every round all play the same policy pi_t and
each response y would have earned u_y(pi_t). The rules run in floating point; their policies are
rounded to rationals over one power of two, and from there on everything is exact (P6, E3, E11):

    R_T = max_y sum_t u_y(pi_t) - T/(k+1),

since by P1 the players themselves earn 1/(k+1) in every round.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import islice
from math import lcm, log, sqrt
from operator import mul
from typing import TYPE_CHECKING, Literal

import numpy as np
from flint import arb, ctx

from ualign.errors import FaultError, InputError
from ualign.exact.alignment_game import FloatGame
from ualign.exact.balls import ends
from ualign.model.policies import MixturePolicy, ProductPolicy
from ualign.model.population import Population

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

ROUNDS = 64
MASS_BITS = 20
"""The masses of a policy played are multiples of 2^-MASS_BITS."""

Rule = Callable[[FloatGame, int], Iterator["Floats"]]
"""A learning rule in self-play: (game, number of rounds) -> the policies it plays, for ever."""


def hedge(game: FloatGame, rounds: int) -> Iterator[Floats]:
    """Masses proportional to exp(rate * what the response would have earned so far); with this
    rate R_T <= sqrt(T ln n / 2), since utilities lie in [0, 1]."""
    earned, rate = np.zeros(game.n), sqrt(8 * log(game.n) / rounds)
    while True:
        pi = _softmax(rate * earned)
        yield pi
        earned += _earnings(game, pi)


def optimistic_hedge(game: FloatGame, rounds: int) -> Iterator[Floats]:
    """Hedge that counts the latest round twice, as a guess of the next one.

    Utilities move by at most (k/2) |pi_t - pi_{t-1}|_1, so that at the rate 1/k the known bound on
    the regret telescopes to a constant, about k ln n; a short run wants Hedge's larger rate."""
    earned, latest = np.zeros(game.n), np.zeros(game.n)
    rate = max(1 / game.k, sqrt(8 * log(game.n) / rounds))
    while True:
        pi = _softmax(rate * (earned + latest))
        yield pi
        latest = _earnings(game, pi)
        earned += latest


def regret_matching_plus(game: FloatGame, rounds: int) -> Iterator[Floats]:
    """Masses proportional to the regrets, which are cut off at zero in every round."""
    regrets = np.zeros(game.n)
    while True:
        total = regrets.sum()
        pi = regrets / total if total > 0 else _uniform(game)
        yield pi
        earnings = _earnings(game, pi)
        regrets = np.maximum(regrets + earnings - pi @ earnings, 0.0)


def projected_gradient(game: FloatGame, rounds: int) -> Iterator[Floats]:
    """A step along the utilities, then back to the nearest point of the simplex."""
    pi, step = _uniform(game), 1 / sqrt(rounds)
    while True:
        yield pi
        pi = _project(pi + step * _earnings(game, pi))


def fictitious_play(game: FloatGame, rounds: int) -> Iterator[Floats]:
    """A best response to the average of what was played, at first to the uniform policy.

    For k >= 2 its regret may grow in proportion to T even where the average converges: utilities at
    the average are not the average of the utilities (E3)."""
    average, played = _uniform(game), 0
    while True:
        pi = np.zeros(game.n)
        pi[np.argmax(_earnings(game, average))] = 1.0
        yield pi
        played += 1
        average = pi if played == 1 else average + (pi - average) / played


def picks(game: FloatGame, rounds: int) -> Iterator[Floats]:
    """Show k+1 draws and move towards what was picked: pi <- (1-eta) pi + eta pi U(pi), at the
    rate eta = 3/(2(k+3)), at which for k >= 2 the policies themselves converge (E14)."""
    pi, eta = _uniform(game), 3 / (2 * (game.k + 3))
    while True:
        yield pi
        moved = pi * (1 - eta + eta * game.utilities(pi))
        pi = moved / moved.sum()


DYNAMICS: dict[str, Rule] = {
    "hedge": hedge,
    "optimistic-hedge": optimistic_hedge,
    "regret-matching-plus": regret_matching_plus,
    "projected-gradient": projected_gradient,
    "fictitious-play": fictitious_play,
    "picks": picks,
}


REGRET_RULE, MIXTURE_RULE = "hedge", "fictitious-play"
"""Which rule is played where none is named: for its bound on the regret, and where a certificate
lists all policies, since it goes through point masses, from which the average gains the most."""


@dataclass(frozen=True)
class Run:
    """The policies that self-play went through, in order, and their exact regret R_T.

    `opponent` is the first response that earned most; the mixture loses most against it."""

    dynamics: str
    k: int
    iterates: tuple[ProductPolicy, ...]
    regret: Fraction
    opponent: int

    @property
    def rounds(self) -> int:
        """T."""
        return len(self.iterates)

    @property
    def value(self) -> Fraction:
        """k/(k+1) - R_T/T, by P6 the exact worst case of the mixture."""
        return Fraction(self.k, self.k + 1) - self.regret / self.rounds

    @property
    def last(self) -> ProductPolicy:
        """The last policy played."""
        return self.iterates[-1]

    @cached_property
    def mixture(self) -> MixturePolicy:
        """Draw a round uniformly, then k samples from its policy; equal policies share a part."""
        counts = Counter(self.iterates)
        return MixturePolicy(tuple((Fraction(c, self.rounds), pi) for pi, c in counts.items()))

    @cached_property
    def average(self) -> ProductPolicy:
        """The average of the policies played, exactly; it guarantees at least as much (E3)."""
        return self.mixture.average


def play(
    population: Population,
    k: int,
    dynamics: str,
    *,
    rounds: int = ROUNDS,
    bits: int = MASS_BITS,
) -> Run:
    """Self-play by one of DYNAMICS, with masses rounded to multiples of 2^-bits, and its regret.

    Raises InputError for an unknown rule, for k or rounds below 1, and for bits outside 1 to 40
    (doubles have no more to tell); FaultError where the floats break down."""
    if dynamics not in DYNAMICS:
        raise InputError(f"no dynamics {dynamics!r}; there are {', '.join(DYNAMICS)}")
    if k < 1 or rounds < 1:
        raise InputError(f"k = {k}, rounds = {rounds}: both must be at least 1")
    if not 1 <= bits <= 40:
        raise InputError(f"bits = {bits}: expected 1 to 40")
    proposals = islice(DYNAMICS[dynamics](FloatGame.of(population, k), rounds), rounds)
    return run_of(population, k, [rounded(pi, bits) for pi in proposals], dynamics)


def run_of(
    population: Population, k: int, iterates: Sequence[ProductPolicy], dynamics: str = "given"
) -> Run:
    """Any sequence of policies as a run, with its exact regret (P6's definition).

    Raises InputError where there are none, or one is not a policy for the population."""
    if not iterates or any(len(pi.masses) != population.n for pi in iterates):
        raise InputError(f"expected policies, at least one, over {population.n} responses")
    rows, denominator = _integers(iterates)
    game, earned = _exact_game(population), [0] * population.n
    for row, count in Counter(map(tuple, rows)).items():
        earned = [e + count * U for e, U in zip(earned, game.utilities(row, k), strict=True)]
    most, whole = max(earned), population.scale * denominator**k
    regret = Fraction(most - len(iterates) * whole, (k + 1) * whole)
    return Run(dynamics, k, tuple(iterates), regret, earned.index(most))


class ExactGame:
    """U = (k+1) u in integers, at a cost of one power for each set "a class and all below it".

    The users for whom the same responses are tied divide by the same mass, so that their powers
    are first added up with integer coefficients."""

    def __init__(self, population: Population) -> None:
        self.n = population.n
        places: dict[int, int] = {0: 0}  # of the sets below, in the order of `_steps`
        owns: dict[int, int] = {}
        self._steps: list[tuple[int, int]] = []
        coefficients: list[Counter[int]] = []
        tops: list[Counter[int]] = []
        for group in population.groups:  # a user's classes come worst first, so `below` is placed
            if (own := owns.setdefault(group.own, len(owns))) == len(tops):
                coefficients.append(Counter())
                tops.append(Counter())
            below, union = places[group.below], group.below | group.own
            if (top := places.setdefault(union, len(places))) > len(self._steps):
                self._steps.append((below, own))
            coefficients[own][top] += group.weight
            coefficients[own][below] -= group.weight
            tops[own][top] += group.weight
        self._classes = [[y for y in range(self.n) if own >> y & 1] for own in owns]
        self._coefficients = [_Combination(counter) for counter in coefficients]
        self._tops = [_Combination(counter) for counter in tops]

    def utilities(self, masses: Sequence[int], k: int) -> list[int]:
        """(k+1) u_y for all y, times the population's scale and the k-th power of sum(masses).

        `masses` are nonnegative integers; the policy is masses / sum(masses)."""
        own_masses = [sum(masses[y] for y in tied) for tied in self._classes]
        sums = [0]
        for below, own in self._steps:
            sums.append(sums[below] + own_masses[own])
        powers = [S ** (k + 1) for S in sums]
        U = [0] * self.n
        for tied, mass, by_power, at_top in zip(
            self._classes, own_masses, self._coefficients, self._tops, strict=True
        ):
            # (S^(k+1) - L^(k+1)) / p is a polynomial: nothing is left over; at p = 0, (k+1) S^k
            value = by_power.of(powers) // mass if mass else at_top.of_powers(sums, k) * (k + 1)
            for y in tied:
                U[y] += value
        return U


class _Combination:
    """An integer combination of some entries of a list."""

    def __init__(self, coefficients: Counter[int]) -> None:
        kept = {place: c for place, c in coefficients.items() if c}
        self._places, self._coefficients = list(kept), list(kept.values())

    def of(self, numbers: Sequence[int]) -> int:
        return sum(map(mul, self._coefficients, map(numbers.__getitem__, self._places)))

    def of_powers(self, numbers: Sequence[int], k: int) -> int:
        return sum(
            c * numbers[i] ** k for c, i in zip(self._coefficients, self._places, strict=True)
        )


@lru_cache(maxsize=1)  # rules are compared on one population
def _exact_game(population: Population) -> ExactGame:
    return ExactGame(population)


def rounded(pi: Floats, bits: int = MASS_BITS) -> ProductPolicy:
    """A policy with masses in multiples of 2^-bits next to these, by largest remainders.

    Raises FaultError where they are no masses at all (not finite, or all zero)."""
    masses = np.maximum(pi, 0.0)
    if not np.isfinite(masses).all() or not masses.sum() > 0:
        raise FaultError("self-play broke down in floating point: no policy was proposed")
    whole = 1 << bits
    exact = masses / masses.sum() * whole
    numerators = np.floor(exact).astype(np.int64)
    missing = whole - int(numerators.sum())
    numerators[np.argsort(numerators - exact, kind="stable")[:missing]] += 1
    return ProductPolicy(tuple(Fraction(numerator, whole) for numerator in numerators.tolist()))


AgainstBound = Literal["<=", ">", "undecided"]


def hedge_bound(n: int, rounds: int, bits: int = 128) -> tuple[Fraction, Fraction]:
    """Rational numbers around sqrt(T ln n / 2), rigorous, from ball arithmetic at `bits` bits."""
    with ctx.workprec(bits):
        bound = (arb(n).log() * rounds / 2).sqrt()
        return ends(bound)


def against_hedge_bound(run: Run) -> AgainstBound:
    """R_T of the policies as played (rounded) against Hedge's bound, decided by its enclosure.

    The bound is for Hedge in real numbers: rounding may cost a little more, so this may fail."""
    low, high = hedge_bound(len(run.last.masses), run.rounds)
    if run.regret <= low:
        return "<="
    return ">" if run.regret > high else "undecided"


def _integers(iterates: Sequence[ProductPolicy]) -> tuple[list[list[int]], int]:
    """The masses as integers over one common denominator."""
    denominator = lcm(*(mass.denominator for pi in iterates for mass in pi.masses))
    rows = [[m.numerator * (denominator // m.denominator) for m in pi.masses] for pi in iterates]
    return rows, denominator


def _earnings(game: FloatGame, pi: Floats) -> Floats:
    return game.utilities(pi) / (game.k + 1)


def _uniform(game: FloatGame) -> Floats:
    return np.full(game.n, 1 / game.n)


def _softmax(scores: Floats) -> Floats:
    weights = np.exp(scores - np.max(scores))
    result: Floats = weights / weights.sum()
    return result


def _project(point: Floats) -> Floats:
    """The nearest point of the simplex: what is above a level, which the sorted sums tell."""
    falling = np.sort(point)[::-1]
    levels = (np.cumsum(falling) - 1) / np.arange(1, point.size + 1)
    result: Floats = np.maximum(point - levels[falling > levels][-1], 0.0)
    return result
