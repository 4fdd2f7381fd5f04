"""`ualign counterexample`: conjectures searched, shrunk, certified and printed."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ualign.cli.console import Progress, complain, say, say_grids
from ualign.cli.help import ASKED, conjecture_names, some_of
from ualign.cli.options import EXIT_NOT_CERTIFIED, AsJson, CrossCheck, Out
from ualign.cli.parsing import cross_checked, kept_directory, parse_ks
from ualign.errors import InputError
from ualign.text import counted, printable

if TYPE_CHECKING:
    from ualign.counterexamples.certifying import Certified
    from ualign.counterexamples.conjecture import Conjecture
    from ualign.counterexamples.search import Covered, Found
    from ualign.model.population import Population
    from ualign.report.numbers import Grid

MOST_K = 64
MOST_SECONDS = 1_000_000
STATUS = {"false": "refuted", "true": "a theorem", "open": "open"}
NO_LIMIT = "of any weights"


def counterexample(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME",
            help="A built-in conjecture, all, or FILE.py:NAME of yours.",
            autocompletion=some_of(conjecture_names),
        ),
    ] = None,
    k: Annotated[
        str | None,
        typer.Option("-k", metavar="KS", help="Numbers of outputs to try.", rich_help_panel=ASKED),
    ] = None,
    responses: Annotated[
        int | None,
        typer.Option(
            "--responses", metavar="N", help="Most responses to try.", rich_help_panel=ASKED
        ),
    ] = None,
    users: Annotated[
        int | None,
        typer.Option("--users", metavar="M", help="Most users to try.", rich_help_panel=ASKED),
    ] = None,
    seed: Annotated[
        int,
        typer.Option("--seed", metavar="SEED", help="For what is random.", rich_help_panel=ASKED),
    ] = 0,
    budget: Annotated[
        float,
        typer.Option(
            "--budget", metavar="SECONDS", help="Time for the search.", rich_help_panel=ASKED
        ),
    ] = 60,
    out: Out = None,
    as_json: AsJson = False,
    cross_check: CrossCheck = False,
) -> None:
    """Search for a counterexample to a conjecture.

    All small populations, then larger ones by linear programs and at random; what is found is
    shrunk, certified and checked. Without a name the conjectures are listed; "all" refutes those
    that are false. Exit code 0 whether or not one is found, 3 if the checker refuses it.
    """
    with cross_checked(cross_check) as agreement:
        code = _counterexample(
            name,
            ks=() if k is None else parse_ks(k),
            responses=responses,
            users=users,
            seed=seed,
            budget=budget,
            out=out,
            as_json=as_json,
        )
    if agreement and not as_json:
        say(str(agreement))
    if code:
        raise typer.Exit(code)


def _counterexample(
    name: str | None,
    *,
    ks: Sequence[int],
    responses: int | None,
    users: int | None,
    seed: int,
    budget: float,
    out: str | None,
    as_json: bool,
) -> int:
    """Search for a counterexample to the named conjecture, shrink, certify and print it; without a
    name list the built-in conjectures; "all" refutes those of them that are false, one by one. The
    conjecture's own ks and sizes are the defaults.

    Returns the exit code: 0 whether or not one was found; 3 if the checker refuses what the
    predicate claims. Raises InputError for bad arguments."""
    from ualign.counterexamples import CONJECTURES
    from ualign.counterexamples.certifying import certify_refutation, keep_conjecture_apart
    from ualign.counterexamples.loading import find_conjecture
    from ualign.counterexamples.search import search

    if name is None:
        _say_conjectures(CONJECTURES.values(), as_json)
        return 0
    if name == "all":
        false = [known for known, about in CONJECTURES.items() if about.verdict == "false"]
        ask = partial(
            _counterexample, ks=ks, responses=responses, users=users, seed=seed, budget=budget
        )
        return max(ask(each, out=out, as_json=as_json) for each in false)
    conjecture = _asked(find_conjecture(name), ks, responses, users)
    if not 0 < budget <= MOST_SECONDS:
        raise InputError(f"--budget {budget}: expected more than 0 seconds, up to {MOST_SECONDS}")
    with kept_directory(out) as directory:
        keep_conjecture_apart(conjecture, directory)
        with Progress(max(1, int(budget))) as progress:
            found, covered = search(conjecture, seed=seed, budget=budget, report=_seconds(progress))
        certified = None if found is None else certify_refutation(conjecture, found, directory)
        kept = out is not None and certified is not None and certified.accepted
        _say_result(conjecture, found, covered, certified, kept=kept, as_json=as_json)
        if certified is None:
            return 0
        if not certified.accepted:
            for path in (*certified.certificates, *certified.populations):
                path.unlink()  # a folder of certificates is no place for what is refused
            refused = next(v for v in certified.verdicts if not v.accepted)
            complain(f"{conjecture.name}: {_status(found, certified)}: {refused.detail}")
            return EXIT_NOT_CERTIFIED
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


def _say_conjectures(conjectures: Iterable[Conjecture], as_json: bool) -> None:
    """List conjectures with what is known of them."""
    for conjecture in conjectures:
        if as_json:
            keys = "name", "sentence", "verdict", "why", "ks", "ls"
            say(json.dumps({key: getattr(conjecture, key) for key in keys}))
            continue
        say(f"{conjecture.name} ({STATUS[conjecture.verdict]})")
        say(f"    {printable(conjecture.sentence)}")
        say(f"    {printable(conjecture.why)}")


def _say_result(
    conjecture: Conjecture,
    found: Found | None,
    covered: Covered,
    certified: Certified | None,
    *,
    kept: bool,
    as_json: bool,
) -> None:
    """Print the outcome of a search; `kept`: the files stay."""
    if as_json:
        say(json.dumps(_line(conjecture, found, covered, certified, kept)))
        return
    say(f"{conjecture.name}: {printable(conjecture.sentence)}")
    say(f"{_status(found, certified)}; {_coverage(covered)}")
    if found is None or certified is None:
        return
    for part in found.refutation.parts:
        say_grids(_size(part.population), [preferences(part.population)])
    if certified.accepted:
        say(printable(found.refutation.story))
        say(f"  {_smallness(found)}")
    accepted = sum(verdict.accepted for verdict in certified.verdicts)
    say(f"  checker: {accepted}/{len(certified.verdicts)} claims accepted")
    if kept:
        for path in (*certified.certificates, *certified.populations):
            say(printable(f"  {path}"))


def _status(found: Found | None, certified: Certified | None) -> str:
    """The outcome in a word or two."""
    if found is None or certified is None:
        return "not refuted"
    return "refuted" if certified.accepted else "not certified"


def preferences(population: Population) -> Grid:
    """The users as columns, with their numbers, and their rankings downward, ties on one line."""
    from ualign.report.numbers import Grid

    weights = population.integer_weights
    rows = []
    for place in range(max(len(user.ranking) for user in population.users)):
        classes = [user.ranking[place : place + 1] for user in population.users]
        tied = [" = ".join(population.responses[y] for y in c[0]) if c else "" for c in classes]
        rows.append([str(place + 1), *tied])
    return Grid(["place", *(counted(weight, "user") for weight in weights)], rows)


def _coverage(covered: Covered) -> str:
    """How much was searched, with numbers."""
    parts = [
        f"{counted(covered.populations, 'population')} up to renaming the responses, which stand"
        f" for {covered.total}"
    ]
    whole = [
        f"{counted(n, 'response')} and up to {counted(users, 'equal user')}"
        for n, users in covered.complete_to().items()
    ]
    if whole:
        parts.append("among them all of " + ", of ".join(whole))
    if covered.suspects:
        parts.append(counted(covered.suspects, "known construction"))
    if covered.worst:
        numbers = ", ".join(map(str, covered.worst))
        parts.append(f"by linear program all strict ones of {numbers} responses, {NO_LIMIT}")
    if covered.sampled:
        parts.append(f"{covered.sampled} random ones")
    if covered.gaps:
        parts.append(f"{covered.gaps} of all these were not decided")
    return "tried: " + "; ".join(parts)


def _size(population: Population) -> str:
    return f"{counted(population.n, 'response')}, {counted(population.scale, 'user')}"


def _smallness(found: Found) -> str:
    if found.smallest:
        return f"found by {found.how}: no smaller population that was enumerated refutes"
    if found.minimal:
        return f"found by {found.how}, and shrunk: no single step to a smaller population refutes"
    return f"found by {found.how}; shrinking was not finished"


def _line(
    conjecture: Conjecture,
    found: Found | None,
    covered: Covered,
    certified: Certified | None,
    kept: bool,
) -> dict[str, Any]:
    from ualign.certificates.document import population_json

    line: dict[str, Any] = {
        "name": conjecture.name,
        "sentence": conjecture.sentence,
        "known": conjecture.verdict,
        "status": _status(found, certified),
        "covered": {
            "populations": covered.populations,
            "total": covered.total,
            "complete": {str(n): users for n, users in covered.complete_to().items()},
            "constructions": covered.suspects,
            "any_weights": covered.worst,
            "random": covered.sampled,
            "undecided": covered.gaps,
        },
    }
    empty: Mapping[str, Any] = {"population": None, "certificates": [], "verdicts": []}
    if found is None or certified is None:
        return {**line, **empty}
    refuted = certified.accepted  # else nothing that the predicate says is known to be true
    parts = [population_json(part.population) for part in found.refutation.parts]
    return {
        **line,
        "k": found.k,
        "l": found.l,
        "found_by": found.how,
        "minimal": found.minimal,
        "smallest": found.smallest,
        "population": parts[0],
        "further_populations": parts[1:],
        "story": found.refutation.story if refuted else None,
        "values": {name: str(v) for name, v in found.refutation.values.items()} if refuted else {},
        "certificates": [str(path) for path in certified.certificates] if kept else [],
        "files": [str(path) for path in certified.populations] if kept else [],
        "verdicts": [verdict.verdict for verdict in certified.verdicts],
    }
