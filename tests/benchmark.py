"""Times of what matters, side by side in one run, as ratios: `python tests/benchmark.py [SECONDS]`.

Each row compares ways to the same result on the same input; a time is the median of the runs that
fit into SECONDS (default 2) per way. Quote the ratios; the seconds belong to the machine.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np
from command import ualign
from numpy.typing import NDArray
from ualign import Population, certify, check, write_certificates, write_population
from ualign.exact.equilibrium import find_equilibrium
from ualign.exact.linear_program import solve_matrix_game
from ualign.model.policies import ProductPolicy
from ualign.model.win_rates import payoffs, worst_case
from ualign.theorems import MAIN, THEOREMS

Ways = dict[str, Callable[[], object]]


def strict_population(n: int, users: int, seed: int = 0) -> Population:
    """Users with independent uniform strict rankings of n responses."""
    dice = random.Random(seed)
    names = [f"y{j}" for j in range(n)]
    return Population.from_rankings([dice.sample(names, n) for _ in range(users)], responses=names)


def linear_programs() -> tuple[str, Ways]:
    """The joint optimum's game by either modelling path and by the exact simplex alone."""
    table = payoffs(strict_population(11, 30), 4)
    ways: Ways = {
        name: lambda backends=backends: solve_matrix_game(table.matrix, table.scale, backends)
        for name, backends in {
            "PuLP": ("pulp",),
            "CVXPY": ("cvxpy",),
            "both, agreeing": ("pulp", "cvxpy"),
            "exact simplex": (),
        }.items()
    }
    return "joint optimum's linear program, n = 11, k = 4", ways


def equilibria() -> tuple[str, Ways]:
    """The same equilibrium to more and more bits."""
    population = strict_population(20, 200)
    ways: Ways = {
        f"{bits} bits": lambda bits=bits: find_equilibrium(population, 16, bits=bits)
        for bits in (50, 100, 200, 400, 800)
    }
    return "equilibrium, n = 20, 200 users, k = 16", ways


PEERS = (3, 10, 2), (4, 20, 2), (4, 20, 3), (5, 30, 3), (6, 20, 4)
"""n, users and k of games that QuantEcon solves as well."""


def against_quantecon(seconds: float) -> None:
    """Equilibria certified to 200 bits against QuantEcon's best method at 1e-8, game by game, which
    is given the tables of the (k+1)-player games."""
    try:
        import quantecon.game_theory as games
    except ImportError:
        print("equilibria against QuantEcon: skipped, as it is not installed (pip install it)")
        return
    print("equilibria against QuantEcon, of eight games each: medians, geometric mean, least gain")
    means = []
    for n, users, k in PEERS:
        theirs, ours = [], []
        for seed in range(8):
            population = strict_population(n, users, seed)
            player = games.Player(payoff_table(population, k))
            game, share = games.NormalFormGame([player] * (k + 1)), seconds / 8
            way = partial(games.mclennan_tourky, game, epsilon=1e-8)
            theirs.append(median_time(way, share))
            ours.append(median_time(partial(find_equilibrium, population, k, bits=200), share))
        gains = [them / us for them, us in zip(theirs, ours, strict=True)]
        means.append(statistics.geometric_mean(gains))
        medians = [statistics.median(times) * 1000 for times in (theirs, ours)]
        size = f"n = {n}, {users} users, k = {k}"
        print(f"  {size:24}", *(f"{median:10.3f} ms" for median in medians), end="  ")
        print(f"{means[-1]:8.1f} {min(gains):8.1f}")
    gain = statistics.geometric_mean(means)
    print(f"  in the geometric mean QuantEcon takes {gain:.1f} times as long")


def payoff_table(population: Population, k: int) -> NDArray[np.float64]:
    """What the first of k + 1 players earns in each profile."""
    ranks = np.array(population.ranks)
    shares = np.array(population.integer_weights) / population.scale
    table = np.zeros((population.n,) * (k + 1))
    for played in product(range(population.n), repeat=k + 1):
        held = ranks[:, played] == ranks[:, played].min(axis=1)[:, None]
        table[played] = shares @ (held[:, 0] / held.sum(axis=1))
    return table


