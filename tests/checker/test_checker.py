"""The trusted checker: the corpus, its verdict lines, its source, and its arithmetic.

It is run as users run it, as a file in an isolated process, but from a directory full of decoys and
with an empty environment. Only the tests of its arithmetic load it as a module.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import importlib.util
import io
import itertools
import json
import operator
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, combinations, combinations_with_replacement
from math import comb, prod
from pathlib import Path
from types import ModuleType
from typing import Any

import make_corpus
import naive_oracle
import pytest
import sympy
from cases import arithmetic, building
from cases.building import CLAIM, POP, WITNESS, document, encoded, put, win_rate
from cases.populations import EVEN, ONE_RIVAL, PAIR
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import distributions, joint_policies, multisets, populations, product_policies
from ualign.certificates.checking import CHECKER
from ualign.certificates.document import population_json
from ualign.model.policies import JointPolicy, MixturePolicy, Policy, ProductPolicy
from ualign.model.population import Population

Json = Any
VERDICTS = {"accepted": "ACCEPTED", "rejected": "REJECTED", "malformed": "MALFORMED"}
VERDICTS["over_budget"] = "OVER_BUDGET"
EXIT_CODES = {"ACCEPTED": 0, "REJECTED": 10, "MALFORMED": 11, "OVER_BUDGET": 12}
TIES = ("uniform", "win", "half", "lose")
CASES = make_corpus.corpus()
LITTLE = Fraction(1, 10**6)
HALF = Fraction(1, 2)
POINT = {"product": {"a": "1"}}


@dataclass(frozen=True)
class Run:
    """What the checker said: its exit code and its lines, `verdict` being one of their keys."""

    code: int
    lines: list[dict[str, Any]]
    complaint: str

    def of(self, file: Path) -> list[dict[str, Any]]:
        """The lines about one file."""
        return [line for line in self.lines if line["file"] == str(file)]


def run(*arguments: object, cwd: Path, checker: Path = CHECKER) -> Run:
    """Run the checker in an isolated process with an empty environment."""
    command = [sys.executable, "-I", "-S", "-B", str(checker), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, cwd=cwd, env={}, timeout=300)
    lines = []
    for text in done.stdout.decode("ascii").splitlines():
        verdict, _, rest = ("", "", text) if text.startswith("{") else text.partition(" ")
        lines.append({"verdict": verdict, **json.loads(rest)})
    return Run(done.returncode, lines, done.stderr.decode())


@pytest.fixture(scope="session")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working directory whose modules must not be imported."""
    directory = tmp_path_factory.mktemp("elsewhere")
    for name in ("json", "fractions", "math", "hashlib", "re", "ualign", "checker"):
        (directory / f"{name}.py").write_text("raise SystemExit(99)\n")
    return directory


@pytest.fixture(scope="session")
def written() -> dict[str, Path]:
    """The files of all cases."""
    return {case: make_corpus.CORPUS / case for case in CASES}


@pytest.fixture(scope="session")
def judged(written: dict[str, Path], elsewhere: Path) -> dict[str, list[dict[str, Any]]]:
    """The verdict lines of all cases, with the options that a case needs."""
    batches: dict[tuple[str, ...], list[str]] = {}
    for case in written:
        options = make_corpus.BUDGETS.get(short(case), [])
        batches.setdefault(tuple(options), []).append(case)
    lines = {}
    for options, cases in batches.items():
        found = run(*options, *(written[case] for case in cases), cwd=elsewhere)
        assert found.complaint == ""
        lines |= {case: found.of(written[case]) for case in cases}
    return lines


def short(case: str) -> str:
    """A case without its folder and ending."""
    return case.partition("/")[2].removesuffix(".cert.json")


# ---- The corpus ----------------------------------------------------------------------------------


def test_the_committed_files_are_those_that_the_script_writes():
    """Nobody edited the corpus by hand, and nothing in it depends on the machine."""
    files = (path for path in make_corpus.CORPUS.rglob("*") if path.is_file())
    committed = {path.relative_to(make_corpus.CORPUS).as_posix(): path for path in files}
    expected = {**make_corpus.corpus(), make_corpus.EXPECTED: make_corpus.expected()}
    assert sorted(committed) == sorted(expected)
    for name, path in committed.items():
        assert path.read_bytes() == expected[name], name


@pytest.mark.parametrize("case", CASES)
def test_verdict_and_code_of_each_case(case, judged):
    """Accepted files are accepted throughout; any other has one refusal, of its name's code."""
    folder, lines = case.partition("/")[0], judged[case]
    refused = [line for line in lines if line["verdict"] != "ACCEPTED"]
    if folder == "accepted":
        assert lines
        assert refused == []
    else:
        assert [line["verdict"] for line in refused] == [VERDICTS[folder]]
        assert refused[0]["code"] == short(case).partition("--")[0]


def test_lines_have_the_fields_of_the_specification(judged):
    """file, index, kind, sha256, claim; code, pointer, detail for refusals; both sides or none."""
    for line in chain.from_iterable(judged.values()):
        fields = {"verdict", "file", "index", "kind", "sha256", "claim"}
        if line["verdict"] != "ACCEPTED":
            fields |= {"code", "pointer", "detail"}
        if "left" in line or "right" in line:
            assert line["verdict"] == "REJECTED"
            fields |= {"left", "right"}
        assert set(line) == fields
        if line["verdict"] in ("ACCEPTED", "REJECTED"):  # the claim is well formed
            assert isinstance(line["index"], int)
            assert all(isinstance(line[key], str) for key in ("kind", "sha256", "claim"))


def test_claims_are_numbered_and_put_in_words(written, judged):
    """Every claim of a file has its line, in order, and its words hold its numbers."""
    for case in (case for case in CASES if case.startswith("accepted/")):
        claims = [part["claim"] for part in json.loads(written[case].read_bytes())["certificates"]]
        assert [line["index"] for line in judged[case]] == list(range(len(claims)))
        for claim, line in zip(claims, judged[case], strict=True):
            assert line["kind"] == claim["kind"]
            if "k" in claim:
                assert re.search(rf"\b({claim['k']}|{claim['k'] + 1})\b", line["claim"])
            for key in ("bound", "ties", "relation", "delta"):
                assert f" {claim.get(key, '')}" in line["claim"]


def resolve(value: Json, pointer: str) -> Json:
    """The place in a JSON value that an RFC 6901 pointer names; KeyError or IndexError if none."""
    if pointer == "":
        return value
    assert pointer.startswith("/")
    for token in pointer[1:].split("/"):
        assert not re.search(r"~(?![01])", token)
        step = token.replace("~1", "/").replace("~0", "~")
        if isinstance(value, list):
            assert re.fullmatch(r"0|[1-9][0-9]*", step)
            value = value[int(step)]
        else:
            value = value[step]
    return value


def test_pointers_of_refusals_resolve(written, judged):
    """A refusal points into the file, into the claim it is about (or the population), and no
    higher than it must."""
    deep = 0
    for case, lines in judged.items():
        for line in lines:
            if line["verdict"] == "ACCEPTED":
                continue
            if line["code"] in ("not-utf8", "not-json", "bytes", "depth"):
                assert line["pointer"] == ""
                continue
            resolve(json.loads(written[case].read_bytes(), parse_int=str), line["pointer"])
            if line["index"] is not None:
                assert line["pointer"].startswith(f"/certificates/{line['index']}")
            deep += line["pointer"].count("/") >= 3
    assert deep > 100


