"""`ualign export`."""

from __future__ import annotations

from pathlib import Path

from command import STYLES, ualign


def test_export(tmp_path: Path) -> None:
    """Theorems to stdout or a file; what is not among them is told on stderr, by reason."""
    (tmp_path / "styles.json").write_text(STYLES)
    ualign("certify", tmp_path / "styles.json", "-k", "2", "--out", tmp_path)
    (path,) = tmp_path.glob("*.k2.cert.json")
    printed = ualign("export", "--coq", path)
    assert printed.code == 0
    assert "\nTheorem claim_0 :\n  win_rate 3 users_0 2 1 uniform\n" in printed.out
    assert "ualign: left out: 1 claim of the kind unique-equilibrium\n" in printed.err
    written = ualign("export", "--coq", path, "--out", tmp_path / "styles.v")
    count = printed.out.count("\nTheorem ")
    assert written.out == f"{tmp_path / 'styles.v'}: {count} theorems\n"
    assert written.err == printed.err
    assert (tmp_path / "styles.v").read_text("ascii") == printed.out
