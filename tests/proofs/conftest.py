"""The Coq library, compiled once for all tests that need it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from places import ROOT


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of proofs_checks/coq, compiled."""
    if not shutil.which("coqc") or not shutil.which("make"):
        pytest.skip("coqc or make is not installed (Debian: coq, libcoq-mathcomp-*)")
    folder = tmp_path_factory.mktemp("coq") / "coq"
    compiled = shutil.ignore_patterns("*.vo*", "*.glob", ".*", "Make*.*")
    shutil.copytree(ROOT / "proofs_checks" / "coq", folder, ignore=compiled)
    made = subprocess.run(["make"], cwd=folder, capture_output=True, text=True, check=False)
    if "Cannot find a physical path bound to logical path" in made.stderr + made.stdout:
        pytest.skip("MathComp is not installed (Debian: libcoq-mathcomp-algebra-tactics, -zify)")
    assert made.returncode == 0, made.stdout + made.stderr
    return folder
