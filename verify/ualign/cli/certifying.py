"""The commands that certify: `run`, `certify`, `compare`. Heavy libraries load when one is used."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from ualign.certificates.findings import GUARANTEE
from ualign.cli.arguments import (
    certificate_files,
    named_path,
    parse_ks,
    parse_opponents,
    parse_rules,
    parse_theorems,
    read_population_files,
)
from ualign.cli.console import (
    Progress,
    average_lines,
    comparison_line,
    complain,
    evidence_line,
    say,
    say_comparison,
    say_grids,
    say_prompt,
    say_prompt_briefly,
)
from ualign.cli.options import (
    NOT_CERTIFIED,
    Bits,
    Files,
    Iterates,
    JointLimit,
    Json,
    Ks,
    MissingOption,
    Opponents,
    Out,
    Resume,
    Rules,
    Theorems,
    Weights,
)
from ualign.files import write_atomically
from ualign.text import counted, printable

if TYPE_CHECKING:
    from ualign.certificates.findings import Judged
    from ualign.model.population import Population
    from ualign.model.uniform_rankings import UniformRankings
    from ualign.runs.certify import Options

Listed = TypeVar("Listed", bound="Population | UniformRankings")

MOST_TABLES = 12
"""Beyond so many prompts `certify` prints a line for each instead of a table."""


def run(
    k: Ks = "1..4",
    out: Annotated[
        str, typer.Option("--out", metavar="DIR", help="Where the report goes.")
    ] = "reports",
    as_json: Json = False,
    bits: Bits = 100,
    joint_limit: JointLimit = 2000,
    l: Opponents = "2..3",
    theorems: Theorems = "all",
    iterates: Iterates = False,
    rules: Rules = "default",
    resume: Resume = False,
) -> None:
    """Certify the built-in suite and write a report.

    Needs no input, and computes everything anew unless it is to --resume. By default one rule of
    self-play is played, and all of them on one instance. Exit code 3 if any claim is not accepted
    by the checker.
    """
    from ualign.certificates.archive import read_archive
    from ualign.constructions import ALL_RULES, built_in_suite, disagreements
    from ualign.files import prepare_directory
    from ualign.report.page import write_report
    from ualign.report.tables import theorem_grids

    ks, options = (
        parse_ks(k),
        _options(bits, joint_limit, l, iterates, theorems, rules),
    )
    special = {} if options.rules else {ALL_RULES: replace(options, rules=parse_rules("all"))}
    directory = prepare_directory(named_path(out))
    certificates = prepare_directory(directory / "certificates")
    evidence: list[Judged] = []
    for _, found in _certify(built_in_suite(), ks, certificates, options, special, resume=resume):
        evidence += found
        for e in found if as_json else ():
            say(evidence_line(e))
    files = certificate_files([str(directory)])
    known = [verdict for e in evidence for verdict in e.verdicts]
    pages = write_report(read_archive(directory, files, known), directory)
    if not as_json:
        say_grids("the theorems on the built-in suite", theorem_grids(evidence))
        if resume:
            say(f"certificates: {certificates} ({_files(evidence)})")
        for page in pages:
            say(f"report: {page}")
    wrong = disagreements((e.prompt, e.finding) for e in evidence if e.certified)
    if wrong:
        complain(f"{counted(len(wrong), 'number')} at odds with a closed form, first {wrong[0]}")
        raise typer.Exit(NOT_CERTIFIED)
    _leave(evidence, every_claim=True)


def certify(
    files: Files,
    k: Ks = "1..8",
    out: Out = None,
    as_json: Json = False,
    bits: Bits = 100,
    joint_limit: JointLimit = 2000,
    missing: MissingOption = "tied-last",
    weights: Weights = None,
    l: Opponents = "2",
    theorems: Theorems = "main",
    iterates: Iterates = False,
    rules: Rules = "default",
) -> None:
    """Certify populations of yours.

    For each k: the guarantee k/(k+1), an enclosure of an equilibrium and whether it is the only
    one, the optimum over all k-output policies, what NLHF and other methods guarantee; with
    --theorems all whatever the theorems say. Several files are several prompts. With --out an
    interrupted run is resumed.
    """
    from ualign.report.tables import average_grids, averages

    ks, options = (
        parse_ks(k),
        _options(bits, joint_limit, l, iterates, theorems, rules),
    )
    prompts, shares = read_population_files(files, missing, weights)
    evidence: list[Judged] = []
    with _directory(out) as directory:
        for population, found in _certify(prompts, ks, directory, options):
            evidence += found
            if as_json:
                for e in found:
                    say(evidence_line(e, kept=out is not None))
            elif len(prompts) <= MOST_TABLES:
                say_prompt(population, found)
            else:
                say_prompt_briefly(found)
    if len(prompts) > 1:
        rows = averages(evidence, shares)
        if as_json:
            for line in average_lines(rows, len(prompts)):
                say(line)
        else:
            say_grids(f"weighted average over {len(prompts)} prompts", average_grids(rows))
    if out is not None and not as_json:
        resumed = any(e.resumed for e in evidence)
        say(f"certificates: {out} ({_files(evidence, resumed)})")
    _leave(evidence)


def compare(
    files: Files,
    k: Ks = "1..16",
    out: Out = None,
    as_json: Json = False,
    bits: Bits = 100,
    joint_limit: JointLimit = 2000,
    missing: MissingOption = "tied-last",
) -> None:
    """Compare what several methods guarantee.

    Their exact worst-case win rates against single responses side by side; with --out also the
    certificates and a figure.
    """
    from ualign.files import file_name
    from ualign.report.charts import draw
    from ualign.report.figures.methods import comparison
    from ualign.runs.certify import Options
    from ualign.runs.compare import compare_prompt

    ks, options = parse_ks(k), Options(bits, joint_limit)
    prompts, _ = read_population_files(files, missing, None)
    broken: list[str] = []
    with _directory(out) as directory, Progress(len(prompts) * (len(ks) + 1)) as progress:
        for prompt, population in prompts:
            found = compare_prompt(prompt, population, ks, directory, options, progress.step)
            compared = [judged for _, judged in found]
            broken += [
                f"{result.method} at {prompt}, k = {result.k} ({judged.verdict}: {result.note})"
                for result, judged in found
                if judged.missed
            ]
            with progress.paused():
                if as_json:
                    for result, judged in found:
                        say(comparison_line(population, result, judged, kept=out is not None))
                else:
                    say_comparison(prompt, population, compared)
            if out is not None:
                figure = directory / file_name(prompt, "compare").replace(".cert.json", ".svg")
                write_atomically(figure, draw(comparison(printable(prompt), compared)))
    if broken:
        complain(f"{counted(len(broken), 'value')} not certified, first {broken[0]}")
        raise typer.Exit(NOT_CERTIFIED)


def _options(
    bits: int, joint_limit: int, l: str, iterates: bool, theorems: str, rules: str
) -> Options:
    from ualign.runs.certify import Options

    opponents, labels = parse_opponents(l), parse_theorems(theorems)
    return Options(bits, joint_limit, opponents, iterates, labels, parse_rules(rules))


@contextmanager
def _directory(out: str | None) -> Iterator[Path]:
    """The directory that was asked for, or one that is gone afterwards."""
    from ualign.files import prepare_directory

    if out is not None:
        yield prepare_directory(named_path(out))
    else:
        with tempfile.TemporaryDirectory(prefix="ualign-") as temporary:
            yield Path(temporary)


def _certify(
    prompts: Sequence[tuple[str, Listed]],
    ks: Sequence[int],
    directory: Path,
    options: Options,
    special: Mapping[str, Options] = MappingProxyType({}),
    *,
    resume: bool = True,
) -> Iterator[tuple[Listed, list[Judged]]]:
    """Each prompt with its evidence, by the options that are special to it if there are any; the
    progress bar makes room while the caller prints it."""
    from ualign.runs.certify import certify_prompt

    with Progress(len(prompts) * (len(ks) + 2)) as progress:
        for prompt, population in prompts:
            found = certify_prompt(
                prompt,
                population,
                ks,
                directory,
                special.get(prompt, options),
                progress.step,
                resume=resume,
            )
            with progress.paused():
                yield population, found


def _files(evidence: Sequence[Judged], resumed: bool = True) -> str:
    """How many files the evidence is in, and how many of them are resumed."""
    places = {e.file: e.resumed for e in evidence if e.file}
    earlier = f", {sum(places.values())} of them from an earlier run"
    return counted(len(places), "file") + earlier * resumed


def _leave(evidence: Sequence[Judged], every_claim: bool = False) -> None:
    """Exit 3 unless the guarantee is certified throughout and nothing failed that never should (or,
    if asked, every claim is accepted)."""
    missed = [e for e in evidence if e.broken]
    missed += [e for e in evidence if e.finding.question == GUARANTEE and not e.certified]
    if every_claim:
        missed += [e for e in evidence if e.verdict not in ("ACCEPTED", "none")]
    if missed:
        first = missed[0]
        number = len({id(e) for e in missed})
        place = f"{first.finding.theorem} at {first.prompt}, k = {first.finding.k}"
        refused = [f"{v.verdict}, {v.detail}" for v in first.verdicts if not v.accepted]
        why = refused[0] if refused else first.finding.note
        complain(f"{counted(number, 'finding')} not certified, first {place} ({why})")
        raise typer.Exit(NOT_CERTIFIED)
