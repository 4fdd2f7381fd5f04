"""Untrusted floating-point proposals, one file a backend. Nothing here decides anything."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Proposal:
    """What a float solver says of  max objective . x  subject to  matrix x <= bounds, x >= 0.

    `basis`, where the backend has one, holds as many indices as there are rows: j < n for the
    variable j, n + i for the slack of row i.
    """

    primal: Floats
    dual: Floats
    basis: tuple[int, ...] | None = None


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
