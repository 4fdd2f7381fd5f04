"""A page about a data set of prompts: distributions over all of them, and where methods lose most.

Every number is from the shards, over which the checker has just gone, and was accepted.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ualign.files import prepare_directory, write_atomically
from ualign.report.charts import PALETTE, Curve, Panel
from ualign.report.figures.figure import thinned
from ualign.report.markup import Block, Heading, Mark, Paragraph, Picture, Table
from ualign.report.page import write_pages
from ualign.report.results import Averaged, ResultsFile, averaged, quantiles
from ualign.report.results_tables import summary_grids
from ualign.report.svg import inline_charts, svg_file
from ualign.runs.shards import read_shard
from ualign.text import counted

DATA_TITLE = "What k outputs guarantee over a data set of prompts"
MOST_KS_SHOWN = 8


@dataclass(frozen=True)
class Totals:
    """What the shards hold: prompts, populations that are not equal up to names, and claims."""

    shards: int
    prompts: int
    populations: int
    claims: int
    accepted: int
    assumption: str


def write_data_set_page(shards: Sequence[Path], out: Path) -> tuple[list[Path], Totals]:
    """Run the checker over the shards, and write the page, its short Markdown form and its figure
    into `out`. Memory does not grow with the number of shards.

    Raises FaultError if a file is no shard."""
    folder = prepare_directory(prepare_directory(out) / "figures")
    prompts = populations = claims = accepted = 0
    readings: dict[str, None] = {}
    with tempfile.TemporaryDirectory(prefix="ualign-") as directory:
        with ResultsFile(Path(directory)) as results:
            for path in shards:
                shard = read_shard(path)
                results.add(shard)
                prompts += len(shard.task.prompts)
                populations += len({sharing.population for sharing in shard.task.prompts})
                seen = {v.index: v for judged in shard.judged for v in judged.verdicts}.values()
                claims, accepted = claims + len(seen), accepted + sum(v.accepted for v in seen)
                readings[str(shard.task.recorded.get("reading", {}).get("missing", ""))] = None
            rows = results.finish()
        totals = Totals(
            len(shards), prompts, populations, claims, accepted, ", ".join(filter(None, readings))
        )
        blocks = [*_page(rows, totals, folder)]
    return write_pages(DATA_TITLE, blocks, out), totals


def _page(rows: Path, totals: Totals, folder: Path) -> Iterator[Block]:
    yield Heading(1, DATA_TITLE)
    yield Paragraph(
        "A model shows a person k outputs; a competitor shows one; she picks what she likes best."
        " How often can the k outputs be sure to win, when people disagree? For every prompt the"
        " population of its users was certified by itself; here is how the exact answers are"
        " distributed over the prompts."
    )
    accepted = f"{totals.accepted} of {totals.claims} claims accepted"
    yield Paragraph(
        [
            f"{counted(totals.prompts, 'prompt')}, of which {totals.populations} differ by more"
            f" than names, in {counted(totals.shards, 'shard')}. Every number stands, as an exact"
            " fraction, in a shard, a certificate file, and in results.parquet; a small independent"
            " program, the checker, has gone over all of them. ",
            Mark(accepted, totals.accepted == totals.claims),
            f" What users left out: {totals.assumption or 'nothing'}.",
        ]
    )
    averages = [a for a in averaged(rows) if a.k is not None]
    panels = _panels(rows, averages)
    if panels:
        write_atomically(folder / "distributions.svg", svg_file(panels))
        yield Heading(2, "Over all prompts")
        title = "How the guarantees are distributed over the prompts"
        caption = (
            f"{title}. For each k the share of prompts on which a method guarantees at most so"
            " much, in the worst case against a single response: the further right a curve, the"
            " better. All prompts with an accepted number count, and none is singled out."
        )
        file = f"{folder.name}/distributions.svg"
        yield Picture(inline_charts(panels, title), file, title, caption)
    for title, grids in summary_grids(rows, totals.prompts):
        yield Heading(2, title.capitalize())
        yield Table(grids[0].headings, grids[0].rows)
    yield Heading(2, "How to check it")
    yield Paragraph("ualign check DIR runs the checker over all shards of a directory.")


def _panels(rows: Path, averages: Sequence[Averaged]) -> tuple[Panel, ...]:
    """A panel a k, with a curve for everything that is guaranteed there."""
    names = dict.fromkeys((a.theorem, a.what, a.name) for a in averages if a.is_guaranteed)
    ks = thinned(sorted({a.k for a in averages if a.k is not None}), MOST_KS_SHOWN)
    panels = []
    for k in ks:
        found = quantiles(rows, k)
        curves = []
        for place, (theorem, what, name) in enumerate(names):
            if values := found.get((theorem, what)):
                color, line, _ = PALETTE[place % len(PALETTE)]
                points = [(v, i / (len(values) - 1)) for i, v in enumerate(values)]
                curves.append(Curve(name.replace("-", " "), tuple(points), color, line))
        title = f"k = {k}"
        panels.append(
            Panel(title, "worst-case win rate", "share of prompts", tuple(curves), _TICKS, (0, 1))
        )
    return tuple(panels)


_TICKS = tuple((i / 4, f"{i / 4:g}") for i in range(5))
