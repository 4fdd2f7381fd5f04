"""The tables of a report: each theorem on each population, all numbers of a population with its
files, counterexamples as preference tables, and what the checker refused."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from ualign.certificates.archive import Archive
from ualign.certificates.checking import Verdict, overall
from ualign.certificates.document import population_of
from ualign.certificates.findings import Json, Judged, Question
from ualign.model.luce import LucePopulation
from ualign.model.partial_orders import PartialPopulation
from ualign.model.uniform_rankings import UniformRankings
from ualign.report.markup import Block, Cell, Fold, Heading, Link, Mark, Paragraph, Table
from ualign.report.numbers import ranges
from ualign.report.summary import summary
from ualign.report.tables import example, order, shown
from ualign.report.words import in_words, question_words, with_ell
from ualign.text import LONGEST, decimal, listed
from ualign.theorems import THEOREMS

MOST_DRAWN = 12
"""Populations with more rankings or responses are described in words."""

LONGEST_POLICY = 200


@dataclass(frozen=True)
class Drawn:
    """A figure on the page: its title; the picture, and its numbers folded away."""

    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Context:
    """What is reported, the page's directory, the figures by name, and what the run says of how
    its numbers were found."""

    archive: Archive
    out: Path
    figures: Mapping[str, Drawn]
    remark: str = ""

    def figure(self, name: str) -> Sequence[Block]:
        """The figure of this name, if there is one."""
        return self.figures[name].blocks if name in self.figures else ()

    def file(self, name: Path | None, text: str = "") -> Link:
        """A link to a certificate file; every finding of an archive has one."""
        name = name or Path()
        href = Path(os.path.relpath(name, self.out)).as_posix()
        return Link(text or name.name, href)


def counterexamples(context: Context) -> Iterator[Block]:
    """Each as a preference table with what the checker accepted of it."""
    archive = context.archive
    names = [name for name in archive.instances if archive.is_counterexample(name)]
    if names:
        yield Heading(2, "Counterexamples")
        yield Paragraph(
            "Small populations that refute a conjecture. The conjecture and what refutes it are in"
            " the words of the certificate file; the claims below each population are what the"
            " checker accepted of it, with the masses of the policies. A column of a population is"
            " a group of people with the same ranking, best first."
        )
    for name in names:
        yield Heading(3, name.rpartition("/")[2].replace("-", " "), _anchor(name))
        story = archive.stories[name]
        for conjecture in story.conjectures:
            yield Paragraph(f"Conjecture: {conjecture}.")
        for refutation in story.refutations:
            yield Paragraph(f"Refuted: {refutation}.")
        yield from _population(archive, name)
        claims = [
            (claim, verdict)
            for j in archive.instances[name]
            for claim, verdict in zip(j.claims, j.verdicts, strict=True)
        ]
        files = [*dict.fromkeys(j.file for j in archive.instances[name])]
        rows: list[list[Cell]] = [
            [*_claimed(claim, verdict), [verdict_mark([verdict])]] for claim, verdict in claims
        ]
        accepted = Table(["claim", "policy, or the equilibrium's centre", "checker"], rows)
        links = Paragraph([part for file in files for part in (context.file(file), " ")])
        anchor = f"{_anchor(name)}-claims"
        yield Fold("What the checker accepted", [accepted, links], anchor, unfolded=True)


def _claimed(claim: Json, verdict: Verdict) -> list[Cell]:
    """The claim in the checker's words, and the policy or equilibrium that it is about."""
    if not verdict.accepted:
        return ["", ""]
    policy = claim.get("policy", {})
    masses = [*(policy.get("product") or claim.get("centre") or {}).items()]
    masses += [(f"({', '.join(names)})", mass) for names, mass in policy.get("joint", ())]
    if isinstance(parts := policy.get("mixture"), list):
        masses += [(f"({_mixed(part.items())})", mass) for mass, part in parts]
    written = _mixed(masses)
    words = in_words(verdict.claim or "")
    return [words, written if len(written) <= LONGEST_POLICY else "in the file"]


