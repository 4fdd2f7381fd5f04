"""The checker as a module in this process, under a name of its own."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from ualign.certificates.checking import CHECKER


def load_checker() -> ModuleType:
    """A module of its own, so that nothing else can have changed it."""
    spec = importlib.util.spec_from_file_location("_checker_under_test", CHECKER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


checker = load_checker()


def lines_on(content: bytes, scratch: Path, **budget: int) -> list[dict[str, Any]]:
    """The verdict lines of a file with these contents, with the given limits for the defaults."""
    scratch.write_bytes(content)
    digits = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        return list(checker.check_file(str(scratch), checker.BUDGET | budget))
    finally:
        sys.set_int_max_str_digits(digits)
