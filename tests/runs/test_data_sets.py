"""Data sets in shards: what is alike, what resumes, who does the work, and who reads the shards."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from command import tree, ualign
from places import NO_FAULT
from ualign.certificates.checking import check
from ualign.errors import InputError
from ualign.formats import open_data, write_population
from ualign.formats.reading import Choices
from ualign.report.results import averaged, largest_losses
from ualign.runs import data_set
from ualign.runs.certify import Options
from ualign.runs.data_set import certify_data, plan_of
from ualign.runs.shards import Shard, certify_shard

pl = pytest.importorskip("polars", reason=f"{NO_FAULT} polars not installed")

OPTIONS = Options(theorems=("P1", "P4", "E4", "E9"), opponents=())
KS = (1, 2)


def large_table(path: Path, prompts: int) -> Path:
    """Scores 1 to 5 of 4 responses by 5 users, so that hardly two prompts are alike."""
    rng = random.Random(prompts)
    rows = [
        {"prompt": f"p{p}", "user": f"u{u}", "response": f"r{y}", "score": rng.randint(1, 5)}
        for p in range(prompts)
        for u in range(5)
        for y in range(4)
    ]
    pl.DataFrame(rows).write_parquet(path)
    return path


def table(path: Path, prompts: int) -> Path:
    """Scores 1 to 3 of 3 responses by 3 users; every fifth prompt is the first, renamed."""
    rng = random.Random(1)
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
    return [
        (j.prompt, j.finding, [(v.verdict, v.sha256) for v in j.verdicts]) for j in shard.judged
    ]


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


def certifying(path: Path) -> list[str]:
    """The command, in a process of its own."""
    asked = ["-k", "1..2", "--theorems", "P1"]
    return [sys.executable, "-m", "ualign", "certify", str(path), *asked]


@pytest.mark.slow
def test_killed_and_started_again(tmp_path: Path) -> None:
    path, out, whole = (
        large_table(tmp_path / "t.parquet", 500),
        tmp_path / "out",
        tmp_path / "whole",
    )
    command = [
        sys.executable,
        "-m",
        "ualign",
        "certify",
        str(path),
        "-k",
        "1..2",
        "--theorems",
        "P1",
    ]
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


def test_a_page_of_distributions(folder: Path, tmp_path: Path) -> None:
    before = tree(folder)
    assert ualign("report", folder, "--out", tmp_path / "page").code == 0
    assert tree(folder) == before
    page = (tmp_path / "page" / "report.md").read_text()
    assert "6 prompts, of which 5 differ by more than names, in 2 shards" in page
    assert "| 2 | guarantee | 6 |" in page
    assert "## The largest losses" in page
    assert "<svg" in (tmp_path / "page" / "report.html").read_text()
    shard = folder / "shard-00001.cert.json"
    shard.write_text(shard.read_text().replace('"bound":"1/2"', '"bound":"3/5"'))
    done = ualign("report", folder, "--out", tmp_path / "page")
    assert (done.code, done.err.count("claims not accepted")) == (3, 1)
    shard.write_text("{}")
    assert ualign("report", folder).code != 0


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
    (task,) = data_set._tasks(plan, KS, tmp_path / "out", OPTIONS, False, (), None)
    assert certify_shard(task).contents == shard.contents


@pytest.mark.slow
def test_a_cluster_of_which_a_worker_dies(tmp_path: Path) -> None:
    """Dask's scheduler with two workers, one of which is killed while they are at work: the files
    are those of one process."""
    pytest.importorskip("distributed", reason=f"{NO_FAULT} distributed not installed")
    path, out = large_table(tmp_path / "t.parquet", 800), tmp_path / "out"
    asked = ["-k", "1..2", "--theorems", "P1"]
    assert ualign("certify", path, *asked, "--out", tmp_path / "one").code == 0
    address = f"tcp://127.0.0.1:{_free_port()}"
    dask = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", address]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--no-dashboard"]
    worker += ["--nthreads", "1", "--no-nanny", "--local-directory", str(tmp_path)]
    quiet: Any = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    running = [subprocess.Popen([*dask, "--no-dashboard", "--no-show"], **quiet)]
    try:
        running += [subprocess.Popen(worker, **quiet) for _ in range(2)]
        _await_workers(address, 2)
        command = [*certifying(path), "--cluster", address, "--out", str(out)]
        certify = subprocess.Popen(command, **quiet)
        running.append(certify)
        deadline = time.monotonic() + 300
        while not list(out.glob("shard-*.json")) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert certify.poll() is None
        running[1].kill()
        assert certify.wait(timeout=500) == 0
    finally:
        for process in reversed(running):
            process.kill()
            process.wait()
    assert tree(out) == tree(tmp_path / "one")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await_workers(address: str, number: int) -> None:
    from distributed import Client

    with Client(address, timeout="60s") as client:
        client.wait_for_workers(number, timeout=120)


def test_results_have_every_finding_of_every_prompt(folder: Path) -> None:
    rows = pl.read_parquet(folder / "results.parquet")
    assert rows["instance"].n_unique() == 6
    told = [r for r in rows.iter_rows(named=True) if r["value"] is not None]
    assert all(r["decimal"] == float(Fraction(r["value"])) for r in told)
    assert set(rows["verdict"]) <= {"ACCEPTED", "none"}
    names = {path.name for path in folder.glob("shard-*")}
    assert set(rows["certificate"].drop_nulls()) == names


def test_averages_agree_with_the_definition(folder: Path) -> None:
    """Mean, standard error, quartiles and coverage, weighted or not, against exact fractions."""
    path = folder / "results.parquet"
    rows = pl.read_parquet(path).filter(theorem="E4", k=2).sort("instance")
    values = [Fraction(value) for value in rows["value"]]
    assert len(set(values)) > 1
    (found,) = [a for a in averaged(path) if (a.theorem, a.k) == ("E4", 2)]
    mean = sum(values, Fraction(0)) / 6
    variance = sum(((v - mean) ** 2 for v in values), Fraction(0)) / 5
    assert found.prompts == 6
    assert found.relation == "="
    assert found.mean == pytest.approx(float(mean), abs=1e-12)
    assert found.error == pytest.approx(float(variance / 6) ** 0.5, abs=1e-12)
    assert (found.quartiles[0], found.quartiles[4]) == (float(min(values)), float(max(values)))
    shares = {name: Fraction(i, 3) for i, name in enumerate(rows["instance"], 1)}
    (found,) = [a for a in averaged(path, shares) if (a.theorem, a.k) == ("E4", 2)]
    expected = sum(w * v for w, v in zip(shares.values(), values, strict=True)) / sum(
        shares.values()
    )
    assert found.mean == pytest.approx(float(expected), abs=1e-12)
    losses = largest_losses(path, 6)
    assert {loss.k for loss in losses} == {2}
    best = dict(zip(rows["instance"], values, strict=True))
    for loss in losses:
        assert loss.loss == pytest.approx(float(best[loss.prompt]) - loss.value, abs=1e-12)
    nlhf = [loss.loss for loss in losses if loss.what == "nlhf"]
    assert nlhf == sorted(nlhf, reverse=True)


def test_losses_where_users_did_not_say_everything(tmp_path: Path) -> None:
    """Against the best that is sure whatever they meant (E16), prompt by prompt."""
    rows = [
        {"prompt": f"p{p}", "user": f"u{u}", "response": f"r{y}", "score": (u * y + p) % 4}
        for p in range(4)
        for u in range(3)
        for y in range(4)
        if (p, u, y) != (p, 2, p)
    ]
    pl.DataFrame(rows).write_parquet(tmp_path / "t.parquet")
    out = tmp_path / "out"
    asked = ["-k", "1..2", "--missing", "worst-case", "--out", out]
    done = ualign("certify", tmp_path / "t.parquet", *asked, columns=160)
    assert (done.code, "the largest losses" in done.out) == (0, True)
    path = out / "results.parquet"
    known = pl.read_parquet(path).filter(theorem="E16", k=2)
    values = {(r["instance"], r["what"]): r["decimal"] for r in known.iter_rows(named=True)}
    losses = largest_losses(path, 10)
    assert {loss.what for loss in losses} >= {"uniform"}
    assert not any(loss.what.startswith("known-optimum") for loss in losses)
    for loss in losses:
        best = values[loss.prompt, "known-optimum"]
        assert loss.value == values[loss.prompt, loss.what]
        assert loss.loss == pytest.approx(best - loss.value, abs=1e-12)


def test_results_as_csv(tmp_path: Path) -> None:
    path, out = table(tmp_path / "t.parquet", 6), tmp_path / "out"
    assert ualign("certify", path, "-k", "1..2", "--out", out, "--csv").code == 0
    exact = pl.read_parquet(out / "results.parquet")
    read = pl.read_csv(out / "results.csv", schema=exact.schema)
    assert read.fill_null("").equals(exact.fill_null(""))
    (tmp_path / "p.json").write_text('{"responses": ["a"], "users": [{"ranking": ["a"]}]}')
    done = ualign("certify", tmp_path / "p.json", "--csv")
    assert (done.code, done.err.count("--csv is for tables of prompts")) == (2, 1)


def test_a_prompt_without_an_optimum_blanks_nobody(tmp_path: Path) -> None:
    rows = [
        {"prompt": f"p{n}", "user": f"u{u}", "response": f"r{y}", "score": (y + u) % n}
        for n in (3, 30)
        for u in range(3)
        for y in range(n)
    ]
    pl.DataFrame(rows).write_parquet(tmp_path / "t.parquet")
    asked = ["-k", "2", "--theorems", "P1,E4", "--joint-limit", "100"]
    done = ualign("certify", tmp_path / "t.parquet", *asked, columns=160)
    assert done.code == 0
    assert "│ joint optimum │ 1 of 2  │ 0.722222" in done.out
    assert "│ guarantee     │ 2       │ ≥ 0.666667" in done.out or "0.666667" in done.out


def test_weights_and_skipped_rows(tmp_path: Path) -> None:
    path = table(tmp_path / "t.parquet", 2)
    weights = tmp_path / "w.csv"
    weights.write_text("prompt,weight\np0,3\np1,1/2\n")
    done = ualign("certify", path, "-k", "2", "--weights", weights)
    assert (done.code, "weighted mean" in done.out) == (0, True)
    weights.write_text("prompt,weight\np0,3\n")
    assert ualign("certify", path, "-k", "2", "--weights", weights).code == 2
    lines = "prompt,user,response,score\np,u,x,1\np,u,y,bad\nq,u,x,1\n"
    (tmp_path / "s.csv").write_text(lines)
    done = ualign("certify", tmp_path / "s.csv", "-k", "1", "--skip-bad")
    assert done.code == 0
    assert "s.csv:3: column 'score': 'bad' is not an exact number" in done.err
    assert "1 row or user skipped" in done.err
    assert "tied below the others (tied-last)" in done.out
