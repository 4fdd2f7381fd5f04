"""`ualign run`: the built-in suite and its report."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Annotated

import typer

from ualign.cli.certify import certified_prompts, file_count, leave_unless_certified, options_from
from ualign.cli.console import complain, evidence_line, say
from ualign.cli.help import WRITTEN
from ualign.cli.options import (
    EXIT_NOT_CERTIFIED,
    AsJson,
    Bits,
    Iterates,
    JointLimit,
    Ks,
    OpponentSizes,
    Resume,
    Rules,
    Theorems,
)
from ualign.cli.parsing import cross_checked, parse_ks, parse_rules
from ualign.files import SUFFIX, named_path, prepare_directory
from ualign.text import counted

if TYPE_CHECKING:
    from ualign.certificates.findings import Judged


DEFAULT_KS = "1..4"
FURTHER_THEOREMS = "P1", "P2", "P4", "E4", "E9", "E16"
"""With the default numbers of outputs, what is certified of some instances beyond them, so that it
can be seen where the curves lead."""


def run(
    k: Ks = DEFAULT_KS,
    out: Annotated[
        str,
        typer.Option(
            "--out", metavar="DIR", help="Where the report goes.", rich_help_panel=WRITTEN
        ),
    ] = "reports",
    as_json: AsJson = False,
    bits: Bits = 100,
    joint_limit: JointLimit = 2000,
    l: OpponentSizes = "2..3",
    theorems: Theorems = "all",
    iterates: Iterates = False,
    rules: Rules = "default",
    resume: Resume = False,
) -> None:
    """Certify the built-in suite and write a report.

    Needs no input, and computes everything anew unless it is to --resume. Every linear program is
    solved by PuLP and by CVXPY as well, whose exact values have to agree. By default one rule of
    self-play is played, and all of them on one instance; the axioms (E20) and learning (E14, E17)
    are asked of some instances, unless they are asked for by name; and some are certified for some
    k up to 64. The report is on all certificates in its directory; what was certified is printed in
    short, with --json as a last object. Exit code 3 if any claim is not accepted by the checker.
    """
    from ualign.certificates.archive import read_archive
    from ualign.constructions import (
        ALL_RULES,
        LARGER_KS,
        built_in_suite,
        disagreements,
        theorems_of,
    )
    from ualign.report.page import write_report
    from ualign.report.summary import summary

    ks, suite = parse_ks(k), built_in_suite()
    options = options_from(bits, joint_limit, l or "1", iterates, theorems, rules)
    special = {
        label: replace(options, theorems=theorems_of(label, options.theorems, theorems != "all"))
        for label, _ in suite
    }
    if not options.rules and ALL_RULES in special:
        special[ALL_RULES] = replace(special[ALL_RULES], rules=parse_rules("all"))
    directory = prepare_directory(named_path(out))
    certificates = prepare_directory(directory / "certificates")
    evidence: list[Judged] = []
    with cross_checked(True) as agreement:
        further = replace(
            options,
            opponents=(),
            theorems=tuple(t for t in FURTHER_THEOREMS if t in options.theorems),
        )
        goes_on = ks == parse_ks(DEFAULT_KS) and further.theorems
        for _, found in chain(
            certified_prompts(suite, ks, certificates, options, special, resume=resume),
            *(
                certified_prompts(
                    [entry for entry in suite if LARGER_KS.get(entry[0]) == larger],
                    larger,
                    certificates,
                    further,
                    resume=resume,
                    all_k=False,
                )
                for larger in dict.fromkeys(LARGER_KS.values() if goes_on else ())
            ),
        ):
            evidence += found
            for e in found if as_json else ():
                say(evidence_line(e))
    files = sorted(directory.rglob(f"*{SUFFIX}"))
    known = [verdict for e in evidence for verdict in e.verdicts]
    remark = "" if resume else f"{agreement}."
    pages = write_report(read_archive(directory, files, known), directory, remark=remark)
    certified = summary(evidence)
    if as_json:
        say(json.dumps({"summary": certified.as_json(), "report": str(pages[0])}))
    else:
        for line in certified.lines():
            say(line)
        if resume:
            say(f"certificates: {certificates} ({file_count(evidence)})")
        say(str(agreement))
        say(f"report: {pages[0]}")
    wrong = disagreements((e.prompt, e.finding) for e in evidence if e.certified)
    if wrong:
        complain(f"{counted(len(wrong), 'number')} at odds with a closed form, first {wrong[0]}")
        raise typer.Exit(EXIT_NOT_CERTIFIED)
    leave_unless_certified(evidence, every_claim=True)
