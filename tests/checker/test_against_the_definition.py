"""Every kind of claim, decided without the checker and by it."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations_with_replacement
from math import prod
from typing import Any

import naive_oracle
import sympy
from cases import arithmetic, building
from cases.building import document, put, win_rate
from cases.populations import ONE_RIVAL
from hypothesis import given, settings
from hypothesis import strategies as st
from inprocess import HALF, LITTLE, TIES, contest, mixture, named, policy_json, read, verdicts_on
from running import resolve
from strategies import distributions, joint_policies, multisets, populations, product_policies
from ualign.certificates.document import population_json
from ualign.model.policies import JointPolicy, MixturePolicy, ProductPolicy
from ualign.model.population import Population

Json = Any


@given(st.data(), st.integers(1, 3), st.integers(1, 3))
@settings(deadline=None, max_examples=60)
def test_win_rates_are_decided_as_the_definition_has_it(scratch, data, k, l):
    """Every relation at the true worst case is accepted, and a millionth beyond it refused."""
    population = data.draw(populations(max_responses=3, max_users=3))
    policy = data.draw(st.one_of(product_policies(population), joint_policies(population, k)))
    certificates, expected = [], []
    for ties in TIES:
        worst, opponent = naive_oracle.worst_case(population, policy, k=k, l=l, ties=ties)
        for relation, bound, verdict in (
            ("=", worst, "ACCEPTED"),
            (">=", worst, "ACCEPTED"),
            ("<=", worst, "ACCEPTED"),
            (">=", worst - LITTLE, "ACCEPTED"),
            ("<=", worst + LITTLE, "ACCEPTED"),
            (">=", worst + LITTLE, "REJECTED"),
            ("<=", worst - LITTLE, "REJECTED"),
            ("=", worst + LITTLE, "REJECTED"),
            ("=", worst - LITTLE, "REJECTED"),
        ):
            written = policy_json(population, policy)
            claim = win_rate(k, l, ties, written, relation, str(bound))
            witness = {} if relation == ">=" else {"opponent": named(population, opponent)}
            certificates.append((claim, witness))
            expected.append(verdict)
    found = verdicts_on(document(population_json(population), *certificates), scratch)
    assert found == expected


@given(st.data(), st.integers(1, 3), st.integers(1, 3), st.sampled_from(TIES))
@settings(deadline=None, max_examples=60)
def test_a_win_rate_is_attained_by_the_named_opponent_or_not(scratch, data, k, l, ties):
    """`=` and `<=` need the named tuple; W = bound alone does not make it the minimum."""
    population = data.draw(populations(max_responses=3, max_users=3))
    policy = data.draw(product_policies(population))
    opponent = data.draw(multisets(population, l))
    worst, _ = naive_oracle.worst_case(population, policy, k=k, l=l, ties=ties)
    rate = naive_oracle.win_rate(population, policy, opponent, k=k, ties=ties)
    witness = {"opponent": named(population, data.draw(st.permutations(opponent)))}
    certificates = [
        (win_rate(k, l, ties, policy_json(population, policy), relation, str(bound)), witness)
        for relation, bound in (("=", rate), ("=", worst), ("<=", rate), ("<=", worst))
    ]
    is_worst = "ACCEPTED" if rate == worst else "REJECTED"
    found = verdicts_on(document(population_json(population), *certificates), scratch)
    assert found == [is_worst, is_worst, "ACCEPTED", is_worst]


@given(st.data(), st.integers(1, 3), st.integers(1, 3), st.sampled_from(TIES))
@settings(deadline=None, max_examples=80)
def test_joint_upper_bounds_are_decided_as_the_definition_has_it(scratch, data, k, l, ties):
    """The bound that a mixture of opponents proves is accepted, a millionth less is refused."""
    population = data.draw(populations(max_responses=3, max_users=3))
    opponents = data.draw(joint_policies(population, l)).tuples
    proved = max(
        sum(
            mass * naive_oracle.win_rate(population, JointPolicy.deterministic(S), T, ties=ties)
            for T, mass in opponents
        )
        for S in combinations_with_replacement(range(population.n), k)
    )
    witness = {"mixture": mixture(population, opponents)}
    certificates = [
        (building.claim_of("joint-upper-bound", k, l=l, ties=ties, bound=str(bound)), witness)
        for bound in (proved, proved + LITTLE, proved - LITTLE)
    ]
    found = verdicts_on(document(population_json(population), *certificates), scratch)
    assert found == ["ACCEPTED", "ACCEPTED", "REJECTED"]


@st.composite
def mixtures(draw: st.DrawFn, population: Population) -> MixturePolicy:
    """Up to three product policies with their chances."""
    parts = draw(st.lists(product_policies(population), min_size=1, max_size=3))
    return MixturePolicy(tuple(zip(draw(distributions(len(parts))), parts, strict=True)))


def as_joint(policy: MixturePolicy, k: int) -> JointPolicy:
    """The same outputs, multiset by multiset."""
    tuples: Counter[tuple[int, ...]] = Counter()
    for chance, part in policy.parts:
        for mass, outputs in naive_oracle.draws(part, k):
            tuples[tuple(sorted(outputs))] += chance * mass
    return JointPolicy(k, tuple(tuples.items()))


@given(st.data(), st.integers(1, 3), st.integers(1, 3), st.sampled_from(TIES))
@settings(deadline=None, max_examples=60)
def test_mixtures_of_policies_are_decided_as_the_definition_has_it(scratch, data, k, l, ties):
    """A policy is drawn once, then k outputs from it: as good as the joint policy of these."""
    population = data.draw(populations(max_responses=3, max_users=3))
    policy = data.draw(mixtures(population))
    joint = as_joint(policy, k)
    worst, opponent = naive_oracle.worst_case(population, joint, l=l, ties=ties)
    written, witness = policy_json(population, policy), {"opponent": named(population, opponent)}
    certificates = [
        (win_rate(k, l, ties, written, "=", str(worst)), witness),
        (win_rate(k, l, ties, written, ">=", str(worst)), {}),
        (win_rate(k, l, ties, written, ">=", str(worst + LITTLE)), {}),
        (win_rate(k, l, ties, written, "<=", str(worst - LITTLE)), witness),
    ]
    found = verdicts_on(document(population_json(population), *certificates), scratch)
    assert found == ["ACCEPTED", "ACCEPTED", "REJECTED", "REJECTED"]


@given(st.data(), st.integers(1, 3), st.integers(1, 3))
@settings(deadline=None, max_examples=60)
def test_product_upper_bounds_are_decided_as_the_definition_has_it(scratch, data, k, l):
    """1 + (k-1) P - k min_y P_y, worked out draw by draw, is accepted and a millionth less is
    not; and no product policy on a grid wins more."""
    population = data.draw(populations(max_responses=3, max_users=3))
    about = population_json(population)
    rivals = mixture(population, data.draw(joint_policies(population, l)).tuples)
    point = policy_json(population, data.draw(product_policies(population)))["product"]
    bound = arithmetic.product_bound(about, k, rivals, point)
    certificates = [
        (building.product_upper_bound(k, l, value), {"mixture": rivals, "point": point})
        for value in (bound, bound - LITTLE)
    ]
    assert verdicts_on(document(about, *certificates), scratch) == ["ACCEPTED", "REJECTED"]
    for outputs in combinations_with_replacement(range(population.n), 3):
        masses = tuple(Fraction(outputs.count(y), 3) for y in range(population.n))
        worst, _ = naive_oracle.worst_case(population, ProductPolicy(masses), k=k, l=l)
        assert worst <= bound


@given(st.data(), st.integers(0, 5), st.sampled_from([0, 1]))
@settings(deadline=None, max_examples=60)
def test_chances_against_draws_and_one_position_more(data, k, extra):
    """What a tuple is picked with, with and without one more position in its best class (whose
    response is no position of the tuple), against the enumeration of the draws."""
    population = data.draw(populations(max_responses=3, max_users=3))
    point = policy_json(population, data.draw(product_policies(population)))["product"]
    about, x = read(population, point)
    tuples = data.draw(multisets(population, data.draw(st.integers(1, 3))))
    rival = contest(x, k, len(tuples) + extra, "uniform")
    names = named(population, tuples)
    for u, user in enumerate(population_json(population)["users"]):
        best = next(tied for tied in user["ranking"] if {*tied} & {*names})
        alone = {"responses": [], "users": [{**user, "weight": "1"}]}
        expected = Fraction(0)
        for drawn in itertools.product(point, repeat=k):
            chance = prod((Fraction(point[z]) for z in drawn), start=Fraction(1))
            expected += chance * arithmetic.picked(alone, names, [*drawn, *best[:1] * extra])
        r = min(about.ranks[y][u] for y in tuples)
        c = sum(name in best for name in names)
        assert Fraction(rival.value(u, r, c, extra) * about.total, rival.whole) == expected


@given(st.data(), st.integers(1, 4), st.integers(1, 5), st.sampled_from(TIES))
@settings(deadline=None, max_examples=60)
def test_uniform_rankings_are_the_listed_population(scratch, data, n, k, ties):
    """For n <= 4 the n! rankings can be listed: the same win rates, and the same best value, which
    is that of the best multiplicities against a random response."""
    names, uniform = list("abcd"[:n]), {"uniform_rankings": n}
    orders = itertools.permutations(names)
    listed = {
        "responses": names,
        "users": [{"weight": "1", "ranking": [[y] for y in order]} for order in orders],
    }
    outputs = data.draw(st.lists(st.integers(0, n - 1), min_size=k, max_size=k))
    counts = sorted(Counter(outputs).values())
    rates = {}
    for shown in combinations_with_replacement(names, k):
        win = [1 - seen_by_opponent(listed, shown, y, ties) for y in names]
        rates.setdefault(tuple(sorted(Counter(shown).values())), Fraction(sum(win), n))
    rate, best = rates[tuple(counts)], max(rates.values())
    policy = building.random_subset(*data.draw(st.permutations(counts)))
    upper = [
        building.claim_of("joint-upper-bound", k, l=1, ties=ties, bound=str(bound))
        for bound in (best, best - LITTLE)
    ]
    certificates = [
        (win_rate(k, 1, ties, policy, "=", str(rate)), {}),
        (win_rate(k, 1, ties, policy, ">=", str(rate + LITTLE)), {}),
        (win_rate(k, 1, ties, policy, "<=", str(rate - LITTLE)), {}),
        *((claim, ONE_RIVAL) for claim in upper),
    ]
    found = verdicts_on(document(uniform, *certificates), scratch)
    assert found == ["ACCEPTED", "REJECTED", "REJECTED", "ACCEPTED", "REJECTED"]
    rivals = {"mixture": [[[y], str(Fraction(1, n))] for y in names]}
    found = verdicts_on(document(listed, *((claim, rivals) for claim in upper)), scratch)
    assert found == ["ACCEPTED", "REJECTED"]


def seen_by_opponent(about: Json, shown: Sequence[str], y: str, ties: str) -> Fraction:
    """The chance that y is picked and not one of the outputs shown, as the ties are settled."""
    share = arithmetic.picked(about, [y], shown)
    if ties != "uniform" and y in shown:  # a tie just where y is the best of all
        top = sum(user["ranking"][0] == [y] or y in best_of(user, shown) for user in about["users"])
        share = Fraction(top, len(about["users"])) * {"win": 0, "half": HALF, "lose": 1}[ties]
    return share


def best_of(user: Json, shown: Sequence[str]) -> list[str]:
    """The user's best class among the outputs shown."""
    return next(tied for tied in user["ranking"] if {*tied} & {*shown})


