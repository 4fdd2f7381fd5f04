"""`ualign certify`: populations of the user's; and what it shares with `ualign run`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import typer

from ualign.cli.console import (
    MOST_TABLES,
    Progress,
    average_lines,
    complain,
    evidence_line,
    say,
    say_grids,
    say_held_out,
    say_policy,
    say_prompt,
    say_prompt_briefly,
    say_users_needed,
)
from ualign.cli.data_set import certify_data_set, checked_jobs, tell_skipped
from ualign.cli.options import (
    EXIT_NOT_CERTIFIED,
    AsJson,
    AsUsers,
    Bits,
    Cluster,
    Confidence,
    CrossCheck,
    Files,
    HoldoutShare,
    IdColumn,
    Iterates,
    Jobs,
    JointLimit,
    Ks,
    Methods,
    MissingOption,
    OpponentSizes,
    Out,
    PoliciesOut,
    PolicyOption,
    PresetOption,
    PromptWeights,
    Ranks,
    ResultsCsv,
    Rules,
    Scores,
    Seed,
    SkipBad,
    TableRoles,
    Theorems,
    UsersNeeded,
)
from ualign.cli.parsing import (
    cross_checked,
    kept_directory,
    parse_choices,
    parse_holdout,
    parse_ks,
    parse_methods,
    parse_opponents,
    parse_policy,
    parse_rules,
    parse_theorems,
    parse_users_needed,
)
from ualign.cli.prompts import open_population_files, with_weights
from ualign.errors import InputError
from ualign.files import named_path, write_atomically
from ualign.text import counted

if TYPE_CHECKING:
    from ualign.certificates.findings import Judged
    from ualign.exact.method import Method
    from ualign.formats.reading import Reading
    from ualign.model.any_population import AnyPopulation
    from ualign.runs.certify import Options
    from ualign.runs.holdout import Holdout


def certify(
    files: Files,
    k: Ks = "1..8",
    out: Out = None,
    as_json: AsJson = False,
    bits: Bits = 100,
    joint_limit: JointLimit = 2000,
    missing: MissingOption = None,
    id_column: IdColumn = None,
    scores: Scores = None,
    ranks: Ranks = False,
    columns: TableRoles = None,
    as_users: AsUsers = None,
    preset: PresetOption = None,
    skip_bad: SkipBad = False,
    weights: PromptWeights = None,
    l: OpponentSizes = None,
    theorems: Theorems = "main",
    iterates: Iterates = False,
    rules: Rules = "default",
    method: Methods = None,
    policy: PolicyOption = None,
    policies: PoliciesOut = None,
    csv: ResultsCsv = False,
    users_needed: UsersNeeded = None,
    holdout: HoldoutShare = None,
    confidence: Confidence = "19/20",
    seed: Seed = 0,
    cross_check: CrossCheck = False,
    jobs: Jobs = 1,
    cluster: Cluster = None,
) -> None:
    """Certify populations of yours.

    For each k: the guarantee k/(k+1), an enclosure of an equilibrium and whether it is the only
    one, the optimum over all k-output policies, what NLHF and other methods guarantee; with
    --theorems all whatever the theorems say; with --method and --policy what yours guarantee.
    Several files are several prompts; a table holds many, which are certified in shards, with
    results in one file. With --out an interrupted run is resumed.
    """
    from ualign.report.averages import average_grids, averages
    from ualign.runs.certify import BULK_DEGREE
    from ualign.runs.folder import keep_apart
    from ualign.runs.policies import as_method, lines_of

    ks, workers = parse_ks(k), checked_jobs(jobs)
    options = options_from(bits, joint_limit, l or "2", iterates, theorems, rules)
    choices = parse_choices(missing, id_column, scores, ranks, columns, as_users, preset, skip_bad)
    methods, held = parse_methods(method), parse_holdout(holdout, confidence, seed)
    slack, sure = parse_users_needed(users_needed, confidence)
    data = open_population_files(files, choices, weights)
    if data.is_many:
        if held is not None:
            raise InputError("--holdout is for single populations, not for tables of prompts")
        if cross_check:
            raise InputError("--cross-check is for single populations, not for tables of prompts")
        if slack is not None:
            raise InputError("--users-needed is for single populations, not for tables of prompts")
        asked = replace(options, opponents=parse_opponents(l or "1"), degree=BULK_DEGREE)
        with kept_directory(out) as directory:
            missed = certify_data_set(
                data,
                weights,
                ks,
                directory,
                asked,
                jobs=workers,
                cluster=cluster,
                methods=method or (),
                policies=parse_policy(policy, methods, map(data.name, range(len(data)))),
                policies_out=policies,
                as_csv=csv,
                as_json=as_json,
                kept=out is not None,
            )
        leave_unless_certified(missed)
        return
    if csv:
        raise InputError("--csv is for tables of prompts: their results are in one file")
    prompts, shares = with_weights(data, weights)
    tell_skipped(data)
    readings = dict(prompts)
    own = parse_policy(policy, methods, readings)
    yours = {
        prompt: (*methods, as_method(own, prompt, reading.population.responses))
        for prompt, reading in prompts
        if own is not None
    }
    evidence: list[Judged] = []
    with kept_directory(out) as directory, cross_checked(cross_check) as agreement:
        keep_apart(directory, prompts)
        populations = [(prompt, reading.population) for prompt, reading in prompts]
        for prompt, found in certified_prompts(
            *(populations, ks, directory, options), readings=readings, methods=methods, own=yours
        ):
            evidence += found
            if as_json:
                for e in found:
                    say(evidence_line(e, readings[prompt], kept=out is not None))
            elif len(prompts) <= MOST_TABLES:
                say_prompt(prompt, readings[prompt], found)
                if own is not None:
                    say_policy(own.name, found)
            else:
                say_prompt_briefly(prompt, readings[prompt], found)
        for prompt, reading in prompts if held is not None else ():
            tested = held_out_of(prompt, reading, ks, directory, held)
            evidence += tested
            if as_json:
                for e in tested:
                    say(evidence_line(e, reading, kept=out is not None))
            else:
                say_held_out(prompt, tested)
    if slack is not None:
        say_users_needed(readings, ks, slack, sure, as_json)
    if len(prompts) > 1:
        rows = averages(evidence, shares)
        if as_json:
            for line in average_lines(rows):
                say(line)
        else:
            say_grids(
                f"weighted average over {len(prompts)} prompts", average_grids(rows, len(prompts))
            )
    if policies is not None:
        text = "".join(f"{line}\n" for line in lines_of(evidence))
        write_atomically(named_path(policies), text.encode())
    if out is not None and not as_json:
        resumed = any(e.resumed for e in evidence)
        say(f"certificates: {out} ({file_count(evidence, resumed)})")
    if agreement and not as_json:
        say(str(agreement))
    leave_unless_certified(evidence)


def held_out_of(
    prompt: str, reading: Reading, ks: Sequence[int], directory: Path, held: Holdout | None
) -> list[Judged]:
    """What users held out certify. Raises InputError where users did not say everything."""
    from ualign.model.population import Population
    from ualign.runs.holdout import certify_held_out

    if held is None:
        return []
    if not isinstance(reading.population, Population):
        raise InputError(f"{prompt}: users can be held out where all of them rank everything")
    return certify_held_out(prompt, reading.population, ks, directory, held, reading)


def options_from(
    bits: int, joint_limit: int, l: str, iterates: bool, theorems: str, rules: str
) -> Options:
    """What the command's options ask for. Raises InputError for what cannot be asked."""
    from ualign.runs.certify import Options

    opponents, labels = parse_opponents(l), parse_theorems(theorems)
    return Options(bits, joint_limit, opponents, iterates, labels, parse_rules(rules))


