"""Directories of certificates: whole files, honest resumption, and what a finding has to carry."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from command import tree
from ualign.certificates import checking as checking
from ualign.certificates.checking import CheckerFaultError, Verdict, check, check_files
from ualign.certificates.document import population_json
from ualign.certificates.findings import Finding, Judged
from ualign.errors import InputError
from ualign.exact.instance import Instance
from ualign.exact.linear_program import LinearProgramError
from ualign.files import file_name, prepare_directory
from ualign.model.population import Population
from ualign.model.uniform_rankings import UniformRankings
from ualign.runs.certify import Options, certify_prompt
from ualign.theorems import MAIN, THEOREMS, Certify, Theorem

CYCLE = Population.from_rankings([[*"abc"], [*"bca"], [*"cab"]])
STYLES = Population.from_rankings([[*"bpf"], [*"fpb"], [*"pfb"]], [40, 35, 25])


def certify(population: Population, ks: list[int], directory: Path, **options: Any) -> list[Judged]:
    """The main theorems, unless others are asked for."""
    return certify_prompt("p", population, ks, directory, Options(**{"theorems": MAIN, **options}))


def said(evidence: list[Judged]) -> list[tuple[object, ...]]:
    """What was found, without where and how it came about."""
    return [(e.prompt, e.finding, e.verdict) for e in evidence]


@pytest.fixture
def solves(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ks for which P1's theorem is really run."""
    (prove, *_) = THEOREMS["P1"].certify
    ks: list[int] = []

    def counting(instance: Instance, k: int) -> list[Finding]:
        ks.append(k)
        return prove(instance, k)

    _certified_by(monkeypatch, "P1", counting)
    return ks


def _certified_by(monkeypatch: pytest.MonkeyPatch, theorem: str, *ways: Certify) -> None:
    """Let a theorem be certified in other ways."""
    monkeypatch.setitem(THEOREMS, theorem, replace(THEOREMS[theorem], certify=ways))


# --- files ------------------------------------------------------------------------------------


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


# --- resumption -------------------------------------------------------------------------------


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


# --- faults -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "note"),
    [
        (LinearProgramError("the results disagree"), "fault: the results disagree"),
        (ZeroDivisionError("1/0"), "fault: ZeroDivisionError: 1/0"),
        (MemoryError(), "fault: MemoryError: no message"),
    ],
)
def test_a_failing_theorem_is_a_fault_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, note: str
) -> None:
    theorem = THEOREMS["P2"]
    (prove,) = theorem.certify

    def failing(instance: Instance, k: int) -> list[Finding]:
        if k == 2:
            raise error
        return prove(instance, k)

    _certified_by(monkeypatch, "P2", failing)
    evidence = certify(STYLES, [1, 2, 3], tmp_path)
    (fault,) = [e for e in evidence if e.broken]
    assert (fault.finding.theorem, fault.finding.k, fault.finding.note) == ("P2", 2, note)
    assert (fault.verdict, fault.file, fault.certified) == ("none", None, False)
    assert all(e.certified for e in evidence if e is not fault)
    monkeypatch.setitem(THEOREMS, "P2", theorem)
    again = certify(STYLES, [1, 2, 3], tmp_path)
    assert all(e.certified for e in again)
    assert {e.finding.k for e in again if e.resumed} == {1, 3, None}


def test_a_theorem_that_fails_for_all_k_is_a_fault_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(instance: Instance) -> list[Finding]:
        raise LinearProgramError("no")

    monkeypatch.setitem(THEOREMS, "P4", replace(THEOREMS["P4"], certify_all_k=failing))
    evidence = certify(STYLES, [2], tmp_path)
    (fault,) = [e for e in evidence if e.broken]
    assert (fault.finding.theorem, fault.finding.k) == ("P4", None)
    assert {e.finding.theorem for e in evidence if e.finding.k is None and e.certified} == {"E10"}


def test_one_way_to_certify_a_theorem_may_fail_without_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(instance: Instance, k: int) -> list[Finding]:
        raise LinearProgramError("no")

    _, algebraic = THEOREMS["P1"].certify
    _certified_by(monkeypatch, "P1", failing, algebraic)
    evidence = [e for e in certify(STYLES, [2], tmp_path) if e.finding.theorem == "P1"]
    assert [(e.finding.what, e.certified) for e in evidence] == [
        ("fault", False),
        ("algebraic", True),
    ]


