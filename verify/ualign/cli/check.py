"""`ualign check`: the trusted checker over certificate files."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from ualign.cli.console import say, say_verdict
from ualign.cli.help import WRITTEN
from ualign.cli.options import EXIT_NOT_CERTIFIED, AsJson
from ualign.errors import InputError
from ualign.files import certificate_files

BUDGETS = "The checker's budgets"


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
    max_work: Annotated[
        int | None,
        typer.Option(metavar="N", help="Steps of work a claim may cost.", rich_help_panel=BUDGETS),
    ] = None,
    max_bytes: Annotated[
        int | None, typer.Option(metavar="N", help="Largest file.", rich_help_panel=BUDGETS)
    ] = None,
    max_digits: Annotated[
        int | None, typer.Option(metavar="N", help="Longest number.", rich_help_panel=BUDGETS)
    ] = None,
    max_depth: Annotated[
        int | None, typer.Option(metavar="N", help="Deepest nesting.", rich_help_panel=BUDGETS)
    ] = None,
) -> None:
    """Run the trusted checker over certificate files.

    It runs in a process of its own. Exit code 0 if all claims are accepted, 1 if one is rejected or
    malformed, else 3 if one is over a budget.
    """
    from ualign.certificates.checking import stream_verdicts

    given = {"work": max_work, "bytes": max_bytes, "digits": max_digits, "depth": max_depth}
    budget = {name: limit for name, limit in given.items() if limit is not None}
    for name, limit in budget.items():
        if limit < 1:
            raise InputError(f"--max-{name} {limit}: expected a positive number")
    seen: dict[str, int] = {}
    for verdict in stream_verdicts(certificate_files(files), budget=budget):
        seen[verdict.verdict] = seen.get(verdict.verdict, 0) + 1
        if quiet and verdict.accepted:
            continue
        if as_json:
            say(json.dumps(vars(verdict)))
        else:
            say_verdict(verdict)
    if not as_json:
        say(", ".join(f"{count} {verdict}" for verdict, count in sorted(seen.items())))
    if "REJECTED" in seen or "MALFORMED" in seen:
        raise typer.Exit(1)
    if "OVER_BUDGET" in seen:
        raise typer.Exit(EXIT_NOT_CERTIFIED)
