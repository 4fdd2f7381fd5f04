"""Alignment methods: against the definitions, against closed forms, and against each other."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import combinations_with_replacement

import naive_oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import populations
from ualign.constructions import (
    CONSTRUCTIONS,
    borda_trap,
    built_in_suite,
    cyclic_rankings,
    indifferent,
    random_dictatorship_trap,
    slim_majority,
    unanimous,
    uniform_rankings,
    weak_order_converse,
)
from ualign.errors import InputError
from ualign.exact import methods
from ualign.exact.instance import Instance
from ualign.exact.methods import (
    METHODS,
    Guarantee,
    borda_winners,
    guarantee,
    plurality_winners,
    random_dictatorship,
)
from ualign.exact.modelling_paths import Agreement, cross_checking
from ualign.model.policies import ProductPolicy
from ualign.model.population import Population
from ualign.model.solutions import BeyondLimitError

SUITE = dict(built_in_suite())
HALF = Fraction(1, 2)


def rate(k: int) -> Fraction:
    return Fraction(k, k + 1)


def compare(
    population: Population, ks: list[int], methods: Iterable[str] = METHODS, **options: int
) -> list[Guarantee]:
    """What the methods guarantee, method by method."""
    instance = Instance(population, **options)
    return [guarantee(METHODS[name], instance, k) for k in ks for name in methods]


def worst(population: Population, method: str, k: int) -> Fraction:
    """The method's exact worst case."""
    found = guarantee(METHODS[method], Instance(population), k).worst
    assert found is not None
    return found.value


# --- against the definitions --------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_guarantees_are_worst_cases_by_definition(data: st.DataObject) -> None:
    population = data.draw(populations(max_responses=3, max_users=4))
    k = data.draw(st.integers(1, 3))
    for found in compare(population, [k]):
        assert found.worst is not None
        assert found.policy is not None
        least, first = naive_oracle.worst_case(population, found.policy, k=k)
        assert (found.worst.value, found.worst.opponent) == (least, first)


@settings(max_examples=40, deadline=None)
@given(populations(max_responses=4, max_users=4), st.integers(1, 3))
def test_the_joint_optimum_is_proved_from_the_definitions(population: Population, k: int) -> None:
    """Its policy attains the value, and its opponents hold every k-multiset to it."""
    best = Instance(population).joint_optimum(k)
    assert naive_oracle.worst_case(population, best.policy)[0] == best.value
    everything = range(population.n)
    for outputs in combinations_with_replacement(everything, k):
        average = Fraction(0)
        for opponent, mass in best.opponents:
            for user in population.users:
                share = user.weight / sum(u.weight for u in population.users)
                counts = naive_oracle.counts_for(user.ranking, outputs, opponent, "uniform")
                average += mass * share * counts
        assert average <= best.value
    assert sum(mass for _, mass in best.opponents) == 1


@settings(max_examples=60, deadline=None)
@given(populations(max_responses=5, max_users=5))
def test_scores_by_definition(population: Population) -> None:
    total = sum(user.weight for user in population.users)
    borda = dict.fromkeys(range(population.n), Fraction(0))
    firsts = dict.fromkeys(range(population.n), Fraction(0))
    for user in population.users:
        best = user.ranking[0]
        for place, tied in enumerate(user.ranking):
            below = sum(len(other) for other in user.ranking[place + 1 :])
            for y in tied:
                borda[y] += user.weight * (below + Fraction(len(tied) - 1, 2))
                firsts[y] += user.weight / total / len(best) if y in best else 0
    assert borda_winners(population) == [y for y in borda if borda[y] == max(borda.values())]
    assert plurality_winners(population) == [y for y in firsts if firsts[y] == max(firsts.values())]
    assert random_dictatorship(population).masses == tuple(firsts.values())


