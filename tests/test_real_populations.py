"""Real elections, rankings and scores, certified throughout, with golden numbers worked out from
the raw files by other means: counting pairs for Condorcet winners, and the naive oracle."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from fractions import Fraction
from math import comb
from pathlib import Path
from typing import Any

import naive_oracle
import pytest
from command import ualign
from places import DATA, NO_DATA
from ualign.certificates.findings import Judged
from ualign.exact.instance import JOINT_LIMIT, Instance
from ualign.exact.methods import METHODS
from ualign.formats import read_population
from ualign.model.policies import ProductPolicy
from ualign.model.population import Population
from ualign.runs.certify import Options, certify_prompt
from ualign.theorems import MAIN, THEOREMS
from ualign.theorems.e7_when_all import is_strict
from ualign.theorems.e9_methods import NAMES

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=NO_DATA)

ORDINAL = sorted(
    str(path.relative_to(DATA))
    for folder in ("preflib", "habermas")
    for path in DATA.glob(f"{folder}/*.*")
    if path.suffix in (".soc", ".soi", ".toc", ".toi")
)
SCORES = "wildbench/wildbench_v2.0522_gpt-4-turbo_1024x12.csv"
FILES = [*ORDINAL, SCORES] if DATA.is_dir() else ["none"]

CONDORCET = {
    # file: the Condorcet winner, and NLHF's worst case for k = 1, 2, 3 and 8
    "preflib/00005-00000002.toi": ("Andy Montroll", "1/2 15073/26940 20533/35920 47093/80820"),
    "preflib/00008-00000001.soi": ("Philip Braat", "1/2 1133/2070 2619/4600 18817/31050"),
    "preflib/00024-00000001.soc": ("200", "1/2 457/795 457/795 457/795"),
    "preflib/00025-00000001.soc": ("11", "1/2 8/13 8/13 8/13"),
    "preflib/00026-00000001.toc": ("Chirac", "1/2 682/1095 979/1460 2464/3285"),
    "preflib/00043-00000194.soi": ("SAGAN PeterBORA - hansgrohe", "1/2 11/20 11/20 11/20"),
    "preflib/00046-00000004.soc": ("Harvard University", "1/2 2/3 3/4 15/19"),
    "preflib/00048-00000405.soc": ("0bYg9bo50gSsH3LtXe2SQn", "1/2 2/3 3/4 8/9"),
    "preflib/00058-00000001.soi": ("APLIN Greg", "1/2 29381/46347 39419/61796 89609/139041"),
}
NO_CONDORCET = [
    "00012-00000001.soc",
    "00053-00000166.soc",
    "00007-00000019.soi",
    "00032-00000001.soi",
]


def raw_orders(path: Path) -> tuple[list[str], list[tuple[int, list[int]]]]:
    """Names, and (count, rank of each alternative) a line; the unranked tied last."""
    names: list[str] = []
    orders: list[tuple[int, list[int]]] = []
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.startswith("# ALTERNATIVE NAME"):
            names.append(line.partition(": ")[2])
        elif line and not line.startswith("#"):
            count, _, order = line.partition(":")
            ranks = [10**6] * len(names)
            tied = False
            rank = 0
            for word in order.replace("{", " { ").replace("}", " } ").replace(",", " ").split():
                if word in "{}":
                    tied = word == "{"
                    rank += word == "}"
                else:
                    ranks[int(word) - 1] = rank
                    rank += not tied
            orders.append((int(count), ranks))
    return names, orders


def share(orders: list[tuple[int, list[int]]], x: int, y: int, k: int) -> Fraction:
    """P(x above y) + k/(k+1) P(x tied with y)."""
    above = sum(count for count, ranks in orders if ranks[x] < ranks[y])
    level = sum(count for count, ranks in orders if ranks[x] == ranks[y])
    return (above + Fraction(k, k + 1) * level) / sum(count for count, _ in orders)


def condorcet_winners(names: list[str], orders: list[tuple[int, list[int]]]) -> list[int]:
    everyone = range(len(names))
    return [
        x
        for x in everyone
        if all(share(orders, x, y, 1) > Fraction(1, 2) for y in everyone if y != x)
    ]


def certify(name: str, ks: list[int], directory: Path, **options: Any) -> list[Judged]:
    """The main theorems, unless others are asked for."""
    population = read_population(DATA / name)
    asked = Options(**{"theorems": MAIN, **options})
    return certify_prompt(Path(name).name, population, ks, directory, asked)


def require_everything(evidence: list[Judged], ks: list[int]) -> None:
    """Every claim accepted; the guarantee, an equilibrium and its uniqueness decided at every k."""
    require_a_reason(evidence)
    for what in ("guarantee", "equilibrium", "uniqueness", "nlhf", *NAMES):
        assert [e.finding.k for e in evidence if e.finding.what == what and e.certified] == ks
    limits = [e for e in evidence if e.finding.theorem == "E10"]
    assert {(e.finding.k, e.verdict) for e in limits} == {(None, "ACCEPTED")}
    assert len(limits) == sum(method.fixed for method in METHODS.values())


def require_a_reason(evidence: list[Judged]) -> None:
    """Every claim is accepted; and a finding without claims says why there are none."""
    assert not any(e.broken for e in evidence)
    for e in evidence:
        assert e.certified or (e.verdict == "none" and e.finding.note), e.finding
        if e.verdict == "none":
            assert str(e.finding.grade) in ("not computed", "does not apply"), e.finding


def worst_cases(evidence: list[Judged], what: str) -> list[Fraction]:
    found = [e.finding.value for e in evidence if e.finding.what == what]
    return [number for number in found if number is not None]


@pytest.mark.parametrize("name", FILES)
def test_everything_is_certified(tmp_path: Path, name: str) -> None:
    require_everything(certify(name, [1, 2, 3], tmp_path), [1, 2, 3])


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_every_theorem_says_something(tmp_path: Path, name: str) -> None:
    """For each theorem there are accepted claims, or findings that say why there are none."""
    evidence = certify(name, [1, 2], tmp_path, theorems=tuple(THEOREMS))
    require_a_reason(evidence)
    assert {e.finding.theorem for e in evidence} == set(THEOREMS) - {"E16", "E18"}
    accepted = {e.finding.theorem for e in evidence if e.verdict == "ACCEPTED"}
    assert accepted >= {"P1", "P2", "P4", "P5", "P6", "E1", "E2", "E3", "E6", "E9", "E10", "E11"}
    population = read_population(DATA / name)
    distance = {e.verdict for e in evidence if e.finding.theorem == "E8"}
    assert distance == ({"ACCEPTED"} if is_strict(Instance(population)) else {"none"})
    rate = {str(e.finding.grade) for e in evidence if e.finding.theorem == "P3"}
    assert rate == ({"exact"} if population.n == 1 else {"does not apply"})
    small = comb(population.n + 1, 2) <= JOINT_LIMIT  # then pairs of responses are enumerated
    assert ({"P7", "E4", "E5", "E7"} <= accepted) == small


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_everything_is_certified_up_to_eight_outputs(tmp_path: Path, name: str) -> None:
    ks = list(range(1, 9))
    evidence = certify(name, ks, tmp_path, opponents=())
    require_everything(evidence, ks)
    optima = {e.finding.k: e.finding.value for e in evidence if e.finding.what == "joint-optimum"}
    assert list(optima) == ks
    assert all(value is None or value >= Fraction(k, k + 1) for k, value in optima.items())
    nlhf = worst_cases(evidence, "nlhf")
    assert nlhf == sorted(nlhf)  # more samples never hurt


def test_no_file_is_left_out() -> None:
    assert len(ORDINAL) == 19
    assert (DATA / SCORES).is_file()


@pytest.mark.parametrize("name", CONDORCET)
def test_nlhf_answers_with_the_condorcet_winner(tmp_path: Path, name: str) -> None:
    """P4 with ties, counted in the raw file."""
    winner, golden = CONDORCET[name]
    names, orders = raw_orders(DATA / name)
    assert [names[c] for c in condorcet_winners(names, orders)] == [winner]
    c, ks = names.index(winner), [1, 2, 3, 8]
    counted = [
        min(Fraction(k, k + 1), *(share(orders, c, y, k) for y in range(len(names)) if y != c))
        for k in ks
    ]
    assert counted == [Fraction(number) for number in golden.split()]
    evidence = certify(name, ks, tmp_path, joint_limit=0)
    assert worst_cases(evidence, "nlhf") == counted
    for e in (e for e in evidence if e.finding.what == "nlhf"):
        assert e.finding.certificates[0].claim["policy"] == {"product": {winner: "1"}}


@pytest.mark.parametrize("name", NO_CONDORCET)
def test_there_is_no_condorcet_winner_where_the_source_says_so(tmp_path: Path, name: str) -> None:
    names, orders = raw_orders(DATA / "preflib" / name)
    assert condorcet_winners(names, orders) == []
    evidence = certify(f"preflib/{name}", [1], tmp_path)
    (nlhf,) = [e for e in evidence if e.finding.what == "nlhf"]
    assert len(nlhf.finding.certificates[0].claim["policy"]["product"]) > 1


def test_tshirts_have_several_maximal_lotteries(tmp_path: Path) -> None:
    """Two are given; each wins exactly 1/2 by the definition, and so does every mixture of them."""
    population = read_population(DATA / "preflib/00012-00000001.soc")
    evidence = certify("preflib/00012-00000001.soc", [1], tmp_path)
    (uniqueness,) = [e for e in evidence if e.finding.what == "uniqueness"]
    assert (str(uniqueness.finding.grade), uniqueness.verdict) == ("not unique", "ACCEPTED")
    pair = uniqueness.finding.certificates[0].witness["equilibria"]
    one, other = (ProductPolicy.from_names(population, masses) for masses in pair)
    assert one != other
    middle = tuple((a + b) / 2 for a, b in zip(one.masses, other.masses, strict=True))
    for policy in (one, other, ProductPolicy(middle)):
        assert naive_oracle.worst_case(population, policy, k=1)[0] == Fraction(1, 2)


def test_tshirts_golden_numbers(tmp_path: Path) -> None:
    """The joint optimum at k = 2, from both sides by the definition; k = 3, 4 from a first run."""
    population = read_population(DATA / "preflib/00012-00000001.soc")
    evidence = certify("preflib/00012-00000001.soc", [1, 2, 3, 4], tmp_path)
    optima = [Fraction(1, 2), Fraction(189, 260), Fraction(4, 5), Fraction(68, 81)]
    assert worst_cases(evidence, "joint-optimum") == optima
    (finding,) = [
        e.finding for e in evidence if e.finding.what == "joint-optimum" and e.finding.k == 2
    ]
    attained, capped = finding.certificates
    index = {response: y for y, response in enumerate(population.responses)}
    win = pairwise(population)
    policy = [
        (sorted(index[y] for y in names), Fraction(m))
        for names, m in attained.claim["policy"]["joint"]
    ]
    opponents = [(index[y], Fraction(m)) for [y], m in capped.witness["mixture"]]
    everyone = range(population.n)
    assert min(sum(m * win(a, b, y) for (a, b), m in policy) for y in everyone) == optima[1]
    pairs = [(a, b) for a in everyone for b in everyone if a <= b]
    assert max(sum(m * win(a, b, y) for y, m in opponents) for a, b in pairs) == optima[1]


def pairwise(population: Population):  # type: ignore[no-untyped-def]
    """W((a, b), y) by the definition, remembered."""
    seen: dict[tuple[int, int, int], Fraction] = {}
    users = [(user.weight, user.ranking) for user in population.users]
    total = sum(weight for weight, _ in users)

    def win(a: int, b: int, y: int) -> Fraction:
        if (a, b, y) not in seen:
            counts = (w * naive_oracle.counts_for(r, (a, b), (y,), "uniform") for w, r in users)
            seen[a, b, y] = sum(counts, Fraction(0)) / total
        return seen[a, b, y]

    return win


def test_burlington_unranked_and_tied_last_are_the_same_election(tmp_path: Path) -> None:
    """The .toi and the .toc give identical findings, grades and all; the former says how."""
    both: list[list[dict[str, object]]] = []
    for suffix in ("toi", "toc"):
        done = ualign("certify", DATA / f"preflib/00005-00000002.{suffix}", "-k", "1..4", "--json")
        assert done.code == 0
        lines = done.objects
        told = [line.pop("reading", None) for line in lines]
        completed = {"users": "8980", "incomplete": "8978", "missing": "tied-last"}
        assert all(reading == (completed if suffix == "toi" else None) for reading in told)
        both.append([{**line, "instance": None} for line in lines])
    assert both[0] == both[1]
    values = {(line["what"], line["k"]): line["value"] for line in both[0]}
    assert values["joint-optimum", 2] == "6277789157/8766208650"
    assert values["nlhf", 4] == str(min(Fraction(4, 5), _montroll(4)))


def _montroll(k: int) -> Fraction:
    names, orders = raw_orders(DATA / "preflib/00005-00000002.toi")
    c = names.index("Andy Montroll")
    return min(share(orders, c, y, k) for y in range(len(names)) if y != c)


def test_wildbench_scores_rank_the_models(tmp_path: Path) -> None:
    """P(c above y) + k/(k+1) P(c ties y) counted in the CSV; missing scores are tied last."""
    with open(DATA / SCORES, newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    scores = [[Fraction(cell or -1) for cell in row[1:]] for row in rows]
    orders = [(1, [sum(other > score for other in row) for score in row]) for row in scores]
    names = header[1:]
    evidence = certify(SCORES, [1, 2, 3], tmp_path, joint_limit=0)
    (c,) = condorcet_winners(names, orders)
    counted = [
        min(Fraction(k, k + 1), *(share(orders, c, y, k) for y in range(len(names)) if y != c))
        for k in (1, 2, 3)
    ]
    assert worst_cases(evidence, "nlhf") == counted
    assert counted == [Fraction(1, 2), Fraction(2, 3), Fraction(1467, 2048)]


def test_statements_of_the_same_text_are_two_responses(tmp_path: Path) -> None:
    """In this file two of the four names are the same text, told apart by their numbers."""
    population = read_population(DATA / "habermas/00070-00000092.soc")
    assert population.n == 4
    evidence = certify("habermas/00070-00000092.soc", [2], tmp_path)
    assert worst_cases(evidence, "nlhf") == [Fraction(88, 135)]
    assert worst_cases(evidence, "joint-optimum") == [Fraction(11, 15)]


@pytest.mark.parametrize("name", ["preflib/00026-00000001.cat", "preflib/00036-00000001.wmd"])
def test_real_files_without_rankings_are_refused(name: str) -> None:
    done = ualign("certify", DATA / name)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert name in done.err


def test_a_folder_of_prompts_is_averaged(tmp_path: Path) -> None:
    """Four groups of five people; the averages are those of the four lines, by hand."""
    done = ualign("certify", DATA / "habermas", "-k", "2", "--json", "--out", tmp_path)
    assert done.code == 0
    lines = list(_lines(done.out))
    own = [line for line in lines if "theorem" in line and line["what"] == "nlhf"]
    nlhf = [Fraction(str(line["value"])) for line in own]
    assert nlhf == [Fraction(2, 3), Fraction(88, 135), Fraction(3, 5), Fraction(88, 135)]
    (average,) = [line for line in lines if line.get("average") and line["what"] == "nlhf"]
    assert (average["relation"], average["value"]) == ("=", str(sum(nlhf) / 4))


def _lines(text: str) -> Iterator[dict[str, object]]:
    return map(json.loads, text.splitlines())
