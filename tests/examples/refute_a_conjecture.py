"""Refute a conjecture of your own: a predicate that decides one population exactly, and its claims.

python tests/examples/refute_a_conjecture.py
ualign counterexample tests/examples/refute_a_conjecture.py:PLURALITY
"""

from __future__ import annotations

import tempfile
from fractions import Fraction
from pathlib import Path

from ualign import (
    Conjecture,
    Instance,
    ProductPolicy,
    Refutation,
    certify_refutation,
    claim_win_rate,
    search,
    worst_case,
)
from ualign.exact.methods import plurality_winners


def refute(instance: Instance, k: int, l: int) -> Refutation | None:
    """A plurality winner that wins less than one half, and the response that beats it."""
    population = instance.population
    for y in plurality_winners(population):
        policy = ProductPolicy.point_mass(population.n, y)
        worst = worst_case(population, policy, k=k, l=l)
        if worst.value < Fraction(1, 2):
            names = [population.responses[z] for z in (y, *worst.opponent)]
            story = f"{names[0]} wins only {worst.value} against {', '.join(names[1:])}"
            claim = claim_win_rate(population, policy, k, "<=", worst.value, worst.opponent, l=l)
            return Refutation.of(population, [claim], story)
    return None


PLURALITY = Conjecture(
    name="plurality-wins-half",
    sentence="a response with the most first places wins at least one half against every response",
    verdict="open",
    refute=refute,
    why="the example of the README",
)

if __name__ == "__main__":
    found, covered = search(PLURALITY)
    print(f"{covered.populations} populations up to renaming were tried")
    if found is not None:
        print(found.refutation.story)
        for user in found.population.users:
            names = [[found.population.responses[y] for y in tied] for tied in user.ranking]
            print(f"    {user.weight} x {' > '.join('='.join(tied) for tied in names)}")
        with tempfile.TemporaryDirectory() as directory:
            certified = certify_refutation(PLURALITY, found, Path(directory))
            print("; ".join(f"{v.verdict}: {v.claim}" for v in certified.verdicts))
