"""`ualign.certify`: what was certified, checked and written; arguments are looked at first."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from command import STYLES as STYLES_JSON
from command import tree
from command import ualign as command
from styles import STYLES
from ualign import (
    METHODS,
    InputError,
    Method,
    ProductPolicy,
    UniformRankings,
    certify,
    check,
    compare,
    read_population,
    worst_case,
)
from ualign.text import show


def test_from_rankings_to_checked_certificates(tmp_path: Path) -> None:
    result = certify(STYLES, range(1, 4), bits=64, joint_limit=100)
    values = {(k, f.what): f.value for k, findings in result for f in findings}
    assert values[2, "joint-optimum"] == Fraction(117, 160)
    assert values[3, "guarantee"] == Fraction(3, 4) - Fraction(1, 2**64)
    assert values[3, "nlhf"] == values[None, "nlhf-ceiling"] == Fraction(3, 5)
    assert (1, "nlhf-at-one") in values
    assert (2, "nlhf-at-one") not in values
    assert [k for k, _ in result] == [1, 2, 3, None]
    assert (result.certified, result.accepted) == (True, True)
    checked = check(result.write(tmp_path))
    assert len(checked) == sum(len(e.verdicts) for e in result.evidence) - _shared(result)
    assert checked.accepted


def _shared(result: Any) -> int:
    """How many verdicts stand with more than one finding."""
    places = [(v.file, v.index) for e in result.evidence for v in e.verdicts]
    return len(places) - len({*places})


def without_source(folder: Path) -> dict[str, Any]:
    """What the folder's files say, by name, but for where their population's file is, and the
    provenance's digest, which covers that."""
    found = {path.name: json.loads(path.read_text()) for path in folder.glob("*.json")}
    for document in found.values():
        document["provenance"].pop("source", None)
        document["provenance"].pop("sha256", None)
    return found


def test_the_files_are_those_of_the_command(tmp_path: Path) -> None:
    """But for the provenance's `source`, which only the command can know."""
    (tmp_path / "styles.json").write_text(STYLES_JSON)
    population = read_population(tmp_path / "styles.json")
    done = command("certify", tmp_path / "styles.json", "-k", "1,2", "--out", tmp_path / "command")
    assert done.code == 0
    result = certify(population, [1, 2], prompt="styles.json")
    paths = result.write(tmp_path / "far" / "python")
    assert without_source(tmp_path / "far" / "python") == without_source(tmp_path / "command")
    assert [path.parent for path in paths] == [tmp_path / "far" / "python"] * 3
    done = command("compare", tmp_path / "styles.json", "-k", "2", "--out", tmp_path / "compared")
    (path,) = compare(population, 2, prompt="styles.json").write(tmp_path / "python")
    assert (
        without_source(path.parent)[path.name] == without_source(tmp_path / "compared")[path.name]
    )


def test_nothing_is_written_by_halves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = certify(STYLES, [2])
    result.write(tmp_path)
    before = tree(tmp_path)

    def refuse(source: object, target: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", refuse)
    with pytest.raises(InputError, match="cannot be written: No space left"):
        certify(STYLES, [2], bits=50).write(tmp_path)
    assert tree(tmp_path) == before
    with pytest.raises(InputError, match="no certificates to write"):
        certify(STYLES, [2], theorems=["P5"]).write(tmp_path)
    for odd in ("", 3, None):
        with pytest.raises(InputError, match="is no directory"):
            result.write(odd)  # type: ignore[arg-type]


def test_the_policy_that_was_certified() -> None:
    result = certify(STYLES, [2, 3])
    assert result.policy(2).to_names(STYLES) == {
        "brief": Fraction(1, 5),
        "playful": Fraction(7, 10),
        "formal": Fraction(1, 10),
    }
    policy = result.policy(np.int64(3))
    assert worst_case(STYLES, policy, k=3).value >= Fraction(3, 4) - Fraction(1, 2**100)
    for k, words in ((1, "certified were 2, 3"), ("2", "no integer"), (2.0, "no integer")):
        with pytest.raises(InputError, match=words):
            result.policy(k)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="with 'P1' among the theorems"):
        certify(STYLES, [2], theorems=["E4"]).policy(2)
    with pytest.raises(InputError, match="2 responses, and the population has 3"):
        ProductPolicy.point_mass(2, 0).to_names(STYLES)


