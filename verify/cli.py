"""The command `ualign`. Results go to stdout, progress and errors to stderr.

Exit codes: 0 done; 1 `check` met a REJECTED or MALFORMED claim; 2 bad usage or input; 3 something
was not certified (or over the checker's budget). Heavy libraries load when a command needs them.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from verify.population import FaultError, InputError, Missing, Population

if TYPE_CHECKING:
    from verify.certificate import Verdict
    from verify.dossier import Evidence

NOT_CERTIFIED = 3
LARGEST_K = 1_000_000
MOST_KS = 100_000

app = typer.Typer(
    name="ualign",
    help="Exact, independently checked certificates for asymptotic universal alignment.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

Files = Annotated[list[Path], typer.Argument(help="Populations; a directory stands for its files.")]
Ks = Annotated[str, typer.Option("-k", help="Numbers of outputs: 3, 1..8 or 1,2,4..6.")]
Out = Annotated[Path | None, typer.Option("--out", help="Keep the files in this directory.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line on stdout.")]
Bits = Annotated[int, typer.Option("--bits", help="Certify k/(k+1) - 2^-BITS.")]
JointLimit = Annotated[
    int, typer.Option("--joint-limit", help="Joint optimum up to this many k-multisets.")
]
MissingOption = Annotated[
    str, typer.Option("--missing", help="Unranked responses: tied-last, drop-user or error.")
]
Weights = Annotated[
    Path | None, typer.Option("--weights", help="CSV prompt,weight for the averages over prompts.")
]


@app.command()
def run(
    k: Ks = "1..4",
    out: Annotated[Path, typer.Option("--out", help="Where the report goes.")] = Path("reports"),
    as_json: Json = False,
    bits: Bits = 100,
    joint_limit: JointLimit = 2000,
) -> None:
    """Certify and check the built-in suite and write a report; needs no input."""
    from verify.atomic import write_atomically
    from verify.constructions import built_in_suite
    from verify.dossier import prepare_directory
    from verify.report import summary

    directory = prepare_directory(out)
    certificates = prepare_directory(directory / "certificates")
    suite = built_in_suite()
    evidence = _certify_all(suite, parse_ks(k), certificates, bits, joint_limit, as_json)
    write_atomically(directory / "summary.md", summary(evidence, directory).encode())
    if not as_json:
        _print_theorems(evidence)
        typer.echo(f"report: {directory / 'summary.md'}")
    _leave(evidence, every_claim=True)


@app.command()
def certify(
    files: Files,
    k: Ks = "1..8",
    out: Out = None,
    as_json: Json = False,
    bits: Bits = 100,
    joint_limit: JointLimit = 2000,
    missing: MissingOption = "tied-last",
    weights: Weights = None,
) -> None:
    """Certify populations of yours: the guarantee, the equilibrium, the joint optimum, NLHF."""
    from verify.report import average_table, averages

    prompts, shares = _read(files, missing, weights)
    ks = parse_ks(k)
    with _directory(out) as directory:
        evidence = _certify_all(prompts, ks, directory, bits, joint_limit, as_json)
    if len(prompts) > 1:
        rows = averages(evidence, shares)
        if as_json:
            for number, row in rows.items():
                values = {what: None if v is None else str(v) for what, v in row.items()}
                typer.echo(json.dumps({"average": True, "k": number, **values}))
        else:
            _print(average_table(rows, len(prompts)))
    _leave(evidence)


@app.command()
def compare(
    files: Files,
    k: Ks = "1..16",
    out: Out = None,
    as_json: Json = False,
    bits: Bits = 100,
    joint_limit: JointLimit = 2000,
    missing: MissingOption = "tied-last",
) -> None:
    """The methods' exact worst-case win rates side by side; with --out also a figure."""
    from verify.certificate import check, write_certificates
    from verify.dossier import file_name
    from verify.methods import compare as compare_methods
    from verify.report import comparison_figure, comparison_table
    from verify.theorems.claims import win_rate

    prompts, _ = _read(files, missing, None)
    ks = parse_ks(k)
    refused = 0
    with _directory(out) as directory:
        for prompt, population in prompts:
            guarantees = compare_methods(population, ks, bits=bits, joint_limit=joint_limit)
            claims = [
                win_rate(population, g.policy, g.k, "=", g.worst.value, g.worst.opponent)
                for g in guarantees
                if g.worst is not None and g.policy is not None
            ]
            path = directory / file_name(prompt, "compare")
            write_certificates(path, population, claims)
            verdicts = iter(check([path]).verdicts)
            said = {id(g): next(verdicts) for g in guarantees if g.worst is not None}
            refused += sum(not verdict.accepted for verdict in said.values())
            if as_json:
                for g in guarantees:
                    line = {
                        "instance": prompt,
                        "k": g.k,
                        "method": g.method,
                        "value": str(g.worst.value) if g.worst else None,
                        "against": population.responses[g.worst.opponent[0]] if g.worst else None,
                        "note": g.note,
                        "verdict": said[id(g)].verdict if g.worst else None,
                    }
                    typer.echo(json.dumps(line))
            else:
                _print(comparison_table(f"{prompt}: worst-case win rates", guarantees))
                for note in dict.fromkeys(f"{g.method}: {g.note}" for g in guarantees if g.note):
                    typer.echo(f"  {note}")
                accepted = sum(verdict.accepted for verdict in said.values())
                typer.echo(f"  checker: {accepted}/{len(said)} values accepted")
            if out is not None:
                figure = path.with_name(path.name.replace(".cert.json", ".svg"))
                comparison_figure(prompt, guarantees, figure)
    if refused:
        raise typer.Exit(NOT_CERTIFIED)


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="Certificate files, or their directories.")],
    as_json: Json = False,
    max_work: Annotated[int | None, typer.Option(help="Steps of work a claim may cost.")] = None,
    max_bytes: Annotated[int | None, typer.Option(help="Largest file.")] = None,
    max_digits: Annotated[int | None, typer.Option(help="Longest number.")] = None,
    max_depth: Annotated[int | None, typer.Option(help="Deepest nesting.")] = None,
) -> None:
    """The trusted checker over certificate files, in an isolated process."""
    from verify.certificate import stream_verdicts

    given = {"work": max_work, "bytes": max_bytes, "digits": max_digits, "depth": max_depth}
    budget = {name: limit for name, limit in given.items() if limit is not None}
    for name, limit in budget.items():
        if limit < 1:
            raise InputError(f"--max-{name} {limit}: expected a positive number")
    seen: dict[str, int] = {}
    for verdict in stream_verdicts(_certificate_files(files), budget=budget):
        seen[verdict.verdict] = seen.get(verdict.verdict, 0) + 1
        typer.echo(json.dumps(vars(verdict)) if as_json else _sentence(verdict))
    if not as_json:
        typer.echo(", ".join(f"{count} {verdict}" for verdict, count in sorted(seen.items())))
    if "REJECTED" in seen or "MALFORMED" in seen:
        raise typer.Exit(1)
    if "OVER_BUDGET" in seen:
        raise typer.Exit(NOT_CERTIFIED)


