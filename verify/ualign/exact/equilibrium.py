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
from ualign.exact.alignment_game import FloatGame
from ualign.exact.class_space import face_identity, null_directions
from ualign.exact.closed_form import closed_form
from ualign.exact.precise_game import PreciseGame, precise_jacobian
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

PLACES = 1000
"""Binary places of a proposal in floats; smaller masses count as zero."""

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
    simple = closed_form(population, k)
    if simple is not None:
        return Equilibrium(k, simple, Fraction(0), Enclosure(Fraction(0)))
    game = FloatGame.of(population, k)
    proposal = _without_leftovers(game, *newton.propose(game.of_opinions()))
    tail = min(60, -int(np.log2(proposal[proposal > 0].min())))
    start, places = [int(mass * 2.0**PLACES) for mass in proposal.tolist()], PLACES
    tried: list[Equilibrium] = []
    for level in LEVELS:
        if tried and _classes(population) * level**2 > MOST_ENCLOSURE_WORK:
            break
        radius_bits = level * max(bits, RADIUS_BITS)
        spare = 2 * tail if level == 1 else max(2 * tail, radius_bits)
        working = radius_bits + 64 + 2 * k.bit_length() + spare
        refinement = _Refinement(population, k, game, working, radius_bits)
        x = [
            mass << working - places if working > places else mass >> places - working
            for mass in start
        ]
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
    pi = np.clip(np.nan_to_num(proposal, posinf=0.0), 0.0, 1.0)
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
                inverse = _array(J.inv().mid())
            except ZeroDivisionError:
                inverse = None
            return self._settled(x, *utilities(x), fine, _array(J), inverse)

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
                return self._settled(x, U, error, self.working, J, inverse)
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

    def _policy(self, x: Sequence[int]) -> ProductPolicy:
        return ProductPolicy(tuple(Fraction(mass, self.one) for mass in x))

    def _gap(self, most: int, fine: int) -> Fraction:
        """The least power of two, 2^-working or more, that bounds (U - 1)/(k+1), U < most."""
        excess = (most - (1 << fine)) // (self.k + 1) + 1
        return Fraction(1, 1 << min(max(0, fine - excess.bit_length()), self.working))

    def _settled(
        self,
        x: Sequence[int],
        U: Sequence[int],
        error: int,
        fine: int,
        J: Any,
        inverse: Any,
    ) -> Equilibrium:
        """The result at x, where U = 1 on the support: exact, enclosed, or the reason why not."""
        exact = self._exact(x)
        if exact is not None:
            return Equilibrium(self.k, exact, Fraction(0), Enclosure(Fraction(0)))
        gap = self._gap(max(U) + error, fine)
        enclosure = self._enclosure(x, U, error, fine, J, inverse)
        if isinstance(enclosure, str):
            return Equilibrium(self.k, self._policy(x), gap, None, enclosure)
        return Equilibrium(self.k, self._policy(x), gap, enclosure)

    def _enclosure(
        self,
        x: Sequence[int],
        U: Sequence[int],
        error: int,
        fine: int,
        J: Any,
        inverse: Any,
    ) -> Enclosure | str:
        """The box around x, or the reason why there is none.

        Off the support U (1+delta)^k < 1 has to hold, and (1+delta)^k <= 1 + 2 k delta."""
        if inverse is None:
            return "the Jacobian on the support is singular"
        T, one = _support(x), 1 << fine
        residual = [U[y] - one for y in T]
        rows = self._contraction([x[y] for y in T], residual, error, fine, J, inverse)
        if rows is None:
            return "Newton's method did not converge on the support"
        boundary: dict[int, dict[int, Fraction]] = {}
        stretched, clear = (1 << self.radius_bits) + 2 * self.k, one << self.radius_bits
        for y, mass in enumerate(x):
            if not mass and not (U[y] + error) * stretched < clear:
                multiples = face_identity(self.population, self.k, T, y)
                if multiples is None:
                    name = self.population.responses[y]
                    return f"{name!r}, off the support, is too close to U = 1 to tell"
                boundary[y] = multiples
        return Enclosure(Fraction(1, 1 << self.radius_bits), rows, boundary)

    def _contraction(
        self,
        masses: Sequence[int],
        residual: Sequence[int],
        error: int,
        fine: int,
        J: Any,
        inverse: Any,
    ) -> tuple[tuple[Fraction, ...], ...] | None:
        """The approximate inverse of A = J diag(x), if it passes the checker's test, which here is
        divided by delta: beta/delta + g0 + K ((1+delta)^(k-1) - 1) < 1, where the last term is at
        most 2 K k delta. Half of that room is left free, so that floats may do.

        The rows of A sum to k U, so that rounding to 1/(2^20 size k) adds 2^-20 to |I - Y A|."""
        k, size = self.k, len(masses)
        places = 20 + (size * k).bit_length()
        number: Any = float if J.dtype == float else arb
        unit = self.one if number is float else arb(self.one)
        x = np.array([mass / unit for mass in masses])
        spare = fine - self.radius_bits - 64
        if max(map(abs, residual)) >> spare > 1 << 256:
            return None
        whole = _rounded_down(inverse / x[:, None] * 2**places)
        if whole is None:
            return None
        rounded = np.array([[number(v) for v in row] for row in whole]) * number(2) ** -places
        sizes = abs(rounded).sum(axis=1)
        off = np.array([number(r >> spare) for r in residual]) * number(2) ** -64  # by delta
        lost = number((error >> spare) + 2) * number(2) ** -64
        beta = (abs(rounded @ off) + sizes * lost).max()
        g0 = abs(rounded @ (J * x) - np.eye(size)).sum(axis=1).max()
        if not beta + g0 + 4 * k * k * sizes.max() * 2.0**-self.radius_bits < 0.5:
            return None
        return tuple(tuple(Fraction(v, 1 << places) for v in row) for row in whole)

    def _exact(self, x: Sequence[int]) -> ProductPolicy | None:
        """An exact equilibrium with simple coordinates next to the centre, if there is one."""
        most = 1 << (self.radius_bits // 2)
        slack = self.one >> self.radius_bits + 8
        masses = []
        for mass in x:
            simple = _simplest(mass, self.one, slack, most)
            if simple is None:
                return None
            masses.append(simple)
        unit = lcm(*(m.denominator for m in masses))
        bits = self.k * (unit.bit_length() - 1)
        work = (_classes(self.population) + bits) * bits * isqrt(bits)
        if sum(masses) != 1 or unit > most or work > EXACT_WORK:
            return None
        policy = ProductPolicy(tuple(masses))
        least = worst_case(self.population, policy, k=self.k).value
        return policy if least == Fraction(self.k, self.k + 1) else None


def _classes(population: Population) -> int:
    return sum(len(user.ranking) for user in population.users)


def _support(x: Sequence[int]) -> list[int]:
    return [y for y, mass in enumerate(x) if mass]


def _array(matrix: Any) -> Any:
    return np.array(matrix.tolist(), dtype=object)


def _rounded_down(matrix: Any) -> list[list[int]] | None:
    """The integers below the numbers; None where these are not finite."""
    if matrix.dtype == float:
        finite = bool(np.isfinite(matrix).all())
        return [[int(v) for v in row] for row in np.floor(matrix).tolist()] if finite else None
    if not all(v.is_finite() for v in matrix.flat):
        return None
    return [[int(v.mid().floor().unique_fmpz()) for v in row] for row in matrix]


def _simplest(mass: int, one: int, slack: int, most: int) -> Fraction | None:
    """The rational of least denominator within slack/one of mass/one, if that is at most `most`.

    Euclid's remainders are |q mass - p one| for the convergents p/q, and for a slack below
    one / (2 most^2) nothing but a convergent will do."""
    a, b, before, q = mass, one, 1, 0
    while b and q <= most:
        quotient, rest = divmod(a, b)
        a, b, before, q = b, rest, q, quotient * q + before
        if b <= slack * q:
            return Fraction((2 * mass * q + one) // (2 * one), q) if q <= most else None
    return None
