"""`ualign run`: the built-in suite and its report."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from ualign.cli.certify import certified_prompts, file_count, leave_unless_certified, options_from
from ualign.cli.console import complain, evidence_line, say, say_grids
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
    cross_checked,
    parse_ks,
    parse_rules,
)
from ualign.files import named_path
from ualign.text import counted

if TYPE_CHECKING:
    from ualign.certificates.findings import Judged


def run(
    k: Ks = "1..4",
    out: Annotated[
        str, typer.Option("--out", metavar="DIR", help="Where the report goes.")
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
    self-play is played, and all of them on one instance. The report is on all certificates in its
    directory. Exit code 3 if any claim is not accepted by the checker.
    """
    from ualign.certificates.archive import read_archive
    from ualign.constructions import ALL_RULES, built_in_suite, disagreements
    from ualign.files import SUFFIX, prepare_directory
    from ualign.report.page import write_report
    from ualign.report.tables import theorem_grids

    ks = parse_ks(k)
    options = options_from(bits, joint_limit, l, iterates, theorems, rules)
    special = {} if options.rules else {ALL_RULES: replace(options, rules=parse_rules("all"))}
    directory = prepare_directory(named_path(out))
    certificates = prepare_directory(directory / "certificates")
    evidence: list[Judged] = []
    with cross_checked(True) as agreement:
        for _, found in certified_prompts(
            built_in_suite(), ks, certificates, options, special, resume=resume
        ):
            evidence += found
            for e in found if as_json else ():
                say(evidence_line(e))
    files = sorted(directory.rglob(f"*{SUFFIX}"))
    known = [verdict for e in evidence for verdict in e.verdicts]
    remark = "" if resume else f"{agreement}."
    pages = write_report(read_archive(directory, files, known), directory, remark=remark)
    if not as_json:
        say_grids("the theorems on the built-in suite", theorem_grids(evidence))
        if resume:
            say(f"certificates: {certificates} ({file_count(evidence)})")
        say(str(agreement))
        for page in pages:
            say(f"report: {page}")
    wrong = disagreements((e.prompt, e.finding) for e in evidence if e.certified)
    if wrong:
        complain(f"{counted(len(wrong), 'number')} at odds with a closed form, first {wrong[0]}")
        raise typer.Exit(EXIT_NOT_CERTIFIED)
    leave_unless_certified(evidence, every_claim=True)
