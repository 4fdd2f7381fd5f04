"""P4: NLHF, a maximal lottery, sampled k times; its worst case is often stuck far below k/(k+1)."""

from __future__ import annotations

from fractions import Fraction

from verify.methods import Instance
from verify.theorems.claims import Finding, win_rate
from verify.winrate import worst_case

STATEMENT = "the exact worst-case win rate of the maximal lottery sampled k times"

EXACT_BITS = 14_000
"""Longest exact value (the denominator's bits) that is written out; beyond it, an enclosure. Python
converts integers of up to 4,300 digits to text without being asked twice."""


def certify(instance: Instance, k: int) -> Finding:
    """NLHF's worst case at k, exactly (as an enclosure of width 2^-bits where the exact fraction
    would run to thousands of digits)."""
    population, lottery = instance.population, instance.lottery
    worst = worst_case(population, lottery.policy, k=k)
    opponent = population.responses[worst.opponent[0]]
    note = f"capped by {opponent!r}"
    if not lottery.is_unique:
        note += f"; the largest of a {lottery.dimension}-dimensional set of maximal lotteries"
    if worst.value.denominator.bit_length() <= EXACT_BITS:
        certificate = win_rate(population, lottery.policy, k, "=", worst.value, worst.opponent)
        return Finding("P4", "nlhf", k, "=", worst.value, "exact", (certificate,), note)
    step = Fraction(1, 2**instance.bits)
    below = worst.value // step * step
    pair = (
        win_rate(population, lottery.policy, k, ">=", below),
        win_rate(population, lottery.policy, k, "<=", below + step, worst.opponent),
    )
    return Finding("P4", "nlhf", k, ">=", below, f"within 2^-{instance.bits}", pair, note)
