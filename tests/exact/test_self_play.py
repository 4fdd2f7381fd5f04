"""Self-play: regrets from the definition, the rules' promises, and what P6, E3, E11 claim."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import naive_oracle
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from strategies import populations, product_policies
from ualign.certificates.checking import check
from ualign.certificates.document import write_certificates
from ualign.certificates.findings import NOT_COMPUTED, Certificate, Finding
from ualign.constructions import indifferent, slim_majority, unanimous
from ualign.errors import FaultError, InputError
from ualign.exact import self_play
from ualign.exact.alignment_game import FloatGame
from ualign.exact.instance import Instance
from ualign.exact.self_play import (
    DYNAMICS,
    ExactGame,
    against_hedge_bound,
    hedge_bound,
    play,
    rounded,
    run_of,
)
from ualign.model.policies import ProductPolicy
from ualign.model.population import Population
from ualign.model.win_rates import worst_case
from ualign.theorems import e3_average, e11_regret, p6_self_play

HALVES = Population.from_rankings([["a", "b"], ["b", "a"]])
UNEVEN = Population.from_rankings(
    [["a", "b", "c"], ["b", "c", "a"], ["c", "a", "b"], [["b", "a"], "c"]], [4, 3, 2, 1]
)
rules = pytest.mark.parametrize("dynamics", DYNAMICS)


def certify(population: Population, k: int, *, iterates: bool = False) -> dict[str, Finding]:
    """All findings of the three theorems, by every rule, by theorem and question."""
    instance = Instance(population, iterates=iterates, rules=tuple(DYNAMICS))
    modules = p6_self_play, e3_average, e11_regret
    found = [finding for module in modules for finding in module.certify(instance, k)]
    named = {f"{finding.theorem} {finding.what}": finding for finding in found}
    assert len(named) == len(found)
    return named


# --- exact utilities and regret -----------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_exact_utilities_are_those_of_the_definition(data: st.DataObject) -> None:
    population = data.draw(populations(max_responses=3, max_users=4))
    pi, k = data.draw(product_policies(population)), data.draw(st.integers(1, 3))
    whole = np.lcm.reduce([mass.denominator for mass in pi.masses]).item()
    U = ExactGame(population).utilities([int(mass * whole) for mass in pi.masses], k)
    for y in range(population.n):
        u = Fraction(U[y], (k + 1) * population.scale * whole**k)
        assert u == naive_oracle.u(population, pi.masses, k, y)


@settings(max_examples=60, deadline=None)
@given(populations(max_responses=6, max_users=6), st.integers(1, 30), st.data())
def test_the_players_earn_their_share(population: Population, k: int, data: st.DataObject) -> None:
    """P1: sum_y pi_y U_y = 1, which a wrong term of any group would break."""
    masses = data.draw(
        st.lists(st.integers(0, 9), min_size=population.n, max_size=population.n).filter(any)
    )
    U = ExactGame(population).utilities(masses, k)
    earned = sum(mass * utility for mass, utility in zip(masses, U, strict=True))
    assert earned == population.scale * sum(masses) ** (k + 1)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_regret_is_never_negative_and_gives_the_mixture_its_worst_case(
    data: st.DataObject,
) -> None:
    """P6 and E11 for any policies at all, from the definition of a win rate."""
    population = data.draw(populations(max_responses=3, max_users=4))
    k = data.draw(st.integers(1, 3))
    iterates = data.draw(st.lists(product_policies(population), min_size=1, max_size=4))
    run = run_of(population, k, iterates)
    by_response = [
        sum(naive_oracle.win_rate(population, pi, [y], k=k) for pi in iterates) / run.rounds
        for y in range(population.n)
    ]
    assert run.regret >= 0
    assert run.value == min(by_response) == by_response[run.opponent]
    found = worst_case(population, run.mixture, k=k)
    assert (found.value, found.opponent) == (run.value, (run.opponent,))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_average_wins_as_much_as_the_mixture(data: st.DataObject) -> None:
    """E3 for any policies, against single responses and pairs."""
    population = data.draw(populations(max_responses=3, max_users=4))
    k, l = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 2))
    iterates = data.draw(st.lists(product_policies(population), min_size=1, max_size=4))
    run = run_of(population, k, iterates)
    mixture = worst_case(population, run.mixture, k=k, l=l).value
    average = worst_case(population, run.average, k=k, l=l).value
    assert average >= mixture
    assert k > 1 or average == mixture


def test_bad_arguments() -> None:
    for arguments in ((0, "hedge"), (2, "hodge")):
        with pytest.raises(InputError):
            play(HALVES, *arguments)
    for limits in ({"rounds": 0}, {"bits": 0}, {"bits": 41}):
        with pytest.raises(InputError):
            play(HALVES, 2, "hedge", **limits)
    for iterates in ([], [ProductPolicy.point_mass(3, 0)]):
        with pytest.raises(InputError):
            run_of(HALVES, 2, iterates)


# --- rounding -----------------------------------------------------------------------------------


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=12).filter(lambda masses: sum(masses) > 1e-3),
    st.integers(1, 40),
)
def test_rounding_keeps_a_policy_a_policy(masses: list[float], bits: int) -> None:
    pi = np.array(masses) / sum(masses)
    for mass, near in zip(rounded(pi, bits).masses, pi.tolist(), strict=True):
        assert (mass * 2**bits).denominator == 1
        assert abs(mass - Fraction(near)) < Fraction(1, 2**bits) + Fraction(1, 2**45)


def test_largest_remainders_go_first() -> None:
    assert rounded(np.array([0.3, 0.3, 0.4]), 2).masses == tuple(Fraction(m, 4) for m in (1, 1, 2))


def test_broken_proposals_are_refused() -> None:
    for masses in ([np.nan, 1.0], [np.inf, 0.0], [0.0, 0.0], [-1.0, 0.0]):
        with pytest.raises(FaultError):
            rounded(np.array(masses))


# --- the rules ----------------------------------------------------------------------------------


@rules
@settings(max_examples=15, deadline=None)
@given(population=populations(max_responses=4, max_users=4), k=st.integers(1, 5))
def test_every_rule_runs_everywhere(dynamics: str, population: Population, k: int) -> None:
    run = play(population, k, dynamics, rounds=6)
    assert run.rounds == len(run.iterates) == 6
    assert 0 <= run.value <= Fraction(k, k + 1)
    assert play(population, k, dynamics, rounds=6) == run


@rules
@pytest.mark.parametrize("population", [unanimous(3), indifferent(3), unanimous(1)])
def test_degenerate_populations(dynamics: str, population: Population) -> None:
    run = play(population, 2, dynamics, rounds=256)
    assert run.value >= Fraction(2, 3) - Fraction(1, 40)


@settings(max_examples=40, deadline=None)
@given(populations(max_responses=4, max_users=5), st.integers(1, 4), st.integers(1, 24))
def test_hedge_keeps_its_bound(population: Population, k: int, rounds: int) -> None:
    """Up to what the rounding of the policies may cost, at most (k/2) |.|_1 a round."""
    run = play(population, k, "hedge", rounds=rounds)
    spare = Fraction(rounds * k * population.n, 2**self_play.MASS_BITS)
    assert run.regret <= hedge_bound(population.n, rounds)[0] + spare


@pytest.mark.parametrize("population", [UNEVEN, slim_majority(Fraction(1, 10)), unanimous(4)])
@pytest.mark.parametrize("k", [1, 2, 5])
def test_regret_vanishes(population: Population, k: int) -> None:
    for dynamics in DYNAMICS.keys() - {"fictitious-play"}:
        few, many = (play(population, k, dynamics, rounds=T) for T in (16, 256))
        assert many.regret / 256 <= few.regret / 16 / 2, dynamics
        assert many.regret <= hedge_bound(population.n, 256)[0] or dynamics != "hedge"


def test_optimistic_hedge_has_constant_regret() -> None:
    """At the rate 1/k it is at most k ln n + 1/k, which is under 2.7 here."""
    for rounds in (64, 256, 1024):
        assert play(UNEVEN, 2, "optimistic-hedge", rounds=rounds).regret < Fraction(27, 10)


def test_optimism_makes_the_last_policy_converge() -> None:
    """Around a cycle, k = 1, Hedge circles and its last policy stays bad."""
    cycle = Population.from_rankings([[*"abc"], [*"bca"], [*"cab"]], [4, 3, 3])
    last = {rule: play(cycle, 1, rule, rounds=1024).last for rule in DYNAMICS}
    least = {rule: worst_case(cycle, pi, k=1).value for rule, pi in last.items()}
    assert least["optimistic-hedge"] > Fraction(499, 1000)
    assert least["hedge"] < Fraction(48, 100)


def test_the_averages_approach_the_guarantee() -> None:
    for dynamics in DYNAMICS:
        run = play(UNEVEN, 3, dynamics, rounds=512)
        least = worst_case(UNEVEN, run.average, k=3).value
        assert least > Fraction(3, 4) - Fraction(1, 50), dynamics


def test_fictitious_play_has_regret_in_proportion() -> None:
    """Point masses on the halves, alternating: the regret is T/12 for k = 2."""
    for rounds in (2, 16, 64):
        run = play(HALVES, 2, "fictitious-play", rounds=rounds)
        assert [pi.support for pi in run.iterates] == [(0,), (1,)] * (rounds // 2)
        assert run.regret == Fraction(rounds, 12)


def test_a_rule_that_errs_exceeds_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that answers what everybody likes least."""

    def contrary(game: FloatGame, rounds: int) -> Iterator[NDArray[np.float64]]:
        while True:
            pi = np.zeros(game.n)
            pi[-1] = 1.0
            yield pi

    monkeypatch.setitem(DYNAMICS, "contrary", contrary)
    assert against_hedge_bound(play(unanimous(3), 2, "contrary", rounds=64)) == ">"
    assert against_hedge_bound(play(unanimous(3), 2, "hedge", rounds=64)) == "<="


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(-3, 3), min_size=1, max_size=8))
def test_projection(coordinates: list[float]) -> None:
    """The nearest point p of the simplex: <x - p, q - p> <= 0 for all its corners q."""
    x = np.array(coordinates)
    p = self_play._project(x)
    assert p.min() >= 0
    assert p.sum() == pytest.approx(1)
    assert ((x - p) - (x - p) @ p).max() <= 1e-12


