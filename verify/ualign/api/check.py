"""`check`: the trusted checker over certificate files."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ualign.api.showing import data_frame, shown_as_html
from ualign.certificates.checking import Checked, Verdict
from ualign.certificates.checking import check as run_checker
from ualign.errors import InputError
from ualign.files import certificate_files
from ualign.model.given import whole_number
from ualign.report.numbers import Grid
from ualign.text import counted, show

BUDGETS = "work", "bytes", "digits", "depth"
AnyPath = str | os.PathLike[str]


@dataclass(frozen=True, repr=False)
class CheckResult(Checked):
    """The checker's verdicts, in order, and its exit code: a table in a notebook. Iterating yields
    the verdicts."""

    def __iter__(self) -> Iterator[Verdict]:
        return iter(self.verdicts)

    def __len__(self) -> int:
        return len(self.verdicts)

    def __repr__(self) -> str:
        return f"<CheckResult: {self._counts}>"

    @property
    def _counts(self) -> str:
        seen = Counter(verdict.verdict for verdict in self.verdicts)
        files = counted(len({verdict.file for verdict in self.verdicts}), "file")
        return f"{', '.join(f'{n} {word}' for word, n in sorted(seen.items()))} in {files}"

    @property
    def accepted(self) -> bool:
        """Whether the checker accepted every claim."""
        return self.code == 0

    def to_frame(self, library: str | None = None) -> Any:
        """A row a verdict, as pandas' or Polars' data frame: the keys of the command's --json."""
        return data_frame([{**vars(verdict)} for verdict in self.verdicts], library)

    def _repr_html_(self) -> str:
        rows = [
            [v.verdict, v.file, "" if v.index is None else str(v.index), v.claim or v.detail or ""]
            for v in sorted(self.verdicts, key=lambda v: v.accepted)
        ]
        return shown_as_html(self._counts, [Grid(["verdict", "file", "index", "claim"], rows)])


def check(
    files: AnyPath | Iterable[AnyPath], *, budget: Mapping[str, int] | None = None
) -> CheckResult:
    """Run the trusted checker, in a process of its own, over certificate files: one file, or a list
    of them; a directory stands for those below it.

    `budget` overrides the checker's limits: "work", "bytes", "digits", "depth". Raises InputError
    for files that are not there, and CheckerFaultError if the checker gives no verdict."""
    if isinstance(files, bytes | Mapping) or not isinstance(files, str | os.PathLike | Iterable):
        raise InputError(f"files {show(files)}: expected a path, or a list of them")
    paths = [files] if isinstance(files, str | os.PathLike) else list(files)
    for path in paths:
        if not isinstance(path, str | os.PathLike):
            advice = "a result is checked already; .write(directory) returns its paths"
            raise InputError(f"files: {show(path)} is no path; {advice}")
    if not isinstance(budget or {}, Mapping):
        raise InputError(f"budget={show(budget)}: expected a dict, such as {{'work': 10**9}}")
    limits = {}
    for name, limit in (budget or {}).items():
        if name not in BUDGETS:
            raise InputError(f"budget: there is no {show(name)}; there are {', '.join(BUDGETS)}")
        limits[name] = whole_number(limit, f"budget: {name} =", 1)
    checked = run_checker(certificate_files(paths), budget=limits)
    return CheckResult(checked.verdicts, checked.code)
