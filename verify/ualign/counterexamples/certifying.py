"""A counterexample as files: certificates for the checker, and its populations for everybody."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ualign.certificates.checking import Verdict, check_files
from ualign.certificates.document import (
    provenance_by,
    provenance_of,
    read_document,
    write_certificates,
)
from ualign.counterexamples.conjecture import Conjecture
from ualign.counterexamples.search import Found
from ualign.errors import InputError
from ualign.files import SUFFIX
from ualign.formats import write_population
from ualign.text import show


@dataclass(frozen=True)
class Certified:
    """Certificate files and population files (PrefLib), one of each a part of the refutation, and
    the checker's verdicts on all its claims."""

    certificates: tuple[Path, ...]
    populations: tuple[Path, ...]
    verdicts: tuple[Verdict, ...]

    @property
    def accepted(self) -> bool:
        """Whether the checker accepts every claim, so that the conjecture is refuted."""
        return all(verdict.accepted for verdict in self.verdicts)


def keep_conjecture_apart(conjecture: Conjecture, directory: Path) -> None:
    """Raise InputError if the directory has a certificate of another conjecture of this name."""
    path = directory / f"{conjecture.name}{SUFFIX}"
    other = provenance_of(read_document(path) or {}).get("conjecture", conjecture.sentence)
    if other != conjecture.sentence:
        raise InputError(
            f"{path}: refutes another conjecture of this name, {show(other)}; give another --out"
        )


def certify_refutation(conjecture: Conjecture, found: Found, directory: Path) -> Certified:
    """Write NAME.cert.json and NAME.soc (.toc where users tie responses) into the directory, with
    NAME-2 and so on for further populations, and run the checker.

    Raises InputError for files that cannot be written, or certificates that no file can hold."""
    certificates, populations, sizes = [], [], {}
    for number, part in enumerate(found.refutation.parts, 1):
        stem = conjecture.name if number == 1 else f"{conjecture.name}-{number}"
        provenance = provenance_by(
            prompt=stem,
            conjecture=conjecture.sentence,
            refuted=found.refutation.story,
            part=f"{number} of {len(found.refutation.parts)}",
        )
        path = directory / f"{stem}{SUFFIX}"
        try:
            write_certificates(path, part.population, part.certificates, provenance)
        except (TypeError, ValueError) as error:
            if isinstance(error, InputError):
                raise
            raise InputError(f"{conjecture.name}: its certificates are no JSON: {error}") from None
        certificates.append(path)
        sizes[path] = len(part.certificates)
        populations.append(directory / (stem + (".soc" if part.population.is_strict else ".toc")))
        write_population(part.population, populations[-1])
    verdicts = [verdict for lines in check_files(sizes).values() for verdict in lines]
    return Certified(tuple(certificates), tuple(populations), tuple(verdicts))