def main() -> None:
    """Run the command; bad input is one line on stderr and exit code 2, never a traceback."""
    try:
        app()
    except InputError as error:
        _complain(str(error))
        sys.exit(2)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except KeyboardInterrupt:
        _complain("interrupted; the files written so far are whole, and a new run resumes there")
        sys.exit(130)
    except FaultError as error:
        _complain(f"not certified: {error}")
        sys.exit(NOT_CERTIFIED)


def parse_ks(text: str) -> list[int]:
    """The ks of "3", "1..8" or "1,2,4..6", in this order, each once."""
    ks: dict[int, None] = {}
    for part in text.split(","):
        match = re.fullmatch(r"\s*(-?[0-9]{1,9})\s*(?:\.\.\s*(-?[0-9]{1,9})\s*)?", part, re.ASCII)
        if not match:
            raise InputError(f"-k {text!r}: expected something like 3, 1..8 or 1,2,4..6")
        first = int(match[1])
        last = int(match[2]) if match[2] is not None else first
        if first < 1:
            raise InputError(f"-k {text!r}: the number of outputs must be at least 1")
        if last < first:
            raise InputError(f"-k {text!r}: {first}..{last} is empty")
        if last > LARGEST_K or last - first >= MOST_KS:
            raise InputError(f"-k {text!r}: at most {MOST_KS} numbers up to {LARGEST_K}")
        ks |= dict.fromkeys(range(first, last + 1))
    return list(ks)


def _read(
    files: Sequence[Path], missing: str, weights: Path | None
) -> tuple[list[tuple[str, Population]], dict[str, Fraction]]:
    from typing import cast

    from verify.formats import read_prompt_weights, read_prompts

    if missing not in ("tied-last", "drop-user", "error"):
        raise InputError(f"--missing {missing!r}: expected tied-last, drop-user or error")
    prompts = read_prompts(files, missing=cast(Missing, missing))
    names = [name for name, _ in prompts]
    shares = read_prompt_weights(weights, names) if weights else [Fraction(1)] * len(names)
    return prompts, dict(zip(names, shares, strict=True))


