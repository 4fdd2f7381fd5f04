"""`ualign check`: the trusted checker over certificate files."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from ualign.cli.console import say, say_verdict
from ualign.cli.help import HOW, WRITTEN
from ualign.cli.options import EXIT_NOT_CERTIFIED, AsJson
from ualign.errors import InputError
from ualign.files import certificate_files

if TYPE_CHECKING:
    from ualign.certificates.checking import Verdict

LIMITS = "The checker's budgets"


def check(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE", help="Certificate files, or directories.")
    ],
    as_json: AsJson = False,
    quiet: Annotated[
        bool,
        typer.Option(
            "--quiet", "-q", help="Only claims that are not accepted.", rich_help_panel=WRITTEN
        ),
    ] = False,
    second: Annotated[
        bool,
        typer.Option(
            "--second", help="The second checker too, where Node is installed.", rich_help_panel=HOW
        ),
    ] = False,
    max_work: Annotated[
        int | None,
        typer.Option(metavar="N", help="Steps of work a claim may cost.", rich_help_panel=LIMITS),
    ] = None,
    max_bytes: Annotated[
        int | None, typer.Option(metavar="N", help="Largest file.", rich_help_panel=LIMITS)
    ] = None,
    max_digits: Annotated[
        int | None, typer.Option(metavar="N", help="Longest number.", rich_help_panel=LIMITS)
    ] = None,
    max_depth: Annotated[
        int | None, typer.Option(metavar="N", help="Deepest nesting.", rich_help_panel=LIMITS)
    ] = None,
) -> None:
    """Run the trusted checker over certificate files.

    It runs in a process of its own. Exit code 0 if all claims are accepted, 1 if one is rejected or
    malformed, or if the checkers differ, else 3 if one is over a budget.
    """
    from ualign.certificates.checking import stream_verdicts
    from ualign.certificates.second import beside, differ

    given = {"work": max_work, "bytes": max_bytes, "digits": max_digits, "depth": max_depth}
    budget = {name: limit for name, limit in given.items() if limit is not None}
    for name, limit in budget.items():
        if limit < 1:
            raise InputError(f"--max-{name} {limit}: expected a positive number")
    paths = certificate_files(files)
    first = stream_verdicts(paths, budget=budget)
    pairs = beside(first, paths, budget) if second else ((verdict, None) for verdict in first)
    counts: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    different = 0
    for pair in pairs:
        for verdict, count in zip(pair, counts, strict=True):
            count.update([verdict.verdict] if verdict else [])
        unlike = second and differ(*pair)
        different += unlike
        if quiet and not unlike and all(v is None or v.accepted for v in pair):
            continue
        _say(*pair, as_json=as_json, unlike=unlike)
    if not as_json:
        say(_total(counts[0]))
        if second:
            outcome = f"they differ on {different}" if different else "they agree"
            say(f"the second checker: {_total(counts[1])}; {outcome}")
    if different or counts[0].keys() & {"REJECTED", "MALFORMED"}:
        raise typer.Exit(1)
    if "OVER_BUDGET" in counts[0]:
        raise typer.Exit(EXIT_NOT_CERTIFIED)


def _say(first: Verdict | None, second: Verdict | None, *, as_json: bool, unlike: bool) -> None:
    """Print what a checker says, or two: the second in words only where it is unlike the first."""
    verdict = first or second
    if verdict and as_json:
        said = {"verdict": first.verdict if first else None}
        said |= {"second": second.verdict} if second else {}
        say(json.dumps(vars(verdict) | said))
        return
    if first is not None:
        say_verdict(first)
    if unlike:
        say("    the checkers differ; the second:")
        if second is None:
            say("    nothing of this claim")
        else:
            say_verdict(second)


def _total(counts: Counter[str]) -> str:
    """How many claims have each verdict, in words."""
    return ", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items()))
