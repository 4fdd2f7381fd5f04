"""The command `ualign`. Results go to stdout, progress and errors to stderr.

Exit codes: 0 done; 1 `check` met a REJECTED or MALFORMED claim; 2 bad usage or input; 3 something
was not certified (or over the checker's budget); 130 interrupted; 141 nobody reads the output.
Heavy libraries load when a command needs them.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer
from typer.exceptions import TyperException

from verify.console import (
    OutputClosedError,
    Progress,
    comparison_line,
    complain,
    counted,
    evidence_line,
    say,
    say_comparison,
    say_grids,
    say_prompt,
    say_prompt_briefly,
    say_verdict,
)
from verify.population import FaultError, InputError, Missing, Population

if TYPE_CHECKING:
    from verify.dossier import Evidence, Options

NOT_CERTIFIED = 3
LARGEST_K = 1_000_000
MOST_KS = 100_000
MOST_TABLES = 12
"""Beyond so many prompts `certify` prints a line for each instead of a table."""

app = typer.Typer(
    name="ualign",
    help="Exact, independently checked certificates for asymptotic universal alignment.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

# Names of files are strings at first: an empty one must not turn into the current directory.
Files = Annotated[
    list[str], typer.Argument(help="Populations; a directory stands for the files in it.")
]
Ks = Annotated[str, typer.Option("-k", help="Numbers of outputs: 3, 1..8 or 1,2,4..6.")]
Out = Annotated[str | None, typer.Option("--out", help="Keep the files in this directory.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line on stdout.")]
Bits = Annotated[int, typer.Option("--bits", help="Certify k/(k+1) - 2^-BITS.")]
JointLimit = Annotated[
    int, typer.Option("--joint-limit", help="Joint optimum up to this many k-multisets.")
]
MissingOption = Annotated[
    str, typer.Option("--missing", help="Unranked responses: tied-last, drop-user or error.")
]
Weights = Annotated[
    str | None, typer.Option("--weights", help="CSV prompt,weight for the averages over prompts.")
]


def _print_version(wanted: bool) -> None:
    if wanted:
        from verify.dossier import package_version

        say(f"ualign {package_version()}")
        raise typer.Exit


@app.callback()
def ualign(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    """Exact, independently checked certificates for asymptotic universal alignment."""


@app.command()
def run(
    k: Ks = "1..4",
    out: Annotated[str, typer.Option("--out", help="Where the report goes.")] = "reports",
    as_json: Json = False,
    bits: Bits = 100,
    joint_limit: JointLimit = 2000,
) -> None:
    """Certify and check the built-in suite and write a report; needs no input."""
    from verify.atomic import write_atomically
    from verify.constructions import built_in_suite
    from verify.dossier import Options, prepare_directory
    from verify.report import summary, theorem_grid

    ks, options = parse_ks(k), Options(bits, joint_limit)
    directory = prepare_directory(_path(out))
    certificates = prepare_directory(directory / "certificates")
    evidence = []
    for _, found in _certify(built_in_suite(), ks, certificates, options):
        evidence += found
        for e in found if as_json else ():
            say(evidence_line(e))
    write_atomically(directory / "summary.md", summary(evidence, directory).encode())
    if not as_json:
        say_grids("the theorems on the built-in suite", [theorem_grid(evidence)])
        say(f"report: {directory / 'summary.md'}")
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
    from verify.dossier import Options
    from verify.report import average_grids, averages

    ks, options = parse_ks(k), Options(bits, joint_limit)
    prompts, shares = _read(files, missing, weights)
    evidence: list[Evidence] = []
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
        for number, row in rows.items() if as_json else ():
            for what, mean in row.items():
                line: dict[str, Any] = {"average": True, "prompts": len(prompts), "k": number}
                relation, value = mean or (None, None)
                line |= {"what": what, "relation": relation, "value": value and str(value)}
                say(json.dumps(line))
        if not as_json:
            say_grids(f"weighted average over {len(prompts)} prompts", average_grids(rows))
    if out is not None and not as_json:
        places = {e.path: e.resumed for e in evidence if e.path}
        earlier = f", {sum(places.values())} of them from an earlier run"
        say(f"certificates: {out} ({counted(len(places), 'file')}{earlier * any(places.values())})")
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
    from verify.comparison import compare_prompt
    from verify.dossier import Options, file_name
    from verify.figure import comparison_figure

    ks, options = parse_ks(k), Options(bits, joint_limit)
    prompts, _ = _read(files, missing, None)
    _refuse_clashes(prompts)
    broken: list[str] = []
    with _directory(out) as directory, Progress(len(prompts) * (len(ks) + 1)) as progress:
        for prompt, population in prompts:
            compared = compare_prompt(prompt, population, ks, directory, options, progress.step)
            broken += [
                f"{c.guarantee.method} at {prompt}, k = {c.guarantee.k} ({c.verdict}: {c.note})"
                for c in compared
                if c.broken
            ]
            with progress.paused():
                if as_json:
                    for c in compared:
                        say(comparison_line(prompt, population, c, kept=out is not None))
                else:
                    say_comparison(prompt, population, compared)
            if out is not None:
                figure = directory / file_name(prompt, "compare").replace(".cert.json", ".svg")
                comparison_figure(prompt, compared, figure)
    if broken:
        complain(f"{counted(len(broken), 'value')} not certified, first {broken[0]}")
        raise typer.Exit(NOT_CERTIFIED)


@app.command()
def check(
    files: Annotated[list[str], typer.Argument(help="Certificate files, or their directories.")],
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
        if as_json:
            say(json.dumps(vars(verdict)))
        else:
            say_verdict(verdict)
    if not as_json:
        say(", ".join(f"{count} {verdict}" for verdict, count in sorted(seen.items())))
    if "REJECTED" in seen or "MALFORMED" in seen:
        raise typer.Exit(1)
    if "OVER_BUDGET" in seen:
        raise typer.Exit(NOT_CERTIFIED)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; bad input is one line on stderr and exit code 2, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # names that the terminal's encoding lacks
            stream.reconfigure(errors="backslashreplace")
    sys.set_int_max_str_digits(0)  # numbers from files are limited where they are read
    sys.exit(_run(sys.argv[1:] if arguments is None else arguments))


def _run(arguments: Sequence[str]) -> int:
    try:
        command = typer.main.get_command(app)
        with command.make_context("ualign", list(arguments)) as context:
            command.invoke(context)
        sys.stdout.flush()
    except typer.Exit as leave:
        return leave.exit_code
    except InputError as error:
        complain(str(error))
        return 2
    except TyperException as error:
        return _usage(error)
    except (OutputClosedError, BrokenPipeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except KeyboardInterrupt:
        complain("interrupted; with --out, the same command goes on where this one stopped")
        return 130
    except FaultError as error:
        complain(f"not certified: {error}")
        return NOT_CERTIFIED
    return 0


def _usage(error: TyperException) -> int:
    """Bad usage in one line; for a bare `ualign` the help."""
    context: Any = getattr(error, "ctx", None)
    message = error.format_message()
    if context is not None and message == context.get_help():
        typer.echo(message, err=True)
    else:
        hint = f" (see {context.command_path} --help)" if context is not None else ""
        complain(message.rstrip(".") + hint)
    return 2


def parse_ks(text: str) -> list[int]:
    """The ks of "3", "1..8" or "1,2,4..6", in this order, each once."""
    from verify.formats.common import show

    ks: dict[int, None] = {}
    for part in text.split(","):
        match = re.fullmatch(r"\s*(-?[0-9]+)\s*(?:\.\.\s*(-?[0-9]+)\s*)?", part, re.ASCII)
        if not match:
            raise InputError(f"-k {show(text)}: expected something like 3, 1..8 or 1,2,4..6")
        first = int(match[1])
        last = int(match[2]) if match[2] is not None else first
        if first < 1:
            raise InputError(f"-k {show(text)}: the number of outputs must be at least 1")
        if last < first:
            raise InputError(f"-k {show(text)}: the range {show(part.strip())} is empty")
        if last > LARGEST_K or last - first >= MOST_KS or len(ks) > MOST_KS:
            raise InputError(f"-k {show(text)}: at most {MOST_KS} numbers up to {LARGEST_K}")
        ks |= dict.fromkeys(range(first, last + 1))
    return list(ks)


def _path(text: str) -> Path:
    if not text:
        raise InputError("an empty file name; name a file or a directory")
    return Path(text)


def _read(
    files: Sequence[str], missing: str, weights: str | None
) -> tuple[list[tuple[str, Population]], dict[str, Fraction]]:
    from verify.formats import read_prompt_weights, read_prompts

    if missing not in ("tied-last", "drop-user", "error"):
        raise InputError(f"--missing {missing!r}: expected tied-last, drop-user or error")
    prompts = read_prompts([_path(file) for file in files], missing=cast(Missing, missing))
    names = [name for name, _ in prompts]
    shares = [Fraction(1)] * len(names)
    if weights is not None:
        shares = read_prompt_weights(_path(weights), names)
    return prompts, dict(zip(names, shares, strict=True))


@contextmanager
def _directory(out: str | None) -> Iterator[Path]:
    """The directory that was asked for, or one that is gone afterwards."""
    from verify.dossier import prepare_directory

    if out is not None:
        yield prepare_directory(_path(out))
    else:
        with tempfile.TemporaryDirectory(prefix="ualign-") as temporary:
            yield Path(temporary)


def _certify(
    prompts: Sequence[tuple[str, Population]], ks: Sequence[int], directory: Path, options: Options
) -> Iterator[tuple[Population, list[Evidence]]]:
    """Each prompt with its evidence; the progress bar makes room while the caller prints it."""
    from verify.dossier import certify_prompt

    _refuse_clashes(prompts)
    with Progress(len(prompts) * (len(ks) + 1)) as progress:
        for prompt, population in prompts:
            found = certify_prompt(prompt, population, ks, directory, options, progress.step)
            with progress.paused():
                yield population, found


def _refuse_clashes(prompts: Sequence[tuple[str, Population]]) -> None:
    from verify.dossier import file_name

    taken: dict[str, str] = {}
    for prompt, _ in prompts:
        other = taken.setdefault(file_name(prompt, 1), prompt)
        if other != prompt:
            raise InputError(f"{prompt!r} and {other!r} would share a certificate file; rename one")


def _leave(evidence: Sequence[Evidence], every_claim: bool = False) -> None:
    """Exit 3 unless the guarantee is certified throughout and nothing failed that never should (or,
    if asked, every claim is accepted)."""
    missed = [e for e in evidence if e.broken]
    missed += [e for e in evidence if e.finding.what == "guarantee" and not e.certified]
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


def _certificate_files(names: Sequence[str]) -> list[Path]:
    files: list[Path] = []
    for path in map(_path, names):
        if not path.exists():
            raise InputError(f"{path}: there is no such file")
        found = sorted(path.rglob("*.cert.json")) if path.is_dir() else [path]
        if not found:
            raise InputError(f"{path}: there is no *.cert.json in this directory")
        files += found
    return files


if __name__ == "__main__":
    main()