def test_the_theorems_and_opponents_that_are_asked_for() -> None:
    found = dict(certify(STYLES, [2], theorems=("E5", "p4"), opponents=np.array([2, 3])))
    assert [(f.theorem, f.what) for f in found[2]] == [
        ("P4", "nlhf"),
        ("E5", "product-optimum-l2"),
        ("E5", "product-optimum-l3"),
    ]
    assert [f.what for f in found[None]] == ["nlhf-ceiling"]
    assert dict(certify(STYLES, 2, theorems="main")) == dict(certify(STYLES, [2]))
    uniform = certify(UniformRankings(1000), [2], theorems="all")
    assert [e.finding.theorem for e in uniform.evidence] == ["P3"] * len(uniform.evidence)
    assert uniform.accepted
    assert "uniform rankings" in repr(uniform)
    assert "P3" in uniform._repr_html_()


KS = [
    (range(1, 3), [1, 2]),
    (np.arange(1, 3), [1, 2]),
    (np.uint8(2), [2]),
    (np.array(2), [2]),
    ([2, 1, 2], [2, 1]),
    ((k for k in (1, 2)), [1, 2]),
    (2, [2]),
]


@pytest.mark.parametrize(("ks", "wanted"), KS, ids=lambda value: type(value).__name__)
def test_numbers_of_outputs(ks: Any, wanted: list[int]) -> None:
    assert [k for k, _ in certify(STYLES, ks, theorems=["P4"])] == [*wanted, None]


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"ks": "1..3"}, "ks '1..3': give integers, such as ks=range"),
    ({"ks": "12"}, "ks '12': give integers"),
    ({"ks": b"12"}, "give integers"),
    ({"ks": [1.0]}, "ks: 1.0 is no integer"),
    ({"ks": ["1"]}, "ks: '1' is no integer"),
    ({"ks": np.array([1.5])}, "is no integer"),
    ({"ks": np.array([[1]])}, "is no integer"),
    ({"ks": True}, "ks: True is no integer"),
    ({"ks": None}, "ks: None is no integer"),
    ({"ks": {1: 2}}, "give integers"),
    ({"ks": []}, "ks is empty"),
    ({"ks": [2, 0]}, "ks: 0: expected 1 to 1000000"),
    ({"ks": 10**5000}, "expected 1 to 1000000"),
    ({"ks": range(1, 10**9)}, "more than 100000 numbers"),
    ({"population": "styles.json"}, "read_population reads one"),
    ({"population": Path("styles.json")}, "read_population reads one"),
    ({"population": [["a", "b"]]}, "Population.from_rankings makes one"),
    ({"population": None}, "'NoneType' is none"),
    ({"bits": 1.5}, "bits: 1.5 is no integer"),
    ({"bits": 0}, "bits: 0: expected 1 to 10000"),
    ({"joint_limit": -1}, "joint_limit: -1: expected at least 0"),
    ({"opponents": [1]}, "opponents: 1: expected 2 to"),
    ({"opponents": "2"}, "opponents '2': give integers"),
    ({"theorems": "P1"}, r"theorems='P1': expected a list, such as \['P1'\]"),
    ({"theorems": ["P8"]}, "theorems='P8': expected main, all or some of P1"),
    ({"theorems": [1]}, "theorems=1: expected"),
    ({"rules": "hedge"}, "rules='hedge': expected a list"),
    ({"rules": ["none", 1]}, "no rule"),
    ({"methods": "nlhf"}, "methods='nlhf': expected a list"),
    ({"methods": ["nlhf"]}, "methods: 'nlhf' is none of one's own"),
    ({"methods": [len]}, r"write Method\('name', rule\)"),
    ({"methods": [METHODS["nlhf"]]}, "none of the built-in ones"),
    ({"methods": [Method("a", dict), Method("a", dict)]}, "two methods are called 'a'"),
    ({"methods": [Method("a", dict)], "population": UniformRankings(9)}, "one by one"),
    ({"prompt": ""}, "prompt='': expected a name"),
    ({"prompt": 3}, "prompt=3: expected a name"),
]


@pytest.mark.parametrize(("given", "words"), WRONG, ids=lambda value: show(value))
def test_arguments_are_looked_at_before_anything_is_done(
    given: dict[str, Any], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once, not when the result is looked at; and no theorem is tried."""
    monkeypatch.setattr("ualign.api.certify.certify_prompt", None)
    with pytest.raises(InputError, match=words):
        certify(**{"population": STYLES, "ks": [1], **given})
