"""`ualign report`: a page with figures about certificate files."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from ualign.cli.console import complain, say
from ualign.cli.help import WRITTEN
from ualign.cli.options import EXIT_NOT_CERTIFIED, AsJson
from ualign.errors import InputError
from ualign.files import certificate_files, named_path
from ualign.text import counted


def report(
    directory: Annotated[str, typer.Argument(metavar="DIR", help="Where certificate files are.")],
    out: Annotated[
        str | None,
        typer.Option(
            "--out",
            metavar="DIR2",
            help="Where the report goes; else DIR.",
            rich_help_panel=WRITTEN,
        ),
    ] = None,
    png: Annotated[
        bool, typer.Option("--png", help="Each figure as PNG too.", rich_help_panel=WRITTEN)
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write a page with figures about certificate files.

    report.html, the shorter report.md and figures, from the files below DIR and the checker's
    verdicts alone. Of the shards of a data set, distributions over its prompts.
    Exit code 3 if a claim is not accepted; the page then says which, and shows no number of it.
    """
    from ualign.certificates.archive import read_archive
    from ualign.report.data_set_page import write_data_set_page
    from ualign.report.page import write_report
    from ualign.runs.shards import is_shard_file

    root, files = named_path(directory), certificate_files([directory])
    if not root.is_dir():
        raise InputError(f"{root}: not a directory")
    place = root if out is None else named_path(out)
    if all(map(is_shard_file, files)):
        pages, totals = write_data_set_page(files, place)
        refused = totals.claims - totals.accepted
    else:
        archive = read_archive(root, files)
        pages, refused = write_report(archive, place, png=png), len(archive.refused)
    for page in pages:
        say(json.dumps({"page": str(page)}) if as_json else f"report: {page}")
    if refused:
        complain(f"{counted(refused, 'claim')} not accepted")
        raise typer.Exit(EXIT_NOT_CERTIFIED)
