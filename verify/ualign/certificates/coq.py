"""Claims of certificate files as theorems of Coq, for the library in proofs_checks/coq.

Kinds of claims that its Check.v has: `win-rate`, `joint-upper-bound`, and `equilibrium`, but for
enclosed ones (delta > 0) that are proved by `boundary` hints. Coq decides them by computation, from
the definition of W; nothing here is trusted but that the population and the bound are copied
right, which a reader of the file can see.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb, lcm
from pathlib import Path
from typing import Any

from ualign.certificates.checking import Verdict, stream_verdicts
from ualign.certificates.document import population_of, read_document
from ualign.certificates.findings import Json
from ualign.errors import FaultError, InputError
from ualign.model.policies import ProductPolicy
from ualign.model.population import Population

MOST_SHOWN = 200
"""Most outputs of both sides together: Coq writes these numbers in unary."""
MOST_STEPS = 20_000_000
"""Most steps of a claim, a minute or two: positions that users look at, or terms of powers."""

RELATIONS = {">=": "at_least", "=": "exactly", "<=": "at_most"}

HEADER = """\
(** Claims of a certificate file, each a theorem about its population: Check.v says what they mean.
    Compile with proofs_checks/coq, built by make: coqc -Q proofs_checks/coq UAlign THIS.v *)

From mathcomp Require Import all_ssreflect.
From Coq Require Import ZArith.
From UAlign Require Import Definitions Check CheckSound BoxSound.
"""


class InexpressibleError(ValueError):
    """Coq's library has no word for a claim, or would compute for too long; the message says
    why."""


@dataclass(frozen=True)
class Export:
    """A file for Coq, how many theorems it states, and why how many claims are not among them."""

    text: str
    theorems: int
    left_out: Mapping[str, int]


def export_to_coq(path: Path) -> Export:
    """The claims of a certificate file as theorems, claim i as claim_i, in the file's order.

    The checker has to find the file well formed; a claim that it rejects is written too, and Coq
    will not compile it. Raises InputError if the file is not well formed, a claim is over the
    checker's budget, or no claim can be expressed."""
    verdicts = list(stream_verdicts([path]))
    for verdict in verdicts:
        if verdict.verdict not in ("ACCEPTED", "REJECTED"):
            where = f" at {verdict.pointer}" if verdict.pointer else ""
            raise InputError(f"{path}: {verdict.verdict}{where}: {verdict.code}: {verdict.detail}")
    document = read_document(path)
    if document is None or len(document["certificates"]) != len(verdicts):
        raise FaultError(f"{path}: changed while it was read")
    return _export(path, document, verdicts)


def _export(path: Path, document: Json, verdicts: Sequence[Verdict]) -> Export:
    populations = {name: population_of(p) for name, p in document["populations"].items()}
    numbers = {name: number for number, name in enumerate(populations)}
    theorems, left_out = list[str](), Counter[str]()
    used: dict[str, Population] = {}
    for index, (entry, verdict) in enumerate(zip(document["certificates"], verdicts, strict=True)):
        name = entry["claim"]["population"]
        population = populations[name]
        try:
            if not isinstance(population, Population):
                raise InexpressibleError("about users who are not listed with rankings")
            statement, proof = _theorem(
                entry["claim"], entry["witness"], population, f"users_{numbers[name]}"
            )
        except InexpressibleError as why:
            left_out[str(why)] += 1
            theorems.append(f"(* claim {index}, left out: {why} *)\n")
            continue
        used[name] = population
        words = _comment(verdict.claim or "")
        theorems.append(
            f"(** {words} *)\nTheorem claim_{index} :\n  {statement}.\n"
            f"Proof. by apply: {proof}; vm_compute. Qed.\n"
        )
    if not used:
        reasons = ", ".join(f"{count} {why}" for why, count in left_out.items())
        raise InputError(f"{path}: no claim can be written for Coq: {reasons}")
    users = [_population(f"users_{numbers[name]}", population) for name, population in used.items()]
    text = "\n".join([HEADER, *users, *theorems])
    return Export(text, len(verdicts) - left_out.total(), left_out)


def _theorem(claim: Json, witness: Json, population: Population, users: str) -> tuple[str, str]:
    """What a claim says, and the lemma that reduces it to a computation."""
    kind, n = claim["kind"], population.n
    if kind == "equilibrium":
        return _equilibrium(claim, witness, population, users)
    if kind not in ("win-rate", "joint-upper-bound"):
        raise InexpressibleError(f"of the kind {kind}")
    k, l, ties = claim["k"], claim["l"], claim["ties"]
    bound = _bound(Fraction(claim["bound"]))
    sizes = f"{n} {users} {k} {l} {ties}"
    if kind == "joint-upper-bound":
        tuples = witness["mixture"]
        _affordable(k + l, comb(n + k - 1, k) * len(tuples) * len(population.users) * (k + l) ** 2)
        opponents = _tuples(population, tuples, "")
        return (
            f"joint_upper_bound {sizes} {bound}",
            f"(@joint_sound _ _ _ _ _\n  {opponents})",
        )
    policy, parts = _policy(population, claim["policy"])
    steps = parts * len(population.users) * max((k + l) ** 2, n)
    _affordable(k + l, comb(n + l - 1, l) * steps)
    opponent = _tuple(population, witness.get("opponent", []))
    return (
        f"win_rate {sizes}\n    {policy}\n    {RELATIONS[claim['relation']]} {bound}",
        f"(@win_rate_sound _ _ _ _ _ _ _ {opponent})",
    )


