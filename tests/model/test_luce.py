"""Users who pick by chance: win rates against counting every tuple, and what carries over (E18)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations_with_replacement

import pytest
from ualign.certificates.document import population_json, population_of
from ualign.errors import InputError
from ualign.exact.luce_game import find_luce_equilibrium, find_luce_optimum
from ualign.model.luce import LucePopulation, luce_payoffs, luce_rates, luce_worst_case
from ualign.model.policies import JointPolicy, MixturePolicy, Policy, ProductPolicy
from ualign.model.rates import best_rate, joint_cap, joint_rate, union_rate

from proofs_checks import definition
from proofs_checks.choice_laws import luce_laws

F = Fraction
Case = tuple[random.Random, LucePopulation, int]


def cases(count: int = 220) -> Iterator[Case]:
    """A source of randomness, one to three users with strengths up to 4, and k."""
    rng = random.Random(18)
    for number in range(count):
        names = "abc"[: rng.randint(1, 3)]
        users = [
            (F(rng.randint(1, 4)), {name: rng.randint(1, 4) for name in names})
            for _ in range(rng.randint(1, 3))
        ]
        yield rng, LucePopulation.from_strengths(names, users), 1 + number % 3


def mass(rng: random.Random, n: int) -> ProductPolicy:
    whole = [rng.randint(0, 3) for _ in range(n)]
    whole[rng.randrange(n)] += 1
    return ProductPolicy(tuple(F(part, sum(whole)) for part in whole))


def by_definition(population: LucePopulation, policy: Policy, k: int, T: tuple[int, ...]) -> F:
    """Every tuple enumerated, each user picking in proportion to strengths."""
    users = [(u.weight / population.total, u.strengths) for u in population.users]
    parts = policy.parts if isinstance(policy, MixturePolicy) else [(F(1), policy)]
    won = F(0)
    for share, part in parts:
        if isinstance(part, JointPolicy):
            shown = [(chance, outputs) for outputs, chance in part.tuples]
        else:
            shown = definition.draws(part.masses, k)
        for weight, law in luce_laws(users):
            for chance, outputs in shown:
                won += share * weight * chance * sum(law((*outputs, *T))[: len(outputs)], F(0))
    return won


def test_win_rates_by_the_definition() -> None:
    """Product, joint and mixed policies against single responses and pairs, on 220 populations."""
    for rng, population, k in cases():
        n = population.n
        rows = list(combinations_with_replacement(range(n), k))
        policies: list[Policy] = [
            mass(rng, n),
            MixturePolicy(((F(1, 3), mass(rng, n)), (F(2, 3), mass(rng, n)))),
            JointPolicy(k, ((rows[0], F(1, 4)), (rows[-1], F(3, 4))))
            if len(rows) > 1
            else JointPolicy.deterministic(rows[0]),
        ]
        opponents = [(rng.randrange(n),), tuple(sorted(rng.choices(range(n), k=2)))]
        for policy in policies:
            rates = luce_rates(population, policy, opponents, k=k)
            assert rates == [by_definition(population, policy, k, T) for T in opponents]


def test_what_carries_over() -> None:
    """P1 (the average of u is 1/(k+1), and no product policy wins more), P7 at the best policy that
    is found, E4's rates against one output and two, E19's cap: exactly, on each population."""
    exact = 0
    for rng, population, k in cases(90):
        n, everything = population.n, [(y,) for y in range(population.n)]
        for policy in (mass(rng, n), mass(rng, n)):
            rates = luce_rates(population, policy, everything, k=k)
            assert sum((m * r for m, r in zip(policy.masses, rates, strict=True)), F(0)) == (
                best_rate(k)
            )
            assert min(rates) <= best_rate(k)
        found = find_luce_equilibrium(population, k)
        assert 0 <= found.gap <= F(1, 2**20)
        exact += found.gap == 0
        pairs = luce_worst_case(population, found.policy, k=k, l=2).value
        assert pairs >= union_rate(2, k) - 2 * found.gap
        best = find_luce_optimum(population, k)
        assert best_rate(k) <= best.value <= joint_cap(k)
        assert luce_worst_case(population, best.policy, k=k).value == best.value
        two = find_luce_optimum(population, k, 2)
        assert two.value >= joint_rate(2, k)
    assert 20 < exact < 90


def test_the_payoffs_are_win_rates() -> None:
    population = LucePopulation.from_strengths("ab", [(1, {"a": 3, "b": 1}), (2, {"a": 1, "b": 1})])
    table = luce_payoffs(population, 2, 1)
    assert table.rows == [(0, 0), (0, 1), (1, 1)]
    for S, row in zip(table.rows, table.matrix, strict=True):
        rates = luce_rates(population, JointPolicy.deterministic(S), table.columns)
        assert [F(entry, table.scale) for entry in row] == rates
    # b against (a, a): 1/7 and 1/3
    assert rates[0] == 1 - F(1, 3) * F(3, 5) - F(2, 3) * F(1, 3)


def test_copies_have_scores_of_their_own() -> None:
    """b against (a, a) of equal strengths is picked with the chance 1/3, not 1/2."""
    even = LucePopulation.from_strengths("ab", [(1, {"a": 5, "b": 5})])
    assert luce_rates(even, ProductPolicy.point_mass(2, 0), [(1,)], k=2) == [F(2, 3)]


def test_files_hold_strengths_and_give_them_back() -> None:
    for _, population, _ in cases(30):
        written = population_json(population)
        assert population_of(written) == population
        assert all(set(user) == {"weight", "luce"} for user in written["users"])


@pytest.mark.parametrize(
    ("users", "message"),
    [
        ([(1, {"a": 1})], "'b' is not a response with a strength"),
        ([(1, {"a": 1, "b": 1, "c": 1})], "'c' is not a response with a strength"),
        ([(1, {"a": 0, "b": 1})], "the strength of 'a': expected a whole number from 1"),
        ([(1, {"a": 1.5, "b": 1})], "the strength of 'a'"),
        ([(1, {"a": True, "b": 1})], "the strength of 'a'"),
        ([(1, {"a": 10**5, "b": 1})], "the strength of 'a'"),
        ([(1, {"a": 1, "b": 1}), (0, {"a": 1, "b": 1})], "user 2: weight 0 is not positive"),
        ([], "at least one response and one user"),
    ],
)
def test_bad_users_are_refused(users: list[tuple[int, dict[str, int]]], message: str) -> None:
    with pytest.raises(InputError, match=message):
        LucePopulation.from_strengths("ab", users)


def test_names_are_distinct() -> None:
    with pytest.raises(InputError, match="occurs twice"):
        LucePopulation.from_strengths("aa", [(1, {"a": 1})])
