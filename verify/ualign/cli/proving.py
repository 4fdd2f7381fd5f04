"""The commands about statements in general: `prove` and `counterexample`."""

from __future__ import annotations

from typing import Annotated

import typer

from ualign.cli.arguments import named_path, parse_ks
from ualign.cli.console import Progress, complain, say_proof
from ualign.cli.options import NOT_CERTIFIED, Json, Out
from ualign.errors import InputError
from ualign.text import counted


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


def counterexample(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME", help="A built-in conjecture, all, or FILE.py:NAME of yours."
        ),
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
    shrunk, certified and checked. Without a name the conjectures are listed; "all" refutes those
    that are false. Exit code 0 whether or not one is found, 3 if the checker refuses it.
    """
    from ualign.cli import counterexample as command

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
