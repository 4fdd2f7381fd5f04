"""What E20's axioms are tried on: mixtures, agendas, clones and populations that others join."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from random import Random

from proofs_checks.cases import point, random_instances, random_policy, random_users
from proofs_checks.claims import Pairs
from proofs_checks.definition import Ranking, Users, draws, rank, total, utility, win_rate
from proofs_checks.e8_limits import favoured
from proofs_checks.p1_guarantee import phi
from proofs_checks.pick_games import circles

One, quarter = Fraction(1), Fraction(1, 4)


def steps(strict: bool = True) -> Pairs:
    """For one user z above y and pi_y > 0: u_z - u_y > 0; tied: 0."""
    for rng, users, n in random_instances(seed=201, count=40):
        pi, k, (_, ranking) = random_policy(rng, n), rng.randint(1, 3), users[0]
        y = max(range(n), key=lambda y: pi[y])
        for z in range(n):
            lower = rank(ranking, y) - rank(ranking, z)
            low, high = (utility([(One, ranking)], pi, response, k) for response in (y, z))
            if lower >= 0:
                yield int(high > low), int(lower > 0 if strict else lower >= 0)


def mixtures(share: Fraction = quarter) -> Pairs:
    """The mixture of two populations: its utilities are the mixtures."""
    rng = Random(202)
    for _ in range(25):
        n, k = rng.randint(1, 3), rng.randint(1, 3)
        one, two, pi = random_users(rng, n, 2), random_users(rng, n, 2), random_policy(rng, n)
        y = rng.randrange(n)
        first, second = (utility(users, pi, y, k) for users in (one, two))
        mixed = utility(union(quarter, one, two), pi, y, k)
        yield mixed, share * first + (1 - share) * second


def _without(ranking: Ranking, y: int) -> Ranking:
    return [rest for tied in ranking if (rest := [z for z in tied if z != y])]


def agendas(unplayed: bool = True) -> Pairs:
    """Leaving out a response without mass (the last) changes no other utility."""
    rng = Random(203)
    for _ in range(25):
        n, k = rng.randint(1, 3), rng.randint(1, 3)
        users, y = random_users(rng, n + 1, 2), rng.randrange(n)
        pi = random_policy(rng, n)
        full = [*pi, Fraction(0)] if unplayed else [*(mass / 2 for mass in pi), Fraction(1, 2)]
        fewer = [(w, _without(ranking, n)) for w, ranking in users]
        yield utility(users, full, y, k), utility(fewer, pi, y, k)


def shared_best(tied: bool = True) -> Pairs:
    """3: {a, b}, 1: b>a: wherever a has mass it earns less than b."""
    users: Users = [(Fraction(3), [[0, 1]] if tied else [[0], [1]]), (One, [[1], [0]])]
    for k, tenths in product((1, 2, 3), range(1, 11)):
        pi = [Fraction(tenths, 10), 1 - Fraction(tenths, 10)]
        yield int(utility(users, pi, 0, k) < utility(users, pi, 1, k)), 1


def majority(fans: int = 1) -> Pairs:
    """u_y >= s [1 - (1-p)^(k+1)]/((k+1) p) + (1-s) p^k/(k+1), s those whose only best is y."""
    for rng, users, n in random_instances(seed=204, count=40):
        pi, y, k = random_policy(rng, n), rng.randrange(n), rng.randint(1, 3)
        share = total(w for w, ranking in users if list(ranking[0]) == [y])
        p = pi[y]
        least = fans * share * favoured(k, p) + (1 - share) * p**k / (k + 1)
        yield int(utility(users, pi, y, k) >= least), 1


def of_two(users: Users, k: int) -> list[Fraction]:
    """An equilibrium of users with two responses, k <= 2, in closed form."""
    a, b = (total(w for w, r in users if list(r[0]) == [y]) for y in (0, 1))
    if k == 1 or a + b == 0:
        return point(2, int(a < b))
    first = min(max((2 * a - b) / (a + b), Fraction(0)), One)
    return [first, 1 - first]


def union(share: Fraction, A: Users, B: Users) -> Users:
    """A with a share of the weight, B with the rest."""
    return [*((share * w, r) for w, r in A), *(((1 - share) * w, r) for w, r in B)]


Joined = tuple[Users, Sequence[Fraction], Users, Sequence[Fraction], Fraction, int]
"""A, an equilibrium of it, B, an equilibrium of the union, A's share, k."""