def _mixed(masses: Iterable[tuple[str, str]]) -> str:
    """The masses with their names, long fractions by their decimals."""
    return " + ".join(name if mass == "1" else f"{_mass(mass)} {name}" for name, mass in masses)


def _mass(mass: str) -> str:
    return mass if len(mass) <= LONGEST else f"{decimal(Fraction(mass))}…"


def theorems(context: Context) -> Iterator[Block]:
    """One row a theorem: on how many populations, how many claims were accepted, and a number."""
    rows: list[list[Cell]] = []
    for name, theorem in THEOREMS.items():
        judged = [j for j in context.archive.judged if j.finding.theorem == name]
        if judged:
            size = str(len({j.prompt for j in judged}))
            mark = verdict_mark(_verdicts(judged))
            statement = with_ell(theorem.statement)
            rows.append([statement, name, size, [mark], example(name, judged)])
    if not rows:
        return
    yield Heading(2, "Every theorem")
    yield Paragraph(
        "P1 to P7 are the paper's, the others go further. k is the number of outputs of a policy, ℓ"
        " that of its opponent, n that of the responses there are; eps is at most 2^-100 unless a"
        " table says otherwise, delta the radius of a box that holds an exact equilibrium, relative"
        " to each mass; R_T is the regret after T rounds of self-play, what the best fixed response"
        " would have earned more. f_ℓ(k) is the linear interpolation of x/(x+1) at whole x, taken"
        " at x = k/ℓ, and g_ℓ(k) = 1 - (ℓ/(k+1)) (1 - (1 - 1/ℓ)^(k+1)). A policy is U-aligned if"
        " its worst case tends to 1 as k grows."
    )
    headings = ["on a population", "theorem", "populations", "claims", "for example"]
    yield Table(headings, rows)


def missing(context: Context) -> Iterator[Block]:
    """What the theorems apply to, but have no certified answer for, and why."""
    rows: list[list[Cell]] = [
        [row.question, row.grade, str(row.populations), ranges(row.ks), row.reason]
        for row in summary((*context.archive.judged, *context.archive.silent)).missing
    ]
    if rows:
        yield Heading(2, "What was not certified, and why")
        yield Paragraph("The reasons are those that the files give, each that of one population.")
        yield Table(["question", "state", "populations", "k", "for example because"], rows)


def matrix(context: Context) -> Iterator[Block]:
    """One row a population, one column a theorem: its accepted claims, and how many there are."""
    archive = context.archive
    columns = sorted({j.finding.theorem for j in archive.judged} & {*THEOREMS}, key=order)
    if not columns:
        return
    rows: list[list[Cell]] = []
    for name, judged in archive.instances.items():
        if not archive.is_counterexample(name):
            about = ([j for j in judged if j.finding.theorem == theorem] for theorem in columns)
            cells = ([_brief_mark(_verdicts(some))] if some else "" for some in about)
            rows.append([[Link(name, f"#{_anchor(name)}")], *cells])
    explained = Paragraph(
        "How many of the theorem's claims on this population were accepted by the checker, and how"
        " many there are. The links lead to all numbers of a population and to its certificates."
    )
    yield Fold(
        "Every theorem on every population", [explained, Table(["population", *columns], rows)]
    )


def _verdicts(judged: Iterable[Judged]) -> list[Verdict]:
    """The verdicts on the claims, each claim once."""
    return [*{(v.file, v.index): v for j in judged for v in j.verdicts}.values()]


def instances(context: Context) -> Iterator[Block]:
    """All that was certified on each population, with its files."""
    archive = context.archive
    names = [name for name in archive.instances if not archive.is_counterexample(name)]
    if names:
        yield Heading(2, "All numbers, population by population")
        yield Paragraph(
            "Behind each name: the population, what was certified on it, and its files."
        )
    for name in names:
        judged = archive.instances[name]
        title = f"{name}: {_counted(judged)}"
        tables = [*_population(archive, name), *_questions(context, judged)]
        yield Fold(title, tables, _anchor(name))


