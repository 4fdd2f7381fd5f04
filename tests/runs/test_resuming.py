"""Files of an earlier run are used again, if they are whole and of the same question."""

from __future__ import annotations

import hashlib
import json
import stat
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from certifying import CYCLE, STYLES, certified_by, certify, said
from ualign.certificates import checking as checking
from ualign.certificates.checking import check
from ualign.certificates.findings import Finding
from ualign.exact.instance import Instance
from ualign.model.population import Population
from ualign.theorems import THEOREMS


@pytest.fixture
def solves(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ks for which P1's theorem is really run."""
    (prove, *_) = THEOREMS["P1"].certify
    ks: list[int] = []

    def counting(instance: Instance, k: int) -> list[Finding]:
        ks.append(k)
        return prove(instance, k)

    certified_by(monkeypatch, "P1", counting)
    return ks


def test_what_is_there_is_not_computed_again(tmp_path: Path, solves: list[int]) -> None:
    first = certify(STYLES, [1, 2], tmp_path)
    assert not any(e.resumed for e in first)
    times = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    second = certify(STYLES, [1, 2, 3], tmp_path)
    assert solves == [1, 2, 3]
    assert {path: path.stat().st_mtime_ns for path in times} == times
    assert [line for line, e in zip(said(second), second, strict=True) if e.resumed] == said(first)
    assert [e.resumed for e in second] == [e.finding.k != 3 for e in second]
    assert said(certify(STYLES, [1, 2, 3], tmp_path / ".." / tmp_path.name)) == said(second)


def test_resumed_files_are_checked_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certify(STYLES, [2], tmp_path)
    read: list[str] = []
    original = checking.stream_verdicts

    def recording(paths: list[Path]) -> object:
        read.extend(map(str, paths))
        return original(paths)

    monkeypatch.setattr(checking, "stream_verdicts", recording)
    assert all(e.resumed for e in certify(STYLES, [2], tmp_path))
    assert read == [str(tmp_path / "p.k2.cert.json"), str(tmp_path / "p.all-k.cert.json")]


Change = Callable[[dict[str, Any]], None]


def _set(*keys: str | int, to: object) -> Change:
    def change(document: Any) -> None:
        for key in keys[:-1]:
            document = document[key]
        document[keys[-1]] = to

    return change


CHANGES: dict[str, Change] = {
    "another grade": _set("provenance", "findings", 0, 2, to="exact"),
    "another note": _set("provenance", "findings", 2, 3, to="certified by me"),
    "other claims": _set("provenance", "findings", 0, 1, to=[1]),
    "claims that are not there": _set("provenance", "findings", 0, 1, to=[99]),
    "claims counted from the end": _set("provenance", "findings", 0, 1, to=[-1]),
    "claims that are no list": _set("provenance", "findings", 0, 1, to="1"),
    "no findings": _set("provenance", "findings", to=[]),
    "findings of no shape": _set("provenance", "findings", to=[{}]),
    "findings of another shape": _set("provenance", "findings", to=7),
    "another claim": _set("certificates", 0, "claim", "bound", to="1/2"),
    "a claim less": lambda document: document["certificates"].pop(),
    "another population": _set("populations", "p", "users", 0, "weight", to="41"),
    "another format": _set("format", to="ualign/0"),
    "another version": _set("provenance", "version", to="0.0.0"),
    "other bits": _set("provenance", "asked", "bits", to=99),
    "other opponents": _set("provenance", "asked", "opponents", to=[3]),
    "other theorems": _set("provenance", "asked", "theorems", to=["P1"]),
    "iterates": _set("provenance", "asked", "iterates", to=True),
    "another k": _set("provenance", "asked", "k", to=4),
    "no digest": lambda document: document["provenance"].pop("sha256"),
    "no provenance": lambda document: document.pop("provenance"),
    "a key too many": _set("more", to=1),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_file_is_computed_again(tmp_path: Path, solves: list[int], change: str) -> None:
    expected = said(certify(STYLES, [3], tmp_path))
    path = tmp_path / "p.k3.cert.json"
    whole = path.read_bytes()
    document = json.loads(whole)
    CHANGES[change](document)
    path.write_text(json.dumps(document, sort_keys=True, separators=(",", ":")) + "\n")
    assert path.read_bytes() != whole
    assert said(certify(STYLES, [3], tmp_path)) == expected
    assert solves == [3, 3]
    assert path.read_bytes() == whole


@pytest.mark.parametrize(
    "contents",
    [b"", b"garbage", b"\xff\xfe", b"[]", b"7", b"null", b"{}", b"[" * 100_000, b'{"format": NaN}'],
)
def test_a_foreign_file_is_replaced(tmp_path: Path, contents: bytes) -> None:
    expected = said(certify(STYLES, [2], tmp_path))
    path = tmp_path / "p.k2.cert.json"
    whole = path.read_bytes()
    path.write_bytes(contents)
    assert said(certify(STYLES, [2], tmp_path)) == expected
    assert path.read_bytes() == whole


@pytest.mark.parametrize("cut", [1, 2, 100])
def test_half_a_file_or_another_layout_is_replaced(tmp_path: Path, cut: int) -> None:
    certify(STYLES, [2], tmp_path)
    path = tmp_path / "p.k2.cert.json"
    whole = path.read_bytes()
    for damaged in (whole[:-cut], whole + b" " * cut, whole.replace(b'"k":2', b'"k": 2', cut)):
        path.write_bytes(damaged)
        again = certify(STYLES, [2], tmp_path)
        assert [e.resumed for e in again] == [e.finding.k is None for e in again]
        assert path.read_bytes() == whole


def test_claims_that_no_finding_rests_on_are_not_kept_even_with_a_good_digest(
    tmp_path: Path,
) -> None:
    """A number that is shown is that of a claim; a claim for nothing is not passed on."""
    certify(STYLES, [3], tmp_path)
    path = tmp_path / "p.k3.cert.json"
    document = json.loads(path.read_bytes())
    digest = document["provenance"].pop("sha256")

    def written() -> bytes:
        return (json.dumps(document, sort_keys=True, separators=(",", ":")) + "\n").encode()

    assert hashlib.sha256(written()).hexdigest().startswith(digest)  # so would a forger do it
    del document["provenance"]["findings"][0]
    document["provenance"]["sha256"] = hashlib.sha256(written()).hexdigest()[: len(digest)]
    path.write_bytes(written())
    assert check([path]).code == 0
    evidence = certify(STYLES, [3], tmp_path)
    assert [e.resumed for e in evidence] == [e.finding.k is None for e in evidence]
    assert evidence[0].finding.value == Fraction(3, 4) - Fraction(1, 2**100)


def test_other_populations_and_options_are_not_mixed_up(tmp_path: Path, solves: list[int]) -> None:
    certify(STYLES, [2], tmp_path)
    certify(CYCLE, [2], tmp_path)
    certify(CYCLE, [2], tmp_path, bits=50)
    certify(CYCLE, [2], tmp_path, bits=50, joint_limit=3)
    certify(CYCLE, [2], tmp_path, bits=50, joint_limit=3, opponents=(3,))
    certify(CYCLE, [2], tmp_path, bits=50, joint_limit=3, theorems=("P1", "P2"))
    certify(CYCLE, [2], tmp_path, bits=50, joint_limit=3)
    assert len(solves) == 7
    assert all(e.resumed for e in certify(CYCLE, [2], tmp_path, bits=50, joint_limit=3))
    reordered = Population.from_rankings([[*"abc"], [*"bca"], [*"cab"]], responses=[*"cba"])
    assert not any(e.resumed for e in certify(reordered, [2], tmp_path, bits=50, joint_limit=3))


def test_an_unreadable_file_is_replaced(tmp_path: Path) -> None:
    certify(STYLES, [2], tmp_path)
    (tmp_path / "p.k2.cert.json").unlink()
    (tmp_path / "p.k2.cert.json").symlink_to(tmp_path / "nowhere")
    assert {e.verdict for e in certify(STYLES, [2], tmp_path)} == {"ACCEPTED"}
    assert stat.S_ISREG((tmp_path / "p.k2.cert.json").lstat().st_mode)
