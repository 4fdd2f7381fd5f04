"""`ualign.compare`, and methods of the user's own, whose faults are told by her line."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from styles import STYLES
from ualign import (
    METHODS,
    InputError,
    JointPolicy,
    Method,
    MixturePolicy,
    Population,
    ProductPolicy,
    certify,
    check,
    compare,
    worst_case,
)


def playful_first(population: Population, k: int) -> dict[str, str]:
    return {"playful": "1/2", "brief": "0.3", "formal": "0.2"}


def failing(population: Population, k: int) -> ProductPolicy:
    return ProductPolicy.point_mass(population.n, 1 // (k - 2))  # the line to be told


LINE = failing.__code__.co_firstlineno + 1


def test_methods_side_by_side() -> None:
    found = compare(STYLES, [1, 2])
    assert [k for k, _ in found] == [1, 2, None]
    assert [g.method for g in dict(found)[2]] == [*METHODS]
    assert found.value("nlhf", 2) == Fraction(3, 5)
    assert found.value("joint-optimum", 2) == Fraction(117, 160)
    assert found.value("uniform", None) == 1
    assert found.policy(2, "nlhf") == ProductPolicy.from_names(STYLES, {"playful": 1})
    assert found.policy(2) == certify(STYLES, [2]).policy(2)
    for method, k in (("nlhf", 3), ("best", 2)):
        with pytest.raises(InputError, match="compared were 'equilibrium', 'joint-optimum'"):
            found.value(method, k)


def test_a_method_of_ones_own(tmp_path: Path) -> None:
    """Its exact worst case is certified, and its limit where it is fixed."""
    mine = Method("playful-first", playful_first, fixed=True)
    policy = ProductPolicy.from_names(STYLES, playful_first(STYLES, 1))
    worst = {k: worst_case(STYLES, policy, k=k).value for k in (1, 2)}
    found = compare(STYLES, [1, 2], methods=["nlhf", mine])
    assert {k: found.value("playful-first", k) for k in (1, 2)} == worst
    assert found.value("playful-first", None) == 1
    result = certify(STYLES, [1, 2], methods=[mine])
    own = [e for e in result.evidence if "playful" in e.finding.what]
    said = {(e.finding.theorem, e.finding.k): e for e in own}
    assert {k: said["E9", k].finding.value for k in (1, 2)} == worst
    assert all(e.certified for e in said.values())
    assert ("E10", None) in said
    assert check(result.write(tmp_path)).accepted
    assert {path.name for path in tmp_path.glob("*methods*")} == {
        f"population.methods{part}.cert.json" for part in ("", "-k1", "-k2")
    }
    loose = compare(STYLES, [2], methods=[Method("playful-first", playful_first)])
    assert loose.value("playful-first", 2) == worst[2]
    assert loose.value("playful-first", None) is None
    assert "its policy depends on k" in dict(loose)[None][0].note


def test_a_policy_is_a_method() -> None:
    """A fixed policy of any kind; a joint one at its own k alone."""
    pair = JointPolicy.deterministic([0, 1])
    ends = [ProductPolicy.point_mass(3, y) for y in (0, 1)]
    mixture = MixturePolicy(tuple((Fraction(1, 2), end) for end in ends))
    methods = [
        Method.from_policy("gpt4.1_mini", {"brief": "2/5", "formal": "3/5"}),
        Method.from_policy("pair", pair),
        Method.from_policy("half-half", mixture),
    ]
    found = compare(STYLES, [1, 2], methods=methods)
    assert found.accepted
    assert found.value("pair", 2) == worst_case(STYLES, pair).value
    assert found.value("half-half", 2) == worst_case(STYLES, mixture, k=2).value
    assert found.value("pair", 1) is None
    assert dict(found)[1][1].note == "it has no policy at k = 1"
    assert found.value("gpt4.1_mini", None) == Fraction(3, 4)
    assert found.value("half-half", None) is None


def test_the_worst_of_what_a_rule_leaves_open() -> None:
    def either(population: Population, k: int) -> list[dict[str, int]]:
        return [{"brief": 1}, {"playful": 1}]

    found = compare(STYLES, [2], methods=[Method("either", either)])
    assert found.value("either", 2) == Fraction(2, 5)
    assert dict(found)[2][0].note == "2 tied winners; the worst is 'brief'"


def test_a_rule_that_lies_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The value is worked out of the policy; where that were wrong, the checker refuses it."""
    lie = Method.from_policy("lie", {"brief": 1})
    right = worst_case

    def wrong(*args: Any, **kwargs: Any) -> Any:
        found = right(*args, **kwargs)
        return type(found)(found.value + Fraction(1, 7), found.opponent)

    monkeypatch.setattr("ualign.exact.methods.worst_case", wrong)
    found = compare(STYLES, [2], methods=[lie])
    assert (found.value("lie", 2), found.accepted) == (None, False)
    assert "not certified (REJECTED)" in found._repr_html_()


