"""Reading and writing populations: real files, round trips, and every refusal with its place."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from places import DATA, NO_DATA
from ualign.errors import InputError
from ualign.files import write_atomically
from ualign.formats import (
    READERS,
    WRITERS,
    read_file,
    read_population,
    read_prompt_weights,
    read_prompts,
    write_population,
)
from ualign.formats.common import MAX_DIGITS
from ualign.formats.csv_scores import MAX_CSV_ROWS
from ualign.formats.reading import Choices
from ualign.model.partial_orders import PartialPopulation, order_of
from ualign.model.population import MISSING, Population, Ranking

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
PREFLIB = (".soc", ".soi", ".toc", ".toi")


@pytest.fixture
def data_dir() -> Path:
    if not DATA.is_dir():
        pytest.skip(NO_DATA)
    return DATA


def put(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def preflib(
    *orders: str, kind: str = "toi", names: tuple[str, ...] = ("a", "b", "c"), voters: int = 0
) -> str:
    """A PrefLib text whose headers agree with its body, as far as its counts can be read."""
    counts = [order.partition(":")[0] for order in orders]
    total = voters or sum(int(count) for count in counts if re.fullmatch("[0-9]+", count))
    return "\n".join(
        [
            f"# DATA TYPE: {kind}",
            f"# NUMBER ALTERNATIVES: {len(names)}",
            f"# NUMBER VOTERS: {total}",
            f"# NUMBER UNIQUE ORDERS: {len(orders)}",
            *(f"# ALTERNATIVE NAME {i}: {name}" for i, name in enumerate(names, 1)),
            *orders,
        ]
    )


def weights(population: Population) -> dict[Ranking, Fraction]:
    return {user.ranking: user.weight for user in population.users}


def shares(population: Population) -> dict[Ranking, Fraction]:
    total = sum(user.weight for user in population.users)
    return {user.ranking: user.weight / total for user in population.users}


# Real files


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


# What is read


def test_preflib_details_that_are_allowed(tmp_path: Path) -> None:
    text = (
        "# FILE NAME: another.toc\n"
        "# NUMBER ALTERNATIVES: 3\n"
        '# ALTERNATIVE NAME 3:c: {1,2} # "x"\n'  # no space after the colon
        "# ALTERNATIVE NAME 1:  a \n"  # one space is the separator, the others are the name's
        "# NUMBER VOTERS: 9\n"
        "# A KEY OF TOMORROW: 1\n"
        "# A KEY OF TOMORROW: 2\n"
        "# a remark\n"
        "# ALTERNATIVE NAME 2: \n"
        "# NUMBER UNIQUE ORDERS: 4\n"
        "2: {1, 2},3\n"
        "3:3,  {2,1}\n"
        "3: 3,{2,1}\n"
        "1: {1,2},{3}\n"
        "\n"
    )
    expected = Population(
        (" a ", "", 'c: {1,2} # "x"'),
        Population.from_indexed(
            "abc", [(Fraction(3), [[0, 1], [2]]), (Fraction(6), [[2], [0, 1]])]
        ).users,
    )
    assert read_population(put(tmp_path, "a.toi", text)) == expected
    crlf = text.replace("\n", "\r\n")
    assert read_population(put(tmp_path, "b.TOI", "\ufeff" + crlf)) == expected


def test_missing_modes_in_preflib(tmp_path: Path) -> None:
    path = put(tmp_path, "a.soi", preflib("2: 3,1,2", "5: 2", kind="soi"))
    last = {((2,), (0,), (1,)): 2, ((1,), (0, 2)): 5}
    assert weights(read_population(path)) == last
    assert weights(read_population(path, missing="tied-last")) == last
    assert weights(read_population(path, missing="drop-user")) == {((2,), (0,), (1,)): 2}
    with pytest.raises(InputError, match=rf"^{re.escape(str(path))}:9: 2 of 3 responses unranked"):
        read_population(path, missing="error")


def test_missing_modes_in_json(tmp_path: Path) -> None:
    text = """{"responses": ["a", "b", "c"], "users": [
        {"ranking": [["c", "b"], "a"]}, {"weight": "3/4", "ranking": []}]}"""
    path = put(tmp_path, "a.json", text)
    assert weights(read_population(path)) == {((1, 2), (0,)): 1, ((0, 1, 2),): Fraction(3, 4)}
    assert weights(read_population(path, missing="drop-user")) == {((1, 2), (0,)): 1}
    with pytest.raises(InputError, match=rf"^{re.escape(str(path))}: user 2 does not rank 'a'"):
        read_population(path, missing="error")


def test_missing_modes_in_csv(tmp_path: Path) -> None:
    path = put(tmp_path, "a.csv", "id,a,b,c\n\nu,1, ,2\nv,,,\nw,3,2,3\n")
    assert weights(read_population(path)) == {
        ((2,), (0,), (1,)): 1,
        ((0, 1, 2),): 1,
        ((0, 2), (1,)): 1,
    }
    assert weights(read_population(path, missing="drop-user")) == {((0, 2), (1,)): 1}
    with pytest.raises(InputError, match=rf"^{re.escape(str(path))}:3: 1 of 3 responses unranked"):
        read_population(path, missing="error")


@pytest.mark.parametrize("suffix", READERS)
def test_an_unknown_missing_mode_is_refused(tmp_path: Path, suffix: str) -> None:
    population = Population.from_rankings([[*"ab"]])
    write_population(population, tmp_path / f"a{suffix}")
    with pytest.raises(InputError, match="missing='last'"):
        read_population(tmp_path / f"a{suffix}", missing="last")  # type: ignore[arg-type]


def test_json_weights(tmp_path: Path) -> None:
    text = """{"users": [{"ranking": ["a", "b"], "weight": 3}, {"ranking": ["b"], "weight": "2/4"},
        {"ranking": ["b", ["a"]]}], "responses": ["b", "a"]}"""
    population = read_population(put(tmp_path, "a.json", text))
    assert population.responses == ("b", "a")
    assert weights(population) == {((1,), (0,)): 3, ((0,), (1,)): Fraction(3, 2)}


def test_scores_are_compared_exactly(tmp_path: Path) -> None:
    cells = ["0.3", "0.30000000000000001", "3/10", "30e-2", ".5", "+1/2", " -1", "2.", "1e-1000"]
    header = ",".join("abcdefghi")
    path = put(tmp_path, "a.csv", f"id,{header}\nu,{','.join(cells)}\n")
    (user,) = read_population(path).users
    assert user.ranking == ((7,), (4, 5), (1,), (0, 2, 3), (8,), (6,))


def test_csv_with_quotes_and_windows_line_ends(tmp_path: Path) -> None:
    text = '\ufeffid,"a,\r\nb","c""d", e \r\n"u,1",1,2,3\r\nu,3,2,1\r\n'
    population = read_population(put(tmp_path, "a.csv", text))
    assert population.responses == ("a,\r\nb", 'c"d', "e")
    assert weights(population) == {((2,), (1,), (0,)): 1, ((0,), (1,), (2,)): 1}


# What is refused: (format, text, line or None, words of the message)

ROW = "id,a,b\n"
USER = '{"responses": ["a", "b"], "users": [{"ranking": ["a", "b"]}, %s]}'
BODY = preflib("1: 1,2,3")
REFUSED: list[tuple[str, str | bytes, int | None, str]] = [
    ("toi", preflib("1: 1,2", "1: {1,2,3"), 9, "`count: order`"),
    ("toi", preflib("1: 1,2}"), 8, "`count: order`"),
    ("toi", preflib("1: {1,{2},3}"), 8, "`count: order`"),
    ("toi", preflib("1: {},1,2"), 8, "`count: order`"),
    ("toi", preflib("1: { },1,2"), 8, "`count: order`"),
    ("toi", preflib("1: {1,2}3"), 8, "`count: order`"),
    ("toi", preflib("1: 1,,2"), 8, "`count: order`"),
    ("toi", preflib("1: 1,2,"), 8, "`count: order`"),
    ("toi", preflib("1: 1 2"), 8, "`count: order`"),
    ("toi", preflib("1: a,b"), 8, "`count: order`"),
    ("toi", preflib("1: -1"), 8, "`count: order`"),
    ("toi", preflib("1: \u0661"), 8, "`count: order`"),
    ("toi", preflib("1: "), 8, "`count: order`"),
    ("toi", preflib("1", voters=1), 8, "`count: order`"),
    ("toi", preflib("0: 1,2", voters=1), 3, "NUMBER VOTERS is 1, but the body has 0"),
    ("toi", preflib("00: 1,2", voters=1), 8, "`count: order`"),
    ("toi", preflib("-1: 1,2", voters=1), 8, "`count: order`"),
    ("toi", preflib("+1: 1,2", voters=1), 8, "`count: order`"),
    ("toi", preflib("1.5: 1,2", voters=1), 8, "`count: order`"),
    ("toi", preflib("1_0: 1,2", voters=10), 8, "`count: order`"),
    ("toi", preflib("\u0661: 1,2", voters=1), 8, "`count: order`"),
    ("toi", preflib(f"{'9' * 5000}: 1,2", voters=1), 8, "`count: order`"),
    ("toi", preflib("1: 1", "", "1: 2", voters=2), 4, "UNIQUE ORDERS is 3, but the body has 2"),
    ("toi", preflib("1: 1,4"), 8, "the id '4' is unknown; they are 1 to 3"),
    ("toi", preflib("1: 1,0"), 8, "the id '0' is unknown"),
    ("toi", preflib("1: 01"), 8, "the id '01' is unknown"),
    ("toi", preflib("1: " + "9" * 5000), 8, "is unknown"),
    ("toi", preflib("1: 1,{2,1}"), 8, "the id 1 occurs twice"),
    ("toi", preflib("1: 1,2", "2: 2,3", voters=4), 3, "NUMBER VOTERS is 4, but the body has 3"),
    ("toi", preflib("1: 1") + "\n1: 2", 4, "NUMBER UNIQUE ORDERS is 1, but the body has 2"),
    ("toi", preflib("1: 1") + "\n# TITLE: late", 9, "a header line below an order"),
    ("toi", preflib(voters=1).replace("ORDERS: 0", "ORDERS: 1"), None, "holds no orders"),
    ("soc", preflib("1: 1,2", kind="soc"), 8, "an incomplete order, which .soc does not allow"),
    ("toc", preflib("1: {1,2}", kind="toc"), 8, "an incomplete order, which .toc does not allow"),
    ("soc", preflib("1: {1,2},3", kind="soc"), 8, "a tie, which .soc does not allow"),
    ("soi", preflib("1: {1,2}", kind="soi"), 8, "a tie, which .soi does not allow"),
    ("toc", BODY, 1, "DATA TYPE is 'toi' in a .toc file"),
    ("toi", preflib("1: 1", names=("a", "b", "a")), 7, "that of ALTERNATIVE NAME 1, 'a'"),
    ("toi", BODY.replace("IVES: 3", "IVES: 2"), 7, "alternatives are numbered 1 to 2"),
    ("toi", BODY.replace("IVES: 3", "IVES: 4"), None, "`# ALTERNATIVE NAME 4: ...` is missing"),
    ("toi", BODY.replace("IVES: 3", f"IVES: {10**99}"), None, "NAME 4: ...` is missing"),
    ("toi", BODY.replace("IVES: 3", f"IVES: {'9' * 5000}"), 2, "not a positive integer"),
    ("toi", BODY.replace("IVES: 3", "IVES: 3.0"), 2, "is '3.0', which is not a positive integer"),
    ("toi", BODY.replace("VOTERS: 1", "VOTERS: one"), 3, "NUMBER VOTERS is 'one'"),
    ("toi", BODY.replace("ORDERS: 1", "ORDERS: 0"), 4, "NUMBER UNIQUE ORDERS is '0'"),
    ("toi", BODY.replace("NAME 3", "NAME 03"), None, "`# ALTERNATIVE NAME 3: ...` is missing"),
    ("toi", BODY.replace("# NUMBER VOTERS: 1\n", ""), None, "`# NUMBER VOTERS: ...` is missing"),
    ("toi", BODY.replace("NAME 3", "NAME 2"), 7, "'ALTERNATIVE NAME 2' is given a second time"),
    ("toi", "# NUMBER VOTERS: 1\n" + BODY, 4, "'NUMBER VOTERS' is given a second time"),
    ("toi", "# DATA TYPE: toi\n" + BODY, 2, "'DATA TYPE' is given a second time"),
    ("toi", BODY.replace("\n", "\r"), 1, "DATA TYPE is"),
    ("json", "[1", 1, "not JSON"),
    ("json", '{"users":\n [,]}', 2, "not JSON"),
    ("json", "[" * 100_000 + "]" * 100_000, None, "nested too deeply"),
    ("json", '{"responses": ' + "[" * 400 + "]" * 400 + ', "users": []}', None, "responses: the"),
    ("json", '{"responses": ' + '{"a":' * 300 + "1" + "}" * 301, None, "expected the keys"),
    ("json", "[]", None, "the file: expected an object"),
    ("json", '{"responses": ["a"]}', None, "the keys 'responses', 'users', each once"),
    ("json", '{"users": []}', None, "the keys 'responses', 'users', each once"),
    ("json", '{"users": [], "users": [], "responses": ["a"]}', None, "'users', 'users'"),
    ("json", '{"users": [], "responses": ["a"], "x": 1}', None, "'users', 'responses', 'x'"),
    ("json", '{"users": [], "responses": ["a"]}', None, "at least one user"),
    ("json", '{"users": {}, "responses": ["a"]}', None, "users: expected a list"),
    ("json", '{"users": [], "responses": "ab"}', None, "responses: expected a list"),
    ("json", '{"users": [], "responses": []}', None, "responses: expected a list of one name"),
    ("json", '{"users": [], "responses": ["a", 1]}', None, "responses: the name 1 is not a string"),
    ("json", '{"users": [], "responses": ["a", 0.5]}', None, "responses: the name 0.5 is not"),
    ("json", '{"users": [], "responses": ["a", "a"]}', None, "name 'a' occurs twice"),
    ("json", '{"users": [], "responses": ["\\ud800"]}', None, "'\\ud800' is not Unicode text"),
    ("json", USER % "3", None, "user 2: expected an object, not 3"),
    ("json", USER % "{}", None, "user 2: expected the keys 'ranking', 'weight', each once"),
    ("json", USER % '{"ranking": [], "ranking": []}', None, "user 2: expected the keys"),
    ("json", USER % '{"ranking": [], "Weight": 1}', None, "user 2: expected the keys"),
    ("json", USER % '{"ranking": "ab"}', None, "user 2: the ranking is not a list"),
    ("json", USER % '{"ranking": ["c"]}', None, "user 2 ranks 'c', which is not a response"),
    ("json", USER % '{"ranking": ["a", ["b", "a"]]}', None, "user 2 ranks 'a' twice"),
    ("json", USER % '{"ranking": ["a", []]}', None, "user 2: expected a list of one name or more"),
    ("json", USER % '{"ranking": [1]}', None, "user 2: the name 1 is not a string"),
    ("json", USER % '{"ranking": [NaN]}', None, "user 2: the name NaN is not a string"),
    ("json", USER % '{"ranking": [["a", ["b"]]]}', None, "user 2: the name ['b'] is not a string"),
    ("csv", "id\nu\n", 1, "no responses"),
    ("csv", "id,a,\nu,1,2\n", 1, "column 3 has no name"),
    ("csv", "id,a,b,a\nu,1,2,3\n", 1, "the column 'a' occurs twice"),
    ("csv", ROW, None, "no users"),
    ("csv", ROW + "u,1,2\nv,1\n", 3, "2 cells, but the header has 3"),
    ("csv", ROW + "u,1,2\n\nv,1,2,3\n", 4, "4 cells, but the header has 3"),
    ("csv", ROW + "u,1,2\nv,1,2\nu,2,1\n", 4, "the user 'u' is already in line 2"),
    ("csv", 'id,"a\n\n",b\nu,1,x\n', 4, "column 'b': 'x' is not an exact number"),
    ("csv", ROW + 'u,1,2\nv,1,"2\n', 3, "not CSV: unexpected end of data"),
    ("csv", ROW + 'u,"1"2,3\n', 2, "not CSV"),
    ("csv", ROW.replace("\n", "\r") + "u,1,2\r", 1, "not CSV: new-line character"),
    ("csv", ROW + f"u,{'1' * 200_000},2\n", 2, "not CSV: field larger than field limit"),
]
for suffix in READERS:
    REFUSED += [
        (suffix[1:], b"", None, "is empty"),
        (suffix[1:], b"\xef\xbb\xbf\r\n\n", None, "is empty"),
        (suffix[1:], b"\n\n# \0", 3, "a NUL byte"),
        (suffix[1:], BODY.encode("utf-16-le"), 1, "a NUL byte"),
        (suffix[1:], b"# TITLE: \n\xe9t\xe9\n", 2, "not UTF-8"),
    ]
for weight in ("0.5", "1e3", "NaN", "Infinity", "-Infinity", '"0.5"', '" 1"', '"1_0"', '"01"'):
    REFUSED.append(
        ("json", USER % f'{{"weight": {weight}, "ranking": []}}', None, "user 2: the weight")
    )
for weight in (
    '"1/0"',
    '"+1"',
    '"\u0661"',
    '""',
    "true",
    "null",
    "[1]",
    "9" * 5000,
    f'"{"9" * 5000}"',
):
    REFUSED.append(
        ("json", USER % f'{{"weight": {weight}, "ranking": []}}', None, "user 2: the weight")
    )
for weight in ("0", "-1", '"0"', '"-1/2"'):
    REFUSED.append(("json", USER % f'{{"weight": {weight}, "ranking": []}}', None, "not positive"))
for cell in (
    "nan",
    "inf",
    "-inf",
    "NA",
    "0x1",
    "1_0",
    "\u0661",
    "1e1001",
    "1e-1001",
    "1e999999999",
):
    REFUSED.append(("csv", ROW + f"u,1,2\nv,1,{cell}\n", 3, "column 'b'"))
for cell in (
    "1/0",
    "1/-2",
    "1.5/2",
    "1 / 2",
    "e1",
    ".",
    "+",
    "--1",
    "1e",
    "\u00a01",
    "1" * 100_000,
):
    REFUSED.append(("csv", ROW + f"u,1,2\nv,1,{cell}\n", 3, "column 'b'"))


@pytest.mark.parametrize(
    ("kind", "text", "line", "words"), REFUSED, ids=[f"{case[0]}: {case[3]}" for case in REFUSED]
)
def test_refusals_name_the_file_the_line_and_the_fault(
    tmp_path: Path, kind: str, text: str | bytes, line: int | None, words: str
) -> None:
    path = put(tmp_path, f"bad.{kind}", text)
    with pytest.raises(InputError) as caught:
        read_population(path)
    message = str(caught.value)
    place = f"{path}: " if line is None else f"{path}:{line}: "
    assert message.startswith(place)
    assert words in message.removeprefix(place)
    assert len(message) < len(str(path)) + 300


def test_the_text_that_refusals_are_made_from_is_itself_accepted(tmp_path: Path) -> None:
    for kind, text in (
        ("toi", BODY),
        ("csv", ROW + "u,1,2\n"),
        ("json", USER % '{"weight": 2, "ranking": []}'),
    ):
        assert read_population(put(tmp_path, f"good.{kind}", text)).users


@pytest.mark.parametrize(
    "name", [*(f"a{s}" for s in (".cat", ".wmd", ".dat", ".tog", ".mjg", ".wmg", ".pwg"))]
)
def test_formats_that_hold_no_rankings(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match=r"not rankings; give the data set's \.soc, \.soi"):
        read_population(put(tmp_path, name, BODY))


@pytest.mark.parametrize("name", ["a.txt", "a", ".soc", "a.soc.gz"])
def test_unknown_suffixes(tmp_path: Path, name: str) -> None:
    path = put(tmp_path, name, BODY)
    with pytest.raises(InputError, match="is not known; give one of") as caught:
        read_population(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert all(suffix in str(caught.value) for suffix in READERS)


def test_unreadable_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "folder.soc").mkdir()
    (tmp_path / "loop.soc").symlink_to("loop.soc")
    for name, words in {
        "folder.soc": "is a directory",
        "none.soc": "cannot be read: No such file or directory",
        "loop.soc": "cannot be read: Too many levels",
        "nul\0.soc": "cannot be read: embedded null",
        "x" * 300 + ".soc": "cannot be read: File name too long",
    }.items():
        with pytest.raises(InputError, match=words) as caught:
            read_population(str(tmp_path / name))
        assert str(caught.value).startswith(f"{tmp_path / name}: ")

    def forbidden(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", forbidden)
    with pytest.raises(InputError, match=r"secret\.soc: cannot be read: Permission denied$"):
        read_population(tmp_path / "secret.soc")


RANKED = '{"responses": ["a", "b", "c"], "users": [{"weight": "2", "ranking": ["b"]}%s]}'
IN_FULL = ', {"weight": "1", "ranking": ["a", "b", "c"]}'
WHOLE = '{"responses": ["a", "b"], "users": [{"ranking": ["b", "a"]}]}'
TOC = """# DATA TYPE: toi\n# NUMBER ALTERNATIVES: 3\n# NUMBER VOTERS: 3\n# NUMBER UNIQUE ORDERS: 2
# ALTERNATIVE NAME 1: a\n# ALTERNATIVE NAME 2: b\n# ALTERNATIVE NAME 3: c\n2: 2\n1: 1,2,3\n"""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("p.json", RANKED % IN_FULL),
        ("p.toi", TOC),
        ("p.csv", "user,a,b,c\nu,,1,\nv,,5,\nw,3,2,1\n"),
    ],
)
def test_what_was_not_said_may_stay_open(tmp_path: Path, name: str, text: str) -> None:
    path = put(tmp_path, name, text)
    for missing, pairs in (("worst-case", []), ("worst-below", [(1, 0), (1, 2)])):
        reading = read_file(path, Choices(missing))
        assert reading.population == PartialPopulation.from_orders(
            ["a", "b", "c"],
            [(Fraction(2), order_of(3, pairs)), (Fraction(1), order_of(3, [(0, 1), (1, 2)]))],
        )
        assert f"of whom 2 incomplete and left open ({missing})" in str(reading)
        assert read_population(path, missing=missing) == reading.population
    whole = put(tmp_path, "whole.json", WHOLE)
    assert isinstance(read_population(whole, missing="worst-case"), Population)


