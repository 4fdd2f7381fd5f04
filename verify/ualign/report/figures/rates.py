"""The figures of a report on the theory's rates: accepted optima next to closed forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from ualign.certificates.archive import Archive
from ualign.certificates.document import population_of
from ualign.certificates.findings import JOINT, PRODUCT, Bound, Json
from ualign.model.population import Population
from ualign.model.rates import joint_rate, product_rate, uniform_rankings_rate, union_rate
from ualign.model.uniform_rankings import UniformRankings, is_uniform
from ualign.report.charts import GREY, NO_LINE, PALETTE, Curve, Panel
from ualign.report.figures.figure import Figure, OutputsAxis, thinned
from ualign.report.numbers import Grid, in_cell
from ualign.text import fraction

MOST_CURVES, LARGEST_K = 5, 64


def uniform_optimum(archive: Archive) -> Figure | None:
    """V(n, k), the best that any k outputs can do on uniform rankings, against n (P3)."""
    found: dict[int, dict[int, Bound]] = {}
    for j in archive.about("P3", "rate-uniform"):
        n, k, value = uniform_size(archive.populations[j.prompt]), j.finding.k, j.optimum(JOINT)
        if n and k and k > 1 and value is not None:
            found.setdefault(k, {})[n] = value
    if not found:
        return None
    found = {k: found[k] for k in thinned(sorted(found), MOST_CURVES)}
    sizes = sorted({n for exact in found.values() for n in exact})
    drawn = sorted({round(2 ** (i / 8)) for i in range(1 + 8 * max(sizes[-1], 64).bit_length())})
    curves = []
    for place, (k, exact) in enumerate(found.items()):
        color, line, marker = PALETTE[place]
        closed = tuple((float(n), float(uniform_rankings_rate(n, k))) for n in drawn)
        points = tuple((float(n), float(v.value)) for n, v in sorted(exact.items()))
        limit = tuple((float(n), k / (k + 1)) for n in (drawn[0], drawn[-1]))
        curves += [
            Curve("", limit, GREY),
            Curve("", closed, color, line),
            Curve(f"k = {k}", points, color, NO_LINE, marker, size=8),
        ]
    marked = (n for e in range(7) for n in (10**e, 3 * 10**e) if n <= drawn[-1])
    ticks = tuple((float(n), str(n)) for n in marked)
    panel = Panel(
        "uniform rankings", "number of responses n", "optimum over all k-output policies",
        tuple(curves), ticks, logx=True,
    )  # fmt: skip
    rows = [
        [f"k = {k}", *(in_cell(exact[n], k) if n in exact else "" for n in sizes), f"{k}/{k + 1}"]
        for k, exact in found.items()
    ]
    return Figure(
        "optimum",
        "The best possible, on uniform rankings",
        "All n! rankings equally likely: the most that k outputs of any kind can be sure to win."
        " Markers: optima that the checker accepted, attained and capped. Curves: the closed form"
        " of P3, exact at every n and drawn from floats; grey: its limit k/(k+1).",
        (panel,),
        (("optimum", Grid(["", *(f"n = {n}" for n in sizes), "limit"], rows)),),
    )


def uniform_size(population: Json) -> int | None:
    """The number of responses, if all their strict rankings are equally likely."""
    found = population_of(population)
    if isinstance(found, UniformRankings):
        return found.n
    return found.n if isinstance(found, Population) and is_uniform(found) else None


RATES: tuple[tuple[str, str, str, str, Callable[[int, int], Fraction]], ...] = (
    ("best k outputs of any kind, f_ℓ(k)", "E4", "joint-optimum", JOINT, joint_rate),
    ("best product policy, g_ℓ(k)", "E5", "product-optimum", PRODUCT, product_rate),
    ("an equilibrium, 1 - ℓ/(k+1)", "P7", "guarantee", "", union_rate),
)

Least = Mapping[tuple[int, str], Mapping[int, tuple[Bound, str]]]
"""By l, rate and k: the least number that was accepted, and the instance it was accepted on."""


def known_rates(archive: Archive) -> Figure | None:
    """The rates against l outputs, and the least certified on any instance (E4, E5, P7)."""
    least: dict[tuple[int, str], dict[int, tuple[Bound, str]]] = {}
    for label, theorem, what, cap, _ in RATES:
        for j in archive.about(theorem, what):
            l, k = j.finding.question.l, j.finding.k
            if l == 1:
                continue
            value = j.optimum(cap, l) if cap else j.worst_case(l)
            row = least.setdefault((l, label), {})
            if k and value is not None and (k not in row or value.value < row[k][0].value):
                row[k] = value, j.prompt
    ls = sorted({l for (l, _), row in least.items() if row})[:2]
    if not ls:
        return None
    return Figure(
        "rates",
        "Against competitors with several outputs",
        "What k outputs win against ℓ outputs. Curves: the closed forms of E4, E5 and P7, exact at"
        " every k and drawn from floats. Hollow markers: the least optimum (for the equilibrium,"
        " the least guarantee) that the checker accepted on any population here; on a curve, that"
        " rate is attained.",
        tuple(_rates_panel(l, least) for l in ls),
        tuple((f"ℓ = {l}", _rates_grid(l, least)) for l in ls),
    )


def _rates_panel(l: int, least: Least) -> Panel:
    axis = OutputsAxis(range(1, 1 + max([LARGEST_K, *(k for row in least.values() for k in row)])))
    curves = []
    for place, (label, _, _, _, rate) in enumerate(RATES):
        color, line, marker = PALETTE[place]
        sensible = (k for k in axis.ks if rate(l, k) >= 0)
        closed = tuple((float(k), float(rate(l, k))) for k in sensible)
        found = sorted(least.get((l, label), {}).items())
        points = tuple((float(k), float(bound.value)) for k, (bound, _) in found)
        curves += [
            Curve(label, closed, color, line),
            Curve("", points, color, NO_LINE, marker, 9 - 2 * place),
        ]
    label, ticks = f"win rate against {l} outputs", axis.ticks(limit=False)
    return Panel(
        f"ℓ = {l}", "number of outputs k", label, tuple(curves), ticks, (-0.02, 1.02), logx=True
    )


def _rates_grid(l: int, least: Least) -> Grid:
    rows = [
        [label, str(k), fraction(rate(l, k)), in_cell(bound, k), instance]
        for label, _, _, _, rate in RATES
        for k, (bound, instance) in sorted(least.get((l, label), {}).items())
    ]
    return Grid(["rate", "k", "closed form", "least certified", "instance"], rows)
