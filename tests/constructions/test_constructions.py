"""The named populations hold what their sources say, and attain the closed forms they are for."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import combinations, pairwise
from typing import get_args

import naive_oracle
import pytest
from ualign.certificates.findings import EXACT, Finding, Question
from ualign.constructions import (
    CONSTRUCTIONS,
    FOR_ONE_THEOREM,
    binary_tree,
    borda_trap,
    built_in_suite,
    clones,
    common_favourite,
    construction_of,
    cyclic_rankings,
    disagreements,
    disagreements_of,
    distinct_favourites,
    dominant,
    favourite_classes,
    indifferent,
    plurality_versus_condorcet,
    random_dictatorship_trap,
    single_peaked,
    slim_majority,
    tight_opponents,
    unanimous,
    uniform_rankings,
    weak_order_converse,
)
from ualign.errors import InputError
from ualign.exact.instance import Instance, PartialInstance
from ualign.model.luce import LucePopulation
from ualign.model.partial_orders import PartialPopulation
from ualign.model.policies import JointPolicy, ProductPolicy
from ualign.model.population import Population
from ualign.model.rates import joint_rate, product_rate, rates_table, union_rate
from ualign.model.uniform_rankings import UniformRankings
from ualign.model.win_rates import Ties, payoffs, win_rate, win_rates, worst_case
from ualign.theorems import tasks, tasks_by_orbits, tasks_of_luce, tasks_of_partial

EVERYTHING = dict(built_in_suite())
SUITE = {label: built for label, built in EVERYTHING.items() if isinstance(built, Population)}


def prefer(population: Population, x: str, y: str) -> Fraction:
    """The share of users who rank x strictly above y."""
    first, second = (population.responses.index(name) for name in (x, y))
    return Fraction(
        sum(
            weight
            for weight, ranks in zip(population.integer_weights, population.ranks, strict=True)
            if ranks[first] < ranks[second]
        ),
        population.scale,
    )


def condorcet_winners(population: Population) -> list[str]:
    return [
        x
        for x in population.responses
        if all(prefer(population, x, y) > Fraction(1, 2) for y in population.responses if y != x)
    ]


def borda_scores(population: Population) -> dict[str, int]:
    """Scores of strict rankings on the scale of the integer weights: points for those below."""
    scores = dict.fromkeys(population.responses, 0)
    for weight, ranks in zip(population.integer_weights, population.ranks, strict=True):
        for name, rank in zip(population.responses, ranks, strict=True):
            scores[name] += weight * (population.n - 1 - rank)
    return scores


def first_places(population: Population, among: str | None = None) -> dict[str, int]:
    """First places, when only the responses `among` stand."""
    standing = [y for y, name in enumerate(population.responses) if among is None or name in among]
    places = {population.responses[y]: 0 for y in standing}
    for weight, ranks in zip(population.integer_weights, population.ranks, strict=True):
        places[population.responses[min(standing, key=lambda y: ranks[y])]] += weight
    return places


def uniform(n: int, support: int | None = None) -> ProductPolicy:
    support = n if support is None else support
    return ProductPolicy(tuple(Fraction(int(y < support), support) for y in range(n)))


# --- the table --------------------------------------------------------------------------------


def test_suite_names_are_distinct_and_tell_the_parameters():
    names = [name for name, _ in built_in_suite()]
    assert len(set(names)) == len(names)
    assert len(names) > len(CONSTRUCTIONS)
    assert "tight-opponents-k3-l3" in names
    assert "slim-majority-eps1-10" in names
    assert EVERYTHING["uniform-rankings-by-orbits-n1000"] == UniformRankings(1000)


@pytest.mark.parametrize("name", sorted(CONSTRUCTIONS))
def test_every_construction_builds_and_says_what_it_is(name):
    construction = CONSTRUCTIONS[name]
    assert construction.name == name
    assert construction.source
    assert construction.about
    population = construction.build(**construction.defaults)
    assert population == construction.build(**construction.defaults)
    assert any(population == built for built in EVERYTHING.values())


def test_the_suite_knows_its_constructions():
    for label, built in EVERYTHING.items():
        construction, parameters = construction_of(label)
        assert construction.build(**parameters) == built
    assert construction_of("a file of yours") is None


def test_the_suite_is_small():
    asked = [population for label, population in SUITE.items() if label not in FOR_ONE_THEOREM]
    assert max(population.n for population in asked) <= 8
    assert max(len(population.users) for population in asked) <= 24
    assert set(FOR_ONE_THEOREM) < set(SUITE)


def test_a_binary_tree_has_its_users():
    """Depth 2: four leaves, each user's own first, then her way up to the root, then the rest."""
    tree = binary_tree(2)
    assert tree.responses == ("root", "root0", "root1", "root00", "root01", "root10", "root11")
    ranked = [[{tree.responses[y] for y in tied} for tied in u.ranking] for u in tree.users]
    assert [way[:3] for way in ranked] == [
        [{f"root{i}{j}"}, {f"root{i}"}, {"root"}] for i in "01" for j in "01"
    ]
    assert [len(way) for way in ranked] == [4] * 4


