"""Every digit of real certificate files is changed; what the checker then accepts must be true.

The files are those that the suite itself writes for small populations, and the corpus. A changed
claim that is accepted is decided without the checker, by truth.py.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import make_corpus
import pytest
from cases import building
from cases.building import CLAIM, encoded, put
from mutants import mutations, repaired_mutations
from true_win_rates import read_population
from truth import TRUTH, is_true
from ualign import certify, check
from ualign.certificates.document import certificate_bytes

# ---- Files ---------------------------------------------------------------------------------------

PROFILES = {
    "strict": ("a b c", "3 a>b>c, 2 b>c>a, 2 c>a>b", [1, 2]),
    "dominated": ("a b c d", "3 a>d>b>c, 2 b>d>c>a, 2 c>a>b>d", [2]),
    "cycle": ("a b c", "1 a>b>c, 1 b>c>a, 1 c>a>b", [2]),
    "pair": ("a b", "3 a>b, 2 b>a", [1, 3]),
    "even": ("a b", "1 a>b, 1 b>a", [1, 2]),
    "weak": ("a b c", "3/2 a=b>c, 1 c>a=b, 1/2 b>a=c", [2]),
    "clone": ("a b c d", "3 a>b>c=d, 2 b>c=d>a, 2 c=d>a>b", [2]),
    "tail": ("a b y z", "3 a>b>y=z, 2 b>a>y=z", [2, 3]),
    "capped": ("a b y", "3 y>a>b, 2 a>b>y, 4 b>a>y", [2]),
    "tied": ("a b c", "2 a=b>c, 1 c>a=b", [1, 2]),
    "split": ("a b c", "2 a>b=c, 1 a=b>c", [1, 2]),
}
"""Small populations, and for which k the theorems are certified."""

CORPUS = [
    f"accepted/{name.removeprefix('+')}.cert.json"
    for name, value in make_corpus.accepted()
    if len(value["certificates"]) == 1
    and value["certificates"][0]["claim"].get("k", 1) < 10
    and value["populations"]["p"].get("uniform_rankings", 1) < 10
    and not name.endswith("eleven-users-at-3-10")  # mutants of it take the judge minutes
]
FILES = make_corpus.corpus()


@cache
def certified(name: str) -> tuple[bytes, ...]:
    """A file for each different certificate of the theorems on a population."""
    names, profile, ks = PROFILES[name]
    population = read_population(json.dumps(building.population(names, profile)))
    found = {
        certificate_bytes(population, [certificate], {}): None
        for _, findings in certify(population, ks)
        for finding in findings
        for certificate in finding.certificates
    }
    return tuple(found)


def verdicts(contents: list[bytes], directory: Path) -> list[str]:
    """The checker's verdict on each file, many files to a process; `check` raises an error for
    anything that is no verdict, or an exit code that does not fit."""
    found = []
    for start in range(0, len(contents), 1000):
        paths = []
        for number, content in enumerate(contents[start : start + 1000]):
            paths.append(directory / f"{number}.cert.json")
            paths[-1].write_bytes(content)
        said = check(paths).verdicts
        assert [verdict.file for verdict in said] == list(map(str, paths))
        found += [verdict.verdict for verdict in said]
    return found


def require_truth(contents: Sequence[bytes], directory: Path) -> Counter[str]:
    """Mutate the files, check them, and require that every accepted one is true; the verdicts."""
    seen: Counter[str] = Counter()
    assert verdicts(list(contents), directory) == ["ACCEPTED"] * len(contents)
    changed = []
    for content in contents:
        assert is_true(content)
        changed += [*mutations(content), *repaired_mutations(content)]
    assert len(changed) > 20 * len(contents)
    for mutant, verdict in zip(changed, verdicts(changed, directory), strict=True):
        seen[verdict] += 1
        if verdict == "ACCEPTED":
            assert is_true(mutant), mutant.decode()
    assert set(seen) <= {"ACCEPTED", "REJECTED", "MALFORMED", "OVER_BUDGET"}
    return seen


@pytest.mark.slow
@pytest.mark.parametrize("name", PROFILES)
def test_what_is_accepted_of_a_changed_certificate_is_true(name, tmp_path):
    """No digit of what the suite writes can be changed so that a falsehood is accepted; and most
    changes are noticed, not only those that make a file malformed."""
    seen = require_truth(certified(name), tmp_path)
    assert seen["REJECTED"] > seen.total() / 8
    assert seen["ACCEPTED"] < seen.total() / 2


@pytest.mark.slow
@pytest.mark.parametrize("kind", TRUTH)
def test_what_is_accepted_of_a_changed_corpus_file_is_true(kind, tmp_path):
    """The same for the corpus: every tie convention, several opponents, every relation."""
    seen = require_truth([FILES[case] for case in CORPUS if f"/{kind}--" in case], tmp_path)
    assert seen["REJECTED"] > seen.total() / 10
    assert seen["ACCEPTED"] < seen.total() / 2


# ---- The tests can fail --------------------------------------------------------------------------


def test_the_files_have_witnesses_of_every_form():
    """What is mutated covers all kinds, exact and enclosed equilibria, and all proofs."""
    forms = set()
    for name in PROFILES:
        for content in certified(name):
            (part,) = json.loads(content)["certificates"]
            claim, witness = part["claim"], part["witness"]
            boxes = [claim, witness.get("equilibrium", {})]
            deltas = [box["delta"] != "0" for box in boxes if "delta" in box]
            detail = claim.get("relation", "+".join(sorted(witness)))
            forms.add((claim["kind"], detail, *deltas))
    assert forms >= {
        ("win-rate", ">="),
        ("win-rate", "="),
        ("joint-upper-bound", "mixture"),
        ("equilibrium", "", False),
        ("equilibrium", "boundary+inverse", True),
        ("unique-equilibrium", "classes"),
        ("unique-equilibrium", "classes+combination+equilibrium", False),
        ("unique-equilibrium", "classes+combination+equilibrium", True),
        ("unique-equilibrium", "equilibrium", False),
        ("unique-equilibrium", "equilibria"),
        ("unique-equilibrium", "direction+equilibrium", True),
        ("algebraic-equilibrium", ""),
        ("nlhf-ceiling", "equilibrium+opponent", False),
        ("limit", ""),
    }


@pytest.mark.parametrize(
    "case",
    [
        "win-rate--at-least-a-little-more",
        "win-rate--attained-but-not-the-worst",
        "win-rate--joint-at-least-a-little-more",
        "not-attained--equal-to-a-little-more",
        "not-attained--at-most-a-little-less",
        "not-equilibrium--centre-moved",
        "contraction--centre-elsewhere",
        "contraction--delta-too-narrow",
        "off-support--support-too-small",
        "boundary--constant-above-one",
        "not-strict--lottery-with-a-tight-response",
        "not-equilibrium--second-of-two",
        "win-rate--mixture-taken-for-its-average",
        "not-attained--mixture-a-little-less",
        "product-upper-bound--two-favourites-3-too-low",
        "joint-upper-bound--uniform-rankings-uniform-too-low",
        "joint-upper-bound--uniform-rankings-win-too-low",
        "joint-upper-bound--balanced-multiplicities",
        "win-rate--uniform-rankings-not-equal",
        "win-rate--uniform-rankings-other-ties",
        "isolating--no-root",
        "isolating--two-roots",
        "isolating--three-roots",
        "positive--the-other-root",
        "sum--algebraic-masses",
        "not-equilibrium--another-k",
        "not-equilibrium--another-weight",
        "not-equilibrium--off-an-algebraic-support",
        "limit--too-high",
        "limit--too-low",
        "nlhf-ceiling--too-low",
        "nlhf-ceiling--ties-counted-as-losses",
        "not-strict--one-of-many-lotteries",
        "distance--below-the-left-side",
        "distance--above-the-right-side",
        "strict--a-tie-in-last-place",
        "win-rate--luce-a-little-more",
        "win-rate--luce-other-strength",
        "not-attained--luce-tuples",
        "joint-upper-bound--luce-too-low",
        "product-upper-bound--luce-too-low",
        "not-equilibrium--luce",
        "nearer--cycle-1-at-3-8",
        "nearer--enclosed",
        "nearer--eleven-users-at-another-rate",
        "nearer--from-the-equilibrium",
        "regularised--another-temperature",
        "regularised--another-reference",
        "one-policy--weak-1-too-high",
        "one-policy--fewer-outputs",
        "one-policy-upper-bound--even-both-too-low",
    ],
)
def test_falsehoods_are_known_as_such(case):
    """The judges of this module say no to false claims, not only yes to true ones."""
    assert not is_true(FILES[f"rejected/{case}.cert.json"])


def test_other_falsehoods_are_known_as_such():
    """Joint optima and uniqueness for k >= 2, with the truth on the other side."""
    bound = json.loads(FILES["accepted/joint-upper-bound--1-uniform.cert.json"])
    assert is_true(encoded(bound))
    assert not is_true(encoded(put(bound, CLAIM + "/bound", "2/3")))  # 2/3 is guaranteed anywhere
    for name in ("classes", "combination-enclosed", "direction", "direction-enclosed"):
        claim = json.loads(FILES[f"accepted/unique-equilibrium--{name}.cert.json"])
        truth = claim["certificates"][0]["claim"]["unique"]
        assert is_true(encoded(claim))
        assert not is_true(encoded(put(claim, CLAIM + "/unique", not truth)))
