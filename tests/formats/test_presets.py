"""Presets for public data sets, and their tables where they are there."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from places import DATA, NO_DATA
from tables import Table, partial, pl, populations, put, vote
from ualign.errors import InputError
from ualign.formats import open_data, read_file, read_files
from ualign.formats.presets import PRESETS
from ualign.formats.reading import Choices
from ualign.model.population import Population, Ranking


def annotation(rating: str) -> dict[str, Any]:
    aspects = ("helpfulness", "honesty", "instruction_following", "truthfulness")
    return {aspect: {"Rating": rating, "Rationale": "so"} for aspect in aspects}


SHAPES: dict[str, tuple[Table, object]] = {
    "arena": (
        [
            vote(1, "j", "m", "n", "model_a", language="English"),
            vote(2, "j", "m", "o", "tie (bothbad)"),
            vote(2, "k", "n", "o", "model_b"),
        ],
        partial("mno", (1, [(0, 1)], []), (1, [], [[0, 2]]), (1, [(2, 1)], [])),
    ),
    "arena-140k": (
        [
            {"id": i, "model_a": "m", "model_b": "n", "winner": w, "evaluation_order": e}
            for i, w, e in [(1, "model_b", 1), (2, "both_bad", 1), (3, "model_a", 2)]
        ],
        Population.from_rankings([["n", "m"], [["n", "m"]]], responses=["m", "n"]),
    ),
    "mt-bench": (
        [vote(81, "j", "m", "n", "model_a", turn=1), vote(81, "j", "m", "n", "model_b", turn=2)],
        Population.from_rankings([["m", "n"], ["n", "m"]]),
    ),
    "multipref": (
        [
            {
                "comparison_id": "c",
                "prompt_id": "p",
                "model_a": "m",
                "model_b": "n",
                "normal_worker_annotations": [
                    {"evaluator": "e1", "overall_pref": "A-is-clearly-better"},
                    {"evaluator": "e2", "overall_pref": "Tie"},
                ],
                "expert_worker_annotations": [
                    {"evaluator": "e3", "overall_pref": "B-is-slightly-better"}
                ],
            }
        ],
        Population.from_rankings([["m", "n"], [["m", "n"]], ["n", "m"]]),
    ),
    "alpaca-eval": (
        [
            {"instruction": i, "generator_1": "base", "generator_2": g, "annotator": "j",
             "preference": p}
            for i, g, p in [
                ("q", "m", 1.0000048889), ("q", "n", 1.0000048888), ("q", "o", None),
                ("r", "m", 0), ("r", "n", 1.5), ("r", "o", 2),
            ]
        ],
        Population.from_rankings([["m", "n", "o"], ["o", ["m", "n"]]], responses=["m", "n", "o"]),
    ),
    "ultrafeedback": (
        [
            {
                "source": "s",
                "instruction": "q",
                "models": ["m", "n", "o"],
                "completions": [
                    {"model": "m", "response": "..", "annotations": annotation("4")},
                    {"model": "n", "response": "..", "annotations": annotation("5")},
                    {"model": "o", "response": "..", "annotations": annotation("N/A")},
                ],
            }
        ],
        Population.from_rankings([["n", "m", "o"]], responses=["m", "n", "o"]),
    ),
    "prism": (
        [
            {"interaction_id": f"i{i}", "user_id": "u", "model_name": m, "score": s, "turn": t}
            for i, m, s, t in [(0, "m", 99, 0), (0, "n", 7, 0), (0, "m", 1, 1), (1, "n", 8, 0)]
        ],
        Population.from_rankings([["m", "n"], ["n", "m"]]),
    ),
}  # fmt: skip


@pytest.mark.parametrize("suffix", ["jsonl", "parquet", "json"])
@pytest.mark.parametrize("preset", PRESETS)
def test_presets(tmp_path: Path, preset: str, suffix: str) -> None:
    table, population = SHAPES[preset]
    path = put(tmp_path, f"t.{suffix}", table)
    if preset == "multipref":
        assert populations(path, preset=preset) == {"p": population}
    else:
        assert populations(path, preset=preset) == {path.name: population}
    ((_, reading), *_) = open_data([path], Choices(preset=preset))
    assert f"({preset})" in str(reading)
    assert (reading.as_json() or {})["preset"] == preset


def test_presets_say_what_is_wrong(tmp_path: Path) -> None:
    table, _ = SHAPES["multipref"]
    wrong = [{**table[0], "normal_worker_annotations": 1}]
    with pytest.raises(InputError, match=":1: column 'normal_worker_annotations': expected a list"):
        populations(put(tmp_path, "t.jsonl", wrong), preset="multipref")
    wrong = [{**table[0], "normal_worker_annotations": [1]}]
    with pytest.raises(InputError, match=r":1: column '\.evaluator': '1' is no object"):
        populations(put(tmp_path, "t.jsonl", wrong), preset="multipref")
    votes = [vote(1, "j", "m", "n", "neither")]
    with pytest.raises(InputError, match=":1: column 'winner': 'neither' is no preference"):
        populations(put(tmp_path, "t.jsonl", votes), preset="arena")


@pytest.mark.skipif(not DATA.is_dir(), reason=NO_DATA)
def test_crowd_comparisons_as_prompts_and_pooled() -> None:
    path = DATA / "pairs" / "llmfao.csv"
    columns = {
        "user": "worker",
        "response_a": "left",
        "response_b": "right",
        "preference": "winner",
    }
    data = open_data([path], Choices(columns=columns, skip_bad=True))
    readings = dict(data)
    assert len(readings) == 13
    assert sum(r.users for r in readings.values()) + data.skipped.number == 1232
    pooled = open_data([path], Choices(columns=columns, as_users=("prompt", "user"), skip_bad=True))
    ((_, reading),) = pooled
    assert (reading.population.n, reading.users) == (59, 1209)
    assert pooled.skipped.number == data.skipped.number == 23
    with pytest.raises(InputError, match=r"prompt '8', user '116': .* run in a circle"):
        read_files([path], Choices(columns=columns))


@pytest.mark.skipif(not DATA.is_dir(), reason=NO_DATA)
def test_a_wide_table_says_the_same_when_it_is_long(tmp_path: Path) -> None:
    (path,) = (DATA / "wildbench").glob("*.csv")
    wide = pl.read_csv(path, infer_schema=False)
    ids, *models = wide.columns
    long = wide.unpivot(models, index=ids, variable_name="response", value_name="score")
    long = long.rename({ids: "user"}).with_columns(prompt=pl.lit("p"))
    long.write_parquet(tmp_path / "long.parquet")
    ((_, scored),) = read_files([tmp_path / "long.parquet"], Choices())
    expected = read_file(path, Choices())
    assert _shares(scored.population) == _shares(expected.population)
    assert (scored.users, scored.incomplete) == (expected.users, expected.incomplete)
    some = [row for row in long.sort("user").iter_rows(named=True) if row["score"]][:2000]
    by_user: dict[str, list[dict[str, Any]]] = {}
    for row in some:
        by_user.setdefault(row["user"], []).append(row)
    compared = [
        {"prompt": "p", "user": user, "response_a": x["response"], "response_b": y["response"],
         "preference": float(y["score"]) - float(x["score"])}
        for user, rows in by_user.items() for x in rows for y in rows if x is not y
    ]  # fmt: skip
    ((_, reading),) = read_files([put(tmp_path, "pairs.parquet", compared)], Choices())
    rows = [dict(prompt="p", **{c: r[c] for c in ("user", "response", "score")}) for r in some]
    ((_, direct),) = read_files([put(tmp_path, "s.parquet", rows)], Choices("worst-case"))
    assert reading.population == direct.population


def _shares(population: object) -> dict[Ranking, Fraction]:
    assert isinstance(population, Population)
    return {user.ranking: user.weight for user in population.users}