def large_equilibria() -> tuple[str, Ways]:
    """Proposal and enclosure where responses and users are many."""
    sizes = (50, 2000, 100), (100, 2000, 100), (200, 5000, 1000)
    games = {(n, users, k): strict_population(n, users) for n, users, k in sizes}
    ways: Ways = {
        f"{n} x {users}, k={k}": lambda game=game, k=k: find_equilibrium(game, k)
        for (n, users, k), game in games.items()
    }
    return "equilibrium, responses x users", ways


def large_certificates() -> tuple[str, Ways]:
    """The main theorems without the joint optimum, and their check."""
    population, k = strict_population(200, 5000), 1000
    temporary = tempfile.TemporaryDirectory()  # gone with the last of the ways below

    def find() -> Path:
        found = [finding for _, each in certify(population, [k], joint_limit=0) for finding in each]
        claims = [claim for finding in found for claim in finding.certificates]
        return write_certificates(Path(temporary.name, "found.cert.json"), population, claims)

    ways: Ways = {
        "certify": find,
        "check": lambda: check([Path(temporary.name, "found.cert.json")]),
    }
    return f"certify and check, n = 200, 5000 users, k = {k}", ways


def win_rates() -> tuple[str, Ways]:
    """The exact worst case of a policy with 100-bit masses at growing k."""
    population = strict_population(20, 200)
    masses = [(1 << 100) // 20] * 19
    policy = ProductPolicy(
        tuple(Fraction(m, 1 << 100) for m in [*masses, (1 << 100) - sum(masses)])
    )
    ways: Ways = {
        f"k = {k}": lambda k=k: worst_case(population, policy, k=k) for k in (4, 16, 64, 256)
    }
    return "exact worst case, n = 20, 200 users, 100-bit masses", ways


def certificates() -> tuple[str, Ways]:
    """Finding certificates against checking them, in a process of its own."""
    population = strict_population(20, 200)
    temporary = tempfile.TemporaryDirectory()  # gone with the last of the ways below

    def find() -> Path:
        (_, findings), _ = certify(population, [16], joint_limit=0)
        claims = [claim for finding in findings for claim in finding.certificates]
        return write_certificates(Path(temporary.name, "found.cert.json"), population, claims)

    path = find()
    return "certify and check, n = 20, 200 users, k = 16", {
        "certify": find,
        "check": lambda: check([path]),
    }


def theorems() -> tuple[str, Ways]:
    """What every theorem takes of one population, beside the main ones together."""
    population, ks = strict_population(8, 60), [1, 2, 3, 4]
    which = {"main": MAIN, "all": tuple(THEOREMS), **{name: (name,) for name in THEOREMS}}
    ways: Ways = {
        label: lambda names=names: list(certify(population, ks, theorems=names))
        for label, names in which.items()
    }
    return "theorems, n = 8, 60 users, k = 1..4", ways


def commands() -> tuple[str, Ways]:
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
    return "commands, n = 8, 60 users, k = 1..4", {
        "certify": command(*every),
        "certify all": command(*every, "--theorems", "all"),
        "compare": command("compare", population, "-k", "1..4", "--out", "OUT"),
        "run": command("run", "--out", "OUT"),
        "prove": command("prove"),
    }


def median_time(way: Callable[[], object], seconds: float) -> float:
    """Median wall time of the calls that fit, after one that does not count; of a call that takes
    longer than that, its only time."""
    start = time.perf_counter()
    way()
    if (once := time.perf_counter() - start) > seconds:
        return once
    times: list[float] = []
    while not times or sum(times) < seconds:
        start = time.perf_counter()
        way()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    """Print every comparison."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 2.0
    against_quantecon(seconds)
    for comparison in COMPARISONS:
        title, ways = comparison()
        print(title)
        times = {name: median_time(way, seconds) for name, way in ways.items()}
        base = next(iter(times.values()))
        for name, median in times.items():
            print(f"  {name:18} {median * 1000:10.2f} ms   {median / base:7.2f}")


COMPARISONS = (
    linear_programs,
    equilibria,
    large_equilibria,
    win_rates,
    certificates,
    large_certificates,
    theorems,
    commands,
)

if __name__ == "__main__":
    main()
