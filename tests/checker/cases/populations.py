"""Small populations, and policies for them."""

from __future__ import annotations

from cases.building import population

PAIR = population("a b", "3 a>b, 2 b>a")
EVEN = population("a b", "1 a>b, 1 b>a")
CYCLE = population("a b c", "1 a>b>c, 1 b>c>a, 1 c>a>b")
TRIO = population("a b c", "3 a>b>c, 2 b>c>a, 2 c>a>b")
WEAK = population("a b c", "3/2 a=b>c, 1 c>a=b, 1/2 b>a=c")
CLONE = population("a b c d", "3 a>b>c=d, 2 b>c=d>a, 2 c=d>a>b")
SHADOW = population("a b c d", "3 a>d>b>c, 2 b>d>c>a, 2 c>a>b>d")
CAPPED = population("a b y", "3 y>a>b, 2 a>b>y, 4 b>a>y")
MIRROR = population("a b y", "3 a=y>b, 2 b=y>a, 3 a>b=y, 2 b>a=y")
HALFWAY = population("a b y", "5 a=y>b, 3 y>a>b, 2 a>b>y, 4 b>a=y, 4 b>a>y")
TAIL = population("a b y z", "3 a>b>y=z, 2 b>a>y=z")
LATE = population("a b c d", "3 a>c>b>d, 2 b>a>c=d")
PRIME = 2**61 - 1  # the checker's ranks are modulo this one, at first
HEAVY = population("a b c", f"{PRIME} a>b>c, {PRIME} b>c>a, {PRIME} c>a>b")
HIDDEN = population("a b c", f"{PRIME} a>b>c, {PRIME} b>c>a, {PRIME} c>a>b, 1 a>b>c, 1 c>b>a")
"""The weights have no common factor, but all margins are multiples of the prime."""
THREE = {"uniform_rankings": 3}

MIXED = {"product": {"a": "1/2", "b": "1/3", "c": "1/6"}}
JOINT = {"joint": [[["a", "b"], "1/2"], [["b", "c"], "1/3"], [["c", "c"], "1/6"]]}
PAIRS = {"mixture": [[["a", "b"], "1/2"], [["b", "c"], "1/2"]]}
SINGLES = {"mixture": [[["a"], "1/2"], [["b"], "1/4"], [["c"], "1/4"]]}
HALVES = {"mixture": [["1/2", {"a": "1"}], ["1/2", {"b": "1"}]]}
THIRDS = {"mixture": [["1/3", {"a": "1/2", "c": "1/2"}], ["2/3", {"b": "3/4", "c": "1/4"}]]}
FAVOURITES = {"mixture": [[["a", "b"], "1"]], "point": {"a": "1/2", "b": "1/2"}}
ONE_RIVAL = {"mixture": {"random_subset": [1]}}
QUADRATIC = {
    "polynomial": ["-3", "9", "1"],
    "interval": ["1/4", "1/2"],
    "masses": {"a": ["1", "-1"], "b": ["0", "1"]},
}
"""PAIR for k = 3: with b's mass x, 3/5 (1 + x + x^2 + x^3) + 2/5 (1-x)^3 = 1 just where
x (x^2 + 9x - 3) = 0."""
