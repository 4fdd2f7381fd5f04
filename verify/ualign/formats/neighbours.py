"""Populations from the objects of other libraries and back: pref_voting's profiles, preflibtools'
instances, votekit's profiles, and the data frames of pandas, Polars and whoever else has `columns`.

None of these libraries is needed unless its objects are asked for. They read formats that we do
not: pref_voting ABIF, votekit cast-vote records and the Scottish elections' files.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from ualign.errors import InputError
from ualign.formats.columns import ids_by_name, understand_columns
from ualign.formats.reading import Choices
from ualign.model.given import exact_weights, response_names
from ualign.model.population import Missing, Population
from ualign.text import show

_LARGEST = 2**63 - 1


def from_pref_voting(profile: Any, *, missing: Missing = "tied-last") -> Population:
    """The population of a `Profile` or `ProfileWithTies` of pref_voting; what `missing` says is for
    the rankings of the latter that leave candidates out, as in `read_population`."""
    candidates = [*getattr(profile, "candidates", ())]
    if isinstance(profile, _library("pref_voting", "profiles").Profile):
        rankings, counts = profile.rankings_counts
        classes = [[[candidate] for candidate in ranking] for ranking in rankings]
    elif isinstance(profile, _library("pref_voting", "profiles_with_ties").ProfileWithTies):
        rankings, counts = profile.rankings_counts
        classes = [_by_rank(ranking.rmap) for ranking in rankings]
    else:
        kind = show(type(profile).__name__)
        raise InputError(f"expected pref_voting's Profile or ProfileWithTies, not {kind}")
    return _renamed({c: profile.cmap.get(c) for c in candidates}, classes, counts, missing)


def to_pref_voting(population: Population) -> Any:
    """The population as pref_voting has it: a `Profile`, or a `ProfileWithTies` if anybody is
    indifferent. Weights become whole counts with the same shares."""
    counts, names = _counts(population), dict(enumerate(population.responses))
    if population.is_strict:
        orders = [[y for (y,) in user.ranking] for user in population.users]
        return _library("pref_voting", "profiles").Profile(orders, rcounts=counts, cmap=names)
    ranks = [{y: rank + 1 for y, rank in enumerate(row)} for row in population.ranks]
    with_ties = _library("pref_voting", "profiles_with_ties").ProfileWithTies
    return with_ties(ranks, rcounts=counts, candidates=list(names), cmap=names)


def from_preflibtools(instance: Any, *, missing: Missing = "tied-last") -> Population:
    """The population of an `OrdinalInstance` of preflibtools; `missing` as in `read_population`."""
    if not isinstance(instance, _library("preflibtools", "instances").OrdinalInstance):
        kind = show(type(instance).__name__)
        raise InputError(f"expected preflibtools' OrdinalInstance, not {kind}")
    counts = [instance.multiplicity[order] for order in instance.orders]
    if len({*instance.orders}) < len(counts) or sum(counts) != instance.num_voters:
        what = f"its orders count {sum(counts)} voters, and it says {instance.num_voters}"
        raise InputError(f"{what}; an order that was listed twice may be lost; read the file here")
    return _renamed(instance.alternatives_name, instance.orders, counts, missing)


def to_preflibtools(population: Population) -> Any:
    """The population as preflibtools' `OrdinalInstance`, with alternatives numbered from 1. Weights
    become whole counts with the same shares."""
    counts = _counts(population)
    instance = _library("preflibtools", "instances").OrdinalInstance()
    orders = [tuple(tuple(y + 1 for y in tied) for tied in u.ranking) for u in population.users]
    instance.append_vote_map(dict(zip(orders, counts, strict=True)))
    instance.alternatives_name = dict(enumerate(population.responses, 1))
    return instance


def from_votekit(profile: Any, *, missing: Missing = "tied-last") -> Population:
    """The population of a `RankProfile` of votekit, with the candidates sorted by name, since those
    that votekit finds in a file come in no order. Places that a ballot skips close up; a candidate
    who is ranked twice is refused; `missing` as in `read_population`."""
    if not isinstance(profile, _library("votekit", "pref_profile").RankProfile):
        raise InputError(f"expected votekit's RankProfile, not {show(type(profile).__name__)}")
    ballots = profile.ballots
    weights = [ballot.weight for ballot in ballots]
    for weight in weights:  # a float, even where it counts ballots
        if not float(weight).is_integer():  # nor infinite, nor NaN
            raise InputError(f"the weight {show(weight)} is no whole number; scale the weights")
    names = {candidate: candidate for candidate in sorted(profile.candidates)}
    return _renamed(names, [b.ranking or () for b in ballots], [int(w) for w in weights], missing)


def to_votekit(population: Population) -> Any:
    """The population as votekit's `RankProfile`. Weights become whole counts with the same shares.
    votekit keeps them as floats, so none may be beyond 2^53."""
    counts, names = _counts(population), population.responses
    if max(counts) > 2**53:
        raise InputError("the weights need counts beyond 2^53; use simpler weights")
    ballot = _library("votekit", "ballot").RankBallot
    ballots = [
        ballot(ranking=[{names[y] for y in tied} for tied in user.ranking], weight=count)
        for user, count in zip(population.users, counts, strict=True)
    ]
    profile = _library("votekit", "pref_profile").RankProfile
    return profile(ballots=ballots, candidates=names, max_ranking_length=len(names))


def from_dataframe(
    frame: Any,
    weights: Sequence[Any] | None = None,
    *,
    id_column: str | None = None,
    scores: Sequence[str] | None = None,
    ranks: bool = False,
    missing: Missing = "tied-last",
) -> Population:
    """The population of a table of scores, a row a user, in pandas, Polars or the like.

    Every column is a response, except for the users' ids in the first one if it is called so; else
    the frame's index is taken for them. As in a .csv, a column that may be something else is
    refused, until `id_column` names the ids and `scores` the responses; with `ranks` smaller is
    better. `weights` are as in `Population.from_rankings`.
    """
    if not hasattr(frame, "columns") or isinstance(scores, str):
        raise InputError("expected a data frame, and scores as a list of its columns' names")
    header = list(response_names(frame.columns))
    chosen = None if scores is None else tuple(scores)
    if id_column is None and ids_by_name(header) is None:
        id_column, header = "", ["", *header]
    columns = understand_columns(header, Choices(missing, id_column, chosen, ranks), 1)
    if columns.ids:
        ids = [*frame[columns.ids]]
        if len({*map(str, ids)}) < len(ids):
            raise InputError(f"column {show(columns.ids)}: an id occurs twice; give a row a user")
    cells = [[*frame[name]] for name in columns.responses]
    build = Population.from_ranks if ranks else Population.from_scores
    rows = zip(*cells, strict=True)
    return build(rows, weights, responses=columns.responses, missing=missing)


def _library(name: str, module: str) -> Any:
    try:
        return import_module(f"{name}.{module}")
    except ImportError as error:
        raise InputError(f"{name} is needed ({error}); pip install {name}") from None


def _by_rank(ranks: dict[Any, Any]) -> list[list[Any]]:
    """The candidates of each rank, from the smallest."""
    return [[c for c, rank in ranks.items() if rank == here] for here in sorted({*ranks.values()})]


def _renamed(names: dict[Any, Any], rankings: Any, counts: Any, missing: Missing) -> Population:
    """The population of rankings of candidates that have these names."""
    responses = response_names(names.values())
    index = {candidate: y for y, candidate in enumerate(names)}
    users = list(rankings)
    weights = exact_weights([*counts], len(users))
    if not all(map(any, users)):
        raise InputError("a ballot ranks nobody; drop such ballots first")
    try:
        indexed = [[[index[c] for c in tied] for tied in ranking] for ranking in users]
    except KeyError as error:
        raise InputError(f"the candidate {show(error.args[0])} has no name") from None
    return Population.from_indexed(responses, zip(weights, indexed, strict=True), missing=missing)


def _counts(population: Population) -> list[int]:
    if population.scale > _LARGEST:
        raise InputError("the weights need counts beyond 64 bits; use simpler weights")
    return list(population.integer_weights)
