"""Certificates as theorems of Coq: what is written, and that Coq and the checker agree."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from places import ROOT
from ualign.certificates.checking import stream_verdicts
from ualign.certificates.coq import HEADER, export_to_coq
from ualign.errors import InputError

SUITE = ROOT / "reports" / "certificates"
SMALL_K = re.compile(r"\.k[1-4]\.cert\.json$")

EXAMPLE: dict[str, Any] = {
    "format": "ualign/1",
    "populations": {
        "p": {
            "responses": ["a", "b"],
            "users": [
                {"weight": "1/2", "ranking": [["a"], ["b"]]},
                {"weight": "1/3", "ranking": [["a", "b"]]},
                {"weight": "1", "ranking": [["b"], ["a"]]},
            ],
        }
    },
    "certificates": [],
}


def claimed(
    path: Path, *certificates: tuple[dict[str, Any], dict[str, Any]], **changes: Any
) -> Path:
    """A file with these claims, each with its witness, about the example."""
    written = [
        {"claim": {"population": "p", "k": 2, **claim}, "witness": witness}
        for claim, witness in certificates
    ]
    path.write_text(json.dumps(EXAMPLE | changes | {"certificates": written}), "utf-8")
    return path


def win_rate(relation: str, bound: str, policy: Any, l: int = 1) -> dict[str, Any]:
    """A claim about the worst win rate."""
    rest = {"ties": "uniform", "policy": policy, "relation": relation, "bound": bound}
    return {"kind": "win-rate", "l": l, **rest}


def test_what_is_written(tmp_path: Path) -> None:
    """Weights, places, masses and bounds as whole numbers, every kind in its words."""
    exported = export_to_coq(
        claimed(
            tmp_path / "x.cert.json",
            (win_rate("=", "6/11", {"product": {"b": "1"}}), {"opponent": ["b"]}),
            (win_rate(">=", "-1/2", {"joint": [[["a", "b"], "1/4"], [["b", "b"], "3/4"]]}, 2), {}),
            (
                win_rate(
                    "<=", "1", {"mixture": [["1/3", {"a": "1"}], ["2/3", {"a": "1/4", "b": "3/4"}]]}
                ),
                {"opponent": ["a"]},
            ),
            (
                {"kind": "joint-upper-bound", "l": 1, "ties": "win", "bound": "1"},
                {"mixture": [[["a"], "2/3"], [["b"], "1/3"]]},
            ),
            ({"kind": "equilibrium", "centre": {"b": "1"}, "delta": "0"}, {}),
        )
    )
    assert exported.theorems == 5
    assert not exported.left_out
    body = exported.text.removeprefix(HEADER)
    for line in (
        "(3, [:: 0; 1]%N);\n  (2, [:: 0; 0]%N);\n  (6, [:: 1; 0]%N)]%Z.",
        "win_rate 2 users_0 2 1 uniform\n    (product [:: 0; 1]%Z)\n    exactly 6 11.",
        "win_rate 2 users_0 2 2 uniform\n    [:: (1, Shown [:: 0; 1]%N);\n"
        "      (3, Shown [:: 1; 1]%N)]%Z\n    at_least (-1) 2.",
        "[:: (1, Draws [:: 4; 0]%Z);\n      (2, Draws [:: 1; 3]%Z)]%Z\n    at_most 1 1.",
        "joint_upper_bound 2 users_0 2 1 win 1 1.",
        "(@joint_sound _ _ _ _ _\n  [:: (2, [:: 0]%N);\n      (1, [:: 1]%N)]%Z)",
        "exact_equilibrium 2 users_0 2\n    [:: 0; 1]%Z.",
    ):
        assert line in body


def enclosed(centre: dict[str, str], boundary: Any, inverse: Any) -> tuple[Any, Any]:
    """A claim of an equilibrium within 1/8, with its witness."""
    claim = {"kind": "equilibrium", "centre": centre, "delta": "1/8"}
    return claim, {"inverse": inverse, "boundary": boundary}


def test_an_enclosed_equilibrium_is_written_with_its_matrix(tmp_path: Path) -> None:
    """Rows and columns of all responses, as whole numbers; with `boundary` hints it is left out."""
    exported = export_to_coq(
        claimed(
            tmp_path / "x.cert.json",
            enclosed({"a": "1/4", "b": "3/4"}, {}, [["-1/2", "1"], ["2", "-3/2"]]),
            enclosed({"b": "1"}, {}, [["1/3"]]),
            enclosed({"b": "1"}, {"a": {"b": "1"}}, [["1/3"]]),
        )
    )
    for statement in (
        "enclosed_equilibrium 2 users_0 2\n    [:: 1; 3]%Z\n    1 8.",
        "(@enclosed_sound _ _ _ _\n  [:: [:: (-1); 2];\n      [:: 4; (-3)]]%Z 2)",
        "enclosed_equilibrium 2 users_0 2\n    [:: 0; 1]%Z\n    1 8.",
        "(@enclosed_sound _ _ _ _\n  [:: [:: 0; 0];\n      [:: 0; 1]]%Z 3)",
    ):
        assert statement in exported.text
    assert exported.left_out == {"about an enclosed equilibrium, proved by `boundary` hints": 1}


def test_what_cannot_be_expressed_is_counted(tmp_path: Path) -> None:
    """Kinds without a word in Check.v, and sizes beyond its computation, with the reason."""
    many = {**win_rate(">=", "0", {"product": {"b": "1"}}), "k": 500}
    document = claimed(
        tmp_path / "x.cert.json",
        (win_rate(">=", "0", {"product": {"b": "1"}}), {}),
        (many, {}),
        (
            {"kind": "product-upper-bound", "l": 1, "ties": "uniform", "bound": "1"},
            {"mixture": [[["a"], "1"]], "point": {"a": "1"}},
        ),
    )
    exported = export_to_coq(document)
    assert exported.theorems == 1
    assert exported.left_out == {
        "too large for Coq to compute": 1,
        "of the kind product-upper-bound": 1,
    }
    assert "(* claim 1, left out: too large for Coq to compute *)" in exported.text


def test_uniform_rankings_and_partial_orders_are_left_out(tmp_path: Path) -> None:
    """If nothing else is claimed, there is nothing to write."""
    uniform = win_rate("=", "3/4", {"random_subset": [1, 1]})
    path = claimed(
        tmp_path / "x.cert.json", (uniform, {}), populations={"p": {"uniform_rankings": 2}}
    )
    with pytest.raises(InputError, match="1 about users who are not listed with rankings"):
        export_to_coq(path)


def test_malformed_files_are_refused(tmp_path: Path) -> None:
    """The checker says what is wrong."""
    path = claimed(tmp_path / "x.cert.json", (win_rate("=", "2/4", {"product": {"b": "1"}}), {}))
    with pytest.raises(InputError, match="MALFORMED at /certificates/0/"):
        export_to_coq(path)
    path.write_text("[", "utf-8")
    with pytest.raises(InputError, match="not-json"):
        export_to_coq(path)


@pytest.mark.parametrize("name", ["*) Axiom a : False. (*", '"', "(*", "\u2200\n*)"])
def test_names_cannot_leave_their_comment(name: str, tmp_path: Path) -> None:
    """Whatever a response is called, nothing of it is read by Coq."""
    population = {
        "responses": ["a", name],
        "users": [{"weight": "1", "ranking": [["a"], [name]]}],
    }
    claim = win_rate("=", "2/3", {"product": {"a": "1"}})
    path = claimed(
        tmp_path / "x.cert.json", (claim, {"opponent": ["a"]}), populations={"p": population}
    )
    text = export_to_coq(path).text
    assert text.isascii()
    assert text.count("(*") == text.count("*)") == HEADER.count("(*") + 2
    assert '"' not in text


def test_every_claim_is_accounted_for() -> None:
    """On a file of the built-in suite each claim is a theorem or left out, in order."""
    path = SUITE / "borda-1781.k3.cert.json"
    exported = export_to_coq(path)
    claims = json.loads(path.read_text("utf-8"))["certificates"]
    found = re.findall(r"(?:Theorem claim_|\(\* claim )(\d+)", exported.text)
    assert [int(index) for index in found] == list(range(len(claims)))
    assert exported.theorems + sum(exported.left_out.values()) == len(claims)


def _run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def compiled(built: Path, folder: Path, texts: Iterable[str]) -> None:
    """Coq accepts all of these exported files, each in a module of its own."""
    modules = (
        f"Module file_{number}.\n{text.removeprefix(HEADER)}\nEnd file_{number}.\n"
        for number, text in enumerate(texts)
    )
    (folder / "Claims.v").write_text("\n".join([HEADER, *modules]), "ascii")
    answer = _run(folder, "coqc", "-w", "-all", "-Q", str(built), "UAlign", "Claims.v")
    assert answer.returncode == 0, answer.stdout + answer.stderr


def one_digit_changed(path: Path, target: Path) -> Path:
    """The file with a digit of each bound changed, so that more is claimed, and enclosed equilibria
    claimed of one draw more."""
    document = json.loads(path.read_text("utf-8"))
    for entry in document["certificates"]:
        claim = entry["claim"]
        if "bound" in claim:
            bound = Fraction(claim["bound"])
            less = claim["kind"].endswith("upper-bound") or claim.get("relation") == "<="
            claim["bound"] = str(Fraction(_changed(bound.numerator, less), bound.denominator))
        if claim.get("delta", "0") != "0" and claim["kind"] == "equilibrium":
            claim["k"] += 1
    target.write_text(json.dumps(document), "utf-8")
    return target


def _changed(number: int, less: bool) -> int:
    """One digit down, or up: the first that can be."""
    digits = str(number)
    ends, step = ("0", -1) if less else ("9", 1)
    place = next((i for i, digit in enumerate(digits) if digit != ends), None)
    if place is None:
        return number - 1 if less else number + 1
    changed = int(digits[place]) + step
    return int(digits[:place] + str(changed) + digits[place + 1 :])


def refusals(path: Path) -> str:
    """The exported text in which the claims that the checker rejects are to fail."""
    text = export_to_coq(path).text
    for verdict in stream_verdicts([path]):
        if not verdict.accepted:
            text = re.sub(
                rf"(Theorem claim_{verdict.index} :.*?\nProof\. )(by .*?)Qed\.",
                r"\1Fail \2Abort.",
                text,
                count=1,
                flags=re.DOTALL,
            )
    return text


def changed_files(files: Sequence[Path], folder: Path) -> list[str]:
    """These files with a digit of each bound changed, as the checker says that Coq should find
    them."""
    return [refusals(one_digit_changed(file, folder / file.name)) for file in files]


SAMPLE = [SUITE / f"{name}.cert.json" for name in ("borda-1781.k2", "weak-order-converse.k2")]


@pytest.mark.slow
def test_a_sample_compiles(built: Path, tmp_path: Path) -> None:
    """Claims of the built-in suite are theorems, and with one digit changed they are not."""
    compiled(built, tmp_path, [export_to_coq(file).text for file in SAMPLE])
    changed = changed_files(SAMPLE, tmp_path)
    assert all(text.count("Fail by") > text.count("Proof. by") for text in changed)
    compiled(built, tmp_path, changed)


def _enclosed_in(path: Path) -> dict[str, Any]:
    """The file with its enclosed equilibria alone."""
    document: dict[str, Any] = json.loads(path.read_text("utf-8"))
    document["certificates"] = [
        entry
        for entry in document["certificates"]
        if entry["claim"]["kind"] == "equilibrium" and entry["claim"]["delta"] != "0"
    ]
    return document


def _nearby(claim: dict[str, Any], what: str) -> None:
    """Another claim: of masses, of a distance or of a number of draws that is not true."""
    if what == "k":
        claim["k"] -= 1
    elif what == "delta":
        claim["delta"] += 30 * "0"
    else:
        one, other, *_ = claim["centre"]
        for name, moved in ((one, Fraction(1, 10**20)), (other, Fraction(-1, 10**20))):
            claim["centre"][name] = str(Fraction(claim["centre"][name]) + moved)


@pytest.mark.slow
def test_enclosed_equilibria_compile(built: Path, tmp_path: Path) -> None:
    """Equilibria whose masses are known to 30 digits exist; nearby there are none, nor at other
    k."""
    document = _enclosed_in(SUITE / "weak-order-converse.k3.cert.json")
    path = tmp_path / "x.cert.json"
    path.write_text(json.dumps(document), "utf-8")
    texts = [export_to_coq(path).text]
    for what in ("k", "delta", "centre"):
        changed = json.loads(json.dumps(document))
        for entry in changed["certificates"]:
            _nearby(entry["claim"], what)
        path.write_text(json.dumps(changed), "utf-8")
        assert not any(verdict.accepted for verdict in stream_verdicts([path]))
        texts.append(refusals(path))
    assert [text.count("enclosed_sound") for text in texts] == [4, 4, 4, 4]
    assert [text.count("Fail by") for text in texts] == [0, 4, 4, 4]
    compiled(built, tmp_path, texts)


@pytest.mark.slow
def test_a_wrong_claim_does_not_compile(built: Path, tmp_path: Path) -> None:
    """What the checker rejects is written all the same, and Coq refuses the file."""
    wrong = claimed(
        tmp_path / "x.cert.json",
        (win_rate("=", "5/11", {"product": {"b": "1"}}), {"opponent": ["a"]}),
    )
    with pytest.raises(AssertionError, match="No applicable tactic"):
        compiled(built, tmp_path, [export_to_coq(wrong).text])


PARTS = 8


@pytest.mark.slow
@pytest.mark.parametrize(
    "part", [0, *(pytest.param(p, marks=pytest.mark.exhaustive) for p in range(1, PARTS))]
)
def test_the_built_in_suite_compiles(part: int, built: Path, tmp_path: Path) -> None:
    """Every claim of the built-in suite up to k = 4 that can be expressed is a theorem, and with
    one digit changed it is none unless the checker still accepts it."""
    files = sorted(file for file in SUITE.glob("*.cert.json") if SMALL_K.search(file.name))
    users = (
        '"uniform_rankings":',
        '"luce":',
        '"above":',
    )  # no rankings, about which nothing is written
    some = [f for f in files[part::PARTS] if not any(u in f.read_text("utf-8") for u in users)]
    assert len(some) > 10
    compiled(built, tmp_path, [export_to_coq(file).text for file in some])
    compiled(built, tmp_path, changed_files(some, tmp_path))
