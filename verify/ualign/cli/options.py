"""The options and arguments that several commands share, and the exit code of an honest
"not certified"."""

from __future__ import annotations

from typing import Annotated

import typer

from ualign.cli.help import (
    ASKED,
    HOW,
    READ,
    WRITTEN,
    one_of,
    preset_names,
    rule_names,
    some_of,
    theorem_labels,
)
from ualign.model.population import MISSING

EXIT_NOT_CERTIFIED = 3

# Names of files are strings at first: an empty one must not turn into the current directory.
Files = Annotated[
    list[str],
    typer.Argument(metavar="FILE", help="Populations; a directory stands for its files."),
]
Ks = Annotated[
    str,
    typer.Option(
        "-k", metavar="KS", help="Numbers of outputs: 3, 1..8 or 1,2,4..6.", rich_help_panel=ASKED
    ),
]
Out = Annotated[
    str | None,
    typer.Option(
        "--out", metavar="DIR", help="Keep the files in this directory.", rich_help_panel=WRITTEN
    ),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="One JSON object a line on stdout.", rich_help_panel=WRITTEN)
]
Bits = Annotated[
    int,
    typer.Option(
        "--bits", metavar="BITS", help="Certify k/(k+1) - 2^-BITS.", rich_help_panel=ASKED
    ),
]
OpponentSizes = Annotated[
    str | None,
    typer.Option(
        "-l",
        metavar="LS",
        help="Opponents' numbers of outputs beyond 1: 2 or 2..3; by default 2, for tables none.",
        rich_help_panel=ASKED,
    ),
]
Theorems = Annotated[
    str,
    typer.Option(
        "--theorems",
        metavar="WHICH",
        help="main, all, or labels such as P1,E5.",
        rich_help_panel=ASKED,
        autocompletion=some_of(theorem_labels),
    ),
]
Iterates = Annotated[
    bool,
    typer.Option(
        "--iterates", help="Keep self-play's iterates in the certificates.", rich_help_panel=WRITTEN
    ),
]
Rules = Annotated[
    str,
    typer.Option(
        "--rules",
        metavar="RULES",
        help="Self-play's: default, all, or names such as hedge.",
        rich_help_panel=ASKED,
        autocompletion=some_of(rule_names),
    ),
]
JointLimit = Annotated[
    int,
    typer.Option(
        "--joint-limit",
        metavar="N",
        help="Joint optimum up to this many k-multisets.",
        rich_help_panel=ASKED,
    ),
]
Resume = Annotated[
    bool,
    typer.Option(
        "--resume",
        help="Use an earlier run's files for the same question again.",
        rich_help_panel=WRITTEN,
    ),
]
CrossCheck = Annotated[
    bool,
    typer.Option(
        "--cross-check",
        help="Solve each linear program by PuLP and by CVXPY as well.",
        rich_help_panel=HOW,
    ),
]
MissingOption = Annotated[
    str | None,
    typer.Option(
        "--missing",
        metavar="HOW",
        help=f"Unranked responses: {', '.join(MISSING)}.",
        rich_help_panel=READ,
        autocompletion=one_of(*MISSING),
    ),
]
PromptWeights = Annotated[
    str | None,
    typer.Option(
        "--weights",
        metavar="FILE",
        help="CSV prompt,weight for the averages over prompts.",
        rich_help_panel=READ,
    ),
]
IdColumn = Annotated[
    str | None,
    typer.Option(
        "--id", metavar="COLUMN", help="CSV: the column of the users' ids.", rich_help_panel=READ
    ),
]
Scores = Annotated[
    str | None,
    typer.Option(
        "--scores",
        metavar="COLUMN,...",
        help="CSV: the columns that are responses, and no other.",
        rich_help_panel=READ,
    ),
]
Ranks = Annotated[
    bool,
    typer.Option("--ranks", help="CSV: ranks, so that smaller is better.", rich_help_panel=READ),
]
TableRoles = Annotated[
    str | None,
    typer.Option(
        "--columns",
        metavar="ROLE=COLUMN,...",
        help="Tables: which columns are prompt, user, response, score and so on.",
        rich_help_panel=READ,
    ),
]
AsUsers = Annotated[
    str | None,
    typer.Option(
        "--as-users",
        metavar="COLUMN,...",
        help="Tables: pool all prompts; a user is one value of these columns, as prompt,user.",
        rich_help_panel=READ,
    ),
]
PresetOption = Annotated[
    str | None,
    typer.Option(
        "--preset",
        metavar="NAME",
        help="Tables: the columns of a known data set.",
        rich_help_panel=READ,
        autocompletion=some_of(preset_names),
    ),
]
SkipBad = Annotated[
    bool,
    typer.Option(
        "--skip-bad", help="Tables: tell bad rows and users, and go on.", rich_help_panel=READ
    ),
]
MethodNames = Annotated[
    str,
    typer.Option(
        "--methods",
        metavar="NAMES",
        help="Built-in methods: all, or some as equilibrium,nlhf.",
        rich_help_panel=ASKED,
    ),
]
Jobs = Annotated[
    int,
    typer.Option(
        "--jobs",
        metavar="N",
        help="Tables: so many processes (0: one a processor).",
        rich_help_panel=HOW,
    ),
]
Cluster = Annotated[
    str | None,
    typer.Option(
        "--cluster",
        metavar="ADDRESS",
        help="Tables: the workers of this scheduler of Dask.",
        rich_help_panel=HOW,
    ),
]
Methods = Annotated[
    list[str] | None,
    typer.Option(
        "--method",
        metavar="FILE.py:NAME",
        help="A method of yours as well; may be repeated.",
        rich_help_panel=ASKED,
    ),
]
PolicyOption = Annotated[
    str | None,
    typer.Option(
        "--policy",
        metavar="FILE",
        help="A policy of yours by prompt: CSV or JSON lines of prompt, response, weight.",
        rich_help_panel=ASKED,
    ),
]
PoliciesOut = Annotated[
    str | None,
    typer.Option(
        "--policies",
        metavar="FILE",
        help="Write the certified equilibrium policies there, as JSON lines.",
        rich_help_panel=WRITTEN,
    ),
]
ResultsCsv = Annotated[
    bool,
    typer.Option(
        "--csv",
        help="Tables: the results as results.csv as well, beside results.parquet.",
        rich_help_panel=WRITTEN,
    ),
]
UsersNeeded = Annotated[
    str | None,
    typer.Option(
        "--users-needed",
        metavar="SLACK",
        help="Say how many users it takes to learn a policy within SLACK of k/(k+1) (E13).",
        rich_help_panel=ASKED,
    ),
]
HoldoutShare = Annotated[
    str | None,
    typer.Option(
        "--holdout",
        metavar="SHARE",
        help="Fit to the other users, and certify on this share of them, such as 1/2 (E13).",
        rich_help_panel=ASKED,
    ),
]
Confidence = Annotated[
    str,
    typer.Option(
        metavar="SHARE",
        help="With --holdout and --users-needed: how sure it is to be.",
        rich_help_panel=ASKED,
    ),
]
Seed = Annotated[
    int,
    typer.Option(metavar="N", help="With --holdout: which users are drawn.", rich_help_panel=ASKED),
]
Draws = Annotated[
    str | None,
    typer.Option(
        "--draws",
        metavar="LS",
        help="Also k draws of each method against l draws of each other (E12), such as 1..3.",
        rich_help_panel=ASKED,
    ),
]
