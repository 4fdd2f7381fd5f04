"""Conjectures on learning from picks, the policies tried being waves around the equilibrium, and
policies of few parts."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations
from math import cos, pi, sin

from ualign.certificates.claims import claim_picks, claim_win_rate
from ualign.constructions import eleven_users
from ualign.counterexamples.conjecture import Conjecture, Refutation, Space, UndecidedError
from ualign.counterexamples.facts import told_apart
from ualign.exact.instance import Instance
from ualign.exact.picks import SURE, gain, safe_rate, step
from ualign.exact.self_play import ExactGame
from ualign.model.policies import ProductPolicy
from ualign.model.population import Population
from ualign.model.win_rates import worst_case

PARTS, FINE = 14, 10_000
"""Policies of so many equal parts are tried, and waves of so many."""


def _waves(centre: ProductPolicy) -> Iterator[ProductPolicy]:
    """The centre and a third of each mass more or less, by waves along the responses."""
    n = len(centre.masses)
    for turns in range(1, n // 2 + 1):
        for wave in (cos, sin):
            heights = [1 + wave(2 * pi * turns * y / n) / 3 for y in range(n)]
            parts = [
                round(FINE * float(mass) * height)
                for mass, height in zip(centre.masses, heights, strict=True)
            ]
            if all(bool(part) == bool(m) for part, m in zip(parts, centre.masses, strict=True)):
                yield ProductPolicy(tuple(Fraction(part, sum(parts)) for part in parts))


def _away_at_full_speed(instance: Instance, k: int, l: int) -> Refutation | None:
    population, equilibrium = instance.population, instance.equilibrium(k)
    if equilibrium.enclosure is None:
        raise UndecidedError(f"no equilibrium could be enclosed at k = {k}: {equilibrium.reason}")
    for policy in _waves(equilibrium.policy):
        _, most = gain(population, equilibrium, policy, Fraction(1))
        if most < -SURE:
            box = equilibrium.policy, equilibrium.enclosure
            claim = claim_picks(population, k, Fraction(1), [policy], box, nearer=False)
            story = (
                f"one step with {k + 1} draws leads farther from the equilibrium, by"
                f" {float(-most):.6f} in KL divergence"
            )
            return Refutation.of(population, [claim], story)
    return None


def _largest_rises(instance: Instance, k: int, l: int) -> Refutation | None:
    population, game = instance.population, ExactGame(instance.population)
    for cuts in combinations(range(1, PARTS), population.n - 1):
        parts = [b - a for a, b in zip((0, *cuts), (*cuts, PARTS), strict=True)]
        policy = ProductPolicy(tuple(Fraction(part, PARTS) for part in parts))
        moved = step(game, policy, k, safe_rate(k))
        before, after = (worst_case(population, pi, k=k) for pi in (policy, moved))
        if after.value < before.value:
            claims = [
                claim_win_rate(population, policy, k, "=", before.value, before.opponent),
                claim_win_rate(population, moved, k, "=", after.value, after.opponent),
            ]
            old, new = told_apart(before.value, after.value)
            story = f"one step at the rate {safe_rate(k)} takes the worst case from {old} to {new}"
            values = {"before": before.value, "after": after.value}
            return Refutation.of(population, claims, story, **values)
    return None


def _eleven() -> Iterator[Population]:
    return iter([eleven_users()])


def _nine() -> Iterator[Population]:
    rankings = [[*"bac"], [*"acb"], [*"cba"], [*"cab"]]
    return iter([Population.from_rankings(rankings, [3, 2, 3, 1], responses=[*"abc"])])


CONJECTURES = (
    Conjecture(
        "best-of-resampling-comes-closer",
        "for k >= 2 every step of best-of-(k+1) resampling, pi to pi U(pi), comes nearer to the"
        " equilibrium by KL divergence",
        "false",
        _away_at_full_speed,
        "near the equilibrium of eleven users in a circle it does not; at a rate of up to"
        " 3/(2(k+3)) it is true (E14)",
        least_k=2,
        where=Space(responses=3, users=2),
        suspects=_eleven,
    ),
    Conjecture(
        "learning-never-hurts",
        "for k >= 2 no step of learning from picks at the rate 3/(2(k+3)) lowers the policy's worst"
        " case",
        "false",
        _largest_rises,
        "it is KL divergence that falls in every step, not the largest utility (E14)",
        least_k=2,
        where=Space(responses=3, users=3),
        suspects=_nine,
    ),
)
