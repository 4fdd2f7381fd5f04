"""`ualign compare`: what several methods guarantee."""

from __future__ import annotations

import typer

from ualign.cli.console import (
    MOST_TABLES,
    Progress,
    comparison_line,
    complain,
    evidence_line,
    say,
    say_comparison,
    say_grids,
    say_meetings,
)
from ualign.cli.data_set import tell_skipped
from ualign.cli.options import (
    EXIT_NOT_CERTIFIED,
    AsJson,
    AsUsers,
    Bits,
    CrossCheck,
    Draws,
    Files,
    IdColumn,
    JointLimit,
    Ks,
    MethodNames,
    Methods,
    MissingOption,
    Out,
    PolicyOption,
    PresetOption,
    PromptWeights,
    Ranks,
    Scores,
    SkipBad,
    TableRoles,
)
from ualign.cli.parsing import (
    cross_checked,
    kept_directory,
    parse_choices,
    parse_ks,
    parse_method_names,
    parse_methods,
    parse_policy,
)
from ualign.cli.prompts import numbers_with_weights, open_population_files
from ualign.files import SUFFIX, file_name, write_atomically
from ualign.text import counted, printable


def compare(
    files: Files,
    k: Ks = "1..16",
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
    method: Methods = None,
    methods: MethodNames = "all",
    policy: PolicyOption = None,
    draws: Draws = None,
    cross_check: CrossCheck = False,
) -> None:
    """Compare what several methods guarantee.

    Their exact worst-case win rates against single responses side by side, with those of yours by
    --method and --policy; over several prompts also on average; with --draws also draws of each
    against draws of each other, head to head. With --out also the certificates and figures.
    """
    from ualign.report.averages import ComparedAverages
    from ualign.report.figures.methods import comparison
    from ualign.report.svg import svg_file
    from ualign.runs.certify import Options
    from ualign.runs.compare import compare_prompt
    from ualign.runs.folder import keep_apart
    from ualign.runs.head_to_head import meet_prompt
    from ualign.runs.policies import as_method

    ks, options = parse_ks(k), Options(bits, joint_limit)
    choices = parse_choices(missing, id_column, scores, ranks, columns, as_users, preset, skip_bad)
    own_rules, ls = parse_methods(method), parse_ks(draws, "--draws") if draws else []
    chosen = (*parse_method_names(methods), *own_rules)
    data = open_population_files(files, choices, weights)
    numbers, shares = numbers_with_weights(data, weights)
    tell_skipped(data)
    own = parse_policy(policy, own_rules, shares)
    broken: list[str] = []
    averages = ComparedAverages(shares)
    with (
        kept_directory(out) as directory,
        cross_checked(cross_check) as agreement,
        Progress(len(numbers) * (len(ks) + 1)) as progress,
    ):
        keep_apart(directory, data.readings(numbers))
        for prompt, reading in data.readings(numbers):
            everyone = [*chosen]
            if own is not None:
                everyone.append(as_method(own, prompt, reading.population.responses))
            population = reading.ranked(prompt)
            asked = ks, directory, options, progress.step
            found = compare_prompt(prompt, population, *asked, reading=reading, methods=everyone)
            met = []
            if ls:
                instance = options.instance(population)
                met = meet_prompt(prompt, instance, ks, ls, directory, everyone, reading=reading)
            compared = [judged for _, judged in found]
            broken += [
                f"{result.method} at {prompt}, k = {result.k} ({judged.verdict}: {result.note})"
                for result, judged in found
                if judged.missed
            ]
            for judged in compared:
                averages.add(judged)
            broken += [
                f"{m.method} against {m.opponent} at {prompt} ({m.judged.verdict})"
                for m in met
                if m.value is None
            ]
            with progress.paused():
                if as_json:
                    for result, judged in found:
                        say(comparison_line(reading, result, judged, kept=out is not None))
                    for meeting in met:
                        say(evidence_line(meeting.judged, kept=out is not None))
                elif len(numbers) <= MOST_TABLES:
                    say_comparison(prompt, reading, compared)
                    say_meetings(prompt, met)
            if out is not None:
                figure = directory / file_name(prompt, "compare").replace(SUFFIX, ".svg")
                write_atomically(figure, svg_file(comparison(printable(prompt), compared)))
    if len(numbers) > 1 and not as_json:
        title = f"weighted average over {len(numbers)} prompts"
        say_grids(title, averages.grids(len(numbers)))
    if agreement and not as_json:
        say(str(agreement))
    if broken:
        complain(f"{counted(len(broken), 'value')} not certified, first {broken[0]}")
        raise typer.Exit(EXIT_NOT_CERTIFIED)
