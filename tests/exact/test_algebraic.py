"""Exact algebraic equilibria, re-verified with other formulas, other arithmetic and the checker."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import comb

import pytest
import sympy
from acceptance import assert_accepted
from flint import fmpq, fmpq_poly, fmpz_poly
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import populations
from ualign.errors import FaultError
from ualign.exact import algebraic
from ualign.exact.algebraic import AlgebraicEquilibrium, find_algebraic, is_within_limit
from ualign.exact.equilibrium import find_equilibrium
from ualign.exact.instance import Instance
from ualign.model.policies import ProductPolicy
from ualign.model.population import Population
from ualign.model.solutions import Equilibrium
from ualign.theorems import p1_algebraic
from ualign.theorems.p1_algebraic import certify, written

F = Fraction
ALPHA = sympy.Symbol("alpha")
CYCLE = [["a", "b", "c"], ["b", "c", "a"], ["c", "a", "b"]]


def cycle(*weights: int) -> Population:
    return Population.from_rankings(CYCLE, weights)


def two(a: int, b: int) -> Population:
    return Population.from_rankings([["a", "b"], ["b", "a"]], [a, b])


def accidental_tie() -> Population:
    """At k = 3 the support is {a, d}, and c has U = 1 there without any identity on the face."""
    rankings = [
        ["a", "c", ["b", "d"]],
        [["a", "b", "c", "d"]],
        ["a", "d", "c", "b"],
        [["b", "c", "d"], "a"],
    ]
    return Population.from_rankings(rankings, [1, 3, 3, 6])


def exact(population: Population, k: int) -> AlgebraicEquilibrium:
    found = find_algebraic(population, Instance(population).equilibrium(k))
    assert found is not None
    return found


# --- an independent verification ----------------------------------------------------------------


def rational(value: Fraction) -> sympy.Rational:
    return sympy.Rational(value.numerator, value.denominator)


def polynomial(coefficients: tuple[Fraction, ...] | tuple[int, ...]) -> sympy.Poly:
    return sympy.Poly([rational(F(c)) for c in reversed(coefficients)], ALPHA, domain="QQ")


def utilities(population: Population, found: AlgebraicEquilibrium) -> list[sympy.Poly]:
    """(k+1) u_y modulo alpha's polynomial, by binomials instead of the sum over S^i L^(k-i)."""
    k, m = found.k, polynomial(found.polynomial)
    zero = sympy.Poly(0, ALPHA, domain="QQ")
    mass = [polynomial(found.masses[y]) if y in found.masses else zero for y in range(population.n)]
    total = sum(user.weight for user in population.users)
    values = [zero] * population.n
    for user in population.users:
        L = zero
        for tied in reversed(user.ranking):
            p = sum((mass[y] for y in tied), zero)
            u = zero
            for i in range(k + 1):
                u += (L ** (k - i) * p**i).rem(m) * sympy.Rational(comb(k, i) * (k + 1), i + 1)
            for y in tied:
                values[y] += u * rational(user.weight / total)
            L += p
    return values


def sign(value: sympy.Poly, found: AlgebraicEquilibrium) -> int:
    """The sign at alpha: that of an end of an isolating interval without zeros of the value."""
    if value.is_zero:
        return 0
    m, (lo, hi) = polynomial(found.polynomial), map(rational, found.interval)
    while value.degree() > 0 and value.count_roots(lo, hi):
        lo, hi = m.refine_root(lo, hi, steps=16)
    return int(sympy.sign(value.eval(lo)))


def assert_is_equilibrium(population: Population, found: AlgebraicEquilibrium) -> None:
    m = polynomial(found.polynomial)
    assert m.degree() == found.degree
    assert m.is_irreducible
    assert found.polynomial[-1] > 0
    assert m.count_roots(*map(rational, found.interval)) == 1
    masses = {y: polynomial(mass) for y, mass in found.masses.items()}
    assert all(len(mass) == found.degree for mass in found.masses.values())
    assert sum(masses.values(), sympy.Poly(0, ALPHA, domain="QQ")) == 1
    assert all(sign(mass, found) > 0 for mass in masses.values())
    for y, value in enumerate(utilities(population, found)):
        excess = sign(value - 1, found)
        assert excess == 0 if y in masses else excess <= 0


