"""The trusted checker of ualign certificates: standard library only, imports nothing of ours.

    python -I -S -B verify/ualign/checker.py [--max-{bytes,depth,digits,work}=N]... FILE...
    python -I -S -B verify/ualign/checker.py --price FILE...

Everything is rebuilt from the claim. Parts I (reading) and II (prices) can only refuse; III
(numbers) computes, exactly or rounded outward; IV (kinds) alone decides, by the relations that it
yields; V is the command. So for ACCEPTED to mean true, III and IV have to be right, and I has to
return what the file says. SPEC.md is the format.

One line a claim: the verdict, then a JSON object; with --price only the object, with the steps of
work that checking will take (and more if rounding leaves a close call to be decided exactly that a
true claim need not leave). Exit codes: 0 all ACCEPTED (or priced), 10 a REJECTED, 11 a MALFORMED,
12 an OVER_BUDGET (the first of these that occurs, in this order), 64 bad usage. Any other exit code
is no verdict.
"""

import gc
import hashlib
import json
import math
import re
import sys
from bisect import bisect_right
from collections import Counter, abc, defaultdict
from fractions import Fraction
from functools import cache, lru_cache
from itertools import (
    accumulate,
    chain,
    combinations_with_replacement,
    count,
    islice,
    pairwise,
    product,
)
from typing import Any, NamedTuple, Self

# ---- I. Reading: nothing is trusted, key sets are closed; can only refuse ------------------------

EXIT = {"REJECTED": 10, "MALFORMED": 11, "OVER_BUDGET": 12, "ACCEPTED": 0}  # the gravest first
BUDGET = {"bytes": 1 << 26, "depth": 16, "digits": 50_000, "work": 1_000_000_000}
DEEPEST = 500  # whatever the budget, since the json module and this one recurse
MEMORY = 1 << 30  # bytes that the values of a file may take, or 16 for each of its own bytes
TURNS = {ord(sign): turn for sign, turn in {"[": 1, "{": 1, "]": -1, "}": -1}.items()}
NO_BRACKETS = bytes(set(range(256)) - TURNS.keys())
SURROGATE = re.compile("[\ud800-\udfff]")
CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"))
RATIONAL = re.compile(r"-?(0|[1-9][0-9]*)(/[1-9][0-9]*)?", re.ASCII)
Positions = abc.Sequence[int]


class NotAcceptedError(Exception):
    """Why there is no ACCEPTED: verdict, code, JSON pointer, what failed, both exact sides."""

    def __init__(self, **line: str | int) -> None:
        self.line = line


