"""`ualign export`: certificates for other proof systems."""

from __future__ import annotations

from typing import Annotated

import typer

from ualign.cli.console import complain, say
from ualign.cli.help import WRITTEN
from ualign.errors import InputError
from ualign.files import named_path, write_atomically
from ualign.text import counted


def export(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A certificate file.")],
    coq: Annotated[
        bool, typer.Option("--coq", help="As theorems of Coq.", rich_help_panel=WRITTEN)
    ] = False,
    out: Annotated[
        str | None,
        typer.Option(
            "--out", metavar="FILE.v", help="Where to write; else stdout.", rich_help_panel=WRITTEN
        ),
    ] = None,
) -> None:
    """Write the claims of a certificate file as theorems, for Coq to prove by computation.

    The theorems are about the definition of the win rate in proofs_checks/coq, with which coqc
    compiles the file. Claims that cannot be expressed there are counted, by reason, on stderr.
    """
    from ualign.certificates.coq import export_to_coq

    if not coq:
        raise InputError("export: name the form, --coq; there is no other yet")
    path = named_path(file)
    if not path.is_file():
        raise InputError(f"{path}: there is no such file")
    exported = export_to_coq(path)
    if out is None:
        say(exported.text.rstrip("\n"))
    else:
        target = named_path(out)
        write_atomically(target, exported.text.encode("ascii"))
        say(f"{target}: {counted(exported.theorems, 'theorem')}")
    for reason, count in sorted(exported.left_out.items()):
        complain(f"left out: {counted(count, 'claim')} {reason}")
