"""Symmetric equilibria of the (k+1)-player alignment game for k >= 2: propose, refine, enclose.

Floats propose a policy and its support T. Chord Newton steps on U_T = 1 (residuals in ball
arithmetic, about 45 bits a step) refine it to any precision; where doubles cannot tell the support
or cannot invert the Jacobian, `solvers.precise` does both in high precision. Then

* a policy whose coordinates are all close to simple rationals is tried exactly (delta = 0);
* otherwise the checker is given a box of relative radius delta around the centre, with the inverse
  of the scaled Jacobian for an interval-Newton test, and for responses off the support with U = 1
  a formal identity that shows U <= 1 on the whole face.

Nothing here is trusted: what the result says holds once the checker has accepted it.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import isqrt, lcm
from typing import Any

import numpy as np
from flint import arb, arb_mat, ctx

from ualign.errors import InputError
from ualign.exact.alignment_game import FloatGame, precise_jacobian, utilities_in_balls
from ualign.exact.class_space import face_identity, null_directions
from ualign.model.policies import ProductPolicy
from ualign.model.population import Population
from ualign.model.solutions import Enclosure, Equilibrium
from ualign.model.win_rates import worst_case
from ualign.solvers import newton, precise

RADIUS_BITS = 96
"""An enclosure's relative radius is at most 2^-RADIUS_BITS, and 2^-bits if that is less."""

LEVELS = (1, 4, 16, 64)
"""Where that precision does not settle the support, the work is done again in so many times the
bits, as long as the users' classes times the square of that number are at most
MOST_ENCLOSURE_WORK."""

MOST_ENCLOSURE_WORK = 2_000_000

EXACT_WORK = 1 << 38
"""Most that the exact verification of a rational policy may cost, about: b^(3/2) times the sum of b
and the users' classes, where the k-th powers have b bits. (At large k all look rational.)"""


def find_equilibrium(population: Population, k: int, *, bits: int = 100) -> Equilibrium:
    """A symmetric equilibrium of the (k+1)-player game, k >= 2 (P1, P2, E1, E2).

    `bits`: the wanted gap is 2^-bits. Raises InputError for k < 2 (k = 1 is a linear program, see
    `maximal_lottery`) or bits < 1."""
    if k < 2:
        raise InputError(f"k = {k}: this solver needs k >= 2")
    if bits < 1:
        raise InputError(f"bits = {bits}: at least one bit of precision is needed")
    game = FloatGame.of(population, k)
    proposal = _without_leftovers(game, newton.propose(game.of_opinions())[0])
    start: Sequence[Fraction] = [Fraction(mass) for mass in proposal.tolist()]
    tail = min(60, -int(np.log2(proposal[proposal > 0].min())))
    tried: list[Equilibrium] = []
    for level in LEVELS:
        if tried and _classes(population) * level**2 > MOST_ENCLOSURE_WORK:
            break
        radius_bits = level * max(bits, RADIUS_BITS)
        spare = 2 * tail if level == 1 else max(2 * tail, radius_bits)
        working = radius_bits + 64 + 2 * k.bit_length() + spare
        with ctx.workprec(2 * working):
            refinement = _Refinement(population, k, game, working, radius_bits)
            found = None if tried else refinement.by_floats(start)
            if found is None or found.enclosure is None:
                tried += [found] if found else []
                found = refinement.precisely(start)
        if found.enclosure is not None:
            return found
        tried.append(found)
        start = found.policy.masses
    enough = [found for found in tried if found.gap <= Fraction(1, 1 << bits)]
    return enough[0] if enough else min(tried, key=lambda found: found.gap)


def _without_leftovers(game: FloatGame, proposal: Any) -> Any:
    """The proposal as a policy, without tiny masses on responses that are worse than the best."""
    pi = np.clip(np.nan_to_num(proposal, posinf=0.0), 0.0, 1.0)
    if not pi.sum():
        pi = np.full(game.n, 1.0)
    pi = pi / pi.sum()
    kept = np.where(pi < 1 - game.utilities(pi), 0.0, pi)
    return kept / kept.sum() if kept.sum() else pi


