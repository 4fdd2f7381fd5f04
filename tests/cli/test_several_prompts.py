"""Several prompts at once: averages, a line each, files of their own."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from command import CYCLE, ualign


def test_averages_with_and_without_weights(styles: Path, cycle: Path, tmp_path: Path) -> None:
    def averages(*options: str | Path) -> dict[str, tuple[str, str]]:
        done = ualign("certify", styles, cycle, "-k", "2", "--json", *options)
        assert done.code == 0
        lines = [line for line in done.objects if line.get("average")]
        assert {(line["prompts"], line["k"]) for line in lines} == {(2, 2)}
        return {line["what"]: (line["relation"], line["value"]) for line in lines}

    # styles: 2/3, 117/160, 3/5; the cycle: 2/3, 13/18, 2/3
    assert averages() == {
        "guarantee": ("=", "2/3"),
        "joint-optimum": ("=", str((Fraction(117, 160) + Fraction(13, 18)) / 2)),
        "nlhf": ("=", str((Fraction(3, 5) + Fraction(2, 3)) / 2)),
    }
    weights = tmp_path / "weights.csv"
    weights.write_text("prompt,weight\nstyles.json,3\ncycle.soc,0.5\n")
    assert averages("--weights", weights)["nlhf"] == (
        "=",
        str((3 * Fraction(3, 5) + Fraction(2, 3) / 2) / Fraction(7, 2)),
    )
    table = ualign("certify", styles, cycle, "-k", "2", "--weights", weights).out
    assert "weighted average over 2 prompts" in table


def test_an_average_with_a_missing_value_is_not_given(styles: Path, cycle: Path) -> None:
    done = ualign("certify", styles, cycle, "-k", "3", "--joint-limit", "0", "--json")
    assert [line["value"] for line in done.objects if line.get("average")][1] is None


def test_many_prompts_take_a_line_each(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for number in range(13):
        (tmp_path / "in" / f"{number:02}.soc").write_text(CYCLE)
    done = ualign("certify", tmp_path / "in", "-k", "1..2", "--out", tmp_path / "out")
    assert done.code == 0
    lines = done.out.splitlines()
    assert lines[0] == "00.soc: guarantee certified for k = 1..2; 21/21 claims accepted"
    assert lines[13] == "weighted average over 13 prompts"
    assert lines[-1] == f"certificates: {tmp_path / 'out'} (39 files)"


def test_prompts_whose_files_might_clash_have_files_of_their_own(tmp_path: Path) -> None:
    names = [
        "a b.soc",
        "a_b.soc",
        "a:b.soc",
        "日本.soc",
        "中国.soc",
        "-k.soc",
        ".soc.soc",
        "x\ny.soc",
    ]
    names.append("n" * 240 + ".soc")
    for name in names:
        (tmp_path / name).write_text(CYCLE)
    done = ualign("certify", *(f"./{tmp_path / name}"[2:] for name in names), "-k", "1", "--json",
                  "--out", tmp_path / "out")  # fmt: skip
    assert done.code == 0
    pairs = {(line["instance"], line["certificate"]) for line in done.objects if "theorem" in line}
    assert [*dict.fromkeys(line["instance"] for line in done.objects if "theorem" in line)] == names
    assert len(pairs) == len({file for _, file in pairs}) == 2 * len(names)
    assert all(Path(file).is_file() for _, file in pairs)
    checked = ualign("check", tmp_path / "out", "--json")
    assert {line["verdict"] for line in checked.objects} == {"ACCEPTED"}
    assert checked.code == 0
    assert {line["file"] for line in checked.objects} == {file for _, file in pairs}


def test_prompts_of_the_same_name_in_several_directories(tmp_path: Path) -> None:
    for directory in "xy":
        (tmp_path / directory).mkdir()
        (tmp_path / directory / "p.soc").write_text(CYCLE)
    done = ualign("certify", tmp_path / "x", tmp_path / "y", "-k", "1", "--out", tmp_path / "out")
    assert done.code == 0
    assert len(list((tmp_path / "out").iterdir())) == 4  # k = 1 and all k, of each
