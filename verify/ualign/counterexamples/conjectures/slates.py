"""Conjectures on deterministic slates: the same k outputs every time."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ualign.certificates.claims import claim_slate_optimum
from ualign.counterexamples.conjecture import Conjecture, Refutation, Space
from ualign.counterexamples.conjectures.picks import shifts
from ualign.counterexamples.facts import named
from ualign.exact.instance import Instance
from ualign.exact.slates import best_slate
from ualign.model.population import Population
from ualign.text import fraction

TEN = 7, 1, 5, 9, 4, 6, 2, 8, 3, 0
"""A ranking, best first, whose cyclic shifts leave every three responses beaten by two in five."""


def residues() -> Population:
    """Seven responses, and the ranking 0, 1, ..., 6 with its images under y -> a y + s modulo 7, a
    being 1, 2 or 4: for each two responses some third is above both for 11 users of 21."""
    users = (
        (Fraction(1), [[(a * y + s) % 7] for y in range(7)]) for a in (1, 2, 4) for s in range(7)
    )
    return Population.from_indexed("abcdefg", users)


def _suspects() -> Iterator[Population]:
    yield residues()
    yield shifts(TEN)


def _one_output_less(instance: Instance, k: int, l: int) -> Refutation | None:
    population, wanted = instance.population, 1 - Fraction(1, k)
    best = best_slate(population, k)
    if best.value >= wanted:
        return None
    story = (
        f"{named(population, best.slate)} are the best {k} outputs to be given every time, and win"
        f" {fraction(best.value)} against {named(population, [best.opponent])}, less than"
        f" {fraction(wanted)}"
    )
    claims = claim_slate_optimum(population, best)
    return Refutation.of(population, claims, story, wins=best.value, wanted=wanted)


CONJECTURES = (
    Conjecture(
        "one-output-for-determinism",
        "some k outputs, the same every time, win 1 - 1/k against every response: what chance wins"
        " with one output less",
        "false",
        _one_output_less,
        "found by this search: for each two responses there may be a third that most users put"
        " above both",
        least_k=2,
        where=Space(responses=4, users=5),
        suspects=_suspects,
    ),
)
