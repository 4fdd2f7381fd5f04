"""The checker, run in isolation: certificate files in, verdicts out.

Needs the standard library alone, so that the pytest plugin can afford it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ualign.errors import FaultError, InputError

CHECKER = Path(__file__).parent.with_name("checker.py")
"""The trusted checker."""

SECOND = CHECKER.with_suffix(".mjs")
"""The second checker, in JavaScript."""
VERDICT_CODES = {"ACCEPTED": 0, "REJECTED": 10, "MALFORMED": 11, "OVER_BUDGET": 12}

_BY_GRAVITY = ("REJECTED", "MALFORMED", "OVER_BUDGET", "ACCEPTED")
_COMMAND_LINE = 1 << 16


class CheckerFaultError(FaultError):
    """The checker gave no verdict (crashed, was killed, or answered out of its format)."""


@dataclass(frozen=True)
class Verdict:
    """The checker's verdict on one claim (or on a whole file, then `index` is None).

    `sha256` binds the claim to its population's contents; `claim` says it in words; a refusal has
    `code`, `pointer` and `detail`, a rejection mostly both sides of the relation that failed."""

    verdict: str
    file: str
    index: int | None
    kind: str | None
    sha256: str | None
    claim: str | None
    code: str | None = None
    pointer: str | None = None
    detail: str | None = None
    left: str | None = None
    right: str | None = None

    @property
    def accepted(self) -> bool:
        """Whether the checker accepted the claim."""
        return self.verdict == "ACCEPTED"


def exit_code(verdicts: Iterable[str]) -> int:
    """The checker's exit code for these verdicts: that of the gravest."""
    seen = set(verdicts)
    return next((VERDICT_CODES[v] for v in _BY_GRAVITY if v in seen), 0)


def stream_verdicts(
    paths: Sequence[str | Path],
    *,
    budget: dict[str, int] | None = None,
    checker: Path | None = None,
) -> Iterator[Verdict]:
    """The verdicts on the files' claims as they come, from a checker (the trusted one) in a process
    of its own.

    `budget` overrides the checker's limits (bytes, depth, digits, work). Raises CheckerFaultError,
    after the verdicts that came before, if it gives none; InputError if there are no files, or
    without Node for the second checker."""
    checker = checker or CHECKER
    command = [*_interpreter(checker), str(checker)]
    command += [f"--max-{name}={limit}" for name, limit in (budget or {}).items()]
    # a name that starts with a dash would be taken for an option
    files = {f"./{path}" if str(path).startswith("-") else str(path): str(path) for path in paths}
    if not files:
        raise InputError("no certificate files to check")
    for some in _batches(list(files)):
        yield from _run_checker(command, {path: files[path] for path in some})


def _interpreter(checker: Path) -> list[str]:
    """What runs a checker, isolated as far as it can be."""
    if checker.suffix != SECOND.suffix:
        return [sys.executable, "-I", "-S", "-B", "-X", "utf8"]
    node = shutil.which("node")
    if node is None:
        raise InputError("the second checker needs Node: no program `node` was found; install it")
    return [node]


def _batches(paths: Sequence[str]) -> Iterator[list[str]]:
    """The paths in parts that fit on a command line."""
    batch: list[str] = []
    for path in paths:
        if batch and sum(map(len, batch)) + len(path) > _COMMAND_LINE:
            yield batch
            batch = []
        batch.append(path)
    yield batch


def _run_checker(command: Sequence[str], files: dict[str, str]) -> Iterator[Verdict]:
    command = [*command, *files]
    # as the checker spells them, whatever the encoding of names is here
    files = {os.fsencode(p).decode("utf-8", "surrogateescape"): f for p, f in files.items()}
    with (
        tempfile.TemporaryFile() as complaints,
        subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=complaints
        ) as process,
    ):
        seen: set[str] = set()
        silent = set(files.values())
        try:
            for line in process.stdout or ():
                verdict = _parse(line, files)
                seen.add(verdict.verdict)
                silent.discard(verdict.file)
                yield verdict
        except BaseException:  # interrupted, or nobody wants the rest
            process.kill()
            raise
        code = process.wait()
        complaints.seek(0)
        complaint = complaints.read().decode("utf-8", "replace").split("\n")
    if silent or code != exit_code(seen):
        last = next((line for line in reversed(complaint) if line.strip()), "no message")
        raise CheckerFaultError(f"the checker stopped with exit code {code}: {last}")


def _parse(line: bytes, files: dict[str, str]) -> Verdict:
    word, _, rest = line.decode("ascii", "replace").partition(" ")
    try:
        if word not in VERDICT_CODES:
            raise ValueError(word)
        fields = json.loads(rest)
        return Verdict(word, **{**fields, "file": files[fields["file"]]})
    except (ValueError, TypeError, KeyError):
        raise CheckerFaultError(f"not a verdict line: {line[:200]!r}") from None


def check(paths: Sequence[str | Path], *, budget: dict[str, int] | None = None) -> Checked:
    """Run the trusted checker over certificate files in a process of its own.

    `budget` overrides the checker's limits (bytes, depth, digits, work). Raises CheckerFaultError
    if it gives no verdict."""
    verdicts = tuple(stream_verdicts(paths, budget=budget))
    return Checked(verdicts, exit_code(verdict.verdict for verdict in verdicts))


@dataclass(frozen=True)
class Checked:
    """All verdicts of a run of the checker, in order, and its exit code."""

    verdicts: tuple[Verdict, ...] = field(default=())
    code: int = 0


def check_files(sizes: Mapping[Path, int]) -> dict[Path, list[Verdict]]:
    """The checker's verdict on each claim of each file, given the numbers of claims.

    A file on which the checker breaks down has the verdict FAULT on all of its claims."""
    paths = [path for path, size in sizes.items() if size]
    verdicts: dict[tuple[str, int | None], Verdict] = {}
    faults: dict[Path, str] = {}
    try:
        verdicts = {(v.file, v.index): v for v in (stream_verdicts(paths) if paths else ())}
    except CheckerFaultError:  # find out on which files
        for path in paths:
            try:
                verdicts |= {(v.file, v.index): v for v in stream_verdicts([path])}
            except CheckerFaultError as fault:
                faults[path] = str(fault)

    def verdict(path: Path, index: int) -> Verdict:
        file = str(path)
        problem = faults.get(path, "the checker said nothing of this claim")
        fault = Verdict(FAULT, file, index, None, None, None, FAULT, detail=problem)
        return verdicts.get((file, index), verdicts.get((file, None), fault))

    return {path: [verdict(path, index) for index in range(size)] for path, size in sizes.items()}


def overall(verdicts: Sequence[Verdict]) -> str:
    """The first refusal among the verdicts; else ACCEPTED, or "none" if there are none."""
    refused = (verdict.verdict for verdict in verdicts if not verdict.accepted)
    return next(refused, "ACCEPTED" if verdicts else "none")


FAULT = "fault"
"""The evidence of a finding that was not reached, and the verdict where the checker gave none."""
