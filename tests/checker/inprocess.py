"""The checker as a module in this process, under a name of its own."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import sys
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

from cases.building import encoded
from ualign.certificates.checking import CHECKER
from ualign.certificates.document import population_json
from ualign.model.policies import JointPolicy, MixturePolicy, Policy
from ualign.model.population import Population

Json = Any
TIES = ("uniform", "win", "half", "lose")
LITTLE = Fraction(1, 10**6)
HALF = Fraction(1, 2)


def load_checker() -> ModuleType:
    """A module of its own, so that nothing else can have changed it."""
    spec = importlib.util.spec_from_file_location("_checker_under_test", CHECKER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


checker = load_checker()


def lines_on(content: bytes, scratch: Path, **budget: int) -> list[dict[str, Any]]:
    """The verdict lines of a file with these contents, with the given limits for the defaults."""
    scratch.write_bytes(content)
    digits = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        return list(checker.check_file(str(scratch), checker.BUDGET | budget))
    finally:
        sys.set_int_max_str_digits(digits)


def verdicts_on(value: Json, scratch: Path) -> list[str]:
    """The verdicts on a file's claims, with the checker in this process."""
    scratch.write_bytes(encoded(value))
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        checker.main([str(scratch)])
    return [line.partition(" ")[0] for line in said.getvalue().splitlines()]


def named(population: Population, positions: Sequence[int]) -> list[str]:
    """The names of a tuple's responses."""
    return [population.responses[y] for y in positions]


def mixture(population: Population, tuples: Sequence[tuple[Sequence[int], Fraction]]) -> Json:
    """A mixture of tuples as the format has it."""
    return [[named(population, positions), str(mass)] for positions, mass in tuples if mass]


def policy_json(population: Population, policy: Policy) -> Json:
    """A policy as the format has it."""
    if isinstance(policy, JointPolicy):
        return {"joint": mixture(population, policy.tuples)}
    if isinstance(policy, MixturePolicy):
        parts = [(chance, policy_json(population, part)) for chance, part in policy.parts if chance]
        return {"mixture": [[str(chance), part["product"]] for chance, part in parts]}
    masses = zip(population.responses, policy.masses, strict=True)
    return {"product": {name: str(mass) for name, mass in masses if mass}}


def read(population: Population, masses: dict[str, str]) -> tuple[Any, Any]:
    """A population and masses as the checker holds them."""
    about = checker.Population(checker.Node(population_json(population), (), dict(checker.BUDGET)))
    return about, checker.Masses(checker.Node(masses, (), dict(checker.BUDGET)), about)


def contest(x: Any, k: int, size: int, ties: str) -> Any:
    """Up to `size` positions against k draws, with the ties as that side has them."""
    return checker.draws_contest(checker.sampled(x), k, size, ties)
