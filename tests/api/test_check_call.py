"""`ualign.check`: certificate files by name, budgets, verdicts."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import ualign
from styles import STYLES
from ualign import (
    CheckResult,
    InputError,
    ProductPolicy,
    certify,
    check,
    claim_win_rate,
    write_certificates,
)
from ualign.model.partial_orders import PartialPopulation, order_of


def test_check_reports_codes_and_respects_budgets(tmp_path: Path) -> None:
    paths = certify(STYLES, [2]).write(tmp_path / "proof")
    path = next(path for path in paths if ".k2." in path.name)
    assert check([path, str(path)]).code == 0
    assert check([path], budget={"work": 1}).code == 12
    broken = tmp_path / "broken.cert.json"
    broken.write_text("{}")
    result = check([path, broken])
    assert (result.code, result.accepted) == (11, False)
    assert {v.verdict for v in result} == {"ACCEPTED", "MALFORMED"}
    assert repr(result) == "<CheckResult: 12 ACCEPTED, 1 MALFORMED in 2 files>"
    assert "MALFORMED" in result._repr_html_()


def test_one_path_is_one_file(tmp_path: Path) -> None:
    paths = certify(STYLES, [2]).write(tmp_path)
    one = check(str(paths[0]))
    assert isinstance(one, CheckResult)
    assert one == check(paths[0]) == check([paths[0]]) == check(p for p in paths[:1])
    assert len(check(tmp_path)) == len(check(paths)) > len(one)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([], "no certificate files"),
        ("", "an empty file name"),
        ("nowhere", "nowhere: there is no such file"),
        (3, "files 3: expected a path"),
        (b"x", "expected a path"),
        ({"a": 1}, "expected a path"),
        ([3], "files: 3 is no path"),
        (iter([(1, [])]), "a result is checked already"),
    ],
)
def test_what_names_no_files(files: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        check(files)


def test_budgets_are_whole_numbers(tmp_path: Path) -> None:
    paths = certify(STYLES, [1], theorems=["P4"]).write(tmp_path)
    wrong: list[Any] = [{"time": 1}, {"work": "3"}, {"work": 0}, {"work": 1.0}, 3]
    for budget in wrong:
        with pytest.raises(InputError, match="budget"):
            check(paths, budget=budget)


def test_a_worst_case_that_is_attained_needs_an_opponent() -> None:
    population = ualign.Population.from_rankings([["a", "b"]])
    policy = ualign.ProductPolicy.uniform(2)
    with pytest.raises(InputError, match="a worst case that is <= a bound needs the opponent"):
        ualign.claim_win_rate(population, policy, 2, "<=", Fraction(1, 2))


def test_check_takes_names_that_look_like_options(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    findings = dict(certify(STYLES, [2]))[2]
    write_certificates("--max-work=1", STYLES, findings[0].certificates)
    result = check(["--max-work=1"])
    assert (result.code, result.verdicts[0].file) == (0, "--max-work=1")


def test_what_no_file_can_hold(tmp_path: Path) -> None:
    claims = [c for _, findings in certify(STYLES, [1]) for f in findings for c in f.certificates]
    path = tmp_path / "p.cert.json"
    wrong: list[tuple[Path, Any, Any, str]] = [
        (path, STYLES, [], "no certificates to write"),
        (path, STYLES, ["a claim"], "'a claim' is no Certificate"),
        (path, "styles.json", claims, "'str' is no Population"),
        (tmp_path / "no" / "p.cert.json", STYLES, claims, "cannot be written"),
    ]
    for where, population, certificates, words in wrong:
        with pytest.raises(InputError, match=words):
            write_certificates(where, population, certificates)
    assert not path.exists()


def test_certificates_about_partial_orders_are_written(tmp_path: Path) -> None:
    known = order_of(2, [(0, 1)])
    population = PartialPopulation.from_orders(["a", "b"], [(Fraction(1), known)])
    claim = claim_win_rate(population, ProductPolicy.point_mass(2, 0), 2, ">=", Fraction(2, 3))
    assert check(write_certificates(tmp_path / "p.cert.json", population, [claim])).accepted
    assert certify(population, [2]).policy(2).masses == (Fraction(1), Fraction(0))
