"""E18: what is certified of users who pick by chance, and a hundred falsehoods that are refused."""

from __future__ import annotations

import random
from copy import deepcopy
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from ualign.certificates.checking import check
from ualign.certificates.document import write_certificates
from ualign.certificates.findings import Certificate, Finding
from ualign.constructions import CONSTRUCTIONS
from ualign.errors import FaultError
from ualign.exact.luce_game import LuceEquilibrium
from ualign.model.luce import LucePopulation
from ualign.model.policies import ProductPolicy
from ualign.runs.certify import Options, certify_prompt
from ualign.theorems import e18_noisy_users

F = Fraction
CIRCLE, ALONE, CAMPS = (
    CONSTRUCTIONS[name].build(**CONSTRUCTIONS[name].defaults)
    for name in ("luce-circle", "luce-one-user", "luce-two-camps")
)


def found(population: LucePopulation, k: int) -> dict[str, Finding]:
    return {f.what: f for f in e18_noisy_users.certify_luce(population, k)}


def populations(count: int) -> list[LucePopulation]:
    rng = random.Random(118)
    return [
        LucePopulation.from_strengths(
            "abc",
            [
                (rng.randint(1, 4), {name: rng.randint(1, 5) for name in "abc"})
                for _ in range(rng.randint(1, 3))
            ],
        )
        for _ in range(count)
    ]


@pytest.mark.parametrize("k", [1, 2, 3])
def test_all_is_accepted_by_the_checker(k: int, tmp_path: Path) -> None:
    for number, population in enumerate([CIRCLE, ALONE, CAMPS, *populations(4)]):
        said = certify_prompt(f"p{number}", population, [k], tmp_path, Options())
        assert {e.finding.theorem for e in said} == {"E18"}
        assert all(e.certified for e in said)
        whats = {e.finding.what for e in said}
        assert whats >= {"guarantee", "joint-optimum", "nlhf"}


def test_the_numbers_of_the_suite() -> None:
    assert found(CIRCLE, 2)["equilibrium"].note == "support 3"
    for k in (1, 2, 3):
        rate = F(k, k + 1)
        assert {found(ALONE, k)[what].value for what in ("guarantee", "nlhf", "joint-optimum")} == {
            rate
        }
        assert found(CIRCLE, k)["product-ceiling"].value == rate
    assert str(found(CAMPS, 3)["guarantee"].grade) == "within 2^-20"
    assert "equilibrium" not in found(CAMPS, 3)


def _off_by_a_digit(number: str, falsely: int) -> str:
    """The rational with its numerator moved by one in its last digit but two, or the last."""
    value = F(number)
    step = 10 if abs(value.numerator) > 100 else 1
    return str(F(value.numerator + falsely * step, value.denominator))


def falsehoods(certificate: Certificate) -> list[Certificate]:
    """The claim with a bound that is off by a digit, in each direction that makes it false."""
    claim = certificate.claim
    if "bound" not in claim:
        return []
    upper = claim["kind"] != "win-rate"
    directions = {"=": (-1, 1), ">=": (1,), "<=": (-1,)}["<=" if upper else claim["relation"]]
    changed = []
    for falsely in directions:
        other = deepcopy(claim)
        other["bound"] = _off_by_a_digit(claim["bound"], falsely)
        changed.append(replace(certificate, claim=other))
    return changed


def test_a_hundred_falsehoods_are_refused(tmp_path: Path) -> None:
    """A digit of the bound off: an exact number, an optimum's cap, a product policy's ceiling."""
    refused, kinds = 0, set()
    for number, population in enumerate([CIRCLE, ALONE, *populations(12)]):
        for k in (1, 2):
            false = [
                wrong
                for finding in found(population, k).values()
                if finding.relation != ">="
                for certificate in finding.certificates
                for wrong in falsehoods(certificate)
            ]
            path = tmp_path / f"{number}-{k}.cert.json"
            write_certificates(path, population, false)
            for verdict in check([path]).verdicts:
                assert verdict.verdict == "REJECTED", verdict
                kinds.add(verdict.kind)
                refused += 1
    assert refused >= 100
    assert kinds == {"win-rate", "joint-upper-bound", "product-upper-bound"}


def test_what_no_theorem_allows_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    point = ProductPolicy.point_mass(3, 0)
    better = LuceEquilibrium(2, point, F(-1, 100))
    monkeypatch.setattr(e18_noisy_users, "find_luce_equilibrium", lambda population, k: better)
    with pytest.raises(FaultError, match="a product policy wins"):
        found(CIRCLE, 2)
    monkeypatch.undo()
    solve = e18_noisy_users.find_luce_optimum
    for off in (F(-1, 10), F(1, 5)):
        monkeypatch.setattr(
            e18_noisy_users,
            "find_luce_optimum",
            lambda population, k, off=off: replace(
                solve(population, k), value=solve(population, k).value + off
            ),
        )
        with pytest.raises(FaultError, match="E18 fails: the joint optimum"):
            found(ALONE, 2)


def test_what_was_not_reached_is_not_certified(monkeypatch: pytest.MonkeyPatch) -> None:
    far = LuceEquilibrium(2, ProductPolicy((F(1, 2), F(1, 2), F(0))), F(1, 50))
    finding = e18_noisy_users._guarantee(CAMPS, far)
    assert (str(finding.grade), finding.value) == ("not certified", F(2, 3) - F(1, 50))
