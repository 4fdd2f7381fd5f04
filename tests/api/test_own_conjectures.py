"""`ualign.search` for conjectures of the user's own, whose faults are told by her line."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from styles import STYLES
from ualign import (
    Conjecture,
    FaultError,
    InputError,
    Instance,
    Refutation,
    Space,
    certify_refutation,
    claim_joint_upper_bound,
    search,
)


def refute(instance: Instance, k: int, l: int) -> Refutation | None:
    best = instance.joint_optimum(k, l)
    if best.value >= Fraction(3, 4):
        return None
    claim = claim_joint_upper_bound(instance.population, k, best.value, best.opponents, l=l)
    return Refutation.of(instance.population, [claim], f"no policy wins more than {best.value}")


def test_a_conjecture_of_ones_own(tmp_path: Path) -> None:
    mine = Conjecture("two-win-much", "two outputs win 3/4", "open", refute, "a guess")
    found, covered = search(mine, budget=5)
    assert found is not None
    assert covered.populations > 0
    assert certify_refutation(mine, found, tmp_path).accepted


def faulty(*arguments: object) -> Any:
    return [][3]  # the line to be told


def faulty_suspects() -> Any:
    yield STYLES
    yield from faulty()


PARTS: list[tuple[dict[str, Any], str]] = [
    ({"refute": faulty}, "its predicate"),
    ({"suspects": faulty_suspects}, "its suspects"),
    ({"suspects": faulty}, "its suspects"),
    ({"extremal": faulty}, "its extremal"),
    ({"margin": faulty}, "its margin"),
]


@pytest.mark.parametrize(("parts", "words"), PARTS)
def test_what_fails_in_a_conjecture_is_told_by_its_line(parts: dict[str, Any], words: str) -> None:
    conjecture = Conjecture(
        **{"name": "mine", "sentence": "", "verdict": "open", "why": "", "where": Space(2, 1)}
        | {"refute": lambda instance, k, l: None, **parts}
    )
    with pytest.raises(InputError, match=f"mine: {words} failed at {__file__}:[0-9]+: IndexError"):
        search(conjecture, samples=3)
    with pytest.raises(InputError, match="expected a Conjecture, not 'str'"):
        search("mine")  # type: ignore[arg-type]


def test_what_fails_in_a_built_in_conjecture_is_no_fault_of_the_users(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from ualign.counterexamples import CONJECTURES

    monkeypatch.setattr("ualign.exact.instance.find_maximal_lottery", None)
    with pytest.raises(FaultError, match="its predicate failed: TypeError"):
        search(CONJECTURES["nlhf-guarantees-rate"], budget=5)
