"""Equilibria, bounds and distances in Fractions, straight from the definitions."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from math import prod

from cases.building import Json, Masses


def derivatives(about: Json, k: int, x: Masses) -> tuple[Masses, dict[str, Masses]]:
    """U_y at the masses x, and dU_y/dx_z, from U = sum of S^i L^(k-i) term by term."""
    U = dict.fromkeys(about["responses"], Fraction(0))
    D = {y: dict.fromkeys(about["responses"], Fraction(0)) for y in about["responses"]}
    total = sum(Fraction(user["weight"]) for user in about["users"])
    for user in about["users"]:
        share, below = Fraction(user["weight"]) / total, []
        for tied in reversed(user["ranking"]):
            L = sum((x.get(z, Fraction(0)) for z in below), Fraction(0))
            S = L + sum((x.get(z, Fraction(0)) for z in tied), Fraction(0))
            by_own = sum((i * S ** (i - 1) * L ** (k - i) for i in range(1, k + 1)), Fraction(0))
            by_low = by_own + sum((k - i) * S**i * L ** (k - i - 1) for i in range(k))
            for y in tied:
                U[y] += share * sum(S**i * L ** (k - i) for i in range(k + 1))
                for z in tied:
                    D[y][z] += share * by_own
                for z in below:
                    D[y][z] += share * by_low
            below += tied
    return U, D


def inverse(matrix: Sequence[Sequence[Fraction]]) -> list[list[Fraction]]:
    """The inverse of a regular matrix, by Gauss and Jordan."""
    size = len(matrix)
    rows = [[*row, *(Fraction(int(i == j)) for j in range(size))] for i, row in enumerate(matrix)]
    for i in range(size):
        pivot = next(r for r in range(i, size) if rows[r][i])
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [value / rows[i][i] for value in rows[i]]
        for r in range(size):
            if r != i:
                rows[r] = [a - rows[r][i] * b for a, b in zip(rows[r], rows[i], strict=True)]
    return [row[size:] for row in rows]


def solve_on(about: Json, k: int, x: Masses, bits: int) -> tuple[Masses, list[list[Fraction]]]:
    """Newton's method for U = 1 on the support of x, each mass to about `bits` bits, and the
    inverse of (x_j dU_i/dx_j) there. Raises ValueError if it does not settle on the support."""
    T = list(x)
    for _ in range(60):
        U, D = derivatives(about, k, x)
        Y = inverse([[x[j] * D[i][j] for j in T] for i in T])
        steps = [sum(a * (U[i] - 1) for a, i in zip(row, T, strict=True)) for row in Y]
        if max(map(abs, steps)) < Fraction(1, 1 << bits):
            return x, Y
        for j, step in zip(T, steps, strict=True):
            x = {**x, j: Fraction(round(x[j] * (1 - step) * (1 << bits + 8)), 1 << bits + 8)}
        if min(x.values()) <= 0:
            break
    raise ValueError("Newton's method does not settle on this support")


def enclosure(about: Json, k: int, T: str, boundary: Json) -> tuple[Json, Json]:
    """An irrational equilibrium with support T: its centre and delta, and the witness."""
    start = {y: Fraction(1, len(T)) for y in T}
    x, Y = solve_on(about, k, start, 64)
    x = {y: Fraction(round(mass * (1 << 64)), 1 << 64) for y, mass in x.items()}
    x[T[0]] += 1 - sum(x.values())
    rows = [[str(Fraction(round(value * (1 << 24)), 1 << 24)) for value in row] for row in Y]
    place = {"centre": {y: str(mass) for y, mass in x.items()}, "delta": f"1/{1 << 48}"}
    return place, {"inverse": rows, "boundary": boundary}


def picked(about: Json, rivals: Sequence[str], outputs: Sequence[str]) -> Fraction:
    """The share of the users' picks that fall on the rivals' positions among all positions."""
    total, share = Fraction(0), Fraction(0)
    for user in about["users"]:
        best = next(tied for tied in user["ranking"] if {*tied} & {*rivals, *outputs})
        theirs, ours = (sum(z in best for z in side) for side in (rivals, outputs))
        total += Fraction(user["weight"])
        share += Fraction(user["weight"]) * Fraction(theirs, theirs + ours)
    return share / total


def product_bound(about: Json, k: int, mixture: Json, point: Json) -> Fraction:
    """1 + (k-1) P - k min_y P_y."""
    return 1 - min(tangents(about, k, mixture, point).values())


def tangents(about: Json, k: int, mixture: Json, point: Json) -> Masses:
    """k P_y - (k-1) P, by going through all draws of k - 1 outputs from the point."""
    P = dict.fromkeys(about["responses"], Fraction(0))
    for y in P:
        for drawn in product(point, repeat=k - 1):
            chance = prod((Fraction(point[z]) for z in drawn), start=Fraction(1))
            for rivals, mass in mixture:
                P[y] += chance * Fraction(mass) * picked(about, rivals, [y, *drawn])
    average = sum(Fraction(mass) * P[y] for y, mass in point.items())
    return {y: k * chance - (k - 1) * average for y, chance in P.items()}


def distances(about: Json, k: int, centre: Json) -> tuple[Fraction, Fraction]:
    """|pi - s|_1 and 2 sum_y s_y (1 - pi_y)^(k+1) at the centre, s being the first places."""
    total, left, right = sum(Fraction(user["weight"]) for user in about["users"]), 0, 0
    for y in about["responses"]:
        firsts = [user["weight"] for user in about["users"] if user["ranking"][0] == [y]]
        s, pi = sum(map(Fraction, firsts), Fraction(0)) / total, Fraction(centre.get(y, "0"))
        left, right = left + abs(pi - s), right + 2 * s * (1 - pi) ** (k + 1)
    return Fraction(left), Fraction(right)
