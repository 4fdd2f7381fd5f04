"""Numbers, findings, averages and comparisons in cells; tables fitted to a width."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import WHATS, compared, evidence
from ualign.certificates.checking import FAULT
from ualign.certificates.findings import GUARANTEE, Bound, Question, within
from ualign.report.averages import average_grids, averages
from ualign.report.comparison_tables import compared_grids
from ualign.report.notes import certified_notes, compared_notes
from ualign.report.numbers import (
    BRIEF,
    DECIMALS,
    FULL,
    Grid,
    below_rate,
    fitted,
    ranges,
    shortened,
    stated,
)
from ualign.report.tables import certified_grids, example, further_grids, value
from ualign.text import decimal, fraction


def test_decimals() -> None:
    assert decimal(Fraction(2, 3)) == "0.666667"
    assert decimal(Fraction(2, 3), 5, down=True) == "0.66666"
    assert decimal(Fraction(-1, 3)) == "-0.333333"
    assert decimal(Fraction(-1, 10**9)) == "0.000000"
    assert decimal(Fraction(1, 2 * 10**6)) == "0.000001"
    assert decimal(Fraction(10**30 + 1, 10**30)) == "1.000000"
    assert decimal(Fraction(123, 100), 2) == "1.23"


@given(st.fractions(-3, 3), st.integers(1, 9))
def test_decimals_are_within_half_a_unit(number: Fraction, places: int) -> None:
    assert abs(Fraction(decimal(number, places)) - number) <= Fraction(1, 2 * 10**places)
    floor = Fraction(decimal(number, places, down=True))
    assert 0 <= abs(number) - abs(floor) < Fraction(1, 10**places)


def test_fractions() -> None:
    assert fraction(Fraction(3)) == "3"
    assert fraction(Fraction(77, 135)) == "77/135 (0.570370)"
    assert fraction(Fraction(1, 10**40)) == "0.000000 (41-digit fraction)"


@given(st.integers(1, 200), st.fractions(0, 1).filter(bool))
def test_what_lies_below_the_rate_is_never_overstated(k: int, loss: Fraction) -> None:
    """k/(k+1) - 2^-e is a lower bound, and k/(k+1) - 2^-(e+1) would not be one."""
    text = below_rate(Fraction(k, k + 1) - loss, k)
    share, _, power = text.partition(" - 2^-")
    assert share == f"{k}/{k + 1}"
    assert Fraction(1, 2) ** (int(power) + 1) < loss <= Fraction(1, 2) ** int(power)


def test_cells_for_numbers() -> None:
    near = Fraction(2, 3) - Fraction(3, 2**100)
    assert stated(Bound("=", near), 2) == "≥ 2/3 - 2^-98"
    assert stated(Bound("=", Fraction(3, 5)), 2) == "3/5 (0.600000)"
    assert stated(Bound(">=", Fraction(6, 10) - Fraction(1, 2**50)), 2, within(50)) == (
        "≥ 0.599999 (within 2^-50)"
    )
    assert stated(Bound(">=", Fraction(1, 3)), 2, within(50)) == "≥ 1/3 (0.333333) (within 2^-50)"
    assert stated(Bound("<=", Fraction(1, 3))) == "≤ 1/3 (0.333333)"
    assert stated(Bound("<=", Fraction(1, 3)), level=DECIMALS) == "≤ 0.33334"
    assert stated(Bound("=", Fraction(3, 5)), 2, level=DECIMALS) == "0.60000"
    assert stated(Bound(">=", Fraction(2, 3)), 2, level=DECIMALS) == "≥ 0.66666"


@given(st.fractions(0, 1), st.sampled_from(["<=", ">="]), st.sampled_from([FULL, BRIEF, DECIMALS]))
def test_bounds_are_rounded_to_the_safe_side(number: Fraction, relation: str, level: int) -> None:
    sign, shown = stated(Bound(relation, number), level=level).split()[:2]
    if relation == ">=":
        assert (sign, Fraction(shown) <= number) == ("≥", True)
    else:
        assert (sign, Fraction(shown) >= number) == ("≤", True)


def test_ranges() -> None:
    assert ranges([3, 1, 2, 7, 9, 10, 9]) == "1..3, 7, 9..10"
    assert ranges([]) == ""


@pytest.mark.parametrize("level", [FULL, BRIEF, DECIMALS])
def test_a_refused_finding_shows_no_number(level: int) -> None:
    for theorem in WHATS:
        for said in ("REJECTED", "MALFORMED", "OVER_BUDGET", FAULT):
            refused = evidence(theorem, Fraction(97, 101), said=said)
            assert value(refused, level) == f"not certified ({said})"
            assert not refused.certified
    assert value(evidence("E2", None, grade="unique", said="REJECTED"), level).startswith(
        "not cert"
    )


def test_cells() -> None:
    bound = Fraction(2, 3) - Fraction(1, 2**100)
    assert value(evidence()) == "2/3 (0.666667)"
    near = evidence("P1", bound, relation=">=", grade="within 2^-100")
    assert [value(near, level) for level in (FULL, BRIEF)] == [
        "2/3 - 2^-100 (0.666667)",
        "2/3 - 2^-100",
    ]
    short = evidence(
        "P1", Fraction(2, 3) - Fraction(1, 2**13), relation=">=", grade="not certified"
    )
    assert value(short, BRIEF) == "2/3 - 2^-13 (not certified)"
    assert not short.certified
    delta = evidence("P2", Fraction(1, 2**100), relation="<=", grade="enclosed to 2^-100")
    assert [value(delta, level) for level in (FULL, BRIEF)] == ["enclosed to 2^-100", "to 2^-100"]
    for grade, brief in (("unique", "yes"), ("not unique", "no"), ("not certified",) * 2):
        said = evidence("E2", None, grade=grade)
        assert (value(said), value(said, DECIMALS)) == (grade, brief)
    assert value(evidence("E4", None, grade="not computed"), DECIMALS) == "-"
    assert value(evidence("P1", None, grade=FAULT)) == "fault"


def test_the_table_has_a_row_a_k_and_all_levels_the_same_rows() -> None:
    found = [evidence(theorem, k=k) for k in (1, 5) for theorem in WHATS]
    grids = certified_grids(found)
    assert [grid.headings[0] for grid in grids] == ["k"] * 3
    assert [[row[0] for row in grid.rows] for grid in grids] == [["1", "5"]] * 3
    assert [grid.rows[0][-1] for grid in grids] == ["5/5 accepted", "5/5", "5/5"]
    mixed = certified_grids([evidence(), evidence("P4", said="REJECTED")])
    assert mixed[0].rows[0][-1] == "1/2 accepted"


def test_notes_are_said_once_with_their_ks() -> None:
    found = [
        *(evidence("P4", k=k, note="capped by 'a'") for k in (1, 2, 4)),
        *(evidence("E4", None, k=k, grade="not computed", note=f"{k} too many") for k in (7, 8)),
        *(evidence("P2", k=k, note="support 3") for k in (1, 2)),
        evidence("P1", k=3, said="REJECTED", note="never mind"),
    ]
    assert certified_notes(found, []) == [
        "k = 1..2, 4: P4: capped by 'a'",
        "k = 7..8: E4: 7 too many (at k = 7)",
        "k = 3: P1: REJECTED, win-rate: some T does better",
    ]


def test_long_names_are_cut_in_the_middle() -> None:
    name = "x" * 100 + "'y"
    text = f"capped by {name!r}; the largest"
    cut = shortened(text, [name, "capped"])
    assert len(cut) < 90
    assert cut.startswith("capped by ")
    assert cut.endswith("; the largest")
    assert shortened("capped by 'a'", ["a"]) == "capped by 'a'"


def test_the_example_serves_the_theorem_if_possible() -> None:
    found = [
        evidence("P4", Fraction(1, 2), prompt="unanimous-n3"),
        evidence("P4", Fraction(97, 101), prompt="slim-majority-eps1-10", said="REJECTED"),
        evidence("P4", Fraction(3, 5), prompt="slim-majority-eps1-10", k=3),
    ]
    assert example("P4", found) == "slim-majority-eps1-10, k = 3: NLHF 3/5 (0.600000)"
    assert "97" not in example("P4", found[:2])


def test_the_further_theorems_are_in_their_own_table() -> None:
    refused = evidence("E9", Fraction(97, 101), what="uniform", said="REJECTED")
    nothing = evidence("P3", None, what="rate-uniform", relation="", grade="does not apply")
    found = [
        evidence(),
        evidence("E10", Fraction(1), what="limit-uniform", k=None),
        evidence("E4", Fraction(1, 2), what="joint-optimum-l2"),
        evidence("E4", Fraction(7, 12), what="joint-optimum-l2", k=3),
        refused,
        replace(nothing, file=None, verdicts=()),
        evidence("P4", Fraction(3, 5), what="nlhf-ceiling", k=None, relation="<="),
    ]
    full, brief = further_grids(found)
    assert full.headings == ["further", "all k", "k = 2", "k = 3"]
    assert full.rows == [
        ["P4 nlhf-ceiling", "≤ 3/5 (0.600000)", "", ""],
        ["E4 joint-optimum-l2", "", "1/2 (0.500000)", "7/12 (0.583333)"],
        ["E9 uniform", "", "not certified (REJECTED)", ""],
        ["E10 limit-uniform", "1", "", ""],
    ]
    assert brief.rows[0] == ["P4 nlhf-ceiling", "≤ 0.60000", "", ""]
    assert brief.rows[1] == ["E4 joint-optimum-l2", "", "0.50000", "0.58333"]


def test_averages_are_weighted_and_keep_the_weaker_relation() -> None:
    found = [
        evidence("P1", Fraction(2, 3), prompt="p"),
        evidence("P1", Fraction(1, 3), prompt="q", relation=">="),
        evidence("P4", Fraction(1, 2), prompt="p"),
        evidence("P4", Fraction(3, 4), prompt="q"),
        evidence("E4", Fraction(4, 5), prompt="p"),
        evidence("E4", Fraction(4, 5), prompt="q", said="REJECTED"),
    ]
    rows = averages(found, {"p": Fraction(1), "q": Fraction(3)})
    assert rows == {
        2: {
            Question("P1", "guarantee"): (">=", Fraction(5, 12), 2),
            Question("E4", "joint-optimum"): ("=", Fraction(4, 5), 1),
            Question("P4", "nlhf"): ("=", Fraction(11, 16), 2),
        }
    }
    full, brief = average_grids(rows, 2)
    covered = "4/5 (0.800000) (1 of 2)"
    assert full.rows == [["2", "≥ 5/12 (0.416667)", covered, "11/16 (0.687500)"]]
    assert brief.rows == [["2", "≥ 0.41666", "0.80000 (1 of 2)", "0.68750"]]
    assert averages(found, {"r": Fraction(1)})[2][GUARANTEE] is None


def test_comparisons() -> None:
    found = [
        compared("equilibrium", Fraction(2, 3)),
        compared("nlhf", Fraction(97, 101), said="OVER_BUDGET"),
        compared("joint-optimum", None, note="6 multisets"),
        compared("plurality", None, note="fault: no"),
        compared("equilibrium", Fraction(3, 4), k=3),
        compared("joint-optimum", None, k=3, note="10 multisets"),
        compared("nlhf", Fraction(3, 5), k=None),
        compared("equilibrium", None, k=None, note="tends to 1"),
    ]
    full, brief = compared_grids(found)
    assert full.headings == ["k", "k/(k+1)", "equilibrium", "nlhf", "joint-optimum", "plurality"]
    assert full.rows[0] == [
        *("2", "2/3 (0.666667)", "2/3 (0.666667)"),
        *("not certified (OVER_BUDGET)", "-", "fault"),
    ]
    assert full.rows[1] == ["3", "3/4 (0.750000)", "3/4 (0.750000)", "", "-", ""]
    assert full.rows[2] == ["limit", "1", "1", "3/5 (0.600000)", "", ""]
    assert brief.rows[0][1:3] == ["0.66667", "0.66667"]
    assert compared_notes(found, []) == [
        "k = 2: nlhf: OVER_BUDGET, win-rate: some T does better",
        "k = 2..3: joint-optimum: 6 multisets (at k = 2)",
        "k = 2: plurality: fault: no",
        "all k: equilibrium: tends to 1",
    ]
    missed = [c.missed for c in found]
    assert missed == [False, True, False, True, False, False, False, False]


def drawn(grids: list[Grid], width: int | None) -> list[list[str]]:
    """The tables' lines, as rich draws them with room to spare."""
    from rich.console import Console

    console = Console(width=1000, color_system=None)
    tables = []
    for table in fitted(grids, width):
        with console.capture() as capture:
            console.print(table)
        tables.append(capture.get().splitlines())
    return tables


