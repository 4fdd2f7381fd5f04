"""What `--help` shows: commands and options in groups, and what a shell completes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from typer.core import TyperCommand, TyperGroup

READ, ASKED, WRITTEN = "What is read", "What is asked", "What is written"
HOW = "How it is done"
FIRST, LAST = ("Arguments", READ, ASKED, WRITTEN, HOW), "Options"
"""The groups that many commands have, in the order in which all of them show these."""


Records = dict[str, list[tuple[str, str]]]
"""By group: commands, options or arguments, each with what is said of it."""


class GroupedCommand(TyperCommand):
    """A command whose help shows its options group by group, those of no group last."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the options' part of the help."""
        _write(formatter, grouped_options(self, ctx))


class GroupedCommands(TyperGroup):
    """The commands, of which the help shows each group under its own heading."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the commands, and after them the options of `ualign` itself."""
        _write(formatter, grouped_commands(self, formatter.width))
        _write(formatter, grouped_options(self, ctx))


def grouped_commands(group: TyperGroup, width: int) -> Records:
    """The commands with the first sentence of their help, cut to fit."""
    found: Records = defaultdict(list)
    names = group.commands
    for name, command in names.items():
        help = command.get_short_help_str(width - 6 - max(map(len, names)))
        found[_group(command, "Commands")].append((name, help))
    return found


def grouped_options(command: Any, ctx: Any) -> Records:
    """The arguments and options with their help; the groups that many commands have come first, and
    options of no group last."""
    found: Records = defaultdict(list)
    for parameter in command.get_params(ctx):
        record = parameter.get_help_record(ctx)
        if record is not None:
            found[_group(parameter, f"{parameter.param_type_name.title()}s")].append(record)
    order = [*FIRST, *(heading for heading in found if heading not in (*FIRST, LAST)), LAST]
    return {heading: found[heading] for heading in order if heading in found}


def _group(thing: Any, otherwise: str) -> str:
    return getattr(thing, "rich_help_panel", None) or otherwise


def _write(formatter: Any, records: Records) -> None:
    for heading, members in records.items():
        with formatter.section(heading):
            formatter.write_dl(members)


def one_of(*words: str) -> Callable[[str], list[str]]:
    """Completes one of these words."""
    return lambda incomplete: [word for word in words if word.startswith(incomplete)]


def some_of(words: Callable[[], Iterable[str]]) -> Callable[[str], list[str]]:
    """Completes the last of several words, which commas divide; the words are loaded only then."""

    def complete(incomplete: str) -> list[str]:
        before, comma, last = incomplete.rpartition(",")
        return [
            f"{before}{comma}{word}"
            for word in words()
            if word.lower().startswith(last.lower()) and word not in before.split(",")
        ]

    return complete


def theorem_labels() -> list[str]:
    """main, all, and the labels of the theorems that populations are certified for."""
    from ualign.theorems import THEOREMS

    return ["main", "all", *THEOREMS]


def preset_names() -> Iterable[str]:
    """Data sets whose columns are known."""
    from ualign.formats.presets import PRESETS

    return PRESETS


def rule_names() -> list[str]:
    """default, all, and the rules of self-play."""
    from ualign.exact.self_play import DYNAMICS

    return ["default", "all", *DYNAMICS]


def proof_labels() -> list[str]:
    """The theorems with a proof for all parameters."""
    import proofs_checks

    return proofs_checks.names()


def conjecture_names() -> list[str]:
    """all, and the built-in conjectures."""
    from ualign.counterexamples import CONJECTURES

    return ["all", *CONJECTURES]
