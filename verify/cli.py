"""The command `ualign`. Results go to stdout, progress and errors to stderr.

Exit codes: 0 done; 1 `check` met a REJECTED or MALFORMED claim; 2 bad usage or input; 3 something
was not certified (or over the checker's budget); 130 interrupted; 141 nobody reads the output.
Heavy libraries load when a command needs them.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from typer.exceptions import TyperException

from verify.arguments import (
    certificate_files,
    named_path,
    parse_ks,
    parse_opponents,
    parse_theorems,
    read_population_files,
)
from verify.atomic import reason, write_atomically
from verify.console import (
    Progress,
    average_lines,
    comparison_line,
    complain,
    counted,
    evidence_line,
    printable,
    say,
    say_comparison,
    say_grids,
    say_prompt,
    say_prompt_briefly,
    say_proof,
    say_verdict,
)
from verify.population import FaultError, InputError, Population

if TYPE_CHECKING:
    from verify.dossier import Evidence, Options
    from verify.uniform_rankings import UniformRankings

Listed = TypeVar("Listed", bound="Population | UniformRankings")

NOT_CERTIFIED = 3
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
    list[str],
    typer.Argument(metavar="FILE", help="Populations; a directory stands for its files."),
]
Ks = Annotated[
    str, typer.Option("-k", metavar="KS", help="Numbers of outputs: 3, 1..8 or 1,2,4..6.")
]
Out = Annotated[
    str | None, typer.Option("--out", metavar="DIR", help="Keep the files in this directory.")
]
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line on stdout.")]
Bits = Annotated[int, typer.Option("--bits", metavar="BITS", help="Certify k/(k+1) - 2^-BITS.")]
Opponents = Annotated[
    str, typer.Option("-l", metavar="LS", help="Opponents' numbers of outputs beyond 1: 2 or 2..3.")
]
Theorems = Annotated[
    str, typer.Option("--theorems", metavar="WHICH", help="main, all, or labels such as P1,E5.")
]
Iterates = Annotated[
    bool, typer.Option("--iterates", help="Keep self-play's iterates in the certificates.")
]
JointLimit = Annotated[
    int,
    typer.Option("--joint-limit", metavar="N", help="Joint optimum up to this many k-multisets."),
]
MissingOption = Annotated[
    str,
    typer.Option(
        "--missing", metavar="HOW", help="Unranked responses: tied-last, drop-user or error."
    ),
]
Weights = Annotated[
    str | None,
    typer.Option(
        "--weights", metavar="FILE", help="CSV prompt,weight for the averages over prompts."
    ),
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
    out: Annotated[
        str, typer.Option("--out", metavar="DIR", help="Where the report goes.")
    ] = "reports",
    as_json: Json = False,
    bits: Bits = 100,
    joint_limit: JointLimit = 2000,
    l: Opponents = "2..3",
    theorems: Theorems = "all",
    iterates: Iterates = False,
) -> None:
    """Certify the built-in suite and write a report.

    Needs no input. Exit code 3 if any claim is not accepted by the checker.
    """
    from verify.constructions import built_in_suite, disagreements
    from verify.dossier import Options, prepare_directory
    from verify.report import summary, theorem_grids

    ks, options = (
        parse_ks(k),
        Options(bits, joint_limit, parse_opponents(l), iterates, parse_theorems(theorems)),
    )
    directory = prepare_directory(named_path(out))
    certificates = prepare_directory(directory / "certificates")
    evidence = []
    for _, found in _certify(built_in_suite(), ks, certificates, options):
        evidence += found
        for e in found if as_json else ():
            say(evidence_line(e))
    write_atomically(directory / "summary.md", summary(evidence, directory).encode())
    if not as_json:
        say_grids("the theorems on the built-in suite", theorem_grids(evidence))
        say(f"report: {directory / 'summary.md'}")
    wrong = disagreements((e.prompt, e.finding) for e in evidence if e.certified)
    if wrong:
        complain(f"{counted(len(wrong), 'number')} at odds with a closed form, first {wrong[0]}")
        raise typer.Exit(NOT_CERTIFIED)
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
    l: Opponents = "2",
    theorems: Theorems = "main",
    iterates: Iterates = False,
) -> None:
    """Certify populations of yours.

    For each k: the guarantee k/(k+1), an enclosure of an equilibrium and whether it is the only
    one, the optimum over all k-output policies, what NLHF and other methods guarantee; with
    --theorems all whatever the theorems say. Several files are several prompts. With --out an
    interrupted run is resumed.
    """
    from verify.dossier import Options
    from verify.report import average_grids, averages

    ks, options = (
        parse_ks(k),
        Options(bits, joint_limit, parse_opponents(l), iterates, parse_theorems(theorems)),
    )
    prompts, shares = read_population_files(files, missing, weights)
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
        if as_json:
            for line in average_lines(rows, len(prompts)):
                say(line)
        else:
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
    """Compare what several methods guarantee.

    Their exact worst-case win rates against single responses side by side; with --out also the
    certificates and a figure.
    """
    from verify.comparison import compare_prompt
    from verify.dossier import Options, file_name
    from verify.figure import comparison_figure

    ks, options = parse_ks(k), Options(bits, joint_limit)
    prompts, _ = read_population_files(files, missing, None)
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
                comparison_figure(printable(prompt), compared, figure)
    if broken:
        complain(f"{counted(len(broken), 'value')} not certified, first {broken[0]}")
        raise typer.Exit(NOT_CERTIFIED)


@app.command()
def check(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE", help="Certificate files, or directories.")
    ],
    as_json: Json = False,
    max_work: Annotated[
        int | None, typer.Option(metavar="N", help="Steps of work a claim may cost.")
    ] = None,
    max_bytes: Annotated[int | None, typer.Option(metavar="N", help="Largest file.")] = None,
    max_digits: Annotated[int | None, typer.Option(metavar="N", help="Longest number.")] = None,
    max_depth: Annotated[int | None, typer.Option(metavar="N", help="Deepest nesting.")] = None,
) -> None:
    """Run the trusted checker over certificate files.

    It runs in a process of its own. Exit code 0 if all claims are accepted, 1 if one is rejected or
    malformed, else 3 if one is over a budget.
    """
    from verify.certificate import stream_verdicts

    given = {"work": max_work, "bytes": max_bytes, "digits": max_digits, "depth": max_depth}
    budget = {name: limit for name, limit in given.items() if limit is not None}
    for name, limit in budget.items():
        if limit < 1:
            raise InputError(f"--max-{name} {limit}: expected a positive number")
    seen: dict[str, int] = {}
    for verdict in stream_verdicts(certificate_files(files), budget=budget):
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


@app.command()
def prove(
    theorems: Annotated[
        list[str] | None, typer.Argument(metavar="[THEOREM]", help="Labels such as P3 or E5.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Run the symbolic proofs for all parameters.

    Theorem by theorem, each obligation with its state: proved by computer algebra, in agreement
    with the definition on exact instances, or a classical fact that is cited. Its false variant is
    tried as well and has to be refused. Exit code 3 if an obligation fails.
    """
    import proofs_checks

    wanted = {name.upper() for name in theorems or ()}
    unknown = wanted - set(proofs_checks.names())
    if unknown:
        known = ", ".join(proofs_checks.names())
        raise InputError(f"there is no proof of {min(unknown)}; there are {known}")
    chosen = [name for name in proofs_checks.names() if not wanted or name in wanted]
    failed: list[str] = []
    with Progress(len(chosen)) as progress:
        for name in chosen:
            progress.step(f"{name}: loading", 0)
            theorem = proofs_checks.load(name)
            states = []
            for obligation in theorem.obligations:
                progress.step(f"{name}: {obligation.says}", 0)
                states.append((obligation.says, obligation.state()))
            failed += [f"{name}: {says} ({s})" for says, s in states if s not in proofs_checks.GOOD]
            with progress.paused():
                say_proof(theorem, states, as_json)
            progress.step(f"{name}: done", 1)
    if failed:
        complain(f"{counted(len(failed), 'obligation')} not proved, first {failed[0]}")
        raise typer.Exit(NOT_CERTIFIED)


