"""The body of `ualign counterexample`."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from ualign.cli.console import Progress, complain
from ualign.cli.counterexample_printing import say_conjectures, say_result, status
from ualign.counterexamples import CONJECTURES
from ualign.counterexamples.certifying import certify
from ualign.counterexamples.conjecture import Conjecture
from ualign.counterexamples.loading import find_conjecture
from ualign.counterexamples.search import search
from ualign.errors import InputError
from ualign.files import prepare_directory

NOT_CERTIFIED = 3
MOST_K = 64
MOST_SECONDS = 1_000_000


def counterexample(
    name: str | None,
    *,
    ks: Sequence[int] = (),
    responses: int | None = None,
    users: int | None = None,
    seed: int = 0,
    budget: float = 60,
    out: Path | None = None,
    as_json: bool = False,
) -> int:
    """Search for a counterexample to the named conjecture, shrink, certify and print it; without a
    name list the built-in conjectures; "all" refutes those of them that are false, one by one. The
    conjecture's own ks and sizes are the defaults.

    Returns the exit code: 0 whether or not one was found; 3 if the checker refuses what the
    predicate claims. Raises InputError for bad arguments."""
    if name is None:
        say_conjectures(CONJECTURES.values(), as_json)
        return 0
    if name == "all":
        false = [known for known, about in CONJECTURES.items() if about.verdict == "false"]
        ask = partial(
            counterexample, ks=ks, responses=responses, users=users, seed=seed, budget=budget
        )
        return max(ask(each, out=out, as_json=as_json) for each in false)
    conjecture = _asked(find_conjecture(name), ks, responses, users)
    if not 0 < budget <= MOST_SECONDS:
        raise InputError(f"--budget {budget}: expected more than 0 seconds, up to {MOST_SECONDS}")
    with _directory(out) as directory:
        with Progress(max(1, int(budget))) as progress:
            found, covered = search(conjecture, seed=seed, budget=budget, report=_seconds(progress))
        certified = None if found is None else certify(conjecture, found, directory)
        say_result(conjecture, found, covered, certified, kept=out is not None, as_json=as_json)
        if certified is None:
            return 0
        if not certified.accepted:
            refused = next(v for v in certified.verdicts if not v.accepted)
            complain(f"{conjecture.name}: {status(found, certified)}: {refused.detail}")
            return NOT_CERTIFIED
        if conjecture.verdict == "true":
            complain(f"{conjecture.name}: refuted, but held to be a theorem ({conjecture.why})")
        return 0


def _asked(
    conjecture: Conjecture, ks: Sequence[int], responses: int | None, users: int | None
) -> Conjecture:
    """The conjecture with what was asked for in place of its own parameters."""
    if max(ks, default=1) > MOST_K:
        raise InputError(f"-k {max(ks)}: counterexamples are searched for k up to {MOST_K}")
    where = conjecture.where
    if responses is not None:
        where = replace(where, responses=responses)
    if users is not None:
        where = replace(where, users=users)
    return replace(conjecture, ks=tuple(ks) or conjecture.ks, where=where)


def _seconds(progress: Progress) -> Callable[[str, int], None]:
    """The bar shows how much of the time is gone, and what was tried last."""
    start, shown, tried = time.monotonic(), 0, 0

    def report(text: str, done: int) -> None:
        nonlocal shown, tried
        tried += done
        gone = int(time.monotonic() - start)
        progress.step(f"{text}: {tried} tried", gone - shown)
        shown = gone

    return report


@contextmanager
def _directory(out: Path | None) -> Iterator[Path]:
    """The directory that was asked for, or one that is gone afterwards."""
    if out is not None:
        yield prepare_directory(out)
        return
    with tempfile.TemporaryDirectory(prefix="ualign-") as temporary:
        yield Path(temporary)
