"""Hypothesis strategies for populations, policies and opponents; sizes stay small by default."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st
from ualign.model.policies import JointPolicy, ProductPolicy
from ualign.model.population import Population

NAMES = "abcdefghijklmnopqrstuvwxyz"


@st.composite
def rankings(draw: st.DrawFn, n: int, strict: bool = False) -> list[list[int]]:
    """One ranking of n responses: classes of indices, best first."""
    order = draw(st.permutations(range(n)))
    if strict:
        return [[y] for y in order]
    classes: list[list[int]] = [[order[0]]]
    for y in order[1:]:
        if draw(st.booleans()):
            classes[-1].append(y)
        else:
            classes.append([y])
    return classes


@st.composite
def populations(
    draw: st.DrawFn,
    max_responses: int = 4,
    max_users: int = 5,
    strict: bool = False,
    min_responses: int = 1,
    max_weight: int = 12,
) -> Population:
    """A population with weak (or strict) orders and small rational weights."""
    n = draw(st.integers(min_responses, max_responses))
    weights = st.builds(Fraction, st.integers(1, max_weight), st.integers(1, 4))
    users = st.lists(st.tuples(weights, rankings(n, strict)), min_size=1, max_size=max_users)
    return Population.from_indexed(NAMES[:n], draw(users))


@st.composite
def distributions(draw: st.DrawFn, size: int, max_numerator: int = 9) -> tuple[Fraction, ...]:
    """A point of the simplex with `size` coordinates; zeros are common."""
    numerators = draw(
        st.lists(st.integers(0, max_numerator), min_size=size, max_size=size).filter(any)
    )
    return tuple(Fraction(numerator, sum(numerators)) for numerator in numerators)


def product_policies(population: Population) -> st.SearchStrategy[ProductPolicy]:
    """A single-output policy for the population, point masses included."""
    return distributions(population.n).map(ProductPolicy)


def multisets(population: Population, size: int) -> st.SearchStrategy[tuple[int, ...]]:
    """A tuple of positions, as a nondecreasing tuple of response indices."""
    return st.lists(st.integers(0, population.n - 1), min_size=size, max_size=size).map(
        lambda outputs: tuple(sorted(outputs))
    )


@st.composite
def joint_policies(draw: st.DrawFn, population: Population, k: int) -> JointPolicy:
    """A k-output policy with up to four tuples; with one tuple it is deterministic."""
    tuples = draw(st.lists(multisets(population, k), min_size=1, max_size=4, unique=True))
    return JointPolicy(k, tuple(zip(tuples, draw(distributions(len(tuples))), strict=True)))
