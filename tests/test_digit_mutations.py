"""Every digit of real certificate files is changed; what the checker then accepts must be true.

The files are those that the suite itself writes for small populations. A changed claim that is
accepted is decided without the checker: win rates by the naive oracle, joint optima by an exact
linear program on its payoffs, equilibria by Newton's method in Fractions to 400 bits, uniqueness by
linear programs over the set of equilibria.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache
from itertools import combinations_with_replacement
from math import factorial, lcm, prod
from pathlib import Path
from typing import Any

import make_corpus
import naive_oracle
import pytest
from make_corpus import CLAIM, encoded, put

from verify.certificate import certificate_bytes, check
from verify.equilibrium import find_equilibrium
from verify.linear_program import LinearProgram, solve_lexicographic, solve_matrix_game
from verify.maximal_lottery import margins
from verify.policies import JointPolicy
from verify.population import Population
from verify.theorems import certify

Json = Any
NUMBER = re.compile(r'"-?[0-9]+(?:/[0-9]+)?"|(?<=[\[,: ])[0-9]+(?=[\],}])')
SHORT = 9
"""Numbers of up to this many digits get all nine alternatives for each digit, others one."""

BITS = 400


# ---- Truth, without the checker ------------------------------------------------------------------


def is_true(content: bytes) -> bool:
    """Whether the only claim of a (well-formed) file is true."""
    document = json.loads(content)
    (part,) = document["certificates"]
    claim = part["claim"]
    about = json.dumps(document["populations"][claim["population"]])
    return TRUTH[claim["kind"]](about, claim)


@cache
def read_population(about: str) -> Population:
    """A population from its JSON."""
    value = json.loads(about)
    rankings = [user["ranking"] for user in value["users"]]
    weights = [user["weight"] for user in value["users"]]
    return Population.from_rankings(rankings, weights, responses=value["responses"])


def draws(masses: dict[int, Fraction], k: int) -> JointPolicy:
    """k independent draws as a policy over multisets, with multinomial probabilities."""
    tuples = []
    for outputs in combinations_with_replacement(sorted(masses), k):
        ways = factorial(k) // prod(factorial(n) for n in Counter(outputs).values())
        tuples.append((outputs, ways * prod(masses[y] for y in outputs)))
    return JointPolicy(k, tuple(tuples))


@cache
def worst_case(about: str, policy: str, k: int, l: int, ties: str) -> Fraction:
    """The policy's least win rate over all l-multisets."""
    population, written = read_population(about), json.loads(policy)
    index = {name: y for y, name in enumerate(population.responses)}
    if "product" in written:
        masses = {index[name]: Fraction(mass) for name, mass in written["product"].items()}
        outputs = draws(masses, k)
    else:
        tuples = [
            (tuple(sorted(index[name] for name in names)), Fraction(mass))
            for names, mass in written["joint"]
        ]
        outputs = JointPolicy(k, tuple(tuples))
    return naive_oracle.worst_case(population, outputs, l=l, ties=ties)[0]


def win_rate_holds(about: str, claim: Json) -> bool:
    """The relation, at the worst case of the definition."""
    policy = json.dumps(claim["policy"])
    worst = worst_case(about, policy, claim["k"], claim["l"], claim["ties"])
    bound = Fraction(claim["bound"])
    return {">=": worst >= bound, "=": worst == bound, "<=": worst <= bound}[claim["relation"]]


@cache
def joint_value(about: str, k: int, l: int, ties: str) -> Fraction:
    """The value of the game between k-multisets and l-multisets, with payoffs by definition."""
    population = read_population(about)
    rows, columns = (
        list(combinations_with_replacement(range(population.n), size)) for size in (k, l)
    )
    payoffs = [
        [
            naive_oracle.win_rate(population, JointPolicy.deterministic(S), T, ties=ties)
            for T in columns
        ]
        for S in rows
    ]
    scale = lcm(*(payoff.denominator for row in payoffs for payoff in row))
    table = [[int(payoff * scale) for payoff in row] for row in payoffs]
    return solve_matrix_game(table, scale, backends=()).value


def upper_bound_holds(about: str, claim: Json) -> bool:
    """The bound is at least the exact optimum over all k-output policies."""
    value = joint_value(about, claim["k"], claim["l"], claim["ties"])
    return value <= Fraction(claim["bound"])


