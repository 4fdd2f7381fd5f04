"""The table of named constructions and the suite of small instances that is made of it.

A new population is a builder and an entry of the table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction

from ualign.constructions import closed_forms as forms
from ualign.constructions import families
from ualign.constructions.construction import (
    Construction,
    Disagreement,
    Parameters,
    Stated,
    disagreements_of,
)
from ualign.constructions.statements import ClosedForms
from ualign.model.any_population import AnyPopulation
from ualign.model.partial_orders import UserPopulation, population_from_indexed
from ualign.model.population import Missing
from ualign.model.uniform_rankings import UniformRankings

ALL_RULES = "slim-majority-eps1-10"
"""The instance of the suite on which every rule of self-play is played; elsewhere one does."""

FEATURED = (
    "slim-majority-eps1-10",
    "borda-trap-n3",
    "random-dictatorship-trap-n4",
    "plurality-versus-condorcet-n3",
)
"""Instances of the suite made for what goes wrong with other methods, to be shown before others
and for larger k."""

_POWERS = 8, 16, 32, 64
LARGER_KS: dict[str, tuple[int, ...]] = {
    **dict.fromkeys(FEATURED, _POWERS),
    **dict.fromkeys(("schulze-top-two-worst-below", "schulze-top-two-worst-case"), (7, *_POWERS)),
}
"""Instances of the suite that some theorems are asked about for larger k, too, and for which."""

FOR_ONE_THEOREM = {f"binary-tree-J{J}": "E15" for J in (2, 3, 4)} | {"eleven-users": "E14"}
"""Instances of the suite that only one theorem is asked about: the others would take long."""

_LEARNT_ON = (
    "condorcet-1785-cycle",
    "schulze-45-voters",
    "slim-majority-eps1-10",
    "cyclic-rankings-n5",
)
_AXIOMS_ON = (
    *FEATURED,
    "condorcet-1785-81-voters",
    "tennessee-capital",
    "weak-order-converse",
    "dominant-k2-rivals2",
    "even-split",
    "cloned-cycle",
)
_VARIED = tuple(
    dict.fromkeys(
        (*_LEARNT_ON, *_AXIOMS_ON, "uniform-rankings-n3", "clones-n3-copies3", "indifferent-n3")
    )
)
ON_SOME = {
    **dict.fromkeys(("P6", "E12", "E13", "E15"), _VARIED),
    **dict.fromkeys(("E3", "E11"), (*_LEARNT_ON, "even-split", "weak-order-converse")),
    **dict.fromkeys(("E14", "E17"), _LEARNT_ON),
    "E20": _AXIOMS_ON,
}
"""Theorems whose certificates are long, and the instances of the suite that they are asked about
unless they are asked for by name."""


def theorems_of(label: str, theorems: Iterable[str], by_name: bool = False) -> tuple[str, ...]:
    """Those of the theorems that a suite instance is asked about; `by_name`: they were asked for by
    name, and not because all are."""
    if label in FOR_ONE_THEOREM:
        return tuple(name for name in theorems if name == FOR_ONE_THEOREM[label])
    return tuple(name for name in theorems if by_name or label in ON_SOME.get(name, (label,)))


def built_in_suite() -> list[tuple[str, AnyPopulation]]:
    """The instances certified without any input, by distinct names such as "borda-trap-n4"."""
    return [(label, entry.build(**parameters)) for label, entry, parameters in _suite()]


def construction_of(label: str) -> tuple[Construction, Parameters] | None:
    """The construction and parameters of a suite instance; None for any other name."""
    return _LABELLED.get(label)


def disagreements(stated: Iterable[tuple[str, Stated]]) -> list[Disagreement]:
    """Where findings, each with the name of its instance, are at odds with a closed form of the
    suite; findings on other instances are passed over."""
    return [
        wrong
        for label, finding in stated
        for entry, parameters in filter(None, [construction_of(label)])
        for wrong in disagreements_of(entry, parameters, [finding], label)
    ]


def _family(
    name: str,
    source: str,
    build: Callable[..., AnyPopulation],
    closed_forms: ClosedForms,
    **defaults: int | Fraction,
) -> Construction:
    about = " ".join((build.__doc__ or "").split())
    return Construction(name, source, build, defaults, about, closed_forms)


def _election(
    name: str,
    source: str,
    profile: str,
    about: str,
    closed_forms: ClosedForms | None = None,
    missing: Missing = "error",
) -> Construction:
    """A fixed population from text such as "2 a>b=c, 1 c>a>b": numbers of users and rankings, and
    what responses mean that a ranking leaves out."""
    counts, rankings = zip(*(entry.split() for entry in profile.split(",")), strict=True)
    classes = [[tied.split("=") for tied in ranking.split(">")] for ranking in rankings]
    names = sorted({response for ranking in classes for tied in ranking for response in tied})
    indexed = [[[names.index(y) for y in tied] for tied in ranking] for ranking in classes]
    users = list(zip(map(Fraction, counts), indexed, strict=True))

    def build() -> UserPopulation:
        return population_from_indexed(names, users, missing)

    return Construction(name, source, build, {}, about, closed_forms or {})


def _uniform_by_orbits(n: int) -> UniformRankings:
    """P3: all n! strict rankings, equally likely, without listing them."""
    return UniformRankings(n)


_SILENCES: dict[Missing, str] = {
    "worst-below": "the others are below these, in an order that nobody knows",
    "worst-case": "the others may be anywhere",
}

_TABLE = (
    _election(
        "condorcet-1785-cycle",
        "Condorcet 1785",
        "1 a>b>c, 1 b>c>a, 1 c>a>b",
        "The smallest majority cycle: a beats b, b beats c, c beats a, each by two users to one.",
        forms.CONDORCET_CYCLE,
    ),
    _election(
        "condorcet-1785-81-voters",
        "Condorcet 1785",
        "30 a>b>c, 1 a>c>b, 29 b>a>c, 10 b>c>a, 10 c>a>b, 1 c>b>a",
        "a is the Condorcet winner (41 to 40 against b, 60 to 21 against c), but the Borda count,"
        " like every scoring rule that tells first from second, puts b above a (109 to 101).",
        forms.election(Fraction(41, 81), Fraction(40, 81), Fraction(40, 81)),
    ),
    _election(
        "borda-1781",
        "Borda 1781",
        "1 a>b>c, 7 a>c>b, 7 b>c>a, 6 c>b>a",
        "a has the most first places (8, 7 and 6 of 21) and loses 8 to 13 to both b and c;"
        " c is Condorcet winner and Borda winner.",
        forms.election(Fraction(13, 21), Fraction(13, 21), Fraction(8, 21)),
    ),
    _election(
        "fishburn-1974-reversal",
        "Fishburn 1974, Paradoxes of Voting",
        "3 c>b>a>x, 2 b>a>x>c, 2 a>x>c>b",
        "Borda scores a 13, b 12, c 11, x 6; without x they are c 8, b 7, a 6: order reversed.",
        forms.election(None, Fraction(2, 7), Fraction(3, 7)),
    ),
    _election(
        "malkevitch-55-voters",
        "Malkevitch (COMAP, For All Practical Purposes)",
        "18 a>d>e>c>b, 12 b>e>d>c>a, 10 c>b>e>d>a, 9 d>c>e>b>a, 4 e>b>d>c>a, 2 e>c>d>b>a",
        "Five winners: a by plurality, b by run-off, c by successive elimination, d by the Borda"
        " count, e by Condorcet's criterion.",
        forms.election(Fraction(28, 55), Fraction(27, 55), Fraction(18, 55)),
    ),
    _election(
        "schulze-45-voters",
        "Schulze (the standard example of his method)",
        "5 a>c>b>e>d, 5 a>d>e>c>b, 8 b>e>d>a>c, 3 c>a>b>e>d, 7 c>a>e>b>d, 2 c>b>a>d>e,"
        " 7 d>c>e>b>a, 8 e>b>a>d>c",
        "No Condorcet winner: a majority cycle a, d, c, e, b runs through all five responses.",
    ),
    _election(
        "tennessee-capital",
        "the customary example of encyclopaedias, by no known author",
        "42 Memphis>Nashville>Chattanooga>Knoxville, 26 Nashville>Chattanooga>Knoxville>Memphis,"
        " 15 Chattanooga>Knoxville>Nashville>Memphis, 17 Knoxville>Chattanooga>Nashville>Memphis",
        "Nashville is Condorcet winner and Borda winner; Memphis has the most first places and"
        " loses to every other city.",
        forms.election(Fraction(29, 50), Fraction(29, 50), Fraction(21, 50)),
    ),
    _family(
        "single-peaked",
        "in the style of Black 1948",
        families.single_peaked,
        forms.SINGLE_PEAKED,
        n=5,
    ),
    _family(
        "slim-majority", "P4", families.slim_majority, forms.SLIM_MAJORITY, eps=Fraction(1, 10)
    ),
    _family("tight-opponents", "P7", families.tight_opponents, forms.TIGHT_OPPONENTS, k=2, l=2),
    _family(
        "distinct-favourites",
        "E4, E5",
        families.distinct_favourites,
        forms.DISTINCT_FAVOURITES,
        l=2,
    ),
    _family("weak-order-converse", "E7", families.weak_order_converse, forms.WEAK_ORDER_CONVERSE),
    _family("borda-trap", "E9", families.borda_trap, forms.BORDA_TRAP, n=4),
    _family(
        "random-dictatorship-trap",
        "E9",
        families.random_dictatorship_trap,
        forms.RANDOM_DICTATORSHIP_TRAP,
        n=4,
    ),
    _family("uniform-rankings", "P3", families.uniform_rankings, forms.UNIFORM_RANKINGS, n=3),
    _family(
        "favourite-classes", "E4", families.favourite_classes, forms.FAVOURITE_CLASSES, l=2, N=2
    ),
    _family(
        "condorcet-cycles",
        "E19",
        families.condorcet_cycles,
        forms.CONDORCET_CYCLES,
        k=2,
        N=2,
    ),
    _family("dominant", "E7", families.dominant, forms.DOMINANT, k=2, rivals=2),
    _family(
        "plurality-versus-condorcet",
        "E8",
        families.plurality_versus_condorcet,
        forms.PLURALITY_VERSUS_CONDORCET,
        n=3,
    ),
    _family("uniform-rankings-by-orbits", "P3", _uniform_by_orbits, forms.BY_ORBITS, n=1000),
    _family("luce-circle", "E18", families.luce_circle, forms.LUCE_CIRCLE, n=3, top=4),
    _family("luce-one-user", "E18", families.luce_one_user, forms.LUCE_ONE_USER, top=3),
    _family("luce-two-camps", "E18", families.luce_two_camps, {}, top=3),
    _family("clones", "as in Tideman 1987", families.clones, forms.CLONES, n=3, copies=3),
    _family(
        "cyclic-rankings",
        "Condorcet 1785 (n = 3)",
        families.cyclic_rankings,
        forms.CYCLIC_RANKINGS,
        n=4,
    ),
    _family(
        "truncated-circle",
        "E16",
        families.truncated_circle,
        forms.TRUNCATED_CIRCLE,
        n=4,
        depth=1,
    ),
    _family(
        "circular-comparisons",
        "E16",
        families.circular_comparisons,
        forms.CIRCULAR_COMPARISONS,
        n=3,
    ),
    *(
        _election(
            f"schulze-top-two-{missing}",
            "E16",
            "10 c>a, 8 b>e, 8 e>b, 7 d>c, 5 a>c, 5 a>d, 2 c>b",
            f"The voters of Schulze's example, who were asked for their first two; {meant}.",
            missing=missing,
        )
        for missing, meant in _SILENCES.items()
    ),
    _election(
        "even-split",
        "E2, E3",
        "1 a>b, 1 b>a",
        "Two responses, users split evenly: every policy is a maximal lottery. Self-play that"
        " alternates between the point masses guarantees 7/12 at k = 2 as a mixture over its"
        " history, and 2/3 as the average policy.",
        forms.EVEN_SPLIT,
    ),
    _election(
        "cloned-cycle",
        "Condorcet 1785, with a clone as in Tideman 1987",
        "1 a>b>c>c', 1 b>c>c'>a, 1 c>c'>a>b",
        "Condorcet's cycle with c doubled; everyone ranks the clone right below c.",
        forms.CLONED_CYCLE,
    ),
    _election(
        "indifferent-clones",
        "Condorcet 1785, with a clone as in Tideman 1987",
        "1 a>b>c=c', 1 b>c=c'>a, 1 c=c'>a>b",
        "Condorcet's cycle with c doubled; nobody tells the clones apart, so that an equilibrium"
        " can split c's mass in any way.",
        forms.CLONED_CYCLE,
    ),
    _family("unanimous", "degenerate", families.unanimous, forms.UNANIMOUS, n=3),
    _family("indifferent", "degenerate", families.indifferent, forms.INDIFFERENT, n=3),
    _family(
        "common-favourite",
        "E6",
        families.common_favourite,
        forms.UNANIMOUS,
        n=3,
    ),
    _family("eleven-users", "E14", families.eleven_users, {}),
    _family("binary-tree", "E15", families.binary_tree, forms.BINARY_TREE, J=2),
    _election(
        "one-response", "degenerate", "1 a", "There is nothing to choose.", forms.ONE_RESPONSE
    ),
    _election(
        "one-user",
        "degenerate",
        "1 b>a=d>c",
        "One user, indifferent between two responses.",
        forms.ONE_USER,
    ),
)

CONSTRUCTIONS: dict[str, Construction] = {entry.name: entry for entry in _TABLE}

_FURTHER_INSTANCES: dict[str, list[Parameters]] = {
    "tight-opponents": [{"k": 3, "l": 3}],
    "borda-trap": [{"n": 3}],
    "uniform-rankings": [{"n": 4}],  # n = 2 is even-split
    "cyclic-rankings": [{"n": 5}],
    "truncated-circle": [{"n": 4, "depth": depth} for depth in (0, 2)],
    "binary-tree": [{"J": 3}, {"J": 4}],
}


def _suite() -> Iterator[tuple[str, Construction, Parameters]]:
    for name, entry in CONSTRUCTIONS.items():
        for parameters in (entry.defaults, *_FURTHER_INSTANCES.get(name, ())):
            label = "-".join([name, *(f"{key}{value}" for key, value in parameters.items())])
            yield label.replace("/", "-"), entry, parameters


_LABELLED = {label: (entry, parameters) for label, entry, parameters in _suite()}