def _questions(context: Context, judged: Sequence[Judged]) -> Iterator[Table]:
    """One row a question, one column a k; and a table of what holds for all k at once."""
    numbers = sorted({j.finding.k for j in judged if j.finding.k is not None})
    parts: list[list[int | None]] = [[*numbers], [None]]
    for ks in parts:
        found = [j for j in judged if j.finding.k in ks]
        if not found:
            continue
        files: list[Cell] = []
        for k in ks:
            paths = dict.fromkeys(j.file for j in found if j.finding.k == k)
            files.append([part for path in paths for part in (context.file(path, "file"), " ")])
        rows: list[list[Cell]] = [["certificates", *files]]
        marked = False
        for question in sorted({j.finding.question: None for j in found}, key=_place):
            about = [j for j in found if j.finding.question == question]
            cells = ["; ".join({shown(j): None for j in about if j.finding.k == k}) for k in ks]
            rows.append([question_words(question), *cells])
            if any(not j.accepted for j in about):
                rows[-1].append([_brief_mark(_verdicts(about))])
                marked = True
        headings = ["question", *(f"k = {k}" if k else "all k" for k in ks)]
        wide = len(ks) + 1 + marked
        yield Table(
            [*headings, *["accepted"] * marked], [[*row, *[""] * (wide - len(row))] for row in rows]
        )


def _place(question: Question) -> tuple[bool, int]:
    """By theorems; what none is named for comes last."""
    return order(question.theorem) if question.theorem else (True, 99)


def _counted(judged: Sequence[Judged]) -> str:
    verdicts = _verdicts(judged)
    return f"{sum(v.accepted for v in verdicts)} of {len(verdicts)} claims accepted"


def verdict_mark(verdicts: Sequence[Verdict]) -> Mark:
    """ACCEPTED or the first refusal, with the numbers of claims."""
    accepted = sum(verdict.accepted for verdict in verdicts)
    word = overall(verdicts)
    return Mark(f"{word} {accepted}/{len(verdicts)}", word == "ACCEPTED")


def _brief_mark(verdicts: Sequence[Verdict]) -> Mark:
    """The same without the word where all is well."""
    mark = verdict_mark(verdicts)
    return Mark(f"{len(verdicts)}/{len(verdicts)}", True) if mark.good else mark


def _population(archive: Archive, name: str) -> Iterator[Block]:
    """How the population's file was read, and its users."""
    for reading in archive.stories[name].readings:
        parts = (f"{key.replace('_', ' ')}: {_field(value)}" for key, value in reading.items())
        yield Paragraph(f"How its file was read: {'; '.join(parts)}.")
    yield from _preferences(archive, name)


def _field(value: object) -> str:
    if isinstance(value, list):
        return listed(map(str, value)) or "none"
    return "none" if value is None else str(value)


def _preferences(archive: Archive, name: str) -> Iterator[Block]:
    """The population as a table: a column a ranking, with the share of its users."""
    if name not in archive.populations:
        return
    population = population_of(archive.populations[name])
    if isinstance(population, PartialPopulation):
        users = f"{len(population.users)} different users"
        yield Paragraph(f"{population.n} responses, {users}, not all of whom said everything.")
        return
    if isinstance(population, LucePopulation):
        heads = [
            "share of users",
            *(str(user.weight / population.total) for user in population.users),
        ]
        strengths: list[list[Cell]] = [
            [f"strength of {name}", *(str(user.strengths[y]) for user in population.users)]
            for y, name in enumerate(population.responses)
        ]
        yield Table(heads, strengths)
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


def _anchor(name: str) -> str:
    """An anchor that no other instance has, whatever the name holds."""
    return f"p-{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"
