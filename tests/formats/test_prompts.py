"""Prompts from files and folders, and their weights."""

from __future__ import annotations

import os
import re
from fractions import Fraction
from pathlib import Path

import pytest
from texts import put, weights
from ualign.errors import InputError
from ualign.formats import read_prompt_weights, read_prompts, write_population
from ualign.model.population import Population


def test_prompts_from_files_and_folders(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    one, two = Population.from_rankings([[*"ab"]]), Population.from_rankings([[*"ba"]])
    write_population(two, folder / "b.soc")
    write_population(one, folder / "a.JSON")
    write_population(one, tmp_path / "z.csv")
    (folder / "inner.soc").mkdir()
    for name in ("x.cert.json", "manifest.json", "notes.txt", "c.cat", "weights"):
        put(folder, name, "neither read nor refused")
    prompts = read_prompts([tmp_path / "z.csv", str(folder)])
    assert [name for name, _ in prompts] == ["z.csv", "a.JSON", "b.soc"]
    assert [population for _, population in prompts] == [one, one, two]


def test_prompts_with_the_same_file_name(tmp_path: Path) -> None:
    for name in ("x", "y"):
        (tmp_path / name).mkdir()
        write_population(Population.from_rankings([[*"ab"]]), tmp_path / name / "a.soc")
    write_population(Population.from_rankings([[*"ab"]]), tmp_path / "y" / "b.soc")
    names = [name for name, _ in read_prompts([tmp_path / "x" / "a.soc", tmp_path / "y"])]
    assert names == [str(tmp_path / "x" / "a.soc"), str(tmp_path / "y" / "a.soc"), "b.soc"]


def test_prompts_pass_on_what_missing_means(tmp_path: Path) -> None:
    path = put(tmp_path, "a.csv", "id,a,b\nu,1,\nv,1,2\n")
    ((_, population),) = read_prompts([path], missing="drop-user")
    assert weights(population) == {((1,), (0,)): 1}


def test_prompts_that_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    put(tmp_path / "empty", "manifest.json", "{}")
    (tmp_path / "dangling").mkdir()
    (tmp_path / "dangling" / "a.soc").symlink_to("nowhere.soc")
    write_population(Population.from_rankings([[*"ab"]]), tmp_path / "a.soc")
    for names, words in (
        ([], "no population file was given"),
        (["empty"], f"{tmp_path / 'empty'}: holds no population"),
        (["none.soc"], f"{tmp_path / 'none.soc'}: cannot be read"),
        (["dangling"], f"{tmp_path / 'dangling' / 'a.soc'}: cannot be read"),
        (["a.soc", "a.soc"], f"{tmp_path / 'a.soc'}: is given twice"),
    ):
        with pytest.raises(InputError, match=f"^{re.escape(words)}"):
            read_prompts([tmp_path / name for name in names])


def test_an_unlistable_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(path: Path) -> list[str]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "listdir", forbidden)
    with pytest.raises(InputError, match=r"cannot be read: Permission denied$"):
        read_prompts([tmp_path])


def test_prompt_weights_follow_the_names(tmp_path: Path) -> None:
    path = put(tmp_path, "w.csv", 'prompt,weight\nb,3/4\n"a,1", 0.25\nc,3\n')
    assert read_prompt_weights(path, ["a,1", "b", "c"]) == [Fraction(1, 4), Fraction(3, 4), 3]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a,1\nb,1\n", 1, "the header must be prompt,weight"),
        ("weight,prompt\n1,a\n1,b\n", 1, "the header must be prompt,weight"),
        ("prompt,weight\na,1\nb,1\na,2\n", 4, "the prompt 'a' occurs twice"),
        ("prompt,weight\na,1\nc,1\n", 3, "'c' is not a prompt; they are 'a', 'b'"),
        ("prompt,weight\na,1\n", None, "no weight for the prompt 'b'"),
        ("prompt,weight\na,1\nb\n", 3, "1 cells, but the header has 2"),
        ("prompt,weight\na,0\nb,1\n", 2, "the weight '0' is not a number above zero"),
        ("prompt,weight\na,-1\nb,1\n", 2, "the weight '-1' is not a number above zero"),
        ("prompt,weight\na,\nb,1\n", 2, "the weight '' is not a number above zero"),
        ("prompt,weight\na,nan\nb,1\n", 2, "the weight 'nan' is not a number above zero"),
        ("prompt,weight\na,1e9999\nb,1\n", 2, "the weight '1e9999' is not a number above zero"),
        ("", None, "is empty"),
    ],
)
def test_prompt_weights_that_are_refused(
    tmp_path: Path, text: str, line: int | None, words: str
) -> None:
    path = put(tmp_path, "w.csv", text)
    place = f"{path}: " if line is None else f"{path}:{line}: "
    with pytest.raises(InputError, match=f"^{re.escape(place + words)}"):
        read_prompt_weights(path, ["a", "b"])