def test_where_everything_fails_there_is_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(instance: Instance, k: int | None = None) -> list[Finding]:
        raise LinearProgramError("no")

    for name in THEOREMS:
        monkeypatch.setitem(THEOREMS, name, Theorem("", (failing,), failing))
    evidence = certify(STYLES, [2], tmp_path)
    assert [(e.finding.theorem, e.finding.k) for e in evidence] == [
        (name, k) for k in (2, None) for name in MAIN
    ]
    assert all(e.broken and not e.verdicts for e in evidence)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "lie",
    [
        {"value": Fraction(9, 10)},
        {"value": None, "evidence": "unique"},
        {"relation": "="},
        {"k": 3},
        {"k": None},
        {"theorem": "P2"},
        {"certificates": ()},
        {"value": None, "evidence": "not computed"},
    ],
)
def test_a_finding_that_its_claims_do_not_state_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lie: dict[str, Any]
) -> None:
    guarantee, _ = THEOREMS["P1"].certify

    def lying(instance: Instance, k: int) -> list[Finding]:
        return [replace(finding, **lie) for finding in guarantee(instance, k)]

    population = Population.from_rankings([[*"abc"], [*"bca"], [*"cab"], [*"abc"]])
    _certified_by(monkeypatch, "P1", lying)
    evidence = certify(population, [2], tmp_path)
    assert [e.finding.theorem for e in evidence if e.broken] == ["P1"]
    assert evidence[0].finding.value is None


def test_uniqueness_must_be_claimed_as_it_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (prove,) = THEOREMS["E2"].certify

    def lying(instance: Instance, k: int) -> list[Finding]:
        return [replace(finding, evidence="not unique") for finding in prove(instance, k)]

    _certified_by(monkeypatch, "E2", lying)
    assert [e.finding.theorem for e in certify(CYCLE, [2], tmp_path) if e.broken] == ["E2"]


@pytest.mark.parametrize("grade", ["degree 2", "exact", "not computed", ""])
def test_the_degree_must_be_claimed_as_it_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, grade: str
) -> None:
    _, algebraic = THEOREMS["P1"].certify

    def lying(instance: Instance, k: int) -> list[Finding]:
        return [replace(finding, evidence=grade) for finding in algebraic(instance, k)]

    _certified_by(monkeypatch, "P1", algebraic, lying)
    evidence = [e for e in certify(STYLES, [3], tmp_path) if e.finding.theorem == "P1"]
    assert [(str(e.finding.grade), e.broken) for e in evidence] == [
        ("degree 4", False),
        ("fault", True),
    ]


def test_a_checker_that_breaks_down_on_a_file_spares_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checker = tmp_path / "checker.py"
    checker.write_text(
        "import subprocess, sys\n"
        "if any('.k2.' in name for name in sys.argv): sys.exit('it hurts')\n"
        f"command = [sys.executable, '-I', '-S', '-B', {str(checking.CHECKER)!r}]\n"
        "sys.exit(subprocess.call([*command, *sys.argv[1:]]))\n"
    )
    monkeypatch.setattr(checking, "CHECKER", checker)
    evidence = certify(STYLES, [1, 2, 3], tmp_path)
    assert {(e.finding.k, e.verdict, e.certified) for e in evidence} == {
        (1, "ACCEPTED", True),
        (2, "fault", False),
        (3, "ACCEPTED", True),
        (None, "ACCEPTED", True),
    }
    details = {v.detail for e in evidence for v in e.verdicts if not v.accepted}
    assert details == {"the checker stopped with exit code 1: it hurts"}
    assert all(e.broken == (e.finding.k == 2) for e in evidence)


