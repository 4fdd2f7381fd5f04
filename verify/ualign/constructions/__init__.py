"""Named populations: textbook elections, extremal constructions of the theory, degenerate cases,
and the numbers that are known of them in closed form.

`CONSTRUCTIONS` is the table; `built_in_suite` lists the small instances that are certified when no
input is given. Labels such as P7 and E9 are the statements' numbers.
"""

from ualign.constructions.catalogue import (
    ALL_RULES,
    CONSTRUCTIONS,
    FEATURED,
    FOR_ONE_THEOREM,
    LEARNT,
    LEARNT_ON,
    built_in_suite,
    construction_of,
    disagreements,
)
from ualign.constructions.construction import Construction, Parameters, Stated, disagreements_of
from ualign.constructions.families import (
    binary_tree,
    borda_trap,
    clones,
    common_favourite,
    cyclic_rankings,
    distinct_favourites,
    dominant,
    eleven_users,
    favourite_classes,
    indifferent,
    plurality_versus_condorcet,
    random_dictatorship_trap,
    single_peaked,
    slim_majority,
    tight_opponents,
    unanimous,
    uniform_rankings,
    weak_order_converse,
)
from ualign.constructions.statements import ClosedForms
from ualign.model.rates import Rates, joint_rate, product_rate, rates_table, union_rate

__all__ = [
    "ALL_RULES",
    "CONSTRUCTIONS",
    "FEATURED",
    "FOR_ONE_THEOREM",
    "LEARNT",
    "LEARNT_ON",
    "ClosedForms",
    "Construction",
    "Parameters",
    "Rates",
    "Stated",
    "binary_tree",
    "borda_trap",
    "built_in_suite",
    "clones",
    "common_favourite",
    "construction_of",
    "cyclic_rankings",
    "disagreements",
    "disagreements_of",
    "distinct_favourites",
    "dominant",
    "eleven_users",
    "favourite_classes",
    "indifferent",
    "joint_rate",
    "plurality_versus_condorcet",
    "product_rate",
    "random_dictatorship_trap",
    "rates_table",
    "single_peaked",
    "slim_majority",
    "tight_opponents",
    "unanimous",
    "uniform_rankings",
    "union_rate",
    "weak_order_converse",
]
