"""Exact numbers of the named families, in closed form, by the theorem and the question they answer.

A form takes the number of outputs first (None for what is said of all of them at once) and then the
family's parameters, and returns the exact number, or None where it says nothing. The keys are those
of the theorems' findings. Why the formulas hold is said in `rates` and, where nothing more is
needed than a line, here.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import Any

from verify.constructions.rates import (
    circle_rate,
    classes_against_all_rate,
    classes_rate,
    favourite_rate,
    joint_rate,
    point_rate,
    product_rate,
    second_choice_dictatorship_rate,
    second_choice_rate,
    two_camps_dictatorship_rate,
    two_camps_rate,
    two_responses_rate,
    uniform_policy_rate,
    uniform_rankings_rate,
)

Form = Callable[..., Fraction | None]
ClosedForms = dict[tuple[str, str], Form]

SIZES = range(2, 9)
"""The numbers l > 1 of the opponent's outputs that forms are given for."""

HALF = Fraction(1, 2)


def _rate(at: int, **parameters: Any) -> Fraction:
    return Fraction(at, at + 1)


# ---- Ways to state several forms at once; `at` is the number of outputs --------------------------


def _methods(form: Form, *names: str) -> ClosedForms:
    """The same worst case for several methods (E9)."""
    return {("E9", name): form for name in names}


def _joint(form: Form) -> ClosedForms:
    """The joint optimum under every tie convention: form(at, ties=..., **parameters) (E4, E6)."""
    found: ClosedForms = {("E4", "joint-optimum"): partial(form, ties="uniform")}
    for ties in ("win", "half", "lose"):
        found["E6", f"joint-{ties}"] = partial(form, ties=ties)
    return found


def _against(theorem: str, what: str, form: Form) -> ClosedForms:
    """Against l outputs, for each l: form(l, at, **parameters)."""
    return {(theorem, f"{what}-l{size}"): partial(form, size) for size in SIZES}


def _condorcet(share: Callable[..., Fraction | None], *methods: str) -> ClosedForms:
    """A strict Condorcet winner tied by nobody, preferred to each other response by at least
    `share`, and at worst by just that: NLHF, and the named methods, are her point mass (P4); no
    policy wins more than k/(k+1) as long as that is at most the share (E7)."""

    def worst(at: int, **parameters: Any) -> Fraction | None:
        known = share(**parameters)
        return None if known is None else point_rate(known, at)

    def all_there_is(at: int, **parameters: Any) -> Fraction | None:
        known = share(**parameters)
        return None if known is None or known < _rate(at) else _rate(at)

    def ceiling(at: None, **parameters: Any) -> Fraction | None:
        return share(**parameters)

    forms: ClosedForms = {("P4", "nlhf"): worst, ("P4", "nlhf-ceiling"): ceiling}
    return forms | {("E4", "joint-optimum"): all_there_is} | _methods(worst, *methods)


def _second_choice(size: int, at: int, part: Fraction, rivals: int) -> Fraction | None:
    """P7 where the point mass on z is the only equilibrium: part <= 1/(k+1) makes it one, and E2
    (for k = 1, z being the strict Condorcet winner) the only one."""
    if part * (at + 1) > 1 or part >= HALF:
        return None
    return second_choice_rate(part, rivals, at, size)


def _two_responses(share: Callable[..., Fraction]) -> ClosedForms:
    """Two responses, or more that nobody needs."""
    return _joint(lambda at, ties, **p: two_responses_rate(share(**p), at, ties))


def _one_best() -> ClosedForms:
    """Everybody agrees on the best response: the point mass on it is all that matters."""

    def alone(size: int, at: int, **parameters: Any) -> Fraction:
        return Fraction(at, at + size)

    def joint(at: int, ties: str, **parameters: Any) -> Fraction:
        found = {"uniform": _rate(at), "win": Fraction(1), "half": HALF, "lose": Fraction(0)}
        return found[ties]

    return {
        **_joint(joint),
        ("P4", "nlhf"): _rate,
        **_against("E4", "joint-optimum", alone),
        **_against("E5", "product-optimum", alone),
        **_against("P7", "guarantee", alone),
        **_methods(_rate, "rlhf-borda", "plurality", "random-dictatorship"),
    }


