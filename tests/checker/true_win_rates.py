"""Win rates and their bounds as they truly are.

From the definition (naive_oracle.py, or for many draws a sum over how many of them are in a user's
best class); joint optima from an exact linear program on its payoffs, product optima from a policy
that attains them (nearly), uniform rankings from counting.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache
from itertools import combinations_with_replacement, product
from math import comb, factorial, lcm, prod
from typing import Any

import naive_oracle
from ualign.exact.matrix_game import solve_matrix_game
from ualign.exact.product_bound import features
from ualign.exact.product_optimum import find_product_optimum
from ualign.model.partial_orders import PartialPopulation
from ualign.model.policies import JointPolicy
from ualign.model.population import Population
from ualign.solvers import concave

Json = Any
FEW = 8
"""Up to so many draws are enumerated one by one."""


@cache
def read_population(about: str) -> Population:
    """A population from its JSON."""
    value = json.loads(about)
    rankings = [user["ranking"] for user in value["users"]]
    weights = [user["weight"] for user in value["users"]]
    return Population.from_rankings(rankings, weights, responses=value["responses"])


def draws(masses: dict[int, Fraction], k: int) -> JointPolicy:
    """k independent draws as a policy over multisets, with multinomial probabilities."""
    tuples = []
    for outputs in combinations_with_replacement(sorted(masses), k):
        ways = factorial(k) // prod(factorial(n) for n in Counter(outputs).values())
        tuples.append((outputs, ways * prod(masses[y] for y in outputs)))
    return JointPolicy(k, tuple(tuples))


def chance(about: Json, masses: Json, k: int, T: Sequence[str], ties: str) -> Fraction:
    """W(pi^k, T), by how many of the k draws are in the user's best class of T, none being above:
    i with chance C(k, i) L^(k-i) p^i, L being the mass below the class and p its own."""
    won = whole = Fraction(0)
    for user in about["users"]:
        r = next(r for r, tied in enumerate(user["ranking"]) if {*tied} & {*T})
        own, below = user["ranking"][r], {z for tied in user["ranking"][r + 1 :] for z in tied}
        p = sum((Fraction(mass) for z, mass in masses.items() if z in own), Fraction(0))
        L = sum((Fraction(mass) for z, mass in masses.items() if z in below), Fraction(0))
        j, lost = sum(z in own for z in T), L**k
        for i in range(1, k + 1 if p else 1):
            part = {"uniform": Fraction(j, i + j), "win": 0, "half": Fraction(1, 2), "lose": 1}[
                ties
            ]
            lost += comb(k, i) * L ** (k - i) * p**i * part
        whole += Fraction(user["weight"])
        won += Fraction(user["weight"]) * (1 - lost)
    return won / whole


@cache
def worst_of_many(about: str, policy: str, k: int, l: int, ties: str) -> Fraction:
    """The least win rate of a product policy, or of a mixture of them, sampled k times."""
    population, written = json.loads(about), json.loads(policy)
    parts = written["mixture"] if "mixture" in written else [["1", written["product"]]]
    return min(
        sum(Fraction(share) * chance(population, masses, k, T, ties) for share, masses in parts)
        for T in combinations_with_replacement(population["responses"], l)
    )


@cache
def worst_case(about: str, policy: str, k: int, l: int, ties: str) -> Fraction:
    """The policy's least win rate over all l-multisets."""
    population, written = read_population(about), json.loads(policy)
    index = {name: y for y, name in enumerate(population.responses)}
    if k > FEW and "joint" not in written:
        return worst_of_many(about, policy, k, l, ties)
    if "product" in written:
        masses = {index[name]: Fraction(mass) for name, mass in written["product"].items()}
        outputs = draws(masses, k)
    elif "mixture" in written:
        parts = []
        for share, names in written["mixture"]:
            part = draws({index[name]: Fraction(mass) for name, mass in names.items()}, k)
            parts += [(shown, Fraction(share) * mass) for shown, mass in part.tuples]
        outputs = JointPolicy(k, tuple(parts))
    else:
        tuples = [
            (tuple(sorted(index[name] for name in names)), Fraction(mass))
            for names, mass in written["joint"]
        ]
        outputs = JointPolicy(k, tuple(tuples))
    return naive_oracle.worst_case(population, outputs, l=l, ties=ties)[0]


