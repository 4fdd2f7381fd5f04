"""Predicates: bounds where equilibria are irrational, and theorems that would be refuted if their
numbers were wrong."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from refutations import claims
from ualign.certificates.checking import check
from ualign.certificates.document import write_certificates
from ualign.counterexamples import CONJECTURES, Refutation
from ualign.counterexamples.conjectures import changes as about_changes
from ualign.counterexamples.editing import rebuilt
from ualign.counterexamples.facts import shortest_between, told_apart
from ualign.exact.instance import Instance
from ualign.model.policies import ProductPolicy
from ualign.model.population import Population
from ualign.model.solutions import Enclosure, Equilibrium

HALF = Fraction(1, 2)


def test_irrational_equilibria_are_refuted_by_bounds(tmp_path: Path) -> None:
    """Two users a>b, one b>a, k = 3: the exact equilibrium is known within a box, and the bound
    leaves room for all of it."""
    population = Population.from_rankings([[*"ab"], [*"ab"], [*"ba"]])
    said = CONJECTURES["equilibrium-robust-for-next-k"].refute(Instance(population), 3, 1)
    assert said is not None
    (part,) = said.parts
    (exact,), (rate,) = claims(part, "equilibrium"), claims(part, "win-rate")
    delta, bound = Fraction(exact["delta"]), Fraction(rate["bound"])
    assert delta > 0
    assert (rate["relation"], rate["k"]) == ("<=", 4)
    assert bound + 4 * delta / 2 == said.values["wins"] == Fraction(39, 50)
    assert said.values["wins"] < Fraction(4, 5)
    path = write_certificates(tmp_path / "x.cert.json", population, part.certificates)
    assert check([path]).code == 0


@pytest.mark.parametrize(
    ("value", "limit", "short"),
    [
        (Fraction(2, 3), Fraction(1), Fraction(2, 3)),
        (Fraction(1, 3) + Fraction(1, 10**9), Fraction(1, 2), Fraction(2, 5)),
        (HALF + Fraction(1, 10**9), HALF + Fraction(1, 10**3), HALF + Fraction(1, 10**4)),
    ],
)
def test_bounds_are_as_short_as_they_can_be(
    value: Fraction, limit: Fraction, short: Fraction
) -> None:
    """No less than the value, and still below the limit."""
    assert shortest_between(value, limit) == short


def test_numbers_are_told_apart() -> None:
    """Six decimals, or as many more as it takes."""
    assert told_apart(HALF, Fraction(1, 3)) == ("0.500000", "0.333333")
    assert told_apart(HALF, HALF + Fraction(1, 10**8)) == ("0.500000000", "0.500000010")
    assert told_apart(HALF, HALF) == ("0.500000", "0.500000")


def lying(instance: Instance, monkeypatch: pytest.MonkeyPatch, **methods: Any) -> Instance:
    for name, method in methods.items():
        monkeypatch.setattr(instance, name, method, raising=True)
    return instance


CYCLE = Population.from_rankings([[*"abc"], [*"bca"], [*"cab"]])


@pytest.mark.parametrize("name", ["joint-rate", "win-ties"])
def test_predicates_of_theorems_can_fail(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An optimum that is claimed to be too small is a refutation, which the checker rejects."""
    honest = Instance(CYCLE)

    def less(*args: Any) -> Any:
        return replace(honest.joint_optimum(*args), value=HALF)

    said = CONJECTURES[name].refute(lying(Instance(CYCLE), monkeypatch, joint_optimum=less), 2, 1)
    assert said is not None
    rejected(said, tmp_path)


@pytest.mark.parametrize("name", ["guarantee", "uniqueness"])
def test_wrong_equilibria_would_refute_the_theorems_on_them(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Point masses that are passed off as equilibria."""
    population = Population.from_rankings([["a", "b"], ["b", "a"], [["a", "b"]]])
    point = ProductPolicy.point_mass(2, 1)

    def wrong(self: Instance, k: int) -> Equilibrium:
        return Equilibrium(k, point, Fraction(0), Enclosure(Fraction(0)))

    if name == "guarantee":
        population = Population.from_rankings([[*"ab"], [*"ab"], [*"ba"]])
    monkeypatch.setattr(Instance, "equilibrium", wrong)
    said = CONJECTURES[name].refute(Instance(population), 2, 1)
    assert said is not None
    rejected(said, tmp_path)


def rejected(said: Refutation, directory: Path) -> None:
    verdicts = []
    for number, part in enumerate(said.parts):
        path = directory / f"{number}.cert.json"
        write_certificates(path, part.population, part.certificates)
        verdicts += [verdict.verdict for verdict in check([path]).verdicts]
    assert "REJECTED" in verdicts


def test_what_is_no_clone_does_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a new response at the top of every ranking in place of a clone, masses change."""

    def on_top(population: Population, c: int, place: Any) -> Population:
        new = population.n
        return rebuilt((u.weight, ((new,), *u.ranking)) for u in population.users)

    monkeypatch.setattr(about_changes, "with_clone", on_top)
    assert CONJECTURES["clones-do-not-matter"].refute(Instance(CYCLE), 2, 1) is not None
