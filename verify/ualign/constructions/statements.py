"""Closed forms by the theorem and the question that they answer, and ways to state several at once.

A form takes the number of outputs first (`at`; None for what is said of all of them at once) and
then the family's parameters, by name, and returns the exact number, or None where it says nothing.
The keys are those of the theorems' findings.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import Any

from ualign.constructions.rates import point_rate, second_choice_rate, two_responses_rate

Form = Callable[..., Fraction | None]
ClosedForms = dict[tuple[str, str], Form]

SIZES = range(2, 9)
"""The numbers l > 1 of the opponent's outputs that forms are given for."""

HALF = Fraction(1, 2)


def full_rate(at: int, **parameters: Any) -> Fraction:
    """k/(k+1), whatever the parameters."""
    return Fraction(at, at + 1)


def methods(form: Form, *names: str) -> ClosedForms:
    """The same worst case for several methods (E9)."""
    return {("E9", name): form for name in names}


def single_policy() -> ClosedForms:
    """Some policy is an equilibrium for every k, so that one does for all at no price (E15)."""

    def no_price(at: None, **parameters: Any) -> Fraction:
        return Fraction(1)

    return {("E15", "one-policy"): no_price}


def optimum(form: Form) -> ClosedForms:
    """The joint optimum against single responses, which three theorems speak of (E4, E7, E19)."""
    questions = ("E4", "joint-optimum"), ("E7", "all-there-is"), ("E19", "joint-cap")
    return dict.fromkeys(questions, form)


def joint(form: Form) -> ClosedForms:
    """The joint optimum under every tie convention: form(at, ties=..., **parameters) (E4, E6)."""
    found = optimum(partial(form, ties="uniform"))
    for ties in ("win", "half", "lose"):
        found["E6", f"joint-{ties}"] = partial(form, ties=ties)
    return found


def against(theorem: str, what: str, form: Form) -> ClosedForms:
    """Against l outputs, for each l: form(l, at, **parameters)."""
    return {(theorem, f"{what}-l{size}"): partial(form, size) for size in SIZES}


def point_masses(share: Callable[..., Fraction | None], *methods: str) -> ClosedForms:
    """Methods that always give one response, which is preferred to each other one, at worst, by
    just `share` of the users, the rest preferring the other: the worst case and its limit."""

    def worst(at: int, **parameters: Any) -> Fraction | None:
        known = share(**parameters)
        return None if known is None else point_rate(known, at)

    def limit(at: None, **parameters: Any) -> Fraction | None:
        return share(**parameters)

    forms: ClosedForms = {("E9", name): worst for name in methods}
    return forms | {("E10", f"limit-{name}"): limit for name in methods}


def condorcet_winner(share: Callable[..., Fraction | None], *methods: str) -> ClosedForms:
    """The same for a strict Condorcet winner, who is what NLHF, and the named methods, always give
    (P4); no policy wins more than k/(k+1) as long as that is at most the share (E7)."""

    def all_there_is(at: int, **parameters: Any) -> Fraction | None:
        known = share(**parameters)
        return None if known is None or known < full_rate(at) else full_rate(at)

    forms = point_masses(share, "nlhf", *methods) | optimum(all_there_is)
    forms["P4", "nlhf"] = forms.pop(("E9", "nlhf"))
    forms["P4", "nlhf-ceiling"] = forms["E10", "limit-nlhf"]
    return forms


def second_choice(size: int, at: int, part: Fraction, rivals: int) -> Fraction | None:
    """P7 where the point mass on z is the only equilibrium: part <= 1/(k+1) makes it one, and E2
    (for k = 1, z being the strict Condorcet winner) the only one."""
    if part * (at + 1) > 1 or part >= HALF:
        return None
    return second_choice_rate(part, rivals, at, size)


def two_responses(share: Callable[..., Fraction]) -> ClosedForms:
    """Two responses, or more that nobody needs."""
    return joint(lambda at, ties, **p: two_responses_rate(share(**p), at, ties))


def one_best() -> ClosedForms:
    """Everybody agrees on the best response: the point mass on it is all that matters."""

    def alone(size: int, at: int, **parameters: Any) -> Fraction:
        return Fraction(at, at + size)

    def by_ties(at: int, ties: str, **parameters: Any) -> Fraction:
        found = {"uniform": full_rate(at), "win": Fraction(1), "half": HALF, "lose": Fraction(0)}
        return found[ties]

    return {
        **joint(by_ties),
        **single_policy(),
        ("P4", "nlhf"): full_rate,
        **against("E4", "joint-optimum", alone),
        **against("E5", "product-optimum", alone),
        **against("P7", "guarantee", alone),
        **methods(full_rate, "rlhf-borda", "plurality", "random-dictatorship"),
    }
