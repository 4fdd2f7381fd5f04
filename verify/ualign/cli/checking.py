"""The commands about certificates that are there: `check`, `lock`, `regress`, `report`."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from ualign.cli.arguments import certificate_files, named_path
from ualign.cli.console import Progress, complain, say, say_verdict
from ualign.cli.options import NOT_CERTIFIED, Json
from ualign.errors import InputError
from ualign.text import counted, printable


def check(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE", help="Certificate files, or directories.")
    ],
    as_json: Json = False,
    max_work: Annotated[
        int | None, typer.Option(metavar="N", help="Steps of work a claim may cost.")
    ] = None,
    max_bytes: Annotated[int | None, typer.Option(metavar="N", help="Largest file.")] = None,
    max_digits: Annotated[int | None, typer.Option(metavar="N", help="Longest number.")] = None,
    max_depth: Annotated[int | None, typer.Option(metavar="N", help="Deepest nesting.")] = None,
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
        if as_json:
            say(json.dumps(vars(verdict)))
        else:
            say_verdict(verdict)
    if not as_json:
        say(", ".join(f"{count} {verdict}" for verdict, count in sorted(seen.items())))
    if "REJECTED" in seen or "MALFORMED" in seen:
        raise typer.Exit(1)
    if "OVER_BUDGET" in seen:
        raise typer.Exit(NOT_CERTIFIED)


def lock(
    directory: Annotated[str, typer.Argument(metavar="DIR", help="A folder of certificates.")],
    as_json: Json = False,
) -> None:
    """Write down which certificates are below a directory.

    The file manifest.json there pins down every claim, which the checker has to accept (else exit
    code 3), and what was found; `ualign regress` and `pytest --ualign-manifest` hold later states
    against it.
    """
    from ualign.certificates.manifest import NAME
    from ualign.certificates.manifest import lock as lock_directory

    path = named_path(directory)
    manifest, obstacles = lock_directory(path)
    for obstacle in obstacles:
        complain(obstacle)
    if manifest is None:
        raise typer.Exit(NOT_CERTIFIED)
    claims, files = len(manifest.claims), len(manifest.files)
    if as_json:
        say(json.dumps({"manifest": str(path / NAME), "files": files, "claims": claims}))
    else:
        say(f"{path / NAME}: {counted(claims, 'claim')} in {counted(files, 'file')}")


def regress(
    directory: Annotated[str, typer.Argument(metavar="DIR", help="A folder of certificates.")],
    as_json: Json = False,
) -> None:
    """Find a locked directory's findings again and report what drifted.

    Exit code 0 if nothing did, 1 if something did, 2 if the files are not those that were locked,
    3 if something is not certified.
    """
    from ualign.runs.regress import read_locked
    from ualign.runs.regress import regress as find_again

    locked = read_locked(named_path(directory))
    with Progress(locked.steps) as progress:
        found = find_again(locked, progress.step)
    for drift in found.drifts:
        for line in [drift.as_json()] if as_json else map(printable, drift.lines()):
            say(line)
    if locked.unasked:
        files = counted(len(locked.unasked), "file")
        why = "the provenance does not say what was asked"
        complain(f"{files} only checked, since {why}, first {locked.unasked[0]}")
    for failure in found.not_certified:
        complain(f"not certified: {failure}")
    if not as_json:
        say(f"{counted(found.findings, 'finding')} compared, {len(found.drifts)} drifted")
    if found.drifts:
        raise typer.Exit(1)
    if found.not_certified:
        raise typer.Exit(NOT_CERTIFIED)


def report(
    directory: Annotated[str, typer.Argument(metavar="DIR", help="Where certificate files are.")],
    out: Annotated[
        str | None, typer.Option("--out", metavar="DIR2", help="Where the report goes; else DIR.")
    ] = None,
    png: Annotated[bool, typer.Option("--png", help="Each figure as PNG too.")] = False,
    as_json: Json = False,
) -> None:
    """Write a page with figures about certificate files.

    report.html, the shorter report.md and figures, from the files below DIR and the checker's
    verdicts alone.
    Exit code 3 if a claim is not accepted; the page then says which, and shows no number of it.
    """
    from ualign.certificates.archive import read_archive
    from ualign.report.page import write_report

    root, files = named_path(directory), certificate_files([directory])
    if not root.is_dir():
        raise InputError(f"{root}: not a directory")
    archive = read_archive(root, files)
    pages = write_report(archive, root if out is None else named_path(out), png=png)
    for page in pages:
        say(json.dumps({"page": str(page)}) if as_json else f"report: {page}")
    if archive.refused:
        complain(f"{counted(len(archive.refused), 'claim')} not accepted")
        raise typer.Exit(NOT_CERTIFIED)
