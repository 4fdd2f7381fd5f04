"""Tables of scores: every column is understood and said to be, or the table is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from places import DATA, NO_DATA
from ualign.errors import InputError
from ualign.formats import read_file, read_files, read_population, read_prompts
from ualign.formats.reading import Choices, Columns, Reading


def put(folder: Path, text: str | bytes, name: str = "p.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def read(folder: Path, text: str | bytes, **choices: object) -> Reading:
    return read_file(put(folder, text), Choices(**choices))  # type: ignore[arg-type]


def columns(*responses: str, ids: str | None = "user", left_out: tuple[str, ...] = ()) -> Columns:
    return Columns(ids, responses, left_out, smaller_is_better=False)


@pytest.mark.parametrize("person", ["user", "voter", "session", "Rater", "labeler", "judges", "id"])
@pytest.mark.parametrize("rest", ["", " ID", "_id", "Id", ".name", "-no", " #"])
def test_ids_are_known_by_their_name(tmp_path: Path, person: str, rest: str) -> None:
    name = person + rest if person != "id" else "ID"
    assert read(tmp_path, f"{name},a,b\nu,1,2\n").columns == columns("a", "b", ids=name)


READ: list[tuple[str, dict[str, object], Columns]] = [
    # a table, what is said of it, what its columns are taken for
    (",user,a,b\n0,u,1,2\n", {}, columns("a", "b", left_out=("",))),
    ("#,user,a,b\n0,u,1,2\n", {}, columns("a", "b", left_out=("#",))),
    ("Unnamed: 0,user,a,b\n0,u,1,2\n", {}, columns("a", "b", left_out=("Unnamed: 0",))),
    (",a,b\n0,1,2\n", {"id_column": ""}, columns("a", "b", ids="")),
    ("a,b,who\n1,2,u\n", {"id_column": "who"}, columns("a", "b", ids="who")),
    ("a,b\n1,2\n2,1\n", {"scores": ("a", "b")}, columns("a", "b", ids=None)),
    (",user,a\n0,1,2\n", {"scores": ("user", "a")}, columns("user", "a", ids=None, left_out=("",))),
    ("user,count,a\nu,3,1\n", {"scores": ("a",)}, columns("a", left_out=("count",))),
    ("user,#,a\nu,3,1\n", {"scores": ("a", "#")}, columns("#", "a")),
    ("user,model,score\nu,3,1\n", {"scores": ("score", "model")}, columns("model", "score")),
    ("user,rank_a,b\nu,3,1\n", {"scores": ("rank_a", "b")}, columns("rank_a", "b")),
    ("user,note,a\nu,good,1\n", {"scores": ("a",)}, columns("a", left_out=("note",))),
    ("user;a;b\nu;1;2\n", {}, columns("a", "b")),
    ("user\ta\tb\nu\t1\t\n", {}, columns("a", "b")),
    ('"user"; "a"\n"u"; "1"\n', {}, columns("a")),
    ("\ufeffuser,a\r\nu,1\r\n", {}, columns("a")),
    ('user , a,\t"b"\nu,1,2\n', {}, columns("a", '"b"')),
    ('user, a , "b, c"\n u , 1 , "2"\n', {}, columns("a", "b, c")),
    ("user,a\n\nu,1\n   \nv,2\n\n", {}, columns("a")),
    ("user,A,a\nu,1,2\n", {}, columns("A", "a")),
]


@pytest.mark.parametrize(("text", "choices", "expected"), READ, ids=[case[0] for case in READ])
def test_what_the_columns_are_taken_for(
    tmp_path: Path, text: str, choices: dict[str, object], expected: Columns
) -> None:
    reading = read(tmp_path, text, **choices)
    assert reading.columns == expected
    assert reading.population.responses == expected.responses


REFUSED: list[tuple[str, dict[str, object], int | None, str]] = [
    # a table, what is said of it, the line, the words
    ("a,b,c\n5,4,3\n1,2,3\n", {}, 1, "column 1, 'a', is not known to hold the users' ids; if it"),
    ("a,b,user\n1,2,u\n", {}, 1, "(id_column='user')"),
    (",a,b\n0,1,2\n", {}, 1, "column 1, which has no name, is not known to hold the users' ids"),
    ("#,a,b\n0,1,2\n", {}, 1, "column 1, '#', is not known"),
    ("count,a,b\n3,1,2\n", {}, 1, "column 1, 'count', is not known"),
    ("u1,5,4\nu2,1,2\n", {}, 1, "column 1, 'u1', is not known"),
    (
        '"user,a,b"\n"u,1,2"\n',
        {},
        1,
        "no responses; divide the cells by commas, semicolons or tabs",
    ),
    ("user|a|b\nu|1|2\n", {}, 1, "no responses; divide the cells"),
    (
        "user,count,a,b\nu,3,1,2\n",
        {},
        1,
        "column 2, 'count', may be weights, counts or notes; name",
    ),
    ("user,a,Weight\nu,3,1\n", {}, 1, "column 3, 'Weight', may be weights"),
    (
        "user,a,time_stamp\nu,3,1\n",
        {},
        1,
        "column 3, 'time_stamp', may be weights, counts or notes",
    ),
    ("user,#,a\nu,3,1\n", {}, 1, "column 2, '#', may be row numbers"),
    ("user_id,session,a\nu,17,1\n", {}, 1, "column 2, 'session', may be ids"),
    ("user,prompt_id,a\nu,17,1\n", {}, 1, "column 2, 'prompt_id', may be ids"),
    ("user,prompt,a\nu,17,1\n", {}, 1, "column 2, 'prompt', may be"),
    (
        "user,rank_a,rank_b\nu,1,2\n",
        {},
        1,
        "column 2, 'rank_a', may hold ranks; give ranks=True if",
    ),
    ("user,a_rank\nu,1\n", {}, 1, "column 2, 'a_rank', may hold ranks"),
    ("user,a,\nu,1,\n", {}, 1, "column 3 has no name; name the response or drop the column"),
    (
        "user_id,item_id,rating\n1,1,5\n",
        {},
        1,
        "a long table, with 'item_id' and 'rating' in a row",
    ),
    ("Movie,User,Stars\nx,1,5\n", {}, 1, "a long table, with 'Movie' and 'Stars'"),
    ("model,score\nx,1\n", {}, 1, "a long table"),
    ("id,prompt,winner\n1,1,2\n", {}, 1, "a table of comparisons, by its column 'winner'"),
    ("user,a,a\nu,1,2\n", {}, 1, "the column 'a' occurs twice"),
    ("user,a, a\nu,1,2\n", {}, 1, "the column 'a' occurs twice"),
    ("user,a,user\nu,1,2\n", {}, 1, "the column 'user' occurs twice"),
    ("user,a\nu,1\n,\n", {}, 3, "an empty row; delete it"),
    ("user,a\nu,1\n , \n", {}, 3, "an empty row; delete it"),
    ("user,a\nu,1\n,2\n", {}, 3, "column 'user': a user without id; fill it in"),
    ("user,a\nu,1\nu ,2\n", {}, 3, "the user 'u' is already in line 2; give her one row"),
    ("user,a\nu,1\nTotal,1\n", {}, 3, "the row 'Total' seems to sum up others"),
    ("user,a\nu,1,\n", {}, 2, "3 cells, but the header has 2; put cells with ',' in quotes"),
    ("user,a\nu,1,5\n", {}, 2, "3 cells, but the header has 2"),
    ("user;a\nu;1;5\n", {}, 2, "3 cells, but the header has 2; put cells with ';' in quotes"),
    ("user;a\nu;1,5\n", {}, 2, "'1,5' is not an exact number; write 0.5 for 0,5"),
    ('user,a\nu,"1,000"\n', {}, 2, "'1,000' is not an exact number; write 0.5 for 0,5, 1000 for"),
    ("user,a\nu,1 000\n", {}, 2, "column 'a': '1 000' is not an exact number"),
    ("user,a\nu,50%\n", {}, 2, "column 'a': '50%' is not an exact number"),
    ("user,a\nu,N/A\n", {}, 2, "or nothing if missing"),
    ("user,a\nu,0\n", {"ranks": True}, 2, "column 'a': '0' is not a rank; the best is 1"),
    (
        "user,a\nu,1\n",
        {"id_column": "b"},
        1,
        "id_column=...: there is no column 'b'; there are 'user', 'a'",
    ),
    ("user,,\nu,1,2\n", {"id_column": ""}, 1, "id_column=...: there is no column ''"),
    (
        "user,a\nu,1\n",
        {"scores": ("b",)},
        1,
        "scores=...: there is no column 'b'; there are 'user'",
    ),
    ("user,a\nu,1\n", {"scores": ("a", "a")}, None, "scores=... names 'a' twice"),
    ("user,a\nu,1\n", {"scores": ("a",), "id_column": "a"}, 1, "cannot be both id_column=... and"),
    ("user,a\nu,1\n", {"scores": ()}, 1, "no responses"),
    ("user,a,b\nu,1,2\n", {"scores": ("user", "a")}, 2, "column 'user': 'u' is not an exact"),
]


@pytest.mark.parametrize(
    ("text", "choices", "line", "words"), REFUSED, ids=[f"{case[3]}" for case in REFUSED]
)
def test_what_is_in_doubt_is_refused(
    tmp_path: Path, text: str, choices: dict[str, object], line: int | None, words: str
) -> None:
    path = put(tmp_path, text)
    place = f"{path}: " if line is None else f"{path}:{line}: "
    with pytest.raises(InputError, match=f"^{re.escape(place)}.*{re.escape(words)}"):
        read_file(path, Choices(**choices))  # type: ignore[arg-type]


def test_ranks_turn_the_order(tmp_path: Path) -> None:
    path = put(tmp_path, "user,a,b,c\nu,1,2.5,2.5\nv,2,1,\n")
    (u, v) = read_population(path, ranks=True).users
    assert (u.ranking, v.ranking) == (((0,), (1, 2)), ((1,), (0,), (2,)))
    assert read_population(path).users[0].ranking == ((1, 2), (0,))
    (u, v) = read_population(path, ranks=True, scores=["b", "a"], id_column="user").users
    assert (u.ranking, v.ranking) == (((0,), (1,)), ((1,), (0,)))


def test_prompts_share_what_is_said_of_columns(tmp_path: Path) -> None:
    put(tmp_path, "a,b\n1,2\n", "one.csv")
    put(tmp_path, '{"responses": ["a"], "users": [{"ranking": ["a"]}]}', "two.json")
    prompts = dict(read_prompts([tmp_path], scores=["a", "b"], ranks=True))
    assert prompts["one.csv"].users[0].ranking == ((0,), (1,))
    with pytest.raises(
        InputError, match=r"two\.json: id_column=.*, scores=.* and ranks=True are about a \.csv"
    ):
        read_files([tmp_path / "two.json"], Choices(ranks=True))
    with pytest.raises(InputError, match="expected a list of the columns' names"):
        read_prompts([tmp_path], scores="ab")


def test_the_words_of_a_reading(tmp_path: Path) -> None:
    rows = "".join(f",u{i},{i},{i if i < 3 else ''}\n" for i in range(43))
    asked = Choices("drop-user")
    reading = read_file(put(tmp_path, f",user,a,b\n{rows}"), asked)
    words = "ids: column 'user'; responses: 'a', 'b'; not read: ''; larger is better; users: 43, "
    assert str(reading) == f"{words}of whom 40 incomplete and dropped (drop-user)"
    assert reading.as_json() == {
        "users": "43",
        "incomplete": "40",
        "missing": "drop-user",
        "ids": "user",
        "responses": ["a", "b"],
        "not_read": [""],
        "better": "larger",
    }
    reading = read(tmp_path, "a,b\n1,2\n", scores=("a", "b"), ranks=True)
    words = "ids: none; responses: 'a', 'b'; smaller is better; users: 1, all complete"
    assert str(reading) == words


def test_rankings_say_what_became_of_the_incomplete_ones(tmp_path: Path) -> None:
    head = '{"responses": ["a", "b"], "users": [{"weight": "%s", "ranking": ["a"]},'
    rest = '{"weight": "3", "ranking": ["b", "a"]}]}'
    reading = read_file(put(tmp_path, head % "2" + rest, "p.json"), Choices())
    assert str(reading) == "users: 5, of whom 2 incomplete and completed (tied-last)"
    assert reading.as_json() == {"users": "5", "incomplete": "2", "missing": "tied-last"}
    reading = read_file(put(tmp_path, head % "1/2" + rest, "p.json"), Choices("drop-user"))
    assert str(reading) == "entries: 2, of whom 1 incomplete and dropped (drop-user)"
    complete = '{"responses": ["a"], "users": [{"ranking": ["a"]}]}'
    reading = read_file(put(tmp_path, complete, "p.json"), Choices())
    assert (str(reading), reading.as_json()) == ("", None)


@pytest.mark.skipif(not DATA.is_dir(), reason=NO_DATA)
def test_real_files_say_how_they_are_read() -> None:
    (path,) = (DATA / "wildbench").glob("*.csv")
    reading = read_file(path, Choices("drop-user"))
    assert reading.columns is not None
    assert (reading.columns.ids, len(reading.columns.responses)) == ("session_id", 12)
    assert reading.users == 1024
    kept = sum(user.weight for user in reading.population.users)
    assert reading.incomplete == 1024 - kept > 0
    votes = DATA / "preflib" / "00005-00000002.toi"
    reading = read_file(votes, Choices())
    assert (reading.users, reading.columns) == (8980, None)
    assert 0 < reading.incomplete < 8980
    with pytest.raises(InputError, match="a table of comparisons, by its column 'winner'"):
        read_file(DATA / "pairs" / "llmfao.csv", Choices())