@cache
def solution_near(about: str, k: int, centre: str) -> dict[str, Fraction] | None:
    """The equilibrium on the centre's support, to about 400 bits; None if there seems to be none:
    Newton's method leads nowhere, or some response off the support earns more than 1/(k+1)."""
    population, error = json.loads(about), Fraction(1, 1 << BITS - 10)
    start = {name: Fraction(mass) for name, mass in json.loads(centre).items()}
    try:
        x, _ = make_corpus.solve_on(population, k, start, BITS)
    except (ValueError, StopIteration):
        return None
    U, _ = make_corpus.derivatives(population, k, x)
    assert all(abs(U[y] - 1) < error for y in x)
    assert abs(sum(x.values()) - 1) < error
    return x if all(U[y] < 1 + error for y in U) else None


def equilibrium_holds(about: str, claim: Json) -> bool:
    """An exact equilibrium satisfies the definition; else one lies in the box, to 400 bits."""
    k, delta = claim["k"], Fraction(claim["delta"])
    if not delta:
        worst = worst_case(about, json.dumps({"product": claim["centre"]}), k, 1, "uniform")
        return worst >= Fraction(k, k + 1)
    x = solution_near(about, k, json.dumps(claim["centre"]))
    slack = delta + Fraction(1, 1 << BITS - 10)
    return x is not None and all(
        abs(x[y] / Fraction(mass) - 1) <= slack for y, mass in claim["centre"].items()
    )


def maximum(objective: list[int], rows: list[list[int]], bounds: list[int]) -> Fraction:
    """The exact optimum of a linear program whose variables are not negative."""
    matrix = tuple(map(tuple, rows))
    return solve_lexicographic(LinearProgram(tuple(objective), matrix, tuple(bounds))).value


@cache
def lottery_is_unique(about: str) -> bool:
    """k = 1: the largest masses that single responses have in maximal lotteries sum to 1."""
    M = margins(read_population(about))
    size = range(len(M))
    rows, bounds = [*M, [1] * len(M)], [0] * len(M) + [1]
    return sum(maximum([int(i == y) for i in size], rows, bounds) for y in size) == 1


@cache
def equilibrium_is_unique(about: str, k: int) -> bool:
    """k >= 2: from one equilibrium no direction with zero class sums leads to another (E2)."""
    population = read_population(about)
    found = find_equilibrium(population, k)
    assert found.enclosure is not None
    T = found.policy.support
    classes = {frozenset(tied) for user in population.users for tied in user.ranking}
    off = [y for y in range(population.n) if y not in T]
    # d = p - q on T, and p alone off it: p, q >= 0
    columns = [*((y, 1) for y in range(population.n)), *((y, -1) for y in T)]
    sums = [[sign * (y in tied) for y, sign in columns] for tied in classes]
    rows = [*sums, *([-value for value in row] for row in sums)]
    bounds = [0] * len(rows)
    for measured in (*([(y, 1)] for y in T), *([(y, -1)] for y in T), [(y, 1) for y in off]):
        objective = [0] * len(columns)
        for y, sign in measured:
            objective[columns.index((y, 1))] = sign
            if y in T:
                objective[columns.index((y, -1))] = -sign
        if measured and maximum(objective, [*rows, objective], [*bounds, 1]) > 0:
            return False
    return True


def uniqueness_holds(about: str, claim: Json) -> bool:
    """The claimed truth value is the one found by linear programs."""
    k = claim["k"]
    unique = lottery_is_unique(about) if k == 1 else equilibrium_is_unique(about, k)
    return unique is claim["unique"]


TRUTH = {
    "win-rate": win_rate_holds,
    "joint-upper-bound": upper_bound_holds,
    "equilibrium": equilibrium_holds,
    "unique-equilibrium": uniqueness_holds,
}


# ---- Files ---------------------------------------------------------------------------------------

