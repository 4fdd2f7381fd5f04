"""E19: the optimum and its two ends, against the definition on hundreds of small cases."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations_with_replacement
from pathlib import Path

import naive_oracle
import pytest
from acceptance import assert_accepted, verdicts
from ualign import theorems
from ualign.certificates.claims import claim_joint_optimum, claim_slate_optimum
from ualign.certificates.findings import Finding
from ualign.constructions import common_favourite, condorcet_cycles, distinct_favourites
from ualign.counterexamples.conjectures.picks import shifts
from ualign.counterexamples.conjectures.slates import TEN, residues
from ualign.exact.instance import Instance
from ualign.exact.slates import best_slate
from ualign.model.population import Population
from ualign.model.rates import best_rate, joint_cap
from ualign.model.solutions import BeyondLimitError
from ualign.theorems import e19_joint_cap

from proofs_checks import definition

F = Fraction


def found(population: Population, k: int, **options: int) -> Finding:
    return e19_joint_cap.certify(Instance(population, **options), k)[0]


def cases() -> Iterator[tuple[Population, int]]:
    """210 populations of one to three responses and users, ties among them, with a k each."""
    rng = random.Random(19)
    for number in range(210):
        n = rng.randint(1, 3)
        users = []
        for _ in range(rng.randint(1, 3)):
            classes: list[list[int]] = [[] for _ in range(n)]
            for y in range(n):
                classes[rng.randrange(n)].append(y)
            users.append((F(rng.choice([1, 1, 2])), classes))
        yield Population.from_indexed("abc"[:n], users), 1 + number % 3


def test_the_optimum_by_the_definition() -> None:
    """The policy wins the value against every response, the mixture of opponents holds every tuple
    to it, and it is between the ends; all by counting positions."""
    at_an_end = {"lower": 0, "upper": 0}
    for population, k in cases():
        finding, best = found(population, k), Instance(population).joint_optimum(k)
        assert best_rate(k) <= best.value <= joint_cap(k)
        assert (finding.relation, finding.value) == ("=", best.value)
        assert naive_oracle.worst_case(population, best.policy)[0] == best.value
        users = naive_oracle.users_of(population)
        rivals = [(chance, opponent) for opponent, chance in best.opponents]
        for S in combinations_with_replacement(range(population.n), k):
            assert definition.win_rate(users, [(F(1), S)], rivals) <= best.value
        for end, value in (("lower", best_rate(k)), ("upper", joint_cap(k))):
            assert (f"the {end} end" in finding.note) == (best.value == value)
            at_an_end[end] += k > 1 and best.value == value
    assert min(at_an_end.values()) >= 2


@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_both_ends_are_attained(k: int) -> None:
    """One user with a single best response; k users with k favourites."""
    low, high = found(common_favourite(3), k), found(distinct_favourites(k), k)
    assert (low.value, high.value) == (F(k, k + 1), 1 - F(1, 2 * k))
    assert "the lower end" in low.note
    assert "the upper end" in high.note
    assert_accepted(
        [(common_favourite(3), low.certificates), (distinct_favourites(k), high.certificates)]
    )


def test_more_than_the_cap_is_refused_by_the_checker() -> None:
    """The policy does not attain more, and the cap is not less."""
    population = distinct_favourites(3)
    attained, capped = claim_joint_optimum(population, Instance(population).joint_optimum(3))
    assert attained.claim["bound"] == capped.claim["bound"] == "5/6"
    attained.claim["bound"], capped.claim["bound"] = "6/7", "4/5"
    (refused,) = verdicts([(population, [attained, capped])])
    assert [verdict.verdict for verdict in refused] == ["REJECTED", "REJECTED"]


def test_beyond_the_joint_limit_it_says_so() -> None:
    finding = found(distinct_favourites(3), 3, joint_limit=5)
    assert (str(finding.grade), finding.certificates) == ("not computed", ())


# --- deterministic slates ---------------------------------------------------------------------


def test_the_best_slate_by_the_definition() -> None:
    """The most that a multiset wins against its worst response, by counting positions."""
    for number, (population, k) in enumerate(cases()):
        if number % 3 == 0:
            continue
        users, everything = naive_oracle.users_of(population), range(population.n)
        worst = {
            S: min(definition.win_rate(users, [(F(1), S)], [(F(1), (y,))]) for y in everything)
            for S in combinations_with_replacement(everything, k)
        }
        best = best_slate(population, k)
        assert best.value == max(worst.values()) == worst[best.slate]
        assert {slate: least for slate, _, least in best.held} == worst


@pytest.mark.parametrize(("k", "N"), [(1, 2), (1, 5), (2, 2), (2, 3), (2, 5), (3, 2), (3, 3)])
def test_groups_of_cycles_cost_about_one_output(k: int, N: int) -> None:
    best = best_slate(condorcet_cycles(k, N), k)
    assert best.value == 1 - F(N - 1, k * N)
    assert len({condorcet_cycles(k, N).responses[y][0] for y in best.slate}) == k


def test_the_best_slate_is_certified() -> None:
    """One claim a slate; that it wins more, or that another is held to less, is refused."""
    population = condorcet_cycles(2, 2)
    _, slate = e19_joint_cap.certify(Instance(population), 2)
    assert (slate.relation, slate.value, len(slate.certificates)) == ("=", F(3, 4), 10)
    assert slate.note == "always 'a1', 'b1'"
    assert_accepted([(population, slate.certificates)])
    attained, other, *_ = claim_slate_optimum(population, best_slate(population, 2))
    attained.claim["bound"], other.claim["bound"] = "4/5", "1/8"
    (refused,) = verdicts([(population, [attained, other])])
    assert [verdict.verdict for verdict in refused] == ["REJECTED", "REJECTED"]


def test_many_slates_are_not_claimed() -> None:
    assert len(e19_joint_cap.certify(Instance(condorcet_cycles(2, 3)), 2)) == 1
    with pytest.raises(BeyondLimitError, match="1001 slates exceed the limit of 1000"):
        best_slate(distinct_favourites(5), 10)


def test_the_numbers_of_the_table() -> None:
    """README.md says what determinism costs on these populations."""
    text = Path(theorems.__file__).with_name("README.md").read_text(encoding="utf-8")
    for population, k, number in ((residues(), 2, "10/21"), (shifts(TEN), 3, "3/5")):
        assert best_slate(population, k).value == F(number) < 1 - F(1, k)
        assert f"{number} at k = {k}" in text
