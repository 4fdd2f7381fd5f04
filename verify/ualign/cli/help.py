"""What `--help` shows: commands and options in groups, and what a shell completes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from typer.core import TyperCommand, TyperGroup

READ, ASKED, WRITTEN = "What is read", "What is asked", "What is written"
IN_ORDER = ("Arguments", READ, ASKED, WRITTEN)
"""The groups that many commands have, in the order in which all of them show these."""


class GroupedCommand(TyperCommand):
    """A command whose help shows its options group by group, those of no group last."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the options' part of the help."""
        _write_options(self, ctx, formatter)


class GroupedCommands(TyperGroup):
    """The commands, of which the help shows each group under its own heading."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the commands, and after them the options of `ualign` itself."""
        visible = [command for command in self.commands.values() if not command.hidden]
        width = formatter.width - 6 - max(len(command.name or "") for command in visible)
        _write(
            formatter,
            (
                (group_of(command, "Commands"), (command.name, command.get_short_help_str(width)))
                for command in visible
            ),
        )
        _write_options(self, ctx, formatter)


def group_of(thing: Any, otherwise: str) -> str:
    """The group that a command, an option or an argument was given."""
    return getattr(thing, "rich_help_panel", None) or otherwise


def _write_options(command: Any, ctx: Any, formatter: Any) -> None:
    parameters = command.get_params(ctx)
    grouped = [p for p in parameters if group_of(p, "")]
    rest = [p for p in parameters if not group_of(p, "")]
    arguments = [p for p in rest if p.param_type_name == "argument"]
    options = [p for p in rest if p.param_type_name == "option"]
    _write(
        formatter,
        (
            (group_of(p, heading), record)
            for heading, members in (("Arguments", [*arguments, *grouped]), ("Options", options))
            for p in members
            if (record := p.get_help_record(ctx)) is not None
        ),
    )


def _write(formatter: Any, records: Iterable[tuple[str, Any]]) -> None:
    sections = defaultdict(list)
    for heading, record in records:
        sections[heading].append(record)
    for heading in sorted(sections, key=_place):
        with formatter.section(heading):
            formatter.write_dl(sections[heading])


def _place(heading: str) -> int:
    return IN_ORDER.index(heading) if heading in IN_ORDER else len(IN_ORDER)


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
