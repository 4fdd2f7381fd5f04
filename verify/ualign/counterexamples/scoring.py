"""The worst populations for scoring rules, by a linear program over the users' weights.

A scoring rule gives a response points by its rank; RLHF with a Bradley-Terry reward outputs the
winner of Borda's. "b is a winner" and "b wins so much against y" are linear in the weights of the
n! strict rankings, so the population on which a winner wins least is an exact optimum.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import lcm

from ualign.counterexamples.editing import rebuilt
from ualign.counterexamples.enumeration import rankings
from ualign.errors import InputError
from ualign.exact.linear_program import LinearProgram
from ualign.exact.simplex import solve_program
from ualign.model.population import Population

MOST_SCORED = 4
"""The program has a variable for each of the n! rankings."""


def borda_points(n: int) -> tuple[int, ...]:
    """n - 1 points for the best response, none for the last."""
    return tuple(range(n - 1, -1, -1))


def worst_for_rule(points: Sequence[int]) -> Population:
    """The strict population on which a winner of the scoring rule wins least against some other
    response: maximise the weight of those who put y above b, while no score exceeds b's (E9).

    Names do not matter, so that one pair (b, y) is enough; ties for the winner are allowed. The
    optimum is exact: primal and dual are certified. Raises InputError for fewer than two or more
    than MOST_SCORED responses."""
    n = len(points)
    if not 2 <= n <= MOST_SCORED:
        raise InputError(f"{n} responses: the linear program is for 2 to {MOST_SCORED}")
    every = rankings(n, strict=True)
    ranks = [{y: rank for rank, (y,) in enumerate(ranking)} for ranking in every]
    b, y = 0, 1
    loses = tuple(int(rank[y] < rank[b]) for rank in ranks)
    ahead = [tuple(points[rank[z]] - points[rank[b]] for rank in ranks) for z in range(1, n)]
    whole = (1,) * len(every)
    program = LinearProgram(loses, (whole, *ahead), (1,) + (0,) * len(ahead))
    shares = solve_program(program).primal
    unit = lcm(*(share.denominator for share in shares))
    return rebuilt((int(share * unit), r) for share, r in zip(shares, every, strict=True))
