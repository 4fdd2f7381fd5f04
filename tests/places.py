"""Where the project is, the real data that some machines have beside it, why tests are skipped."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
NO_FAULT = "skipped, which is no fault:"
NO_DATA = f"{NO_FAULT} no real populations on this machine ({DATA})"
