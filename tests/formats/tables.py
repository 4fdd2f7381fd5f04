"""Tables of many prompts, written for the tests of their readers."""

from __future__ import annotations

import gzip
import io
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from places import NO_FAULT
from ualign.formats import read_files
from ualign.formats.reading import Choices
from ualign.model.partial_orders import PartialPopulation, order_of
from ualign.model.population import Population

pl = pytest.importorskip("polars", reason=f"{NO_FAULT} polars not installed")

Table = list[dict[str, Any]]

SCORES: Table = [
    {"prompt": p, "user": u, "response": r, "score": s}
    for p, u, r, s in [
        ("p1", "u", "x", 3),
        ("p1", "u", "y", 1),
        ("p2", "u", "y", 2),
        ("p1", "v", "y", 2),
        ("p1", "v", "x", 2),
        ("p2", "u", "z", 5),
    ]
]
POPULATIONS = {
    "p1": Population.from_rankings([["x", "y"], [["x", "y"]]]),
    "p2": Population.from_rankings([["z", "y"]], responses=["y", "z"]),
}


def put(folder: Path, name: str, table: Table) -> Path:
    """The table as a file of the kind that its suffix says."""
    path, plain = folder / name, name.removesuffix(".gz")
    frame = pl.DataFrame(table)
    file = io.BytesIO()
    if plain.endswith((".csv", ".tsv")):
        frame.write_csv(file, separator="\t" if plain.endswith(".tsv") else ",")
    elif plain.endswith((".parquet", ".pq")):
        frame.write_parquet(file)
    elif plain.endswith(".json"):
        file.write(json.dumps(table).encode())
    else:
        file.write("".join(json.dumps(row) + "\n" for row in table).encode())
    data = file.getvalue()
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def text(folder: Path, contents: str, name: str = "t.csv") -> Path:
    path = folder / name
    path.write_text(contents)
    return path


def populations(*paths: Path, **choices: Any) -> dict[str, object]:
    return {name: r.population for name, r in read_files(paths, Choices(**choices))}


def pairs(*rows: str) -> str:
    return "prompt,user,response_a,response_b,preference\n" + "".join(f"{row}\n" for row in rows)


def partial(responses: str, *users: tuple[int, list[tuple[int, int]], list[list[int]]]) -> object:
    n = len(responses)
    orders = [(Fraction(w), order_of(n, above, tied)) for w, above, tied in users]
    made = PartialPopulation.from_orders([*responses], orders)
    return made.completed() or made


def vote(question: int, judge: str, a: str, b: str, winner: str, **rest: object) -> dict[str, Any]:
    return {
        "question_id": question,
        "model_a": a,
        "model_b": b,
        "winner": winner,
        "judge": judge,
        **rest,
    }
