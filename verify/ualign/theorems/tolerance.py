"""How far a theorem's numbers may move from one machine to another.

A number that follows from the population alone has to come out again, to the last digit, and needs
no tolerance. Some depend on what floating point proposed. Even then relation, claims and kind of
grade stay, and the precision falls neither below what it was nor below what was asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from ualign.certificates.findings import Finding


@dataclass(frozen=True)
class Setting:
    """Two runs of one certification: the bits asked for, and the sum of the radii of their boxes
    around the equilibrium (None if that is not known)."""

    bits: int
    radius: Fraction | None


Allowed = Callable[[Finding, Finding, Setting], Fraction | None]
"""How far apart an earlier and a later number can be; None if anything goes."""


@dataclass(frozen=True)
class Tolerance:
    """How far apart a theorem's numbers can be, and why they differ at all."""

    allowed: Allowed
    why: str


def anything(old: Finding, new: Finding, setting: Setting) -> None:
    """The numbers have nothing to do with each other."""


def near_win_rates(old: Finding, new: Finding, setting: Setting) -> Fraction | None:
    """A policy is within delta of the equilibrium in the sum of absolute differences, so its chance
    of anything in k draws is within k delta/2 of the equilibrium's; and all equilibria win the
    same (E2)."""
    return None if setting.radius is None else setting.radius * (old.k or 1) / 2


def near_distances(old: Finding, new: Finding, setting: Setting) -> Fraction | None:
    """The box adds at most 2 delta to the distance, and it is rounded up to 2^-bits."""
    return 2 * setting.radius + Fraction(1, 2**setting.bits) if setting.radius else setting.radius


def near_bounds(old: Finding, new: Finding, setting: Setting) -> Fraction:
    """Both are within 2^-b of the optimum, or equal to it."""
    if old.grade.bits is None or new.grade.bits is None:
        return Fraction(0)
    return Fraction(1, 2 ** min(old.grade.bits, new.grade.bits))


def near_prices(old: Finding, new: Finding, setting: Setting) -> Fraction:
    """The same of the best policy. A policy that is named is rounded to 2^-44 a response, and the
    chance of anything in k draws moves by k/2 times the sum of that, its price by k + 1 times
    more."""
    named = old.grade.bits is None and old.relation != "="
    return near_proposals(old, new, setting) if named else near_bounds(old, new, setting)


def near_proposals(old: Finding, new: Finding, setting: Setting) -> Fraction:
    """Policies from floats, whose last digits differ."""
    return Fraction(1, 1 << 24)
