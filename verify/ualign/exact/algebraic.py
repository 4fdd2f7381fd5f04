"""Exact equilibria of tiny games: coordinates in Q(alpha), alpha a root of an integer polynomial.

On a support T the equilibrium solves U_y = 1 for y in T, a polynomial system with rational
coefficients, so that its coordinates are algebraic numbers. For |T| = 2 the system is a polynomial
in one mass (one root besides is a boundary point, hence degree k-1 at most); for |T| = 3 it is two
plane curves, which a resultant and a gcd over Q(alpha) solve (usual degree k^2-k+1).

A rational approximation, mostly the centre of an enclosure, only tells which root to take. What is
returned has been verified exactly in Q(alpha): the masses are positive and sum to 1, U = 1 on T,
and U <= 1 off it. So it also settles ties off the support that no enclosure can tell from U > 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import fmpq, fmpq_poly, fmpz_mpoly_ctx, fmpz_poly

from ualign.errors import FaultError
from ualign.model.policies import Tuple
from ualign.model.population import Population
from ualign.model.solutions import Equilibrium

DEGREE_LIMIT = 13
"""Largest degree that is tried: k <= 14 for two responses in the support, k <= 4 for three."""

MOST_ALGEBRAIC_WORK = 10_000
"""Most that degree^(|T|-1) times the bits of the weights may be: about as many digits do the
coefficients have when they are at their longest."""

LARGEST_SUPPORT = 3

GUESS = Fraction(1, 1 << 32)
"""How far a coordinate may be from its approximation where there is no enclosure."""

NARROWEST = Fraction(1, 1 << 20_000)
"""No isolating interval is made narrower than this."""

TURNS = range(4)
"""alpha = x_0 + t x_1 is tried for these t until it tells the solutions of the system apart."""


@dataclass(frozen=True)
class AlgebraicEquilibrium:
    """A symmetric equilibrium with coordinates in Q(alpha).

    `polynomial`: alpha's minimal polynomial (irreducible as FLINT factors), primitive with integer
    coefficients, constant term first, the last one positive. `interval`: rational end points where
    it has different signs; interval Horner evaluation shows that its derivative has no zero
    between, so that alpha is its only root there. `masses`: for each response of the support its
    mass as a polynomial in alpha: as many coefficients as alpha's degree, constant term first."""

    k: int
    polynomial: tuple[int, ...]
    interval: tuple[Fraction, Fraction]
    masses: dict[int, tuple[Fraction, ...]]

    @property
    def degree(self) -> int:
        """Degree of alpha over Q; 1 for a rational equilibrium."""
        return len(self.polynomial) - 1

    def enclosures(self, width: Fraction) -> dict[int, tuple[Fraction, Fraction]]:
        """Rational bounds on every mass of the support, at most `width` > 0 apart."""
        m, (lo, hi) = fmpz_poly(list(self.polynomial)), map(_flint, self.interval)
        masses = [fmpq_poly([_flint(c) for c in mass]) for mass in self.masses.values()]
        while True:
            ranges = [_range(mass, lo, hi) for mass in masses]
            if all(high - low <= _flint(width) for low, high in ranges):
                pairs = [(_fraction(low), _fraction(high)) for low, high in ranges]
                return dict(zip(self.masses, pairs, strict=True))
            lo, hi = _narrowed(m, lo, hi)


@dataclass(frozen=True)
class _Candidate:
    """Masses in Q[alpha]/m, and an interval that is thought to hold the right root of m."""

    m: Any
    lo: Any
    hi: Any
    masses: dict[int, Any]


def find_algebraic(
    population: Population, found: Equilibrium, *, limit: int = DEGREE_LIMIT
) -> AlgebraicEquilibrium | None:
    """The equilibrium that `found` approximates, in exact algebraic coordinates (P1, tiny cases).

    None where the support has more than three responses, or the degree to be expected (k-1 or
    k^2-k+1; 1 for a rational equilibrium) exceeds `limit`, or where the approximation leads to no
    exact equilibrium. An `AlgebraicEquilibrium` has been verified exactly. Raises FaultError if it
    lies outside the enclosure of `found`, which uniqueness (E2) excludes."""
    if not is_within_limit(population, found, limit):
        return None
    for candidate in _candidates(population, found):
        exact = _verified(population, found.k, candidate)
        if exact is not None:
            _require_agreement(population, found, exact)
            return exact
    return None


def is_within_limit(population: Population, found: Equilibrium, limit: int = DEGREE_LIMIT) -> bool:
    """Whether support and weights are small and the degree to be expected is at most `limit`."""
    k, size = found.k, len(found.policy.support)
    if size > LARGEST_SUPPORT:
        return False
    degree = 1 if _is_exact(found) or size == 1 else k - 1 if size == 2 else k * k - k + 1
    return (
        degree <= limit
        and degree ** (size - 1) * population.scale.bit_length() <= MOST_ALGEBRAIC_WORK
    )


def _is_exact(found: Equilibrium) -> bool:
    return found.enclosure is not None and found.enclosure.delta == 0


