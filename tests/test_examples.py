"""The worked examples run as their first lines say, and print what they promise."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).with_name("examples")
PROMISES = {
    "certify_your_population.py": ["k = 3: nlhf = 3/5", "40 of 40 claims accepted"],
    "refute_a_conjecture.py": [" wins only 1/3 against ", "ACCEPTED: the worst win rate"],
    "add_a_theorem.py": [
        "agreed: exact ('a' by itself); checker: ACCEPTED",
        "divided: does not apply",
    ],
}


def test_every_example_is_run_and_linked() -> None:
    """No script without a promise here, and none that the README does not mention."""
    assert {path.name for path in EXAMPLES.glob("*.py")} == set(PROMISES)
    readme = (EXAMPLES.parent.parent / "README.md").read_text()
    assert all(f"tests/examples/{name}" in readme for name in PROMISES)


@pytest.mark.parametrize("name", PROMISES)
def test_example(name: str, tmp_path: Path) -> None:
    """Exit code 0, and the lines that it is read for; nothing is left behind."""
    done = subprocess.run(
        [sys.executable, EXAMPLES / name], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    for promise in PROMISES[name]:
        assert promise in done.stdout
    assert not list(tmp_path.iterdir())
