"""Add a theorem: a function from a population and k to findings with certificates.

In the package it would be a file of `ualign.theorems` and an entry of the table THEOREMS. This one
says: a response that everybody likes best, perhaps with others, is an equilibrium by itself.

    python tests/examples/add_a_theorem.py
"""

from __future__ import annotations

import tempfile
from fractions import Fraction
from pathlib import Path

from ualign import Population, ProductPolicy
from ualign.certificates.claims import claim_equilibrium
from ualign.certificates.findings import DOES_NOT_APPLY, EXACT, Finding, Question, without_claim
from ualign.exact.instance import Instance
from ualign.model.solutions import Enclosure
from ualign.runs.certify import Options, certify_prompt
from ualign.theorems import THEOREMS, Theorem

QUESTION = Question("X1", "favourite")


def certify(instance: Instance, k: int) -> list[Finding]:
    """The point mass on a common favourite, as an exact equilibrium for the checker."""
    population = instance.population
    for y in range(population.n):
        if all(y in user.ranking[0] for user in population.users):
            point = ProductPolicy.point_mass(population.n, y)
            claim = claim_equilibrium(population, k, point, Enclosure(Fraction(0)))
            note = f"{population.responses[y]!r} by itself"
            return [Finding(QUESTION, k, "<=", Fraction(0), EXACT, (claim,), note)]
    why = "no response is among everybody's best"
    return [without_claim(QUESTION, k, DOES_NOT_APPLY, why)]


THEOREMS["X1"] = Theorem("a common favourite is an equilibrium by itself", (certify,))

agreed = Population.from_rankings([["a", "b", "c"], [["a", "c"], "b"]])
divided = Population.from_rankings([["a", "b", "c"], ["b", "c", "a"]])
with tempfile.TemporaryDirectory() as directory:
    for name, population in (("agreed", agreed), ("divided", divided)):
        options = Options(theorems=("X1",))
        for evidence in certify_prompt(name, population, [2], Path(directory), options):
            finding = evidence.finding
            print(f"{name}: {finding.grade} ({finding.note}); checker: {evidence.verdict}")
