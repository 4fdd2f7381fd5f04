"""Named populations: textbook elections, extremal constructions of the theory, degenerate cases.

`CONSTRUCTIONS` is the table; `built_in_suite` lists the small instances that are certified when no
input is given. Labels such as P7 and E9 are the statements' numbers. A new population is a builder
and an entry of the table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations
from string import ascii_lowercase

from verify.population import InputError, Population

Parameters = dict[str, int | Fraction]


@dataclass(frozen=True)
class Construction:
    """A named family of populations: `build(**defaults)` is its standard member."""

    name: str
    source: str
    build: Callable[..., Population]
    defaults: Parameters
    about: str


def built_in_suite() -> list[tuple[str, Population]]:
    """The instances certified without any input, by distinct names such as "borda-trap-n4"."""
    suite = []
    for name, construction in CONSTRUCTIONS.items():
        for parameters in (construction.defaults, *_FURTHER_INSTANCES.get(name, ())):
            label = "-".join([name, *(f"{key}{value}" for key, value in parameters.items())])
            suite.append((label.replace("/", "-"), construction.build(**parameters)))
    return suite


def single_peaked(n: int) -> Population:
    """n responses on a line and a user at each, who prefers the nearer, and of two equally near
    ones the left one. For odd n the median is the strict Condorcet winner, by (n+1)/(2n)."""
    _require("n", n, 1, len(ascii_lowercase))
    names = ascii_lowercase[:n]

    def nearness(peak: int) -> list[str]:
        return sorted(names, key=lambda y: abs(names.index(y) - peak))

    return Population.from_rankings([nearness(peak) for peak in range(n)], responses=names)


def slim_majority(eps: Fraction) -> Population:
    """P4: two responses, weight 1/2+eps for a. NLHF is the point mass on a, and its k-sample worst
    case is min(k/(k+1), 1/2+eps) for every k."""
    if not 0 < eps < Fraction(1, 2):
        raise InputError(f"eps={eps}: expected 0 < eps < 1/2")
    half = Fraction(1, 2)
    return Population.from_rankings(["ab", "ba"], [half + eps, half - eps])


def tight_opponents(k: int, l: int) -> Population:
    """P7: for each j <= l a share 1/(k+1) of the users ranks y_j above z above the rest, everyone
    else puts z first. The point mass on z is a symmetric equilibrium of the (k+1)-player game and
    wins exactly 1 - l/(k+1) against (y_1, ..., y_l). The rest follows in order of index."""
    _require("k", k, 1)
    _require("l", l, 1, k + 1)
    rivals = [f"y{j}" for j in range(1, l + 1)]
    users = [[y, "z", *(other for other in rivals if other != y)] for y in rivals]
    weights = [1] * l
    if l <= k:
        users.append(["z", *rivals])
        weights.append(k + 1 - l)
    return Population.from_rankings(users, weights, responses=["z", *rivals])


def distinct_favourites(l: int) -> Population:
    """E4, E5: l equal users with l distinct favourites, indifferent between the rest. Against
    (a_1, ..., a_l) the best k-output policy of any kind wins exactly f_l(k), and the best k-sample
    product policy exactly g_l(k)."""
    _require("l", l, 1)
    names = [f"a{j}" for j in range(1, l + 1)]
    return Population.from_rankings([[name] for name in names], responses=names)


def weak_order_converse() -> Population:
    """E7: four equal users a>y>b, b>y>a, {b,y}>a, {a,y}>b. For k = 2 the point mass on y is an
    equilibrium with u = (1/3, 1/3, 1/3), yet the joint value is 3/4 and not 2/3."""
    return Population.from_rankings(
        [["a", "y", "b"], ["b", "y", "a"], [["b", "y"], "a"], [["a", "y"], "b"]],
        responses=["a", "b", "y"],
    )


def borda_trap(n: int) -> Population:
    """E9: (n-1)/n of the users y > b > rest, 1/n of them b > rest > y. b and y tie for Borda
    winner, and the point mass on b, sampled any number of times, wins exactly 1/n against y."""
    _require("n", n, 2)
    rest = [f"r{j}" for j in range(1, n - 1)]
    return Population.from_rankings([["y", "b", *rest], ["b", *rest, "y"]], [n - 1, 1])


def random_dictatorship_trap(n: int) -> Population:
    """E9: n equal users with distinct favourites and one common second choice c, indifferent
    between the rest. Random dictatorship is uniform over the favourites, and its k-sample win rate
    against c is 1 - (1-1/n)^k, while the point mass on c wins (n-1)/n against every favourite."""
    _require("n", n, 1)
    favourites = [f"a{j}" for j in range(1, n + 1)]
    return Population.from_rankings([[a, "c"] for a in favourites], responses=[*favourites, "c"])


def uniform_rankings(n: int) -> Population:
    """P3: all n! strict rankings, equally likely. For n >= k the best k-output policy has value
    k/(k+1) + (k-1)/(2n(k+1)), and k(n+1)/(n(k+1)) when ties count as wins; for n < k, with
    q = k div n and r = k mod n, it is 1 - ((n-r)/(q+1) + r/(q+2))/n^2."""
    _require("n", n, 1, 6)
    names = ascii_lowercase[:n]
    return Population.from_rankings(permutations(names), responses=names)


def cyclic_rankings(n: int) -> Population:
    """n equal users, each starting the same circle of n responses at another place. Every response
    has the same share of every rank, and a response is preferred by (n-1)/n to the next one."""
    _require("n", n, 1, len(ascii_lowercase))
    names = ascii_lowercase[:n]
    return Population.from_rankings([names[i:] + names[:i] for i in range(n)], responses=names)


def unanimous(n: int) -> Population:
    """One strict ranking shared by all. The only equilibrium for any k is the point mass on its
    first response, and its worst case is k/(k+1)."""
    _require("n", n, 1, len(ascii_lowercase))
    return Population.from_rankings([ascii_lowercase[:n]])


def indifferent(n: int) -> Population:
    """Nobody prefers anything: every policy is an equilibrium and wins exactly k/(k+l)."""
    _require("n", n, 1, len(ascii_lowercase))
    return Population.from_rankings([[list(ascii_lowercase[:n])]])


def _require(name: str, value: int, least: int, most: int | None = None) -> None:
    if value < least or (most is not None and value > most):
        bounds = f"at least {least}" if most is None else f"{least} to {most}"
        raise InputError(f"{name}={value}: expected {bounds}")


def _family(
    name: str, source: str, build: Callable[..., Population], **defaults: int | Fraction
) -> Construction:
    return Construction(name, source, build, defaults, " ".join((build.__doc__ or "").split()))


def _election(name: str, source: str, profile: str, about: str) -> Construction:
    """A fixed population from text such as "2 a>b=c, 1 c>a>b": numbers of users and rankings."""
    counts, rankings = zip(*(entry.split() for entry in profile.split(",")), strict=True)
    classes = [[tied.split("=") for tied in ranking.split(">")] for ranking in rankings]
    names = sorted(response for tied in classes[0] for response in tied)

    def build() -> Population:
        return Population.from_rankings(classes, counts, responses=names)

    return Construction(name, source, build, {}, about)


_TABLE = (
    _election(
        "condorcet-1785-cycle",
        "Condorcet 1785",
        "1 a>b>c, 1 b>c>a, 1 c>a>b",
        "The smallest majority cycle: a beats b, b beats c, c beats a, each by two users to one.",
    ),
    _election(
        "condorcet-1785-81-voters",
        "Condorcet 1785",
        "30 a>b>c, 1 a>c>b, 29 b>a>c, 10 b>c>a, 10 c>a>b, 1 c>b>a",
        "a is the Condorcet winner (41 to 40 against b, 60 to 21 against c), but the Borda count,"
        " like every scoring rule that tells first from second, puts b above a (109 to 101).",
    ),
    _election(
        "borda-1781",
        "Borda 1781",
        "1 a>b>c, 7 a>c>b, 7 b>c>a, 6 c>b>a",
        "a has the most first places (8, 7 and 6 of 21) and loses 8 to 13 to both b and c;"
        " c is Condorcet winner and Borda winner.",
    ),
    _election(
        "fishburn-1974-reversal",
        "Fishburn 1974, Paradoxes of Voting",
        "3 c>b>a>x, 2 b>a>x>c, 2 a>x>c>b",
        "Borda scores a 13, b 12, c 11, x 6; without x they are c 8, b 7, a 6: order reversed.",
    ),
    _election(
        "malkevitch-55-voters",
        "Malkevitch (COMAP, For All Practical Purposes)",
        "18 a>d>e>c>b, 12 b>e>d>c>a, 10 c>b>e>d>a, 9 d>c>e>b>a, 4 e>b>d>c>a, 2 e>c>d>b>a",
        "Five winners: a by plurality, b by run-off, c by successive elimination, d by the Borda"
        " count, e by Condorcet's criterion.",
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
    ),
    _family("single-peaked", "in the style of Black 1948", single_peaked, n=5),
    _family("slim-majority", "P4", slim_majority, eps=Fraction(1, 10)),
    _family("tight-opponents", "P7", tight_opponents, k=2, l=2),
    _family("distinct-favourites", "E4, E5", distinct_favourites, l=2),
    _family("weak-order-converse", "E7", weak_order_converse),
    _family("borda-trap", "E9", borda_trap, n=4),
    _family("random-dictatorship-trap", "E9", random_dictatorship_trap, n=4),
    _family("uniform-rankings", "P3", uniform_rankings, n=3),
    _family("cyclic-rankings", "Condorcet 1785 (n = 3)", cyclic_rankings, n=4),
    _election(
        "even-split",
        "E2",
        "1 a>b, 1 b>a",
        "Two responses, users split evenly: every policy is a maximal lottery.",
    ),
    _election(
        "cloned-cycle",
        "Condorcet 1785, with a clone as in Tideman 1987",
        "1 a>b>c>c', 1 b>c>c'>a, 1 c>c'>a>b",
        "Condorcet's cycle with c doubled; everyone ranks the clone right below c.",
    ),
    _election(
        "indifferent-clones",
        "Condorcet 1785, with a clone as in Tideman 1987",
        "1 a>b>c=c', 1 b>c=c'>a, 1 c=c'>a>b",
        "Condorcet's cycle with c doubled; nobody tells the clones apart, so that an equilibrium"
        " can split c's mass in any way.",
    ),
    _family("unanimous", "degenerate", unanimous, n=3),
    _family("indifferent", "degenerate", indifferent, n=3),
    _election("one-response", "degenerate", "1 a", "There is nothing to choose."),
    _election(
        "one-user", "degenerate", "1 b>a=d>c", "One user, indifferent between two responses."
    ),
)

CONSTRUCTIONS: dict[str, Construction] = {entry.name: entry for entry in _TABLE}

_FURTHER_INSTANCES: dict[str, list[Parameters]] = {
    "slim-majority": [{"eps": Fraction(1, 100)}],
    "tight-opponents": [{"k": 3, "l": 2}, {"k": 2, "l": 3}],
    "distinct-favourites": [{"l": 3}],
    "borda-trap": [{"n": 3}],
    "uniform-rankings": [{"n": 4}],
    "cyclic-rankings": [{"n": 5}],
}
