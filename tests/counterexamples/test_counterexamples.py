"""Conjectures: enumeration, search, shrinking, certified refutations, and the command."""

from __future__ import annotations

import json
import random
import time
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import combinations_with_replacement, permutations
from math import comb, cos, factorial, pi, prod
from pathlib import Path
from typing import Any

import pytest
from command import ualign
from ualign import read_population
from ualign.certificates.checking import check
from ualign.certificates.claims import claim_win_rate
from ualign.certificates.document import write_certificates
from ualign.cli.counterexample import preferences
from ualign.constructions import borda_trap, slim_majority
from ualign.counterexamples import (
    CONJECTURES,
    Conjecture,
    Part,
    Refutation,
    Space,
    UndecidedError,
    search,
)
from ualign.counterexamples.certifying import certify_refutation
from ualign.counterexamples.conjectures import changes as about_changes
from ualign.counterexamples.conjectures.picks import safe_step, shifts
from ualign.counterexamples.conjectures.slates import TEN
from ualign.counterexamples.editing import rebuilt, size, smaller, weighted
from ualign.counterexamples.enumeration import orbits, rankings
from ualign.counterexamples.facts import shortest_between, told_apart
from ualign.counterexamples.sampling import MODELS, neighbour, random_population
from ualign.counterexamples.scoring import borda_points, worst_for_rule
from ualign.counterexamples.search import Covered, Found, Hunt
from ualign.counterexamples.shrinking import shrink, tidied
from ualign.errors import InputError
from ualign.exact.instance import Instance
from ualign.exact.methods import borda_winners
from ualign.model.changes import with_clone, without_response
from ualign.model.policies import ProductPolicy
from ualign.model.population import Population
from ualign.model.solutions import Enclosure, Equilibrium
from ualign.model.win_rates import win_rates, worst_case

HALF = Fraction(1, 2)

# --- Enumeration --------------------------------------------------------------------------------


def weak_orders(n: int) -> int:
    """Fubini numbers, by the size of the best class."""
    return 1 if n == 0 else sum(comb(n, best) * weak_orders(n - best) for best in range(1, n + 1))


def renamed(multiset: tuple[Any, ...], names: tuple[int, ...]) -> tuple[Any, ...]:
    """A sorted multiset of rankings under new names."""
    return tuple(
        sorted(tuple(tuple(sorted(names[y] for y in t)) for t in ranking) for ranking in multiset)
    )


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_the_number_of_rankings(n: int) -> None:
    """n! strict rankings and the Fubini number of weak orders, all different."""
    for strict, count in ((True, factorial(n)), (False, weak_orders(n))):
        found = rankings(n, strict=strict)
        assert len(found) == len(set(found)) == count


@pytest.mark.parametrize(
    ("n", "users", "strict"),
    [(n, m, s) for n in (1, 2, 3) for m in (1, 2, 3) for s in (True, False)] + [(4, 2, True)],
)
def test_every_orbit_is_met_once(n: int, users: int, strict: bool) -> None:
    """The representatives and their sizes are those of brute force over all multisets."""
    every = rankings(n, strict=strict)
    sizes: dict[tuple[Any, ...], int] = {}
    for multiset in combinations_with_replacement(every, users):
        least = min(renamed(multiset, names) for names in permutations(range(n)))
        sizes[least] = sizes.get(least, 0) + 1
    met = {}
    for orbit in orbits(n, users, strict=strict):
        multiset = tuple(
            user.ranking for user in orbit.population.users for _ in range(int(user.weight))
        )
        least = min(renamed(multiset, names) for names in permutations(range(n)))
        assert least not in met
        met[least] = orbit.size
    assert met == sizes


@pytest.mark.parametrize(
    ("n", "users", "strict"), [(3, 6, True), (4, 4, True), (3, 4, False), (4, 3, False)]
)
def test_orbits_are_as_many_as_burnside_says(n: int, users: int, strict: bool) -> None:
    """The number of orbits is the average number of multisets that a renaming leaves as they are,
    which its cycles on the rankings tell; the sizes add up to all multisets."""
    every = rankings(n, strict=strict)
    fixed = 0
    for names in permutations(range(n)):
        ways = [1] + [0] * users
        unseen = set(every)
        while unseen:
            start = current = unseen.pop()
            length = 1
            while (current := renamed((current,), names)[0]) != start:
                unseen.discard(current)
                length += 1
            for total in range(length, users + 1):
                ways[total] += ways[total - length]
        fixed += ways[users]
    found = list(orbits(n, users, strict=strict))
    assert len(found) * factorial(n) == fixed
    assert sum(orbit.size for orbit in found) == comb(len(every) + users - 1, users)


def test_equal_groups_are_recognised() -> None:
    """A population whose users come twice is that of half as many."""
    repeated = [orbit.population for orbit in orbits(2, 4, strict=True) if orbit.repeated]
    assert [population.integer_weights for population in repeated] == [(4,), (2, 2)]


# --- The built-in conjectures -------------------------------------------------------------------

