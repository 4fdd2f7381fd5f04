"""The figures of a report, a subject a file, in the one table below."""

from __future__ import annotations

from collections.abc import Callable

from ualign.certificates.archive import Archive
from ualign.report.figures.draws import draws
from ualign.report.figures.equilibria import equilibrium_path
from ualign.report.figures.figure import Figure
from ualign.report.figures.learning import learning, regularised
from ualign.report.figures.methods import guarantees
from ualign.report.figures.one_policy import one_policy
from ualign.report.figures.rates import known_rates, uniform_optimum
from ualign.report.figures.self_play import self_play
from ualign.report.figures.silence import silence
from ualign.report.figures.users import users

FIGURES: tuple[Callable[[Archive], Figure | None], ...] = (
    guarantees,
    equilibrium_path,
    uniform_optimum,
    known_rates,
    draws,
    self_play,
    learning,
    regularised,
    users,
    one_policy,
    silence,
)
"""Each makes a figure of what the archive holds, or None where that is not enough for one."""