@settings(deadline=None)
@given(populations(max_responses=3), st.integers(1, 3))
def test_every_small_population_has_exact_coordinates(population: Population, k: int) -> None:
    """n, k <= 3: an algebraic equilibrium each, true by other arithmetic, and of bounded degree."""
    found = exact(population, k)
    assert_is_equilibrium(population, found)
    assert found.degree <= {1: 1, 2: max(1, k - 1), 3: k * k - k + 1}[len(found.masses)]


@settings(deadline=None, max_examples=25)
@given(populations(max_responses=5, min_responses=4), st.integers(2, 3))
def test_responses_off_a_small_support(population: Population, k: int) -> None:
    """Where the support is small, every response off it has U <= 1, exactly."""
    equilibrium = Instance(population).equilibrium(k)
    found = find_algebraic(population, equilibrium)
    assert (found is None) == (len(equilibrium.policy.support) > 3)
    if found is not None:
        assert_is_equilibrium(population, found)


# --- what is known of them ----------------------------------------------------------------------


@pytest.mark.parametrize("k", [2, 3, 4])
def test_degree_of_cycles(k: int) -> None:
    """Three responses: degree k^2 - k + 1."""
    assert exact(cycle(3, 4, 5), k).degree == k * k - k + 1


@pytest.mark.parametrize("k", range(2, 15))
def test_degree_of_two_responses(k: int) -> None:
    """Two responses: k roots but that of the point mass, and for 6 | k the two primitive sixth
    roots of unity: there x^6 = (1 - x)^6 = 1, so U = 1 whatever the weights."""
    assert exact(two(3, 5), k).degree == k - 1 - 2 * (k % 6 == 0)


def test_closed_forms() -> None:
    """Cases that a pencil settles."""
    assert exact(two(3, 5), 2).masses == {0: (F(1, 8),), 1: (F(7, 8),)}
    assert exact(cycle(1, 1, 1), 4).masses == dict.fromkeys(range(3), (F(1, 3),))
    # 3 (1 + q + q^2 + q^3) + 5 x^3 = 8 with q = 1 - x, divided by -2q
    assert exact(two(3, 5), 3).polynomial == (-2, 7, 1)
    unanimous = Population.from_rankings([["a", "b"]])
    assert exact(unanimous, 5).masses == {0: (F(1),)}
    assert exact(unanimous, 5).polynomial == (-1, 1)


@pytest.mark.parametrize(("population", "k"), [(cycle(3, 4, 5), 4), (two(3, 5), 9)])
def test_agrees_with_the_enclosure_to_many_bits(population: Population, k: int) -> None:
    """The enclosure of relative radius 2^-700 and the algebraic numbers hold the same point."""
    found = find_equilibrium(population, k, bits=700)
    assert found.enclosure is not None
    delta = found.enclosure.delta
    assert 0 < delta <= F(1, 2**700)
    algebraic_numbers = exact(population, k)  # from the coarser enclosure
    for y, (low, high) in algebraic_numbers.enclosures(F(1, 2**800)).items():
        assert 0 <= high - low <= F(1, 2**800)
        centre = found.policy.masses[y]
        assert centre * (1 - delta) <= high
        assert low <= centre * (1 + delta)