@app.command()
def lock(
    directory: Annotated[str, typer.Argument(metavar="DIR", help="A folder of certificates.")],
    as_json: Json = False,
) -> None:
    """Write down which certificates are below a directory.

    The file manifest.json there names every claim, which the checker has to accept (else exit code
    3), and what was found; `ualign regress` and `pytest --ualign-manifest` hold later states
    against it.
    """
    from verify.manifest import NAME
    from verify.manifest import lock as lock_directory

    path = named_path(directory)
    manifest, obstacles = lock_directory(path)
    for obstacle in obstacles:
        complain(obstacle)
    if manifest is None:
        raise typer.Exit(NOT_CERTIFIED)
    claims, files = len(manifest.claims), len({claim.file for claim in manifest.claims})
    if as_json:
        say(json.dumps({"manifest": str(path / NAME), "files": files, "claims": claims}))
    else:
        say(f"{path / NAME}: {counted(claims, 'claim')} in {counted(files, 'file')}")


@app.command()
def regress(
    directory: Annotated[str, typer.Argument(metavar="DIR", help="A folder of certificates.")],
    as_json: Json = False,
) -> None:
    """Find a locked directory's findings again and report what drifted.

    Exit code 0 if nothing did, 1 if something did, 2 if the files are not those that were locked,
    3 if something is not certified.
    """
    from verify.regression import read_locked
    from verify.regression import regress as find_again

    locked = read_locked(named_path(directory))
    with Progress(locked.steps) as progress:
        found = find_again(locked, progress.step)
    for drift in found.drifts:
        for line in [drift.as_json()] if as_json else map(printable, drift.lines()):
            say(line)
    for file in locked.unasked:
        complain(f"{file}: checked, but its provenance does not say what was asked")
    for failure in found.not_certified:
        complain(f"not certified: {failure}")
    if not as_json:
        say(f"{counted(found.findings, 'finding')} compared, {len(found.drifts)} drifted")
    if found.drifts:
        raise typer.Exit(1)
    if found.not_certified:
        raise typer.Exit(NOT_CERTIFIED)


