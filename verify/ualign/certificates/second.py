"""What the second checker says beside the first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from ualign.certificates.checking import SECOND, Verdict, stream_verdicts


def beside(
    first: Iterator[Verdict], paths: Sequence[str | Path], budget: dict[str, int]
) -> Iterator[tuple[Verdict | None, Verdict | None]]:
    """The verdicts of the first checker, each with that of the second on the same claim; None where
    one of them says nothing of a claim.

    Raises CheckerFaultError if a checker gives no verdict, InputError without Node."""
    second = {(v.file, v.index): v for v in stream_verdicts(paths, budget=budget, checker=SECOND)}
    for verdict in first:
        yield verdict, second.pop((verdict.file, verdict.index), None)
    for verdict in second.values():
        yield None, verdict


def differ(first: Verdict | None, second: Verdict | None) -> bool:
    """Whether two checkers contradict each other: in what they say of a claim, or of which claim.

    Where one is over its budget it says nothing, for prices belong to a checker."""
    if "OVER_BUDGET" in {verdict.verdict for verdict in (first, second) if verdict}:
        return False
    if first is None or second is None:
        return True
    return (first.verdict, first.sha256) != (second.verdict, second.sha256)
