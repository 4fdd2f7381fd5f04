"""The package's public names, and its three calls: arguments are looked at first, results show and
write themselves, and a fault in a method of the user's is told by her line."""

from __future__ import annotations

import doctest
import json
import subprocess
import sys
from fractions import Fraction
from html import unescape
from importlib import import_module
from inspect import getdoc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import ualign
from command import STYLES as STYLES_JSON
from command import tree
from command import ualign as command
from ualign import (
    METHODS,
    CheckResult,
    Conjecture,
    FaultError,
    InputError,
    Instance,
    JointPolicy,
    Method,
    MixturePolicy,
    Population,
    ProductPolicy,
    Refutation,
    Space,
    UniformRankings,
    certify,
    certify_refutation,
    check,
    claim_joint_upper_bound,
    claim_win_rate,
    compare,
    read_population,
    read_prompts,
    search,
    win_rate,
    worst_case,
    write_certificates,
    write_population,
)
from ualign.model.partial_orders import PartialPopulation, order_of
from ualign.text import show

STYLES = Population.from_rankings(
    [
        ["brief", "playful", "formal"],
        ["formal", "playful", "brief"],
        ["playful", "formal", "brief"],
    ],
    [40, 35, 25],
)


def test_every_exported_name_is_there_and_documented() -> None:
    assert ualign.__all__ == sorted(ualign.__all__)
    for name in ualign.__all__:
        assert getdoc(getattr(ualign, name)), name
    assert dir(ualign) == ualign.__all__
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = ualign.nothing


