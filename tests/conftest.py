"""What pytest leaves alone below tests/."""

from __future__ import annotations

# The corpus holds certificates that have to be refused; test_checker.py beside it says what of
# each. The project's own plugin would take every one of them for a test that fails.
collect_ignore = ["checker/corpus"]
