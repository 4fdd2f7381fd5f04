"""The second checker, in JavaScript: it agrees with the first, and with what the corpus says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import agreement
import make_corpus
import pytest
from cases.building import document, encoded, win_rate
from command import ualign
from running import CASES, NODE, VERDICTS, run, short
from ualign.certificates import checking, second
from ualign.certificates.checking import CHECKER, SECOND

pytestmark = pytest.mark.skipif(
    NODE is None, reason="no Node on this machine, so no second checker"
)

ROOT = Path(__file__).parents[2]
LARGER_PURSE = {
    "over_budget/work--distance-of-10-to-the-17-outputs": "ACCEPTED",
    "over_budget/work--luce-strength-of-10-to-the-17": "ACCEPTED",
    "over_budget/work--mixture-of-10-to-the-17-outputs": "ACCEPTED",
}
"""True claims on which the first checker alone is over its budget: where a mass is 0 or 1, powers
cost the second nothing, and strengths cost it as much as there are different sums of them."""
SAME = ("verdict", "index", "kind", "sha256", "claim")


@pytest.fixture(scope="session")
def judged_again(written: dict[str, Path], elsewhere: Path) -> dict[str, list[dict[str, Any]]]:
    """The second checker's lines on all cases, with the options that a case needs."""
    lines = {}
    for options in {tuple(make_corpus.BUDGETS.get(short(case), [])) for case in CASES}:
        cases = [c for c in CASES if tuple(make_corpus.BUDGETS.get(short(c), [])) == options]
        cheap = options or ("--max-work=50000000",)
        found = run(*cheap, *(written[case] for case in cases), cwd=elsewhere, checker=SECOND)
        assert found.complaint == ""
        lines |= {case: found.of(written[case]) for case in cases}
    return lines


@pytest.mark.parametrize("case", CASES)
def test_the_corpus(case, judged, judged_again):
    """The verdict of every case; and of what is not MALFORMED kind, hash and words as well."""
    verdict = LARGER_PURSE.get(case.removesuffix(".cert.json"), VERDICTS[case.partition("/")[0]])
    refusals = [line["verdict"] for line in judged_again[case] if line["verdict"] != "ACCEPTED"]
    assert refusals == [verdict] * (verdict != "ACCEPTED")
    for line, other in zip(judged_again[case], judged[case], strict=True):
        if line["verdict"] == other["verdict"] and line["verdict"] in ("ACCEPTED", "REJECTED"):
            assert [line[key] for key in SAME] == [other[key] for key in SAME]


def test_a_refusal_says_where_and_what_failed(judged_again):
    """A pointer into the file, and both exact sides, or an enclosure where they are long."""
    (line,) = judged_again["rejected/win-rate--at-least-a-little-more.cert.json"]
    assert (line["code"], line["pointer"]) == ("win-rate", "/certificates/0/claim/bound")
    assert (line["left"], line["right"]) == ("157/252", "1571/2520")
    (line,) = judged_again["rejected/not-attained--left-side-of-hundreds-of-digits.cert.json"]
    assert re.fullmatch(r"in \[[0-9/]+, [0-9/]+\], SHA-256 [0-9a-f]{64}", line["left"])


def test_the_reports(elsewhere):
    """The same lines on every claim of the committed reports."""
    files = sorted((ROOT / "reports").rglob("*.cert.json"))
    first, again = (run(*files, cwd=elsewhere, checker=c).lines for c in (CHECKER, SECOND))
    assert len(again) > 5000
    for line, other in zip(first, again, strict=True):
        assert line == other


def test_hashes_of_names_of_all_sorts(tmp_path):
    """Every escape, and keys whose order by code points is not that of UTF-16."""
    names = [
        "\b\f\n\r\t",
        "\0\x1f \x7f~",
        '"/\\',
        "\ue000\uffff",
        "\U00010000",
        "\u2028\xa0",
        "__proto__",
    ]
    users = [{"weight": "1", "ranking": [[name] for name in names]}]
    share = f"1/{len(names)}"
    claim = win_rate(1, 1, "uniform", {"product": dict.fromkeys(names, share)}, ">=", "0")
    file = tmp_path / "names.cert.json"
    about = {"responses": names, "users": users}
    file.write_bytes(encoded(document(about, (claim, {}))))
    first, again = (run(file, cwd=tmp_path, checker=c).lines for c in (CHECKER, SECOND))
    assert first == again
    assert [line["verdict"] for line in first] == ["ACCEPTED"]


