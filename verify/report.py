"""Tables and figures of what was certified, for people: fractions with a decimal beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from verify.dossier import Evidence
from verify.methods import Guarantee

if TYPE_CHECKING:
    from rich.table import Table

LONGEST = 24
"""Fractions with more characters than this are shown by their decimal alone."""

COLUMNS = {
    "guarantee": "guarantee (P1)",
    "equilibrium": "equilibrium (P2)",
    "uniqueness": "unique? (E2)",
    "joint-optimum": "joint optimum (E4)",
    "nlhf": "NLHF (P4)",
}


def decimal(number: Fraction, places: int = 6) -> str:
    """The number to `places` decimals, rounded half up, without passing through a float."""
    scaled = (abs(number) * 10**places * 2 + 1).__floor__() // 2
    whole, part = divmod(scaled, 10**places)
    return f"{'-' if number < 0 and scaled else ''}{whole}.{part:0{places}d}"


def fraction(number: Fraction) -> str:
    """A fraction with its decimal; beyond a line's worth of digits the decimal and the size."""
    text = str(number)
    if number.denominator == 1:
        return text
    if len(text) > LONGEST:
        return f"{decimal(number)}… ({len(str(number.denominator))}-digit fraction)"
    return f"{text} = {decimal(number)}"


def value(evidence: Evidence) -> str:
    """What a finding says, in a table's cell."""
    finding = evidence.finding
    if evidence.verdict not in ("ACCEPTED", "none"):
        return f"not certified ({evidence.verdict})"
    if finding.what == "guarantee":
        rate = Fraction(finding.k, finding.k + 1)
        if finding.value == rate:
            return fraction(rate)
        share = f"{rate.numerator}/{rate.denominator}"
        loss = rate - (finding.value or Fraction(0))
        power = f"2^-{loss.denominator.bit_length() - loss.numerator.bit_length()}"
        note = "" if evidence.certified else " (not certified)"
        return f"{share} - {power} = {decimal(rate)}{note}"
    if finding.what in ("equilibrium", "uniqueness") or finding.value is None:
        return finding.evidence
    return fraction(finding.value)


def table(title: str, evidence: Sequence[Evidence]) -> Table:
    """One row a k, one column a statement, and the checker's verdict over all of them."""
    from rich.table import Table

    result = Table(title=title, title_justify="left")
    result.add_column("k", justify="right")
    for heading in COLUMNS.values():
        result.add_column(heading)
    result.add_column("checker")
    for k in dict.fromkeys(e.finding.k for e in evidence):
        row = {e.finding.what: value(e) for e in evidence if e.finding.k == k}
        claims = [v for e in evidence if e.finding.k == k for v in e.verdicts]
        good = sum(v.accepted for v in claims)
        verdict = f"{good}/{len(claims)} accepted"
        result.add_row(str(k), *(row.get(what, "") for what in COLUMNS), verdict)
    return result


def notes(evidence: Sequence[Evidence]) -> list[str]:
    """What a table's cells leave out, each said once, with the ks it holds for."""
    said: dict[str, list[int]] = {}
    for e in evidence:
        text = e.finding.note
        refused = [v for v in e.verdicts if not v.accepted]
        if refused:
            text = f"{refused[0].verdict}, {refused[0].code}: {refused[0].detail}"
        if text and e.finding.what != "equilibrium":
            said.setdefault(f"{e.finding.theorem}: {text}", []).append(e.finding.k)
    return [f"k = {_ranges(ks)}: {text}" for text, ks in said.items()]


def _ranges(ks: Sequence[int]) -> str:
    parts: list[list[int]] = []
    for k in sorted(ks):
        if parts and parts[-1][-1] == k - 1:
            parts[-1].append(k)
        else:
            parts.append([k])
    return ", ".join(str(p[0]) if len(p) == 1 else f"{p[0]}..{p[-1]}" for p in parts)


def averages(
    evidence: Sequence[Evidence], weights: Mapping[str, Fraction]
) -> dict[int, dict[str, Fraction | None]]:
    """Per k the prompts' weighted averages of the guarantee, the joint optimum and NLHF.

    None where a prompt has no certified value. An average of lower bounds is a lower bound."""
    total = sum(weights.values())
    result: dict[int, dict[str, Fraction | None]] = {}
    for k in dict.fromkeys(e.finding.k for e in evidence):
        row: dict[str, Fraction | None] = {}
        for what in ("guarantee", "joint-optimum", "nlhf"):
            found = {
                e.prompt: e.finding.value
                for e in evidence
                if e.finding.k == k and e.finding.what == what and e.verdict == "ACCEPTED"
            }
            parts = [(weight, found.get(prompt)) for prompt, weight in weights.items()]
            values = [weight * v for weight, v in parts if v is not None]
            row[what] = sum(values, Fraction(0)) / total if len(values) == len(parts) else None
        result[k] = row
    return result


