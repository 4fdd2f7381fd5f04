"""One harness for everything that solves linear programs: the ways to solve one, programs with
known answers, random and adversarial ones, and what is optimal, from the definition."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import product

from hypothesis import strategies as st
from ualign.constructions import uniform_rankings
from ualign.exact.linear_program import LinearProgram, Optimum, certify_basis
from ualign.exact.matrix_game import GameSolution, program_of_game
from ualign.exact.modelling_paths import certify_proposal
from ualign.exact.simplex import solve_by_simplex, solve_program
from ualign.model.population import Population
from ualign.model.win_rates import payoffs
from ualign.solvers import highs_lp

F = Fraction


def by_highs(lp: LinearProgram) -> Optimum | None:
    """By the basis of HiGHS, called directly."""
    proposal = highs_lp.propose(*lp.floats)
    return proposal and certify_basis(lp, proposal.basis or ())


CERTAIN: dict[str, Callable[[LinearProgram], Optimum]] = {
    "default": solve_program,
    "simplex": solve_by_simplex,
    "warm simplex": lambda lp: solve_by_simplex(lp, range(len(lp.objective) - 1, -1, -1)),
}
"""Ways that solve every bounded program."""

EVERY_WAY: dict[str, Callable[[LinearProgram], Optimum | None]] = {
    **CERTAIN,
    "PuLP": lambda lp: certify_proposal(lp, "PuLP"),
    "CVXPY": lambda lp: certify_proposal(lp, "CVXPY"),
    "HiGHS": by_highs,
}
"""Those too that may find nothing, where floats mislead."""

# max 3x + 5y  subject to  x <= 4, 2y <= 12, 3x + 2y <= 18  (Hillier and Lieberman's first example)
WYNDOR = LinearProgram((3, 5), ((1, 0), (0, 2), (3, 2)), (4, 12, 18))
ROCK_PAPER_SCISSORS = [[0, -1, 1], [1, 0, -1], [-1, 1, 0]]

KNOWN_GAMES: dict[str, tuple[list[list[int]], Fraction]] = {
    "matching pennies": ([[1, -1], [-1, 1]], F(0)),
    "rock, paper, scissors": (ROCK_PAPER_SCISSORS, F(0)),
    "two-finger morra": ([[2, -3], [-3, 4]], F(-1, 12)),
    "2x2 without a saddle": ([[3, -1], [-2, 1]], F(1, 7)),
    "diagonal": ([[1, 0, 0], [0, 2, 0], [0, 0, 3]], F(6, 11)),
    "saddle point": ([[4, 1, 3], [2, 0, -1], [5, 1, 2]], F(1)),
    "1x1": ([[-7]], F(-7)),
    "1x1 zero": ([[0]], F(0)),
    "constant": ([[5, 5, 5], [5, 5, 5]], F(5)),
    "zero": ([[0, 0], [0, 0], [0, 0]], F(0)),
    "one row": ([[3, 1, 2]], F(1)),
    "one column": ([[3], [1], [2]], F(3)),
    "2x4": ([[2, 7, 11, 3], [9, 5, 1, 4]], F(41, 11)),
    "4x2": ([[-2, -9], [-7, -5], [-11, -1], [-3, -4]], F(-41, 11)),
    "huge beside 1": ([[10**18, 0], [0, 1]], F(10**18, 10**18 + 1)),
    "1/2, as floats see it": (
        [[10**17, -(10**17)], [-(10**17), 10**17], [1, 0], [0, 0]], F(10**17, 2 * 10**17 + 1)
    ),
    "beyond the floats": ([[10**400, 0], [0, 1]], F(10**400, 10**400 + 1)),
}  # fmt: skip

# Two programs on which the simplex method cycles for ever when ties go to the first row. Scaling
# the rows to integers would change the largest-cost rule, so the last two variables repeat the
# slacks in the old unit.
BEALE = LinearProgram(
    (75, -15000, 2, -600, 0, 0),
    ((25, -6000, -4, 900, 100, 0), (50, -9000, -2, 300, 0, 100), (0, 0, 1, 0, 0, 0)),
    (0, 0, 1),
)
CHVATAL = LinearProgram(
    (10, -57, -9, -24, 0, 0),
    ((1, -11, -5, 18, 2, 0), (1, -3, -1, 2, 0, 2), (1, 0, 0, 0, 0, 0)),
    (0, 0, 1),
)

KNOWN_PROGRAMS: dict[str, tuple[LinearProgram, int]] = {
    "Wyndor Glass": (WYNDOR, 36),
    "Beale": (BEALE, 5),
    "Chvatal": (CHVATAL, 1),
    "all zero": (LinearProgram((0,), ((0,),), (0,)), 0),
    "zero row and column": (LinearProgram((1, 0), ((1, 0), (0, 0)), (2, 3)), 2),
    "stay at zero": (LinearProgram((-1, -2), ((1, 1),), (5,)), 0),
    "only zero is feasible": (LinearProgram((1, 1), ((1, 1), (1, 1)), (0, 0)), 0),
}

UNBOUNDED = {
    "free variable": LinearProgram((1,), ((0,),), (1,)),
    "ray": LinearProgram((1, 1), ((1, -1), (-1, 0)), (1, 0)),
    "degenerate ray": LinearProgram((0, 1), ((1, 0), (5, -1)), (0, 0)),
}


def assert_optimal(lp: LinearProgram, optimum: Optimum) -> None:
    """Strong duality in fractions, straight from the definition."""
    n, m = len(lp.objective), len(lp.matrix)
    x, y = optimum.primal, optimum.dual
    assert len(x) == n
    assert len(y) == m
    assert all(v >= 0 for v in (*x, *y))
    assert all(sum(lp.matrix[i][j] * x[j] for j in range(n)) <= lp.bounds[i] for i in range(m))
    assert all(sum(lp.matrix[i][j] * y[i] for i in range(m)) >= lp.objective[j] for j in range(n))
    assert sum(lp.objective[j] * x[j] for j in range(n)) == optimum.value
    assert sum(lp.bounds[i] * y[i] for i in range(m)) == optimum.value


def assert_every_way_agrees(lp: LinearProgram) -> Fraction:
    """All that solve it find optima of one value; those that always do, do. Returns the value."""
    optima = {name: solve(lp) for name, solve in EVERY_WAY.items()}
    found = [optimum for optimum in optima.values() if optimum is not None]
    assert all(optima[name] for name in CERTAIN)
    for optimum in found:
        assert_optimal(lp, optimum)
    assert len({optimum.value for optimum in found}) == 1
    return found[0].value


def assert_solves_game(
    payoffs: Sequence[Sequence[int]], scale: int, solution: GameSolution
) -> None:
    """The minimax theorem's two halves, in fractions, straight from the definition."""
    p, q = solution.row_strategy, solution.column_strategy
    assert len(p) == len(payoffs)
    assert len(q) == len(payoffs[0])
    assert min(p) >= 0
    assert min(q) >= 0
    assert sum(p) == 1
    assert sum(q) == 1
    table = [[F(v, scale) for v in row] for row in payoffs]
    secured = [sum(p[i] * table[i][j] for i in range(len(p))) for j in range(len(q))]
    conceded = [sum(q[j] * table[i][j] for j in range(len(q))) for i in range(len(p))]
    assert min(secured) == solution.value == max(conceded)