@contextmanager
def _directory(out: Path | None) -> Iterator[Path]:
    """The directory that was asked for, or one that is gone afterwards."""
    from verify.dossier import prepare_directory

    if out is not None:
        yield prepare_directory(out)
    else:
        with tempfile.TemporaryDirectory(prefix="ualign-") as temporary:
            yield Path(temporary)


def _certify_all(
    prompts: Sequence[tuple[str, Population]],
    ks: Sequence[int],
    directory: Path,
    bits: int,
    joint_limit: int,
    as_json: bool,
) -> list[Evidence]:
    from verify.dossier import Options, certify_prompt, file_name

    names = [file_name(prompt, 1) for prompt, _ in prompts]
    if len(set(names)) < len(names):
        raise InputError("two prompts would share one certificate file; rename one of them")
    options, evidence = Options(bits, joint_limit), []
    with _progress(len(prompts) * (len(ks) + 1)) as progress:
        for prompt, population in prompts:
            found = certify_prompt(prompt, population, ks, directory, options, progress)
            evidence += found
            for line in map(_json_line, found) if as_json else ():
                typer.echo(line)
            if not as_json and len(prompts) <= 12:
                _print_prompt(prompt, population, found)
    return evidence


def _json_line(e: Evidence) -> str:
    finding = e.finding
    line: dict[str, Any] = {
        "theorem": finding.theorem,
        "instance": e.prompt,
        "k": finding.k,
        "what": finding.what,
        "relation": finding.relation,
        "value": None if finding.value is None else str(finding.value),
        "evidence": finding.evidence,
        "note": finding.note,
        "certificate": str(e.path) if e.verdicts else None,
        "verdict": e.verdict,
    }
    return json.dumps(line)


def _print_prompt(prompt: str, population: Population, evidence: Sequence[Evidence]) -> None:
    from verify.report import notes, table

    kinds = f"{population.n} responses, {len(population.users)} distinct rankings"
    _print(table(f"{prompt}: {kinds}", evidence))
    for note in notes(evidence):
        typer.echo(f"  {note}")


def _print_theorems(evidence: Sequence[Evidence]) -> None:
    from rich.table import Table

    from verify.theorems import THEOREMS

    result = Table(title="the theorems on the built-in suite", title_justify="left")
    for heading in ("theorem", "statement", "instances", "certified", "evidence"):
        result.add_column(heading)
    for name, (statement, _) in THEOREMS.items():
        own = [e for e in evidence if e.finding.theorem == name]
        grades = sorted({e.finding.evidence for e in own})
        good = f"{sum(e.certified for e in own)}/{len(own)}"
        result.add_row(name, statement, str(len({e.prompt for e in own})), good, ", ".join(grades))
    _print(result)


def _leave(evidence: Sequence[Evidence], every_claim: bool = False) -> None:
    """Exit 3 unless the guarantee is certified throughout (or, if asked, every claim is)."""
    missed = [e for e in evidence if e.finding.what == "guarantee" and not e.certified]
    if every_claim:
        missed += [e for e in evidence if e.verdict not in ("ACCEPTED", "none")]
    if missed:
        first = missed[0]
        place = f"{first.prompt}, k = {first.finding.k}"
        _complain(f"{len(missed)} not certified, first {first.finding.theorem} at {place}")
        raise typer.Exit(NOT_CERTIFIED)


def _certificate_files(paths: Sequence[Path]) -> list[Path]:
    files: list[Path] = []
    for path in paths:
        found = sorted(path.glob("*.cert.json")) if path.is_dir() else [path]
        if not found:
            raise InputError(f"{path}: there is no *.cert.json in this directory")
        if not path.exists():
            raise InputError(f"{path}: there is no such file")
        files += found
    return files


def _sentence(verdict: Verdict) -> str:
    place = verdict.file if verdict.index is None else f"{verdict.file}#{verdict.index}"
    text = f"{verdict.verdict} {(verdict.sha256 or '-')[:16]} {place}: {verdict.claim or ''}"
    if verdict.code is not None:
        text += f"\n    {verdict.code} at {verdict.pointer or '/'}: {verdict.detail}"
    if verdict.left is not None:
        text += f"\n    left side {verdict.left}\n    right side {verdict.right}"
    return text


@contextmanager
def _progress(steps: int) -> Iterator[Callable[[str], None]]:
    """A progress bar on stderr where that is a terminal; else silence."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    console = Console(stderr=True)
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("", total=steps)
        yield lambda text: bar.update(task, advance=1, description=text)


def _print(table: Any) -> None:
    from rich.console import Console

    Console(width=None if sys.stdout.isatty() else 200, markup=False).print(table)


def _complain(message: str) -> None:
    line = "".join(c if c.isprintable() else repr(c)[1:-1] for c in message)
    typer.echo(f"ualign: {line}", err=True)


if __name__ == "__main__":
    main()
