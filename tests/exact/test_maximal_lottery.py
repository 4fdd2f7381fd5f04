"""exact.maximal_lottery against an enumeration of all vertices of the set of maximal lotteries."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations, permutations

import naive_oracle
import pytest
from acceptance import assert_accepted, verdicts
from hypothesis import given, settings
from hypothesis import strategies as st
from places import DATA, NO_DATA
from strategies import populations, rankings
from ualign import read_population
from ualign.certificates.claims import masses
from ualign.certificates.findings import Certificate
from ualign.exact import maximal_lottery
from ualign.exact.instance import Instance
from ualign.exact.linear_program import LinearProgramError
from ualign.exact.matrix_game import GameSolution
from ualign.exact.maximal_lottery import MaximalLottery, find_maximal_lottery, margins
from ualign.model.policies import ProductPolicy
from ualign.model.population import Population
from ualign.theorems import e2_uniqueness, p4_nlhf, p5_nlhf_at_one

F = Fraction
Vector = tuple[Fraction, ...]

FIFTY_FIFTY = Population.from_rankings([[*"ab"], [*"ba"]])
CONDORCET = Population.from_rankings([[*"abc"], [*"bca"], [*"cab"]])
ALL_TIED = Population.from_rankings([[["a", "b", "c"]]])
# Two tied winners a, b over c, as among the T-shirt designs of PrefLib.
TWO_WINNERS = Population.from_rankings([[*"abc"], [*"bac"], [*"acb"], [*"bca"]])
# A cycle of three pairs; within a pair the mass may lie anywhere.
PAIRS = [["a", "b"], ["c", "d"], ["e", "f"]]
TIED_CYCLE = Population.from_rankings([PAIRS[i:] + PAIRS[:i] for i in range(3)])


# --- by definition ----------------------------------------------------------------------------


def naive_margins(population: Population) -> list[list[Fraction]]:
    """P(y above z) - P(z above y)."""
    total = sum(user.weight for user in population.users)
    n = population.n
    matrix = [[F(0)] * n for _ in range(n)]
    for user in population.users:
        order = {y: c for c, tied in enumerate(user.ranking) for y in tied}
        for y in range(n):
            for z in range(n):
                matrix[y][z] += (
                    user.weight / total * ((order[y] < order[z]) - (order[y] > order[z]))
                )
    return matrix


def solution(rows: list[list[Fraction]]) -> Vector | None:
    """The solution of a square linear system (last column: right side) by Gauss, or None."""
    rows = [row[:] for row in rows]
    n = len(rows)
    for column in range(n):
        pivot = next((r for r in range(column, n) if rows[r][column]), None)
        if pivot is None:
            return None
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [v / rows[column][column] for v in rows[column]]
        for r in range(n):
            if r != column and rows[r][column]:
                factor = rows[r][column]
                rows[r] = [v - factor * w for v, w in zip(rows[r], rows[column], strict=True)]
    return tuple(row[-1] for row in rows)


def vertices(population: Population) -> set[Vector]:
    """All vertices of {x >= 0, sum x = 1, M x <= 0}: n - 1 of the inequalities are tight there."""
    n, M = population.n, naive_margins(population)
    walls = [[F(int(y == z)) for z in range(n)] for y in range(n)] + M
    found = set()
    for tight in combinations(walls, n - 1):
        x = solution([[*wall, F(0)] for wall in tight] + [[F(1)] * (n + 1)])
        if x and min(x) >= 0 and max(dot(row, x) for row in M) <= 0:
            found.add(x)
    return found


def dot(row: Sequence[Fraction], x: Sequence[Fraction]) -> Fraction:
    return sum((v * w for v, w in zip(row, x, strict=True)), F(0))


def dimension(points: set[Vector]) -> int:
    """Of the affine hull, by elimination."""
    first, *others = sorted(points)
    rows = [[a - b for a, b in zip(x, first, strict=True)] for x in others]
    rank = 0
    for column in range(len(first)):
        pivot = next((r for r in range(rank, len(rows)) if rows[r][column]), None)
        if pivot is not None:
            rows[rank], rows[pivot] = rows[pivot], rows[rank]
            for r in range(rank + 1, len(rows)):
                factor = rows[r][column] / rows[rank][column]
                rows[r] = [v - factor * w for v, w in zip(rows[r], rows[rank], strict=True)]
            rank += 1
    return rank


def assert_right(population: Population, lottery: MaximalLottery) -> None:
    corners = vertices(population)
    reachable = {y for x in corners for y, mass in enumerate(x) if mass}
    assert set(lottery.policy.support) == reachable  # some maximal lottery plays each of them
    M = naive_margins(population)
    assert max(dot(row, lottery.policy.masses) for row in M) <= 0
    assert lottery.dimension == dimension(corners)
    assert lottery.is_unique == (len(corners) == 1)
    assert (lottery.another is None) == lottery.is_unique
    if lottery.another is None:
        assert {lottery.policy.masses} == corners
    else:
        assert lottery.another.masses in corners
        assert lottery.another != lottery.policy


weights = st.sampled_from([F(1), F(1), F(2), F(3), F(10**12)])


@st.composite
def near_ties(draw: st.DrawFn) -> Population:
    """Few users with few different weights: margins are often zero."""
    n = draw(st.integers(1, 4))
    users = draw(st.lists(st.tuples(weights, rankings(n)), min_size=1, max_size=6))
    return Population.from_indexed("abcd"[:n], users)


@given(near_ties())
@settings(deadline=None, max_examples=150)
def test_largest_support_and_dimension_by_enumeration(population):
    assert_right(population, find_maximal_lottery(population))


@given(populations(max_responses=4, strict=True))
@settings(deadline=None, max_examples=60)
def test_largest_support_and_dimension_for_strict_orders(population):
    assert_right(population, find_maximal_lottery(population))


@given(near_ties())
@settings(deadline=None, max_examples=60)
def test_margins(population):
    scale = population.scale
    found = [[F(margin, scale) for margin in row] for row in margins(population)]
    assert found == naive_margins(population)


@pytest.mark.parametrize("weight", [2**61, 2**62, 2**63, 10**40, F(1, 10**40)])
def test_margins_of_large_weights_are_exact(weight):
    population = Population.from_rankings([[*"abc"], [*"cab"], ["b", ["a", "c"]]], [weight, 1, 1])
    found = margins(population)
    assert all(type(margin) is int for row in found for margin in row)
    assert [[F(m, population.scale) for m in row] for row in found] == naive_margins(population)


@given(near_ties())
@settings(deadline=None, max_examples=40)
def test_a_maximal_lottery_is_a_symmetric_equilibrium_for_k_1(population):
    policy = find_maximal_lottery(population).policy
    for y in range(population.n):
        assert naive_oracle.u(population, policy.masses, 1, y) <= F(1, 2)


# --- by hand ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("population", "support", "dimension"),
    [
        (Population.from_rankings([[*"a"]]), "a", 0),
        (Population.from_rankings([[*"abc"]]), "a", 0),
        (FIFTY_FIFTY, "ab", 1),
        (CONDORCET, "abc", 0),
        (TIED_CYCLE, "abcdef", 3),
        (ALL_TIED, "abc", 2),
        (TWO_WINNERS, "ab", 1),
        (Population.from_rankings([[["a", "b"], "c"]]), "ab", 1),
        (Population.from_rankings([[*"abcd"], [*"dcba"]]), "abcd", 3),
    ],
)
def test_known_lotteries(population, support, dimension):
    lottery = find_maximal_lottery(population)
    assert [population.responses[y] for y in lottery.policy.support] == list(support)
    assert lottery.dimension == dimension


def test_the_condorcet_cycle_is_balanced():
    assert find_maximal_lottery(CONDORCET).policy.masses == (F(1, 3),) * 3


def test_a_weighted_cycle():
    # Margins a-b 1, b-c 2, c-a 3: masses 2, 3, 1.
    population = Population.from_rankings(
        [[*"abc"], [*"bca"], [*"cab"], [*"bca"], [*"cab"], [*"cab"]],
        [F(7), F(5), F(6), F(3), F(1), F(2)],
    )
    M = naive_margins(population)
    expected = [M[1][2], M[2][0], M[0][1]]
    lottery = find_maximal_lottery(population)
    assert lottery.policy.masses == tuple(v / sum(expected) for v in expected)


def test_all_rankings_of_five():
    lottery = find_maximal_lottery(Population.from_rankings(permutations("abcde")))
    assert lottery.dimension == 4
    assert len(lottery.policy.support) == 5


@pytest.mark.parametrize("n", [60, 200])
def test_many_responses(n):
    names = [f"r{y}" for y in range(n)]
    opposed = find_maximal_lottery(Population.from_rankings([names, names[::-1]]))
    assert opposed.dimension == n - 1
    assert find_maximal_lottery(Population.from_rankings([names])).policy.support == (0,)


# --- certificates -----------------------------------------------------------------------------


def certificates(population: Population) -> list[Certificate]:
    instance = Instance(population)
    findings = [
        finding
        for theorem in (e2_uniqueness, p4_nlhf, p5_nlhf_at_one)
        for finding in theorem.certify(instance, 1)
    ]
    assert len(findings) == 3
    assert all(finding.certificates for finding in findings)
    return [c for finding in findings for c in finding.certificates]


@given(st.lists(near_ties(), min_size=10, max_size=10))
@settings(deadline=None, max_examples=8)
def test_certificates_are_accepted(several):
    assert_accepted([(population, certificates(population)) for population in several])


@pytest.mark.parametrize("population", [FIFTY_FIFTY, ALL_TIED, TWO_WINNERS, CONDORCET])
def test_the_opposite_is_refused(population):
    lottery = find_maximal_lottery(population)
    policy = masses(population, lottery.policy)
    (finding,) = e2_uniqueness.certify(Instance(population), 1)
    (right,) = finding.certificates
    claim = {**right.claim, "unique": not lottery.is_unique}
    if lottery.is_unique:  # the same twice, and something that is no equilibrium
        witnesses = [{"equilibria": [policy, policy]}, {"equilibria": [policy, {"a": "1"}]}]
        codes = ["same", "not-equilibrium"]
    else:
        exact = {"centre": policy, "delta": "0", "witness": {}}
        witnesses, codes = [{"equilibrium": exact}], ["rank"]
    tried = [Certificate(claim, witness) for witness in witnesses]
    ((kept, *refused),) = verdicts([(population, [right, *tried])])
    assert kept.accepted
    assert [(said.verdict, said.code) for said in refused] == [("REJECTED", code) for code in codes]


def test_a_lottery_of_small_support_does_not_pass_for_the_only_one():
    (finding,) = e2_uniqueness.certify(Instance(FIFTY_FIFTY), 1)
    (right,) = finding.certificates
    claim = {**right.claim, "unique": True}
    vertex = {"centre": {"a": "1"}, "delta": "0", "witness": {}}
    ((said,),) = verdicts([(FIFTY_FIFTY, [Certificate(claim, {"equilibrium": vertex})])])
    assert (said.verdict, said.code) == ("REJECTED", "not-strict")


@pytest.mark.parametrize(
    ("name", "support", "dimension"),
    [("00012-00000001.soc", 2, 1), ("00053-00000166.soc", 3, 0), ("00046-00000004.soc", 1, 0)],
)
def test_real_populations(name, support, dimension):
    path = DATA / "preflib" / name
    if not path.exists():
        pytest.skip(NO_DATA)
    population = read_population(path)
    lottery = find_maximal_lottery(population)
    assert (len(lottery.policy.support), lottery.dimension) == (support, dimension)
    assert_accepted([(population, certificates(population))])


# --- lying solvers ----------------------------------------------------------------------------


def test_a_game_solution_that_is_no_maximal_lottery_is_a_fault(monkeypatch):
    lie = GameSolution(F(0), (F(1), F(0), F(0)), (F(1), F(0), F(0)))
    monkeypatch.setattr(maximal_lottery, "solve_matrix_game", lambda *args: lie)
    with pytest.raises(LinearProgramError, match="not maximal"):
        find_maximal_lottery(CONDORCET)


def test_a_largest_support_that_is_too_small_is_a_fault(monkeypatch):
    monkeypatch.setattr(maximal_lottery, "_largest_support", lambda M, candidates: (F(1), F(0)))
    with pytest.raises(LinearProgramError, match="strictly complementary"):
        find_maximal_lottery(FIFTY_FIFTY)


def test_the_second_lottery_is_a_policy():
    lottery = find_maximal_lottery(FIFTY_FIFTY)
    assert isinstance(lottery.another, ProductPolicy)
    assert sorted(lottery.another.masses) == [0, 1]
