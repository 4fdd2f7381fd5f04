"""`certify`: what the theorems say of a population, with certificates that were checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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
from ualign.certificates.findings import GUARANTEES, Finding
from ualign.errors import InputError
from ualign.exact.instance import BITS, JOINT_LIMIT, OPPONENTS
from ualign.exact.method import Method, check_methods
from ualign.exact.methods import METHODS
from ualign.model.any_population import AnyPopulation, ListedPopulation
from ualign.model.given import whole_number
from ualign.model.policies import ProductPolicy
from ualign.model.uniform_rankings import UniformRankings
from ualign.report.notes import certified_notes
from ualign.report.rows import evidence_row
from ualign.report.tables import certified_grids, further_grids
from ualign.runs.certify import certify_prompt
from ualign.text import printable
from ualign.theorems import MAIN


@dataclass(frozen=True, repr=False)
class Certification(Result):
    """What the theorems say of a population at some ks, checked: a table in a notebook.

    Iterating yields for every k, and at last with None for all k at once, the findings. `evidence`
    are the findings with the checker's verdicts, `files` the certificate files by name."""

    def __iter__(self) -> Iterator[tuple[int | None, list[Finding]]]:
        for k in (*self.ks, None):
            yield k, [judged.finding for judged in self.evidence if judged.finding.k == k]

    @property
    def certified(self) -> bool:
        """Whether the guarantee is certified at every k and nothing failed that never should."""
        return not any(judged.wanting for judged in self.evidence)

    def policy(self, k: int) -> ProductPolicy:
        """The policy of the guarantee at k, with exact masses: sampled k times it wins what P1's
        finding says, or E16's where users did not say everything, or E18's where they pick by
        chance. `to_names` gives the masses by name.

        Raises InputError where k or P1 was not asked for, or the checker did not accept it."""
        at = whole_number(k, "k =", 1)
        if at not in self.ks:
            raise InputError(f"k = {at}: certified were {', '.join(map(str, self.ks))}")
        for judged in self.evidence:
            if judged.finding.k == at and judged.finding.question in GUARANTEES:
                claim = judged.accepted_claim("win-rate")
                if claim is not None and isinstance(self.population, ListedPopulation):
                    masses = claim["policy"]["product"]
                    with long_numbers():
                        return ProductPolicy.from_names(self.population, masses)
                raise InputError(f"k = {at}: no policy is certified: {judged.finding.note}")
        raise InputError("no policy was asked for; certify with 'P1' among the theorems")

    def to_frame(self, library: str | None = None) -> Any:
        """A row a finding, as pandas' or Polars' data frame: the keys of the command's --json, and
        the float next to the exact value."""
        rows = [with_decimals(evidence_row(judged)) for judged in self.evidence]
        return data_frame(rows, library)

    def _repr_html_(self) -> str:
        population = self.population
        names = () if isinstance(population, UniformRankings) else population.responses
        grids = [certified_grids(self.evidence)[0], further_grids(self.evidence)[0]]
        notes = [printable(note) for note in certified_notes(self.evidence, names)]
        return shown_as_html(self.title, grids, notes)


def certify(
    population: AnyPopulation,
    ks: Iterable[int] | int,
    *,
    bits: int = BITS,
    joint_limit: int = JOINT_LIMIT,
    opponents: Iterable[int] = OPPONENTS,
    theorems: Iterable[str] = MAIN,
    methods: Iterable[Method] = (),
    rules: Iterable[str] = (),
    iterates: bool = False,
    prompt: str = "population",
) -> Certification:
    """Certify the population at every k, and run the checker on what is claimed.

    By default: P1's guarantee within 2^-bits, P2's enclosure of an equilibrium, E2's uniqueness,
    E4's joint optimum where at most `joint_limit` multisets need to be tried (also against the
    further sizes of `opponents`), P4 and P5 on NLHF, E9 and E10 on other methods. `theorems` are
    labels, "main" or "all"; `methods` are some of one's own, whose exact worst cases are certified
    as well; `rules` are those of self-play, with `iterates` kept in its certificates; files are
    called after the `prompt`. What fails for one theorem is a finding that says so.

        >>> from ualign import Population, certify
        >>> population = Population.from_rankings([["a", "b", "c"], ["b", "c", "a"]], [2, 1])
        >>> result = certify(population, range(1, 3))
        >>> result
        <Certification of 3 responses, 2 distinct rankings, k = 1..2: 27/27 claims accepted>
        >>> result.policy(2).to_names(population)
        {'a': Fraction(1, 1)}

    Raises InputError, before anything is done, for arguments that are not what they should be; and
    for a method whose rule fails, with its line."""
    population = population_given(population)
    ks = ks_given(ks)
    options = options_given(bits, joint_limit, opponents, iterates, theorems, rules)
    own = check_methods(names_given(methods, "methods"), METHODS)
    prompt = prompt_given(prompt)
    if own:
        population_given(population, listed=True)
    with long_numbers(), workplace() as directory:
        evidence = certify_prompt(prompt, population, ks, directory, options, methods=own)
        files = files_in(directory)
    return Certification(prompt, population, ks, without_place(evidence), files)
