"""The tables of a report: each theorem on each population, all numbers of a population with its
files, counterexamples as preference tables, and what the checker refused."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from ualign.certificates.archive import Archive, Json, Statement
from ualign.certificates.checking import Verdict, overall
from ualign.certificates.document import population_of
from ualign.model.uniform_rankings import UniformRankings
from ualign.report.figures import in_cell
from ualign.report.markup import Block, Cell, Fold, Heading, Inline, Link, Mark, Paragraph, Table
from ualign.report.tables import order
from ualign.theorems import THEOREMS

MOST_DRAWN = 12
"""Populations with more rankings or responses are described in words."""

LONGEST_POLICY = 200


@dataclass(frozen=True)
class Context:
    """What is reported, the page's directory, and the figures by name."""

    archive: Archive
    out: Path
    figures: Mapping[str, Sequence[Block]]

    def file(self, name: Path, text: str = "") -> Link:
        """A link to a certificate file."""
        href = Path(os.path.relpath(name, self.out)).as_posix()
        return Link(text or name.name, href)


def counterexamples(context: Context) -> Iterator[Block]:
    """Each as a preference table with what the checker accepted of it."""
    archive = context.archive
    names = [name for name in archive.instances if archive.is_counterexample(name)]
    if names:
        yield Heading(2, "Counterexamples")
        yield Paragraph(
            "Small populations that refute a conjecture. One column is a group of people with the"
            " same ranking, best first; below, what the checker accepted, in its own words."
        )
    for name in names:
        yield Heading(3, name, _anchor(name))
        for conjecture in dict.fromkeys(s.conjecture for s in archive.instances[name]):
            if conjecture:
                yield Paragraph(f"The conjecture, in the words of the file: {conjecture}")
        yield from _preferences(archive.instances[name])
        rows: list[list[Cell]] = [
            [[context.file(s.path)], *_claimed(claim, v), [verdict_mark([v])]]
            for s in archive.instances[name]
            for claim, v in zip(s.claims, s.verdicts, strict=True)
        ]
        yield Table(["file", "claim", "policy", "checker"], rows)


def _claimed(claim: Json, verdict: Verdict) -> list[Cell]:
    """The claim in the checker's words, and the policy or equilibrium that it is about."""
    if not verdict.accepted:
        return ["", ""]
    policy = claim.get("policy", {})
    masses = [*(policy.get("product") or claim.get("centre") or {}).items()]
    masses += [(f"({', '.join(names)})", mass) for names, mass in policy.get("joint", ())]
    written = " + ".join(name if mass == "1" else f"{mass} {name}" for name, mass in masses)
    return [verdict.claim or "", written if len(written) <= LONGEST_POLICY else "in the file"]


def matrix(context: Context) -> Iterator[Block]:
    """One row a population, one column a theorem: the question and k that most have in common."""
    archive = context.archive
    columns: list[tuple[str, str, int | None]] = []
    for theorem in sorted({s.theorem for s in archive.statements if s.theorem}, key=order):
        asked = Counter((s.what, s.k) for s in archive.statements if s.theorem == theorem)
        what, k = max(asked, key=lambda key: (asked[key], key[1] or 0))
        columns.append((theorem, what, k))
    if not columns:
        return
    yield Heading(2, "Every theorem on every population")
    yield Paragraph(
        "One number of each theorem, and after it how many of the theorem's claims on this"
        " population were accepted by the checker, and how many there are. The links lead to all"
        " numbers of a population and to its certificate files."
    )
    rows: list[list[Cell]] = []
    for name, own in archive.instances.items():
        if not archive.is_counterexample(name):
            cells = [_cell(own, *column, anchor=_anchor(name)) for column in columns]
            rows.append([[Link(name, f"#{_anchor(name)}")], *cells])
    headings = [f"{t} {what}, {f'k = {k}' if k else 'all k'}" for t, what, k in columns]
    yield Table(["population", *headings], rows)
    statements: list[list[Cell]] = [
        [t, THEOREMS[t].statement] for t, _, _ in columns if t in THEOREMS
    ]
    yield Fold(
        "What the theorems say on an instance", [Table(["theorem", "statement"], statements)]
    )


def _cell(
    own: Sequence[Statement], theorem: str, what: str, k: int | None, anchor: str
) -> list[Inline]:
    about = [s for s in own if s.theorem == theorem]
    if not about:
        return []
    value = next((shown(s) for s in about if (s.what, s.k) == (what, k)), "more")
    verdicts = [verdict for s in about for verdict in s.verdicts]
    return [Link(value, f"#{anchor}"), " ", _brief_mark(verdicts)]


def instances(context: Context) -> Iterator[Block]:
    """All that was certified on each population, with its files."""
    archive = context.archive
    names = [name for name in archive.instances if not archive.is_counterexample(name)]
    if names:
        yield Heading(2, "All numbers, population by population")
    for name in names:
        own = archive.instances[name]
        title = f"{name}: {_counted(own)}"
        yield Fold(title, [*_preferences(own), _questions(context, own)], _anchor(name))