def win_rate_holds(about: str, claim: Json) -> bool:
    """The relation, at the worst case of the definition."""
    policy = json.dumps(claim["policy"])
    worst = worst_case(about, policy, claim["k"], claim["l"], claim["ties"])
    bound = Fraction(claim["bound"])
    return {">=": worst >= bound, "=": worst == bound, "<=": worst <= bound}[claim["relation"]]


@cache
def joint_value(about: str, k: int, l: int, ties: str) -> Fraction:
    """The value of the game between k-multisets and l-multisets, with payoffs by definition."""
    population = read_population(about)
    rows, columns = (
        list(combinations_with_replacement(range(population.n), size)) for size in (k, l)
    )
    payoffs = [
        [
            naive_oracle.win_rate(population, JointPolicy.deterministic(S), T, ties=ties)
            for T in columns
        ]
        for S in rows
    ]
    scale = lcm(*(payoff.denominator for row in payoffs for payoff in row))
    table = [[int(payoff * scale) for payoff in row] for row in payoffs]
    return solve_matrix_game(table, scale).value


def upper_bound_holds(about: str, claim: Json) -> bool:
    """The bound is at least the exact optimum over all k-output policies."""
    value = joint_value(about, claim["k"], claim["l"], claim["ties"])
    return value <= Fraction(claim["bound"])


def completions(user: Json, responses: list[str]) -> Iterator[list[list[str]]]:
    """The weak orders in which all that is known of a user holds, by trying all levels."""
    if "ranking" in user:
        yield user["ranking"]
        return
    for levels in product(range(len(responses)), repeat=len(responses)):
        level = dict(zip(responses, levels, strict=True))
        ties = all(len({level[y] for y in tied}) == 1 for tied in user["tied"])
        gapless = {*levels} == {*range(max(levels) + 1)}  # else other levels give the same order
        if gapless and ties and all(level[y] < level[z] for y, z in user["above"]):
            yield [[y for y in responses if level[y] == here] for here in sorted({*levels})]


def worst_completion(about: Json, policy: Json, k: int, l: int, ties: str) -> Fraction:
    """The least win rate over all l-multisets at the worst completion, tried one by one."""
    names, users = about["responses"], about["users"]
    return min(
        sum(
            Fraction(user["weight"])
            * min(rate(names, c, policy, k, T, ties) for c in completions(user, names))
            for user in users
        )
        for T in combinations_with_replacement(names, l)
    ) / sum(Fraction(user["weight"]) for user in users)


def partial_claim_holds(about: Json, claim: Json) -> bool:
    """Of partial orders: the relation at the worst completion; or the bound is at least what a
    product policy wins."""
    names, bound = about["responses"], Fraction(claim["bound"])
    if claim["kind"] == "product-upper-bound":
        population = PartialPopulation.from_names(names, about["users"])
        return find_product_optimum(population, claim["k"], 1, bits=40).value_low <= bound
    worst = worst_completion(about, claim["policy"], claim["k"], claim["l"], claim["ties"])
    return {">=": worst >= bound, "=": worst == bound, "<=": worst <= bound}[claim["relation"]]


def luce_rate(
    about: str, shown: Sequence[tuple[Sequence[str], Fraction]], T: Sequence[str]
) -> Fraction:
    """W(P, T) of a distribution on tuples, each user picking in proportion to strengths."""
    won = whole = Fraction(0)
    for user in json.loads(about)["users"]:
        strength = {name: Fraction(s) for name, s in user["luce"].items()}
        theirs, weight = sum(strength[y] for y in T), Fraction(user["weight"])
        whole += weight
        for S, mass in shown:
            ours = sum(strength[y] for y in S)
            won += weight * mass * ours / (ours + theirs)
    return won / whole


@cache
def luce_worst_case(about: str, policy: str, k: int, l: int) -> Fraction:
    """The least win rate over all l-multisets, draws enumerated as multisets."""
    names, written = json.loads(about)["responses"], json.loads(policy)
    if "joint" in written:
        shown = [(S, Fraction(mass)) for S, mass in written["joint"]]
    else:
        parts = written["mixture"] if "mixture" in written else [["1", written["product"]]]
        shown = [
            ([names[y] for y in S], Fraction(share) * mass)
            for share, masses in parts
            for S, mass in draws({names.index(y): Fraction(m) for y, m in masses.items()}, k).tuples
        ]
    return min(luce_rate(about, shown, T) for T in combinations_with_replacement(names, l))