def _equilibrium(claim: Json, witness: Json, population: Population, users: str) -> tuple[str, str]:
    k, n, delta = claim["k"], population.n, Fraction(claim["delta"])
    steps = n * len(population.users) * max((k + 1) ** 2, n)
    (masses,) = _masses(population, [claim["centre"]])
    if delta:  # and long masses, whose k-th powers are multiplied bit by bit
        bits = lcm(*(Fraction(mass).denominator for mass in claim["centre"].values())).bit_length()
        steps *= n * (1 + k * bits**2 // 128)
    _affordable(k + 1, steps)
    if not delta:
        return f"exact_equilibrium {n} {users} {k}\n    {masses}", "equilibrium_sound"
    if witness["boundary"]:
        raise InexpressibleError("about an enclosed equilibrium, proved by `boundary` hints")
    return (
        f"enclosed_equilibrium {n} {users} {k}\n    {masses}\n    {_bound(delta)}",
        f"(@enclosed_sound _ _ _ _\n  {_matrix(population, claim['centre'], witness['inverse'])})",
    )


def _matrix(population: Population, centre: Json, inverse: Sequence[Sequence[str]]) -> str:
    """A matrix of the centre's support, with zeros for the other responses, as whole numbers, and
    what these are multiples of."""
    support = [y for y, name in enumerate(population.responses) if name in centre]
    scale = lcm(*(Fraction(entry).denominator for row in inverse for entry in row))
    rows = [[0] * population.n for _ in range(population.n)]
    for i, row in zip(support, inverse, strict=True):
        for j, entry in zip(support, row, strict=True):
            rows[i][j] = int(Fraction(entry) * scale)
    return "[:: " + ";\n      ".join(map(_list, rows)) + f"]%Z {scale}"


def _affordable(outputs: int, steps: int) -> None:
    if outputs > MOST_SHOWN or steps > MOST_STEPS:
        raise InexpressibleError("too large for Coq to compute")


def _population(name: str, population: Population) -> str:
    """The users; those of one ranking are one, with their total weight."""
    scale = lcm(*(user.weight.denominator for user in population.users))
    rows = []
    for user in population.users:
        places = {y: place for place, tied in enumerate(user.ranking) for y in tied}
        row = _list(places[y] for y in range(population.n))
        rows.append(f"({int(user.weight * scale)}, {row}%N)")
    responses = ", ".join(f"{y} = {_comment(r)}" for y, r in enumerate(population.responses))
    listed = ";\n  ".join(rows)
    return (
        f"(* Responses: {responses}. *)\nDefinition {name} : seq user_data := [::\n  {listed}]%Z.\n"
    )


def _policy(population: Population, policy: Json) -> tuple[str, int]:
    """A policy, and the number of its parts."""
    ((form, parts),) = policy.items()
    if form == "joint":
        return _tuples(population, parts, "Shown "), len(parts)
    if form == "product":
        (masses,) = _masses(population, [parts])
        return f"(product {masses})", 1
    chances = _whole([Fraction(chance) for chance, _ in parts])
    lists = _masses(population, [part for _, part in parts])
    rows = [f"({c}, Draws {m})" for c, m in zip(chances, lists, strict=True)]
    return "[:: " + ";\n      ".join(rows) + "]%Z", len(parts)


def _masses(population: Population, policies: Sequence[Mapping[str, str]]) -> list[str]:
    """Product policies as whole numbers with one sum."""
    read = [ProductPolicy.from_names(population, masses).masses for masses in policies]
    scale = lcm(*(mass.denominator for masses in read for mass in masses))
    return [f"{_list(int(mass * scale) for mass in masses)}%Z" for masses in read]


def _tuples(population: Population, tuples: Sequence[Any], form: str) -> str:
    weights = _whole([Fraction(mass) for _, mass in tuples])
    rows = [
        f"({weight}, {form}{_tuple(population, names)})"
        for weight, (names, _) in zip(weights, tuples, strict=True)
    ]
    return "[:: " + ";\n      ".join(rows) + "]%Z"


def _tuple(population: Population, names: Sequence[str]) -> str:
    return f"{_list(population.responses.index(name) for name in names)}%N"


def _whole(shares: Sequence[Fraction]) -> list[int]:
    scale = lcm(*(share.denominator for share in shares))
    return [int(share * scale) for share in shares]


def _bound(bound: Fraction) -> str:
    top = f"({bound.numerator})" if bound < 0 else str(bound.numerator)
    return f"{top} {bound.denominator}"


def _list(numbers: Iterable[int]) -> str:
    listed = "; ".join(str(number) if number >= 0 else f"({number})" for number in numbers)
    return f"[:: {listed}]" if listed else "[::]"


def _comment(text: str) -> str:
    """Text that cannot end a comment of Coq or open a string in it."""
    return re.sub(r"[^A-Za-z0-9 .,:;=<>/+_-]", lambda c: f"\\u{ord(c[0]):04x}", text)
