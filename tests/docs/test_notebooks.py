"""The notebooks: committed without outputs; executed, and what comes of them is what they say."""

from __future__ import annotations

import importlib.util
import sys

import pytest
from places import NO_FAULT, ROOT

NOTEBOOKS = ROOT / "verify" / "docs" / "notebooks"
MISSING = [
    name for name in ("nbclient", "nbformat", "ipykernel") if not importlib.util.find_spec(name)
]
pytestmark = pytest.mark.skipif(
    bool(MISSING), reason=f"{NO_FAULT} without {', '.join(MISSING)}, which '.[docs]' installs"
)
PROMISES = {
    "scores.ipynb": ["4/5 - 2<sup>−100</sup>", "5/9 (0.555556)", " ACCEPTED in 5 files"],
    "conjecture.ipynb": ["wins only 1/3 against", "ACCEPTED the worst win rate", "None - "],
}


def test_every_notebook_has_its_promises() -> None:
    assert {path.name for path in NOTEBOOKS.glob("*.ipynb")} == set(PROMISES)


@pytest.mark.parametrize("name", PROMISES)
def test_no_outputs_are_committed(name: str) -> None:
    import nbformat

    notebook = nbformat.read(NOTEBOOKS / name, as_version=4)
    nbformat.validate(notebook)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert len(cells) >= 4
    assert all(not cell.outputs and cell.execution_count is None for cell in cells)


@pytest.mark.slow
@pytest.mark.parametrize("name", PROMISES)
def test_the_notebook_does_what_it_says(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """All its cells run, its assertions hold, and as a page it shows what came of them."""
    monkeypatch.syspath_prepend(str(NOTEBOOKS.parent))
    import notebooks

    try:
        page = notebooks.as_markdown(NOTEBOOKS / name)
    finally:
        sys.modules.pop("notebooks")
    for promise in PROMISES[name]:
        assert promise in page, page
