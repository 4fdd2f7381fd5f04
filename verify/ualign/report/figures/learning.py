"""The figures on learning: a run of picks beside another (E14), and regularisation's path (E17)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import log

from ualign.certificates.archive import Archive
from ualign.certificates.findings import Bound, Json
from ualign.report.charts import GREY, PALETTE, Curve, Panel
from ualign.report.figures.figure import Figure
from ualign.report.numbers import Grid, in_cell

MOST_RUNS, MOST_PATHS = 2, 2


Wins = dict[int, Bound]
"""Worst cases by the number of steps."""


def learning(archive: Archive) -> Figure | None:
    """Where learning from picks goes with two draws and with three, and what it wins (E14)."""
    steps: dict[str, dict[int, Json]] = {}
    for j in archive.about("E14", "step"):
        if (claim := j.accepted_claim("picks")) and j.finding.k:
            steps.setdefault(j.prompt, {})[j.finding.k] = claim
    wins: dict[str, dict[int, Wins]] = {}
    for j in archive.about("E14", "last"):
        bound, k, rounds = j.worst_case(), j.finding.k, j.finding.question.rounds
        if bound is not None and k and rounds:
            wins.setdefault(j.prompt, {}).setdefault(k, {})[rounds - 1] = bound
    away = [name for name, found in steps.items() if 1 in found and len(found) > 1]
    chosen = sorted(away, key=lambda name: (-len(steps[name][1]["policies"]), name))[:MOST_RUNS]
    if not chosen:
        return None
    panels, grids = [], []
    for name in chosen[:1]:
        few = min(k for k in steps[name] if k > 1)
        panels += [_path(name, k, steps[name][k]) for k in (1, few)]
    for name in chosen:
        panels.append(_won(name, wins.get(name, {})))
        grids.append((name, _grid(wins.get(name, {}))))
    return Figure(
        "learning",
        "Learning from picks",
        "Above: the masses of two responses, step by step from the start (square); the triangle is"
        " the equilibrium. The checker accepted of every point on the left (k = 1, two draws) that"
        " the next exact step leads farther from it, on the right that it comes nearer. Steps are"
        " rounded to short masses before the next. Below: what the policies fall short of k/(k+1)"
        " by, after so many steps.",
        tuple(panels),
        tuple(grids),
    )


def _path(name: str, k: int, claim: Json) -> Panel:
    centre: dict[str, Fraction] = {y: Fraction(mass) for y, mass in claim["centre"].items()}
    first, second = [*claim["policies"][0]][:2]
    points = [
        (float(Fraction(pi.get(first, "0"))), float(Fraction(pi.get(second, "0"))))
        for pi in claim["policies"]
    ]
    goal = (float(centre.get(first, 0)), float(centre.get(second, 0)))
    (color, line, marker), (second_color, _, square), (third_color, _, triangle) = PALETTE[:3]
    curves = (
        Curve("after each step", tuple(points), color, line, marker, 4.0),
        Curve("start", (points[0],), second_color, line, square, 9.0),
        Curve("equilibrium", (goal,), third_color, line, triangle, 10.0),
    )
    draws = f"{name}: {k + 1} draws"
    return Panel(draws, f"mass of {first}", f"mass of {second}", curves)


def _won(name: str, found: Mapping[int, Wins]) -> Panel:
    curves = []
    for place, (k, wins) in enumerate(sorted(found.items())):
        color, line, marker = PALETTE[place % len(PALETTE)]
        losses = ((t, Fraction(k, k + 1) - bound.value) for t, bound in sorted(wins.items()))
        points = tuple((float(t), float(loss)) for t, loss in losses if loss > 0)
        curves.append(Curve(f"k = {k}", points, color, line, marker))
    ticks = tuple((float(t), str(t)) for t in sorted({t for wins in found.values() for t in wins}))
    return Panel(name, "steps", "shortfall from k/(k+1)", tuple(curves), ticks, logy=True)


def _grid(found: Mapping[int, Wins]) -> Grid:
    steps = sorted({t for wins in found.values() for t in wins})
    rows = [
        [f"k = {k}", *(in_cell(wins[t], k) if t in wins else "" for t in steps)]
        for k, wins in sorted(found.items())
    ]
    return Grid(["worst case after", *(f"{t} steps" for t in steps)], rows)


def regularised(archive: Archive) -> Figure | None:
    """What regularised training wins at each temperature, above the bound of the theorem (E17)."""
    found: dict[str, dict[int, dict[Fraction, Bound]]] = {}
    sizes = {}
    for j in archive.judged:
        claim = j.accepted_claim("regularised")
        if claim is not None and _is_even(claim["reference"]) and j.finding.k:
            bound = j.worst_case()
            if bound is not None:
                runs = found.setdefault(j.prompt, {}).setdefault(j.finding.k, {})
                runs[Fraction(claim["tau"])] = bound
                sizes[j.prompt] = len(claim["reference"])

    def lost(name: str) -> Fraction:
        """The shortfall that is left at the lowest temperature."""
        return max(Fraction(k, k + 1) - runs[min(runs)].value for k, runs in found[name].items())

    chosen = sorted(found, key=lambda name: (-lost(name), name))[:MOST_PATHS]
    chosen = [name for name in chosen if lost(name) > 0]
    if not chosen:
        return None
    return Figure(
        "regularised",
        "Regularised training",
        "What the regularised policy falls short of k/(k+1) by, against the temperature tau, with"
        " the uniform policy as reference: exact for a rational policy that the checker accepted to"
        " be within a tiny radius of it. The broad grey line is the theorem's tau ln n, for all k.",
        tuple(_temperatures(name, found[name], sizes[name]) for name in chosen),
        tuple((name, _by_temperature(found[name])) for name in chosen),
    )


def _is_even(masses: Json) -> bool:
    return len({*masses.values()}) == 1


def _temperatures(name: str, found: Mapping[int, Mapping[Fraction, Bound]], n: int) -> Panel:
    taus = sorted({tau for runs in found.values() for tau in runs})
    bound = tuple((float(tau), float(tau) * log(n)) for tau in taus if n > 1)
    curves = [Curve("tau ln n", bound, GREY, broad=True)]
    for place, (k, runs) in enumerate(sorted(found.items())):
        color, line, marker = PALETTE[place % len(PALETTE)]
        losses = ((tau, Fraction(k, k + 1) - value.value) for tau, value in sorted(runs.items()))
        points = tuple((float(tau), float(loss)) for tau, loss in losses if loss > 0)
        curves.append(Curve(f"k = {k}", points, color, line, marker))
    ticks = tuple((float(tau), f"{float(tau):g}") for tau in taus)
    label = "shortfall from k/(k+1)"
    return Panel(name, "temperature tau", label, tuple(curves), ticks, logx=True, logy=True)


def _by_temperature(found: Mapping[int, Mapping[Fraction, Bound]]) -> Grid:
    taus = sorted({tau for runs in found.values() for tau in runs}, reverse=True)
    rows = [
        [f"k = {k}", *(in_cell(runs[tau], k) if tau in runs else "" for tau in taus)]
        for k, runs in sorted(found.items())
    ]
    return Grid(["worst case at", *(f"tau = {float(tau):g}" for tau in taus)], rows)