REFUTED = {  # responses, users, k, values
    "nlhf-guarantees-rate": (2, 5, 2, {"wins": Fraction(3, 5), "wanted": Fraction(2, 3)}),
    "borda-wins-half": (3, 3, 1, {"wins": Fraction(1, 3), "wanted": HALF}),
    "dictatorship-guarantees-rate": (
        2,
        3,
        2,
        {"wins": Fraction(17, 27), "wanted": Fraction(2, 3)},
    ),
    "equilibrium-robust-for-next-k": (
        2,
        3,
        2,
        {"wins": Fraction(2, 3), "wanted": Fraction(3, 4)},
    ),
    "condorcet-winner-in-support": (3, 9, 3, {}),
    "half-ties-keep-guarantee": (2, 1, 2, {"value": HALF, "wanted": Fraction(2, 3)}),
    "joint-always-above-rate": (2, 1, 2, {"value": Fraction(2, 3)}),
    "weak-order-converse": (3, 4, 2, {"value": Fraction(3, 4)}),
    "mixture-equals-average": (
        2,
        1,
        2,
        {"mixture": Fraction(1, 3), "average": Fraction(5, 12)},
    ),
    "p7-is-best": (3, 3, 2, {"equilibrium": Fraction(1, 3), "better": Fraction(4, 9)}),
    "diminishing-returns": (
        4,
        4,
        3,
        {"fewer": Fraction(2, 3), "value": Fraction(3, 4), "more": Fraction(7, 8)},
    ),
    "diminishing-product-returns": (4, 4, 2, None),
    "unique-at-one": (2, 2, 1, {}),
    "supports-grow": (3, 7, 2, None),
    "gone-for-good": (3, 7, 2, {}),
    "condorcet-mass-falls": (3, 7, 3, None),
    "raising-never-hurts": (3, 5, 2, None),
    "joining-hurts-her-last": (3, 3, 2, None),
    "joining-helps-her-first": (3, 7, 2, None),
    "diminishing-product-returns-for-two": (4, 9, 2, None),
    "composition-consistency": (3, 2, 2, {}),
    "resampling-comes-closer": (11, 11, 2, None),
    "resampling-four-comes-closer": (19, 19, 3, None),
    "safe-steps-raise-the-worst-case": (
        *(3, 3, 2),
        {"before": Fraction(179, 300), "after": Fraction(177332411, 300000000)},
    ),
    "one-output-for-determinism": (7, 21, 2, {"wins": Fraction(10, 21), "wanted": HALF}),
    "silence-mixes-no-fewer": (3, 3, 2, {"wins": Fraction(5, 12)}),
}
"""Minimal counterexamples; None for values that are not short."""

BY_OTHER_MEANS = {
    "diminishing-returns": "construction",
    "diminishing-product-returns": "construction",
    "diminishing-product-returns-for-two": "construction",
    "resampling-comes-closer": "construction",
    "resampling-four-comes-closer": "construction",
    "one-output-for-determinism": "construction",
    "gone-for-good": "sampling",
}
"""How those are found that no enumeration of the conjecture's own space holds."""

SURVIVING = {
    "borda-wins-one-in-n": (4, 3),
    "guarantee": (3, 3),
    "joint-rate": (3, 3),
    "win-ties": (3, 3),
    "uniqueness": (3, 2),
    "dominated-have-no-mass": (3, 3),
    "majority-favourite-has-half": (3, 4),
    "joining-pays": (3, 3),
    "clones-do-not-matter": (3, 3),
}
"""The responses and the users up to which every population is tried here."""


def test_every_conjecture_is_tested_here() -> None:
    """The lists above are those of the table."""
    verdicts = {name: conjecture.verdict for name, conjecture in CONJECTURES.items()}
    expected = dict.fromkeys(REFUTED, "false") | dict.fromkeys(SURVIVING, "true")
    assert verdicts == expected


@cache
def refuted(name: str) -> Found:
    """The counterexample to a built-in conjecture."""
    found, _ = search(CONJECTURES[name], budget=600, samples=1000)
    assert found is not None
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", REFUTED)
def test_false_conjectures_are_refuted_by_certified_minimal_populations(
    name: str, tmp_path: Path
) -> None:
    """The counterexample has the size and the numbers stated above, the checker accepts every
    claim, no smaller step refutes, and the PrefLib files hold the populations."""
    responses, users, k, values = REFUTED[name]
    conjecture, found = CONJECTURES[name], refuted(name)
    assert (size(found.population), found.k) == ((responses, users), k)
    how = BY_OTHER_MEANS.get(name, "enumeration")
    assert (found.how, found.minimal, found.smallest) == (how, True, how == "enumeration")
    if values is not None:
        assert dict(found.refutation.values) == values
    for candidate in smaller(found.population):
        if candidate.n >= conjecture.where.least_responses:
            assert conjecture.refute(Instance(candidate), found.k, found.l) is None
    certified = certify_refutation(conjecture, found, tmp_path)
    assert certified.accepted
    assert len(certified.verdicts) == sum(len(p.certificates) for p in found.refutation.parts)
    for path, part in zip(certified.populations, found.refutation.parts, strict=True):
        assert path.suffix == (".soc" if part.population.is_strict else ".toc")
        assert read_population(path) == part.population


@pytest.mark.parametrize("name", SURVIVING)
def test_the_others_survive_every_small_population(name: str) -> None:
    """Nothing refutes theorems, and nothing is left undecided."""
    responses, users = SURVIVING[name]
    sizes = dict.fromkeys(range(2, responses + 1), users)
    conjecture = CONJECTURES[name]
    where = replace(conjecture.where, responses=responses, users=users)
    found, covered = search(replace(conjecture, where=where), budget=600, samples=10)
    assert found is None
    assert covered.complete_to() == sizes
    assert covered.gaps == 0
    assert covered.sampled == 10
    assert covered.worst == ([2, 3, 4] if conjecture.extremal else [])
    strict = where.strict
    assert covered.total == sum(
        comb(len(rankings(n, strict=strict)) + m - 1, m)
        for n, most in sizes.items()
        for m in range(1, most + 1)
    )


def claims(part: Part, kind: str) -> list[dict[str, Any]]:
    return [c.claim for c in part.certificates if c.claim["kind"] == kind]