# --- Hedge's bound ------------------------------------------------------------------------------


def logarithm(n: int, terms: int = 400) -> tuple[Fraction, Fraction]:
    """Rationals around ln n = 2 artanh(z), z = (n-1)/(n+1), with the geometric tail."""
    z = Fraction(n - 1, n + 1)
    low = 2 * sum((z ** (2 * i + 1) / (2 * i + 1) for i in range(terms)), Fraction(0))
    return low, low + z ** (2 * terms + 1) / (1 - z**2)


@pytest.mark.parametrize("n", [2, 3, 7, 10])
@pytest.mark.parametrize("rounds", [1, 16, 60, 61, 62, 63])
def test_the_bound_is_enclosed(n: int, rounds: int) -> None:
    low, high = hedge_bound(n, rounds, bits=64)
    ln_low, ln_high = logarithm(n)
    assert low**2 * 2 / rounds < ln_low <= ln_high < high**2 * 2 / rounds
    assert high - low < Fraction(1, 2**50)


def test_the_comparison_is_strict_about_its_ends() -> None:
    run = play(HALVES, 2, "fictitious-play", rounds=4)
    low, high = hedge_bound(2, 4)
    middle = (low + high) / 2
    verdicts = {low: "<=", middle: "undecided", high: "undecided", high + 1: ">"}
    for regret, verdict in verdicts.items():
        assert against_hedge_bound(replace(run, regret=regret)) == verdict


