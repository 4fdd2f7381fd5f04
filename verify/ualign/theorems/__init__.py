"""The theorems, one file each, in the one table below.

`certify(instance, k)` returns what a theorem has to say of a population at k,
`certify_all_k(instance)` what holds for all k at once, `certify_orbits(uniform, k)` what it says of
uniform rankings that are too many to be listed, `certify_partial(instance, k)` what of users who
did not say everything, and `certify_luce(population, k)` of users who pick by chance: findings,
with certificates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from ualign.certificates.findings import Finding
from ualign.errors import InputError, option
from ualign.exact.instance import Instance, PartialInstance
from ualign.exact.method import Method
from ualign.model.luce import LucePopulation
from ualign.model.uniform_rankings import UniformRankings
from ualign.theorems import (
    e1_convex_program,
    e2_uniqueness,
    e3_average,
    e4_joint_optimum,
    e5_product_optimum,
    e6_ties,
    e7_when_all,
    e8_dictatorship,
    e9_methods,
    e10_u_alignment,
    e11_regret,
    e12_splits,
    e13_users_needed,
    e14_picks,
    e15_one_policy,
    e16_partial_orders,
    e17_regularised,
    e18_noisy_users,
    e19_joint_cap,
    e20_axioms,
    p1_algebraic,
    p1_guarantee,
    p2_existence,
    p3_rate_optimality,
    p4_nlhf,
    p5_nlhf_at_one,
    p6_self_play,
    p7_opponents,
)
from ualign.theorems.tolerance import (
    Tolerance,
    anything,
    near_bounds,
    near_distances,
    near_prices,
    near_proposals,
    near_win_rates,
)

Certify = Callable[[Instance, int], list[Finding]]


@dataclass(frozen=True)
class Theorem:
    """A theorem's statement on instances, the functions that certify it there, and how far its
    numbers may move between machines (None: not at all)."""

    statement: str
    certify: tuple[Certify, ...] = ()
    certify_all_k: Callable[[Instance], list[Finding]] | None = None
    certify_orbits: Callable[[UniformRankings, int], list[Finding]] | None = None
    certify_partial: Callable[[PartialInstance, int], list[Finding]] | None = None
    certify_luce: Callable[[LucePopulation, int], list[Finding]] | None = None
    tolerance: Tolerance | None = None


THEOREMS: dict[str, Theorem] = {
    "P1": Theorem(p1_guarantee.STATEMENT, (p1_guarantee.certify, p1_algebraic.certify)),
    "P2": Theorem(
        p2_existence.STATEMENT,
        (p2_existence.certify,),
        tolerance=Tolerance(anything, "a box's radius depends on where Newton's method started"),
    ),
    "P3": Theorem(
        p3_rate_optimality.STATEMENT,
        (p3_rate_optimality.certify,),
        certify_orbits=p3_rate_optimality.certify_orbits,
    ),
    "P4": Theorem(p4_nlhf.STATEMENT, (p4_nlhf.certify,), p4_nlhf.certify_all_k),
    "P5": Theorem(p5_nlhf_at_one.STATEMENT, (p5_nlhf_at_one.certify,)),
    "P6": Theorem(
        p6_self_play.STATEMENT,
        (p6_self_play.certify,),
        tolerance=Tolerance(
            anything, "self-play rounds floating-point steps, whose last digits differ"
        ),
    ),
    "P7": Theorem(
        p7_opponents.STATEMENT,
        (p7_opponents.certify,),
        tolerance=Tolerance(
            near_win_rates, "the policy is any of the rational ones next to the equilibrium"
        ),
    ),
    "E1": Theorem(e1_convex_program.STATEMENT, (e1_convex_program.certify,)),
    "E2": Theorem(e2_uniqueness.STATEMENT, (e2_uniqueness.certify,)),
    "E3": Theorem(
        e3_average.STATEMENT,
        (e3_average.certify,),
        tolerance=Tolerance(anything, "as in P6"),
    ),
    "E4": Theorem(e4_joint_optimum.STATEMENT, (e4_joint_optimum.certify,)),
    "E5": Theorem(
        e5_product_optimum.STATEMENT,
        (e5_product_optimum.certify,),
        tolerance=Tolerance(
            near_bounds, "any policy near the optimum will do where that is not rational"
        ),
    ),
    "E6": Theorem(e6_ties.STATEMENT, (e6_ties.certify,)),
    "E7": Theorem(e7_when_all.STATEMENT, (e7_when_all.certify,)),
    "E8": Theorem(
        e8_dictatorship.STATEMENT,
        (e8_dictatorship.certify,),
        tolerance=Tolerance(
            near_distances, "the distance is rounded up from a box around a proposed centre"
        ),
    ),
    "E9": Theorem(e9_methods.STATEMENT, (e9_methods.certify,)),
    "E10": Theorem(e10_u_alignment.STATEMENT, (), e10_u_alignment.certify_all_k),
    "E11": Theorem(e11_regret.STATEMENT, (e11_regret.certify,)),
    "E12": Theorem(
        e12_splits.STATEMENT,
        (e12_splits.certify,),
        tolerance=Tolerance(near_bounds, "as far as the policy is from an equilibrium"),
    ),
    "E13": Theorem(
        e13_users_needed.STATEMENT,
        (e13_users_needed.certify,),
        tolerance=Tolerance(
            anything, "the learner's floating-point steps differ in the last digits"
        ),
    ),
    "E14": Theorem(e14_picks.STATEMENT, (e14_picks.certify,)),
    "E15": Theorem(
        e15_one_policy.STATEMENT,
        (),
        e15_one_policy.certify_all_k,
        tolerance=Tolerance(near_prices, "policies and caps are rounded from proposals in floats"),
    ),
    "E16": Theorem(
        e16_partial_orders.STATEMENT,
        certify_partial=e16_partial_orders.certify_partial,
        tolerance=Tolerance(near_bounds, "as in E5"),
    ),
    "E17": Theorem(
        e17_regularised.STATEMENT,
        (e17_regularised.certify,),
        tolerance=Tolerance(near_proposals, "the policy is any rational one next to pi_tau"),
    ),
    "E18": Theorem(
        e18_noisy_users.STATEMENT,
        certify_luce=e18_noisy_users.certify_luce,
        tolerance=Tolerance(near_bounds, "any policy near the equilibrium will do"),
    ),
    "E19": Theorem(e19_joint_cap.STATEMENT, (e19_joint_cap.certify,)),
    "E20": Theorem(
        e20_axioms.STATEMENT,
        (e20_axioms.certify,),
        tolerance=Tolerance(anything, "as in P2"),
    ),
}


MAIN = "P1", "P2", "P4", "P5", "E2", "E4", "E9", "E10", "E16", "E18"
"""The guarantee, the optimum, NLHF and the other methods: what is asked of a population first."""

Task = Callable[[], list[Finding]]
"""A theorem's certification of one population at one k, yet to be called."""


