"""The corpus and its verdict lines: fields, pointers, hashes, and both sides of what failed.

The checker is run from a directory full of decoys."""

from __future__ import annotations

import hashlib
import json
import operator
import re
from collections import Counter
from fractions import Fraction
from itertools import chain
from typing import Any

import make_corpus
import pytest
from cases import building
from cases.building import CLAIM, POP, WITNESS, document, encoded, put, win_rate
from cases.populations import EVEN, PAIR
from running import CASES, POINT, VERDICTS, resolve, run, short

Json = Any


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


def test_claims_are_worded_in_the_singular_where_there_is_one(judged):
    """Sampled once, against 1 output; and in the plural where there are more."""
    texts = [line["claim"] or "" for line in chain.from_iterable(judged.values())]
    for right in ("sampled once", "sampled 2 times", "against 1 output,", "against 2 outputs,"):
        assert any(right in text for text in texts), right
    assert not [text for text in texts if re.search(r"\b1 (times|outputs)\b", text)]


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
                words = line["claim"].replace("once", "1 times")
                assert re.search(rf"\b({claim['k']}|{claim['k'] + 1})\b", words)
            for key in ("bound", "ties", "relation", "delta"):
                assert f" {claim.get(key, '')}" in line["claim"]


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
        *("product-opponents", "head-to-head", "holdout"),
        *("one-policy", "one-policy-upper-bound", "nearer", "regularised"),
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
