"""The checker's numbers: fixed point within its errors, exactness where it matters, ranks."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations_with_replacement
from math import comb

import pytest
from cases import arithmetic
from cases.building import win_rate
from hypothesis import given, settings
from hypothesis import strategies as st
from inprocess import TIES, checker, contest, policy_json, read
from strategies import populations, product_policies
from ualign.certificates.document import population_json
from ualign.model.population import Population


@given(st.fractions(0, 1), st.integers(0, 60), st.integers(16, 200))
@settings(max_examples=300)
def test_power_up_to_a_close_upper_bound(delta, exponent, fine):
    """(1 + delta)^exponent from above, by a relative error of a few units an exponent."""
    exact = (1 + delta) ** exponent * (1 << fine)
    above = delta.denominator + delta.numerator
    high = checker.power_up(above, delta.denominator, exponent, fine)
    assert exact <= high <= exact * (1 + Fraction(1, 1 << fine)) ** (4 * exponent)


@st.composite
def uneven_points(draw: st.DrawFn) -> tuple[Population, dict[str, str]]:
    """A weak-order population and masses between 1 and 2^-60, on some of its responses."""
    population = draw(populations(max_responses=4, max_users=4))
    sizes = st.builds(int.__lshift__, st.integers(1, 3), st.sampled_from([0, 1, 20, 40, 60]))
    support = draw(st.sets(st.sampled_from(population.responses), min_size=1))
    raw = {name: draw(sizes) for name in sorted(support)}
    total = sum(raw.values())
    return population, {name: str(Fraction(mass, total)) for name, mass in raw.items()}


@given(uneven_points(), st.integers(1, 300), st.integers(16, 200))
@settings(deadline=None, max_examples=300)
def test_powers_are_close_lower_bounds(point, k, fine):
    """Of every sum, less than two units an exponent short, and at most as much as is true."""
    _, x = read(*point)
    powers = checker.Powers(x, k, fine)
    for s, *found in zip(powers.sums, powers.kth, powers.Nth, strict=True):
        for exponent, low in zip((k, k + 1), found, strict=True):
            exact = Fraction(s, x.unit) ** exponent * (1 << fine)
            assert low <= exact < low + 2 * exponent


@given(populations(max_responses=5, max_users=6), st.data(), st.integers(1, 40))
@settings(deadline=None, max_examples=200)
def test_short_numbers_are_worked_out_at_once_and_exactly(population, data, k):
    """Just where they are short; and what is picked is what a contest has, response by response."""
    policy = data.draw(product_policies(population))
    _, x = read(population, policy_json(population, policy)["product"])
    known, whole = checker.singles(x, k), contest(x, k, 1, "uniform")
    assert (known is None) == ((k + 1) * x.unit.bit_length() > 512)
    for y in range(population.n) if known else ():
        picked = Fraction(known.picked((y,)), known.whole)
        assert picked == Fraction(whole.picked((y,)), whole.whole)


@given(uneven_points(), st.integers(1, 12))
@settings(deadline=None, max_examples=200)
def test_utilities_and_derivatives_are_within_their_errors(point, k):
    """U and A in fixed point against Fractions, even where masses are tiny."""
    population, masses = point
    _, x = read(population, masses)
    fine = checker.fine_enough(x.most, k)
    (U, error), (A, slope_error) = checker.utilities(x, k, fine), checker.derivatives(x, k, fine)
    exact_masses = {name: Fraction(mass) for name, mass in masses.items()}
    exact_U, D = arithmetic.derivatives(population_json(population), k, exact_masses)
    one = 1 << fine
    for y, name in enumerate(population.responses):
        assert abs(U[y] - exact_U[name] * one) <= error
    support = [population.responses[y] for y in x.support]
    for row, i in zip(A, support, strict=True):
        for value, j in zip(row, support, strict=True):
            assert abs(value - exact_masses[j] * D[i][j] * one) <= slope_error
    assert max(error, slope_error) << 60 < one  # the errors themselves are small


@given(uneven_points(), st.integers(1, 12))
@settings(deadline=None, max_examples=200)
def test_fixed_point_never_decides_a_close_call(point, k):
    """Which single responses are picked too often is decided exactly, also at the very chances."""
    population, masses = point
    _, x = read(population, masses)
    rival = contest(x, k, 1, "uniform")
    chances = {(y,): Fraction(rival.picked((y,)), rival.whole) for y in range(population.n)}
    for bound in [*chances.values(), Fraction(1, k + 1)]:
        for shift in (-1, 0, 1):
            limit = bound + Fraction(shift, 1 << 200)
            expected = [y for y, chance in chances.items() if chance > limit]
            close = checker.close_calls(x, k, limit)
            assert [y for y in close if rival.picked(y) > limit * rival.whole] == expected


@given(uneven_points())
@settings(deadline=None, max_examples=200)
def test_margins_and_who_is_overruled(point):
    """Sums of weights, user by user, against what is added up all at once."""
    population, x = read(*point)
    users = list(zip(population.weights, zip(*population.ranks, strict=True), strict=True))
    for y, (row, overruled) in enumerate(
        zip(checker.margins(x), checker.overruled(x), strict=True)
    ):
        signs = [[(w, (r[y] < r[z]) - (r[z] < r[y])) for w, r in users] for z in x.support]
        assert row == [sum(weight * sign for weight, sign in column) for column in signs]
        assert overruled == sum(w for w, r in users if all(r[y] < r[z] for z in x.support))


@given(st.data(), st.integers(1, 5), st.sampled_from(TIES))
@settings(deadline=None, max_examples=100)
def test_every_multiset_is_tried_once(data, size, ties):
    """A bound above every win rate fails for each multiset, once."""
    population = data.draw(populations(max_responses=4, max_users=3))
    policy = policy_json(population, data.draw(product_policies(population)))
    about, _ = read(population, policy["product"])
    claim = win_rate(2, size, ties, policy, ">=", "2")
    nodes = (checker.Node(value, (), dict(checker.BUDGET)) for value in (claim, {}))
    found = [relation.what for relation in checker.check_win_rate(*nodes, about)]
    multisets = combinations_with_replacement(range(population.n), size)
    assert found == [f"chance that {about.call(names)} is picked" for names in multisets]
    assert len(found) == comb(population.n + size - 1, size)


@given(st.data())
@settings(deadline=None, max_examples=200)
def test_ranks_are_decided_exactly(data):
    """The rank modulo a prime is that of the rationals for small entries."""
    size = data.draw(st.integers(1, 5))
    row = st.lists(st.integers(-2, 2), min_size=size, max_size=size)
    rows = data.draw(st.lists(row, max_size=6))
    node = checker.Node(None, (), dict(checker.BUDGET))
    rank = rank_of(rows)
    checker.full_rank(rows, rank, node, "rank").require()
    with pytest.raises(checker.NotAcceptedError):
        checker.full_rank(rows, rank + 1, node, "rank").require()


def rank_of(rows: Sequence[Sequence[int]]) -> int:
    """The rank by elimination in Fractions."""
    left, rank = [[Fraction(value) for value in row] for row in rows], 0
    while left:
        row = left.pop()
        if any(row):
            rank += 1
            j = next(j for j, value in enumerate(row) if value)
            left = [[a - r[j] / row[j] * b for a, b in zip(r, row, strict=True)] for r in left]
    return rank
