"""The options and arguments that several commands share, what they mean, and the exit code of an
honest "not certified"."""

from __future__ import annotations

import csv
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
from ualign.errors import InputError
from ualign.files import named_path
from ualign.model.given import LARGEST_K, MOST_KS
from ualign.model.population import MISSING
from ualign.text import listed, show

if TYPE_CHECKING:
    from ualign.exact.method import Method
    from ualign.exact.modelling_paths import Agreement
    from ualign.formats.data_set import DataSet
    from ualign.formats.policies import Policies
    from ualign.formats.reading import Choices, Reading
    from ualign.runs.holdout import Holdout

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


def parse_ks(text: str, option: str = "-k") -> list[int]:
    """The numbers of "3", "1..8" or "1,2,4..6", in this order, each once."""
    ks: dict[int, None] = {}
    for part in text.split(","):
        match = re.fullmatch(r"\s*(-?[0-9]+)\s*(?:\.\.\s*(-?[0-9]+)\s*)?", part, re.ASCII)
        if not match:
            raise InputError(f"{option} {show(text)}: expected something like 3, 1..8 or 1,2,4..6")
        first = int(match[1])
        last = int(match[2]) if match[2] is not None else first
        if first < 1:
            raise InputError(f"{option} {show(text)}: the number of outputs must be at least 1")
        if last < first:
            raise InputError(f"{option} {show(text)}: the range {show(part.strip())} is empty")
        fits = last <= LARGEST_K and last - first < MOST_KS
        ks |= dict.fromkeys(range(first, last + 1) if fits else ())
        if not fits or len(ks) > MOST_KS:
            raise InputError(f"{option} {show(text)}: at most {MOST_KS} numbers up to {LARGEST_K}")
    return list(ks)


def parse_opponents(text: str) -> tuple[int, ...]:
    """The opponents' numbers of outputs beyond 1, which is always met; "1" is for none."""
    return tuple(l for l in parse_ks(text, "-l") if l > 1)


def parse_theorems(text: str) -> tuple[str, ...]:
    """The theorems of "main", "all" or "P1,E5", in their own order."""
    from ualign.theorems import chosen_theorems

    return chosen_theorems(text.split(","))


def parse_methods(names: Sequence[str] | None) -> tuple[Method, ...]:
    """The methods of these files, FILE.py:NAME each."""
    if not names:
        return ()
    from ualign.exact.method import check_methods, load_method
    from ualign.exact.methods import METHODS

    return check_methods([load_method(name) for name in names], METHODS)


def parse_policy(
    name: str | None, methods: Sequence[Method], prompts: Iterable[str]
) -> Policies | None:
    """The policies of this file, if one is given, called as no other method is; every prompt that
    it names is one of these."""
    if name is None:
        return None
    from ualign.exact.method import check_methods
    from ualign.exact.methods import METHODS
    from ualign.formats.policies import read_policies
    from ualign.runs.policies import method_of

    found = read_policies(named_path(name))
    check_methods([*methods, method_of(found.name, {})], METHODS)
    found.check_prompts(iter(prompts))
    return found


def parse_holdout(share: str | None, confidence: str, seed: int) -> Holdout | None:
    """What is held out, if anything."""
    if share is None:
        return None
    from ualign.runs.holdout import Holdout

    return Holdout(_exact("--holdout", share), _exact("--confidence", confidence), seed)


def parse_users_needed(slack: str | None, confidence: str) -> tuple[Fraction | None, Fraction]:
    """The slack, if one is asked about, and the confidence."""
    if slack is None:
        return None, Fraction(0)
    found, sure = _exact("--users-needed", slack), _exact("--confidence", confidence)
    for name, value in (("--users-needed", found), ("--confidence", sure)):
        if not 0 < value < 1:
            raise InputError(f"{name} {value}: expected a number between 0 and 1")
    return found, sure


def _exact(name: str, given: str) -> Fraction:
    from ualign.formats.common import exact

    found = exact(given)
    if found is None:
        raise InputError(f"{name} {show(given)}: expected a number such as 1/2 or 0.95")
    return found


