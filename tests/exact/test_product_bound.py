"""Bounds of product policies hold where solvers fail; what the theorems say of them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import combinations_with_replacement

import naive_oracle
import numpy as np
import pytest
from acceptance import assert_accepted, verdicts
from hypothesis import given, settings
from hypothesis import strategies as st
from small_games import CLONES, CYCLE, WEIGHTED, F, g
from strategies import populations, product_policies
from ualign import constructions
from ualign.certificates.claims import claim_product_upper_bound, claim_win_rate
from ualign.errors import FaultError
from ualign.exact import product_optimum
from ualign.exact.instance import Instance
from ualign.exact.product_bound import upper_bound
from ualign.exact.product_optimum import find_product_optimum
from ualign.model.policies import ProductPolicy
from ualign.model.population import Population
from ualign.model.solutions import Equilibrium
from ualign.solvers import concave
from ualign.theorems import e1_convex_program, e5_product_optimum, p7_opponents


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
