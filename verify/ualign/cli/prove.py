"""`ualign prove`: the symbolic proofs for all parameters."""

from __future__ import annotations

from typing import Annotated

import typer

from ualign.cli.console import Progress, complain, say_proof
from ualign.cli.help import proof_labels, some_of
from ualign.cli.options import EXIT_NOT_CERTIFIED, AsJson
from ualign.errors import InputError
from ualign.text import counted


def prove(
    theorems: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[THEOREM]",
            help="Labels such as P3 or E5.",
            autocompletion=some_of(proof_labels),
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Decide the algebra of the proofs, for all parameters.

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
        raise typer.Exit(EXIT_NOT_CERTIFIED)