def test_exported_names_are_imported_late() -> None:
    program = (
        "import sys, ualign\n"
        "early = [name for name in sys.modules if name.startswith('ualign.')]\n"
        "assert not early, early\n"
        "ualign.Population\n"
        "assert 'ualign.model.population' in sys.modules\n"
        "assert 'numpy' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_the_version_is_that_of_the_command() -> None:
    assert command("--version").out == f"ualign {ualign.__version__}\n"


# --- certify ------------------------------------------------------------------------------------


def test_from_rankings_to_checked_certificates(tmp_path: Path) -> None:
    result = certify(STYLES, range(1, 4), bits=64, joint_limit=100)
    values = {(k, f.what): f.value for k, findings in result for f in findings}
    assert values[2, "joint-optimum"] == Fraction(117, 160)
    assert values[3, "guarantee"] == Fraction(3, 4) - Fraction(1, 2**64)
    assert values[3, "nlhf"] == values[None, "nlhf-ceiling"] == Fraction(3, 5)
    assert (1, "nlhf-at-one") in values
    assert (2, "nlhf-at-one") not in values
    assert [k for k, _ in result] == [1, 2, 3, None]
    assert (result.certified, result.accepted) == (True, True)
    checked = check(result.write(tmp_path))
    assert len(checked) == sum(len(e.verdicts) for e in result.evidence) - _shared(result)
    assert checked.accepted


def _shared(result: Any) -> int:
    """How many verdicts stand with more than one finding."""
    places = [(v.file, v.index) for e in result.evidence for v in e.verdicts]
    return len(places) - len({*places})


def without_source(folder: Path) -> dict[str, Any]:
    """What the folder's files say, by name, but for where their population's file is, and the
    provenance's digest, which covers that."""
    found = {path.name: json.loads(path.read_text()) for path in folder.glob("*.json")}
    for document in found.values():
        document["provenance"].pop("source", None)
        document["provenance"].pop("sha256", None)
    return found


def test_the_files_are_those_of_the_command(tmp_path: Path) -> None:
    """But for the provenance's `source`, which only the command can know."""
    (tmp_path / "styles.json").write_text(STYLES_JSON)
    population = read_population(tmp_path / "styles.json")
    done = command("certify", tmp_path / "styles.json", "-k", "1,2", "--out", tmp_path / "command")
    assert done.code == 0
    result = certify(population, [1, 2], prompt="styles.json")
    paths = result.write(tmp_path / "far" / "python")
    assert without_source(tmp_path / "far" / "python") == without_source(tmp_path / "command")
    assert [path.parent for path in paths] == [tmp_path / "far" / "python"] * 3
    done = command("compare", tmp_path / "styles.json", "-k", "2", "--out", tmp_path / "compared")
    (path,) = compare(population, 2, prompt="styles.json").write(tmp_path / "python")
    assert (
        without_source(path.parent)[path.name] == without_source(tmp_path / "compared")[path.name]
    )


def test_nothing_is_written_by_halves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = certify(STYLES, [2])
    result.write(tmp_path)
    before = tree(tmp_path)

    def refuse(source: object, target: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", refuse)
    with pytest.raises(InputError, match="cannot be written: No space left"):
        certify(STYLES, [2], bits=50).write(tmp_path)
    assert tree(tmp_path) == before
    with pytest.raises(InputError, match="no certificates to write"):
        certify(STYLES, [2], theorems=["P5"]).write(tmp_path)
    for odd in ("", 3, None):
        with pytest.raises(InputError, match="is no directory"):
            result.write(odd)  # type: ignore[arg-type]


def test_the_policy_that_was_certified() -> None:
    result = certify(STYLES, [2, 3])
    assert result.policy(2).to_names(STYLES) == {
        "brief": Fraction(1, 5),
        "playful": Fraction(7, 10),
        "formal": Fraction(1, 10),
    }
    policy = result.policy(np.int64(3))
    assert worst_case(STYLES, policy, k=3).value >= Fraction(3, 4) - Fraction(1, 2**100)
    for k, words in ((1, "certified were 2, 3"), ("2", "no integer"), (2.0, "no integer")):
        with pytest.raises(InputError, match=words):
            result.policy(k)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="with 'P1' among the theorems"):
        certify(STYLES, [2], theorems=["E4"]).policy(2)
    with pytest.raises(InputError, match="2 responses, and the population has 3"):
        ProductPolicy.point_mass(2, 0).to_names(STYLES)


def test_the_theorems_and_opponents_that_are_asked_for() -> None:
    found = dict(certify(STYLES, [2], theorems=("E5", "p4"), opponents=np.array([2, 3])))
    assert [(f.theorem, f.what) for f in found[2]] == [
        ("P4", "nlhf"),
        ("E5", "product-optimum-l2"),
        ("E5", "product-optimum-l3"),
    ]
    assert [f.what for f in found[None]] == ["nlhf-ceiling"]
    assert dict(certify(STYLES, 2, theorems="main")) == dict(certify(STYLES, [2]))
    uniform = certify(UniformRankings(1000), [2], theorems="all")
    assert [e.finding.theorem for e in uniform.evidence] == ["P3"] * len(uniform.evidence)
    assert uniform.accepted
    assert "uniform rankings" in repr(uniform)
    assert "P3" in uniform._repr_html_()


KS = [
    (range(1, 3), [1, 2]),
    (np.arange(1, 3), [1, 2]),
    (np.uint8(2), [2]),
    (np.array(2), [2]),
    ([2, 1, 2], [2, 1]),
    ((k for k in (1, 2)), [1, 2]),
    (2, [2]),
]


@pytest.mark.parametrize(("ks", "wanted"), KS, ids=lambda value: type(value).__name__)
def test_numbers_of_outputs(ks: Any, wanted: list[int]) -> None:
    assert [k for k, _ in certify(STYLES, ks, theorems=["P4"])] == [*wanted, None]


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"ks": "1..3"}, "ks '1..3': give integers, such as ks=range"),
    ({"ks": "12"}, "ks '12': give integers"),
    ({"ks": b"12"}, "give integers"),
    ({"ks": [1.0]}, "ks: 1.0 is no integer"),
    ({"ks": ["1"]}, "ks: '1' is no integer"),
    ({"ks": np.array([1.5])}, "is no integer"),
    ({"ks": np.array([[1]])}, "is no integer"),
    ({"ks": True}, "ks: True is no integer"),
    ({"ks": None}, "ks: None is no integer"),
    ({"ks": {1: 2}}, "give integers"),
    ({"ks": []}, "ks is empty"),
    ({"ks": [2, 0]}, "ks: 0: expected 1 to 1000000"),
    ({"ks": 10**5000}, "expected 1 to 1000000"),
    ({"ks": range(1, 10**9)}, "more than 100000 numbers"),
    ({"population": "styles.json"}, "read_population reads one"),
    ({"population": Path("styles.json")}, "read_population reads one"),
    ({"population": [["a", "b"]]}, "Population.from_rankings makes one"),
    ({"population": None}, "'NoneType' is none"),
    ({"bits": 1.5}, "bits: 1.5 is no integer"),
    ({"bits": 0}, "bits: 0: expected 1 to 10000"),
    ({"joint_limit": -1}, "joint_limit: -1: expected at least 0"),
    ({"opponents": [1]}, "opponents: 1: expected 2 to"),
    ({"opponents": "2"}, "opponents '2': give integers"),
    ({"theorems": "P1"}, r"theorems='P1': expected a list, such as \['P1'\]"),
    ({"theorems": ["P8"]}, "theorems='P8': expected main, all or some of P1"),
    ({"theorems": [1]}, "theorems=1: expected"),
    ({"rules": "hedge"}, "rules='hedge': expected a list"),
    ({"rules": ["none", 1]}, "no rule"),
    ({"methods": "nlhf"}, "methods='nlhf': expected a list"),
    ({"methods": ["nlhf"]}, "methods: 'nlhf' is none of one's own"),
    ({"methods": [len]}, r"write Method\('name', rule\)"),
    ({"methods": [METHODS["nlhf"]]}, "none of the built-in ones"),
    ({"methods": [Method("a", dict), Method("a", dict)]}, "two methods are called 'a'"),
    ({"methods": [Method("a", dict)], "population": UniformRankings(9)}, "one by one"),
    ({"prompt": ""}, "prompt='': expected a name"),
    ({"prompt": 3}, "prompt=3: expected a name"),
]


