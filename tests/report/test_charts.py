"""Charts: every method's style, the limit, nothing outside the frame, nothing refused."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import compared, verdict
from ualign.certificates.findings import EXACT, Certificate, Finding, Judged
from ualign.exact.methods import METHODS
from ualign.report.charts import Curve, Panel
from ualign.report.figures.methods import STYLES, comparison
from ualign.report.png import png_file
from ualign.report.svg import svg_file


def test_every_method_has_a_style_of_its_own() -> None:
    assert set(STYLES) == set(METHODS)
    for part in range(3):
        marks = [style[part] for style in STYLES.values()]
        if part != 1:  # lines repeat, colours and markers do not
            assert len(set(marks)) == len(marks)


@pytest.mark.parametrize("ks", [[3], [1, 2], range(1, 20), [1, 1000]])
def test_figures(ks: list[int]) -> None:
    found = [compared(method, Fraction(k, k + 2), k) for k in ks for method in METHODS]
    panels = comparison("$\\frac{ <with>$ & more \u2603" + "x" * 99, found)
    root = ElementTree.fromstring(svg_file(panels))
    words = " ".join("".join(text.itertext()) for text in root.findall(".//{*}text"))
    names = {"nlhf": "NLHF", "rlhf-borda": "RLHF (Borda)"}
    assert all(names.get(method, method.replace("-", " ")) in words for method in METHODS)
    assert "<with>" in words
    picture = png_file(panels)
    assert (picture[:4], picture) == (b"\x89PNG", png_file(panels))


def test_what_was_refused_is_not_drawn() -> None:
    def figure(found: list[Judged]) -> bytes:
        return svg_file(comparison("t", found))

    good = [compared("nlhf", Fraction(1, 2), k) for k in (1, 2, 3)]
    bad = compared("nlhf", Fraction(9, 10), 2, said="REJECTED")
    kept = figure([good[0], compared("nlhf", None, 2), good[2]])
    assert figure([good[0], bad, good[2]]) == kept
    assert figure(good) != kept
    assert figure([bad]) == figure([compared("nlhf", None)])


def test_a_flat_curve_is_flat_up_to_the_limit() -> None:
    """The limit stands at the right edge; of a curve that ends before, nothing is drawn there."""
    claim = {"kind": "limit", "bound": "3/5"}
    question = METHODS["nlhf"].question
    finding = Finding(question, None, "=", Fraction(3, 5), EXACT, (Certificate(claim, {}),))
    limit = Judged("p", finding, Path("f.cert.json"), (verdict(),))
    found = [compared("nlhf", Fraction(3, 5), k) for k in (2, 4, 64)]
    found += [compared("joint-optimum", Fraction(k, k + 1), k) for k in (2, 4)]
    (panel,) = comparison("t", [*found, limit])
    assert isinstance(panel, Panel)
    assert (panel.logx, panel.ticks[-1]) == (True, (128.0, "∞"))
    curves = {curve.label: curve.points for curve in panel.curves}
    assert curves["NLHF"] == ((2, 0.6), (4, 0.6), (64, 0.6), (128, 0.6))
    assert [x for x, _ in curves["joint optimum"]] == [2, 4]
    assert curves["k/(k+1)"][-1] == (128, 1)


POSITIVE = st.floats(1e-9, 1e9)


@given(st.lists(st.tuples(POSITIVE, POSITIVE), max_size=6), st.booleans(), st.booleans())
def test_whatever_is_drawn_is_inside_the_frame(
    points: list[tuple[float, float]], logx: bool, logy: bool
) -> None:
    """Also a single point, and none at all."""
    curve = Curve("c", tuple(points), "blue", marker="s", size=0)
    panel = Panel("t", "x", "y", (curve,), logx=logx, logy=logy)
    root = ElementTree.fromstring(svg_file([panel]))
    width, height = (float(root.attrib[side]) for side in ("width", "height"))
    paths = [path for path in root.findall(".//{*}path") if "blue" in path.get("class", "")]
    key = 2  # a line and a marker in the legend
    assert len(paths) == key + 2 * bool(points)
    for path in paths[: len(paths) - key - bool(points)]:
        for place in path.attrib["d"].strip("M").split("L"):
            x, y = map(float, place.split())
            assert 0 <= x <= width
            assert 0 <= y <= height
