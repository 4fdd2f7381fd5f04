"""What the results of `certify` and `compare` have in common: judged findings with their files."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from ualign.certificates.findings import Judged, tally
from ualign.errors import InputError
from ualign.files import prepare_directory, write_atomically
from ualign.model.any_population import AnyPopulation, users_in_words
from ualign.report.numbers import ranges
from ualign.text import counted


@dataclass(frozen=True, repr=False)
class Result:
    """Judged findings about a population at some ks, and their certificate files by name."""

    prompt: str
    population: AnyPopulation
    ks: tuple[int, ...]
    evidence: tuple[Judged, ...]
    files: Mapping[str, bytes]

    def __repr__(self) -> str:
        kind = type(self).__name__
        return f"<{kind} of {self.title}: {tally(self.evidence)} claims accepted>"

    @property
    def title(self) -> str:
        """The population's size, and the ks."""
        population = self.population
        users = users_in_words(population)
        return f"{counted(population.n, 'response')}, {users}, k = {ranges(self.ks)}"

    @property
    def accepted(self) -> bool:
        """Whether the checker accepted every claim, and there is one."""
        verdicts = [verdict for judged in self.evidence for verdict in judged.verdicts]
        return bool(verdicts) and all(verdict.accepted for verdict in verdicts)

    def write(self, directory: str | Path) -> list[Path]:
        """Write the certificate files into the directory, each whole or not at all, under the names
        that the command gives them, and return their paths. The directory is made if need be.

        Raises InputError if there is nothing to write or it cannot be written."""
        if not self.files:
            raise InputError("there are no certificates to write: nothing was claimed")
        if not isinstance(directory, str | Path) or directory == "":
            raise InputError(f"{directory!r} is no directory; give its path")
        paths = [prepare_directory(directory) / name for name in self.files]
        for path, contents in zip(paths, self.files.values(), strict=True):
            write_atomically(path, contents)
        return paths


@contextmanager
def workplace() -> Iterator[Path]:
    """A directory for the files while they are made and checked, gone afterwards, whatever happens
    meanwhile."""
    with tempfile.TemporaryDirectory(prefix="ualign-") as directory:
        yield Path(directory)


def files_in(directory: Path) -> dict[str, bytes]:
    """The files of a directory by name, in order."""
    return {path.name: path.read_bytes() for path in sorted(directory.iterdir())}


def without_place(evidence: Sequence[Judged]) -> tuple[Judged, ...]:
    """The same with the files' names alone: the directory that they were in is gone."""
    return tuple(
        replace(
            judged,
            file=judged.file and Path(judged.file.name),
            verdicts=tuple(replace(v, file=Path(v.file).name) for v in judged.verdicts),
        )
        for judged in evidence
    )
