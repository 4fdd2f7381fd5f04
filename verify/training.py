"""Which training algorithms aim at which method's policy, by their authors' own analyses.

All limits are idealised: exact optimisation over all policies, full data, and vanishing
regularisation towards the reference policy. With regularisation none of the exact statements of
this package applies. `Algorithm.method` is a name of METHODS."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Algorithm:
    """A training algorithm, the method whose policy it converges to, why, and the source."""

    name: str
    method: str
    why: str
    source: str


_BORDA = (
    "a Bradley-Terry reward fitted to complete uniform comparisons orders by Borda score"
    " (E9; Siththaranjan, Laidlaw and Hadfield-Menell 2023, arXiv 2312.08358)"
)

ALGORITHMS = (
    Algorithm("RLHF by PPO", "rlhf-borda", _BORDA, "Ouyang et al. 2022, arXiv 2203.02155"),
    Algorithm(
        "DPO",
        "rlhf-borda",
        "the optimum of the same Bradley-Terry objective, without a separate reward",
        "Rafailov et al. 2023, arXiv 2305.18290",
    ),
    Algorithm(
        "IPO, uniform sampling",
        "rlhf-borda",
        "maximises the mean chance of being preferred to a sample, a Borda score",
        "Azar et al. 2023, arXiv 2310.12036",
    ),
    Algorithm(
        "Nash-MD",
        "nlhf",
        "mirror descent to the Nash equilibrium of the two-player preference game",
        "Munos et al. 2023, arXiv 2312.00886",
    ),
    Algorithm(
        "SPO",
        "nlhf",
        "no-regret self-play converges to a minimax winner, that is a maximal lottery",
        "Swamy et al. 2024, arXiv 2401.04056",
    ),
    Algorithm(
        "SPPO",
        "nlhf",
        "multiplicative weights in self-play on the preference game",
        "Wu et al. 2024, arXiv 2405.00675",
    ),
    Algorithm(
        "INPO",
        "nlhf",
        "online mirror descent in self-play on the preference game",
        "Zhang et al. 2024, arXiv 2407.00617",
    ),
    Algorithm(
        "Multi-player self-play",
        "equilibrium",
        "no-regret dynamics of the (k+1)-player alignment game, averaged (P6, E3)",
        "Cai and Zheng 2026, arXiv 2601.08777",
    ),
    Algorithm(
        "Supervised fine-tuning on favourites",
        "random-dictatorship",
        "maximum likelihood on one best response a user reproduces the shares of first places",
        "by definition",
    ),
)
"""README.md shows them as a table."""
