"""exact.product_optimum and E1, E5, P7: against the definition, closed forms and CVXPY."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations_with_replacement, product
from math import comb

import naive_oracle
import numpy as np
import pytest
from acceptance import assert_accepted, verdicts
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import distributions, multisets, populations, product_policies
from ualign import constructions
from ualign.certificates.claims import claim_product_upper_bound, claim_win_rate
from ualign.errors import FaultError, InputError
from ualign.exact import product_optimum
from ualign.exact.instance import Instance
from ualign.exact.product_bound import Mixture, upper_bound
from ualign.exact.product_optimum import find_product_optimum
from ualign.model.policies import ProductPolicy
from ualign.model.population import Population
from ualign.model.solutions import Equilibrium
from ualign.model.win_rates import worst_case
from ualign.solvers import concave
from ualign.theorems import e1_convex_program, e5_product_optimum, p7_opponents

F = Fraction
CYCLE = Population.from_rankings([[*"abc"], [*"bca"], [*"cab"]])
CLONES = Population.from_rankings(
    [["a", "b", ["c", "d"]], ["b", ["c", "d"], "a"], [["c", "d"], "a", "b"]]
)
WEIGHTED = Population.from_rankings([[*"abc"], [*"bca"], [*"cab"]], [1, 2, 4])


def g(l: int, k: int) -> Fraction:
    """E5's rate by its integral: P(T wins) <= l * integral of c^k over [1 - 1/l, 1]."""
    return 1 - l * (F(1) ** (k + 1) - F(l - 1, l) ** (k + 1)) / (k + 1)


# --- by definition ----------------------------------------------------------------------------


def naive_bound(
    population: Population, k: int, opponents: Mixture, point: ProductPolicy
) -> Fraction:
    """1 + (k-1) P - k min_y P_y by enumerating every draw."""

    def picked(outputs: Sequence[int]) -> Fraction:
        total = sum(user.weight for user in population.users)
        return sum(
            (
                mass
                * user.weight
                / total
                * (1 - naive_oracle.counts_for(user.ranking, outputs, opponent, "uniform"))
                for opponent, mass in opponents
                for user in population.users
            ),
            F(0),
        )

    def against(y: int) -> Fraction:
        total = F(0)
        for draws in product(range(population.n), repeat=k - 1):
            chance = F(1)
            for z in draws:
                chance *= point.masses[z]
            total += chance * picked((y, *draws)) if chance else 0
        return total

    chances = [against(y) for y in range(population.n)]
    P = sum((m * c for m, c in zip(point.masses, chances, strict=True)), F(0))
    return 1 + (k - 1) * P - k * min(chances)


@st.composite
def mixtures(draw: st.DrawFn, population: Population, l: int) -> Mixture:
    tuples = draw(st.lists(multisets(population, l), min_size=1, max_size=3, unique=True))
    masses = draw(distributions(len(tuples)))
    return tuple((t, m) for t, m in zip(tuples, masses, strict=True) if m)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_upper_bound_is_the_definition(data: st.DataObject) -> None:
    population = data.draw(populations(max_responses=3, max_users=3))
    k, l = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 3))
    opponents = data.draw(mixtures(population, l))
    point = data.draw(product_policies(population))
    bound = upper_bound(population, k, opponents, point)
    assert bound == naive_bound(population, k, opponents, point)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_upper_bound_holds_for_every_policy(data: st.DataObject) -> None:
    population = data.draw(populations())
    k, l = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 3))
    opponents = data.draw(mixtures(population, l))
    point, policy = (data.draw(product_policies(population)) for _ in range(2))
    won = sum((m * naive_oracle.win_rate(population, policy, t, k=k) for t, m in opponents), F(0))
    assert won <= upper_bound(population, k, opponents, point)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_the_optimum_is_enclosed(data: st.DataObject) -> None:
    """The policy wins value_low by definition; the mixture keeps it and others to value_high."""
    population = data.draw(populations(max_responses=3, max_users=4))
    k, l = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 3))
    best = find_product_optimum(population, k, l, bits=60)
    worst, _ = naive_oracle.worst_case(population, best.policy, k=k, l=l)
    assert best.value_low <= worst <= best.value_high
    assert worst == best.value_low or not best.is_exact
    assert naive_bound(population, k, best.opponents, best.point) <= best.value_high
    assert best.value_high - best.value_low <= F(1, 2**60)
    other = data.draw(product_policies(population))
    assert naive_oracle.worst_case(population, other, k=k, l=l)[0] <= best.value_high


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(populations(max_responses=5, max_users=6, max_weight=10**9), st.integers(1, 6))
def test_rates(population: Population, k: int) -> None:
    """At least g_l(k), at most the joint optimum; exactly k/(k+1) for l = 1; less for larger l."""
    instance = Instance(population)
    last = F(1)
    for l in (1, 2, 3):
        best = find_product_optimum(population, k, l)
        assert best.value_low <= best.value_high <= best.value_low + F(1, 2**100)
        assert best.value_high >= g(l, k)
        assert best.value_low <= last
        last = best.value_high
        if k <= 3:
            assert best.value_low <= instance.joint_optimum(k, l).value
        if l == 1:
            assert best.value_low <= F(k, k + 1) <= best.value_high


