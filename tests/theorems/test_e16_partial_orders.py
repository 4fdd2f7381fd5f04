"""E16 on populations: what is certified agrees with closed forms, with a float program that knows
nothing of it, and with what is found again later."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from acceptance import assert_accepted
from command import ualign
from scipy.optimize import linprog
from ualign import Population, certify, check
from ualign.certificates.findings import KNOWN_OPTIMUM, Question
from ualign.constructions import circular_comparisons, cyclic_rankings, truncated_circle
from ualign.errors import InputError
from ualign.exact.instance import PartialInstance
from ualign.model.partial_orders import PartialPopulation, order_of, order_of_ranking
from ualign.model.rates import product_rate
from ualign.theorems.e16_partial_orders import certify_partial, known_best

F = Fraction
GLASGOW = Path(__file__).parents[3] / "shared" / "data" / "preflib" / "00008-00000001.soi"


def worth(population: PartialPopulation, k: int, name: str = "known-optimum") -> Fraction:
    found = certify_partial(PartialInstance(population, opponents=()), k)
    assert_accepted([(population, [c for finding in found for c in finding.certificates])])
    (value,) = [f.value for f in found if f.question == Question("E16", name)]
    assert value is not None
    return value


@pytest.mark.parametrize("k", [1, 2, 5])
def test_from_knowing_nothing_to_knowing_everything(k: int) -> None:
    known = [worth(truncated_circle(4, depth), k) for depth in range(3)]
    assert known[0] == product_rate(4, k)
    assert known[0] < known[1] < known[2] < F(k, k + 1)
    assert truncated_circle(4, 3).completed() == truncated_circle(4, 4).completed()
    assert truncated_circle(4, 3).completed() == cyclic_rankings(4)


def test_three_comparisons() -> None:
    """At k = 1 the uniform policy loses 5/6 where nobody speaks of a response, 1/2 beside it."""
    assert worth(circular_comparisons(3), 1) == 1 - (F(5, 6) + F(5, 6) + F(1, 2)) / 3


def test_named_bests() -> None:
    """Everybody names her best, one of three: g_3(k) is sure on these, whatever the fourth is."""
    named = [order_of_ranking([[y]], 4, silence=False) for y in (0, 0, 1, 2)]
    population = PartialPopulation.from_orders("abcd", [(F(1), order) for order in named])
    assert known_best(population) == [0, 1, 2]
    for k in (1, 2, 3):
        assert worth(population, k, "uniform-on-best") >= product_rate(3, k)
        assert worth(population, k) >= worth(population, k, "uniform-on-best")
    open_top = order_of(4, [(0, 2), (1, 2)])
    assert known_best(PartialPopulation.from_orders("abcd", [(F(1), open_top)])) == []


def test_certify_locks_and_finds_again(tmp_path: Path) -> None:
    population = truncated_circle(4, 1)
    result = certify(population, [1, 2], opponents=[2])
    assert result.certified
    assert {e.finding.theorem for e in result.evidence} == {"E16"}
    assert result.policy(2).masses == (F(1, 4),) * 4
    paths = result.write(tmp_path)
    assert all(check(path).accepted for path in paths)
    assert ualign("lock", tmp_path).code == 0
    again = ualign("regress", tmp_path)
    assert (again.code, again.err) == (0, "")
    assert again.out.endswith(" findings compared, 0 drifted\n")
    assert ualign("report", tmp_path).code == 0


def test_users_who_said_everything_are_a_population() -> None:
    complete = PartialPopulation.of_population(cyclic_rankings(3))
    result = certify(complete, [1])
    assert isinstance(result.population, Population)
    assert result.policy(1).masses == (F(1, 3),) * 3


def test_what_is_not_asked_of_partial_orders(tmp_path: Path) -> None:
    result = certify(truncated_circle(4, 1), [1], theorems=["P1"])
    assert result.evidence == ()
    with pytest.raises(InputError, match="no policy was asked for"):
        result.policy(1)


@pytest.mark.parametrize("silence", [False, True])
def test_glasgow_at_one_output(silence: bool) -> None:
    """The value of the linear program in floats, on the ballots as they are in the file."""
    if not GLASGOW.exists():
        pytest.skip(f"{GLASGOW} is absent")
    ballots = [
        (int(count), [int(y) - 1 for y in ranking.split(",")])
        for count, _, ranking in (
            line.partition(":") for line in GLASGOW.read_text().splitlines() if line[0] != "#"
        )
    ]
    n = 9
    losses = np.zeros((n, n))
    for count, ranking in ballots:
        place = {y: at for at, y in enumerate(ranking)}
        for y in range(n):
            for z in range(n):
                above = z in place and (y not in place and not silence)
                above |= z in place and y in place and place[z] < place[y]
                losses[y, z] += count * (0.5 if y == z else 0 if above else 1)
    losses /= sum(count for count, _ in ballots)
    program = linprog(
        [0] * n + [1],
        A_ub=np.c_[losses, -np.ones(n)],
        b_ub=np.zeros(n),
        A_eq=[[1] * n + [0]],
        b_eq=[1],
    )
    users = [(F(c), order_of_ranking([[y] for y in r], n, silence=silence)) for c, r in ballots]
    population = PartialPopulation.from_orders([str(y) for y in range(n)], users)
    found = certify_partial(PartialInstance(population, opponents=()), 1)
    (value,) = [f.value for f in found if f.question == KNOWN_OPTIMUM]
    assert value is not None
    assert float(value) == pytest.approx(1 - program.fun, abs=1e-9)