def test_pointers_escape_names(tmp_path, elsewhere):
    """A slash and a tilde in a name are written ~1 and ~0."""
    odd_name = {"product": {"a/b~c": "1"}}
    odd = document(PAIR, (win_rate(1, 1, "uniform", odd_name, ">=", "1/2"), {}))
    path = tmp_path / "odd.cert.json"
    path.write_bytes(encoded(odd))
    (line,) = run(path, cwd=elsewhere).lines
    assert line["code"] == "unknown-response"
    assert line["pointer"] == CLAIM + "/policy/product/a~1b~0c"


RELATIONS = {"<=": operator.le, ">=": operator.ge, "<": operator.lt, ">": operator.gt}
RELATIONS |= {"=": operator.eq, "!=": operator.ne}


def number(text: str) -> Fraction:
    """An exact side, or an end of the enclosure that stands for a long one."""
    enclosure = re.fullmatch(r"in \[(\S+), \S+\], SHA-256 [0-9a-f]{64}", text)
    return Fraction(enclosure[1] if enclosure else text)


def test_sides_of_a_failed_relation_violate_it(judged):
    """Where the detail says that a relation fails it does, between the sides that are shown;
    only two equal things that should differ have no sides."""
    seen = Counter()
    for lines in judged.values():
        for line in lines:
            if line["verdict"] != "REJECTED":
                continue
            relations = re.findall(r" (<=|>=|<|>|=|!=) ", line["detail"])
            assert len(relations) == 1, line["detail"]
            assert line["detail"].endswith(" fails")
            if "left" in line:
                holds = RELATIONS[relations[0]](number(line["left"]), number(line["right"]))
                assert not holds, line
            else:
                assert relations[0] == "!="
            seen[line["code"], "left" in line] += 1
    without = {code for code, sides in seen if not sides}
    assert without == {"same", "direction"}
    assert {code for code, sides in seen if sides} == {
        *("win-rate", "not-attained", "joint-upper-bound", "not-equilibrium", "contraction"),
        *("off-support", "boundary", "rank", "combination", "not-strict", "direction"),
        *("product-upper-bound", "isolating", "positive", "sum", "strict"),
        *("nlhf-ceiling", "distance", "limit"),
    }


# ---- The hash that binds a claim to its population -----------------------------------------------


def sha256(value: Json) -> str:
    """SHA-256 of a value as SPEC.md writes it."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def expected_hashes(value: Json) -> list[str]:
    """The hashes of a file's claims."""
    hashes = []
    for part in value["certificates"]:
        about = value["populations"][part["claim"]["population"]]
        hashes.append(sha256({**part["claim"], "population": sha256(about)}))
    return hashes


def test_hashes_are_those_of_the_specification(written, judged):
    """Recomputed for every claim that was well formed enough to have one."""
    compared = 0
    for case, lines in judged.items():
        for line in lines:
            if line["verdict"] in ("ACCEPTED", "REJECTED"):
                hashes = expected_hashes(json.loads(written[case].read_bytes()))
                assert line["sha256"] == hashes[line["index"]]
                compared += 1
    assert compared > 80


def test_hashes_follow_the_claim_and_the_population_and_nothing_else(tmp_path, elsewhere):
    """They survive other names, orders of keys, witnesses and provenance, and no other change."""
    plain = building.document(PAIR, (win_rate(1, 1, "uniform", POINT, "<=", "1/2"), {}))
    plain = put(plain, WITNESS, {"opponent": ["a"]})
    renamed = put(plain, CLAIM + "/population", "q")
    renamed["populations"] = {"q": renamed["populations"]["p"]}
    turned = json.loads(json.dumps(plain, sort_keys=True))
    same = {
        "plain": plain,
        "provenance": {**plain, "provenance": [1]},
        "another witness": put(plain, WITNESS + "/opponent", ["b"]),
        "renamed": renamed,
        "sorted": turned,
        "another population beside it": put(plain, "/populations/z", EVEN),
    }
    other = {
        "weight": put(plain, POP + "/users/0/weight", "4"),
        "all weights doubled": put(
            put(plain, POP + "/users/0/weight", "6"), POP + "/users/1/weight", "4"
        ),
        "names in another order": put(plain, POP + "/responses", ["b", "a"]),
        "bound": put(plain, CLAIM + "/bound", "2/3"),
        "k": put(plain, CLAIM + "/k", 2),
        "ties": put(plain, CLAIM + "/ties", "win"),
    }
    files = {}
    for name, value in (same | other).items():
        files[name] = tmp_path / f"{name}.cert.json"
        files[name].write_bytes(encoded(value))
    found = {line["file"]: line["sha256"] for line in run(*files.values(), cwd=elsewhere).lines}
    hashes = {name: found[str(path)] for name, path in files.items()}
    assert {hashes[name] for name in same} == {hashes["plain"]}
    assert len({hashes[name] for name in other} | {hashes["plain"]}) == len(other) + 1


# ---- Long numbers --------------------------------------------------------------------------------


def test_a_long_side_is_shown_as_an_enclosure_and_its_hash(judged):
    """Beyond 200 digits: an interval of width 10^-20 and the SHA-256 of the exact text."""
    case = "rejected/not-attained--left-side-of-hundreds-of-digits.cert.json"
    (line,) = judged[case]
    # b against 800 draws from (1/3, 2/3), half of the users a > b, half b > a
    third, N = Fraction(1, 3), 801
    beaten = Fraction(1, 2) * ((2 * third) ** N + (1 - third**N)) / (N * 2 * third)
    exact = str(1 - beaten)
    assert len(exact) > 200
    shown = re.fullmatch(r"in \[(\S+), (\S+)\], SHA-256 ([0-9a-f]{64})", line["left"])
    assert shown is not None
    low, high = Fraction(shown[1]), Fraction(shown[2])
    assert low <= 1 - beaten <= high
    assert high - low == Fraction(1, 10**20)
    assert shown[3] == hashlib.sha256(exact.encode("ascii")).hexdigest()
    assert line["right"] == "1"


def test_a_long_bound_is_abbreviated_in_the_words(tmp_path, elsewhere):
    """The sentence stays readable; a bound of 190 digits is still written out."""
    lines = {}
    for digits in (190, 400):
        bound = Fraction(1, 10**digits)
        claim = win_rate(1, 1, "uniform", POINT, ">=", str(bound))
        path = tmp_path / f"{digits}.cert.json"
        path.write_bytes(encoded(document(PAIR, (claim, {}))))
        (lines[digits],) = run(path, cwd=elsewhere).lines
    assert f"1/1{'0' * 190}" in lines[190]["claim"]
    assert hashlib.sha256(f"1/1{'0' * 400}".encode()).hexdigest() in lines[400]["claim"]
    assert len(lines[400]["claim"]) < 300


# ---- Exit codes, options, budgets ----------------------------------------------------------------

ONE_OF_EACH = {
    "REJECTED": "rejected/win-rate--at-least-a-little-more",
    "MALFORMED": "malformed/unknown-key--at-the-top",
    "OVER_BUDGET": "over_budget/work--exact-power-of-10-to-the-17",
    "ACCEPTED": "accepted/win-rate--product-equal",
}


@pytest.mark.parametrize(
    "verdicts",
    [chosen for size in range(1, 5) for chosen in combinations(ONE_OF_EACH, size)],
    ids="+".join,
)
def test_the_gravest_verdict_gives_the_exit_code(verdicts, elsewhere):
    """Whatever the order of the files: REJECTED, then MALFORMED, OVER_BUDGET, ACCEPTED."""
    files = [make_corpus.CORPUS / f"{ONE_OF_EACH[verdict]}.cert.json" for verdict in verdicts]
    for order in (files, files[::-1]):
        found = run(*order, cwd=elsewhere)
        assert [line["file"] for line in found.lines] == [str(file) for file in order]
        assert {line["verdict"] for line in found.lines} == set(verdicts)
        assert found.code == EXIT_CODES[verdicts[0]]


