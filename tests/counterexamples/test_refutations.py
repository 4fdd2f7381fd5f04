"""What refutations show, by their claims alone."""

from __future__ import annotations

import json
from fractions import Fraction
from math import comb, cos, pi, prod

import pytest
from refutations import box, claims, refuted
from ualign.counterexamples import CONJECTURES, Part
from ualign.counterexamples.conjectures.picks import safe_step, shifts
from ualign.counterexamples.conjectures.slates import TEN
from ualign.exact.instance import Instance
from ualign.model.policies import ProductPolicy
from ualign.model.population import Population
from ualign.model.win_rates import win_rates, worst_case


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
    policy = ProductPolicy((Fraction(1, 2), Fraction(3, 7), Fraction(1, 14)))
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
