"""Claims that are true by a hair, made false by one digit: the checker rejects every one."""

from __future__ import annotations

import json
import random
from bisect import bisect_left
from collections.abc import Iterator
from fractions import Fraction
from math import floor, log
from typing import Any

import pytest
import true_equilibria
import true_win_rates
from cases import building, draws, learning, one_policies
from cases.arithmetic import derivatives, distances
from inprocess import verdicts_on

Json = Any
MANY = 100


def random_cases(seed: int, draw_claim: Any) -> Iterator[tuple[Json, Json, Json]]:
    """Populations of two to four responses with what `draw_claim` makes of them: a true claim and
    a false one, each with its witness."""
    draw = random.Random(seed)
    for _ in range(MANY):
        names = "abcd"[: draw.randint(2, 4)]
        users = []
        for _ in range(draw.randint(1, 4)):
            order = "".join(f"{y}{draw.choice('>>=')}" for y in draw.sample(names, len(names)))
            users.append(f"{draw.randint(1, 9)} {order[:-1]}")
        about = building.population(" ".join(names), ", ".join(users))
        yield about, *draw_claim(about, draw)


def masses(about: Json, draw: random.Random) -> Json:
    """A product policy with small whole shares."""
    shares = [draw.randint(1, 5) for _ in about["responses"]]
    whole = sum(shares)
    return {y: str(Fraction(s, whole)) for y, s in zip(about["responses"], shares, strict=True)}


