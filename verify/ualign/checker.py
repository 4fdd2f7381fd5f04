"""The trusted checker of ualign certificates: standard library only, imports nothing of ours.

    python -I -S -B verify/ualign/checker.py [--max-{bytes,depth,digits,work}=N]... FILE...

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
MEMORY = 1 << 30  # bytes that the values of a file may take, or 16 for each of its own bytes
STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)
SURROGATE = re.compile("[\ud800-\udfff]")
RATIONAL = re.compile(r"-?(0|[1-9][0-9]*)(/[1-9][0-9]*)?", re.ASCII)
SEEN_BY_OPPONENT = {"uniform": "uniform", "win": "lose", "half": "half", "lose": "win"}
PRIMES = (1 << 61) - 1, (1 << 62) - 57  # a rank modulo one never exceeds that over the rationals
OUT_OF_MEMORY = {"verdict": "OVER_BUDGET", "code": "work", "pointer": "", "detail": "out of memory"}
Number = Fraction | int


class NotAcceptedError(Exception):
    """Why there is no ACCEPTED: verdict, code, JSON pointer, what failed, both exact sides."""

    def __init__(self, **line: str) -> None:
        self.line = line


def show(number: Number) -> str:
    """A rational in full, or beyond 200 digits an enclosure and the SHA-256 of its exact text."""
    text = str(number)
    if len(text) <= 200:
        return text
    low = math.floor(number * 10**20)
    ends = f"{Fraction(low, 10**20)}, {Fraction(low + 1, 10**20)}"
    return f"in [{ends}], SHA-256 {hashlib.sha256(text.encode('ascii')).hexdigest()}"


def stands(left: Number, relation: str, right: Number) -> bool:
    """Whether `left relation right`, exactly."""
    signs = {"<": (-1,), "<=": (-1, 0), "=": (0,), ">=": (0, 1), ">": (1,)}[relation]
    return (left > right) - (left < right) in signs


# ---- Reading: nothing is trusted, key sets are closed --------------------------------------------


@dataclass(slots=True)
class Node:
    """A JSON value and the keys that lead to it; every reader returns what it says or raises."""

    value: Any
    place: tuple[str | int, ...]
    budget: dict[str, int]

    def __getitem__(self, key: str | int) -> Self:
        return type(self)(self.value[key], (*self.place, key), self.budget)

    def expect(
        self, holds: object, code: str, detail: str, verdict: str = "MALFORMED", **sides: str
    ) -> None:
        if not holds:
            steps = (str(key).replace("~", "~0").replace("/", "~1") for key in self.place)
            told = {"verdict": verdict, "code": code, "pointer": "".join("/" + s for s in steps)}
            raise NotAcceptedError(**told, detail=detail, **sides)

    def require(
        self, code: str, what: str, left: Number, relation: str, right: Number | None = None
    ) -> None:
        """REJECTED unless `what`, the left number, stands in the relation to the right one (or, if
        none, to the rational at this place)."""
        right = Fraction(self.value) if right is None else right
        if not stands(left, relation, right):
            sides = {"left": show(left), "right": show(right)}
            self.expect(
                False, code, f"{what} {relation} {sides['right']} fails", "REJECTED", **sides
            )

    def require_over(
        self, scale: int, code: str, what: str, left: int, relation: str, right: int
    ) -> None:
        """The same of left/scale and right/scale, the scale being positive: only the fractions that
        are shown are reduced, since that takes as long as some hundred products."""
        if not stands(left, relation, right):
            self.require(code, what, self.ratio(left, scale), relation, self.ratio(right, scale))

    def spend(self, steps: int, *bits: int) -> None:
        """Pay for steps before they are taken: products of integers of about so many bits, and 64
        steps an integer that is kept in memory, so at least a step a byte."""
        self.budget["work"] -= steps * math.prod(1 + (size >> 9) for size in bits)
        self.expect(self.budget["work"] >= 0, "work", "this costs too much work", "OVER_BUDGET")

    def typed(self, kind: type, name: str) -> Any:
        self.expect(type(self.value) is kind, "wrong-type", f"expected {name}")
        return self.value

    def integer(self, least: int) -> int:
        value: int = self.typed(int, "an integer")
        self.expect(value >= least, "out-of-range", f"{value} is below {least}")
        return value

    def one_of(self, values: abc.Collection[str]) -> str:
        known = type(self.value) is str and self.value in values
        few = ", ".join(value[:60] for value in islice(values, 9))
        self.expect(known, "unknown-value", f"expected one of {few}")
        return str(self.value)

    def elements(self, size: int | None = None) -> list[Self]:
        value = self.typed(list, "a list")
        self.expect(size in (None, len(value)), "wrong-size", f"expected {size} elements")
        return [self[i] for i in range(len(value))]

    def pairs(self) -> list[list[Self]]:
        return [entry.elements(2) for entry in self.elements()]

    def members(self) -> dict[str, Self]:
        return {key: self[key] for key in self.typed(dict, "an object")}

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
        longest = max(map(len, value.split("/", 1)))
        self.expect(longest <= digits, "digits", f"more than {digits} digits", "OVER_BUDGET")
        self.spend(longest**2 >> 8)
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
        self.spend(64 * len(numbers), scale.bit_length())
        return [number.numerator * (scale // number.denominator) for number in numbers], scale

    def shares(self, parts: abc.Iterable[Self]) -> tuple[list[int], int]:
        """Positive rationals that sum to 1, as integers and their sum."""
        shares, whole = self.common_scale([part.rational(positive=True) for part in parts])
        self.expect(sum(shares) == whole, "sum", "the numbers do not sum to 1")
        return shares, whole

    def ratio(self, numerator: int, denominator: int) -> Fraction:
        """A fraction; it takes time to reduce it, and to write it if a relation fails."""
        bits = longest((numerator, denominator))
        self.spend(16, bits, bits)
        return Fraction(numerator, denominator)

    def refuse_faults(self) -> None:
        """No fault that `load` left behind in any place."""
        if isinstance(self.value, ValueError):
            self.expect(False, *self.value.args)
        for key in self.value if isinstance(self.value, dict) else range(len(self.value)):
            if isinstance(self.value[key], dict | list | ValueError):
                self[key].refuse_faults()


def load(file: str, budget: dict[str, int]) -> Node:
    """The root node of a file. The json module would let pass inexact and huge numbers and repeated
    keys; they are left in their place as faults, to be refused even in the provenance. Of each sort
    the first stands for all, or a file full of them would fill the memory."""
    faults = dict[str, ValueError]()

    def fault(code: str, detail: str) -> ValueError:
        return faults.setdefault(code, ValueError(code, detail))

    def number(text: str) -> int | ValueError:
        if text.strip("-0123456789"):  # a point, an exponent, NaN, Infinity
            return fault("float", f'{text[:40]} is not exact; write a string such as "1/3"')
        return int(text) if len(text.strip("-")) <= 18 else fault("too-long", "over 18 digits")

    def pairs(members: list[tuple[str, Any]]) -> dict[str, Any] | ValueError:
        found = dict(members)
        return found if len(found) == len(members) else fault("duplicate-key", "a key repeats")

    root, data, most = Node(None, (), dict(budget)), bytearray(), min(budget["depth"], DEEPEST)
    hooks: Any = dict.fromkeys(["parse_int", "parse_float", "parse_constant"], number)
    try:
        with open(file, "rb") as stream:
            while len(data) <= budget["bytes"] and (part := stream.read(1 << 20)):
                data += part
        root.expect(len(data) <= budget["bytes"], "bytes", "the file is too long", "OVER_BUDGET")
        text = data.decode("utf-8")
        few = footprint(text) <= max(MEMORY, 16 * budget["bytes"])
        root.expect(few, "bytes", "the values in the file take too much memory", "OVER_BUDGET")
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


def footprint(text: str) -> int:
    """About the bytes that the values of a JSON text take while they are read, from above: those of
    an object, of a member, of a list, of a string, of an element, and of the text. Signs within
    strings are counted too."""
    prices = {"{": 256, ":": 320, "[": 88, '"': 36, ",": 40}
    return 5 * len(text) + sum(price * text.count(sign) for sign, price in prices.items())


class Population:
    """Responses, and users as integer weights and rankings: classes of indices, best first."""

    def __init__(self, node: Node) -> None:
        responses, users = node.keys("responses", "users")
        self.names: list[str] = [name.typed(str, "a name") for name in responses.elements()]
        self.n, self.index = len(self.names), {name: y for y, name in enumerate(self.names)}
        responses.expect(self.names, "empty", "no responses")
        lone = any(map(SURROGATE.search, self.names))
        responses.expect(not lone, "surrogate", "a name holds half of a surrogate pair")
        responses.expect(len(self.index) == self.n, "repeated", "a response is listed twice")
        self.rankings: list[list[list[int]]] = []
        weights, columns = [], []
        for user in users.elements():
            weight, classes = user.keys("weight", "ranking")
            weights.append(weight.rational(positive=True))
            ranking = [self.indices(tied) for tied in classes.elements()]
            rank = {y: r for r, tied in enumerate(ranking) for y in tied}
            classes.expect(all(ranking), "empty", "an indifference class is empty")
            classes.expect(len(rank) == sum(map(len, ranking)), "repeated", "a response repeats")
            classes.expect(len(rank) == self.n, "incomplete", "a response is not ranked")
            self.rankings.append(ranking)
            columns.append([rank[y] for y in range(self.n)])
        users.expect(weights, "empty", "no users")
        self.ranks = list(zip(*columns, strict=True))  # ranks[y][u], 0 is best
        scaled, _ = users.common_scale(weights)
        common = math.gcd(*scaled)  # which a prime of require_rank might divide
        self.weights = [weight // common for weight in scaled]
        self.total, self.users = sum(self.weights), range(len(weights))
        self.bits, self.size = self.total.bit_length(), sum(map(len, self.rankings))
        self.ballots = list(zip(self.weights, self.rankings, strict=True))
        self.sha256 = digest(node.value)

    def indices(self, node: Node, size: int | None = None) -> list[int]:
        return [self.response(child) for child in node.elements(size)]

    def response(self, node: Node) -> int:
        return self.named(node, node.typed(str, "a name"))

    def named(self, node: Node, name: str) -> int:
        node.expect(name in self.index, "unknown-response", f"{name[:60]!a} is no response")
        return self.index[name]

    def members(self, node: Node) -> dict[int, Node]:
        """The members of an object whose keys are responses."""
        return {self.named(child, name): child for name, child in node.members().items()}

    def numbers(self, node: Node) -> tuple[dict[int, int], int]:
        """Rationals by response, as integers over a scale."""
        given = self.members(node)
        numbers, scale = node.common_scale([child.rational() for child in given.values()])
        return dict(zip(given, numbers, strict=True)), scale

    def call(self, positions: abc.Sequence[int]) -> str:
        names = [ascii(self.names[y][:60]) for y in positions[:20]]
        return f"({', '.join(names)}{', ...' * (len(positions) > 20)})"


def dot(row: abc.Iterable[int], column: abc.Iterable[int]) -> int:
    return sum(map(int.__mul__, row, column))


def longest(numbers: abc.Iterable[int]) -> int:
    """Bits of the longest of the integers."""
    return max(map(int.bit_length, numbers))


def digest(value: object) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


class Masses:
    """A point of the simplex, as integers over `unit`; the masses it lists are positive.

    sums[places[u][r]] is that of user u's class r and all below; places[u] ends with the empty sum.
    Equal sums share a place, found by their text: integers' hashes can be made to collide."""

    def __init__(self, node: Node, population: Population) -> None:
        given = population.members(node)
        shares, self.unit = node.shares(given.values())
        listed = dict(zip(given, shares, strict=True))
        self.node, self.population = node, population
        steps = population.n * len(population.users) + 67 * (population.n + population.size)
        node.spend(steps, 2 * self.unit.bit_length())
        self.of = [listed.get(y, 0) for y in range(population.n)]
        self.support = {y: i for i, y in enumerate(sorted(listed))}
        self.places, known = [], dict[str, int]()
        for ranking in population.rankings:
            masses = (sum(self.of[y] for y in tied) for tied in reversed(ranking))
            row = [known.setdefault(hex(s), len(known)) for s in accumulate(masses, initial=0)]
            self.places.append(row[::-1])
        self.sums = [int(text, 16) for text in known]


