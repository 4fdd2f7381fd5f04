"""Every digit of real certificate files is changed; what the checker then accepts must be true.

The files are those that the suite itself writes for small populations. A changed claim that is
accepted is decided without the checker: win rates by the naive oracle, joint optima by an exact
linear program on its payoffs, product optima by a policy that attains them (nearly), equilibria by
Newton's method in Fractions to 400 bits, algebraic ones at a root to 200 bits, uniqueness by
linear programs over the set of equilibria, limits and uniform rankings by counting.
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
from math import factorial, floor, lcm, prod
from pathlib import Path
from typing import Any

import make_corpus
import naive_oracle
import pytest
import sympy
from make_corpus import CLAIM, encoded, put
from ualign.certificates.checking import check
from ualign.certificates.document import certificate_bytes
from ualign.exact.equilibrium import find_equilibrium
from ualign.exact.linear_program import LinearProgram
from ualign.exact.matrix_game import solve_matrix_game
from ualign.exact.maximal_lottery import find_maximal_lottery, margins
from ualign.exact.product_optimum import find_product_optimum
from ualign.exact.simplex import solve_program
from ualign.model.policies import JointPolicy
from ualign.model.population import Population
from ualign.theorems import certify

Json = Any
NUMBER = re.compile(r'"-?[0-9]+(?:/[0-9]+)?"|(?<=[\[,: ])[0-9]+(?=[\],}])')
SHORT = 9
"""Numbers of up to this many digits get five alternatives for each digit, others one."""

BITS = 400


# ---- Truth, without the checker ------------------------------------------------------------------


def is_true(content: bytes) -> bool:
    """Whether the only claim of a (well-formed) file is true."""
    document = json.loads(content)
    (part,) = document["certificates"]
    claim = part["claim"]
    about = json.dumps(document["populations"][claim["population"]])
    if "uniform_rankings" in document["populations"][claim["population"]]:
        return uniform_claim_holds(json.loads(about)["uniform_rankings"], claim)
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
    elif "mixture" in written:
        parts = []
        for share, names in written["mixture"]:
            part = draws({index[name]: Fraction(mass) for name, mass in names.items()}, k)
            parts += [(shown, Fraction(share) * mass) for shown, mass in part.tuples]
        outputs = JointPolicy(k, tuple(parts))
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
    return solve_matrix_game(table, scale).value


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
    return solve_program(LinearProgram(tuple(objective), matrix, tuple(bounds))).value


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


@cache
def product_optimum(about: str, k: int, l: int) -> Fraction:
    """What some product policy wins, very nearly the most that any does."""
    return find_product_optimum(read_population(about), k, l, bits=40).value_low


def product_bound_holds(about: str, claim: Json) -> bool:
    """The bound is at least what a product policy wins; `ties` cannot be but uniform."""
    return product_optimum(about, claim["k"], claim["l"]) <= Fraction(claim["bound"])


def at_root(coefficients: Sequence[Fraction], alpha: Fraction) -> Fraction:
    """A polynomial, constant term first, at a point."""
    value = Fraction(0)
    for coefficient in reversed(coefficients):
        value = value * alpha + coefficient
    return value


def algebraic_equilibrium_holds(about: str, claim: Json) -> bool:
    """Just one root in the interval (Sturm), and at this root, to 200 bits, masses that sum to 1,
    with U = 1 on the support and U <= 1 off it."""
    bits = BITS >> 1
    field = [Fraction(c) for c in claim["polynomial"]]
    low, high = (Fraction(end) for end in claim["interval"])
    terms = [sympy.Rational(c.numerator, c.denominator) for c in reversed(field)]
    polynomial = sympy.Poly(terms, sympy.Symbol("x"))
    if polynomial.count_roots(str(low), str(high)) != 1 or at_root(field, low) == 0:
        return False
    rising, error = at_root(field, low) < 0, Fraction(1, 1 << bits - 50)
    while high - low > Fraction(1, 1 << bits):
        middle = Fraction(floor((low + high) * (1 << bits + 8)), 1 << bits + 9)
        if (at_root(field, middle) < 0) == rising:
            low = middle
        else:
            high = middle
    masses = {
        name: at_root(list(map(Fraction, element)), low)
        for name, element in claim["masses"].items()
    }
    U, _ = make_corpus.derivatives(json.loads(about), claim["k"], masses)
    return (
        min(masses.values()) > 0
        and abs(sum(masses.values()) - 1) < error
        and all(abs(U[y] - 1) < error for y in masses)
        and max(U.values()) < 1 + error
    )


def limit_of(about: str, support: Sequence[str]) -> Fraction:
    """1 less the largest share of users who rank some response above the whole support."""
    value = json.loads(about)
    above: Counter[str] = Counter()
    for user in value["users"]:
        best = next(r for r, tied in enumerate(user["ranking"]) if {*tied} & {*support})
        for tied in user["ranking"][:best]:
            for y in tied:
                above[y] += Fraction(user["weight"])
    total = sum(Fraction(user["weight"]) for user in value["users"])
    return 1 - max(above.values(), default=Fraction(0)) / total


def limit_holds(about: str, claim: Json) -> bool:
    """The limit is the bound."""
    return limit_of(about, list(claim["policy"]["product"])) == Fraction(claim["bound"])


def ceiling_holds(about: str, claim: Json) -> bool:
    """The lottery is unique, and its worst win rate, which rises with k, has such a limit."""
    population = read_population(about)
    lottery = find_maximal_lottery(population).policy
    support = [population.responses[y] for y in lottery.support]
    return lottery_is_unique(about) and limit_of(about, support) <= Fraction(claim["bound"])


@cache
def sides(about: str, k: int) -> tuple[Fraction, Fraction]:
    """|pi - s|_1 and what bounds it, at the equilibrium, which is unique for strict rankings."""
    population = read_population(about)
    if k == 1:
        assert lottery_is_unique(about)
        policy = find_maximal_lottery(population).policy
    else:
        policy = find_equilibrium(population, k).policy
    masses = {population.responses[y]: policy.masses[y] for y in policy.support}
    if k > 1:
        masses, _ = make_corpus.solve_on(json.loads(about), k, masses, BITS)
    return make_corpus.distances(json.loads(about), k, masses)


def distance_holds(about: str, claim: Json) -> bool:
    """All rankings are strict, and the bound lies between the two sides, to 400 bits."""
    left, right = sides(about, claim["k"])
    bound, error = Fraction(claim["bound"]), Fraction(1, 1 << BITS - 50)
    users = read_population(about).users
    strict = all(len(tied) == 1 for user in users for tied in user.ranking)
    return strict and left - error <= bound <= right + error


def uniform_rate(n: int, counts: Sequence[int], ties: str) -> Fraction:
    """What outputs of these multiplicities win against a random response, if any of those shown is
    a user's best with the same chance."""
    total = Fraction(0)
    for y in range(n):
        shown = {*range(len(counts)), y}
        for best in shown:
            tie = Fraction(0)
            if best == y < len(counts):
                share = Fraction(counts[y], counts[y] + 1)
                tie = {"uniform": share, "win": Fraction(1), "half": Fraction(1, 2)}.get(ties, tie)
            total += Fraction(tie if best == y else 1) / (n * len(shown))
    return total


