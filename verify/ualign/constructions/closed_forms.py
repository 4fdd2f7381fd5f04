"""Exact numbers of the named families, in closed form: one table a family.

Why the formulas hold is said in `rates`, and here where no more than a line is needed.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import Any

from ualign.constructions.rates import (
    circle_rate,
    classes_against_all_rate,
    classes_rate,
    favourite_rate,
    second_choice_dictatorship_rate,
    two_camps_dictatorship_rate,
    two_camps_rate,
    uniform_policy_rate,
    unsaid_rate,
)
from ualign.constructions.statements import (
    HALF,
    ClosedForms,
    Form,
    against,
    condorcet_winner,
    full_rate,
    joint,
    methods,
    one_best,
    optimum,
    point_masses,
    second_choice,
    single_policy,
    two_responses,
)
from ualign.model.rates import joint_rate, product_rate, uniform_rankings_rate


def election(
    condorcet: Fraction | None = None,
    borda: Fraction | None = None,
    plurality: Fraction | None = None,
) -> ClosedForms:
    """Strict rankings: the least share by which the Condorcet winner, the Borda winner, the
    plurality winner is preferred to another response."""
    forms = {} if condorcet is None else condorcet_winner(lambda: condorcet)
    forms |= {} if borda is None else point_masses(lambda: borda, "rlhf-borda")
    forms |= {} if plurality is None else point_masses(lambda: plurality, "plurality")
    return forms


SLIM_MAJORITY: ClosedForms = {
    **condorcet_winner(lambda eps: HALF + eps, "rlhf-borda", "plurality"),
    **two_responses(lambda eps: HALF + eps),
    **against("P7", "guarantee", lambda l, at, eps: second_choice(l, at, HALF - eps, 1)),
    ("E9", "random-dictatorship"): lambda at, eps: two_camps_dictatorship_rate(HALF + eps, at),
    ("E9", "uniform"): lambda at, eps: uniform_policy_rate(2, HALF + eps, at),
}

EVEN_SPLIT: ClosedForms = {
    **single_policy(),
    **two_responses(lambda: HALF),
    ("E4", "joint-optimum-l2"): lambda at: joint_rate(2, at),
    ("E5", "product-optimum-l2"): lambda at: product_rate(2, at),
    ("P7", "guarantee-l2"): lambda at: product_rate(2, at) if at > 1 else None,
    **methods(full_rate, "random-dictatorship", "uniform"),
    **methods(lambda at: HALF, "rlhf-borda", "plurality"),
}

SINGLE_PEAKED: ClosedForms = {
    **condorcet_winner(lambda n: Fraction(n + 1, 2 * n) if n % 2 and n > 1 else None),
    # A response at the end is preferred to its neighbour by the user there alone.
    **point_masses(lambda n: Fraction(1, n), "plurality"),
}


def _tight_joint(at: int, k: int, l: int) -> Fraction | None:
    if l == 1:
        return two_camps_rate(Fraction(k, k + 1), at)
    return full_rate(at) if at <= k else None


TIGHT_OPPONENTS: ClosedForms = {
    **condorcet_winner(lambda k, l: Fraction(k, k + 1) if k > 1 else None, "rlhf-borda"),
    **optimum(_tight_joint),
    **against(
        "P7", "guarantee", lambda size, at, k, l: second_choice(size, at, Fraction(1, k + 1), l)
    ),
    # From l = k on the rivals have as many first places as z, and a rival loses to z.
    **point_masses(lambda k, l: Fraction(k if l < k else 1, k + 1), "plurality"),
}


def _own_size(rate: Callable[[int, int], Fraction]) -> Form:
    """For a family whose parameter l is the size of the opponent that it is extremal for."""
    return lambda size, at, l: rate(l, at) if l == size else None


DISTINCT_FAVOURITES: ClosedForms = {
    **single_policy(),
    **joint(lambda at, ties, l: classes_rate(l, 1, at, ties)),
    **against("E4", "joint-optimum", _own_size(joint_rate)),
    **against("E5", "product-optimum", _own_size(product_rate)),
    # For k = 1 every policy is an equilibrium; for k > 1 only the uniform one, by E2.
    **against(
        "P7",
        "guarantee",
        lambda size, at, l: product_rate(l, at) if l == size and at > 1 else None,
    ),
    **methods(full_rate, "random-dictatorship", "uniform"),
    **methods(lambda at, l: favourite_rate(l, at), "rlhf-borda", "plurality"),
}

FAVOURITE_CLASSES: ClosedForms = {
    **single_policy(),
    **joint(lambda at, ties, l, N: classes_rate(l, N, at, ties)),
    **against(
        "E4",
        "joint-optimum",
        lambda size, at, l, N: classes_against_all_rate(l, N, at) if l == size else None,
    ),
    **methods(full_rate, "random-dictatorship", "uniform"),
    # Two responses of one class are preferred to each other by half of one type.
    **methods(
        lambda at, l, N: favourite_rate(l, at) if l > 1 else HALF if N > 1 else full_rate(at),
        "rlhf-borda",
        "plurality",
    ),
}

CONDORCET_CYCLES: ClosedForms = {
    # A response loses to its predecessor in all of its group but one; fewer groups lose more.
    ("E19", "best-slate"): lambda at, k, N: 1 - Fraction(N - 1, k * N) if at == k else None,
}

LUCE_CIRCLE: ClosedForms = {("E18", name): full_rate for name in ("guarantee", "product-ceiling")}

LUCE_ONE_USER: ClosedForms = {
    ("E18", name): full_rate for name in ("guarantee", "product-ceiling", "joint-optimum", "nlhf")
}

WEAK_ORDER_CONVERSE: ClosedForms = optimum(lambda at: {1: HALF, 2: Fraction(3, 4)}.get(at))

DOMINANT: ClosedForms = {
    **condorcet_winner(
        lambda k, rivals: Fraction(k, k + 1) if k > 1 else None, "rlhf-borda", "plurality"
    ),
    **optimum(
        lambda at, k, rivals: two_camps_rate(
            Fraction(k, k + 1), at, partial(uniform_rankings_rate, rivals)
        )
    ),
    **against(
        "P7",
        "guarantee",
        lambda size, at, k, rivals: second_choice(size, at, Fraction(1, k + 1), 1),
    ),
    ("E9", "random-dictatorship"): lambda at, k, rivals: two_camps_dictatorship_rate(
        Fraction(k, k + 1), at
    ),
    ("E9", "uniform"): lambda at, k, rivals: uniform_policy_rate(
        rivals + 1, Fraction(k, k + 1), at
    ),
}


def _all_but_one(n: int) -> Fraction | None:
    """The share of c, preferred to every other response by all users but one."""
    return Fraction(n - 1, n) if n > 2 else None


RANDOM_DICTATORSHIP_TRAP: ClosedForms = {
    # With n > k, j favourites and k - j copies of c lose (1-j/n)/(k-j+1) >= 1/(k+1) to c, so that
    # k/(k+1) is all there is, although users tie the rest.
    **condorcet_winner(_all_but_one, "rlhf-borda"),
    **against("P7", "guarantee", lambda l, at, n: second_choice(l, at, Fraction(1, n), n)),
    ("E9", "random-dictatorship"): lambda at, n: second_choice_dictatorship_rate(n, at),
    **point_masses(lambda n: Fraction(1, n), "plurality"),
}


def _distance(at: int, n: int) -> Fraction | None:
    """The equilibrium is the point mass on c while that earns each favourite 1/n <= 1/(k+1), and
    random dictatorship as soon as that earns c at most 1/(k+1); in between it mixes both."""
    if n < 3:
        return None
    if at < n:
        return Fraction(2)
    return Fraction(0) if Fraction(n - 1, n) ** at * (at + 1) <= 1 else None


PLURALITY_VERSUS_CONDORCET: ClosedForms = {
    **RANDOM_DICTATORSHIP_TRAP,
    ("E8", "distance"): _distance,
}

BORDA_TRAP: ClosedForms = {
    **condorcet_winner(_all_but_one, "plurality"),
    # Everybody prefers b to the rest, so that only y and b are needed.
    **two_responses(lambda n: Fraction(n - 1, n)),
    **against("P7", "guarantee", lambda l, at, n: second_choice(l, at, Fraction(1, n), 1)),
    **point_masses(lambda n: Fraction(1, n), "rlhf-borda"),
    ("E9", "random-dictatorship"): lambda at, n: two_camps_dictatorship_rate(
        Fraction(n - 1, n), at
    ),
    ("E9", "uniform"): lambda at, n: uniform_policy_rate(n, Fraction(n - 1, n), at),
}

BY_ORBITS: ClosedForms = {
    ("P3", "rate-uniform"): lambda at, n: uniform_rankings_rate(n, at),
    ("P3", "rate-win"): lambda at, n: uniform_rankings_rate(n, at, "win"),
}

UNIFORM_RANKINGS: ClosedForms = {
    **BY_ORBITS,
    **single_policy(),
    **joint(lambda at, ties, n: uniform_rankings_rate(n, at, ties)),
    **methods(full_rate, "random-dictatorship", "uniform"),
    **methods(lambda at, n: HALF if n > 1 else full_rate(at), "rlhf-borda", "plurality"),
}


def _odd_circle(at: int, n: int, **parameters: Any) -> Fraction | None:
    """The maximal lottery is unique, and uniform on the places, only for odd n."""
    return full_rate(at) if n % 2 else None


CYCLIC_RANKINGS: ClosedForms = {
    **single_policy(),
    **joint(lambda at, ties, n: circle_rate(n, at, ties)),
    ("P4", "nlhf"): _odd_circle,
    **methods(full_rate, "random-dictatorship", "uniform"),
    **point_masses(lambda n: Fraction(1, n), "rlhf-borda", "plurality"),
}

TRUNCATED_CIRCLE: ClosedForms = {
    ("E16", what): lambda at, n, depth: unsaid_rate([min(r, depth) for r in range(n)], n, at)
    for what in ("known-optimum", "uniform")
}

CIRCULAR_COMPARISONS: ClosedForms = {
    ("E16", what): lambda at, n: unsaid_rate([1, *[0] * (n - 1)], n, at)
    for what in ("known-optimum", "uniform")
}

CLONES: ClosedForms = {
    **single_policy(),
    **joint(lambda at, ties, n, copies: circle_rate(n, at, ties)),
    ("P4", "nlhf"): _odd_circle,
    ("E9", "random-dictatorship"): full_rate,
    # The winners change places, but each of them loses to its predecessor, (n-1)/n to 1/n.
    **point_masses(lambda n, copies: Fraction(1, n), "rlhf-borda", "plurality"),
}

CONDORCET_CYCLE: ClosedForms = {key: partial(form, n=3) for key, form in CYCLIC_RANKINGS.items()}

CLONED_CYCLE: ClosedForms = {key: partial(form, n=3, copies=2) for key, form in CLONES.items()}
"""Also where all put the clone below its original: it is dominated and needed by nobody."""

BINARY_TREE: ClosedForms = {
    # The root is preferred to each of its children by the users below the other, and to a leaf by
    # all users but one; of users who draw leaves only those on her way save one from the root.
    **point_masses(lambda J: HALF, "rlhf-borda"),
    **point_masses(lambda J: Fraction(1, 2**J), "plurality"),
    ("E9", "random-dictatorship"): lambda at, J: second_choice_dictatorship_rate(2**J, at),
}

UNANIMOUS: ClosedForms = {
    **one_best(),
    ("E9", "uniform"): lambda at, n: uniform_policy_rate(n, Fraction(1), at),
}

INDIFFERENT: ClosedForms = {**one_best(), ("E9", "uniform"): full_rate}

ONE_RESPONSE: ClosedForms = {key: partial(form, n=1) for key, form in INDIFFERENT.items()}

ONE_USER: ClosedForms = {key: partial(form, n=4) for key, form in UNANIMOUS.items()}
"""Four responses; the ties among the lower ones do not matter."""
