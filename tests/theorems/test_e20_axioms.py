"""E20: each axiom as equilibria of a population and of a changed one; what breaks it is a fault."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import naive_oracle
import pytest
from acceptance import assert_accepted, verdicts
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import populations
from ualign.certificates.archive import read_archive
from ualign.certificates.claims import claim_equilibrium
from ualign.certificates.document import placed_findings, population_json, write_certificates
from ualign.certificates.findings import Finding
from ualign.constructions import (
    borda_trap,
    cyclic_rankings,
    distinct_favourites,
    slim_majority,
    unanimous,
    uniform_rankings,
)
from ualign.errors import FaultError, InputError
from ualign.exact.instance import Instance
from ualign.model import changes
from ualign.model.policies import ProductPolicy
from ualign.model.population import Population
from ualign.model.solutions import Enclosure
from ualign.runs.certify import Options, certify_prompt
from ualign.theorems import e20_axioms
from ualign.theorems.located import against_draw, locate

F = Fraction
STYLES = Population.from_rankings([[*"bpf"], [*"fpb"], [*"pfb"]], [40, 35, 25])
UNEVEN = Population.from_rankings(
    [[*"abc"], [*"bca"], [*"cab"], [*"cba"]], [5, 4, 2, 1], responses=[*"abc"]
)


def found(population: Population, k: int) -> dict[str, Finding]:
    said = e20_axioms.certify(Instance(population), k)
    return {finding.question.name: finding for finding in said}


# --- what is said -----------------------------------------------------------------------------


@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_every_axiom_is_accepted_by_the_checker(k: int) -> None:
    cases = []
    for population in (STYLES, UNEVEN, borda_trap(4), slim_majority(F(1, 10)), unanimous(3)):
        said = found(population, k)
        assert all(finding.is_claimed and finding.certificates for finding in said.values())
        cases.append((population, [c for f in said.values() for c in f.certificates]))
    assert_accepted(cases)


def test_which_axioms_speak() -> None:
    """Of one ranking, no group joins; where all have mass, nothing can be left out."""
    everywhere = {"population-consistency", "clones"}
    assert {*found(unanimous(2), 2)} == everywhere | {
        *("pareto", "majority-favourite", "agenda-consistency")
    }
    assert {*found(cyclic_rankings(3), 2)} == everywhere | {"participation"}
    assert {*found(distinct_favourites(2), 2)} == everywhere | {"participation"}
    assert {*e20_axioms.AXIOMS} == everywhere | {
        *("pareto", "majority-favourite", "agenda-consistency", "participation")
    }


def test_the_words_of_each_axiom() -> None:
    said = found(borda_trap(3), 1)
    assert said["pareto"].note == "dominated, and without mass: 'r1'"
    assert said["majority-favourite"].note == (
        "'y', the only best response of 2/3, has mass 1.000000"
    )
    assert said["agenda-consistency"].note == "also without 'b', 'r1'"
    assert said["population-consistency"].note == "also with as many indifferent users"
    assert said["clones"].note == "also with a clone of 'y'"
    assert found(slim_majority(F(1, 10)), 2)["participation"].note == (
        "to those who join last the new one wins 0.786667 against the old"
    )


def test_participation_by_the_definition() -> None:
    """3 of 5 users are joined by the others: (1, 0) becomes (4/5, 1/5) at k = 2; to those who join
    two draws of it lose to a, their last, with chance (4/5)^2 / 3, that of two draws of a."""
    population = slim_majority(F(1, 10))
    before, after = [F(1), F(0)], [F(4, 5), F(1, 5)]
    others, joined = changes.divided(population, 1)
    assert naive_oracle.u(joined, after, 2, 0) == F(16, 75)
    policies = ProductPolicy(tuple(after)), ProductPolicy(tuple(before))
    assert against_draw(joined, *policies, 2) == F(59, 75)
    assert naive_oracle.u(others, after, 2, 0) >= F(1, 3)
    for policy, group in ((policies[0], population), (policies[1], others)):
        for y in (0, 1):
            assert naive_oracle.u(group, policy.masses, 2, y) <= F(1, 3)


def test_a_mixture_of_two_populations_with_one_equilibrium() -> None:
    """Cyclic rankings and all rankings, one to three: uniform is an equilibrium of each and of
    their mixture; of another population and the mixture with it, it is none."""
    uniform = ProductPolicy((F(1, 3),) * 3)
    cycle, every, other = cyclic_rankings(3), uniform_rankings(3), unanimous(3)

    def mixed(one: Population, two: Population) -> Population:
        parts = ((F(1), one), (F(3), two))
        users = [
            (w * u.weight / sum(v.weight for v in p.users), u.ranking)
            for w, p in parts
            for u in p.users
        ]
        return Population.from_indexed(one.responses, users)

    for k, (population, good) in product(
        (1, 2, 3),
        ((cycle, True), (every, True), (mixed(cycle, every), True), (mixed(cycle, other), False)),
    ):
        claim = claim_equilibrium(population, k, uniform, Enclosure(F(0)))
        ((verdict,),) = verdicts([(population, [claim])])
        assert verdict.accepted == good


@given(populations(max_responses=4, max_users=4), st.integers(1, 3))
@settings(deadline=None, max_examples=40)
def test_no_axiom_fails_on_random_populations(population: Population, k: int) -> None:
    for finding in found(population, k).values():
        assert finding.certificates or finding.note


# --- what would break an axiom ------------------------------------------------------------------


def _no_clone(population: Population, c: int, place: Any) -> Population:
    """As if a response that everybody likes best were a clone."""
    users = [(u.weight, [(population.n,), *u.ranking]) for u in population.users]
    return Population.from_indexed([*population.responses, "?"], users)


def _joined_by_one(population: Population) -> Population:
    """As if users with a ranking of their own were indifferent."""
    ranking = tuple((y,) for y in reversed(range(population.n)))
    users = [*((u.weight, u.ranking) for u in population.users), (F(9), ranking)]
    return Population.from_indexed(population.responses, users)


@pytest.mark.parametrize(
    ("name", "broken", "message", "k"),
    [
        ("with_clone", _no_clone, "independence of clones", 2),
        ("with_clone", _no_clone, "merging clones", 1),
        ("with_indifferent", _joined_by_one, "population-consistency", 3),
    ],
)
def test_other_changes_break_the_axioms(
    monkeypatch: pytest.MonkeyPatch, name: str, broken: object, message: str, k: int
) -> None:
    monkeypatch.setattr(e20_axioms, name, broken)
    with pytest.raises(FaultError, match=f"E20 fails: .*{message}"):
        found(UNEVEN, k)


@pytest.mark.parametrize(
    ("population", "masses", "message"),
    [
        (borda_trap(3), (F(1, 3), F(1, 3), F(1, 3)), "'r1' is dominated"),
        (slim_majority(F(1, 10)), (F(1, 2), F(1, 2)), "is the only best of 3/5"),
        (UNEVEN, (F(1), F(0), F(0)), "those who join win"),
    ],
)
def test_no_equilibria_break_the_axioms(
    monkeypatch: pytest.MonkeyPatch,
    population: Population,
    masses: tuple[Fraction, ...],
    message: str,
) -> None:
    """As if another policy had been found."""

    def wrong(instance: Instance, k: int) -> Any:
        right = locate(instance, k)
        if instance.population != population:
            return right
        assert right is not None
        return replace(right, policy=ProductPolicy(masses), enclosure=Enclosure(F(0)))

    monkeypatch.setattr(e20_axioms, "locate", wrong)
    with pytest.raises(FaultError, match=message):
        found(population, 2)


def test_a_box_in_another_population_is_refused_by_the_checker() -> None:
    """Without a response that has no mass the equilibrium is one; among other users it is none."""
    own, without, _ = found(borda_trap(3), 2)["agenda-consistency"].certificates
    users = [{"weight": "1", "ranking": [["r1"], ["y"]]}]
    moved = replace(without, population={"responses": ["y", "r1"], "users": users})
    for claim, verdict in ((without, "ACCEPTED"), (moved, "REJECTED")):
        ((first, second),) = verdicts([(borda_trap(3), [own, claim])])
        assert (first.verdict, second.verdict) == ("ACCEPTED", verdict)


# --- several populations in a file --------------------------------------------------------------


def test_files_of_several_populations_are_resumed_and_read(tmp_path: Path) -> None:
    """What was written is taken again as it is; the archive shows the finding on its own
    population, with that one's number."""
    options = Options(theorems=("P2", "E20"))
    first = certify_prompt("styles", STYLES, [3], tmp_path, options)
    second = certify_prompt("styles", STYLES, [3], tmp_path, options)
    assert [e.finding for e in first if e.file] == [e.finding for e in second if e.file]
    assert all(e.resumed for e in second if e.file and e.finding.k)
    (file,) = {e.file for e in first if e.file}
    document = json.loads(file.read_text())
    assert {*document["populations"]} >= {"p", "before-they-join", "with-indifferent"}
    archive = read_archive(tmp_path, [file])
    assert {*archive.instances} == {"styles"}
    assert archive.populations["styles"] == population_json(STYLES)
    (located,) = archive.about("P2")
    for judged in archive.about("E20"):
        assert judged.accepted
        assert judged.number == located.number


