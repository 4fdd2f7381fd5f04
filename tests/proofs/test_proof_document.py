"""PROOFS.md is current, and holds what a referee needs."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from sympy import Symbol

import proofs_checks
from proofs_checks import __main__, document
from proofs_checks.claims import Identity
from proofs_checks.kernel import CERTIFICATES, FOLDER, checked_by_kernel
from proofs_checks.obligations import Obligation

THEOREMS = {theorem.source: theorem for theorem in proofs_checks.theorems()}
x = Symbol("x", real=True)
TRUE, FALSE = Identity(x - x, 0), Identity(x, x + 1)


def test_the_committed_document_is_the_generated_one() -> None:
    """PROOFS.md is what `python -m proofs_checks` prints, every obligation being in the state that
    the tests above have seen it in."""
    text = document.render(list(THEOREMS.values()), lambda obligation: obligation.claim.grade)
    assert text == document.PATH.read_text(encoding="utf-8")


@pytest.mark.parametrize("source", THEOREMS)
def test_document_section(source: str) -> None:
    """A theorem's section holds all that a referee needs; its links lead somewhere; its formulas
    hold nothing that GitHub's Markdown changes (escaped punctuation, tags) or does not allow."""
    theorem = THEOREMS[source]
    lines = document.PATH.read_text(encoding="utf-8").split(f"\n## {source}. ")[1].split("\n## ")[0]
    assert lines.startswith(f"{theorem.title}\n")
    plain = lines.replace("\\<", "<")
    assert f"$$\n{theorem.latex}\n$$" in lines
    for text in (theorem.words, *theorem.hypotheses, *theorem.not_proved):
        assert text in plain
    for number, obligation in enumerate(theorem.obligations, 1):
        assert f"\n{number}. **{obligation.claim.grade}**: {obligation.says}." in plain
    assert all(f"[{label}](#{label.lower()}-" in lines for label in theorem.theorems_used)
    assert all(f"* {fact} (cited)" in lines for fact in theorem.facts_used)
    anchors = re.findall(r"\]\(#([^)]*)\)", lines)
    headings = re.findall(r"^## (.*)$", document.PATH.read_text(), re.MULTILINE)
    known = {re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    assert set(anchors) <= known
    assert not re.search(r"\\[^A-Za-z ]|<|operatorname", theorem.latex)


def test_the_kernels_theorems_are_listed() -> None:
    """Each name of theorems.txt but the example's stands in the section of its label, with a
    docstring and a link to its file; what is not reached stands beside; of a statement that is
    checked as a whole nothing is by hand."""
    kernel = checked_by_kernel()
    sections = document.PATH.read_text(encoding="utf-8").split("\n## ")
    remains = [line.split(" ", 1) for line in text_rows(FOLDER / "not_reached.txt")]
    assert {label for label, _ in remains} == kernel.keys() - {CERTIFICATES, "Example"}
    assert kernel.keys() <= {*THEOREMS, CERTIFICATES, "Example"}
    assert sum(len(checked.theorems) for checked in kernel.values()) == len(
        text_rows(FOLDER / "theorems.txt")
    )
    for label, checked in kernel.items():
        name = "Certificates" if label == CERTIFICATES else f"{label}. "
        section = next((s for s in sections if s.startswith(name)), "")
        assert bool(section) == (label != "Example")
        for one in checked.theorems if section else ():
            assert f"\n* [`{one.name}`](coq/{one.module}.v): " in section
            assert (FOLDER / f"{one.module}.v").is_file()
        if label in THEOREMS:
            row = next(s for s in sections[0].splitlines() if s.startswith(f"| [{label}]"))
            assert row.endswith("| all | no |") == checked.whole
            assert checked.whole or f"this, but not {checked.remains}." in section


def test_what_needs_real_numbers_is_named() -> None:
    """The introduction names the theorems with a hypothesis on the numbers, and no other."""
    introduction = document.INTRODUCTION.split("A few need more")[1].split("**Symbolic**")[0]
    stated = {
        name
        for path in FOLDER.glob("*.v")
        for name, statement in re.findall(
            r"^Theorem (\w+)(.*?)^Proof", path.read_text("utf-8"), re.DOTALL | re.MULTILINE
        )
        if re.search(r"bolzano_weierstrass|exponential|hedge", statement)
    }
    assert stated == set(re.findall(r"\b[PE]\d+_\w+", introduction))


def text_rows(path: Path) -> list[str]:
    """The lines of a file but for comments."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_the_document_shows_what_does_not_hold() -> None:
    """A failing obligation stands there in capitals."""
    false = Obligation("x is x + 1", Identity(x, x + 1, wrong=x + 2))
    text = document.render([replace(THEOREMS["P1"], obligations=[false])])
    assert "1. **NOT PROVED**: x is x + 1." in text
    assert "| The guarantee | 0 | 0 | 0 | all | no |" in text


def test_writing_the_document(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without --write it is printed, with it written as a whole; if an obligation fails, nothing is
    written and the exit code is 3."""
    theorems = [replace(THEOREMS["P1"], obligations=[Obligation("all is well", TRUE, FALSE)])]
    monkeypatch.setattr(document, "PATH", tmp_path / "PROOFS.md")
    monkeypatch.setattr(__main__, "theorems", lambda: iter(theorems))
    assert __main__.main([]) == 0
    printed = capsys.readouterr().out
    assert "all is well" in printed
    assert list(tmp_path.iterdir()) == []
    assert __main__.main(["--write"]) == 0
    assert [file.name for file in tmp_path.iterdir()] == ["PROOFS.md"]
    assert document.PATH.read_text() == printed
    theorems = [replace(THEOREMS["P1"], obligations=[Obligation("a slip", FALSE, FALSE)])]
    assert __main__.main(["--write"]) == 3
    assert document.PATH.read_text() == printed
    assert "P1: a slip (NOT PROVED)" in capsys.readouterr().err
