"""What is written is read back, looks as it should, and never stands half-written."""

from __future__ import annotations

import os
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from texts import PREFLIB, put
from ualign.errors import InputError
from ualign.files import write_atomically
from ualign.formats import WRITERS, read_population, write_population
from ualign.formats.common import MAX_DIGITS
from ualign.formats.csv_scores import MAX_CSV_ROWS
from ualign.model.population import Population, Ranking


def shares(population: Population) -> dict[Ranking, Fraction]:
    total = sum(user.weight for user in population.users)
    return {user.ranking: user.weight / total for user in population.users}


ODD = ":#{},;\"'\\ \t\u0085\u00a0\u2028\ufeffab1é\U0001f600"
NAMES: dict[str, st.SearchStrategy[str]] = {
    ".json": st.text(st.sampled_from(ODD + "\r\n\0\x1f"), max_size=4),
    ".csv": st.text(st.sampled_from(ODD + "\r\n\x1f"), min_size=1, max_size=4).filter(
        lambda s: s == s.strip(" \t") and s != "#"
    ),
    **dict.fromkeys(
        PREFLIB,
        st.text(st.sampled_from(ODD + "\r\x1f"), max_size=4).filter(lambda s: s[-1:] != "\r"),
    ),
}


@st.composite
def populations(draw: st.DrawFn, suffix: str) -> Population:
    names = draw(st.lists(NAMES[suffix], min_size=1, max_size=5, unique=True))
    strict = suffix in (".soc", ".soi")
    integers = st.integers(1, 9).map(Fraction)
    weight = integers if suffix == ".csv" else st.fractions(Fraction(1, 9), 9, max_denominator=9)
    users = []
    for _ in range(draw(st.integers(1, 4))):
        order = draw(st.permutations(range(len(names))))
        cuts = [True] * len(names) if strict else [draw(st.booleans()) for _ in names]
        classes: list[list[int]] = [[]]
        for y, cut in zip(order, cuts, strict=True):
            classes[-1].append(y)
            if cut:
                classes.append([])
        users.append((draw(weight), classes))
    return Population.from_indexed(names, users)


@given(st.sampled_from(list(WRITERS)).flatmap(lambda s: st.tuples(st.just(s), populations(s))))
@example((".csv", Population.from_rankings([["a\rb", "\n"]])))
@example((".toi", Population.from_rankings([[[" ", "\r\u0085"], "}: 1,{2"]], ["1/3"])))
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, case: tuple[str, Population]
) -> None:
    suffix, population = case
    path = tmp_path_factory.getbasetemp() / f"round-trip{suffix}"
    write_population(population, path)
    again = read_population(path, missing="error")
    assert again.responses == population.responses
    assert shares(again) == shares(population)
    if suffix in PREFLIB:
        assert [user.weight for user in again.users] == list(population.integer_weights)
    else:
        assert again == population


def test_the_written_files_look_like_this(tmp_path: Path) -> None:
    population = Population.from_rankings([["b", ["c", "a"]], ["c", "b", "a"]], responses=[*"abc"])
    text = {}
    for suffix in (".toc", ".json", ".csv"):
        write_population(population, tmp_path / f"a{suffix}")
        text[suffix] = (tmp_path / f"a{suffix}").read_text()
    head = "# DATA TYPE: toc\n# NUMBER ALTERNATIVES: 3\n# NUMBER VOTERS: 2\n"
    names = "# ALTERNATIVE NAME 1: a\n# ALTERNATIVE NAME 2: b\n# ALTERNATIVE NAME 3: c\n"
    assert text == {
        ".toc": f"{head}# NUMBER UNIQUE ORDERS: 2\n{names}1: 2,{{1,3}}\n1: 3,2,1\n",
        ".json": '{"responses": ["a", "b", "c"],\n "users": [\n'
        '  {"weight": "1", "ranking": [["b"], ["a", "c"]]},\n'
        '  {"weight": "1", "ranking": [["c"], ["b"], ["a"]]}]}\n',
        ".csv": '"user","a","b","c"\n"u1",1,2,1\n"u2",1,2,3\n',
    }


STRICT = Population.from_rankings([[*"ab"]])
HUGE = Fraction(10**MAX_DIGITS)