# ---- Kinds of claims -----------------------------------------------------------------------------

READERS: dict[str, abc.Callable[[Node], object]] = {
    "k": lambda node: node.integer(1),
    "l": lambda node: node.integer(1),
    "ties": lambda node: node.one_of(SEEN_BY_OPPONENT),
    "relation": lambda node: node.one_of(["<=", "=", ">="]),
    "bound": lambda node: node.rational(),
    "unique": lambda node: node.typed(bool, "true or false"),
}
Check = abc.Callable[[Node, Node, Any], None]
KINDS: dict[str, tuple[list[str], str, Check]] = {}


def kind(form: str, words: str) -> abc.Callable[[Check], Check]:
    """Registers a kind: its name and further keys, its sentence, and its check. What READERS know
    of a claim has been read when the check is called; the rest is up to the check."""

    def register(check: Check) -> Check:
        name, *keys = form.split()
        KINDS[name] = keys, words, check
        return check

    return register


# ---- Win rates -----------------------------------------------------------------------------------


@dataclass
class Contest:
    """One side is fixed, a mixture of tuples or k draws of product policies. Of the other side, a
    tuple, a user sees only the rank r of its best class and the number c of its positions there:
    value(u, r, c) / scale is the chance that she picks one of them.

    scale = whole * unit^power. If single responses that share ties meet draws from just one product
    policy, it is `drawn`, and fixed point settles what is clear."""

    node: Node
    population: Population
    value: abc.Callable[..., int]
    whole: int
    unit: int
    power: int = 1
    drawn: Masses | None = None

    @cached_property
    def bits(self) -> int:
        return self.power * self.unit.bit_length() + self.whole.bit_length()

    @cached_property
    def scale(self) -> int:
        self.node.spend(1, self.bits, self.bits)
        return self.whole * int(self.unit**self.power)

    def picked(self, positions: abc.Sequence[int]) -> int:
        """population.total * scale times the chance that a user picks one of the positions."""
        seen = zip(*(self.population.ranks[y] for y in positions), strict=True)
        values = [self.value(u, r := min(s), s.count(r)) for u, s in enumerate(seen)]
        return dot(self.population.weights, values)

    def pay(self, tuples: int, size: int) -> None:
        """For so many calls of `picked`; calls of `value` pay for themselves."""
        steps = 32 + size + len(self.population.users) * (4 + size)
        self.node.spend(tuples * steps, self.population.bits, self.bits)

    def chance(self, positions: abc.Sequence[int]) -> Fraction:
        """The chance that a user picks one of the positions."""
        self.pay(1, len(positions))
        return self.node.ratio(self.picked(positions), self.population.total * self.scale)

    def above(self, bound: Fraction, size: int) -> abc.Iterator[abc.Sequence[int]]:
        """The multisets of `size` positions that are picked with a chance above the bound."""
        n, total = self.population.n, self.population.total
        if self.drawn and size == 1:
            fine = fine_enough(self.unit, self.power)
            U, _, error = utilities(self.drawn, self.power, fine, {})
            clear = math.floor(bound * (self.power + 1) * (1 << fine)) - error
            unclear = ((y,) for y, value in enumerate(U) if value > clear)
            return (positions for positions in unclear if self.chance(positions) > bound)
        few = min(n - 1, size) <= 64  # else the binomial is astronomical, and slow to compute
        self.node.expect(few, "work", f"too many tuples of {size} positions", "OVER_BUDGET")
        self.pay(math.comb(n - 1 + size, size), size)
        limit = math.floor(bound * total * self.scale)
        multisets = combinations_with_replacement(range(n), size)
        return (positions for positions in multisets if self.picked(positions) > limit)

    def require_none_above(self, bound: Fraction, size: int, code: str, node: Node) -> None:
        """Every multiset of `size` positions is picked with a chance of at most `bound`."""
        for worst in self.above(bound, size):
            what = f"chance that {self.population.call(worst)} is picked"
            node.require(code, what, self.chance(worst), "<=", bound)