# ---- The families --------------------------------------------------------------------------------


def election(
    condorcet: Fraction | None = None,
    borda: Fraction | None = None,
    plurality: Fraction | None = None,
) -> ClosedForms:
    """Strict rankings: the least share by which the Condorcet winner, the Borda winner, the
    plurality winner is preferred to another response."""
    forms = {} if condorcet is None else _condorcet(lambda: condorcet)
    for name, share in (("rlhf-borda", borda), ("plurality", plurality)):
        if share is not None:
            forms |= _methods(partial(_point, share), name)
    return forms


def _point(share: Fraction, at: int) -> Fraction:
    return point_rate(share, at)


SLIM_MAJORITY: ClosedForms = {
    **_condorcet(lambda eps: HALF + eps, "rlhf-borda", "plurality"),
    **_two_responses(lambda eps: HALF + eps),
    **_against("P7", "guarantee", lambda l, at, eps: _second_choice(l, at, HALF - eps, 1)),
    ("E9", "random-dictatorship"): lambda at, eps: two_camps_dictatorship_rate(HALF + eps, at),
    ("E9", "uniform"): lambda at, eps: uniform_policy_rate(2, HALF + eps, at),
}

EVEN_SPLIT: ClosedForms = {
    **_two_responses(lambda: HALF),
    ("E4", "joint-optimum-l2"): lambda at: joint_rate(2, at),
    ("E5", "product-optimum-l2"): lambda at: product_rate(2, at),
    ("P7", "guarantee-l2"): lambda at: product_rate(2, at) if at > 1 else None,
    **_methods(_rate, "random-dictatorship", "uniform"),
    **_methods(lambda at: HALF, "rlhf-borda", "plurality"),
}

SINGLE_PEAKED: ClosedForms = {
    **_condorcet(lambda n: Fraction(n + 1, 2 * n) if n % 2 and n > 1 else None),
    # A response at the end is preferred to its neighbour by the user there alone.
    ("E9", "plurality"): lambda at, n: Fraction(1, n) if n > 1 else _rate(at),
}


def _tight_joint(at: int, k: int, l: int) -> Fraction | None:
    if l == 1:
        return two_camps_rate(Fraction(k, k + 1), at)
    return _rate(at) if at <= k else None


TIGHT_OPPONENTS: ClosedForms = {
    **_condorcet(lambda k, l: Fraction(k, k + 1) if k > 1 else None, "rlhf-borda"),
    ("E4", "joint-optimum"): _tight_joint,
    **_against(
        "P7", "guarantee", lambda size, at, k, l: _second_choice(size, at, Fraction(1, k + 1), l)
    ),
    # From l = k on the rivals have as many first places as z, and a rival loses to z.
    ("E9", "plurality"): lambda at, k, l: point_rate(Fraction(k if l < k else 1, k + 1), at),
}


def _own_size(rate: Callable[[int, int], Fraction]) -> Form:
    """For a family whose parameter l is the size of the opponent that it is extremal for."""
    return lambda size, at, l: rate(l, at) if l == size else None


DISTINCT_FAVOURITES: ClosedForms = {
    **_joint(lambda at, ties, l: classes_rate(l, 1, at, ties)),
    **_against("E4", "joint-optimum", _own_size(joint_rate)),
    **_against("E5", "product-optimum", _own_size(product_rate)),
    # For k = 1 every policy is an equilibrium; for k > 1 only the uniform one, by E2.
    **_against(
        "P7",
        "guarantee",
        lambda size, at, l: product_rate(l, at) if l == size and at > 1 else None,
    ),
    **_methods(_rate, "random-dictatorship", "uniform"),
    **_methods(lambda at, l: favourite_rate(l, at), "rlhf-borda", "plurality"),
}

FAVOURITE_CLASSES: ClosedForms = {
    **_joint(lambda at, ties, l, N: classes_rate(l, N, at, ties)),
    **_against(
        "E4",
        "joint-optimum",
        lambda size, at, l, N: classes_against_all_rate(l, N, at) if l == size else None,
    ),
    **_methods(_rate, "random-dictatorship", "uniform"),
    # Two responses of one class are preferred to each other by half of one type.
    **_methods(
        lambda at, l, N: favourite_rate(l, at) if l > 1 else HALF if N > 1 else _rate(at),
        "rlhf-borda",
        "plurality",
    ),
}