@app.command()
def report(
    directory: Annotated[str, typer.Argument(metavar="DIR", help="Where certificate files are.")],
    out: Annotated[
        str | None, typer.Option("--out", metavar="DIR2", help="Where the report goes; else DIR.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Write a page with figures about certificate files.

    report.html, report.md and figures, from the files below DIR and the checker's verdicts alone.
    Exit code 3 if a claim is not accepted; the page then says which, and shows no number of it.
    """
    from verify.accepted import read_archive
    from verify.page import write_report

    root, files = named_path(directory), certificate_files([directory])
    if not root.is_dir():
        raise InputError(f"{root}: not a directory")
    archive = read_archive(root, files)
    pages = write_report(archive, root if out is None else named_path(out))
    for page in pages:
        say(json.dumps({"page": str(page)}) if as_json else f"report: {page}")
    if archive.refused:
        complain(f"{counted(len(archive.refused), 'claim')} not accepted")
        raise typer.Exit(NOT_CERTIFIED)


@app.command()
def counterexample(
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME", help="A built-in conjecture, or FILE.py:NAME of yours."),
    ] = None,
    k: Annotated[
        str | None, typer.Option("-k", metavar="KS", help="Numbers of outputs to try.")
    ] = None,
    responses: Annotated[
        int | None, typer.Option("--responses", metavar="N", help="Most responses to try.")
    ] = None,
    users: Annotated[
        int | None, typer.Option("--users", metavar="M", help="Most users to try.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", metavar="SEED", help="For what is random.")] = 0,
    budget: Annotated[
        float, typer.Option("--budget", metavar="SECONDS", help="Time for the search.")
    ] = 60,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Search for a counterexample to a conjecture.

    All small populations, then larger ones by linear programs and at random; what is found is
    shrunk, certified and checked. Without a name the conjectures are listed. Exit code 0 whether
    or not one is found, 3 if the checker refuses it.
    """
    from verify.counterexamples import command

    code = command.counterexample(
        name,
        ks=() if k is None else parse_ks(k),
        responses=responses,
        users=users,
        seed=seed,
        budget=budget,
        out=None if out is None else named_path(out),
        as_json=as_json,
    )
    if code:
        raise typer.Exit(code)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; bad input is one line on stderr and exit code 2, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # names that the terminal's encoding lacks
            stream.reconfigure(errors="backslashreplace")
    sys.set_int_max_str_digits(0)  # numbers from files are limited where they are read
    if arguments is None:
        arguments = sys.argv[1:]
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # clean up, as for Ctrl-C
    sys.exit(_run(arguments))


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
    except OSError as error:  # of stdout, or of a temporary file; other files are InputErrors
        # what stdout has buffered must not be tried again at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):  # ualign ... | head
            return 141
        complain(f"cannot write: {reason(error)}")
        return 2
    except KeyboardInterrupt:
        resumes = any(command in arguments for command in ("certify", "run"))
        hint = "; with --out, the same command goes on where this one stopped"
        complain("interrupted" + hint * resumes)
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


@contextmanager
def _directory(out: str | None) -> Iterator[Path]:
    """The directory that was asked for, or one that is gone afterwards."""
    from verify.dossier import prepare_directory

    if out is not None:
        yield prepare_directory(named_path(out))
    else:
        with tempfile.TemporaryDirectory(prefix="ualign-") as temporary:
            yield Path(temporary)


def _certify(
    prompts: Sequence[tuple[str, Listed]], ks: Sequence[int], directory: Path, options: Options
) -> Iterator[tuple[Listed, list[Evidence]]]:
    """Each prompt with its evidence; the progress bar makes room while the caller prints it."""
    from verify.dossier import certify_prompt

    with Progress(len(prompts) * (len(ks) + 2)) as progress:
        for prompt, population in prompts:
            found = certify_prompt(prompt, population, ks, directory, options, progress.step)
            with progress.paused():
                yield population, found


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


if __name__ == "__main__":
    main()
