"""Bad input of every sort: exit code 2, one line on stderr that names the culprit, nothing on
stdout, no traceback, and not a file that was not there before."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from command import CYCLE, STYLES, tree, ualign

STRICT = CYCLE.encode()
WEAK = b"# NUMBER ALTERNATIVES: 2\n# NUMBER VOTERS: 1\n# NUMBER UNIQUE ORDERS: 1\n" + (
    b"# ALTERNATIVE NAME 1: a\n# ALTERNATIVE NAME 2: b\n1: {1,2}\n"
)
JSON = STYLES.encode()

BAD_FILES: dict[str, tuple[str, bytes, str]] = {
    # what is wrong: (file name, contents, what the message has to mention)
    "empty": ("p.soc", b"", "is empty"),
    "only line ends": ("p.json", b"\n\r\n", "is empty"),
    "binary": ("p.csv", b"\x7fELF\x00\x01\xff", "binary"),
    "not UTF-8": ("p.soc", STRICT.replace(b"1: a", b"1: \xe9"), "UTF-8"),
    "unbalanced braces": ("p.toc", WEAK.replace(b"{1,2}", b"{1,2"), ":6:"),
    "brace that closes nothing": ("p.toc", WEAK.replace(b"{1,2}", b"1,2}"), ":6:"),
    "unknown id": ("p.soc", STRICT.replace(b"2,3,1", b"2,4,1"), ":8:"),
    "repeated id": ("p.soc", STRICT.replace(b"2,3,1", b"2,2,1"), ":8:"),
    "incomplete order": ("p.soc", STRICT.replace(b"2,3,1", b"2,3"), ":8:"),
    "ties in a strict order": ("p.soc", STRICT.replace(b"2,3,1", b"2,{3,1}"), ":8:"),
    "count of zero": ("p.soc", STRICT.replace(b"1: 2,", b"0: 2,"), ":2: NUMBER VOTERS is 3"),
    "negative count": ("p.soc", STRICT.replace(b"1: 2,", b"-1: 2,"), ":8:"),
    "fractional count": ("p.soc", STRICT.replace(b"1: 2,", b"1.5: 2,"), ":8:"),
    "voters disagree": ("p.soc", STRICT.replace(b"VOTERS: 3", b"VOTERS: 4"), "NUMBER VOTERS"),
    "orders disagree": ("p.soc", STRICT.replace(b"ORDERS: 3", b"ORDERS: 2"), "ORDERS"),
    "alternatives disagree": (
        "p.soc",
        STRICT.replace(b"ALTERNATIVES: 3", b"ALTERNATIVES: 2"),
        "ALTERNATIVE",
    ),
    "no orders": ("p.soc", STRICT[: STRICT.index(b"1: 1,")], "orders"),
    "header missing": ("p.soc", STRICT.replace(b"# NUMBER VOTERS: 3\n", b""), "NUMBER VOTERS"),
    "not rankings (.cat)": ("p.cat", WEAK, "'.cat'"),
    "not rankings (.wmd)": ("p.wmd", WEAK, "'.wmd'"),
    "unknown suffix": ("p.xlsx", JSON, "'.xlsx'"),
    "no suffix": ("population", JSON, "''"),
    "a certificate": ("p.json", b'{"format": "ualign/1"}', "'format'"),
    "not JSON": ("p.json", b"{'responses': []}", "JSON"),
    "JSON of another shape": ("p.json", b"[1, 2]", "p.json"),
    "no users": ("p.json", b'{"responses": ["a"], "users": []}', "user"),
    "negative weight": ("p.json", JSON.replace(b'"40"', b'"-40"'), "-40"),
    "zero weight": ("p.json", JSON.replace(b'"40"', b'"0"'), "weight 0"),
    "float weight": ("p.json", JSON.replace(b'"40"', b"0.4"), "0.4"),
    "duplicate name": ("p.json", JSON.replace(b"\"formal\", \"p", b"\"brief\", \"p"), "brief"),
    "duplicate column": ("p.csv", b"user,a,a\nu,1,2\n", "'a'"),
    "duplicate user": ("p.csv", b"user,a,b\nu,1,2\nu,2,1\n", "'u'"),
    "NaN score": ("p.csv", b"user,a,b\nu,1,NaN\n", "NaN"),
    "infinite score": ("p.csv", b"user,a,b\nu,1,inf\n", "inf"),
    "score that is a word": ("p.csv", b"user,a,b\nu,1,good\n", "good"),
    "ragged row": ("p.csv", b"user,a,b\nu,1\n", ":2:"),
    "no responses": ("p.csv", b"user\nu\n", "responses"),
    "no ids": ("p.csv", b"a,b,c\n5,4,3\n1,2,3\n", "p.csv:1: column 1, 'a', is not known to hold"),
    "counts": ("p.csv", b"user,count,a,b\nu,3,1,2\n", "p.csv:1: column 2, 'count', may be weights"),
    "a long table": ("p.csv", b"user_id,item_id,rating\n1,1,5\n", "p.csv:1: a long table"),
    "empty row": ("p.csv", b"user,a,b,c\nu,1,2,3\n,,,\n", "p.csv:3: an empty row"),
    "empty id": ("p.csv", b"user,a,b\nu,1,2\n,1,2\n", "p.csv:3: column 'user': a user without id"),
}  # fmt: skip


def refused(directory: Path, *arguments: str | Path, naming: str) -> None:
    """The command refuses these arguments in the required manner and leaves no trace."""
    before = tree(directory)
    done = ualign(*arguments)
    assert done.code == 2, done
    assert done.out == ""
    assert done.err.startswith("ualign: ")
    assert done.err.count("\n") == 1
    assert done.err.endswith("\n")
    assert naming in done.err
    assert tree(directory) == before


@pytest.mark.parametrize("command", ["certify", "compare"])
@pytest.mark.parametrize("fault", BAD_FILES)
def test_bad_files(tmp_path: Path, command: str, fault: str) -> None:
    name, contents, mention = BAD_FILES[fault]
    path = tmp_path / name
    path.write_bytes(contents)
    (tmp_path / "good.json").write_text(STYLES)
    arguments = [command, tmp_path / "good.json", path, "-k", "2", "--out", tmp_path / "out"]
    refused(tmp_path, *arguments, naming=str(path))
    refused(tmp_path, *arguments, naming=mention)


def test_the_files_that_faults_are_made_from_are_good(tmp_path: Path) -> None:
    """Else a fault above could be refused for another reason."""
    for name, contents in (("p.soc", STRICT), ("p.toc", WEAK), ("p.json", JSON)):
        (tmp_path / name).write_bytes(contents)
    assert ualign("certify", tmp_path, "-k", "1").code == 0


@pytest.mark.parametrize(
    ("ks", "mention"),
    [
        ("0", "at least 1"),
        ("-1", "at least 1"),
        ("0..3", "at least 1"),
        ("1..0", "empty"),
        ("", "expected something like"),
        ("a", "expected something like"),
        ("1..", "expected something like"),
        ("1,,2", "expected something like"),
        ("1.5", "expected something like"),
        ("\uff11", "expected something like"),
        ("1000001", "at most"),
        ("9" * 5000, "at most"),
        ("1..1000000", "at most"),
        ("200000,1..200000", "at most"),
        ("1..100000,100001..100002", "at most"),
    ],
)
@pytest.mark.parametrize("command", ["certify", "compare", "run"])
def test_bad_ks(tmp_path: Path, command: str, ks: str, mention: str) -> None:
    path = tmp_path / "p.json"
    path.write_text(STYLES)
    files = [] if command == "run" else [path]
    refused(tmp_path, command, *files, "-k", ks, "--out", tmp_path / "out", naming=mention)


@pytest.mark.parametrize(
    ("options", "mention"),
    [
        (["--bits", "0"], "--bits 0"),
        (["--bits", "-5"], "--bits -5"),
        (["--bits", "100000"], "--bits 100000"),
        (["--bits", "x"], "'--bits'"),
        (["--joint-limit", "-1"], "--joint-limit -1"),
        (["-l", "0"], "-l '0'"),
        (["-l", "2..1"], "-l '2..1'"),
        (["-l", "two"], "-l 'two'"),
        (["--theorems", "P8"], "--theorems P8"),
        (["--theorems", "P1,"], "--theorems ''"),
        (["--theorems", ""], "--theorems ''"),
        (["--theorems", "every"], "P1, P2, P3"),
        (["--missing", "guess"], "'guess'"),
        (["--ranks"], "p.json: --id, --scores and --ranks are about a .csv"),
        (["--id", "user"], "p.json: --id"),
        (["--scores", "a,b"], "p.json: --id"),
        (["--scores", '"a'], "--scores '\"a'"),
        (["--weights", "nowhere.csv"], "nowhere.csv"),
        (["--weights", ""], "empty file name"),
        (["--out", ""], "empty file name"),
        (["--nonsense"], "--nonsense"),
        ([""], "empty file name"),
        (["nowhere.soc"], "nowhere.soc"),
    ],
)
def test_bad_options(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], mention: str
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "p.json"
    path.write_text(STYLES)
    refused(tmp_path, "certify", path, "-k", "1", "--out", "out", *options, naming=mention)


def test_missing_responses_can_be_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("user,a,b\nu,1,\n")
    refused(tmp_path, "certify", path, "--missing", "error", naming=f"{path}:2:")
    refused(tmp_path, "certify", path, "--missing", "drop-user", naming="dropped")


@pytest.mark.parametrize(
    "contents",
    [
        "p.json,1\n",
        "prompt,weight\np.json,0\n",
        "prompt,weight\np.json,-1\n",
        "prompt,weight\np.json,nan\n",
        "prompt,weight\nq.json,1\n",
        "prompt,weight\n",
    ],
)
def test_bad_prompt_weights(tmp_path: Path, contents: str) -> None:
    path, weights = tmp_path / "p.json", tmp_path / "w.csv"
    path.write_text(STYLES)
    weights.write_text(contents)
    refused(tmp_path, "certify", path, "--weights", weights, naming=str(weights))


@pytest.mark.parametrize("command", ["certify", "compare", "run"])
def test_directories_that_cannot_be_written(tmp_path: Path, command: str) -> None:
    """A path below a file, a file itself, and a file system that takes no files."""
    path = tmp_path / "p.json"
    path.write_text(STYLES)
    files = [] if command == "run" else [path]
    for out in (path, path / "below", path / "far" / "below", Path("/proc/1/nothing")):
        refused(tmp_path, command, *files, "--out", out, naming=str(out))


def test_directories_without_populations(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.txt").write_text("nothing to rank")
    refused(tmp_path, "certify", tmp_path / "empty", naming="empty")
    refused(tmp_path, "certify", tmp_path, naming=str(tmp_path))
    refused(tmp_path, "check", tmp_path, naming=str(tmp_path))


def test_a_prompt_given_twice(tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    path.write_text(STYLES)
    refused(tmp_path, "certify", path, path, naming=str(path))


def test_bad_usage_of_check(tmp_path: Path) -> None:
    """Files that are not there are bad input; what is in a file that is there is the checker's."""
    refused(tmp_path, "check", tmp_path / "nowhere.cert.json", naming="nowhere.cert.json")
    refused(tmp_path, "check", "", naming="empty file name")
    refused(tmp_path, "check", naming="Missing argument")
    (tmp_path / "p.cert.json").write_text("{}")
    refused(tmp_path, "check", tmp_path, "--max-work", "0", naming="--max-work 0")
    refused(tmp_path, "check", tmp_path, tmp_path / "nowhere", naming="nowhere")


