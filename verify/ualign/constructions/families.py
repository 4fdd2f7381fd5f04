"""Builders of the named families: extremal populations of the theory and degenerate cases.

Labels such as P7 and E9 are the statements' numbers.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations, product
from string import ascii_lowercase

from ualign.errors import InputError
from ualign.model.luce import LucePopulation
from ualign.model.partial_orders import PartialPopulation, order_of, order_of_ranking
from ualign.model.population import Population


def single_peaked(n: int) -> Population:
    """n responses on a line and a user at each, who prefers the nearer, and of two equally near
    ones the left one. For odd n the median is the strict Condorcet winner, by (n+1)/(2n)."""
    _require("n", n, 1, len(ascii_lowercase))
    names = list(ascii_lowercase[:n])

    def nearness(peak: int) -> list[str]:
        return sorted(names, key=lambda y: abs(names.index(y) - peak))

    return Population.from_rankings([nearness(peak) for peak in range(n)], responses=names)


def slim_majority(eps: Fraction) -> Population:
    """P4: two responses, weight 1/2+eps for a. NLHF is the point mass on a, and its k-sample worst
    case is min(k/(k+1), 1/2+eps) for every k."""
    if not 0 < eps < Fraction(1, 2):
        raise InputError(f"eps={eps}: expected 0 < eps < 1/2")
    half = Fraction(1, 2)
    return Population.from_rankings([["a", "b"], ["b", "a"]], [half + eps, half - eps])


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
    against c is 1 - (1-1/n)^k, its worst case where that is below k/(k+1), while the point mass on
    c wins (n-1)/n against every favourite."""
    _require("n", n, 1)
    favourites = [f"a{j}" for j in range(1, n + 1)]
    return Population.from_rankings([[a, "c"] for a in favourites], responses=[*favourites, "c"])


def uniform_rankings(n: int) -> Population:
    """P3: all n! strict rankings, equally likely. For n >= k the best k-output policy has value
    k/(k+1) + (k-1)/(2n(k+1)), and k(n+1)/(n(k+1)) when ties count as wins; for n < k, with
    q = k div n and r = k mod n, it is 1 - ((n-r)/(q+1) + r/(q+2))/n^2."""
    _require("n", n, 1, 6)
    names = list(ascii_lowercase[:n])
    return Population.from_rankings(permutations(names), responses=names)


def cyclic_rankings(n: int) -> Population:
    """n equal users, each starting the same circle of n responses at another place. Every response
    has the same share of every rank, and a response is preferred by (n-1)/n to the next one."""
    _require("n", n, 1, len(ascii_lowercase))
    names = list(ascii_lowercase[:n])
    return Population.from_rankings([names[i:] + names[:i] for i in range(n)], responses=names)


def truncated_circle(n: int, depth: int) -> PartialPopulation:
    """E16: the users of the cyclic rankings, each of whom is known to prefer the first `depth`
    responses of her ranking, in this order, to all others, and no more. With n > 1, depth 0 is to
    know nothing, n - 1 everything."""
    _require("n", n, 1, len(ascii_lowercase))
    _require("depth", depth, 0, n)
    circle = [[(start + place) % n for place in range(n)] for start in range(n)]
    return PartialPopulation.from_orders(
        list(ascii_lowercase[:n]),
        (
            (Fraction(1), order_of_ranking([[y] for y in ranking[:depth]], n, silence=False))
            for ranking in circle
        ),
    )


def circular_comparisons(n: int) -> PartialPopulation:
    """E16: n responses in a circle, and for each pair of neighbours a user who was asked for it
    alone, and preferred the one that comes first."""
    _require("n", n, 3, len(ascii_lowercase))
    users = ((Fraction(1), order_of(n, [(y, (y + 1) % n)])) for y in range(n))
    return PartialPopulation.from_orders(list(ascii_lowercase[:n]), users)


def unanimous(n: int) -> Population:
    """One strict ranking shared by all. The only equilibrium for any k is the point mass on its
    first response, and its worst case is k/(k+1)."""
    _require("n", n, 1, len(ascii_lowercase))
    return Population.from_rankings([list(ascii_lowercase[:n])])


def indifferent(n: int) -> Population:
    """Nobody prefers anything: every policy is an equilibrium and wins exactly k/(k+l)."""
    _require("n", n, 1, len(ascii_lowercase))
    return Population.from_rankings([[list(ascii_lowercase[:n])]])


def favourite_classes(l: int, N: int) -> Population:
    """E4: l user types, each with a class of N responses of her own, which she ranks uniformly at
    random above the rest (N! users a type); the rest is tied. The best k-output policy against l
    outputs tends to f_l(k) as N grows, so that copies are not what holds the rate down."""
    _require("l", l, 1, len(ascii_lowercase))
    _require("N", N, 1, 5)
    classes = [[f"{letter}{j}" for j in range(1, N + 1)] for letter in ascii_lowercase[:l]]
    return Population.from_rankings(
        [ranking for members in classes for ranking in permutations(members)],
        responses=[name for members in classes for name in members],
    )