WIDE = Grid(["k", "first", "second"], [["1", "x" * 30, "y" * 30]])
NARROW = Grid(["k", "first\nagain", "second"], [["1", "x" * 3, "日本"]])


def test_the_most_detailed_table_that_fits_is_taken() -> None:
    for width, expected in ((None, 71), (72, 71), (71, 71), (70, 22), (22, 22)):
        (lines,) = drawn([WIDE, NARROW], width)
        assert max(map(len, lines)) == expected, width


def test_long_names_of_rows_are_spread_over_several_lines() -> None:
    grid = Grid(["further", "k = 1"], [["E10 limit-random-dictatorship", "0.50000"]])
    ((*_, first, second, third, _),) = drawn([grid], 30)
    assert [line.split("│")[1].strip() for line in (first, second, third)] == [
        *("E10 limit-", "random-", "dictatorship")
    ]
    assert "0.50000" in first
    assert max(map(len, (first, second, third))) <= 30
    ((*_, line, _),) = drawn([grid], 60)
    assert "E10 limit-random-dictatorship" in line


@pytest.mark.parametrize("width", [21, 15, 1])
def test_else_the_columns_are_spread_over_several_tables(width: int) -> None:
    tables = drawn([WIDE, NARROW], width)
    assert len(tables) == 2
    assert all(any("1" in line for line in table) for table in tables)
    assert any("again" in line for line in tables[0])
    assert any("日本" in line for line in tables[1])
