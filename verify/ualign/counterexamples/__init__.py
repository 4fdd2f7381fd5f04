"""Counterexamples: conjectures about all populations, searched, shrunk and certified.

A conjecture is an object with a predicate (`Conjecture`); the built-in ones stand in the one table
below. `search` goes through all small populations, then through those that linear programs and
random models propose; `certify_refutation` writes the claims that refute it and runs the checker on
them.

A conjecture of one's own is a Python file for `ualign counterexample mine.py:MAJORITY`:

    from fractions import Fraction
    from ualign.counterexamples import Conjecture, Refutation
    from ualign.certificates.claims import claim_joint_upper_bound

    def refute(instance, k, l):
        best = instance.joint_optimum(k, l)
        if best.value >= Fraction(3, 4):
            return None
        population = instance.population
        claim = claim_joint_upper_bound(population, k, best.value, best.opponents, l=l)
        return Refutation.of(population, [claim], f"no policy wins more than {best.value}")

    MAJORITY = Conjecture("two-win-much", "two outputs win 3/4", "open", refute, "a guess")
"""

from __future__ import annotations

from ualign.counterexamples.conjecture import Conjecture as Conjecture
from ualign.counterexamples.conjecture import Part as Part
from ualign.counterexamples.conjecture import Refutation as Refutation
from ualign.counterexamples.conjecture import Space as Space
from ualign.counterexamples.conjecture import UndecidedError as UndecidedError
from ualign.counterexamples.conjectures import changes as about_changes
from ualign.counterexamples.conjectures import equilibria as about_equilibria
from ualign.counterexamples.conjectures import learning as about_learning
from ualign.counterexamples.conjectures import methods as about_methods
from ualign.counterexamples.conjectures import rates as about_rates
from ualign.counterexamples.conjectures import returns as about_returns
from ualign.counterexamples.search import search as search

CONJECTURES: dict[str, Conjecture] = {
    conjecture.name: conjecture
    for conjecture in (
        *about_methods.CONJECTURES,
        *about_rates.CONJECTURES,
        *about_returns.CONJECTURES,
        *about_equilibria.CONJECTURES,
        *about_changes.CONJECTURES,
        *about_learning.CONJECTURES,
    )
}
