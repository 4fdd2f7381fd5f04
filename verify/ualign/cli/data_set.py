"""What `ualign certify` does with tables of many prompts."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from ualign.cli.console import Progress, complain, say, say_grids
from ualign.errors import InputError
from ualign.files import lines_to, named_path
from ualign.text import counted, printable

if TYPE_CHECKING:
    from ualign.certificates.findings import Judged
    from ualign.formats.data_set import DataSet
    from ualign.formats.policies import Policies
    from ualign.runs.certify import Options
    from ualign.runs.data_set import Plan

MOST_MISSED = 1000
"""So many findings that are not certified are kept; there may be millions."""


def tell_skipped(data: DataSet) -> None:
    """Say on stderr what was passed over."""
    skipped = data.skipped
    for what in skipped.told:
        complain(f"skipped: {what}")
    if skipped.number:
        rest = skipped.number - len(skipped.told)
        more = f", of which {rest} are not told" if rest > 0 else ""
        complain(f"{counted(skipped.number, 'row or user')} skipped{more}")


def checked_jobs(jobs: int) -> int:
    """The number of processes, 0 being one for each processor that may be used."""
    if jobs < 0:
        raise InputError(f"--jobs {jobs}: expected 1 or more, or 0 for all processors")
    return jobs or len(os.sched_getaffinity(0))


def certify_data_set(
    data: DataSet,
    weights: str | None,
    ks: Sequence[int],
    directory: Path,
    options: Options,
    *,
    jobs: int,
    cluster: str | None,
    methods: Sequence[str],
    policies: Policies | None,
    policies_out: str | None,
    as_csv: bool,
    as_json: bool,
    kept: bool,
) -> list[Judged]:
    """Certify all prompts into shards and results in the directory, print what they say, and return
    the findings that are missing."""
    from ualign.report.results import ResultsFile, rows_of
    from ualign.report.results_tables import summary_grids
    from ualign.runs.data_set import certify_data, plan_of
    from ualign.runs.policies import lines_of_shard

    with Progress(len(data)) as progress:
        plan = plan_of(
            data, lambda done: progress.step("reading prompts", done), apart=policies is not None
        )
    tell_skipped(data)
    shares = _weights(plan, weights)
    missed: list[Judged] = []
    claims = accepted = resumed = 0
    with (
        Progress(plan.prompts) as progress,
        ResultsFile(directory, as_csv) as results,
        lines_to(policies_out) as write_line,
    ):
        progress.step("prompts", 0)
        for shard in certify_data(
            *(plan, ks, directory, options),
            jobs=jobs,
            cluster=cluster,
            methods=methods,
            policies=policies,
        ):
            results.add(shard)
            if policies_out is not None:
                told = [v for e in shard.judged for v in e.verdicts]
                sure = {v.index for v in told if v.accepted and v.index is not None}
                sharing = [(s.prompt, s.population, s.names) for s in shard.task.prompts]
                for line in lines_of_shard(shard.contents, sure, sharing):
                    write_line(line)
            missed += [e for e in shard.judged if e.wanting][: MOST_MISSED - len(missed)]
            seen = {(v.file, v.index): v for e in shard.judged for v in e.verdicts}.values()
            claims, accepted = claims + len(seen), accepted + sum(v.accepted for v in seen)
            resumed += shard.resumed
            progress.step("prompts", len(shard.task.prompts))
            if as_json:
                with progress.paused():
                    for row in rows_of(shard):
                        place = str(directory / str(row["certificate"])) if kept else None
                        say(
                            json.dumps(
                                {**row, "certificate": place if row["certificate"] else None}
                            )
                        )
        path = results.finish()
    if not as_json:
        what = f"{counted(plan.prompts, 'prompt')}, {plan.populations} different up to names"
        table = data.table
        say(printable(f"{what}; {table.columns if table else ''}; {_assumption(data)}"))
        for title, grids in summary_grids(path, plan.prompts, shares):
            say_grids(title, grids)
        say(f"  checker: {accepted}/{claims} claims accepted")
        if kept:
            earlier = f", {resumed} of them from an earlier run" if resumed else ""
            say(
                f"certificates: {directory} ({counted(len(plan.shards), 'shard')}{earlier}); {path}"
            )
    return missed


def _assumption(data: DataSet) -> str:
    """What the numbers rest on."""
    meant = {
        "tied-last": "responses that a user left out count as tied below the others",
        "drop-user": "only users who judged every response count",
        "error": "every user judged every response",
        "worst-case": "what a user did not say counts as the worst it may be",
        "worst-below": "what a user left out is below the rest, and counts as the worst it may be",
    }
    missing = data.table.missing if data.table else "error"
    return f"{meant[missing]} ({missing})"


def _weights(plan: Plan, weights: str | None) -> dict[str, Fraction] | None:
    from ualign.formats import read_prompt_weights

    if weights is None:
        return None
    groups = [number for shard in plan.shards for group in shard for number in group]
    names = [plan.data.name(number) for number in sorted(groups)]
    return dict(zip(names, read_prompt_weights(named_path(weights), names), strict=True))
