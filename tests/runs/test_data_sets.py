"""Data sets in shards: what is alike, what resumes, who does the work, and who reads the shards."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from command import tree, ualign
from hypothesis import given
from hypothesis import strategies as st
from places import NO_FAULT
from ualign.certificates.checking import check
from ualign.errors import InputError
from ualign.formats import open_data, write_population
from ualign.formats.reading import Choices
from ualign.model.partial_orders import PartialPopulation, UserPopulation, order_of
from ualign.model.population import Population
from ualign.model.renaming import likeness, renamed
from ualign.runs import data_set
from ualign.runs.certify import Options
from ualign.runs.data_set import certify_data, plan_of
from ualign.runs.shards import Shard, certify_shard

pl = pytest.importorskip("polars", reason=f"{NO_FAULT} polars not installed")

OPTIONS = Options(theorems=("P1", "P4", "E4", "E9"), opponents=())
KS = (1, 2)


def table(path: Path, prompts: int, seed: int = 1) -> Path:
    """Scores 1 to 3 of 3 responses by 3 users; every fifth prompt is the first, renamed."""
    rng = random.Random(seed)
    rows = []
    for p in range(prompts):
        scores = [[rng.randint(1, 3) for _ in range(3)] for _ in range(3)]
        if p % 5 == 0:
            scores = [[1, 2, 3], [2, 3, 1], [3, 1, 1]]
        names = [f"r{(y + p) % 3 if p % 5 == 0 else y}" for y in range(3)]
        rows += [
            {"prompt": f"p{p}", "user": f"u{u}", "response": names[y], "score": scores[u][y]}
            for u in range(3)
            for y in range(3)
        ]
    pl.DataFrame(rows).write_parquet(path)
    return path


def shards(path: Path, out: Path, **asked: Any) -> list[Shard]:
    out.mkdir(exist_ok=True)
    plan = plan_of(open_data([path], Choices()))
    return list(certify_data(plan, KS, out, OPTIONS, **asked))


@pytest.fixture
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_set, "MOST_POPULATIONS", 4)


# Likeness


@st.composite
def populations(draw: st.DrawFn) -> UserPopulation:
    n = draw(st.integers(1, 4))
    names = [f"r{y}" for y in range(n)]
    weights = st.fractions(Fraction(1, 3), 3, max_denominator=3)
    if draw(st.booleans()):
        ranks = st.lists(st.integers(1, 3), min_size=n, max_size=n)
        users = draw(st.lists(st.tuples(ranks, weights), min_size=1, max_size=3))
        return Population.from_ranks([r for r, _ in users], [w for _, w in users], responses=names)
    orders = []
    for _ in range(draw(st.integers(1, 3))):
        order = draw(st.permutations(range(n)))
        above = [(y, z) for i, y in enumerate(order) for z in order[i + 1 :] if draw(st.booleans())]
        orders.append((draw(weights), order_of(n, above)))
    return PartialPopulation.from_orders(names, orders)


def relabelled(population: UserPopulation, places: list[int], scale: Fraction) -> UserPopulation:
    """The population with response y in the place places[y], and another name."""
    names = [""] * population.n
    for y, place in enumerate(places):
        names[place] = f"new {population.responses[y]}"
    if isinstance(population, Population):
        users = [
            (u.weight * scale, [[places[y] for y in tied] for tied in u.ranking])
            for u in reversed(population.users)
        ]
        return Population.from_indexed(names, users)
    n = population.n
    orders = []
    for user in population.users:
        above = [
            (places[z], places[y])
            for tied, up in zip(user.order.classes, user.order.above, strict=True)
            for y in tied
            for z in range(n)
            if up >> z & 1
        ]
        tied_places = [[places[y] for y in tied] for tied in user.order.classes]
        orders.append((user.weight * scale, order_of(n, above, tied_places)))
    return PartialPopulation.from_orders(names, orders)


@given(populations(), st.data())
def test_the_same_digest_means_equal_up_to_names(population: UserPopulation, data: Any) -> None:
    """Two populations of one digest are equal once the names are exchanged as `renamed` says; and a
    renamed one has the same digest, where users see all of its responses differently."""
    places = data.draw(st.permutations(range(population.n)))
    other = relabelled(population, list(places), Fraction(5, 2))
    own, theirs = likeness(population), likeness(other)
    if own.digest == theirs.digest:
        names = renamed(other.responses, own, theirs)
        index = {name: y for y, name in enumerate(other.responses)}
        there = [index[name] for name in names]
        again = relabelled(population, there, Fraction(1))
        assert _contents(again) == _contents(other)
    views = list(zip(*_levels(population), strict=True))
    if len(set(views)) == len(views) and isinstance(population, Population):
        columns = {tuple(sorted(zip(population.integer_weights, v, strict=True))) for v in views}
        assert len(columns) < len(views) or own.digest == theirs.digest


def _levels(population: UserPopulation) -> list[tuple[int, ...]]:
    return list(population.ranks) if isinstance(population, Population) else [(0,) * population.n]


def _contents(population: UserPopulation) -> set[object]:
    whole = sum(user.weight for user in population.users)
    if isinstance(population, Population):
        return {(u.weight / whole, u.ranking) for u in population.users}
    return {(u.weight / whole, u.order) for u in population.users}


def test_unlike_populations_have_other_digests() -> None:
    users = [[["a"], ["b"]], [["a", "b"]], [["b"], ["a"]]]
    found = {
        likeness(
            Population.from_rankings([users[i], users[j]], [1, w], responses=["a", "b"])
        ).digest
        for i in range(3)
        for j in range(3)
        for w in (1, 2)
    }
    # one of two decided; with a tie, in three proportions; one against the other, in two; both tied
    assert len(found) == 7


# Shards


def test_shards_hold_all_prompts_and_are_accepted(tmp_path: Path, small_shards: None) -> None:
    found = shards(table(tmp_path / "t.parquet", 20), tmp_path / "out")
    files = sorted((tmp_path / "out").iterdir())
    assert [file.name for file in files] == [shard.task.name for shard in found]
    checked = check(files)
    assert checked.code == 0
    assert len(checked.verdicts) == sum(
        len({v.index for j in s.judged for v in j.verdicts}) for s in found
    )
    prompts = [sharing for shard in found for sharing in shard.task.prompts]
    assert sorted(s.prompt for s in prompts) == sorted(f"p{p}" for p in range(20))
    alike = [s for s in prompts if s.population == "p0"]
    assert {f"p{p}" for p in range(0, 20, 5)} <= {s.prompt for s in alike}
    named = {s.prompt: s.names for s in alike}
    assert named["p0"] == named["p15"] == ()
    assert named["p5"] == ("r2", "r0", "r1")
    document = json.loads(files[0].read_text())
    assert document["provenance"]["asked"]["ks"] == [1, 2]
    assert all(judged.finding.note or judged.verdicts for s in found for judged in s.judged)


def test_equal_prompts_say_the_same_as_alone(tmp_path: Path) -> None:
    path = table(tmp_path / "t.parquet", 6)
    rows: dict[str, dict[tuple[str, int | None], Any]] = {}
    done = ualign("certify", path, "-k", "1..2", "--json")
    for row in done.objects:
        rows.setdefault(row["instance"], {})[row["what"], row["k"]] = row["value"]
    assert rows["p0"] == rows["p5"]
    for name, reading in open_data([path], Choices()):
        alone = tmp_path / f"{name}.json"
        write_population(reading.population, alone)  # type: ignore[arg-type]
        single = ualign("certify", alone, "-k", "1..2", "-l", "1", "--json")
        for row in single.objects:
            if row["relation"] == "=":
                assert rows[name][row["what"], row["k"]] == row["value"]


def test_shards_resume(tmp_path: Path, small_shards: None, monkeypatch: pytest.MonkeyPatch) -> None:
    path, out = table(tmp_path / "t.parquet", 20), tmp_path / "out"
    first = shards(path, out)
    before = tree(out)
    again = shards(path, out)
    assert all(shard.resumed for shard in again)
    assert tree(out) == before
    assert [_judged(s) for s in again] == [_judged(s) for s in first]
    # damaged, cut, missing, of other options, or not to be resumed: made anew, byte for byte
    names = sorted(file.name for file in out.iterdir())
    (out / names[0]).write_bytes((out / names[0]).read_bytes().replace(b'"1/2"', b'"1/3"', 1))
    (out / names[1]).write_bytes((out / names[1]).read_bytes()[:-9])
    (out / names[2]).unlink()
    assert [shard.resumed for shard in shards(path, out)][:4] == [False, False, False, True]
    assert tree(out) == before
    assert not any(shard.resumed for shard in shards(path, out, resume=False))
    assert tree(out) == before
    plan = plan_of(open_data([path], Choices()))
    other = list(certify_data(plan, (1,), out, OPTIONS))
    assert not any(shard.resumed for shard in other)


def _judged(shard: Shard) -> list[object]:
    return [(j.prompt, j.finding, j.verdicts) for j in shard.judged]


def test_a_folder_is_about_one_data_set(tmp_path: Path, small_shards: None) -> None:
    path, out = table(tmp_path / "t.parquet", 20), tmp_path / "out"
    number = len(shards(path, out))
    other = table(tmp_path / "s.parquet", 5)
    before = tree(out)
    with pytest.raises(InputError, match=r"is about prompts of other data \(from .*give another"):
        shards(other, out)
    assert tree(out) == before
    table(path, 5)  # the same file, which has become shorter
    assert len(shards(path, out)) == len(list(out.iterdir())) < number


def test_processes_make_the_same(tmp_path: Path, small_shards: None) -> None:
    path = table(tmp_path / "t.parquet", 20)
    assert ualign("certify", path, "-k", "1..2", "--out", tmp_path / "one").code == 0
    done = ualign("certify", path, "-k", "1..2", "--out", tmp_path / "two", "--jobs", "2")
    assert done.code == 0
    assert tree(tmp_path / "one") == tree(tmp_path / "two")
    assert "results.parquet" in tree(tmp_path / "one")


@pytest.mark.slow
def test_killed_and_started_again(tmp_path: Path) -> None:
    path, out, whole = table(tmp_path / "t.parquet", 700), tmp_path / "out", tmp_path / "whole"
    command = [sys.executable, "-m", "ualign", "certify", str(path), "-k", "1..2"]
    subprocess.run([*command, "--out", str(whole)], check=True, stdout=subprocess.DEVNULL)
    process = subprocess.Popen(
        [*command, "--out", str(out), "--jobs", "2"],
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + 300
    while not list(out.glob("shard-*.json")) and time.monotonic() < deadline:
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    kept = {file.name: file.stat().st_mtime_ns for file in out.glob("shard-*.json")}
    assert kept
    assert len(kept) < len(list(whole.glob("shard-*.json")))
    done = subprocess.run([*command, "--out", str(out)], capture_output=True, text=True, check=True)
    assert f"{len(kept)} of them from an earlier run" in done.stdout
    assert tree(out) == tree(whole)
    assert {name: (out / name).stat().st_mtime_ns for name in kept} == kept


def test_what_is_refused(tmp_path: Path) -> None:
    path = table(tmp_path / "t.parquet", 2)
    for options, words in (
        (["--jobs", "-1"], "--jobs -1: expected 1 or more"),
        (["--cluster", "tcp://127.0.0.1:1"], "--cluster tcp://127.0.0.1:1: "),
        (["--cluster", "nowhere"], "--cluster nowhere: "),
        (["--cross-check"], "--cross-check is for single populations"),
    ):
        done = ualign("certify", path, "-k", "1", *options)
        assert (done.code, done.out) == (2, "")
        assert words in done.err


# Readers of shards


@pytest.fixture
def folder(tmp_path: Path, small_shards: None) -> Path:
    out = tmp_path / "out"
    done = ualign("certify", table(tmp_path / "t.parquet", 6), "-k", "1..2", "--out", out)
    assert done.code == 0
    return out


def test_check_lock_regress_and_report(folder: Path) -> None:
    assert ualign("check", folder).code == 0
    assert ualign("lock", folder).code == 0
    done = ualign("regress", folder)
    assert (done.code, done.err) == (0, "")
    assert "not recomputed" not in done.out
    assert ualign("report", folder).code == 0
    page = (folder / "report.html").read_text()
    assert "p0" in page


def test_regress_sees_what_drifted(folder: Path) -> None:
    shard = folder / "shard-00001.cert.json"
    document = json.loads(shard.read_text())
    for section in document["provenance"]["sections"]:
        for row in section[2]:
            if row[0] == "E4 joint-optimum":
                row[2:] = ["lower bound"]
    shard.write_text(json.dumps(document))
    assert ualign("lock", folder).code == 0
    done = ualign("regress", folder)
    assert done.code == 1
    assert "E4 joint-optimum, p0, k = 1: evidence" in done.out


def test_the_plugin_takes_shards(folder: Path) -> None:
    assert ualign("lock", folder).code == 0
    manifest = str(folder / "manifest.json")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir"]
    command += [str(folder), "--ualign-manifest", manifest, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)
    assert done.returncode == 0, done.stdout
    claims = len(check(sorted(folder.glob("*.cert.json"))).verdicts)
    assert f"{claims} passed" in done.stdout


def test_a_shard_is_made_of_its_task_alone(tmp_path: Path) -> None:
    (shard,) = shards(table(tmp_path / "t.parquet", 2), tmp_path / "out")
    assert shard.task.populations == ()
    plan = plan_of(open_data([tmp_path / "t.parquet"], Choices()))
    (task,) = data_set._tasks(plan, KS, tmp_path / "out", OPTIONS, False, ())
    assert certify_shard(task).contents == shard.contents
