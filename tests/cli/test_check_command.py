"""`ualign check`: verdicts, reasons, budgets, faults of the checker."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from command import ualign
from ualign.certificates import checking as checker_process


def test_check_accepts(certified: Path) -> None:
    done = ualign("check", certified)
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[-1] == "28 ACCEPTED"
    assert ualign("check", certified.parent).out == done.out  # files below a directory count
    one = ualign("check", certified / "styles.json.k1.cert.json", "--json")
    assert [line["verdict"] for line in one.objects] == ["ACCEPTED"] * 11


def test_check_says_why_it_rejects(certified: Path) -> None:
    path = certified / "styles.json.k2.cert.json"
    document = json.loads(path.read_text())
    document["certificates"][0]["claim"]["bound"] = "3/4"
    path.write_text(json.dumps(document))
    done = ualign("check", certified)
    assert (done.code, done.err) == (1, "")
    assert done.out.splitlines()[-1] == "27 ACCEPTED, 1 REJECTED"
    brief = ualign("check", certified, "-q")
    assert brief.code == 1
    assert brief.out.startswith("REJECTED ")
    assert "ACCEPTED" not in brief.out.rpartition("\n27 ")[0]
    assert re.search(r"REJECTED [0-9a-f]{16} .*#0: .*= 3/4\n    \S+ at /certificates/0", done.out)
    path.write_text("{}")
    assert ualign("check", path).code == 1
    assert ualign("check", path).out.endswith("\n1 MALFORMED\n")


def test_check_over_budget(certified: Path) -> None:
    for option in ("--max-work", "--max-bytes"):
        done = ualign("check", certified, option, "1")
        assert (done.code, done.err) == (3, "")
        assert re.fullmatch(r"\d+ OVER_BUDGET", done.out.splitlines()[-1])


def test_a_fault_of_the_checker_is_no_verdict(
    certified: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = certified / "checker.py"
    broken.write_text("raise SystemExit('out of order')")
    monkeypatch.setattr(checker_process, "CHECKER", broken)
    done = ualign("check", certified)
    assert (done.code, done.out) == (3, "")
    assert done.err == "ualign: not certified: the checker stopped with exit code 1: out of order\n"
