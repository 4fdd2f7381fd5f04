"""Populations from other libraries' objects and back."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import ualign
from places import NO_FAULT
from ualign.errors import InputError
from ualign.formats import read_population
from ualign.formats.neighbours import (
    from_dataframe,
    from_pref_voting,
    from_preflibtools,
    from_votekit,
    to_pref_voting,
    to_preflibtools,
    to_votekit,
)
from ualign.model.population import Population

STRICT = Population.from_rankings([["b", "a", "c"], ["c", "b", "a"]], [2, 3])
WEAK = Population.from_rankings([["b", ["a", "c"]], [["c", "b", "a"]]], [2, 3])
RATIONAL = Population.from_rankings([["x", "y"], ["y", "x"]], ["1/2", "1/3"])
CASES = [STRICT, WEAK, RATIONAL, Population.from_rankings([["a"]])]


def needs(*libraries: str) -> Any:
    absent = [name for name in libraries if find_spec(name) is None]
    reason = f"{NO_FAULT} {', '.join(absent)} not installed"
    return pytest.mark.skipif(bool(absent), reason=reason)


def test_they_are_exported() -> None:
    assert ualign.from_dataframe is from_dataframe
    assert ualign.to_preflibtools is to_preflibtools


def shares(population: Population) -> dict[Any, Fraction]:
    weights = zip(population.users, population.integer_weights, strict=True)
    return {user.ranking: Fraction(weight, population.scale) for user, weight in weights}


def assert_same(one: Population, other: Population) -> None:
    assert (one.responses, shares(one)) == (other.responses, shares(other))


@needs("pref_voting")
@pytest.mark.parametrize("population", CASES)
def test_pref_voting_and_back(population: Population) -> None:
    profile = to_pref_voting(population)
    assert profile.num_voters == population.scale
    assert_same(from_pref_voting(profile), population)


@needs("pref_voting")
def test_what_pref_voting_says_of_a_profile_is_so() -> None:
    profile = to_pref_voting(STRICT)
    assert [profile.cmap[c] for c in profile.candidates] == ["b", "a", "c"]
    assert profile.margin(0, 1) == 5
    assert profile.margin(0, 2) == -1


@needs("pref_voting")
def test_profiles_of_pref_voting() -> None:
    from pref_voting.profiles import Profile
    from pref_voting.profiles_with_ties import ProfileWithTies

    profile = Profile([[2, 0, 1], [0, 1, 2]], rcounts=[4, 1], cmap={0: "x", 1: "y", 2: "z"})
    expected = [["z", "x", "y"], ["x", "y", "z"]]
    assert_same(
        from_pref_voting(profile),
        Population.from_rankings(expected, [4, 1], responses=["x", "y", "z"]),
    )
    profile = ProfileWithTies([{7: 0, 3: 0}, {3: 5, 5: 9}], candidates=[3, 5, 7])
    population = from_pref_voting(profile)
    assert population.responses == ("3", "5", "7")
    assert [user.ranking for user in population.users] == [((0, 2), (1,)), ((0,), (1,), (2,))]
    with pytest.raises(InputError, match="user 1 does not rank '5'"):
        from_pref_voting(profile, missing="error")
    with pytest.raises(InputError, match="expected pref_voting's Profile or ProfileWithTies"):
        from_pref_voting(STRICT)
    with pytest.raises(InputError, match=r"responses: 0 is no name of a response"):
        from_pref_voting(Profile([[0]], cmap={0: 0}))
    with pytest.raises(InputError, match="None is no name"):
        from_pref_voting(Profile([[0, 1]], cmap={0: "a"}))


@needs("pref_voting", "preflibtools")
@pytest.mark.parametrize("population", [STRICT, WEAK, RATIONAL])
def test_files_that_pref_voting_writes(tmp_path: Path, population: Population) -> None:
    profile = to_pref_voting(population)
    path = Path(profile.write(str(tmp_path / "p")) or "")
    assert_same(read_population(path), population)


@needs("preflibtools")
@pytest.mark.parametrize("population", CASES)
def test_preflibtools_and_back(tmp_path: Path, population: Population) -> None:
    instance = to_preflibtools(population)
    assert instance.num_voters == population.scale
    assert instance.data_type == ("soc" if population.is_strict else "toc")
    assert_same(from_preflibtools(instance), population)
    path = tmp_path / f"p.{instance.data_type}"
    instance.write(str(path))
    assert_same(read_population(path), population)


@needs("preflibtools")
def test_instances_of_preflibtools() -> None:
    from preflibtools.instances import OrdinalInstance

    instance = OrdinalInstance()
    instance.append_vote_map({((4,), (2, 3)): 3, ((2,),): 1})
    population = from_preflibtools(instance)
    assert population.responses == ("Alternative 4", "Alternative 2", "Alternative 3")
    assert [user.ranking for user in population.users] == [((0,), (1, 2)), ((1,), (0, 2))]
    assert from_preflibtools(instance, missing="drop-user").scale == 3
    instance.num_voters = 9
    with pytest.raises(InputError, match="its orders count 4 voters, and it says 9"):
        from_preflibtools(instance)
    instance.num_voters = 4
    del instance.alternatives_name[3]
    with pytest.raises(InputError, match="the candidate 3 has no name"):
        from_preflibtools(instance)
    with pytest.raises(InputError, match="expected preflibtools' OrdinalInstance"):
        from_preflibtools([])


@needs("votekit")
@pytest.mark.parametrize("population", CASES)
def test_votekit_and_back(population: Population) -> None:
    profile = to_votekit(population)
    assert profile.total_ballot_wt == population.scale
    back = from_votekit(profile)
    assert back.responses == tuple(sorted(population.responses))
    named = [
        {
            tuple(frozenset(p.responses[y] for y in tied) for tied in ranking): share
            for ranking, share in shares(p).items()
        }
        for p in (back, population)
    ]
    assert named[0] == named[1]


@needs("votekit")
def test_cast_vote_records_that_votekit_reads(tmp_path: Path) -> None:
    """A place left out closes up; ballots without a candidate, or with one twice, are refused."""
    from votekit.cvr_loaders import load_ranking_csv

    def read(*rows: str) -> Population:
        path = tmp_path / "votes.csv"
        path.write_text("voter,first,second,third\n" + "".join(row + "\n" for row in rows))
        table = load_ranking_csv(path, [1, 2, 3], header_row=0, id_col=0, print_profile=False)
        return from_votekit(table)

    population = read("1,Cy,Ada,Bo", "2,Ada,,Bo", "3,Ada,Bo,")
    assert population.responses == ("Ada", "Bo", "Cy")
    assert shares(population) == {
        ((2,), (0,), (1,)): Fraction(1, 3),
        ((0,), (1,), (2,)): Fraction(2, 3),
    }
    with pytest.raises(InputError, match="a ballot ranks nobody; drop such ballots first"):
        read("1,Cy,Ada,Bo", "2,,,")
    with pytest.raises(InputError, match="ranks 'Ada' twice"):
        read("1,Cy,Ada,Bo", "2,Ada,Ada,Bo")
    with pytest.raises(InputError, match="expected votekit's RankProfile, not 'list'"):
        from_votekit([])


@needs("votekit")
def test_votekit_weights_are_counts() -> None:
    from votekit import RankBallot, RankProfile

    for weight, shown in ((1.5, r"1\.5"), (float("inf"), "inf"), (float("nan"), "nan")):
        ballots = [RankBallot(ranking=[{"a"}, {"b"}], weight=weight)]
        with pytest.raises(InputError, match=f"the weight {shown} is no whole number; scale the"):
            from_votekit(RankProfile(ballots=ballots))


@needs("pref_voting")
def test_abif_that_pref_voting_reads(tmp_path: Path) -> None:
    from pref_voting.io.readers import abif_to_profile_with_ties

    path = tmp_path / "cities.abif"
    path.write_text("=M:[Memphis]\n=N:[Nashville]\n=K:[Knoxville]\n42:M>N=K\n17:K>N\n")
    population = from_pref_voting(abif_to_profile_with_ties(str(path)))
    assert population.responses == ("Knoxville", "Memphis", "Nashville")
    assert shares(population) == {
        ((1,), (0, 2)): Fraction(42, 59),
        ((0,), (2,), (1,)): Fraction(17, 59),
    }


@pytest.mark.parametrize(
    ("convert", "name"),
    [
        (lambda: from_pref_voting(None), "pref_voting"),
        (lambda: to_pref_voting(STRICT), "pref_voting"),
        (lambda: to_pref_voting(WEAK), "pref_voting"),
        (lambda: from_preflibtools(None), "preflibtools"),
        (lambda: to_preflibtools(STRICT), "preflibtools"),
        (lambda: from_votekit(None), "votekit"),
        (lambda: to_votekit(STRICT), "votekit"),
    ],
)
def test_absent_libraries_are_named(
    monkeypatch: pytest.MonkeyPatch, convert: Callable[[], object], name: str
) -> None:
    def absent(module: str) -> object:
        raise ModuleNotFoundError(f"No module named {module.partition('.')[0]!r}")

    monkeypatch.setattr("ualign.formats.neighbours.import_module", absent)
    with pytest.raises(InputError, match=rf"^{name} is needed \(.*\); pip install {name}$"):
        convert()


def test_counts_beyond_64_bits() -> None:
    huge = Population.from_rankings([["a"]], [2**63])
    for convert in (to_pref_voting, to_preflibtools, to_votekit):
        with pytest.raises(InputError, match="counts beyond 64 bits"):
            convert(huge)
    with pytest.raises(InputError, match=r"counts beyond 2\^53"):
        to_votekit(Population.from_rankings([["a"], ["a"]], [2**53, 1]))


class Frame(dict[str, list[Any]]):
    """The least that a data frame has: columns by name."""

    @property
    def columns(self) -> list[str]:
        return list(self)


def frames() -> list[Any]:
    """Makers of data frames, each with whether it is there."""
    makers = [pytest.param(Frame, id="columns alone")]
    for name in ("pandas", "polars"):
        make = getattr(__import__(name), "DataFrame", None) if find_spec(name) else None
        makers.append(pytest.param(make, id=name, marks=needs(name)))
    return makers


@pytest.mark.parametrize("make", frames())
def test_data_frames(make: Callable[[dict[str, Any]], Any]) -> None:
    table: dict[str, Any] = {"a": [3.5, 1.0, None], "b": [1.0, 1.0, 2.0], "c": [2, 5, 7]}
    expected = [((0,), (2,), (1,)), ((2,), (0, 1)), ((2,), (1,), (0,))]
    population = from_dataframe(make(table))
    assert population.responses == ("a", "b", "c")
    assert [user.ranking for user in population.users] == expected
    same = from_dataframe(make({"user": ["u", "v", "w"], **table}), [1, "1/2", 3])
    assert [user.weight for user in same.users] == [1, Fraction(1, 2), 3]
    assert [user.ranking for user in same.users] == expected
    ranked = from_dataframe(make(table), scores=["b", "c"], ranks=True, missing="error")
    assert [user.ranking for user in ranked.users] == [((0,), (1,))]
    named = from_dataframe(make({**table, "who": [1, 2, 3]}), id_column="who", missing="drop-user")
    assert (named.responses, named.scale) == (("a", "b", "c"), 2)


@pytest.mark.parametrize("make", frames())
@pytest.mark.parametrize(
    ("table", "choices", "words"),
    [
        ({"user": ["u"], "count": [3], "a": [1]}, {}, "'count', may be weights"),
        ({"count": [3], "a": [1]}, {}, "'count', may be weights"),
        ({"a": [1], "user": [7]}, {}, "'user', may be ids"),
        ({"user": [1], "item": [2], "rating": [3]}, {}, "a long table"),
        ({"user": ["u", "u"], "a": [1, 2]}, {}, "column 'user': an id occurs twice"),
        ({"a": [1], "b": ["good"]}, {}, "user 1, 'b': the score 'good' is not exact"),
        ({"a": [True]}, {}, "is not exact"),
        ({"a": [0]}, {"ranks": True}, "the rank 0 is below 1"),
        ({"a": [1]}, {"scores": ["b"]}, "scores=...: there is no column 'b'"),
        ({"a": [1]}, {"scores": "a"}, "scores as a list of its columns' names"),
        ({"a": [1], "c": [2]}, {"id_column": "b"}, "id_column=...: there is no column 'b'"),
        ({"a": [1]}, {"weights": [0.5]}, "weight 0.5 is a float"),
    ],
)
def test_data_frames_that_are_refused(
    make: Callable[[dict[str, Any]], Any],
    table: dict[str, Any],
    choices: dict[str, Any],
    words: str,
) -> None:
    with pytest.raises(InputError, match=words):
        from_dataframe(make(table), **choices)


def test_what_is_no_data_frame() -> None:
    for thing in (None, [[1, 2]], {"a": [1]}):
        with pytest.raises(InputError, match="expected a data frame"):
            from_dataframe(thing)
    with pytest.raises(InputError, match="0 is no name of a response; names are strings"):
        from_dataframe(type("Frame", (), {"columns": range(2)})())