@given(st.data())
@settings(deadline=None, max_examples=60)
def test_limits_are_those_of_win_rates(scratch, data):
    """The limit is accepted and no other number; the worst win rate for k = 4000 is close to it,
    and above it by no more than rounding (u falls in k)."""
    population = data.draw(populations(max_responses=4, max_users=4))
    masses = data.draw(distributions(population.n, max_numerator=3))
    policy = policy_json(population, ProductPolicy(masses))
    _, x = read(population, policy["product"])
    rival = contest(x, 4000, 1, "uniform")
    worst = 1 - max(Fraction(rival.picked([y]), rival.whole) for y in range(population.n))
    above = []
    for y in range(population.n):
        strictly = [
            user.weight
            for user in population.users
            for tied in user.ranking[: best_class(user.ranking, x.support)]
            if y in tied
        ]
        above.append(sum(strictly, Fraction(0)) / sum(user.weight for user in population.users))
    limit = 1 - max(above)
    assert limit - Fraction(1, 100) <= worst <= limit
    claims = [
        (building.about_limits("limit", policy=policy, bound=str(bound)), {})
        for bound in (limit, limit - LITTLE, limit + LITTLE)
    ]
    found = verdicts_on(document(population_json(population), *claims), scratch)
    assert found == ["ACCEPTED", "REJECTED", "REJECTED"]