def test_one_response_leaves_no_regret() -> None:
    assert hedge_bound(1, 16) == (0, 0)
    assert against_hedge_bound(play(unanimous(1), 3, "hedge")) == "<="


# --- P6, E3, E11 --------------------------------------------------------------------------------


def test_the_average_can_be_strictly_better() -> None:
    """E3's example, as it comes out of fictitious play: 2/3 against 7/12."""
    found = certify(HALVES, 2)
    assert found["E3 fictitious-play-mixture"].value == Fraction(7, 12)
    assert found["E3 fictitious-play-average"].value == Fraction(2, 3)
    given_run = run_of(HALVES, 2, [ProductPolicy.point_mass(2, y) for y in (0, 1)])
    findings = e3_average.compared(Instance(HALVES, opponents=()), given_run)
    assert [finding.value for finding in findings] == [Fraction(7, 12), Fraction(2, 3)]


@pytest.mark.parametrize("k", [1, 2, 4])
@pytest.mark.parametrize("population", [HALVES, UNEVEN, unanimous(1), indifferent(2)])
def test_findings_are_what_the_checker_accepts(
    population: Population, k: int, tmp_path: Path
) -> None:
    found = certify(population, k, iterates=True)
    assert len(found) == (5 + 4 + 1) * len(DYNAMICS)
    for finding in found.values():
        stated = [c.claim["relation"] for c in finding.certificates]
        bounds = [Fraction(c.claim["bound"]) for c in finding.certificates]
        assert (stated, bounds) == ([finding.relation], [finding.value])
        assert str(finding.grade) == "exact"
    for dynamics in DYNAMICS:
        average, mixture = (found[f"P6 {dynamics}-{what}"] for what in ("average-t64", "mixture"))
        assert average.value == mixture.value
    path = tmp_path / "self-play.cert.json"
    write_certificates(path, population, [c for f in found.values() for c in f.certificates])
    verdicts = check([path]).verdicts
    assert [v.detail for v in verdicts if not v.accepted] == []


