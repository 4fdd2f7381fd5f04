"""What theorems find where the numbers are known, limits among them."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import naive_oracle
import pytest
from asking import EVEN_SPLIT, F, assert_proved, found, named, rate
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import populations
from ualign.constructions import (
    borda_trap,
    common_favourite,
    distinct_favourites,
    dominant,
    plurality_versus_condorcet,
    random_dictatorship_trap,
    slim_majority,
    tight_opponents,
    uniform_rankings,
    weak_order_converse,
)
from ualign.exact.instance import Instance
from ualign.exact.methods import METHODS, limit
from ualign.model.policies import ProductPolicy
from ualign.model.population import Population
from ualign.model.uniform_rankings import UniformRankings
from ualign.model.win_rates import worst_case
from ualign.runs.certify import Options, certify_prompt
from ualign.theorems import tasks_by_orbits

Golden = tuple[Callable[[], Population], int, str, str, str]

GOLDEN: list[Golden] = [
    # All rankings of n responses: the optimum by linear program (P3, E6).
    (lambda: uniform_rankings(3), 2, "P3", "rate-uniform", "13/18"),
    (lambda: uniform_rankings(4), 3, "P3", "rate-uniform", "13/16"),
    (lambda: uniform_rankings(2), 3, "P3", "rate-uniform", "19/24"),
    (lambda: uniform_rankings(4), 3, "P3", "rate-win", "15/16"),
    (lambda: uniform_rankings(3), 2, "E4", "joint-optimum", "13/18"),
    (lambda: uniform_rankings(4), 3, "E6", "joint-win", "15/16"),
    # l users with l favourites attain the rates against l outputs (E4, E5).
    (lambda: distinct_favourites(2), 3, "E4", "joint-optimum-l2", "7/12"),
    (lambda: distinct_favourites(3), 4, "E4", "joint-optimum-l3", "5/9"),
    (lambda: distinct_favourites(2), 2, "E5", "product-optimum-l2", "5/12"),
    (lambda: distinct_favourites(2), 3, "E5", "product-optimum-l2", "17/32"),
    (lambda: distinct_favourites(3), 3, "E5", "product-optimum-l3", "43/108"),
    # The union bound is tight (P7).
    (lambda: tight_opponents(2, 2), 2, "P7", "guarantee-l2", "1/3"),
    (lambda: tight_opponents(3, 3), 3, "P7", "guarantee-l3", "1/4"),
    (lambda: tight_opponents(4, 3), 4, "P7", "guarantee-l3", "2/5"),
    # The average of alternating point masses wins more than their mixture (E3).
    (lambda: EVEN_SPLIT, 2, "E3", "fictitious-play-average", "2/3"),
    (lambda: EVEN_SPLIT, 2, "E3", "fictitious-play-mixture", "7/12"),
    # Weak orders: a point mass is an equilibrium, and yet there is more (E7).
    (weak_order_converse, 2, "E7", "all-there-is", "3/4"),
    # One favourite: without ties that count, no guarantee (E6).
    (lambda: common_favourite(3), 2, "E6", "joint-half", "1/2"),
    (lambda: common_favourite(3), 2, "E6", "joint-lose", "0"),
    # k users with k favourites attain E19's cap, one best response its other end.
    (lambda: distinct_favourites(2), 2, "E19", "joint-cap", "3/4"),
    (lambda: distinct_favourites(3), 3, "E19", "joint-cap", "5/6"),
    (lambda: common_favourite(3), 3, "E19", "joint-cap", "3/4"),
    (lambda: uniform_rankings(3), 2, "E19", "joint-cap", "13/18"),
    # Random dictatorship against a common second choice (E9).
    (lambda: random_dictatorship_trap(5), 2, "E9", "random-dictatorship", "9/25"),
    (lambda: random_dictatorship_trap(5), 3, "E9", "random-dictatorship", "61/125"),
]


BEYOND_FLOATS = 10**400
"""Weights that no float holds, and differences that none would see."""


@pytest.mark.parametrize(
    "weights",
    [
        [BEYOND_FLOATS + 1, BEYOND_FLOATS, BEYOND_FLOATS + 3],
        [F(BEYOND_FLOATS + 69, 10 * BEYOND_FLOATS + 7), 1, F(1, BEYOND_FLOATS + 69)],
    ],
    ids=["large", "unlike"],
)
def test_weights_beyond_floats(tmp_path: Path, weights: list[Fraction | int]) -> None:
    """All theorems hold, although the lottery of one game is nearly the equilibrium of another."""
    population = Population.from_rankings([[*"abc"], [*"bca"], [*"cab"]], weights)
    said = certify_prompt("weights", population, [1, 2], tmp_path, Options())
    assert not [e for e in said if e.broken]
    accepted = {e.finding.theorem for e in said if e.certified}
    assert accepted > {"P1", "P2", "P6", "E3", "E4", "E5", "E12", "E14", "E15", "E17", "E20"}


@pytest.mark.parametrize(
    ("build", "k", "theorem", "what", "number"),
    GOLDEN,
    ids=[f"{theorem}-{what}-{number}-{k}" for _, k, theorem, what, number in GOLDEN],
)
def test_golden_numbers(
    build: Callable[[], Population], k: int, theorem: str, what: str, number: str
) -> None:
    population = build()
    finding = named(found(population, k, theorem, opponents=(2, 3)), what)
    assert (finding.relation, finding.value) == ("=", F(number))
    assert_proved(population, finding)


@pytest.mark.parametrize("n", range(3, 9))
def test_a_borda_winner_may_win_as_little_as_one_in_n(n: int) -> None:
    """E9: sampling it k times does not help."""
    population = borda_trap(n)
    for k in (1, 2, 7):
        finding = named(found(population, k, "E9"), "rlhf-borda")
        assert (finding.relation, finding.value) == ("=", F(1, n))
        assert finding.note.endswith("capped by 'y'")
        assert_proved(population, finding)


@pytest.mark.parametrize("eps", [F(1, 10), F(1, 100), F(3, 7), F(1, 10**12)])
def test_a_slim_majority_holds_nlhf_down(eps: Fraction) -> None:
    """P4: 1/2 + eps from the first k with k/(k+1) >= 1/2 + eps on, and never more."""
    population, share = slim_majority(eps), F(1, 2) + eps
    at = {k: named(found(population, k, "P4"), "nlhf") for k in range(1, 31)}
    for k, finding in at.items():
        assert (finding.relation, finding.value) == ("=", min(rate(k), share))
        assert (finding.value == share) == (rate(k) >= share)
    (ceiling,) = found(population, None, "P4")
    assert (ceiling.relation, ceiling.value, str(ceiling.grade)) == ("<=", share, "for all k")
    later = min(k for k in range(1, 31) if rate(k) > share)
    assert f"an equilibrium guarantees more from k = {later} on" in ceiling.note
    assert_proved(population, *at.values(), ceiling)


def test_uniform_rankings_of_a_thousand_responses_by_orbits() -> None:
    """P3: the optimum over all partitions of k, next to the closed form."""
    n, population = 1000, UniformRankings(1000)
    for k in range(2, 9):
        uniform, win = [
            finding for _, ask in tasks_by_orbits(population, k, ["P3"]) for finding in ask()
        ]
        assert (uniform.what, win.what) == ("rate-uniform", "rate-win")
        assert uniform.value == rate(k) + F(k - 1, 2 * n * (k + 1))
        assert win.value == F(k * (n + 1), n * (k + 1))
        assert_proved(population, uniform, win)


@pytest.mark.parametrize("n", [1, 2, 3, 4])
@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_orbits_and_listed_rankings_agree(n: int, k: int) -> None:
    ((_, ask),) = tasks_by_orbits(UniformRankings(n), k, ["P3"])
    listed = found(uniform_rankings(n), k, "P3")
    assert [(f.what, f.value) for f in ask()] == [(f.what, f.value) for f in listed]


@given(populations(max_responses=4, max_users=5, min_responses=2, strict=True), st.integers(2, 4))
@settings(deadline=None, max_examples=40)
def test_all_there_is_for_strict_rankings(population: Population, k: int) -> None:
    """Both directions, with P(y above a) counted from the rankings."""
    total = sum(user.weight for user in population.users)
    everyone = range(population.n)

    def above(y: int, a: int) -> Fraction:
        return sum(
            (u.weight for u in population.users if u.ranking.index((y,)) < u.ranking.index((a,))),
            F(0),
        )

    fixed = any(all(above(y, a) >= rate(k) * total for a in everyone if a != y) for y in everyone)
    (finding,) = found(population, k, "E7")
    assert str(finding.grade) == ("all there is" if fixed else "more")
    assert finding.value is not None
    assert (finding.value == rate(k)) == fixed


@pytest.mark.parametrize("k", [2, 3])
def test_exactly_k_in_k_plus_one_is_enough_up_to_k_outputs(k: int) -> None:
    population = dominant(k, 2)
    kinds = {}
    for outputs in range(2, k + 2):
        (finding,) = found(population, outputs, "E7")
        kinds[outputs] = str(finding.grade)
        assert_proved(population, finding)
    assert kinds == {**dict.fromkeys(range(2, k + 1), "all there is"), k + 1: "more"}


def test_the_converse_fails_for_weak_orders() -> None:
    """E7: the point mass on y is an equilibrium, by the definition, though there is more."""
    population = weak_order_converse()
    (finding,) = found(population, 2, "E7")
    assert str(finding.grade) == "more"
    assert "'y'" in finding.note
    point = [F(int(name == "y")) for name in population.responses]
    assert {naive_oracle.u(population, point, 2, y) for y in range(3)} == {F(1, 3)}


@given(populations(max_responses=5, max_users=6), st.sampled_from([1, 7, 60, 400]))
@settings(deadline=None, max_examples=30)
def test_limits_are_what_large_k_come_to(population: Population, k: int) -> None:
    """E10, with the exact bound: with least mass m, a response that some user does not put above
    the whole support wins at most 1/((k+1) m) of her."""
    instance = Instance(population)
    for finding in found(population, None, "E10"):
        method = METHODS[finding.what.removeprefix("limit-")]
        assert finding.value is not None
        for policy in method.policies(instance, 1):
            assert isinstance(policy, ProductPolicy)
            least = min(mass for mass in policy.masses if mass)
            reached = worst_case(population, policy, k=k).value
            assert finding.value - F(1, (k + 1)) / least <= reached
        kept = limit(method, instance).policy
        assert isinstance(kept, ProductPolicy)
        assert worst_case(population, kept, k=k).value <= finding.value
        assert (str(finding.grade) == "U-aligned") == (finding.value == 1)


def test_from_the_maximal_lottery_to_random_dictatorship() -> None:
    """E8: nobody's favourite is the equilibrium up to k = n - 1; then it loses its mass."""
    population = plurality_versus_condorcet(3)
    distances = []
    for k in (1, 2, 8, 40, 200):
        (finding,) = found(population, k, "E8")
        assert (finding.relation, str(finding.grade)) == ("<=", "upper bound")
        assert_proved(population, finding)
        assert finding.value is not None
        distances.append(finding.value)
    assert distances[:2] == [2, 2]  # the point mass on c, which nobody puts first
    assert distances == sorted(distances, reverse=True)
    assert distances[-1] < F(1, 2**90)