def _candidates(population: Population, found: Equilibrium) -> Iterator[_Candidate]:
    """Roots of the system U = 1 on the support next to the approximation."""
    T = found.policy.support
    centre = {y: found.policy.masses[y] for y in T}
    if _is_exact(found) or len(T) == 1:
        yield _rational_candidate(centre)
        return
    if len(T) == 2:
        near = _interval(found, centre[T[0]])
        x = {T[0]: fmpq_poly([0, 1]), T[1]: fmpq_poly([1, -1])}
        for m in _factors_near(_excesses(population, found.k, x)[T[0]].numer(), *near):
            yield _Candidate(m, *near, {y: mass % fmpq_poly(m) for y, mass in x.items()})
        return
    for t in TURNS:
        near = _interval(found, centre[T[0]] + t * centre[T[1]])
        solutions = _plane_solutions(population, found.k, T, t, near)
        if solutions is not None:
            yield from solutions
            return


def _interval(found: Equilibrium, centre: Fraction) -> tuple[Any, Any]:
    """Where a combination of masses is looked for: twice as far from the centre as an enclosure
    says, so that no root is at an end, and rounded outward to few binary places."""
    radius = 2 * found.enclosure.delta * centre if found.enclosure else GUESS
    places = (4 / radius).__ceil__().bit_length()
    low = ((centre - radius) * 2**places).__floor__()
    high = ((centre + radius) * 2**places).__ceil__()
    return fmpq(low, 2**places), fmpq(high, 2**places)


def _rational_candidate(masses: Mapping[int, Fraction]) -> _Candidate:
    """alpha is the first mass, and the interval reaches one to either side of it."""
    alpha = next(iter(masses.values()))
    m = fmpz_poly([-alpha.numerator, alpha.denominator])
    exact = {y: fmpq_poly([_flint(mass)]) for y, mass in masses.items()}
    return _Candidate(m, _flint(alpha - 1), _flint(alpha + 1), exact)


def _plane_solutions(
    population: Population, k: int, T: Tuple, t: int, near: tuple[Any, Any]
) -> list[_Candidate] | None:
    """For alpha = x_0 + t x_1 the solutions of U = 1 on T = (0, 1, 2) with alpha in the interval
    `near`; None where some alpha there belongs to several.

    With x_0 = alpha - t b, x_1 = b, x_2 = 1 - x_0 - x_1 the resultant of U_0 - 1 and U_1 - 1 in b
    vanishes at alpha, and over Q(alpha) their gcd is b minus the wanted x_1. The third equation
    follows where x_2 != 0, since sum_y x_y (U_y - 1) = 0 where sum x = 1."""
    context = fmpz_mpoly_ctx.get(["alpha", "b"], "lex")
    alpha, b = context.gens()
    x = {T[0]: alpha - t * b, T[1]: b, T[2]: 1 - alpha + (t - 1) * b}
    excess = _excesses(population, k, x)
    first, second = excess[T[0]], excess[T[1]]
    resultant = first.resultant(second, "b").to_dict()
    if not resultant:
        return []
    solutions = []
    eliminant = fmpz_poly([resultant.get((i, 0), 0) for i in range(1 + max(resultant)[0])])
    for m in _factors_near(eliminant, *near):
        modulus = fmpq_poly(m)
        root = _common_root(_by_b(first), _by_b(second), modulus)
        if root is None:
            return None
        x_0 = (fmpq_poly([0, 1]) - t * root) % modulus
        solutions.append(_Candidate(m, *near, {T[0]: x_0, T[1]: root, T[2]: 1 - x_0 - root}))
    return solutions


def _by_b(polynomial: Any) -> list[Any]:
    """A polynomial in alpha and b as one in b, constant term first, over Q[alpha]."""
    terms = polynomial.to_dict()
    alphas, bs = polynomial.degrees()
    return [fmpq_poly([terms.get((i, j), 0) for i in range(alphas + 1)]) for j in range(bs + 1)]


def _common_root(f: list[Any], g: list[Any], m: Any) -> Any | None:
    """The only common root of f and g over Q[alpha]/m, by Euclid's algorithm; None unless their
    gcd is linear."""
    f, g = _monic(f, m), _monic(g, m)
    while g:
        while len(f) >= len(g):
            shift = len(f) - len(g)
            lead = f[-1]
            f = [(c - lead * g[i - shift]) % m if i >= shift else c for i, c in enumerate(f[:-1])]
        f, g = g, _monic(f, m)
    return -f[0] % m if len(f) == 2 else None


def _monic(f: list[Any], m: Any) -> list[Any]:
    """f over Q[alpha]/m with its leading zeros removed and the leading coefficient made 1."""
    f = [c % m for c in f]
    while f and not f[-1]:
        f.pop()
    if not f:
        return f
    _, inverse, _ = f[-1].xgcd(m)  # the gcd is 1: m is irreducible
    return [c * inverse % m for c in f]


def _factors_near(polynomial: Any, lo: Any, hi: Any) -> list[Any]:
    """The irreducible factors that change sign in [lo, hi], with positive leading coefficients."""
    if not polynomial:
        return []
    factors = [factor for factor, _ in polynomial.factor()[1] if _changes_sign(factor, lo, hi)]
    return [factor if factor.leading_coefficient() > 0 else -factor for factor in factors]


