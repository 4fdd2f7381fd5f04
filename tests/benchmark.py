"""Times of what matters, side by side in one run, as ratios:

    python tests/benchmark.py [SECONDS [GROUP...]]

Each row compares ways to the same result on the same input; a time is the median of the runs that
fit into SECONDS (default 2) per way. Quote the ratios; the seconds belong to the machine. The
groups are the functions below, by name; all by default.
"""

from __future__ import annotations

import ast
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product
from pathlib import Path

import numpy as np
from command import ualign
from numpy.typing import NDArray
from ualign import Population, check, write_certificates, write_population
from ualign.certificates.checking import CHECKER
from ualign.certificates.document import distinct, population_json
from ualign.certificates.findings import Finding
from ualign.exact.equilibrium import find_equilibrium
from ualign.exact.instance import Instance
from ualign.exact.matrix_game import program_of_game, solve_matrix_game
from ualign.exact.modelling_paths import certify_proposal
from ualign.model.policies import ProductPolicy
from ualign.model.win_rates import payoffs, worst_case
from ualign.runs.certify import BULK_DEGREE
from ualign.solvers import highs_lp
from ualign.theorems import MAIN, THEOREMS, tasks

Ways = dict[str, Callable[[], object]]
Comparison = tuple[str, Ways]

LARGE = (50, 2000, 100), (100, 2000, 100), (200, 5000, 1000)
"""Responses, users and k of large games."""


def strict_population(n: int, users: int, seed: int = 0) -> Population:
    """Users with independent uniform strict rankings of n responses."""
    dice = random.Random(seed)
    names = [f"y{j}" for j in range(n)]
    return Population.from_rankings([dice.sample(names, n) for _ in range(users)], responses=names)


def found(
    population: Population, ks: list[int], theorems: tuple[str, ...] = MAIN, **options: int
) -> list[Finding]:
    """What the theorems find, without files and the checker."""
    instance = Instance(population, **options)
    return [
        f for k in (*ks, None) for _, certify in tasks(instance, k, theorems) for f in certify()
    ]


def linear_programs() -> Iterator[Comparison]:
    """The exact value of payoff tables by default, beside HiGHS alone on the same program, and the
    modelling paths with the exact proof of what they propose."""
    for n, k in ((6, 3), (8, 2), (12, 3), (20, 3)):
        table = payoffs(strict_population(n, 30), k).matrix
        program, _ = program_of_game(table)
        yield (
            f"matrix game, {len(table)} x {len(table[0])}",
            {
                "HiGHS alone": lambda p=program: highs_lp.propose(*p.floats),
                "exact, default": lambda t=table: solve_matrix_game(t),
                "PuLP, proved": lambda p=program: certify_proposal(p, "PuLP"),
                "CVXPY, proved": lambda p=program: certify_proposal(p, "CVXPY"),
            },
        )


def prompts() -> Iterator[Comparison]:
    """A prompt of 6 responses and 8 users with the main theorems, for k = 1..4."""
    population, ks = strict_population(6, 8), [1, 2, 3, 4]
    yield (
        "prompt, n = 6, 8 users, k = 1..4, main theorems, without the checker",
        {"certify": lambda: found(population, ks)},
    )


def peers() -> Iterator[Comparison]:
    """Eight games of a size: QuantEcon's best method at 1e-8, which is given the tables of the
    (k+1)-player games, and equilibria certified to 200 bits."""
    try:
        import quantecon.game_theory as games
    except ImportError:
        print("equilibria beside QuantEcon's: skipped, which is no fault: it is not installed")
        return
    for n, users, k in ((3, 10, 2), (4, 20, 2), (4, 20, 3), (5, 30, 3), (6, 20, 4)):
        populations = [strict_population(n, users, seed) for seed in range(8)]
        players = [games.Player(payoff_table(population, k)) for population in populations]
        tables = [games.NormalFormGame([player] * (k + 1)) for player in players]
        yield (
            f"equilibrium, n = {n}, {users} users, k = {k}, eight games",
            {
                "QuantEcon": lambda tables=tables: [
                    games.mclennan_tourky(table, epsilon=1e-8) for table in tables
                ],
                "200 bits": lambda populations=populations, k=k: [
                    find_equilibrium(population, k, bits=200) for population in populations
                ],
            },
        )


def payoff_table(population: Population, k: int) -> NDArray[np.float64]:
    """What the first of k + 1 players earns in each profile."""
    ranks = np.array(population.ranks)
    shares = np.array(population.integer_weights) / population.scale
    table = np.zeros((population.n,) * (k + 1))
    for played in product(range(population.n), repeat=k + 1):
        held = ranks[:, played] == ranks[:, played].min(axis=1)[:, None]
        table[played] = shares @ (held[:, 0] / held.sum(axis=1))
    return table


def equilibria() -> Iterator[Comparison]:
    """The same equilibrium to more and more bits; and large ones."""
    population = strict_population(20, 200)
    ways: Ways = {
        f"{bits} bits": lambda bits=bits: find_equilibrium(population, 16, bits=bits)
        for bits in (50, 100, 200, 400, 800)
    }
    yield "equilibrium, n = 20, 200 users, k = 16", ways
    for n, users, k in LARGE:
        large = strict_population(n, users)
        yield (
            f"equilibrium, n = {n}, {users} users, k = {k}",
            {"100 bits": lambda large=large, k=k: find_equilibrium(large, k)},
        )