def test_a_file_that_cannot_be_read_is_malformed(tmp_path, elsewhere):
    """A missing file and a directory are no passes, and do not hide the files after them."""
    good = make_corpus.CORPUS / "accepted/win-rate--product-equal.cert.json"
    found = run(tmp_path / "missing", tmp_path, good, cwd=elsewhere)
    assert [line["verdict"] for line in found.lines] == ["MALFORMED", "MALFORMED", "ACCEPTED"]
    assert [line.get("code") for line in found.lines] == ["unreadable", "unreadable", None]
    assert found.lines[0]["index"] is None
    assert found.code == 11


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--max-work=10"],
        ["-h", "FILE"],
        ["--help", "FILE"],
        ["--max-work", "FILE"],
        ["--max-work=", "FILE"],
        ["--max-work=0", "FILE"],
        ["--max-work=-1", "FILE"],
        ["--max-work=1e9", "FILE"],
        ["--max-work=1_000", "FILE"],
        ["--max-work=\u0663", "FILE"],
        ["--max-work=10 ", "FILE"],
        ["--max-memory=10", "FILE"],
        ["--max-WORK=10", "FILE"],
        ["FILE", "--max-work=x"],
        ["FILE", "-"],
    ],
)
def test_bad_usage(arguments, elsewhere):
    """Exit code 64, an explanation, and no verdict at all."""
    good = make_corpus.CORPUS / "accepted/win-rate--product-equal.cert.json"
    found = run(*(good if word == "FILE" else word for word in arguments), cwd=elsewhere)
    assert found.code == 64
    assert found.lines == []
    assert "usage: checker.py" in found.complaint


def test_every_claim_pays_for_its_work(written, elsewhere):
    """With 250 steps to spend, enough for most populations, no kind of claim gets through, and
    none is called false."""
    files = [path for case, path in written.items() if case.startswith("accepted/")]
    found = run("--max-work=250", *files, cwd=elsewhere)
    assert len(found.lines) >= len(files)
    assert {line["verdict"] for line in found.lines} == {"OVER_BUDGET"}
    assert {line["code"] for line in found.lines} == {"work"}
    large = [line for line in found.lines if line["index"] is None]
    assert len(large) < len(files) / 6
    assert all(line["pointer"].startswith("/populations/") for line in large)
    assert found.code == 12


def prices(files: Sequence[Path], cwd: Path) -> list[dict[str, Any]]:
    """What --price prints, a line a claim."""
    command = [sys.executable, "-I", "-S", "-B", str(CHECKER), "--price", *map(str, files)]
    done = subprocess.run(command, capture_output=True, cwd=cwd, env={}, check=True, timeout=300)
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_price_is_what_a_claim_costs(written, elsewhere):
    """An accepted claim needs as much work as --price says of it, or more only where a response
    off the support is as good as those on it and has to be decided exactly."""
    found = prices([written[case] for case in written if case.startswith("accepted/")], elsewhere)
    more = []
    for line in (line for line in found if line["index"] == 0):
        verdicts = [
            run(f"--max-work={work}", line["file"], cwd=elsewhere).lines[0]["verdict"]
            for work in (line["price"] - 1, line["price"], 3 * line["price"])
        ]
        assert verdicts[0] == "OVER_BUDGET", line
        assert verdicts[2] == "ACCEPTED", line
        more += [Path(line["file"]).name] * (verdicts[1] != "ACCEPTED")
    assert len(more) < len(found) / 6, more


def test_a_price_beyond_the_budget_is_told(written, elsewhere):
    """For whoever decides whether to raise the budget; what cannot be read has none."""
    vast = [
        written[f"over_budget/{case}.cert.json"]
        for case in ("work--product", "work--exact-power-of-10-to-the-17")
    ]
    assert [line["price"] > 10**9 for line in prices(vast, elsewhere)] == [False, True]
    bad = run("--price", written["malformed/not-json--empty.cert.json"], cwd=elsewhere)
    assert bad.code == 11
    assert "price" not in bad.lines[0]


def test_each_claim_has_the_whole_budget(tmp_path, elsewhere):
    """Many claims that fit one by one fit together."""
    value = json.loads(
        (make_corpus.CORPUS / "accepted/win-rate--product-equal.cert.json").read_bytes()
    )
    value["certificates"] *= 200
    path = tmp_path / "many.cert.json"
    path.write_bytes(encoded(value))
    found = run("--max-work=5000", path, cwd=elsewhere)
    assert Counter(line["verdict"] for line in found.lines) == {"ACCEPTED": 200}


@pytest.mark.slow
def test_the_defaults_admit_large_populations(tmp_path, elsewhere):
    """50 responses, 2,000 users, k = 100: in fixed point and exactly."""
    draw, names = random.Random(5), [f"r{i}" for i in range(50)]
    users = [
        {"weight": str(draw.randint(1, 9)), "ranking": [[y] for y in draw.sample(names, 50)]}
        for _ in range(2000)
    ]
    masses = {"product": dict.fromkeys(names, "1/50")}
    value = document(
        {"responses": names, "users": users},
        (win_rate(100, 1, "uniform", masses, ">=", "9/10"), {}),
        (win_rate(100, 1, "uniform", masses, "<=", "1"), {"opponent": ["r7"]}),
    )
    path = tmp_path / "large.cert.json"
    path.write_bytes(encoded(value))
    found = run(path, cwd=elsewhere)
    assert [line["verdict"] for line in found.lines] == ["ACCEPTED", "ACCEPTED"]


