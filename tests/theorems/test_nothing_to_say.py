"""Where a theorem has nothing to say; and numbers that contradict one are a fault."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from asking import EVEN_SPLIT, STYLES, F, found
from ualign.constructions import (
    distinct_favourites,
    indifferent,
    tight_opponents,
    unanimous,
    uniform_rankings,
    weak_order_converse,
)
from ualign.errors import FaultError
from ualign.exact.instance import Instance
from ualign.exact.methods import Guarantee
from ualign.model.policies import ProductPolicy
from ualign.model.population import Population
from ualign.model.solutions import JointOptimum
from ualign.model.uniform_rankings import UniformRankings
from ualign.model.win_rates import WorstCase
from ualign.runs.certify import Options, certify_prompt
from ualign.theorems import (
    e1_convex_program,
    e3_average,
    e4_joint_optimum,
    e5_product_optimum,
    e9_methods,
    e11_regret,
    p6_self_play,
    p7_opponents,
    tasks_by_orbits,
)


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