def win_rates() -> Iterator[Comparison]:
    """The exact worst case of a policy with 100-bit masses at growing k."""
    population = strict_population(20, 200)
    masses = [(1 << 100) // 20] * 19
    policy = ProductPolicy(
        tuple(Fraction(m, 1 << 100) for m in [*masses, (1 << 100) - sum(masses)])
    )
    ways: Ways = {
        f"k = {k}": lambda k=k: worst_case(population, policy, k=k) for k in (4, 16, 64, 256)
    }
    yield "exact worst case, n = 20, 200 users, 100-bit masses", ways


def certificates() -> Iterator[Comparison]:
    """Finding certificates, of large populations without the joint optimum, against checking them;
    first of a data set's prompts, a hundred in a file, as the command has them. The checker is a
    process of its own: how long one takes to start is printed by itself, with the same modules
    alone (Python's part) and with the checker's source, which it compiles, but no file to check.
    What is work is `check` less the latter."""
    parts = ast.parse(CHECKER.read_text()).body
    imports = [ast.unparse(part) for part in parts if isinstance(part, ast.Import | ast.ImportFrom)]
    isolated = [sys.executable, "-I", "-S", "-B"]
    starts: Ways = {
        "modules alone": lambda: subprocess.run([*isolated, "-c", "\n".join(imports)], check=True),
        "check nothing": lambda: subprocess.run([*isolated, CHECKER], stderr=subprocess.DEVNULL),
    }
    prompts = {f"prompt {seed}": strict_population(6, 8, seed) for seed in range(100)}
    with tempfile.TemporaryDirectory() as folder:

        def find_all(folder: str = folder) -> Path:
            claims = []
            for name, p in prompts.items():
                certificates, _ = distinct(found(p, [1, 2, 3, 4], degree=BULK_DEGREE))
                claims += [c.about(name, population_json(p)) for c in certificates]
            return write_certificates(Path(folder, "shard.cert.json"), p, claims)

        path = find_all()
        yield (
            "certify and check a hundred prompts, n = 6, 8 users, k = 1..4, main theorems",
            {"certify": find_all, "check": lambda path=path: check([path]), **starts},
        )
    for n, users, k in (
        (4, 20, 8),
        (20, 200, 16),
        (50, 2000, 100),
        (100, 2000, 100),
        (200, 5000, 1000),
    ):
        population = strict_population(n, users)
        with tempfile.TemporaryDirectory() as folder:

            def find(p: Population = population, k: int = k, folder: str = folder) -> Path:
                claims = [c for f in found(p, [k], joint_limit=0) for c in f.certificates]
                return write_certificates(Path(folder, "found.cert.json"), p, claims)

            path = find()
            yield (
                f"certify and check, n = {n}, {users} users, k = {k}",
                {"certify": find, "check": lambda path=path: check([path]), **starts},
            )


def theorems() -> Iterator[Comparison]:
    """What every theorem takes of one population, beside the main ones together."""
    population, ks = strict_population(8, 60), [1, 2, 3, 4]
    which = {"main": MAIN, "all": tuple(THEOREMS), **{name: (name,) for name in THEOREMS}}
    ways: Ways = {
        label: lambda names=names: found(population, ks, names) for label, names in which.items()
    }
    yield "theorems, n = 8, 60 users, k = 1..4", ways


def commands() -> Iterator[Comparison]:
    """The commands as they are used, each with what it checks."""
    temporary = tempfile.TemporaryDirectory()  # gone with the last of the ways below
    folder = Path(temporary.name)
    write_population(strict_population(8, 60), folder / "p.json")

    def command(*arguments: str) -> Callable[[], object]:
        def way() -> None:
            with tempfile.TemporaryDirectory(dir=temporary.name) as out:  # nothing to resume
                places = [argument.replace("OUT", out) for argument in arguments]
                done = ualign(*places)
            if done.code != 0:
                raise SystemExit(f"ualign {' '.join(places)}: {done.err}")

        return way

    population = str(folder / "p.json")
    every = ("certify", population, "-k", "1..4", "--out", "OUT")
    ways: Ways = {
        "certify": command(*every),
        "certify all": command(*every, "--theorems", "all"),
        "compare": command("compare", population, "-k", "1..4", "--out", "OUT"),
        "run": command("run", "--out", "OUT"),
        "prove": command("prove"),
    }
    yield "commands, n = 8, 60 users, k = 1..4", ways


def median_time(way: Callable[[], object], seconds: float) -> float:
    """Median wall time of the calls that fit, at least one, after one that does not count."""
    way()
    times: list[float] = []
    while not times or sum(times) < seconds:
        start = time.perf_counter()
        way()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


GROUPS = (
    linear_programs, prompts, peers, equilibria, win_rates, certificates, theorems, commands,
)  # fmt: skip


def main() -> None:
    """Print every comparison, with ratios to the first way, and their geometric means."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 2.0
    chosen = [group for group in GROUPS if group.__name__ in sys.argv[2:]] or GROUPS
    for group in chosen:
        ratios: dict[str, list[float]] = {}
        for title, ways in group():
            print(title)
            times = {name: median_time(way, seconds) for name, way in ways.items()}
            base = next(iter(times.values()))
            for name, median in times.items():
                ratios.setdefault(name, []).append(median / base)
                print(f"  {name:16} {median * 1000:10.2f} ms   {median / base:7.2f}", flush=True)
        many = {name: found for name, found in ratios.items() if len(found) > 1}
        if many:
            print(f"{group.__name__.replace('_', ' ')}: geometric means")
        for name, found in many.items():
            print(f"  {name:16} {statistics.geometric_mean(found):23.2f}")


if __name__ == "__main__":
    main()
