"""Josephy-Newton as in `newton`, in high precision: for supports that doubles cannot tell.

Find x >= 0 with U <= 1, and U = 1 wherever x > 0, from a start not far off. With a penalty c on the
sum and a proximal term each step's linear complementarity problem has (nearly always) a positive
definite matrix M = c 11' + delta I - J, so that principal pivoting comes to an end. Nothing here is
rigorous: all numbers are midpoints of flint's balls, at the precision that the caller sets.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flint import arb, arb_mat

MOST_NEWTON_STEPS = 100
PATIENCE = 30
"""Steps without progress after which the method gives up."""
PIVOTING_PATIENCE = 8
"""Pivots of all violated places at once, without progress, after which it goes place by place."""


def solve_precisely(
    utilities: Callable[[Sequence[int]], list[Any]],
    jacobian: Callable[[Sequence[int], Sequence[int]], list[list[Any]]],
    start: Sequence[int],
    bits: int,
) -> list[int]:
    """Masses over 2^bits, the best on the way; `jacobian(x, columns)` is a square of U's."""
    x = best = list(start)
    least, waited = None, 0
    for _ in range(MOST_NEWTON_STEPS):
        U = [value.mid() for value in utilities(x)]
        residual = max(abs(min(arb(mass) / 2**bits, 1 - u)) for mass, u in zip(x, U, strict=True))
        waited += 1
        if least is None or residual < least:
            best, least, waited = x, residual, 0
        columns = [y for y, mass in enumerate(x) if mass or U[y] > 0.999]
        J = [[v.mid() for v in row] for row in jacobian(x, columns)]
        largest = 1 + max(abs(v) for row in J for v in row)
        if residual < largest * arb(2) ** (4 - bits) or waited > PATIENCE:
            break
        step = _complementary(J, largest, [U[y] for y in columns], [x[y] for y in columns], bits)
        if step is None or not any(step):
            break
        x = [0] * len(x)
        for y, mass in zip(columns, step, strict=True):
            x[y] = (mass << bits) // sum(step)
    return best


def _complementary(
    J: list[list[Any]], c: Any, U: Sequence[Any], x: Sequence[int], bits: int
) -> list[int] | None:
    """z >= 0, w = 1 - U + M (z - x) >= 0, z.w = 0, by principal pivoting; x sums to 1."""
    size, unit, one = len(x), arb(2) ** -bits, 1 << bits
    M = [[c - v for v in row] for row in J]
    for i in range(size):
        M[i][i] += unit
    moved = arb_mat(M) * arb_mat([[mass * unit] for mass in x])
    q = [(1 - U[i] - moved[i, 0]).mid() for i in range(size)]
    active = {i for i in range(size) if x[i]}
    fewest, patience = size + 1, PIVOTING_PATIENCE
    for _ in range(10 * size + 50):
        T = sorted(active)
        if not T:
            return None
        try:
            z = arb_mat([[M[i][j] for j in T] for i in T]).solve(arb_mat([[-q[i]] for i in T]))
        except ZeroDivisionError:
            return None
        z = z.mid()
        w = arb_mat([[M[i][j] for j in T] for i in range(size)]) * z
        wrong = [i for a, i in enumerate(T) if z[a, 0] < -unit]
        wrong += [i for i in range(size) if i not in active and (w[i, 0] + q[i]).mid() < -unit]
        if not wrong:
            found = [0] * size
            for a, i in enumerate(T):
                found[i] = max(0, int((z[a, 0] * one).mid().floor().unique_fmpz()))
            return found
        if len(wrong) < fewest:
            fewest, patience = len(wrong), PIVOTING_PATIENCE
        else:
            patience -= 1
        active ^= set(wrong) if patience > 0 else {max(wrong)}
    return None