def costly() -> dict[str, Json]:
    """Files of at most a megabyte that would take hours or many gigabytes."""
    names, long = [f"r{i}" for i in range(20_000)], 10**4000 + 1
    flat = {"responses": names, "users": [{"weight": "1", "ranking": [names]}]}
    parts = {"mixture": [["1/20000", {"r0": "1"}]] * 20_000}
    masses, rest = {"a": f"1/{long}", "b": f"{long - 1}/{long}"}, ["0"] * 2998
    ones = {"mixture": [[["a"], "1/2"], [["b"], "1/2"]], "point": masses}
    field = {"polynomial": ["-1", *["1"] * 3000], "interval": ["0", f"{long - 1}/{long}"]}
    field["masses"] = {"a": ["1", "0", *rest], "b": ["0", "0", *rest]}
    few = {f"r{i}": "1/300" for i in range(298)} | {"r298": f"1/{long}"}
    few["r299"] = str(Fraction(1, 150) - Fraction(1, long))
    box = {"centre": few, "delta": "1/2"}
    block = {"responses": names[:300], "users": [{"weight": "1", "ranking": [names[:300]]}]}
    rows = {"inverse": [["1"] * 300] * 300, "boundary": {}}
    mixed = document(flat, (win_rate(2, 1, "uniform", parts, ">=", "0"), {}))
    bound = building.product_upper_bound(600, 1, "1")
    return {
        "policies": mixed,
        "point": document(PAIR, (bound, ones)),
        "algebraic": document(PAIR, building.algebraic(10**17, field)),
        "inverse": document(block, building.equilibrium(2, box, rows)),
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", costly())
def test_small_files_cannot_cost_much(name, tmp_path, elsewhere):
    """With the default budgets they end soon, and in a gigabyte of memory."""
    path, gigabyte = tmp_path / "costly.cert.json", 1 << 30
    path.write_bytes(encoded(costly()[name]))
    assert path.stat().st_size < 1 << 20
    code = f"import resource, runpy; resource.setrlimit(resource.RLIMIT_AS, ({gigabyte},) * 2);"
    code += f"runpy.run_path({str(CHECKER)!r}, run_name='__main__')"
    command = [sys.executable, "-I", "-S", "-B", "-c", code, str(path)]
    done = subprocess.run(command, capture_output=True, cwd=elsewhere, env={}, timeout=120)
    assert done.stderr == b""
    assert done.returncode == EXIT_CODES["OVER_BUDGET"]


@pytest.mark.parametrize("brackets", ["[]", ('{"":', "}")], ids=["lists", "objects"])
def test_no_depth_makes_it_crash(brackets, tmp_path, elsewhere):
    """With the limit on depth out of the way, a file is read, or still said to be too deep."""
    plain = document(PAIR, (win_rate(1, 1, "uniform", POINT, ">=", "1/2"), {}))
    files = []
    for depth in (100, 900, *range(960, 1010), 3000, 20_000):
        files.append(tmp_path / f"{depth}.cert.json")
        deep = brackets[0] * depth + "1" + brackets[1] * depth
        text = encoded(plain).decode("ascii").rstrip()[:-1] + f', "provenance": {deep}}}'
        files[-1].write_text(text)
    found = run("--max-depth=1000000", *files, cwd=elsewhere)
    assert found.complaint == ""
    assert [line["file"] for line in found.lines] == list(map(str, files))
    assert found.lines[0]["verdict"] == "ACCEPTED"
    assert {line.get("code") for line in found.lines} == {None, "depth"}


def test_it_runs_without_the_package(tmp_path, elsewhere):
    """A copy of the one file decides alike."""
    alone = tmp_path / "alone.py"
    alone.write_bytes(CHECKER.read_bytes())
    good = make_corpus.CORPUS / "accepted/unique-equilibrium--direction-enclosed.cert.json"
    found = run(good, cwd=elsewhere, checker=alone)
    assert (found.code, found.lines) == (0, run(good, cwd=elsewhere).lines)


# ---- The codes -----------------------------------------------------------------------------------

NOT_CODES = {
    *("REJECTED", "MALFORMED", "OVER_BUDGET", "ACCEPTED", "verdict", "code", "pointer", "detail"),
    *("left", "right", "file", "index", "sha256", "ascii", "utf-8", "rb"),
    *("format", "populations", "certificates", "provenance", "responses", "users", "weight"),
    *("ranking", "claim", "kind", "population", "k", "l", "ties", "relation", "bound"),
    *("centre", "delta", "inverse", "unique", "players", "product", "joint", "mixture"),
    *("opponent", "equilibrium", "unique-equilibrium", "equilibria", "classes"),
    *("algebraic-equilibrium", "dictatorship-distance", "interval", "masses", "degree", "point"),
    *("uniform_rankings", "random_subset", "Masses", "Check"),
    *("uniform", "win", "half", "lose", "true", "false"),
    *("parse_int", "parse_float", "parse_constant", "price", "PRICED"),
}
"""Words in the checker's source that are keys, values or kinds and not codes of refusals."""


SOURCE = ast.parse(CHECKER.read_text(encoding="utf-8"))


def nodes(kind: type[ast.AST]) -> list[Any]:
    """All nodes of a kind in the checker's syntax tree."""
    return [node for node in ast.walk(SOURCE) if isinstance(node, kind)]


def words_of_the_source() -> set[str]:
    """The strings of the checker that could be codes: one word, in no text that is put together."""
    pieces = {id(piece) for joined in nodes(ast.JoinedStr) for piece in joined.values}
    words = {node.value for node in nodes(ast.Constant) if id(node) not in pieces}
    texts = (word for word in words if isinstance(word, str))
    return {word for word in texts if re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", word)}


def codes_of_the_corpus() -> set[str]:
    """The codes that the cases expect, and that of a file that is not there."""
    codes = {short(case).partition("--")[0] for case in CASES if not case.startswith("accepted/")}
    return codes | {"unreadable"}


def test_every_code_of_the_source_occurs_in_the_corpus():
    """A new code needs a case (or, if it is no code, an entry in NOT_CODES)."""
    words = words_of_the_source()
    assert words - NOT_CODES <= codes_of_the_corpus()
    assert codes_of_the_corpus() <= words


def test_every_code_of_the_specification_occurs_in_the_corpus():
    """SPEC.md and the corpus list the same codes."""
    text = CHECKER.with_name("SPEC.md").read_text(encoding="utf-8")
    _, _, rest = text.partition("## What makes a file or a part of it MALFORMED")
    malformed, _, kinds = rest.partition("## Kinds")
    codes = set(re.findall(r"`([a-z0-9-]+)`", malformed))
    codes |= set(re.findall(r"\(`([a-z-]+)`[):]", kinds)) - {"true", "false"}
    codes |= set(re.findall(r"^\| ([a-z]+) \| [0-9,]+ \|", text, re.MULTILINE))
    assert codes == codes_of_the_corpus()


def test_the_example_of_the_specification_is_accepted(tmp_path, elsewhere):
    """The file that it shows gets the very line that it shows."""
    text = CHECKER.with_name("SPEC.md").read_text(encoding="utf-8")
    example = text.partition("## An example")[2].partition("\n## ")[0]
    shown = [block for block in re.split(r"\n\n", example) if block.startswith("    ")]
    file, line = ("\n".join(text[4:] for text in block.splitlines()) for block in shown)
    (tmp_path / "example.cert.json").write_text(file)
    command = [sys.executable, "-I", "-S", "-B", str(CHECKER), "example.cert.json"]
    done = subprocess.run(command, capture_output=True, cwd=tmp_path, env={}, check=True)
    verdict, _, rest = done.stdout.decode().partition(" ")
    assert line.split()[0] == verdict == "ACCEPTED"
    assert json.loads(line.partition(" ")[2]) == json.loads(rest)


# ---- The source ----------------------------------------------------------------------------------

ALLOWED_IMPORTS = {"json", "fractions", "math", "itertools", "hashlib", "re", "sys", "typing"}
ALLOWED_IMPORTS |= {"collections", "functools", "dataclasses"}
EXACT_MATH = {"comb", "perm", "floor", "ceil", "gcd", "lcm", "isqrt", "prod"}
FORBIDDEN_NAMES = {"float", "complex", "eval", "exec", "compile", "__import__", "round", "globals"}
FORBIDDEN_NAMES |= {"locals", "vars", "getattr", "setattr", "delattr", "input", "breakpoint"}


def test_it_imports_the_standard_library_alone():
    """And of that only a few modules, whole and by their own names."""
    imported = {alias.name for node in nodes(ast.Import) for alias in node.names}
    imported |= {"." * node.level + (node.module or "") for node in nodes(ast.ImportFrom)}
    assert {"json", "fractions"} <= imported <= ALLOWED_IMPORTS
    statements = nodes(ast.Import) + nodes(ast.ImportFrom)
    aliases = [alias for statement in statements for alias in statement.names]
    assert [alias.name for alias in aliases if alias.asname or alias.name == "*"] == []


def test_it_has_no_floats():
    """No literal, no name, no true division, and of `math` only what is exact."""
    assert [
        node.lineno for node in nodes(ast.Constant) if isinstance(node.value, (float, complex))
    ] == []
    divisions = nodes(ast.BinOp) + nodes(ast.AugAssign)
    assert [node.lineno for node in divisions if isinstance(node.op, ast.Div)] == []
    attributes = [node for node in nodes(ast.Attribute) if isinstance(node.value, ast.Name)]
    assert {node.attr for node in attributes if node.value.id == "math"} <= EXACT_MATH


def test_it_has_no_asserts_and_evaluates_nothing():
    """Verdicts must survive -O, and nothing from a file may be run."""
    assert nodes(ast.Assert) == []
    assert {node.id for node in nodes(ast.Name)} & FORBIDDEN_NAMES == set()
    assert {node.attr for node in nodes(ast.Attribute)} & (FORBIDDEN_NAMES - {"compile"}) == set()
    assert [node for node in nodes(ast.ExceptHandler) if node.type is None] == []


PARTS = ("I. Reading", "II. Prices", "III. Numbers", "IV. Kinds", "V. The command")
TEXT = CHECKER.read_text(encoding="utf-8").splitlines()
STARTS = [next(i for i, line in enumerate(TEXT) if line.startswith(f"# ---- {p}")) for p in PARTS]


def functions() -> list[ast.FunctionDef]:
    """All functions and methods of the checker."""
    return nodes(ast.FunctionDef)


def code_lines(first: int, last: int) -> int:
    """How many lines from `first` to before `last` are neither blank nor a comment or docstring."""
    texts = [n.body[0] for n in [*functions(), *nodes(ast.ClassDef)] if ast.get_docstring(n)]
    explained = {i for text in texts for i in range(text.lineno - 1, text.end_lineno)}
    lines = (TEXT[i].strip() for i in range(first, last) if i not in explained)
    return sum(line != "" and not line.startswith("#") for line in lines)


def test_it_is_short_enough_to_be_read():
    """Lines of at most 100 columns, functions of at most 60 lines, few lines in all; and fewer yet
    of code that has to be right for ACCEPTED to mean true."""
    assert max(map(len, TEXT)) <= 100
    assert max(f.end_lineno - f.lineno + 1 for f in functions()) <= 60
    assert len(TEXT) <= 1450
    assert code_lines(STARTS[2], STARTS[4]) <= 570


def test_it_is_in_five_parts():
    """In order; only the fourth speaks of relations, so only it decides; prices are the second."""
    assert sorted(STARTS) == STARTS
    for name, first, last in (("Relation", 3, 4), ("cost", 0, 4)):
        used = [node.lineno for node in nodes(ast.Name) if node.id == name]
        assert all(STARTS[first] < line <= STARTS[last] for line in used)
    prices = [f.lineno for f in functions() if f.name.startswith("price_of_")]
    assert all(STARTS[1] < line < STARTS[2] for line in prices)
    deciding = [f for f in functions() if f.lineno > STARTS[3] and f.lineno < STARTS[4]]
    kinds = [f for f in deciding if f.name.startswith("check_")]
    for kind in kinds:
        said = [line.partition(":")[0] for line in str(ast.get_docstring(kind)).splitlines()]
        headings = [word for word in said if word in ("States", "Requires", "Because")]
        assert headings == ["States", "Requires", "Because"], kind.name


def test_numbers_are_pure():
    """The third part reads no node and pays for nothing."""
    lines = TEXT[STARTS[2] : STARTS[3]]
    assert not [line for line in lines if re.search(r"Node|\.pay\(|\.charge\(|\.expect\(", line)]


# ---- Against the definition ----------------------------------------------------------------------


def load_checker() -> ModuleType:
    """The checker as a module under a name of its own."""
    spec = importlib.util.spec_from_file_location("_checker_under_test", CHECKER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


checker = load_checker()


@pytest.fixture(scope="session")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file to write over and over."""
    return tmp_path_factory.mktemp("scratch") / "scratch.cert.json"


def verdicts_on(value: Json, scratch: Path) -> list[str]:
    """The verdicts on a file's claims, with the checker in this process."""
    scratch.write_bytes(encoded(value))
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        checker.main([str(scratch)])
    return [line.partition(" ")[0] for line in said.getvalue().splitlines()]


def named(population: Population, positions: Sequence[int]) -> list[str]:
    """The names of a tuple's responses."""
    return [population.responses[y] for y in positions]


def mixture(population: Population, tuples: Sequence[tuple[Sequence[int], Fraction]]) -> Json:
    """A mixture of tuples as the format has it."""
    return [[named(population, positions), str(mass)] for positions, mass in tuples if mass]


def policy_json(population: Population, policy: Policy) -> Json:
    """A policy as the format has it."""
    if isinstance(policy, JointPolicy):
        return {"joint": mixture(population, policy.tuples)}
    if isinstance(policy, MixturePolicy):
        parts = [(chance, policy_json(population, part)) for chance, part in policy.parts if chance]
        return {"mixture": [[str(chance), part["product"]] for chance, part in parts]}
    masses = zip(population.responses, policy.masses, strict=True)
    return {"product": {name: str(mass) for name, mass in masses if mass}}


@given(st.data(), st.integers(1, 3), st.integers(1, 3))
@settings(deadline=None, max_examples=60)
def test_win_rates_are_decided_as_the_definition_has_it(scratch, data, k, l):
    """Every relation at the true worst case is accepted, and a millionth beyond it refused."""
    population = data.draw(populations(max_responses=3, max_users=3))
    policy = data.draw(st.one_of(product_policies(population), joint_policies(population, k)))
    certificates, expected = [], []
    for ties in TIES:
        worst, opponent = naive_oracle.worst_case(population, policy, k=k, l=l, ties=ties)
        for relation, bound, verdict in (
            ("=", worst, "ACCEPTED"),
            (">=", worst, "ACCEPTED"),
            ("<=", worst, "ACCEPTED"),
            (">=", worst - LITTLE, "ACCEPTED"),
            ("<=", worst + LITTLE, "ACCEPTED"),
            (">=", worst + LITTLE, "REJECTED"),
            ("<=", worst - LITTLE, "REJECTED"),
            ("=", worst + LITTLE, "REJECTED"),
            ("=", worst - LITTLE, "REJECTED"),
        ):
            written = policy_json(population, policy)
            claim = win_rate(k, l, ties, written, relation, str(bound))
            witness = {} if relation == ">=" else {"opponent": named(population, opponent)}
            certificates.append((claim, witness))
            expected.append(verdict)
    found = verdicts_on(document(population_json(population), *certificates), scratch)
    assert found == expected


@given(st.data(), st.integers(1, 3), st.integers(1, 3), st.sampled_from(TIES))
@settings(deadline=None, max_examples=60)
def test_a_win_rate_is_attained_by_the_named_opponent_or_not(scratch, data, k, l, ties):
    """`=` and `<=` need the named tuple; W = bound alone does not make it the minimum."""
    population = data.draw(populations(max_responses=3, max_users=3))
    policy = data.draw(product_policies(population))
    opponent = data.draw(multisets(population, l))
    worst, _ = naive_oracle.worst_case(population, policy, k=k, l=l, ties=ties)
    rate = naive_oracle.win_rate(population, policy, opponent, k=k, ties=ties)
    witness = {"opponent": named(population, data.draw(st.permutations(opponent)))}
    certificates = [
        (win_rate(k, l, ties, policy_json(population, policy), relation, str(bound)), witness)
        for relation, bound in (("=", rate), ("=", worst), ("<=", rate), ("<=", worst))
    ]
    is_worst = "ACCEPTED" if rate == worst else "REJECTED"
    found = verdicts_on(document(population_json(population), *certificates), scratch)
    assert found == [is_worst, is_worst, "ACCEPTED", is_worst]


@given(st.data(), st.integers(1, 3), st.integers(1, 3), st.sampled_from(TIES))
@settings(deadline=None, max_examples=80)
def test_joint_upper_bounds_are_decided_as_the_definition_has_it(scratch, data, k, l, ties):
    """The bound that a mixture of opponents proves is accepted, a millionth less is refused."""
    population = data.draw(populations(max_responses=3, max_users=3))
    opponents = data.draw(joint_policies(population, l)).tuples
    proved = max(
        sum(
            mass * naive_oracle.win_rate(population, JointPolicy.deterministic(S), T, ties=ties)
            for T, mass in opponents
        )
        for S in combinations_with_replacement(range(population.n), k)
    )
    witness = {"mixture": mixture(population, opponents)}
    certificates = [
        (building.claim_of("joint-upper-bound", k, l=l, ties=ties, bound=str(bound)), witness)
        for bound in (proved, proved + LITTLE, proved - LITTLE)
    ]
    found = verdicts_on(document(population_json(population), *certificates), scratch)
    assert found == ["ACCEPTED", "ACCEPTED", "REJECTED"]


@st.composite
def mixtures(draw: st.DrawFn, population: Population) -> MixturePolicy:
    """Up to three product policies with their chances."""
    parts = draw(st.lists(product_policies(population), min_size=1, max_size=3))
    return MixturePolicy(tuple(zip(draw(distributions(len(parts))), parts, strict=True)))


def as_joint(policy: MixturePolicy, k: int) -> JointPolicy:
    """The same outputs, multiset by multiset."""
    tuples: Counter[tuple[int, ...]] = Counter()
    for chance, part in policy.parts:
        for mass, outputs in naive_oracle.draws(part, k):
            tuples[tuple(sorted(outputs))] += chance * mass
    return JointPolicy(k, tuple(tuples.items()))


@given(st.data(), st.integers(1, 3), st.integers(1, 3), st.sampled_from(TIES))
@settings(deadline=None, max_examples=60)
def test_mixtures_of_policies_are_decided_as_the_definition_has_it(scratch, data, k, l, ties):
    """A policy is drawn once, then k outputs from it: as good as the joint policy of these."""
    population = data.draw(populations(max_responses=3, max_users=3))
    policy = data.draw(mixtures(population))
    joint = as_joint(policy, k)
    worst, opponent = naive_oracle.worst_case(population, joint, l=l, ties=ties)
    written, witness = policy_json(population, policy), {"opponent": named(population, opponent)}
    certificates = [
        (win_rate(k, l, ties, written, "=", str(worst)), witness),
        (win_rate(k, l, ties, written, ">=", str(worst)), {}),
        (win_rate(k, l, ties, written, ">=", str(worst + LITTLE)), {}),
        (win_rate(k, l, ties, written, "<=", str(worst - LITTLE)), witness),
    ]
    found = verdicts_on(document(population_json(population), *certificates), scratch)
    assert found == ["ACCEPTED", "ACCEPTED", "REJECTED", "REJECTED"]


@given(st.data(), st.integers(1, 3), st.integers(1, 3))
@settings(deadline=None, max_examples=60)
def test_product_upper_bounds_are_decided_as_the_definition_has_it(scratch, data, k, l):
    """1 + (k-1) P - k min_y P_y, worked out draw by draw, is accepted and a millionth less is
    not; and no product policy on a grid wins more."""
    population = data.draw(populations(max_responses=3, max_users=3))
    about = population_json(population)
    rivals = mixture(population, data.draw(joint_policies(population, l)).tuples)
    point = policy_json(population, data.draw(product_policies(population)))["product"]
    bound = arithmetic.product_bound(about, k, rivals, point)
    certificates = [
        (building.product_upper_bound(k, l, value), {"mixture": rivals, "point": point})
        for value in (bound, bound - LITTLE)
    ]
    assert verdicts_on(document(about, *certificates), scratch) == ["ACCEPTED", "REJECTED"]
    for outputs in combinations_with_replacement(range(population.n), 3):
        masses = tuple(Fraction(outputs.count(y), 3) for y in range(population.n))
        worst, _ = naive_oracle.worst_case(population, ProductPolicy(masses), k=k, l=l)
        assert worst <= bound


@given(st.data(), st.integers(0, 5), st.sampled_from([0, 1]))
@settings(deadline=None, max_examples=60)
def test_chances_against_draws_and_one_position_more(data, k, extra):
    """What a tuple is picked with, with and without one more position in its best class (whose
    response is no position of the tuple), against the enumeration of the draws."""
    population = data.draw(populations(max_responses=3, max_users=3))
    point = policy_json(population, data.draw(product_policies(population)))["product"]
    about, x = read(population, point)
    tuples = data.draw(multisets(population, data.draw(st.integers(1, 3))))
    rival = contest(x, k, len(tuples) + extra, "uniform")
    names = named(population, tuples)
    for u, user in enumerate(population_json(population)["users"]):
        best = next(tied for tied in user["ranking"] if {*tied} & {*names})
        alone = {"responses": [], "users": [{**user, "weight": "1"}]}
        expected = Fraction(0)
        for drawn in itertools.product(point, repeat=k):
            chance = prod((Fraction(point[z]) for z in drawn), start=Fraction(1))
            expected += chance * arithmetic.picked(alone, names, [*drawn, *best[:1] * extra])
        r = min(about.ranks[y][u] for y in tuples)
        c = sum(name in best for name in names)
        assert Fraction(rival.value(u, r, c, extra), rival.scale) == expected


@given(st.data(), st.integers(1, 4), st.integers(1, 5), st.sampled_from(TIES))
@settings(deadline=None, max_examples=60)
def test_uniform_rankings_are_the_listed_population(scratch, data, n, k, ties):
    """For n <= 4 the n! rankings can be listed: the same win rates, and the same best value, which
    is that of the best multiplicities against a random response."""
    names, uniform = list("abcd"[:n]), {"uniform_rankings": n}
    orders = itertools.permutations(names)
    listed = {
        "responses": names,
        "users": [{"weight": "1", "ranking": [[y] for y in order]} for order in orders],
    }
    outputs = data.draw(st.lists(st.integers(0, n - 1), min_size=k, max_size=k))
    counts = sorted(Counter(outputs).values())
    rates = {}
    for shown in combinations_with_replacement(names, k):
        win = [1 - seen_by_opponent(listed, shown, y, ties) for y in names]
        rates.setdefault(tuple(sorted(Counter(shown).values())), Fraction(sum(win), n))
    rate, best = rates[tuple(counts)], max(rates.values())
    policy = building.random_subset(*data.draw(st.permutations(counts)))
    upper = [
        building.claim_of("joint-upper-bound", k, l=1, ties=ties, bound=str(bound))
        for bound in (best, best - LITTLE)
    ]
    certificates = [
        (win_rate(k, 1, ties, policy, "=", str(rate)), {}),
        (win_rate(k, 1, ties, policy, ">=", str(rate + LITTLE)), {}),
        (win_rate(k, 1, ties, policy, "<=", str(rate - LITTLE)), {}),
        *((claim, ONE_RIVAL) for claim in upper),
    ]
    found = verdicts_on(document(uniform, *certificates), scratch)
    assert found == ["ACCEPTED", "REJECTED", "REJECTED", "ACCEPTED", "REJECTED"]
    rivals = {"mixture": [[[y], str(Fraction(1, n))] for y in names]}
    found = verdicts_on(document(listed, *((claim, rivals) for claim in upper)), scratch)
    assert found == ["ACCEPTED", "REJECTED"]


def seen_by_opponent(about: Json, shown: Sequence[str], y: str, ties: str) -> Fraction:
    """The chance that y is picked and not one of the outputs shown, as the ties are settled."""
    share = arithmetic.picked(about, [y], shown)
    if ties != "uniform" and y in shown:  # a tie just where y is the best of all
        top = sum(user["ranking"][0] == [y] or y in best_of(user, shown) for user in about["users"])
        share = Fraction(top, len(about["users"])) * {"win": 0, "half": HALF, "lose": 1}[ties]
    return share


def best_of(user: Json, shown: Sequence[str]) -> list[str]:
    """The user's best class among the outputs shown."""
    return next(tied for tied in user["ranking"] if {*tied} & {*shown})


@given(st.data())
@settings(deadline=None, max_examples=60)
def test_limits_are_those_of_win_rates(scratch, data):
    """The limit is accepted and no other number; the worst win rate for k = 4000 is close to it,
    and above it by no more than rounding (u falls in k)."""
    population = data.draw(populations(max_responses=4, max_users=4))
    masses = data.draw(distributions(population.n, max_numerator=3))
    policy = policy_json(population, ProductPolicy(masses))
    _, x = read(population, policy["product"])
    rival = contest(x, 4000, 1, "uniform")
    worst = 1 - max(Fraction(rival.picked([y]), rival.whole) for y in range(population.n))
    above = []
    for y in range(population.n):
        strictly = [
            user.weight
            for user in population.users
            for tied in user.ranking[: best_class(user.ranking, x.support)]
            if y in tied
        ]
        above.append(sum(strictly, Fraction(0)) / sum(user.weight for user in population.users))
    limit = 1 - max(above)
    assert limit - Fraction(1, 100) <= worst <= limit
    claims = [
        (building.about_limits("limit", policy=policy, bound=str(bound)), {})
        for bound in (limit, limit - LITTLE, limit + LITTLE)
    ]
    found = verdicts_on(document(population_json(population), *claims), scratch)
    assert found == ["ACCEPTED", "REJECTED", "REJECTED"]


def best_class(ranking: Sequence[Sequence[int]], support: Sequence[int]) -> int:
    """How many classes stand above the whole support."""
    return next(r for r, tied in enumerate(ranking) if {*tied} & {*support})


@given(st.data(), st.integers(2, 4))
@settings(deadline=None, max_examples=25)
def test_algebraic_equilibria_solved_by_sympy(scratch, data, k):
    """Two responses: each equilibrium inside is accepted with the factor of U_a - 1 that has it as
    a root, and with no coefficient of the masses or the factor changed."""
    first, second = data.draw(st.integers(1, 9)), data.draw(st.integers(1, 9))
    x, a = sympy.Symbol("x"), sympy.Rational(first, first + second)
    U_a = a * sum((1 - x) ** i for i in range(k + 1)) + (1 - a) * x**k
    about = building.population("a b", f"{first} a>b, {second} b>a")
    found = 0
    for factor, _ in sympy.factor_list(sympy.expand(U_a - 1), x)[1]:
        polynomial = sympy.Poly(factor, x)
        roots = polynomial.intervals(eps=sympy.Rational(1, 10**6)) if polynomial.degree() else []
        for (low, high), _ in roots:
            if low == high:
                low, high = low - LITTLE, high + LITTLE
            if low <= 0 or high >= 1:
                continue
            found += 1
            coefficients = [str(c) for c in polynomial.all_coeffs()[::-1]]
            d = polynomial.degree()
            alpha = ["0", "1"] if d > 1 else [str(-polynomial.all_coeffs()[1] / polynomial.LC())]
            alpha += ["0"] * (d - len(alpha))
            rest = [str(int(i == 0) - Fraction(c)) for i, c in enumerate(alpha)]
            claim, witness = building.algebraic(
                k,
                {
                    "polynomial": coefficients,
                    "interval": [str(low), str(high)],
                    "masses": {"a": alpha, "b": rest},
                },
            )
            changed = [claim]
            shift = data.draw(st.sampled_from([1, -1, 2])) * LITTLE / 10**6
            # of rational masses any polynomial will do that has some root there
            for place in ("polynomial", "masses/a", "masses/b")[d == 1 :]:
                for i in range(d + (place == "polynomial")):
                    pointer = f"/{place}/{i}"
                    value = Fraction(resolve(claim, pointer)) + shift
                    changed.append(put(claim, pointer, str(value)))
            files = [(one, witness) for one in changed]
            verdicts = verdicts_on(document(about, *files), scratch)
            assert verdicts == ["ACCEPTED", *["REJECTED"] * (len(files) - 1)]
    # it is unique, and else a point mass
    assert found == (min(first, second) * (k + 1) > first + second)


@given(st.data(), st.integers(1, 3))
@settings(deadline=None, max_examples=80)
def test_exact_equilibria_are_decided_as_the_definition_has_it(scratch, data, k):
    """delta = 0 is accepted just where no response earns more than 1/(k+1)."""
    population = data.draw(populations(max_responses=3, max_users=3, max_weight=3))
    masses = data.draw(distributions(population.n, max_numerator=2))
    best = max(naive_oracle.u(population, masses, k, y) for y in range(population.n))
    centre = policy_json(population, ProductPolicy(masses))["product"]
    claim = building.equilibrium(k, {"centre": centre, "delta": "0"})
    found = verdicts_on(document(population_json(population), claim), scratch)
    assert found == ["ACCEPTED" if best <= Fraction(1, k + 1) else "REJECTED"]


# ---- Fixed point ---------------------------------------------------------------------------------


@given(st.integers(0, 2**80), st.integers(1, 2**80), st.integers(1, 300), st.integers(16, 200))
@settings(max_examples=300)
def test_power_is_a_close_lower_bound(part, unit, exponent, fine):
    """(part/unit)^exponent from below, less than 2*exponent units short."""
    part = min(part, unit)
    exact = Fraction(part, unit) ** exponent * (1 << fine)
    low = checker.power(part, unit, exponent, fine)
    assert low <= exact < low + 2 * exponent


@given(st.fractions(0, 1), st.integers(0, 60), st.integers(16, 200))
@settings(max_examples=300)
def test_power_up_to_a_close_upper_bound(delta, exponent, fine):
    """(1 + delta)^exponent from above, by a relative error of a few units an exponent."""
    exact = (1 + delta) ** exponent * (1 << fine)
    above = delta.denominator + delta.numerator
    high = checker.power(above, delta.denominator, exponent, fine, up=True)
    assert exact <= high <= exact * (1 + Fraction(1, 1 << fine)) ** (4 * exponent)


@st.composite
def uneven_points(draw: st.DrawFn) -> tuple[Population, dict[str, str]]:
    """A weak-order population and masses between 1 and 2^-60, on some of its responses."""
    population = draw(populations(max_responses=4, max_users=4))
    sizes = st.builds(int.__lshift__, st.integers(1, 3), st.sampled_from([0, 1, 20, 40, 60]))
    support = draw(st.sets(st.sampled_from(population.responses), min_size=1))
    raw = {name: draw(sizes) for name in sorted(support)}
    total = sum(raw.values())
    return population, {name: str(Fraction(mass, total)) for name, mass in raw.items()}


def read(population: Population, masses: dict[str, str]) -> tuple[Any, Any]:
    """A population and masses as the checker holds them."""
    about = checker.Population(checker.Node(population_json(population), (), dict(checker.BUDGET)))
    return about, checker.Masses(checker.Node(masses, (), dict(checker.BUDGET)), about)


@given(uneven_points(), st.integers(1, 12))
@settings(deadline=None, max_examples=200)
def test_utilities_and_derivatives_are_within_their_errors(point, k):
    """U and A in fixed point against Fractions, even where masses are tiny."""
    population, masses = point
    _, x = read(population, masses)
    fine = checker.fine_enough(x.unit, k)
    U, A, error = checker.utilities(x, k, fine, x.support)
    exact_masses = {name: Fraction(mass) for name, mass in masses.items()}
    exact_U, D = arithmetic.derivatives(population_json(population), k, exact_masses)
    one = 1 << fine
    for y, name in enumerate(population.responses):
        assert abs(U[y] - exact_U[name] * one) <= error
    support = [population.responses[y] for y in x.support]
    for row, i in zip(A, support, strict=True):
        for value, j in zip(row, support, strict=True):
            assert abs(value - exact_masses[j] * D[i][j] * one) <= error
    assert error << 60 < one  # the error itself is small


def contest(x: Any, k: int, size: int, ties: str) -> Any:
    """Up to `size` positions against k draws, with the ties as that side has them."""
    return checker.draws_contest(checker.sampled(x), k, size, ties)


@given(uneven_points(), st.integers(1, 12))
@settings(deadline=None, max_examples=200)
def test_fixed_point_never_decides_a_close_call(point, k):
    """Which single responses are picked too often is decided exactly, also at the very chances."""
    population, masses = point
    _, x = read(population, masses)
    rival = contest(x, k, 1, "uniform")
    chances = {(y,): Fraction(rival.picked((y,)), rival.whole) for y in range(population.n)}
    for bound in [*chances.values(), Fraction(1, k + 1)]:
        for shift in (-1, 0, 1):
            limit = bound + Fraction(shift, 1 << 200)
            expected = [y for y, chance in chances.items() if chance > limit]
            assert list(rival.above(limit, checker.close_calls(x, k, limit))) == expected


@given(st.data(), st.integers(1, 5), st.sampled_from(TIES))
@settings(deadline=None, max_examples=100)
def test_every_multiset_is_tried_once(data, size, ties):
    """A bound above every win rate fails for each multiset, once."""
    population = data.draw(populations(max_responses=4, max_users=3))
    policy = policy_json(population, data.draw(product_policies(population)))
    about, _ = read(population, policy["product"])
    claim = win_rate(2, size, ties, policy, ">=", "2")
    nodes = (checker.Node(value, (), dict(checker.BUDGET)) for value in (claim, {}))
    found = [relation.what for relation in checker.check_win_rate(*nodes, about)]
    multisets = combinations_with_replacement(range(population.n), size)
    assert found == [f"chance that {about.call(names)} is picked" for names in multisets]
    assert len(found) == comb(population.n + size - 1, size)


@given(st.data())
@settings(deadline=None, max_examples=200)
def test_ranks_are_decided_exactly(data):
    """The rank modulo a prime is that of the rationals for small entries."""
    size = data.draw(st.integers(1, 5))
    row = st.lists(st.integers(-2, 2), min_size=size, max_size=size)
    rows = data.draw(st.lists(row, max_size=6))
    node = checker.Node(None, (), dict(checker.BUDGET))
    rank = rank_of(rows)
    checker.full_rank(rows, rank, node, "rank").require()
    with pytest.raises(checker.NotAcceptedError):
        checker.full_rank(rows, rank + 1, node, "rank").require()


def rank_of(rows: Sequence[Sequence[int]]) -> int:
    """The rank by elimination in Fractions."""
    left, rank = [[Fraction(value) for value in row] for row in rows], 0
    while left:
        row = left.pop()
        if any(row):
            rank += 1
            j = next(j for j, value in enumerate(row) if value)
            left = [[a - r[j] / row[j] * b for a, b in zip(r, row, strict=True)] for r in left]
    return rank


# ---- Fuzzing -------------------------------------------------------------------------------------

JUNK: list[Json] = [
    *(None, True, False, 0, -1, 1, 3, 65, 10**17, "", "a", "b", "p", "0", "1", "-1", "1/2", "2/4"),
    *("uniform", "<=", ">=", "=", "\ud800", [], {}, [[]], [["a"]], [["a"], ["b"]], {"a": "1"}),
    *({"b": "1"}, [[0, 0]], [0, 0], [["a", "b"], "1"], {"product": {"a": "1"}}, 12345678901234567),
]


def places(value: Json, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of all parts of a JSON value but itself."""
    inner = value.items() if isinstance(value, dict) else ()
    inner = enumerate(value) if isinstance(value, list) else inner
    found = []
    for key, part in inner:
        found += [(*path, key), *places(part, (*path, key))]
    return found


def at(value: Json, path: Sequence[Any]) -> Json:
    """The part of a JSON value at a path."""
    for step in path:
        value = value[step]
    return value


def mutated(content: bytes, draw: random.Random) -> bytes:
    """The file with one or two parts replaced, dropped, doubled or exchanged."""
    value = json.loads(content)
    for _ in range(draw.choice([1, 1, 2])):
        path = draw.choice(places(value))
        parent, last = at(value, path[:-1]), path[-1]
        change = draw.randrange(5)
        if change == 0:
            del parent[last]
        elif change == 1 and isinstance(parent, list):
            parent.insert(last, parent[last])
        elif change == 2:
            other = draw.choice(places(value))
            parent[last] = json.loads(json.dumps(at(value, other)))
        elif change == 3 and isinstance(parent, dict):
            parent[draw.choice(["k", "a", "b", "delta", "witness", "x"])] = parent[last]
        else:
            parent[last] = json.loads(json.dumps(draw.choice(JUNK)))
        if not isinstance(value, dict) or not places(value):
            break
    return encoded(value)


def scrambled(content: bytes, draw: random.Random) -> bytes:
    """The file with a few bytes changed, inserted, dropped or cut off."""
    data = bytearray(content)
    for _ in range(draw.randint(1, 3)):
        i = draw.randrange(len(data))
        change = draw.randrange(4)
        if change == 0:
            data[i] = draw.choice(b'"[]{},:0123456789-+/eE.\\ \n\x00\x80\xff')
        elif change == 1:
            data.insert(i, draw.choice(b'"[]{},:0123456789-/.\\'))
        elif change == 2:
            del data[i]
        elif draw.randrange(4) == 0:
            del data[max(1, i) :]
    return bytes(data)


@pytest.mark.slow
@pytest.mark.parametrize("change", [mutated, scrambled])
def test_no_file_makes_it_crash(change, tmp_path, elsewhere):
    """Damaged files get one of the four verdicts, an exit code that fits, and no traceback; and
    whatever is refused is pointed at."""
    draw = random.Random(f"{change.__name__} 1")
    good = [content for case, content in CASES.items() if case.startswith("accepted/")]
    files = []
    for number in range(1500):
        files.append(tmp_path / f"{number}.cert.json")
        files[-1].write_bytes(change(draw.choice(good), draw))
    seen: Counter[str] = Counter()
    for start in range(0, len(files), 500):
        found = run("--max-work=1000000", *files[start : start + 500], cwd=elsewhere)
        assert found.complaint == ""
        verdicts = [line["verdict"] for line in found.lines]
        assert found.code == next(EXIT_CODES[v] for v in ONE_OF_EACH if v in verdicts)
        assert {line["file"] for line in found.lines} == set(map(str, files[start : start + 500]))
        seen.update(verdicts)
        for line in found.lines:
            if line.get("pointer"):
                value = json.loads(Path(line["file"]).read_bytes(), parse_int=str)
                resolve(value, line["pointer"])
    assert set(seen) <= set(EXIT_CODES)
    assert seen["MALFORMED"] > 500
    assert seen["ACCEPTED"] < 750
