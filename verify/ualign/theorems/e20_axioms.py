"""E20: the axioms that the equilibria satisfy for every k, each as a pair of located equilibria: of
the population, and of one that is changed as the axiom says.

What the axiom says of the two is decided by their boxes; where it is an equality, the boxes can
only fail to contradict it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm

from ualign.certificates.claims import claim_equilibrium
from ualign.certificates.document import population_json
from ualign.certificates.findings import (
    EXACT,
    NOT_CERTIFIED,
    NOT_COMPUTED,
    Finding,
    Question,
    enclosed_to,
    without_claim,
)
from ualign.errors import FaultError
from ualign.exact.instance import EQUILIBRIUM_BITS, Instance
from ualign.model.changes import divided, with_clone, with_indifferent, without_response
from ualign.model.policies import ProductPolicy
from ualign.model.population import Population
from ualign.model.rates import best_rate
from ualign.model.solutions import Enclosure
from ualign.model.win_rates import worst_case
from ualign.text import decimal, listed
from ualign.theorems.located import Located, against_draw, apart, locate

STATEMENT = "Pareto, consistency, a majority's favourite, participation and clones, at each k"


class _UntoldError(Exception):
    """An equilibrium of a changed population could not be enclosed, or not narrowly enough."""


@dataclass(frozen=True)
class _Case:
    """An instance with its equilibrium at k, and what changed populations have."""

    instance: Instance
    here: Located

    @property
    def population(self) -> Population:
        return self.instance.population

    @property
    def k(self) -> int:
        return self.here.k

    def other(self, name: str, change: Callable[[Population], Population]) -> Instance:
        """The changed population, by the name under which files list it; of one name there is one,
        whatever k is."""
        bits, key = self.instance.bits, ("changed", name)
        return self.instance.once(key, lambda: Instance(change(self.population), bits=bits))

    def located(self, name: str, other: Instance) -> Located:
        """The equilibrium of a changed population."""
        if (there := locate(other, self.k)) is None:
            raise _UntoldError(f"no equilibrium of the population {name!r} could be enclosed")
        return replace(there, claim=there.claim.about(name, population_json(other.population)))

    def kept(
        self, name: str, other: Instance, policy: ProductPolicy, enclosure: Enclosure
    ) -> Located:
        """The same box in a changed population."""
        claim = claim_equilibrium(other.population, self.k, policy, enclosure)
        claim = claim.about(name, population_json(other.population))
        return Located(self.k, policy, enclosure, claim)


Axiom = Callable[[_Case], tuple[list[Located], str] | None]
"""The equilibria of changed populations, and what the axiom says, in words; None where it says
nothing."""


def certify(instance: Instance, k: int) -> list[Finding]:
    """A finding for each axiom that speaks of the population at k; its number is the radius of the
    box around the population's own equilibrium, as in P2."""
    if (here := locate(instance, k)) is None:
        why = instance.equilibrium(k).reason
        return [without_claim(Question("E20", "pareto"), k, NOT_CERTIFIED, why)]
    case = _Case(instance, here)
    return [found for name in AXIOMS for found in _certify(Question("E20", name), case)]


def _certify(question: Question, case: _Case) -> Iterator[Finding]:
    try:
        said = AXIOMS[question.name](case)
    except _UntoldError as reason:
        yield without_claim(question, case.k, NOT_COMPUTED, str(reason))
        return
    if said is not None:
        boxes, note = [case.here, *said[0]], said[1]
        bits = [box.delta.denominator.bit_length() - 1 for box in boxes if box.delta]
        grade = enclosed_to(min(bits)) if bits else EXACT
        claims = tuple(box.claim for box in boxes)
        yield Finding(question, case.k, "<=", case.here.delta, grade, claims, note)


def _pareto(case: _Case) -> tuple[list[Located], str] | None:
    """What is nowhere better than another response, and somewhere worse, has no mass."""
    population, ranks = case.population, case.population.ranks

    def dominates(z: int, y: int) -> bool:
        steps = [row[y] - row[z] for row in ranks]
        return min(steps) >= 0 and max(steps) > 0

    everything = range(population.n)
    worse = [y for y in everything if any(dominates(z, y) for z in everything)]
    if massive := {*worse} & {*case.here.policy.support}:
        names = _named(population, sorted(massive))
        raise FaultError(f"E20 fails: {names} is dominated, and has mass")
    return ([], f"dominated, and without mass: {_named(population, worse)}") if worse else None


