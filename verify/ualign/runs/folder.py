"""A folder of certificates holds one population of a name.

A prompt is named by its file, and so are its certificates: those of another file of the same name
would take their places, or mix with them. The same file may have changed, or be read otherwise.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from ualign.certificates.claims import POPULATION
from ualign.certificates.document import population_json, prompt_of, provenance_of, read_document
from ualign.errors import InputError
from ualign.files import SUFFIX, file_name
from ualign.formats.reading import Reading
from ualign.text import show


def source_in(directory: Path, reading: Reading | None) -> dict[str, str]:
    """The provenance's entry `source`, which tells a population's file from others of its name: the
    way to it from the folder of the certificates; nothing where there is no file."""
    if reading is None or reading.source is None:
        return {}
    try:
        way = os.path.relpath(reading.source, directory)
    except ValueError:  # another drive
        way = os.path.abspath(reading.source)
    return {"source": Path(way).as_posix()}


def keep_apart(directory: Path, prompts: Iterable[tuple[str, Reading]]) -> None:
    """Raise InputError if the folder has certificates of a prompt's name, but of another
    population, from another file than the prompt's."""
    files: dict[str, list[Path]] = {}
    for path in sorted(directory.glob(f"*{SUFFIX}")):
        files.setdefault(_stem(path.name), []).append(path)
    for prompt, reading in prompts:
        here = source_in(directory, reading)
        population = population_json(reading.population)
        for path in files.get(_stem(file_name(prompt, "all-k")), ()):
            document = read_document(path)
            if document is None or prompt_of(document, path) != prompt:
                continue
            source = provenance_of(document).get("source")
            populations = document.get("populations")
            if {"source": source} != here and populations != {POPULATION: population}:
                of = f" (it is from {show(source)})" if source else ""
                what = f"{path}: is about another population called {show(prompt)}{of}"
                raise InputError(f"{what}; give another --out, or another name to the file")


def _stem(name: str) -> str:
    """What the names of a prompt's certificate files have in common."""
    return name.removesuffix(SUFFIX).rpartition(".")[0]
