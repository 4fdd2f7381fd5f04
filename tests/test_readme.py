"""The README's own commands, run as a reader would, with the output that it shows; and what the
pages for readers promise: links that lead somewhere, a map and a table with nothing left out.

`python tests/test_readme.py` rewrites the shown output after a deliberate change; read the diff.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest
from sessions import blocks, played, rewritten, run, same
from ualign.theorems import THEOREMS

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
PACKAGE = ROOT / "verify" / "ualign"
MAP = ROOT / "verify" / "README.md"
TABLE = PACKAGE / "theorems" / "README.md"
PAGES = [README, ROOT / "CONTRIBUTING.md", MAP, TABLE]
MOST_BYTES = 10_240
LINK = re.compile(r"\]\(([^)\s]+)\)")
PYTHON = re.compile(r"```python\n(.*?)```\n", re.DOTALL)


def test_console_sessions(tmp_path: Path) -> None:
    """Every command of the README prints what the README shows."""
    seen = 0
    for _block, outcomes in played(README.read_text(), tmp_path):
        for _, shown, printed in outcomes:
            assert same(printed, shown), printed
            seen += 1
    assert seen >= 5


def test_python_example(tmp_path: Path) -> None:
    """The Python example runs on the README's own population and checks its certificates."""
    text = README.read_text()
    run(blocks(text)[2].sessions[0][0], tmp_path)
    (program,) = PYTHON.findall(text)
    (tmp_path / "example.py").write_text(program)
    printed = run("python example.py", tmp_path)
    assert "P4 = 3/5 exact" in printed
    assert "{'brief': Fraction(" in printed
    assert len(list(tmp_path.glob("certificates/*.cert.json"))) == 5


def test_the_readme_is_short() -> None:
    """What does not fit has a page of its own."""
    assert len(README.read_bytes()) <= MOST_BYTES


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_relative_links_lead_somewhere(page: Path) -> None:
    """To a file or folder of the project and, where they name one, to a heading there."""
    links = [link for link in LINK.findall(page.read_text()) if "://" not in link]
    assert links
    for link in links:
        path, _, heading = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.is_relative_to(ROOT), link
        assert target.exists(), link
        assert not heading or heading in anchors(target.read_text()), link


def anchors(text: str) -> set[str]:
    """The names under which the page's headings can be linked to."""
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


def test_the_map_is_complete() -> None:
    """Every package of ualign has a heading on the map, and every file a place."""
    text = MAP.read_text()
    for package in (path.parent for path in PACKAGE.glob("*/__init__.py")):
        assert re.search(rf"^### `{package.name}`: ", text, re.MULTILINE), package.name
    for module in PACKAGE.rglob("*.py"):
        if module.parent != TABLE.parent:
            assert f"`{module.name}`" in text, module


def test_every_theorem_has_its_row() -> None:
    """With links to files that certify and prove it; and no other row is there."""
    text = TABLE.read_text()
    rows = dict(re.findall(r"^\| ([A-Z]\d+) \| (.*) \|$", text, re.MULTILINE))
    assert list(rows) == list(THEOREMS)
    linked = set(LINK.findall(text))
    for label, row in rows.items():
        assert f"({label.lower()}_" in row, label
        assert f"/proofs_checks/{label.lower()}_" in row, label
    assert {path.name for path in TABLE.parent.glob("[a-z][0-9]*.py")} <= linked


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as directory:
        README.write_text(rewritten(README.read_text(), Path(directory)))
