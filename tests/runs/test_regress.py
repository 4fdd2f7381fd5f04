"""Locking a folder of certificates, and what drifts when it is worked out again."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from command import ualign
from ualign.certificates.findings import NOT_UNIQUE, Finding, Question
from ualign.certificates.manifest import NAME, lock, read_manifest
from ualign.constructions import CONSTRUCTIONS, built_in_suite
from ualign.exact import instance
from ualign.exact.equilibrium import find_equilibrium
from ualign.exact.instance import Instance
from ualign.exact.linear_program import LinearProgramError
from ualign.model.population import Population
from ualign.model.solutions import Equilibrium
from ualign.model.uniform_rankings import UniformRankings
from ualign.runs.certify import Options, certify_prompt
from ualign.runs.regress import Regression, read_locked, regress
from ualign.solvers import newton
from ualign.theorems import MAIN, THEOREMS

STYLES = Population.from_rankings([[*"bpf"], [*"fpb"], [*"pfb"]], [40, 35, 25])
SLIM = "slim-majority-eps1-10"


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A locked folder of two populations, not to be changed."""
    directory = tmp_path_factory.mktemp("locked")
    certify_prompt("styles", STYLES, [1, 3], directory, Options(theorems=MAIN))
    below = directory / "below"
    below.mkdir()
    certify_prompt(SLIM, dict(built_in_suite())[SLIM], [2], below, Options(50, theorems=MAIN))
    manifest, obstacles = lock(directory)
    assert manifest is not None
    assert obstacles == []
    return directory


@pytest.fixture
def folder(locked: Path, tmp_path: Path) -> Path:
    """The same elsewhere, to be changed."""
    return Path(shutil.copytree(locked, tmp_path / "proof"))


def again(folder: Path) -> Regression:
    return regress(read_locked(folder))


def rewrite(path: Path, change: Callable[[Any], object]) -> None:
    document = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(document, sort_keys=True, separators=(",", ":")) + "\n")


def patch_theorem(
    monkeypatch: pytest.MonkeyPatch, name: str, change: Callable[[Finding], list[Finding]]
) -> None:
    """Change what the theorem finds at k = 3."""
    theorem = THEOREMS[name]

    def changed(prove: Callable[[Instance, int], list[Finding]]) -> Any:
        def certify(instance: Instance, k: int) -> list[Finding]:
            findings = prove(instance, k)
            return [new for old in findings for new in (change(old) if k == 3 else [old])]

        return certify

    provers = tuple(map(changed, theorem.certify))
    monkeypatch.setitem(THEOREMS, name, replace(theorem, certify=provers))


def test_the_manifest_pins_down_claims_and_findings(locked: Path) -> None:
    text = (locked / NAME).read_text()
    document = json.loads(text)
    assert text == json.dumps(document, sort_keys=True, indent=0) + "\n"
    assert document["format"] == "ualign-manifest/2"
    paths = {path.relative_to(locked).as_posix(): path for path in locked.rglob("*.cert.json")}
    assert document["files"].keys() == paths.keys()
    assert f"below/{SLIM}.k2.cert.json" in paths
    for name, path in paths.items():
        verdicts = ualign("check", path, "--json").objects
        digests = document["files"][name]["claims"]
        assert [len(digest) for digest in digests] == [32] * len(verdicts)
        for verdict, digest in zip(verdicts, digests, strict=True):
            assert verdict["sha256"].startswith(digest)
            assert text.count(f'"{digest}"') >= 1


def test_locking_twice_gives_the_same_bytes(folder: Path) -> None:
    before = (folder / NAME).read_bytes()
    assert ualign("lock", folder).code == 0
    assert (folder / NAME).read_bytes() == before


def test_the_command_says_what_it_locked(folder: Path) -> None:
    number = len(read_manifest(folder / NAME).claims)
    assert ualign("lock", folder).out == f"{folder / NAME}: {number} claims in 5 files\n"
    (said,) = ualign("lock", folder, "--json").objects
    assert said == {"manifest": str(folder / NAME), "files": 5, "claims": number}


def _raise_bound(document: Any) -> None:
    document["certificates"][0]["claim"]["bound"] = "4/5"


def _forget_format(document: Any) -> None:
    del document["format"]