def part(own: int, other: int, ties: str, whole: int) -> int:
    """What `own` positions take of a tie with `other` positions, if all of it counts `whole`."""
    shared = {"uniform": own * whole // (own + other), "win": whole, "half": whole // 2, "lose": 0}
    return shared[ties]


def read_mixture(
    node: Node, size: int, population: Population
) -> tuple[list[Counter[tuple[int, int]]], int]:
    """For every user the masses of the tuples, by the rank and the number of their best positions
    for her; and the sum of the masses."""
    pairs = node.pairs()
    tuples = [population.indices(names, size) for names, _ in pairs]
    masses, unit = node.shares(mass for _, mass in pairs)
    met = [Counter[tuple[int, int]]() for _ in population.users]
    node.spend(len(tuples) * (16 + size) * len(met))
    node.spend(256 * len(met) * min(len(tuples), population.n * size), unit.bit_length())
    for positions, mass in zip(tuples, masses, strict=True):
        seen = zip(*(population.ranks[y] for y in positions), strict=True)
        for masses_met, s in zip(met, seen, strict=True):
            masses_met[min(s), s.count(min(s))] += mass
    return met, unit


def mixture_contest(node: Node, population: Population, size: int, most: int, ties: str) -> Contest:
    """Tuples of up to `most` positions against a mixture of `size`-tuples."""
    met, unit = read_mixture(node, size, population)
    node.spend(size + most, 2 * (size + most))
    whole = math.lcm(*range(1, size + most + 1)) if ties == "uniform" else 2
    bits = whole.bit_length() + unit.bit_length()

    @cache
    def value(u: int, r: int, c: int) -> int:
        node.spend(256 + 8 * len(met[u]), bits)
        entries = (entry for entry in met[u].items() if entry[0][0] >= r)
        return sum(m * (whole if s > r else part(c, d, ties, whole)) for (s, d), m in entries)

    return Contest(node, population, value, whole, unit)


def product_contest(
    node: Node, k: int, most: int, ties: str, drawn: list[tuple[int, Masses]]
) -> Contest:
    """Tuples of up to `most` positions against k draws from one of several product policies, which
    is drawn by the given shares. value(u, r, c, extra) has so many `extra` positions, of others, in
    the tuple's best class; c + extra is at most `most`."""
    scales, unit = node.common_scale([Fraction(1, masses.unit) for _, masses in drawn])
    node.spend(most, 64 * most)
    whole = math.perm(k + most, most) if ties == "uniform" else 2
    total, only = sum(share for share, _ in drawn), drawn[0][1]
    bits = (k + most) * unit.bit_length() + (whole * total).bit_length()
    node.spend(2 * (len(drawn) - 1), bits, bits)
    factors = [share * int(s**k) for (share, _), s in zip(drawn, scales, strict=True)]

    @cache
    def integral(t: int, below: int, upto: int, c: int, extra: int) -> int:
        """That of c t^(c-1) t^extra (L + t p)^k over [0, 1], L and L + p being sums of masses.

        With I(j, m) the integral of j t^(j-1) (L + t p)^m, and L^m for j = 0, by parts
        (m+1) p I(j, m) = j (L + p)^(m+1) - j I(j-1, m+1). The integrals of t^(j-1) (L + t p)^m are
        integers over (m+1) ... (m+j), which divides `whole` as j + m <= k + most."""
        low, top, j = drawn[t][1].sums[below], drawn[t][1].sums[upto], c + extra
        node.spend(256, bits)
        node.spend(1 + j, bits, bits)
        if ties != "uniform":
            return whole * int(low**k) + part(c, 1, ties, whole) * int(top**k - low**k)
        parts = range(1, j + 1 if top > low else 1)
        result = whole * int(low ** (k + len(parts)))
        for i in parts:
            m = k + j - i
            result = i * (whole * int(top ** (m + 1)) - result) // ((m + 1) * (top - low))
        return result * c // j

    def value(u: int, r: int, c: int, extra: int = 0) -> int:
        node.spend(len(drawn), bits)
        places = (masses.places[u] for _, masses in drawn)
        seen = (integral(t, p[r + 1], p[r], c, extra) for t, p in enumerate(places))
        return dot(factors, seen)

    alone = only if len(drawn) == 1 and ties == "uniform" else None
    return Contest(node, only.population, value, whole * total, unit, k, alone)


def contest_of(policy: Node, k: int, most: int, ties: str, population: Population) -> Contest:
    """Tuples of up to `most` positions against the policy of a claim."""
    kind = next((kind for kind in ("joint", "product", "mixture") if kind in policy.members()), "")
    policy.expect(kind, "policy", "expected one of joint, product, mixture")
    (node,) = policy.keys(kind)
    if kind == "joint":
        return mixture_contest(node, population, k, most, ties)
    if kind == "product":
        return product_contest(node, k, most, ties, [(1, Masses(node, population))])
    pairs = node.pairs()
    shares, _ = node.shares(share for share, _ in pairs)
    drawn = [(s, Masses(m, population)) for s, (_, m) in zip(shares, pairs, strict=True)]
    return product_contest(node, k, most, ties, drawn)


@kind(
    "win-rate k l ties policy relation bound",
    "the worst win rate of this {k}-output policy against {l} outputs, {ties} ties, is {relation}"
    " {bound}",
)
def check_win_rate(claim: Node, witness: Node, population: Population) -> None:
    k, l, relation, bound = (claim[key].value for key in ("k", "l", "relation", "bound"))
    seen = SEEN_BY_OPPONENT[claim["ties"].value]
    contest = contest_of(claim["policy"], k, l, seen, population)
    if relation == ">=":
        witness.keys()
    else:
        (opponent,) = witness.keys("opponent")
        chance = contest.chance(population.indices(opponent, l))
        opponent.require("not-attained", "win rate", 1 - chance, relation, Fraction(bound))
    if relation != "<=":
        contest.require_none_above(1 - Fraction(bound), l, "win-rate", claim["bound"])


@kind(
    "joint-upper-bound k l ties bound",
    "no {k}-output policy has a worst win rate against {l} outputs, {ties} ties, above {bound}",
)
def check_joint_upper_bound(claim: Node, witness: Node, population: Population) -> None:
    k, l, ties, bound = (claim[key].value for key in ("k", "l", "ties", "bound"))
    (mixture,) = witness.keys("mixture")
    contest = mixture_contest(mixture, population, l, k, ties)
    contest.require_none_above(Fraction(bound), k, "joint-upper-bound", claim["bound"])


@kind(
    "product-upper-bound k l ties bound",
    "no policy sampled {k} times has a worst win rate against {l} outputs, {ties} ties, above"
    " {bound}",
)
def check_product_upper_bound(claim: Node, witness: Node, population: Population) -> None:
    """P_y is the chance that the mixture's tuple is picked against y and k - 1 draws from the
    point, and P the same against k draws."""
    k, l, _ = claim["k"].value, claim["l"].value, claim["ties"].one_of(["uniform"])
    mixture, point = witness.keys("mixture", "point")
    met, unit = read_mixture(mixture, l, population)
    masses = Masses(point, population)
    contest = product_contest(point, k - 1, l + 1, "uniform", [(1, masses)])
    steps = sum(map(len, met)) * (population.n + 16)
    point.spend(steps, contest.bits, population.bits + unit.bit_length())
    P = [0] * population.n
    for u, weight in enumerate(population.weights):
        for (r, c), mass in met[u].items():
            alone, joined = (weight * mass * contest.value(u, r, c, extra) for extra in (0, 1))
            for y, ranks in enumerate(population.ranks):
                if ranks[u] >= r:
                    P[y] += joined if ranks[u] == r else alone
    gain = (k - 1) * dot(P, masses.of) - k * masses.unit * min(P)
    reach = 1 + point.ratio(gain, population.total * unit * contest.scale * masses.unit)
    what = "1 + (k-1) P - k min_y P_y"
    claim["bound"].require("product-upper-bound", what, reach, "<=")


@kind(
    "limit policy bound",
    "the worst win rate of this policy, sampled k times, tends to {bound} as k grows",
)
def check_limit(claim: Node, witness: Node, population: Population) -> None:
    witness.keys()
    (policy,) = claim["policy"].keys("product")
    worst = policy.ratio(max(overruled(Masses(policy, population))), population.total)
    claim["bound"].require("limit", "limit of the worst win rate", 1 - worst, "=")


def overruled(masses: Masses) -> list[int]:
    """For every response y the weight of the users who put it above the whole support; u_y falls
    to their share as k grows."""
    population, support = masses.population, masses.support
    steps = len(population.users) * (len(support) + population.n)
    masses.node.spend(steps, population.bits)
    best = list(map(min, zip(*(population.ranks[z] for z in support), strict=True)))
    return [dot(population.weights, map(int.__lt__, r, best)) for r in population.ranks]


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


def utilities(
    masses: Masses, k: int, fine: int, rows: dict[int, int]
) -> tuple[list[int], list[list[int]], int]:
    """U_y = (k+1) u_y at the masses, for all y, and A = (x_j dU_i/dx_j) on `rows`, which are the
    support or nothing, in units of 2^-fine, and a bound for the error of each.

    With N = k + 1 and S = L + p, U_y is the users' average of Q = (S^N - L^N)/p, where
    dQ/dL = N (S^k - L^k)/p and dQ/dp = (N S^k - Q)/p; Q = N L^k where p = 0."""
    N, population, unit, sums = k + 1, masses.population, masses.unit, masses.sums
    masses.node.spend(population.size * (96 + 8 * k.bit_length() + len(rows)), fine, fine)
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
    error = (lost * N + lost * (N + most) + 2) * most + 3  # of the derivatives; U's is smaller
    x = [masses.of[y] for y in rows]
    A = [[v * x_j // (population.total * unit) for v, x_j in zip(row, x, strict=True)] for row in A]
    return [value // population.total for value in U], A, error


@kind(
    "equilibrium k centre delta",
    "within the relative radius {delta} of the centre lies a symmetric equilibrium of the"
    " {players}-player alignment game; sampled {k} times it wins at least {k}/{players}",
)
def check_equilibrium(claim: Node, witness: Node, population: Population) -> None:
    require_equilibrium(claim["k"].value, population, claim, witness)


def require_exact(k: int, masses: Masses) -> Masses:
    contest = product_contest(masses.node, k, 1, "uniform", [(1, masses)])
    contest.require_none_above(Fraction(1, k + 1), 1, "not-equilibrium", masses.node)
    return masses


def require_equilibrium(
    k: int, population: Population, box: Node, proof: Node | None = None
) -> Masses:
    """A symmetric equilibrium with the support of the centre x lies in x (1 +- delta); it is x
    itself if delta = 0. Any matrix will do as `inverse`. Returns the centre's Masses."""
    witness = proof or box.keys("centre", "delta", "witness")[2]
    centre, radius = box["centre"], box["delta"]
    masses, delta = Masses(centre, population), radius.rational()
    radius.expect(0 <= delta < 1, "out-of-range", "delta lies in [0, 1)")
    if not delta:
        witness.keys()
        return require_exact(k, masses)
    inverse, boundary = witness.keys("inverse", "boundary")
    radius.require("contraction", "k delta", k * delta, "<=", 1)
    fine = fine_enough(masses.unit, k) + delta.denominator.bit_length()
    one, size = 1 << fine, len(masses.support)
    centre.spend(128 * size**2, fine + population.bits)
    rows = [[v.rational() for v in row.elements(size)] for row in inverse.elements(size)]
    Y = [[(v.numerator << fine) // v.denominator for v in row] for row in rows]
    centre.spend(size**3, fine, max(map(longest, Y)))
    U, A, error = utilities(masses, k, fine, masses.support)
    columns = list(zip(*A, strict=True))
    beta = g0 = K = 0
    for i, row in enumerate(Y):
        sizes = [abs(v) for v in row]
        lost = sum(sizes) * error
        product = [dot(row, column) - one * one * (i == j) for j, column in enumerate(columns)]
        beta = max(beta, abs(dot(row, (U[y] - one for y in masses.support))) + lost)
        g0 = max(g0, sum(map(abs, product)) + lost * size)
        K = max(K, k * (dot(sizes, (U[y] for y in masses.support)) + lost))
    scaled = delta.denominator + delta.numerator, delta.denominator
    growth, stretch = (power(*scaled, exponent, fine, up=True) for exponent in (k - 1, k))
    most = Fraction(beta + (g0 + K * Fraction(growth - one, one)) * delta, one * one)
    inverse.require("contraction", "beta + (g0 + K ((1+delta)^(k-1) - 1)) delta", most, "<", delta)
    hints = population.members(boundary)
    for y, value in enumerate(U):
        if y in hints:
            hints[y].expect(y not in masses.support, "boundary", "the response is in the support")
            require_face_bound(k, y, hints[y], masses)
        elif y not in masses.support:
            reach = (value + error) * stretch
            what = f"off the support, {population.call([y])}: U (1+delta)^k"
            centre.require_over(one * one, "off-support", what, reach, "<", one * one)
    return masses


def require_face_bound(k: int, y: int, hint: Node, masses: Masses) -> None:
    """U_y <= 1 at each point of the face that has U = 1 on the support, by a formal identity.

    On the face U_y is a sum of terms (below, own), subsets of the support. The hinted multiples of
    support responses' terms are subtracted; what is left has to be constant: below = the whole
    support stands for k + 1, own = the whole support for 1, neither for 0."""
    population, support, terms = masses.population, masses.support, Counter[tuple[str, str]]()
    multiples, scale = population.numbers(hint)
    hint.expect(multiples.keys() <= support.keys(), "boundary", "a multiple is off the support")
    hint.spend(population.size * (64 + len(support)), scale.bit_length() + population.bits)
    for weight, ranking in population.ballots:
        below = 0  # the subsets are integers, a bit a response, kept as text as in Masses
        for tied in reversed(ranking):
            own = sum(1 << support[z] for z in tied if z in support)
            factor = scale * (y in tied) - sum(multiples.get(z, 0) for z in tied)
            terms[hex(below), hex(own)] += factor * weight
            below |= own
    bound, whole = population.total * sum(multiples.values()), population.total * scale
    for term, value in {(below, 0): k + 1, (0, below): 1, (0, 0): 0}.items():
        weight = terms.pop((hex(term[0]), hex(term[1])), 0)
        bound += value * weight
    left = next(filter(None, terms.values()), 0)
    hint.require_over(scale, "boundary", "weight of a term left by the identity", left, "=", 0)
    hint.require_over(whole, "boundary", "U on the face", bound, "<=", whole)


@kind(
    "dictatorship-distance k bound",
    "a symmetric equilibrium pi of the {players}-player alignment game and the shares s of first"
    " places have |pi - s|_1 <= {bound} <= 2 sum_y s_y (1 - pi_y)^{players}",
)
def check_dictatorship_distance(claim: Node, witness: Node, population: Population) -> None:
    """Both sides at their worst in the box."""
    (equilibrium,), k, bound = witness.keys("equilibrium"), claim["k"].value, claim["bound"]
    masses = require_equilibrium(k, population, equilibrium)
    strict = population.n * len(population.users)
    equilibrium.require("strict", "number of classes", population.size, "=", strict)
    delta, first = Fraction(equilibrium.value["delta"]), Counter[int]()
    for weight, ranking in population.ballots:
        first[ranking[0][0]] += weight
    bits = (k + 1) * (masses.unit * delta.denominator).bit_length() + population.bits
    equilibrium.spend(64 * population.n, bits, bits)  # for sums of rationals too
    distance = least = Fraction(0)
    for y, mass in enumerate(masses.of):
        x, s = Fraction(mass, masses.unit), Fraction(first[y], population.total)
        distance += max(abs(x * (1 + shift) - s) for shift in (-delta, delta))
        least += 2 * s * max(1 - x * (1 + delta), Fraction(0)) ** (k + 1)
    bound.require("distance", "|pi - s|_1", distance, "<=")
    bound.require("distance", "2 sum of s (1 - pi)^(k+1)", least, ">=")


# ---- Uniqueness ----------------------------------------------------------------------------------


@kind(
    "unique-equilibrium k unique",
    "that the {players}-player alignment game has just one symmetric equilibrium is {unique}",
)
def check_unique_equilibrium(claim: Node, witness: Node, population: Population) -> None:
    k, unique = claim["k"].value, claim["unique"].value
    proofs = SEVERAL if not unique else ONE if k > 1 else ONE_LOTTERY
    given = next((keys for keys in proofs if set(keys) == set(witness.members())), ())
    witness.expect(given, "witness", f"expected the keys {' or '.join(map(str, proofs))}")
    proofs[given](k, population, *witness.keys(*given))


def require_rank(rows: list[list[int]], least: int, node: Node, what: str) -> None:
    """The rank modulo a prime is a lower bound; the second serves where the first hides it."""
    found = 0
    for prime in PRIMES:
        if found < least:
            node.spend(4 * len(rows) ** 2 * max(map(len, rows), default=0))
            found = max(found, rank(rows, prime))
    node.require("rank", what, found, ">=", least)


def rank(rows: list[list[int]], prime: int) -> int:
    """That of the integer matrix modulo the prime, by elimination."""
    pivots: list[tuple[int, list[int]]] = []
    for row in rows:
        row = [value % prime for value in row]
        for j, pivot in pivots:
            if factor := row[j]:
                row = [(a - factor * b) % prime for a, b in zip(row, pivot, strict=True)]
        if any(row):
            lead = next(j for j, value in enumerate(row) if value)
            inverse = pow(row[lead], -1, prime)
            pivots.append((lead, [value * inverse % prime for value in row]))
    return len(pivots)


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
    node.spend(64 * len(columns) ** 2 + sum(map(len, classes)))
    rows = [[int(y in tied) for y in columns] for tied in map(set, classes)]
    require_rank(rows, len(columns), node, "rank of the classes on the responses")


def one_by_support(
    k: int, population: Population, equilibrium: Node, classes: Node, combination: Node
) -> None:
    """The combination shows that d vanishes off the support, the classes that it does on it."""
    masses = require_equilibrium(k, population, equilibrium)
    one_by_classes(k, population, classes, *masses.support)
    pairs = combination.pairs()
    chosen = [read_class(place, population) for place, _ in pairs]
    numbers, scale = combination.common_scale([number.rational() for _, number in pairs])
    combination.spend(64 * (population.n + sum(map(len, chosen))), scale.bit_length())
    vector = [0] * population.n
    for tied, number in zip(chosen, numbers, strict=True):
        for y in tied:
            vector[y] += number
    for y, value in enumerate(vector):
        what = f"combination at {population.call([y])}"
        relation = "=" if y in masses.support else ">"
        combination.require_over(scale, "combination", what, value, relation, 0)


def one_lottery(k: int, population: Population, equilibrium: Node) -> Masses:
    """The kernel test for k = 1: strict off the support, on it one-dimensional."""
    masses = require_equilibrium(k, population, equilibrium)
    equilibrium.expect(equilibrium.value["delta"] == "0", "witness", "for k = 1 delta is 0")
    n, T, ranks, weights = population.n, masses.support, population.ranks, population.weights
    steps = 2 * len(population.users) * n * len(T)
    equilibrium.spend(steps, population.bits + masses.unit.bit_length())

    def above(y: int, z: int) -> int:
        return dot(weights, map(int.__lt__, ranks[y], ranks[z]))

    margins = [[above(y, z) - above(z, y) for z in T] for y in range(n)]
    x, half = [masses.of[z] for z in T], population.total * masses.unit
    for y in sorted(set(range(n)) - T.keys()):
        lead, what = dot(margins[y], x), f"off the support, {population.call([y])}: u"
        equilibrium.require_over(2 * half, "not-strict", what, half + lead, "<", half)
    rows = [margins[y] for y in T]
    require_rank(rows, len(T) - 1, equilibrium, "rank of the margins on the support")
    return masses


def several_given(k: int, population: Population, equilibria: Node) -> None:
    first, second = equilibria.elements(2)
    for node in (first, second):
        require_exact(k, Masses(node, population))
    differ = first.value != second.value  # a policy can be written in one way only
    equilibria.expect(differ, "same", "first equilibrium != second fails", "REJECTED")


def several_along(k: int, population: Population, equilibrium: Node, direction: Node) -> None:
    """The equilibrium can be moved a little, and no user's class changes its mass."""
    masses = require_equilibrium(k, population, equilibrium)
    step, scale = population.numbers(direction)
    direction.expect(any(step.values()), "direction", "direction != 0 fails", "REJECTED")
    for y in sorted(step.keys() - masses.support.keys()):
        what = f"off the support, {population.call([y])}: direction"
        direction.require_over(scale, "direction", what, step[y], ">=", 0)
    direction.spend(len(population.users) * population.n, scale.bit_length())
    for u, ranking in enumerate(population.rankings):
        for tied in ranking:
            moved = sum(step.get(y, 0) for y in tied)
            what = f"user {u}, {population.call(tied)}: sum of the direction"
            direction.require_over(scale, "direction", what, moved, "=", 0)


Proofs = dict[tuple[str, ...], abc.Callable[..., object]]
ONE: Proofs = {("classes",): one_by_classes}
ONE[("equilibrium", "classes", "combination")] = one_by_support
ONE_LOTTERY: Proofs = {("equilibrium",): one_lottery}
SEVERAL: Proofs = {("equilibria",): several_given, ("equilibrium", "direction"): several_along}


@kind(
    "nlhf-ceiling bound",
    "NLHF has one policy, whose worst win rate is at most {bound}, however often it is sampled",
)
def check_nlhf_ceiling(claim: Node, witness: Node, population: Population) -> None:
    """The unique maximal lottery against one response; its utility falls with k to its limit."""
    equilibrium, opponent = witness.keys("equilibrium", "opponent")
    y, lottery = population.response(opponent), one_lottery(1, population, equilibrium)
    lost = opponent.ratio(overruled(lottery)[y], population.total)
    claim["bound"].require("nlhf-ceiling", "limit of the win rate", 1 - lost, "<=")


# ---- Algebraic equilibria ------------------------------------------------------------------------


@kind(
    "algebraic-equilibrium k polynomial interval masses",
    "these algebraic numbers of degree at most {degree} are a symmetric equilibrium of the"
    " {players}-player alignment game; sampled {k} times it wins at least {k}/{players}",
)
def check_algebraic_equilibrium(claim: Node, witness: Node, population: Population) -> None:
    """Masses are polynomials in a root alpha of the modulus, the only one in the interval; both
    are kept as integers over a scale, and so is U, over `whole`."""
    witness.keys()
    polynomial, interval, masses = (claim[key] for key in ("polynomial", "interval", "masses"))
    field, _ = polynomial.common_scale([c.rational() for c in polynomial.elements()])
    ends, unit = interval.common_scale([end.rational() for end in interval.elements(2)])
    polynomial.expect(len(field) > 1 and field[-1], "polynomial", "expected a degree of 1 or more")
    interval.expect(ends[0] < ends[1], "out-of-range", "the interval is empty")
    field = [-c for c in field] if field[-1] < 0 else field
    d, given = len(field) - 1, population.members(masses)
    numbers = [c.rational() for node in given.values() for c in node.elements(d)]
    masses.expect(numbers, "empty", "no masses")
    flat, scale = masses.common_scale(numbers)
    x = {y: flat[i * d : i * d + d] for i, y in enumerate(given)}

    span = ends[0], ends[1], unit
    values = [enclosed(field, (end, end, unit), masses)[0] for end in ends]
    slopes = enclosed([i * c for i, c in enumerate(field)][1:], span, masses)
    for what, pair, sign in (("values at the ends", values, "<"), ("slope's bounds", slopes, ">")):
        product = pair[0] * pair[1]
        interval.require("isolating", f"multiple of the product of the {what}", product, sign, 0)
    for y, element in x.items():
        least, _ = enclosed(element, span, masses)
        given[y].require("positive", "multiple of the mass, at least", least, ">", 0)
    one = [1, *[0] * (d - 1)]
    excess = [sum(column) - scale * c for *column, c in zip(*x.values(), one, strict=True)]
    most = Fraction(max(excess, key=abs), scale)
    masses.require("sum", "sum of the masses less 1: a coefficient", most, "=", 0)

    masses.spend(64 * d * (population.n + 4))  # U and its sums are kept
    k, U = claim["k"].value, [[0] * d for _ in population.names]
    bits = k * (scale.bit_length() + d * field[-1].bit_length())
    masses.spend(population.size * k)
    masses.spend(1, bits, bits)
    whole = population.total * (scale * field[-1] ** (d - 1)) ** k
    for weight, ranking in population.ballots:
        S = [0] * d
        for tied in reversed(ranking):
            L, S = S, [sum(row) for row in zip(S, *(x[y] for y in tied if y in x), strict=True)]
            Q = top = one  # sum of S^i L^(j-i), S^j
            for _ in range(k):
                top = multiply(top, S, field, masses)
                Q = list(map(int.__add__, top, multiply(Q, L, field, masses)))
            masses.spend(64 * len(tied) * d, longest(Q) + population.bits)
            for y in tied:
                U[y] = [u + weight * q for u, q in zip(U[y], Q, strict=True)]
    for y, utility in enumerate(U):
        slack = [whole * c - u for c, u in zip(one, utility, strict=True)]
        what = f"1 - U at {population.call([y])}"
        if y in x:
            left, what = max(slack, key=abs), f"{what}: a coefficient"
            masses.require_over(whole, "not-equilibrium", what, left, "=", 0)
        elif any(slack):
            least, _ = enclosed(slack, span, masses)
            masses.require("not-equilibrium", f"multiple of {what}", least, ">", 0)


def enclosed(polynomial: list[int], span: tuple[int, int, int], node: Node) -> tuple[int, int]:
    """Bounds of a polynomial, constant term first, on [low/unit, high/unit], times a power."""
    (low, high, unit), least, most, scale = span, 0, 0, 1
    for coefficient in reversed(polynomial):
        node.spend(64, longest((least, most, scale)), longest((*span, coefficient)))
        values = least * low, least * high, most * low, most * high
        least, most = (end(values) + coefficient * scale for end in (min, max))
        scale *= unit
    return least, most


def multiply(a: list[int], b: list[int], modulus: list[int], node: Node) -> list[int]:
    """a b modulo the polynomial of degree d, times the (d-1)th power of its leading coefficient."""
    d, grown = len(modulus) - 1, longest(a) + longest(b) + len(modulus) * longest(modulus)
    node.spend(64 + 16 * d * d, grown, longest([*b, *modulus]))
    result = [0] * (2 * d - 1)
    for i, c in enumerate(a):
        for j, e in enumerate(b):
            result[i + j] += c * e
    while len(result) > d:
        lead = result.pop()
        result = [modulus[-1] * c for c in result]
        for j, c in enumerate(modulus[:-1], len(result) - d):
            result[j] -= lead * c
    return result


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
        counts.spend(512 * len(numbers), 64 * len(numbers))
        return numbers

    def rate(self, counts: list[int], ties: str) -> Fraction:
        """W(S, y) for S that holds m responses so often and y random (or the other way round). In
        m of m + 1 orders a y outside of S loses; inside, it is best of S in one order of m."""
        m, inside = len(counts), Fraction(len(counts) - 1)
        for c in counts:
            inside += Fraction(part(c, 1, ties, 2 * c + 2), (2 * c + 2) * m)
        return (Fraction((self.n - m) * m, m + 1) + inside) * Fraction(1, self.n)


def check_uniform_win_rate(claim: Node, witness: Node, population: UniformRankings) -> None:
    witness.keys()
    rate = population.rate(population.read(claim["policy"], claim["k"].value), claim["ties"].value)
    claim["bound"].require("win-rate", "win rate", rate, claim["relation"].value)


def check_uniform_upper_bound(claim: Node, witness: Node, population: UniformRankings) -> None:
    population.read(witness.keys("mixture")[0], 1)
    k, ties = claim["k"].value, claim["ties"].value
    for counts in partitions(k, population.n, k):
        claim.spend(768 + 192 * len(counts))
        rate, what = population.rate(counts, ties), f"multiplicities {counts[:20]}: win rate"
        claim["bound"].require("joint-upper-bound", what, rate, "<=")


UNIFORM = {"win-rate": check_uniform_win_rate, "joint-upper-bound": check_uniform_upper_bound}


def partitions(total: int, most: int, largest: int) -> abc.Iterator[list[int]]:
    """The ways to write a number as a sum of at most `most` numbers that do not increase."""
    for first in range(min(total, largest), (total - 1) // most, -1):
        for rest in partitions(total - first, most - 1, first) if total > first else [[]]:
            yield [first, *rest]


# ---- Verdicts, the command -----------------------------------------------------------------------


def words(claim: dict[str, Any]) -> str:
    """A well-formed claim as a sentence."""
    told = {key: show(Fraction(claim[key])) for key in {"bound", "delta"} & claim.keys()}
    told |= {"players": str(claim.get("k", 0) + 1), "unique": str(claim.get("unique")).lower()}
    told["degree"] = str(len(claim.get("polynomial", "?")) - 1)
    return KINDS[claim["kind"]][1].format(**{**claim, **told})


def check_certificate(node: Node, populations: dict[str, Any]) -> dict[str, Any]:
    """The verdict on one claim; its hash binds the claim to its population's contents."""
    about, outcome = dict[str, str](), {"verdict": "ACCEPTED"}
    try:
        claim, witness = node.keys("claim", "witness")
        named = {"kind", "population"} <= claim.members().keys()
        claim.expect(named, "missing-key", "the keys 'kind' and 'population' are needed")
        name = claim["kind"].one_of(KINDS)
        population = populations[claim["population"].one_of(populations)]
        about["kind"] = name
        about["sha256"] = digest({**claim.value, "population": population.sha256})
        keys, _, check = KINDS[name]
        claim.keys("kind", "population", *keys)
        for key in filter(READERS.get, keys):
            READERS[key](claim[key])
        if isinstance(population, UniformRankings):
            claim["population"].expect(name in UNIFORM, "population", "expected users")
            claim["l"].expect(claim["l"].value == 1, "out-of-range", "here l is 1")
            check = UNIFORM[name]
        check(claim, witness, population)
    except NotAcceptedError as reason:
        outcome = reason.line
    except MemoryError:
        outcome = dict(OUT_OF_MEMORY)
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
        populations: dict[str, Population | UniformRankings] = {}
        for name, node in about.members().items():
            uniform = "uniform_rankings" in node.members()
            populations[name] = UniformRankings(node) if uniform else Population(node)
        parts.expect(parts.elements(), "empty", "no certificates")
        for index, node in enumerate(parts.elements()):
            node.budget = dict(budget)  # each claim has the whole budget for itself
            yield line | {"index": index} | check_certificate(node, populations)
    except NotAcceptedError as reason:
        yield line | reason.line
    except MemoryError:
        yield line | OUT_OF_MEMORY


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