def test_a_ranking_above_all_the_rest_leaves_nothing_open_below_one(tmp_path: Path) -> None:
    text = '{"responses": ["a", "b"], "users": [{"weight": "2", "ranking": ["b"]}]}'
    population = read_population(put(tmp_path, "p.json", text), missing="worst-below")
    assert population == Population.from_rankings([["b", "a"]], [2], responses=["a", "b"])


SCRAPS = st.sampled_from(
    ["# ", "NUMBER VOTERS", "DATA TYPE", ": ", "{", "}", "[", "]", '"', ",", "\n", "\r", "1", "0"]
) | st.sampled_from(
    ["\u0085", "\0", "id,a\n", '{"users":', "e999", "/", "null", "1: 1,2,3\n", "\ud800"]
)


@given(
    suffix=st.sampled_from(list(READERS)),
    start=st.sampled_from([BODY, ROW + "u,1,2\n", USER % "{}"]),
    cut=st.tuples(st.integers(0, 200), st.integers(0, 20)),
    scraps=st.lists(SCRAPS).map("".join),
    missing=st.sampled_from(MISSING),
)
def test_damaged_files_are_read_or_refused_but_never_crash(
    tmp_path_factory: pytest.TempPathFactory, suffix, start, cut, scraps, missing
) -> None:
    text = start[: cut[0]] + scraps + start[sum(cut) :]
    path = put(
        tmp_path_factory.getbasetemp(), f"damaged{suffix}", text.encode(errors="surrogatepass")
    )
    try:
        read_population(path, missing=missing)
        refusal = None
    except InputError as error:
        refusal = str(error)
    assert refusal is None or refusal.startswith(f"{path}:")


