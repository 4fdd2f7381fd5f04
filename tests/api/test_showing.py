"""Results on a line, in a notebook, as data frames."""

from __future__ import annotations

import sys
from html import unescape
from pathlib import Path

import pytest
from styles import STYLES
from ualign import (
    METHODS,
    InputError,
    Method,
    Population,
    certify,
    check,
    compare,
)


def test_results_are_short_on_a_line() -> None:
    assert repr(certify(STYLES, range(1, 3))) == (
        "<Certification of 3 responses, 3 distinct rankings, k = 1..2: 28/28 claims accepted>"
    )
    assert repr(compare(STYLES, [1, 3])) == (
        "<Comparison of 3 responses, 3 distinct rankings, k = 1, 3: 15/15 claims accepted>"
    )


def test_results_are_tables_in_a_notebook() -> None:
    shown = certify(STYLES, [2])._repr_html_()
    assert "<th>guarantee (P1)<" in shown
    assert "117/160 (0.731250)" in shown
    assert "E9 random-dictatorship" in shown
    assert "117/160 (0.731250)" in compare(STYLES, [2])._repr_html_()


def test_names_are_never_markup() -> None:
    name = "<script>alert(1)</script>"
    population = Population.from_rankings([[name, "b"], ["b", name]], [2, 1])
    for result in (certify(population, [1]), compare(population, [1])):
        shown = result._repr_html_()
        assert name not in shown
        assert name in unescape(shown) or "script" not in shown
    assert name in unescape(certify(population, [1], theorems=["P4"])._repr_html_())


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_results_are_data_frames(library: str, tmp_path: Path) -> None:
    pytest.importorskip(library, reason=f"{library} not installed", exc_type=ImportError)
    result = certify(STYLES, [1, 2])
    frame = result.to_frame(library)
    assert str(frame["k"].dtype) == "Int64"
    columns = [[*frame[name]] for name in ("what", "verdict", "value", "decimal")]
    assert ("joint-optimum", "ACCEPTED", "117/160", 0.73125) in zip(*columns, strict=True)
    assert len(frame) == len(result.evidence)
    assert len(compare(STYLES, [1]).to_frame(library)) == 2 * len(METHODS)
    assert {*check(result.write(tmp_path)).to_frame(library)["verdict"]} == {"ACCEPTED"}


def test_data_frames_need_a_library(monkeypatch: pytest.MonkeyPatch) -> None:
    result = certify(STYLES, [1], theorems=["P4"])
    with pytest.raises(InputError, match="library='excel': expected 'pandas' or 'polars'"):
        result.to_frame("excel")
    for library in ("pandas", "polars"):
        monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(InputError, match=r"needs pandas or polars, .* pip install pandas"):
        result.to_frame()
    with pytest.raises(InputError, match=r"needs polars, .* pip install polars"):
        result.to_frame("polars")


def test_an_interrupted_call_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    digits = sys.get_int_max_str_digits()

    def interrupt(population: Population, k: int) -> None:
        assert list(tmp_path.iterdir())
        raise KeyboardInterrupt

    for call in (certify, compare):
        with pytest.raises(KeyboardInterrupt):
            call(STYLES, [1], methods=[Method("mine", interrupt)])  # type: ignore[operator]
    assert list(tmp_path.iterdir()) == []
    assert capfd.readouterr() == ("", "")
    assert sys.get_int_max_str_digits() == digits


def test_numbers_longer_than_python_writes(tmp_path: Path) -> None:
    """As on the command line, where no such limit holds."""
    weights = ["9" * 4300, "1/7" + "0" * 4000]
    population = Population.from_rankings([["a", "b"], ["b", "a"]], weights)
    result = certify(population, [2], theorems=["P4"])
    assert result.certified
    assert check(result.write(tmp_path)).accepted
