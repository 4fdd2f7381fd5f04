"""Untrusted floating-point proposals, one file a backend. Nothing here decides anything."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, wraps
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Propose = Callable[[Floats, Floats, Floats], "Proposal | None"]


@dataclass(frozen=True)
class Proposal:
    """What a float solver says of  max objective . x  subject to  matrix x <= bounds, x >= 0.

    `basis`, where the backend has one, holds as many indices as there are rows: j < n for the
    variable j, n + i for the slack of row i.
    """

    primal: Floats
    dual: Floats
    basis: tuple[int, ...] | None = None


def proposing(solver: str) -> Callable[[Propose], Propose]:
    """A proposal is optional: whatever the solver raises is logged, and means none."""

    def decorate(propose: Propose) -> Propose:
        @wraps(propose)
        def guarded(objective: Floats, matrix: Floats, bounds: Floats) -> Proposal | None:
            try:
                return propose(objective, matrix, bounds)
            except Exception as error:
                logger = logging.getLogger(propose.__module__)
                logger.warning("%s failed: %s: %s", solver, type(error).__name__, error)
                return None

        return guarded

    return decorate


@cache
def silence_highs() -> None:
    """Build a first HiGHS object with the standard output on the null device.

    The constructor prints a banner, once a process and before any option can forbid it; standard
    output belongs to the results.
    """
    import highspy

    saved, null = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(null, 1)
        highspy.Highs()
    finally:
        os.dup2(saved, 1)
        os.close(saved)
        os.close(null)