def _report_a_fault(document: Any) -> None:
    document["provenance"]["findings"][0][2] = "fault"


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (_raise_bound, "styles.k3.cert.json#0: REJECTED win-rate"),
        (_forget_format, "styles.k3.cert.json: MALFORMED"),
        (_report_a_fault, "styles.k3.cert.json: P1 failed"),
    ],
)
def test_what_is_not_accepted_is_not_locked(
    folder: Path, damage: Callable[[Any], None], message: str
) -> None:
    rewrite(folder / "styles.k3.cert.json", damage)
    (folder / NAME).unlink()
    done = ualign("lock", folder)
    assert done.code == 3
    assert message in done.err
    assert done.out == ""
    assert not (folder / NAME).exists()


def test_nothing_to_lock_is_bad_input(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path, tmp_path / "nowhere", tmp_path / "file", ""):
        done = ualign("lock", path)
        assert done.code == 2
        assert len(done.err.splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_clean_folder_has_not_drifted(folder: Path) -> None:
    files = [json.loads(path.read_text()) for path in folder.rglob("*.cert.json")]
    findings = sum(len(file["provenance"]["findings"]) for file in files)
    done = ualign("regress", folder)
    assert (done.code, done.err) == (0, "")
    assert done.out == f"{findings} findings compared, 0 drifted\n"
    assert findings > 30
    done = ualign("regress", folder, "--json")
    assert (done.code, done.out) == (0, "")


def test_progress_comes_to_its_end(folder: Path) -> None:
    steps: list[int] = []
    locked = read_locked(folder)
    regress(locked, lambda text, done: steps.append(done))
    assert sum(steps) == locked.steps == 7


def test_self_play_and_uniform_rankings_are_found_again(tmp_path: Path) -> None:
    options = Options(theorems=tuple(THEOREMS))
    certify_prompt("styles", STYLES, [2, 3], tmp_path, options)
    certify_prompt("many", UniformRankings(1000), [2], tmp_path, options)
    assert lock(tmp_path)[1] == []
    found = again(tmp_path)
    assert (found.drifts, found.not_certified) == ((), ())


def test_other_floats_are_no_drift(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As another machine would do, the solver proposes slightly different equilibria."""
    everything = Options(theorems=tuple(THEOREMS))
    certify_prompt("styles", STYLES, [3], tmp_path, everything)
    assert lock(tmp_path)[1] == []
    noise, original = random.Random(3), newton.propose

    def noisy(game: Any) -> Any:
        pi, residual = original(game)
        moved = np.array([mass * (1 + noise.gauss(0, 1e-13)) for mass in pi])
        return moved / moved.sum(), residual

    monkeypatch.setattr(newton, "propose", noisy)
    found = again(tmp_path)
    assert (found.drifts, found.not_certified) == ((), ())
    monkeypatch.setitem(THEOREMS, "P7", replace(THEOREMS["P7"], tolerance=None))
    assert {drift.theorem for drift in again(tmp_path).drifts} == {"P7"}


def test_each_file_is_asked_its_own_question(tmp_path: Path) -> None:
    """Options may differ from file to file, and one population may have two names."""
    certify_prompt("styles", STYLES, [3], tmp_path, Options(50, theorems=("P1", "P2")))
    certify_prompt("styles", STYLES, [4], tmp_path, Options(60, theorems=("P1", "P2")))
    certify_prompt("again", STYLES, [3], tmp_path, Options(50, theorems=("P1", "P2")))
    assert lock(tmp_path)[1] == []
    questions = read_locked(tmp_path).recomputations
    assert [(q.instance, q.ks, q.options.bits) for q in questions] == [
        ("again", [3], 50),
        ("styles", [3], 50),
        ("styles", [4], 60),
    ]
    found = again(tmp_path)
    assert (found.drifts, found.not_certified) == ((), ())


def test_counterexamples_are_their_claims(tmp_path: Path) -> None:
    assert ualign("counterexample", "borda-wins-half", "--out", tmp_path).code == 0
    assert ualign("lock", tmp_path).code == 0
    done = ualign("regress", tmp_path)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("1 counterexample as locked; in these nothing")


def test_files_that_ask_nothing_are_named(tmp_path: Path) -> None:
    certify_prompt("styles", STYLES, [1], tmp_path, Options(theorems=("P1",)))
    rewrite(tmp_path / "styles.k1.cert.json", lambda document: document.pop("provenance"))
    assert ualign("lock", tmp_path).code == 0
    done = ualign("regress", tmp_path)
    assert (done.code, done.out) == (0, "0 findings compared, 0 drifted\n")
    assert "1 file only checked, since the provenance does not say" in done.err
    assert "first styles.k1.cert.json" in done.err


def _append_claim(folder: Path) -> None:
    path = folder / "styles.k3.cert.json"
    rewrite(path, lambda document: document["certificates"].append(document["certificates"][0]))


def _change_finding(folder: Path) -> None:
    def change(document: Any) -> None:
        document["provenance"]["findings"][0][0] = "P2 guarantee"

    rewrite(folder / "styles.k3.cert.json", change)


def _ask_otherwise(folder: Path) -> None:
    for path in folder.glob("*.cert.json"):
        rewrite(path, lambda document: document["provenance"]["asked"].update(theorems=["X1"]))


DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "no manifest": (lambda folder: (folder / NAME).unlink(), "manifest.json: cannot be read"),
    "a file less": (
        lambda folder: (folder / "styles.k3.cert.json").unlink(),
        "styles.k3.cert.json is missing",
    ),
    "a file more": (
        lambda folder: shutil.copy(folder / "styles.k3.cert.json", folder / "x.cert.json"),
        "x.cert.json is not in the manifest",
    ),
    "another claim": (
        lambda folder: rewrite(folder / "styles.k3.cert.json", _raise_bound),
        "styles.k3.cert.json#0 is not the claim that was locked there",
    ),
    "a claim more": (_append_claim, "styles.k3.cert.json#12 is not in the manifest"),
    "a claim less": (
        lambda folder: rewrite(
            folder / "styles.k3.cert.json", lambda document: document["certificates"].pop()
        ),
        "styles.k3.cert.json#11 is missing",
    ),
    "no certificate file": (
        lambda folder: (folder / "styles.k3.cert.json").write_text("{"),
        "styles.k3.cert.json: MALFORMED",
    ),
    "another finding": (
        _change_finding,
        "findings that it lists are not those that were locked",
    ),
    "no such theorem": (_ask_otherwise, "asks what cannot be asked: there is no theorem X1"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_folder_that_is_not_as_it_was_is_bad_input(folder: Path, damage: str) -> None:
    change, message = DAMAGES[damage]
    change(folder)
    done = ualign("regress", folder)
    assert (done.code, done.out) == (2, "")
    assert message in done.err
    assert len(done.err.splitlines()) == 1


def test_a_witness_that_no_longer_proves_its_claim(folder: Path) -> None:
    def change(document: Any) -> None:
        document["certificates"][3]["witness"]["opponent"] = ["p"]

    rewrite(folder / "styles.k3.cert.json", change)
    done = ualign("regress", folder)
    assert done.code == 3
    assert "styles.k3.cert.json#3: REJECTED win-rate" in done.err
    assert "0 drifted" in done.out


def test_a_false_number_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def shift(finding: Finding) -> list[Finding]:
        assert finding.value is not None
        value = finding.value - Fraction(1, 10**9)
        claims = tuple(
            replace(c, claim={**c.claim, "bound": str(value)}) for c in finding.certificates
        )
        return [replace(finding, value=value, certificates=claims)]

    patch_theorem(monkeypatch, "E4", shift)
    done = ualign("regress", folder)
    assert done.code == 1
    wrong = Fraction(93, 115) - Fraction(1, 10**9)
    assert done.out.splitlines()[:3] == [
        "E4 joint-optimum, styles, k = 3: value",
        "    was = 93/115, exact (joint-upper-bound, win-rate)",
        f"    is  = {wrong}, exact (joint-upper-bound, win-rate), but REJECTED by the checker",
    ]
    assert "not certified: E4 joint-optimum at styles, k = 3: REJECTED" in done.err
    done = ualign("regress", folder, "--json")
    assert done.code == 1
    first = done.objects[0]
    assert (first["theorem"], first["instance"], first["k"]) == ("E4", "styles", 3)
    assert first["parts"] == "value"
    assert first["was"].startswith("= 93/115")
    assert first["is"].startswith(f"= {wrong}")


def test_a_claim_that_is_refused_now_is_no_drift(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The number is the same; it is not certified, and said to be so."""

    def spoil(finding: Finding) -> list[Finding]:
        attained, cap = finding.certificates
        return [replace(finding, certificates=(attained, replace(cap, witness={})))]

    patch_theorem(monkeypatch, "E4", spoil)
    done = ualign("regress", folder)
    assert (done.code, "0 drifted" in done.out) == (3, True)
    assert "not certified: E4 joint-optimum at styles, k = 3: MALFORMED" in done.err


def test_a_true_but_weaker_bound_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bound that the checker accepts, with less evidence for an optimum."""

    def weaken(finding: Finding) -> list[Finding]:
        attained = finding.certificates[0]
        return [replace(finding, certificates=(attained,))]

    patch_theorem(monkeypatch, "E4", weaken)
    found = again(folder)
    assert {(d.theorem, d.k, d.parts) for d in found.drifts} == {("E4", 3, "claims")}
    assert found.not_certified == ()


def test_a_coarser_solver_is_noticed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def coarse(population: Population, k: int, *, bits: int) -> Equilibrium:
        return find_equilibrium(population, k, bits=min(bits, 20))

    monkeypatch.setattr(instance, "find_equilibrium", coarse)
    found = again(folder)
    drifted = {(d.theorem, d.what): d.parts for d in found.drifts}
    assert ("P2", "equilibrium") in drifted
    assert all(d.instance == "styles" and d.k == 3 for d in found.drifts)
    (place,) = [d for d in found.drifts if d.theorem == "P2"]
    assert place.parts == "evidence"
    assert "enclosed to 2^-100" in place.was


def test_another_answer_on_uniqueness(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def deny(finding: Finding) -> list[Finding]:
        (only,) = finding.certificates
        claims = (replace(only, claim={**only.claim, "unique": False}),)
        return [replace(finding, grade=NOT_UNIQUE, certificates=claims)]

    patch_theorem(monkeypatch, "E2", deny)
    found = again(folder)
    assert [(d.theorem, d.what, d.parts) for d in found.drifts] == [
        ("E2", "uniqueness", "evidence")
    ]
    assert len(found.not_certified) == 1


def test_findings_missing_and_new(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def rename(finding: Finding) -> list[Finding]:
        renamed = finding.what == "plurality"
        return [replace(finding, question=Question("E9", "majority")) if renamed else finding]

    patch_theorem(monkeypatch, "E9", rename)
    found = again(folder)
    assert [(d.what, d.parts) for d in found.drifts] == [
        ("plurality", "missing"),
        ("majority", "new"),
    ]
    assert found.drifts[0].now == found.drifts[1].was == "not found"


def test_a_theorem_that_fails_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(finding: Finding) -> list[Finding]:
        raise LinearProgramError("the results disagree")

    patch_theorem(monkeypatch, "P4", fail)
    done = ualign("regress", folder)
    assert done.code == 1
    assert "P4 nlhf, styles, k = 3: missing" in done.out
    assert "is  fault: the results disagree" in done.out
    assert "not certified: P4 fault at styles, k = 3: fault: the results disagree" in done.err


def test_a_closed_form_that_is_off(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (entry,) = [c for c in CONSTRUCTIONS.values() if c.name == "slim-majority"]
    assert ("P4", "nlhf") in entry.closed_forms
    monkeypatch.setitem(entry.closed_forms, ("P4", "nlhf"), lambda at, **_: Fraction(1, 7))
    found = again(folder)
    (drift,) = found.drifts
    assert (drift.theorem, drift.what, drift.k) == ("P4", "nlhf", 2)
    assert drift.instance == f"below/{SLIM}"
    assert (drift.parts, drift.was) == ("closed form", "the closed form is 1/7")
    assert drift.now.startswith("= ")


def test_a_closed_form_is_not_asked_of_a_namesake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certify_prompt(SLIM, STYLES, [2], tmp_path, Options(theorems=MAIN))
    assert lock(tmp_path)[1] == []
    assert again(tmp_path).drifts == ()
