"""Closed forms against the generic path: all hold, none is idle, a wrong one is caught."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from functools import cache

import pytest
from elections import EVERYTHING
from ualign.certificates.findings import EXACT, Finding, Question
from ualign.constructions import (
    CONSTRUCTIONS,
    FOR_ONE_THEOREM,
    construction_of,
    disagreements,
    disagreements_of,
    distinct_favourites,
)
from ualign.exact.instance import Instance, PartialInstance
from ualign.model.luce import LucePopulation
from ualign.model.partial_orders import PartialPopulation
from ualign.model.rates import joint_rate
from ualign.model.uniform_rankings import UniformRankings
from ualign.theorems import tasks, tasks_by_orbits, tasks_of_luce, tasks_of_partial

SPOKEN_OF = "P3", "P4", "P7", "E4", "E5", "E6", "E7", "E8", "E9", "E10", "E15", "E16", "E19"
KS = 1, 2, 3, 4
OPPONENTS = 2, 3


def members(**families):
    return [
        (name.replace("_", "-"), dict(zip(keys.split(), values, strict=True)))
        for name, (keys, *rows) in families.items()
        for values in (row if isinstance(row, tuple) else (row,) for row in rows)
    ]


MEMBERS = [
    (entry.name, parameters)
    for label in EVERYTHING
    for entry, parameters in [construction_of(label)]
    if label not in FOR_ONE_THEOREM
]
MEMBERS += members(
    single_peaked=("n", 1, 2, 3, 7),
    slim_majority=("eps", Fraction(1, 4), Fraction(1, 6), Fraction(7, 30), Fraction(2, 5)),
    tight_opponents=("k l", (3, 2), (2, 3), (1, 1), (1, 2), (2, 1), (3, 1), (3, 3), (3, 4)),
    distinct_favourites=("l", 1, 3, 4),
    favourite_classes=("l N", (1, 1), (1, 3), (2, 1), (2, 3), (3, 2)),
    dominant=("k rivals", (1, 1), (1, 2), (2, 3), (3, 1), (3, 2)),
    plurality_versus_condorcet=("n", 1, 2, 4, 5),
    random_dictatorship_trap=("n", 1, 2, 3),
    borda_trap=("n", 2, 5, 6),
    uniform_rankings=("n", 1, 2),
    uniform_rankings_by_orbits=("n", 1, 3, 7),
    cyclic_rankings=("n", 1, 2, 3),
    binary_tree=("J", 1, 2),
    truncated_circle=("n depth", (3, 0), (3, 1), (5, 2)),
    circular_comparisons=("n", 4),
    clones=("n copies", (1, 2), (2, 2), (4, 2), (5, 2)),
    unanimous=("n", 1, 2),
    indifferent=("n", 1, 4),
    common_favourite=("n", 1, 4),
)
IDS = ["-".join([name, *map(str, parameters.values())]) for name, parameters in MEMBERS]
each_member = pytest.mark.parametrize("member", range(len(MEMBERS)), ids=IDS)


@cache
def found(member: int) -> list[Finding]:
    """What the theorems find by their generic paths: linear programs, equilibria, enumeration."""
    name, parameters = MEMBERS[member]
    population = CONSTRUCTIONS[name].build(**parameters)
    if isinstance(population, LucePopulation):
        asked = [q for k in KS for q in tasks_of_luce(population, k, ["E18"])]
    elif isinstance(population, UniformRankings):
        asked = [q for k in range(1, 13) for q in tasks_by_orbits(population, k, SPOKEN_OF)]
    elif isinstance(population, PartialPopulation):
        partial = PartialInstance(population, joint_limit=130, opponents=OPPONENTS)
        asked = [q for k in KS for q in tasks_of_partial(partial, k, SPOKEN_OF)]
    else:
        instance = Instance(population, joint_limit=130, opponents=OPPONENTS)
        asked = [q for k in (*KS, None) for q in tasks(instance, k, SPOKEN_OF)]
    return [finding for _, ask in asked for finding in ask() if finding.value is not None]


def formed(member: int) -> list[Finding]:
    """The findings that a closed form speaks of."""
    name, parameters = MEMBERS[member]
    return [
        finding
        for finding in found(member)
        if (form := CONSTRUCTIONS[name].closed_forms.get((finding.theorem, finding.what)))
        and form(finding.k, **parameters) is not None
    ]


@each_member
def test_closed_forms_hold(member):
    name, parameters = MEMBERS[member]
    assert disagreements_of(CONSTRUCTIONS[name], parameters, found(member)) == []


def asked_at(theorem: str, what: str) -> tuple[int | None, ...]:
    """The k at which the theorem has something to say."""
    if theorem in ("E10", "E15") or what == "nlhf-ceiling":
        return (None,)
    size = re.search(r"-l(\d+)$", what)
    l = int(size[1]) if size else 1
    if l > max(OPPONENTS):
        return ()
    if what == "best-slate":
        return (2,)
    least = {"E7": 2, "P7": l - 1}.get(theorem, 1)
    return tuple(k for k in KS if k >= least)


def spoken(name: str, parameters: dict[str, int | Fraction]) -> set[tuple[str, str]]:
    """The keys under which a closed form has a number that a theorem is asked for."""
    return {
        key
        for key, form in CONSTRUCTIONS[name].closed_forms.items()
        if any(form(k, **parameters) is not None for k in asked_at(*key))
    }


@each_member
def test_no_closed_form_is_idle(member):
    """Where a form has a number, a finding states one too: the keys are those of the theorems."""
    assert {(f.theorem, f.what) for f in formed(member)} == spoken(*MEMBERS[member])


@each_member
@pytest.mark.parametrize("step", [Fraction(1, 10**9), Fraction(-1, 10**9)])
def test_wrong_closed_forms_are_caught(member, step):
    """Every number that a finding states exactly is defended, whichever form is a little off; one
    that it bounds, from that side."""
    name, parameters = MEMBERS[member]
    construction = CONSTRUCTIONS[name]
    for finding in formed(member):
        key = finding.theorem, finding.what
        form = construction.closed_forms[key]
        exact = form(finding.k, **parameters)

        def wrong(at, form=form, **parameters):
            return form(at, **parameters) + step

        # Bounds are rounded by less than the step.
        tight = abs(finding.value - exact) < abs(step)
        away = {"=": True, "<=": step > 0, ">=": step < 0}[finding.relation]
        off = replace(construction, closed_forms={**construction.closed_forms, key: wrong})
        said = disagreements_of(off, parameters, [finding])
        assert len(said) == (tight and away)


def test_every_construction_is_defended():
    """The test above is not empty for any construction with closed forms."""
    defended = {MEMBERS[m][0] for m in range(len(MEMBERS)) if formed(m)}
    assert defended == {name for name, entry in CONSTRUCTIONS.items() if entry.closed_forms}


@pytest.mark.parametrize(("l", "k"), [(4, 1), (4, 3), (4, 4), (5, 2), (5, 3)])
def test_distinct_favourites_against_many_outputs(l, k):
    forms = CONSTRUCTIONS["distinct-favourites"].closed_forms
    optimum = Instance(distinct_favourites(l)).joint_optimum(k, l).value
    assert forms["E4", f"joint-optimum-l{l}"](k, l=l) == optimum == joint_rate(l, k)
    assert forms["E4", "joint-optimum-l2"](k, l=l) is None


def test_classes_tend_to_the_joint_rate_without_copies():
    form = CONSTRUCTIONS["favourite-classes"].closed_forms["E4", "joint-optimum-l3"]
    for k in (1, 2, 4, 7):
        values = [form(k, l=3, N=N) for N in (1, 7, 100, 10**6)]
        assert values[0] == joint_rate(3, k) <= values[-1] < joint_rate(3, k) + Fraction(1, 10**6)
        assert values[1:] == sorted(values[1:], reverse=True)


def test_dominance_is_just_lost_at_the_next_k():
    form = CONSTRUCTIONS["dominant"].closed_forms["E4", "joint-optimum"]
    for k in (1, 2, 5):
        for rivals in (1, 2, 4):
            assert form(k, k=k, rivals=rivals) == Fraction(k, k + 1)
            assert form(k + 1, k=k, rivals=rivals) > Fraction(k + 1, k + 2)


def stated(relation: str, value: Fraction | None, what: str = "joint-optimum") -> Finding:
    return Finding(Question("E4", what), 2, relation, value, EXACT, ())


def test_disagreements_understand_relations():
    exact, more, less = Fraction(3, 4), Fraction(4, 5), Fraction(2, 3)  # 3/4 is V(2, 2)
    agreeing = [("=", exact), (">=", exact), ("<=", exact), (">=", less), ("<=", more), ("", None)]
    wrong = [("=", more), ("=", less), (">=", more), ("<=", less), ("<", more), ("", exact)]
    for relation, value in agreeing:
        assert disagreements([("even-split", stated(relation, value))]) == []
    for relation, value in wrong:
        (found,) = disagreements([("even-split", stated(relation, value))])
        text = str(found)
        assert text.startswith("even-split: E4 joint-optimum at k = 2: found")
        assert "3/4" in text
    assert disagreements([("elsewhere", stated("=", more))]) == []
    assert disagreements([("even-split", stated("=", more, "another"))]) == []