def test_an_optimum_that_is_a_whole_face() -> None:
    """Between a and b the optimum leaves a choice, and Newton's systems are nearly singular."""
    population = Population.from_rankings(
        [[["a", "b"], ["c"]], [["c"], ["b"], ["a"]]], [1826, F(42195, 4)], responses=["a", "b", "c"]
    )
    best = find_product_optimum(population, 4, 3)
    assert best.value_low <= best.value_high <= best.value_low + F(1, 2**100)


# --- golden numbers -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("l", "k", "value"),
    [(2, 3, F(17, 32)), (2, 2, F(5, 12)), (3, 3, F(43, 108)), (1, 7, F(7, 8)), (2, 1, F(1, 4))],
)
def test_golden_numbers(l: int, k: int, value: Fraction) -> None:
    best = find_product_optimum(constructions.distinct_favourites(l), k, l)
    assert best.value_low == best.value_high == value == g(l, k)


@pytest.mark.parametrize("l", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("k", [1, 2, 3, 5, 8, 16])
def test_distinct_favourites_attain_the_rate(l: int, k: int) -> None:
    best = find_product_optimum(constructions.distinct_favourites(l), k, l)
    assert best.value_low == best.value_high == g(l, k)


@pytest.mark.parametrize(
    ("population", "rate"),
    [
        (Population.from_rankings([[*"a"]]), lambda k, l: F(k, k + l)),
        (constructions.unanimous(3), lambda k, l: F(k, k + l)),
        (constructions.indifferent(3), lambda k, l: F(k, k + l)),
        (Population.from_rankings([["b", ["a", "d"], "c"]]), lambda k, l: F(k, k + l)),
    ],
)
@pytest.mark.parametrize("k", [1, 2, 3, 9])
@pytest.mark.parametrize("l", [1, 2, 3])
def test_degenerate_populations(population, rate, k, l) -> None:  # type: ignore[no-untyped-def]
    best = find_product_optimum(population, k, l)
    assert best.value_low == best.value_high == rate(k, l)


@pytest.mark.parametrize("k", [1, 2, 3, 4])
@pytest.mark.parametrize("l", [1, 2, 3])
def test_clones_change_nothing(k: int, l: int) -> None:
    """Nobody tells c and d apart, so that the values are the cycle's, which are rational."""
    plain, cloned = (find_product_optimum(p, k, l) for p in (CYCLE, CLONES))
    assert plain.value_low == plain.value_high == cloned.value_low == cloned.value_high


def test_condorcet_cycle_by_hand() -> None:
    """By symmetry and concavity the uniform policy is optimal; the worst pair is any two."""
    uniform = ProductPolicy((F(1, 3),) * 3)
    for l in (2, 3):
        best = find_product_optimum(CYCLE, 2, l)
        assert best.value_low == best.value_high
        assert best.value_low == naive_oracle.worst_case(CYCLE, uniform, k=2, l=l)[0]


def test_a_rational_optimum_that_is_not_simple_to_see() -> None:
    """k = 2 with two responses: the optimum solves a quadratic, here with a square discriminant."""
    population = constructions.slim_majority(F(1, 10))
    best = find_product_optimum(population, 2, 2)
    assert best.value_low == best.value_high == F(43, 100)


def test_an_irrational_optimum_is_not_called_exact() -> None:
    best = find_product_optimum(WEIGHTED, 3, 2)
    assert not best.is_exact
    assert 0 < best.value_high - best.value_low <= F(1, 2**100)
    finer = find_product_optimum(WEIGHTED, 3, 2, bits=400)
    assert 0 < finer.value_high - finer.value_low <= F(1, 2**400)
    assert best.value_low <= finer.value_low < finer.value_high <= best.value_high


def test_the_third_draw_may_add_more_than_the_second() -> None:
    """Nine users, against two outputs: 1/3, at most 0.439412, at least 0.547126."""
    rankings = [[*"dcba"], [*"cadb"], [*"bacd"], [*"abcd"]]
    population = Population.from_rankings(rankings, [3, 3, 2, 1], responses=[*"abcd"])
    one, two, three = (find_product_optimum(population, k, 2) for k in (1, 2, 3))
    assert one.value_low == one.value_high == Fraction(1, 3)
    assert two.value_high <= Fraction(7549024463, 17179869184) < Fraction("0.439412")
    assert three.value_low >= Fraction(9399568043, 17179869184) > Fraction("0.547126")
    assert one.value_low + three.value_low > 2 * two.value_high


def test_names_do_not_matter() -> None:
    turned = Population.from_rankings([[*"bca"], [*"cab"], [*"abc"]], [1, 2, 4], responses=[*"cba"])
    one, other = (find_product_optimum(p, 3, 2) for p in (WEIGHTED, turned))
    assert one.value_low <= other.value_high
    assert other.value_low <= one.value_high


def test_more_tuples_than_a_batch() -> None:
    population = constructions.cyclic_rankings(16)
    assert comb(17, 2) > product_optimum.BATCH
    best = find_product_optimum(population, 2, 2)
    worst = worst_case(population, ProductPolicy((F(1, 16),) * 16), k=2, l=2)
    assert best.value_low == best.value_high == worst.value


def test_tuples_by_and_by(monkeypatch: pytest.MonkeyPatch) -> None:
    """Starting from one tuple, those that matter are found."""
    monkeypatch.setattr(product_optimum, "BATCH", 1)
    population = Population.from_rankings(
        [[*"abcd"], [*"bdca"], [*"cadb"], [*"dbac"]], [3, 4, 5, 7]
    )
    for k, l in ((2, 2), (4, 2), (3, 3)):
        best = find_product_optimum(population, k, l)
        assert len(best.opponents) > 1 or best.is_exact
        assert best.value_high - best.value_low <= F(1, 2**100)


def test_near_ties_and_unlike_weights() -> None:
    weights = [1, 10**12, 10**12 + 1, 10**12]
    population = Population.from_rankings([[*"abcd"], [*"bcda"], [*"cdab"], [*"dabc"]], weights)
    for k, l in ((2, 2), (5, 3), (12, 2)):
        best = find_product_optimum(population, k, l)
        assert 0 <= best.value_high - best.value_low <= F(1, 2**100)
        assert best.value_high >= g(l, k)


def test_near_ties_that_deceive_floats() -> None:
    """One user in a million moves the optimum, and what floats find dispensable is not."""
    rankings = ["cfebda", "bedcfa", "eafbcd", ["a", "bcdf", "e"], ["ac", "e", "b", "df"]]
    weights = [F(1, 683825), F(1, 194142), 9, 1, F(1, 845067)]
    population = Population.from_rankings([map(list, r) for r in rankings], weights)
    best = find_product_optimum(population, 8, 2)
    assert 0 <= best.value_high - best.value_low <= F(1, 2**100)
    masses = sorted(best.policy.masses)
    assert masses[-1] > F(99, 100)
    assert masses[-2] > 0


@pytest.mark.parametrize(("k", "l", "bits"), [(0, 1, 9), (1, 0, 9), (1, 1, 0)])
def test_bad_arguments(k: int, l: int, bits: int) -> None:
    with pytest.raises(InputError, match="at least 1"):
        find_product_optimum(CYCLE, k, l, bits=bits)


# --- the solver may fail, the bounds may not ------------------------------------------------------


def test_a_solver_that_does_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then the uniform policy and its prices bound the optimum, badly and truly."""
    exact = find_product_optimum(WEIGHTED, 3, 2)
    monkeypatch.setattr(concave, "solve_concave", lambda program, iterate, gap: iterate)
    best = find_product_optimum(WEIGHTED, 3, 2)
    assert best.value_low <= exact.value_low < exact.value_high <= best.value_high
    assert best.value_high - best.value_low > F(1, 1000)
    (finding,) = e5_product_optimum.certify(Instance(WEIGHTED), 3)
    assert finding.relation == ">="
    assert int(str(finding.grade).removeprefix("within 2^-")) < 10
    assert_accepted([(WEIGHTED, finding.certificates)])


def test_floats_alone_reach_thirty_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(product_optimum, "PRECISE_WORK", 0)
    population = Population.from_rankings(
        [[*"abcd"], [*"bdca"], [*"cadb"], [*"dbac"]], [3, 4, 5, 7]
    )
    best = find_product_optimum(population, 4, 2)
    assert F(1, 2**100) < best.value_high - best.value_low < F(1, 2**30)
    (finding,) = e5_product_optimum.certify(Instance(population), 4)
    assert 30 <= int(str(finding.grade).removeprefix("within 2^-")) < 100
    assert_accepted([(population, finding.certificates)])


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_the_program_is_the_loss(data: st.DataObject) -> None:
    """Values, gradients and Hessian of the float program against exact losses and differences."""
    population = data.draw(populations(max_users=3))
    k, l = data.draw(st.integers(2, 4)), data.draw(st.integers(1, 3))
    policy = data.draw(product_policies(population))
    contest = product_optimum.Contest(population, k, l)
    everything = range(len(contest.opponents))
    program = contest.program(everything, range(population.n), precise=False)
    x = np.array([float(mass) for mass in policy.masses]) + 1e-3
    exact = [float(loss) for loss in contest.losses(policy)]
    assert program.values(x - 1e-3) == pytest.approx(exact, abs=1e-12)
    D = np.linspace(1, 2, len(contest.opponents))
    step = 1e-5
    for y in range(population.n):
        e = np.zeros(population.n)
        e[y] = step
        slope = (program.values(x + e) - program.values(x - e)) / (2 * step)
        assert program.gradients(x)[:, y] == pytest.approx(slope, abs=1e-6)
        bend = D @ (program.gradients(x + e) - program.gradients(x - e)) / (2 * step)
        assert program.hessian(x, D)[y] == pytest.approx(bend, abs=1e-4)


def cvxpy_optimum(population: Population, k: int, l: int) -> float:
    """The same program modelled user by user in CVXPY."""
    import cvxpy as cp

    nodes, shares = np.polynomial.legendre.leggauss(k + l)
    nodes, shares = (1 + nodes) / 2, shares / 2
    pi, top = cp.Variable(population.n, nonneg=True), cp.Variable()
    total = sum(user.weight for user in population.users)
    constraints = [cp.sum(pi) == 1]
    for opponent in combinations_with_replacement(range(population.n), l):
        loss: object = 0
        for user in population.users:
            best = next(c for c, tied in enumerate(user.ranking) if set(tied) & set(opponent))
            j = sum(y in user.ranking[best] for y in opponent)
            below = np.array([y in sum(user.ranking[best + 1 :], ()) for y in range(population.n)])
            own = np.array([y in user.ranking[best] for y in range(population.n)])
            forms = below[None, :] + nodes[:, None] * own[None, :]
            weights = float(user.weight / total) * shares * j * nodes ** (j - 1)
            loss = loss + weights @ cp.power(forms @ pi, k)
        constraints.append(loss <= top)
    problem = cp.Problem(cp.Minimize(top), constraints)
    problem.solve(solver=cp.CLARABEL)
    return 1 - float(problem.value)


@pytest.mark.parametrize(
    "population",
    [
        WEIGHTED,
        CLONES,
        constructions.weak_order_converse(),
        Population.from_rankings([[*"abcd"], [*"bdca"], [*"cadb"], [*"dbac"]], [3, 4, 5, 7]),
        Population.from_rankings(
            [["a", ["b", "c"], "d"], ["d", ["a", "b"], "c"], ["c", "d", ["a", "b"]]]
        ),
    ],
)
@pytest.mark.parametrize(("k", "l"), [(2, 2), (3, 2), (2, 3), (4, 2)])
def test_cvxpy_agrees(population: Population, k: int, l: int) -> None:
    best = find_product_optimum(population, k, l)
    assert cvxpy_optimum(population, k, l) == pytest.approx(float(best.value_low), abs=1e-6)


# --- the theorems -------------------------------------------------------------------------------

SUITE = [
    CYCLE,
    CLONES,
    WEIGHTED,
    constructions.distinct_favourites(3),
    constructions.tight_opponents(2, 2),
    constructions.unanimous(2),
    constructions.borda_trap(4),
    Population.from_rankings([[*"a"]]),
]


def test_the_checker_accepts_everything() -> None:
    cases = []
    for population in SUITE:
        instance = Instance(population, opponents=(2, 3))
        for k in (1, 2, 3, 7):
            for theorem in (e1_convex_program, e5_product_optimum, p7_opponents):
                for finding in theorem.certify(instance, k):
                    assert finding.certificates
                    assert finding.value is not None
                    bounds = {claim.claim["bound"] for claim in finding.certificates}
                    assert str(finding.value) in bounds
                    cases.append((population, finding.certificates))
    assert len(cases) == len(SUITE) * (4 * (1 + 2 + 2) - 1)  # l = 3 > k + 1 at k = 1
    assert_accepted(cases)


def test_false_bounds_are_rejected() -> None:
    population, tiny = WEIGHTED, F(1, 2**90)
    best = find_product_optimum(population, 3, 2)
    claims = [
        claim_product_upper_bound(
            population, 3, best.value_low - tiny, best.opponents, best.point, l=2
        ),
        claim_win_rate(population, best.policy, 3, ">=", best.value_high + tiny, l=2),
        # the mixture and the point are needed, and not just any
        claim_product_upper_bound(
            population, 3, best.value_high, [((0, 1), F(1))], best.point, l=2
        ),
        claim_product_upper_bound(
            population, 3, best.value_high, best.opponents, ProductPolicy.point_mass(3, 0), l=2
        ),
    ]
    (said,) = verdicts([(population, claims)])
    assert [verdict.accepted for verdict in said] == [False] * 4


@pytest.mark.parametrize("wrong", [lambda l, k: 1 - F(l, k + 1), lambda l, k: F(k, k + l)])
def test_wrong_closed_forms_are_told_apart(wrong) -> None:  # type: ignore[no-untyped-def]
    best = find_product_optimum(constructions.distinct_favourites(2), 3, 2)
    assert best.value_low == best.value_high != wrong(2, 3)


def test_e5_fails_loudly_if_the_rate_were_larger(monkeypatch: pytest.MonkeyPatch) -> None:
    instance = Instance(constructions.distinct_favourites(2))
    (finding,) = e5_product_optimum.certify(instance, 3)
    assert (finding.relation, finding.value, finding.note) == ("=", F(17, 32), "g_2(3) = 17/32")
    monkeypatch.setattr(e5_product_optimum, "product_rate", lambda l, k: g(l, k) + F(1, 2**200))
    with pytest.raises(FaultError, match="E5 fails"):
        e5_product_optimum.certify(instance, 3)


@pytest.mark.parametrize(
    ("k", "l", "value"), [(2, 2, F(1, 3)), (3, 3, F(1, 4)), (4, 3, F(2, 5)), (2, 3, F(0))]
)
def test_p7_tight(k: int, l: int, value: Fraction) -> None:
    instance = Instance(constructions.tight_opponents(k, l), opponents=(l,))
    (finding,) = p7_opponents.certify(instance, k)
    assert (finding.relation, finding.value, str(finding.grade)) == ("=", value, "exact")
    assert finding.note.startswith("exactly")
    assert_accepted([(instance.population, finding.certificates)])
    # the best product policy does better than the equilibrium
    assert find_product_optimum(instance.population, k, l).value_low > value


@settings(max_examples=30, deadline=None)
@given(populations(max_responses=4, max_users=5), st.integers(1, 4))
def test_p7_and_e1_on_random_populations(population: Population, k: int) -> None:
    instance = Instance(population, opponents=(2, 3, 4))
    findings = p7_opponents.certify(instance, k)
    assert [f.what for f in findings] == [f"guarantee-l{l}" for l in (2, 3, 4) if l <= k + 1]
    policy, gap = instance.equilibrium(k).policy, instance.equilibrium(k).gap
    for l, finding in zip((2, 3, 4), findings, strict=False):
        assert finding.value is not None
        assert finding.value >= 1 - F(l, k + 1) - l * gap
        if l == 2 and k <= 2 and max(m.denominator for m in policy.masses) < 10**6:
            assert finding.value == naive_oracle.worst_case(population, policy, k=k, l=l)[0]
        assert finding.value <= find_product_optimum(population, k, l).value_high
    (ceiling,) = e1_convex_program.certify(instance, k)
    assert ceiling.value is not None
    assert F(k, k + 1) <= ceiling.value <= F(k, k + 1) + F(1, 2**100)
    assert (str(ceiling.grade) == "exact") == (ceiling.value == F(k, k + 1)) == (gap == 0)


def test_p7_fails_loudly_off_an_equilibrium(monkeypatch: pytest.MonkeyPatch) -> None:
    """A policy said to be an exact equilibrium that is none, and wins less than the bound."""
    population = Population.from_rankings([[*"abc"], [*"bca"]], [1, 9])
    instance = Instance(population)
    lie = replace(instance.equilibrium(3), policy=ProductPolicy.point_mass(3, 0), gap=F(0))
    monkeypatch.setattr(instance, "equilibrium", lambda k: lie)
    with pytest.raises(FaultError, match="P7 fails"):
        p7_opponents.certify(instance, 3)


def test_e1_is_the_policys_own_excess(monkeypatch: pytest.MonkeyPatch) -> None:
    """With any policy as point and opponent the bound is k/(k+1) plus its best response's gain."""
    instance, k = Instance(WEIGHTED), 3
    policy = ProductPolicy((F(1, 2), F(1, 4), F(1, 4)))
    opponents = tuple(((y,), policy.masses[y]) for y in range(3))
    best_response = max(naive_oracle.u(WEIGHTED, policy.masses, k, y) for y in range(3))
    assert upper_bound(WEIGHTED, k, opponents, policy) == F(k - 1, k + 1) + best_response
    poor = Equilibrium(k, policy, best_response - F(1, k + 1), None, "made up")
    monkeypatch.setattr(instance, "equilibrium", lambda k: poor)
    (finding,) = e1_convex_program.certify(instance, k)
    assert finding.value is not None
    assert (
        F(k - 1, k + 1) + best_response
        <= finding.value
        < F(k - 1, k + 1) + best_response + (F(1, 2**100))
    )
    assert str(finding.grade).startswith("within 2^-")
    assert int(str(finding.grade).removeprefix("within 2^-")) < 10
    assert_accepted([(WEIGHTED, finding.certificates)])


def test_beyond_the_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    instance = Instance(WEIGHTED, joint_limit=9, opponents=(2, 3))
    for theorem in (e5_product_optimum, p7_opponents):
        pair, triple = theorem.certify(instance, 4)
        assert str(pair.grade) != "not computed"
        assert (str(triple.grade), triple.value, triple.certificates) == ("not computed", None, ())
        assert "10 multisets of 3 responses" in triple.note
    monkeypatch.setattr(e5_product_optimum, "MOST_SEEN", 17)
    assert "18 pairs" in e5_product_optimum.certify(instance, 4)[0].note
    large = 10**5
    long = Equilibrium(large, ProductPolicy((F(1, 2**99), 1 - F(1, 2**99), F(0))), F(1), None)
    monkeypatch.setattr(instance, "equilibrium", lambda k: long)
    for theorem in (e1_convex_program, e5_product_optimum):
        (finding, *_) = theorem.certify(instance, large)
        assert str(finding.grade) == "not computed"
    assert "numbers of" in p7_opponents.certify(instance, large)[0].note


@pytest.mark.slow
def test_many_outputs() -> None:
    """The estimate of the checker's work is on the safe side of its budget."""
    population = Population.from_rankings(
        [[*"abcd"], [*"bdca"], [*"cadb"], [*"dbac"]], [3, 4, 5, 7]
    )
    instance = Instance(population)
    for k in (64, 200, 400):
        cases = []
        for theorem in (e1_convex_program, e5_product_optimum):
            (finding,) = theorem.certify(instance, k)
            assert str(finding.grade) != "not computed"
            cases.append((population, finding.certificates))
        assert_accepted(cases)
