"""Clones, ties, and responses that are just or hardly in the support."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from acceptance import assert_accepted
from equilibria import F, evidence, from_classes, located
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import populations
from ualign.exact.class_space import face_identity
from ualign.model.policies import ProductPolicy
from ualign.model.population import Population

WITH_CLONES = {
    "adjacent, strict": [(3, "abcd"), (2, "bcad"), (2, "dbca")],
    "two pairs": [(3, "abcd"), (2, "cdab"), (1, "abdc")],
}


@pytest.mark.parametrize("name", WITH_CLONES)
@pytest.mark.parametrize("k", [2, 5, 40])
def test_adjacent_clones(name, k):
    weights, users = zip(*WITH_CLONES[name], strict=True)
    located(Population.from_rankings(map(list, users), weights, responses=[*"abcd"]), k)


@pytest.mark.parametrize("k", [2, 5, 40])
def test_tied_clones_share_one_mass(k):
    together = [[["a", "x"], "b", "c"], ["b", "c", ["a", "x"]], ["c", ["x", "a"], "b"]]
    found = located(Population.from_rankings(together, [3, 2, 2]), k)
    alone = located(Population.from_rankings([[*"abc"], [*"bca"], [*"cab"]], [3, 2, 2]), k)
    a, x, b, c = (float(mass) for mass in found.policy.masses)
    np.testing.assert_allclose([a + x, b, c], [float(m) for m in alone.policy.masses], atol=1e-25)
    assert 0 in (a, x)  # purified: the classes tell the support apart


@pytest.mark.parametrize("k", [2, 3, 10, 60])
def test_mirror_clones_are_bounded_by_an_identity(k):
    # In every pair of users x and a swap places, so U_x = U_a wherever neither is played with both.
    users = []
    for w, order in ((3, "abc"), (2, "bca"), (2, "cab")):
        users += [(w, order.replace("a", "ax")), (w, order.replace("a", "xa"))]
    weights, orders = zip(*users, strict=True)
    located(Population.from_rankings(map(list, orders), weights, responses=[*"abcx"]), k)


@pytest.mark.parametrize("k", [3, 4, 9])
def test_a_group_of_weight_one_in_k_plus_one_above_everything(k):
    # Whoever of the others is played, y beats all of them for 1/(k+1) of the users: U_y = 1.
    users = []
    for w, order in ((3, "abc"), (2, "bca"), (2, "cab")):
        users += [(w * k, order + "y"), (w, "y" + order)]
    weights, orders = zip(*users, strict=True)
    found = located(Population.from_rankings(map(list, orders), weights, responses=[*"abcy"]), k)
    assert found.policy.masses[3] == 0
    assert found.enclosure is not None
    assert found.enclosure.delta > 0
    assert found.enclosure.boundary == {3: {}}


def test_identities_on_a_face():
    users = [(1, [[0], [1], [2]]), (1, [[1], [0], [2]]), (1, [[2], [0], [1]]), (1, [[2], [1], [0]])]
    population = from_classes(3, users)
    assert face_identity(population, 1, (0,), 1) == {}  # half of the users: U_b = (k + 1) / 2 = 1
    assert face_identity(population, 2, (0,), 1) is None  # 3/2
    assert face_identity(population, 1, (0, 1), 2) == {}
    assert face_identity(population, 2, (0, 1), 2) is None
    tied = from_classes(3, [(1, [[0, 1], [2]]), (2, [[2], [0, 1]])])
    assert face_identity(tied, 5, (0, 2), 1) == {0: 1}


@given(populations(max_responses=4, max_users=4), st.integers(2, 5), st.data())
@settings(deadline=None, max_examples=60)
def test_identities_hold_throughout_the_face(population, k, data):
    n = population.n
    support = sorted(data.draw(st.sets(st.integers(0, n - 1), min_size=1)))
    masses = [0] * n
    for y in support:
        masses[y] = data.draw(st.integers(1, 9))
    pi = ProductPolicy(tuple(F(mass, sum(masses)) for mass in masses))
    U = [(k + 1) * (1 - rate) for rate in rates(population, pi, k)]
    for y in set(range(n)) - set(support):
        identity = face_identity(population, k, support, y)
        if identity is not None:
            excess = U[y] - 1 - sum(m * (U[z] - 1) for z, m in identity.items())
            assert excess <= 0


def rates(population: Population, pi: ProductPolicy, k: int) -> list[Fraction]:
    from ualign.model.win_rates import win_rates

    return win_rates(population, pi, [(y,) for y in range(population.n)], k=k)


@pytest.mark.parametrize(("k", "l"), [(2, 1), (2, 3), (3, 2), (5, 6), (100, 3)])
def test_p7_populations_are_degenerate_and_exact(k, l):
    # For each of y_1..y_l a 1/(k+1) share ranks y_j above z; the point mass on z has U = 1 for all.
    users = [(1, [[j], [0], [y for y in range(1, l + 1) if y != j]]) for j in range(1, l + 1)]
    rest = k + 1 - l
    users += [(rest, [[0], list(range(1, l + 1))])] if rest else []
    users = [(w, [tied for tied in ranking if tied]) for w, ranking in users]
    population = from_classes(l + 1, users)
    found = located(population, k)
    assert found.gap == 0
    assert found.policy == ProductPolicy.point_mass(l + 1, 0)


def test_a_coincidence_is_not_certified_and_says_so():
    # U_c = U_a at the equilibrium, by an identity that uses sum pi = 1; its masses are irrational.
    users = [
        (1, [[1, 3], [0, 2]]),
        (1, [[0], [2], [1], [3]]),
        (1, [[3], [1], [0, 2]]),
        (1, [[0, 2, 3], [1]]),
        (1, [[0], [3], [1], [2]]),
        (1, [[2], [1, 3], [0]]),
        (1, [[1], [0, 2], [3]]),
        (1, [[0, 1, 2, 3]]),
    ]
    found, case = evidence(from_classes(4, users), 2)
    assert found.enclosure is None
    assert "'c'" in found.reason
    assert found.gap <= F(1, 2**100)
    assert_accepted([case])  # the guarantee and the uniqueness


BARELY_BETTER = Population.from_rankings(  # a and b differ for those alone who put them last
    [[["a", "b"], "c", "d"], ["c", "a", "b", "d"], ["d", "c", "b", "a"]], [5, 3, 2]
)


@pytest.mark.parametrize(("k", "bits"), [(100, 100), (1000, 1600), (4000, 6400)])
def test_a_tie_that_takes_thousands_of_bits(k, bits):
    found = located(BARELY_BETTER, k)
    assert found.enclosure is not None
    assert found.enclosure.delta == F(1, 2**bits)
    assert found.policy.masses[1] == 0


def test_a_tie_that_takes_too_many_bits_is_honest():
    found, case = evidence(BARELY_BETTER, 10**5)
    assert found.enclosure is None
    assert found.reason == "'b', off the support, is too close to U = 1 to tell"
    assert found.gap <= F(1, 2**100)
    assert_accepted([case])
