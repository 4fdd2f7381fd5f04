"""Real ordinal files and scores, where they are there: shapes, refusals, rewriting."""

from __future__ import annotations

from pathlib import Path

import pytest
from places import DATA, NO_DATA
from texts import PREFLIB, weights
from ualign.errors import InputError
from ualign.formats import read_population, read_prompts, write_population

ORDINAL = {  # file: (voters, alternatives), as their source describes them
    "preflib/00005-00000002.toc": (8980, 6),
    "preflib/00005-00000002.toi": (8980, 6),
    "preflib/00007-00000019.soi": (100, 5),
    "preflib/00008-00000001.soi": (6900, 9),
    "preflib/00012-00000001.soc": (30, 11),
    "preflib/00024-00000001.soc": (795, 4),
    "preflib/00025-00000001.soc": (793, 4),
    "preflib/00026-00000001.toc": (365, 16),
    "preflib/00032-00000001.soi": (32, 6),
    "preflib/00042-00000083.soc": (37, 1),
    "preflib/00043-00000194.soi": (20, 202),
    "preflib/00046-00000004.soc": (19, 208),
    "preflib/00048-00000405.soc": (1, 84),
    "preflib/00053-00000166.soc": (60, 15),
    "preflib/00058-00000001.soi": (46347, 5),
    "habermas/00070-00000001.soc": (5, 4),
    "habermas/00070-00000011.soc": (5, 4),
    "habermas/00070-00000018.soc": (5, 4),
    "habermas/00070-00000092.soc": (5, 4),
}


@pytest.fixture
def data_dir() -> Path:
    if not DATA.is_dir():
        pytest.skip(NO_DATA)
    return DATA


@pytest.mark.parametrize("name", ORDINAL)
def test_real_ordinal_files_have_the_shape_their_source_states(data_dir: Path, name: str) -> None:
    population = read_population(data_dir / name)
    assert (sum(u.weight for u in population.users), population.n) == ORDINAL[name]


def test_no_real_ordinal_file_is_left_out(data_dir: Path) -> None:
    found = [p for folder in ("preflib", "habermas") for p in (data_dir / folder).iterdir()]
    assert {p.relative_to(data_dir).as_posix() for p in found if p.suffix in PREFLIB} == set(
        ORDINAL
    )


def test_unranked_candidates_tied_last_give_the_completed_file(data_dir: Path) -> None:
    incomplete = read_population(data_dir / "preflib/00005-00000002.toi")
    complete = read_population(data_dir / "preflib/00005-00000002.toc", missing="error")
    assert incomplete.responses == complete.responses
    assert weights(incomplete) == weights(complete)


def test_a_name_with_a_next_line_character_stays_whole(data_dir: Path) -> None:
    population = read_population(data_dir / "preflib/00043-00000194.soi")
    assert any("\u0085" in name for name in population.responses)


def test_real_scores(data_dir: Path) -> None:
    (path,) = (data_dir / "wildbench").glob("*.csv")
    everyone = read_population(path)
    scored = read_population(path, missing="drop-user")
    assert everyone.n == scored.n == 12
    assert sum(u.weight for u in everyone.users) == 1024
    assert 0 < sum(u.weight for u in scored.users) < 1024
    with pytest.raises(InputError, match="responses unranked"):
        read_population(path, missing="error")


@pytest.mark.parametrize("name", ["00026-00000001.cat", "00036-00000001.wmd"])
def test_real_files_without_rankings_are_refused(data_dir: Path, name: str) -> None:
    with pytest.raises(InputError, match="not rankings"):
        read_population(data_dir / "preflib" / name)


def test_a_folder_of_real_files_is_one_prompt_a_file(data_dir: Path) -> None:
    prompts = read_prompts([data_dir / "habermas"])
    assert [name for name, _ in prompts] == sorted(
        Path(name).name for name in ORDINAL if name.startswith("habermas/")
    )


@pytest.mark.parametrize("suffix", [".toc", ".json", ".csv"])
def test_a_real_file_survives_rewriting(data_dir: Path, tmp_path: Path, suffix: str) -> None:
    population = read_population(data_dir / "preflib/00005-00000002.toi")
    write_population(population, tmp_path / f"again{suffix}")
    assert read_population(tmp_path / f"again{suffix}") == population
