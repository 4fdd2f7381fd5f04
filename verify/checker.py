"""The trusted checker of ualign certificates: standard library only, imports nothing of ours.

    python -I -S -B verify/checker.py [--max-{bytes,depth,digits,work}=N]... FILE...

Everything is rebuilt from the claim; SPEC.md states, kind by kind, what is checked and why that
suffices. One line a claim: the verdict, then a JSON object. Exit codes: 0 all ACCEPTED, 10 a
REJECTED, 11 a MALFORMED, 12 an OVER_BUDGET (the first of these that occurs, in this order),
64 bad usage. Any other exit code is no verdict.
"""

import hashlib
import json
import math
import re
import sys
from collections import Counter, abc
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property
from itertools import accumulate, combinations_with_replacement, islice
from typing import Any, Self

EXIT = {"REJECTED": 10, "MALFORMED": 11, "OVER_BUDGET": 12, "ACCEPTED": 0}  # the gravest first
BUDGET = {"bytes": 1 << 26, "depth": 16, "digits": 50_000, "work": 1_000_000_000}
DEEPEST = 500  # whatever the budget, since the json module and this one recurse
OPTION = re.compile(rf"--max-({'|'.join(BUDGET)})=([1-9][0-9]{{0,17}})", re.ASCII)
STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)
RATIONAL = re.compile(r"-?(0|[1-9][0-9]*)(/[1-9][0-9]*)?", re.ASCII)
SEEN_BY_OPPONENT = {"uniform": "uniform", "win": "lose", "half": "half", "lose": "win"}
Number = Fraction | int
Estimates = tuple[list[int], int, list[list[int]], int]
Seen = Counter[tuple[int, int]]
Drawn = tuple[int, "Masses"]
Proofs = dict[tuple[str, ...], abc.Callable[..., object]]
PRIME = (1 << 61) - 1  # a rank modulo a prime never exceeds the rank over the rationals


class NotAcceptedError(Exception):
    """Why there is no ACCEPTED: verdict, code, JSON pointer, what failed, both exact sides."""

    def __init__(self, verdict: str, code: str, pointer: str, detail: str, **sides: str) -> None:
        self.line = {"verdict": verdict, "code": code, "pointer": pointer, "detail": detail}
        self.line.update(sides)


def compare(left: Number, right: Number) -> int:
    return (left > right) - (left < right)


def show(number: Number) -> str:
    """A rational in full, or beyond 200 digits an enclosure and the SHA-256 of its exact text."""
    text = str(number)
    if len(text) <= 200:
        return text
    low = math.floor(number * 10**20)
    ends = f"{Fraction(low, 10**20)}, {Fraction(low + 1, 10**20)}"
    return f"in [{ends}], SHA-256 {hashlib.sha256(text.encode('ascii')).hexdigest()}"


# ---- Reading: nothing is trusted, key sets are closed --------------------------------------------


