"""Equilibria as the tests look at them: found, certified, honest."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction

from acceptance import Case, assert_accepted
from hypothesis import strategies as st
from ualign.exact.instance import Instance
from ualign.model.population import Population
from ualign.model.solutions import Equilibrium
from ualign.model.win_rates import worst_case
from ualign.theorems import e2_uniqueness, p1_guarantee, p2_existence

F = Fraction

ROCK_PAPER_SCISSORS = Population.from_rankings([["a", "b", "c"], ["b", "c", "a"], ["c", "a", "b"]])
KS = st.sampled_from([2, 3, 4, 5, 8, 20, 100, 1000, 5000])


def evidence(population: Population, k: int, bits: int = 100) -> tuple[Equilibrium, Case]:
    """The equilibrium with all certificates that rest on it; the claims are those of `certify`."""
    instance = Instance(population, bits=bits)
    theorems = (p1_guarantee, p2_existence, e2_uniqueness)
    found = [finding for theorem in theorems for finding in theorem.certify(instance, k)]
    assert len(found) == len(theorems)
    certificates = [c for finding in found for c in finding.certificates]
    equilibrium = instance.equilibrium(k)
    assert_honest(population, equilibrium)
    guarantee, existence = found[:2]
    assert (str(existence.grade) == "not certified") == (equilibrium.enclosure is None)
    assert guarantee.certificates
    return equilibrium, (population, certificates)


def assert_honest(population: Population, found: Equilibrium) -> None:
    """What can be said without the checker: the gap is a true bound, an omission has a reason."""
    rate = F(found.k, found.k + 1)
    assert sum(found.policy.masses) == 1
    assert found.gap >= 0
    bits = found.k * max(mass.denominator.bit_length() for mass in found.policy.masses)
    if bits * len(population.users) * population.n < 2_000_000:
        assert worst_case(population, found.policy, k=found.k).value >= rate - found.gap
    if found.enclosure is None:
        assert found.reason
        assert found.gap > 0
    else:
        assert not found.reason
        assert 0 <= found.enclosure.delta <= F(1, 2**96)
        assert found.gap <= F(1, 2**96)
        assert (found.enclosure.delta == 0) == (found.gap == 0)


def class_masses(population: Population, pi: Sequence[float]) -> list[float]:
    return [float(sum(pi[y] for y in tied)) for u in population.users for tied in u.ranking]


def located(population: Population, k: int) -> Equilibrium:
    """The equilibrium, which has to be enclosed, and whose certificates have to be accepted."""
    found, case = evidence(population, k)
    assert found.enclosure is not None, found.reason
    assert_accepted([case])
    return found


def from_classes(n: int, users: Sequence[tuple[int, Sequence[Sequence[int]]]]) -> Population:
    return Population.from_indexed("abcdefghijkl"[:n], [(F(w), r) for w, r in users])


def random_population(seed: int, n: int, m: int, ties: float = 0.0) -> Population:
    dice = random.Random(seed)
    users = []
    for _ in range(m):
        order = dice.sample(range(n), n)
        ranking = [[order[0]]]
        for y in order[1:]:
            if dice.random() < ties:
                ranking[-1].append(y)
            else:
                ranking.append([y])
        users.append((F(dice.randint(1, 9)), ranking))
    return Population.from_indexed([f"r{y}" for y in range(n)], users)