@pytest.mark.parametrize(
    "call",
    [
        lambda: slim_majority(Fraction(1, 2)),
        lambda: slim_majority(Fraction(0)),
        lambda: tight_opponents(2, 4),
        lambda: tight_opponents(0, 1),
        lambda: distinct_favourites(0),
        lambda: borda_trap(1),
        lambda: uniform_rankings(7),
        lambda: favourite_classes(0, 2),
        lambda: favourite_classes(2, 6),
        lambda: dominant(0, 1),
        lambda: dominant(2, 0),
        lambda: plurality_versus_condorcet(0),
        lambda: clones(3, 0),
        lambda: common_favourite(0),
        lambda: unanimous(27),
        lambda: binary_tree(0),
    ],
)
def test_parameters_out_of_range_are_refused(call):
    with pytest.raises(InputError, match="expected"):
        call()


# --- elections from the literature ------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "voters", "condorcet", "borda", "plurality"),
    [
        ("condorcet-1785-81-voters", 81, "a", {"a": 101, "b": 109, "c": 33}, "b"),
        ("borda-1781", 21, "c", {"a": 16, "b": 21, "c": 26}, "a"),
        ("fishburn-1974-reversal", 7, "", {"a": 13, "b": 12, "c": 11, "x": 6}, "c"),
        (
            "malkevitch-55-voters",
            55,
            "e",
            {"a": 72, "b": 101, "c": 107, "d": 136, "e": 134},
            "a",
        ),
        (
            "tennessee-capital",
            100,
            "Nashville",
            {"Memphis": 126, "Nashville": 194, "Chattanooga": 173, "Knoxville": 107},
            "Memphis",
        ),
    ],
)
def test_elections_have_their_known_scores(name, voters, condorcet, borda, plurality):
    population = SUITE[name]
    assert population.scale == voters
    assert condorcet_winners(population) == [condorcet] * bool(condorcet)
    assert borda_scores(population) == borda
    places = first_places(population)
    assert max(places, key=places.__getitem__) == plurality


def test_condorcet_pairwise_counts():
    population = SUITE["condorcet-1785-81-voters"]
    assert prefer(population, "a", "b") == Fraction(41, 81)
    assert prefer(population, "a", "c") == Fraction(60, 81)
    cycle = SUITE["condorcet-1785-cycle"]
    assert {prefer(cycle, x, y) for x, y in ("ab", "bc", "ca")} == {Fraction(2, 3)}


def test_borda_example_plurality_winner_loses_to_both():
    population = SUITE["borda-1781"]
    assert {prefer(population, "a", y) for y in "bc"} == {Fraction(8, 21)}
    assert first_places(population) == {"a": 8, "b": 7, "c": 6}