def test_mutants(capsys):
    """A few hundred of them; more by `python tests/checker/agreement.py COUNT SEED`."""
    assert agreement.main(["300", "5"]) == 0
    counts = dict(reversed(line.split(maxsplit=1)) for line in capsys.readouterr().out.splitlines())
    assert all(int(counts[verdict]) > 20 for verdict in ("ACCEPTED", "REJECTED", "MALFORMED"))


FAULTS = {
    "a relation": (">= 0n,", "> 0n,"),
    "a power": ("power(a + b, k + 1n)", "power(a + b, k)"),
    "ties": ("half: 2n, win: 1n, lose: 1n }", "half: 1n, win: 1n, lose: 1n }"),
    "rank": ("support.length - 1)", "support.length - 2)"),
    "off the support": ("if (hints.has(y))", "if (true) return;\n    if (hints.has(y))"),
    "keys": ("if (!names.includes(key))", "if (false)"),
    "escapes": ('padStart(4, "0")', 'padStart(5, "0")'),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_checker_does_not_agree(fault, tmp_path, written, judged):
    """What is compared here finds faults that are put into a copy."""
    good, bad = FAULTS[fault]
    source = SECOND.read_text(encoding="utf-8")
    assert good in source
    copy = tmp_path / "checker.mjs"
    copy.write_text(source.replace(good, bad), encoding="utf-8")
    cases = [case for case in CASES if not make_corpus.BUDGETS.get(short(case))]
    files = [written[case] for case in cases if not case.startswith("over_budget/")]
    found = run(*files, cwd=tmp_path, checker=copy)
    cases = [case for case in cases if not case.startswith("over_budget/")]
    same = [agreement.agree(judged[case], found.of(written[case])) for case in cases]
    assert found.complaint or not all(same)


# ---- The commands --------------------------------------------------------------------------------


def test_bad_usage(tmp_path):
    """Exit code 64, and how it is used; a file that is not there has a line."""
    for arguments in ([], ["--max-work=0", "f"], ["--max-work=1e3", "f"], ["--price", "f"]):
        done = run(*arguments, cwd=tmp_path, checker=SECOND)
        assert (done.code, done.lines) == (64, [])
        assert done.complaint.startswith("usage: ")
    done = run("absent", cwd=tmp_path, checker=SECOND)
    assert (done.code, done.lines[0]["code"]) == (11, "unreadable")


GOOD = make_corpus.CORPUS / "accepted/win-rate--product-equal.cert.json"
BAD = make_corpus.CORPUS / "rejected/win-rate--at-least-a-little-more.cert.json"


def test_the_command_runs_both():
    """With the first checker's exit code where they agree."""
    done = ualign("check", "--second", GOOD, GOOD.with_name("win-rate--product-at-least.cert.json"))
    assert done.code == 0
    assert done.out.endswith("2 ACCEPTED\nthe second checker: 2 ACCEPTED; they agree\n")
    done = ualign("check", "--second", "--quiet", GOOD, BAD)
    assert done.code == 1
    assert "they agree" in done.out
    done = ualign("check", "--second", "--json", GOOD)
    line = json.loads(done.out)
    assert (line["verdict"], line["second"]) == ("ACCEPTED", "ACCEPTED")


def test_the_command_says_where_they_differ(tmp_path, monkeypatch):
    """Exit code 1 if the second checker refuses what the first accepts, or says less."""
    copy = tmp_path / "checker.mjs"
    source = SECOND.read_text(encoding="utf-8")
    monkeypatch.setattr(second, "SECOND", copy)
    copy.write_text(source.replace('"=": (left, right) => left.compare(right) === 0n',
                                   '"=": () => false'), encoding="utf-8")  # fmt: skip
    done = ualign("check", "--second", "--quiet", GOOD)
    assert done.code == 1
    assert "the checkers differ; the second:\nREJECTED" in done.out.replace("    the", "the")
    assert "they differ on 1" in done.out


def test_without_node(monkeypatch):
    """The command says what it lacks, before it says anything else."""
    monkeypatch.setattr(checking.shutil, "which", lambda _: None)
    done = ualign("check", "--second", GOOD)
    assert done.code == 2
    assert "Node" in done.err
    assert done.out == ""