def _majority(case: _Case) -> tuple[list[Located], str] | None:
    """The only best response of more than half of the users has more than half of the mass."""
    population, half = case.population, Fraction(1, 2)
    fans = dict.fromkeys(range(population.n), 0)
    for weight, user in zip(population.integer_weights, population.users, strict=True):
        if len(user.ranking[0]) == 1:
            fans[user.ranking[0][0]] += weight
    y = max(fans, key=fans.__getitem__)
    if 2 * fans[y] <= population.scale:
        return None
    low, high = case.here.mass(y)
    share, name = Fraction(fans[y], population.scale), _named(population, [y])
    if high <= half:
        raise FaultError(f"E20 fails: {name} is the only best of {share}, and has mass {high}")
    if low <= half:
        raise _UntoldError(f"whether the mass of {name} exceeds 1/2: ask for more bits")
    return [], f"{name}, the only best response of {share}, has mass {decimal(low)}"


def _agenda(case: _Case) -> tuple[list[Located], str] | None:
    """Without one response or another that has no mass, the equilibrium stays one."""
    population, here = case.population, case.here
    off = [y for y in range(population.n) if not here.policy.masses[y]][:2]
    found = []
    for y in off:
        name = f"without-{y + 1}"
        other = case.other(name, lambda whole, y=y: without_response(whole, y))  # type: ignore[misc]
        policy = ProductPolicy((*here.policy.masses[:y], *here.policy.masses[y + 1 :]))
        boundary = {
            z - (z > y): {s - (s > y): multiple for s, multiple in hints.items()}
            for z, hints in here.enclosure.boundary.items()
            if z != y
        }
        found.append(case.kept(name, other, policy, replace(here.enclosure, boundary=boundary)))
    return (found, f"also without {_named(population, off)}") if off else None


def _population(case: _Case) -> tuple[list[Located], str] | None:
    """To users who prefer nothing to anything every policy is an equilibrium; with as many of them
    as there are users, the population's is one still."""
    name = "with-indifferent"
    other, note = case.other(name, with_indifferent), "also with as many indifferent users"
    if not case.here.delta:
        return [case.kept(name, other, case.here.policy, case.here.enclosure)], note
    there = case.located(name, other)
    _same(case, there, "population-consistency", None)
    return [there], note


def _participation(case: _Case) -> tuple[list[Located], str] | None:
    """The users of the last ranking join the others: in their eyes k draws of the new equilibrium
    win k/(k+1) against one of the old, and in the others' eyes one of the old against k of the new
    wins 1/(k+1)."""
    population, here, k = case.population, case.here, case.k
    if len(population.users) == 1:
        return None
    name, last = "before-they-join", len(population.users) - 1
    before = case.located(name, case.other(name, lambda whole: divided(whole, last)[0]))
    both = (*here.policy.masses, *before.policy.masses)
    size = 2 * k * lcm(*(mass.denominator for mass in both)).bit_length()
    if size > EQUILIBRIUM_BITS:
        raise _UntoldError(f"numbers of {size} bits")
    others, joined = divided(population, last)
    loose = here.strayed(k) + before.strayed(1)
    pays = against_draw(joined, here.policy, before.policy, k)
    kept = 1 - against_draw(others, here.policy, before.policy, k)
    if pays + loose < best_rate(k) or kept + loose < 1 - best_rate(k):
        raise FaultError(f"E20 fails: those who join win {pays}, and of the others {kept} is kept")
    return [before], f"to those who join last the new one wins {decimal(pays)} against the old"


def _clones(case: _Case) -> tuple[list[Located], str] | None:
    """A clone of a response with mass, which users rank above or below it by turns: merged, the
    equilibrium is the one before; for k = 1, where there may be several, it is one."""
    population, c = case.population, case.here.policy.support[0]
    name = f"with-a-clone-of-{c + 1}"

    def change(whole: Population) -> Population:
        return with_clone(whole, c, lambda i: ((i % 2,), (1 - i % 2,)))

    there = case.located(name, case.other(name, change))
    if case.k > 1:
        _same(case, there, "independence of clones", c)
    else:
        *rest, clone = there.policy.masses
        merged = ProductPolicy((*rest[:c], rest[c] + clone, *rest[c + 1 :]))
        if worst_case(population, merged, k=1).value < best_rate(1):
            raise FaultError(f"E20 fails: merging clones of {_named(population, [c])} at k = 1")
    return [there], f"also with a clone of {_named(population, [c])}"


def _same(case: _Case, there: Located, axiom: str, c: int | None) -> None:
    """For k >= 2 the classes' masses are unique (E2), and have to be the same; there the last
    response is the clone of c, if any."""
    for user in case.population.users:
        for tied in user.ranking:
            clone = (case.population.n,) if c in tied else ()
            if apart(case.here.mass(*tied), there.mass(*tied, *clone)):
                names = _named(case.population, tied)
                raise FaultError(f"E20 fails: {axiom}, at {names} for k = {case.k}")


def _named(population: Population, responses: Sequence[int]) -> str:
    return listed(population.responses[y] for y in responses)


AXIOMS: dict[str, Axiom] = {
    "pareto": _pareto,
    "majority-favourite": _majority,
    "agenda-consistency": _agenda,
    "population-consistency": _population,
    "participation": _participation,
    "clones": _clones,
}