def test_fishburn_order_is_reversed_without_x():
    population = SUITE["fishburn-1974-reversal"]
    without = Population.from_indexed(
        "abc",
        [(u.weight, [[y] for (y,) in u.ranking if y != 3]) for u in population.users],
    )
    assert borda_scores(without) == {"a": 6, "b": 7, "c": 8}


def test_malkevitch_run_off_and_elimination():
    population = SUITE["malkevitch-55-voters"]
    first, second = sorted(places := first_places(population), key=places.__getitem__)[:-3:-1]
    assert (first, second) == ("a", "b")
    assert prefer(population, "b", "a") > Fraction(1, 2)
    standing = "abcde"
    while len(standing) > 1:
        places = first_places(population, standing)
        standing = standing.replace(min(places, key=places.__getitem__), "")
    assert standing == "c"


def test_schulze_pairwise_counts():
    population = SUITE["schulze-45-voters"]
    counts = {"ad": 30, "dc": 28, "ce": 24, "eb": 27, "ba": 25, "ac": 26, "bd": 33}
    assert {p: prefer(population, *p) * population.scale for p in counts} == counts
    assert condorcet_winners(population) == []


def test_single_peaked_median():
    population = single_peaked(5)
    assert condorcet_winners(population) == ["c"]
    assert min(prefer(population, "c", y) for y in "abde") == Fraction(3, 5)


# --- constructions of the theory --------------------------------------------------------------


def p3_value(n: int, k: int) -> Fraction:
    if n >= k:
        return Fraction(k, k + 1) + Fraction(k - 1, 2 * n * (k + 1))
    q, r = divmod(k, n)
    return 1 - (Fraction(n - r, q + 1) + Fraction(r, q + 2)) / n**2


@pytest.mark.parametrize(
    ("n", "k"), [(1, 2), (2, 2), (2, 5), (3, 1), (3, 3), (3, 7), (4, 3), (4, 6)]
)
def test_p3_best_average_against_a_uniform_opponent(n, k):
    game = payoffs(uniform_rankings(n), k)
    best = max(Fraction(sum(row), n * game.scale) for row in game.matrix)
    assert best == p3_value(n, k)


@pytest.mark.parametrize(("n", "k"), [(2, 2), (3, 1), (3, 2), (4, 3), (4, 4)])
def test_p3_a_random_subset_attains_it(n, k):
    subsets = list(combinations(range(n), k))
    policy = JointPolicy(k, tuple((s, Fraction(1, len(subsets))) for s in subsets))
    population = uniform_rankings(n)
    assert worst_case(population, policy).value == p3_value(n, k)
    assert worst_case(population, policy, ties="win").value == Fraction(k * (n + 1), n * (k + 1))
    game = payoffs(population, k, ties="win")
    best = max(Fraction(sum(row), n * game.scale) for row in game.matrix)
    assert best == Fraction(k * (n + 1), n * (k + 1))


@pytest.mark.parametrize("eps", [Fraction(1, 100), Fraction(1, 10), Fraction(2, 5)])
@pytest.mark.parametrize("k", [1, 2, 3, 10, 500])
def test_p4_a_slim_majority_holds_nlhf_down(eps, k):
    nlhf = ProductPolicy.point_mass(2, 0)
    value = worst_case(slim_majority(eps), nlhf, k=k).value
    assert value == min(Fraction(k, k + 1), Fraction(1, 2) + eps)


@pytest.mark.parametrize(("k", "l"), [(1, 1), (1, 2), (2, 2), (2, 3), (3, 2), (5, 4)])
def test_p7_is_tight(k, l):
    population = tight_opponents(k, l)
    z = ProductPolicy.point_mass(population.n, 0)
    assert worst_case(population, z, k=k).value == Fraction(k, k + 1)
    rivals = tuple(range(1, l + 1))
    assert win_rate(population, z, rivals, k=k) == 1 - Fraction(l, k + 1)
    assert worst_case(population, z, k=k, l=l).value == 1 - Fraction(l, k + 1)