@settings(max_examples=40, deadline=None)
@given(populations(max_responses=4, max_users=5), st.integers(1, 6))
def test_the_equilibrium_and_the_optimum_keep_their_promises(
    population: Population, k: int
) -> None:
    """P1, P5 and E4: at least k/(k+1) - 2^-100, which no product policy exceeds; the best k-output
    policy does at least as well; NLHF wins at least 1/2."""
    found = {g.method: g.worst.value for g in compare(population, [k]) if g.worst}
    assert rate(k) - Fraction(1, 2**100) <= found["equilibrium"] <= rate(k)
    assert found["joint-optimum"] >= rate(k)
    assert HALF <= found["nlhf"] <= rate(k)
    products = [value for method, value in found.items() if method != "joint-optimum"]
    assert max(products) <= rate(k)
    if k == 1:
        assert found["equilibrium"] == found["joint-optimum"] == found["nlhf"] == HALF


# --- closed forms -------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [3, 4, 5, 6])
@pytest.mark.parametrize("k", [1, 3])
def test_borda_is_as_bad_as_one_in_n(n: int, k: int) -> None:
    """E9, over the tied winners, by name; a winner alone stays above 1/n."""
    population = borda_trap(n)
    assert [population.responses[y] for y in borda_winners(population)] == ["y", "b"]
    found = guarantee(METHODS["rlhf-borda"], Instance(population), k)
    assert found.worst is not None
    assert found.worst.value == Fraction(1, n)
    assert population.responses[found.worst.opponent[0]] == "y"
    assert found.note == "2 tied winners; the worst is 'b'"
    rest = [f"r{j}" for j in range(1, n - 1)]
    tilted = Population.from_rankings(
        [["y", "b", *rest], ["b", *rest, "y"]], [1000 * (n - 1) - 1, 1001]
    )
    assert [tilted.responses[y] for y in borda_winners(tilted)] == ["b"]
    assert worst(tilted, "rlhf-borda", k) == Fraction(1001, 1000 * n)


@pytest.mark.parametrize("n", [2, 3, 5])
@pytest.mark.parametrize("k", [1, 2, 7])
def test_random_dictatorship_misses_a_common_second_choice(n: int, k: int) -> None:
    """E9: 1 - (1 - 1/n)^k against c."""
    population = random_dictatorship_trap(n)
    c = population.responses.index("c")
    shares = random_dictatorship(population).masses
    assert shares == tuple(Fraction(int(y != c), n) for y in range(n + 1))
    found = guarantee(METHODS["random-dictatorship"], Instance(population), k).worst
    assert found is not None
    expected = 1 - (1 - Fraction(1, n)) ** k
    assert naive_oracle.win_rate(population, ProductPolicy(shares), (c,), k=min(k, 3)) == (
        1 - (1 - Fraction(1, n)) ** min(k, 3)
    )
    assert found.value == min(expected, rate(k))  # a favourite holds it to less only if n is small


@pytest.mark.parametrize("eps", [Fraction(1, 100), Fraction(1, 10), Fraction(2, 5)])
@pytest.mark.parametrize("k", [1, 2, 3, 10])
def test_nlhf_is_stuck_at_a_slim_majority(eps: Fraction, k: int) -> None:
    """P4: min(k/(k+1), 1/2 + eps)."""
    assert worst(slim_majority(eps), "nlhf", k) == min(rate(k), HALF + eps)
    assert worst(slim_majority(eps), "equilibrium", k) >= rate(k) - Fraction(1, 2**100)


@pytest.mark.parametrize(
    ("n", "k", "value"),
    [(3, 2, "13/18"), (4, 3, "13/16"), (2, 3, "19/24"), (4, 2, "17/24"), (1, 5, "5/6")],
)
def test_uniform_rankings_have_the_optimum_of_p3(n: int, k: int, value: str) -> None:
    assert worst(uniform_rankings(n), "joint-optimum", k) == Fraction(value)


def test_an_equilibrium_at_a_point_does_not_make_the_optimum_k_over_k_plus_1() -> None:
    """E7's four users with ties, k = 2."""
    population = weak_order_converse()
    assert worst(population, "joint-optimum", 2) == Fraction(3, 4)
    y = population.responses.index("y")
    assert naive_oracle.u(population, [Fraction(int(z == y)) for z in range(3)], 2, 0) == Fraction(
        1, 3
    )
    assert worst(population, "equilibrium", 2) == Fraction(2, 3)


