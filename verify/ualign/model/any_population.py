"""The populations that certificates can be about."""

from __future__ import annotations

from ualign.model.luce import LucePopulation
from ualign.model.partial_orders import PartialPopulation, UserPopulation
from ualign.model.uniform_rankings import UniformRankings
from ualign.text import counted

ListedPopulation = UserPopulation | LucePopulation
"""Users who are listed, with rankings, partial orders or strengths."""
AnyPopulation = ListedPopulation | UniformRankings
"""The same, or all rankings equally, not listed one by one."""


def users_in_words(population: AnyPopulation) -> str:
    """How many different users there are, such as "3 distinct rankings"."""
    if isinstance(population, UniformRankings):
        return "uniform rankings"
    what = "ranking"
    if isinstance(population, PartialPopulation):
        what = "partial order"
    elif isinstance(population, LucePopulation):
        what = "strength profile"
    return counted(len(population.users), f"distinct {what}")
