"""Symmetric equilibria of the (k+1)-player alignment game for k >= 2: propose, refine, enclose.

Floats propose a policy and its support T. Chord Newton steps on U_T = 1, with residuals in integers
and about 45 bits a step, refine it to any precision; where doubles cannot tell the support or
cannot invert the Jacobian, `solvers.precise` does both in high precision. `centre` says what can be
said of an equilibrium there.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from flint import arb, arb_mat, ctx

from ualign.errors import InputError
from ualign.exact.alignment_game import FloatGame
from ualign.exact.centre import Centre
from ualign.exact.class_space import null_directions
from ualign.exact.closed_form import closed_form
from ualign.exact.precise_game import PreciseGame, precise_jacobian
from ualign.model.population import Population
from ualign.model.solutions import Enclosure, Equilibrium
from ualign.solvers import newton, precise

RADIUS_BITS = 96
"""An enclosure's relative radius is at most 2^-RADIUS_BITS, and 2^-bits if that is less."""

LEVELS = (1, 4, 16, 64)
"""Where that precision does not settle the support, the work is done again in so many times the
bits, as long as the users' classes times the square of that number are at most
MOST_ENCLOSURE_WORK."""

MOST_ENCLOSURE_WORK = 2_000_000

PLACES = 1000
"""Binary places of a proposal in floats; smaller masses count as zero."""


def find_equilibrium(population: Population, k: int, *, bits: int = 100) -> Equilibrium:
    """A symmetric equilibrium of the (k+1)-player game, k >= 2 (P1, P2, E1, E2).

    `bits`: the wanted gap is 2^-bits. Raises InputError for k < 2 (k = 1 is a linear program, see
    `maximal_lottery`) or bits < 1."""
    if k < 2:
        raise InputError(f"k = {k}: this solver needs k >= 2")
    if bits < 1:
        raise InputError(f"bits = {bits}: at least one bit of precision is needed")
    simple = closed_form(population, k)
    if simple is not None:
        return Equilibrium(k, simple, Fraction(0), Enclosure(Fraction(0)))
    game = FloatGame.of(population, k)
    proposal = _without_leftovers(game, *newton.propose(game.of_opinions()))
    tail = min(60, -int(np.log2(proposal[proposal > 0].min())))
    start, places = [int(mass * 2.0**PLACES) for mass in proposal.tolist()], PLACES
    tried: list[Equilibrium] = []
    for level in LEVELS:
        if tried and population.classes * level**2 > MOST_ENCLOSURE_WORK:
            break
        radius_bits = level * max(bits, RADIUS_BITS)
        spare = 2 * tail if level == 1 else max(2 * tail, radius_bits)
        working = radius_bits + 64 + 2 * k.bit_length() + spare
        refinement = _Refinement(population, k, game, working, radius_bits)
        x = [(mass << working) >> places for mass in start]
        found = None if tried else refinement.by_floats(x)
        if found is None or found.enclosure is None:
            tried += [found] if found else []
            found = refinement.precisely(x)
        if found.enclosure is not None:
            return found
        tried.append(found)
        start, places = [int(mass * 2**working) for mass in found.policy.masses], working
    enough = [found for found in tried if found.gap <= Fraction(1, 1 << bits)]
    return enough[0] if enough else min(tried, key=lambda found: found.gap)


def _without_leftovers(game: FloatGame, proposal: Any, residual: float) -> Any:
    """The proposal as a policy, without tiny masses on responses that are worse than the best; by
    P1 a mass times what its U lacks is at most the residual."""
    if not np.isfinite(proposal).all():
        proposal = np.nan_to_num(proposal, posinf=0.0)
    pi = np.minimum(np.maximum(proposal, 0.0), 1.0)
    if not pi.sum():
        pi = np.full(game.n, 1.0)
    pi = pi / pi.sum()
    if residual <= newton.GOOD and pi[pi > 0].min() > newton.SMALL:
        return pi
    kept = np.where(pi < 1 - game.utilities(pi), 0.0, pi)
    return kept / kept.sum() if kept.sum() else pi


