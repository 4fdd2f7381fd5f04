"""What is true of claims, decided without the checker: `is_true` of a file with one claim."""

from __future__ import annotations

import json

from true_equilibria import (
    algebraic_equilibrium_holds,
    ceiling_holds,
    distance_holds,
    equilibrium_holds,
    limit_holds,
    picks_hold,
    regularised_holds,
    uniqueness_holds,
)
from true_win_rates import (
    head_to_head_holds,
    holdout_holds,
    luce_claim_holds,
    one_policy_bound_holds,
    one_policy_holds,
    partial_claim_holds,
    product_bound_holds,
    product_opponents_hold,
    uniform_claim_holds,
    upper_bound_holds,
    win_rate_holds,
)


def is_true(content: bytes) -> bool:
    """Whether the only claim of a (well-formed) file is true."""
    document = json.loads(content)
    (part,) = document["certificates"]
    claim = part["claim"]
    about = json.dumps(document["populations"][claim["population"]])
    if "uniform_rankings" in document["populations"][claim["population"]]:
        return uniform_claim_holds(json.loads(about)["uniform_rankings"], claim)
    if is_luce(about):
        return luce_claim_holds(about, claim)
    if is_partial(about):
        return partial_claim_holds(json.loads(about), claim)
    return TRUTH[claim["kind"]](about, claim)


def is_partial(about: str) -> bool:
    """Whether some user is a partial order."""
    return any("above" in user for user in json.loads(about)["users"])


def is_luce(about: str) -> bool:
    """Whether the users have strengths."""
    return any("luce" in user for user in json.loads(about)["users"])


TRUTH = {
    "win-rate": win_rate_holds,
    "joint-upper-bound": upper_bound_holds,
    "equilibrium": equilibrium_holds,
    "unique-equilibrium": uniqueness_holds,
    "product-upper-bound": product_bound_holds,
    "algebraic-equilibrium": algebraic_equilibrium_holds,
    "nlhf-ceiling": ceiling_holds,
    "dictatorship-distance": distance_holds,
    "limit": limit_holds,
    "product-opponents": product_opponents_hold,
    "head-to-head": head_to_head_holds,
    "holdout": holdout_holds,
    "picks": picks_hold,
    "regularised": regularised_holds,
    "one-policy": one_policy_holds,
    "one-policy-upper-bound": one_policy_bound_holds,
}
