"""Pages in Chromium, without network, where there is a Chromium."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from places import NO_FAULT

BROWSER = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
NO_BROWSER = pytest.mark.skipif(BROWSER is None, reason=f"{NO_FAULT} no Chromium on this machine")


def chromium(
    profile: Path, *arguments: str, milliseconds: int = 2000
) -> subprocess.CompletedProcess[str]:
    """Headless Chromium, without network, for so long by the page's own clock."""
    quiet = (
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        f"--user-data-dir={profile}", "--enable-logging=stderr",
        f"--virtual-time-budget={milliseconds}", "--proxy-server=127.0.0.1:9",
    )  # fmt: skip
    return subprocess.run(
        [str(BROWSER), *quiet, *arguments], capture_output=True, text=True, timeout=300, check=True
    )


def measured(profile: Path, page: Path, *arguments: str, milliseconds: int = 2000) -> Any:
    """What the page's script leaves, as JSON, as the text of the element `measured`."""
    local = ("--allow-file-access-from-files", "--dump-dom", *arguments, page.as_uri())
    shown = chromium(profile, *local, milliseconds=milliseconds).stdout
    found = re.search(r'<p id="measured">(.*?)</p>', shown, re.DOTALL)
    assert found, shown[-500:]
    return json.loads(found[1])
