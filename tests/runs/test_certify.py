"""What is certified: the files, what stands in them, and what is checked."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from certifying import STYLES, certify, said
from command import tree
from ualign.certificates import checking as checking
from ualign.certificates.document import population_json
from ualign.errors import InputError
from ualign.files import file_name, prepare_directory
from ualign.model.uniform_rankings import UniformRankings
from ualign.runs.certify import Options, certify_prompt
from ualign.theorems import MAIN


def test_a_file_a_k_with_what_was_asked_and_found(tmp_path: Path) -> None:
    evidence = certify(STYLES, [1, 3], tmp_path, bits=60, joint_limit=50)
    parts = {1: "k1", 3: "k3", None: "all-k"}
    names = {k: f"p.{part}.cert.json" for k, part in parts.items()}
    assert {path.name for path in tmp_path.iterdir()} == {*names.values()}
    document = json.loads((tmp_path / "p.k3.cert.json").read_text())
    assert set(document) == {"format", "populations", "certificates", "provenance"}
    assert document["populations"] == {"p": population_json(STYLES)}
    assert document["provenance"]["asked"] == {
        "k": 3,
        "bits": 60,
        "joint_limit": 50,
        "opponents": [2],
        "iterates": False,
        "theorems": [*MAIN],
        "rules": [],
    }
    rows, claims = document["provenance"]["findings"], document["certificates"]
    findings = [e.finding for e in evidence if e.finding.k == 3]
    for (question, places, *rest), finding in zip(rows, findings, strict=True):
        stated = [claims[place]["claim"] for place in places]
        assert stated == [certificate.claim for certificate in finding.certificates]
        grade, note = str(finding.grade), finding.note
        assert question == str(finding.question)
        assert rest == ([grade, note] if note else [grade] if grade != "exact" else [])
    assert {place for _, places, *_ in rows for place in places} == {*range(len(claims))}
    assert all(e.certified and e.verdict == "ACCEPTED" for e in evidence)
    assert all(e.file == tmp_path / names[e.finding.k] for e in evidence)
    assert [*dict.fromkeys(e.finding.k for e in evidence)] == [1, 3, None]


def test_what_holds_for_all_k_has_a_file_of_its_own(tmp_path: Path) -> None:
    evidence = [e for e in certify(STYLES, [2], tmp_path) if e.finding.k is None]
    assert {e.file for e in evidence} == {tmp_path / "p.all-k.cert.json"}
    document = json.loads((tmp_path / "p.all-k.cert.json").read_text())
    kinds = {entry["claim"]["kind"] for entry in document["certificates"]}
    assert kinds == {"nlhf-ceiling", "limit"}
    assert not any("k" in entry["claim"] for entry in document["certificates"])
    assert document["provenance"]["asked"]["k"] is None


def test_uniform_rankings_that_are_not_listed(tmp_path: Path) -> None:
    uniform, options = UniformRankings(1000), Options(theorems=("P1", "P3"))
    evidence = certify_prompt("u", uniform, [2, 3], tmp_path, options)
    assert {(e.finding.theorem, e.finding.k, e.verdict) for e in evidence} == {
        ("P3", 2, "ACCEPTED"),
        ("P3", 3, "ACCEPTED"),
    }
    assert {path.name for path in tmp_path.iterdir()} == {"u.k2.cert.json", "u.k3.cert.json"}
    again = certify_prompt("u", uniform, [2, 3], tmp_path, options)
    assert all(e.resumed for e in again)
    assert said(again) == said(evidence)
    other = certify_prompt("u", UniformRankings(999), [2], tmp_path, options)
    assert not any(e.resumed for e in other)


def test_files_are_canonical_and_reproducible(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        certify(STYLES, [2, 3], tmp_path / name)
    assert tree(tmp_path / "one") == tree(tmp_path / "two")
    data = (tmp_path / "one" / "p.k3.cert.json").read_bytes()
    canonical = json.dumps(json.loads(data), sort_keys=True, separators=(",", ":")) + "\n"
    assert data == canonical.encode("ascii")


def test_a_failed_write_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certify(STYLES, [2], tmp_path)
    before = tree(tmp_path)

    def refuse(source: object, target: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(InputError, match=r"p\.k2\.cert\.json: cannot be written: No space left"):
        certify(STYLES, [2], tmp_path, bits=50)
    assert tree(tmp_path) == before


def test_the_directory_is_made_and_tried(tmp_path: Path) -> None:
    made = prepare_directory(tmp_path / "far" / "below")
    assert made.is_dir()
    assert list(made.iterdir()) == []
    (tmp_path / "file").touch()
    for bad in (tmp_path / "file", tmp_path / "file" / "below", tmp_path / "nul\0"):
        with pytest.raises(InputError, match="cannot write there"):
            prepare_directory(bad)


@pytest.mark.parametrize(
    "prompt", ["a b", "a/b", "../up", "-k", ".hidden", "", "ü", "n" * 300, "\udcff"]
)
def test_file_names_are_safe_and_distinct(prompt: str) -> None:
    name = file_name(prompt, 2)
    assert name == Path(name).name
    assert name[0] not in ".-"
    assert name.endswith(".k2.cert.json")
    assert len(name) < 150
    others = {file_name(other, 2) for other in ("a_b", "_", "up", "k", "hidden", "n" * 299)}
    assert name not in others
    assert file_name(prompt, "compare") == name.replace(".k2.", ".compare.")


@pytest.mark.parametrize(
    ("bits", "limit", "opponents"),
    [(0, 0, ()), (-1, 0, ()), (10_001, 0, ()), (100, -1, ()), (100, 0, (1,)), (100, 0, (2, 0))],
)
def test_options_out_of_range(bits: int, limit: int, opponents: tuple[int, ...]) -> None:
    with pytest.raises(InputError):
        Options(bits, limit, opponents)