# --- random and adversarial programs ---------------------------------------------------------

ordinary = st.integers(-9, 9)
wild = st.sampled_from([0, 1, -1, 2, 10**12, 10**12 + 1, 10**12 - 1, -(10**12), 10**6])


@st.composite
def games(draw: st.DrawFn, numbers: st.SearchStrategy[int]) -> list[list[int]]:
    """Up to 6 x 8 or 8 x 6, with rows and columns repeated to make them degenerate."""
    height, width = draw(st.sampled_from([(6, 8), (8, 6)]))
    row_ids = draw(st.lists(st.integers(0, height - 1), min_size=1, max_size=height))
    column_ids = draw(st.lists(st.integers(0, width - 1), min_size=1, max_size=width))
    cells = {(i, j): draw(numbers) for i in sorted(set(row_ids)) for j in sorted(set(column_ids))}
    return [[cells[i, j] for j in column_ids] for i in row_ids]


@st.composite
def programs(draw: st.DrawFn) -> LinearProgram:
    """Up to 5 x 5, many of them degenerate; a last row bounds them."""
    n, m = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    numbers = draw(st.sampled_from([ordinary, wild]))

    def vector(entry: st.SearchStrategy[int], size: int) -> tuple[int, ...]:
        return tuple(draw(st.lists(entry, min_size=size, max_size=size)))

    return LinearProgram(
        vector(numbers, n),
        (*(vector(numbers, n) for _ in range(m)), (1,) * n),
        (*vector(st.integers(0, 3), m), 7),  # zero bounds: degenerate
    )


def far_apart(seed: int, height: int = 20, width: int = 8) -> list[list[int]]:
    """A game with payoffs of 1 beside 10^12, on which floats often name a basis that is none."""
    rng = random.Random(seed)
    return [
        [rng.choice([1, 10**12]) * rng.randrange(-2, 3) for _ in range(width)]
        for _ in range(height)
    ]


def near_ties(seed: int, height: int = 12, width: int = 10) -> list[list[int]]:
    """A game of nearly equal rows and columns: all payoffs differ by less than a float can show."""
    rng = random.Random(seed)
    return [[10**18 + rng.randrange(-2, 3) for _ in range(width)] for _ in range(height)]


def tournament(size: int, seed: int, most: int = 1) -> list[list[int]]:
    """A skew-symmetric game whose optimal strategies mix about half of the rows."""
    rng = random.Random(seed)
    game = [[0] * size for _ in range(size)]
    for i in range(size):
        for j in range(i):
            game[i][j] = rng.choice([-1, 1]) * rng.randint(1, most)
            game[j][i] = -game[i][j]
    return game


def program_of(game: Sequence[Sequence[int]]) -> LinearProgram:
    """The linear program of a game with at least as many rows as columns."""
    return program_of_game(game)[0]


def ordinary_games() -> Iterator[list[list[int]]]:
    """198 payoff tables: k-multisets against responses, for users that rank at random (many or
    three), in a cycle, or in every way."""
    shapes = [(3, 2), (3, 4), (4, 2), (4, 3), (5, 2), (5, 3), (6, 2), (6, 3), (8, 2)]
    for (n, k), seed in product(shapes, range(7)):
        rng, names = random.Random(seed), [f"y{y}" for y in range(n)]
        cycle = [names[shift:] + names[:shift] for shift in range(n)]
        for rankings in (
            [rng.sample(names, n) for _ in range(30)],
            [rng.sample(names, n) for _ in range(3)],
            [*cycle, rng.sample(names, n)],
        ):
            users = Population.from_rankings(rankings, responses=names)
            yield payoffs(users, k).matrix
    for n, k in shapes:
        yield payoffs(uniform_rankings(min(n, 5)), k).matrix


def adversarial_games() -> Iterator[list[list[int]]]:
    """160 games on which floats mislead: near ties, weights far apart, tournaments."""
    for seed in range(40):
        yield far_apart(seed)
        yield near_ties(seed)
        yield tournament(3 + seed % 20, seed, 10**12)
        yield far_apart(seed, 30, 10)
