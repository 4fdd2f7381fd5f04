"""Every refusal, with its file, line and fault; damaged files never crash a reader."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from texts import preflib, put
from ualign.errors import InputError
from ualign.formats import READERS, read_population, write_population
from ualign.formats.common import MAX_DIGITS
from ualign.model.population import MISSING, Population

ROW = "id,a,b\n"
USER = '{"responses": ["a", "b"], "users": [{"ranking": ["a", "b"]}, %s]}'
BODY = preflib("1: 1,2,3")
# format, text, line or None, words of the message
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