class _Refinement:
    """Masses as integers over 2^working, none of them trusted; ball arithmetic at twice that."""

    def __init__(
        self, population: Population, k: int, game: FloatGame, working: int, radius_bits: int
    ) -> None:
        self.population, self.k, self.game = population, k, game
        self.working, self.one = working, 1 << working
        self.radius_bits, self.delta = radius_bits, arb(2) ** -radius_bits
        self.classes = _classes(population)

    def precisely(self, start: Sequence[Fraction]) -> Equilibrium:
        """The support and the Jacobian in high precision."""
        x = self._purified(self._integers(start))
        x = precise.solve_precisely(self._utilities, self._jacobian, x, self.working)
        least_mass = 1 << self.working // 4
        x = self._purified([mass if mass > least_mass else 0 for mass in x])
        J = arb_mat(self._jacobian(x, _support(x)))
        try:
            Y = J.mid().inv().mid()
        except ZeroDivisionError:
            Y = None
        return self._settled(x, self._utilities(x), J, Y)

    def by_floats(self, start: Sequence[Fraction]) -> Equilibrium | None:
        """Chord Newton on U = 1 on the support, with the Jacobian in floats; None if that does not
        converge to an interior point of the face."""
        x = self._purified(self._integers(start))
        T = _support(x)
        pi = np.array([mass / self.one for mass in x])
        floats = self.game.jacobian(pi / pi.sum())[np.ix_(T, T)]
        try:
            inverse = np.linalg.inv(floats)
        except np.linalg.LinAlgError:
            return None
        with np.errstate(divide="ignore", over="ignore"):
            scaled = np.abs(inverse / pi[T, None]).sum(axis=1).max()
        if not scaled * self.k < 2.0**36:
            return None
        J, Y = arb_mat(floats.tolist()), arb_mat(inverse.tolist())
        target, last = self.delta / (4096 * (1 + arb(scaled))), arb(1)
        while True:
            U = self._utilities(x)
            residual = [(U[y] - 1).mid() for y in T]
            size = max(map(abs, residual))
            if size < target:
                return self._settled(x, U, J, Y)
            if not size < last / 1000:
                return None
            last = size
            step = Y * arb_mat([[r] for r in residual])
            for i, y in enumerate(T):
                x[y] -= self._integer(step[i, 0])
            if min(x[y] for y in T) <= 0:
                return None
            x = self._normalised(x)

    def _utilities(self, x: Sequence[int]) -> list[Any]:
        return utilities_in_balls(self.population, x, self.working, self.k)

    def _jacobian(self, x: Sequence[int], columns: Sequence[int]) -> list[list[Any]]:
        return precise_jacobian(self.population, x, self.working, self.k, columns)

    def _integers(self, masses: Sequence[Fraction]) -> list[int]:
        return [int(mass * self.one) for mass in masses]

    def _integer(self, value: Any) -> int:
        return int((value * self.one).mid().floor().unique_fmpz())

    def _purified(self, x: list[int]) -> list[int]:
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

    def _policy(self, x: Sequence[int]) -> ProductPolicy:
        return ProductPolicy(tuple(Fraction(mass, self.one) for mass in x))

    def _gap(self, U: Sequence[Any]) -> Fraction:
        """The least power of two that provably bounds max u - 1/(k+1) from above."""
        most = max((value - 1).upper() for value in U)  # exact numbers, so max is the maximum
        if most <= 0:
            return Fraction(0)
        if not most.is_finite():
            return Fraction(1)
        mantissa, exponent = (most / (self.k + 1)).upper().man_exp()
        return Fraction(2) ** max(int(mantissa).bit_length() + int(exponent), -self.working)

    def _failure(self, x: Sequence[int], U: Sequence[Any], reason: str) -> Equilibrium:
        return Equilibrium(self.k, self._policy(x), self._gap(U), None, reason)

    def _settled(self, x: Sequence[int], U: Sequence[Any], J: Any, Y: Any) -> Equilibrium:
        """The result at x, where U = 1 on the support: exact, enclosed, or the reason why not."""
        exact = self._exact(x)
        if exact is not None:
            return Equilibrium(self.k, exact, Fraction(0), Enclosure(Fraction(0)))
        if Y is None:
            return self._failure(x, U, "the Jacobian on the support is singular")
        rows = self._contraction(x, U, J, Y)
        if rows is None:
            return self._failure(x, U, "Newton's method did not converge on the support")
        T = _support(x)
        boundary: dict[int, dict[int, Fraction]] = {}
        for y, mass in enumerate(x):
            if not mass and not U[y] * (1 + self.delta) ** self.k < 1:
                multiples = face_identity(self.population, self.k, T, y)
                if multiples is None:
                    name = self.population.responses[y]
                    reason = f"{name!r}, off the support, is too close to U = 1 to tell"
                    return self._failure(x, U, reason)
                boundary[y] = multiples
        delta = Fraction(1, 1 << self.radius_bits)
        return Equilibrium(self.k, self._policy(x), self._gap(U), Enclosure(delta, rows, boundary))

    def _contraction(
        self, x: Sequence[int], U: Sequence[Any], J: Any, Y: Any
    ) -> tuple[tuple[Fraction, ...], ...] | None:
        """The approximate inverse of A = J diag(x), if it passes the checker's test.

        The rows of A sum to k U, so that rounding to 1/(2^20 size k) adds 2^-20 to |I - Y A|."""
        T, k, delta = _support(x), self.k, self.delta
        size = len(T)
        places = 20 + (size * k).bit_length()
        masses = [arb(x[y]) / self.one for y in T]
        scaled = [
            [(Y[i, j] / masses[i] * 2**places).mid() for j in range(size)] for i in range(size)
        ]
        if not all(v.is_finite() for row in scaled for v in row):
            return None
        whole = [[int(v.floor().unique_fmpz()) for v in row] for row in scaled]
        rounded = arb_mat(whole) * (arb(2) ** -places)
        A = arb_mat([[J[i, j] * masses[j] for j in range(size)] for i in range(size)])
        residual = rounded * arb_mat([[U[y] - 1] for y in T])
        beta = max(abs(residual[i, 0]).upper() for i in range(size))
        off = rounded * A
        g0 = max(
            sum(abs(off[i, j] - int(i == j)) for j in range(size)).upper() for i in range(size)
        )
        K = k * max(sum(map(abs, row)) for row in whole) * (arb(2) ** -places)
        passes = beta + (g0 + K * ((1 + delta) ** (k - 1) - 1)) * delta < delta
        if not (passes and k * delta <= 1 and g0 < 0.5):
            return None
        return tuple(tuple(Fraction(v, 1 << places) for v in row) for row in whole)

    def _exact(self, x: Sequence[int]) -> ProductPolicy | None:
        """An exact equilibrium with simple coordinates next to the centre, if there is one."""
        most = 1 << (self.radius_bits // 2)
        slack = Fraction(1, 1 << self.radius_bits + 8)
        masses = []
        for mass in x:
            exact = Fraction(mass, self.one)
            simple = exact.limit_denominator(most)
            if abs(simple - exact) > slack:
                return None
            masses.append(simple)
        unit = lcm(*(m.denominator for m in masses))
        bits = self.k * (unit.bit_length() - 1)
        work = (self.classes + bits) * bits * isqrt(bits)
        if sum(masses) != 1 or unit > most or work > EXACT_WORK:
            return None
        policy = ProductPolicy(tuple(masses))
        least = worst_case(self.population, policy, k=self.k).value
        return policy if least == Fraction(self.k, self.k + 1) else None


def _classes(population: Population) -> int:
    return sum(len(user.ranking) for user in population.users)


def _support(x: Sequence[int]) -> list[int]:
    return [y for y, mass in enumerate(x) if mass]
