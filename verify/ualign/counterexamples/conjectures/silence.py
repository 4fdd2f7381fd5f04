"""Conjectures on users who do not say everything (E16)."""

from __future__ import annotations

from fractions import Fraction

from ualign.certificates.claims import claim_product_upper_bound, claim_win_rate
from ualign.certificates.document import population_json
from ualign.counterexamples.conjecture import Conjecture, Refutation, Space
from ualign.counterexamples.facts import named, only
from ualign.exact.instance import Instance
from ualign.exact.product_bound import upper_bound
from ualign.model.partial_orders import PartialPopulation, order_of
from ualign.model.policies import ProductPolicy
from ualign.model.population import Population
from ualign.model.worst_completion import worst_completion_case
from ualign.text import fraction


def about_one(population: Population, y: int) -> PartialPopulation:
    """The users, who say of a response which others they like better, and nothing else."""
    users = []
    for user, ranks in zip(population.users, population.ranks, strict=True):
        pairs = [(z, y) for z in range(population.n) if ranks[z] < ranks[y]]
        users.append((user.weight, order_of(population.n, pairs)))
    return PartialPopulation.from_orders(population.responses, users)


def _fewer(instance: Instance, k: int, l: int) -> Refutation | None:
    """What all responses but one win, evenly mixed, is the best at worst, and exactly so."""
    population = instance.population
    n = population.n
    if (found := only(instance, k)) is None or len(found[0].policy.support) < n:
        return None
    for y in range(n):
        partial = about_one(population, y)
        even = Fraction(1, n - 1)
        policy = ProductPolicy(tuple(even if z != y else Fraction(0) for z in range(n)))
        worst = worst_completion_case(partial, policy, k=k)
        rivals = tuple(((z,), even) for z in policy.support)
        if upper_bound(partial, k, rivals, policy) != worst.value:
            continue
        attained = claim_win_rate(partial, policy, k, "=", worst.value, worst.opponent)
        capped = claim_product_upper_bound(partial, k, worst.value, rivals, policy, l=1)
        written = population_json(partial)
        claims = [*found[1], *(c.about("silent", written) for c in (attained, capped))]
        name, others = population.responses[y], named(population, policy.support)
        story = (
            f"the only equilibrium for k = {k} mixes all {n} responses; if users say no more than"
            f" which responses they like better than {name}, an even mixture of {others} wins"
            f" {fraction(worst.value)} whatever else they think, and no policy wins more"
        )
        return Refutation.of(population, claims, story, wins=worst.value)
    return None


CONJECTURES = (
    Conjecture(
        "silence-mixes-no-fewer",
        "if users say less, the policy that is best at worst mixes no fewer responses than the"
        " equilibrium did",
        "false",
        _fewer,
        "found by this search: silence about the others makes them hard to beat, all at once",
        where=Space(responses=3, users=4),
        ks=(2,),
        least_k=2,
    ),
)
