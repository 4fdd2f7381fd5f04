"""The theorems on instances: their golden numbers, found by the generic ways and accepted by the
checker; what they imply for each other; and when they have nothing to say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import naive_oracle
import pytest
from acceptance import assert_accepted
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import populations
from ualign.certificates.findings import NO_CLAIM, Finding, Judged
from ualign.constructions import (
    borda_trap,
    common_favourite,
    cyclic_rankings,
    distinct_favourites,
    dominant,
    indifferent,
    plurality_versus_condorcet,
    random_dictatorship_trap,
    slim_majority,
    tight_opponents,
    truncated_circle,
    unanimous,
    uniform_rankings,
    weak_order_converse,
)
from ualign.errors import FaultError
from ualign.exact.instance import Instance, PartialInstance
from ualign.exact.methods import METHODS, Guarantee, limit
from ualign.model.policies import ProductPolicy
from ualign.model.population import Population
from ualign.model.rates import joint_rate, product_rate, union_rate
from ualign.model.solutions import JointOptimum
from ualign.model.uniform_rankings import UniformRankings
from ualign.model.win_rates import WorstCase, worst_case
from ualign.runs.certify import Options, certify_prompt
from ualign.theorems import (
    MAIN,
    THEOREMS,
    e1_convex_program,
    e3_average,
    e4_joint_optimum,
    e5_product_optimum,
    e9_methods,
    e11_regret,
    p6_self_play,
    p7_opponents,
    tasks,
    tasks_by_orbits,
    tasks_of_partial,
)

F = Fraction
EVEN_SPLIT = Population.from_rankings([[*"ab"], [*"ba"]])
STYLES = Population.from_rankings([[*"bpf"], [*"fpb"], [*"pfb"]], [40, 35, 25])


def rate(k: int) -> Fraction:
    return F(k, k + 1)


def found(population: Population, k: int | None, theorem: str, **options: Any) -> list[Finding]:
    """All that one theorem says."""
    instance = Instance(population, **options)
    return [finding for _, ask in tasks(instance, k, [theorem]) for finding in ask()]


def named(findings: list[Finding], what: str) -> Finding:
    (finding,) = [finding for finding in findings if finding.what == what]
    return finding


def assert_proved(population: Population | UniformRankings, *findings: Finding) -> None:
    """Each finding has claims, and the checker accepts them."""
    assert all(finding.certificates for finding in findings), findings
    assert_accepted([(population, [c for finding in findings for c in finding.certificates])])


# --- the table --------------------------------------------------------------------------------


def test_the_table_is_complete_and_in_order() -> None:
    labels = [f"P{i}" for i in range(1, 8)] + [f"E{i}" for i in range(1, 21)]
    assert list(THEOREMS) == labels
    assert len({theorem.statement for theorem in THEOREMS.values()}) == len(labels)
    for theorem in THEOREMS.values():
        assert (
            theorem.certify
            or theorem.certify_all_k
            or (theorem.certify_partial or theorem.certify_luce)
        )
    assert set(MAIN) < set(THEOREMS)


def test_each_theorem_is_asked_where_it_has_something_to_say() -> None:
    instance, uniform = Instance(EVEN_SPLIT), UniformRankings(9)
    elsewhere = {"E10", "E15", "E16", "E18"}
    assert {name for name, _ in tasks(instance, 2, [*THEOREMS])} == set(THEOREMS) - elsewhere
    assert [name for name, _ in tasks(instance, None, [*THEOREMS])] == ["P4", "E10", "E15"]
    assert [name for name, _ in tasks_by_orbits(uniform, 2, [*THEOREMS])] == ["P3"]
    assert list(tasks_by_orbits(uniform, None, [*THEOREMS])) == []
    unsaid = PartialInstance(truncated_circle(3, 1))
    assert [name for name, _ in tasks_of_partial(unsaid, 2, [*THEOREMS])] == ["E16"]
    assert list(tasks_of_partial(unsaid, None, [*THEOREMS])) == []
    assert [name for name, _ in tasks(instance, 1, ["E5", "P1"])] == ["E5", "P1", "P1"]


# --- everything, on small populations ---------------------------------------------------------

SMALL = {
    "styles": STYLES,
    "cycle": cyclic_rankings(3),
    "even split": EVEN_SPLIT,
    "one response": unanimous(1),
    "all rankings": uniform_rankings(3),
    "weak orders": weak_order_converse(),
    "indifference": indifferent(3),
    "one favourite": common_favourite(3),
    "two favourites": distinct_favourites(2),
}
WEAK = {"weak orders", "indifference", "one favourite"}
SILENT = {"P3": {"styles", "cycle", *WEAK}, "E8": WEAK, "E16": {*SMALL}, "E18": {*SMALL}}
"""Where a theorem does not apply: not all rankings are equally likely; some are weak; all users
have rankings, and whole ones."""


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Judged]]:
    """All that is said of the small populations, checked; what the claims state is compared with
    the findings on the way."""
    directory, options = tmp_path_factory.mktemp("small"), Options(opponents=(2, 3))
    return {
        name: certify_prompt(name, population, [1, 2, 3], directory, options)
        for name, population in SMALL.items()
    }


@pytest.mark.parametrize("theorem", THEOREMS)
def test_what_is_said_is_accepted_or_has_a_reason(
    evidence: dict[str, list[Judged]], theorem: str
) -> None:
    own = [e for said in evidence.values() for e in said if e.finding.theorem == theorem]
    for e in own:
        silent = e.verdict == "none" and e.finding.grade in NO_CLAIM and e.finding.note
        assert e.certified or silent, e
    accepted = {e.prompt for e in own if e.verdict == "ACCEPTED"}
    assert accepted == set(SMALL) - SILENT.get(theorem, set())


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("k", [1, 2, 3])
def test_the_theorems_agree_with_each_other(
    evidence: dict[str, list[Judged]], name: str, k: int
) -> None:
    """P1 <= E1 <= E4 and the like: numbers of one instance that were found in different ways."""
    said = {}
    for e in evidence[name]:
        if e.finding.k in (k, None) and e.finding.value is not None:
            said[e.finding.theorem, e.finding.what] = e.finding.value
    guarantee, optimum = said["P1", "guarantee"], said["E4", "joint-optimum"]
    slack = F(1, 2**100)
    assert rate(k) - slack <= guarantee <= rate(k) <= said["E1", "product-ceiling"]
    assert said["E1", "product-ceiling"] <= rate(k) + slack
    assert rate(k) <= optimum <= said["E6", "joint-win"]
    assert said["E6", "joint-lose"] <= said["E6", "joint-half"] <= said["E6", "joint-win"]
    for l in (2, 3):
        joint, product = said["E4", f"joint-optimum-l{l}"], said["E5", f"product-optimum-l{l}"]
        assert joint_rate(l, k) <= joint
        assert product_rate(l, k) - slack <= product <= joint
        if l <= k + 1:
            against = said["P7", f"guarantee-l{l}"]
            assert union_rate(l, k) - l * slack <= against <= product + slack
    mixture, average = said["E3", "fictitious-play-mixture"], said["E3", "fictitious-play-average"]
    assert mixture <= average <= rate(k)
    assert said["E11", "fictitious-play-mixture"] == rate(k)
    assert F(1, 2) <= said["P4", "nlhf"] <= min(rate(k), said.get(("P4", "nlhf-ceiling"), rate(k)))
    assert said["E19", "joint-cap"] == optimum
    if k > 1:
        assert said["E7", "all-there-is"] == optimum


@given(populations(max_responses=4, max_users=4), st.integers(1, 4))
@settings(deadline=None, max_examples=12)
def test_no_theorem_fails_on_random_populations(
    tmp_path_factory: pytest.TempPathFactory, population: Population, k: int
) -> None:
    directory = tmp_path_factory.mktemp("random")
    said = certify_prompt("random", population, [k], directory, Options())
    assert not [e for e in said if e.broken]
    for e in said:  # a coincidence may keep an equilibrium from being located
        assert e.certified or (e.finding.grade in NO_CLAIM and e.finding.note), e
    accepted = {e.finding.theorem for e in said if e.verdict == "ACCEPTED"}
    assert accepted >= {"P1", "P4", "P6", "E1", "E3", "E4", "E6", "E9", "E10", "E11", "E19"}


# --- golden numbers ---------------------------------------------------------------------------

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


# --- when k/(k+1) is all there is (E7) ---------------------------------------------------------


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


# --- limits (E8, E10) --------------------------------------------------------------------------


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


# --- where a theorem has nothing to say --------------------------------------------------------


def test_what_does_not_apply_says_why() -> None:
    skewed = Population.from_rankings([[*"ab"], [*"ba"]], [2, 1])
    (said,) = found(skewed, 2, "P3")
    assert (str(said.grade), said.certificates, said.value) == ("does not apply", (), None)
    assert "not all rankings are equally likely" in said.note
    assert str(found(indifferent(2), 2, "P3")[0].grade) == "does not apply"
    (said,) = found(weak_order_converse(), 2, "E8")
    assert (str(said.grade), said.certificates) == ("does not apply", ())
    assert "some user ties responses" in said.note
    (said,) = found(EVEN_SPLIT, None, "P4")  # every policy is a maximal lottery
    assert (str(said.grade), said.certificates) == ("does not apply", ())
    assert "several maximal lotteries" in said.note


def test_theorems_on_other_numbers_of_outputs_are_silent() -> None:
    assert found(STYLES, 2, "P5") == []
    assert found(STYLES, 1, "E7") == []
    assert [f.what for f in found(STYLES, 1, "P7", opponents=(2, 3, 4))] == ["guarantee-l2"]
    assert found(STYLES, 2, "E5", opponents=()) == []


@pytest.mark.parametrize(
    ("theorem", "whats"),
    [
        ("P3", {"rate-uniform", "rate-win"}),
        ("P7", {"guarantee-l2"}),
        ("E4", {"joint-optimum", "joint-optimum-l2"}),
        ("E5", {"product-optimum-l2"}),
        ("E6", {"joint-win", "joint-half", "joint-lose"}),
        ("E7", {"all-there-is"}),
        ("E19", {"joint-cap"}),
    ],
)
def test_what_is_beyond_the_joint_limit_says_so(theorem: str, whats: set[str]) -> None:
    said = found(uniform_rankings(3), 2, theorem, joint_limit=5)
    missing = [finding for finding in said if str(finding.grade) == "not computed"]
    assert {finding.what for finding in missing} == whats
    assert all("joint limit of 5" in f.note and not f.certificates for f in missing)


def test_self_play_beyond_its_limits_says_so() -> None:
    for theorem in ("P6", "E3", "E11"):
        (said,) = found(EVEN_SPLIT, 257, theorem)
        assert (str(said.grade), said.certificates) == ("not computed", ())
        assert "up to 256" in said.note
    (said,) = (f for _, ask in tasks_by_orbits(UniformRankings(5), 31, ["P3"]) for f in ask())
    assert (str(said.grade), said.certificates) == ("not computed", ())


# --- a contradiction is a fault -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("module", "name", "theorem"),
    [
        (e4_joint_optimum, "joint_rate", "E4"),
        (e5_product_optimum, "product_rate", "E5"),
        (p7_opponents, "union_rate", "P7"),
    ],
)
def test_a_number_below_the_theorem_is_a_fault(
    monkeypatch: pytest.MonkeyPatch, module: Any, name: str, theorem: str
) -> None:
    """As if the theorem said a little more than is true: then the instance refutes it."""
    true = getattr(module, name)
    monkeypatch.setattr(module, name, lambda l, k: true(l, k) + F(1, 1000))
    with pytest.raises(FaultError, match=f"{theorem} fails"):
        found(tight_opponents(2, 2) if theorem == "P7" else distinct_favourites(2), 2, theorem)


@pytest.mark.parametrize(
    ("theorem", "population"),
    [
        ("E4", unanimous(2)),
        ("E6", uniform_rankings(3)),
        ("E7", unanimous(2)),
        ("E19", unanimous(2)),
    ],
)
def test_an_optimum_below_the_theorem_is_a_fault(
    monkeypatch: pytest.MonkeyPatch, theorem: str, population: Population
) -> None:
    """A solver that stops too early, on populations that attain the bound."""
    solve = Instance.joint_optimum

    def hasty(*args: Any, **options: Any) -> JointOptimum:
        best = solve(*args, **options)
        return replace(best, value=best.value - F(1, 10**9))

    monkeypatch.setattr(Instance, "joint_optimum", hasty)
    with pytest.raises(FaultError, match=f"{theorem} fails"):
        found(population, 2, theorem)


POINT = ProductPolicy.point_mass(3, 0)


def _low(*args: Any, **options: Any) -> WorstCase:
    return WorstCase(F(1, 10), (0,))


@pytest.mark.parametrize(
    ("module", "name", "broken", "message"),
    [
        (e1_convex_program, "upper_bound", lambda *args: F(1, 2), "E1 fails"),
        (e3_average, "worst_case", _low, "the average wins 1/10, the mixture"),
        (e9_methods, "guarantee", lambda *args: Guarantee("", 2, _low(), POINT), "E9 fails"),
        (
            e11_regret,
            "short_runs",
            lambda *args: [replace(e3_average.short_runs(*args)[0], regret=F(-1, 10))],
            "is negative",
        ),
        (p6_self_play, "worst_case", _low, "the average wins 1/10, the mixture"),
    ],
)
def test_what_no_theorem_allows_is_a_fault(
    monkeypatch: pytest.MonkeyPatch, module: Any, name: str, broken: object, message: str
) -> None:
    theorem = module.__name__.rpartition(".")[2].partition("_")[0].upper()
    monkeypatch.setattr(module, name, broken)
    with pytest.raises(FaultError, match=message):
        found(STYLES, 2, theorem)


def test_uniform_rankings_certified_by_name(tmp_path: Path) -> None:
    """The suite's large instance: the claims name the population, and list nobody."""
    said = certify_prompt("u", UniformRankings(1000), [5], tmp_path, Options())
    assert [(e.finding.what, e.verdict) for e in said] == [
        ("rate-uniform", "ACCEPTED"),
        ("rate-win", "ACCEPTED"),
    ]
    assert (tmp_path / "u.k5.cert.json").stat().st_size < 5000