@cache
def luce_value(about: str, k: int, l: int) -> Fraction:
    """The value of the game between k-multisets and l-multisets."""
    names = json.loads(about)["responses"]
    rows, columns = (list(combinations_with_replacement(names, size)) for size in (k, l))
    payoffs = [[luce_rate(about, [(S, Fraction(1))], T) for T in columns] for S in rows]
    scale = lcm(*(payoff.denominator for row in payoffs for payoff in row))
    return solve_matrix_game([[int(p * scale) for p in row] for row in payoffs], scale).value


def luce_claim_holds(about: str, claim: Json) -> bool:
    """By enumeration; no product policy wins more than k/(k+1) against single responses (E1)."""
    k, kind = claim["k"], claim["kind"]
    if kind == "equilibrium":
        policy = json.dumps({"product": claim["centre"]})
        return luce_worst_case(about, policy, k, 1) >= Fraction(k, k + 1)
    bound, l = Fraction(claim["bound"]), claim["l"]
    if kind == "joint-upper-bound":
        return luce_value(about, k, l) <= bound
    if kind == "product-upper-bound":
        assert l == 1
        return bound >= Fraction(k, k + 1)
    worst = luce_worst_case(about, json.dumps(claim["policy"]), k, l)
    return {">=": worst >= bound, "=": worst == bound, "<=": worst <= bound}[claim["relation"]]


def rate(
    names: list[str], ranking: list[list[str]], policy: Json, k: int, T: Sequence[str], ties: str
) -> Fraction:
    """W(policy, T) for one user."""
    about = {"responses": names, "users": [{"weight": "1", "ranking": ranking}]}
    if "joint" in policy:
        population, index = read_population(json.dumps(about)), names.index
        tuples = [(tuple(sorted(map(index, S))), Fraction(mass)) for S, mass in policy["joint"]]
        outputs = JointPolicy(k, tuple(tuples))
        return naive_oracle.win_rate(population, outputs, tuple(map(index, T)), ties=ties)
    parts = policy["mixture"] if "mixture" in policy else [["1", policy["product"]]]
    rates = (Fraction(share) * chance(about, masses, k, T, ties) for share, masses in parts)
    return sum(rates, Fraction(0))


@cache
def product_optimum(about: str, k: int, l: int) -> Fraction:
    """What some product policy wins, very nearly the most that any does."""
    return find_product_optimum(read_population(about), k, l, bits=40).value_low


def product_bound_holds(about: str, claim: Json) -> bool:
    """The bound is at least what a product policy wins; `ties` cannot be but uniform."""
    return product_optimum(about, claim["k"], claim["l"]) <= Fraction(claim["bound"])


def one_policy_holds(about: str, claim: Json) -> bool:
    """At each k the worst case of the definition is at least the rate."""
    policy = json.dumps(claim["policy"])
    rates = ((k, Fraction(rate)) for k, rate in claim["rates"])
    return all(worst_case(about, policy, k, 1, "uniform") >= rate for k, rate in rates)


def one_policy_bound_holds(about: str, claim: Json) -> bool:
    """Some k has a rate of at least 1; or with the losses to each response at each k in parts of
    what is allowed there, 1 - rate, the least largest part is at least 1, very nearly."""
    rates = [(k, Fraction(rate)) for k, rate in claim["rates"]]
    if max(rate for _, rate in rates) >= 1:
        return True
    population = read_population(about)
    responses = range(population.n)
    rows = [features(population, (y,)) for y in responses]
    scale = population.scale
    programs = [concave.build(rows, responses, scale, k, 1, precise=False) for k, _ in rates]
    stack = concave.Stack(programs, [float(1 / (1 - rate)) for _, rate in rates])
    found = concave.solve_concave(stack, concave.start(stack), 1e-11)
    return bool(stack.values(found.x).max() > 1 - 1e-8)


