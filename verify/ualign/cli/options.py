"""The options that several commands share, and the exit code of an honest "not certified"."""

from __future__ import annotations

from typing import Annotated

import typer

NOT_CERTIFIED = 3

# Names of files are strings at first: an empty one must not turn into the current directory.
Files = Annotated[
    list[str],
    typer.Argument(metavar="FILE", help="Populations; a directory stands for its files."),
]
Ks = Annotated[
    str, typer.Option("-k", metavar="KS", help="Numbers of outputs: 3, 1..8 or 1,2,4..6.")
]
Out = Annotated[
    str | None, typer.Option("--out", metavar="DIR", help="Keep the files in this directory.")
]
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line on stdout.")]
Bits = Annotated[int, typer.Option("--bits", metavar="BITS", help="Certify k/(k+1) - 2^-BITS.")]
Opponents = Annotated[
    str, typer.Option("-l", metavar="LS", help="Opponents' numbers of outputs beyond 1: 2 or 2..3.")
]
Theorems = Annotated[
    str, typer.Option("--theorems", metavar="WHICH", help="main, all, or labels such as P1,E5.")
]
Iterates = Annotated[
    bool, typer.Option("--iterates", help="Keep self-play's iterates in the certificates.")
]
Rules = Annotated[
    str,
    typer.Option(
        "--rules", metavar="RULES", help="Self-play's: default, all, or names such as hedge."
    ),
]
JointLimit = Annotated[
    int,
    typer.Option("--joint-limit", metavar="N", help="Joint optimum up to this many k-multisets."),
]
Resume = Annotated[
    bool, typer.Option("--resume", help="Use an earlier run's files for the same question again.")
]
MissingOption = Annotated[
    str,
    typer.Option(
        "--missing", metavar="HOW", help="Unranked responses: tied-last, drop-user or error."
    ),
]
Weights = Annotated[
    str | None,
    typer.Option(
        "--weights", metavar="FILE", help="CSV prompt,weight for the averages over prompts."
    ),
]
