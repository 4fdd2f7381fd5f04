"""exact.alignment_game: U and its derivatives in floats and in balls, against exact rationals."""

from __future__ import annotations

import random
import warnings
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import naive_oracle
import numpy as np
import pytest
from flint import ctx
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import distributions, populations
from ualign.exact import alignment_game, precise_game
from ualign.exact.alignment_game import FloatGame
from ualign.exact.precise_game import FEW_RESPONSES, PreciseGame, precise_jacobian
from ualign.model.population import Population

F = Fraction
Game = tuple[Population, int, tuple[Fraction, ...]]


@st.composite
def games(draw: st.DrawFn, max_k: int = 30, max_responses: int = 5) -> Game:
    """A population, k >= 2, and a policy in which zeros and tiny masses are common."""
    population = draw(populations(max_responses=max_responses))
    masses = list(draw(distributions(population.n)))
    if draw(st.booleans()):  # what is taken from one response is nearly nothing for another
        tiny = F(1, draw(st.sampled_from([10**6, 10**17, 10**40])))
        rich = max(range(population.n), key=masses.__getitem__)
        masses[draw(st.integers(0, population.n - 1))] += tiny
        masses[rich] -= tiny
    return population, draw(st.integers(2, max_k)), tuple(masses)


def levels(population: Population, pi: Sequence[Fraction], y: int) -> list[tuple[Fraction, ...]]:
    """For each user her share, the mass strictly below y and that of y's class; by definition."""
    total = sum(user.weight for user in population.users)
    found = []
    for user in population.users:
        place = next(c for c, tied in enumerate(user.ranking) if y in tied)
        low = sum((pi[z] for tied in user.ranking[place + 1 :] for z in tied), F(0))
        own = sum((pi[z] for z in user.ranking[place]), F(0))
        found.append((user.weight / total, low, own))
    return found


def exact_utilities(population: Population, pi: Sequence[Fraction], k: int) -> list[Fraction]:
    """(k+1) u_y as the polynomial sum of S^i L^(k-i), which never divides."""
    return [
        sum(
            (w * sum((L + p) ** i * L ** (k - i) for i in range(k + 1)))
            for w, L, p in levels(population, pi, y)
        )
        for y in range(population.n)
    ]


def exact_jacobian(population: Population, pi: Sequence[Fraction], k: int) -> list[list[Fraction]]:
    """The polynomial's derivatives by the masses of the responses."""
    J = [[F(0)] * population.n for _ in range(population.n)]
    for y in range(population.n):
        for user, (w, L, p) in zip(population.users, levels(population, pi, y), strict=True):
            S = L + p
            by_top = sum(i * S ** (i - 1) * L ** (k - i) for i in range(1, k + 1))
            by_low = by_top + sum((k - i) * S**i * L ** (k - i - 1) for i in range(k))
            place = next(c for c, tied in enumerate(user.ranking) if y in tied)
            for c, tied in enumerate(user.ranking):
                for z in tied:
                    J[y][z] += w * (by_top if c == place else by_low if c > place else 0)
    return J


def rational(point: Any) -> Fraction:
    """An exact ball (a midpoint or a radius) as a fraction."""
    mantissa, exponent = point.man_exp()
    return F(int(mantissa)) * F(2) ** int(exponent)


def near(
    population: Population, masses: Sequence[int], bits: int, k: int, fine: int
) -> list[float]:
    return [v / (1 << fine) for v in PreciseGame(population, k).utilities(masses, bits, fine)[0]]


# --- the exact references themselves ----------------------------------------------------------


@given(games(max_k=3, max_responses=4))
@settings(deadline=None, max_examples=40)
def test_the_polynomial_is_the_definition(game):
    population, k, pi = game
    expected = [(k + 1) * naive_oracle.u(population, pi, k, y) for y in range(population.n)]
    assert exact_utilities(population, pi, k) == expected