@pytest.mark.parametrize("t", [1, 2, 3])
def test_any_generator_gives_the_same_point(t: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """alpha = x_0 + t x_1 for other t: other polynomials, the same equilibrium."""
    population, width = cycle(2, 3, 4), F(1, 2**200)
    usual = exact(population, 3)
    monkeypatch.setattr(algebraic, "TURNS", (t,))
    other = exact(population, 3)
    assert other.polynomial != usual.polynomial
    assert_is_equilibrium(population, other)
    for y, (low, high) in other.enclosures(width).items():
        first, last = usual.enclosures(width)[y]
        assert first <= high
        assert low <= last


@pytest.mark.parametrize(
    ("rankings", "weights", "t"),
    [
        (["bca", ["a", "bc"], "cba"], [1, 1, 1], 1),
        ([["bc", "a"], ["c", "ab"], ["ab", "c"], ["a", "bc"]], [2, 1, 2, 1], 2),
    ],
)
def test_where_the_first_mass_does_not_tell_the_solutions_apart(
    rankings: list[list[str]], weights: list[int], t: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Several solutions of the system share x_0 (or x_0 + x_1 too), so another alpha is taken."""
    classes = [[list(tied) for tied in ranking] for ranking in rankings]
    population = Population.from_rankings(classes, weights, responses=[*"abc"])
    assert_is_equilibrium(population, exact(population, 3))
    located = find_equilibrium(population, 3)
    monkeypatch.setattr(algebraic, "TURNS", range(t))
    assert find_algebraic(population, located) is None


def test_accidental_tie_is_settled() -> None:
    """No enclosure can tell U = 1 from U > 1; the identity modulo alpha's polynomial can."""
    population = accidental_tie()
    located = find_equilibrium(population, 3)
    assert located.enclosure is None
    found = find_algebraic(population, located)
    assert found is not None
    assert found.polynomial == (-3, 9, 1)
    assert set(found.masses) == {0, 3}
    assert_is_equilibrium(population, found)
    tied = [y for y, value in enumerate(utilities(population, found)) if value == 1]
    assert set(tied) > set(found.masses)


# --- what must not be believed ------------------------------------------------------------------


def moved(found: Equilibrium, step: Fraction) -> Equilibrium:
    """The approximation with its first mass moved by a multiple of the enclosure's radius."""
    assert found.enclosure is not None
    first, second, *rest = found.policy.masses
    by = first * found.enclosure.delta * step
    return replace(found, policy=ProductPolicy((first + by, second - by, *rest)))


def test_an_equilibrium_outside_the_enclosure_is_a_fault() -> None:
    """Inside the searched interval, outside of the box: that contradicts uniqueness."""
    population = cycle(3, 4, 5)
    found = find_equilibrium(population, 3)
    assert find_algebraic(population, moved(found, F(1, 2))) is not None
    with pytest.raises(FaultError, match="outside the enclosure"):
        find_algebraic(population, moved(found, F(3, 2)))


def test_a_wrong_approximation_leads_to_nothing() -> None:
    """Far from any root, on a wrong support, or at a point that is no equilibrium."""
    population = cycle(3, 4, 5)
    found = find_equilibrium(population, 3)
    assert find_algebraic(population, moved(found, F(10))) is None
    for masses in ((F(1), F(0), F(0)), (F(1, 2), F(1, 2), F(0)), (F(1, 3),) * 3):
        assert find_algebraic(population, Equilibrium(3, ProductPolicy(masses), F(1), None)) is None


def test_an_equilibrium_of_the_support_alone_is_refused() -> None:
    """U = 1 on {a, b} is solvable, but c has U > 1 there."""
    population = Population.from_rankings(
        [["c", "a", "b"], ["c", "b", "a"], ["a", "b", "c"]], [3, 3, 1]
    )
    inner = Population.from_rankings([["a", "b"], ["b", "a"]], [4, 3])
    a, b = find_equilibrium(inner, 3).policy.masses
    assert exact(inner, 3).degree == 2
    lured = Equilibrium(3, ProductPolicy((F(0), a, b)), F(1), None)
    assert population.responses == ("c", "a", "b")
    assert find_algebraic(population, lured) is None


def test_common_root_needs_a_linear_gcd() -> None:
    """Over Q[alpha]/(alpha^2 - 2): gcds of degree 2, 1 and 0."""
    m = fmpq_poly([-2, 0, 1])
    one, zero, alpha = fmpq_poly([1]), fmpq_poly([0]), fmpq_poly([0, 1])
    square = [fmpq_poly([-2]), zero, one]  # b^2 - 2 = (b - alpha)(b + alpha)
    assert algebraic._common_root(square, [2 * c for c in square], m) is None
    assert algebraic._common_root(square, [-alpha, one], m) == alpha
    assert algebraic._common_root(square, [alpha, alpha * alpha, zero], m) is None
    assert algebraic._common_root(square, [-one, one], m) is None


def test_intervals_are_narrowed_until_signs_show() -> None:
    """sqrt(2) against a rational next to it, and against one on the other side."""
    m = fmpz_poly([-2, 0, 1])
    near = fmpq(1414213562373095048801688724209698078569671875376, 10**48)
    above, below = fmpq_poly([-near, 1]), fmpq_poly([near, -1])
    lo, hi = algebraic._isolated(m, fmpq(0), fmpq(2), [above])
    assert near < lo < hi
    assert lo * lo < 2 < hi * hi
    assert algebraic._isolated(m, fmpq(0), fmpq(2), [below]) is None
    assert algebraic._isolated(m, fmpq(2), fmpq(3), []) is None


def test_only_one_root_is_enclosed() -> None:
    """A sign change over three roots is narrowed to one, away from the zeros of the derivative."""
    coefficients = (1, -3, 0, 1)
    wide = fmpq(-3), fmpq(3)
    ends = algebraic._isolated(fmpz_poly(list(coefficients)), *wide, [])
    lo, hi = (sympy.Rational(int(end.p), int(end.q)) for end in ends)
    m = polynomial(coefficients)
    assert m.count_roots(-3, 3) == 3
    assert m.count_roots(lo, hi) == 1
    assert m.diff().count_roots(lo, hi) == 0


def test_candidates_are_verified() -> None:
    """The true masses pass; another root, other masses, and another sum do not."""
    population, m = two(3, 5), fmpz_poly([-2, 7, 1])
    right, conjugate = (fmpq(0), fmpq(1)), (fmpq(-8), fmpq(-7))

    def passes(ends: tuple[fmpq, fmpq], a: list[fmpq], b: list[fmpq]) -> bool:
        masses = {0: fmpq_poly(a), 1: fmpq_poly(b)}
        candidate = algebraic._Candidate(m, *ends, masses)
        return algebraic._verified(population, 3, candidate) is not None

    assert passes(right, [0, 1], [1, -1])
    assert not passes(conjugate, [0, 1], [1, -1])
    assert not passes(right, [fmpq(1, 100), 1], [fmpq(99, 100), -1])
    assert not passes(right, [0, 1], [2, -1])
    assert not passes(right, [1, -1], [0, 1])


# --- limits, findings, the checker --------------------------------------------------------------


def test_limits() -> None:
    """Degree, support and weights are limited, and rational equilibria are of degree one."""
    large, tied = cycle(3, 4, 5), cycle(1, 1, 1)
    found, rational_one = find_equilibrium(large, 5), find_equilibrium(tied, 9)
    assert not is_within_limit(large, found)
    assert find_algebraic(large, found) is None
    assert is_within_limit(large, found, 21)
    assert exact(tied, 9).degree == 1
    assert is_within_limit(tied, rational_one)
    heavy = cycle(3 * 10**40, 4 * 10**40 + 1, 5 * 10**40 + 3)
    assert not is_within_limit(heavy, find_equilibrium(heavy, 4))
    four = Population.from_rankings([[*"abcd"], [*"bcda"], [*"cdab"], [*"dabc"]], [1, 1, 1, 1])
    assert find_equilibrium(four, 2).policy.support == (0, 1, 2, 3)
    assert not is_within_limit(four, find_equilibrium(four, 2))


def test_the_checker_accepts_the_findings() -> None:
    """Every kind of case, in one run of the checker."""
    cases = []
    for population, k in [
        *((cycle(3, 4, 5), k) for k in (1, 2, 3, 4)),
        *((two(3, 5), k) for k in (1, 2, 3, 14)),
        (cycle(10**12, 10**12 + 1, 10**12 + 5), 3),
        (accidental_tie(), 3),
        (Population.from_rankings([["a", "b", "c"]]), 4),
        (Population.from_rankings([["a"]]), 7),
    ]:
        (finding,) = certify(Instance(population), k)
        assert str(finding.grade) == f"degree {exact(population, k).degree}"
        assert finding.certificates
        cases.append((population, finding.certificates))
    assert_accepted(cases)


def test_findings_say_what_they_did_not_compute(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the limits no certificate, and a reason; up to them the checker can pay."""
    long = cycle(3 * 10**14, 4 * 10**14 + 1, 5 * 10**14 + 3)
    (finding,) = certify(Instance(long), 4)
    assert_accepted([(long, finding.certificates)])
    (large,) = certify(Instance(cycle(3, 4, 5)), 5)
    monkeypatch.setattr(p1_algebraic, "MOST_STEPS", 10_000)
    (costly,) = certify(Instance(long), 4)
    for finding in (large, costly):
        assert (str(finding.grade), finding.certificates) == ("not computed", ())
        assert finding.note
    assert "costly" in costly.note


def test_notes_show_the_polynomial() -> None:
    """Short ones in full, long ones by their ends."""
    (finding,) = certify(Instance(accidental_tie()), 3)
    assert finding.note == "alpha near 0.3218253805 with alpha^2 + 9 alpha - 3 = 0"
    (simple,) = certify(Instance(two(3, 5)), 2)
    assert simple.note == "the masses are rational"
    assert written((0, -1, 0, 5)) == "5 alpha^3 - alpha"
    assert written((-7, 10**90, 3)) == "3 alpha^2 ... - 7 (coefficients of up to 91 digits)"