def test_a_little_more_is_rejected(tmp_path: Path) -> None:
    certificates: list[Certificate] = []
    for name, finding in certify(UNEVEN, 2, iterates=True).items():
        if name.startswith("P6") and finding.relation == "=":
            assert finding.value is not None
            more = str(finding.value + Fraction(1, 10**30))
            for relation in ("=", ">="):
                claim = finding.certificates[0].claim | {"bound": more, "relation": relation}
                witness = finding.certificates[0].witness if relation == "=" else {}
                certificates.append(Certificate(claim, witness))
    path = tmp_path / "wrong.cert.json"
    write_certificates(path, UNEVEN, certificates)
    assert {verdict.verdict for verdict in check([path]).verdicts} == {"REJECTED"}


@settings(max_examples=15, deadline=None)
@given(populations(max_responses=3, max_users=3), st.integers(1, 3))
def test_findings_from_the_definitions(population: Population, k: int) -> None:
    """The mixtures and averages of a run, by enumeration."""
    findings = certify(population, k)
    for run in e3_average.short_runs(Instance(population, rules=tuple(DYNAMICS)), k):
        rule = run.dynamics
        average = naive_oracle.worst_case(population, run.average, k=k)[0]
        assert findings[f"E3 {rule}-average"].value == average
        counts = [(chance, part) for chance, part in run.mixture.parts]
        mixture = min(
            sum(c * naive_oracle.win_rate(population, pi, [y], k=k) for c, pi in counts)
            for y in range(population.n)
        )
        assert findings[f"E3 {rule}-mixture"].value == mixture


def test_a_wrong_regret_is_a_fault() -> None:
    run = play(UNEVEN, 2, "hedge", rounds=8)
    wrong = replace(run, regret=run.regret - Fraction(1, 10**20))
    with pytest.raises(FaultError, match="by regret"):
        p6_self_play.exact_mixture(Instance(UNEVEN), wrong)
    with pytest.raises(FaultError, match="the average wins"):
        e3_average.compared(Instance(UNEVEN), replace(run, regret=Fraction(-1)))
    linear = play(UNEVEN, 1, "hedge", rounds=8)
    with pytest.raises(FaultError, match="the average wins"):
        e3_average.compared(Instance(UNEVEN), replace(linear, regret=linear.regret + 1))


def test_a_negative_regret_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    run = replace(play(UNEVEN, 2, "hedge"), regret=Fraction(-1, 10**20))
    monkeypatch.setattr(e11_regret, "short_runs", lambda *_: [run])
    with pytest.raises(FaultError, match="negative"):
        e11_regret.certify(Instance(UNEVEN), 2)


def test_long_numbers_are_enclosed() -> None:
    weights = [Fraction(1), Fraction(2**14000 - 1, 2**14000 + 1)]
    population = Population.from_rankings([["a", "b"], ["b", "a"]], weights)
    found = certify(population, 2, iterates=True)
    for dynamics in DYNAMICS:
        for what in ("average-t64", "last", "mixture"):
            finding = found[f"P6 {dynamics}-{what}"]
            assert finding.value is not None
            assert (finding.relation, str(finding.grade)) == (">=", "within 2^-100")
            run = play(population, 2, dynamics)
            exact = worst_case(population, run.last, k=2).value if what == "last" else run.value
            assert 0 <= exact - finding.value < Fraction(1, 2**100)


def test_beyond_the_limits_nothing_is_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    for finding in certify(HALVES, p6_self_play.LARGEST_K_PLAYED + 1).values():
        assert (finding.grade, finding.certificates) == (NOT_COMPUTED, ())
    monkeypatch.setattr(e3_average, "MOST_MIXTURE_WORK", 1)
    pairs = [f for f in certify(HALVES, 2).values() if f.what.endswith("l2")]
    assert [f.grade for f in pairs] == [NOT_COMPUTED] * len(DYNAMICS)
    monkeypatch.setattr(p6_self_play, "EASY_WORK", 1)
    assert "P6 hedge-average-t64" not in certify(HALVES, 2)
    monkeypatch.setattr(p6_self_play, "MOST_PLAY_WORK", 1)
    assert {f.grade for f in certify(HALVES, 2).values()} == {NOT_COMPUTED}