@pytest.mark.parametrize(
    ("program", "message"),
    [
        ("", "exit code 0"),
        ("print('ACCEPTED {}')", "not a verdict line"),
        ("print('FINE {}')", "not a verdict line"),
        ("print('ACCEPTED', open(sys.argv[1]))", "not a verdict line"),
        ("import os; os.kill(os.getpid(), 9)", "exit code -9"),
        ("say('ACCEPTED'); sys.exit(10)", "exit code 10"),
        ("say('REJECTED')", "exit code 0"),
        ("say('ACCEPTED'); raise ValueError('x' * 99999)", "exit code 1: ValueError"),
    ],
)
def test_a_checker_that_does_not_answer_properly_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, message: str
) -> None:
    path, checker = tmp_path / "p.cert.json", tmp_path / "checker.py"
    path.write_text("{}")
    checker.write_text(
        "import json, sys\n"
        "def say(verdict):\n"
        "    line = dict.fromkeys(('index', 'kind', 'sha256', 'claim'), None)\n"
        "    print(verdict, json.dumps({'file': sys.argv[1], **line}), flush=True)\n" + program
    )
    monkeypatch.setattr(checking, "CHECKER", checker)
    with pytest.raises(CheckerFaultError, match=message):
        check([path])
    verdicts = check_files({path: 2, tmp_path / "empty": 0})
    assert [v.verdict for v in verdicts[path]] == ["fault", "fault"]
    assert verdicts[tmp_path / "empty"] == []


def test_a_claim_that_the_checker_passes_over_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certify(STYLES, [2], tmp_path)
    original = checking.stream_verdicts

    def forgetful(paths: list[Path]) -> list[Verdict]:
        return [verdict for verdict in original(paths) if verdict.index != 1]

    monkeypatch.setattr(checking, "stream_verdicts", forgetful)
    evidence = certify(STYLES, [2], tmp_path)
    missed = {(e.finding.what, e.finding.k): e.verdict for e in evidence if not e.certified}
    limits = {(f"limit-{method}", None): "fault" for method in ("nlhf", "rlhf-borda")}  # one claim
    assert missed == {("algebraic", 2): "fault", **limits}


def test_a_verdict_on_the_whole_file_holds_for_every_claim(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "p.cert.json"
    path.write_text("{}")
    verdicts = check_files({path: 3})[path]
    assert [(v.verdict, v.index) for v in verdicts] == [("MALFORMED", None)] * 3


def test_more_files_than_a_command_line_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certify(STYLES, [1, 2, 3, 4], tmp_path)
    paths = sorted(tmp_path.iterdir())
    whole = check(paths)
    monkeypatch.setattr(checking, "_COMMAND_LINE", len(str(paths[0])) + 1)
    assert check(paths) == whole
    assert len(list(checking._batches([str(path) for path in paths]))) == len(paths) == 5
    paths[1].write_text("{}")
    assert check(paths).code == 11


def test_progress_counts_every_k_and_the_check(tmp_path: Path) -> None:
    certify_prompt("p", CYCLE, [1], tmp_path, Options())
    steps: list[int] = []
    certify_prompt(
        "p", CYCLE, [1, 2, 3], tmp_path, Options(), lambda text, done: steps.append(done)
    )
    assert sum(steps) == 5


# --- what the checker cannot afford -----------------------------------------------------------


def limited_checker(directory: Path, work: int) -> Path:
    """The checker with that budget, whatever it is asked."""
    script = directory / "checker.py"
    script.write_text(
        "import subprocess, sys\nsys.exit(subprocess.call([sys.executable, '-I', '-S', '-B',"
        f" {str(checking.CHECKER)!r}, '--max-work={work}', *sys.argv[1:]]))"
    )
    return script


@pytest.mark.parametrize(("work", "some"), [(8_000, True), (1, False)])
def test_a_claim_that_is_too_costly_to_check_is_not_written(
    work: int, some: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So whatever is written is accepted by everybody later; the others say why they are not."""
    monkeypatch.setattr(checking, "CHECKER", limited_checker(tmp_path, work))
    directory = prepare_directory(tmp_path / "out")
    everything = certify(CYCLE, [3], directory)
    claimed = [judged for judged in everything if judged.file]
    assert bool(claimed) == some
    assert all(judged.verdict == "ACCEPTED" for judged in claimed)
    costly = [judged for judged in everything if "too costly to check" in judged.finding.note]
    assert costly
    assert all(not judged.finding.certificates for judged in costly)
    files = sorted(directory.glob("*.cert.json"))
    assert files == sorted({judged.file for judged in claimed if judged.file})
    assert all(v.accepted for v in check(files).verdicts) if files else not some
    again = certify(CYCLE, [3], directory)
    assert said(again) == said(everything)
