"""The command `ualign`. Results go to stdout, progress and errors to stderr.

Exit codes: 0 done; 1 `check` met a REJECTED or MALFORMED claim, or `regress` a drift; 2 bad usage
or input; 3 something was not certified (or over the checker's budget); 130 interrupted; 141 nobody
reads the output.
Heavy libraries load when a command needs them.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer
from typer.completion import shell_complete
from typer.exceptions import TyperException

from ualign.cli.certify import certify
from ualign.cli.check import check
from ualign.cli.compare import compare
from ualign.cli.console import complain, life_signs, say
from ualign.cli.counterexample import counterexample
from ualign.cli.export import export
from ualign.cli.help import GroupedCommand, GroupedCommands
from ualign.cli.lock import lock
from ualign.cli.options import EXIT_NOT_CERTIFIED
from ualign.cli.prove import prove
from ualign.cli.regress import regress
from ualign.cli.report import report
from ualign.cli.run import run
from ualign.errors import FaultError, InputError, on_the_command_line
from ualign.files import reason

COMMANDS: dict[str, tuple[Callable[..., None], ...]] = {
    "What holds on a population": (run, certify, compare, report),
    "What was certified, and still is": (check, lock, regress, export),
    "What holds on all populations": (counterexample, prove),
}
COMPLETE = "_UALIGN_COMPLETE"
"""In this variable a shell says what it wants completed."""

app = typer.Typer(
    name="ualign",
    help="Exact, independently checked certificates for asymptotic universal alignment.",
    no_args_is_help=True,
    cls=GroupedCommands,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from ualign.certificates.document import package_version

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


for group, commands in COMMANDS.items():
    for command in commands:
        app.command(cls=GroupedCommand, rich_help_panel=group)(command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; bad input is one line on stderr and exit code 2, never a traceback."""
    _fill_standard_streams()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # names that the terminal's encoding lacks
            stream.reconfigure(errors="backslashreplace")
    sys.set_int_max_str_digits(0)  # numbers from files are limited where they are read
    if arguments is None:
        for number in filter(None, (signal.SIGTERM, getattr(signal, "SIGHUP", None))):
            if signal.getsignal(number) == signal.SIG_DFL:  # under nohup it is ignored
                signal.signal(number, signal.default_int_handler)  # clean up, as for Ctrl-C
        with life_signs(), on_the_command_line():
            sys.exit(_run(sys.argv[1:]))
    with on_the_command_line():
        code = _run(arguments)
    sys.exit(code)


def _fill_standard_streams() -> None:
    """Put the null device where a standard stream is closed (`>&-`), so that writing to it does no
    harm, and no file that is opened later takes its number."""
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        continue
    os.close(number)
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            mode = "r" if name == "stdin" else "w"
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115


def _run(arguments: Sequence[str]) -> int:
    try:
        command = typer.main.get_command(app)
        if wanted := os.environ.get(COMPLETE):
            return shell_complete(command, {}, "ualign", COMPLETE, wanted)
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
        resuming = {"certify": "--out", "run": "--resume"}
        options = [resuming[argument] for argument in arguments[:1] if argument in resuming]
        hints = [f"; with {o}, the same command goes on where this one stopped" for o in options]
        complain("".join(["interrupted", *hints]))
        return 130
    except FaultError as error:
        complain(f"not certified: {error}")
        return EXIT_NOT_CERTIFIED
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


if __name__ == "__main__":
    main()