@pytest.mark.parametrize(("l", "k"), [(1, 3), (2, 1), (2, 3), (3, 2), (3, 4), (3, 6), (4, 3)])
def test_e4_distinct_favourites_joint_rate(l, k):
    population = distinct_favourites(l)
    assert {user.ranking[0] for user in population.users} == {(y,) for y in range(l)}
    assert all(len(user.ranking) <= 2 for user in population.users)
    game = payoffs(population, k, l)
    column = game.columns.index(tuple(range(l)))
    best = max(Fraction(row[column], game.scale) for row in game.matrix)
    assert best == joint_rate(l, k)


@pytest.mark.parametrize(("l", "k"), [(1, 3), (2, 3), (2, 7), (3, 4), (4, 40)])
def test_e5_distinct_favourites_product_rate(l, k):
    value = win_rate(distinct_favourites(l), uniform(l), range(l), k=k)
    assert value == 1 - Fraction(l, k + 1) * (1 - (1 - Fraction(1, l)) ** (k + 1))
    if (l, k) == (2, 3):
        assert value == Fraction(17, 32)


@pytest.mark.parametrize("k", [2, 3, 5])
def test_e6_a_unique_best_response_refutes_half_and_lose(k):
    population = unanimous(3)
    best = {}
    for ties in get_args(Ties):
        game = payoffs(population, k, ties=ties)
        best[ties] = Fraction(max(min(row) for row in game.matrix), game.scale)
    assert best == {
        "uniform": Fraction(k, k + 1),
        "win": Fraction(1),
        "half": Fraction(1, 2),
        "lose": Fraction(0),
    }


def test_e7_a_point_mass_equilibrium_below_the_joint_value():
    population = weak_order_converse()
    y = ProductPolicy.point_mass(3, 2)
    assert win_rates(population, y, [(0,), (1,), (2,)], k=2) == [Fraction(2, 3)] * 3
    assert [naive_oracle.u(population, y.masses, 2, z) for z in range(3)] == [Fraction(1, 3)] * 3
    game = payoffs(population, 2)
    assert max(min(row) for row in game.matrix) == Fraction(3, 4) * game.scale
    assert max(row[0] + row[1] for row in game.matrix) == 2 * Fraction(3, 4) * game.scale


@pytest.mark.parametrize("n", [2, 3, 4, 9])
@pytest.mark.parametrize("k", [1, 2, 30])
def test_e9_a_borda_winner_wins_one_in_n(n, k):
    population = borda_trap(n)
    scores = borda_scores(population)
    assert scores["b"] == scores["y"] == max(scores.values())
    assert all(scores[name] < scores["b"] for name in population.responses[2:])
    b = ProductPolicy.point_mass(n, 1)
    worst = worst_case(population, b, k=k)
    assert (worst.value, worst.opponent) == (Fraction(1, n), (0,))


@pytest.mark.parametrize("n", [1, 2, 4, 10])
@pytest.mark.parametrize("k", [1, 3, 50])
def test_e9_random_dictatorship_misses_the_second_choice(n, k):
    population = random_dictatorship_trap(n)
    assert population.n == n + 1
    dictatorship = uniform(n + 1, support=n)
    assert win_rate(population, dictatorship, (n,), k=k) == 1 - (1 - Fraction(1, n)) ** k
    c = ProductPolicy.point_mass(n + 1, n)
    assert {win_rate(population, c, (a,), k=k) for a in range(n)} == {Fraction(n - 1, n)}


@pytest.mark.parametrize("n", [1, 2, 5])
def test_degenerate_populations(n):
    assert len(unanimous(n).users) == 1
    top = ProductPolicy.point_mass(n, 0)
    assert worst_case(unanimous(n), top, k=4).value == Fraction(4, 5)
    assert worst_case(indifferent(n), uniform(n), k=4, l=3).value == Fraction(4, 7)
    cyclic = cyclic_rankings(n)
    assert len(cyclic.users) == n
    next_one = {prefer(cyclic, x, y) for x, y in pairwise(cyclic.responses)}
    assert next_one <= {Fraction(n - 1, n)}
    assert len(set(borda_scores(cyclic).values())) == 1