class Node:
    """A JSON value and the keys that lead to it; every reader returns what it says or raises."""

    __slots__ = "budget", "place", "value"

    def __init__(self, value: Any, place: tuple[str | int, ...], budget: dict[str, int]) -> None:
        self.value, self.place, self.budget = value, place, budget

    def __getitem__(self, key: str | int) -> Self:
        return type(self)(self.value[key], (*self.place, key), self.budget)

    def expect(
        self, holds: object, code: str, detail: str, verdict: str = "MALFORMED", **sides: str
    ) -> None:
        if not holds:
            steps = (str(key).replace("~", "~0").replace("/", "~1") for key in self.place)
            line = {"verdict": verdict, "code": code, "pointer": "".join("/" + s for s in steps)}
            raise NotAcceptedError(**line, detail=detail, **sides)

    def pay(self, price: int) -> None:
        """For what comes next, before its time and memory are taken."""
        self.budget["work"] -= price
        self.expect(self.budget["work"] >= 0, "work", "this costs too much work", "OVER_BUDGET")

    def charge(self, price: int) -> None:
        """For all that a claim still costs when it and its witness have been read."""
        if "price" in self.budget:  # and nothing else was asked for
            paid = self.budget["price"] - self.budget["work"]
            raise NotAcceptedError(verdict="PRICED", price=paid + price)
        self.pay(price)

    def typed(self, kind: type, name: str) -> Any:
        self.expect(type(self.value) is kind, "wrong-type", f"expected {name}")
        return self.value

    def integer(self, least: int) -> int:
        value: int = self.typed(int, "an integer")
        if value < least:
            self.expect(False, "out-of-range", f"{value} is below {least}")
        return value

    def one_of(self, values: abc.Collection[str]) -> str:
        if not (type(self.value) is str and self.value in values):
            few = ", ".join(value[:60] for value in islice(values, 9))
            self.expect(False, "unknown-value", f"expected one of {few}")
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
        members = self.typed(dict, "an object")
        for key in expected:
            if key not in members:
                self.expect(False, "missing-key", f"the key {key!r} is missing")
        if len(members) > len(expected):
            for key in [key for key in members if key not in (*expected, also)]:
                self[key].expect(False, "unknown-key", "this key is not known here")
        return [self[key] for key in expected]

    def rational(self, positive: bool = False) -> Fraction:
        value, digits = self.typed(str, "a string"), self.budget["digits"]
        longest = max(map(len, value.split("/", 1)))
        self.expect(longest <= digits, "digits", f"more than {digits} digits", "OVER_BUDGET")
        self.pay(longest**2 >> 8)
        if not RATIONAL.fullmatch(value):
            self.expect(False, "not-rational", f"{value[:60]!a} is no rational")
        number = fraction(value)
        if str(number) != value:
            self.expect(False, "not-reduced", f"{value[:60]} is not in lowest terms")
        if positive:
            self.expect(number.numerator > 0, "not-positive", "expected a positive number")
        return number

    def common_scale(self, numbers: list[Fraction]) -> tuple[list[int], int]:
        """Integers proportional to the rationals, and their common denominator."""
        scale = 1
        for number in numbers:
            scale = math.lcm(scale, number.denominator)
            short = scale.bit_length() <= 4 * self.budget["digits"]
            self.expect(short, "digits", "the common denominator is too long", "OVER_BUDGET")
        self.pay(cost(64 * len(numbers), scale.bit_length()))
        return [number.numerator * (scale // number.denominator) for number in numbers], scale

    def shares(self, parts: abc.Iterable[Self]) -> tuple[list[int], int]:
        """Positive rationals that sum to 1, as integers and their sum."""
        shares, whole = self.common_scale([part.rational(positive=True) for part in parts])
        self.expect(sum(shares) == whole, "sum", "the numbers do not sum to 1")
        return shares, whole

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
        bare = data.replace(rb"\\", b"").replace(rb"\"", b"")  # so that '"' ends a string
        brackets = b"".join(bare.split(b'"')[::2]).translate(None, NO_BRACKETS)
        deep = max(accumulate(map(TURNS.__getitem__, brackets), initial=0))
        root.expect(deep <= most, "depth", "too deep", "OVER_BUDGET")
        root.value = json.loads(text, object_pairs_hook=pairs, **hooks)
    except OSError as error:
        root.expect(False, "unreadable", f"cannot be read: {error.strerror}")
    except UnicodeDecodeError:
        root.expect(False, "not-utf8", "the file is not UTF-8 text")
    except ValueError as error:
        root.expect(False, "not-json", f"not JSON: {str(error)[:200]}")
    if faults and isinstance(root.value, dict | list | ValueError):
        root.refuse_faults()
    return root


@lru_cache(64)
def fraction(text: str) -> Fraction:
    """That of a rational as the format has it; the same ones are read again and again."""
    return Fraction(*map(int, text.split("/")))


def digest(value: object) -> str:
    return hashlib.sha256(CANONICAL.encode(value).encode("ascii")).hexdigest()


class Population:
    """Responses, and users as integer weights and rankings: classes of indices, best first. Of a
    user's picks only those count that she makes from her class `only`, unless that is None."""

    only: int | None = None

    def __init__(self, node: Node) -> None:
        responses, users = node.keys("responses", "users")
        self.names: list[str] = [name.typed(str, "a name") for name in responses.elements()]
        self.n, self.index = len(self.names), {name: y for y, name in enumerate(self.names)}
        self.alone = {name: [y] for name, y in self.index.items()}
        responses.expect(self.names, "empty", "no responses")
        lone = any(map(SURROGATE.search, self.names))
        responses.expect(not lone, "surrogate", "a name holds half of a surrogate pair")
        responses.expect(len(self.index) == self.n, "repeated", "a response is listed twice")
        weights, views = [], []
        for user in users.elements():
            views.append(self.views(user))
            weights.append(user["weight"].rational(positive=True))
        users.expect(weights, "empty", "no users")
        scaled, scale = users.common_scale(weights)
        common = math.gcd(*scaled)  # which a prime of `rank` might divide
        self.total, self.common, self.scale = sum(scaled) // common, common, scale
        self.weights = [w // common for w, seen in zip(scaled, views, strict=True) for _ in seen]
        self.ends = list(accumulate(map(len, views)))
        self.rankings = list(chain.from_iterable(views))
        columns = []
        for ranking in self.rankings:
            rank = {y: r for r, tied in enumerate(ranking) for y in tied}
            columns.append([rank[y] for y in range(self.n)])
        self.ranks = list(zip(*columns, strict=True))  # ranks[y][u], 0 is best
        self.users = range(len(self.rankings))
        self.size = sum(map(len, self.rankings))  # classes of all users
        self.sha256 = digest(node.value)
        self.last: tuple[object, list[int]] = None, []  # utilities, and what they are of

    def views(self, user: Node) -> list[list[list[int]]]:
        """The rankings that stand for a user: her own."""
        return [self.ranking(user.keys("weight", "ranking")[1])]

    def picks(self, values: list[int]) -> int:
        """What a random user picks, times `total`, if these are the users' picks."""
        return dot(self.weights, values)

    def seen(self, ranks: tuple[int, ...]) -> tuple[int, int]:
        """All that matters to a user of positions of these ranks: the best, and how often."""
        return min(ranks), ranks.count(min(ranks))

    def ranking(self, node: Node) -> list[list[int]]:
        """Nonempty classes that hold every response once; names are looked at one by one only if
        there is a fault to be found."""
        classes = node.typed(list, "a list")
        if set(map(type, classes)) == {list} and all(classes):
            names = list(chain.from_iterable(classes))
            strings = set(map(type, names)) == {str}
            if strings and len(names) == self.n and self.index.keys() == set(names):
                return [
                    self.alone[tied[0]] if len(tied) == 1 else [self.index[name] for name in tied]
                    for tied in classes
                ]
        ranking = [self.indices(tied) for tied in node.elements()]
        ranked = [y for tied in ranking for y in tied]
        node.expect(all(ranking), "empty", "an indifference class is empty")
        node.expect(len(set(ranked)) == len(ranked), "repeated", "a response repeats")
        node.expect(len(ranked) == self.n, "incomplete", "a response is not ranked")
        return ranking

    def indices(self, node: Node, size: int | None = None) -> list[int]:
        return [self.response(child) for child in node.elements(size)]

    def response(self, node: Node) -> int:
        return self.named(node, node.typed(str, "a name"))

    def named(self, node: Node, name: str) -> int:
        if name not in self.index:
            node.expect(False, "unknown-response", f"{name[:60]!a} is no response")
        return self.index[name]

    def members(self, node: Node) -> dict[int, Node]:
        """The members of an object whose keys are responses."""
        return {self.named(child, name): child for name, child in node.members().items()}

    def numbers(self, node: Node) -> tuple[dict[int, int], int]:
        """Rationals by response, as integers over a scale."""
        given = self.members(node)
        numbers, scale = node.common_scale([child.rational() for child in given.values()])
        return dict(zip(given, numbers, strict=True)), scale

    def call(self, positions: Positions) -> str:
        names = [ascii(self.names[y][:60]) for y in positions[:20]]
        return f"({', '.join(names)}{', ...' * (len(positions) > 20)})"


class PartialOrders(Population):
    """Users of whom only some pairs (better, worse) and ties are known, and who are, against each
    policy, the worst that this leaves open. One of them stands here as a ranking for each class C
    that she declared to be tied: what is known to be above C, C, and all else. From a tuple that
    has nothing above C she may pick through C; so at worst she picks with the largest of these
    chances, which is attained where all else is below C."""

    only = 1

    def views(self, user: Node) -> list[list[list[int]]]:
        user.pay(64 * self.n**2)
        if "ranking" in user.members():
            classes = self.ranking(user.keys("weight", "ranking")[1])
            up = [(1 << i) - 1 for i in range(len(classes))]
        else:
            _, above, tied = user.keys("weight", "above", "tied")
            classes = [self.indices(names) for names in tied.elements()]
            of = {y: i for i, members in enumerate(classes) for y in members}
            tied.expect(len(of) == sum(map(len, classes)), "repeated", "a response repeats")
            tied.expect(all(classes), "empty", "an indifference class is empty")
            for y in range(self.n):
                if of.setdefault(y, len(classes)) == len(classes):
                    classes.append([y])
            up = [0] * len(classes)
            for pair in above.elements():
                better, worse = self.indices(pair, 2)
                up[of[worse]] |= 1 << of[better]
            for j, i in product(range(len(up)), repeat=2):
                up[i] |= up[j] * (up[i] >> j & 1)
            circle = any(better >> i & 1 for i, better in enumerate(up))
            above.expect(not circle, "cycle", "the preferences run in a circle")
        views = []
        for i, better in enumerate(up):
            view: list[list[int]] = [[], classes[i], []]
            for j, members in enumerate(classes):
                if j != i:
                    view[0 if better >> j & 1 else 2].extend(members)
            views.append(view)
        return views

    def picks(self, values: list[int]) -> int:
        starts = [0, *self.ends]
        spans = zip(starts, self.ends, strict=False)
        return sum(self.weights[start] * max(values[start:end]) for start, end in spans)


class LuceUsers(Population):
    """Users who pick a position with a chance in proportion to its response's strength, a whole
    number, in the place of its rank. Of several positions only the sum of the strengths matters.
    They stand here as if they tied all responses; only contests are about them."""

    def __init__(self, node: Node) -> None:
        self.strengths: list[list[int]] = []
        super().__init__(node)
        self.ranks = list(zip(*self.strengths, strict=True))
        self.top = max(map(max, self.strengths))

    def views(self, user: Node) -> list[list[list[int]]]:
        (_, luce), strengths = user.keys("weight", "luce"), [0] * self.n
        for y, child in self.members(luce).items():
            number = child.rational(positive=True)
            child.expect(number.denominator == 1, "out-of-range", "expected a whole number")
            strengths[y] = number.numerator
        luce.expect(all(strengths), "incomplete", "a response has no strength")
        self.strengths.append(strengths)
        return [[list(range(self.n))]]

    def seen(self, ranks: tuple[int, ...]) -> tuple[int, int]:
        return sum(ranks), 1


def population_of(node: Node) -> Population:
    """With partial orders, or strengths, where somebody has them."""
    users = node.keys("responses", "users")[1].elements()
    for key, users_of in (("luce", LuceUsers), ("above", PartialOrders)):
        if any(key in user.members() for user in users):
            return users_of(node)
    return Population(node)


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
        return numbers


class Masses:
    """A point of the simplex, as integers over `unit`; the masses it lists are positive."""

    def __init__(self, node: Node, population: Population) -> None:
        given = population.members(node)
        shares, self.unit = node.shares(given.values())
        listed = dict(zip(given, shares, strict=True))
        self.node, self.population = node, population
        node.pay(price_of_masses(population, self.unit))
        self.of = [listed.get(y, 0) for y in range(population.n)]
        self.support = {y: i for i, y in enumerate(sorted(listed))}
        self.most = -(-self.unit // min(shares))  # the inverse of the least mass, rounded up

    def sums(self, u: int, least: int = 0) -> list[int]:
        """For user u the masses of each class and all below, best first, and 0; or up to the first
        that is below the least of interest."""
        of, sums = self.of, [self.unit]
        for tied in self.population.rankings[u]:
            if sums[-1] < least:
                break
            sums.append(sums[-1] - (of[tied[0]] if len(tied) == 1 else sum(of[y] for y in tied)))
        return sums


class Mixture:
    """Tuples of `size` positions, with their masses as integers over `unit`."""

    def __init__(self, node: Node, size: int, population: Population) -> None:
        pairs = node.pairs()
        self.population, self.size = population, size
        self.tuples = [population.indices(names, size) for names, _ in pairs]
        self.masses, self.unit = node.shares(mass for _, mass in pairs)


class Draws(NamedTuple):
    """Draws from one of several product policies, which is drawn by the given shares."""

    population: Population
    policies: list[Masses]
    shares: list[int]
    unit: int  # a common one


def read_policy(node: Node, k: int, population: Population) -> Mixture | Draws:
    form = next((form for form in ("joint", "product", "mixture") if form in node.members()), "")
    node.expect(form, "policy", "expected one of joint, product, mixture")
    (given,) = node.keys(form)
    if form == "joint":
        return Mixture(given, k, population)
    if form == "product":
        return sampled(Masses(given, population))
    pairs = given.pairs()
    shares, _ = given.shares(share for share, _ in pairs)
    policies = [Masses(masses, population) for _, masses in pairs]
    _, unit = given.common_scale([Fraction(1, masses.unit) for masses in policies])
    return Draws(population, policies, shares, unit)


def sampled(masses: Masses) -> Draws:
    return Draws(masses.population, [masses], [1], masses.unit)


class Box:
    """The masses x (1 +- delta) around a centre x; if delta > 0 with a matrix `inverse`, and hints
    for responses off the support: multiples of support responses, as integers over a scale."""

    def __init__(self, node: Node, population: Population, proof: Node | None = None) -> None:
        witness = proof or node.keys("centre", "delta", "witness")[2]
        self.centre, self.radius = Masses(node["centre"], population), node["delta"]
        self.delta = self.radius.rational()
        self.radius.expect(0 <= self.delta < 1, "out-of-range", "delta lies in [0, 1)")
        self.hints = dict[int, tuple[Node, dict[int, int], int]]()
        if not self.delta:
            witness.keys()
            return
        self.matrix, boundary = witness.keys("inverse", "boundary")
        support, size = self.centre.support, len(self.centre.support)
        witness.pay(128 * size**2)
        rows = self.matrix.elements(size)
        self.inverse = [[entry.rational() for entry in row.elements(size)] for row in rows]
        for y, hint in population.members(boundary).items():
            multiples, scale = population.numbers(hint)
            hint.expect(y not in support, "boundary", "the response is in the support")
            on = multiples.keys() <= support.keys()
            hint.expect(on, "boundary", "a multiple is off the support")
            self.hints[y] = hint, multiples, scale


def read_class(node: Node, population: Population) -> list[int]:
    """The members of a class, given as [user, class], both counted from 0."""
    user, place = (number.integer(0) for number in node.elements(2))
    known = user in population.users and place < len(population.rankings[user])
    node.expect(known, "out-of-range", "there is no such class")
    return population.rankings[user][place]


class Field:
    """A polynomial of degree d as integers, leading coefficient positive, and an interval over
    `unit`. Elements are polynomials of degree below d in its root, constant term first."""

    def __init__(self, polynomial: Node, interval: Node) -> None:
        modulus, _ = polynomial.common_scale([c.rational() for c in polynomial.elements()])
        self.ends, self.unit = interval.common_scale([e.rational() for e in interval.elements(2)])
        good = len(modulus) > 1 and modulus[-1]
        polynomial.expect(good, "polynomial", "expected a degree of 1 or more")
        interval.expect(self.ends[0] < self.ends[1], "out-of-range", "the interval is empty")
        self.modulus = [-c for c in modulus] if modulus[-1] < 0 else modulus
        self.degree = len(modulus) - 1

    def read(self, population: Population, node: Node) -> tuple[dict[int, list[int]], int]:
        """Elements by response, as integers over a scale."""
        given, d = population.members(node), self.degree
        numbers = [c.rational() for element in given.values() for c in element.elements(d)]
        node.expect(numbers, "empty", "no masses")
        flat, scale = node.common_scale(numbers)
        return {y: flat[i * d : i * d + d] for i, y in enumerate(given)}, scale


# ---- II. Prices, by sizes that are read off a claim; can only refuse -----------------------------
#
# A step is about 30 nanoseconds: a product of integers of up to 512 bits. Keeping one of that size
# is 64 steps, so that a step is also a byte at least. Where sizes are not known in advance, these
# are upper bounds. Reading pays as it goes; then a claim pays for all the rest at once.


def footprint(text: str) -> int:
    """About the bytes that the values of a JSON text take while they are read, from above: those of
    an object, of a member, of a list, of a string, of an element, and of the text. Signs within
    strings are counted too."""
    prices = {"{": 256, ":": 320, "[": 88, '"': 36, ",": 40}
    return 5 * len(text) + sum(price * text.count(sign) for sign, price in prices.items())


def cost(steps: int, *bits: int) -> int:
    """So many products of integers of about so many bits, one or both of the factors."""
    return steps * math.prod(1 + (size >> 9) for size in bits)


def longest(numbers: abc.Iterable[int]) -> int:
    """Bits of the longest of the integers."""
    return max(map(int.bit_length, numbers))


def multisets(n: int, size: int) -> int:
    """How many there are, or more than can be paid for: some binomials take too long to compute."""
    return math.comb(n - 1 + size, size) if min(n - 1, size) <= 64 else 1 << 64


def price_of_masses(population: Population, unit: int) -> int:
    steps = population.n * len(population.users) + 67 * (population.n + population.size)
    return cost(steps, 2 * unit.bit_length())


def price_of_columns(population: Population, count: int, bits: int = 0) -> int:
    """So many numbers for each user."""
    return cost(len(population.users) * count, bits + population.total.bit_length())


def price_of_rounding(masses: Masses, k: int, fine: int, rows: int = 0) -> int:
    """`utilities`, or derivatives by so many masses, in fixed point of so many bits."""
    size, weighed = masses.population.size, fine + masses.population.total.bit_length()
    rounding = cost(size * (192 + 8 * k.bit_length()), fine, weighed)
    return rounding + cost(size * rows, 2 * weighed, 2 * weighed)


def bits_of_contest(side: Mixture | Draws, k: int, size: int) -> int:
    """Of a contest's scale; the least common multiple of 1..N is less than 3^N."""
    if isinstance(side, Mixture):
        return 2 * (k + size) + side.unit.bit_length()
    shares = size * (k + size).bit_length() + sum(side.shares).bit_length()
    return (k + size) * side.unit.bit_length() + shares


def price_of_values(side: Mixture | Draws, k: int, wanted: int, size: int) -> int:
    """A contest's values, each of which is worked out only once."""
    population, bits = side.population, bits_of_contest(side, k, size)
    wanted = min(wanted, population.size * size)
    if isinstance(side, Draws):
        parts = wanted * len(side.policies) + 2 * len(side.policies)
        return cost(320 * parts, bits) + cost((1 + size) * parts, bits, bits)
    count = len(side.tuples)
    kinds = min(count, population.n * k)
    meetings = cost(256 * kinds, side.unit.bit_length()) + count * (16 + k)
    return len(population.users) * meetings + cost(wanted * (256 + 8 * kinds), bits)


def price_of_luce(side: Mixture | Draws, k: int, tuples: int, size: int, users: LuceUsers) -> int:
    """The same of Luce users, whose values are sums over powers up to that of k strengths; the
    least common multiple of 1..N is less than 3^N."""
    reach, span, many = (k + size) * users.top, k * users.top + 1, len(users.users)
    bits = 2 * reach + k * side.unit.bit_length() + users.total.bit_length()
    wanted = many * min(tuples, size * users.top)
    if isinstance(side, Draws):
        bits += sum(side.shares).bit_length()
        terms = len(side.policies) * span * (many * k * users.n + wanted)
    else:
        terms = many * len(side.tuples) * (16 + k) + wanted * min(len(side.tuples), span)
    return cost(64 * (terms + reach), bits) + tuples * cost(32 + many * (8 + size), bits)


def price_of_contest(side: Mixture | Draws, k: int, tuples: int, size: int) -> int:
    """So many tuples of `size` positions against the k positions of a side."""
    if tuples <= 0:
        return 0
    if isinstance(side.population, LuceUsers):
        return price_of_luce(side, k, tuples, size, side.population)
    users, bits = len(side.population.users), bits_of_contest(side, k, size)
    each = cost(32 + size + users * (8 + size), side.population.total.bit_length(), bits)
    return price_of_values(side, k, tuples * users, size) + tuples * each + cost(1, bits, bits)


def price_of_product_bound(mixture: Mixture, draws: Draws, k: int) -> int:
    population, l = mixture.population, mixture.size
    if isinstance(population, LuceUsers):
        met = len(population.users) * len(mixture.tuples) * population.n
        return met * price_of_luce(draws, k, 1, l, population)
    kinds = len(population.users) * min(len(mixture.tuples), population.n * l)
    bits, mass = bits_of_contest(draws, k - 1, l + 1), mixture.unit.bit_length()
    values = price_of_values(draws, k - 1, 2 * kinds, l + 1) + price_of_values(mixture, l, 0, 1)
    each = cost(population.n + 16, bits, population.total.bit_length() + mass)
    return values + kinds * each + cost(1, bits, bits)


def price_of_shared_bound(games: list[tuple[int, Mixture]], x: Masses, share: int) -> int:
    """Product bounds for several k, and their sum by shares of so many bits."""
    bits, draws = share + x.population.total.bit_length(), sampled(x)
    sizes = [bits + bits_of_contest(draws, k, 2) + m.unit.bit_length() for k, m in games]
    sums = sum(cost(80 * x.population.n, size, sum(sizes)) for size in sizes)
    return sums + sum(price_of_product_bound(mixture, draws, k) for k, mixture in games)


def price_of_meeting(draws: Draws, rivals: Masses, k: int, l: int) -> int:
    """Draws against draws."""
    size, bits = draws.population.size * l, bits_of_contest(draws, k, l)
    powers = l * rivals.unit.bit_length()
    each = cost(64, powers, powers) + cost(16, powers, bits)
    return price_of_values(draws, k, size, l) + size * each + cost(1, bits, bits)


def price_of_wagers(masses: Masses, k: int, counts: int, long: int) -> int:
    """A product of a factor for each user, to the power of so many at most, for each response; its
    numbers have up to so many bits."""
    population, bits = masses.population, bits_of_contest(sampled(masses), k, 1)
    steps = population.size * (64 + 8 * counts.bit_length()) + population.n * len(population.users)
    return price_of_values(sampled(masses), k, population.size, 1) + cost(
        steps, bits + 256 + long, bits + 128 + long
    )


def price_of_exact(masses: Masses, k: int) -> int:
    """The support at least is not settled by rounding."""
    if isinstance(masses.population, LuceUsers):
        return price_of_contest(sampled(masses), k, masses.population.n, 1)
    contest = price_of_contest(sampled(masses), k, len(masses.support), 1)
    return price_of_rounding(masses, k, fine_enough(masses.most, k)) + contest


def price_of_box(box: Box, k: int) -> int:
    masses, size, population = box.centre, len(box.centre.support), box.centre.population
    if not box.delta:
        return price_of_exact(masses, k)
    (rough, fine), bits = precisions(box, k), population.total.bit_length()
    entries = rough + max(longest(entry.numerator for entry in row) for row in box.inverse)
    price = cost(64, 2 * k.bit_length()) + cost(128 * size**2, fine + bits)
    price += cost(size**3, rough, entries) + price_of_rounding(masses, k, fine)
    for _, _, scale in box.hints.values():
        price += cost(population.size * (64 + size), scale.bit_length() + bits)
    return price + price_of_rounding(masses, k, rough, size)


def price_of_classes(classes: list[list[int]], size: int) -> int:
    """With a rank by one prime or both."""
    return 64 * size**2 + 4 * size**3 + 64 * sum(map(len, classes))


def price_of_lottery(masses: Masses) -> int:
    """Margins, and their products with the masses; who is overruled; a rank."""
    size, bits = len(masses.support), masses.unit.bit_length()
    columns, total = 2 * (size + 1) * masses.population.n, masses.population.total.bit_length()
    products = cost(32 * columns, bits, total)
    return price_of_columns(masses.population, columns, bits) + products + 4 * size**3


def price_of_distance(box: Box, k: int) -> int:
    """Sums of rationals, and powers."""
    bits = (k + 1) * (box.centre.unit * box.delta.denominator).bit_length()
    bits += box.centre.population.total.bit_length()
    return cost(64 * box.centre.population.n, bits, bits)


def price_of_horner(count: int, bits: int, span: int) -> int:
    """`enclosed`: so many coefficients of so many bits, at ends of `span` bits."""
    return cost(64 * count, bits + count * (span + 2), max(bits, span))


def price_of_algebraic(
    population: Population, k: int, field: Field, x: dict[int, list[int]]
) -> int:
    """A product modulo the polynomial is longer than its factors together, by less than `more`."""
    d, n, m = field.degree, population.n, len(population.users)
    modulus, span = longest(field.modulus), longest((*field.ends, field.unit))
    element = max(map(longest, x.values())) + len(x).bit_length()
    more = element + d.bit_length() + (d - 1) * (modulus + 1) + 2
    last, factor = k * more + population.total.bit_length(), max(element, modulus)
    price = 3 * price_of_horner(d + 1, modulus + d.bit_length(), span)
    price += len(x) * price_of_horner(d, element, span)
    price += (n - len(x)) * price_of_horner(d, last, span)
    price += 64 * d * (n + 4) + cost(64 * n * m * d, last) + cost(1, last, last)
    # the j-th of k products has about j * more bits
    rounds = k + (k * (k + 1) // 2 * more >> 9) + k * ((d + 1) * modulus + element >> 9)
    return price + cost(2 * population.size * (64 + 16 * d * d) * rounds, factor)


def price_of_logarithms(count: int, *bits: int) -> int:
    """So many logarithms, to so many bits, of numbers of so many bits."""
    return cost(count * (64 + 8 * max(bits)), *bits)


def price_of_partitions(node: Node, total: int, most: int) -> int:
    """`partitions` into at most so many parts: 768 steps for each, and 192 for each part. As many
    have at most j parts as have no part above j, so these are counted part by part."""
    node.pay(64 * total + 4 * total * most)
    ways, price = [1] + [0] * total, 0
    for j in range(1, most + 1):
        before = ways[total]
        for i in range(j, total + 1):
            ways[i] += ways[i - j]
        price += (ways[total] - before) * (768 + 192 * j)
    return price


# ---- III. Numbers: pure functions, exact or rounded outward --------------------------------------


def dot(row: abc.Iterable[int], column: abc.Iterable[int]) -> int:
    return sum(map(int.__mul__, row, column))


def part(own: int, other: int, ties: str, whole: int) -> int:
    """What `own` positions take of a tie with `other` positions, if all of it counts `whole`, which
    is a multiple of own + other or, unless ties are uniform, of 2."""
    if ties == "uniform":
        return own * whole // (own + other)
    return {"win": whole, "half": whole // 2, "lose": 0}[ties]


class Contest(NamedTuple):
    """Tuples of positions against a random side. Of a tuple, user u sees only the rank r of its
    best class and the number c of its positions there: value(u, r, c) is the chance that she
    picks one of them, times whole / total, and picked(T) / whole that a random user picks one."""

    population: Population
    value: abc.Callable[..., int]
    whole: int

    def picked(self, positions: Positions) -> int:
        population, value, only = self.population, self.value, self.population.only
        seen = map(population.seen, zip(*(population.ranks[y] for y in positions), strict=True))
        users = enumerate(seen)  # what user u picks counts if it is from the class that may count
        picks = [value(u, r, c) if only is None or r == only else 0 for u, (r, c) in users]
        return population.picks(picks)


def meetings(mixture: Mixture) -> list[Counter[tuple[int, int]]]:
    """For every user the masses of the mixture's tuples, by the rank and the number of their best
    positions for her."""
    met = [Counter[tuple[int, int]]() for _ in mixture.population.users]
    for positions, mass in zip(mixture.tuples, mixture.masses, strict=True):
        seen = zip(*(mixture.population.ranks[y] for y in positions), strict=True)
        for masses_met, ranks in zip(met, seen, strict=True):
            masses_met[mixture.population.seen(ranks)] += mass
    return met


def mixture_contest(mixture: Mixture, most: int, ties: str) -> Contest:
    """Of tuples of up to `most` positions: a sum over those of the mixture."""
    met, sizes = meetings(mixture), range(1, mixture.size + most + 1)
    whole = math.lcm(*sizes) if ties == "uniform" else 2

    @cache
    def value(u: int, r: int, c: int) -> int:
        entries = [entry for entry in met[u].items() if entry[0][0] >= r]
        return sum([m * (whole if s > r else part(c, d, ties, whole)) for (s, d), m in entries])

    return Contest(mixture.population, value, mixture.population.total * whole * mixture.unit)


def draws_contest(draws: Draws, k: int, most: int, ties: str) -> Contest:
    """Of tuples of up to `most` positions against k draws. value(u, r, c, extra) has so many
    `extra` positions, of others, in the tuple's best class; c + extra is at most `most`."""
    whole, unit = math.perm(k + most, most) if ties == "uniform" else 2, draws.unit
    parts = list(zip(draws.shares, draws.policies, strict=True))
    factors = [share * int((unit // masses.unit) ** k) for share, masses in parts]
    sums_of = [cache(masses.sums) for masses in draws.policies]

    @cache  # by text, since integers' hashes can be made to collide
    def integral(below: str, upto: str, c: int, extra: int) -> int:
        """That of c t^(c-1) t^extra (L + t p)^k over [0, 1], L and L + p being sums of masses: if i
        draws are in the class they leave the c positions c/(i + c + extra), the integral of
        c t^(c-1) t^extra t^i. If ties are not uniform, L^k and its part of (L + p)^k - L^k.

        With I(j, m) the integral of j t^(j-1) (L + t p)^m, and L^m for j = 0, by parts
        (m+1) p I(j, m) = j (L + p)^(m+1) - j I(j-1, m+1). The integrals of t^(j-1) (L + t p)^m are
        integers over (m+1) ... (m+j), which divides `whole` as j + m <= k + most."""
        low, top, j = int(below, 16), int(upto, 16), c + extra
        if ties != "uniform":
            return whole * int(low**k) + part(c, 1, ties, whole) * int(top**k - low**k)
        steps = range(1, j + 1 if top > low else 1)
        result = whole * int(low ** (k + len(steps)))
        for i in steps:
            m = k + j - i
            result = i * (whole * int(top ** (m + 1)) - result) // ((m + 1) * (top - low))
        return result * c // j

    @cache
    def value(u: int, r: int, c: int, extra: int = 0) -> int:
        found = (sums(u) for sums in sums_of)
        seen = (integral(hex(of[r + 1]), hex(of[r]), c, extra) for of in found)
        return dot(factors, seen)

    scale = whole * sum(draws.shares) * int(unit**k)
    return Contest(draws.population, value, draws.population.total * scale)


def luce_contest(side: Mixture | Draws, k: int, most: int, users: LuceUsers) -> Contest:
    """Of tuples of up to `most` positions against k outputs, where users are Luce's: value(u, r)
    is for tuples whose strengths sum up to r, value(u, r, 1, extra) for them against the outputs
    and one position of that strength.

    Against outputs of strength e the tuple is picked with chance r/(r+e). With k draws from pi the
    law of e is that of the exponent in F^k, F = sum pi_z x^(strength of z)."""
    whole = math.lcm(*range(1, (k + most) * users.top + 1))
    met = meetings(side) if isinstance(side, Mixture) else []

    @cache
    def law(u: int) -> list[tuple[int, int]]:
        """The strengths of the outputs with their weights, for user u."""
        if isinstance(side, Mixture):
            return [(e, mass) for (e, _), mass in met[u].items()]
        found = Counter[int]()
        for share, masses in zip(side.shares, side.policies, strict=True):
            power = {0: share * int((side.unit // masses.unit) ** k)}
            for _ in range(k):
                longer = Counter[int]()
                for (e, weight), z in product(power.items(), masses.support):
                    longer[e + users.strengths[u][z]] += weight * masses.of[z]
                power = longer
            found.update(power)
        return list(found.items())

    @cache
    def value(u: int, r: int, c: int, extra: int = 0) -> int:
        return sum(weight * (whole * r // (r + e + extra)) for e, weight in law(u))

    sums = side.unit if isinstance(side, Mixture) else sum(side.shares) * int(side.unit**k)
    return Contest(users, value, users.total * whole * sums)


def contest_of(side: Mixture | Draws, k: int, most: int, ties: str) -> Contest:
    """Of tuples of up to `most` positions against k outputs."""
    if isinstance(side.population, LuceUsers):
        return luce_contest(side, k, most, side.population)
    if isinstance(side, Draws):
        return draws_contest(side, k, most, ties)
    return mixture_contest(side, most, ties)


def met_by_draws(draws: Draws, rivals: Masses, k: int, l: int) -> tuple[int, int]:
    """The chance that one of l draws from `rivals` is picked against k draws, and its scale: of the
    l, c are in a user's class, and the others below it, with the chance C(l, c) q^c M^(l-c), if q
    and M are the masses of that and of what is below."""
    contest, population, picked = draws_contest(draws, k, l, "uniform"), draws.population, 0
    for u, weight in enumerate(population.weights):
        for r, (upto, below) in enumerate(pairwise(rivals.sums(u))):
            if held := upto - below:
                ways = (math.comb(l, c) * int(held**c * below ** (l - c)) for c in range(1, l + 1))
                seen = (contest.value(u, r, c) for c in range(1, l + 1))
                picked += weight * dot(ways, seen)
    return picked, contest.whole * int(rivals.unit**l)


def power_down(number: tuple[int, int], exponent: int) -> tuple[int, int]:
    """number^exponent, as m 2^e with m cut down to 128 bits, so that it is no more than that."""
    result = 1, 0
    for bit in bin(exponent)[2:]:
        result = times_down(result, result)
        result = times_down(result, number) if bit == "1" else result
    return result


def times_down(a: tuple[int, int], b: tuple[int, int]) -> tuple[int, int]:
    m = a[0] * b[0]
    cut = max(0, m.bit_length() - 128)
    return m >> cut, a[1] + b[1] + cut


def tangents(mixture: Mixture, x: Masses, k: int) -> tuple[list[int], int]:
    """k P_y - (k-1) P for all y, over the returned whole: P_y is the chance that the mixture's
    tuple is picked against y and k - 1 draws from x, and P = sum x_y P_y."""
    population, P = mixture.population, [0] * mixture.population.n
    contest = contest_of(sampled(x), k - 1, mixture.size + 1, "uniform")
    for u, (weight, met) in enumerate(zip(population.weights, meetings(mixture), strict=True)):
        for (r, c), mass in met.items():
            if population.only not in (None, r):
                continue
            if isinstance(population, LuceUsers):
                for y, strengths in enumerate(population.ranks):
                    P[y] += weight * mass * contest.value(u, r, c, strengths[u])
                continue
            alone, joined = (weight * mass * contest.value(u, r, c, extra) for extra in (0, 1))
            for y, ranks in enumerate(population.ranks):
                if ranks[u] >= r:  # y is below the tuple's best class, or within
                    P[y] += joined if ranks[u] == r else alone
    shared = (k - 1) * dot(P, x.of)
    return [k * x.unit * p - shared for p in P], contest.whole * mixture.unit * x.unit


def overruled(masses: Masses) -> list[int]:
    """For every response y the weight of the users who put it above the whole support; u_y falls
    to their share as k grows, since (L + p)^k tends to 0 unless L + p = 1."""
    population, found = masses.population, [0] * masses.population.n
    best = map(min, zip(*(population.ranks[z] for z in masses.support), strict=True))
    for weight, ranking, r in zip(population.weights, population.rankings, best, strict=True):
        for y in chain.from_iterable(ranking[:r]):
            found[y] += weight
    return found


def margins(masses: Masses) -> list[list[int]]:
    """For every response y and each z of the support the weight of the users who put y above z,
    less that of those who put z above y. A row is added up as one integer, with a field of bits for
    each z: twice the total, less each user's weight if z is level and twice that if it is above;
    so it is the margin and the total, and not negative."""
    population, wide = masses.population, masses.population.total.bit_length() + 2
    shifts = {z: wide * i for z, i in masses.support.items()}
    start = sum(2 * population.total << shift for shift in shifts.values())
    rows = [start] * population.n
    for weight, ranking in zip(population.weights, population.rankings, strict=True):
        lead = 0
        for tied in ranking:
            here = 0
            for z in tied:
                if z in shifts:
                    here += weight << shifts[z]
            lead -= here
            for y in tied:
                rows[y] += lead
            lead -= here
    return [[v - population.total for v in unpacked(row, wide, len(shifts))] for row in rows]


def unpacked(vector: int, wide: int, size: int) -> list[int]:
    """The fields of so many bits, which are not negative."""
    return [vector >> wide * i & (1 << wide) - 1 for i in range(size)]


def fine_enough(most: int, k: int, spare: int = 128) -> int:
    """Bits of fixed point that keep the error of a quotient by a mass far below 2^-(spare/2), if
    `most` is at least its inverse."""
    return spare + 2 * most.bit_length() + 4 * k.bit_length()


def precisions(box: Box, k: int) -> tuple[int, int]:
    """Bits of fixed point for the derivatives at a box's centre, which the box's matrix magnifies,
    and for the utilities, whose error has to be small beside delta."""
    entries = (entry for row in box.inverse for entry in row)
    sizes = (entry.numerator.bit_length() - entry.denominator.bit_length() for entry in entries)
    rough = fine_enough(box.centre.most, k, 24) + max(0, *sizes)
    return rough, max(fine_enough(box.centre.most, k), rough + box.delta.denominator.bit_length())


def power_up(part: int, unit: int, exponent: int, fine: int) -> int:
    """(part/unit)^exponent in units of 2^-fine, from above."""
    slack = (1 << fine) - 1
    result = base = ((part << fine) + unit - 1) // unit
    for bit in bin(exponent)[3:]:
        result = result * result + slack >> fine
        if bit == "1":
            result = result * base + slack >> fine
    return result if exponent else 1 << fine


class Powers:
    """S^k and S^(k+1) of masses' sums S, in units of 2^-fine, rounded down: less than 2k and 2(k+1)
    units short, since rounding x'y' down loses at most what x' and y' lost, and one unit.

    sums[places[u][r]] is the mass of user u's class r and all below, and her places end with the
    first whose powers are taken for 0, being at most a unit. Equal sums share a place, found by
    their text: integers' hashes can be made to collide."""

    def __init__(self, masses: Masses, k: int, fine: int) -> None:
        known, users = defaultdict[str, int](count().__next__), masses.population.users
        parts = bisect_right(range(256), 1, key=lambda part: power_up(part, 256, k, fine))
        least = (parts - 1) * masses.unit // 256 + 1
        texts = (map(hex, masses.sums(u, least)) for u in users)
        self.places = [list(map(known.__getitem__, row)) for row in texts]
        self.sums = [int(text, 16) for text in known]
        bases = [(s << fine) // masses.unit if s >= least else 0 for s in self.sums]
        self.kth = bases
        for bit in bin(k)[3:]:
            self.kth = [power * power >> fine for power in self.kth]
            if bit == "1":
                self.kth = [power * b >> fine for power, b in zip(self.kth, bases, strict=True)]
        self.Nth = [power * b >> fine for power, b in zip(self.kth, bases, strict=True)]
        self.population = masses.population

    def users(self) -> abc.Iterator[tuple[int, list[list[int]], list[int]]]:
        return zip(self.population.weights, self.population.rankings, self.places, strict=True)


def utilities(masses: Masses, k: int, fine: int) -> tuple[list[int], int]:
    """U_y = (k+1) u_y at the masses, for all y, in units of 2^-fine, and a bound for their error.
    The last ones are kept: claims about the same masses follow one another.

    With N = k + 1 and S = L + p, U_y is the users' average of Q = (S^N - L^N)/p, where N L^k stands
    for Q if p = 0."""
    N, population, of_what = k + 1, masses.population, (masses.of, masses.unit, k, fine)
    error = 2 * N * (N + masses.most) + 2  # a power's, by N or 1/p, and two roundings
    if population.last[0] == of_what:
        return population.last[1], error
    found, unit, U = Powers(masses, k, fine), masses.unit, [0] * population.n
    sums, kth, Nth = found.sums, found.kth, found.Nth
    for weight, ranking, places in found.users():
        for tied, upto, below in zip(ranking, places, places[1:], strict=False):
            p = sums[upto] - sums[below]
            Q = weight * ((Nth[upto] - Nth[below]) * unit // p if p else N * kth[below])
            for y in tied:
                U[y] += Q
    population.last = of_what, [value // population.total for value in U]
    return population.last[1], error


class Singles(Contest):
    """Single responses, of which what is picked is known."""

    def picked(self, positions: Positions) -> int:
        return self.value(*positions)


def singles(masses: Masses, k: int) -> Contest | None:
    """Against k draws, with uniform ties, where numbers are so short that products are as cheap as
    any: a user picks a response with the chance (S^N - L^N)/(N p), or L^k if p = 0."""
    N, of, picked = k + 1, masses.of, [0] * masses.population.n
    if N * masses.unit.bit_length() > 1 << 9:
        return None
    for weight, ranking in zip(masses.population.weights, masses.population.rankings, strict=True):
        S = SN = level = 0  # the mass of all classes below, S^N, and N S^k
        for tied in reversed(ranking):
            Q = level
            if p := of[tied[0]] if len(tied) == 1 else sum(of[y] for y in tied):
                S, LN = S + p, SN
                SN = S**N
                Q, level = (SN - LN) // p, N * SN // S
            for y in tied if Q else ():
                picked[y] += weight * Q
    whole = N * masses.population.total * masses.unit**k
    return Singles(masses.population, picked.__getitem__, whole)


def derivatives(masses: Masses, k: int, fine: int) -> tuple[list[list[int]], int]:
    """A = (x_j dU_i/dx_j) on the support, in units of 2^-fine, and a bound for its error.

    With Q as in `utilities`, dQ/dL = N (S^k - L^k)/p and dQ/dp = (N S^k - Q)/p, both from 0 to N/p.
    Rows are added up as integers with a field of bits for each j that is wide enough for that."""
    N, population, unit, rows = k + 1, masses.population, masses.unit, masses.support
    found, lost, most = Powers(masses, k, fine), 2 * N, masses.most
    sums, kth, Nth = found.sums, found.kth, found.Nth
    wide = (N * most * population.total << fine).bit_length()
    fields = [1 << wide * rows[y] if y in rows else 0 for y in range(population.n)]
    every, A = sum(fields), [0] * len(rows)
    for weight, ranking, places in found.users():
        worse = every
        for tied, upto, below in zip(ranking, places, places[1:], strict=False):
            here = sum(map(fields.__getitem__, tied))
            worse -= here
            if p := sums[upto] - sums[below]:
                Q = (Nth[upto] - Nth[below]) * unit // p
                by_low = weight * (N * (kth[upto] - kth[below]) * unit // p)
                by_own = weight * max(0, (N * kth[upto] - Q) * unit // p)
                row = by_low * worse + by_own * here
                for i in (rows[y] for y in tied if y in rows):
                    A[i] += row
    error = (lost * N + lost * (N + most) + 2) * most + 3  # lost by each power; most is 1/p
    x, whole = [masses.of[y] for y in rows], population.total * unit
    fine_rows = (zip(unpacked(row, wide, len(x)), x, strict=True) for row in A)
    return [[value * x_j // whole for value, x_j in row] for row in fine_rows], error


def logarithm(number: int, unit: int, fine: int) -> tuple[int, int]:
    """ln(number/unit) of positive integers in units of 2^-fine, and a bound for its error.

    It is ln m + s ln 2, where m lies between 1/2 and 2, and ln m = 2 (z + z^3/3 + z^5/5 + ...) with
    z = (m-1)/(m+1), |z| <= 1/3. Rounding z costs less than 2 units; each power is less than 2 short
    and each term less than 3; the terms left out are below 9^-terms together, less than a unit."""
    shift, terms, value = number.bit_length() - unit.bit_length(), fine // 3 + 2, 0
    scaled = number << max(0, -shift), unit << max(0, shift)
    for (top, bottom), times in ((scaled, 1), ((2, 1), shift)):
        power = z = (top - bottom << fine) // (top + bottom)
        for i in range(terms):
            value += 2 * times * (power // (2 * i + 1))
            power = power * z * z >> 2 * fine
    return value, 6 * (terms + 1) * (1 + abs(shift))


def close_calls(masses: Masses, k: int, bound: Fraction) -> list[Positions]:
    """The single responses that a random user does not clearly pick with a chance of at most the
    bound against k draws: all others are below it, since fixed point errs by `error` at most."""
    fine = fine_enough(masses.most, k)
    U, error = utilities(masses, k, fine)
    clear = math.floor(bound * (k + 1) * (1 << fine)) - error
    return [(y,) for y, value in enumerate(U) if value > clear]


def rank(rows: list[list[int]], prime: int) -> int:
    """That of the integer matrix modulo the prime, by elimination: never above that over Q, as a
    minor that is not 0 modulo the prime is not 0."""
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


def enclosed(polynomial: list[int], low: int, high: int, unit: int) -> tuple[int, int]:
    """Bounds of a polynomial, constant term first, on [low/unit, high/unit], times a power of the
    unit: Horner's scheme, where a product's bounds are among the products of the bounds."""
    least, most, scale = 0, 0, 1
    for coefficient in reversed(polynomial):
        values = least * low, least * high, most * low, most * high
        least, most = (end(values) + coefficient * scale for end in (min, max))
        scale *= unit
    return least, most


def multiply(a: list[int], b: list[int], modulus: list[int]) -> list[int]:
    """a b modulo the polynomial of degree d, times the (d-1)th power of its leading coefficient."""
    d = len(modulus) - 1
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


def algebraic_utilities(
    population: Population, k: int, modulus: list[int], x: dict[int, list[int]]
) -> list[list[int]]:
    """U_y, the users' average of the sum of S^i L^(k-i), for all y, times the population's total
    and the k-th power of the masses' scale and of lead^(d-1), lead being that of the modulus."""
    d = len(modulus) - 1
    one = [1, *[0] * (d - 1)]
    U = [[0] * d for _ in population.names]
    for weight, ranking in zip(population.weights, population.rankings, strict=True):
        S = [0] * d
        for tied in reversed(ranking):
            L, S = S, [sum(row) for row in zip(S, *(x[y] for y in tied if y in x), strict=True)]
            Q = top = one  # sum of S^i L^(j-i), S^j
            for _ in range(k):
                top = multiply(top, S, modulus)
                Q = list(map(int.__add__, top, multiply(Q, L, modulus)))
            for y in tied:
                U[y] = [u + weight * q for u, q in zip(U[y], Q, strict=True)]
    return U


def uniform_rate(n: int, counts: list[int], ties: str) -> Fraction:
    """W(S, y) for S that holds m responses so often and y random (or the other way round). In
    m of m + 1 orders a y outside of S loses; inside, it is best of S in one order of m."""
    m, inside = len(counts), Fraction(len(counts) - 1)
    for c in counts:
        inside += Fraction(part(c, 1, ties, 2 * c + 2), (2 * c + 2) * m)
    return (Fraction((n - m) * m, m + 1) + inside) * Fraction(1, n)


def partitions(total: int, most: int, largest: int) -> abc.Iterator[list[int]]:
    """The ways to write a number as a sum of at most `most` numbers that do not increase."""
    for first in range(min(total, largest), (total - 1) // most, -1):
        for rest in partitions(total - first, most - 1, first) if total > first else [[]]:
            yield [first, *rest]


# ---- IV. Kinds: one function each, which yields the relations that have to hold ------------------

SEEN_BY_OPPONENT = {"uniform": "uniform", "win": "lose", "half": "half", "lose": "win"}
SIGNS = {"<": (-1,), "<=": (-1, 0), "=": (0,), ">=": (0, 1), ">": (1,), "!=": (-1, 1)}
PRIMES = (1 << 61) - 1, (1 << 62) - 57  # the second serves where the first hides a rank
Number = Fraction | int


class Relation(NamedTuple):
    """left/scale stands in the relation to right, or the claim is REJECTED with this code; the
    scale is positive."""

    node: Node
    code: str
    what: str
    left: Number
    relation: str
    right: Number
    scale: int = 1

    def require(self) -> None:
        """The only way to REJECTED. Only what is shown is reduced, since that takes long."""
        left, right = self.left * self.right.denominator, self.right.numerator * self.scale
        if (left > right) - (left < right) in SIGNS[self.relation]:
            return
        if self.relation == "!=":  # there is nothing to be shown
            self.node.expect(False, self.code, f"{self.what} fails", "REJECTED")
        bits = longest((self.left.numerator, self.scale))
        self.node.pay(cost(16, bits, bits))
        exact = Fraction(self.left.numerator, self.left.denominator * self.scale)
        sides = {"left": show(exact), "right": show(self.right)}
        detail = f"{self.what} {self.relation} {sides['right']} fails"
        self.node.expect(False, self.code, detail, "REJECTED", **sides)


def show(number: Number) -> str:
    """A rational in full, or beyond 200 digits an enclosure and the SHA-256 of its exact text."""
    text = str(number)
    if len(text) <= 200:
        return text
    low = math.floor(number * 10**20)
    ends = f"{Fraction(low, 10**20)}, {Fraction(low + 1, 10**20)}"
    return f"in [{ends}], SHA-256 {hashlib.sha256(text.encode('ascii')).hexdigest()}"


Relations = abc.Iterator[Relation]
Check = abc.Callable[[Node, Node, Any], Relations]
READERS: dict[str, abc.Callable[[Node], object]] = {
    "k": lambda node: node.integer(1),
    "l": lambda node: node.integer(1),
    "ties": lambda node: node.one_of(SEEN_BY_OPPONENT),
    "relation": lambda node: node.one_of(["<=", "=", ">="]),
    **dict.fromkeys(("bound", "stake", "confidence"), lambda node: node.rational()),
    "unique": lambda node: node.typed(bool, "true or false"),
    "nearer": lambda node: node.typed(bool, "true or false"),
}
KINDS: dict[str, tuple[list[str], Check]] = {}


def kind(form: str) -> abc.Callable[[Check], Check]:
    """Registers a check by its kind's name and further keys. What READERS know of a claim has been
    read when it is called. It reads the rest, charges the price, and yields relations: if all of
    them hold, the claim is true."""

    def register(check: Check) -> Check:
        name, *keys = form.split()
        KINDS[name] = keys, check
        return check

    return register


def none_above(
    contest: Contest, tuples: abc.Iterable[Positions], bound: Fraction, code: str, node: Node
) -> Relations:
    """No tuple is picked with a chance above the bound."""
    limit = math.floor(bound * contest.whole)  # what is picked is an integer
    for positions in tuples:
        if (picked := contest.picked(positions)) > limit:
            what = f"chance that {contest.population.call(positions)} is picked"
            yield Relation(node, code, what, picked, "<=", bound, contest.whole)


def at_most(masses: Masses, k: int, bound: Fraction, code: str, node: Node) -> Relations:
    """No single response is picked with a chance above the bound against k draws."""
    close: list[Positions] = [(y,) for y in range(masses.population.n)]
    luce = isinstance(masses.population, LuceUsers)
    contest = None if luce else singles(masses, k)
    if not (contest or luce):
        close = close_calls(masses, k, bound)
        node.pay(price_of_contest(sampled(masses), k, len(close) - len(masses.support), 1))
    if close:
        contest = contest or contest_of(sampled(masses), k, 1, "uniform")
        yield from none_above(contest, close, bound, code, node)


@kind("win-rate k l ties policy relation bound")
def check_win_rate(claim: Node, witness: Node, population: Population) -> Relations:
    """States: min over l-tuples T of W(policy, T) is >=, = or <= the bound.
    Requires: for >= and = each multiset T, its ties seen from its side, is picked with a chance of
    at most 1 - bound; for = and <= the witness's tuple attains it, W = bound or W <= bound.
    Because: W(policy, T) is 1 less T's chance, which does not depend on T's order. (For single
    responses, uniform ties and one policy, fixed point settles what is clear.)"""
    k, l, relation, seen = (claim[key].value for key in ("k", "l", "relation", "ties"))
    ties, bound, attained = SEEN_BY_OPPONENT[seen], fraction(claim["bound"].value), relation != ">="
    side, named, opponent = read_policy(claim["policy"], k, population), list[int](), witness
    witness.keys(*["opponent"] * attained)
    if attained:
        opponent = witness["opponent"]
        named = population.indices(opponent, l)
    contest: Contest | None = None
    tuples: abc.Iterable[Positions] = ()
    rounds = not isinstance(population, PartialOrders | LuceUsers)
    if relation == "<=":
        claim.charge(price_of_contest(side, k, 1, l))
    elif rounds and isinstance(side, Draws) and len(side.policies) == l == 1 and ties == "uniform":
        further = price_of_contest(side, k, 2 * attained, 1)
        masses = side.policies[0]
        claim.charge(price_of_rounding(masses, k, fine_enough(masses.most, k)) + further)
        tuples = [(y,) for y in range(population.n)]
        if not (contest := singles(masses, k)):
            tuples = close_calls(masses, k, 1 - bound)
            claim.pay(price_of_contest(side, k, len(tuples) - attained, 1))
    else:
        claim.charge(price_of_contest(side, k, multisets(population.n, l) + attained, l))
        tuples = combinations_with_replacement(range(population.n), l)
    if not (tuples or named):
        return  # fixed point has settled all, and the scale may be beyond reach
    contest = contest or contest_of(side, k, l, ties)
    if attained:
        won, whole = contest.whole - contest.picked(named), contest.whole
        yield Relation(opponent, "not-attained", "win rate", won, relation, bound, whole)
    yield from none_above(contest, tuples, 1 - bound, "win-rate", claim["bound"])


@kind("joint-upper-bound k l ties bound")
def check_joint_upper_bound(claim: Node, witness: Node, population: Population) -> Relations:
    """States: every k-output policy P has min over l-tuples T of W(P, T) <= bound.
    Requires: each k-multiset S is picked with a chance of at most the bound against the witness's
    mixture D of l-tuples.
    Because: the minimum is at most W(P, D), an average of the W(S, D)."""
    k, l, bound = claim["k"].value, claim["l"].value, fraction(claim["bound"].value)
    mixture = Mixture(witness.keys("mixture")[0], l, population)
    claim.charge(price_of_contest(mixture, l, multisets(population.n, k), k))
    contest = contest_of(mixture, l, k, claim["ties"].value)
    tuples = combinations_with_replacement(range(population.n), k)
    yield from none_above(contest, tuples, bound, "joint-upper-bound", claim["bound"])


@kind("product-upper-bound k l ties bound")
def check_product_upper_bound(claim: Node, witness: Node, population: Population) -> Relations:
    """States: every policy pi has min over l-tuples T of W(pi^k, T) <= bound; ties are uniform.
    Requires: 1 + (k-1) P - k min_y P_y <= bound, P_y being the chance that the tuple of the
    witness's mixture D is picked against y and k - 1 draws from its point x, and P = sum x_y P_y.
    Because: the chance F(pi) that it is picked against k draws from pi is an average of integrals
    of j t^(j-1) (L + t p)^k, convex in pi; at x it is P, with dF/dpi_y = k P_y. So W(pi^k, D) is
    1 - F(pi) <= 1 - P - k sum (pi_y - x_y) P_y <= 1 - P - k (min_y P_y - P)."""
    k, l, _ = claim["k"].value, claim["l"].value, claim["ties"].one_of(["uniform"])
    rivals, point = witness.keys("mixture", "point")
    mixture, x = Mixture(rivals, l, population), Masses(point, population)
    claim.charge(price_of_product_bound(mixture, sampled(x), k))
    lost, whole = tangents(mixture, x, k)
    what, bound = "1 + (k-1) P - k min_y P_y", fraction(claim["bound"].value)
    reach = whole - min(lost)
    yield Relation(claim["bound"], "product-upper-bound", what, reach, "<=", bound, whole)


@kind("product-opponents k l policy bound")
def check_product_opponents(claim: Node, witness: Node, population: Population) -> Relations:
    """States: W(pi^k, rho^l) >= bound for every policy rho; ties are uniform.
    Requires: with N = k + l, each response is picked with a chance of at most 1/N + e against N - 1
    draws from pi, where k/N - bound = k l e / (N - 1).
    Because: of N draws from pi each is picked with the chance 1/N, so that W is k/N at rho = pi. It
    is convex in rho, and its derivative there towards y is -k l/(N-1) times the excess of y's
    chance over 1/N, for if y is not picked the other N - 1 are picked alike."""
    witness.keys()
    k, l, bound = claim["k"].value, claim["l"].value, fraction(claim["bound"].value)
    masses, N = Masses(claim["policy"].keys("product")[0], population), k + l
    claim.charge(price_of_exact(masses, N - 1))
    most = Fraction(1, N) + (Fraction(k, N) - bound) * Fraction(N - 1, k * l)
    yield from at_most(masses, N - 1, most, "product-opponents", claim["bound"])


@kind("head-to-head k l policy opponent relation bound")
def check_head_to_head(claim: Node, witness: Node, population: Population) -> Relations:
    """States: W(pi^k, rho^l) is >=, = or <= the bound, for this policy rho; ties are uniform.
    Requires: just that.
    Because: a user picks through one of rho's draws' best class, and sees how many of them are
    there."""
    witness.keys()
    k, l, relation = (claim[key].value for key in ("k", "l", "relation"))
    keys = "policy", "opponent"
    pi, rho = (Masses(claim[key].keys("product")[0], population) for key in keys)
    claim.charge(price_of_meeting(sampled(pi), rho, k, l))
    lost, whole = met_by_draws(sampled(pi), rho, k, l)
    won, bound = whole - lost, claim["bound"]
    yield Relation(bound, "head-to-head", "win rate", won, relation, fraction(bound.value), whole)


@kind("holdout k policy bound stake confidence")
def check_holdout(claim: Node, witness: Node, population: Population) -> Relations:
    """States: policy, bound, stake and confidence pass the product test on these users, whose
    weights are their numbers. So, if they were fixed beforehand and the users drawn independently
    from whatever distribution, with this confidence, or more, pi^k wins more than the bound there
    against each response.
    Requires: with q = 1 - bound, c the stake, from above 0 to 1/bound, and g the chance that a user
    picks y against k draws, the product of 1 + c (q - g) over the users is at least
    n/(1 - confidence) for each y.
    Because: a factor is not negative, and has a mean of at most 1 if the mean of g is q or more;
    then the product is as large with a chance of at most (1 - confidence)/n (Markov)."""
    witness.keys()
    k, node = claim["k"].value, claim["bound"]
    masses = Masses(claim["policy"].keys("product")[0], population)
    bound, c, sure = (fraction(claim[key].value) for key in ("bound", "stake", "confidence"))
    for key, inside in (("bound", 0 < bound < 1), ("confidence", 0 < sure < 1)):
        claim[key].expect(inside, "out-of-range", "expected more than 0 and less than 1")
    claim["stake"].expect(0 < c * bound <= 1, "out-of-range", "expected up to 1/bound")
    claim["population"].expect(population.scale == 1, "counts", "expected numbers of users")
    long = longest((bound.denominator, c.numerator, c.denominator))
    claim.charge(price_of_wagers(masses, k, population.common * population.total, long))
    contest, odds = draws_contest(sampled(masses), k, 1, "uniform"), 1 - sure
    wanted = Fraction(population.n * odds.denominator, odds.numerator)
    unit, products = contest.whole // population.total, [(1, 0)] * population.n
    most = (1 + c * (1 - bound)) * unit  # a factor is (most - c value) / unit
    common = most.denominator * c.denominator
    whole, each = int(most * common), int(c * common)
    for u, weight in enumerate(population.weights):
        for r, tied in enumerate(population.rankings[u]):
            left = whole - each * contest.value(u, r, 1)
            factor = (left << 128) // (common * unit), -128
            power = power_down(factor, population.common * weight)
            for y in tied:
                products[y] = times_down(products[y], power)
    top = 128 + longest((wanted.numerator,))
    for y, (m, e) in enumerate(products):  # cut down once more, so that it is not written out
        m, e = (m << min(e, top), 0) if e > 0 else (m >> max(0, -e - top), max(e, -top))
        what = f"product for {population.call([y])}"
        yield Relation(node, "holdout", what, m, ">=", wanted, 1 << -e)


def read_rates(claim: Node) -> list[tuple[int, Fraction, Node]]:
    """Pairs of a number of outputs and a win rate, one at least."""
    rates = [(k.integer(1), rate.rational(), rate) for k, rate in claim["rates"].pairs()]
    claim["rates"].expect(rates, "empty", "no rates")
    return rates


@kind("one-policy policy rates")
def check_one_policy(claim: Node, witness: Node, population: Population) -> Relations:
    """States: for each k of the rates the worst win rate of the product policy, sampled k times,
    against single responses is at least the rate; ties are uniform.
    Requires: each response is picked with a chance of at most 1 - rate against k draws.
    Because: the win rate is 1 less this chance."""
    witness.keys()
    masses = Masses(claim["policy"].keys("product")[0], population)
    rates = read_rates(claim)
    claim.charge(sum(price_of_exact(masses, k) for k, _, _ in rates))
    for k, rate, node in rates:
        yield from at_most(masses, k, 1 - rate, "one-policy", node)


@kind("one-policy-upper-bound rates")
def check_one_policy_upper_bound(claim: Node, witness: Node, population: Population) -> Relations:
    """States: every product policy pi has, for some k of the rates, a worst win rate of at most the
    rate when it is sampled k times against single responses; ties are uniform.
    Requires: for each k a share c and a mixture D_k of single responses, and a point x, with
    sum c (1 - rate) <= min_y sum c (k P_y - (k-1) P), P_y and P as in product-upper-bound.
    Because: the right side is at most the average of what k draws from pi lose to D_k, as there; so
    for some k they lose at least 1 - rate to D_k, and as much to some response."""
    rivals, point = witness.keys("mixture", "point")
    rates, x = read_rates(claim), Masses(point, population)
    parts = [part.elements(2) for part in rivals.elements(len(rates))]
    shares, _ = rivals.shares(share for share, _ in parts)
    lose, scale = claim["rates"].common_scale([1 - rate for _, rate, _ in rates])
    mixtures = [Mixture(given, 1, population) for _, given in parts]
    games = [(k, mixture) for (k, _, _), mixture in zip(rates, mixtures, strict=True)]
    claim.charge(price_of_shared_bound(games, x, longest(shares)))
    found = [tangents(mixture, x, k) for k, mixture in games]
    common, lost = math.lcm(*(whole for _, whole in found)), [0] * population.n
    for share, (values, whole) in zip(shares, found, strict=True):
        times = share * (common // whole)
        lost = [a + times * v for a, v in zip(lost, values, strict=True)]
    allowed = Fraction(dot(shares, lose), scale)
    what = "least sum of the shares times k P_y - (k-1) P"
    yield Relation(rivals, "one-policy-upper-bound", what, min(lost), ">=", allowed, common)


@kind("limit policy bound")
def check_limit(claim: Node, witness: Node, population: Population) -> Relations:
    """States: the worst win rate of the product policy, sampled k times, against single responses
    tends to the bound as k grows; ties are uniform.
    Requires: 1 less the largest weight of the users who put some y above the whole support is it.
    Because: u_y tends to that weight, and there are finitely many y."""
    witness.keys()
    policy, bound = Masses(claim["policy"].keys("product")[0], population), claim["bound"]
    claim.charge(price_of_columns(population, population.n + len(policy.support)))
    won, what = population.total - max(overruled(policy)), "limit of the worst win rate"
    yield Relation(bound, "limit", what, won, "=", fraction(bound.value), population.total)


@kind("equilibrium k centre delta")
def check_equilibrium(claim: Node, witness: Node, population: Population) -> Relations:
    """States: some symmetric equilibrium pi of the (k+1)-player alignment game, u_y(pi) <= 1/(k+1)
    for all y, has the support of the centre x, and x_y (1 - delta) <= pi_y <= x_y (1 + delta).
    Requires: what `equilibrium` requires.
    Because: as there. Sampled k times pi loses to y with the chance u_y."""
    k, box = claim["k"].value, Box(claim, population, witness)
    claim.charge(price_of_box(box, k))
    yield from equilibrium(box, k)


def exact(masses: Masses, k: int) -> Relations:
    """States: the masses are a symmetric equilibrium of the (k+1)-player alignment game.
    Requires: each response is picked with a chance of at most 1/(k+1) against k draws.
    Because: this chance is u_y."""
    yield from at_most(masses, k, Fraction(1, k + 1), "not-equilibrium", masses.node)


def equilibrium(box: Box, k: int) -> Relations:
    """States: a symmetric equilibrium of support T lies in the box x (1 +- delta).
    Requires: what `exact` requires if delta = 0; else k delta <= 1 and, with the witness's Y,
    A = (x_j dU_i/dx_j) on T and maximum norms, beta + (g0 + K ((1+delta)^(k-1) - 1)) delta < delta,
    where beta = |Y (U - 1)|, g0 = |I - Y A| and K = k max_i sum_j |Y_ij| U_j; and off T
    U_y (1+delta)^k < 1 or what `face_bound` requires.
    Because: z -> z - Y (U(x(1+z)) - 1) sends the box |z| <= delta into itself: its derivative is
    I - Y A - Y (A(z) - A), where A(z) <= A (1+delta)^(k-1), as U is homogeneous of degree k with
    coefficients >= 0, so that A has row sums k U. In a fixed point (Brouwer) U = 1 on T, Y being
    regular as g0 < 1; and sum x_y U_y = (sum x)^(k+1) for all x >= 0 makes the masses sum to 1."""
    masses, delta, support = box.centre, box.delta, box.centre.support
    if not delta:
        yield from exact(masses, k)
        return
    yield Relation(box.radius, "contraction", "k delta", k * delta, "<=", 1)
    rough, fine = precisions(box, k)
    one, unit, whole = 1 << fine, 1 << 2 * rough, 1 << rough + fine
    (U, error), (A, slope_error) = utilities(masses, k, fine), derivatives(masses, k, rough)
    columns, beta, g0, K = list(zip(*A, strict=True)), 0, 0, 0
    for i, entries in enumerate(box.inverse):
        row = [(v.numerator << rough) // v.denominator for v in entries]
        sizes = [abs(v) for v in row]
        product = [dot(row, column) - unit * (i == j) for j, column in enumerate(columns)]
        beta = max(beta, abs(dot(row, (U[y] - one for y in support))) + sum(sizes) * error)
        g0 = max(g0, sum(map(abs, product)) + sum(sizes) * slope_error * len(row))
        K = max(K, k * (dot(sizes, (U[y] for y in support)) + sum(sizes) * error))
    scaled = delta.denominator + delta.numerator, delta.denominator
    growth, stretch = (power_up(*scaled, exponent, fine) for exponent in (k - 1, k))
    rate = Fraction(g0, unit) + Fraction(K * (growth - one), whole * one)
    most = Fraction(beta, whole) + rate * delta
    what = "beta + (g0 + K ((1+delta)^(k-1) - 1)) delta"
    yield Relation(box.matrix, "contraction", what, most, "<", delta)
    for y, value in enumerate(U):
        if y in box.hints:
            yield from face_bound(masses, k, y, *box.hints[y])
        elif y not in support:
            what = f"off the support, {masses.population.call([y])}: U (1+delta)^k"
            reach = (value + error) * stretch
            yield Relation(masses.node, "off-support", what, reach, "<", 1, one * one)


def face_bound(
    masses: Masses, k: int, y: int, hint: Node, multiples: dict[int, int], scale: int
) -> Relations:
    """States: U_y <= 1 wherever U = 1 on the support T, for masses on T.
    Requires: U_y is a sum of terms, by the subsets of T below y's class and in it; less the hinted
    multiples of support responses' terms, no others are left than (T, {}), ({}, T), ({}, {}); with
    these, which are k + 1, 1 and 0, and the sum of the multiples, U_y is at most 1.
    Because: this is what it is, as U = 1 on T."""
    population, support, terms = masses.population, masses.support, Counter[tuple[str, str]]()
    for weight, ranking in zip(population.weights, population.rankings, strict=True):
        below = 0  # the subsets are integers, a bit a response, kept as text as in Masses
        for tied in reversed(ranking):
            own = sum(1 << support[z] for z in tied if z in support)
            factor = scale * (y in tied) - sum(multiples.get(z, 0) for z in tied)
            terms[hex(below), hex(own)] += factor * weight
            below |= own
    bound, whole = population.total * sum(multiples.values()), population.total * scale
    for term, value in {(below, 0): k + 1, (0, below): 1, (0, 0): 0}.items():
        bound += value * terms.pop((hex(term[0]), hex(term[1])), 0)
    left = next(filter(None, terms.values()), 0)
    yield Relation(hint, "boundary", "weight of a term left by the identity", left, "=", 0, scale)
    yield Relation(hint, "boundary", "U on the face", bound, "<=", 1, whole)


@kind("picks k eta policies nearer centre delta")
def check_picks(claim: Node, witness: Node, population: Population) -> Relations:
    """States: some symmetric equilibrium pi* in the box around the centre is nearer (or farther:
    `nearer` is false), by KL(pi*|.), to (1-eta) pi + eta pi U(pi) than to pi, for each policy pi.
    Requires: an equilibrium in the box, of support T; and sum pi*_y ln(1 + eta (U_y - 1)) over T,
    at its worst in the box, is positive (negative).
    Because: this is KL(pi*|pi) less KL(pi*|.) of what the step makes of pi, where pi has mass."""
    k, nearer, box = claim["k"].value, claim["nearer"].value, Box(claim, population, witness)
    eta, price, support = claim["eta"].rational(positive=True), 0, box.centre.support
    claim["eta"].expect(eta <= 1, "out-of-range", "eta is at most 1")
    policies = [Masses(node, population) for node in claim["policies"].elements()]
    claim["policies"].expect(policies, "empty", "no policies")
    for pi in policies:
        pi.node.expect(support.keys() <= pi.support.keys(), "support", "no mass on the support")
        fine, size = fine_enough(pi.most, k), eta.denominator.bit_length()
        price += price_of_rounding(pi, k, fine)
        price += price_of_logarithms(len(support), fine, fine + size)
        long = box.delta.denominator.bit_length() + fine
        price += cost(16 * len(support), long, box.centre.unit.bit_length())
    claim.charge(price_of_box(box, k) + price)
    yield from equilibrium(box, k)
    sign = 1 if nearer else -1
    for pi in policies:
        fine, gain = fine_enough(pi.most, k), 0
        (U, error), unit = utilities(pi, k, fine), eta.denominator << fine
        for y in support:
            end = unit + eta.numerator * (U[y] - sign * error - (1 << fine))
            yield Relation(pi.node, "nearer", "1 + eta (U - 1), about", end, ">", 0, unit)
            ln, loss = logarithm(end, unit, fine)
            worst = sign * ln - loss
            shift = box.delta.numerator * (-1 if worst > 0 else 1)
            gain += box.centre.of[y] * (box.delta.denominator + shift) * worst
        scale = box.centre.unit * box.delta.denominator << fine
        yield Relation(pi.node, "nearer", "gain, or loss, at least", gain, ">", 0, scale)


@kind("regularised k tau reference policy radius")
def check_regularised(claim: Node, witness: Node, population: Population) -> Relations:
    """States: the only policy rho with rho_y proportional to reference_y exp(u_y(rho)/tau) has
    |rho - pi|_1 <= radius, pi being the policy; all masses of the reference are positive.
    Requires: all masses of pi are positive, and r_y = ln(pi_y/reference_y) - u_y(pi)/tau differs by
    at most 2 radius from one response to another.
    Because: <u(pi) - u(rho), pi - rho> <= 0 (utilities are monotone), so that, with J the sum of
    both KL divergences of pi and rho, J <= <r, pi - rho> <= (max r - min r)/2 |pi - rho|_1, r being
    constant at rho; and J >= |pi - rho|_1^2 (Pinsker)."""
    witness.keys()
    k, tau, radius = claim["k"].value, claim["tau"].rational(positive=True), claim["radius"]
    given, n = radius.rational(), population.n
    pi, base = Masses(claim["policy"], population), Masses(claim["reference"], population)
    for masses in (pi, base):
        masses.node.expect(len(masses.support) == n, "support", "a response has no mass")
    fine, size = fine_enough(pi.most, k), (pi.unit * base.unit).bit_length()
    price = price_of_rounding(pi, k, fine) + price_of_logarithms(n, fine, fine + size)
    claim.charge(price + cost(64 * n, fine + longest((tau.numerator, tau.denominator, k))))
    (U, error), scale, ends = utilities(pi, k, fine), (k + 1) * tau.numerator, list[int]()
    for y in range(n):
        ln, loss = logarithm(pi.of[y] * base.unit, base.of[y] * pi.unit, fine)
        for s in (-1, 1):
            ends.append((ln + loss * s) * scale - tau.denominator * (U[y] - error * s))
    what, spread = "spread of ln(pi/reference) - u/tau", max(ends) - min(ends)
    yield Relation(radius, "regularised", what, spread, "<=", 2 * given, scale << fine)


@kind("dictatorship-distance k bound")
def check_dictatorship_distance(claim: Node, witness: Node, population: Population) -> Relations:
    """States: all rankings are strict, and with the shares s of first places some symmetric
    equilibrium pi has |pi - s|_1 <= bound <= 2 sum_y s_y (1 - pi_y)^(k+1).
    Requires: an equilibrium in the witness's box, and both sides at their worst in the box.
    Because: the left side is convex in each mass, so largest at an end; the right side falls."""
    (node,), k, bound = witness.keys("equilibrium"), claim["k"].value, claim["bound"]
    box = Box(node, population)
    claim.charge(price_of_box(box, k) + price_of_distance(box, k))
    yield from equilibrium(box, k)
    strict = population.n * len(population.users)
    yield Relation(node, "strict", "number of classes", population.size, "=", strict)
    first, distance, least = Counter[int](), Fraction(0), Fraction(0)
    for weight, ranking in zip(population.weights, population.rankings, strict=True):
        first[ranking[0][0]] += weight
    for y, mass in enumerate(box.centre.of):
        x, s = Fraction(mass, box.centre.unit), Fraction(first[y], population.total)
        distance += max(abs(x * (1 + shift) - s) for shift in (-box.delta, box.delta))
        least += 2 * s * max(1 - x * (1 + box.delta), Fraction(0)) ** (k + 1)
    value = fraction(bound.value)
    yield Relation(bound, "distance", "|pi - s|_1", distance, "<=", value)
    yield Relation(bound, "distance", "2 sum of s (1 - pi)^(k+1)", least, ">=", value)


@kind("unique-equilibrium k unique")
def check_unique_equilibrium(claim: Node, witness: Node, population: Population) -> Relations:
    """States: the (k+1)-player alignment game has exactly one symmetric equilibrium, or several.
    Requires: one of five proofs, by the keys of the witness.
    Because: as there. For k >= 2 all symmetric equilibria give each class of each user the same
    mass (utilities are monotone). So the difference d of two has zero class sums, and d >= 0 off
    the support T of the first. There is always one (Nash)."""
    k, unique = claim["k"].value, claim["unique"].value
    proofs = SEVERAL if not unique else ONE if k > 1 else ONE_LOTTERY
    given = next((keys for keys in proofs if set(keys) == set(witness.members())), ())
    witness.expect(given, "witness", f"expected the keys {' or '.join(map(str, proofs))}")
    yield from proofs[given](claim, k, population, *witness.keys(*given))


def full_rank(rows: list[list[int]], least: int, node: Node, what: str) -> Relation:
    """Ranks modulo a prime are lower bounds; one of the two primes may do."""
    found = rank(rows, PRIMES[0])
    found = found if found >= least else max(found, rank(rows, PRIMES[1]))
    return Relation(node, "rank", what, found, ">=", least)


def full_rank_on(columns: Positions, classes: list[list[int]], node: Node) -> Relation:
    """The indicator vectors of the classes have full rank on these responses."""
    rows = [[int(y in tied) for y in columns] for tied in map(set, classes)]
    return full_rank(rows, len(columns), node, "rank of the classes on the responses")


def one_by_classes(claim: Node, k: int, population: Population, node: Node) -> Relations:
    """Requires: as many classes as responses, whose indicator vectors have full rank.
    Because: then zero class sums make d = 0."""
    classes = [read_class(entry, population) for entry in node.elements(population.n)]
    claim.charge(price_of_classes(classes, population.n))
    yield full_rank_on(range(population.n), classes, node)


def one_by_support(
    claim: Node, k: int, population: Population, node: Node, classes: Node, combination: Node
) -> Relations:
    """Requires: an equilibrium; `one_by_classes` on its support T; and a combination v of classes
    that is 0 on T and positive off it.
    Because: v.d = 0 makes d = 0 off T, and then the classes make it so on T."""
    box, pairs = Box(node, population), combination.pairs()
    numbers, scale = combination.common_scale([number.rational() for _, number in pairs])
    chosen = [read_class(place, population) for place, _ in pairs]
    support, sizes = box.centre.support, population.n + sum(map(len, chosen))
    on = [read_class(entry, population) for entry in classes.elements(len(support))]
    price = cost(64 * sizes, scale.bit_length()) + price_of_classes(on, len(support))
    claim.charge(price + price_of_box(box, k))
    yield from equilibrium(box, k)
    yield full_rank_on(tuple(support), on, classes)
    vector = [0] * population.n
    for tied, number in zip(chosen, numbers, strict=True):
        for y in tied:
            vector[y] += number
    for y, value in enumerate(vector):
        what, relation = f"combination at {population.call([y])}", "=" if y in support else ">"
        yield Relation(combination, "combination", what, value, relation, 0, scale)


def one_lottery(claim: Node, k: int, population: Population, node: Node) -> Relations:
    """Requires: k = 1, and what `lottery` requires.
    Because: as there."""
    box = Box(node, population)
    claim.charge(price_of_box(box, k) + price_of_lottery(box.centre))
    yield from lottery(box, node)


def lottery(box: Box, node: Node) -> Relations:
    """States: the centre is the only symmetric equilibrium for k = 1, the maximal lottery.
    Requires: delta = 0 and an exact equilibrium, u_y < 1/2 off its support T, and margins M on T
    whose rank is at least |T| - 1.
    Because: in this zero-sum game another equilibrium would live on T, in the kernel of M."""
    node.expect(not box.delta, "witness", "for k = 1 delta is 0")
    masses, population, T = box.centre, box.centre.population, box.centre.support
    yield from exact(masses, 1)
    M, x, half = margins(masses), [masses.of[z] for z in T], population.total * masses.unit
    for y in sorted(set(range(population.n)) - T.keys()):
        what = f"off the support, {population.call([y])}: u"
        yield Relation(node, "not-strict", what, half + dot(M[y], x), "<", Fraction(1, 2), 2 * half)
    rows = [M[y] for y in T]
    yield full_rank(rows, len(T) - 1, node, "rank of the margins on the support")


def several_given(claim: Node, k: int, population: Population, equilibria: Node) -> Relations:
    """Requires: two exact equilibria that differ somewhere.
    Because: then there are two."""
    first, second = (Masses(node, population) for node in equilibria.elements(2))
    price = cost(2 * population.n, first.unit.bit_length(), second.unit.bit_length())
    claim.charge(price + price_of_exact(first, k) + price_of_exact(second, k))
    yield from exact(first, k)
    yield from exact(second, k)
    differ = sum(
        x * second.unit != y * first.unit for x, y in zip(first.of, second.of, strict=True)
    )
    yield Relation(equilibria, "same", "first equilibrium != second", differ, "!=", 0)


def several_along(
    claim: Node, k: int, population: Population, node: Node, direction: Node
) -> Relations:
    """Requires: an equilibrium, and d != 0 with d >= 0 off its support and zero class sums.
    Because: moving it a little along d changes no class's mass, hence no utility."""
    box, (step, scale) = Box(node, population), population.numbers(direction)
    further = price_of_columns(population, population.n, scale.bit_length())
    claim.charge(price_of_box(box, k) + further)
    yield from equilibrium(box, k)
    length = sum(map(abs, step.values()))
    yield Relation(direction, "direction", "direction != 0", length, "!=", 0)
    for y in sorted(step.keys() - box.centre.support.keys()):
        what = f"off the support, {population.call([y])}: direction"
        yield Relation(direction, "direction", what, step[y], ">=", 0, scale)
    for u, ranking in enumerate(population.rankings):
        for tied in ranking:
            moved = sum(step.get(y, 0) for y in tied)
            what = f"user {u}, {population.call(tied)}: sum of the direction"
            yield Relation(direction, "direction", what, moved, "=", 0, scale)


Proofs = dict[tuple[str, ...], abc.Callable[..., Relations]]
ONE: Proofs = {("classes",): one_by_classes}
ONE[("equilibrium", "classes", "combination")] = one_by_support
ONE_LOTTERY: Proofs = {("equilibrium",): one_lottery}
SEVERAL: Proofs = {("equilibria",): several_given, ("equilibrium", "direction"): several_along}


@kind("nlhf-ceiling bound")
def check_nlhf_ceiling(claim: Node, witness: Node, population: Population) -> Relations:
    """States: there is just one maximal lottery (NLHF's policy), and however often it is sampled,
    its worst win rate is at most the bound.
    Requires: what `lottery` requires, and 1 less the weight of the users who put the witness's
    opponent above its whole support is at most the bound.
    Because: with these users it loses to the opponent, whatever k is."""
    (node, opponent), bound = witness.keys("equilibrium", "opponent"), claim["bound"]
    y, box = population.response(opponent), Box(node, population)
    claim.charge(price_of_box(box, 1) + price_of_lottery(box.centre))
    yield from lottery(box, node)
    won, what = population.total - overruled(box.centre)[y], "limit of the win rate"
    yield Relation(bound, "nlhf-ceiling", what, won, "<=", fraction(bound.value), population.total)


@kind("algebraic-equilibrium k polynomial interval masses")
def check_algebraic_equilibrium(claim: Node, witness: Node, population: Population) -> Relations:
    """States: the polynomial has exactly one root in the interval, and at it the masses are a
    symmetric equilibrium of the (k+1)-player alignment game.
    Requires: values of two signs at the ends, and no zero among the slope's bounds; positive masses
    whose sum is 1; 1 - U_y is zero modulo the polynomial on the support, and off it zero or
    positive by its bounds.
    Because: what is zero modulo the polynomial is zero at its root, and bounds hold there."""
    witness.keys()
    k, interval, masses = claim["k"].value, claim["interval"], claim["masses"]
    field = Field(claim["polynomial"], interval)
    x, scale = field.read(population, masses)
    claim.charge(price_of_algebraic(population, k, field, x))
    span, d = (*field.ends, field.unit), field.degree
    values = [enclosed(field.modulus, end, end, field.unit)[0] for end in field.ends]
    slopes = enclosed([i * c for i, c in enumerate(field.modulus)][1:], *span)
    for what, pair, sign in (("values at the ends", values, "<"), ("slope's bounds", slopes, ">")):
        what, product = f"multiple of the product of the {what}", pair[0] * pair[1]
        yield Relation(interval, "isolating", what, product, sign, 0)
    for y, element in x.items():
        node, what = masses[population.names[y]], "multiple of the mass, at least"
        yield Relation(node, "positive", what, enclosed(element, *span)[0], ">", 0)
    one, what = [1, *[0] * (d - 1)], "sum of the masses less 1: a coefficient"
    excess = [sum(column) - scale * c for *column, c in zip(*x.values(), one, strict=True)]
    yield Relation(masses, "sum", what, max(excess, key=abs), "=", 0, scale)

    whole = population.total * (scale * field.modulus[-1] ** (d - 1)) ** k
    for y, utility in enumerate(algebraic_utilities(population, k, field.modulus, x)):
        slack = [whole * c - u for c, u in zip(one, utility, strict=True)]
        what, code = f"1 - U at {population.call([y])}", "not-equilibrium"
        if y in x:
            what, left = f"{what}: a coefficient", max(slack, key=abs)
            yield Relation(masses, code, what, left, "=", 0, whole)
        elif any(slack):
            least, _ = enclosed(slack, *span)
            yield Relation(masses, code, f"multiple of {what}", least, ">", 0)


def check_uniform_win_rate(claim: Node, witness: Node, population: UniformRankings) -> Relations:
    """States: a win rate against single responses, where all strict rankings are equally likely
    and the policy assigns its multiplicities to random responses.
    Requires: what `uniform_rate` says stands in the relation to the bound.
    Because: by symmetry it is the same against each response."""
    witness.keys()
    ties, relation, bound = claim["ties"].value, claim["relation"].value, claim["bound"]
    counts = population.read(claim["policy"], claim["k"].value)
    claim.charge(cost(512 * len(counts), 64 * len(counts)))
    rate = uniform_rate(population.n, counts, ties)
    yield Relation(bound, "win-rate", "win rate", rate, relation, fraction(bound.value))


def check_uniform_upper_bound(claim: Node, witness: Node, population: UniformRankings) -> Relations:
    """States: an upper bound against single responses, all strict rankings being equally likely.
    Requires: each partition of k into at most n multiplicities has a rate of at most the bound.
    Because: against a random response a k-multiset's rate depends on its multiplicities alone."""
    population.read(witness.keys("mixture")[0], 1)
    k, ties, bound = claim["k"].value, claim["ties"].value, claim["bound"]
    claim.charge(price_of_partitions(claim, k, min(k, population.n)))
    for counts in partitions(k, population.n, k):
        what, rate = f"multiplicities {counts[:20]}", uniform_rate(population.n, counts, ties)
        value = fraction(bound.value)
        yield Relation(bound, "joint-upper-bound", f"{what}: win rate", rate, "<=", value)


PARTIAL = {"win-rate", "product-upper-bound"}  # the worst completion is meant
LUCE = PARTIAL | {"joint-upper-bound", "equilibrium"}  # there are no ties, and boxes are points
UNIFORM = {"win-rate": check_uniform_win_rate, "joint-upper-bound": check_uniform_upper_bound}


# ---- V. The command ------------------------------------------------------------------------------

OPTION = re.compile(rf"--max-({'|'.join(BUDGET)})=([1-9][0-9]{{0,17}})", re.ASCII)
SENTENCES = {
    "win-rate": "the worst win rate of this {k}-output policy against {l} outputs, {ties} ties, is"
    " {relation} {bound}",
    "joint-upper-bound": "no {k}-output policy has a worst win rate against {l} outputs, {ties}"
    " ties, above {bound}",
    "product-upper-bound": "no policy sampled {k} times has a worst win rate against {l} outputs,"
    " {ties} ties, above {bound}",
    "product-opponents": "this policy, sampled {k} times, wins at least {bound} against any policy"
    " that is sampled {l} times",
    "head-to-head": "the win rate of this policy, sampled {k} times, against that one, sampled {l}"
    " times, is {relation} {bound}",
    "holdout": "if these users were drawn independently of the policy, it wins, sampled {k} times,"
    " more than {bound} against each response, with confidence {confidence}",
    "one-policy": "this one policy, sampled k times, has a worst win rate of at least r for every"
    " (k, r) of {rates}",
    "one-policy-upper-bound": "every policy, sampled k times, has a worst win rate of at most r for"
    " some (k, r) of {rates}",
    "limit": "the worst win rate of this policy, sampled k times, tends to {bound} as k grows",
    "equilibrium": "within the relative radius {delta} of the centre lies a symmetric equilibrium"
    " of the {players}-player alignment game; sampled {k} times it wins at least {k}/{players}",
    "dictatorship-distance": "a symmetric equilibrium pi of the {players}-player alignment game"
    " and the shares s of first places have |pi - s|_1 <= {bound} <= 2 sum_y s_y (1 -"
    " pi_y)^{players}",
    "picks": "a step of learning from picks at rate {eta} comes nearer, by KL, to a symmetric"
    " equilibrium of the {players}-player alignment game within the relative radius {delta} of the"
    " centre, from each of the {size} given policies: {nearer} (else farther)",
    "regularised": "the policy with masses proportional to the reference's times exp(u/tau),"
    " tau = {tau}, k = {k}, is within {radius} of this one, in the sum of absolute differences",
    "unique-equilibrium": "that the {players}-player alignment game has just one symmetric"
    " equilibrium is {unique}",
    "nlhf-ceiling": "NLHF has one policy, whose worst win rate is at most {bound}, however often"
    " it is sampled",
    "algebraic-equilibrium": "these algebraic numbers of degree at most {degree} are a symmetric"
    " equilibrium of the {players}-player alignment game; sampled {k} times it wins at least"
    " {k}/{players}",
}
OUT_OF_MEMORY = {"verdict": "OVER_BUDGET", "code": "work", "pointer": "", "detail": "out of memory"}


def words(claim: dict[str, Any]) -> str:
    """A well-formed claim as a sentence."""
    rationals = {"bound", "delta", "confidence", "eta", "tau", "radius"} & claim.keys()
    texts = {key: show(fraction(claim[key])) for key in rationals}
    texts |= {key: str(claim.get(key)).lower() for key in ("unique", "nearer")}
    texts |= {"players": str(claim.get("k", 0) + 1), "size": str(len(claim.get("policies", ())))}
    pairs = [f"({k}, {show(fraction(rate))})" for k, rate in claim.get("rates", ())]
    texts["rates"] = ", ".join(pairs)
    texts["degree"] = str(len(claim.get("polynomial", "?")) - 1)
    sentence = SENTENCES[claim["kind"]].format(**{**claim, **texts})
    return sentence.replace("sampled 1 times", "sampled once").replace(" 1 outputs", " 1 output")


def check_certificate(node: Node, populations: dict[str, Any]) -> dict[str, Any]:
    """The verdict on one claim, or its price; its hash binds the claim to its population's
    contents. It is ACCEPTED just if every relation that its kind yields stands."""
    about: dict[str, str | int] = {}
    outcome: dict[str, str | int] = {"verdict": "ACCEPTED"}
    try:
        claim, witness = node.keys("claim", "witness")
        named = {"kind", "population"} <= claim.typed(dict, "an object").keys()
        claim.expect(named, "missing-key", "the keys 'kind' and 'population' are needed")
        name = claim["kind"].one_of(KINDS)
        population = populations[claim["population"].one_of(populations)]
        about["kind"] = name
        about["sha256"] = digest({**claim.value, "population": population.sha256})
        keys, check = KINDS[name]
        claim.keys("kind", "population", *keys)
        for key in filter(READERS.get, keys):
            READERS[key](claim[key])
        if isinstance(population, UniformRankings):
            claim["population"].expect(name in UNIFORM, "population", "expected users")
            claim["l"].expect(claim["l"].value == 1, "out-of-range", "here l is 1")
            check = UNIFORM[name]
        elif isinstance(population, PartialOrders):
            claim["population"].expect(name in PARTIAL, "population", "expected full rankings")
            claim["l"].expect(claim["l"].value == 1 or name == "win-rate", "out-of-range", "l is 1")
        elif isinstance(population, LuceUsers):
            claim["population"].expect(name in LUCE, "population", "expected rankings")
            if name == "equilibrium":
                claim["delta"].expect(claim["delta"].value == "0", "out-of-range", "delta is 0")
            else:
                claim["ties"].one_of(["uniform"])
        for relation in check(claim, witness, population):
            relation.require()
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
            populations[name] = UniformRankings(node) if uniform else population_of(node)
        parts.expect(parts.elements(), "empty", "no certificates")
        for index, node in enumerate(parts.elements()):
            node.budget = dict(budget)  # each claim has the whole budget for itself
            yield line | {"index": index} | check_certificate(node, populations)
    except NotAcceptedError as reason:
        yield line | reason.line
    except MemoryError:
        yield line | OUT_OF_MEMORY


def main(arguments: list[str]) -> int:
    priced = arguments[:1] == ["--price"]
    arguments = arguments[priced:]
    files = [argument for argument in arguments if not argument.startswith("-")]
    options = [OPTION.fullmatch(argument) for argument in arguments if argument.startswith("-")]
    if not files or None in options:
        limits = f"[--max-{{{','.join(BUDGET)}}}=N]..."
        print(f"usage: checker.py [--price] {limits} FILE...", file=sys.stderr)
        return 64
    budget, seen = dict(BUDGET), set[str]()
    budget.update((option[1], int(option[2])) for option in options if option)
    if priced:
        budget["price"] = budget["work"]
    gc.disable()  # values do not refer to themselves, so counting references is enough
    sys.set_int_max_str_digits(0)  # the budget for digits takes its place
    for file in files:
        for line in check_file(file, budget):
            verdict = line.pop("verdict")
            seen.add(verdict)
            shown = [json.dumps(line)] if priced else [verdict, json.dumps(line)]
            print(*shown, flush=True)
    return next((EXIT[verdict] for verdict in EXIT if verdict in seen), 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
