"""What the command prints: results on stdout; on stderr progress, as a bar where that is a terminal
and else as a line now and then."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import product
from threading import Event, Thread
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar

from ualign.certificates.findings import GUARANTEES, tally
from ualign.text import counted, printable

if TYPE_CHECKING:
    from fractions import Fraction

    from proofs_checks.obligations import Theorem
    from ualign.certificates.checking import Verdict
    from ualign.certificates.findings import Judged
    from ualign.exact.methods import Guarantee
    from ualign.formats.reading import Reading
    from ualign.report.averages import Averages
    from ualign.report.numbers import Grid
    from ualign.runs.head_to_head import Meeting


def say(text: str) -> None:
    """Write a line to stdout."""
    print(text, flush=True)


def say_grids(title: str, grids: Sequence[Grid]) -> None:
    """Print a table in the most detailed form that there is room for."""
    from rich.console import Console

    from ualign.report.numbers import fitted

    class Screen(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError  # where rich would exit

    say(printable(title))
    width = _width()
    screen = Screen(width=width or 100_000, markup=False, highlight=False)
    for table in fitted(grids, width):
        screen.print(table)


def _width() -> int | None:
    """The columns to print in; None if nothing limits them (a file or a pipe)."""
    if os.environ.get("COLUMNS", "").isdecimal():
        return max(20, int(os.environ["COLUMNS"]))
    return os.get_terminal_size(sys.stdout.fileno()).columns if sys.stdout.isatty() else None


class Progress:
    """So many steps: a bar on stderr where that is a terminal, else what `life_signs` says.
    `paused` makes room for output."""

    current: ClassVar[Progress | None] = None

    def __init__(self, steps: int) -> None:
        self.steps, self.done, self.text = steps, 0, ""
        self.started = time.monotonic()
        self.bar: Any = None
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import (
                BarColumn,
                MofNCompleteColumn,
                Progress,
                TextColumn,
                TimeElapsedColumn,
                TimeRemainingColumn,
            )

            self.bar = Progress(
                BarColumn(bar_width=20),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                TextColumn("left"),
                TimeRemainingColumn(),
                TextColumn("{task.description}", markup=False),
                console=Console(stderr=True),
                transient=True,
            )
            self.task = self.bar.add_task("", total=steps)

    def __enter__(self) -> Progress:
        Progress.current = self
        if self.bar:
            self.bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        Progress.current = None
        if self.bar:
            self.bar.stop()

    def __str__(self) -> str:
        text = f"{self.done}/{self.steps} {printable(self.text)}".rstrip()
        if not 0 < self.done < self.steps:
            return text
        left = (time.monotonic() - self.started) * (self.steps - self.done) / self.done
        return f"{text}, about {_duration(left)} left"

    def step(self, text: str, done: int) -> None:
        """Show what happens next, after so many more steps are done."""
        self.done, self.text = self.done + done, text
        if self.bar:
            self.bar.update(self.task, advance=done, description=_cut(printable(text)))

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Take the bar away while something else is printed."""
        if self.bar:
            self.bar.stop()
        yield
        if self.bar:
            self.bar.start()


def _duration(seconds: float) -> str:
    """So long, in the unit that suits it."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"


MOST_TABLES = 12
"""Beyond so many prompts none has a table: `certify` prints a line each, `compare` averages."""

LIFE_SIGN_SECONDS = 30
"""Work that is longer says so on stderr as often."""


@contextmanager
def life_signs(seconds: float = LIFE_SIGN_SECONDS) -> Iterator[None]:
    """Within it, stderr hears every so many seconds that the work goes on, and how far it is,
    unless a bar shows that. A thread says it, for a single step may take long."""
    started, over = time.monotonic(), Event()

    def live() -> None:
        while not over.wait(seconds):
            progress = Progress.current
            if progress is None or not progress.bar:
                at = "" if progress is None else f": {progress}"
                try:
                    complain(f"still at work after {time.monotonic() - started:.0f} s{at}")
                except (OSError, ValueError):  # nobody reads it, or it is closed
                    return

    thread = Thread(target=live, name="life signs", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(timeout=1)


def _cut(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:18]}...{text[-19:]}"


def evidence_line(e: Judged, reading: Reading | None = None, kept: bool = True) -> str:
    """A finding as JSON; where the checker refused it, with its complaint instead of the value; and
    with how the file was understood, if there was anything to understand.

    `kept`: the certificate file stays."""
    from ualign.report.rows import evidence_row

    return json.dumps(evidence_row(e, kept) | _understood(reading))


def _understood(reading: Reading | None) -> dict[str, Any]:
    fields = reading.as_json() if reading else None
    return {"reading": fields} if fields else {}


def comparison_line(reading: Reading, result: Guarantee, judged: Judged, kept: bool) -> str:
    """A method's worst case as JSON; without value where the checker did not accept it."""
    from ualign.report.rows import comparison_row

    return json.dumps(
        comparison_row(reading.population, result, judged, kept) | _understood(reading)
    )


def average_lines(rows: Averages) -> Iterator[str]:
    """The averages over the prompts as JSON, with how many of them each is about."""
    for k, row in rows.items():
        for question, mean in row.items():
            relation, value = ("", None) if mean is None else (mean.relation, str(mean.value))
            prompts = mean.prompts if mean else 0
            line = {"average": True, "prompts": prompts, "k": k, "what": question.what}
            yield json.dumps({**line, "relation": relation, "value": value})


def _titled(title: str, reading: Reading) -> str:
    """A title with how the file was understood, if there was anything to understand."""
    return "; ".join(filter(None, [title, str(reading)]))


