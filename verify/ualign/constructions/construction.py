"""A named construction, and whether findings on its members agree with its closed forms."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Protocol

from ualign.constructions.statements import ClosedForms
from ualign.model.luce import LucePopulation
from ualign.model.population import Population
from ualign.model.uniform_rankings import UniformRankings

Parameters = dict[str, int | Fraction]


@dataclass(frozen=True)
class Construction:
    """A named family of populations: `build(**defaults)` is its standard member.

    `closed_forms` maps (theorem, what) of a finding to a function of the number of outputs (None
    for findings about all k at once) and the parameters: the exact number, or None where nothing
    is known in closed form."""

    name: str
    source: str
    build: Callable[..., Population | LucePopulation | UniformRankings]
    defaults: Parameters
    about: str
    closed_forms: ClosedForms = field(default_factory=dict)


class Stated(Protocol):
    """What a finding states: the number `value` (None: nothing) answers `what` for the theorem at
    k, exactly (relation "=") or as a bound (">=", "<=")."""

    @property
    def theorem(self) -> str:
        """The statement's number, such as "P3"."""

    @property
    def what(self) -> str:
        """The question answered."""

    @property
    def k(self) -> int | None:
        """The number of outputs; None for all of them at once."""

    @property
    def relation(self) -> str:
        """How the exact number relates to `value`."""

    @property
    def value(self) -> Fraction | None:
        """The number found."""


@dataclass(frozen=True)
class Disagreement:
    """A finding on an instance that is at odds with the closed form's exact number."""

    label: str
    finding: Stated
    exact: Fraction

    def __str__(self) -> str:
        f = self.finding
        place = f"{self.label}: " * bool(self.label)
        which = "" if f.k is None else f" at k = {f.k}"
        found = f"found {f.relation} {f.value}"
        return f"{place}{f.theorem} {f.what}{which}: {found}, but the closed form is {self.exact}"


def disagreements_of(
    construction: Construction, parameters: Parameters, findings: Iterable[Stated], label: str = ""
) -> list[Disagreement]:
    """Where findings on a member of the family, called `label`, are at odds with its closed forms.

    A finding with relation "=" must state the form's number, one with ">=" no larger and one with
    "<=" no smaller a number; any other relation to a number is at odds too. Findings that state no
    number, or that no form speaks of, are passed over."""
    wrong = []
    for finding in findings:
        form = construction.closed_forms.get((finding.theorem, finding.what))
        exact = None if form is None else form(finding.k, **parameters)
        if exact is None or finding.value is None:
            continue
        holds = {
            "=": exact == finding.value,
            ">=": exact >= finding.value,
            "<=": exact <= finding.value,
        }
        if not holds.get(finding.relation, False):
            wrong.append(Disagreement(label, finding, exact))
    return wrong
