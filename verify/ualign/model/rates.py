"""The exact rates of the theory, in closed form."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from ualign.errors import InputError
from ualign.model.win_rates import Ties


def best_rate(k: int) -> Fraction:
    """k/(k+1), what can always be guaranteed against single responses (P1), and no more (P3)."""
    return Fraction(k, k + 1)


def joint_cap(k: int) -> Fraction:
    """1 - 1/(2k), the most that k outputs of any kind win on any population, ties shared (E19)."""
    return 1 - Fraction(1, 2 * k)


def joint_rate(l: int, k: int) -> Fraction:
    """f_l(k), the exact rate of joint policies against l outputs (E4): every population has a
    k-output policy that wins f_l(k), and no larger number will do. It is the linear interpolation
    of x/(x+1) between integers, at x = k/l. Raises InputError for l < 1, k < 1."""
    _check(l, k)
    q, r = divmod(k, l)
    return (Fraction((l - r) * q, q + 1) + Fraction(r * (q + 1), q + 2)) / l


def product_rate(l: int, k: int) -> Fraction:
    """g_l(k) = 1 - (l/(k+1)) (1 - (1-1/l)^(k+1)), the exact rate of product policies against l
    outputs (E5). Raises InputError for l < 1, k < 1."""
    _check(l, k)
    return 1 - Fraction(l, k + 1) * (1 - Fraction(l - 1, l) ** (k + 1))


def union_rate(l: int, k: int) -> Fraction:
    """1 - l/(k+1), what a symmetric equilibrium of the (k+1)-player game wins against l outputs at
    least (P7); negative, and so of no use, for l > k+1. Raises InputError for l < 1, k < 1."""
    _check(l, k)
    return 1 - Fraction(l, k + 1)


def rates_table(ls: Sequence[int], ks: Sequence[int]) -> list[Rates]:
    """f_l(k), g_l(k) and 1 - l/(k+1) for every l and k, one row each (E4, E5, P7)."""
    return [
        Rates(l, k, joint_rate(l, k), product_rate(l, k), union_rate(l, k)) for l in ls for k in ks
    ]


class Rates(NamedTuple):
    """What k outputs win against l outputs on every population: by any joint policy (E4), by a
    product policy (E5), by the union bound at a symmetric equilibrium (P7)."""

    l: int
    k: int
    joint: Fraction
    product: Fraction
    union: Fraction


def _check(l: int, k: int) -> None:
    if l < 1 or k < 1:
        raise InputError(f"l={l}, k={k}: both sides have at least one output")


def uniform_rankings_rate(n: int, k: int, ties: Ties = "uniform") -> Fraction:
    """The best k-output policy on uniform rankings of n responses (P3): m = min(n, k) distinct
    ones as evenly as possible, placed at random. For k <= n it is k/(k+1) + (k-1)/(2n(k+1)), and
    k(n+1)/(n(k+1)) under `win`; without outputs (k = 0) it is 0. Concave in k >= 0."""
    if k == 0:
        return Fraction(0)
    m = min(n, k)
    q, r = divmod(k, m)
    shared = Fraction(m - r, m * (q + 1)) + Fraction(r, m * (q + 2))
    lost = {"uniform": shared, "win": Fraction(0), "half": Fraction(1, 2), "lose": Fraction(1)}
    return (Fraction(m * (n + 1), m + 1) - lost[ties]) / n
