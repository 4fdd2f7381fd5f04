"""Tables that the site makes of the package itself, so that nobody keeps them by hand."""

from __future__ import annotations

import html
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

import typer
import ualign
import yaml
from ualign.cli import main
from ualign.cli.help import grouped_commands, grouped_options
from ualign.counterexamples import CONJECTURES
from ualign.exact.methods import METHODS
from ualign.report.words import question_words
from ualign.text import counted
from ualign.theorems import MAIN, THEOREMS

import proofs_checks
from proofs_checks.document import anchor

ROOT = Path(__file__).resolve().parents[2]
STATES = dict(zip(proofs_checks.GOOD, ("proved", "agree", "cited"), strict=True))
PACKAGES = (
    "ualign.api", "ualign.model", "ualign.formats", "ualign.exact", "ualign.counterexamples",
    "ualign.certificates",
)  # fmt: skip
"""In this order the Python reference shows what is public; what is of no package comes last."""


def table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    headings = list(headings)
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def plain(text: str) -> str:
    """Text as it is, whatever Markdown or HTML would make of it, in one cell of a table."""
    escaped = html.escape(" ".join(text.split()), quote=False)
    return "".join(f"&#{ord(c)};" if c in "|*_`[]\\$" else c for c in escaped)


def commands() -> str:
    """Every command with what its `--help` says."""
    top: Any = typer.main.get_command(main.app)
    context = top.make_context("ualign", [], resilient_parsing=True)
    parts = []
    for group, members in grouped_commands(top, 80).items():
        parts.append(f"## {group}")
        parts += [_command(top.commands[name], context) for name, _ in members]
    return "\n\n".join([*parts, "## The command itself", *_options(top, context)])


def _command(command: Any, parent: Any) -> str:
    context = command.make_context(command.name, [], parent=parent, resilient_parsing=True)
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    says = [plain(paragraph) for paragraph in command.help.split("\n\n")]
    heading = f"### ualign {command.name}"
    return "\n\n".join([heading, f"```text\n{usage}\n```", *says, *_options(command, context)])


def _options(command: Any, context: Any) -> list[str]:
    tables = []
    for group, records in grouped_options(command, context).items():
        rows = [[f"`{option}`", plain(says)] for option, says in records if option != "--help"]
        tables += [table([group, ""], rows)] if rows else []
    return tables


def python() -> str:
    """What `import ualign` offers, package by package, for mkdocstrings to fill in."""
    homes: dict[str, list[str]] = defaultdict(list)
    for name in ualign.__all__:
        home = ".".join(ualign._HOME[name].split(".")[:2])
        homes[home].append(name)
    parts = []
    for home in sorted(homes, key=lambda h: (h not in PACKAGES, [*PACKAGES, h].index(h))):
        about = (import_module(home).__doc__ or "").split("\n\n")[0]
        parts += [f"## {home.removeprefix('ualign.')}", plain(about)]
        parts += [f"::: ualign.{name}" for name in homes[home]]
    return "\n\n".join(parts)


def theorems() -> str:
    """Every theorem, with what is certified of it on populations and how its proof stands."""
    coq: Counter[str] = Counter()
    for line in (ROOT / "proofs_checks/coq/theorems.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            coq[line.split()[0]] += 1
    rows = []
    for theorem in proofs_checks.theorems():
        label = theorem.source
        grades = Counter(obligation.claim.grade for obligation in theorem.obligations)
        steps = ", ".join(f"{grades[g]} {STATES[g]}" for g in proofs_checks.GOOD if grades[g])
        known = THEOREMS.get(label)
        rows.append(
            [
                label,
                f"[{theorem.title}](proofs.md#{anchor(theorem)})",
                "" if known is None else plain(known.statement),
                "" if known is None else "yes" if label in MAIN else "`--theorems all`",
                steps,
                counted(coq[label], "theorem") if coq[label] else "",
            ]
        )
    headings = ["", "theorem", "certified on a population", "by default"]
    return table([*headings, "steps of the proof", "checked by Coq"], rows)


def conjectures() -> str:
    """The built-in conjectures and what is known of each."""
    rows = [
        [f"`{c.name}`", plain(c.sentence), c.verdict, plain(c.why)] for c in CONJECTURES.values()
    ]
    return table(["name", "conjecture", "verdict", "why"], rows)


def methods() -> str:
    """The built-in alignment methods."""
    rows = [[f"`{name}`", plain(question_words(m.question))] for name, m in METHODS.items()]
    return table(["method", "what it is"], rows)


def exit_codes() -> str:
    """What the command's exit codes mean, a line each."""
    text = " ".join((main.__doc__ or "").partition("Exit codes: ")[2].split()).partition(". ")[0]
    parts = [part.partition(" ") for part in text.split("; ")]
    return table(["exit code", ""], [[code, plain(meaning)] for code, _, meaning in parts])


def citation() -> str:
    """BibTeX of the software and of the paper, from CITATION.cff."""
    about = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    (paper,) = about["references"]
    authors = " and ".join(a["family-names"] for a in paper["authors"])
    identifier = paper["identifiers"][0]["value"].removeprefix("arXiv:")
    return f"""```bibtex
@software{{ualign,
  title   = {{{about["title"]}}},
  author  = {{{{{about["authors"][0]["name"]}}}}},
  version = {{{about["version"]}}},
  license = {{{about["license"]}}}
}}

@article{{paper,
  title         = {{{paper["title"]}}},
  author        = {{{authors}}},
  year          = {{{paper["year"]}}},
  eprint        = {{{identifier}}},
  archiveprefix = {{arXiv}}
}}
```"""


TABLES: dict[str, Callable[[], str]] = {
    table_of.__name__: table_of
    for table_of in (commands, exit_codes, python, theorems, conjectures, methods, citation)
}
"""What a page may ask for by `{{ name }}`."""