def parse_method_names(text: str) -> tuple[Method, ...]:
    """The built-in methods of "all" or "nlhf,uniform", in their own order."""
    from ualign.exact.methods import METHODS

    names = [part.strip() for part in text.split(",")]
    if unknown := [name for name in names if name not in METHODS and name != "all"]:
        raise InputError(f"--methods {show(unknown[0])}: expected all or some of {listed(METHODS)}")
    return tuple(m for name, m in METHODS.items() if name in names or "all" in names)


def parse_rules(text: str) -> tuple[str, ...]:
    """The rules of self-play of "default" (none: each theorem's own), "all" or "hedge,..."."""
    from ualign.exact.self_play import DYNAMICS

    known = {"default": (), "all": tuple(DYNAMICS), **{name: (name,) for name in DYNAMICS}}
    names = [part.strip().lower() for part in text.split(",")]
    if unknown := [name for name in names if name not in known]:
        raise InputError(
            f"--rules {show(unknown[0])}: expected default, all or some of {', '.join(DYNAMICS)}"
        )
    return tuple(dict.fromkeys(rule for name in names for rule in known[name]))


def parse_choices(
    missing: str | None,
    id_column: str | None,
    scores: str | None,
    ranks: bool,
    columns: str | None = None,
    as_users: str | None = None,
    preset: str | None = None,
    skip_bad: bool = False,
) -> Choices:
    """What the options say of the files; columns' names with commas stand in quotes, as in CSV."""
    from ualign.formats.reading import Choices
    from ualign.formats.table_columns import parse_roles, preset_named

    if missing is not None and missing not in MISSING:
        raise InputError(f"--missing {missing!r}: expected one of {', '.join(MISSING)}")
    names = None
    if scores is not None:
        try:
            ((*names,),) = csv.reader([scores], skipinitialspace=True, strict=True)
        except (csv.Error, ValueError):
            raise InputError(
                f"--scores {show(scores)}: expected columns' names, as in CSV"
            ) from None
    chosen = None if names is None else tuple(name.strip(" \t") for name in names)
    pooled = () if as_users is None else tuple(name.strip() for name in as_users.split(","))
    if preset is not None:
        preset_named(preset)
    roles = parse_roles(columns)
    return Choices(missing, id_column, chosen, ranks, roles, pooled, preset or "", skip_bad)


def open_population_files(files: Sequence[str], choices: Choices, weights: str | None) -> DataSet:
    """The prompts of the files, without the file that gives their weights."""
    from ualign.formats import open_data

    apart = None if weights is None else named_path(weights)
    paths = [Path(file) if file == "-" else named_path(file) for file in files]
    return open_data(paths, choices, apart=apart)


def with_weights(
    data: DataSet, weights: str | None
) -> tuple[list[tuple[str, Reading]], dict[str, Fraction]]:
    """The prompts by name, all at once, and their weights (one each if no file gives them)."""
    prompts = list(data)
    return prompts, _shares([name for name, _ in prompts], weights)


def numbers_with_weights(
    data: DataSet, weights: str | None
) -> tuple[list[int], dict[str, Fraction]]:
    """The numbers of the prompts that are left, whose populations are read again when they are
    next, and the weights by name."""
    numbers = [n for n in range(len(data)) if data.reading(n, data.skipped) is not None]
    return numbers, _shares([data.name(number) for number in numbers], weights)


def _shares(names: list[str], weights: str | None) -> dict[str, Fraction]:
    from ualign.formats import read_prompt_weights

    if not names:
        raise InputError("no prompt is left; all were skipped")
    shares = [Fraction(1)] * len(names)
    if weights is not None:
        shares = read_prompt_weights(named_path(weights), names)
    return dict(zip(names, shares, strict=True))


def cross_checked(wanted: bool) -> AbstractContextManager[Agreement | None]:
    """Within it, the modelling paths have to agree on every linear program, if that is wanted."""
    from ualign.exact.modelling_paths import cross_checking

    return cross_checking() if wanted else nullcontext()


@contextmanager
def kept_directory(out: str | None) -> Iterator[Path]:
    """The directory that was asked for, or one that is gone afterwards."""
    from ualign.files import prepare_directory

    if out is not None:
        yield prepare_directory(named_path(out))
    else:
        with tempfile.TemporaryDirectory(prefix="ualign-") as temporary:
            yield Path(temporary)
