"""E12: k draws against l draws. An equilibrium of the N-player game wins k/N with k draws against
l = N - k draws of any policy, however its N outputs are split; and only an equilibrium does."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ualign.certificates.claims import claim_head_to_head, claim_product_opponents
from ualign.certificates.findings import (
    DOES_NOT_APPLY,
    EXACT,
    Finding,
    Question,
    within,
    without_claim,
)
from ualign.errors import FaultError
from ualign.exact.instance import Instance
from ualign.model.draws import draws_against_draws
from ualign.model.policies import ProductPolicy
from ualign.model.win_rates import win_rates

STATEMENT = "an equilibrium's k draws win k/(k+l) against l draws of any policy, and no other's do"

HALVINGS = 64
"""So often the way towards an opponent is halved."""


def certify(instance: Instance, k: int) -> list[Finding]:
    """For the instance's sizes l of opponents (l = 1 is P1's); the converse for the first."""
    splits = [_equilibrium(instance, k, l) for l in instance.opponents]
    return [*splits, *(_converse(instance, k, l) for l in instance.opponents[:1])]


def _equilibrium(instance: Instance, k: int, l: int) -> Finding:
    """The equilibrium of the (k+l)-player game, or a policy next to it, against l draws of any
    policy: at least k/N - k l gap/(N-1); against itself it wins just k/N."""
    population, question = instance.population, Question("E12", "split", l)
    found, N = instance.equilibrium(k + l - 1), k + l
    least = Fraction(k, N) - Fraction(k * l, N - 1) * found.gap
    if not found.gap:
        claim = claim_product_opponents(population, found.policy, k, l, least)
        return Finding(question, k, ">=", least, EXACT, (claim,))
    step = Fraction(1, 1 << instance.bits)
    least = Fraction(k, N) - max(step, Fraction(k * l, N - 1) * found.gap)
    claim = claim_product_opponents(population, found.policy, k, l, least)
    return Finding(question, k, ">=", least, within(instance.bits), (claim,))


def _converse(instance: Instance, k: int, l: int) -> Finding:
    """A policy that is no equilibrium of the (k+l)-player game, and l draws that hold it below
    k/(k+l): on the way from it to the response that is picked most, at the first halving that
    does."""
    population, question, N = instance.population, Question("E12", "converse", l), k + l
    for name, policy in _candidates(instance):
        picked = [1 - rate for rate in _against_each(instance, policy, N - 1)]
        most = max(picked)
        if most <= Fraction(1, N):
            continue
        y = picked.index(most)
        excess = most - Fraction(1, N)
        enough = int(1 / excess).bit_length() + 4 * N.bit_length()  # that its square is left behind
        for halvings in (*range(HALVINGS), max(HALVINGS, enough)):
            rival = _towards(policy, y, Fraction(1, 1 << halvings))
            rate = draws_against_draws(population, policy, k, rival, l)
            if rate < Fraction(k, N):
                claim = claim_head_to_head(population, policy, k, rival, l, "=", rate)
                parts = str(1 << halvings) if halvings < HALVINGS else f"2^{halvings}"
                mixed = f"itself with 1 part in {parts} of " if halvings else ""
                note = f"{name}, against {mixed}{population.responses[y]!r}: below {k}/{N}"
                return Finding(question, k, "=", rate, EXACT, (claim,), note)
        raise FaultError(f"E12 fails: {name} holds its own at k = {k}, l = {l}")
    why = "NLHF, the uniform policy and each single response are equilibria"
    return without_claim(question, k, DOES_NOT_APPLY, why)


def _candidates(instance: Instance) -> Iterator[tuple[str, ProductPolicy]]:
    n = instance.population.n
    yield "NLHF", instance.lottery.policy
    yield "the uniform policy", ProductPolicy.uniform(n)
    for y, name in enumerate(instance.population.responses):
        yield repr(name), ProductPolicy.point_mass(n, y)


def _against_each(instance: Instance, policy: ProductPolicy, k: int) -> list[Fraction]:
    population = instance.population
    return win_rates(population, policy, [(y,) for y in range(population.n)], k=k)


def _towards(policy: ProductPolicy, y: int, step: Fraction) -> ProductPolicy:
    return ProductPolicy(
        tuple((1 - step) * mass + step * (z == y) for z, mass in enumerate(policy.masses))
    )
