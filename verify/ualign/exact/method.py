"""What a method is: a named rule from a population and k to a policy. The user's own are taken from
Python or a file, and what their rules return is looked at before it is believed to be a policy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ualign.certificates.findings import Question
from ualign.errors import InputError
from ualign.exact.instance import Instance, PartialInstance
from ualign.model.partial_orders import UserPopulation
from ualign.model.policies import JointPolicy, MixturePolicy, Policy, ProductPolicy
from ualign.text import listed, show
from ualign.user_code import call, is_in_a_file, load

_ALONE = (str, Mapping, ProductPolicy, JointPolicy, MixturePolicy)


@dataclass(frozen=True)
class Method:
    """A named rule: `rule(population, k)` returns the policy that gives k outputs.

    A policy is a `ProductPolicy`, which is sampled k times, a `JointPolicy` of k outputs, a
    `MixturePolicy`, or {response name: mass}, which stands for a product policy. Where the rule
    leaves a choice, such as tied winners, it returns a list of all of them, and the method
    guarantees the worst; None where it has nothing at this k. `fixed`: the policy does not depend
    on k, so that it is asked for once, at k = 1, and has a limit as k grows (E10).

    The rule proposes; that its policy wins what is said, the checker decides.

        >>> from ualign import Method, Population, compare
        >>> def first(population, k):
        ...     return {population.responses[0]: 1}
        >>> population = Population.from_rankings([["a", "b"], ["b", "a"]], [3, 2])
        >>> found = compare(population, [2], methods=[Method("always-first", first, fixed=True)])
        >>> found.value("always-first", 2)
        Fraction(3, 5)

    Raises InputError unless the name is a letter, then letters, digits, hyphens, dots, underscores,
    and can be told from the names of other questions ("x-l2" is x against 2 outputs)."""

    name: str
    rule: Callable[[Any, int], Any]
    about: str = ""
    fixed: bool = False

    def __post_init__(self) -> None:
        questions = [Question("E9", str(self.name)), Question("E10", f"limit-{self.name}")]
        if not isinstance(self.name, str) or not all(map(_can_be_told, questions)):
            raise InputError(
                f"a method cannot be called {show(self.name)}; give a name such as 'my-rule': a"
                " letter, then letters, digits, '-', '.' and '_', not like 'x-l2' or 'last'"
            )
        if not callable(self.rule):
            raise InputError(
                f"the method {show(self.name)}: its rule {show(self.rule)} is no function of a"
                " population and k; Method.from_policy takes a policy"
            )

    @classmethod
    def from_policy(cls, name: str, policy: Any, about: str = "") -> Method:
        """The method that always plays one policy, such as what a model was seen to answer; a joint
        policy at its own k alone.

        >>> Method.from_policy("mine", {"a": "3/5", "b": "0.4"}).fixed
        True
        """
        if isinstance(policy, JointPolicy):
            return cls(name, lambda population, k: policy if k == policy.k else None, about)
        return cls(name, lambda population, k: policy, about, fixed=True)

    @property
    def question(self) -> Question:
        """What its guarantee answers."""
        return Question("E9", self.name)

    def policies(self, instance: Instance | PartialInstance, k: int) -> tuple[Policy, ...]:
        """Its policies at k, each worked out once for an instance; none where it has none.

        Raises InputError, with the line, where the rule fails or returns no policy."""
        at = 1 if self.fixed else k
        return instance.once(("policies", self.name, at), lambda: self._policies(instance, at))

    def _policies(self, instance: Instance | PartialInstance, k: int) -> tuple[Policy, ...]:
        who = f"the method {show(self.name)} at k = {k}"
        given = call(f"{who}: its rule", self.rule, instance.population, k)
        if given is None:
            return ()
        several = isinstance(given, Iterable) and not isinstance(given, _ALONE)
        found = list(given) if several else [given]
        if not found:
            raise InputError(f"{who}: returned an empty list; None is for no policy")
        return tuple(_policy(who, instance.population, k, each) for each in found)


def _can_be_told(question: Question) -> bool:
    try:
        return Question.parse(str(question)) == question
    except ValueError:
        return False


def _policy(who: str, population: UserPopulation, k: int, given: object) -> Policy:
    if isinstance(given, Mapping):
        try:
            return ProductPolicy.from_names(population, given)
        except InputError as error:
            raise InputError(f"{who}: {error}") from None
    if isinstance(given, ProductPolicy):
        sizes = {len(given.masses)}
    elif isinstance(given, MixturePolicy):
        sizes = {len(part.masses) for _, part in given.parts}
    elif isinstance(given, JointPolicy):
        if given.k != k:
            raise InputError(f"{who}: returned a joint policy of {given.k} outputs")
        places = [y for outputs, _ in given.tuples for y in outputs]
        if not all(0 <= y < population.n for y in places):
            raise InputError(f"{who}: the responses of a joint policy are 0 to {population.n - 1}")
        return given
    else:
        kinds = "a ProductPolicy, JointPolicy, MixturePolicy or {response name: mass}"
        raise InputError(f"{who}: returned {show(given)}, and no policy; return {kinds}")
    if sizes != {population.n}:
        responses = f"a policy on {min(sizes)} responses; the population has {population.n}"
        raise InputError(f"{who}: returned {responses}")
    return given


def load_method(name: str) -> Method:
    """The method FILE.py:NAME, or that of the rule of this name, which is then called like it.

    Raises InputError where the file cannot be run or defines no method or function so called."""
    if not is_in_a_file(name):
        raise InputError(f"the method {show(name)}: expected FILE.py:NAME")
    found = load(name, "Method('name', rule)")
    if isinstance(found, Method):
        return found
    if not callable(found) or isinstance(found, type):
        kind = show(type(found).__name__)
        raise InputError(f"{name} is of type {kind}, and no Method; write Method('name', rule)")
    return Method(name.rpartition(":")[2].replace("_", "-").lower(), found)


def check_methods(methods: Sequence[object], taken: Iterable[str]) -> tuple[Method, ...]:
    """The methods, if they are some of one's own with names that differ and are not taken."""
    names = set(taken)
    found = []
    for method in methods:
        if not isinstance(method, Method):
            what = "write Method('name', rule)" if callable(method) else "expected a Method"
            raise InputError(f"methods: {show(method)} is none of one's own; {what}")
        if method.name in names:
            raise InputError(
                f"two methods are called {show(method.name)}; choose another name, and none of"
                f" the built-in ones, {listed(taken)}"
            )
        names.add(method.name)
        found.append(method)
    return tuple(found)