def test_bad_usage_of_export(tmp_path: Path) -> None:
    """A form has to be named, and one file; what is in it has to be well formed."""
    path = tmp_path / "p.cert.json"
    path.write_text("{}")
    refused(tmp_path, "export", path, naming="--coq")
    refused(tmp_path, "export", "--coq", tmp_path / "nowhere.cert.json", naming="nowhere.cert.json")
    refused(tmp_path, "export", "--coq", tmp_path, naming="no such file")
    refused(tmp_path, "export", "--coq", path, naming="MALFORMED")
    refused(tmp_path, "export", "--coq", path, "--out", path / "x.v", naming="MALFORMED")


def test_unknown_proofs(tmp_path: Path) -> None:
    refused(tmp_path, "prove", "P1", "P8", naming="there is no proof of P8; there are P1, P2,")


def test_unknown_commands(tmp_path: Path) -> None:
    refused(tmp_path, "certfy", naming="certfy")
    refused(tmp_path, "--nonsense", naming="--nonsense")


def test_line_breaks_in_names_stay_within_the_line(tmp_path: Path) -> None:
    path = tmp_path / "two\nlines.soc"
    path.write_text("")
    refused(tmp_path, "certify", path, naming="two\\nlines.soc")


def test_the_command_itself_refuses_without_a_traceback(tmp_path: Path) -> None:
    """The same through the installed script, in a process of its own."""
    script = Path(sys.executable).with_name("ualign")
    done = subprocess.run(
        [script, "certify", "nowhere.soc"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "ualign: nowhere.soc: cannot be read: No such file or directory\n"


def test_where_whole_rankings_are_needed(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("user,a,b,c\nu,1,,\nv,1,2,3\n")
    for missing in ("worst-case", "worst-below"):
        refused(tmp_path, "compare", path, "--missing", missing, naming="left responses out")
    refused(tmp_path, "compare", path, "--missing", "worst", naming="worst-below")
