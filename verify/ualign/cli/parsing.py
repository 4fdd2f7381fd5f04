"""What the shared options say, as the commands take it: numbers, names, methods, choices, a
directory. Anything else is refused, naming the option."""

from __future__ import annotations

import csv
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from ualign.errors import InputError
from ualign.files import named_path, prepare_directory
from ualign.model.given import LARGEST_K, MOST_KS
from ualign.model.population import MISSING
from ualign.text import listed, show

if TYPE_CHECKING:
    from ualign.exact.method import Method
    from ualign.exact.modelling_paths import Agreement
    from ualign.formats.policies import Policies
    from ualign.formats.reading import Choices
    from ualign.runs.holdout import Holdout


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


def cross_checked(wanted: bool) -> AbstractContextManager[Agreement | None]:
    """Within it, the modelling paths have to agree on every linear program, if that is wanted."""
    from ualign.exact.modelling_paths import cross_checking

    return cross_checking() if wanted else nullcontext()


@contextmanager
def kept_directory(out: str | None) -> Iterator[Path]:
    """The directory that was asked for, or one that is gone afterwards."""
    if out is not None:
        yield prepare_directory(named_path(out))
    else:
        with tempfile.TemporaryDirectory(prefix="ualign-") as temporary:
            yield Path(temporary)