@dataclass(slots=True)
class Node:
    """A JSON value and the keys that lead to it; every reader returns what it says or raises."""

    value: Any
    place: tuple[str | int, ...]
    budget: dict[str, int]

    @property
    def at(self) -> str:
        """The JSON pointer, made only when it is needed: keys may be long, and nodes many."""
        return "".join("/" + str(k).replace("~", "~0").replace("/", "~1") for k in self.place)

    def expect(self, holds: object, code: str, detail: str, verdict: str = "MALFORMED") -> None:
        if not holds:
            raise NotAcceptedError(verdict, code, self.at, detail)

    def require(self, code: str, what: str, left: Number, relation: str, right: Number) -> None:
        """REJECTED unless `what`, the left number, stands in the relation to the right one."""
        signs = {"<": (-1,), "<=": (-1, 0), "=": (0,), ">=": (0, 1), ">": (1,)}[relation]
        if compare(left, right) not in signs:
            sides = {"left": show(left), "right": show(right)}
            detail = f"{what} {relation} {sides['right']} fails"
            raise NotAcceptedError("REJECTED", code, self.at, detail, **sides)

    def child(self, key: str | int) -> Self:
        return type(self)(self.value[key], (*self.place, key), self.budget)

    def typed(self, kind: type, name: str) -> Any:
        self.expect(type(self.value) is kind, "wrong-type", f"expected {name}")
        return self.value

    def integer(self, least: int) -> int:
        value: int = self.typed(int, "an integer")
        self.expect(value >= least, "out-of-range", f"{value} is below {least}")
        return value

    def one_of(self, values: abc.Collection[str]) -> str:
        if type(self.value) is not str or self.value not in values:
            known = ", ".join(value[:60] for value in islice(values, 9))
            self.expect(False, "unknown-value", f"expected one of {known}")
        return str(self.value)

    def elements(self, size: int | None = None) -> list[Self]:
        value = self.typed(list, "a list")
        self.expect(size in (None, len(value)), "wrong-size", f"expected {size} elements")
        return [self.child(i) for i in range(len(value))]

    def members(self) -> dict[str, Self]:
        return {key: self.child(key) for key in self.typed(dict, "an object")}

    def keys(self, *expected: str, also: str | None = None) -> list[Self]:
        """The members, in this order, of an object with just these keys (and perhaps one more)."""
        members = self.members()
        for key in expected:
            self.expect(key in members, "missing-key", f"the key {key!r} is missing")
        for key, child in members.items():
            child.expect(key in (*expected, also), "unknown-key", "this key is not known here")
        return [members[key] for key in expected]

    def rational(self, positive: bool = False) -> Fraction:
        value, digits = self.typed(str, "a string"), self.budget["digits"]
        short = max(map(len, value.split("/", 1))) <= digits
        self.expect(short, "digits", f"more than {digits} digits", "OVER_BUDGET")
        self.expect(RATIONAL.fullmatch(value), "not-rational", f"{value[:60]!a} is no rational")
        number = Fraction(value)
        self.expect(str(number) == value, "not-reduced", f"{value[:60]} is not in lowest terms")
        self.expect(number > 0 or not positive, "not-positive", "expected a positive number")
        return number

    def common_scale(self, numbers: list[Fraction]) -> tuple[list[int], int]:
        """Integers proportional to the rationals, and their common denominator."""
        scale = 1
        for number in numbers:
            scale = math.lcm(scale, number.denominator)
            short = scale.bit_length() <= 4 * self.budget["digits"]
            self.expect(short, "digits", "the common denominator is too long", "OVER_BUDGET")
        self.hold(len(numbers), scale.bit_length())
        return [number.numerator * (scale // number.denominator) for number in numbers], scale

    def spend(self, steps: int, bits: int = 0, others: int = 0) -> None:
        """Pay for `steps` products of integers of about so many bits, before they are taken."""
        self.budget["work"] -= steps * (1 + (bits >> 11)) * (1 + (others >> 11))
        self.expect(self.budget["work"] >= 0, "work", "this costs too much work", "OVER_BUDGET")

    def hold(self, count: int, bits: int) -> None:
        """Pay for keeping `count` integers of `bits` bits in memory."""
        self.spend(count * (1 + (bits >> 4)))

    def refuse_faults(self) -> None:
        """No fault that `load` left behind in any place."""
        if isinstance(self.value, ValueError):
            self.expect(False, *self.value.args)
        for key in self.value if isinstance(self.value, dict) else range(len(self.value)):
            if isinstance(self.value[key], dict | list | ValueError):
                self.child(key).refuse_faults()


def load(file: str, budget: dict[str, int]) -> Node:
    """The root node of a file. The json module would let pass inexact and huge numbers and repeated
    keys; they are left in their place as faults, to be refused even in the provenance."""

    def number(text: str) -> int | ValueError:
        if text.strip("-0123456789"):  # a point, an exponent, NaN, Infinity
            return ValueError("float", f'{text[:40]} is not exact; write a string such as "1/3"')
        return int(text) if len(text) <= 18 else ValueError("too-long", "over 18 digits")

    def pairs(members: list[tuple[str, Any]]) -> dict[str, Any] | ValueError:
        found = dict(members)
        return found if len(found) == len(members) else ValueError("duplicate-key", "a key repeats")

    root, data, most = Node(None, (), dict(budget)), bytearray(), min(budget["depth"], DEEPEST)
    hooks: Any = dict.fromkeys(["parse_int", "parse_float", "parse_constant"], number)
    try:
        with open(file, "rb") as stream:
            while len(data) <= budget["bytes"] and (part := stream.read(1 << 20)):
                data += part
        root.expect(len(data) <= budget["bytes"], "bytes", "the file is too long", "OVER_BUDGET")
        text = data.decode("utf-8")
        turns = ((t[0] in "[{") - (t[0] in "]}") for t in STRING_OR_BRACKET.finditer(text))
        root.expect(max(accumulate(turns, initial=0)) <= most, "depth", "too deep", "OVER_BUDGET")
        root.value = json.loads(text, object_pairs_hook=pairs, **hooks)
    except OSError as error:
        root.expect(False, "unreadable", f"cannot be read: {error.strerror}")
    except UnicodeDecodeError:
        root.expect(False, "not-utf8", "the file is not UTF-8 text")
    except ValueError as error:
        root.expect(False, "not-json", f"not JSON: {str(error)[:200]}")
    if isinstance(root.value, dict | list | ValueError):
        root.refuse_faults()
    return root


class Population:
    """Responses, and users as integer weights and rankings: classes of indices, best first."""

    def __init__(self, node: Node) -> None:
        responses, users = node.keys("responses", "users")
        self.names: list[str] = [name.typed(str, "a name") for name in responses.elements()]
        self.n, self.index = len(self.names), {name: y for y, name in enumerate(self.names)}
        responses.expect(self.names, "empty", "no responses")
        responses.expect(len(self.index) == self.n, "repeated", "a response is listed twice")
        self.rankings: list[list[list[int]]] = []
        weights = []
        for user in users.elements():
            weight, classes = user.keys("weight", "ranking")
            weights.append(weight.rational(positive=True))
            ranking = [self.indices(tied) for tied in classes.elements()]
            order = [y for tied in ranking for y in tied]
            classes.expect(all(ranking), "empty", "an indifference class is empty")
            classes.expect(len(set(order)) == len(order), "repeated", "a response repeats")
            classes.expect(len(order) == self.n, "incomplete", "a response is not ranked")
            self.rankings.append(ranking)
        users.expect(weights, "empty", "no users")
        self.weights, _ = users.common_scale(weights)
        self.total, self.users = sum(self.weights), range(len(weights))
        self.everything = range(self.n)
        self.bits, self.size = self.total.bit_length(), sum(map(len, self.rankings))
        self.ranks = [[0] * len(weights) for _ in self.names]  # ranks[y][u], 0 is best
        for u, ranking in enumerate(self.rankings):
            for r, tied in enumerate(ranking):
                for y in tied:
                    self.ranks[y][u] = r
        self.ballots = list(zip(self.weights, self.rankings, strict=True))
        self.sha256 = digest(node.value)

    def indices(self, node: Node, size: int | None = None) -> list[int]:
        return [self.named(child, child.typed(str, "a name")) for child in node.elements(size)]

    def named(self, node: Node, name: str) -> int:
        node.expect(name in self.index, "unknown-response", f"{name[:60]!a} is no response")
        return self.index[name]

    def numbers(self, node: Node, positive: bool = False) -> tuple[dict[int, int], int]:
        """An object with responses as its keys: {response: number}, as integers over a scale."""
        members = node.members().items()
        exact = {self.named(child, name): child.rational(positive) for name, child in members}
        numbers, scale = node.common_scale(list(exact.values()))
        return dict(zip(exact, numbers, strict=True)), scale

    def call(self, positions: abc.Sequence[int]) -> str:
        names = [ascii(self.names[y][:60]) for y in positions[:20]]
        return f"({', '.join(names)}{', ...' * (len(positions) > 20)})"


def dot(row: abc.Iterable[int], column: abc.Iterable[int]) -> int:
    return sum(map(int.__mul__, row, column))


def digest(value: object) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


class Masses:
    """A point of the simplex, as integers over `unit`; the masses it lists are positive.

    sums[places[u][r]] is that of user u's class r and all below; places[u] ends with the empty sum.
    Equal sums share a place, found by their text: integers' hashes can be made to collide."""

    def __init__(self, node: Node, population: Population) -> None:
        listed, self.unit = population.numbers(node, positive=True)
        node.expect(sum(listed.values()) == self.unit, "sum", "the masses do not sum to 1")
        self.node, self.population = node, population
        self.of = [listed.get(y, 0) for y in range(population.n)]
        self.support = {y: i for i, y in enumerate(sorted(listed))}
        node.hold(population.size, 2 * self.unit.bit_length())
        self.places, known = [], dict[str, int]()
        for ranking in population.rankings:
            masses = (sum(self.of[y] for y in tied) for tied in reversed(ranking))
            row = [known.setdefault(hex(s), len(known)) for s in accumulate(masses, initial=0)]
            self.places.append(row[::-1])
        self.sums = [int(text, 16) for text in known]


# ---- Win rates -----------------------------------------------------------------------------------


@dataclass
class Contest:
    """One side is fixed, a mixture of tuples or k draws of a product policy. Of the other side, a
    tuple, a user sees only the rank r of its best class and the number c of its positions there:
    value(u, r, c) / scale is the chance that she picks one of them, `ties` as that side has it."""

    node: Node
    population: Population
    ties: str
    whole: int  # what a tie counts
    unit: int
    power: int  # scale = whole * unit^power
    bits: int  # at least those of scale
    value: abc.Callable[[int, int, int], int]

    @cached_property
    def scale(self) -> int:
        self.node.spend(8, self.bits, self.bits)
        return self.whole * int(self.unit**self.power)

    def chance(self, positions: abc.Sequence[int]) -> Fraction:
        """The chance that a user picks one of the positions."""
        population, bits = self.population, self.population.bits + self.bits
        self.node.spend(len(population.users) * (1 + len(positions)), population.bits, self.bits)
        self.node.spend(min(256, bits >> 3), bits, bits)  # to reduce the fraction, and to write it
        return Fraction(self.picked(positions), population.total * self.scale)

    def picked(self, positions: abc.Sequence[int]) -> int:
        """population.total * scale times the chance that a user picks one of the positions."""
        seen = zip(*(self.population.ranks[y] for y in positions), strict=True)
        values = [self.value(u, r := min(s), s.count(r)) for u, s in enumerate(seen)]
        return dot(self.population.weights, values)

    def above(self, bound: Fraction, size: int) -> abc.Iterator[abc.Sequence[int]]:
        """The multisets of `size` positions that are picked with a chance above the bound."""
        population, n, users = self.population, self.population.n, len(self.population.users)
        few = min(n - 1, size) <= 64  # else the binomial is astronomical, and slow to compute
        self.node.expect(few, "work", f"too many tuples of {size} positions", "OVER_BUDGET")
        steps = math.comb(n - 1 + size, size) * (16 + size + users * (1 + (size >> 2)))
        self.node.spend(steps + 256 * size, population.bits, self.bits)
        limit = math.floor(bound * population.total * self.scale)
        multisets = combinations_with_replacement(range(n), size)
        return (positions for positions in multisets if self.picked(positions) > limit)

    def require_none_above(self, bound: Fraction, size: int, code: str, node: Node) -> None:
        """Every multiset of `size` positions is picked with a chance of at most `bound`."""
        for worst in self.above(bound, size):
            what = f"chance that {self.population.call(worst)} is picked"
            node.require(code, what, self.chance(worst), "<=", bound)


def whole_tie(node: Node, ties: str, sharers: range) -> int:
    """What a tie counts, so that positions, as many as one of `sharers`, share it in integers."""
    sharers = sharers if ties == "uniform" else range(2, 3)
    node.spend(len(sharers), 2 * len(sharers), 2 * len(sharers))
    return math.lcm(*sharers)


def part(own: int, other: int, ties: str, whole: int) -> int:
    """What `own` positions take of a tie with `other` positions."""
    shared = {"uniform": own * whole // (own + other), "win": whole, "half": whole // 2, "lose": 0}
    return shared[ties]


def read_mixture(node: Node, size: int, population: Population) -> tuple[list[Seen], int]:
    """For every user the masses of the tuples, by the rank and the number of their best positions
    for her; and the sum of the masses."""
    pairs = [entry.elements(2) for entry in node.elements()]
    tuples = [population.indices(names, size) for names, _ in pairs]
    masses, unit = node.common_scale([mass.rational(positive=True) for _, mass in pairs])
    node.expect(sum(masses) == unit, "sum", "the probabilities do not sum to 1")
    met = [Seen() for _ in population.users]
    node.spend(len(tuples) * size * len(met))
    node.hold(len(met) * min(len(tuples), population.n * size), 1024 + unit.bit_length())
    for positions, mass in zip(tuples, masses, strict=True):
        seen = zip(*(population.ranks[y] for y in positions), strict=True)
        for masses_met, s in zip(met, seen, strict=True):
            masses_met[min(s), s.count(min(s))] += mass
    return met, unit


class MixtureContest(Contest):
    """Tuples of up to `most` positions against a mixture of `size`-tuples."""

    def __init__(self, node: Node, size: int, most: int, ties: str, population: Population) -> None:
        met, unit = read_mixture(node, size, population)
        whole = whole_tie(node, ties, range(1, size + most + 1))
        bits = unit.bit_length() + whole.bit_length()

        @cache  # of a function that does not hold the contest, so that both go when it goes
        def value(u: int, r: int, c: int) -> int:
            node.spend(64 + len(met[u]), bits)
            entries = (entry for entry in met[u].items() if entry[0][0] >= r)
            return sum(m * (whole if s > r else part(c, d, ties, whole)) for (s, d), m in entries)

        super().__init__(node, population, ties, whole, unit, 1, bits, value)


class ProductContest(Contest):
    """Tuples of up to `most` positions against k draws from one of several product policies, which
    is drawn by the given shares, and `extra` positions in the best class of the tuple."""

    def __init__(
        self, node: Node, k: int, most: int, ties: str, drawn: list[Drawn], extra: int = 0
    ) -> None:
        sharers = range(1, k + extra + most + 1)
        whole = whole_tie(node, ties, sharers if most + extra > 1 else range(k + 1, k + 2))
        unit = math.lcm(*(masses.unit for _, masses in drawn))
        total = sum(share for share, _ in drawn)
        bits = k * unit.bit_length() + whole.bit_length() + total.bit_length()
        node.spend(16 * (len(drawn) - 1), bits, bits)
        factors = [share * int((unit // masses.unit) ** k) for share, masses in drawn]

        @cache
        def integral(t: int, below: int, upto: int, c: int) -> int:
            """That of c t^(c-1) (L + t p)^k over [0, 1], L and L + p being sums of masses."""
            low, top = drawn[t][1].sums[below], drawn[t][1].sums[upto]
            p = top - low
            node.spend(16 * k if c > 1 and ties == "uniform" else 16, bits, bits)
            if ties != "uniform":
                return whole * int(low**k) + part(c, 1, ties, whole) * int(top**k - low**k)
            if c + extra == 1:
                draws = (top ** (k + 1) - low ** (k + 1)) // p if p else (k + 1) * low**k
                return int(draws) * (whole // (k + 1))
            chances = (math.comb(k, i) * low ** (k - i) * p**i for i in range(k + 1))
            return dot(chances, (part(c, i + extra, ties, whole) for i in range(k + 1)))

        def value(u: int, r: int, c: int) -> int:
            places = (masses.places[u] for _, masses in drawn)
            values = (integral(t, row[r + 1], row[r], c) for t, row in enumerate(places))
            return dot(factors, values)

        population = drawn[0][1].population
        super().__init__(node, population, ties, whole * total, unit, k, bits, value)
        self.drawn = drawn

    def above(self, bound: Fraction, size: int) -> abc.Iterator[abc.Sequence[int]]:
        """Likewise; for single responses that share ties fixed point settles what is clear."""
        if size > 1 or self.ties != "uniform" or len(self.drawn) > 1:
            return super().above(bound, size)
        fine = fine_enough(self.unit, self.power)
        self.node.spend(16 * self.population.size, fine, fine + self.population.bits)
        U, error, _, _ = utilities(self.drawn[0][1], self.power, fine, {})
        limit = math.floor(bound * (self.power + 1) * (1 << fine)) - error
        unclear = ((y,) for y, value in enumerate(U) if value > limit)
        return (positions for positions in unclear if self.chance(positions) > bound)


def contest_of(policy: Node, k: int, most: int, ties: str, population: Population) -> Contest:
    """Tuples of up to `most` positions against the policy of a claim."""
    kind = next((kind for kind in ("joint", "product", "mixture") if kind in policy.members()), "")
    policy.expect(kind, "policy", "expected one of joint, product, mixture")
    (node,) = policy.keys(kind)
    if kind == "joint":
        return MixtureContest(node, k, most, ties, population)
    if kind == "product":
        return ProductContest(node, k, most, ties, [(1, Masses(node, population))])
    pairs = [entry.elements(2) for entry in node.elements()]
    shares, unit = node.common_scale([share.rational(positive=True) for share, _ in pairs])
    node.expect(sum(shares) == unit, "sum", "the probabilities do not sum to 1")
    drawn = [(s, Masses(m, population)) for s, (_, m) in zip(shares, pairs, strict=True)]
    return ProductContest(node, k, most, ties, drawn)


def check_win_rate(
    witness: Node, population: Population, k: Node, l: Node, ties: Node, policy: Node, *stated: Node
) -> None:
    relation, bound = stated
    draws, size, seen = k.integer(1), l.integer(1), SEEN_BY_OPPONENT[ties.one_of(SEEN_BY_OPPONENT)]
    sign, limit = relation.one_of(["<=", "=", ">="]), bound.rational()
    contest = contest_of(policy, draws, size, seen, population)
    if sign == ">=":
        witness.keys()
    else:
        (opponent,) = witness.keys("opponent")
        chance = contest.chance(population.indices(opponent, size))
        opponent.require("not-attained", "win rate", 1 - chance, sign, limit)
    if sign != "<=":
        contest.require_none_above(1 - limit, size, "win-rate", bound)


def check_joint_upper_bound(witness: Node, population: Population, *claim: Node) -> None:
    k, l, ties, bound = claim
    size, rivals, limit = k.integer(1), l.integer(1), bound.rational()
    seen = ties.one_of(SEEN_BY_OPPONENT)
    contest = MixtureContest(witness.keys("mixture")[0], rivals, size, seen, population)
    contest.require_none_above(limit, size, "joint-upper-bound", bound)


def check_product_upper_bound(witness: Node, population: Population, *claim: Node) -> None:
    """By concavity no policy wins more against the mixture than 1 + (k-1) P - k min_y P_y, where
    P_y is the chance that its tuple is picked against y and k - 1 draws from the point, and P the
    same against k draws."""
    k, l, ties, bound = claim
    draws, size, limit = k.integer(1), l.integer(1), bound.rational()
    ties.one_of(["uniform"])
    mixture, point = witness.keys("mixture", "point")
    met, unit = read_mixture(mixture, size, population)
    drawn = [(1, Masses(point, population))]
    apart, joined = (ProductContest(point, draws - 1, size, "uniform", drawn, e) for e in (0, 1))
    point.spend(sum(map(len, met)) * population.n, apart.bits, population.bits + unit.bit_length())
    P = [0] * population.n
    for u, weight in enumerate(population.weights):
        for (r, c), mass in met[u].items():
            values = apart.value(u, r, c) * joined.whole, joined.value(u, r, c) * apart.whole
            for ranks, y in zip(population.ranks, population.everything, strict=True):
                if ranks[u] >= r:
                    P[y] += weight * mass * values[ranks[u] == r]
    scale, one = population.total * unit * apart.scale * joined.whole, drawn[0][1].unit
    gain = (draws - 1) * dot(P, drawn[0][1].of) - draws * one * min(P)
    reach = 1 + Fraction(gain, one * scale)
    bound.require("product-upper-bound", "1 + (k-1) P - k min_y P_y", reach, "<=", limit)


def check_limit(witness: Node, population: Population, policy: Node, bound: Node) -> None:
    witness.keys()
    masses = Masses(policy.keys("product")[0], population)
    left = min(1 - overruled(masses, y) for y in population.everything)
    bound.require("limit", "limit of the worst win rate", left, "=", bound.rational())


def overruled(masses: Masses, y: int) -> Fraction:
    """The share of users who put y above the whole support; it is the limit of u_y in k."""
    population, support = masses.population, masses.support
    masses.node.spend(len(population.users) * (1 + len(support)))
    best = map(min, zip(*(population.ranks[z] for z in support), strict=True))
    above = map(int.__lt__, population.ranks[y], best)
    return Fraction(dot(population.weights, map(int, above)), population.total)


# ---- Symmetric equilibria ------------------------------------------------------------------------


def fine_enough(unit: int, k: int) -> int:
    """Bits of fixed point that keep the error of a quotient by a mass far below 2^-64."""
    return 128 + 2 * unit.bit_length() + 4 * k.bit_length()


def power(part: int, unit: int, exponent: int, fine: int, up: bool = False) -> int:
    """(part/unit)^exponent in units of 2^-fine: from above, or (if part <= unit) from below and
    less than 2*exponent units short, since rounding x'y' down loses at most what x' and y' lost,
    and one unit."""
    slack, result = ((1 << fine) - 1) * up, 1 << fine
    base = ((part << fine) + (unit - 1) * up) // unit
    for bit in bin(exponent)[2:]:
        result = result * result + slack >> fine
        if bit == "1":
            result = result * base + slack >> fine
    return result


def check_equilibrium(witness: Node, population: Population, k: Node, *box: Node) -> None:
    require_equilibrium(k.integer(1), population, *box, witness)


def require_equilibrium(k: int, population: Population, *given: Node) -> Masses:
    """A symmetric equilibrium with the support of the centre x lies in x (1 +- delta); it is x
    itself if delta = 0. Any matrix will do as `inverse`. Returns the centre's Masses."""
    centre, radius, witness = given
    masses, delta = Masses(centre, population), radius.rational()
    radius.expect(0 <= delta < 1, "out-of-range", "delta lies in [0, 1)")
    if not delta:
        witness.keys()
        contest = ProductContest(centre, k, 1, "uniform", [(1, masses)])
        contest.require_none_above(Fraction(1, k + 1), 1, "not-equilibrium", centre)
        return masses
    inverse, boundary = witness.keys("inverse", "boundary")
    radius.require("contraction", "k delta", k * delta, "<=", 1)
    fine = fine_enough(masses.unit, k) + delta.denominator.bit_length()
    one, size = 1 << fine, len(masses.support)
    Y = [[math.floor(one * v.rational()) for v in r.elements(size)] for r in inverse.elements(size)]
    longest = max(abs(v).bit_length() for row in Y for v in row)
    centre.hold(size**2, fine + population.bits)
    centre.spend(population.size * (16 + size), fine, fine + population.bits)
    centre.spend(size**3, fine, longest)
    U, u_error, A, a_error = utilities(masses, k, fine, masses.support)
    beta = g0 = K = 0
    for i, row in enumerate(Y):
        sizes = [abs(v) for v in row]
        beta = max(beta, abs(dot(row, (U[y] - one for y in masses.support))) + sum(sizes) * u_error)
        product = [dot(row, column) for column in zip(*A, strict=True)]
        product[i] -= one * one
        g0 = max(g0, sum(map(abs, product)) + sum(sizes) * a_error * size)
        K = max(K, k * dot(sizes, (U[y] + u_error for y in masses.support)))
    scaled = delta.denominator + delta.numerator, delta.denominator
    growth, stretch = (power(*scaled, exponent, fine, up=True) for exponent in (k - 1, k))
    most = Fraction(beta + (g0 + K * Fraction(growth - one, one)) * delta, one * one)
    inverse.require("contraction", "beta + (g0 + K ((1+delta)^(k-1) - 1)) delta", most, "<", delta)
    hints = {population.named(hint, name): hint for name, hint in boundary.members().items()}
    for y, value in enumerate(U):
        if y in hints:
            hints[y].expect(y not in masses.support, "boundary", "the response is in the support")
            require_face_bound(k, y, hints[y], masses)
        elif y not in masses.support:
            most = Fraction((value + u_error) * stretch, one * one)
            what = f"off the support, {population.call([y])}: U (1+delta)^k"
            centre.require("off-support", what, most, "<", 1)
    return masses


def utilities(masses: Masses, k: int, fine: int, rows: dict[int, int]) -> Estimates:
    """U_y = (k+1) u_y at the masses, for all y, and A = (x_j dU_i/dx_j) on `rows`, which are the
    support or nothing, in units of 2^-fine, each with a bound for its error.

    With N = k + 1 and S = L + p, U_y is the users' average of Q = (S^N - L^N)/p, where
    dQ/dL = N (S^k - L^k)/p and dQ/dp = (N S^k - Q)/p; Q = N L^k where p = 0."""
    N, population, unit, sums = k + 1, masses.population, masses.unit, masses.sums
    powers = [(power(s, unit, k, fine), power(s, unit, N, fine)) for s in sums]
    U, A, least = [0] * population.n, [[0] * len(rows) for _ in rows], unit
    for (weight, ranking), places in zip(population.ballots, masses.places, strict=True):
        worse = list[int]()
        for tied, upto, below in zip(ranking[::-1], places[-2::-1], places[:0:-1], strict=True):
            (low_k, low_N), (top_k, top_N) = powers[below], powers[upto]
            p = sums[upto] - sums[below]
            Q = (top_N - low_N) * unit // p if p else N * low_k
            for y in tied:
                U[y] += weight * Q
            if here := [rows[y] for y in tied if y in rows]:
                by_low = weight * (N * (top_k - low_k) * unit // p)
                by_own = weight * ((N * top_k - Q) * unit // p)
                for i in here:
                    for j in worse:
                        A[i][j] += by_low
                    for j in here:
                        A[i][j] += by_own
            worse += here
            least = min(least, p or unit)
    lost, most = 2 * N, -(-unit // least)  # by each power, in units of 2^-fine; the largest 1/p
    u_error = max(lost * most, lost * N) + 2
    a_error = (lost * N + u_error) * most + 3
    x = [masses.of[y] for y in rows]
    A = [[v * x_j // (population.total * unit) for v, x_j in zip(row, x, strict=True)] for row in A]
    return [value // population.total for value in U], u_error, A, a_error


def require_face_bound(k: int, y: int, hint: Node, masses: Masses) -> None:
    """U_y <= 1 at each point of the face that has U = 1 on the support, by a formal identity.

    On the face U_y is a sum of terms (below, own), subsets of the support. The hinted multiples of
    support responses' terms are subtracted; what is left has to be constant: below = the whole
    support stands for k + 1, own = the whole support for 1, neither for 0."""
    population, support, terms = masses.population, masses.support, Counter[tuple[str, str]]()
    multiples, scale = population.numbers(hint)
    hint.expect(multiples.keys() <= support.keys(), "boundary", "a multiple is off the support")
    hint.spend(population.size * len(support), scale.bit_length(), population.bits)
    hint.hold(population.size, scale.bit_length() + population.bits)
    for weight, ranking in population.ballots:
        below = 0  # the subsets are integers, a bit a response, kept as text as in Masses
        for tied in reversed(ranking):
            own = sum(1 << support[z] for z in tied if z in support)
            factor = scale * (y in tied) - sum(multiples.get(z, 0) for z in tied)
            terms[hex(below), hex(own)] += factor * weight
            below |= own
    bound = Fraction(sum(multiples.values()), scale)
    for term, value in {(below, 0): k + 1, (0, below): 1, (0, 0): 0}.items():
        weight = terms.pop((hex(term[0]), hex(term[1])), 0)
        bound += Fraction(value * weight, scale * population.total)
    left = Fraction(next(filter(None, terms.values()), 0), scale)
    hint.require("boundary", "weight of a term left by the identity", left, "=", 0)
    hint.require("boundary", "U on the face", bound, "<=", 1)


# ---- Uniqueness ----------------------------------------------------------------------------------


def check_unique_equilibrium(witness: Node, population: Population, k: Node, unique: Node) -> None:
    draws, truth = k.integer(1), unique.typed(bool, "true or false")
    proofs = SEVERAL if not truth else ONE if draws > 1 else ONE_LOTTERY
    given = next((keys for keys in proofs if set(keys) == set(witness.members())), ())
    witness.expect(given, "witness", f"expected the keys {' or '.join(map(str, proofs))}")
    proofs[given](draws, population, *witness.keys(*given))


def require_rank(rows: list[list[int]], least: int, node: Node, what: str) -> None:
    pivots: list[tuple[int, list[int]]] = []
    for row in rows:
        row = [value % PRIME for value in row]
        for j, pivot in pivots:
            if factor := row[j]:
                row = [(a - factor * b) % PRIME for a, b in zip(row, pivot, strict=True)]
        if any(row):
            lead = next(j for j, value in enumerate(row) if value)
            inverse = pow(row[lead], -1, PRIME)
            pivots.append((lead, [value * inverse % PRIME for value in row]))
    node.require("rank", what, len(pivots), ">=", least)


def read_class(node: Node, population: Population) -> list[int]:
    """The members of a class, given as [user, class], both counted from 0."""
    user, place = (number.integer(0) for number in node.elements(2))
    known = user in population.users and place < len(population.rankings[user])
    node.expect(known, "out-of-range", "there is no such class")
    return population.rankings[user][place]


def one_by_classes(_: int, population: Population, node: Node, *columns: int) -> None:
    """The indicator vectors of the classes have full rank on these responses (or if none, all)."""
    columns = columns or tuple(range(population.n))
    classes = [read_class(element, population) for element in node.elements(len(columns))]
    node.spend(len(columns) ** 3 + sum(map(len, classes)))
    rows = [[int(y in tied) for y in columns] for tied in map(set, classes)]
    require_rank(rows, len(columns), node, "rank of the classes on the responses")


def one_by_support(k: int, population: Population, *witness: Node) -> None:
    """The combination shows that d vanishes off the support, the classes that it does on it."""
    equilibrium, classes, combination = witness
    masses = require_equilibrium(k, population, *equilibrium.keys("centre", "delta", "witness"))
    one_by_classes(k, population, classes, *masses.support)
    pairs = [entry.elements(2) for entry in combination.elements()]
    chosen = [read_class(place, population) for place, _ in pairs]
    numbers, scale = combination.common_scale([number.rational() for _, number in pairs])
    combination.hold(population.n + sum(map(len, chosen)), scale.bit_length())
    vector = [0] * population.n
    for tied, number in zip(chosen, numbers, strict=True):
        for y in tied:
            vector[y] += number
    for y, value in enumerate(vector):
        what = f"combination at {population.call([y])}"
        relation = "=" if y in masses.support else ">"
        combination.require("combination", what, Fraction(value, scale), relation, 0)


def one_lottery(k: int, population: Population, equilibrium: Node) -> Masses:
    """The kernel test for k = 1: strict off the support, on it one-dimensional."""
    masses = require_equilibrium(k, population, *equilibrium.keys("centre", "delta", "witness"))
    equilibrium.expect(equilibrium.value["delta"] == "0", "witness", "for k = 1 delta is 0")
    n, T, ranks, weights = population.n, masses.support, population.ranks, population.weights
    steps = len(population.users) * n * len(T) + n**3
    equilibrium.spend(steps, population.bits, masses.unit.bit_length())
    # the weight that ranks y above z, less the weight that ranks it below
    margins = [[dot(weights, map(compare, ranks[z], ranks[y])) for z in T] for y in range(n)]
    x = [masses.of[z] for z in T]
    for y in sorted(set(range(n)) - T.keys()):
        lead = Fraction(dot(margins[y], x), 2 * population.total * masses.unit)
        what = f"off the support, {population.call([y])}: u"
        equilibrium.require("not-strict", what, lead + Fraction(1, 2), "<", Fraction(1, 2))
    rows = [margins[y] for y in T]
    require_rank(rows, len(T) - 1, equilibrium, "rank of the margins on the support")
    return masses


def several_given(k: int, population: Population, equilibria: Node) -> None:
    first, second = equilibria.elements(2)
    for node in (first, second):
        contest = ProductContest(node, k, 1, "uniform", [(1, Masses(node, population))])
        contest.require_none_above(Fraction(1, k + 1), 1, "not-equilibrium", node)
    differ = first.value != second.value  # a policy can be written in one way only
    equilibria.expect(differ, "same", "first equilibrium != second fails", "REJECTED")


def several_along(k: int, population: Population, equilibrium: Node, direction: Node) -> None:
    """The equilibrium can be moved a little, and no user's class changes its mass."""
    masses = require_equilibrium(k, population, *equilibrium.keys("centre", "delta", "witness"))
    step, scale = population.numbers(direction)
    direction.expect(any(step.values()), "direction", "direction != 0 fails", "REJECTED")
    for y in sorted(step.keys() - masses.support.keys()):
        what = f"off the support, {population.call([y])}: direction"
        direction.require("direction", what, Fraction(step[y], scale), ">=", 0)
    direction.spend(len(population.users) * population.n, scale.bit_length(), 0)
    for u, ranking in enumerate(population.rankings):
        for tied in ranking:
            moved = Fraction(sum(step.get(y, 0) for y in tied), scale)
            what = f"user {u}, {population.call(tied)}: sum of the direction"
            direction.require("direction", what, moved, "=", 0)


ONE: Proofs = {("classes",): one_by_classes}
ONE[("equilibrium", "classes", "combination")] = one_by_support
ONE_LOTTERY: Proofs = {("equilibrium",): one_lottery}
SEVERAL: Proofs = {("equilibria",): several_given, ("equilibrium", "direction"): several_along}


def check_nlhf_ceiling(witness: Node, population: Population, bound: Node) -> None:
    """The unique maximal lottery against one response; its utility falls with k to its limit."""
    equilibrium, opponent = witness.keys("equilibrium", "opponent")
    limit, masses = bound.rational(), one_lottery(1, population, equilibrium)
    y = population.named(opponent, opponent.typed(str, "a name"))
    bound.require("nlhf-ceiling", "limit of the win rate", 1 - overruled(masses, y), "<=", limit)


def check_dictatorship_distance(
    witness: Node, population: Population, k: Node, bound: Node
) -> None:
    """|pi - s|_1 <= bound <= 2 sum_y s_y (1 - pi_y)^(k+1), at every point of the box."""
    (equilibrium,) = witness.keys("equilibrium")
    given = equilibrium.keys("centre", "delta", "witness")
    draws, limit, delta = k.integer(1), bound.rational(), given[1].rational()
    masses = require_equilibrium(draws, population, *given)
    strict = population.size == population.n * len(population.users)
    equilibrium.expect(strict, "strict", "every ranking has to be strict", "REJECTED")
    equilibrium.spend(16 * population.n, (draws + 2) * masses.unit.bit_length(), 64)
    first = Counter[int]()
    for weight, ranking in population.ballots:
        first[ranking[0][0]] += weight
    distance = least = Fraction(0)
    for y, mass in enumerate(masses.of):
        s, x = Fraction(first[y], population.total), Fraction(mass, masses.unit)
        distance += max(abs(x * (1 + delta) - s), abs(x * (1 - delta) - s))
        least += 2 * s * max(Fraction(0), 1 - x * (1 + delta)) ** (draws + 1)
    bound.require("distance", "|pi - s|_1", distance, "<=", limit)
    bound.require("distance", "2 sum of s (1 - pi)^(k+1)", least, ">=", limit)


# ---- Algebraic numbers ---------------------------------------------------------------------------


def check_algebraic_equilibrium(witness: Node, population: Population, *claim: Node) -> None:
    """Masses are polynomials in a root alpha of the modulus, the only one in the interval."""
    k, polynomial, interval, masses = claim
    witness.keys()
    draws, field = k.integer(1), [c.rational() for c in polynomial.elements()]
    low, high = (end.rational() for end in interval.elements(2))
    polynomial.expect(len(field) > 1 and field[-1], "polynomial", "expected a degree of 1 or more")
    interval.expect(low < high, "out-of-range", "the interval is empty")
    ends = [enclosed(field, end, end)[0] for end in (low, high)]
    interval.require("isolating", "product of the signs at the ends", ends[0] * ends[1], "<", 0)
    slopes = enclosed([i * c for i, c in enumerate(field)][1:], low, high)
    interval.require("isolating", "product of the slopes' bounds", slopes[0] * slopes[1], ">", 0)
    given = {population.named(node, name): node for name, node in masses.members().items()}
    x = {y: [c.rational() for c in node.elements(len(field) - 1)] for y, node in given.items()}
    masses.expect(x, "empty", "no masses")
    numbers = [part for row in [field, *x.values()] for c in row for part in c.as_integer_ratio()]
    bits = draws * sum(map(int.bit_length, numbers))
    masses.spend(population.size * draws * len(field) ** 2 * 64, bits, bits)
    for y, element in x.items():
        given[y].require("positive", "mass", enclosed(element, low, high)[0], ">", 0)
    one = [Fraction(1), *[Fraction(0)] * (len(field) - 2)]
    left = [sum(column) - c for *column, c in zip(*x.values(), one, strict=True)]
    masses.require("sum", "masses less 1: a coefficient", max(left, key=abs), "=", 0)
    U = [[Fraction(0)] * len(one) for _ in population.names]
    for weight, ranking in population.ballots:
        S, share = [Fraction(0)] * len(one), Fraction(weight, population.total)
        for tied in reversed(ranking):
            L, S = S, [sum(row) for row in zip(S, *(x[y] for y in tied if y in x), strict=True)]
            Q = top = one  # sum of S^i L^(j-i), S^j
            for _ in range(draws):
                top = multiply(top, S, field)
                Q = list(map(Fraction.__add__, top, multiply(Q, L, field)))
            for y in tied:
                U[y] = [u + share * q for u, q in zip(U[y], Q, strict=True)]
    for y, utility in enumerate(U):
        slack = [a - b for a, b in zip(one, utility, strict=True)]
        what = f"1 - U at {population.call([y])}"
        if y in x:
            masses.require("not-equilibrium", what, max(slack, key=abs), "=", 0)
        elif any(slack):
            masses.require("not-equilibrium", what, enclosed(slack, low, high)[0], ">", 0)


def enclosed(
    polynomial: list[Fraction], low: Fraction, high: Fraction
) -> tuple[Fraction, Fraction]:
    """Bounds of a polynomial, constant term first, on [low, high]."""
    least = most = Fraction(0)
    for coefficient in reversed(polynomial):
        ends = least * low, least * high, most * low, most * high
        least, most = min(ends) + coefficient, max(ends) + coefficient
    return least, most


def multiply(a: list[Fraction], b: list[Fraction], modulus: list[Fraction]) -> list[Fraction]:
    result = [Fraction(0)] * (len(a) + len(b) - 1)
    for i, c in enumerate(a):
        for j, d in enumerate(b):
            result[i + j] += c * d
    for i in reversed(range(len(modulus) - 1, len(result))):
        factor = result[i] * Fraction(1, modulus[-1])
        for j, c in enumerate(modulus):
            result[i - len(modulus) + 1 + j] -= factor * c
    return result[: len(modulus) - 1]


# ---- Uniform rankings ----------------------------------------------------------------------------


class UniformRankings:
    """All strict rankings of n responses, equally likely, so that only multiplicities count."""

    def __init__(self, node: Node) -> None:
        self.n = node.keys("uniform_rankings")[0].integer(1)
        self.sha256 = digest(node.value)

    def read(self, node: Node, size: int) -> list[int]:
        """The multiplicities of a random assignment of `size` positions to responses."""
        (counts,) = node.keys("random_subset")
        numbers = [count.integer(1) for count in counts.elements()]
        counts.expect(sum(numbers) == size, "sum", f"the multiplicities do not sum to {size}")
        counts.expect(len(numbers) <= self.n, "out-of-range", "more of them than responses")
        counts.spend(256 * len(numbers), 64 * len(numbers), 64 * len(numbers))
        return numbers

    def rate(self, counts: list[int], ties: str) -> Fraction:
        """W(S, y) for S that holds m responses so often and y random (or the other way round). In
        m of m + 1 orders a y outside of S loses; inside, it is best of S in one order of m."""
        m, ours = len(counts), (c + 1 if ties == "uniform" else 2 for c in counts)
        shared = [Fraction(part(c, 1, ties, s), s) for c, s in zip(counts, ours, strict=True)]
        inside = m - 1 + sum(shared, Fraction(0)) * Fraction(1, m)
        return (Fraction((self.n - m) * m, m + 1) + inside) * Fraction(1, self.n)


def check_uniform_win_rate(witness: Node, population: UniformRankings, *claim: Node) -> None:
    k, l, ties, policy, relation, bound = claim
    witness.keys()
    l.expect(l.integer(1) == 1, "out-of-range", "among uniform rankings l is 1")
    convention, sign = ties.one_of(SEEN_BY_OPPONENT), relation.one_of(["<=", "=", ">="])
    value = population.rate(population.read(policy, k.integer(1)), convention)
    bound.require("win-rate", "win rate", value, sign, bound.rational())


def check_uniform_upper_bound(witness: Node, population: UniformRankings, *claim: Node) -> None:
    k, l, ties, bound = claim
    l.expect(l.integer(1) == 1, "out-of-range", "among uniform rankings l is 1")
    population.read(witness.keys("mixture")[0], 1)
    convention, limit = ties.one_of(SEEN_BY_OPPONENT), bound.rational()
    for counts in partitions(size := k.integer(1), population.n, size):
        k.spend(256 * len(counts))
        what = f"win rate of multiplicities {counts[:20]}"
        bound.require("joint-upper-bound", what, population.rate(counts, convention), "<=", limit)


def refuse_uniform(witness: Node, *_: object) -> None:
    witness.expect(False, "population", "uniform rankings have no claims of this kind")


def partitions(total: int, most: int, largest: int) -> abc.Iterator[list[int]]:
    """The ways to write a number as a sum of at most `most` numbers that do not increase."""
    for first in range(min(total, largest), (total - 1) // most, -1):
        for rest in partitions(total - first, most - 1, first) if total > first else [[]]:
            yield [first, *rest]


# ---- Kinds, verdicts, the command ----------------------------------------------------------------


@dataclass(frozen=True)
class Kind:
    """A kind of claim: its keys besides kind and population, what it says, and its checks for
    populations that list their users and for uniform rankings."""

    keys: str
    words: str
    check: abc.Callable[..., None]
    check_uniform: abc.Callable[..., None] = refuse_uniform


KINDS = {
    "win-rate": Kind(
        "k l ties policy relation bound",
        "the worst win rate of this {k}-output policy against {l} outputs, {ties} ties, is"
        " {relation} {bound}",
        check_win_rate,
        check_uniform_win_rate,
    ),
    "joint-upper-bound": Kind(
        "k l ties bound",
        "no {k}-output policy has a worst win rate against {l} outputs, {ties} ties, above {bound}",
        check_joint_upper_bound,
        check_uniform_upper_bound,
    ),
    "product-upper-bound": Kind(
        "k l ties bound",
        "no policy sampled {k} times has a worst win rate against {l} outputs, {ties} ties, above"
        " {bound}",
        check_product_upper_bound,
    ),
    "equilibrium": Kind(
        "k centre delta",
        "within the relative radius {delta} of the centre lies a symmetric equilibrium of the"
        " {players}-player alignment game; sampled {k} times it wins at least {k}/{players}",
        check_equilibrium,
    ),
    "algebraic-equilibrium": Kind(
        "k polynomial interval masses",
        "these algebraic numbers of degree at most {degree} are a symmetric equilibrium of the"
        " {players}-player alignment game; sampled {k} times it wins at least {k}/{players}",
        check_algebraic_equilibrium,
    ),
    "unique-equilibrium": Kind(
        "k unique",
        "that the {players}-player alignment game has just one symmetric equilibrium is {unique}",
        check_unique_equilibrium,
    ),
    "nlhf-ceiling": Kind(
        "bound",
        "NLHF has one policy, whose worst win rate is at most {bound}, however often it is sampled",
        check_nlhf_ceiling,
    ),
    "dictatorship-distance": Kind(
        "k bound",
        "a symmetric equilibrium pi of the {players}-player alignment game and the shares s of"
        " first places have |pi - s|_1 <= {bound} <= 2 sum_y s_y (1 - pi_y)^{players}",
        check_dictatorship_distance,
    ),
    "limit": Kind(
        "policy bound",
        "the worst win rate of this policy, sampled k times, tends to {bound} as k grows",
        check_limit,
    ),
}


def words(claim: dict[str, Any]) -> str:
    """A well-formed claim as a sentence."""
    told = {key: show(Fraction(claim[key])) for key in {"bound", "delta"} & claim.keys()}
    told |= {"players": str(claim.get("k", 0) + 1), "unique": str(claim.get("unique")).lower()}
    told["degree"] = str(len(claim.get("polynomial", "?")) - 1)
    return KINDS[claim["kind"]].words.format(**{**claim, **told})


def read_population(node: Node) -> Population | UniformRankings:
    return (UniformRankings if "uniform_rankings" in node.members() else Population)(node)


def check_certificate(
    node: Node, populations: dict[str, Population | UniformRankings]
) -> dict[str, Any]:
    """The verdict on one claim; its hash binds the claim to its population's contents."""
    about, outcome = dict[str, str](), {"verdict": "ACCEPTED"}
    try:
        claim, witness = node.keys("claim", "witness")
        named = {"kind", "population"} <= claim.members().keys()
        claim.expect(named, "missing-key", "the keys 'kind' and 'population' are needed")
        kind = KINDS[claim.child("kind").one_of(KINDS)]
        population = populations[claim.child("population").one_of(populations)]
        about["kind"] = claim.value["kind"]
        about["sha256"] = digest({**claim.value, "population": population.sha256})
        _, _, *parts = claim.keys("kind", "population", *kind.keys.split())
        listed = isinstance(population, Population)
        (kind.check if listed else kind.check_uniform)(witness, population, *parts)
    except NotAcceptedError as reason:
        outcome = reason.line
    if outcome["verdict"] in ("ACCEPTED", "REJECTED"):  # so the claim is well formed
        about["claim"] = words(node.value["claim"])
    return about | outcome


def check_file(file: str, budget: dict[str, int]) -> abc.Iterator[dict[str, Any]]:
    """The verdict lines of a file: one a claim, or one for the file if it cannot be read."""
    line: dict[str, Any] = {"file": file} | dict.fromkeys(["index", "kind", "sha256", "claim"])
    try:
        root = load(file, budget)
        form, about, parts = root.keys("format", "populations", "certificates", also="provenance")
        form.one_of(["ualign/1"])
        populations = {name: read_population(node) for name, node in about.members().items()}
        parts.expect(parts.elements(), "empty", "no certificates")
        for index, node in enumerate(parts.elements()):
            node.budget = dict(budget)  # each claim has the whole budget for itself
            yield line | {"index": index} | check_certificate(node, populations)
    except NotAcceptedError as reason:
        yield line | reason.line


def main(arguments: list[str]) -> int:
    files = [argument for argument in arguments if not argument.startswith("-")]
    options = [OPTION.fullmatch(argument) for argument in arguments if argument.startswith("-")]
    if not files or None in options:
        print(f"usage: checker.py [--max-{{{','.join(BUDGET)}}}=N]... FILE...", file=sys.stderr)
        return 64
    budget, seen = dict(BUDGET), set[str]()
    budget.update((option[1], int(option[2])) for option in options if option)
    sys.set_int_max_str_digits(0)  # the budget for digits takes its place
    for file in files:
        for line in check_file(file, budget):
            verdict = line.pop("verdict")
            seen.add(verdict)
            print(verdict, json.dumps(line), flush=True)
    return next(EXIT[verdict] for verdict in EXIT if verdict in seen)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
