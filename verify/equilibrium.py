"""Symmetric equilibria of the (k+1)-player alignment game for k >= 2: propose, refine, enclose.

Floats propose a policy and its support T. Chord Newton steps on U_T = 1 (residuals in ball
arithmetic, corrections in floats, about 45 bits a step) refine it to any precision, while the
support is settled: masses that turn out negative leave it, responses with U > 1 enter it. Then

* a policy whose coordinates are all close to simple rationals is tried exactly (delta = 0);
* otherwise the checker is given a box of relative radius delta around the centre, with the inverse
  of the scaled Jacobian for an interval-Newton test, and for responses off the support with U = 1
  a formal identity that shows U <= 1 on the whole face.

Nothing here is trusted: what the result says holds once the checker has accepted it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
from flint import arb, ctx

from verify.alignment_game import FloatGame, utilities_in_balls
from verify.class_space import kernel, null_directions
from verify.policies import ProductPolicy
from verify.population import InputError, Population
from verify.solvers import newton
from verify.winrate import worst_case

RADIUS_BITS = 96
"""An enclosure's relative radius is at most 2^-RADIUS_BITS, and 2^-bits if that is less."""

INVERSE_BITS = 44
"""Bits kept, relative to its row's largest entry, of each entry of the approximate inverse."""


@dataclass(frozen=True)
class Enclosure:
    """A box centre * (1 +- delta) said to hold an exact equilibrium with the centre's support.

    delta = 0: the centre itself is one. Else `inverse` is the approximate inverse of
    (x_j dU_i/dx_j) on the support, and `boundary` gives for each response y off the support whose
    U is not clearly below 1 multiples of support responses that U_y equals identically."""

    delta: Fraction
    inverse: tuple[tuple[Fraction, ...], ...] = ()
    boundary: dict[int, dict[int, Fraction]] = field(default_factory=dict)


@dataclass(frozen=True)
class Equilibrium:
    """A rational policy near (or at) a symmetric equilibrium.

    `gap` bounds max_y u_y - 1/(k+1) from above, so that the policy sampled k times wins at least
    k/(k+1) - gap (P1); it is 0 only where the policy is an exact equilibrium. `enclosure` is None
    where no exact equilibrium could be located; `reason` then says why."""

    k: int
    policy: ProductPolicy
    gap: Fraction
    enclosure: Enclosure | None
    reason: str = ""


def find_equilibrium(population: Population, k: int, *, bits: int = 100) -> Equilibrium:
    """A symmetric equilibrium of the (k+1)-player game, k >= 2 (P1, P2, E1, E2).

    `bits`: the wanted gap is 2^-bits. Raises InputError for k < 2 (k = 1 is a linear program, see
    `maximal_lottery`) or bits < 1."""
    if k < 2:
        raise InputError(f"k = {k}: this solver needs k >= 2")
    if bits < 1:
        raise InputError(f"bits = {bits}: at least one bit of precision is needed")
    game = FloatGame(population, k)
    pi, _ = newton.propose(game.utilities, game.jacobian, population.n)
    radius_bits = max(bits, RADIUS_BITS)
    smallest = float(pi[pi > 0].min())
    working = radius_bits + 64 + 2 * k.bit_length() + 4 * max(1, int(-np.log2(smallest)))
    with ctx.workprec(2 * working):
        return _Refinement(population, k, game, working, radius_bits).run(pi)