def average_table(rows: Mapping[int, Mapping[str, Fraction | None]], prompts: int) -> Table:
    """The weighted averages over the prompts."""
    from rich.table import Table

    result = Table(title=f"weighted average over {prompts} prompts", title_justify="left")
    result.add_column("k", justify="right")
    whats = ("guarantee", "joint-optimum", "nlhf")
    for what in whats:
        result.add_column(COLUMNS[what])
    for k, row in rows.items():
        cells = ["-" if (v := row[what]) is None else fraction(v) for what in whats]
        result.add_row(str(k), *cells)
    return result


def comparison_table(title: str, guarantees: Sequence[Guarantee]) -> Table:
    """One row a k, one column a method: exact worst-case win rates."""
    from rich.table import Table

    methods = list(dict.fromkeys(g.method for g in guarantees))
    result = Table(title=title, title_justify="left")
    result.add_column("k", justify="right")
    result.add_column("k/(k+1)")
    for method in methods:
        result.add_column(method)
    for k in dict.fromkeys(g.k for g in guarantees):
        row = {g.method: g for g in guarantees if g.k == k}
        cells = ["-" if (w := row[m].worst) is None else fraction(w.value) for m in methods]
        result.add_row(str(k), fraction(Fraction(k, k + 1)), *cells)
    return result


def comparison_figure(title: str, guarantees: Sequence[Guarantee], path: Path) -> None:
    """The methods' worst-case win rates against k, with k/(k+1); SVG, PDF or PNG by suffix."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    styles = {
        "equilibrium": ("#0072B2", "-", "o"),
        "joint-optimum": ("#009E73", "-", "^"),
        "nlhf": ("#D55E00", "-", "s"),
        "rlhf-borda": ("#CC79A7", "--", "D"),
        "plurality": ("#56B4E9", "--", "v"),
        "random-dictatorship": ("#E69F00", "-.", "P"),
        "uniform": ("#000000", ":", "X"),
    }
    figure, axes = plt.subplots(figsize=(7.5, 4.5), layout="constrained")
    ks = sorted({g.k for g in guarantees})
    axes.plot(ks, [k / (k + 1) for k in ks], color="0.6", linewidth=5, alpha=0.5, label="k/(k+1)")
    for method in dict.fromkeys(g.method for g in guarantees):
        points = [(g.k, float(g.worst.value)) for g in guarantees if g.method == method and g.worst]
        color, line, marker = styles[method]
        axes.plot(
            *zip(*points, strict=True) if points else ([], []),
            color=color,
            linestyle=line,
            marker=marker,
            markersize=4,
            markevery=max(1, len(points) // 16),
            label=method,
        )
    axes.set_xlabel("number of outputs k")
    axes.set_ylabel("worst-case win rate against one response")
    axes.set_ylim(-0.02, 1.02)
    axes.set_title(title if len(title) < 70 else title[:69] + "…", fontsize=10)
    if len(ks) > 12:
        axes.set_xscale("log", base=2)
        axes.xaxis.set_major_formatter(lambda v, _: f"{v:g}")
    axes.grid(alpha=0.3)
    figure.legend(loc="outside right upper", frameon=False, fontsize=9)
    figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)
    plt.close(figure)


def summary(evidence: Sequence[Evidence], directory: Path) -> str:
    """A Markdown page of what was certified: per theorem and instance, value, claims, file."""
    lines = [
        "# Certified on the built-in suite",
        "",
        "Every value below stands in a certificate file that the checker has accepted, unless its",
        "verdict says otherwise.",
        "",
        "| theorem | instance | k | value | evidence | verdict | certificate |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for e in sorted(evidence, key=lambda e: (e.finding.theorem, e.prompt, e.finding.k)):
        f = e.finding
        shown = "" if f.value is None else f"{f.relation} {fraction(f.value)}"
        path = e.path.relative_to(directory).as_posix()
        cells = [f.theorem, e.prompt, str(f.k), shown, f.evidence, e.verdict, f"[file]({path})"]
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"
