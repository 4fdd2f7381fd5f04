"""What E14 is tried on: games whose equilibria are known, and how KL to them changes in a round."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise, product
from math import lcm
from random import Random

from sympy import Poly, Rational

from proofs_checks.cases import masses, point, random_instances, random_policy, random_ranking
from proofs_checks.claims import Pairs
from proofs_checks.definition import Users, best_positions, draws, total, utility
from proofs_checks.e2_uniqueness import curve
from proofs_checks.p2_existence import two_response_games
from proofs_checks.symbols import shared

(r,) = shared("r_positive")

Game = tuple[Users, Sequence[Fraction], int]
"""Users, one of their equilibria, and k."""

ROOT = Poly(r, r)


def earned(users: Users, pi: Sequence[Fraction], k: int) -> list[Fraction]:
    """U(pi) = (k+1) u(pi)."""
    return [(k + 1) * utility(users, pi, y, k) for y in range(len(pi))]


def picked(more: int = 0) -> Pairs:
    """k+1 draws are shown: the chance that what is picked is y."""
    for rng, users, n in random_instances(seed=141, count=20, most_responses=3):
        pi, y, k = random_policy(rng, n), rng.randrange(n), rng.randint(1, 3)
        picked = Fraction(0)
        for chance, shown in draws(pi, k + 1):
            for weight, ranking in users:
                best = best_positions(ranking, shown)
                hits = sum(shown[place] == y for place in best)
                picked += weight * chance * Fraction(hits, len(best))
        yield picked, pi[y] * (k + 1 + more) * utility(users, pi, y, k)


def divergence(tangents: int = 1) -> Pairs:
    """The integral of G^k - t^k - k t^(k-1) (G-t), class by class, for any two policies."""
    for rng, users, n in random_instances(seed=142, count=25, most_responses=3):
        star, pi, k = random_policy(rng, n), random_policy(rng, n), rng.randint(1, 3)
        whole = Rational(0)
        for weight, ranking in users:
            for tied in ranking:
                t, G = curve(ranking, star, tied[0]), curve(ranking, pi, tied[0])
                bent = G**k - t**k - tangents * k * t ** (k - 1) * (G - t)
                mass = Rational(masses(ranking, star, tied[0])[1])
                whole += (k + 1) * Rational(weight) * mass * bent.integrate().eval(1)
        D = total(mass * (u - 1) for mass, u in zip(star, earned(users, pi, k), strict=True))
        I = total(mass * u for mass, u in zip(pi, earned(users, star, k), strict=True))
        yield whole, D - (1 - I)


def circles(rng: Random, n: int) -> Users:
    """A ranking with all its cyclic shifts: uniform is an equilibrium, for every k."""
    ranking = random_ranking(rng, n)
    return [(Fraction(1, n), [[(y + s) % n for y in c] for c in ranking]) for s in range(n)]


def games(ks: Sequence[int]) -> Iterator[Game]:
    """Populations with equilibria that are known: two responses, circles, point masses."""
    yield from (game for game in two_response_games() if game[2] in ks)
    rng = Random(143)
    for n, k in product((2, 3), ks):
        for _ in range(4):
            yield circles(rng, n), [Fraction(1, n)] * n, k
    for (_, users, n), k in product(random_instances(144, 30, most_responses=3), ks):
        for y in range(n):
            if max(earned(users, point(n, y), k)) <= 1:
                yield users, point(n, y), k


def full_support(rng: Random, n: int) -> list[Fraction]:
    """A policy without a zero."""
    parts = [rng.randint(1, 6) for _ in range(n)]
    return [Fraction(part, sum(parts)) for part in parts]


def gain(star: Sequence[Fraction], U: Sequence[Fraction], eta: Fraction) -> Fraction:
    """A power of exp(KL before - KL after) with a positive exponent: above 1 iff KL falls."""
    scale = lcm(*(mass.denominator for mass in star))
    value = Fraction(1)
    for mass, one in zip(star, U, strict=True):
        value *= (1 + eta * (one - 1)) ** int(mass * scale)
    return value


def falls(ks: Sequence[int] = (2, 3)) -> Pairs:
    rng = Random(145)
    for users, star, k in games(ks):
        pi = full_support(rng, len(star))
        yield int(gain(star, earned(users, pi, k), Fraction(3, 2 * (k + 3))) >= 1), 1


def charged(factor: int = 1) -> Pairs:
    """sum pi* x^2/(1 + theta x) is at most D/kappa."""
    rng = Random(146)
    for users, star, k in games((2, 3)):
        pi = full_support(rng, len(star))
        xs = [one - 1 for one in earned(users, pi, k)]
        theta, kappa = Fraction(2 * k - 1, 3 * k), Fraction(k - 1, 2 * k)
        squares = total(w * x**2 / (1 + theta * x) for w, x in zip(star, xs, strict=True))
        D = total(w * x for w, x in zip(star, xs, strict=True))
        yield int(factor * kappa * squares <= D), 1


def rises(k: int = 1) -> Pairs:
    """The circles' uniform policy is a lottery of full support; pi is none."""
    rng = Random(147)
    for n, eta in product((3, 4, 5), (Fraction(1, 10), Fraction(1, 2), Fraction(1))):
        for _ in range(6):
            users, pi = circles(rng, n), full_support(rng, n)
            U = earned(users, pi, k)
            if max(U) > 1:
                yield int(gain([Fraction(1, n)] * n, U, eta) < 1), 1


ELEVEN: Users = [
    (Fraction(1), [[(y + shift) % 11] for y in (3, 6, 8, 9, 10, 1, 2, 4, 5, 7, 0)])
    for shift in range(11)
]
"""The cyclic shifts of 3 6 8 9 10 1 2 4 5 7 0."""


def eleven(eta: Fraction = Fraction(1)) -> Pairs:
    """Uniform is an equilibrium at k = 2, and KL to it rises in one round."""
    even = [Fraction(1, 11)] * 11
    yield from ((u, 1) for u in earned(ELEVEN, even, 2))
    parts = 1209, 1161, 1034, 866, 713, 621, 621, 713, 866, 1034, 1161
    pi = [Fraction(part, sum(parts)) for part in parts]
    yield int(gain(even, earned(ELEVEN, pi, 2), eta) < 1), 1


def largest(start: Sequence[int] = (7, 6, 1)) -> Pairs:
    """k = 2, eta = 3/10: the largest utility before and after a round."""
    orders = (3, "bac"), (2, "acb"), (3, "cba"), (1, "cab")
    users = [(Fraction(w), [["abc".index(y)] for y in order]) for w, order in orders]
    pi = [Fraction(part, sum(start)) for part in start]
    U = earned(users, pi, 2)
    moved = [mass * (1 + Fraction(3, 10) * (u - 1)) for mass, u in zip(pi, U, strict=True)]
    yield int(max(earned(users, moved, 2)) > max(U)), 1


def positive_roots(fewer: int = 0) -> Pairs:
    """(whether there are at most as many positive roots as changes of sign, yes)."""
    rng = Random(148)
    for _ in range(30):
        poly = Poly(1, r)
        for _ in range(rng.randint(1, 4)):
            kind, root = rng.randrange(3), rng.randint(1, 4)
            poly *= (ROOT - root, ROOT + root, ROOT**2 - root * ROOT + root**2)[kind]
        signs = [c > 0 for c in poly.all_coeffs() if c]
        changes = sum(one != other for one, other in pairwise(signs))
        roots = sum(int(factor.count_roots(0)) * power for factor, power in poly.factor_list()[1])
        yield int(roots <= changes - fewer), 1
