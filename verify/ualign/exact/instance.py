"""A population with its exact solutions, each computed once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from fractions import Fraction
from functools import cached_property
from math import comb
from typing import Any, TypeVar, cast

from ualign.errors import InputError
from ualign.exact.algebraic import DEGREE_LIMIT
from ualign.exact.equilibrium import find_equilibrium
from ualign.exact.matrix_game import solve_matrix_game
from ualign.exact.maximal_lottery import MaximalLottery, find_maximal_lottery
from ualign.exact.product_optimum import find_product_optimum
from ualign.model.given import whole_number
from ualign.model.partial_orders import PartialPopulation
from ualign.model.policies import JointPolicy, Tuple
from ualign.model.population import Population
from ualign.model.solutions import (
    BeyondLimitError,
    Enclosure,
    Equilibrium,
    JointOptimum,
    ProductOptimum,
)
from ualign.model.win_rates import Ties, payoffs
from ualign.text import show

Answer = TypeVar("Answer")

BITS = 100
JOINT_LIMIT = 2000
OPPONENTS = (2,)
LARGEST_LOTTERY = 5000
"""Maximal lotteries are looked for up to so many: their table then takes some 2 GB."""

EQUILIBRIUM_BITS = 200_000
"""Size of numbers up to which an equilibrium's worst case is worked out exactly."""


class Solved:
    """What has been worked out of a population, by keys."""

    def __init__(self) -> None:
        self._known: dict[Hashable, Any] = {}

    def once(self, key: Hashable, make: Callable[[], Answer]) -> Answer:
        """What `make` returns, made when first asked for under this key."""
        if key not in self._known:
            self._known[key] = make()
        return cast(Answer, self._known[key])


class Instance(Solved):
    """A population and its exact solutions, each computed once, when first asked for.

    `bits`: equilibria are wanted within 2^-bits. `joint_limit`: the largest number of k-multisets
    (or l-multisets) that are enumerated. `opponents`: the sizes l > 1 of opponents' tuples.
    `iterates`: whether claims on self-play keep all its iterates. `degree`: the largest over Q of
    equilibria that are looked for in exact coordinates (P1; 0: none are). `rules`: those of
    self-play, by name; none: each theorem's own."""

    def __init__(
        self,
        population: Population,
        *,
        bits: int = BITS,
        joint_limit: int = JOINT_LIMIT,
        opponents: Sequence[int] = OPPONENTS,
        iterates: bool = False,
        rules: Sequence[str] = (),
        degree: int = DEGREE_LIMIT,
    ) -> None:
        if not isinstance(population, Population):
            kind = show(type(population).__name__)
            raise InputError(f"an instance is of a Population, not of {kind}")
        if bits < 1:
            raise InputError(f"bits = {bits}: at least one bit of precision is needed")
        if joint_limit < 0:
            raise InputError(f"joint limit {joint_limit}: expected a number of multisets, >= 0")
        if min(opponents, default=2) < 2:
            raise InputError("opponents with 1 output are always met; the further sizes are >= 2")
        self.population, self.bits, self.joint_limit = population, bits, joint_limit
        self.opponents, self.iterates, self.rules = tuple(opponents), iterates, tuple(rules)
        self.degree = degree
        super().__init__()

    @cached_property
    def lottery(self) -> MaximalLottery:
        """NLHF's policy: the maximal lottery of largest support. Raises InputError where the table
        of all pairs of responses, which it is found in, would not fit into memory."""
        if (n := self.population.n) > LARGEST_LOTTERY:
            what = f"{n} responses: NLHF and k = 1 are answered for up to {LARGEST_LOTTERY}"
            advice = "leave responses out, or certify -k 2.. with --theorems P1,P2,E2,E9"
            raise InputError(f"{what}; {advice}")
        return find_maximal_lottery(self.population)

    def equilibrium(self, k: int) -> Equilibrium:
        """A symmetric equilibrium of the (k+1)-player game; for k = 1 the maximal lottery."""
        k = checked_k(k)
        return self.once(("equilibrium", k), lambda: self._equilibrium(k))

    def _equilibrium(self, k: int) -> Equilibrium:
        if k > 1:
            return find_equilibrium(self.population, k, bits=self.bits)
        return Equilibrium(1, self.lottery.policy, Fraction(0), Enclosure(Fraction(0)))

    def joint_optimum(self, k: int, l: int = 1, ties: Ties = "uniform") -> JointOptimum:
        """The exact optimum over all k-output policies against l outputs (E4, E6).

        Raises BeyondLimitError where C(n+k-1, k) or C(n+l-1, l) exceeds the joint limit."""
        k = checked_k(k)
        self.check_multisets(k)
        self.check_multisets(l)
        return self.once(("joint", k, l, ties), lambda: self._joint_optimum(k, l, ties))

    def _joint_optimum(self, k: int, l: int, ties: Ties) -> JointOptimum:
        table = payoffs(self.population, k, l, ties)
        game = solve_matrix_game(table.matrix, table.scale)
        policy = JointPolicy(k, _positive(table.rows, game.row_strategy))
        return JointOptimum(game.value, policy, _positive(table.columns, game.column_strategy))

    def check_multisets(self, size: int) -> None:
        """Raise BeyondLimitError unless the multisets of so many responses may be enumerated."""
        count = comb(self.population.n + size - 1, size)
        if count > self.joint_limit:
            raise BeyondLimitError(
                f"{count} multisets of {size} responses exceed the joint limit of"
                f" {self.joint_limit}"
            )


class PartialInstance(Solved):
    """What is known of users' orders, with the best guarantee for it at each k, computed once.

    The options are those of `Instance`."""

    def __init__(
        self,
        population: PartialPopulation,
        *,
        bits: int = BITS,
        joint_limit: int = JOINT_LIMIT,
        opponents: Sequence[int] = OPPONENTS,
    ) -> None:
        self.population, self.bits, self.joint_limit = population, bits, joint_limit
        self.opponents = tuple(opponents)
        super().__init__()

    def optimum(self, k: int) -> ProductOptimum:
        """The best k-sample product policy against single responses, whatever was not said."""
        k = checked_k(k)
        return self.once(
            ("optimum", k),
            lambda: find_product_optimum(self.population, k, 1, bits=self.bits),
        )


def _positive(
    tuples: Sequence[Tuple], masses: Sequence[Fraction]
) -> tuple[tuple[Tuple, Fraction], ...]:
    return tuple((t, mass) for t, mass in zip(tuples, masses, strict=True) if mass)


def checked_k(k: int) -> int:
    """The number of outputs, if it is an integer from 1."""
    return whole_number(k, "the number of outputs k =", 1)
