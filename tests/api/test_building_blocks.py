"""Populations, policies, win rates and files from Python; odd arguments are refused with advice."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from command import ualign as command
from styles import STYLES
from ualign import (
    InputError,
    Instance,
    JointPolicy,
    Population,
    ProductPolicy,
    UniformRankings,
    read_population,
    read_prompts,
    win_rate,
    worst_case,
    write_population,
)


def test_policies_and_win_rates() -> None:
    playful = ProductPolicy.from_names(STYLES, {"playful": 1})
    assert win_rate(STYLES, playful, [STYLES.responses.index("brief")], k=3) == Fraction(3, 5)
    assert win_rate(STYLES, playful, np.array([0]), k=np.int64(3)) == Fraction(3, 5)  # type: ignore[arg-type]
    pair = JointPolicy.deterministic(np.array([1, 0]))  # type: ignore[arg-type]
    assert pair == JointPolicy.deterministic([0, 1])
    assert worst_case(STYLES, pair).value < Fraction(117, 160)
    assert Instance(STYLES).equilibrium(np.int64(2)) == Instance(STYLES).equilibrium(2)  # type: ignore[arg-type]


PLAYFUL = ProductPolicy.point_mass(3, 2)
ODD_CALLS: list[tuple[Any, str]] = [
    (lambda: win_rate(STYLES, PLAYFUL, ["brief"], k=1), r"population\.responses\.index\('brief'\)"),
    (lambda: win_rate(STYLES, PLAYFUL, "0", k=1), "expected a list of responses' places"),
    (lambda: win_rate(STYLES, PLAYFUL, 0, k=1), "expected a list of responses' places"),
    (lambda: win_rate(STYLES, PLAYFUL, [True], k=1), "True is no integer"),
    (lambda: win_rate(STYLES, PLAYFUL, [0.0], k=1), "0.0 is no integer"),
    (lambda: win_rate(STYLES, PLAYFUL, [0], k=2.0), "k = 2.0 is no integer"),
    (lambda: win_rate(STYLES, PLAYFUL, [0], k="2"), "k = '2' is no integer"),
    (lambda: win_rate(STYLES, {"brief": 1}, [0], k=2), "from_names makes a policy"),
    (lambda: worst_case("styles.json", PLAYFUL, k=2), "expected a Population, not 'str'"),
    (lambda: worst_case(STYLES, PLAYFUL, k=2, l=1.0), "l = 1.0 is no integer"),
    (lambda: ProductPolicy((0.5, 0.5)), "one a response in the population's order"),
    (lambda: ProductPolicy("ab"), "see from_names"),
    (lambda: ProductPolicy({"a": Fraction(1)}), "see from_names"),
    (lambda: ProductPolicy.from_names(STYLES, "brief"), "a dict {name: mass}, not"),
    (lambda: ProductPolicy.from_names(STYLES, [1, 0, 0]), "a dict {name: mass}, not"),
    (lambda: ProductPolicy.from_names("abc", {"a": 1}), "a dict {name: mass}, not"),
    (lambda: JointPolicy.deterministic(["brief"]), "'brief' is a name"),
    (lambda: JointPolicy.deterministic("ab"), "expected a list of responses' places"),
    (lambda: JointPolicy(1, ((("brief",), Fraction(1)),)), "'brief' is a name"),
    (lambda: Instance("styles.json"), "an instance is of a Population"),
    (lambda: Instance(STYLES).equilibrium("2"), "'2' is no integer"),
    (lambda: Instance(STYLES).equilibrium(2.5), "2.5 is no integer"),
    (lambda: UniformRankings("3"), "'3' is no integer"),
    (lambda: UniformRankings(2.0), "2.0 is no integer"),
    (lambda: Population.from_rankings(None), "expected a list of rankings"),
    (lambda: Population.from_rankings([["a"]], 3), "weights 3: expected a list"),
    (lambda: Population.from_rankings([["a"]], responses=3), "responses 3: expected a list"),
    (lambda: Population.from_ranks(3), "expected a row a user"),
    (lambda: read_population(3), "3 is no path"),
    (lambda: read_population(["a.json"]), r"\['a.json'\] is no path"),
    (lambda: read_prompts(3), "paths 3: expected a list"),
    (lambda: read_prompts([3]), "3 is no path"),
    (lambda: write_population("a", "a.json"), "'str' is no Population"),
    (lambda: write_population(STYLES, 3), "3 is no path"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "words"), ODD_CALLS)
def test_odd_arguments_are_refused_with_advice(call: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        call()


def test_files(tmp_path: Path) -> None:
    write_population(STYLES, tmp_path / "styles.json")
    assert read_population(tmp_path / "styles.json") == STYLES
    assert read_prompts([tmp_path]) == [("styles.json", STYLES)]
    assert read_prompts(str(tmp_path / "styles.json")) == [("styles.json", STYLES)]  # one file
    with pytest.raises(InputError):
        read_population(tmp_path / "nothing.json")


def test_messages_name_the_arguments_as_the_caller_writes_them(tmp_path: Path) -> None:
    path = tmp_path / "scores.csv"
    path.write_text("x,a,b\n1,2,3\n")
    with pytest.raises(InputError, match=r"name the column that does \(id_column='x'\)"):
        read_population(path)
    assert "(--id x)" in command("certify", path).err
    path.write_text("user,a,b\nu,2,\n")
    with pytest.raises(InputError, match="choose missing='tied-last' or missing='drop-user'"):
        read_population(path, missing="error")
    done = command("certify", path, "--missing", "error")
    assert "choose --missing tied-last or --missing drop-user" in done.err