def say_prompt(prompt: str, reading: Reading, evidence: Sequence[Judged]) -> None:
    """Print what was found on a prompt as a table with notes."""
    from ualign.model.any_population import users_in_words
    from ualign.report.notes import certified_notes
    from ualign.report.tables import certified_grids, further_grids

    population = reading.population
    users = users_in_words(population)
    title = _titled(f"{prompt}: {counted(population.n, 'response')}, {users}", reading)
    if not evidence:
        say(printable(f"{title}; the theorems asked for say nothing at these k"))
        return
    say_grids(title, certified_grids(evidence))
    further = further_grids(evidence)
    if further[0].rows:
        say_grids("the further theorems (- where one says nothing)", further)
    for note in certified_notes(evidence, population.responses):
        say(f"  {printable(note)}")


def say_policy(name: str, evidence: Sequence[Judged]) -> None:
    """Print how a policy of the user's own compares on a prompt."""
    from ualign.report.comparison_tables import policy_grids

    say_grids(f"your policy {name!r} beside the others", policy_grids(evidence, name))


def say_held_out(prompt: str, evidence: Sequence[Judged]) -> None:
    """Print what users held out certify."""
    from ualign.report.numbers import Grid
    from ualign.report.tables import value

    rows = [[str(e.finding.k), value(e), e.verdict, e.finding.note] for e in evidence]
    grid = Grid(["k", "wins more than, held out (E13)", "checker", "note"], rows)
    say_grids(f"{prompt}: fitted to some users, certified on the others", [grid])


def say_users_needed(
    readings: Mapping[str, Reading],
    ks: Sequence[int],
    slack: Fraction,
    confidence: Fraction,
    as_json: bool,
) -> None:
    """Print how many users it takes to learn a policy within the slack of k/(k+1) (E13)."""
    from ualign.exact.holdout import users_needed
    from ualign.report.numbers import Grid

    sizes: dict[int, list[str]] = {}
    for prompt, reading in readings.items():
        sizes.setdefault(reading.population.n, []).append(prompt)
    for n, prompts in sizes.items():
        needed = {k: users_needed(n, k, slack, confidence) for k in ks}
        if as_json:
            given = {"slack": str(slack), "confidence": str(confidence), "responses": n}
            for prompt, (k, number) in product(prompts, needed.items()):
                line = {"theorem": "E13", "instance": prompt, "k": k, "what": "users-needed"}
                say(json.dumps({**line, "value": number, **given}))
            continue
        grid = Grid(["k", "users"], [[str(k), str(number)] for k, number in needed.items()])
        asked = f"within {slack} of k/(k+1) with confidence {confidence}"
        say_grids(f"users to be asked for a policy {asked}: {counted(n, 'response')} (E13)", [grid])


def say_meetings(prompt: str, meetings: Sequence[Meeting]) -> None:
    """Print what draws win against draws, a table for each k and l."""
    from ualign.report.comparison_tables import meeting_grids

    for (k, l), grids in meeting_grids(meetings).items():
        title = f"{prompt}: {counted(k, 'draw')} of the row's policy against {l} of the column's"
        say_grids(title, grids)


def say_prompt_briefly(prompt: str, reading: Reading, evidence: Sequence[Judged]) -> None:
    """Print what was found on a prompt in a line."""
    from ualign.report.numbers import ranges

    guarantees = [e for e in evidence if e.finding.question in GUARANTEES]
    reached = ranges(e.finding.k for e in guarantees if e.certified and e.finding.k) or "none"
    claims = f"{tally(evidence)} claims accepted"
    title = f"{prompt}: guarantee certified for k = {reached}; {claims}"
    say(printable(_titled(title, reading)))


def say_comparison(prompt: str, reading: Reading, compared: Sequence[Judged]) -> None:
    """Print the methods' worst cases as a table with notes."""
    from ualign.report.comparison_tables import compared_grids
    from ualign.report.notes import compared_notes

    title = _titled(f"{prompt}: worst-case win rates", reading)
    say_grids(title, compared_grids(compared))
    for note in compared_notes(compared, reading.population.responses):
        say(f"  {printable(note)}")
    made = [judged for judged in compared if judged.file is not None]
    accepted = sum(judged.accepted for judged in made)
    say(f"  checker: {accepted}/{len(made)} values accepted")


def say_proof(theorem: Theorem, states: Sequence[tuple[str, str]], as_json: bool) -> None:
    """Print a theorem: its statement, hypotheses and what it rests on; its obligations with their
    states; and what is left to hand."""
    if as_json:
        for says, state in states:
            line = {"theorem": theorem.source, "obligation": says, "state": state}
            say(json.dumps(line))
        return
    say(f"{theorem.source} {theorem.title}: {theorem.words}")
    for hypothesis in theorem.hypotheses:
        say(f"    hypothesis: {hypothesis}")
    for fact in theorem.rests_on:
        say(f"    rests on: {fact}")
    for says, state in states:
        say(f"    {state}: {says}")
    for step in theorem.not_proved:
        say(f"    by hand: {step}")


def say_verdict(verdict: Verdict) -> None:
    """Print a verdict of the checker in words."""
    place = verdict.file if verdict.index is None else f"{verdict.file}#{verdict.index}"
    text = f"{verdict.verdict} {(verdict.sha256 or '-')[:16]} {place}: {verdict.claim or ''}"
    lines = [text.rstrip(": ")]
    if verdict.code is not None:
        lines.append(f"    {verdict.code} at {verdict.pointer or '/'}: {verdict.detail}")
    if verdict.left is not None:
        lines += [f"    left side {verdict.left}", f"    right side {verdict.right}"]
    say("\n".join(map(printable, lines)))


def complain(message: str) -> None:
    """Write one line to stderr."""
    print(f"ualign: {printable(message)}", file=sys.stderr, flush=True)
