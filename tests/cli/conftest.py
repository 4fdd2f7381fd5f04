"""Populations and certificates that the tests of the commands share."""

from __future__ import annotations

from pathlib import Path

import pytest
from command import CYCLE, STYLES, ualign


@pytest.fixture
def styles(tmp_path: Path) -> Path:
    path = tmp_path / "styles.json"
    path.write_text(STYLES)
    return path


@pytest.fixture
def cycle(tmp_path: Path) -> Path:
    path = tmp_path / "cycle.soc"
    path.write_text(CYCLE)
    return path


@pytest.fixture
def certified(styles: Path, tmp_path: Path) -> Path:
    assert ualign("certify", styles, "-k", "1..2", "--out", tmp_path / "out").code == 0
    return tmp_path / "out"
