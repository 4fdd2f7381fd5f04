"""The trusted checker of ualign certificates: standard library only, imports nothing of ours.

    python -I -S -B verify/checker.py [--max-bytes=N] [--max-depth=N] [--max-digits=N]
                                      [--max-work=N] FILE...

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
from fractions import Fraction

EXIT = {"REJECTED": 10, "MALFORMED": 11, "OVER_BUDGET": 12, "ACCEPTED": 0}
USAGE = 64
BUDGET = {"bytes": 1 << 26, "depth": 16, "digits": 50_000, "work": 1_000_000_000}
RATIONAL = re.compile(r"-?(0|[1-9][0-9]*)(/[1-9][0-9]*)?", re.ASCII)
TIES_SEEN_BY_OPPONENT = {"uniform": "uniform", "win": "lose", "half": "half", "lose": "win"}
PRIME = (1 << 61) - 1  # a rank modulo a prime never exceeds the rank over the rationals


class NotAcceptedError(Exception):
    """Why there is no ACCEPTED: verdict, code, JSON pointer, what failed, both exact sides."""

    def __init__(self, verdict, code, pointer, detail, left=None, right=None):
        super().__init__(detail)
        self.line = {"verdict": verdict, "code": code, "pointer": pointer, "detail": detail}
        if left is not None:
            self.line.update(left=show(left), right=show(right))


def require(holds, code, node, detail, left=None, right=None):
    """REJECTED unless the relation in `detail`, between `left` and `right`, holds."""
    if not holds:
        raise NotAcceptedError("REJECTED", code, node.at, f"{detail} fails", left, right)


def show(number):
    """A rational in full, or beyond 200 digits an enclosure and the SHA-256 of its exact text."""
    text = str(number)
    if len(text) <= 200:
        return text
    low = math.floor(number * 10**20)
    ends = f"{Fraction(low, 10**20)}, {Fraction(low + 1, 10**20)}"
    return f"in [{ends}], SHA-256 {hashlib.sha256(text.encode('ascii')).hexdigest()}"


# ---- Reading: nothing is trusted, key sets are closed --------------------------------------------


class Silent:
    """What the json module would have let pass: a float, NaN, a repeated key, a huge integer."""

    def __init__(self, code, detail):
        self.code, self.detail = code, detail


class Node:
    """A JSON value with its pointer; every reader either returns what it says or raises."""

    def __init__(self, value, at, budget):
        self.value, self.at, self.budget = value, at, budget

    def malformed(self, code, detail):
        return NotAcceptedError("MALFORMED", code, self.at, detail)

    def expect(self, holds, code, detail):
        if not holds:
            raise self.malformed(code, detail)

    def over_budget(self, name, detail):
        return NotAcceptedError("OVER_BUDGET", name, self.at, detail)

    def child(self, key):
        place = str(key).replace("~", "~0").replace("/", "~1")
        return Node(self.value[key], f"{self.at}/{place}", self.budget)

    def typed(self, kind, name):
        self.expect(type(self.value) is kind, "wrong-type", f"expected {name}")
        return self.value

    def text(self):
        return self.typed(str, "a string")

    def truth(self):
        return self.typed(bool, "true or false")

    def integer(self, least):
        value = self.typed(int, "an integer")
        self.expect(value >= least, "out-of-range", f"{value} is below {least}")
        return value

    def one_of(self, values):
        known = type(self.value) is str and self.value in values
        self.expect(known, "unknown-value", f"expected one of {', '.join(values)}")
        return self.value

    def elements(self, size=None):
        value = self.typed(list, "a list")
        wrong = f"expected {size} elements, found {len(value)}"
        self.expect(size in (None, len(value)), "wrong-size", wrong)
        return [self.child(i) for i in range(len(value))]

    def members(self):
        return {key: self.child(key) for key in self.typed(dict, "an object")}

    def keys(self, *expected, optional=()):
        """The members, in this order, of an object with just these keys (and the optional)."""
        value = self.typed(dict, "an object")
        for key in expected:
            self.expect(key in value, "missing-key", f"the key {key!r} is missing")
        for key in value:
            if key not in expected and key not in optional:
                raise self.child(key).malformed("unknown-key", "this key is not known here")
        return [self.child(key) for key in expected]

    def rational(self):
        value, digits = self.text(), self.budget["digits"]
        if max(map(len, value.split("/", 1))) > digits:
            raise self.over_budget("digits", f"more than {digits} digits")
        self.expect(RATIONAL.fullmatch(value), "not-rational", f"{value[:60]!a} is no rational")
        number = Fraction(value)
        self.expect(str(number) == value, "not-reduced", f"{value[:60]} is not in lowest terms")
        return number

    def positive(self):
        number = self.rational()
        self.expect(number > 0, "not-positive", "expected a positive number; leave zeros out")
        return number

    def common_scale(self, numbers):
        """Integers proportional to the rationals, and their common denominator."""
        scale = 1
        for number in numbers:
            scale = math.lcm(scale, number.denominator)
            if scale.bit_length() > 4 * self.budget["digits"]:
                raise self.over_budget("digits", "the common denominator is too long")
        self.spend(len(numbers), scale.bit_length())
        return [number.numerator * (scale // number.denominator) for number in numbers], scale

    def spend(self, steps, bits=0):
        """Pay for `steps` operations on integers of about `bits` bits before they are taken."""
        self.budget["work"] -= steps * (1 + (bits >> 11)) ** 2
        if self.budget["work"] < 0:
            raise self.over_budget("work", "the claim costs more work than the budget allows")

    def spend_on_tuples(self, population, size):
        others = population.n - 1
        if min(others, size) > 64:  # the binomial would be astronomical, and slow to compute
            raise self.over_budget("work", f"too many tuples of {size} among {population.n}")
        self.spend(math.comb(others + size, size) * len(population.users))

    def refuse_silent(self):
        if isinstance(self.value, Silent):
            raise self.malformed(self.value.code, self.value.detail)
        if isinstance(self.value, (dict, list)):
            for key in self.value if isinstance(self.value, dict) else range(len(self.value)):
                self.child(key).refuse_silent()


def load(file, budget):
    """The root node of a file; no floats, no repeated keys, not even in the provenance."""
    root = Node(None, "", dict(budget))
    try:
        with open(file, "rb") as stream:
            data = stream.read(budget["bytes"] + 1)
        if len(data) > budget["bytes"]:
            raise root.over_budget("bytes", f"the file has more than {budget['bytes']} bytes")
        text = data.decode("utf-8")
    except OSError as error:
        raise root.malformed("unreadable", f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise root.malformed("not-utf8", "the file is not UTF-8 text") from None
    level = 0
    for token in re.finditer(r'"(?:[^"\\]|\\.)*"?|[\[\]{}]', text, re.DOTALL):
        level += (token[0] in "[{") - (token[0] in "]}")
        if level > budget["depth"]:
            raise root.over_budget("depth", f"nested more than {budget['depth']} deep")

    def integer(digits):
        return int(digits) if len(digits) <= 18 else Silent("too-long", "over 18 digits")

    def inexact(literal):
        return Silent("float", f'{literal[:40]} is not exact; write a string such as "1/3"')

    def pairs(members):
        found = dict(members)
        return found if len(found) == len(members) else Silent("duplicate-key", "a key repeats")

    hooks = {"parse_int": integer, "parse_float": inexact, "parse_constant": inexact}
    try:
        root.value = json.loads(text, object_pairs_hook=pairs, **hooks)
    except (ValueError, RecursionError) as error:
        raise root.malformed("not-json", f"not JSON: {str(error)[:200]}") from None
    root.refuse_silent()
    return root


class Population:
    """Responses, and users as integer weights and rankings: classes of indices, best first."""

    def __init__(self, node):
        responses, users = node.keys("responses", "users")
        self.names = [name.text() for name in responses.elements()]
        self.index = {name: y for y, name in enumerate(self.names)}
        self.n = len(self.names)
        responses.expect(self.names, "empty", "no responses")
        responses.expect(len(self.index) == self.n, "repeated", "a response is listed twice")
        weights, self.rankings = [], []
        for user in users.elements():
            weight, ranking = user.keys("weight", "ranking")
            weights.append(weight.positive())
            self.rankings.append([self.indices(tied) for tied in ranking.elements()])
            order = [y for tied in self.rankings[-1] for y in tied]
            ranking.expect(all(self.rankings[-1]), "empty", "an indifference class is empty")
            ranking.expect(len(set(order)) == len(order), "repeated", "a response repeats")
            ranking.expect(len(order) == self.n, "incomplete", "a response is not ranked")
        users.expect(weights, "empty", "no users")
        self.weights, _ = users.common_scale(weights)
        self.total, self.users = sum(self.weights), range(len(weights))
        self.ranks = [[0] * len(weights) for _ in self.names]  # ranks[y][u], 0 is best
        for u, ranking in enumerate(self.rankings):
            for r, tied in enumerate(ranking):
                for y in tied:
                    self.ranks[y][u] = r
        self.size = sum(map(len, self.rankings))
        self.sha256 = digest(node.value)

    def indices(self, node, size=None):
        return [self.named(child, child.text()) for child in node.elements(size)]

    def named(self, node, name):
        node.expect(name in self.index, "unknown-response", f"{name!a} is no response")
        return self.index[name]

    def numbers(self, node):
        """{response: its node} of an object whose keys are responses."""
        return {self.named(child, name): child for name, child in node.members().items()}

    def call(self, positions):
        return "(" + ", ".join(ascii(self.names[y]) for y in positions) + ")"


def digest(value):
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


class Masses:
    """A point of the simplex, as integers over `unit`; the masses it lists are positive."""

    def __init__(self, node, population):
        listed = {y: child.positive() for y, child in population.numbers(node).items()}
        self.support = sorted(listed)
        exact = [listed.get(y, Fraction(0)) for y in range(population.n)]
        self.of, self.unit = node.common_scale(exact)
        node.expect(sum(self.of) == self.unit, "sum", "the masses do not sum to 1")


class Mixture:
    """Tuples of `size` positions, with integer masses over `unit`."""

    def __init__(self, node, size, population):
        pairs = [entry.elements(2) for entry in node.elements()]
        self.size, self.tuples = size, [population.indices(names, size) for names, _ in pairs]
        self.masses, self.unit = node.common_scale([mass.positive() for _, mass in pairs])
        node.expect(sum(self.masses) == self.unit, "sum", "the probabilities do not sum to 1")


# ---- Win rates -----------------------------------------------------------------------------------
# A contest fixes one side, k draws of a product policy or a mixture of tuples. Of the other side, a
# tuple B, a user sees only the rank r of its best class and the number c of its positions there:
# value(u, r, c) / scale is the chance that she picks one of B's positions.


class MixtureContest:
    """B of up to `largest` positions against a mixture; `ties` as seen from B."""

    def __init__(self, population, mixture, largest, ties):
        uniform = ties == "uniform"
        self.share = math.lcm(*range(1, mixture.size + largest + 1)) if uniform else 2
        self.largest, self.ties, self.scale = largest, ties, mixture.unit * self.share
        self.tables = [self.table(population, mixture, u) for u in population.users]

    def table(self, population, mixture, u):
        classes = len(population.rankings[u])
        tied = [{} for _ in range(classes)]  # mass of the tuples that are best there, by count
        for positions, mass in zip(mixture.tuples, mixture.masses, strict=True):
            ranks = [population.ranks[y][u] for y in positions]
            best, count = min(ranks), ranks.count(min(ranks))
            tied[best][count] = tied[best].get(count, 0) + mass
        table, worse = [None] * classes, 0
        for r in reversed(range(classes)):
            ties = [
                sum(mass * self.part(c, count) for count, mass in tied[r].items())
                for c in range(1, self.largest + 1)
            ]
            table[r] = [worse * self.share + tie for tie in ties]
            worse += sum(tied[r].values())
        return table

    def part(self, own, other):
        """`share` times what `own` positions take of a tie with `other` positions."""
        if self.ties == "uniform":
            return own * self.share // (own + other)
        return {"win": 2, "half": 1, "lose": 0}[self.ties]

    def value(self, u, r, c):
        return self.tables[u][r][c - 1]


class ProductContest:
    """B against k draws; exact, or `rounded` to upper bounds (uniform ties, one position)."""

    def __init__(self, population, masses, k, largest, ties, rounded):
        self.k, self.ties, self.unit = k, ties, masses.unit
        self.fine = fine_enough(masses.unit, k) if rounded else None
        draws = k + 1 if largest == 1 else math.lcm(*range(1, k + largest + 1))
        self.share = draws if ties == "uniform" else 2
        self.scale = self.share * (1 << self.fine if rounded else masses.unit**k)
        self.known, self.sums = {}, []
        for ranking in population.rankings:
            below = [0]
            for tied in reversed(ranking):
                below.append(below[-1] + sum(masses.of[y] for y in tied))
            self.sums.append(below[::-1])  # entry r is the mass of class r and all below it

    def value(self, u, r, c):
        key = self.sums[u][r + 1], self.sums[u][r], c
        if key not in self.known:
            self.known[key] = self.exact(*key) if self.fine is None else self.upper(*key)
        return self.known[key]

    def exact(self, low, top, c):
        """The integral of c t^(c-1) (L + t p)^k over [0, 1], L = low/unit, L + p = top/unit."""
        k, p = self.k, top - low
        if self.ties != "uniform":
            at_low, at_top = {"win": (0, 2), "half": (1, 1), "lose": (2, 0)}[self.ties]
            return at_low * low**k + at_top * top**k
        if c > 1:
            parts = (c * self.share // (i + c) for i in range(k + 1))
            draws = (math.comb(k, i) * low ** (k - i) * p**i for i in range(k + 1))
            return sum(map(int.__mul__, parts, draws))
        integral = (top ** (k + 1) - low ** (k + 1)) // p if p else (k + 1) * low**k
        return integral * (self.share // (k + 1))

    def upper(self, low, top, _):
        k, p = self.k, top - low
        if not p:
            return (k + 1) * (power(low, self.unit, k, self.fine) + 2 * k)
        high = power(top, self.unit, k + 1, self.fine) + 2 * (k + 1)
        return -((power(low, self.unit, k + 1, self.fine) - high) * self.unit // p)


def fine_enough(unit, k):
    """Bits of fixed point that keep every quotient by a mass of at least 1/unit 2^-64 exact."""
    return 128 + 2 * unit.bit_length() + 4 * k.bit_length()


def power(part, unit, exponent, fine):
    """(part/unit)^exponent in units of 2^-fine, from below and less than 2*exponent units short
    (part <= unit): rounding x'y' down loses at most what x' and y' lost, and one unit."""
    base = result = (part << fine) // unit
    for bit in bin(exponent)[3:]:
        result = result * result >> fine
        if bit == "1":
            result = result * base >> fine
    return result


def power_up(delta, exponent, fine):
    """(1 + delta)^exponent in units of 2^-fine, rounded up."""
    base, result = (1 << fine) - (-delta.numerator << fine) // delta.denominator, 1 << fine
    for bit in bin(exponent)[2:]:
        result = -(-result * result >> fine)
        if bit == "1":
            result = -(-result * base >> fine)
    return result


def chance_picked(population, contest, positions):
    """The chance that a user picks one of the positions, times population.total * scale."""
    chance = 0
    for u in population.users:
        ranks = [population.ranks[y][u] for y in positions]
        chance += population.weights[u] * contest.value(u, min(ranks), ranks.count(min(ranks)))
    return chance


def chances_picked(population, contest, size):
    """(positions, chance_picked) for every multiset of `size` positions, sharing the work."""

    def extend(first, missing, state, chosen):
        for y in range(first, population.n):
            for copies in range(missing if y == population.n - 1 else 1, missing + 1):
                after = [
                    (b, c) if r > b else (r, copies) if r < b else (b, c + copies)
                    for r, (b, c) in zip(population.ranks[y], state, strict=True)
                ]
                positions = [*chosen, *[y] * copies]
                if copies < missing:
                    yield from extend(y + 1, missing - copies, after, positions)
                else:
                    values = [contest.value(u, *after[u]) for u in population.users]
                    yield positions, sum(map(int.__mul__, population.weights, values))

    return extend(0, size, [(population.n, 0)] * len(population.users), [])


def require_never_above(bound, size, population, contests, code, node, who):
    """Every multiset of `size` positions is picked with a chance of at most `bound`. The first
    contest tries them all, the next (finer) ones those that are still open; the last is exact."""
    still_open = None
    for contest in contests:
        limit = math.floor(bound * population.total * contest.scale)
        chances = (
            chances_picked(population, contest, size)
            if still_open is None
            else ((b, chance_picked(population, contest, b)) for b in still_open)
        )
        still_open = [b for b, chance in chances if chance > limit]
        if not still_open:
            return
    worst = still_open[0]
    chance = Fraction(chance_picked(population, contest, worst), population.total * contest.scale)
    detail = f"{who} {population.call(worst)}: chance to be picked <= limit"
    require(False, code, node, detail, chance, bound)


def product_policy(node, k, size, ties, population):
    """The contests of `size` positions against k draws, made and paid for one by one."""
    masses = Masses(node, population)
    for rounded in [True, False] if size == 1 and ties == "uniform" else [False]:
        bits = fine_enough(masses.unit, k) if rounded else k * masses.unit.bit_length()
        steps = 8 if size == 1 else size * k
        node.spend(population.size * steps, bits if size == 1 else bits + 2 * (k + size))
        yield ProductContest(population, masses, k, size, ties, rounded)


def joint_policy(node, k, size, ties, population):
    """The contest of `size` positions against a mixture of k-tuples."""
    mixture = Mixture(node, k, population)
    terms = len(mixture.tuples) * k * len(population.users) + population.size * size * k
    node.spend(terms, k + size)
    yield MixtureContest(population, mixture, size, ties)


POLICIES = {"product": product_policy, "joint": joint_policy}


def check_win_rate(claim, witness, population):
    _, _, k, l, ties, policy, relation, bound = claim.keys(
        "kind", "population", "k", "l", "ties", "policy", "relation", "bound"
    )
    k, size, relation = k.integer(1), l.integer(1), relation.one_of(["<=", "=", ">="])
    ties = TIES_SEEN_BY_OPPONENT[ties.one_of(TIES_SEEN_BY_OPPONENT)]
    limit = 1 - bound.rational()
    kind = next(iter(policy.members()), "")
    policy.expect(kind in POLICIES, "policy", f"expected one of {', '.join(POLICIES)}")
    (masses,) = policy.keys(kind)
    contests = POLICIES[kind](masses, k, size, ties, population)
    if relation == ">=":
        witness.keys()
    else:
        (opponent,), contests = witness.keys("opponent"), list(contests)
        positions = population.indices(opponent, size)
        chance = chance_picked(population, contests[-1], positions)
        won = 1 - Fraction(chance, population.total * contests[-1].scale)
        holds = won == 1 - limit if relation == "=" else won <= 1 - limit
        require(holds, "not-attained", opponent, f"win rate {relation} bound", won, 1 - limit)
    if relation != "<=":
        l.spend_on_tuples(population, size)
        args = population, contests, "win-rate", bound, "the opponent"
        require_never_above(limit, size, *args)


def check_joint_upper_bound(claim, witness, population):
    _, _, k, l, ties, bound = claim.keys("kind", "population", "k", "l", "ties", "bound")
    size, rivals, limit = k.integer(1), l.integer(1), bound.rational()
    ties = ties.one_of(TIES_SEEN_BY_OPPONENT)
    (mixture,) = witness.keys("mixture")
    k.spend_on_tuples(population, size)
    contests = joint_policy(mixture, rivals, size, ties, population)
    args = population, contests, "joint-upper-bound", bound, "the outputs"
    require_never_above(limit, size, *args)


# ---- Symmetric equilibria ------------------------------------------------------------------------


def check_equilibrium(claim, witness, population):
    _, _, k, centre, delta = claim.keys("kind", "population", "k", "centre", "delta")
    require_equilibrium(k.integer(1), centre, delta, witness, population)


def require_equilibrium(k, centre, delta_node, witness, population):
    """A symmetric equilibrium with the support of the centre x lies in x (1 +- delta); it is x
    itself if delta = 0. Returns the centre's Masses."""
    masses, delta = Masses(centre, population), delta_node.rational()
    delta_node.expect(0 <= delta < 1, "out-of-range", "delta lies in [0, 1)")
    if not delta:
        witness.keys()
        contests = product_policy(centre, k, 1, "uniform", population)
        args = population, contests, "not-equilibrium", centre, "the deviation"
        require_never_above(Fraction(1, k + 1), 1, *args)
        return masses
    inverse, boundary = witness.keys("inverse", "boundary")
    require(k * delta <= 1, "contraction", delta_node, "k delta <= 1", k * delta, Fraction(1))
    size, support = len(masses.support), set(masses.support)
    fine = fine_enough(masses.unit, k) + delta.denominator.bit_length()
    centre.spend(population.size * (16 + size) + size**3, fine)
    one = 1 << fine
    Y = [  # any matrix will do, so this one may be rounded
        [one * v.numerator // v.denominator for v in map(Node.rational, row.elements(size))]
        for row in inverse.elements(size)
    ]
    U, u_error, A, a_error = utilities(population, masses, k, fine)
    on_support = [U[y] for y in masses.support]
    beta = g0 = K = 0
    for i, row in enumerate(Y):
        length = sum(map(abs, row))
        residual = sum(map(int.__mul__, row, [value - one for value in on_support]))
        beta = max(beta, abs(residual) + length * u_error)
        product = [sum(map(int.__mul__, row, column)) for column in zip(*A, strict=True)]
        product[i] -= one * one
        g0 = max(g0, sum(map(abs, product)) + length * a_error * size)
        K = max(K, k * sum(map(int.__mul__, map(abs, row), [v + u_error for v in on_support])))
    beta, g0, K = (Fraction(bound, one * one) for bound in (beta, g0, K))
    reach = beta + (g0 + K * (Fraction(power_up(delta, k - 1, fine), one) - 1)) * delta
    detail = "beta + (g0 + K ((1 + delta)^(k-1) - 1)) delta < delta"
    require(reach < delta, "contraction", inverse, detail, reach, delta)
    hints, stretch = population.numbers(boundary), power_up(delta, k, fine)
    for y in sorted(set(range(population.n)) - support - set(hints)):
        most = Fraction((U[y] + u_error) * stretch, one * one)
        detail = f"off the support, {population.call([y])}: U (1 + delta)^k < 1"
        require(most < 1, "off-support", centre, detail, most, Fraction(1))
    for y, hint in hints.items():
        hint.expect(y not in support, "boundary", "the response is in the support")
        require_face_bound(k, y, hint, masses, population)
    return masses


def utilities(population, masses, k, fine):
    """U_y = (k+1) u_y at the masses, for all y, and the rows of A = (x_j dU_i/dx_j) on the
    support, in units of 2^-fine, each with a bound for its error.

    With N = k + 1 and S = L + p, U_y is the users' average of Q = (S^N - L^N)/p, where
    dQ/dL = N (S^k - L^k)/p and dQ/dp = (N S^k - Q)/p; Q = N L^k where p = 0."""
    N, unit, support, least, known = k + 1, masses.unit, masses.support, masses.unit, {}
    place = {y: i for i, y in enumerate(support)}
    U, A = [0] * population.n, [[0] * len(support) for _ in support]

    def powers(part):
        if part not in known:
            known[part] = power(part, unit, k, fine), power(part, unit, N, fine)
        return known[part]

    for weight, ranking in zip(population.weights, population.rankings, strict=True):
        low, worse = 0, []
        for tied in reversed(ranking):
            here = [place[y] for y in tied if y in place]
            p = sum(masses.of[support[i]] for i in here)
            (low_k, low_N), (top_k, top_N) = powers(low), powers(low + p)
            Q = (top_N - low_N) * unit // p if p else N * low_k
            for y in tied:
                U[y] += weight * Q
            if p:
                least = min(least, p)
                by_low = weight * (N * (top_k - low_k) * unit // p)
                by_own = weight * ((N * top_k - Q) * unit // p)
                for i in here:
                    for j in worse:
                        A[i][j] += by_low
                    for j in here:
                        A[i][j] += by_own
            worse += here
            low += p
    lost = 2 * N  # units of 2^-fine, by each power
    most = -(-unit // least)  # the largest 1/p
    u_error = max(lost * most, lost * N) + 2
    a_error = (lost * N + u_error) * most + 3
    x = [masses.of[y] for y in support]
    A = [[v * x_j // (population.total * unit) for v, x_j in zip(row, x, strict=True)] for row in A]
    return [value // population.total for value in U], u_error, A, a_error


def require_face_bound(k, y, hint, masses, population):
    """U_y <= 1 at each point of the face that has U = 1 on the support, by a formal identity.

    On the face U_y is a sum of terms (below, own), subsets of the support. The hinted multiples of
    support responses' terms are subtracted; what is left has to be constant: below = the whole
    support stands for k + 1, own = the whole support for 1, neither for 0."""
    multiples = {z: child.rational() for z, child in population.numbers(hint).items()}
    whole, none = frozenset(masses.support), frozenset()
    hint.expect(whole.issuperset(multiples), "boundary", "a multiple is off the support")
    hint.spend(population.size * len(whole))
    terms = {}
    for weight, ranking in zip(population.weights, population.rankings, strict=True):
        below = none
        for tied in reversed(ranking):
            own = whole.intersection(tied)
            if factor := (y in tied) - sum(multiples.get(z, 0) for z in own):
                terms[below, own] = terms.get((below, own), 0) + factor * weight
            below |= own
    constants = {(whole, none): k + 1, (none, whole): 1, (none, none): 0}
    bound = sum(multiples.values(), Fraction(0))
    for term, weight in terms.items():
        if term in constants:
            bound += Fraction(constants[term] * weight, population.total)
        else:
            detail = "weight of a term left by the identity = 0"
            require(weight == 0, "boundary", hint, detail, Fraction(weight), Fraction(0))
    require(bound <= 1, "boundary", hint, "U <= 1 on the face", bound, Fraction(1))


# ---- Uniqueness ----------------------------------------------------------------------------------


def check_unique_equilibrium(claim, witness, population):
    _, _, k, unique = claim.keys("kind", "population", "k", "unique")
    k, unique = k.integer(1), unique.truth()
    proofs = SEVERAL if not unique else ONE if k > 1 else ONE_LOTTERY
    given = next((keys for keys in proofs if set(keys) == set(witness.members())), None)
    witness.expect(given, "witness", f"expected the keys {' or '.join(map(str, proofs))}")
    proofs[given](k, *witness.keys(*given), population)


def given_equilibrium(k, node, population):
    centre, delta, witness = node.keys("centre", "delta", "witness")
    return require_equilibrium(k, centre, delta, witness, population)


def require_rank(rows, least, node, detail):
    pivots = {}
    for row in rows:
        rest = {j: value % PRIME for j, value in enumerate(row) if value % PRIME}
        while rest and min(rest) in pivots:
            pivot, factor = pivots[min(rest)], rest[min(rest)]
            for j, value in pivot.items():
                rest[j] = (rest.get(j, 0) - factor * value) % PRIME
            rest = {j: value for j, value in rest.items() if value}
        if rest:
            inverse = pow(rest[min(rest)], -1, PRIME)
            pivots[min(rest)] = {j: value * inverse % PRIME for j, value in rest.items()}
    require(len(pivots) >= least, "rank", node, detail, Fraction(len(pivots)), Fraction(least))


def read_class(node, population):
    """The members of a class, given as [user, class], both counted from 0."""
    user, place = (number.integer(0) for number in node.elements(2))
    node.expect(user in population.users, "out-of-range", "there is no such user")
    ranking = population.rankings[user]
    node.expect(place < len(ranking), "out-of-range", "there is no such class")
    return set(ranking[place])


def require_classes_span(node, columns, population):
    """The indicator vectors of the classes have full rank on these responses."""
    classes = [read_class(element, population) for element in node.elements(len(columns))]
    node.spend(len(columns) ** 3)
    rows = [[int(y in tied) for y in columns] for tied in classes]
    require_rank(rows, len(columns), node, "rank of the classes >= number of responses")


def one_by_classes(k, classes, population):
    require_classes_span(classes, range(population.n), population)


def one_by_support(k, equilibrium, classes, combination, population):
    """The combination shows that d vanishes off the support, the classes that it does on it."""
    masses = given_equilibrium(k, equilibrium, population)
    require_classes_span(classes, masses.support, population)
    vector = [Fraction(0)] * population.n
    for entry in combination.elements():
        place, number = entry.elements(2)
        for y in read_class(place, population):
            entry.spend(1, 4 * len(number.text()))
            vector[y] += number.rational()
    for y, value in enumerate(vector):
        inside = y in masses.support
        detail = f"combination at {population.call([y])} {'=' if inside else '>'} 0"
        holds = value == 0 if inside else value > 0
        require(holds, "combination", combination, detail, value, Fraction(0))


def one_lottery(k, equilibrium, population):
    """The kernel test for k = 1: strict off the support, on it one-dimensional."""
    masses = given_equilibrium(k, equilibrium, population)
    equilibrium.expect(equilibrium.value["delta"] == "0", "witness", "for k = 1 delta is 0")
    equilibrium.spend(len(population.users) * population.n**2 + population.n**3)
    margins = [[0] * population.n for _ in population.names]  # weight above minus weight below
    for weight, ranking in zip(population.weights, population.rankings, strict=True):
        worse = []
        for tied in reversed(ranking):
            for y in tied:
                for z in worse:
                    margins[y][z] += weight
                    margins[z][y] -= weight
            worse += tied
    support = masses.support
    for y in sorted(set(range(population.n)) - set(support)):
        margin = sum(margins[y][z] * masses.of[z] for z in support)
        chance = Fraction(1, 2) + Fraction(margin, 2 * population.total * masses.unit)
        detail = f"off the support, {population.call([y])}: u < 1/2"
        require(margin < 0, "not-strict", equilibrium, detail, chance, Fraction(1, 2))
    rows = [[margins[y][z] for z in support] for y in support]
    require_rank(rows, len(support) - 1, equilibrium, "rank of the margins >= support - 1")


def several_given(k, equilibria, population):
    found = []
    for node in equilibria.elements(2):
        delta, witness = Node("0", node.at, node.budget), Node({}, node.at, node.budget)
        masses = require_equilibrium(k, node, delta, witness, population)
        found.append([Fraction(mass, masses.unit) for mass in masses.of])
    require(found[0] != found[1], "same", equilibria, "first equilibrium != second")


def several_along(k, equilibrium, direction, population):
    """The equilibrium can be moved a little, and no user's class changes its mass."""
    masses = given_equilibrium(k, equilibrium, population)
    step = {y: child.rational() for y, child in population.numbers(direction).items()}
    require(any(step.values()), "direction", direction, "direction != 0")
    for y, value in step.items():
        holds = y in masses.support or value >= 0
        detail = f"off the support, {population.call([y])}: direction >= 0"
        require(holds, "direction", direction, detail, value, Fraction(0))
    direction.spend(len(population.users) * population.n)
    for u in population.users:
        for tied in population.rankings[u]:
            moved = sum((step.get(y, Fraction(0)) for y in tied), Fraction(0))
            detail = f"user {u}, {population.call(tied)}: sum of the direction = 0"
            require(moved == 0, "direction", direction, detail, moved, Fraction(0))


ONE = {("classes",): one_by_classes, ("equilibrium", "classes", "combination"): one_by_support}
ONE_LOTTERY = {("equilibrium",): one_lottery}
SEVERAL = {("equilibria",): several_given, ("equilibrium", "direction"): several_along}


# ---- Kinds, verdicts, the command ----------------------------------------------------------------

KINDS = {
    "win-rate": (
        check_win_rate,
        "the worst win rate of this {k}-output policy against {l} outputs, {ties} ties,"
        " is {relation} {bound}",
    ),
    "joint-upper-bound": (
        check_joint_upper_bound,
        "no {k}-output policy has a worst win rate against {l} outputs, {ties} ties, above {bound}",
    ),
    "equilibrium": (
        check_equilibrium,
        "within the relative radius {delta} of the centre lies a symmetric equilibrium of the"
        " {players}-player alignment game; sampled {k} times it wins at least {k}/{players}",
    ),
    "unique-equilibrium": (
        check_unique_equilibrium,
        "that the {players}-player alignment game has just one symmetric equilibrium is {unique}",
    ),
}


def words(claim):
    """A well-formed claim as a sentence."""
    numbers = {key: show(Fraction(claim[key])) for key in ("bound", "delta") if key in claim}
    truth = {"unique": str(claim.get("unique")).lower(), "players": claim["k"] + 1}
    return KINDS[claim["kind"]][1].format(**{**claim, **numbers, **truth})


def check_certificate(node, populations):
    """The verdict line of one claim; its hash binds the claim to its population's contents."""
    line = {"kind": None, "sha256": None, "claim": None}
    try:
        claim, witness = node.keys("claim", "witness")
        named = {"kind", "population"} <= set(claim.members())
        claim.expect(named, "missing-key", "the keys 'kind' and 'population' are needed")
        kind = claim.child("kind").one_of(KINDS)
        population = populations[claim.child("population").one_of(populations)]
        line["kind"] = kind
        line["sha256"] = digest({**claim.value, "population": population.sha256})
        KINDS[kind][0](claim, witness, population)
        return {"verdict": "ACCEPTED", **line, "claim": words(claim.value)}
    except NotAcceptedError as reason:
        if reason.line["verdict"] == "REJECTED":
            line["claim"] = words(claim.value)
        return {**line, **reason.line}


def check_file(file, budget):
    """The verdict lines of a file: one a claim, or one for the file if it cannot be read."""
    try:
        root = load(file, budget)
        form, named, certificates = root.keys(
            "format", "populations", "certificates", optional=("provenance",)
        )
        form.one_of(["ualign/1"])
        populations = {name: Population(node) for name, node in named.members().items()}
        nodes = certificates.elements()
        certificates.expect(nodes, "empty", "no certificates")
    except NotAcceptedError as reason:
        yield {"index": None, "kind": None, "sha256": None, "claim": None, **reason.line}
        return
    for index, node in enumerate(nodes):
        node.budget = dict(budget)  # each claim has the whole budget for itself
        yield {"index": index, **check_certificate(node, populations)}


def main(arguments):
    budget, files, seen = dict(BUDGET), [], set()
    for argument in arguments:
        option = re.fullmatch(r"--max-([a-z]+)=([1-9][0-9]{0,17})", argument, re.ASCII)
        if option and option[1] in BUDGET:
            budget[option[1]] = int(option[2])
        elif argument.startswith("-"):
            return usage(f"{argument} is no option, or not a positive integer")
        else:
            files.append(argument)
    if not files:
        return usage("no certificate file given")
    sys.set_int_max_str_digits(0)  # the budget for digits takes its place
    for file in files:
        for line in check_file(file, budget):
            verdict = line.pop("verdict")
            seen.add(verdict)
            print(verdict, json.dumps({"file": file, **line}), flush=True)
    return EXIT[next(verdict for verdict in EXIT if verdict in seen)]


def usage(problem):
    options = " ".join(f"[--max-{name}=N]" for name in BUDGET)
    print(f"checker: {problem}\nusage: checker.py {options} FILE...", file=sys.stderr)
    return USAGE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
