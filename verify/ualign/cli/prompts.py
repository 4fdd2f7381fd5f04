"""The prompts of the files that a command was given, and their weights."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from ualign.errors import InputError
from ualign.files import named_path

if TYPE_CHECKING:
    from ualign.formats.data_set import DataSet
    from ualign.formats.reading import Choices, Reading


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
