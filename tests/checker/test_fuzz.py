"""A slice of what fuzz.py does at length."""

from __future__ import annotations

from collections import Counter

import fuzz
import pytest
from inprocess import lines_on
from truth import TRUTH


@pytest.mark.slow
def test_accepted_mutants_are_true(tmp_path):
    """None is refuted, most changes are noticed, and nearly everything can be judged."""
    counts, refuted = fuzz.fuzz(600, 20, tmp_path / "mutant.cert.json")
    total = sum(counts.values(), Counter())
    assert refuted == []
    assert total["REJECTED"] > total["ACCEPTED"] > 100
    assert total["confirmed"] > 10 * total["undecided"]
    assert len(counts) == len(TRUTH)


@pytest.mark.slow
def test_a_checker_that_accepts_too_much_is_refuted(tmp_path, monkeypatch):
    """The judges say no where the checker does, at least now and then."""

    def gullible(content, scratch, **budget):
        line = lines_on(content, scratch, **budget)[0]
        return [{"verdict": line["verdict"].replace("REJECTED", "ACCEPTED")}]

    monkeypatch.setattr(fuzz, "lines_on", gullible)
    counts, refuted = fuzz.fuzz(100, 20, tmp_path / "mutant.cert.json")
    assert len(refuted) > 20
    assert sum(seen["refuted"] > 0 for seen in counts.values()) >= 4


def test_the_command_counts(capsys):
    """One line for each kind, and the exit code 0."""
    assert fuzz.main(["20", "2"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].split()[0] == "all"
