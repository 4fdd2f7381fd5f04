"""The users of README.md as a population."""

from __future__ import annotations

from ualign import (
    Population,
)

STYLES = Population.from_rankings(
    [
        ["brief", "playful", "formal"],
        ["formal", "playful", "brief"],
        ["playful", "formal", "brief"],
    ],
    [40, 35, 25],
)