WEAK_ORDER_CONVERSE: ClosedForms = {
    ("E4", "joint-optimum"): lambda at: {1: HALF, 2: Fraction(3, 4)}.get(at)
}

DOMINANT: ClosedForms = {
    **_condorcet(
        lambda k, rivals: Fraction(k, k + 1) if k > 1 else None, "rlhf-borda", "plurality"
    ),
    ("E4", "joint-optimum"): lambda at, k, rivals: two_camps_rate(
        Fraction(k, k + 1), at, partial(uniform_rankings_rate, rivals)
    ),
    **_against(
        "P7",
        "guarantee",
        lambda size, at, k, rivals: _second_choice(size, at, Fraction(1, k + 1), 1),
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


PLURALITY_VERSUS_CONDORCET: ClosedForms = {
    **_condorcet(_all_but_one, "rlhf-borda"),
    **_against("P7", "guarantee", lambda l, at, n: _second_choice(l, at, Fraction(1, n), n)),
    ("E9", "random-dictatorship"): lambda at, n: second_choice_dictatorship_rate(n, at),
    ("E9", "plurality"): lambda at, n: point_rate(Fraction(1, n), at),
}

RANDOM_DICTATORSHIP_TRAP: ClosedForms = PLURALITY_VERSUS_CONDORCET
"""The same numbers: that users tie the rest matters to none of these. For the joint optimum, j
favourites and k - j copies of c lose (1-j/n)/(k-j+1) to c, at least 1/(k+1) for n > k."""

BORDA_TRAP: ClosedForms = {
    **_condorcet(_all_but_one, "plurality"),
    # Everybody prefers b to the rest, so that only y and b are needed.
    **_two_responses(lambda n: Fraction(n - 1, n)),
    **_against("P7", "guarantee", lambda l, at, n: _second_choice(l, at, Fraction(1, n), 1)),
    ("E9", "rlhf-borda"): lambda at, n: Fraction(1, n),
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
    **_joint(lambda at, ties, n: uniform_rankings_rate(n, at, ties)),
    **_methods(_rate, "random-dictatorship", "uniform"),
    **_methods(lambda at, n: HALF if n > 1 else _rate(at), "rlhf-borda", "plurality"),
}


def _odd_circle(at: int, n: int, **parameters: Any) -> Fraction | None:
    """The maximal lottery is unique, and uniform on the places, only for odd n."""
    return _rate(at) if n % 2 else None


CYCLIC_RANKINGS: ClosedForms = {
    **_joint(lambda at, ties, n: circle_rate(n, at, ties)),
    ("P4", "nlhf"): _odd_circle,
    **_methods(_rate, "random-dictatorship", "uniform"),
    **_methods(lambda at, n: point_rate(Fraction(1, n), at), "rlhf-borda", "plurality"),
}

CLONES: ClosedForms = {
    **_joint(lambda at, ties, n, copies: circle_rate(n, at, ties)),
    ("P4", "nlhf"): _odd_circle,
    ("E9", "random-dictatorship"): _rate,
    # The winners change places, but each of them loses to its predecessor, (n-1)/n to 1/n.
    **_methods(lambda at, n, copies: point_rate(Fraction(1, n), at), "rlhf-borda", "plurality"),
}

CONDORCET_CYCLE: ClosedForms = {key: partial(form, n=3) for key, form in CYCLIC_RANKINGS.items()}

CLONED_CYCLE: ClosedForms = {key: partial(form, n=3, copies=2) for key, form in CLONES.items()}
"""Also where all put the clone below its original: it is dominated and needed by nobody."""

UNANIMOUS: ClosedForms = {
    **_one_best(),
    ("E9", "uniform"): lambda at, n: uniform_policy_rate(n, Fraction(1), at),
}

INDIFFERENT: ClosedForms = {**_one_best(), ("E9", "uniform"): _rate}

ONE_RESPONSE: ClosedForms = {key: partial(form, n=1) for key, form in INDIFFERENT.items()}

ONE_USER: ClosedForms = {key: partial(form, n=4) for key, form in UNANIMOUS.items()}
"""Four responses; the ties among the lower ones do not matter."""
