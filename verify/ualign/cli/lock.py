"""`ualign lock`: which certificates a folder must hold."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from ualign.cli.console import complain, say
from ualign.cli.options import EXIT_NOT_CERTIFIED, AsJson
from ualign.files import named_path
from ualign.text import counted


def lock(
    directory: Annotated[str, typer.Argument(metavar="DIR", help="A folder of certificates.")],
    as_json: AsJson = False,
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
        raise typer.Exit(EXIT_NOT_CERTIFIED)
    claims, files = len(manifest.claims), len(manifest.files)
    if as_json:
        say(json.dumps({"manifest": str(path / NAME), "files": files, "claims": claims}))
    else:
        say(f"{path / NAME}: {counted(claims, 'claim')} in {counted(files, 'file')}")
