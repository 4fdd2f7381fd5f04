"""The files of the corpus, what the checker says of them, and places to run it in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import make_corpus
import pytest
from running import CASES, run, short


@pytest.fixture(scope="session")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working directory whose modules must not be imported."""
    directory = tmp_path_factory.mktemp("elsewhere")
    for name in ("json", "fractions", "math", "hashlib", "re", "ualign", "checker"):
        (directory / f"{name}.py").write_text("raise SystemExit(99)\n")
    return directory


@pytest.fixture(scope="session")
def written() -> dict[str, Path]:
    """The files of all cases."""
    return {case: make_corpus.CORPUS / case for case in CASES}


@pytest.fixture(scope="session")
def judged(written: dict[str, Path], elsewhere: Path) -> dict[str, list[dict[str, Any]]]:
    """The verdict lines of all cases, with the options that a case needs."""
    batches: dict[tuple[str, ...], list[str]] = {}
    for case in written:
        options = make_corpus.BUDGETS.get(short(case), [])
        batches.setdefault(tuple(options), []).append(case)
    lines = {}
    for options, cases in batches.items():
        found = run(*options, *(written[case] for case in cases), cwd=elsewhere)
        assert found.complaint == ""
        lines |= {case: found.of(written[case]) for case in cases}
    return lines


@pytest.fixture(scope="session")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file to write over and over."""
    return tmp_path_factory.mktemp("scratch") / "scratch.cert.json"
