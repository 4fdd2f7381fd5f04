"""What `ualign counterexample` prints: for people tables and sentences, for programs JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ualign.certificates.document import population_json
from ualign.cli.console import say, say_grids
from ualign.counterexamples.certifying import Certified
from ualign.counterexamples.conjecture import Conjecture
from ualign.counterexamples.search import Covered, Found
from ualign.model.population import Population
from ualign.report.numbers import Grid
from ualign.text import counted, printable

STATUS = {"false": "refuted", "true": "a theorem", "open": "open"}
NO_LIMIT = "of any weights"


def say_conjectures(conjectures: Iterable[Conjecture], as_json: bool) -> None:
    """List conjectures with what is known of them."""
    for conjecture in conjectures:
        if as_json:
            keys = "name", "sentence", "verdict", "why", "ks", "ls"
            say(json.dumps({key: getattr(conjecture, key) for key in keys}))
            continue
        say(f"{conjecture.name} ({STATUS[conjecture.verdict]})")
        say(f"    {printable(conjecture.sentence)}")
        say(f"    {printable(conjecture.why)}")


def say_result(
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
    say(f"{status(found, certified)}; {coverage(covered)}")
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


def status(found: Found | None, certified: Certified | None) -> str:
    """The outcome in a word or two."""
    if found is None or certified is None:
        return "not refuted"
    return "refuted" if certified.accepted else "not certified"


def preferences(population: Population) -> Grid:
    """The users as columns, with their numbers, and their rankings downward, ties on one line."""
    weights = population.integer_weights
    rows = []
    for place in range(max(len(user.ranking) for user in population.users)):
        classes = [user.ranking[place : place + 1] for user in population.users]
        tied = [" = ".join(population.responses[y] for y in c[0]) if c else "" for c in classes]
        rows.append([str(place + 1), *tied])
    return Grid(["place", *(counted(weight, "user") for weight in weights)], rows)


def coverage(covered: Covered) -> str:
    """How much was searched, with numbers."""
    said = [
        f"{counted(covered.populations, 'population')} up to renaming the responses, which stand"
        f" for {covered.total}"
    ]
    whole = [
        f"{counted(n, 'response')} and up to {counted(users, 'equal user')}"
        for n, users in covered.complete_to().items()
    ]
    if whole:
        said.append("among them all of " + ", of ".join(whole))
    if covered.suspects:
        said.append(counted(covered.suspects, "known construction"))
    if covered.worst:
        numbers = ", ".join(map(str, covered.worst))
        said.append(f"by linear program all strict ones of {numbers} responses, {NO_LIMIT}")
    if covered.sampled:
        said.append(f"{covered.sampled} random ones")
    if covered.gaps:
        said.append(f"{covered.gaps} of all these were not decided")
    return "tried: " + "; ".join(said)


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
    line: dict[str, Any] = {
        "name": conjecture.name,
        "sentence": conjecture.sentence,
        "known": conjecture.verdict,
        "status": status(found, certified),
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
    told = certified.accepted  # else nothing that the predicate says is known to be true
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
        "story": found.refutation.story if told else None,
        "values": {name: str(v) for name, v in found.refutation.values.items()} if told else {},
        "certificates": [str(path) for path in certified.certificates] if kept else [],
        "files": [str(path) for path in certified.populations] if kept else [],
        "verdicts": [verdict.verdict for verdict in certified.verdicts],
    }
