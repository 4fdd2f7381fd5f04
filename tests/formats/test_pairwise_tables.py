"""Pairwise preferences and choices in tables: partial orders, circles, pooled prompts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tables import pairs, partial, populations, put, text
from ualign.errors import InputError
from ualign.formats import open_data, read_files
from ualign.formats.reading import Choices
from ualign.model.partial_orders import CyclicError, PartialPopulation, order_of
from ualign.model.population import Population


def test_pairs_become_partial_orders(tmp_path: Path) -> None:
    path = text(
        tmp_path,
        pairs("p,u,x,y,a", "p,u,z,y,b", "p,v,x,z,tie", "p,w,y,x,A", "q,u,x,y,-2", "q,v,x,y,0.5"),
    )
    assert populations(path) == {
        "p": partial("xyz", (1, [(0, 1), (1, 2)], []), (1, [], [[0, 2]]), (1, [(1, 0)], [])),
        "q": Population.from_rankings([["x", "y"], ["y", "x"]]),
    }
    readings = dict(read_files([path], Choices()))
    assert str(readings["p"]).endswith("users: 3, of whom 2 incomplete and left open (worst-case)")


def test_what_was_not_compared(tmp_path: Path) -> None:
    path = text(tmp_path, pairs("p,u,x,y,a", "p,v,y,z,tie", "p,w,x,y,b", "p,w,y,z,b"))
    w = (1, [(2, 1), (1, 0)], [])
    assert populations(path, missing="worst-below") == {
        "p": partial("xyz", (1, [(0, 1), (1, 2)], []), (1, [(1, 0)], [[1, 2]]), w)
    }
    assert populations(path, missing="tied-last") == populations(path, missing="worst-below")
    assert populations(path, missing="drop-user") == {"p": partial("xyz", w)}
    with pytest.raises(InputError, match=r"prompt 'p', user 'u': what was compared leaves .* open"):
        populations(path, missing="error")
    open_twice = text(tmp_path, pairs("p,u,x,y,a", "p,u,z,w,a"))
    with pytest.raises(InputError, match="user 'u': what was compared leaves"):
        populations(open_twice, missing="tied-last")
    assert populations(open_twice, missing="tied-last", skip_bad=True) == {}
    with pytest.raises(InputError, match="prompt 'p': no user is left"):
        populations(open_twice, missing="drop-user")


def test_choices_without_users(tmp_path: Path) -> None:
    rows = [{"prompt": "p", "chosen": c, "rejected": r} for c, r in ("xy", "xy", "yx", "xz")]
    data = open_data([put(tmp_path, "t.jsonl", rows)], Choices())
    ((name, reading),) = data
    assert (name, reading.users, reading.incomplete) == ("p", 4, 4)
    assert reading.population == partial(
        "xyz", (2, [(0, 1)], []), (1, [(1, 0)], []), (1, [(0, 2)], [])
    )
    assert "user: every row" in str(reading)


def test_circles_are_named_and_refused_or_dropped(tmp_path: Path) -> None:
    path = text(
        tmp_path,
        pairs("p,u,x,y,a", "p,u,y,z,a", "p,u,z,x,a", "p,v,x,y,a", "q,u,x,y,a", "q,u,y,x,tie"),
    )
    words = "prompt 'p', user 'u': the preferences among 'x', 'y', 'z' run in a circle"
    with pytest.raises(InputError, match=f"^{path}: {words}$"):
        populations(path)
    data = open_data([path], Choices(skip_bad=True))
    assert {name: len(r.population.users) for name, r in data} == {"p": 1}
    assert data.skipped.number == 3  # two users, and a prompt without any
    assert data.skipped.told[0] == f"{path}: {words}"


def test_pooled_prompts(tmp_path: Path) -> None:
    path = text(tmp_path, pairs("p,u,x,y,a", "q,u,x,y,b", "q,v,y,z,a", "p,v,y,z,a"))
    assert populations(path, as_users=("prompt", "user")) == {
        "t.csv": partial("xyz", (1, [(0, 1)], []), (1, [(1, 0)], []), (2, [(1, 2)], []))
    }
    with pytest.raises(InputError, match="user 'u': the preferences"):
        populations(path, as_users=("user",))
    joined = text(tmp_path, pairs("a/,u,x,y,a", "a,/u,x,y,b"), "j.csv")
    ((_, population),) = populations(joined, as_users=("prompt", "user")).items()
    assert len(population.users) == 2  # type: ignore[attr-defined]


@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.permutations(range(4)), st.sampled_from(["a", "b", "tie"])),
        min_size=1,
        max_size=12,
    )
)
def test_pairs_agree_with_all_weak_orders(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[int, list[int], str]]
) -> None:
    """A user is refused just if no weak order agrees with what she said; and what is known of her
    is what all of those say that do."""
    path = tmp_path_factory.getbasetemp() / "pairs.csv"
    path.write_text(pairs(*(f"p,u{u},r{y[0]},r{y[1]},{said}" for u, y, said in rows)))
    data = open_data([path], Choices(skip_bad=True))
    names = list(dict.fromkeys(f"r{y}" for _, pair, _ in rows for y in pair[:2]))
    fitting: list[list[tuple[int, ...]]] = []
    for user in dict.fromkeys(u for u, _, _ in rows):
        told = [
            (names.index(f"r{y[0]}"), names.index(f"r{y[1]}"), said)
            for u, y, said in rows
            if u == user
        ]
        some = [ranks for ranks in _weak_orders(len(names)) if all(_fits(ranks, t) for t in told)]
        if some:
            fitting.append(some)
    found = [reading.population for _, reading in data]
    assert bool(found) == bool(fitting)
    for population in found:
        orders = [
            PartialPopulation.of_population(population).users
            if isinstance(population, Population)
            else population.users
        ][0]
        known = {order: weight for weight, order in ((u.weight, u.order) for u in orders)}
        expected: dict[object, int] = {}
        for some in fitting:
            n = range(len(names))
            above = [(y, z) for y in n for z in n if all(r[y] < r[z] for r in some)]
            tied = [[y, z] for y in n for z in n if all(r[y] == r[z] for r in some)]
            order = order_of(len(names), above, tied)
            expected[order] = expected.get(order, 0) + 1
        assert known == expected


def _weak_orders(n: int) -> Iterator[tuple[int, ...]]:
    """Ranks, with gaps, of every weak order."""
    seen = set()
    for order in permutations(range(n)):
        for cuts in range(1 << max(0, n - 1)):
            ranks = [0] * n
            for place, y in enumerate(order):
                ranks[y] = sum(cuts >> bit & 1 for bit in range(place))
            if tuple(ranks) not in seen:
                seen.add(tuple(ranks))
                yield tuple(ranks)


def _fits(ranks: Sequence[int], told: tuple[int, int, str]) -> bool:
    a, b, said = told
    return {"a": ranks[a] < ranks[b], "b": ranks[a] > ranks[b], "tie": ranks[a] == ranks[b]}[said]


def test_circles_need_a_strict_pair() -> None:
    with pytest.raises(CyclicError):
        order_of(2, [(0, 1)], [[0, 1]])
