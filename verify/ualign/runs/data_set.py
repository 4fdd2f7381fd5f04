"""Certifying a data set of prompts: which of them are alike, shards of them, and who does the work.

Populations that are equal up to the names of responses are certified once. Prompts are read when
their shard is next, and few shards are under way at a time, so that memory does not grow with them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from ualign.certificates.document import (
    PROMPTS,
    is_shard,
    package_version,
    provenance_of,
    read_document,
)
from ualign.certificates.findings import Json
from ualign.errors import FaultError, InputError, option
from ualign.files import SUFFIX, write_atomically
from ualign.formats.data_set import DataSet
from ualign.formats.policies import Policies
from ualign.model.partial_orders import UserPopulation
from ualign.model.renaming import likeness, renamed
from ualign.runs.certify import Options
from ualign.runs.folder import source_in
from ualign.runs.policies import OwnPolicies
from ualign.runs.shards import SHARD, Shard, ShardTask, Sharing, certify_shard, shard_name
from ualign.text import show

MOST_POPULATIONS, MOST_CELLS = 100, 20_000
"""A shard has at most so many populations, and, unless it has one, users times responses."""

AHEAD = 2
"""So many tasks a worker are under way at a time."""

OnPrompts = Callable[[int], None]
"""Called with the number of prompts that were just read."""


@dataclass(frozen=True)
class Plan:
    """The prompts of a data set in shards: each a list of groups of prompts, by their numbers, of
    which all have the population of the first."""

    data: DataSet
    shards: tuple[tuple[tuple[int, ...], ...], ...]

    @property
    def prompts(self) -> int:
        """The number of prompts that are certified."""
        return sum(len(group) for shard in self.shards for group in shard)

    @property
    def populations(self) -> int:
        """The number of populations that are not equal up to names."""
        return sum(map(len, self.shards))


def plan_of(data: DataSet, progress: OnPrompts = lambda done: None, *, apart: bool = False) -> Plan:
    """Read all prompts once, and see which are alike; `apart`: each stands for itself. Raises
    InputError for what is wrong with any, unless bad ones may be skipped, and where none is left.
    """
    groups: dict[bytes, list[int]] = {}
    cells: dict[bytes, int] = {}
    for number in range(len(data)):
        found = data.reading(number, data.skipped)
        progress(1)
        if found is not None:
            population = found.ranked(data.name(number))
            key = b"%d" % number if apart else likeness(population).digest
            groups.setdefault(key, []).append(number)
            cells[key] = population.n * len(population.users)
    if not groups:
        raise InputError("no prompt is left; all were skipped")
    shards: list[list[tuple[int, ...]]] = []
    room = 0
    for key, numbers in groups.items():
        if not shards or len(shards[-1]) == MOST_POPULATIONS or cells[key] > room:
            shards.append([])
            room = MOST_CELLS
        shards[-1].append(tuple(numbers))
        room -= cells[key]
    return Plan(data, tuple(map(tuple, shards)))


def certify_data(
    plan: Plan,
    ks: Sequence[int],
    directory: Path,
    options: Options,
    *,
    jobs: int = 1,
    cluster: str | None = None,
    resume: bool = True,
    methods: Sequence[str] = (),
    policies: Policies | None = None,
) -> Iterator[Shard]:
    """Certify all prompts into shards in the directory, in order, by so many processes, or by the
    workers of Dask's scheduler at this address. `methods` are the user's own, as FILE.py:NAME, and
    `policies` by prompt, for which prompts have to be planned apart.

    Raises InputError if the directory holds shards of other data."""
    _keep_apart(plan, directory)
    tasks = _tasks(plan, ks, directory, options, resume, methods, policies)
    for shard in _done(tasks, jobs, cluster):
        path = directory / shard.task.name
        if any(judged.verdicts for judged in shard.judged):
            if not shard.resumed:
                write_atomically(path, shard.contents)
        else:
            path.unlink(missing_ok=True)
        yield shard


def _tasks(
    plan: Plan,
    ks: Sequence[int],
    directory: Path,
    options: Options,
    resume: bool,
    methods: Sequence[str],
    policies: Policies | None,
) -> Iterator[ShardTask]:
    recorded, source = _recorded(plan.data), _source(plan.data, directory)
    for number, groups in enumerate(plan.shards, 1):
        name = shard_name(number)
        populations: list[tuple[str, UserPopulation]] = []
        prompts: list[Sharing] = []
        for group in groups:
            first, population = _population(plan.data, group[0])
            populations.append((first, population))
            own = likeness(population) if len(group) > 1 else None
            prompts.append(Sharing(first, first))
            for other in group[1:]:
                prompt, alike = _population(plan.data, other)
                names = renamed(alike.responses, own, likeness(alike)) if own else ()
                prompts.append(
                    Sharing(prompt, first, () if names == population.responses else names)
                )
        path = directory / name
        earlier = path.read_bytes() if resume and path.is_file() else None
        yield ShardTask(
            name,
            tuple(populations),
            tuple(prompts),
            tuple(ks),
            options,
            recorded,
            source,
            tuple(methods),
            _own(policies, populations),
            earlier,
        )


def _own(
    policies: Policies | None, populations: Sequence[tuple[str, UserPopulation]]
) -> OwnPolicies | None:
    if policies is None:
        return None
    masses = {name: policies.masses(name, p.responses) for name, p in populations}
    return OwnPolicies(policies.name, masses)


def _population(data: DataSet, number: int) -> tuple[str, UserPopulation]:
    found = data.reading(number)
    if found is None:
        raise FaultError(f"{data.name(number)}: read differently the second time")
    return data.name(number), found.ranked(data.name(number))


def _recorded(data: DataSet) -> Json:
    """How the data were understood."""
    if data.table is None:
        return {}
    skipped = {"skipped": str(data.skipped.number)} if data.skipped.number else {}
    return {
        "reading": {
            "missing": data.table.missing,
            **data.table.columns.as_json(),
            **skipped,
        }
    }


def _source(data: DataSet, directory: Path) -> Json:
    number = len(data) - 1
    return source_in(directory, data.reading(number)) if len(data) else {}


def _keep_apart(plan: Plan, directory: Path) -> None:
    """Raise InputError if the directory has shards of other data; of this, take away those that are
    too many."""
    source = _source(plan.data, directory).get("source")
    names = {shard_name(number) for number in range(1, len(plan.shards) + 1)}
    for path in sorted(directory.glob(f"{SHARD}*{SUFFIX}")):
        if path.name in names and path.name != shard_name(1):
            continue
        document = read_document(path)
        if document is None or not is_shard(document):
            continue
        found = provenance_of(document)
        if found.get("source") != source:
            first = found.get(PROMPTS, [["?"]])[0][0]
            what = f"{path}: is about prompts of other data (from {show(found.get('source'))}"
            raise InputError(f"{what}, as {show(first)}); give another --out")
        if path.name not in names:
            path.unlink()


def _done(tasks: Iterator[ShardTask], jobs: int, cluster: str | None) -> Iterator[Shard]:
    """The shards in the order of the tasks, whoever makes them."""
    if cluster is None and jobs == 1:
        yield from map(certify_shard, tasks)
        return
    with _executor(jobs, cluster) as (executor, most):
        waiting: deque[Future[Shard]] = deque()
        try:
            for task in tasks:
                waiting.append(executor.submit(certify_shard, task))
                if len(waiting) == most:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


@contextmanager
def _executor(jobs: int, cluster: str | None) -> Iterator[tuple[Executor, int]]:
    """Who does the work, and how much of it may be under way."""
    if cluster is None:
        # workers start afresh: threads of the libraries that are loaded here do not survive a fork
        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
            yield pool, AHEAD * jobs
        return
    with _client(cluster) as client:
        versions = client.run(package_version)
        if not versions:
            raise InputError(f"{option('cluster', cluster)}: the scheduler has no workers")
        if other := set(versions.values()) - {package_version()}:
            what = f"workers have version {min(other)} of ualign, and here is {package_version()}"
            raise InputError(f"{option('cluster', cluster)}: {what}")
        workers = sum(client.nthreads().values())
        yield client.get_executor(pure=False, retries=2), AHEAD * workers


@contextmanager
def _client(address: str) -> Iterator[Any]:
    try:
        from distributed import Client
    except ImportError as error:
        raise InputError(
            f"{option('cluster')} needs Dask ({error}); pip install 'ualign[cluster]'"
        ) from None
    try:
        client = Client(address, timeout="20s", set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        why = str(error).strip().split("\n")[0]
        raise InputError(f"{option('cluster', address)}: no scheduler answers: {why}") from None
    with client:
        yield client