def multiplicities(k: int, n: int, most: int) -> Iterator[tuple[int, ...]]:
    """The ways in which k outputs can fall on n responses, largest number first."""
    if k == 0:
        yield ()
    elif n:
        for first in range(min(k, most), 0, -1):
            for rest in multiplicities(k - first, n - 1, first):
                yield (first, *rest)


def uniform_claim_holds(n: int, claim: Json) -> bool:
    """By symmetry all opponents are equally good against a random assignment, and the uniform
    opponent is optimal against joint policies."""
    k, ties, bound = claim["k"], claim["ties"], Fraction(claim["bound"])
    assert claim["l"] == 1
    if claim["kind"] == "joint-upper-bound":
        return max(uniform_rate(n, c, ties) for c in multiplicities(k, n, k)) <= bound
    counts = claim["policy"]["random_subset"]
    assert sum(counts) == k
    assert len(counts) <= n
    rate = uniform_rate(n, counts, ties)
    return {">=": rate >= bound, "=": rate == bound, "<=": rate <= bound}[claim["relation"]]


TRUTH = {
    "win-rate": win_rate_holds,
    "joint-upper-bound": upper_bound_holds,
    "equilibrium": equilibrium_holds,
    "unique-equilibrium": uniqueness_holds,
    "product-upper-bound": product_bound_holds,
    "algebraic-equilibrium": algebraic_equilibrium_holds,
    "nlhf-ceiling": ceiling_holds,
    "dictatorship-distance": distance_holds,
    "limit": limit_holds,
}


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
]
FILES = make_corpus.corpus()


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
    """The number with one digit changed: in five ways if it is short, else in one."""
    places = [i for i, character in enumerate(number) if character.isdigit()]
    for i in places:
        others = [digit for digit in "0123456789" if digit != number[i]]
        for digit in draw.sample(others, 5 if len(places) <= SHORT else 1):
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
        if step in ("product", "centre", "joint", "mixture", "point", "equilibria"):
            inner = 2 * (step == "mixture" and len(path) == length + 4) + (step == "equilibria")
            where = path[: length + 1 + inner]
            masses = [(*where, *rest) for rest in rationals(at(document, where))]
            masses = [mass for mass in masses if len(mass) == len(path)]
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