def tasks(instance: Instance, k: int | None, theorems: Sequence[str]) -> Iterator[tuple[str, Task]]:
    """What the theorems, by name, have to say of the instance at k (None: for all k at once)."""
    for name in theorems:
        theorem = THEOREMS[name]
        if k is not None:
            yield from ((name, partial(certify, instance, k)) for certify in theorem.certify)
        elif theorem.certify_all_k is not None:
            yield name, partial(theorem.certify_all_k, instance)


def tasks_by_orbits(
    uniform: UniformRankings, k: int | None, theorems: Sequence[str]
) -> Iterator[tuple[str, Task]]:
    """The same of uniform rankings that are not listed."""
    for name in theorems:
        theorem = THEOREMS[name]
        if k is not None and theorem.certify_orbits is not None:
            yield name, partial(theorem.certify_orbits, uniform, k)


def tasks_of_partial(
    instance: PartialInstance, k: int | None, theorems: Sequence[str]
) -> Iterator[tuple[str, Task]]:
    """The same of populations whose users did not say everything."""
    for name in theorems:
        theorem = THEOREMS[name]
        if k is not None and theorem.certify_partial is not None:
            yield name, partial(theorem.certify_partial, instance, k)


def tasks_of_luce(
    population: LucePopulation, k: int | None, theorems: Sequence[str]
) -> Iterator[tuple[str, Task]]:
    """The same of users who pick by chance."""
    for name in theorems:
        theorem = THEOREMS[name]
        if k is not None and theorem.certify_luce is not None:
            yield name, partial(theorem.certify_luce, population, k)


def tasks_of_methods(
    instance: Instance, k: int | None, methods: Sequence[Method]
) -> Iterator[tuple[str, Task]]:
    """What methods of the user's own guarantee at k (E9), and their limits (None for k: E10)."""
    for method in methods:
        if k is not None:
            yield "E9", partial(_alone, e9_methods.certify_method, method, instance, k)
        elif method.fixed:
            yield "E10", partial(_alone, e10_u_alignment.certify_limit, method, instance)


def tasks_of_methods_on_partial(
    instance: PartialInstance, k: int | None, methods: Sequence[Method]
) -> Iterator[tuple[str, Task]]:
    """The same where users did not say everything (E16); no limits."""
    for method in methods if k is not None else ():
        yield "E16", partial(_alone, e16_partial_orders.certify_method_partial, method, instance, k)


def _alone(certify: Callable[..., Finding], *arguments: object) -> list[Finding]:
    return [certify(*arguments)]


def chosen_theorems(labels: Iterable[str]) -> tuple[str, ...]:
    """The theorems of these labels, in their own order, whatever the letters' case; "main" and
    "all" stand for several. Raises InputError for others."""
    known = {"MAIN": MAIN, "ALL": tuple(THEOREMS), **{name: (name,) for name in THEOREMS}}
    chosen: set[str] = set()
    for label in labels:
        if not isinstance(label, str) or label.strip().upper() not in known:
            some = f"main, all or some of {', '.join(THEOREMS)}"
            raise InputError(f"{option('theorems', label)}: expected {some}")
        chosen |= {*known[label.strip().upper()]}
    return tuple(name for name in THEOREMS if name in chosen)