def last_digit(rate: Fraction, by: int) -> str:
    """Over a power of ten, one more or less in the last of thirty places."""
    return str(Fraction(rate.numerator * 10**30 // rate.denominator + by, 10**30))


def related(rate: Fraction, draw: random.Random) -> list[tuple[str, str]]:
    """A relation to the rate and a bound that satisfies it, and one a digit off that does not."""
    relation = draw.choice([">=", "<=", "="])
    less, more = (last_digit(rate, by) for by in (-1, 1))
    good, bad = {">=": (less, more), "<=": (more, less), "=": (str(rate), more)}[relation]
    return [(relation, good), (relation, bad)]


def at_least(policy: Json, rate: Fraction, k: int, l: int) -> tuple[Any, Any]:
    """The worst case rounded down, and a digit above that."""
    return tuple(
        (building.win_rate(k, l, "uniform", {"product": policy}, ">=", last_digit(rate, by)), {})
        for by in (0, 1)
    )


def win_rate(about: Json, draw: random.Random) -> tuple[Any, Any]:
    """Of users with rankings."""
    policy, k, l = masses(about, draw), draw.randint(1, 6), draw.randint(1, 3)
    worst = true_win_rates.worst_of_many(
        json.dumps(about), json.dumps({"product": policy}), k, l, "uniform"
    )
    return at_least(policy, worst, k, l)


def win_rate_of_partial_orders(about: Json, draw: random.Random) -> tuple[Any, Any]:
    """Of users of whom some pairs and ties are known: those of a ranking, picked at random."""
    for user in about["users"]:
        user |= partly_said(user.pop("ranking"), draw)
    policy, k, l = masses(about, draw), draw.randint(1, 4), draw.randint(1, 2)
    worst = true_win_rates.worst_completion(about, {"product": policy}, k, l, "uniform")
    return at_least(policy, worst, k, l)


def partly_said(ranking: Json, draw: random.Random) -> Json:
    """Some pairs and ties of a ranking."""
    places = [(place, y) for place, tied in enumerate(ranking) for y in tied]
    pairs = [[y, z] for here, y in places for there, z in places if here < there]
    return {
        "above": draw.sample(pairs, draw.randint(0, len(pairs))),
        "tied": draw.sample(ranking, draw.randint(0, len(ranking))),
    }


def win_rate_of_luce(about: Json, draw: random.Random) -> tuple[Any, Any]:
    """Of users with strengths."""
    strengths(about, draw)
    policy, k, l = masses(about, draw), draw.randint(1, 4), draw.randint(1, 2)
    worst = true_win_rates.luce_worst_case(json.dumps(about), json.dumps({"product": policy}), k, l)
    return at_least(policy, worst, k, l)


def strengths(about: Json, draw: random.Random) -> None:
    """Every user has some in the place of her ranking, the first response the largest."""
    first, *rest = about["responses"]
    for user in about["users"]:
        del user["ranking"]
        user["luce"] = {y: str(draw.randint(1, 8)) for y in rest} | {first: "9"}


def favourite(about: Json, _: random.Random) -> None:
    """The first response is every user's best."""
    first, *rest = about["responses"]
    for user in about["users"]:
        user["ranking"] = [[first], rest]


def upper_bound(about: Json, draw: random.Random) -> tuple[Any, Any]:
    """Against a favourite nothing wins more than k/(k+1), and that is guaranteed everywhere; users
    with rankings or strengths, joint policies or products."""
    draw.choice([favourite, strengths])(about, draw)
    first, k = about["responses"][0], draw.randint(2, 6)
    kind, point = draw.choice([("joint", {}), ("product", {"point": {first: "1"}})])
    proof, rest = {"mixture": [[[first], "1"]], **point}, {"l": 1, "ties": "uniform"}
    bounds = (last_digit(Fraction(k, k + 1), by) for by in (1, -1))
    return tuple(
        (building.claim_of(f"{kind}-upper-bound", k, bound=bound, **rest), proof)
        for bound in bounds
    )


def upper_bound_of_partial_orders(about: Json, draw: random.Random) -> tuple[Any, Any]:
    """What the uniform policy is sure of, rounded up, and a digit below that; of a partial order
    and its cyclic shifts, so that no policy is sure of more."""
    names, known = about["responses"], partly_said(about["users"][0]["ranking"], draw)
    about["users"] = [
        {
            "weight": "1",
            "above": shifted(names, known["above"], by),
            "tied": shifted(names, known["tied"], by),
        }
        for by in range(len(names))
    ]
    k, even = draw.randint(1, 4), dict.fromkeys(names, str(Fraction(1, len(names))))
    rate = true_win_rates.worst_completion(about, {"product": even}, k, 1, "uniform")
    proof = {"mixture": [[[y], mass] for y, mass in even.items()], "point": even}
    bounds = (last_digit(rate, by) for by in (1, -1))
    return tuple((building.product_upper_bound(k, 1, bound), proof) for bound in bounds)


def equilibrium(about: Json, draw: random.Random) -> tuple[Any, Any]:
    """A favourite's point mass, and a digit away from it; users with rankings or strengths."""
    draw.choice([favourite, strengths])(about, draw)
    first, second, *_ = about["responses"]
    k, places = draw.randint(1, 6), ({first: "1"}, {first: "9/10", second: "1/10"})
    return tuple(building.equilibrium(k, {"centre": place, "delta": "0"}) for place in places)


def unique_equilibrium(about: Json, draw: random.Random) -> tuple[Any, Any]:
    """Half of the users have the first response on top and then the second, half the other way
    round. So for k = 1 both are maximal lotteries; for larger k strict rankings leave just one
    equilibrium, as every response is a class of its own. The digit is k."""
    first, second, *rest = about["responses"]
    weight = str(draw.randint(1, 9))
    about["users"] = [
        {"weight": weight, "ranking": [[y] for y in (*best, *draw.sample(rest, len(rest)))]}
        for best in ((first, second), (second, first))
    ]
    both, k = [{first: "1"}, {second: "1"}], draw.randint(2, 9)
    for point in both:
        U, _ = derivatives(about, 1, {y: Fraction(mass) for y, mass in point.items()})
        assert max(U.values()) == 1
    if draw.choice([True, False]):
        proof = {"equilibria": both}
        return building.unique(1, False, proof), building.unique(k, False, proof)
    classes = [[0, place] for place in range(len(about["responses"]))]
    alone = building.inside(both[0])
    return building.unique(k, True, {"classes": classes}), building.unique(1, True, alone)


def algebraic_equilibrium(about: Json, draw: random.Random) -> tuple[Any, Any]:
    """Two responses that i and j users like best, k = 3: the first has the mass x with U - 1 =
    (x - 1) P(x) / (i + j), P(x) = (j - i) x^2 + (3i + j) x + j - 3i, and P grows on [0, 1].

    Falsified: P is a little more or less, and its root no equilibrium; or the interval is next to
    the root; or the masses have another sum; or k is 2, where x = (2i - j) / (i + j)."""
    first, second, *rest = about["responses"]
    i, j = draw.choice([(i, j) for i in range(2, 30) for j in range(2, 30) if i < 3 * j < 9 * i])
    j += i == j  # or P is linear
    about["users"] = [
        {"weight": str(weight), "ranking": [*order, *([rest] if rest else [])]}
        for weight, order in ((i, [[first], [second]]), (j, [[second], [first]]))
    ]
    P = [j - 3 * i, 3 * i + j, j - i]

    def at(x: Fraction) -> Fraction:
        return P[0] + P[1] * x + P[2] * x**2

    grid = 10**6 + 3  # a prime, so that no root is on it
    below = bisect_left(range(grid), 0, key=lambda n: at(Fraction(n, grid))) - 1
    ends = [Fraction(below + n, grid) for n in range(3)]
    assert at(ends[0]) < 0 < at(ends[1]) < at(ends[2])
    assert at(Fraction(2 * i - j, i + j)) != 0
    good: dict[str, Any] = {
        "k": 3,
        "polynomial": P,
        "interval": ends[:2],
        "masses": {first: [0, 1], second: [1, -1]},
    }
    place, by = draw.randrange(2), draw.choice([-1, 1])
    bad = good | draw.choice(
        [
            {"polynomial": [c + by * (n == place) for n, c in enumerate(P)]},
            {"interval": ends[1:]},
            {"masses": {first: [0, 1], second: [1 + Fraction(by, 10**9), -1]}},
            {"k": 2},
        ]
    )
    return tuple(building.algebraic(said["k"], written(said)) for said in (good, bad))


def written(said: dict[str, Any]) -> Json:
    """The numbers of an algebraic equilibrium as text."""
    masses = {y: [*map(str, numbers)] for y, numbers in said["masses"].items()}
    return {key: [*map(str, said[key])] for key in ("polynomial", "interval")} | {"masses": masses}


def limit(about: Json, draw: random.Random) -> tuple[Any, Any]:
    """What a policy tends to, and a digit more or less."""
    policy = dict(list(masses(about, draw).items())[: draw.randint(1, 2)])
    whole = sum(map(Fraction, policy.values()))
    policy = {y: str(Fraction(mass) / whole) for y, mass in policy.items()}
    true = true_equilibria.limit_of(json.dumps(about), list(policy))
    return tuple(
        (building.about_limits("limit", policy={"product": policy}, bound=bound), {})
        for bound in (str(true), last_digit(true, draw.choice([-1, 1])))
    )


def nlhf_ceiling(about: Json, draw: random.Random) -> tuple[Any, Any]:
    """The first of two responses has a majority, and always wins just that against the second."""
    first, second, *rest = about["responses"]
    more, less = draw.randint(6, 9), draw.randint(1, 5)
    about["users"] = [
        {"weight": str(weight), "ranking": [*order, *([rest] if rest else [])]}
        for weight, order in ((more, [[first], [second]]), (less, [[second], [first]]))
    ]
    proof = {**building.inside({first: "1"}), "opponent": second}
    bounds = (last_digit(Fraction(more, more + less), by) for by in (1, -1))
    return tuple((building.about_limits("nlhf-ceiling", bound=bound), proof) for bound in bounds)


def dictatorship_distance(about: Json, draw: random.Random) -> tuple[Any, Any]:
    """Uniform is both the equilibrium and random dictatorship; the right side, rounded down, and a
    digit above that."""
    turn_around(about, strict=True)
    k, n = draw.randint(1, 4), len(about["responses"])
    even = dict.fromkeys(about["responses"], Fraction(1, n))
    left, right = distances(about, k, even)
    assert left == 0
    proof = building.inside({y: str(mass) for y, mass in even.items()})
    return tuple(
        (building.claim_of("dictatorship-distance", k, bound=last_digit(right, by)), proof)
        for by in (0, 1)
    )


def product_opponents(about: Json, draw: random.Random) -> tuple[Any, Any]:
    """What the kind establishes is the least win rate itself if l = 1, where that is linear in the
    opponent, and at an equilibrium, which cannot win more against itself: uniform, where the users
    are one ranking turned around."""
    k, l = draw.randint(1, 5), draw.choice([1, 2, 3])
    if l == 1:
        policy = masses(about, draw)
        least = one_policies.worst(about, k, policy)
    else:
        turn_around(about)
        n = len(about["responses"])
        policy, least = dict.fromkeys(about["responses"], str(Fraction(1, n))), Fraction(k, k + l)
    return tuple((draws.opponents(k, l, policy, last_digit(least, by)), {}) for by in (0, 1))


def turn_around(about: Json, *, strict: bool = False) -> None:
    """The first user's ranking, without its ties if it is to be strict, and its cyclic shifts,
    equally many of each."""
    names, ranking = about["responses"], about["users"][0]["ranking"]
    if strict:
        ranking = [[y] for tied in ranking for y in tied]
    about["users"] = [
        {"weight": "1", "ranking": shifted(names, ranking, by)} for by in range(len(names))
    ]


def shifted(names: Json, lists: Json, by: int) -> Json:
    """Lists of names, each name so many places further on."""
    return [[names[(names.index(y) + by) % len(names)] for y in listed] for listed in lists]


def head_to_head(about: Json, draw: random.Random) -> tuple[Any, Any]:
    """The win rate by enumeration, and a digit off, on the wrong side."""
    pi, rho = masses(about, draw), masses(about, draw)
    k, l = draw.randint(1, 4), draw.randint(1, 4)
    rate = true_win_rates.meeting(json.dumps(about), json.dumps(pi), k, json.dumps(rho), l)
    return tuple((draws.meeting(k, l, pi, rho, *said), {}) for said in related(rate, draw))


def holdout(about: Json, draw: random.Random) -> tuple[Any, Any]:
    """The largest confidence that the product test allows, its odds rounded down to twelve places
    at most, and a digit above that.

    Ten users and more of each ranking, and bounds so low that the products are large."""
    for user in about["users"]:
        user["weight"] = str(10 * int(user["weight"]))
    policy, k = masses(about, draw), draw.randint(1, 6)
    bound, stake = Fraction(1, draw.randint(100, 200)), Fraction(draw.randint(20, 100))
    most = true_win_rates.least_product(about, policy, k, bound, stake) / len(about["responses"])
    unit = 10 ** max(len(str(floor(most))) - 12, 0)
    odds = floor(most / unit) * unit, (floor(most / unit) + 1) * unit
    return tuple(
        (draws.holdout(k, policy, str(bound), str(stake), str(1 - Fraction(1, against))), {})
        for against in odds
    )


def one_policy(about: Json, draw: random.Random) -> tuple[Any, Any]:
    """The worst case at some k rounded down, and a digit above that."""
    policy, ks = masses(about, draw), [draw.randint(1, 6) for _ in range(3)]
    rates = [one_policies.worst(about, k, policy) for k in ks]
    spoilt, pairs = draw.randrange(3), []
    for by in (0, 1):
        written = [last_digit(r, by * (i == spoilt)) for i, r in enumerate(rates)]
        listed = [list(pair) for pair in zip(ks, written, strict=True)]
        claim = building.about_limits("one-policy", policy={"product": policy}, rates=listed)
        pairs.append((claim, {}))
    return pairs[0], pairs[1]


def one_policy_upper_bound(about: Json, draw: random.Random) -> tuple[Any, Any]:
    """The least rate that the witness shows at the second k, rounded up, and a digit below that."""
    point, first = masses(about, draw), [draw.randint(1, 3), str(Fraction(draw.randint(1, 9), 10))]
    parts = [
        [share, [[[y], mass] for y, mass in masses(about, draw).items()]]
        for share in draw.choice([("1/3", "2/3"), ("1/2", "1/2")])
    ]
    found = one_policies.tight(about, first, draw.randint(1, 3), parts, point)
    rate = Fraction(found[1][1])
    return tuple(
        one_policies.capped(about, [first, [found[1][0], last_digit(rate, by)]], parts, point)
        for by in (1, -1)
    )


def regularised(about: Json, draw: random.Random) -> tuple[Any, Any]:
    """The least radius that the spread shows, rounded up to nine places, and a digit below that."""
    policy, reference = masses(about, draw), masses(about, draw)
    k, tau = draw.randint(1, 4), Fraction(1, draw.randint(1, 9))
    U, _ = derivatives(about, k, {y: Fraction(mass) for y, mass in policy.items()})
    r = [
        log(Fraction(policy[y]) / Fraction(reference[y])) - float(U[y] / (k + 1) / tau)
        for y in policy
    ]
    billions = floor((max(r) - min(r)) / 2 * 10**9)
    return tuple(
        (learning.regularised(k, str(tau), reference, policy, str(Fraction(n, 10**9))), {})
        for n in (billions + 1, billions - 1)
    )


def picks(about: Json, draw: random.Random) -> tuple[Any, Any]:
    """All users agree on a favourite, so that its point mass is an equilibrium and every step comes
    nearer; at another equilibrium's place, a digit away from it, there is none."""
    favourite(about, draw)
    first, second, *_ = about["responses"]
    policy, eta = masses(about, draw), str(Fraction(draw.randint(1, 9), 9))
    centres = {first: "1"}, {first: "9/10", second: "1/10"}
    k = draw.randint(1, 4)
    return tuple(
        (learning.picks(k, eta, [policy], True, {"centre": centre, "delta": "0"}), {})
        for centre in centres
    )


CLAIMS = (
    win_rate,
    win_rate_of_partial_orders,
    win_rate_of_luce,
    upper_bound,
    upper_bound_of_partial_orders,
    equilibrium,
    unique_equilibrium,
    algebraic_equilibrium,
    limit,
    nlhf_ceiling,
    dictatorship_distance,
    product_opponents,
    head_to_head,
    holdout,
    one_policy,
    one_policy_upper_bound,
    picks,
    regularised,
)


@pytest.mark.parametrize("kind", CLAIMS)
def test_a_hundred_claims_falsified_by_one_digit_are_rejected(kind, tmp_path):
    """And accepted as they were."""
    seen = []
    for about, good, bad in random_cases(1, kind):
        seen.append(verdicts_on(building.document(about, good, bad), tmp_path / "pair.cert.json"))
    assert seen == [["ACCEPTED", "REJECTED"]] * MANY
