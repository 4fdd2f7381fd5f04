"""What the checker says of many certificates, with one process for all of them."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from ualign.certificates.checking import Verdict, check
from ualign.certificates.document import write_certificates
from ualign.certificates.findings import Certificate
from ualign.model.any_population import AnyPopulation

Case = tuple[AnyPopulation, Sequence[Certificate]]


def verdicts(cases: Sequence[Case]) -> list[list[Verdict]]:
    """For each case the verdicts on its certificates; a case may have none."""
    files = [number for number, (_, certificates) in enumerate(cases) if certificates]
    found: list[list[Verdict]] = [[] for _ in cases]
    if not files:
        return found
    with tempfile.TemporaryDirectory() as folder:
        paths = {str(Path(folder, f"{number}.cert.json")): number for number in files}
        for path, number in paths.items():
            write_certificates(path, *cases[number])
        for verdict in check(list(paths)).verdicts:
            found[paths[verdict.file]].append(verdict)
    assert [len(said) for said in found] == [len(certificates) for _, certificates in cases]
    return found


def assert_accepted(cases: Sequence[Case]) -> None:
    """Every certificate of every case is accepted."""
    for (population, _), said in zip(cases, verdicts(cases), strict=True):
        for verdict in said:
            assert verdict.accepted, (population, verdict)