def _questions(context: Context, own: Sequence[Statement]) -> Table:
    """One row a question, one column a k."""
    ks = sorted({s.k for s in own}, key=lambda k: (k is None, k or 0))
    rows: list[list[Cell]] = []
    files: list[Cell] = []
    for k in ks:
        paths = dict.fromkeys(s.path for s in own if s.k == k)
        files.append([part for path in paths for part in (context.file(path), " ")])
    rows.append(["certificate files", *files, ""])
    asked = dict.fromkeys((s.theorem, s.what) for s in own)
    for theorem, what in sorted(
        asked, key=lambda label: order(label[0]) if label[0] else (True, 99)
    ):
        about = [s for s in own if (s.theorem, s.what) == (theorem, what)]
        cells = ["; ".join(dict.fromkeys(shown(s) for s in about if s.k == k)) for k in ks]
        mark = verdict_mark([verdict for s in about for verdict in s.verdicts])
        rows.append([f"{theorem} {what}".strip(), *cells, [mark]])
    headings = ["question", *(f"k = {k}" if k else "all k" for k in ks), "checker"]
    return Table(headings, rows)


def _counted(own: Sequence[Statement]) -> str:
    verdicts = [verdict for s in own for verdict in s.verdicts]
    return f"{sum(v.accepted for v in verdicts)} of {len(verdicts)} claims accepted"


def verdict_mark(verdicts: Sequence[Verdict]) -> Mark:
    """ACCEPTED or the first refusal, with the numbers of claims."""
    accepted = sum(verdict.accepted for verdict in verdicts)
    word = overall(verdicts)
    return Mark(f"{word} {accepted}/{len(verdicts)}", word == "ACCEPTED")


def _brief_mark(verdicts: Sequence[Verdict]) -> Mark:
    """The same without the word where all is well."""
    mark = verdict_mark(verdicts)
    return Mark(mark.text.removeprefix("ACCEPTED "), mark.good)


def _preferences(own: Sequence[Statement]) -> Iterator[Block]:
    """The population as a table: a column a ranking, with the share of its users."""
    population = next((population_of(s.population) for s in own if s.accepted), None)
    if population is None:
        return
    if isinstance(population, UniformRankings):
        yield Paragraph(f"All rankings of {population.n} responses, equally likely.")
        return
    if max(population.n, len(population.users)) > MOST_DRAWN:
        size = f"{population.n} responses, {len(population.users)} different rankings"
        yield Paragraph(f"{size}: too many to be drawn.")
        return
    shares = [Fraction(weight, population.scale) for weight in population.integer_weights]
    rankings = [
        [" ~ ".join(population.responses[y] for y in tied) for tied in user.ranking]
        for user in population.users
    ]
    rows: list[list[Cell]] = [
        [str(place + 1), *(ranking[place] if place < len(ranking) else "" for ranking in rankings)]
        for place in range(max(map(len, rankings)))
    ]
    yield Table(["share of users", *map(str, shares)], rows)


def refused(context: Context) -> Iterator[Block]:
    """The claims that were not accepted, with the checker's codes, and none of their numbers."""
    if context.archive.refused:
        yield Heading(2, "Not accepted")
        rows: list[list[Cell]] = [
            [
                [context.file(Path(verdict.file))],
                "whole file" if verdict.index is None else f"claim {verdict.index}",
                [Mark(verdict.verdict, False)],
                verdict.code or "",
            ]
            for verdict in context.archive.refused
        ]
        yield Table(["file", "claim", "checker", "code"], rows)


def shown(statement: Statement) -> str:
    """What was accepted, in a cell: a number with its relation, or a word; or the refusal."""
    if not statement.accepted:
        refusal = next(v for v in statement.verdicts if not v.accepted)
        return f"{refusal.verdict} ({refusal.code})"
    if statement.number is not None:
        return in_cell(statement.number, statement.k)
    if claim := statement.accepted_claim("equilibrium"):
        return _enclosed(Fraction(claim["delta"]))
    if claim := statement.accepted_claim("unique-equilibrium"):
        return "unique" if claim["unique"] else "not unique"
    if claim := statement.accepted_claim("algebraic-equilibrium"):
        return f"degree {len(claim['polynomial']) - 1}"
    return "accepted"


def _enclosed(delta: Fraction) -> str:
    """How close an equilibrium is to the box's centre, rounded to the safe side."""
    if not delta:
        return "exact"
    exponent = (delta.denominator // delta.numerator).bit_length() - 1
    return f"within {delta if exponent < 1 else f'2^-{exponent}'}, relatively"


def _anchor(name: str) -> str:
    """An anchor that no other instance has, whatever the name holds."""
    return f"p-{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"
