"""Every population of some size, once up to the names of its responses."""

from __future__ import annotations

from itertools import combinations_with_replacement, permutations
from math import comb, factorial
from typing import Any

import pytest
from ualign.counterexamples.enumeration import orbits, rankings


def weak_orders(n: int) -> int:
    """Fubini numbers, by the size of the best class."""
    return 1 if n == 0 else sum(comb(n, best) * weak_orders(n - best) for best in range(1, n + 1))


def renamed(multiset: tuple[Any, ...], names: tuple[int, ...]) -> tuple[Any, ...]:
    """A sorted multiset of rankings under new names."""
    return tuple(
        sorted(tuple(tuple(sorted(names[y] for y in t)) for t in ranking) for ranking in multiset)
    )


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_the_number_of_rankings(n: int) -> None:
    """n! strict rankings and the Fubini number of weak orders, all different."""
    for strict, count in ((True, factorial(n)), (False, weak_orders(n))):
        found = rankings(n, strict=strict)
        assert len(found) == len(set(found)) == count


@pytest.mark.parametrize(
    ("n", "users", "strict"),
    [(n, m, s) for n in (1, 2, 3) for m in (1, 2, 3) for s in (True, False)] + [(4, 2, True)],
)
def test_every_orbit_is_met_once(n: int, users: int, strict: bool) -> None:
    """The representatives and their sizes are those of brute force over all multisets."""
    every = rankings(n, strict=strict)
    sizes: dict[tuple[Any, ...], int] = {}
    for multiset in combinations_with_replacement(every, users):
        least = min(renamed(multiset, names) for names in permutations(range(n)))
        sizes[least] = sizes.get(least, 0) + 1
    met = {}
    for orbit in orbits(n, users, strict=strict):
        multiset = tuple(
            user.ranking for user in orbit.population.users for _ in range(int(user.weight))
        )
        least = min(renamed(multiset, names) for names in permutations(range(n)))
        assert least not in met
        met[least] = orbit.size
    assert met == sizes


@pytest.mark.parametrize(
    ("n", "users", "strict"), [(3, 6, True), (4, 4, True), (3, 4, False), (4, 3, False)]
)
def test_orbits_are_as_many_as_burnside_says(n: int, users: int, strict: bool) -> None:
    """The number of orbits is the average number of multisets that a renaming leaves as they are,
    which its cycles on the rankings tell; the sizes add up to all multisets."""
    every = rankings(n, strict=strict)
    fixed = 0
    for names in permutations(range(n)):
        ways = [1] + [0] * users
        unseen = set(every)
        while unseen:
            start = current = unseen.pop()
            length = 1
            while (current := renamed((current,), names)[0]) != start:
                unseen.discard(current)
                length += 1
            for total in range(length, users + 1):
                ways[total] += ways[total - length]
        fixed += ways[users]
    found = list(orbits(n, users, strict=strict))
    assert len(found) * factorial(n) == fixed
    assert sum(orbit.size for orbit in found) == comb(len(every) + users - 1, users)


def test_equal_groups_are_recognised() -> None:
    """A population whose users come twice is that of half as many."""
    repeated = [orbit.population for orbit in orbits(2, 4, strict=True) if orbit.repeated]
    assert [population.integer_weights for population in repeated] == [(4,), (2, 2)]