# Prompts


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


# Writing

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


def test_the_longest_numbers_are_read_and_longer_ones_refused(tmp_path: Path) -> None:
    nines = "9" * MAX_DIGITS
    for name, text in (
        ("a.toi", preflib(f"{nines}: 1").replace("VOTERS: 0", f"VOTERS: {nines}")),
        ("b.json", USER % f'{{"weight": {nines}, "ranking": []}}'),
        ("c.json", USER % f'{{"weight": "{nines}/{nines}", "ranking": []}}'),
        ("d.csv", f"{ROW}u,{nines},2\n"),
        ("e.csv", f"{ROW}u,1e1000,-1.5E-1000\n"),
    ):
        assert read_population(put(tmp_path, name, text)).users
    for name, text in (
        ("a.toi", preflib(f"{nines}9: 1")),
        ("b.json", USER % f'{{"weight": {nines}9, "ranking": []}}'),
        ("c.json", USER % f'{{"weight": "{nines}/9{nines}", "ranking": []}}'),
        ("d.csv", f"{ROW}u,{nines}9,2\n"),
        ("e.csv", f"{ROW}u,1e1001,2\n"),
    ):
        with pytest.raises(InputError):
            read_population(put(tmp_path, name, text))


def test_csv_takes_as_many_rows_as_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ualign.formats.csv_scores.MAX_CSV_ROWS", 3)
    population = Population.from_rankings([[*"ab"], [*"ba"]], [1, 2])
    write_population(population, tmp_path / "a.csv")
    assert read_population(tmp_path / "a.csv") == population
    with pytest.raises(InputError, match="over 3 rows of weight one"):
        write_population(Population.from_rankings([[*"ab"], [*"ba"]], [2, 2]), tmp_path / "b.csv")


def test_json_does_not_need_a_common_denominator(tmp_path: Path) -> None:
    rankings = [[f"{y}", *(f"{z}" for z in range(40) if z != y)] for y in range(40)]
    odd = [Fraction(1, 2**100 + y) for y in range(40)]
    population = Population.from_rankings(rankings, odd)
    write_population(population, tmp_path / "a.json")
    assert read_population(tmp_path / "a.json") == population
    with pytest.raises(InputError, match="digits"):
        write_population(population, tmp_path / "a.soc")


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