def best_class(ranking: Sequence[Sequence[int]], support: Sequence[int]) -> int:
    """How many classes stand above the whole support."""
    return next(r for r, tied in enumerate(ranking) if {*tied} & {*support})


@given(st.data(), st.integers(2, 4))
@settings(deadline=None, max_examples=25)
def test_algebraic_equilibria_solved_by_sympy(scratch, data, k):
    """Two responses: each equilibrium inside is accepted with the factor of U_a - 1 that has it as
    a root, and with no coefficient of the masses or the factor changed."""
    first, second = data.draw(st.integers(1, 9)), data.draw(st.integers(1, 9))
    x, a = sympy.Symbol("x"), sympy.Rational(first, first + second)
    U_a = a * sum((1 - x) ** i for i in range(k + 1)) + (1 - a) * x**k
    about = building.population("a b", f"{first} a>b, {second} b>a")
    found = 0
    for factor, _ in sympy.factor_list(sympy.expand(U_a - 1), x)[1]:
        polynomial = sympy.Poly(factor, x)
        roots = polynomial.intervals(eps=sympy.Rational(1, 10**6)) if polynomial.degree() else []
        for (low, high), _ in roots:
            if low == high:
                low, high = low - LITTLE, high + LITTLE
            if low <= 0 or high >= 1:
                continue
            found += 1
            coefficients = [str(c) for c in polynomial.all_coeffs()[::-1]]
            d = polynomial.degree()
            alpha = ["0", "1"] if d > 1 else [str(-polynomial.all_coeffs()[1] / polynomial.LC())]
            alpha += ["0"] * (d - len(alpha))
            rest = [str(int(i == 0) - Fraction(c)) for i, c in enumerate(alpha)]
            claim, witness = building.algebraic(
                k,
                {
                    "polynomial": coefficients,
                    "interval": [str(low), str(high)],
                    "masses": {"a": alpha, "b": rest},
                },
            )
            changed = [claim]
            shift = data.draw(st.sampled_from([1, -1, 2])) * LITTLE / 10**6
            # of rational masses any polynomial will do that has some root there
            for place in ("polynomial", "masses/a", "masses/b")[d == 1 :]:
                for i in range(d + (place == "polynomial")):
                    pointer = f"/{place}/{i}"
                    value = Fraction(resolve(claim, pointer)) + shift
                    changed.append(put(claim, pointer, str(value)))
            files = [(one, witness) for one in changed]
            verdicts = verdicts_on(document(about, *files), scratch)
            assert verdicts == ["ACCEPTED", *["REJECTED"] * (len(files) - 1)]
    # it is unique, and else a point mass
    assert found == (min(first, second) * (k + 1) > first + second)


@given(st.data(), st.integers(1, 3))
@settings(deadline=None, max_examples=80)
def test_exact_equilibria_are_decided_as_the_definition_has_it(scratch, data, k):
    """delta = 0 is accepted just where no response earns more than 1/(k+1)."""
    population = data.draw(populations(max_responses=3, max_users=3, max_weight=3))
    masses = data.draw(distributions(population.n, max_numerator=2))
    best = max(naive_oracle.u(population, masses, k, y) for y in range(population.n))
    centre = policy_json(population, ProductPolicy(masses))["product"]
    claim = building.equilibrium(k, {"centre": centre, "delta": "0"})
    found = verdicts_on(document(population_json(population), claim), scratch)
    assert found == ["ACCEPTED" if best <= Fraction(1, k + 1) else "REJECTED"]
