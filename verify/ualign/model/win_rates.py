"""Exact win rates: W(P, T), the weighted chance that a user picks from the k outputs of a policy
rather than from the l outputs of an opponent, for every kind of policy and every tie convention.

Everything is counted in integers over one common denominator; a Fraction appears only at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations_with_replacement
from math import comb, lcm
from typing import Any, Literal, Protocol, get_args

from ualign.errors import InputError
from ualign.model.given import response_positions, whole_number
from ualign.model.policies import JointPolicy, MixturePolicy, Policy, ProductPolicy, Tuple
from ualign.model.population import Population
from ualign.text import show

Ties = Literal["uniform", "win", "half", "lose"]
"""Who gets the user when her best class holds i positions of S and j of T, both positive: S with
probability i/(i+j), 1, 1/2 or 0."""

_CACHED_BITS = 1 << 31
_BLOCK = 1 << 22


@dataclass(frozen=True)
class WorstCase:
    """The least win rate over all l-tuples, and the first multiset that attains it."""

    value: Fraction
    opponent: Tuple


@dataclass(frozen=True)
class Payoffs:
    """The game matrix: `matrix[r][c] / scale` is W(rows[r], columns[c])."""

    rows: list[Tuple]
    columns: list[Tuple]
    matrix: list[list[int]]
    scale: int


def win_rate(
    population: Population,
    policy: Policy,
    opponent: Sequence[int],
    *,
    k: int | None = None,
    ties: Ties = "uniform",
) -> Fraction:
    """W(policy, opponent). A product policy and a mixture need `k`; a joint policy has its own."""
    return win_rates(population, policy, [opponent], k=k, ties=ties)[0]


def worst_case(
    population: Population,
    policy: Policy,
    *,
    k: int | None = None,
    l: int = 1,
    ties: Ties = "uniform",
) -> WorstCase:
    """The minimum of W(policy, T) over all l-multisets T, at the first T that attains it."""
    opponents = _multisets(population, l, "l")
    _check_ties(ties)
    won, whole = _counts(population, policy, opponents, _outputs(population, policy, k), ties)
    least = min(won)
    return WorstCase(Fraction(least, whole), opponents[won.index(least)])


def win_rates(
    population: Population,
    policy: Policy,
    opponents: Iterable[Sequence[int]],
    *,
    k: int | None = None,
    ties: Ties = "uniform",
) -> list[Fraction]:
    """W(policy, T) for each T of `opponents`; sharing the work makes this cheaper than one by one.

    Raises InputError when k is missing, below 1 or at odds with the policy, when an opponent is
    empty or names no response of the population, or when the policy is not one for it.
    """
    if not isinstance(population, Population):
        raise InputError(f"expected a Population, not {show(type(population).__name__)}")
    columns, k = check_fit(population, policy, opponents, k, ties)
    if not columns:
        return []
    won, whole = _counts(population, policy, columns, k, ties)
    return [Fraction(count, whole) for count in won]


def payoffs(
    population: Population,
    k: int,
    l: int = 1,
    ties: Ties = "uniform",
) -> Payoffs:
    """The integer game matrix of all k-multisets against all l-multisets, in lexicographic order.

    There are C(n+k-1, k) rows and C(n+l-1, l) columns.
    """
    _check_ties(ties)
    rows, columns = _multisets(population, k, "k"), _multisets(population, l, "l")
    matrix, scale = _matrix(population, rows, columns, k, ties)
    return Payoffs(rows, columns, matrix, scale)


def _counts(
    population: Population, policy: Policy, columns: list[Tuple], k: int, ties: Ties
) -> tuple[list[int], int]:
    """W(policy, T) for each T, as integers over the returned scale."""
    if isinstance(policy, ProductPolicy):
        return _product_counts(population, policy, columns, k, ties)
    if isinstance(policy, MixturePolicy):
        parts = [
            (chance, *_product_counts(population, part, columns, k, ties))
            for chance, part in policy.parts
            if chance
        ]
        scale = lcm(*(chance.denominator * whole for chance, _, whole in parts))
        factors = [c.numerator * (scale // (c.denominator * whole)) for c, _, whole in parts]
        return _combined(factors, [won for _, won, _ in parts]), scale
    rows = [outputs for outputs, _ in policy.tuples]
    matrix, scale = _matrix(population, rows, columns, k, ties)
    denominator = lcm(*(mass.denominator for _, mass in policy.tuples))
    masses = [int(mass * denominator) for _, mass in policy.tuples]
    return _combined(masses, matrix), denominator * scale


def _combined(factors: Sequence[int], rows: Sequence[Sequence[int]]) -> list[int]:
    return [
        sum(factor * value for factor, value in zip(factors, column, strict=True))
        for column in zip(*rows, strict=True)
    ]


def _product_counts(
    population: Population, policy: ProductPolicy, opponents: list[Tuple], k: int, ties: Ties
) -> tuple[list[int], int]:
    """1 - sum over users of T's share, which depends only on (L, p, j): the mass strictly below
    T's best class, the mass of that class, and the number of T's positions in it."""
    denominator = lcm(*(mass.denominator for mass in policy.masses))
    masses = [mass.numerator * (denominator // mass.denominator) for mass in policy.masses]
    most = max(map(len, opponents))
    share, unit = opponent_share(k, most, denominator, ties)
    whole = population.scale * unit
    if most == 1:
        alone = _picked_alone(population, masses, share)
        return [whole - alone[y] for (y,) in opponents], whole
    picked = [0] * len(opponents)
    for (lower, mass, count), shared in _met(population, masses, opponents).items():
        numerator = share(lower, mass, count)
        for column, weight in shared.items():
            picked[column] += weight * numerator
    return [whole - numerator for numerator in picked], whole


def _picked_alone(
    population: Population, masses: Sequence[int], share: Callable[[int, int, int], int]
) -> list[int]:
    """The users' average share of each single response, times the population's scale."""
    picked = [0] * population.n
    known: dict[tuple[int, int], int] = {}
    for weight, user in zip(population.integer_weights, population.users, strict=True):
        lower = 0
        for tied in reversed(user.ranking):
            mass = 0
            for y in tied:
                mass += masses[y]
            key = lower, mass
            if key not in known:
                known[key] = share(lower, mass, 1)
            shared = weight * known[key]
            for y in tied:
                picked[y] += shared
            lower += mass
    return picked


def _met(
    population: Population, masses: Sequence[int], opponents: Sequence[Tuple]
) -> dict[tuple[int, int, int], dict[int, int]]:
    """(L, p, j) -> the weights of the users for whom the opponents, by number, meet that."""
    weights: dict[tuple[int, int, int], dict[int, int]] = {}
    users = zip(population.integer_weights, population.users, population.ranks, strict=True)
    for weight, user, rank in users:
        lower, levels = 0, []
        for tied in reversed(user.ranking):
            mass = sum(masses[y] for y in tied)
            levels.append((lower, mass))
            lower += mass
        for column, opponent in enumerate(opponents):
            best = min(held := [rank[y] for y in opponent])
            shared = weights.setdefault((*levels[-1 - best], held.count(best)), {})
            shared[column] = shared.get(column, 0) + weight
    return weights


def opponent_share(
    k: int, most: int, denominator: int, ties: Ties
) -> tuple[Callable[[int, int, int], int], int]:
    """A function (L, p, j) -> the chance that a user picks from T, on an integer scale, and that
    scale; L and p are numerators over `denominator`, and j <= `most`.

    All k draws fall below with chance L^k. Where a draw ties, `win` gives T nothing more, `lose`
    all of (L+p)^k, `half` the mean of the two. Under `uniform` the share is the integral of
    j t^(j-1) (L+tp)^k over [0,1], with H = L+p and x = L+tp

        j/p^j * sum_m C(j-1,m) (-L)^(j-1-m) (H^(k+1+m) - L^(k+1+m)) / (k+1+m),

    for j = 1 just (H^(k+1) - L^(k+1)) / ((k+1) p). Times lcm(k+1, ..., k+most) this polynomial in
    L and p has integer coefficients and a factor p^j, so the division below leaves no remainder.
    """
    exponent = k + 1 if ties == "uniform" else k
    common = lcm(*range(k + 1, k + most + 1))
    powers: dict[int, int] = {}
    room = max(1, _CACHED_BITS // (exponent * denominator.bit_length()))

    def power(x: int) -> int:
        if x not in powers:
            if len(powers) >= room:
                powers.clear()
            powers[x] = x**exponent
        return powers[x]

    def uniform(lower: int, mass: int, held: int) -> int:
        if not mass:
            return common * power(lower) // lower if lower else 0
        upper = lower + mass
        at_upper = at_lower = 0
        for m in range(held):
            factor = held * comb(held - 1, m) * (-lower) ** (held - 1 - m) * common // (k + 1 + m)
            at_upper += factor * upper**m
            at_lower += factor * lower**m
        divisor: int = mass**held
        return (at_upper * power(upper) - at_lower * power(lower)) // divisor

    if ties == "uniform":
        return uniform, common * denominator**k
    if ties == "win":
        return lambda lower, mass, held: power(lower), denominator**k
    if ties == "lose":
        return lambda lower, mass, held: power(lower + mass), denominator**k
    return lambda lower, mass, held: power(lower) + power(lower + mass), 2 * denominator**k


def _matrix(
    population: Population, rows: list[Tuple], columns: list[Tuple], k: int, ties: Ties
) -> tuple[list[list[int]], int]:
    """W(S, T) for k-tuples S and any T, as integers over the returned scale.

    A user counts for S with an integer out of `unit` that depends on how many positions of her
    best class S and T hold, so the matrix is (those numbers, rows x columns x users) @ weights.
    The weights are cut into limbs of so few bits that no sum can reach 2^63, and the sums are put
    together as Python integers. Where `unit` leaves no room for that, the same code runs on Python
    integers throughout (dtype object).
    """
    import numpy as np

    most = max(map(len, columns))
    unit = {"uniform": lcm(*range(2, k + most + 1)), "win": 1, "half": 2, "lose": 1}[ties]
    users = len(population.users)
    bits = 62 - (users * unit).bit_length()  # users * unit * (2^bits - 1) < 2^62
    dtype: Any = np.int64
    if bits < 8:
        bits, dtype = population.scale.bit_length(), object
    limbs = range(0, max(population.integer_weights).bit_length(), bits)
    mask = (1 << bits) - 1
    weights = np.array(
        [[w >> low & mask for low in limbs] for w in population.integer_weights], dtype=dtype
    )
    # S's share when T and S hold j >= 1 (row j-1) and i (column i) positions of the best class;
    # the last column, k+1, is for a win of S without a tie.
    settled = {"uniform": 0, "win": unit, "half": unit // 2, "lose": 0}[ties]
    shares = [
        [unit * i // (i + j) if ties == "uniform" else settled for i in range(1, k + 1)]
        for j in range(1, most + 1)
    ]
    table = np.array([[0, *row, unit] for row in shares], dtype=dtype).ravel()
    ranks = np.array(population.ranks, dtype=np.int32).T
    rival, rival_held = _best(ranks, columns)
    places = (k + 2) * (rival_held - 1)
    matrix: list[list[int]] = []
    step = max(1, _BLOCK // (users * len(columns)))
    for start in range(0, len(rows), step):
        best, held = (part[:, None] for part in _best(ranks, rows[start : start + step]))
        state = np.where(best < rival, k + 1, np.where(best == rival, held, 0))
        sums = table[places + state] @ weights
        if len(limbs) == 1:
            matrix += sums[..., 0].tolist()
        else:
            matrix += [
                [sum(s << low for s, low in zip(entry, limbs, strict=True)) for entry in row]
                for row in sums.tolist()
            ]
    return matrix, population.scale * unit


def _best(ranks: Any, tuples: Sequence[Tuple]) -> tuple[Any, Any]:
    """For each tuple (rows) and user (columns): the best rank it holds, and how often."""
    import numpy as np

    longest = max(map(len, tuples))
    if any(len(t) < longest for t in tuples):
        # A shorter tuple is filled up with a response that does not exist, which is worst for all.
        ranks = np.vstack([ranks, np.full_like(ranks[:1], len(ranks))])
        tuples = [(*t, *[-1] * (longest - len(t))) for t in tuples]
    filled = np.array(tuples, dtype=np.intp)
    best = ranks[filled[:, 0]]
    held = np.ones_like(best)
    for position in range(1, longest):
        rank = ranks[filled[:, position]]
        held = np.where(rank < best, 1, held + (rank == best))
        best = np.minimum(best, rank)
    return best, held


def _multisets(population: Population, size: int, name: str) -> list[Tuple]:
    if not isinstance(population, Population):
        raise InputError(f"expected a Population, not {show(type(population).__name__)}")
    size = whole_number(size, f"{name} =", 1)
    return list(combinations_with_replacement(range(population.n), size))


class _Responses(Protocol):
    @property
    def n(self) -> int: ...


def check_fit(
    population: _Responses,
    policy: Policy,
    opponents: Iterable[Sequence[int]],
    k: int | None,
    ties: Ties,
) -> tuple[list[Tuple], int]:
    """The opponents and the number of outputs, after checking that all fit the population."""
    columns = [response_positions(opponent, "the opponent") for opponent in opponents]
    _check_ties(ties)
    k = _outputs(population, policy, k)
    for opponent in columns:
        if not opponent:
            raise InputError("an opponent needs at least one response")
        _check_indices(population, opponent, "opponent")
    return columns, k


def tied_share(own: int, other: int, ties: Ties) -> Fraction:
    """What `own` >= 1 positions of T take of a user whose best class also holds `other` of S."""
    if not other:
        return Fraction(1)
    settled = {"win": Fraction(0), "half": Fraction(1, 2), "lose": Fraction(1)}
    return settled.get(ties, Fraction(own, own + other))


def _outputs(population: _Responses, policy: Policy, k: int | None) -> int:
    """The number of outputs, after checking that the policy fits the population and k fits it."""
    if not isinstance(policy, Policy):
        advice = "ProductPolicy.from_names makes a policy of {name: mass}"
        raise InputError(f"expected a policy, not {show(type(policy).__name__)}; {advice}")
    if isinstance(policy, JointPolicy):
        for outputs, _ in policy.tuples:
            _check_indices(population, outputs, "policy")
        if k is not None and k != policy.k:
            raise InputError(f"k={k}, but the joint policy gives {policy.k} outputs")
        k = policy.k
    else:
        first = policy.parts[0][1] if isinstance(policy, MixturePolicy) else policy
        if len(first.masses) != population.n:
            raise InputError(
                f"the product policy has {len(first.masses)} masses, the population"
                f" {population.n} responses"
            )
    if k is None:
        raise InputError("a product policy needs k, the number of outputs it is asked for")
    return whole_number(k, "k =", 1)


def _check_indices(population: _Responses, responses: Tuple, whose: str) -> None:
    for y in responses:
        if not 0 <= y < population.n:
            raise InputError(f"the {whose} names response {y}; there are 0 to {population.n - 1}")


def _check_ties(ties: str) -> None:
    if ties not in get_args(Ties):
        raise InputError(f"ties={ties!r}: expected one of {', '.join(get_args(Ties))}")
