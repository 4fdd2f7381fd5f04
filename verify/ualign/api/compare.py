"""`compare`: what several methods guarantee, with certificates that were checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ualign.api.arguments import (
    ks_given,
    long_numbers,
    names_given,
    options_given,
    population_given,
    prompt_given,
)
from ualign.api.results import Result, files_in, without_place, workplace
from ualign.api.showing import data_frame, shown_as_html, with_decimals
from ualign.errors import InputError
from ualign.exact.instance import BITS, JOINT_LIMIT
from ualign.exact.method import Method, check_methods
from ualign.exact.methods import METHODS, Guarantee
from ualign.model.policies import Policy
from ualign.model.population import Population
from ualign.report.comparison_tables import compared_grids
from ualign.report.notes import compared_notes
from ualign.report.rows import comparison_row
from ualign.runs.compare import compare_prompt
from ualign.text import listed, printable, show


@dataclass(frozen=True, repr=False)
class Comparison(Result):
    """Worst-case win rates of methods at some ks and their limits, checked: a table in a notebook.

    Iterating yields for every k, and at last with None for the limits, what each method guarantees.
    `evidence` are the findings with the checker's verdicts, in the same order."""

    guarantees: tuple[Guarantee, ...] = ()

    def __iter__(self) -> Iterator[tuple[int | None, list[Guarantee]]]:
        for k in (*self.ks, None):
            yield k, [found for found in self.guarantees if found.k == k]

    def value(self, method: str, k: int | None) -> Fraction | None:
        """The method's exact worst case at k (None: its limit), as the checker accepted it; a lower
        bound where the finding's relation is ">="; None where there is none."""
        place = self._place(method, k)
        judged = self.evidence[place]
        return judged.finding.value if judged.accepted else None

    def policy(self, k: int, method: str = "equilibrium") -> Policy | None:
        """The policy that the method plays at k, with exact masses, the worst where it leaves a
        choice; None where it has none."""
        return self.guarantees[self._place(method, k)].policy

    def _place(self, method: str, k: int | None) -> int:
        for place, found in enumerate(self.guarantees):
            if (found.method, found.k) == (method, k):
                return place
        names = listed(dict.fromkeys(found.method for found in self.guarantees))
        ks = ", ".join(map(str, self.ks))
        raise InputError(f"{show(method)} at k = {show(k)}: compared were {names} at k = {ks}")

    def to_frame(self, library: str | None = None) -> Any:
        """A row a method and k, as pandas' or Polars' data frame: the keys of the command's --json,
        and the float next to the exact value."""
        population = self.population
        if not isinstance(population, Population):
            raise TypeError("compared are populations of users")
        pairs = zip(self.guarantees, self.evidence, strict=True)
        rows = [with_decimals(comparison_row(population, *pair)) for pair in pairs]
        return data_frame(rows, library)

    def _repr_html_(self) -> str:
        names = self.population.responses if isinstance(self.population, Population) else ()
        notes = [printable(note) for note in compared_notes(self.evidence, names)]
        return shown_as_html(self.title, compared_grids(self.evidence)[:1], notes)


def compare(
    population: Population,
    ks: Iterable[int] | int,
    *,
    methods: Iterable[str | Method] = tuple(METHODS),
    bits: int = BITS,
    joint_limit: int = JOINT_LIMIT,
    prompt: str = "population",
) -> Comparison:
    """The methods' exact worst-case win rates against single responses for every k, and their
    limits (P1, P4, E4, E9, E10); the checker is run on what is claimed.

    `methods` are names of built-in ones, or some of one's own: [*METHODS, mine] are all and mine.
    The equilibrium's is that of a rational policy within 2^-bits of k/(k+1), or k/(k+1) exactly;
    for a large k only the lower bound is given. Files are called after the `prompt`.

        >>> from ualign import Population, compare
        >>> population = Population.from_rankings([["a", "b"], ["b", "a"]], [3, 2])
        >>> compare(population, [1, 2], methods=["nlhf", "uniform"]).value("nlhf", 2)
        Fraction(3, 5)

    Raises InputError, before anything is done, for arguments that are not what they should be; and
    for a method whose rule fails, with its line."""
    population = population_given(population, listed=True)
    ks, options = ks_given(ks), options_given(bits, joint_limit)
    chosen = _methods(names_given(methods, "methods"))
    prompt = prompt_given(prompt)
    with long_numbers(), workplace() as directory:
        found = compare_prompt(prompt, population, ks, directory, options, methods=chosen)
        files = files_in(directory)
    evidence = without_place([judged for _, judged in found])
    guarantees = tuple(result for result, _ in found)
    return Comparison(prompt, population, ks, evidence, files, guarantees)


def _methods(given: list[object]) -> list[Method]:
    """The methods in the order given; built-in ones by name, or as they stand in the table."""
    if not given:
        raise InputError(f"methods is empty; built in are {listed(METHODS)}")
    names = [method if isinstance(method, str) else None for method in given]
    if unknown := [name for name in names if name is not None and name not in METHODS]:
        raise InputError(f"no method {show(unknown[0])}; built in are {listed(METHODS)}")
    built_in = [m for m in given if isinstance(m, Method) and METHODS.get(m.name) is m]
    known = [METHODS[name] for name in names if name is not None] + built_in
    if len({method.name for method in known}) < len(known):
        raise InputError("methods: one is given twice")
    check_methods([m for m in given if not isinstance(m, str) and m not in built_in], METHODS)
    return [METHODS[m] if isinstance(m, str) else m for m in given if isinstance(m, str | Method)]