# --- rates against l outputs ------------------------------------------------------------------


def test_joint_rate_interpolates():
    for l in range(1, 6):
        for k in range(1, 20):
            q, rho = k // l, Fraction(k % l, l)
            between = (1 - rho) * Fraction(q, q + 1) + rho * Fraction(q + 1, q + 2)
            assert joint_rate(l, k) == between
            assert (joint_rate(l, k) == Fraction(k, k + l)) == (k % l == 0)
            assert joint_rate(l, k) <= Fraction(k, k + l)
            assert union_rate(l, k) <= product_rate(l, k) <= joint_rate(l, k)
            assert (union_rate(l, k) == product_rate(l, k)) == (l == 1)


def test_known_product_rates():
    known = {(2, 2): "5/12", (2, 3): "17/32", (3, 3): "43/108"}
    assert {lk: product_rate(*lk) for lk in known} == {lk: Fraction(v) for lk, v in known.items()}
    assert all(product_rate(1, k) == joint_rate(1, k) == Fraction(k, k + 1) for k in range(1, 9))


def test_rates_table():
    table = rates_table([1, 2], [2, 3])
    assert [(row.l, row.k) for row in table] == [(1, 2), (1, 3), (2, 2), (2, 3)]
    assert table[-1] == (2, 3, Fraction(7, 12), Fraction(17, 32), Fraction(1, 2))


@pytest.mark.parametrize("rate", [joint_rate, product_rate, union_rate])
@pytest.mark.parametrize(("l", "k"), [(0, 1), (1, 0)])
def test_rates_need_outputs(rate, l, k):
    with pytest.raises(InputError):
        rate(l, k)


# --- new families -----------------------------------------------------------------------------


@pytest.mark.parametrize(("k", "rivals"), [(1, 1), (2, 2), (3, 3)])
def test_dominant_shares(k, rivals):
    population = dominant(k, rivals)
    assert population.is_strict
    shares = {prefer(population, "y", a) for a in population.responses[1:]}
    assert shares == {Fraction(k, k + 1)}


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_plurality_versus_condorcet_shares(n):
    population = plurality_versus_condorcet(n)
    assert population.is_strict
    assert {prefer(population, "c", a) for a in population.responses[:-1]} == {Fraction(n - 1, n)}
    assert first_places(population) == {a: int(a != "c") for a in population.responses}


def test_favourite_classes_are_ranked_uniformly():
    population = favourite_classes(2, 3)
    assert (population.n, len(population.users)) == (6, 12)
    assert prefer(population, "a1", "a2") == Fraction(1, 4)
    assert prefer(population, "a1", "b2") == Fraction(1, 2)
    assert favourite_classes(1, 3).is_strict


def test_clones():
    strict, tied = SUITE["cloned-cycle"], SUITE["indifferent-clones"]
    assert prefer(strict, "c", "c'") == 1
    assert prefer(tied, "c", "c'") == prefer(tied, "c'", "c") == 0
    for population in (strict, tied):
        for clone in ("c", "c'"):
            assert (
                prefer(population, "b", clone) == prefer(population, clone, "a") == Fraction(2, 3)
            )
    assert len(SUITE["one-response"].responses) == 1
    assert len(SUITE["one-user"].users) == 1


# --- closed forms against the generic path ----------------------------------------------------

SPOKEN_OF = "P3", "P4", "P7", "E4", "E5", "E6", "E7", "E8", "E9", "E10", "E15", "E16", "E19"
KS = 1, 2, 3, 4
OPPONENTS = 2, 3


def members(**families):
    return [
        (name.replace("_", "-"), dict(zip(keys.split(), values, strict=True)))
        for name, (keys, *rows) in families.items()
        for values in (row if isinstance(row, tuple) else (row,) for row in rows)
    ]


