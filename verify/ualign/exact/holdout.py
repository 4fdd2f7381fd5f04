"""How sure: a policy that was fitted to some users, certified on others (E13).

The test multiplies what a gambler makes of her money who bets, user by user, that response y is
picked less often than q: by 1 + stake (q - g), g being the chance that the user picks y against k
draws from the policy. If y is picked that often in truth, she gains nothing on average, so that a
gain of n/(1 - confidence) has at most the chance (1 - confidence)/n. Bound (1 - q) and stake are
fixed before the users of the test are looked at: here they are chosen from those that the policy
was fitted to.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Any

from ualign.errors import InputError
from ualign.model.policies import ProductPolicy
from ualign.model.population import Population, User
from ualign.model.win_rates import win_rates
from ualign.text import show

GRID = 1 << 12
"""Bounds and stakes are multiples of 1/GRID."""
MOST_USERS = 10**7
"""So many users are shuffled at most, in some seconds."""
MARGIN = 2.0
"""So many standard deviations below what the fitted users make likely the bound is chosen; both
they and the others are samples."""


@dataclass(frozen=True)
class Wager:
    """What is tested: that pi^k wins more than `bound`, by bets of `stake`."""

    bound: Fraction
    stake: Fraction


def split_users(
    population: Population, share: Fraction, seed: int
) -> tuple[Population, Population]:
    """Draw this share of the users, at random by the seed, to be held out: the others, and they.

    Weights are numbers of users. Raises InputError where one is not a whole number, or where either
    part would be empty."""
    if any(user.weight.denominator > 1 for user in population.users):
        raise InputError("users can only be held out where weights are whole numbers of users")
    if not 0 < share < 1:
        raise InputError(f"the share of users held out is {share}; expected one in (0, 1)")
    number = sum(user.weight for user in population.users)
    if number > MOST_USERS:
        raise InputError(f"{show(int(number))} users are too many to be split one by one")
    everybody = [u for u, user in enumerate(population.users) for _ in range(int(user.weight))]
    held = math.floor(share * len(everybody))
    if not 0 < held < len(everybody):
        raise InputError(f"{held} of {len(everybody)} users held out: too few users to be split")
    Random(seed).shuffle(everybody)
    return _of(population, everybody[held:]), _of(population, everybody[:held])


def _of(population: Population, chosen: Sequence[int]) -> Population:
    counts = [0] * len(population.users)
    for u in chosen:
        counts[u] += 1
    users = (
        User(Fraction(count), user.ranking)
        for count, user in zip(counts, population.users, strict=True)
        if count
    )
    return Population(population.responses, tuple(users))


def picking_chances(population: Population, policy: ProductPolicy, k: int) -> list[list[Fraction]]:
    """For each response the chance that each of the distinct users picks it against k draws."""
    opponents = [(y,) for y in range(population.n)]
    alone = (
        Population(population.responses, (User(Fraction(1), user.ranking),))
        for user in population.users
    )
    by_user = [[1 - rate for rate in win_rates(one, policy, opponents, k=k)] for one in alone]
    return [list(column) for column in zip(*by_user, strict=True)]


def propose_wager(
    fitted: Population, policy: ProductPolicy, k: int, users: int, confidence: Fraction
) -> Wager | None:
    """The largest bound that so many further users, if they are like the fitted ones, are likely to
    certify, with its stake; None where they are too few for any. In floats: the test decides."""
    weights = [float(user.weight) for user in fitted.users]
    whole = sum(weights)
    picked = [[float(g) for g in row] for row in picking_chances(fitted, policy, k)]
    needed = math.log(fitted.n / (1 - float(confidence)))
    low, high = 0, GRID  # the bound of `low` can be hoped for, that of `high` cannot
    found: Wager | None = None
    while high - low > 1:
        middle = (low + high) // 2
        wager = _hopeful(Fraction(middle, GRID), picked, weights, whole, users, needed)
        low, high, found = (middle, high, wager) if wager else (low, middle, found)
    return found


def _hopeful(
    bound: Fraction,
    picked: list[list[float]],
    weights: list[float],
    whole: float,
    users: int,
    needed: float,
) -> Wager | None:
    q = 1 - float(bound)
    most = max(_mean(row, weights, whole) for row in picked)
    stake = min((q - most) / (q * (1 - q)), 1 / float(bound)) if most < q else 0.0
    chosen = Fraction(math.floor(stake * GRID), GRID)
    if not 0 < chosen * bound <= 1:
        return None
    for row in picked:
        factors = [1 + float(chosen) * (q - g) for g in row]
        if min(factors) <= 0:
            return None
        gains = [math.log(factor) for factor in factors]
        mean = _mean(gains, weights, whole)
        spread = _mean([(gain - mean) ** 2 for gain in gains], weights, whole) ** 0.5
        if users * mean - MARGIN * spread * (users + users**2 / whole) ** 0.5 < needed:
            return None
    return Wager(bound, chosen)


def _mean(values: Sequence[float], weights: Sequence[float], whole: float) -> float:
    return sum(v * w for v, w in zip(values, weights, strict=True)) / whole


def passes(
    sample: Population, policy: ProductPolicy, k: int, wager: Wager, confidence: Fraction
) -> bool:
    """Whether the product over the sample's users is large enough for every response, exactly but
    for factors that are rounded down, as the checker does it."""
    q, wanted = 1 - wager.bound, sample.n / (1 - confidence)
    for row in picking_chances(sample, policy, k):
        product = 1, 0
        for g, user in zip(row, sample.users, strict=True):
            factor = math.floor((1 + wager.stake * (q - g)) * (1 << 128)), -128
            product = _times(product, _power(factor, int(user.weight)))
        if not _at_least(product, wanted):
            return False
    return True


_Rounded = tuple[int, int]
"""m 2^e as (m, e), where m has up to 128 bits: no more than the number that it stands for."""


def _times(a: _Rounded, b: _Rounded) -> _Rounded:
    m = a[0] * b[0]
    cut = max(0, m.bit_length() - 128)
    return m >> cut, a[1] + b[1] + cut


def _power(number: _Rounded, exponent: int) -> _Rounded:
    result = 1, 0
    for bit in f"{exponent:b}":
        result = _times(result, result)
        result = _times(result, number) if bit == "1" else result
    return result


def _at_least(number: _Rounded, wanted: Fraction) -> bool:
    """Without writing out what is far from it; `wanted` is more than 1."""
    m, e = number
    size = m.bit_length() + e  # the number is at least 2^(size - 1), and less than 2^size
    if not m or size <= 0 or size > math.ceil(wanted).bit_length():
        return m > 0 and size > 0
    return m * Fraction(2) ** e >= wanted


def users_needed(n: int, k: int, slack: Fraction, confidence: Fraction) -> int:
    """Of how many users E13's learner needs to see one each, so that with this confidence its
    policy's worst win rate over n responses is at least k/(k+1) - slack: enough, and at most one
    more than its bound asks for.

    With A = 2 ln n + ln(1/(1 - confidence)) that is m >= A / (sqrt(1/(k+1) + slack) -
    sqrt(1/(k+1)))^2. Raises InputError unless slack > 0 and 0 < confidence < 1."""
    from flint import arb

    if slack <= 0:
        raise InputError(f"slack {slack}: expected more than 0")
    share = arb(1) / (k + 1)
    more = arb(slack.numerator) / slack.denominator
    least = _evidence(n, confidence) / ((share + more).sqrt() - share.sqrt()) ** 2
    return _up(least)


def learner_slack(n: int, k: int, users: int, confidence: Fraction) -> Fraction:
    """How far at most, with this confidence, the worst win rate of the learner's policy falls short
    of k/(k+1) when it has seen so many users, rounded up (E13): A/m + 2 sqrt(A/(m (k+1)))."""
    from flint import arb

    part = _evidence(n, confidence) / users
    return Fraction(_up((part + 2 * (part / arb(k + 1)).sqrt()) * GRID**4), GRID**4)


def _evidence(n: int, confidence: Fraction) -> Any:
    """A ball around 2 ln n + ln(1/(1 - confidence))."""
    from flint import arb

    if not 0 < confidence < 1:
        raise InputError(f"confidence {confidence}: expected one between 0 and 1")
    risk = 1 - confidence
    return 2 * arb(n).log() - (arb(risk.numerator) / risk.denominator).log()


def _up(ball: Any) -> int:
    """A whole number that is not below the ball, and hardly above it."""
    mantissa, exponent = ball.upper().man_exp()
    power = Fraction(2) ** int(exponent)
    return math.ceil(int(mantissa) * power)