@pytest.mark.parametrize(("given", "words"), WRONG, ids=lambda value: show(value))
def test_arguments_are_looked_at_before_anything_is_done(
    given: dict[str, Any], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once, not when the result is looked at; and no theorem is tried."""
    monkeypatch.setattr("ualign.api.certify.certify_prompt", None)
    with pytest.raises(InputError, match=words):
        certify(**{"population": STYLES, "ks": [1], **given})


# --- check --------------------------------------------------------------------------------------


def test_check_reports_codes_and_respects_budgets(tmp_path: Path) -> None:
    paths = certify(STYLES, [2]).write(tmp_path / "proof")
    path = next(path for path in paths if ".k2." in path.name)
    assert check([path, str(path)]).code == 0
    assert check([path], budget={"work": 1}).code == 12
    broken = tmp_path / "broken.cert.json"
    broken.write_text("{}")
    result = check([path, broken])
    assert (result.code, result.accepted) == (11, False)
    assert {v.verdict for v in result} == {"ACCEPTED", "MALFORMED"}
    assert repr(result) == "<CheckResult: 12 ACCEPTED, 1 MALFORMED in 2 files>"
    assert "MALFORMED" in result._repr_html_()


def test_one_path_is_one_file(tmp_path: Path) -> None:
    paths = certify(STYLES, [2]).write(tmp_path)
    one = check(str(paths[0]))
    assert isinstance(one, CheckResult)
    assert one == check(paths[0]) == check([paths[0]]) == check(p for p in paths[:1])
    assert len(check(tmp_path)) == len(check(paths)) > len(one)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([], "no certificate files"),
        ("", "an empty file name"),
        ("nowhere", "nowhere: there is no such file"),
        (3, "files 3: expected a path"),
        (b"x", "expected a path"),
        ({"a": 1}, "expected a path"),
        ([3], "files: 3 is no path"),
        (iter([(1, [])]), "a result is checked already"),
    ],
)
def test_what_names_no_files(files: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        check(files)


def test_budgets_are_whole_numbers(tmp_path: Path) -> None:
    paths = certify(STYLES, [1], theorems=["P4"]).write(tmp_path)
    wrong: list[Any] = [{"time": 1}, {"work": "3"}, {"work": 0}, {"work": 1.0}, 3]
    for budget in wrong:
        with pytest.raises(InputError, match="budget"):
            check(paths, budget=budget)


def test_a_worst_case_that_is_attained_needs_an_opponent() -> None:
    population = ualign.Population.from_rankings([["a", "b"]])
    policy = ualign.ProductPolicy.uniform(2)
    with pytest.raises(InputError, match="a worst case that is <= a bound needs the opponent"):
        ualign.claim_win_rate(population, policy, 2, "<=", Fraction(1, 2))


def test_check_takes_names_that_look_like_options(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    findings = dict(certify(STYLES, [2]))[2]
    write_certificates("--max-work=1", STYLES, findings[0].certificates)
    result = check(["--max-work=1"])
    assert (result.code, result.verdicts[0].file) == (0, "--max-work=1")


def test_what_no_file_can_hold(tmp_path: Path) -> None:
    claims = [c for _, findings in certify(STYLES, [1]) for f in findings for c in f.certificates]
    path = tmp_path / "p.cert.json"
    wrong: list[tuple[Path, Any, Any, str]] = [
        (path, STYLES, [], "no certificates to write"),
        (path, STYLES, ["a claim"], "'a claim' is no Certificate"),
        (path, "styles.json", claims, "'str' is no Population"),
        (tmp_path / "no" / "p.cert.json", STYLES, claims, "cannot be written"),
    ]
    for where, population, certificates, words in wrong:
        with pytest.raises(InputError, match=words):
            write_certificates(where, population, certificates)
    assert not path.exists()


def test_certificates_about_partial_orders_are_written(tmp_path: Path) -> None:
    known = order_of(2, [(0, 1)])
    population = PartialPopulation.from_orders(["a", "b"], [(Fraction(1), known)])
    claim = claim_win_rate(population, ProductPolicy.point_mass(2, 0), 2, ">=", Fraction(2, 3))
    assert check(write_certificates(tmp_path / "p.cert.json", population, [claim])).accepted
    assert certify(population, [2]).policy(2).masses == (Fraction(1), Fraction(0))


# --- compare and methods of one's own -----------------------------------------------------------


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


# --- in a notebook ------------------------------------------------------------------------------


def test_results_are_short_on_a_line() -> None:
    assert repr(certify(STYLES, range(1, 3))) == (
        "<Certification of 3 responses, 3 distinct rankings, k = 1..2: 28/28 claims accepted>"
    )
    assert repr(compare(STYLES, [1, 3])) == (
        "<Comparison of 3 responses, 3 distinct rankings, k = 1, 3: 15/15 claims accepted>"
    )


def test_results_are_tables_in_a_notebook() -> None:
    shown = certify(STYLES, [2])._repr_html_()
    assert "<th>guarantee (P1)<" in shown
    assert "117/160 (0.731250)" in shown
    assert "E9 random-dictatorship" in shown
    assert "117/160 (0.731250)" in compare(STYLES, [2])._repr_html_()


def test_names_are_never_markup() -> None:
    name = "<script>alert(1)</script>"
    population = Population.from_rankings([[name, "b"], ["b", name]], [2, 1])
    for result in (certify(population, [1]), compare(population, [1])):
        shown = result._repr_html_()
        assert name not in shown
        assert name in unescape(shown) or "script" not in shown
    assert name in unescape(certify(population, [1], theorems=["P4"])._repr_html_())


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_results_are_data_frames(library: str, tmp_path: Path) -> None:
    pytest.importorskip(library, reason=f"{library} not installed", exc_type=ImportError)
    result = certify(STYLES, [1, 2])
    frame = result.to_frame(library)
    assert str(frame["k"].dtype) == "Int64"
    columns = [[*frame[name]] for name in ("what", "verdict", "value", "decimal")]
    assert ("joint-optimum", "ACCEPTED", "117/160", 0.73125) in zip(*columns, strict=True)
    assert len(frame) == len(result.evidence)
    assert len(compare(STYLES, [1]).to_frame(library)) == 2 * len(METHODS)
    assert {*check(result.write(tmp_path)).to_frame(library)["verdict"]} == {"ACCEPTED"}


def test_data_frames_need_a_library(monkeypatch: pytest.MonkeyPatch) -> None:
    result = certify(STYLES, [1], theorems=["P4"])
    with pytest.raises(InputError, match="library='excel': expected 'pandas' or 'polars'"):
        result.to_frame("excel")
    for library in ("pandas", "polars"):
        monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(InputError, match=r"needs pandas or polars, .* pip install pandas"):
        result.to_frame()
    with pytest.raises(InputError, match=r"needs polars, .* pip install polars"):
        result.to_frame("polars")


def test_an_interrupted_call_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    digits = sys.get_int_max_str_digits()

    def interrupt(population: Population, k: int) -> None:
        assert list(tmp_path.iterdir())
        raise KeyboardInterrupt

    for call in (certify, compare):
        with pytest.raises(KeyboardInterrupt):
            call(STYLES, [1], methods=[Method("mine", interrupt)])  # type: ignore[operator]
    assert list(tmp_path.iterdir()) == []
    assert capfd.readouterr() == ("", "")
    assert sys.get_int_max_str_digits() == digits


def test_numbers_longer_than_python_writes(tmp_path: Path) -> None:
    """As on the command line, where no such limit holds."""
    weights = ["9" * 4300, "1/7" + "0" * 4000]
    population = Population.from_rankings([["a", "b"], ["b", "a"]], weights)
    result = certify(population, [2], theorems=["P4"])
    assert result.certified
    assert check(result.write(tmp_path)).accepted


# --- conjectures of one's own -------------------------------------------------------------------


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


# --- the rest -----------------------------------------------------------------------------------


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


def test_faults_are_not_bad_input() -> None:
    assert not issubclass(FaultError, InputError)
    assert issubclass(InputError, ValueError)


DOCUMENTED = [
    path
    for path in sorted(Path(ualign.__file__).parent.rglob("*.py"))
    if ">>> " in path.read_text() and path.name != "checker.py"
]


@pytest.mark.parametrize("path", DOCUMENTED, ids=lambda path: path.stem)
def test_the_examples_of_the_docstrings_run(path: Path) -> None:
    package = Path(ualign.__file__).parent
    parts = path.relative_to(package.parent).with_suffix("").parts
    module = import_module(".".join(part for part in parts if part != "__init__"))
    outcome = doctest.testmod(module)
    assert outcome.attempted > 0
    assert outcome.failed == 0
