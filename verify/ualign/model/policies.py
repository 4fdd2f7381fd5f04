"""Policies: what a model does when it is asked for k outputs, exactly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any, Protocol

from ualign.errors import InputError
from ualign.model.given import exact_number, response_positions
from ualign.text import show

Tuple = tuple[int, ...]
"""A tuple of positions as a multiset: response indices in nondecreasing order."""


class HasResponses(Protocol):
    """A population whose responses have names."""

    @property
    def n(self) -> int:
        """Number of responses."""

    @property
    def responses(self) -> tuple[str, ...]:
        """Their names."""


@dataclass(frozen=True)
class ProductPolicy:
    """A single-output policy `masses` (a point of the simplex on the responses), sampled k times
    independently: pi^k. The masses are Fractions, one a response in the population's order;
    `from_names` takes them by name."""

    masses: tuple[Fraction, ...]

    def __post_init__(self) -> None:
        if not isinstance(self.masses, tuple):
            object.__setattr__(self, "masses", _listed(self.masses))
        _check_distribution(self.masses, "product policy")

    @property
    def support(self) -> Tuple:
        """The responses of positive mass."""
        return tuple(y for y, mass in enumerate(self.masses) if mass)

    @classmethod
    def point_mass(cls, n: int, y: int) -> ProductPolicy:
        """The policy that always answers y."""
        return cls(tuple(Fraction(int(z == y)) for z in range(n)))

    @classmethod
    def uniform(cls, n: int) -> ProductPolicy:
        """The policy that answers each of n responses with the same chance."""
        return cls(tuple(Fraction(1, n) for _ in range(n)))

    @classmethod
    def from_names(
        cls, population: HasResponses, masses: Mapping[str, Fraction | int | str]
    ) -> ProductPolicy:
        """A policy from {response name: mass}, the masses exact (no floats); names left out have
        mass zero."""
        responses = getattr(population, "responses", None)
        if not isinstance(responses, tuple) or not isinstance(masses, Mapping):
            what = "a Population and a dict {name: mass}"
            given = f"{show(type(population).__name__)} and {show(type(masses).__name__)}"
            raise InputError(f"expected {what}, not {given}")
        unknown = set(masses) - set(responses)
        if unknown:
            raise InputError(f"{min(unknown, key=str)!r} is not a response of the population")
        exact = {name: exact_number(mass, f"{name!r}: mass") for name, mass in masses.items()}
        return cls(tuple(exact.get(name, Fraction(0)) for name in responses))

    def to_names(self, population: HasResponses) -> dict[str, Fraction]:
        """The positive masses by name, in the order of the population's responses."""
        if len(self.masses) != population.n:
            both = f"{len(self.masses)} responses, and the population has {population.n}"
            raise InputError(f"the policy is about {both}")
        return {population.responses[y]: self.masses[y] for y in self.support}


@dataclass(frozen=True)
class JointPolicy:
    """A k-output policy: a distribution over k-multisets of responses."""

    k: int
    tuples: tuple[tuple[Tuple, Fraction], ...]

    def __post_init__(self) -> None:
        _check_distribution([mass for _, mass in self.tuples], "joint policy")
        if any(response_positions(outputs, "outputs") != outputs for outputs, _ in self.tuples):
            raise InputError("the outputs of a joint policy are tuples of ints")
        if any(len(outputs) != self.k for outputs, _ in self.tuples):
            raise InputError(f"every tuple of a {self.k}-output policy holds {self.k} responses")
        if any(list(outputs) != sorted(outputs) for outputs, _ in self.tuples):
            raise InputError("a tuple of a joint policy lists its responses in increasing order")

    @classmethod
    def deterministic(cls, outputs: Sequence[int]) -> JointPolicy:
        """The policy that always gives these outputs."""
        places = response_positions(outputs, "outputs")
        return cls(len(places), ((tuple(sorted(places)), Fraction(1)),))


@dataclass(frozen=True)
class MixturePolicy:
    """A mixture of product policies: `parts` are (chance, pi); one pi is drawn, and then k samples
    from it. Self-play that remembers its iterates is one (P6)."""

    parts: tuple[tuple[Fraction, ProductPolicy], ...]

    def __post_init__(self) -> None:
        _check_distribution([chance for chance, _ in self.parts], "mixture of policies")
        if len({len(policy.masses) for _, policy in self.parts}) != 1:
            raise InputError("the policies of a mixture must be about the same responses")

    @property
    def average(self) -> ProductPolicy:
        """The average policy, which guarantees at least as much (E3)."""
        columns = zip(*(policy.masses for _, policy in self.parts), strict=True)
        chances = [chance for chance, _ in self.parts]
        return ProductPolicy(
            tuple(
                sum((c * mass for c, mass in zip(chances, column, strict=True)), Fraction(0))
                for column in columns
            )
        )


Policy = ProductPolicy | JointPolicy | MixturePolicy


def _listed(masses: object) -> tuple[Any, ...]:
    if isinstance(masses, str | Mapping) or not isinstance(masses, Iterable):
        raise InputError(f"masses {show(masses)}: expected one a response; see from_names")
    return tuple(masses)


def _check_distribution(masses: Sequence[Fraction], what: str) -> None:
    if any(not isinstance(mass, Fraction) for mass in masses):
        order = "one a response in the population's order; from_names takes them by name"
        raise InputError(
            f"the masses of a {what} must be Fractions" + f", {order}" * what.startswith("product")
        )
    whole = lcm(*(mass.denominator for mass in masses))
    total = sum(mass.numerator * (whole // mass.denominator) for mass in masses)
    if any(mass.numerator < 0 for mass in masses) or total != whole:
        raise InputError(f"the masses of a {what} must be nonnegative and sum to 1")