def box(claim: dict[str, Any], name: str) -> tuple[Fraction, Fraction]:
    """What the claim says of the exact equilibrium's mass."""
    centre, delta = Fraction(claim["centre"].get(name, 0)), Fraction(claim["delta"])
    return centre * (1 - delta), centre * (1 + delta)


def test_raising_a_response_lowers_its_mass_by_the_claims_alone() -> None:
    """One user of five moves a up by one place, and a's mass falls between the two enclosures;
    both equilibria are the only ones."""
    before, after = refuted("raising-never-hurts").refutation.parts
    for part in (before, after):
        assert [claim["unique"] for claim in claims(part, "unique-equilibrium")] == [True]
    (first,), (second,) = claims(before, "equilibrium"), claims(after, "equilibrium")
    assert box(second, "a")[1] < box(first, "a")[0]

    def users(part: Part) -> list[tuple[tuple[int, ...], ...]]:
        return sorted(u.ranking for u in part.population.users for _ in range(int(u.weight)))

    left, came = users(before), users(after)
    kept = [ranking for ranking in left if ranking in came]
    (old,) = [ranking for ranking in left if left.count(ranking) > came.count(ranking)]
    (new,) = {ranking for ranking in came if came.count(ranking) > left.count(ranking)}
    assert len(kept) == 4
    assert (old, new) == (((2,), (1,), (0,)), ((2,), (0,), (1,)))


def test_a_support_shrinks_by_the_claims_alone() -> None:
    """b belongs to the only equilibrium for k = 2 and not to the only one for k = 3."""
    (part,) = refuted("supports-grow").refutation.parts
    supports = {claim["k"]: set(claim["centre"]) for claim in claims(part, "equilibrium")}
    assert supports == {2: {"a", "b", "c"}, 3: {"a", "c"}}
    assert {claim["k"]: claim["unique"] for claim in claims(part, "unique-equilibrium")} == {
        2: True,
        3: True,
    }


def test_a_condorcet_winner_gains_by_the_claims_alone() -> None:
    """Its mass is larger in the only equilibrium for k = 4 than in the only one for k = 3."""
    (part,) = refuted("condorcet-mass-falls").refutation.parts
    exact = {claim["k"]: claim for claim in claims(part, "equilibrium")}
    ((winner, _),) = exact[1]["centre"].items()
    assert box(exact[3], winner)[1] < box(exact[4], winner)[0]
    assert all(claim["unique"] for claim in claims(part, "unique-equilibrium"))


@pytest.mark.parametrize(
    ("name", "place", "falls"),
    [("joining-hurts-her-last", -1, False), ("joining-helps-her-first", 0, True)],
)
def test_a_user_who_joins_is_badly_served_by_the_claims_alone(
    name: str, place: int, falls: bool
) -> None:
    """The second population has one user more, and what she ranks first (last) loses (gains)."""
    before, after = (part.population for part in refuted(name).refutation.parts)
    users = {user.ranking: user.weight for user in before.users}
    (joined,) = [u.ranking for u in after.users if u.weight != users.get(u.ranking)]
    assert after.scale == before.scale + 1
    response = after.responses[joined[place][0]]
    first, second = (
        box(claims(part, "equilibrium")[0], response) for part in refuted(name).refutation.parts
    )
    assert second[1] < first[0] if falls else first[1] < second[0]


def test_a_condorcet_winner_is_left_out() -> None:
    """The response that beats both others by majority is not in the support."""
    found = refuted("condorcet-winner-in-support")
    (part,) = found.refutation.parts
    lottery, exact = claims(part, "equilibrium")
    ((winner, _),) = lottery["centre"].items()
    assert lottery["k"] == 1
    assert winner not in exact["centre"]
    c = part.population.responses.index(winner)
    for y in {0, 1, 2} - {c}:
        shares = zip(part.population.integer_weights, part.population.ranks, strict=True)
        assert sum(w for w, ranks in shares if ranks[c] < ranks[y]) > part.population.scale / 2


def shares_of(part: Part, k: int) -> dict[str, Fraction]:
    """U by response, from the claims on k draws of one policy against each response."""
    shares = {}
    for claim in claims(part, "head-to-head"):
        ((name, mass),) = claim["opponent"]["product"].items()
        assert (mass, claim["relation"], claim["k"], claim["l"]) == ("1", "=", k, 1)
        shares[name] = (k + 1) * (1 - Fraction(claim["bound"]))
    return shares


@pytest.mark.parametrize("name", ["resampling-comes-closer", "resampling-four-comes-closer"])
def test_a_round_of_resampling_goes_away_by_the_claims_alone(name: str) -> None:
    """The claims say what every U at the policy is; their average is 1 (P1), and their product is
    below 1, while the equilibrium, claimed as well, is uniform."""
    found = refuted(name)
    (part,), k = found.refutation.parts, found.k
    n = part.population.n
    (exact,) = claims(part, "equilibrium")
    assert (exact["delta"], set(exact["centre"].values())) == ("0", {f"1/{n}"})
    shares = shares_of(part, k)
    (policy,) = {json.dumps(claim["policy"]) for claim in claims(part, "head-to-head")}
    masses = json.loads(policy)["product"]
    assert len(shares) == n
    assert sum(Fraction(masses[y]) * share for y, share in shares.items()) == 1
    assert prod(shares.values()) < 1


