"""Exit codes, options, budgets and prices."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from typing import Any

import make_corpus
import pytest
from cases import building
from cases.building import document, encoded, put, win_rate
from cases.populations import PAIR
from inprocess import checker, lines_on
from running import EXIT_CODES, ONE_OF_EACH, POINT, run
from ualign.certificates.checking import CHECKER

Json = Any


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


def test_the_price_is_what_a_claim_costs(written, elsewhere, tmp_path):
    """An accepted claim needs as much work as --price says of it, or more only where a response
    off the support is as good as those on it and has to be decided exactly."""
    found = prices([written[case] for case in written if case.startswith("accepted/")], elsewhere)
    more = []
    for line in (line for line in found if line["index"] == 0):
        contents = Path(line["file"]).read_bytes()
        verdicts = [
            lines_on(contents, tmp_path / "one", work=work)[0]["verdict"]
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
    found = run("--max-work=10000", path, cwd=elsewhere)
    assert Counter(line["verdict"] for line in found.lines) == {"ACCEPTED": 200}


def test_a_claim_does_not_depend_on_those_before_it(tmp_path):
    """What is kept of equal masses is kept by masses, k and population: alone or after any other,
    a claim has the same verdict and the same price."""
    even, uneven = ({"product": {"a": x, "b": y}} for x, y in (("1/2", "1/2"), ("1/3", "2/3")))
    claims = [
        (win_rate(k, 1, "uniform", masses, ">=", bound) | {"population": about}, {})
        for masses in (even, uneven)
        for k, bound in ((1, "1/2"), (2, "3/5"), (2, "1/2"))
        for about in ("p", "q")
    ]
    value = document(PAIR, *claims)
    value["populations"]["q"] = put(PAIR, "/users/0/weight", "7")
    path, seen = tmp_path / "claims.cert.json", dict[int, set[tuple[str, int]]]()
    orders = [[i] for i in range(len(claims))]
    orders += [[i, j] for i in range(len(claims)) for j in range(len(claims))]
    for order in orders:
        chosen = encoded({**value, "certificates": [value["certificates"][i] for i in order]})
        lines, priced = lines_on(chosen, path), lines_on(chosen, path, price=checker.BUDGET["work"])
        for i, line, price in zip(order, lines, priced, strict=True):
            seen.setdefault(i, set()).add((line["verdict"], price["price"]))
    assert {len(found) for found in seen.values()} == {1}
    assert {verdict for found in seen.values() for verdict, _ in found} == {"ACCEPTED", "REJECTED"}


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
