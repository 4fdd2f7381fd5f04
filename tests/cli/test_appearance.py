"""How it looks: widths, names, terminals, and what is imported late."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from command import STYLES, ualign
from places import NO_FAULT

UALIGN = Path(sys.executable).with_name("ualign")
HEAVY = ("numpy", "flint", "cvxpy", "pulp", "highspy", "matplotlib", "rich")


@pytest.mark.parametrize("columns", [40, 80, 100, 200])
@pytest.mark.parametrize("command", ["certify", "compare"])
def test_tables_fit_and_nothing_is_truncated(styles: Path, command: str, columns: int) -> None:
    done = ualign(command, styles, "-k", "1..3,10", columns=columns)
    assert done.code == 0
    drawn = [line for line in done.out.splitlines() if line[:1] in "┏┡└┃│"]
    assert drawn
    assert max(map(len, drawn)) <= columns
    assert "…" not in done.out
    joint, nlhf = (
        ("93/115 (0.808696)", "3/5 (0.600000)") if columns == 200 else ("0.80870", "0.60000")
    )
    if (command, columns) == ("certify", 100):
        joint, nlhf = "93/115 (0.808696)", "3/5 (0.600000)"
    assert joint in done.out
    assert nlhf in done.out
    if command == "certify":
        assert "10/11 - 2^-100" in done.out


def test_a_table_too_wide_is_cut_into_blocks_that_repeat_k(cycle: Path) -> None:
    done = ualign("compare", cycle, "-k", "1..2", columns=60)
    headings = [line for line in done.out.splitlines() if line.startswith("┃     k ┃")]
    assert len(headings) > 1
    assert "uniform" in headings[-1]


def test_long_names_are_shortened_in_notes_but_not_in_json(tmp_path: Path) -> None:
    path, name = tmp_path / "long.json", "x" * 500
    path.write_text(STYLES.replace("playful", name))
    assert max(map(len, ualign("certify", path, "-k", "1").out.splitlines())) < 200
    (line,) = [
        o for o in ualign("certify", path, "-k", "1", "--json").objects if o["what"] == "nlhf"
    ]
    assert name in line["note"]


def test_names_are_printed_as_they_are(tmp_path: Path) -> None:
    """No markup, no emoji codes, no control characters."""
    path = tmp_path / "[red]:smile:[red].json"
    path.write_text(STYLES.replace("brief", "[bold]:warning:\\u0007\\n"))
    out = ualign("certify", path, "-k", "2").out
    assert out.startswith("[red]:smile:[red].json: ")
    assert "capped by '[bold]:warning:\\x07\\n'" in out
    assert "\x07" not in out


def test_a_terminal_without_unicode(cycle: Path) -> None:
    path = cycle.with_name("ö.soc")
    cycle.rename(path)
    done = subprocess.run(
        [UALIGN, "certify", path, "-k", "1"],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"\\xf6.soc: 3 responses")
    assert b"| 1 | 1/2 " in done.stdout


def test_version_and_help() -> None:
    version = ualign("--version")
    assert (version.code, version.err) == (0, "")
    assert re.fullmatch(r"ualign \d+\.\d+\.\d+\n", version.out)
    assert ualign("--help").code == 0
    for command in ("run", "certify", "compare", "check", "export", "prove"):
        assert f"  {command} " in ualign("--help").out
        assert ualign(command, "--help").out.startswith(f"Usage: ualign {command}")
    bare = ualign()
    assert (bare.code, bare.out) == (2, "")
    assert bare.err.startswith("Usage: ualign")


@pytest.mark.parametrize(
    "code", ["import ualign", "from ualign.cli.main import main; main(['--help'])"]
)
def test_nothing_heavy_is_imported_before_it_is_needed(code: str) -> None:
    report = f"import sys; print([m for m in {HEAVY} if m in sys.modules])"
    program = f"try:\n    {code}\nexcept SystemExit:\n    pass\n{report}"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.skipif(sys.platform == "win32", reason=f"{NO_FAULT} no pseudo-terminals on Windows")
def test_on_a_terminal_the_bar_makes_room_for_the_tables(styles: Path, cycle: Path) -> None:
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    environment = {key: value for key, value in os.environ.items() if key != "COLUMNS"}
    command = [UALIGN, "certify", styles, cycle, "-k", "1..2"]
    with subprocess.Popen(command, stdout=theirs, stderr=theirs, env=environment) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                part = os.read(ours, 1 << 16)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            shown += part
        os.close(ours)
    assert process.returncode == 0
    text = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown.decode())
    assert re.search(r"\b[0-8]/8 .*styles.json: ", text)
    lines = [line.rpartition("\r")[2] for line in text.replace("\r\n", "\n").split("\n")]
    assert "styles.json: 3 responses, 3 distinct rankings" in lines
    assert "cycle.soc: 3 responses, 3 distinct rankings" in lines
    tables = [line for line in lines if line[:1] in {"┃", "│"}]
    assert lines.count("the further theorems (- where one says nothing)") == 2
    assert sum("joint" in line for line in tables if line[0] == "┃") == 3
    assert [line.split()[1] for line in tables if line.split()[1] in "12"] == ["1", "2"] * 3
    assert all(line[-1] in "┃│" and len(line) <= 80 for line in tables)