def test_resampling_of_five_goes_away_too() -> None:
    """k = 4, cyclic shifts of a ranking of 41 responses, which letters are too few for: the product
    of all U at a policy near the uniform equilibrium, from exact win rates."""
    ranking = [6, 14, 19, 24, 27, 30, 33, 36, 39, 0, 3, 7, 9, 12, 15, 18, 22, 25, 29, 34, 37]
    ranking += [1, 5, 11, 16, 21, 28, 32, 40, 8, 13, 26, 38, 17, 35, 4, 20, 31, 10, 23, 2]
    population, n, k = shifts(ranking), 41, 4
    waves = [round(1000 * (1 + 0.3 * cos(2 * pi * y / n))) for y in range(n)]
    policy = ProductPolicy(tuple(Fraction(wave, sum(waves)) for wave in waves))
    even = ProductPolicy((Fraction(1, n),) * n)
    assert worst_case(population, even, k=k).value == Fraction(k, k + 1)
    won = win_rates(population, policy, [(y,) for y in range(n)], k=k)
    assert prod((k + 1) * (1 - rate) for rate in won) < Fraction(999, 1000)


def test_a_safe_step_lowers_the_worst_case_by_the_claims_alone() -> None:
    """The claims give every U, hence the policy after the step; and its worst case is less."""
    (part,) = refuted("safe-steps-raise-the-worst-case").refutation.parts
    first, second = claims(part, "win-rate")
    eta, masses = Fraction(3, 10), first["policy"]["product"]
    moved = {
        y: Fraction(masses[y]) * (1 + eta * (share - 1)) for y, share in shares_of(part, 2).items()
    }
    assert sum(moved.values()) == 1
    assert {y: Fraction(mass) for y, mass in second["policy"]["product"].items()} == moved
    assert (first["relation"], second["relation"]) == ("=", "=")
    assert Fraction(second["bound"]) < Fraction(first["bound"])


def test_the_example_of_a_larger_utility_after_a_safe_step() -> None:
    """Nine users, and (1/2, 3/7, 1/14): the least win rate falls here as well."""
    rankings, weights = [[*"bac"], [*"acb"], [*"cba"], [*"cab"]], [3, 2, 3, 1]
    population = Population.from_rankings(rankings, weights, responses=[*"abc"])
    policy = ProductPolicy((HALF, Fraction(3, 7), Fraction(1, 14)))
    shares = [3 * (1 - w) for w in win_rates(population, policy, [(0,), (1,), (2,)], k=2)]
    steps = (1 + safe_step(2) * (share - 1) for share in shares)
    after = ProductPolicy(tuple(m * s for m, s in zip(policy.masses, steps, strict=True)))
    assert worst_case(population, after, k=2).value < worst_case(population, policy, k=2).value


def test_three_outputs_given_every_time_may_win_less_than_two_in_three() -> None:
    """Cyclic shifts of a ranking of ten responses: the best three win 3/5."""
    said = CONJECTURES["one-output-for-determinism"].refute(Instance(shifts(TEN)), 3, 1)
    assert said is not None
    assert said.values == {"wins": Fraction(3, 5), "wanted": Fraction(2, 3)}
    assert len(said.parts[0].certificates) == comb(12, 3)


def test_silence_drops_a_response_by_the_claims_alone() -> None:
    """All three have mass in the only equilibrium; with the silent users the same number is
    attained by two of them and exceeded by no policy."""
    (part,) = refuted("silence-mixes-no-fewer").refutation.parts
    (exact,), (one,) = claims(part, "equilibrium"), claims(part, "unique-equilibrium")
    (attained,), (capped,) = claims(part, "win-rate"), claims(part, "product-upper-bound")
    assert (len(exact["centre"]), one["unique"]) == (3, True)
    assert {attained["population"], capped["population"]} == {"silent"}
    assert (attained["relation"], attained["bound"]) == ("=", capped["bound"])
    assert attained["policy"]["product"] == {"b": "1/2", "c": "1/2"}
    written = next(c.population for c in part.certificates if c.claim is attained)
    assert written is not None
    assert [user["above"] for user in written["users"]] == [
        [],
        [["b", "a"], ["c", "a"]],
        [["c", "a"]],
    ]


def test_irrational_equilibria_are_refuted_by_bounds(tmp_path: Path) -> None:
    """Two users a>b, one b>a, k = 3: the exact equilibrium is known within a box, and the bound
    leaves room for all of it."""
    population = Population.from_rankings([[*"ab"], [*"ab"], [*"ba"]])
    said = CONJECTURES["equilibrium-robust-for-next-k"].refute(Instance(population), 3, 1)
    assert said is not None
    (part,) = said.parts
    (exact,), (rate,) = claims(part, "equilibrium"), claims(part, "win-rate")
    delta, bound = Fraction(exact["delta"]), Fraction(rate["bound"])
    assert delta > 0
    assert (rate["relation"], rate["k"]) == ("<=", 4)
    assert bound + 4 * delta / 2 == said.values["wins"] == Fraction(39, 50)
    assert said.values["wins"] < Fraction(4, 5)
    path = write_certificates(tmp_path / "x.cert.json", population, part.certificates)
    assert check([path]).code == 0


@pytest.mark.parametrize(
    ("value", "limit", "short"),
    [
        (Fraction(2, 3), Fraction(1), Fraction(2, 3)),
        (Fraction(1, 3) + Fraction(1, 10**9), Fraction(1, 2), Fraction(2, 5)),
        (HALF + Fraction(1, 10**9), HALF + Fraction(1, 10**3), HALF + Fraction(1, 10**4)),
    ],
)
def test_bounds_are_as_short_as_they_can_be(
    value: Fraction, limit: Fraction, short: Fraction
) -> None:
    """No less than the value, and still below the limit."""
    assert shortest_between(value, limit) == short