def _excesses(
    population: Population,
    k: int,
    x: Mapping[int, Any],
    reduced: Callable[[Any], Any] = lambda value: value,
) -> list[Any]:
    """scale (U_y - 1) for every response y, in whatever ring the masses on the support x lie.

    U_y is the users' average of sum_i S^i L^(k-i), and depends on a user only through the parts of
    the support strictly below y and in y's class."""
    whole = sum(1 << y for y in x)
    zero = 0 * next(iter(x.values()))
    excess = [zero - population.scale] * population.n
    values: dict[tuple[int, int], Any] = {}
    for group in population.groups:
        parts = group.below & whole, group.own & whole
        if parts not in values:
            L, p = (sum((x[y] for y in x if part >> y & 1), zero) for part in parts)
            power = total = 1
            for _ in range(k):
                power = reduced(power * L)
                total = reduced(total * (L + p) + power)
            values[parts] = total
        for y in range(population.n):
            if group.own >> y & 1:
                excess[y] += group.weight * values[parts]
    return excess


def _verified(population: Population, k: int, candidate: _Candidate) -> AlgebraicEquilibrium | None:
    """The candidate as an equilibrium, if it is one: identities in Q[alpha]/m, and signs at the
    root that interval evaluation shows, on a narrower interval if need be."""
    m, x = candidate.m, candidate.masses
    modulus = fmpq_poly(m)
    excess = _excesses(population, k, x, lambda value: value % modulus)
    if sum(x.values()) != 1 or any(excess[y] for y in x):
        return None
    # elements of a field, so what is not zero has a sign that a narrow interval shows
    positive = [*x.values(), *(-value for value in excess if value)]
    isolated = _isolated(m, candidate.lo, candidate.hi, positive)
    if isolated is None:
        return None
    degree = m.degree()
    masses = {y: tuple(_fraction(mass[i]) for i in range(degree)) for y, mass in x.items()}
    polynomial = tuple(int(c) for c in m.coeffs())
    interval = _fraction(isolated[0]), _fraction(isolated[1])
    return AlgebraicEquilibrium(k, polynomial, interval, masses)


def _isolated(m: Any, lo: Any, hi: Any, positive: list[Any]) -> tuple[Any, Any] | None:
    """An interval in [lo, hi] where m changes sign, m' has no zero and all of `positive` are
    positive; None if some are negative at the root or the interval would be too narrow."""
    slope = m.derivative()
    while _changes_sign(m, lo, hi) and hi - lo > _flint(NARROWEST):
        low, high = _range(slope, lo, hi)
        ranges = [_range(value, lo, hi) for value in positive]
        if any(top < 0 for _, top in ranges):
            return None
        if (low > 0 or high < 0) and all(bottom > 0 for bottom, _ in ranges):
            return lo, hi
        lo, hi = _narrowed(m, lo, hi)
    return None


def _narrowed(m: Any, lo: Any, hi: Any) -> tuple[Any, Any]:
    """A smaller interval where m changes sign: Newton's, if it proves good, else one half."""
    middle = (lo + hi) / 2
    slope = m.derivative()(middle)
    if slope and hi - lo < 1:
        unit = (hi - lo) ** 2
        denominator = 2 ** (int(unit.q).bit_length() - int(unit.p).bit_length())
        place = (middle - m(middle) / slope) * denominator
        near = int(place.p // place.q)
        left, right = fmpq(near - 2**8, denominator), fmpq(near + 2**8, denominator)
        if lo < left and right < hi and _changes_sign(m, left, right):
            return left, right
    return (lo, middle) if _changes_sign(m, lo, middle) else (middle, hi)


def _changes_sign(m: Any, lo: Any, hi: Any) -> bool:
    return bool(m(lo) * m(hi) < 0)


def _range(polynomial: Any, lo: Any, hi: Any) -> tuple[Any, Any]:
    """Bounds on the polynomial's values on [lo, hi], by Horner's rule with intervals."""
    low = high = fmpq(0)
    for c in reversed(polynomial.coeffs()):
        products = (low * lo, low * hi, high * lo, high * hi)
        low, high = min(products) + c, max(products) + c
    return low, high


def _require_agreement(
    population: Population, found: Equilibrium, exact: AlgebraicEquilibrium
) -> None:
    if found.enclosure is None:
        return
    delta, centre = found.enclosure.delta, found.policy.masses
    if all(mass == (centre[y],) for y, mass in exact.masses.items()):
        return  # rational, and the centre itself
    width = (delta or 1) * min(centre[y] for y in exact.masses) / 2**32
    for y, (low, high) in exact.enclosures(width).items():
        if high < centre[y] * (1 - delta) or low > centre[y] * (1 + delta):
            name = population.responses[y]
            raise FaultError(f"{name!r}: the exact equilibrium lies outside the enclosure")


def _flint(value: Fraction) -> Any:
    return fmpq(value.numerator, value.denominator)


def _fraction(value: Any) -> Fraction:
    return Fraction(int(value.p), int(value.q))