MEMBERS = [
    (entry.name, parameters)
    for label in EVERYTHING
    for entry, parameters in [construction_of(label)]
    if label not in FOR_ONE_THEOREM
]
MEMBERS += members(
    single_peaked=("n", 1, 2, 3, 7),
    slim_majority=("eps", Fraction(1, 4), Fraction(1, 6), Fraction(7, 30), Fraction(2, 5)),
    tight_opponents=("k l", (3, 2), (2, 3), (1, 1), (1, 2), (2, 1), (3, 1), (3, 3), (3, 4)),
    distinct_favourites=("l", 1, 3, 4),
    favourite_classes=("l N", (1, 1), (1, 3), (2, 1), (2, 3), (3, 2)),
    dominant=("k rivals", (1, 1), (1, 2), (2, 3), (3, 1), (3, 2)),
    plurality_versus_condorcet=("n", 1, 2, 4, 5),
    random_dictatorship_trap=("n", 1, 2, 3),
    borda_trap=("n", 2, 5, 6),
    uniform_rankings=("n", 1, 2),
    uniform_rankings_by_orbits=("n", 1, 3, 7),
    cyclic_rankings=("n", 1, 2, 3),
    binary_tree=("J", 1, 2),
    truncated_circle=("n depth", (3, 0), (3, 1), (5, 2)),
    circular_comparisons=("n", 4),
    clones=("n copies", (1, 2), (2, 2), (4, 2), (5, 2)),
    unanimous=("n", 1, 2),
    indifferent=("n", 1, 4),
    common_favourite=("n", 1, 4),
)
IDS = ["-".join([name, *map(str, parameters.values())]) for name, parameters in MEMBERS]
each_member = pytest.mark.parametrize("member", range(len(MEMBERS)), ids=IDS)


@cache
def found(member: int) -> list[Finding]:
    """What the theorems find by their generic paths: linear programs, equilibria, enumeration."""
    name, parameters = MEMBERS[member]
    population = CONSTRUCTIONS[name].build(**parameters)
    if isinstance(population, LucePopulation):
        asked = [q for k in KS for q in tasks_of_luce(population, k, ["E18"])]
    elif isinstance(population, UniformRankings):
        asked = [q for k in range(1, 13) for q in tasks_by_orbits(population, k, SPOKEN_OF)]
    elif isinstance(population, PartialPopulation):
        partial = PartialInstance(population, joint_limit=130, opponents=OPPONENTS)
        asked = [q for k in KS for q in tasks_of_partial(partial, k, SPOKEN_OF)]
    else:
        instance = Instance(population, joint_limit=130, opponents=OPPONENTS)
        asked = [q for k in (*KS, None) for q in tasks(instance, k, SPOKEN_OF)]
    return [finding for _, ask in asked for finding in ask() if finding.value is not None]


def formed(member: int) -> list[Finding]:
    """The findings that a closed form speaks of."""
    name, parameters = MEMBERS[member]
    return [
        finding
        for finding in found(member)
        if (form := CONSTRUCTIONS[name].closed_forms.get((finding.theorem, finding.what)))
        and form(finding.k, **parameters) is not None
    ]


@each_member
def test_closed_forms_hold(member):
    name, parameters = MEMBERS[member]
    assert disagreements_of(CONSTRUCTIONS[name], parameters, found(member)) == []


def asked_at(theorem: str, what: str) -> tuple[int | None, ...]:
    """The k at which the theorem has something to say."""
    if theorem in ("E10", "E15") or what == "nlhf-ceiling":
        return (None,)
    size = re.search(r"-l(\d+)$", what)
    l = int(size[1]) if size else 1
    if l > max(OPPONENTS):
        return ()
    if what == "best-slate":
        return (2,)
    least = {"E7": 2, "P7": l - 1}.get(theorem, 1)
    return tuple(k for k in KS if k >= least)


def spoken(name: str, parameters: dict[str, int | Fraction]) -> set[tuple[str, str]]:
    """The keys under which a closed form has a number that a theorem is asked for."""
    return {
        key
        for key, form in CONSTRUCTIONS[name].closed_forms.items()
        if any(form(k, **parameters) is not None for k in asked_at(*key))
    }