def test_numbers_are_told_apart() -> None:
    """Six decimals, or as many more as it takes."""
    assert told_apart(HALF, Fraction(1, 3)) == ("0.500000", "0.333333")
    assert told_apart(HALF, HALF + Fraction(1, 10**8)) == ("0.500000000", "0.500000010")
    assert told_apart(HALF, HALF) == ("0.500000", "0.500000")


def lying(instance: Instance, monkeypatch: pytest.MonkeyPatch, **methods: Any) -> Instance:
    for name, method in methods.items():
        monkeypatch.setattr(instance, name, method, raising=True)
    return instance


CYCLE = Population.from_rankings([[*"abc"], [*"bca"], [*"cab"]])


def test_a_response_returns_by_the_claims_alone() -> None:
    """c has mass for k = 2, none for k = 3 and mass for k = 5, in the only equilibria there are."""
    (part,) = refuted("gone-for-good").refutation.parts
    has = {claim["k"]: "c" in claim["centre"] for claim in claims(part, "equilibrium")}
    assert has == {2: True, 3: False, 5: True}
    assert [claim["unique"] for claim in claims(part, "unique-equilibrium")] == [True] * 3


@pytest.mark.parametrize("name", ["diminishing-returns", "diminishing-product-returns"])
def test_returns_grow_by_the_claims_alone(name: str) -> None:
    """What k-1 and k+1 outputs win at least is together more than twice what k win at most."""
    found = refuted(name)
    (part,) = found.refutation.parts
    least = {claim["k"]: Fraction(claim["bound"]) for claim in claims(part, "win-rate")}
    assert all(claim["relation"] in ("=", ">=") for claim in claims(part, "win-rate"))
    (cap,) = claims(part, "joint-upper-bound") + claims(part, "product-upper-bound")
    assert {claim.claim["l"] for claim in part.certificates} == {found.l}
    assert set(least) == {found.k - 1, found.k + 1}
    assert cap["k"] == found.k
    assert sum(least.values()) > 2 * Fraction(cap["bound"])


@pytest.mark.parametrize("name", ["joint-rate", "win-ties"])
def test_predicates_of_theorems_can_fail(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An optimum that is claimed to be too small is a refutation, which the checker rejects."""
    honest = Instance(CYCLE)

    def less(*args: Any) -> Any:
        return replace(honest.joint_optimum(*args), value=HALF)

    said = CONJECTURES[name].refute(lying(Instance(CYCLE), monkeypatch, joint_optimum=less), 2, 1)
    assert said is not None
    rejected(said, tmp_path)


@pytest.mark.parametrize("name", ["guarantee", "uniqueness"])
def test_wrong_equilibria_would_refute_the_theorems_on_them(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Point masses that are passed off as equilibria."""
    population = Population.from_rankings([["a", "b"], ["b", "a"], [["a", "b"]]])
    point = ProductPolicy.point_mass(2, 1)

    def wrong(self: Instance, k: int) -> Equilibrium:
        return Equilibrium(k, point, Fraction(0), Enclosure(Fraction(0)))

    if name == "guarantee":
        population = Population.from_rankings([[*"ab"], [*"ab"], [*"ba"]])
    monkeypatch.setattr(Instance, "equilibrium", wrong)
    said = CONJECTURES[name].refute(Instance(population), 2, 1)
    assert said is not None
    rejected(said, tmp_path)


def rejected(said: Refutation, directory: Path) -> None:
    verdicts = []
    for number, part in enumerate(said.parts):
        path = directory / f"{number}.cert.json"
        write_certificates(path, part.population, part.certificates)
        verdicts += [verdict.verdict for verdict in check([path]).verdicts]
    assert "REJECTED" in verdicts


def test_what_is_no_clone_does_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a new response at the top of every ranking in place of a clone, masses change."""

    def on_top(population: Population, c: int, place: Any) -> Population:
        new = population.n
        return rebuilt((u.weight, ((new,), *u.ranking)) for u in population.users)

    monkeypatch.setattr(about_changes, "with_clone", on_top)
    assert CONJECTURES["clones-do-not-matter"].refute(Instance(CYCLE), 2, 1) is not None


# --- Linear programs over the users' weights ----------------------------------------------------


@pytest.mark.parametrize("n", [2, 3, 4])
def test_the_worst_population_for_borda_has_one_in_n(n: int) -> None:
    """E9's infimum, attained where ties for the winner are allowed."""
    population = worst_for_rule(borda_points(n))
    points = [ProductPolicy.point_mass(n, y) for y in borda_winners(population)]
    least = min(worst_case(population, point, k=1).value for point in points)
    assert least == min(Fraction(1, n), HALF)


@pytest.mark.parametrize(("points", "value"), [((1, 0, 0), "1/3"), ((1, 1, 0), "0")])
def test_the_worst_population_for_other_rules(points: tuple[int, ...], value: str) -> None:
    """Plurality's winner can lose to all but a third, and a rule that tells only the last place
    from others can choose what everybody ranks below something else; no enumerated population is
    worse."""

    def least(population: Population) -> Fraction:
        scores = [
            sum(
                w * points[ranks[y]]
                for w, ranks in zip(population.integer_weights, population.ranks, strict=True)
            )
            for y in range(3)
        ]
        winners = [y for y in range(3) if scores[y] == max(scores)]
        return min(
            worst_case(population, ProductPolicy.point_mass(3, y), k=1).value for y in winners
        )

    assert least(worst_for_rule(points)) == Fraction(value)
    for users in (1, 2, 3, 4):
        for orbit in orbits(3, users, strict=True):
            assert least(orbit.population) >= Fraction(value)


def test_linear_programs_find_what_enumeration_is_too_small_for() -> None:
    """One user is too few, so that the program's population is the first that refutes."""
    conjecture = CONJECTURES["borda-wins-half"]
    conjecture = replace(conjecture, where=replace(conjecture.where, users=1))
    found, covered = search(conjecture, budget=600, samples=0)
    assert found is not None
    assert (found.how, size(found.population), covered.worst) == ("linear program", (3, 3), [2])
    assert found.refutation.values["wins"] == Fraction(1, 3)


@pytest.mark.parametrize("n", [1, 5])
def test_linear_programs_are_for_few_responses(n: int) -> None:
    with pytest.raises(InputError, match="2 to 4"):
        worst_for_rule(borda_points(n))


# --- Random populations -------------------------------------------------------------------------

WEAK = Space(responses=4, users=5, strict=False)


def test_seeds_repeat() -> None:
    """The same seed draws the same populations, another one others."""

    def drawn(seed: int) -> list[Population]:
        rng = random.Random(seed)
        return [random_population(rng, WEAK) for _ in range(20)]

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)