RULES: list[tuple[Any, str]] = [
    (failing, f"its rule failed at {__file__}:{LINE}: ZeroDivisionError"),
    (lambda population: None, "its rule failed: TypeError: .* takes 1 positional argument"),
    (lambda population, k: exit(3), "SystemExit: 3"),
    (lambda population, k: {"brief": 0.5}, "'brief': mass 0.5 is a float, which is not exact"),
    (lambda population, k: {"brief": "1/2"}, "nonnegative and sum to 1"),
    (lambda population, k: {"loud": 1}, "'loud' is not a response"),
    (lambda population, k: "brief", "returned 'brief', and no policy"),
    (lambda population, k: 0.5, "returned 0.5, and no policy"),
    (lambda population, k: [0.5, 0.5], "returned 0.5, and no policy"),
    (lambda population, k: [], "returned an empty list"),
    (lambda population, k: ProductPolicy.point_mass(2, 0), "on 2 responses; .* has 3"),
    (lambda population, k: JointPolicy.deterministic([0, 1, 1]), "a joint policy of 3 outputs"),
    (lambda population, k: JointPolicy.deterministic([0, 3]), "are 0 to 2"),
    (lambda population, k: population.from_rankings([{}]), f"at {__file__}:[0-9]+: user 1: a dict"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "words"), RULES)
def test_what_is_wrong_with_a_rule_is_told_by_its_line(rule: Any, words: str) -> None:
    with pytest.raises(InputError, match=f"the method 'mine' at k = 2.*{words}"):
        compare(STYLES, [2], methods=[Method("mine", rule)])
    with pytest.raises(InputError, match=f"the method 'mine' at k = 2.*{words}"):
        certify(STYLES, [2], theorems=["P4"], methods=[Method("mine", rule)])


ODD_NAMES = ["", "a b", "-a", "1a", "x-l2", "x-t3", "last", "hedge-last", 3, "é"]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_names_that_no_method_can_have(name: Any) -> None:
    with pytest.raises(InputError, match="a method cannot be called"):
        Method(name, playful_first)
    with pytest.raises(InputError, match="is no function of a population and k"):
        Method("mine", {"brief": 1})  # type: ignore[arg-type]


WRONG_METHODS: list[tuple[Any, str]] = [
    ("nlhf", "methods='nlhf': expected a list"),
    (Method("mine", playful_first), "expected a list"),
    ([], "methods is empty; built in are 'equilibrium'"),
    (["best"], "no method 'best'; built in are"),
    (["nlhf", "nlhf"], "one is given twice"),
    ([METHODS["nlhf"], "nlhf"], "one is given twice"),
    ([playful_first], r"write Method\('name', rule\)"),
    ([3], "expected a Method"),
    ([Method("nlhf", playful_first)], "none of the built-in ones"),
]


@pytest.mark.parametrize(("methods", "words"), WRONG_METHODS)
def test_what_are_no_methods(methods: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        compare(STYLES, [1], methods=methods)


def test_built_in_methods_are_rules_too() -> None:
    """By name, as they stand in the table, and as functions."""
    assert dict(compare(STYLES, [2], methods=[METHODS["nlhf"]])) == dict(
        compare(STYLES, [2], methods=["nlhf"])
    )
    (policy,) = METHODS["nlhf"].rule(STYLES, 2)
    assert policy == ProductPolicy.from_names(STYLES, {"playful": 1})
    assert len(compare(STYLES, 2, methods=[*METHODS, Method("mine", playful_first)]).evidence) == 16
