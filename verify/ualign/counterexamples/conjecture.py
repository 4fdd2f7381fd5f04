"""What a conjecture is, and what refutes one.

A conjecture's predicate is only the searcher: it proposes claims of the certificate format which,
taken together, contradict the sentence. They count once the checker has accepted every one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial
from typing import Literal, ParamSpec, TypeVar, get_args

from ualign.certificates.findings import Certificate
from ualign.errors import InputError
from ualign.exact.instance import Instance
from ualign.model.population import Population
from ualign.text import show
from ualign.user_code import call, each

_P = ParamSpec("_P")
_T = TypeVar("_T")

MOST_SEARCHED = 12

Status = Literal["false", "true", "open"]
"""What is known of a conjecture: refuted, a theorem, or neither."""


class UndecidedError(RuntimeError):
    """The predicate cannot tell of this population; the search counts it as not covered."""


@dataclass(frozen=True)
class Part:
    """A population with claims about it."""

    population: Population
    certificates: tuple[Certificate, ...]

    def __post_init__(self) -> None:
        if not isinstance(self.population, Population):
            raise InputError("a part of a refutation is about a Population")
        if not self.certificates:
            raise InputError("a refutation needs at least one certificate for every population")
        if not all(isinstance(certificate, Certificate) for certificate in self.certificates):
            raise InputError(
                "a refutation is made of Certificates (see ualign.certificates.claims)"
            )


@dataclass(frozen=True)
class Refutation:
    """Claims that refute a conjecture together, about one population or more.

    `story` says for people why, with exact numbers, and `values` are these numbers by name. Raises
    InputError where there is nothing that could be checked."""

    story: str
    parts: tuple[Part, ...]
    values: Mapping[str, Fraction] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.parts:
            raise InputError("a refutation needs a population with certificates")

    @classmethod
    def of(
        cls,
        population: Population,
        certificates: Sequence[Certificate],
        story: str,
        **values: Fraction,
    ) -> Refutation:
        """A refutation by claims about one population."""
        return cls(story, (Part(population, tuple(certificates)),), values)


@dataclass(frozen=True)
class Space:
    """Where counterexamples are looked for: up to so many responses and users, who rank strictly
    or may tie responses. Random populations give every user a weight of up to `largest_weight`.

    With a single response there is nothing to choose, so that two are the least by default."""

    responses: int = 3
    users: int = 4
    strict: bool = True
    largest_weight: int = 6
    least_responses: int = 2

    def __post_init__(self) -> None:
        if not 1 <= self.least_responses <= self.responses <= MOST_SEARCHED:
            raise InputError(
                f"{self.responses} responses: expected {self.least_responses} to {MOST_SEARCHED}"
            )
        if self.users < 1 or self.largest_weight < 1:
            raise InputError("populations have at least one user, and weights are at least 1")


Refute = Callable[[Instance, int, int], Refutation | None]
"""A refutation by the instance's population at k outputs against l, or None; it may raise
UndecidedError."""

Margin = Callable[[Instance, int, int], Fraction]
"""How far the instance is from refuting the conjecture; negative where it does."""


@dataclass(frozen=True)
class Conjecture:
    """A statement about all populations, and how to refute it on one.

    `name` is also that of the files. `verdict`: what is known. `why`: the reason in a sentence, or
    a theorem's label. `ks`, `ls`: the numbers of outputs that it is tried at, k out of those that
    it speaks of, `least_k` to `most_k` (None: all). `where`: the populations that are searched.

    Optional help for the search, which proves nothing but where it says so: `margin` is how far
    the population is from refuting the conjecture (negative: it does), for climbing; `suspects`
    are populations of any size that are tried after the enumeration; `extremal`
    returns, for a number of responses, the worst of all strict populations by a linear program,
    so that trying it covers them all."""

    name: str
    sentence: str
    verdict: Status
    refute: Refute
    why: str
    ks: tuple[int, ...] = (2,)
    ls: tuple[int, ...] = (1,)
    least_k: int = 1
    most_k: int | None = None
    where: Space = field(default_factory=Space)
    margin: Margin | None = None
    suspects: Callable[[], Iterable[Population]] | None = None
    extremal: Callable[[int], Population] | None = None

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", self.name):
            raise InputError(f"the name {self.name!r} is no plain file name of letters and digits")
        if self.verdict not in get_args(Status):
            known = ", ".join(get_args(Status))
            raise InputError(f"{self.name}: the verdict {self.verdict!r} is none of {known}")
        if not self.ks or not self.ls or min(*self.ks, *self.ls) < 1:
            raise InputError(f"{self.name}: ks and ls need numbers of outputs, 1 or more")
        if min(self.ks) < self.least_k or (self.most_k and max(self.ks) > self.most_k):
            most = "" if self.most_k is None else f" up to {self.most_k}"
            raise InputError(f"{self.name} is about k from {self.least_k}{most}")

    def guarded(self) -> Conjecture:
        """The same with functions that say at which of their lines something went wrong: as an
        InputError, or as a FaultError where they are this package's own."""
        return replace(
            self,
            refute=_guarded(self, "predicate", self.refute, (Refutation, type(None))),
            margin=self.margin and _guarded(self, "margin", self.margin, (Fraction, int)),
            suspects=self.suspects and partial(_suspects, self, self.suspects),
            extremal=self.extremal and _guarded(self, "extremal", self.extremal, (Population,)),
        )


def _guarded(
    conjecture: Conjecture, role: str, function: Callable[_P, _T], expected: tuple[type, ...]
) -> Callable[_P, _T]:
    who = f"{conjecture.name}: its {role}"

    def guarded(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        answer = call(who, function, *args, **kwargs)
        if not isinstance(answer, expected) or isinstance(answer, bool):
            kind = show(type(answer).__name__)
            raise InputError(f"{who} returned a {kind}, and no {expected[0].__name__}")
        return answer

    return guarded


def _suspects(
    conjecture: Conjecture, suspects: Callable[[], Iterable[Population]]
) -> Iterator[Population]:
    who = f"{conjecture.name}: its suspects"
    for population in each(who, call(who, suspects)):
        if not isinstance(population, Population):
            kind = show(type(population).__name__)
            raise InputError(f"{who} hold a {kind}, and no Population")
        yield population
