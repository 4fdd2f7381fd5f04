"""The figure of learning from a sample of users: what it won, and how many suffice (E13)."""

from __future__ import annotations

from fractions import Fraction

from ualign.certificates.archive import Archive
from ualign.certificates.findings import Bound
from ualign.exact.holdout import learner_slack, users_needed
from ualign.report.charts import GREY, PALETTE, Curve, Panel, nested
from ualign.report.figures.figure import Figure, OutputsAxis, by_k, telling
from ualign.report.numbers import Grid
from ualign.theorems.e13_users_needed import CONFIDENCE, USERS

MOST_LEARNT = 4
SLACK, SIZES = Fraction(1, 20), (3, 10, 100)
"""By how much the policy learnt may fall short of k/(k+1), and for how many responses, where the
users that suffice are drawn."""
OUTPUTS = 1, 2, 4, 8, 16, 32, 64


def users(archive: Archive) -> Figure | None:
    """What policies learnt from a sample fall short of k/(k+1) by, below what the theorem allows;
    and how many users it asks for at a given slack."""
    found: dict[str, dict[int, Bound]] = {}
    for j in archive.about("E13", "learner"):
        bound, k = j.worst_case(), j.finding.k
        if bound is not None and k:
            found.setdefault(j.prompt, {})[k] = bound
    lost = {name: _lost(exact) for name, exact in found.items()}
    chosen = telling(lost, lambda name: max(lost[name].values()))[:MOST_LEARNT]
    if not chosen:
        return None
    most = max(len(archive.populations[name]["responses"]) for name in chosen)
    return Figure(
        "users",
        "How many users have to be asked",
        f"First: what a policy learnt from {USERS} users, drawn at random, falls short of k/(k+1)"
        " by in its worst case, which the checker accepted; one run for each population and k."
        f" The broad grey line is the slack s that the theorem allows with confidence {CONFIDENCE}"
        f" for n = {most}. Second: numbers of users m with which that slack is at most {SLACK}, in"
        " closed form, whoever the users are.",
        (_learnt({name: lost[name] for name in chosen}, most), _sufficient()),
        (
            (f"Worst cases after {USERS} users", by_k("population", {n: found[n] for n in chosen})),
            (f"Users with which the slack is at most {SLACK}", _sufficient_grid()),
        ),
    )


def _lost(exact: dict[int, Bound]) -> dict[int, Fraction]:
    return {k: Fraction(k, k + 1) - bound.value for k, bound in exact.items()}


def _learnt(lost: dict[str, dict[int, Fraction]], n: int) -> Panel:
    axis = OutputsAxis(sorted({k for losses in lost.values() for k in losses}))
    slack = tuple((float(k), float(learner_slack(n, k, USERS, CONFIDENCE))) for k in axis.ks)
    curves = [Curve(f"allowed for n = {n}", slack, GREY, broad=True)]
    for place, (name, losses) in enumerate(lost.items()):
        color, line, marker = PALETTE[place]
        points = tuple((float(k), float(loss)) for k, loss in sorted(losses.items()))
        curves.append(Curve(name, points, color, line, marker, nested(place)))
    return Panel(
        f"learnt from {USERS} users", "number of outputs k", "shortfall from k/(k+1)",
        tuple(curves), axis.ticks(limit=False), logx=axis.is_logarithmic,
    )  # fmt: skip


def _sufficient() -> Panel:
    curves = []
    for place, n in enumerate(SIZES):
        color, line, marker = PALETTE[place]
        points = tuple((float(k), float(users_needed(n, k, SLACK, CONFIDENCE))) for k in OUTPUTS)
        curves.append(Curve(f"n = {n}", points, color, line, marker))
    return Panel(
        f"slack {SLACK}", "number of outputs k", "users that suffice", tuple(curves),
        OutputsAxis(OUTPUTS).ticks(limit=False), logx=True, logy=True,
    )  # fmt: skip


def _sufficient_grid() -> Grid:
    rows = [
        [f"n = {n}", *(str(users_needed(n, k, SLACK, CONFIDENCE)) for k in OUTPUTS)] for n in SIZES
    ]
    return Grid(["responses", *(f"k = {k}" for k in OUTPUTS)], rows)
