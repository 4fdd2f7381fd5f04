"""The populations that certificates can be about."""

from __future__ import annotations

from ualign.model.luce import LucePopulation
from ualign.model.partial_orders import UserPopulation
from ualign.model.uniform_rankings import UniformRankings

AnyPopulation = UserPopulation | LucePopulation | UniformRankings
"""Users who are listed, with rankings, partial orders or strengths; or all rankings equally, not
listed one by one."""