@pytest.mark.parametrize("k", [1, 2, 5])
def test_where_all_agree_or_nobody_cares_every_reasonable_method_is_as_good(k: int) -> None:
    for g in compare(unanimous(3), [k]):
        assert g.worst is not None
        assert (g.worst.value == rate(k)) == (g.method != "uniform")
    assert {g.worst.value for g in compare(indifferent(3), [k]) if g.worst} == {rate(k)}
    assert {g.worst.value for g in compare(SUITE["one-response"], [k]) if g.worst} == {rate(k)}


def test_cycles_are_played_uniformly() -> None:
    population = cyclic_rankings(3)
    assert Instance(population).equilibrium(2).policy.masses == (Fraction(1, 3),) * 3
    assert Instance(population).lottery.policy.masses == (Fraction(1, 3),) * 3


def test_tennessee() -> None:
    """By hand: Nashville beats Memphis 58:42, Chattanooga 68:32 and Knoxville 68:32; Memphis, with
    42 first places, loses 42:58 to all."""
    population = CONSTRUCTIONS["tennessee-capital"].build()
    for k in (2, 5):
        assert (
            worst(population, "nlhf", k) == worst(population, "rlhf-borda", k) == Fraction(58, 100)
        )
        assert worst(population, "plurality", k) == Fraction(42, 100)


# --- how they are computed ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["borda-1781", "schulze-45-voters", "cloned-cycle", "uniform-rankings-n3"]
)
@pytest.mark.parametrize("k", [2, 3])
def test_both_modelling_paths_confirm_the_optimum(name: str, k: int) -> None:
    with cross_checking() as agreement:
        assert Instance(SUITE[name]).joint_optimum(k).value >= rate(k)
    assert agreement == Agreement(1, {"PuLP": 1, "CVXPY": 1})


def test_beyond_the_joint_limit_there_is_a_note_instead_of_a_value() -> None:
    population = uniform_rankings(3)
    assert Instance(population, joint_limit=6).joint_optimum(2).value == Fraction(13, 18)
    with pytest.raises(BeyondLimitError):
        Instance(population, joint_limit=5).joint_optimum(2)
    (skipped,) = compare(population, [2], methods=["joint-optimum"], joint_limit=5)
    assert skipped == Guarantee(
        *("joint-optimum", 2, None, None, "6 multisets of 2 responses exceed the joint limit of 5")
    )


def test_several_maximal_lotteries_are_noted() -> None:
    (found,) = compare(SUITE["even-split"], [2], methods=["nlhf"])
    assert found.note == "one of several maximal lotteries, of largest support"


def test_an_equilibrium_at_a_large_k_has_a_lower_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    population = Population.from_rankings([[*"bpf"], [*"fpb"], [*"pfb"]], [40, 35, 25])
    (exact,) = compare(population, [4], methods=["equilibrium"])
    assert exact.worst is not None
    assert exact.at_least is None
    monkeypatch.setattr(methods, "EQUILIBRIUM_BITS", 100)
    (bounded,) = compare(population, [4], methods=["equilibrium"])
    assert bounded.worst is None
    assert bounded.at_least == rate(4) - Fraction(1, 2**100)
    assert bounded.at_least <= exact.worst.value
    (point,) = compare(population, [2], methods=["equilibrium"])  # exact, however long
    assert point.worst is not None
    assert point.worst.value == rate(2)


def test_an_instance_solves_once(monkeypatch: pytest.MonkeyPatch) -> None:
    instance = Instance(SUITE["schulze-45-voters"])
    assert instance.equilibrium(3) is instance.equilibrium(3)
    assert instance.joint_optimum(3) is instance.joint_optimum(3)
    assert instance.lottery is instance.lottery
    assert instance.equilibrium(1).policy is instance.lottery.policy


def test_bad_arguments() -> None:
    population = SUITE["even-split"]
    for call in (
        lambda: compare(population, [0]),
        lambda: compare(population, [2, -1]),
        lambda: compare(population, [2], bits=0),
        lambda: compare(population, [2], joint_limit=-1),
        lambda: Instance(population).equilibrium(0),
        lambda: Instance(population).joint_optimum(0),
    ):
        with pytest.raises(InputError):
            call()
