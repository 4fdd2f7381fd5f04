"""Solutions of a population: equilibria with their enclosures, joint optima."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from ualign.model.policies import JointPolicy, ProductPolicy, Tuple


@dataclass(frozen=True)
class Enclosure:
    """A box centre * (1 +- delta) said to hold an exact equilibrium with the centre's support.

    delta = 0: the centre itself is one. Else `inverse` is the approximate inverse of
    (x_j dU_i/dx_j) on the support, and `boundary` gives for each response y off the support whose
    U is not clearly below 1 multiples of support responses that U_y equals identically."""

    delta: Fraction
    inverse: tuple[tuple[Fraction, ...], ...] = ()
    boundary: dict[int, dict[int, Fraction]] = field(default_factory=dict)


@dataclass(frozen=True)
class Equilibrium:
    """A rational policy near (or at) a symmetric equilibrium.

    `gap` bounds max_y u_y - 1/(k+1) from above, so that the policy sampled k times wins at least
    k/(k+1) - gap (P1); it is 0 only where the policy is an exact equilibrium. `enclosure` is None
    where no exact equilibrium could be located; `reason` then says why."""

    k: int
    policy: ProductPolicy
    gap: Fraction
    enclosure: Enclosure | None
    reason: str = ""


@dataclass(frozen=True)
class JointOptimum:
    """The best k-output policy against l outputs, with the opponents that cap it.

    No k-output policy has a worst case above `value`: `opponents`, a mixture of l-tuples, holds
    every multiset of k responses to that."""

    value: Fraction
    policy: JointPolicy
    opponents: tuple[tuple[Tuple, Fraction], ...]


@dataclass(frozen=True)
class ProductOptimum:
    """value_low <= max over pi of min over l-tuples T of W(pi^k, T) <= value_high.

    `policy` wins at least value_low against every l-tuple; against the mixture `opponents` the
    first-order bound at `point` keeps every product policy to value_high. The two are equal where
    a rational optimum was recognised, and otherwise multiples of a power of two."""

    k: int
    l: int
    value_low: Fraction
    value_high: Fraction
    policy: ProductPolicy
    opponents: tuple[tuple[Tuple, Fraction], ...]
    point: ProductPolicy

    @property
    def is_exact(self) -> bool:
        """True where the value is known exactly."""
        return self.value_low == self.value_high


@dataclass(frozen=True)
class SlateOptimum:
    """The first best slate, what it wins, and against what; for every slate, in lexicographic
    order, a response against which it wins least, and how much."""

    k: int
    value: Fraction
    slate: Tuple
    opponent: int
    held: tuple[tuple[Tuple, int, Fraction], ...]


class BeyondLimitError(RuntimeError):
    """The joint optimum was not computed: there are more multisets than the limit admits."""