@pytest.mark.parametrize("model", MODELS)
def test_models_draw_rankings(model: Any) -> None:
    """Every draw is a permutation, and not always the same one."""
    rng = random.Random(0)
    orders = [draw() for draw in (model(rng, 4) for _ in range(20)) for _ in range(3)]
    assert all(sorted(order) == [0, 1, 2, 3] for order in orders)
    assert len({tuple(order) for order in orders}) > 3


@pytest.mark.parametrize("strict", [True, False])
def test_random_populations_stay_in_their_space(strict: bool) -> None:
    """Sizes, weights and ties are within bounds, also after steps to neighbours."""
    space = replace(WEAK, strict=strict)
    rng = random.Random(5)
    ties = 0
    for _ in range(100):
        population = random_population(rng, space)
        assert 2 <= population.n <= 4
        assert len(population.users) <= 5
        assert neighbour(rng, population, space).n == population.n
        ties += not population.is_strict
    assert bool(ties) != strict


def anything(population: Population) -> Refutation:
    """What a claim that holds of every population refutes."""
    point = ProductPolicy.point_mass(population.n, 0)
    claim = claim_win_rate(population, point, 1, ">=", Fraction(0))
    return Refutation.of(population, [claim], "there are a dozen users")


def many_users(instance: Instance, k: int, l: int) -> Refutation | None:
    """Populations that no enumeration of few users holds."""
    return anything(instance.population) if instance.population.scale >= 12 else None


FEW = Conjecture("few-users", "there are fewer than 12 users", "open", many_users, "a test")


def test_sampling_finds_and_shrinks_what_enumeration_does_not_hold() -> None:
    """The same seed finds the same; a dozen users are what it is shrunk to."""
    first, _ = search(FEW, seed=3, samples=50, budget=600)
    second, _ = search(FEW, seed=3, samples=50, budget=600)
    assert first == second
    assert first is not None
    assert first.how == "sampling"
    assert first.population.scale == 12
    assert (first.minimal, first.smallest) == (True, False)


def test_climbing_follows_the_margin() -> None:
    """Borda winners that win little are found in fewer steps than by drawing afresh."""
    space = Space(responses=4, users=6, largest_weight=6, least_responses=4)

    def margin(instance: Instance, k: int, l: int) -> Fraction:
        population = instance.population
        points = [ProductPolicy.point_mass(4, y) for y in borda_winners(population)]
        least = min(worst_case(population, point, k=1).value for point in points)
        return least - Fraction(26, 100)

    def refute(instance: Instance, k: int, l: int) -> Refutation | None:
        return anything(instance.population) if margin(instance, k, l) < 0 else None

    blind = Conjecture("blind", "a Borda winner wins 26/100", "open", refute, "a test", where=space)
    steps = {}
    for conjecture in (blind, replace(blind, margin=margin)):
        for seed in range(12):
            stage = Hunt(conjecture, Covered()).sampled(random.Random(seed))
            number = next(i for i, hit in enumerate(stage) if hit)
            steps[conjecture.margin] = steps.get(conjecture.margin, 0) + number
    assert 0 < steps[margin] < steps[None]


# --- Searching and shrinking --------------------------------------------------------------------


def test_undecided_populations_are_no_coverage() -> None:
    """What the predicate cannot tell is counted, and nothing is said to be complete beyond it."""

    def refute(instance: Instance, k: int, l: int) -> Refutation | None:
        if instance.population.scale == 3:
            raise UndecidedError("three users")
        return None

    conjecture = Conjecture("unsure", "nothing", "open", refute, "a test")
    _, covered = search(conjecture, budget=600, samples=0)
    assert covered.complete_to() == {2: 2, 3: 2}
    # those of three users of one kind are populations of one user
    assert covered.gaps == sum(
        not orbit.repeated for n in (2, 3) for orbit in orbits(n, 3, strict=True)
    )


def test_the_budget_is_kept() -> None:
    """A search for what does not exist ends when the time is up, with what it has covered."""
    conjecture = replace(
        CONJECTURES["borda-wins-one-in-n"], where=Space(responses=5, users=9), extremal=None
    )
    start = time.monotonic()
    found, covered = search(conjecture, budget=0.5)
    assert found is None
    assert time.monotonic() - start < 10
    assert not covered.rows[-1].complete
    assert covered.sampled > 0


