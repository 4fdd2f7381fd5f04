"""Conjectures on learning from picks (E14): k+1 draws are shown, and the policy moves towards what
is picked, pi <- pi (1 + eta (U(pi) - 1)) in expectation, with U = (k+1) u.

What U is at a policy is certified response by response: the policy against one that always gives
that response."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from math import cos, lcm, pi, prod

from ualign.certificates.claims import claim_head_to_head
from ualign.certificates.findings import Certificate
from ualign.counterexamples.conjecture import Conjecture, Refutation, Space
from ualign.counterexamples.facts import exactly, located
from ualign.exact.instance import Instance
from ualign.model.policies import ProductPolicy
from ualign.model.population import Population
from ualign.model.win_rates import win_rates, worst_case
from ualign.text import decimal, fraction

ELEVEN = 3, 6, 8, 9, 10, 1, 2, 4, 5, 7, 0
NINETEEN = 14, 0, 3, 5, 7, 9, 11, 13, 15, 18, 1, 4, 8, 12, 16, 2, 6, 10, 17
"""Rankings, best first, whose cyclic shifts make resampling unstable at k = 2 and at k = 3."""

SWING, STEPS = 3, 10
"""Policies near an equilibrium are changed by up to 3 in 10; policies are tried in tenths."""


def shifts(ranking: Sequence[int]) -> Population:
    """A user for each cyclic shift of a ranking of responses 0, 1, ..., best first."""
    n = len(ranking)
    names = [chr(ord("a") + y) for y in range(n)]
    users = ((Fraction(1), [[(y + s) % n] for y in ranking]) for s in range(n))
    return Population.from_indexed(names, users)


def _shares(population: Population, policy: ProductPolicy, k: int) -> list[Fraction]:
    """U_y at the policy for every y."""
    everything = [(y,) for y in range(population.n)]
    return [(k + 1) * (1 - won) for won in win_rates(population, policy, everything, k=k)]


def _claimed_shares(
    population: Population, policy: ProductPolicy, k: int
) -> tuple[Certificate, ...]:
    """What U_y is, for every y: k draws of the policy against y win 1 - U_y/(k+1)."""
    n, claims = population.n, []
    for y, share in enumerate(_shares(population, policy, k)):
        rival, won = ProductPolicy.point_mass(n, y), 1 - share / (k + 1)
        claims.append(claim_head_to_head(population, policy, k, rival, 1, "=", won))
    return tuple(claims)


def _nearby(centre: ProductPolicy) -> Iterator[ProductPolicy]:
    """Policies around one of full support, in waves along the responses' order. Floats propose."""
    n = len(centre.masses)
    for wave, swing in product(range(1, n // 2 + 1), (SWING, 1)):
        factors = [
            Fraction(round(100 * (1 + swing / 10 * cos(2 * pi * wave * y / n))), 100)
            for y in range(n)
        ]
        masses = [mass * factor for mass, factor in zip(centre.masses, factors, strict=True)]
        yield ProductPolicy(tuple(mass / sum(masses, Fraction(0)) for mass in masses))


def _further(instance: Instance, k: int, l: int) -> Refutation | None:
    """KL to an exact equilibrium pi* changes by minus the log of the product of U_y^(pi*_y)."""
    population, exact = instance.population, located(instance, k)
    if exact.delta or len(exact.policy.support) < max(3, population.n):
        return None
    unit = lcm(*(mass.denominator for mass in exact.policy.masses))
    powers = [int(mass * unit) for mass in exact.policy.masses]
    for policy in _nearby(exact.policy):
        shares = _shares(population, policy, k)
        grown = (share**power for share, power in zip(shares, powers, strict=True))
        factor = prod(grown, start=Fraction(1))
        if factor < 1:
            claims = exact.claim, *_claimed_shares(population, policy, k)
            story = (
                f"from a policy near the equilibrium, {k + 1} draws are shown, and the policy"
                f" becomes what is picked; the product of the factors by which masses grow, each to"
                f" the power of {unit} times the equilibrium's mass, is {decimal(factor, 9)} < 1,"
                " so that the equilibrium is further away in KL divergence than before"
            )
            return Refutation.of(population, claims, story, product=factor)
    return None


def safe_step(k: int) -> Fraction:
    """3/(2(k+3)): with steps up to this, KL to every equilibrium never rises (E14)."""
    return Fraction(3, 2 * (k + 3))


def _tenths(n: int) -> Iterator[ProductPolicy]:
    """All policies of full support in tenths."""
    for parts in product(range(1, STEPS), repeat=n - 1):
        if (last := STEPS - sum(parts)) > 0:
            yield ProductPolicy(tuple(Fraction(part, STEPS) for part in (*parts, last)))


def _rises(instance: Instance, k: int, l: int) -> Refutation | None:
    """The largest U after a safe step is above that before."""
    population, eta = instance.population, safe_step(k)
    for policy in _tenths(population.n):
        shares = _shares(population, policy, k)
        after = ProductPolicy(
            tuple(
                mass * (1 + eta * (share - 1))
                for mass, share in zip(policy.masses, shares, strict=True)
            )
        )
        first, second = (worst_case(population, one, k=k) for one in (policy, after))
        if second.value < first.value:
            claims = (
                exactly(population, policy, k, first),
                *_claimed_shares(population, policy, k),
                exactly(population, after, k, second),
            )
            start = ", ".join(map(str, policy.masses))
            story = (
                f"from ({start}) the policy moves by eta = {eta} towards what is picked from"
                f" {k + 1} draws, and its worst case falls from {fraction(first.value)} to"
                f" {fraction(second.value)}"
            )
            values = {"before": first.value, "after": second.value}
            return Refutation.of(population, claims, story, **values)
    return None


def _unstable() -> Iterator[Population]:
    yield shifts(ELEVEN)
    yield shifts(NINETEEN)


CONJECTURES = (
    Conjecture(
        "resampling-comes-closer",
        "replacing the policy by what users pick from k+1 draws of it (best-of-(k+1) resampling)"
        " never takes it further away, in KL divergence, from an equilibrium",
        "false",
        _further,
        "E14: whole steps are too long; steps of 3/(2(k+3)) are safe",
        least_k=2,
        where=Space(responses=3, users=4),
        suspects=_unstable,
    ),
    Conjecture(
        "resampling-four-comes-closer",
        "the same with k = 3: best-of-4 resampling never goes further away from an equilibrium",
        "false",
        _further,
        "found by this search among cyclic shifts of one ranking, with a hint from many responses"
        " in the limit",
        ks=(3,),
        least_k=3,
        most_k=3,
        where=Space(responses=3, users=3),
        suspects=_unstable,
    ),
    Conjecture(
        "safe-steps-raise-the-worst-case",
        "a step of 3/(2(k+3)) towards what users pick from k+1 draws never lowers the policy's"
        " worst case",
        "false",
        _rises,
        "E14: such steps come closer to all equilibria in KL divergence, but the largest utility"
        " may rise on the way",
        least_k=2,
        where=Space(responses=3, users=5),
    ),
)
