"""Files for the tests of formats."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

from ualign.model.population import Population, Ranking

PREFLIB = (".soc", ".soi", ".toc", ".toi")


def put(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def preflib(
    *orders: str, kind: str = "toi", names: tuple[str, ...] = ("a", "b", "c"), voters: int = 0
) -> str:
    """A PrefLib text whose headers agree with its body, as far as its counts can be read."""
    counts = [order.partition(":")[0] for order in orders]
    total = voters or sum(int(count) for count in counts if re.fullmatch("[0-9]+", count))
    return "\n".join(
        [
            f"# DATA TYPE: {kind}",
            f"# NUMBER ALTERNATIVES: {len(names)}",
            f"# NUMBER VOTERS: {total}",
            f"# NUMBER UNIQUE ORDERS: {len(orders)}",
            *(f"# ALTERNATIVE NAME {i}: {name}" for i, name in enumerate(names, 1)),
            *orders,
        ]
    )


def weights(population: Population) -> dict[Ranking, Fraction]:
    return {user.ranking: user.weight for user in population.users}
