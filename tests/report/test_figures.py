"""The figures on draws, users and silence: what they draw is what the checker accepted."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from ualign.certificates.archive import Archive, read_archive
from ualign.constructions import CONSTRUCTIONS
from ualign.exact.holdout import learner_slack, users_needed
from ualign.model.rates import product_rate
from ualign.report.charts import NO_LINE, Curve, Panel
from ualign.report.figures.draws import SPLITS, draws
from ualign.report.figures.silence import NOTHING_SAID, silence
from ualign.report.figures.users import SLACK, users
from ualign.runs.certify import Options, certify_prompt
from ualign.theorems.e13_users_needed import CONFIDENCE

KS = 1, 2, 3
ASKED = {
    "slim-majority": ("P1", "E12", "E13"),
    "truncated-circle": ("E16",),
    "circular-comparisons": ("E16",),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Certificates of what the figures are about."""
    root = tmp_path_factory.mktemp("certified")
    for name, theorems in ASKED.items():
        entry = CONSTRUCTIONS[name]
        options = Options(bits=60, opponents=(2, 3), theorems=theorems)
        certify_prompt(name, entry.build(**entry.defaults), KS, root, options)
    return root


def archive_of(folder: Path) -> Archive:
    return read_archive(folder, sorted(folder.glob("*.cert.json")))


def curve(panel: Panel, label: str) -> Curve:
    (found,) = [c for c in panel.curves if c.label == label]
    return found


def test_draws_from_an_equilibrium_win_their_share_and_another_policy_less(folder: Path) -> None:
    figure = draws(archive_of(folder))
    assert figure is not None
    (panel,) = figure.panels
    for l in (1, 2, 3):
        points = dict(curve(panel, f"equilibrium, ℓ = {l}").points)
        assert points == {k: pytest.approx(k / (k + l), abs=2**-50) for k in KS}
    beaten = curve(panel, "another policy, ℓ = 2")
    assert beaten.line == NO_LINE
    claims = {
        j.finding.k: Fraction(j.claims[0]["bound"])
        for j in archive_of(folder).about("E12", "converse")
    }
    assert dict(beaten.points) == {k: float(rate) for k, rate in claims.items()}
    assert {*claims} == {*KS}
    assert all(rate < Fraction(k, k + 2) for k, rate in claims.items())
    (splits,) = [grid for title, grid in figure.grids if title == SPLITS]
    assert [row[0] for row in splits.rows] == ["N = 3", "N = 4", "N = 5"]
    assert splits.rows[1][1].startswith("≥ 3/4 - 2^-")
    assert splits.rows[1][2].startswith("≥ 2/4 - 2^-")
    assert splits.rows[1][2].endswith("; 2 of 4")
    assert [bool(cell) for cell in splits.rows[-1][1:]] == [False, True, True]


def test_a_learnt_policy_lies_below_what_the_theorem_allows(folder: Path) -> None:
    figure = users(archive_of(folder))
    assert figure is not None
    learnt, sufficient = figure.panels
    labels = "slim-majority", "allowed for n = 2"
    lost, allowed = (dict(curve(learnt, label).points) for label in labels)
    assert {*lost} == {*allowed} == {*KS}
    assert all(0 <= lost[k] < allowed[k] for k in KS)
    for panel_curve in sufficient.curves:
        needed = [m for _, m in panel_curve.points]
        assert needed == sorted(needed, reverse=True)


@pytest.mark.parametrize(("n", "k"), [(2, 1), (3, 4), (100, 64)])
def test_the_users_that_suffice_are_the_fewest(n: int, k: int) -> None:
    m = users_needed(n, k, SLACK, CONFIDENCE)
    assert learner_slack(n, k, m, CONFIDENCE) <= SLACK < learner_slack(n, k, m - 1, CONFIDENCE)


def test_silence_costs_no_more_than_everything(folder: Path) -> None:
    """The guarantees lie strictly between those for nothing and for everything that is said."""
    figure = silence(archive_of(folder))
    assert figure is not None
    assert [panel.title for panel in figure.panels] == ["3 responses", "4 responses"]
    for panel, n, name in zip(figure.panels, (3, 4), [*ASKED][:0:-1], strict=True):
        points = dict(curve(panel, name).points)
        nothing = dict(curve(panel, NOTHING_SAID).points)
        assert {*points} == {*nothing} == {*KS}
        for k in KS:
            assert nothing[k] == float(product_rate(n, k)) < points[k] < k / (k + 1)


def test_nothing_is_drawn_of_what_is_refused(folder: Path, tmp_path: Path) -> None:
    """Claims of more than there is."""
    for path in folder.glob("*.cert.json"):
        document = json.loads(path.read_bytes())
        for entry in document["certificates"]:
            if entry["claim"]["kind"] != "product-upper-bound":
                entry["claim"]["bound"] = "1"
            if "relation" in entry["claim"]:
                entry["claim"]["relation"] = ">="
        (tmp_path / path.name).write_text(json.dumps(document))
    archive = archive_of(tmp_path)
    assert len(archive.refused) > len(archive.verdicts) / 2
    assert [draws(archive), users(archive), silence(archive)] == [None, None, None]