def uniform_rate(n: int, counts: Sequence[int], ties: str) -> Fraction:
    """What outputs of these multiplicities win against a random response, if any of those shown is
    a user's best with the same chance."""
    total = Fraction(0)
    for y in range(n):
        shown = {*range(len(counts)), y}
        for best in shown:
            tie = Fraction(0)
            if best == y < len(counts):
                share = Fraction(counts[y], counts[y] + 1)
                tie = {"uniform": share, "win": Fraction(1), "half": Fraction(1, 2)}.get(ties, tie)
            total += Fraction(tie if best == y else 1) / (n * len(shown))
    return total


def multiplicities(k: int, n: int, most: int) -> Iterator[tuple[int, ...]]:
    """The ways in which k outputs can fall on n responses, largest number first."""
    if k == 0:
        yield ()
    elif n:
        for first in range(min(k, most), 0, -1):
            for rest in multiplicities(k - first, n - 1, first):
                yield (first, *rest)


def uniform_claim_holds(n: int, claim: Json) -> bool:
    """By symmetry all opponents are equally good against a random assignment, and the uniform
    opponent is optimal against joint policies."""
    k, ties, bound = claim["k"], claim["ties"], Fraction(claim["bound"])
    assert claim["l"] == 1
    if claim["kind"] == "joint-upper-bound":
        return max(uniform_rate(n, c, ties) for c in multiplicities(k, n, k)) <= bound
    counts = claim["policy"]["random_subset"]
    assert sum(counts) == k
    assert len(counts) <= n
    rate = uniform_rate(n, counts, ties)
    return {">=": rate >= bound, "=": rate == bound, "<=": rate <= bound}[claim["relation"]]


@cache
def meeting(about: str, policy: str, k: int, opponent: str, l: int) -> Fraction:
    """W(pi^k, rho^l), by the multisets that l draws from rho make."""
    population = json.loads(about)
    names = population["responses"]
    pi, rho = json.loads(policy), json.loads(opponent)
    drawn = draws({names.index(y): Fraction(mass) for y, mass in rho.items()}, l)
    return sum(
        (
            mass * chance(population, pi, k, [names[y] for y in T], "uniform")
            for T, mass in drawn.tuples
        ),
        Fraction(0),
    )


def head_to_head_holds(about: str, claim: Json) -> bool:
    """The relation, for these two policies."""
    sides = [json.dumps(claim[side]["product"]) for side in ("policy", "opponent")]
    rate = meeting(about, sides[0], claim["k"], sides[1], claim["l"])
    bound = Fraction(claim["bound"])
    return {">=": rate >= bound, "=": rate == bound, "<=": rate <= bound}[claim["relation"]]


def product_opponents_hold(about: str, claim: Json) -> bool:
    """No policy of those with masses in sixths wins more, nor one on the way to them from pi; the
    least over all policies is close to these, for the win rate is convex in them."""
    names = json.loads(about)["responses"]
    pi = {y: Fraction(mass) for y, mass in claim["policy"]["product"].items()}
    own, bound = json.dumps({y: str(mass) for y, mass in pi.items()}), Fraction(claim["bound"])
    for places in combinations_with_replacement(names, 6):
        for step in (Fraction(1), Fraction(1, 8), Fraction(1, 1000)):
            masses = {y: (1 - step) * pi.get(y, 0) + step * places.count(y) / 6 for y in names}
            rho = json.dumps({y: str(mass) for y, mass in masses.items() if mass})
            if meeting(about, own, claim["k"], rho, claim["l"]) < bound:
                return False
    return True


def least_product(about: Json, masses: Json, k: int, bound: Fraction, stake: Fraction) -> Fraction:
    """The least over the responses of the product test's products, in exact Fractions."""
    products = []
    for y in about["responses"]:
        found = Fraction(1)
        for user in about["users"]:
            lone = {"responses": about["responses"], "users": [user]}
            won = chance(lone, masses, k, [y], "uniform")
            found *= (1 + stake * (won - bound)) ** int(user["weight"])
        products.append(found)
    return min(products)


def holdout_holds(about: str, claim: Json) -> bool:
    """The product test."""
    population, masses = json.loads(about), claim["policy"]["product"]
    rest = Fraction(claim["bound"]), Fraction(claim["stake"])
    wanted = len(population["responses"]) / (1 - Fraction(claim["confidence"]))
    return least_product(population, masses, claim["k"], *rest) >= wanted
