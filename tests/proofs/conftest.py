"""The Coq library, compiled once for all tests that need it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from places import ROOT

NO_MATHCOMP = "Cannot find a physical path bound to logical path"


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of proofs_checks/coq, compiled: by the first process of the session that asks for it,
    while the others wait."""
    if not shutil.which("coqc") or not shutil.which("make"):
        pytest.skip("coqc or make is not installed (Debian: coq, libcoq-mathcomp-*)")
    import fcntl  # here, where there is a Coq there is a POSIX system

    session = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        session = session.parent
    folder, outcome = session / "coq", session / "coq.log"
    with (session / "coq.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not outcome.exists():
            outcome.write_text(_compile(folder), "utf-8")
    answer = outcome.read_text("utf-8")
    if NO_MATHCOMP in answer:
        pytest.skip("MathComp is not installed (Debian: libcoq-mathcomp-algebra-tactics, -zify)")
    assert not answer
    return folder


def _compile(folder: Path) -> str:
    """Copy the sources into `folder` and compile them there; what make said, if it failed."""
    compiled = shutil.ignore_patterns("*.vo*", "*.glob", ".*", "Make*.*")
    shutil.copytree(ROOT / "proofs_checks" / "coq", folder, ignore=compiled)
    command = ["make", f"-j{os.cpu_count() or 1}"]
    made = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return made.stdout + made.stderr if made.returncode else ""
