"""The results of a data set: a row a prompt, k and question, in one Parquet file, and in one of CSV
if that is asked for; and what they say on average, and where methods lose most.

Decimals are for reading and for statistics; exact values stand beside them, and in certificates.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from ualign.certificates.findings import GUARANTEE, JOINT_OPTIMUM, KNOWN_OPTIMUM, NLHF, Judged
from ualign.formats.table_rows import polars
from ualign.report.rows import Row, evidence_row
from ualign.runs.shards import Shard

RESULTS, RESULTS_CSV = "results.parquet", "results.csv"
_PARTS = ".results"
_ROWS_A_PART = 20_000
_ROWS_A_GROUP = 50_000

_LEADING = {
    (question.theorem, question.what): name
    for question, name in (
        (GUARANTEE, "guarantee"),
        (JOINT_OPTIMUM, "joint optimum"),
        (NLHF, "NLHF"),
        (KNOWN_OPTIMUM, "optimum (E16)"),
    )
}


class ResultsFile:
    """Writes results shard by shard; what is not finished leaves no file behind. `csv`: into a file
    of CSV as well."""

    def __init__(self, directory: Path, csv: bool = False) -> None:
        self.path, self.parts = directory / RESULTS, directory / _PARTS
        self.csv = directory / RESULTS_CSV if csv else None
        shutil.rmtree(self.parts, ignore_errors=True)
        self.parts.mkdir()
        self.rows: list[Row] = []
        self.number = 0

    def __enter__(self) -> ResultsFile:
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.parts, ignore_errors=True)

    def add(self, shard: Shard) -> None:
        """The rows of a shard: for each prompt those of its population."""
        self.rows += rows_of(shard)
        if len(self.rows) >= _ROWS_A_PART:
            self._write_part()

    def _write_part(self) -> None:
        pl = polars()
        types = {"k": pl.UInt32, "decimal": pl.Float64}
        frame = pl.DataFrame(
            {
                key: pl.Series(
                    key, [row[key] for row in self.rows], dtype=types.get(key, pl.String)
                )
                for key in self.rows[0]
            }
        )
        frame.write_parquet(self.parts / f"{self.number:06}.parquet")
        self.rows, self.number = [], self.number + 1

    def finish(self) -> Path:
        """Write the file, whole or not at all; its bytes depend on its rows alone."""
        pl = polars()
        if self.rows:
            self._write_part()
        temporary = self.parts / RESULTS
        rows = pl.scan_parquet(sorted(self.parts.glob("*.parquet")))
        rows.sink_parquet(
            temporary, row_group_size=_ROWS_A_GROUP, maintain_order=True, compression="zstd"
        )
        if self.csv is not None:
            pl.scan_parquet(temporary).sink_csv(self.parts / RESULTS_CSV, maintain_order=True)
            os.replace(self.parts / RESULTS_CSV, self.csv)
        os.replace(temporary, self.path)
        return self.path


def rows_of(shard: Shard) -> Iterator[Row]:
    """A row for every prompt of a shard and every finding on its population."""
    by_population: dict[str, list[Row]] = {}
    for judged in shard.judged:
        by_population.setdefault(judged.prompt, []).append(_row(judged))
    for sharing in shard.task.prompts:
        for row in by_population.get(sharing.population, ()):
            yield {**row, "instance": sharing.prompt}


def _row(judged: Judged) -> Row:
    row = evidence_row(judged)
    value = judged.finding.value if row["value"] is not None else None
    return {**row, "decimal": None if value is None else value.numerator / value.denominator}


@dataclass(frozen=True)
class Averaged:
    """A question at k over the prompts that have an accepted number: how many these are, the mean
    with its standard error, least, quartiles and largest; `relation` is "=" if all are exact."""

    theorem: str
    what: str
    k: int | None
    prompts: int
    relation: str
    mean: float
    error: float | None
    quartiles: tuple[float, float, float, float, float]

    @property
    def name(self) -> str:
        """What the question is called in summaries."""
        partial = " (E16)" if self.theorem == "E16" else ""
        return _LEADING.get((self.theorem, self.what), f"{self.what}{partial}")

    @property
    def is_guaranteed(self) -> bool:
        """Whether it is what some method guarantees, or the best that any can."""
        return self.is_leading or self.theorem == "E9"

    @property
    def is_leading(self) -> bool:
        """Whether it is among the questions that a summary begins with."""
        return (self.theorem, self.what) in _LEADING


@dataclass(frozen=True)
class Loss:
    """Of a method at k, the prompt where it is furthest below the optimum, and by how much."""

    what: str
    k: int
    prompt: str
    value: float
    loss: float


def averaged(path: Path, weights: Mapping[str, Fraction] | None = None) -> list[Averaged]:
    """The averages over prompts, which are weighted if that is asked for, by k and question."""
    pl = polars()
    rows = _accepted(path)
    if weights is None:
        rows = rows.with_columns(weight=pl.lit(1.0))
    else:
        shares = [share.numerator / share.denominator for share in weights.values()]
        known = pl.LazyFrame({"instance": list(weights), "weight": shares})
        rows = rows.join(known, on="instance", how="left")
    value, weight = pl.col("decimal"), pl.col("weight")
    mean = (value * weight).sum() / weight.sum()
    # of a weighted mean: sqrt(sum w^2 (x - mean)^2) / sum w, which is s / sqrt(n) up to n / (n - 1)
    squares = (weight**2 * (value - mean) ** 2).sum()
    spread = (squares * pl.len() / (pl.len() - 1)).sqrt() / weight.sum()
    wanted = {f"q{i}": value.quantile(q, "linear") for i, q in enumerate(_QUARTILES)}
    wanted |= {"mean": mean, "error": pl.when(pl.len() > 1).then(spread), "prompts": pl.len()}
    relation = pl.col("relation")
    wanted |= {"exact": (relation == "=").all(), "least": (relation == ">=").any()}
    asked = ("theorem", "what", "k")
    found: list[Averaged] = []
    # question by question, so that the memory does not grow with their number times the prompts'
    for theorem, what, k in _streamed(rows.select(asked).unique(maintain_order=True)).iter_rows():
        key = zip(asked, (theorem, what, k), strict=True)
        same = rows.filter(*(pl.col(name).eq_missing(part) for name, part in key))
        (row,) = _streamed(same.select(**wanted)).iter_rows(named=True)
        exact = "=" if row["exact"] else ">=" if row["least"] else "<="
        quartiles = (row["q0"], row["q1"], row["q2"], row["q3"], row["q4"])
        found.append(
            Averaged(theorem, what, k, row["prompts"], exact, row["mean"], row["error"], quartiles)
        )
    return found


_QUARTILES = 0.0, 0.25, 0.5, 0.75, 1.0


def largest_losses(path: Path, most: int = 5) -> list[Loss]:
    """For the largest k and every method the prompts where it guarantees least, compared with the
    optimum, or, where there is none, with k/(k+1); the largest losses first. Where users did not
    say everything, the optimum is that of what they said (E16)."""
    pl = polars()
    rows = _accepted(path)
    largest = _streamed(rows.select(pl.col("k").max())).item()
    rows = rows.filter(pl.col("k") == largest)
    theorem, what = pl.col("theorem"), pl.col("what")
    optima = [(theorem == q.theorem) & (what == q.what) for q in (JOINT_OPTIMUM, KNOWN_OPTIMUM)]
    best = rows.filter(pl.any_horizontal(optima)).select("instance", "k", best="decimal")
    of_partial = (theorem == "E16") & ~what.str.starts_with(KNOWN_OPTIMUM.what)
    methods = rows.filter(
        ((theorem == NLHF.theorem) & (what == NLHF.what)) | (theorem == "E9") | of_partial
    )
    rate = pl.col("k") / (pl.col("k") + 1)
    loss = pl.coalesce("best", rate) - pl.col("decimal")
    found = (
        methods.join(best, on=["instance", "k"], how="left", maintain_order="left")
        .with_columns(loss=loss)
        .filter(pl.col("loss") > 0)
        .sort("loss", "instance", descending=[True, False])
        .group_by("what", "k", maintain_order=True)
        .head(most)
        .sort("what", "k", "loss", "instance", descending=[False, False, True, False])
    )
    return [
        Loss(row["what"], row["k"], row["instance"], row["decimal"], row["loss"])
        for row in _streamed(found).iter_rows(named=True)
    ]


def _streamed(rows: Any) -> Any:
    """The rows, worked out in parts of the file, not from the whole of it in the memory."""
    return rows.collect(engine="streaming")


def _accepted(path: Path) -> Any:
    pl = polars()
    rows: Any = pl.scan_parquet(path)
    return rows.filter(pl.col("verdict") == "ACCEPTED", pl.col("decimal").is_not_null())


def quantiles(path: Path, k: int, steps: int = 40) -> dict[tuple[str, str], list[float]]:
    """By theorem and question at k the quantiles over the prompts, so many steps apart."""
    pl = polars()
    value = pl.col("decimal")
    wanted = [value.quantile(i / steps, "linear").alias(str(i)) for i in range(steps + 1)]
    found = _accepted(path).filter(pl.col("k") == k).group_by("theorem", "what").agg(*wanted)
    return {
        (row["theorem"], row["what"]): [row[str(i)] for i in range(steps + 1)]
        for row in _streamed(found).iter_rows(named=True)
    }
