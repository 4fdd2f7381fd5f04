"""The arguments of the calls, looked at before anything is done."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ualign.errors import InputError
from ualign.exact.self_play import DYNAMICS
from ualign.model.given import output_counts, whole_number
from ualign.model.luce import LucePopulation
from ualign.model.partial_orders import PartialPopulation
from ualign.model.population import Population
from ualign.model.uniform_rankings import UniformRankings
from ualign.runs.certify import MOST_BITS, Options
from ualign.text import show
from ualign.theorems import chosen_theorems


def population_given(given: Any, *, listed: bool = False) -> Any:
    """The population; `listed`: its users have to be listed one by one, with all they prefer."""
    if isinstance(given, Population):
        return given
    if isinstance(given, PartialPopulation):
        complete = given.completed()
        if complete is not None or not listed:
            return complete or given
    if isinstance(given, UniformRankings | LucePopulation) and not listed:
        return given
    advice = "Population.from_rankings makes one of rankings"
    if isinstance(given, str | Path):
        advice = "read_population reads one from a file"
    elif hasattr(given, "columns"):
        advice = "from_dataframe makes one of a data frame"
    elif isinstance(given, UniformRankings):
        advice = "users have to be listed one by one here"
    elif isinstance(given, PartialPopulation | LucePopulation):
        advice = "users need rankings here; certify alone takes partial orders and strengths"
    raise InputError(f"population: {show(type(given).__name__)} is none; {advice}")


def ks_given(given: object) -> tuple[int, ...]:
    """Numbers of outputs, one at least."""
    ks = output_counts(given)
    if not ks:
        raise InputError("ks is empty; give integers, such as ks=range(1, 5) or [1, 2]")
    return ks


def prompt_given(given: object) -> str:
    """A prompt's name, after which its files are called."""
    if not isinstance(given, str) or not given:
        raise InputError(f"prompt={show(given)}: expected a name, after which files are called")
    return given


def names_given(given: object, what: str, words: Iterable[str] = ()) -> list[Any]:
    """A list as it is; a bare string only if it is one of these words."""
    if isinstance(given, str) and given in words:
        return [given]
    if isinstance(given, str | bytes | Mapping) or not isinstance(given, Iterable):
        raise InputError(f"{what}={show(given)}: expected a list, such as [{show(given)}]")
    return list(given)


def options_given(
    bits: object,
    joint_limit: object,
    opponents: object = (),
    iterates: bool = False,
    theorems: object = (),
    rules: object = (),
) -> Options:
    """What a run is asked for."""
    wanted = names_given(rules, "rules", ["all"])
    return Options(
        whole_number(bits, "bits:", 1, MOST_BITS),
        whole_number(joint_limit, "joint_limit:", 0),
        output_counts(opponents, "opponents", 2),
        bool(iterates),
        chosen_theorems(names_given(theorems, "theorems", ["main", "all"])),
        tuple(DYNAMICS) if wanted == ["all"] else tuple(wanted),
    )


@contextmanager
def long_numbers() -> Iterator[None]:
    """Within it Python writes numbers of any length, as certificates may need; that it otherwise
    does not is meant for numbers from outside, which are limited where they are read."""
    before = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        yield
    finally:
        sys.set_int_max_str_digits(before)