def test_findings_whose_first_claim_is_of_another_population_are_taken_apart(
    tmp_path: Path,
) -> None:
    """Else a number of another population would be shown as this one's."""
    options = Options(theorems=("P2", "E20"))
    (file,) = {e.file for e in certify_prompt("styles", STYLES, [3], tmp_path, options) if e.file}
    document = json.loads(file.read_text())
    rows = document["provenance"]["findings"]
    rows[-1][1] = rows[-1][1][::-1]
    file.write_text(json.dumps(document))
    assert len(placed_findings(document)) == len(rows)
    archive = read_archive(tmp_path, [file])
    assert {judged.finding.theorem for judged in archive.judged} == {""}


def test_one_name_is_one_population(tmp_path: Path) -> None:
    said = found(STYLES, 2)["clones"]
    other = replace(said.certificates[1], population=population_json(UNEVEN))
    with pytest.raises(FaultError, match="two populations"):
        write_certificates(tmp_path / "x.cert.json", STYLES, [*said.certificates, other])


# --- changed populations --------------------------------------------------------------------------


def test_changes_keep_names_and_order() -> None:
    assert changes.without_response(STYLES, 1).responses == ("b", "f")
    others, joined = changes.divided(STYLES, 1)
    assert [u.weight for u in others.users] == [40, 25]
    assert joined.users == (STYLES.users[1],)
    cloned = changes.with_clone(changes.with_clone(STYLES, 0, lambda i: ((0, 1),)), 0, lambda i: [])
    assert cloned.responses == (*STYLES.responses, "b'", "b''")
    assert changes.with_indifferent(STYLES).users[-1].weight == 100
    with pytest.raises(InputError, match="only response"):
        changes.without_response(unanimous(1), 0)
    with pytest.raises(InputError, match="only ranking"):
        changes.divided(unanimous(2), 0)
