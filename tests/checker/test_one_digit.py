"""Claims that are true by a hair, made false by one digit: the checker rejects every one."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from math import floor, log
from typing import Any

import pytest
from cases import building, learning, one_policies
from cases.arithmetic import derivatives
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
    favourite, *rest = about["responses"]
    for user in about["users"]:
        user["ranking"] = [[favourite], rest]
    policy, eta = masses(about, draw), str(Fraction(draw.randint(1, 9), 9))
    centres = {favourite: "1"}, {favourite: "9/10", rest[0]: "1/10"}
    k = draw.randint(1, 4)
    return tuple(
        (learning.picks(k, eta, [policy], True, {"centre": centre, "delta": "0"}), {})
        for centre in centres
    )


@pytest.mark.parametrize("kind", [one_policy, one_policy_upper_bound, picks, regularised])
def test_a_hundred_claims_falsified_by_one_digit_are_rejected(kind, tmp_path):
    """And accepted as they were."""
    seen = []
    for about, good, bad in random_cases(1, kind):
        seen.append(verdicts_on(building.document(about, good, bad), tmp_path / "pair.cert.json"))
    assert seen == [["ACCEPTED", "REJECTED"]] * MANY
