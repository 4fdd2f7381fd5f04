"""Policies by prompt, in and out: what a model was seen to answer, and what to train towards.

In: CSV with the columns `prompt` (left out where there is one), `response`, `weight`; or JSON lines
with the same keys, or with `policy`, an object of weights by response, and perhaps `k`. Weights are
exact and divided by their sum, so that counts of samples will do. Out: JSON lines of the last kind.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from ualign.errors import InputError
from ualign.files import reason
from ualign.formats.common import TEXT_DECODER, LineError, checked_text, exact
from ualign.formats.csv_scores import records
from ualign.text import listed, show

Weights = Mapping[str, Fraction]
"""Weights by response, not negative, with a positive sum."""
ByOutputs = dict[int | None, dict[str, Fraction]]
"""By the number of outputs k; None: for every k."""

CELLS = "prompt", "response", "weight"


@dataclass(frozen=True)
class Policies:
    """Policies by prompt ("" where the file names none) and number of outputs; `name` is what they
    are called among methods, after their file."""

    name: str
    path: str
    prompts: Mapping[str, ByOutputs]

    def of(self, prompt: str) -> ByOutputs:
        """Those of a prompt, which the file may call by its name without the suffix."""
        for called in (prompt, Path(prompt).stem, ""):
            if called in self.prompts:
                return self.prompts[called]
        return {}

    def check_prompts(self, names: Iterator[str]) -> None:
        """Raise InputError for a policy of no prompt, or one of several that is not named."""
        known = set[str]()
        count = 0
        for name in names:
            known |= {name, Path(name).stem}
            count += 1
        for prompt in self.prompts:
            if prompt == "" and count > 1:
                what = f"policies of {count} prompts need a column or key 'prompt'"
                raise InputError(f"{self.path}: {what}")
            if prompt and prompt not in known:
                raise InputError(f"{self.path}: {show(prompt)} is no prompt of the data")

    def masses(self, prompt: str, responses: tuple[str, ...]) -> dict[int | None, Weights]:
        """Those of a prompt as masses that sum to 1. Raises InputError for what is no response."""
        found: dict[int | None, Weights] = {}
        for k, weights in self.of(prompt).items():
            unknown = [name for name in weights if name not in responses]
            if unknown:
                what = f"the policy of {show(prompt)}: {show(unknown[0])} is no response"
                raise InputError(f"{self.path}: {what}; they are {listed(responses)}")
            whole = sum(weights.values())
            found[k] = {name: weight / whole for name, weight in weights.items() if weight}
        return found


def read_policies(path: str | Path) -> Policies:
    """Read a file of policies; `.csv` and `.tsv` are tables, all else is JSON lines.

    Raises InputError, with file and line, for what is not understood: an unknown column, a weight
    that is no number or negative, a response that occurs twice, weights that are all 0."""
    path = Path(path)
    found: dict[str, ByOutputs] = {}
    line: int | None = None
    try:
        text = checked_text(_bytes(path))
        rows = _table(text) if path.suffix.lower() in (".csv", ".tsv") else _lines(text)
        for line, prompt, k, weights in rows:
            own = found.setdefault(prompt, {}).setdefault(k, {})
            for name, weight in weights.items():
                if name in own:
                    raise LineError(f"{show(name)} occurs twice in a policy; keep one", line)
                own[name] = weight
        for prompt, by_outputs in found.items():
            for weights in by_outputs.values():
                if not any(weights.values()):
                    raise LineError(f"all weights of {show(prompt) if prompt else 'it'} are 0")
        if not found:
            raise LineError("holds no policy")
    except InputError as error:
        at = getattr(error, "line", None)
        raise InputError(f"{path}{f':{at}' if at else ''}: {error}") from None
    return Policies(_called_after(path), str(path), found)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise LineError(f"cannot be read: {reason(error)}") from None


def _called_after(path: Path) -> str:
    """The file's stem as a method's name: a letter, then letters, digits and hyphens."""
    name = re.sub(r"[^A-Za-z0-9]+", "-", path.name.partition(".")[0]).strip("-").lower()
    return name if re.match(r"[a-z]", name) else f"policy-{name}".rstrip("-")


_Row = tuple[int, str, int | None, dict[str, Fraction]]


def _table(text: str) -> Iterator[_Row]:
    rows = records(text)
    line, header = next(rows)
    if sorted(header) not in (sorted(CELLS), sorted(CELLS[1:])):
        raise LineError("the header must be prompt,response,weight or response,weight", line)
    for line, cells in rows:
        row = dict(zip(header, cells, strict=True))
        yield line, row.get("prompt", ""), None, {row["response"]: _weight(row["weight"], line)}


def _lines(text: str) -> Iterator[_Row]:
    for line, written in enumerate(text.splitlines(), 1):
        if not written.strip():
            continue
        try:
            row = TEXT_DECODER.decode(written)
        except ValueError as error:
            raise LineError(f"no JSON: {error}", line) from None
        if not isinstance(row, dict):
            raise LineError("expected an object", line)
        yield _row(row, line)


def _row(row: Mapping[str, Any], line: int) -> _Row:
    if "policy" in row:
        if unknown := set(row) - {"prompt", "policy", "k", "method"}:
            raise LineError(f"the key {show(min(unknown))} is not known", line)
        policy = row["policy"]
        if not isinstance(policy, dict):
            raise LineError("'policy' has to be an object of weights by response", line)
        k = row.get("k")
        if k is not None and not (isinstance(k, str) and re.fullmatch("[1-9][0-9]{0,8}", k)):
            raise LineError(f"k = {show(k)} is no number of outputs", line)
        weights = {name: _weight(weight, line) for name, weight in policy.items()}
        return line, _prompt(row, line), None if k is None else int(k), weights
    if set(row) not in ({*CELLS}, {*CELLS[1:]}):
        keys = "prompt, response, weight, or prompt, policy"
        raise LineError(f"expected the keys {keys}", line)
    if not isinstance(row["response"], str):
        raise LineError(f"the response {show(row['response'])} is no text", line)
    return line, _prompt(row, line), None, {row["response"]: _weight(row["weight"], line)}


def _prompt(row: Mapping[str, Any], line: int) -> str:
    prompt = row.get("prompt", "")
    if not isinstance(prompt, str):
        raise LineError(f"the prompt {show(prompt)} is no text", line)
    return prompt


def _weight(given: Any, line: int) -> Fraction:
    weight = exact(given) if isinstance(given, str) else None
    if weight is None or weight < 0:
        raise LineError(f"the weight {show(given)} is not a number from 0", line)
    return weight


def policy_line(prompt: str, k: int, method: str, masses: Mapping[str, str]) -> str:
    """A policy as a line of JSON, to be trained towards: exact masses by response."""
    return json.dumps({"prompt": prompt, "k": k, "method": method, "policy": dict(masses)})
