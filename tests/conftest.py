"""What pytest leaves alone below tests/, and which tests are slow for what they start from."""

from __future__ import annotations

import pytest
from hypothesis import settings

# The same examples every time: what passes here passes elsewhere. For others,
# `pytest --hypothesis-profile=exploring`, with --hypothesis-seed=N or without.
settings.register_profile("settled", derandomize=True, deadline=None)
settings.register_profile("exploring", derandomize=False, deadline=None)
settings.load_profile("settled")

# The corpus holds certificates that have to be refused; EXPECTED.json in it says what comes of
# each. The project's own plugin would take every one of them for a test that fails.
collect_ignore = ["checker/corpus"]

# Fixtures that certify many populations before the first test that asks for them.
SLOW_FIXTURES = {"certificates": "test_page.py", "evidence": "test_theorems.py"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that needs a slow fixture is slow, for it may be the one that waits."""
    for item in items:
        for name in getattr(item, "fixturenames", ()):
            if SLOW_FIXTURES.get(name) == item.path.name:
                item.add_marker(pytest.mark.slow)