def joins() -> Iterator[Joined]:
    """Users with two responses, and circles of users on three."""
    rng = Random(205)
    for k, _ in product((1, 2), range(15)):
        A, B = random_users(rng, 2, 2), random_users(rng, 2, 2)
        share = Fraction(rng.randint(1, 4), 5)
        yield A, of_two(A, k), B, of_two(union(share, A, B), k), share, k
        even = [Fraction(1, 3)] * 3
        yield circles(rng, 3), even, circles(rng, 3), even, share, k


def participation(joined_only: bool = True) -> Pairs:
    """W_B(pi'^k, pi) >= k/(k+1), and <u_A(pi'), pi> >= 1/(k+1)."""
    for A, pi, B, after, share, k in joins():
        both = union(share, A, B)
        yield int(max(utility(both, after, y, k) for y in range(len(pi))) <= Fraction(1, k + 1)), 1
        won = win_rate(B if joined_only else A, draws(after, k), draws(pi, 1))
        yield int(won >= Fraction(k, k + 1)), 1
        earned = total(mass * utility(A, after, y, k) for y, mass in enumerate(pi))
        yield int(earned >= Fraction(1, k + 1)), 1


def cloned(rng: Random, n: int) -> tuple[Users, Users]:
    """(users who rank 0..n with n-1 and n as clones, the same users with the two merged)."""
    merged, found = random_users(rng, n, 2), []
    for weight, ranking in merged:
        split: list[list[int]] = []
        for tied in ranking:
            if n - 1 not in tied:
                split.append(list(tied))
            elif len(tied) > 1 or rng.randrange(3) == 0:
                split.append([*tied, n])
            else:
                split += rng.choice([[[n - 1], [n]], [[n], [n - 1]]])
        found.append((weight, split))
    return found, merged


def mergers(clones: bool = True) -> Pairs:
    """Outsiders earn the same; the merged response earns the clones' average."""
    rng = Random(206)
    for _ in range(30):
        n, k = rng.randint(2, 3), rng.randint(1, 3)
        users, merged = cloned(rng, n)
        pi = random_policy(rng, n + 1)
        together = [*pi[: n - 1], pi[n - 1] + pi[n]]
        for y in range(n - 1):
            yield utility(users, pi, y, k), utility(merged, together, y, k)
        pair = [n - 1, n] if clones else [0, n]
        earned = total(pi[y] * utility(users, pi, y, k) for y in pair)
        yield earned, together[n - 1] * utility(merged, together, n - 1, k)


COMPOSED: Users = [
    (Fraction(3), [[0], [1], [2]]),
    (Fraction(1), [[1], [0], [2]]),
    (Fraction(1), [[2], [0], [1]]),
    (Fraction(3), [[2], [1], [0]]),
]
"""3: a>b>c, 1: b>a>c, 1: c>a>b, 3: c>b>a; a and b are clones."""


def composition(least: int = 2) -> Pairs:
    """Inside {a, b}, and between the block and c, even is an equilibrium; (1/4, 1/4, 1/2) is none,
    and 8 (u_a - u_b) there is what the formula says."""
    pi = [quarter, quarter, Fraction(1, 2)]
    for k in range(least, 6):
        block = [(w, _without(ranking, 2)) for w, ranking in COMPOSED]
        outside = [(w, [[y - 1] for (y,) in _without(r, 0)]) for w, r in COMPOSED]
        pairs: list[Users] = [block, outside]
        for users, y in product(pairs, (0, 1)):
            yield utility(users, [Fraction(1, 2)] * 2, y, k), Fraction(1, k + 1)
        f = [phi(k, Fraction(place, 4), quarter) for place in range(4)]
        us = [utility(COMPOSED, pi, y, k) for y in range(3)]
        yield 8 * (us[0] - us[1]), 2 * (f[3] - f[2] - f[1] + f[0])
        yield int(max(us) > Fraction(1, k + 1)), 1