@pytest.mark.parametrize(
    ("name", "population", "k", "sizes"),
    [
        ("borda-wins-half", borda_trap(4), 1, (3, 3)),
        ("nlhf-guarantees-rate", slim_majority(Fraction(1, 10)), 2, (2, 5)),
        ("unique-at-one", Population.from_rankings([[*"abcd"], [*"dcba"]], [9, 9]), 1, (2, 2)),
        ("half-ties-keep-guarantee", borda_trap(4), 2, (2, 1)),
    ],
)
def test_shrinking_ends_at_known_sizes(
    name: str, population: Population, k: int, sizes: tuple[int, int]
) -> None:
    """From large populations to the least, by single steps."""
    conjecture, start = CONJECTURES[name], tidied(population)
    said = conjecture.refute(Instance(start), k, 1)
    assert said is not None
    shrunk, found, minimal = shrink(conjecture, start, said, k, 1)
    assert size(shrunk) == sizes
    assert minimal
    assert found.parts[0].population == shrunk


def test_smaller_populations_are_smaller() -> None:
    """Every step makes the size less, and the restriction keeps the others' order."""
    population = rebuilt([(4, ((0,), (1, 2))), (3, ((2,), (1,), (0,)))])
    steps = list(smaller(population))
    assert all(size(step) < size(population) for step in steps)
    assert rebuilt(weighted(without_response(population, 1))) in steps
    assert without_response(population, 1).users[0].ranking == ((0,), (1,))


def test_clones_are_neighbours() -> None:
    """A clone is tied with its original, or right above or below it, as asked."""
    below = with_clone(CYCLE, 0, lambda i: ((0,), (1,)))
    assert [user.ranking.index((3,)) - user.ranking.index((0,)) for user in below.users] == [1] * 3
    tied = with_clone(CYCLE, 0, lambda i: ((0, 1),))
    assert all((0, 3) in user.ranking for user in tied.users)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Space(responses=1),
        lambda: Space(responses=13),
        lambda: Space(users=0),
        lambda: Conjecture("a/b", "", "open", many_users, ""),
        lambda: Conjecture("a", "", "perhaps", many_users, ""),  # type: ignore[arg-type]
        lambda: Conjecture("a", "", "open", many_users, "", ks=(0,)),
        lambda: Conjecture("a", "", "open", many_users, "", ks=(2,), most_k=1),
        lambda: Refutation("", ()),
        lambda: Refutation.of(CYCLE, [], ""),
        lambda: Refutation.of(CYCLE, ["a claim"], ""),  # type: ignore[list-item]
        lambda: search(FEW, budget=0),
        lambda: list(orbits(6, 1, strict=True)),
        lambda: list(orbits(2, 0, strict=True)),
    ],
)
def test_bad_arguments_are_refused(wrong: Any) -> None:
    with pytest.raises(InputError):
        wrong()


# --- The command --------------------------------------------------------------------------------

MINE = """
from fractions import Fraction
from ualign.counterexamples import Conjecture, Refutation
from ualign.certificates.claims import claim_joint_upper_bound

def refute(instance, k, l):
    best = instance.joint_optimum(k, l)
    if best.value >= Fraction(3, 4):
        return None
    claim = claim_joint_upper_bound(instance.population, k, best.value - LESS, best.opponents, l=l)
    return Refutation.of(instance.population, [claim], f"no policy wins more than {best.value}")

LESS = 0
HONEST = Conjecture("honest", "two outputs win 3/4", "open", refute, "a guess")

def lie(instance, k, l):
    best = instance.joint_optimum(k, l)
    claim = claim_joint_upper_bound(instance.population, k, Fraction(1, 2), best.opponents, l=l)
    return Refutation.of(instance.population, [claim], "no policy wins more than 1/2")

LYING = Conjecture("lying", "two outputs win more than 1/2", "open", lie, "a lie")
BROKEN = Conjecture("broken", "", "open", lambda instance, k, l: 1 / 0, "")
ODD = Conjecture("odd", "", "open", lambda instance, k, l: "refuted", "")
OTHER = "not a conjecture"
"""


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    path = tmp_path / "mine.py"
    path.write_text(MINE)
    return path


def test_the_list_of_conjectures() -> None:
    """Without a name all are listed with what is known of them, in words and as JSON."""
    done = ualign("counterexample")
    assert (done.code, done.err) == (0, "")
    assert all(name in done.out for name in CONJECTURES)
    objects = ualign("counterexample", "--json").objects
    assert [line["name"] for line in objects] == list(CONJECTURES)
    assert {line["verdict"] for line in objects} <= {"false", "true", "open"}


def test_a_counterexample_is_printed_so_that_one_sees_it(tmp_path: Path) -> None:
    """The users as columns with their numbers, the rankings downward, the numbers, the files."""
    done = ualign("counterexample", "borda-wins-half", "--out", tmp_path)
    assert (done.code, done.err) == (0, "")
    rows = [[c.strip() for c in line.split("│")[1:-1]] for line in done.out.splitlines()]
    assert [row for row in rows if row] == [["1", "a", "b"], ["2", "b", "c"], ["3", "c", "a"]]
    assert "2 users" in done.out
    assert "only 1/3 (0.333333) against a" in done.out
    assert "2/2 claims accepted" in done.out
    names = {"borda-wins-half.cert.json", "borda-wins-half.soc"}
    assert {path.name for path in tmp_path.iterdir()} == names
    assert check([tmp_path / "borda-wins-half.cert.json"]).code == 0


def test_ties_share_a_line() -> None:
    population = Population.from_rankings([["a", ["b", "c"]], ["c", "b", "a"]], [2, 1])
    grid = preferences(population)
    assert grid.headings == ["place", "2 users", "1 user"]
    assert grid.rows == [["1", "a", "c"], ["2", "b = c", "b"], ["3", "", "a"]]


