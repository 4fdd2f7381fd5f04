"""The pytest plugin: certificates as test files, claims as tests, the claims that must be there."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from places import NO_FAULT, ROOT
from ualign.certificates.manifest import NAME, lock, read_manifest
from ualign.model.population import Population
from ualign.runs.certify import Options, certify_prompt

STYLES = Population.from_rankings([[*"bpf"], [*"fpb"], [*"pfb"]], [40, 35, 25])
CYCLE = Population.from_rankings([[*"abc"], [*"bca"], [*"cab"]])
OPTIONS = Options(theorems=("P1", "P2", "P4", "E2", "E4", "E10"))
HEAVY = (
    "numpy",
    "flint",
    "sympy",
    "scipy",
    "typer",
    "rich",
    "ualign.exact",
    "ualign.runs.certify",
)


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A locked folder of certificates, not to be changed."""
    directory = tmp_path_factory.mktemp("locked")
    certify_prompt("styles", STYLES, [1, 3], directory, OPTIONS)
    assert lock(directory)[1] == []
    return directory


@pytest.fixture
def folder(locked: Path, tmp_path: Path) -> Path:
    """The same, to be changed."""
    return Path(shutil.copytree(locked, tmp_path / "proof"))


def run_pytest(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run pytest with the plugin and no other, whether or not the package is installed."""
    command = [sys.executable, "-m", "pytest", "-p", "ualign.pytest_plugin", "-p"]
    command += ["no:cacheprovider", "-v", *map(str, arguments)]
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(ROOT)}
    environment.pop("PYTEST_ADDOPTS", None)
    return subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )


def outcomes(done: subprocess.CompletedProcess[str]) -> dict[str, int]:
    """The numbers of tests by outcome, from the last line."""
    last = done.stdout.rstrip().splitlines()[-1]
    return {word: int(number) for number, word in re.findall(r"(\d+) (passed|failed|error)", last)}


def claims(folder: Path) -> int:
    return sum(len(read(path)["certificates"]) for path in folder.glob("*.cert.json"))


def read(path: Path) -> Any:
    return json.loads(path.read_text())


def rewrite(path: Path, change: Callable[[Any], object]) -> None:
    document = read(path)
    change(document)
    path.write_text(json.dumps(document, sort_keys=True, separators=(",", ":")) + "\n")


# --- claims are tests -------------------------------------------------------------------------


def test_every_claim_is_a_test(folder: Path) -> None:
    done = run_pytest(folder, cwd=folder.parent)
    assert done.returncode == 0, done.stdout
    assert outcomes(done) == {"passed": claims(folder)}
    assert "proof/styles.k3.cert.json::k3-guarantee PASSED" in done.stdout
    assert "proof/styles.k3.cert.json::k3-joint-optimum PASSED" in done.stdout
    assert "proof/styles.k3.cert.json::k3-joint-optimum-joint-upper-bound PASSED" in done.stdout
    assert "proof/styles.all-k.cert.json::nlhf-ceiling PASSED" in done.stdout
    chosen = run_pytest(folder, "-k", "P4 and k3", cwd=folder.parent)
    assert outcomes(chosen) == {"passed": 1}
    named = run_pytest("proof/styles.k3.cert.json::k3-guarantee", cwd=folder.parent)
    assert outcomes(named) == {"passed": 1}


def test_a_refusal_shows_claim_code_pointer_and_both_sides(folder: Path) -> None:
    def raise_bound(document: Any) -> None:
        claim = document["certificates"][3]["claim"]
        assert (claim["relation"], claim["bound"]) == ("=", "3/5")
        claim["bound"] = "4/5"

    rewrite(folder / "styles.k3.cert.json", raise_bound)
    done = run_pytest(folder, cwd=folder.parent)
    assert done.returncode == 1
    assert outcomes(done) == {"failed": 1, "passed": claims(folder) - 1}
    shown = done.stdout.partition("= FAILURES =")[2].splitlines()[2:6]
    assert shown == [
        "REJECTED win-rate: the worst win rate of this 3-output policy against 1 output, uniform"
        " ties, is = 4/5",
        "    not-attained at /certificates/3/witness/opponent: win rate = 4/5 fails",
        "    left side 3/5",
        "    right side 4/5",
    ]


@pytest.mark.parametrize(
    "contents",
    [
        b"",
        b"ualign/\xff",
        b'"ualign/' + b"[" * 100_000,
        b'{"format":"ualign/1"',
        b'{"format":"ualign/1"}',
        b'{"format":"ualign/1","certificates":[]}',
        b'{"format":"ualign/2","certificates":{}}',
        b'{"format":"ualign/1","certificates":[7]}',
        b'{"format":"ualign/1","certificates":[{"claim":{"kind":"a::b[c]"}}],"provenance":{"findings":7}}',
    ],
)
def test_a_malformed_file_is_a_failing_test(tmp_path: Path, contents: bytes) -> None:
    (tmp_path / "x.cert.json").write_bytes(contents)
    done = run_pytest(tmp_path, cwd=tmp_path)
    assert done.returncode == 1
    assert outcomes(done) == {"failed": 1}
    assert "MALFORMED" in done.stdout


@pytest.mark.parametrize(
    "contents",
    [
        b'{"issuer": "CN=x"}',
        b'{"format": "x509/1", "certificates": [{"claim": {}}]}',
        b'{"format": 7}',
        b"[]",
        b"{{ template }}",
        b"\xff",
        b"[" * 100_000,
    ],
)
def test_somebody_elses_file_is_left_alone(tmp_path: Path, contents: bytes) -> None:
    (tmp_path / "x.cert.json").write_bytes(contents)
    (tmp_path / "test_it.py").write_text("def test_it(): pass\n")
    done = run_pytest(tmp_path, cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    assert outcomes(done) == {"passed": 1}


@pytest.mark.parametrize("places", [[99], [-1], [], None, [True], 0, ["0"]])
def test_labels_that_do_not_fit_are_left_out(folder: Path, places: object) -> None:
    """Whatever the provenance says of where the claims stand."""

    def forge(document: Any) -> None:
        for row in document["provenance"]["findings"]:
            row[1] = places

    rewrite(folder / "styles.k3.cert.json", forge)
    done = run_pytest(folder / "styles.k3.cert.json", cwd=folder.parent)
    assert done.returncode == 0
    assert "::0-win-rate PASSED" in done.stdout


def test_a_checker_that_breaks_down_passes_nothing(folder: Path) -> None:
    (folder / "broken.py").write_text("raise SystemExit('it hurts')")
    (folder / "conftest.py").write_text(
        "from pathlib import Path\nfrom ualign.certificates import checking\n"
        "checking.CHECKER = Path(__file__).with_name('broken.py')\n"
    )
    done = run_pytest(folder, cwd=folder.parent)
    assert done.returncode == 1
    assert outcomes(done) == {"failed": claims(folder)}
    assert "the checker stopped with exit code 1: it hurts" in done.stdout
    assert "Traceback" not in done.stdout


@pytest.mark.slow
def test_the_corpus_of_the_checker_is_sorted_right() -> None:
    """Accepted files pass, and every test of a malformed one fails: of each third file."""
    for folder, outcome in (("accepted", "passed"), ("malformed", "failed")):
        files = sorted(ROOT.glob(f"tests/checker/corpus/{folder}/*.cert.json"))[::3]
        done = run_pytest(*map(str, files), cwd=ROOT)
        assert set(outcomes(done)) == {outcome}
        assert outcomes(done)[outcome] >= len(files) > 50


# --- disturbing nobody ------------------------------------------------------------------------


def test_only_the_standard_library_is_loaded(locked: Path) -> None:
    """Not even where certificates are checked."""
    code = (
        "import sys, pytest, ualign.pytest_plugin\n"
        "ours = {'ualign.certificates.manifest', 'ualign.certificates.checking'}\n"
        "assert not ours & set(sys.modules)\n"
        "plugins = ['-p', 'ualign.pytest_plugin', '-p', 'no:cacheprovider']\n"
        f"manifest = ['--ualign-manifest', {str(locked / NAME)!r}]\n"
        f"assert pytest.main([*plugins, *manifest, {str(locked)!r}]) == 0\n"
        "assert 'ualign.certificates.checking' in sys.modules\n"
        f"print('LOADED', sorted(set({HEAVY!r}) & set(sys.modules)))\n"
    )
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=locked,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "LOADED []" in done.stdout, done.stdout + done.stderr


def test_a_project_without_certificates_notices_nothing(tmp_path: Path) -> None:
    (tmp_path / "data.json").write_text("{")
    (tmp_path / "test_it.py").write_text(
        "import sys\ndef test_it(): assert 'ualign.certificates.manifest' not in sys.modules\n"
    )
    done = run_pytest(cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    assert outcomes(done) == {"passed": 1}


@pytest.mark.parametrize("by_module", [False, True])
@pytest.mark.parametrize("settings", ["", "[pytest]\npythonpath = .\n"])
def test_names_of_somebody_elses_are_left_alone(
    tmp_path: Path, by_module: bool, settings: str
) -> None:
    """A repository with modules of our subjects' names runs its own tests."""
    (tmp_path / "verify").mkdir()
    for name in ("verify/__init__", "verify_it", "check", "checker", "files", "text", "model"):
        (tmp_path / f"{name}.py").write_text("MINE = True\n")
    (tmp_path / "pytest.ini").write_text(settings or "[pytest]\n")
    (tmp_path / "conftest.py").write_text("")
    (tmp_path / "test_it.py").write_text(
        "import check, checker, files, model, text, verify\n"
        "def test_it(): assert all(m.MINE for m in (check, checker, files, model, text, verify))\n"
    )
    script = [str(Path(sys.executable).with_name("pytest"))]
    command = [sys.executable, "-m", "pytest"] if by_module else script
    done = subprocess.run(
        [*command, "-q"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout


def test_the_projects_own_corpus_is_collected_only_if_named() -> None:
    done = run_pytest("--collect-only", "--ignore-glob=*/test_*.py", "tests", cwd=ROOT)
    assert "no tests collected" in done.stdout
    assert done.returncode == 5


# --- the claims that must be there ------------------------------------------------------------


def test_what_was_locked_is_there(folder: Path) -> None:
    done = run_pytest("--ualign-manifest", folder / NAME, folder, cwd=folder.parent)
    assert done.returncode == 0, done.stdout
    assert outcomes(done) == {"passed": claims(folder)}
    relative = run_pytest("--ualign-manifest", "proof/manifest.json", "proof", cwd=folder.parent)
    assert outcomes(relative) == {"passed": claims(folder)}


def _delete(folder: Path) -> None:
    (folder / "styles.k3.cert.json").unlink()


def _empty(folder: Path) -> None:
    for path in folder.glob("*.cert.json"):
        path.unlink()


def _change_a_digit(folder: Path) -> None:
    path = folder / "styles.k3.cert.json"
    text = path.read_text()
    changed = text.replace('"k":3,"kind":"win-rate"', '"k":4,"kind":"win-rate"', 1)
    assert changed != text
    path.write_text(changed)


def _weaken(folder: Path) -> None:
    """A true claim, which the checker accepts, but another one."""

    def weaken(document: Any) -> None:
        claim = document["certificates"][0]["claim"]
        assert claim["relation"] == ">="
        claim["bound"] = "1/2"

    rewrite(folder / "styles.k3.cert.json", weaken)


def _another_population(folder: Path) -> None:
    """The same claims about users with other weights, in the same proportion."""

    def double(document: Any) -> None:
        for user in document["populations"]["p"]["users"]:
            user["weight"] = str(2 * int(user["weight"]))

    rewrite(folder / "styles.all-k.cert.json", double)


def _swap(folder: Path) -> None:
    def swap(document: Any) -> None:
        certificates = document["certificates"]
        certificates[0], certificates[1] = certificates[1], certificates[0]

    rewrite(folder / "styles.k3.cert.json", swap)


def _drop_the_last(folder: Path) -> None:
    rewrite(folder / "styles.k3.cert.json", lambda document: document["certificates"].pop())


def _more_claims(folder: Path) -> None:
    def append(document: Any) -> None:
        document["certificates"].append(document["certificates"][0])

    rewrite(folder / "styles.k3.cert.json", append)


def _more_files(folder: Path) -> None:
    (folder / "more").mkdir()
    shutil.copy(folder / "styles.k3.cert.json", folder / "more")


def _break(folder: Path) -> None:
    path = folder / "styles.k3.cert.json"
    path.write_bytes(path.read_bytes()[:-10])


DAMAGES = {
    _delete: "styles.k3.cert.json is missing; if this was meant: ualign lock",
    _empty: "styles.all-k.cert.json is missing",
    _change_a_digit: "styles.k3.cert.json#0 is not the claim that was locked there",
    _weaken: "styles.k3.cert.json#0 is not the claim that was locked there",
    _another_population: "styles.all-k.cert.json#0 is not the claim that was locked there",
    _swap: "styles.k3.cert.json#1 is not the claim that was locked there"
    ", but the one that was locked as styles.k3.cert.json#0; if this was meant: ualign lock",
    _drop_the_last: "styles.k3.cert.json#8 is missing",
    _more_claims: "styles.k3.cert.json#9 is not in the manifest",
    _more_files: "more/styles.k3.cert.json#0 is not in the manifest",
    _break: "styles.k3.cert.json is missing",
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_missing_changed_or_more_fails_and_is_named(
    folder: Path, damage: Callable[[Path], None]
) -> None:
    damage(folder)
    done = run_pytest("--ualign-manifest", folder / NAME, folder, cwd=folder.parent)
    assert done.returncode == 1
    assert DAMAGES[damage] in done.stdout.replace("\n", " ")
    assert "Traceback" not in done.stdout


def test_a_missing_file_is_one_failure(folder: Path) -> None:
    _delete(folder)
    done = run_pytest("--ualign-manifest", folder / NAME, folder, cwd=folder.parent)
    assert outcomes(done) == {"passed": claims(folder), "failed": 1}


def test_claims_that_are_deselected_are_there_and_others_are_not(folder: Path) -> None:
    manifest = "--ualign-manifest", str(folder / NAME)
    deselected = run_pytest(*manifest, folder, "-k", "P1", cwd=folder.parent)
    assert deselected.returncode == 0
    assert outcomes(deselected) == {"passed": 4}  # guarantees and algebraic equilibria
    file = run_pytest(*manifest, folder / "styles.k1.cert.json", cwd=folder.parent)
    assert "styles.k3.cert.json is missing" in file.stdout


@pytest.mark.parametrize(
    ("contents", "message"),
    [
        (None, "cannot be read"),
        (b"", "not a manifest"),
        (b"[]", "not a manifest"),
        (b'{"format":"ualign-manifest/2"}', "not a manifest"),
        (b'{"files":{},"format":"ualign-manifest/1","version":""}', "not a manifest"),
        (b'{"files":{},"format":"ualign-manifest/2","version":""}', "no claims"),
        (b'{"files":{"x":7},"format":"ualign-manifest/2","version":""}', "not a manifest"),
        (
            b'{"files":{"x":{"claims":[7],"findings":""}},"format":"ualign-manifest/2","version":""}',
            "not a manifest",
        ),
    ],
)
def test_a_manifest_that_is_none_is_bad_usage(
    folder: Path, contents: bytes | None, message: str
) -> None:
    if contents is None:
        (folder / NAME).unlink()
    else:
        (folder / NAME).write_bytes(contents)
    done = run_pytest("--ualign-manifest", folder / NAME, folder, cwd=folder.parent)
    assert done.returncode == 4
    assert message in done.stderr
    assert "Traceback" not in done.stderr


# --- together with other tools ----------------------------------------------------------------


def test_junit_xml_has_kind_theorem_and_hash(folder: Path) -> None:
    _delete(folder)
    arguments = "--ualign-manifest", folder / NAME, "--junitxml", folder / "j.xml", folder
    run_pytest(*arguments, cwd=folder.parent)
    cases = {
        (case.get("classname", ""), case.get("name", "")): {
            str(p.get("name")): p.get("value") for p in case.iter("property")
        }
        for case in ElementTree.parse(folder / "j.xml").iter("testcase")
    }
    locked = read_manifest(folder / NAME).claims
    found = cases["proof.styles.k1.cert.json", "k1-guarantee"]
    assert found["sha256"].startswith(locked["styles.k1.cert.json#0"])
    assert found == {"theorem": "P1", "kind": "win-rate", "sha256": found["sha256"]}
    assert ("proof.manifest.json", "styles.k3.cert.json") in cases


def test_it_works_in_parallel(folder: Path) -> None:
    pytest.importorskip("xdist", reason=f"{NO_FAULT} no pytest-xdist")
    arguments = "-p", "xdist", "-n", "2", "--ualign-manifest", "proof/manifest.json", "proof"
    assert outcomes(run_pytest(*arguments, cwd=folder.parent)) == {"passed": claims(folder)}
    number = claims(folder)
    _drop_the_last(folder)
    done = run_pytest(*arguments, cwd=folder.parent)
    assert outcomes(done) == {"failed": 1, "passed": number - 1}
