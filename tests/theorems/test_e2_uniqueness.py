"""E2: uniqueness of the symmetric equilibrium, against an independent decision of its criterion."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import chain, combinations
from operator import mul

import naive_oracle
import pytest
from acceptance import assert_accepted, verdicts
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from strategies import populations
from ualign.certificates.checking import Verdict
from ualign.certificates.claims import equilibrium_parts
from ualign.certificates.findings import Certificate
from ualign.exact.class_space import independent_classes, kernel, null_directions, spanning_classes
from ualign.exact.instance import Instance
from ualign.model.population import Population
from ualign.theorems import e2_uniqueness
from ualign.theorems.e2_uniqueness import separate

F = Fraction
Rows = list[list[Fraction]]


# --- the criterion, decided independently -----------------------------------------------------


def reduced(rows: Sequence[Sequence[Fraction | int]]) -> tuple[Rows, list[int]]:
    """Reduced row echelon form without zero rows, and its pivot columns."""
    left = [[F(v) for v in row] for row in rows]
    done: Rows = []
    pivots = []
    for column in range(len(left[0]) if left else 0):
        pivot = next((row for row in left if row[column]), None)
        if pivot is None:
            continue
        left.remove(pivot)
        pivot = [v / pivot[column] for v in pivot]
        for block in (left, done):
            for i, row in enumerate(block):
                block[i] = [v - row[column] * w for v, w in zip(row, pivot, strict=True)]
        done.append(pivot)
        pivots.append(column)
    return done, pivots


def null_space(rows: Sequence[Sequence[Fraction | int]], width: int) -> Rows:
    done, pivots = reduced(rows)
    basis = []
    for free in sorted(set(range(width)) - set(pivots)):
        vector = [F(int(j == free)) for j in range(width)]
        for row, pivot in zip(done, pivots, strict=True):
            vector[pivot] = -row[free]
        basis.append(vector)
    return basis


def class_rows(population: Population) -> list[list[int]]:
    classes = {tied for user in population.users for tied in user.ranking}
    return [[int(y in tied) for y in range(population.n)] for tied in sorted(classes)]


def direction_exists(population: Population, support: Sequence[int]) -> bool:
    """Whether some d != 0 has zero class sums and d >= 0 off the support.

    Such d form a cone. It holds a line (then d can vanish off the support), or it has an extreme
    ray, on which enough of the d_y off the support vanish to leave one dimension."""
    n, rows = population.n, class_rows(population)
    off = sorted(set(range(n)) - set(support))
    for zeros in chain.from_iterable(combinations(off, size) for size in range(len(off) + 1)):
        walls = [[int(y == z) for z in range(n)] for y in zeros]
        basis = null_space(rows + walls, n)
        if len(zeros) == len(off) and basis:
            return True
        if len(basis) == 1:
            entries = [basis[0][y] for y in off]
            if min(entries) >= 0 or max(entries) <= 0:
                return True
    return False


# --- checks of witnesses ----------------------------------------------------------------------


def assert_separates(population: Population, support: Sequence[int]) -> bool:
    """`separate` proves what is the case; returns whether the equilibrium would be unique."""
    spanning = independent_classes(population, range(population.n))
    combination, direction = separate(population, spanning, support)
    off = sorted(set(range(population.n)) - set(support))
    assert direction_exists(population, support) == bool(direction)
    if direction:
        assert not combination
        assert any(direction.values())
        assert all(direction.get(y, F(0)) >= 0 for y in off)
        for row in class_rows(population):
            assert sum(direction.get(y, F(0)) for y, inside in enumerate(row) if inside) == 0
    else:
        total = [F(0)] * population.n
        for (u, c), number in combination.items():
            for y in population.users[u].ranking[c]:
                total[y] += number
        assert all(total[y] == 0 for y in support)
        assert all(total[y] > 0 for y in off)
    return not direction


def is_by_linear_program(population: Population, support: Sequence[int]) -> bool:
    """Whether the easy proofs fail: the classes do not span, and some response off the support is
    in no class that avoids the support."""
    off = set(range(population.n)) - set(support)
    avoiding = {
        y
        for user in population.users
        for tied in user.ranking
        if not set(tied) & set(support)
        for y in tied
    }
    spanning = independent_classes(population, range(population.n))
    return len(spanning) < population.n and not off <= avoiding


@st.composite
def coarse(draw: st.DrawFn, max_responses: int = 7) -> Population:
    """Few users with few classes, so that the classes rarely span."""
    n = draw(st.integers(2, max_responses))
    users = []
    for _ in range(draw(st.integers(1, 4))):
        labels = draw(st.lists(st.integers(0, 2), min_size=n, max_size=n))
        ranking = [[y for y in range(n) if labels[y] == c] for c in range(3)]
        users.append((F(draw(st.integers(1, 5))), [tied for tied in ranking if tied]))
    return Population.from_indexed("abcdefg"[:n], users)


def supports(population: Population) -> Iterator[tuple[int, ...]]:
    for size in range(1, population.n + 1):
        for support in combinations(range(population.n), size):
            if not null_directions(population, support):
                yield support


@given(coarse(), st.data())
@settings(deadline=None, max_examples=150)
def test_separate_decides_the_criterion(population, data):
    support = data.draw(st.sampled_from(list(supports(population))))
    assert_separates(population, support)


def test_the_linear_program_decides_both_ways():
    """Over many supports the general branch is needed, with either outcome."""
    dice = random.Random(5)
    seen = {True: 0, False: 0}
    while min(seen.values()) < 12:
        n = dice.randint(4, 6)
        users = []
        for _ in range(dice.randint(2, 4)):
            labels = [dice.randrange(3) for _ in range(n)]
            ranking = [[y for y in range(n) if labels[y] == c] for c in range(3)]
            users.append((F(1), [tied for tied in ranking if tied]))
        population = Population.from_indexed("abcdef"[:n], users)
        hard = [s for s in supports(population) if is_by_linear_program(population, s)]
        if hard:
            seen[assert_separates(population, dice.choice(hard))] += 1


# --- linear algebra ---------------------------------------------------------------------------


@given(coarse(), st.data())
@settings(deadline=None, max_examples=100)
def test_class_space(population, data):
    n = population.n
    columns = sorted(data.draw(st.sets(st.integers(0, n - 1), min_size=1)))
    rows = [[row[y] for y in columns] for row in class_rows(population)]
    rank = len(reduced(rows)[1])
    places = independent_classes(population, columns)
    picked = [[int(y in population.users[u].ranking[c]) for y in columns] for u, c in places]
    assert len(picked) == rank == len(reduced(picked)[1])
    directions = null_directions(population, columns)
    assert len(directions) == len(columns) - rank
    assert all(sum(map(mul, row, d)) == 0 for row in rows for d in directions)
    spanning = spanning_classes(population, columns)
    assert len(reduced([[mask >> y & 1 for y in columns] for mask in spanning])[1]) == rank
    for mask, (u, c) in spanning.items():
        inside = [y for y in columns if y in population.users[u].ranking[c]]
        assert mask == sum(1 << y for y in inside)


@given(
    st.integers(1, 4).flatmap(
        lambda width: st.lists(
            st.lists(st.integers(-4, 4), min_size=width, max_size=width), min_size=1, max_size=5
        )
    )
)
@settings(deadline=None, max_examples=100)
def test_kernel(rows):
    basis = kernel(rows)
    width = len(rows[0])
    assert len(basis) == width - len(reduced(rows)[1])
    assert all(sum(map(mul, row, vector)) == 0 for row in rows for vector in basis)
    assert len(reduced(basis)[1]) == len(basis)


# --- the theorem ------------------------------------------------------------------------------


def decided(population: Population, k: int) -> tuple[bool, Certificate] | None:
    """The verdict with its certificate, in agreement with the criterion; None if undecided."""
    instance = Instance(population)
    (finding,) = e2_uniqueness.certify(instance, k)
    if str(finding.grade) == "not certified":
        assert instance.equilibrium(k).enclosure is None
        assert finding.note
        assert not finding.certificates
        return None
    (certificate,) = finding.certificates
    unique = certificate.claim["unique"]
    assert str(finding.grade) == ("unique" if unique else "not unique")
    if instance.equilibrium(k).enclosure is not None:
        support = instance.equilibrium(k).policy.support
        assert unique == (not direction_exists(population, support))
    return unique, certificate


@given(st.lists(st.tuples(coarse(6), st.integers(2, 6)), min_size=15, max_size=15))
@settings(deadline=None, max_examples=10)
def test_witnesses_are_accepted(games):
    found = [(population, decided(population, k)) for population, k in games]
    assert_accepted([(population, [said[1]]) for population, said in found if said])
    assert sum(said is None for _, said in found) <= 1


@given(populations(max_responses=5, max_users=5, strict=True), st.integers(2, 50))
@settings(deadline=None, max_examples=15)
def test_one_strict_ranking_makes_it_unique(population, k):
    said = decided(population, k)
    assert said is not None
    unique, certificate = said
    assert unique
    assert set(certificate.witness) == {"classes"}


SPANNING = Population.from_rankings([["a", ["b", "c"]], [["a", "b"], "c"]])
DOMINATED = Population.from_rankings([["a", ["b", "c"]], [["a", "d"], ["b", "c"]]])
INDIFFERENT = Population.from_rankings([[["a", "b"]], ["c", ["a", "b"]]], [3, 1])
CLONES = Population.from_rankings(
    [[["a", "x"], "b", "c"], ["b", "c", ["a", "x"]], ["c", ["a", "x"], "b"]]
)
CROSSED = Population.from_rankings([[["a", "b"], ["c", "d"]], [["a", "c"], ["b", "d"]]])
OPPOSED = Population.from_rankings(
    [
        [["a", "b"], ["c", "d"]],
        [["c", "d"], ["a", "b"]],
        [["a", "c"], ["b", "d"]],
        [["b", "d"], ["a", "c"]],
    ]
)

# Nobody tells b from d, and every class that holds them holds a or c as well.
ALSO_RAN = Population.from_rankings([["a", ["b", "c", "d"]], ["c", ["a", "b", "d"]]])
SIGNED = Population.from_rankings(
    [[["c", "e"], ["a", "b", "d"]], ["b", ["a", "d", "e"], "c"]], responses=[*"abcde"]
)

KNOWN = {
    "the classes span": (SPANNING, True, {"classes"}),
    "worse responses are alone together": (
        DOMINATED,
        True,
        {"equilibrium", "classes", "combination"},
    ),
    "nobody cares about a or b": (INDIFFERENT, False, {"equilibrium", "direction"}),
    "tied clones": (CLONES, False, {"equilibrium", "direction"}),
    "one best response": (CROSSED, True, {"equilibrium", "classes", "combination"}),
    "a difference of classes": (ALSO_RAN, True, {"equilibrium", "classes", "combination"}),
    "halves of classes": (SIGNED, True, {"equilibrium", "classes", "combination"}),
    "two ways of mixing": (OPPOSED, False, {"equilibrium", "direction"}),
}


@pytest.mark.parametrize("name", KNOWN)
@pytest.mark.parametrize("k", [2, 3, 30])
def test_known_cases(name, k):
    population, unique, keys = KNOWN[name]
    said = decided(population, k)
    assert said is not None
    assert said[0] == unique
    assert set(said[1].witness) == keys
    assert_accepted([(population, [said[1]])])


def opposites(population: Population, k: int, right: Certificate) -> list[Certificate]:
    """The contrary claim, with the best witnesses that a liar could think of."""
    claim = {**right.claim, "unique": not right.claim["unique"]}
    instance = Instance(population)
    found = instance.equilibrium(k)
    assert found.enclosure is not None
    parts = equilibrium_parts(population, found.policy, found.enclosure)
    names, support = population.responses, found.policy.support
    witnesses: list[dict[str, object]] = [right.witness]
    if right.claim["unique"]:
        y, z = (*support, *set(range(population.n)) - set(support))[:2]
        witnesses += [
            {"equilibrium": parts, "direction": {names[y]: "-1", names[z]: "1"}},
            {"equilibrium": parts, "direction": {names[y]: "0"}},
        ]
        if found.enclosure.delta == 0:
            witnesses.append({"equilibria": [parts["centre"], parts["centre"]]})
    else:
        basis = [list(place) for place in independent_classes(population, range(population.n))]
        on_support = [list(place) for place in independent_classes(population, support)]
        witnesses += [
            {"classes": (basis * population.n)[: population.n]},
            {"equilibrium": parts, "classes": on_support, "combination": []},
            {
                "equilibrium": parts,
                "classes": on_support,
                "combination": [[place, "1"] for place in basis],
            },
        ]
    return [Certificate(claim, witness) for witness in witnesses]


@pytest.mark.parametrize("name", KNOWN)
def test_the_opposite_is_refused(name):
    population, _, _ = KNOWN[name]
    said = decided(population, 3)
    assert said is not None
    ((kept, flipped, *refused),) = verdicts(
        [(population, [said[1], *opposites(population, 3, said[1])])]
    )
    assert kept.accepted
    assert flipped.verdict == "MALFORMED"  # the witness of one claim does not even fit the other
    assert all(verdict.verdict == "REJECTED" for verdict in refused), refused


@given(st.lists(coarse(5), min_size=8, max_size=8))
@settings(deadline=None, max_examples=8)
def test_opposites_are_refused(several):
    cases = []
    for population in several:
        assume(population.n > 1)
        said = decided(population, 2)
        if said is not None and Instance(population).equilibrium(2).enclosure is not None:
            cases.append((population, opposites(population, 2, said[1])))
    answers: list[Verdict] = [v for found in verdicts(cases) for v in found]
    assert not [verdict for verdict in answers if verdict.accepted]


@pytest.mark.parametrize("population", [ALSO_RAN, SIGNED])
def test_the_known_cases_hold_some_for_the_linear_program(population):
    support = Instance(population).equilibrium(2).policy.support
    assert is_by_linear_program(population, support)
    assert assert_separates(population, support)


def test_several_equilibria_really_are_equilibria():
    # Moving along the direction changes nobody's utility, by the definition.
    instance = Instance(OPPOSED)
    said = decided(OPPOSED, 2)
    assert said is not None
    policy = instance.equilibrium(2).policy
    step = {name: F(v) for name, v in said[1].witness["direction"].items()}
    moved = [
        mass + F(1, 100) * step.get(name, F(0))
        for name, mass in zip(OPPOSED.responses, policy.masses, strict=True)
    ]
    assert min(moved) >= 0
    assert tuple(moved) != policy.masses
    for y in range(OPPOSED.n):
        assert naive_oracle.u(OPPOSED, moved, 2, y) <= F(1, 3)


def test_undecided_where_the_equilibrium_was_not_located():
    # A coincidence (see test_equilibrium) in which d has a tied clone: the classes do not span.
    users = [
        [["b", "d", "x"], ["a", "c"]],
        ["a", "c", "b", ["d", "x"]],
        [["d", "x"], "b", ["a", "c"]],
        [["a", "c", "d", "x"], "b"],
        ["a", ["d", "x"], "b", "c"],
        ["c", ["b", "d", "x"], "a"],
        ["b", ["a", "c"], ["d", "x"]],
        [["a", "b", "c", "d", "x"]],
    ]
    population = Population.from_rankings(users, responses=[*"abcdx"])
    (finding,) = e2_uniqueness.certify(Instance(population), 2)
    assert str(finding.grade) == "not certified"
    assert "'c'" in finding.note
    assert not finding.certificates
