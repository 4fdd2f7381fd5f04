"""The results of a data set as tables: distributions over prompts, and the largest losses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path

from ualign.report.numbers import Grid, broken
from ualign.report.results import Averaged, averaged, largest_losses
from ualign.text import cut, printable

MOST_LOSSES = 3
_QUARTILES = "least", "1/4", "median", "3/4", "largest"
_LONGEST_NAME = 60


def summary_grids(
    path: Path, prompts: int, weights: Mapping[str, Fraction] | None = None
) -> Iterator[tuple[str, list[Grid]]]:
    """Titles with tables: what is guaranteed, what methods guarantee, and where they lose most."""
    averages = [a for a in averaged(path, weights) if a.k is not None]
    means = "weighted mean" if weights else "mean"
    leading = [a for a in averages if a.is_leading]
    methods = [a for a in averages if a.theorem in ("E9", "E16") and not a.is_leading]
    for title, some in (("over the prompts", leading), ("methods over the prompts", methods)):
        if some:
            yield title, _distributions(some, prompts, means)
    losses = largest_losses(path, MOST_LOSSES)
    if losses:
        headings = ["method", "k", "prompt", "wins", "loss against the optimum"]
        rows = [
            [
                loss.what,
                str(loss.k),
                cut(printable(loss.prompt), _LONGEST_NAME),
                f"{loss.value:.6f}",
                f"{loss.loss:.6f}",
            ]
            for loss in losses
        ]
        yield "the largest losses", [Grid(headings, rows), Grid(broken(headings), rows)]


def _distributions(averages: Sequence[Averaged], prompts: int, means: str) -> list[Grid]:
    headings = ["k", "what", "prompts", f"{means} ± s.e.", *_QUARTILES]
    rows = [
        [
            str(a.k),
            a.name,
            str(a.prompts) if a.prompts == prompts else f"{a.prompts} of {prompts}",
            _mean(a),
            *(f"{q:.6f}" for q in a.quartiles),
        ]
        for a in sorted(averages, key=lambda a: a.k or 0)
    ]
    return [Grid(headings, rows), Grid(broken(headings), rows)]


def _mean(a: Averaged) -> str:
    sign = {"=": "", ">=": "≥ ", "<=": "≤ "}[a.relation]
    return f"{sign}{a.mean:.6f}" + ("" if a.error is None else f" ± {a.error:.6f}")
