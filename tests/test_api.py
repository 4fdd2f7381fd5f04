"""The package's own interface: what is exported, documented and imported late."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from inspect import getdoc
from pathlib import Path
from typing import Any

import pytest
import ualign
from ualign import (
    FaultError,
    InputError,
    JointPolicy,
    Population,
    ProductPolicy,
    certify,
    check,
    compare,
    read_population,
    read_prompts,
    win_rate,
    worst_case,
    write_certificates,
    write_population,
)

STYLES = Population.from_rankings(
    [
        ["brief", "playful", "formal"],
        ["formal", "playful", "brief"],
        ["playful", "formal", "brief"],
    ],
    [40, 35, 25],
)


def test_every_exported_name_is_there_and_documented() -> None:
    assert ualign.__all__ == sorted(ualign.__all__)
    for name in ualign.__all__:
        assert getdoc(getattr(ualign, name)), name
    assert dir(ualign) == ualign.__all__
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = ualign.nothing


def test_exported_names_are_imported_late() -> None:
    program = (
        "import sys, ualign\n"
        "early = [name for name in sys.modules if name.startswith('ualign.')]\n"
        "assert not early, early\n"
        "ualign.Population\n"
        "assert 'ualign.model.population' in sys.modules\n"
        "assert 'numpy' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_from_rankings_to_checked_certificates(tmp_path: Path) -> None:
    values = {}
    for k, findings in certify(STYLES, range(1, 4), bits=64, joint_limit=100):
        values |= {(k, finding.what): finding.value for finding in findings}
        certificates = [c for finding in findings for c in finding.certificates]
        path = write_certificates(tmp_path / f"k{k}.cert.json", STYLES, certificates, {"by": "me"})
        checked = check([path])
        assert checked.code == 0
        assert len(checked.verdicts) == len(certificates)
        assert all(verdict.accepted for verdict in checked.verdicts)
    assert values[2, "joint-optimum"] == Fraction(117, 160)
    assert values[3, "guarantee"] == Fraction(3, 4) - Fraction(1, 2**64)
    assert values[3, "nlhf"] == values[None, "nlhf-ceiling"] == Fraction(3, 5)
    assert (1, "nlhf-at-one") in values
    assert (2, "nlhf-at-one") not in values


def test_the_theorems_and_opponents_that_are_asked_for() -> None:
    found = dict(certify(STYLES, [2], theorems=("E5", "P4"), opponents=(2, 3)))
    assert [(f.theorem, f.what) for f in found[2]] == [
        ("E5", "product-optimum-l2"),
        ("E5", "product-optimum-l3"),
        ("P4", "nlhf"),
    ]
    assert [f.what for f in found[None]] == ["nlhf-ceiling"]
    wrong: list[dict[str, Any]] = [
        {"theorems": ("P8",)},
        {"opponents": (1,)},
        {"bits": 0},
        {"joint_limit": -1},
    ]
    for options in wrong:
        with pytest.raises(InputError):
            list(certify(STYLES, [2], **options))
    with pytest.raises(InputError, match="at least 1"):
        list(certify(STYLES, [2, 0]))


def test_check_reports_codes_and_respects_budgets(tmp_path: Path) -> None:
    (_, findings), _ = certify(STYLES, [2])
    path = write_certificates(tmp_path / "p.cert.json", STYLES, findings[0].certificates)
    assert check([path, str(path)]).code == 0
    assert check([path], budget={"work": 1}).code == 12
    broken = tmp_path / "broken.cert.json"
    broken.write_text("{}")
    result = check([path, broken])
    assert (result.code, [v.verdict for v in result.verdicts]) == (11, ["ACCEPTED", "MALFORMED"])
    assert check([tmp_path / "nowhere"]).verdicts[0].code == "unreadable"
    with pytest.raises(InputError, match="no certificate files"):
        check([])
    with pytest.raises(InputError, match="no certificates to write"):
        write_certificates(path, STYLES, [])
    with pytest.raises(InputError, match="cannot be written"):
        write_certificates(tmp_path / "no" / "p.cert.json", STYLES, findings[0].certificates)


def test_check_takes_names_that_look_like_options(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (_, findings), _ = certify(STYLES, [2])
    write_certificates("--max-work=1", STYLES, findings[0].certificates)
    result = check(["--max-work=1"])
    assert (result.code, result.verdicts[0].file) == (0, "--max-work=1")


def test_policies_and_win_rates() -> None:
    playful = ProductPolicy.from_names(STYLES, {"playful": 1})
    assert win_rate(STYLES, playful, [STYLES.responses.index("brief")], k=3) == Fraction(3, 5)
    pair = JointPolicy.deterministic([0, 1])
    assert worst_case(STYLES, pair).value < Fraction(117, 160)
    assert len(compare(STYLES, [1, 2])) == 14


def test_files(tmp_path: Path) -> None:
    write_population(STYLES, tmp_path / "styles.json")
    assert read_population(tmp_path / "styles.json") == STYLES
    assert read_prompts([tmp_path]) == [("styles.json", STYLES)]
    with pytest.raises(InputError):
        read_population(tmp_path / "nothing.json")


def test_faults_are_not_bad_input() -> None:
    assert not issubclass(FaultError, InputError)
    assert issubclass(InputError, ValueError)
