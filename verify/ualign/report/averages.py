"""Weighted averages over prompts, as grids of cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from ualign.certificates.findings import (
    EXACT,
    GUARANTEE,
    JOINT_OPTIMUM,
    NLHF,
    Bound,
    Judged,
    Question,
)
from ualign.report.numbers import DECIMALS, FULL, Grid, broken, stated
from ualign.report.tables import COLUMNS

Averages = dict[int, dict[Question, "Average | None"]]
"""By k and question the relation and the average; None where a prompt lacks a certified value."""

AVERAGED = GUARANTEE, JOINT_OPTIMUM, NLHF


class Average(NamedTuple):
    """A weighted average over those prompts that have an accepted number, and how many these are:
    "=" their mean, or at least that, where some are bounds."""

    relation: str
    value: Fraction
    prompts: int


def averages(evidence: Sequence[Judged], weights: Mapping[str, Fraction]) -> Averages:
    """Per k the averages of the guarantee, the joint optimum and NLHF; None where no prompt has an
    accepted number."""
    result: Averages = {}
    for k in dict.fromkeys(e.finding.k for e in evidence if e.finding.k is not None):
        row = result[k] = {}
        for what in AVERAGED:
            here = [e for e in evidence if e.finding.k == k and e.finding.question == what]
            row[what] = average(here, weights)
    return result


def average(evidence: Iterable[Judged], weights: Mapping[str, Fraction]) -> Average | None:
    """The average of the accepted numbers of the prompts that have a weight."""
    found = {
        e.prompt: e.finding
        for e in evidence
        if e.accepted and e.finding.value is not None and e.prompt in weights
    }
    if not found:
        return None
    exact = all(finding.relation == "=" for finding in found.values())
    parts = [(weights[p], finding.value or Fraction(0)) for p, finding in found.items()]
    total = sum((w for w, _ in parts), Fraction(0))
    mean = sum((w * v for w, v in parts), Fraction(0)) / total
    return Average("=" if exact else ">=", mean, len(found))


def average_grids(rows: Averages, prompts: int) -> list[Grid]:
    """The weighted averages over so many prompts, one row a k."""
    return _average_grids(rows, [COLUMNS[what] for what in AVERAGED], prompts)


class ComparedAverages:
    """The weighted averages of what methods guarantee, added up as prompts come by, so that no
    evidence has to be kept."""

    def __init__(self, weights: Mapping[str, Fraction]) -> None:
        self.weights, self.ks = weights, set[int]()
        self.questions: dict[Question, None] = {}
        self._sums: dict[tuple[int, Question], tuple[Average, Fraction]] = {}

    def add(self, judged: Judged) -> None:
        """Count a prompt's number, if it has a weight and the number was accepted."""
        finding, weight = judged.finding, self.weights.get(judged.prompt)
        self.questions[finding.question] = None
        if finding.k is None:
            return
        self.ks.add(finding.k)
        if weight is None or finding.value is None or not judged.accepted:
            return
        place = finding.k, finding.question
        so_far, total = self._sums.get(place, (Average("=", Fraction(0), 0), Fraction(0)))
        relation = so_far.relation if finding.relation == "=" else ">="
        value = so_far.value + weight * finding.value
        self._sums[place] = Average(relation, value, so_far.prompts + 1), total + weight

    def grids(self, prompts: int) -> list[Grid]:
        """The averages over so many prompts, one row a k."""
        rows: Averages = {
            k: {what: self._average(k, what) for what in self.questions} for k in sorted(self.ks)
        }
        return _average_grids(rows, [what.name for what in self.questions], prompts)

    def _average(self, k: int, what: Question) -> Average | None:
        if (k, what) not in self._sums:
            return None
        summed, total = self._sums[k, what]
        return summed._replace(value=summed.value / total)


def _average_grids(rows: Averages, columns: Sequence[str], prompts: int) -> list[Grid]:
    grids = []
    for level in (FULL, DECIMALS):
        cells = [
            [str(k), *(_average(mean, k, level, prompts) for mean in row.values())]
            for k, row in rows.items()
        ]
        headings = ["k", *columns]
        grids.append(Grid(headings if level == FULL else broken(headings), cells))
    return grids


def _average(mean: Average | None, k: int, level: int, prompts: int) -> str:
    if mean is None:
        return "-"
    covered = "" if mean.prompts == prompts else f" ({mean.prompts} of {prompts})"
    return stated(Bound(mean.relation, mean.value), k, EXACT, level) + covered
