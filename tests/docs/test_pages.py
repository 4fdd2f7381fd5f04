"""The site's pages: their examples run as a reader would run them, and print what they show.

`python tests/docs/test_pages.py` rewrites what is shown after a deliberate change; read the diff.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from places import ROOT
from sessions import as_shown, blocks, played, rewritten, same

DOCS = ROOT / "verify" / "docs"
PAGES = sorted((DOCS / "pages").rglob("*.md"))
EXAMPLES = [page for page in PAGES if re.search("^```(console|pycon)$", page.read_text(), re.M)]
NOT_RUN = {"install.md": 5, "tutorials/maintaining.md": 1, "tutorials/social-choice.md": 1}
"""How many listings of each page are for the reader's own machine."""


def name(page: Path) -> str:
    """The page's place among the pages."""
    return page.relative_to(DOCS / "pages").as_posix()


def prepared(page: Path, directory: Path) -> str:
    """The page's text; the repository's files that it shows are saved, as a reader would."""
    text = page.read_text()
    for path in re.findall(r"^\{\{ code (\S+\.py) \}\}$", text, re.MULTILINE):
        (directory / Path(path).name).write_text((ROOT / path).read_text())
    return text


def test_there_are_examples_for_every_use_and_reader() -> None:
    names = {name(page) for page in EXAMPLES}
    assert {"ten-minutes.md", "reference/python.md"} < names
    assert names > {name(page) for page in PAGES if page.parent.name == "tutorials"}
    assert len(PAGES) == len(set(re.findall(r"\S+\.md$", (DOCS / "mkdocs.yml").read_text(), re.M)))


@pytest.mark.slow
@pytest.mark.parametrize("page", EXAMPLES, ids=name)
def test_examples(page: Path, tmp_path: Path) -> None:
    """Every command prints what the page shows, in order, in one folder."""
    for _block, outcomes in played(prepared(page, tmp_path), tmp_path):
        for _, shown, printed in outcomes:
            assert same(printed, shown), printed


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_listing_is_run_or_known_not_to_be(page: Path) -> None:
    found = blocks(page.read_text())
    run = [b for b in found if b.title or b.language in ("console", "pycon")]
    assert len(found) - len(run) == NOT_RUN.get(name(page), 0)
    assert page.read_text().count("\n```") == 2 * len(found)
    for block in found:
        assert block.language != "console" or as_shown(block.sessions) == block.body


if __name__ == "__main__":
    for path in EXAMPLES:
        if not sys.argv[1:] or name(path) in sys.argv[1:]:
            with tempfile.TemporaryDirectory() as folder:
                path.write_text(rewritten(prepared(path, Path(folder)), Path(folder)))