def certified_prompts(
    prompts: Sequence[tuple[str, AnyPopulation]],
    ks: Sequence[int],
    directory: Path,
    options: Options,
    special: Mapping[str, Options] = MappingProxyType({}),
    *,
    readings: Mapping[str, Reading] = MappingProxyType({}),
    resume: bool = True,
    methods: Sequence[Method] = (),
    own: Mapping[str, Sequence[Method]] = MappingProxyType({}),
    all_k: bool = True,
) -> Iterator[tuple[str, list[Judged]]]:
    """Each prompt with its evidence, by the options that are special to it if there are any, and
    with the reading that it is from; by its `own` methods, if there are any, else by `methods`; for
    all k at once too, unless `all_k` is false. The progress
    bar makes room while the caller prints it."""
    from ualign.runs.certify import certify_prompt, parts_of

    asked = {prompt: own.get(prompt, methods) for prompt, _ in prompts}
    steps = sum(len(parts_of(ks, each, all_k)) + 1 for each in asked.values())
    with Progress(steps) as progress:
        for prompt, population in prompts:
            found = certify_prompt(
                prompt,
                population,
                ks,
                directory,
                special.get(prompt, options),
                progress.step,
                reading=readings.get(prompt),
                resume=resume,
                methods=asked[prompt],
                all_k=all_k,
            )
            with progress.paused():
                yield prompt, found


def file_count(evidence: Sequence[Judged], resumed: bool = True) -> str:
    """How many files the evidence is in, and how many of them are resumed."""
    places = {e.file: e.resumed for e in evidence if e.file}
    earlier = f", {sum(places.values())} of them from an earlier run"
    return counted(len(places), "file") + earlier * resumed


def leave_unless_certified(evidence: Sequence[Judged], every_claim: bool = False) -> None:
    """Exit 3 unless the guarantee is certified throughout and nothing failed that never should (or,
    if asked, every claim is accepted)."""
    missed = [e for e in evidence if e.wanting]
    if every_claim:
        missed += [e for e in evidence if e.verdict not in ("ACCEPTED", "none")]
    if missed:
        first = missed[0]
        number = len({id(e) for e in missed})
        place = f"{first.finding.theorem} at {first.prompt}, k = {first.finding.k}"
        refused = [f"{v.verdict}, {v.detail}" for v in first.verdicts if not v.accepted]
        why = refused[0] if refused else first.finding.note
        complain(f"{counted(number, 'finding')} not certified, first {place} ({why})")
        raise typer.Exit(EXIT_NOT_CERTIFIED)