@pytest.mark.parametrize(
    ("name", "population", "words"),
    [
        ("a.soc", Population.from_rankings([[["a", "b"]]]), ".soc does not allow ties"),
        ("a.soi", Population.from_rankings([[["a", "b"]]]), ".soi does not allow ties"),
        ("a.soc", Population.from_rankings([["a\nb"]]), "cannot hold a line break or NUL: 'a\\nb'"),
        ("a.toi", Population.from_rankings([["a\r"]]), "cannot hold a line break or NUL: 'a\\r'"),
        ("a.toc", Population.from_rankings([["a\0"]]), "cannot hold a line break or NUL: 'a\\x00'"),
        ("a.toc", Population.from_rankings([["a"]], [HUGE]), f"more than {MAX_DIGITS} digits"),
        ("a.json", Population.from_rankings([["a"]], [HUGE]), f"more than {MAX_DIGITS} digits"),
        ("a.json", Population.from_rankings([["a"]], [1 / HUGE]), f"more than {MAX_DIGITS} digits"),
        ("a.json", Population.from_rankings([["\ud800"]]), "is not Unicode text"),
        ("a.soc", Population.from_rankings([["\ud800"]]), "is not Unicode text"),
        ("a.csv", Population.from_rankings([["\ud800"]]), "is not Unicode text"),
        ("a.csv", Population.from_rankings([["a"]], ["1/2"]), "weights must be integers"),
        ("a.csv", Population.from_rankings([["a"]], [MAX_CSV_ROWS + 1]), "over 1,000,000 rows"),
        ("a.csv", Population.from_rankings([["a", ""]]), "CSV cannot hold an empty"),
        ("a.csv", Population.from_rankings([["a\0"]]), "CSV cannot hold an empty"),
        ("a.csv", Population.from_rankings([["a" * 140_000]]), "CSV cannot hold an empty"),
        ("a.cat", STRICT, "the format '.cat' is not known"),
        ("a", STRICT, "the format '' is not known"),
        ("none/a.soc", STRICT, "cannot be written: No such file or directory"),
        ("folder.soc", STRICT, "cannot be written: Is a directory"),
        ("nul\0.soc", STRICT, "embedded null"),
    ],
)
def test_what_cannot_be_written_leaves_nothing(
    tmp_path: Path, name: str, population: Population, words: str
) -> None:
    (tmp_path / "folder.soc").mkdir()
    with pytest.raises(InputError) as caught:
        write_population(population, tmp_path / name)
    assert str(caught.value).startswith(f"{tmp_path / name}: ")
    assert words in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["folder.soc"]


def test_the_largest_weights_survive(tmp_path: Path) -> None:
    largest = 10**MAX_DIGITS - 1
    population = Population.from_rankings([["a"]], [Fraction(largest)])
    for name in ("a.soc", "a.json"):
        write_population(population, tmp_path / name)
        assert read_population(tmp_path / name) == population
    small = Population.from_rankings([["a"]], [Fraction(largest - 1, largest)])
    write_population(small, tmp_path / "b.json")
    assert read_population(tmp_path / "b.json") == small


@pytest.mark.parametrize("step", ["fsync", "replace"])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failed_write_keeps_the_old_file_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, error: BaseException
) -> None:
    path = put(tmp_path, "a.soc", "old")

    def fail(*arguments: object) -> None:
        assert len(list(tmp_path.iterdir())) == 2  # the new text waits beside the old
        raise error

    monkeypatch.setattr(os, step, fail)
    expected = InputError if isinstance(error, OSError) else KeyboardInterrupt
    with pytest.raises(expected) as caught:
        write_population(STRICT, path)
    if isinstance(error, OSError):
        assert str(caught.value) == f"{path}: cannot be written: No space left on device"
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_write_replaces_the_file_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(tmp_path, "a", b"old")
    seen: list[bytes] = []
    replace: Callable[..., None] = os.replace

    def look(source: Path, target: Path) -> None:
        seen.extend([source.read_bytes(), target.read_bytes()])
        assert source.parent == target.parent
        replace(source, target)

    monkeypatch.setattr(os, "replace", look)
    write_atomically(path, b"new")
    assert seen == [b"new", b"old"]
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]
