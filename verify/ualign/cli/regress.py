"""`ualign regress`: a locked folder worked out again."""

from __future__ import annotations

from typing import Annotated

import typer

from ualign.cli.console import Progress, complain, say
from ualign.cli.options import EXIT_NOT_CERTIFIED, AsJson, CrossCheck
from ualign.cli.parsing import cross_checked
from ualign.files import named_path
from ualign.text import counted, printable


def regress(
    directory: Annotated[str, typer.Argument(metavar="DIR", help="A folder of certificates.")],
    as_json: AsJson = False,
    cross_check: CrossCheck = False,
) -> None:
    """Find a locked directory's findings again and report what drifted.

    Exit code 0 if nothing did, 1 if something did, 2 if the files are not those that were locked,
    3 if something is not certified.
    """
    from ualign.runs.regress import read_locked
    from ualign.runs.regress import regress as find_again

    locked = read_locked(named_path(directory))
    with Progress(locked.steps) as progress, cross_checked(cross_check) as agreement:
        found = find_again(locked, progress.step)
    for drift in found.drifts:
        for line in [drift.as_json()] if as_json else map(printable, drift.lines()):
            say(line)
    if locked.unasked:
        files = counted(len(locked.unasked), "file")
        why = "the provenance does not say what was asked, or it was a method of somebody's own"
        complain(f"{files} only checked, since {why}, first {locked.unasked[0]}")
    for failure in found.not_certified:
        complain(f"not certified: {failure}")
    if locked.counterexamples and not as_json:
        files = counted(locked.counterexamples, "counterexample")
        say(f"{files} as locked; in these nothing is to be worked out again")
    if not as_json:
        say(f"{counted(found.findings, 'finding')} compared, {len(found.drifts)} drifted")
    if agreement and not as_json:
        say(str(agreement))
    if found.drifts:
        raise typer.Exit(1)
    if found.not_certified:
        raise typer.Exit(EXIT_NOT_CERTIFIED)