PROFILES = {
    "strict": ("a b c", "3 a>b>c, 2 b>c>a, 2 c>a>b", [1, 2, 3]),
    "dominated": ("a b c d", "3 a>d>b>c, 2 b>d>c>a, 2 c>a>b>d", [2]),
    "cycle": ("a b c", "1 a>b>c, 1 b>c>a, 1 c>a>b", [2]),
    "pair": ("a b", "3 a>b, 2 b>a", [1, 2, 3]),
    "even": ("a b", "1 a>b, 1 b>a", [1, 2]),
    "weak": ("a b c", "3/2 a=b>c, 1 c>a=b, 1/2 b>a=c", [1, 2, 3]),
    "clone": ("a b c d", "3 a>b>c=d, 2 b>c=d>a, 2 c=d>a>b", [2]),
    "tail": ("a b y z", "3 a>b>y=z, 2 b>a>y=z", [1, 2, 3]),
    "capped": ("a b y", "3 y>a>b, 2 a>b>y, 4 b>a>y", [2]),
    "tied": ("a b c", "2 a=b>c, 1 c>a=b", [1, 2]),
    "split": ("a b c", "2 a>b=c, 1 a=b>c", [1, 2, 3]),
}
"""Small populations, and for which k the theorems are certified."""

CORPUS = [
    f"accepted/{name.removeprefix('+')}.cert.json"
    for name, value in make_corpus.accepted()
    if len(value["certificates"]) == 1 and value["certificates"][0]["claim"]["k"] < 10
]
FILES = {**make_corpus.corpus(), **make_corpus.variants()}


@cache
def certified(name: str) -> tuple[bytes, ...]:
    """A file for each different certificate of the theorems on a population."""
    names, profile, ks = PROFILES[name]
    population = read_population(json.dumps(make_corpus.population(names, profile)))
    found = {
        certificate_bytes(population, [certificate], {}): None
        for _, findings in certify(population, ks)
        for finding in findings
        for certificate in finding.certificates
    }
    return tuple(found)


# ---- Mutations -----------------------------------------------------------------------------------


def changed_digits(number: str, draw: random.Random) -> Iterator[str]:
    """The number with one digit changed: all nine ways if it is short, else one."""
    places = [i for i, character in enumerate(number) if character.isdigit()]
    for i in places:
        others = [digit for digit in "0123456789" if digit != number[i]]
        for digit in others if len(places) <= SHORT else draw.sample(others, 1):
            yield number[:i] + digit + number[i + 1 :]


def mutations(content: bytes) -> Iterator[bytes]:
    """The file with one digit changed, for each digit of each number in it."""
    text = content.decode("ascii")
    draw = random.Random(text)
    for found in NUMBER.finditer(text):
        for number in changed_digits(found[0], draw):
            yield (text[: found.start()] + number + text[found.end() :]).encode("ascii")


def rationals(value: Json, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of all strings in a JSON value that are rationals."""
    inner = value.items() if isinstance(value, dict) else ()
    for key, part in enumerate(value) if isinstance(value, list) else inner:
        if isinstance(part, str) and NUMBER.fullmatch(f'"{part}"'):
            yield (*path, key)
        else:
            yield from rationals(part, (*path, key))


def other_mass(document: Json, path: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """The path of another mass of the distribution that the mass at `path` belongs to, if any."""
    for length, step in enumerate(path):
        if step in ("product", "centre", "joint", "mixture", "equilibria"):
            where = path[: length + 1 + (step == "equilibria")]
            masses = [(*where, *rest) for rest in rationals(at(document, where))]
            return masses[masses.index(path) - 1] if len(masses) > 1 else None
    return None


def at(value: Json, path: tuple[Any, ...]) -> Json:
    """The part of a JSON value at a path."""
    for step in path:
        value = value[step]
    return value


def repaired_mutations(content: bytes) -> Iterator[bytes]:
    """The same for rationals, but then put in lowest terms and, in a distribution, with the
    difference taken from another mass: files that are not malformed for trivial reasons."""
    document = json.loads(content)
    draw = random.Random(content)
    for path in list(rationals(document)):
        old, other = at(document, path), other_mass(document, path)
        for text in changed_digits(old, draw):
            if re.search(r"/0+$", text):
                continue
            places = {path: Fraction(text)}
            if other is not None:
                places[other] = Fraction(at(document, other)) - Fraction(text) + Fraction(old)
            copy = json.loads(content)
            for place, number in places.items():
                at(copy, place[:-1])[place[-1]] = str(number)
            yield json.dumps(copy).encode("ascii")


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
    assert seen["REJECTED"] > seen.total() / 8
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