@each_member
def test_no_closed_form_is_idle(member):
    """Where a form has a number, a finding states one too: the keys are those of the theorems."""
    assert {(f.theorem, f.what) for f in formed(member)} == spoken(*MEMBERS[member])


@each_member
@pytest.mark.parametrize("step", [Fraction(1, 10**9), Fraction(-1, 10**9)])
def test_wrong_closed_forms_are_caught(member, step):
    """Every number that a finding states exactly is defended, whichever form is a little off; one
    that it bounds, from that side."""
    name, parameters = MEMBERS[member]
    construction = CONSTRUCTIONS[name]
    for finding in formed(member):
        key = finding.theorem, finding.what
        form = construction.closed_forms[key]
        exact = form(finding.k, **parameters)

        def wrong(at, form=form, **parameters):
            return form(at, **parameters) + step

        # Bounds are rounded by less than the step.
        tight = abs(finding.value - exact) < abs(step)
        away = {"=": True, "<=": step > 0, ">=": step < 0}[finding.relation]
        off = replace(construction, closed_forms={**construction.closed_forms, key: wrong})
        said = disagreements_of(off, parameters, [finding])
        assert len(said) == (tight and away)


def test_every_construction_is_defended():
    """The test above is not empty for any construction with closed forms."""
    defended = {MEMBERS[m][0] for m in range(len(MEMBERS)) if formed(m)}
    assert defended == {name for name, entry in CONSTRUCTIONS.items() if entry.closed_forms}


@pytest.mark.parametrize(("l", "k"), [(4, 1), (4, 3), (4, 4), (5, 2), (5, 3)])
def test_distinct_favourites_against_many_outputs(l, k):
    forms = CONSTRUCTIONS["distinct-favourites"].closed_forms
    optimum = Instance(distinct_favourites(l)).joint_optimum(k, l).value
    assert forms["E4", f"joint-optimum-l{l}"](k, l=l) == optimum == joint_rate(l, k)
    assert forms["E4", "joint-optimum-l2"](k, l=l) is None


def test_classes_tend_to_the_joint_rate_without_copies():
    form = CONSTRUCTIONS["favourite-classes"].closed_forms["E4", "joint-optimum-l3"]
    for k in (1, 2, 4, 7):
        values = [form(k, l=3, N=N) for N in (1, 7, 100, 10**6)]
        assert values[0] == joint_rate(3, k) <= values[-1] < joint_rate(3, k) + Fraction(1, 10**6)
        assert values[1:] == sorted(values[1:], reverse=True)


def test_dominance_is_just_lost_at_the_next_k():
    form = CONSTRUCTIONS["dominant"].closed_forms["E4", "joint-optimum"]
    for k in (1, 2, 5):
        for rivals in (1, 2, 4):
            assert form(k, k=k, rivals=rivals) == Fraction(k, k + 1)
            assert form(k + 1, k=k, rivals=rivals) > Fraction(k + 1, k + 2)


def stated(relation: str, value: Fraction | None, what: str = "joint-optimum") -> Finding:
    return Finding(Question("E4", what), 2, relation, value, EXACT, ())


def test_disagreements_understand_relations():
    exact, more, less = Fraction(3, 4), Fraction(4, 5), Fraction(2, 3)  # 3/4 is V(2, 2)
    agreeing = [("=", exact), (">=", exact), ("<=", exact), (">=", less), ("<=", more), ("", None)]
    wrong = [("=", more), ("=", less), (">=", more), ("<=", less), ("<", more), ("", exact)]
    for relation, value in agreeing:
        assert disagreements([("even-split", stated(relation, value))]) == []
    for relation, value in wrong:
        (found,) = disagreements([("even-split", stated(relation, value))])
        text = str(found)
        assert text.startswith("even-split: E4 joint-optimum at k = 2: found")
        assert "3/4" in text
    assert disagreements([("elsewhere", stated("=", more))]) == []
    assert disagreements([("even-split", stated("=", more, "another"))]) == []
