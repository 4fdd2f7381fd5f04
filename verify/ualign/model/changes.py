"""Changed populations: fewer responses, fewer users, users who are joined, responses with clones.

Names stay, and so does the order of users and responses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from ualign.errors import InputError
from ualign.model.population import Population, Ranking


def without_response(population: Population, y: int) -> Population:
    """The population restricted to the other responses. Raises InputError if there are none."""
    if population.n == 1:
        raise InputError("without its only response nothing is left of a population")

    def restricted(ranking: Ranking) -> Iterator[tuple[int, ...]]:
        return (tuple(z - (z > y) for z in tied if z != y) for tied in ranking)

    names = [name for z, name in enumerate(population.responses) if z != y]
    users = ((user.weight, restricted(user.ranking)) for user in population.users)
    return Population.from_indexed(names, users)


def divided(population: Population, i: int) -> tuple[Population, Population]:
    """The population without the users of the i-th ranking, and those users alone. Raises
    InputError if there are no others."""
    if len(population.users) == 1:
        raise InputError("without its only ranking nothing is left of a population")
    joined = population.users[i]
    others = tuple(user for user in population.users if user is not joined)
    return Population(population.responses, others), Population(population.responses, (joined,))


def with_indifferent(population: Population) -> Population:
    """The population joined by as many users again who do not prefer anything to anything."""
    users: list[tuple[Fraction, Ranking]] = [(u.weight, u.ranking) for u in population.users]
    weight = sum((user.weight for user in population.users), Fraction(0))
    users.append((weight, (tuple(range(population.n)),)))
    return Population.from_indexed(population.responses, users)


def with_clone(
    population: Population, c: int, place: Callable[[int], Sequence[tuple[int, ...]]]
) -> Population:
    """The population with a clone of c, the last response: user i ranks the two, which nobody
    puts anything between, as `place(i)` says with 0 for c and 1 for the clone. Where c is tied with
    others its clone is tied with them as well."""
    clone, name = population.n, f"{population.responses[c]}'"
    while name in population.responses:
        name += "'"

    def cloned(i: int, ranking: Ranking) -> Iterator[tuple[int, ...]]:
        for tied in ranking:
            if tied == (c,):
                yield from (tuple((c, clone)[z] for z in both) for both in place(i))
            else:
                yield (*tied, clone) if c in tied else tied

    users = ((user.weight, cloned(i, user.ranking)) for i, user in enumerate(population.users))
    return Population.from_indexed([*population.responses, name], users)