class _Refinement:
    """Masses as integers over 2^working, none of them trusted."""

    def __init__(
        self, population: Population, k: int, game: FloatGame, working: int, radius_bits: int
    ) -> None:
        self.population, self.k, self.game = population, k, game
        self.precise = PreciseGame(population, k)
        self.working, self.one, self.radius_bits = working, 1 << working, radius_bits

    def precisely(self, start: Sequence[int]) -> Equilibrium:
        """The support and the Jacobian in high precision: in balls with twice the bits."""
        fine = 2 * self.working

        def utilities(x: Sequence[int]) -> tuple[list[int], int]:
            return self.precise.utilities(x, self.working, fine)

        def jacobian(x: Sequence[int], columns: Sequence[int]) -> list[list[Any]]:
            return precise_jacobian(self.population, x, self.working, self.k, columns)

        with ctx.workprec(fine):
            unit = arb(2) ** -fine
            x = precise.solve_precisely(
                lambda x: [value * unit for value in utilities(x)[0]],
                jacobian,
                self._purified(start),
                self.working,
            )
            least_mass = 1 << self.working // 4
            x = self._purified([mass if mass > least_mass else 0 for mass in x])
            J = arb_mat(jacobian(x, _support(x))).mid()
            try:
                inverse = np.array(J.inv().mid().tolist())
            except ZeroDivisionError:
                inverse = None
            return self._result(x, *utilities(x), fine, np.array(J.tolist()), inverse)

    def by_floats(self, start: Sequence[int]) -> Equilibrium | None:
        """Chord Newton on U = 1 on the support, with the Jacobian in floats, which gains about 45
        bits a step; None if that does not converge to an interior point of the face."""
        x = self._purified(start)
        T = _support(x)
        pi = np.array([mass / self.one for mass in x])
        J = self.game.jacobian(pi / pi.sum())[T][:, T]
        try:
            inverse = np.linalg.inv(J)
        except np.linalg.LinAlgError:
            return None
        with np.errstate(divide="ignore", over="ignore"):
            scaled = float(np.abs(inverse / pi[T, None]).sum(axis=1).max())
        if not scaled * self.k < 2.0**36:
            return None
        target = (self.one >> self.radius_bits + 12) // (1 + int(scaled))
        last = self.one
        while True:
            U, error = self.precise.utilities(x, self.working, self.working)
            residual = [U[y] - self.one for y in T]
            size = max(map(abs, residual))
            if size < target:
                return self._result(x, U, error, self.working, J, inverse)
            if not size < last // 1000:
                return None
            last = size
            shift = max(0, size.bit_length() - 60)
            step = inverse @ np.array([float(r >> shift) for r in residual])
            for y, change in zip(T, step.tolist(), strict=True):
                x[y] -= int(change) << shift
            if min(x[y] for y in T) <= 0:
                return None
            x = self._normalised(x)

    def _result(
        self, x: list[int], U: list[int], error: int, fine: int, J: Any, inverse: Any
    ) -> Equilibrium:
        place = self.population, self.k, self.radius_bits, x, self.working
        return Centre(*place, U, error, fine, J, inverse).result()

    def _purified(self, x: Sequence[int]) -> list[int]:
        """A smaller support with the same class masses, on which the classes are independent."""
        x = list(x)
        while directions := null_directions(self.population, T := _support(x)):
            d = dict(zip(T, directions[0], strict=True))  # sums to zero, like each user's classes
            step = min(Fraction(-x[y]) / v for y, v in d.items() if v < 0)
            for y, v in d.items():
                x[y] = max(0, x[y] + int(step * v))  # exactly 0 for one of them
        return self._normalised(x)

    def _normalised(self, x: Sequence[int]) -> list[int]:
        """Masses that sum to one exactly; the largest takes the difference."""
        total = sum(x)
        x = [mass * self.one // total for mass in x]
        x[max(range(len(x)), key=x.__getitem__)] += self.one - sum(x)
        return x


def _support(x: Sequence[int]) -> list[int]:
    return [y for y, mass in enumerate(x) if mass]