class _Refinement:
    """Masses as integers over 2^working, none of them trusted."""

    def __init__(
        self, population: Population, k: int, game: FloatGame, working: int, radius_bits: int
    ) -> None:
        self.population, self.k, self.game = population, k, game
        self.working, self.radius_bits = working, radius_bits
        self.one = 1 << working

    def run(self, start: Any) -> Equilibrium:
        x = [int(Fraction(float(mass)) * self.one) for mass in start]
        reason = "the support did not settle"
        for _ in range(20 + self.population.n):
            x = self._purify(x)
            x, inverse, converged = self._newton(x)
            if not converged:
                reason = "Newton's method did not converge on the support"
                break
            negative = [y for y, mass in enumerate(x) if mass < 0]
            if negative:
                x = [max(mass, 0) for mass in x]
                continue
            U = utilities_in_balls(self.population, x, self.working, self.k)
            entering = [y for y, mass in enumerate(x) if not mass and U[y] > self._slightly_over()]
            if not entering:
                return self._settled(self._normalised(x), inverse)
            strongest = max(entering, key=lambda y: float(U[y].mid()))
            x[strongest] = self.one >> 20
        centre = self._normalised([max(mass, 0) for mass in x])
        return Equilibrium(self.k, self._policy(centre), self._gap(centre), None, reason)

    def _slightly_over(self) -> Any:
        return 1 + arb(2) ** -(self.radius_bits // 2)

    def _purify(self, x: list[int]) -> list[int]:
        """Shrink the support, class masses unchanged, until the classes separate its points."""
        while True:
            T = [y for y, mass in enumerate(x) if mass]
            directions = null_directions(self.population, T)
            if not directions:
                return x
            d = dict(zip(T, directions[0], strict=True))
            if not any(v < 0 for v in d.values()):
                d = {y: -v for y, v in d.items()}
            step, leaving = min((Fraction(-x[y]) / v, y) for y, v in d.items() if v < 0)
            for y, v in d.items():
                x[y] += int(step * v)
            x[leaving] = 0
            x = [max(mass, 0) for mass in x]

    def _newton(self, x: list[int]) -> tuple[list[int], Any, bool]:
        """Solve U = 1 on the support of x; also the inverse Jacobian there, in floats."""
        T = [y for y, mass in enumerate(x) if mass]
        inverse, last = self._inverse_jacobian(x, T), None
        target = -(self.radius_bits + 40 + self.k.bit_length())
        for _ in range(40 + self.radius_bits // 20):
            if inverse is None:
                return x, None, False
            U = utilities_in_balls(self.population, x, self.working, self.k)
            residual = [U[y] - 1 for y in T]
            size = max(abs(r).upper() for r in residual)
            exponent = _exponent(size)
            if exponent is None:
                return x, None, False
            if exponent < target:
                return x, inverse, True
            if last is not None and exponent > last - 16:  # the Jacobian is stale
                fresh = self._inverse_jacobian(x, T)
                if fresh is None or exponent > last + 8:
                    return x, None, False
                inverse = fresh
            last = exponent
            scale = arb(2) ** -exponent
            step = inverse @ np.array([float((r * scale).mid()) for r in residual])
            if not np.isfinite(step).all():
                return x, None, False
            for y, s in zip(T, step, strict=True):
                x[y] -= int(Fraction(float(s)) * Fraction(2) ** exponent * self.one)
        return x, None, False

    def _inverse_jacobian(self, x: Sequence[int], T: Sequence[int]) -> Any:
        pi = np.array([mass / self.one for mass in x])
        if pi.min() < 0:
            pi = np.clip(pi, 0, None)
        J = self.game.jacobian(pi / pi.sum())[np.ix_(T, T)]
        try:
            return np.linalg.inv(J)
        except np.linalg.LinAlgError:
            return None

    def _normalised(self, x: list[int]) -> list[int]:
        """Masses that sum to one exactly; the largest takes the difference."""
        total = sum(x)
        x = [mass * self.one // total for mass in x]
        x[max(range(len(x)), key=x.__getitem__)] += self.one - sum(x)
        return x

    def _policy(self, centre: Sequence[int]) -> ProductPolicy:
        return ProductPolicy(tuple(Fraction(mass, self.one) for mass in centre))

    def _gap(self, centre: Sequence[int]) -> Fraction:
        """The least power of two that provably bounds max u - 1/(k+1) from above."""
        U = utilities_in_balls(self.population, centre, self.working, self.k)
        most = max((value - 1).upper() for value in U)  # exact numbers, so max is the maximum
        if most <= 0:
            return Fraction(0)
        exponent = _exponent(most / (self.k + 1))
        if exponent is None:
            return Fraction(1)
        return Fraction(2) ** max(exponent, -self.working)

    def _settled(self, centre: list[int], inverse: Any) -> Equilibrium:
        exact = self._exact(centre)
        if exact is not None:
            return Equilibrium(self.k, exact, Fraction(0), Enclosure(Fraction(0)))
        policy, gap = self._policy(centre), self._gap(centre)
        T = policy.support
        U = utilities_in_balls(self.population, centre, self.working, self.k)
        delta = Fraction(1, 1 << self.radius_bits)
        threshold = 1 - arb(2) ** -(self.radius_bits - 2 * self.k.bit_length() - 2)
        boundary: dict[int, dict[int, Fraction]] = {}
        for y, mass in enumerate(centre):
            if not mass and not U[y] < threshold:
                multiples = face_identity(self.population, self.k, T, y)
                if multiples is None:
                    name = self.population.responses[y]
                    reason = f"{name!r}, off the support, is too close to U = 1 to tell"
                    return Equilibrium(self.k, policy, gap, None, reason)
                boundary[y] = multiples
        relative = inverse / np.array([centre[y] / self.one for y in T])[:, None]
        rows = tuple(_rounded_row(row) for row in relative)
        return Equilibrium(self.k, policy, gap, Enclosure(delta, rows, boundary))

    def _exact(self, centre: Sequence[int]) -> ProductPolicy | None:
        """An exact equilibrium with simple coordinates next to the centre, if there is one."""
        most = 1 << (self.radius_bits // 2)
        slack = Fraction(self.k, 1 << self.radius_bits)
        masses = []
        for mass in centre:
            exact = Fraction(mass, self.one)
            simple = exact.limit_denominator(most)
            if abs(simple - exact) > slack * max(exact, Fraction(1, 1 << 20)):
                return None
            masses.append(simple)
        if sum(masses) != 1 or lcm(*(m.denominator for m in masses)) > most:
            return None
        policy = ProductPolicy(tuple(masses))
        least = worst_case(self.population, policy, k=self.k).value
        return policy if least == Fraction(self.k, self.k + 1) else None


def _exponent(bound: Any) -> int | None:
    """The least e with |bound| < 2^e for certain; None if the ball holds no number."""
    if not bound.is_finite():
        return None
    top = abs(bound).upper()
    if top == 0:
        return -(1 << 40)
    mantissa, exponent = top.man_exp()
    return int(mantissa).bit_length() + int(exponent)


def _rounded_row(row: Any) -> tuple[Fraction, ...]:
    """The row's entries as dyadic rationals, to INVERSE_BITS relative to its largest."""
    largest = float(np.abs(row).max())
    bits = INVERSE_BITS - int(np.frexp(largest)[1])
    scale = Fraction(2) ** bits
    return tuple(Fraction(round(Fraction(float(v)) * scale)) / scale for v in row)


def face_identity(
    population: Population, k: int, support: Sequence[int], y: int
) -> dict[int, Fraction] | None:
    """Multiples m_z with U_y = sum_z m_z U_z + const identically on the face of the support, such
    that sum m + const <= 1; so U_y <= 1 wherever U = 1 on the support. None if there are none.

    On the face a utility is a formal sum of terms (below, own), pairs of subsets of the support;
    the terms (all, nothing), (nothing, all), (nothing, nothing) are the constants k+1, 1, 0."""
    whole = sum(1 << z for z in support)
    constants = {(whole, 0): k + 1, (0, whole): 1, (0, 0): 0}
    columns = [*support, y]
    terms: dict[tuple[int, int], list[int]] = {}
    for group in population.groups:
        row = terms.setdefault((group.below & whole, group.own & whole), [0] * len(columns))
        for j, z in enumerate(columns):
            if group.own >> z & 1:
                row[j] += group.weight
    rows = [row for term, row in terms.items() if term not in constants and any(row)]
    candidates = kernel(rows) if rows else [[Fraction(0)] * len(support) + [Fraction(1)]]
    for vector in candidates:
        if vector[-1]:
            multiples = [-v / vector[-1] for v in vector[:-1]]
            bound = sum(multiples, Fraction(0))
            for term, value in constants.items():
                row = terms.get(term, [0] * len(columns))
                left = row[-1] - sum(m * w for m, w in zip(multiples, row, strict=False))
                bound += Fraction(value) * left / population.scale
            if bound <= 1:
                return {z: m for z, m in zip(support, multiples, strict=True) if m}
    return None
