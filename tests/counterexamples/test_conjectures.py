"""The built-in conjectures: the smallest populations that refute the false ones, and no other."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import comb
from pathlib import Path

import pytest
from refutations import refuted
from ualign import read_population
from ualign.counterexamples import CONJECTURES, search
from ualign.counterexamples.certifying import certify_refutation
from ualign.counterexamples.editing import size, smaller
from ualign.counterexamples.enumeration import rankings
from ualign.exact.instance import Instance

HALF = Fraction(1, 2)

REFUTED = {  # responses, users, k, values
    "nlhf-guarantees-rate": (2, 5, 2, {"wins": Fraction(3, 5), "wanted": Fraction(2, 3)}),
    "borda-wins-half": (3, 3, 1, {"wins": Fraction(1, 3), "wanted": HALF}),
    "dictatorship-guarantees-rate": (
        2,
        3,
        2,
        {"wins": Fraction(17, 27), "wanted": Fraction(2, 3)},
    ),
    "equilibrium-robust-for-next-k": (
        2,
        3,
        2,
        {"wins": Fraction(2, 3), "wanted": Fraction(3, 4)},
    ),
    "condorcet-winner-in-support": (3, 9, 3, {}),
    "half-ties-keep-guarantee": (2, 1, 2, {"value": HALF, "wanted": Fraction(2, 3)}),
    "joint-always-above-rate": (2, 1, 2, {"value": Fraction(2, 3)}),
    "weak-order-converse": (3, 4, 2, {"value": Fraction(3, 4)}),
    "mixture-equals-average": (
        2,
        1,
        2,
        {"mixture": Fraction(1, 3), "average": Fraction(5, 12)},
    ),
    "p7-is-best": (3, 3, 2, {"equilibrium": Fraction(1, 3), "better": Fraction(4, 9)}),
    "diminishing-returns": (
        4,
        4,
        3,
        {"fewer": Fraction(2, 3), "value": Fraction(3, 4), "more": Fraction(7, 8)},
    ),
    "diminishing-product-returns": (4, 4, 2, None),
    "unique-at-one": (2, 2, 1, {}),
    "supports-grow": (3, 7, 2, None),
    "gone-for-good": (3, 7, 2, {}),
    "condorcet-mass-falls": (3, 7, 3, None),
    "raising-never-hurts": (3, 5, 2, None),
    "joining-hurts-her-last": (3, 3, 2, None),
    "joining-helps-her-first": (3, 7, 2, None),
    "diminishing-product-returns-for-two": (4, 9, 2, None),
    "composition-consistency": (3, 2, 2, {}),
    "resampling-comes-closer": (11, 11, 2, None),
    "resampling-four-comes-closer": (19, 19, 3, None),
    "safe-steps-raise-the-worst-case": (
        *(3, 3, 2),
        {"before": Fraction(179, 300), "after": Fraction(177332411, 300000000)},
    ),
    "one-output-for-determinism": (7, 21, 2, {"wins": Fraction(10, 21), "wanted": HALF}),
    "silence-mixes-no-fewer": (3, 3, 2, {"wins": Fraction(5, 12)}),
}
"""Minimal counterexamples; None for values that are not short."""

BY_OTHER_MEANS = {
    "diminishing-returns": "construction",
    "diminishing-product-returns": "construction",
    "diminishing-product-returns-for-two": "construction",
    "resampling-comes-closer": "construction",
    "resampling-four-comes-closer": "construction",
    "one-output-for-determinism": "construction",
    "gone-for-good": "sampling",
}
"""How those are found that no enumeration of the conjecture's own space holds."""

SURVIVING = {
    "borda-wins-one-in-n": (4, 3),
    "guarantee": (3, 3),
    "joint-rate": (3, 3),
    "win-ties": (3, 3),
    "uniqueness": (3, 2),
    "dominated-have-no-mass": (3, 3),
    "majority-favourite-has-half": (3, 4),
    "joining-pays": (3, 3),
    "clones-do-not-matter": (3, 3),
}
"""The responses and the users up to which every population is tried here."""


def test_every_conjecture_is_tested_here() -> None:
    """The lists above are those of the table."""
    verdicts = {name: conjecture.verdict for name, conjecture in CONJECTURES.items()}
    expected = dict.fromkeys(REFUTED, "false") | dict.fromkeys(SURVIVING, "true")
    assert verdicts == expected


@pytest.mark.slow
@pytest.mark.parametrize("name", REFUTED)
def test_false_conjectures_are_refuted_by_certified_minimal_populations(
    name: str, tmp_path: Path
) -> None:
    """The counterexample has the size and the numbers stated above, the checker accepts every
    claim, no smaller step refutes, and the PrefLib files hold the populations."""
    responses, users, k, values = REFUTED[name]
    conjecture, found = CONJECTURES[name], refuted(name)
    assert (size(found.population), found.k) == ((responses, users), k)
    how = BY_OTHER_MEANS.get(name, "enumeration")
    assert (found.how, found.minimal, found.smallest) == (how, True, how == "enumeration")
    if values is not None:
        assert dict(found.refutation.values) == values
    for candidate in smaller(found.population):
        if candidate.n >= conjecture.where.least_responses:
            assert conjecture.refute(Instance(candidate), found.k, found.l) is None
    certified = certify_refutation(conjecture, found, tmp_path)
    assert certified.accepted
    assert len(certified.verdicts) == sum(len(p.certificates) for p in found.refutation.parts)
    for path, part in zip(certified.populations, found.refutation.parts, strict=True):
        assert path.suffix == (".soc" if part.population.is_strict else ".toc")
        assert read_population(path) == part.population


@pytest.mark.parametrize("name", SURVIVING)
def test_the_others_survive_every_small_population(name: str) -> None:
    """Nothing refutes theorems, and nothing is left undecided."""
    responses, users = SURVIVING[name]
    sizes = dict.fromkeys(range(2, responses + 1), users)
    conjecture = CONJECTURES[name]
    where = replace(conjecture.where, responses=responses, users=users)
    found, covered = search(replace(conjecture, where=where), budget=600, samples=10)
    assert found is None
    assert covered.complete_to() == sizes
    assert covered.gaps == 0
    assert covered.sampled == 10
    assert covered.worst == ([2, 3, 4] if conjecture.extremal else [])
    strict = where.strict
    assert covered.total == sum(
        comb(len(rankings(n, strict=strict)) + m - 1, m)
        for n, most in sizes.items()
        for m in range(1, most + 1)
    )