def condorcet_cycles(k: int, N: int) -> Population:
    """E19: k groups of N users, each a Condorcet cycle on N responses of its own; the rest is tied.
    The best k outputs that are the same every time, one of each group, win 1 - (N-1)/(kN), which
    tends to 1 - 1/k as N grows: chance is worth about one output."""
    _require("k", k, 1, len(ascii_lowercase))
    _require("N", N, 2)
    groups = [[f"{letter}{j}" for j in range(1, N + 1)] for letter in ascii_lowercase[:k]]
    users = [names[i:] + names[:i] for names in groups for i in range(N)]
    return Population.from_rankings(users, responses=[name for names in groups for name in names])


def dominant(k: int, rivals: int) -> Population:
    """E7: k/(k+1) of the users put y first and 1/(k+1) last; all rank the other responses
    uniformly at random. So P(y above a) = k/(k+1) for every a: with k outputs or fewer k/(k+1) is
    all there is, and with k+1 there is more."""
    _require("k", k, 1)
    _require("rivals", rivals, 1, 5)
    names = ascii_lowercase[:rivals]
    orders = list(permutations(names))
    return Population.from_rankings(
        [["y", *order] for order in orders] + [[*order, "y"] for order in orders],
        [k] * len(orders) + [1] * len(orders),
        responses=["y", *names],
    )


def plurality_versus_condorcet(n: int) -> Population:
    """E8: n equal users with distinct favourites and one common second choice c, who rank the rest
    in circular order. For n >= 3 the maximal lottery is the point mass on c, which nobody puts
    first, and random dictatorship is uniform over the favourites. The equilibrium goes from one
    (k < n) to the other (as soon as (1-1/n)^k <= 1/(k+1))."""
    _require("n", n, 1)
    names = [f"a{j}" for j in range(1, n + 1)]
    users = [[names[j], "c", *names[j + 1 :], *names[:j]] for j in range(n)]
    return Population.from_rankings(users, responses=[*names, "c"])


def clones(n: int, copies: int) -> Population:
    """A circle of n responses whose first has `copies` copies that nobody tells apart. What any
    policy can win is as without them; Borda's and plurality's winners are not."""
    _require("n", n, 1, len(ascii_lowercase))
    _require("copies", copies, 1)
    circle = [[f"a{j}" for j in range(1, copies + 1)], *ascii_lowercase[1:n]]
    names = [*circle[0], *circle[1:]]
    return Population.from_rankings([circle[i:] + circle[:i] for i in range(n)], responses=names)


def binary_tree(J: int) -> Population:
    """E15: users are the 2^J leaves of a binary tree, responses its nodes, named by the way from
    the root; each ranks the nodes on her way, leaf first and root last, above all others, which are
    tied. One policy for many k has to divide its mass between the levels."""
    _require("J", J, 1, 6)
    names = ["".join(way) for j in range(J + 1) for way in product("01", repeat=j)]
    leaves = names[-(2**J) :]
    ways = [[leaf[: J - up] for up in range(J + 1)] for leaf in leaves]
    return Population.from_rankings(
        [[f"root{node}" for node in way] for way in ways],
        responses=[f"root{name}" for name in names],
    )


def eleven_users() -> Population:
    """E14: eleven users in a circle, from a ranking of eleven responses by turning it. Learning
    from picks of three draws comes nearer to the uniform equilibrium at the rate 3/10, and leads
    away from it, near it, at full speed."""
    order = (3, 6, 8, 9, 10, 1, 2, 4, 5, 7, 0)
    names = list(map(str, range(len(order))))
    users = [[names[(y + turn) % len(order)] for y in order] for turn in range(len(order))]
    return Population.from_rankings(users, responses=names)


def luce_circle(n: int, top: int) -> LucePopulation:
    """E18: n equal users around a circle of n responses, whose strengths fall from `top` by one a
    place. The uniform policy is an exact equilibrium for every k."""
    _require("n", n, 1, len(ascii_lowercase))
    _require("top", top, n, 100)
    names = ascii_lowercase[:n]
    return LucePopulation.from_strengths(
        names, [(1, {names[(i + j) % n]: top - j for j in range(n)}) for i in range(n)]
    )


def luce_one_user(top: int) -> LucePopulation:
    """E18: one user with the strengths top, ..., 1: the point mass on the strongest response is the
    equilibrium, and to show it k times wins k/(k+1), which is all there is."""
    _require("top", top, 1, len(ascii_lowercase))
    names = ascii_lowercase[:top]
    return LucePopulation.from_strengths(
        names, [(1, {name: top - place for place, name in enumerate(names)})]
    )


def luce_two_camps(top: int) -> LucePopulation:
    """E18: users of weight 3 pick a over b with the chance top/(top+1), users of weight 2 b over a
    likewise, and all like c as much as what they like less. Equilibria are irrational."""
    _require("top", top, 2, 100)
    return LucePopulation.from_strengths(
        "abc", [(3, {"a": top, "b": 1, "c": 1}), (2, {"a": 1, "b": top, "c": 1})]
    )


def common_favourite(n: int) -> Population:
    """E6: one user, who ties all but her unique best response. With ties counting half no policy
    wins more than 1/2, and with ties counting for the opponent none wins anything."""
    _require("n", n, 1, len(ascii_lowercase))
    return Population.from_rankings([["a"]], responses=list(ascii_lowercase[:n]))


def _require(name: str, value: int, least: int, most: int | None = None) -> None:
    if value < least or (most is not None and value > most):
        bounds = f"at least {least}" if most is None else f"{least} to {most}"
        raise InputError(f"{name}={value}: expected {bounds}")