def test_json_says_everything(tmp_path: Path) -> None:
    """One object; the paths are there only where the files stay."""
    (line,) = ualign("counterexample", "raising-never-hurts", "--json", "--out", tmp_path).objects
    assert (line["status"], line["known"], line["k"], line["smallest"]) == (
        "refuted",
        "false",
        2,
        True,
    )
    assert line["verdicts"] == ["ACCEPTED"] * 4
    assert [Path(path).name for path in line["certificates"]] == [
        "raising-never-hurts.cert.json",
        "raising-never-hurts-2.cert.json",
    ]
    assert all(Path(path).exists() for path in line["certificates"] + line["files"])
    assert len(line["population"]["users"]) == 4
    assert len(line["further_populations"]) == 1
    assert line["covered"]["complete"] == {"2": 5, "3": 4}
    (line,) = ualign("counterexample", "unique-at-one", "--json").objects
    assert (line["certificates"], line["verdicts"]) == ([], ["ACCEPTED"])


def test_no_counterexample_is_no_failure() -> None:
    """Exit code 0, and how much was covered."""
    asked = ("nlhf-guarantees-rate", "--users", "4", "--responses", "2", "--budget", "0.3")
    done = ualign("counterexample", *asked, "--json", "-k", "1")
    (line,) = done.objects
    assert done.code == 0
    assert (line["status"], line["population"], line["certificates"]) == ("not refuted", None, [])
    assert line["covered"]["complete"] == {"2": 4}
    done = ualign("counterexample", *asked, "-k", "1")
    assert "not refuted" in done.out
    assert "all of 2 responses and up to 4 equal users" in done.out


def test_other_parameters_find_other_counterexamples() -> None:
    """A majority of two to one is too little for k = 3."""
    (line,) = ualign("counterexample", "nlhf-guarantees-rate", "-k", "3", "--json").objects
    assert (line["k"], line["values"]) == (3, {"wins": "2/3", "wanted": "3/4"})


def test_a_file_of_ones_own(mine: Path) -> None:
    """The user's predicate is only the searcher, and its claims are checked."""
    (line,) = ualign("counterexample", f"{mine}:HONEST", "--json").objects
    assert (line["status"], line["verdicts"]) == ("refuted", ["ACCEPTED"])
    assert line["story"] == "no policy wins more than 2/3"


def test_a_lying_predicate_is_not_believed(mine: Path, tmp_path: Path) -> None:
    """Exit code 3; what it says is printed nowhere, and the checker's complaint is; no files."""
    done = ualign("counterexample", f"{mine}:LYING", "--json")
    (line,) = done.objects
    assert (done.code, line["status"], line["verdicts"]) == (3, "not certified", ["REJECTED"])
    assert (line["story"], line["values"]) == (None, {})
    assert "lying: not certified" in done.err
    done = ualign("counterexample", f"{mine}:LYING", "--out", tmp_path / "kept")
    assert done.code == 3
    assert [*(tmp_path / "kept").iterdir()] == []
    assert "no policy wins more than 1/2" not in done.out
    assert "0/1 claims accepted" in done.out


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("nothing-known", "there is no conjecture 'nothing-known'"),
        ("{mine}:NONE", "defines no 'NONE'"),
        ("{mine}:OTHER", "is of type 'str', and no Conjecture"),
        ("{mine}:BROKEN", "broken: its predicate failed at {mine}:{line}: ZeroDivisionError"),
        ("{mine}:ODD", "returned a 'str', and no Refutation"),
        ("absent.py:NAME", "cannot be read"),
        ("{mine}", "there is no conjecture"),
    ],
)
def test_bad_names_are_one_line(name: str, says: str, mine: Path) -> None:
    done = ualign("counterexample", name.format(mine=mine))
    assert (done.code, done.out) == (2, "")
    line = MINE[: MINE.index("BROKEN")].count("\n") + 1
    assert says.format(mine=mine, line=line) in done.err
    assert done.err.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("\nx = (", "{}:2: cannot be run: SyntaxError"),
        ("\nimport no_such_module", "{0} failed at {0}:2: ModuleNotFoundError"),
        ("def f(): raise ValueError('stop')\n\nf()", "{0} failed at {0}:1: ValueError: stop"),
        ("exit(0)", "{0} failed at {0}:1: SystemExit: 0"),
        ("import ualign as u\nu.Population.from_rankings([{}])", "{0} failed at {0}:2: user 1"),
    ],
)  # fmt: skip
def test_files_that_do_not_run(text: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.py"
    path.write_text(text)
    done = ualign("counterexample", f"{path}:X")
    assert (done.code, done.out) == (2, "")
    assert says.format(path) in done.err
    assert done.err.count("\n") == 1


@pytest.mark.parametrize(
    "options",
    [
        ("-k", "1"),
        ("--budget", "0"),
        ("--budget", "nan"),
        ("-k", "0"),
        ("-k", "65"),
        ("--responses", "1"),
        ("--responses", "13"),
        ("--users", "0"),
        ("--out", ""),
    ],
)
def test_bad_options_are_one_line(options: tuple[str, str]) -> None:
    done = ualign("counterexample", "uniqueness", *options)
    assert (done.code, done.out) == (2, "")
    assert done.err.count("\n") == 1


def test_the_lists_of_json_and_table_agree() -> None:
    """The words of the table are the JSON's verdicts."""
    text = ualign("counterexample").out
    for line in ualign("counterexample", "--json").out.splitlines():
        conjecture = json.loads(line)
        word = {"false": "refuted", "true": "a theorem", "open": "open"}[conjecture["verdict"]]
        assert f"{conjecture['name']} ({word})" in text
