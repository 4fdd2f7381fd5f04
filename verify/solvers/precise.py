"""Josephy-Newton as in `newton`, in high precision: for supports that doubles cannot tell.

Find x >= 0 with U <= 1, and U = 1 wherever x > 0, from a start not far off. With a penalty c on the
sum and a proximal term each step's linear complementarity problem has a positive definite matrix
M = c 11' + delta I - J, so that principal pivoting comes to an end. Nothing here is rigorous: all
numbers are the midpoints of flint's balls, at the precision that the caller sets.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flint import arb, arb_mat

STEPS = 50
HALVINGS = 12
PATIENCE = 8
"""Pivots without progress after which they are done singly."""


def solve(
    utilities: Callable[[Sequence[int]], list[Any]],
    jacobian: Callable[[Sequence[int], Sequence[int]], list[list[Any]]],
    start: Sequence[int],
    bits: int,
) -> tuple[list[int], Any]:
    """Masses over 2^bits and their residual max |min(x, 1 - U)|. The residual tells how good."""
    x = list(start)
    U = utilities(x)
    least = _residual(x, U, bits)
    for _ in range(STEPS):
        if least < arb(2) ** (8 - bits):
            break
        close = [y for y, mass in enumerate(x) if mass or U[y] > 0.999]
        part = _complementary(jacobian(x, close), [U[y] for y in close], [x[y] for y in close], bits)
        if part is None:
            break
        target = [0] * len(x)
        for y, mass in zip(close, part, strict=True):
            target[y] = mass
        for halvings in range(HALVINGS):
            trial = [mass + ((goal - mass) >> halvings) for mass, goal in zip(x, target, strict=True)]
            U_there = utilities(trial)
            residual = _residual(trial, U_there, bits)
            if residual < least:
                break
        else:
            break
        x, U, least = trial, U_there, residual
    return x, least


def _residual(x: Sequence[int], U: Sequence[Any], bits: int) -> Any:
    unit, worst = arb(2) ** -bits, arb(0)
    for mass, value in zip(x, U, strict=True):
        slack = 1 - value.mid()
        worst = max(worst, abs(min(mass * unit, slack)))
    return worst


def _complementary(
    J: list[list[Any]], U: Sequence[Any], x: Sequence[int], bits: int
) -> list[int] | None:
    """z >= 0, w = 1 - U + c (sum x - 1) + M (z - x) >= 0, z.w = 0, by principal pivoting."""
    size, unit, one = len(x), arb(2) ** -bits, 1 << bits
    c = max(abs(v.mid()) for row in J for v in row) + 1
    M = [[c - v.mid() for v in row] for row in J]
    for i in range(size):
        M[i][i] += unit
    moved = arb_mat(M) * arb_mat([[mass * unit] for mass in x])
    excess = c * (sum(x) - one) * unit
    q = [(1 - U[i] + excess - moved[i, 0]).mid() for i in range(size)]
    active = {i for i in range(size) if x[i]}
    fewest, patience = size + 1, PATIENCE
    for _ in range(10 * size + 50):
        T = sorted(active)
        if not T:
            return None
        try:
            z = arb_mat([[M[i][j] for j in T] for i in T]).solve(arb_mat([[-q[i]] for i in T]))
        except ZeroDivisionError:
            return None
        z = arb_mat([[z[a, 0].mid()] for a in range(len(T))])
        w = arb_mat([[M[i][j] for j in T] for i in range(size)]) * z
        wrong = [i for a, i in enumerate(T) if z[a, 0] < -unit]
        wrong += [i for i in range(size) if i not in active and (w[i, 0] + q[i]).mid() < -unit]
        if not wrong:
            found = [0] * size
            for a, i in enumerate(T):
                found[i] = max(0, int((z[a, 0] * one).mid().floor().unique_fmpz()))
            return found
        if len(wrong) < fewest:
            fewest, patience = len(wrong), PATIENCE
        else:
            patience -= 1
        active ^= set(wrong) if patience > 0 else {max(wrong)}
    return None