# --- floats -----------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=["tables", "places"])
def layout(request: pytest.FixtureRequest) -> Iterator[None]:
    """Small games as they are, and in the way of large ones."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "places":
            patch.setattr(alignment_game, "LARGEST_TABLE", 0)
        yield


@given(games())
@settings(deadline=None, max_examples=60)
def test_float_utilities(layout, game):
    population, k, pi = game
    U = FloatGame.of(population, k).utilities(np.array([float(mass) for mass in pi]))
    expected = [float(value) for value in exact_utilities(population, pi, k)]
    np.testing.assert_allclose(U, expected, rtol=1e-11, atol=1e-13)


@given(games())
@settings(deadline=None, max_examples=60)
def test_float_jacobian(layout, game):
    population, k, pi = game
    J = FloatGame.of(population, k).jacobian(np.array([float(mass) for mass in pi]))
    expected = np.array([[float(v) for v in row] for row in exact_jacobian(population, pi, k)])
    np.testing.assert_allclose(J, expected, rtol=1e-9, atol=1e-12 * k * k)


@given(populations(min_responses=2, max_responses=6, max_users=6), st.integers(2, 60), st.data())
@settings(deadline=None, max_examples=60)
def test_float_jacobian_is_the_slope_of_the_float_utilities(layout, population, k, data):
    n = population.n
    game = FloatGame.of(population, k)
    pi = np.array([float(m) for m in data.draw(distributions(n))]) * 0.8 + 0.2 / n
    i, j = data.draw(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)))
    step = 1e-6 * (np.eye(n)[i] - np.eye(n)[j])  # along the simplex
    slope = (game.utilities(pi + step) - game.utilities(pi - step)) / 2e-6
    direction = np.eye(n)[i] - np.eye(n)[j]
    np.testing.assert_allclose(game.jacobian(pi) @ direction, slope, rtol=1e-4, atol=1e-5 * k)


@pytest.mark.parametrize("k", [2, 100, 10**4, 10**6])
@pytest.mark.parametrize(
    "pi",
    [
        (1.0, 0.0, 0.0),
        (0.0, 0.0, 1.0),
        (0.5, 0.5, 0.0),
        (1 - 1e-16, 1e-16, 0.0),
        (1.0, 1e-300, 1e-280),
        (1e-9, 1 - 2e-9, 1e-9),
        (1 / 3, 1 / 3, 1 / 3),
    ],
)
def test_floats_stay_finite_at_the_simplex_border_and_for_large_k(layout, k, pi):
    population = Population.from_rankings(
        [["a", "b", "c"], [["b", "c"], "a"], ["c", "b", "a"], [["a", "b", "c"]]]
    )
    game, point = FloatGame.of(population, k), np.array(pi)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        U, J = game.utilities(point), game.jacobian(point)
    assert np.isfinite(U).all()
    assert np.isfinite(J).all()
    assert U.min() >= 0
    assert U.max() <= (k + 1) * (1 + 1e-12)
    assert J.min() >= 0
    assert abs(point @ U - 1) < 1e-9  # P1
    assert abs(J @ point - k * U).max() < 1e-9 * k * (k + 1)  # homogeneous of degree k


@pytest.mark.parametrize("k", [2, 3, 10, 150])
def test_derivatives_by_masses_next_to_nothing(layout, k):
    # Below k p = 1e-3 or so the float Jacobian is a series, above it a quotient.
    population = Population.from_rankings([[*"ab"], [*"ba"]], [2, 1])
    for scale in ("1/2", "9/10", "11/10", "2"):
        p = F(scale) / (1000 * (k + 1))
        J = FloatGame.of(population, k).jacobian(np.array([float(p), float(1 - p)]))
        expected = exact_jacobian(population, (p, 1 - p), k)
        np.testing.assert_allclose(J, [[float(v) for v in row] for row in expected], rtol=2e-12)


def test_large_k_keeps_the_accuracy_of_doubles():
    # A mass above of 1e-6 and k = 1e4: (1 - 1e-6)^1e4 needs log1p.
    population = Population.from_rankings([["a", "b"], ["b", "a"]])
    pi = (F(1, 10**6), 1 - F(1, 10**6))
    U = FloatGame.of(population, 10**4).utilities(np.array([float(m) for m in pi]))
    exact = near(population, [int(m * 2**900) for m in pi], 900, 10**4, 2000)
    np.testing.assert_allclose(U, exact, rtol=1e-14)


@given(games(), st.data())
@settings(deadline=None, max_examples=60)
def test_responses_that_nobody_plays_do_not_matter_to_the_others(layout, game, data):
    population, k, _ = game
    some = data.draw(st.sets(st.integers(0, population.n - 1), min_size=1))
    chosen = np.array(sorted(some))
    part = np.array([float(m) for m in data.draw(distributions(len(chosen)))])
    whole = np.zeros(population.n)
    whole[chosen] = part
    everything = FloatGame.of(population, k)
    few = everything.restricted(chosen)
    assert (few.n, few.users) == (len(chosen), len(population.users))
    np.testing.assert_allclose(few.utilities(part), everything.utilities(whole)[chosen])
    square = everything.jacobian(whole)[np.ix_(chosen, chosen)]
    np.testing.assert_allclose(few.jacobian(part), square)


@given(games())
@settings(deadline=None, max_examples=60)
def test_indifferent_users_only_scale_the_rest(game):
    population, k, pi = game
    point = np.array([float(mass) for mass in pi])
    whole = FloatGame.of(population, k)
    told = whole.of_opinions()
    shares = [
        user.weight for user in population.users if len(user.ranking) > 1 or population.n == 1
    ]
    share = float(sum(shares, F(0)) / sum(user.weight for user in population.users)) or 1.0
    expected = 1 + share * (told.utilities(point) - 1)
    np.testing.assert_allclose(whole.utilities(point), expected, rtol=1e-9, atol=1e-12)


def test_a_user_with_an_opinion_is_not_drowned_by_one_without():
    rankings = [[["a", "b", "c"]], ["b", "a", "c"]]
    population = Population.from_rankings(rankings, [10**40, 1])
    told = FloatGame.of(population, 3).of_opinions()
    assert told.users == 1
    assert told.weights == [1.0]
    indifferent = FloatGame.of(Population.from_rankings([[["a", "b"]]]), 3)
    assert indifferent.of_opinions().users == 1


# --- in high precision ------------------------------------------------------------------------


@given(games(max_k=12), st.integers(3, 200), st.integers(0, 300), st.booleans())
@settings(deadline=None, max_examples=120)
def test_integers_enclose_exact_utilities_at_any_precision(game, bits, more, merged):
    population, k, pi = game
    masses = [int(mass * 2**bits) for mass in pi]  # cut off: they need not sum to one
    few = FEW_RESPONSES if merged else 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(precise_game, "FEW_RESPONSES", few)
        U, error = PreciseGame(population, k).utilities(masses, bits, bits + more)
    expected = exact_utilities(population, [F(mass, 2**bits) for mass in masses], k)
    assert len(U) == population.n
    for value, number in zip(U, expected, strict=True):
        assert abs(value - number * 2 ** (bits + more)) <= error


@given(games(max_k=3, max_responses=4))
@settings(deadline=None, max_examples=40)
def test_integers_enclose_the_definition(game):
    population, k, pi = game
    masses = [int(mass * 2**64) for mass in pi]
    masses[max(range(len(masses)), key=masses.__getitem__)] += 2**64 - sum(masses)
    U, error = PreciseGame(population, k).utilities(masses, 64, 300)
    exact = [F(mass, 2**64) for mass in masses]
    assert error < 2**235
    for y, value in enumerate(U):
        number = (k + 1) * naive_oracle.u(population, exact, k, y)
        assert abs(value - number * 2**300) <= error


@pytest.mark.parametrize("few", [0, FEW_RESPONSES])
@pytest.mark.parametrize("k", [2, 50, 500, 10**4])
def test_classes_that_hardly_count_are_within_the_error(monkeypatch, k, few):
    monkeypatch.setattr(precise_game, "FEW_RESPONSES", few)
    population = Population.from_rankings(
        [[*"abcde"], [*"edcba"], [*"cabde"], [["b", "d"], "a", ["c", "e"]]], [1, 2, 3, 4]
    )
    masses = [2**61, 2**60, 2**62 + 1, 0, 0]
    masses[4] = 2**64 - sum(masses[:4])
    exact = exact_utilities(population, [F(mass, 2**64) for mass in masses], k) if k < 100 else None
    finer, small = PreciseGame(population, k).utilities(masses, 64, 4000)
    U, error = PreciseGame(population, k).utilities(masses, 64, 100)
    for y, (value, fine) in enumerate(zip(U, finer, strict=True)):
        assert abs((value << 3900) - fine) <= (error << 3900) + small
        assert exact is None or abs(fine - exact[y] * 2**4000) <= small


def test_a_small_class_mass_costs_its_own_bits_and_no_more():
    population = Population.from_rankings([["a", "b"], ["b", "a"]])
    _, error = PreciseGame(population, 7).utilities([1, 2**200 - 1], 200, 600)
    assert error < 2**250


@given(games(max_k=12))
@settings(deadline=None, max_examples=40)
def test_precise_jacobian(game):
    population, k, pi = game
    masses = [int(mass * 2**300) for mass in pi]
    played = [y for y, mass in enumerate(masses) if mass]
    columns = sorted({*played, population.n - 1})
    with ctx.workprec(1200):
        J = precise_jacobian(population, masses, 300, k, columns)
    exact = exact_jacobian(population, [F(mass, 2**300) for mass in masses], k)
    for row, i in zip(J, columns, strict=True):
        for value, j in zip(row, columns, strict=True):
            assert abs(rational(value.mid()) - exact[i][j]) < F(1, 10**80)


def test_precise_jacobian_at_a_mass_below_its_precision():
    # b's mass of 2^-190 counts as zero at 400 bits, where its limit is as good as 2^-180.
    population = Population.from_rankings([["a", "b", "c"], ["c", "b", "a"], ["b", "a", "c"]])
    masses = [2**199, 2**10, 2**199 - 2**10]
    with ctx.workprec(400):
        J = precise_jacobian(population, masses, 200, 5, [0, 1, 2])
    exact = exact_jacobian(population, [F(mass, 2**200) for mass in masses], 5)
    for row, expected in zip(J, exact, strict=True):
        for value, number in zip(row, expected, strict=True):
            assert abs(float(value.mid()) - float(number)) < 1e-14


def test_large_populations_agree_in_floats_and_in_high_precision(layout):
    dice = random.Random(3)
    rankings = [dice.sample("abcdefgh", 8) for _ in range(60)]
    population = Population.from_rankings(rankings, [dice.randint(1, 9) for _ in rankings])
    for k in (2, 50, 10**4):
        pi = np.random.default_rng(k).dirichlet(np.ones(8))
        masses = [int(F(float(mass)) * 2**80) for mass in pi]
        masses[0] -= max(0, sum(masses) - 2**80)
        with ctx.workprec(400):
            J = precise_jacobian(population, masses, 80, k, range(8))
        game = FloatGame.of(population, k)
        exact = near(population, masses, 80, k, 400)
        np.testing.assert_allclose(game.utilities(pi), exact, rtol=1e-11 * k, atol=1e-80)
        np.testing.assert_allclose(
            game.jacobian(pi), [[float(v.mid()) for v in row] for row in J], rtol=1e-9 * k
        )
