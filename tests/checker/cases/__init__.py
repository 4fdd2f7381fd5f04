"""The cases of the corpus, a file a kind: good ones, and bad ones made from them, side by side.

Everything is written by hand or worked out in Fractions, straight from the definitions; the package
is not used, so that the corpus is evidence about it.
"""

from __future__ import annotations

from collections.abc import Callable

from cases import (
    algebraic,
    budgets,
    draws,
    equilibria,
    files,
    joint_bounds,
    learning,
    limits,
    luce,
    one_policies,
    partial_orders,
    product_bounds,
    uniform_rankings,
    uniqueness,
    win_rates,
)
from cases.building import Cases, Good

ACCEPTED: tuple[Callable[[], Cases], ...] = (
    win_rates.accepted_win_rates,
    joint_bounds.accepted_upper_bounds,
    equilibria.accepted_equilibria,
    uniqueness.accepted_uniqueness,
    win_rates.accepted_mixtures,
    product_bounds.accepted_product_bounds,
    uniform_rankings.accepted_uniform_rankings,
    algebraic.accepted_algebraic_equilibria,
    limits.accepted_limits,
    partial_orders.accepted_partial_orders,
    draws.accepted_draws,
    one_policies.accepted_one_policies,
    learning.accepted_learning,
    luce.accepted_luce,
)
REFUSED: dict[str, tuple[Callable[[Good], Cases], ...]] = {
    "rejected": (
        win_rates.rejected_win_rates,
        win_rates.rejected_mixtures,
        joint_bounds.rejected_upper_bounds,
        product_bounds.rejected_product_bounds,
        uniform_rankings.rejected_uniform_rankings,
        equilibria.rejected_equilibria,
        uniqueness.rejected_uniqueness,
        algebraic.rejected_algebraic_equilibria,
        limits.rejected_limits,
        partial_orders.rejected_partial_orders,
        draws.rejected_draws,
        one_policies.rejected_one_policies,
        learning.rejected_learning,
        luce.rejected_luce,
    ),
    "malformed": (
        files.malformed_files,
        files.malformed_populations,
        win_rates.malformed_win_rates,
        win_rates.malformed_mixtures,
        joint_bounds.malformed_upper_bounds,
        product_bounds.malformed_product_bounds,
        uniform_rankings.malformed_uniform_rankings,
        equilibria.malformed_equilibria,
        uniqueness.malformed_uniqueness,
        algebraic.malformed_algebraic_equilibria,
        limits.malformed_limits,
        partial_orders.malformed_partial_orders,
        draws.malformed_draws,
        one_policies.malformed_one_policies,
        learning.malformed_learning,
        luce.malformed_luce,
    ),
    "over_budget": (budgets.over_budget, luce.over_budget_luce),
}


def accepted() -> Cases:
    """True claims with good witnesses, by name."""
    for cases in ACCEPTED:
        yield from cases()


def refused(folder: str, good: Good) -> Cases:
    """The cases of a folder, made from the good ones."""
    for cases in REFUSED[folder]:
        yield from cases(good)
