"""From a centre to what can be said of an equilibrium there: exact, in a box, or why neither.

* A centre whose coordinates are all close to simple rationals is tried exactly (delta = 0).
* Otherwise the checker is given a box of relative radius delta around the centre, with the inverse
  of the scaled Jacobian for an interval-Newton test, and for responses off the support with U = 1
  a formal identity that shows U <= 1 on the whole face.

Nothing here is trusted but the bound for the gap: what an enclosure says holds once the checker has
accepted it.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import isqrt, lcm
from typing import Any

import numpy as np
from flint import arb

from ualign.exact.class_space import face_identity
from ualign.model.policies import ProductPolicy
from ualign.model.population import Population
from ualign.model.solutions import Enclosure, Equilibrium
from ualign.model.win_rates import worst_case

EXACT_WORK = 1 << 38
"""Most that the exact verification of a rational policy may cost, about: b^(3/2) times the sum of b
and the users' classes, where the k-th powers have b bits. (At large k all look rational.)"""


@dataclass(frozen=True)
class Centre:
    """Masses over 2^working where U is nearly 1 on the support, for a box of relative radius
    2^-radius_bits.

    `U`, over 2^fine, is off by `error` at most. `J` and `inverse` are the Jacobian on the support
    and its inverse (None if there is none), about: arrays of floats, or of flint's balls."""

    population: Population
    k: int
    radius_bits: int
    masses: list[int]
    working: int
    U: list[int]
    error: int
    fine: int
    J: Any
    inverse: Any

    def result(self) -> Equilibrium:
        """An exact equilibrium, an enclosed one, or the policy and why it is not enclosed."""
        exact = self._exact()
        if exact is not None:
            return Equilibrium(self.k, exact, Fraction(0), Enclosure(Fraction(0)))
        policy = ProductPolicy(tuple(Fraction(mass, 1 << self.working) for mass in self.masses))
        enclosure = self._enclosure()
        if isinstance(enclosure, str):
            return Equilibrium(self.k, policy, self._gap(), None, enclosure)
        return Equilibrium(self.k, policy, self._gap(), enclosure)

    @property
    def _support(self) -> list[int]:
        return [y for y, mass in enumerate(self.masses) if mass]

    def _gap(self) -> Fraction:
        """The least power of two, 2^-working or more, that bounds max u - 1/(k+1)."""
        excess = (max(self.U) + self.error - (1 << self.fine)) // (self.k + 1) + 1
        return Fraction(1, 1 << min(max(0, self.fine - excess.bit_length()), self.working))

    def _enclosure(self) -> Enclosure | str:
        """The box, or the reason why there is none.

        Off the support U (1+delta)^k < 1 has to hold, and (1+delta)^k <= 1 + 2 k delta."""
        if self.inverse is None:
            return "the Jacobian on the support is singular"
        rows = self._contraction()
        if rows is None:
            return "Newton's method did not converge on the support"
        boundary: dict[int, dict[int, Fraction]] = {}
        stretched = (1 << self.radius_bits) + 2 * self.k
        for y, mass in enumerate(self.masses):
            if mass or (self.U[y] + self.error) * stretched < 1 << self.fine + self.radius_bits:
                continue
            multiples = face_identity(self.population, self.k, self._support, y)
            if multiples is None:
                name = self.population.responses[y]
                return f"{name!r}, off the support, is too close to U = 1 to tell"
            boundary[y] = multiples
        return Enclosure(Fraction(1, 1 << self.radius_bits), rows, boundary)

    def _contraction(self) -> tuple[tuple[Fraction, ...], ...] | None:
        """The approximate inverse of A = J diag(x), if it passes the checker's test, which here is
        divided by delta: beta/delta + g0 + K ((1+delta)^(k-1) - 1) < 1, where the last term is at
        most 2 K k delta. Half of that room is left free, so that floats may do.

        The rows of A sum to k U, so that rounding to 1/(2^20 size k) adds 2^-20 to |I - Y A|."""
        k, T = self.k, self._support
        number: Any = float if self.J.dtype == float else arb
        one: Any = 1 << self.working if number is float else arb(2) ** self.working
        # 2^to_delta units are delta; of the residuals floats hold what is over 2^-64 delta
        to_delta = self.fine - self.radius_bits
        cut = to_delta - 64 if number is float else 0
        residual = [(self.U[y] - (1 << self.fine)) >> cut for y in T]
        if number is float and max(map(abs, residual)) > 1 << 256:
            return None
        x = np.array([self.masses[y] / one for y in T])
        places = 20 + (len(T) * k).bit_length()
        scaled = _rounded_down(self.inverse / x[:, None] * 2**places)
        Y = scaled * number(2) ** -places
        sizes = abs(Y).sum(axis=1)
        beta = abs(Y @ np.array([number(r) for r in residual]))
        beta = (beta + sizes * number((self.error >> cut) + 2)) * number(2) ** (cut - to_delta)
        off = abs(Y @ (self.J * x) - np.eye(len(T))).sum(axis=1)
        if not beta.max() + off.max() + 4 * k * k * sizes.max() * 2.0**-self.radius_bits < 0.5:
            return None
        return tuple(tuple(Fraction(int(v), 1 << places) for v in row) for row in scaled.tolist())

    def _exact(self) -> ProductPolicy | None:
        """An exact equilibrium with simple coordinates next to the centre, if there is one."""
        most = 1 << (self.radius_bits // 2)
        slack = 1 << self.working - self.radius_bits - 8
        masses = []
        for mass in self.masses:
            simple = simplest(mass, 1 << self.working, slack, most)
            if simple is None:
                return None
            masses.append(simple)
        unit = lcm(*(m.denominator for m in masses))
        bits = self.k * (unit.bit_length() - 1)
        work = (self.population.classes + bits) * bits * isqrt(bits)
        if sum(masses) != 1 or unit > most or work > EXACT_WORK:
            return None
        policy = ProductPolicy(tuple(masses))
        least = worst_case(self.population, policy, k=self.k).value
        return policy if least == Fraction(self.k, self.k + 1) else None


def _rounded_down(matrix: Any) -> Any:
    """The integers below the numbers, or below the midpoints of balls."""
    if matrix.dtype == float:
        return np.floor(matrix)
    rows = [[int(v.mid().floor().unique_fmpz()) for v in row] for row in matrix]
    return np.array(rows, dtype=object)


def simplest(mass: int, one: int, slack: int, most: int) -> Fraction | None:
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
