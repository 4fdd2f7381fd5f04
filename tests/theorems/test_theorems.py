"""The table of theorems, and all of them on small populations."""

from __future__ import annotations

import pytest
from asking import EVEN_SPLIT, STYLES, F, rate
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import populations
from ualign.certificates.findings import NO_CLAIM, Judged
from ualign.constructions import (
    common_favourite,
    cyclic_rankings,
    distinct_favourites,
    indifferent,
    truncated_circle,
    unanimous,
    uniform_rankings,
    weak_order_converse,
)
from ualign.exact.instance import Instance, PartialInstance
from ualign.model.population import Population
from ualign.model.rates import joint_rate, product_rate, union_rate
from ualign.model.uniform_rankings import UniformRankings
from ualign.runs.certify import Options, certify_prompt
from ualign.theorems import MAIN, THEOREMS, tasks, tasks_by_orbits, tasks_of_partial


def test_the_table_is_complete_and_in_order() -> None:
    labels = [f"P{i}" for i in range(1, 8)] + [f"E{i}" for i in range(1, 21)]
    assert list(THEOREMS) == labels
    assert len({theorem.statement for theorem in THEOREMS.values()}) == len(labels)
    for theorem in THEOREMS.values():
        assert (
            theorem.certify
            or theorem.certify_all_k
            or (theorem.certify_partial or theorem.certify_luce)
        )
    assert set(MAIN) < set(THEOREMS)


def test_each_theorem_is_asked_where_it_has_something_to_say() -> None:
    instance, uniform = Instance(EVEN_SPLIT), UniformRankings(9)
    elsewhere = {"E10", "E15", "E16", "E18"}
    assert {name for name, _ in tasks(instance, 2, [*THEOREMS])} == set(THEOREMS) - elsewhere
    assert [name for name, _ in tasks(instance, None, [*THEOREMS])] == ["P4", "E10", "E15"]
    assert [name for name, _ in tasks_by_orbits(uniform, 2, [*THEOREMS])] == ["P3"]
    assert list(tasks_by_orbits(uniform, None, [*THEOREMS])) == []
    unsaid = PartialInstance(truncated_circle(3, 1))
    assert [name for name, _ in tasks_of_partial(unsaid, 2, [*THEOREMS])] == ["E16"]
    assert list(tasks_of_partial(unsaid, None, [*THEOREMS])) == []
    assert [name for name, _ in tasks(instance, 1, ["E5", "P1"])] == ["E5", "P1", "P1"]


SMALL = {
    "styles": STYLES,
    "cycle": cyclic_rankings(3),
    "even split": EVEN_SPLIT,
    "one response": unanimous(1),
    "all rankings": uniform_rankings(3),
    "weak orders": weak_order_converse(),
    "indifference": indifferent(3),
    "one favourite": common_favourite(3),
    "two favourites": distinct_favourites(2),
}
WEAK = {"weak orders", "indifference", "one favourite"}
SILENT = {"P3": {"styles", "cycle", *WEAK}, "E8": WEAK, "E16": {*SMALL}, "E18": {*SMALL}}
"""Where a theorem does not apply: not all rankings are equally likely; some are weak; all users
have rankings, and whole ones."""


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Judged]]:
    """All that is said of the small populations, checked; what the claims state is compared with
    the findings on the way."""
    directory, options = tmp_path_factory.mktemp("small"), Options(opponents=(2, 3))
    return {
        name: certify_prompt(name, population, [1, 2, 3], directory, options)
        for name, population in SMALL.items()
    }


@pytest.mark.parametrize("theorem", THEOREMS)
def test_what_is_said_is_accepted_or_has_a_reason(
    evidence: dict[str, list[Judged]], theorem: str
) -> None:
    own = [e for said in evidence.values() for e in said if e.finding.theorem == theorem]
    for e in own:
        silent = e.verdict == "none" and e.finding.grade in NO_CLAIM and e.finding.note
        assert e.certified or silent, e
    accepted = {e.prompt for e in own if e.verdict == "ACCEPTED"}
    assert accepted == set(SMALL) - SILENT.get(theorem, set())


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("k", [1, 2, 3])
def test_the_theorems_agree_with_each_other(
    evidence: dict[str, list[Judged]], name: str, k: int
) -> None:
    """P1 <= E1 <= E4 and the like: numbers of one instance that were found in different ways."""
    said = {}
    for e in evidence[name]:
        if e.finding.k in (k, None) and e.finding.value is not None:
            said[e.finding.theorem, e.finding.what] = e.finding.value
    guarantee, optimum = said["P1", "guarantee"], said["E4", "joint-optimum"]
    slack = F(1, 2**100)
    assert rate(k) - slack <= guarantee <= rate(k) <= said["E1", "product-ceiling"]
    assert said["E1", "product-ceiling"] <= rate(k) + slack
    assert rate(k) <= optimum <= said["E6", "joint-win"]
    assert said["E6", "joint-lose"] <= said["E6", "joint-half"] <= said["E6", "joint-win"]
    for l in (2, 3):
        joint, product = said["E4", f"joint-optimum-l{l}"], said["E5", f"product-optimum-l{l}"]
        assert joint_rate(l, k) <= joint
        assert product_rate(l, k) - slack <= product <= joint
        if l <= k + 1:
            against = said["P7", f"guarantee-l{l}"]
            assert union_rate(l, k) - l * slack <= against <= product + slack
    mixture, average = said["E3", "fictitious-play-mixture"], said["E3", "fictitious-play-average"]
    assert mixture <= average <= rate(k)
    assert said["E11", "fictitious-play-mixture"] == rate(k)
    assert F(1, 2) <= said["P4", "nlhf"] <= min(rate(k), said.get(("P4", "nlhf-ceiling"), rate(k)))
    assert said["E19", "joint-cap"] == optimum
    if k > 1:
        assert said["E7", "all-there-is"] == optimum


@given(populations(max_responses=4, max_users=4), st.integers(1, 4))
@settings(deadline=None, max_examples=12)
def test_no_theorem_fails_on_random_populations(
    tmp_path_factory: pytest.TempPathFactory, population: Population, k: int
) -> None:
    directory = tmp_path_factory.mktemp("random")
    said = certify_prompt("random", population, [k], directory, Options())
    assert not [e for e in said if e.broken]
    for e in said:  # a coincidence may keep an equilibrium from being located
        assert e.certified or (e.finding.grade in NO_CLAIM and e.finding.note), e
    accepted = {e.finding.theorem for e in said if e.verdict == "ACCEPTED"}
    assert accepted >= {"P1", "P4", "P6", "E1", "E3", "E4", "E6", "E9", "E10", "E11", "E19"}
