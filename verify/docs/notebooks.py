"""A notebook as a page: executed, with what its cells printed. (Committed are those without.)"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
from nbclient import NotebookClient


def executed(path: Path) -> Any:
    """The notebook after all its cells have run in an empty folder. Raises what a cell raises."""
    notebook = nbformat.read(path, as_version=4)
    with TemporaryDirectory() as folder:
        NotebookClient(notebook, timeout=300, resources={"metadata": {"path": folder}}).execute()
    return notebook


def as_markdown(path: Path) -> str:
    """Its cells one after another: texts, listings, and below each what came of it."""
    parts = []
    for cell in executed(path).cells:
        if cell.cell_type == "markdown":
            parts.append(cell.source)
            continue
        parts.append(f"```python\n{cell.source}\n```")
        parts += [_shown(output) for output in cell.outputs]
    return "\n\n".join(parts)


def _shown(output: Any) -> str:
    if output.output_type == "stream":
        return f'```text title="printed"\n{output.text.rstrip()}\n```'
    data = output.data
    if "text/html" in data:
        body = "".join(line.strip() for line in data["text/html"].splitlines())
        body = body.replace("<table>", '<table class="values">')
        return f'<div class="shown">{body}</div>'
    return f'```text title="value"\n{data["text/plain"].rstrip()}\n```'
